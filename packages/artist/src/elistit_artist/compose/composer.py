"""What a composer is: a code, the words that ask for it, its kinds, and one function that draws on a canvas.

A composer is pure: the same random stream, canvas ratio, scheme and kind give the same scene. It must leave the canvas calm:
one main thing, generous empty space, nothing cut off by accident.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from elistit_artist.compose.canvas import Canvas

Draw = Callable[[Canvas, np.random.Generator, str], None]


@dataclass(frozen=True)
class Kind:
    """One kind of picture a composer makes: `phrase` says it in plain English, `words` (or phrases) ask for it."""

    code: str
    phrase: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Composer:
    """`words` in an idea ask for the composer, a kind's words for that kind; `schemes` are the color schemes that become it when
    none is asked for, the best first. `card`: made for the front of a greeting card."""

    code: str
    title: str
    words: tuple[str, ...]
    kinds: tuple[Kind, ...]
    schemes: tuple[str, ...]
    draw: Draw
    card: bool = False

    def kind(self, code: str) -> Kind:
        """The kind of a code; the first one for an unknown code."""
        return next((k for k in self.kinds if k.code == code), self.kinds[0])


def listed(text: str) -> tuple[str, ...]:
    """Words and phrases from one string, parted by bars."""
    return tuple(text.split("|"))

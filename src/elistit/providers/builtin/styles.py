"""The styles the built-in artist paints in: what each is called, the words that ask for it, and how it is painted.

A style is offered only when it is listed in `OFFERED`; everything a style needs to know about pixels stays in `paint`.
A style must never change what is drawn, only how.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elistit.providers.builtin.paint import sheet, watercolor
from elistit.providers.builtin.paint.color import Grade
from elistit.providers.builtin.paint.washes import Manner

# (svg, seed, grade, manner, width px, height px) → RGBA bytes, height × width × 4.
Recipe = Callable[[str, int, Grade, Manner, int, int], NDArray[np.uint8]]


@dataclass(frozen=True)
class Style:
    """One style. `medium` ends the prompt; `words` in an idea or in the art medium option ask for it."""

    code: str
    name: str
    medium: str
    words: tuple[str, ...]
    note: str
    manner: Manner
    recipe: Recipe


def _watercolor(svg: str, seed: int, grade: Grade, manner: Manner, width: int, height: int) -> NDArray[np.uint8]:
    painting = watercolor.paint(svg, seed=seed, grade=grade, manner=manner, aspect=width / height)
    return sheet.put_on_pixels(painting, width, height)


WATERCOLOR = Style(
    code="watercolor",
    name="Watercolor",
    medium="watercolor",
    words=("watercolor", "watercolour", "watercolors", "aquarelle", "aquarell", "acuarela", "wash", "painted"),
    note="Painted on this machine: no key, no waiting in line. Its own figures, up to 100 different images for a theme.",
    manner=Manner(),
    recipe=_watercolor,
)

OFFERED: tuple[Style, ...] = (WATERCOLOR,)


def style(code: str) -> Style:
    """The offered style of a code. Raises KeyError for one that is not offered."""
    for candidate in OFFERED:
        if candidate.code == code:
            return candidate
    raise KeyError(code)


def adjusted(manner: Manner, changes: dict[str, Any] | None) -> Manner:
    """A manner with some of its numbers multiplied (a mood: `{"bleed": 1.4}`). Unknown names are ignored."""
    known = {k: getattr(manner, k) * float(v) for k, v in (changes or {}).items() if hasattr(manner, k)}
    return replace(manner, **known)

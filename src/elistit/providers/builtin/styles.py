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

INK = Style(
    code="ink",
    name="Ink and wash",
    medium="ink and watercolor wash",
    words=("ink", "inked", "sketch", "sketched", "pen", "line and wash", "storybook", "vintage illustration"),
    note="Ink lines with loose washes, painted on this machine. The same figures as the built-in watercolor.",
    manner=Manner(pen=2.8, stray=2.4, strength=0.80, edge=0.7, gaps=0.5, shade=0.8, bleed=0.7, turn=12.0),
    recipe=_watercolor,
)

GOUACHE = Style(
    code="gouache",
    name="Gouache",
    medium="gouache",
    words=("gouache", "tempera", "opaque", "matte", "acrylic", "folk", "picture book"),
    note="Opaque color in visible strokes, painted on this machine. The same figures as the built-in watercolor.",
    manner=Manner(body=1.0, bleed=0.0, granulation=0.035, stray=0.3, gaps=-1.6, loose=0.9),
    recipe=_watercolor,
)

OFFERED: tuple[Style, ...] = (WATERCOLOR, INK, GOUACHE)


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

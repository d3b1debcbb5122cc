"""Layouts of a quote, by name: which words ask for each, and for which texts it is at its best.

Each takes any text from one character to hundreds; `suits` says for which it is made. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from elistit_artist.lettering import blocks, emblems
from elistit_artist.lettering.blocks import Ask
from elistit_artist.lettering.faces import Face
from elistit_artist.lettering.shapes import Drawn


@dataclass(frozen=True)
class Layout:
    """`words` are what asks for it, `most` the longest text it suits, `least` and `most_words` how many words it suits."""

    code: str
    name: str
    words: tuple[str, ...]
    draw: Callable[[Ask], Drawn]
    most: int
    least: int = 1
    most_words: int = 200
    joined: bool = True

    def suits(self, text: str, face: Face) -> bool:
        count = len(text.split())
        return len(text) <= self.most and self.least <= count <= self.most_words and (self.joined or not face.joined)


LAYOUTS: tuple[Layout, ...] = (
    Layout("classic", "Centered", ("centered", "classic", "simple"), blocks.classic, 300),
    Layout("stacked", "Stacked block", ("stacked", "block", "subway"), blocks.stacked, 120, least=2, joined=False),
    Layout("hierarchy", "Key words large", ("bold",), blocks.hierarchy, 80, least=3),
    Layout("spotlight", "One large word", ("spotlight",), blocks.spotlight, 70, least=2, most_words=9),
    Layout("left", "Flush left", ("left", "editorial"), blocks.left, 300, least=3),
    Layout("framed", "Framed", ("frame", "framed", "border"), blocks.framed, 160),
    Layout("badge", "Round badge", ("badge", "seal", "circle", "round"), emblems.badge, 48, least=2, most_words=8),
    Layout(
        "arch", "Arch", ("arch", "arched", "arc", "curved", "sun", "sunburst"), emblems.arch, 60, least=3, most_words=10
    ),
    Layout("banner", "Ribbon", ("banner", "ribbon"), emblems.banner, 64, least=1, most_words=10),
    Layout("wreath", "Wreath", ("wreath", "laurel"), emblems.wreath, 90),
    Layout("label", "Cut-out label", ("label", "plaque", "cutout", "stencil"), emblems.label, 120),
    Layout("minimal", "Minimal", ("minimal", "minimalist", "small"), blocks.minimal, 160, least=2),
    Layout("rising", "Rising", ("rising", "slanted", "diagonal"), blocks.rising, 60, least=2),
    Layout("initial", "Large initial", ("initial", "illuminated"), emblems.initial, 300, least=3),
    Layout("sprigs", "Sprigs", ("sprig", "sprigs", "botanical", "leaves", "floral"), blocks.sprigs, 120),
    Layout("lockup", "Ruled lockup", ("lockup", "ruled", "rules"), blocks.lockup, 90, least=3),
)
_BY_CODE = {layout.code: layout for layout in LAYOUTS}


def layout(code: str) -> Layout:
    """The layout of a code. Raises KeyError."""
    return _BY_CODE[code]


def suited(text: str, face: Face) -> list[Layout]:
    """The layouts that suit a text in a face; the plain one when none does."""
    return [one for one in LAYOUTS if one.suits(text, face)] or [_BY_CODE["classic"]]


__all__ = ["LAYOUTS", "Ask", "Layout", "layout", "suited"]

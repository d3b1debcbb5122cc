"""Colors lettering is made in: a paper, an ink that is easy to read on it, an accent and a soft tone.

Every ink has a contrast of at least 7 : 1 with its paper, which the tests measure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """`dark`: light ink on a dark paper, only for images that have a paper. `words` ask for it."""

    code: str
    ground: str
    ink: str
    accent: str
    soft: str
    words: tuple[str, ...]
    dark: bool = False

    def of(self, role: str) -> str:
        """The color of a role of `shapes`."""
        return {"ink": self.ink, "accent": self.accent, "soft": self.soft, "backing": "#ffffff"}[role]


PALETTES: tuple[Palette, ...] = (
    Palette("ink", "#faf7f2", "#22252b", "#b4552d", "#e5d9c8", ("neutral", "cream", "terracotta", "warm", "rust")),
    Palette("sage", "#f1f3ec", "#2f3d31", "#6f8a58", "#cfd9c3", ("sage", "green", "olive", "botanical", "greenery")),
    Palette("blush", "#faeee9", "#4a2b2b", "#c0605a", "#edcfc4", ("blush", "pink", "rose", "romantic", "pastel")),
    Palette("sky", "#eef4f8", "#1f3a52", "#d9664a", "#c3d8e6", ("blue", "sky", "coastal", "calm")),
    Palette(
        "mustard",
        "#f9efd8",
        "#3a2e1f",
        "#b5472c",
        "#ecc970",
        ("mustard", "yellow", "retro", "vintage", "brown", "groovy"),
    ),
    Palette("lavender", "#f4f1f9", "#35304f", "#8462ab", "#d8cfe8", ("lavender", "purple", "lilac", "violet")),
    Palette(
        "berry", "#fbf3f4", "#4b1630", "#b3264c", "#edc9d3", ("berry", "red", "burgundy", "valentine", "christmas")
    ),
    Palette("teal", "#eff6f4", "#123c3f", "#c77b2b", "#bfdcd6", ("teal", "turquoise", "aqua", "mint")),
    Palette(
        "mono", "#ffffff", "#141414", "#141414", "#d9d9d9", ("black", "white", "monochrome", "minimal", "minimalist")
    ),
    Palette("navy", "#1f2a44", "#f6efe0", "#e0a458", "#3c4a6b", ("navy", "midnight", "dark"), dark=True),
    Palette(
        "charcoal",
        "#23262b",
        "#f4f1ea",
        "#d9b26f",
        "#41464f",
        ("charcoal", "chalkboard", "gold", "gray", "grey"),
        dark=True,
    ),
    Palette("forest", "#24382f", "#f3eddc", "#d9a441", "#3e5748", ("forest", "emerald", "moody"), dark=True),
)
_BY_CODE = {p.code: p for p in PALETTES}


def palette(code: str) -> Palette:
    """The palette of a code. Raises KeyError."""
    return _BY_CODE[code]


def offered(paper: bool) -> list[Palette]:
    """The palettes for images with a paper, or for those on any ground: only dark inks show on white and on cut vinyl."""
    return [p for p in PALETTES if paper or not p.dark]


def asked(words: list[str], paper: bool) -> tuple[Palette, str] | None:
    """The palette that the first color word asks for, and that word."""
    for word in words:
        for one in offered(paper):
            if word == one.code or word in one.words:
                return one, word
    return None

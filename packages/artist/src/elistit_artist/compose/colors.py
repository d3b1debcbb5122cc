"""Color schemes for whole pictures: each a paper, a light, five tones from far to near, two greens, an accent and a line.

Data and a few readers; pure. A scheme is chosen by the same color words as the figures' palettes, so that a wall print and a
clipart set asked for in "sage" belong together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Scheme:
    """`ground` is the paper, `sun` the strongest warm light, `tones` five from pale and far to deep and near, `leaf` two
    greens (or what stands for green), `accent` the odd one out, `ink` for lines. `dark`: a night picture, light on dark."""

    code: str
    phrase: str
    ground: str
    sun: str
    tones: tuple[str, str, str, str, str]
    leaf: tuple[str, str]
    accent: str
    ink: str
    dark: bool = False

    @property
    def far(self) -> str:
        return self.tones[0]

    @property
    def deep(self) -> str:
        return self.tones[4]


def _s(
    code: str, phrase: str, ground: str, sun: str, tones: str, leaf: str, accent: str, ink: str, dark: bool = False
) -> Scheme:
    a, b, c, d, e = ("#" + t for t in tones.split())
    one, two = ("#" + t for t in leaf.split())
    return Scheme(code, phrase, "#" + ground, "#" + sun, (a, b, c, d, e), (one, two), "#" + accent, "#" + ink, dark)


SCHEMES: tuple[Scheme, ...] = (
    _s("terracotta", "terracotta and sand", "f6ecde", "c8643c", "ead2b4 dba97f c98a72 a85f45 7b4335", "8f9a7b 6f7b5f", "e0a760", "4a3832"),
    _s("sage", "sage greens and clay", "f4f1e7", "d7a07a", "dbe0cf bccab0 98ad8e 718f78 4c6a5a", "86a088 5d7a66", "c9826a", "3c4a42"),
    _s("blush", "blush and dusty rose", "f9f0e9", "dd9c86", "f1dccf e6c0b2 d6a197 b67e7c 8a5c62", "a9b29a 7f8d74", "e6b98e", "5c4145"),
    _s("coast", "dusty blues and sand", "f4f0e6", "e5b483", "dbe4e2 b4cad0 86a9b6 58839a 315a75", "8fa89c 5f8178", "d98e6c", "2c4052"),
    _s("retro", "seventies orange and mustard", "f5e8cf", "dd9a38", "f0cf8e e2a552 c9693a 8f4733 4d5a4b", "7f8a55 5c6945", "5a8781", "45352a"),
    _s("linen", "warm neutrals", "f5eee3", "c99f78", "e8dcca d6c4ac bda58b 98806a 66564a", "a7a089 7f7966", "b97f5c", "40382f"),
    _s("lavender", "lavender and plum", "f6f1f1", "e6b59c", "e4d9e6 cab8d5 a994bf 806d9f 56497b", "9dab93 74866c", "dd9aa4", "45385a"),
    _s("forest", "forest greens", "f3efe2", "dda763", "d3dccc a8bca9 759383 476c5d 28483f", "78966c 4b6c50", "b8623e", "223631"),
    _s("autumn", "autumn rust and gold", "f7ecda", "da843f", "f1d6a8 e3ac66 c9783f 98502f 5f3a2a", "9c9652 6e7040", "8e4136", "45302a"),
    _s("pastel", "soft pastels", "fcf5eb", "f2bd78", "f8dfcf efc5b9 d6c5df b3cfdf 93b9b0", "aac7a2 84a989", "ee9c8e", "74616a"),
    _s("citrus", "sunny citrus colors", "fdf4e2", "f0a53a", "fbe0a4 f5bb62 ec8d5a d2605a 33746a", "74a87b 3f7d69", "e2697a", "2f4a48"),
    _s("jewel", "deep jewel colors", "f3ecdf", "cf9a45", "e3cfb0 c79a76 a45a55 5f4a70 24505a", "5f8a76 2f6356", "b8455a", "2a2f45"),
    _s("mono", "charcoal and cream", "f5f1e9", "b98b6a", "e4dfd6 c6bfb4 9c948a 6b645d 3a3633", "9a978b 6b6961", "c08a68", "2e2b29"),
    _s("midnight", "midnight blue and gold", "26394f", "ecd3a0", "4e6880 3f5a74 324b65 263d56 1a2d43", "7f9f97 5f8480", "dba877", "f1e4cb", True),
    _s("plum", "night plum and gold", "3b3049", "eecb9a", "6d5a7c 5a486c 4a3a5c 3b2d4c 2a2039", "9a9fa6 7b7f92", "d98f86", "f3e6d2", True),
)  # fmt: skip

BY_CODE = {s.code: s for s in SCHEMES}


def scheme(code: str) -> Scheme:
    """The scheme of a code; of two joined by "+", the first with the light and the accent of the second. Raises KeyError."""
    first, _, second = code.partition("+")
    one = BY_CODE[first]
    if not second:
        return one
    other = BY_CODE[second]
    tones = (one.tones[0], one.tones[1], other.tones[2], one.tones[3], one.tones[4])
    sun = other.sun if not other.dark else other.tones[1]
    return replace(
        one,
        code=first,
        phrase=f"{one.phrase} with {other.phrase}",
        sun=sun,
        accent=other.tones[3 if not one.dark else 1],
        tones=tones,
    )


# Palette of the figures → scheme of a picture.
FOR_PALETTE: dict[str, str] = {
    "pastel": "pastel", "autumn": "autumn", "woodland": "forest", "boho": "terracotta", "sage": "sage", "blush": "blush",
    "pink": "blush", "red": "jewel", "orange": "citrus", "yellow": "retro", "green": "forest", "blue": "coast",
    "purple": "lavender", "neutral": "linen", "grey": "mono", "brown": "linen", "jewel": "jewel", "retro": "retro",
    "christmas": "forest", "halloween": "plum", "tropical": "citrus",
}  # fmt: skip

# Words that ask for a scheme of its own before any palette is looked at.
WORDS: dict[str, str] = {
    "midnight": "midnight", "navy": "midnight", "night": "midnight", "plum": "plum", "terracotta": "terracotta",
    "charcoal": "mono", "monochrome": "mono", "linen": "linen", "clay": "terracotta", "rust": "terracotta", "citrus": "citrus",
    "forest": "forest", "dusk": "lavender", "twilight": "lavender", "evening": "lavender", "dawn": "blush",
}  # fmt: skip

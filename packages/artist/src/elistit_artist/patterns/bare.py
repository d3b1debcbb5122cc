"""Sets without figures, for ideas that name layouts and colors alone: “navy and white stripes”, “pink polka dots”.

Pure. The colors are those that were named, as they are; only what they lie on is chosen here where nothing says it. It must never
plan two tiles that look the same: a white check on black is a black one on white.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from elistit_artist.patterns import artist, palette
from elistit_artist.patterns.palette import GROUNDS

WHITE, INK = "#fbfaf8", "#2b2a2c"
# Variations of each layout that need no figure.
_VARIANTS: dict[str, tuple[int, ...]] = {
    "dots": (0, 2), "stripe": (0, 1, 2, 3), "gingham": (1, 2), "checkerboard": (0, 1), "houndstooth": (0, 1), "scallop": (1,),
}  # fmt: skip
# What each variation is called, by its number.
_WORDS = {
    "dots": ("", "multicolored ", "small ", "small multicolored "), "stripe": ("", "horizontal ", "narrow ", "narrow horizontal "),
    "gingham": ("", "", "wide "), "checkerboard": ("", "small "), "houndstooth": ("", "small "), "scallop": ("", ""),
}  # fmt: skip
# Light colors are the pattern on this one where the idea names no other.
_UNDER_LIGHT = "#7f93a8"
_NAMES = re.compile(rf"\b({'|'.join(sorted(GROUNDS, key=len, reverse=True))})\b", re.I)


@dataclass(frozen=True)
class Bare:
    """A tile of a layout in colors (hex) on a ground. The first color is the one that is seen most."""

    layout: str
    variant: int
    colors: tuple[str, ...]
    ground: str

    def words(self, said: str) -> str:
        """What the tile is called, its layout by `said`: "navy narrow stripes on white"."""
        named = f"{kind(self.layout, self.variant)}{said}"
        return f"{palette.name_of(self.colors[0])} {named} on {palette.name_of(self.ground)}"


def kind(layout: str, variant: int) -> str:
    """What a variation of a layout is called beside the first, with a space behind it; "" for the first."""
    kinds = _WORDS.get(layout, ("",))
    return kinds[variant % len(kinds)]


def fits(asked: Sequence[str]) -> bool:
    """Whether every layout asked for can do without figures."""
    return bool(asked) and all(code in _VARIANTS for code in asked)


def color_words(idea: str) -> list[str]:
    """The words of an idea that name colors, in its order."""
    return [word for name in _NAMES.findall(idea) for word in artist.words_of(name)]


def tiles(idea: str, ground: str, asked: Sequence[str], own: palette.Colors, count: int) -> list[Bare]:
    """`count` tiles: every variation of the layouts asked for, then the others, then all of them in other shades. `ground` is a name or
    nothing; `own` are the colors where the idea names none."""
    upon, under = _colors(idea, ground, asked, own)
    codes = list(dict.fromkeys([*asked, *_VARIANTS]))
    first = [Bare(code, v, _two(upon[0], under), under) for code in asked for v in _VARIANTS[code]]
    first += [Bare(code, _VARIANTS[code][0], _two(upon[0], under), under) for code in codes]
    if len(upon) > 1:
        first += [Bare("dots", v, tuple(upon), under) for v in (1, 3)]
    found: dict[object, Bare] = {}
    again = (
        Bare(code, v, _two(*pair), pair[1]) for pair in _pairs(upon, under) for code in codes for v in _VARIANTS[code]
    )
    for one in itertools.chain(first, again):
        found.setdefault(_look(one), one)
        if len(found) == count:
            break
    return list(found.values())


def _two(color: str, ground: str) -> tuple[str, str]:
    return color, palette.mixed(color, ground, 0.4)


def _look(one: Bare) -> tuple[object, ...]:
    """What two tiles that look the same have in common. Only of dots and scales is the ground another thing than the pattern."""
    colors = (one.colors[0], one.ground)
    return one.layout, one.variant, colors if one.layout in ("dots", "scallop") else frozenset(colors)


def _pairs(upon: Sequence[str], under: str) -> Iterator[tuple[str, str]]:
    """Colors and grounds in ever further shades, each pair as far apart as an eye needs."""
    yield under, upon[0]
    yield from ((color, under) for color in upon[1:])
    for share in (0.45, 0.2, 0.7, 0.32, 0.58, 0.84):
        for color in upon:
            pale, deep = palette.mixed(color, WHITE, share), palette.mixed(color, INK, share)
            for pair in ((color, pale), (deep, under), (pale, deep), (pale, under), (color, deep)):
                if _far(*pair):
                    yield pair


def _far(color: str, ground: str) -> bool:
    labs = [artist.color.oklab(artist.color.from_hex(code)) for code in (color, ground)]
    return float(np.linalg.norm(labs[0] - labs[1])) > 0.13


def _colors(idea: str, ground: str, asked: Sequence[str], own: palette.Colors) -> tuple[list[str], str]:
    """The colors of the pattern, and what they lie on."""
    named = [GROUNDS[n] for n in dict.fromkeys(m.lower() for m in _NAMES.findall(idea)) if GROUNDS[n]]
    if not named:
        named = [INK] if set(asked) & {"checkerboard", "houndstooth"} else list(own.accents)
    if ground:
        under = GROUNDS[ground] or own.deep
    else:
        lightest = max(named, key=_light)
        alone = _UNDER_LIGHT if _light(lightest) > 0.88 else palette.mixed(named[0], WHITE, 0.93)
        under = lightest if len(set(named)) > 1 and _light(lightest) > 0.8 else alone
    upon = [color for color in named if color != under and _far(color, under)]
    return upon or [palette.mixed(under, WHITE if _light(under) < 0.6 else INK, 0.6)], under


def _light(code: str) -> float:
    return float(artist.color.oklab(artist.color.from_hex(code))[0])

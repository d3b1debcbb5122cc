"""Heads, tails and coats of the furred animals of the wood: fox, bear, rabbit, raccoon, wolf.

Long-legged deer and prickly animals live elsewhere.
"""

from __future__ import annotations

from .anatomy import Coat, Face, wrapped_tail
from .geometry import Point, Sheet, bands, sampled, smooth, trace
from .heads import Blush, BothSides, Eyes, Head, Middle, Mouth, Nose, OutlinedEars, RoundEars, Whiskers
from .poses import Build
from .subject import animal

FOX = Coat("#d5773f", "#f6e8d6", "#4f3a34", inner="#efc9a8")
BEAR = Coat("#94694a", "#d9b48d", "#5d4335", inner="#d9a98a")
RABBIT = Coat("#c9ae94", "#f4e9dc", "#8f7763", inner="#eebfb0", nose="#a8685e")
RACCOON = Coat("#a19a95", "#ece5db", "#4c4544", inner="#d8c8bd")
WOLF = Coat("#a3a4a3", "#efeae1", "#6e6f72", inner="#d8c3b5")


# Broad cheeks that end in a tuft, tall dark-tipped ears, a slim muzzle.
FOX_HEAD = Head(
    OutlinedEars(
        "22,-66 44,-118 72,-158 84,-160 92,-140 98,-90 92,-44 60,-40",
        "46,-72 58,-104 74,-134 82,-108 82,-64",
        tip="58,-138 72,-158 84,-160 92,-140 95,-118 78,-124",
    ),
    Middle("0,-80 44,-76 82,-48 98,-6 122,30! 104,42 100,58! 66,70 34,88 0,94", "main"),
    BothSides("2,92 8,50 26,34 58,26 90,24 121,30! 104,42 100,58! 66,70 34,87", "light", 6, ease=0.32),
    Blush(72, 42, 13),
    Eyes(48, 6, 11.5),
    Nose(18, 50, 30, 21),
    Mouth(18, 60, 15, 7),
)


def bushy_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A full tail with a light toothed tip."""
    if pose == "sleep":
        wrapped_tail(sheet, coat.shade, coat.light)
        return
    x, y, turn, size = (56, 270, 0, 1.0) if pose == "sit" else (240, 96, 28, 1.0)
    with sheet.at(x, y, turn=turn, size=size):
        sheet.shape(trace("-20,14 52,6 86,-44 84,-110 98,-160 140,-196 164,-140 168,-70 138,0 80,34 10,36"), coat.shade)
        sheet.shape(trace("82,-112 96,-164 142,-204! 168,-146 172,-88 154,-108! 138,-84 124,-108! 104,-90"), coat.light)


# Round all over, with a wide pale muzzle.
BEAR_HEAD = Head(
    RoundEars(74, -68, 34),
    Middle("0,-92 40,-87 78,-64 101,-18 102,26 78,68 36,87 0,91", "main"),
    Middle("0,6 32,12 50,38 38,66 0,76", "light", depth=16),
    Blush(74, 36, 14),
    Eyes(46, 0, 10.5),
    Nose(20, 24, 32, 22),
    Mouth(20, 36, 15, 8),
)


def stub_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A small round tail, visible from the side only."""
    if pose in ("stand", "walk"):
        sheet.oval(262, 108, 22, 20, coat.shade)


def _long_ears(sheet: Sheet, coat: Coat, face: Face) -> None:
    """Long soft ears, one a little bent outward."""
    for side, turn in ((-1, -10), (1, 16)):
        with sheet.at(side * 34, -62, turn=turn):
            sheet.shape(trace("-22,10 -30,-60 -24,-122 -4,-152 18,-136 30,-70 24,8"), coat.main)
            sheet.shape(trace("-10,0 -15,-60 -10,-108 -1,-126 9,-110 15,-60 11,0"), coat.inner)


RABBIT_HEAD = Head(
    _long_ears,
    Middle("0,-82 44,-74 80,-36 96,16 82,60 44,82 0,86", "main"),
    Middle("0,22 26,26 46,48 34,72 0,78", "light", depth=14),
    Blush(66, 36, 15),
    Eyes(46, 6, 11),
    Nose(18, 34, 20, 14),
    Mouth(18, 41, 12, 7, "nose"),
    Whiskers(42, 46),
)


def puff_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A white cotton ball."""
    x, y = {"sit": (94, 250), "stand": (262, 116)}.get(pose, (196, 96))
    sheet.shape(trace("-26,0 -14,-24 12,-28 30,-8 26,20 0,30 -20,20", x, y), coat.light)


# A dark mask between pale brows and a pale muzzle.
RACCOON_HEAD = Head(
    OutlinedEars(
        "34,-62 46,-106 66,-126 90,-116 100,-80 90,-40 60,-44", "54,-66 60,-92 72,-104 84,-92 84,-60", color="shade"
    ),
    Middle("0,-84 46,-78 86,-44 102,0 120,36! 98,44 96,60! 58,76 0,86", "main"),
    BothSides("10,2 20,-30 52,-36 82,-14 106,10 114,34! 84,34 40,18", "light", 6, ease=0.32),
    BothSides("6,24 18,-4 50,-20 80,0 98,34 82,50 48,44 20,46", "dark", 6, ease=0.32),
    Middle("0,-76 9,-60 8,-10 12,12 0,20", "shade", depth=16),
    Middle("0,14 22,22 44,52 32,74 0,82", "light", depth=16),
    Eyes(47, 14, 11.5, "#1f1a1a"),
    Nose(20, 38, 28, 20),
    Mouth(20, 48, 14, 8),
)


def ringed_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A thick tail with dark rings."""
    if pose == "sleep":
        spine: list[Point] = trace("200,80 206,140 150,172 70,176 10,164")
    elif pose == "sit":
        spine = trace("50,262 110,262 150,220 152,160 176,112")
    else:
        spine = trace("236,100 290,96 330,60 344,6 372,-30")
    wide = (34, 58, 60, 54, 30)
    sheet.stroke(spine, wide, coat.main)
    for band in bands(spine, wide, ((0.24, 0.36), (0.48, 0.60), (0.72, 0.84))):
        sheet.shape(band, coat.dark)
    tip = sampled(smooth(spine, closed=False), 10)[-4:]
    sheet.stroke([(float(x), float(y)) for x, y in tip], (40, 36, 30), coat.dark)


FOX_BUILD = Build(FOX, FOX_HEAD, bushy_tail, socks=FOX.dark)
BEAR_BUILD = Build(BEAR, BEAR_HEAD, stub_tail, plump=1.16, bib=False)
RABBIT_BUILD = Build(RABBIT, RABBIT_HEAD, puff_tail, plump=0.95)
RACCOON_BUILD = Build(RACCOON, RACCOON_HEAD, ringed_tail, plump=1.08, socks=RACCOON.dark)

WOOD = ("woodland",)
SUBJECTS = (
    animal(
        "fox",
        "red fox",
        WOOD,
        ("animal", "forest", "fox", "autumn"),
        FOX_BUILD,
        ("sitting", "sleeping", "walking", "peeking over a log"),
    ),
    animal(
        "bear",
        "brown bear",
        WOOD,
        ("animal", "forest", "bear", "teddy"),
        BEAR_BUILD,
        ("sitting up", "walking", "sleeping", "peeking over a log"),
        ("a flower crown", "a knitted scarf", "a bow tie", "a little hat", "a party hat"),
    ),
    animal(
        "rabbit",
        "rabbit",
        (*WOOD, "easter"),
        ("animal", "forest", "bunny", "hare", "spring"),
        RABBIT_BUILD,
        ("sitting", "sitting up", "sleeping", "peeking over a log"),
        ("a bow tie", "a flower crown", "a leaf scarf", "a knitted scarf", "a bandana"),
    ),
    animal(
        "raccoon",
        "raccoon",
        WOOD,
        ("animal", "forest", "raccoon"),
        RACCOON_BUILD,
        ("sitting", "walking", "sleeping", "peeking over a log"),
    ),
)

"""Deer of the wood: the fawn, the doe and the young stag, and the moose.

Only heads, coats and markings; the body is the shared hoofed one.
"""

from __future__ import annotations

import numpy as np

from .anatomy import Coat, Face, antler, blush, eyes, mouth, nose, spots
from .geometry import Sheet, darker, leaf, lighter, mirrored, rows, trace
from .hoofed import Hoofed, hoofed

DEER = Coat("#c48a58", "#f3e4cd", "#7c553b", inner="#ecc3a6")
MOOSE = Coat("#86644e", "#b99477", "#5c4539", inner="#b98f78")
BONE = "#c9a67c"


def deer_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """A narrow face, big leaf ears held out, antlers for a stag."""
    if "stag" in kind:
        for side in (-1, 1):
            with sheet.at(side * 24, -62):
                antler(sheet, side, BONE, 1.05)
    for side in (-1, 1):
        way = -26 if side > 0 else -154
        sheet.shape(leaf((side * 40, -34), way, 108, 60, "round"), coat.shade)
        sheet.shape(leaf((side * 48, -36), way, 86, 36, "round"), coat.inner)
    sheet.shape(mirrored(trace("0,-80 38,-74 66,-46 72,-4 58,36 44,72 24,90 0,94")), coat.main)
    if "stag" not in kind:
        sheet.shape(
            trace("-20,-80 0,-84 20,-80 24,-70 12,-56! 8,-66! 0,-46! -8,-66! -13,-56! -24,-70"), darker(coat.main, 0.14)
        )
    with sheet.at(face.x(0, 10), 0):
        sheet.shape(mirrored(trace("0,30 22,36 40,58 36,80 18,91 0,94")), coat.light)
    for side in (-1, 1):
        sheet.oval(face.x(side * 46, 9), -18, 12, 6, coat.light, side * 16)
    blush(sheet, face, 41, 34, 13)
    eyes(sheet, face, 44, 4, 12.5)
    nose(sheet, face.x(0, 12), 56, 30, 20, coat.nose)
    mouth(sheet, face.x(0, 12), 66, 12, 6)


def deer_marks(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """Pale belly, chest and a scatter of spots over the back."""
    if pose == "standing":
        sheet.shape(trace("112,252 160,244 210,250 232,264 200,274 130,274"), coat.light)
        sheet.shape(trace("-18,96 16,110 34,160 40,214 26,222 10,176 -14,124"), coat.light)
        sheet.shape(trace("296,178 314,200 314,244 296,236 288,204"), coat.light)
        places = rows("150,172,8 178,184,7 206,170,8 236,178,8 262,190,7 134,194,6 164,206,6 224,200,7 250,216,5")
    else:
        sheet.shape(trace("-18,96 16,110 34,160 44,216 30,236 8,186 -14,124"), coat.light)
        places = rows("140,168,8 168,182,7 196,166,8 226,172,7 130,196,6 160,210,7 186,200,6 256,176,6")
    spots(sheet, places, coat.light, rng)


def deer_tail(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """Short, white below."""
    x, y = (304, 178) if pose == "standing" else (308, 214)
    sheet.shape(leaf((x, y), 26, 62, 40, "petal"), coat.light)
    sheet.shape(leaf((x - 4, y - 6), 18, 54, 24, "petal"), coat.shade)


def moose_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """A long broad muzzle, broad palmate antlers and a bell at the chin."""
    for side in (-1, 1):
        with sheet.at(side * 30, -58, flip=side < 0):
            sheet.shape(
                trace(
                    "-4,8 24,-10 50,-18 58,-58 44,-96 64,-92 76,-118 90,-92 112,-106 118,-76 140,-80 "
                    "138,-46 118,-14 80,6 40,18 6,20"
                ),
                BONE,
            )
            sheet.stroke(trace("46,0 84,-18 104,-52"), (5, 5, 2), darker(BONE, 0.2))
    for side in (-1, 1):
        way = -8 if side > 0 else -172
        sheet.shape(leaf((side * 44, -34), way, 78, 42, "round"), coat.shade)
        sheet.shape(leaf((side * 52, -34), way, 58, 23, "round"), coat.inner)
    sheet.shape(trace("-14,96 14,96 12,140 0,158 -10,140"), coat.dark)
    sheet.shape(mirrored(trace("0,-76 36,-70 60,-42 62,-2 56,34 66,66 60,104 30,122 0,126")), coat.main)
    with sheet.at(face.x(0, 12), 0):
        sheet.shape(mirrored(trace("0,36 34,40 60,64 60,100 34,122 0,127")), coat.light)
        for side in (-1, 1):
            sheet.oval(side * 24, 70, 8, 11, coat.dark, side * 18)
        sheet.stroke(trace("-24,100 0,110 24,100"), (2, 4.5, 2), coat.dark)
    blush(sheet, face, 42, 34, 11)
    eyes(sheet, face, 38, -4, 10.5)


def moose_marks(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A darker mane over the shoulder hump."""
    sheet.shape(trace("44,66 66,104 112,134 150,150 128,176 92,172 60,150 48,110"), darker(coat.main, 0.16))


def stub(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A short dark tail."""
    x, y = (306, 186) if pose == "standing" else (310, 220)
    sheet.shape(leaf((x, y), 40, 46, 24, "petal"), lighter(coat.dark, 0.1))


SUBJECTS = (
    hoofed(
        "deer",
        "fawn",
        ("woodland",),
        ("animal", "forest", "fawn", "doe", "stag", "deer"),
        Hoofed(DEER, deer_head, deer_marks, deer_tail, head_size=1.16),
        ("standing", "lying down"),
        ("a flower crown", "a leaf scarf", "a knitted scarf", "a bow tie", "a leaf crown", "a bandana"),
        ("a spotted fawn", "a young stag"),
    ),
    hoofed(
        "moose",
        "moose",
        ("woodland", "christmas"),
        ("animal", "forest", "moose", "elk"),
        Hoofed(
            MOOSE, moose_head, moose_marks, stub, neck=0.8, leg=0.9, girth=1.5, thick=1.3, head_size=1.1, collar=138
        ),
        ("standing", "lying down"),
        ("a knitted scarf", "a leaf scarf", "a bow tie", "a bandana"),
        ("a bull moose",),
    ),
)

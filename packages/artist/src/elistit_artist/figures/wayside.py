"""A donkey and a river otter: heads, coats and tails for the shared bodies."""

from __future__ import annotations

import numpy as np

from .anatomy import Coat, Face, blush, eyes, smile, wrapped_tail
from .geometry import Sheet, leaf, mirrored, mix, trace
from .heads import Blush, Eyes, Head, Middle, Mouth, Nose, RoundEars, Whiskers
from .hoofed import Hoofed, hoofed
from .poses import Build
from .subject import animal

DONKEY = Coat("#a39a94", "#efe8de", "#5f5752", inner="#d9b8aa", nose="#4f4845")
OTTER = Coat("#8f6a50", "#e0c4a2", "#5f4536", inner="#c99f88")


def donkey_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """Very long ears, a pale muzzle and pale rings around the eyes."""
    for side in (-1, 1):
        with sheet.at(side * 40, -54, turn=side * 20):
            sheet.shape(trace("-22,12 -34,-52 -22,-120 0,-152! 22,-120 34,-52 22,12"), coat.main)
            sheet.shape(trace("-11,4 -18,-50 -11,-100 0,-122 11,-100 18,-50 11,4"), coat.inner)
            sheet.shape(trace("-20,-116 0,-152! 20,-116 0,-128"), coat.dark)
    sheet.shape(mirrored(trace("0,-80 38,-74 62,-40 62,6 52,46 56,84 40,108 0,112")), coat.main)
    with sheet.at(face.x(0, 8), 0):
        sheet.shape(mirrored(trace("0,46 36,52 58,82 42,108 0,114")), coat.light)
        for side in (-1, 1):
            sheet.oval(side * 19, 76, 5, 7, coat.nose, side * 18)
        smile(sheet, 0, 92, 18, 7, coat.nose)
    for side in (-1, 1):
        sheet.oval(face.x(side * 42), 0, 21, 19, mix(coat.main, coat.light, 0.75))
    sheet.shape(
        trace("-26,-78 -16,-112! -6,-92 2,-120! 10,-92 22,-110! 26,-76 16,-44! 4,-58 -10,-42! -18,-60"), coat.dark
    )
    blush(sheet, face, 46, 38, 12)
    eyes(sheet, face, 42, 0, 11.5)


def donkey_mane(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A short upright mane."""
    sheet.shape(
        trace("14,-66 54,-56 72,-10! 70,0 90,50! 84,56 104,108! 94,112 118,152! 80,150 44,100 22,20"), coat.dark
    )


def donkey_marks(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A pale belly and the dark cross at the shoulder."""
    if pose == "standing":
        sheet.shape(trace("96,262 170,252 244,258 262,282 180,296 104,288"), mix(coat.main, coat.light, 0.7))
    sheet.stroke([(112, 150), (106, 190), (98, 224)], (9, 12, 4), coat.dark)


def donkey_tail(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A thin tail with a tuft."""
    x, y = (304, 176) if pose == "standing" else (312, 214)
    sheet.stroke(trace("0,0 28,36 24,96", x, y), (12, 10, 8), coat.shade)
    sheet.shape(leaf((x + 24, y + 84), 94, 60, 32, "petal"), coat.dark)


def otter_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A long tail, thick at its root."""
    if pose == "sleep":
        wrapped_tail(sheet, coat.shade, coat.shade)
        return
    x, y, turn = (52, 270, 0) if pose == "sit" else (236, 104, 24)
    with sheet.at(x, y, turn=turn):
        sheet.shape(trace("-22,18 40,24 104,14 168,-22 200,-66! 184,-72 142,-44 84,-30 20,-30 -20,-20"), coat.shade)


# A broad flat head, tiny ears low at its sides, a wide pale muzzle with long whiskers.
OTTER_HEAD = Head(
    RoundEars(82, -46, 20),
    Middle("0,-76 44,-72 84,-46 104,-4 108,34 84,68 40,84 0,88", "main"),
    Middle("0,10 40,12 70,34 66,64 34,84 0,88", "light", depth=12),
    Blush(78, 34, 13),
    Eyes(46, -4, 11),
    Nose(16, 26, 38, 25),
    Mouth(16, 42, 17, 9),
    Whiskers(54, 46),
)
_W = ("a bandana", "a flower crown", "a bow tie", "a little hat", "a knitted scarf")
SUBJECTS = (
    hoofed(
        "donkey",
        "donkey",
        ("farm",),
        ("animal", "country", "barnyard", "donkey", "mule"),
        Hoofed(
            DONKEY, donkey_head, donkey_marks, donkey_tail, neck=0.84, leg=0.78, girth=1.25, thick=1.16, head_size=1.12,
            behind_neck=donkey_mane, collar=114,
        ),
        ("standing", "lying down"),
        ("a flower crown", "a bandana", "a knitted scarf"),
    ),
    animal(
        "otter",
        "river otter",
        ("woodland", "ocean"),
        ("animal", "river", "otter", "forest", "sea"),
        Build(OTTER, OTTER_HEAD, otter_tail, plump=1.02),
        ("sitting up", "sitting", "sleeping", "peeking over a log"),
        _W,
    ),
)  # fmt: skip

"""The hoofed animals of the savanna: giraffe and zebra.

Only heads, coats and markings; the body is the shared hoofed one and nothing here may draw limbs.
"""

from __future__ import annotations

import numpy as np

from .anatomy import Coat, Face, blush, eyes, smile
from .geometry import Sheet, leaf, mirrored, mix, toward, trace
from .hoofed import Hoofed, hoofed

SAFARI = ("safari",)
_WILD = ("animal", "jungle", "zoo", "africa")

GIRAFFE = Coat("#e2b870", "#f4dfb4", "#a86f3f", inner="#e8c096")


ZEBRA = Coat("#ece6dc", "#f5f0e6", "#4f494a", inner="#b9aca4")


def giraffe_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """Horns with dark knobs, leaf ears, a long pale muzzle."""
    for side in (-1, 1):
        sheet.stroke([(side * 20, -66), (side * 24, -112)], (13, 11), coat.main)
        sheet.oval(side * 25, -118, 13, 13, coat.dark)
        way = -18 if side > 0 else -162
        sheet.shape(leaf((side * 40, -42), way, 82, 42, "lance"), coat.shade)
        sheet.shape(leaf((side * 48, -43), way, 60, 22, "lance"), coat.inner)
    sheet.shape(mirrored(trace("0,-80 38,-72 62,-38 62,10 52,46 58,78 40,102 0,106")), coat.main)
    with sheet.at(face.x(0, 8), 0):
        sheet.shape(mirrored(trace("0,42 36,44 56,72 42,102 0,107")), coat.light)
        for side in (-1, 1):
            sheet.oval(side * 17, 66, 4.4, 6, coat.dark, side * 16)
        smile(sheet, 0, 82, 20, 8, coat.dark)
    blush(sheet, face, 48, 34, 13)
    eyes(sheet, face, 42, 0, 11.5)


def giraffe_marks(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """Rounded patches down the neck and over the body."""
    places: list[tuple[float, float, float]] = [
        (32, -24, 16),
        (6, 12, 17),
        (42, 36, 17),
        (18, 70, 18),
        (54, 92, 17),
        (30, 130, 20),
        (76, 142, 18),
    ]
    places += [
        (120, 180, 22),
        (168, 178, 21),
        (216, 180, 22),
        (262, 186, 20),
        (96, 222, 20),
        (144, 222, 21),
        (190, 224, 20),
        (236, 226, 19),
    ]
    if pose == "lying":
        places = [p for p in places if not (p[0] > 200 and p[1] > 200)]
    for x, y, r in places:
        points = [toward((x, y), a + rng.normal(0, 6), r * rng.uniform(0.8, 1.06)) for a in range(0, 360, 60)]
        sheet.shape(points, mix(coat.dark, coat.main, 0.12))


def zebra_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """A brush of mane, stripes over the brow, a dark muzzle."""
    sheet.shape(trace("-16,-58 -20,-100 -8,-122 0,-108 10,-124 20,-100 16,-58"), coat.dark)
    for side in (-1, 1):
        with sheet.at(side * 40, -60, turn=side * 24):
            sheet.shape(trace("-17,10 -21,-26 0,-64 21,-26 17,10"), coat.main)
            sheet.shape(trace("-8,4 -10,-22 0,-44 10,-22 8,4"), coat.inner)
    sheet.shape(mirrored(trace("0,-82 38,-74 64,-42 64,6 54,44 58,76 38,100 0,104")), coat.main)
    for side in (-1, 1):
        for x, y, way, size in ((13, -80, 97, 44), (32, -72, 106, 36), (63, -30, 178, 20), (64, 24, 180, 18)):
            sheet.shape(leaf((side * x, y), way if side > 0 else 180 - way, size, 11, "willow"), coat.dark)
    with sheet.at(face.x(0, 8), 0):
        sheet.shape(mirrored(trace("0,50 34,52 56,78 38,100 0,104")), mix(coat.dark, coat.main, 0.22))
        for side in (-1, 1):
            sheet.oval(side * 17, 70, 4.4, 6, "#332d2e", side * 16)
        smile(sheet, 0, 84, 18, 7, "#2f292a")
    blush(sheet, face, 46, 34, 12)
    eyes(sheet, face, 41, 2, 11.5)


def zebra_marks(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """Stripes across neck, back and flanks."""
    for k, (x, y, way, size) in enumerate(
        ((48, 60, 164, 60), (56, 88, 160, 62), (66, 116, 156, 62), (84, 140, 146, 62))
    ):
        sheet.shape(leaf((x, y), way, size, 13 + k, "willow"), coat.dark)
    spread = ((112, 143), (140, 147), (168, 149), (196, 148), (224, 147), (252, 148))
    for k, (x, y) in enumerate(spread):
        sheet.shape(leaf((x, y - 1), 94 - 3 * k, 92 - 6 * (k % 2), 15, "willow"), coat.dark)
    if pose == "standing":
        for y, x in ((180, 309), (208, 313), (236, 312)):
            sheet.shape(leaf((x, y), 172, 54, 12, "willow"), coat.dark)
        for x in (84, 288):
            for y in (330, 362, 394):
                sheet.stroke(trace("-12,0 0,4 12,0", x, y), (6, 8, 6), coat.dark)


def brush_tail(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A thin tail with a dark brush."""
    x, y = (306, 176) if pose == "standing" else (312, 214)
    sheet.stroke(trace("0,0 28,34 24,84", x, y), (12, 10, 9), coat.main)
    sheet.shape(leaf((x + 25, y + 74), 96, 58, 28, "petal"), coat.dark)


def mane(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A brush of hair along the neck, seen behind it."""
    sheet.shape(trace("14,-60 60,-44 76,20 88,80 116,140 96,152 50,110 30,30"), coat.dark)


def giraffe_mane(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A short brush along the long neck."""
    sheet.shape(trace("20,-150 56,-120 74,-30 84,60 108,138 92,150 50,90 36,-20"), coat.dark)


SUBJECTS = (
    hoofed(
        "giraffe",
        "giraffe",
        SAFARI,
        (*_WILD, "giraffe"),
        Hoofed(
            GIRAFFE,
            giraffe_head,
            giraffe_marks,
            brush_tail,
            neck=1.75,
            leg=0.95,
            head_size=1.22,
            crown_y=-76,
            behind_neck=giraffe_mane,
            collar=122,
            hoof="#7a5638",
        ),
        ("standing", "lying down"),
        ("a leaf scarf", "a bow tie", "a flower crown", "a knitted scarf"),
    ),
    hoofed(
        "zebra",
        "zebra",
        SAFARI,
        (*_WILD, "zebra", "stripes"),
        Hoofed(
            ZEBRA,
            zebra_head,
            zebra_marks,
            brush_tail,
            neck=0.92,
            leg=0.86,
            girth=1.25,
            thick=1.12,
            head_size=1.08,
            behind_neck=mane,
            collar=116,
            hoof="#4f494a",
        ),
        ("standing", "lying down"),
        ("a flower crown", "a leaf scarf", "a bow tie", "a bandana"),
    ),
)

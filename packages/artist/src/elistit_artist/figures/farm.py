"""Four-footed farm animals: cow, pig, sheep, horse, goat, llama, and the barn they live in.

Heads, coats and markings for the shared bodies; the sheep has a woolly body of its own.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import Coat, Face, blush, eyes, mouth, smile
from .geometry import Point, Sheet, darker, leaf, lighter, mirrored, mix, toward, trace, vary
from .heads import Blush, Eyes, Head, Middle, OutlinedEars
from .hoofed import Hoofed, hoofed
from .poses import Build
from .subject import Params, Subject, animal, plain

COW = Coat("#efe8dc", "#f3d3c6", "#5c4c46", inner="#e9b9ab")
BROWN_COW = Coat("#b0784f", "#f0d9c0", "#7b5138", inner="#e3b497")
PIG = Coat("#e6b3a6", "#f1cfc3", "#c98d80", inner="#d9988b", nose="#b5756b", blush="#d98a80")
HORSE = Coat("#a9744c", "#e6c9a5", "#5f4335", inner="#c99a7a")
GOAT = Coat("#e5dccd", "#f6efe4", "#a08a74", inner="#e3b7a6")
LLAMA = Coat("#ecdfc8", "#f8f0e2", "#c4a883", inner="#e0b6a2")


def _ears_out(
    sheet: Sheet, coat: Coat, x: float, y: float, droop: float, length: float, wide: float, color: str = ""
) -> None:
    for side in (-1, 1):
        way = droop if side > 0 else 180 - droop
        sheet.shape(leaf((side * x, y), way, length, wide, "round"), color or coat.shade)
        sheet.shape(leaf((side * (x + 8), y), way, length * 0.76, wide * 0.56, "round"), coat.inner)


def cow_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """Small horns, ears held out, a patch over one eye, a broad pink muzzle."""
    for side in (-1, 1):
        sheet.stroke(trace("34,-62 52,-80 52,-106", wide=side), (19, 15, 5), "#d9c3a0")
    _ears_out(sheet, coat, 48, -40, 10, 74, 44, coat.dark)
    sheet.shape(mirrored(trace("0,-80 42,-74 68,-44 68,4 58,40 0,60")), coat.main)
    if kind == "a spotted cow":
        sheet.shape(trace("12,-78 44,-72 68,-42 68,6 58,24 34,20 20,-16"), coat.dark)
    sheet.shape(
        trace("-22,-78 0,-90 22,-78 16,-60 6,-52! 0,-62! -8,-50! -16,-62"),
        coat.dark if kind == "a spotted cow" else coat.shade,
    )
    with sheet.at(face.x(0, 9), 0):
        sheet.shape(mirrored(trace("0,20 40,24 68,44 70,74 46,98 0,104")), coat.light)
        for side in (-1, 1):
            sheet.oval(side * 28, 52, 7, 9.5, mix(coat.light, "#8a5a50", 0.7), side * 20)
        smile(sheet, 0, 76, 26, 10, "#7a5148")
    blush(sheet, face, 50, 20, 12)
    if kind == "a spotted cow":
        sheet.oval(face.x(42), -10, 15, 16, lighter(coat.dark, 0.5))
    eyes(sheet, face, 40, -10, 11)


def cow_marks(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """Large patches and an udder."""
    if pose == "standing":
        sheet.oval(228, 276, 32, 20, "#e9b9ab")
    if coat.dark != BROWN_COW.dark:
        sheet.shape(trace("110,144 160,150 178,186 150,222 116,210 96,172"), coat.dark)
        sheet.shape(trace("232,148 292,166 310,210 284,236 244,214 224,176"), coat.dark)
        sheet.shape(trace("20,100 46,112 60,150 40,176 18,150"), coat.dark)
    else:
        sheet.shape(trace("120,252 166,244 214,252 224,272 170,282 126,276"), coat.light)


def cow_tail(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A rope with a tuft."""
    x, y = (306, 174) if pose == "standing" else (312, 214)
    sheet.stroke(trace("0,0 26,30 22,86", x, y), (13, 11, 9), coat.shade)
    sheet.shape(leaf((x + 22, y + 76), 96, 52, 30, "petal"), coat.dark)


def horse_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """A long face with a blaze and a forelock."""
    for side in (-1, 1):
        with sheet.at(side * 36, -58, turn=side * 16):
            sheet.shape(trace("-17,12 -20,-24 0,-66! 20,-24 17,12"), coat.main)
            sheet.shape(trace("-8,6 -10,-20 0,-44 10,-20 8,6"), coat.inner)
    sheet.shape(mirrored(trace("0,-82 38,-74 62,-40 62,6 50,44 54,80 38,106 0,110")), coat.main)
    sheet.shape(mirrored(trace("0,-46 13,-34 11,10 18,50 0,62")), coat.light)
    with sheet.at(face.x(0, 8), 0):
        sheet.shape(mirrored(trace("0,54 34,56 54,82 38,105 0,110")), mix(coat.main, coat.light, 0.55))
        for side in (-1, 1):
            sheet.oval(side * 19, 74, 5, 7, coat.dark, side * 18)
        smile(sheet, 0, 90, 18, 7, coat.dark)
    sheet.shape(trace("-30,-80 -8,-98 20,-92 34,-70 26,-30! 12,-50 4,-18! -6,-52 -20,-32! -28,-56"), coat.dark)
    blush(sheet, face, 44, 36, 12)
    eyes(sheet, face, 42, 0, 11.5)


def horse_mane(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A flowing mane behind the neck."""
    sheet.shape(trace("10,-66 56,-56 78,-6 90,44! 84,50 104,100! 96,106 124,150! 90,156 50,110 24,20"), coat.dark)


def horse_tail(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A long full tail."""
    x, y = (300, 172) if pose == "standing" else (308, 210)
    low = 380 if pose == "standing" else 310
    sheet.shape(
        [
            (x - 4, y - 6),
            (x + 40, y + 6),
            (x + 64, y + 70),
            (x + 62, low - 60),
            (x + 76, low, 1),
            (x + 40, low - 34),
            (x + 30, low - 14, 1),
            (x + 20, y + 110),
            (x + 16, y + 50),
            (x - 6, y + 22),
        ],
        coat.dark,
    )


def goat_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """Backward horns, drooping ears, a beard."""
    for side in (-1, 1):
        sheet.stroke(trace("20,-62 30,-98 54,-116", wide=side), (19, 15, 5), "#b59c7c")
    sheet.shape(trace("-15,88 15,88 12,116 2,142! -10,118"), coat.light)
    _ears_out(sheet, coat, 44, -34, 24, 74, 34, coat.dark)
    sheet.shape(mirrored(trace("0,-78 36,-72 60,-42 62,0 50,44 44,74 26,94 0,98")), coat.main)
    sheet.shape(mirrored(trace("0,-78 20,-74 18,-40 0,-26")), mix(coat.main, coat.dark, 0.5))
    with sheet.at(face.x(0, 9), 0):
        sheet.shape(mirrored(trace("0,42 28,46 42,70 26,93 0,98")), coat.light)
        sheet.shape(mirrored(trace("0,54 14,52 10,64 0,70")), "#b5756b")
        mouth(sheet, 0, 70, 13, 6)
    blush(sheet, face, 42, 32, 12)
    eyes(sheet, face, 41, 0, 11)


def llama_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """Banana ears, a woolly fringe, a short muzzle."""
    for side in (-1, 1):
        with sheet.at(side * 32, -62, turn=side * 10):
            sheet.shape(trace("-17,12 -21,-34 -6,-78 10,-74 19,-34 17,12"), coat.main)
            sheet.shape(trace("-8,4 -10,-32 0,-60 9,-32 8,4"), coat.inner)
    sheet.shape(mirrored(trace("0,-76 40,-70 66,-38 70,4 62,44 38,72 0,78")), coat.main)
    with sheet.at(face.x(0, 12), 0):
        sheet.shape(mirrored(trace("0,14 30,20 44,46 28,72 0,77")), coat.light)
        sheet.shape(mirrored(trace("0,32 14,30 10,42 0,48")), "#8a6257")
        mouth(sheet, 0, 47, 13, 7)
    puffs = ((-40, -62, 22), (-16, -78, 25), (14, -78, 25), (40, -62, 22), (0, -60, 25))
    for x, y, r in puffs:
        sheet.oval(x, y, r, r * 0.86, mix(coat.light, coat.main, 0.3))
    blush(sheet, face, 50, 34, 13)
    eyes(sheet, face, 44, 2, 11)


def llama_marks(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A woven blanket with tassels."""
    red, teal, cream = "#b8604a", "#7f9c8e", "#efdcb8"
    sheet.shape(trace("140,146 188,144 236,146 244,200 240,246 188,252 136,246 132,200"), red)
    for y, color in ((168, cream), (194, teal), (220, cream)):
        sheet.stroke(trace("136,0 188,5 241,0", 0, y), (11, 12, 11), color)
    for k in range(5):
        sheet.stroke([(142 + 23 * k, 244), (142 + 23 * k, 270)], (7, 4), cream)


def woolly_tail(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A ball of wool."""
    x, y = (312, 180) if pose == "standing" else (316, 220)
    sheet.oval(x, y, 27, 25, coat.light)


def _snout(sheet: Sheet, coat: Coat, face: Face) -> None:
    x = face.x(0, 16)
    sheet.oval(x, 26, 36, 27, coat.light)
    sheet.oval(x, 27, 35, 25, mix(coat.inner, coat.light, 0.4))
    for side in (-1, 1):
        sheet.oval(x + side * 12, 25, 5.4, 8.4, coat.nose)
    smile(sheet, x, 58, 20, 9, coat.nose)


# Folded ears.
PIG_HEAD = Head(
    OutlinedEars(
        "36,-70 66,-104 100,-104 108,-70 92,-40 70,-44", "58,-72 76,-92 98,-92 100,-70 88,-50 72,-52", color="shade"
    ),
    Middle("0,-84 44,-78 84,-46 100,8 84,58 44,80 0,84", "main"),
    Blush(70, 34, 17, "blush"),
    Eyes(48, -6, 11),
    _snout,
)


def curly_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A curl."""
    x, y = {"sit": (86, 250), "sleep": (196, 60)}.get(pose, (256, 96))
    sheet.stroke(trace("0,0 24,-4 36,-26 20,-38 12,-20 36,-10 54,-30", x, y), (9, 10, 10, 9, 8, 8, 6), coat.dark)


def _wool(
    sheet: Sheet,
    cx: float,
    cy: float,
    rx: float,
    ry: float,
    puff: float,
    count: int,
    color: str,
    rng: np.random.Generator,
) -> None:
    ring: list[Point] = []
    for k in range(count):
        a0, a1 = 360 * k / count, 360 * (k + 0.5) / count
        p, q = toward((0, 0), a0, 1.0), toward((0, 0), a1, 1.0)
        ring.append((cx + rx * p[0], cy + ry * p[1], 1))
        ring.append((cx + (rx + puff) * q[0], cy + (ry + puff) * q[1]))
    sheet.shape(ring, color, ease=0.5)


def sheep(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A cloud of wool on four legs, or at rest; the face light or dark."""
    dark_face = "black-faced" in str(params.get("kind") or "")
    wool = vary("#eee5d5", rng, 0.008)
    skin = "#5d504c" if dark_face else "#e6cdb2"
    resting, wearing = params.get("pose") == "lying down", str(params.get("wearing") or "")
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        if not resting:
            for x, tone in ((-34, 0.22), (120, 0.22), (-84, 0.0), (84, 0.0)):
                sheet.stroke([(x, 90), (x, 206)], (34, 27), darker(skin, tone))
                sheet.stroke([(x, 200), (x, 214)], (29, 30), darker(skin, 0.4))
        else:
            for x in (-96, 40):
                sheet.stroke(trace("40,112 0,122 -26,122", x, 0), (34, 30, 26), skin)
                sheet.stroke([(x - 22, 122), (x - 36, 122)], (26, 24), darker(skin, 0.4))
        sheet.oval(178, -12, 32, 28, darker(wool, 0.07))
        _wool(sheet, 20, 16, 152, 104, 24, 15, wool, rng)
        ink = darker(wool, 0.2)
        for x, y in ((10, -44), (86, -36), (130, 16), (60, 24), (104, 66), (20, 78), (-30, 44)):
            sheet.stroke(trace("-18,0 -4,13 14,2", x, y), (2, 6, 2), ink)
        with sheet.at(-128, -64, turn=rng.uniform(-6, 3)):
            _sheep_head(sheet, skin, wool, wearing, rng)


def _sheep_head(sheet: Sheet, skin: str, wool: str, wearing: str, rng: np.random.Generator) -> None:
    face = Face(turn=-0.3)
    for side in (-1, 1):
        way = 14 if side > 0 else 166
        sheet.shape(leaf((side * 44, -22), way, 66, 34, "round"), darker(skin, 0.08))
        sheet.shape(leaf((side * 52, -22), way, 48, 18, "round"), "#e3b3a2")
    with sheet.at(16, 96):
        accessories.at_neck(sheet, wearing, 56, rng)
    sheet.shape(mirrored(trace("0,-62 40,-56 62,-24 62,18 50,56 28,80 0,84")), skin)
    _wool(sheet, 0, -56, 46, 22, 15, 9, wool, rng)
    blush(sheet, face, 44, 34, 13)
    eyes(sheet, face, 36, 6, 11, "#2f2522" if skin != "#5d504c" else "#211c1b")
    if skin == "#5d504c":
        for side in (-1, 1):
            sheet.oval(face.x(side * 36) + 3, 1, 3.6, 3.6, "#fffaf2")
    x = face.x(0, 12)
    sheet.shape(mirrored(trace("0,42 12,40 8,52 0,57", x, 0), x), "#c98a80")
    mouth(sheet, x, 57, 11, 6, "#8a5a50")
    accessories.on_head(sheet, wearing, -66, rng)


FARM = ("farm",)
_TAGS = ("animal", "country", "barnyard")
_W = ("a flower crown", "a bandana", "a leaf scarf", "a bow tie", "a knitted scarf")


def _cow(code: str, name: str, coat: Coat, kind: str, tags: tuple[str, ...]) -> Subject:
    return hoofed(
        code,
        name,
        FARM,
        (*_TAGS, *tags),
        Hoofed(
            coat,
            cow_head,
            cow_marks,
            cow_tail,
            neck=0.62,
            leg=0.72,
            girth=1.6,
            thick=1.34,
            head_size=1.14,
            collar=122,
            crown_y=-78,
        ),
        ("standing", "lying down"),
        _W,
        (kind,),
    )


SUBJECTS = (
    _cow("cow", "spotted cow", COW, "a spotted cow", ("cow", "calf", "milk")),
    _cow("brown_cow", "brown cow", BROWN_COW, "a brown cow", ("cow", "calf")),
    animal(
        "pig",
        "pig",
        FARM,
        (*_TAGS, "piglet", "pig"),
        Build(PIG, PIG_HEAD, curly_tail, plump=1.16, bib=False, crown_y=-80),
        ("walking", "sitting up", "sleeping", "sitting"),
        ("a bandana", "a flower crown", "a bow tie", "a leaf scarf", "a party hat", "a little hat"),
    ),
    plain(
        "sheep",
        "sheep",
        (*FARM, "easter"),
        (*_TAGS, "lamb", "sheep", "wool"),
        sheep,
        [
            {"kind": k, "pose": p, "wearing": w}
            for w in ("", "a flower crown", "a bow tie", "a leaf crown", "a bandana")
            for p in ("standing", "lying down")
            for k in ("a white sheep", "a black-faced sheep")
        ],
    ),
    hoofed(
        "horse",
        "pony",
        FARM,
        (*_TAGS, "horse", "pony"),
        Hoofed(
            HORSE,
            horse_head,
            None,
            horse_tail,
            neck=0.94,
            leg=0.88,
            girth=1.2,
            thick=1.14,
            head_size=1.06,
            behind_neck=horse_mane,
            collar=116,
        ),
        ("standing", "lying down"),
        ("", *_W),
    ),
    hoofed(
        "goat",
        "goat",
        FARM,
        (*_TAGS, "goat", "kid"),
        Hoofed(
            GOAT, goat_head, None, woolly_tail, neck=0.72, leg=0.72, girth=1.3, thick=1.12, head_size=1.1, collar=118
        ),
        ("standing", "lying down"),
        _W,
    ),
    hoofed(
        "llama",
        "llama",
        ("farm", "boho"),
        (*_TAGS, "alpaca", "llama", "wool"),
        Hoofed(
            LLAMA,
            llama_head,
            llama_marks,
            woolly_tail,
            neck=1.25,
            leg=0.72,
            girth=1.45,
            thick=1.4,
            head_size=1.1,
            collar=96,
            hoof="#7a6250",
        ),
        ("standing", "lying down"),
        ("a flower crown", "a bow tie", "a bandana", "a party hat"),
    ),
)

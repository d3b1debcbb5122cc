"""Animals of the savanna and the jungle: lion, tiger, elephant, hippo, monkey, giraffe, zebra, and panda and koala.

Heads, tails, coats and markings for the shared poses; giraffe and zebra use the hoofed body.
"""

from __future__ import annotations

import math

from .anatomy import Coat, Face, smile
from .geometry import Point, Sheet, flipped, leaf, lighter, mirrored, mix, oval, toward, trace
from .heads import Blush, EyePatches, Eyes, Head, Middle, Mouth, Nose, OutlinedEars, RoundEars
from .poses import Build
from .subject import animal

LION = Coat("#dcae6c", "#f3dfba", "#a8693a", inner="#d99f72")
TIGER = Coat("#d98d4a", "#f6e6cd", "#57423b", inner="#efc4a0")
ELEPHANT = Coat("#a4a8ae", "#c9c9ca", "#7d8289", inner="#d9aba4")
HIPPO = Coat("#a396a0", "#c9b3b3", "#796e78", inner="#cf9f9c")
MONKEY = Coat("#94684a", "#ecc9a0", "#6b4936", inner="#e0aa86")
PANDA = Coat("#efe9df", "#f8f3ea", "#4f494c", inner="#8f7f7f")
KOALA = Coat("#a8a5a5", "#e3ddd5", "#85817f", inner="#d9c3bb", nose="#3d3536")


def _mane(sheet: Sheet, coat: Coat, face: Face) -> None:
    """Broad petals in two rings."""
    for ring, (r, size, share) in enumerate(((84, 66, 0.0), (70, 56, 0.16))):
        for k in range(15):
            way = 24 * k + 12 * ring
            x, y = toward((0, 4), way, r)
            color = mix(coat.dark, coat.main, share + 0.06 * (k % 2))
            sheet.shape(oval(x, y, size * 0.56, size * 0.46, way + 90, 8), color)


LION_HEAD = Head(
    _mane,
    RoundEars(70, -66, 25),
    Middle("0,-74 42,-68 78,-36 88,14 70,60 36,78 0,82", "main"),
    Middle("0,14 26,20 46,46 34,70 0,78", "light", depth=14),
    Blush(62, 36, 13),
    Eyes(40, -2, 11),
    Nose(18, 28, 32, 20, "#7a4a3c"),
    Mouth(18, 38, 14, 9),
)


def tuft_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A thin tail with a tuft."""
    spines: dict[str, list[Point]] = {
        "sit": trace("60,264 130,270 160,226 150,180"),
        "sleep": trace("196,96 210,150 150,172 80,172"),
    }
    spine = spines.get(pose, trace("244,96 292,88 316,40 304,-10"))
    sheet.stroke(spine, (17, 15, 14, 12), coat.shade)
    x, y = spine[-1][0], spine[-1][1]
    way = math.degrees(math.atan2(y - spine[-2][1], x - spine[-2][0]))
    sheet.shape(leaf(toward((x, y), way, -10), way, 62, 42, "petal"), coat.dark)


def _stripes_and_cheeks(sheet: Sheet, coat: Coat, face: Face) -> None:
    """White cheeks and brows, dark stripes."""
    for side in (-1, 1):
        cheek: list[Point] = trace("0,86 2,34 26,26 58,30 78,44 82,62 60,80 30,88")
        sheet.shape(cheek if side > 0 else flipped(cheek), coat.light)
        sheet.oval(face.x(side * 43, 9), -20, 15, 12, coat.light)
        for x, y, size in ((84, -44, 30), (94, -20, 28), (98, 6, 24)):
            sheet.shape(leaf((side * x, y), 8 if side < 0 else 172, size, 10, "willow"), coat.dark)
    sheet.shape(leaf((0, -84), 90, 50, 15, "willow"), coat.dark)
    for side in (-1, 1):
        sheet.shape(leaf((side * 20, -82), 90 + side * 14, 38, 12, "willow"), coat.dark)


TIGER_HEAD = Head(
    RoundEars(72, -66, 30, color="main"),
    Middle("0,-84 46,-78 82,-50 98,-6 98,36 80,66 46,84 0,90", "main"),
    _stripes_and_cheeks,
    Blush(72, 44, 13),
    Eyes(44, 2, 11.5),
    Nose(17, 36, 30, 19, "#8a5548"),
    Mouth(17, 46, 14, 8),
)


def tiger_back(sheet: Sheet, coat: Coat, pose: str) -> None:
    """Tapered stripes from the spine and the flanks."""
    if pose == "stand":
        for x in (78, 108, 138, 168, 198, 228):
            sheet.shape(leaf((x, 56), 92 + (x - 150) * 0.1, 66, 14, "willow"), coat.dark)
    elif pose == "sleep":
        for x, y in ((-10, -20), (30, -28), (70, -33), (112, -26), (150, -8)):
            sheet.shape(leaf((x, y), 84, 66, 15, "willow"), coat.dark)
    else:
        for side in (-1, 1):
            for y in (112, 144, 176, 208):
                sheet.shape(
                    leaf(
                        (side * (62 + y * 0.06 if pose == "sit" else 74 + y * 0.08), y),
                        180 if side > 0 else 0,
                        36,
                        13,
                        "willow",
                    ),
                    coat.dark,
                )


def tiger_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A curved tail with dark rings at the end."""
    spines: dict[str, list[Point]] = {
        "sit": trace("50,268 124,276 166,236 156,180"),
        "sleep": trace("194,110 190,158 120,174 40,172"),
    }
    spine = spines.get(pose, trace("246,96 292,76 306,20 290,-36"))
    sheet.stroke(spine, (28, 30, 29, 24), coat.main)
    x, y = spine[-1][0], spine[-1][1]
    px, py = spine[-2][0], spine[-2][1]
    for t in (0.99, 0.66, 0.36):
        a, b = (px + (x - px) * (t - 0.13), py + (y - py) * (t - 0.13)), (px + (x - px) * t, py + (y - py) * t)
        sheet.stroke([a, b], (12, 12), coat.dark) if t < 0.9 else sheet.stroke([a, b], (25, 25), coat.dark)


def _great_ears(sheet: Sheet, coat: Coat, face: Face) -> None:
    for side in (-1, 1):
        with sheet.at(side * 86, -8):
            lobe: list[Point] = trace("-26,-50 16,-78 66,-64 88,-14 72,44 32,72 -10,54 -28,10")
            sheet.shape(lobe if side > 0 else flipped(lobe), coat.shade)
            lining: list[Point] = trace("-10,-36 18,-56 52,-44 66,-10 52,32 24,50 -2,36")
            sheet.shape(lining if side > 0 else flipped(lining), coat.inner)


def _brow_lines(sheet: Sheet, coat: Coat, face: Face) -> None:
    for y in (-62, -50):
        sheet.stroke(trace("-18,3 0,0 18,3", 0, y), (1.5, 4, 1.5), coat.dark)


def _trunk(sheet: Sheet, coat: Coat, face: Face) -> None:
    """It curls to one side."""
    x = face.x(0, 8)
    sheet.shape(
        trace("-30,6 0,-6 30,6 28,60 30,104 52,124 80,112 92,122 80,146 44,158 2,142 -22,106 -28,60", x, 0),
        lighter(coat.main, 0.08),
    )
    for y, half in ((36, 21), (58, 20), (80, 19)):
        sheet.stroke([(x - half + (y - 36) * 0.08, y), (x, y + 6), (x + half, y)], (1.5, 4.5, 1.5), coat.dark)


ELEPHANT_HEAD = Head(
    _great_ears,
    Middle("0,-84 44,-78 80,-46 90,4 74,50 40,72 0,76", "main"),
    _brow_lines,
    Blush(62, 34, 15),
    Eyes(47, 2, 11),
    _trunk,
)


def rope_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A short thin tail with a little brush; seen from the side only."""
    if pose != "stand":
        return
    spine: list[Point] = trace("256,96 290,104 300,146")
    sheet.stroke(spine, (13, 11, 8), coat.shade)
    sheet.shape(leaf(spine[-1], 84, 34, 18, "petal"), coat.dark)


def _great_muzzle(sheet: Sheet, coat: Coat, face: Face) -> None:
    with sheet.at(face.x(0, 8), 0):
        sheet.shape(mirrored(trace("0,2 52,0 96,24 104,60 78,90 36,98 0,100")), coat.light)
        for side in (-1, 1):
            sheet.oval(side * 42, 24, 10, 13, coat.dark, side * 20)
        sheet.shape(trace("-40,70 -18,74 -20,92 -36,90"), "#fbf4e6")
        sheet.shape(trace("40,70 18,74 20,92 36,90"), "#fbf4e6")
        smile(sheet, 0, 62, 66, 16, coat.dark, 5)


HIPPO_HEAD = Head(
    RoundEars(66, -72, 19),
    Middle("0,-84 42,-80 74,-52 80,-10 70,40 0,60", "main"),
    Blush(70, 8, 14),
    _great_muzzle,
    Eyes(40, -28, 10.5),
)


def _ears_at_the_sides(sheet: Sheet, coat: Coat, face: Face) -> None:
    for side in (-1, 1):
        sheet.oval(side * 98, 4, 34, 36, coat.shade)
        sheet.oval(side * 98, 6, 20, 23, coat.light)


def _grin(sheet: Sheet, coat: Coat, face: Face) -> None:
    x = face.x(0, 16)
    for side in (-1, 1):
        sheet.oval(x + side * 6, 24, 3.4, 2.6, coat.dark)
    smile(sheet, x, 42, 24, 14, coat.dark)


# A heart-shaped face.
MONKEY_HEAD = Head(
    _ears_at_the_sides,
    Middle("0,-92 14,-100! 22,-86 58,-78 90,-38 96,14 76,62 38,84 0,88", "main"),
    Middle("0,-26 26,-44 60,-34 72,2 66,26 70,50 44,76 0,83", "light", depth=10),
    Blush(56, 38, 14),
    Eyes(34, -2, 11),
    _grin,
)


def curl_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A long tail ending in a curl."""
    if pose == "sleep":
        sheet.stroke(trace("194,110 196,160 120,178 40,176"), (22, 22, 20, 16), coat.shade)
        return
    x, y = (70, 262) if pose == "sit" else (246, 100)
    sheet.stroke(
        trace("0,0 62,4 96,-40 84,-96 112,-132 146,-108 130,-80 112,-94", x, y),
        (20, 20, 19, 18, 17, 16, 14, 10),
        coat.shade,
    )


def _dark_ears(sheet: Sheet, coat: Coat, face: Face) -> None:
    for side in (-1, 1):
        sheet.oval(side * 78, -66, 35, 34, coat.dark)


# White with slanting eye patches.
PANDA_HEAD = Head(
    _dark_ears,
    Middle("0,-88 48,-82 90,-44 106,12 88,60 46,82 0,86", "main"),
    EyePatches(47, 8, 27, 33, "dark+main:0.2", turn=28),
    Blush(80, 44, 14),
    Eyes(43, 4, 12, "#241f21", closed="#efe6da"),
    Nose(16, 38, 26, 17, "dark"),
    Mouth(16, 47, 13, 7),
)


def _tall_nose(sheet: Sheet, coat: Coat, face: Face) -> None:
    x = face.x(0, 14)
    sheet.shape(mirrored(trace("0,-10 15,-4 21,20 18,44 0,50", x, 0), x), coat.nose)
    sheet.oval(x - 6, 4, 4, 8, mix(coat.nose, "#fffaf2", 0.5), 10)
    smile(sheet, x, 60, 14, 7)


# Wide fluffy ears.
KOALA_HEAD = Head(
    OutlinedEars(
        "54,-60 84,-98 124,-92 146,-54 138,-16 126,-14 120,4! 108,-8 98,8! 86,-12",
        "74,-54 94,-74 118,-66 126,-42 112,-24 90,-24",
        color="shade",
        inner="light",
    ),
    Middle("0,-82 46,-76 82,-44 96,8 80,56 44,78 0,82", "main"),
    Middle("0,50 30,54 44,68 20,80 0,82", "light"),
    Blush(66, 36, 15),
    Eyes(46, 2, 11),
    _tall_nose,
)


SAFARI = ("safari",)
_WILD = ("animal", "jungle", "zoo", "africa")
_FOUR = ("sitting", "walking", "sleeping", "sitting up")
SUBJECTS = (
    animal(
        "lion",
        "lion",
        SAFARI,
        (*_WILD, "lion", "king"),
        Build(LION, LION_HEAD, tuft_tail, plump=1.04, crown_y=-96),
        _FOUR,
        ("a party hat", "a flower crown", "a leaf crown", "a knitted scarf"),
    ),
    animal(
        "tiger",
        "tiger",
        SAFARI,
        (*_WILD, "tiger", "cat"),
        Build(TIGER, TIGER_HEAD, tiger_tail, plump=1.06, bib=False, back=tiger_back),
        _FOUR,
        ("a leaf crown", "a flower crown", "a party hat", "a bow tie", "a knitted scarf", "a leaf scarf"),
    ),
    animal(
        "elephant",
        "elephant",
        SAFARI,
        (*_WILD, "elephant"),
        Build(ELEPHANT, ELEPHANT_HEAD, rope_tail, plump=1.2, bib=False, crown_y=-80),
        ("sitting up", "walking", "standing"),
        ("a flower crown", "a party hat", "a leaf crown", "a little hat"),
    ),
    animal(
        "hippo",
        "hippo",
        SAFARI,
        (*_WILD, "hippo", "hippopotamus"),
        Build(HIPPO, HIPPO_HEAD, rope_tail, plump=1.22, bib=False, crown_y=-78),
        ("walking", "sitting up", "sleeping"),
        ("a flower crown", "a bow tie", "a leaf scarf", "a party hat", "a knitted scarf"),
    ),
    animal(
        "monkey",
        "monkey",
        SAFARI,
        (*_WILD, "monkey", "ape"),
        Build(MONKEY, MONKEY_HEAD, curl_tail, plump=0.96, bib=False),
        ("sitting up", "sitting", "sleeping"),
        ("a flower crown", "a party hat", "a bow tie", "a leaf crown", "a bandana", "a knitted scarf"),
    ),
    animal(
        "panda",
        "panda",
        ("safari", "woodland"),
        ("animal", "bear", "bamboo", "panda"),
        Build(PANDA, PANDA_HEAD, None, plump=1.14, bib=False, socks=PANDA.dark),
        ("sitting up", "walking", "sleeping", "peeking over a log"),
        ("a flower crown", "a bow tie", "a knitted scarf", "a leaf crown"),
    ),
    animal(
        "koala",
        "koala",
        SAFARI,
        ("animal", "australia", "eucalyptus"),
        Build(KOALA, KOALA_HEAD, None, plump=1.06, bib=False),
        ("sitting up", "peeking over a log", "sleeping"),
        ("a leaf crown", "a flower crown", "a bow tie", "a leaf scarf", "a knitted scarf"),
    ),
)

"""Heads, tails and coats of the smaller furred animals of the wood: squirrel, mouse, badger, beaver, skunk, wolf.

Heads are lists of parts (`heads`); bodies and poses are shared.
"""

from __future__ import annotations

from .anatomy import Coat, Face, wrapped_tail
from .geometry import Point, Sheet, darker, lighter, mix, trace
from .heads import Blush, BothSides, EyePatches, Eyes, Head, Middle, Mouth, Nose, OutlinedEars, RoundEars, Whiskers
from .poses import Build
from .subject import animal

SQUIRREL = Coat("#b9774a", "#f1dfc6", "#7a4c33", inner="#e3b491")
MOUSE = Coat("#b5a69b", "#efe6dc", "#7d6f67", inner="#ecb9ac", nose="#b8716a")
BADGER = Coat("#8b8682", "#f0eae0", "#403a3a", inner="#d9c9bd")
BEAVER = Coat("#8f6746", "#cfa67c", "#5a4436", inner="#b98a68")
SKUNK = Coat("#4d484b", "#f2ede4", "#353134", inner="#c9a7a0")
WOLF = Coat("#9d9f9f", "#efeae1", "#64666a", inner="#d8c3b5")


# Round cheeks, tufted ears, a pale muzzle and eye rings.
SQUIRREL_HEAD = Head(
    OutlinedEars(
        "36,-58 44,-104 60,-132 70,-152! 80,-128 94,-96 92,-46 62,-40",
        "52,-64 60,-96 70,-114 80,-92 80,-60",
        tip="56,-124 62,-146! 68,-140 74,-164! 76,-140 86,-146! 82,-118 70,-112",
    ),
    Middle("0,-84 40,-78 74,-54 94,-8 104,30 86,62 46,82 0,86", "main"),
    BothSides("2,86 4,36 22,26 44,30 78,22 98,40 84,62 46,81", "light", 7),
    Blush(74, 40, 14),
    Eyes(46, 4, 12),
    Nose(18, 36, 22, 15),
    Mouth(18, 43, 13, 7),
)


def curled_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A great tail that rises behind the back and curls over at the top."""
    if pose == "sleep":
        wrapped_tail(sheet, lighter(coat.main, 0.2), lighter(coat.main, 0.5), 1.4)
        return
    x, y, turn, size = (44, 270, 0, 1.0) if pose == "sit" else (226, 130, 0, 0.9)
    with sheet.at(x, y, turn=turn, size=size):
        sheet.shape(
            trace(
                "-14,14 76,26 148,-14 172,-92 158,-150 164,-184 186,-190 204,-166 236,-196 234,-252 "
                "190,-292 122,-290 66,-246 46,-170 58,-104 46,-52 -10,-26"
            ),
            coat.main,
        )
        sheet.shape(
            trace(
                "44,-2 98,-12 130,-70 118,-130 120,-178 148,-220 196,-232 168,-258 124,-250 92,-212 "
                "82,-156 94,-96 82,-44"
            ),
            lighter(coat.main, 0.34),
        )


def _very_large_ears(sheet: Sheet, coat: Coat, face: Face) -> None:
    for side in (-1, 1):
        with sheet.at(side * 78, -70, turn=side * 12):
            sheet.oval(0, 0, 55, 58, coat.shade)
            sheet.oval(-side * 3, 6, 37, 40, coat.inner)


# A small pear of a face.
MOUSE_HEAD = Head(
    _very_large_ears,
    Middle("0,-80 40,-74 76,-38 92,12 78,54 40,78 0,84", "main"),
    Middle("0,26 28,30 44,52 30,76 0,82", "light", depth=14),
    Blush(64, 38, 15),
    Eyes(44, 10, 11),
    Nose(18, 40, 20, 15),
    Mouth(18, 47, 11, 7),
    Whiskers(40, 50),
)


def string_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A long thin pink tail in an S."""
    pink = mix(coat.inner, coat.main, 0.25)
    spines: dict[str, list[Point]] = {
        "sit": trace("60,272 130,282 168,240 150,196 176,160"),
        "sleep": trace("196,120 200,168 120,186 20,182 -30,196"),
    }
    sheet.stroke(spines.get(pose, trace("244,120 300,116 330,70 310,30 340,0")), (15, 14, 12, 10, 6), pink)


# A white face with a broad dark stripe over each eye.
BADGER_HEAD = Head(
    RoundEars(76, -56, 25, color="dark", inner="light"),
    Middle("0,-86 42,-80 80,-52 100,-4 106,30 84,62 46,80 0,88", "main"),
    Middle("0,-85 34,-80 70,-48 90,-2 100,34 80,63 44,80 0,88", "light"),
    BothSides("20,-80 48,-76 76,-44 84,2 70,30 50,44 32,34 24,2 22,-40", "dark", 9),
    Blush(78, 44, 12),
    Eyes(50, 8, 11, "#1d1a1b"),
    Nose(18, 46, 32, 22),
    Mouth(18, 57, 14, 7),
)


def short_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A short brush."""
    x, y, turn = {"sit": (84, 262, 62), "sleep": (196, 110, 96)}.get(pose, (250, 108, 66))
    with sheet.at(x, y, turn=turn):
        sheet.shape(trace("-16,10 -22,-40 -8,-76 0,-92! 10,-76 22,-40 16,10"), mix(coat.main, coat.light, 0.3))


def _teeth_and_muzzle(sheet: Sheet, coat: Coat, face: Face) -> None:
    """Two front teeth under a broad muzzle."""
    x = face.x(0, 16)
    sheet.shape(trace("-13,62 0,60 13,62 12,92 1,95 0,90 -1,95 -12,92", x, 0), "#fbf3e2")
    sheet.stroke([(x, 66), (x, 92)], (2, 2), "#b79a7c")
    for side in (-1, 1):
        sheet.oval(x + side * 23, 50, 29, 24, coat.light)


def _whisker_pits(sheet: Sheet, coat: Coat, face: Face) -> None:
    for side in (-1, 1):
        for k in (0, 1):
            sheet.oval(face.x(0, 16) + side * (22 + 12 * k), 50 + 7 * k, 2.4, 2.4, darker(coat.light, 0.35))


BEAVER_HEAD = Head(
    RoundEars(78, -58, 23),
    Middle("0,-88 40,-83 78,-60 98,-14 104,28 86,66 46,84 0,88", "main"),
    _teeth_and_muzzle,
    Blush(76, 36, 14),
    Eyes(46, -2, 10.5),
    Nose(20, 30, 32, 22),
    _whisker_pits,
)


def paddle_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A flat scaled paddle."""
    x, y, turn = {"sit": (70, 262, 58), "sleep": (186, 128, 104)}.get(pose, (240, 140, 74))
    with sheet.at(x, y, turn=turn):
        sheet.shape(trace("-20,10 -34,-40 -50,-96 -40,-150 0,-172 40,-150 50,-96 34,-40 20,10"), coat.dark)
        for row in range(5):
            for k in range(3 - row % 2):
                px = (k - (2 - row % 2) / 2) * 30
                sheet.shape(
                    [
                        (px, -146 + 24 * row),
                        (px + 10, -136 + 24 * row),
                        (px, -126 + 24 * row),
                        (px - 10, -136 + 24 * row),
                    ],
                    lighter(coat.dark, 0.22),
                )


# Dark with a white blaze from the crown to the nose.
SKUNK_HEAD = Head(
    RoundEars(72, -60, 25),
    Middle("0,-86 42,-80 78,-50 97,-2 106,34 84,62 46,80 0,88", "main"),
    Middle("0,-88 28,-82 24,-50 12,-14 7,20 0,28", "light", depth=10),
    Middle("0,34 26,36 40,56 28,76 0,82", "main+light:0.42", depth=14),
    Blush(68, 40, 14, "#c98d84"),
    EyePatches(47, 6, 16, 18, "main+light:0.3"),
    Eyes(47, 6, 11, "#1b1818"),
    Nose(18, 42, 26, 18, "#221d1e"),
    Mouth(18, 51, 12, 7, "#221d1e"),
)


def striped_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A tall plume with a white heart."""
    x, y, turn, size = (52, 266, 6, 1.0) if pose == "sit" else (236, 112, -8, 1.0)
    with sheet.at(x, y, turn=turn, size=size):
        sheet.shape(
            trace("-18,10 50,16 108,-26 120,-92 146,-136 182,-184 178,-244 124,-276 56,-262 10,-206 -2,-140 12,-66"),
            coat.main,
        )
        sheet.shape(trace("30,-16 62,-56 68,-112 100,-160 146,-204 126,-248 68,-238 38,-180 34,-100"), coat.light)


def skunk_back(sheet: Sheet, coat: Coat, pose: str) -> None:
    """The white stripe along the back, where the back is seen."""
    if pose == "stand":
        sheet.shape(trace("70,58 130,64 196,56 244,82 250,104 200,86 130,90 80,84"), coat.light)
    elif pose == "sleep":
        sheet.shape(trace("-6,-24 80,-34 162,2 196,60 150,30 80,-4 10,0"), coat.light)


# A ruff of cheek fur, upright ears, a gray cap over a pale face.
WOLF_HEAD = Head(
    OutlinedEars(
        "26,-62 46,-112 68,-148 78,-150 88,-128 98,-86 94,-40 60,-40",
        "48,-70 58,-100 72,-126 82,-100 82,-60",
        tip="56,-130 68,-148 78,-150 88,-128 92,-112 74,-114",
    ),
    Middle("0,-82 46,-76 82,-48 98,-6 124,22! 108,34 116,52! 94,54 92,74! 60,74 34,88 0,94", "main"),
    BothSides("1,92 4,50 16,26 22,-2 40,-20 64,-16 74,8 98,20 104,33 112,50! 92,52 90,72! 60,73 34,87", "light", 6),
    Middle("0,-30 14,-10 17,20 20,40 0,46", "shade", depth=15),
    Blush(74, 40, 13),
    Eyes(47, 6, 11),
    Nose(18, 50, 32, 22),
    Mouth(18, 61, 15, 7),
)


def wolf_tail(sheet: Sheet, coat: Coat, pose: str) -> None:
    """A bushy tail with a dark tip."""
    if pose == "sleep":
        wrapped_tail(sheet, coat.shade, coat.dark)
        return
    x, y, turn, size = (56, 270, 14, 0.9) if pose == "sit" else (240, 100, 56, 0.9)
    with sheet.at(x, y, turn=turn, size=size):
        sheet.shape(
            trace("-18,14 44,8 66,-40 60,-100 72,-150 104,-192! 126,-150 132,-80 112,-10 70,30 10,34"), coat.shade
        )
        sheet.shape(trace("62,-112 72,-150 104,-194! 126,-150 130,-112 114,-124! 102,-104 90,-124! 76,-104"), coat.dark)


WOOD = ("woodland",)
SUBJECTS = (
    animal(
        "squirrel",
        "squirrel",
        WOOD,
        ("animal", "forest", "autumn", "squirrel"),
        Build(SQUIRREL, SQUIRREL_HEAD, curled_tail, plump=0.92),
        ("sitting up", "sitting", "sleeping", "peeking over a log"),
        ("holding an acorn", "a knitted scarf", "a leaf crown", "a bow tie", "a little hat", "a flower crown"),
    ),
    animal(
        "mouse",
        "little mouse",
        WOOD,
        ("animal", "forest", "mouse"),
        Build(MOUSE, MOUSE_HEAD, string_tail, plump=0.9, bib=False),
        ("sitting up", "sitting", "sleeping", "peeking over a log"),
        ("holding a strawberry", "a knitted scarf", "a flower crown", "a bow tie", "a mushroom cap", "a bandana"),
    ),
    animal(
        "badger",
        "badger",
        WOOD,
        ("animal", "forest", "badger"),
        Build(BADGER, BADGER_HEAD, short_tail, plump=1.12, socks=BADGER.dark, crown_y=-80),
        ("walking", "sitting up", "sitting", "peeking over a log"),
        ("a knitted scarf", "a leaf crown", "a bow tie", "a flower crown", "a little hat", "a bandana"),
    ),
    animal(
        "beaver",
        "beaver",
        WOOD,
        ("animal", "forest", "river", "beaver"),
        Build(BEAVER, BEAVER_HEAD, paddle_tail, plump=1.1, bib=False),
        ("sitting up", "sitting", "peeking over a log"),
        ("a bandana", "a little hat", "a flower crown", "a leaf scarf", "a bow tie"),
    ),
    animal(
        "skunk",
        "skunk",
        WOOD,
        ("animal", "forest", "skunk"),
        Build(SKUNK, SKUNK_HEAD, striped_tail, plump=1.02, bib=False, back=skunk_back),
        ("walking", "sitting", "sitting up", "peeking over a log"),
        ("a flower crown", "a bow tie", "a leaf scarf", "a bandana", "a party hat"),
    ),
    animal(
        "wolf",
        "gray wolf",
        WOOD,
        ("animal", "forest", "wolf"),
        Build(WOLF, WOLF_HEAD, wolf_tail, socks=None),
        ("sitting", "walking", "sleeping", "peeking over a log"),
        ("a knitted scarf", "a leaf crown", "a bandana", "a flower crown", "a leaf scarf"),
    ),
)

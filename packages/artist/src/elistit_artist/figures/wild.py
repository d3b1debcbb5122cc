"""Animals of everybody's wish list: axolotl, capybara, sloth and hummingbird.

Heads, tails and coats for the shared poses where one fits; the axolotl and the hummingbird have bodies of their own.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import Coat, Face, blush, eyes, smile
from .geometry import Point, Sheet, darker, flipped, leaf, lighter, mirrored, mix, oval, toward, trace, vary
from .heads import Blush, Eyes, Head, Middle, RoundEars
from .poses import Build
from .subject import Params, animal, plain

CAPYBARA = Coat("#a87f58", "#caa77d", "#6f5138", inner="#8f6a52", nose="#4a3a33")
SLOTH = Coat("#a38c74", "#ecdcc2", "#6b5646", inner="#d8bfa0", nose="#4f3f37")
AXOLOTLS = {
    "a pink axolotl": ("#eab9b8", "#f6d9d2", "#cf7f86"),
    "a golden axolotl": ("#ecca8c", "#f8e6bf", "#d58a5c"),
    "a lilac axolotl": ("#bfb0d0", "#e0d6e8", "#8d76a8"),
    "a blue axolotl": ("#a5c0cc", "#d6e4e6", "#6f92a8"),
}
HUMMERS = {"a green hummingbird": ("#7f9c7c", "#b9504f"), "a blue hummingbird": ("#7795ab", "#8d76a8")}


def _blunt_muzzle(sheet: Sheet, coat: Coat, face: Face) -> None:
    """Long and square, with nostrils far apart."""
    with sheet.at(face.x(0, 12), 0):
        sheet.shape(mirrored(trace("0,8 36,8 60,30 70,76 60,112 34,124 0,126")), mix(coat.main, coat.light, 0.7))
        sheet.shape(mirrored(trace("0,16 28,14 46,30 38,52 0,58")), coat.nose)
        for side in (-1, 1):
            sheet.oval(side * 24, 34, 6, 9, darker(coat.nose, 0.6), side * 30)
        sheet.oval(-4, 24, 14, 4, mix(coat.nose, "#fffaf2", 0.4))
        sheet.stroke(trace("0,56 0,74 0,84"), (5, 5, 5), coat.dark)
        smile(sheet, 0, 84, 30, 12, coat.dark, 4.5)
        for x, y in ((-46, 72), (-38, 90), (46, 72), (38, 90)):
            sheet.oval(x, y, 3.2, 3.2, coat.dark)


def _sleepy_lids(sheet: Sheet, coat: Coat, face: Face) -> None:
    for side in (-1, 1):
        sheet.stroke(trace("-14,0 0,-8 14,0", face.x(side * 52), -38), (2, 7, 2), coat.dark)


# A long blunt head with small ears and sleepy eyes set far apart.
CAPYBARA_HEAD = Head(
    RoundEars(44, -78, 17, color="dark"),
    Middle("0,-80 34,-78 58,-60 70,-24 78,24 80,78 66,114 34,126 0,128", "main"),
    Blush(64, 22, 13),
    _blunt_muzzle,
    Eyes(52, -28, 10),
    _sleepy_lids,
)


def _mask(sheet: Sheet, coat: Coat, face: Face) -> None:
    for side in (-1, 1):
        patch: list[Point] = trace("22,-14 44,-20 76,0 94,34 70,40 42,26 24,8")
        with sheet.at(face.turn * 9, 0):
            sheet.shape(patch if side > 0 else flipped(patch), coat.dark)


def _sloth_nose(sheet: Sheet, coat: Coat, face: Face) -> None:
    x = face.x(0, 14)
    sheet.shape(mirrored(trace("0,14 20,12 25,24 14,36 0,38", x, 0), x), coat.nose)
    sheet.oval(x - 7, 19, 6, 3.4, mix(coat.nose, "#fffaf2", 0.5))
    smile(sheet, x, 50, 30, 14, coat.nose, 4)


# A pale round face with a dark mask that slants down, and a shaggy brow.
SLOTH_HEAD = Head(
    Middle("0,-92 12,-104! 24,-88 62,-80 96,-40 102,14 80,64 42,86 0,90", "main"),
    Middle("0,-50 40,-54 78,-26 88,18 70,58 38,76 0,80", "light", depth=8),
    _mask,
    Blush(62, 52, 14),
    Eyes(46, 4, 11, "#241d1a", closed="light"),
    _sloth_nose,
)


def _claws(sheet: Sheet, x: float, y: float, turn: float) -> None:
    with sheet.at(x, y, turn=turn):
        for k in (-1, 0, 1):
            sheet.stroke([(k * 12, -8), (k * 13, 12), (k * 10 + 3, 30)], (9, 8, 3), "#e9dcc4")


def hanging_sloth(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A sloth that hangs below a branch by four long arms."""
    coat, wearing = SLOTH, str(params.get("wearing") or "")
    bark = "#8f6f52"
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for x, y in ((150, -150), (96, -160)):
            sheet.stroke([(x, y), (x + 26, y + 90), (x - 6, y + 190)], (46, 50, 62), darker(coat.main, 0.2))
        sheet.shape(trace("-150,40 -60,-20 60,-10 170,20 226,100 196,190 90,232 -40,220 -130,160"), coat.main)
        sheet.shape(trace("-60,110 20,120 100,96 150,130 110,190 10,206 -60,176"), mix(coat.main, coat.light, 0.55))
        for x, y, turn in ((40, 40, 8), (90, 60, 20), (150, 90, 40), (0, 70, 0), (60, 92, 10), (120, 120, 24)):
            with sheet.at(x, y, turn=turn):
                sheet.stroke(trace("-16,0 0,9 16,0"), (1, 6, 1), darker(coat.main, 0.24))
        sheet.stroke(trace("-290,-168 -120,-186 60,-172 290,-190"), (30, 38, 36, 26), bark)
        for x in (-210, -60, 70, 200):
            sheet.stroke(trace("-30,0 0,4 34,-1", x, -176), (2, 6, 2), darker(bark, 0.3))
        for x, way, size in ((-250, -40, 76), (-232, -110, 64), (240, -60, 74), (262, 20, 66), (30, -70, 58)):
            sheet.shape(leaf((x, -184), way, size, size * 0.42, "lance"), vary("#86a06a", rng, 0.04))
        for x, foot in ((-116, -176), (128, -172)):
            bend = -34 if x < 0 else 40
            sheet.stroke(
                [(x, foot), (x + bend, foot + 100), (x + (20 if x < 0 else -2), foot + 220)], (46, 54, 66), coat.shade
            )
            _claws(sheet, x, foot - 22, 180)
        with sheet.at(-124, 96, turn=-6 + rng.uniform(-5, 5), size=1.06):
            SLOTH_HEAD(sheet, coat, Face(turn=-0.15))
            accessories.on_head(sheet, wearing, -88, rng)


def axolotl(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A smiling axolotl with feathery gills, seen from the front with the tail curling behind."""
    main, light, gill = AXOLOTLS[str(params.get("kind") or next(iter(AXOLOTLS)))]
    wearing = str(params.get("wearing") or "")
    main = vary(main, rng, 0.008)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        sheet.shape(
            trace("20,150 110,160 186,110 216,30 262,-30! 290,60 266,170 190,236 70,240 0,220"), mix(main, gill, 0.3)
        )
        sheet.shape(trace("20,160 110,176 190,140 236,70 250,20! 250,110 200,190 110,226 20,220"), main)
        sheet.shape(mirrored(trace("0,60 60,70 100,130 104,196 70,240 0,248")), main)
        sheet.shape(mirrored(trace("0,110 44,118 66,170 56,220 0,232")), light)
        for side in (-1, 1):
            with sheet.at(side * 92, 150, flip=side < 0):
                sheet.stroke(trace("-10,-20 24,4 40,36"), (36, 32, 28), darker(main, 0.08))
                for way in (20, 58, 96, 130):
                    sheet.stroke([(40, 36), toward((40, 36), way, 30)], (14, 9), darker(main, 0.08))
            with sheet.at(side * 64, 226, flip=side < 0):
                sheet.stroke(trace("-10,-10 16,8 30,20"), (38, 36, 32), darker(main, 0.08))
                for way in (0, 34, 68, 104):
                    sheet.stroke([(28, 18), toward((28, 18), way, 32)], (14, 9), darker(main, 0.08))
        face = Face(turn=float(rng.uniform(-0.3, 0.3)))
        with sheet.at(0, 0, turn=rng.uniform(-4, 4)):
            _axolotl_head(sheet, main, light, gill, face)
            accessories.on_head(sheet, wearing, -104, rng)


def _axolotl_head(sheet: Sheet, main: str, light: str, gill: str, face: Face) -> None:
    for side in (-1, 1):
        for way, size in ((-48, 118), (-14, 128), (18, 112)):
            base = (side * 118, 2 + way * 0.6)
            turn = way if side > 0 else 180 - way
            tip = toward(base, turn, size)
            for k in range(5):
                at = (
                    base[0] + (tip[0] - base[0]) * (0.34 + 0.15 * k),
                    base[1] + (tip[1] - base[1]) * (0.34 + 0.15 * k),
                )
                for lean in (-52, 52):
                    sheet.shape(
                        leaf(at, turn + lean, 50 - 4 * k, 20, "petal"), mix(gill, light, 0.16 if lean > 0 else 0.3)
                    )
            sheet.stroke([base, tip], (36, 13), gill)
    sheet.shape(mirrored(trace("0,-112 70,-106 132,-66 158,-4 140,62 84,98 0,104")), main)
    sheet.shape(mirrored(trace("0,26 70,24 116,44 90,86 0,98")), mix(main, light, 0.7))
    blush(sheet, face, 100, 44, 20)
    eyes(sheet, face, 84, -2, 13)
    smile(sheet, face.x(0, 12), 34, 46, 22, "#7a4f52", 5)
    for x, y in ((-40, -74), (20, -84), (-6, -62), (52, -68)):
        sheet.oval(x, y, 6, 5, mix(main, gill, 0.4))


def hummingbird(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A hummingbird in flight, its long bill at a flower."""
    back, throat = HUMMERS[str(params.get("kind") or next(iter(HUMMERS)))]
    back = vary(back, rng, 0.012)
    pale = "#efe6d6"
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for way, size in ((-62, 240), (-76, 262), (-90, 262), (-104, 240), (-118, 206)):
            sheet.shape(leaf((40, -10), way + 12, size, 62, "spoon"), mix(darker(back, 0.3), pale, 0.2))
        for way, size in ((36, 190), (50, 200), (64, 180)):
            sheet.shape(leaf((110, 100), way, size, 48, "spoon"), darker(back, 0.25 + 0.004 * (way - 36)))
        sheet.shape(trace("-106,-72 -40,-70 40,-10 120,80 140,140 60,150 -20,120 -86,50 -118,-10"), back)
        sheet.shape(trace("-116,-20 -60,-14 0,40 60,110 96,146 40,146 -30,118 -88,54"), pale)
        sheet.shape(trace("-146,-60 -90,-40 -50,6 -70,44 -104,30 -136,-14"), throat)
        for k, (x, y) in enumerate(((-106, -22), (-84, 0), (-110, 4), (-90, 22))):
            sheet.stroke(trace("-9,-3 0,4 9,-3", x, y), (1, 5, 1), lighter(throat, 0.35 + 0.05 * k))
        sheet.shape(oval(-108, -88, 66, 58, -10), back)
        sheet.stroke(trace("-158,-92 -220,-104 -286,-110"), (17, 9, 4), "#5a4a42")
        sheet.oval(-126, -96, 12, 13, "#2f2522")
        sheet.oval(-129, -101, 4, 4, "#fffaf2")
        sheet.stroke(trace("-150,-72 -120,-74 -94,-66"), (2, 7, 2), pale)
        for way, size in ((-22, 250), (-34, 280), (-46, 290), (-58, 270), (-70, 230)):
            sheet.shape(leaf((0, 0), way + 4, size, 64, "spoon"), mix(back, pale, 0.14 + 0.05 * ((way + 70) % 3)))
        sheet.shape(leaf((-20, 14), -40, 150, 84, "petal"), lighter(back, 0.14))
        for x, y in ((20, -26), (46, -44), (30, -60), (64, -70)):
            sheet.stroke(trace("-14,4 0,-4 14,6", x, y), (1, 5, 1), darker(back, 0.2))
        for k, way in enumerate((150, 190, 232, 110, 268)):
            sheet.shape(leaf((-300, -104), way, 74, 46, "petal"), vary("#d98b7c" if k % 2 else "#e3a79b", rng, 0.03))
        sheet.oval(-300, -104, 19, 19, "#e3b860")


SLOW = ("sitting up", "sleeping", "peeking over a log")
SUBJECTS = (
    animal(
        "capybara",
        "capybara",
        ("safari", "jungle"),
        ("animal", "jungle", "zoo", "capybara"),
        Build(CAPYBARA, CAPYBARA_HEAD, None, plump=1.3, bib=False, leg=0.62, crown_y=-80),
        ("standing", "sleeping", "peeking over a log"),
        ("a flower crown", "a little hat", "a leaf crown", "a party hat"),
    ),
    plain(
        "hanging_sloth",
        "sloth hanging from a branch",
        ("safari", "jungle"),
        ("animal", "jungle", "zoo", "sloth"),
        hanging_sloth,
        [{"wearing": w} for w in ("", "a flower crown", "a party hat", "a leaf crown")],
    ),
    animal(
        "sloth",
        "sloth",
        ("safari", "jungle"),
        ("animal", "jungle", "zoo", "sloth"),
        Build(SLOTH, SLOTH_HEAD, None, plump=1.02, bib=False, crown_y=-86),
        SLOW,
        ("a flower crown", "a leaf crown", "a party hat", "a bow tie"),
    ),
    plain(
        "axolotl",
        "axolotl",
        ("ocean", "sea"),
        ("animal", "axolotl"),
        axolotl,
        [{"kind": k, "wearing": w} for w in ("", "a flower crown", "a party hat", "a little hat") for k in AXOLOTLS],
    ),
    plain(
        "hummingbird",
        "hummingbird",
        ("birds", "garden"),
        ("animal", "bird", "hummingbird"),
        hummingbird,
        [{"kind": k} for k in HUMMERS],
    ),
)

"""Gentle dinosaurs: tyrannosaur, triceratops, long-neck, stegosaur, and one in its egg.

Side views looking left, in one manner; each painter draws one animal in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import cheek, eye
from .geometry import Point, Sheet, darker, leaf, lighter, mirrored, mix, rows, toward, trace, vary
from .subject import Params, plain

SKINS = {"green": "#93ac7c", "teal": "#86aaa3", "terracotta": "#cf8a68", "mustard": "#d3ae62", "lilac": "#a899b8"}
INK = "#4a4038"


def _skin(params: Params, otherwise: str, rng: np.random.Generator) -> str:
    return vary(SKINS.get(str(params.get("color") or otherwise).split()[-1], SKINS[otherwise]), rng, 0.015)


def _foot(sheet: Sheet, x: float, floor: float, wide: float, color: str) -> None:
    """A round foot with three pale nails."""
    sheet.shape(trace("-30,-70 30,-70 34,-10 26,4 -32,4 -40,-12", x, floor, wide=wide), color)
    for k in (-1, 0, 1):
        sheet.oval(x + wide * (-20 + 17 * k), floor - 3, 7 * wide, 6, lighter(color, 0.6))


def _spots(sheet: Sheet, places: str, color: str) -> None:
    for x, y, r in rows(places):
        sheet.oval(x, y, r, r * 0.86, darker(color, 0.16))


def _smile(sheet: Sheet, points: str) -> None:
    sheet.stroke(trace(points), (2, 5.5, 2), INK)


def long_neck(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A brachiosaur with a long soft neck."""
    main = _skin(params, "teal", rng)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for x in (10, 150):
            _foot(sheet, x, 226, 1.1, darker(main, 0.22))
            sheet.shape(trace("-34,80 34,80 34,180 -34,180", x), darker(main, 0.22))
        body = trace(
            "-150,-250 -128,-276 -86,-280 -54,-252 -56,-206 -70,-150 -64,-80 -10,-30 70,-40 150,-10 214,60 268,120 "
            "330,140! 290,166 214,156 176,150 180,232 104,236 104,168 20,170 16,236 -62,236 -66,150 -110,60 -128,-60 "
            "-116,-170 -150,-178 -190,-186 -200,-216 -178,-240"
        )
        sheet.shape(body, main)
        sheet.glaze(trace("-40,134 20,122 80,126 106,138 70,158 0,158"), "#f3e6cc", 0.6)
        _spots(sheet, "10,6,14 50,-16,10 92,4,15 132,-2,9 130,40,12 58,36,10 -84,-60,9 -88,-20,10 180,56,9", main)
        for x in (-22, 142):
            for k in (-1, 0, 1):
                sheet.oval(x + 19 * k, 230, 8, 6, lighter(main, 0.6))
        _smile(sheet, "-190,-200 -164,-192 -136,-204")
        cheek(sheet, -118, -208, 16)
        eye(sheet, -128, -236, 11.5)
        with sheet.at(-92, 20 - 160, turn=4):
            accessories.at_neck(sheet, str(params.get("wearing") or ""), 40, rng)
        with sheet.at(-108, -262, turn=-6, size=0.78):
            accessories.on_head(sheet, str(params.get("wearing") or ""), -24, rng)


def tyrannosaur(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A big-headed tyrannosaur with tiny arms."""
    main = _skin(params, "green", rng)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        sheet.shape(trace("70,60 130,70 140,150 120,226 50,228 46,210 70,190"), darker(main, 0.22))
        for x, y in rows("14,-176 62,-132 96,-76 124,-16 166,36 214,72"):
            sheet.shape(leaf((x - 30, y + 26), -42, 82, 46, "round"), darker(main, 0.26))
        body = trace(
            "-196,-150 -180,-206 -110,-232 -30,-226 30,-180 40,-110 80,-50 130,20 200,70 286,90! 320,96! 250,130 170,130 "
            "110,120 96,160 80,232 -10,236 -14,206 -40,150 -70,90 -76,10 -64,-60 -90,-76 -150,-80 -192,-104"
        )
        sheet.shape(body, main)
        sheet.shape(trace("-62,-50 -34,-36 -10,20 4,90 -6,140 -34,138 -66,90 -74,10"), lighter(main, 0.5))
        for y in (-6, 40, 86):
            sheet.stroke([(-70, y), (-38, y + 7), (-4, y + 2)], (2, 5, 2), lighter(main, 0.12))
        sheet.stroke(trace("-46,14 -84,34 -104,16"), (26, 22, 17), darker(main, 0.1))
        sheet.stroke(trace("70,130 90,190 60,226"), (3, 6, 2), darker(main, 0.25))
        _spots(sheet, "20,-60,12 44,-16,10 70,30,13 20,20,8 110,76,10 150,92,8 -20,-190,8 4,-160,9", main)
        for k in (-1, 0, 1):
            sheet.oval(10 + 22 * k, 230, 9, 6, lighter(main, 0.6))
        _smile(sheet, "-184,-118 -130,-100 -76,-124 -62,-140")
        for x, y in rows("-160,-110 -132,-105 -104,-110"):
            sheet.shape(trace("-9,-3! 9,-3! 0,13!", x, y), "#fbf5e8")
        sheet.oval(-176, -160, 4.5, 3.6, INK)
        cheek(sheet, -62, -146, 20)
        eye(sheet, -96, -172, 14)
        with sheet.at(-70, -216, turn=-4, size=0.9):
            accessories.on_head(sheet, str(params.get("wearing") or ""), -22, rng)


def triceratops(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A frilled three-horn."""
    main = _skin(params, "terracotta", rng)
    frill = mix(main, "#f3dcb8", 0.45)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for x in (0.0, 170.0):
            _foot(sheet, x, 176, 1.1, darker(main, 0.22))
        body = trace(
            "-110,-40 -40,-96 60,-104 150,-70 214,0 300,60! 318,76! 230,90 206,110 206,180 126,182 122,120 20,126 -10,124 "
            "-12,182 -92,182 -94,110 -120,40"
        )
        sheet.shape(body, main)
        sheet.glaze(trace("-56,92 10,80 80,82 118,92 70,110 -10,114"), "#f3e6cc", 0.6)
        _spots(sheet, "30,-66,13 72,-76,9 104,-40,14 60,-24,9 148,-20,11 176,24,9 110,20,8", main)
        for x in (-52.0, 166.0):
            for k in (-1, 0, 1):
                sheet.oval(x + 20 * k, 177, 8.5, 6, lighter(main, 0.6))
        sheet.shape(
            trace(
                "-120,70 -66,84! -34,46! -10,30! -14,-10! 0,-44! -26,-74! -34,-116! -74,-116! -106,-142! -136,-114! "
                "-170,-112! -176,-60"
            ),
            frill,
            ease=0.3,
        )
        for x, y in rows("-52,-74 -36,-34 -36,8 -60,44 -100,-96"):
            sheet.oval(x, y, 12, 12, darker(frill, 0.16))
        for x, y, way in rows("-152,-76,-112 -112,-84,-82"):
            sheet.shape(leaf((x, y + 10), way, 104, 36, "lance"), "#f1e4cc")
        sheet.shape(trace("-250,40 -236,-20 -190,-76 -130,-86 -84,-50 -78,10 -104,62 -160,86 -220,84 -246,68"), main)
        sheet.shape(leaf((-222, -8), -124, 62, 34, "lance"), "#f1e4cc")
        sheet.oval(-234, 26, 4.5, 3.6, INK)
        _smile(sheet, "-236,58 -196,66 -160,46")
        cheek(sheet, -128, 28, 20)
        eye(sheet, -152, -18, 13.5)
        with sheet.at(-116, -90, turn=10, size=0.8):
            accessories.on_head(sheet, str(params.get("wearing") or ""), -30, rng)


def stegosaur(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Plates along a round back."""
    main = _skin(params, "mustard", rng)
    plate = mix(main, "#b8604e", 0.55)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for x in (-20.0, 140.0):
            _foot(sheet, x, 176, 1.05, darker(main, 0.22))
        for x, y, way, size in rows(
            "-120,-50,-126,70 -74,-92,-112,96 -16,-120,-100,118 48,-128,-88,124 110,-108,-74,112 164,-64,-60,88 212,-8,-50,66"
        ):
            sheet.shape(leaf((x, y + 22), way, size, size * 0.72, "lance"), vary(plate, rng, 0.03))
        for way in (-76.0, -40.0):
            sheet.shape(leaf((292, 60), way, 62, 20, "lance"), "#f1e4cc")
        body = trace(
            "-250,30 -240,-8 -200,-30 -150,-26 -110,-60 -40,-104 50,-112 130,-76 190,-10 260,44 326,66! 270,92 190,104 "
            "174,120 176,182 100,184 96,130 0,134 -30,130 -34,182 -108,184 -112,110 -150,76 -210,72 -244,56"
        )
        sheet.shape(body, main)
        sheet.glaze(trace("-70,96 0,86 60,88 100,98 50,118 -20,122"), "#f8ecd0", 0.6)
        _spots(sheet, "-40,-60,12 0,-74,8 40,-50,13 84,-66,9 110,-20,12 10,-16,9 150,20,9 -76,-24,9", main)
        for x in (-70, 138):
            for k in (-1, 0, 1):
                sheet.oval(x + 19 * k, 179, 8, 6, lighter(main, 0.6))
        _smile(sheet, "-240,46 -206,56 -176,42")
        cheek(sheet, -162, 30, 17)
        eye(sheet, -186, 2, 12)
        with sheet.at(-176, -20, turn=-4, size=0.74):
            accessories.on_head(sheet, str(params.get("wearing") or ""), -28, rng)


def hatchling(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A baby dinosaur looking out of its egg."""
    main = _skin(params, "green", rng)
    for k in range(3):
        sheet.shape(
            leaf(toward((0, -150), -90 + 26 * (k - 1), 30), -90 + 26 * (k - 1), 70, 44, "round"), darker(main, 0.24)
        )
    sheet.shape(mirrored(trace("0,-190 60,-180 108,-132 118,-70 104,-16 90,60 0,80")), main)
    sheet.shape(mirrored(trace("0,-66 50,-64 84,-40 78,-6 40,14 0,18")), lighter(main, 0.42))
    for side in (-1, 1):
        sheet.oval(side * 17, -42, 4.5, 3.6, INK)
        eye(sheet, side * 54, -96, 15)
        cheek(sheet, side * 84, -52, 20)
    _smile(sheet, "-28,-20 0,-8 28,-20")
    _spots(sheet, "-40,-160,9 20,-168,8 60,-146,10 -74,-136,7", main)
    for side in (-1, 1):
        paw: list[Point] = trace("70,20 100,14 116,40 104,70 72,70", wide=side)
        sheet.shape(paw, darker(main, 0.1))
    shell = "#efe4d2"
    rim = trace("-156,50! -116,84! -84,46! -46,88! -6,48! 34,90! 72,48! 112,86! 156,50!")
    sheet.shape([*rim, *trace("164,110 146,186 90,244 0,260 -90,244 -146,186 -164,110")], shell, ease=0.3)
    for x, y, r in rows("-90,140,16 -20,170,20 60,134,15 104,180,13 20,226,13 -64,210,12 130,120,9"):
        sheet.oval(x, y, r, r * 0.9, mix(main, shell, 0.35))
    accessories.on_head(sheet, str(params.get("wearing") or ""), -176, rng)


def _choices(*colors: str) -> list[Params]:
    bare: list[Params] = [{"color": f"in {c}"} for c in colors]
    dressed: list[Params] = [
        {"color": f"in {c}", "wearing": w} for w in ("a party hat", "a flower crown", "a leaf crown") for c in colors
    ]
    return [*bare, *dressed]


_TAGS = ("animal", "dino", "jurassic", "prehistoric")
DINO = ("dinosaur", "baby")
SUBJECTS = (
    plain("trex", "tyrannosaur", DINO, (*_TAGS, "t-rex"), tyrannosaur, _choices("green", "terracotta", "teal")),
    plain("triceratops", "triceratops", DINO, _TAGS, triceratops, _choices("terracotta", "lilac", "mustard")),
    plain("long_neck", "brachiosaur", DINO, (*_TAGS, "long neck"), long_neck, _choices("teal", "green", "lilac")),
    plain("stegosaur", "stegosaur", DINO, _TAGS, stegosaur, _choices("mustard", "teal", "green")),
    plain(
        "hatchling", "baby dinosaur in an egg", DINO, _TAGS, hatchling, _choices("green", "teal", "terracotta", "lilac")
    ),
)

"""Santa Claus and a snow globe.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import math

import numpy as np

from .anatomy import cheek, eye
from .geometry import Point, Sheet, darker, lighter, mirrored, mix, oval, toward, trace, vary
from .subject import Params, plain

SANTAS = {
    "Santa Claus": ("#b8433c", "#f0c8a8"),
    "Santa Claus with brown skin": ("#b8433c", "#a8714f"),
    "Santa Claus in green": ("#5f7d5c", "#f0c8a8"),
}
GLOBES = {
    "a snow globe with a tree": "tree",
    "a snow globe with a snowman": "snowman",
    "a snow globe with a cabin": "house",
}
FUR, GOLD = "#f3ece0", "#dcb055"


def santa(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Santa standing, a sack over his shoulder."""
    red, skin = SANTAS[str(params.get("kind") or "Santa Claus")]
    red = vary(red, rng, 0.012)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        sheet.shape(trace("96,-60 128,-104 164,-84 184,-30 246,40 266,140 226,214 140,220 84,170 76,60"), "#b0895f")
        for x, y in ((180, 40), (206, 110), (164, 150)):
            sheet.stroke(trace("-16,-18 6,0 12,26", x, y), (2, 6, 2), darker("#b0895f", 0.2))
        sheet.stroke([(112, -76), (132, -66), (154, -72)], (14, 15, 14), GOLD)
        for side in (-1, 1):
            sheet.shape(trace("10,210! 104,206! 100,292! 18,292!", wide=side), darker(red, 0.14), 0.3)
            sheet.shape(trace("10,284! 108,284! 122,330 112,346 12,346!", wide=side), "#453d3c", 0.3)
            sheet.stroke([(side * 12, 280), (side * 60, 284), (side * 108, 280)], (24, 26, 24), FUR)
        sheet.shape(mirrored(trace("0,-60 76,-52 116,20 138,120 132,222 70,240 0,244")), red)
        sheet.shape(trace("-20,0! 20,0! 22,240! -22,240!"), FUR, 0.2)
        sheet.stroke([(-134, 228), (0, 248), (134, 228)], (36, 40, 36), FUR)
        sheet.stroke([(-132, 138), (0, 154), (132, 138)], (40, 44, 40), "#453d3c")
        sheet.shape(trace("-34,126! 34,126! 34,178! -34,178!"), GOLD, 0.2)
        sheet.shape(trace("-20,139! 20,139! 20,165! -20,165!"), "#453d3c", 0.2)
        sheet.stroke([(-92, 0), (-146, 70), (-128, 150)], (66, 62, 54), lighter(red, 0.08))
        sheet.stroke([(-152, 138), (-106, 158)], (34, 34), FUR)
        sheet.oval(-124, 178, 30, 28, "#6d8a62")
        sheet.stroke([(92, 0), (148, 10), (140, -56)], (66, 58, 50), lighter(red, 0.08))
        sheet.stroke([(118, -46), (164, -46)], (32, 32), FUR)
        sheet.oval(140, -78, 28, 28, "#6d8a62")
        beard: list[Point] = mirrored(trace("0,-120 60,-128 104,-96 112,-30 86,40 48,52 30,92 0,104"))
        sheet.shape(mirrored(trace("0,-238 56,-226 88,-176 84,-112 50,-80 0,-76")), skin)
        sheet.shape(beard, FUR)
        for x, y in ((-62, -20), (-30, 30), (30, 30), (62, -20), (0, 58)):
            sheet.stroke(trace("-14,-12 0,4 14,-12", x, y), (2, 6, 2), darker(FUR, 0.14))
        for side in (-1, 1):
            sheet.shape(trace("0,-112 40,-126 84,-106 92,-80! 52,-76 12,-88", wide=side), lighter(FUR, 0.4))
            eye(sheet, side * 34, -158, 11)
            cheek(sheet, side * 56, -130, 19)
            sheet.stroke([(side * 20, -188), (side * 38, -194), (side * 54, -184)], (6, 13, 6), FUR)
        sheet.oval(0, -128, 19, 17, mix(skin, "#c9635a", 0.4))
        sheet.stroke([(-16, -74), (0, -66), (16, -74)], (3, 6, 3), "#a3584e")
        sheet.shape(trace("-94,-208 -80,-290 -20,-352 60,-350 120,-300 152,-226 128,-216 96,-262 92,-208 0,-228"), red)
        sheet.shape(trace("60,-350 120,-300 152,-226 128,-216 96,-262 80,-310"), darker(red, 0.14))
        sheet.oval(142, -206, 34, 34, FUR)
        sheet.stroke([(-100, -204), (0, -226), (100, -204)], (46, 50, 46), FUR)


def _small_snowman(sheet: Sheet) -> None:
    for y, r in ((70, 74), (-32, 56), (-110, 42)):
        sheet.oval(0, y, r, r * 0.94, "#fbf8f3")
        sheet.shape(
            trace(
                f"{r * 0.3},{y + r * 0.6} {r * 0.8},{y + r * 0.2} {r * 0.9},{y - r * 0.2} {r * 0.96},{y + r * 0.2} {r * 0.6},{y + r * 0.74}"
            ),
            "#d8e2e4",
        )
    for x in (-15, 15):
        eye(sheet, x, -120, 7)
    sheet.shape(trace("-4,-110! 44,-98! -2,-94!"), "#dd8a45")
    sheet.stroke([(-44, -72), (0, -62), (44, -72)], (22, 24, 22), "#b8433c")
    sheet.shape(trace("18,-66! 44,-66! 52,-6! 28,-4!"), "#a53b36", 0.2)
    sheet.shape(trace("-50,-138! 50,-138! 50,-150! 32,-150! 30,-206! -30,-206! -32,-150! -50,-150!"), "#453d3c", 0.2)


def _small_house(sheet: Sheet) -> None:
    sheet.shape(trace("-92,120! -92,0! 0,-86! 92,0! 92,120!"), "#a9794f", 0.2)
    for k in range(3):
        sheet.stroke([(-90, 28 + 32 * k), (90, 28 + 32 * k)], (5, 5), "#80583a")
    sheet.shape(trace("-122,14! 0,-124! 122,14! 96,24! 0,-84! -96,24!"), "#fbf8f3", 0.2)
    sheet.shape(trace("-24,120! -24,48! 24,48! 24,120!"), "#6b4c3b", 0.2)
    for x in (-58, 58):
        sheet.shape(trace(f"{x - 18},36! {x + 18},36! {x + 18},72! {x - 18},72!"), "#f3cf7e", 0.2)


def _small_tree(sheet: Sheet) -> None:
    sheet.stroke([(0, 120), (0, 60)], (26, 26), "#7d6049")
    for k in range(4):
        half, low = 112 - 22 * k, 86 - 58 * k
        sheet.shape(
            [(-half, low, 1), (0, low + 14), (half, low, 1), (0, low - 100, 1)], lighter("#5f8060", 0.06 * k), 0.25
        )
    for x, y, hue in (
        (-50, 72, "#b8433c"),
        (34, 66, GOLD),
        (-18, 18, GOLD),
        (36, 4, "#b8433c"),
        (-12, -42, "#b8433c"),
        (14, -82, GOLD),
    ):
        sheet.oval(x, y, 11, 11, hue)
    sheet.shape([(*toward((0, -190), 36 * k - 90, 28 if k % 2 == 0 else 12), 1) for k in range(10)], GOLD)


def snow_globe(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A glass globe with a small winter scene on a wooden foot."""
    inside = GLOBES[str(params.get("kind") or "a snow globe with a tree")]
    glass = vary("#c9dde4", rng, 0.012)
    sheet.shape(oval(0, -40, 256, 256, 0, 24), darker(glass, 0.08))
    sheet.shape(oval(0, -40, 240, 240, 0, 24), glass)
    sheet.shape(
        [
            *[(238 * math.cos(math.radians(a)), -40 + 238 * math.sin(math.radians(a))) for a in range(24, 157, 12)],
            (-150, 40),
            (-40, 58),
            (70, 42),
            (160, 52),
        ],
        "#f4f1ec",
    )
    {"snowman": _small_snowman, "house": _small_house}.get(inside, _small_tree)(sheet)
    for k in range(26):
        way, far = 137.5 * k, 40 + 180 * math.sqrt((k + 0.5) / 26)
        x, y = toward((0, -60), way, far)
        if math.hypot(x, y + 40) < 216:
            r = 4 + 3 * (k % 3)
            sheet.oval(x, y, r, r, "#fdfbf7")
    sheet.stroke([(-170, -150), (-198, -70), (-190, 20)], (4, 20, 4), "#f3f8f8")
    sheet.stroke([(-132, -196), (-148, -182)], (16, 16), "#f3f8f8")
    wood = vary("#9a5f47", rng, 0.015)
    sheet.shape(trace("-176,168! 176,168! 204,236! -204,236!"), wood, 0.2)
    sheet.shape(trace("-224,232! 224,232! 236,290! -236,290!"), darker(wood, 0.12), 0.2)
    sheet.stroke([(-186, 172), (0, 182), (186, 172)], (20, 22, 20), "#fbf8f3")
    sheet.shape(trace("-72,246! 72,246! 72,276! -72,276!"), GOLD, 0.2)


SUBJECTS = (
    plain(
        "santa",
        "Santa Claus",
        ("christmas", "winter"),
        ("holiday", "festive", "xmas", "santa"),
        santa,
        [{"kind": k} for k in SANTAS],
    ),
    plain(
        "snow_globe",
        "snow globe",
        ("christmas", "winter"),
        ("holiday", "festive", "xmas", "snow"),
        snow_globe,
        [{"kind": k} for k in GLOBES],
    ),
)

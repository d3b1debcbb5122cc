"""Potted plants, honeycomb and yarn: small motifs for home and kitchen.

Each painter draws one thing in its own units, back to front; what grows or is wound comes from the kind asked for.
"""

from __future__ import annotations

import math

import numpy as np

from .geometry import Point, Sheet, arc, darker, leaf, lighter, mirrored, mix, oval, toward, trace, vary
from .solids import board
from .subject import Params, plain
from .variety import kinds

CLAY, STEEL = "#c9805a", "#b9bfc4"
POTS = {
    "a snake plant in a pot": (CLAY, "snake"),
    "a fern in a hanging pot": ("#e9dfcf", "fern"),
    "a pothos in a white pot": ("#eee6d8", "pothos"),
    "a monstera in a clay pot": (CLAY, "monstera"),
    "a string of pearls in a pink pot": ("#dfb0a4", "pearls"),
    "an empty terracotta pot": (CLAY, ""),
    "an aloe in a gray pot": ("#aeb4b3", "aloe"),
}


def potted(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A houseplant in its pot, or the pot alone."""
    pot, plant = POTS[str(params.get("kind") or "a snake plant in a pot")]
    pot = vary(pot, rng, 0.015)
    trailing = plant in ("pothos", "pearls", "fern")
    if plant == "fern":
        for x in (-128, 128):
            sheet.stroke([(x, 40), (x * 0.5, -160), (0, -330)], (8, 7, 7), "#b98f63")
        sheet.oval(0, -336, 17, 17, "#b98f63")
    growers = {"snake": _snake, "aloe": _aloe, "monstera": _monstera, "fern": _fern}
    if not plant:
        sheet.shape(oval(0, 30, 150, 32), darker(pot, 0.42))
    elif plant in growers:
        growers[plant](sheet, rng)
    else:
        _mound(sheet, rng, plant)
    sheet.shape(trace("-138,70! 138,70! 104,262! 84,278 -84,278 -104,262!"), pot)
    sheet.glaze([(70, 76, 1), (136, 76, 1), (104, 258, 1), (56, 272)], darker(pot, 0.4), 0.35)
    sheet.shape(board(-158, 26, 158, 84, 12), lighter(pot, 0.1))
    sheet.stroke([(-140, 44), (-40, 42), (60, 44)], (3, 9, 3), lighter(pot, 0.45))
    if plant == "aloe":
        for x in (-80, -27, 27, 80):
            sheet.shape(mirrored([(x, 120, 1), (x + 22, 152), (x, 186, 1)], x), lighter(pot, 0.5))
    if plant == "pearls":
        sheet.stroke([(-122, 130), (0, 140), (122, 130)], (9, 10, 9), lighter(pot, 0.55))
        sheet.stroke([(-114, 164), (0, 174), (114, 164)], (9, 10, 9), lighter(pot, 0.55))
    if trailing:
        _trails(sheet, rng, plant)


def _snake(sheet: Sheet, rng: np.random.Generator) -> None:
    for x, way, long, wide in (
        (-70, -112, 240, 58),
        (74, -68, 230, 58),
        (-28, -98, 330, 66),
        (34, -84, 310, 66),
        (0, -90, 380, 70),
    ):
        green = vary("#6f9272", rng, 0.02)
        sheet.shape(leaf((x, 60), way, long, wide, "willow"), "#d3c987")
        sheet.shape(leaf((x, 60), way, long * 0.97, wide * 0.68, "willow"), green)
        for k in range(5):
            a = toward((x, 60), way, long * (0.26 + 0.13 * k))
            reach = wide * 0.24 * (1 - abs(k - 1.5) * 0.12)
            sheet.stroke(
                [toward(a, way - 90, reach), toward(a, way, 9), toward(a, way + 90, reach)],
                (3, 8, 3),
                darker(green, 0.22),
            )


def _aloe(sheet: Sheet, rng: np.random.Generator) -> None:
    for way, long in ((-158, 230), (-22, 230), (-136, 290), (-44, 290), (-112, 330), (-68, 330), (-90, 300)):
        green = vary("#8fae94", rng, 0.025)
        bend = 0.1 * math.copysign(1, way + 90) if way != -90 else 0.0
        sheet.shape(leaf((0, 56), way, long, 66, "willow", bend), green)
        for k in range(4):
            sheet.oval(*toward((0, 56), way + 14 * bend, long * (0.36 + 0.14 * k)), 6, 4, lighter(green, 0.55), way)


def _monstera(sheet: Sheet, rng: np.random.Generator) -> None:
    for lean, far, size in ((-64, 250, 0.74), (62, 250, 0.74), (-30, 320, 0.86), (34, 330, 0.84), (0, 250, 0.8)):
        way = -90 + lean
        x, y = toward((0, 50), way, far * 0.62)
        green = vary("#6f9a68", rng, 0.025)
        sheet.stroke([(lean * 0.4, 60), ((x + lean * 0.4) / 2, (y + 40) / 2), (x, y)], (12, 11, 10), darker(green, 0.2))
        with sheet.at(x, y, turn=lean * 1.1, size=size):
            half = trace(
                "0,20! 44,34 96,10 118,-40! 78,-48 124,-62! 116,-112! 68,-104 104,-134! 70,-176! 40,-150 "
                "48,-196! 0,-224!"
            )
            sheet.shape(mirrored(half), green)
            sheet.stroke([(0, 14), (0, -110), (0, -204)], (8, 7, 2), lighter(green, 0.35))
            for side in (-1, 1):
                for a in (-20, -76, -126):
                    sheet.stroke(
                        [(0, a + 20), (side * 36, a + 2), (side * 74, a - 6)], (5, 4, 1.5), lighter(green, 0.35)
                    )


def _fern(sheet: Sheet, rng: np.random.Generator) -> None:
    for k, way in enumerate((-168, -12, -150, -30, -128, -52, -106, -74, -90)):
        _frond(sheet, rng, way, 230 if k < 4 else 200)


def _frond(sheet: Sheet, rng: np.random.Generator, way: float, long: float) -> None:
    green = vary("#7fa069", rng, 0.03)
    droop = 1.0 if way > -90 else -1.0
    start = (0.0, 56.0)
    spine = [toward(start, way + droop * 22 * (t * t), long * t) for t in np.linspace(0, 1, 12)]
    sheet.stroke(spine[::3], (6, 5, 2), darker(green, 0.2))
    for k in range(1, 12):
        x, y = spine[k]
        for lean in (-58, 58):
            sheet.shape(leaf((x, y), way + droop * 22 + lean, 62 - 3.6 * k, 20, "round"), green)


def _mound(sheet: Sheet, rng: np.random.Generator, plant: str) -> None:
    if plant == "pearls":
        for row, (y, half) in enumerate(((-44, 56), (-20, 98), (8, 122), (30, 132))):
            for k in range(5 + row):
                x = half * (2 * k / (4 + row) - 1)
                sheet.oval(x, y + 14 * abs(x) / 130, 21, 21, vary("#97b083", rng, 0.03))
        return
    for k, way in enumerate((-170, -10, -148, -32, -126, -54, -106, -74, -90)):
        _heart_leaf(sheet, rng, toward((0, 50), way, 96 + 40 * (k % 2)), way + 90, 0.94)


def _heart_leaf(sheet: Sheet, rng: np.random.Generator, at: Point, turn: float, size: float) -> None:
    green = vary("#84a86c", rng, 0.035)
    with sheet.at(at[0], at[1], turn=turn, size=size):
        sheet.shape(mirrored(trace("0,30! 34,48 66,20 56,-34 0,-96!")), green)
        sheet.shape(trace("6,20 30,26 40,4 22,-36 4,-60"), mix(green, "#ecebc4", 0.45))
        sheet.stroke([(0, 30), (0, -20), (0, -76)], (6, 5, 2), lighter(green, 0.4))


def _trails(sheet: Sheet, rng: np.random.Generator, plant: str) -> None:
    lines = (
        [(-104, 30), (-176, 70), (-186, 180), (-160, 290)],
        [(96, 30), (172, 74), (188, 160), (172, 236)],
        [(-30, 28), (-46, 100), (-36, 180)],
    )
    if plant == "fern":
        return
    for number, spine in enumerate(lines):
        points: list[Point] = [(x + rng.uniform(-8, 8), y) for x, y in spine]
        sheet.stroke(points, (7, 6, 5), "#7f9a62")
        count = 7 if plant == "pearls" else 4
        for k in range(count):
            t = (k + 1) / count * (len(points) - 1)
            i = min(int(t), len(points) - 2)
            f = t - i
            x = points[i][0] * (1 - f) + points[i + 1][0] * f
            y = points[i][1] * (1 - f) + points[i + 1][1] * f
            if plant == "pearls":
                sheet.oval(x, y, 19, 19, vary("#97b083", rng, 0.03))
                sheet.oval(x - 6, y - 6, 4, 4, "#d3e0c2")
            else:
                _heart_leaf(sheet, rng, (x, y), 180 + (-22 if (k + number) % 2 else 22), 0.68)


COMBS = ("a honeycomb dripping with honey", "a honeycomb with a bee", "a honeycomb with flowers")


def honeycomb(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Cells of honeycomb, some full and dripping, with a bee or flowers on them when asked."""
    kind = str(params.get("kind") or COMBS[0])
    wax = vary("#e2a94a", rng, 0.015)
    r = 78.0
    cells = [(q, s) for q in (-2, -1, 0, 1, 2) for s in (-1, 0, 1) if not (abs(q) == 2 and s == 1)]
    cells += [(-1, -2), (1, -2)]
    placed = [(q * r * 1.5, s * r * 1.732 + (abs(q) % 2) * r * 0.866) for q, s in cells]
    for x, y in placed:
        sheet.shape([(*toward((x, y), 60 * k, r * 1.1), 1) for k in range(6)], darker(wax, 0.16))
    for k, (x, y) in enumerate(placed):
        tone = vary("#f0c25e" if (k * 5) % 7 not in (2, 4) else "#f7dd9a", rng, 0.015)
        sheet.shape([(*toward((x, y), 60 * n, r * 0.86), 1) for n in range(6)], tone)
        sheet.stroke([toward((x, y), 186, r * 0.62), toward((x, y), 236, r * 0.6)], (10, 5), lighter(tone, 0.6))
    if kind == COMBS[0]:
        for x, y, long in ((-117, 258, 96), (0, 190, 150), (117, 258, 64)):
            drop: list[Point] = [
                (x - 52, y - 26, 1),
                (x + 52, y - 26, 1),
                (x + 20, y + 16),
                (x + 21, y + long - 20),
                (x, y + long),
            ]
            sheet.shape([*drop, (x - 21, y + long - 20), (x - 20, y + 16)], "#eebb52")
            sheet.stroke([(x - 8, y + 6), (x - 9, y + long - 30)], (4, 8), "#f9e2a4")
    if "bee" in kind:
        with sheet.at(40, -20, turn=-18):
            _bee(sheet)
    elif "flowers" in kind:
        for x, y, size in ((-120, 130, 62), (150, 110, 54), (60, -150, 50)):
            for k in range(11):
                sheet.shape(leaf((x, y), 33 * k, size, size * 0.42, "petal"), vary("#f7efdf", rng, 0.01))
            sheet.oval(x, y, size * 0.32, size * 0.32, "#c98a3c")


def _bee(sheet: Sheet) -> None:
    for way, long in ((-116, 150), (-70, 160)):
        sheet.shape(leaf((0, -40), way, long, 84, "spoon"), "#e9eef0")
    sheet.shape(oval(0, 10, 128, 84), "#fbe6ac")
    for x, half in ((-34, 82), (24, 83), (76, 68)):
        sheet.stroke([(x - 6, 10 - half * 0.92), (x + 8, 10), (x - 6, 10 + half * 0.92)], (30, 34, 30), "#55443c")
    sheet.shape(trace("118,-8! 166,10 118,30!"), "#55443c")
    sheet.oval(-112, -2, 58, 60, "#55443c")
    for dx in (-20, 20):
        sheet.stroke([(-118 + dx, -50), (-128 + dx * 1.6, -86)], (7, 6), "#55443c")
        sheet.oval(-128 + dx * 1.6, -90, 9, 9, "#55443c")
    sheet.oval(-132, -8, 11, 12, "#fffaf2")
    sheet.oval(-130, -6, 6, 7, "#2f2522")
    sheet.glaze(oval(-104, 24, 15, 11), "#e9a08c", 0.7)


WOOLS = {
    "a pink ball of yarn": "#dfa0a4",
    "a blue ball of yarn": "#8fabc4",
    "a mustard ball of yarn": "#dbae5a",
    "a green ball of yarn": "#93ad88",
    "a lilac ball of yarn": "#b5a2cc",
}


def yarn(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A ball of yarn with two knitting needles or a crochet hook, or three balls in a heap."""
    kind = str(params.get("kind") or "a pink ball of yarn")
    pose = str(params.get("pose") or "")
    wool = vary(WOOLS[kind], rng, 0.015)
    if pose == "in a heap with two others":
        names = list(WOOLS)
        first = names.index(kind)
        for x, y, size, step in ((-150, 60, 0.72, 1), (150, 64, 0.72, 2), (0, -96, 0.78, 0)):
            with sheet.at(x, y, size=size, turn=step * 50):
                _ball(sheet, WOOLS[names[(first + step) % len(names)]], rng)
        return
    needle, knob = vary("#b98f63", rng, 0.02), darker(wool, 0.26)
    if pose == "with a crochet hook":
        with sheet.at(20, -20, turn=44):
            sheet.stroke([(0, 330), (0, -250), (2, -292)], (24, 22, 16), STEEL)
            sheet.stroke([(0, -296), (16, -306), (20, -288)], (15, 13, 9), STEEL)
    else:
        for lean in (-40, 40):
            with sheet.at(0, 10, turn=lean):
                sheet.stroke([(0, 320), (0, -290)], (10, 20), needle)
                sheet.oval(0, -304, 27, 27, knob)
                sheet.oval(-8, -312, 7, 6, lighter(knob, 0.55))
    _ball(sheet, wool, rng)
    sheet.stroke([(120, 160), (200, 206), (270, 190), (292, 236), (330, 250)], (14, 14, 14, 14, 12), wool)


def _ball(sheet: Sheet, wool: str, rng: np.random.Generator) -> None:
    """Three bands of strands, each wound over the one before."""
    sheet.shape(oval(0, 0, 200, 198), wool)
    turns = rng.uniform(-8, 8)
    for turn, share in ((18, 0.0), (138, 0.07), (258, -0.1)):
        tone = darker(wool, share) if share >= 0 else lighter(wool, -share)
        with sheet.at(0, 0, turn=turn + turns):
            rim = arc(0, 0, 199, 197, 188, 352, 13)
            sheet.shape([(*rim[0], 1), *rim[1:-1], (*rim[-1], 1), (110, 4), (0, 22), (-110, 4)], tone)
            for lift in (-150, -112, -74, -36, 2):
                half = 184 - 0.16 * abs(lift)
                spine: list[Point] = [
                    (-half, -30 + lift * 0.14),
                    (-half * 0.5, lift * 0.86),
                    (0, lift + 2),
                    (half * 0.5, lift * 0.86),
                    (half, -30 + lift * 0.14),
                ]
                sheet.stroke(spine, (3, 10, 12, 10, 3), darker(wool, 0.24))


SUBJECTS = (
    plain(
        "yarn_ball",
        "ball of yarn",
        ("home", "sewing"),
        ("cozy", "knitting", "crochet", "wool"),
        yarn,
        kinds(WOOLS, ("", "with a crochet hook", "in a heap with two others")),
    ),
    plain(
        "potted",
        "potted plant",
        ("houseplant", "garden", "home"),
        ("houseplant", "plant"),
        potted,
        kinds(POTS),
    ),
    plain(
        "honeycomb", "honeycomb", ("insects", "garden", "kitchen"), ("honey", "bee", "hive"), honeycomb, kinds(COMBS)
    ),
)

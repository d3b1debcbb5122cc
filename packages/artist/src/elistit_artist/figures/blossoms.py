"""Blossoming branches, clover, grapes and feathers.

Each painter draws one thing in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .geometry import Point, Sheet, darker, leaf, lighter, mix, oval, toward, trace, vary
from .solids import beside
from .subject import Params, plain

BLOOMS = {
    "a pink cherry blossom branch": ("#efb6c4", "#f9dfe3", "#b9566f"),
    "a white cherry blossom branch": ("#f3e6e2", "#fbf6f2", "#c98a95"),
    "a plum blossom branch": ("#d9798f", "#efb3bd", "#8f3f57"),
    "an almond blossom branch": ("#f0ddd6", "#faf3ea", "#b58f6b"),
}


def cherry_blossom(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A bent, forked branch with open blossoms, buds and a few young leaves."""
    petal, pale, heart = BLOOMS[str(params.get("kind") or "a pink cherry blossom branch")]
    bark = vary("#76594c", rng, 0.02)
    arching = params.get("pose") == "hanging down"
    with sheet.at(0, 0, turn=70 if arching else 0, flip=rng.random() < 0.5):
        main: list[Point] = [(-280, 170), (-190, 104), (-110, 84), (-10, 10), (90, -22), (190, -110), (262, -146)]
        twigs: tuple[list[Point], ...] = (
            [(-110, 84), (-76, 0), (-96, -96), (-60, -170)],
            [(-10, 10), (40, 84), (124, 110), (196, 96)],
            [(90, -22), (104, -110), (76, -184)],
        )
        for twig in twigs:
            sheet.stroke(twig, (15, 11, 6), bark)
        sheet.stroke(main, (30, 25, 22, 19, 15, 11, 6), bark)
        for k in (7, 15, 23):
            x, y = beside(main, (30, 22, 6), -0.3, 31)[k]
            sheet.stroke([(x - 14, y + 8), (x + 4, y - 1), (x + 18, y - 10)], (2, 5, 2), lighter(bark, 0.3))
        for x, y, way in (
            (-60, -170, -96),
            (76, -184, -112),
            (262, -146, -20),
            (196, 96, 10),
            (-150, 92, 100),
            (140, -66, 64),
        ):
            for lean in (-20, 22):
                sheet.shape(leaf((x, y), way + lean, 56, 24), vary("#98a86d", rng, 0.03))
        for x, y, way in ((-104, -50, -170), (240, -140, -70), (150, 106, 90), (98, -140, 10), (20, 60, 150)):
            end = toward((x, y), way, 40)
            sheet.stroke([(x, y), end], (6, 5), "#8f7a58")
            sheet.shape(leaf(toward(end, way + 180, 6), way, 44, 36, "petal"), vary(petal, rng, 0.02))
        places = (
            (-84, -112, 56),
            (-58, -172, 40),
            (-150, 74, 50),
            (-30, 30, 62),
            (44, -24, 44),
            (80, -176, 48),
            (112, 104, 52),
            (180, 92, 38),
            (184, -104, 60),
            (126, -52, 42),
            (-92, 6, 40),
        )
        for x, y, r in places:
            _blossom(sheet, x + rng.uniform(-6, 6), y + rng.uniform(-6, 6), r, petal, pale, heart, rng)


def _blossom(
    sheet: Sheet, x: float, y: float, r: float, petal: str, pale: str, heart: str, rng: np.random.Generator
) -> None:
    start = rng.uniform(0, 72)
    for k in range(5):
        way = start + 72 * k
        right: list[Point] = [
            (0, 0, 1),
            (r * 0.3, -r * 0.34),
            (r * 0.46, -r * 0.74),
            (r * 0.26, -r * 1.03),
            (0, -r * 0.9, 1),
        ]
        outline = [*right, *[(-p[0], *p[1:]) for p in reversed(right[1:-1])]]
        with sheet.at(x, y, turn=way):
            sheet.shape(outline, vary(mix(petal, pale, 0.45 * (k % 3) / 2), rng, 0.015))
            sheet.stroke(
                [(0, -r * 0.1), (0, -r * 0.34), (0, -r * 0.5)], (r * 0.12, r * 0.09, 1), mix(petal, heart, 0.45)
            )
    for k in range(7):
        way = start + 20 + 51 * k
        tip = toward((x, y), way, r * (0.42 if k % 2 else 0.34))
        sheet.stroke([(x, y), tip], (2.5, 2), heart)
        sheet.oval(*tip, r * 0.06 + 1.5, r * 0.06 + 1.5, "#dda94e")


def shamrock(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A shamrock, a four-leaf clover, or a small bunch tied with a bow."""
    kind = str(params.get("kind") or "a shamrock")
    green = vary("#6b9a5f", rng, 0.02)
    if kind == "a bunch of shamrocks":
        for lean in (-30, 30, 0):
            x, y = toward((0, 220), -90 + lean, 330 if lean else 380)
            sheet.stroke([(lean * 0.3, 230), ((x + lean) * 0.5, 60), (x, y)], (11, 12, 10), darker(green, 0.16))
        for lean, size in ((-30, 104), (30, 108), (0, 128)):
            x, y = toward((0, 220), -90 + lean, 330 if lean else 380)
            with sheet.at(x, y, turn=lean * 0.7):
                _clover(sheet, size, 3, vary(green, rng, 0.03))
        accessories.bow(sheet, 0, 176, 78, "#e0b65c")
        return
    spine = (
        [(0, 0), (14, 110), (4, 190), (44, 262)] if rng.random() < 0.5 else [(0, 0), (-10, 110), (6, 190), (-36, 262)]
    )
    sheet.stroke(spine, (16, 17, 18, 24), darker(green, 0.18))
    _clover(sheet, 216, 4 if "four" in kind else 3, green)


def _clover(sheet: Sheet, r: float, leaves: int, green: str) -> None:
    turn = 45 if leaves == 4 else 0
    k = r / 100
    wide = 0.86 if leaves == 4 else 1.0
    for number in range(leaves):
        way = turn + (360 / leaves) * number
        with sheet.at(0, 0, turn=way):
            right: list[Point] = [
                (0, 6 * k, 1),
                (30 * k * wide, -18 * k),
                (58 * k * wide, -54 * k),
                (52 * k * wide, -90 * k),
                (24 * k * wide, -100 * k),
                (0, -78 * k, 1),
            ]
            sheet.shape([*right, *[(-p[0], *p[1:]) for p in reversed(right[1:-1])]], green)
            for side in (-1, 1):
                sheet.stroke(
                    [(side * 5 * k, -20 * k), (side * 20 * k * wide, -48 * k), (side * 27 * k * wide, -78 * k)],
                    (3, 9 * k, 3),
                    lighter(green, 0.3),
                )
            sheet.stroke([(0, -6 * k), (0, -40 * k), (0, -66 * k)], (4 * k, 4 * k, 1.5), darker(green, 0.2))


GRAPES = {
    "a bunch of purple grapes": "#7f6496",
    "a bunch of green grapes": "#a9ba6a",
    "a bunch of red grapes": "#a8505f",
}


def grapes(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A hanging bunch of grapes with its stalk, a leaf and a tendril."""
    skin = GRAPES[str(params.get("kind") or "a bunch of purple grapes")]
    sheet.stroke([(0, -150), (6, -220), (-8, -276)], (16, 15, 20), "#86694f")
    sheet.stroke([(4, -214), (-70, -240), (-120, -206), (-96, -176), (-72, -196)], (8, 6, 5, 4, 3), "#8a9a5f")
    rows = ((-160, 3), (-112, 5), (-58, 5), (-4, 4), (50, 4), (104, 3), (156, 2), (206, 1))
    for y, count in rows:
        for k in range(count):
            x = (k - (count - 1) / 2) * 62 + rng.uniform(-6, 6)
            tone = vary(skin, rng, 0.035)
            sheet.oval(x, y + rng.uniform(-5, 5), 40, 42, tone)
            sheet.stroke([(x - 20, y - 4), (x - 15, y - 20), (x - 2, y - 27)], (3, 9, 3), lighter(tone, 0.5))
    green = vary("#85a05f", rng, 0.02)
    lobes: list[Point] = trace(
        "10,-206! 40,-262 100,-290! 112,-262 150,-282! 176,-240 232,-226! 206,-190 222,-144! "
        "168,-150 128,-112! 104,-150 50,-150"
    )
    sheet.shape(lobes, green)
    for end in ((100, -280), (220, -224), (128, -122)):
        sheet.stroke([(14, -204), ((14 + end[0]) / 2 + 6, (end[1] - 204) / 2), end], (6, 5, 2), lighter(green, 0.3))


PLUMES = {
    "a peacock feather": ("#5f9a86", "#3f7f93", "#d6a94f"),
    "a white feather": ("#efe8dd", "#d8cdbd", ""),
    "a blue feather": ("#8aa9c4", "#6687a8", ""),
    "a striped feather": ("#c9a27a", "#8a664c", "bars"),
    "a pink feather": ("#e6b3b3", "#cf8f96", ""),
}


def feather(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One feather: a peacock's with its eye, or a soft one, plain or barred."""
    kind = str(params.get("kind") or "a peacock feather")
    vane, deep, extra = PLUMES[kind]
    vane = vary(vane, rng, 0.02)
    with sheet.at(0, 0, turn=rng.uniform(10, 22), flip=rng.random() < 0.5):
        if "peacock" in kind:
            _peacock(sheet, vane, deep, extra, rng)
            return
        sheet.stroke([(0, 300), (-6, 180), (4, 60)], (7, 10, 10), darker(deep, 0.2))
        sheet.shape(
            trace(
                "0,170! -40,176 -74,140! -62,128 -98,96! -84,78 -112,10! -96,-4 -112,-80 -84,-170 -40,-240 "
                "10,-290! 60,-220 92,-130 100,-40! 88,-30 102,34! 84,44 92,90! 70,92 66,134! 40,150"
            ),
            vane,
        )
        for k in range(9):
            y = 130 - 40 * k
            reach = 84 * min(1.0, (y + 290) / 230) * min(1.0, (260 - y) / 160)
            for side in (-1, 1):
                end = (side * reach + 2, y - 34)
                if extra == "bars" and k % 2:
                    sheet.stroke([(0, y), (side * reach * 0.5, y - 18), end], (12, 20, 9), deep)
                sheet.stroke([(0, y), (side * reach * 0.5, y - 18), end], (3, 3, 1), darker(deep, 0.06))
        sheet.stroke([(-4, 180), (4, 0), (8, -250)], (9, 8, 3), darker(deep, 0.26))
        for way, long in ((168, 70), (150, 76), (20, 66), (36, 74)):
            sheet.shape(leaf((0, 176), way, long, 20, "willow", 0.1), lighter(vane, 0.3))


def _peacock(sheet: Sheet, green: str, teal: str, gold: str, rng: np.random.Generator) -> None:
    sheet.stroke([(24, 420), (0, 240), (0, -60)], (6, 9, 8), "#a98f5f")
    for k in range(17):
        y = 320 - 24 * k
        grown = 0.5 + 0.5 * k / 16
        for side in (-1, 1):
            way = -90 + side * (50 - 1.4 * k)
            tone = mix(green, "#a9b46a", 0.3 * (k % 3))
            sheet.shape(leaf((0, y), way, 250 * grown, 24, "willow", -0.1 * side), vary(tone, rng, 0.03))
    sheet.shape(
        trace("0,90! -60,40 -150,-40 -176,-140 -140,-246 -60,-310 0,-326 60,-310 140,-246 176,-140 150,-40 60,40"),
        green,
    )
    for k in sorted(range(23), key=lambda n: -abs(n - 11)):
        way = -90 + (k - 11) * 12
        tone = mix(green, "#9fb86e", 0.5 * (k % 2))
        long = 262 - abs(k - 11) * 7
        sheet.shape(leaf((0, -80), way, long, 60, "lance"), vary(tone, rng, 0.02))
    for rx, ry, y, tone in ((124, 140, -138, "#a9b865"), (104, 118, -132, gold), (82, 92, -124, "#4f9f9a")):
        sheet.shape(oval(0, y, rx, ry), tone)
    sheet.shape(
        trace("0,-76! -22,-62 -50,-78 -58,-118 -40,-158 0,-176 40,-158 58,-118 50,-78 22,-62"),
        darker(teal, 0.24) if teal else teal,
    )
    sheet.stroke([(-30, -140), (-14, -158), (8, -162)], (3, 9, 3), lighter(teal, 0.4))


SUBJECTS = (
    plain(
        "cherry_blossom",
        "cherry blossom branch",
        ("floral", "spring", "japanese", "botanical"),
        ("flower", "blossom", "tree", "asian"),
        cherry_blossom,
        [{"kind": k} | ({"pose": p} if p else {}) for p in ("", "hanging down") for k in BLOOMS],
    ),
    plain(
        "shamrock",
        "shamrock",
        ("irish", "spring", "botanical"),
        ("clover", "luck", "lucky"),
        shamrock,
        [{"kind": k} for k in ("a shamrock", "a four-leaf clover", "a bunch of shamrocks")],
    ),
    plain(
        "grapes",
        "bunch of grapes",
        ("fruit", "kitchen", "wine"),
        ("fruit", "food", "vineyard"),
        grapes,
        [{"kind": k} for k in GRAPES],
    ),
    plain("feather", "feather", ("boho", "birds"), ("plume", "quill"), feather, [{"kind": k} for k in PLUMES]),
)

"""Kitchen herbs by the sprig: basil, rosemary, thyme, mint, sage, parsley, dill and chives.

Each herb is a plant drawn upright from its foot; `forms` shows it alone, in a bunch, in a bottle or beside a smaller one.
"""

from __future__ import annotations

import numpy as np

from .forms import in_forms, show
from .geometry import Point, Sheet, darker, leaf, lighter, toward, vary
from .solids import beside
from .subject import Params, plain

HERBS = (
    "a basil sprig",
    "a rosemary sprig",
    "a thyme sprig",
    "a mint sprig",
    "a sage sprig",
    "a parsley sprig",
    "a dill sprig",
    "a chives sprig",
)
FOLIAGE = {
    "basil": "#6f9a56",
    "rosemary": "#7f9684",
    "thyme": "#8fa07a",
    "mint": "#79a87f",
    "sage": "#a3b09a",
    "parsley": "#75a355",
    "dill": "#88a463",
    "chives": "#6f9566",
}


def herb(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A sprig of a kitchen herb: alone, tied in a bunch, in a bottle or beside a smaller one."""
    name = str(params.get("kind") or HERBS[0]).split()[1]
    green = vary(FOLIAGE[name], rng, 0.015)

    def plant(inner: Sheet, seeded: np.random.Generator) -> None:
        _SPRIGS[name](inner, seeded, green)

    show(
        sheet,
        rng,
        str(params.get("pose") or ""),
        plant,
        darker(green, 0.12),
        0.9 if name in ("basil", "mint", "parsley") else 0.7,
    )


def _pairs(sheet: Sheet, rng: np.random.Generator, green: str, kind: str, count: int, long: float, wide: float) -> None:
    sheet.stroke([(0, 0), (8, -260), (0, -640)], (12, 10, 6), darker(green, 0.14))
    for k in range(count):
        y = -110 - 540 * k / (count - 1)
        size = long * (1.0 - 0.55 * k / (count - 1))
        for side in (-1, 1):
            way = -90 + side * (66 - 26 * k / (count - 1))
            tone = vary(green, rng, 0.025)
            outline = leaf((0, y), way, size, size * wide, kind, 0.06 * side)
            sheet.shape(outline, tone)
            sheet.stroke(
                [
                    toward((0, y), way, size * 0.1),
                    toward((0, y), way + 3 * side, size * 0.5),
                    toward((0, y), way + 5 * side, size * 0.86),
                ],
                (4, 4, 1.5),
                lighter(tone, 0.34),
            )
    for lean, grown in ((-42, 0.4), (42, 0.4), (0, 0.46)):
        outline = leaf((0, -625), -90 + lean, long * grown, long * grown * wide * 0.9, kind)
        sheet.shape(outline, lighter(vary(green, rng, 0.02), 0.08 + 0.2 * (lean == 0)))


def _basil(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    _pairs(sheet, rng, green, "lance", 5, 280, 0.6)
    for way, long in ((-160, 130), (-20, 130), (-128, 150), (-52, 150), (-90, 150)):
        tone = lighter(vary(green, rng, 0.02), 0.12)
        sheet.shape(leaf((0, -640), way, long, 96), tone)
        sheet.stroke([(0, -640), toward((0, -640), way, long * 0.8)], (5, 2), lighter(tone, 0.3))


def _mint(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    """Toothed leaves in pairs, crossed from one pair to the next, under a spike of lilac flowers."""
    sheet.stroke([(0, 0), (8, -260), (0, -640)], (13, 11, 7), darker(green, 0.2))
    for k, (y, long) in enumerate(((-110, 260), (-240, 236), (-360, 200), (-460, 160), (-540, 120))):
        for side in (-1, 1):
            way = -90 + side * (76 if k % 2 == 0 else 50)
            tone = vary(green, rng, 0.025)
            sheet.shape(_toothed((0, y), way, long, long * 0.56), tone, 0.2)
            sheet.stroke([(0, y), toward((0, y), way, long * 0.84)], (5, 1.5), lighter(tone, 0.36))
            for t in (0.3, 0.5, 0.7):
                rib = toward((0, y), way, long * t)
                for lean in (-44, 44):
                    sheet.stroke([rib, toward(rib, way + lean, long * 0.17)], (3, 1.5), lighter(tone, 0.28))
    for k in range(5):
        row, half = -590.0 - 36 * k, 44 - 7 * k
        for x in (-half, -half * 0.35, half * 0.35, half):
            sheet.oval(x, row + abs(x) * 0.12, 17, 15, vary("#b9a2cf", rng, 0.04))


def _toothed(origin: Point, way: float, long: float, wide: float) -> list[Point]:
    """A leaf with a saw's edge."""
    right: list[Point] = []
    for k, share in enumerate((0.1, 0.22, 0.26, 0.4, 0.44, 0.58, 0.62, 0.76, 0.8, 0.92)):
        half = wide / 2 * float(np.sin(np.pi * min(1.0, share * 0.92 + 0.06)) ** 0.7) * (1.06 if k % 2 else 0.9)
        right.append((share * long, half, 1))
    ring: list[Point] = [(0, 0, 1), *right, (long, 0, 1), *[(x, -y, 1) for x, y, _ in reversed(right)]]
    return [(*toward(toward(origin, way, p[0]), way + 90, p[1]), 1) for p in ring]


def _sage(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    """Broad velvet leaves on long stalks below, whorls of violet flowers above."""
    sheet.stroke([(0, 0), (6, -380), (0, -740)], (14, 12, 7), darker(green, 0.2))
    for y, way, long in (
        (-60, -166, 330),
        (-70, -14, 330),
        (-150, -146, 340),
        (-160, -34, 336),
        (-280, -122, 290),
        (-290, -58, 286),
    ):
        stalk = toward((0, y), way, long * 0.28)
        tone = vary(green, rng, 0.02)
        sheet.stroke([(0, y), stalk], (10, 8), darker(tone, 0.16))
        sheet.shape(leaf(stalk, way, long * 0.78, long * 0.31, "round"), tone)
        sheet.stroke([stalk, toward(stalk, way, long * 0.66)], (6, 2), lighter(tone, 0.4))
        for t in (0.18, 0.36, 0.54):
            for side in (-1, 1):
                rib = toward(stalk, way, long * t)
                sheet.stroke([rib, toward(rib, way + 52 * side, long * 0.1)], (3.5, 1.5), lighter(tone, 0.3))
    for y, reach in ((-470, 84), (-560, 76), (-640, 64), (-710, 50)):
        for way in (-168, -140, -40, -12):
            sheet.shape(
                leaf((0, y), way, reach, reach * 0.5, "petal", 0.2 if way > -90 else -0.2), vary("#8d86c2", rng, 0.03)
            )
        sheet.shape(leaf((0, y), -90, reach * 0.7, reach * 0.5, "petal"), lighter("#8d86c2", 0.25))


def _needles(sheet: Sheet, rng: np.random.Generator, green: str, step: float, long: float, wide: float) -> None:
    spine: list[Point] = [(0, 0), (-16, -220), (12, -470), (0, -720)]
    line = beside(spine, (2, 2), 0, 60)
    sheet.stroke(spine, (12, 11, 9, 5), "#8b7560")
    y_last = 1e9
    for k, (x, y) in enumerate(line):
        if y > -90 or y_last - y < step:
            continue
        y_last = y
        grown = 1 - 0.45 * k / 60
        for side in (-1, 1):
            way = -90 + side * rng.uniform(40, 56)
            sheet.shape(
                leaf((x, y), way, long * grown * rng.uniform(0.86, 1.08), wide, "willow"), vary(green, rng, 0.035)
            )
    for lean in (-30, -8, 14, 34):
        sheet.shape(leaf((0, -706), -90 + lean, long * 0.6, wide, "willow"), lighter(green, 0.14))


def _rosemary(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    _needles(sheet, rng, green, 26, 128, 19)
    for x, y in ((-52, -420), (48, -520), (40, -330)):
        for way in (-150, -90, -30):
            sheet.shape(leaf((x, y), way, 34, 22, "petal"), vary("#9f95c9", rng, 0.03))


def _thyme(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    for foot, lean, size in (((-6, -160), -26, 0.62), ((6, -240), 24, 0.58), ((0, 0), 0, 1.0)):
        with sheet.at(*foot, turn=lean, size=size):
            sheet.stroke([(0, 0), (10, -340), (0, -740)], (10, 8, 5), "#97805f")
            for k in range(11):
                y = -130 - 56 * k
                for side in (-1, 1):
                    for reach, off in ((66, 0), (48, 20)):
                        sheet.shape(
                            leaf((4, y + off), -90 + side * (58 + off), reach * (1 - 0.03 * k), 30, "round"),
                            vary(green, rng, 0.04),
                        )
            for lean2 in (-50, 0, 50):
                sheet.shape(leaf((0, -730), -90 + lean2, 42, 30, "petal"), vary("#c9a3c4", rng, 0.03))


def _parsley(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    heads = ((-150, -420, 0.8), (150, -450, 0.8), (-70, -560, 0.9), (84, -590, 0.9), (0, -660, 1.05))
    for x, y, _ in heads:
        sheet.stroke([(0, 0), (x * 0.16, -220), (x, y)], (13, 10, 7), darker(green, 0.1))
    for x, y, size in heads:
        tone = vary(green, rng, 0.03)
        for way in (-160, -20, -125, -55, -90):
            foot = toward((x, y + 20), way, 20)
            for lean in (-32, 32, 0):
                sheet.shape(
                    leaf(toward(foot, way, 40 * size), way + lean, 88 * size, 54 * size, "spoon"), vary(tone, rng, 0.02)
                )


def _dill(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    """Feathery threads on a thin stem, under a flat flower head."""
    sheet.stroke([(0, 0), (-10, -300), (6, -640)], (12, 10, 6), green)
    for k in range(6):
        foot = (-8.0 + 3 * k, -150.0 - 66 * k)
        for side in (-1, 1):
            way = -90 + side * (58 - 4 * k)
            long = 210 - 20 * k
            sheet.stroke([foot, toward(foot, way, long * 0.5), toward(foot, way - side * 8, long)], (7, 5, 2), green)
            for t in (0.25, 0.45, 0.65, 0.85):
                at = toward(foot, way - side * 8 * t, long * t)
                for lean in (-46, 46, -20, 20):
                    sheet.stroke([at, toward(at, way + lean, long * 0.3 * (1.2 - t))], (6, 2.5), vary(green, rng, 0.04))
    for k in range(9):
        end = toward((6, -640), -90 + 17 * (k - 4), 118)
        sheet.stroke([(6, -640), end], (5, 3.5), green)
        for way in (0, 72, 144, 216, 288):
            sheet.oval(*toward(end, way, 13), 9, 9, vary("#dcc35a", rng, 0.03))


def _chives(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    """Hollow blades and round lilac flowers."""
    for k in range(9):
        lean, tall = (k - 4) * 6.5, (560, 640, 500, 680, 600, 660, 520, 630, 540)[k]
        tip = toward((0, 0), -90 + lean, tall)
        sheet.stroke(
            [((k - 4) * 8, 0), toward((0, 0), -90 + lean * 0.6, tall * 0.5), tip], (17, 15, 3), vary(green, rng, 0.035)
        )
    for lean, tall, r in ((-17, 690, 62), (3, 760, 72), (21, 650, 58)):
        tip = toward((0, 0), -90 + lean, tall)
        sheet.stroke([(lean, 0), toward((0, 0), -90 + lean * 0.7, tall * 0.5), tip], (14, 13, 12), green)
        for way in range(0, 360, 18):
            sheet.shape(leaf(tip, way, r * (1.1 if way % 36 else 0.9), r * 0.34, "willow"), vary("#b08fc4", rng, 0.04))
        sheet.oval(*tip, r * 0.3, r * 0.3, "#c9aed6")


_SPRIGS = {
    "basil": _basil,
    "rosemary": _rosemary,
    "thyme": _thyme,
    "mint": _mint,
    "sage": _sage,
    "parsley": _parsley,
    "dill": _dill,
    "chives": _chives,
}

SUBJECTS = (
    plain(
        "herb",
        "sprig of a kitchen herb",
        ("botanical", "kitchen", "garden"),
        ("herb", "leaf", "greenery"),
        herb,
        in_forms(HERBS),
    ),
)

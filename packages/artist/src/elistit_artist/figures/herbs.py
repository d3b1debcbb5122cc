"""Kitchen herbs by the sprig: basil, rosemary, thyme, mint, sage and parsley.

Each herb is a plant drawn upright from its foot; `forms` shows it alone, in a bunch, in a bottle or beside a smaller one.
"""

from __future__ import annotations

import numpy as np

from .forms import in_forms, show
from .geometry import Point, Sheet, darker, leaf, lighter, toward, vary
from .solids import beside
from .subject import Params, plain

HERBS = ("a basil sprig", "a rosemary sprig", "a thyme sprig", "a mint sprig", "a sage sprig", "a parsley sprig")
FOLIAGE = {
    "basil": "#6f9a56",
    "rosemary": "#7f9684",
    "thyme": "#8fa07a",
    "mint": "#79a87f",
    "sage": "#a3b09a",
    "parsley": "#75a355",
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
    _pairs(sheet, rng, green, "lance", 5, 220, 0.6)
    for k in range(4):
        y = -180 - 120 * k
        for way in (-140, -40):
            sheet.shape(leaf((0, y), way, 78, 42), lighter(green, 0.16))


def _sage(sheet: Sheet, rng: np.random.Generator, green: str) -> None:
    _pairs(sheet, rng, green, "willow", 5, 300, 0.34)


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


_SPRIGS = {"basil": _basil, "rosemary": _rosemary, "thyme": _thyme, "mint": _mint, "sage": _sage, "parsley": _parsley}

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

"""Orchid, lily and daffodil on their stems.

Each painter draws one plant in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

import math

import numpy as np

from .geometry import Point, Sheet, darker, leaf, lighter, mirrored, mix, toward, vary
from .subject import Params, plain

ORCHIDS = {"a pink orchid": ("#d99ab5", "#a84f7c"), "a white orchid": ("#f3ebe4", "#c9748f"), "a purple orchid": ("#a98cc4", "#6f4f92"),
           "a yellow orchid": ("#ecd08a", "#b9663f")}  # fmt: skip
LILIES = {
    "a white lily": ("#f4ece0", "#d9c79a"),
    "a pink lily": ("#e3a3ae", "#b9607a"),
    "an orange tiger lily": ("#df8a4a", "#8f4530"),
}
DAFFODILS = {"a yellow daffodil": ("#efcf66", "#dd9a3c"), "a white daffodil": ("#f4ecdc", "#e0a24a")}
GREEN = "#7b9464"


def _orchid_bloom(
    sheet: Sheet, rng: np.random.Generator, x: float, y: float, r: float, turn: float, petal: str, lip: str
) -> None:
    with sheet.at(x, y, turn=turn):
        for way in (-90, 36, 144):
            sheet.shape(leaf((0, 0), way, r, r * 0.62, "petal"), vary(darker(petal, 0.06), rng, 0.012))
        for side in (-1, 1):
            wing: list[Point] = [
                (side * px * r, py * r)
                for px, py in ((0.02, 0.05), (0.3, -0.42), (0.8, -0.5), (1.08, -0.12), (0.86, 0.3), (0.3, 0.26))
            ]
            sheet.shape(wing, vary(petal, rng, 0.012))
            for k in (-16, 0, 16):
                start = (side * r * 0.14, 0.0)
                end = toward(start, (k - 8) if side > 0 else 180 - (k - 8), r * 0.58)
                sheet.stroke([start, end], (4, 1.4), mix(petal, lip, 0.4))
        sheet.shape(
            mirrored([(0, r * 0.02), (r * 0.2, r * 0.12), (r * 0.3, r * 0.36), (r * 0.12, r * 0.5), (0, r * 0.62)]), lip
        )
        sheet.shape(mirrored([(0, -r * 0.12), (r * 0.1, -r * 0.04), (r * 0.1, r * 0.14), (0, r * 0.2)]), "#f3dfa0")


def orchid(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A moth orchid: an arching stem of blooms and buds over broad leaves."""
    petal, lip = ORCHIDS[str(params.get("kind") or "a pink orchid")]
    green = vary(GREEN, rng, 0.02)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        line: list[Point] = [(0, 330), (-34, 150), (-30, -40), (20, -210), (130, -300), (250, -300)]
        sheet.stroke(line, (15, 13, 11, 9, 7, 5), darker(green, 0.1))
        for way, long, wide in ((-160, 300, 96), (-18, 290, 92), (-132, 220, 84), (-46, 230, 80)):
            sheet.shape(leaf((0, 330), way, long, wide, "round", -0.10 if way < -90 else 0.10), vary(green, rng, 0.03))
            sheet.stroke([toward((0, 330), way, 20), toward((0, 322), way, long * 0.72)], (6, 2), darker(green, 0.18))
        for x, y, r in ((250, -300, 24), (205, -306, 30), (160, -296, 34)):
            sheet.oval(x + 6, y + 16, r * 0.8, r, vary(mix(petal, green, 0.25), rng, 0.02))
        for x, y, r, turn in ((92, -240, 84, 16), (-78, -130, 100, -12), (56, -70, 104, 10), (-92, 50, 108, -10)):
            _orchid_bloom(sheet, rng, x, y, r, turn + rng.normal(0, 4), petal, lip)


def lily(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One open lily with a bud, narrow leaves up the stem."""
    x: float
    y: float
    kind = str(params.get("kind") or "a white lily")
    petal, mark = LILIES[kind]
    green = vary(GREEN, rng, 0.02)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        sheet.stroke([(10, 400), (-4, 200), (0, -60)], (18, 15, 12), darker(green, 0.08))
        sheet.stroke([(-2, 120), (70, -10), (120, -120)], (11, 9, 8), darker(green, 0.08))
        for k in range(6):
            y, side = 350 - 62 * k, -1 if k % 2 else 1
            sheet.shape(
                leaf((4, y), -90 + side * (58 - 4 * k), 190 - 12 * k, 40, "willow", side * 0.10), vary(green, rng, 0.03)
            )
        sheet.shape(leaf((116, -100), -68, 170, 66, "lance"), vary(mix(petal, "#a9b98a", 0.3), rng, 0.015))
        sheet.stroke([(120, -112), (150, -190), (172, -240)], (4, 3, 1), mix(mark, "#a9b98a", 0.5))
        x, y = -10.0, -150.0
        for turn, long in ((-90, 232), (30, 216), (150, 216), (-30, 238), (-150, 238), (90, 200)):
            tone = vary(petal if turn in (-30, -150, 90) else darker(petal, 0.06), rng, 0.012)
            sheet.shape(leaf((x, y), turn, long, 112, "lance", 0.06), tone)
            sheet.stroke([toward((x, y), turn, 22), toward((x, y), turn, long * 0.8)], (9, 2), mix(petal, mark, 0.42))
            if "tiger" in kind:
                for k in range(5):
                    px, py = toward((x, y), turn + (9 if k % 2 else -9), 52 + 21 * k)
                    sheet.oval(px, py, 6, 6, mark)
        sheet.oval(x, y, 24, 24, mix(petal, "#b9c48a", 0.6))
        for k in range(6):
            way = -90 + 60 * k + 22
            tip = toward((x, y), way, 96)
            sheet.stroke([(x, y), tip], (6, 4), mix("#e3dca0", petal, 0.3))
            with sheet.at(*tip, turn=way):
                sheet.oval(0, 0, 7, 17, "#a5602f")


def daffodil(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A daffodil with its trumpet, straps for leaves."""
    x: float
    y: float
    petal, cup = DAFFODILS[str(params.get("kind") or "a yellow daffodil")]
    green = vary("#86a079", rng, 0.02)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for x, lean, tall in ((-26, -13, 520), (30, 12, 470), (6, -3, 400)):
            sheet.shape(
                leaf((x, 400), -90 + lean, tall, 52, "willow", 0.05 * (1 if lean > 0 else -1)), vary(green, rng, 0.03)
            )
        sheet.stroke([(0, 400), (-8, 160), (6, -60), (-10, -130)], (18, 17, 14, 14), darker(green, 0.1))
        x, y = -14.0, -170.0
        for turn in (-60, 60, 180, 0, 120, -120):
            tone = vary(petal if turn in (0, 120, -120) else darker(petal, 0.08), rng, 0.012)
            sheet.shape(leaf((x, y), turn - 90, 212, 132, "round"), tone)
            sheet.stroke([toward((x, y), turn - 90, 40), toward((x, y), turn - 90, 172)], (5, 1.6), darker(petal, 0.14))
        rim: list[Point] = []
        for k in range(24):
            rim.append(
                (
                    x + (100 if k % 2 else 86) * math.cos(math.radians(15 * k)),
                    y + (100 if k % 2 else 86) * math.sin(math.radians(15 * k)),
                )
            )
        sheet.shape(rim, vary(cup, rng, 0.012))
        for k in range(12):
            sheet.stroke([toward((x, y), 30.0 * k, 44), toward((x, y), 30.0 * k, 84)], (2, 6), lighter(cup, 0.25))
        sheet.oval(x, y, 46, 46, darker(cup, 0.26))
        for k in range(6):
            sheet.oval(*toward((x, y), 60.0 * k + 10, 20), 9, 9, "#f0d489")
        sheet.oval(x, y, 9, 9, "#f6e6b4")


_FLORAL = ("floral", "botanical", "wedding", "garden", "spring")
SUBJECTS = (
    plain(
        "orchid",
        "orchid",
        _FLORAL,
        ("flower", "bloom", "garden", "elegant", "tropical"),
        orchid,
        [{"kind": k} for k in ORCHIDS],
    ),
    plain("lily", "lily", _FLORAL, ("flower", "bloom", "garden", "easter"), lily, [{"kind": k} for k in LILIES]),
    plain(
        "daffodil",
        "daffodil",
        (*_FLORAL, "easter"),
        ("flower", "bloom", "garden", "narcissus"),
        daffodil,
        [{"kind": k} for k in DAFFODILS],
    ),
)

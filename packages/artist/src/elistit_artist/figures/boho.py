"""Boho pieces that are neither plant nor sky: dreamcatcher and mountain peaks.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .geometry import Point, Sheet, blob, leaf, lighter, toward, vary
from .subject import Params, plain


def dreamcatcher(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A hoop with a web, beads and feathers."""
    x: float
    y: float
    wood = "#a37c58"
    for x, length, color in ((-110, 190, "#c9845f"), (0, 250, "#8fa08a"), (110, 190, "#d9b27f")):
        top = 150 - abs(x) * 0.42
        sheet.stroke([(x, top), (x, top + 66)], (4.5, 4.5), wood)
        sheet.oval(x, top + 46, 10, 10, "#b4584a")
        feather: list[Point] = [
            (x, top + 60),
            (x + 24, top + 100),
            (x + 26, top + length * 0.7),
            (x + 4, top + length, 1),
            (x - 20, top + length * 0.76),
            (x - 25, top + 106),
        ]
        sheet.shape(feather, vary(color, rng, 0.03))
        sheet.stroke([(x, top + 58), (x + 1, top + length * 0.9)], (4, 2), lighter(color, 0.5))
        for k in range(3):
            sheet.stroke([(x, top + 104 + 26 * k), (x + 19, top + 92 + 26 * k)], (2, 4), lighter(color, 0.5))
            sheet.stroke([(x, top + 110 + 26 * k), (x - 18, top + 98 + 26 * k)], (2, 4), lighter(color, 0.5))
    ring = [toward((0, 0), a, 160) for a in range(-90, 271, 24)]
    sheet.stroke(ring, (19, 22, 19), wood)
    for k, (r0, r1) in enumerate(((150, 104), (104, 62), (62, 30))):
        for j in range(10):
            a0, a1 = 36 * j + 18 * k, 36 * (j + 0.5) + 18 * k
            sheet.stroke(
                [toward((0, 0), a0, r0), toward((0, 0), a1, r1), toward((0, 0), a0 + 36, r0)], (4, 4, 4), "#c9b08d"
            )
    sheet.oval(0, 0, 17, 17, "#7f9c94")
    for way, r in ((-118, 38), (-92, 46), (-64, 36)):
        x, y = toward((0, 0), way, 160)
        for lean in (-60, 60, 170):
            sheet.shape(
                leaf((x, y), way + lean, 56, 22, "lance"), vary(accessories.GREENS[int(rng.integers(4))], rng, 0.03)
            )
        accessories.flower(sheet, x, y, r, vary(accessories.PETALS[int(rng.integers(5))], rng, 0.02), rng)


def mountains(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Three peaks before a low sun."""
    s: float
    x: float
    sheet.shape(blob(60, -70, 104, 104, rng, 0.008, 14), "#e0a878")
    for x, tall, wide, color in ((110, 250, 210, "#a9b3ab"), (-110, 290, 230, "#8c9c98"), (20, 200, 220, "#6f857f")):
        left, right = x - wide, x + wide
        sheet.shape(
            [
                (left, 160, 1),
                (x - wide * 0.42, 160 - tall * 0.56),
                (x - 14, 160 - tall),
                (x + 12, 160 - tall * 0.98),
                (x + wide * 0.46, 160 - tall * 0.5),
                (right, 160, 1),
                (x, 176),
            ],
            vary(color, rng, 0.015),
            ease=0.24,
        )
        snow: list[Point] = [
            (x - wide * 0.21, 160 - tall * 0.77),
            (x - 14, 158 - tall),
            (x + 12, 158 - tall * 0.98),
            (x + wide * 0.22, 160 - tall * 0.76),
            (x + wide * 0.1, 160 - tall * 0.7, 1),
            (x + wide * 0.02, 160 - tall * 0.8, 1),
            (x - wide * 0.1, 160 - tall * 0.68, 1),
        ]
        sheet.shape(snow, "#eeeae0", ease=0.24)
    for k in range(9):
        x, s = -220 + 55 * k + rng.uniform(-12, 12), rng.uniform(56, 96)
        sheet.shape(
            [
                (x, 176 - s, 1),
                (x + s * 0.2, 176 - s * 0.4),
                (x + s * 0.3, 180, 1),
                (x - s * 0.3, 180, 1),
                (x - s * 0.2, 176 - s * 0.4),
            ],
            vary("#566f5f", rng, 0.03),
            ease=0.2,
        )


SUBJECTS = (
    plain("dreamcatcher", "dreamcatcher", ("boho",), ("feather", "tribal", "hoop"), dreamcatcher),
    plain("mountains", "some mountain peaks", ("boho", "travel", "woodland"), ("landscape", "adventure"), mountains),
)

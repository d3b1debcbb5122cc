"""What a Christmas truck carries: a decorated fir or a pile of presents, and the wreath with a golden bow on its door.

In the truck's own units: the bed from x = -290 to -10 with its rim at y = -14.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, blob, darker, leaf, lighter, toward, vary
from .solids import board

FIR, GOLD, RED = "#5f8060", "#e3bd5c", "#b8483f"


def fir(sheet: Sheet, rng: np.random.Generator) -> None:
    """A fir with baubles and a star, standing in the bed."""
    sheet.stroke([(-150, 30), (-150, -60)], (30, 30), "#7d6049")
    for k, (y, half) in enumerate(((-10, 140), (-86, 114), (-156, 84), (-214, 54))):
        tone = vary(darker(FIR, 0.08 * (3 - k) * 0.5), rng, 0.02)
        edge = [
            (-150 - half, y),
            (-150 - half * 0.5, y + 16),
            (-150, y + 4),
            (-150 + half * 0.5, y + 16),
            (-150 + half, y),
        ]
        sheet.shape([(-150, y - 118, 1), *[(x, v, 1) for x, v in reversed(edge)]], tone, 0.2)
    for x, y, hue in (
        (-220, -20, RED), (-150, -26, GOLD), (-84, -18, "#e9ded0"), (-190, -98, GOLD), (-116, -94, RED), (-160, -160, "#e9ded0"),
        (-140, -214, RED),
    ):  # fmt: skip
        sheet.oval(x, y, 15, 15, vary(hue, rng, 0.015))
        sheet.oval(x - 5, y - 5, 4, 4, lighter(hue, 0.7))
    sheet.shape([(*toward((-150, -336), 36 * k - 90, 34 if k % 2 == 0 else 15), 1) for k in range(10)], GOLD)


def presents(sheet: Sheet, rng: np.random.Generator) -> None:
    """Wrapped presents with bows, piled in the bed."""
    boxes = (
        (-280, -120, -170, 20, "#6f8f72", "#f1e6d2"), (-160, -96, -40, 20, "#d9a6a0", RED), (-236, -210, -128, -104, RED, GOLD),
        (-120, -176, -44, -92, "#e9ded0", "#5f8060"),
    )  # fmt: skip
    for left, top, right, low, paper, band in boxes:
        paper = vary(paper, rng, 0.015)
        middle = (left + right) / 2
        sheet.shape(board(left, top, right, low, 6), paper)
        sheet.shape(board(middle - 10, top, middle + 10, low, 2), band)
        sheet.shape(board(left - 5, top - 4, right + 5, top + 20, 6), darker(paper, 0.12))
        for side in (-1, 1):
            sheet.shape(leaf((middle, top - 2), -90 + side * 48, 56, 38, "petal"), band)
        sheet.oval(middle, top - 4, 11, 11, darker(band, 0.15))


def wreath(sheet: Sheet, rng: np.random.Generator, x: float, y: float, r: float) -> None:
    """A small wreath with a golden bow."""
    for k in range(22):
        at = toward((x, y), 360 * k / 22, r)
        sheet.shape(leaf(at, 360 * k / 22 + 60, r * 0.72, r * 0.3), vary(FIR, rng, 0.05))
        if k % 5 == 0:
            sheet.shape(blob(*at, r * 0.15, r * 0.15, rng, 0.04, 8), RED)
    for side in (-1, 1):
        sheet.shape(leaf((x, y + r), 90 - side * 70, r * 0.9, r * 0.56, "petal"), GOLD)
        sheet.stroke([(x, y + r), (x + side * r * 0.36, y + r * 1.7)], (r * 0.2, r * 0.16), GOLD)
    sheet.oval(x, y + r, r * 0.19, r * 0.19, darker(GOLD, 0.16))

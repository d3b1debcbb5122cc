"""Single large leaves and leaf groups that are not grown as sprigs: monstera and holly.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .geometry import Point, Sheet, darker, lighter, mirrored, trace, vary
from .subject import Params, plain


def monstera(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One split leaf with a pale midrib."""
    green = vary("#6f9168", rng, 0.025)
    right: list[Point] = trace(
        "0,-10! 60,-46 128,-40 150,-4 96,30 102,44 170,26 190,70 110,96 112,112 190,110 "
        "194,164 106,166 106,184 170,196 156,244 86,236 82,254 124,280 94,318 44,320 0,372!"
    )
    with sheet.at(0, 0, turn=180 + rng.uniform(-22, 22)):
        sheet.stroke(trace("0,-180 -10,-90 0,6"), (12, 12, 10), darker(green, 0.1))
        sheet.shape(mirrored(right), green)
        sheet.stroke(trace("0,-8 2,160 0,350"), (9, 7, 2), lighter(green, 0.4))
        for y, x2, y2 in ((40, 116, -8), (104, 152, 64), (170, 152, 138), (232, 128, 216), (284, 84, 288)):
            for side in (-1, 1):
                sheet.stroke(
                    [(0, y), (side * x2 * 0.5, (y + y2) / 2 - 4), (side * x2, y2)], (5, 4, 1.5), lighter(green, 0.34)
                )


def holly(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Three prickly leaves and a cluster of berries."""
    for way in (-152, -28, 92):
        green = vary("#5f8560", rng, 0.03)
        side: list[Point] = trace("18,0 38,-46 64,-30 94,-84! 120,-44 160,-84! 180,-40 220,-62! 238,-24 284,0!")
        outline = [*side, *[(p[0], -p[1], *p[2:]) for p in reversed(side[1:-1])]]
        with sheet.at(0, 0, turn=way + rng.uniform(-6, 6)):
            sheet.shape(outline, green, ease=0.3)
            sheet.stroke(trace("24,0 150,3 258,0"), (8, 6, 2), lighter(green, 0.4))
    for x, y in ((-30, -14), (30, -18), (2, 30), (0, -44)):
        red = vary("#b5453c", rng, 0.03)
        sheet.oval(x, y, 34, 34, red)
        sheet.oval(x - 10, y - 11, 7, 6, lighter(red, 0.6))


SUBJECTS = (
    plain("monstera", "monstera leaf", ("botanical", "boho", "safari"), ("leaf", "tropical"), monstera),
    plain("holly", "holly sprig", ("christmas", "botanical"), ("berries", "winter"), holly),
)

"""Buildings of the farm.

Each painter draws one thing in its own units, back to front; animals live in the other farm modules.
"""

from __future__ import annotations

import numpy as np

from .geometry import Point, Sheet, darker, leaf, oval, trace, vary
from .subject import Params, plain

FARM = ("farm",)


def barn(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A barn with a gambrel roof, white trim and a round hay window."""
    x: float
    hues = {"a red barn": "#b3584a", "a gray barn": "#9aa0a0", "a green barn": "#88997a"}
    wall = vary(hues[str(params.get("kind") or "a red barn")], rng, 0.02)
    trim, roof = "#f3eadb", "#7d6a60"
    box: list[Point] = trace("-200,250! -200,0! -130,-120! 0,-190! 130,-120! 200,0! 200,250!")
    sheet.shape(box, wall, ease=0.3)
    for k in range(7):
        x = -166 + 55 * k
        sheet.stroke([(x, -30 - 60 * (abs(x) < 110)), (x + 2, 110), (x, 246)], (3, 4, 3), darker(wall, 0.18))
    for side in (-1, 1):
        sheet.shape(trace("226,14! 150,-128! 0,-208! 0,-182! 134,-112! 200,22!", wide=side), roof, ease=0.3)
    sheet.shape(trace("-92,250! -92,70! 92,70! 92,250!"), trim, ease=0.3)
    for x in (-1, 1):
        sheet.shape(trace("5,246! 5,82! 80,82! 80,246!", wide=x), darker(wall, 0.12), ease=0.3)
        sheet.stroke([(x * 8, 90), (x * 76, 238)], (10, 10), trim)
        sheet.stroke([(x * 76, 90), (x * 8, 238)], (10, 10), trim)
    sheet.shape(oval(0, -78, 46, 46), trim)
    sheet.shape(oval(0, -78, 36, 36), "#6d5a50")
    sheet.stroke([(-36, -78), (36, -78)], (7, 7), trim)
    sheet.stroke([(0, -114), (0, -42)], (7, 7), trim)
    for k in range(22):
        x = -232 + 22 * k + rng.uniform(-5, 5)
        if abs(x) > 84:
            sheet.shape(
                leaf((x, 258), -90 + rng.normal(0, 14), rng.uniform(36, 62), 12, "willow"), vary("#83985f", rng, 0.04)
            )


SUBJECTS = (
    plain(
        "barn",
        "barn",
        FARM,
        ("house", "building", "country"),
        barn,
        [{"kind": k} for k in ("a red barn", "a gray barn", "a green barn")],
    ),
)

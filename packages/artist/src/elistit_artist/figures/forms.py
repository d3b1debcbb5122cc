"""Ways to show one plant: alone, beside a smaller one, tied in a bunch, or in a glass bottle.

A plant is given as a function that draws it upright from (0, 0), 800 high. Nothing here knows which plant it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from . import accessories
from .geometry import Sheet, darker, mirrored, toward, trace, vary
from .subject import Params

Plant = Callable[[Sheet, np.random.Generator], None]

FORMS = ("", "tied in a bunch with others", "in a glass bottle", "beside a smaller one")
STALK = "#7f8f66"


def in_forms(kinds: Sequence[str]) -> list[Params]:
    """Variants: every kind alone first, then every kind in the other forms."""
    return [({"kind": k} if k else {}) | ({"pose": form} if form else {}) for form in FORMS for k in kinds]


def show(
    sheet: Sheet, rng: np.random.Generator, form: str, plant: Plant, stalk: str = STALK, spread: float = 1.0
) -> None:
    """Draw ``plant`` in one of FORMS; any other word means alone. ``spread`` opens the fan for wide heads."""
    if form == "beside a smaller one":
        _placed(sheet, rng, plant, (0, 0), -12, 1.0)
        _placed(sheet, rng, plant, (36, 0), 20, 0.72)
    elif form == "tied in a bunch with others":
        _bunch(sheet, rng, plant, stalk, spread)
    elif form == "in a glass bottle":
        _bottle(sheet, rng, plant, stalk, spread)
    else:
        _placed(sheet, rng, plant, (0, 0), rng.normal(0, 8), 1.0)


def _placed(
    sheet: Sheet, rng: np.random.Generator, plant: Plant, foot: Sequence[float], lean: float, size: float
) -> None:
    with sheet.at(foot[0], foot[1], turn=lean, size=size):
        plant(sheet, rng)


def _bunch(sheet: Sheet, rng: np.random.Generator, plant: Plant, stalk: str, spread: float) -> None:
    fan = ((-34, 0.66), (34, 0.66), (-18, 0.8), (18, 0.8), (0, 0.9))
    for lean, _ in fan:
        end = toward((0, 0), 90 + lean, 190 + rng.uniform(-16, 16))
        sheet.stroke([(0, -30), toward((0, 0), 90 + lean, 80), end], (9, 9, 8), vary(stalk, rng, 0.03))
    for lean, size in fan:
        _placed(sheet, rng, plant, (lean * 0.4, 10), lean * spread + rng.normal(0, 3), size * rng.uniform(0.95, 1.04))
    twine = vary("#c2a27a", rng, 0.02)
    for y in (-12, 4, 20):
        sheet.stroke([(-34, y), (0, y + 5), (34, y)], (9, 11, 9), twine)
    accessories.bow(sheet, 0, 8, 64, darker(twine, 0.06))


def _bottle(sheet: Sheet, rng: np.random.Generator, plant: Plant, stalk: str, spread: float) -> None:
    for lean, size in ((-17, 0.72), (16, 0.78), (0, 0.92)):
        _placed(sheet, rng, plant, (lean * 0.5, 20), lean * spread + rng.normal(0, 3), size)
    glass = vary("#c9d9d6", rng, 0.015)
    outline = "0,-40 40,-40 44,-22 40,20 52,60 112,110 124,190 116,262 70,282 0,286"
    sheet.shape(mirrored(trace(outline)), glass)
    sheet.shape(mirrored(trace("0,130 100,128 110,196 102,252 64,270 0,274")), darker(glass, 0.14))
    for x, lean in ((-10, -44), (8, 40), (0, 4)):
        sheet.stroke([(x, 30), (x + lean * 0.5, 140), (x + lean, 250)], (9, 9, 7), vary(stalk, rng, 0.03))
    sheet.stroke(trace("-92,150 -98,200 -88,244"), (4, 12, 4), "#eef3ef")
    sheet.stroke(trace("-44,-6 0,4 44,-6"), (12, 13, 12), "#c2a27a")

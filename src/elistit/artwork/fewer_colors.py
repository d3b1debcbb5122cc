"""A drawing in fewer colors: each color that is one too many becomes the nearest one that stays, as the eye sees it (OKLab).

Pure: the same drawing gives the same colors. It must never invent a color, and leaves a drawing alone that has few enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from elistit.artwork.shapes import Drawing, Shape
from elistit.artwork.svgvalues import Color

COLORS = 6
"""So many colors a drawing for cutting has unless more are asked for: each is a sheet of vinyl or paper to buy and to lay."""
COLORS_MOST = 24
_HUE = 2.0

_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(colors: Sequence[Color]) -> NDArray[np.float64]:
    """Colors (0 to 255, sRGB) in OKLab, one row each; equal distances look equally different."""
    srgb = np.asarray(colors, np.float64).reshape(-1, 3) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _LMS.T) @ _LAB.T, np.float64)


def chosen(areas: dict[Color, float], most: int) -> dict[Color, Color]:
    """Which of at most `most` colors each color becomes. `areas`: how much of a drawing is in each.

    The pair that is missed least is joined first: near ones, and small ones. The larger of a pair stays. A small color far from
    all others, the black of an eye, counts for more than its area.
    """
    colors = sorted(areas, key=lambda c: (-areas[c], c))
    # Another hue is missed more than another shade of the same one.
    lab = oklab(colors) * (1.0, _HUE, _HUE)
    weight = np.sqrt(np.array([max(areas[c], 1e-9) for c in colors]))
    becomes = np.arange(len(colors))
    left = np.ones(len(colors), bool)
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2) ** 2
    while left.sum() > max(1, most):
        cost = apart * (weight[:, None] * weight[None] / (weight[:, None] + weight[None]))
        cost[~left, :] = cost[:, ~left] = np.inf
        np.fill_diagonal(cost, np.inf)
        i, j = sorted(divmod(int(cost.argmin()), len(colors)))
        keep, gone = (i, j) if weight[i] >= weight[j] else (j, i)
        weight[keep] = np.hypot(weight[keep], weight[gone])
        left[gone] = False
        becomes[becomes == gone] = keep
    # What was joined step by step takes the color that is nearest to it in the end.
    kept = np.flatnonzero(left)
    nearest = kept[np.linalg.norm(lab[:, None] - lab[None, kept], axis=2).argmin(axis=1)]
    return {color: colors[int(n)] for color, n in zip(colors, nearest, strict=True)}


def used(picture: Drawing) -> set[Color]:
    """Every color that a drawing's fills and strokes name."""
    return {c for s in picture.shapes for c in (s.fill, s.stroke) if c is not None}


def recolored(picture: Drawing, becomes: dict[Color, Color]) -> Drawing:
    """The drawing with its colors exchanged."""

    def shape(s: Shape) -> Shape:
        return replace(s, fill=becomes[s.fill] if s.fill else None, stroke=becomes[s.stroke] if s.stroke else None)

    return replace(picture, shapes=tuple(shape(s) for s in picture.shapes))

"""Ink lines around painted shapes, for the ink and wash style.

A line runs where a shape's edge was meant to be, while its wash has strayed a little; where a shape lies over
another, the lower one's line is hidden. Widths are painting units; no random draw may happen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from elistit_artist.paint.noise import Array, ramp, read
from elistit_artist.paint.tiles import coverage, window
from elistit_artist.paint.washes import Wash


@dataclass(frozen=True)
class Pen:
    """`ink` is its absorbance (three channels), `width` a line at full pressure, in units; `press` is the pressure,
    0..1, one value per unit."""

    ink: Array
    width: float
    press: Array


def lines(pen: Pen, washes: Sequence[Wash], x: int, y: int, w: int, h: int, scale: float) -> Array:
    """How much ink lies on one tile, 0..1 (`h` × `w`)."""
    drawn = np.zeros((h, w), np.float32)
    half = read(pen.press, (0, 0), 1, x, y, w, h, scale) * np.float32(pen.width / 2)
    soft = np.float32(max(0.3, 0.65 / scale))
    for wash in washes:
        touched = window(wash, x, y, w, h, scale)
        if touched is None or wash.resting:
            continue
        x0, y0, x1, y1 = touched
        if wash.late:
            drawn[y0:y1, x0:x1] *= 1 - np.asarray(coverage(wash, x + x0, y + y0, x1 - x0, y1 - y0, scale), np.float32)
            continue
        edge = read(wash.edge, wash.meant, wash.scale, x + x0, y + y0, x1 - x0, y1 - y0, scale, cubic=True, outside=0.0)
        part = drawn[y0:y1, x0:x1]
        part *= 1 - ramp(0.5, 0.5 + 0.7 * wash.slope, edge)
        away = np.abs(edge - np.float32(0.5)) / np.float32(wash.slope)
        away -= half[y0:y1, x0:x1]
        line = ramp(float(soft), -float(soft), away)
        # Far from the edge the field is flat and says nothing about distance.
        line *= ramp(0.01, 0.10, 0.5 - np.abs(edge - np.float32(0.5)))
        np.maximum(part, line, out=part)
    return drawn

"""Ink lines around shapes and, where a style hatches, inside them.

A line runs where a shape's edge was meant to be, while its wash has strayed a little; where a shape lies over
another, the lower one's lines are hidden. Widths are painting units; no random draw may happen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from elistit_artist.paint.hatching import Hatch, darkness, shaded
from elistit_artist.paint.noise import Array, ramp, read
from elistit_artist.paint.tiles import coverage, window
from elistit_artist.paint.washes import Wash


@dataclass(frozen=True)
class Pen:
    """`ink` is its absorbance (three channels), `width` a line at full pressure, in units; `press` is the pressure,
    0..1, one value per unit. `hatch` is how it shades, None when it only outlines; `alone` when nothing is painted under
    it, so that it draws the details, too."""

    ink: Array
    width: float
    press: Array
    hatch: Hatch | None = None
    alone: bool = False


def lines(
    pen: Pen, washes: Sequence[Wash], x: int, y: int, w: int, h: int, scale: float, before: Array | None = None
) -> Array:
    """How much ink lies on one tile, 0..1 (`h` × `w`). `before` is what was drawn on it before any shape; it is changed."""
    drawn = np.zeros((h, w), np.float32) if before is None else before
    half = read(pen.press, (0, 0), 1, x, y, w, h, scale) * np.float32(pen.width / 2)
    soft = np.float32(max(0.3, 0.65 / scale))
    for number, wash in enumerate(washes):
        touched = window(wash, x, y, w, h, scale)
        if touched is None or wash.resting:
            continue
        x0, y0, x1, y1 = touched
        tile = (x + x0, y + y0, x1 - x0, y1 - y0, scale)
        if wash.late:
            covered = np.asarray(coverage(wash, *tile), np.float32)
            drawn[y0:y1, x0:x1] *= 1 - covered
            if pen.alone:
                drawn[y0:y1, x0:x1] += covered * _detail(pen, wash, number, *tile)
            continue
        edge = read(wash.edge, wash.meant, wash.scale, *tile, cubic=True, outside=0.0)
        part = drawn[y0:y1, x0:x1]
        inside = ramp(0.5, 0.5 + 0.7 * wash.slope, edge)
        part *= 1 - inside
        if pen.hatch and inside.any():
            np.maximum(part, inside * shaded(pen.hatch, wash, number, *tile), out=part)
        away = np.abs(edge - np.float32(0.5)) / np.float32(wash.slope)
        away -= half[y0:y1, x0:x1]
        line = ramp(float(soft), -float(soft), away)
        # Far from the edge the field is flat and says nothing about distance.
        line *= ramp(0.01, 0.10, 0.5 - np.abs(edge - np.float32(0.5)))
        np.maximum(part, line, out=part)
    return drawn


def _detail(pen: Pen, wash: Wash, number: int, x: int, y: int, w: int, h: int, scale: float) -> Array:
    """A detail in ink alone: an eye is black, the light in it white, and what lies between is hatched."""
    tone = darkness(read(wash.pigment, (wash.left, wash.top), wash.scale, x, y, w, h, scale))
    solid = ramp(0.42, 0.60, tone)
    return np.maximum(solid, shaded(pen.hatch, wash, number, x, y, w, h, scale)) if pen.hatch else solid

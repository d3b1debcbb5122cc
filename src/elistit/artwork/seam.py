"""Whether a pattern tile joins itself: how much lines of pixels differ across its edges, compared with those inside (rules §3).

Pure: only reads pixels. It must never change an image, and never take the lines beside the seam as the standard.

Two measures are taken between every two neighboring columns, and rows likewise, with the last and the first as neighbors too:
the *step*, their mean difference over the whole length; and the *break*, the largest stretch on which a line differs from the next one
more than both differ from the lines beyond, which is what a figure that is cut off at the edge looks like. A tile
is seamless when neither is larger at its edge than somewhere inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from elistit.artwork.checks import Flag
from elistit.artwork.export import open_image, reading, to_srgb8

# A break is looked for in stretches of this share of the side; a figure that is cut off is longer.
STRETCH = 1 / 24
# Differences smaller than this (CIELAB units, mean of a line) no eye sees: two flat grounds are not different through rounding.
UNSEEN = 0.35
# The lines on each side of the seam that are no standard for it: a fault in the outermost line is in them as well.
_BESIDE = 1


@dataclass(frozen=True)
class Axis:
    """One direction. `step` and `broken` are measured across the seam, `step_inside` and `broken_inside` the largest of those between
    neighboring lines inside; all in CIELAB units."""

    step: float
    step_inside: float
    broken: float
    broken_inside: float

    @property
    def seamless(self) -> bool:
        return self.step <= max(self.step_inside, UNSEEN) and self.broken <= max(self.broken_inside, UNSEEN)

    @property
    def ratio(self) -> float:
        """The seam against the inside, whichever measure is worse: at most 1 for a tile that joins itself."""
        return max(
            self.step / max(self.step_inside, UNSEEN),
            self.broken / max(self.broken_inside, UNSEEN),
        )


@dataclass(frozen=True)
class Seam:
    """What was measured: `across` the left and right edge, and `down` across top and bottom."""

    across: Axis
    down: Axis

    @property
    def seamless(self) -> bool:
        return self.across.seamless and self.down.seamless

    @property
    def ratio(self) -> float:
        return max(self.across.ratio, self.down.ratio)


def measure(path: Path) -> Seam:
    """Measure a tile's seams at its full size. Raises ImageBroken for a file that is not a whole image, ValueError for one with fewer
    than 16 pixels on a side."""
    image = open_image(path, sequential=False)
    with reading():
        flat = to_srgb8(image)
        if flat.hasalpha():
            flat = flat.flatten(background=255)
        # Decoded once, kept compressed in memory only as bytes; lines are converted strip by strip.
        pixels = flat.numpy()
    return measure_pixels(pixels[..., :3])


def measure_pixels(rgb: np.ndarray) -> Seam:
    """Measure pixels: RGB as 8 bits, height × width × 3. Raises ValueError as `measure` does."""
    high, wide = rgb.shape[:2]
    if min(high, wide) < 16:
        raise ValueError("A tile has at least 16 pixels on a side.")
    return Seam(_axis(wide, high, lambda a, b: rgb[a:b]), _axis(high, wide, lambda a, b: rgb[:, a:b].swapaxes(0, 1)))


def _axis(lines: int, length: int, strip: Callable[[int, int], np.ndarray]) -> Axis:
    """The measures of one direction; `strip(a, b)` gives that part of all lines, along × lines × 3."""
    steps = np.zeros(lines, np.float64)
    broken = np.zeros(lines, np.float32)
    size = max(4, round(length * STRETCH))
    for start in range(0, length, size):
        part = np.ascontiguousarray(strip(start, min(length, start + size)))
        lab = cv2.cvtColor(part.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        # Between each line and the next one; the last is between the last line and the first.
        apart = np.linalg.norm(np.roll(lab, -1, axis=1) - lab, axis=2)
        steps += apart.sum(axis=0)
        beside = np.maximum(np.roll(apart, 1, axis=1), np.roll(apart, -1, axis=1))
        alone = np.maximum(apart - beside, 0).mean(axis=0)
        np.maximum(broken, alone, out=broken)
    steps /= length
    inside = slice(_BESIDE, lines - 1 - _BESIDE)
    return Axis(float(steps[-1]), float(steps[inside].max()), float(broken[-1]), float(broken[inside].max()))


def flag(found: Seam) -> Flag | None:
    """What the gate shows beside a tile that doesn't join itself; None for one that does."""
    if found.seamless:
        return None
    sides = [
        words for axis, words in ((found.across, "left and right"), (found.down, "top and bottom")) if not axis.seamless
    ]
    return Flag("seam", f"The {' and the '.join(sides)} edges don’t join: a seam shows where the tile repeats.")

"""Fills a tile with figures that keep their distance, also over its edges.

Works on silhouettes on a coarse grid of the torus, with circular correlation: a place is free when no cell of the figure, widened
by the gap, falls on one that is taken. It must never place two figures on each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from elistit_artist.patterns.tile import UNITS, Placed

GRID = 200
CELL = UNITS / GRID


@dataclass
class Packing:
    """What lies on a tile so far. `taken`: cells covered, 0 or 1."""

    rng: np.random.Generator
    taken: NDArray[np.float32] = field(default_factory=lambda: np.zeros((GRID, GRID), np.float32))
    placed: list[Placed] = field(default_factory=list)

    def block(self, cells: NDArray[np.bool_]) -> None:
        """Keep these cells free of figures."""
        self.taken[cells] = 1

    def place(
        self, motif: int, silhouette: NDArray[np.uint8], size: float, angle: float, flip: bool, gap: float
    ) -> bool:
        """Put a motif into the largest free space, `gap` units from everything; False when there is none for it."""
        shape = _shape(silhouette, size, angle, flip)
        wide = np.asarray(cv2.dilate(np.pad(shape, 1), _disk(gap / CELL)), np.uint8)
        free = _free(self.taken, wide)
        if not free.any():
            return False
        room = _room(self.taken) + self.rng.uniform(0, 1.5, (GRID, GRID)).astype(np.float32)
        room[~free] = -1
        row, column = np.unravel_index(int(room.argmax()), room.shape)
        if not self.placed:
            rows, columns = np.nonzero(free)
            pick = int(self.rng.integers(len(rows)))
            row, column = rows[pick], columns[pick]
        self._stamp(shape, int(row), int(column))
        half = CELL / 2
        self.placed.append(Placed(motif, column * CELL + half, row * CELL + half, size, angle, flip))
        return True

    def _stamp(self, shape: NDArray[np.uint8], row: int, column: int) -> None:
        h, w = shape.shape
        rows = (np.arange(h) - h // 2 + row) % GRID
        columns = (np.arange(w) - w // 2 + column) % GRID
        where = np.ix_(rows, columns)
        self.taken[where] = np.maximum(self.taken[where], shape > 0)


def _shape(silhouette: NDArray[np.uint8], size: float, angle: float, flip: bool) -> NDArray[np.uint8]:
    """A silhouette (square, alpha) at its size on the grid, mirrored and turned, odd-sided so that it has a middle cell."""
    side = max(3, round(size / CELL)) | 1
    small = cv2.resize(silhouette, (side, side), interpolation=cv2.INTER_AREA)
    if flip:
        small = np.ascontiguousarray(small[:, ::-1])
    out = int(np.ceil(side * 1.42)) | 1
    matrix = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), -angle, 1.0)
    matrix = matrix + np.array([[0, 0, (out - side) / 2]] * 2)
    turned = cv2.warpAffine(small, matrix, (out, out), flags=cv2.INTER_LINEAR)
    return np.asarray((turned > 40).astype(np.uint8))


def _disk(radius: float) -> NDArray[np.uint8]:
    side = 2 * max(1, int(np.ceil(radius))) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _free(taken: NDArray[np.float32], shape: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The cells where the middle of a shape may lie: none of its cells falls on a taken one, counted around the torus."""
    h, w = shape.shape
    if h > GRID or w > GRID:
        return np.zeros(taken.shape, bool)
    kernel = np.zeros(taken.shape, np.float32)
    kernel[:h, :w] = shape
    kernel = np.roll(kernel, (-(h // 2), -(w // 2)), (0, 1))
    hit = np.fft.irfft2(np.fft.rfft2(taken) * np.conj(np.fft.rfft2(kernel)), s=taken.shape)
    return np.asarray(hit < 0.5)


def _room(taken: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each cell is from the next taken one, around the torus."""
    pad = GRID // 2
    around = np.pad((taken < 0.5).astype(np.uint8), pad, mode="wrap")
    if around.all():
        return np.zeros(taken.shape, np.float32)
    return np.asarray(cv2.distanceTransform(around, cv2.DIST_L2, 5)[pad:-pad, pad:-pad], np.float32)

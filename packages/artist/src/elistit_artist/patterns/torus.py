"""A plane that closes on itself: noise, blur, reading at any scale and pasting, all without an edge.

Everything here is periodic to the last pixel. It must never extend, mirror or repeat a border: what lies beyond one side is what
lies at the other.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from elistit_artist.patterns.artist import Array, stream


def noise(seed: int, purpose: str, side: int, feature: float, across: float = 0.0) -> Array:
    """Smooth periodic noise, mean 0 and deviation 1, on `side` × `side` values. `feature`: the size of its blobs in values;
    `across`: their size from left to right where that is another."""
    rng = stream(seed, "torus", purpose)
    wide, high = across or feature, feature
    # White noise as coarse as the blobs allow, then enlarged: the same look for a hundredth of the work.
    cells = (_cells(side, high), _cells(side, wide))
    plane = rng.standard_normal(cells).astype(np.float32)
    plane = read(plane, 0, 0, side, side, side, side) if cells != (side, side) else blur(plane, feature / 3)
    plane -= plane.mean()
    return np.asarray(plane / max(float(plane.std()), 1e-6), np.float32)


def _cells(side: int, feature: float) -> int:
    return max(4, min(side, round(side / max(feature / 2, 1.0))))


def blur(plane: Array, sigma: float) -> Array:
    """Gaussian blur over the edges, `sigma` in values."""
    if sigma < 0.3:
        return plane
    pad = min(int(4 * sigma) + 2, min(plane.shape[:2]))
    widths = ((pad, pad), (pad, pad)) + (((0, 0),) if plane.ndim == 3 else ())
    wide = np.pad(plane, widths, mode="wrap")
    soft = cv2.GaussianBlur(wide, (0, 0), sigma)
    return np.ascontiguousarray(soft[pad:-pad, pad:-pad])


def read(plane: Array, x: int, y: int, w: int, h: int, across: int, down: int, rim: int = 0) -> Array:
    """A `w` × `h` window at (`x`, `y`) of a plane shown as `across` × `down` pixels, smoothly interpolated over the edges. `rim`: so many
    values on each side of the plane are what lies beyond its edges; without them that is its other side."""
    if rim:
        return _resampled(
            plane, rim, x, y, w, h, (plane.shape[1] - 2 * rim) / across, (plane.shape[0] - 2 * rim) / down
        )
    high, wide = plane.shape[:2]
    sx, sy = wide / across, high / down
    if (sx, sy) == (1.0, 1.0):
        rows, columns = np.arange(y, y + h) % high, np.arange(x, x + w) % wide
        return np.asarray(plane[np.ix_(rows, columns)], np.float32)
    # Padded by hand: OpenCV's own wrapping border reads cubic neighbors one value off on some builds.
    pad = 4 + math.ceil(max(0.0, -x * sx, -y * sy, (x + w - across) * sx, (y + h - down) * sy))
    return _resampled(np.pad(plane, pad, mode="wrap"), pad, x, y, w, h, sx, sy)


def _resampled(padded: Array, pad: int, x: int, y: int, w: int, h: int, sx: float, sy: float) -> Array:
    """A window of a plane that has `pad` more values on each side; `sx`, `sy` values to the pixel."""
    xs = ((np.arange(x, x + w, dtype=np.float64) + 0.5) * sx - 0.5 + pad).astype(np.float32)
    ys = ((np.arange(y, y + h, dtype=np.float64) + 0.5) * sy - 0.5 + pad).astype(np.float32)
    grid_x, grid_y = np.broadcast_to(xs[None, :], (h, w)), np.broadcast_to(ys[:, None], (h, w))
    found = cv2.remap(padded, np.ascontiguousarray(grid_x), np.ascontiguousarray(grid_y), cv2.INTER_CUBIC)
    return np.asarray(found, np.float32)


def displaced(plane: Array, dx: Array, dy: Array) -> Array:
    """Every value read from a place `dx`, `dy` values away; beyond the plane's border its outermost values go on."""
    high, wide = plane.shape
    xs = np.arange(wide, dtype=np.float32)[None, :] + dx
    ys = np.arange(high, dtype=np.float32)[:, None] + dy
    return np.asarray(cv2.remap(plane, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def paste(canvas: Array, sprite: Array, left: int, top: int) -> None:
    """Lay a sprite (RGB times alpha and alpha, float 0..1) over the canvas (RGB, float 0..1), in place; what runs over an edge
    comes in at the other. Sprites may be as large as the canvas, not larger."""
    side = canvas.shape[0]
    h, w = sprite.shape[:2]
    for y0, y1, to_y in _runs(top, h, side):
        for x0, x1, to_x in _runs(left, w, canvas.shape[1]):
            part = sprite[y0:y1, x0:x1]
            below = canvas[to_y : to_y + y1 - y0, to_x : to_x + x1 - x0]
            below *= 1 - part[..., 3:]
            below += part[..., :3]


def _runs(start: int, length: int, side: int) -> list[tuple[int, int, int]]:
    """A length from `start` on a circle, as pieces: from, to, and where the piece begins on the circle."""
    if length > side:
        raise ValueError("a sprite is larger than its tile")
    start %= side
    first = min(length, side - start)
    return [(0, first, start)] + ([(first, length, 0)] if length > first else [])


def to_bytes(light: Array) -> NDArray[np.uint8]:
    """Light 0..1 as bytes."""
    return np.asarray(np.clip(light * np.float32(255) + np.float32(0.5), 0, 255), np.uint8)

"""Random material of a painting: smooth noise sheets, and ways to read a piece of one at any scale.

A sheet is drawn once on its own grid from its own seed and never on the pixels of a picture; that is what makes a
painting independent of its size. Units are painting units (1024 to the longer side); `scale` is pixels per unit.
"""

from __future__ import annotations

import hashlib
import math

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

UNITS = 1024


def stream(seed: int, *purpose: object) -> np.random.Generator:
    """A random stream for one purpose of one painting; streams of different purposes do not disturb each other."""
    digest = hashlib.sha256("|".join([str(seed), *map(str, purpose)]).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def ramp(low: float, high: float, values: Array) -> Array:
    """Smooth step from 0 at `low` to 1 at `high`, element-wise; `low` > `high` runs downhill."""
    t = np.multiply(values, np.float32(1 / (high - low)))
    t -= np.float32(low / (high - low))
    np.clip(t, 0, 1, out=t)
    step: Array = t * t
    t *= -2
    t += 3
    step *= t
    return step


def blur(plane: Array, sigma: float) -> Array:
    """Gaussian blur, `sigma` in pixels of the plane; edges repeat. Wide blurs run on a reduced plane."""
    if sigma < 0.3:
        return plane
    h, w = plane.shape[:2]
    reduce = int(min(8, sigma // 2.5))
    if reduce >= 2 and min(h, w) >= 4 * reduce:
        small = cv2.resize(plane, (max(1, w // reduce), max(1, h // reduce)), interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), sigma / reduce, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)


def read(
    plane: Array, origin: tuple[float, float], plane_scale: float, x: int, y: int, w: int, h: int, scale: float, *,
    cubic: bool = False, outside: float | None = None,
) -> Array:  # fmt: skip
    """A `w` × `h` window at (`x`, `y`) pixels of a picture with `scale` pixels per unit, from a plane whose first pixel
    corner lies at `origin` (units) and which has `plane_scale` pixels per unit. `outside` None repeats the edge."""
    step = plane_scale / scale
    move_x = (x + 0.5) * step - origin[0] * plane_scale - 0.5
    move_y = (y + 0.5) * step - origin[1] * plane_scale - 0.5
    if step == 1 and move_x == int(move_x) and move_y == int(move_y):
        left, top = int(move_x), int(move_y)
        if left >= 0 and top >= 0 and left + w <= plane.shape[1] and top + h <= plane.shape[0]:
            return plane[top : top + h, left : left + w]
    matrix = np.array([[step, 0, move_x], [0, step, move_y]], np.float64)
    how = (cv2.INTER_CUBIC if cubic else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    return np.asarray(
        cv2.warpAffine(plane, matrix, (w, h), flags=how, borderMode=border, borderValue=outside or 0), np.float32
    )


class Sheet:
    """Smooth noise, mean about 0 and deviation about 1, on a square larger than the painting so that every reader can
    take it from another place. `feature` is the size of the largest blobs in units, `extent` the longer side of the painting."""

    def __init__(
        self, seed: int, purpose: str, feature: float, octaves: int = 3, gain: float = 0.5, extent: int = UNITS
    ) -> None:
        finest = feature / 2 ** (octaves - 1)
        self.scale = min(1.0, 5.0 / finest)
        self.extent = extent
        self.span = extent * 1.6
        size = round(self.span * self.scale)
        rng = stream(seed, "sheet", purpose)
        total = np.zeros((size, size), np.float32)
        amplitude, power = 1.0, 0.0
        for octave in range(octaves):
            cells = max(3, round(self.span / feature * 2**octave)) + 3
            grid = rng.standard_normal((cells, cells)).astype(np.float32)
            total += np.float32(amplitude) * cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC)
            power += amplitude * amplitude
            amplitude *= gain
        # Cubic interpolation between normal draws has a deviation near 0.72; bring it back to about 1.
        self.plane: Array = total / np.float32(0.72 * math.sqrt(power))

    def place(self, rng: np.random.Generator) -> tuple[float, float]:
        """A random place to read this sheet from: where the painting's corner falls on it, in units."""
        room = self.span - self.extent
        return (-float(rng.uniform(0, room)), -float(rng.uniform(0, room)))

    def read(self, place: tuple[float, float], x: int, y: int, w: int, h: int, scale: float) -> Array:
        """The window of the painting at (`x`, `y`), `w` × `h` pixels at `scale` pixels per unit."""
        return read(self.plane, place, self.scale, x, y, w, h, scale)


def _spread(plane: Array) -> np.float32:
    """Standard deviation, from every sixteenth value: close enough and far quicker."""
    return np.float32(plane[::4, ::4].std())


def paper(seed: int, extent: int = UNITS) -> Array:
    """The tooth of cold-pressed paper on a square grid, half a unit per pixel, `extent` units wide; mean 0, deviation 1.

    Grains of about 1, 3 and 11 units: at 300 DPI that is what a scan of real paper shows, and nothing finer, so that a
    4096 pixel picture stays small as a file.
    """
    rng = stream(seed, "paper")
    size = extent * 2
    white = rng.standard_normal((size // 2, size // 2)).astype(np.float32)
    fine = cv2.resize(cv2.GaussianBlur(white, (0, 0), 0.7), (size, size), interpolation=cv2.INTER_CUBIC)
    tooth = cv2.resize(white[::-1, ::2].copy(), (size // 4, size // 4), interpolation=cv2.INTER_AREA)
    tooth = cv2.GaussianBlur(tooth, (0, 0), 1.0)
    tooth = cv2.resize(tooth, (size, size), interpolation=cv2.INTER_CUBIC)
    cloud = cv2.resize(rng.standard_normal((96, 96)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    mixed = np.zeros((size, size), np.float32)
    for share, grains in ((0.46, fine), (0.62, tooth), (0.13, cloud)):
        spread = _spread(grains)
        grains *= np.float32(share)
        grains /= spread
        mixed += grains
    # Pigment settles in pits: a few clearly darker grains, and broad lighter tops between them.
    pits = np.multiply(mixed, mixed, out=fine)
    pits -= _spread(mixed) ** 2
    pits *= np.float32(0.17)
    mixed += pits
    mixed *= np.float32(0.8)
    np.tanh(mixed, out=mixed)
    mixed -= mixed[::4, ::4].mean()
    mixed /= _spread(mixed)
    return mixed


# A print is looked at from near as well; its finest grain lies on a tile of this many values, `GRAIN_SCALE` to the unit.
_GRAIN_TILE = 1024
GRAIN_SCALE = 5.0


def fine_grain(seed: int) -> Array:
    """A tile of very fine grain, mean 0, deviation 1, that joins itself at its edges."""
    white = stream(seed, "grain").standard_normal((_GRAIN_TILE, _GRAIN_TILE)).astype(np.float32)
    soft = cv2.GaussianBlur(np.pad(white, 8, mode="wrap"), (0, 0), 0.75)[8:-8, 8:-8]
    return np.asarray(soft / soft.std(), np.float32)


def read_grain(tile: Array, x: int, y: int, w: int, h: int, scale: float) -> Array | None:
    """The fine grain on a window of a picture with `scale` pixels per unit; None when it is too fine to show there."""
    if scale < GRAIN_SCALE / 2.5:
        return None
    step = GRAIN_SCALE / scale
    matrix = np.array([[step, 0, (x * step) % _GRAIN_TILE], [0, step, (y * step) % _GRAIN_TILE]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    found = cv2.warpAffine(tile, matrix, (w, h), flags=flags, borderMode=cv2.BORDER_WRAP)
    return np.asarray(found * np.float32(min(1.0, scale / GRAIN_SCALE)), np.float32)

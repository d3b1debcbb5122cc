"""Opaque paint with visible brush strokes, for the gouache style.

A shape gets its own color, a cooler shade on the side away from the light and a warmer light on the other, all three laid in
strokes along one direction. Lengths are painting units; `s` is values per unit; `x`, `y` the corner on the working grid.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from elistit_artist.paint import color
from elistit_artist.paint.noise import Array, Sheet, blur, ramp

# How much longer than wide the mark of a bristle is.
_STROKE = 8.0


def bristles(sheet: Sheet, rng: np.random.Generator, angle: float, x: int, y: int, w: int, h: int, s: float) -> Array:
    """Noise drawn out along `angle` (radians): the marks a flat brush leaves."""
    c, n = math.cos(angle), math.sin(angle)
    step = sheet.scale / s
    middle = sheet.plane.shape[0] / 2
    move_x, move_y = rng.uniform(-0.2, 0.2, 2) * sheet.plane.shape[0]
    across = np.array([[c / _STROKE, n / _STROKE], [-n, c]]) * step
    start = across @ np.array([x - 512 * s, y - 512 * s])
    matrix = np.array(
        [
            [across[0, 0], across[0, 1], start[0] + middle + move_x],
            [across[1, 0], across[1, 1], start[1] + middle + move_y],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(sheet.plane, matrix, (w, h), flags=flags, borderMode=cv2.BORDER_REFLECT), np.float32
    )


def pigment(wet: Array, rgb: Array, streaks: Array, radius: float, s: float, light: tuple[float, float]) -> Array:
    """Absorbance, three channels, of one opaque shape. `wet` is its coverage, `streaks` its brush marks, `light` points
    from the light to the shade."""
    h, w = wet.shape
    own = color.absorbance(rgb)
    shade = color.absorbance(color.tinted(rgb, -0.075, (0.004, -0.014)))
    bright = color.absorbance(color.tinted(rgb, 0.055, (0.002, 0.012)))
    out = own + (shade - own) * np.clip(0.13 + 0.13 * streaks, 0, 0.45)[..., None]
    if radius > 7:
        for sign, tone, strength in ((1.0, shade, 0.85), (-1.0, bright, 0.80)):
            reach = min(40.0, 0.46 * radius) * s * sign
            away = np.array([[1, 0, light[0] * reach], [0, 1, light[1] * reach]], np.float32)
            flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            inner = np.asarray(cv2.warpAffine(wet, away, (w, h), flags=flags, borderValue=0), np.float32)
            inner = blur(inner, min(18.0, 0.26 * radius) * s)
            rim = ramp(0.62, 0.34, inner + np.float32(0.11) * streaks)
            out += (tone - out) * (rim * np.float32(strength))[..., None]
    return np.asarray(out, np.float32)

"""Shading with lines, as pen drawings and engravings have it: darker means broader lines, and crossed ones.

Lines bulge a little over each shape and lie closer to full on the side away from the light. Lengths are painting units
unless named `_px`; no random draw may happen here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from elistit_artist.paint.noise import Array, ramp, read
from elistit_artist.paint.washes import Wash

# How much each channel weighs in how dark a pigment looks.
_WEIGHTS = np.array([0.30, 0.59, 0.11], np.float32)
# Lines of a shape and of the one after it lie at other angles; the golden section never repeats one.
_TURN = 0.618034


@dataclass(frozen=True)
class Hatch:
    """`space` from line to line; `strength` how dark they may make a tone, 0..1; `shade` how much darker the side away from
    the light is; `light` points from the light to the shade."""

    space: float
    strength: float
    shade: float
    light: tuple[float, float]


def darkness(pigment: Array) -> Array:
    """How dark a pigment looks, 0 (paper) to 1, from its absorbance (three channels last)."""
    return np.asarray(1 - cv2.exp(-(pigment @ _WEIGHTS)), np.float32)


def shaded(hatch: Hatch, wash: Wash, number: int, x: int, y: int, w: int, h: int, scale: float) -> Array:
    """Ink of the lines that give a wash its tone, 0..1 (`h` × `w`), on the whole window whether the wash covers it or not."""
    high, wide = wash.edge.shape[0] / wash.scale, wash.edge.shape[1] / wash.scale
    middle = (wash.left + wide / 2, wash.top + high / 2)
    reach = max(wide, high) / 2
    tone = darkness(read(wash.pigment, (wash.left, wash.top), wash.scale, x, y, w, h, scale))
    if wash.over and not wash.late:
        tone = tone * np.float32(wash.over)
    xs = (np.arange(w, dtype=np.float32)[None, :] + x + 0.5) / np.float32(scale) - np.float32(middle[0])
    ys = (np.arange(h, dtype=np.float32)[:, None] + y + 0.5) / np.float32(scale) - np.float32(middle[1])
    if not wash.late:
        away = (xs * np.float32(hatch.light[0]) + ys * np.float32(hatch.light[1])) / np.float32(reach)
        tone = tone * (1 + np.float32(hatch.shade) * np.clip(away, -1, 1)) + np.float32(0.16 * hatch.shade) * np.clip(
            away, 0, 1
        )
    angle = math.radians(38 + 34 * ((number * _TURN) % 1))
    ink = _family(hatch.space, angle, reach, xs, ys, _share(tone, 0.10, 0.62, 0.62 * hatch.strength), scale)
    crossed = _share(tone, 0.46, 0.80, 0.55 * hatch.strength)
    if crossed.any():
        second = _family(hatch.space, angle + math.radians(68), -reach, xs, ys, crossed, scale)
        np.maximum(ink, second, out=ink)
    return ink


def flat_tone(hatch: Hatch, tone: float, x: int, y: int, w: int, h: int, scale: float) -> Array:
    """Level lines for paper that is not white, such as a night sky, on one tile."""
    xs = (np.arange(w, dtype=np.float32)[None, :] + x + 0.5) / np.float32(scale)
    ys = (np.arange(h, dtype=np.float32)[:, None] + y + 0.5) / np.float32(scale)
    share = _share(np.full((h, w), tone, np.float32), 0.14, 0.9, 0.70 * hatch.strength)
    return _family(hatch.space, math.radians(90), 1e6, xs, ys, share, scale)


def _share(tone: Array, low: float, high: float, most: float) -> Array:
    """The part of the paper that lines cover for a tone: nothing up to `low`, `most` from `high` on."""
    share: Array = np.clip((tone - np.float32(low)) / np.float32(high - low), 0, 1) * np.float32(most)
    return share


def _family(space: float, angle: float, bulge: float, xs: Array, ys: Array, share: Array, scale: float) -> Array:
    """Parallel lines across `angle`, bowed over a shape of reach `bulge`, as broad as `share` of the space between them. They
    end where they would be thinner than a pen draws."""
    across = xs * np.float32(math.cos(angle)) + ys * np.float32(math.sin(angle))
    along = ys * np.float32(math.cos(angle)) - xs * np.float32(math.sin(angle))
    across = across + along * along * np.float32(0.22 / bulge)
    turn = across / np.float32(space)
    away = np.abs(turn - np.floor(turn) - np.float32(0.5)) * np.float32(space)
    half = share * np.float32(space / 2)
    half = np.where(share > 0.05, np.maximum(half, np.float32(0.55)), half - np.float32(1.0))
    soft = max(0.25, 0.6 / scale)
    return ramp(soft, -soft, np.asarray(away - half, np.float32))

"""Color for painting: sRGB to OKLab and back, pigment absorbance, and grading towards a palette.

Colors are float32 sRGB in 0..1 with three channels last. Grading must never pull eyes and whites to a palette color:
very dark and very light paints stay what they are, otherwise faces go muddy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

# OKLab (Björn Ottosson, 2020): linear sRGB → cone response → lightness and two opponent axes.
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float64,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float64,
)
_FROM_LMS = np.linalg.inv(_TO_LMS)
_FROM_LAB = np.linalg.inv(_TO_LAB)


def oklab(rgb: Any) -> NDArray[np.float64]:
    """OKLab of sRGB colors in 0..1 (last axis 3)."""
    c = np.asarray(rgb, np.float64)
    linear = np.where(c <= 0.04045, c / 12.92, ((np.maximum(c, 0.04045) + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T)


def srgb(lab: Any) -> NDArray[np.float64]:
    """sRGB in 0..1 of OKLab colors, clipped to the gamut."""
    linear = np.clip((np.asarray(lab, np.float64) @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T, 0.0, 1.0)
    coded: NDArray[np.float64] = np.where(
        linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    )
    return coded


def from_hex(code: str) -> Array:
    """`#rrggbb` (or `rrggbb`) as sRGB. Raises ValueError for anything else."""
    digits = code.strip().lstrip("#")
    if len(digits) != 6:
        raise ValueError(f"not a color: {code!r}")
    return np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)], np.float32) / 255


def lightness(rgb: Any) -> float:
    """OKLab lightness of one color, 0 black to 1 white."""
    return float(oklab(rgb)[..., 0])


def is_warm(rgb: Any) -> bool:
    """Reds, oranges, browns and yellows: hues between 20 and 112 degrees in OKLab, colorful enough to have one."""
    lab = oklab(np.asarray(rgb, np.float64).reshape(3))
    hue = math.degrees(math.atan2(float(lab[2]), float(lab[1])))
    return 20 < hue < 112 and math.hypot(float(lab[1]), float(lab[2])) > 0.02


def absorbance(rgb: Any) -> Array:
    """How strongly a pigment of this color takes light away, per channel (Beer-Lambert: color = exp(-absorbance))."""
    return np.asarray(-np.log(np.clip(np.asarray(rgb, np.float64), 0.03, 0.985)), np.float32)


@dataclass(frozen=True)
class Grade:
    """How colors are pulled to a palette. `colors` hex codes (empty: no pull), `amount` 0..1 how far,
    `chroma` a factor on colorfulness, `lift` 0..1 towards white, `warmth` -1..1 a shift of all colors, `own_light` 0..1 how much of its
    lightness a color keeps when it is pulled."""

    colors: tuple[str, ...] = ()
    amount: float = 0.0
    chroma: float = 1.0
    lift: float = 0.0
    warmth: float = 0.0
    own_light: float = 0.5

    @staticmethod
    def from_json(data: dict[str, Any] | None) -> Grade:
        """Read what `as_json` wrote; missing fields take their defaults."""
        data = data or {}
        return Grade(
            tuple(str(c) for c in data.get("colors", ())),
            float(data.get("amount", 0.0)),
            float(data.get("chroma", 1.0)),
            float(data.get("lift", 0.0)),
            float(data.get("warmth", 0.0)),
            float(data.get("own_light", 0.5)),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "colors": list(self.colors),
            "amount": self.amount,
            "chroma": self.chroma,
            "lift": self.lift,
            "warmth": self.warmth,
            "own_light": self.own_light,
        }


def _ramp(low: float, high: float, value: float) -> float:
    t = min(1.0, max(0.0, (value - low) / (high - low)))
    return t * t * (3 - 2 * t)


def grade(rgb: Any, how: Grade) -> Array:
    """One color pulled to a palette. The pull follows the nearest palette colors softly and keeps part of the
    paint's own lightness, so light and shade of the drawing survive any palette."""
    lab = oklab(np.asarray(rgb, np.float64).reshape(3))
    dark = 1 - _ramp(0.22, 0.40, float(lab[0]))
    light = _ramp(0.93, 0.98, float(lab[0]))
    free = (1 - dark) * (1 - light)
    lab[0] = lab[0] * (1 - how.lift * free) + how.lift * free
    lab[1:] *= 1 + (how.chroma - 1) * (1 - dark)
    if how.colors:
        targets = oklab(np.stack([from_hex(c) for c in how.colors]))
        away = ((targets - lab) ** 2 * np.array([0.22, 1.0, 1.0])).sum(-1)
        weight = np.exp(-(away - away.min()) / 0.002)
        goal = (weight / weight.sum()) @ targets
        goal[0] += (lab[0] - goal[0]) * how.own_light
        # A grey coat stays grey: pulled in full, a wolf in an autumn palette would come out olive.
        pull = how.amount * free * (0.3 + 0.7 * _ramp(0.012, 0.05, math.hypot(lab[1], lab[2])))
        strength = math.hypot(lab[1], lab[2]) * (1 - pull) + math.hypot(goal[1], goal[2]) * pull
        lab = lab + (goal - lab) * pull
        # Between opposite hues the straight way leads through grey; keep the color as strong as its ends.
        lab[1:] *= strength / max(1e-6, math.hypot(lab[1], lab[2])) if strength > 0.01 else 1.0
    lab[1:] += np.array([0.012, 0.03]) * how.warmth * free
    return np.asarray(srgb(lab), np.float32)


def tinted(rgb: Any, lighter: float, shift: tuple[float, float]) -> Array:
    """A color made `lighter` (OKLab lightness, may be negative) and moved by `shift` on the two opponent axes."""
    lab = oklab(np.asarray(rgb, np.float64).reshape(3))
    lab[0] = min(0.985, max(0.0, lab[0] + lighter))
    lab[1:] += np.array(shift)
    return np.asarray(srgb(lab), np.float32)


def oklab_mix(rgb: Any, other: Any, share: float) -> Array:
    """The color `share` (0..1) of the way from one to the other, as the eye sees it."""
    a, b = (oklab(np.asarray(c, np.float64).reshape(3)) for c in (rgb, other))
    return np.asarray(srgb(a + (b - a) * share), np.float32)


def neighbor(rgb: Any, turn: float, deepen: float) -> Array:
    """A second pigment close to the first: hue turned by `turn` degrees and `deepen` darker (OKLab lightness). Near
    greys are tinted a little, because a flat grey wash looks printed."""
    lab = oklab(np.asarray(rgb, np.float64).reshape(3))
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    lab[1], lab[2] = lab[1] * c - lab[2] * s, lab[1] * s + lab[2] * c
    if math.hypot(lab[1], lab[2]) < 0.02:
        lab[1] += 0.006 * (1 if turn > 0 else -1)
        lab[2] += 0.010 * (1 if turn > 0 else -1.4)
    lab[0] = max(0.0, lab[0] - deepen)
    return np.asarray(srgb(lab), np.float32)

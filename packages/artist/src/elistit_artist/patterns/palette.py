"""The colors of a coordinated set: grounds and accents, taken from the figures as they are painted and from the palette asked for.

Pure. All tiles of a set share one palette; it must never hold a color that none of its figures or the seller's words have.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from elistit_artist.patterns import artist
from elistit_artist.patterns.artist import Grade

ACCENTS = 5
_FILL = re.compile(r'fill="(#[0-9a-fA-F]{6})"')
_NAMED = {
    "cream": "#f8f1e4", "ivory": "#f5efdd", "white": "#fbfaf8", "blush": "#f3d9d2", "pink": "#e9a6b8", "rose": "#cf7f8c",
    "peach": "#f3c6a5", "coral": "#e8836b", "terracotta": "#c06a4a", "rust": "#a34f33", "red": "#b23a3a", "orange": "#e08a3c",
    "mustard": "#d6a23e", "honey": "#e7bd6a", "butter": "#f4e2a6", "lemon": "#f0d850", "olive": "#8a8a4a", "moss": "#6f7d4f",
    "sage": "#a9b79a", "mint": "#c3dfcd", "green": "#5f9160", "forest green": "#3d5b47", "teal": "#3f8080",
    "powder blue": "#c9dbe8", "sky blue": "#9cc3de", "blue": "#5f86b3", "slate blue": "#5b6f8c", "navy": "#2f3d5c",
    "lavender": "#cdbfe3", "lilac": "#b5a0cf", "plum": "#6f4a70", "gray": "#a3a2a0", "charcoal": "#4a4a4c", "black": "#262427", "taupe": "#b7a596",
    "tan": "#cfae88", "sand": "#e3cfb0", "caramel": "#b9814e", "brown": "#7d5a42", "chocolate": "#573a2c", "mocha": "#8f7060",
}  # fmt: skip

# What an idea may name as the ground of its tiles; “dark” is the deep ground of the set's own colors.
GROUNDS = {
    **_NAMED, "dark": "", "midnight blue": "#232c47", "dark blue": "#2f3d5c", "dark green": "#33493c",
    "sage green": "#a9b79a", "mint green": "#c3dfcd", "olive green": "#8a8a4a", "emerald": "#2f7d5b", "hot pink": "#e0559a",
    "blush pink": "#f3d9d2", "dusty pink": "#d8a7a7", "dusty rose": "#c98f8f", "baby blue": "#bfdcee", "light blue": "#b9d7e8",
    "dusty blue": "#8fa6ba", "royal blue": "#3a56a4", "navy blue": "#2f3d5c", "turquoise": "#4fb3b3", "aqua": "#86cfd0",
    "purple": "#7d5a9e", "yellow": "#f0d060", "gold": "#c9a24a", "silver": "#bfc1c4", "grey": "#a3a2a0", "beige": "#e6d9c3",
    "burgundy": "#6e2a38", "maroon": "#6a2c33", "burnt orange": "#bd6232",
}  # fmt: skip


@dataclass(frozen=True)
class Colors:
    """A set's colors as hex codes: `light`, `tint`, `mid` and `deep` are grounds, `accents` the strongest colors, first the most
    painted. `asked`: the idea names what the tiles lie on."""

    light: str
    tint: str
    mid: str
    deep: str
    accents: tuple[str, ...]
    asked: bool = False

    def grounds(self) -> tuple[str, str, str, str]:
        return (self.light, self.tint, self.mid, self.deep)


def name_of(code: str) -> str:
    """What people call a color: the nearest of some forty names."""
    lab = artist.color.oklab(artist.color.from_hex(code))
    away = {n: float(np.linalg.norm(lab - artist.color.oklab(artist.color.from_hex(c)))) for n, c in _NAMED.items()}
    return min(away, key=lambda n: away[n])


def graded(style: str, grade: Grade) -> Grade:
    """The grade as a style paints with it."""
    return (
        artist.styles.aged(grade) if style == "vintage" else artist.styles.sweet(grade) if style == "kawaii" else grade
    )


def painted(figures: Sequence[dict[str, Any]], grade: Grade) -> list[tuple[np.ndarray, float]]:
    """The colors of some figures after grading, as OKLab, each with how much of them is painted in it."""
    weights: dict[str, float] = {}
    for figure in figures:
        for code, share in _fills(str(figure["subject"]), json.dumps(figure.get("params") or {}, sort_keys=True)):
            weights[code] = weights.get(code, 0.0) + share
    return [(np.array(_toned(code, grade)), w) for code, w in sorted(weights.items())]


@lru_cache(maxsize=2_000)
def _fills(subject: str, params: str) -> tuple[tuple[str, float], ...]:
    """The colors a figure is drawn in, each with its share of what is visible."""
    drawn = artist.drawing(subject, json.loads(params), 1)
    parts, box = artist.layers.leaves(drawn)
    pixels = artist.layers.raster("".join(parts), box, 96, 96)
    codes, counts = np.unique(pixels[pixels[..., 3] > 240][:, :3], axis=0, return_counts=True)
    own = set(_FILL.findall(drawn.lower()))
    total = max(1, int(counts.sum()))
    named = [("#" + "".join(f"{int(v):02x}" for v in c), float(n) / total) for c, n in zip(codes, counts, strict=True)]
    return tuple((code, share) for code, share in named if code in own)


@lru_cache(maxsize=20_000)
def _toned(code: str, grade: Grade) -> tuple[float, float, float]:
    lab = artist.color.oklab(artist.color.grade(artist.color.from_hex(code), grade))
    return float(lab[0]), float(lab[1]), float(lab[2])


def of_set(figures: Sequence[dict[str, Any]], grade: Grade, style: str) -> Colors:
    """The palette of a set of figures painted with a grade in a style."""
    grade = graded(style, grade)
    found = painted(figures, grade)
    plain = replace(grade, colors=(), amount=0.0)
    usable = [(lab, w) for lab, w in found if 0.34 < lab[0] < 0.90] or [(np.array([0.7, 0.03, 0.05]), 1.0)]
    # The colors the seller asked for lead; those of the figures go with them.
    asked = [_toned(code, plain) for code in grade.colors]
    accents = [lab for lab in asked if 0.45 < lab[0] < 0.84][:3]
    accents += [c for c in _apart(usable, ACCENTS) if all(np.linalg.norm(np.subtract(c, o)) > 0.05 for o in accents)]
    accents = accents[:ACCENTS] if len(accents) > 1 else [accents[0], accents[0]]
    hue = max(accents[:3], key=lambda lab: math.hypot(lab[1], lab[2]))
    deepest = min(accents, key=lambda lab: float(lab[0]))
    return Colors(
        light=_code(_ground(accents[0], 0.968, 0.014)),
        tint=_code(_ground(hue, 0.915, 0.032)),
        mid=_code(_ground(accents[0], 0.80, 0.060)),
        deep=_code(_ground(deepest, 0.40, 0.060)),
        accents=tuple(_code(lab) for lab in accents),
    )


def laid_on(colors: Colors, name: str) -> Colors:
    """The same set on a ground asked for by a name of `GROUNDS`; its other grounds stay, so that tiles go together."""
    ground = GROUNDS[name] or colors.deep
    return replace(colors, light=ground, tint=ground, asked=True)


def _apart(found: Sequence[tuple[np.ndarray, float]], count: int) -> list[tuple[float, float, float]]:
    """Up to `count` colors, much painted and unlike each other."""
    labs = np.array([lab for lab, _ in found])
    weights = np.array([w for _, w in found])
    # A color stands for all that are near it.
    near = (np.linalg.norm(labs[:, None] - labs[None, :], axis=-1) < 0.06).astype(float)
    mass = near @ weights
    chosen = [int(np.argmax(mass * (0.4 + np.hypot(labs[:, 1], labs[:, 2]) * 6)))]
    while len(chosen) < min(count, len(labs)):
        away = np.min(np.linalg.norm(labs[:, None] - labs[chosen][None, :], axis=-1), axis=1)
        worth = np.minimum(away, 0.22) * (0.25 + np.sqrt(mass / mass.max()))
        worth[away < 0.05] = -1
        best = int(np.argmax(worth))
        if worth[best] < 0:
            break
        chosen.append(best)
    while len(chosen) < 2:
        chosen.append(chosen[0])
    return [(float(a), float(b), float(c)) for a, b, c in labs[chosen]]


def _ground(lab: Sequence[float], light: float, most: float) -> np.ndarray:
    """A ground of this lightness in the hue of a color, with at most so much chroma."""
    chroma = math.hypot(float(lab[1]), float(lab[2]))
    keep = min(1.0, most / chroma) if chroma > 1e-6 else 0.0
    return np.array([light, float(lab[1]) * keep, float(lab[2]) * keep])


def _code(lab: Sequence[float] | np.ndarray) -> str:
    return hexed(artist.color.srgb(np.asarray(lab, np.float64)))


def hexed(rgb: np.ndarray) -> str:
    """The hex code of a color, sRGB in 0..1."""
    return str(artist.vector.hexed([float(v) for v in rgb]))


def mixed(first: str, second: str, share: float) -> str:
    """The color `share` of the way from one to another, as the eye sees it."""
    return hexed(artist.color.oklab_mix(artist.color.from_hex(first), artist.color.from_hex(second), share))


def lost_on(figures: Sequence[dict[str, Any]], grade: Grade, style: str, ground: str) -> float:
    """Which share of what some figures are painted in can hardly be told from a ground, 0..1."""
    found = painted(figures, graded(style, grade))
    lab = artist.color.oklab(artist.color.from_hex(ground))
    total = sum(w for _, w in found) or 1.0
    return sum(w for own, w in found if float(np.linalg.norm((own - lab) * np.array([1.0, 0.8, 0.8]))) < 0.085) / total

"""Sprigs and blooms for compositions, in the colors of a scheme: the figures' own growers, chosen and toned.

Nothing is drawn here that `figures` does not draw. Lengths are canvas units, directions degrees (-90 is up).
"""

from __future__ import annotations

import numpy as np

from elistit_artist.compose.canvas import Canvas
from elistit_artist.figures.botanicals import (
    at_share,
    eucalyptus,
    fern,
    grow,
    lavender,
    leafy,
    olive,
    palm,
    pampas,
    stem,
    wheat,
)  # fmt: skip
from elistit_artist.figures.florals import HEADS
from elistit_artist.figures.geometry import darker, leaf, lighter, mix, toward, vary

SPRIGS = ("eucalyptus", "olive", "fern", "leafy", "berries", "lavender", "pampas", "wheat", "palm", "slender")


def sprig(
    canvas: Canvas, kind: str, x: float, y: float, way: float, length: float, rng: np.random.Generator, color: str = ""
) -> None:
    """One sprig from (x, y). `color` replaces the scheme's own for it."""
    c = canvas.colors
    green = color or vary(c.leaf[int(rng.integers(0, 2))], rng, 0.03)
    wood = darker(green, 0.28) if not c.dark else lighter(green, 0.12)
    at = (x, y)
    if kind == "eucalyptus":
        eucalyptus(canvas, at, way, length, rng, green, wood)
    elif kind == "fern":
        fern(canvas, at, way, length, rng, green, wood)
    elif kind == "leafy":
        leafy(canvas, at, way, length * 0.85, rng, green, wood)
    elif kind == "berries":
        olive(canvas, at, way, length, rng, green, wood, berry=c.accent)
    elif kind == "lavender":
        lavender(canvas, at, way, length, rng, color or mix(c.tones[3], "#8d7cb5", 0.35), c.leaf[1])
    elif kind == "pampas":
        pale = color or mix(c.tones[1], "#dcc3a0", 0.55)
        pampas(canvas, at, way, length, rng, pale, darker(pale, 0.25))
    elif kind == "wheat":
        wheat(canvas, at, way, length, rng, color or mix(c.sun, "#d3ab63", 0.6), darker(c.sun, 0.2))
    elif kind == "palm":
        palm(canvas, at, way, length, rng, green, wood)
    elif kind == "slender":
        slender(canvas, x, y, way, length, rng, green)
    else:
        olive(canvas, at, way, length, rng, green, wood)


def slender(
    canvas: Canvas, x: float, y: float, way: float, length: float, rng: np.random.Generator, color: str
) -> None:
    """A fine stem with a few long leaves: the calm line of a modern print."""
    line = grow((x, y), way, length, rng.normal(0, 34))
    stem(canvas, line, length * 0.014, length * 0.006, color)
    count = int(rng.integers(6, 9))
    for i in range(count):
        px, py, a = at_share(line, 0.22 + 0.72 * i / (count - 1))
        side = 1 if i % 2 else -1
        size = length * 0.30 * (1 - 0.35 * i / count)
        canvas.shape(leaf((px, py), a + side * 38 + rng.normal(0, 5), size, size * 0.24, "lance", side * 0.05), color)
    px, py, a = line[-1]
    canvas.shape(leaf((px, py), a, length * 0.17, length * 0.04, "lance"), color)


def bloom_colors(canvas: Canvas) -> list[str]:
    """Colors for blooms: the light, the accent, two tones, and a near white."""
    c = canvas.colors
    return [c.sun, c.accent, c.tones[2], c.tones[1], "#f4ebdd" if not c.dark else "#eadfca"]


def bloom(canvas: Canvas, kind: str, x: float, y: float, r: float, rng: np.random.Generator, color: str) -> None:
    """A flower head seen from above (tulip: from the side)."""
    HEADS[kind](canvas, x, y, r, rng, vary(color, rng, 0.02))


def flower(
    canvas: Canvas,
    kind: str,
    x: float,
    y: float,
    way: float,
    length: float,
    r: float,
    rng: np.random.Generator,
    color: str,
) -> None:
    """A flower on its stem with two leaves."""
    line = grow((x, y), way, length, rng.normal(0, 14))
    green = vary(canvas.colors.leaf[1], rng, 0.03)
    stem(canvas, line, max(7.0, length * 0.014), max(5.0, length * 0.009), green)
    for side, t in ((-1, rng.uniform(0.25, 0.4)), (1, rng.uniform(0.45, 0.6))):
        px, py, a = at_share(line, t)
        size = min(length * 0.3, r * 1.7)
        canvas.shape(leaf((px, py), a + side * 40, size, size * 0.28, "lance", side * 0.06), vary(green, rng, 0.03))
    px, py, a = line[-1]
    if kind == "tulip":
        px, py = toward((px, py), a, r * 0.7)
        with canvas.at(px, py, turn=a + 90):
            bloom(canvas, kind, 0, 0, r, rng, color)
    else:
        bloom(canvas, kind, px, py, r, rng, color)


def grass(canvas: Canvas, x: float, y: float, height: float, rng: np.random.Generator, color: str) -> None:
    """One blade."""
    canvas.shape(
        leaf((x, y), -90 + rng.normal(0, 10), height, max(9.0, height * 0.05), "willow", rng.normal(0, 0.1)), color
    )

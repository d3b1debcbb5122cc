"""What places are made of: clouds, a sun, firs, rows of flowers and grass.

Sizes are shares of the canvas unless they are said to be units; every color comes from the canvas's scheme.
"""

from __future__ import annotations

import numpy as np

from elistit_artist.compose import plants
from elistit_artist.compose.canvas import Canvas
from elistit_artist.figures.celestial import cloud_points
from elistit_artist.figures.geometry import mix, vary


def planted(canvas: Canvas, rng: np.random.Generator, kinds: str, y: float, share: float, free: float = 0.24) -> None:
    """Flowers and sprigs along a line, taller at the sides; `free` keeps the middle low."""
    names = kinds.split()
    count = max(9, round(canvas.w / 95))
    hues = plants.bloom_colors(canvas)
    for k in range(count):
        x = canvas.w * (0.02 + 0.96 * (k + 0.5) / count) + rng.uniform(-16, 16)
        side = abs(x / canvas.w - 0.5)
        if side < free and k % 2:
            continue
        tall = canvas.h * share * (0.45 + 1.4 * side) * rng.uniform(0.85, 1.15)
        name = names[k % len(names)]
        if name in plants.SPRIGS:
            plants.sprig(canvas, name, x, y, -90 + rng.normal(0, 6), tall, rng, canvas.colors.leaf[k % 2])
        else:
            plants.flower(canvas, name, x, y, -90 + rng.normal(0, 5), tall, 26 + 26 * side, rng, hues[k % 5])


def clouds(canvas: Canvas, rng: np.random.Generator, places: str) -> None:
    """Clouds; each place is x,y,size in shares."""
    c = canvas.colors
    pale = mix(c.tones[0], "#ffffff", 0.35) if not c.dark else c.tones[0]
    for word in places.split():
        x, y, size = (float(n) for n in word.split(","))
        canvas.shape(cloud_points(canvas.w * x, canvas.h * y, min(canvas.w, canvas.h) * size), vary(pale, rng, 0.01))


def low_sun(canvas: Canvas, rng: np.random.Generator, x: float, y: float, r: float) -> None:
    """The scheme's sun, in shares."""
    canvas.disc(canvas.w * x, canvas.h * y, min(canvas.w, canvas.h) * r, canvas.colors.sun, rng, 0.006)


def box(canvas: Canvas, x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
    """A rectangle in shares of the canvas."""
    w, h = canvas.w, canvas.h
    canvas.polygon([(x0 * w, y0 * h), (x1 * w, y0 * h), (x1 * w, y1 * h), (x0 * w, y1 * h)], fill)


def fir(canvas: Canvas, x: float, y: float, tall: float, color: str) -> None:
    """A fir with its foot at (x, y)."""
    canvas.stroke([(x, y + tall * 0.04), (x, y - tall * 0.2)], (tall * 0.05, tall * 0.05), mix(color, "#7d5f48", 0.5))
    for k in range(4):
        half, low = tall * (0.26 - 0.05 * k), y - tall * (0.06 + 0.2 * k)
        canvas.polygon([(x - half, low), (x, low - tall * 0.36), (x + half, low)], mix(color, "#ffffff", 0.05 * k))


def grass_front(canvas: Canvas, rng: np.random.Generator) -> None:
    """Grass along the lower edge."""
    for _ in range(round(canvas.w / 16)):
        x = rng.uniform(0, 1) * canvas.w
        plants.grass(
            canvas, x, canvas.h + 16, canvas.h * rng.uniform(0.05, 0.11), rng, vary(canvas.colors.leaf[1], rng, 0.03)
        )

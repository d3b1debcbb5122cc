"""Places made by people: shelf, city, window, table, music, mid-century shapes, playing field.

Each draws a backdrop; the middle stays free for the figure.
"""

from __future__ import annotations

import itertools

import numpy as np

from elistit_artist.compose.canvas import BEYOND, Canvas
from elistit_artist.compose.scenery import box, clouds, low_sun
from elistit_artist.compose.sky import ridge
from elistit_artist.figures.geometry import darker, lighter, mix, oval, toward, trace, vary


def shelf(canvas: Canvas, rng: np.random.Generator) -> None:
    """A shelf with a teapot and a jar."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    canvas.everywhere(mix(c.tones[0], c.ground, 0.45))
    for row in range(10):
        for k in range(8):
            if (row + k) % 2:
                canvas.shape(
                    oval(w * (0.07 + 0.125 * k), h * (0.05 + 0.075 * row), m * 0.006, m * 0.006),
                    mix(c.tones[1], c.ground, 0.4),
                )
    for x, code, size in ((0.13, "teapot", 0.24), (0.87, "jar", 0.30)):
        canvas.figure(code, {}, rng, w * x, h * 0.78 - m * size * 0.47, m * size)
    wood = mix(c.tones[3], "#b78d63", 0.6)
    box(canvas, -0.1, 0.775, 1.1, 0.815, wood)
    box(canvas, -0.1, 0.808, 1.1, 0.826, darker(wood, 0.22))
    for x in (0.14, 0.86):
        canvas.stroke(
            [(w * x, h * 0.826), (w * x, h * 0.93), (w * (0.5 + (x - 0.5) * 0.82), h * 0.832)],
            (m * 0.02, m * 0.02, m * 0.016),
            darker(wood, 0.3),
        )


def city(canvas: Canvas, rng: np.random.Generator) -> None:
    """Rows of houses before the sun."""
    c, w, h = canvas.colors, canvas.w, canvas.h
    low_sun(canvas, rng, 0.5, 0.34, 0.19)
    for row, (tone, low, high) in enumerate(
        ((c.tones[0], 0.30, 0.55), (c.tones[1], 0.44, 0.64), (c.tones[2], 0.58, 0.72))
    ):
        x = -0.08
        while x < 1.06:
            wide, top = rng.uniform(0.08, 0.15), rng.uniform(low, high)
            box(canvas, x, top, x + wide, 0.9, vary(tone, rng, 0.015))
            if row and rng.random() < 0.4:
                canvas.polygon(
                    [(x * w, top * h), ((x + wide / 2) * w, (top - 0.05) * h), ((x + wide) * w, top * h)],
                    vary(tone, rng, 0.02),
                )
            if row:
                _windows(canvas, rng, x, wide, top, lighter(c.sun, 0.45))
            x += wide + rng.uniform(0.0, 0.02)
    box(canvas, -0.1, 0.80, 1.1, 1.1, mix(c.tones[0], c.ground, 0.3))
    box(canvas, -0.1, 0.80, 1.1, 0.815, mix(c.tones[1], c.ink, 0.1))


def _windows(canvas: Canvas, rng: np.random.Generator, x: float, wide: float, top: float, light: str) -> None:
    for i in range(3):
        for j in range(int((0.78 - top) / 0.045)):
            if rng.random() < 0.5:
                left, up = x + wide * (0.16 + 0.26 * i), top + 0.022 + 0.045 * j
                box(canvas, left, up, left + wide * 0.15, up + 0.02, light)


def by_window(canvas: Canvas, rng: np.random.Generator) -> None:
    """A window with curtains and a sill."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    canvas.everywhere(mix(c.tones[0], c.ground, 0.35))
    frame = "#f7f0e4"
    box(canvas, 0.14, 0.08, 0.86, 0.80, frame)
    box(canvas, 0.17, 0.10, 0.83, 0.79, mix(c.tones[1], "#cfe0e2", 0.72))
    canvas.shape(oval(w * 0.66, h * 0.24, m * 0.07, m * 0.07), c.sun)
    for x0, x1, top in ((0.17, 0.52, 0.60), (0.45, 0.83, 0.65)):
        canvas.shape(
            [
                (x0 * w, 0.79 * h, 1),
                (x0 * w, (top + 0.05) * h, 1),
                ((x0 + x1) / 2 * w, top * h),
                (x1 * w, (top + 0.07) * h, 1),
                (x1 * w, 0.79 * h, 1),
            ],
            mix(c.leaf[0], c.ground, 0.3),
        )
    box(canvas, 0.485, 0.09, 0.515, 0.80, frame)
    box(canvas, 0.16, 0.40, 0.84, 0.42, frame)
    for side in (-1, 1):
        drape = [
            (0.5 + side * s, y, k)
            for s, y, k in (
                (0.44, 0.05, 1),
                (0.20, 0.05, 1),
                (0.26, 0.30, 0),
                (0.36, 0.52, 0),
                (0.33, 0.78, 0),
                (0.46, 0.78, 0),
            )
        ]
        canvas.shape(
            [(p[0] * w, p[1] * h, 1) if p[2] else (p[0] * w, p[1] * h) for p in drape], mix(c.accent, c.ground, 0.45)
        )
        canvas.stroke(
            [((0.5 + side * 0.30) * w, 0.08 * h), ((0.5 + side * 0.37) * w, 0.5 * h)],
            (m * 0.006, m * 0.003),
            mix(c.accent, c.ink, 0.12),
        )
    box(canvas, 0.04, 0.045, 0.96, 0.062, mix(c.tones[3], "#a5805c", 0.5))
    box(canvas, 0.06, 0.79, 0.94, 0.84, frame)
    box(canvas, 0.06, 0.832, 0.94, 0.85, mix(c.tones[1], c.ground, 0.2))


def table(canvas: Canvas, rng: np.random.Generator) -> None:
    """A checked tablecloth and a jar of flowers."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    canvas.everywhere(mix(c.tones[0], c.ground, 0.6))
    canvas.shape(oval(w * 0.5, h * 0.42, m * 0.36, m * 0.36), mix(c.tones[0], c.sun, 0.14))
    canvas.figure("jar", {}, rng, w * 0.82, h * 0.78 - m * 0.2, m * 0.44)
    box(canvas, -0.1, 0.77, 1.1, 1.1, "#f6efe2")
    check = mix(c.accent, "#f6efe2", 0.62)
    for k in range(12):
        box(canvas, -0.06 + 0.10 * k, 0.77, -0.01 + 0.10 * k, 1.1, check)
    for k in range(4):
        y = 0.80 + 0.075 * k
        box(canvas, -0.1, y, 1.1, y + 0.034, mix(c.accent, "#f6efe2", 0.5))
    box(canvas, -0.1, 0.765, 1.1, 0.775, mix(c.accent, c.ground, 0.2))


def music(canvas: Canvas, rng: np.random.Generator) -> None:
    """A staff and notes."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    canvas.shape(oval(w * 0.5, h * 0.50, m * 0.42, m * 0.42), mix(c.tones[0], c.ground, 0.2))
    for k in range(5):
        y = h * (0.14 + 0.024 * k)
        canvas.stroke(
            [(-BEYOND, y + h * 0.05), (w * 0.3, y - h * 0.01), (w * 0.7, y + h * 0.04), (w + BEYOND, y - h * 0.02)],
            (4, 4.5, 4.5, 4),
            mix(c.ink, c.ground, 0.35),
        )
    for k, (x, y) in enumerate(
        (
            (0.12, 0.21),
            (0.28, 0.17),
            (0.46, 0.20),
            (0.64, 0.24),
            (0.80, 0.19),
            (0.92, 0.16),
            (0.10, 0.50),
            (0.90, 0.48),
            (0.13, 0.72),
            (0.88, 0.70),
        )
    ):
        _note(
            canvas, w * x, h * y, m * (0.05 if k < 6 else 0.07), (c.ink, c.accent, c.tones[3], c.sun)[k % 4], k % 3 == 1
        )
    ridge(canvas, h * 0.82, h * 0.006, rng, c.tones[1], 1.0)


def _note(canvas: Canvas, x: float, y: float, size: float, color: str, pair: bool) -> None:
    for dx in (0.0, size * 1.3) if pair else (0.0,):
        canvas.shape(oval(x + dx, y, size * 0.42, size * 0.32, -24), color)
        canvas.stroke(
            [(x + dx + size * 0.36, y - size * 0.06), (x + dx + size * 0.36, y - size * 1.7)],
            (size * 0.12, size * 0.12),
            color,
        )
    if pair:
        canvas.stroke(
            [(x + size * 0.32, y - size * 1.62), (x + size * 1.7, y - size * 1.62)], (size * 0.26, size * 0.26), color
        )
    else:
        canvas.stroke(
            [(x + size * 0.36, y - size * 1.66), (x + size * 0.9, y - size * 1.2), (x + size * 0.8, y - size * 0.7)],
            (size * 0.2, size * 0.16, size * 0.04),
            color,
        )


def midcentury(canvas: Canvas, rng: np.random.Generator) -> None:
    """Boomerangs and starbursts."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    for x, y, turn, hue in (
        (0.20, 0.24, -20, c.accent),
        (0.80, 0.34, 160, c.tones[2]),
        (0.50, 0.60, 70, c.tones[1]),
        (0.16, 0.66, 20, c.leaf[0]),
    ):
        with canvas.at(w * x, h * y, turn=turn, size=m * 0.0013):
            canvas.shape(trace("-190,60 -150,-30 0,-90 150,-30 190,60 150,90 60,20 0,0 -60,20 -150,90"), hue)
    for x, y, r in ((0.78, 0.13, 0.10), (0.12, 0.44, 0.07), (0.88, 0.60, 0.08)):
        for k in range(8):
            tip = toward((w * x, h * y), 45 * k, m * r * (1 if k % 2 == 0 else 0.6))
            canvas.stroke([(w * x, h * y), tip], (3, 5), c.ink)
            canvas.shape(oval(tip[0], tip[1], m * 0.011, m * 0.011), c.sun)
    ridge(canvas, h * 0.80, h * 0.01, rng, c.tones[1], 1.0)
    ridge(canvas, h * 0.87, h * 0.01, rng, c.tones[3], 1.0)


def playing_field(canvas: Canvas, rng: np.random.Generator) -> None:
    """Mown stripes, lines and pennants."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    clouds(canvas, rng, "0.26,0.18,0.10 0.74,0.26,0.12")
    green = mix(c.leaf[0], c.ground, 0.1)
    for k in range(5):
        box(
            canvas,
            -0.1,
            0.62 + 0.08 * k,
            1.1,
            0.70 + 0.08 * k + 0.12 * (k == 4),
            lighter(green, 0.14) if k % 2 else green,
        )
    line = "#f8f3e6"
    canvas.stroke([(-BEYOND, h * 0.645), (w + BEYOND, h * 0.645)], (m * 0.009, m * 0.009), line)
    canvas.ring(
        oval(w * 0.5, h * 0.84, m * 0.40, m * 0.10, 0, 20), oval(w * 0.5, h * 0.84, m * 0.387, m * 0.088, 0, 20), line
    )
    for k in range(13):
        x = w * (0.04 + 0.077 * k)
        canvas.polygon(
            [(x - m * 0.03, h * 0.05), (x + m * 0.03, h * 0.05), (x, h * 0.105)], (c.sun, c.accent, c.tones[3])[k % 3]
        )
    canvas.stroke([(-BEYOND, h * 0.05), (w + BEYOND, h * 0.05)], (m * 0.006, m * 0.006), c.ink)


def party(canvas: Canvas, rng: np.random.Generator) -> None:
    """Bunting, bunches of balloons at the sides, and confetti."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    canvas.everywhere(mix(c.tones[0], c.ground, 0.55))
    hues = (c.sun, c.accent, c.tones[2], c.leaf[0], c.tones[3])
    for _ in range(60):
        x, y, r = rng.uniform(0.03, 0.97) * w, rng.uniform(0.16, 0.80) * h, m * rng.uniform(0.005, 0.011)
        hue = mix(hues[int(rng.integers(0, 5))], c.ground, 0.25)
        canvas.shape(oval(x, y, r, r * 0.6, float(rng.uniform(0, 180))), hue)
    for row, (low, sag) in enumerate(((0.02, 0.10), (0.10, 0.07))):
        line = [(w * x, h * (low + sag * (1 - (2 * x - 1) ** 2))) for x in np.linspace(-0.06, 1.06, 12 - 2 * row)]
        canvas.stroke(line, (m * 0.006, m * 0.006), mix(c.ink, c.ground, 0.35))
        for k, (a, b) in enumerate(itertools.pairwise(line)):
            tip = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + m * 0.10)
            canvas.polygon([a, b, tip], hues[(k + 2 * row) % 5])
    floor = mix(c.tones[1], c.ground, 0.2)
    box(canvas, -0.1, 0.80, 1.1, 1.1, floor)
    box(canvas, -0.1, 0.80, 1.1, 0.81, darker(floor, 0.12))
    for x, size in ((0.13, 0.40), (0.88, 0.44)):
        canvas.figure("party_balloons", {}, rng, w * x, h * 0.52, m * size)
    canvas.stand("gift", {"kind": "a pink gift"}, rng, w * 0.14, h * 0.90, m * 0.17)
    canvas.stand("cupcake", {"kind": "a vanilla cupcake"}, rng, w * 0.88, h * 0.91, m * 0.15)

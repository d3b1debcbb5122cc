"""Places under the sky: meadow, barnyard, sea bed, garden at night, desert, forest, sea, savanna, clouds and snow.

Each draws a backdrop, or what stands in front of the figure; the middle stays free.
"""

from __future__ import annotations

import numpy as np

from elistit_artist.compose import plants
from elistit_artist.compose.canvas import BEYOND, Canvas
from elistit_artist.compose.scenery import clouds, fir, low_sun, planted
from elistit_artist.compose.sky import crescent, ridge, stars
from elistit_artist.figures.geometry import lighter, mix, oval, ribbon, vary


def meadow(canvas: Canvas, rng: np.random.Generator) -> None:
    """Rolling meadow under a sun."""
    c = canvas.colors
    low_sun(canvas, rng, 0.74, 0.20, 0.10)
    clouds(canvas, rng, "0.24,0.24,0.11 0.60,0.36,0.08")
    for y, color in ((0.60, c.tones[0]), (0.68, c.tones[1]), (0.77, mix(c.leaf[0], c.ground, 0.2))):
        ridge(canvas, canvas.h * y, canvas.h * 0.02, rng, color, 1.3)


def meadow_front(canvas: Canvas, rng: np.random.Generator) -> None:
    """Flowers in front of it."""
    planted(canvas, rng, "poppy lavender daisy fern cosmos leafy", canvas.h + 14, 0.22)


def barnyard(canvas: Canvas, rng: np.random.Generator) -> None:
    """A barn behind a fence."""
    c, m = canvas.colors, min(canvas.w, canvas.h)
    low_sun(canvas, rng, 0.24, 0.18, 0.085)
    clouds(canvas, rng, "0.62,0.17,0.10")
    ridge(canvas, canvas.h * 0.62, canvas.h * 0.02, rng, c.tones[1], 1.3)
    canvas.figure("barn", {"kind": "a red barn"}, rng, canvas.w * 0.70, canvas.h * 0.66 - m * 0.24, m * 0.56)
    ridge(canvas, canvas.h * 0.69, canvas.h * 0.012, rng, mix(c.leaf[0], c.ground, 0.2), 1.1)
    wood = mix(c.tones[3], "#a5805c", 0.6)
    for k in range(9):
        x = canvas.w * (0.02 + 0.12 * k)
        canvas.stroke([(x, canvas.h * 0.66), (x + 2, canvas.h * 0.76)], (m * 0.02, m * 0.02), wood)
    for y in (0.685, 0.725):
        canvas.stroke([(-BEYOND, canvas.h * y), (canvas.w + BEYOND, canvas.h * y)], (m * 0.014, m * 0.014), wood)


def sea_bed(canvas: Canvas, rng: np.random.Generator) -> None:
    """Light through water, corals and sand."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    water = mix(c.tones[1], "#9fc4c9", 0.62)
    canvas.everywhere(lighter(water, 0.2))
    for k in range(4):
        x = w * (0.1 + 0.26 * k)
        canvas.glaze([(x, -40), (x + w * 0.10, -40), (x + w * 0.02, h * 0.8), (x - w * 0.14, h * 0.8)], "#f2f7f2", 0.35)
    for y, share in ((0.70, 0.25), (0.79, 0.45)):
        ridge(canvas, h * y, h * 0.02, rng, mix(water, "#5f8d95", share), 1.2)
    for x, size, code in ((0.14, 0.30, "coral"), (0.88, 0.34, "seaweed"), (0.30, 0.2, "seaweed"), (0.74, 0.2, "coral")):
        canvas.figure(code, {}, rng, w * x, h * 0.87 - m * size * 0.42, m * size)
    ridge(canvas, h * 0.855, h * 0.012, rng, mix(c.sun, "#efdfc2", 0.72), 1.1)
    for _ in range(16):
        x, y = rng.uniform(0.06, 0.94) * w, rng.uniform(0.06, 0.6) * h
        r = m * rng.uniform(0.006, 0.016)
        canvas.shape(oval(x, y, r, r), "#f2f8f5")


def sea_front(canvas: Canvas, rng: np.random.Generator) -> None:
    """A shell and a starfish."""
    m = min(canvas.w, canvas.h)
    for x, code, size in ((0.20, "shell", 0.10), (0.80, "starfish", 0.11)):
        canvas.figure(code, {}, rng, canvas.w * x, canvas.h * 0.94, m * size)


def night_garden(canvas: Canvas, rng: np.random.Generator) -> None:
    """A night sky over hills, with fireflies."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    night = "#34485f" if not c.dark else c.ground
    canvas.everywhere(night)
    canvas.shape(crescent(w * 0.76, h * 0.18, m * 0.09, 0.3, 50), "#f0dfae")
    stars(canvas, rng, 34, "#f0dfae", [(w * 0.76, h * 0.18, m * 0.12)], 0.6)
    for y, color in ((0.66, "#46607a"), (0.76, "#3f5f62")):
        ridge(canvas, h * y, h * 0.02, rng, color, 1.3)
    for _ in range(22):
        x, y = rng.uniform(0.04, 0.96) * w, rng.uniform(0.46, 0.9) * h
        canvas.shape(oval(x, y, m * 0.006, m * 0.006), "#f3dd92")


def night_front(canvas: Canvas, rng: np.random.Generator) -> None:
    """Flowers at night."""
    hues = ("#e3b0a4", "#f1e2c4", "#b9a8cf", "#e8c07a")
    for k in range(12):
        x = canvas.w * (0.04 + 0.085 * k)
        side = abs(x / canvas.w - 0.5)
        tall = canvas.h * (0.07 + 0.26 * side)
        if side > 0.14:
            plants.flower(
                canvas,
                ("cosmos", "daisy", "anemone")[k % 3],
                x,
                canvas.h + 12,
                -90 + rng.normal(0, 5),
                tall,
                34,
                rng,
                hues[k % 4],
            )
        else:
            plants.grass(canvas, x, canvas.h + 12, canvas.h * 0.07, rng, "#7f9f84")


def dunes(canvas: Canvas, rng: np.random.Generator) -> None:
    """Dunes, a low sun and cacti."""
    c, m = canvas.colors, min(canvas.w, canvas.h)
    low_sun(canvas, rng, 0.5, 0.34, 0.2)
    for k, color in enumerate((c.tones[1], c.accent, c.tones[2])):
        ridge(canvas, canvas.h * (0.54 + 0.09 * k), canvas.h * 0.03, rng, color, 1.2)
    for x, size in ((0.13, 0.42), (0.88, 0.32)):
        canvas.figure("cactus", {}, rng, canvas.w * x, canvas.h * 0.83 - m * size * 0.46, m * size)
    ridge(canvas, canvas.h * 0.80, canvas.h * 0.012, rng, mix(c.tones[1], "#ead2ae", 0.5), 1.1)


def forest_path(canvas: Canvas, rng: np.random.Generator) -> None:
    """Firs on both sides of a path."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    for k in range(9):
        tone = mix(c.leaf[0], c.ground, 0.7)
        fir(canvas, w * (0.02 + 0.12 * k), h * 0.70, h * rng.uniform(0.30, 0.46), vary(tone, rng, 0.015))
    ridge(canvas, h * 0.68, h * 0.015, rng, mix(c.leaf[0], c.ground, 0.5), 1.2)
    for x in (0.04, 0.17, 0.83, 0.96):
        fir(canvas, w * x, h * 0.80, h * rng.uniform(0.46, 0.58), vary(mix(c.leaf[1], c.ground, 0.15), rng, 0.02))
    ridge(canvas, h * 0.78, h * 0.012, rng, mix(c.leaf[0], c.ground, 0.15), 1.1)
    canvas.shape(
        [
            (w * 0.47, h * 0.775),
            (w * 0.56, h * 0.776),
            (w * 0.60, h * 0.84),
            (w * 0.78, h + BEYOND),
            (w * 0.22, h + BEYOND),
            (w * 0.44, h * 0.85),
        ],
        mix(c.sun, "#ecdcbf", 0.72),
    )  # the path
    for x in (0.12, 0.86):
        canvas.figure("mushroom", {}, rng, w * x, h * 0.90, m * 0.15)


def fern_front(canvas: Canvas, rng: np.random.Generator) -> None:
    """Ferns."""
    planted(canvas, rng, "fern leafy fern berries", canvas.h + 14, 0.17, 0.3)


def seigaiha(canvas: Canvas, rng: np.random.Generator) -> None:
    """Rows of seigaiha under a great sun."""
    c, w, m = canvas.colors, canvas.w, min(canvas.w, canvas.h)
    low_sun(canvas, rng, 0.5, 0.36, 0.27)
    r = m * 0.105
    hues = (c.tones[3], c.ground, c.tones[2], c.ground, c.tones[4])
    for row in range(12):
        y = canvas.h * 0.70 + row * r * 0.5
        if y > canvas.h + r:
            break
        for k in range(-1, int(w / (2 * r)) + 2):
            x = k * 2 * r + (r if row % 2 else 0)
            for ring, hue in enumerate(hues):
                canvas.shape(oval(x, y + r * 0.5, r * (1 - 0.2 * ring), r * (1 - 0.2 * ring), 0, 16), hue)


def savanna(canvas: Canvas, rng: np.random.Generator) -> None:
    """Acacias before the sun."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    low_sun(canvas, rng, 0.5, 0.36, 0.20)
    ridge(canvas, h * 0.62, h * 0.02, rng, c.tones[0], 1.2)
    for x, tall in ((0.15, 0.40), (0.87, 0.30)):
        bark, y = mix(c.tones[4], "#7d5f48", 0.4), h * 0.74
        canvas.stroke(
            [(w * x, y), (w * x + m * 0.01, y - h * tall * 0.5), (w * x - m * 0.02, y - h * tall)],
            (m * 0.026, m * 0.02, m * 0.012),
            bark,
        )
        canvas.stroke(
            [(w * x + m * 0.01, y - h * tall * 0.5), (w * x + m * 0.09, y - h * tall * 0.95)],
            (m * 0.014, m * 0.008),
            bark,
        )
        for dx, dy, r in ((-0.08, 0.0, 0.13), (0.08, -0.02, 0.14), (0.0, -0.06, 0.13)):
            canvas.shape(oval(w * x + dx * m, y - h * tall + dy * m, m * r, m * r * 0.36), vary(c.leaf[1], rng, 0.02))
    ridge(canvas, h * 0.72, h * 0.012, rng, mix(c.sun, "#e6cf9c", 0.65), 1.1)


def straw_front(canvas: Canvas, rng: np.random.Generator) -> None:
    """Dry grass."""
    straw = mix(canvas.colors.sun, "#c9ab6a", 0.6)
    for _ in range(round(canvas.w / 14)):
        plants.grass(
            canvas,
            rng.uniform(0, 1) * canvas.w,
            canvas.h + 16,
            canvas.h * rng.uniform(0.05, 0.13),
            rng,
            vary(straw, rng, 0.03),
        )


def above_clouds(canvas: Canvas, rng: np.random.Generator) -> None:
    """Above the clouds, before a rainbow."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    hues = (c.accent, c.sun, lighter(c.sun, 0.45), c.leaf[0], mix(c.tones[2], "#8fb0c4", 0.5), c.ground)
    for k, hue in enumerate(hues):
        r = m * (0.46 - 0.045 * k)
        canvas.shape(oval(w * 0.5, h * 0.70, r, r, 0, 20), hue)
    stars(canvas, rng, 16, c.sun, [(w * 0.5, h * 0.6, m * 0.5)], 0.4)
    clouds(canvas, rng, "0.16,0.84,0.22 0.84,0.84,0.24 0.5,0.90,0.30 0.30,0.98,0.28 0.72,0.99,0.30")


def open_sky(canvas: Canvas, rng: np.random.Generator) -> None:
    """High in the sky: clouds at every height, hills and a river far below."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    canvas.shape(oval(w * 0.80, h * 0.15, m * 0.075, m * 0.075, 0, 16), c.sun)
    clouds(canvas, rng, "0.16,0.18,0.17 0.88,0.36,0.15 0.10,0.52,0.14")
    for y, tone in ((0.80, mix(c.tones[0], c.ground, 0.35)), (0.86, c.tones[1]), (0.92, c.leaf[0])):
        ridge(canvas, h * y, h * 0.025, rng, tone, 1.3)
    for x, y in ((0.10, 0.90), (0.17, 0.905), (0.70, 0.895), (0.86, 0.90), (0.92, 0.905)):
        fir(canvas, w * x, h * y, h * 0.045, c.leaf[1])
    for x, y in ((0.30, 0.30), (0.35, 0.27), (0.66, 0.62)):
        for side in (-1, 1):
            wing = [
                (w * x, h * y),
                (w * x + side * m * 0.018, h * y - m * 0.016),
                (w * x + side * m * 0.036, h * y - m * 0.006),
            ]
            canvas.shape(ribbon(wing, (3, 5, 2)), c.ink)


def snow(canvas: Canvas, rng: np.random.Generator) -> None:
    """Snowy firs and falling snow."""
    c, w, h, m = canvas.colors, canvas.w, canvas.h, min(canvas.w, canvas.h)
    canvas.everywhere(mix(c.tones[1], "#cfdde3", 0.7))
    for x in (0.06, 0.20, 0.34, 0.66, 0.80, 0.94):
        fir(canvas, w * x, h * 0.72, h * rng.uniform(0.26, 0.42), mix(c.leaf[1], "#cfdde3", 0.45))
    for y, tone in ((0.68, "#e6eef0"), (0.77, "#f1f5f4")):
        ridge(canvas, h * y, h * 0.02, rng, tone, 1.2)
    for x in (0.10, 0.91):
        fir(canvas, w * x, h * 0.84, h * 0.34, mix(c.leaf[1], "#7f9a8a", 0.3))
    for _ in range(48):
        x, y, r = rng.uniform(0, 1) * w, rng.uniform(0, 0.75) * h, m * rng.uniform(0.004, 0.009)
        canvas.shape(oval(x, y, r, r), "#fbfdfc")

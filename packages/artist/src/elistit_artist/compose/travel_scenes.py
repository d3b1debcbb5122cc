"""The scenes of travel posters: mountains, desert, forest, coast, beach, city, Paris and hills, in bands of flat color.

Each draws on a separate canvas above the name; every color comes from the canvas's scheme, and nothing here letters a word.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from elistit_artist.compose import indoors, land
from elistit_artist.compose.canvas import BEYOND, Canvas
from elistit_artist.compose.sky import ridge
from elistit_artist.figures.geometry import darker, lighter, mix, toward


def sky(canvas: Canvas, rng: np.random.Generator, count: int) -> None:
    """Level bands from the sky's top down to a warm light."""
    c = canvas.colors
    top, low = mix(c.tones[2], c.tones[1], 0.3), mix(c.sun, c.ground, 0.55)
    canvas.everywhere(top)
    for k in range(1, count):
        y = canvas.h * 0.62 * k / count
        canvas.polygon([(-BEYOND, y), (canvas.w + BEYOND, y), (canvas.w + BEYOND, canvas.h + BEYOND), (-BEYOND, canvas.h + BEYOND)],
                       mix(top, low, k / (count - 1)))  # fmt: skip


def _sun(canvas: Canvas, rng: np.random.Generator, x: float, y: float, r: float) -> None:
    c = canvas.colors
    for k, grow in enumerate((1.75, 1.35)):
        canvas.disc(
            canvas.w * x,
            canvas.h * y,
            canvas.short * r * grow,
            mix(mix(c.sun, c.ground, 0.5), c.ground, 0.35 - 0.2 * k),
            rng,
            0.003,
        )
    canvas.disc(canvas.w * x, canvas.h * y, canvas.short * r, lighter(c.sun, 0.12), rng, 0.003)


def _peak(
    canvas: Canvas, x: float, foot: float, half: float, tall: float, color: str, rng: np.random.Generator
) -> None:
    """A mountain with a side in shade and snow on top."""
    top = (x, foot - tall)
    canvas.polygon(
        [
            (x - half, foot),
            (x - half * 0.42, foot - tall * 0.52),
            top,
            (x + half * 0.36, foot - tall * 0.58),
            (x + half, foot),
        ],
        color,
    )
    shade = [top, (x + half * 0.36, foot - tall * 0.58), (x + half, foot), (x + half * 0.12, foot), (x + half * 0.2, foot - tall * 0.36),
             (x - half * 0.02, foot - tall * 0.62)]  # fmt: skip
    canvas.polygon(shade, darker(color, 0.22))
    snow = [top, (x - half * 0.25, foot - tall * 0.70), (x - half * 0.12, foot - tall * 0.66), (x - half * 0.05, foot - tall * 0.74),
            (x + half * 0.05, foot - tall * 0.66), (x + half * 0.14, foot - tall * 0.76), (x + half * 0.22, foot - tall * 0.74)]  # fmt: skip
    canvas.polygon(snow, lighter(canvas.colors.ground, 0.5))


def _firs(canvas: Canvas, rng: np.random.Generator, y: float, tall: float, color: str, free: float = 0.0) -> None:
    for k in range(round(canvas.w / (tall * 0.42))):
        x = (k + rng.uniform(0.2, 0.8)) * tall * 0.42
        if abs(x / canvas.w - 0.5) < free:
            continue
        land.fir(canvas, x, y + rng.uniform(-0.1, 0.12) * tall, tall * rng.uniform(0.7, 1.2), rng, color, 5)


def mountains(canvas: Canvas, rng: np.random.Generator) -> None:
    c, w, h = canvas.colors, canvas.w, canvas.h
    _sun(canvas, rng, rng.choice([0.26, 0.74]), 0.24, 0.085)
    far = mix(c.tones[2], c.ground, 0.25)
    _peak(canvas, w * 0.16, h * 0.66, w * 0.42, h * 0.30, far, rng)
    _peak(canvas, w * 0.88, h * 0.66, w * 0.40, h * 0.34, far, rng)
    _peak(canvas, w * 0.52, h * 0.68, w * 0.46, h * 0.47, mix(c.tones[3], c.tones[2], 0.3), rng)
    ridge(canvas, h * 0.635, h * 0.012, rng, mix(c.leaf[0], c.tones[3], 0.35))
    _firs(canvas, rng, h * 0.69, h * 0.075, mix(c.leaf[1], c.tones[3], 0.3))
    lake = mix(c.tones[1], c.ground, 0.3)
    canvas.polygon([(-BEYOND, h * 0.70), (w + BEYOND, h * 0.70), (w + BEYOND, h + BEYOND), (-BEYOND, h + BEYOND)], lake)
    for k, (x, y, long) in enumerate(
        ((0.52, 0.725, 0.40), (0.46, 0.765, 0.30), (0.56, 0.80, 0.34), (0.5, 0.84, 0.22), (0.55, 0.88, 0.28))
    ):
        canvas.stroke(
            [(w * (x - long / 2), h * y), (w * x, h * y - 2), (w * (x + long / 2), h * y)],
            (3, 12, 3),
            mix(c.tones[3 if k % 2 else 2], lake, 0.4),
        )
    for side in (0, 1):
        x0 = 0.0 if side == 0 else w
        way = 1 if side == 0 else -1
        canvas.shape(
            [
                (x0 - way * BEYOND, h * 0.83),
                (x0 + way * w * 0.20, h * 0.86),
                (x0 + way * w * 0.42, h * 0.97),
                (x0 + way * w * 0.46, h + BEYOND),
                (x0 - way * BEYOND, h + BEYOND),
            ],
            c.tones[4],
        )
        for k, (dx, tall) in enumerate(((0.05, 0.46), (0.17, 0.33), (0.29, 0.20))):
            land.fir(
                canvas,
                x0 + way * w * dx,
                h * (0.92 + 0.025 * k),
                h * tall * rng.uniform(0.9, 1.1),
                rng,
                darker(c.tones[4], 0.05 + 0.1 * (k % 2)),
                6,
            )


def _desert(canvas: Canvas, rng: np.random.Generator) -> None:
    c, w, h = canvas.colors, canvas.w, canvas.h
    _sun(canvas, rng, 0.5, 0.36, 0.12)
    far, near = mix(c.tones[3], c.tones[2], 0.45), c.tones[3]
    for x, half, tall, tone in ((0.50, 0.10, 0.19, far), (0.16, 0.17, 0.30, far), (0.86, 0.20, 0.37, near)):
        _mesa(canvas, x, half, tall, tone)
    sand = [mix(c.sun, c.ground, 0.25), mix(c.tones[2], c.sun, 0.3), c.tones[3], c.tones[4]]
    for k, color in enumerate(sand):
        if k == 3:
            land.cactus(canvas, w * 0.17, h * 0.95, h * 0.40, rng)
            land.cactus(canvas, w * 0.84, h * 0.93, h * 0.24, rng)
        ridge(canvas, h * (0.69 + 0.085 * k), h * 0.018, rng, color, 1.2)


def _mesa(canvas: Canvas, x: float, half: float, tall: float, tone: str) -> None:
    """A flat-topped rock with its layers, in shares of the canvas."""
    w, h, top = canvas.w, canvas.h, 0.71 - tall
    canvas.polygon(
        [
            (w * (x - half * 1.5), h * 0.72), (w * (x - half * 0.95), h * (top + tall * 0.45)), (w * (x - half * 0.85), h * top),
            (w * (x + half * 0.85), h * top), (w * (x + half * 0.95), h * (top + tall * 0.45)), (w * (x + half * 1.5), h * 0.72),
        ],
        tone,
    )  # fmt: skip
    for k, (at, reach) in enumerate(((0.07, 0.86), (0.21, 0.89), (0.36, 0.93))):
        y, long = h * (top + tall * at), w * half * reach
        canvas.polygon(
            [(w * x - long, y), (w * x + long, y), (w * x + long, y + h * 0.012), (w * x - long, y + h * 0.012)],
            darker(tone, 0.14 + 0.05 * k),
        )


def _forest(canvas: Canvas, rng: np.random.Generator) -> None:
    c, w, h = canvas.colors, canvas.w, canvas.h
    _sun(canvas, rng, 0.5, 0.34, 0.10)
    for k in range(3):
        color = mix(mix(c.leaf[0], c.ground, 0.45), c.tones[4], 0.26 * k)
        _firs(canvas, rng, h * (0.66 + 0.07 * k), h * (0.24 + 0.05 * k), color, 0.05 + 0.03 * k)
        ridge(canvas, h * (0.65 + 0.075 * k), h * 0.01, rng, color)
    path = mix(c.sun, c.ground, 0.45)
    canvas.shape(
        [
            (w * 0.5, h * 0.72, 1),
            (w * 0.54, h * 0.78),
            (w * 0.46, h * 0.86),
            (w * 0.66, h + BEYOND, 1),
            (w * 0.26, h + BEYOND, 1),
            (w * 0.38, h * 0.88),
            (w * 0.50, h * 0.78),
        ],
        path,
    )
    trunk = darker(c.tones[4], 0.25)
    for x, wide in ((0.05, 0.085), (0.20, 0.05), (0.83, 0.055), (0.97, 0.10)):
        canvas.polygon(
            [
                (w * (x - wide * 0.36), -BEYOND),
                (w * (x + wide * 0.36), -BEYOND),
                (w * (x + wide / 2), h * 0.92),
                (w * (x + wide), h + BEYOND),
                (w * (x - wide), h + BEYOND),
                (w * (x - wide / 2), h * 0.92),
            ],
            trunk,
        )
        canvas.polygon(
            [
                (w * (x - wide * 0.36), -BEYOND),
                (w * (x - wide * 0.12), -BEYOND),
                (w * (x - wide * 0.2), h * 0.92),
                (w * (x - wide / 2), h * 0.92),
            ],
            mix(trunk, c.sun, 0.28),
        )
    for x in np.linspace(0.02, 0.98, 15):
        if abs(x - 0.47) > 0.17:
            for way in (-125, -105, -90, -75, -55):
                end = toward((w * x, h + 10), way, h * 0.10)
                canvas.stroke([(w * x, h + 10), end], (9, 3), darker(c.leaf[1], 0.15))


def _water(canvas: Canvas, y: float, x: float) -> None:
    """The sea below a horizon, with the light of the sun on it."""
    c, w, h = canvas.colors, canvas.w, canvas.h
    tones = [mix(c.tones[2], c.ground, 0.2), c.tones[2], mix(c.tones[2], c.tones[3], 0.6), c.tones[3]]
    for k, tone in enumerate(tones):
        top = h * (y + (1 - y) * (0, 0.14, 0.34, 0.62)[k])
        canvas.polygon([(-BEYOND, top), (w + BEYOND, top), (w + BEYOND, h + BEYOND), (-BEYOND, h + BEYOND)], tone)
    for k in range(7):
        at = h * (y + 0.02 + 0.038 * k)
        long = w * (0.09 + 0.018 * ((k * 5) % 4))
        canvas.stroke([(w * x - long, at), (w * x, at - 1), (w * x + long, at)], (3, 10, 3), mix(c.sun, c.ground, 0.45))


def _sea(canvas: Canvas, rng: np.random.Generator) -> None:
    c, w, h = canvas.colors, canvas.w, canvas.h
    _sun(canvas, rng, 0.33, 0.42, 0.10)
    _water(canvas, 0.56, 0.33)
    for k, (x, top) in enumerate(((0.50, 0.47), (0.62, 0.36), (0.76, 0.26))):
        tone = mix(c.tones[3], c.tones[4], 0.4 * k)
        canvas.polygon(
            [
                (w * x, h * (0.60 + 0.10 * k)),
                (w * (x + 0.05), h * (top + 0.08)),
                (w * (x + 0.12), h * top),
                (w + BEYOND, h * (top - 0.02)),
                (w + BEYOND, h * (0.66 + 0.12 * k)),
            ],
            tone,
        )
        canvas.polygon(
            [
                (w * (x + 0.05), h * (top + 0.08)),
                (w * (x + 0.12), h * top),
                (w + BEYOND, h * (top - 0.02)),
                (w + BEYOND, h * (top + 0.02)),
                (w * (x + 0.13), h * (top + 0.045)),
            ],
            mix(c.leaf[0], c.leaf[1], 0.5 * k),
        )
    canvas.stand("lighthouse", {"kind": "a red lighthouse"}, rng, w * 0.90, h * 0.265, canvas.short * 0.22)
    canvas.stand("sailboat", {"kind": "a sailboat"}, rng, w * 0.26, h * 0.86, canvas.short * 0.24)


def _beach(canvas: Canvas, rng: np.random.Generator) -> None:
    c, w, h = canvas.colors, canvas.w, canvas.h
    _sun(canvas, rng, 0.60, 0.42, 0.13)
    _water(canvas, 0.54, 0.60)
    _peak_island(canvas, w * 0.16, h * 0.545, w * 0.22, h * 0.10, mix(c.tones[3], c.ground, 0.15))
    sand = mix(c.sun, c.ground, 0.55)
    canvas.shape(
        [(-BEYOND, h * 0.80), (w * 0.3, h * 0.82), (w * 0.62, h * 0.93), (w * 0.82, h + BEYOND), (-BEYOND, h + BEYOND)],
        mix(sand, c.ground, 0.5),
    )
    canvas.shape(
        [
            (-BEYOND, h * 0.83),
            (w * 0.28, h * 0.85),
            (w * 0.58, h * 0.96),
            (w * 0.76, h + BEYOND),
            (-BEYOND, h + BEYOND),
        ],
        sand,
    )
    for x, foot, size in ((0.30, 0.93, 0.80), (0.14, 0.97, 0.58)):
        canvas.stand("palm_tree", {}, rng, w * x, h * foot, canvas.short * size)


def _peak_island(canvas: Canvas, x: float, foot: float, half: float, tall: float, color: str) -> None:
    canvas.polygon(
        [
            (x - half, foot),
            (x - half * 0.4, foot - tall * 0.6),
            (x, foot - tall),
            (x + half * 0.3, foot - tall * 0.5),
            (x + half, foot),
        ],
        color,
    )


def _city(canvas: Canvas, rng: np.random.Generator) -> None:
    _sun(canvas, rng, 0.5, 0.32, 0.12)
    indoors.city(canvas, rng)


def _paris(canvas: Canvas, rng: np.random.Generator) -> None:
    c, w, h = canvas.colors, canvas.w, canvas.h
    _sun(canvas, rng, 0.70, 0.26, 0.10)
    for tone, low, high, base in ((mix(c.tones[1], c.ground, 0.2), 0.56, 0.64, 0.76), (c.tones[2], 0.63, 0.70, 0.80)):
        x = -0.06
        while x < 1.04:
            wide, top = rng.uniform(0.08, 0.13), rng.uniform(low, high)
            canvas.polygon(
                [
                    (x * w, base * h),
                    (x * w, top * h),
                    ((x + 0.02) * w, (top - 0.04) * h),
                    ((x + wide - 0.02) * w, (top - 0.04) * h),
                    ((x + wide) * w, top * h),
                    ((x + wide) * w, base * h),
                ],
                mix(tone, c.ground, rng.uniform(0, 0.14)),
            )
            x += wide
    ridge(canvas, h * 0.79, h * 0.006, rng, c.leaf[0], 1.0)
    canvas.stand("eiffel_tower", {"kind": "an Eiffel Tower"}, rng, w * 0.5, h * 0.86, min(h * 0.70, w * 0.98))
    ridge(canvas, h * 0.86, h * 0.006, rng, c.leaf[1], 1.0)
    for x in (0.06, 0.18, 0.82, 0.94):
        canvas.disc(w * x, h * 0.83, canvas.short * 0.075, darker(c.leaf[1], 0.12), rng, 0.03)
        canvas.stroke([(w * x, h * 0.85), (w * x, h * 0.92)], (14, 16), darker(c.tones[4], 0.1))
    canvas.shape(
        [(w * 0.44, h * 0.86, 1), (w * 0.56, h * 0.86, 1), (w * 0.72, h + BEYOND, 1), (w * 0.28, h + BEYOND, 1)],
        mix(c.sun, c.ground, 0.5),
    )


def _hills(canvas: Canvas, rng: np.random.Generator) -> None:
    c, w, h = canvas.colors, canvas.w, canvas.h
    _sun(canvas, rng, 0.68, 0.30, 0.11)
    tones = [
        mix(c.tones[2], c.ground, 0.2),
        mix(c.leaf[0], c.ground, 0.35),
        c.leaf[0],
        mix(c.leaf[1], c.sun, 0.25),
        c.leaf[1],
        c.tones[4],
    ]
    for k, tone in enumerate(tones):
        y = h * (0.50 + 0.085 * k)
        line = ridge(canvas, y, h * 0.028, rng, tone, 1.1)
        if k in (2, 4):
            land.cypresses(canvas, line, rng, darker(c.leaf[1], 0.3), h * (0.05 + 0.02 * k))
        if k == 3:
            for j in range(9):
                x = w * (0.04 + 0.11 * j)
                canvas.stroke(
                    [(x, y + h * 0.05), (x - w * 0.03, y + h * 0.10), (x - w * 0.09, y + h * 0.19)],
                    (5, 7, 9),
                    mix(tone, c.leaf[1], 0.55),
                )


SCENES: dict[str, Callable[[Canvas, np.random.Generator], None]] = {
    "mountains": mountains, "desert": _desert, "forest": _forest, "sea": _sea, "beach": _beach, "city": _city, "paris": _paris,
    "hills": _hills,
}  # fmt: skip

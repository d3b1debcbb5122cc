"""Ornament: patterns over the whole sheet, and mandalas.

Composers only; every color comes from the canvas's scheme.
"""

from __future__ import annotations

import math

import numpy as np

from elistit_artist.compose.canvas import BEYOND, Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.figures.geometry import arc, leaf, mix, toward, vary


def pattern(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """An even pattern over the whole sheet: leaves, scallops, terrazzo or daisies."""
    {"leaves": _leaf_rows, "scallops": _scallops, "terrazzo": _terrazzo, "daisies": _daisies}.get(kind, _leaf_rows)(
        canvas, rng
    )


def _scallops(canvas: Canvas, rng: np.random.Generator) -> None:
    c = canvas.colors
    r = min(canvas.w, canvas.h) / 8
    palette = [c.tones[0], c.tones[1], c.accent, c.tones[2], c.leaf[0], c.sun, c.tones[3]]
    rows = int(canvas.h / (r * 0.62)) + 4
    for row in range(rows):
        y = -r * 0.4 + row * r * 0.62
        x = -r + (r if row % 2 else 0)
        while x < canvas.w + r:
            color = palette[(row * 2 + int(rng.integers(0, 3))) % len(palette)]
            for k, tone in enumerate((color, mix(color, c.ground, 0.55), color)):
                rr = r * (0.97 - 0.27 * k)
                canvas.shape(
                    [
                        (x - rr, y, 1),
                        *arc(x, y, rr, rr, 180, 360, 11),
                        (x + rr, y, 1),
                        *arc(x, y, rr, rr, 0, 180, 11)[1:-1],
                    ],
                    tone,
                )
            x += 2 * r


def _leaf_rows(canvas: Canvas, rng: np.random.Generator) -> None:
    """Pairs of leaves on straight stems, side by side: a woodblock border grown to a wall."""
    c = canvas.colors
    stems = 5 if canvas.tall else 7
    step = canvas.w / stems
    palette = [c.leaf[0], c.tones[2], c.leaf[1], c.sun, c.tones[3], c.accent, c.tones[1]]
    for k in range(stems):
        x = step * (k + 0.5)
        canvas.stroke([(x, -BEYOND), (x, canvas.h / 2), (x, canvas.h + BEYOND)], (7, 7, 7), mix(c.ink, c.ground, 0.2))
        size = step * 0.52
        y = -size * rng.uniform(0, 0.5)
        color = palette[k % len(palette)]
        while y < canvas.h + size * 1.4:
            for side in (-1, 1):
                canvas.shape(
                    leaf((x + side * 6, y), -90 + side * 52, size * 0.92, size * 0.44, "round"), vary(color, rng, 0.02)
                )
            y += size * 0.60


def _terrazzo(canvas: Canvas, rng: np.random.Generator) -> None:
    c = canvas.colors
    palette = [*c.tones[1:], c.sun, c.accent, c.leaf[0], c.leaf[1]]
    taken: list[tuple[float, float, float]] = []
    for size, tries in ((74, 260), (46, 500), (24, 800), (11, 700)):
        for _ in range(tries):
            x, y = rng.uniform(-40, canvas.w + 40), rng.uniform(-40, canvas.h + 40)
            r = size * rng.uniform(0.75, 1.15)
            if any(math.hypot(x - a, y - b) < r + s + 9 for a, b, s in taken):
                continue
            taken.append((x, y, r))
            corners = int(rng.integers(4, 7))
            start = rng.uniform(0, 360)
            points = [
                toward((x, y), start + 360 * i / corners + rng.uniform(-16, 16), r * rng.uniform(0.74, 1.0))
                for i in range(corners)
            ]
            canvas.shape(points, palette[int(rng.integers(0, len(palette)))], ease=0.2)


def _daisies(canvas: Canvas, rng: np.random.Generator) -> None:
    """Seventies flowers in even rows."""
    c = canvas.colors
    r = min(canvas.w, canvas.h) / 9.4
    hues = [c.sun, c.tones[2], c.accent, c.tones[3], c.tones[1]]
    step = r * 2.36
    rows, row = int(canvas.h / (step * 0.87)) + 2, 0
    for row in range(rows + 1):
        y = (canvas.h - (rows - 1) * step * 0.87) / 2 + (row - 0.5) * step * 0.87
        x = -step * (0.5 if row % 2 else 0.0)
        k = row
        while x < canvas.w + step:
            color = hues[k % len(hues)]
            start = rng.uniform(0, 72)
            for i in range(6):
                way = start + 60 * i
                canvas.shape(leaf(toward((x, y), way, r * 0.08), way, r * 0.92, r * 0.72, "petal"), color)
            canvas.disc(x, y, r * 0.27, c.tones[0] if color != c.tones[1] else c.sun, rng, 0.02)
            x += step
            k += 1


def mandala(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Rings of petals round a center, all alike in each ring."""
    c = canvas.colors
    x, y = canvas.w * 0.5, canvas.h * 0.5
    r = min(canvas.w, canvas.h) * 0.425
    n = int(rng.choice([10, 12, 14, 16]))
    colors = [c.tones[1], c.sun, c.tones[3], c.accent, c.leaf[0], c.tones[2], c.tones[4]]
    rings = [
        (0.72, 0.30, "petal", 0),
        (0.60, 0.26, "lance", 1),
        (0.47, 0.24, "round", 0),
        (0.34, 0.21, "lance", 1),
        (0.20, 0.18, "petal", 0),
    ]
    for k in range(n * 2):
        canvas.disc(
            *toward((x, y), 360 * k / (n * 2), r * 1.08),
            r * (0.020 if k % 2 else 0.030),
            colors[6 if k % 2 else 1],
            rng,
            0.02,
        )
    for k, (start, long, shape, turn) in enumerate(rings):
        color = colors[(k + 0) % len(colors)]
        for i in range(n):
            way = 360 * (i + turn / 2) / n - 90
            wide = 2 * math.pi * r * (start + long * 0.5) / n * 0.90
            foot = toward((x, y), way, r * start)
            canvas.shape(leaf(foot, way, r * long, wide, shape), color)
            inner = toward((x, y), way, r * (start + long * 0.16))
            canvas.shape(leaf(inner, way, r * long * 0.58, wide * 0.46, shape), mix(color, c.ground, 0.55))
    canvas.disc(x, y, r * 0.185, colors[6], rng, 0.004)
    canvas.disc(x, y, r * 0.13, colors[1], rng, 0.004)
    for i in range(n):
        canvas.disc(*toward((x, y), 360 * i / n, r * 0.085), r * 0.014, c.ground, rng, 0.02)


COMPOSERS = (
    Composer(
        "pattern",
        "Pattern",
        listed(
            "pattern|patterns|wallpaper|seamless|scallop|scallops|terrazzo|textile|block print|muster|"
            "groovy|daisies|daisy pattern|70s|retro|groovy flowers|retro flowers|retro groovy flowers|flower power"
        ),
        (
            Kind("leaves", "rows of leaf pairs", listed("leaf|leaves|botanical|block print")),
            Kind("scallops", "a pattern of scallops", listed("scallop|scallops|scales|fan|art deco|japanese")),
            Kind(
                "daisies", "rows of seventies daisies", listed("daisy|daisies|groovy|70s|retro|flower|flowers|hippie")
            ),
            Kind("terrazzo", "a terrazzo of soft stones", listed("terrazzo|stone|stones|confetti")),
        ),
        ("sage", "retro", "terracotta", "coast", "blush"),
        pattern,
    ),
    Composer(
        "mandala",
        "Mandala",
        listed("mandala|mandalas|yoga|meditation|chakra|lotus|spiritual|zen mandala|kaleidoscope|medallion"),
        (Kind("petals", "a mandala of petals"),),
        ("terracotta", "jewel", "lavender", "sage", "midnight"),
        mandala,
    ),
)

"""Charts: several things of one kind side by side, each on its own field.

A composer only; it shows the figures it is given, and never two of one.
"""

from __future__ import annotations

import numpy as np

from elistit_artist.compose.canvas import Canvas
from elistit_artist.compose.composer import Composer, Kind
from elistit_artist.figures.geometry import mix

# What a chart shows when nobody says what.
_OWN: tuple[tuple[str, dict[str, object]], ...] = tuple(
    (code, {}) for code in ("trowel", "hand_fork", "watering_can", "garden_boots")
)
MOST = 6


def chart(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Four or six figures on fields of quiet color."""
    shown = (canvas.guest, *canvas.others) if canvas.guest and canvas.others else _OWN
    count = 6 if len(shown) >= MOST else 4
    c, m = canvas.colors, canvas.short
    long = count // 2
    across, down = (2, long) if canvas.tall else (long, 2)
    edge, gap = m * 0.075, m * 0.028
    wide, high = (canvas.w - 2 * edge - gap * (across - 1)) / across, (canvas.h - 2 * edge - gap * (down - 1)) / down
    fields = [c.tones[0], mix(c.sun, c.ground, 0.58), mix(c.leaf[0], c.ground, 0.55), mix(c.accent, c.ground, 0.62)]
    for k, (code, params) in enumerate(shown[:count]):
        column, row = k % across, k // across
        x, y = edge + column * (wide + gap), edge + row * (high + gap)
        canvas.polygon([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], fields[(k + row) % 4])
        canvas.figure(code, dict(params), rng, x + wide / 2, y + high / 2, min(wide, high) * 0.78)


COMPOSERS = (
    Composer(
        "chart",
        "Chart",
        (),
        (Kind("grid", "side by side on fields of color"),),
        ("sage", "linen", "pastel", "terracotta", "retro", "coast"),
        chart,
    ),
)

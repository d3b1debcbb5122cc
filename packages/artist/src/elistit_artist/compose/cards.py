"""Fronts of greeting cards: flowers or an animal, and an open space where the greeting goes.

Composers only. The middle, or the upper half, must stay free; no lettering is drawn.
"""

from __future__ import annotations

import numpy as np

from elistit_artist.compose import plants
from elistit_artist.compose.canvas import Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.compose.portraits import MOOD_OF, guest
from elistit_artist.compose.sky import ridge, stars
from elistit_artist.figures.geometry import mix, vary


def _mood(canvas: Canvas) -> dict[str, object]:
    return {"color": MOOD_OF.get(canvas.colors.code, "in blush and sage")}


def flower_card(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Flowers round the place of the greeting."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    if kind == "wreath":
        canvas.disc(w / 2, h * 0.5, m * 0.27, mix(c.tones[0], c.ground, 0.55), rng, 0.006)
        canvas.figure("wreath", _mood(canvas), rng, w / 2, h * 0.5, m * 0.90)
    elif kind == "corners":
        canvas.figure("corner", _mood(canvas), rng, w * 0.30, h * 0.215, m * 0.56)
        with_turn = Canvas.of(w, h, c)
        with_turn.figure("corner", _mood(canvas), rng, w * 0.30, h * 0.215, m * 0.56)
        canvas.parts.append(f'<g transform="rotate(180 {w / 2:.1f} {h / 2:.1f})">{"".join(with_turn.parts)}</g>')
    elif kind == "bouquet":
        canvas.figure("bouquet", _mood(canvas), rng, w / 2, h * 0.62, m * 0.82)
    else:
        _border(canvas, rng)


def _border(canvas: Canvas, rng: np.random.Generator) -> None:
    """A strip of meadow along the lower edge."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    ridge(canvas, h * 0.93, h * 0.008, rng, mix(c.tones[0], c.leaf[0], 0.4))
    hues = plants.bloom_colors(canvas)
    heads = [str(v) for v in rng.permutation(["poppy", "daisy", "cosmos", "anemone"])]
    count = max(8, round(w / 105))
    for k in rng.permutation(count):
        x = w * (0.05 + 0.90 * (k + 0.5) / count) + rng.uniform(-22, 22)
        side = abs(x / w - 0.5) * 2
        tall = h * (0.14 + 0.20 * side) * rng.uniform(0.8, 1.15)
        if k % 4 == 3:
            plants.sprig(
                canvas,
                str(rng.choice(["lavender", "fern", "olive"])),
                x,
                h + 20,
                -90 + rng.normal(0, 5),
                tall * 1.1,
                rng,
            )
        else:
            head = heads[int(k) % 4]
            plants.flower(
                canvas,
                head,
                x,
                h + 20,
                -90 + rng.normal(0, 4),
                tall,
                36 + 34 * side,
                rng,
                hues[4] if head == "daisy" else hues[int(k) % 4],
            )
    for _ in range(round(w / 30)):
        plants.grass(
            canvas, rng.uniform(0, 1) * w, h + 20, h * rng.uniform(0.05, 0.14), rng, vary(c.leaf[1], rng, 0.03)
        )


def figure_card(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """An animal or a thing below, room for the greeting above."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    code, params = guest(canvas, rng)
    if kind == "wreath":
        canvas.disc(w / 2, h * 0.43, m * 0.31, mix(c.tones[0], c.ground, 0.4), rng, 0.006)
        canvas.figure("wreath", _mood(canvas), rng, w / 2, h * 0.43, m * 0.86)
        canvas.figure(code, params, rng, w / 2, h * 0.435, m * 0.44)
        return
    ridge(canvas, h * 0.845, h * 0.012, rng, mix(c.tones[1], c.ground, 0.25), 1.2)
    ridge(canvas, h * 0.90, h * 0.010, rng, mix(c.leaf[0], c.ground, 0.2), 1.0)
    size = m * 0.56
    canvas.figure(code, params, rng, w / 2, h * 0.92 - size * 0.47, size)
    for side in (-1, 1):
        for k in range(2):
            x = w * (0.5 + side * (0.31 + 0.10 * k))
            plants.flower(
                canvas,
                "daisy" if k else "cosmos",
                x,
                h * 0.97,
                -90 + side * 6,
                h * rng.uniform(0.08, 0.14),
                34,
                rng,
                plants.bloom_colors(canvas)[k * 4],
            )
    stars(canvas, rng, 16, c.accent, [(w / 2, h * 0.30, m * 0.30), (w / 2, h * 0.75, m * 0.36)], 0.55)


COMPOSERS = (
    Composer(
        "flower_card",
        "Flower Card",
        listed(
            "flower|flowers|floral|florals|wildflower|wildflowers|meadow|bouquet|wreath|wedding|thank you|sympathy|mother's day|"
            "mothers day|botanical|greenery|roses|rose|garden"
        ),
        (
            Kind("wreath", "a wreath of flowers with room for a greeting", listed("wreath|wedding|christmas")),
            Kind(
                "corners",
                "flowers in two corners with room for a greeting",
                listed("corner|corners|frame|border|invitation|save the date"),
            ),
            Kind(
                "meadow",
                "a strip of wildflowers under an open space",
                listed("wildflower|wildflowers|meadow|garden|spring|summer"),
            ),
            Kind("bouquet", "a bouquet under an open space", listed("bouquet|mother's day|mothers day|birthday|bunch")),
        ),
        ("blush", "coast", "sage", "autumn", "lavender"),
        flower_card,
        card=True,
    ),
    Composer(
        "figure_card",
        "Animal Card",
        listed("animal|animals|birthday|baby|kids|child|children|cute|christmas|easter|halloween|new baby|get well"),
        (
            Kind("hill", "on a flowery hill under an open space"),
            Kind("wreath", "in a wreath of flowers", listed("wreath|flower|flowers|floral")),
        ),
        ("pastel", "sage", "blush", "coast", "autumn"),
        figure_card,
        card=True,
    ),
)

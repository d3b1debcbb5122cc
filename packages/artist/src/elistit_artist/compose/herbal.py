"""Plants for their own sake: botanical prints and kitchen herbs.

Composers only; every color comes from the canvas's scheme.
"""

from __future__ import annotations

import numpy as np

from elistit_artist.compose import plants
from elistit_artist.compose.canvas import BEYOND, Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.figures.botanicals import at_share, grow, stem
from elistit_artist.figures.geometry import (
    arc,
    blob,
    darker,
    leaf,
    mix,
    toward,
    vary,
)


def botanical(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """One sprig on a soft ground, or three side by side."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    names = [str(v) for v in rng.permutation(["eucalyptus", "olive", "fern", "leafy", "berries", "lavender", "palm"])]
    forced = {
        "fern": "fern",
        "eucalyptus": "eucalyptus",
        "olive": "olive",
        "lavender": "lavender",
        "palm": "palm",
        "pampas": "pampas",
    }
    if kind == "three":
        for k in range(3):
            x = w * (0.24 + 0.26 * k)
            tall = h * (0.62, 0.72, 0.58)[k] * rng.uniform(0.95, 1.05) * (1.0 if canvas.tall else 0.98)
            slim = [n for n in names if n not in ("palm", "fern")]
            plants.sprig(canvas, slim[k], x, h * 0.90, -90 + rng.normal(0, 2), tall, rng)
        return
    if kind == "flower":
        canvas.shape(blob(w * 0.5, h * 0.42, m * 0.31, m * 0.38, rng, 0.04, 12), mix(c.tones[0], c.ground, 0.25))
        head = str(rng.choice(["poppy", "peony", "anemone", "cosmos", "rose", "tulip"]))
        hue = [c.sun, c.accent, c.tones[2]][int(rng.integers(0, 3))]
        plants.flower(canvas, head, w * 0.5, h * 0.93, -90 + rng.normal(0, 3), h * 0.50, m * 0.21, rng, hue)
        for side in (-1, 1):
            plants.flower(
                canvas,
                head,
                w * 0.5 + side * 14,
                h * 0.93,
                -90 + side * rng.uniform(17, 24),
                h * rng.uniform(0.30, 0.40),
                m * 0.115,
                rng,
                mix(hue, c.tones[1], 0.4),
            )
        return
    back = str(rng.choice(["blob", "arch", "disc", "none"]))
    tint = mix(c.tones[0], c.ground, 0.2)
    if back == "blob":
        canvas.shape(blob(w * 0.52, h * 0.43, m * 0.31, m * 0.40, rng, 0.05, 12), tint)
    elif back == "disc":
        canvas.disc(w * 0.5, h * 0.40, m * 0.31, mix(c.sun, c.ground, 0.55), rng, 0.006)
    elif back == "arch":
        r = min(w * 0.32, h * 0.3)
        canvas.shape(
            [(w / 2 - r, h * 0.86, 1), *arc(w / 2, h * 0.42, r, r, 180, 360, 13), (w / 2 + r, h * 0.86, 1)], tint
        )
    name = forced.get(kind, names[0])
    plants.sprig(canvas, name, w * 0.5 - m * 0.02, h * 0.90, -90 + rng.normal(0, 3), h * 0.74, rng)


HERBS = ("rosemary", "sage", "basil", "thyme", "lavender", "bay", "dill", "mint", "chives")


def _herb(canvas: Canvas, name: str, x: float, y: float, tall: float, rng: np.random.Generator) -> None:
    """One kitchen herb growing from (x, y)."""
    c = canvas.colors
    green = {
        "rosemary": mix(c.leaf[1], "#5f7a72", 0.4), "sage": mix(c.leaf[0], "#a9b7a4", 0.5), "basil": mix(c.leaf[0], "#7f9a52", 0.5),
        "thyme": mix(c.leaf[1], "#8a9a6a", 0.4), "bay": mix(c.leaf[1], "#5f7848", 0.4), "mint": mix(c.leaf[0], "#7fae86", 0.5),
    }.get(name, c.leaf[0])  # fmt: skip
    wood = darker(green, 0.3)
    if name == "lavender":
        for d in (-11, 9, 0):
            plants.sprig(canvas, "lavender", x, y, -90 + d, tall * (0.9 if d else 1.0), rng)
        return
    if name == "chives":
        _chives(canvas, x, y, tall, rng)
        return
    ways = (0,) if name in ("basil", "bay", "sage", "mint") else (-13, 11, 0) if name != "dill" else (-7, 7)
    for d in ways:
        line = grow((x, y), -90 + d, tall * (1.0 if d == 0 else 0.84), rng.normal(0, 14), 24)
        stem(canvas, line, tall * 0.014, tall * 0.006, wood)
        rows = {"rosemary": 15, "thyme": 10, "dill": 8, "basil": 5, "sage": 6, "bay": 6, "mint": 6}[name]
        for i in range(rows):
            t = 0.18 + 0.80 * i / (rows - 1)
            px, py, a = at_share(line, t)
            for side in (-1, 1):
                _herb_leaf(canvas, name, (px, py, a), side, t, tall, vary(green, rng, 0.04), rng)
        if name in ("basil", "sage", "bay", "mint"):
            px, py, a = line[-1]
            canvas.shape(leaf((px, py), a, tall * 0.12, tall * 0.07, "round"), vary(green, rng, 0.03))


def _chives(canvas: Canvas, x: float, y: float, tall: float, rng: np.random.Generator) -> None:
    """Blades and two flower heads, growing from (x, y)."""
    c = canvas.colors
    for k in range(6):
        line = grow((x + (k - 2.5) * 5, y), -90 + (k - 2.5) * 5, tall * (0.72 + 0.05 * (k * 7 % 5)), rng.normal(0, 8))
        stem(canvas, line, 6, 4, vary(c.leaf[1], rng, 0.03))
        if k in (1, 4):
            px, py, a = line[-1]
            for i in range(11):
                canvas.shape(
                    leaf((px, py), a - 90 + 18 * i, tall * 0.075, tall * 0.022, "willow"),
                    vary(mix(c.tones[3], "#a78ac0", 0.45), rng, 0.03),
                )


def _herb_leaf(
    canvas: Canvas,
    name: str,
    at: tuple[float, float, float],
    side: int,
    t: float,
    tall: float,
    tone: str,
    rng: np.random.Generator,
) -> None:
    """One leaf (or tuft) of a herb beside its stem, at the share `t` of its height."""
    px, py, a = at
    fade = 1 - 0.55 * t
    if name == "rosemary":
        canvas.shape(leaf((px, py), a + side * 42, tall * 0.13 * (1.1 - 0.5 * t), tall * 0.019, "willow"), tone)
    elif name == "thyme":
        canvas.shape(leaf((px, py), a + side * 62, tall * 0.062 * (1.2 - 0.5 * t), tall * 0.036, "round"), tone)
    elif name == "dill":
        for k in (-22, 0, 22):
            end = toward((px, py), a + side * 34 + k * 0.8, tall * 0.15 * fade)
            canvas.stroke([(px, py), end], (tall * 0.007, 3.0), tone)
            for j in (-20, 20):
                canvas.stroke([end, toward(end, a + side * 40 + k + j, tall * 0.05)], (4.0, 2.5), tone)
    else:
        long, wide = {
            "basil": (0.29, 0.64),
            "sage": (0.29, 0.38),
            "bay": (0.27, 0.34),
            "mint": (0.23, 0.56),
        }[name]
        way = a + side * 52 + rng.normal(0, 4)
        canvas.shape(
            leaf(
                (px, py),
                way,
                tall * long * fade,
                tall * long * wide * fade,
                "round" if name in ("basil", "mint") else "lance",
            ),
            tone,
        )
        canvas.stroke(
            [toward((px, py), way, tall * 0.02), toward((px, py), way, tall * long * fade * 0.78)],
            (4, 1.5),
            darker(tone, 0.2),
        )


def herbs(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Kitchen herbs, each with room of its own, or three in pots."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    names = [str(v) for v in rng.permutation(HERBS)]
    if kind == "pots":
        shelf = h * (0.80 if canvas.tall else 0.82)
        canvas.crest([(-BEYOND, shelf), (w * 0.5, shelf + 4), (w + BEYOND, shelf)], mix(c.tones[1], c.ground, 0.1))
        pots = [c.sun, c.tones[3], c.accent]
        for k in range(3):
            x = w * (0.22 + 0.28 * k)
            r = min(w * 0.105, h * 0.12)
            foot = shelf + h * (0.03 + 0.02 * (k % 2))
            _herb(canvas, names[k], x, foot - r * 1.55, h * (0.40, 0.46, 0.36)[k] * 0.9, rng)
            canvas.polygon(
                [
                    (x - r * 0.86, foot - r * 1.5),
                    (x + r * 0.86, foot - r * 1.5),
                    (x + r * 0.64, foot),
                    (x - r * 0.64, foot),
                ],
                pots[k],
            )
            canvas.polygon(
                [
                    (x - r, foot - r * 1.86),
                    (x + r, foot - r * 1.86),
                    (x + r * 0.96, foot - r * 1.46),
                    (x - r * 0.96, foot - r * 1.46),
                ],
                mix(pots[k], c.ground, 0.12),
            )
        return
    across, down = (3, 2) if canvas.tall else (4, 1)
    if not canvas.tall:
        names = names[:4]
    edge_x, edge_y = w * 0.08, h * 0.075
    cw, ch = (w - 2 * edge_x) / across, (h - 2 * edge_y) / down
    for k in range(across * down):
        x, y = edge_x + cw * (k % across + 0.5), edge_y + ch * (k // across + 1) - ch * 0.09
        _herb(canvas, names[k], x, y, ch * 0.78, rng)


COMPOSERS = (
    Composer(
        "herbs",
        "Kitchen Herbs",
        listed(
            "herb|herbs|kitchen|kitchen herbs|rosemary|basil|thyme|mint|kräuter|hierbas|cooking|"
            "kitchen wall art|farmhouse kitchen|culinary"
        ),
        (
            Kind("grid", "kitchen herbs side by side"),
            Kind("pots", "three pots of kitchen herbs", listed("pot|pots|potted|windowsill|shelf")),
        ),
        ("sage", "forest", "linen", "terracotta"),
        herbs,
    ),
    Composer(
        "botanical",
        "Botanical Print",
        listed(
            "botanical|botanicals|botanic|plant|plants|leaf|leaves|greenery|foliage|fern|eucalyptus|"
            "olive branch|olive|sprig|sprigs|lavender|palm|palm leaf|flower|flowers|floral|florals|blumen|"
            "flores|poppy|peony|rose|roses|tulip|tulips|pampas"
        ),
        (
            Kind("sprig", "one sprig on a soft ground", listed("sprig|minimal|single")),
            Kind("three", "three botanical sprigs side by side", listed("sprigs|collection|three|herbarium")),
            Kind(
                "flower",
                "three stems of one flower",
                listed("flower|flowers|floral|florals|blumen|flores|poppy|peony|rose|roses|tulip|tulips|blossom|bloom"),
            ),
            Kind("fern", "a fern frond on a soft ground", listed("fern|ferns")),
            Kind("eucalyptus", "a eucalyptus sprig on a soft ground", listed("eucalyptus")),
            Kind("olive", "an olive branch on a soft ground", listed("olive|olive branch")),
            Kind("lavender", "a lavender sprig on a soft ground", listed("lavender")),
            Kind("palm", "a palm leaf on a soft ground", listed("palm|palm leaf|tropical")),
            Kind("pampas", "a pampas plume on a soft ground", listed("pampas")),
        ),
        ("sage", "linen", "blush", "forest", "terracotta", "coast"),
        botanical,
    ),
)

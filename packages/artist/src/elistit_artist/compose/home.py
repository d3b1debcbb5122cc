"""Things of the house: vases in still life, fruit and citrus.

Composers only; every color comes from the canvas's scheme.
"""

from __future__ import annotations

import numpy as np

from elistit_artist.compose import plants
from elistit_artist.compose.canvas import BEYOND, Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.figures.botanicals import at_share, grow, stem
from elistit_artist.figures.geometry import (
    Point,
    arc,
    blob,
    darker,
    leaf,
    lighter,
    mirrored,
    mix,
    toward,
    vary,
)

# Half profiles of vases from the lip down: (half width, height), both 0..1.
VASES: dict[str, tuple[tuple[float, float], ...]] = {
    "bottle": ((0.13, 0.0), (0.12, 0.22), (0.16, 0.36), (0.40, 0.56), (0.46, 0.76), (0.38, 0.95), (0.30, 1.0)),
    "round": ((0.20, 0.0), (0.17, 0.12), (0.40, 0.30), (0.54, 0.58), (0.44, 0.88), (0.27, 1.0)),
    "tall": ((0.19, 0.0), (0.16, 0.10), (0.24, 0.26), (0.30, 0.50), (0.26, 0.80), (0.18, 1.0)),
    "bowl": ((0.62, 0.0), (0.60, 0.22), (0.48, 0.62), (0.26, 0.92), (0.20, 1.0)),
    "jug": ((0.22, 0.0), (0.20, 0.18), (0.36, 0.44), (0.42, 0.68), (0.36, 0.94), (0.28, 1.0)),
}


def vase(canvas: Canvas, kind: str, x: float, foot: float, tall: float, rng: np.random.Generator, color: str) -> float:
    """A vase standing at (x, foot); answers the height of its lip."""
    top = foot - tall
    right: list[Point] = [
        (x, top, 1),
        *[(x + hw * tall, top + v * tall, 1 if v in (0.0, 1.0) else 0) for hw, v in VASES[kind]],
        (x, foot, 1),
    ]
    if kind == "jug":
        lip = VASES[kind][0][0] * tall
        canvas.stroke(
            [
                (x + lip * 0.9, top + tall * 0.08),
                (x + tall * 0.52, top + tall * 0.12),
                (x + tall * 0.54, top + tall * 0.42),
                (x + tall * 0.34, top + tall * 0.56),
            ],
            (tall * 0.055, tall * 0.06, tall * 0.05), darker(color, 0.1),
        )  # fmt: skip
    canvas.shape(mirrored(right, x), color)
    how = int(rng.integers(0, 4))
    body = max(hw for hw, _ in VASES[kind]) * tall
    if kind != "bowl" and how == 0:
        for v in (0.64, 0.72):
            half = np.interp(v, [p[1] for p in VASES[kind]], [p[0] for p in VASES[kind]]) * tall * 0.93
            canvas.stroke(
                [(x - half, top + v * tall), (x, top + v * tall + 8), (x + half, top + v * tall)],
                (5, 6, 5),
                lighter(color, 0.4),
            )
    elif kind != "bowl" and how == 1:
        for k in range(5):
            px = x + body * 0.62 * (k - 2) / 2
            canvas.shape(leaf((px, top + tall * 0.76), -90, tall * 0.16, tall * 0.05, "willow"), lighter(color, 0.42))
    return top


def _bunch(canvas: Canvas, x: float, y: float, reach: float, rng: np.random.Generator, how: str) -> None:
    """What stands in a vase: `branch` one or two quiet branches, `dried` grasses, `flowers` a loose bunch."""
    if how == "flowers":
        hues = plants.bloom_colors(canvas)
        for d in (-34, 32, -16, 18):
            plants.sprig(
                canvas,
                str(rng.choice(["olive", "eucalyptus", "leafy"])),
                x,
                y + 20,
                -90 + d + rng.normal(0, 3),
                reach * rng.uniform(0.85, 1.05),
                rng,
            )
        heads = [str(v) for v in rng.permutation(["peony", "rose", "anemone", "cosmos", "poppy"])]
        spots = (
            (-0.26, -0.40, 0.20),
            (0.26, -0.44, 0.19),
            (-0.03, -0.66, 0.18),
            (0.02, -0.28, 0.21),
            (-0.36, -0.66, 0.12),
            (0.38, -0.72, 0.12),
        )
        for k, (dx, dy, r) in enumerate(spots):
            head = heads[k % 3] if k < 4 else "daisy"
            plants.bloom(
                canvas, head, x + dx * reach, y + dy * reach, r * reach, rng, hues[(k * 2) % 4] if k < 4 else hues[4]
            )
    elif how == "dried":
        for d in (-20, 16, -3):
            plants.sprig(canvas, "pampas", x, y + 20, -90 + d + rng.normal(0, 3), reach * rng.uniform(0.9, 1.15), rng)
    else:
        name = str(rng.choice(["eucalyptus", "olive", "slender", "leafy", "berries"]))
        for d in (-14, 20) if rng.random() < 0.6 else (8,):
            plants.sprig(canvas, name, x, y + 20, -90 + d + rng.normal(0, 3), reach * rng.uniform(0.95, 1.2), rng)


def still_life(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Vases on a table before an arch or a sun."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    table = h * (0.80 if canvas.tall else 0.82)
    back = mix(c.tones[0], c.ground, 0.25)
    if rng.random() < 0.5:
        r = min(w * 0.34, h * 0.33)
        canvas.shape(
            [(w / 2 - r, table, 1), *arc(w / 2, table - r * 1.15, r, r, 180, 360, 13), (w / 2 + r, table, 1)], back
        )
    else:
        canvas.disc(w * rng.choice([0.40, 0.60]), h * 0.36, m * 0.27, mix(c.sun, c.ground, 0.45), rng, 0.006)
    canvas.crest(
        [(-BEYOND, table), (w * 0.3, table + 3), (w * 0.7, table - 3), (w + BEYOND, table)],
        mix(c.tones[1], c.ground, 0.1),
    )
    colors = [str(v) for v in rng.permutation([c.sun, c.tones[3], c.leaf[1], c.tones[2], c.tones[4]])]
    how = {"flowers": "flowers", "dried": "dried"}.get(kind, str(rng.choice(["branch", "branch", "dried"])))
    if kind == "flowers":
        tall = h * 0.27
        lip = vase(
            canvas, str(rng.choice(["round", "bottle", "jug"])), w * 0.5, table + h * 0.045, tall, rng, colors[0]
        )
        _bunch(canvas, w * 0.5, lip, h * 0.34, rng, how)
        _pears(canvas, rng, w * 0.5 + m * 0.30 * rng.choice([-1, 1]), table + h * 0.075, m * 0.06, c.accent)
        return
    kinds = [str(v) for v in rng.permutation(["bottle", "round", "tall", "jug"])]
    side = rng.choice([-1, 1])
    lip = vase(canvas, kinds[0], w * 0.5 - side * m * 0.17, table + h * 0.03, h * 0.30, rng, colors[0])
    _bunch(canvas, w * 0.5 - side * m * 0.17, lip, h * 0.34, rng, how)
    lip = vase(canvas, kinds[1], w * 0.5 + side * m * 0.15, table + h * 0.055, h * 0.19, rng, colors[1])
    if rng.random() < 0.6:
        _bunch(canvas, w * 0.5 + side * m * 0.15, lip, h * 0.19, rng, "branch")
    if rng.random() < 0.6:
        _pears(canvas, rng, w * 0.5 + side * m * 0.33, table + h * 0.075, m * 0.055, c.accent)
    else:
        vase(canvas, "bowl", w * 0.5 + side * m * 0.33, table + h * 0.08, h * 0.075, rng, colors[2])


def _pears(canvas: Canvas, rng: np.random.Generator, x: float, foot: float, r: float, color: str) -> None:
    """One or two round fruits with a stalk."""
    for dx in (-0.95, 0.95) if rng.random() < 0.6 else (0.0,):
        px, py = x + dx * r, foot - r * 0.9
        canvas.shape(blob(px, py, r, r * 0.95, rng, 0.02, 12), vary(color, rng, 0.03))
        canvas.stroke([(px, py - r * 0.88), (px + r * 0.12, py - r * 1.3)], (7, 4), canvas.colors.ink)
        canvas.shape(leaf((px + r * 0.06, py - r * 1.1), -32, r * 0.8, r * 0.34, "lance"), canvas.colors.leaf[1])


def citrus(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Lemons or oranges on the branch, or slices in even rows."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    hues = [c.sun, c.accent, mix(c.sun, "#f7d774", 0.55), c.tones[2]]
    if kind == "slices":
        _slices(canvas, rng, hues)
        return
    pear = kind == "lemons"
    line = grow((w * 0.52, -BEYOND), 91 + rng.normal(0, 3), h * 0.86, rng.normal(0, 8), 20)
    wood = darker(c.leaf[1], 0.32)
    stem(canvas, line, 17, 8, wood)
    spots = [(0.22, -1), (0.38, 1), (0.55, -1), (0.72, 1), (0.93, -1)]
    for t in np.linspace(0.14, 1.0, 12):
        px, py, a = at_share(line, float(t))
        for side in (-1, 1):
            size = m * rng.uniform(0.17, 0.24)
            way = a + side * rng.uniform(38, 62)
            canvas.shape(
                leaf((px, py), way, size, size * 0.36, "lance", side * 0.08),
                vary(c.leaf[int(rng.integers(0, 2))], rng, 0.035),
            )
            canvas.stroke(
                [toward((px, py), way, size * 0.1), toward((px, py), way, size * 0.72)],
                (3.5, 1.5),
                mix(c.leaf[1], c.ground, 0.25),
            )
    for t, side in spots:
        px, py, a = at_share(line, t)
        x, y = toward((px, py), a + side * 52, m * 0.135)
        r = m * rng.uniform(0.082, 0.098)
        color = vary(hues[2] if pear else hues[0], rng, 0.02)
        _fruit(canvas, rng, (x, y), r, a - 90 + side * 22, color, pear)
        canvas.shape(leaf((px, py), a + side * 30, r * 1.5, r * 0.6, "lance"), vary(c.leaf[1], rng, 0.03))
    if c.tones and rng.random() < 0.7:
        _blossoms(canvas, rng, line)


def _slices(canvas: Canvas, rng: np.random.Generator, hues: list[str]) -> None:
    """Slices in even rows."""
    w, h = canvas.w, canvas.h
    m = min(w, h)
    across, down = (3, 4) if canvas.tall else (4, 3)
    edge = m * 0.10
    cw, ch = (w - 2 * edge) / across, (h - 2 * edge) / down
    for k in range(across * down):
        x, y = edge + cw * (k % across + 0.5), edge + ch * (k // across + 0.5)
        color = hues[(k + k // across) % 4]
        _slice(canvas, x, y, min(cw, ch) * 0.445, rng, color)


def _fruit(
    canvas: Canvas, rng: np.random.Generator, at: tuple[float, float], r: float, turn: float, color: str, pear: bool
) -> None:
    """A lemon (`pear`: drawn out at its end) or an orange."""
    x, y = at
    with canvas.at(x, y, turn=turn):
        if pear:
            canvas.shape(
                [
                    (0, -r * 1.25),
                    (r * 0.52, -r * 0.98),
                    (r * 0.95, -r * 0.2),
                    (r * 0.86, r * 0.55),
                    (r * 0.34, r * 1.06),
                    (r * 0.12, r * 1.36),
                    (-r * 0.12, r * 1.36),
                    (-r * 0.34, r * 1.06),
                    (-r * 0.86, r * 0.55),
                    (-r * 0.95, -r * 0.2),
                    (-r * 0.52, -r * 0.98),
                ],
                color,
            )
        else:
            canvas.shape(blob(0, 0, r * 1.08, r * 1.05, rng, 0.012, 14), color)
        for _ in range(7):
            canvas.oval(rng.uniform(-0.5, 0.5) * r, rng.uniform(-0.5, 0.6) * r, 3.4, 3.4, darker(color, 0.16))


def _blossoms(canvas: Canvas, rng: np.random.Generator, line: list[tuple[float, float, float]]) -> None:
    """White flowers along the branch."""
    c = canvas.colors
    m = min(canvas.w, canvas.h)
    for t, side in ((0.3, 1), (0.62, -1), (0.84, 1)):
        px, py, a = at_share(line, t)
        x, y = toward((px, py), a + side * 60, m * 0.10)
        for k in range(5):
            canvas.shape(leaf((x, y), 72 * k + 20, m * 0.034, m * 0.022, "petal"), "#f6eddc" if not c.dark else c.ink)
        canvas.disc(x, y, m * 0.008, c.sun, rng)


def _slice(canvas: Canvas, x: float, y: float, r: float, rng: np.random.Generator, color: str) -> None:
    """A cut citrus fruit: rind, pith and segments."""
    pith = mix(color, "#fff6e2", 0.78)
    turn = rng.uniform(0, 40)
    canvas.disc(x, y, r, color, rng, 0.004)
    canvas.disc(x, y, r * 0.89, pith, rng, 0.004)
    n = 9
    for k in range(n):
        a0, a1 = turn + 360 * k / n + 4.0, turn + 360 * (k + 1) / n - 4.0
        inner = toward((x, y), (a0 + a1) / 2, r * 0.13)
        outer = [(p[0], p[1]) for p in arc(x, y, r * 0.79, r * 0.79, a0, a1, 5)]
        canvas.shape([(*inner, 1), *outer], vary(mix(color, "#fff2cf", 0.22), rng, 0.015), ease=0.3)


COMPOSERS = (
    Composer(
        "still_life",
        "Still Life",
        listed(
            "still life|vase|vases|pottery|ceramic|ceramics|jug|table|bouquet|flowers in vase|flower vase|"
            "stillleben|bodegón|dining room|flower market|bouquets"
        ),
        (
            Kind("vases", "two vases on a table"),
            Kind(
                "flowers",
                "a vase of flowers on a table",
                listed("flower|flowers|bouquet|bouquets|floral|flower market|peonies|roses"),
            ),
            Kind("dried", "vases with dried grasses", listed("pampas|dried|boho")),
        ),
        ("terracotta", "linen", "sage", "blush", "coast", "autumn"),
        still_life,
    ),
    Composer(
        "citrus",
        "Citrus",
        listed(
            "citrus|lemon|lemons|orange|oranges|fruit|fruits|amalfi|sicily|zitronen|limones|grapefruit|"
            "lime|summer fruit|kitchen fruit|mediterranean"
        ),
        (
            Kind("lemons", "lemons on the branch", listed("lemon|lemons|amalfi|sicily|zitronen|limones")),
            Kind("oranges", "oranges on the branch", listed("orange|oranges|tangerine|clementine")),
            Kind("slices", "rows of citrus slices", listed("slice|slices|grapefruit|lime|cut|pattern")),
        ),
        ("citrus", "retro", "coast", "sage", "autumn"),
        citrus,
    ),
)

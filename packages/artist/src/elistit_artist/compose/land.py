"""Landscapes: rolling hills, desert, mountains, misty forest, the sea, a wildflower meadow.

Composers only; every color comes from the canvas's scheme. Far things are pale, near things deep.
"""

from __future__ import annotations

import math

import numpy as np

from elistit_artist.compose import plants
from elistit_artist.compose.canvas import BEYOND, Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.compose.sky import ridge, stars
from elistit_artist.figures.celestial import cloud_points
from elistit_artist.figures.geometry import Point, darker, leaf, mix, vary


def hills(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Layers of hills with a sun and a few trees."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    x = w * rng.choice([0.32, 0.5, 0.68])
    canvas.disc(x, h * (0.25 if canvas.tall else 0.27), m * rng.uniform(0.085, 0.13), c.sun, rng, 0.006)
    tones = [c.tones[0], c.tones[1], c.leaf[0], c.tones[2], c.leaf[1], c.tones[4]]
    if rng.random() < 0.45:
        tones = [c.tones[0], c.tones[1], c.tones[2], c.tones[3], c.tones[4]]
    top = 0.42 if canvas.tall else 0.46
    for k, color in enumerate(tones):
        share = k / len(tones)
        line = ridge(
            canvas, h * (top + (1.0 - top) * share), h * rng.uniform(0.022, 0.042), rng, color, rng.uniform(1.0, 1.9)
        )
        if k in (2, 3) and kind == "trees":
            cypresses(canvas, line, rng, darker(tones[min(k + 1, len(tones) - 1)], 0.14), h * (0.075 + 0.04 * share))


def cypresses(
    canvas: Canvas, line: list[tuple[float, float]], rng: np.random.Generator, color: str, size: float
) -> None:
    """A small group of slim trees on a hill."""
    xs, ys = [p[0] for p in line], [p[1] for p in line]
    middle = rng.uniform(0.15, 0.85) * canvas.w
    for k in range(int(rng.integers(2, 5))):
        x = middle + (k - 1.5) * size * 0.62 + rng.uniform(-8, 8)
        tall = size * rng.uniform(0.85, 1.7)
        canvas.shape(
            leaf((x, float(np.interp(x, xs, ys)) + size * 0.2), -90, tall + size * 0.2, tall * 0.26, "round"),
            vary(color, rng, 0.02),
        )


def desert(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Dunes, a low sun and a few tall cacti."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    canvas.disc(w * rng.choice([0.34, 0.5, 0.66]), h * 0.36, m * rng.uniform(0.15, 0.2), c.sun, rng, 0.006)
    tones = [c.tones[1], c.accent, c.tones[2], c.tones[3], c.tones[4]]
    for k, color in enumerate(tones):
        if k == 3:
            cactus(canvas, w * rng.uniform(0.16, 0.28), h * 0.90, h * rng.uniform(0.30, 0.38), rng)
            cactus(canvas, w * rng.uniform(0.70, 0.84), h * 0.88, h * rng.uniform(0.17, 0.25), rng)
        ridge(canvas, h * (0.50 + 0.105 * k), h * 0.032 * rng.uniform(0.6, 1.3), rng, color, 1.2)


def cactus(canvas: Canvas, x: float, y: float, tall: float, rng: np.random.Generator) -> None:
    """A saguaro standing at (x, y) with one or two arms."""
    green = vary(canvas.colors.leaf[1], rng, 0.02)
    wide = tall * 0.15
    sides = (-1, 1) if rng.random() < 0.7 else (1,)
    for side in sides:
        top = tall * rng.uniform(0.55, 0.78)
        elbow = tall * rng.uniform(0.30, 0.44)
        out = side * tall * rng.uniform(0.2, 0.25)
        canvas.stroke(
            [(x, y - elbow), (x + out * 0.72, y - elbow), (x + out, y - elbow - tall * 0.1), (x + out, y - top)],
            (wide * 0.66, wide * 0.7, wide * 0.66), green,
        )  # fmt: skip
    canvas.stroke([(x, y), (x, y - tall * 0.5), (x, y - tall)], (wide, wide * 1.05, wide * 0.9), green)
    for k in (-0.24, 0.0, 0.24):
        canvas.stroke([(x + k * wide, y - tall * 0.06), (x + k * wide, y - tall * 0.93)], (4, 5, 3), darker(green, 0.2))


def _ridge_line(
    canvas: Canvas, y: float, swing: float, rng: np.random.Generator, cells: int
) -> list[tuple[float, float]]:
    """A mountain skyline: broad peaks with rougher edges."""
    n = 72
    t = np.linspace(0, 1, n)
    total = np.zeros(n)
    strength = 1.0
    for octave in range(4):
        count = cells * 2**octave
        knots = rng.uniform(-1, 1, count + 1)
        if octave == 0:
            knots[::2] = np.abs(knots[::2]) * 0.6 + 0.4
            knots[1::2] = -np.abs(knots[1::2]) * 0.6 - 0.2
        total += strength * np.interp(t, np.linspace(0, 1, count + 1), knots)
        strength *= 0.36
    return [(-BEYOND + (canvas.w + 2 * BEYOND) * float(u), y - swing * float(v)) for u, v in zip(t, total, strict=True)]


def mountains(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Ranges behind ranges, paler with the distance."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    disc = c.sun if not c.dark else mix(c.sun, "#fff4df", 0.3)
    x = w * rng.uniform(0.3, 0.7)
    canvas.disc(x, h * 0.24, m * rng.uniform(0.08, 0.13), disc, rng, 0.005)
    if c.dark:
        stars(canvas, rng, 28, c.sun, [(x, h * 0.24, m * 0.14)], 0.38)
    count = 5
    for k in range(count):
        y = h * (0.45 + 0.115 * k)
        line = _ridge_line(canvas, y, h * (0.088 - 0.012 * k), rng, 3 + k)
        canvas.jagged(line, c.tones[k])
        if kind == "lake" and k == 2:
            break
    if kind == "lake":
        _lake(canvas, rng, x, disc)
    elif kind != "plain":
        _pines(canvas, rng, h * 0.19)


def _lake(canvas: Canvas, rng: np.random.Generator, sun_x: float, disc: str) -> None:
    """Still water at the foot of the ranges with their reflection, the light on it, and a shore of firs."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    level = h * 0.70
    water = mix(c.tones[1], c.ground, 0.35) if not c.dark else mix(c.tones[1], c.tones[2], 0.5)
    far = [(-BEYOND, level), (w * 0.25, level + 2), (w * 0.6, level - 2), (w + BEYOND, level)]
    canvas.crest(far, water)
    # The nearest range upside down, squeezed, a little paler than itself.
    turned = [(x, level + (y - level) * -0.42) for x, y in _ridge_line(canvas, h * 0.66, h * 0.05, rng, 5)]
    turned = [(x, max(level + 4, y)) for x, y in turned]
    canvas.polygon([(-BEYOND, level), *turned, (w + BEYOND, level)], mix(c.tones[2], water, 0.45))
    light = mix(disc, water, 0.25)
    for k in range(7):
        y = level + h * (0.02 + 0.022 * k)
        wide = w * (0.10 - 0.009 * k) * rng.uniform(0.75, 1.15)
        middle = sun_x + rng.normal(0, 8)
        canvas.stroke([(middle - wide, y), (middle, y + rng.normal(0, 2)), (middle + wide, y)], (2, 9, 2), light)
    for side in (0, 1):
        lift = rng.uniform(-0.012, 0.012)
        ts = np.array([-0.1, 0.08, 0.22, 0.36, 0.48, 0.58])
        ys = h * (np.array([0.80, 0.815, 0.85, 0.905, 0.96, 1.03]) + lift)
        xs = [side * w + (1 - 2 * side) * float(t) * w for t in ts]
        bank: list[Point] = [(x, float(y)) for x, y in zip(xs, ys, strict=True)]
        canvas.shape([(xs[0], h + BEYOND, 1), (*bank[0], 1), *bank[1:], (xs[-1], h + BEYOND, 1)], c.tones[4])
        for t in np.sort(rng.uniform(-0.04, 0.32, 7))[::-1]:
            x, foot = side * w + (1 - 2 * side) * float(t) * w, float(np.interp(t, ts, ys)) + h * 0.012
            tall = h * rng.uniform(0.13, 0.25) * (1 - 1.3 * max(0.0, float(t)))
            color = mix(c.tones[4], c.ink if not c.dark else "#0e1b28", rng.uniform(0.15, 0.6))
            fir(canvas, x, foot, tall, rng, color)


def _pines(canvas: Canvas, rng: np.random.Generator, size: float) -> None:
    """A fringe of firs along the lower edge, thinner in the middle."""
    c = canvas.colors
    xs = np.linspace(-20, canvas.w + 20, 19) + rng.uniform(-18, 18, 19)
    for x in rng.permutation(xs):
        side = abs(x / canvas.w - 0.5) * 2
        tall = size * (0.55 + 0.75 * side**1.4) * rng.uniform(0.8, 1.15)
        color = mix(c.tones[4], c.ink if not c.dark else "#0e1b28", rng.uniform(0.15, 0.6))
        fir(canvas, float(x), canvas.h + rng.uniform(10, 40), tall, rng, color)


def fir(canvas: Canvas, x: float, y: float, tall: float, rng: np.random.Generator, color: str, tiers: int = 6) -> None:
    """One fir, its foot at (x, y)."""
    left: list[Point] = []
    right: list[Point] = []
    for k in range(1, tiers + 1):
        down = y - tall + tall * 0.94 * k / tiers
        wide = tall * 0.20 * k / tiers * rng.uniform(0.88, 1.12)
        left += [(x - wide, down + tall * 0.02, 1), (x - wide * 0.45, down - tall * 0.012, 1)]
        right += [(x + wide, down + tall * 0.02, 1), (x + wide * 0.45, down - tall * 0.012, 1)]
    stump = tall * 0.018
    outline: list[Point] = [(x, y - tall, 1), *right, (x + stump, y, 1), (x - stump, y, 1), *left[::-1]]
    canvas.shape(outline, color)


def forest(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Rows of firs that come out of the mist."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    canvas.disc(w * rng.uniform(0.34, 0.66), h * 0.22, min(w, h) * rng.uniform(0.09, 0.13), c.sun, rng, 0.005)
    for k in range(4):
        y = h * (0.52 + 0.15 * k)
        color = mix(c.tones[k], c.tones[k + 1], 0.55)
        line = ridge(canvas, y, h * 0.018, rng, color, 1.4)
        xs, ys = [p[0] for p in line], [p[1] for p in line]
        step = w * (0.045 + 0.022 * k)
        x = -step * rng.random()
        while x < w + step:
            if rng.random() < 0.86 - 0.1 * k:
                tall = h * (0.10 + 0.055 * k) * rng.uniform(0.6, 1.25)
                fir(canvas, x, float(np.interp(x, xs, ys)) + tall * 0.08, tall, rng, vary(color, rng, 0.012), 6 + k)
            x += step * rng.uniform(0.7, 1.5)


def sea(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """The sea: waves rolling in, a still horizon with its light, or a small boat."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    if kind == "waves":
        _rollers(canvas, rng)
        return
    x = w * (0.5 if canvas.tall else rng.choice([0.38, 0.5, 0.62]))
    level = h * (0.55 if canvas.tall else 0.56)
    r = m * rng.uniform(0.15, 0.19)
    canvas.disc(x, level - r * rng.uniform(0.15, 0.9), r, c.sun, rng, 0.005)
    canvas.crest([(-BEYOND, level), (w * 0.3, level + 2), (w * 0.7, level - 2), (w + BEYOND, level)], c.tones[1])
    light = mix(c.sun, c.tones[0], 0.45)
    for k in range(8):
        y = level + h * (0.022 + 0.021 * k)
        wide = r * (0.95 - 0.09 * k) * rng.uniform(0.75, 1.1)
        middle = x + rng.normal(0, 9)
        canvas.stroke([(middle - wide, y), (middle, y + rng.normal(0, 3)), (middle + wide, y)], (3, 11, 3), light)
    for k, color in enumerate((c.tones[2], c.tones[3], c.tones[4])):
        y = level + (h - level) * (0.42 + 0.22 * k)
        _swell(canvas, y, h * (0.012 + 0.006 * k), rng, color, 4.6 - 0.8 * k)
    if kind == "boat":
        canvas.figure("sailboat", {}, rng, w * (0.30 if x > w * 0.45 else 0.70), level + h * 0.035, m * 0.30)


def _swell(canvas: Canvas, y: float, swing: float, rng: np.random.Generator, color: str, waves: float) -> None:
    """Water with a gently pointed surface."""
    phase = rng.uniform(0, 6.28)
    xs = np.linspace(-BEYOND, canvas.w + BEYOND, 46)
    line = [
        (float(x), y - swing * (1 - 2 * abs(math.sin(x / canvas.w * math.pi * waves / 2 + phase)) ** 0.8)) for x in xs
    ]
    canvas.crest(line, color)


def _rollers(canvas: Canvas, rng: np.random.Generator) -> None:
    """Flowing bands of water under an open sky, with lines of foam."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    canvas.disc(w * rng.choice([0.32, 0.68]), h * 0.22, min(w, h) * 0.105, c.sun, rng, 0.005)
    colors = [c.tones[0], c.tones[1], c.tones[2], c.accent, c.tones[3], c.tones[2], c.tones[4]]
    foam = mix(c.ground, "#ffffff", 0.4) if not c.dark else c.tones[0]
    for k, color in enumerate(colors):
        y = h * (0.40 + 0.092 * k)
        phase = rng.uniform(0, 6.28)
        xs = np.linspace(-BEYOND, w + BEYOND, 19)
        swing = h * rng.uniform(0.028, 0.05)
        line = [
            (float(x), y + swing * math.sin(x / w * math.pi * 1.7 + phase) + swing * 0.3 * math.sin(x / w * 9 + phase))
            for x in xs
        ]
        canvas.crest(line, color)
        if k in (2, 4, 6):
            lower = [(x, y + h * 0.017) for x, y in line]
            canvas.stroke(lower, (6, 7, 5, 7, 6), foam)


def meadow(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Wildflowers and grasses against an open sky."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    if kind == "sun" or rng.random() < 0.5:
        canvas.disc(w * rng.choice([0.3, 0.5, 0.7]), h * 0.24, min(w, h) * 0.12, mix(c.sun, c.ground, 0.3), rng, 0.005)
    ridge(canvas, h * 0.80, h * 0.015, rng, mix(c.tones[0], c.leaf[0], 0.30))
    ridge(canvas, h * 0.88, h * 0.013, rng, mix(c.tones[1], c.leaf[0], 0.55))
    for _ in range(round(w / 24)):
        plants.grass(
            canvas,
            rng.uniform(0, 1) * w,
            h + 20,
            h * rng.uniform(0.14, 0.40),
            rng,
            vary(mix(c.leaf[0], c.tones[0], 0.25), rng, 0.03),
        )
    heads = [str(n) for n in rng.permutation(["poppy", "daisy", "cosmos", "anemone", "daisy"])][:4]
    hues = plants.bloom_colors(canvas)
    count = max(9, round(w / 95))
    for k in rng.permutation(count):
        x = w * (0.06 + 0.88 * (k + 0.5 + rng.uniform(-0.3, 0.3)) / count)
        tall = h * rng.uniform(0.24, 0.56)
        lean = -90 + rng.normal(0, 5)
        pick = int(rng.integers(0, 7))
        if pick < 5:
            head = heads[pick % len(heads)]
            color = hues[4] if head == "daisy" else hues[pick % 4]
            plants.flower(
                canvas, head, x, h + 20, lean, tall, (36 + 58 * tall / h) * rng.uniform(0.85, 1.2), rng, color
            )
        else:
            plants.sprig(canvas, ("lavender", "wheat")[pick - 5], x, h + 20, lean, tall * 0.95, rng)
    for _ in range(round(w / 30)):
        plants.grass(canvas, rng.uniform(0, 1) * w, h + 20, h * rng.uniform(0.08, 0.2), rng, vary(c.leaf[1], rng, 0.03))


def clouds(canvas: Canvas, rng: np.random.Generator, color: str, places: list[tuple[float, float, float]]) -> None:
    """Clouds at (x, y, size)."""
    for x, y, size in places:
        canvas.shape(cloud_points(x, y, size), vary(color, rng, 0.01))


COMPOSERS = (
    Composer(
        "hills",
        "Rolling Hills",
        listed(
            "hills|hill|landscape|landscapes|countryside|fields|field|layers|valley|tuscany|tuscan|"
            "farmland|landschaft|paisaje|paysage|horizon|scenery|nature"
        ),
        (
            Kind("trees", "rolling hills with slim trees under a sun", listed("tree|trees|tuscany|tuscan|cypress")),
            Kind("plain", "rolling hills under a sun", listed("minimal|minimalist|abstract|simple")),
        ),
        ("sage", "terracotta", "autumn", "blush", "forest", "retro"),
        hills,
    ),
    Composer(
        "desert",
        "Desert",
        listed(
            "desert|cactus|cacti|southwestern|southwest|dunes|dune|arizona|joshua tree|mojave|saguaro|"
            "western|wüste|desierto"
        ),
        (Kind("cactus", "a desert with tall cacti at sundown"),),
        ("terracotta", "retro", "blush", "autumn"),
        desert,
    ),
    Composer(
        "mountains",
        "Mountains",
        listed(
            "mountain|mountains|alps|alpine|peaks|peak|rockies|appalachian|berge|montañas|montagne|"
            "montagnes|adventure|camping|hiking|national park"
        ),
        (
            Kind("pines", "mountain ranges with a fringe of firs"),
            Kind(
                "lake",
                "mountains mirrored in a still lake",
                listed("lake|lakes|alpine lake|mirror|reflection|see|lago|lac|pond"),
            ),
            Kind("plain", "mountain ranges in the haze", listed("minimal|minimalist|misty|haze|foggy|simple")),
        ),
        ("coast", "forest", "sage", "midnight", "blush", "lavender"),
        mountains,
    ),
    Composer(
        "forest",
        "Misty Forest",
        listed("forest|woods|woodland|pine|pines|trees|tree|fir|firs|misty|mist|fog|wald|bosque|forêt|foret|evergreen"),
        (Kind("firs", "a forest of firs in the mist"),),
        ("forest", "sage", "coast", "midnight", "linen"),
        forest,
    ),
    Composer(
        "sea",
        "Sea",
        listed(
            "sea|ocean|beach|coast|coastal|wave|waves|surf|nautical|seascape|water|shore|meer|mar|océan|"
            "lake|sailing|boat|sailboat|ship|tide"
        ),
        (
            Kind("horizon", "a low sun over a calm sea"),
            Kind("waves", "flowing waves under a sun", listed("wave|waves|surf|tide")),
            Kind("boat", "a small sailing boat under a low sun", listed("boat|sailboat|sailing|ship|nautical")),
        ),
        ("coast", "retro", "midnight", "blush", "sage"),
        sea,
    ),
    Composer(
        "meadow",
        "Wildflower Meadow",
        listed(
            "meadow|wildflower|wildflowers|wild flowers|flower field|poppies|poppy field|wiese|wildblumen|"
            "prairie|cottage garden|cottagecore|garden|flower garden|spring"
        ),
        (
            Kind("open", "a wildflower meadow"),
            Kind("sun", "a wildflower meadow under a pale sun", listed("sun|summer|sunny")),
        ),
        ("autumn", "blush", "coast", "sage", "lavender", "citrus"),
        meadow,
    ),
)

"""Pictures of the sky: boho suns, moon phases, rainbows, night skies.

Composers only; every color comes from the canvas's scheme.
"""

from __future__ import annotations

import math

import numpy as np

from elistit_artist.compose import plants
from elistit_artist.compose.canvas import BEYOND, Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.figures.celestial import cloud_points, star_points
from elistit_artist.figures.geometry import Point, arc, blob, leaf, lighter, mix, toward, vary


def ridge(
    canvas: Canvas, y: float, swing: float, rng: np.random.Generator, color: str, waves: float = 1.3
) -> list[tuple[float, float]]:
    """A soft hill across the canvas with its top near `y`; answers its line."""
    phase, other = rng.uniform(0, 6.28, 2)
    xs = np.linspace(-BEYOND, canvas.w + BEYOND, 15)
    line = [
        (
            float(x),
            y
            + swing * math.sin(x / canvas.w * math.pi * waves + phase)
            + 0.35 * swing * math.sin(x / canvas.w * math.pi * waves * 2.1 + other),
        )
        for x in xs
    ]
    canvas.crest(line, color)
    return line


def rays(canvas: Canvas, x: float, y: float, r: float, rng: np.random.Generator, how: str, half: bool = False) -> None:
    """Rays round a disc: `leaves`, `dashes`, `drops` or `rings`."""
    c = canvas.colors
    first, last = (180.0, 360.0) if half else (0.0, 360.0)
    if how == "rings":
        for k in range(3, 0, -1):
            inner, outer = r * (1.02 + 0.2 * k), r * (1.11 + 0.2 * k)
            color = (c.tones[1], c.accent, c.tones[2])[k - 1]
            if half:
                _arch(canvas, x, y, outer, inner, color, 0)
            else:
                canvas.ring(arc(x, y, outer, outer, 0, 345, 24), arc(x, y, inner, inner, 0, 345, 24), color)
        return
    count = {"leaves": 26, "dashes": 40, "drops": 20}[how]
    count = count // 2 + 1 if half else count
    for i in range(count):
        way = first + (last - first) * i / ((count - 1) if half else count)
        long = i % 2 == 0
        reach = r * (0.36 if long else 0.22) * (0.8 if how == "drops" else 1.0)
        color = (c.accent if long else c.tones[3]) if how != "dashes" else (c.sun if long else c.accent)
        wide = {"leaves": 0.085, "dashes": 0.03, "drops": 0.14}[how] * r
        shape = {"leaves": "lance", "dashes": "round", "drops": "spoon"}[how]
        start = toward((x, y), way, r * 1.17)
        canvas.shape(leaf(start, way, reach * rng.uniform(0.94, 1.06), wide, shape), vary(color, rng, 0.015))


def _arch(canvas: Canvas, x: float, y: float, outer: float, inner: float, color: str, foot: float) -> None:
    """Half a ring standing on y, its legs `foot` longer."""
    out: list[Point] = [(x - outer, y + foot, 1), *[(*p[:2], 0) for p in arc(x, y, outer, outer, 180, 360, 15)]]
    out += [(x + outer, y + foot, 1), (x + inner, y + foot, 1)]
    out += [(*p[:2], 0) for p in arc(x, y, inner, inner, 360, 180, 15)] + [(x - inner, y + foot, 1)]
    canvas.shape(out, color)


def boho_sun(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """A large sun over soft hills."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    half = kind == "rising"
    r = 0.215 * min(w, h) * rng.uniform(0.94, 1.1) * (1.25 if half else 1.0)
    x = w * (0.5 if canvas.tall else rng.choice([0.43, 0.5, 0.57]))
    y = h * (0.645 if half else (0.35 if canvas.tall else 0.36))
    how = str(rng.choice(["leaves", "dashes", "drops", "rings"]))
    if how == "rings":
        r *= 0.95 if canvas.tall else 0.78
    rays(canvas, x, y, r, rng, how, half)
    canvas.disc(x, y, r, c.sun, rng, 0.006)
    order = [c.tones[0], c.tones[2], c.tones[1], c.leaf[0], c.tones[3], c.tones[4]]
    count = int(rng.integers(4, 6))
    tones = order[:count] if rng.random() < 0.5 else [order[0], order[1], order[3], order[4], order[5]][:count]
    top = 0.60 if (canvas.tall or half) else 0.64
    for k, color in enumerate(tones):
        ridge(canvas, h * (top + (0.99 - top) * k / count), h * 0.034 * rng.uniform(0.6, 1.2), rng, color)
    if rng.random() < 0.8:
        _growth(canvas, rng, h * 0.36)


def _growth(canvas: Canvas, rng: np.random.Generator, reach: float) -> None:
    """Dried grasses on one side, greenery on the other."""
    left = rng.random() < 0.5
    sets = [("pampas", "pampas", "wheat"), ("olive", "eucalyptus", "slender")]
    for side, names in zip((0, 1) if left else (1, 0), sets, strict=True):
        for k in range(int(rng.integers(1, 3))):
            x = canvas.w * (0.08 + 0.11 * k + rng.uniform(0, 0.03))
            x = x if side == 0 else canvas.w - x
            name = str(rng.choice(names))
            color = mix(canvas.colors.ink, canvas.colors.leaf[1], 0.5) if name == "slender" else ""
            lean = rng.uniform(2, 12) * (1 if side == 0 else -1)
            plants.sprig(
                canvas, name, x, canvas.h + 30, -90 + lean, reach * rng.uniform(0.8, 1.05) * (1 - 0.22 * k), rng, color
            )


def crescent(x: float, y: float, r: float, share: float, turn: float = 0.0) -> list[Point]:
    """The lit part of a moon: `share` 0..1 of its width is lit, from the right; `turn` degrees."""
    bulge = r * (1 - 2 * share)
    a = math.radians(turn)
    out: list[Point] = []
    for t in np.linspace(-90, 90, 9):
        out.append((r * math.cos(math.radians(t)), r * math.sin(math.radians(t)), 1.0 if abs(t) == 90 else 0.0))
    for t in np.linspace(90, -90, 9)[1:-1]:
        out.append((bulge * math.cos(math.radians(t)), r * math.sin(math.radians(t)), 0.0))
    return [(x + px * math.cos(a) - py * math.sin(a), y + px * math.sin(a) + py * math.cos(a), s) for px, py, s in out]


def craters(canvas: Canvas, x: float, y: float, r: float, rng: np.random.Generator, color: str) -> None:
    """A few soft spots on a moon, none over its rim."""
    for k in range(7):
        way, far = 137.5 * k + rng.uniform(0, 50), r * rng.uniform(0.12, 0.68)
        px, py = toward((x, y), way, far)
        size = min(r * rng.uniform(0.07, 0.17), (r - far) * 0.75)
        canvas.shape(blob(px, py, size, size * 0.9, rng, 0.06, 9), vary(color, rng, 0.012))


def stars(
    canvas: Canvas,
    rng: np.random.Generator,
    count: int,
    color: str,
    free: list[tuple[float, float, float]],
    low: float = 0.7,
) -> None:
    """Little stars and dots over the upper part, away from the circles (x, y, r) in `free` and from each other."""
    taken = list(free)
    for k in range(count):
        for _ in range(14):
            x, y = rng.uniform(0.06, 0.94) * canvas.w, rng.uniform(0.05, low) * canvas.h
            size = rng.uniform(13, 22) if k % 3 == 0 else rng.uniform(4, 7)
            if all(math.hypot(x - a, y - b) > r + size + 34 for a, b, r in taken):
                break
        else:
            continue
        taken.append((x, y, size))
        if k % 3 == 0:
            canvas.shape(star_points(x, y, size, 0.26, -90, 4, sharp=True), color, ease=0.2)
        else:
            canvas.disc(x, y, size, color, rng, 0.03)


def moon_phases(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """The phases of the moon in a row, an arc or a column, with greenery below."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    pale = mix(c.sun, "#fff4df", 0.35) if c.dark else mix(c.sun, c.ground, 0.30)
    shade = mix(pale, c.tones[3], 0.32)
    lit = [0.15, 0.36, 0.74, 1.0, 0.74, 0.36, 0.15]
    places: list[tuple[float, float, float]] = []
    if kind == "column" and canvas.tall:
        for k in range(7):
            places.append((w * 0.5, h * (0.135 + 0.1215 * k), h * (0.043 if k != 3 else 0.06)))
    elif kind == "arc":
        big = min(w, h) * 0.185
        for k in range(7):
            way = 180 + 180 * k / 6
            px, py = w * 0.5 + w * 0.36 * math.cos(math.radians(way)), h * 0.45 + h * 0.25 * math.sin(math.radians(way))
            places.append((px, py, min(w, h) * (0.058 if k != 3 else 0.07)))
        canvas.disc(w * 0.5, h * 0.50, big, pale, rng)
        craters(canvas, w * 0.5, h * 0.50, big, rng, shade)
    else:
        sizes = [0.034, 0.046, 0.060, 0.112, 0.060, 0.046, 0.034]
        gap, x = w * 0.026, 0.0
        run = 2 * sum(sizes) * w + 6 * gap
        x = (w - run) / 2
        for k, size in enumerate(sizes):
            places.append((x + size * w, h * (0.40 - 0.045 * math.sin(math.pi * k / 6)), size * w))
            x += 2 * size * w + gap
    for k, (x, y, r) in enumerate(places):
        if lit[k] == 1.0 and kind != "arc":
            canvas.disc(x, y, r, pale, rng)
            craters(canvas, x, y, r, rng, shade)
        elif lit[k] == 1.0:
            canvas.disc(x, y, r, pale, rng)
        else:
            canvas.shape(crescent(x, y, r, lit[k], 0 if k < 3 else 180), vary(pale, rng, 0.012))
    if kind != "column":
        _fan(canvas, rng, h * (0.37 if canvas.tall else 0.26 if kind == "arc" else 0.36))
    star = c.sun if c.dark else c.accent
    free = [*places, (w * 0.5, h * 0.50, min(w, h) * 0.2), (w * 0.5, h * 1.0, h * 0.34)]
    stars(canvas, rng, 26 if kind != "column" else 22, star, free, 0.92 if kind == "column" else 0.66)


def _fan(canvas: Canvas, rng: np.random.Generator, reach: float) -> None:
    """Sprigs that open like a fan from the middle of the lower edge."""
    names = [str(n) for n in rng.choice(["olive", "eucalyptus", "leafy", "berries", "slender"], 2, replace=False)]
    ways = [(-90 + d, 1 - abs(d) / 190) for d in (-76, 76, -57, 57, -38, 38, -19, 19, 0)]
    for k, (way, size) in enumerate(ways):
        plants.sprig(canvas, names[k % 2], canvas.w * 0.5, canvas.h + 20, way + rng.normal(0, 3), reach * size, rng)


def rainbow(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """A hand-painted arch of bands, with a little sun, clouds or greenery at its feet."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    bands = int(rng.integers(4, 7))
    base = [c.tones[3], c.sun, c.accent, c.tones[1], c.leaf[0], c.tones[2]]
    colors = base[:bands] if rng.random() < 0.5 else base[:bands][::-1]
    outer = min(0.39 * w, 0.40 * h)
    x, y = w * 0.5, h * ((0.62 if kind == "sprigs" else 0.585) if canvas.tall else 0.68)
    foot = outer * 0.16
    thick = outer * 0.80 / bands
    for k, color in enumerate(colors):
        edge = outer - k * thick
        _arch(canvas, x, y, edge, edge - thick * 0.80, vary(color, rng, 0.01), foot)
    if kind == "clouds":
        for side in (-1, 1):
            pale = mix(c.tones[0], "#ffffff", 0.35) if not c.dark else c.tones[0]
            canvas.shape(cloud_points(x + side * outer * 0.74, y + foot * 1.1, outer * 0.36), pale)
        stars(canvas, rng, 24, c.accent, [(x, y, outer * 1.16), (x, y + foot, outer * 1.16)], 0.94)
    elif kind == "heart":
        canvas.shape(_heart(x, y + foot - outer * 0.10, outer * 0.085), c.sun)
        stars(canvas, rng, 22, c.accent, [(x, y, outer * 1.14)], 0.92)
    else:
        for side in (-1, 1):
            foot_x = x + side * outer * 0.86
            for d, size in ((-8, 0.72), (34, 0.62), (66, 0.5)):
                name = str(rng.choice(["olive", "eucalyptus", "berries", "leafy"]))
                plants.sprig(canvas, name, foot_x, y + foot * 1.7, -90 + side * d, outer * size, rng)
        canvas.disc(
            x, h * 0.175 if canvas.tall else h * 0.16, outer * (0.2 if canvas.tall else 0.13), c.accent, rng, 0.008
        )


def _heart(x: float, y: float, r: float) -> list[Point]:
    right: list[Point] = [(0, -0.42, 1), (0.36, -0.86), (0.86, -0.72), (0.98, -0.2), (0.6, 0.4), (0, 1.0, 1)]
    left: list[Point] = [(-p[0], *p[1:]) for p in reversed(right[1:-1])]
    return [(x + p[0] * r, y + p[1] * r, *p[2:]) for p in [*right, *left]]


def night_sky(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """A crescent moon among clouds and stars over sleeping hills."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    pale = mix(c.sun, "#fff4df", 0.3) if c.dark else c.sun
    m = min(w, h)
    x, y, r = w * (0.5 if canvas.tall else 0.62), h * 0.34, m * rng.uniform(0.19, 0.23)
    if kind == "sun and moon":
        rays(canvas, x, y, r * 0.98, rng, str(rng.choice(["dashes", "leaves"])))
        canvas.disc(x, y, r, mix(c.sun, c.ground, 0.25 if not c.dark else 0.0), rng)
        canvas.shape(crescent(x, y, r, 0.36, 180), mix(c.tones[3], c.sun, 0.15) if not c.dark else lighter(c.sun, 0.5))
    else:
        canvas.shape(crescent(x, y, r, 0.30, 180 + rng.uniform(-30, -12)), pale)
        cloud = mix(c.tones[0], c.ground, 0.2) if not c.dark else c.tones[0]
        for dx, dy, size in ((0.16, 0.075, 0.13), (-0.27, 0.14, 0.10)):
            canvas.shape(cloud_points(x + dx * m, y + dy * h, size * m), vary(cloud, rng, 0.01))
    tones = c.tones[1:]
    for k, color in enumerate(tones):
        ridge(canvas, h * (0.70 + 0.075 * k), h * 0.026 * rng.uniform(0.7, 1.3), rng, color, 1.6)
    stars(canvas, rng, 46, c.sun if c.dark else c.accent, [(x, y, r * 1.45), (x + 0.16 * m, y + 0.075 * h, 0.14 * m),
          (x - 0.27 * m, y + 0.14 * h, 0.11 * m)], 0.62)  # fmt: skip


COMPOSERS = (
    Composer(
        "boho_sun",
        "Boho Sun",
        listed("sun|suns|sunshine|sunset|sunrise|boho sun|sonne|sol|soleil|boho"),
        (
            Kind("sun", "a boho sun over soft hills"),
            Kind("rising", "a sun rising behind hills", listed("sunrise|rising|sunset|half sun|horizon")),
        ),
        ("terracotta", "retro", "blush", "autumn", "linen", "sage"),
        boho_sun,
    ),
    Composer(
        "moon_phases",
        "Moon Phases",
        listed("moon phases|moon phase|phases|lunar|moon cycle|moons|mondphasen"),
        (
            Kind("row", "the phases of the moon over greenery"),
            Kind("arc", "the phases of the moon round a full moon", listed("full moon|arc|circle")),
            Kind("column", "the phases of the moon in a column", listed("column|vertical")),
        ),
        ("midnight", "plum", "linen", "terracotta", "sage"),
        moon_phases,
    ),
    Composer(
        "rainbow",
        "Rainbow",
        listed("rainbow|rainbows|regenbogen|arcoiris|arc en ciel"),
        (
            Kind("sprigs", "a rainbow with greenery at its feet"),
            Kind("clouds", "a rainbow on two clouds", listed("cloud|clouds|nursery|baby")),
            Kind("heart", "a rainbow and a heart", listed("heart|love|hearts")),
        ),
        ("terracotta", "pastel", "blush", "retro", "sage"),
        rainbow,
    ),
    Composer(
        "night_sky",
        "Night Sky",
        listed(
            "night sky|night|celestial|stars|starry|moon|crescent|crescent moon|galaxy|space|mond|luna|"
            "lune|mystical|witchy|dreamy sky"
        ),
        (
            Kind("moon", "a crescent moon over sleeping hills", listed("moon|crescent|crescent moon|luna|mond|lune")),
            Kind("sun and moon", "the sun and the moon in one", listed("sun and moon|eclipse|tarot|sun moon")),
        ),
        ("midnight", "plum", "lavender", "coast", "pastel"),
        night_sky,
    ),
)

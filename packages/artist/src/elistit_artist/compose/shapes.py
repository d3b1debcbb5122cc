"""Shapes for their own sake: abstract compositions, arches, leaf cut-outs.

Composers only; every color comes from the canvas's scheme.
"""

from __future__ import annotations

import math

import numpy as np

from elistit_artist.compose import plants
from elistit_artist.compose.canvas import Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.compose.sky import _arch
from elistit_artist.figures.geometry import Point, arc, blob, leaf, mix, rgb, toward


def _pebble(
    canvas: Canvas, x: float, y: float, rx: float, ry: float, rng: np.random.Generator, color: str, wobble: float = 0.10
) -> None:
    """An uneven rounded shape; x, y, radii in shares of the canvas width and height."""
    m = min(canvas.w, canvas.h)
    canvas.shape(blob(x * canvas.w, y * canvas.h, rx * m, ry * m, rng, wobble, 7), color)


def abstract(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """A few large shapes in balance, one line, one stem."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    line = c.ink
    if kind == "stones":
        _stones(canvas, rng)
        return
    flip = rng.random() < 0.5

    def side(share: float) -> float:
        return 1 - share if flip else share

    _pebble(canvas, side(0.36), 0.29, 0.29, 0.25, rng, c.tones[0])
    _pebble(canvas, side(0.66), 0.60, 0.30, 0.36, rng, c.sun, 0.08)
    _pebble(canvas, side(0.30), 0.72, 0.21, 0.28, rng, c.leaf[0], 0.09)
    _pebble(canvas, side(0.70), 0.20, 0.125, 0.125, rng, c.accent, 0.02)
    _pebble(canvas, side(0.47), 0.47, 0.15, 0.15, rng, mix(c.tones[2], c.ground, 0.15), 0.08)
    x0, y0 = w * side(0.20), h * 0.18
    sweep: list[Point] = [
        (x0 + (w * side(0.20 + 0.34 * t) - x0) + 26 * math.sin(t * 8), y0 + h * 0.36 * t) for t in np.linspace(0, 1, 9)
    ]
    canvas.stroke(sweep, (5, 7, 6, 7, 4), line)
    for k in range(6):
        y = h * (0.83 + 0.017 * k)
        a, b = sorted((w * side(0.13), w * side(0.44)))
        canvas.stroke(
            [(a + rng.normal(0, 4), y), ((a + b) / 2, y + rng.normal(0, 4)), (b + rng.normal(0, 10), y)],
            (4.5, 5.5, 4.5),
            line,
        )
    stem = "slender" if rng.random() < 0.6 else "olive"
    plants.sprig(canvas, stem, w * side(0.63), h * 0.945, -90 - (6 if not flip else -6), h * 0.46, rng, line)
    for k in range(14):
        x = w * side(0.58 + 0.065 * (k % 5)) + rng.normal(0, 5)
        canvas.disc(x, h * (0.085 + 0.019 * (k // 5)) + rng.normal(0, 3), 5.5, line, rng, 0.05)


def _stones(canvas: Canvas, rng: np.random.Generator) -> None:
    """Stones balanced on each other, with a halo behind."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    canvas.disc(w * rng.choice([0.42, 0.58]), h * 0.34, m * 0.25, mix(c.sun, c.ground, 0.12), rng, 0.008)
    colors = [c.tones[4], c.leaf[0], c.tones[2], c.accent, c.tones[1]]
    y = h * 0.90
    wide = m * 0.36
    for k, color in enumerate(colors):
        ry = m * (0.098 - 0.006 * k) * rng.uniform(0.85, 1.15)
        rx = wide * (1 - 0.16 * k) * rng.uniform(0.88, 1.06)
        y -= ry
        x = w * 0.5 + rng.uniform(-0.05, 0.05) * w
        points: list[Point] = []
        for t in np.linspace(0, 360, 13)[:-1]:
            a = math.radians(t)
            ease = 0.78
            points.append(
                (
                    x + rx * math.copysign(abs(math.cos(a)) ** ease, math.cos(a)) * (1 + rng.normal(0, 0.02)),
                    y + ry * math.copysign(abs(math.sin(a)) ** ease, math.sin(a)),
                )
            )
        canvas.shape(points, color)
        y -= ry * 0.97
    canvas.stroke([(w * 0.06, h * 0.905), (w * 0.5, h * 0.902), (w * 0.94, h * 0.905)], (4, 6, 4), c.ink)


def arches(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Nested arches, alone with a sprig, or several in a quiet grid."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    palette = [c.tones[3], c.sun, c.tones[1], c.accent, c.leaf[0], c.tones[2], c.tones[4]]
    if kind == "grid":
        across, down = (2, 3) if canvas.tall else (3, 2)
        edge = min(w, h) * 0.09
        cell = min((w - 2 * edge) / across, (h - 2 * edge) / down)
        left, top = (w - cell * across) / 2, (h - cell * down) / 2
        for k in range(across * down):
            x, y = left + cell * (k % across + 0.5), top + cell * (k // across + 0.5)
            _tile(canvas, x, y, cell * 0.45, rng, [str(v) for v in rng.permutation(palette)], k)
        return
    outer = min(0.36 * w, 0.34 * h)
    x, y = w * 0.5, h * (0.50 if canvas.tall else 0.52)
    foot = h * (0.36 if canvas.tall else 0.34)
    bands = int(rng.integers(3, 5))
    thick = outer * 0.66 / bands
    colors = [str(v) for v in rng.permutation(palette[:6])]
    for k in range(bands):
        _arch(canvas, x, y, outer - k * thick, outer - (k + 0.84) * thick, colors[k], foot)
    inner = outer - (bands + 0.05) * thick
    full: list[Point] = [(x - inner, y + foot, 1), *arc(x, y, inner, inner, 180, 360, 13), (x + inner, y + foot, 1)]
    canvas.shape(full, mix(c.tones[0], c.ground, 0.25))
    canvas.disc(x, y + inner * 0.15, inner * 0.46, c.sun if colors[bands - 1] != c.sun else c.accent, rng, 0.01)
    name = str(rng.choice(["slender", "olive", "fern", "eucalyptus"]))
    plants.sprig(canvas, name, x, y + foot * 0.99, -90, foot * 0.80, rng)
    canvas.stroke([(w * 0.08, y + foot + 6), (w * 0.5, y + foot + 9), (w * 0.92, y + foot + 6)], (4, 7, 4), c.ink)


def _tile(canvas: Canvas, x: float, y: float, r: float, rng: np.random.Generator, colors: list[str], k: int) -> None:
    """One cell of a grid: an arch, its reflection, a disc in a ring, or a leaf."""
    pick = (k + int(rng.integers(0, 2))) % 4
    if pick == 0:
        for i in range(3):
            _arch(
                canvas,
                x,
                y + r * 0.30,
                r * (1 - 0.3 * i),
                r * (0.77 - 0.3 * i) if i < 2 else r * 0.2,
                colors[i],
                r * 0.66,
            )
    elif pick == 1:
        canvas.shape(
            [(x - r, y + r * 0.96, 1), *arc(x, y + r * 0.02, r, r, 180, 360, 13), (x + r, y + r * 0.96, 1)], colors[0]
        )
        canvas.disc(x, y + r * 0.04, r * 0.5, colors[1], rng, 0.01)
    elif pick == 2:
        canvas.disc(x, y, r * 0.96, colors[0], rng, 0.006)
        canvas.shape([(x - r * 0.96, y, 1), *arc(x, y, r * 0.96, r * 0.96, 0, 180, 11)[::-1]], colors[1])
    else:
        canvas.shape(
            [(x - r, y + r * 0.96, 1), *arc(x, y + r * 0.02, r, r, 180, 360, 13), (x + r, y + r * 0.96, 1)],
            mix(colors[0], canvas.colors.ground, 0.35),
        )
        plants.sprig(canvas, "slender", x, y + r * 0.92, -90, r * 1.45, rng, canvas.colors.ink)


def cutouts(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """Leaves cut from paper, one on each field of color."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    across, down = (2, 3) if canvas.tall else (3, 2)
    edge, gap = min(w, h) * 0.075, min(w, h) * 0.028
    cw, ch = (w - 2 * edge - gap * (across - 1)) / across, (h - 2 * edge - gap * (down - 1)) / down
    fields = [
        str(v)
        for v in rng.permutation([c.tones[0], c.tones[1], c.accent, c.tones[2], mix(c.leaf[0], c.ground, 0.35), c.sun])
    ]
    turn = int(rng.integers(0, 4))
    marks = [c.tones[4], c.ground, c.tones[3], c.leaf[1], c.ink, c.ground]
    for k in range(across * down):
        x0, y0 = edge + (k % across) * (cw + gap), edge + (k // across) * (ch + gap)
        canvas.polygon([(x0, y0), (x0 + cw, y0), (x0 + cw, y0 + ch), (x0, y0 + ch)], fields[k])
        shift = int(rng.integers(0, 6))
        mark = next(
            m
            for m in [*marks[shift:], *marks[:shift], c.ink]
            if abs(_light(m) - _light(fields[k])) > 0.20 or m == c.ink
        )
        _CUTS[(k + turn) % len(_CUTS)](canvas, x0 + cw / 2, y0 + ch / 2, min(cw, ch) * 0.42, rng, mark)


def _light(color: str) -> float:
    """How light a color is, 0..1, as the eye weighs it."""
    return sum(w * v for w, v in zip((0.3, 0.59, 0.11), rgb(color), strict=True))


def _frond(canvas: Canvas, x: float, y: float, r: float, rng: np.random.Generator, color: str) -> None:
    """A seaweed-like leaf with round lobes, in one piece."""
    lobes = int(rng.integers(4, 6))
    right: list[Point] = [(0, -r * 1.05)]
    for k in range(lobes):
        y0 = -r * 0.80 + 1.55 * r * k / lobes
        step = 1.55 * r / lobes
        reach = r * (0.46 + 0.34 * math.sin(math.pi * (k + 0.7) / lobes)) * rng.uniform(0.92, 1.08)
        right += [(r * 0.13, y0 - step * 0.02), (reach * 0.72, y0 - step * 0.42), (reach, y0 - step * 0.30),
                  (reach * 0.94, y0 + step * 0.05), (r * 0.17, y0 + step * 0.42)]  # fmt: skip
    right += [(r * 0.07, r * 0.98), (0, r * 1.04)]
    left: list[Point] = [(-p[0] * 0.97, p[1] + r * 0.03) for p in reversed(right[1:-1])]
    with canvas.at(x, y, turn=rng.uniform(-16, 16)):
        canvas.shape([*right, *left], color)


def _wide_leaf(canvas: Canvas, x: float, y: float, r: float, rng: np.random.Generator, color: str) -> None:
    """A split leaf: two rows of long fingers on a stalk."""
    with canvas.at(x, y, turn=rng.uniform(-24, 24)):
        canvas.stroke([(0, r * 1.05), (0, 0), (0, -r)], (r * 0.12, r * 0.10, r * 0.04), color)
        for k in range(5):
            t = -0.78 + 0.36 * k
            size = r * (0.62 + 0.34 * math.sin(math.pi * (k + 1) / 6))
            for side in (-1, 1):
                canvas.shape(
                    leaf((side * r * 0.02, r * (t + 0.22)), -90 + side * 58, size, r * 0.25, "willow", side * 0.1),
                    color,
                )


def _bud(canvas: Canvas, x: float, y: float, r: float, rng: np.random.Generator, color: str) -> None:
    """A flower of five blunt petals round an open eye."""
    start = rng.uniform(0, 72)
    for k in range(5):
        way = start + 72 * k
        canvas.shape(leaf(toward((x, y), way, r * 0.26), way, r * 0.72, r * 0.66, "petal"), color)
    canvas.disc(x, y, r * 0.17, color, rng, 0.02)


def _coral(canvas: Canvas, x: float, y: float, r: float, rng: np.random.Generator, color: str) -> None:
    """A coral that forks twice, with round ends."""
    with canvas.at(x, y, turn=rng.uniform(-10, 10)):
        thick = r * 0.17
        canvas.stroke([(0, r), (r * 0.03, r * 0.3), (0, -r * 0.9)], (thick * 1.2, thick, thick * 0.9), color)
        for side in (-1, 1):
            for y0, out, up in ((0.52, 0.78, 0.42), (0.05, 0.62, 0.66), (-0.36, 0.36, 0.5)):
                end = (side * r * out, r * (y0 - up))
                canvas.stroke(
                    [(0, r * y0), (side * r * out * 0.7, r * (y0 - 0.12)), end],
                    (thick, thick * 0.95, thick * 0.9),
                    color,
                )


_CUTS = (_frond, _bud, _coral, _wide_leaf)


COMPOSERS = (
    Composer(
        "abstract",
        "Abstract Shapes",
        listed(
            "abstract|shapes|organic shapes|modern|modern art|mid century|midcentury|minimal|minimalist|"
            "contemporary|scandinavian|scandi|japandi|geometric|zen|stones|abstrakt|abstracto"
        ),
        (
            Kind("shapes", "balanced organic shapes with one stem"),
            Kind("stones", "balanced stones under a halo", listed("stones|stone|zen|balance|pebbles")),
        ),
        ("terracotta", "linen", "retro", "sage", "mono", "coast"),
        abstract,
    ),
    Composer(
        "arches",
        "Arches",
        listed("arch|arches|bauhaus|geometric|mid century|midcentury|archway|modern boho"),
        (
            Kind("nested", "nested arches with a sprig"),
            Kind("grid", "a quiet grid of arches", listed("grid|geometric|bauhaus|mid century|midcentury")),
        ),
        ("terracotta", "sage", "retro", "blush", "linen"),
        arches,
    ),
    Composer(
        "cutouts",
        "Leaf Cut-outs",
        listed("cutout|cutouts|cut outs|cut out|paper cut|collage|matisse|seaweed|algae"),
        (Kind("grid", "paper leaf cut-outs on fields of color"),),
        ("citrus", "coast", "terracotta", "retro", "jewel", "blush"),
        cutouts,
    ),
)

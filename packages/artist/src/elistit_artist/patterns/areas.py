"""The plain parts of a pattern: stripes, checks, dots, scales, lattices and nets, as areas of one color.

Pure geometry in tile units. Every net closes on the torus; edges lie at fractions of a pixel, and none on the edge of the tile.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from elistit_artist.patterns.palette import mixed
from elistit_artist.patterns.tile import UNITS, Area, Shape

Spot = tuple[float, float]


def _rect(x: float, y: float, w: float, h: float) -> Shape:
    return Shape(f'<rect x="{x:.2f}" y="{y:.2f}" width="{w:.2f}" height="{h:.2f}"/>', (x, y, x + w, y + h))


def _line(points: Sequence[Spot], width: float) -> Shape:
    data = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    box = (min(xs) - width, min(ys) - width, max(xs) + width, max(ys) + width)
    return Shape(f'<path d="{data}"/>', box, width, wraps=False)


def _circle(x: float, y: float, r: float) -> Shape:
    return Shape(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}"/>', (x - r, y - r, x + r, y + r))


def stripes(colors: Sequence[str], ground: str, variant: int) -> tuple[list[Area], list[float], float]:
    """Stripes with free bands between them: the areas, the middle of each free band, and how wide it is. Even variants stand
    upright, odd ones lie."""
    repeats = 3
    period = UNITS / repeats
    # Where a stripe begins in its period, how wide it is, and its color.
    pale = mixed(colors[0], ground, 0.45)
    plan = [(0.54, 0.055, 1), (0.625, 0.19, 0), (0.845, 0.055, 1), (0.70, 0.04, -1)]
    found = []
    for start, width, which in plan:
        color = pale if which < 0 else colors[which % len(colors)]
        shapes = []
        for k in range(repeats):
            at = k * period + start * period + 0.37
            if variant % 2 == 0:
                shapes.append(_rect(at, -8, width * period, UNITS + 16))
            else:
                shapes.append(_rect(-8, at, UNITS + 16, width * period))
        found.append(Area(color, tuple(shapes)))
    centers = [k * period + 0.22 * period for k in range(repeats)]
    return found, centers, 0.50 * period


def even_stripes(color: str, repeats: int, upright: bool) -> list[Area]:
    """Stripes as wide as the spaces between them."""
    width = UNITS / repeats / 2
    at = [(k + 0.25) * 2 * width + 0.37 for k in range(repeats)]
    shapes = [_rect(x, -8, width, UNITS + 16) if upright else _rect(-8, x, UNITS + 16, width) for x in at]
    return [Area(color, tuple(shapes))]


def gingham(color: str, ground: str, pairs: int) -> tuple[list[Area], list[tuple[int, int, float, float]], float]:
    """Checks of `pairs` bands each way: the areas, the free squares (column, row and middle), and their side."""
    period = UNITS / pairs
    band = period / 2
    first = band / 2 + 0.37
    half = mixed(ground, color, 0.46)
    upright = tuple(_rect(first + k * period, -8, band, UNITS + 16) for k in range(pairs))
    lying = tuple(_rect(-8, first + k * period, UNITS + 16, band) for k in range(pairs))
    crossing = tuple(
        _rect(first + i * period, first + k * period, band, band) for i in range(pairs) for k in range(pairs)
    )
    free = [
        (i, k, first + (i + 0.75) * period, first + (k + 0.75) * period) for i in range(pairs) for k in range(pairs)
    ]
    return [Area(half, upright), Area(half, lying), Area(color, crossing)], free, band


def dots(colors: Sequence[str], variant: int) -> list[Area]:
    """Rows of dots, every other one moved by half a step: in one color (even variants) or in all of them (odd ones); small dots from
    variant 2 on."""
    across = (6, 6, 14, 14)[variant % 4]
    step = UNITS / across
    used = colors if variant % 2 else colors[:1]
    shapes: list[list[Shape]] = [[] for _ in used]
    for row in range(2 * across):
        for k in range(across):
            x, y = (k + 0.25 + 0.5 * (row % 2)) * step, (row + 0.5) * step / 2
            shapes[(2 * k + row) % len(used)].append(_circle(x + 0.37, y + 0.37, step * 0.19))
    return [Area(color, tuple(own)) for color, own in zip(used, shapes, strict=True) if own]


def checkerboard(color: str, columns: int) -> list[Area]:
    """Squares of one color on every other place of a board of `columns` (even) each way."""
    side = UNITS / columns
    first = side / 2 + 0.37
    return [
        Area(
            color,
            tuple(
                _rect(first + column * side, first + row * side, side, side)
                for row in range(columns)
                for column in range(columns)
                if (row + column) % 2 == 0
            ),
        )
    ]


def houndstooth(color: str, pairs: int) -> list[Area]:
    """The broken check of a twill of four dark and four light threads, `pairs` of them each way: dark squares with teeth."""
    square = UNITS / pairs / 2
    shapes = []
    for i in range(pairs):
        for k in range(pairs):
            x, y = 2 * i * square + 0.37, 2 * k * square + 0.37
            shapes.append(_rect(x, y, square, square))
            # Beside the dark square and below it, bands run down to the right: of the one what of the other is light.
            shapes += [
                _corner(x + square, y, square, band)
                for band in (((0, 0), (2, 0), (4, 2), (4, 4)), ((0, 2), (2, 4), (0, 4)))
            ]
            shapes += [
                _corner(x, y + square, square, band)
                for band in (((2, 0), (4, 0), (4, 2)), ((0, 0), (4, 4), (2, 4), (0, 2)))
            ]
    return [Area(color, tuple(shapes))]


def _corner(x: float, y: float, square: float, band: Sequence[tuple[int, int]]) -> Shape:
    """A polygon in a square at (x, y), its corners in quarters of the square."""
    at = [(x + u * square / 4, y + v * square / 4) for u, v in band]
    data = "M" + "L".join(f"{px:.2f} {py:.2f}" for px, py in at) + "Z"
    return Shape(f'<path d="{data}"/>', (x, y, x + square, y + square))


def scallops(
    colors: Sequence[str], ground: str, columns: int
) -> tuple[list[Area], list[tuple[int, int, float, float]], float]:
    """Overlapping scales, upper rows first: the areas, every scale on the tile (column, row, center), and the radius.

    Rows above and below the tile are laid too, so that what overlaps at its edge is the same as inside.
    """
    wide = UNITS / columns
    radius = wide / 2
    rows = 2 * columns
    found: list[Area] = []
    centers = []
    rim = mixed(ground, "#ffffff", 0.55)
    second = colors[1 % len(colors)]
    # Four tones in turn: the number of rows is a multiple of four.
    fills = (
        mixed(colors[0], ground, 0.2),
        mixed(second, ground, 0.3),
        mixed(colors[0], ground, 0.55),
        mixed(second, ground, 0.6),
    )
    for row in range(-2, rows + 3):
        shift = (row % 2) * wide / 2 + 0.23 * wide
        at = [(k * wide + shift, (row + 0.37) * radius) for k in range(columns)]
        fill = fills[row % 4]
        pale = mixed(fill, ground, 0.5)
        for part, (share, color) in enumerate(((1.0, rim), (0.955, fill), (0.86, pale))):
            # The copies below and above are other rows of the loop; only those to the sides come by wrapping.
            shapes = tuple(
                Shape(_circle(x + dx, y, radius * share).markup, _circle(x + dx, y, radius * share).box, wraps=False)
                for x, y in at
                for dx in (-UNITS, 0, UNITS)
            )
            found.append(Area(color, shapes, grain=row % rows * 3 + part))
        if 0 <= row < rows:
            centers += [(k, row, x, y) for k, (x, y) in enumerate(at)]
    return found, centers, radius


def trellis(colors: Sequence[str], ground: str, variant: int) -> tuple[list[Area], list[Spot], list[Spot]]:
    """A lattice of diamonds (even variants) or of curves (odd ones): the areas, the middles of its eyes, and its knots."""
    wide, high = UNITS / 4, UNITS / 3
    x0, y0 = 41.3, 37.7
    over = 2
    lines: list[Shape] = []
    fine: list[Shape] = []
    if variant % 2 == 0:
        slope = high / wide
        for k in range(-8, 14):
            start = x0 + k * wide
            for way in (1, -1):
                ends = [(start + way * t / slope, y0 + t) for t in (-over * high, UNITS + over * high)]
                lines.append(_line(ends, 15.0))
                fine.append(_line(ends, 4.2))
    else:
        for k in range(-1, 6):
            for way in (1, -1):
                points = [
                    (x0 + (k + 0.5) * wide - way * wide / 2 * math.cos(math.pi * t / high), y0 + t)
                    for t in (high * s / 24 for s in range(-48, 24 * 5 + 1))
                ]
                lines.append(_line(points, 12.0))
                fine.append(_line(points, 3.6))
    eyes = [(x0 + (i + 0.5 * (j % 2 == 0)) * wide, y0 + j * high / 2) for j in range(6) for i in range(4)]
    knots = [(x0 + (i + 0.5 * (j % 2)) * wide, y0 + j * high / 2) for j in range(6) for i in range(4)]
    return [Area(colors[0], tuple(lines)), Area(mixed(colors[0], ground, 0.6), tuple(fine))], eyes, knots


def ogee(tone: str, soft: str) -> tuple[list[Area], list[Spot]]:
    """The net of a damask: curves that meet and part, and the middles of its eyes."""
    wide, high = UNITS / 3, UNITS / 2
    x0, y0 = 31.3, 23.7
    broad, fine = [], []
    for k in range(-2, 6):
        for way in (1, -1):
            points = [
                (x0 + k * wide + way * wide / 2 * 0.5 * (1 - math.cos(2 * math.pi * t / high)), y0 + t)
                for t in (high * s / 40 for s in range(-50, 40 * 3 + 1))
            ]
            broad.append(_line(points, 9.0))
            fine.append(_line([(x + way * 13, y) for x, y in points], 2.6))
    eyes = []
    for row in range(2):
        for k in range(3):
            eyes.append((x0 + k * wide, y0 + (row + 0.5) * high))
            eyes.append((x0 + (k + 0.5) * wide, y0 + row * high))
    return [Area(soft, tuple(broad)), Area(tone, tuple(fine))], eyes

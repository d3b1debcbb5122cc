"""The layouts: from what a tile's plan asks for to where everything lies on it.

Pure: the same plan and seed give the same tile. Each layout repeats exactly: its grid divides the tile, and what crosses an edge
counts modulo the tile. Straight edges of areas lie between pixels and away from the tile's own edges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from elistit_artist.patterns import areas, artist, motifs, palette
from elistit_artist.patterns.packing import Packing
from elistit_artist.patterns.tile import UNITS, Area, Motif, Placed, Tile

ON_REQUEST = ("dots", "checkerboard", "houndstooth")
"""Layouts that are no part of a set unless its idea names them."""
LAYOUTS = ("toss", "half_drop", "brick", "stripe", "gingham", "scallop", "trellis", "ditsy", "damask", *ON_REQUEST)


@dataclass(frozen=True)
class Wanted:
    """A tile's plan: figures as `art` names them, ground and accents as hex codes, and which variation of its layout."""

    layout: str
    figures: tuple[dict[str, Any], ...]
    ground: str
    accents: tuple[str, ...]
    variant: int = 0

    @staticmethod
    def of(art: dict[str, Any]) -> Wanted:
        """The plan in a pick's `art`. Raises ValueError for a layout there is not or a plan without colors."""
        layout = str(art.get("pattern") or "")
        accents = tuple(str(c) for c in art.get("accents") or ())
        if layout not in LAYOUTS or len(accents) < 2:
            raise ValueError(f"no such pattern: {layout!r} in {len(accents)} colors")
        figures = tuple(dict(f) for f in art.get("figures") or ())
        return Wanted(layout, figures, str(art["ground"]), accents, int(art.get("variant") or 0))

    def accent(self, number: int) -> str:
        return self.accents[number % len(self.accents)]

    @property
    def dark(self) -> bool:
        """Whether the ground is so dark that only light things show on it."""
        return artist.color.lightness(artist.color.from_hex(self.ground)) < 0.6

    def own(self) -> list[Motif]:
        return [Motif.of(f, upright=upright(f)) for f in self.figures]

    def fitting(self) -> list[str]:
        """The accents that stand out from the ground, the first of them most."""
        ground = artist.color.oklab(artist.color.from_hex(self.ground))
        far = [
            c
            for c in self.accents
            if float(np.linalg.norm(artist.color.oklab(artist.color.from_hex(c)) - ground)) > 0.12
        ]
        # Grays and browns last: an ornament is to add color.
        far.sort(key=lambda c: float(np.hypot(*artist.color.oklab(artist.color.from_hex(c))[1:])) < 0.035)
        other = palette.mixed(self.ground, "#fffaf0" if self.dark else "#4a3a30", 0.45)
        return far or [other]


def upright(figure: dict[str, Any]) -> bool:
    """Whether a figure has an up and a down: everything but leaves, flowers, fruit and shells."""
    tags = set(artist.figures.find(str(figure["subject"])).tags)
    return not tags & {"leaf", "flower", "flowers", "bloom", "fruit", "greenery", "berries", "shell", "star"}


def tile(wanted: Wanted, seed: int) -> Tile:
    """The whole tile of a plan. Raises KeyError for a figure that is not in the catalogue."""
    digest = artist.stream(seed, "pattern", wanted.layout, wanted.variant)
    return replace(_LAYOUTS[wanted.layout](wanted, seed, digest), arranged=seed)


def _fillers(wanted: Wanted) -> list[Motif]:
    """Small ornaments in the set's colors, for the spaces between figures."""
    colors = wanted.fitting()
    pale = palette.mixed(wanted.ground, "#ffffff" if wanted.dark else colors[0], 0.55)
    second = colors[1 % len(colors)]
    found = [motifs.sprig(colors[0], palette.mixed(colors[0], wanted.ground, 0.35)), motifs.blossom(second, pale)]
    if any("sky" in artist.figures.find(str(f["subject"])).tags for f in wanted.figures):
        found = [motifs.star(colors[0]), motifs.star(second)]
    return [*found, motifs.dot(colors[min(2, len(colors) - 1)]), motifs.dot(pale)]


def _turn(motif: Motif, rng: np.random.Generator) -> float:
    return float(rng.uniform(-16, 16)) if motif.upright else float(rng.uniform(-180, 180))


def _scatter(
    wanted: Wanted, seed: int, rng: np.random.Generator, ladder: Sequence[tuple[float, int]], gap: float,
    small: Sequence[tuple[float, int]],
) -> Tile:  # fmt: skip
    """Figures by size, largest first, then ornaments into what space is left. `ladder`, `small`: side in units and how many."""
    drawn, extra = wanted.own(), _fillers(wanted)
    every = [*drawn, *extra]
    shapes = [motifs.silhouette(m, seed) for m in every]
    pack = Packing(rng)
    turn = 0
    for size, most in ladder:
        for _ in range(most):
            number = turn % len(drawn)
            side = size * float(rng.uniform(0.94, 1.06))
            if not pack.place(number, shapes[number], side, _turn(drawn[number], rng), bool(rng.random() < 0.5), gap):
                break
            turn += 1
    for level, (size, most) in enumerate(small):
        choice = range(len(drawn), len(drawn) + 2) if level == 0 else range(len(drawn) + 2, len(every))
        for k in range(most):
            number = choice[k % len(choice)]
            if not pack.place(number, shapes[number], size, float(rng.uniform(-180, 180)), False, gap * 0.8):
                break
    return Tile(wanted.ground, (), every, pack.placed)


def _toss(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    large = (372.0, 330.0, 296.0)[wanted.variant % 3]
    return _scatter(
        wanted,
        seed,
        rng,
        [(large, 6), (large * 0.8, 6), (large * 0.6, 8), (large * 0.44, 6)],
        15.0,
        [(84.0, 18), (30.0, 30)],
    )


def _ditsy(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    size = (150.0, 122.0)[wanted.variant % 2]
    return _scatter(wanted, seed, rng, [(size, 26), (size * 0.84, 22)], 26.0, [(52.0, 40), (20.0, 60)])


def _grid(wanted: Wanted, seed: int, columns: int, rows: int, by_column: bool) -> Tile:
    """Figures on a grid whose every other column (or row) is moved by half a step, with ornaments between them."""
    drawn, extra = wanted.own(), _fillers(wanted)
    wide, high = UNITS / columns, UNITS / rows
    size = min(wide, high) * 1.04
    placed = []
    for column in range(columns):
        for row in range(rows):
            odd = (column if by_column else row) % 2
            dx, dy = (0.0, odd * high / 2) if by_column else (odd * wide / 2, 0.0)
            # Whole columns (or rows) of one figure, as a printer's half-drop has them; two figures alternate in a larger set.
            number = ((column if by_column else row) + (wanted.variant * row if by_column else 0)) % len(drawn)
            x, y = (column + 0.5) * wide + dx, (row + 0.5) * high + dy
            placed.append(Placed(number, x, y, size, 0.0, bool((column + row) % 2)))
            bx, by = (x, y + high / 2) if by_column else (x + wide / 2, y)
            spare = (high - size if by_column else wide - size) + 0.14 * size
            if spare > 40:
                placed.append(Placed(len(drawn) + (column + row) % 2, bx, by, min(96.0, spare * 0.92), 0.0, bool(odd)))
    return Tile(wanted.ground, (), [*drawn, *extra], placed)


def _half_drop(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    return _grid(wanted, seed, 4, 3, by_column=True)


def _brick(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    return _grid(wanted, seed, 3, 4, by_column=False)


def _stripe(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    drawn = wanted.own()
    if not drawn:
        repeats = (8, 8, 24, 24)[wanted.variant % 4]
        return Tile(wanted.ground, areas.even_stripes(wanted.fitting()[0], repeats, wanted.variant % 2 == 0), (), ())
    bands, centers, width = areas.stripes(wanted.fitting(), wanted.ground, wanted.variant)
    side = width * 1.02
    count = round(UNITS / (side * 1.02))
    placed = []
    for number, center in enumerate(centers):
        for k in range(count):
            along = (k + 0.5 + 0.5 * (number % 2)) * UNITS / count
            x, y = (center, along) if wanted.variant % 2 == 0 else (along, center)
            placed.append(Placed((k + number) % len(drawn), x, y, side, 0.0, bool(k % 2)))
    return Tile(wanted.ground, bands, drawn, placed)


def _gingham(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    checks, squares, side = areas.gingham(wanted.fitting()[0], wanted.ground, (6, 10, 8)[wanted.variant % 3])
    drawn = wanted.own() if wanted.variant % 3 == 0 else []
    placed = [
        Placed((column + row) % len(drawn), x, y, side * 0.98, 0.0, bool(column % 2))
        for column, row, x, y in squares
        if drawn and (column + row) % 2 == 0
    ]
    return Tile(wanted.ground, checks, drawn, placed)


def _dots(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    return Tile(wanted.ground, areas.dots(wanted.fitting(), wanted.variant), (), ())


def _checkerboard(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    return Tile(wanted.ground, areas.checkerboard(wanted.fitting()[0], (8, 16)[wanted.variant % 2]), (), ())


def _houndstooth(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    return Tile(wanted.ground, areas.houndstooth(wanted.fitting()[0], (4, 8)[wanted.variant % 2]), (), ())


def _scallop(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    columns = (4, 6)[wanted.variant % 2]
    scales, centers, radius = areas.scallops(wanted.fitting(), wanted.ground, columns)
    drawn = wanted.own() if columns == 4 else []
    placed = [
        Placed((column + row) % len(drawn), x, y - radius * 0.50, radius * 0.86, 0.0, bool(column % 2))
        for column, row, x, y in centers
        if drawn
    ]
    return Tile(wanted.ground, scales, drawn, placed)


def _trellis(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    colors = wanted.fitting()
    lines, middles, knots = areas.trellis(colors, wanted.ground, wanted.variant)
    drawn = wanted.own()
    knot = motifs.blossom(colors[1 % len(colors)], palette.mixed(wanted.ground, "#ffffff", 0.5))
    placed = [Placed(k % len(drawn), x, y, 176.0, 0.0, bool(k % 2)) for k, (x, y) in enumerate(middles)]
    placed += [Placed(len(drawn), x, y, 62.0) for x, y in knots]
    return Tile(wanted.ground, lines, [*drawn, knot], placed)


def _damask(wanted: Wanted, seed: int, rng: np.random.Generator) -> Tile:
    """Tone on tone: a mirrored bouquet of the figure and its sprays in every eye of a net of curves."""
    own = artist.color.from_hex(wanted.ground)
    step = 0.17 if wanted.dark else -0.14
    soft, tone, strong = (palette.hexed(artist.color.tinted(own, step * k, (0.0, 0.0))) for k in (0.45, 1.0, 1.6))
    net, eyes = areas.ogee(tone, soft)
    tones = (soft, strong) if wanted.dark else (strong, soft)
    figure = [Motif.of(f, tones=tones, upright=upright(f)) for f in wanted.figures]
    spray, heart = motifs.spray(tone, soft), motifs.blossom(tone, wanted.ground, 6)
    every: list[Motif] = [*figure, spray, heart]
    branch, flower = len(figure), len(figure) + 1
    placed: list[Placed] = []
    for number, (x, y) in enumerate(eyes):
        main = number % len(figure)
        for side in (-1, 1):
            flip = side < 0
            placed += [
                Placed(branch, x + side * 74, y + 118, 190, side * 14.0, flip),
                Placed(branch, x + side * 56, y - 146, 128, side * -22.0, flip),
            ]
            if figure[main].upright:
                placed.append(Placed(main, x + side * 64, y + 18, 148, 0.0, flip))
            else:
                placed.append(Placed(main, x + side * 84, y + 22, 128, side * 40.0, flip))
        if not figure[main].upright:
            placed.append(Placed(main, x, y - 20, 214))
        placed += [Placed(flower, x, y + 168, 78), Placed(flower, x, y - 214, 52)]
    return Tile(wanted.ground, net, every, placed)


_LAYOUTS: dict[str, Callable[[Wanted, int, np.random.Generator], Tile]] = {
    "toss": _toss,
    "half_drop": _half_drop,
    "brick": _brick,
    "stripe": _stripe,
    "gingham": _gingham,
    "scallop": _scallop,
    "trellis": _trellis,
    "ditsy": _ditsy,
    "damask": _damask,
    "dots": _dots,
    "checkerboard": _checkerboard,
    "houndstooth": _houndstooth,
}

__all__ = ["LAYOUTS", "ON_REQUEST", "Area", "Wanted", "tile", "upright"]

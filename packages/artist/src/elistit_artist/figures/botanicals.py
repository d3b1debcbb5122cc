"""Sprigs and leaves: eucalyptus, olive, fern, lavender, pampas and other greenery, growing from a point.

Each grower (`Sprig`) draws one sprig from ``origin`` toward ``degrees`` with a given length, so that wreaths, bouquets and
corners can be woven from the same hands. It must never depend on where on the sheet it grows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .forms import STALK, in_forms, show
from .geometry import Point, Sheet, leaf, mix, toward, vary
from .subject import Params, plain


def grow(
    origin: Sequence[float], degrees: float, length: float, bend: float, steps: int = 16
) -> list[tuple[float, float, float]]:
    """A bending line as (x, y, direction in degrees); ``bend`` is the whole change of direction."""
    x, y, a = origin[0], origin[1], degrees
    out = []
    for _ in range(steps + 1):
        out.append((x, y, a))
        x, y = toward((x, y), a, length / steps)
        a += bend / steps
    return out


def stem(sheet: Sheet, line: Sequence[Sequence[float]], base: float, tip: float, color: str) -> None:
    """A stalk along a grown line."""
    spine: list[Point] = [(p[0], p[1]) for p in line[::3]]
    if (len(line) - 1) % 3:
        spine.append((line[-1][0], line[-1][1]))
    sheet.stroke(spine, (base, (base + tip) / 2, tip), color)


def at_share(line: Sequence[tuple[float, float, float]], t: float) -> tuple[float, float, float]:
    """The point a share ``t`` of the way along a grown line."""
    k = min(len(line) - 1.0, max(0.0, t * (len(line) - 1)))
    i = min(len(line) - 2, int(k))
    u = k - i
    a, b = line[i], line[i + 1]
    return (a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u, a[2] + (b[2] - a[2]) * u)


@dataclass(frozen=True)
class Colors:
    """Of one sprig: its leaves or florets, its wood, and its berries when it has some."""

    leaf: str
    wood: str
    berry: str = ""


Line = Sequence[tuple[float, float, float]]
Leaves = Callable[[Sheet, Line, float, np.random.Generator, Colors], None]


@dataclass(frozen=True)
class Sprig:
    """A grower: a bending stalk in its own colors, and what grows along it. ``base`` and ``tip`` are the stalk's widths in shares
    of the length. ``bends``: how many degrees it bends as a rule, to either side; of two, at least and at most, to one side."""

    color: str
    wood: str
    bends: float | tuple[float, float]
    base: float
    tip: float
    leaves: Leaves
    steps: int = 16

    def __call__(
        self,
        sheet: Sheet,
        origin: Sequence[float],
        degrees: float,
        length: float,
        rng: np.random.Generator,
        color: str = "",
        wood: str = "",
        berry: str = "",
    ) -> None:
        line = grow(origin, degrees, length, self._bend(rng), self.steps)
        colors = Colors(color or self.color, wood or self.wood, berry)
        stem(sheet, line, length * self.base, length * self.tip, colors.wood)
        self.leaves(sheet, line, length, rng, colors)

    def _bend(self, rng: np.random.Generator) -> float:
        if isinstance(self.bends, tuple):
            return float(rng.choice([-1, 1]) * rng.uniform(*self.bends))
        return float(rng.normal(0, self.bends))


def _round_pairs(sheet: Sheet, line: Line, length: float, rng: np.random.Generator, colors: Colors) -> None:
    count = int(rng.integers(6, 8))
    for i in range(count):
        t = 0.16 + 0.76 * i / (count - 1)
        x, y, a = at_share(line, t)
        size = length * 0.185 * (1 - 0.52 * t)
        for side in (-1, 1):
            way = a + side * (58 - 18 * t) + rng.normal(0, 6)
            sheet.shape(leaf((x, y), way, size * 1.1, size * 0.96, "round"), vary(colors.leaf, rng, 0.045))
    x, y, a = line[-1]
    sheet.shape(leaf((x, y), a, length * 0.1, length * 0.08, "round"), vary(colors.leaf, rng, 0.04))


def _slim_in_turn(sheet: Sheet, line: Line, length: float, rng: np.random.Generator, colors: Colors) -> None:
    """Slim alternate leaves, with berries when they have a color."""
    count = int(rng.integers(10, 13))
    for i in range(count):
        t = 0.08 + 0.88 * i / (count - 1)
        x, y, a = at_share(line, t)
        side = 1 if i % 2 else -1
        size = length * 0.25 * (1 - 0.42 * t)
        if colors.berry and i % 3 == 1:
            end = toward((x, y), a - side * 46, size * 0.42)
            sheet.stroke([(x, y), end], (length * 0.009, length * 0.007), colors.wood)
            sheet.oval(end[0], end[1], length * 0.027, length * 0.029, vary(colors.berry, rng, 0.05))
        sheet.shape(
            leaf((x, y), a + side * 42 + rng.normal(0, 7), size, size * 0.3, "lance", rng.normal(0, 0.03)),
            vary(colors.leaf, rng, 0.05),
        )
    x, y, a = line[-1]
    sheet.shape(leaf((x, y), a, length * 0.15, length * 0.045, "lance"), vary(colors.leaf, rng, 0.04))


def _leaflets(sheet: Sheet, line: Line, length: float, rng: np.random.Generator, colors: Colors) -> None:
    """Many narrow leaflets that shorten toward the tip."""
    for i in range(3, len(line) - 1):
        x, y, a = line[i]
        t = i / (len(line) - 1)
        size = length * 0.27 * math.sin(math.pi * (0.2 + 0.78 * t)) ** 0.8
        for side in (-1, 1):
            way = a + side * (66 - 24 * t) + rng.normal(0, 2.5)
            sheet.shape(
                leaf((x, y), way, size, max(size * 0.22, length * 0.018), "willow", -side * 0.05),
                vary(colors.leaf, rng, 0.035),
            )
    x, y, a = line[-1]
    sheet.shape(leaf((x, y), a, length * 0.06, length * 0.018, "willow"), colors.leaf)


def _florets(sheet: Sheet, line: Line, length: float, rng: np.random.Generator, colors: Colors) -> None:
    """Whorls of small florets over two narrow leaves."""
    side: float
    for side, t in ((-1, 0.16), (1, 0.24)):
        x, y, a = at_share(line, t)
        narrow = leaf((x, y), a + side * 30, length * 0.27, length * 0.036, "willow", side * 0.06)
        sheet.shape(narrow, vary(colors.wood, rng, 0.04))
    for i in range(10):
        t = 0.42 + 0.56 * i / 9
        x, y, a = at_share(line, t)
        size = length * 0.072 * (1.12 - 0.6 * i / 9)
        for side in (-1.0, 1.0, -0.4, 0.4):
            floret = leaf((x, y), a + side * 54 + rng.normal(0, 6), size * 1.2, size * 0.74, "round")
            sheet.shape(floret, vary(colors.leaf, rng, 0.05))
    x, y, a = line[-1]
    sheet.shape(leaf((x, y), a, length * 0.05, length * 0.03, "round"), vary(colors.leaf, rng, 0.05))


def _plume(sheet: Sheet, line: Line, length: float, rng: np.random.Generator, colors: Colors) -> None:
    for i in range(10, 31):
        x, y, a = line[i]
        t = (i - 10) / 20
        size = length * 0.25 * math.sin(math.pi * (0.16 + 0.78 * t))
        for side in (-1.0, 1.0, -0.5, 0.5):
            way = a + side * 25 + rng.normal(0, 7)
            sheet.shape(
                leaf((x, y), way, size * rng.uniform(0.8, 1.1), size * 0.13, "willow", side * 0.05),
                vary(colors.leaf, rng, 0.05),
            )


def _ear_with_awns(sheet: Sheet, line: Line, length: float, rng: np.random.Generator, colors: Colors) -> None:
    """Plump grains with long awns over one blade."""
    x, y, a = at_share(line, 0.3)
    sheet.shape(leaf((x, y), a + 26, length * 0.36, length * 0.035, "willow", 0.12), vary("#a7a068", rng, 0.03))
    for i in range(8):
        x, y, a = at_share(line, 0.58 + 0.052 * i)
        for side in (-1, 1):
            end = toward((x, y), a + side * 16, length * 0.26)
            awn = [(x, y), toward((x, y), a + side * 22, length * 0.12), end]
            sheet.stroke(awn, (length * 0.005, 1.5), colors.wood)
            grain = leaf((x, y), a + side * 30, length * 0.1, length * 0.045, "round")
            sheet.shape(grain, vary(colors.leaf, rng, 0.04))
    x, y, a = line[-1]
    sheet.shape(leaf((x, y), a, length * 0.1, length * 0.045, "lance"), vary(colors.leaf, rng, 0.03))


def _veined_pairs(sheet: Sheet, line: Line, length: float, rng: np.random.Generator, colors: Colors) -> None:
    """Broad pointed leaves with a vein, in loose pairs."""
    for i in range(6):
        x, y, a = at_share(line, 0.14 + 0.13 * i)
        size = length * (0.30 - 0.022 * i)
        for side in (-1, 1):
            way = a + side * (50 - 3 * i) + rng.normal(0, 6)
            start = at_share(line, 0.14 + 0.13 * i + (0.03 if side > 0 else 0.0))
            _veined(sheet, start, way, size, size * 0.42, vary(colors.leaf, rng, 0.05))
    x, y, a = line[-1]
    _veined(sheet, (x, y), a, length * 0.2, length * 0.085, vary(colors.leaf, rng, 0.04))


def _veined(sheet: Sheet, start: Sequence[float], way: float, size: float, wide: float, color: str) -> None:
    sheet.shape(leaf(start, way, size, wide, "lance"), color)
    sheet.stroke(
        [toward(start, way, size * 0.08), toward(start, way, size * 0.8)],
        (size * 0.022, 1.0),
        mix(color, "#3d4a32", 0.3),
    )


def _blades(sheet: Sheet, line: Line, length: float, rng: np.random.Generator, colors: Colors) -> None:
    """A fan of long narrow blades."""
    for i in range(5, 21):
        x, y, a = line[i]
        t = (i - 5) / 15
        size = length * (0.42 * math.sin(math.pi * (0.22 + 0.62 * t)))
        for side in (-1, 1):
            way = a + side * (58 - 34 * t) + rng.normal(0, 2.5)
            sheet.shape(leaf((x, y), way, size, length * 0.036, "willow", side * 0.09), vary(colors.leaf, rng, 0.04))
    x, y, a = line[-1]
    sheet.shape(leaf((x, y), a, length * 0.2, length * 0.032, "willow"), vary(colors.leaf, rng, 0.03))


eucalyptus = Sprig("#86a08c", "#7a7a5e", 22, 0.018, 0.007, _round_pairs)
olive = Sprig("#84925f", "#77664c", 30, 0.018, 0.007, _slim_in_turn)
fern = Sprig("#6f8a5c", "#5f6d46", 30, 0.014, 0.004, _leaflets, steps=22)
lavender = Sprig("#9384b8", "#7f9168", 16, 0.013, 0.007, _florets)
pampas = Sprig("#d9bf9b", "#ab8f69", 26, 0.011, 0.004, _plume, steps=30)
wheat = Sprig("#d3ab63", "#b3905a", 14, 0.012, 0.006, _ear_with_awns)
leafy = Sprig("#8a9c72", "#77714f", 24, 0.017, 0.007, _veined_pairs)
palm = Sprig("#7c9a6a", "#8a9060", (22, 40), 0.02, 0.006, _blades, steps=20)


def _single(grower: Sprig) -> Callable[[Sheet, np.random.Generator, Params], None]:
    def paint(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
        shades = SHADES.get(str(params.get("kind") or ""), {})

        def plant(on: Sheet, chance: np.random.Generator) -> None:
            grower(on, (0, 0), -90, 800, chance, **shades)

        show(sheet, rng, str(params.get("pose") or ""), plant, shades.get("wood", STALK))

    return paint


SHADES: dict[str, dict[str, str]] = {
    "a sage eucalyptus sprig": {"color": "#93a895"},
    "a blue eucalyptus sprig": {"color": "#7896ad"},
    "a golden fern": {"color": "#c19a56", "wood": "#8d7048"},
    "a green fern": {},
    "an olive branch": {},
    "an olive branch with dark olives": {"berry": "#5a5348"},
    "a lavender sprig": {},
    "a blue lavender sprig": {"color": "#7f92bd"},
    "a white lavender sprig": {"color": "#dcd3e0"},
    "a pink lavender sprig": {"color": "#c48fa6"},
    "a cream pampas plume": {},
    "a blush pampas plume": {"color": "#dcae9c", "wood": "#a98270"},
    "a leafy branch": {},
    "an autumn branch": {"color": "#c27e48", "wood": "#7a573e"},
    "a dried palm leaf": {"color": "#d3b183", "wood": "#b3905f"},
    "a palm leaf": {},
    "a red berry sprig": {"berry": "#b24a3f"},
    "a blue berry sprig": {"berry": "#5f7391"},
}


GREEN = ("botanical", "boho", "wedding", "floral")


SUBJECTS = (
    plain(
        "eucalyptus",
        "eucalyptus sprig",
        GREEN,
        ("leaf", "greenery", "sage"),
        _single(eucalyptus),
        in_forms(("a sage eucalyptus sprig", "a blue eucalyptus sprig")),
    ),
    plain(
        "fern",
        "fern frond",
        ("botanical", "woodland", "boho"),
        ("leaf", "forest", "greenery", "fern"),
        _single(fern),
        in_forms(("a green fern", "a golden fern")),
    ),
    plain(
        "olive",
        "olive branch",
        GREEN,
        ("leaf", "greenery"),
        _single(olive),
        in_forms(("an olive branch with dark olives", "an olive branch")),
    ),
    plain(
        "berry_sprig",
        "berry sprig",
        ("woodland", "botanical", "christmas"),
        ("berries", "forest", "autumn"),
        _single(olive),
        in_forms(("a red berry sprig", "a blue berry sprig")),
    ),
    plain(
        "lavender",
        "lavender sprig",
        GREEN,
        ("flower", "herb", "purple", "provence"),
        _single(lavender),
        in_forms(("a lavender sprig", "a pink lavender sprig", "a blue lavender sprig", "a white lavender sprig")),
    ),
    plain(
        "pampas",
        "pampas plume",
        ("botanical", "boho", "wedding"),
        ("dried", "grass", "neutral"),
        _single(pampas),
        in_forms(("a cream pampas plume", "a blush pampas plume")),
    ),
    plain(
        "wheat",
        "ear of wheat",
        ("botanical", "boho", "farm", "autumn"),
        ("grain", "harvest"),
        _single(wheat),
        in_forms(("",)),
    ),
    plain(
        "branch",
        "leafy branch",
        (*GREEN, "woodland"),
        ("leaf", "greenery"),
        _single(leafy),
        in_forms(("a leafy branch", "an autumn branch")),
    ),
    plain(
        "palm",
        "palm leaf",
        ("botanical", "boho", "safari"),
        ("leaf", "tropical"),
        _single(palm),
        in_forms(("a palm leaf", "a dried palm leaf")),
    ),
)

"""The shared parts of animals: eyes, noses, mouths, ears, cheeks, paws and tails, drawn in one hand.

All parts are in head units, where a head is about 200 wide and its center is (0, 0). Nothing here knows a species.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .geometry import Point, Sheet, darker, flipped, mirrored, mix, oval, trace

EYE = "#2f2522"
NOSE = "#3a2c28"
SHINE = "#fffaf2"
BLUSH = "#e9a08c"


@dataclass(frozen=True)
class Coat:
    """The colors of one animal."""

    main: str
    light: str
    dark: str
    inner: str = "#e8b9a2"
    nose: str = NOSE
    blush: str = BLUSH

    @property
    def shade(self) -> str:
        """For limbs and parts that lie behind."""
        return darker(self.main, 0.14)


@dataclass(frozen=True)
class Face:
    """How a face is held: ``turn`` -1 looks left, 1 looks right; ``mood`` is open, closed or happy."""

    turn: float = 0.0
    mood: str = "open"

    def x(self, x: float, depth: float = 14.0) -> float:
        """Where a feature at ``x`` lands when the head turns."""
        return x * (1 - 0.10 * abs(self.turn)) + self.turn * depth


def eye(sheet: Sheet, x: float, y: float, r: float = 11.0, mood: str = "open", color: str = EYE) -> None:
    """A small dark eye with a tiny highlight, or its closed arc."""
    if mood == "open":
        sheet.oval(x, y, r * 0.9, r * 1.06, color)
        sheet.oval(x + r * 0.26, y - r * 0.4, r * 0.32, r * 0.32, SHINE)
        return
    lift = -1.0 if mood == "happy" else 1.0
    spine: list[Point] = [
        (x - r * 1.15, y),
        (x - r * 0.6, y + lift * r * 0.55),
        (x, y + lift * r * 0.75),
        (x + r * 0.6, y + lift * r * 0.55),
        (x + r * 1.15, y),
    ]
    sheet.stroke(spine, (r * 0.22, r * 0.42, r * 0.46, r * 0.42, r * 0.22), color)


def eyes(sheet: Sheet, face: Face, gap: float = 46.0, y: float = 8.0, r: float = 11.0, color: str = EYE) -> None:
    """A pair, ``gap`` either side of the middle; the far eye is a little narrower when the head is turned."""
    for side in (-1, 1):
        near = 1.0 - 0.08 * max(0.0, side * face.turn)
        eye(sheet, face.x(side * gap), y, r * near, face.mood, color)


def nose(sheet: Sheet, x: float, y: float, w: float = 26.0, h: float = 18.0, color: str = NOSE) -> None:
    """A soft triangle with a pale glint."""
    half: list[Point] = [(0, -h * 0.46), (w * 0.32, -h * 0.5), (w * 0.5, -h * 0.18), (w * 0.3, h * 0.28), (0, h * 0.52)]
    with sheet.at(x, y):
        sheet.shape(mirrored(half), color)
        sheet.oval(-w * 0.14, -h * 0.24, w * 0.13, h * 0.1, mix(color, SHINE, 0.75))


def mouth(
    sheet: Sheet, x: float, y: float, w: float = 20.0, drop: float = 9.0, color: str = NOSE, line: float = 3.4
) -> None:
    """A short line under the nose that parts into two small smiles."""
    sheet.stroke([(x, y - 3), (x, y + drop * 0.5), (x, y + drop)], (line, line), color)
    for side in (-1, 1):
        spine: list[Point] = [(x, y + drop), (x + side * w * 0.45, y + drop + w * 0.36), (x + side * w, y + drop - 1)]
        sheet.stroke(spine, (line, line, line * 0.6), color)


def smile(
    sheet: Sheet, x: float, y: float, w: float = 20.0, deep: float = 10.0, color: str = NOSE, line: float = 3.6
) -> None:
    """One plain curve."""
    sheet.stroke([(x - w, y), (x, y + deep), (x + w, y)], (line * 0.5, line, line * 0.5), color)


def blush(sheet: Sheet, face: Face, gap: float = 66.0, y: float = 34.0, r: float = 15.0, color: str = BLUSH) -> None:
    """Two soft cheeks."""
    for side in (-1, 1):
        cheek(sheet, face.x(side * gap, 9), y, r * 1.12, color)


def cheek(sheet: Sheet, x: float, y: float, r: float, color: str = BLUSH) -> None:
    """One soft cheek, laid as a glaze."""
    sheet.glaze(oval(x, y, r, r * 0.76), color, 0.6)


def whiskers(sheet: Sheet, face: Face, gap: float = 44.0, y: float = 40.0, color: str = NOSE) -> None:
    """Two fine hairs on either side."""
    for side in (-1, 1):
        x = face.x(side * gap)
        for k, slope in enumerate((-6, 5)):
            sheet.stroke(
                [(x, y + 9 * k), (x + side * 22, y + 9 * k + slope * 0.4), (x + side * 46, y + 9 * k + slope)],
                (2.4, 1.4),
                color,
            )


def ear_round(sheet: Sheet, x: float, y: float, r: float, coat: Coat, outer: str | None = None) -> None:
    """A round ear with its lining; ``x`` carries the side."""
    side = 1 if x > 0 else -1
    sheet.oval(x, y, r, r * 0.98, outer or coat.shade)
    sheet.oval(x - side * r * 0.08, y + r * 0.12, r * 0.56, r * 0.58, coat.inner)


def ear_pointed(
    sheet: Sheet,
    side: int,
    outline: Sequence[Point],
    lining: Sequence[Point],
    color: str,
    inner: str,
    tip: Sequence[Point] | None = None,
    tip_color: str = "",
) -> None:
    """An ear given for the right side, with lining and an optional colored tip."""

    def place(points: Sequence[Point]) -> list[Point]:
        return list(points) if side > 0 else flipped(points)

    sheet.shape(place(outline), color)
    if tip:
        sheet.shape(place(tip), tip_color)
    sheet.shape(place(lining), inner)


def paw(sheet: Sheet, x: float, y: float, w: float, h: float, color: str, toes: bool = True) -> None:
    """A foot seen from the front with two toe lines."""
    sheet.shape(
        [
            (x - w * 0.5, y + h * 0.18),
            (x - w * 0.36, y - h * 0.4),
            (x, y - h * 0.52),
            (x + w * 0.36, y - h * 0.4),
            (x + w * 0.5, y + h * 0.18),
            (x + w * 0.3, y + h * 0.48),
            (x - w * 0.3, y + h * 0.48),
        ],
        color,
    )
    if toes:
        ink = darker(color, 0.42)
        for side in (-1, 1):
            sheet.stroke([(x + side * w * 0.15, y + h * 0.08), (x + side * w * 0.17, y + h * 0.4)], (2.0, 2.8), ink)


def sole(sheet: Sheet, x: float, y: float, r: float, color: str, pad: str, turn: float = 0.0) -> None:
    """The bottom of a foot: a round sole with one large and three small pads."""
    with sheet.at(x, y, turn=turn):
        sheet.oval(0, 0, r * 0.92, r * 1.06, color)
        sheet.oval(0, r * 0.28, r * 0.44, r * 0.38, pad)
        for side in (-1, 0, 1):
            sheet.oval(side * r * 0.42, -r * (0.34 if side else 0.5), r * 0.15, r * 0.17, pad)


def tuft(x: float, y: float, w: float, h: float, points: int = 5) -> list[Point]:
    """A bib of fur: round at the top, toothed at the bottom."""
    top: list[Point] = [
        (x - w * 0.5, y + h * 0.3),
        (x - w * 0.3, y),
        (x, y - h * 0.05),
        (x + w * 0.3, y),
        (x + w * 0.5, y + h * 0.3),
    ]
    teeth: list[Point] = []
    for i in range(points):
        t = (i + 0.5) / points
        px = x + w * 0.5 * (1 - 2 * t) * 0.86
        deep = h * (1 - 0.42 * abs(1 - 2 * t) ** 1.3)
        teeth.append((px, y + deep, 1))
        if i < points - 1:
            u = (i + 1) / points
            teeth.append((x + w * 0.5 * (1 - 2 * u) * 0.86, y + h * (0.86 - 0.42 * abs(1 - 2 * u) ** 1.3), 1))
    return [*top, *teeth]


def fur_marks(sheet: Sheet, spots: Sequence[Sequence[float]], color: str, size: float = 16.0) -> None:
    """Little curved brush marks that say fur; each spot is (x, y) or (x, y, degrees)."""
    for spot in spots:
        turn = spot[2] if len(spot) > 2 else 0.0
        with sheet.at(spot[0], spot[1], turn=turn):
            sheet.stroke(
                [(-size * 0.5, -size * 0.16), (0, size * 0.16), (size * 0.5, -size * 0.16)],
                (0.8, size * 0.26, 0.8),
                color,
            )


def antler(sheet: Sheet, side: int, color: str, size: float = 1.0) -> None:
    """A slim two-tine antler growing from the origin."""
    with sheet.at(0, 0, size=size, flip=side < 0):
        sheet.stroke(trace("0,4 10,-32 34,-62 38,-100"), (13, 11, 9, 4), color)
        sheet.stroke(trace("18,-44 52,-62 60,-84"), (9, 8, 3), color)
        sheet.stroke(trace("35,-72 18,-90 14,-106"), (8, 6, 3), color)


def spots(sheet: Sheet, places: Sequence[Sequence[float]], color: str, rng: np.random.Generator) -> None:
    """Round markings; each place is (x, y, radius)."""
    for x, y, r in places:
        k = rng.uniform(0.85, 1.15)
        sheet.shape(
            oval(x + rng.normal(0, 1.5), y + rng.normal(0, 1.5), r * k, r * k * 0.9, rng.uniform(-30, 30)), color
        )


def wrapped_tail(sheet: Sheet, color: str, tip: str, wide: float = 1.0) -> None:
    """A tail laid round the front of a curled-up sleeper, for the "sleep" pose's units."""
    y = 168 - 16 * (wide - 1)
    sheet.shape(
        [
            (196, 90),
            (216, 128),
            (192, y),
            (120, y + 17),
            (40, y + 17),
            (-20, y),
            (30, 150 - 16 * wide + 16),
            (110, 146 - 24 * (wide - 1)),
            (160, 124),
        ],
        color,
    )
    sheet.shape(
        [(54, y + 18), (20, y + 14), (-36, y - 8, 1), (4, 154), (40, 149), (30, 158, 1), (52, 164), (38, y + 4, 1)], tip
    )

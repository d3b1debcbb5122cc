"""Drawn shapes in the colors of a palette: moved, scaled and laid one upon another, in document units, y downward.

Roles name a color of the palette: `ink`, `accent`, `soft`; `knock` cuts through what was laid before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

INK, ACCENT, SOFT, KNOCK, BACKING = "ink", "accent", "soft", "knock", "backing"


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> tuple[float, float]:
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def inset(self, across: float, down: float | None = None) -> Box:
        down = across if down is None else down
        return Box(self.left + across, self.top + down, self.right - across, self.bottom - down)


@dataclass
class Drawn:
    """Shapes in paint order. `visual` is the box to align by where it is not that of the ink (hanging punctuation)."""

    parts: list[tuple[str, BaseGeometry]] = field(default_factory=list)
    visual: Box | None = None

    @property
    def box(self) -> Box:
        found = [g.bounds for _, g in self.parts if not g.is_empty]
        if not found:
            return Box(0, 0, 0, 0)
        return Box(
            min(b[0] for b in found), min(b[1] for b in found), max(b[2] for b in found), max(b[3] for b in found)
        )

    @property
    def seen(self) -> Box:
        """The box to align by."""
        return self.visual or self.box

    def add(self, role: str, *shapes: BaseGeometry) -> Drawn:
        self.parts += [(role, s) for s in shapes if not s.is_empty]
        return self

    def lay(self, *others: Drawn) -> Drawn:
        for other in others:
            self.parts += other.parts
        return self

    def moved(self, x: float, y: float) -> Drawn:
        box = self.visual
        return Drawn(
            [(r, affinity.translate(g, x, y)) for r, g in self.parts],
            box and Box(box.left + x, box.top + y, box.right + x, box.bottom + y),
        )

    def scaled(self, by: float) -> Drawn:
        box = self.visual
        return Drawn(
            [(r, affinity.scale(g, by, by, origin=(0, 0))) for r, g in self.parts],
            box and Box(box.left * by, box.top * by, box.right * by, box.bottom * by),
        )

    def rotated(self, degrees: float) -> Drawn:
        """Turned about the middle of its box, clockwise as seen."""
        middle = self.seen.center
        return Drawn([(r, affinity.rotate(g, degrees, origin=middle)) for r, g in self.parts])

    def within(self, box: Box, *, grow: bool = True) -> Drawn:
        """Scaled to fit a box and put in its optical middle. The ink never leaves the box."""
        own = self.box
        if own.width <= 0 or own.height <= 0:
            return self
        by = min(box.width / own.width, box.height / own.height)
        by = by if grow else min(1.0, by)
        sized = self.scaled(by)
        ink, seen = sized.box, sized.seen
        x = box.center[0] - seen.center[0]
        y = box.center[1] - ink.center[1]
        # Hanging punctuation may lean out of the middle, but not out of the box.
        x = min(max(x, box.left - ink.left), box.right - ink.right)
        return sized.moved(x, y)


def together(drawings: Iterable[Drawn]) -> Drawn:
    return Drawn().lay(*drawings)


def union(drawn: Drawn) -> BaseGeometry:
    """All of a drawing as one shape, what is knocked out left out."""
    whole: BaseGeometry = shapely.Polygon()
    for role, group in groupby(drawn.parts, key=lambda p: p[0]):
        shape = shapely.union_all([g for _, g in group])
        whole = whole.difference(shape) if role == KNOCK else whole.union(shape)
    return whole

"""What a pattern tile is before it is painted: its ground, areas of plain color, and figures with their places.

Data only, in tile units: a tile is `UNITS` wide and high, and every coordinate counts modulo `UNITS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

UNITS = 1200


@dataclass(frozen=True)
class Shape:
    """One shape of an area: an SVG element without paint, and the box it lies in (left, top, right, bottom in units). `line`: the
    width of its stroke in units; 0 for a filled shape. `wraps` False: the layout has drawn its copies beyond the edges itself."""

    markup: str
    box: tuple[float, float, float, float]
    line: float = 0.0
    wraps: bool = True


@dataclass(frozen=True)
class Area:
    """Shapes of one color (hex), laid at once. Areas lie over each other in their order. `grain`: which hand it is painted with; areas
    that are one and the same beyond the tile's edges have the same. By default its place in the order."""

    color: str
    shapes: tuple[Shape, ...]
    grain: int | None = None


@dataclass(frozen=True)
class Motif:
    """What is placed: a figure of the catalogue (`subject`, `params`), or an ornament given as an SVG drawing. `tones`: a dark and
    a light color (hex) it is drawn in instead of its own."""

    subject: str = ""
    params: tuple[tuple[str, Any], ...] = ()
    ornament: str = ""
    tones: tuple[str, str] | None = None
    upright: bool = False

    @staticmethod
    def of(figure: dict[str, Any], *, upright: bool = False, tones: tuple[str, str] | None = None) -> Motif:
        """A figure as a pick's `art` names it."""
        params = tuple(sorted((figure.get("params") or {}).items()))
        return Motif(str(figure["subject"]), params, "", tones, upright)


@dataclass(frozen=True)
class Placed:
    """A motif on the tile: the center of its square, the side of that square, in units; turned by `angle` degrees (clockwise) after
    being mirrored if `flip`."""

    motif: int
    x: float
    y: float
    size: float
    angle: float = 0.0
    flip: bool = False


@dataclass(frozen=True)
class Tile:
    """A whole tile: ground color (hex), areas in paint order, then the placed motifs in theirs. `arranged`: the number it was
    laid out with, which its figures are drawn with too."""

    ground: str
    areas: Sequence[Area]
    motifs: Sequence[Motif]
    placed: Sequence[Placed]
    arranged: int = 0


def copies(left: float, top: float, right: float, bottom: float, rim: float = 1.0) -> list[tuple[int, int]]:
    """By how many units a shape with this box has to be moved, right and down, so that every part of it that shows on the tile is
    drawn: (0, 0) and whatever comes back over an edge. `rim`: how far around the tile is looked at, in units."""

    def along(low: float, high: float) -> list[int]:
        return [k * UNITS for k in range(-3, 4) if high + k * UNITS > -rim and low + k * UNITS < UNITS + rim]

    return [(dx, dy) for dy in along(top, bottom) for dx in along(left, right)]

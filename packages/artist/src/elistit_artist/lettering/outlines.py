"""From glyphs to outlines: fontTools draws them, shapely welds them into valid polygons.

Curves are laid out as short straight pieces, closer to the curve than a cutting machine or a printer can show. It must never
return an invalid polygon, or two that overlap.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import shapely
from fontTools.pens.basePen import BasePen
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from elistit_artist.lettering.faces import Face, font
from elistit_artist.lettering.shaping import Shaped

# How far a straight piece may be from its curve, in em: a tenth of a millimeter in a letter half a meter tall.
TOLERANCE = 0.0002
# Coordinates of a document are whole multiples of this, so that what is written is what was checked.
GRID = 0.01
SPECK = 4 * GRID
EMPTY = MultiPolygon()
Point = tuple[float, float]


class _Flattening(BasePen):
    """Collects the contours of a glyph as rings of points, in font units."""

    def __init__(self, glyphs: Any, tolerance: float) -> None:
        super().__init__(glyphs)
        self.rings: list[list[Point]] = []
        self.tolerance = tolerance

    def _moveTo(self, pt: Point) -> None:
        self.rings.append([pt])

    def _lineTo(self, pt: Point) -> None:
        self.rings[-1].append(pt)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:
        start = self._getCurrentPoint()
        bend = max(
            math.hypot(start[0] - 2 * pt1[0] + pt2[0], start[1] - 2 * pt1[1] + pt2[1]),
            math.hypot(pt1[0] - 2 * pt2[0] + pt3[0], pt1[1] - 2 * pt2[1] + pt3[1]),
        )
        steps = max(1, min(64, math.ceil(math.sqrt(0.75 * bend / self.tolerance))))
        t = np.linspace(0, 1, steps + 1)[1:, None]
        points = np.array([start, pt1, pt2, pt3], float)
        weights = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
        self.rings[-1].extend(map(tuple, (weights @ points).tolist()))

    def _closePath(self) -> None:
        pass

    def _endPath(self) -> None:
        pass


@cache
def _glyphs(face: Face) -> Any:
    location = dict(face.axes) or None
    return font(face).getGlyphSet(location=location)


@lru_cache(4096)
def glyph(face: Face, number: int) -> MultiPolygon:
    """The outline of a glyph in em, its overlapping strokes welded."""
    unit = float(font(face)["head"].unitsPerEm)
    glyphs = _glyphs(face)
    pen = _Flattening(glyphs, TOLERANCE * unit)
    glyphs[font(face).getGlyphName(number)].draw(pen)
    rings = [[(x / unit, y / unit) for x, y in ring] for ring in pen.rings]
    welded = wound(rings)
    # Distressed and scanned faces have more points than any eye or blade can follow.
    plainer = polygons(welded.simplify(2 * TOLERANCE, preserve_topology=True))
    return plainer if plainer.is_valid else welded


@lru_cache(8192)
def bounds(face: Face, number: int) -> tuple[float, float, float, float] | None:
    """The box of a glyph's ink in em (left, bottom, right, top); None for one without ink."""
    shape = glyph(face, number)
    return None if shape.is_empty else shape.bounds


def wound(rings: Sequence[Sequence[Point]]) -> MultiPolygon:
    """The area that rings enclose by the nonzero winding rule, as fonts mean it."""
    closed = [[*r, r[0]] if r[0] != r[-1] else list(r) for r in rings if len(set(r)) > 2]
    if not closed:
        return EMPTY
    lines = shapely.union_all([shapely.LineString(r) for r in closed])
    faces = [f for f in shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))) if f.area > 1e-9]
    arrays = [np.asarray(r, float) for r in closed]
    kept = [f for f in faces if sum(_winding(a, f.representative_point()) for a in arrays)]
    return polygons(shapely.union_all(kept))


def _winding(ring: np.ndarray[Any, Any], at: Any) -> int:
    """How often a closed ring goes around a point."""
    x, y = at.x, at.y
    a, b = ring[:-1], ring[1:]
    side = (b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (x - a[:, 0]) * (b[:, 1] - a[:, 1])
    up = (a[:, 1] <= y) & (b[:, 1] > y) & (side > 0)
    down = (a[:, 1] > y) & (b[:, 1] <= y) & (side < 0)
    return int(up.sum()) - int(down.sum())


def polygons(shape: BaseGeometry) -> MultiPolygon:
    """The areas of a geometry, without the lines and points that cutting may leave."""
    parts = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon) and p.area > 0]
    nested = [q for p in shapely.get_parts(shape) if isinstance(p, MultiPolygon) for q in p.geoms]
    return MultiPolygon([*parts, *nested])


def line(shaped: Shaped) -> list[MultiPolygon]:
    """The outline of each glyph of a line where it stands, in em, y upward; those of spaces are empty."""
    return [affinity.translate(glyph(shaped.face, g.number), g.x, g.y) for g in shaped.glyphs]


def weld(shapes: Iterable[BaseGeometry]) -> MultiPolygon:
    """One set of valid polygons that do not overlap, on the grid of a document."""
    found = polygons(shapely.set_precision(shapely.union_all(list(shapes)), GRID))
    # A speck smaller than this is no stroke: it is what rounding left where two outlines touched.
    kept = [
        Polygon(p.exterior, [h for h in p.interiors if Polygon(h).area > SPECK]) for p in found.geoms if p.area > SPECK
    ]
    whole = MultiPolygon(kept)
    return whole if whole.is_valid else polygons(shapely.set_precision(shapely.make_valid(whole), GRID))


def path(shape: MultiPolygon) -> str:
    """SVG path data of polygons: outer rings and holes, absolute, to be filled by the even-odd rule."""
    said = []
    for part in shape.geoms:
        for ring in (part.exterior, *part.interiors):
            points = [f"{_number(x)} {_number(y)}" for x, y in list(ring.coords)[:-1]]
            said.append("M" + "L".join(points) + "Z")
    return "".join(said)


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text

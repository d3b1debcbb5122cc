"""What is left of a flat shape inside a clip: by geometry, so that it stays one shape of plain color.

Curves that a clip cuts become many short sides, each nearer to the curve than a renderer could show. It must never guess:
what it cannot cut exactly it says so of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from elistit.artwork import svgpath
from elistit.artwork.svgpath import Point, Subpath

# Points of the outlines in one cut; beyond this it would take longer than a drawing is worth.
POINTS_MAX = 20_000
_SIDES_MAX = 200


class CannotCut(ValueError):
    """The shape has too much detail to be cut. The message is one plain sentence."""


def flattened(subpath: Subpath, tolerance: float) -> list[Point]:
    """The points of a subpath, no further from its curves than `tolerance`."""
    points, start = [subpath.start], subpath.start
    for a, b, end in subpath.curves:
        bend = max(math.dist(_second(start, a, b), (0, 0)), math.dist(_second(a, b, end), (0, 0)))
        sides = min(_SIDES_MAX, max(1, math.ceil(math.sqrt(0.75 * bend / tolerance))))
        for k in range(1, sides):
            t = k / sides
            u = 1 - t
            w = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
            points.append(
                (
                    w[0] * start[0] + w[1] * a[0] + w[2] * b[0] + w[3] * end[0],
                    w[0] * start[1] + w[1] * a[1] + w[2] * b[1] + w[3] * end[1],
                )
            )
        points.append(end)
        start = end
    return points


def _second(a: Point, b: Point, c: Point) -> Point:
    return a[0] - 2 * b[0] + c[0], a[1] - 2 * b[1] + c[1]


def area(subpaths: Sequence[Subpath], even_odd: bool, tolerance: float) -> BaseGeometry:
    """What the subpaths fill. Raises CannotCut."""
    rings = []
    for subpath in subpaths:
        points = flattened(subpath, tolerance)
        if len(points) > 2:
            rings.append(np.array([*points, points[0]]))
    if sum(len(r) for r in rings) > POINTS_MAX:
        raise CannotCut("The drawing clips a shape that has too much detail.")
    if not rings:
        return Polygon()
    lines = shapely.union_all([shapely.LineString(r) for r in rings])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    kept = []
    for face in faces:
        inside = face.representative_point()
        winding = [_winding(ring, inside.x, inside.y) for ring in rings]
        if sum(winding) % 2 if even_odd else sum(winding) != 0:
            kept.append(face)
    return shapely.union_all(kept)


def _winding(ring: np.ndarray, x: float, y: float) -> int:
    x0, y0, x1, y1 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
    side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
    up = (y0 <= y) & (y1 > y) & (side > 0)
    down = (y0 > y) & (y1 <= y) & (side < 0)
    return int(up.sum()) - int(down.sum())


def outlines(geometry: BaseGeometry) -> list[Subpath]:
    """The rings of an area as closed subpaths, to be filled by the even-odd rule."""
    found = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, Polygon) and part.area > 0:
            for ring in (part.exterior, *part.interiors):
                found.append(svgpath.polyline([(x, y) for x, y in list(ring.coords)[:-1]], True))
    return found


def bounds(subpaths: Sequence[Subpath], reach: float) -> BaseGeometry:
    """A rectangle that holds the subpaths and all that is drawn within `reach` of them."""
    points = [p for s in subpaths for p in (s.start, *(q for curve in s.curves for q in curve))]
    across, down = [p[0] for p in points], [p[1] for p in points]
    return shapely.box(min(across) - reach, min(down) - reach, max(across) + reach, max(down) + reach)

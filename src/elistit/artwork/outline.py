"""Outlines: from a mask of pixels to closed, smooth curves that a blade or a printer can follow.

Everything here is geometry in one unit, the pixel of the mask it was given; who calls says how large a pixel is. An
outline always closes. It must never open a file or decide what is cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import cv2
import numpy as np
import pyvips
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

Point = tuple[float, float]
# Finer than this, in pixels, an outline follows the pixels' own steps instead of the shape.
TOLERANCE_PX = 0.8


def polygons(mask: np.ndarray, *, holes: bool, least_area: float = 20.0) -> MultiPolygon:
    """The areas where `mask` (height × width) is not zero, as polygons through pixel edges' middles.

    `holes`: keep the holes in them; otherwise each is filled. Areas and holes below `least_area` square pixels are
    left out. An empty mask gives an empty MultiPolygon.
    """
    mode = cv2.RETR_CCOMP if holes else cv2.RETR_EXTERNAL
    # A one-pixel frame, so that shapes at the border close; taken off again below.
    framed = cv2.copyMakeBorder((mask > 0).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    # Twice the size makes the contour run half a pixel outside the pixels' centers, where the edge really is.
    doubled = cv2.resize(framed, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    contours, tree = cv2.findContours(doubled, mode, cv2.CHAIN_APPROX_NONE)
    found: list[BaseGeometry] = []
    for index, contour in enumerate(contours):
        if len(contour) < 4 or tree[0][index][3] >= 0:
            continue
        inner = []
        child = tree[0][index][2] if holes else -1
        while child >= 0:
            if len(contours[child]) >= 4 and cv2.contourArea(contours[child]) / 4 >= least_area:
                inner.append(_ring(contours[child]))
            child = tree[0][child][0]
        area = Polygon(_ring(contour), inner).buffer(0)
        if area.area >= least_area:
            found.append(area)
    return as_multi(unary_union(found))


def _ring(contour: np.ndarray) -> np.ndarray:
    """The ring in mask pixels, its stair steps averaged away: every point becomes the mean of its near neighbors."""
    points = (contour[:, 0].astype(np.float64) + 0.5) / 2 - 1
    reach = min(8, len(points) // 8)
    if reach == 0:
        return points
    around = np.concatenate([points[-reach:], points, points[:reach]])
    weights = np.exp(-((np.arange(-reach, reach + 1) / 3.0) ** 2) / 2)
    weights /= weights.sum()
    return np.stack([np.convolve(around[:, axis], weights, mode="valid") for axis in (0, 1)], axis=1)


def as_multi(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of any geometry, largest first; points and lines in it are left out."""
    parts: Iterable[BaseGeometry] = getattr(shape, "geoms", [shape])
    flat = [p for p in parts if isinstance(p, Polygon) and not p.is_empty]
    return MultiPolygon(sorted(flat, key=lambda p: -p.area))


def rounded(shape: MultiPolygon, radius: float) -> MultiPolygon:
    """The same areas without inner corners a blade would tear: narrow inlets up to twice `radius` are closed and every
    outer corner is rounded. It never goes below the shape by more than the corner it rounds."""
    closed = shape.buffer(radius, quad_segs=16).buffer(-radius, quad_segs=16)
    opened = closed.buffer(-radius / 2, quad_segs=16).buffer(radius / 2, quad_segs=16)
    return as_multi(unary_union([opened, shape.intersection(closed)]) if radius > 0 else shape)


def simplified(shape: MultiPolygon, tolerance: float = TOLERANCE_PX) -> MultiPolygon:
    """Fewer points, nowhere further than `tolerance` from the same line, and no two neighbors nearer than half of it: where
    two lines were joined, points may all but coincide, and a curve through them ties a knot too small to see. What
    has no room for three such points is left out."""
    found: list[Polygon] = []
    for area in as_multi(shape.simplify(tolerance)).geoms:
        outer, *inner = (_apart(ring.coords, tolerance / 2) for ring in (area.exterior, *area.interiors))
        if len(outer) > 2:
            found += as_multi(Polygon(outer, [ring for ring in inner if len(ring) > 2]).buffer(0)).geoms
    return as_multi(MultiPolygon(found))


def _apart(ring: Sequence[Point], least: float) -> list[Point]:
    """The points of a closed ring, without those nearer than `least` to the one before, or to the first."""
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= least:
            kept.append(point)
    while len(kept) > 1 and math.dist(kept[-1], kept[0]) < least:
        kept.pop()
    return kept


def path_data(
    shape: MultiPolygon, *, scale: float = 1.0, smooth: bool = True, sway: float | None = None, places: int = 2
) -> str:
    """SVG path data, one closed subpath per ring, holes included. Coordinates are multiplied by `scale` and have `places`
    decimals. `sway`: see `curves`; before scaling."""
    return "".join(
        _subpath(
            [(x * scale, y * scale) for x, y in ring.coords[:-1]], smooth, sway * scale if sway else math.inf, places
        )
        for area in shape.geoms
        for ring in (area.exterior, *area.interiors)
    )


def _subpath(points: Sequence[Point], smooth: bool, sway: float, places: int) -> str:
    def text(*of: Point) -> str:
        return " ".join(f"{_n(x, places)} {_n(y, places)}" for x, y in of)

    if not smooth:
        return "M" + "L".join(text(p) for p in points) + "Z"
    return f"M{text(points[0])}" + "".join("C" + text(*curve) for curve in curves(points, sway)) + "Z"


def curves(points: Sequence[Point], sway: float = math.inf) -> list[tuple[Point, Point, Point]]:
    """Cubic curves through the points of a closed ring: per side the two handles and the end.

    Catmull-Rom, with each handle held to a third of its side, so that a long side beside a short one never makes a loop, and
    no further than `sway` from its side: where points were left out for lying that near to it, it is a straight one.
    """
    count = len(points)
    directions = [_direction(points[i - 1], points[i], points[(i + 1) % count]) for i in range(count)]
    found = []
    for i in range(count):
        here, there = points[i], points[(i + 1) % count]
        length = math.dist(here, there)
        side = ((there[0] - here[0]) / length, (there[1] - here[1]) / length) if length else (1.0, 0.0)
        ax, ay = _handle(directions[i], side, length / 3, sway)
        bx, by = _handle(directions[(i + 1) % count], side, length / 3, sway)
        found.append(((here[0] + ax, here[1] + ay), (there[0] - bx, there[1] - by), there))
    return found


def _handle(direction: Point, side: Point, reach: float, sway: float) -> Point:
    """A handle in a direction, `reach` long, its distance from the side it belongs to at most `sway`."""
    x, y = direction[0] * reach, direction[1] * reach
    off = x * -side[1] + y * side[0]
    if abs(off) <= sway:
        return x, y
    back = off - math.copysign(sway, off)
    return x + back * side[1], y - back * side[0]


def _direction(before: Point, at: Point, after: Point) -> Point:
    """Which way a smooth curve passes a corner, length 1; shorter the sharper it is, so that real corners stay corners."""
    ax, ay = at[0] - before[0], at[1] - before[1]
    bx, by = after[0] - at[0], after[1] - at[1]
    la, lb = math.hypot(ax, ay) or 1.0, math.hypot(bx, by) or 1.0
    # The longer side decides: a short one is often only a step of the pixel grid.
    x, y = ax + bx, ay + by
    length = math.hypot(x, y) or 1.0
    turn = (ax * bx + ay * by) / (la * lb)
    keep = min(1.0, max(0.0, (turn + 0.2) / 0.6))
    return x / length * keep, y / length * keep


def _n(value: float, places: int = 2) -> str:
    return f"{value:.{places}f}".rstrip("0").rstrip(".")


def fill(shape: MultiPolygon, width: int, height: int) -> np.ndarray:
    """The areas as anti-aliased coverage, uint8, `height` × `width`: exactly what `path_data` draws."""
    body = f'<path d="{path_data(shape)}" fill="#fff" fill-rule="evenodd"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{body}</svg>'
    return np.ascontiguousarray(pyvips.Image.svgload_buffer(svg.encode())[3].numpy())

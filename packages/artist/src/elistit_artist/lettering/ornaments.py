"""Ornaments that go with letters: rules, sprigs, corners, frames, ribbons, rays and wreaths, around the origin, y downward.

Every shape is a filled area, so that a cutting machine can cut it; none is thinner than it is said to be.
"""

from __future__ import annotations

import math

import shapely
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from elistit_artist.lettering.shapes import Box


def rule(width: float, thick: float) -> BaseGeometry:
    return box(-width / 2, -thick / 2, width / 2, thick / 2)


def diamond(size: float) -> BaseGeometry:
    return Polygon([(-size, 0), (0, -size), (size, 0), (0, size)])


def divider(width: float, thick: float, kind: int) -> BaseGeometry:
    """A rule with something in its middle: a diamond, three dots, a heart, a star or a sprig."""
    middle = (
        diamond(thick * 3.2),
        shapely.union_all([affinity.translate(disc(thick * 1.7), x * thick * 6, 0) for x in (-1, 0, 1)]),
        affinity.translate(heart(thick * 9), 0, thick * 0.6),
        star(thick * 4.6, 5),
        shapely.union_all(
            [affinity.rotate(leaf(thick * 9, thick * 3.4), turn, origin=(0, 0)) for turn in (-90, -35, -145)]
        ),
    )[kind % 5]
    gap = max(-middle.bounds[0], middle.bounds[2]) + thick * 4
    side = max(thick * 2, width / 2 - gap)
    left = box(-gap - side, -thick / 2, -gap, thick / 2)
    right = box(gap, -thick / 2, gap + side, thick / 2)
    return shapely.union_all([middle, left, right])


def disc(radius: float) -> BaseGeometry:
    return Point(0, 0).buffer(radius, quad_segs=48)


def ring(radius: float, thick: float) -> BaseGeometry:
    return disc(radius).difference(disc(radius - thick))


def star(radius: float, points: int, inner: float = 0.45) -> BaseGeometry:
    turns = [math.pi * k / points - math.pi / 2 for k in range(2 * points)]
    return Polygon(
        [
            (
                math.cos(t) * (radius if k % 2 == 0 else radius * inner),
                math.sin(t) * (radius if k % 2 == 0 else radius * inner),
            )
            for k, t in enumerate(turns)
        ]
    )


def heart(width: float) -> BaseGeometry:
    points = []
    for k in range(120):
        t = 2 * math.pi * k / 120
        points.append(
            (16 * math.sin(t) ** 3, -(13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)))
        )
    return affinity.scale(Polygon(points), width / 32, width / 32, origin=(0, 0))


def leaf(length: float, wide: float) -> BaseGeometry:
    """A leaf from the origin to (length, 0), pointed at both ends."""
    ts = [k / 40 for k in range(41)]
    up = [(length * t, -wide / 2 * math.sin(math.pi * t**0.85) ** 1.15) for t in ts]
    down = [(x, -y) for x, y in reversed(up)]
    return Polygon([*up, *down[1:-1]]).buffer(0)


def sprig(length: float, wide: float, thick: float, pairs: int = 5) -> BaseGeometry:
    """A twig from the origin to the right with leaves in pairs and one at its tip."""
    parts: list[BaseGeometry] = [box(0, -thick / 2, length * 0.94, thick / 2)]
    for k in range(pairs):
        x = length * (0.14 + 0.72 * k / max(1, pairs - 1))
        size = wide * (1.0 - 0.42 * k / pairs)
        for turn in (-48, 48):
            one = affinity.rotate(leaf(size, size * 0.42), turn, origin=(0, 0))
            parts.append(affinity.translate(one, x - thick / 2, 0))
    parts.append(affinity.translate(leaf(wide * 0.62, wide * 0.26), length * 0.9, 0))
    return shapely.union_all(parts)


def wreath(radius: float, size: float, thick: float, leaves: int, opening: float = 0.0) -> BaseGeometry:
    """Leaves around a circle, rising on both sides from its foot; `opening` (radians) stays free at the top."""
    parts: list[BaseGeometry] = []
    arc = math.pi - opening / 2
    stem = [(radius * math.sin(t), radius * math.cos(t)) for t in (arc * (k / 90 * 2 - 1) for k in range(91))]
    parts.append(LineString(stem).buffer(thick / 2, cap_style="round"))
    for side in (-1, 1):
        for k in range(leaves):
            t = arc * (k + 0.5) / leaves
            scale = 1.0 - 0.35 * k / leaves
            for lean in (-38, 38):
                one = leaf(size * scale, size * scale * 0.40)
                # Along the circle, away from its foot.
                heading = -math.degrees(t) if side > 0 else 180 + math.degrees(t)
                one = affinity.rotate(one, heading + lean, origin=(0, 0))
                parts.append(affinity.translate(one, side * radius * math.sin(t), radius * math.cos(t)))
    return shapely.union_all(parts)


def frame(around: Box, thick: float) -> BaseGeometry:
    outer = box(around.left, around.top, around.right, around.bottom)
    return outer.difference(box(around.left + thick, around.top + thick, around.right - thick, around.bottom - thick))


def notched(around: Box, notch: float) -> BaseGeometry:
    """A rectangle with quarter circles cut from its corners, like a label."""
    whole: BaseGeometry = box(around.left, around.top, around.right, around.bottom)
    for x in (around.left, around.right):
        for y in (around.top, around.bottom):
            whole = whole.difference(affinity.translate(disc(notch), x, y))
    return whole


def label(around: Box, notch: float, thick: float) -> BaseGeometry:
    """The outline of a notched rectangle."""
    whole = notched(around, notch)
    return whole.difference(whole.buffer(-thick, join_style="mitre"))


def ribbon(width: float, height: float) -> tuple[BaseGeometry, BaseGeometry]:
    """A ribbon around the origin: its face, and its two tails behind it, a gap of their own apart."""
    front = box(-width / 2, -height / 2, width / 2, height / 2)
    drop, tail, gap = height * 0.24, height * 0.85, height * 0.07
    tails = []
    for side in (-1, 1):
        x = side * width / 2
        tails.append(
            Polygon(
                [
                    (x - side * height * 0.35, -height / 2 + drop),
                    (x + side * tail, -height / 2 + drop),
                    (x + side * tail * 0.66, drop),
                    (x + side * tail, height / 2 + drop),
                    (x - side * height * 0.35, height / 2 + drop),
                ]
            )
        )
    behind = shapely.union_all(tails).difference(front.buffer(gap, join_style="mitre"))
    return front, behind


def rays(inner: float, outer: float, count: int, spread: float = math.pi, share: float = 0.42) -> BaseGeometry:
    """Rays around the origin, fanned over `spread` radians about the top."""
    parts = []
    step = spread / count
    for k in range(count):
        middle = -spread / 2 + step * (k + 0.5)
        a, b = middle - step * share / 2, middle + step * share / 2
        long = outer if k % 2 == 0 else inner + (outer - inner) * 0.62
        parts.append(
            Polygon([(r * math.sin(t), -r * math.cos(t)) for r, t in ((inner, a), (long, a), (long, b), (inner, b))])
        )
    return MultiPolygon(parts)


def corner(size: float, thick: float) -> BaseGeometry:
    """A flourish for the upper left corner: two arms, a curl and a leaf."""
    arms = [box(0, 0, size, thick), box(0, 0, thick, size)]
    curl = [
        (size * (0.30 + 0.16 * math.cos(t) * (1 - k / 60)), size * (0.30 + 0.16 * math.sin(t) * (1 - k / 60)))
        for k, t in ((k, math.radians(225 - 4.5 * k)) for k in range(50))
    ]
    swing = LineString([(thick / 2, thick / 2), *curl]).buffer(thick / 2)
    leaves = [
        affinity.translate(
            affinity.rotate(leaf(size * 0.34, size * 0.12), turn, origin=(0, 0)), size * 0.15, size * 0.15
        )
        for turn in (12, 78)
    ]
    return shapely.union_all([*arms, swing, *leaves])


def corners(around: Box, size: float, thick: float) -> BaseGeometry:
    one = corner(size, thick)
    cx, cy = around.center
    placed = affinity.translate(one, around.left, around.top)
    flipped = [
        placed,
        affinity.scale(placed, -1, 1, origin=(cx, cy)),
        affinity.scale(placed, 1, -1, origin=(cx, cy)),
        affinity.scale(placed, -1, -1, origin=(cx, cy)),
    ]
    return shapely.union_all(flipped)


def swash(width: float, thick: float) -> BaseGeometry:
    """A stroke under a word that swells in its middle and runs out at its ends."""
    ts = [k / 80 for k in range(81)]
    middle = [(width * (t - 0.5), -thick * 1.6 * math.sin(2 * math.pi * t * 0.9)) for t in ts]
    half = [thick / 2 * (0.12 + math.sin(math.pi * t) ** 0.8) for t in ts]
    up = [(x, y - h) for (x, y), h in zip(middle, half, strict=True)]
    down = [(x, y + h) for (x, y), h in zip(middle, half, strict=True)]
    return Polygon([*up, *reversed(down)]).buffer(0)

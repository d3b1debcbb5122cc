"""Curves, outlines and colors from which every figure is built, and the sheet they are collected on.

A figure is a stack of flat filled outlines in paint order, because the painting engine turns each outline into
one wash. It must never emit gradients, filters, clip paths or text, and never place a point outside 60..940.
"""

from __future__ import annotations

import colorsys
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Point = tuple[float, ...]
"""(x, y), or (x, y, 1) for a sharp corner. Units are the figure's own; the sheet is scaled to fit at the end."""

LOW, HIGH = 80.0, 920.0
"""The square every finished figure is fitted into; the brush may wander a little outside it and still be in bounds."""


def rgb(color: str) -> tuple[float, float, float]:
    """The three channels of ``#rrggbb`` as 0..1."""
    return (int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255)


def hexed(channels: Sequence[float]) -> str:
    """``#rrggbb`` for three 0..1 channels, clipped."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, c))):02x}" for c in channels)


def mix(a: str, b: str, share: float) -> str:
    """The color ``share`` of the way from ``a`` to ``b``."""
    return hexed([p * (1 - share) + q * share for p, q in zip(rgb(a), rgb(b), strict=True)])


def lighter(color: str, share: float = 0.2) -> str:
    """Toward warm white."""
    return mix(color, "#fff8ee", share)


def darker(color: str, share: float = 0.2) -> str:
    """Toward warm black, never toward pure gray, so that washes stay alive."""
    return mix(color, "#2e2420", share)


def vary(color: str, rng: np.random.Generator, amount: float = 0.05) -> str:
    """A near neighbor of ``color``: hue, lightness and saturation each moved a little."""
    h, lum, s = colorsys.rgb_to_hls(*rgb(color))
    h = (h + rng.normal(0, amount * 0.22)) % 1.0
    lum = min(0.97, max(0.04, lum + rng.normal(0, amount)))
    s = min(1.0, max(0.0, s * (1 + rng.normal(0, amount * 2))))
    return hexed(colorsys.hls_to_rgb(h, lum, s))


def rows(text: str) -> list[tuple[float, ...]]:
    """Number rows written compactly: ``"10,20,5 30,40,6"`` → [(10, 20, 5), (30, 40, 6)]."""
    return [tuple(float(n) for n in row.split(",")) for row in text.split()]


def trace(text: str, x: float = 0.0, y: float = 0.0, wide: float = 1.0) -> list[Point]:
    """Outline points written the way a drawing is read: ``"0,-80 44,-76 122,30!"``; ``!`` marks a sharp corner.

    ``wide`` stretches (or with -1 mirrors) across, then everything is moved by (x, y).
    """
    points: list[Point] = []
    for word in text.split():
        px, py = word.rstrip("!").split(",")
        place = (x + wide * float(px), y + float(py))
        points.append((*place, 1) if word.endswith("!") else place)
    return points


def turned(point: Sequence[float], degrees: float, about: Sequence[float] = (0.0, 0.0)) -> tuple[float, float]:
    """``point`` turned clockwise (as seen on the page) about another point."""
    a = math.radians(degrees)
    x, y = point[0] - about[0], point[1] - about[1]
    return (about[0] + x * math.cos(a) - y * math.sin(a), about[1] + x * math.sin(a) + y * math.cos(a))


def toward(origin: Sequence[float], degrees: float, distance: float) -> tuple[float, float]:
    """The point ``distance`` away from ``origin`` in direction ``degrees`` (0 right, 90 down)."""
    a = math.radians(degrees)
    return (origin[0] + distance * math.cos(a), origin[1] + distance * math.sin(a))


def mirrored(right: Sequence[Point], x: float = 0.0) -> list[Point]:
    """A closed symmetric outline from its right half, given from the top to the bottom of the axis."""
    left = [(2 * x - p[0], *p[1:]) for p in reversed(right) if abs(p[0] - x) > 1e-6]
    return [*right, *left]


def flipped(points: Sequence[Point]) -> list[Point]:
    """The same outline on the other side of the vertical axis."""
    return [(-p[0], *p[1:]) for p in points]


def smooth(points: Sequence[Point], closed: bool = True, ease: float = 0.36) -> Floats:
    """Bezier control points (start, then three per segment) of a soft curve through ``points``.

    Handles follow the chord between the neighbors and are as long as ``ease`` times the segment, which cannot
    overshoot the way a uniform spline does. A point with a third value of 1 keeps its corner.
    """
    xy = np.array([(p[0], p[1]) for p in points], float)
    corners = [len(p) > 2 and p[2] > 0 for p in points]
    # A closed outline comes back to its first point; an open one has no point before its first or after its last.
    around = np.concatenate((xy[-1:], xy, xy[:1]) if closed else (xy[:1], xy, xy[-1:]))
    way = around[2:] - around[:-2]
    length = np.hypot(way[:, 0], way[:, 1])
    length[length < 1e-9] = 1.0
    way /= length[:, None]
    begins = xy if closed else xy[:-1]
    ends = around[2:] if closed else xy[1:]
    step = ends - begins
    reach = (np.hypot(step[:, 0], step[:, 1]) * ease)[:, None]
    leaving = way[: len(begins)] * reach
    reaching = (np.concatenate((way[1:], way[:1])) if closed else way[1:]) * reach
    out = np.empty((3 * len(begins) + 1, 2))
    out[0] = xy[0]
    out[1::3] = begins + leaving
    out[2::3] = ends - reaching
    out[3::3] = ends
    if any(corners):
        sharp = np.array(corners)
        out[1::3][sharp[: len(begins)]] = begins[sharp[: len(begins)]]
        sharp = np.roll(sharp, -1)[: len(begins)]
        out[2::3][sharp] = ends[sharp]
    return out


@cache
def _shares(steps: int) -> tuple[Floats, ...]:
    """How much each of a segment's four points counts in the ``steps`` points sampled along it."""
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    return (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3


@cache
def _evenly(count: int) -> Floats:
    """So many places from 0 to 1."""
    return np.linspace(0, 1, count)


def _along(chains: Sequence[Floats], steps: int) -> Floats:
    """Points along Bezier chains, ``steps`` per segment, without the last point of each chain."""
    begin, first, second, end = (
        np.concatenate([chain[k : len(chain) - 3 + k : 3, None] for chain in chains]) for k in range(4)
    )
    a, b, c, d = _shares(steps)
    points: Floats = a * begin + b * first + c * second + d * end
    return points.reshape(-1, 2)


def sampled(curve: Floats, steps: int = 8) -> Floats:
    """Points along a Bezier chain, ``steps`` per segment."""
    return np.concatenate([_along([curve], steps), curve[-1:]])


def oval(cx: float, cy: float, rx: float, ry: float, degrees: float = 0.0, points: int = 12) -> list[Point]:
    """An ellipse as an outline."""
    ring = [
        (cx + rx * math.cos(2 * math.pi * i / points), cy + ry * math.sin(2 * math.pi * i / points))
        for i in range(points)
    ]
    return [turned(p, degrees, (cx, cy)) for p in ring] if degrees else list(ring)


def blob(
    cx: float, cy: float, rx: float, ry: float, rng: np.random.Generator, wobble: float = 0.05, points: int = 11
) -> list[Point]:
    """A hand-drawn oval: every radius differs a little."""
    turn = rng.uniform(0, 2 * math.pi)
    out: list[Point] = []
    for i in range(points):
        a = turn + 2 * math.pi * i / points
        r = 1 + rng.normal(0, wobble)
        out.append((cx + rx * r * math.cos(a), cy + ry * r * math.sin(a)))
    return out


def arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float, points: int = 7) -> list[Point]:
    """Points on an elliptic arc between two directions in degrees."""
    return [
        (cx + rx * math.cos(math.radians(a)), cy + ry * math.sin(math.radians(a)))
        for a in np.linspace(start, end, points)
    ]


def ribbon(spine: Sequence[Point], widths: Sequence[float], steps: int = 5, round_ends: bool = True) -> list[Point]:
    """The outline of a brush stroke along ``spine``; ``widths`` are full widths spread evenly along it."""
    line = sampled(smooth(spine, closed=False), steps)
    step = np.empty_like(line)
    step[1:-1] = (line[2:] - line[:-2]) / 2
    step[0], step[-1] = line[1] - line[0], line[-1] - line[-2]
    step /= np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)[:, None]
    half = np.interp(_evenly(len(line)), _evenly(len(widths)), widths)[:, None] / 2
    side = np.stack([-step[:, 1], step[:, 0]], axis=1) * half
    left, right = line + side, line - side
    outline: list[Point] = list(map(tuple, left.tolist()))
    if round_ends and widths[-1] > 3:
        tip = line[-1] + step[-1] * half[-1] * 0.9
        outline.append((float(tip[0]), float(tip[1])))
    outline += map(tuple, right[::-1].tolist())
    if round_ends and widths[0] > 3:
        tail = line[0] - step[0] * half[0] * 0.9
        outline.append((float(tail[0]), float(tail[1])))
    return outline


def bands(spine: Sequence[Point], widths: Sequence[float], places: Sequence[tuple[float, float]]) -> list[list[Point]]:
    """Cross bands of a brush stroke: for every (start, end) share of its length, the piece of the stroke there."""
    line = sampled(smooth(spine, closed=False), 12)
    at = np.linspace(0, 1, len(line))
    out = []
    for start, end in places:
        t = np.linspace(start, end, 5)
        part: list[Point] = [(float(np.interp(u, at, line[:, 0])), float(np.interp(u, at, line[:, 1]))) for u in t]
        wide = [float(np.interp(u, np.linspace(0, 1, len(widths)), widths)) for u in t]
        ring = ribbon(part, wide, 3, round_ends=False)
        half = len(ring) // 2
        corners = (0, half - 1, half, len(ring) - 1)
        out.append([(p[0], p[1], 1) if i in corners else p for i, p in enumerate(ring)])
    return out


PROFILES: dict[str, tuple[tuple[float, float], ...]] = {
    "lance": ((0.18, 0.62), (0.42, 1.0), (0.72, 0.7)),
    "round": ((0.10, 0.66), (0.45, 1.06), (0.8, 0.84), (0.95, 0.4)),
    "willow": ((0.22, 0.8), (0.5, 1.0), (0.8, 0.5)),
    "petal": ((0.16, 0.42), (0.45, 0.86), (0.75, 1.04), (0.93, 0.66)),
    "spoon": ((0.3, 0.3), (0.62, 0.9), (0.85, 1.0), (0.97, 0.5)),
}


def leaf(
    origin: Sequence[float], degrees: float, length: float, width: float, kind: str = "lance", bend: float = 0.0
) -> list[Point]:
    """A leaf or petal outline from its stalk at ``origin`` toward ``degrees``; ``bend`` curves its spine."""
    profile = PROFILES[kind]

    def place(t: float, w: float) -> Point:
        p = (t * length, w * width / 2 + bend * length * math.sin(math.pi * t * 0.9))
        x, y = turned(p, degrees)
        return (origin[0] + x, origin[1] + y)

    tip = (*place(1, 0), 1) if kind in ("lance", "willow") else place(1, 0)
    return [(*place(0, 0), 1), *[place(t, -w) for t, w in profile], tip, *[place(t, w) for t, w in reversed(profile)]]


@dataclass
class Outline:
    """One leaf shape: its Bezier chains in sheet units, and its fill."""

    curves: list[Floats]
    fill: str
    opacity: float = 1.0


@dataclass
class Sheet:
    """Collects outlines in paint order, under a stack of placements, and writes them as one SVG."""

    outlines: list[Outline] = field(default_factory=list)
    placement: Floats = field(default_factory=lambda: np.array([[1.0, 0, 0], [0, 1.0, 0]]))

    @contextmanager
    def at(
        self, x: float = 0.0, y: float = 0.0, turn: float = 0.0, size: float = 1.0, flip: bool = False
    ) -> Iterator[Sheet]:
        """Draw inside a moved, turned (degrees), scaled and optionally mirrored frame."""
        a = math.radians(turn)
        sx = -size if flip else size
        local = np.array([[sx * math.cos(a), -size * math.sin(a), x], [sx * math.sin(a), size * math.cos(a), y]])
        old = self.placement
        joined = old[:, :2] @ local
        joined[:, 2] += old[:, 2]
        self.placement = joined
        try:
            yield self
        finally:
            self.placement = old

    def curve(self, *chains: Floats, fill: str, opacity: float = 1.0) -> None:
        """Add Bezier chains that are filled as one shape; below 0.95 opaque the brush lays it as a soft glaze."""
        placed = [c @ self.placement[:, :2].T + self.placement[:, 2] for c in chains]
        self.outlines.append(Outline(placed, fill, opacity))

    def shape(self, points: Sequence[Point], fill: str, ease: float = 0.36) -> None:
        """Add a soft closed outline."""
        self.curve(smooth(points, ease=ease), fill=fill)

    def glaze(self, points: Sequence[Point], fill: str, opacity: float = 0.5) -> None:
        """Add a soft-edged transparent wash: cheeks, shadows under a chin, the rosy side of a fruit."""
        self.curve(smooth(points), fill=fill, opacity=opacity)

    def oval(self, cx: float, cy: float, rx: float, ry: float, fill: str, turn: float = 0.0) -> None:
        """Add an ellipse."""
        self.shape(oval(cx, cy, rx, ry, turn, 8), fill, ease=0.346)

    def stroke(self, spine: Sequence[Point], widths: Sequence[float], fill: str) -> None:
        """Add a brush stroke with changing width."""
        self.shape(ribbon(spine, widths), fill)

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of everything on the sheet."""
        curves = [c for o in self.outlines for c in o.curves]
        every = np.concatenate([_along(curves, 8), *(c[-1:] for c in curves)])
        return (*every.min(axis=0), *every.max(axis=0))

    def svg(self, fill_canvas: float = 1.0) -> str:
        """The finished drawing, centered and scaled so that its longer side spans the fitted square."""
        x0, y0, x1, y1 = self.bounds()
        k = (HIGH - LOW) * fill_canvas / max(x1 - x0, y1 - y0)
        move = np.array([500 - k * (x0 + x1) / 2, 500 - k * (y0 + y1) / 2])
        body = "".join(
            f'<path d="{"".join(_path(c * k + move) for c in o.curves)}" fill="{o.fill}"'
            + (f' fill-opacity="{o.opacity:.2f}"/>' if o.opacity < 1 else "/>")
            for o in self.outlines
        )
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">{body}</svg>'


def _path(curve: Floats) -> str:
    return ("M%.1f %.1fC" + " ".join(["%.1f %.1f"] * (len(curve) - 1)) + "Z") % tuple(curve.ravel().tolist())

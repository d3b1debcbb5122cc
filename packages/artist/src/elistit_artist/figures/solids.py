"""Straight-edged outlines for made things: boxes, rounded boards, polygons, and lines that follow a tapering brush stroke.

Pure geometry in a figure's own units; nothing here draws or knows a figure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .geometry import Point, sampled, smooth, trace


def poly(text: str, x: float = 0.0, y: float = 0.0, wide: float = 1.0) -> list[Point]:
    """`trace` with every corner sharp: ``"0,0 10,0 10,10"``."""
    return [(p[0], p[1], 1) for p in trace(text, x, y, wide)]


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """A rectangle with sharp corners."""
    return [(left, top, 1), (right, top, 1), (right, bottom, 1), (left, bottom, 1)]


def board(left: float, top: float, right: float, bottom: float, r: float) -> list[Point]:
    """A rectangle with rounded corners of about radius ``r``."""
    k = 0.3 * r
    return [
        (left + r, top, 1),
        (right - r, top, 1),
        (right - k, top + k),
        (right, top + r, 1),
        (right, bottom - r, 1),
        (right - k, bottom - k),
        (right - r, bottom, 1),
        (left + r, bottom, 1),
        (left + k, bottom - k),
        (left, bottom - r, 1),
        (left, top + r, 1),
        (left + k, top + k),
    ]


def beside(spine: Sequence[Point], widths: Sequence[float], share: float, points: int = 9) -> list[Point]:
    """Points on the brush stroke ``spine`` with full ``widths``, ``share`` (-1 left edge, 1 right edge) off its middle."""
    line = sampled(smooth(spine, closed=False), 8)
    step = np.gradient(line, axis=0)
    step /= np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)[:, None]
    at = np.linspace(0, 1, len(line))
    half = np.interp(at, np.linspace(0, 1, len(widths)), widths) / 2 * share
    moved = line + np.stack([-step[:, 1], step[:, 0]], axis=1) * half[:, None]
    return [(float(x), float(y)) for x, y in moved[np.linspace(0, len(moved) - 1, points).astype(int)]]

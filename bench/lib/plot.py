"""One figure as SVG: how long each action takes beside the size of the studio, both in powers of ten. Written as text, so that the
same figures give the same file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 270, 24, 44
COLORS = ("#1f5a4b", "#9a3324", "#3b5b92", "#8a6d1d", "#6b4a86", "#5c564d")
LABEL_GAP = 16


def lines(xs: Sequence[int], found: Mapping[str, Sequence[float]], below: str, beside: str) -> str:
    """The SVG of a line for each name, over `xs`. All values are above zero."""
    values = [value for ys in found.values() for value in ys]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(min(xs)), math.log10(max(xs))
    inner_x, inner_y = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(value: float) -> float:
        return LEFT + inner_x * (math.log10(value) - first) / max(last - first, 1e-9)

    def y(value: float) -> float:
        return TOP + inner_y * (high - math.log10(value)) / max(high - low, 1)

    parts = []
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ded9cf"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_seconds(10**power)}</text>')
    parts += [
        f'<text x="{x(value):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{value:,}</text>' for value in xs
    ]
    parts.append(f'<text x="{LEFT + inner_x / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(below)}</text>')
    parts.append(f'<text x="{LEFT}" y="14">{escape(beside)}</text>')
    lowest = math.inf
    for (name, ys), color in zip(sorted(found.items(), key=lambda one: one[1][-1]), COLORS * 4, strict=False):
        points = " ".join(f"{x(value):.1f},{y(seconds):.1f}" for value, seconds in zip(xs, ys, strict=True))
        lowest = min(y(ys[-1]), lowest - LABEL_GAP)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{lowest + 4:.1f}" fill="{color}">{escape(name)}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fffefb"/>'
    return "\n".join([head, ground, *parts, "</svg>", ""])


def _seconds(value: float) -> str:
    return f"{value:g} s" if value >= 1 else f"{value * 1000:g} ms"

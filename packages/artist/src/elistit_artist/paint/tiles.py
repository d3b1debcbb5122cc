"""What a painted shape does on one tile of a picture: the part it touches, and how much of it it covers.

`scale` is pixels per painting unit; `x`, `y` the tile's corner in pixels of the picture. No random draw may happen
here.
"""

from __future__ import annotations

import numpy as np

from elistit_artist.paint.noise import Array, ramp, read
from elistit_artist.paint.washes import Wash


def window(wash: Wash, x: int, y: int, size_w: int, size_h: int, scale: float) -> tuple[int, int, int, int] | None:
    """The part of a tile a wash can touch, in pixels relative to the tile; None when it does not."""
    h, w = wash.edge.shape
    x0 = max(0, int(np.floor(wash.left * scale)) - x)
    y0 = max(0, int(np.floor(wash.top * scale)) - y)
    x1 = min(size_w, int(np.ceil((wash.left + w / wash.scale) * scale)) - x)
    y1 = min(size_h, int(np.ceil((wash.top + h / wash.scale) * scale)) - y)
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def coverage(wash: Wash, x: int, y: int, w: int, h: int, scale: float) -> Array | float:
    """Coverage 0..1 of a wash in a window; a plain 0.0 or 1.0 when the whole window is outside or inside."""
    half = 0.5 * max(wash.soft, 1.3 / scale) * wash.slope
    step = wash.scale / scale
    top = max(0, int((y * step) - wash.top * wash.scale) - 3)
    left = max(0, int((x * step) - wash.left * wash.scale) - 3)
    bottom = int((y + h) * step - wash.top * wash.scale) + 4
    right = int((x + w) * step - wash.left * wash.scale) + 4
    part = wash.edge[top : max(bottom, top + 1), left : max(right, left + 1)]
    if part.size == 0:
        return 0.0
    low, high = float(part.min()), float(part.max())
    if high <= 0.5 - half:
        return 0.0
    inside = right <= wash.edge.shape[1] and bottom <= wash.edge.shape[0] and top > 0 and left > 0
    if low >= 0.5 + half and inside:
        return 1.0
    # Cubic only where it shows: a straight reading of a coarse field would give the edge facets.
    edge = read(wash.edge, (wash.left, wash.top), wash.scale, x, y, w, h, scale, cubic=step < 0.75, outside=0.0)
    return ramp(0.5 - half, 0.5 + half, edge)

"""Whether a pattern tile repeats without a visible seam, measured on its pixels.

When a tile repeats, its last column meets its first. A seam is a step there that the neighboring lines don't have: the
difference across it minus the differences on its two sides, compared with the same measure at many other lines of the
tile. It must never ask how the tile was drawn.
"""

from __future__ import annotations

import numpy as np

# The minimum excess of a step over its neighbors, of 255, and the share of a line that may have it.
_STEPS = (6, 24)
_MARGIN = 0.006
_NEAR, _SPREAD = 96, 160
_ALIKE, _COMPANIONS = 0.85, 3


def worst(rgb: np.ndarray) -> str | None:
    """Where a tile shows a seam, as a sentence; None when it doesn't. `rgb`: height × width × 3, uint8."""
    if min(rgb.shape[:2]) < 16:
        return "The tile is too small to repeat."
    for pixels, sides in ((rgb, "left and right"), (rgb.transpose(1, 0, 2), "top and bottom")):
        if share := _seam(pixels):
            return f"Laid side by side, its {sides} edges don't meet: a step shows along {share:.0%} of the edge."
    return None


def _seam(pixels: np.ndarray) -> float:
    """The share of the joint with a step that the rest of the tile doesn't have; 0.0 when it is seamless."""
    width = pixels.shape[1]
    near = np.arange(4, min(_NEAR, width // 3))
    spread = np.linspace(4, width - 5, _SPREAD).astype(int)
    inside = np.unique(np.concatenate([near, width - near, spread]))
    for step in _STEPS:
        joint = _share(pixels, 0, step)
        others = np.array([_share(pixels, int(c), step) for c in inside])
        usual = float(np.quantile(others, 0.97)) * 1.5 + _MARGIN
        # Stripes and checks have steps along whole lines by design, and then at other lines too.
        companions = int((others >= joint * _ALIKE).sum())
        if joint > usual and companions < _COMPANIONS:
            return joint
    return 0.0


def _share(pixels: np.ndarray, column: int, step: int) -> float:
    """Along one line, the share of pixels whose step across it exceeds the steps on both sides of it by `step`."""
    width = pixels.shape[1]
    four = pixels[:, [(column - 2) % width, (column - 1) % width, column, (column + 1) % width]].astype(np.int16)
    before, across, after = (np.abs(four[:, i + 1] - four[:, i]).max(axis=-1) for i in range(3))
    return float((across > np.maximum(before, after) + step).mean())

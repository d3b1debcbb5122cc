"""Test art: painted-looking blobs on a transparent ground, drawn with numpy and saved with Pillow, which the product's
own reading and writing does not use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Draw = Callable[..., Path]


def blob(seed: int, px: int, *, reach: float = 0.40, ragged: float = 0.22) -> np.ndarray:
    """A lobed, textured shape as RGBA uint8; `reach` is its mean radius as a part of the picture."""
    rng = np.random.default_rng(seed)
    y, x = (np.mgrid[0:px, 0:px].astype(np.float32) + 0.5) / px - 0.5
    angle, radius = np.arctan2(y, x), np.hypot(x, y)
    edge = np.full_like(radius, reach)
    for lobes in rng.integers(2, 9, 3):
        edge *= 1 + ragged / 3 * np.sin(lobes * angle + rng.uniform(0, 6.3))
    alpha = np.clip((edge - radius) * px / 1.5 + 0.5, 0, 1)
    spots = np.asarray(
        Image.fromarray(rng.integers(0, 255, (12, 12), np.uint8)).resize((px, px), Image.BICUBIC), np.float32
    )
    color = rng.integers(30, 170, 3).astype(np.float32)
    rgb = np.clip(color[None, None] * (0.75 + spots[..., None] / 510), 0, 255)
    return np.dstack([rgb, alpha * 255]).astype(np.uint8)


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Save an RGBA or RGB array, or a blob of a seed, as a PNG and return its path."""

    def save(what: np.ndarray | int, name: str = "", px: int = 600, **options: float) -> Path:
        pixels = blob(what, px, **options) if isinstance(what, int) else what
        path = tmp_path / (name or f"{what if isinstance(what, int) else 'picture'}.png")
        Image.fromarray(pixels).save(path)
        return path

    return save

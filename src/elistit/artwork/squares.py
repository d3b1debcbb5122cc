"""A square thumbnail of a listing image, for places that want one.

The whole image is shown, on the color of its own edge: nothing is cut off. What the image states of how it was made stays in
the thumbnail.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyvips

QUALITY = 90


def square(source: str, out: str, side: int) -> dict[str, Any]:
    """Write a square JPEG of `side` pixels of the image at `source`: `{"width", "height"}`. Same image, same bytes. Raises
    RuntimeError for an image that can't be read."""
    try:
        small = pyvips.Image.thumbnail(source, side, height=side, size="both")
        if small.hasalpha():
            small = small.flatten(background=[255, 255, 255])
        # Read more than once, and a thumbnail is read from the top down only.
        small = small.colourspace("srgb").copy_memory()
        corner = small.crop(0, 0, max(1, small.width // 20), max(1, small.height // 20))
        ground = [corner.extract_band(n).avg() for n in range(small.bands)]
        framed = small.gravity("centre", side, side, extend="background", background=ground)
        framed.jpegsave(out, Q=QUALITY, optimize_coding=True)
    except pyvips.Error as broken:
        raise RuntimeError(f"{Path(source).name} can't be read as an image.") from broken
    return {"width": framed.width, "height": framed.height}

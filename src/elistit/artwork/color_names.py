"""Which colors an image has, by the names people give them: what a listing may say of it.

It measures generously: a color that a person would find in the image must not be missed, because a listing is held against
the answer. It must never change an image.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork.export import ImageBroken, open_image, to_srgb8

SIDE = 96
# The least share of what is painted that makes a color of the image.
SHARE = 0.015
_OPAQUE = 96
# (name, from, to) in degrees of hue, for pixels with color in them.
_HUES = (
    ("red", 0, 14), ("orange", 12, 42), ("yellow", 38, 68), ("green", 62, 165), ("teal", 150, 200), ("blue", 190, 256),
    ("purple", 248, 310), ("pink", 300, 345), ("red", 338, 360),
)  # fmt: skip


def of(paths: Iterable[str]) -> list[str] | None:
    """The names of the colors in any of these images, sorted; None when not one of them can be read."""
    found: set[str] = set()
    read = 0
    for path in paths:
        try:
            found |= in_picture(Path(path))
        except (ImageBroken, pyvips.Error, OSError):
            continue
        read += 1
    return sorted(found) if read else None


def in_picture(path: Path) -> set[str]:
    """The names of the colors of one image. Transparent pixels don't count. Raises ImageBroken, pyvips.Error."""
    image = to_srgb8(open_image(path))
    image = image.resize(SIDE / max(image.width, image.height)) if max(image.width, image.height) > SIDE else image
    pixels = np.asarray(image.numpy(), dtype=np.uint8).reshape(-1, image.bands)
    if image.bands == 4:
        pixels = pixels[pixels[:, 3] >= _OPAQUE][:, :3]
    if image.bands < 3:
        pixels = np.repeat(pixels[:, :1], 3, axis=1)
    if not len(pixels):
        return set()
    hsv = cv2.cvtColor(pixels[None, :, :3].astype(np.float32) / 255, cv2.COLOR_RGB2HSV)[0]
    hue, saturation, value = hsv[:, 0], hsv[:, 1], hsv[:, 2]
    colored = (saturation > 0.14) & (value > 0.16)
    masks = {
        "black": value < 0.24,
        "white": (value > 0.88) & (saturation < 0.12),
        "gray": (saturation < 0.16) & (value > 0.2) & (value < 0.9),
        "brown": colored & (hue < 48) & (value < 0.72) & (saturation > 0.25),
        "beige": (hue > 14) & (hue < 62) & (saturation > 0.06) & (saturation < 0.42) & (value > 0.68),
        "pink": colored & ((hue > 330) | (hue < 18)) & (value > 0.68) & (saturation < 0.62),
    }
    for name, start, end in _HUES:
        here = colored & (hue >= start) & (hue <= end)
        masks[name] = masks[name] | here if name in masks else here
    return {name for name, mask in masks.items() if mask.mean() >= SHARE}

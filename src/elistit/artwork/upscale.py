"""Enlarges images to print size without harming their transparent edges.

Color is first spread outwards under the transparent part, then color and transparency are enlarged apart, so that no dark
or light rim can appear. Without weights this is interpolation, which keeps what is there and invents nothing; with them a
small network draws edges sharper (see `artwork.neural`).
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork.export import DPI, PIXELS_MAX, ImageBroken, Info, info, open_image, reading, to_srgb8, write_png

SCALE = 4
# How much of a tile's other side is laid around it while it is enlarged; more than a network or a kernel looks at.
TILE_RIM_PX = 48


def enlarge_tile(
    src: Path, out: Path, *, scale: int, dpi: int = DPI, weights: Path | None = None, threads: int = 1
) -> Info:
    """Write a tile that joins itself at `scale` times its size, so that it still does: enlarged with what lies beyond its edges
    around it, which is its other side, and cut out again. Opaque, sRGB, a PNG. Raises as `enlarge` does."""
    image = open_image(src)
    if not isinstance(scale, int) or scale < 1:
        raise ValueError("Enlarging a tile needs a whole scale of at least 1.")
    width, height = image.width * scale, image.height * scale
    if width * height > PIXELS_MAX:
        raise ValueError(f"An image of {width} × {height} pixels is larger than the studio can handle.")
    with reading():
        flat = to_srgb8(image)
        pixels = (flat.flatten(background=255) if flat.hasalpha() else flat).numpy()
    rim = min(TILE_RIM_PX, *pixels.shape[:2])
    around = np.pad(pixels[..., :3], ((rim, rim), (rim, rim), (0, 0)), mode="wrap")
    wide, high = around.shape[1] * scale, around.shape[0] * scale
    by_network = weights is not None and scale > 1
    large = _by_network(around, wide, high, weights, threads) if by_network else _resized(around, wide, high)
    cut = large.crop(rim * scale, rim * scale, width, height)
    write_png(cut.copy(interpretation="srgb"), out, dpi)
    return info(out)


def enlarge(
    src: Path, out: Path, *, scale: float = SCALE, dpi: int = DPI, weights: Path | None = None, threads: int = 1
) -> Info:
    """Write `src` at `scale` times its size as a PNG with its alpha, at `dpi`, sRGB. Idempotent.

    `weights` is a folder with the network's weights; None enlarges by interpolation, and so does a scale of 1. `threads`:
    how many the network may use.

    Holds the enlarged pixels once (64 MB for 4096 × 4096) and streams them out. Raises ImageBroken for a bad file,
    ValueError for a scale below 1 or a result larger than the studio handles.
    """
    image = open_image(src)
    width, height = round(image.width * scale), round(image.height * scale)
    if scale < 1:
        raise ValueError("Enlarging needs a scale of at least 1.")
    if width * height > PIXELS_MAX:
        raise ValueError(f"An image of {width} × {height} pixels is larger than the studio can handle.")
    with reading():
        flat = to_srgb8(image)
        pixels = (flat if flat.hasalpha() else flat.addalpha()).numpy()
    if pixels.shape[2] != 4:
        raise ImageBroken("The image file cannot be read as an image.")
    opaque = bool((pixels[..., 3] == 255).all())
    rgb = pixels[..., :3] if opaque else bleed(pixels)
    by_network = weights is not None and scale > 1
    large = _by_network(rgb, width, height, weights, threads) if by_network else _resized(rgb, width, height)
    large = large.copy(interpretation="srgb")
    # An opaque image stays opaque without enlarging a plane of 255s.
    alpha: int | pyvips.Image = 255
    if not opaque:
        plane = pixels[..., 3]
        alpha = (
            _by_network(np.dstack([plane] * 3), width, height, weights, threads)[1]
            if by_network
            else _resized(plane, width, height)
        )
    write_png(large.bandjoin(alpha).copy(interpretation="srgb"), out, dpi)
    return info(out)


def color_only(src: Path, out: Path) -> None:
    """Write an image's colors alone, spread outwards under its transparent part, as an opaque PNG: what may go to a tool
    that knows nothing of transparency. Raises ImageBroken."""
    image = open_image(src)
    with reading():
        flat = to_srgb8(image)
        if flat.hasalpha():
            flat = pyvips.Image.new_from_array(bleed(flat.numpy())).copy(interpretation="srgb")
        write_png(flat, out)


def with_alpha(color: Path, src: Path, out: Path, *, dpi: int = DPI) -> Info:
    """Write an enlarged image (`color`, opaque) with the transparency of the one it was enlarged from, as `enlarge` does.
    Raises ImageBroken."""
    large = to_srgb8(open_image(color))
    large = large[0:3] if large.bands > 3 else large
    before = open_image(src)
    alpha: int | pyvips.Image = 255
    with reading():
        if before.hasalpha():
            plane = to_srgb8(before).numpy()[..., 3]
            alpha = 255 if (plane == 255).all() else _resized(plane, large.width, large.height)
        write_png(large.bandjoin(alpha).copy(interpretation="srgb"), out, dpi)
    return info(out)


def _by_network(rgb: np.ndarray, width: int, height: int, weights: Path | None, threads: int) -> pyvips.Image:
    from elistit.artwork import neural  # noqa: PLC0415 - loads a native library that is not needed otherwise

    assert weights is not None
    large = neural.enlarged(np.ascontiguousarray(rgb), width, height, weights, threads)
    return pyvips.Image.new_from_array(large)


def _resized(plane: np.ndarray, width: int, height: int) -> pyvips.Image:
    # libvips enlarges with a bicubic kernel whatever it is asked for; OpenCV's Lanczos measures a little closer.
    large = cv2.resize(np.ascontiguousarray(plane), (width, height), interpolation=cv2.INTER_LANCZOS4)
    return pyvips.Image.new_from_array(large)


def bleed(rgba: np.ndarray) -> np.ndarray:
    """The colors of an image (RGBA uint8) with the transparent part filled from the nearest visible ones, RGB uint8.

    Visible pixels keep their color exactly. Works down and up a pyramid, so any distance is filled in one pass.
    """
    weight = rgba[..., 3].astype(np.float32) / 255
    levels = [(rgba[..., :3].astype(np.float32) * weight[..., None], weight)]
    while min(levels[-1][0].shape[:2]) > 2:
        color, cover = levels[-1]
        levels.append((cv2.pyrDown(color), cv2.pyrDown(cover)))
    color, cover = levels[-1]
    filled = color / np.maximum(cover, 1e-4)[..., None]
    for color, cover in reversed(levels[:-1]):
        filled = cv2.resize(filled, (color.shape[1], color.shape[0]), interpolation=cv2.INTER_LINEAR)
        own = color / np.maximum(cover, 1e-3)[..., None]
        trust = np.minimum(1, cover * 4)[..., None]
        filled = np.where(cover[..., None] > 1e-3, own * trust + filled * (1 - trust), filled)
    spread = np.clip(filled + 0.5, 0, 255).astype(np.uint8)
    visible = rgba[..., 3] >= 64
    spread[visible] = rgba[..., :3][visible]
    return spread

"""From pixels to shapes: an image with few colors becomes a drawing of flat areas.

Meant for flat art from image providers; painted texture cannot survive it. The tracer is an optional package: where it
is not installed, `available` says so and nothing else changes.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork import vector
from elistit.artwork.export import ImageBroken, open_image, reading, to_srgb8

COLORS = 12
_WORK_PX = 2048
# Only so many pixels are needed to find the colors of an image.
_SAMPLE = 40_000
_SOLID_ALPHA = 128


class TracerMissing(RuntimeError):
    """The optional tracing package is not installed on this machine."""


def available() -> bool:
    """Whether images can be traced here."""
    return importlib.util.find_spec("vtracer") is not None


def trace(src: Path, out: Path, title: str, *, colors: int = COLORS) -> vector.Finished:
    """Write an image as a layered SVG of at most `colors` flat colors; transparent parts stay open.

    Deterministic. Raises TracerMissing, ImageBroken, or ValueError when the image is empty.
    """
    if not available():
        raise TracerMissing("Turning images into vector drawings is not installed on this machine.")
    vtracer = importlib.import_module("vtracer")
    open_image(src)
    with reading():
        image = to_srgb8(pyvips.Image.thumbnail(str(src), _WORK_PX, height=_WORK_PX, size="down", fail_on="truncated"))
        rgba = (image if image.hasalpha() else image.addalpha()).numpy()
    flat = _flattened(rgba, colors)
    picture = pyvips.Image.new_from_array(flat, interpretation="srgb").pngsave_buffer(compression=1)
    try:
        svg = vtracer.convert_raw_image_to_svg(
            picture, img_format="png", colormode="color", hierarchical="stacked", mode="spline", filter_speckle=8,
            color_precision=8, layer_difference=1, corner_threshold=60, length_threshold=4.0, splice_threshold=45,
            path_precision=2,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise ImageBroken("The image could not be turned into a drawing.") from error
    return vector.finish_svg(svg, out, title)


def _flattened(rgba: np.ndarray, colors: int) -> np.ndarray:
    """The image in at most `colors` colors, opaque or clear, with single-pixel noise smoothed away first."""
    solid = rgba[..., 3] >= _SOLID_ALPHA
    if not solid.any():
        raise ValueError("There is nothing on this image to trace.")
    rgb = np.ascontiguousarray(rgba[..., :3])
    # Colors at the rim are mixed with nothing: take the nearest solid color, so that no extra outline is traced.
    rgb = cv2.inpaint(rgb, _rim(solid), 3, cv2.INPAINT_TELEA) if _rim(solid).any() and rgb.size < 3_000_000 else rgb
    smooth = cv2.bilateralFilter(cv2.medianBlur(rgb, 5), 7, 22, 5)
    lab = cv2.cvtColor(smooth.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    pixels = lab[solid]
    sample = pixels[:: max(1, len(pixels) // _SAMPLE)]
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 40, 0.2)
    count = min(colors, len(np.unique(sample.round(), axis=0)))
    start = np.zeros((len(sample), 1), np.int32)
    _, _, centers = cv2.kmeans(np.ascontiguousarray(sample), count, start, stop, 2, cv2.KMEANS_PP_CENTERS)
    paint = np.round(cv2.cvtColor(centers[None], cv2.COLOR_LAB2RGB)[0] * 255).clip(0, 255).astype(np.uint8)
    nearest = np.zeros(solid.shape, np.uint8)
    best = np.full(solid.shape, np.inf, np.float32)
    for number, center in enumerate(centers):
        distance = ((lab - center) ** 2).sum(2)
        closer = distance < best
        nearest[closer] = number
        best[closer] = distance[closer]
    flat = np.dstack([paint[nearest], np.where(solid, 255, 0).astype(np.uint8)])
    flat[~solid] = 0
    return np.ascontiguousarray(flat)


def _rim(solid: np.ndarray) -> np.ndarray:
    inner = cv2.erode(solid.astype(np.uint8), np.ones((3, 3), np.uint8))
    return ((solid > 0) & (inner == 0)).astype(np.uint8)

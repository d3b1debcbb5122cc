"""Die-cut stickers: a white border of even width around the art, and the line a cutting machine follows.

The border is an exact distance from the art, not a blur, and what the image shows as its edge is the very line that
is cut. The art itself must never be covered, scaled or recolored.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyvips
from shapely import unary_union
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.ops import nearest_points

from elistit.artwork import outline
from elistit.artwork.export import DPI, QUICK_COMPRESSION, ImageBroken, open_image, reading, to_srgb8, write_png

# An eighth of an inch on a sticker of three inches, the usual width; larger and smaller stickers keep the proportion.
BORDER_IN, FINISHED_IN = 0.125, 3.0
# Clear pixels outside the cut line, so that no edge of the file touches it.
CLEAR_PX = 6
# Weaker than this (0-255) is the soft rim of the art and needs no border of its own.
_ART_ALPHA = 100
# Loose specks smaller than this part of the largest piece are dust, not sticker.
_DUST = 0.0008
_BAND_ROWS = 512
CUT_LINE_ID = "CutContour"
CUT_COLOR = "#ff00ff"


@dataclass(frozen=True)
class Cut:
    """A finished sticker. Sizes of its files in pixels at `dpi`; `border_px` the width of the white border. The
    cut line is one closed line."""

    width: int
    height: int
    dpi: int
    border_px: float


def kiss_cut(
    src: Path,
    out_png: Path,
    out_svg: Path,
    *,
    dpi: int = DPI,
    border_in: float = BORDER_IN,
    finished_in: float = FINISHED_IN,
) -> Cut:
    """Write the sticker with its white border, and its cut line as SVG of exactly the same size in inches.

    `border_in` is the border in inches when the finished sticker is `finished_in` inches on its longest side; at another
    size it keeps that proportion. Holes in the art become white. Same source, same bytes.
    Raises ImageBroken for a file that is not a whole image, ValueError when there is no art or no transparency.
    """
    rgba = _visible(src)
    # The finished sticker is the art plus a border on both sides, so its size is solved for, not measured.
    border = max(rgba.shape[:2]) * border_in / (finished_in - 2 * border_in)
    pad = int(np.ceil(border)) + CLEAR_PX
    alpha = cv2.copyMakeBorder(rgba[..., 3], pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    shape = _cut_shape(alpha, border)
    height, width = alpha.shape
    white = outline.fill(shape, width, height)
    del alpha
    _write_sticker(rgba, white, pad, out_png, dpi)
    _write_cut_line(shape, out_svg, width, height, dpi)
    return Cut(width, height, dpi, border)


def _visible(src: Path) -> np.ndarray:
    """The art cropped to what is visible, RGBA uint8."""
    image = open_image(src)
    if not image.hasalpha():
        raise ValueError("A sticker needs an image with a transparent background.")
    with reading():
        rgba = to_srgb8(image).numpy()
    seen = rgba[..., 3] >= _ART_ALPHA
    if not seen.any():
        raise ValueError("There is nothing on this image to make a sticker of.")
    if seen.mean() > 0.985:
        raise ValueError("A sticker needs an image with a transparent background.")
    soft = rgba[..., 3] > 12
    rows, columns = np.flatnonzero(soft.any(1)), np.flatnonzero(soft.any(0))
    return np.ascontiguousarray(rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _cut_shape(alpha: np.ndarray, border: float) -> MultiPolygon:
    """Where the blade runs: `border` pixels from the art everywhere, holes filled, narrow inlets closed."""
    art = _without_dust((alpha >= _ART_ALPHA).astype(np.uint8))
    distance = cv2.distanceTransform(1 - art, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # Distances run between pixel centers; the art's edge is half a pixel nearer.
    area = outline.polygons((distance <= border + 0.5).astype(np.uint8), holes=False)
    return outline.simplified(outline.rounded(_bridged(area, border), border * 0.9), 0.4)


def _bridged(area: MultiPolygon, width: float) -> MultiPolygon:
    """One piece that peels off whole: parts that lie apart, like a bubble beside a fish, are joined to their nearest
    neighbor by a white bridge of twice `width`."""
    parts = sorted(area.geoms, key=lambda part: -part.area)
    whole = parts.pop(0) if parts else area
    while parts:
        nearest = min(parts, key=whole.distance)
        parts.remove(nearest)
        bridge = LineString(nearest_points(whole, nearest)).buffer(width)
        whole = unary_union([whole, nearest, bridge])
    return outline.as_multi(Polygon(whole.exterior) if isinstance(whole, Polygon) else whole)


def _without_dust(art: np.ndarray) -> np.ndarray:
    count, labels = cv2.connectedComponents(art, connectivity=8)
    if count <= 2:
        return art
    areas = np.bincount(labels.ravel(), minlength=count)
    areas[0] = 0
    keep = areas >= areas.max() * _DUST
    return keep.astype(np.uint8)[labels]


def _write_sticker(rgba: np.ndarray, white: np.ndarray, pad: int, out: Path, dpi: int) -> None:
    """The art over the white shape. Band by band: at print size the arithmetic would need gigabytes at once."""
    sticker = np.full((*white.shape, 4), 255, np.uint8)
    for top in range(0, rgba.shape[0], _BAND_ROWS):
        band = rgba[top : top + _BAND_ROWS]
        place = np.s_[pad + top : pad + top + band.shape[0], pad : pad + rgba.shape[1]]
        # What lies outside the cut line is dust: it stays off the sticker.
        alpha = cv2.copyTo(band[..., 3], (white[place] > 0).view(np.uint8))
        under = sticker[place]
        cv2.copyTo(band, (alpha == 255).view(np.uint8), under)
        rows, columns = np.nonzero((alpha > 0) & (alpha < 255))
        solid = alpha[rows, columns, None].astype(np.float32) / 255
        under[rows, columns, :3] = band[rows, columns, :3] * solid + 255 * (1 - solid) + 0.5
    cv2.insertChannel(white, sticker, 3)
    image = pyvips.Image.new_from_array(sticker, interpretation="srgb")
    write_png(image, out, dpi, compression=QUICK_COMPRESSION)


def _write_cut_line(shape: MultiPolygon, out: Path, width: int, height: int, dpi: int) -> None:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width / dpi:.4f}in" height="{height / dpi:.4f}in" '
        f'viewBox="0 0 {width} {height}"><title>Cut line</title>'
        f'<path id="{CUT_LINE_ID}" d="{outline.path_data(shape)}" fill="none" stroke="{CUT_COLOR}" '
        f'stroke-width="1"/></svg>\n'
    )
    write_text(out, svg)


def write_text(out: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def read_cut_line(svg: Path) -> str:
    """The path data of a cut line written by `kiss_cut`. Raises ImageBroken when the file has none."""
    text = svg.read_text(encoding="utf-8")
    _, found, rest = text.partition(f'<path id="{CUT_LINE_ID}" d="')
    if not found:
        raise ImageBroken("The cut line file has no cut line in it.")
    return rest.partition('"')[0]

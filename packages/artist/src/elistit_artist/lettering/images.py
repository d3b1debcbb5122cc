"""Lettering as pixels and as a layered file: what a plan comes to at a size.

The same plan and size give the same bytes. Nothing outside the plan may be read: the drawing has no text, font or reference.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pyvips
import resvg_py
from numpy.typing import NDArray

from elistit_artist.lettering import drawing, outlines


def pixels(plan: dict[str, Any], width: int, height: int) -> NDArray[np.uint8]:
    """A plan as RGBA pixels, whole and in the middle of that size. Raises as `drawing.document` does."""
    png = resvg_py.svg_to_bytes(svg_string=fitted(plan, width, height))
    image = pyvips.Image.pngload_buffer(bytes(png))
    image = image if image.hasalpha() else image.addalpha()
    found = np.asarray(image.numpy(), np.uint8)
    if found.shape != (height, width, 4):
        raise ValueError(f"the renderer made {found.shape[1]} × {found.shape[0]} pixels instead of {width} × {height}")
    return found


def fitted(plan: dict[str, Any], width: int, height: int) -> str:
    """A plan as SVG of exactly so many pixels; paper reaches every edge."""
    made = drawing.document(plan)
    by = min(width / made.width, height / made.height)
    x, y = (width - made.width * by) / 2, (height - made.height * by) / 2
    ground = f'<rect width="{width}" height="{height}" fill="{made.ground}"/>' if made.ground else ""
    paths = "".join(_path(layer) for layer in made.layers)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'{ground}<g transform="translate({x:.4f} {y:.4f}) scale({by:.6f})">{paths}</g></svg>'
    )


def layered(plan: dict[str, Any], title: str) -> tuple[str, int]:
    """A plan as an SVG file with one named layer for each color, and how many there are."""
    made = drawing.document(plan)
    layers = [
        f'<g id="layer-{k}-{layer.role}" data-color="{layer.color}">{_path(layer)}</g>'
        for k, layer in enumerate(made.layers, start=1)
    ]
    ground = f'<rect width="{made.width:g}" height="{made.height:g}" fill="{made.ground}"/>' if made.ground else ""
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{made.width:g}" height="{made.height:g}"'
        f' viewBox="0 0 {made.width:g} {made.height:g}"><title>{escape(title)}</title>{ground}{"".join(layers)}</svg>\n'
    )
    return text, len(layers)


def _path(layer: drawing.Layer) -> str:
    return f'<path fill="{layer.color}" fill-rule="evenodd" d="{outlines.path(layer.shape)}"/>'

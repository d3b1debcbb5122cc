"""Flat shapes: what a drawing is once everything in it is resolved, and how it is written as SVG again.

Coordinates keep so many decimals that nothing moves by what a renderer or a cutting machine could show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

from elistit.artwork import svgclip
from elistit.artwork.svgpath import IDENTITY, Matrix, Subpath
from elistit.artwork.svgvalues import Color


class NotFlat(ValueError):
    """The drawing holds something that is not a flat shape. The message is one plain sentence."""


@dataclass(frozen=True)
class Shape:
    """One flat shape in the drawing's own units. `fill` and `stroke` are 0-255 RGB or None; opacities 0 to 1. `dash`: lengths
    of dash and gap in turn. Only where a stroke is stretched by its transform is `matrix` not the identity: it then maps
    subpaths and pen into the drawing's units."""

    subpaths: tuple[Subpath, ...]
    fill: Color | None
    fill_opacity: float = 1.0
    even_odd: bool = False
    stroke: Color | None = None
    stroke_opacity: float = 1.0
    stroke_width: float = 1.0
    cap: str = "butt"
    join: str = "miter"
    miter: float = 4.0
    dash: tuple[float, ...] = ()
    dash_offset: float = 0.0
    matrix: Matrix = IDENTITY

    @property
    def color(self) -> Color:
        """The color the shape is known by."""
        return self.fill or self.stroke or (0, 0, 0)

    @property
    def parts(self) -> tuple[Shape, ...]:
        """The shape as one or two that paint one thing each, the lower one first."""
        if self.fill is None or self.stroke is None:
            return (self,)
        return replace(self, stroke=None), replace(self, fill=None)


@dataclass(frozen=True)
class Drawing:
    """The flat shapes of a drawing, first painted first; its visible region: left, top, width, height; and its size in
    inches where it states one."""

    box: tuple[float, float, float, float]
    shapes: tuple[Shape, ...]
    inches: tuple[float, float] | None = None


def frame(shape: Shape) -> BaseGeometry:
    """A rectangle that holds all that a shape paints."""
    reach = 0.0
    if shape.stroke is not None:
        reach = shape.stroke_width / 2 * max(1.5, shape.miter if shape.join == "miter" else 1.0)
        a, b, c, d = shape.matrix[:4]
        reach *= 1.0 if shape.matrix == IDENTITY else math.hypot(a, b, c, d)
    return svgclip.bounds([s.moved(shape.matrix) for s in shape.subpaths], reach)


def decimals(box: tuple[float, float, float, float]) -> int:
    """How many decimals place a point finer than a hundred-thousandth of the drawing."""
    return min(9, max(2, 5 - math.floor(math.log10(max(box[2:])))))


def to_svg(shape: Shape, places: int = 2) -> str:
    """The shape as one path element in the drawing's own units, coordinates with `places` decimals."""
    inner = places if shape.matrix == IDENTITY else 9
    data = "".join(_path_text(s, inner) for s in shape.subpaths)
    parts = [f'<path d="{data}" fill="{_css(shape.fill)}"']
    if shape.fill and shape.fill_opacity < 1:
        parts.append(f'fill-opacity="{shape.fill_opacity:.4g}"')
    if shape.even_odd:
        parts.append('fill-rule="evenodd"')
    if shape.stroke:
        parts.append(f'stroke="{_css(shape.stroke)}" stroke-width="{shape.stroke_width:.6g}"')
        parts += [f'stroke-linecap="{shape.cap}"'] if shape.cap != "butt" else []
        parts += [f'stroke-linejoin="{shape.join}"'] if shape.join != "miter" else []
        parts += [f'stroke-miterlimit="{shape.miter:.6g}"'] if shape.join == "miter" and shape.miter != 4 else []
        parts += [f'stroke-opacity="{shape.stroke_opacity:.4g}"'] if shape.stroke_opacity < 1 else []
        if shape.dash:
            parts.append(f'stroke-dasharray="{" ".join(f"{d:.6g}" for d in shape.dash)}"')
            parts += [f'stroke-dashoffset="{shape.dash_offset:.6g}"'] if shape.dash_offset else []
    if shape.matrix != IDENTITY:
        parts.append(f'transform="matrix({" ".join(f"{v:.9g}" for v in shape.matrix)})"')
    return " ".join(parts) + "/>"


def _css(color: Color | None) -> str:
    return "none" if color is None else "#{:02x}{:02x}{:02x}".format(*color)


def _path_text(subpath: Subpath, places: int) -> str:
    def point(p: tuple[float, float]) -> str:
        return " ".join(f"{v:.{places}f}".rstrip("0").rstrip(".") or "0" for v in p)

    curves = "".join("C" + " ".join(point(p) for p in curve) for curve in subpath.curves)
    return f"M{point(subpath.start)}{curves}{'Z' if subpath.closed else ''}"

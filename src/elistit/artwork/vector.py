"""Vector products: drawings sorted into named color layers, checked, and made into PNG, PDF and a cut file.

A finished drawing looks exactly as it was drawn: layers are only formed where the paint order allows it. It must never
contain a raster image, a script or anything that is fetched from elsewhere.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pyvips
from reportlab import rl_config
from reportlab.pdfgen.canvas import FILL_EVEN_ODD, FILL_NON_ZERO, Canvas
from shapely import affinity
from shapely.geometry import MultiPolygon

from elistit.artwork import drawing, fewer_colors, makers, outline, svgdoc, svgpath
from elistit.artwork.canvas import Color, css
from elistit.artwork.drawing import Drawing, Shape
from elistit.artwork.export import DPI, reading, to_srgb8, write_png
from elistit.artwork.pdftext import Page
from elistit.artwork.sticker import write_text

rl_config.useA85 = 0

# How large a drawing that states no size stands on a page or in a cutting program, longest side in inches.
INCHES = 8.0
# The largest page that a PDF can have.
PAGE_MAX_IN = 200.0
# Colors nearer than this (CIELAB) share a layer; each shape keeps its own color.
_SAME_LAYER = 9.0
_OVERLAP_PX = 300
CUT_COLORS = fewer_colors.COLORS
_CUT_PX = 2400
# How far a cut may be from the edge that is seen, in pixels of the cut file.
_CUT_NEAR = 0.5
# Pieces smaller than this, in square pixels of the cut file, cannot be weeded by hand.
_CUT_LEAST = 90.0
_COLOR_NAMES: dict[str, Color] = {
    "white": (253, 253, 252), "cream": (246, 238, 218), "beige": (222, 204, 176), "tan": (196, 160, 118),
    "brown": (133, 94, 66), "dark brown": (78, 53, 38), "rust": (178, 84, 48), "red": (196, 46, 44),
    "coral": (232, 124, 106), "peach": (246, 196, 164), "orange": (232, 144, 56), "gold": (214, 168, 68),
    "yellow": (246, 218, 106), "olive": (132, 134, 72), "green": (92, 146, 84), "sage": (160, 178, 146),
    "dark green": (50, 84, 58), "mint": (186, 224, 204), "teal": (62, 138, 140), "sky blue": (158, 202, 226),
    "blue": (74, 120, 180), "navy": (40, 56, 92), "lavender": (192, 180, 218), "purple": (122, 88, 146),
    "mauve": (172, 126, 146), "pink": (236, 150, 176), "blush": (244, 208, 204), "light gray": (208, 208, 206),
    "gray": (142, 142, 142), "charcoal": (72, 72, 74), "black": (24, 22, 22),
}  # fmt: skip


@dataclass(frozen=True)
class Finished:
    """What a finished drawing holds: `layers` by name from the bottom up, how many `shapes`, its size in inches."""

    layers: tuple[str, ...]
    shapes: int
    inches: tuple[float, float]


def size_in(picture: Drawing, inches: float | None) -> tuple[float, float]:
    """Width and height in inches: `inches` on the longest side, else as the drawing states it, else `INCHES`."""
    if inches is None and picture.inches is not None:
        return picture.inches
    scale = (inches or INCHES) / max(picture.box[2:])
    return picture.box[2] * scale, picture.box[3] * scale


@dataclass(frozen=True)
class Cut:
    """What a cut file holds: its `layers` by name, the text of an SVG of what it is to show (`expected`), and the same areas as
    `sheets` for makers, with the drawing's size in `inches`."""

    layers: tuple[str, ...]
    expected: str
    sheets: tuple[makers.Sheet, ...]
    inches: tuple[float, float]


def in_colors(svg: str, most: int) -> str:
    """A drawing of flat shapes in at most `most` colors, each other one made the nearest of those that stay; the text itself
    when it has few enough. Raises NotSvg or NotFlat."""
    picture = drawing.read(svg)
    if len(fewer_colors.used(picture)) <= most:
        return svg
    areas: dict[Color, float] = {}
    for part in (part for shape in picture.shapes for part in shape.parts):
        seen = int(np.bitwise_count(_coverage(part, picture.box)).sum())
        areas[part.color] = areas.get(part.color, 0.0) + seen
    fewer = fewer_colors.recolored(picture, fewer_colors.chosen(areas, most))
    size = "" if picture.inches is None else f'width="{picture.inches[0]:.6f}in" height="{picture.inches[1]:.6f}in" '
    body = "".join(drawing.to_svg(s, drawing.decimals(picture.box)) for s in fewer.shapes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}viewBox="{_box(picture)}">{body}</svg>'


def finish_svg(svg: str, out: Path, title: str, *, inches: float | None = None) -> Finished:
    """Write a drawing as a layered SVG of its size (`size_in`).

    Shapes are grouped into layers named by color ("03 sage") that drawing and cutting programs list by that name; where
    painting one over the other matters, a color gets a second layer. Same drawing, same bytes.
    Raises NotSvg or NotFlat (drawing.py) for what is not a drawing of flat shapes, ValueError for an empty one.
    """
    picture = drawing.read(svg)
    if not picture.shapes:
        raise ValueError("There is nothing in this drawing.")
    layers = _layers(picture)
    wide, high = size_in(picture, inches)
    places = drawing.decimals(picture.box)
    names: list[str] = []
    groups: list[str] = []
    for number, shapes in enumerate(layers, start=1):
        name = f"{number:02d} {color_name(shapes[0].color)}"
        names.append(name)
        paths = "\n    ".join(drawing.to_svg(s, places) for s in shapes)
        label = html.escape(name, quote=True)
        groups.append(
            f'  <g id="layer-{name.replace(" ", "-")}" inkscape:groupmode="layer" inkscape:label="{label}">\n    {paths}\n  </g>'
        )
    write_text(
        out,
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
        f'width="{wide:.4f}in" height="{high:.4f}in" viewBox="{_box(picture)}">\n  <title>{html.escape(_clean(title))}</title>\n'
        + "\n".join(groups)
        + "\n</svg>\n",
    )
    return Finished(tuple(names), len(picture.shapes), (wide, high))


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()


def _box(picture: Drawing) -> str:
    return " ".join(_n(v) for v in picture.box)


def _n(value: float) -> str:
    return f"{value:.10g}"


def color_name(color: Color) -> str:
    """The plain word nearest to a color."""
    names = list(_COLOR_NAMES)
    distances = np.linalg.norm(_lab([_COLOR_NAMES[n] for n in names]) - _lab([color]), axis=1)
    return names[int(distances.argmin())]


def _lab(colors: Sequence[Color]) -> np.ndarray:
    return cv2.cvtColor(np.array([colors], np.float32) / 255, cv2.COLOR_RGB2LAB)[0]


def _layers(picture: Drawing) -> list[list[Shape]]:
    """Shapes by color from the bottom up. A shape joins the uppermost layer of its color unless it would then slip under
    something that it must cover."""
    layers: list[list[Shape]] = []
    covers: list[np.ndarray] = []
    colors = _lab([s.color for s in picture.shapes])
    heads: list[int] = []
    for index, shape in enumerate(picture.shapes):
        cover = _coverage(shape, picture.box)
        own = [n for n, head in enumerate(heads) if np.linalg.norm(colors[head] - colors[index]) < _SAME_LAYER]
        target = own[-1] if own else -1
        if target < 0 or any(bool((covers[n] & cover).any()) for n in range(target + 1, len(layers))):
            layers.append([shape])
            covers.append(cover)
            heads.append(index)
        else:
            layers[target].append(shape)
            covers[target] = covers[target] | cover
    return layers


def _coverage(shape: Shape, box: tuple[float, float, float, float]) -> np.ndarray:
    """Which cells of a coarse grid a shape touches at all, one bit each."""
    body = drawing.to_svg(shape, drawing.decimals(box))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_OVERLAP_PX}" height="{_OVERLAP_PX}" '
        f'viewBox="{" ".join(_n(v) for v in box)}" preserveAspectRatio="none">{body}</svg>'
    )
    return np.packbits(pyvips.Image.svgload_buffer(svg.encode()).numpy()[..., 3] > 0)


def to_png(svg: Path, out: Path, px: int, dpi: int = DPI) -> tuple[int, int]:
    """Draw a finished or cleaned SVG on a transparent PNG, `px` pixels on its longest side; its width and height.

    Raises NotSvg, and ImageBroken when it cannot be drawn.
    """
    root = drawing.parse(svg.read_bytes())
    box = drawing.view_box(root)
    if box is None:
        raise drawing.NotSvg("The SVG has no view box and no size.")
    width, height = (max(1, round(side * px / max(box[2], box[3]))) for side in box[2:])
    with reading():
        text = svgdoc.sized(root, width, height)
        image = pyvips.Image.svgload_buffer(text.encode(), **svgdoc.AT_96, unlimited=True)
        write_png(to_srgb8(image), out, dpi)
    return width, height


def _text(svg: Path) -> str:
    return svg.read_text(encoding="utf-8-sig")


def to_pdf(svg: Path, out: Path, title: str, *, inches: float | None = None) -> None:
    """Write the drawing as a one-page PDF of real curves, page as large as the drawing (`size_in`). Raises NotSvg or NotFlat,
    and ValueError when no page can be so large."""
    picture = drawing.read(_text(svg))
    left, top, width, height = picture.box
    wide, high = size_in(picture, inches)
    if max(wide, high) > PAGE_MAX_IN:
        raise ValueError(f"The drawing is larger than {PAGE_MAX_IN:.0f} inches, which no PDF page can be.")
    part = out.with_name(f".{out.name}.part")
    try:
        page = Page(str(part), pagesize=(wide * 72, high * 72), invariant=1, pageCompression=1)
        page.setTitle(_clean(title))
        page.setAuthor("")
        page.setCreator("Elistit")
        across, down = wide * 72 / width, high * 72 / height
        page.transform(across, 0, 0, -down, -left * across, (top + height) * down)
        for shape in picture.shapes:
            draw_shape(page, shape)
        page.showPage()
        page.save()
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def draw_shape(page: Canvas, shape: Shape) -> None:
    """Draw one shape on a PDF page in the page's present units.

    Fill and stroke are painted one after the other: in one stroke of the PDF a see-through line would hide its fill.
    """
    for part in shape.parts:
        _draw_part(page, part)


def _draw_part(page: Canvas, shape: Shape) -> None:
    page.saveState()
    if shape.matrix != svgpath.IDENTITY:
        page.transform(*shape.matrix)
    path = page.beginPath()
    for subpath in shape.subpaths:
        path.moveTo(*subpath.start)
        for a, b, end in subpath.curves:
            path.curveTo(*a, *b, *end)
        if subpath.closed:
            path.close()
    if shape.fill:
        page.setFillColorRGB(*(v / 255 for v in shape.fill), alpha=shape.fill_opacity)
    if shape.stroke:
        page.setStrokeColorRGB(*(v / 255 for v in shape.stroke), alpha=shape.stroke_opacity)
        page.setLineWidth(shape.stroke_width)
        page.setLineCap(("butt", "round", "square").index(shape.cap))
        page.setLineJoin(("miter", "round", "bevel").index(shape.join))
        page.setMiterLimit(shape.miter)
        if shape.dash:
            page.setDash(list(shape.dash), shape.dash_offset)
    mode = FILL_EVEN_ODD if shape.even_odd else FILL_NON_ZERO
    page.drawPath(path, fill=int(shape.fill is not None), stroke=int(shape.stroke is not None), fillMode=mode)
    page.restoreState()


def cut(svg: Path, out: Path, title: str, *, colors: int = CUT_COLORS, inches: float | None = None) -> Cut:
    """Write the SVG a cutting machine needs: per color one layer of closed outlines that never overlap; layer names.

    Its size is the drawing's (`size_in`). Strokes become areas, and at most `colors` colors are left, because each is a sheet
    of vinyl or paper. Raises as `finish_svg`, and ValueError when nothing is large enough to cut.
    """
    picture = _in_parts(drawing.read(_text(svg)))
    if not picture.shapes:
        raise ValueError("There is nothing in this drawing.")
    _, _, width, height = picture.box
    grain = max(width, height) / _CUT_PX
    palette, index = _palette(picture, colors)
    labels = _visible_areas(picture, index, (max(1, round(width / grain)), max(1, round(height / grain))))
    names: list[str] = []
    groups: list[str] = []
    sheets: list[makers.Sheet] = []
    wide, high = size_in(picture, inches)
    for number in range(len(palette)):
        area = outline.polygons(labels == number + 1, holes=True, least_area=_CUT_LEAST)
        if area.is_empty:
            continue
        name = f"{len(names) + 1:02d} {color_name(palette[number])}"
        names.append(name)
        area = outline.simplified(area, _CUT_NEAR)
        data = outline.path_data(area, scale=grain, sway=_CUT_NEAR, places=drawing.decimals(picture.box))
        sheets.append(makers.Sheet(name, palette[number], _in_mm(area, grain, wide / width)))
        groups.append(
            f'  <g id="cut-{name.replace(" ", "-")}" inkscape:groupmode="layer" inkscape:label="{name}">'
            f'<path d="{data}" fill="{css(palette[number])}" '
            f'fill-rule="evenodd"/></g>'
        )
    if not groups:
        raise ValueError("Nothing in this drawing is large enough to cut.")
    write_text(
        out,
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
        f'width="{wide:.4f}in" height="{high:.4f}in" '
        f'viewBox="0 0 {_n(width)} {_n(height)}">\n  <title>{html.escape(_clean(title))}</title>\n'
        + "\n".join(groups)
        + "\n</svg>\n",
    )
    return Cut(tuple(names), _opaque(picture, [palette[n] for n in index]), tuple(sheets), (wide, high))


def _in_mm(area: MultiPolygon, grain: float, inches_per_unit: float) -> MultiPolygon:
    """An area of the cut file's pixels in millimeters: a point for every curve's own bends, so that straight sides follow it."""
    scale = grain * inches_per_unit * makers.MM
    return outline.as_multi(affinity.scale(area, scale, scale, origin=(0, 0)))


def _palette(picture: Drawing, most: int) -> tuple[list[Color], list[int]]:
    """At most `most` colors, and for each shape which of them it gets; nearest pairs are merged, larger ones win."""
    areas: dict[Color, int] = {}
    for shape in picture.shapes:
        areas[shape.color] = areas.get(shape.color, 0) + int(np.bitwise_count(_coverage(shape, picture.box)).sum())
    colors = list(areas)
    sizes = np.array([areas[c] for c in colors])
    lab = _lab(colors)
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    becomes = np.arange(len(colors))
    for left in range(len(colors), 1, -1):
        i, j = divmod(int(apart.argmin()), len(colors))
        if left <= most and apart[i, j] > _SAME_LAYER:
            break
        keep, gone = (i, j) if sizes[i] >= sizes[j] else (j, i)
        sizes[keep] += sizes[gone]
        apart[gone, :] = apart[:, gone] = np.inf
        becomes[becomes == gone] = keep
    kept = sorted(set(becomes.tolist()), key=lambda n: -int(sizes[n]))
    place = {colors[n]: kept.index(int(becomes[n])) for n in range(len(colors))}
    return [colors[n] for n in kept], [place[s.color] for s in picture.shapes]


def _in_parts(picture: Drawing) -> Drawing:
    """The drawing with a fill and its stroke apart: they may be of two sheets of material. Barely tinted glazes (a blush, a
    shadow) are no material of their own and are left out."""
    parts = [part for shape in picture.shapes for part in shape.parts]
    return replace(picture, shapes=tuple(p for p in parts if not (p.fill and p.fill_opacity < 0.5)))


def _opaque(picture: Drawing, colors: Sequence[Color], size: str = "") -> str:
    places = drawing.decimals(picture.box)
    body = []
    for shape, color in zip(picture.shapes, colors, strict=True):
        solid = replace(
            shape, fill=color if shape.fill else None, fill_opacity=1.0, stroke=color if shape.stroke else None,
            stroke_opacity=1.0,
        )  # fmt: skip
        body.append(drawing.to_svg(solid, places))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{_box(picture)}" {size}>{"".join(body)}</svg>'


def _visible_areas(picture: Drawing, index: list[int], size: tuple[int, int]) -> np.ndarray:
    """Which color (1 up) is seen at each pixel, 0 where none. Drawn without smoothing, in colors that cannot mix."""
    stated = f'width="{size[0]}" height="{size[1]}" preserveAspectRatio="none" shape-rendering="crispEdges"'
    svg = _opaque(picture, [(0, 0, n + 1) for n in index], stated)
    rgba = pyvips.Image.svgload_buffer(svg.encode(), unlimited=True).numpy()
    return np.where(rgba[..., 3] > 127, rgba[..., 2], 0)

"""Vector products: drawings sorted into named color layers, checked, and made into PNG, PDF and a cut file.

A finished drawing looks exactly as it was drawn: layers are only formed where the paint order allows it. It must never
contain a raster picture, a script or anything that is fetched from elsewhere.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyvips
from reportlab import rl_config
from reportlab.pdfgen.canvas import FILL_EVEN_ODD, FILL_NON_ZERO, Canvas

from elistit.artwork import drawing, outline
from elistit.artwork.canvas import Color, css
from elistit.artwork.drawing import Drawing, Shape
from elistit.artwork.export import DPI, reading, to_srgb8, write_png
from elistit.artwork.pdftext import Page
from elistit.artwork.sticker import write_text

rl_config.useA85 = 0

# How large a drawing stands on a page or in a cutting program, longest side in inches.
INCHES = 8.0
# Colors nearer than this (CIELAB) share a layer; each shape keeps its own color.
_SAME_LAYER = 9.0
_OVERLAP_PX = 300
CUT_COLORS = 8
_CUT_PX = 2400
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


def finish_svg(svg: str, out: Path, title: str, *, inches: float = INCHES) -> Finished:
    """Write a drawing as a layered SVG, `inches` long on its longest side.

    Shapes are grouped into layers named by color ("03 sage") that drawing and cutting programs list by that name; where
    painting one over the other matters, a color gets a second layer. Same drawing, same bytes.
    Raises NotSvg or NotFlat (drawing.py) for what is not a drawing of flat shapes, ValueError for an empty one.
    """
    picture = drawing.read(svg)
    if not picture.shapes:
        raise ValueError("There is nothing in this drawing.")
    layers = _layers(picture)
    left, top, width, height = picture.box
    scale = inches / max(width, height)
    names: list[str] = []
    groups: list[str] = []
    for number, shapes in enumerate(layers, start=1):
        name = f"{number:02d} {color_name(shapes[0].color)}"
        names.append(name)
        paths = "\n    ".join(drawing.to_svg(s) for s in shapes)
        label = html.escape(name, quote=True)
        groups.append(
            f'  <g id="layer-{name.replace(" ", "-")}" inkscape:groupmode="layer" inkscape:label="{label}">\n    {paths}\n  </g>'
        )
    write_text(
        out,
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
        f'width="{width * scale:.4f}in" height="{height * scale:.4f}in" '
        f'viewBox="{_n(left)} {_n(top)} {_n(width)} {_n(height)}">\n  <title>{html.escape(_clean(title))}</title>\n'
        + "\n".join(groups)
        + "\n</svg>\n",
    )
    return Finished(tuple(names), len(picture.shapes), (width * scale, height * scale))


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()


def _n(value: float) -> str:
    return f"{value:g}"


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
    """Which cells of a coarse grid a shape touches at all."""
    body = drawing.to_svg(shape)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_OVERLAP_PX}" height="{_OVERLAP_PX}" '
        f'viewBox="{box[0]} {box[1]} {box[2]} {box[3]}" preserveAspectRatio="none">{body}</svg>'
    )
    return pyvips.Image.svgload_buffer(svg.encode())[3].numpy() > 0


def to_png(svg: Path, out: Path, px: int, dpi: int = DPI) -> tuple[int, int]:
    """Draw a finished or cleaned SVG on a transparent PNG, `px` pixels on its longest side; its width and height.

    Raises NotSvg, and ImageBroken when it cannot be drawn.
    """
    root = drawing.parse(svg.read_bytes())
    box = drawing.view_box(root)
    if box is None:
        raise drawing.NotSvg("The SVG has no view box and no size.")
    width, height = (max(1, round(side * px / max(box[2], box[3]))) for side in box[2:])
    text = re.sub(r"<svg\b[^>]*>", lambda m: _resized(m.group(0), box, width, height), _text(svg), count=1)
    with reading():
        image = pyvips.Image.svgload_buffer(text.encode())
        write_png(to_srgb8(image), out, dpi)
    return width, height


def _text(svg: Path) -> str:
    return svg.read_text(encoding="utf-8-sig")


def _resized(tag: str, box: tuple[float, float, float, float], width: int, height: int) -> str:
    """The opening tag with another size. Stretching by the last half pixel keeps the size exact."""
    bare = re.sub(
        r"""\s(?:width|height|viewBox|preserveAspectRatio)\s*=\s*("[^"]*"|'[^']*')""", "", tag[: tag.rindex(">")]
    )
    view = " ".join(_n(v) for v in box)
    return f'{bare} width="{width}" height="{height}" viewBox="{view}" preserveAspectRatio="none">'


def to_pdf(svg: Path, out: Path, title: str, *, inches: float = INCHES) -> None:
    """Write the drawing as a one-page PDF of real curves, page as large as the drawing. Raises NotSvg or NotFlat."""
    picture = drawing.read(_text(svg))
    left, top, width, height = picture.box
    scale = inches * 72 / max(width, height)
    part = out.with_name(f".{out.name}.part")
    try:
        page = Page(str(part), pagesize=(width * scale, height * scale), invariant=1, pageCompression=1)
        page.setTitle(_clean(title))
        page.setAuthor("")
        page.setCreator("Elistit")
        page.transform(scale, 0, 0, -scale, -left * scale, (top + height) * scale)
        for shape in picture.shapes:
            draw_shape(page, shape)
        page.showPage()
        page.save()
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def draw_shape(page: Canvas, shape: Shape) -> None:
    """Draw one shape on a PDF page in the page's present units."""
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
        page.setLineCap(1 if shape.round_cap else 0)
        page.setLineJoin(1 if shape.round_join else 0)
    mode = FILL_EVEN_ODD if shape.even_odd else FILL_NON_ZERO
    page.drawPath(path, fill=int(shape.fill is not None), stroke=int(shape.stroke is not None), fillMode=mode)


def cut_file(svg: Path, out: Path, title: str, *, colors: int = CUT_COLORS, inches: float = INCHES) -> tuple[str, ...]:
    """Write the SVG a cutting machine needs: per color one layer of closed outlines that never overlap; layer names.

    Strokes become areas, and at most `colors` colors are left, because each is a sheet of vinyl or paper. Raises as
    `finish_svg`, and ValueError when nothing is large enough to cut.
    """
    picture = drawing.read(_text(svg))
    if not picture.shapes:
        raise ValueError("There is nothing in this drawing.")
    _, _, width, height = picture.box
    grain = max(width, height) / _CUT_PX
    palette, index = _palette(picture, colors)
    labels = _visible_areas(picture, index, (round(width / grain), round(height / grain)))
    names: list[str] = []
    groups: list[str] = []
    for number in range(len(palette)):
        area = outline.polygons(labels == number + 1, holes=True, least_area=_CUT_LEAST)
        if area.is_empty:
            continue
        name = f"{len(names) + 1:02d} {color_name(palette[number])}"
        names.append(name)
        data = outline.path_data(outline.simplified(area, 0.5), scale=grain)
        groups.append(
            f'  <g id="cut-{name.replace(" ", "-")}"><path d="{data}" fill="{css(palette[number])}" '
            f'fill-rule="evenodd"/></g>'
        )
    if not groups:
        raise ValueError("Nothing in this drawing is large enough to cut.")
    scale = inches / max(width, height)
    write_text(
        out,
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale:.4f}in" height="{height * scale:.4f}in" '
        f'viewBox="0 0 {_n(width)} {_n(height)}">\n  <title>{html.escape(_clean(title))}</title>\n'
        + "\n".join(groups)
        + "\n</svg>\n",
    )
    return tuple(names)


def _palette(picture: Drawing, most: int) -> tuple[list[Color], list[int]]:
    """At most `most` colors, and for each shape which of them it gets; nearest pairs are merged, larger ones win."""
    areas: dict[Color, float] = {}
    for shape in picture.shapes:
        areas[shape.color] = areas.get(shape.color, 0) + float(_coverage(shape, picture.box).sum())
    becomes = {c: c for c in areas}
    left = dict(areas)
    while len(left) > 1:
        colors = list(left)
        lab = _lab(colors)
        apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)
        np.fill_diagonal(apart, np.inf)
        i, j = divmod(int(apart.argmin()), len(colors))
        if len(left) <= most and apart[i, j] > _SAME_LAYER:
            break
        keep, gone = (colors[i], colors[j]) if left[colors[i]] >= left[colors[j]] else (colors[j], colors[i])
        left[keep] += left.pop(gone)
        becomes = {c: keep if to == gone else to for c, to in becomes.items()}
    palette = sorted(left, key=lambda c: -left[c])
    return palette, [palette.index(becomes[s.color]) for s in picture.shapes]


def _visible_areas(picture: Drawing, index: list[int], size: tuple[int, int]) -> np.ndarray:
    """Which color (1 up) is seen at each pixel, 0 where none. Drawn without smoothing, in colors that cannot mix."""
    body = []
    for shape, color in zip(picture.shapes, index, strict=True):
        code = (0, 0, color + 1)
        solid = Shape(
            shape.subpaths, code if shape.fill else None, 1.0, shape.even_odd, code if shape.stroke else None, 1.0,
            shape.stroke_width, shape.round_cap, shape.round_join,
        )  # fmt: skip
        # Barely tinted glazes (a blush, a shadow) are no material of their own.
        if not (shape.fill and shape.fill_opacity < 0.5):
            body.append(drawing.to_svg(solid))
    box = " ".join(_n(v) for v in picture.box)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" viewBox="{box}" '
        f'shape-rendering="crispEdges">{"".join(body)}</svg>'
    )
    rgba = pyvips.Image.svgload_buffer(svg.encode()).numpy()
    return np.where(rgba[..., 3] > 127, rgba[..., 2], 0)

"""Reads a flat vector drawing as the shapes a painter would paint one after another.

In: an SVG string with a viewBox and flat fills. Out: for every shape the part of it that stays visible, its color and
its opacity, on a fixed grid. It must never depend on the size of the picture to be painted, and never follow a
reference out of the drawing (no images, links or external files are kept).
"""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray

from elistit_artist.paint.color import lightness
from elistit_artist.paint.noise import UNITS

# The drawing is read at two pixels to the unit; finer detail than half a unit is lost in paint anyway.
READ_SCALE = 2
_SHAPES = {"path", "circle", "ellipse", "rect", "polygon", "polyline", "line"}
_GROUPS = {"svg", "g"}
_SVG = "http://www.w3.org/2000/svg"

ET.register_namespace("", _SVG)


class BadDrawing(ValueError):
    """The drawing cannot be painted; the message says why."""


@dataclass(frozen=True)
class Frame:
    """The sheet in the drawing's own coordinates: the part of the plane that becomes the picture.

    `left`, `top` and `unit` (drawing coordinates per painting unit); `width` and `height` in painting units.
    """

    left: float
    top: float
    unit: float
    width: int
    height: int


@dataclass(frozen=True)
class Shape:
    """One visible shape. `x`, `y`: corner on the reading grid (two pixels per unit); `mask`: uint8 0..255 coverage
    that stays visible, already divided by `opacity`; `rgb` sRGB 0..1; `order` is its place in the drawing. `late`: so
    small that a painter puts it on top when the rest is dry (eyes, noses, whiskers, seeds); such a shape leaves no
    hole in what is below. `resting`: a see-through shape that lies on others (a blush, a shadow); one that mostly
    stands free (a wing) does not rest.
    """

    x: int
    y: int
    mask: NDArray[np.uint8]
    rgb: tuple[float, float, float]
    opacity: float
    order: int
    late: bool
    resting: bool = False


@dataclass(frozen=True)
class Reading:
    """All visible shapes in paint order, and the silhouette of the whole drawing (uint8, reading grid)."""

    frame: Frame
    shapes: list[Shape]
    silhouette: NDArray[np.uint8]


def leaves(svg: str) -> tuple[list[str], tuple[float, float, float, float]]:
    """The drawing's shapes in paint order, each as markup with its groups around it, and the viewBox.

    A shape with both a fill and a stroke counts as two. Raises BadDrawing when it is no drawing of ours.
    """
    try:
        root = ET.fromstring(svg)
    except ET.ParseError as error:
        raise BadDrawing(f"not readable as SVG: {error}") from error
    box = (root.get("viewBox") or "0 0 1000 1000").replace(",", " ").split()
    if len(box) != 4:
        raise BadDrawing("the viewBox does not have four numbers")
    found: list[str] = []
    _walk(root, "", "", {}, found)
    if not found:
        raise BadDrawing("there is no shape in it")
    return found, (float(box[0]), float(box[1]), float(box[2]), float(box[3]))


def _paint_of(element: ET.Element, inherited: dict[str, str]) -> dict[str, str]:
    paint = dict(inherited)
    for part in (element.get("style") or "").split(";"):
        name, _, value = part.partition(":")
        if name.strip() in ("fill", "stroke"):
            paint[name.strip()] = value.strip()
    for name in ("fill", "stroke"):
        if element.get(name) is not None:
            paint[name] = str(element.get(name))
    return paint


def _walk(element: ET.Element, before: str, after: str, inherited: dict[str, str], found: list[str]) -> None:
    tag = element.tag.rpartition("}")[2]
    paint = _paint_of(element, inherited)
    if tag in _SHAPES:
        fill, stroke = paint.get("fill", "#000"), paint.get("stroke", "none")
        if fill != "none" and tag != "line":
            found.append(before + _markup(element, {"stroke": "none"}) + after)
        if stroke != "none":
            found.append(before + _markup(element, {"fill": "none"}) + after)
    elif tag in _GROUPS:
        holder = ET.Element("g", {k: v for k, v in element.attrib.items() if _keeps(k)})
        opening = ET.tostring(holder, encoding="unicode").replace("/>", ">")
        for child in element:
            _walk(child, before + opening, "</g>" + after, paint, found)


def _keeps(attribute: str) -> bool:
    return (
        attribute not in ("viewBox", "width", "height", "preserveAspectRatio", "version", "id") and "}" not in attribute
    )


def _markup(element: ET.Element, change: dict[str, str]) -> str:
    twin = copy.deepcopy(element)
    twin.tag = twin.tag.rpartition("}")[2]
    for child in list(twin):
        twin.remove(child)
    style = ";".join(p for p in (twin.get("style") or "").split(";") if p.partition(":")[0].strip() not in change)
    for name, value in change.items():
        twin.set(name, value)
    if style:
        twin.set("style", style)
    else:
        twin.attrib.pop("style", None)
    return ET.tostring(twin, encoding="unicode")


def raster(markup: str, box: tuple[float, float, float, float], w: int, h: int) -> NDArray[np.uint8]:
    """RGBA, `h` × `w` × 4, of some markup seen through `box` (left, top, width, height in drawing coordinates)."""
    svg = (
        f'<svg xmlns="{_SVG}" width="{w}" height="{h}" preserveAspectRatio="none" '
        f'viewBox="{box[0]:.5f} {box[1]:.5f} {box[2]:.5f} {box[3]:.5f}">{markup}</svg>'
    )
    image: Any = pyvips.Image.svgload_buffer(svg.encode())
    if image.bands != 4:
        image = image.addalpha()
    pixels = np.ndarray(buffer=image.write_to_memory(), dtype=np.uint8, shape=(image.height, image.width, 4))
    if pixels.shape[:2] != (h, w):
        pixels = np.pad(pixels, ((0, max(0, h - pixels.shape[0])), (0, max(0, w - pixels.shape[1])), (0, 0)))[:h, :w]
    return pixels


def frame_for(parts: list[str], box: tuple[float, float, float, float], aspect: float, margin: float) -> Frame:
    """The sheet that holds the whole drawing with `margin` (a fraction of the sheet) free on the tighter sides.

    `aspect` is width ÷ height of the picture. Looks beyond the viewBox too, so a drawing that runs over its own edge is
    still shown whole. Raises BadDrawing when nothing is visible.
    """
    grid, over = 640, 0.25
    left, top = box[0] - box[2] * over, box[1] - box[3] * over
    wide, high = box[2] * (1 + 2 * over), box[3] * (1 + 2 * over)
    alpha = raster("".join(parts), (left, top, wide, high), grid, grid)[..., 3]
    rows, columns = np.nonzero(alpha.max(1) > 8)[0], np.nonzero(alpha.max(0) > 8)[0]
    if not len(rows):
        raise BadDrawing("nothing in it is visible")
    x0, x1 = left + columns[0] * wide / grid, left + (columns[-1] + 1) * wide / grid
    y0, y1 = top + rows[0] * high / grid, top + (rows[-1] + 1) * high / grid
    width, height = (UNITS, max(1, round(UNITS / aspect))) if aspect >= 1 else (max(1, round(UNITS * aspect)), UNITS)
    unit = max((x1 - x0) / (width * (1 - 2 * margin)), (y1 - y0) / (height * (1 - 2 * margin)))
    return Frame((x0 + x1 - unit * width) / 2, (y0 + y1 - unit * height) / 2, unit, width, height)


def canvas_frame(box: tuple[float, float, float, float], longer: int, over: int) -> Frame:
    """The sheet for a picture that fills its canvas (the viewBox): `longer` units to the canvas's longer side, and `over`
    units more on every side, so that the uneven edge of the paint lies outside the picture."""
    unit = max(box[2], box[3]) / longer
    width, height = round(box[2] / unit) + 2 * over, round(box[3] / unit) + 2 * over
    return Frame(box[0] - over * unit, box[1] - over * unit, unit, width, height)


def _bounds(markup: str, frame: Frame, w: int, h: int) -> tuple[int, int, int, int] | None:
    """Where one shape lies on the reading grid, from a coarse look; None when it is not there at all."""
    coarse = 16
    cw, ch = -(-w // coarse), -(-h // coarse)
    step = frame.unit * coarse / READ_SCALE
    alpha = raster(markup, (frame.left, frame.top, cw * step, ch * step), cw, ch)[..., 3]
    rows, columns = np.nonzero(alpha.any(1))[0], np.nonzero(alpha.any(0))[0]
    if not len(rows):
        return None
    return (
        max(0, (int(columns[0]) - 1) * coarse), max(0, (int(rows[0]) - 1) * coarse),
        min(w, (int(columns[-1]) + 2) * coarse), min(h, (int(rows[-1]) + 2) * coarse),
    )  # fmt: skip


def inner_radius(mask: NDArray[Any]) -> float:
    """Radius of the largest circle inside a shape, in pixels of its mask (uint8 coverage)."""
    solid = np.pad((mask > 127).astype(np.uint8), 1)
    return float(cv2.distanceTransform(solid, cv2.DIST_L2, 3).max())


def _goes_on_late(mask: NDArray[np.uint8], rgb: tuple[float, float, float]) -> bool:
    """Small and dark, small and nearly white, or very small: painted last, crisp, over the dry washes."""
    area = float(mask.sum(dtype=np.int64)) / 255 / READ_SCALE**2
    if area > 8500:
        return False
    radius, light = inner_radius(mask) / READ_SCALE, lightness(rgb)
    if light < 0.34:
        return radius < 50
    if light < 0.46:
        return radius < 27 and area < 3600
    if light > 0.93 and area < 900:
        return radius < 15
    return radius < 5.5 and area < 900


def _drop_crumbs(visible: NDArray[np.uint8], full: NDArray[np.uint8]) -> None:
    """Clear the tiny bits of a shape that peep out beside what covers it; painted, they would be specks. In place."""
    limit = min(60.0 * READ_SCALE, 0.2 * float(full.sum(dtype=np.int64)) / 255)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((visible > 40).astype(np.uint8), connectivity=8)
    for part in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[part])
        if area < limit:
            where = (slice(top, top + height), slice(left, left + width))
            visible[where][labels[where] == part] = 0


def read_drawing(svg: str, aspect: float = 1.0, margin: float = 0.07) -> Reading:
    """The visible shapes of a drawing, fitted to a sheet of this aspect. Raises BadDrawing."""
    parts, box = leaves(svg)
    return _read(parts, frame_for(parts, box, aspect, margin))


def read_scene(svg: str, longer: int, over: int) -> Reading:
    """The visible shapes of a picture that fills its canvas (see `canvas_frame`). Raises BadDrawing."""
    parts, box = leaves(svg)
    return _read(parts, canvas_frame(box, longer, over))


def _read(parts: list[str], frame: Frame) -> Reading:
    w, h = frame.width * READ_SCALE, frame.height * READ_SCALE
    step = frame.unit / READ_SCALE
    seen_through = np.full((h, w), 255, np.uint8)
    outline = np.zeros((h, w), np.uint8)
    shapes: list[Shape] = []
    for order in range(len(parts) - 1, -1, -1):
        bounds = _bounds(parts[order], frame, w, h)
        if bounds is None:
            continue
        x0, y0, x1, y1 = bounds
        where = (frame.left + x0 * step, frame.top + y0 * step, (x1 - x0) * step, (y1 - y0) * step)
        pixels = raster(parts[order], where, x1 - x0, y1 - y0)
        alpha = pixels[..., 3]
        peak = int(alpha.max())
        if peak < 8:
            continue
        color = pixels[np.unravel_index(int(alpha.argmax()), alpha.shape)][:3]
        full = alpha if peak >= 250 else np.minimum(255, alpha.astype(np.uint16) * 255 // peak).astype(np.uint8)
        under = seen_through[y0:y1, x0:x1]
        visible = (full.astype(np.uint16) * under // 255).astype(np.uint8)
        rgb = (float(color[0]) / 255, float(color[1]) / 255, float(color[2]) / 255)
        late = peak >= 242 and _goes_on_late(full, rgb)
        if late:
            outline[y0:y1, x0:x1] = np.maximum(outline[y0:y1, x0:x1], full)
        elif peak >= 242:
            under[...] = (under.astype(np.uint16) * (255 - full.astype(np.uint16)) // 255).astype(np.uint8)
        if late or not np.array_equal(visible, full):
            _drop_crumbs(visible, full)
        if int(visible.sum(dtype=np.int64)) < 255 * 10:
            continue
        shapes.append(Shape(x0, y0, visible, rgb, 1.0 if peak >= 242 else peak / 255, order, late))
    if not shapes:
        raise BadDrawing("nothing in it is visible")
    shapes.reverse()
    silhouette = np.maximum(outline, 255 - seen_through)
    return Reading(frame, [_rest(shape, silhouette) for shape in shapes], silhouette)


def _rest(shape: Shape, silhouette: NDArray[np.uint8]) -> Shape:
    """Tell a see-through shape that lies on others from one that stands free."""
    if shape.opacity == 1.0:
        return shape
    height, width = shape.mask.shape
    below = silhouette[shape.y : shape.y + height, shape.x : shape.x + width] > 127
    inside = shape.mask > 127
    return replace(shape, resting=bool((below & inside).sum() > 0.6 * inside.sum()))

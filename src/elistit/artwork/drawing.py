"""An SVG drawing read as flat shapes in paint order, and written again: as a PDF page, or picked apart in layers.

Reading is strict: entities and document types are refused before anything is expanded, and what is not a flat shape
(gradients, pictures, text, clipping) raises `NotFlat` rather than being left out silently. Nothing outside the file is
ever opened.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from xml.parsers import expat

from elistit.artwork import svgpath
from elistit.artwork.canvas import Color
from elistit.artwork.svgpath import IDENTITY, Matrix, Subpath

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
# Deeper than any drawing program writes, and shallow enough for everything that walks the tree.
DEPTH_MAX = 120
_QUIET = {"title", "desc", "metadata", "defs", "namedview"}
_INHERITED = (
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
    "stroke-linejoin", "display", "visibility",
)  # fmt: skip
_NAMED: dict[str, Color] = {
    "black": (0, 0, 0), "white": (255, 255, 255), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192), "maroon": (128, 0, 0),
    "yellow": (255, 255, 0), "olive": (128, 128, 0), "lime": (0, 255, 0), "aqua": (0, 255, 255),
    "cyan": (0, 255, 255), "teal": (0, 128, 128), "navy": (0, 0, 128), "fuchsia": (255, 0, 255),
    "magenta": (255, 0, 255), "purple": (128, 0, 128), "orange": (255, 165, 0), "pink": (255, 192, 203),
    "brown": (165, 42, 42),
}  # fmt: skip


class NotSvg(ValueError):
    """The text is not a well-formed SVG document. The message is one plain sentence."""


class NotFlat(ValueError):
    """The drawing holds something that is not a flat shape. The message is one plain sentence."""


@dataclass(frozen=True)
class Shape:
    """One flat shape in the drawing's own units. `fill` and `stroke` are 0-255 RGB or None; opacities 0 to 1."""

    subpaths: tuple[Subpath, ...]
    fill: Color | None
    fill_opacity: float
    even_odd: bool
    stroke: Color | None
    stroke_opacity: float
    stroke_width: float
    round_cap: bool
    round_join: bool

    @property
    def color(self) -> Color:
        """The color the shape is known by."""
        return self.fill or self.stroke or (0, 0, 0)


@dataclass(frozen=True)
class Drawing:
    """The flat shapes of a drawing, first painted first, and its view box: left, top, width, height."""

    box: tuple[float, float, float, float]
    shapes: tuple[Shape, ...]


def parse(text: str | bytes) -> ElementTree.Element:
    """The document as a tree. Raises NotSvg when it is not well-formed, not SVG, or declares a document type or entity."""
    data = text.encode() if isinstance(text, str) else text
    parser = expat.ParserCreate(namespace_separator="}")
    builder = ElementTree.TreeBuilder()

    def refuse(*_: object) -> None:
        raise NotSvg("The SVG declares a document type or entities, which are not allowed.")

    def name(tag: str) -> str:
        return "{" + tag if "}" in tag else tag

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_MAX:
            raise NotSvg("The SVG is nested too deeply.")
        builder.start(name(tag), {name(k): v for k, v in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name(tag))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.ProcessingInstructionHandler = _refuse_style_sheet
    try:
        parser.Parse(data, True)
        root = builder.close()
    except expat.ExpatError as error:
        raise NotSvg(f"The SVG is not well-formed: {expat.ErrorString(error.code)}, line {error.lineno}.") from None
    if root.tag != f"{{{SVG}}}svg":
        raise NotSvg("The file is not an SVG drawing.")
    return root


def _refuse_style_sheet(target: str, _: str) -> None:
    if target.lower() == "xml-stylesheet":
        raise NotSvg("The SVG refers to a style sheet outside the file.")


def local(element: ElementTree.Element) -> str:
    """The element's name without its namespace; empty for one of another vocabulary."""
    namespace, _, tag = element.tag.rpartition("}")
    return tag if namespace in ("", "{" + SVG) else ""


def read(text: str | bytes) -> Drawing:
    """The flat shapes of a drawing. Raises NotSvg or NotFlat."""
    root = parse(text)
    box = view_box(root)
    if box is None:
        raise NotSvg("The SVG has no view box and no size.")
    shapes: list[Shape] = []
    try:
        _walk(root, IDENTITY, {}, 1.0, shapes)
    except svgpath.BadPath as error:
        raise NotSvg(f"The SVG has a shape that cannot be read: {error}.") from None
    return Drawing(box, tuple(shapes))


def view_box(root: ElementTree.Element) -> tuple[float, float, float, float] | None:
    """Left, top, width and height of the view box, else of the size in plain numbers; None when neither is usable."""
    numbers = re.split(r"[\s,]+", (root.get("viewBox") or "").strip())
    if len(numbers) != 4:
        numbers = [
            "0",
            "0",
            (root.get("width") or "").removesuffix("px"),
            (root.get("height") or "").removesuffix("px"),
        ]
    try:
        left, top, width, height = (float(n) for n in numbers)
    except ValueError:
        return None
    return (left, top, width, height) if width > 0 and height > 0 else None


def _walk(
    element: ElementTree.Element, matrix: Matrix, style: dict[str, str], opacity: float, found: list[Shape]
) -> None:
    kind = local(element)
    if kind in _QUIET or not kind:
        return
    own = _own_style(element)
    for barred in ("filter", "clip-path", "mask"):
        if own.get(barred, "none") != "none":
            raise NotFlat(f"The drawing uses {barred.replace('-', ' ')} effects.")
    style = {**style, **{k: v for k, v in own.items() if k in _INHERITED}}
    opacity *= _number(own.get("opacity"), 1.0)
    matrix = svgpath.multiply(matrix, svgpath.parse_transform(element.get("transform")))
    if style.get("display") == "none":
        return
    if kind in ("svg", "g", "a", "switch"):
        for child in element:
            _walk(child, matrix, style, opacity, found)
        return
    subpaths = _geometry(kind, element)
    if subpaths is None:
        raise NotFlat(f"The drawing holds a “{kind}”, which is not a flat shape.")
    if subpaths and style.get("visibility", "visible") == "visible":
        shape = _shape([s.moved(matrix) for s in subpaths], matrix, style, opacity)
        if shape:
            found.append(shape)


def _own_style(element: ElementTree.Element) -> dict[str, str]:
    own = {k: v.strip() for k, v in element.attrib.items() if not k.startswith("{")}
    for part in own.pop("style", "").split(";"):
        key, colon, value = part.partition(":")
        if colon:
            own[key.strip()] = value.strip()
    return own


def _number(text: str | None, default: float) -> float:
    if text is None:
        return default
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text.removesuffix("px"))
    except ValueError:
        return default


def _geometry(kind: str, element: ElementTree.Element) -> list[Subpath] | None:
    """The outlines of a shape element; None when the element is not a shape."""

    def n(key: str, default: float = 0.0) -> float:
        return _number(element.get(key), default)

    if kind == "path":
        return svgpath.parse_path(element.get("d", ""))
    if kind == "circle":
        return [svgpath.ellipse(n("cx"), n("cy"), n("r"), n("r"))] if n("r") > 0 else []
    if kind == "ellipse":
        return [svgpath.ellipse(n("cx"), n("cy"), n("rx"), n("ry"))] if n("rx") > 0 and n("ry") > 0 else []
    if kind == "rect":
        rx, ry = n("rx", n("ry")), n("ry", n("rx"))
        whole = n("width") > 0 and n("height") > 0
        return [svgpath.rectangle(n("x"), n("y"), n("width"), n("height"), rx, ry)] if whole else []
    if kind == "line":
        return [svgpath.polyline([(n("x1"), n("y1")), (n("x2"), n("y2"))], False)]
    if kind in ("polygon", "polyline"):
        numbers = [
            float(v) for v in re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", element.get("points", ""))
        ]
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        return [svgpath.polyline(points, kind == "polygon")] if len(points) > 1 else []
    return None


def _shape(subpaths: list[Subpath], matrix: Matrix, style: dict[str, str], opacity: float) -> Shape | None:
    fill, stroke = _color(style.get("fill", "black")), _color(style.get("stroke", "none"))
    scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
    width = _number(style.get("stroke-width"), 1.0) * scale
    fill_opacity = _number(style.get("fill-opacity"), 1.0) * opacity
    stroke_opacity = _number(style.get("stroke-opacity"), 1.0) * opacity
    if fill_opacity <= 0:
        fill = None
    if stroke_opacity <= 0 or width <= 0:
        stroke = None
    if fill is None and stroke is None:
        return None
    return Shape(
        tuple(subpaths), fill, fill_opacity, style.get("fill-rule") == "evenodd", stroke, stroke_opacity, width,
        style.get("stroke-linecap") == "round", style.get("stroke-linejoin") == "round",
    )  # fmt: skip


def _color(text: str) -> Color | None:
    """0-255 RGB, or None for no paint. Raises NotFlat for gradients, patterns and what is not understood."""
    text = text.strip().lower()
    if text in ("none", "transparent"):
        return None
    if text in _NAMED:
        return _NAMED[text]
    if match := re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", text):
        digits = match.group(1) if len(match.group(1)) == 6 else "".join(c * 2 for c in match.group(1))
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := re.fullmatch(r"rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)", text):
        red, green, blue = (min(255, int(v)) for v in match.groups())
        return red, green, blue
    raise NotFlat("The drawing uses gradients, patterns or colors that are not plain.")


def to_svg(shape: Shape) -> str:
    """The shape as one path element in the drawing's own units."""
    data = "".join(_path_text(s) for s in shape.subpaths)
    parts = [f'<path d="{data}" fill="{_css(shape.fill)}"']
    if shape.fill and shape.fill_opacity < 1:
        parts.append(f'fill-opacity="{shape.fill_opacity:.3g}"')
    if shape.even_odd:
        parts.append('fill-rule="evenodd"')
    if shape.stroke:
        parts.append(f'stroke="{_css(shape.stroke)}" stroke-width="{shape.stroke_width:.3g}"')
        parts += ['stroke-linecap="round"'] if shape.round_cap else []
        parts += ['stroke-linejoin="round"'] if shape.round_join else []
        parts += [f'stroke-opacity="{shape.stroke_opacity:.3g}"'] if shape.stroke_opacity < 1 else []
    return " ".join(parts) + "/>"


def _css(color: Color | None) -> str:
    return "none" if color is None else "#{:02x}{:02x}{:02x}".format(*color)


def _path_text(subpath: Subpath) -> str:
    def point(p: tuple[float, float]) -> str:
        return " ".join(f"{v:.2f}".rstrip("0").rstrip(".") or "0" for v in p)

    curves = "".join("C" + " ".join(point(p) for p in curve) for curve in subpath.curves)
    return f"M{point(subpath.start)}{curves}{'Z' if subpath.closed else ''}"

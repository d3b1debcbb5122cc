"""Reads the flat shapes of an SVG document: every element, attribute, property and value by a closed list.

What is not in the list raises `NotFlat` (or BadValue, UnknownStyle, CannotCut, BadPath, which mean the same); nothing is left
out because it is unknown. It knows one document and must never open anything.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from elistit.artwork import svgclip, svgdoc, svgpath, svgstyle, svgvalues
from elistit.artwork.shapes import NotFlat, Shape, frame
from elistit.artwork.svgdoc import SVG, local
from elistit.artwork.svgpath import Matrix, Subpath

# More than any drawing program's file unfolds to, and few enough for memory.
SHAPES_MAX = 50_000
_QUIET = frozenset({
    "title", "desc", "metadata", "defs", "style", "symbol", "clipPath", "linearGradient", "radialGradient", "pattern",
    "marker", "mask", "filter", "view",
})  # fmt: skip
_GEOMETRY = {
    "path": ("d", "pathLength"), "circle": ("cx", "cy", "r"), "ellipse": ("cx", "cy", "rx", "ry"),
    "rect": ("x", "y", "width", "height", "rx", "ry"), "line": ("x1", "y1", "x2", "y2"), "polygon": ("points",),
    "polyline": ("points",), "use": ("x", "y", "width", "height", "href"), "g": (), "a": ("href", "target"), "switch": (),
    "svg": ("x", "y", "width", "height", "viewBox", "preserveAspectRatio", "version", "baseProfile", "zoomAndPan",
            "contentStyleType", "contentScriptType"),
    "symbol": ("viewBox", "preserveAspectRatio"), "clipPath": ("clipPathUnits",),
}  # fmt: skip
# Names, notes and what is for readers of the screen: without effect on what is seen.
_ALWAYS = {"id", "class", "style", "lang", "role", "tabindex", "focusable"}
_GROUPS = ("svg", "g", "a", "switch")
_CAPS, _JOINS = ("butt", "round", "square"), ("miter", "round", "bevel")
_USES_MAX = 40
# Of the drawing's longer side: a dash and its gap together that are shorter are drawn as a tone, by each program its own.
_DASH_LEAST = 1 / 500


@dataclass(frozen=True)
class _Around:
    """What an element finds around it: its transform to the drawing's units, what is handed down of style, what percentages
    are of, the font size in pixels where known, and how many references led here."""

    matrix: Matrix
    style: dict[str, str]
    view: tuple[float, float]
    em: float | None = None
    uses: int = 0


class Reader:
    def __init__(self, root: ElementTree.Element, seen: svgdoc.Canvas) -> None:
        self.root = root
        self.seen = seen
        self.styles = svgstyle.Styles(root)
        self.parents = {child: parent for parent in root.iter() for child in parent}
        # Of two parts with one name none is meant for certain.
        self.by_id: dict[str, ElementTree.Element | None] = {}
        for element in root.iter():
            if not element.tag.startswith("{"):
                raise NotFlat("The drawing has a part outside every vocabulary, which programs read differently.")
            if (name := element.get("id")) is not None:
                self.by_id[name] = None if name in self.by_id else element
        self.count = 0
        # Finer than any renderer or cutting machine resolves.
        self.tolerance = max(seen.box[2:]) / 40_000

    def shapes(self) -> list[Shape]:
        if self.root.get("transform") or self.styles.of(self.root).get("clip-path", "none") != "none":
            raise NotFlat("The drawing transforms or clips its whole self, which programs read differently.")
        svgvalues.aspect(self.root.get("preserveAspectRatio"))
        for key in ("width", "height"):
            text = self.root.get(key, "auto").strip()
            if text != "auto" and svgvalues.absolute(text) is None and not text.endswith("%"):
                raise NotFlat("The drawing states its size in a unit that is not known.")
        if self.root.get("viewBox") is not None and svgvalues.view_box(self.root.get("viewBox")) is None:
            raise NotFlat("The drawing has a view box that cannot be read.")
        start = _Around((1.0, 0.0, 0.0, self.seen.stretch, 0.0, 0.0), {}, self.seen.view)
        return self._element(self.root, start, top=True)

    def _element(self, element: ElementTree.Element, around: _Around, top: bool = False) -> list[Shape]:
        kind = local(element)
        if kind in _QUIET or not kind:
            return []
        own = self.styles.of(element)
        if own.get("display") == "none":
            return []
        if kind not in _GEOMETRY or kind == "symbol":
            raise NotFlat(f"The drawing holds a “{kind}”, which is not a flat shape.")
        self._attributes(element, kind)
        around = self._within(element, own, around)
        if kind == "use":
            found = self._used(element, around)
        elif kind == "svg" and not top:
            found = self._viewport(element, around, element.get("width"), element.get("height"), own)
        elif kind in _GROUPS:
            found = self._children(element, kind, around)
        else:
            found = self._shape(element, kind, around)
        if (clip := own.get("clip-path", "none")) != "none":
            if kind == "use" and any(self._length(element, k, around) for k in ("x", "y")):
                raise NotFlat("The drawing clips a copy that is moved, which programs read differently.")
            found = self._clipped(found, self._clip_area(clip, around))
        return self._faded(found, svgvalues.share(own.get("opacity", "1")))

    def _attributes(self, element: ElementTree.Element, kind: str) -> None:
        for name in element.attrib:
            if name.startswith("{"):
                if name.startswith(("{" + SVG, "{" + svgdoc.XML)) and not name.endswith(("}space", "}lang")):
                    raise NotFlat("The drawing has an attribute that programs read differently.")
                continue
            if name in _ALWAYS or name in _GEOMETRY[kind] or name.startswith(("data-", "aria-")):
                continue
            if name == "transform" and kind not in ("svg", "symbol"):
                continue
            if name == "transform" or not svgstyle.is_property(name):
                raise NotFlat(f"The drawing uses the attribute “{name[:40]}”, which is not known here.")

    def _within(self, element: ElementTree.Element, own: dict[str, str], around: _Around) -> _Around:
        style, em = dict(around.style), around.em
        for name, value in own.items():
            if name in svgstyle.INHERITED and value != "inherit":
                style[name] = value
        if own.get("font-size", "inherit") != "inherit":
            # Percentages are of the font size around; words such as “large” are of no size that is known.
            try:
                em = svgvalues.length(own["font-size"], em if em is not None else math.nan, em)
            except svgvalues.BadValue:
                em = None
            em = None if em is not None and math.isnan(em) else em
        if own.get("color", "inherit").lower() == "currentcolor":
            style["color"] = around.style.get("color", "black")
        matrix = svgpath.multiply(around.matrix, svgpath.parse_transform(element.get("transform")))
        return replace(around, matrix=matrix, style=style, em=em)

    def _children(self, element: ElementTree.Element, kind: str, around: _Around) -> list[Shape]:
        children = [c for c in element if local(c)]
        if kind == "switch" and len(children) != 1:
            raise NotFlat("The drawing leaves it to the program which of its parts are seen.")
        return [shape for child in children for shape in self._element(child, around)]

    def _used(self, element: ElementTree.Element, around: _Around) -> list[Shape]:
        target = self.by_id.get(svgdoc.href(element))
        if target is None or around.uses >= _USES_MAX:
            raise NotFlat("The drawing refers to a part that is not there, or to itself.")
        x, y = self._length(element, "x", around), self._length(element, "y", around)
        moved = replace(around, matrix=svgpath.multiply(around.matrix, (1, 0, 0, 1, x, y)), uses=around.uses + 1)
        kind = local(target)
        if kind not in ("symbol", "svg"):
            return self._element(target, moved)
        own = self.styles.of(target)
        if own.get("display") == "none":
            raise NotFlat("The drawing uses a part that is not displayed.")
        if own.get("clip-path", "none") != "none" or own.get("opacity", "1") != "1":
            raise NotFlat("The drawing uses a part in a way that programs read differently.")
        self._attributes(target, kind)
        within = self._within(target, own, moved)
        width, height = element.get("width", target.get("width")), element.get("height", target.get("height"))
        if kind == "symbol":
            width, height = element.get("width"), element.get("height")
        return self._viewport(target, within, width, height, own)

    def _viewport(
        self, element: ElementTree.Element, around: _Around, across: str | None, down: str | None, own: dict[str, str]
    ) -> list[Shape]:
        """What is in a nested `svg` or a used `symbol`, cut at its edges."""
        symbol = local(element) == "symbol"
        x = 0.0 if symbol else self._length(element, "x", around)
        y = 0.0 if symbol else self._length(element, "y", around)
        width = svgvalues.length(across or "100%", around.view[0], around.em)
        height = svgvalues.length(down or "100%", around.view[1], around.em)
        if width < 0 or height < 0:
            raise NotFlat("The drawing has a size below nothing.")
        if width == 0 or height == 0:
            return []
        fit = svgvalues.aspect(element.get("preserveAspectRatio"))
        box = svgvalues.view_box(element.get("viewBox"))
        if box is None and element.get("viewBox") is not None:
            raise NotFlat("The drawing has a view box that cannot be read.")
        matrix: Matrix = (1, 0, 0, 1, x, y)
        if box is not None:
            sx, sy = width / box[2], height / box[3]
            if fit.keeps:
                sx = sy = max(sx, sy) if fit.slices else min(sx, sy)
            left = x + (width - box[2] * sx) * fit.x if fit.keeps else x
            high = y + (height - box[3] * sy) * fit.y if fit.keeps else y
            matrix = (sx, 0, 0, sy, left - box[0] * sx, high - box[1] * sy)
        # In a symbol without a view box renderers take percentages of what is around it, browsers of its own size.
        view = (box[2], box[3]) if box else (math.nan, math.nan) if symbol else (width, height)
        inner = replace(around, matrix=svgpath.multiply(around.matrix, matrix), view=view)
        found = [shape for child in element if local(child) for shape in self._element(child, inner)]
        overflow = own.get("overflow", "hidden")
        if overflow in ("visible", "auto"):
            return found
        if overflow not in ("hidden", "scroll"):
            raise NotFlat("The drawing cuts its parts in a way that is not known.")
        edge = svgpath.rectangle(x, y, width, height, 0, 0).moved(around.matrix)
        return self._clipped(found, svgclip.area([edge], False, self.tolerance))

    # ---- shapes ----------------------------------------------------------------------------------------------------

    def _length(self, element: ElementTree.Element, name: str, around: _Around, default: float = 0.0) -> float:
        text = element.get(name)
        if text is None:
            return default
        return svgvalues.length(text, _whole(name, around.view), around.em)

    def _outlines(self, element: ElementTree.Element, kind: str, around: _Around) -> list[Subpath]:
        n = {k: self._length(element, k, around) for k in _GEOMETRY[kind] if k not in ("d", "points", "pathLength")}
        if any(n.get(k, 0) < 0 for k in ("r", "rx", "ry", "width", "height")):
            raise NotFlat("The drawing has a size below nothing.")
        if kind == "path":
            return svgpath.parse_path(element.get("d", ""))
        if kind == "circle":
            return [svgpath.ellipse(n["cx"], n["cy"], n["r"], n["r"])] if n["r"] else []
        if kind == "ellipse":
            if (element.get("rx") is None) != (element.get("ry") is None):
                raise NotFlat("The drawing has an ellipse with one radius, which programs read differently.")
            return [svgpath.ellipse(n["cx"], n["cy"], n["rx"], n["ry"])] if n["rx"] and n["ry"] else []
        if kind == "rect":
            rx = n["rx"] if element.get("rx") is not None else n["ry"]
            ry = n["ry"] if element.get("ry") is not None else n["rx"]
            whole = n["width"] and n["height"]
            return [svgpath.rectangle(n["x"], n["y"], n["width"], n["height"], rx, ry)] if whole else []
        if kind == "line":
            return [svgpath.polyline([(n["x1"], n["y1"]), (n["x2"], n["y2"])], False)]
        numbers = svgvalues.numbers(element.get("points", ""))
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        if len(numbers) % 2 or len(points) == 1:
            raise NotFlat("The drawing has a polygon whose points do not come in pairs.")
        return [svgpath.polyline(points, kind == "polygon")] if points else []

    def _shape(self, element: ElementTree.Element, kind: str, around: _Around) -> list[Shape]:
        subpaths = self._outlines(element, kind, around)
        style, matrix = around.style, around.matrix
        visibility = style.get("visibility", "visible")
        if visibility not in ("visible", "hidden", "collapse"):
            raise NotFlat("The drawing hides its parts in a way that is not known.")
        if not subpaths or visibility != "visible" or matrix[0] * matrix[3] == matrix[1] * matrix[2]:
            return []
        self.count += 1
        if self.count > SHAPES_MAX:
            raise NotFlat(f"The drawing has more than {SHAPES_MAX} shapes.")
        shape = self._painted(element, kind, around, tuple(subpaths))
        if shape is None:
            return []
        scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
        if shape.dash and sum(shape.dash) * scale < _DASH_LEAST * max(self.seen.box[2:]):
            raise NotFlat("The drawing has dashes so fine that programs draw them differently.")
        if shape.stroke is None or svgpath.keeps_shape(matrix):
            shape = replace(
                shape, subpaths=tuple(s.moved(matrix) for s in subpaths), stroke_width=shape.stroke_width * scale,
                dash=tuple(d * scale for d in shape.dash), dash_offset=shape.dash_offset * scale,
            )  # fmt: skip
        else:
            shape = replace(shape, matrix=matrix)
        order = style.get("paint-order", "normal").split()
        if any(word not in ("normal", "fill", "stroke", "markers") for word in order):
            raise NotFlat("The drawing is painted in an order that is not known.")
        return list(reversed(shape.parts)) if _stroke_first(order) else [shape]

    def _painted(
        self, element: ElementTree.Element, kind: str, around: _Around, subpaths: tuple[Subpath, ...]
    ) -> Shape | None:
        style = around.style
        current = svgvalues.color(style.get("color", "black"), ((0, 0, 0), 1.0))
        fill = None if kind == "line" else svgvalues.color(style.get("fill", "black"), current)
        stroke = svgvalues.color(style.get("stroke", "none"), current)
        fill_opacity = svgvalues.share(style.get("fill-opacity", "1")) * (fill[1] if fill else 1)
        stroke_opacity = svgvalues.share(style.get("stroke-opacity", "1")) * (stroke[1] if stroke else 1)
        diagonal = _whole("r", around.view)
        width = svgvalues.length(style.get("stroke-width", "1"), diagonal, around.em)
        rule, cap = style.get("fill-rule", "nonzero"), style.get("stroke-linecap", "butt")
        join, miter = style.get("stroke-linejoin", "miter"), svgvalues.number(style.get("stroke-miterlimit", "4"))
        if rule not in ("nonzero", "evenodd") or cap not in _CAPS or join not in _JOINS or miter < 1 or width < 0:
            raise NotFlat("The drawing has lines of a kind that is not known.")
        visible_fill = fill[0] if fill and fill_opacity > 0 else None
        visible_stroke = stroke[0] if stroke and stroke_opacity > 0 and width > 0 else None
        if visible_fill is None and visible_stroke is None:
            return None
        dash = self._dash(style.get("stroke-dasharray", "none"), diagonal, around.em) if visible_stroke else ()
        if dash and element.get("pathLength") is not None:
            raise NotFlat("The drawing has dashes measured along its own length.")
        offset = svgvalues.length(style.get("stroke-dashoffset", "0"), diagonal, around.em) % sum(dash) if dash else 0.0
        return Shape(
            subpaths, visible_fill, fill_opacity, rule == "evenodd", visible_stroke, stroke_opacity, width, cap, join, miter,
            dash, offset,
        )  # fmt: skip

    def _dash(self, text: str, diagonal: float, em: float | None) -> tuple[float, ...]:
        """Lengths of dash and gap in turn, an even number of them; empty for a solid line."""
        if text == "none":
            return ()
        lengths = [svgvalues.length(t, diagonal, em) for t in text.replace(",", " ").split()]
        if any(v < 0 for v in lengths) or ",," in "".join(text.split()):
            raise NotFlat("The drawing has dashes that cannot be read.")
        return tuple(lengths * (1 + len(lengths) % 2)) if sum(lengths) > 0 else ()

    # ---- opacity and clips of whole groups --------------------------------------------------------------------------

    def _faded(self, shapes: list[Shape], opacity: float) -> list[Shape]:
        """Shapes as they are when their group is see-through: exactly so only where none lies on another."""
        if opacity == 1 or not shapes:
            return shapes
        if opacity == 0:
            return []
        parts = [part for shape in shapes for part in shape.parts]
        frames = [frame(p) for p in parts]
        tree = shapely.STRtree(frames)
        if len(tree.query(frames, predicate="intersects")[0]) > len(frames):
            raise NotFlat("The drawing has a see-through group whose parts lie on each other.")
        return [
            replace(p, fill_opacity=p.fill_opacity * opacity, stroke_opacity=p.stroke_opacity * opacity) for p in parts
        ]

    def _clip_area(self, value: str, around: _Around) -> BaseGeometry:
        """What a clip path lets through, in the drawing's units."""
        name = svgdoc.referenced(value)
        clip = self.by_id.get(name) if name else None
        if clip is None or local(clip) != "clipPath":
            raise NotFlat("The drawing clips its parts by something that is not known.")
        self._attributes(clip, "clipPath")
        own = self.styles.of(clip)
        if own.get("clip-path", "none") != "none" or clip.get("clipPathUnits", "userSpaceOnUse") != "userSpaceOnUse":
            raise NotFlat("The drawing has a clip of a clip, or one measured by what it clips.")
        inner = self._within(clip, own, replace(around, style=self._standing(clip)))
        found = []
        for child in clip:
            kind = local(child)
            if kind in ("title", "desc", "metadata", ""):
                continue
            at, shown = inner, True
            if kind == "use":
                # Illustrator writes every clip so: a copy of a shape that stands beside it.
                at, shown = self._clip_part(child, kind, at)
                x, y = self._length(child, "x", at), self._length(child, "y", at)
                at = replace(at, matrix=svgpath.multiply(at.matrix, (1, 0, 0, 1, x, y)))
                target = self.by_id.get(svgdoc.href(child))
                child, kind = (target, local(target)) if target is not None else (child, "")
            if kind not in _GEOMETRY or kind in (*_GROUPS, "symbol", "use"):
                raise NotFlat("The drawing clips its parts by more than plain shapes.")
            at, displayed = self._clip_part(child, kind, at)
            rule = at.style.get("clip-rule", "nonzero")
            if rule not in ("nonzero", "evenodd") or at.style.get("visibility", "visible") != "visible":
                raise NotFlat("The drawing clips its parts by a rule that is not known.")
            if shown and displayed:
                moved = [s.moved(at.matrix) for s in self._outlines(child, kind, at)]
                found.append(svgclip.area(moved, rule == "evenodd", self.tolerance))
        return shapely.union_all(found)

    def _clip_part(self, element: ElementTree.Element, kind: str, around: _Around) -> tuple[_Around, bool]:
        """What is around the inside of one part of a clip, and whether the part is displayed."""
        own = self.styles.of(element)
        if own.get("clip-path", "none") != "none":
            raise NotFlat("The drawing has a clip of a clip, or one measured by what it clips.")
        self._attributes(element, kind)
        return self._within(element, own, around), own.get("display") != "none"

    def _standing(self, element: ElementTree.Element) -> dict[str, str]:
        """What an element that is only referred to takes over of style: from where it stands, not from where it is used."""
        above: list[ElementTree.Element] = []
        while (parent := self.parents.get(element)) is not None:
            above.append(parent)
            element = parent
        style: dict[str, str] = {}
        for parent in reversed(above):
            style |= {k: v for k, v in self.styles.of(parent).items() if k in svgstyle.INHERITED and v != "inherit"}
        return style

    def _clipped(self, shapes: list[Shape], region: BaseGeometry) -> list[Shape]:
        found = []
        shapely.prepare(region)
        for shape in shapes:
            extent = frame(shape)
            if region.contains(extent):
                found.append(shape)
                continue
            if not region.intersects(extent):
                continue
            if shape.stroke is not None:
                raise NotFlat("The drawing clips a line, which leaves no line.")
            area = svgclip.area(shape.subpaths, shape.even_odd, self.tolerance)
            left = svgclip.outlines(area.intersection(region))
            if left:
                found.append(replace(shape, subpaths=tuple(left), even_odd=True))
        return found


def _whole(name: str, view: tuple[float, float]) -> float:
    """What a percentage of this attribute is a part of."""
    if name in ("x", "width", "cx", "rx", "x1", "x2"):
        return view[0]
    return view[1] if name in ("y", "height", "cy", "ry", "y1", "y2") else math.hypot(*view) / math.sqrt(2)


def _stroke_first(order: Sequence[str]) -> bool:
    return "stroke" in order and ("fill" not in order or order.index("stroke") < order.index("fill"))

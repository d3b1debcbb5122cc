"""The text of an SVG file as a tree, its visible region, and the size in inches it states.

Entities and internal subsets are refused before anything is expanded. Nothing outside the file is ever opened: a
document type that only names its address is skipped.
"""

from __future__ import annotations

import copy
import math
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from xml.parsers import expat

from elistit.artwork import svgvalues

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
# Deeper than any drawing program writes, and shallow enough for everything that walks the tree.
DEPTH_MAX = 120
# For libvips' loader: millimetres and the like at 96 pixels to the inch as SVG has them, and pixels left as they are.
AT_96 = {"dpi": svgvalues.PER_INCH, "scale": 72 / svgvalues.PER_INCH}
_ILLUSTRATOR = "http://ns.adobe.com/AdobeIllustrator/"
_DECLARED = re.compile(rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z][\w.-]*)[\"']")
_EAST_ASIAN = {
    "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "cp932": "cp932", "euc-jp": "euc_jp",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "euc-kr": "cp949", "ks-c-5601-1987": "cp949",
}  # fmt: skip
_SUBSET = (
    "The SVG declares entities or an internal subset, which are not allowed; "
    "save it as “plain SVG” or “optimized SVG” and use that file."
)


class NotSvg(ValueError):
    """The text is not a well-formed SVG document. The message is one plain sentence."""


@dataclass(frozen=True)
class Canvas:
    """What a drawing shows of its plane. `box`: left, top, width and height of the visible region in its own units, after
    `stretch` (down by this much, 1 for nearly every drawing). `view`: what percentages are taken of. `inches`: width and
    height where the drawing states them in a unit of length, else None; pixels are not one."""

    box: tuple[float, float, float, float]
    view: tuple[float, float]
    stretch: float = 1.0
    inches: tuple[float, float] | None = None


def parse(text: str | bytes) -> ElementTree.Element:
    """The document as a tree. Raises NotSvg when it is not well-formed, not SVG, or declares entities or a subset."""
    data = text.encode() if isinstance(text, str) else _readable(text)
    parser = expat.ParserCreate(namespace_separator="}")
    builder = ElementTree.TreeBuilder()

    def refuse(*_: object) -> None:
        raise NotSvg(_SUBSET)

    def doctype(_name: str, _system: str | None, _public: str | None, subset: int) -> None:
        if subset:
            refuse()

    def name(tag: str) -> str:
        return "{" + tag if "}" in tag else tag

    parser.StartDoctypeDeclHandler = doctype
    # With a document type outside the file, an unknown entity is skipped silently rather than an error.
    parser.EntityDeclHandler = parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = refuse
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


def _readable(data: bytes) -> bytes:
    """A file in an encoding the parser knows. Of those with several bytes to a character, which it doesn't, the ones East Asian
    programs write are written again in UTF-8. Raises NotSvg for the rest."""
    declared = _DECLARED.match(data)
    if declared is None:
        return data
    name = declared[1].decode("ascii").lower().replace("_", "-")
    try:
        if name in _EAST_ASIAN:
            return re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode(_EAST_ASIAN[name])).encode()
        expat.ParserCreate().Parse(declared[0] + b"?><a/>", True)
    except (ValueError, LookupError, expat.ExpatError):
        raise NotSvg("The SVG is in an encoding that can't be read; save it in UTF-8.") from None
    return data


def editor_copies(root: ElementTree.Element) -> list[tuple[ElementTree.Element, ElementTree.Element]]:
    """What Illustrator puts into a drawing for itself, which no other program draws: a `foreignObject` in a `switch` that
    asks for Illustrator. Each with the element it is in."""
    return [
        (switch, child)
        for switch in root.iter(f"{{{SVG}}}switch")
        for child in switch
        if local(child) == "foreignObject" and child.get("requiredExtensions", "").strip().startswith(_ILLUSTRATOR)
    ]


def _refuse_style_sheet(target: str, _: str) -> None:
    if target.lower() == "xml-stylesheet":
        raise NotSvg("The SVG refers to a style sheet outside the file.")


def local(element: ElementTree.Element) -> str:
    """The element's name without its namespace; empty for one of another vocabulary or of none."""
    namespace, _, tag = element.tag.rpartition("}")
    return tag if namespace == "{" + SVG else ""


def href(element: ElementTree.Element) -> str:
    """The id that an element refers to within its file; empty when it refers to none."""
    address = (element.get("href") or element.get(f"{{{XLINK}}}href") or "").strip()
    return address[1:] if address.startswith("#") else ""


def canvas(root: ElementTree.Element) -> Canvas | None:
    """What the drawing shows: the view box placed in the size it states. None when it has no usable box and no size."""
    box = svgvalues.view_box(root.get("viewBox"))
    across, down = (svgvalues.absolute(root.get(key)) for key in ("width", "height"))
    if any(side is not None and side.pixels <= 0 for side in (across, down)):
        return None
    physical = any(side is not None and side.physical for side in (across, down))
    if box is None:
        if across is None or down is None:
            return None
        box = (0.0, 0.0, across.pixels, down.pixels)
    *_, wide, high = box
    # A side that is not stated, or only as a part of what shows it, follows the other one.
    width = across.pixels if across else down.pixels * wide / high if down else wide
    height = down.pixels if down else width * high / wide
    inches = (width / svgvalues.PER_INCH, height / svgvalues.PER_INCH) if physical else None
    try:
        aspect = svgvalues.aspect(root.get("preserveAspectRatio"))
    except svgvalues.BadValue:
        aspect = svgvalues.Aspect()
    return _placed(box, width / wide, height / high, aspect, inches)


def _placed(
    box: tuple[float, float, float, float],
    x: float,
    y: float,
    aspect: svgvalues.Aspect,
    inches: tuple[float, float] | None,
) -> Canvas:
    left, top, wide, high = box
    if math.isclose(x, y, rel_tol=1e-4):
        return Canvas(box, (wide, high), 1.0, inches)
    if not aspect.keeps:
        return Canvas((left, top * y / x, wide, high * y / x), (wide, high), y / x, inches)
    scale = max(x, y) if aspect.slices else min(x, y)
    across, down = wide * x / scale, high * y / scale
    seen = (left - (across - wide) * aspect.x, top - (down - high) * aspect.y, across, down)
    return Canvas(seen, (wide, high), 1.0, inches)


def sized(root: ElementTree.Element, width: int, height: int) -> str:
    """The drawing as text with another size in pixels, everything else as it is. Raises NotSvg without a visible region."""
    seen = canvas(root)
    if seen is None:
        raise NotSvg("The SVG has no view box and no size.")
    inner = copy.copy(root)
    inner.attrib = dict(root.attrib)
    box = svgvalues.view_box(root.get("viewBox"))
    whole = " ".join(f"{v:.10g}" for v in seen.box)
    if box is None:
        inner.set("viewBox", whole)
    # Pixels are whole: stretching by the last half of one keeps the size exact. A drawing that is not wholly its view box is
    # framed by its visible region for that, so that percentages inside stay what they are.
    simple = box is None or (seen.box == box and seen.stretch == 1.0)
    outer = inner if simple else ElementTree.Element(f"{{{SVG}}}svg")
    if not simple:
        for key, value in zip(("x", "y", "width", "height"), seen.box, strict=True):
            inner.set(key, f"{value:.10g}")
        outer.append(inner)
        outer.set("viewBox", whole)
    outer.set("preserveAspectRatio", "none")
    outer.set("width", str(width))
    outer.set("height", str(height))
    return written(outer)


def written(root: ElementTree.Element) -> str:
    """The tree as text."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    return ElementTree.tostring(root, encoding="unicode")


def referenced(text: str) -> str | None:
    """The id in `url(#id)`; None when the text is not such a reference alone."""
    match = re.fullmatch(r"""url\(\s*(["']?)#([^"'()\s]+)\1\s*\)""", text.strip(), re.IGNORECASE)
    return match.group(2) if match else None

"""An SVG drawing read as flat shapes in paint order, and written again.

Reading is by a closed list: what is not known and resolved raises `NotFlat`, and the drawing stays as it is. Nothing is left
out because it is unknown, and nothing outside the file is ever opened.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import shapely

from elistit.artwork import svgclip, svgdoc, svgpath, svgreader, svgstyle, svgvalues
from elistit.artwork.shapes import Drawing, NotFlat, Shape, decimals, to_svg
from elistit.artwork.svgdoc import SVG, XLINK, NotSvg, local, parse

__all__ = [
    "SVG", "XLINK", "Drawing", "NotFlat", "NotSvg", "Shape", "decimals", "local", "parse", "read", "to_svg", "view_box",
]  # fmt: skip


def read(text: str | bytes) -> Drawing:
    """The flat shapes of a drawing. Raises NotSvg or NotFlat."""
    root = parse(text)
    seen = svgdoc.canvas(root)
    if seen is None:
        raise NotSvg("The SVG has no view box and no size.")
    try:
        shapes = svgreader.Reader(root, seen).shapes()
    except (svgvalues.BadValue, svgstyle.UnknownStyle, svgclip.CannotCut) as error:
        raise NotFlat(str(error)) from None
    except svgpath.BadPath as error:
        raise NotFlat(f"The SVG has a shape that cannot be read: {error}.") from None
    except (ArithmeticError, shapely.errors.GEOSException):
        raise NotFlat("The SVG has a shape whose numbers cannot be handled.") from None
    return Drawing(seen.box, tuple(shapes), seen.inches)


def view_box(root: ElementTree.Element) -> tuple[float, float, float, float] | None:
    """Left, top, width and height of the visible region; None when the drawing has no usable view box and no size."""
    seen = svgdoc.canvas(root)
    return seen.box if seen else None

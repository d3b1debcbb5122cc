"""Words and rules on a composed image: set by the lettering engine, laid over the painting so that they stay crisp.

What is lettered is filled outlines in canvas units, apart from the shapes that are painted. It must never letter a word that
the composer wasn't given, nor fall back to a font of the machine.
"""

from __future__ import annotations

from elistit_artist.compose.canvas import Canvas
from elistit_artist.lettering import outlines, setting
from elistit_artist.lettering.faces import Face
from elistit_artist.lettering.shapes import union


def set_line(
    canvas: Canvas, text: str, face: Face, at: tuple[float, float], size: float, room: float, fill: str,
    tracking: float = 0.0, align: str = "center",
) -> float:  # fmt: skip
    """One line on the baseline `at`, `size` units to the em, smaller where it would be wider than `room`. Answers the size it
    was set in. Raises CannotLetter."""
    wide = setting.width_of(text, face, tracking) * size
    size *= min(1.0, room / max(wide, 1.0))
    drawn = setting.line(text, face, size, tracking)
    seen = drawn.seen
    shift = {"left": seen.left, "right": seen.right}.get(align, seen.center[0])
    shape = outlines.polygons(union(drawn.moved(at[0] - shift, at[1])))
    canvas.letters.append(f'<path fill="{fill}" fill-rule="evenodd" d="{outlines.path(shape)}"/>')
    return size


def border(canvas: Canvas, inset: float, thick: float, fill: str) -> None:
    """A thin rule around the image, `inset` from its edges."""
    outer = _rect(inset, inset, canvas.w - inset, canvas.h - inset)
    inner = _rect(inset + thick, inset + thick, canvas.w - inset - thick, canvas.h - inset - thick)
    canvas.letters.append(f'<path fill="{fill}" fill-rule="evenodd" d="{outer}{inner}"/>')


def panel(canvas: Canvas, x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
    """A plain field under the words, in units."""
    canvas.letters.append(f'<path fill="{fill}" d="{_rect(x0, y0, x1, y1)}"/>')


def _rect(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}L{x0:.1f} {y1:.1f}Z"

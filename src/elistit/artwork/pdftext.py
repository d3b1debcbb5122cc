"""Text on a PDF page: real, selectable text in embedded fonts where the bundled typeface can set it letter by letter, and
outlines of the shaped letters with the words beside them for search and copying everywhere else.

It must never leave a font unembedded or draw an empty box: text no bundled typeface can set raises `CannotSet`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from elistit.artwork import typefaces
from elistit.artwork.typefaces import SERIF
from elistit.artwork.typesetting import Run, SetLine, Step


class Page(Canvas):  # type: ignore[misc]
    """A canvas that names no font of its own. reportlab begins every page in Helvetica, which it does not embed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        register_fonts()
        super().__init__(*args, **{"initialFontName": SERIF.code, **options})


def register_fonts() -> None:
    """Make the bundled typefaces known to the PDF writer. Harmless when done again."""
    for face in typefaces.ALL:
        if face.code not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(face.code, str(face.path)))


def draw_line(canvas: Canvas, line: SetLine, size: float, x: float, y: float, anchor: str = "start") -> None:
    """Draw a line in the present fill color, its baseline at y and x as its `start` or `middle`, in points."""
    left = x - line.width * size / 2 if anchor == "middle" else x
    if any(not run.real for run in line.runs) and line.rtl:
        # The order of the pieces is not the order in which the line is read, so its words are given as a whole.
        _outlines(canvas, line.runs, line.text, size, left, y, line.width)
        return
    for run in line.runs:
        if run.real:
            canvas.setFont(run.face.code, size)
            canvas.drawString(left + run.x * size, y, run.text)
        else:
            _outlines(canvas, [run], run.text, size, left, y, run.width)


def _outlines(canvas: Canvas, runs: Iterable[Run], words: str, size: float, x: float, y: float, width: float) -> None:
    """Fill the letters. What is read and copied is `words`: they replace a space as wide as the letters, in an embedded font."""
    runs = list(runs)
    text = unicodedata.normalize("NFC", words).encode("utf-16-be").hex().upper()
    canvas._code.append(f"/Span <</ActualText <FEFF{text}>>> BDC")
    path = canvas.beginPath()
    for run in runs:
        for step in run.outline():
            _add(path, step, size, x, y)
    canvas.drawPath(path, stroke=0, fill=1)
    space = pdfmetrics.stringWidth(" ", SERIF.code, size)
    written = canvas.beginText(x + runs[0].x * size, y)
    written.setFont(SERIF.code, size)
    written.setHorizScale(100 * max(width * size, 0.01) / space)
    written.textOut(" ")
    written.setHorizScale(100)
    canvas.drawText(written)
    canvas._code.append("EMC")


def _add(path: Any, step: Step, size: float, x: float, y: float) -> None:
    kind, *numbers = step
    points = [(y if i % 2 else x) + v * size for i, v in enumerate(numbers)]
    if kind == "M":
        path.moveTo(*points)
    elif kind == "L":
        path.lineTo(*points)
    elif kind == "C":
        path.curveTo(*points)
    else:
        path.close()

"""One line of text as a mask of pixels, for images.

What the wanted typeface can set alone is set by Pango; other scripts and emoji are drawn from the outlines HarfBuzz shaped.
It must never draw an empty box: text no bundled typeface can set raises `CannotSet`.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
import pyvips

from elistit.artwork.typefaces import Face
from elistit.artwork.typesetting import SetLine, path_data, set_line


@dataclass(frozen=True)
class Line:
    """One line of set text: `mask` is its coverage, uint8, cropped left and right to the ink; `baseline` the row of the
    mask on which the letters stand."""

    mask: np.ndarray
    baseline: int

    @property
    def width(self) -> int:
        return int(self.mask.shape[1])


def typeset(text: str, face: Face, size: float, *, spacing: float = 0.0, rtl: bool | None = None) -> Line:
    """Set one line of text. `size` is the font size in pixels; `spacing` extra room between letters as a part of the
    size (0.1 = 10 %), for what the typeface sets alone. `rtl`: the direction of its paragraph. Blank text gives a line
    one pixel wide with nothing on it. Raises CannotSet.
    """
    if not text.strip():
        return Line(np.zeros((1, 1), np.uint8), 0)
    line = set_line(text, face, rtl)
    if not line.plain:
        return _drawn(line, size)
    # Pango crops to the ink, which hides where the baseline is. A leading "H" stands on it, so it is set too and cut off.
    h_width = _render("H", face, size, spacing).shape[1]
    whole = _render("H\u2003" + line.text, face, size, spacing)
    baseline = int(np.flatnonzero(whole[:, :h_width].max(1) > 127)[-1]) + 1
    ink = np.flatnonzero(whole[:, h_width + 1 :].max(0))
    return Line(whole[:, h_width + 1 + ink[0] :], baseline) if len(ink) else Line(np.zeros((1, 1), np.uint8), 0)


def _render(text: str, face: Face, size: float, spacing: float) -> np.ndarray:
    # Pango counts letter spacing in 1/1024 points; at 72 dpi a point is a pixel.
    markup = f'<span letter_spacing="{round(spacing * size * 1024)}">{html.escape(text)}</span>'
    image = pyvips.Image.text(markup, font=f"{face.pango} {size:g}", fontfile=str(face.path), dpi=72)
    mask = image.numpy()
    return mask[..., 0] if mask.ndim == 3 else mask


def _drawn(line: SetLine, size: float) -> Line:
    left, bottom, right, top = (v * size for v in line.box)
    width, above, below = max(1, int(np.ceil(right - left))), max(0, int(np.ceil(top))), max(0, int(np.ceil(-bottom)))
    height = max(1, above + below + 1)
    path = path_data(line, size, -left, above)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><path d="{path}"/></svg>'
    return Line(pyvips.Image.svgload_buffer(svg.encode(), unlimited=True).numpy()[..., 3], above)

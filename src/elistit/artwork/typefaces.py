"""The typefaces of pictures and documents, so that text looks the same on a bare machine without any font.

Source Serif Pro and Source Sans Pro (SIL Open Font License 1.1) come as installed packages. This module must never
fall back silently to whatever font the machine happens to have.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyvips


@dataclass(frozen=True)
class Face:
    """One cut of a typeface: `pango` is how Pango names it, `code` how PDF documents here name it."""

    code: str
    pango: str
    package: str
    file: str

    @property
    def path(self) -> Path:
        """The font file. Raises FileNotFoundError when the package that carries it is not installed."""
        return _font_file(self.package, self.file)


@cache
def _font_file(package: str, file: str) -> Path:
    path = Path(str(files(package).joinpath("files", file)))
    if not path.is_file():
        raise FileNotFoundError(f"The font file {file} of {package} is not installed.")
    return path


_SERIF, _SANS = "font_source_serif_pro", "font_source_sans_pro"
SERIF_LIGHT = Face("Serif-Light", "Source Serif Pro Light", _SERIF, "SourceSerifPro-Light.ttf")
SERIF = Face("Serif", "Source Serif Pro", _SERIF, "SourceSerifPro-Regular.ttf")
SERIF_ITALIC = Face("Serif-Italic", "Source Serif Pro Italic", _SERIF, "SourceSerifPro-It.ttf")
SANS = Face("Sans", "Source Sans Pro", _SANS, "SourceSansPro-Regular.ttf")
SANS_SEMIBOLD = Face("Sans-Semibold", "Source Sans Pro Semi-Bold", _SANS, "SourceSansPro-Semibold.ttf")
ALL = (SERIF_LIGHT, SERIF, SERIF_ITALIC, SANS, SANS_SEMIBOLD)


@dataclass(frozen=True)
class Line:
    """One line of set text: `mask` is its coverage, uint8, cropped left and right to the ink; `baseline` the row of the
    mask on which the letters stand."""

    mask: np.ndarray
    baseline: int

    @property
    def width(self) -> int:
        return int(self.mask.shape[1])


def typeset(text: str, face: Face, size: float, *, spacing: float = 0.0) -> Line:
    """Set one line of text. `size` is the font size in pixels; `spacing` extra room between letters as a part of the
    size (0.1 = 10 %). Blank text gives a line one pixel wide with nothing on it.
    """
    if not text.strip():
        return Line(np.zeros((1, 1), np.uint8), 0)
    # Pango crops to the ink, which hides where the baseline is. A leading "H" stands on it, so it is set too and cut off.
    h_width = _render("H", face, size, spacing).shape[1]
    whole = _render("H\u2003" + text.strip(), face, size, spacing)
    baseline = int(np.flatnonzero(whole[:, :h_width].max(1) > 127)[-1]) + 1
    ink = np.flatnonzero(whole[:, h_width + 1 :].max(0))
    return Line(whole[:, h_width + 1 + ink[0] :], baseline) if len(ink) else Line(np.zeros((1, 1), np.uint8), 0)


def _render(text: str, face: Face, size: float, spacing: float) -> np.ndarray:
    # Pango counts letter spacing in 1/1024 points; at 72 dpi a point is a pixel.
    markup = f'<span letter_spacing="{round(spacing * size * 1024)}">{html.escape(text)}</span>'
    image = pyvips.Image.text(markup, font=f"{face.pango} {size:g}", fontfile=str(face.path), dpi=72)
    mask = image.numpy()
    return mask[..., 0] if mask.ndim == 3 else mask

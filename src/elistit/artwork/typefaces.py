"""The typefaces of images and documents, so that text looks the same on a bare machine without any font.

Source Serif Pro and Source Sans Pro set Latin, Greek and Cyrillic; the Noto families set what they lack: other scripts,
symbols and emoji. All are under the SIL Open Font License 1.1 and come as installed packages. This module must never fall
back silently to whatever font the machine happens to have.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True)
class Face:
    """One cut of a typeface: `pango` is how Pango names it, `code` how PDF documents here name it.

    `weight` is the design weight (400 regular, 600 semi-bold); a variable font is set at it. `index` is the font's number
    in a collection. Only the faces in `ALL` are known to Pango and to PDF documents by name; the others are drawn.
    """

    code: str
    pango: str
    package: str
    file: str
    weight: int = 400
    index: int = 0

    @property
    def path(self) -> Path:
        """The font file. Raises FileNotFoundError when the package that carries it is not installed."""
        return _font_file(self.package, self.file)


@cache
def _font_file(package: str, file: str) -> Path:
    path = Path(str(files(package).joinpath(file)))
    if not path.is_file():
        raise FileNotFoundError(f"The font file {file} of {package} is not installed.")
    return path


_SERIF, _SANS = "font_source_serif_pro", "font_source_sans_pro"
SERIF_LIGHT = Face("Serif-Light", "Source Serif Pro Light", _SERIF, "files/SourceSerifPro-Light.ttf", 300)
SERIF = Face("Serif", "Source Serif Pro", _SERIF, "files/SourceSerifPro-Regular.ttf")
SERIF_ITALIC = Face("Serif-Italic", "Source Serif Pro Italic", _SERIF, "files/SourceSerifPro-It.ttf")
SANS = Face("Sans", "Source Sans Pro", _SANS, "files/SourceSansPro-Regular.ttf")
SANS_SEMIBOLD = Face("Sans-Semibold", "Source Sans Pro Semi-Bold", _SANS, "files/SourceSansPro-Semibold.ttf", 600)
ALL = (SERIF_LIGHT, SERIF, SERIF_ITALIC, SANS, SANS_SEMIBOLD)

_NOTO, _NOTO_CJK = "manimgx_fonts", "manimgx_fonts_cjk"
_NOTO_SCRIPTS = (
    "", "Hebrew", "Arabic", "Armenian", "Georgian", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil",
    "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Ethiopic",
)  # fmt: skip
# The number of each region's shapes in the collection of Chinese, Japanese and Korean.
CJK_REGIONS = {"JP": 0, "KR": 1, "SC": 2, "TC": 3}


@cache
def noto(weight: int) -> tuple[Face, ...]:
    """The Noto faces of scripts other than Chinese, Japanese and Korean, at a weight, in the order they are asked."""
    return tuple(
        Face(f"Noto-{name}-{weight}", "", _NOTO, f"NotoSans{name}[wght].ttf", weight) for name in _NOTO_SCRIPTS
    )


@cache
def noto_cjk(weight: int, region: str) -> Face:
    """Noto Sans CJK in the shapes of a region (a key of `CJK_REGIONS`)."""
    return Face(f"Noto-CJK-{region}-{weight}", "", _NOTO_CJK, "NotoSansCJK-VF.otf.ttc", weight, CJK_REGIONS[region])


@cache
def noto_symbols(weight: int) -> Face:
    return Face(f"Noto-Symbols-{weight}", "", _NOTO, "NotoSansSymbols[wght].ttf", weight)


@cache
def noto_emoji(weight: int) -> Face:
    """Emoji in one color, drawn like letters."""
    return Face(f"Noto-Emoji-{weight}", "", _NOTO, "NotoEmoji[wght].ttf", weight)

"""Write the studio's fonts, src/elistit/studio/static/studio/fonts and fonts.css, from the packages that set documents.

python scripts/studio_fonts.py            write them
python scripts/studio_fonts.py --check    exit status 1 when a file differs from what would be written

Each font is cut down to the characters of European languages in Latin script. Their license reserves the name “Source” for
unchanged fonts, so these have a name of their own; copyright and license stay in each file's own records.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.ttLib import TTFont

from elistit.artwork import typefaces
from elistit.studio.static_files import hashed

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "src" / "elistit" / "studio" / "static" / "studio"
# Basic Latin, Latin-1, Latin Extended-A and the comma letters of Romanian; accents, dashes, quotation marks, currency, arrows
# and comparison.
CHARACTERS = (
    "U+20-7E, U+A0-17F, U+192, U+218-21B, U+2C6, U+2C7, U+2D8-2DD, U+2010-2015, U+2018-201E, U+2020-2022, U+2026, U+2030,"
    " U+2032, U+2033, U+2039, U+203A, U+2044, U+20A0-20BF, U+2116, U+2122, U+2190-2193, U+2212, U+2248, U+2260, U+2264, U+2265"
)
FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "lnum", "frac")


class Cut(NamedTuple):
    """A font of the studio: its family there, the face it is made from, and the weights it serves."""

    family: str
    face: typefaces.Face
    style: str
    weights: str


CUTS = (
    Cut("Elistit Sans", typefaces.SANS, "normal", "400 500"),
    Cut("Elistit Sans", typefaces.SANS_SEMIBOLD, "normal", "600 700"),
    Cut("Elistit Serif", typefaces.SERIF, "normal", "400"),
    Cut("Elistit Serif", typefaces.SERIF_ITALIC, "italic", "400"),
)
# Text never moves: a font that is not there at once is used from the next page on.
RULE = """@font-face {{
  font-family: "{family}";
  font-style: {style};
  font-weight: {weights};
  font-display: optional;
  src: url("{file}") format("woff2");
  unicode-range: {characters};
}}
"""
HEAD = "/* Written by scripts/studio_fonts.py: the fonts of documents, cut down for pages. */\n"


def cut_down(cut: Cut) -> bytes:
    """The font as WOFF2. The same bytes from the same packages."""
    font = TTFont(cut.face.path, recalcTimestamp=False)
    options = subset.Options(layout_features=list(FEATURES), name_IDs=[0, 1, 2, 4, 6, 7, 13, 14], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for one in CHARACTERS.split(",") for code in _codes(one.strip())])
    cutter.subset(font)
    style = "Italic" if cut.style == "italic" else "Regular"
    full = f"{cut.family} {cut.weights.split()[0]} {style}"
    for record in font["name"].names:
        mine = {1: cut.family, 2: style, 4: full, 6: full.replace(" ", "")}
        if record.nameID in mine:
            record.string = mine[record.nameID]
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _codes(one: str) -> range:
    first, _, last = one.removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


def files() -> dict[Path, bytes]:
    """Every file this script writes, with its content."""
    found, rules = {}, []
    for cut in CUTS:
        content = cut_down(cut)
        kind = cut.family.rpartition(" ")[2].lower() + ("-italic" if cut.style == "italic" else "")
        name = f"fonts/{kind}-{cut.weights.split()[0]}.woff2"
        found[STATIC / name] = content
        file = hashed(name, content)
        rules.append(
            RULE.format(family=cut.family, style=cut.style, weights=cut.weights, file=file, characters=CHARACTERS)
        )
    found[STATIC / "fonts.css"] = (HEAD + "\n".join(rules)).encode()
    return found


def main(arguments: list[str]) -> int:
    wanted = files()
    there = {path: path.read_bytes() for path in [*STATIC.glob("fonts/*"), STATIC / "fonts.css"] if path.is_file()}
    if "--check" in arguments:
        if there != wanted:
            print("The studio's fonts are not what their packages make; run: python scripts/studio_fonts.py")
        return int(there != wanted)
    for path in there.keys() - wanted.keys():
        path.unlink()
    for path, content in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

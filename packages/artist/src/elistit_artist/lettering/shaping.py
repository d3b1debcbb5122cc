"""From characters to placed glyphs: HarfBuzz with a face's own kerning, joins and ligatures.

Lengths are in em (1.0 is the font size); y grows upward from the baseline. It must never return a glyph for a character that
was not asked for, or leave one out: an empty box raises CannotLetter.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import uharfbuzz

from elistit_artist.lettering.faces import CannotLetter, Face


@dataclass(frozen=True)
class Glyph:
    """A glyph by its number in the font, where it stands, and which character of the line it began with."""

    number: int
    x: float
    y: float
    advance: float
    cluster: int


@dataclass(frozen=True)
class Shaped:
    """One line of one face. `advance` is how far it goes, in em."""

    text: str
    face: Face
    glyphs: tuple[Glyph, ...]
    advance: float


@cache
def hb_font(face: Face) -> uharfbuzz.Font:
    blob = uharfbuzz.Blob.from_file_path(str(face.path))
    font = uharfbuzz.Font(uharfbuzz.Face(blob))
    if face.axes:
        font.set_variations(dict(face.axes))
    return font


@lru_cache(8192)
def shape(text: str, face: Face, tracking: float = 0.0, ligatures: bool = True) -> Shaped:
    """Set one line. `tracking` (em) goes between letters; joined faces take none, since it would tear their strokes, and
    spaced letters take no ligatures. Raises CannotLetter."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    tracking = 0.0 if face.joined else tracking
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    plain = tracking or not ligatures
    features = {"liga": False, "clig": False, "dlig": False, "calt": False} if plain else {}
    font = hb_font(face)
    unit = font.face.upem
    uharfbuzz.shape(font, buffer, {"kern": True, **features})
    x, placed, missing = 0.0, list[Glyph](), list[str]()
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0:
            missing.append(text[info.cluster])
        step = at.x_advance / unit
        placed.append(Glyph(info.codepoint, x + at.x_offset / unit, at.y_offset / unit, step, info.cluster))
        x += step + tracking
    if missing:
        raise CannotLetter(dict.fromkeys(missing))
    return Shaped(text, face, tuple(placed), max(0.0, x - tracking if placed else 0.0))

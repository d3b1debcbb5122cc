"""Words made up by chance in 46 scripts, with what people paste around them, and the judge of what becomes of one: FreeType's own
reading of the fonts, fontTools' reading of their tables, and the rules of Windows written down once more."""

from __future__ import annotations

import unicodedata
from functools import cache
from random import Random

import regex
from fontTools.ttLib import TTFont
from PIL import ImageFont

from elistit import names
from elistit.artwork import typesetting
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF, SERIF_LIGHT, Face

SCRIPTS = (
    "Latin", "Greek", "Cyrillic", "Hebrew", "Arabic", "Armenian", "Georgian", "Devanagari", "Bengali", "Gurmukhi", "Gujarati",
    "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Ethiopic", "Han", "Hiragana",
    "Katakana", "Hangul", "Bopomofo", "Cherokee", "Tibetan", "Mongolian", "Nko", "Thaana", "Adlam", "Tifinagh", "Javanese",
    "Balinese", "Syriac", "Runic", "Ogham", "Gothic", "Coptic", "Canadian_Aboriginal", "Yi", "Vai", "Glagolitic", "Lisu",
)  # fmt: skip
# What comes along when people paste: joiners, direction marks, selectors, fillers, controls, marks without a letter, emoji.
_PASTED = (
    "\u200d", "\u200c", "\u200b", "\u200e", "\u200f", "\u202e", "\u2066", "\u2069", "\ufeff", "\u00ad", "\ufe0f", "\ufe0e", "\u3164",
    "\u0301", "\u0323", "\u20e3", "\u034f", "\u061c", "\u180e", "\u2060", "\x00", "\x1b", "\x7f", "\ue000", "\ufffd", "\U000e0041",
    "👩‍👩‍👧", "👍🏽", "❤️", "🇩🇪", "🏴\U000e0067\U000e0062\U000e007f", "1️⃣", "🎂", "\u25cc", "\U0010fffe", "ﬁ", "²", "…", "\u3000", "\u00a0",
)  # fmt: skip
_MEAN = (
    "CON", "nul.txt", "com1", "LPT¹", "aux.", "..", ".", "a/b\\c", "name.", " name ", "<b>", "?", "*", '"', ":", "|", "~", "$",
    "con .png", "x" * 300, "é" * 200, "-rf", ".hidden", "%2e%2e", "a\tb", "a\r\nb", "\u2028", "",
)  # fmt: skip
_RESERVED = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"} | {
    f"{device}{number}" for device in ("COM", "LPT") for number in "0123456789¹²³"
}
FACES = (SERIF, SERIF_LIGHT, SANS_SEMIBOLD)


@cache
def alphabet(script: str) -> tuple[str, str]:
    """The letters and digits of a script, and its marks."""
    of = regex.compile(rf"\p{{Script={script}}}")
    all_of = [c for c in map(chr, range(0x20, 0x20000)) if of.match(c) and unicodedata.category(c) != "Cn"]
    marks = "".join(c for c in all_of if unicodedata.category(c).startswith("M"))
    return "".join(c for c in all_of if unicodedata.category(c)[0] in "LN"), marks


def word(chance: Random, script: str) -> str:
    letters, marks = alphabet(script)
    parts = []
    for _ in range(chance.randint(1, 9)):
        parts.append(chance.choice(letters))
        while marks and chance.random() < 0.3:
            parts.append(chance.choice(marks))
    return "".join(parts)


def text(chance: Random, script: str) -> str:
    """A name or a line of words: mostly of one script, some of another, some with what was pasted along."""
    parts = [word(chance, script) for _ in range(chance.randint(1, 4))]
    for odds, more in (
        (0.3, lambda: word(chance, chance.choice(SCRIPTS))),
        (0.3, lambda: chance.choice(_PASTED)),
        (0.15, lambda: chance.choice(_MEAN)),
        (0.2, lambda: str(chance.randint(0, 2026))),
    ):
        while chance.random() < odds:
            parts.insert(chance.randint(0, len(parts)), more())
    joined = chance.choice((" ", " ", "", "-", "\u200d", "  ")).join(parts)
    return joined if chance.random() < 0.9 else unicodedata.normalize("NFD", joined)


def bad_names(given: str) -> list[str]:
    """What is wrong with the names made of a text."""
    wrong = []
    made = {
        "slug": names.slug(given, "poster-abc123"), "file": names.file_name(given), "shown": names.shown_name(given),
        "png": names.file_name(f"{given}.png"),
    }  # fmt: skip
    for which, name in made.items():
        stem = name.split(".")[0].rstrip().upper()
        if not name.strip(". ") or not any(
            c.isalnum() or unicodedata.category(c)[0] == "S" or names.seen(c) for c in name
        ):
            wrong.append(f"{which}: empty: {name!r}")
        if (
            stem in _RESERVED
            or regex.search(r'[<>:"/\\|?*\x00-\x1f]', name)
            or name != name.strip(" ")
            or name.endswith(".")
        ):
            wrong.append(f"{which}: not for Windows: {name!r}")
        if regex.search(r"[\p{Bidi_Control}\u200b-\u200d\u2060\ufeff\u00ad]", name) or len(name.encode()) > 255:
            wrong.append(f"{which}: hidden or too long: {name!r}")
        if which != "shown" and not name.isascii():
            wrong.append(f"{which}: not plain: {name!r}")
    line = names.one_line(given)
    if line != names.one_line(line) or regex.search(r"\p{Bidi_Control}|\p{Cc}", line):
        wrong.append(f"line: {line!r}")
    return wrong


@cache
def _tables(face: Face) -> tuple[frozenset[int], int, int]:
    """The characters a font has, its glyph for none, and its glyph for the dotted circle."""
    font = TTFont(face.path, fontNumber=face.index, lazy=True)
    cmap = font.getBestCmap()
    circle = cmap.get(0x25CC)
    return frozenset(cmap), 0, font.getGlyphID(circle) if circle else -1


@cache
def _freetype(face: Face) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), 40, index=face.index, layout_engine=ImageFont.Layout.BASIC)


@cache
def _box(face: Face, character: str) -> bool:
    """Whether FreeType draws for a character what it draws for one no font has."""
    font = _freetype(face)
    return bytes(font.getmask(character)) == bytes(font.getmask("\U0010fffe"))


def boxes(line: typesetting.SetLine) -> list[str]:
    """The characters of a line that was set that come out as a box, and circles that stand in for a letter that isn't there."""
    wrong = []
    for run in line.runs:
        _, none, circle = _tables(run.face)
        wrong += [f"U+{ord(c):04X} in {run.face.code}" for c in run.text if names.seen(c) and _box(run.face, c)]
        drawn = [glyph for glyph, _, _ in run.glyphs]
        if none in drawn:
            wrong.append(f"no glyph in {run.face.code}: {run.text!r}")
        if circle in drawn and "\u25cc" not in run.text:
            wrong.append(f"a dotted circle in {run.face.code}: {run.text!r}")
    return wrong


def judged(chance: Random, script: str) -> tuple[str, str, list[str]]:
    """One text: itself, whether it was `set`, `refused` by name or `unseen` (nothing of it can be seen), and what is wrong."""
    given = text(chance, script)
    wrong = bad_names(given)
    line = names.one_line(given)
    if not line:
        return given, "unseen", wrong
    missing = typesetting.cannot_set(line)
    if missing:
        if not set("".join(missing)) <= set(unicodedata.normalize("NFC", line)):
            wrong.append(f"names characters it doesn't have: {missing}")
        return given, "refused", wrong
    face = chance.choice(FACES)
    made = typesetting.set_line(line, face)
    if sorted("".join(run.text for run in made.runs)) != sorted(made.text):
        wrong.append("letters lost")
    return given, "set", wrong + boxes(made)

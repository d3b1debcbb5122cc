"""Words of any script as Etsy takes them in titles and tags: whole, or not at all.

Etsy takes letters, decimal digits and a few marks. A vowel sign of Hindi or Thai, or the joiner inside a Persian word, is none
of them, and a word without them is another word or none: so a word that needs such a character is left out whole and named,
never taken apart. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from elistit.listings import rules

# Invisible and without meaning wherever they stand: soft hyphen, word joiner, byte order mark, marks of direction.
_NOTHING = dict.fromkeys((0xAD, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_JOINERS = "\u200c\u200d"
_KEYCAP = "\u20e3"
# Letters to Unicode, yet part of the letter before them: they never begin a piece.
_CLINGING = frozenset("\u0e33\u0eb3")
_TYPES = {ord("’"): "'", ord("‘"): "'", ord("ʼ"): "'", ord("‐"): "-", ord("‑"): "-"}


@dataclass(frozen=True)
class Words:
    """A text as words: `kept` in their order, and `left_out` as they were written, each once."""

    kept: tuple[str, ...]
    left_out: tuple[str, ...]


def split(text: str) -> Words:
    """The words of a text that Etsy takes whole, and those it does not. Punctuation, symbols and emoji separate words."""
    text = unicodedata.normalize("NFC", text.translate(_NOTHING)).translate(_TYPES).replace("&", " and ")
    kept: list[str] = []
    left_out: dict[str, None] = {}
    for word in _pieces(text):
        forms = (unicodedata.normalize("NFKC", word), word)
        if (form := next((f for f in forms if _taken(f)), None)) is not None:
            if found := form.strip("-'"):
                kept.append(found)
        elif any(unicodedata.category(c)[0] == "L" for c in word):
            left_out[word] = None
    return Words(tuple(kept), tuple(left_out))


def _taken(word: str) -> bool:
    return all(rules.tag_character(c) and c not in "™©®" and not c.isspace() for c in word)


def left_out(texts: Iterable[str]) -> list[str]:
    """The words of several texts that Etsy does not take, each once."""
    return list(dict.fromkeys(word for text in texts for word in split(text).left_out))


def plain(text: str, *, most: int) -> str:
    """A text as words Etsy takes, at most `most` characters, cut between words."""
    return fit(split(text).kept, most)


def fit(found: Iterable[str], most: int) -> str:
    """As many whole words as fit. When even the first one is too long it is cut between two letters."""
    line = ""
    for word in found:
        longer = f"{line} {word}" if line else word
        if len(longer) > most:
            return line or cut(word, most).strip("-'")
        line = longer
    return line


def cut(word: str, most: int) -> str:
    """The beginning of a word, at most `most` characters, never cut inside what a reader sees as one letter."""
    end = min(most, len(word))
    while 0 < end < len(word) and _clings(word, end):
        end -= 1
    return word[:end]


def _clings(word: str, place: int) -> bool:
    """Whether the character at a place belongs to the one before it."""
    this, before = word[place], word[place - 1]
    if this in _CLINGING or this in _JOINERS or before in _JOINERS or unicodedata.category(this)[0] == "M":
        return True
    # The parts of one Korean syllable, where it is written in parts.
    leads = "\u1100" <= before <= "\u115f"
    if "\u1100" <= this <= "\u115f" or "\uac00" <= this <= "\ud7a3":
        return leads
    return "\u1160" <= this <= "\u11ff" and (leads or "\u1160" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3")


def _pieces(text: str) -> list[str]:
    """A text cut where a word ends: at spaces, punctuation, symbols and emoji. Signs and joiners stay with their letters;
    those that belong to an emoji go with it."""
    pieces, word, letter = [], "", False
    for c in text:
        category = unicodedata.category(c)
        part = category[0] in "LN" or c in "-'"
        clings = (category[0] == "M" or c in _JOINERS) and letter
        if part or clings:
            word += c
        elif word:
            pieces.append(word)
            word = ""
        letter = (part and c not in "-'") or clings
    return [p for p in [*pieces, word] if re.search(r"\S", p) and p != _KEYCAP]

"""Listings in other languages: the languages offered, and what a translation must have in common with its source (rules §4).

The truth check reads English. A translation of a true text is compared with that text instead: the same numbers, sizes and formats,
nothing added and nothing missing. Pure. It must never be relaxed for a language: what can't be compared is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from elistit.listings import rules

LANGUAGES = {
    "de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "ja": "Japanese", "nl": "Dutch", "pl": "Polish",
    "pt": "Portuguese",
}  # fmt: skip
"""The languages Etsy takes translations in, beside English, which the studio writes in."""

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?")
# Names that are the same in every language, and say what the files are.
_NAMES = re.compile(r"(?<![A-Za-z])(PNG|JPE?G|SVG|PDF|DXF|EPS|ZIP|DPI|sRGB|px)s?(?![A-Za-z])", re.IGNORECASE)
_AI = re.compile(r"\b(AI|A\.I\.|artificial intelligence)\b", re.IGNORECASE)
_AI_ABROAD = re.compile(
    r"\bAI\b|\bKI\b|\bIA\b|\bSI\b|\bk[uü]nstliche[rn]? Intelligenz|inteligencia artificial|intelligence artificielle|"
    r"intelligenza artificiale|intelig[eê]ncia artificial|kunstmatige intelligentie|sztuczn\w+ inteligencj\w+|人工知能|生成AI",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Words:
    """A listing's words in one language."""

    title: str
    tags: tuple[str, ...]
    description: str

    @property
    def digest(self) -> str:
        """What tells one text from another."""
        content = json.dumps([self.title, list(self.tags), self.description], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()


def problems(source: Words, made: Words) -> list[str]:
    """Why a translation may not be used, as sentences; an empty list when it may."""
    found = [p.words for p in rules.check(made.title, made.tags, made.description, 100)]
    if len(made.tags) != len(source.tags):
        found.append(f"There are {len(made.tags)} tags instead of {len(source.tags)}.")
    for name, before, after in (
        ("title", source.title, made.title),
        ("description", source.description, made.description),
        ("tags", " ; ".join(source.tags), " ; ".join(made.tags)),
    ):
        found += _different(name, _numbers(before), _numbers(after), "numbers")
        found += _different(name, _names(before), _names(after), "formats")
    if _AI.search(source.description) and not _AI_ABROAD.search(made.description):
        found.append("The line that says the images were made with AI is missing.")
    if made.title.casefold() == source.title.casefold() or made.description.strip() == source.description.strip():
        found.append("The text isn't translated.")
    return found


def _different(name: str, before: Counter[str], after: Counter[str], what: str) -> list[str]:
    if name != "description":
        # A title or a tag may say a thing once instead of twice; it may not say another.
        before, after = Counter(before.keys()), Counter(after.keys())
    lost, added = before - after, after - before
    if not lost and not added:
        return []
    differences = [f"{words} {', '.join(sorted(set(n)))}" for words, n in (("without", lost), ("with", added)) if n]
    return [f"The {what} in the {name} differ: {' and '.join(differences)}."]


def _numbers(text: str) -> Counter[str]:
    """Every number of a text as plain digits, however its thousands and decimals are parted: 4,096, 4.096 and 4 096 are one."""
    plain = unicodedata.normalize("NFKC", text)
    return Counter(re.sub(r"\D", "", match[0]) for match in _NUMBER.finditer(plain))


def _names(text: str) -> Counter[str]:
    """The formats and units of a text. How often doesn't matter."""
    plain = unicodedata.normalize("NFKC", text)
    return Counter({match[1].upper().replace("JPEG", "JPG") for match in _NAMES.finditer(plain)})


def known(codes: Sequence[str]) -> list[str]:
    """The codes of languages, each once, in our order. Raises ValueError naming one that isn't known."""
    if unknown := [c for c in codes if c not in LANGUAGES]:
        raise ValueError(f"There is no language “{unknown[0][:10]}”. Choose from: {', '.join(LANGUAGES)}.")
    return [code for code in LANGUAGES if code in set(codes)]

"""Protected names in an idea or a listing: found before anything is spent, and before a draft (rules §4).

It points out and gives the reason; it must never refuse on its own, because only the seller knows what they may use. Pure but
for reading its lists: ours, and the operator's own file (`ELISTIT_TRADEMARKS`). Not legal advice, and no list is complete.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from elistit import config

BUNDLED = Path(__file__).with_name("trademarks.txt")
SETTING = "ELISTIT_TRADEMARKS"
OPERATORS = "a name this studio's operator watches for"
_ENTRY = re.compile(r"(?P<name>[^()]+?)\s*(?:\(only with:\s*(?P<needs>[^()]+)\))?\s*")
# What may stand between two words of a name: “spider-man”, “spider man”, “mickey_mouse”; between short ones something must.
_BETWEEN = r"(?:[^\w\n!?;:,|]|_){0,3}"
_APART = r"(?:[^\w\n!?;:,|]|_){1,3}"
_SHORT = 2


class BadList(ValueError):
    """A list of names that cannot be used; the message names the file and the line."""


@dataclass(frozen=True)
class Name:
    """One protected name: its category, why it is protected, and words of which one must be there too (none: it stands
    alone)."""

    name: str
    category: str
    reason: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A protected name in a text. `words` is one sentence for the seller."""

    name: str
    category: str
    reason: str

    @property
    def words(self) -> str:
        return f"“{self.name}” is {self.reason}. Selling it without a license can close a shop."

    def as_dict(self) -> dict[str, str]:
        return {"name": self.name, "category": self.category, "reason": self.reason}


def find(texts: Iterable[str]) -> list[Found]:
    """Every protected name in these texts, each once, in the order of the lists. Whole words only, in any case, with or
    without accents, in plural and possessive. Raises BadList when the operator's file cannot be read."""
    folded = [_folded(text) for text in texts]
    whole = "\n".join(folded)
    if not whole.strip():
        return []
    found: dict[str, Found] = {}
    for entry, pattern, needs in _compiled(config.current().etsy.trademarks):
        if pattern.search(whole) and (needs is None or needs.search(whole)):
            found.setdefault("".join(_letters(entry.name)), Found(entry.name, entry.category, entry.reason))
    return _longest(list(found.values()))


def read(path: Path, *, own: bool = False) -> list[Name]:
    """The names of one file. A line is `category | reason | name, name (only with: word, word), …`; in an operator's `own` file
    a line may also be a single name. `#` begins a comment line. Raises BadList."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadList(f"{path} cannot be read as a list of names: {error}") from None
    names = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = [p.strip() for p in line.split("|")]
        if own and len(parts) == 1:
            parts = ["own", OPERATORS, line.strip()]
        if len(parts) != 3 or not all(parts):
            raise BadList(f"{path}, line {number}: write “category | reason | names”.")
        for entry in re.split(r",\s*(?![^()]*\))", parts[2]):
            match = _ENTRY.fullmatch(entry.strip())
            if entry.strip() and (match is None or not _letters(match["name"])):
                raise BadList(f"{path}, line {number}: “{entry.strip()[:40]}” is not a name.")
            if match is not None and entry.strip():
                needs = tuple(n.strip() for n in (match["needs"] or "").split(",") if n.strip())
                names.append(Name(match["name"], parts[0], parts[1], needs))
    return names


@cache
def _compiled(own: str) -> list[tuple[Name, re.Pattern[str], re.Pattern[str] | None]]:
    names = [*(read(Path(own), own=True) if own else []), *read(BUNDLED)]
    return [
        (name, _pattern([name.name]), _pattern(name.needs) if name.needs else None)
        for name in names
    ]  # fmt: skip


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Any of these names as whole words, with the endings of a plural or a possessive."""
    alternatives = []
    for name in names:
        first, *others = _letters(name)
        written = re.escape(first)
        for before, word in zip([first, *others], others, strict=False):
            written += (_APART if min(len(before), len(word)) <= _SHORT else _BETWEEN) + re.escape(word)
        alternatives.append(written)
    ending = r"(?:'s|s'|es|s)?"
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(alternatives)}){ending}(?![^\W_])")


def _folded(text: str) -> str:
    """A text without case and accents, with plain apostrophes; characters that cannot be seen are removed."""
    text = text.replace("’", "'").replace("‘", "'").replace("`", "'").replace("ß", "ss")
    decomposed = unicodedata.normalize("NFKD", text)
    seen = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return seen.casefold()


def _letters(name: str) -> list[str]:
    """The words of a name, folded: “Chick-fil-A” is chick, fil, a; “Blue's Clues” is blue, s, clues."""
    return re.findall(r"[^\W_]+", _folded(name))


def _longest(found: list[Found]) -> list[Found]:
    """Without names that are only a part of another one that was found (“Disney” beside “Disney World”)."""
    words = {f.name: " ".join(_letters(f.name)) for f in found}
    return [
        f for f in found
        if not any(f.name != g.name and f" {words[f.name]} " in f" {words[g.name]} " and words[f.name] != words[g.name] for g in found)
    ]  # fmt: skip

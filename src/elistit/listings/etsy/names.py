"""What a buyer's files are called on Etsy: names Etsy takes, each different, each keeping what makes it unique.

Pure. The same list of files gives the same names every time, because a file that is already on a draft is recognized by
its name. It must never give two files one name, and never cut off a part number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from elistit.listings import rules

_ENDING_MAX = 12
_STEM_LEAST = 8
# "part 2 of 5", "-11x14", "_03", "-ISO-A": the end of a name that tells it from its siblings.
_TAIL = re.compile(
    r"[_.-]+(?:(?:part|set|sheet|page|file|vol|volume|no|round)[_.-]*)?\d+(?:[_.-]*(?:of|x)[_.-]*\d+)?(?:[_.-]*(?:in|cm|px))?$"
    r"|(?:[_.-]+[A-Za-z0-9]{1,8}){1,2}$"
    r"|\d{1,8}$",
    re.IGNORECASE,
)


def file_names(names: Sequence[str]) -> list[str]:
    """The names of these files on Etsy, in their order: letters, digits, dots, hyphens and underscores, at most
    `rules.FILE_NAME_MAX` characters, endings kept, no two alike in any case."""
    made: list[str] = []
    taken: set[str] = set()
    for name in names:
        stem, ending = _plain(name)
        chosen, number = _fitted(stem, ending), 1
        while key(chosen) in taken:
            number += 1
            chosen = _fitted(f"{stem}_{number}", ending)
        taken.add(key(chosen))
        made.append(chosen)
    return made


def key(name: str) -> str:
    """Two names with one key are one name: case, and which mark stands between words, do not count."""
    return re.sub(r"[^a-z0-9.]+", "_", name.lower())


def name_before(name: str) -> str:
    """The name this file got on drafts made before part numbers were kept: an accent became an underscore, and a long name
    was cut after its first characters."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, ending = name, ""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", stem).strip("._-") or "file"
    ending = re.sub(r"[^A-Za-z0-9.]+", "", dot + ending)[:_ENDING_MAX] or ".bin"
    return stem[: rules.FILE_NAME_MAX - len(ending)] + ending


def _plain(name: str) -> tuple[str, str]:
    """(stem, ending) in characters Etsy takes. An accent is taken off its letter; other scripts become an underscore."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem.strip("."):
        stem, ending = name, ""
    ending = re.sub(r"[^A-Za-z0-9]+", "", ending)[: _ENDING_MAX - 1]
    letters = "".join(c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c))
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", letters).strip("._-")
    return stem or "file", f".{ending or 'bin'}"


def _fitted(stem: str, ending: str) -> str:
    """The name, shortened in the middle when it is too long, so that its end stays whole."""
    room = rules.FILE_NAME_MAX - len(ending)
    if len(stem) <= room:
        return stem + ending
    found = _TAIL.search(stem)
    tail = found[0] if found else ""
    if len(tail) > room - _STEM_LEAST:
        tail = tail[-(room - _STEM_LEAST) :]
    head = stem[: room - len(tail)].rstrip("._-")
    return head + tail + ending

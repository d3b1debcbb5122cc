"""Which of a seller's keywords are true of a product, the most searched first.

A term is used only when every word of it is vouched for: by what is shown, the style, the colors measured, the files, or what
the product type is called; and when the truth check finds nothing false in it. Pure. It must never use a word because it is
often searched.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

from elistit.listings.keywords import Keyword
from elistit.listings.phrases import SMALL_WORDS
from elistit.listings.subjects import is_among, is_thing, singular
from elistit.listings.words import split

USED_MAX = 40
"""How many terms a listing is written with: thirteen tags and a title take fewer."""


def true_terms(keywords: Iterable[Keyword], vouched: Iterable[str], shown: Sequence[str], true: Callable[[str], bool]) -> list[Keyword]:  # fmt: skip
    """The terms that are true, most searched first; at most `USED_MAX`. `vouched` are words, `shown` what images show."""
    known = {singular(word) for text in vouched for word in split(text).kept}
    things = [word for text in shown for word in split(text).kept]
    things += [f"{a}_{b}" for text in shown for a, b in _pairs(split(text).kept)]
    ranked = sorted(keywords, key=lambda k: (-k.volume, k.term.casefold()))
    found: list[Keyword] = []
    for keyword in ranked:
        words = split(keyword.term)
        if words.left_out or not words.kept or not _stands(words.kept, known, things) or not true(keyword.term):
            continue
        found.append(keyword)
        if len(found) == USED_MAX:
            break
    return found


def _stands(words: Sequence[str], known: set[str], things: Sequence[str]) -> bool:
    """Whether every word of a term is vouched for, and one of them means something."""
    if all(w.casefold() in SMALL_WORDS for w in words):
        return False
    joined = " ".join(singular(w) for w in words).replace("clip art", "clipart").split()
    return all(w in known or w in SMALL_WORDS or (is_thing(w) and is_among(w, things)) for w in joined)


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    return list(itertools.pairwise(words))


def covered(keywords: Iterable[Keyword], texts: Iterable[str]) -> list[Keyword]:
    """The terms all of whose words are in these texts, whatever their order: what a buyer's search for them finds."""
    there = {singular(word) for text in texts for word in split(text).kept}
    return [k for k in keywords if (words := split(k.term).kept) and all(singular(w) in there for w in words)]

"""Styles that an idea names ("fox in ink", "gouache lemons"), whichever style is selected.

A word that names a style the artist has is never one that "will not be drawn": it is said which style it names. It must never
take the thing for the style: the ink of an octopus, an ink bottle and a sketch book are things. Pure.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Protocol

from elistit_artist import styles
from elistit_artist import vocabulary as v
from elistit_artist.lexicon import listed
from elistit_artist.styles import Style
from elistit_artist.vocabulary import pairs

# Phrases that name a style by more than its own words: the words keep what else they mean.
_PHRASES: dict[str, str] = pairs(
    """
    vintage: vintage botanical|vintage botanicals|antique botanical|antique botanicals|botanical plate|botanical plates
    vintage: vintage print|antique print|vintage plate|vintage drawing|antique drawing|vintage engraving|scientific illustration
    """
)
# Words that may also be the thing itself.
_THINGS = frozenset({"ink", "inked", "pen", "sketch", "sketches"})
# After these, "with ink" says how something was made.
_MADE = listed("drawn painted done made sketched drawing drawings illustrated rendered illustration art artwork")


class Word(Protocol):
    """What is read of a word here; see `reading.Token`."""

    word: str
    lead: str
    group: int


def is_thing(tokens: Sequence[Word], place: int) -> bool:
    """Whether a word that names a style stands for the thing: "octopus with ink", "quill and ink", but not "drawn with ink"."""
    token = tokens[place]
    if token.word not in _THINGS:
        return False
    if token.lead in ("", "in", "as", "by"):
        joined = place > 1 and tokens[place - 1].word in ("and", "plus")
        alone = sum(t.group == token.group and t.word not in v.JOINTS for t in tokens) == 1
        return joined and alone and not _names_style(tokens[place - 2].word)
    before = [t.word for t in tokens[:place] if t.group < token.group]
    return not _MADE & {token.lead, *before[-2:]}


def _names_style(word: str) -> bool:
    return bool(v.MEDIA.get(word)) or word in ("pen", "pencil", "line", "charcoal")


def asked(media: list[tuple[str, tuple[str, ...]]], words: list[str], product: str) -> tuple[Style, str] | None:
    """The first style that an idea names and that is offered for a product, and the words that name it; None when it names
    none. `media`: phrases of media with the codes they are true of; `words`: all words of the idea."""
    said = [(text, code) for text, codes in media for code in codes]
    for length in (3, 2):
        for start in range(len(words) - length + 1):
            part = " ".join(words[start : start + length])
            said += [(part, _PHRASES[part])] if part in _PHRASES else []
    there = {s.code: s for s in styles.OFFERED if product in s.products}
    return next(((there[code], text) for text, code in said if code in there), None)


def offered(media: tuple[str, ...], product: str) -> bool:
    """Whether one of the styles a medium is true of is offered for a product."""
    return any(s.code in media and product in s.products for s in styles.OFFERED)


def sentence(named: tuple[Style, str] | None, media: list[tuple[str, tuple[str, ...]]], selected: Style) -> str:
    """What is said when another style than the one selected is named; empty when nothing differs."""
    if named is None or named[0].code == selected.code or any(selected.code in codes for _, codes in media):
        return ""
    style, text = named
    return f"“{text}” names the style {style.name}; these are in the style {selected.name}, which is selected."


def phrases(tokens: Sequence[tuple[str, int, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    """The media of an idea as phrases: (word, number of its phrase, styles) of each word → ("pen and ink", styles)."""
    found = []
    for _, part in itertools.groupby(tokens, key=lambda t: t[1]):
        each = list(part)
        found.append((" ".join(t[0] for t in each), each[0][2]))
    return found

"""An idea as the artist reads it: its words in groups, and what each word does.

Punctuation, prepositions and "and" part an idea into groups; the head of the first group that names anything is the main noun.
Pure; it must never raise for what a seller may type.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache, lru_cache

from spellchecker import SpellChecker

from elistit_artist import lexicon, mediums, missing, names, senses
from elistit_artist import vocabulary as v
from elistit_artist.names import Ask, Role
from elistit_artist.tokens import Token, holds, look_up, tokens_of, without, words_of

# Shorter words are not corrected: too many real words are one letter apart.
CORRECTED_MIN = 5
CORRECTED_MAX = 16


@dataclass(frozen=True)
class Named:
    """A phrase that names figures: what is asked for, and where it stands."""

    asks: tuple[Ask, ...]
    first: int
    group: int


@dataclass
class Reading:
    """An idea, read. `head` is the place of the main noun, None when no word names anything."""

    tokens: list[Token]
    named: list[Named]
    head: int | None

    def of(self, *roles: Role) -> list[Token]:
        """The words that do one of these things, in their order."""
        return [t for t in self.tokens if t.role in roles]


def read(text: str, refused: frozenset[str] = frozenset()) -> Reading:
    """Read an idea. `refused` are words (as typed) that are wished away and mean nothing here."""
    tokens = tokens_of(text)
    _negated(tokens)
    for token, after in itertools.pairwise(tokens):
        if after.word == "of" and lexicon.singular(token.key) in v.GATHERED:
            token.role = Role.SILENT
    for token in tokens:
        if token.word in refused:
            token.role = Role.SILENT
    _corrected(tokens)
    _phrases(tokens)
    senses.settle(tokens)
    named = _named(tokens)
    return Reading(tokens, named, _head(tokens))


def _negated(tokens: list[Token]) -> None:
    """Mark "no X" and "without X": what is not wanted asks for nothing."""
    for before, token in itertools.pairwise(tokens):
        if before.word in ("no", "without", "ohne", "sin", "sans", "not"):
            before.role = token.role = Role.SILENT


@cache
def _english() -> SpellChecker:
    return SpellChecker(language="en", distance=1)


def _slips(word: str, other: str, most: int) -> int:
    """How many slips of the keyboard (a letter missing, doubled, wrong, or two exchanged) part two words; `most` + 1 when it
    is more than `most`."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(word, start=1):
        last, row, older = row, [i], before
        for j, b in enumerate(other, start=1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if older and j > 1 and a == other[j - 2] and word[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        before = last
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


@lru_cache(maxsize=4_000)
def correction(word: str) -> str:
    """The word of the dictionary that was meant by a slip of the keyboard; "" for a real word or an unclear one."""
    known = names.single_words()
    single = lexicon.singular(word)
    if not CORRECTED_MIN <= len(word) <= CORRECTED_MAX or not word.isascii() or not word.isalpha():
        return ""
    if word in known or single in known:
        return ""
    if word.endswith("ys") and word[:-2] + "y" in known:
        return word[:-2] + "y"
    english = _english()
    if word in english or single in english:
        return ""
    near = [w for w in known if len(w) >= CORRECTED_MIN - 1 and (w[0] == word[0] or len(word) >= 7)]
    once = {w for w in near if min(_slips(word, w, 1), _slips(single, w, 1)) == 1}
    twice: set[str] = set()
    if not once & names.things() and len(word) >= 7:
        wide = [w for w in near if w in names.things() and len(w) >= 6 and w[0] == word[0]]
        twice = {w for w in wide if _slips(single, w, 2) <= 2}
    meant = (once & names.things()) or twice or once
    return min(meant, key=lambda w: (len(w), w)) if len({lexicon.singular(w) for w in meant}) == 1 else ""


def _corrected(tokens: list[Token]) -> None:
    for token in tokens:
        if token.role == Role.UNKNOWN and (meant := correction(token.key)):
            token.key, token.corrected = meant, True


def _phrases(tokens: list[Token]) -> None:
    """Give each word the meaning of the longest phrase it stands in. In place."""
    known = names.dictionary()
    taken = [t.role != Role.UNKNOWN for t in tokens]
    number = 0
    for length in range(min(names.longest(), len(tokens)), 0, -1):
        for start in range(len(tokens) - length + 1):
            if any(taken[start : start + length]):
                continue
            part = tokens[start : start + length]
            if length > 1 and not _joined(part):
                continue
            meaning = look_up(known, [t.key for t in part])
            if meaning is None:
                continue
            for place, token in enumerate(part, start):
                taken[place], token.role, token.meaning, token.phrase = True, meaning.role, meaning, number
            number += 1
    for token in tokens:
        if token.role == Role.UNKNOWN and any(c.isdigit() for c in token.word):
            token.role = Role.SILENT


def media_of(tokens: list[Token]) -> list[tuple[str, tuple[str, ...]]]:
    """The phrases that say how something is painted, each with the styles it is true of."""
    return mediums.phrases([(t.word, t.phrase, t.meaning.media) for t in tokens if t.role == Role.MEDIUM])


def _joined(part: list[Token]) -> bool:
    """Whether the words of a phrase belong together: nothing but a joining word inside may part them."""
    return all(
        a.group == b.group or b.word in v.LEADS or b.word in v.JOINTS or a.word in v.LEADS or a.word in v.JOINTS
        for a, b in itertools.pairwise(part)
    )


_SAME = {"grey": "gray", "ginger": "orange", "yellow": "golden", "gold": "golden"}


def _named(tokens: list[Token]) -> list[Named]:
    """The phrases that name figures, each narrowed to the kinds that the words before it tell apart."""
    found: list[Named] = []
    for number in dict.fromkeys(t.phrase for t in tokens if t.role == Role.FIGURE):
        places = [i for i, t in enumerate(tokens) if t.phrase == number]
        last = tokens[places[-1]]
        before = [
            t for i, t in enumerate(tokens) if t.group == last.group and i < places[0]
            and t.role in (Role.COLOR, Role.MOOD, Role.ACTION, Role.SILENT, Role.UNKNOWN, Role.CATEGORY, Role.THEME)
            and not any(o.role == Role.FIGURE for o in tokens[i + 1 : places[0]])
        ]  # fmt: skip
        asks = tuple(_narrowed(ask, before) for ask in last.meaning.asks)
        narrowed = tuple(a for a, meant in zip(asks, last.meaning.asks, strict=True) if a != meant)
        found.append(Named(narrowed or asks, places[0], last.group))
    return found


def _ways(word: str) -> set[str]:
    """A word and the others that tell the same kind: "sleeping" and "sleepy"."""
    same = {form for forms in lexicon.ACTIONS.values() if word in forms for form in forms}
    return {_SAME.get(word, word)} | same


def _narrowed(ask: Ask, before: list[Token]) -> Ask:
    """A figure in the kinds that share most words with those before its name; as it is when none does."""
    kinds = names.kinds_of(ask.code)
    pool = ask.kinds or tuple(kinds)
    own = {lexicon.singular(w) for w in names.plain(ask.code).split()}
    wanted = {w: t for t in before for k in (lexicon.singular(t.key), t.key) if k not in v.JOINTS for w in _ways(k)}
    shared = {k: {w for w in wanted if w in kinds[k] and w not in own} for k in pool}
    most = max((len(s) for s in shared.values()), default=0)
    if not most:
        return ask
    chosen = tuple(k for k in pool if len(shared[k]) == most)
    for kind in chosen:
        for word in shared[kind]:
            # Of "burnt orange" both words tell the kind.
            for token in (t for t in before if t is wanted[word] or t.phrase == wanted[word].phrase >= 0):
                token.role = Role.KIND
    return Ask(ask.code, chosen)


def _thing(token: Token) -> bool:
    """Whether a word names a figure, or something it is known that there is none of."""
    if token.role == Role.UNKNOWN:
        return lexicon.singular(token.key) in missing.NEAREST
    return token.role == Role.FIGURE


def _asked(tokens: list[Token], place: int) -> bool:
    """Whether a person is the thing asked for: "black girl magic"."""
    return tokens[place].role == Role.PERSON and place > 0 and tokens[place - 1].role == Role.PERSON


def _plural_before(tokens: list[Token], mine: list[int]) -> int:
    """The last word of a group; or a known plural before it when it means nothing: of "poppies remembrance" the poppies."""
    if tokens[mine[-1]].role not in (Role.UNKNOWN, Role.THING):
        return mine[-1]
    known = [i for i in mine if tokens[i].role in (Role.FIGURE, Role.CATEGORY)]
    plural = [i for i in known if lexicon.singular(tokens[i].key) != tokens[i].key]
    return plural[-1] if plural else mine[-1]


def _head(tokens: list[Token]) -> int | None:
    """The main noun: the last word that may name a thing, in the first group that has one. A lone adjective is none."""
    naming = (Role.FIGURE, Role.THEME, Role.THING, Role.CATEGORY, Role.UNKNOWN, Role.PERSON)
    groups = sorted({t.group for t in tokens})
    for place, group in enumerate(groups):
        mine = [i for i, t in enumerate(tokens) if t.group == group and t.role in naming]
        if not mine or tokens[mine[0]].lead in v.PURPOSE:
            continue
        # "Black cat spooky" is about a cat: a theme at the end only says where it belongs.
        while tokens[mine[-1]].role == Role.THEME and any(_thing(tokens[i]) or _asked(tokens, i) for i in mine):
            mine.pop()
        last = tokens[mine[-1]]
        lone = len(mine) == 1 and last.role == Role.UNKNOWN and last.word.endswith(v.ADJECTIVE_ENDINGS)
        if (lone or (last.role == Role.UNKNOWN and holds(tokens, last))) and place + 1 < len(groups):
            continue
        return _plural_before(tokens, mine)
    for i, token in enumerate(tokens):
        if token.role in naming:
            return i
    return None


__all__ = ["Named", "Reading", "Token", "correction", "media_of", "read", "without", "words_of"]

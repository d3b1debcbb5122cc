"""Words as the artist reads them: an idea parted into words and groups, and the dictionary looked up for them.

Punctuation, prepositions and "and" part an idea into groups. Pure; it must never raise for what a seller may type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from elistit_artist import lexicon, names
from elistit_artist import vocabulary as v
from elistit_artist.names import Meaning, Role

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&", re.UNICODE)


@dataclass
class Token:
    """One word: as typed in lower case, as the dictionary has it, its group, and the word that opened the group."""

    word: str
    key: str
    group: int
    lead: str
    # Where the word is in the text: the first letter, and the one after the last.
    span: tuple[int, int] = (0, 0)
    role: Role = Role.UNKNOWN
    meaning: Meaning = field(default_factory=lambda: Meaning(Role.UNKNOWN))
    # The number of the phrase it was read in; −1 for a word of no phrase.
    phrase: int = -1

    corrected: bool = False

    @property
    def said(self) -> str:
        """The word as typed, or what a slip of the keyboard was taken for."""
        return self.key if self.corrected else self.word

    @property
    def content(self) -> bool:
        """Whether it may name a thing (or says how it is painted), rather than join, count or praise."""
        return self.role not in (Role.JOINT, Role.SILENT)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation."""
    return [_said(w) for w in _WORD.findall(text.lower())]


def _said(found: str) -> str:
    return "and" if found == "&" else found.replace("’", "'")


def without(text: str, word: str) -> str:
    """A text with every occurrence of a word removed."""
    kept, end = [], 0
    for match in _WORD.finditer(text.lower()):
        if _said(match[0]) == word:
            kept.append(text[end : match.start()])
            end = match.end()
    return "".join([*kept, text[end:]])


def tokens_of(text: str) -> list[Token]:
    """The words with their groups. A group ends at punctuation, at a preposition and at a joining word."""
    found: list[Token] = []
    group, lead, end = 0, "", 0
    lowered = text.lower()
    for match in _WORD.finditer(lowered):
        between = lowered[end : match.start()]
        end = match.end()
        word = _said(match[0])
        key = re.sub(r"'s$|'", "", word)
        if re.search(r"[^\s\-'’]|\s-\s", between) and found:
            group, lead = group + 1, ""
        follows = bool(found) and found[-1].group == group
        if word in v.LEADS or (follows and _is_verb(word)):
            group, lead = group + 1, word
        elif found and found[-1].word in v.PRODUCTS and found[-1].group == group:
            group, lead = group + 1, ""
        elif word in ("and", "or", "und", "oder", "y", "et", "plus", "n"):
            group += 1
        found.append(Token(word, key, group, lead, match.span()))
    return found


def _is_verb(word: str) -> bool:
    """Whether a word says what something does: "howling". Things that end so ("bunting") are in the dictionary."""
    if not word.endswith("ing") or len(word) < 6:
        return False
    return word in lexicon.ACTIONS or look_up(names.dictionary(), [word]) is None


def look_up(known: dict[str, Meaning], keys: list[str]) -> Meaning | None:
    whole = " ".join(keys)
    single = " ".join([*keys[:-1], lexicon.singular(keys[-1])])
    every = " ".join(lexicon.singular(k) for k in keys)
    if whole in known:
        return known[whole]
    meaning = known.get(single) or known.get(every)
    # "Light" is a mood, but lights are things.
    return None if meaning is not None and meaning.role == Role.MOOD else meaning


def holds(tokens: list[Token], token: Token) -> bool:
    """Whether "of" follows: a family of bears is bears."""
    place = tokens.index(token)
    return place + 1 < len(tokens) and tokens[place + 1].word == "of"

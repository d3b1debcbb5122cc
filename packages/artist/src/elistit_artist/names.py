"""The dictionary of the built-in artist: every word and phrase it understands, and what each means.

Built once from the figures, their kinds, the themes, colors and moods, and `vocabulary`. It must never give a container word
("set", "pair") or a head that says nothing alone ("leaf", "glass") the meaning of a figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from elistit_artist import figures, lexicon, missing, palettes, themes
from elistit_artist import vocabulary as v
from elistit_artist.figures import Params
from elistit_artist.known_as import KNOWN_AS
from elistit_artist.styles import OFFERED


class Role(StrEnum):
    """What a word or phrase of an idea does."""

    FIGURE = "figure"
    THEME = "theme"
    THING = "thing"
    CATEGORY = "category"
    COLOR = "color"
    MOOD = "mood"
    ACTION = "action"
    MEDIUM = "medium"
    SILENT = "silent"
    JOINT = "joint"
    UNKNOWN = "unknown"
    # Given by the reader, never by the dictionary: a word that picks a figure's kind, something worn, a person.
    KIND = "kind"
    WORN = "worn"
    PERSON = "person"


@dataclass(frozen=True)
class Ask:
    """A figure that is asked for, in any of its kinds or (`kinds`) only in some."""

    code: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meaning:
    """What a phrase means. `asks` are figures, `theme` a theme's code; `media` the styles a medium is true of."""

    role: Role
    asks: tuple[Ask, ...] = ()
    theme: str = ""
    media: tuple[str, ...] = ()


def plain(text: str) -> str:
    """A name as the dictionary keeps it: lower case, no article, apostrophes and hyphens gone, last word singular."""
    text = re.sub(r"^(an?|some|the) ", "", text.lower().replace("’", "'"))
    words = re.sub(r"'s\b|'", "", text).replace("-", " ").replace("_", " ").split()
    return " ".join([*words[:-1], lexicon.singular(words[-1])]) if words else ""


def bare(name: str) -> str:
    """A figure's or kind's name without its article and what counts or groups it: "a pair of cowboy boots" → "cowboy boots"."""
    return re.sub(r"^(an?|some|the zodiac sign|the constellation|the) (pair of )?", "", name)


def titled(name: str) -> str:
    """A name as a title: "string of lights" → "String of Lights"."""
    words = name.title().replace("’S", "’s").replace("'S", "'s").split()
    return " ".join(w.lower() if n and w.lower() in _SMALL else w for n, w in enumerate(words))


_SMALL = ("of", "and", "in", "on", "with", "the", "a", "an", "to", "for")


def label(params: Params) -> str:
    """What tells a variant of a figure from its others beside pose and dress: its kind, or its color."""
    return str(params.get("kind") or params.get("color") or "")


@cache
def kinds_of(code: str) -> dict[str, frozenset[str]]:
    """The kinds (or colors) a figure is painted in → their plain words (with plain plurals made singular)."""
    kinds = dict.fromkeys(label(p) for p in figures.variants(code))
    return {k: frozenset(lexicon.singular(w) for w in plain(k).split()) for k in kinds if k}


def _matching(code: str, part: str) -> tuple[str, ...]:
    """The kinds of a figure whose words hold `part`, both as the dictionary keeps them."""
    ways = (part.lower(), plain(part))
    return tuple(k for k in kinds_of(code) if any(f" {way} " in f" {plain(k)} " for way in ways))


def _own_names(code: str) -> set[str]:
    """What a figure is called by its own code and name."""
    name = figures.find(code).name.lower()
    head = re.split(r" (?:of|on|with|in) ", name)[0]
    names = {plain(code), plain(name), plain(head)}
    last = plain(name.split()[-1])
    if head == name and (last == code or last not in figures.catalogue() or "animal" in figures.find(code).tags):
        names.add(last)  # a hot dog is no dog, but a polar bear is a bear
    return {n for n in names if n and n not in v.NOT_A_NAME and n not in v.CONTAINERS and n not in lexicon.CATEGORIES}


def _kind_names(code: str, taken: set[str]) -> dict[str, tuple[str, ...]]:
    """Names of a figure's kinds: whole ("golden retriever") and by a last word nothing else is called by ("dalmatian")."""
    found: dict[str, list[str]] = {}
    for kind in dict.fromkeys(str(p.get("kind") or "") for p in figures.variants(code)):
        if not kind:
            continue
        whole = plain(kind)
        found.setdefault(whole, []).append(kind)
        # Of "a starburst in orange and brown" the name is the starburst's.
        last = re.split(r" (?:in|on|with) ", whole)[0].split()[-1]
        if last not in taken and last not in v.NOT_A_NAME and last not in lexicon.CATEGORIES:
            found.setdefault(last, []).append(kind)
    return {name: tuple(kinds) for name, kinds in found.items()}


def _figures() -> dict[str, tuple[Ask, ...]]:
    """Every name of a figure or of one of its kinds → what it asks for."""
    found: dict[str, list[Ask]] = {}
    codes = list(figures.catalogue())
    for code in codes:
        for name in _own_names(code):
            found.setdefault(name, []).append(Ask(code))
        if code not in v.NOT_A_NAME | v.CONTAINERS and code not in lexicon.CATEGORIES:
            found.setdefault(code.replace("_", " "), [Ask(code)])
    for word, meant in KNOWN_AS.items():
        asks = []
        for one in meant.split("+"):
            code, _, part = one.partition("=")
            asks.append(Ask(code, _matching(code, part) if part else ()))
        found[plain(word)] = asks
        found[word] = asks
    taken = set(found)
    for code in codes:
        for name, kinds in _kind_names(code, taken).items():
            if name not in taken or name == plain(kinds[0]):
                found.setdefault(name, []).append(Ask(code, kinds))
    return {name: tuple(a for a in dict.fromkeys(asks) if not _within(a, asks)) for name, asks in found.items()}


def _within(ask: Ask, others: list[Ask]) -> bool:
    """Whether another of them asks for the same kinds of the figure and more."""
    return bool(ask.kinds) and any(o.code == ask.code and set(ask.kinds) < set(o.kinds) for o in others)


@cache
def dictionary() -> dict[str, Meaning]:
    """Word or phrase → its meaning. Looked up as typed (without apostrophes) and with the last word singular."""
    found: dict[str, Meaning] = {}

    def put(words: object, meaning: Meaning) -> None:
        for word in words:  # type: ignore[attr-defined]
            key = re.sub(r"'s\b|'", "", str(word).lower()).replace("-", " ")
            found.setdefault(key, meaning)

    put(missing.COMPOUNDS - set(KNOWN_AS), Meaning(Role.UNKNOWN))
    put([w for w in missing.NEAREST if " " in w and w not in KNOWN_AS], Meaning(Role.UNKNOWN))
    named = _figures()
    for name, asks in named.items():
        put([name], Meaning(Role.FIGURE, asks))
    put(lexicon.CATEGORIES, Meaning(Role.CATEGORY))
    for theme in themes.THEMES:
        put([w for w in theme.words if w in themes.THINGS], Meaning(Role.THING, theme=theme.code))
        own = [w for w in theme.words if w not in themes.THINGS and plain(w) not in named]
        put(own, Meaning(Role.THEME, theme=theme.code))
    for style in OFFERED:
        put(
            [w for w in style.words if " " in w and not set(w.split()) <= v.SILENT_MORE],
            Meaning(Role.MEDIUM, media=(style.code,)),
        )
    for word, media in v.MEDIA.items():
        put([word], Meaning(Role.MEDIUM, media=media))
    for palette in palettes.PALETTES:
        put(palette.words, Meaning(Role.COLOR))
    put(palettes.MOODS, Meaning(Role.MOOD))
    for forms in lexicon.ACTIONS.values():
        put(forms, Meaning(Role.ACTION))
    put(v.JOINTS | v.LEADS, Meaning(Role.JOINT))
    put(v.SILENT_MORE | lexicon.SILENT | v.CONTAINERS | v.OCCASIONS, Meaning(Role.SILENT))
    return found


@cache
def longest() -> int:
    """The most words a phrase of the dictionary has."""
    return max(len(key.split()) for key in dictionary())


@cache
def things() -> frozenset[str]:
    """Every single word of the dictionary that means something to draw or how, rather than nothing."""
    silent = (Role.SILENT, Role.JOINT, Role.UNKNOWN)
    return frozenset(w for key, meaning in dictionary().items() if meaning.role not in silent for w in key.split())


@cache
def single_words() -> frozenset[str]:
    """Every word that stands in the dictionary, alone or in a phrase."""
    return frozenset(w for key in dictionary() for w in key.split())


@cache
def color_words() -> frozenset[str]:
    """Words that name a color of a palette, also where they are the name of a thing ("lavender")."""
    return frozenset(w.lower() for p in palettes.PALETTES for w in p.words)

"""Reads a seller's idea: which figures, themes and kinds of thing its words ask for, and what is only near to them.

Pure and deterministic. It must never raise for what a seller may type, and never count a figure as asked for that no word of
the idea asks for.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from elistit_artist import figures, glyphs, lexicon, missing, names, themes
from elistit_artist import vocabulary as v
from elistit_artist.names import Ask, Role
from elistit_artist.reading import Reading, Token, read, words_of
from elistit_artist.themes import Theme


@dataclass(frozen=True)
class Understood:
    """The idea, read: `named` figures and those `gathered` for a theme or kind of thing, in the order they are painted, what
    may be `borrowed` beyond the idea, and what the set is called. `known`: something of the idea is drawn."""

    title: str
    theme: str
    named: list[Ask]
    gathered: list[Ask]
    borrowed: list[str]
    known: bool
    # Of every so many picks of a theme, one shows a named figure: 2 when that is what the idea is about.
    share: int
    # What figures should wear because a theme only colors them ("birthday cats").
    worn: list[str]

    @property
    def only_named(self) -> bool:
        """Whether single figures were asked for, and no theme beside them."""
        return bool(self.named) and not self.gathered


def unwanted_in(words: list[str]) -> list[str]:
    """What the idea itself asks to leave out: the word after "no" or "without"."""
    return [after for word, after in itertools.pairwise(words) if word in ("no", "without", "ohne", "sin", "sans")]


def phrases(words: list[str]) -> Iterator[tuple[str, set[str]]]:
    """Every run of one to four words, longest first, with the words it covers."""
    for length in (4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            yield " ".join(part), set(part)


@cache
def members(code: str) -> tuple[str, ...]:
    """Figures of a theme: those it names first, then the catalogue's order, those of the theme proper before those that
    only share a tag."""
    theme = themes.theme(code)
    catalogue = figures.catalogue()
    proper = [c for c, s in catalogue.items() if set(s.themes) & {theme.code, *theme.themes}]
    tagged = [c for c, s in catalogue.items() if c in theme.tags or set(s.tags) & set(theme.tags)]
    return tuple(dict.fromkeys([*theme.first, *proper, *tagged]))


def _in_turn(lists: list[list[str]]) -> list[str]:
    """Figures of several lists, one of each in turn, so that "ocean and safari" gets both from the first few on."""
    return list(dict.fromkeys(code for row in itertools.zip_longest(*lists) for code in row if code))


def _whole(theme: Theme, hard: list[Theme]) -> list[str]:
    return list(members(theme.code)) if theme in hard and len(hard) > 1 else []


def _themes(tokens: list[Token]) -> tuple[list[Theme], list[Theme]]:
    """Themes the words mean, in the idea's order: those that stand for themselves, and those that only color others."""
    found = dict.fromkeys(t.meaning.theme for t in tokens if t.role == Role.THEME)
    meant = [themes.theme(code) for code in found]
    return [t for t in meant if t.code not in themes.SOFT], [t for t in meant if t.code in themes.SOFT]


def _kinds(tokens: list[Token]) -> list[set[str]]:
    """Tags of each kind of thing an idea asks for ("animals", "leaves")."""
    among = [t for t in tokens if t.role == Role.CATEGORY]
    # "Farm animals" is a theme, and of it the animals.
    among += [t for t in tokens if t.role == Role.THEME and sum(o.phrase == t.phrase for o in tokens) > 1]
    found = [set(_category(t)) for t in among]
    return [tags for n, tags in enumerate(found) if tags and tags not in found[:n]]


def _category(token: Token) -> tuple[str, ...]:
    for key in (token.key, lexicon.singular(token.key)):
        if key in lexicon.CATEGORIES:
            return lexicon.CATEGORIES[key]
    return ()


# A theme that only colors another has enough of a kind of thing with so many.
_ENOUGH = 4


def _by_kind(codes: list[str], kinds: list[set[str]]) -> list[str]:
    """The figures of each kind of thing in turn: of "animals and leaves" an animal, a leaf, an animal."""
    catalogue = figures.catalogue()
    return _in_turn([[c for c in codes if tags & set(catalogue[c].tags)] for tags in kinds])


def _of_kind(kinds: list[set[str]]) -> list[str]:
    """Every figure of some kinds of thing, from the themes sellers know best in turn."""
    catalogue = figures.catalogue()
    tags = sorted(tag for each in kinds for tag in each if tag in _THEME_OF_KIND)
    first = [c for tag in tags for c in members(_THEME_OF_KIND[tag])]
    mixed = _in_turn([list(members(c)) for c in ("woodland", "farm", "safari", "pets", "ocean", "arctic")])
    return _by_kind([*dict.fromkeys([*first, *mixed, *catalogue])], kinds)


# Titles of kinds of thing whose plural isn't made with an “s”.
_PLURAL = {"greenery": "Greenery", "leaf": "Leaves"}

# A category that is also a theme gathers the theme's figures first.
_THEME_OF_KIND = {"bird": "birds", "flower": "floral", "fruit": "fruit", "greenery": "botanical"}


def understand(reading: Reading, refused: set[str], *, with_packs: bool = False) -> Understood:
    """What an idea asks for. `with_packs`: words that no figure or theme answers to are looked up in the installed art packs.
    `refused`: singular words whose figures are left out."""
    tokens = reading.tokens
    # Of "garden tools and sunflowers" a tool, a sunflower, another tool.
    in_turn = [a for row in itertools.zip_longest(*(n.asks for n in reading.named)) for a in row if a]
    named = [a for a in in_turn if not _is_refused(a.code, refused)]
    pack_title = ""
    if with_packs:
        packed, pack_title = _packed(tokens, refused)
        named = [*packed, *named]
    named = list(dict.fromkeys(named))
    hard, soft = _themes(tokens)
    each = _kinds(tokens)
    kinds = {tag for tags in each for tag in tags}
    gathered, worn, main = _gathered(reading, named, hard, soft, each)
    own = {a.code for a in named if not a.kinds}
    asked = [Ask(c) for c in gathered if c not in own and not _is_refused(c, refused)]
    known = bool(named or asked)
    near, guess = _nearest(tokens) if not known else ([], None)
    main = main or guess
    code = main.code if main else ""
    if not code and named:
        code = next(iter(figures.find(named[0].code).themes), "")
    code = code or themes.FALLBACK
    borrowed = _borrowed(code, main, near, named, asked, kinds, refused)
    title = pack_title or (
        _title(named, main if asked else None, kinds, asked) if known else _fallback_title(near, main)
    )
    return Understood(title, code, named, asked, borrowed, known, _share(reading), worn)


def _share(reading: Reading) -> int:
    """How often a named figure comes among those of a theme: every second time when it stands in the group of the main noun."""
    if reading.head is None:
        return 2
    group = reading.tokens[reading.head].group
    return 2 if any(n.group == group for n in reading.named) else 4


def _gathered(
    reading: Reading, named: list[Ask], hard: list[Theme], soft: list[Theme], kinds: list[set[str]]
) -> tuple[list[str], list[str], Theme | None]:
    """Figures of the themes and kinds asked for; what a theme that only colors has the others wear; and the main theme."""
    catalogue = figures.catalogue()
    head = reading.tokens[reading.head] if reading.head is not None else None
    apart = [t for t in soft if _stands_alone(reading, t, head)]
    meant = [*hard, *apart]
    if not meant and soft and not (named and not kinds):
        meant = soft[:] if not kinds else soft
    gathered = _in_turn([list(members(t.code)) for t in meant])
    if kinds:
        # A theme without any of the kind is asked for beside it: "woodland animals, tea party".
        of_kind = _in_turn([_by_kind(list(members(t.code)), kinds) or _whole(t, hard) for t in meant])
        if len(of_kind) < _ENOUGH and not hard:
            # A theme that only colors has too few of them: those of every theme, the theme's own first.
            of_kind, meant = _of_kind(kinds), []
        gathered = of_kind or gathered
    for theme in soft:
        if theme not in meant:
            gathered = sorted(gathered, key=lambda c: theme.code not in catalogue[c].themes)
    worn = [v.WORN_FOR[t.code] for t in soft if t not in meant and t.code in v.WORN_FOR]
    if named and not hard and not kinds and not apart:
        gathered = []
    return gathered, worn, (meant or [None])[0] if gathered else None  # type: ignore[list-item]


def _stands_alone(reading: Reading, theme: Theme, head: Token | None) -> bool:
    """Whether a theme that only colors others is asked for itself: as the main noun, or joined by "and". A baby's room is
    never drawn."""
    if theme.code == "baby":
        return False
    own = [t for t in reading.tokens if t.role == Role.THEME and t.meaning.theme == theme.code]
    for token in own:
        if token is head:
            return True
        group = [t for t in reading.tokens if t.group == token.group and t.content]
        if group == [token] and token.lead not in v.PURPOSE and head is not None and head.group != token.group:
            return token.lead == ""
    return False


def _packed(tokens: list[Token], refused: set[str]) -> tuple[list[Ask], str]:
    """Drawings of installed packs for words nothing else answers to. The words they answer become figures, in place."""
    open_ = [t for t in tokens if t.role in (Role.UNKNOWN, Role.THING)]
    found, used, title = glyphs.asked([t.word for t in open_], refused, [t.word for t in tokens])
    for token in open_:
        if token.word in used:
            token.role = Role.FIGURE
    return [Ask(code) for code in found], title


def _nearest(tokens: list[Token]) -> tuple[list[str], Theme | None]:
    """What is nearest to an idea of which nothing is drawn: a theme, and figures to begin with."""
    for token in tokens:
        if token.role == Role.THING:
            return [], themes.theme(token.meaning.theme)
    found = missing.nearest([t.key for t in tokens])
    if found.startswith("theme:"):
        return [], themes.theme(found.removeprefix("theme:"))
    return ([found], None) if found else ([], None)


def _borrowed(
    code: str,
    main: Theme | None,
    near: list[str],
    named: list[Ask],
    asked: list[Ask],
    kinds: set[str],
    refused: set[str],
) -> list[str]:
    """Figures beyond the idea, to go on with when every variant of what was asked for is painted: of the same and near themes,
    then botanicals, then any; those of the kind asked for first."""
    catalogue = figures.catalogue()
    if main is None and near:
        code = next(iter(catalogue[near[0]].themes), code)
    close = [code, *(themes.theme(code).near if code in {t.code for t in themes.THEMES} else ())]
    gathered = [c for t in close for c in (members(t) if t in {x.code for x in themes.THEMES} else ())]
    rest = dict.fromkeys([*near, *gathered, *members(themes.FALLBACK), *catalogue])
    taken = {a.code for a in asked} | {a.code for a in named if not a.kinds}
    free = [c for c in rest if c not in taken and not _is_refused(c, refused)] or [c for c in rest if c not in taken]
    return sorted(free, key=lambda c: not (kinds & set(catalogue[c].tags))) if kinds else free


@cache
def _words_about(code: str) -> frozenset[str]:
    subject = figures.find(code)
    texts = (code.replace("_", " "), subject.name, *subject.tags)
    return frozenset(lexicon.singular(w) for n in texts for w in words_of(n))


def _is_refused(code: str, refused: set[str]) -> bool:
    return bool(refused) and bool(_words_about(code) & refused)


def _fallback_title(near: list[str], main: Theme | None) -> str:
    if near:
        return names.titled(figures.find(near[0]).name)
    return main.title if main else "Botanicals"


def _named_title(ask: Ask) -> str:
    name = ask.kinds[0] if len(ask.kinds) == 1 else figures.find(ask.code).name
    return names.titled(names.bare(name))


def _title(named: list[Ask], main: Theme | None, kinds: set[str], asked: list[Ask]) -> str:
    """A short name for the set: the theme's title and the kind of thing, or the figures that were named."""
    if main is None:
        titles = list(dict.fromkeys(_named_title(a) for a in (named or ([] if kinds else asked))))[:3]
        if titles:
            return titles[0] if len(titles) == 1 else ", ".join(titles[:-1]) + " and " + titles[-1]
        return _PLURAL.get(min(kinds), f"{min(kinds).title()}s") if kinds else "Botanicals"
    return f"{main.title} Animals" if "animal" in kinds else main.title


__all__ = ["Ask", "Understood", "members", "phrases", "read", "understand", "unwanted_in", "words_of"]

"""Reads a seller's idea: which figures, themes and kinds of thing its words mean, and which words meant nothing.

Pure and deterministic. It must never raise for what a seller may type, and never count a word as used that had no effect.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from elistit.providers.builtin import figures, glyphs, lexicon, palettes, themes
from elistit.providers.builtin.themes import Theme


@dataclass(frozen=True)
class Understood:
    """The idea, read: subjects in the order they are painted, how many of those were really asked for, and why."""

    title: str
    theme: str
    subjects: list[str]
    asked: int
    used: set[str]
    known: bool
    only_named: bool


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation."""
    return "".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split()


def unwanted_in(words: list[str]) -> list[str]:
    """What the idea itself asks to leave out: the word after "no" or "without"."""
    return [after for word, after in itertools.pairwise(words) if word in ("no", "without", "ohne", "sin", "sans")]


def phrases(words: list[str]) -> Iterator[tuple[str, set[str]]]:
    """Every run of one to four words, longest first, with the words it covers."""
    for length in (4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            yield " ".join(part), set(part)


def _names(code: str) -> set[str]:
    """What a figure is called: its code, its name, and its name's last word ("red fox" is also a fox)."""
    subject = figures.find(code)
    name = subject.name.lower().removeprefix("a ").removeprefix("an ").removeprefix("some ")
    return {code.replace("_", " ").replace("-", " "), name, name.split()[-1], name.split(" of ")[0]}


def _rare_tags() -> dict[str, list[str]]:
    """Tags that say nearly as much as a name ("bunny"): carried by one or two figures, and neither a theme, a kind of
    thing nor a color."""
    carried: dict[str, list[str]] = {}
    for code, subject in figures.catalogue().items():
        for tag in subject.tags:
            carried.setdefault(tag.lower(), []).append(code)
    taken = {w for t in themes.THEMES for w in t.words} | {w for p in palettes.PALETTES for w in p.words}
    taken |= set(lexicon.CATEGORIES) | set(palettes.MOODS) | lexicon.SILENT
    return {t: codes for t, codes in carried.items() if len(codes) <= 2 and t not in taken}


def figures_named(words: list[str]) -> tuple[list[str], set[str]]:
    """Figures called by name, in the idea's order, and the words that called them."""
    names: dict[str, list[str]] = {}
    for code in figures.catalogue():
        for name in _names(code):
            names.setdefault(name, []).append(code)
    for tag, codes in _rare_tags().items():
        names.setdefault(tag, codes)
    hits: list[tuple[int, str]] = []
    used: set[str] = set()
    for phrase, covered in phrases(words):
        if covered & used:
            continue
        single = " ".join([*phrase.split()[:-1], lexicon.singular(phrase.split()[-1])])
        codes = names.get(phrase) or names.get(single) or []
        if codes and phrase not in lexicon.CATEGORIES:
            used |= covered
            hits += [(words.index(phrase.split()[0]), code) for code in codes]
    return list(dict.fromkeys(code for _, code in sorted(hits, key=lambda h: h[0]))), used


def _themes(words: list[str]) -> tuple[list[Theme], set[str]]:
    """Themes whose words are in the idea, in its order, those that only color another theme last; and the words that
    count as used for it. "Santa" means Christmas, but without a figure of that name it is not used."""
    found: list[tuple[bool, int, Theme]] = []
    things: set[str] = set()
    used: set[str] = set()
    by_word = {w: t for t in reversed(themes.THEMES) for w in t.words}
    for phrase, covered in phrases(words):
        theme = by_word.get(phrase)
        if theme and not covered <= used:
            used |= covered
            found.append((theme.code in themes.SOFT, words.index(phrase.split()[0]), theme))
            things |= covered if phrase in themes.THINGS else set()
    ordered = [t for _, _, t in sorted(found, key=lambda f: f[:2])]
    return list({t.code: t for t in ordered}.values()), used - things


def _members(theme: Theme) -> list[str]:
    """Figures of a theme: those it names first, then the catalogue's order, those of the theme proper before those that
    only share a tag."""
    catalogue = figures.catalogue()
    proper = [c for c, s in catalogue.items() if set(s.themes) & {theme.code, *theme.themes}]
    tagged = [c for c, s in catalogue.items() if c in theme.tags or set(s.tags) & set(theme.tags)]
    return list(dict.fromkeys([*theme.first, *proper, *tagged]))


def _in_turn(meant: list[Theme]) -> list[str]:
    """Figures of several themes, one of each in turn, so that "ocean and safari" gets both from the first few on."""
    rows = itertools.zip_longest(*(_members(t) for t in meant))
    return list(dict.fromkeys(code for row in rows for code in row if code))


def _tagged(words: list[str]) -> tuple[list[str], set[str]]:
    """Word search over tags and names: figures by how many words they share with the idea."""
    wanted = {lexicon.singular(w): w for w in words if w not in lexicon.SILENT and len(w) > 2}
    scores: list[tuple[int, int, str]] = []
    used: set[str] = set()
    for place, (code, subject) in enumerate(figures.catalogue().items()):
        own = {lexicon.singular(w) for t in (*subject.tags, *subject.themes, subject.name) for w in words_of(t)}
        shared = own & set(wanted)
        if shared:
            used |= {wanted[w] for w in shared}
            scores.append((-len(shared), place, code))
    return [code for _, _, code in sorted(scores)], used


def _kinds(words: list[str]) -> tuple[set[str], set[str]]:
    """Tags of the kinds of thing an idea asks for ("animals"), and the words that ask."""
    used = {w for w in words if w in lexicon.CATEGORIES}
    return {tag for w in used for tag in lexicon.CATEGORIES[w]}, used


def understand(words: list[str], refused: set[str], *, with_packs: bool = False) -> Understood:
    """Read an idea. `with_packs`: words that no figure or theme answers to are looked up in the installed art packs."""
    pack_title = ""
    catalogue = figures.catalogue()
    named, used_names = figures_named(words)
    if with_packs:
        taken = used_names | _themes(words)[1] | set(lexicon.CATEGORIES)
        packed, used_packs, pack_title = glyphs.asked([w for w in words if w not in taken], refused, words)
        named, used_names = named + packed, used_names | used_packs
    meant, used_themes = _themes(words)
    kinds, used_kinds = _kinds(words)
    meant = [t for t in meant if _members(t)]
    gathered = _in_turn([t for t in meant if t.code not in themes.SOFT])
    gathered += [c for c in _in_turn([t for t in meant if t.code in themes.SOFT]) if c not in gathered]
    if kinds:
        of_kind = [c for c in (gathered or catalogue) if kinds & set(catalogue[c].tags)]
        gathered = of_kind + [c for c in gathered if c not in of_kind]
    used = used_names | (used_themes & _theme_words(meant)) | (used_kinds if gathered else set())
    if named and not _really_themed(meant, words, used_names):
        gathered = []
    subjects = list(dict.fromkeys(named + gathered))
    if not subjects:
        subjects, by_tag = _tagged(words)
        used |= by_tag
    subjects = _without(subjects, refused)
    known = bool(subjects)
    main = meant[0] if meant and gathered else None
    if not known:
        main = themes.theme(themes.FALLBACK)
        subjects = _without(_members(main), refused) or list(catalogue)
    code = main.code if main else (next(iter(figures.find(subjects[0]).themes), "") or themes.FALLBACK)
    others = _borrowed(code, main, subjects, kinds, refused)
    title = pack_title or (_title(named, main, kinds, subjects) if known else "Botanicals")
    return Understood(title, code, subjects + others, len(subjects), used, known, bool(named) and not gathered)


def _without(codes: list[str], refused: set[str]) -> list[str]:
    """The figures that carry none of the words to leave out; all of them when that would leave nothing."""
    return [c for c in codes if not _is_refused(c, refused)] or codes


def _theme_words(meant: list[Theme]) -> set[str]:
    return {part for theme in meant for word in theme.words for part in word.split()}


def _really_themed(meant: list[Theme], words: list[str], used_names: set[str]) -> bool:
    """Whether a theme was asked for beside the figures named: in "fern" the theme comes from the figure's own name."""
    spaced = f" {' '.join(words)} "
    return any(f" {w} " in spaced and not set(w.split()) <= used_names for t in meant for w in t.words)


def _borrowed(code: str, main: Theme | None, subjects: list[str], kinds: set[str], refused: set[str]) -> list[str]:
    """Figures to go on with when every variant of the subjects is painted: of near themes, then botanicals, then any;
    those of the kind asked for first."""
    catalogue = figures.catalogue()
    near = {code, *(main.near if main else ())}
    gathered = [c for t in themes.THEMES if t.code in near for c in _members(t)]
    rest = dict.fromkeys(gathered + _members(themes.theme(themes.FALLBACK)) + list(catalogue))
    free = [c for c in rest if c not in set(subjects) and not _is_refused(c, refused)]
    return sorted(free, key=lambda c: not (kinds & set(catalogue[c].tags)))


def _is_refused(code: str, refused: set[str]) -> bool:
    subject = figures.find(code)
    own = {lexicon.singular(w) for n in (*_names(code), *subject.tags) for w in words_of(n)}
    return bool(own & refused)


def _title(named: list[str], main: Theme | None, kinds: set[str], subjects: list[str]) -> str:
    """A short name for the set: the theme's title and the kind of thing, or the figures that were named."""
    if main is None:
        names = [figures.find(c).name.title() for c in (named or ([] if kinds else subjects))[:3]]
        if names:
            return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
        return f"{min(kinds).title()}s"
    return f"{main.title} Animals" if "animal" in kinds else main.title

"""From an idea to a list of distinct pictures: the built-in artist's own briefing.

Pure and deterministic: idea, options, count, seed and style decide everything. It must never raise for what a seller
may type, never return two equal picks, and never keep quiet about words it did not use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from elistit.providers.builtin import figures, lexicon, palettes, styles, themes
from elistit.providers.builtin.palettes import Colors
from elistit.providers.builtin.themes import Theme

# Fields of the create form that say what to draw or how; "negative" is read apart.
_OPTIONS = ("color_palette", "mood", "art_medium", "setting", "composition")


@dataclass(frozen=True)
class Pick:
    """One picture to make: the figure's code, the prompt in plain English, and what the artist needs (JSON-safe)."""

    subject: str
    prompt: str
    art: dict[str, Any]


@dataclass(frozen=True)
class Brief:
    """What an idea came to. `used` and `unused` are the idea's and options' words; `note` says in plain words what
    differs from what was asked (empty when nothing does)."""

    title: str
    theme: str
    used: list[str]
    unused: list[str]
    note: str
    picks: list[Pick]


@dataclass(frozen=True)
class _Understood:
    """The idea, read: subjects in the order they are painted, how many of those were really asked for, and why."""

    title: str
    theme: str
    subjects: list[str]
    asked: int
    used: set[str]
    known: bool
    only_named: bool


def plan(idea: str, options: dict[str, str] | None, count: int, seed: int, style: str) -> Brief:
    """Exactly `count` distinct picks (at least one) for an idea.

    First every subject once, then their other poses, dress and kinds, then other colors. Unknown ideas become
    botanicals and the note says so. `style` is the code of an offered style; another one is painted as watercolor.
    """
    options = {k: str(v) for k, v in (options or {}).items() if v}
    words = _words(idea)
    refused = {lexicon.singular(w) for w in _words(options.get("negative", ""))}
    worn = _worn(words)
    wanted = {**_actions(words + _words(options.get("composition", ""))), **{phrase: phrase for phrase in worn}}
    found = _understand([w for w in words if w not in set().union(*worn.values())], refused)
    colors = _colors(words, options, found.used)
    painted_in = styles.style(style) if style in {s.code for s in styles.OFFERED} else styles.WATERCOLOR
    picks: list[Pick] = []
    seen: set[str] = set()
    for code, params, recolor in _candidates(found, wanted, refused, seed):
        pick = _pick(code, params, recolor, colors, painted_in)
        if pick.prompt not in seen:
            seen.add(pick.prompt)
            picks.append(pick)
        if len(picks) >= max(1, count):
            break
    effective = (
        found.used | set(colors.used) | set(wanted.values()) | set(painted_in.words) | set().union(*worn.values())
    )
    used, unused = _report(words, options, effective)
    return Brief(found.title, found.theme, used, unused, _note(found, unused, picks), picks)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split()


def _phrases(words: list[str]) -> Iterator[tuple[str, set[str]]]:
    """Every run of one to four words, longest first, with the words it covers."""
    for length in (4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            yield " ".join(part), set(part)


def _names(code: str) -> set[str]:
    """What a figure is called: its code, its name, and its name's last word ("red fox" is also a fox)."""
    subject = figures.catalogue()[code]
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


def _named(words: list[str]) -> tuple[list[str], set[str]]:
    """Figures called by name, in the idea's order, and the words that called them."""
    names: dict[str, list[str]] = {}
    for code in figures.catalogue():
        for name in _names(code):
            names.setdefault(name, []).append(code)
    for tag, codes in _rare_tags().items():
        names.setdefault(tag, codes)
    hits: list[tuple[int, str]] = []
    used: set[str] = set()
    for phrase, covered in _phrases(words):
        if covered & used:
            continue
        single = " ".join([*phrase.split()[:-1], lexicon.singular(phrase.split()[-1])])
        codes = names.get(phrase) or names.get(single)
        if codes and phrase not in lexicon.CATEGORIES:
            used |= covered
            hits += [(words.index(phrase.split()[0]), code) for code in codes]
    return list(dict.fromkeys(code for _, code in sorted(hits, key=lambda h: h[0]))), used


def _themes(words: list[str]) -> tuple[list[Theme], set[str]]:
    """Themes whose words are in the idea: longer phrases first, then in the idea's order."""
    found: list[tuple[int, int, Theme]] = []
    used: set[str] = set()
    by_word = {w: t for t in reversed(themes.THEMES) for w in t.words}
    for phrase, covered in _phrases(words):
        theme = by_word.get(phrase)
        if theme and not covered <= used:
            used |= covered
            found.append((-len(covered), words.index(phrase.split()[0]), theme))
    ordered = [t for _, _, t in sorted(found, key=lambda f: f[:2])]
    return list({t.code: t for t in ordered}.values()), used


def _members(theme: Theme) -> list[str]:
    """Figures of a theme, in the catalogue's order; those of the theme proper before those that only share a tag."""
    catalogue = figures.catalogue()
    proper = [c for c, s in catalogue.items() if set(s.themes) & {theme.code, *theme.themes}]
    tagged = [c for c, s in catalogue.items() if c in theme.tags or set(s.tags) & set(theme.tags)]
    return list(dict.fromkeys(proper + tagged))


def _tagged(words: list[str]) -> tuple[list[str], set[str]]:
    """Word search over tags and names: figures by how many words they share with the idea."""
    wanted = {lexicon.singular(w): w for w in words if w not in lexicon.SILENT and len(w) > 2}
    scores: list[tuple[int, int, str]] = []
    used: set[str] = set()
    for place, (code, subject) in enumerate(figures.catalogue().items()):
        own = {lexicon.singular(w) for t in (*subject.tags, *subject.themes, subject.name) for w in _words(t)}
        shared = own & set(wanted)
        if shared:
            used |= {wanted[w] for w in shared}
            scores.append((-len(shared), place, code))
    return [code for _, _, code in sorted(scores)], used


def _kinds(words: list[str]) -> tuple[set[str], set[str]]:
    """Tags of the kinds of thing an idea asks for ("animals"), and the words that ask."""
    used = {w for w in words if w in lexicon.CATEGORIES}
    return {tag for w in used for tag in lexicon.CATEGORIES[w]}, used


def _understand(words: list[str], refused: set[str]) -> _Understood:
    catalogue = figures.catalogue()
    named, used_names = _named(words)
    meant, used_themes = _themes(words)
    kinds, used_kinds = _kinds(words)
    meant = [t for t in meant if _members(t)]
    gathered = list(dict.fromkeys(c for t in meant for c in _members(t)))
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
    code = main.code if main else (next(iter(catalogue[subjects[0]].themes), "") or themes.FALLBACK)
    others = _borrowed(code, main, subjects, kinds, refused)
    title = _title(named, main, kinds, subjects) if known else "Botanicals"
    return _Understood(title, code, subjects + others, len(subjects), used, known, bool(named) and not gathered)


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
    subject = figures.catalogue()[code]
    own = {lexicon.singular(w) for n in (*_names(code), *subject.tags) for w in _words(n)}
    return bool(own & refused)


def _title(named: list[str], main: Theme | None, kinds: set[str], subjects: list[str]) -> str:
    """A short name for the set: the theme's title and the kind of thing, or the figures that were named."""
    catalogue = figures.catalogue()
    if main is None:
        names = [catalogue[c].name.title() for c in (named or ([] if kinds else subjects))[:3]]
        if names:
            return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
        return f"{min(kinds).title()}s"
    return f"{main.title} Animals" if "animal" in kinds else main.title


def _colors(words: list[str], options: dict[str, str], used: set[str]) -> Colors:
    """Colors of the options first; the idea's own color words count too, unless the word named a figure ("lavender")."""
    text = " , ".join([options.get("color_palette", ""), options.get("mood", "")])
    free = [w for w in words if w not in used or w in _theme_palettes()]
    return palettes.read_colors(text if options.get("color_palette") else text + " , " + " ".join(free))


def _theme_palettes() -> set[str]:
    """Words that are a theme and a way of coloring at once."""
    return {"boho", "autumn", "fall", "tropical", "desert", "bohemian", "winter", "harvest", "rustic", "greenery"}


def _actions(words: list[str]) -> dict[str, str]:
    """Poses and dress asked for: the word in the variants → the word in the idea."""
    return {key: w for key, forms in lexicon.ACTIONS.items() for w in words if w in forms}


def _worn(words: list[str]) -> dict[str, set[str]]:
    """Things to wear or hold that the idea names in full: the phrase in the variants → its words in the idea. "Fox with
    flower crowns" asks for no flowers."""
    plain = [lexicon.singular(w) for w in words]
    phrases = {
        str(value).lower().partition(" ")[2]
        for code in figures.catalogue()
        for variant in figures.variants(code)
        for name, value in variant.items()
        if name in ("wearing", "holding", "carrying") and str(value).lower().startswith(("a ", "an "))
    }
    found: dict[str, set[str]] = {}
    for phrase in sorted(p for p in phrases if " " in p):
        parts = phrase.split()
        for start in range(len(plain) - len(parts) + 1):
            if plain[start : start + len(parts)] == parts:
                found[phrase] = set(words[start : start + len(parts)])
    return found


def _candidates(
    found: _Understood, wanted: dict[str, str], refused: set[str], seed: int
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Figure, parameters and recoloring, in the order they are painted: asked-for subjects once each, then all their
    variants, then borrowed subjects and theirs, then everything again in other colors. When single figures were asked
    for by name, their other colors come before anything borrowed."""
    orders = {code: _ordered(code, wanted, refused, seed) for code in found.subjects}
    own, others = found.subjects[: found.asked], found.subjects[found.asked :]
    colors = ["", *(code for _, code in palettes.RECOLORED)]
    rounds = [(own, c) for c in colors] + [(others, c) for c in colors]
    if not found.only_named:
        rounds = [(group, c) for c in colors for group in (own, others)]
    for group, recolor in rounds:
        for turn in range(max((len(orders[c]) for c in group), default=0)):
            for code in group:
                if turn < len(orders[code]):
                    yield code, orders[code][turn], recolor


def _ordered(code: str, wanted: dict[str, str], refused: set[str], seed: int) -> list[dict[str, Any]]:
    """A figure's variants, good ones early, in an order of this seed's own; asked-for poses and dress first."""
    choices = figures.variants(code) or [{}]
    digest = hashlib.sha256(f"variants|{code}|{seed}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    ranks = [place + float(rng.uniform(0, 2.5)) for place in range(len(choices))]

    def rank(place: int) -> tuple[int, float]:
        text = f" {' '.join(str(v) for v in choices[place].values())} ".lower()
        words = {lexicon.singular(w) for w in _words(text)}
        misses = sum(1 for key in wanted if key not in text)
        return (100 if words & refused else 0) + misses, ranks[place]

    return [choices[place] for place in sorted(range(len(choices)), key=rank)]


def _pick(code: str, params: dict[str, Any], recolor: str, colors: Colors, style: styles.Style) -> Pick:
    grade, phrase = colors.grade, colors.phrase
    if recolor:
        other = palettes.palette(recolor)
        grade, phrase = other.grade, other.phrase
    prompt = f"{figures.describe(code, params)}, {style.medium}" + (f" in {phrase}" if phrase else "")
    art: dict[str, Any] = {
        "subject": code,
        "params": params,
        "style": style.code,
        "grade": grade.as_json(),
        "prompt": prompt,
    }
    if colors.manner:
        art["manner"] = dict(colors.manner)
    return Pick(code, prompt, art)


def _report(words: list[str], options: dict[str, str], effective: set[str]) -> tuple[list[str], list[str]]:
    """Which words had an effect and which had none, in the order they were written."""
    written = words + [w for name in _OPTIONS for w in _words(options.get(name, ""))]
    content = [w for w in dict.fromkeys(written) if w in effective or (w not in lexicon.SILENT and not w.isdigit())]
    return [w for w in content if w in effective], [w for w in content if w not in effective]


def _note(found: _Understood, unused: list[str], picks: list[Pick]) -> str:
    """What the seller should know before paying, in one to three plain sentences; empty when all is as asked."""
    said: list[str] = []
    if not found.known:
        said.append("The built-in artist has no figure for this idea, so these are botanicals.")
    if unused:
        said.append("Not used: " + ", ".join(unused[:12]) + ".")
    own = set(found.subjects[: found.asked])
    borrowed = sum(1 for p in picks if p.subject not in own)
    if borrowed:
        said.append(
            f"{borrowed} of {len(picks)} images go beyond the idea, to make the set large enough without repeats."
        )
    return " ".join(said)


__all__ = ["Brief", "Pick", "plan"]

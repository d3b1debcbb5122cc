"""From an idea to a list of distinct images: the built-in artist's own briefing.

Pure and deterministic: idea, options, count, seed and style decide everything. It must never raise for what a seller
may type, never return two equal picks, and never keep quiet about words it will not draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from elistit_artist import (
    dress,
    effects,
    figures,
    glyphs,
    lexicon,
    mediums,
    names,
    palettes,
    pictures,
    reading,
    sketch,
    styles,
    themes,
)
from elistit_artist import vocabulary as v
from elistit_artist.idea import Ask, Understood, members, understand, unwanted_in, words_of
from elistit_artist.lettering import planning as letters
from elistit_artist.names import Role
from elistit_artist.palettes import Colors
from elistit_artist.plans import Pick, Plan
from elistit_artist.reading import Reading, Token


def plan(
    idea: str,
    options: dict[str, str] | None,
    count: int,
    seed: int,
    style: str,
    *,
    product: str = "clipart",
    ratio: str = "1:1",
) -> Plan:
    """Exactly `count` distinct picks (at least one) for an idea.

    Clipart, stickers and SVG: first every subject once, then their other poses, dress and kinds, then other colors; unknown
    ideas become what is nearest and the note says so. Wall art, posters and cards: composed images of `ratio` ("3:4"), see
    `pictures`. Words to set are lettered, see `elistit_artist.lettering`, whose CannotPlan is raised for words no font has.
    `style` is the code of a style offered for the product; another one becomes the product's own, or watercolor.
    """
    options = {k: str(v) for k, v in (options or {}).items() if v}
    painted_in = styles.for_product(style, product)
    if lettered := letters.plan(idea, options, count, seed, product, ratio):
        return _lettered(lettered, painted_in)
    if pictures.is_picture(product):
        return pictures.plan(idea, options, count, seed, painted_in, product, ratio)
    made = _drawn(idea, options, count, seed, painted_in)
    used, unused = _report(made, idea, options, painted_in, count, seed, product)
    head = made.reading.tokens[made.reading.head].word if made.reading.head is not None else ""
    media = reading.media_of([*made.reading.tokens, *reading.read(options.get("art_medium", "")).tokens])
    named = mediums.asked(media, words_of(idea), product)
    return Plan(
        made.found.title,
        made.found.theme,
        used,
        unused,
        " ".join(s for s in (_note(made, unused), mediums.sentence(named, media, painted_in)) if s),
        made.picks,
        not made.found.known or head in unused,
        painted_in.code,
        named[0].code if named else "",
    )


def lettering_problem(idea: str, options: dict[str, str], product: str) -> tuple[str, str] | None:
    """The field and the sentence of what of an order cannot be lettered; None when all can."""
    return letters.problem(idea, options, product)


def _lettered(made: letters.Lettered, style: styles.Style) -> Plan:
    """Lettering as a brief. Whether something else than letters was asked for, too, the seller must confirm."""
    picks = [Pick(str(p.art["subject"]), p.prompt, {**p.art, "style": style.code}) for p in made.items]
    things = (Role.FIGURE, Role.CATEGORY, Role.THING, Role.PERSON)
    missed = any(t.role in things for word in made.unused for t in reading.read(word).tokens)
    return Plan(made.title, "lettering", list(made.used), list(made.unused), made.note, picks, missed)


@dataclass(frozen=True)
class _Made:
    """An order, read and planned."""

    reading: Reading
    found: Understood
    picks: list[Pick]
    wanted: dict[str, str]
    colored: frozenset[str]


def _drawn(idea: str, options: dict[str, str], count: int, seed: int, style: styles.Style) -> _Made:
    words = words_of(idea)
    refused = {lexicon.singular(w) for w in [*words_of(options.get("negative", "")), *unwanted_in(words)]}
    read = reading.read(idea)
    wanted = dress.wanted_in(read, words_of(options.get("composition", "")))
    found = understand(read, refused, with_packs=True)
    # Of an idea nothing is drawn of, nobody wears the hat either.
    wanted = {phrase: phrase for phrase in found.worn} | wanted if found.known else {}
    colors = _colors(read, options)
    picks: list[Pick] = []
    seen: set[str] = set()
    for code, params, recolor, beyond in _candidates(found, _Taste(wanted, refused), seed, not colors.phrase):
        pick = _pick(code, params, recolor, colors, style, beyond)
        # In lines a red fox and a blue one are the same image.
        look = sketch.outline(code, params) if style.code in styles.COLORLESS else pick.prompt
        if look not in seen:
            seen.add(look)
            picks.append(pick)
        if len(picks) >= max(1, count):
            break
    return _Made(read, found, picks, wanted, palettes.words_behind(colors.phrase))


def own(
    text: str, options: dict[str, str], seed: int, style: styles.Style, *, exact: Ask | None = None
) -> Iterator[Pick]:
    """Picks that show what a text asks for and nothing beyond it, without end of colors; none when its main noun is not
    drawn. `exact`: the figure the text is the name of."""
    options = {k: str(t) for k, t in options.items() if t}
    read = reading.read(text)
    wanted = dress.wanted_in(read, words_of(options.get("composition", "")))
    refused = {lexicon.singular(w) for w in words_of(options.get("negative", ""))}
    found = understand(read, set(), with_packs=True)
    if exact is not None:
        found = replace(found, named=[exact], gathered=[], known=True)
    elif not found.known or (read.head is not None and effects.missing(read.tokens[read.head])):
        return
    colors = _colors(read if exact is None else reading.read(""), options)
    for code, params, recolor, beyond in _candidates(found, _Taste(wanted, refused), seed, not colors.phrase):
        if not beyond:
            yield _pick(code, params, recolor, colors, style, beyond=False)


def _colors(read: Reading, options: dict[str, str]) -> Colors:
    """Colors of the options first; else the idea's own color words, unless they tell a figure's kinds apart."""
    text = " , ".join([options.get("color_palette", ""), options.get("mood", "")])
    if options.get("color_palette"):
        return palettes.read_colors(text)
    return palettes.read_colors(text + " , " + _own_colors(read))


# Words that are a theme and a way of coloring at once.
_THEME_PALETTES = lexicon.listed("boho autumn fall tropical desert bohemian winter harvest rustic greenery")


def color_words(idea: str) -> str:
    """The words of an idea that its figures are colored by, as the option `color_palette` would say them ("pastel, sage green");
    empty where every figure keeps its own colors."""
    return ", ".join(word for _, word in palettes.asked(_own_colors(reading.read(idea))))


def _own_colors(read: Reading) -> str:
    """The idea's own color words as one text, those of one phrase together."""
    free: list[str] = []
    before: Token | None = None
    for token in read.tokens:
        if token.role in (Role.COLOR, Role.MOOD) or (token.role == Role.THEME and token.key in _THEME_PALETTES):
            free += [token.said] if before is not None and before.phrase == token.phrase else [",", token.said]
            before = token
        elif token.role == Role.JOINT and before is not None and before.phrase == token.phrase:
            free.append(token.said)
    return " ".join(free)


@dataclass(frozen=True)
class _Taste:
    """What decides between a figure's variants: poses and dress `wanted` (word in the variants → word in the idea) and
    singular words to avoid (`refused`)."""

    wanted: dict[str, str]
    refused: set[str]


@cache
def _variants(code: str) -> tuple[tuple[dict[str, Any], str, frozenset[str]], ...]:
    """A figure's variants, each with its text and the singular words of it."""
    found = []
    for variant in figures.variants(code) or [{}]:
        text = f" {' '.join(str(v) for v in variant.values())} ".lower()
        found.append((variant, text, frozenset(lexicon.singular(w) for w in words_of(text))))
    return tuple(found)


def _candidates(
    found: Understood, taste: _Taste, seed: int, free_colors: bool
) -> Iterator[tuple[str, dict[str, Any], str, bool]]:
    """Figure, parameters, recoloring and whether it is beyond the idea, in the order they are painted: what was asked for
    once each, then in all its variants, then borrowed subjects and theirs, then everything again in other colors. When
    single figures were asked for by name and no colors were (`free_colors`), some other colors of theirs come before
    anything borrowed."""
    colors = ["", *palettes.RECOLORED]
    asked = bool(found.named or found.gathered)
    rounds = [(mine, c) for c in colors for mine in ((True, False) if asked else (False,))]
    if found.only_named and free_colors:
        rounds = [(True, c) for c in colors[:4]] + [(False, c) for c in colors] + [(True, c) for c in colors[4:]]
    others = [Ask(code) for code in found.borrowed]
    own = {(a.code, k) for a in (*found.named, *found.gathered) for k in (a.kinds or ("",))}
    for mine, recolor in rounds:
        if mine:
            for code, params in _merged(found, taste, seed):
                yield code, params, recolor, False
        else:
            for code, params in _in_turn(others, taste, seed):
                if (code, "") not in own and (code, names.label(params)) not in own:
                    yield code, params, recolor, True


def _merged(found: Understood, taste: _Taste, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Named figures among those of the theme: every `share`-th pick shows one, as long as both have some."""
    named, themed = _in_turn(found.named, taste, seed), _in_turn(found.gathered, taste, seed)
    if not found.named or not found.gathered:
        yield from named
        yield from themed
        return
    while True:
        taken = [next(named, None), *(next(themed, None) for _ in range(found.share - 1))]
        yield from (t for t in taken if t)
        if not any(taken):
            return


def _in_turn(asks: Sequence[Ask], taste: _Taste, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The first variant of each figure, then the second of each, and so on: those with every pose and dress asked for before
    any without, so that "each wearing a scarf" is true for as long as it can be."""
    orders = [_ordered(ask, taste, seed) for ask in asks] if taste.wanted else None
    if orders is None:
        yield from _rows(asks, taste, seed)
        return
    for misses in range(len(taste.wanted) + 1):
        matching = [[p for m, p in order if m == misses] for order in orders]
        for turn in range(max((len(m) for m in matching), default=0)):
            for ask, choices in zip(asks, matching, strict=True):
                if turn < len(choices):
                    yield ask.code, choices[turn]


def _rows(asks: Sequence[Ask], taste: _Taste, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The first variant of each figure, then the second of each; a figure is looked at only when its turn comes."""
    orders: dict[int, list[tuple[int, dict[str, Any]]]] = {}
    turn = 0
    while True:
        some = False
        for place, ask in enumerate(asks):
            if place not in orders:
                orders[place] = _ordered(ask, taste, seed)
            if turn < len(orders[place]):
                some = True
                yield ask.code, orders[place][turn][1]
        turn += 1
        if not some:
            return


def _ordered(ask: Ask, taste: _Taste, seed: int) -> list[tuple[int, dict[str, Any]]]:
    """A figure's variants with how many of the wanted poses and dress each lacks, good ones early, in an order of this seed's
    own; asked-for poses and dress first."""
    choices = [c for c in _variants(ask.code) if not ask.kinds or names.label(c[0]) in ask.kinds]
    digest = hashlib.sha256(f"variants|{ask.code}|{seed}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    ranks = [place + float(drawn) for place, drawn in enumerate(rng.uniform(0, 2.5, len(choices)))]
    # A thing that neither poses nor wears anything lacks nothing; an animal without the scarf lacks it.
    tags = figures.find(ask.code).tags
    alive = "animal" in tags or any("wearing" in params or "pose" in params for params, _, _ in choices)
    misses = [sum(1 for key in taste.wanted if key not in text) if alive else 0 for _, text, _ in choices]

    def rank(place: int) -> tuple[int, float]:
        return (100 if choices[place][2] & taste.refused else 0) + misses[place], ranks[place]

    demoted = [bool(words & taste.refused) for _, _, words in choices]
    order = _spread(
        sorted(range(len(choices)), key=rank), [c[0] for c in choices], list(zip(demoted, misses, strict=True))
    )
    return [(misses[p], dict(choices[p][0])) for p in order]


def _spread(order: list[int], params: list[dict[str, Any]], groups: list[tuple[bool, int]]) -> list[int]:
    """The order with each pose and kind once before any comes twice: another hat makes less of a difference than another
    pose. The groups (refused or not, how much is missing of what was asked for) stay one after the other."""
    seen: dict[tuple[str, str, tuple[bool, int]], int] = {}
    turns: dict[int, int] = {}
    for place in order:
        key = (str(params[place].get("pose")), names.label(params[place]), groups[place])
        turns[place] = seen[key] = seen.get(key, -1) + 1
    return sorted(order, key=lambda place: (*groups[place], turns[place]))


def _pick(code: str, params: dict[str, Any], recolor: str, colors: Colors, style: styles.Style, beyond: bool) -> Pick:
    grade, phrase = colors.grade, colors.phrase
    if recolor:
        other = palettes.palette(recolor)
        grade, phrase = other.grade, other.phrase
    if style.code in styles.COLORLESS:
        phrase = ""
    prompt = f"{figures.describe(code, params)}, {style.medium}" + (f" in {phrase}" if phrase else "")
    art: dict[str, Any] = {
        "subject": code,
        "params": params,
        "style": style.code,
        "grade": grade.as_json(),
        "prompt": prompt,
    }
    if glyphs.is_glyph(code):
        art["source"] = glyphs.source(code)
    if colors.manner:
        art["manner"] = dict(colors.manner)
    return Pick(code, prompt, art, beyond)


def _report(
    made: _Made, idea: str, options: dict[str, str], style: styles.Style, count: int, seed: int, product: str
) -> tuple[list[str], list[str]]:
    """Which words have an effect and which will not be drawn, in the order they were written."""
    written = list(made.reading.tokens)
    for name in effects.OPTIONS:
        written += _of_option(name, options.get(name, ""))
    written = [t for t in written if t.word not in effects.FUNCTION or t.role == Role.UNKNOWN]
    tried = [t.word for t in written if t.content and not effects.missing(t) and t.role != Role.MEDIUM]
    used = effects.changes((idea, options), tried, lambda o: _drawn(o[0], o[1], count, seed, style).picks)
    unused = [
        t.word for t in written
        if t.word not in used and t.content and (effects.missing(t) or not _shown(t, made, style, product))
    ]  # fmt: skip
    order = list(dict.fromkeys(t.word for t in written))
    return [w for w in order if w in used], [w for w in order if w in set(unused)]


def _of_option(name: str, text: str) -> list[Token]:
    """The words of a design option. Only colors, moods and poses are read from them: a forest floor is not drawn."""
    tokens = reading.read(text).tokens
    for token in tokens:
        if token.role in (Role.FIGURE, Role.THEME, Role.CATEGORY, Role.THING, Role.PERSON):
            token.role = Role.COLOR if name in ("color_palette", "mood") else Role.UNKNOWN
    return tokens


def _shown(token: Token, made: _Made, style: styles.Style, product: str) -> bool:
    """Whether what a word without effect means is in the images all the same ("cats and kittens"), or asks for nothing."""
    subjects = {p.subject for p in made.picks if not p.beyond}
    catalogue = figures.catalogue()
    if token.role == Role.FIGURE:
        return any(a.code in subjects for a in token.meaning.asks) or any(":" in s for s in subjects)
    if token.role == Role.THEME:
        worn = v.WORN_FOR.get(token.meaning.theme, "")
        dressed = bool(worn) and any(worn in p.prompt for p in made.picks)
        # A baby's room asks for nothing of its own.
        return token.meaning.theme == "baby" or dressed or bool(subjects & set(members(token.meaning.theme)))
    if token.role == Role.CATEGORY:
        tags = lexicon.CATEGORIES.get(token.key) or lexicon.CATEGORIES.get(lexicon.singular(token.key), ())
        return any(set(tags) & set(catalogue[s].tags) for s in subjects if s in catalogue)
    if token.role == Role.MEDIUM:
        return (
            style.code in token.meaning.media
            or token.word in v.SOFT_MEDIA
            or mediums.offered(token.meaning.media, product)
        )
    if token.role in (Role.ACTION, Role.WORN):
        keys = {key for key, said in made.wanted.items() if token.word in said.split()}
        return any(key in p.prompt for p in made.picks for key in keys)
    if token.role == Role.COLOR:
        return style.code not in styles.COLORLESS and token.said in made.colored
    return token.role in (Role.KIND, Role.MOOD, Role.JOINT, Role.SILENT)


def _note(made: _Made, unused: list[str]) -> str:
    """What the seller should know before paying, in one to three plain sentences; empty when all is as asked."""
    said: list[str] = []
    if not made.found.known:
        named = made.found.theme if made.found.theme in {t.code for t in themes.THEMES} else themes.FALLBACK
        said.append(f"The built-in artist has no figure for this idea, so these are {_nearby(made, named)}.")
    if unused:
        said.append("Not drawn: " + ", ".join(unused[:12]) + ".")
    beyond = sum(p.beyond for p in made.picks)
    if beyond and made.found.known:
        said.append(
            f"{beyond} of {len(made.picks)} images go beyond the idea, to make the set large enough without repeats."
        )
    return " ".join(said)


def _nearby(made: _Made, theme: str) -> str:
    return "botanicals" if theme == themes.FALLBACK else f"from the nearest theme, “{themes.theme(theme).title}”"


__all__ = ["Pick", "Plan", "color_words", "lettering_problem", "own", "plan"]

"""From an idea to a list of distinct images: the built-in artist's own briefing.

Pure and deterministic: idea, options, count, seed and style decide everything. It must never raise for what a seller
may type, never return two equal picks, and never keep quiet about words it will not draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from elistit_artist import (
    dress,
    effects,
    figures,
    glyphs,
    lexicon,
    mediums,
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
from elistit_artist.ordering import Taste, candidates
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
    dyes = dress.dyes_in(read, wanted, style)
    colors = _colors(read, options)
    picks: list[Pick] = []
    seen: set[str] = set()
    soft = frozenset(found.worn)
    for code, params, recolor, beyond in candidates(found, Taste(wanted, refused, soft), seed, not colors.phrase):
        pick = _pick(code, dress.dyed(params, dyes), recolor, colors, style, beyond)
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
    dyes = dress.dyes_in(read, wanted, style)
    refused = {lexicon.singular(w) for w in words_of(options.get("negative", ""))}
    found = understand(read, set(), with_packs=True)
    if exact is not None:
        found = replace(found, named=[exact], gathered=[], known=True)
    elif not found.known or (read.head is not None and effects.missing(read.tokens[read.head])):
        return
    colors = _colors(read if exact is None else reading.read(""), options)
    for code, params, recolor, beyond in candidates(found, Taste(wanted, refused), seed, not colors.phrase):
        if not beyond:
            yield _pick(code, dress.dyed(params, dyes), recolor, colors, style, beyond=False)


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

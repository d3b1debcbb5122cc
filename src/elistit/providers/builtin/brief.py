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

from elistit.providers.builtin import figures, glyphs, lexicon, palettes, pictures, styles
from elistit.providers.builtin.idea import Understood, understand, unwanted_in, words_of
from elistit.providers.builtin.palettes import Colors
from elistit.providers.builtin.plans import Brief, Pick

# Fields of the create form that say what to draw or how; "negative" is read apart.
_OPTIONS = ("color_palette", "mood", "art_medium", "setting", "composition")


def plan(
    idea: str,
    options: dict[str, str] | None,
    count: int,
    seed: int,
    style: str,
    *,
    product: str = "clipart",
    ratio: str = "1:1",
) -> Brief:
    """Exactly `count` distinct picks (at least one) for an idea.

    Clipart, stickers and SVG: first every subject once, then their other poses, dress and kinds, then other colors; unknown
    ideas become botanicals and the note says so. Wall art, posters and cards: composed pictures of `ratio` ("3:4"), see
    `pictures`. `style` is the code of a style offered for the product; another one becomes the product's own, or watercolor.
    """
    options = {k: str(v) for k, v in (options or {}).items() if v}
    painted_in = styles.for_product(style, product)
    if pictures.is_picture(product):
        return pictures.plan(idea, options, count, seed, painted_in, product, ratio)
    words = words_of(idea)
    unwanted = unwanted_in(words)
    refused = {lexicon.singular(w) for w in [*words_of(options.get("negative", "")), *unwanted]}
    worn = _worn(words)
    wanted = {**_actions(words + words_of(options.get("composition", ""))), **{phrase: phrase for phrase in worn}}
    found = understand([w for w in words if w not in set(unwanted).union(*worn.values())], refused, with_packs=True)
    liked = _described(words, found)
    colors = _colors(words, options, found.used | liked)
    picks: list[Pick] = []
    seen: set[str] = set()
    for code, params, recolor in _candidates(found, _Taste(wanted, liked, refused), seed, not colors.phrase):
        pick = _pick(code, params, recolor, colors, painted_in)
        if pick.prompt not in seen:
            seen.add(pick.prompt)
            picks.append(pick)
        if len(picks) >= max(1, count):
            break
    effective = found.used | liked | set(colors.used) | set(wanted.values()) | set(painted_in.words)
    effective = effective.union(unwanted, *worn.values())
    used, unused = _report(words, options, effective)
    return Brief(found.title, found.theme, used, unused, _note(found, unused, picks), picks)


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


@dataclass(frozen=True)
class _Taste:
    """What decides between a figure's variants: poses and dress `wanted` (word in the variants → word in the idea), words
    the variants are described with (`liked`), and singular words to avoid (`refused`)."""

    wanted: dict[str, str]
    liked: set[str]
    refused: set[str]


def _variant_text(variant: dict[str, Any]) -> str:
    return f" {' '.join(str(v) for v in variant.values())} ".lower()


def _described(words: list[str], found: Understood) -> set[str]:
    """Words of the idea that tell variants of the named figures apart: in "a pink peony" pink is the peony's kind, not a
    palette for everything."""
    if not found.only_named:
        return set()
    texts = {
        w for code in found.subjects[: found.asked] for v in figures.variants(code) for w in words_of(_variant_text(v))
    }
    return {w for w in words if w in texts and w not in lexicon.SILENT}


def _candidates(
    found: Understood, taste: _Taste, seed: int, free_colors: bool
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Figure, parameters and recoloring, in the order they are painted: asked-for subjects once each, then all their
    variants, then borrowed subjects and theirs, then everything again in other colors. When single figures were asked
    for by name and no colors were (`free_colors`), some other colors of theirs come before anything borrowed."""
    orders = {code: _ordered(code, taste, seed) for code in found.subjects}
    own, others = found.subjects[: found.asked], found.subjects[found.asked :]
    colors = ["", *palettes.RECOLORED]
    rounds = [(group, c) for c in colors for group in (own, others)]
    if found.only_named and free_colors:
        rounds = [(own, c) for c in colors[:4]] + [(others, c) for c in colors] + [(own, c) for c in colors[4:]]
    for group, recolor in rounds:
        for turn in range(max((len(orders[c]) for c in group), default=0)):
            for code in group:
                if turn < len(orders[code]):
                    yield code, orders[code][turn], recolor


def _ordered(code: str, taste: _Taste, seed: int) -> list[dict[str, Any]]:
    """A figure's variants, good ones early, in an order of this seed's own; asked-for poses and dress first."""
    choices = figures.variants(code) or [{}]
    digest = hashlib.sha256(f"variants|{code}|{seed}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    ranks = [place + float(rng.uniform(0, 2.5)) for place in range(len(choices))]

    def rank(place: int) -> tuple[int, float]:
        text = _variant_text(choices[place])
        words = {lexicon.singular(w) for w in words_of(text)}
        misses = sum(1 for key in taste.wanted if key not in text)
        shared = len(words & {lexicon.singular(w) for w in taste.liked})
        return (100 if words & taste.refused else 0) + misses - shared, ranks[place]

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
    if glyphs.is_glyph(code):
        art["source"] = glyphs.source(code)
    if colors.manner:
        art["manner"] = dict(colors.manner)
    return Pick(code, prompt, art)


def _report(words: list[str], options: dict[str, str], effective: set[str]) -> tuple[list[str], list[str]]:
    """Which words had an effect and which had none, in the order they were written."""
    written = words + [w for name in _OPTIONS for w in words_of(options.get(name, ""))]
    content = [w for w in dict.fromkeys(written) if w in effective or (w not in lexicon.SILENT and not w.isdigit())]
    return [w for w in content if w in effective], [w for w in content if w not in effective]


def _note(found: Understood, unused: list[str], picks: list[Pick]) -> str:
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

"""In which order an idea's figures are painted: every subject first, then their other poses, dress and kinds, then other colors.

Pure and deterministic. It must never call an image asked for that lacks a pose or dress the idea itself asks for.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from elistit_artist import figures, lexicon, names, palettes
from elistit_artist.idea import Ask, Understood, words_of


@dataclass(frozen=True)
class Taste:
    """What decides between a figure's variants: poses and dress `wanted` (word in the variants → word in the idea), singular
    words to avoid (`refused`), and what is only worn for a theme (`soft`), so that an image without it is as asked."""

    wanted: dict[str, str]
    refused: set[str]
    soft: frozenset[str] = frozenset()


@cache
def _variants(code: str) -> tuple[tuple[dict[str, Any], str, frozenset[str]], ...]:
    """A figure's variants, each with its text and the singular words of it."""
    found = []
    for variant in figures.variants(code) or [{}]:
        text = _text(variant)
        found.append((variant, text, frozenset(lexicon.singular(w) for w in words_of(text))))
    return tuple(found)


def _text(params: dict[str, Any]) -> str:
    return f" {' '.join(str(v) for v in params.values())} ".lower()


def candidates(
    found: Understood, taste: Taste, seed: int, free_colors: bool
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
                yield code, params, recolor, _lacks(code, params, taste)
        else:
            for code, params in _in_turn(others, taste, seed):
                if (code, "") not in own and (code, names.label(params)) not in own:
                    yield code, params, recolor, True


def _merged(found: Understood, taste: Taste, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every named figure, then those of the theme with a named one in every `share`-th pick, as long as both have some."""
    named, themed = _in_turn(found.named, taste, seed), _in_turn(found.gathered, taste, seed)
    if not found.named or not found.gathered:
        yield from named
        yield from themed
        return
    yield from itertools.islice(named, len(found.named) - 1)
    while True:
        taken = [next(named, None), *(next(themed, None) for _ in range(found.share - 1))]
        yield from (t for t in taken if t)
        if not any(taken):
            return


def _in_turn(asks: Sequence[Ask], taste: Taste, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
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


def _rows(asks: Sequence[Ask], taste: Taste, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
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


def _ordered(ask: Ask, taste: Taste, seed: int) -> list[tuple[int, dict[str, Any]]]:
    """A figure's variants with how many of the wanted poses and dress each lacks, good ones early, in an order of this seed's
    own; asked-for poses and dress first."""
    choices = [c for c in _variants(ask.code) if not ask.kinds or names.label(c[0]) in ask.kinds]
    digest = hashlib.sha256(f"variants|{ask.code}|{seed}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    ranks = [place + float(drawn) for place, drawn in enumerate(rng.uniform(0, 2.5, len(choices)))]
    wanted = _concerned(ask.code, taste.wanted)
    misses = [sum(1 for key in wanted if key not in text) for _, text, _ in choices]

    def rank(place: int) -> tuple[int, float]:
        return (100 if choices[place][2] & taste.refused else 0) + misses[place], ranks[place]

    demoted = [bool(words & taste.refused) for _, _, words in choices]
    order = _spread(
        sorted(range(len(choices)), key=rank), [c[0] for c in choices], list(zip(demoted, misses, strict=True))
    )
    return [(misses[p], dict(choices[p][0])) for p in order]


def _concerned(code: str, wanted: Iterable[str]) -> list[str]:
    """The poses and dress wanted that a figure may lack: a thing that wears nothing and is never in the pose lacks nothing, an
    animal without the scarf lacks it."""
    alive = "animal" in figures.find(code).tags or any("wearing" in params for params, _, _ in _variants(code))
    return [key for key in wanted if alive or any(key in text for _, text, _ in _variants(code))]


def _lacks(code: str, params: dict[str, Any], taste: Taste) -> bool:
    """Whether a variant lacks more of the pose and dress the idea itself asks for than the figure's best does."""
    asked = _concerned(code, [key for key in taste.wanted if key not in taste.soft])
    if not asked:
        return False
    fewest = min(sum(key not in text for key in asked) for _, text, _ in _variants(code))
    return sum(key not in _text(params) for key in asked) > fewest


def _spread(order: list[int], params: list[dict[str, Any]], groups: list[tuple[bool, int]]) -> list[int]:
    """The order with each pose and kind once before any comes twice: another hat makes less of a difference than another
    pose. The groups (refused or not, how much is missing of what was asked for) stay one after the other."""
    seen: dict[tuple[str, str, tuple[bool, int]], int] = {}
    turns: dict[int, int] = {}
    for place in order:
        key = (str(params[place].get("pose")), names.label(params[place]), groups[place])
        turns[place] = seen[key] = seen.get(key, -1) + 1
    return sorted(order, key=lambda place: (*groups[place], turns[place]))

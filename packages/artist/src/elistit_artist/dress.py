"""What figures are to wear, hold or do, as the words of an idea ask for it.

Pure. Words that dress a figure ask for no figure of their own: "fox with flower crowns" is about foxes.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from elistit_artist import figures, lexicon
from elistit_artist.figures import accessories
from elistit_artist.names import Role
from elistit_artist.reading import Reading, Token
from elistit_artist.styles import COLORLESS, Style


@cache
def _wearable() -> tuple[str, ...]:
    """Things to wear or hold that figures are painted with and that have a name of several words ("flower crown")."""
    found = {
        str(value).lower().removeprefix("holding ").removeprefix("carrying ").partition(" ")[2]
        for code in figures.catalogue()
        for variant in figures.variants(code)
        for name, value in variant.items()
        if name in ("wearing", "holding", "carrying") and " a" in f" {value}".lower()
    }
    return tuple(sorted(p for p in found if " " in p))


def wanted_in(read: Reading, composition: Sequence[str]) -> dict[str, str]:
    """Poses and dress asked for: the word or phrase in the variants → the words in the idea. "Fox with flower crowns" asks for
    no flowers: such words are marked as worn, and the figures they named are dropped, in place."""
    tokens = read.tokens
    single = [lexicon.singular(t.key) for t in tokens]
    found: dict[str, str] = {}
    for phrase in _wearable():
        first, *rest = phrase.split()
        # "A leaf scarf" and "a scarf of leaves" are one.
        ways = [[first, *rest], [*rest, "of", first], [*rest, "made", "of", first]]
        if rest == ["cap"]:
            ways.append([first, "hat"])
        for parts in ways:
            for start in range(len(single) - len(parts) + 1):
                others = [*tokens[:start], *tokens[start + len(parts) :]]
                wearer = any(t.role in (Role.FIGURE, Role.THEME, Role.CATEGORY) for t in others)
                if wearer and single[start : start + len(parts)] == parts:
                    found[phrase] = " ".join(t.word for t in tokens[start : start + len(parts)])
                    for token in tokens[start : start + len(parts)]:
                        token.role = Role.WORN
    found |= _bows(tokens)
    read.named[:] = [n for n in read.named if tokens[n.first].role != Role.WORN]
    poses = [(t.key, t.word) for t in tokens if t.role in (Role.ACTION, Role.KIND, Role.JOINT)]
    for key, forms in lexicon.ACTIONS.items():
        for said, word in [*poses, *((w, w) for w in composition)]:
            if said in forms:
                found[key] = word
    # A scarf is of wool, unless leaves are asked for.
    return {"knitted scarf": found["scarf"]} | found if "scarf" in found and "leaf scarf" not in found else found


def dyes_in(read: Reading, wanted: dict[str, str], style: Style) -> dict[str, str]:
    """The colors asked for of what is worn: the dress as in `wanted` → the color; none in a style without colors. "A fox with a red
    bandana" is no red fox: the color's words are worn, too, in place."""
    found: dict[str, str] = {}
    if style.code in COLORLESS:
        return found
    for color, garment in itertools.pairwise(read.tokens):
        dress = next((key for key, said in wanted.items() if garment.word in said.split()), "")
        if not dress or color.role not in (Role.COLOR, Role.KIND, Role.WORN) or color.group != garment.group:
            continue
        words = [t for t in read.tokens if t is color or (t.phrase == color.phrase >= 0 and t is not garment)]
        spelled = [_SPELLED.get(t.key, t.key) for t in words]
        if known := next((c for c in spelled if c in accessories.DYES), ""):
            found[dress] = known
            wanted[dress] = " ".join([*(t.word for t in words), wanted[dress]])
            for token in words:
                token.role = Role.WORN
    return found


_SPELLED = {
    "grey": "gray",
    "violet": "purple",
    "gold": "yellow",
    "golden": "yellow",
    "lilac": "lavender",
    "maroon": "burgundy",
}


def dyed(params: dict[str, Any], dyes: Mapping[str, str]) -> dict[str, Any]:
    """A figure's parameters with what it wears in the color asked for."""
    wearing = str(params.get("wearing") or "")
    color = next((c for dress, c in dyes.items() if dress in wearing), "")
    return {**params, "wearing": accessories.dye(wearing, color)} if color else params


def _bows(tokens: list[Token]) -> dict[str, str]:
    """ "Bears with bows" wear them; beside a thing that wears nothing a bow is drawn for itself. In place."""
    found = {}
    for token in tokens:
        bow = token.role == Role.FIGURE and any(a.code == "ribbon_bow" for a in token.meaning.asks)
        if bow and token.lead in ("with", "wearing", "in") and any(_wears_bows(t) for t in tokens if t is not token):
            token.role, found["bow"] = Role.WORN, token.word
    return found


def _wears_bows(token: Token) -> bool:
    if token.role == Role.FIGURE:
        return any("a bow tie" in v.values() for a in token.meaning.asks for v in figures.variants(a.code))
    return token.role == Role.CATEGORY and "animal" in lexicon.CATEGORIES.get(token.key, ())

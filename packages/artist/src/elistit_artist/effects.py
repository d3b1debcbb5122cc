"""Which words of an order have an effect: tried out, one by one, never claimed.

A word is used when the drawing differs without it. A word that is understood but changes nothing ("cats and kittens") is neither
used nor missing; every other word is named as one that will not be drawn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from elistit_artist import styles
from elistit_artist import vocabulary as v
from elistit_artist.names import Role
from elistit_artist.plans import Pick
from elistit_artist.reading import Token, without

# Words a longer order has are read, but no more than this many are tried out.
TRIED_MAX = 40
# Words that join or count are reported neither way, also inside a name ("bunch of balloons").
FUNCTION = v.LEADS | v.JOINTS | v.CONTAINERS
# Fields of the create form that say what to draw or how; "negative" is read apart.
OPTIONS = ("color_palette", "mood", "art_medium", "setting", "composition")

Order = tuple[str, dict[str, str]]
_DRAWN = ("subject", "params", "scene", "kind", "scheme", "guest", "words", "grade", "manner")


def signature(picks: Sequence[Pick]) -> list[str]:
    """What is drawn, whatever the words for it: equal when the same images would come out."""
    return sorted(json.dumps(_drawn(p.art), sort_keys=True) for p in picks)


def _drawn(art: dict[str, Any]) -> dict[str, Any]:
    shown = {k: art[k] for k in _DRAWN if art.get(k)}
    if art.get("style") in styles.COLORLESS:
        # Lines have no colors: a palette asked for changes nothing.
        shown = {k: x for k, x in shown.items() if k not in ("grade", "manner", "scheme")}
    return shown


def changes(order: Order, words: Sequence[str], drawn: Callable[[Order], Sequence[Pick]]) -> set[str]:
    """The words without which something else would be drawn."""
    before = signature(drawn(order))
    idea, options = order
    found = set()
    for word in list(dict.fromkeys(words))[:TRIED_MAX]:
        fewer = (without(idea, word), {k: without(t, word) if k in OPTIONS else t for k, t in options.items()})
        if signature(drawn(fewer)) != before:
            found.add(word)
    return found


def missing(token: Token) -> bool:
    """Whether a word stands for something that nothing answers to. After "for" comes who it is for, not what is drawn."""
    if token.role == Role.UNKNOWN:
        return token.lead not in v.PURPOSE
    return token.role in (Role.THING, Role.PERSON)


__all__ = ["FUNCTION", "OPTIONS", "changes", "missing", "signature"]

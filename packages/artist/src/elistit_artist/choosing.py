"""Which composer an idea comes to, and which figure is shown in it: every composer scored by the words of the idea.

Pure. A figure that is named is shown, by a composer of its own or in a place; it must never be left out for a composer that
only answers to other words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from elistit_artist import compose, figures, glyphs, lexicon, names, species
from elistit_artist.compose import Composer, Kind, places
from elistit_artist.idea import Ask, members, phrases, understand
from elistit_artist.names import Role
from elistit_artist.places_named import Place
from elistit_artist.reading import Reading, Token

# Words that color a picture more than they name one: "abstract mountains" are mountains.
_SOFT = lexicon.listed(
    """
    abstract minimal minimalist modern boho bohemian scandinavian scandi japandi contemporary geometric nature
    kitchen nursery baby kids child children toddler playroom spring garden retro landscape landscapes sun
    sunshine night stars starry botanical botanicals plant plants leaf leaves trees tree flower flowers floral
    florals lunar zen table animal animals girl birthday christmas easter halloween cute mystical witchy
    cottagecore midcentury groovy 70s horizon woodland
    """
)

# A theme of the figures without a composer's word in the idea → the composer nearest to it.
_FOR_THEME: dict[str, str] = {
    "ocean": "sea", "celestial": "night_sky", "floral": "meadow", "wedding": "botanical", "boho": "boho_sun", "travel": "mountains",
    "fruit": "citrus", "kitchen": "herbs", "christmas": "forest", "winter": "forest", "autumn": "hills", "halloween": "night_sky",
    "cactus": "desert", "tropical": "sea", "valentine": "rainbow", "woodland": "forest", "spring": "meadow", "home": "still_life",
}  # fmt: skip

# What the main noun adds to the composer that answers to it.
_HEAD = 4.0

# Figures that a composer draws in its own way, whether or not it answers to their names.
_SHOWS = {"desert": ("cactus",), "still_life": ("jar", "bouquet"), "meadow": ("bouquet",)}


@dataclass
class Chosen:
    """The idea as an image: composers with their scores, the best first; the kind each was asked for; figures named."""

    ranked: list[str]
    kinds: dict[str, str]
    used: dict[str, set[str]]
    guests: list[Ask]
    scores: dict[str, float] = field(default_factory=dict)
    # Whether the idea itself asks for the guests, or they only stand in.
    invited: bool = True
    # What the guests are to wear or to do, in the words of their variants.
    wanted: frozenset[str] = frozenset()
    # The colors of what they are to wear.
    dyes: Mapping[str, str] = field(default_factory=dict)


def choose(
    read: Reading,
    words: list[str],
    product: str,
    head: str,
    style: str = "",
    dressed: bool = False,
    place: Place | None = None,
) -> Chosen:
    """Score every composer of the product by the words of the idea. In the `style` vintage an image of a known species is a
    plate, unless the idea asks for a place or something worn (`dressed`). `place`: what a travel poster is of."""
    card = product == "greeting_card"
    named = [a for n in read.named for a in n.asks if not glyphs.is_glyph(a.code)]
    found = Chosen([], {}, {}, named)
    for composer in compose.catalogue().values():
        if composer.card and not card:
            continue
        score, used = _score(composer.words, words)
        kind, kind_score, kind_used = _kind(composer, words)
        weight = 0.4 if named or not kind or kind.code not in places.PLACES else 0.0  # a place alone asks for no figure
        score += weight * kind_score + (7.0 if composer.card and score else 0.0)
        score += _HEAD if score and head in used | kind_used else 0.0
        found.scores[composer.code] = score
        found.kinds[composer.code] = kind.code if kind else ""
        found.used[composer.code] = used | kind_used
    host = "figure_card" if card else "nursery"
    animals = [a for a in named if "animal" in figures.catalogue()[a.code].tags]
    best = max(found.scores.values())
    if animals:
        found.guests = animals
        found.scores[host] += 14
    elif named and best < 8:
        found.scores[host] += 9
    elif named and not _answered(read, found):
        found.scores[host] += best + 1
    else:
        _invite(found, read, host, best)
    _charted(found, read, host, product)
    _plated(found, host, product, style, dressed)
    if place is None or card:
        found.scores.pop("travel", None)
    else:
        found.scores["travel"] = 30.0 + max(found.scores.values())
        found.kinds["travel"] = place.kind
    found.ranked = sorted((c for c, s in found.scores.items() if s > 0), key=lambda c: -found.scores[c])
    if not found.ranked:
        found.ranked = ["flower_card" if card else "abstract"]
    return found


def _stands_for(token: Token, guests: list[Ask]) -> bool:
    """Whether a theme or a kind of thing is one that a guest is of: of "dinosaur birthday", the birthday isn't."""
    if token.role == Role.THEME:
        return not guests or bool({a.code for a in guests} & set(members(token.meaning.theme)))
    return token.role == Role.CATEGORY


def _charted(found: Chosen, read: Reading, host: str, product: str) -> None:
    """Several things of one kind ("garden tools", "teacher") are a chart of them, unless a place is asked for. In place."""
    best = max(found.scores, key=lambda c: found.scores[c])
    together = (len(read.named) == 1 and len(read.named[0].asks) >= CHART_MIN) or not read.named
    things = [a for a in found.guests if "animal" not in figures.find(a.code).tags]
    if best != host or product not in ("wall_art", "poster") or found.kinds.get(host) or not together:
        return
    if len(things) >= CHART_MIN and len(things) == len(found.guests):
        found.scores["chart"] = found.scores[best] + 1
        found.used["chart"] = set(found.used[host])
        found.kinds["chart"] = ""


# So many things make a chart.
CHART_MIN = 4


def _plated(found: Chosen, host: str, product: str, style: str, dressed: bool) -> None:
    """Whether the image is a plate of natural history. Only guests whose species is known are; others never get one. In place."""
    asked = found.scores.pop("plate", 0.0)
    known = [a for a in found.guests if plate_variants(a)]
    shown = host in found.kinds and (found.kinds[host] in places.PLACES or found.kinds[host] in ("moon", "wreath"))
    best = max(found.scores, key=lambda c: found.scores[c])
    mine = best in (host, *_PLANTS) or any("animal" in figures.find(a.code).tags for a in known)
    if product not in ("wall_art", "poster") or not known or dressed:
        return
    if asked or (style == "vintage" and not shown and mine and found.scores[best] > 0):
        found.guests = known
        found.scores["plate"] = found.scores[best] + 1
        found.used["plate"] = found.used.get("plate", set())


# Composers of plants, which a plate of the very plant replaces.
_PLANTS = ("botanical", "meadow", "herbs", "citrus")


def plate_variants(ask: Ask) -> list[dict[str, Any]]:
    """The variants of a figure that are one known species, wearing nothing; none when it may be several."""
    variants = [p for p in figures.variants(ask.code) if not ask.kinds or names.label(p) in ask.kinds]
    plain = [p for p in variants if not p.get("wearing") and not _carries(ask.code, p)]
    return [p for p in plain or variants[:1] if species.of(ask.code, p) and not p.get("wearing")]


def _carries(code: str, params: dict[str, Any]) -> bool:
    return "holding" in figures.describe(code, params)


def _answered(read: Reading, found: Chosen) -> bool:
    """Whether the best composer shows a figure that is named, all words of its name; true when the main noun is no figure."""
    if read.head is None or read.tokens[read.head].role not in (Role.FIGURE, Role.THEME):
        return True
    best = max(found.scores, key=lambda c: found.scores[c])
    for phrase in {t.phrase for t in read.tokens if t.role == Role.FIGURE}:
        mine = [t for t in read.tokens if t.phrase == phrase and t.role == Role.FIGURE]
        shown = any(a.code in _SHOWS.get(best, ()) for a in mine[-1].meaning.asks)
        if shown or {t.said for t in mine} <= found.used[best]:
            return True
    return False


def _invite(found: Chosen, read: Reading, host: str, best: float) -> None:
    """No figure was named: who shows up when the image is of a figure, and which composer an idea's theme comes to when
    no composer has a word for it. In place."""
    theme = understand(read, set())
    found.guests = []
    if not theme.known:
        return
    catalogue = figures.catalogue()
    asked = sorted([*theme.named, *theme.gathered], key=lambda a: theme.theme not in catalogue[a.code].themes)
    animals = [a for a in asked if "animal" in catalogue[a.code].tags]
    found.guests = (animals or asked)[:9]
    if best <= 0:
        code = _FOR_THEME.get(theme.theme, host)
        found.scores[code] = 5.0
        found.used[code] = found.used[code] | {t.said for t in read.tokens if _stands_for(t, found.guests)}


def _score(listed: tuple[str, ...], words: list[str]) -> tuple[float, set[str]]:
    """How much a list of words and phrases is asked for, and the words that ask; longer phrases weigh more."""
    score, used = 0.0, set[str]()
    wanted = set(listed) | {" ".join(lexicon.singular(w) for w in p.split()) for p in listed}
    for phrase, covered in phrases(words):
        single = " ".join(lexicon.singular(w) for w in phrase.split())
        if (phrase in wanted or single in wanted) and not covered & used:
            used |= covered
            soft = len(covered) == 1 and phrase in _SOFT
            heavy = 20.0 if phrase in _SHAPES else 10.0 * len(covered)
            score += 6.0 if phrase in _ROOMS else 3.0 if soft else heavy
    return score, used


def _kind(composer: Composer, words: list[str]) -> tuple[Kind | None, float, set[str]]:
    """The kind of a composer that an idea asks for, if any."""
    best: tuple[Kind | None, float, set[str]] = (None, 0.0, set())
    for kind in composer.kinds:
        score, used = _score(kind.words, words)
        if score > best[1]:
            best = (kind, score, used)
    return best


# How the flowers are arranged counts for more than which they are.
_SHAPES = ("wreath", "bouquet", "corner", "corners", "frame", "border")

# Whose room it is says more about a picture than a mood does, and less than a thing.
_ROOMS = ("nursery", "baby", "kids")

"""From an idea to a whole picture: which composer, which kind, which colors, which figure in it.

Pure and deterministic: idea, options, count, seed, style, product and ratio decide everything. It must never raise for what a
seller may type, and never keep quiet about words it did not use.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from elistit_artist import (
    compose,
    dress,
    effects,
    figures,
    lexicon,
    mediums,
    names,
    palettes,
    places_named,
    species,
    styles,
)
from elistit_artist import reading as readings
from elistit_artist import vocabulary as v
from elistit_artist.choosing import CHART_MIN, Chosen, choose, plate_variants
from elistit_artist.compose import Composer, Kind, places
from elistit_artist.compose.colors import BY_CODE, FOR_PALETTE, WORDS, scheme
from elistit_artist.compose.portraits import ANIMALS
from elistit_artist.idea import unwanted_in, words_of
from elistit_artist.names import Role
from elistit_artist.plans import Pick, Plan
from elistit_artist.reading import Reading, Token

_PLAIN_WORDS = lexicon.listed(
    """
    poster posters picture pictures artwork artworks canvas gallery home house living bedroom bathroom office
    hallway above bed sofa frame framed large xl greeting greetings folded front cover happy congratulations with
    over under behind style aesthetic vibes kitchen nursery
    """
)


# Composers that show a figure of the catalogue.
_HOSTS = ("nursery", "figure_card", "plate", "chart")


def is_picture(product: str) -> bool:
    """Whether a product is a composed picture rather than single figures."""
    return product in styles.PICTURES


@dataclass(frozen=True)
class _Made:
    """An order, read and planned."""

    reading: Reading
    chosen: Chosen
    picks: list[Pick]
    color_words: set[str]
    place: places_named.Place | None = None


def plan(
    idea: str, options: dict[str, str], count: int, seed: int, style: styles.Style, product: str, ratio: str
) -> Plan:
    """Exactly `count` distinct picks (at least one) for an image product; see `brief.plan`."""
    made = _drawn(idea, options, count, seed, style, product, ratio)
    tokens = made.reading.tokens
    written = [*tokens, *(t for k in effects.OPTIONS for t in readings.read(options.get(k, "")).tokens)]
    written = [t for t in written if t.word not in effects.FUNCTION]
    named_words = made.place.words if made.place else frozenset()
    tried = [
        t.word for t in written if t.word in named_words or (t.role not in (Role.JOINT, Role.PERSON) and _understood(t))
    ]
    used = effects.changes(
        (idea, options), tried, lambda o: _drawn(o[0], o[1], count, seed, style, product, ratio).picks
    )
    unwanted = set(unwanted_in(words_of(idea)))
    missed = {
        t.word
        for t in written
        if t.word not in used | unwanted and not _silent(t) and not _shown(t, made, style, product)
    }
    order = list(dict.fromkeys(t.word for t in written))
    unused = [w for w in order if w in missed]
    head = tokens[made.reading.head].word if made.reading.head is not None else ""
    lost = not any(made.chosen.scores.get(c) for c in made.chosen.ranked)
    first = compose.catalogue()[made.chosen.ranked[0]]
    media = readings.media_of([*tokens, *readings.read(options.get("art_medium", "")).tokens])
    named = mediums.asked(media, words_of(idea), product)
    note = " ".join(
        s for s in (_note(made.chosen, unused, product), _view(made), mediums.sentence(named, media, style)) if s
    )
    return Plan(
        _title(made.picks[0]), first.code, [w for w in order if w in used], unused, note, made.picks, lost or head in missed,
        style.code, named[0].code if named else "",
    )  # fmt: skip


def _drawn(
    idea: str, options: dict[str, str], count: int, seed: int, style: styles.Style, product: str, ratio: str
) -> _Made:
    words = words_of(idea)
    unwanted = set(unwanted_in(words)) | {lexicon.singular(w) for w in words_of(options.get("negative", ""))}
    refused = frozenset(w for w in words if w in unwanted or lexicon.singular(w) in unwanted)
    refused |= _greeting(words) if product == "greeting_card" else frozenset()
    read = readings.read(idea, refused)
    wanted = dress.wanted_in(read, words_of(options.get("composition", "")))
    dyes = dress.dyes_in(read, wanted, style)
    said = [t.said for t in read.tokens if t.word not in refused and not _audience(t)]
    said += [w for k in ("composition", "setting") for w in words_of(options.get(k, "")) if w not in unwanted]
    head = read.tokens[read.head].said if read.head is not None else ""
    place = places_named.asked(idea, frozenset(t.said for t in read.tokens if t.role != Role.UNKNOWN))
    chosen = choose(read, said, product, head, style.code, bool(wanted), place)
    chosen.wanted, chosen.dyes = frozenset(wanted), dyes
    text = " ".join([options.get("color_palette", ""), options.get("mood", "")])
    # What names a figure, or a figure's kind, is no color: "black cat", "coffee".
    own = " ".join(t.said for t in read.tokens if t.role not in (Role.KIND, Role.FIGURE, Role.THING, Role.WORN))
    colors, color_words = _scheme(text if options.get("color_palette") else f"{text} {own}")
    if chosen.ranked[0] == "plate" and color_words <= _LOOSE:
        colors = ""  # an old plate is faded, not in the colors of the seventies
    mood = palettes.read_mood(f"{text} {own}")
    picks: list[Pick] = []
    seen: set[str] = set()
    for composer, kind, code, guest in _candidates(chosen, colors, seed, product):
        beyond = not chosen.scores.get(composer.code)
        pick = replace(_pick(composer, kind, code, guest, style, mood, product, ratio), beyond=beyond)
        if composer.code == "travel" and place is not None and place.name:
            pick = _lettered(pick, place.name, kind.phrase)
        if pick.prompt not in seen:
            seen.add(pick.prompt)
            picks.append(pick)
        if len(picks) >= max(1, count):
            break
    return _Made(read, chosen, picks, color_words, place)


def _lettered(pick: Pick, name: str, phrase: str) -> Pick:
    """A pick whose image letters a name, which its prompt says."""
    prompt = pick.prompt.replace(phrase, f"{phrase}, lettered {name}", 1)
    return replace(pick, prompt=prompt, art={**pick.art, "words": [name], "prompt": prompt})


@cache
def _composed() -> frozenset[str]:
    """Every word that some composer or kind of image answers to."""
    listed = [w for c in compose.catalogue().values() for w in (*c.words, *(x for k in c.kinds for x in k.words))]
    return frozenset(lexicon.singular(part) for w in listed for part in [*w.split()]) | frozenset(
        part for w in listed for part in w.split()
    )


def _understood(token: Token) -> bool:
    answered = token.said in _composed() or lexicon.singular(token.said) in _composed()
    return answered or (token.content and not effects.missing(token) and token.role != Role.MEDIUM)


def _silent(token: Token) -> bool:
    """Whether a word asks for nothing that could be missed."""
    if token.role in (Role.JOINT, Role.SILENT) or token.word in _PLAIN_WORDS or token.word.isdigit():
        return True
    return token.role == Role.UNKNOWN and token.lead in v.PURPOSE


def _shown(token: Token, made: _Made, style: styles.Style, product: str) -> bool:
    """Whether what a word without effect means is in the image all the same."""
    first = made.picks[0].art
    if token.role == Role.PERSON:
        return str(first["scene"]) == "line_face"
    if token.said in made.chosen.used.get(first["scene"], set()):
        return True
    if first["scene"] == "travel" and lexicon.singular(token.said) in places_named.SHOWN.get(str(first["kind"]), ()):
        return True
    if token.role == Role.MEDIUM:
        return (
            style.code in token.meaning.media
            or token.word in v.SOFT_MEDIA
            or mediums.offered(token.meaning.media, product)
        )
    if token.word in made.color_words or token.role in (Role.KIND, Role.MOOD, Role.WORN):
        return True
    if token.role == Role.THEME and token.meaning.theme == "baby":
        return True
    if first["guest"] and token.role == Role.FIGURE:
        return any(a.code == first["guest"]["subject"] for a in token.meaning.asks)
    return False


def _greeting(words: list[str]) -> frozenset[str]:
    """The words of a card's idea that only greet, or name who is greeted. The last word left is never one: "a teacher card"."""
    text, found = f" {' '.join(words)} ", set[str]()
    for greeting in v.GREETINGS:
        if f" {greeting} " in text:
            found.update(greeting.split())
    left = [w for w in words if w not in found and w not in lexicon.SILENT]
    return frozenset(found) if left else frozenset()


def _audience(token: Token) -> bool:
    """Whether a word only says whom the image is for: "for girls" asks for no girl. A child's room is a room."""
    return token.lead in v.PURPOSE and token.word in v.PEOPLE and token.word not in _PEOPLE


# "Kids" are no goats here.
_PEOPLE = ("kid", "kids", "child", "children")
# Palette words that give way to any other: "minimalist terracotta" is terracotta.
_LOOSE = lexicon.listed("minimal minimalist japandi boho bohemian retro vintage groovy")


def _scheme(text: str) -> tuple[str, set[str]]:
    """The color scheme asked for (two make one) and the words that ask; empty when none does."""
    words = words_of(text)
    codes: dict[str, set[str]] = {}
    found = palettes.asked(text)
    for palette, word in [f for f in found if f[1] not in _LOOSE] or found:
        codes.setdefault(FOR_PALETTE.get(palette.code, ""), set()).update(word.split())
    for word in words:
        if word in WORDS:
            codes = {WORDS[word]: {word}, **{k: v for k, v in codes.items() if k != WORDS[word] and word not in v}}
    chosen = [(c, w) for c, w in codes.items() if c in BY_CODE][:2]
    return "+".join(c for c, _ in chosen), {w for _, ws in chosen for w in ws}


def _stream(*what: object) -> np.random.Generator:
    digest = hashlib.sha256("|".join(map(str, what)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _candidates(
    reading: Chosen, colors: str, seed: int, product: str
) -> Iterator[tuple[Composer, Kind, str, dict[str, Any] | None]]:
    """Composer, kind, scheme and guest in the order they are made: what was asked for first, then its other colors and
    kinds, then other composers."""
    catalogue = compose.catalogue()
    card = product == "greeting_card"
    rest = [c.code for c in catalogue.values() if c.code not in reading.ranked and (card or not c.card)]
    for place, code in enumerate([*reading.ranked, *rest]):
        composer = catalogue[code]
        rng = _stream("picture", code, seed)
        asked = reading.kinds.get(code, "")
        kinds = [composer.kind(asked)] if asked else []
        kinds += [
            composer.kinds[int(k)] for k in rng.permutation(len(composer.kinds)) if composer.kinds[int(k)].code != asked
        ]
        if code == "nursery":
            themes = figures.catalogue()[reading.guests[0].code].themes if reading.guests else ()
            first = reading.guests[0].code if reading.guests else ""
            kinds = [composer.kind(k) for k in places.order(themes, asked, first)]
        # The composer's favorite schemes come first more often than not.
        ranks = {s: place + float(rng.uniform(0, 2.2)) for place, s in enumerate(composer.schemes)}
        own = sorted(composer.schemes, key=lambda s: ranks[s])
        others = [s for s in BY_CODE if s not in own]
        tones = [colors] if colors else [*own, *others]
        if place == 0 and colors:
            tones = [colors, *[s for s in (*own, *others) if s != colors]]
        guests = _guests(reading, code, rng, len(tones) * len(kinds))
        turns = sorted(
            itertools.product(range(len(tones)), range(len(kinds))), key=lambda t: t[0] + t[1] * (3 if asked else 1)
        )
        for n, (tone, kind) in enumerate(turns):
            yield composer, kinds[kind], tones[tone], guests[n % len(guests)]


def _guests(reading: Chosen, code: str, rng: np.random.Generator, count: int) -> list[dict[str, Any] | None]:
    """The figures a picture shows, in turn; [None] for composers that show none of their own choice."""
    if code not in _HOSTS:
        return [None]
    catalogue = figures.catalogue()
    if code == "chart":
        return _charts(reading)
    if code == "plate":
        shown = [(a.code, p) for a in reading.guests for p in plate_variants(a)]
        shown = shown or [(c, {"pose": p, "wearing": ""}) for c, p in ANIMALS if species.of(c, {})]
        return [{"subject": c, "params": p} for c, p in shown]
    if reading.guests:
        invited = not reading.scores.get(code, 0.0) >= 9
        found: list[dict[str, Any] | None] = []
        for guest in (
            [reading.guests[int(k)] for k in rng.permutation(len(reading.guests))] if invited else reading.guests
        ):
            variants = [
                p for p in figures.variants(guest.code) if not guest.kinds or names.label(p) in guest.kinds
            ] or [{}]
            dressed = [p for p in variants if any(w in figures.describe(guest.code, p) for w in reading.wanted)]
            calm = [
                p
                for p in dressed or variants
                if not p.get("pose") or str(p["pose"]).startswith(("sitting", "standing"))
            ]
            best = (calm or dressed or variants)[:6]
            found += [{"subject": guest.code, "params": dress.dyed(p, reading.dyes)} for p in best]
        return found[: max(1, count)]
    order = rng.permutation(len(ANIMALS))
    return [
        {"subject": c, "params": {"pose": p, "wearing": ""}}
        for c, p in (ANIMALS[int(k)] for k in order)
        if c in catalogue
    ]


def _charts(reading: Chosen) -> list[dict[str, Any] | None]:
    """Charts of the guests: the first six, then others of them, as many as differ."""
    each = [
        {
            "subject": a.code,
            "params": next((p for p in figures.variants(a.code) if not a.kinds or names.label(p) in a.kinds), {}),
        }
        for a in reading.guests
    ]
    if len(each) < CHART_MIN:
        each = []
    turns = [each[k:] + each[:k] for k in range(max(1, len(each) - 5))] if each else []
    return [{**turn[0], "others": turn[1 : 6 if len(turn) >= 6 else 4]} for turn in turns] or [None]


def _pick(
    composer: Composer, kind: Kind, colors: str, guest: dict[str, Any] | None, style: styles.Style, mood: palettes.Colors,
    product: str, ratio: str,
) -> Pick:  # fmt: skip
    phrase = kind.phrase
    if guest:
        shown = ", ".join(figures.describe(g["subject"], g["params"]) for g in (guest, *guest.get("others", ())))
        phrase = f"{shown}{',' if ',' in shown else ''} {kind.phrase}"
        if composer.code == "plate" and (found := species.of(guest["subject"], guest["params"])):
            phrase += ", lettered " + ", ".join(found.lettered)
    prompt = f"{phrase}, {style.medium}"
    if style.code not in styles.COLORLESS:
        prompt += f" in {scheme(colors).phrase}"
    art: dict[str, Any] = {
        "scene": composer.code, "kind": kind.code, "scheme": colors, "guest": guest, "canvas": list(canvas_of(ratio)),
        "product": product, "style": style.code, "grade": mood.grade.as_json(), "prompt": prompt,
    }  # fmt: skip
    if mood.manner:
        art["manner"] = dict(mood.manner)
    return Pick(f"scene/{composer.code}", prompt, art)


def canvas_of(ratio: str) -> tuple[int, int]:
    """Width and height of a ratio such as "3:4"; square for anything else, and never beyond 1 : 3."""
    width, _, height = ratio.partition(":")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        return (1, 1)
    w, h = int(width), int(height)
    return (w, h) if 1 / 3 <= w / h <= 3 else (1, 1)


def _title(pick: Pick) -> str:
    """A short name: the composer's, or the figure's that the picture shows."""
    composer = compose.catalogue()[pick.art["scene"]]
    if pick.art["guest"]:
        shown = [pick.art["guest"], *pick.art["guest"].get("others", ())][:3]
        each = [names.titled(names.bare(figures.find(g["subject"]).name)) for g in shown]
        return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"
    kind = composer.kind(pick.art["kind"])
    named = {"lemons": "Lemons", "oranges": "Oranges", "stones": "Balanced Stones", "waves": "Waves", "boat": "Sailing Boat",
             "fern": "Fern", "eucalyptus": "Eucalyptus", "olive": "Olive Branch", "lavender": "Lavender", "palm": "Palm Leaf",
             "pampas": "Pampas Grass", "rising": "Sunrise", "sun and moon": "Sun and Moon", "lake": "Mountain Lake"}  # fmt: skip
    return named.get(kind.code, composer.title)


def _view(made: _Made) -> str:
    """That a travel poster's scene is no view of the very place; empty for every other image."""
    if made.place is None or made.picks[0].art["scene"] != "travel":
        return ""
    if not made.place.name:
        return "No place is named, so nothing is lettered."
    if made.place.kind == "paris":
        return ""
    scene = compose.catalogue()["travel"].kind(made.place.kind).phrase.removeprefix("a travel poster of ")
    return f"The scene is {scene}, not a view of {made.place.name}."


def _note(reading: Chosen, unused: list[str], product: str) -> str:
    """What the seller should know before paying, in plain sentences; empty when all is as asked."""
    said: list[str] = []
    if not any(reading.scores.get(c) for c in reading.ranked):
        name = compose.catalogue()[reading.ranked[0]].title.lower()
        said.append(f"The built-in artist has no composition for this idea; the nearest it has is: {name}.")
    if unused:
        said.append("Not drawn: " + ", ".join(unused[:12]) + ".")
    if product == "greeting_card":
        said.append("No lettering is drawn; the front keeps a place free for the greeting.")
    return " ".join(said)

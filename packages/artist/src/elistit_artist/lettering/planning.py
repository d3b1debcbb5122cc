"""From lettering asked for to plans of distinct images: which face, layout and palette each is set in.

Pure and deterministic: request, count, seed, product and ratio decide everything. It must never plan what cannot be drawn:
text that no face has raises CannotLetter before anything is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from elistit_artist.lettering import alphabets, asking, layouts, palettes, signs
from elistit_artist.lettering.asking import PAPER, TEXT_MAX, Request
from elistit_artist.lettering.faces import FACES, CannotLetter, Face, Mood, able, characters, choose
from elistit_artist.lettering.faces import face as face_of

SUBJECT = "lettering"
# The longest name a monogram, sign or birth print takes, in characters.
NAME_MAX = 60
# The most images of one order.
MOST = 100
T = TypeVar("T")


class CannotPlan(ValueError):
    """Words that cannot be lettered; the message is one plain sentence. `field` is where the seller wrote them."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


@dataclass(frozen=True)
class Planned:
    """One image: its subject in words, its prompt, and its art (JSON-safe, with the plan under `lettering`)."""

    subject: str
    prompt: str
    art: dict[str, Any]


@dataclass(frozen=True)
class Lettered:
    """An order of lettering, planned. `used` and `unused` are words of the idea, `note` what differs from what was asked."""

    title: str
    form: str
    items: tuple[Planned, ...]
    used: tuple[str, ...]
    unused: tuple[str, ...]
    note: str


def problem(idea: str, options: dict[str, str], product: str) -> tuple[str, str] | None:
    """The field and the sentence of what cannot be lettered of an order; None when all can."""
    style = options.get("lettering_style", "")
    if style and (words := asking.style_problem(style)):
        return "options.lettering_style", words
    request = asking.read(idea, options, product)
    if request is None:
        return ("options.lettering_style", "Write the words to letter, too.") if style else None
    try:
        check(request)
    except CannotPlan as wrong:
        return wrong.field, str(wrong)
    return None


def check(request: Request) -> None:
    """Raises CannotPlan naming the characters no bundled font has, or what is too long."""
    most = TEXT_MAX if request.form == "quote" else 4 * NAME_MAX
    for text in request.texts:
        if len(text) > most:
            raise CannotPlan(request.field, f"The words to letter are {len(text)} characters long; at most {most} fit.")
        if not any(c.isalnum() for c in text):
            raise CannotPlan(request.field, "Write at least one letter or figure to set.")
        try:
            choose(text, request.mood)
        except CannotLetter as wrong:
            raise CannotPlan(request.field, str(wrong)) from wrong
    name = request.details.get("name", "")
    if len(name) > NAME_MAX:
        raise CannotPlan(request.field, f"The name is {len(name)} characters long; at most {NAME_MAX} fit.")


def plan(idea: str, options: dict[str, str], count: int, seed: int, product: str, ratio: str) -> Lettered | None:
    """Exactly `count` distinct images of the lettering an order asks for; None when it asks for none. Raises CannotPlan."""
    request = asking.read(idea, options, product)
    if request is None:
        return None
    check(request)
    plans: list[dict[str, Any]] = []
    seen: set[str] = set()
    for one in _plans(request, count, seed, product, ratio):
        key = repr(sorted((k, v) for k, v in one.items() if k != "turn"))
        if key not in seen:
            seen.add(key)
            plans.append(one)
        if len(plans) >= max(1, count):
            break
    items = tuple(planned(one, product) for one in plans)
    return Lettered(_title(request), request.form, items, request.used, request.unused, _note(request, plans))


def planned(one: dict[str, Any], product: str) -> Planned:
    """A plan as an item of a storyboard."""
    prompt = prompt_of(one)
    art = {
        "subject": f"{SUBJECT}/{one['form']}",
        "lettering": one,
        "canvas": one["canvas"],
        "product": product,
        "prompt": prompt,
    }
    return Planned(subject_of(one), prompt, art)


def _plans(request: Request, count: int, seed: int, product: str, ratio: str) -> Iterator[dict[str, Any]]:
    """More plans than are needed, the first of them the most fitting, neighbors unlike each other."""
    paper = product in PAPER
    base = {"canvas": list(canvas_of(ratio)), "paper": paper, "backing": product == "sticker"}
    colors = (
        [palettes.palette(request.palette)] if request.palette else _turned(palettes.offered(paper), seed, "palette")
    )
    if request.form == "letter":
        yield from _letters(request, count, seed, base, colors)
        return
    every = {text: _faces(request, text, seed) for text in request.texts}
    for turn in range(40 * max(1, count)):
        text = request.texts[turn % len(request.texts)]
        round_ = turn // len(request.texts)
        faces = every[text]
        shown = faces[round_ % len(faces)]
        kinds = _kinds(request, text, shown, seed, paper)
        # After a round of faces each meets the next layout, so that no pair comes twice before all have come.
        kind = kinds[(round_ + round_ // len(faces) * (1 if len(kinds) % len(faces) == 0 else 0)) % len(kinds)]
        yield {
            "form": request.form,
            "text": text,
            "face": shown.code,
            "layout": kind,
            "palette": colors[(turn + turn // len(colors)) % len(colors)].code,
            "turn": (seed + turn) % 5,
            **({"details": dict(request.details)} if request.details else {}),
            **base,
        }


def _faces(request: Request, text: str, seed: int) -> list[Face]:
    if request.face is not None and request.face.covers(text):
        return [request.face]
    found = able(text, request.mood)
    if request.mood is None:
        # Old letters are for those who ask for them.
        found = [f for f in found if f.mood != Mood.BLACKLETTER] or found
    if request.form == "monogram":
        found = [f for f in found if not f.joined] or found
    return _turned(found, seed, "face") if request.mood is not None else _moods_in_turn(found, seed)


def _moods_in_turn(found: Sequence[Face], seed: int) -> list[Face]:
    """Faces of all moods, one of each mood before a second of any, in an order of this seed's own."""
    moods = _turned(list(dict.fromkeys(f.mood for f in found)), seed, "mood")
    groups = {m: _turned([f for f in found if f.mood == m], seed, m.value) for m in moods}
    return [groups[m][k] for k in range(max(map(len, groups.values()))) for m in moods if k < len(groups[m])]


def _kinds(request: Request, text: str, shown: Face, seed: int, paper: bool) -> list[str]:
    if request.layout:
        return [request.layout]
    if request.form == "quote":
        # White around small type is a design on paper only.
        suited = [k for k in layouts.suited(text, shown) if paper or k.code != "minimal"]
        return [one.code for one in _turned(suited, seed, "layout")]
    if request.form == "sign":
        one_word = " " not in request.details["name"] and not request.details.get("before")
        roomy = len(request.details["name"]) <= 12
        kinds = [k for k in signs.SIGNS if (one_word or k != "banded") and (roomy or k != "wreath")]
        return _turned(kinds, seed, "sign")
    if request.form == "monogram":
        return _turned([k for k in signs.MONOGRAMS if len(text) > 1 or k in ("circle", "diamond")], seed, "monogram")
    return _turned(list(signs.BIRTHS), seed, "birth")


def _letters(
    request: Request, count: int, seed: int, base: dict[str, Any], colors: Sequence[palettes.Palette]
) -> Iterator[dict[str, Any]]:
    """A set in one style: every character in the same face, manner and colors; a further style only for more images than
    the set has characters."""
    wanted = [f for f in FACES if f.mood not in (Mood.PLAIN, Mood.BLACKLETTER, Mood.TYPEWRITER) and not f.joined]
    faces = (
        [request.face]
        if request.face
        else _turned([f for f in FACES if f.mood == request.mood] if request.mood else wanted, seed, "alphabet")
    )
    manners = [request.treatment] if request.treatment else _turned(list(alphabets.TREATMENTS), seed, "manner")
    for style in range(max(1, len(faces)) * len(manners) * len(colors)):
        shown, manner = faces[style % len(faces)], manners[style % len(manners)]
        for character in alphabets.covered(shown, request.numbers):
            yield {
                "form": "letter",
                "text": character,
                "face": shown.code,
                "treatment": manner,
                "palette": colors[style % len(colors)].code,
                **base,
            }


def _turned(things: Sequence[T], seed: int, what: str) -> list[T]:
    """Things in an order of this seed's own."""
    digest = hashlib.sha256(f"lettering|{what}|{seed}".encode()).digest()
    order = np.random.default_rng(int.from_bytes(digest[:8], "big")).permutation(len(things))
    return [things[int(k)] for k in order]


def canvas_of(ratio: str) -> tuple[int, int]:
    """Width and height of a ratio such as "3:4"; square for anything else, and never beyond 1 : 3."""
    width, _, height = ratio.partition(":")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        return (1, 1)
    return (int(width), int(height)) if 1 / 3 <= int(width) / int(height) <= 3 else (1, 1)


_FORM_NAMES = {
    "quote": "lettering",
    "sign": "name sign",
    "monogram": "monogram",
    "birth": "birth print",
    "letter": "letter",
}


def _kind_name(one: dict[str, Any]) -> str:
    if one["form"] == "quote":
        return layouts.layout(one["layout"]).name.lower()
    return str(one.get("treatment") or one.get("layout") or "")


def subject_of(one: dict[str, Any]) -> str:
    """What a planned image shows, in words: “be kind” in Alfa Slab One, stacked block, sage. `from_subject` reads it back."""
    said = one["details"]["name"] if one["form"] == "birth" else one["text"]
    short = said if len(said) <= 40 else said[:39].rstrip() + "…"
    return f"“{short}” in {face_of(one['face']).name}, {_kind_name(one)}, {one['palette']}"


def prompt_of(one: dict[str, Any]) -> str:
    """A plan as a prompt that asks for the same again."""
    form, said = _FORM_NAMES[one["form"]], one["text"]
    if one["form"] in ("quote", "letter"):
        said = f"“{said}”"
    elif one["form"] == "birth":
        said = ", ".join(one["details"].values())
    return f"{form.capitalize()} {said} in {face_of(one['face']).name}, {_kind_name(one)}, {one['palette']} colors"


def remade(one: dict[str, Any], again: int) -> dict[str, Any]:
    """A plan for the `again`-th remake of an image: the same words in another layout, or another manner of a set."""
    if one["form"] == "letter":
        kinds, at = list(alphabets.TREATMENTS), "treatment"
    elif one["form"] == "quote":
        suited = layouts.suited(one["text"], face_of(one["face"]))
        kinds, at = [k.code for k in suited if one.get("paper") or k.code != "minimal"], "layout"
    else:
        kinds, at = (
            list({"sign": signs.SIGNS, "monogram": signs.MONOGRAMS, "birth": signs.BIRTHS}[one["form"]]),
            "layout",
        )
    start = kinds.index(one[at]) if one[at] in kinds else 0
    turned = {**one, at: kinds[(start + again) % len(kinds)]}
    return {**turned, "turn": (int(one.get("turn", 0)) + again) % 5} if "turn" in one else turned


def of_subject(
    subject: str, idea: str, options: dict[str, str], seed: int, product: str, ratio: str
) -> tuple[Planned, ...]:
    """The images a seller's own subject names: one of those the idea comes to, or what its own words ask for; none when it
    asks for no lettering that can be set."""
    wanted = " ".join(subject.split()).casefold()
    try:
        whole = plan(idea, options, MOST, seed, product, ratio)
        own = plan(subject, {k: v for k, v in options.items() if k != "lettering"}, 12, seed, product, ratio)
    except CannotPlan:
        return ()
    same = [p for p in whole.items if p.subject.casefold() == wanted] if whole else []
    return tuple(same or (own.items if own else ()))


def _title(request: Request) -> str:
    if request.form == "letter":
        return "Number Set" if request.numbers else "Alphabet"
    if request.form == "monogram":
        return f"{request.texts[0]} Monogram"
    if request.form in ("sign", "birth"):
        before = request.details.get("before", "")
        name = " ".join(filter(None, (before, request.details["name"])))
        return f"{name} {'Sign' if request.form == 'sign' else 'Birth Print'}"
    text = request.texts[0]
    return text if len(text) <= 60 else text[:59].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _note(request: Request, plans: Sequence[dict[str, Any]]) -> str:
    """What the seller should know before paying; empty when all is as asked."""
    said = []
    if request.unused:
        said.append("Not drawn: " + ", ".join(request.unused[:12]) + ".")
    shown = {one["face"] for one in plans}
    if request.face is not None and request.face.code not in shown:
        lacks = CannotLetter(
            sorted({c for t in request.texts for c in t if not c.isspace() and ord(c) not in characters(request.face)})
        )
        said.append(f"{request.face.name} doesn’t have {', '.join(lacks.names[:6])}, so another font is used.")
    elif request.mood is not None and all(face_of(code).mood != request.mood for code in shown):
        said.append(f"No {request.mood.value} font has all of these characters, so another style is used.")
    if request.form == "letter" and not request.numbers and len(plans) < 26:
        said.append(
            f"This is {len(plans)} of 26 letters. Choose 36 images for A–Z and 0–9, or 55 with punctuation marks."
        )
    return " ".join(said)

"""Drawings of art packs, for what the artist has no figure of its own: found by their names, painted in the same styles.

Its own figures always come first; a pack only answers for words they leave over. The artist has no pack of its own: whoever
uses it lends them (`use`), each a `Pack`. Where a drawing comes from travels with the picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np

from elistit_artist import lexicon
from elistit_artist.figures.subject import Draw, Params, Subject


class Pack(Protocol):
    """A library of drawings. Its answers are remembered until `use` or `forget` is called."""

    code: str
    """Its name in a subject's code (`fluent` in `fluent:kite`): no colon, and not another pack's."""

    def names(self) -> Sequence[str]:
        """The names of its drawings in English, words parted by hyphens (`hot-air-balloon`); none when it is not there."""
        ...

    def svg(self, name: str) -> str | None:
        """A drawing as an SVG of flat filled shapes with a view box `0 0 width height`; None when it is none, or not there."""
        ...

    def source(self, name: str) -> str:
        """Where the drawing comes from: the work, its version, its owner and its licence."""
        ...


# In the order they are asked.
_packs: dict[str, Pack] = {}


def use(packs: Sequence[Pack]) -> None:
    """Lend the artist these packs in place of those before; the first with a drawing of a name gives it. Holds for this
    process."""
    _packs.clear()
    _packs.update((pack.code, pack) for pack in packs)
    forget()


def _w(names: str) -> tuple[str, ...]:
    return tuple(names.split())


# Themes sellers type that name no single thing: the drawings that belong to them, by their names in the packs.
THEMES: dict[str, tuple[str, ...]] = {
    "music": _w(
        "violin guitar trumpet saxophone drum musical-keyboard "
        "accordion banjo microphone headphone musical-score radio"
    ),
    "sports": _w(
        "soccer-ball basketball american-football baseball tennis volleyball "
        "ping-pong badminton bowling trophy boxing-glove ice-skate"
    ),
    "vehicles": _w(
        "automobile bus fire-engine police-car tractor delivery-truck "
        "bicycle helicopter airplane locomotive ambulance racing-car"
    ),
    "tools": _w("hammer wrench screwdriver carpentry-saw axe toolbox ladder nut-and-bolt gear magnet"),
    "fast food": _w("pizza hamburger hot-dog french-fries taco burrito sandwich popcorn pretzel bagel"),
    "science": _w("microscope telescope test-tube petri-dish dna magnet alembic satellite gear light-bulb"),
    "gaming": _w("video-game joystick game-die chess-pawn jigsaw bullseye slot-machine crystal-ball"),
    "sewing": _w("thread yarn sewing-needle scissors safety-pin"),
    "weather": _w(
        "umbrella cloud-with-rain cloud-with-lightning snowflake "
        "sun-behind-cloud tornado rainbow thermometer"
    ),
    "beauty": _w(
        "lipstick nail-polish hand-mirror lotion-bottle soap "
        "sponge ring gem-stone handbag high-heeled-shoe"
    ),
    "medical": _w("stethoscope pill syringe adhesive-bandage thermometer ambulance drop-of-blood tooth"),
    "movies": _w("clapper-board film-projector popcorn movie-camera ticket film-frames"),
}  # fmt: skip
# What sellers call things that the packs name otherwise.
_SAID_FOR = {
    "car": "automobile", "truck": "delivery-truck", "plane": "airplane", "burger": "hamburger", "bike": "bicycle",
    "train": "locomotive", "fries": "french-fries", "fry": "french-fries", "soccer": "soccer-ball", "football": "american-football",
    "piano": "musical-keyboard", "phone": "mobile-phone", "computer": "laptop", "tv": "television", "motorbike": "motorcycle",
    "sneaker": "running-shoe", "purse": "handbag", "lipgloss": "lipstick", "gem": "gem-stone", "diamond": "gem-stone",
}  # fmt: skip
_THEME_WORDS = {
    "musical": "music", "instruments": "music", "instrument": "music", "sport": "sports", "transport": "vehicles",
    "transportation": "vehicles", "vehicle": "vehicles", "trucks": "vehicles", "tool": "tools", "handyman": "tools",
    "fastfood": "fast food", "stem": "science", "laboratory": "science", "gamer": "gaming",
    "games": "gaming", "knitting": "sewing", "crafting": "sewing", "makeup": "beauty", "nurse": "medical", "doctor": "medical",
    "hospital": "medical", "movie": "movies", "cinema": "movies",
}  # fmt: skip


def code_of(pack: str, icon: str) -> str:
    return f"{pack}:{icon}"


def is_glyph(code: str) -> bool:
    """Whether a subject is a drawing of a pack rather than a figure of the catalogue."""
    return ":" in code and code.partition(":")[0] in _packs


def asked(words: list[str], refused: set[str], whole: list[str]) -> tuple[list[str], set[str], str]:
    """Drawings for the words of an idea that no figure answers to, in its order, the words they answer, and the theme's title
    when it was one of `THEMES`. `whole` is the whole idea, in which a theme of two words may stand ("fast food").

    Names of two words count before single ones. Empty when no art pack is installed.
    """
    index = _index()
    title = ""
    if not index:
        return [], set(), title
    found: list[tuple[int, str]] = []
    used: set[str] = set()
    singles = [lexicon.singular(w) for w in words]
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            if set(part) & used or (length == 1 and (part[0] in lexicon.SILENT or len(part[0]) < 3)):
                continue
            names = ("-".join(part), "-".join([*part[:-1], singles[start + length - 1]]))
            code = next((index[n] for name in names for n in (name, _SAID_FOR.get(name, "")) if n in index), None)
            if code and not set(part) & refused and singles[start] not in refused:
                found.append((start, code))
                used |= set(part)
    for theme, covered in _themes(words, used, whole):
        found += [(whole.index(next(iter(covered))), index[icon]) for icon in THEMES[theme] if icon in index]
        used |= covered
        title = title or theme.title()
    return list(dict.fromkeys(code for _, code in sorted(found, key=lambda f: f[0]))), used, title


def _themes(words: list[str], used: set[str], whole: list[str]) -> list[tuple[str, set[str]]]:
    text = f" {' '.join(whole)} "
    found = [(t, set(t.split())) for t in THEMES if f" {t} " in text and (" " in t or t in words)]
    found += [(theme, {word}) for word, theme in _THEME_WORDS.items() if word in words and theme not in dict(found)]
    return [(t, covered) for t, covered in found if not covered & used]


def forget() -> None:
    """Ask the packs anew: after one was added or removed in this process."""
    _index.cache_clear()
    _flat.cache_clear()


@cache
def _index() -> dict[str, str]:
    """Name → code, over the packs, the first pack's drawing first; those that are not flat are not in it."""
    found: dict[str, str] = {}
    for pack in _packs.values():
        for icon in pack.names():
            if icon not in found and _flat(pack.code, icon) is not None:
                found[icon] = code_of(pack.code, icon)
    return found


@cache
def _flat(pack: str, icon: str) -> str | None:
    return _packs[pack].svg(icon)


def subject(code: str) -> Subject:
    """A drawing of a pack as a subject like any figure. Raises KeyError when its pack is not there or has no such drawing."""
    pack, _, icon = code.partition(":")
    text = _flat(pack, icon) if pack in _packs else None
    if text is None:
        raise KeyError(code)
    name = icon.replace("-", " ")
    return Subject(code, name, (), (), _drawer(text))


def _drawer(text: str) -> Draw:
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    if size is None:
        raise ValueError("A drawing of a pack has no view box.")
    width, height = float(size[1]), float(size[2])

    def draw(rng: np.random.Generator, params: Params) -> str:
        """The drawing, turned and leaning a little, so that no two sellers get the same one."""
        # Orders of before have the way it faces.
        way = -1 if params.get("facing") == "to the left" else 1
        middle = f"{width / 2} {height / 2}"
        lean, tall = rng.normal(0, 3.0), rng.uniform(0.96, 1.04)
        placed = f"translate({middle}) rotate({lean:.2f}) scale({way * tall:.4f} {2 - tall:.4f}) translate(-{width / 2} -{height / 2})"
        return re.sub(r"(<svg[^>]*>)(.*)(</svg>)", rf'\1<g transform="{placed}">\2</g>\3', text, flags=re.DOTALL)

    return draw


def source(code: str) -> str:
    """Where a drawing comes from, for the licences that travel with it. Raises KeyError for a pack that is not there."""
    pack, _, icon = code.partition(":")
    return _packs[pack].source(icon)

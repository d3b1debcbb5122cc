"""Drawings of installed art packs, for what the built-in artist has no figure of its own: found by their names, read as flat
shapes, painted in the same styles.

Its own figures always come first; a pack only answers for words they leave over. What is not a flat shape (clipping, other
drawings referred to) is left out, gradients become their middle color. Where a drawing comes from travels with the picture.
"""

from __future__ import annotations

import colorsys
import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from elistit import packs
from elistit.artwork import drawing
from elistit.artwork.canvas import Color
from elistit.providers.builtin import lexicon
from elistit.providers.builtin.figures.subject import Draw, Params, Subject

# In the order they are asked: the first is flat by nature.
ART_PACKS = (packs.FLUENT, packs.NOTO)
# What sellers ask for; people, faces, flags, letters and signs are not.
_CATEGORIES = ("Food & Drink", "Animals & Nature", "Activities", "Travel & Places", "Objects")
_NOT_THINGS = re.compile(
    r"flag|symbol|-face$|^face|button|arrow|sign$|-mark$|oclock|-thirty$|skin-tone|input|keycap|globe-showing|monkey-(hear|see|speak)"
)


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
    return code.partition(":")[0] in ART_PACKS and ":" in code


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


@cache
def _icons(pack: str) -> dict[str, Any]:
    if not packs.installed(pack):
        return {}
    folder = packs.folder(pack)
    icons = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    listed = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["categories"]
    names = [n for c in _CATEGORIES for n in listed.get(c, []) if not _NOT_THINGS.search(n)]
    size = (icons.get("width", 16), icons.get("height", 16))
    return {n: {"width": size[0], "height": size[1], **icons["icons"][n]} for n in names if n in icons["icons"]}


def forget() -> None:
    """Read the packs anew: after one was added or removed in this process."""
    _icons.cache_clear()
    _index.cache_clear()


@cache
def _index() -> dict[str, str]:
    """Name → code, over the installed packs, the first pack's drawing first; those that are not flat are not in it."""
    found: dict[str, str] = {}
    for pack in ART_PACKS:
        for icon in _icons(pack):
            if icon not in found and _flat(pack, icon) is not None:
                found[icon] = code_of(pack, icon)
    return found


@cache
def _flat(pack: str, icon: str) -> str | None:
    """The drawing as an SVG of flat shapes; None when it is not made of such."""
    entry = _icons(pack)[icon]
    body = re.sub(
        r'(fill|stroke)="url\(#([^)]+)\)"', lambda m: f'{m[1]}="{_middle(entry["body"], m[2])}"', entry["body"]
    )
    body = re.sub(r"<(linear|radial)Gradient.*?</\1Gradient>", "", body, flags=re.DOTALL)
    box = f"0 0 {entry['width']} {entry['height']}"
    try:
        read = drawing.read(f'<svg xmlns="{drawing.SVG}" viewBox="{box}">{body}</svg>')
    except (drawing.NotFlat, drawing.NotSvg, ValueError):
        return None
    if not read.shapes:
        return None
    shapes = "".join(drawing.to_svg(replace(s, fill=_muted(s.fill), stroke=_muted(s.stroke))) for s in read.shapes)
    return f'<svg xmlns="{drawing.SVG}" viewBox="{box}">{shapes}</svg>'


def _muted(color: Color | None) -> Color | None:
    """A screen color brought among the artist's own: less loud, a little warm, never black."""
    if color is None:
        return None
    hue, light, loud = colorsys.rgb_to_hls(*(v / 255 for v in color))
    soft = colorsys.hls_to_rgb(hue, min(0.95, 0.2 + light * 0.76), min(loud * 0.62, 0.56))
    red, green, blue = (round(255 * (0.93 * v + 0.07 * warm)) for v, warm in zip(soft, (0.82, 0.66, 0.5), strict=True))
    return red, green, blue


def _middle(body: str, gradient: str) -> str:
    """The color in the middle of a gradient."""
    found = re.search(rf'id="{re.escape(gradient)}".*?</(?:linear|radial)Gradient>', body, re.DOTALL)
    colors = re.findall(r'stop-color="(#\w{3,6})"', found[0]) if found else []
    return colors[len(colors) // 2] if colors else "none"


def subject(code: str) -> Subject:
    """A drawing of a pack as a subject like any figure. Raises KeyError when its pack is not installed or has no such drawing."""
    pack, _, icon = code.partition(":")
    if pack not in ART_PACKS or icon not in _icons(pack) or _flat(pack, icon) is None:
        raise KeyError(code)
    name = icon.replace("-", " ")
    return Subject(code, name, (), (), _drawer(pack, icon), ({"facing": "to the right"}, {"facing": "to the left"}))


def _drawer(pack: str, icon: str) -> Draw:
    def draw(rng: np.random.Generator, params: Params) -> str:
        """The drawing, turned and leaning a little, so that no two sellers get the same one."""
        text = _flat(pack, icon)
        assert text is not None
        width, height = _icons(pack)[icon]["width"], _icons(pack)[icon]["height"]
        way = -1 if params.get("facing") == "to the left" else 1
        middle = f"{width / 2} {height / 2}"
        lean, tall = rng.normal(0, 3.0), rng.uniform(0.96, 1.04)
        placed = f"translate({middle}) rotate({lean:.2f}) scale({way * tall:.4f} {2 - tall:.4f}) translate(-{width / 2} -{height / 2})"
        return re.sub(r"(<svg[^>]*>)(.*)(</svg>)", rf'\1<g transform="{placed}">\2</g>\3', text, flags=re.DOTALL)

    return draw


def source(code: str) -> str:
    """Where a drawing comes from, for the licences in the ZIP."""
    pack = packs.PACKS[code.partition(":")[0]]
    return (
        f"{pack.title} {pack.version} ({code.partition(':')[2]}), {pack.holder}, {pack.licence}, repainted and changed"
    )

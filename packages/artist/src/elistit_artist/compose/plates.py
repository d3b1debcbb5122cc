"""Plates of natural history: a specimen with its roots, seeds and fruit, its Latin name, a number and a thin border.

A composer only. It must never letter a name that `species` does not give the figure it shows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from elistit_artist import figures, species
from elistit_artist.compose import specimens
from elistit_artist.compose.canvas import Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.compose.lettered import border, set_line
from elistit_artist.figures.geometry import mix
from elistit_artist.lettering.faces import Face, Mood, face

# A plate's Latin names are set in the italic of a face sellers choose by its roman.
ITALIC = Face(
    "cormorant-garamond-italic", "Cormorant Garamond Italic", Mood.SERIF, "fontpkg_cormorant_garamond",
    "files/CormorantGaramond-Italic[wght].ttf", axes=(("wght", 600.0),),
)  # fmt: skip
# Poses of the smaller second figure on a plate of an animal, the fittest first.
_STUDIES = ("sleeping", "standing", "walking", "sitting", "peeking", "flying")


def plate(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """The guest as a plate. One that is no known species is shown without a name."""
    code, params = canvas.guest or ("fox", {"pose": "standing", "wearing": ""})
    found = species.of(code, params)
    top, foot = canvas.h * 0.115, canvas.h - canvas.short * 0.245
    if found is not None and (found.below or found.details):
        _plant(canvas, rng, code, params, found, top, foot)
    else:
        _animal(canvas, rng, code, params, top, foot)
    ink = mix(canvas.colors.ink, "#4a3424", 0.5)
    border(canvas, canvas.short * 0.05, 3.2, ink)
    border(canvas, canvas.short * 0.064, 1.3, ink)
    if found is None:
        return
    room = canvas.w * 0.76
    middle = canvas.w / 2
    set_line(canvas, found.latin, ITALIC, (middle, canvas.h - canvas.short * 0.152), 74, room, ink)
    set_line(
        canvas,
        found.called.upper(),
        face("josefin-sans"),
        (middle, canvas.h - canvas.short * 0.098),
        25,
        room,
        ink,
        0.2,
    )
    set_line(
        canvas, f"{found.plate}.", face("cormorant-garamond"), (canvas.w - canvas.short * 0.098, canvas.short * 0.118), 30, room, ink,
        0.04, "right",
    )  # fmt: skip


def _plant(
    canvas: Canvas, rng: np.random.Generator, code: str, params: dict[str, Any], found: species.Species, top: float, foot: float
) -> None:  # fmt: skip
    """The specimen with what is under its stem, and its details in a row or a column beside."""
    w, m = canvas.w, canvas.short
    tall = foot - top
    deep = tall * 0.17 if found.below else 0.0
    beside = not canvas.tall
    size = min(tall - deep, w * (0.46 if beside else 0.74))
    slim = code not in _WIDE
    if found.details and not beside and not slim:
        size = min(size, tall * 0.70)
    x = w * (0.40 if beside and found.details else 0.5)
    base = (
        top + (tall - deep)
        if found.below or slim
        else top + (tall - (m * 0.17 if not beside else 0)) * 0.5 + size * 0.5
    )
    canvas.stand(code, params, rng, x, base, size)
    if found.below:
        drawn = canvas.lowest()
        specimen = canvas.parts.pop()
        specimens.below(canvas, rng, found.below, *drawn, deep)
        canvas.parts.append(specimen)
    count = len(found.details)
    for k, what in enumerate(found.details):
        if beside:
            place = (w * 0.76, top + tall * (0.34 + 0.36 * k if count > 1 else 0.5))
        elif slim:
            place = (w * (0.815 if k % 2 == 0 else 0.185), foot - tall * 0.16)
        else:
            place = (w * (0.5 + 0.26 * (k - (count - 1) / 2)), foot - m * 0.07)
        specimens.detail(canvas, rng, what, *place, m * (0.125 if slim or beside else 0.12))


# Figures that are as wide as they are high: their details stand below, not beside.
_WIDE = frozenset(
    listed(
        "mushroom|citrus|orchard|cherries|peach|grapes|avocado|tomato|watermelon|summer_berries|cherry_blossom|acorn|oak_leaf"
        "|maple_leaf|lotus|hibiscus|shamrock|pine_cone|holly|monstera"
    )
)


def _animal(
    canvas: Canvas, rng: np.random.Generator, code: str, params: dict[str, Any], top: float, foot: float
) -> None:
    """The animal, with a smaller study of another pose where it has one."""
    w, h = canvas.w, canvas.h
    tall = foot - top
    study = _study(code, params)
    shade = mix(canvas.colors.tones[1], canvas.colors.ground, 0.45)
    if study is None:
        size = min(tall * 0.86, w * 0.76)
        canvas.stand(code, params, rng, w / 2, top + tall * 0.5 + size * 0.5, size)
        return
    if canvas.tall:
        large, small = min(tall * 0.62, w * 0.68), min(tall * 0.30, w * 0.36)
        places = ((w * 0.46, top + tall * 0.05 + large, large), (w * 0.66, foot - tall * 0.02, small))
    else:
        large, small = min(tall * 0.95, w * 0.46), min(tall * 0.5, w * 0.26)
        places = ((w * 0.37, foot - tall * 0.04, large), (w * 0.75, foot - tall * 0.10, small))
    for (x, y, size), shown in zip(places, (params, study), strict=True):
        ground = [
            (x + size * 0.46 * np.cos(a), y - size * 0.02 + size * 0.045 * np.sin(a))
            for a in np.linspace(0, 6.28, 15)[:-1]
        ]
        if "pose" in shown and "bird" not in figures.find(code).tags:
            canvas.shape(ground, shade)
        canvas.stand(code, shown, rng, x, y, size)
    ink = mix(canvas.colors.ink, "#4a3424", 0.5)
    for number, (x, y, size) in enumerate(places, start=1):
        at = (min(x + size * 0.50, w - canvas.short * 0.13), min(y, h * 0.9) - size * 0.03)
        set_line(canvas, f"fig. {number}", ITALIC, at, 27, w, ink, 0.0, "left")


def _study(code: str, params: dict[str, Any]) -> dict[str, Any] | None:
    """Another pose of the same kind, wearing nothing."""
    others = [
        v for v in figures.variants(code)
        if v.get("pose") and v["pose"] != params.get("pose") and not v.get("wearing") and v.get("kind") == params.get("kind")
    ]  # fmt: skip
    return min(others, key=_rank, default=None)


def _rank(params: dict[str, Any]) -> int:
    first = str(params["pose"]).split()[0]
    return _STUDIES.index(first) if first in _STUDIES else len(_STUDIES)


COMPOSERS = (
    Composer(
        "plate",
        "Natural History Plate",
        listed(
            "botanical plate|botanical plates|natural history|natural history plate|natural history print|zoological plate|"
            "specimen|specimen plate|latin name|latin names|scientific illustration|scientific name|scientific names|"
            "antique botanical|antique botanicals|vintage botanical|vintage botanicals|field guide"
        ),
        (Kind("plate", "as a natural history plate"),),
        ("linen", "autumn", "forest", "terracotta"),
        plate,
    ),
)

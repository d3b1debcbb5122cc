"""Travel posters: a landscape in bands of flat color, a border, and the name of the place.

A composer only. It letters the words it is given and nothing else; the scene is of a kind of place, never a portrait of one.
"""

from __future__ import annotations

import numpy as np

from elistit_artist.compose import lettered, travel_scenes
from elistit_artist.compose.canvas import Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.figures.geometry import lighter, mix
from elistit_artist.lettering import setting
from elistit_artist.lettering.faces import Face, face, unsettable

_FACES = ("bebas-neue", "josefin-sans", "alfa-slab-one", "zilla-slab")


def travel(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """The scene down to a panel, the panel with the name, and a border."""
    c = canvas.colors
    deep = canvas.short * (0.225 if canvas.words else 0.0)
    scene = Canvas(w=canvas.w, h=canvas.h - deep, colors=c)
    travel_scenes.sky(scene, rng, 7)
    travel_scenes.SCENES.get(kind, travel_scenes.mountains)(scene, rng)
    canvas.parts += scene.parts
    paper = lighter(c.ground, 0.35) if not c.dark else c.ground
    edge = canvas.short * 0.042
    for x0, x1, y1 in ((0.0, canvas.w, edge), (0.0, edge, canvas.h), (canvas.w - edge, canvas.w, canvas.h)):
        lettered.panel(canvas, x0, 0, x1, y1, paper)
    lettered.panel(canvas, 0, canvas.h - max(deep, edge), canvas.w, canvas.h, paper)
    if canvas.words:
        _name(canvas, deep, edge, mix(c.tones[4], c.ink, 0.5))


def _name(canvas: Canvas, deep: float, edge: float, ink: str) -> None:
    """The place's name in capitals as wide as the scene, in one line or two."""
    text = " ".join(canvas.words)
    chosen = next((f for f in map(face, _FACES) if not unsettable(text.upper(), f)), face("josefin-sans"))
    room = canvas.w - 2 * edge - canvas.short * 0.06
    said = setting.cased(text, chosen)
    lines = [said]
    if setting.width_of(said, chosen, 0.06) * deep * 0.62 > room * 1.5 and " " in said:
        lines = _halves(said, chosen)
    high = deep * (0.66 if len(lines) == 1 else 0.42)
    sizes = [
        min(high / setting.cap_height(chosen) * 0.86, room / max(setting.width_of(t, chosen, 0.06), 0.01))
        for t in lines
    ]
    size = min(sizes)
    cap = setting.cap_height(chosen) * size
    gap = cap * 0.32
    whole = cap * len(lines) + gap * (len(lines) - 1)
    top = canvas.h - deep + (deep - edge * 0.35 - whole) / 2
    for k, line in enumerate(lines):
        at = (canvas.w / 2, top + cap * (k + 1) + gap * k)
        lettered.set_line(canvas, line, chosen, at, size, room, ink, 0.06)


def _halves(said: str, chosen: Face) -> list[str]:
    """A name in the two most even lines."""
    parts = said.split()
    cuts = [(" ".join(parts[:k]), " ".join(parts[k:])) for k in range(1, len(parts))]
    return list(min(cuts, key=lambda cut: max(setting.width_of(t, chosen) for t in cut)))


COMPOSERS = (
    Composer(
        "travel",
        "Travel Poster",
        listed(
            "travel poster|travel posters|travel print|travel prints|travel art|tourism poster|vacation poster|destination poster|"
            "national park poster|national park posters|national park print|national park prints|national parks poster"
        ),
        (
            Kind("mountains", "a travel poster of mountains above a lake"),
            Kind("desert", "a travel poster of a desert with mesas"),
            Kind("forest", "a travel poster of a forest with tall trunks"),
            Kind("sea", "a travel poster of a rocky coast"),
            Kind("beach", "a travel poster of a beach with palms"),
            Kind("city", "a travel poster of a city skyline"),
            Kind("paris", "a travel poster of the Eiffel Tower"),
            Kind("hills", "a travel poster of rolling hills"),
        ),
        ("retro", "coast", "autumn", "citrus", "forest", "terracotta"),
        travel,
    ),
)

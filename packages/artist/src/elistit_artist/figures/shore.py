"""Waves and suns that set.

Each painter draws one thing in its own units, back to front; what is seen comes from the kind asked for.
"""

from __future__ import annotations

import math

import numpy as np

from .geometry import Point, Sheet, arc, darker, leaf, mix, oval, trace, vary
from .solids import poly
from .subject import Params, plain
from .variety import kinds

SEAS = {
    "a great wave": ("#5f86a8", "#8fb3c7"),
    "a turquoise wave": ("#5fa39f", "#94c6bd"),
    "a great wave at sunset": ("#5a6f9a", "#93a3c4"),
}


def wave(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A great curling wave with claws of foam, before a mountain or a low sun."""
    kind = str(params.get("kind") or "a great wave")
    deep, pale = SEAS[kind]
    deep, foam = vary(deep, rng, 0.015), "#e2ecec"
    if "sunset" in kind:
        sheet.shape(oval(104, -6, 172, 172), "#e39a5f")
    else:
        sheet.shape(poly("20,150 130,-40 178,-40 300,150"), "#8f9fb5" if "great" in kind else "#9fb5a8")
        sheet.shape(trace("98,14! 130,-40! 178,-40! 214,16! 190,-2 174,24! 154,0 132,26!"), foam)
    sheet.shape(
        trace(
            "-300,240! -300,60 -270,-70 -200,-180 -90,-250 30,-250 120,-190 150,-120! 80,-150 10,-130 "
            "-40,-70 -40,10 10,90 110,140 300,150! 300,240!"
        ),
        deep,
    )
    for spine, width in (
        ([(-262, 200), (-250, 40), (-200, -90), (-110, -180), (0, -206)], 25),
        ([(-200, 210), (-190, 80), (-150, -40), (-90, -130), (0, -168)], 22),
        ([(-134, 212), (-118, 110), (-96, 20), (-70, -50)], 19),
    ):
        sheet.stroke(spine, (6, width, width, 8), pale)
    crest: list[Point] = trace(
        "-206,-178 -110,-262 20,-276 130,-220 176,-136! 162,-122 168,-92! 146,-112 138,-78! 122,-112 106,-82! 96,-122 "
        "70,-100! 66,-138 36,-112! 30,-150 4,-112! -6,-142 -30,-92! -34,-150 0,-200 -80,-216 -150,-176"
    )
    sheet.shape(crest, foam)
    for x, y, r in ((-180, -150, 14), (-120, -196, 12), (-60, -222, 11)):
        sheet.stroke([(x, y), (x + r * 3, y - r), (x + r * 5, y - r * 0.6)], (2, 6, 2), mix(foam, pale, 0.8))
    sheet.shape(
        trace("-300,176! -220,142 -150,186 -70,150 10,196 90,158 170,198 240,168 300,192! 300,262! -300,262!"),
        darker(deep, 0.16),
    )
    for x in (-226, -76, 84, 236):
        y = 168 if x in (-226, -76) else 182
        sheet.stroke([(x - 40, y + 12), (x, y - 8), (x + 44, y + 16)], (3, 13, 3), foam)
    for x, y in ((-190, 222), (-40, 230), (130, 234)):
        sheet.stroke([(x, y), (x + 40, y - 8), (x + 80, y)], (2, 8, 2), pale)


SUNSETS = {
    "a sunset over the sea": "sea",
    "a sunset behind mountains": "mountains",
    "a sunset with palm trees": "palms",
    "a desert sunset": "desert",
}


def sunset(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round view of the evening sun: over the sea, behind mountains or palms, or over the desert."""
    view = SUNSETS[str(params.get("kind") or "a sunset over the sea")]
    sky = ("#f0c183", "#eba873", "#e08d6b", "#c9767a")
    for k, color in enumerate(reversed(sky)):
        top = -240 + 96 * k
        if not k:
            sheet.shape(oval(0, 0, 240, 240, points=18), vary(color, rng, 0.01))
            continue
        ring = [
            (x, y)
            for x, y in arc(
                0, 0, 240, 240, math.degrees(math.asin(top / 240)), 180 - math.degrees(math.asin(top / 240)), 19
            )
        ]
        sheet.shape([(*ring[0], 1), *ring[1:-1], (*ring[-1], 1)], vary(color, rng, 0.01))
    sheet.shape(oval(0, 16, 96, 96), "#f9e3ad")
    low: list[Point] = [(x, y) for x, y in arc(0, 0, 240, 240, 14, 166, 17)]
    _VIEWS[view](sheet, rng, low)


def _sea(sheet: Sheet, rng: np.random.Generator, low: list[Point]) -> None:
    sheet.shape([(*low[0], 1), *low[1:-1], (*low[-1], 1)], vary("#6f93a8", rng, 0.015))
    for y, half in ((78, 84), (104, 62), (130, 74), (158, 46), (186, 56), (212, 26)):
        sheet.stroke([(-half, y), (0, y - 3), (half, y)], (5, 13, 5), "#f3d9a8")
    for x, y in ((-120, -96), (-70, -130), (110, -110)):
        sheet.stroke(
            [(x - 24, y - 8), (x - 8, y - 12), (x, y), (x + 8, y - 12), (x + 24, y - 8)], (3, 7, 4, 7, 3), "#6d5560"
        )


def _mountains(sheet: Sheet, rng: np.random.Generator, low: list[Point]) -> None:
    sheet.shape(
        [
            (-233, 56, 1),
            (-150, -20, 1),
            (-96, 20, 1),
            (-20, -60, 1),
            (60, 30, 1),
            (130, -36, 1),
            (233, 58, 1),
            *low[1:-1],
        ],
        vary("#8a7892", rng, 0.015),
    )
    sheet.shape(
        [(-214, 108, 1), (-110, 60), (0, 116), (120, 56), (214, 108, 1), *low[3:-3]], vary("#5f6f78", rng, 0.015)
    )
    for x, tall in ((-132, 90), (-96, 66), (110, 92), (146, 70), (76, 58)):
        for k in range(3):
            y = 126 - tall * (0.24 + 0.26 * k)
            half = tall * (0.34 - 0.08 * k)
            sheet.shape(
                poly(f"{x},{y - tall * 0.36} {x + half},{y + tall * 0.18} {x - half},{y + tall * 0.18}"), "#46575a"
            )


def _palms(sheet: Sheet, rng: np.random.Generator, low: list[Point]) -> None:
    sheet.shape([(*low[0], 1), *low[1:-1], (*low[-1], 1)], vary("#5f8f97", rng, 0.015))
    for y, half in ((82, 80), (110, 56), (138, 66)):
        sheet.stroke([(-half, y), (0, y - 3), (half, y)], (5, 12, 5), "#f3d9a8")
    sheet.shape([(-196, 138, 1), (-60, 150), (60, 178), (166, 172, 1), *arc(0, 0, 240, 240, 46, 145, 11)], "#58483f")
    for foot, top in (((-110, 160), (-76, -96)), ((-60, 170), (-150, -20))):
        sheet.stroke([foot, ((foot[0] + top[0]) / 2 - 12, (foot[1] + top[1]) / 2), top], (20, 15, 11), "#4f4039")
        for way in (-170, -140, -105, -70, -35, -5, 20, 160):
            sheet.shape(leaf(top, way, 86, 26, "willow", 0.16 if way > -90 and way < 90 else -0.16), "#4d5a48")


def _desert(sheet: Sheet, rng: np.random.Generator, low: list[Point]) -> None:
    sheet.shape(
        [
            (-236, 44, 1),
            (-160, 44, 1),
            (-150, 0, 1),
            (-70, 0, 1),
            (-56, 60, 1),
            (60, 66, 1),
            (90, 20, 1),
            (166, 20, 1),
            (180, 54, 1),
            (234, 54, 1),
            *low[1:-1],
        ],
        vary("#b3685a", rng, 0.015),
    )
    sheet.shape([(-214, 108, 1), (-90, 84), (40, 118), (214, 106, 1), *low[3:-3]], vary("#d39a6b", rng, 0.015))
    for x, y, size in ((-90, 150, 1.0), (110, 160, 0.72)):
        with sheet.at(x, y, size=size):
            sheet.stroke([(0, 30), (0, -120)], (36, 34), "#5f7460")
            sheet.stroke([(0, -30), (46, -34), (50, -88)], (24, 24, 22), "#5f7460")
            sheet.stroke([(0, 0), (-46, -6), (-48, -54)], (24, 24, 22), "#5f7460")
            for dx in (-7, 7):
                sheet.stroke([(dx, 20), (dx, -110)], (3, 3), "#87987f")


_VIEWS = {"sea": _sea, "mountains": _mountains, "palms": _palms, "desert": _desert}


SUBJECTS = (
    plain("wave", "wave", ("sea", "beach", "japanese"), ("ocean", "surf", "water"), wave, kinds(SEAS)),
    plain("sunset", "sunset", ("beach", "travel", "outdoors"), ("sky", "summer", "sun"), sunset, kinds(SUNSETS)),
)

"""What a botanical plate shows beside its specimen: roots, bulbs, seeds and fruit, each drawn by itself.

Drawings are in units of their own size around (0, 0) of the canvas's frame. Nothing here knows a species.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from elistit_artist.compose.canvas import Canvas
from elistit_artist.figures.geometry import darker, leaf, lighter, mix, oval, toward, trace, vary

EARTH = "#8a6a4d"


def below(canvas: Canvas, rng: np.random.Generator, what: str, x: float, y: float, size: float) -> None:
    """What is under a stem that ends at (x, y): "roots", "taproot" or "bulb", `size` units deep."""
    if what == "bulb":
        _bulb(canvas, rng, x, y, size)
    elif what == "taproot":
        _fibers(canvas, rng, x, y + size * 0.1, size * 0.75, 7, 62)
        canvas.stroke(
            [(x, y - size * 0.06), (x + size * 0.02, y + size * 0.4), (x - size * 0.03, y + size)],
            (size * 0.13, size * 0.10, size * 0.015),
            lighter(EARTH, 0.25),
        )
    else:
        _fibers(canvas, rng, x, y, size, 11, 58)


def _fibers(
    canvas: Canvas, rng: np.random.Generator, x: float, y: float, size: float, count: int, spread: float
) -> None:
    """Roots that fan out and branch once."""
    canvas.shape(oval(x, y, size * 0.07, size * 0.06), darker(EARTH, 0.1))
    for k in range(count):
        way = 90 + spread * (2 * (k + 0.5) / count - 1) + rng.normal(0, 4)
        long = size * rng.uniform(0.62, 1.0) * (1 - 0.25 * abs(way - 90) / spread)
        bend = rng.normal(0, 9)
        middle, end = toward((x, y), way + bend, long * 0.5), toward((x, y), way, long)
        tone = vary(lighter(EARTH, 0.2 if k % 2 else 0.05), rng, 0.03)
        canvas.stroke([(x, y), middle, end], (size * 0.035, size * 0.024, size * 0.007), tone)
        for side in (-1, 1):
            twig = toward(middle, way + side * rng.uniform(22, 42), long * rng.uniform(0.22, 0.36))
            canvas.stroke([middle, twig], (size * 0.016, size * 0.006), tone)


def _bulb(canvas: Canvas, rng: np.random.Generator, x: float, y: float, size: float) -> None:
    _fibers(canvas, rng, x, y + size * 0.52, size * 0.44, 9, 50)
    skin = vary("#b98a5c", rng, 0.02)
    with canvas.at(x, y + size * 0.26, size=size / 100):
        canvas.shape(trace("0,-34 7,-20 24,-4 27,12 16,28 0,32 -16,28 -27,12 -24,-4 -7,-20"), skin)
        for bend in (-16, -6, 6, 16):
            canvas.stroke([(bend * 0.12, -26), (bend, 2), (bend * 0.6, 28)], (1.2, 2.2, 1.2), darker(skin, 0.28))


def _achenes(canvas: Canvas, rng: np.random.Generator) -> None:
    for x, turn in ((-34, -14), (0, 8), (34, -4)):
        with canvas.at(x, 0, turn=turn):
            canvas.shape(trace("0,-38! 12,-14 13,16 0,34! -13,16 -12,-14"), "#6f5a49")
            for line in (-6, 0, 6):
                canvas.stroke([(line * 0.4, -26), (line, 4), (line * 0.5, 27)], (1, 3, 1), "#cdb592")


def _seeds(canvas: Canvas, rng: np.random.Generator) -> None:
    for k, (x, y) in enumerate(((-36, 8), (-14, -16), (10, 12), (34, -10), (-8, 34), (36, 26))):
        canvas.shape(oval(x, y, 10, 8, 24.0 * k), vary("#5f4b3f", rng, 0.03))
        canvas.shape(oval(x - 2, y - 2, 3, 2, 24.0 * k), "#a58c74")


def _nutlets(canvas: Canvas, rng: np.random.Generator) -> None:
    for x, y, turn in ((-22, -12, -20), (18, -16, 24), (-16, 24, 12), (26, 20, -14)):
        with canvas.at(x, y, turn=turn):
            canvas.shape(trace("0,-19 13,-6 13,10 0,18 -13,10 -13,-6"), vary("#7a5d45", rng, 0.03))
            canvas.stroke([(0, -12), (1, 12)], (2, 3), "#b89a78")


def _capsule(canvas: Canvas, rng: np.random.Generator) -> None:
    green = "#98a172"
    canvas.stroke([(0, 30), (2, 62)], (6, 6), darker(green, 0.15))
    canvas.shape(trace("0,-24 24,-20 30,6 18,30 0,36 -18,30 -30,6 -24,-20"), green)
    for bend in (-17, -6, 6, 17):
        canvas.stroke([(bend * 0.8, -20), (bend * 1.2, 6), (bend * 0.5, 30)], (1, 3, 1), darker(green, 0.22))
    canvas.shape(trace("-34,-26! -24,-34 -8,-30 0,-38 8,-30 24,-34 34,-26! 20,-20 -20,-20"), darker(green, 0.12))


def _petal(canvas: Canvas, rng: np.random.Generator) -> None:
    tone = mix(canvas.colors.sun, "#fff4e4", 0.45)
    canvas.shape(leaf((0, 46), -90, 92, 58, "petal"), tone)
    for lean in (-13, 0, 13):
        canvas.stroke([(0, 40), (lean * 0.7, 0), (lean * 1.3, -24)], (3, 2.4, 1), darker(tone, 0.16))


def _hip(canvas: Canvas, rng: np.random.Generator) -> None:
    red = "#b0553c"
    canvas.stroke([(0, 30), (-4, 64)], (6, 6), "#8a8a5a")
    canvas.shape(trace("0,-26 22,-20 28,6 16,30 0,36 -16,30 -28,6 -22,-20"), red)
    for way in (-140, -110, -90, -70, -40):
        canvas.shape(leaf((0, -22), way, 30, 9, "willow"), "#7d8458")
    canvas.shape(trace("-14,-10 -8,-14 -12,12 -18,6"), lighter(red, 0.4))


def _half(canvas: Canvas, rng: np.random.Generator, skin: str, flesh: str) -> None:
    canvas.shape(trace("0,-38 28,-30 38,0 26,32 0,40 -26,32 -38,0 -28,-30"), skin)
    canvas.shape(trace("0,-32 23,-25 32,0 22,27 0,34 -22,27 -32,0 -23,-25"), flesh)


def _drupe(canvas: Canvas, rng: np.random.Generator) -> None:
    _half(canvas, rng, mix(canvas.colors.sun, "#8d4a45", 0.5), "#e8c9a0")
    canvas.shape(trace("0,-16 11,-8 12,8 0,19 -12,8 -11,-8"), "#8a6345")
    canvas.stroke([(0, -11), (1, 13)], (1.5, 2.5), "#b99471")


def _stone(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.shape(trace("0,-34! 20,-16 22,10 0,34! -22,10 -20,-16"), "#9a7250")
    for x, y in ((-10, -8), (6, -12), (10, 6), (-6, 10), (0, -1)):
        canvas.stroke([(x, y - 5), (x + 3, y + 5)], (2, 4), "#6d4d37")


def _nut(canvas: Canvas, rng: np.random.Generator) -> None:
    for x, cut in ((-28, False), (28, True)):
        with canvas.at(x, 0):
            canvas.shape(trace("0,38! 16,26 21,0 20,-16 -20,-16 -21,0 -16,26"), "#a9824f")
            if cut:
                canvas.shape(trace("0,30 12,22 15,0 14,-12 -14,-12 -15,0 -12,22"), "#ead3a6")
                canvas.stroke([(0, -12), (0, 26)], (2, 2), "#b08c5c")
            else:
                canvas.shape(trace("-25,-12 -18,-32 0,-38 18,-32 25,-12 0,-7"), "#7a5c42")
                canvas.stroke([(0, -36), (3, -50)], (5, 4), "#7a5c42")


def _gills(canvas: Canvas, rng: np.random.Generator) -> None:
    """A mushroom cut in two."""
    canvas.shape(trace("-14,-6 14,-6 17,42 22,54 -22,54 -17,42"), "#e9dcc4")
    canvas.shape(trace("-52,0! -44,-28 0,-44 44,-28 52,0! 14,-4 -14,-4"), "#b5543f")
    canvas.shape(trace("-46,-1! -38,-22 0,-36 38,-22 46,-1! 14,-5 -14,-5"), "#f0e6d2")
    for k in range(5):
        for side in (-1, 1):
            x = side * (20 + 6 * k)
            canvas.stroke([(x, -12 + k), (x, -3)], (2, 3), "#bda585")


def _spores(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.shape(oval(0, 0, 40, 40), "#efe4cf")
    for k in range(24):
        inner, outer = toward((0, 0), 15.0 * k, 9), toward((0, 0), 15.0 * k, 37)
        canvas.stroke([inner, outer], (1.4, 3), "#a99678")


def _section(canvas: Canvas, rng: np.random.Generator) -> None:
    rind = mix(canvas.colors.sun, "#e0a53c", 0.6)
    canvas.shape(oval(0, 0, 44, 44), rind)
    canvas.shape(oval(0, 0, 38, 38), "#f7ebcf")
    for k in range(8):
        canvas.shape(leaf(toward((0, 0), 45.0 * k, 3), 45.0 * k, 33, 22, "petal"), lighter(rind, 0.25))


def _pips(canvas: Canvas, rng: np.random.Generator) -> None:
    for x, y, turn in ((-26, -6, -24), (4, 10, 12), (32, -10, 40)):
        with canvas.at(x, y, turn=turn):
            canvas.shape(trace("0,-24! 10,-4 9,14 0,20 -9,14 -10,-4"), vary("#80583c", rng, 0.02))
            canvas.stroke([(-3, -6), (-4, 10)], (1, 3), "#b98f6c")


def _core(canvas: Canvas, rng: np.random.Generator) -> None:
    _half(canvas, rng, mix(canvas.colors.sun, "#a8553f", 0.4), "#f3e7c6")
    for side in (-1, 1):
        with canvas.at(side * 8, 2, turn=side * 12):
            canvas.shape(trace("0,-13! 6,-2 5,8 0,11 -5,8 -6,-2"), "#6e4a35")
    canvas.stroke([(0, -38), (3, -54)], (4, 4), "#7a5c42")


def _grains(canvas: Canvas, rng: np.random.Generator) -> None:
    for x, turn in ((-26, -12), (2, 6), (28, -6)):
        with canvas.at(x, 0, turn=turn):
            canvas.shape(trace("0,-32 12,-14 13,10 0,30 -13,10 -12,-14"), "#c79d5c")
            canvas.stroke([(0, -22), (1, 22)], (1.4, 3), "#8d6a3c")


def _winged(canvas: Canvas, rng: np.random.Generator) -> None:
    for flip in (False, True):
        with canvas.at(0, -4, flip=flip, turn=0):
            canvas.shape(leaf((8, 4), 26, 62, 26, "spoon"), "#d3b98d")
            canvas.stroke([(10, 2), (36, 12), (62, 30)], (2, 2, 1), "#96774f")
            canvas.shape(oval(9, 2, 11, 9), "#7d5d40")


def _gumnuts(canvas: Canvas, rng: np.random.Generator) -> None:
    for x, y in ((-26, 0), (4, -18), (30, 8)):
        with canvas.at(x, y):
            canvas.stroke([(0, 16), (0, 34)], (4, 4), "#7a6a52")
            canvas.shape(trace("-14,-14! 14,-14! 12,8 0,22 -12,8"), "#8d7d62")
            canvas.shape(oval(0, -14, 14, 5), "#b7a685")


DETAILS: dict[str, Callable[[Canvas, np.random.Generator], None]] = {
    "achenes": _achenes, "seeds": _seeds, "nutlets": _nutlets, "capsule": _capsule, "petal": _petal, "hip": _hip,
    "drupe": _drupe, "stone": _stone, "nut": _nut, "gills": _gills, "spores": _spores, "section": _section,
    "pips": _pips, "core": _core, "grains": _grains, "winged": _winged, "gumnuts": _gumnuts,
}  # fmt: skip
"""The details a species may list, each about 90 units across around (0, 0)."""


def detail(canvas: Canvas, rng: np.random.Generator, what: str, x: float, y: float, size: float) -> None:
    """One detail, `size` units across around (x, y). Raises KeyError."""
    with canvas.at(x, y, size=size / 90):
        DETAILS[what](canvas, rng)

"""Lamps of the feasts: the menorah and the dreidel, the diya.

Each painter draws one thing in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from .celestial import star_points
from .geometry import Sheet, arc, darker, leaf, lighter, mirrored, oval, trace, vary
from .solids import board, poly
from .subject import Params, plain
from .variety import kinds

MENORAHS = {
    "a golden menorah": ("#d6ab56", ("#8fb0cf", "#f1e8da")),
    "a silver menorah": ("#b3bac2", ("#f1e8da", "#7d9fc4")),
    "a blue menorah": ("#6f91b8", ("#f1e3c0", "#f1e3c0")),
}


def flame(sheet: Sheet, x: float, y: float, size: float) -> None:
    """A candle flame standing on (x, y), ``size`` high."""
    with sheet.at(x, y, size=size / 100):
        sheet.shape(mirrored(trace("0,-100! 16,-66 26,-32 18,-6 0,0")), "#e59f4b")
        sheet.shape(mirrored(trace("0,-66! 9,-42 14,-22 9,-8 0,-5")), "#f8e09a")


def menorah(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A nine-branched Hanukkah menorah with all its candles lit."""
    metal, waxes = MENORAHS[str(params.get("kind") or "a golden menorah")]
    metal = vary(metal, rng, 0.015)
    for k, reach in enumerate((64, 128, 192, 256)):
        branch = [(x, y) for x, y in arc(0, -70, reach, reach * 0.86 + 8, 0, 180, 17)]
        sheet.stroke(branch, (19, 19), darker(metal, 0.05 * (3 - k)))
    sheet.stroke([(0, -184), (0, 60), (0, 210)], (24, 22, 28), metal)
    sheet.shape(mirrored(trace("0,190 26,196 36,216 96,234 124,256 124,274! 0,278")), darker(metal, 0.12))
    sheet.stroke([(-110, 256), (0, 250), (110, 256)], (4, 9, 4), lighter(metal, 0.4))
    for y in (20, 86, 150):
        sheet.shape(oval(0, y, 25, 13), darker(metal, 0.16))
    for k in range(9):
        x = (k - 4) * 64
        top = -196 if k == 4 else -84
        wax = waxes[k % 2] if k != 4 else waxes[1]
        sheet.stroke([(x, top - 92), (x, top - 112)], (5, 5), "#5a4a44")
        flame(sheet, x, top - 96, 64)
        sheet.shape(board(x - 13, top - 94, x + 13, top + 8, 6), vary(wax, rng, 0.012))
        sheet.stroke([(x - 5, top - 80), (x - 5, top - 16)], (4, 5), lighter(wax, 0.5))
        sheet.shape(trace("-26,-4! 26,-4! 18,22 0,28 -18,22", x, top), darker(metal, 0.1))
    for turn in (-90, 90):
        sheet.shape(star_points(0, -40, 46, 0.577, turn, 3, sharp=True), lighter(metal, 0.3))
    sheet.oval(0, -40, 13, 13, darker(metal, 0.2))


TOPS = {"a blue dreidel": "#7d9fc4", "a golden dreidel": "#dbb25e", "a wooden dreidel": "#b98f63"}


def dreidel(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A dreidel with the letter nun, tilted as it spins."""
    paint = vary(TOPS[str(params.get("kind") or "a blue dreidel")], rng, 0.015)
    with sheet.at(0, 0, turn=14 + rng.uniform(-5, 5)):
        sheet.shape(board(-22, -284, 22, -140, 12), darker(paint, 0.24))
        sheet.shape(oval(0, -280, 30, 15), darker(paint, 0.12))
        sheet.shape(poly("-30,-160 160,-190 196,-116 26,-78"), lighter(paint, 0.3))
        sheet.shape(poly("-172,-120 -30,-160 26,-78 26,-78"), lighter(paint, 0.42))
        sheet.shape(poly("-172,-120 36,-82 30,130 -150,96"), paint)
        sheet.shape(poly("36,-82 190,-118 172,92 30,130"), darker(paint, 0.18))
        sheet.shape(poly("-150,96 30,130 10,274"), darker(paint, 0.1))
        sheet.shape(poly("30,130 172,92 10,274"), darker(paint, 0.3))
        cream = "#f6eedd"
        sheet.stroke([(-92, -46, 1), (-34, -36, 1), (-38, 64, 1), (-106, 54, 1)], (21, 21), cream)
        for turn in (-90, 90):
            sheet.shape(star_points(106, 0, 42, 0.577, turn, 3, sharp=True), cream)


DIYAS = {
    "a red diya lamp": ("#b8584a", "#e3b95e", "#f3e4c4"),
    "a purple diya lamp": ("#8f6fa3", "#e6b75c", "#f0d6e0"),
    "a blue diya lamp": ("#5f8fa8", "#e6c06a", "#f2e6cf"),
    "a clay diya lamp": ("#b97b52", "#f0dcb8", "#d9965f"),
}


def diya(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A painted oil lamp with its flame, alone or on a marigold."""
    clay, gold, dot = DIYAS[str(params.get("kind") or "a red diya lamp")]
    clay = vary(clay, rng, 0.015)
    if params.get("pose") == "on marigolds":
        for x, y, r in ((-200, 128, 76), (200, 128, 76), (-112, 158, 82), (112, 158, 82), (0, 170, 88)):
            for ring, share in enumerate((1.0, 0.74, 0.46)):
                for k in range(12 - 3 * ring):
                    way = 360 / (12 - 3 * ring) * k + 14 * ring
                    tint = vary(("#e0862f", "#ea9c3f", "#f2b653")[ring], rng, 0.02)
                    sheet.shape(leaf((x, y), way, r * share, r * 0.46, "petal"), tint)
            sheet.oval(x, y, r * 0.16, r * 0.16, "#c9702f")
    sheet.shape(mirrored(trace("0,-300! 30,-232 56,-160 50,-88 26,-58 0,-52")), "#e08f40")
    sheet.shape(mirrored(trace("0,-236! 20,-178 34,-128 28,-84 0,-64")), "#f2bd5c")
    sheet.shape(mirrored(trace("0,-166! 11,-128 16,-100 10,-80 0,-74")), "#fbeeb8")
    sheet.stroke([(0, -78), (4, -40), (30, -12)], (12, 12, 10), "#efe3cd")
    sheet.shape(trace("-252,-66! -150,-44 0,-76! 150,-44 252,-66! 214,40 128,120 0,140 -128,120 -214,40"), clay)
    sheet.shape(trace("-252,-66! -140,-64 0,-92! 140,-64 252,-66! 150,-18 0,-6 -150,-18"), darker(clay, 0.3))
    sheet.shape(trace("-176,-46 0,-62 176,-46 110,-22 0,-16 -110,-22"), "#e3b45c")
    sheet.stroke([(6, -46), (30, -28)], (12, 10), "#efe3cd")
    sheet.stroke([(-246, -52), (-150, -2), (0, 10), (150, -2), (246, -52)], (7, 12, 13, 12, 7), gold)
    for k in range(9):
        u = (k - 4) / 4
        sheet.shape(leaf((u * 184, 22 - 34 * u * u), 90 - u * 22, 50, 32, "petal"), gold)
        sheet.oval(u * 178, 82 - 62 * u * u, 8, 8, dot)
    sheet.stroke([(-138, 100), (0, 124), (138, 100)], (6, 10, 6), gold)
    sheet.shape(trace("-92,130! 92,130! 110,160! -110,160!"), darker(clay, 0.2))


SUBJECTS = (
    plain(
        "menorah",
        "menorah",
        ("hanukkah",),
        ("jewish", "candle", "holiday", "chanukah"),
        menorah,
        kinds(MENORAHS),
    ),
    plain("dreidel", "dreidel", ("hanukkah",), ("jewish", "toy", "holiday", "chanukah"), dreidel, kinds(TOPS)),
    plain(
        "diya",
        "diya lamp",
        ("diwali",),
        ("lamp", "light", "indian", "hindu", "holiday"),
        diya,
        kinds(DIYAS, ("", "on marigolds")),
    ),
)

"""What stands on a baker's table: tools, bread and biscuits.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, arc, blob, darker, lighter, mirrored, oval, toward, trace, vary
from .subject import Params, plain

WOOD, STEEL, CREAM, CRUST = "#c39a6b", "#b9bfc1", "#f1e6d2", "#d3a062"


def rolling_pin(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wooden rolling pin with a dusting of flour."""
    wood = vary(WOOD, rng, 0.02)
    with sheet.at(0, 0, turn=-38 + rng.uniform(-6, 6)):
        for side in (-1, 1):
            sheet.shape(
                trace("0,-17 60,-20 84,-30 108,-22 118,0 108,22 84,30 60,20 0,17", 168 * side, 0, side),
                darker(wood, 0.22),
            )
            sheet.shape(oval(172 * side, 0, 13, 30), darker(wood, 0.35))
        sheet.shape(trace("-166,-62 0,-66 166,-62 178,-40 178,40 166,62 0,66 -166,62 -178,40 -178,-40"), wood)
        sheet.glaze(trace("-160,18 0,26 160,18 164,54 0,60 -164,54"), darker(wood, 0.3), 0.35)
        for x, y, long in ((-120, -20, 90), (10, 6, 120), (60, -34, 80), (-60, 34, 70)):
            sheet.stroke([(x, y), (x + long / 2, y - 5), (x + long, y + 2)], (1.5, 5, 1.5), darker(wood, 0.16))
        sheet.stroke(trace("-140,-42 -40,-48 60,-46"), (3, 12, 3), lighter(wood, 0.4))


def whisk(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A balloon whisk with a wooden handle."""
    steel, wood = vary(STEEL, rng, 0.015), vary(WOOD, rng, 0.02)
    with sheet.at(0, 0, turn=26 + rng.uniform(-6, 6)):
        for k, reach in enumerate((118, 78, 34)):
            tone = darker(steel, 0.08 * k)
            for side in (-1, 1):
                loop = [
                    (9 * side, 20),
                    (reach * 0.72 * side, -60),
                    (reach * side, -150),
                    (reach * 0.62 * side, -226),
                    (0, -252),
                ]
                sheet.stroke(loop, (9, 10, 10, 10, 10), tone)
        sheet.shape(trace("-26,6 26,6 24,54 -24,54"), darker(steel, 0.2))
        sheet.shape(mirrored(trace("0,44 26,48 34,120 30,200 20,246 0,254")), wood)
        sheet.glaze(trace("4,60 28,70 30,190 10,240 10,120"), darker(wood, 0.3), 0.35)
        sheet.shape(oval(0, 222, 8, 8), darker(wood, 0.45))


def mixing_bowl(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A bowl of batter with a wooden spoon in it."""
    kind = str(params.get("kind") or "a blue mixing bowl")
    china = vary(
        {"a blue mixing bowl": "#93adb8", "a cream mixing bowl": "#e8dcc4", "a pink mixing bowl": "#dba79c"}[kind],
        rng,
        0.015,
    )
    wood = vary(WOOD, rng, 0.02)
    with sheet.at(70, -70, turn=30):
        sheet.stroke(trace("0,110 0,-40 0,-220"), (22, 19, 24), wood)
    sheet.shape(trace("-232,-70 232,-70 214,40 150,140 84,176 -84,176 -150,140 -214,40"), china)
    sheet.shape(trace("-92,166 92,166 104,200 0,208 -104,200"), darker(china, 0.18))
    sheet.shape(oval(0, -70, 240, 58), darker(china, 0.12))
    sheet.shape(oval(0, -64, 214, 44), darker(china, 0.28))
    sheet.shape(
        trace("-196,-66 -120,-104 -30,-96 60,-112 150,-92 198,-64 120,-36 0,-28 -120,-38"), vary("#f0dcb0", rng, 0.01)
    )
    sheet.stroke(trace("-120,-76 -30,-62 60,-80 130,-70"), (3, 12, 11, 3), "#fbf0d3")
    with sheet.at(70, -70, turn=30):
        sheet.stroke(trace("0,-70 0,-140 0,-220"), (20, 20, 24), wood)
    for y in (10, 46):
        sheet.stroke([(-212 + y * 0.7, y), (0, y + 30), (212 - y * 0.7, y)], (7, 9, 7), lighter(china, 0.5))
    sheet.stroke(trace("-180,0 -160,70 -110,124"), (4, 16, 4), lighter(china, 0.45))


def bread(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A loaf with scored top, or a croissant."""
    kind = str(params.get("kind") or "a loaf of bread")
    crust = vary(CRUST, rng, 0.02)
    if "croissant" in kind:
        places = arc(0, 150, 230, 230, 196, 344, 7)
        sizes = (46, 84, 112, 126, 112, 84, 46)
        for k in (0, 6, 1, 5, 2, 4, 3):
            x, y = places[k][0], places[k][1]
            way = 196 + 148 * k / 6
            tone = vary(crust, rng, 0.025)
            sheet.shape(oval(x, y, sizes[k] * 0.92, sizes[k] * 0.62, way), tone)
            for d in (-0.3, 0.05, 0.36):
                a, b = toward((x, y), way, -sizes[k] * 0.66), toward((x, y), way, sizes[k] * 0.66)
                off = toward((0, 0), way + 90, sizes[k] * d)
                sheet.stroke(
                    [
                        (a[0] + off[0], a[1] + off[1]),
                        (x + off[0] * 1.3, y + off[1] * 1.3),
                        (b[0] + off[0], b[1] + off[1]),
                    ],
                    (2, 7, 2),
                    darker(tone, 0.22),
                )
        return
    sheet.shape(
        trace("-236,60 -226,-30 -160,-110 -40,-140 90,-136 190,-86 236,10 232,90 180,130 -180,130 -228,104"), crust
    )
    sheet.glaze(trace("-220,70 0,96 224,66 220,110 170,126 -170,126"), darker(crust, 0.4), 0.4)
    for x in (-140, -50, 40, 126):
        sheet.stroke(
            [(x - 34, -16 - abs(x) * 0.1), (x + 6, -62), (x + 42, -92 + abs(x) * 0.12)],
            (6, 34, 6),
            lighter(crust, 0.55),
        )
    for _ in range(18):
        x, y = rng.uniform(-190, 190), rng.uniform(-70, 90)
        sheet.oval(float(x), float(y), 4, 3, lighter(crust, 0.45))


def cookie(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A chocolate chip cookie, or a star biscuit with icing."""
    kind = str(params.get("kind") or "a chocolate chip cookie")
    dough = vary("#d8ac74", rng, 0.02)
    if "heart" in kind:
        outline = mirrored(trace("0,-96! 40,-160 120,-176 186,-120 190,-40 130,70 60,140 0,190!"))
        sheet.shape(outline, dough)
        with sheet.at(0, 2, size=0.84):
            sheet.shape(outline, vary("#e3a7a0", rng, 0.015))
            sheet.stroke(trace("-120,-70 -110,-110 -70,-132"), (5, 20, 5), "#f7dcd6")
        for _ in range(16):
            x, y = toward((0, -20), rng.uniform(0, 360), 104 * float(np.sqrt(rng.random())))
            sheet.oval(x, y, 11, 5, str(rng.choice(["#f6efe2", "#d98a78", "#8fb0a8"])), float(rng.uniform(0, 180)))
        return
    sheet.shape(blob(0, 0, 208, 204, rng, 0.02, 15), dough)
    sheet.glaze(trace("120,-120 190,-10 150,120 30,188 110,60"), darker(dough, 0.35), 0.35)
    for k in range(11):
        x, y = toward((0, 0), 137.5 * k + rng.uniform(-14, 14), 40 + 13.5 * k)
        sheet.shape(blob(x, y, rng.uniform(20, 30), rng.uniform(17, 25), rng, 0.08, 9), vary("#5e4032", rng, 0.02))
        sheet.oval(x - 6, y - 7, 6, 4, "#8b6a58")


def milk(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A bottle of milk with a striped straw."""
    glass = vary("#cfdcdd", rng, 0.01)
    with sheet.at(30, -160, turn=10):
        sheet.stroke(trace("0,120 0,0 0,-120"), (20, 20, 20), "#f7f0e4")
        for y in (-104, -64, -24, 16):
            sheet.shape(trace("-10,-8 10,-20 10,0 -10,12", 0, y), "#cd7164")
    sheet.shape(mirrored(trace("0,-168 52,-168 56,-120 62,-78 112,-10 124,60 120,190 96,222 0,226")), glass)
    sheet.shape(mirrored(trace("0,-70 48,-66 98,0 108,62 104,184 86,208 0,212")), vary("#fbf6ea", rng, 0.006))
    sheet.shape(trace("-58,-176 58,-176 60,-150 -60,-150"), darker(glass, 0.12))
    sheet.stroke(trace("-92,20 -102,90 -92,160"), (4, 15, 4), "#ffffff")
    sheet.shape(trace("-70,70 0,58 70,70 70,150 0,162 -70,150"), vary("#a9bfc4", rng, 0.02))
    sheet.shape(mirrored(trace("0,92! 16,78 38,88 30,116 0,140!")), "#f7f0e4")


def measuring_spoons(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Three measuring spoons on a ring."""
    metal = vary("#c9a66b" if "gold" in str(params.get("kind", "")) else STEEL, rng, 0.015)
    for way, long, r in ((128, 330, 62), (90, 300, 74), (52, 280, 88)):
        foot = toward((0, -180), way, long)
        tone = vary(metal, rng, 0.015)
        sheet.stroke(
            [(0, -180), toward((0, -180), way, long * 0.5), toward((0, -180), way, long - r * 0.7)], (18, 21, 26), tone
        )
        sheet.shape(oval(foot[0], foot[1], r, r * 0.9, way), tone)
        sheet.shape(oval(foot[0], foot[1], r * 0.78, r * 0.68, way), darker(tone, 0.2))
        sheet.stroke(
            [toward(foot, way + 130, r * 0.5), toward(foot, way + 180, r * 0.58), toward(foot, way + 230, r * 0.5)],
            (3, 10, 3),
            lighter(tone, 0.5),
        )
    sheet.oval(0, -190, 26, 26, darker(metal, 0.25))
    sheet.oval(0, -190, 13, 13, lighter(metal, 0.7))


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


TABLE = ("kitchen", "baking")
SUBJECTS = (
    plain("mixing_bowl", "mixing bowl", TABLE, ("bowl", "batter", "bakery"), mixing_bowl,
          _k("a blue mixing bowl", "a cream mixing bowl", "a pink mixing bowl")),
    plain("rolling_pin", "rolling pin", TABLE, ("bakery", "wooden"), rolling_pin),
    plain("whisk", "whisk", TABLE, ("bakery", "utensil"), whisk),
    plain("bread", "bread", (*TABLE, "sweets"), ("loaf", "croissant", "bakery"), bread, _k("a loaf of bread", "a croissant")),
    plain("cookie", "cookie", (*TABLE, "sweets"), ("biscuit", "bakery"), cookie, _k("a chocolate chip cookie", "a heart cookie")),
    plain("milk", "bottle of milk", TABLE, ("drink", "dairy"), milk),
    plain("measuring_spoons", "set of measuring spoons", TABLE, ("spoon", "utensil"), measuring_spoons,
          _k("steel measuring spoons", "gold measuring spoons")),
)  # fmt: skip

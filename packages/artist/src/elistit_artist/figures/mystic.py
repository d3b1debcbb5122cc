"""Skulls, crystals, potions, crowns and moths: the shelf of a kind witch.

Each painter draws one thing in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .celestial import star_points
from .geometry import Point, Sheet, arc, bands, darker, leaf, lighter, mirrored, mix, oval, toward, trace, vary
from .solids import board, poly
from .subject import Params, plain
from .variety import kinds

GOLD, CORK, GLASS = "#d6aa54", "#b98f63", "#cfdedb"


def skull(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A friendly skull: painted for the Day of the Dead, crowned with flowers, or plain."""
    kind = str(params.get("kind") or "a sugar skull")
    bone = vary("#f1e8da", rng, 0.01)
    sugar = "sugar" in kind
    if "rose" in kind:
        for x, y, way in ((-150.0, -120.0, -150), (150, -120, -30), (-90, -180, -120), (90, -180, -60), (0, -200, -90)):
            for lean in (-34, 34):
                sheet.shape(leaf((x, y), way + lean, 96, 42), vary(accessories.GREENS[lean > 0], rng, 0.03))
    sheet.shape(
        mirrored(trace("0,-220 92,-206 168,-140 190,-44 168,30 150,62! 118,84 104,110 98,178 70,206 34,214 0,216")),
        bone,
    )
    sheet.glaze(trace("190,-44 168,30 118,84 100,176 62,204 92,80 150,0"), darker(bone, 0.3), 0.35)
    petals = ("#d9798c", "#e6b05a", "#8fa9c9") if rng.random() < 0.5 else ("#c9604e", "#6fa39a", "#e0b565")
    for side in (-1, 1):
        if sugar:
            for k in range(10):
                x, y = toward((side * 78, -22), 36 * k, 56)
                sheet.oval(x, y, 19, 19, vary(petals[k % 2], rng, 0.02))
        sheet.shape(oval(side * 78, -22, 54, 56, side * 12), "#4d4448")
        if sugar:
            sheet.shape(star_points(side * 78, -22, 26, 0.4, 90, 8, sharp=True), petals[1])
    sheet.shape(mirrored(trace("0,24! 18,34 30,68 20,80 6,72! 0,62")), "#4d4448")
    sheet.stroke(trace("-82,132 -40,146 0,150 40,146 82,132"), (5, 9, 5), "#4d4448")
    for x in (-54, -27, 0, 27, 54):
        y = 148 - abs(x) * 0.14
        sheet.stroke([(x, y - 24), (x, y + 24)], (4, 6, 4), "#4d4448")
    if sugar:
        _sugar_paint(sheet, petals, rng)
    elif "rose" in kind:
        for x, y, r in ((-138, -140, 58), (138, -140, 58), (-74, -184, 52), (74, -184, 52), (0, -196, 70)):
            _little_rose(sheet, x, y, r, vary("#c2505a" if x else "#d98a86", rng, 0.02))
    else:
        sheet.stroke(trace("60,-196 44,-160 62,-140 48,-112"), (3, 6, 2), darker(bone, 0.35))


def _sugar_paint(sheet: Sheet, petals: tuple[str, str, str], rng: np.random.Generator) -> None:
    one, two, three = petals
    for k in range(8):
        sheet.shape(leaf((0, -138), 45 * k, 50, 36, "petal"), vary((one, three)[k % 2], rng, 0.02))
    sheet.oval(0, -138, 15, 15, two)
    for side in (-1, 1):
        sheet.stroke(trace("62,-126 98,-144 128,-116 122,-92 104,-96", wide=side), (4, 8, 7, 3), three)
        for x, y, r in ((74, -166, 8), (100, -110, 6), (150, -74, 8), (158, -46, 6), (30, -196, 7)):
            sheet.oval(side * x, y, r, r, two if r > 6 else one)
        for k, way in enumerate((150, 110, 70, 30)):
            sheet.shape(leaf((side * 112, 66), way if side > 0 else 180 - way, 30, 17, "petal"), (one, three)[k % 2])
        sheet.oval(side * 112, 66, 7, 7, two)
    sheet.shape(mirrored(trace("0,186! 12,176 22,184 20,196 0,208!")), one)
    sheet.stroke(trace("-30,104 0,96 30,104"), (3, 7, 3), three)


def _little_rose(sheet: Sheet, x: float, y: float, r: float, red: str) -> None:
    for k in range(5):
        sheet.oval(*toward((x, y), 72 * k + 18, r * 0.5), r * 0.56, r * 0.52, darker(red, 0.04 + 0.05 * (k % 3)))
    sheet.oval(x, y, r * 0.52, r * 0.5, lighter(red, 0.12))
    sheet.stroke(arc(x, y, r * 0.32, r * 0.3, 20, 320, 9), (3, 8, 3), darker(red, 0.3))
    sheet.stroke(arc(x, y, r * 0.13, r * 0.12, 180, 420, 6), (3, 6, 2), darker(red, 0.3))


GEMS = {
    "an amethyst crystal": ("#a78bc4", "#8d70b3"),
    "a rose quartz crystal": ("#e2a9b4", "#cf8b9c"),
    "a blue crystal": ("#8fb4d0", "#6d97bb"),
    "a green crystal": ("#92bfa2", "#6fa085"),
    "a citrine crystal": ("#e6c276", "#d3a24f"),
}


def crystal(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Pointed crystals growing from a lump of rock, each of three facets."""
    light, deep = GEMS[str(params.get("kind") or "an amethyst crystal")]
    grown = ((-54, 150, 36), (54, 160, 38), (-34, 230, 46), (32, 250, 50), (-72, 90, 26), (74, 96, 28), (0, 318, 62))
    for lean, long, half in grown:
        tone = vary(mix(light, deep, 0.3), rng, 0.03)
        with sheet.at(lean * 1.7, 150, turn=lean * 0.62 + rng.uniform(-3, 3)):
            top, shoulder = -long - 40, -long + half * 0.6
            sheet.shape(poly(f"0,{top} {half},{shoulder} {half * 0.86},44 {-half * 0.86},44 {-half},{shoulder}"), tone)
            sheet.shape(
                poly(f"0,{top} {half},{shoulder} {half * 0.86},44 {half * 0.3},44 {half * 0.34},{shoulder + 26}"),
                darker(mix(tone, deep, 0.6), 0.06),
            )
            sheet.shape(
                poly(f"0,{top} {-half},{shoulder} {-half * 0.86},44 {-half * 0.5},44 {-half * 0.46},{shoulder + 20}"),
                lighter(tone, 0.42),
            )
    rock = vary("#8f8791", rng, 0.02)
    sheet.shape(
        trace(
            "-196,196! -170,142! -112,160 -84,128! -30,150 4,132! 60,154 96,130! 148,152 178,142! "
            "204,198! 150,232! -140,234!"
        ),
        rock,
    )
    for text, tint in (
        ("-170,142 -112,160 -96,206 -196,196", lighter(rock, 0.22)),
        ("-30,150 4,132 44,190 -20,214", lighter(rock, 0.16)),
        ("148,152 178,142 204,198 150,232 118,200", darker(rock, 0.16)),
    ):
        sheet.shape(poly(text), tint)


BREWS = {
    "a purple potion": ("#9a7fbd", "stars", "round"),
    "a green potion": ("#86ab6a", "bubbles", "flask"),
    "a pink love potion": ("#de8fa4", "heart", "heart"),
    "a blue potion": ("#7fa6c9", "moon", "tall"),
    "an orange potion": ("#e0964f", "bubbles", "round"),
}
BOTTLES = {
    "round": "0,-140 34,-138 38,-60 52,-34 128,30 156,116 128,196 60,232 0,236",
    "flask": "0,-140 36,-138 38,-40 56,-4 164,176 162,218 130,236! 0,236",
    "heart": "0,-140 34,-138 36,-72 70,-70 140,-52 176,10 162,84 96,170 30,222 0,240",
    "tall": "0,-140 34,-138 38,-92 88,-58 104,-20 104,200 86,234 0,238",
}
FILLS = {
    "round": "0,44 70,52 132,44 144,116 118,186 56,220 0,223",
    "flask": "0,70 60,78 96,70 148,180 146,212 124,222 0,223",
    "heart": "0,-6 80,2 160,-8 162,20 148,78 88,160 26,208 0,223",
    "tall": "0,14 50,22 93,14 93,196 78,222 0,225",
}


def potion(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A corked bottle of a glowing brew, with a tag or what floats in it."""
    brew, inside, form = BREWS[str(params.get("kind") or "a purple potion")]
    brew = vary(brew, rng, 0.02)
    sheet.shape(trace("-32,-196! 32,-196! 28,-124! -28,-124!"), vary(CORK, rng, 0.02))
    for x, y in ((-14, -178.0), (10, -166), (-4, -186), (18, -182)):
        sheet.oval(x, y, 4, 3, darker(CORK, 0.3))
    sheet.shape(mirrored(trace(BOTTLES[form])), GLASS)
    sheet.shape(mirrored(trace(FILLS[form])), brew)
    surface = float(FILLS[form].split()[0].split(",")[1]) + 4
    half = {"round": 128, "flask": 92, "heart": 156, "tall": 91}[form]
    sheet.oval(0, surface, half, 17, lighter(brew, 0.42))
    for x, y, r in ((-40, surface - 34, 11), (14, surface - 58, 8), (30, surface - 26, 13), (-8, surface - 96, 7)):
        if abs(x) + r < half * 0.6:
            sheet.oval(x, y, r, r, lighter(brew, 0.55))
    sheet.shape(board(-47, -152, 47, -126, 12), darker(GLASS, 0.16))
    _floating(sheet, inside, brew, form, rng)
    left = -half * 0.8
    sheet.stroke(
        [(left + 4, surface + 30), (left - 2, surface + 70), (left + 10, surface + 110)], (4, 14, 4), lighter(brew, 0.6)
    )
    sheet.stroke(
        [(-46, -116), (0, -108), (46, -116)] if form in ("round", "flask") else [(-40, -112), (0, -104), (40, -112)],
        (9, 9),
        "#a9825a",
    )


def _floating(sheet: Sheet, inside: str, brew: str, form: str, rng: np.random.Generator) -> None:
    pale = lighter(brew, 0.66)
    if inside == "stars":
        for x, y, r in ((10, 130, 34), (-70, 120, 17), (74, 104, 20), (58, 174, 15), (-34, 182, 18)):
            sheet.shape(star_points(x, y, r, 0.42, -90 + rng.uniform(-10, 10), 5, sharp=True), "#f0d68f")
    elif inside == "heart":
        for x, y, k in ((0, 76, 1.3), (-84, 46, 0.6), (84, 44, 0.66), (30, 150, 0.5)):
            with sheet.at(x, y, size=k, turn=rng.uniform(-10, 10)):
                sheet.shape(mirrored(trace("0,-16! 18,-36 42,-30 46,-4 26,22 0,42!")), pale)
    elif inside == "moon":
        outer, inner = arc(-4, 112, 52, 52, 60, 300, 11), arc(18, 112, 40, 42, 292, 68, 9)
        sheet.shape([(*outer[0], 1), *outer[1:-1], (*outer[-1], 1), *inner[1:-1]], "#f2dfa6")
        for x, y, r in ((46, 74, 15), (52, 152, 12), (-60, 186, 11), (-62, 60, 10)):
            sheet.shape(star_points(x, y, r, 0.4, -90, 4, sharp=True), "#f2dfa6")
    else:
        for x, y, r in ((-60, 164, 20), (0, 126, 15), (54, 176, 24), (16, 190, 13), (-20, 200, 10), (70, 128, 11)):
            sheet.oval(x, y, r, r, pale)
            sheet.oval(x, y, r * 0.62, r * 0.62, lighter(brew, 0.3))


CROWNS = {
    "a golden crown": ("#dcb055", "#b8505a", "#6f93b8"),
    "a silver crown": ("#b9c0c9", "#8fa9d0", "#b79ac9"),
    "a rose gold crown": ("#dba596", "#f2e2d6", "#c9798a"),
}


def crown(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A royal crown with pearls on its points and set with gems."""
    gold, gem, other = CROWNS[str(params.get("kind") or "a golden crown")]
    gold = vary(gold, rng, 0.015)
    sheet.shape(oval(0, 76, 196, 50), darker(gold, 0.34))
    for x in (-104, 104):
        sheet.shape(poly(f"{x},-70 {x + 52},70 {x - 52},70"), darker(gold, 0.24))
    sheet.shape(
        trace(
            "-232,-104! -150,10 -128,-2 -104,-124! -104,-124! -46,0 -30,-6 0,-180! 0,-180! 30,-6 46,0 "
            "104,-124! 128,-2 150,10 232,-104! 202,96! 120,128 0,142 -120,128 -202,96!"
        ),
        gold,
    )
    band: list[Point] = trace("-210,92 -120,124 0,138 120,124 210,92 206,150 120,182 0,194 -120,182 -206,150")
    sheet.shape(band, darker(gold, 0.12))
    for x, y in ((-232, -116), (-104, -136), (104, -136), (232, -116), (0, -196)):
        sheet.oval(x, y, 25 if x else 29, 25 if x else 29, "#f3e9da")
        sheet.oval(x - 8, y - 8, 6, 5, "#ffffff")
    for x, y, r, hue in (
        (-142, 146, 21, gem),
        (-72, 158, 17, other),
        (0, 164, 25, gem),
        (72, 158, 17, other),
        (142, 146, 21, gem),
    ):
        sheet.shape(oval(x, y, r, r * 0.86), hue)
        sheet.oval(x - r * 0.3, y - r * 0.3, r * 0.26, r * 0.2, lighter(hue, 0.65))
    sheet.shape(poly("0,-92 34,-24 0,54 -34,-24"), other)
    sheet.shape(poly("0,-92 34,-24 0,-12 -34,-24"), lighter(other, 0.4))
    for x in (-112, 112):
        with sheet.at(x, 14):
            sheet.shape(mirrored(trace("0,-42! 18,-8 14,22 0,32")), gem)
    sheet.stroke(trace("-186,-14 -176,40 -168,76"), (3, 11, 3), lighter(gold, 0.5))


MOTHS = {
    "a luna moth": ("#a9c9a0", "#dfe9c9", "#8a6f9c"),
    "a mystical moth": ("#6f6a92", "#e3c98e", "#4f4a70"),
    "a rosy moth": ("#dfa0a4", "#f3dfae", "#b8697a"),
    "a brown moth": ("#a58264", "#e6d0ac", "#6f503e"),
}


def moth(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A moth with spread wings, feathered feelers and moons on its wings."""
    kind = str(params.get("kind") or "a luna moth")
    wing, pale, deep = MOTHS[kind]
    wing = vary(wing, rng, 0.02)
    luna = "luna" in kind
    for side in (-1, 1):
        low = (
            "16,20 92,24 140,74 130,130 118,190 140,254 156,290! 112,258 84,190 60,130 18,90"
            if luna
            else "16,20 110,24 172,76 166,146 122,190 84,178 62,200 34,160 14,100"
        )
        sheet.shape(trace(low, wide=side), mix(wing, deep, 0.22))
        sheet.shape(trace("30,44 92,46 128,86 112,130 70,124 40,92", wide=side), mix(wing, pale, 0.45))
        sheet.shape(oval(side * 88, 92, 22, 24), deep)
        sheet.shape(oval(side * 88, 92, 12, 13), pale)
        sheet.shape(
            trace("10,-52 60,-116 150,-178 226,-186! 238,-140 214,-66 172,-8 110,32 40,36 10,20", wide=side), wing
        )
        sheet.shape(trace("10,-58 60,-122 150,-184 228,-190! 222,-172! 148,-162 74,-104 14,-38", wide=side), deep)
        sheet.shape(
            trace("204,-132 196,-76 158,-24 108,14 88,10! 140,-30 178,-84 186,-136!", wide=side), mix(wing, pale, 0.7)
        )
        outer, inner = arc(108, -76, 36, 36, 70, 290, 9), arc(124, -78, 27, 29, 286, 74, 8)
        crescent: list[Point] = [(*outer[0], 1), *outer[1:-1], (*outer[-1], 1), *inner[1:-1]]
        sheet.shape([(side * p[0], *p[1:]) for p in crescent], pale)
        for x, y in ((190, -150), (166, -120), (60, -50), (50, 0)):
            sheet.oval(side * x, y, 6, 6, pale)
    for side in (-1, 1):
        spine = trace("8,-104 26,-150 62,-186", wide=side)
        sheet.stroke(spine, (7, 6, 3), deep)
        for k in range(6):
            x, y = side * (14 + 8 * k), -120 - 12 * k
            for lean in (-58, 36):
                way = (-52 if side > 0 else -128) + lean
                sheet.stroke([(x, y), toward((x, y), way, 27 - 2.4 * k)], (5, 3), deep)
    body: list[Point] = [(0, -98), (0, -30), (0, 50), (0, 130)]
    sheet.stroke(body, (46, 60, 50, 22), mix(deep, pale, 0.3))
    for piece in bands(body, (46, 58, 48, 22), ((0.46, 0.54), (0.64, 0.71), (0.8, 0.86))):
        sheet.shape(piece, mix(deep, pale, 0.75))
    sheet.shape(mirrored(trace("0,-84! 22,-70 30,-40 16,-20 0,-8!")), mix(pale, wing, 0.25))
    sheet.oval(0, -104, 24, 22, mix(deep, pale, 0.3))
    for side in (-1, 1):
        sheet.oval(side * 14, -110, 7, 7.5, "#3f3638")


SUBJECTS = (
    plain(
        "skull",
        "skull",
        ("halloween", "mystical"),
        ("spooky", "bone", "muertos"),
        skull,
        kinds(("a sugar skull", "a rose-crowned skull", "a plain skull")),
    ),
    plain(
        "crystal",
        "crystal cluster",
        ("celestial", "mystical", "boho"),
        ("gem", "gemstone", "witch", "magic"),
        crystal,
        kinds(GEMS),
    ),
    plain(
        "potion",
        "potion bottle",
        ("halloween", "mystical", "fantasy"),
        ("spooky", "witch", "magic"),
        potion,
        kinds(BREWS),
    ),
    plain("royal_crown", "royal crown", ("fantasy",), ("princess", "queen", "king", "fairytale"), crown, kinds(CROWNS)),
    plain(
        "moth", "moth", ("mystical", "insects", "boho", "woodland"), ("insect", "night", "magic"), moth, kinds(MOTHS)
    ),
)

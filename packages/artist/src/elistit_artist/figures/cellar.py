"""Wine by the bottle and the glass, and cocktails.

Each painter draws one thing in its own units, back to front; what is in the glass comes from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, darker, leaf, lighter, mirrored, mix, oval, toward, trace, vary
from .solids import board, poly
from .subject import Params, plain
from .variety import kinds

GLASS = "#d3e0de"
BOTTLES = {
    "a bottle of red wine": ("#4f5f4a", "#8c3b47"),
    "a bottle of white wine": ("#a9b376", "#c9a04f"),
    "a bottle of rose wine": ("#e3a9a2", "#b8697a"),
}


def wine_bottle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wine bottle with a foiled neck and a label of grapes."""
    glass, foil = BOTTLES[str(params.get("kind") or "a bottle of red wine")]
    glass = vary(glass, rng, 0.015)
    sheet.shape(mirrored(trace("0,-300! 32,-300! 34,-180 42,-130 88,-70 100,0 100,262 88,286 0,290")), glass)
    sheet.glaze(trace("40,-110 84,-60 98,0 98,262 84,282 50,280 60,40"), darker(glass, 0.5), 0.4)
    sheet.shape(poly("-37,-268 37,-268 36,-160 -36,-160"), foil)
    sheet.shape(board(-42, -306, 42, -262, 8), darker(foil, 0.16))
    sheet.stroke([(-38, -176), (0, -170), (38, -176)], (7, 8, 7), "#dcb868")
    sheet.shape(board(-90, 36, 90, 226, 6), "#f3ead8")
    sheet.stroke([(-78, 52), (78, 52)], (4, 4), foil)
    sheet.stroke([(-78, 210), (78, 210)], (4, 4), foil)
    for y, count in ((112, 4), (136, 3), (160, 2), (183, 1)):
        for k in range(count):
            sheet.oval((k - (count - 1) / 2) * 26, y, 15, 15, vary(mix(foil, "#7f6496", 0.4), rng, 0.03))
    for way in (-150, -30):
        sheet.shape(leaf((0, 100), way, 56, 34), "#85a05f")
    sheet.stroke([(0, 102), (4, 74)], (5, 6), "#86694f")
    sheet.stroke(trace("-76,-30 -82,-6 -82,24"), (4, 14, 5), lighter(glass, 0.5))
    sheet.stroke(trace("-80,232 -78,256"), (8, 5), lighter(glass, 0.4))


WINES = {"a glass of red wine": "#8f3d4c", "a glass of white wine": "#ecd893", "a glass of rose wine": "#e9a8a4"}


def wine_glass(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A stemmed glass with wine in it, alone or two that clink."""
    wine = vary(WINES[str(params.get("kind") or "a glass of red wine")], rng, 0.015)
    if params.get("pose") == "clinking with another":
        for side in (-1, 1):
            with sheet.at(side * 200, 0, turn=side * -17, flip=side > 0):
                _wine_glass(sheet, wine)
        return
    with sheet.at(0, 0, turn=rng.uniform(-4, 4)):
        _wine_glass(sheet, wine)


def _wine_glass(sheet: Sheet, wine: str) -> None:
    sheet.shape(oval(0, 270, 108, 22), darker(GLASS, 0.12))
    sheet.shape(mirrored(trace("0,60! 14,66 12,150 12,220 34,256 76,268! 0,276")), GLASS)
    sheet.shape(mirrored(trace("0,-262! 108,-262! 134,-140 134,-60 100,26 40,66 0,72")), GLASS)
    sheet.shape(mirrored(trace("0,-110! 124,-110! 122,-58 92,16 38,52 0,58")), wine)
    sheet.shape(oval(0, -110, 125, 22), lighter(wine, 0.32))
    sheet.stroke(trace("-104,-224 -116,-168 -114,-132"), (4, 14, 4), "#f7faf7")
    sheet.stroke(trace("-104,-70 -92,-22 -66,12"), (4, 13, 3), lighter(wine, 0.5))
    sheet.shape(oval(0, -262, 108, 13), darker(GLASS, 0.1))


DRINKS = {
    "a margarita": ("#cfd88a", "lime"),
    "a cosmopolitan": ("#dd8590", "peel"),
    "a mojito": ("#d5e2b4", "mint"),
    "a tequila sunrise": ("#efb054", "orange"),
    "a martini": ("#e6e8cf", "olive"),
    "a pina colada": ("#f5e6b8", "pineapple"),
}


def cocktail(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A cocktail in the glass it is served in, with what belongs on its rim."""
    kind = str(params.get("kind") or "a margarita")
    drink, dressed = DRINKS[kind]
    drink = vary(drink, rng, 0.012)
    painter = {"lime": _margarita, "peel": _martini, "olive": _martini, "mint": _highball, "orange": _highball}.get(
        dressed, _hurricane
    )
    painter(sheet, drink, dressed, rng)


def _foot(sheet: Sheet, top: float) -> None:
    sheet.shape(oval(0, 270, 110, 22), darker(GLASS, 0.12))
    sheet.shape(mirrored(trace(f"0,{top}! 13,{top + 8} 11,150 12,216 36,254 80,268! 0,276")), GLASS)


def _slice(sheet: Sheet, x: float, y: float, r: float, rind: str, turn: float) -> None:
    sheet.shape(oval(x, y, r, r), rind)
    sheet.shape(oval(x, y, r * 0.86, r * 0.86), "#f8f1da")
    for k in range(8):
        way = turn + 45 * k
        a, b = toward((x, y), way - 17, r * 0.76), toward((x, y), way + 17, r * 0.76)
        sheet.shape([(*toward((x, y), way, r * 0.12), 1), a, toward((x, y), way, r * 0.8), b], lighter(rind, 0.3))


def _margarita(sheet: Sheet, drink: str, dressed: str, rng: np.random.Generator) -> None:
    _foot(sheet, 96)
    _slice(sheet, 150, -190, 74, "#8fae55", 10)
    sheet.shape(mirrored(trace("0,-180! 200,-180! 190,-110 120,-44 66,-16! 62,40 40,92 0,106")), GLASS)
    sheet.shape(mirrored(trace("0,-140! 184,-140! 172,-98 104,-42 52,-16! 48,36 30,80 0,92")), drink)
    sheet.shape(oval(0, -142, 184, 24), lighter(drink, 0.4))
    for x, y, turn in ((-70, -96, 14), (24, -104, -12), (-20, -50, 30)):
        with sheet.at(x, y, turn=turn):
            sheet.shape(board(-26, -26, 26, 26, 8), lighter(drink, 0.55))
            sheet.stroke([(-14, -14), (-2, -16), (10, -14)], (2, 6, 2), "#ffffff")
    salt = [(-206, -196), (0, -210), (206, -196), (206, -172), (0, -160), (-206, -172)]
    sheet.shape([(x, y) for x, y in salt], "#f6f2ea")
    for k in range(24):
        u = k / 23 * 2 - 1
        sheet.oval(u * 204, -184 + rng.uniform(-10, 9), 7, 7, "#e3ddd0" if k % 2 else "#fffdf8")
    sheet.stroke(trace("-166,-140 -140,-96 -104,-66"), (3, 13, 3), "#fbfaf0")


def _martini(sheet: Sheet, drink: str, dressed: str, rng: np.random.Generator) -> None:
    _foot(sheet, 70)
    sheet.shape(poly("-216,-210 216,-210 14,86 -14,86"), GLASS)
    sheet.shape(poly("-170,-150 170,-150 8,72 -8,72"), drink)
    sheet.shape(oval(0, -150, 170, 20), lighter(drink, 0.4))
    if dressed == "olive":
        sheet.stroke([(-118, -60), (120, -262)], (8, 8), "#b98f5e")
        for share in (0.3, 0.52):
            x, y = -118 + 238 * share, -60 - 202 * share
            sheet.oval(x, y, 34, 30, "#9aa65a", -40)
            sheet.oval(x + 20, y - 14, 11, 10, "#c9523f", -40)
            sheet.oval(x - 12, y - 8, 7, 5, "#d0d69a")
    else:
        sheet.stroke([(150, -270), (196, -230), (150, -190), (180, -150), (140, -120)], (24, 27, 26, 24, 12), "#e9a24f")
        sheet.stroke([(152, -264), (184, -230), (146, -194)], (6, 8, 6), "#f8e3b4")
    sheet.stroke(trace("-150,-176 -104,-110 -58,-44"), (4, 14, 4), "#fbfaf4")
    sheet.shape(oval(0, -210, 216, 15), darker(GLASS, 0.08))


def _highball(sheet: Sheet, drink: str, dressed: str, rng: np.random.Generator) -> None:
    mint = dressed == "mint"
    with sheet.at(-30, -180, turn=-10):
        sheet.stroke([(0, 140), (0, -140)], (22, 22), "#c9604e" if not mint else "#7fa06f")
    sheet.shape(poly("-128,-190 128,-190 108,270 -108,270"), GLASS)
    sheet.shape(poly("-118,-130 118,-130 100,252 -100,252"), drink)
    if not mint:
        sheet.shape(
            trace("-111,40! -40,66 40,34 111,44! 104,160! 40,136 -40,168 -105,150!"), mix(drink, "#d9694a", 0.5)
        )
        sheet.shape(trace("-105,140! -40,168 40,136 105,150! 100,252! -100,252!"), "#cf5a48")
    for x, y, turn in ((-52, -80, 12), (36, -60, -14), (-10, 8, 24), (50, 62, 8), (-54, 96, -10)):
        with sheet.at(x, y, turn=turn):
            sheet.shape(board(-34, -34, 34, 34, 9), lighter(drink, 0.5))
            sheet.stroke([(-18, -18), (-2, -22), (14, -18)], (2, 7, 2), "#ffffff")
    sheet.shape(oval(0, -130, 118, 18), lighter(drink, 0.45))
    _slice(sheet, 118, -196, 68, "#8fae55" if mint else "#e39a45", 4)
    if mint:
        for x, y, way in ((-40, 30, -30), (30, 130, 200), (-30, 180, 10), (70, 200, -100)):
            sheet.shape(leaf((x, y), way, 74, 40, "round"), vary("#6f9f6a", rng, 0.03))
        for way in (-150, -120, -90, -60, -30):
            sheet.shape(leaf((10, -172), way, 108, 58, "round"), vary("#6f9f6a", rng, 0.03))
            sheet.stroke([(10, -172), toward((10, -172), way, 84)], (4, 2), "#a3c698")
    else:
        sheet.oval(56, -236, 26, 26, "#b8434a")
        sheet.stroke([(58, -260), (74, -300), (104, -318)], (5, 5, 6), "#7f8f56")
        sheet.oval(48, -244, 7, 6, "#e89a94")
    sheet.stroke(trace("-104,-100 -98,40 -90,200"), (4, 14, 4), "#fbfaf4")
    sheet.shape(oval(0, -190, 128, 13), darker(GLASS, 0.08))


def _hurricane(sheet: Sheet, drink: str, dressed: str, rng: np.random.Generator) -> None:
    _foot(sheet, 120)
    with sheet.at(-34, -200, turn=-12):
        sheet.stroke([(0, 120), (0, -150)], (22, 22), "#d9798c")
        for y in (-130, -80, -30):
            sheet.shape(poly("-11,-6 11,-20 11,-2 -11,12", 0, y), "#f8e6e2")
    sheet.shape(poly("96,-246 214,-206 186,-108 60,-150"), "#e6b455")
    sheet.shape(poly("110,-236 206,-203 182,-122 74,-158"), "#f2d27f")
    for way, long in ((-96, 110), (-68, 124), (-40, 118), (-118, 84)):
        sheet.shape(leaf((158, -226), way, long, 34), vary("#7fa05f", rng, 0.03))
    sheet.shape(mirrored(trace("0,-206! 108,-206! 114,-140 84,-70 80,-30 112,30 104,96 40,136 0,140")), GLASS)
    sheet.shape(mirrored(trace("0,-164! 106,-164! 104,-136 72,-66 68,-26 98,34 90,86 36,120 0,124")), drink)
    sheet.shape(
        trace("-108,-160 -118,-196 -84,-226 -40,-222 -10,-248 40,-238 66,-212 106,-200 110,-160 50,-146 -50,-146"),
        lighter(drink, 0.62),
    )
    sheet.oval(4, -246, 29, 29, "#b8434a")
    sheet.stroke([(8, -272), (22, -304), (48, -316)], (5, 5, 6), "#7f8f56")
    sheet.oval(-5, -256, 7, 6, "#e89a94")
    sheet.stroke(trace("-88,-120 -60,-60 -62,-10 -84,40"), (4, 12, 9, 4), "#fffdf4")


SUBJECTS = (
    plain(
        "wine_bottle",
        "bottle of wine",
        ("wine", "kitchen"),
        ("drink", "vineyard", "winery", "party"),
        wine_bottle,
        kinds(BOTTLES),
    ),
    plain(
        "wine_glass",
        "glass of wine",
        ("wine", "kitchen"),
        ("drink", "vineyard", "winery", "party"),
        wine_glass,
        [{"kind": k} | ({"pose": p} if p else {}) for p in ("", "clinking with another") for k in WINES],
    ),
    plain(
        "cocktail", "cocktail", ("bar", "party"), ("drink", "beverage", "alcohol", "tropical"), cocktail, kinds(DRINKS)
    ),
)

"""A coffee mug, a takeaway cup, iced coffee, and food from a stand: pizza, a burger, a taco.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, arc, blob, darker, leaf, lighter, oval, trace, vary
from .subject import Params, plain

COFFEE, MILK = "#8f6547", "#f3e7d3"
MUGS = {
    "a blue coffee mug": "#8fa9b6",
    "a terracotta coffee mug": "#c98362",
    "a cream coffee mug": "#eee0c8",
    "a green coffee mug": "#93a67e",
    "a pink coffee mug": "#deaba6",
}


def _steam(sheet: Sheet, xs: tuple[float, ...], y: float) -> None:
    for k, x in enumerate(xs):
        tall = 96 - 16 * (k % 2)
        sheet.stroke(
            [(x, y), (x - 22, y - tall * 0.4), (x + 16, y - tall * 0.8), (x - 8, y - tall * 1.25)],
            (3, 9, 8, 2),
            "#d8ccbd",
        )


def coffee_mug(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round-bellied mug of coffee with a heart of milk foam, and steam."""
    clay = vary(MUGS[str(params.get("kind") or next(iter(MUGS)))], rng, 0.012)
    _steam(sheet, (-76, 0, 70), -176)
    sheet.stroke(trace("140,-74 232,-86 262,0 220,90 132,104"), (34, 36, 36, 36, 30), darker(clay, 0.1))
    sheet.shape(trace("-172,-132 0,-120 172,-132 178,60 150,172 96,206 -96,206 -150,172 -178,60"), clay)
    sheet.shape(oval(0, -132, 172, 44), lighter(clay, 0.22))
    sheet.shape(oval(0, -126, 152, 34), COFFEE)
    sheet.shape(oval(0, -124, 112, 22), "#bf946c")
    sheet.shape(trace("0,-108! -44,-122 -40,-137 -16,-139 0,-131! 16,-139 40,-137 44,-122"), MILK)
    sheet.shape(trace("-178,70 0,92 178,70 170,112 0,134 -170,112"), lighter(clay, 0.38))
    for k in range(6):
        sheet.oval(-138 + 55 * k, 93 + 13 * (1 - abs(k - 2.5) / 2.5), 9, 9, clay)
    sheet.glaze(trace("110,-110 166,-116 168,60 140,160 92,196 116,60"), darker(clay, 0.45), 0.26)
    sheet.stroke(trace("-142,-80 -150,0 -146,50"), (4, 17, 4), lighter(clay, 0.6))


def takeaway_cup(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A paper cup with a lid and a sleeve."""
    paper, sleeve = vary("#f1e7d8", rng, 0.01), vary("#b98a62", rng, 0.015)
    sheet.shape(trace("-128,-150! 128,-150! 96,240 0,250 -96,240"), paper, 0.2)
    sheet.shape(trace("-124,-66 0,-56 124,-66 106,124 0,136 -106,124"), sleeve, 0.12)
    for k in range(7):
        sheet.stroke([(-102 + 34 * k, -56), (-88 + 29.5 * k, 122)], (3, 4), darker(sleeve, 0.12))
    bean = "#6d4a36"
    with sheet.at(0, 34, turn=28):
        sheet.shape(oval(0, 0, 40, 54), MILK)
        sheet.shape(oval(0, 0, 29, 42), bean)
        sheet.stroke(trace("-4,-42 12,-14 -10,14 6,42"), (5, 7, 7, 5), lighter(bean, 0.45))
    sheet.glaze(trace("70,-140 124,-140 94,236 54,240"), darker(paper, 0.5), 0.22)
    lid = "#6f5546"
    sheet.shape(trace("-150,-186 150,-186 154,-160 144,-140 -144,-140 -154,-160"), lid, 0.25)
    sheet.shape(trace("-124,-232 124,-232 136,-186 -136,-186"), darker(lid, 0.12), 0.25)
    sheet.stroke(trace("-108,-222 -40,-224 20,-222"), (3, 9, 3), lighter(lid, 0.4))


def iced_coffee(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A tall cup of iced coffee, bubble tea or lemonade with a straw."""
    kind = str(params.get("kind") or "an iced coffee")
    top, low, straw = {
        "an iced coffee": ("#e9d3b4", "#9a6d4c", "#7f9a86"),
        "a bubble tea": ("#efdcc4", "#cda27c", "#d98b7c"),
        "an iced matcha": ("#e9eed6", "#a3b578", "#c99f6f"),
        "a pink lemonade": ("#f4dcd3", "#e0a09a", "#8fa9b6"),
    }[kind]
    with sheet.at(46, 0, turn=11):
        sheet.shape(trace("-14,-320 14,-320 14,60 -14,60"), straw, 0.1)
        for y in (-290, -250):
            sheet.stroke([(-14, y), (14, y - 14)], (11, 11), lighter(straw, 0.6))
    sheet.shape(trace("-148,-176 0,-166 148,-176 112,232 60,252 -60,252 -112,232"), "#e4ebe8", 0.25)
    sheet.shape(trace("-132,-120 0,-108 132,-120 122,20 0,44 -122,20"), vary(top, rng, 0.01), 0.3)
    sheet.shape(trace("-122,14 -60,40 0,20 60,44 122,16 102,222 56,240 -56,240 -102,222"), vary(low, rng, 0.012), 0.3)
    for x, y, turn in ((-66, -84, 14), (34, -92, -18), (-20, -26, 32), (76, -20, 8)):
        with sheet.at(x, y, turn=turn):
            sheet.shape(trace("-38,-34 34,-36 38,32 -34,36"), lighter(top, 0.5), 0.2)
            sheet.stroke(trace("-22,18 -24,-20 16,-22"), (3, 6, 3), "#ffffff")
    if kind == "a bubble tea":
        for row, y in enumerate((220, 186, 152)):
            for k in range(5 - row):
                sheet.oval(-72 + 36 * k + 18 * row, y, 19, 19, "#5d4639")
                sheet.oval(-78 + 36 * k + 18 * row, y - 6, 5, 5, "#a98a76")
    if kind == "a pink lemonade":
        sheet.shape(oval(132, -176, 74, 74), "#e6c657")
        sheet.shape(oval(132, -176, 60, 60), "#f8f0da")
        for k in range(8):
            sheet.shape(leaf((132, -176), 45 * k, 54, 34, "petal"), "#ecd57f")
    sheet.stroke(trace("-146,-178 0,-168 146,-178"), (11, 12, 11), "#f6faf8")
    sheet.stroke(trace("-116,-130 -100,40 -86,190"), (4, 14, 4), "#f6faf8")


def pizza(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A slice with dripping cheese, or a whole pizza."""
    crust, cheese, sauce = vary("#cf9a5e", rng, 0.012), vary("#eccb7c", rng, 0.012), "#bf5a43"
    meat, basil = "#b9524a", "#7d9468"
    if "whole" in str(params.get("kind")):
        sheet.shape(blob(0, 0, 240, 236, rng, 0.008, 20), crust)
        sheet.shape(blob(0, 0, 204, 200, rng, 0.014, 18), sauce)
        sheet.shape(blob(0, 0, 190, 188, rng, 0.02, 18), cheese)
        for k in range(4):
            sheet.stroke(
                [*arc(0, 0, 226, 222, 45 * k, 45 * k + 1, 2)][:1]
                + [*arc(0, 0, 226, 222, 45 * k + 180, 45 * k + 181, 2)][:1],
                (5, 5),
                darker(crust, 0.25),
            )
        spots = [(p[0], p[1]) for p in (*arc(0, 0, 124, 122, 22, 337, 8), *arc(0, 0, 50, 50, 0, 240, 3))]
        size = 36.0
    else:
        sheet.shape(trace("-196,-138 196,-138 30,236 0,262! -30,236"), cheese, 0.16)
        for x, y, deep in ((-104, 60, 84), (118, 26, 96), (58, 152, 70)):
            sheet.shape(
                trace(
                    f"{x - 22},{y - 60} {x + 22},{y - 60} {x + 17},{y + deep * 0.4} {x},{y + deep * 0.6} {x - 17},{y + deep * 0.4}"
                ),
                lighter(cheese, 0.14),
            )
        sheet.shape(trace("-196,-150 196,-150 180,-112 0,-100 -180,-112"), sauce, 0.2)
        sheet.shape(
            trace(
                "-232,-176 -214,-212 -110,-226 0,-232 110,-226 214,-212 232,-176 214,-138 110,-134 0,-128 -110,-134 -214,-138"
            ),
            crust,
        )
        sheet.stroke(trace("-180,-198 -90,-208 20,-212"), (3, 13, 3), lighter(crust, 0.4))
        for dent in (-120, -10, 96):
            sheet.stroke(trace("-22,0 0,6 24,0", dent, -160), (2, 7, 2), darker(crust, 0.22))
        spots, size = [(-86, -62), (62, -70), (-4, 30), (20, 150)], 46.0
    for k, (sx, sy) in enumerate(spots):
        r = size if k < len(spots) - 1 or size < 40 else size * 0.6
        sheet.shape(blob(sx, sy, r, r, rng, 0.02, 12), darker(meat, 0.18))
        sheet.shape(blob(sx, sy - 2, r * 0.84, r * 0.84, rng, 0.02, 12), meat)
        for dx, dy in ((-0.3, -0.2), (0.25, 0.1), (-0.05, 0.38)):
            sheet.oval(sx + dx * r, sy + dy * r, r * 0.1, r * 0.1, lighter(meat, 0.4))
    leaves = (
        ((-30, -86, 20), (-52, 24, 200), (64, 20, -30))
        if size > 40
        else ((-60, -60, 30), (70, 40, 200), (-40, 84, 120), (60, -70, -50))
    )
    for x, y, way in leaves:
        sheet.shape(leaf((x, y), way, 60, 32, "round"), vary(basil, rng, 0.03))


def burger(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A burger with lettuce, tomato and cheese."""
    bun = vary("#d39a5b", rng, 0.012)
    sheet.shape(trace("-206,130 206,130 212,176 176,222 -176,222 -212,176"), bun)
    sheet.shape(trace("-220,70 220,70 230,104 216,140 -216,140 -230,104"), "#7d5443")
    sheet.shape(trace("-222,44! 222,44! 232,64 130,70 96,112! 56,74 -70,72 -116,118! -150,72 -232,64"), "#e6b852", 0.25)
    sheet.shape(trace("-210,4 210,4 218,30 204,52 -204,52 -218,30"), "#bf5a4a")
    wave = " ".join(f"{-236 + 39.4 * k:.0f},{34 if k % 2 else 6}" for k in range(13))
    sheet.shape(trace(f"-230,-20 0,-30 230,-20 {' '.join(reversed(wave.split()))}"), "#97ab68", 0.4)
    sheet.shape(trace("-222,-16 -226,-70 -180,-160 -90,-208 0,-216 90,-208 180,-160 226,-70 222,-16 0,-4"), bun)
    sheet.glaze(trace("120,-170 190,-120 214,-30 120,-16 160,-90"), darker(bun, 0.4), 0.3)
    for x, y, turn in (
        (-110, -130, 20),
        (-40, -168, -20),
        (40, -130, 30),
        (110, -150, -10),
        (-20, -96, 10),
        (150, -90, 40),
        (-160, -76, -30),
        (76, -74, 0),
    ):
        sheet.shape(oval(x, y, 13, 7, turn), "#f3e3bd")
    sheet.stroke(trace("-190,-90 -150,-150 -90,-184"), (3, 13, 3), lighter(bun, 0.45))


def taco(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A filled taco."""
    shell = vary("#e0b25f", rng, 0.012)
    sheet.shape(trace("-246,140 -220,-20 -130,-140 0,-180 130,-140 220,-20 246,140 0,170"), darker(shell, 0.16))
    for k in range(9):
        x = -190 + 47 * k
        y = -10 - 130 * (1 - (x / 230) ** 2)
        sheet.shape(blob(x, y + 10, 52, 46, rng, 0.1, 9), vary("#97ab68", rng, 0.03))
    for x, tone in ((-140, "#bf5a4a"), (-50, "#bf5a4a"), (56, "#bf5a4a"), (150, "#bf5a4a")):
        sheet.shape(blob(x, 22 - 128 * (1 - (x / 230) ** 2), 34, 30, rng, 0.06, 9), vary(tone, rng, 0.02))
    for x in (-180, -96, 4, 100, 184):
        with sheet.at(x, 34 - 124 * (1 - (x / 230) ** 2), turn=float(rng.uniform(-50, 50))):
            sheet.shape(trace("-34,-7 34,-7 34,7 -34,7"), "#f0d89a", 0.15)
    sheet.shape(trace("-250,150 -226,40 -150,-60 0,-106 150,-60 226,40 250,150 230,190 -230,190"), shell)
    sheet.stroke(trace("-216,80 -150,-16 -40,-64"), (3, 14, 3), lighter(shell, 0.45))
    for x, y in ((-60, 40), (40, 10), (110, 90), (-130, 120), (10, 130), (170, 140), (-20, 80)):
        sheet.oval(x, y, 9, 7, darker(shell, 0.18))
    sheet.glaze(trace("120,-30 200,40 230,150 120,180 170,90"), darker(shell, 0.4), 0.3)


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


SUBJECTS = (
    plain("coffee_mug", "coffee mug", ("coffee", "cozy"), ("coffee", "mug", "drink"), coffee_mug, _k(*MUGS)),
    plain("takeaway_cup", "paper cup of coffee", ("coffee",), ("coffee", "drink"), takeaway_cup),
    plain(
        "iced_drink",
        "iced drink",
        ("coffee", "summer"),
        ("drink",),
        iced_coffee,
        _k("an iced coffee", "a bubble tea", "an iced matcha", "a pink lemonade"),
    ),
    plain("pizza", "pizza", ("food",), ("food", "snack"), pizza, _k("a slice of pizza", "a whole pizza")),
    plain("burger", "burger", ("food",), ("food", "snack"), burger),
    plain("taco", "taco", ("food",), ("food", "snack", "mexican"), taco),
)

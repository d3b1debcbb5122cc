"""Cars, buses, trains, bicycles and airplanes, seen from the side.

Each painter draws one thing in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .celestial import cloud_points
from .geometry import Point, Sheet, arc, darker, leaf, lighter, mix, oval, toward, trace, vary
from .solids import board, box, poly
from .subject import Params, plain
from .variety import kinds

PANE, TIRE, CREAM, GOLD = "#bcd4da", "#4f494c", "#f3e9d8", "#e3b95e"


def wheel(sheet: Sheet, x: float, y: float, r: float, hub: str = "#d8d5cf") -> None:
    """A tire with a hub cap."""
    sheet.shape(oval(x, y, r, r), TIRE)
    sheet.shape(oval(x, y, r * 0.58, r * 0.58), hub)
    sheet.oval(x, y, r * 0.24, r * 0.24, darker(hub, 0.35))
    sheet.stroke(arc(x, y, r * 0.8, r * 0.8, 200, 280, 6), (2, r * 0.09, 2), lighter(TIRE, 0.35))


PLANES = {
    "a red airplane": ("#c9604e", CREAM),
    "a blue airplane": ("#7fa3c0", CREAM),
    "a yellow airplane": ("#e6b95c", "#7f9fb5"),
    "a mint airplane": ("#97bfab", "#f0d7c4"),
}


def airplane(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round little propeller airplane, flying or above a cloud."""
    paint, trim = PLANES[str(params.get("kind") or "a red airplane")]
    paint = vary(paint, rng, 0.015)
    if params.get("pose") == "above a cloud":
        sheet.shape(cloud_points(-30, 190, 200), vary("#d9e4ea", rng, 0.01))
    with sheet.at(0, 0, turn=-10 + rng.uniform(-4, 4)):
        sheet.shape(trace("-18,-64! 40,-64! 34,-120 10,-140 -24,-138 -36,-116!"), darker(paint, 0.28))
        sheet.shape(trace("212,-30! 236,-150 268,-176 296,-160 276,-20!"), darker(paint, 0.14))
        sheet.shape(
            trace(
                "-238,-6 -222,-68 -160,-96 -40,-98 80,-84 200,-48 280,-30 290,-6 262,18 130,74 -60,104 -180,90 -228,52"
            ),
            paint,
        )
        sheet.shape(trace("-226,30 -120,50 60,34 272,6! 240,28 130,74 -60,104 -180,90"), trim)
        sheet.shape(trace("-110,-92! -90,-150 -30,-172 30,-152 62,-88!"), PANE)
        sheet.stroke([(-28, -170), (-26, -94)], (11, 11), darker(paint, 0.2))
        sheet.stroke([(-112, -92), (-26, -96), (66, -86)], (13, 13), darker(paint, 0.2))
        sheet.stroke(trace("-84,-112 -72,-138 -52,-152"), (3, 12, 3), "#f4f8f8")
        for x in (108, 152):
            sheet.oval(x, -34, 15, 15, PANE)
        sheet.shape(trace("216,-8! 300,-20 332,-10 330,8 300,16 210,18!"), darker(paint, 0.2))
        sheet.stroke([(-60, 96), (-66, 140)], (14, 14), darker(paint, 0.36))
        sheet.shape(oval(-68, 158, 33, 33), TIRE)
        sheet.oval(-68, 158, 14, 14, CREAM)
        sheet.shape(trace("-120,8! 60,2! 120,44 128,72 104,84 -70,66 -118,40"), darker(paint, 0.12))
        sheet.stroke([(-84, 26), (20, 30), (96, 60)], (4, 12, 4), lighter(paint, 0.4))
        for way in (-90, 90):
            sheet.shape(leaf((-252, 0), way, 136, 44, "petal"), vary("#b98f63", rng, 0.03))
        sheet.shape(trace("-238,-36! -272,-20 -284,0 -272,20 -238,36!"), GOLD)


CARS = {
    "a red car": ("#c45c4c", "car"),
    "a blue car": ("#86a6bf", "car"),
    "a yellow car": ("#e6ba5f", "car"),
    "a green vintage car": ("#85a389", "car"),
}
RACERS = {
    "a red race car": ("#c24f42", "#f3e9d8", "1"),
    "a blue race car": ("#5f89b0", "#f0c860", "7"),
    "a green race car": ("#6a9a6f", "#f3e9d8", "4"),
    "an orange race car": ("#e0883f", "#4f5a6a", "2"),
}


def car(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A small round car; with presents or a suitcase on its roof when asked."""
    paint = vary(CARS[str(params.get("kind") or "a red car")][0], rng, 0.015)
    load = str(params.get("pose") or "")
    if "suitcases" in load:
        sheet.shape(board(-110, -252, 20, -166, 14), "#b98a5f")
        sheet.shape(board(30, -226, 116, -166, 12), "#8fa58c")
        for x in (-84, -4):
            sheet.stroke([(x, -250), (x, -168)], (10, 10), "#8f6545")
        sheet.stroke([(-66, -252), (-64, -272), (-26, -272), (-24, -252)], (8, 8, 8, 8), "#8f6545")
        sheet.stroke([(54, -226), (56, -242), (90, -242), (92, -226)], (7, 7, 7, 7), "#6d8069")
    elif "flowers" in load:
        for k, (x, r) in enumerate(((-110, 34), (100, 36), (-60, 42), (52, 42), (0, 50))):
            for way in (-150, -90, -30):
                sheet.shape(leaf((x, -176), way, 74, 32), vary(accessories.GREENS[k % 4], rng, 0.03))
            accessories.flower(sheet, x, -196 - (k == 4) * 16, r, vary(accessories.PETALS[k], rng, 0.02), rng)
    elif "a tree" in load:
        sheet.stroke([(-150, -182), (10, -186), (190, -182)], (12, 15, 12), "#86694f")
        for k in range(26):
            x = 170 - 14 * k
            for side in (-1, 1):
                sheet.shape(
                    leaf((x, -186), side * (128 + rng.uniform(-8, 8)), 92 - 2.6 * k, 20, "willow"),
                    vary("#6f8f66", rng, 0.03),
                )
        sheet.stroke([(40, -240), (36, -140)], (8, 8), CREAM)
        sheet.stroke([(-60, -226), (-64, -140)], (8, 8), CREAM)
    if load:
        sheet.stroke([(-128, -164), (0, -168), (132, -164)], (11, 11), "#6d6468")
    sheet.shape(trace("-170,-28! -132,-110 -96,-148 -20,-160 60,-158 112,-138 152,-80 182,-28!"), darker(paint, 0.08))
    sheet.shape([(-128, -30, 1), (-98, -100), (-72, -122), (-16, -128, 1), (-16, -30, 1)], PANE)
    sheet.shape([(16, -30, 1), (16, -128, 1), (62, -126), (90, -110), (128, -60), (138, -30, 1)], PANE)
    sheet.stroke(trace("-100,-50 -84,-90 -62,-108"), (3, 11, 3), "#f4f8f8")
    sheet.stroke(trace("44,-50 54,-84 66,-104"), (3, 10, 3), "#f4f8f8")
    sheet.shape(trace("-266,70 -264,10 -220,-26 -160,-38 0,-42 170,-38 232,-20 268,24 270,84 244,108 -240,108"), paint)
    sheet.stroke([(-256, 34), (0, 24), (262, 40)], (6, 10, 6), lighter(paint, 0.5))
    sheet.stroke([(-2, -34), (-4, 30), (2, 96)], (4, 4, 4), darker(paint, 0.25))
    sheet.stroke([(-52, 4), (-26, 4)], (9, 9), darker(paint, 0.3))
    sheet.shape(board(-284, 78, 284, 112, 17), "#d8d5cf")
    sheet.shape(oval(-240, 30, 25, 28), "#f6e3a8")
    sheet.shape(board(244, 16, 268, 50, 8), "#a8423a" if paint < "#c" else "#d9764a")
    for x in (-150, 150):
        sheet.shape([(x - 82, 112, 1), (x - 70, 50), (x, 22), (x + 70, 50), (x + 82, 112, 1)], darker(paint, 0.2))
        wheel(sheet, x, 108, 62, CREAM)


def race_car(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A low single-seat race car with a wing, a helmeted driver and a number."""
    paint, stripe, number = RACERS[str(params.get("kind") or "a red race car")]
    paint = vary(paint, rng, 0.015)
    sheet.shape(poly("222,-92 300,-98 304,-40 286,-38 276,-66 246,-62 240,20 206,20"), darker(paint, 0.24))
    sheet.shape(poly("206,-118 316,-126 318,-96 208,-88"), stripe)
    sheet.shape(
        trace("-64,-54! -58,-110 -22,-134 20,-126 42,-92 40,-46!"), stripe if stripe != "#4f5a6a" else "#e9e2d6"
    )
    sheet.shape(trace("-60,-86! -58,-104 -40,-116 -8,-110! -12,-84!"), "#4f5a6a")
    sheet.shape(
        trace(
            "-322,66! -310,36 -210,4 -120,-18 -88,-44 -70,-58! 30,-50! 44,-86 84,-110 140,-72 226,-26 "
            "256,10 262,70! 200,92 -200,92"
        ),
        paint,
    )
    sheet.shape(trace("-300,46 -200,18 -110,-2 40,-10 160,-20 236,6! 256,34! 120,30 -60,40 -200,58 -306,62!"), stripe)
    sheet.shape(board(-352, 56, -232, 82, 10), darker(paint, 0.26))
    sheet.shape(oval(30, 26, 46, 46), "#fbf5ea")
    _digit(sheet, number, 30, 26, "#4f4548")
    sheet.stroke([(84, -96), (130, -60), (200, -26)], (3, 12, 3), lighter(paint, 0.4))
    for x, r in ((-190, 66), (186, 76)):
        wheel(sheet, x, 104 - (r - 66), r, stripe if stripe != "#4f5a6a" else "#d8d5cf")


def _digit(sheet: Sheet, number: str, x: float, y: float, ink: str) -> None:
    lines: dict[str, list[Point]] = {
        "1": [(-10, -14), (4, -26), (4, 0), (4, 26)],
        "2": [(-14, -16), (0, -27), (14, -14), (2, 4), (-15, 25), (17, 25)],
        "4": [(8, 27), (8, -26), (-17, 10), (19, 10)],
        "7": [(-16, -24), (16, -24), (2, 0), (-6, 27)],
    }
    sharp = [(px + x, py + y, 1) for px, py in lines[number]]
    sheet.stroke(sharp, (11, 11), ink)


BUSES = {"a red double-decker bus": "#bf4a40", "a yellow school bus": "#e8b44c", "a blue bus": "#7fa0bb"}


def bus(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A London double-decker, a school bus, or a round town bus."""
    kind = str(params.get("kind") or "a red double-decker bus")
    paint = vary(BUSES[kind], rng, 0.012)
    double = "double" in kind
    top = -250 if double else -130
    sheet.shape(board(-262, top, 262, 150, 46), paint)
    sheet.stroke([(-222, top + 18), (0, top + 14), (222, top + 18)], (5, 11, 5), lighter(paint, 0.45))
    decks = (-204, -30) if double else (-84,)
    for y in decks:
        sheet.shape(board(-244, y, 244, y + 92, 18), darker(paint, 0.2))
        for k in range(4):
            x = -232 + 92 * k
            sheet.shape(board(x, y + 8, x + 80, y + 84, 10), PANE)
            sheet.stroke([(x + 18, y + 66), (x + 30, y + 40), (x + 50, y + 22)], (3, 9, 3), "#f4f8f8")
        sheet.shape(board(140, y + 8, 236, y + 84, 12), mix(PANE, "#ffffff", 0.25))
    if double:
        sheet.shape(box(-262, -88, 262, -54), CREAM)
        sheet.stroke([(-262, -70), (262, -70)], (6, 6), GOLD)
    else:
        sheet.stroke([(-260, 42), (150, 42)], (12, 12), TIRE if "school" in kind else CREAM)
        sheet.stroke([(-260, 70), (150, 70)], (7, 7), TIRE if "school" in kind else CREAM)
    sheet.shape(board(156, 30 if not double else 72, 222, 150, 10), darker(paint, 0.28))
    sheet.shape(board(164, 38 if not double else 80, 186, 142, 6), PANE)
    sheet.shape(board(192, 38 if not double else 80, 214, 142, 6), PANE)
    sheet.shape(board(-276, 140, 276, 168, 14), darker(paint, 0.42))
    sheet.shape(oval(250, 112, 17, 20), "#f8e6ae")
    sheet.shape(board(-264, 96, -248, 128, 6), "#c9523f" if not double else "#e9a24f")
    for x in (-158, 96):
        sheet.shape([(x - 74, 160, 1), (x - 62, 104), (x, 80), (x + 62, 104), (x + 74, 160, 1)], darker(paint, 0.4))
        wheel(sheet, x, 162, 56)


TRAINS = {
    "a red steam train": ("#b8524a", "#4f5560", GOLD),
    "a green steam train": ("#6f8f74", "#5a4f4c", GOLD),
    "a blue steam train": ("#7d9fba", "#5d5a63", "#d9a25f"),
}


def train(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A steam engine puffing on its rail, alone or pulling a wagon of presents or flowers."""
    paint, iron, brass = TRAINS[str(params.get("kind") or "a red steam train")]
    paint = vary(paint, rng, 0.015)
    wagon = str(params.get("pose") or "")
    with sheet.at(-150 if wagon else 0, 0):
        _engine(sheet, paint, iron, brass, rng)
    if wagon:
        _wagon(sheet, darker(paint, 0.08), iron, brass, "gifts" in wagon, rng)
    long = (-430, 470) if wagon else (-290, 290)
    sheet.stroke([(long[0], 196), (long[1], 196)], (13, 13), "#86756a")
    for k in range(int((long[1] - long[0]) / 74)):
        x = long[0] + 30 + 74 * k
        sheet.shape(board(x, 200, x + 38, 218, 6), "#a98a6c")


def _engine(sheet: Sheet, paint: str, iron: str, brass: str, rng: np.random.Generator) -> None:
    for x, y, r in ((26, -324, 32), (-40, -300, 46), (-112, -256, 58)):
        sheet.shape(cloud_points(x, y, r), vary("#dfe4e6", rng, 0.012))
    sheet.shape(poly("-174,-180 -118,-180 -126,-70 -166,-70"), iron)
    sheet.shape(trace("-196,-226! -96,-226! -112,-172! -180,-172!"), darker(iron, 0.14))
    sheet.stroke([(-196, -226), (-96, -226)], (13, 13), brass)
    sheet.shape(trace("-52,-70! -50,-118 -20,-136 10,-118 12,-70!"), brass)
    sheet.shape(box(52, -200, 232, 110), darker(paint, 0.1))
    sheet.shape(board(34, -236, 254, -190, 18), iron)
    sheet.shape(board(84, -168, 200, -56, 14), "#f5dfa4")
    sheet.stroke([(142, -166), (142, -58)], (9, 9), darker(paint, 0.3))
    sheet.shape(trace("-214,-92! 60,-92! 60,76! -214,76! -240,30 -240,-46"), paint)
    sheet.stroke([(-206, -58), (-80, -66), (52, -62)], (5, 16, 5), lighter(paint, 0.42))
    for x in (-150, -50, 34):
        sheet.stroke([(x, -92), (x, 76)], (12, 12), brass)
    sheet.shape(trace("-214,-96! -240,-80 -256,-8 -240,64 -214,80!"), darker(iron, 0.1))
    sheet.oval(-252, -58, 22, 24, "#f8e6ae")
    sheet.shape(box(-226, 76, 244, 112), iron)
    sheet.shape(poly("-226,84 -210,166 -306,166 -280,124"), "#c0504a" if iron != "#5a4f4c" else brass)
    for x in (-262, -238):
        sheet.stroke([(x, 122), (x - 12, 162)], (5, 5), iron)
    for x, r in ((-158, 48), (-46, 48), (72, 64), (196, 48)):
        y = 192 - r
        sheet.shape(oval(x, y, r, r), iron)
        sheet.shape(oval(x, y, r * 0.76, r * 0.76), mix(paint, CREAM, 0.2))
        for k in range(4):
            sheet.stroke([toward((x, y), 45 * k + 12, r * 0.7), toward((x, y), 45 * k + 192, r * 0.7)], (6, 6), iron)
        sheet.oval(x, y, r * 0.24, r * 0.24, brass)
    sheet.stroke([(-158, 144), (72, 136)], (13, 13), brass)


def _wagon(sheet: Sheet, paint: str, iron: str, brass: str, gifts: bool, rng: np.random.Generator) -> None:
    sheet.stroke([(80, 98), (180, 98)], (12, 12), iron)
    if gifts:
        for x, y, w, h, hue, band in (
            (180, -76, 110, 120, "#e3b95e", "#b8524a"),
            (360, -60, 100, 104, "#8fa9b8", CREAM),
            (276, -118, 104, 160, "#c9737f", CREAM),
        ):
            sheet.shape(box(x, y, x + w, y + h), vary(hue, rng, 0.015))
            sheet.shape(box(x + w / 2 - 11, y, x + w / 2 + 11, y + h), band)
            accessories.bow(sheet, x + w / 2, y - 6, 42, band)
    else:
        for k in range(9):
            x = 200 + 30 * k
            for way in (-120, -60):
                sheet.shape(leaf((x, 24), way, 110 + 20 * (k % 2), 44), vary(accessories.GREENS[k % 4], rng, 0.03))
        for k, x in enumerate((206, 260, 318, 376, 430)):
            accessories.flower(sheet, x, -26 - 30 * (k % 2), 46, vary(accessories.PETALS[k], rng, 0.02), rng)
    sheet.shape(poly("164,6 464,6 446,112 182,112"), paint)
    sheet.stroke([(160, 10), (468, 10)], (18, 18), brass)
    for x in (240, 314, 388):
        sheet.stroke([(x, 24), (x, 108)], (6, 6), darker(paint, 0.24))
    for x in (236, 394):
        sheet.shape(oval(x, 144, 48, 48), iron)
        sheet.shape(oval(x, 144, 36, 36), mix(paint, CREAM, 0.2))
        for k in range(4):
            sheet.stroke([toward((x, 144), 45 * k + 12, 34), toward((x, 144), 45 * k + 192, 34)], (6, 6), iron)
        sheet.oval(x, 144, 12, 12, brass)


BIKES = {
    "a mint bicycle": "#8fb5a3",
    "a pink bicycle": "#dd9fa4",
    "a red bicycle": "#bf5548",
    "a blue bicycle": "#7d9fba",
}


def bicycle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An old bicycle with a basket in front, empty or full of flowers."""
    paint = vary(BIKES[str(params.get("kind") or "a mint bicycle")], rng, 0.015)
    steel = "#8f9498"
    for x in (-186, 186):
        ring = arc(x, 110, 124, 124, 0, 348, 22)
        sheet.stroke([*ring, ring[0]], (20, 20), TIRE)
        inner = arc(x, 110, 109, 109, 0, 348, 22)
        sheet.stroke([*inner, inner[0]], (7, 7), "#d5d2cc")
        for k in range(10):
            sheet.stroke([(x, 110), toward((x, 110), 36 * k + 8, 106)], (3, 3), "#b3b4b4")
        sheet.oval(x, 110, 15, 15, steel)
    for spine in (
        [(-186, 110), (-60, 116), (-16, 116)],
        [(-186, 110), (-120, 10), (-74, -62)],
    ):
        sheet.stroke(spine, (14, 14), darker(paint, 0.12))
    sheet.stroke([(-16, 118), (-52, 10), (-88, -110)], (17, 17), paint)
    sheet.stroke([(-16, 118), (50, 60), (110, -30), (136, -96)], (19, 19), paint)
    sheet.stroke([(-66, -36), (10, -10), (70, 0), (120, -46)], (14, 14), paint)
    sheet.stroke([(186, 110), (164, 10), (132, -100), (118, -172)], (17, 17), paint)
    sheet.stroke([(118, -170), (80, -206), (30, -204)], (14, 13), steel)
    sheet.stroke([(60, -210), (24, -202)], (23, 21), "#8f6545")
    sheet.shape(trace("-162,-128 -100,-142 -30,-134 -22,-118 -70,-104 -130,-96 -166,-108"), "#8f6545")
    sheet.shape(oval(-16, 116, 33, 33), steel)
    sheet.oval(-16, 116, 17, 17, lighter(steel, 0.5))
    sheet.stroke([(-16, 116), (16, 170)], (11, 11), darker(steel, 0.2))
    sheet.shape(board(-10, 166, 50, 184, 8), TIRE)
    for side, sweep in ((-186, (196, 318)), (186, (206, 330))):
        sheet.stroke(arc(side, 110, 140, 140, *sweep, 10), (6, 13, 6), paint)
    _bike_basket(sheet, rng, str(params.get("pose") or ""))


def _bike_basket(sheet: Sheet, rng: np.random.Generator, load: str) -> None:
    cane = vary("#c9a06c", rng, 0.02)
    if "flowers" in load:
        for k in range(11):
            way = -160 + 14 * k
            sheet.shape(leaf((206, -140), way, 128 + 22 * (k % 2), 40), vary(accessories.GREENS[k % 4], rng, 0.03))
        for k, (x, y, r) in enumerate(
            ((130, -196, 36), (284, -192, 36), (166, -236, 40), (246, -240, 42), (206, -184, 44))
        ):
            accessories.flower(sheet, x, y, r, vary(accessories.PETALS[k], rng, 0.02), rng)
    elif "bread" in load:
        for x, lean in ((166, -16), (214, 6), (250, 22)):
            with sheet.at(x, -130, turn=lean):
                sheet.shape(board(-23, -140, 23, 20, 22), vary("#d3a062", rng, 0.02))
                for y in (-110, -70, -30):
                    sheet.stroke([(-16, y + 10), (14, y - 10)], (5, 9, 5), "#f0d7a8")
    sheet.shape(poly("116,-150 298,-150 276,-36 140,-36"), cane)
    for y in (-122, -92, -62):
        sheet.stroke([(124, y), (207, y + 5), (290, y)], (7, 8, 7), darker(cane, 0.2))
    for x in (150, 180, 208, 236, 264):
        sheet.stroke([(x + (x - 207) * 0.1, -140), (x - (x - 207) * 0.1, -42)], (5, 5), darker(cane, 0.26))
    sheet.stroke([(108, -150), (207, -146), (306, -150)], (17, 18, 17), darker(cane, 0.12))


ROAD = ("transport", "vehicles", "travel")
SUBJECTS = (
    plain(
        "airplane",
        "airplane",
        (*ROAD, "baby"),
        ("vehicle", "plane", "sky", "adventure"),
        airplane,
        kinds(PLANES, ("", "above a cloud")),
    ),
    plain(
        "car",
        "car",
        ROAD,
        ("vehicle", "toy"),
        car,
        kinds(CARS, ("", "with suitcases on its roof", "with flowers on its roof", "with a tree on its roof")),
    ),
    plain("race_car", "race car", ("transport", "vehicles"), ("vehicle", "racing", "toy"), race_car, kinds(RACERS)),
    plain("bus", "bus", ROAD, ("vehicle", "city"), bus, kinds(BUSES)),
    plain(
        "steam_train",
        "steam train",
        (*ROAD, "baby"),
        ("vehicle", "railway", "toy"),
        train,
        kinds(TRAINS, ("", "pulling a wagon of gifts", "pulling a wagon of flowers")),
    ),
    plain(
        "bicycle",
        "bicycle",
        ROAD,
        ("vehicle", "bike"),
        bicycle,
        kinds(BIKES, ("with a basket of flowers", "", "with a basket of bread")),
    ),
)

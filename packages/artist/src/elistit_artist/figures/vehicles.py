"""Trucks, diggers, buses and campers, seen from the side.

Wheels, windows and lamps are shared; each painter draws one vehicle in its own units, back to front, the road at y = 200.
"""

from __future__ import annotations

import numpy as np

from . import truckloads
from .geometry import Sheet, arc, darker, leaf, lighter, oval, toward, trace, vary
from .subject import Params, plain

TIRE, HUB, GLASS, STEEL = "#5a5250", "#d9cfc0", "#c3d6da", "#a9a8a6"
YELLOW, RED = "#e2b14f", "#bd5a4c"
CAMPERS = {
    "a mint camper": "#a3c0ad",
    "a coral camper": "#d9917f",
    "a blue camper": "#7796b0",
    "a yellow camper": "#e3c06f",
}
PICKUPS = {
    "a red pickup truck": RED,
    "a blue pickup truck": "#7f9fb6",
    "a green pickup truck": "#8a9d72",
    "a Christmas truck with a tree": "#b8483f",
    "a Christmas truck with presents": "#7f9fa0",
}


def _wheel(sheet: Sheet, x: float, y: float, r: float, hub: str = HUB) -> None:
    sheet.shape(oval(x, y, r, r), TIRE)
    sheet.shape(oval(x, y, r * 0.84, r * 0.84), darker(TIRE, 0.25))
    sheet.shape(oval(x, y, r * 0.56, r * 0.56), hub)
    sheet.oval(x, y, r * 0.2, r * 0.2, darker(hub, 0.35))
    sheet.stroke(arc(x, y, r * 0.42, r * 0.42, 190, 270, 4), (1, r * 0.08, 1), lighter(hub, 0.7))
    for k in range(5):
        p = toward((x, y), 72 * k, r * 0.37)
        sheet.oval(p[0], p[1], r * 0.05, r * 0.05, darker(hub, 0.4))


def _window(sheet: Sheet, outline: str, x: float = 0, y: float = 0) -> None:
    points = trace(outline, x, y)
    sheet.shape(points, GLASS, 0.12)
    left, top = min(p[0] for p in points), min(p[1] for p in points)
    sheet.stroke([(left + 16, top + 44), (left + 38, top + 16)], (5, 8), "#f4f8f6")


def _lamp(sheet: Sheet, x: float, y: float, r: float = 15, color: str = "#f0d68c") -> None:
    sheet.oval(x, y, r, r, color)
    sheet.oval(x - r * 0.3, y - r * 0.3, r * 0.3, r * 0.3, "#fffaf0")


def dump_truck(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A dump truck with a load of earth."""
    body = vary(YELLOW, rng, 0.012)
    for k in range(7):
        x = -190 + 46 * k
        sheet.shape(oval(x, -90 - 34 * (1 - abs(k - 3) / 3.4), 52, 46), vary("#8f6d52", rng, 0.03))
    sheet.shape(trace("-272,116! 250,116! 262,164! -270,164!"), darker(TIRE, 0.05), 0.1)
    sheet.shape(trace("-286,-92! 78,-84! 46,92! -226,100!"), body, 0.15)
    sheet.shape(trace("-300,-104 84,-96 88,-66 -292,-72"), darker(body, 0.16), 0.15)
    for x in (-220, -140, -60, 16):
        sheet.stroke([(x, -64), (x + 12, 86)], (13, 13), darker(body, 0.14))
    sheet.shape(trace("80,-120 196,-120 226,-10 276,6 284,140 76,140"), body, 0.14)
    _window(sheet, "102,-96 182,-96 206,-8 102,-8")
    sheet.stroke(trace("92,14 92,70 92,128"), (4, 5, 4), darker(body, 0.3))
    sheet.stroke(trace("108,24 136,24"), (8, 8), darker(body, 0.4))
    sheet.shape(trace("262,100 300,100 300,142 256,142"), STEEL, 0.15)
    _lamp(sheet, 268, 50)
    sheet.glaze(trace("90,90 276,90 280,138 84,138"), darker(body, 0.45), 0.28)
    for x in (-178, -36, 188):
        sheet.shape(oval(x, 136, 82, 82), darker(body, 0.4))
        _wheel(sheet, x, 148, 72, HUB)


def excavator(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A digger on tracks with its arm raised."""
    body = vary("#dfa646", rng, 0.012)
    sheet.stroke([(20, 20), (96, -170), (196, -206)], (56, 48, 40), darker(body, 0.12))
    sheet.stroke([(196, -206), (240, -110), (262, 6)], (36, 34, 28), body)
    sheet.stroke([(60, 0), (120, -120)], (15, 13), STEEL)
    sheet.stroke([(140, -212), (216, -150)], (13, 11), STEEL)
    sheet.shape(
        trace("240,-8 286,-2 302,60 288,116 252,134! 244,116! 226,130! 214,112! 196,118! 190,80 210,30"),
        darker(TIRE, 0.0),
        0.25,
    )
    sheet.shape(trace("236,14 276,18 288,60 272,94 214,84 222,44"), lighter(TIRE, 0.2), 0.25)
    for p in ((196, -206), (262, 4), (30, 10)):
        sheet.oval(p[0], p[1], 17, 17, darker(body, 0.4))
    sheet.shape(trace("-252,-30 -240,-60 -90,-60 60,-40 88,0 92,70 -246,70"), body, 0.2)
    sheet.shape(trace("-104,-206 30,-206 66,-80 70,30 -104,30"), body, 0.14)
    _window(sheet, "-82,-184 16,-184 44,-84 46,-30 -82,-30")
    sheet.shape(trace("-118,-218 40,-218 46,-196 -118,-196"), darker(body, 0.2), 0.2)
    for k in range(4):
        sheet.stroke([(-222 + 28 * k, -32), (-222 + 28 * k, 24)], (9, 9), darker(body, 0.3))
    sheet.glaze(trace("-240,30 80,30 88,68 -244,68"), darker(body, 0.45), 0.3)
    sheet.shape(trace("-120,70 40,70 50,112 -130,112"), darker(TIRE, 0.1), 0.1)
    sheet.shape(
        trace("-230,110 -190,94 130,94 170,110 196,156 170,206 130,222 -190,222 -230,206 -256,156"), darker(TIRE, 0.2)
    )
    sheet.shape(
        trace("-216,120 -186,110 126,110 156,120 174,156 156,192 126,204 -186,204 -216,192 -234,156"),
        lighter(TIRE, 0.14),
    )
    for x in (-190, -106, -30, 46, 130):
        r = 36 if x in (-190, 130) else 27
        sheet.shape(oval(x, 157 if r == 36 else 168, r, r), HUB)
        sheet.oval(x, 157 if r == 36 else 168, r * 0.36, r * 0.36, darker(HUB, 0.4))


def cement_mixer(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A cement mixer with a striped drum."""
    body = vary("#cf7f5c", rng, 0.012)
    drum = "#efe6d6"
    sheet.shape(trace("-270,112! 250,112! 262,160! -268,160!"), darker(TIRE, 0.05), 0.1)
    with sheet.at(-80, -30, turn=-12):
        sheet.shape(
            trace("-206,-34 -150,-80 -40,-122 70,-110 150,-50 160,20 150,74 60,112 -50,116 -150,76 -206,40"), drum
        )
        for x, lean in ((-140, 30), (-40, 40), (60, 40)):
            half = 74 if x == -140 else 112
            sheet.stroke([(x - lean * 0.4, -half + 10), (x + lean, 0), (x - lean * 0.1, half - 8)], (26, 34, 26), body)
        sheet.shape(trace("-236,-46 -200,-40 -196,44 -236,50 -246,0"), darker(drum, 0.2))
        sheet.glaze(trace("-140,60 -40,96 80,92 150,40 140,80 50,112 -60,114"), "#6d6058", 0.25)
    sheet.shape(trace("-196,70 -160,70 -140,118 -214,118"), STEEL, 0.1)
    sheet.shape(trace("92,-140 196,-140 226,-20 276,0 284,140 88,140"), body, 0.14)
    _window(sheet, "112,-116 182,-116 206,-18 112,-18")
    sheet.stroke(trace("104,10 104,70 104,128"), (4, 5, 4), darker(body, 0.3))
    sheet.shape(trace("262,98 300,98 300,142 256,142"), STEEL, 0.15)
    _lamp(sheet, 268, 46)
    for x in (-190, -50, 190):
        sheet.shape(oval(x, 140, 78, 76), darker(body, 0.4))
        _wheel(sheet, x, 150, 68)


def fire_truck(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A fire truck with its ladder on top."""
    body = vary(RED, rng, 0.012)
    with sheet.at(-20, -140, turn=-5):
        for y in (-16, 16):
            sheet.stroke([(-260, y), (180, y)], (12, 12), "#c9c2b6")
        for k in range(11):
            sheet.stroke([(-246 + 41 * k, -18), (-246 + 41 * k, 18)], (10, 10), "#c9c2b6")
    sheet.shape(trace("-60,-128! -20,-128! -14,-88! -66,-88!"), STEEL, 0.1)
    sheet.shape(trace("-280,-96 100,-96 104,150 -284,150"), body, 0.1)
    sheet.shape(trace("96,-136 210,-136 262,-20 288,4 290,150 92,150"), body, 0.14)
    sheet.shape(trace("140,-168 188,-168 194,-134 134,-134"), "#8fb0c0", 0.2)
    _window(sheet, "180,-110 204,-110 240,-16 180,-16")
    _window(sheet, "112,-110 162,-110 162,-16 112,-16")
    sheet.shape(trace("-284,52! 290,52! 290,84! -284,84!"), "#f1e8d8", 0.1)
    for x in (-250, -150, -50):
        sheet.shape(trace("-40,-66 40,-66 40,34 -40,34", x + 26, 0), darker(body, 0.16), 0.12)
        for y in (-44, -20, 4):
            sheet.stroke([(x - 4, y), (x + 56, y)], (5, 5), darker(body, 0.34))
    sheet.stroke(trace("172,8 172,70 172,140"), (4, 5, 4), darker(body, 0.32))
    sheet.shape(oval(52, -18, 36, 36), "#efe4cc")
    sheet.stroke(arc(52, -18, 22, 22, 0, 340, 9), (9,) * 9, "#d3b27a")
    _lamp(sheet, 276, 34)
    sheet.shape(trace("264,112 304,112 304,152 258,152"), STEEL, 0.15)
    for x in (-180, 190):
        sheet.shape(oval(x, 142, 80, 78), darker(body, 0.42))
        _wheel(sheet, x, 150, 70)


def school_bus(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A yellow school bus with its stop sign out."""
    body = vary("#e6b549", rng, 0.01)
    sheet.shape(trace("-290,-130 -266,-168 150,-168 184,-130 196,-20 290,4 300,60 300,148 -294,148"), body, 0.2)
    sheet.shape(trace("-276,-152 -260,-176 150,-176 176,-148"), darker(body, 0.14), 0.2)
    for k in range(5):
        _window(sheet, "0,0 62,0 62,76 0,76", -262 + 76 * k, -120)
    _window(sheet, "130,-120 162,-120 178,-20 130,-20")
    for y in (0, 44):
        sheet.stroke([(-290, y), (0, y + 2), ((y and 296) or 200, y)], (8, 8, 8), darker("#5a5250", 0.1))
    sheet.shape(trace("118,-4! 184,-4! 184,140! 118,140!"), darker(body, 0.08), 0.1)
    sheet.stroke([(151, 2), (151, 136)], (5, 5), darker(body, 0.4))
    sheet.shape([(*toward((60, 12), 22.5 + 45 * k, 40), 1) for k in range(8)], "#f1e8d8", 0.33)
    sheet.shape([(*toward((60, 12), 22.5 + 45 * k, 33), 1) for k in range(8)], RED, 0.33)
    sheet.stroke([(42, 12), (78, 12)], (9, 9), "#f1e8d8")
    _lamp(sheet, 282, 54)
    _lamp(sheet, -244, -158, 11, RED)
    _lamp(sheet, 140, -158, 11, RED)
    sheet.shape(trace("284,108 312,108 312,148 276,148"), STEEL, 0.15)
    for x in (-180, 216):
        sheet.shape(oval(x, 142, 74, 72), darker(body, 0.42))
        _wheel(sheet, x, 150, 64)


def tractor(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A farm tractor, red or green."""
    body = vary("#8a9d64" if "green" in str(params.get("kind")) else RED, rng, 0.012)
    sheet.stroke([(150, -60), (150, -170)], (21, 19), "#6d6460")
    sheet.shape(trace("128,-180 172,-180 170,-160 130,-160"), "#5a5250", 0.2)
    for line in ("-150,-30 -140,-200", "20,-20 6,-200"):
        sheet.stroke(trace(line), (17, 17), darker(body, 0.25))
    _window(sheet, "-136,-190 4,-190 14,-40 -142,-40")
    sheet.shape(trace("-186,-232 -170,-244 30,-244 46,-228 44,-200 -184,-200"), body, 0.2)
    sheet.shape(trace("-180,-44 10,-44 30,-60 200,-60 256,-40 268,20 262,92 -40,100 -180,80"), body, 0.2)
    sheet.shape(trace("206,-36 246,-26 252,70 206,78"), darker(body, 0.32), 0.15)
    for y in (-16, 10, 36):
        sheet.stroke([(214, y), (246, y + 3)], (6, 6), lighter(body, 0.3))
    sheet.stroke(trace("40,-34 120,-40 180,-38"), (3, 11, 3), lighter(body, 0.45))
    sheet.stroke([(40, 20), (180, 20)], (13, 13), "#efe2c4")
    _lamp(sheet, 256, -26)
    sheet.shape(
        trace("-252,96 -256,10 -200,-72 -104,-84 -16,-40 10,40 -20,40 -60,-20 -120,-40 -190,-20 -222,40 -222,96"),
        darker(body, 0.14),
    )
    _wheel(sheet, -118, 96, 128, "#e6c46c")
    _wheel(sheet, 178, 146, 76, "#e6c46c")
    for k in range(12):
        a, b = toward((-118, 96), 30 * k, 102), toward((-118, 96), 30 * k + 7, 122)
        sheet.stroke([a, b], (11, 11), lighter(TIRE, 0.2))


def pickup(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An old pickup truck, its bed full of pumpkins, flowers, firs, a decorated tree or presents."""
    kind = str(params.get("kind") or next(iter(PICKUPS)))
    body = vary(PICKUPS[kind], rng, 0.012)
    if "Christmas" in kind:
        (truckloads.fir if "tree" in kind else truckloads.presents)(sheet, rng)
    elif "red" in kind:
        for x, size in ((-252, 150), (-150, 180), (-196, 190)):
            for k in range(4):
                w = size * (0.66 - 0.13 * k)
                sheet.shape(
                    trace(f"{-w * 0.6},0! 0,{-size * 0.5}! {w * 0.6},0! 0,14", x + 30, -10 - 34 * k),
                    vary("#6f8a62", rng, 0.03),
                )
    elif "blue" in kind:
        for x, r in ((-240, 60), (-150, 68), (-66, 54)):
            for side in (-1, 0, 1):
                sheet.shape(oval(x + side * r * 0.5, -20, r * 0.62, r * 0.8), vary("#d68b4a", rng, 0.025))
            sheet.stroke([(x, -64), (x + 8, -92)], (13, 9), "#7d8a55")
    else:
        for x, y, hue in (
            (-250, -50, "#e3a79b"),
            (-200, -84, "#f1d9c0"),
            (-150, -50, "#d98b7c"),
            (-96, -80, "#e9bf8a"),
            (-60, -44, "#c9a3b5"),
            (-224, -20, "#e9bf8a"),
        ):
            for lean in (-120, -60, 100):
                sheet.shape(leaf((x, y + 20), lean, 62, 26, "lance"), vary("#8aa071", rng, 0.04))
            for k in range(5):
                sheet.shape(leaf((x, y), 72 * k, 42, 37, "petal"), vary(hue, rng, 0.02))
            sheet.oval(x, y, 12, 12, "#c98a3c")
    sheet.shape(trace("-290,-14 -10,-14 -10,130 -284,130 -296,60"), body, 0.14)
    sheet.stroke([(-296, -12), (-4, -12)], (17, 17), darker(body, 0.16))
    for x in (-230, -130, -50):
        sheet.stroke([(x, 6), (x, 50)], (6, 6), darker(body, 0.2))
    sheet.shape(trace("-24,130 -24,-60 0,-140 40,-162 112,-160 146,-130 172,-30 250,-16 284,20 290,130"), body, 0.24)
    _window(sheet, "4,-36 14,-116 44,-134 104,-132 124,-110 140,-34")
    sheet.stroke([(72, -132), (76, -36)], (9, 9), body)
    sheet.stroke(trace("-2,-10 -4,60 2,120"), (4, 5, 4), darker(body, 0.3))
    sheet.stroke([(20, 4), (46, 4)], (8, 8), "#efe6d6")
    sheet.stroke(trace("180,-12 236,-2 262,20"), (3, 9, 3), lighter(body, 0.5))
    _lamp(sheet, 276, 36, 19)
    sheet.shape(trace("264,96 308,96 308,132 258,132"), "#d9d2c6", 0.2)
    sheet.shape(trace("-310,100 -280,100 -276,132 -310,132"), "#d9d2c6", 0.2)
    for x in (-176, 188):
        sheet.shape(oval(x, 124, 82, 76), darker(body, 0.24))
        _wheel(sheet, x, 140, 66, "#efe6d6")
    if "Christmas" in kind:
        truckloads.wreath(sheet, rng, 76, 50, 40)


def camper(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round vintage caravan with bunting and an awning."""
    body = vary(CAMPERS[str(params.get("kind") or next(iter(CAMPERS)))], rng, 0.012)
    cream = "#f4ecdd"
    sheet.stroke([(230, 124), (312, 132)], (15, 11), STEEL)
    sheet.shape(trace("-272,130 -276,0 -236,-130 -120,-186 100,-186 216,-130 254,-10 252,130"), cream, 0.34)
    sheet.shape(trace("-274,12 -10,6 253,12 252,130 -272,130"), body, 0.12)
    sheet.shape(
        trace("-250,-96 -196,-152 -110,-186 100,-186 190,-152 236,-90 200,-128 90,-156 -110,-156 -204,-128"), body
    )
    sheet.stroke([(-272, 12), (-8, 6), (252, 12)], (9, 9, 9), "#d9cbb4")
    sheet.shape(trace("60,124! 60,-84 84,-104 136,-104 160,-84 160,124!"), darker(cream, 0.08), 0.2)
    sheet.shape(trace("72,116! 72,-78 90,-92 130,-92 148,-78 148,116!"), body, 0.2)
    _window(sheet, "84,-76 136,-76 136,0 84,0")
    sheet.oval(84, 40, 7, 7, "#d9b060")
    _window(sheet, "-210,-88 -60,-88 -56,0 -214,0")
    sheet.stroke([(-134, -88), (-134, 0)], (9, 9), cream)
    for side in (-1, 1):
        sheet.shape(trace("10,-92 78,-92 74,-2 52,-8 34,-60", -134, 0, side), "#eab8ab", 0.2)
    sheet.shape(trace("-232,-112 -44,-112 -24,-74 -252,-74"), lighter(body, 0.1), 0.15)
    for k in range(5):
        x = -230 + 46 * k
        sheet.shape(trace("0,0 23,0 26,30 12,42 -2,30", x, -84), cream if k % 2 else darker(body, 0.08), 0.3)
    for k in range(9):
        x, y = -236 + 53 * k, -152 + 30 * abs(k - 4) ** 1.2 * 0.5
        sheet.shape(trace("-18,0! 18,0! 0,36!", x, y - 8), ("#d98b7c", "#e3c06f", "#9fb08d")[k % 3], 0.33)
    sheet.shape(oval(-130, 128, 74, 70), darker(body, 0.3))
    _wheel(sheet, -130, 142, 62, "#f4ecdd")
    sheet.shape(trace("196,128 226,128 222,198 200,198"), STEEL, 0.1)
    _lamp(sheet, -250, 78, 14, RED)


def train(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A little steam engine with puffs of smoke."""
    body, red = vary("#7f9fb6", rng, 0.012), RED
    for x, y, r in ((176, -216, 40), (120, -262, 50), (40, -280, 58)):
        sheet.shape(oval(x, y, r, r * 0.84), "#e6dfd6")
    sheet.shape(trace("150,-150 206,-150 196,-40 160,-40"), darker(body, 0.35), 0.1)
    sheet.shape(trace("138,-176 218,-176 210,-146 146,-146"), red, 0.15)
    sheet.shape(oval(40, -62, 40, 44), "#d9b060")
    sheet.shape(trace("-90,-64 230,-64 252,-30 252,76 230,100 -90,100"), body, 0.24)
    for x in (-20, 90, 180):
        sheet.stroke([(x, -60), (x + 3, 20), (x, 96)], (13, 15, 13), "#d9b060")
    sheet.stroke(trace("-60,-36 60,-42 220,-36"), (3, 12, 3), lighter(body, 0.45))
    sheet.shape(trace("-250,-190! -76,-190! -76,104! -250,104!"), red, 0.1)
    _window(sheet, "-222,-156 -106,-156 -106,-60 -222,-60")
    sheet.shape(trace("-276,-216 -262,-232 -64,-232 -50,-216 -54,-188 -272,-188"), darker(body, 0.3), 0.2)
    sheet.shape(trace("-262,96! 258,96! 300,186! 240,186! 236,132! -262,132!"), darker(red, 0.2), 0.1)
    _lamp(sheet, 254, -16, 19)
    for x, r in ((-176, 70), (-20, 54), (96, 54), (196, 54)):
        _wheel(sheet, x, 204 - r, r, red)
    sheet.stroke([(-176, 148), (-20, 152), (196, 152)], (15, 15, 15), "#d9b060")


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


WHEELS = ("vehicles",)
SUBJECTS = (
    plain("dump_truck", "dump truck", WHEELS, ("truck", "construction"), dump_truck),
    plain("excavator", "excavator", WHEELS, ("digger", "construction"), excavator),
    plain("cement_mixer", "cement mixer truck", WHEELS, ("truck", "construction"), cement_mixer),
    plain("fire_truck", "fire truck", WHEELS, ("truck", "firefighter"), fire_truck),
    plain("school_bus", "school bus", (*WHEELS, "school"), ("bus",), school_bus),
    plain("tractor", "tractor", (*WHEELS, "farm"), ("farmer",), tractor, _k("a red tractor", "a green tractor")),
    plain("pickup", "pickup truck", WHEELS, ("truck",), pickup, _k(*PICKUPS)),
    plain("camper", "camper", (*WHEELS, "camping", "travel"), ("caravan",), camper, _k(*CAMPERS)),
    plain("train", "steam train", WHEELS, ("engine", "railway"), train),
)

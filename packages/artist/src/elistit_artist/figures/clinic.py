"""Things of nurses, doctors and teachers: a stethoscope, a syringe, a blackboard, a ruler, a graduation cap.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .accessories import PETALS, flower
from .geometry import Floats, Sheet, arc, blob, darker, leaf, lighter, mirrored, oval, smooth, trace, vary
from .subject import Params, plain

TUBES = {
    "a blue stethoscope": "#7f9fb6",
    "a pink stethoscope": "#d99b9c",
    "a black stethoscope": "#59524f",
    "a blue stethoscope with flowers": "#7f9fb6",
}
STEEL = "#b4babc"
CAPS = {"a black graduation cap": "#54494a", "a blue graduation cap": "#6d88a3", "a red graduation cap": "#a8524d"}


def stethoscope(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Ear pieces above, a looped tube, and the chest piece at its end."""
    kind = str(params.get("kind") or next(iter(TUBES)))
    tube = vary(TUBES[kind], rng, 0.012)
    for side in (-1, 1):
        sheet.stroke(
            trace("-44,-226 -96,-208 -118,-140 -84,-60 -30,-10", -20, 0, 1 if side > 0 else -1)
            if side > 0
            else trace("4,-226 56,-208 78,-140 44,-60 -10,-10"),
            (15, 17, 17, 17, 17),
            STEEL,
        )
    for x, lean in ((-62, -1), (4, 1)):
        sheet.shape(oval(x - lean * 8, -229, 25, 18, lean * 20), darker(tube, 0.35))
    sheet.stroke(trace("-136,-120 -104,-56 -50,-8 -28,40"), (24, 26, 27, 28), tube)
    sheet.stroke(trace("60,-120 40,-56 -6,-8 -28,40"), (24, 26, 27, 28), tube)
    sheet.stroke(
        trace("-28,20 -34,110 10,200 96,214 160,160 158,70 140,0 152,-60"), (30, 28, 28, 28, 28, 28, 28, 28), tube
    )
    sheet.stroke(trace("-32,60 -26,130 24,188 92,194"), (2, 7, 7, 2), lighter(tube, 0.42))
    sheet.stroke(trace("-112,-92 -84,-44"), (5, 3), lighter(tube, 0.42))
    sheet.shape(trace("134,-56 170,-56 168,-88 136,-88"), STEEL)
    sheet.shape(blob(152, -140, 76, 76, rng, 0.004, 16), darker(STEEL, 0.16))
    sheet.shape(oval(152, -142, 60, 60), lighter(STEEL, 0.2))
    sheet.shape(oval(152, -142, 42, 42), lighter(tube, 0.45))
    if "flowers" in kind:
        for way in (200, 330, 70):
            sheet.shape(leaf((-30, 30), way, 76, 30, "lance"), vary("#8a9d72", rng, 0.03))
        for k, (x, y, r) in enumerate(((-30, 24, 48), (-76, 60, 34), (16, 66, 36))):
            flower(sheet, x, y, r, PETALS[k], rng)
        return
    heart = vary("#c9655d", rng, 0.02)
    sheet.shape(mirrored(trace("0,-12! 14,-30 34,-26 36,-4 20,16 0,32!", 152, -144), 152), heart)


def syringe(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A syringe with its plunger drawn back."""
    glass, blue = "#d8e5e8", vary("#8fb0c0", rng, 0.015)
    with sheet.at(0, 0, turn=42 + rng.uniform(-5, 5)):
        sheet.shape(trace("-5,-290! 5,-290! 6,-190 -6,-190"), "#9aa0a3", 0.1)
        sheet.shape(trace("-22,-200 22,-200 34,-160 -34,-160"), darker(blue, 0.2), 0.15)
        sheet.shape(trace("-15,120 15,120 15,226 -15,226"), darker(glass, 0.18), 0.1)
        sheet.shape(trace("-64,-164 64,-164 66,130 -66,130"), glass, 0.12)
        sheet.shape(trace("-58,-156 58,-156 59,20 -59,20"), blue, 0.1)
        sheet.shape(trace("-60,14 60,14 60,44 -60,44"), "#6d6664", 0.12)
        for k in range(6):
            y = -128 + 42 * k
            sheet.stroke([(20, y), (52, y)] if k % 2 else [(2, y), (52, y)], (7, 7), "#5f7f92")
        sheet.stroke(trace("-42,-130 -44,0 -42,110"), (4, 13, 4), "#f7fbfa")
        sheet.shape(trace("-108,122 108,122 112,140 108,156 -108,156 -112,140"), darker(blue, 0.12), 0.2)
        sheet.shape(trace("-74,220 74,220 78,238 74,254 -74,254 -78,238"), darker(blue, 0.12), 0.2)


def bandage(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two crossed plasters with a heart."""
    for turn, tone in ((-42, "#d9a67e"), (44, "#e4b894")):
        skin = vary(tone, rng, 0.015)
        with sheet.at(0, 0, turn=turn):
            sheet.shape(
                trace(
                    "-250,-40 -232,-74 -190,-80 190,-80 232,-74 250,-40 250,40 232,74 190,80 -190,80 -232,74 -250,40"
                ),
                skin,
            )
            for side in (-1, 1):
                for x in (138, 168, 198):
                    for y in (-36, 0, 36):
                        sheet.oval(side * x, y, 7, 7, darker(skin, 0.2))
            sheet.shape(trace("-92,-76 92,-76 96,0 92,76 -92,76 -96,0"), lighter(skin, 0.42), 0.2)
            sheet.stroke(trace("-200,-58 -150,-62 -110,-60"), (2, 8, 2), lighter(skin, 0.5))
    sheet.shape(mirrored(trace("0,-26! 32,-60 72,-48 76,-6 40,40 0,74!")), vary("#c2605a", rng, 0.02))
    sheet.stroke(trace("-50,-28 -56,-8 -46,16"), (2, 9, 2), "#eab5ac")


def thermometer(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A glass thermometer."""
    red = vary("#c2605a", rng, 0.015)
    with sheet.at(0, 0, turn=30 + rng.uniform(-8, 8)):
        sheet.shape(mirrored(trace("0,-262 36,-254 48,-214 48,90 78,132 84,186 50,240 0,250")), "#dfe8e8")
        sheet.shape(mirrored(trace("0,-240 24,-234 30,-204 30,104 0,110")), "#f6f7f2")
        sheet.shape(blob(0, 178, 58, 58, rng, 0.004, 14), red)
        sheet.stroke([(0, 170), (0, 40), (0, -90)], (26, 26, 24), red)
        for k in range(7):
            sheet.stroke([(22, -200 + 42 * k), (44, -200 + 42 * k)], (6, 6), "#7f8f93")
        sheet.stroke(trace("-36,150 -40,180 -28,206"), (2, 11, 2), lighter(red, 0.5))
        sheet.stroke(trace("-36,-200 -38,-60 -36,70"), (3, 8, 3), "#ffffff")


def first_aid(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A first-aid case with a cross."""
    case, cross = vary("#f0e7da", rng, 0.01), vary("#7fa08c", rng, 0.015)
    sheet.stroke(trace("-78,-136 -70,-206 -30,-220 30,-220 70,-206 78,-136"), (28,) * 6, darker(cross, 0.25))
    sheet.shape(trace("-230,-120 -212,-146 212,-146 230,-120 236,40 230,186 210,206 -210,206 -230,186 -236,40"), case)
    sheet.shape(trace("-232,150 232,150 230,186 210,206 -210,206 -230,186"), darker(case, 0.12))
    sheet.stroke(trace("-232,-60 0,-54 232,-60"), (5, 7, 5), darker(case, 0.3))
    for x in (-140, 140):
        sheet.shape(trace("-24,-82 24,-82 24,-30 0,-24 -24,-30", x, 0), STEEL, 0.2)
    sheet.shape(blob(0, 50, 96, 96, rng, 0.004, 16), cross)
    sheet.shape(
        trace("-20,-12! 20,-12! 20,30! 62,30! 62,70! 20,70! 20,112! -20,112! -20,70! -62,70! -62,30! -20,30!"),
        "#fbf6ec",
    )
    sheet.stroke(trace("-206,-110 -214,0 -208,110"), (4, 14, 4), "#fffdf8")


def pill(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A bottle of pills."""
    amber, label = vary("#d99a58", rng, 0.015), "#f6efe2"
    sheet.shape(trace("-136,-120 136,-120 148,-80 148,190 128,222 -128,222 -148,190 -148,-80"), amber)
    sheet.shape(trace("-148,-40 0,-32 148,-40 148,150 0,160 -148,150"), label, 0.15)
    sheet.shape(trace("-148,-206 -136,-226 136,-226 148,-206 148,-130 130,-112 -130,-112 -148,-130"), "#f3f0ea")
    for k in range(9):
        sheet.stroke([(-124 + 31 * k, -212), (-124 + 31 * k, -126)], (5, 5), "#d8d3ca")
    sheet.shape(
        trace("-18,10! 18,10! 18,44! 52,44! 52,80! 18,80! 18,114! -18,114! -18,80! -52,80! -52,44! -18,44!"), "#7fa08c"
    )
    sheet.glaze(trace("100,-100 140,-80 140,190 108,210 112,40"), darker(amber, 0.4), 0.3)
    for x, y, turn, tone in ((200, 196, -24, "#8fb0c0"), (-196, 206, 20, "#c2776c")):
        with sheet.at(x, y, turn=turn):
            sheet.shape(trace("-62,-26 0,-28 0,28 -62,26 -84,0"), tone)
            sheet.shape(trace("0,-28 62,-26 84,0 62,26 0,28"), label)


def chalkboard(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A framed blackboard with chalk drawings and a chalk tray."""
    slate, wood, chalk = vary("#5d6f62", rng, 0.012), vary("#b98a5c", rng, 0.015), "#eeeae0"
    sheet.shape(trace("-268,-196! 268,-196! 272,168! -272,168!"), wood, 0.1)
    sheet.shape(trace("-236,-164! 236,-164! 238,136! -238,136!"), slate, 0.1)
    sheet.glaze(trace("-200,-110 -60,-140 20,-60 -60,60 -190,50"), lighter(slate, 0.3), 0.25)
    sheet.stroke(trace("-182,40 -150,-70 -118,40"), (9, 8, 9), chalk)
    sheet.stroke(trace("-168,4 -132,4"), (7, 7), chalk)
    sheet.stroke(trace("-76,-66 -76,40"), (9, 9), chalk)
    sheet.stroke(trace("-76,-66 -34,-54 -40,-18 -76,-14"), (7, 8, 8, 7), chalk)
    sheet.stroke(trace("-76,-14 -26,0 -30,34 -76,40"), (7, 8, 8, 7), chalk)
    sheet.stroke(arc(60, -12, 44, 54, -50, -310, 8), (9,) * 8, chalk)
    sheet.shape(mirrored(trace("0,-20! 18,-42 40,-34 42,-6 22,20 0,40!", 168, -16), 168), "#d98f86")
    sheet.stroke(trace("-180,96 -60,88 60,98 190,90"), (4, 6, 6, 3), lighter(slate, 0.45))
    sheet.shape(trace("-290,160 290,160 284,200 -284,200"), darker(wood, 0.16), 0.1)
    for x, tone in ((-150, chalk), (-88, "#e2c46f")):
        sheet.shape(trace("-28,142 28,140 30,158 -28,160", x, 4), tone, 0.2)
    sheet.shape(trace("70,126 190,126 194,164 66,164"), "#8a6a52", 0.12)
    sheet.shape(trace("66,148 194,148 194,166 66,166"), "#d8cdbb", 0.12)


def ruler(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wooden ruler and a set square."""
    wood = vary("#deb877", rng, 0.012)
    with sheet.at(30, 30, turn=8):
        tri = vary("#9fb8ae", rng, 0.015)
        sheet.curve(*_triangle(), fill=tri)
        for k in range(9):
            x = -150 + 36 * k
            sheet.stroke([(x, 176), (x, 156 if k % 2 else 146)], (5, 5), darker(tri, 0.4))
    with sheet.at(-20, -30, turn=-40 + rng.uniform(-4, 4)):
        sheet.shape(trace("-288,-48! 288,-48! 288,48! -288,48!"), wood, 0.1)
        sheet.shape(trace("-288,-48! 288,-48! 288,-30! -288,-30!"), darker(wood, 0.15), 0.1)
        for k in range(23):
            x = -264 + 24 * k
            sheet.stroke([(x, 46), (x, 6 if k % 4 == 0 else 22)], (6, 6), "#7a5a3c")
        sheet.oval(-254, -4, 13, 13, "#fbf7ef")
        sheet.stroke(trace("-210,-12 -60,-14 90,-12"), (2, 7, 2), lighter(wood, 0.5))


def _triangle() -> list[Floats]:
    """The set square: an outline and its hole."""
    return [
        smooth(trace("-190,180! 210,180! 210,-170!"), ease=0.33),
        smooth(trace("60,110! 140,110! 140,30!")[::-1], ease=0.33),
    ]


def graduation_cap(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A mortarboard with its tassel."""
    cloth = vary(CAPS[str(params.get("kind") or next(iter(CAPS)))], rng, 0.012)
    gold = vary("#d9b060", rng, 0.015)
    sheet.shape(trace("-128,-20 0,30 128,-20 134,90 70,128 0,138 -70,128 -134,90"), darker(cloth, 0.2))
    sheet.stroke(trace("-130,84 -64,116 0,124 64,116 130,84"), (6, 9, 10, 9, 6), lighter(cloth, 0.2))
    sheet.shape(trace("0,-150! 270,-46! 0,62! -270,-46!"), cloth, 0.2)
    sheet.shape(trace("-270,-46! 0,62! 270,-46! 268,-30! 0,82! -268,-30!"), darker(cloth, 0.32), 0.2)
    sheet.stroke(trace("-206,-48 -110,-88 -10,-126"), (3, 10, 3), lighter(cloth, 0.3))
    sheet.oval(0, -46, 21, 12, gold)
    sheet.stroke(trace("0,-46 100,-36 186,-10 196,50 194,96"), (8, 10, 10, 10, 9), gold)
    sheet.shape(trace("172,92 216,92 220,118 168,118"), darker(gold, 0.2), 0.2)
    for k in range(6):
        sheet.stroke(
            [(176 + 7.5 * k, 114), (170 + 9.5 * k, 160), (168 + 10 * k, 208 + 5 * (k % 2))],
            (9, 10, 6),
            vary(gold, rng, 0.03),
        )


def diploma(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A rolled diploma with a ribbon."""
    paper, red = vary("#f0e3c6", rng, 0.01), vary("#b9544f", rng, 0.015)
    with sheet.at(0, 0, turn=-24 + rng.uniform(-5, 5)):
        sheet.shape(
            trace("-258,-66 -230,-74 0,-70 230,-74 258,-66 262,0 258,66 230,74 0,70 -230,74 -258,66 -262,0"), paper
        )
        sheet.glaze(trace("-240,20 0,16 240,20 240,64 0,62 -240,64"), darker(paper, 0.3), 0.35)
        for x in (-254, 254):
            sheet.shape(oval(x, 0, 30, 68), lighter(paper, 0.3))
            sheet.stroke(arc(x, 0, 18, 46, -110, 200, 8), (4, 5, 5, 5, 5, 5, 4, 3), darker(paper, 0.35))
        sheet.shape(trace("-36,-74 36,-74 38,0 36,74 -36,74 -38,0"), red, 0.2)
        for side in (-1, 1):
            with sheet.at(0, 4, flip=side < 0):
                sheet.shape(trace("6,10 30,60 44,130 78,190! 42,184 18,204! 6,120"), darker(red, 0.12))
                sheet.shape(trace("4,-10 60,-62 118,-54 120,8 76,40 4,12"), red)
                sheet.shape(trace("34,-8 64,-32 96,-26 92,4 62,16"), darker(red, 0.28))
        sheet.oval(0, 2, 25, 28, darker(red, 0.12))
        sheet.stroke(trace("-200,-48 -120,-52 -60,-50"), (2, 9, 2), lighter(paper, 0.6))


def _k(choices: dict[str, str]) -> list[Params]:
    return [{"kind": n} for n in choices]


NURSE, SCHOOL = ("medical",), ("school",)
SUBJECTS = (
    plain("stethoscope", "stethoscope", NURSE, ("nurse", "doctor", "medical"), stethoscope, _k(TUBES)),
    plain("syringe", "syringe", NURSE, ("nurse", "doctor", "medical", "vaccine"), syringe),
    plain("bandage", "crossed bandage", NURSE, ("nurse", "doctor", "medical", "plaster"), bandage),
    plain("thermometer", "thermometer", NURSE, ("nurse", "doctor", "medical"), thermometer),
    plain("first_aid", "first aid kit", NURSE, ("nurse", "doctor", "medical"), first_aid),
    plain("pills", "bottle of pills", NURSE, ("nurse", "doctor", "medical", "pharmacy", "pharmacist"), pill),
    plain("chalkboard", "chalkboard", SCHOOL, ("teacher", "blackboard"), chalkboard),
    plain("ruler", "ruler", SCHOOL, ("teacher", "math"), ruler),
    plain(
        "graduation_cap",
        "graduation cap",
        ("graduation",),
        ("graduate", "school", "university"),
        graduation_cap,
        _k(CAPS),
    ),
    plain("diploma", "diploma", ("graduation",), ("graduate", "school"), diploma),
)

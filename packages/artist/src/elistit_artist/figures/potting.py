"""Garden tools: a trowel, a hand fork, pruning shears, gloves, boots, a wheelbarrow, a watering can, seeds.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, arc, darker, leaf, lighter, mirrored, oval, trace, vary
from .subject import Params, plain

STEEL, WOOD, EARTH = "#9aa5a6", "#b98a5c", "#7a5a45"
GREEN = "#7f9470"


def _handle(sheet: Sheet, rng: np.random.Generator, band: str) -> None:
    """A turned wooden handle below (0, 0), 210 long."""
    wood = vary(WOOD, rng, 0.02)
    sheet.shape(mirrored(trace("0,0 26,4 30,40 22,84 30,140 34,190 20,214 0,218")), wood)
    sheet.stroke(trace("-28,56 0,62 28,56"), (9, 12, 9), band)
    sheet.stroke(trace("-14,96 -17,140 -18,180"), (2, 8, 2), lighter(wood, 0.45))
    sheet.shape(oval(0, 196, 8, 8), darker(wood, 0.45))


def trowel(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A trowel with a little earth on it."""
    steel = vary(STEEL, rng, 0.015)
    with sheet.at(0, 0, turn=32 + rng.uniform(-6, 6)):
        sheet.stroke(trace("0,12 0,-30 0,-64"), (24, 18, 22), darker(steel, 0.2))
        sheet.shape(mirrored(trace("0,-290! 44,-236 74,-160 78,-90 52,-60 0,-54")), steel)
        sheet.shape(mirrored(trace("0,-290! 42,-236 60,-196 30,-184 0,-192")), EARTH)
        sheet.stroke(trace("0,-180 0,-120 0,-70"), (2, 8, 4), darker(steel, 0.25))
        sheet.stroke(trace("-48,-160 -56,-120 -50,-86"), (2, 9, 2), lighter(steel, 0.6))
        _handle(sheet, rng, "#b8604e")


def hand_fork(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A fork of three tines."""
    steel = vary(STEEL, rng, 0.015)
    with sheet.at(0, 0, turn=-30 + rng.uniform(-6, 6)):
        for x in (-66, 0, 66):
            sheet.stroke([(x * 0.5, -96), (x, -140), (x, -220), (x * 0.97, -288)], (24, 22, 17, 5), steel)
        sheet.stroke(trace("-50,-116 0,-84 50,-116"), (24, 32, 24), steel)
        sheet.stroke(trace("0,12 0,-40 0,-92"), (24, 19, 26), darker(steel, 0.18))
        sheet.stroke(trace("-5,-150 -6,-200 -4,-236"), (2, 7, 2), lighter(steel, 0.6))
        _handle(sheet, rng, GREEN)


def shears(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Pruning shears, half open."""
    grip = vary({"green pruning shears": GREEN}.get(str(params.get("kind")), "#b8604e"), rng, 0.02)
    steel = vary(STEEL, rng, 0.015)
    with sheet.at(0, 0, turn=12 + rng.uniform(-6, 6)):
        for side in (-1, 1):
            sheet.shape(trace("-16,-4 18,14 74,110 96,200 88,262 62,268 46,210 20,120 -20,40", 0, 0, side), grip)
            sheet.stroke(trace("40,86 64,140 76,204", 0, 0, side), (2, 9, 2), lighter(grip, 0.45))
        sheet.shape(trace("-22,10 -44,-60 -66,-150 -60,-206! -20,-140 8,-60 24,6"), darker(steel, 0.2))
        sheet.shape(trace("24,8 56,-50 72,-130 50,-226! 10,-150 -14,-60 -22,4"), steel)
        sheet.stroke(trace("44,-70 52,-120 46,-170"), (2, 8, 2), lighter(steel, 0.6))
        sheet.shape(oval(0, 2, 24, 24), darker(steel, 0.35))
        sheet.shape(oval(-4, -3, 9, 9), lighter(steel, 0.5))


def gloves(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A pair of gardening gloves, one over the other."""
    cloth = vary({"green gardening gloves": "#93a582"}.get(str(params.get("kind")), "#d9a441"), rng, 0.02)
    outline = (
        "-70,190 -78,70 -128,0 -150,-50 -128,-72 -92,-42 -70,-20 -78,-110 -74,-190 -48,-196 -38,-110 -30,-218 -4,-222 6,-116"
        " 24,-204 50,-200 46,-104 72,-162 94,-150 84,-50 82,60 74,190"
    )
    for side, turn, x in ((-1, 16, 66), (1, -10, -58)):
        with sheet.at(x, 0, turn=turn, size=0.92):
            sheet.shape(trace(outline, 0, 0, side), cloth if side == 1 else darker(cloth, 0.12))
            sheet.shape(trace("-82,150 82,150 88,232 -88,232"), "#7d8f86", 0.15)
            sheet.stroke(trace("-80,172 0,180 80,172"), (7, 9, 7), lighter("#7d8f86", 0.4))
            for u, v in ((-26, 20), (26, 20), (0, 64), (-34, 92), (34, 92)):
                sheet.oval(u, v, 11, 11, lighter(cloth, 0.5))


def rain_boots(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Garden boots, one behind the other, a flower in the nearer."""
    tone = {"yellow garden boots": "#d9a441", "blue garden boots": "#7f9fb4"}.get(str(params.get("kind")), GREEN)
    rubber = vary(tone, rng, 0.02)
    petals = vary("#e9a7a0", rng, 0.03)
    for lean, height in ((-18, 150), (14, 190)):
        with sheet.at(-40, -190, turn=lean):
            sheet.stroke([(0, 60), (4, -height * 0.4), (0, -height)], (9, 8, 7), "#83985f")
            sheet.shape(leaf((2, -height * 0.4), -30, 76, 30), "#83985f")
            for turn in range(0, 360, 60):
                sheet.shape(leaf((0, -height), turn, 46, 30, "lance"), petals)
            sheet.oval(0, -height, 15, 15, "#d9a441")
    for x, y, shade in ((96, -26, 0.16), (-30, 0, 0.0)):
        body = darker(rubber, shade)
        with sheet.at(x, y):
            sheet.shape(trace("-84,-196 72,-196 70,-60 74,20 130,60 186,96 192,152 -76,156 -70,20 -80,-80"), body)
            sheet.shape(trace("-92,-214 80,-214 78,-168 -90,-168"), lighter(body, 0.2), 0.2)
            sheet.shape(trace("-80,140 196,138 196,176 -80,178"), darker(body, 0.35), 0.2)
            sheet.stroke(trace("-54,-140 -56,-40 -48,60"), (3, 13, 3), lighter(body, 0.5))


def wheelbarrow(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wheelbarrow full of earth and flowers."""
    body = vary({"a green wheelbarrow": GREEN}.get(str(params.get("kind")), "#b8604e"), rng, 0.02)
    iron = "#5f5a56"
    sheet.stroke(trace("110,60 90,190"), (16, 14), iron)
    sheet.stroke(trace("-190,112 0,84 150,56 300,-30"), (17, 17, 17, 20), darker(WOOD, 0.1))
    hues = ("#e9a7a0", "#d9a441", "#c4b2d0", "#f2ead9", "#cf7b6c")
    for k in range(9):
        x = -140 + 36 * k
        y = -126 - 46 * (k % 3) - (20 if k in (3, 4, 5) else 0)
        sheet.stroke([(x * 0.8, -60), (x * 0.95, (y - 60) / 2), (x, y)], (9, 8, 7), "#83985f")
        sheet.shape(leaf((x * 0.92, -96), -60 if k % 2 else -120, 72, 30), vary("#83985f", rng, 0.03))
        hue = vary(hues[k % len(hues)], rng, 0.02)
        for turn in range(0, 360, 72):
            sheet.shape(leaf((x, y), turn + 11 * k, 44, 34, "lance"), hue)
        sheet.oval(x, y, 14, 14, "#8a5f3c")
    sheet.shape(trace("-206,-70 -120,-110 0,-120 120,-108 196,-66 0,-40"), EARTH)
    sheet.shape(trace("-226,-76! 216,-76! 150,74! -130,84!"), body)
    sheet.stroke(trace("-226,-72 0,-66 216,-72"), (15, 17, 15), lighter(body, 0.25))
    sheet.stroke(trace("-166,-30 -150,14 -120,50"), (3, 12, 3), lighter(body, 0.45))
    for radius, tone in ((72, iron), (52, "#efe6d6"), (14, iron)):
        sheet.shape(oval(-176, 150, radius, radius), tone)
    for turn in (0, 60, 120):
        with sheet.at(-176, 150, turn=turn):
            sheet.stroke(trace("-56,0 0,0 56,0"), (7, 7, 7), iron)


def watering_can(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A watering can with a rose on its spout."""
    tone = {"a green watering can": GREEN, "a copper watering can": "#bd7b52"}.get(str(params.get("kind")), "#8fa9b6")
    tin = vary(tone, rng, 0.015)
    sheet.stroke(trace("120,150 210,120 236,20 190,-70 110,-90"), (24, 22, 22, 22, 24), darker(tin, 0.22))
    sheet.shape(trace("-110,100! -110,150! -190,60 -262,-110 -228,-124 -170,0"), darker(tin, 0.12))
    with sheet.at(-250, -124, turn=-34):
        sheet.shape(trace("-62,-26! 62,-26! 26,24! -26,24!"), tin)
        sheet.oval(0, -26, 62, 17, lighter(tin, 0.35))
        for x in (-38, -13, 13, 38):
            sheet.oval(x, -26, 6, 5, darker(tin, 0.45))
    sheet.shape(trace("-128,-80! 128,-80! 140,60 136,196! 0,206 -136,196! -140,60"), tin)
    sheet.shape(oval(0, -80, 128, 30), darker(tin, 0.4))
    sheet.stroke(trace("-96,-90 -60,-190 60,-190 96,-90"), (20, 22, 22, 20), darker(tin, 0.1))
    sheet.shape(arc(0, -80, 128, 30, 0, 180, 9), lighter(tin, 0.18))
    sheet.stroke(trace("-134,70 0,86 134,70"), (10, 12, 10), darker(tin, 0.18))
    sheet.stroke(trace("-92,-20 -100,60 -96,140"), (3, 15, 3), lighter(tin, 0.5))


def seed_packet(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A paper bag of seeds with what will come of them on it."""
    paper = vary("#efe1c4", rng, 0.012)
    kind = str(params.get("kind") or "a packet of flower seeds")
    for x, y, turn in ((150, 214, 10), (190, 176, 60), (120, 244, -30), (206, 232, 100)):
        sheet.oval(x, y, 15, 9, "#7a5a45", turn)
    with sheet.at(-20, 0, turn=-7):
        sheet.shape(trace("-150,-230! 150,-230! 150,226! -150,226!"), paper)
        sheet.shape(trace("-150,-230! 150,-230! 146,-166 0,-156 -146,-166"), darker(paper, 0.12))
        sheet.shape(trace("-118,-126! 118,-126! 118,140! -118,140!"), lighter(paper, 0.6))
        sheet.stroke(trace("-84,182 0,184 84,182"), (9, 10, 9), darker(paper, 0.35))
        if "carrot" in kind:
            for turn in (-130, -112, -90, -68, -50):
                sheet.shape(leaf((0, -36), turn, 88, 22), vary("#83985f", rng, 0.03))
            sheet.shape(mirrored(trace("0,-46 30,-44 44,-16 34,40 14,94 0,126!")), "#d98a4a")
            for y in (-8, 24, 56):
                sheet.stroke([(-20, y), (-4, y + 5)], (5, 3), darker("#d98a4a", 0.2))
        else:
            sheet.stroke(trace("0,128 4,50 0,-30"), (9, 9, 8), "#83985f")
            for turn in (-28, 208):
                sheet.shape(leaf((2, 84), turn, 82, 32), "#83985f")
            hue = vary("#d9a441", rng, 0.02)
            for turn in range(0, 360, 30):
                sheet.shape(leaf((0, -32), turn, 76, 30, "lance"), hue)
            sheet.oval(0, -32, 34, 34, "#7a5a45")


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


GARDEN = ("gardening", "garden")
TOOL = ("tool", "gardening")
SUBJECTS = (
    plain("trowel", "trowel", GARDEN, TOOL, trowel),
    plain("hand_fork", "garden fork", GARDEN, TOOL, hand_fork),
    plain("pruning_shears", "pruning shears", GARDEN, TOOL, shears, _k("red pruning shears", "green pruning shears")),
    plain("gardening_gloves", "gardening gloves", GARDEN, TOOL, gloves, _k("yellow gardening gloves", "green gardening gloves")),
    plain("garden_boots", "garden boots", GARDEN, ("gardening", "rain"), rain_boots,
          _k("green garden boots", "yellow garden boots", "blue garden boots")),
    plain("wheelbarrow", "wheelbarrow", GARDEN, TOOL, wheelbarrow, _k("a red wheelbarrow", "a green wheelbarrow")),
    plain("watering_can", "watering can", GARDEN, TOOL, watering_can, _k("a blue watering can", "a green watering can", "a copper watering can")),
    plain("seed_packet", "packet of seeds", GARDEN, ("gardening",), seed_packet, _k("a packet of flower seeds", "a packet of carrot seeds")),
)  # fmt: skip

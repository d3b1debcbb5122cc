"""Christmas and winter: tree, gift, bauble, stocking, candy cane, gingerbread man, snowman, mitten, bell, candle; penguin, polar bear and reindeer.

Each painter draws one thing in its own units, back to front; the animals use the shared bodies and heads.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import Coat, Face, cheek, eye, smile
from .celestial import star_points
from .deer import deer_head, deer_marks, deer_tail
from .geometry import (
    Point,
    Sheet,
    bands,
    darker,
    flipped,
    leaf,
    lighter,
    mirrored,
    mix,
    oval,
    rows,
    toward,
    trace,
    vary,
)
from .hoofed import Hoofed, hoofed
from .poses import Build
from .subject import Params, animal, plain
from .woodland_mammals import BEAR_HEAD, stub_tail

RED, GREEN, GOLD, CREAM = "#b54f43", "#5f8163", "#dcae57", "#f3e9d9"
POLAR = Coat("#ece7dd", "#f8f4ec", "#c3bcb0", inner="#d9c3bb", nose="#453d3c")
REINDEER = Coat("#a97a54", "#ead9bf", "#6f4f3a", inner="#ddb596", nose="#b8453c")


def tree(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A trimmed Christmas tree."""
    x: float
    y: float
    sheet.shape(trace("-28,170 28,170 24,236 -24,236"), "#8a6850")
    sheet.shape(trace("-62,232 62,232 48,292 -48,292"), vary(RED, rng, 0.02))
    for k in range(4):
        y, half = 190 - 106 * k, 196 - 42 * k
        hem: list[Point] = [(half * (1 - j / 3), y + 26 * (1 - abs(1 - j / 3)) - 4, 1) for j in range(7)]
        sheet.shape(
            [(0, y - 176, 1), (half * 0.42, y - 82), *hem, (-half * 0.42, y - 82)],
            vary(mix(GREEN, "#9db08a", 0.1 * k), rng, 0.015),
            ease=0.28,
        )
    for k, (x, y) in enumerate(rows("-96,150 -20,176 70,148 -54,76 34,92 104,176 -26,8 48,10 -6,-68 -140,176")):
        color = (RED, GOLD, CREAM, "#7f9fb0")[k % 4]
        sheet.oval(x, y, 15, 15.5, vary(color, rng, 0.03))
    for y, half in ((118, 118), (36, 82), (-42, 48)):
        for j in range(9):
            u = j / 4 - 1
            sheet.oval(u * half, y + 22 * (1 - u * u), 5.2, 5.2, "#f0dca6")
    sheet.shape(star_points(0, -248, 54), GOLD)


def gift(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wrapped box with a ribbon and bow."""
    sets = {
        "a red gift": (RED, CREAM),
        "a green gift": ("#6f8d70", "#b8604e"),
        "a kraft gift": ("#c9a374", "#8f4b40"),
        "a blue gift": ("#8fa9b8", CREAM),
        "a pink gift": ("#dba7a0", "#b8697a"),
    }
    box, band = sets[str(params.get("kind") or "a red gift")]
    box = vary(box, rng, 0.015)
    sheet.shape(trace("-160,-30! 160,-30! 154,200! 0,208 -154,200!"), box, ease=0.3)
    for _ in range(12):
        x, y = rng.uniform(-140, 140), rng.uniform(30, 184)
        if abs(x) > 46:
            sheet.oval(x, y, 6.5, 6.5, lighter(box, 0.4))
    sheet.shape(trace("-34,30! 34,30! 33,206! -33,206!"), band, ease=0.3)
    sheet.shape(trace("-178,-62! 178,-62! 174,24! 0,30 -174,24!"), darker(box, 0.1), ease=0.3)
    sheet.shape(trace("-37,-60! 37,-60! 36,28! -36,28!"), band, ease=0.3)
    for side in (-1, 1):
        sheet.shape(trace("8,-64 52,-58 122,-10 92,2! 84,26! 30,-36", wide=side), darker(band, 0.1))
        loop: list[Point] = trace("0,-64 40,-140 108,-162 136,-118 96,-70")
        sheet.shape(loop if side > 0 else flipped(loop), band)
        hole: list[Point] = trace("44,-88 66,-124 102,-136 108,-112 84,-90")
        sheet.shape(hole if side > 0 else flipped(hole), darker(band, 0.24))
    sheet.oval(0, -70, 31, 28, darker(band, 0.12))


def bauble(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A glass ball with a painted band."""
    hues = {"a red bauble": RED, "a green bauble": GREEN, "a golden bauble": "#d3a654", "a blue bauble": "#7f9bb0"}
    main = vary(hues[str(params.get("kind") or "a red bauble")], rng, 0.02)
    ring = [toward((0, -236), a, 24) for a in range(0, 361, 40)]
    sheet.stroke(ring, (8, 8), "#b08a4a")
    sheet.shape(trace("-40,-214 40,-214 46,-168 0,-158 -46,-168"), "#d3a654")
    sheet.shape(oval(0, 20, 194, 192), main)
    sheet.shape(trace("-192,-16 -96,12 0,20 96,12 192,-16 192,56 96,86 0,94 -96,86 -192,56"), CREAM)
    for k in range(7):
        u = (k - 3) / 3.4
        x, y = 192 * u, 57 - 32 * u * u
        sheet.shape(star_points(x, y, 24, 0.5, sharp=True), "#c9a04f")
    for y, half in ((-60, 168), (136, 146)):
        for k in range(9):
            u = (k - 4) / 4.3
            sheet.oval(half * u, y + 26 * (1 - u * u), 7, 7, lighter(main, 0.5))
    sheet.stroke(trace("-128,-60 -112,-100 -80,-130"), (5, 19, 5), lighter(main, 0.6))


def stocking(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A stocking with a fluffy cuff and a sprig."""
    wool = vary({"a green stocking": "#6f8d70"}.get(str(params.get("kind")), RED), rng, 0.02)
    for way, color in ((-112, GREEN), (-90, "#7d9870"), (-66, GREEN)):
        sheet.shape(leaf((-20, -170), way, 110, 46, "lance"), color)
    sheet.stroke(trace("50,-176 54,-240 92,-252 96,-206"), (17, 18, 17, 14), CREAM)
    for band in bands(
        trace("50,-176 54,-240 92,-252 96,-206"), (18, 19, 18, 15), ((0.12, 0.24), (0.4, 0.52), (0.66, 0.78))
    ):
        sheet.shape(band, RED)
    sheet.shape(
        trace("-96,-140 96,-140 92,-20 96,70 60,160 -30,214 -150,228 -206,190 -204,130 -146,100 -98,66 -92,-20"), wool
    )
    sheet.shape(trace("-204,132 -170,112 -140,150 -146,200 -158,228 -206,194"), CREAM)
    sheet.shape(trace("96,60 92,110 56,164 26,140 34,80 66,52"), CREAM)
    for x, y in ((-30, -60), (40, -20), (-40, 20), (20, 60), (-60, 100), (-20, 140), (-90, 170)):
        sheet.shape(star_points(x, y, 19, 0.42, 90, 6, sharp=True), lighter(wool, 0.55))
    cuff: list[Point] = trace(
        "-118,-196 -60,-206 0,-198 60,-206 118,-196 124,-150 112,-116 60,-108 0,-116 -60,-108 -112,-116 -124,-150"
    )
    sheet.shape(cuff, CREAM)


def candy_cane(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A striped cane with a bow."""
    spine: list[Point] = trace("50,240 50,100 50,-60 42,-150 -20,-206 -92,-182 -112,-116 -106,-80")
    widths = (62, 62)
    with sheet.at(0, 0, turn=10 + rng.uniform(-6, 6)):
        sheet.stroke(spine, widths, "#f4eadb")
        for k in range(9):
            for piece in bands(spine, (62, 62), ((0.02 + 0.112 * k, 0.072 + 0.112 * k),)):
                sheet.shape(piece, vary(RED, rng, 0.015))
        for way, size in ((20, 110), (70, 90), (130, 100), (-30, 84)):
            sheet.shape(leaf((50, 50), way, size, 44, "lance"), vary(GREEN, rng, 0.03))
        for x, y in ((40, 36), (66, 44), (50, 66)):
            sheet.oval(x, y, 16, 16, vary("#a8423a", rng, 0.03))


def gingerbread(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A smiling gingerbread man with icing."""
    dough, icing = vary("#b9814f", rng, 0.02), "#f7efe2"
    with sheet.at(0, 0, turn=rng.uniform(-6, 6)):
        right: list[Point] = trace(
            "0,-236 66,-220 100,-160 84,-96 58,-70 110,-66 178,-84 206,-50 184,-12 112,6 84,40 "
            "100,110 138,176 120,220 72,226 36,176 0,116"
        )
        sheet.shape(mirrored(right), dough)
        for side in (-1, 1):
            eye(sheet, side * 36, -164, 12)
            cheek(sheet, side * 62, -138, 18)
            for spine in (trace("150,-86 162,-60 152,-24"), trace("82,190 106,172 130,168")):
                zig: list[Point] = [(x, y) for x, y in spine]
                sheet.stroke(zig if side > 0 else flipped(zig), (10, 11, 10), icing)
        smile(sheet, 0, -134, 26, 16, "#5a3a2c", 5.5)
        sheet.shape(trace("0,-62! -46,-88 -50,-40 0,-62! 46,-88 50,-40"), RED, ease=0.3)
        sheet.oval(0, -62, 15, 16, darker(RED, 0.15))
        for y in (-14, 36, 84):
            sheet.oval(0, y, 14, 14, icing)


def snowman(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two balls of snow, a carrot nose, a scarf and a hat or earmuffs."""
    snow = "#dfe6ea"
    for side in (-1, 1):
        arm: list[Point] = trace("92,40 150,10 206,-46")
        sheet.stroke(arm if side > 0 else flipped(arm), (11, 10, 7), "#7d5f4a")
        twig: list[Point] = [(166, -4), (206, -4)]
        sheet.stroke(twig if side > 0 else flipped(twig), (8, 5), "#7d5f4a")
    sheet.shape(oval(0, 130, 150, 130), snow)
    sheet.glaze(trace("-120,170 0,214 120,170 104,226 0,258 -104,226"), "#8fa8bb", 0.4)
    sheet.shape(oval(0, -70, 112, 106), lighter(snow, 0.3))
    for y in (90, 140, 190):
        sheet.oval(0, y, 12, 12, "#5a4a48")
    for side in (-1, 1):
        eye(sheet, side * 40, -84, 12)
        cheek(sheet, side * 66, -52, 19)
    sheet.shape(trace("-6,-66 8,-60 70,-40! 4,-36 -10,-48"), "#d98a4a")
    smile(sheet, -2, -28, 22, 11, "#5a4a48", 4.5)
    with sheet.at(0, 20):
        accessories.at_neck(sheet, "a knitted scarf", 104, rng)
    if params.get("wearing") == "earmuffs":
        sheet.stroke(trace("-112,-80 -80,-168 0,-196 80,-168 112,-80"), (15, 15), "#6f8d70")
        for side in (-1, 1):
            sheet.oval(side * 112, -76, 33, 40, RED)
    else:
        with sheet.at(8, -160, turn=6):
            sheet.shape(trace("-112,-2 0,-20 112,-2 108,18 0,16 -108,18"), "#5a5558")
            sheet.shape(trace("-74,-4 -70,-126 0,-136 70,-126 74,-4 0,6"), "#686266")
            sheet.shape(trace("-75,-8 -74,-42 0,-34 74,-42 75,-8 0,4"), RED)


def mitten(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A knitted mitten with a snowflake band."""
    wool = vary({"a blue mitten": "#86a0b5", "a green mitten": "#7d9878"}.get(str(params.get("kind")), RED), rng, 0.02)
    with sheet.at(0, 0, turn=rng.uniform(-10, 10)):
        sheet.shape(
            trace("-110,110 -120,-60 -96,-170 -10,-220 76,-176 106,-70 112,-24 150,-76 196,-66 200,-10 150,64 108,110"),
            wool,
        )
        for y in (-60, 20):
            sheet.stroke(trace("-112,0 0,8 104,0", 0, y), (8, 8), lighter(wool, 0.5))
        for x in (-70, 0, 70):
            sheet.shape(star_points(x, -18, 30, 0.36, 90, 6, sharp=True), lighter(wool, 0.62))
        cuff: list[Point] = trace("-128,104 0,94 128,104 132,190 0,204 -132,190")
        sheet.shape(cuff, CREAM)
        for k in range(7):
            sheet.stroke([(-102 + 34 * k, 116), (-102 + 34 * k, 186)], (4, 4), darker(CREAM, 0.16))


def bell(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A golden bell with a bow and holly."""
    gold = vary("#d9ad58", rng, 0.02)
    with sheet.at(0, 0, turn=rng.uniform(-10, 10)):
        sheet.oval(0, 196, 40, 40, darker(gold, 0.24))
        sheet.shape(mirrored(trace("0,-170 52,-156 92,-90 112,40 164,128 172,168 96,192 0,198")), gold)
        sheet.stroke(trace("-148,134 0,158 148,134"), (12, 14, 12), darker(gold, 0.2))
        sheet.stroke(trace("-60,-90 -72,0 -88,70"), (5, 19, 5), lighter(gold, 0.55))
        for way in (-160, -20, 110, 70):
            sheet.shape(leaf((0, -168), way, 116, 50, "lance"), vary(GREEN, rng, 0.03))
        accessories.bow(sheet, 0, -180, 74, RED)


def candle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A candle in a ring of greens."""
    wax = vary({"a red candle": RED}.get(str(params.get("kind")), "#efe3cd"), rng, 0.01)
    sheet.shape(trace("0,-262! 30,-200 22,-160 0,-148 -22,-160 -30,-200"), "#e3a64f")
    sheet.shape(trace("0,-228! 15,-190 0,-162 -15,-190"), "#f6dd98")
    sheet.stroke([(0, -160), (0, -128)], (6, 6), "#5a4a44")
    sheet.shape(trace("-74,170 -76,-118 -40,-132 0,-124 44,-134 76,-116 74,170 0,182"), wax)
    sheet.shape(
        trace("-76,-116 -66,-50 -52,-46 -44,-90 -14,-96 -6,-20 12,-14 20,-88 56,-92 76,-116 0,-106"), lighter(wax, 0.4)
    )
    for k in range(16):
        way = 200 - 13.5 * k
        x = -120 + 16 * k
        sheet.shape(
            leaf((x, 186), way + rng.normal(0, 8), 96, 26, "willow"),
            vary((GREEN, "#7d9870", "#6b8259")[k % 3], rng, 0.03),
        )
    for x in (-84, -62, 4, 66, 88, -8):
        sheet.oval(x, 176 + (x % 3) * 5, 16, 16, vary("#b2473d", rng, 0.03))


def penguin(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round penguin facing us."""
    back = vary({"a baby penguin": "#a3aab2"}.get(str(params.get("kind")), "#566270"), rng, 0.02)
    wearing = str(params.get("wearing") or "")
    for side in (-1, 1):
        sheet.shape(trace("20,226 70,214 112,236 100,256 40,256", wide=side), "#dc9d50")
        wing: list[Point] = trace("104,-10 146,60 164,136 140,144 106,90")
        sheet.shape(wing if side > 0 else flipped(wing), darker(back, 0.14))
    sheet.shape(mirrored(trace("0,-60 86,-30 124,60 122,160 84,226 0,240")), back)
    sheet.shape(mirrored(trace("0,-20 60,0 88,80 84,160 56,212 0,224")), "#f1ece2")
    with sheet.at(0, 26):
        accessories.at_neck(sheet, wearing, 96, rng)
    with sheet.at(0, -80, turn=rng.uniform(-6, 6)):
        sheet.shape(mirrored(trace("0,-108 64,-96 108,-44 114,20 80,76 0,92")), back)
        sheet.shape(mirrored(trace("0,-26! 22,-54 58,-56 84,-16 78,38 42,70 0,76")), "#f4efe5")
        for side in (-1, 1):
            eye(sheet, side * 42, -2, 13)
            cheek(sheet, side * 62, 30, 18)
        sheet.shape(trace("-20,18 0,10 20,18 0,44!"), "#dc9d50")
        accessories.on_head(sheet, wearing, -102, rng)


def snowflake(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A six-armed flake."""
    blue = vary("#8fb0c4", rng, 0.03)
    for k in range(6):
        way = 60 * k
        sheet.stroke([(0, 0), toward((0, 0), way, 230)], (19, 13), blue)
        for d, size in ((84, 70), (140, 62), (190, 40)):
            start = toward((0, 0), way, d)
            for lean in (-50, 50):
                sheet.stroke([start, toward(start, way + lean, size)], (13, 10), blue)
        sheet.oval(*toward((0, 0), way, 238), 13, 13, blue)
    sheet.shape(star_points(0, 0, 46, 0.5, 30, 6, sharp=True), lighter(blue, 0.4))


def _rudolph(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    deer_head(sheet, coat, face, "a young stag")
    sheet.oval(face.x(0, 12), 57, 17, 14, "#b9463c")
    sheet.oval(face.x(0, 12) - 5, 51, 4, 3, "#f6e3da")


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


XMAS = ("christmas", "winter")
_T = ("holiday", "festive", "xmas")
_W = ("a knitted scarf", "a bow tie", "a leaf scarf", "a flower crown", "a little hat")
SUBJECTS = (
    plain("christmas_tree", "Christmas tree", XMAS, (*_T, "tree"), tree),
    plain(
        "gift",
        "gift",
        ("christmas", "birthday"),
        (*_T, "present", "box"),
        gift,
        _k("a red gift", "a kraft gift", "a green gift", "a blue gift", "a pink gift"),
    ),
    plain(
        "bauble",
        "Christmas bauble",
        XMAS,
        (*_T, "ornament", "ball"),
        bauble,
        _k("a red bauble", "a green bauble", "a golden bauble", "a blue bauble"),
    ),
    plain("stocking", "Christmas stocking", XMAS, (*_T, "sock"), stocking, _k("a red stocking", "a green stocking")),
    plain("candy_cane", "candy cane", ("christmas", "sweets"), (*_T, "candy"), candy_cane),
    plain("gingerbread", "gingerbread man", ("christmas", "sweets", "kitchen"), (*_T, "cookie"), gingerbread),
    plain("snowman", "snowman", XMAS, (*_T, "snow"), snowman, [{}, {"wearing": "earmuffs"}]),
    plain("mitten", "mitten", XMAS, (*_T, "glove"), mitten, _k("a red mitten", "a blue mitten", "a green mitten")),
    plain("bell", "golden bell", ("christmas", "wedding"), _T, bell),
    plain("candle", "candle", ("christmas", "winter", "home"), _T, candle, _k("a cream candle", "a red candle")),
    plain("snowflake", "snowflake", XMAS, (*_T, "snow"), snowflake),
    plain(
        "penguin",
        "penguin",
        ("arctic", "winter", "christmas"),
        ("animal", "bird", "antarctic"),
        penguin,
        [
            {"kind": k, "wearing": w}
            for w in ("a knitted scarf", "", "a bow tie", "a party hat", "a flower crown")
            for k in ("a penguin", "a baby penguin")
        ],
    ),
    animal(
        "polar_bear",
        "polar bear",
        ("arctic", "winter", "christmas"),
        ("animal", "bear", "snow"),
        Build(POLAR, BEAR_HEAD, stub_tail, plump=1.18, bib=False),
        ("sitting up", "walking", "sleeping", "sitting"),
        ("a knitted scarf", "a bow tie", "a leaf crown", "a party hat"),
    ),
    hoofed(
        "reindeer",
        "reindeer",
        ("christmas", "winter", "arctic"),
        ("animal", "deer", "rudolph", "holiday"),
        Hoofed(REINDEER, _rudolph, deer_marks, deer_tail, head_size=1.16, neck=0.92, leg=0.92, girth=1.25, thick=1.12),
        ("standing", "lying down"),
        _W,
    ),
)

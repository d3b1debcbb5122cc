"""Things for feasts: Easter, birthday, Valentine's day, weddings and a new baby.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import math

import numpy as np

from . import accessories
from .botanicals import olive
from .celestial import star_points
from .florals import anemone, rose
from .geometry import Point, Sheet, blob, darker, leaf, lighter, mirrored, oval, rows, toward, trace, vary
from .subject import Params, plain

EGGS = {
    "a striped Easter egg": ("#dba59c", "#f3e6d0"),
    "a dotted Easter egg": ("#9cb8c0", "#f5ead6"),
    "a floral Easter egg": ("#e9d9a8", "#d98f88"),
    "a zigzag Easter egg": ("#a9bd9f", "#f3e6cf"),
    "a speckled Easter egg": ("#c3b4cf", "#86768f"),
}


def _egg(kind: str, sheet: Sheet, rng: np.random.Generator) -> None:
    main, second = EGGS[kind]
    r: float
    x: float
    y: float
    main = vary(main, rng, 0.02)
    outline = mirrored(trace("0,-220 72,-190 134,-80 156,40 126,150 64,200 0,208"))
    sheet.shape(outline, main)

    def half_at(y: float) -> float:
        ys, xs = (-220, -190, -80, 40, 150, 200), (0, 72, 134, 156, 126, 64)
        return float(np.interp(y, ys, xs))

    if "striped" in kind:
        for y, w in ((-120, 26), (-50, 44), (36, 30), (106, 44)):
            hi, lo = half_at(y - w / 2) - 3, half_at(y + w / 2) - 3
            sheet.shape(
                [
                    (-hi, y - w / 2 - 8, 1),
                    (0, y - w / 2 + 12),
                    (hi, y - w / 2 - 8, 1),
                    (lo, y + w / 2 - 8, 1),
                    (0, y + w / 2 + 12),
                    (-lo, y + w / 2 - 8, 1),
                ],
                second,
            )
    elif "dotted" in kind:
        for y in (-140, -78, -16, 46, 108, 160):
            count = max(1, int(half_at(y) / 34))
            for k in range(count):
                sheet.oval((k - (count - 1) / 2) * 66, y, 15, 15, second)
    elif "floral" in kind:
        for x, y, r in ((-50, -80, 44), (52, -16, 50), (-56, 60, 48), (46, 122, 38), (20, -146, 30)):
            for lean in (-160, -20, 80):
                sheet.shape(leaf((x, y), lean + x, r * 1.5, r * 0.56, "lance"), vary("#8fa07a", rng, 0.03))
            accessories.flower(sheet, x, y, r, vary(second, rng, 0.04), rng)
    elif "zigzag" in kind:
        for y in (-110, -30, 60, 130):
            x = half_at(y) - 20
            zig: list[Point] = [(-x + 2 * x * k / 8, y + (16 if k % 2 else -16), 1) for k in range(9)]
            sheet.stroke(zig, (13, 13), second)
    else:
        for _ in range(44):
            y = rng.uniform(-190, 180)
            x = rng.uniform(-0.86, 0.86) * half_at(y)
            r = rng.uniform(3, 8)
            sheet.shape(blob(x, y, r, r * 0.85, rng, 0.12, 7), second)
    sheet.stroke(trace("-100,20 -94,-60 -62,-124"), (4, 17, 4), lighter(main, 0.6))


def easter_egg(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A painted egg."""
    with sheet.at(0, 0, turn=rng.uniform(-14, 14)):
        _egg(str(params.get("kind") or "a striped Easter egg"), sheet, rng)


def basket(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A woven basket of eggs, or of flowers, with a bow."""
    straw = vary("#c19a66", rng, 0.02)
    sheet.stroke(trace("-170,20 -150,-140 0,-230 150,-140 170,20"), (27, 25, 25, 25, 27), darker(straw, 0.06))
    if params.get("kind") == "a basket of flowers":
        for k in range(12):
            sheet.shape(leaf((-150 + 27 * k, 20), -150 + 11 * k, 130, 40, "lance"), vary("#869a6a", rng, 0.04))
        for x, y, r, pick in (
            (-118, -20, 52, 0),
            (0, -62, 66, 1),
            (116, -22, 54, 0),
            (-58, -46, 50, 2),
            (62, -48, 50, 2),
            (-6, 0, 48, 0),
        ):
            (rose, anemone, anemone)[pick](sheet, x, y, r, rng, ("#d9948e", "#f3eadd", "#a9b5d3")[pick])
    else:
        for k in range(16):
            sheet.shape(
                leaf((-160 + 21 * k, 30), -90 + rng.normal(0, 22), rng.uniform(70, 110), 13, "willow"),
                vary("#93a86f", rng, 0.04),
            )
        for k, (x, y, turn) in enumerate(((-104, -10, -20), (100, -12, 18), (-2, -36, 3))):
            with sheet.at(x, y, turn=turn, size=0.42):
                _egg(list(EGGS)[(k * 2 + 1) % 5], sheet, rng)
    body: list[Point] = trace("-196,10! 0,22 196,10! 176,120 140,206 0,216 -140,206 -176,120")
    sheet.shape(body, straw)
    for row in range(4):
        y, half = 46 + 44 * row, 184 - 14 * row
        for k in range(9):
            if (k + row) % 2 == 0:
                sheet.stroke(
                    [
                        (-half + half * 2 * k / 9 + 4, y),
                        (-half + half * 2 * (k + 0.5) / 9, y + 7),
                        (-half + half * 2 * (k + 1) / 9 - 4, y),
                    ],
                    (22, 26, 22),
                    lighter(straw, 0.22),
                )
    sheet.stroke(trace("-200,8 0,20 200,8"), (30, 32, 30), darker(straw, 0.1))
    accessories.bow(sheet, 0, 44, 72, vary("#cf8f8a", rng, 0.03))


def birthday_cake(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A cake with candles, or a tiered wedding cake with flowers."""
    x: float
    y: float
    if params.get("kind") == "a wedding cake":
        _wedding_cake(sheet, rng)
        return
    frost, berry = vary("#e6b5ad", rng, 0.02), "#f3e7d3"
    sheet.shape(oval(0, 206, 240, 42), "#c9d0cd")
    sheet.shape(trace("-190,10 190,10 188,180 120,212 -120,212 -188,180"), berry)
    for y in (96, 150):
        sheet.stroke(trace("-188,-10 0,18 188,-10", 0, y), (11, 12, 11), lighter(frost, 0.1))
    drip: list[Point] = trace(
        "-194,4 0,-40 194,4 192,60 164,70 150,40 116,40 100,92 72,92 58,50 20,50 4,74 -20,74 "
        "-36,48 -70,50 -84,96 -110,94 -124,46 -156,44 -170,72 -192,58"
    )
    sheet.shape(drip, frost)
    sheet.shape(oval(0, 0, 192, 44), lighter(frost, 0.2))
    for k, x in enumerate((-104, -52, 0, 52, 104)):
        color = ("#9fb8c0", "#e3c27c", "#a9bd9f", "#c9a3b5", "#d98f78")[k]
        y = -6 - 12 * (1 - abs(x) / 110)
        sheet.stroke([(x, y), (x, y - 100)], (17, 16), color)
        sheet.shape(trace("0,-158! 14,-124 0,-106 -14,-124", x, y), "#e3a64f")
    for k in range(22):
        x, y = toward((0, 130), 137.5 * k, 30 + 6 * k)
        if abs(x) < 170 and 104 < y < 196:
            sheet.oval(x, y, 6, 6, ("#d98f78", "#9fb8c0", "#e3c27c")[k % 3])


def _wedding_cake(sheet: Sheet, rng: np.random.Generator) -> None:
    cream = "#f1e8da"
    r: float
    x: float
    y: float
    sheet.shape(oval(0, 250, 220, 32), "#cbbfae")
    for y, half, tall in ((250, 180, 150), (110, 132, 136), (-16, 86, 118)):
        sheet.shape(
            [
                (-half, y - tall),
                (half, y - tall),
                (half, y - 12),
                (half * 0.6, y + 10),
                (-half * 0.6, y + 10),
                (-half, y - 12),
            ],
            cream,
        )
        sheet.shape(oval(0, y - tall, half, half * 0.16), lighter(cream, 0.4))
        for k in range(7):
            u = (k - 3) / 3.3
            sheet.stroke(
                [
                    (u * half, y - tall + 26),
                    (u * half + half * 0.14, y - tall + 44),
                    (u * half + half * 0.27, y - tall + 26),
                ],
                (5, 7, 5),
                "#d9cbb3",
            )
    for origin, way in (((60, -110), 20), ((-50, -110), -160), ((-110, 6), 150), ((150, 120), 10)):
        olive(sheet, origin, way, 130, rng, "#8fa48a")
    for x, y, r in rows("0,-150,54 46,-120,36 -48,-122,34 -116,4,46 -76,24,32 130,128,50 84,146,34"):
        rose(sheet, x, y, r, rng, vary("#d9a29a", rng, 0.03))


def heart(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A heart, plain, of flowers, or with an arrow."""
    kind = str(params.get("kind") or "a red heart")
    red = vary({"a pink heart": "#d99a98"}.get(kind, "#bf5a55"), rng, 0.02)
    shape = mirrored(trace("0,-96! 50,-170 140,-186 206,-110 176,0 90,116 0,196!"))
    if kind == "a heart of flowers":
        points = [p[:2] for p in shape]
        for k in range(2 * len(points)):
            a, b = points[(k // 2) % len(points)], points[(k // 2 + 1) % len(points)]
            x, y = (a[0] + b[0]) / 2 if k % 2 else a[0], (a[1] + b[1]) / 2 if k % 2 else a[1]
            for lean in (-60, 60, 180):
                sheet.shape(
                    leaf((x, y), math.degrees(math.atan2(y, x)) + lean, 74, 28, "lance"),
                    vary(accessories.GREENS[k % 4], rng, 0.03),
                )
        for k in range(2 * len(points)):
            a, b = points[(k // 2) % len(points)], points[(k // 2 + 1) % len(points)]
            x, y = (a[0] + b[0]) / 2 if k % 2 else a[0], (a[1] + b[1]) / 2 if k % 2 else a[1]
            accessories.flower(sheet, x, y, rng.uniform(26, 42), vary(accessories.PETALS[k % 5], rng, 0.02), rng)
        return
    with sheet.at(0, 0, turn=rng.uniform(-8, 8)):
        if "arrow" in kind:
            sheet.stroke(trace("-270,130 0,-10 250,-136"), (15, 15, 15), "#a3805a")
            sheet.shape(trace("240,-152! 304,-164! 262,-112!"), "#a3805a", ease=0.2)
            for k in range(3):
                for lean in (150, 218):
                    sheet.shape(leaf((-236 + 22 * k, 112 - 12 * k), lean - 26, 56, 17, "lance"), "#d3b183")
        sheet.shape(shape, red)
        sheet.glaze(trace("120,-140 184,-90 150,10 70,110 100,-20"), darker(red, 0.3), 0.35)
        sheet.stroke(trace("-156,-60 -150,-120 -104,-150"), (5, 22, 5), lighter(red, 0.55))
        if "arrow" in kind:
            sheet.stroke([(-60, 20), (30, -26)], (2, 3), darker(red, 0.3))


def love_letter(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An envelope sealed with a heart."""
    paper = vary("#efe2cd", rng, 0.01)
    with sheet.at(0, 0, turn=rng.uniform(-10, 10)):
        sheet.shape(trace("-220,-130! 220,-130! 220,150! -220,150!"), paper, ease=0.1)
        for side in (-1, 1):
            sheet.shape(trace("220,-126! 220,148! 14,24!", wide=side), darker(paper, 0.07), ease=0.1)
        sheet.shape(trace("-216,150! 0,6! 216,150!"), lighter(paper, 0.3), ease=0.1)
        sheet.shape(trace("-222,-132! 222,-132! 16,50 -16,50"), darker(paper, 0.12), ease=0.2)
        sheet.shape(mirrored(trace("0,-2! 22,-34 64,-36 70,8 38,52 0,82!")), vary("#bf5a55", rng, 0.02))
        for x, y, way in ((-150, -150, -60), (-130, -160, -100), (170, 156, 40), (150, 166, 90)):
            sheet.shape(leaf((x, y), way, 90, 34, "lance"), vary(accessories.GREENS[int(rng.integers(4))], rng, 0.03))
        for x, y in ((-146, -150), (158, 158)):
            accessories.flower(sheet, x, y, 36, vary("#d9948e", rng, 0.03), rng)


def balloons(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Three party balloons on strings."""
    for x, y, color in ((-116, -60, "#d9948a"), (116, -70, "#9ab5bb"), (0, -130, "#e3c27c")):
        sheet.stroke([(x, y + 130), (x * 0.5, 170), (10, 290)], (4.5, 4.5, 4.5), "#a8957f")
        tone = vary(color, rng, 0.02)
        sheet.shape(mirrored(trace("0,-130 70,-108 104,-20 70,80 14,122 0,126", x, y), x), tone)
        sheet.shape(trace("-16,140! 0,118 16,140!", x, y), darker(tone, 0.16), ease=0.2)
        sheet.stroke(trace("-64,-20 -60,-62 -30,-92", x, y), (4, 16, 4), lighter(tone, 0.55))
    accessories.bow(sheet, 8, 262, 40, "#c9705a")


def bunting(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A string of pennants."""
    line = [(450 * u, 90 * (1 - u * u)) for u in np.linspace(-1, 1, 13)]
    for k in range(6):
        (x0, y0), (x1, y1) = line[2 * k], line[2 * k + 2]
        color = vary(("#d9948a", "#e9d3a4", "#9fb8a5", "#b3c3c9", "#d9a878", "#c9a9b8")[k], rng, 0.02)
        mid = ((x0 + x1) / 2, (y0 + y1) / 2 + 170)
        sheet.shape([(x0 + 10, y0 + 4, 1), (x1 - 10, y1 + 4, 1), (*mid, 1)], color, ease=0.1)
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2 + 58
        if k % 2:
            sheet.shape(star_points(cx, cy, 27, 0.5), lighter(color, 0.6))
        else:
            sheet.shape(mirrored(trace("0,-10! 12,-23 26,-12 17,10 0,25!", cx, cy), cx), lighter(color, 0.6))
    sheet.stroke([(x, y) for x, y in line[::2]], (9, 9), "#b0997b")


def rings(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two wedding rings with a sprig."""
    for way in (-172, -8):
        olive(sheet, (0, 150), way, 300, rng, "#8fa48a")
    for x, tone in ((-80, "#d9b25f"), (80, "#e3c481")):
        ring = [toward((x, 20), a, 128) for a in range(100 if x < 0 else -80, 461 if x < 0 else 281, 30)]
        sheet.stroke(ring, (30, 30), vary(tone, rng, 0.02))
    patch = [toward((-80, 20), a, 128) for a in (-52, -36, -20)]
    sheet.stroke(patch, (30, 30), "#d9b25f")
    with sheet.at(80, -126):
        sheet.shape(trace("-34,0 -52,-34! -28,-58! 28,-58! 52,-34! 0,18!"), "#b9d3da", ease=0.2)
        sheet.shape(trace("-20,-34! 20,-34! 0,10!"), "#e3eef0", ease=0.2)
    for x, y, r in ((-10, 150, 58), (-76, 156, 38), (56, 156, 40)):
        rose(sheet, x, y, r, rng, vary("#d9a29a", rng, 0.02))


def champagne(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two glasses meeting."""
    for side in (-1, 1):
        with sheet.at(side * 96, 0, turn=side * -13):
            glass = "#cddad8"
            sheet.shape(trace("-60,-210 60,-210 56,-80 30,10 12,26 -12,26 -30,10 -56,-80"), glass)
            sheet.shape(trace("-54,-130 0,-122 54,-130 48,-70 26,6 -26,6 -48,-70"), vary("#e9cd8c", rng, 0.02))
            for x, y, r in ((-20, -60, 7), (14, -90, 8), (4, -30, 6), (-26, -100, 6), (24, -50, 5)):
                sheet.oval(x, y, r, r, "#f8efd3")
            sheet.stroke([(0, 22), (0, 150)], (15, 13), glass)
            sheet.shape(trace("-66,168 -30,150 0,144 30,150 66,168 0,182"), glass)
            accessories.bow(sheet, 0, 64, 38, "#d9a29a")
    for x, y, r in ((-20, -270, 11), (24, -290, 8), (4, -318, 10), (-44, -302, 6)):
        sheet.shape(star_points(x, y, r * 2, 0.4, sharp=True, points=4), "#e3c27c")


def rattle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A baby's rattle, or a bottle."""
    if params.get("kind") == "a baby bottle":
        with sheet.at(0, 0, turn=16):
            sheet.shape(trace("0,-260 34,-240 40,-200 74,-170 -74,-170 -40,-200 -34,-240"), "#e3bfa0")
            sheet.shape(trace("-96,-172 96,-172 98,-110 0,-100 -98,-110"), vary("#d99f94", rng, 0.02))
            sheet.shape(trace("-90,-108 90,-108 108,-40 106,180 60,218 -60,218 -106,180 -108,-40"), "#d3dfe0")
            sheet.shape(trace("-100,-10 0,2 100,-10 100,174 56,208 -56,208 -100,174"), "#f3ecdf")
            for y in (30, 74, 118, 162):
                sheet.stroke([(44, y), (92, y)], (6, 6), "#a8b9bb")
            sheet.shape(mirrored(trace("-24,70! -6,44 22,56 14,96 -24,130!"), -24), "#d99f94")
        return
    with sheet.at(0, 0, turn=28):
        ring = [toward((0, 190), a, 62) for a in range(-90, 271, 30)]
        sheet.stroke(ring, (26, 26), "#d3ab74")
        sheet.stroke([(0, 120), (0, 20)], (31, 27), "#e3c596")
        sheet.shape(oval(0, -100, 138, 134), vary("#a9c0bf", rng, 0.02))
        sheet.shape(trace("-136,-120 0,-98 136,-120 137,-76 0,-50 -137,-76"), "#f3e6d0")
        sheet.shape(star_points(0, -170, 32), "#e6c374")
        for x in (-80, 0, 80):
            sheet.shape(mirrored(trace("0,-90! 10,-100 21,-90 14,-73 0,-60!", x, 0), x), "#d98f88")
        accessories.bow(sheet, 0, 40, 62, "#d99f94")


def pram(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An old-fashioned pram."""
    x: float
    main = vary(
        {"a blue pram": "#8fa9b8", "a green pram": "#9fb294"}.get(str(params.get("kind")), "#d9a39a"), rng, 0.02
    )
    for x in (-96, 100):
        sheet.stroke([toward((x, 190), a, 62) for a in range(0, 361, 30)], (15, 15), "#8a705c")
        for a in range(0, 180, 45):
            sheet.stroke([toward((x, 190), a, 56), toward((x, 190), a + 180, 56)], (5, 5), "#a88c72")
        sheet.oval(x, 190, 14, 14, "#8a705c")
    sheet.stroke(trace("-130,128 0,150 130,128"), (12, 13, 12), "#8a705c")
    sheet.stroke(trace("176,20 236,-30 262,-80"), (14, 13, 17), "#8a705c")
    sheet.shape(trace("-190,-6! 190,-6! 170,80 100,136 -90,136 -166,80"), main)
    hood: list[Point] = trace("-196,-8! -176,-120 -96,-196 0,-214! 20,-110 24,-8!")
    sheet.shape(hood, darker(main, 0.12))
    for x, y in ((-118, -176), (-168, -104)):
        sheet.stroke([(x, y), (x * 0.3, -60), (20, -8)], (7, 7, 7), lighter(main, 0.35))
    for k in range(12):
        x = -186 + 34.5 * k
        sheet.oval(x, 4, 19, 17, "#f5ecdd")
    for x in (-100, -30, 40, 110):
        sheet.shape(mirrored(trace("0,56! 10,44 22,54 14,74 0,88!", x, 0), x), lighter(main, 0.55))


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


SUBJECTS = (
    plain("easter_egg", "Easter egg", ("easter", "spring"), ("egg", "painted"), easter_egg, _k(*EGGS)),
    plain(
        "basket",
        "basket",
        ("easter", "spring", "floral"),
        ("eggs", "flowers"),
        basket,
        _k("a basket of painted eggs", "a basket of flowers"),
    ),
    plain(
        "cake",
        "cake",
        ("birthday", "sweets", "wedding", "kitchen"),
        ("party", "dessert"),
        birthday_cake,
        _k("a birthday cake", "a wedding cake"),
    ),
    plain(
        "heart",
        "heart",
        ("valentine", "wedding", "baby"),
        ("love",),
        heart,
        _k("a red heart", "a heart of flowers", "a heart with an arrow", "a pink heart"),
    ),
    plain("love_letter", "love letter", ("valentine", "wedding"), ("love", "envelope", "mail"), love_letter),
    plain("party_balloons", "bunch of party balloons", ("birthday", "baby"), ("party", "celebration"), balloons),
    plain("bunting", "string of bunting", ("birthday", "baby"), ("party", "flags", "banner"), bunting),
    plain("rings", "pair of wedding rings", ("wedding", "valentine"), ("love", "marriage", "engagement"), rings),
    plain(
        "champagne", "pair of champagne glasses", ("wedding", "drinks", "birthday"), ("toast", "celebration"), champagne
    ),
    plain(
        "rattle", "baby toy", ("baby",), ("nursery", "newborn", "shower"), rattle, _k("a baby rattle", "a baby bottle")
    ),
    plain(
        "pram",
        "pram",
        ("baby",),
        ("nursery", "newborn", "shower", "stroller"),
        pram,
        _k("a pink pram", "a blue pram", "a green pram"),
    ),
)

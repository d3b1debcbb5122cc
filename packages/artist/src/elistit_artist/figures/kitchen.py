"""Fruit, vegetables, sweets and the tea table.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .celestial import star_points
from .geometry import Point, Sheet, arc, blob, darker, leaf, lighter, mirrored, oval, rows, toward, trace, vary
from .subject import Params, plain

LEAF = "#83985f"


def strawberry(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A strawberry with its leaves."""
    red = vary("#c6534a", rng, 0.02)
    with sheet.at(0, 0, turn=rng.uniform(-12, 12)):
        sheet.shape(mirrored(trace("0,-130 90,-146 158,-90 146,30 84,146 0,212")), red)
        sheet.glaze(trace("60,-110 140,-70 130,40 70,140 84,20"), darker(red, 0.3), 0.3)
        for row, (y, xs) in enumerate(
            ((-66, (-100, -36, 36, 100)), (-6, (-72, 0, 72)), (54, (-84, -28, 30, 84)), (108, (-42, 20)), (156, (-8,)))
        ):
            for x in xs:
                sheet.shape(leaf((x, y - 10 + 4 * (row % 2)), 90, 21, 12, "petal"), "#f1d9a4")
        sheet.stroke(trace("0,-140 6,-190 24,-226"), (15, 13, 15), darker(LEAF, 0.1))
        for k in range(7):
            sheet.shape(leaf((0, -136), 8 + 27.5 * k + rng.normal(0, 4), 112, 42, "lance"), vary(LEAF, rng, 0.03))


def lemon(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A lemon or an orange on its twig, or a slice."""
    kind = str(params.get("kind") or "a lemon")
    skin = vary("#e6c657" if "lemon" in kind else "#dd9a4c", rng, 0.02)
    if "slice" in kind:
        sheet.shape(blob(0, 0, 210, 210, rng, 0.006, 18), skin)
        sheet.shape(oval(0, 0, 184, 184), "#f8f0da")
        for k in range(9):
            way = 40 * k
            sheet.shape(
                [
                    toward((0, 0), way, 26),
                    toward((0, 0), way - 16, 120),
                    toward((0, 0), way - 14, 164),
                    toward((0, 0), way, 172),
                    toward((0, 0), way + 14, 164),
                    toward((0, 0), way + 16, 120),
                ],
                vary(lighter(skin, 0.28), rng, 0.015),
            )
        return
    for way, size in ((-150, 190), (-36, 210), (-94, 150)):
        sheet.shape(leaf((20, -130), way, size, size * 0.4, "lance"), vary("#7d9468", rng, 0.03))
    sheet.stroke(trace("0,-110 14,-170 50,-214"), (13, 12, 13), "#8a6d50")
    if "lemon" in kind:
        sheet.shape(mirrored(trace("0,-128 70,-112 142,-30 142,66 72,148 30,176 0,196")), skin)
    else:
        sheet.shape(blob(0, 40, 160, 156, rng, 0.006, 16), skin)
    sheet.glaze(trace("90,-40 132,20 110,100 50,150 84,60"), darker(skin, 0.3), 0.35)
    for _ in range(14):
        x, y = toward((0, 40), rng.uniform(0, 360), 120 * float(np.sqrt(rng.random())))
        sheet.oval(x, y, 4, 4, darker(skin, 0.13))
    sheet.stroke(trace("-96,10 -88,-34 -60,-66"), (4, 15, 4), lighter(skin, 0.55))


def cherries(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two cherries on their stalks."""
    for x, y in ((-90, 120), (86, 150)):
        sheet.stroke([(10, -200), (x * 0.3 + 20, -60), (x + 6, y - 80)], (12, 9, 9), "#83885a")
    for way, size in ((-160, 180), (-20, 160)):
        sheet.shape(leaf((10, -196), way + 16, size, size * 0.46, "lance"), vary(LEAF, rng, 0.03))
        sheet.stroke([(10, -196), toward((10, -196), way + 16, size * 0.8)], (5, 1.5), darker(LEAF, 0.24))
    for x, y in ((-90, 120), (86, 150)):
        red = vary("#b0434a", rng, 0.03)
        sheet.shape(mirrored(trace("0,-82 50,-96 100,-40 86,50 36,94 0,96", x, y), x), red)
        sheet.stroke(trace("-60,4 -56,-30 -34,-54", x, y), (4, 14, 4), lighter(red, 0.6))


def pear(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A pear, or an apple."""
    kind = str(params.get("kind") or "a pear")
    sheet.stroke(trace("0,-130 8,-190 30,-230"), (16, 14, 17), "#7d5f48")
    sheet.shape(leaf((10, -170), -26, 160, 70, "lance"), vary(LEAF, rng, 0.03))
    sheet.stroke([(14, -172), toward((10, -170), -26, 126)], (5, 1.5), darker(LEAF, 0.24))
    skin = vary({"a pear": "#c3ba66", "a red apple": "#bd5548", "a green apple": "#a3b568"}[kind], rng, 0.02)
    if kind == "a pear":
        sheet.shape(mirrored(trace("0,-160 50,-146 74,-80 104,-10 148,70 134,166 60,214 0,212")), skin)
        sheet.glaze(trace("60,-40 120,60 112,150 60,190 80,70"), "#b5763f", 0.4)
    else:
        sheet.shape(mirrored(trace("0,-106 50,-140 136,-120 174,-30 148,104 74,182 26,186 0,176")), skin)
        sheet.glaze(trace("90,-90 150,-20 130,90 76,150 100,30"), darker(skin, 0.35), 0.35)
    sheet.stroke(
        trace("-86,96 -96,40 -76,-20") if kind == "a pear" else trace("-112,20 -116,-40 -86,-88"),
        (4, 19, 4),
        lighter(skin, 0.55),
    )


def avocado(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Half an avocado."""
    with sheet.at(0, 0, turn=14 + rng.uniform(-8, 8)):
        sheet.shape(mirrored(trace("0,-226 56,-208 92,-120 142,0 156,90 110,186 0,220")), vary("#5f7550", rng, 0.02))
        sheet.shape(mirrored(trace("0,-204 44,-188 76,-110 124,4 136,88 96,170 0,200")), vary("#b5c078", rng, 0.02))
        sheet.shape(mirrored(trace("0,-180 34,-164 60,-92 104,14 114,86 80,152 0,180")), vary("#e2dea2", rng, 0.015))
        sheet.shape(blob(0, 72, 72, 76, rng, 0.01, 12), vary("#94653f", rng, 0.02))
        sheet.stroke(trace("-40,72 -36,44 -16,24"), (4, 14, 4), "#d9b48a")


def carrot(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A carrot with its greens."""
    with sheet.at(0, 0, turn=24 + rng.uniform(-10, 10)):
        for way, size in ((-128, 150), (-52, 150), (-110, 190), (-70, 190), (-90, 210)):
            end = toward((0, -100), way, size)
            sheet.stroke([(0, -96), toward((0, -100), way, size * 0.5), end], (13, 10, 6), vary("#7d9468", rng, 0.03))
            for t in (0.4, 0.6, 0.8, 1.0):
                for lean in (-46, 46):
                    sheet.shape(
                        leaf(toward((0, -100), way, size * t), way + lean, 50 - 14 * t, 20, "round"),
                        vary("#87a06c", rng, 0.04),
                    )
        orange = vary("#d98a45", rng, 0.02)
        sheet.shape(trace("-78,-92 0,-112 78,-92 80,-40 50,90 18,220 0,262! -18,220 -50,90 -80,-40"), orange)
        for x, y, w in ((-66, -40, 50), (30, -10, 40), (-46, 50, 44), (16, 100, 30), (-20, 160, 28)):
            sheet.stroke([(x, y), (x + w * 0.5, y + 8), (x + w, y + 3)], (2, 7, 2), darker(orange, 0.2))


def cupcake(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A cupcake with swirled frosting and a berry on top."""
    x: float
    y: float
    hues = {
        "a strawberry cupcake": "#e2a8a2",
        "a chocolate cupcake": "#96694f",
        "a vanilla cupcake": "#f0e1c2",
        "a mint cupcake": "#aec9b2",
    }
    cream = vary(hues[str(params.get("kind") or "a strawberry cupcake")], rng, 0.02)
    paper = "#c9b08a"
    sheet.shape(trace("-138,40! 138,40! 104,220! 0,230 -104,220!"), paper, ease=0.3)
    for k in range(7):
        u = (k - 3) / 3.0
        sheet.stroke(trace("118,56 104,140 92,220", wide=u), (11, 10, 9), lighter(paper, 0.42))
    for y, half, tall, tone in ((20, 170, 64, 0.0), (-48, 132, 58, 0.16), (-112, 92, 52, 0.3), (-168, 50, 46, 0.42)):
        sheet.shape(
            [
                (-half, y + 10),
                (-half * 0.86, y - tall * 0.6),
                (0, y - tall),
                (half * 0.86, y - tall * 0.6),
                (half, y + 10),
                (half * 0.6, y + tall * 0.6),
                (0, y + tall * 0.66),
                (-half * 0.6, y + tall * 0.6),
            ],
            lighter(cream, tone),
        )
    for _ in range(16):
        x, y = rng.uniform(-120, 120), rng.uniform(-150, 40)
        if abs(x) < 60 + (y + 150) * 0.5:
            with sheet.at(x, y, turn=rng.uniform(0, 180)):
                sheet.stroke(
                    [(-9, 0), (9, 0)], (8, 8), ("#d08a5c", "#8fa8a0", "#e3c06a", "#b8697a")[int(rng.integers(4))]
                )
    sheet.shape(blob(4, -222, 42, 42, rng, 0.02, 10), "#b5484a")
    sheet.stroke(trace("6,-252 20,-286 46,-300"), (7, 6, 6), LEAF)
    sheet.oval(-10, -236, 8, 7, "#e9b9b0")


def donut(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A glazed ring with sprinkles, or a cookie."""
    kind = str(params.get("kind") or "a pink donut")
    dough = vary("#d3a267", rng, 0.02)
    if "cookie" in kind:
        sheet.shape(blob(0, 0, 214, 208, rng, 0.018, 16), vary("#cf9f66", rng, 0.02))
        for x, y, r in rows(
            "-90,-96,28 40,-120,24 110,-30,27 -20,-20,30 -126,30,24 60,70,29 -50,112,26 130,100,19 20,160,22"
        ):
            sheet.shape(blob(x, y, r, r * 0.9, rng, 0.07, 8), vary("#6f4c3a", rng, 0.02))
        return
    glaze = vary({"a pink donut": "#e0a3a3", "a chocolate donut": "#86604a"}[kind], rng, 0.02)
    sheet.shape(blob(0, 0, 222, 214, rng, 0.008, 18), dough)
    edge = [toward((0, -4), a, 196 + (12 if k % 2 else -8)) for k, a in enumerate(range(0, 360, 20))]
    sheet.shape(edge, glaze)
    sheet.shape(oval(0, 0, 80, 76), lighter(dough, 0.15))
    sheet.shape(oval(0, 4, 60, 55), "#fbf6ec")
    for k in range(30):
        x, y = toward((0, 0), 137.5 * k, 96 + 84 * ((k * 7) % 10) / 10)
        with sheet.at(x, y, turn=rng.uniform(0, 180)):
            sheet.stroke([(-10, 0), (10, 0)], (8, 8), ("#f3e3b8", "#8fb0a5", "#d98a5c", "#f6eee2")[k % 4])


def ice_cream(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two scoops in a cone."""
    sheet.shape(trace("-104,20! 104,20! 12,272 -12,272"), "#d3a467", ease=0.3)
    for k in range(3):
        sheet.stroke([(-78 + 44 * k, 40), (-20 + 26 * k, 150 + 30 * (k == 0))], (7, 6), "#b5824a")
        sheet.stroke([(78 - 44 * k, 40), (20 - 26 * k, 150 + 30 * (k == 0))], (7, 6), "#b5824a")
    for y, r, color in ((-30, 128, "#e3b3a6"), (-156, 104, "#f0e2c4")):
        tone = vary(color, rng, 0.015)
        ring = [toward((0, y), a, r) for a in range(180, 361, 20)]
        hem: list[Point] = [
            (r * 1.06, y + 34),
            (r * 0.74, y + 54),
            (r * 0.5, y + 32),
            (r * 0.2, y + 62),
            (-r * 0.12, y + 36),
            (-r * 0.5, y + 58),
            (-r * 0.8, y + 34),
            (-r * 1.06, y + 36),
        ]
        sheet.shape([*ring, *hem], tone)
        for _ in range(7):
            sheet.oval(rng.uniform(-r * 0.7, r * 0.7), y + rng.uniform(-r * 0.6, 10), 6.5, 6, darker(tone, 0.2))
    sheet.shape(blob(10, -276, 36, 36, rng, 0.02, 10), "#b5484a")
    sheet.oval(0, -288, 7, 6, "#e9b9b0")


def teacup(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A cup on its saucer, with steam."""
    kind = str(params.get("kind") or "a floral cup of tea")
    china = vary(
        {"a floral cup of tea": "#efe6d8", "a blue cup of coffee": "#9db4bf", "a red mug of cocoa": "#b8604e"}[kind],
        rng,
        0.01,
    )
    for x in (-46, 10, 60):
        sheet.stroke(trace("0,-116 -20,-156 16,-192 -6,-236", x, 0), (4, 10, 9, 3), "#d3cdc6")
    sheet.shape(oval(0, 166, 236, 46), darker(china, 0.1))
    sheet.shape(oval(0, 156, 130, 22), darker(china, 0.2))
    handle: list[Point] = trace("140,-50 206,-60 226,0 190,60 120,80")
    sheet.stroke(handle, (26, 27, 27, 26, 22), darker(china, 0.07))
    sheet.shape(trace("-170,-84 170,-84 160,20 112,120 64,160 -64,160 -112,120 -160,20"), china)
    sheet.shape(oval(0, -84, 170, 35), darker(china, 0.12))
    sheet.shape(oval(0, -80, 148, 25), {"a floral cup of tea": "#b9804a"}.get(kind, "#76523f"))
    if kind == "a floral cup of tea":
        for x, y, r in ((-60, 30, 36), (20, 56, 30), (70, 10, 25)):
            for lean in (-150, -20, 70):
                sheet.shape(leaf((x, y), lean, 54, 20, "lance"), vary(LEAF, rng, 0.03))
            accessories.flower(sheet, x, y, r, vary("#d9948e", rng, 0.04), rng)
    elif "cocoa" in kind:
        for x, y in ((-60, -88), (-10, -96), (46, -86), (10, -76)):
            sheet.shape(blob(x, y, 27, 20, rng, 0.05, 8), "#f6eddf")
        sheet.shape(star_points(-10, 36, 46, 0.42, 90, 6, sharp=True), "#f3e6d5")
    else:
        for y in (10, 60):
            sheet.stroke([(-146 + y * 0.5, y), (0, y + 22), (146 - y * 0.5, y)], (8, 10, 8), "#f1ece2")


def teapot(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round teapot with a flower."""
    china = vary(
        {"a blue teapot": "#8fa9b5", "a cream teapot": "#eadfca"}.get(str(params.get("kind")), "#d99f94"), rng, 0.015
    )
    sheet.stroke(trace("140,-60 232,-80 246,10 200,90 130,96"), (26, 28, 28, 27, 22), darker(china, 0.1))
    sheet.shape(trace("-120,60 -196,30 -220,-50 -262,-104 -226,-120 -186,-80 -168,-20 -130,-20"), darker(china, 0.08))
    sheet.shape(mirrored(trace("0,-120 84,-112 158,-40 168,50 118,140 60,168 0,172")), china)
    sheet.shape(mirrored(trace("0,150 66,152 84,186 0,196")), darker(china, 0.14))
    sheet.shape(trace("-92,-108 -60,-158 0,-172 60,-158 92,-108 0,-92"), lighter(china, 0.12))
    sheet.shape(oval(0, -184, 27, 24), darker(china, 0.14))
    sheet.stroke(trace("-96,-104 0,-88 96,-104"), (7, 9, 7), darker(china, 0.22))
    for x, y, r in ((-40, 36, 44), (44, 62, 34), (28, -8, 27)):
        for lean in (-160, -30, 60):
            sheet.shape(leaf((x, y), lean + x, 66, 25, "lance"), vary(LEAF, rng, 0.03))
        accessories.flower(
            sheet, x, y, r, vary("#f3e3d0" if "cream" not in str(params.get("kind")) else "#d9948e", rng, 0.02), rng
        )


def honey(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A honey jar with a dipper."""
    with sheet.at(86, -150, turn=22):
        sheet.stroke(trace("0,70 0,-40 0,-150"), (16, 15, 17), "#b98a58")
    sheet.shape(mirrored(trace("0,-130 96,-128 150,-84 164,20 150,150 104,196 0,202")), vary("#dda84e", rng, 0.015))
    sheet.shape(trace("-104,-142 0,-152 104,-142 108,-104 0,-92 -108,-104"), "#eed8a8")
    sheet.shape(trace("-100,-98 -64,-90 -56,-30 -38,-24 -28,-80 20,-76 30,4 50,8 60,-80 102,-98 0,-88"), "#f0c975")
    sheet.shape(trace("-92,30 0,16 92,30 92,126 0,142 -92,126"), "#f6ecd8")
    sheet.shape(mirrored(trace("0,62! 17,42 40,54 32,88 0,116!")), "#c9705a")
    sheet.stroke(trace("-134,-30 -142,30 -130,90"), (4, 15, 4), "#f3d694")


def pie(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A lattice pie in a dish."""
    crust = vary("#d9aa6c", rng, 0.02)
    sheet.shape(trace("-216,30 216,30 168,130 120,150 -120,150 -168,130"), "#b9c3c0")
    sheet.shape(oval(0, 10, 236, 104), darker(crust, 0.08))
    sheet.shape(oval(0, 2, 190, 78), vary("#b0534a", rng, 0.02))
    for k in range(5):
        u = (k - 2) / 2.6
        reach = float(np.sqrt(max(0.0, 1 - u * u)))
        sheet.stroke([(u * 190 - 10, 2 - 78 * reach), (u * 190 + 8, 2 + 78 * reach)], (30, 30), lighter(crust, 0.1))
    for k in range(3):
        u = (k - 1) / 1.8
        reach = float(np.sqrt(1 - u * u))
        sheet.stroke([(-190 * reach, 2 + 78 * u), (190 * reach, 2 + 78 * u)], (23, 23), lighter(crust, 0.25))
    for k in range(24):
        x, y = 214 * float(np.cos(k * 0.2618)), 8 + 92 * float(np.sin(k * 0.2618))
        sheet.oval(x, y, 30, 19, vary(crust, rng, 0.02))
    for p in arc(0, -96, 70, 30, 200, 340, 3):
        sheet.stroke(
            [(p[0], p[1]), (p[0] - 14, p[1] - 32), (p[0] + 10, p[1] - 60), (p[0] - 4, p[1] - 92)],
            (4, 9, 8, 3),
            "#d3cdc6",
        )


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


FRUIT, SWEET, TEA = ("fruit", "kitchen"), ("sweets", "kitchen", "birthday"), ("kitchen", "drinks")
SUBJECTS = (
    plain("strawberry", "strawberry", FRUIT, ("fruit", "berry", "summer"), strawberry),
    plain(
        "citrus",
        "citrus fruit",
        FRUIT,
        ("fruit", "lemon", "orange", "summer"),
        lemon,
        _k("a lemon", "an orange", "a lemon slice", "an orange slice"),
    ),
    plain("cherries", "pair of cherries", FRUIT, ("fruit", "cherry", "berry"), cherries),
    plain(
        "orchard",
        "orchard fruit",
        (*FRUIT, "autumn", "farm"),
        ("fruit", "apple", "pear", "harvest"),
        pear,
        _k("a red apple", "a pear", "a green apple"),
    ),
    plain("avocado", "avocado half", (*FRUIT, "vegetable"), ("fruit", "green"), avocado),
    plain("carrot", "carrot", ("vegetable", "kitchen", "easter", "garden"), ("vegetable", "garden"), carrot),
    plain(
        "cupcake",
        "cupcake",
        SWEET,
        ("cake", "bakery", "party"),
        cupcake,
        _k("a strawberry cupcake", "a chocolate cupcake", "a vanilla cupcake", "a mint cupcake"),
    ),
    plain(
        "donut",
        "donut",
        SWEET,
        ("bakery", "cookie"),
        donut,
        _k("a pink donut", "a chocolate donut", "a chocolate chip cookie"),
    ),
    plain("ice_cream", "ice cream cone", SWEET, ("summer", "dessert"), ice_cream),
    plain("pie", "lattice pie", ("sweets", "kitchen", "autumn"), ("bakery", "thanksgiving"), pie),
    plain(
        "teacup",
        "cup",
        TEA,
        ("tea", "coffee", "cocoa", "hot drink"),
        teacup,
        _k("a floral cup of tea", "a blue cup of coffee", "a red mug of cocoa"),
    ),
    plain("teapot", "teapot", TEA, ("tea", "pot"), teapot, _k("a pink teapot", "a blue teapot", "a cream teapot")),
    plain("honey", "honey jar", ("kitchen", "farm", "sweets"), ("bee", "jar"), honey),
)

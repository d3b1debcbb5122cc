"""Breakfast and snacks: pancakes, waffles, toast, popsicles, macarons and popcorn.

Each painter draws one thing in its own units, back to front; toppings come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, arc, blob, darker, leaf, lighter, mirrored, oval, toward, trace, vary
from .solids import board
from .subject import Params, plain
from .variety import kinds

CAKE, SYRUP, BUTTER = "#e0ae6a", "#a8642f", "#f6dc86"


def pancakes(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A stack of pancakes on a plate, with butter and syrup, with berries, or with banana."""
    kind = str(params.get("kind") or "pancakes with butter and syrup")
    sheet.shape(oval(0, 190, 290, 62), darker("#e6e4df", 0.12))
    sheet.shape(oval(0, 178, 290, 60), "#eeebe4")
    sheet.shape(oval(0, 176, 226, 42), darker("#eeebe4", 0.08))
    for k in range(5):
        y, wide = 150 - 46 * k, 206 + rng.uniform(-10, 8)
        tone = vary(CAKE, rng, 0.02)
        shift = rng.uniform(-8, 8)
        sheet.shape(board(shift - wide, y - 20, shift + wide, y + 34, 27), lighter(tone, 0.4))
        sheet.shape(oval(shift, y - 18, wide, 34), darker(tone, 0.1))
    top = -54
    sheet.shape(oval(0, top, 196, 40), vary("#d79a52", rng, 0.01))
    if "berries" in kind:
        for x, y in ((-60, -80), (30, -92), (90, -66), (-10, -64), (-110, -60)):
            sheet.shape(oval(x, y, 31, 30), vary("#6679a8", rng, 0.03))
            sheet.oval(x - 2, y - 12, 9, 7, "#445580")
        for x, y in ((-28, -112), (64, -120), (10, -134)):
            sheet.shape(
                mirrored([(x, y - 30), (x + 30, y - 20), (x + 26, y + 16), (x, y + 34)], x), vary("#cf4f50", rng, 0.02)
            )
            for dx, dy in ((-10, -4), (8, 4), (-2, 14)):
                sheet.oval(x + dx, y + dy, 3, 4, "#f4d9a0")
        for way in (-150, -30):
            sheet.shape(leaf((10, -156), way, 62, 30, "round"), "#84a061")
        return
    if "banana" in kind:
        _drip(sheet, 0.6)
        for x, y in ((-116, -66), (-50, -80), (20, -84), (92, -70), (-10, -56), (54, -50)):
            sheet.shape(oval(x, y, 48, 26), "#f1dc9d")
            sheet.shape(oval(x, y - 8, 46, 24), "#faefcf")
            for dx in (-9, 0, 9):
                sheet.oval(x + dx, y - 8, 2.6, 2.6, "#a98a5a")
        return
    _drip(sheet, 1.0)
    sheet.shape(trace("-58,-96! 8,-112! 66,-92! 0,-70!"), lighter(BUTTER, 0.3), 0.12)
    sheet.shape(trace("-58,-96! 0,-70! 0,-40! -58,-64!"), BUTTER, 0.12)
    sheet.shape(trace("66,-92! 0,-70! 0,-40! 66,-62!"), darker(BUTTER, 0.1), 0.12)


def _drip(sheet: Sheet, size: float) -> None:
    syrup = SYRUP
    sheet.shape(
        trace(
            "-150,-60 -90,-84 20,-90 130,-76 172,-50 176,20 164,44 150,20 146,-16 118,-14 112,70 96,98 80,70 78,-10 "
            "20,-6 14,34 -2,54 -16,32 -20,-8 -84,-12 -90,96 -106,124 -122,96 -124,-20 -156,-26"
        ),
        syrup,
    )
    sheet.stroke(trace("-112,-64 -30,-76 60,-72"), (3, 10, 3), lighter(syrup, 0.4 * size))


def waffle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round waffle with butter, a heart of waffle, or a square one with berries."""
    kind = str(params.get("kind") or "a round waffle")
    gold = vary("#dba45c", rng, 0.015)
    if "heart" in kind:
        outline = mirrored(trace("0,-130! 60,-214 170,-220 240,-130 226,-10 130,120 0,226!"))
        rows = [(-150, 205), (-80, 222), (-10, 206), (60, 150), (130, 78)]
    elif "square" in kind:
        outline = board(-230, -230, 230, 230, 60)
        rows = [(-150, 205), (-50, 205), (50, 205), (150, 205)]
    else:
        outline = blob(0, 0, 240, 236, rng, 0.006, 16)
        rows = [(-160, 150), (-80, 206), (0, 226), (80, 206), (160, 150)]
    sheet.shape(outline, darker(gold, 0.16))
    with sheet.at(0, 0, size=0.94):
        sheet.shape(outline, lighter(gold, 0.14))
    for y, half in rows:
        count = max(2, round(half / 41))
        for k in range(count):
            x = -half + half * (2 * k + 1) / count
            r = half / count * 0.7
            sheet.shape(board(x - r, y - 27, x + r, y + 27, 12), darker(gold, 0.14))
            sheet.stroke([(x - r + 6, y + 19), (x + r - 6, y + 19)], (5, 5), lighter(gold, 0.4))
    if "square" in kind:
        for x, y, hue in (
            (-40, -20, "#cf4f50"),
            (50, -44, "#6679a8"),
            (20, 40, "#cf4f50"),
            (-64, 56, "#6679a8"),
            (86, 30, "#6679a8"),
        ):
            sheet.shape(oval(x, y, 38, 37), vary(hue, rng, 0.02))
            sheet.stroke(arc(x, y, 24, 22, 170, 250, 4), (2, 8, 2), lighter(hue, 0.5))
        for way in (-140, -80, -20):
            sheet.shape(leaf((10, -80), way, 74, 34, "round"), "#84a061")
    elif "round" in kind:
        sheet.shape(trace("-66,-40! 20,-66! 78,-20! -6,22!"), BUTTER, 0.15)
        sheet.shape(trace("-66,-40! -6,22! -6,54! -66,-6!"), darker(BUTTER, 0.08), 0.12)
        sheet.shape(trace("78,-20! -6,22! -6,54! 78,14!"), darker(BUTTER, 0.16), 0.12)
        sheet.shape(trace("-20,60 60,44 110,70 104,150 84,168 70,130 20,116 8,196 -16,196 -22,110"), SYRUP)


def toast(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A slice of toast with butter, with avocado and egg, or with jam."""
    kind = str(params.get("kind") or "a slice of buttered toast")
    crust, crumb = vary("#b97f48", rng, 0.015), vary("#eccf9c", rng, 0.012)
    outline = mirrored(trace("0,-206 120,-218 220,-190 246,-120 214,-56 206,40 212,190 196,216 100,220 0,218"))
    with sheet.at(0, 0, turn=rng.uniform(-7, 7)):
        with sheet.at(14, 14):
            sheet.shape(outline, darker(crust, 0.16))
        sheet.shape(outline, crust)
        with sheet.at(0, 2, size=0.88):
            sheet.shape(outline, crumb)
        for _ in range(16):
            sheet.oval(float(rng.uniform(-160, 160)), float(rng.uniform(-150, 170)), 6, 4, darker(crumb, 0.12))
        if "avocado" in kind:
            sheet.shape(
                trace("-150,-120 -40,-164 90,-150 170,-90 150,30 160,130 60,176 -80,164 -160,120 -140,0"),
                vary("#a9bd6c", rng, 0.02),
            )
            for x, y in ((-90, -80), (60, -110), (-100, 70), (100, 70), (10, 130)):
                sheet.stroke([(x - 30, y), (x, y - 12), (x + 30, y + 4)], (3, 12, 3), "#c9d491")
            sheet.shape(blob(6, 8, 112, 100, rng, 0.06, 11), "#fbf7ee")
            sheet.oval(14, 2, 50, 48, "#eeb03f")
            sheet.stroke(arc(14, 2, 32, 30, 180, 250, 4), (3, 10, 3), "#fbe3a0")
            for x, y in ((-30, -40), (70, 50), (-60, 40), (40, -70), (0, 76)):
                sheet.oval(x, y, 4, 4, "#5c4a40")
        elif "jam" in kind:
            jam = vary("#b8404f", rng, 0.02)
            sheet.shape(
                trace(
                    "-140,-130 0,-164 130,-140 176,-90 140,-10 156,90 110,170 70,130 20,150 -30,184 -70,140 -130,150 -160,60 -130,-40"
                ),
                jam,
            )
            sheet.stroke(trace("-96,-90 -10,-116 80,-100"), (4, 18, 4), lighter(jam, 0.45))
            for x, y in ((-60, -30), (40, 0), (-20, 80), (90, 70), (70, -80)):
                sheet.shape(blob(x, y, 24, 18, rng, 0.08, 8), darker(jam, 0.18))
        else:
            sheet.shape(trace("-120,-60 -40,-110 80,-100 130,-30 110,50 40,96 -60,90 -120,30"), lighter(BUTTER, 0.35))
            sheet.shape(trace("-60,-40! 40,-60! 74,0! -30,26!"), BUTTER, 0.14)
            sheet.shape(trace("-60,-40! -30,26! -30,52! -60,-10!"), darker(BUTTER, 0.1), 0.12)
            sheet.shape(trace("74,0! -30,26! -30,52! 74,28!"), darker(BUTTER, 0.16), 0.12)


POPSICLES = {
    "a strawberry popsicle": ("#e58a97", "#f4c3c0"),
    "a rainbow popsicle": ("#e58a97", "#f3cd78"),
    "a chocolate popsicle": ("#7a5140", "#5d3b2f"),
    "a watermelon popsicle": ("#e2737a", "#6f9a5c"),
    "a lemon popsicle": ("#f3d878", "#fbeeb9"),
}


def popsicle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Ice on a stick: plain, striped, dipped or like a melon."""
    kind = str(params.get("kind") or "a strawberry popsicle")
    main, second = POPSICLES[kind]
    main = vary(main, rng, 0.012)
    body = mirrored(trace("0,-280 80,-264 126,-200 132,-80 132,130 120,152 0,156"))
    with sheet.at(0, 0, turn=rng.uniform(-12, 12)):
        sheet.shape(board(-27, 120, 27, 300, 26), "#dcb988")
        sheet.stroke([(-10, 190), (-8, 270)], (4, 4), "#c39a6b")
        sheet.shape(body, main)
        if "rainbow" in kind:
            for y, hue in ((-140, second), (-50, "#9fc38a"), (40, "#8fb5d6")):
                sheet.shape(board(-132, y, 132, y + 100 if y < 40 else 150, 10), vary(hue, rng, 0.01))
        elif "watermelon" in kind:
            sheet.shape(trace("-132,70! 132,70! 132,130 120,152 0,156 -120,152 -132,130"), PALE_RIND)
            sheet.shape(trace("-132,104! 132,104! 130,134 120,152 0,156 -120,152 -130,134"), second)
            for x, y in ((-60, -160), (40, -190), (70, -80), (-40, -60), (10, 10), (-80, 20)):
                sheet.shape(mirrored([(x, y - 16, 1), (x + 9, y + 2), (x, y + 15)], x), "#4c3a36")
        elif "chocolate" in kind:
            for _ in range(18):
                across, down = rng.uniform(-100, 100), rng.uniform(-220, 120)
                sheet.oval(
                    float(across),
                    float(down),
                    9,
                    6,
                    ("#c99a6a", "#e3c79a")[int(rng.integers(0, 2))],
                    float(rng.uniform(0, 180)),
                )
        else:
            sheet.shape(
                trace("-132,40! -90,70 -40,46 10,76 70,48 132,62! 132,130 120,152 0,156 -120,152 -132,130"), second
            )
            if "lemon" in kind:
                _citrus_round(sheet, 0, -110, 74)
        for x in (-50, 50):
            sheet.stroke(
                [(x, -190), (x, -40), (x, 90)],
                (6, 20, 6),
                darker(main, 0.1) if "rainbow" not in kind else lighter(main, 0.3),
            )
        sheet.stroke(trace("-100,-180 -104,-100 -104,-20"), (4, 15, 4), lighter(main, 0.6))


PALE_RIND = "#eef0d2"


def _citrus_round(sheet: Sheet, x: float, y: float, r: float) -> None:
    sheet.oval(x, y, r, r, "#e3b93f")
    sheet.oval(x, y, r * 0.88, r * 0.88, "#fdf6dc")
    for k in range(8):
        sheet.shape(leaf(toward((x, y), 45 * k, r * 0.1), 45 * k, r * 0.72, r * 0.5, "petal"), "#f0cf5c")


MACARONS = ("#e7a9b3", "#b9d0ae", "#f1d79a", "#c3b1d8", "#a9cbd6", "#c79a78")


def macaron(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One macaron, a stack of three or a tower of six."""
    kind = str(params.get("kind") or "a pink macaron")
    if "tower" in kind:
        for row, count in ((0, 3), (1, 2), (2, 1)):
            for k in range(count):
                _one_macaron(
                    sheet, (k - (count - 1) / 2) * 190, 160 - 136 * row, 0.46, MACARONS[(row * 2 + k) % 6], rng
                )
        return
    if "stack" in kind:
        for k in range(3):
            _one_macaron(sheet, rng.uniform(-14, 14), 150 - 168 * k, 0.62, MACARONS[(0, 2, 1)[k]], rng)
        return
    hue = {"pink": 0, "pistachio": 1, "lemon": 2, "lavender": 3}[kind.split()[1]]
    with sheet.at(0, 0, turn=rng.uniform(-12, 12)):
        _one_macaron(sheet, 0, 0, 1.0, MACARONS[hue], rng)


def _one_macaron(sheet: Sheet, x: float, y: float, size: float, hue: str, rng: np.random.Generator) -> None:
    tone = vary(hue, rng, 0.015)
    with sheet.at(x, y, size=size):
        sheet.shape(board(-206, 10, 206, 128, 74), darker(tone, 0.08))
        sheet.shape(board(-200, -22, 200, 30, 24), lighter(tone, 0.62))
        for side in (-1, 1):
            for k in range(15):
                fx = -210 + 30 * k
                sheet.oval(fx, 2 + side * 30, 19, 14, vary(darker(tone, 0.12), rng, 0.02))
        sheet.shape(trace("-216,-24 -210,-90 -150,-136 0,-150 150,-136 210,-90 216,-24 120,-14 0,-12 -120,-14"), tone)
        sheet.stroke(trace("-160,-88 -100,-116 -20,-124"), (4, 16, 4), lighter(tone, 0.6))


def popcorn(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A striped tub of popcorn."""
    red = vary("#c9574c" if "blue" not in str(params.get("kind") or "") else "#6f93b8", rng, 0.015)
    for x, y, r in (
        (-150, -92, 60),
        (150, -92, 60),
        (-76, -112, 66),
        (80, -114, 66),
        (0, -104, 68),
        (-110, -168, 58),
        (112, -170, 58),
        (-36, -186, 62),
        (44, -192, 60),
        (0, -246, 54),
        (-84, -228, 46),
        (88, -232, 46),
        (206, -190, 34),
        (-212, -150, 32),
    ):
        tone = vary("#f7ecd0", rng, 0.012)
        for way in (20, 140, 260):
            sheet.shape(blob(*toward((x, y), way + r, r * 0.42), r * 0.56, r * 0.54, rng, 0.05, 9), tone)
        sheet.shape(blob(x, y, r * 0.3, r * 0.24, rng, 0.06, 8), "#e9c277")
    sheet.shape(trace("-210,-80! 210,-80! 156,280! -156,280!"), "#f6efe2", 0.1)
    for k in range(4):
        a, b = -210 + 120 * k, -156 + 89 * k
        sheet.shape([(a, -80, 1), (a + 60, -80, 1), (b + 45, 280, 1), (b, 280, 1)], red, 0.1)
    for k in range(7):
        sheet.oval(-180 + 60 * k, -80, 30, 22, red if k % 2 == 0 else "#f6efe2")
    sheet.glaze(trace("120,-40! 206,-60! 156,276! 80,276!"), darker(red, 0.5), 0.18)


TABLE = ("kitchen", "sweets", "breakfast")
SUBJECTS = (
    plain("pancakes", "stack of pancakes", TABLE, ("bakery", "pancake"), pancakes,
          kinds(("pancakes with butter and syrup", "pancakes with berries", "pancakes with banana"))),
    plain("waffle", "waffle", TABLE, ("bakery",), waffle, kinds(("a round waffle", "a heart waffle", "a square waffle with berries"))),
    plain("toast", "slice of toast", TABLE, ("bread",), toast,
          kinds(("a slice of buttered toast", "avocado toast with egg", "a slice of toast with jam"))),
    plain("popsicle", "popsicle", ("sweets", "summer"), ("ice",), popsicle, kinds(POPSICLES)),
    plain("macaron", "macaron", ("sweets", "kitchen"), ("bakery", "french"), macaron,
          kinds(("a pink macaron", "a stack of macarons", "a tower of macarons", "a pistachio macaron", "a lemon macaron", "a lavender macaron"))),
    plain("popcorn", "tub of popcorn", ("sweets",), ("snack", "movie"), popcorn, kinds(("a red tub of popcorn", "a blue tub of popcorn"))),
)  # fmt: skip

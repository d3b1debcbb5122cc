"""Pizza, tacos, sushi and bubble tea.

Each painter draws one thing in its own units, back to front; fillings come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from .anatomy import cheek, eye, smile
from .geometry import Sheet, arc, blob, darker, leaf, lighter, mirrored, mix, oval, toward, trace, vary
from .solids import board, poly
from .subject import Params, plain
from .variety import kinds

CRUST, CHEESE, SAUCE = "#d39a5c", "#f0c96f", "#bf5340"
INK = "#5a4a44"


def pizza(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A slice of pizza with dripping cheese, or a whole one."""
    kind = str(params.get("kind") or "a slice of pepperoni pizza")
    crust, cheese = vary(CRUST, rng, 0.015), vary(CHEESE, rng, 0.015)
    if "whole" in kind:
        _whole_pizza(sheet, rng, crust, cheese)
        return
    with sheet.at(0, 0, turn=rng.uniform(-8, 8)):
        sheet.shape(trace("-196,-150 -120,-120 0,-110 120,-120 196,-150 24,262 0,280 -24,262"), darker(crust, 0.1))
        sheet.shape(
            trace(
                "-196,-196! 196,-196! 128,0! 134,44 120,70 104,46 98,64! 58,158! 62,206 48,226 36,204 "
                "28,226! 0,262 -30,214! -34,236 -50,240 -58,214 -56,160! -112,24! -116,64 -134,70 -142,30!"
            ),
            cheese,
        )
        _topping(sheet, kind, rng)
        sheet.shape(
            trace(
                "-236,-186 -214,-232 -120,-262 0,-272 120,-262 214,-232 236,-186 222,-144 196,-140 110,-164 "
                "0,-172 -110,-164 -196,-140 -222,-144"
            ),
            crust,
        )
        sheet.stroke(trace("-190,-206 -90,-236 20,-242 110,-236"), (4, 15, 12, 3), lighter(crust, 0.4))
        for x, y in ((-150, -176), (-60, -196), (40, -200), (150, -180), (186, -204)):
            sheet.oval(x, y, 15, 8, darker(crust, 0.2))


def _topping(sheet: Sheet, kind: str, rng: np.random.Generator) -> None:
    if "pepperoni" in kind:
        for x, y, r in ((-82, -74, 42), (70, -62, 44), (-10, 20, 44), (62, 74, 30), (-12, 134, 30), (4, -112, 26)):
            sheet.shape(blob(x, y, r, r * 0.94, rng, 0.025, 12), darker(SAUCE, 0.12))
            sheet.shape(oval(x, y - 2, r * 0.84, r * 0.78), vary(SAUCE, rng, 0.02))
            for dx, dy in ((-0.3, -0.24), (0.28, 0.06), (-0.1, 0.34)):
                sheet.oval(x + dx * r, y + dy * r, r * 0.13, r * 0.12, lighter(SAUCE, 0.4))
    elif "margherita" in kind:
        for x, y, r in ((-74, -70, 46), (72, -76, 44), (6, 30, 48), (0, 140, 26)):
            sheet.shape(blob(x, y, r, r * 0.86, rng, 0.05, 10), "#fbf3e2")
            sheet.shape(blob(x + 8, y + 8, r * 0.6, r * 0.5, rng, 0.05, 9), "#f4e6cb")
        for x, y, way in ((-8, -74, -30), (58, 14, 150), (-50, 14, 20), (-16, 96, -70), (-128, -106, 20)):
            sheet.shape(leaf((x, y), way, 76, 42, "round"), vary("#6f9a56", rng, 0.02))
            sheet.stroke([(x, y), toward((x, y), way, 60)], (4, 2), "#a9c48a")
        for x, y in ((116, -110), (-40, -118), (42, 94)):
            sheet.oval(x, y, 25, 25, SAUCE)
            sheet.oval(x - 6, y - 7, 7, 5, lighter(SAUCE, 0.5))
    else:
        for x, y in ((-88, -70), (74, -60), (-4, 52), (24, 148)):
            sheet.shape(
                mirrored(
                    [(x, y - 40), (x + 40, y - 28), (x + 46, y - 4), (x + 16, y + 2, 1), (x + 16, y + 34), (x, y + 38)],
                    x,
                ),
                "#efe0c9",
            )
            sheet.shape(
                mirrored([(x, y - 42), (x + 36, y - 34), (x + 46, y - 6), (x + 24, y - 14), (x, y - 14)], x), "#c9a684"
            )
        for x, y in ((-4, -86), (52, 26), (-62, 12), (126, -118), (0, 108)):
            sheet.shape(oval(x, y, 24, 24), "#5c5358")
            sheet.oval(x, y, 10, 10, CHEESE)
        for x, y, way in ((-126, -116, 20), (38, -118, 160), (60, 82, 60), (-40, 108, 100)):
            sheet.stroke(arc(x, y, 30, 22, way, way + 170, 6), (10, 12, 10), "#7fa063")


def _whole_pizza(sheet: Sheet, rng: np.random.Generator, crust: str, cheese: str) -> None:
    sheet.shape(blob(0, 0, 250, 250, rng, 0.008, 18), crust)
    sheet.shape(blob(0, 0, 212, 212, rng, 0.012, 18), SAUCE)
    sheet.shape(blob(0, 0, 202, 202, rng, 0.02, 16), cheese)
    for k in range(4):
        sheet.stroke(
            [toward((0, 0), 45 * k + 10, 214), (0, 0), toward((0, 0), 45 * k + 190, 214)],
            (5, 4, 5),
            darker(cheese, 0.26),
        )
    for k in range(8):
        x, y = toward((0, 0), 45 * k + 32, 142)
        sheet.shape(oval(x, y, 37, 35), darker(SAUCE, 0.12))
        sheet.shape(oval(x, y - 2, 31, 29), vary(SAUCE, rng, 0.02))
        sheet.oval(x - 9, y - 9, 5, 5, lighter(SAUCE, 0.4))
    for k in range(8):
        x, y = toward((0, 0), 45 * k + 34, 66)
        sheet.shape(leaf((x, y), 45 * k + rng.uniform(0, 90), 44, 25, "round"), vary("#6f9a56", rng, 0.02))
    for k in range(11):
        x, y = toward((0, 0), 33 * k, 231)
        sheet.oval(x, y, 13, 8, darker(crust, 0.18), 33 * k + 90)


def taco(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A folded taco full of lettuce, tomato, meat and cheese; smiling when asked."""
    kind = str(params.get("kind") or "a taco")
    shell = vary("#e6b45f" if "soft" not in kind else "#f0d7a4", rng, 0.015)
    sheet.shape(
        [
            (-258, 130, 1),
            (-244, 20),
            (-180, -90),
            (-80, -158),
            (30, -166),
            (140, -120),
            (222, -26),
            (252, 84),
            (256, 130, 1),
        ],
        darker(shell, 0.24),
    )
    filling = "#7fa85a"
    for k in range(12):
        x, y = toward((0, 130), 192 + 14.4 * k, 236 + 12 * (k % 2))
        sheet.shape(blob(x, y, 50, 42, rng, 0.1, 9), vary(filling, rng, 0.04))
    for k in range(9):
        x, y = toward((0, 130), 200 + 17.5 * k, 218)
        sheet.shape(blob(x, y, 36, 30, rng, 0.1, 8), vary("#8a5a42", rng, 0.03))
    for k in range(7):
        way = 204 + 22 * k
        x, y = toward((0, 130), way, 232)
        sheet.shape(board(x - 23, y - 21, x + 23, y + 21, 10), vary("#c9523f", rng, 0.02))
        sheet.oval(x - 6, y - 7, 6, 5, "#e9967f")
    for k in range(11):
        way = 196 + 15 * k
        start = toward((0, 130), way, 208)
        sheet.stroke([start, toward(start, way + rng.uniform(-50, 50), 44)], (10, 9), "#f3cf6f")
    if "shrimp" in kind:
        for way in (228, 268, 308):
            x, y = toward((0, 130), way, 244)
            sheet.stroke(arc(x, y, 36, 34, way - 110, way + 130, 8), (12, 30, 36, 30, 12), "#e99a78")
            for d in (-40, 0, 40):
                sheet.stroke([toward((x, y), way + d, 22), toward((x, y), way + d, 48)], (4, 4), "#f3c2a6")
    with sheet.at(6, 44, turn=-2, size=0.99):
        _taco_front(sheet, rng, shell, "happy" in kind)


def _taco_front(sheet: Sheet, rng: np.random.Generator, shell: str, happy: bool) -> None:
    sheet.shape(
        [
            (-256, 144, 1),
            (-246, 40),
            (-196, -50),
            (-110, -112),
            (-4, -132),
            (104, -112),
            (192, -46),
            (244, 44),
            (256, 144, 1),
            (200, 168),
            (0, 178),
            (-200, 168),
        ],
        shell,
    )
    for _ in range(16):
        x, y = toward((0, 150), rng.uniform(194, 346), rng.uniform(60, 236))
        sheet.oval(float(x), float(y) * 0.92, rng.uniform(5, 10), rng.uniform(4, 7), mix(shell, "#b8763a", 0.35))
    sheet.stroke(trace("-206,20 -150,-46 -80,-84"), (4, 15, 4), lighter(shell, 0.5))
    if happy:
        for side in (-1, 1):
            eye(sheet, side * 62, 28, 19)
            cheek(sheet, side * 100, 72, 26)
        smile(sheet, 0, 62, 27, 17, INK, 7)


def sushi(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One piece of sushi: nigiri, a roll, or a rice ball; or rolls side by side with chopsticks."""
    kind = str(params.get("kind") or "a salmon nigiri")
    rice = vary("#f6f0e6", rng, 0.008)
    if kind.endswith(" nigiri"):
        _nigiri(sheet, rng, kind, rice)
    elif "onigiri" in kind:
        _onigiri(sheet, rng, rice)
    elif "two" in kind:
        with sheet.at(-120, 0, turn=-6):
            _roll(sheet, rng, rice, ("#e8875f", "#8fae6c"))
        with sheet.at(130, 34, turn=5):
            _roll(sheet, rng, rice, ("#c9523f", "#f0cf7a"))
        for x, lean in ((-20, -8), (26, 0)):
            with sheet.at(x, -120, turn=-62 + lean):
                sheet.stroke([(-20, -330), (0, 0), (6, 120)], (22, 17, 12), vary("#a9603f", rng, 0.02))
                sheet.stroke([(-18, -290), (-14, -216)], (22, 20), "#e3b565")
    else:
        _roll(sheet, rng, rice, ("#e8875f", "#8fae6c") if "salmon" in kind else ("#c9523f", "#8fae6c"))


def _grains(sheet: Sheet, rng: np.random.Generator, rice: str, places: list[tuple[float, float]]) -> None:
    for x, y in places:
        sheet.oval(x, y, 15, 7, darker(rice, 0.1), float(rng.uniform(0, 180)))


def _nigiri(sheet: Sheet, rng: np.random.Generator, kind: str, rice: str) -> None:
    fish = vary(
        {"a tuna nigiri": "#c9565a", "a shrimp nigiri": "#f0b08e", "an egg nigiri": "#f0c861"}.get(kind, "#ea8f63"),
        rng,
        0.015,
    )
    sheet.shape(trace("-222,40 -236,96 -206,150 -100,166 0,162 100,166 206,150 236,96 222,40 120,10 -120,10"), rice)
    _grains(sheet, rng, rice, [(-190 + 42 * k, 112 + 24 * (k % 2)) for k in range(10)])
    sheet.shape(
        trace(
            "-262,70 -250,-10 -180,-84 -60,-122 80,-116 196,-70 256,4 262,76! 230,92 190,58 90,34 "
            "-60,34 -180,56 -226,90"
        ),
        fish,
    )
    if "egg" in kind:
        sheet.shape(poly("-40,-124 40,-126 56,170 -56,170"), "#46524c")
        sheet.stroke(trace("-26,-90 -30,0 -36,120"), (3, 10, 3), "#6c7a72")
    elif "shrimp" in kind:
        for x in (-170, -86, 0, 86, 170):
            sheet.stroke(
                [(x - 8, -96 + abs(x) * 0.2), (x + 12, -30), (x, 44 + abs(x) * 0.1)], (16, 22, 12), lighter(fish, 0.62)
            )
        for way in (-24, 14):
            sheet.shape(leaf((248, 40), way, 92, 54, "spoon"), darker(fish, 0.2))
    else:
        for x in (-190, -110, -30, 50, 130):
            sheet.stroke(
                [(x + 46, -104 + abs(x + 10) * 0.16), (x + 10, -40), (x - 12, 36 + abs(x) * 0.1)],
                (5, 14, 5),
                lighter(fish, 0.5),
            )
    sheet.stroke(trace("-220,-20 -170,-66 -100,-94"), (4, 13, 4), lighter(fish, 0.6))


def _roll(sheet: Sheet, rng: np.random.Generator, rice: str, hearts: tuple[str, str]) -> None:
    nori = vary("#46524c", rng, 0.015)
    sheet.shape(trace("-166,-70! 166,-70! 166,90 120,140 0,160 -120,140 -166,90"), nori)
    for x in (-112, -40, 40, 112):
        sheet.stroke([(x, -10), (x * 0.98, 60), (x * 0.94, 120)], (3, 7, 3), lighter(nori, 0.18))
    sheet.shape(oval(0, -70, 166, 84), darker(nori, 0.15))
    sheet.shape(oval(0, -72, 148, 71), rice)
    _grains(
        sheet,
        rng,
        rice,
        [(r * 1.96 * np.cos(a), -72 + r * 0.94 * np.sin(a)) for r in (62,) for a in np.linspace(0, 6, 11)],
    )
    sheet.shape(blob(-32, -78, 46, 27, rng, 0.05, 9), hearts[0])
    sheet.shape(blob(36, -66, 42, 25, rng, 0.05, 9), hearts[1])
    sheet.oval(0, -48, 19, 11, "#f3dfa6")
    sheet.stroke([(-58, -84), (-36, -92), (-14, -88)], (2, 7, 2), lighter(hearts[0], 0.5))


def _onigiri(sheet: Sheet, rng: np.random.Generator, rice: str) -> None:
    sheet.shape(mirrored(trace("0,-214 56,-194 116,-100 190,40 216,130 178,186 90,202 0,204")), rice)
    _grains(
        sheet,
        rng,
        rice,
        [(-40, -130), (30, -150), (-96, -40), (96, -30), (-160, 90), (166, 96), (-120, 20), (130, 30), (0, -176)],
    )
    sheet.shape(board(-72, 64, 72, 206, 10), vary("#46524c", rng, 0.015))
    for side in (-1, 1):
        eye(sheet, side * 54, -4, 17)
        cheek(sheet, side * 92, 36, 24)
    smile(sheet, 0, 22, 24, 14, INK, 6)


TEAS = {
    "a milk boba tea": ("#d9b08c", "#f3e7d6", "#8fae9a"),
    "a taro boba tea": ("#b9a2d0", "#efe6f2", "#9a7fbd"),
    "a strawberry boba tea": ("#eab0b4", "#fae6e2", "#d9798c"),
    "a matcha boba tea": ("#aebf85", "#eef0d8", "#7f9a5f"),
    "a mango boba tea": ("#efc070", "#faecc9", "#dd8a4a"),
}


def boba(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A tall cup of bubble tea with pearls, a dome lid and a wide straw; some have a face."""
    tea, milk, straw = TEAS[str(params.get("kind") or "a milk boba tea")]
    tea = vary(tea, rng, 0.015)
    with sheet.at(26, -150, turn=9):
        sheet.stroke([(0, 90), (0, -190)], (40, 40), straw)
        for y in (-176, -116, -56):
            sheet.shape(poly("-20,-10 20,-34 20,-8 -20,16", 0, y), lighter(straw, 0.5))
    sheet.shape(poly("-140,-130 140,-130 108,262 -108,262"), "#e3e9e6")
    sheet.shape(trace("-130,-92! -60,-104 0,-90 60,-102 130,-92! 104,250! 90,256 -90,256 -104,250!"), tea)
    sheet.shape(
        trace("-130,-92! -60,-104 0,-90 60,-102 130,-92! 122,8! 86,40 58,14 20,60 -22,18 -58,46 -90,16 -122,10!"), milk
    )
    pearl = "#55433e"
    happy = params.get("pose") == "with a happy face"
    for y, count in ((234, 5), (198, 6), (164, 5), (136, 3))[: 2 if happy else 4]:
        for k in range(count):
            x = (k - (count - 1) / 2) * 37 + rng.uniform(-5, 5)
            sheet.oval(x, y + rng.uniform(-5, 5), 19, 19, pearl)
            sheet.oval(x - 6, y - 7, 5, 4, "#8d7468")
    sheet.stroke(trace("-112,-60 -104,60 -94,180"), (4, 14, 4), "#fbfaf4")
    sheet.shape(trace("-130,-140! -118,-196 -60,-232 0,-240 60,-232 118,-196 130,-140!"), "#e9efec")
    sheet.stroke(trace("-96,-172 -64,-204 -24,-218"), (3, 12, 3), "#ffffff")
    with sheet.at(26, -150, turn=9):
        sheet.stroke([(0, -30), (0, -190)], (40, 40), straw)
        for y in (-176, -116, -56):
            sheet.shape(poly("-20,-10 20,-34 20,-8 -20,16", 0, y), lighter(straw, 0.5))
    sheet.shape(board(-152, -152, 152, -122, 14), "#d5dfdb")
    if happy:
        for side in (-1, 1):
            eye(sheet, side * 46, 76, 15)
            cheek(sheet, side * 74, 106, 20)
        smile(sheet, 0, 98, 20, 12, INK, 5)


FOOD = ("takeaway", "food")
SUBJECTS = (
    plain(
        "pizza_slice",
        "pizza",
        FOOD,
        ("food", "italian", "snack"),
        pizza,
        kinds(
            ("a slice of pepperoni pizza", "a slice of margherita pizza", "a whole pizza", "a slice of veggie pizza")
        ),
    ),
    plain(
        "street_taco",
        "taco",
        (*FOOD, "mexican"),
        ("food", "mexican", "snack"),
        taco,
        kinds(("a taco", "a happy taco", "a soft taco", "a shrimp taco")),
    ),
    plain(
        "sushi",
        "sushi",
        (*FOOD, "japanese"),
        ("food", "japanese", "asian"),
        sushi,
        kinds(
            (
                "a salmon nigiri",
                "a salmon maki",
                "a smiling onigiri",
                "a tuna nigiri",
                "two maki with chopsticks",
                "a shrimp nigiri",
                "an egg nigiri",
                "a tuna maki",
            )
        ),
    ),
    plain(
        "boba_tea",
        "boba tea",
        (*FOOD, "coffee"),
        ("drink", "tea", "beverage"),
        boba,
        [{"kind": k} | ({"pose": p} if p else {}) for p in ("", "with a happy face") for k in TEAS],
    ),
)

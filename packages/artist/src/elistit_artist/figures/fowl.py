"""Turkey, goose and peacock.

Each painter draws one bird in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import cheek, eye
from .geometry import Sheet, darker, leaf, lighter, mirrored, mix, toward, trace, vary
from .subject import Params, plain

GEESE = {
    "a white goose": ("#f1eadf", "#d6c9b3", ""),
    "a gray goose": ("#a79f96", "#857c73", ""),
    "a Canada goose": ("#a48c74", "#7d6855", "#4a4440"),
}
TURKEYS = {"a brown turkey": ("#8d6247", "#c98b52"), "a golden turkey": ("#b5824f", "#dca95e")}


def turkey(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A turkey from the front before the fan of its tail."""
    x: float
    main, gold = TURKEYS[str(params.get("kind") or "a brown turkey")]
    main = vary(main, rng, 0.015)
    hues = ("#a9553c", gold, "#8a5a3f", "#d8a45a", "#b56c45")
    for ring, (long, wide) in enumerate(((345, 98), (268, 86))):
        for k in range(11 - 2 * ring):
            way = -90 + (k - (10 - 2 * ring) / 2) * (17 if ring == 0 else 19)
            tone = vary(hues[(k + ring) % 5], rng, 0.02)
            sheet.shape(leaf((0, 70), way, long, wide, "spoon"), tone)
            tip = toward((0, 70), way, long * 0.80)
            with sheet.at(*tip, turn=way + 90):
                sheet.oval(0, 0, wide * 0.26, 15, lighter(tone, 0.55))
            sheet.stroke([toward((0, 70), way, 90), toward((0, 70), way, long * 0.66)], (3, 5), darker(tone, 0.22))
    for x in (-44, 44):
        sheet.stroke([(x, 200), (x, 292)], (17, 15), "#dd9a4c")
        for way in (62, 90, 118):
            sheet.shape(leaf((x, 284), way, 40, 14, "willow"), "#dd9a4c")
    sheet.shape(mirrored(trace("0,-30 70,-14 122,58 128,142 84,216 0,238")), main)
    for side in (-1, 1):
        sheet.shape(leaf((side * 92, 40), 90 + side * -8, 158, 74, "round"), darker(main, 0.16))
        for k in range(3):
            y = 80 + 34 * k
            sheet.stroke([(side * 78, y), (side * 96, y + 14), (side * 112, y)], (2, 6, 2), lighter(main, 0.2))
    for row in range(3):
        for k in range(4 - row % 2):
            x, y = (k - (3 - row % 2) / 2) * 34, 112 + 36 * row
            sheet.stroke([(x - 12, y), (x, y + 11), (x + 12, y)], (2, 6, 2), lighter(main, 0.32))
    sheet.shape(mirrored(trace("0,-176 44,-166 66,-120 54,-70 40,-10 44,36 0,48")), "#b8806a")
    sheet.shape(mirrored(trace("0,-178 46,-168 68,-120 56,-76 0,-58")), mix("#b8806a", "#9fb0bb", 0.5))
    for x in (-24, 24):
        eye(sheet, x, -126, 10)
        cheek(sheet, x * 1.9, -98, 13)
    sheet.shape(trace("-20,-110 0,-120 20,-110 0,-76!"), "#e0a84a")
    sheet.shape(trace("10,-104 24,-92 26,-52 12,-26 0,-40 4,-76"), "#c2483f")
    accessories.on_head(sheet, str(params.get("wearing") or ""), -172, rng)


def goose(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A goose standing, its neck straight up."""
    main, dark, cap = GEESE[str(params.get("kind") or "a white goose")]
    main = vary(main, rng, 0.01)
    orange, wearing = "#e0944a" if not cap else "#4a4440", str(params.get("wearing") or "")
    neck = cap or main
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for x in (16, 74):
            sheet.stroke([(x, 170), (x, 276)], (17, 15), orange)
            sheet.shape(trace("10,-8 12,8 -56,12 -48,-2 -14,-12", x, 276), orange)
        sheet.shape(trace("150,40 236,0! 232,40 250,64! 196,110 120,120"), dark)
        sheet.shape(trace("-132,40 -96,-30 -20,-56 80,-40 170,6 216,50 196,120 130,176 30,196 -70,180 -124,116"), main)
        sheet.stroke([(-72, 40), (-112, -60), (-110, -180), (-118, -270)], (110, 76, 62, 66), neck)
        sheet.shape(trace("-156,-300 -120,-326 -82,-310 -72,-270 -92,-240 -140,-238 -166,-262"), neck)
        if cap:
            sheet.shape(trace("-132,-266 -106,-280 -88,-256 -104,-230 -130,-232"), "#efe7da")
            sheet.shape(trace("-132,40 -118,0 -70,-16 -30,20 -50,90 -100,96"), lighter(main, 0.45))
        sheet.shape(trace("-156,-290! -190,-276 -216,-256! -196,-246 -156,-248!"), orange)
        sheet.shape(trace("-20,6 60,-8 150,30 222,84! 170,96 186,120! 120,130 40,116 -16,70"), dark)
        for k, (x, y) in enumerate(((24, 34), (76, 46), (44, 74), (102, 84))):
            sheet.stroke(trace("-20,0 0,12 20,2", x, y), (2, 7, 2), lighter(dark, 0.36 if k % 2 else 0.25))
        eye(sheet, -126, -282, 10)
        if not cap:
            cheek(sheet, -112, -262, 14)
        with sheet.at(-104, -140, size=0.86):
            accessories.at_neck(sheet, wearing, 44, rng)
        with sheet.at(-116, -318, turn=-4, size=0.66):
            accessories.on_head(sheet, wearing, -6, rng)


def peacock(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A peacock from the front with its train spread."""
    white = params.get("kind") == "a white peacock"
    body = vary("#3f6f95" if not white else "#f2ede4", rng, 0.012)
    green, gold, blue = ("#5f8f72", "#d8b458", "#3f6a94") if not white else ("#e6e0d4", "#f4efe6", "#cfc8bc")
    for ring, (long, count, wide) in enumerate(((372, 17, 66), (296, 14, 62), (216, 11, 58))):
        for k in range(count):
            way = -90 + (k - (count - 1) / 2) * (206 / (count - 1))
            tone = vary(mix(green, lighter(green, 0.25), 0.5 * (ring % 2)), rng, 0.02)
            sheet.shape(leaf((0, 120), way, long, wide, "spoon"), tone)
            with sheet.at(*toward((0, 120), way, long * 0.82), turn=way + 90):
                sheet.oval(0, 0, wide * 0.34, wide * 0.40, gold)
                sheet.oval(0, 3, wide * 0.23, wide * 0.27, lighter(blue, 0.3))
                sheet.oval(0, 6, wide * 0.13, wide * 0.15, darker(blue, 0.2))
    for x in (-22, 22):
        sheet.stroke([(x, 250), (x, 312)], (10, 9), "#9a8468")
        for way in (60, 90, 120):
            sheet.shape(leaf((x, 306), way, 30, 9, "willow"), "#9a8468")
    sheet.shape(mirrored(trace("0,-60 34,-44 40,20 74,90 84,170 52,240 0,262")), body)
    for side in (-1, 1):
        sheet.shape(
            leaf((side * 58, 110), 90 - side * 6, 130, 52, "round"),
            mix(body, "#a98f6a" if not white else "#dcd5c8", 0.55),
        )
    for row in range(3):
        for k in range(3):
            sheet.stroke(
                [
                    ((k - 1) * 32 - 11, 132 + 34 * row),
                    ((k - 1) * 32, 144 + 34 * row),
                    ((k - 1) * 32 + 11, 132 + 34 * row),
                ],
                (2, 6, 2),
                lighter(body, 0.3) if not white else "#d4ccbe",
            )
    sheet.shape(mirrored(trace("0,-122 34,-112 48,-78 36,-44 0,-34")), body)
    for k in (-2, -1, 0, 1, 2):
        tip = toward((0, -112), -90 + 17 * k, 62)
        sheet.stroke([(0, -114), tip], (4, 4), darker(body, 0.2))
        sheet.oval(*tip, 9, 9, lighter(blue, 0.15) if not white else "#d9d2c6")
    for x in (-20, 20):
        sheet.oval(x, -82, 17, 14, "#f4eee4")
        eye(sheet, x, -82, 9)
        cheek(sheet, x * 1.6, -62, 9)
    sheet.shape(trace("-12,-72 0,-78 12,-72 0,-50!"), "#d9a45a")


def _kinds(*names: str) -> list[Params]:
    return [{"kind": name} for name in names]


SUBJECTS = (
    plain(
        "turkey", "turkey", ("farm", "autumn", "thanksgiving"), ("animal", "bird", "poultry", "thanksgiving"), turkey,
        [{"kind": k, "wearing": w} for w in ("", "a little hat", "a leaf crown") for k in TURKEYS],
    ),
    plain(
        "goose", "goose", ("farm", "pond"), ("animal", "bird", "poultry"), goose,
        [{"kind": k, "wearing": w} for w in ("", "a bow tie", "a flower crown", "a knitted scarf") for k in GEESE],
    ),
    plain(
        "peacock", "peacock", ("birds", "garden"), ("animal", "bird", "elegant"), peacock, _kinds("a blue peacock", "a white peacock")
    ),
)  # fmt: skip

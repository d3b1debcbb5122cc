"""Pumpkins and gourds: plain, carved, striped, warty, in a stack or in a wagon.

Each painter draws one thing in its own units, back to front; nothing here may frighten a child.
"""

from __future__ import annotations

import numpy as np

from .anatomy import cheek, eye, smile
from .geometry import Point, Sheet, blob, darker, leaf, lighter, mirrored, oval, toward, trace, vary
from .subject import Params

PUMPKINS = {
    "an orange pumpkin": "#d08345",
    "a jack-o'-lantern": "#d37e3f",
    "a white pumpkin": "#e9dfcb",
    "a sage pumpkin": "#a3b096",
    "a smiling pumpkin": "#d68c4c",
    "a striped pumpkin": "#dfae5c",
    "a warty pumpkin": "#c4763f",
    "a stack of pumpkins": "#d08345",
    "a wagon of pumpkins": "#d08345",
    "a tall gourd": "#d9a24c",
}


def pumpkin(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A ribbed pumpkin with a curling vine: plain, carved, smiling, striped or warty; three in a stack, a wagon full, a gourd."""
    kind = str(params.get("kind") or "an orange pumpkin")
    main = vary(PUMPKINS[kind], rng, 0.015)
    if kind == "a stack of pumpkins":
        for y, size, tone in (
            (196, 0.92, main),
            (26, 0.7, vary(PUMPKINS["a white pumpkin"], rng, 0.015)),
            (-98, 0.5, "#a3b096"),
        ):
            with sheet.at(0, y, size=size):
                _flat_pumpkin(sheet, tone)
        _stalk(sheet, -146, 0.5)
        for x, y, way in ((-120, 108, 196), (130, 104, -14), (-86, -38, 190), (88, -36, -8)):
            sheet.shape(leaf((x, y), way, 96, 54, "round"), vary("#87995f", rng, 0.03))
    elif kind == "a wagon of pumpkins":
        _wagon(sheet, rng, main)
    elif kind == "a tall gourd":
        _gourd(sheet, rng, main)
    else:
        _one_pumpkin(sheet, rng, kind, main)


def _one_pumpkin(sheet: Sheet, rng: np.random.Generator, kind: str, main: str) -> None:
    sheet.shape(trace("-18,-150 -26,-208 -52,-240 -20,-256 16,-222 24,-150"), "#7f8256")
    for x, rx, tone in ((-142, 92, 0.16), (142, 92, 0.16), (-82, 98, 0.07), (82, 98, 0.07), (0, 92, 0.0)):
        sheet.shape(oval(x, 20 - abs(x) * 0.02, rx, 176 - abs(x) * 0.24), darker(main, tone))
    if kind == "a striped pumpkin":
        for x, bend in ((-170, -52), (-112, -40), (-44, -16), (44, 16), (112, 40), (170, 52)):
            spine: list[Point] = [(x * 0.62, -130), (x + bend * 0.5, 20), (x * 0.66, 168)]
            sheet.stroke(spine, (10, 26, 9), vary("#7c9460", rng, 0.03))
            sheet.stroke(
                [(a + 20, b) for a, b in ((x * 0.6, -116), (x + bend * 0.5, 20), (x * 0.64, 150))], (2, 7, 2), "#f0dca4"
            )
    elif kind == "a warty pumpkin":
        for k in range(26):
            wart = toward((0, 20), 137.5 * k, 36 + 6.2 * k)
            if abs(wart[1] - 20) < 160:
                r = rng.uniform(11, 21)
                sheet.shape(blob(*wart, r, r * 0.86, rng, 0.08, 8), darker(main, 0.22 if k % 3 else 0.34))
                sheet.oval(wart[0] - r * 0.25, wart[1] - r * 0.3, r * 0.34, r * 0.26, lighter(main, 0.4))
    sheet.stroke(trace("14,-160 76,-196 112,-160 142,-196 176,-178"), (7, 8, 7, 6, 3), "#8a9a62")
    for way, size in ((-160, 120), (-24, 96)):
        sheet.shape(leaf((-10, -150), way, size, size * 0.56, "round"), vary("#87995f", rng, 0.03))
    if kind == "a jack-o'-lantern":
        _carving(sheet)
    elif kind == "a smiling pumpkin":
        for side in (-1, 1):
            eye(sheet, side * 52, 10, 15)
            cheek(sheet, side * 90, 44, 24, "#d9694c")
        smile(sheet, 0, 44, 26, 16, "#5a3f33", 5.5)


def _carving(sheet: Sheet) -> None:
    glow = "#f3d58a"
    for side in (-1, 1):
        sheet.shape(trace("34,-4! 68,-62! 102,-4! 68,6", wide=side), "#5a3f33", ease=0.2)
        sheet.shape(trace("50,-10! 69,-42! 88,-10!", wide=side), glow, ease=0.2)
    mouth: list[Point] = trace(
        "-116,44! -60,66 -36,68! -28,84! -8,70! 30,70! 38,86! 56,68 116,44! 78,108 22,128! 12,110! -10,112! -20,128 -80,106"
    )
    sheet.shape(mouth, "#5a3f33", ease=0.24)


def _flat_pumpkin(sheet: Sheet, main: str) -> None:
    for x, rx, tone in ((-170, 86, 0.18), (170, 86, 0.18), (-94, 100, 0.08), (94, 100, 0.08), (0, 96, 0.0)):
        sheet.shape(oval(x, 0, rx, 118 - abs(x) * 0.16), darker(main, tone))
    sheet.stroke(trace("-226,-30 -210,-64 -180,-80"), (3, 12, 3), lighter(main, 0.4))


def _stalk(sheet: Sheet, y: float, size: float) -> None:
    with sheet.at(0, y, size=size):
        sheet.shape(trace("-26,0 -30,-66 -54,-100 -10,-118 24,-80 34,0"), "#7f8256")


def _wagon(sheet: Sheet, rng: np.random.Generator, main: str) -> None:
    hues = (main, PUMPKINS["a white pumpkin"], PUMPKINS["a sage pumpkin"], main, PUMPKINS["a striped pumpkin"])
    for (x, y, size), hue in zip(
        ((-120, -70, 0.44), (40, -150, 0.46), (140, -60, 0.42), (-30, -56, 0.5), (70, -40, 0.44)), hues, strict=True
    ):
        with sheet.at(x, y, size=size):
            _flat_pumpkin(sheet, vary(hue, rng, 0.015))
        _stalk(sheet, y - 100 * size, size * 0.8)
    wood = vary("#b3584a", rng, 0.015)
    sheet.stroke(trace("220,110 290,60 330,-60"), (16, 15, 15), "#6f5648")
    sheet.stroke([(296, -62), (364, -58)], (17, 17), "#6f5648")
    sheet.shape(trace("-250,-20! 250,-20! 236,130! -236,130!"), wood, 0.1)
    for y in (28, 80):
        sheet.stroke([(-244, y), (0, y + 2), (244, y)], (6, 6, 6), darker(wood, 0.3))
    sheet.shape(trace("-262,-38! 262,-38! 262,-8! -262,-8!"), darker(wood, 0.12), 0.1)
    for x in (-150, 150):
        sheet.shape(oval(x, 166, 76, 76), "#5a4a44")
        sheet.shape(oval(x, 166, 56, 56), "#e6d8c0")
        for k in range(4):
            sheet.stroke([toward((x, 166), 45 * k, 58), toward((x, 166), 45 * k + 180, 58)], (9, 9), "#8a6a54")
        sheet.oval(x, 166, 17, 17, "#5a4a44")


def _gourd(sheet: Sheet, rng: np.random.Generator, main: str) -> None:
    body = mirrored(trace("0,-150 50,-140 76,-70 96,0 164,70 186,150 140,226 60,250 0,252"))
    sheet.stroke(trace("0,-140 -10,-210 40,-266 70,-250"), (40, 34, 26, 16), "#7f8256")
    sheet.shape(body, main)
    low = mirrored(trace("0,80 100,66 176,96 186,150 140,226 60,250 0,252"))
    sheet.shape(low, vary("#7c9460", rng, 0.02))
    for x in (-110, -40, 40, 110):
        sheet.stroke([(x * 0.4, -110), (x * 0.6, 20), (x, 120), (x * 0.8, 230)], (2, 9, 12, 3), "#f0dca4")
    sheet.stroke(trace("-54,-96 -66,-30 -96,20"), (3, 15, 4), lighter(main, 0.5))


# The best first.
KINDS = (
    "an orange pumpkin",
    "a jack-o'-lantern",
    "a stack of pumpkins",
    "a white pumpkin",
    "a wagon of pumpkins",
    "a warty pumpkin",
    "a smiling pumpkin",
    "a striped pumpkin",
    "a tall gourd",
    "a sage pumpkin",
)

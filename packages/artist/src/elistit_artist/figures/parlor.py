"""Porcelain, a cheese board and the Eiffel Tower: table, shelf and travel print.

Each painter draws one thing in its own units, back to front; forms and colors come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .geometry import Point, Sheet, arc, blob, darker, leaf, lighter, mirrored, mix, oval, toward, trace, vary
from .solids import board, box, poly
from .subject import Params, plain
from .variety import kinds

WHITE, BLUE, GOLD = "#f3f0e8", "#5577a6", "#d6ab56"
CHINA = {
    "a blue and white ginger jar": ("jar", ""),
    "a chinoiserie vase": ("vase", ""),
    "a ginger jar of peonies": ("jar", "peonies"),
    "a chinoiserie vase of hydrangeas": ("vase", "hydrangeas"),
}
BODIES = {
    "jar": "0,-120! 70,-120! 84,-96 150,-40 168,60 140,160 96,228 98,244! 0,252",
    "vase": "0,-230! 62,-226! 50,-190 44,-120 96,-50 142,40 132,140 88,214 92,246! 0,252",
}


def porcelain(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Blue and white porcelain: a lidded ginger jar or a vase, alone or full of flowers."""
    form, flowers = CHINA[str(params.get("kind") or "a blue and white ginger jar")]
    blue = vary(BLUE, rng, 0.02)
    top = -120 if form == "jar" else -228
    if flowers:
        _posy(sheet, rng, top, flowers)
    sheet.shape(mirrored(trace(BODIES[form])), vary(WHITE, rng, 0.006))
    shine = "-128,-10 -138,60 -124,130" if form == "jar" else "-92,-10 -116,40 -112,100"
    sheet.stroke(trace(shine), (4, 15, 4), "#ffffff")
    if form == "jar":
        sheet.stroke([(-76, -106), (0, -98), (76, -106)], (9, 10, 9), blue)
        for k in range(7):
            x = -108 + 36 * k
            sheet.shape(leaf((x, -84 + abs(x) * 0.22), 90 - x * 0.16, 44, 34, "petal"), blue)
        if not flowers:
            sheet.shape(mirrored(trace("0,-236! 22,-230 26,-204 12,-194 40,-186 88,-160 92,-116! 0,-108")), WHITE)
            sheet.stroke([(-88, -128), (0, -120), (88, -128)], (9, 10, 9), blue)
            sheet.shape(oval(0, -216, 15, 15), blue)
            for x in (-50, 0, 50):
                sheet.shape(leaf((x, -134), -90 + x * 0.5, 34, 22, "petal"), blue)
    else:
        for y, half in ((-214, 54), (-124, 42)):
            sheet.stroke([(-half, y), (0, y + 6), (half, y)], (9, 10, 9), blue)
        for k in range(5):
            x = -28 + 14 * k
            sheet.shape(leaf((x, -138), -90 + x * 0.1, 54, 13, "willow"), blue)
    with sheet.at(-4, 12 if form == "jar" else 22, size=0.94 if form == "jar" else 0.8):
        _china_branch(sheet, blue, rng)
    foot = 96 if form == "jar" else 88
    sheet.stroke([(-foot, 224), (0, 234), (foot, 224)], (8, 9, 8), blue)
    for k in range(6):
        x = -75 + 30 * k
        sheet.shape(leaf((x, 222 + 6 * (1 - abs(x) / 75)), -90 + x * 0.12, 30, 22, "petal"), lighter(blue, 0.2))


def _china_branch(sheet: Sheet, blue: str, rng: np.random.Generator) -> None:
    sheet.stroke([(-104, 168), (-60, 110), (-10, 96), (30, 40), (84, 10)], (11, 10, 9, 7, 4), darker(blue, 0.12))
    sheet.stroke([(-10, 96), (44, 116), (96, 104)], (8, 6, 4), darker(blue, 0.12))
    for x, y, way in (
        (-80, 132, -150),
        (-66, 120, -60),
        (10, 76, -150),
        (60, 24, -120),
        (84, 10, -20),
        (96, 104, 20),
        (40, 114, 80),
        (-30, 98, 100),
    ):
        sheet.shape(leaf((x, y), way, 46, 19), vary(mix(blue, WHITE, 0.25), rng, 0.02))
    for x, y, r in ((-18, 74, 40), (60, 70, 32), (-74, 72, 27), (46, 152, 30), (-36, 150, 26)):
        start = rng.uniform(0, 72)
        for k in range(5):
            sheet.shape(leaf((x, y), start + 72 * k, r, r * 0.86, "petal"), vary(mix(blue, WHITE, 0.32), rng, 0.015))
        sheet.oval(x, y, r * 0.28, r * 0.28, darker(blue, 0.3))


def _posy(sheet: Sheet, rng: np.random.Generator, top: float, flowers: str) -> None:
    for k in range(11):
        way = -172 + 16.4 * k
        sheet.shape(leaf((0, top + 20), way, 214 + 26 * (k % 2), 62), vary(accessories.GREENS[k % 4], rng, 0.03))
    for x, y, r in ((-124, -60, 70), (124, -60, 70), (-58, -130, 76), (62, -128, 76), (0, -56, 82)):
        if flowers == "peonies":
            _peony(sheet, x, top + y, r, vary(("#e7a9b0", "#f0cdc6", "#d98a98")[int(r) % 3], rng, 0.02))
        else:
            tint = ("#9fb3d6", "#b9a9d2", "#8fabc9")[int(r) % 3]
            for ring, share in ((14, 0.8), (9, 0.46), (4, 0.16)):
                for k in range(ring):
                    px, py = toward((x, top + y), 360 / ring * k, r * share)
                    for n in range(4):
                        sheet.shape(leaf((px, py), 90 * n + 20 * k, r * 0.24, r * 0.22, "petal"), vary(tint, rng, 0.03))


def _peony(sheet: Sheet, x: float, y: float, r: float, pink: str) -> None:
    for ring, (count, share, wide) in enumerate(((9, 1.0, 0.74), (8, 0.78, 0.62), (6, 0.54, 0.5))):
        for k in range(count):
            tone = mix(darker(pink, 0.1), lighter(pink, 0.4), ring / 2)
            sheet.shape(
                leaf((x, y), 360 / count * k + 20 * ring, r * share, r * wide, "round"), darker(tone, 0.05 * (k % 2))
            )
    sheet.oval(x, y, r * 0.2, r * 0.2, "#e2b75a")


def cheese_board(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wooden board with cheeses, ham, grapes, figs and crackers."""
    slate = "slate" in str(params.get("kind") or "")
    wood = vary("#6d6a70" if slate else "#b98556", rng, 0.02)
    sheet.shape(board(238, -46, 372, 46, 34), darker(wood, 0.08))
    sheet.oval(334, 0, 17, 17, darker(wood, 0.5))
    sheet.shape(board(-290, -216, 264, 216, 46), wood)
    for y in (-150, -60, 60, 150):
        sheet.stroke([(-210, y), (0, y + 5), (210, y)], (2, 6, 2), darker(wood, 0.14))
    for k in range(6):
        x, y = -200 + 38 * k, 152 - 6 * (k % 2)
        sheet.shape(board(x - 36, y - 34, x + 36, y + 34, 10), vary("#e3bd83", rng, 0.02))
        for dx, dy in ((-14, -12), (14, -12), (0, 6), (-14, 20), (14, 20)):
            sheet.oval(x + dx, y + dy, 4, 4, "#b98a52")
    sheet.shape(poly("-236,-60 -60,-150 -30,-96 -236,-12"), "#f0c75f")
    sheet.shape(poly("-236,-12 -30,-96 -30,-26 -236,62"), "#e3b24a")
    for x, y, r in ((-180, 8, 15), (-110, -28, 19), (-70, -30, 11), (-200, 32, 9)):
        sheet.oval(x, y, r, r * 0.86, "#c9953a")
    sheet.shape(oval(118, -100, 98, 72), "#efe4cd")
    sheet.shape(
        [(20, -100, 1), (24, -60), (118, -14), (212, -60), (216, -100, 1), (200, -60), (118, -32), (36, -60)], "#d9c9a8"
    )
    sheet.shape(poly("118,-100 176,-44 212,-92"), "#f8ecc4")
    for k in range(5):
        x, y = 34 + 42 * k, 150 - 10 * (k % 2)
        sheet.shape(blob(x, y, 46, 38, rng, 0.05, 9), vary("#c9706a", rng, 0.02))
        sheet.stroke([(x - 26, y - 6), (x, y - 20), (x + 24, y - 8)], (3, 9, 3), "#ecb5a6")
    for k, (x, y) in enumerate([(dx, dy) for dy in (-6, 34, 74) for dx in (40, 84, 128, 172)][:11]):
        tone = vary("#7f6496" if k % 3 else "#94769f", rng, 0.03)
        sheet.oval(x + (y % 3) * 6, y, 28, 29, tone)
        sheet.oval(x + (y % 3) * 6 - 8, y - 9, 7, 6, lighter(tone, 0.5))
    for x, y, size in ((-92, 66, 1.0), (-26, 44, 0.8)):
        with sheet.at(x, y, size=size, turn=x * 0.2):
            sheet.shape(mirrored(trace("0,-62! 20,-40 50,0 44,40 0,54")), "#7a5470")
            sheet.shape(mirrored(trace("0,-40 14,-26 36,4 32,32 0,42")), "#e6c0a8")
            sheet.shape(mirrored(trace("0,-20 10,-12 24,8 20,24 0,30")), "#c2616a")
    for way in (-150, -100, -50):
        sheet.shape(leaf((-16, -92), way, 76, 26), vary("#7f9a66", rng, 0.03))


def eiffel_tower(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """The Eiffel Tower, alone or with flowers at its foot."""
    kind = str(params.get("kind") or "an Eiffel Tower")
    iron = vary({"a pink Eiffel Tower": "#d79aa0", "a golden Eiffel Tower": "#cfa65e"}.get(kind, "#8f7f78"), rng, 0.015)
    dark = darker(iron, 0.24)
    for side in (-1, 1):
        sheet.shape(trace("20,-190! 12,-190! 22,-30 54,90 78,136! 122,136! 82,40 44,-70", wide=side), iron)
        sheet.shape(trace("64,150! 126,150! 150,228 198,320! 132,320! 98,236", wide=side), iron)
    sheet.shape(trace("-20,-400! 20,-400! 24,-300 34,-186! -34,-186! -24,-300"), iron)
    for y0, y1, a0, a1 in ((-370, -330, 17, 21), (-330, -284, 21, 25), (-284, -236, 25, 29), (-236, -190, 29, 33)):
        sheet.stroke([(-a0, y0), (a1, y1)], (5, 5), dark)
        sheet.stroke([(a0, y0), (-a1, y1)], (5, 5), dark)
    for side in (-1, 1):
        for k in range(7):
            y = -168 + 42 * k
            inner = 16 + 56 * ((y + 190) / 326) ** 1.7
            outer = 23 + 92 * ((y + 190) / 326) ** 1.35
            step = 36
            for x0, x1 in ((inner + 5, outer - 2), (outer - 5, inner + 9)):
                sheet.stroke([(side * x0, y), (side * (x1 + 6), y + step)], (5, 5), dark)
        for k in range(3):
            y = 160 + 50 * k
            inner, outer = 72 + 21 * k, 128 + 22 * k
            sheet.stroke([(side * inner, y), (side * (outer + 14), y + 46)], (6, 6), dark)
            sheet.stroke([(side * outer, y), (side * (inner + 22), y + 46)], (6, 6), dark)
    arch: list[Point] = arc(0, 322, 128, 124, 184, 356, 13)
    sheet.stroke(arch, (15, 15), dark)
    for y, half, thick in ((-190, 52, 22), (132, 136, 34)):
        sheet.shape(box(-half, y - thick / 2, half, y + thick / 2), lighter(iron, 0.16))
        sheet.stroke([(-half, y), (half, y)], (5, 5), dark)
    sheet.shape(board(-30, -424, 30, -396, 6), lighter(iron, 0.16))
    sheet.stroke([(0, -424), (0, -500)], (10, 5), dark)
    for side in (-1, 1):
        left, right = sorted((side * 120, side * 212))
        sheet.shape(box(left, 312, right, 340), dark)
    if "flowers" in kind:
        for k in range(14):
            x = -240 + 37 * k
            for way in (-120, -60):
                sheet.shape(leaf((x, 348), way, 90 + 16 * (k % 3), 34), vary(accessories.GREENS[k % 4], rng, 0.03))
        for k, x in enumerate((-210, -150, -84, -16, 50, 118, 186)):
            accessories.flower(sheet, x, 318 - 18 * (k % 2), 46, vary(accessories.PETALS[k % 5], rng, 0.02), rng)


SUBJECTS = (
    plain("porcelain", "porcelain jar", ("home", "floral"), ("chinoiserie", "vase", "asian"), porcelain, kinds(CHINA)),
    plain(
        "cheese_board",
        "cheese board",
        ("kitchen", "food", "wine"),
        ("food", "charcuterie", "snack", "party"),
        cheese_board,
        kinds(("a cheese board", "a slate cheese board")),
    ),
    plain(
        "eiffel_tower",
        "Eiffel Tower",
        ("travel",),
        ("paris", "france", "landmark"),
        eiffel_tower,
        kinds(("an Eiffel Tower", "an Eiffel Tower in flowers", "a pink Eiffel Tower", "a golden Eiffel Tower")),
    ),
)

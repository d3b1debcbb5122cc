"""Fairy houses, pirate ships and treasure chests: things out of a story.

Each painter draws one thing in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .celestial import star_points
from .geometry import Point, Sheet, darker, leaf, lighter, mirrored, oval, toward, trace, vary
from .solids import board, poly
from .subject import Params, plain
from .variety import kinds

GOLD, WOOD, CREAM = "#dcb055", "#9a7050", "#f3e8d6"

CAPS = {
    "a mushroom fairy house": ("#c4523f", "#efe0c6"),
    "a lilac fairy house": ("#a992c4", "#f0e6d4"),
    "a blue fairy house": ("#7fa0bb", "#f0e3cc"),
    "an acorn fairy house": ("#96704f", "#dcb785"),
}


def fairy_house(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A little house under a mushroom's or an acorn's cap, with a round door, windows and flowers at its foot."""
    kind = str(params.get("kind") or "a mushroom fairy house")
    cap, wall = CAPS[kind]
    cap, wall = vary(cap, rng, 0.02), vary(wall, rng, 0.01)
    if "acorn" not in kind:
        with sheet.at(104, -156, turn=8):
            sheet.shape(poly("-26,-70 26,-70 30,70 -30,70"), "#b78a70")
            sheet.shape(trace("-36,-84! 36,-84! 38,-60! -38,-60!"), "#96705a")
    for x, way in ((-170, -120), (-196, -150), (168, -56), (198, -26), (-150, -92), (146, -88)):
        sheet.shape(leaf((x, 240), way, 116, 36), vary(accessories.GREENS[abs(x) % 4], rng, 0.03))
    sheet.shape(trace("-112,-40! 112,-40! 116,60 142,160 150,238! 0,252 -150,238! -142,160 -116,60"), wall)
    sheet.glaze(trace("60,-30 112,-30 118,70 146,236 84,246 96,120"), darker(wall, 0.35), 0.4)
    _fairy_door(sheet, cap, wall)
    for x in (-72, 84):
        sheet.shape(oval(x, 48, 35, 37), darker(WOOD, 0.1))
        sheet.shape(oval(x, 48, 26, 28), "#f4d588")
        sheet.stroke([(x, 22), (x, 74)], (7, 7), darker(WOOD, 0.1))
        sheet.stroke([(x - 26, 48), (x + 26, 48)], (7, 7), darker(WOOD, 0.1))
    if "acorn" in kind:
        _acorn_cap(sheet, cap)
    else:
        sheet.shape(
            trace(
                "-250,-6 -236,-90 -170,-190 -70,-252 0,-262 70,-252 170,-190 236,-90 250,-6 170,-28 60,-44 "
                "0,-46 -60,-44 -170,-28"
            ),
            cap,
        )
        sheet.shape(
            trace("-250,-6 -170,-34 -60,-52 0,-54 60,-52 170,-34 250,-6 170,4 60,-12 0,-16 -60,-12 -170,4"),
            lighter(wall, 0.4),
        )
        for x in (-170, -112, -56, 0, 56, 112, 170):
            sheet.stroke([(x * 1.06, -28 + abs(x) * 0.1), (x * 0.92, -14 + abs(x) * 0.05)], (3, 4), darker(wall, 0.2))
        for x, y, r in (
            (-140, -104, 34),
            (-30, -196, 30),
            (70, -126, 38),
            (166, -92, 26),
            (-46, -94, 24),
            (-204, -50, 18),
        ):
            sheet.shape(oval(x, y, r, r * 0.88, x * 0.1), "#f8efe0")
    sheet.shape(trace("-60,236 0,226 60,236 96,268 0,280 -96,268"), "#c9b8a4")
    for x, r, hue in ((-148, 30, 0), (-110, 22, 1), (140, 32, 2), (176, 22, 0), (-186, 22, 2)):
        accessories.flower(
            sheet, x, 226 + (abs(x) % 3) * 8, r, vary(("#e3a0ae", "#f3e2bd", "#b9a2d0")[hue], rng, 0.02), rng
        )


def _fairy_door(sheet: Sheet, cap: str, wall: str) -> None:
    sheet.shape([(-60, 240, 1), (-60, 150), (-40, 102), (0, 86), (40, 102), (60, 150), (60, 240, 1)], darker(WOOD, 0.2))
    sheet.shape(
        [(-46, 240, 1), (-46, 154), (-30, 116), (0, 102), (30, 116), (46, 154), (46, 240, 1)], darker(cap, 0.14)
    )
    for x in (-16, 16):
        sheet.stroke([(x, 118), (x, 238)], (4, 4), darker(cap, 0.36))
    sheet.oval(28, 186, 8, 8, GOLD)
    sheet.shape(mirrored(trace("0,126! 10,116 22,120 22,134 10,148 0,156!")), lighter(wall, 0.3))


def _acorn_cap(sheet: Sheet, cap: str) -> None:
    sheet.stroke([(4, -236), (14, -276), (44, -298)], (30, 26, 22), darker(cap, 0.24))
    sheet.shape(trace("-214,10 -214,-80 -150,-196 0,-246 150,-196 214,-80 214,10 110,-24 0,-32 -110,-24"), cap)
    for row, (y, half, count) in enumerate(
        ((-12, 180, 9), (-62, 178, 8), (-112, 154, 7), (-160, 112, 5), (-204, 60, 3))
    ):
        for k in range(count):
            u = (k + 0.5) / count * 2 - 1
            tone = darker(cap, 0.12) if (k + row) % 2 else lighter(cap, 0.14)
            sheet.shape(leaf((u * half, y - 26 + 14 * abs(u)), 90, 46, 42, "round"), tone)


SAILS = {
    "a pirate ship": ("#f0e4cd", "#96694a", "#4a4448"),
    "a striped pirate ship": ("#f3e8d6", "#7d5a46", "#b8463c"),
    "a dark pirate ship": ("#7a6f78", "#5f4a42", "#3f3a40"),
}


def pirate_ship(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A galleon with full sails, a skull on the largest, and a black flag."""
    kind = str(params.get("kind") or "a pirate ship")
    sail, hull, flag = SAILS[kind]
    sail, hull = vary(sail, rng, 0.01), vary(hull, rng, 0.02)
    for x, top in ((-112, -196.0), (26, -268), (146, -150)):
        sheet.stroke([(x, 110), (x, top)], (17, 12), darker(hull, 0.3))
    sheet.stroke([(196, 74), (292, 4)], (15, 9), darker(hull, 0.3))
    sheet.shape(trace("26,-268! 60,-282 96,-262 136,-274! 128,-220! 94,-212 60,-228 26,-216!"), "#4a4448")
    sheet.shape(poly("296,2 160,-136 166,34"), darker(sail, 0.08))
    for x, y, half, tall in ((-112, -104, 80, 150), (26, -132, 104, 176), (146, -62, 62, 120)):
        top, low = y - tall / 2, y + tall / 2
        sheet.stroke([(x - half * 1.04, top), (x + half * 1.04, top)], (10, 10), darker(hull, 0.36))
        outline: list[Point] = [
            (x - half * 0.9, top, 1),
            (x + half * 0.9, top, 1),
            (x + half * 1.12, y + 8),
            (x + half, low, 1),
            (x, low - 26),
            (x - half, low, 1),
            (x - half * 0.74, y + 8),
        ]
        sheet.shape(outline, sail)
        if "striped" in kind:
            for share in (-0.62, -0.2, 0.22, 0.64):
                bulge = x + share * half + half * 0.17
                sheet.stroke(
                    [
                        (x + share * half * 0.92, top + 3),
                        (bulge, y + 8),
                        (x + share * half, low - 24 + 20 * abs(share)),
                    ],
                    (17, 20, 17),
                    flag,
                )
        else:
            sheet.glaze(
                [
                    (x + half * 0.5, top, 1),
                    (x + half * 0.9, top, 1),
                    (x + half * 1.12, y + 8),
                    (x + half, low, 1),
                    (x + half * 0.7, y + 20),
                ],
                darker(sail, 0.35),
                0.35,
            )
    if "striped" not in kind:
        _skull_mark(sheet, 42, -138, 1.0, "#4a4448" if sail > "#a" else "#efe4d2", sail)
    _hull(sheet, hull, rng)
    _skull_mark(sheet, 82, -246, 0.34, "#f3e8d6", "#4a4448")


def _hull(sheet: Sheet, hull: str, rng: np.random.Generator) -> None:
    sheet.shape(
        trace("-250,-30! -130,-24! -126,60! 120,64! 128,36! 250,24! 232,110 176,206! 0,220 -170,206! -226,110"), hull
    )
    sheet.shape(poly("-262,-48 -120,-40 -120,-14 -256,-20"), darker(hull, 0.3))
    sheet.shape(poly("116,18 262,8 256,34 118,44"), darker(hull, 0.3))
    for y, left, right in ((102, -222, 234), (142, -206, 214), (178, -188, 194)):
        sheet.stroke([(left, y - 6), (0, y + 6), (right, y - 8)], (5, 6, 5), darker(hull, 0.26))
    sheet.stroke([(-234, 62), (0, 78), (240, 58)], (13, 15, 13), GOLD)
    for x in (-150, -76, 0, 76, 150):
        sheet.shape(board(x - 21, 98, x + 21, 134, 7), GOLD)
        sheet.shape(oval(x, 116, 13, 13), "#4a4448")
    for x in (-218, -176):
        sheet.shape(board(x - 13, -2, x + 13, 34, 8), "#f2d58a")
    wave, foam = vary("#7fa6b8", rng, 0.02), "#dfeaea"
    crests: list[Point] = []
    for k in range(9):
        x = -296 + 74 * k
        crests += [(x, 188 + 8 * (k % 2)), (x + 37, 214)]
    sheet.shape([*crests[:-1], (296, 240), (220, 262), (-220, 262), (-296, 240)], wave)
    for x in (-190, -40, 120):
        sheet.stroke([(x, 230), (x + 36, 222), (x + 72, 232)], (3, 8, 3), foam)


def _skull_mark(sheet: Sheet, x: float, y: float, size: float, bone: str, eyes: str) -> None:
    with sheet.at(x, y, size=size):
        for turn in (-34, 34):
            with sheet.at(0, 30, turn=turn):
                sheet.stroke([(-58, 0), (58, 0)], (11, 11), bone)
                for ex, ey in ((-60, -7), (-60, 7), (60, -7), (60, 7)):
                    sheet.oval(ex, ey, 10, 10, bone)
        sheet.shape(mirrored(trace("0,-50 34,-44 50,-14 42,12 26,20 24,38 0,42")), bone)
        for side in (-1, 1):
            sheet.oval(side * 19, -8, 12, 13, eyes)
        sheet.shape(poly("0,8 7,18 -7,18"), eyes)


CHESTS = {
    "a treasure chest": ("#96694a", GOLD),
    "a dark treasure chest": ("#6f5044", "#b9c0c9"),
    "a red treasure chest": ("#a85448", GOLD),
}


def _hoard(sheet: Sheet, rng: np.random.Generator) -> None:
    heap: list[Point] = trace(
        "-190,-30 -160,-84 -100,-112 -40,-140 20,-148 80,-118 130,-104 176,-66 192,-30 100,0 -100,0"
    )
    sheet.shape(heap, darker(GOLD, 0.12))
    coins = [(x, y) for y in (-106, -78, -52, -30) for x in range(-150, 160, 46) if abs(x) < 200 + (y + 30) * 1.3]
    for x, y in [*coins, (-30, -132), (20, -136)]:
        cx, cy = x + rng.uniform(-9, 9) + (y % 3) * 8, y + rng.uniform(-6, 6)
        sheet.oval(cx, cy, 29, 21, darker(GOLD, 0.14))
        sheet.oval(cx - 1, cy - 4, 27, 19, lighter(GOLD, 0.12))
        sheet.oval(cx - 1, cy - 4, 16, 11, darker(GOLD, 0.06))
    for x, y, r, hue in ((-96, -100, 30, "#b8505a"), (92, -92, 34, "#6f93b8"), (10, -92, 27, "#7fae86")):
        sheet.shape(
            poly(
                f"{x - r},{y - r * 0.3} {x - r * 0.5},{y - r * 0.8} {x + r * 0.5},{y - r * 0.8} {x + r},{y - r * 0.3} {x},{y + r}"
            ),
            hue,
        )
        sheet.shape(poly(f"{x - r * 0.42},{y - r * 0.3} {x + r * 0.42},{y - r * 0.3} {x},{y + r}"), lighter(hue, 0.35))
    for k in range(9):
        sheet.oval(*toward((40, -70), 100 + 17 * k, 84 - 2 * k), 11, 11, "#f5ecdf")


def treasure_chest(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An open chest with coins, gems and pearls spilling over its rim."""
    wood, metal = CHESTS[str(params.get("kind") or "a treasure chest")]
    wood, metal = vary(wood, rng, 0.02), vary(metal, rng, 0.015)
    lid: list[Point] = [
        (-204, -40, 1),
        (-224, -120),
        (-196, -198),
        (-120, -236),
        (120, -236),
        (196, -198),
        (224, -120),
        (204, -40, 1),
    ]
    sheet.shape(lid, darker(wood, 0.1))
    sheet.shape(
        [
            (-180, -40, 1),
            (-194, -116),
            (-168, -176),
            (-104, -206),
            (104, -206),
            (168, -176),
            (194, -116),
            (180, -40, 1),
        ],
        darker(wood, 0.46),
    )
    for x in (-150, 150):
        sheet.shape(
            [(x - 22, -40, 1), (x - 24, -140), (x - 12, -214, 1), (x + 20, -226, 1), (x + 22, -140), (x + 22, -40, 1)],
            metal,
        )
    _hoard(sheet, rng)
    sheet.shape(poly("-212,-30 212,-30 196,196 -196,196"), wood)
    for y in (46, 120):
        sheet.stroke([(-202, y), (0, y + 3), (202, y)], (5, 6, 5), darker(wood, 0.32))
    for x, slant in ((-150, 8), (150, -8)):
        sheet.shape(poly(f"{x - 22},-30 {x + 22},-30 {x + 22 + slant},196 {x - 22 + slant},196"), metal)
        for y in (0, 84, 168):
            sheet.oval(x + slant * (y + 30) / 226, y, 7, 7, darker(metal, 0.35))
    sheet.shape(poly("-222,-46 222,-46 218,-6 -218,-6"), metal)
    sheet.shape(board(-44, -34, 44, 66, 18), darker(metal, 0.14))
    sheet.oval(0, 4, 13, 13, "#4a3a34")
    sheet.shape(poly("-6,8 6,8 11,40 -11,40"), "#4a3a34")
    for x, y, r in ((-92, -158, 24), (52, -176, 20), (96, -146, 14)):
        sheet.shape(star_points(x, y, r, 0.24, -90, 4, sharp=True), CREAM)


SUBJECTS = (
    plain(
        "fairy_house",
        "fairy house",
        ("fantasy", "woodland", "mushroom"),
        ("fairy", "cottage", "magic", "fairytale"),
        fairy_house,
        kinds(CAPS),
    ),
    plain(
        "pirate_ship", "pirate ship", ("pirate", "nautical"), ("boat", "ship", "adventure"), pirate_ship, kinds(SAILS)
    ),
    plain(
        "treasure_chest",
        "treasure chest",
        ("pirate", "fantasy"),
        ("gold", "coin", "jewel", "adventure"),
        treasure_chest,
        kinds(CHESTS),
    ),
)

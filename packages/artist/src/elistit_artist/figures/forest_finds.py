"""What lies on the forest floor: mushrooms, acorns, leaves, cones, stumps and trees.

Each painter draws one find onto a sheet in its own units; the sheet is fitted afterwards.
"""

from __future__ import annotations

import math

import numpy as np

from .geometry import Point, Sheet, blob, darker, leaf, lighter, mirrored, mix, rows, toward, trace, vary
from .subject import Params, plain


def _cap(kind: str) -> list[Point]:
    if kind == "flat":
        return trace("-150,10 -124,-40 -60,-78 0,-86 66,-76 128,-38 152,10 80,34 0,40 -80,34")
    if kind == "bell":
        return trace("-96,30 -86,-50 -46,-126 0,-150 46,-126 86,-50 98,30 50,48 0,53 -50,48")
    return trace("-140,22 -128,-52 -76,-116 0,-136 78,-114 130,-50 142,22 76,46 0,53 -76,46")


def one_mushroom(
    sheet: Sheet, rng: np.random.Generator, cap: str, kind: str = "dome", spots: str = "#f8ecdc", tall: float = 150.0
) -> None:
    """One mushroom with its foot at (0, 0) and its cap ``tall`` above."""
    k: float
    flesh = vary("#ead8bf", rng, 0.02)
    w = 40 if kind == "bell" else 52
    stalk: list[Point] = [
        (-w * 0.72, -tall),
        (-w * 0.74, -tall * 0.5),
        (-w * 1.02, -12),
        (-w * 0.6, 10),
        (0, 14),
        (w * 0.6, 10),
        (w * 1.02, -12),
        (w * 0.74, -tall * 0.5),
        (w * 0.72, -tall),
    ]
    under = {"dome": (112, 30), "flat": (124, 26), "bell": (76, 26)}[kind]
    with sheet.at(0, -tall):
        sheet.oval(0, 30, under[0], under[1], darker(flesh, 0.18))
        for k in range(9):
            u = (k - 4) / 4
            sheet.stroke(
                [(u * under[0] * 0.5, 30), (u * under[0] * 0.9, 30 + under[1] * 0.85 * (1 - u * u * 0.72))],
                (2, 3),
                darker(flesh, 0.34),
            )
        with sheet.at(0, tall):
            sheet.shape(stalk, flesh)
        ring: list[Point] = [
            (-w * 0.86, 58),
            (0, 70),
            (w * 0.86, 58),
            (w * 1.04, 84),
            (w * 0.4, 94),
            (0, 90),
            (-w * 0.4, 96),
            (-w * 1.04, 84),
        ]
        if kind == "dome":
            sheet.shape(ring, lighter(flesh, 0.5))
        sheet.shape(_cap(kind), cap)
        for x, y, r in rows("-64,-56,21 10,-84,25 76,-40,20 2,-10,17 -102,2,12 62,14,13 -44,20,10"):
            if spots and kind != "bell":
                k = rng.uniform(0.85, 1.15)
                lift = 0.55 if kind == "flat" else 1.0
                sheet.shape(
                    blob(x, y * lift, r * k, r * k * (0.92 - abs(x) / 500), rng, 0.05, 9), vary(spots, rng, 0.01)
                )


CAPS = {
    "a red spotted mushroom": ("#bf4b38", "dome", "#f8ecdc"),
    "a brown mushroom": ("#a5714c", "dome", ""),
    "a golden chanterelle": ("#d99f4e", "flat", ""),
    "a tall bell mushroom": ("#b58f6e", "bell", ""),
    "a pink spotted mushroom": ("#d58f80", "flat", "#fbf0e4"),
}


def mushroom(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One mushroom or a family of three, with grass at the foot."""
    kind = str(params.get("kind") or "a red spotted mushroom")
    family = kind.startswith("a family")
    cap, shape, spots = CAPS.get(kind, CAPS["a red spotted mushroom"])
    if family:
        with sheet.at(-118, 6, turn=-10, size=0.62):
            one_mushroom(sheet, rng, vary(cap, rng, 0.03), shape, spots, 170)
        with sheet.at(132, 4, turn=9, size=0.5):
            one_mushroom(sheet, rng, vary(cap, rng, 0.03), shape, spots, 150)
    with sheet.at(0, 0, turn=rng.uniform(-4, 4)):
        one_mushroom(sheet, rng, vary(cap, rng, 0.03), shape, spots, 210 if shape == "bell" or family else 170)
    spread = 150 if family else 76
    for k in range(14 if family else 9):
        x = spread * (2 * (k + rng.uniform(0.2, 0.8)) / (14 if family else 9) - 1)
        sheet.shape(
            leaf((x, 24), -90 + x * 0.28 + rng.normal(0, 9), rng.uniform(44, 76), 13, "willow", rng.normal(0, 0.08)),
            vary(("#7d9360", "#8fa36c", "#69805a")[k % 3], rng, 0.03),
        )


def acorn(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A pair of acorns on a twig with an oak leaf, or one alone."""
    if params.get("kind") != "a single acorn":
        sheet.stroke(trace("-60,-236 10,-212 70,-232 150,-250"), (14, 12, 9), "#77573f")
        with sheet.at(104, -244, turn=64, size=0.62):
            oak_leaf_shape(sheet, rng, vary("#b9803f", rng, 0.04))
        with sheet.at(84, -96, turn=-20, size=0.92):
            _acorn_nut(sheet, rng)
    with sheet.at(-24, -80, turn=10):
        _acorn_nut(sheet, rng)


def _acorn_nut(sheet: Sheet, rng: np.random.Generator) -> None:
    nut, cup = vary("#bd8a50", rng, 0.03), vary("#7f5e44", rng, 0.02)
    sheet.stroke(trace("0,-96 4,-122 14,-144"), (15, 12, 14), darker(cup, 0.15))
    sheet.shape(mirrored(trace("0,-46 60,-40 78,8 66,74 34,116 0,136!")), nut)
    sheet.stroke(trace("-44,-6 -50,30 -38,70"), (3, 12, 3), lighter(nut, 0.42))
    sheet.shape(mirrored(trace("0,-102 54,-90 90,-50 96,-20 48,-10 0,-6")), cup)
    for row, (y, half, count) in enumerate(((-76, 40, 4), (-54, 66, 6), (-32, 76, 7))):
        for k in range(count):
            x = -half + 2 * half * (k + 0.5 * (row % 2) * 0) / (count - 1)
            sheet.shape(leaf((x, y - 9), 90 - x * 0.3, 21, 15, "round"), mix(cup, "#b08a63", 0.42))


def oak_leaf_shape(sheet: Sheet, rng: np.random.Generator, color: str) -> None:
    """A lobed leaf standing on its stalk at (0, 0)."""
    vein = darker(color, 0.26)
    sheet.stroke(trace("0,62 -3,20 0,-40"), (11, 10, 9), vein)
    right: list[Point] = trace(
        "0,10 26,-12 66,-30 78,-62 44,-82 40,-96 94,-122 108,-164 62,-182 54,-196 98,-228 "
        "102,-268 56,-278 46,-290 64,-330 40,-362 0,-376"
    )
    sheet.shape(mirrored([(p[0] * rng.uniform(0.94, 1.06), p[1]) for p in right]), color)
    sheet.stroke(trace("0,16 3,-150 0,-340"), (9, 7, 3), vein)
    for y, end in ((-40, (56, -58)), (-112, (76, -146)), (-190, (72, -240)), (-268, (40, -318))):
        for side in (-1, 1):
            sheet.stroke(
                [(0, y), (side * end[0] * 0.55, (y + end[1]) / 2 - 4), (side * end[0], end[1])], (5, 4, 2), vein
            )


def oak_leaf(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One oak leaf in an autumn color."""
    hues = {"a russet oak leaf": "#b5623c", "a golden oak leaf": "#d19a48", "a green oak leaf": "#87995a"}
    with sheet.at(0, 0, turn=rng.uniform(-16, 16)):
        oak_leaf_shape(sheet, rng, vary(hues.get(str(params.get("kind")), "#b5623c"), rng, 0.03))


def pine_tree(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Layered boughs, lighter toward the top."""
    green = vary("#64815f", rng, 0.03)
    sheet.shape(trace("-26,0 -20,-120 20,-120 28,0 0,8"), "#8a6850")
    rows = int(params.get("rows", 5))
    for k in range(rows):
        t = k / (rows - 1)
        y, half, tall = -70 - 118 * k, 190 * (1 - 0.66 * t), 190 - 20 * t
        hem: list[Point] = []
        teeth = 7
        for j in range(teeth):
            x = half * (1 - 2 * j / (teeth - 1))
            hem.append((x, y + 14 * (1 - (x / half) ** 2) - (8 if abs(x) == half else 0), 1))
            if j < teeth - 1:
                hem.append((half * (1 - 2 * (j + 0.5) / (teeth - 1)), y - 12 + 12 * (1 - (x / half) ** 2)))
        color = vary(mix(green, "#a3b58a", 0.12 + 0.3 * t), rng, 0.02)
        sheet.shape(
            [(0, y - tall, 1), (half * 0.36, y - tall * 0.52), *hem, (-half * 0.36, y - tall * 0.52)], color, ease=0.3
        )


def pine_cone(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A hanging cone: rows of pointed scales on a dark heart, under a spray of needles."""
    wood = vary("#94694a", rng, 0.03)
    sheet.stroke(trace("-10,-230 4,-190 0,-140"), (14, 13, 14), "#7a5a42")
    for k in range(13):
        way = -186 + k * 16 + rng.normal(0, 2)
        far = 150 + 26 * math.sin(k * 1.9)
        start = (-2, -188)
        sheet.stroke(
            [start, toward(start, way, far * 0.5), toward(start, way + 5, far)], (8, 8, 2), vary("#718a60", rng, 0.04)
        )
    sheet.shape(mirrored(trace("0,-150 52,-132 84,-60 76,20 44,92 0,136")), darker(wood, 0.42))
    rows = 8
    for row in range(rows):
        t = row / (rows - 1)
        y = 124 - 248 * t
        half = (16, 40, 62, 78, 88, 88, 78, 56)[row]
        count = (2, 2, 3, 4, 4, 5, 4, 3)[row]
        for j in sorted(range(count), key=lambda j: -abs(j - (count - 1) / 2)):
            u = 2 * j / (count - 1) - 1
            x = half * u * 0.9
            color = vary(mix(wood, "#d0a777", 0.1 + 0.34 * (1 - abs(u))), rng, 0.02)
            base = (x * 0.78, y - 40 + 8 * u * u)
            sheet.shape(leaf(base, 90 - u * 44, 60, 52, "petal"), darker(color, 0.18))
            sheet.shape(leaf(base, 90 - u * 44, 50, 40, "petal"), color)


SUBJECTS = (
    plain(
        "mushroom",
        "mushroom",
        ("woodland", "mushroom", "autumn"),
        ("forest", "toadstool", "autumn", "fungi"),
        mushroom,
        [{"kind": k} for k in ("a family of red spotted mushrooms", *CAPS)],
    ),
    plain(
        "acorn",
        "pair of acorns on a twig",
        ("woodland", "autumn"),
        ("forest", "autumn", "oak", "nut"),
        acorn,
        [{}, {"kind": "a single acorn"}],
    ),
    plain(
        "oak_leaf",
        "oak leaf",
        ("woodland", "autumn", "botanical"),
        ("autumn", "fall", "leaf"),
        oak_leaf,
        [{"kind": k} for k in ("a russet oak leaf", "a golden oak leaf", "a green oak leaf")],
    ),
    plain("pine_tree", "pine tree", ("woodland", "christmas"), ("forest", "tree", "evergreen"), pine_tree),
    plain("pine_cone", "pine cone", ("woodland", "autumn", "christmas"), ("forest", "autumn"), pine_cone),
)

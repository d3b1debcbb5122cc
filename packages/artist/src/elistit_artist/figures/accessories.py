"""Things animals wear or stand by: scarves, crowns, hats, bows, and the log they peek over.

Head wear is drawn around (0, crown_y) in head units; neck wear around (0, 0) with a given half width.
"""

from __future__ import annotations

import math

import numpy as np

from .geometry import Point, Sheet, arc, blob, darker, leaf, lighter, mirrored, mix, toward, trace, vary

NECK_WEAR = ("a leaf scarf", "a knitted scarf", "a bow tie", "a bandana")
DYES = {
    "red": "#b8403a", "burgundy": "#7f3340", "pink": "#e08fa6", "orange": "#dd8a4a", "yellow": "#e6bf55", "mustard": "#cc9a3c",
    "green": "#6f9a5f", "sage": "#93a98a", "teal": "#5f9a96", "turquoise": "#6fb5b5", "blue": "#5f8fc0", "navy": "#3d5280",
    "purple": "#8f78b5", "lavender": "#b7a3d3", "brown": "#8a6248", "white": "#f3ede2", "gray": "#9a9a98", "black": "#4a4648",
}  # fmt: skip
"""Colors in which what is worn can be asked for."""
DYED = ("a knitted scarf", "a bow tie", "a bandana", "a little hat", "a party hat", "a flower crown")
"""What can be worn in one of these colors, as "a red bandana"."""
GREENS = ("#7d9360", "#8fa36c", "#6b8259", "#9aab7b")
PETALS = ("#e3a79b", "#f1d9c0", "#d98b7c", "#e9bf8a", "#c9a3b5")


def flower(sheet: Sheet, x: float, y: float, r: float, color: str, rng: np.random.Generator) -> None:
    """Five round petals and a warm center."""
    start = rng.uniform(0, 72)
    for k in range(5):
        sheet.shape(leaf((x, y), start + 72 * k, r, r * 0.86, "petal"), vary(color, rng, 0.025))
    sheet.oval(x, y, r * 0.27, r * 0.27, "#c98a3c")


def dye(wearing: str, color: str) -> str:
    """What is worn, in a color of `DYES`: "a red bandana"; as it is when it has no color to choose."""
    if wearing not in DYED:
        return wearing
    size = "little " if "little " in wearing else ""
    return f"a {size}{color} {wearing.removeprefix(f'a {size}')}"


def _dyed(wearing: str) -> tuple[str, str]:
    """What is worn without its color, and the color; "" when none is said."""
    words = wearing.split()
    plain = " ".join(w for w in words if w not in DYES)
    return (plain, DYES[next(w for w in words if w in DYES)]) if plain != wearing and plain in DYED else (wearing, "")


def on_head(sheet: Sheet, wearing: str, crown_y: float, rng: np.random.Generator) -> None:
    """Draw what is worn on the head; anything else is ignored."""
    wearing, color = _dyed(wearing)
    with sheet.at(0, crown_y):
        if wearing == "a flower crown":
            _flower_crown(sheet, rng, (color, lighter(color, 0.3), darker(color, 0.12)) if color else PETALS)
        elif wearing == "a leaf crown":
            _leaf_crown(sheet, rng)
        elif wearing == "a little hat":
            _hat(sheet, vary(color or "#8a6a50", rng, 0.05))
        elif wearing == "a mushroom cap":
            _mushroom_cap(sheet, rng)
        elif wearing == "a party hat":
            _party_hat(sheet, vary(color or "#8fb0a5", rng, 0.05), rng)


def at_neck(sheet: Sheet, wearing: str, half: float, rng: np.random.Generator) -> None:
    """Draw what is worn at the neck; anything else is ignored."""
    wearing, color = _dyed(wearing)
    if wearing == "a leaf scarf":
        _leaf_scarf(sheet, half, rng)
    elif wearing == "a knitted scarf":
        _scarf(sheet, half, vary(color or "#b5533f", rng, 0.05), rng)
    elif wearing == "a bow tie":
        bow(sheet, 0, 12, 30, vary(color or "#a8584c", rng, 0.05))
    elif wearing == "a bandana":
        _bandana(sheet, half, vary(color or "#7f9472", rng, 0.05))


def _flower_crown(sheet: Sheet, rng: np.random.Generator, petals: tuple[str, ...]) -> None:
    along = arc(0, 56, 74, 50, 206, 334, 9)
    for k, (x, y) in enumerate(along):
        way = 200 + 140 * k / 8
        for d in (-38, 34):
            sheet.shape(leaf((x, y), way + d, 27, 13, "lance"), vary(GREENS[int(rng.integers(4))], rng, 0.03))
    for k, size in ((4, 21), (2, 17), (6, 17), (0, 12), (8, 12)):
        x, y = along[k]
        flower(sheet, x, y, size, petals[int(rng.integers(len(petals)))], rng)
    for k in (1, 3, 5, 7):
        x, y = along[k]
        sheet.oval(x, y - 5, 5, 5, vary("#a84a41", rng, 0.04))


def _leaf_crown(sheet: Sheet, rng: np.random.Generator) -> None:
    autumn = ("#c9793c", "#b5613a", "#d3a04f", "#8f9a5a", "#a5673f")
    for k, (x, y) in enumerate(arc(0, 56, 76, 50, 208, 332, 9)):
        way = 214 + 112 * k / 8
        sheet.shape(leaf((x, y + 6), way, 40 + rng.uniform(-4, 6), 21, "lance"), vary(autumn[k % 5], rng, 0.03))
    for k, (x, y) in enumerate(arc(0, 60, 72, 50, 214, 326, 6)):
        sheet.oval(x, y - 2, 5.5, 5.5, vary("#a84a41" if k % 2 else "#7d4a3a", rng, 0.04))


def _hat(sheet: Sheet, felt: str) -> None:
    with sheet.at(12, 12, turn=8):
        sheet.shape(trace("-58,4 -30,-6 0,-8 30,-6 58,4 30,14 0,17 -30,14"), felt)
        sheet.shape(trace("-34,2 -31,-26 -16,-42 0,-38 16,-42 31,-26 34,2 0,8"), lighter(felt, 0.08))
        sheet.shape(trace("-35,3 -34,-11 0,-5 34,-11 35,3 0,9"), "#b5614a")
        sheet.shape(leaf((26, -6), -62, 44, 15, "lance"), "#8fa36c")


def _mushroom_cap(sheet: Sheet, rng: np.random.Generator) -> None:
    red = vary("#b9503c", rng, 0.04)
    with sheet.at(4, 14, turn=5):
        sheet.shape(trace("-66,6 -52,-34 -24,-58 8,-62 38,-50 60,-22 66,6 34,14 0,17 -34,14"), red)
        for x, y, r in ((-30, -28, 11), (6, -40, 13), (38, -22, 10), (-2, -8, 8), (-48, -4, 6)):
            sheet.shape(blob(x, y, r, r * 0.9, rng, 0.05, 8), "#f6e9d8")


def _party_hat(sheet: Sheet, paper: str, rng: np.random.Generator) -> None:
    with sheet.at(6, 14, turn=7):
        sheet.shape(trace("0,-84! 34,4! 0,14 -34,4!"), paper)
        for y, w in ((-8, 26), (-36, 16)):
            sheet.stroke([(-w, y - 4), (0, y + 3), (w, y - 4)], (7, 8, 7), "#e9c58a")
        for k in range(8):
            sheet.shape(leaf((0, -82), k * 45, 17, 9, "petal"), vary("#d98b7c", rng, 0.04))


def _leaf_scarf(sheet: Sheet, half: float, rng: np.random.Generator) -> None:
    for row, (count, drop, size) in enumerate(((9, 8, 36), (8, 0, 30))):
        for k in range(count):
            t = k / (count - 1) * 2 - 1
            way = 90 - t * 52 + rng.normal(0, 4)
            color = vary(GREENS[(k + row) % 4], rng, 0.035)
            sheet.shape(leaf((t * half * 0.86, drop + 14 * (1 - t * t) - 12), way, size, size * 0.5, "lance"), color)
    for k in range(5):
        t = k / 4 * 2 - 1
        sheet.oval(t * half * 0.6, 12 * (1 - t * t) - 4, 5, 5, vary("#a84a41", rng, 0.04))


def _scarf(sheet: Sheet, half: float, wool: str, rng: np.random.Generator) -> None:
    dark = darker(wool, 0.2)
    with sheet.at(half * 0.42, 14, turn=-8):
        sheet.shape(trace("-16,0 16,0 19,44 21,84 -19,84 -17,44"), dark)
        for k in range(4):
            sheet.stroke([(-14 + 9.5 * k, 82), (-14 + 10 * k, 98)], (5, 3.5), wool)
        sheet.stroke([(-17, 58), (20, 58)], (8, 8), lighter(wool, 0.55))
    sheet.shape(
        [
            (-half, -12),
            (-half * 0.5, -2),
            (0, 2),
            (half * 0.5, -2),
            (half, -12),
            (half * 1.05, 12),
            (half * 0.55, 28),
            (0, 33),
            (-half * 0.55, 28),
            (-half * 1.05, 12),
        ],
        wool,
    )
    for k in range(5):
        t = (k + 0.5) / 5 * 2 - 1
        sheet.stroke([(t * half * 0.94, 2 - 8 * t * t), (t * half * 0.98 + 2, 24 - 9 * t * t)], (3, 3), dark)


def bow(sheet: Sheet, x: float, y: float, r: float, color: str) -> None:
    """A tied bow, two loops of radius ``r``."""
    for side in (-1, 1):
        loop: list[Point] = [
            (0, -4, 1),
            (r * 0.7, -r * 0.62),
            (r * 1.12, -r * 0.3),
            (r * 1.06, r * 0.36),
            (r * 0.7, r * 0.6),
            (0, 4, 1),
        ]
        with sheet.at(x, y, flip=side < 0):
            sheet.shape(loop, color)
            sheet.stroke([(r * 0.2, 0), (r * 0.62, -r * 0.08)], (3, 1), darker(color, 0.35))
    sheet.oval(x, y, r * 0.26, r * 0.31, darker(color, 0.18))


def _bandana(sheet: Sheet, half: float, color: str) -> None:
    sheet.shape(
        [
            (-half, -14),
            (0, 4),
            (half, -14),
            (half * 0.92, 8),
            (half * 0.4, 38),
            (0, 64, 1),
            (-half * 0.4, 38),
            (-half * 0.92, 8),
        ],
        color,
    )
    for x, y in (
        (-half * 0.5, 12),
        (half * 0.5, 12),
        (0, 20),
        (-14, 38),
        (14, 38),
        (-half * 0.28, 20),
        (half * 0.28, 20),
    ):
        sheet.oval(x, y, 3.6, 3.6, lighter(color, 0.75))


def mossy_log(sheet: Sheet, x: float, y: float, length: float, thick: float, rng: np.random.Generator) -> None:
    """A lying log, its cut end to the right, with moss and two ferns' worth of leaves."""
    bark = vary("#907d69", rng, 0.025)
    left, right, h = x - length / 2, x + length / 2, thick / 2
    sheet.shape(
        [
            (left + 8, y - h * 0.86),
            (x, y - h),
            (right - 12, y - h * 0.94),
            (right + 6, y),
            (right - 12, y + h * 0.94),
            (x, y + h),
            (left + 8, y + h * 0.9),
            (left - 12, y + h * 0.2),
        ],
        bark,
    )
    sheet.oval(right - 8, y, h * 0.52, h * 0.92, mix(bark, "#ecd3ae", 0.68))
    for k in (0.66, 0.36):
        ring = [(p[0], p[1]) for p in arc(right - 8, y, h * 0.52 * k, h * 0.92 * k, -150, 170, 9)]
        sheet.stroke(ring, (3, 3.4, 2), darker(bark, 0.1))
    for k in range(5):
        px, py = left + length * (0.10 + 0.16 * k), y + rng.uniform(-h * 0.3, h * 0.6)
        w = rng.uniform(34, 58)
        sheet.stroke([(px, py), (px + w * 0.5, py + 3), (px + w, py)], (1, 5, 1), darker(bark, 0.34))
    moss = vary("#8d9d5c", rng, 0.03)
    patch: list[Point] = [
        (left + 6, y - h * 0.72),
        (left + length * 0.12, y - h * 1.2),
        (left + length * 0.24, y - h * 1.12),
        (left + length * 0.30, y - h * 0.72),
        (left + length * 0.22, y - h * 0.46),
        (left + length * 0.15, y - h * 0.64),
        (left + length * 0.07, y - h * 0.36),
    ]
    sheet.shape(patch, moss)
    for k in range(4):
        base = (right - length * 0.16 + 7 * k, y + h * 0.96)
        sheet.shape(leaf(base, -130 + 26 * k, h * (0.9 + 0.12 * math.sin(k)), 17, "lance"), vary(GREENS[k], rng, 0.03))


HOLDS = ("holding an acorn", "holding a mushroom", "holding a flower", "holding a heart", "holding a strawberry")


def held(sheet: Sheet, what: str, x: float, y: float, rng: np.random.Generator) -> None:
    """A small thing between two paws, centered at (x, y)."""
    with sheet.at(x, y, turn=rng.uniform(-8, 8)):
        if what == "an acorn":
            _acorn(sheet, rng)
        elif what == "a mushroom":
            _toadstool(sheet, rng)
        elif what == "a flower":
            _daisy(sheet, rng)
        elif what == "a heart":
            red = vary("#c0655a", rng, 0.04)
            sheet.shape(mirrored(trace("0,-16! 18,-36 42,-30 46,-4 26,22 0,42!")), red)
            sheet.stroke(trace("-30,-22 -34,-8 -26,6"), (2, 6, 2), lighter(red, 0.45))
        elif what == "a strawberry":
            _strawberry(sheet, rng)


def _acorn(sheet: Sheet, rng: np.random.Generator) -> None:
    nut = vary("#b9824a", rng, 0.04)
    sheet.shape(mirrored(trace("0,-16 28,-12 32,12 20,38 0,52!")), nut)
    sheet.shape(mirrored(trace("0,-38 26,-32 39,-10 20,-5 0,-3")), "#7d5a41")
    sheet.stroke([(0, -36), toward((0, -36), -80, 18)], (7, 6), "#6b4c38")


def _toadstool(sheet: Sheet, rng: np.random.Generator) -> None:
    sheet.shape(trace("-13,-8 -12,20 -18,44 0,50 18,44 12,20 13,-8"), "#efdfc6")
    sheet.shape(trace("-46,-4 -34,-38 0,-54 34,-38 46,-4 20,6 0,8 -20,6"), vary("#bf4b38", rng, 0.04))
    for px, py, r in ((-20, -22, 7), (6, -36, 8), (24, -14, 6), (-2, -10, 5)):
        sheet.oval(px, py, r, r * 0.9, "#f8ecdc")


def _daisy(sheet: Sheet, rng: np.random.Generator) -> None:
    sheet.stroke(trace("0,-40 4,10 -2,60"), (6, 6, 5), "#7d9360")
    sheet.shape(leaf((2, 30), -20, 34, 15, "lance"), "#8fa36c")
    for k in range(10):
        sheet.shape(leaf((0, -50), 36 * k, 36, 17, "petal"), vary("#f5ead9", rng, 0.015))
    sheet.oval(0, -50, 12, 12, "#d9a441")


def _strawberry(sheet: Sheet, rng: np.random.Generator) -> None:
    red = vary("#c9504a", rng, 0.03)
    sheet.shape(mirrored(trace("0,-26 26,-30 38,-8 26,24 0,48")), red)
    for px, py in ((-18, -8), (0, -2), (18, -8), (-12, 12), (10, 14), (0, 30)):
        sheet.oval(px, py, 2.6, 3.6, "#f3d9a4")
    for k in range(5):
        sheet.shape(leaf((0, -26), 18 + 36 * k, 30, 13, "lance"), "#83985f")

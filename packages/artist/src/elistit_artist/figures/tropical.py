"""Deserts and tropics: cacti, succulents, flamingo, toucan, parrot, pineapple, palm tree, hibiscus.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import cheek, eye
from .florals import petal
from .geometry import Point, Sheet, bands, blob, darker, leaf, lighter, mirrored, mix, oval, rows, toward, trace, vary
from .subject import Params, plain


def _pot(sheet: Sheet, rng: np.random.Generator, y: float, half: float) -> None:
    clay = vary(("#c98461", "#dcc7a8", "#9fb0a8", "#d9a39a")[int(rng.integers(4))], rng, 0.02)
    sheet.shape(
        [
            (-half, y, 1),
            (half, y, 1),
            (half * 0.78, y + half * 1.16),
            (half * 0.5, y + half * 1.26),
            (-half * 0.5, y + half * 1.26),
            (-half * 0.78, y + half * 1.16),
        ],
        clay,
        ease=0.3,
    )
    zig: list[Point] = [(half * 0.84 * (-1 + k / 4), y + half * (0.62 if k % 2 else 0.84), 1) for k in range(9)]
    sheet.stroke(zig, (9, 9), lighter(clay, 0.55))
    sheet.shape(
        [
            (-half * 1.12, y - 12),
            (0, y - 22),
            (half * 1.12, y - 12),
            (half * 1.1, y + 34),
            (0, y + 42),
            (-half * 1.1, y + 34),
        ],
        darker(clay, 0.08),
    )


def cactus(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A saguaro, a round cactus or a prickly pear in a pot, with flowers."""
    rx: float
    ry: float
    turn: float
    x: float
    y: float
    kind = str(params.get("kind") or "a saguaro cactus")
    green = vary("#7f9d78", rng, 0.03)
    rib = darker(green, 0.2)
    if "saguaro" in kind:
        for side, y, tall in ((-1, -40, 150), (1, 10, 130)):
            sheet.stroke(
                [(0, y + 50), (side * 100, y + 40), (side * 128, y - 20), (side * 126, y - tall)],
                (60, 62, 62, 58),
                darker(green, 0.08),
            )
            sheet.stroke([(side * 96, y + 36), (side * 128, y - 20), (side * 126, y - tall + 10)], (3, 5, 2), rib)
        sheet.stroke(trace("0,120 0,-60 0,-236"), (112, 118, 104), green)
        for x in (-28, 0, 28):
            sheet.stroke([(x, 110), (x * 1.1, -60), (x * 0.7, -240)], (5, 6, 2), rib)
        tops = trace("0,-290 -126,-214 126,-146")
    elif "round" in kind:
        for x, rx, tone in ((-92, 60, 0.14), (92, 60, 0.14), (-50, 70, 0.05), (50, 70, 0.05), (0, 66, 0.0)):
            sheet.shape(oval(x, 0, rx, 146 - abs(x) * 0.3), darker(green, tone))
        for x in (-92, -46, 0, 46, 92):
            for y in (-70, -20, 30, 80):
                for lean in (-60, -120):
                    sheet.stroke([(x, y), toward((x, y), lean, 17)], (4, 3), "#f0e6cb")
        tops = trace("0,-146 -44,-136 46,-134")
    else:
        pads: tuple[tuple[float, float, float, float, float], ...] = (
            (0, 10, 96, 120, 0),
            (-96, -110, 70, 92, -28),
            (90, -120, 74, 96, 26),
            (-10, -180, 66, 86, -4),
        )
        for k, (x, y, rx, ry, turn) in enumerate(pads):
            sheet.shape(oval(x, y, rx, ry, turn, 10), mix(green, "#a9bf95", 0.2 * (k % 3)))
            for j in range(7):
                px, py = toward((x, y), 137 * j, rx * 0.68 * float(np.sqrt((j + 1) / 8)))
                sheet.stroke([(px - 5, py - 5), (px + 5, py + 5)], (4, 3), "#f0e6cb")
        tops = trace("-118,-196 126,-206 -14,-262 40,-252")
    for x, y in tops:
        accessories.flower(sheet, x, y, 36, vary("#d98f94", rng, 0.04), rng)
    _pot(sheet, rng, 110, 116)


def succulent(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A rosette of thick leaves from above."""
    hues = {
        "a sage succulent": ("#93ab93", "#c98f93"),
        "a blue succulent": ("#8fa9ae", "#c3a3b5"),
        "a rosy succulent": ("#b5a58f", "#c97f83"),
    }
    main, tip = hues[str(params.get("kind") or "a sage succulent")]
    for ring, (count, reach, wide) in enumerate(
        ((11, 226, 112), (10, 176, 98), (8, 126, 82), (6, 82, 60), (4, 46, 38))
    ):
        start = rng.uniform(0, 360)
        for i in range(count):
            way = start + 360 * i / count
            color = vary(mix(main, lighter(main, 0.55), ring / 5), rng, 0.025)
            sheet.shape(petal(0, 0, way, reach, wide, rng, 0.015, -0.07), color)
            edge = toward((0, 0), way, reach * 0.98)
            sheet.shape(
                leaf(toward((0, 0), way, reach * 0.8), way, reach * 0.25, wide * 0.3, "lance"), mix(color, tip, 0.7)
            )
            if ring == 0:
                sheet.oval(edge[0], edge[1], 4, 4, tip)


def flamingo(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A flamingo on one leg."""
    pink = vary("#e0a09a", rng, 0.02)
    dark = darker(pink, 0.16)
    wearing = str(params.get("wearing") or "")
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        sheet.stroke(trace("50,90 56,210 46,330"), (13, 12, 12), dark)
        sheet.stroke(trace("10,90 4,180 52,214"), (13, 12, 11), dark)
        sheet.stroke([(50, 330), (8, 340)], (10, 8), dark)
        sheet.stroke([(46, 330), (74, 340)], (8, 6), dark)
        sheet.shape(trace("-90,20 -60,-50 10,-80 90,-50 150,10 206,26! 180,66 200,90! 120,110 30,124 -50,98"), pink)
        for k, (x, y, way, size) in enumerate(((10, -30, 24, 150), (0, 0, 30, 150), (-6, 34, 34, 130))):
            sheet.shape(leaf((x, y), way, size, 58, "round"), (dark, mix(pink, dark, 0.5), lighter(pink, 0.25))[k])
        sheet.stroke(trace("-60,30 -118,-20 -112,-96 -52,-150 -44,-216 -96,-254"), (66, 50, 42, 36, 34, 50), pink)
        sheet.shape(trace("-140,-250 -126,-290 -84,-300 -48,-274 -50,-230 -90,-214 -128,-224"), pink)
        sheet.shape(trace("-128,-262 -168,-254 -196,-218 -188,-184! -158,-208 -122,-226"), "#f3e3d0")
        sheet.shape(trace("-180,-238 -197,-216 -188,-182! -164,-206"), "#5a4a4c")
        cheek(sheet, -92, -242, 14, "#d9706a")
        eye(sheet, -104, -264, 10)
        with sheet.at(-86, -284, turn=-8, size=0.62):
            accessories.on_head(sheet, wearing, -26, rng)


def toucan(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A toucan, or a parrot, on a branch with leaves."""
    size: float
    way: float
    x: float
    y: float
    kind = str(params.get("kind") or "a toucan")
    looks = {
        "a toucan": ("#56505a", "#f0dfb8", "#df9a4a"),
        "a green parrot": ("#7f9f68", "#b9c888", "#d9a86a"),
        "a red parrot": ("#c0594b", "#d98a62", "#e3d3b5"),
    }
    main, breast, beak = looks[kind]
    main = vary(main, rng, 0.02)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for way, size, color in (
            (76, 250, main),
            (88, 270, mix(main, "#5f8fb0", 0.5 if "parrot" in kind else 0.1)),
            (66, 220, darker(main, 0.2)),
        ):
            sheet.shape(leaf((80, 40), way, size, 50, "round"), color)
        sheet.shape(
            trace("-110,-150 -70,-210 0,-220 50,-180 70,-100 120,-20 130,60 80,130 0,140 -60,100 -90,20 -104,-70"), main
        )
        sheet.shape(trace("-108,-120 -60,-140 -24,-100 -16,-30 -30,50 -50,96 -84,30 -104,-60"), breast)
        if kind == "a toucan":
            sheet.shape(trace("-94,-186 -170,-206 -250,-180 -288,-110 -276,-92! -220,-130 -150,-128 -98,-122"), beak)
            sheet.shape(trace("-262,-166 -289,-110 -276,-90! -250,-114"), "#6d5350")
            sheet.stroke(trace("-262,-112 -190,-150 -104,-150"), (2, 6, 3), darker(beak, 0.3))
        else:
            sheet.shape(trace("-98,-184 -140,-182 -160,-140 -146,-94! -128,-120 -98,-126"), beak)
        sheet.shape(oval(-52, -154, 35, 34), "#f4ead8" if kind != "a toucan" else "#9fb8c0")
        eye(sheet, -56, -154, 15)
        cheek(sheet, -58, -104, 18)
        wing: list[Point] = trace("10,-90 70,-70 120,10 128,110 110,160! 70,120 24,50 4,-30")
        sheet.shape(wing, darker(main, 0.2))
        for k, y in enumerate((-20, 20, 60)):
            tone = (lighter(main, 0.25), "#e0b863", "#7fa3b8")[k] if "parrot" in kind else lighter(main, 0.2)
            sheet.stroke([(36 + 12 * k, y - 10), (66 + 10 * k, y + 16), (98 + 6 * k, y + 14)], (2, 10, 3), tone)
        sheet.stroke(trace("-230,150 -60,134 120,142 260,120"), (20, 28, 26, 14), "#86684e")
        for x in (-10, 36):
            for k in (-1, 0, 1):
                sheet.shape(leaf((x + 6 * k, 126), 90 - 24 * k, 36, 15, "round"), "#a3928a")
        for x, y, way, size in rows("-220,150,150,120 -200,146,-150,120 244,122,-40,120 236,128,30,110 200,136,80,90"):
            sheet.shape(leaf((x, y), way, size, size * 0.4, "lance"), vary("#6f9168", rng, 0.04))


def pineapple(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A pineapple with its crown."""
    gold = vary("#d9ac52", rng, 0.02)
    for way, size in ((-150, 150), (-30, 150), (-132, 190), (-48, 190), (-112, 220), (-68, 220), (-90, 240)):
        sheet.shape(leaf((0, -70), way, size, 52, "lance", 0.08 if way < -90 else -0.08), vary("#7d9a68", rng, 0.035))
    sheet.shape(mirrored(trace("0,-96 80,-84 128,0 132,110 92,206 0,232")), gold)
    for row in range(7):
        y = -60 + 44 * row
        half = float(np.interp(y, (-96, 0, 110, 232), (70, 124, 130, 40)))
        count = 4 - row % 2
        for k in range(count):
            x = half * 0.8 * (2 * (k + 0.5) / count - 1)
            sheet.shape(trace("0,-20! 23,0 0,20! -23,0", x, y), vary(lighter(gold, 0.3), rng, 0.03), ease=0.2)
            sheet.shape(leaf((x, y + 4), -90, 15, 7, "lance"), darker(gold, 0.36))


def palm_tree(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A leaning coconut palm on a spot of sand."""
    spine: list[Point] = trace("-50,250 -24,110 6,-20 50,-130")
    sheet.shape(trace("-190,270 -120,236 -30,226 70,238 130,270 0,290"), "#dcc59c")
    sheet.stroke(spine, (54, 40, 33, 28), "#a3805f")
    for piece in bands(spine, (54, 40, 33, 28), tuple((0.08 + 0.1 * k, 0.1 + 0.1 * k) for k in range(9))):
        sheet.shape(piece, "#7d5f47")
    for k, (way, size, bend) in enumerate(
        rows("-176,230,-0.3 -4,230,0.3 -146,250,-0.26 -36,250,0.26 -112,220,-0.16 -68,220,0.16 150,190,-0.3 34,190,0.3")
    ):
        green = vary("#7a9a68", rng, 0.035)
        with sheet.at(50, -136, turn=way):
            spine_leaf = [
                (size * t, -bend * size * float(np.sin(t * 3.14)) * (-1 if k % 2 == 0 else 1) * (1 if k % 2 else -1))
                for t in (0.0, 0.33, 0.66, 1.0)
            ]
            sheet.stroke(spine_leaf, (9, 8, 6, 3), darker(green, 0.15))
            for t in np.linspace(0.12, 0.98, 9):
                x = size * float(t)
                y = float(np.interp(x, [p[0] for p in spine_leaf], [p[1] for p in spine_leaf]))
                for side in (-1, 1):
                    sheet.shape(
                        leaf((x, y), side * (60 - 26 * float(t)), size * 0.3 * (1.1 - 0.6 * float(t)), 17, "willow"),
                        green,
                    )
    for x, y in ((34, -120), (70, -116), (52, -100)):
        sheet.oval(x, y, 19, 19, vary("#8a6448", rng, 0.02))


def hibiscus(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An open hibiscus with leaves."""
    hues = {"a coral hibiscus": "#dd8f7c", "a yellow hibiscus": "#e6c873", "a pink hibiscus": "#d98fa3"}
    main = vary(hues[str(params.get("kind") or "a coral hibiscus")], rng, 0.02)
    for way in (28, 152, -120):
        sheet.shape(leaf(toward((0, 0), way, 90), way, 210, 110, "lance"), vary("#6f9168", rng, 0.03))
        sheet.stroke([toward((0, 0), way, 110), toward((0, 0), way, 270)], (6, 2), "#5a7a55")
    for i in (0, 2, 4, 1, 3):
        way = -90 + 72 * i
        tone = vary(lighter(main, 0.07 * (i % 3)), rng, 0.02)
        sheet.shape(petal(0, 0, way, 218, 226, rng, 0.045, 0.03), tone)
        for d in (-14, 0, 14):
            sheet.stroke(
                [toward((0, 0), way + d * 0.4, 60), toward((0, 0), way + d, 160)], (6, 1.5), darker(tone, 0.14)
            )
    sheet.shape(blob(0, 0, 50, 50, rng, 0.05, 10), darker(main, 0.42))
    sheet.stroke(trace("0,0 46,-70 70,-150"), (19, 15, 12), "#f0dc9f")
    for t in range(7):
        x, y = 40 + 5 * t, -64 - 14 * t
        for side in (-1, 1):
            sheet.oval(x + side * 15, y + side * 4, 7, 7, "#e0b04f")
    for k in range(4):
        sheet.oval(*toward((72, -156), -150 + 50 * k, 17), 8, 8, darker(main, 0.3))


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


HOT = ("tropical",)
SUBJECTS = (
    plain(
        "cactus",
        "cactus",
        ("cactus", "boho"),
        ("desert", "succulent", "plant"),
        cactus,
        _k("a saguaro cactus", "a prickly pear cactus", "a round cactus"),
    ),
    plain(
        "succulent",
        "succulent",
        ("cactus", "boho", "botanical"),
        ("desert", "plant"),
        succulent,
        _k("a sage succulent", "a blue succulent", "a rosy succulent"),
    ),
    plain(
        "flamingo",
        "flamingo",
        HOT,
        ("animal", "bird", "pink"),
        flamingo,
        [{"wearing": w} for w in ("", "a flower crown", "a party hat", "a leaf crown")],
    ),
    plain(
        "toucan",
        "jungle bird",
        (*HOT, "safari"),
        ("animal", "bird", "parrot", "toucan"),
        toucan,
        _k("a toucan", "a green parrot", "a red parrot"),
    ),
    plain("pineapple", "pineapple", (*HOT, "fruit", "kitchen"), ("fruit", "summer"), pineapple),
    plain("palm_tree", "palm tree", (*HOT, "ocean"), ("tree", "beach", "island"), palm_tree),
    plain(
        "hibiscus",
        "hibiscus",
        (*HOT, "floral"),
        ("flower", "hawaii"),
        hibiscus,
        _k("a coral hibiscus", "a yellow hibiscus", "a pink hibiscus"),
    ),
)

"""Things of the shore: starfish, shells, coral, seaweed, sailboat, anchor, lighthouse.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import math

import numpy as np

from .anatomy import cheek, eye, smile
from .geometry import Point, Sheet, darker, leaf, lighter, mix, toward, trace, vary
from .subject import Params, plain


def starfish(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Five soft arms, with a face or with dots only."""
    hues = {"a coral starfish": "#d9866a", "a sandy starfish": "#d9b07f", "a smiling starfish": "#dd9a72"}
    kind = str(params.get("kind") or "a coral starfish")
    main = vary(hues[kind], rng, 0.02)
    with sheet.at(0, 0, turn=rng.uniform(-14, 14)):
        points: list[Point] = []
        for k in range(5):
            way = -90 + 72 * k
            points += [
                toward((0, 0), way - 13, 205),
                toward((0, 0), way + 1, 226),
                toward((0, 0), way + 13, 205),
                toward((0, 0), way + 36, 92),
            ]
        sheet.shape(points, main)
        for k in range(5):
            way = -90 + 72 * k
            for d in (70, 104, 136, 166, 192):
                if "smiling" in kind and d == 70:
                    continue
                x, y = toward((0, 0), way, d)
                sheet.oval(x, y, 11 - d * 0.03, 11 - d * 0.03, lighter(main, 0.5))
            for d in (84, 120, 152):
                for side in (-1, 1):
                    x, y = toward((0, 0), way + side * (16 - d * 0.055), d)
                    sheet.oval(x, y, 5, 5, lighter(main, 0.32))
        if "smiling" in kind:
            for side in (-1, 1):
                eye(sheet, side * 36, -16, 13)
                cheek(sheet, side * 60, 14, 18)
            smile(sheet, 0, 12, 20, 12, darker(main, 0.65), 4.5)


def shell(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A scallop, or a spiral shell."""
    kind = str(params.get("kind") or "a pink scallop shell")
    main = vary(
        {"a pink scallop shell": "#dda595", "a sandy scallop shell": "#dccb96", "a spiral shell": "#d3a982"}[kind],
        rng,
        0.02,
    )
    with sheet.at(0, 0, turn=rng.uniform(-14, 14)):
        if kind == "a spiral shell":
            _spiral(sheet, main)
            return
        for side in (-1, 1):
            sheet.shape(trace("0,170 40,150 86,160 78,196 20,206 0,200", wide=side), darker(main, 0.16))
        ribs = 9
        edge: list[Point] = []
        for k in range(ribs):
            a0, a1 = -170 + 160 * k / ribs, -170 + 160 * (k + 0.5) / ribs
            edge.append((*toward((0, 60), a0, 212), 1))
            edge.append(toward((0, 60), a1, 236))
        edge.append((*toward((0, 60), -10, 212), 1))
        sheet.shape([*edge, (150, 96), (50, 180), (0, 194), (-50, 180), (-150, 96)], main, ease=0.42)
        for k in range(ribs):
            way = -170 + 160 * (k + 0.5) / ribs
            x, y = toward((0, 60), way, 214)
            sheet.shape(
                leaf((0, 184), math.degrees(math.atan2(y - 184, x)), math.hypot(x, y - 184), 38, "spoon"),
                lighter(main, 0.4 if k % 2 else 0.24),
            )


def _spiral(sheet: Sheet, main: str) -> None:
    sheet.shape(trace("-40,30 60,-10 130,40 140,140 70,220 -10,250! -60,190 -80,110"), lighter(main, 0.1))
    sheet.shape(trace("20,60 90,50 112,110 80,180 10,224 -14,150"), "#eec3ac")
    widths = (104, 88, 70, 52, 36, 22)
    y = 30.0
    for k, w in enumerate(widths):
        tone = lighter(main, 0.22) if k % 2 else darker(main, 0.04)
        sheet.shape(
            [
                (-w, y + 14),
                (-w * 0.7, y - 34),
                (0, y - 48),
                (w * 0.7, y - 50),
                (w, y - 22),
                (w * 0.6, y + 16),
                (0, y + 34),
                (-w * 0.6, y + 38),
            ],
            tone,
        )
        y -= 42 - 3.2 * k
    sheet.shape(trace("-13,30 0,-8! 13,28 0,38", 0, y), darker(main, 0.04))


def coral(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A branching coral."""
    hues = {"a pink coral": "#d98c86", "an orange coral": "#dc9560", "a lilac coral": "#a994b8"}
    main = vary(hues[str(params.get("kind") or "a pink coral")], rng, 0.02)

    def branch(x: float, y: float, way: float, length: float, wide: float, depth: int) -> None:
        end = toward((x, y), way, length)
        mid = toward((x, y), way + rng.normal(0, 8), length * 0.5)
        if depth:
            for lean in (-34, 30) if depth < 3 else (-42, 2, 42):
                branch(
                    end[0],
                    end[1],
                    way + lean + rng.normal(0, 7),
                    length * rng.uniform(0.66, 0.8),
                    wide * 0.72,
                    depth - 1,
                )
        sheet.stroke(
            [(x, y), mid, end], (wide, wide * 0.84, wide * 0.76), mix(main, lighter(main, 0.3), (3 - depth) / 4)
        )

    branch(0, 0, -90, 110, 48, 3)
    sheet.shape(trace("-110,20 -70,-22 0,-34 76,-20 116,22 60,42 -60,42"), darker(main, 0.22))


def seaweed(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Waving blades of kelp."""
    for k, (x, tall, lean) in enumerate(((-90, 300, -30), (80, 330, 34), (-36, 420, -12), (36, 380, 16), (0, 460, 6))):
        green = vary(("#7f9a6a", "#6d8f78", "#93a86f")[k % 3], rng, 0.03)
        spine: list[Point] = [
            (x * 0.5, 0),
            (x * 0.7 + 26, -tall * 0.25),
            (x * 0.9 - 22 + lean, -tall * 0.5),
            (x + 22 + lean, -tall * 0.75),
            (x + lean * 1.6, -tall),
        ]
        sheet.stroke(spine, (22, 44, 50, 40, 5), green)
        sheet.stroke(spine, (3, 5, 5, 4, 1.5), darker(green, 0.2))
    sheet.shape(trace("-130,14 -70,-22 0,-12 70,-24 130,14 0,30"), "#cdb391")


def sailboat(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A small sailboat on two waves."""
    hues = {
        "a sailboat": ("#b9654e", "#f0e6d4"),
        "a blue sailboat": ("#64849c", "#eee7da"),
        "a striped sailboat": ("#86624c", "#e9d9bd"),
    }
    kind = str(params.get("kind") or "a sailboat")
    hull, sail = vary(hues[kind][0], rng, 0.02), hues[kind][1]
    sheet.stroke(trace("0,-260 2,-60 0,110"), (10, 11, 12), "#7d6048")
    main: list[Point] = trace("14,-236! 110,-110 168,64! 90,76 14,70!")
    sheet.shape(main, sail)
    jib: list[Point] = trace("-14,-206! -70,-90 -136,56! -70,70 -14,66!")
    sheet.shape(jib, darker(sail, 0.07))
    if "striped" in kind:
        for y in (-150, -90, -30, 30):
            half = (y + 236) / 300 * 150
            sheet.stroke([(18, y), (18 + half * 0.5, y + 8), (14 + half * 0.92, y + 2)], (18, 20, 17), "#a9c0bf")
    else:
        sheet.stroke(trace("16,34 90,42 154,28"), (15, 17, 14), hull)
    sheet.shape(trace("4,-262! 70,-244 4,-222!"), "#d9a45c")
    sheet.shape(trace("-180,96! 0,104 196,92! 160,168 100,190 -100,190 -146,168"), hull)
    sheet.stroke(trace("-168,120 0,128 182,116"), (13, 14, 13), "#f2e9da")
    for k, y in enumerate((186, 214)):
        wave: list[Point] = [(-250 + 24 * k, y)]
        for j in range(5):
            wave += [(-200 + 100 * j + 20 * k, y - 22), (-150 + 100 * j + 20 * k, y + 4)]
        sheet.stroke(wave, (6, *([24] * 9), 6), mix("#8fb3bd", "#6f97a8", 0.6 * k))


def anchor(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An anchor with a rope."""
    iron = vary("#5f7587", rng, 0.02)
    ring = [toward((0, -214), a, 40) for a in range(0, 361, 30)]
    sheet.stroke(ring, (19, 19), iron)
    sheet.stroke(trace("0,-176 0,0 0,196"), (36, 38, 38), iron)
    sheet.stroke(trace("-100,-122 0,-128 100,-122"), (28, 34, 28), iron)
    sheet.stroke(trace("-172,56 -140,150 0,214 140,150 172,56"), (24, 38, 46, 38, 24), iron)
    for side in (-1, 1):
        sheet.shape(trace("182,10! 224,96! 176,86 130,108!", wide=side), iron)
    rope: list[Point] = trace("36,-214 96,-190 110,-110 40,-50 -50,0 -64,70 20,110 84,150 60,230 10,262")
    sheet.stroke(rope, (17, *([18] * 8), 17), "#d3b283")
    from_start = [(rope[k], rope[k + 1]) for k in range(len(rope) - 1)]
    for (x0, y0, *_), (x1, y1, *_) in from_start:
        for t in (0.3, 0.7):
            x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
            sheet.stroke([(x - 5, y - 6), (x + 5, y + 6)], (3.5, 3.5), "#a5825a")


def lighthouse(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A striped lighthouse on rocks."""
    red, white = vary({"a blue lighthouse": "#64849c"}.get(str(params.get("kind")), "#bb5d4c"), rng, 0.02), "#f1e9db"
    sheet.shape(trace("-200,262 -170,206 -110,182 -40,196 30,178 110,190 176,214 204,262 0,276"), "#9b9388")
    sheet.shape(trace("-84,262 -70,216 -10,206 40,230 56,268"), "#847c73")
    levels = trace("-88,210 -80,130 -72,50 -64,-30 -56,-110")
    for k in range(4):
        (w0, y0), (w1, y1) = levels[k], levels[k + 1]
        sheet.shape(
            [(w0, y0, 1), (w1, y1, 1), (0, y1 + 7), (-w1, y1, 1), (-w0, y0, 1), (0, y0 + 9)],
            white if k % 2 else red,
            ease=0.3,
        )
    sheet.shape(trace("-22,208! -22,160 0,142 22,160 22,210!"), "#6d5a50")
    sheet.oval(0, 8, 15, 20, "#6d7f8a")
    sheet.shape(trace("-72,-110! 72,-110! 66,-92! -66,-92!"), "#5d6a72", ease=0.2)
    sheet.shape(trace("-42,-110! -40,-176! 40,-176! 42,-110!"), "#f0d28a", ease=0.2)
    for x in (-40, -13, 13, 40):
        sheet.stroke([(x, -174), (x, -110)], (6, 6), "#5d6a72")
    sheet.shape(trace("-56,-172! -30,-216 0,-244 30,-216 56,-172! 0,-166"), red)
    sheet.stroke([(0, -240), (0, -272)], (8, 5), "#5d6a72")
    for k in range(6):
        sheet.shape(leaf((-150 + 56 * k, 266), -90 + rng.normal(0, 14), 44, 12, "willow"), vary("#83985f", rng, 0.04))


SEA = ("ocean",)
_T = ("beach", "sea", "nautical", "summer")
SUBJECTS = (
    plain(
        "starfish",
        "starfish",
        SEA,
        (*_T, "animal"),
        starfish,
        [{"kind": k} for k in ("a coral starfish", "a smiling starfish", "a sandy starfish")],
    ),
    plain(
        "shell",
        "sea shell",
        SEA,
        _T,
        shell,
        [{"kind": k} for k in ("a pink scallop shell", "a spiral shell", "a sandy scallop shell")],
    ),
    plain(
        "coral", "coral", SEA, _T, coral, [{"kind": k} for k in ("a pink coral", "an orange coral", "a lilac coral")]
    ),
    plain("seaweed", "seaweed", SEA, _T, seaweed),
    plain(
        "sailboat",
        "sailboat",
        ("ocean", "travel", "baby"),
        (*_T, "boat", "ship"),
        sailboat,
        [{"kind": k} for k in ("a sailboat", "a blue sailboat", "a striped sailboat")],
    ),
    plain("anchor", "anchor", SEA, (*_T, "boat"), anchor),
    plain(
        "lighthouse",
        "lighthouse",
        ("ocean", "travel"),
        (*_T, "building"),
        lighthouse,
        [{"kind": k} for k in ("a red lighthouse", "a blue lighthouse")],
    ),
)

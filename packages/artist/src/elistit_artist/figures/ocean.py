"""Animals of the sea: whale, narwhal, dolphin, shark, turtle, octopus, crab, jellyfish, fish, seahorse, seal.

Side views look left; each painter draws one animal in its own units, back to front.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from . import accessories
from .anatomy import cheek, eye, smile
from .geometry import Point, Sheet, blob, darker, flipped, leaf, lighter, mirrored, mix, toward, trace, vary
from .subject import Params, plain

SEA_INK = "#35404a"
WHALES = {"a blue whale": "#7d9cb3", "a gray whale": "#aaa6a2", "a teal whale": "#7db39a", "a narwhal": "#93a7b8"}


def whale(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round whale with a pleated belly, spouting; the narwhal has its tusk instead."""
    kind = str(params.get("kind") or "a blue whale")
    main = vary(WHALES[kind], rng, 0.02)
    light, dark = "#e6e8e2", darker(main, 0.2)
    with sheet.at(0, 0, flip=rng.random() < 0.5, turn=rng.uniform(-5, 5)):
        if kind == "a narwhal":
            sheet.shape(trace("-214,-40 -196,-66 -316,-196!"), "#e9d9b8")
            for k in range(4):
                x, y = -218 - 24 * k, -70 - 31 * k
                sheet.stroke([(x - 9, y + 8 - k), (x + 9 - k * 2, y - 8 + k)], (4, 4), "#c3a97f")
        else:
            for way, size in ((-126, 84), (-96, 100), (-62, 84)):
                start = toward((-70, -142), way, 10)
                end = toward((-70, -150), way, size)
                sheet.stroke([start, toward(start, -90, size * 0.5), end], (8, 12, 5), "#a9c6d2")
                sheet.shape(blob(end[0], end[1], 13, 15, rng, 0.05, 8), "#bcd3da")
        tail: list[Point] = trace(
            "206,-56 226,-108 214,-152 250,-172 290,-150 300,-112 330,-146 372,-150 390,-116 "
            "352,-76 300,-60 272,-10 230,40"
        )
        sheet.shape(tail, main)
        sheet.shape(
            trace(
                "-250,10 -232,-76 -160,-134 -60,-146 50,-118 140,-60 206,-42 262,-46 266,10 216,78 "
                "120,130 0,150 -120,138 -216,90"
            ),
            main,
        )
        sheet.shape(trace("-249,20 -180,40 -90,44 10,70 110,100 150,112 80,142 0,150 -120,138 -216,90"), light)
        for k in range(5):
            x = -190 + 50 * k
            sheet.stroke(
                [(x - 6, 66 + 6 * k), (x + 26, 96 + 5 * k), (x + 84, 118 + 3 * k)], (2, 5, 2), mix(light, dark, 0.4)
            )
        sheet.shape(trace("-30,66 20,60 58,110 66,170 34,184 -4,150"), dark)
        sheet.stroke(trace("-240,16 -196,24 -160,10"), (2, 5, 2), SEA_INK)
        cheek(sheet, -128, 14, 24)
        eye(sheet, -140, -24, 14)
        for x, y, r in ((-60, -104, 9), (-28, -94, 6), (-84, -90, 6), (60, -80, 8), (90, -62, 5)):
            sheet.oval(x, y, r, r * 0.8, lighter(main, 0.35))
        with sheet.at(-130, -132, turn=-14, size=0.9):
            accessories.on_head(sheet, str(params.get("wearing") or ""), -26, rng)


def dolphin(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A leaping dolphin."""
    main = vary("#8aa5b8", rng, 0.02)
    light, dark = "#e3e7e4", darker(main, 0.16)
    with sheet.at(0, 0, flip=rng.random() < 0.5, turn=rng.uniform(-12, 4)):
        sheet.shape(trace("20,-104 64,-190 112,-206! 104,-150 116,-84"), dark)
        sheet.shape(trace("206,40 250,60 318,54 336,70! 292,108 264,112 262,160 234,196! 218,150 204,100"), dark)
        sheet.shape(
            trace(
                "-276,76! -290,58 -224,28 -206,-30 -150,-86 -70,-116 30,-116 120,-84 190,-20 234,74 "
                "222,112 166,60 90,32 0,42 -90,66 -180,74 -236,84"
            ),
            main,
        )
        sheet.shape(
            trace("-274,77 -220,62 -160,30 -90,20 -10,14 70,16 110,34 60,32 0,42 -90,66 -180,74 -236,84"), light
        )
        sheet.shape(trace("-70,40 -24,36 10,76 14,134! -30,112 -66,74"), dark)
        sheet.stroke(trace("-268,72 -226,58 -192,56"), (2, 4.5, 2), SEA_INK)
        cheek(sheet, -150, 30, 17)
        eye(sheet, -168, -6, 12)


def shark(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A friendly shark."""
    main = vary("#8d9ca6", rng, 0.02)
    light, dark = "#e9e7df", darker(main, 0.18)
    with sheet.at(0, 0, flip=rng.random() < 0.5, turn=rng.uniform(-5, 5)):
        sheet.shape(trace("-20,-104 30,-206 76,-222! 74,-160 92,-88"), dark)
        sheet.shape(trace("216,-16 268,-110 316,-134! 302,-60 288,-4 306,62 300,106! 254,66"), dark)
        sheet.shape(
            trace(
                "-260,6 -232,-62 -140,-112 -20,-122 100,-92 190,-40 256,-20 262,18 190,44 90,92 "
                "-40,118 -160,106 -236,66"
            ),
            main,
        )
        sheet.shape(trace("-258,18 -190,34 -80,40 40,58 130,74 60,100 -40,118 -160,106 -236,66"), light)
        sheet.shape(trace("-50,56 4,60 46,110 60,178! 4,156 -40,110"), dark)
        for x in (-86, -64, -42):
            sheet.stroke(trace("0,-34 -8,-6 0,22", x, 0), (2, 5.5, 2), dark)
        sheet.stroke(trace("-242,40 -204,62 -158,56"), (2, 5, 2), SEA_INK)
        for k in range(3):
            x, y = -222 + 18 * k, 52 + 5 * k
            sheet.shape(trace("0,0! 13,3! 5,17!", x, y), "#fbf6ea")
        cheek(sheet, -134, 28, 20)
        eye(sheet, -164, -14, 13)


TURTLES = {
    "a green sea turtle": ("#8aa878", "#6f8a5a"),
    "a teal sea turtle": ("#86aaa0", "#5f8a84"),
    "a brown sea turtle": ("#a8b07f", "#9a7850"),
}


def turtle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A swimming sea turtle seen from the side and a little above."""
    skin, shell = TURTLES[str(params.get("kind") or "a green sea turtle")]
    skin, shell = vary(skin, rng, 0.02), vary(shell, rng, 0.02)
    with sheet.at(0, 0, flip=rng.random() < 0.5, turn=rng.uniform(-8, 8)):
        sheet.shape(trace("-60,-70 -84,-150 -66,-198 -30,-166 10,-90"), darker(skin, 0.18))
        sheet.shape(trace("150,40 216,30 262,60 244,88 180,84"), darker(skin, 0.12))
        sheet.shape(trace("-130,20 -180,-20 -246,-40 -286,-8 -282,44 -234,70 -170,64 -120,70"), skin)
        sheet.shape(trace("-150,34 -130,-44 -60,-110 30,-122 122,-82 180,0 194,56 120,84 0,92 -110,78"), shell)
        sheet.shape(trace("-146,44 -60,62 60,66 194,50 176,78 100,98 0,104 -110,90"), mix("#eadfb8", skin, 0.15))
        for x, y, r in ((-82, -26, 34), (-4, -52, 40), (78, -36, 36), (-40, 28, 32), (44, 20, 36), (124, 22, 28)):
            points = [toward((x, y), a + 12, r * (0.96 + 0.1 * math.sin(a))) for a in range(0, 360, 60)]
            sheet.shape(points, lighter(shell, 0.26), ease=0.22)
        sheet.shape(trace("-86,58 -40,66 -30,120 -74,186 -128,206 -140,176 -112,120"), skin)
        for x, y, r in ((-84, 110, 9), (-102, 148, 8), (-70, 146, 7), (-206, -8, 7), (-188, 20, 6), (-60, 92, 6)):
            sheet.oval(x, y, r, r * 0.85, darker(skin, 0.22))
        sheet.stroke(trace("-280,34 -254,46 -228,36"), (2, 4.5, 2), SEA_INK)
        cheek(sheet, -222, 28, 16)
        eye(sheet, -244, 4, 11.5)


OCTOPI = {"a coral octopus": "#d68f7c", "a lilac octopus": "#a995bd", "a teal octopus": "#82aaa6"}


def octopus(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A big soft head on eight curling arms."""
    main = vary(OCTOPI[str(params.get("kind") or "a coral octopus")], rng, 0.02)
    shade, light = darker(main, 0.16), lighter(main, 0.45)
    arms: list[tuple[list[Point], str]] = [
        (trace("40,40 100,66 176,50 214,4 192,-34 162,-14"), shade),
        (trace("50,60 110,120 196,130 248,90 236,52 206,66"), main),
        (trace("40,80 84,170 160,206 214,186 214,150 184,152"), shade),
        (trace("16,90 34,180 84,236 134,232 138,198 112,194"), main),
    ]
    for spine, color in arms:
        for side in (1, -1):
            way = spine if side > 0 else flipped(spine)
            sheet.stroke(way, (62, 52, 42, 33, 25, 13), color)
    for spine, _ in arms[1::2]:
        for side in (1, -1):
            for k in (1, 2, 3):
                x, y = spine[k][0], spine[k][1]
                sheet.oval(side * x, y + 11 - 2 * k, 8 - k, 7 - k, light)
    sheet.shape(mirrored(trace("0,-226 74,-208 122,-140 122,-60 92,10 80,74 40,104 0,108")), main)
    for x, y, r in ((-58, -158, 13), (-30, -184, 9), (-76, -124, 8), (62, -168, 10), (84, -132, 7)):
        sheet.oval(x, y, r, r * 0.85, light)
    for side in (-1, 1):
        eye(sheet, side * 46, -32, 15)
        cheek(sheet, side * 76, 2, 21)
    smile(sheet, 0, 2, 22, 14, SEA_INK, 4.5)
    with sheet.at(0, 0):
        accessories.on_head(sheet, str(params.get("wearing") or ""), -220, rng)


def crab(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A crab waving both claws."""
    main = vary("#cc6a50", rng, 0.02)
    shade = darker(main, 0.16)
    for side in (-1, 1):
        with sheet.at(0, 0, flip=side < 0):
            for k, (dx, dy) in enumerate(((118, 66), (132, 104), (112, 140))):
                sheet.stroke([(90, 40 + 14 * k), (90 + dx * 0.62, 20 + 26 * k), (90 + dx, dy)], (24, 20, 8), shade)
            sheet.stroke(trace("110,-10 170,-40 182,-92"), (32, 30, 28), shade)
            sheet.shape(
                trace("160,-92 150,-144 176,-196 214,-206 204,-170! 206,-150! 240,-182 258,-146 240,-96 200,-76"), main
            )
            sheet.stroke([(40, -60), (48, -106)], (15, 13), shade)
    sheet.shape(mirrored(trace("0,-78 80,-72 142,-30 152,26 110,76 50,96 0,98")), main)
    for x, y, r in ((-70, -40, 11), (-36, -54, 8), (60, -48, 10), (88, -22, 7), (-96, -12, 7)):
        sheet.oval(x, y, r, r * 0.8, lighter(main, 0.35))
    for side in (-1, 1):
        sheet.oval(side * 49, -116, 27, 27, "#f6ede0")
        eye(sheet, side * 47, -114, 16)
        cheek(sheet, side * 84, 34, 22, "#e9a58d")
    smile(sheet, 0, 26, 34, 20, darker(main, 0.6), 5.5)


def jellyfish(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A bell with frilled arms and fine trailing threads."""
    hues = {"a pink jellyfish": "#d9a3b0", "a lilac jellyfish": "#b3a3c6", "a blue jellyfish": "#9ab5c9"}
    main = vary(hues[str(params.get("kind") or "a pink jellyfish")], rng, 0.02)
    for k, x in enumerate((-110, -72, 72, 110, -20, 24)):
        sway = 26 * (-1) ** k
        sheet.stroke(
            [(x, 20), (x * 1.04 + sway, 110), (x * 0.9 - sway, 200), (x * 0.86 + sway * 0.5, 290 + 20 * (k % 3))],
            (9, 9, 8, 3),
            darker(main, 0.1),
        )
    for x, size in ((-44, 1.0), (44, 0.92), (0, 1.12)):
        frill: list[Point] = [
            (x - 26, 20),
            (x - 38, 70),
            (x - 20, 110),
            (x - 34, 154),
            (x - 14, 196),
            (x - 12, 240 * size),
            (x + 2, 200),
            (x + 20, 160),
            (x + 12, 116),
            (x + 34, 72),
            (x + 26, 20),
        ]
        sheet.shape(frill, lighter(main, 0.3 if x else 0.45))
    sheet.shape(
        trace("-150,20 -146,-70 -96,-150 0,-180 96,-150 146,-70 150,20 112,44 76,22 38,48 0,24 -38,48 -76,22 -112,44"),
        main,
    )
    sheet.shape(trace("-110,-50 -80,-118 -20,-148 -30,-120 -72,-84 -88,-40"), lighter(main, 0.5))
    for side in (-1, 1):
        eye(sheet, side * 46, -42, 13)
        cheek(sheet, side * 78, -18, 19)
    smile(sheet, 0, -18, 18, 11, SEA_INK, 4)


FISH = {
    "an orange and white clownfish": ("#d98547", "#f4eadb", "#c2703a"),
    "a blue tang fish": ("#6f92b8", "#e3c465", "#50709a"),
    "a yellow angelfish": ("#e3bd5c", "#f3e6b8", "#c99a3f"),
    "a pink fish": ("#d99a98", "#f3d9cc", "#bd7a7c"),
    "a teal fish": ("#7fada6", "#dce6d3", "#5f8f8c"),
}


def fish(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round reef fish with bands or a bright tail."""
    kind = str(params.get("kind") or "an orange and white clownfish")
    main, light, dark = FISH[kind]
    main = vary(main, rng, 0.02)
    with sheet.at(0, 0, flip=rng.random() < 0.5, turn=rng.uniform(-8, 8)):
        tail = light if "tang" in kind else dark
        sheet.shape(trace("140,-14 200,-84 268,-98 250,-40 238,0 254,48 264,100 200,88 140,18"), tail)
        sheet.shape(trace("-90,-92 -50,-160 40,-176 120,-132 130,-76 20,-70"), dark)
        sheet.shape(trace("-30,96 10,160 76,158 100,90"), dark)
        outline: list[Point] = trace(
            "-216,0 -180,-66 -100,-112 0,-122 100,-84 162,-20 162,22 100,86 0,124 -100,112 -180,66"
        )
        sheet.shape(outline, main)
        if "clown" in kind:
            sheet.shape(trace("-92,-113 -58,-119 -44,-60 -40,0 -46,60 -60,120 -92,113 -78,60 -72,0 -78,-60"), light)
            sheet.shape(trace("44,-110 80,-94 92,-40 94,0 92,40 80,94 44,110 58,50 60,0 58,-50"), light)
        else:
            sheet.shape(trace("-150,60 -60,54 40,50 130,24 100,84 0,122 -100,110"), light)
            for x in range(4):
                for y in range(3):
                    px, py = -30 + 44 * x, -62 + 42 * y + 14 * (x % 2)
                    sheet.stroke(trace("-4,-15 12,0 -4,15", px, py), (2, 6, 2), darker(main, 0.18))
        sheet.shape(trace("-10,16 44,-10 76,20 60,58 10,56"), dark)
        sheet.stroke(trace("-210,18 -190,34 -164,28"), (2, 5, 2), SEA_INK)
        cheek(sheet, -128, 28, 20)
        sheet.oval(-142, -20, 23, 24, "#f7efe2")
        eye(sheet, -145, -19, 14)


def seahorse(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Upright, with a crest, a ridged belly and a curled tail."""
    hues = {"a yellow seahorse": "#e0b765", "a coral seahorse": "#d98f78", "a teal seahorse": "#86aca4"}
    main = vary(hues[str(params.get("kind") or "a yellow seahorse")], rng, 0.02)
    dark, light = darker(main, 0.2), lighter(main, 0.5)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for k in range(6):
            sheet.shape(leaf((10 + 11 * k, -224 + 24 * k), -58 + 16 * k, 50, 26, "lance"), dark)
        sheet.shape(trace("70,-40 126,-72 158,-30 146,30 84,50"), lighter(dark, 0.25))
        for y in (-34, -6, 20):
            sheet.stroke([(78, 2), (110, y * 0.9), (142, y)], (2, 5, 2), dark)
        sheet.stroke(
            trace("36,80 40,150 16,220 -44,246 -84,214 -72,172 -40,178 -44,206"), (84, 66, 50, 40, 32, 25, 18, 10), main
        )
        sheet.shape(
            trace(
                "-172,-142 -170,-166 -110,-172 -84,-206 -34,-232 20,-214 46,-164 58,-96 88,-30 92,40 "
                "66,110 24,130 -16,96 -30,30 -22,-36 -14,-90 -50,-114 -100,-126"
            ),
            main,
        )
        sheet.shape(trace("-14,-80 10,-60 24,0 16,70 6,112 -18,92 -30,30 -22,-36"), light)
        for k in range(5):
            y = -46 + 32 * k
            sheet.stroke([(-25 + 2 * k, y), (-4, y + 6), (20, y)], (2, 5, 2), mix(main, dark, 0.6))
        cheek(sheet, -44, -138, 18)
        eye(sheet, -56, -172, 13)


def seal(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A seal pup lying on its belly, facing us."""
    hues = {"a white seal pup": "#ece6dc", "a gray seal": "#a3a8ad"}
    main = vary(hues[str(params.get("kind") or "a white seal pup")], rng, 0.012)
    dark = darker(main, 0.14)
    wearing = str(params.get("wearing") or "")
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        sheet.shape(trace("214,70 262,20 306,6 300,46 322,72 282,104 220,110"), darker(main, 0.2))
        sheet.shape(trace("-120,40 -60,-40 60,-34 170,20 246,80 226,128 100,146 -60,148 -126,120"), main)
        for x, y, r in ((90, 16, 10), (128, 40, 8), (60, 0, 7), (160, 60, 9), (104, 54, 6)):
            sheet.oval(x, y, r, r * 0.8, darker(main, 0.2))
        for side in (-1, 1):
            flipper: list[Point] = trace("56,92 96,96 134,136 126,160 80,158 50,130")
            with sheet.at(-70, 0):
                sheet.shape(flipper if side > 0 else flipped(flipper), dark)
        with sheet.at(-70, 46):
            accessories.at_neck(sheet, wearing, 88, rng)
        with sheet.at(-70, -36, turn=rng.uniform(-6, 4)):
            sheet.shape(mirrored(trace("0,-92 50,-84 92,-42 104,12 88,62 44,88 0,92")), lighter(main, 0.1))
            for side in (-1, 1):
                eye(sheet, side * 44, -2, 15)
                cheek(sheet, side * 70, 34, 19)
                sheet.oval(side * 19, 42, 25, 21, lighter(main, 0.45))
                for k in (0, 1, 2):
                    sheet.oval(side * (16 + 9 * k), 40 + 5 * (k % 2), 2.3, 2.3, "#7d736e")
            sheet.shape(mirrored(trace("0,14 15,14 13,26 0,34")), "#453b3a")
            accessories.on_head(sheet, wearing, -84, rng)


def _kinds(names: Iterable[str], wears: tuple[str, ...] = ("",)) -> list[Params]:
    return [{"kind": k, "wearing": w} if w else {"kind": k} for w in wears for k in names]


SEA = ("ocean",)
_T = ("animal", "sea", "beach", "nautical")
SUBJECTS = (
    plain(
        "whale",
        "whale",
        SEA,
        (*_T, "whale", "narwhal"),
        whale,
        _kinds(WHALES, ("", "a party hat", "a flower crown", "a little hat")),
    ),
    plain("dolphin", "dolphin", SEA, _T, dolphin),
    plain("shark", "shark", SEA, _T, shark),
    plain("turtle", "sea turtle", SEA, (*_T, "turtle"), turtle, _kinds(TURTLES)),
    plain(
        "octopus", "octopus", SEA, _T, octopus, _kinds(OCTOPI, ("", "a little hat", "a flower crown", "a party hat"))
    ),
    plain("crab", "crab", SEA, _T, crab),
    plain(
        "jellyfish",
        "jellyfish",
        SEA,
        _T,
        jellyfish,
        _kinds(("a pink jellyfish", "a lilac jellyfish", "a blue jellyfish")),
    ),
    plain("fish", "reef fish", SEA, (*_T, "fish", "tropical"), fish, _kinds(FISH)),
    plain(
        "seahorse", "seahorse", SEA, _T, seahorse, _kinds(("a yellow seahorse", "a coral seahorse", "a teal seahorse"))
    ),
    plain(
        "seal",
        "seal",
        ("ocean", "arctic", "winter"),
        (*_T, "pup"),
        seal,
        _kinds(("a white seal pup", "a gray seal"), ("", "a knitted scarf", "a bow tie")),
    ),
)

"""Bows, ballet slippers and the sewing box.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, arc, blob, darker, lighter, mirrored, mix, oval, toward, trace, vary
from .subject import Params, plain

BOWS = {
    "a pink bow": "#e3a9ab",
    "a red bow": "#b9504c",
    "a sage bow": "#9fb08d",
    "a blue bow": "#93adc2",
    "a cream bow": "#eadcc4",
    "a black bow": "#574d4b",
}
SLIPPERS = {
    "a pair of pink ballet slippers": "#e9b7b4",
    "a pair of ivory ballet slippers": "#efe1cb",
    "a pair of lilac ballet slippers": "#c3b1cf",
}
THREADS = {
    "a spool of red thread": "#b9544c",
    "a spool of blue thread": "#86a5b8",
    "a spool of green thread": "#93a67e",
}
YARNS = {"a ball of rose yarn": "#d79b98", "a ball of sage yarn": "#9fb08d", "a ball of mustard yarn": "#d8ab55"}


def _kind(params: Params, choices: dict[str, str]) -> str:
    return choices[str(params.get("kind") or next(iter(choices)))]


def ribbon_bow(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A large tied bow with two loops and two long tails."""
    silk = vary(_kind(params, BOWS), rng, 0.012)
    dark, light = darker(silk, 0.2), lighter(silk, 0.36)
    for side in (-1, 1):
        with sheet.at(0, 10, turn=side * rng.uniform(-3, 3), flip=side < 0):
            sheet.shape(trace("2,6 40,30 70,96 84,170 118,262! 74,240 36,270! 34,180 20,96 -8,30"), darker(silk, 0.09))
            sheet.stroke(trace("16,40 44,110 60,190 70,230"), (3, 9, 7, 2), dark)
    for side in (-1, 1):
        with sheet.at(0, 0, flip=side < 0):
            sheet.shape(trace("10,-14 80,-84 170,-122 236,-104 254,-20 240,60 180,84 90,44 10,16"), silk)
            sheet.shape(trace("60,-18 122,-50 196,-62 214,-18 200,34 150,42 96,20 60,8"), dark)
            sheet.shape(trace("60,-18 110,-38 160,-36 176,-10 160,20 120,22 84,14 60,8"), mix(silk, dark, 0.4))
            sheet.stroke(trace("34,-26 90,-74 150,-98"), (2, 9, 3), light)
            sheet.stroke(trace("30,20 90,38 160,66"), (2, 7, 2), dark)
            sheet.stroke(trace("22,-4 60,-10 92,-8"), (2, 6, 2), dark)
    sheet.shape(trace("-36,-34 0,-40 36,-34 42,0 36,36 0,42 -36,36 -42,0"), silk)
    for x in (-14, 12):
        sheet.stroke([(x, -28), (x - 3, 0), (x + 1, 30)], (2, 6, 2), dark)
    sheet.stroke(trace("-28,-20 -31,0 -27,18"), (2, 7, 2), light)


def ballet_slippers(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two satin pointe shoes hanging by their tied ribbons."""
    satin = vary(_kind(params, SLIPPERS), rng, 0.01)
    dark, light = darker(satin, 0.2), lighter(satin, 0.45)
    for side in (-1, 1):
        with sheet.at(0, 0, flip=side < 0):
            sheet.stroke(trace("0,-188 30,-120 96,-60 112,10"), (15, 19, 19, 16), darker(satin, 0.06))
            sheet.stroke(trace("0,-188 -14,-120 34,-40 52,10"), (15, 19, 19, 16), satin)
    for side, lean in ((1, 8), (-1, -8)):
        with sheet.at(side * 84, 10, turn=-lean, flip=side < 0):
            sheet.shape(
                trace("-44,-14 0,-26 44,-14 66,50 64,120 46,190 30,238 0,248 -30,238 -46,190 -64,120 -66,50"), satin
            )
            sheet.shape(trace("-34,-4 0,-12 34,-4 44,44 34,86 0,100 -34,86 -44,44"), mix(dark, "#8a5f58", 0.35))
            sheet.shape(trace("-26,2 0,-6 26,2 34,40 20,60 0,64 -20,60 -34,40"), lighter(satin, 0.2))
            sheet.stroke(trace("-44,40 -34,88 0,104 34,88 44,40"), (4, 8, 8, 8, 4), light)
            sheet.shape(trace("-42,196 -20,190 20,190 42,196 30,238 0,249 -30,238"), mix(satin, dark, 0.35))
            sheet.stroke(trace("-48,80 -50,130 -38,176"), (3, 12, 3), light)
            sheet.glaze(trace("40,60 60,70 58,130 40,190 30,150 44,110"), dark, 0.32)
            for x in (-7, 7):
                sheet.stroke([(0, 102), (x, 114), (x * 1.7, 122)], (3, 5, 3), dark)
    for side in (-1, 1):
        with sheet.at(0, -196, flip=side < 0):
            sheet.shape(trace("2,-8 40,-60 92,-66 102,-20 80,14 34,14 2,8"), satin)
            sheet.shape(trace("30,-8 54,-32 80,-34 82,-12 62,2 36,4"), dark)
            sheet.shape(trace("0,4 30,30 52,84 70,128! 44,122 24,132! 22,80 -6,30"), darker(satin, 0.08))
    sheet.oval(0, -194, 21, 24, darker(satin, 0.1))


def thread_spool(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wooden spool of thread with a needle."""
    thread, wood = vary(_kind(params, THREADS), rng, 0.015), vary("#c99f6f", rng, 0.015)
    sheet.shape(trace("-116,-188! 116,-188! 118,180 -118,180"), darker(wood, 0.12))
    sheet.shape(trace("-118,-122 0,-112 118,-122 130,0 118,126 0,140 -118,126 -130,0"), thread)
    for k in range(8):
        y = -98 + 29 * k
        sheet.stroke([(-122, y + 8), (0, y + 22), (122, y - 2)], (3, 6, 3), darker(thread, 0.22 if k % 2 else 0.12))
    sheet.stroke(trace("-88,-90 -96,0 -88,90"), (4, 17, 4), lighter(thread, 0.4))
    for y in (-166, 166):
        sheet.shape(
            trace(f"-136,{y - 34} 0,{y - 46} 136,{y - 34} 148,{y} 136,{y + 30} 0,{y + 44} -136,{y + 30} -148,{y}"), wood
        )
    sheet.oval(0, -186, 118, 24, lighter(wood, 0.22))
    sheet.oval(0, -186, 30, 8, darker(wood, 0.5))
    sheet.stroke(trace("116,96 176,150 214,70 196,-40 222,-150"), (4, 6, 6, 6, 4), thread)
    with sheet.at(222, -40, turn=8):
        sheet.shape(mirrored(trace("0,-168 9,-140 7,0 0,214!")), "#aeb3b5")
        sheet.oval(0, -138, 3.4, 17, "#6c7072")


def button(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Three buttons that overlap."""
    for x, y, r, tone in ((-96, 60, 128, "#b9776a"), (112, 78, 108, "#8fa48d"), (16, -112, 118, "#dcb26a")):
        shell = vary(tone, rng, 0.015)
        sheet.shape(blob(x, y + 12, r, r, rng, 0.004, 16), darker(shell, 0.3))
        sheet.shape(blob(x, y, r, r, rng, 0.004, 16), shell)
        sheet.shape(oval(x, y, r * 0.76, r * 0.76), darker(shell, 0.15))
        sheet.shape(oval(x, y + 4, r * 0.68, r * 0.68), lighter(shell, 0.12))
        for k in range(4):
            hole = toward((x, y), 45 + 90 * k, r * 0.27)
            sheet.oval(hole[0], hole[1], r * 0.1, r * 0.1, darker(shell, 0.6))
        sheet.stroke([toward((x, y), 45 + 180 * t, r * 0.27) for t in (0, 1)], (9, 9), "#f2e6d2")
        sheet.stroke([toward((x, y), 135 + 180 * t, r * 0.27) for t in (0, 1)], (9, 9), "#f2e6d2")
        sheet.stroke(arc(x, y, r * 0.88, r * 0.88, 200, 262, 5), (2, 8, 2), lighter(shell, 0.5))


def pincushion(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A tomato pincushion with pins and a needle."""
    red = vary("#bf5a4c", rng, 0.015)
    for x, lean, head in ((-96, -22, "#e3b860"), (-34, -8, "#8fb0b4"), (40, 10, "#f0e4d0"), (104, 24, "#a9b98c")):
        top = toward((x, -60), -90 + lean, 150)
        sheet.stroke([(x, -60), top], (6, 6), "#a9adae")
        sheet.oval(top[0], top[1], 19, 19, head)
        sheet.oval(top[0] - 6, top[1] - 6, 5, 5, lighter(head, 0.6))
    sheet.shape(mirrored(trace("0,-84 70,-112 160,-92 214,-10 200,92 130,152 0,164")), red)
    for side in (-1, 1):
        sheet.stroke(trace("0,-70 60,-60 118,10 96,140", wide=side), (3, 8, 8, 3), darker(red, 0.28))
    sheet.stroke(trace("0,-70 0,40 0,158"), (3, 8, 3), darker(red, 0.28))
    sheet.stroke(trace("-158,10 -162,-30 -130,-66"), (4, 17, 4), lighter(red, 0.42))
    for k in range(6):
        tip = toward((0, -84), 20 + 62 * k, 92)
        sheet.shape([(-15, -88), (tip[0], tip[1], 1), (15, -82)], vary("#7f9665", rng, 0.03), 0.5)
    sheet.oval(0, -86, 24, 17, "#6f8758")


def scissors(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A pair of open scissors."""
    steel, grip = vary("#b4babb", rng, 0.01), vary("#c2695c", rng, 0.015)
    for side in (-1, 1):
        with sheet.at(0, 20, turn=side * 17, flip=side < 0):
            sheet.shape(
                trace("-20,30 -24,-30 -18,-150 4,-262! 20,-150 22,-20 16,40"),
                steel if side > 0 else darker(steel, 0.14),
            )
            sheet.stroke(trace("-8,-20 -6,-130 2,-230"), (3, 7, 2), lighter(steel, 0.5))
            sheet.stroke(trace("0,20 -6,70 -30,110"), (36, 30, 26), grip)
            sheet.stroke(arc(-52, 176, 58, 78, -70, 290, 13), (26,) * 13, grip)
            sheet.stroke(arc(-52, 176, 64, 84, 150, 220, 5), (2, 7, 2), lighter(grip, 0.45))
    sheet.oval(0, 20, 19, 19, darker(steel, 0.35))
    sheet.oval(-4, 16, 6, 6, lighter(steel, 0.6))


def yarn(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A ball of yarn with two knitting needles."""
    wool = vary(_kind(params, YARNS), rng, 0.015)
    for side in (-1, 1):
        with sheet.at(0, -30, turn=side * 38):
            sheet.shape(mirrored(trace("0,-250! 10,-200 11,0 11,210 0,214")), vary("#cda676", rng, 0.02))
            sheet.oval(0, -252 + 500 * (side < 0) * 0, 21, 21, "#a97850")
    sheet.shape(blob(0, 30, 178, 172, rng, 0.008, 16), wool)
    dark, light = darker(wool, 0.2), lighter(wool, 0.25)
    for k in range(5):
        sheet.stroke(
            trace(f"{-150 + 26 * k},{-36 - 16 * k} {-60 + 28 * k},{40 - 24 * k} {-10 + 34 * k},{150 - 20 * k}"),
            (3, 7, 3),
            dark,
        )
    for k in range(4):
        sheet.stroke(
            trace(f"{-160 + 12 * k},{50 + 30 * k} {-110 + 26 * k},{80 + 24 * k} {-30 + 36 * k},{170 - 4 * k}"),
            (3, 8, 3),
            light,
        )
    for k in range(4):
        sheet.stroke(
            trace(f"{20 + 20 * k},{-138 + 10 * k} {90 + 18 * k},{-40 + 14 * k} {84 + 22 * k},{110 - 24 * k}"),
            (3, 7, 3),
            dark if k % 2 else light,
        )
    sheet.stroke(trace("90,170 150,214 220,190 260,214"), (6, 9, 9, 5), wool)


def _k(choices: dict[str, str]) -> list[Params]:
    return [{"kind": n} for n in choices]


SEWING = ("sewing",)
SUBJECTS = (
    plain("ribbon_bow", "ribbon bow", ("coquette", "baby", "birthday"), ("ribbon", "girly"), ribbon_bow, _k(BOWS)),
    plain(
        "ballet_slippers",
        "pair of ballet slippers",
        ("ballet", "coquette"),
        ("ballerina", "dance", "shoe"),
        ballet_slippers,
        _k(SLIPPERS),
    ),
    plain("thread_spool", "spool of thread", SEWING, ("thread", "needle", "tailor"), thread_spool, _k(THREADS)),
    plain("buttons", "handful of buttons", SEWING, ("button",), button),
    plain("pincushion", "pincushion", SEWING, ("pin", "needle"), pincushion),
    plain("scissors", "pair of scissors", (*SEWING, "school"), ("teacher",), scissors),
    plain("yarn", "ball of yarn", (*SEWING, "cozy"), ("knitting", "wool"), yarn, _k(YARNS)),
)

"""A log cabin, and the flag of the United States.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import math

import numpy as np

from .geometry import Point, Sheet, darker, lighter, mix, oval, toward, trace, vary
from .subject import Params, plain

CABINS = {"a log cabin": "", "a snowy log cabin": "snow", "a log cabin in autumn": "autumn"}


def _tree(sheet: Sheet, x: float, foot: float, tall: float, color: str, snow: bool) -> None:
    sheet.stroke([(x, foot), (x, foot - tall * 0.3)], (18, 16), "#7a5f4a")
    for k in range(4):
        half, low = tall * (0.24 - 0.045 * k), foot - tall * (0.12 + 0.19 * k)
        tier: list[Point] = [(x - half, low, 1), (x, low + 10), (x + half, low, 1), (x, low - tall * 0.34, 1)]
        sheet.shape(tier, lighter(color, 0.06 * k), 0.25)
        if snow:
            sheet.shape(
                [
                    (x - half * 0.5, low - tall * 0.15, 1),
                    (x, low - tall * 0.11),
                    (x + half * 0.4, low - tall * 0.17, 1),
                    (x, low - tall * 0.34, 1),
                ],
                "#f2efe9",
                0.3,
            )


def cabin(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A cabin of round logs with a stone chimney between trees."""
    when = CABINS[str(params.get("kind") or "a log cabin")]
    wood, snow = vary("#a9794f", rng, 0.015), when == "snow"
    tree = "#6d8a68" if when != "autumn" else "#c98546"
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        _tree(sheet, -268, 250, 470, vary(tree, rng, 0.02), snow)
        _tree(sheet, 276, 254, 360, vary(darker(tree, 0.08), rng, 0.02), snow)
        sheet.shape(trace("104,-300! 172,-300! 172,-120! 104,-140!"), "#9a948c", 0.2)
        for x, y in ((122, -276), (154, -262), (128, -236), (156, -216), (124, -196)):
            sheet.shape(oval(x, y, 15, 10), vary("#b7b0a6", rng, 0.03))
        sheet.shape(trace("94,-318! 182,-318! 182,-296! 94,-296!"), "#7f7972" if not snow else "#f2efe9", 0.2)
        sheet.shape(trace("-206,250! -206,-20! 0,-200! 206,-20! 206,250!"), darker(wood, 0.12), 0.2)
        for k in range(7):
            y = -10 + 41 * k
            sheet.stroke(
                [(-216, y), (0, y + 1), (216, y)],
                (38, 38, 38),
                vary(mix(wood, lighter(wood, 0.2), 0.5 * (k % 2)), rng, 0.015),
            )
            for side in (-1, 1):
                sheet.oval(side * 218, y, 18, 18, lighter(wood, 0.3))
                sheet.oval(side * 218, y, 8, 8, darker(wood, 0.05))
        roof = "#7d5a4c" if not snow else "#f2efe9"
        for side in (-1, 1):
            sheet.shape(trace("0,-246! 274,2! 250,32! 0,-192!", wide=side), roof, 0.2)
            if snow:
                sheet.shape(trace("0,-200! 250,26! 256,36! 0,-186!", wide=side), "#a9bcc6", 0.2)
            else:
                for share in (0.3, 0.55, 0.8):
                    sheet.stroke(
                        [(side * 262 * share, -236 + 238 * share), (side * 246 * share, -200 + 230 * share)],
                        (4, 4),
                        darker(roof, 0.25),
                    )
        sheet.shape(trace("-46,250! -46,110 -30,88 0,80 30,88 46,110 46,250!"), "#6b4c3b")
        sheet.stroke([(0, 92), (0, 246)], (4, 4), darker("#6b4c3b", 0.25))
        sheet.oval(28, 172, 7, 7, "#e0b95c")
        for x in (-130, 130):
            sheet.shape(trace(f"{x - 46},96! {x + 46},96! {x + 46},178! {x - 46},178!"), "#f3ead9", 0.15)
            sheet.shape(trace(f"{x - 36},106! {x + 36},106! {x + 36},168! {x - 36},168!"), "#f3cf7e", 0.15)
            sheet.stroke([(x, 106), (x, 168)], (6, 6), "#f3ead9")
            sheet.stroke([(x - 36, 137), (x + 36, 137)], (6, 6), "#f3ead9")
        sheet.oval(0, -64, 30, 30, "#f3ead9")
        sheet.oval(0, -64, 21, 21, "#f3cf7e")
        ground = {"snow": "#eef0ee", "autumn": "#c9a26a"}.get(when, "#8fa671")
        sheet.shape(trace("-350,262 -200,240 0,248 200,238 350,264 300,300 0,310 -300,300"), vary(ground, rng, 0.015))
        sheet.shape(trace("-40,248! 40,248! 86,304! -86,304!"), mix(ground, "#cbb591", 0.6), 0.3)


def flag(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """The flag of the United States, waving on its pole."""
    hand = params.get("kind") == "a little American flag on a stick"
    red, white, blue = vary("#b8453f", rng, 0.012), "#f4ece0", vary("#3f5878", rng, 0.012)
    wide, high = 560.0, 350.0
    left, top = (-260.0, -250.0)

    def wave(u: float, v: float) -> Point:
        """A point of the cloth: u along, v down, as shares."""
        return (
            left + wide * u + 6 * math.sin(v * 3),
            top + high * v + 24 * math.sin(u * 6.0 + 0.5) * (0.25 + 0.75 * u),
        )

    def cloth(u0: float, v0: float, u1: float, v1: float) -> list[Point]:
        over = [wave(u, v0) for u in np.linspace(u0, u1, 13)]
        under = [wave(u, v1) for u in np.linspace(u1, u0, 13)]
        return [(*over[0], 1), *over[1:-1], (*over[-1], 1), (*under[0], 1), *under[1:-1], (*under[-1], 1)]

    pole = "#b08a5c" if hand else "#a7a29a"
    foot = 330 if hand else 420
    sheet.stroke([(left - 12, top - 36), (left - 12, 40), (left - 12, foot)], (20, 20, 20), pole)
    sheet.oval(left - 12, top - 46, 20, 20, "#dcb055")
    for k in range(13):
        sheet.shape(cloth(0, k / 13, 1, (k + 1) / 13), red if k % 2 == 0 else white, 0.3)
    sheet.shape(cloth(0, 0, 0.42, 7 / 13), blue, 0.3)
    for row in range(9):
        for column in range(6 if row % 2 == 0 else 5):
            u = 0.42 * (2 * column + 1 + row % 2) / 12
            x, y = wave(u, (7 / 13) * (row + 1) / 10)[:2]
            sheet.shape([(*toward((x, y), 36 * n - 90, 13 if n % 2 == 0 else 5.5), 1) for n in range(10)], white, 0.2)


SUBJECTS = (
    plain("cabin", "log cabin", ("camping", "outdoors", "winter", "travel"), ("building", "house", "woods"), cabin, [{"kind": k} for k in CABINS]),
    plain(
        "flag", "American flag", ("patriotic",), ("usa", "fourth of july", "independence day"), flag,
        [{"kind": k} for k in ("an American flag", "a little American flag on a stick")],
    ),
)  # fmt: skip

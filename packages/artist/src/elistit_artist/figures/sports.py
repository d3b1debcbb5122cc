"""Balls, rackets and bats.

A ball is data: its color, and the seams on it as strokes in units of its radius of 200; a painter draws them all alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .geometry import Point, Sheet, arc, blob, darker, lighter, mirrored, oval, toward, trace, vary
from .subject import Params, plain


@dataclass(frozen=True)
class Ball:
    """``seams`` are strokes ``width`` wide; ``panels`` are filled outlines of the ``seam`` color; both come ``turns``
    times around the middle."""

    color: str
    seam: str
    seams: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    width: float = 9.0
    stitches: bool = False
    turns: int = 1


BALLS = {
    "a soccer ball": Ball(
        "#f1ece2",
        "#57504d",
        ("0,-66 0,-120", "63,-20 116,-38", "39,54 74,102", "-39,54 -74,102", "-63,-20 -116,-38"),
        (
            "0,-68! 65,-21! 40,55! -40,55! -65,-21!",
            "0,-118! 46,-150! 30,-196 0,-200 -30,-196 -46,-150!",
            "114,-38! 134,14! 186,22 198,-30 182,-82 150,-78!",
            "-114,-38! -134,14! -186,22 -198,-30 -182,-82 -150,-78!",
            "72,100! 44,146! 80,182 124,156 148,132 130,96!",
            "-72,100! -44,146! -80,182 -124,156 -148,132 -130,96!",
        ),
        8.0,
    ),
    "a basketball": Ball(
        "#cf8748",
        "#5a4238",
        (
            "-198,0 0,14 198,0",
            "0,-198 12,0 0,198",
            "-132,-148 -52,-70 -50,76 -128,152",
            "132,-148 58,-70 60,76 128,152",
        ),
        (),
        10.0,
    ),
    "a baseball": Ball(
        "#f2ebdd", "#b9544c", ("-150,-130 -66,-60 -56,60 -136,146", "150,-130 66,-60 56,60 136,146"), (), 7.0, True
    ),
    "a softball": Ball(
        "#dfd86c", "#b9544c", ("-150,-130 -66,-60 -56,60 -136,146", "150,-130 66,-60 56,60 136,146"), (), 7.0, True
    ),
    "a tennis ball": Ball(
        "#c9d277", "#f5f2df", ("-196,-30 -90,-50 -16,-110 0,-196", "196,40 96,36 10,96 -10,196"), (), 17.0
    ),
    "a volleyball": Ball(
        "#f1ead9", "#7f9fb6", ("0,0 60,-74 60,-190", "44,-55 76,38 178,90", "62,-120 100,-24 193,32"), (), 9.0, turns=3
    ),
    "a beach ball": Ball(
        "#f4ecdc",
        "#d98b7c",
        (),
        ("0,-24! 26,-90 6,-199 60,-190 122,-157 170,-104 90,-40 22,10!", "0,-30 26,-15 26,15 0,30 -26,15 -26,-15"),
        9.0,
        turns=3,
    ),
    "a golf ball": Ball("#f3efe6", "#cfc8bb", (), (), 9.0),
}


def ball(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One ball, a little turned."""
    kind = str(params.get("kind") or next(iter(BALLS)))
    made = BALLS[kind]
    color = vary(made.color, rng, 0.012)
    with sheet.at(0, 0, turn=rng.uniform(-14, 14)):
        sheet.shape(blob(0, 0, 200, 200, rng, 0.002, 20), color)
        for part in range(made.turns):
            with sheet.at(0, 0, turn=360 * part / made.turns):
                _seams(sheet, made)
        if kind == "a golf ball":
            _dimples(sheet, made.seam)
    sheet.glaze(trace("70,-140 132,-80 164,0 138,104 56,164 -50,176 50,120 108,30 104,-64"), darker(color, 0.5), 0.24)
    sheet.stroke(arc(-6, -4, 158, 158, 198, 250, 5), (4, 17, 4), lighter(color, 0.6))


def _seams(sheet: Sheet, made: Ball) -> None:
    for panel in made.panels:
        sheet.shape(trace(panel), made.seam, 0.3)
    for seam in made.seams:
        line = trace(seam)
        sheet.stroke(line, (made.width * 0.7, *(made.width,) * (len(line) - 2), made.width * 0.7), made.seam)
        if made.stitches:
            _stitches(sheet, line, made.seam)


def _stitches(sheet: Sheet, line: list[Point], color: str) -> None:
    xs, ys = [p[0] for p in line], [p[1] for p in line]
    out = 1 if xs[1] > 0 else -1
    for y in np.linspace(-104, 112, 9):
        x = float(np.interp(y, ys, xs))
        bend = float(np.interp(y, ys, (-0.7, -0.25, 0.25, 0.7)))
        for side in (-1, 1):
            sheet.stroke([(x, y), toward((x, y), 90 - 90 * side * out + bend * 26, 24)], (6, 4), color)


def _dimples(sheet: Sheet, color: str) -> None:
    for ring, count in ((0, 1), (50, 7), (98, 13), (142, 18), (176, 20)):
        for k in range(count):
            x, y = toward((0, 0), 360 * k / count + ring, ring)
            sheet.shape(oval(x, y, 15 - ring * 0.03, 15 - ring * 0.055, 360 * k / count + ring + 90), color)


def football(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An American football with its laces."""
    hide = vary("#a06a47", rng, 0.012)
    with sheet.at(0, 0, turn=-32 + rng.uniform(-6, 6)):
        sheet.shape(trace("-262,0! -180,-96 -70,-146 70,-146 180,-96 262,0! 180,96 70,146 -70,146 -180,96"), hide)
        for side in (-1, 1):
            sheet.shape(trace("150,-112! 176,-98! 184,0 176,98! 150,112! 160,0", wide=side), "#f3ead9")
        sheet.stroke(trace("-220,20 -90,44 90,44 220,20"), (2, 7, 7, 2), darker(hide, 0.3))
        sheet.stroke(trace("-86,-62 0,-70 86,-62"), (12, 13, 12), "#f3ead9")
        for x in (-64, -32, 0, 32, 64):
            sheet.stroke([(x, -94), (x + 2, -40)], (12, 12), "#f3ead9")
        sheet.glaze(trace("-200,50 -60,110 70,116 200,56 170,98 70,142 -70,142 -170,98"), darker(hide, 0.5), 0.35)
        sheet.stroke(trace("-120,-112 -40,-132 40,-132"), (3, 12, 3), lighter(hide, 0.4))


def _strings(sheet: Sheet, rx: float, ry: float, y: float, step: float, color: str) -> None:
    """A net of strings inside an upright oval."""
    for k in range(-6, 7):
        at = k * step
        if abs(at) < rx:
            half = ry * float(np.sqrt(1 - (at / rx) ** 2))
            sheet.stroke([(at, y - half), (at, y + half)], (4.5, 4.5), color)
        if abs(at) < ry:
            half = rx * float(np.sqrt(1 - (at / ry) ** 2))
            sheet.stroke([(-half, y + at), (half, y + at)], (4.5, 4.5), color)


def tennis_racket(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A racket with a ball."""
    frame = vary("#7f9a86" if "green" in str(params.get("kind") or "green") else "#b9605a", rng, 0.012)
    with sheet.at(0, 0, turn=32 + rng.uniform(-5, 5)):
        _strings(sheet, 128, 158, -110, 32, "#d9cdb6")
        for side in (-1, 1):
            sheet.stroke(trace("66,22 34,84 16,130", wide=side), (22, 20, 20), frame)
        sheet.stroke([*arc(0, -110, 132, 162, -90, 270, 17)], (26,) * 17, frame)
        sheet.stroke(arc(0, -110, 136, 166, 180, 250, 6), (2, 8, 8, 2), lighter(frame, 0.5))
        sheet.shape(trace("-19,112 19,112 19,170 -19,170"), darker(frame, 0.2), 0.15)
        sheet.shape(trace("-22,164 22,164 25,330 0,340 -25,330"), "#7d5c47", 0.15)
        for k in range(6):
            sheet.stroke([(-23, 196 + 24 * k), (23, 182 + 24 * k)], (5, 5), darker("#7d5c47", 0.3))
    with sheet.at(196, 190, size=0.36):
        ball(sheet, rng, {"kind": "a tennis ball"})


def badminton(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A shuttlecock."""
    cork = vary("#e6cfa6", rng, 0.012)
    with sheet.at(0, 0, turn=28 + rng.uniform(-6, 6)):
        for k, lean in enumerate((-31, 31, -22, 22, -12, 12, 0)):
            with sheet.at(0, 120, turn=lean):
                sheet.shape(
                    trace("-10,0 -22,-180 -46,-260 -24,-318 24,-318 46,-260 22,-180 10,0"),
                    darker("#f4efe6", 0.09 - 0.012 * k),
                )
                sheet.stroke(trace("0,-20 0,-180 0,-300"), (7, 5, 2), "#cfc5b4")
        for y, half in ((-20, 92), (40, 60)):
            sheet.stroke([(-half, y), (0, y + 18), (half, y)], (8, 9, 8), "#c2605a")
        sheet.shape(trace("-60,110 0,122 60,110 66,160 44,206 0,220 -44,206 -66,160"), cork)
        sheet.stroke(trace("-60,124 0,140 60,124"), (15, 17, 15), "#7f9a86")
        sheet.stroke(trace("-44,152 -40,184 -22,198"), (2, 9, 2), lighter(cork, 0.6))


def paddle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A table tennis or pickleball paddle with its ball."""
    pickle = "pickleball" in str(params.get("kind"))
    face = vary("#86a8a4" if pickle else "#b9544c", rng, 0.012)
    with sheet.at(0, 0, turn=30 + rng.uniform(-5, 5)):
        sheet.shape(trace("-28,90 28,90 32,262 0,276 -32,262"), "#c99f6f", 0.15)
        for k in range(4 if pickle else 0):
            sheet.stroke([(-30, 130 + 34 * k), (30, 116 + 34 * k)], (6, 6), "#8a6648")
        outline = (
            "0,-262 90,-256 140,-214 146,-40 110,60 40,110 0,112"
            if pickle
            else "0,-232 100,-206 160,-110 150,10 84,84 34,110 0,112"
        )
        sheet.shape(mirrored(trace(outline)), darker(face, 0.35))
        with sheet.at(0, -8, size=0.93):
            sheet.shape(mirrored(trace(outline)), face)
        if pickle:
            sheet.stroke(trace("-120,-10 0,-40 120,-10"), (14, 16, 14), lighter(face, 0.5))
        else:
            sheet.shape(trace("-88,62 0,76 88,62 40,112 0,116 -40,112"), "#d8b384")
        sheet.stroke(trace("-108,-60 -112,-130 -70,-190"), (3, 14, 3), lighter(face, 0.45))
    hue = "#d8d06a" if pickle else "#f3efe6"
    sheet.shape(blob(176, 150, 66, 66, rng, 0.004, 14), hue)
    if pickle:
        for way, far in ((0, 0), (0, 38), (72, 38), (144, 38), (216, 38), (288, 38)):
            x, y = toward((176, 150), way, far)
            sheet.oval(x, y, 8, 8, darker(hue, 0.4))
    sheet.stroke(arc(176, 150, 50, 50, 190, 250, 4), (2, 9, 2), lighter(hue, 0.6))


def baseball_bat(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Two crossed bats with a ball above."""
    for side in (-1, 1):
        wood = vary("#c99a66", rng, 0.015)
        with sheet.at(0, 30, turn=side * 40):
            sheet.shape(mirrored(trace("0,-300 34,-290 44,-250 42,-120 24,40 17,190 17,236 0,240")), wood)
            sheet.shape(trace("-19,110 19,110 18,232 -18,232"), "#7d5c47", 0.15)
            sheet.shape(oval(0, 246, 29, 15), darker(wood, 0.2))
            sheet.stroke(trace("-24,-250 -26,-140 -14,0"), (3, 12, 3), lighter(wood, 0.5))
            for k in range(3):
                sheet.stroke([(-17, 140 + 30 * k), (17, 126 + 30 * k)], (5, 5), "#5f4435")
    with sheet.at(0, -150, size=0.46):
        ball(sheet, rng, {"kind": "a baseball"})


def trophy(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A golden cup on a foot."""
    gold, wood = vary("#dcb25c", rng, 0.012), "#7d5c47"
    for side in (-1, 1):
        sheet.stroke(
            trace("118,-168 212,-190 226,-90 160,-10 96,10", wide=side), (22, 26, 26, 24, 18), darker(gold, 0.15)
        )
    sheet.shape(trace("-24,60 24,60 36,150 -36,150"), darker(gold, 0.15))
    sheet.shape(mirrored(trace("0,-226 136,-222 140,-190 128,-70 90,30 34,84 0,90")), gold)
    sheet.shape(oval(0, -216, 138, 24), darker(gold, 0.32))
    sheet.shape(trace("-84,140 84,140 96,176 -96,176"), gold, 0.2)
    sheet.shape(trace("-120,172! 120,172! 130,252! -130,252!"), wood, 0.15)
    sheet.shape(trace("-58,190 58,190 58,232 -58,232"), lighter(gold, 0.3), 0.15)
    sheet.shape([(*toward((0, -80), 36 * k - 90, 62 if k % 2 == 0 else 27), 1) for k in range(10)], lighter(gold, 0.5))
    sheet.stroke(trace("-108,-160 -100,-60 -66,20"), (4, 16, 4), lighter(gold, 0.6))


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


SPORTS = ("sports",)
SUBJECTS = (
    plain("sports_ball", "ball", SPORTS, ("ball",), ball, _k(*BALLS)),
    plain("football", "football", SPORTS, ("ball",), football),
    plain(
        "tennis_racket",
        "tennis racket",
        SPORTS,
        ("racket", "tennis"),
        tennis_racket,
        _k("a green tennis racket", "a red tennis racket"),
    ),
    plain("shuttlecock", "shuttlecock", SPORTS, ("badminton",), badminton),
    plain("paddle", "paddle", SPORTS, ("racket",), paddle, _k("a table tennis paddle", "a pickleball paddle")),
    plain("baseball_bat", "pair of baseball bats", SPORTS, ("baseball", "bat"), baseball_bat),
    plain("trophy", "trophy", SPORTS, ("winner", "cup"), trophy),
)

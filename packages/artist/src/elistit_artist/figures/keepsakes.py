"""Things for journeys and for the dog: suitcase, camera, sunglasses and paw prints.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, arc, darker, leaf, lighter, mirrored, oval, toward, trace, vary
from .solids import board
from .subject import Params, plain
from .variety import kinds

CASES = {"a brown suitcase": "#a8764c", "a teal suitcase": "#6b9a99", "a pink suitcase": "#d99a9c"}


def suitcase(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A vintage suitcase with straps, corners and travel stickers."""
    hide = vary(CASES[str(params.get("kind") or "a brown suitcase")], rng, 0.015)
    strap, brass = darker(hide, 0.34), "#d3aa5c"
    sheet.stroke(trace("-70,-160 -62,-222 0,-236 62,-222 70,-160"), (24, 26, 26, 26, 24), strap)
    sheet.shape(board(-280, -170, 280, 220, 44), hide)
    sheet.glaze(trace("-276,140 0,160 276,140 276,190 230,218 -230,218 -276,190"), darker(hide, 0.5), 0.3)
    sheet.stroke([(-278, 0), (0, 6), (278, 0)], (9, 9, 9), darker(hide, 0.24))
    for x in (-160, 160):
        sheet.shape(board(x - 26, -170, x + 26, 220, 4), strap)
        sheet.shape(board(x - 34, 60, x + 34, 120, 10), brass)
        sheet.shape(board(x - 18, 72, x + 18, 108, 6), strap)
    for side in (-1, 1):
        for y, flip in ((-170, 1), (220, -1)):
            sheet.shape(
                trace("200,0! 250,0 280,30 280,84! 236,70 214,44", 0, 0, side)
                if flip > 0 and y < -999
                else [
                    (side * 206, y, 1),
                    (side * 250, y),
                    (side * 280, y + flip * 34),
                    (side * 280, y + flip * 78, 1),
                    (side * 236, y + flip * 52),
                ],
                strap,
            )
    sheet.oval(-60, 90, 58, 58, "#f1e3c4")
    sheet.stroke(trace("-104,104 -72,64 -52,90 -34,70 -14,106"), (6, 8, 8, 8, 6), "#7f9f8a")
    sheet.shape(board(6, -120, 112, -40, 8), "#e6c6b4")
    sheet.shape([(*toward((58, -80), 36 * k - 90, 30 if k % 2 == 0 else 13), 1) for k in range(10)], "#b8573f")
    sheet.shape(trace("-112,-110! -20,-120! -14,-50! -106,-42!"), "#a9c1c9", 0.1)
    sheet.stroke(trace("-96,-60 -62,-96 -30,-64"), (5, 8, 5), "#f4efe4")
    sheet.stroke(trace("-250,-120 -240,-146 -200,-152"), (4, 13, 4), lighter(hide, 0.5))


def camera(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An old film camera, with a strap or an instant photo."""
    kind = str(params.get("kind") or "a vintage camera")
    hide = vary("#7c5a48" if "vintage" in kind else "#8fb3ad", rng, 0.015)
    if "instant" in kind:
        sheet.shape(board(-120, 60, 120, 290, 8), "#fbf8f0")
        sheet.shape(board(-98, 110, 98, 250, 4), "#a9c8d3")
        sheet.shape(trace("-98,250! -98,200 -40,160 10,210 50,180 98,220 98,250!"), "#8aa672")
        sheet.oval(56, 140, 18, 18, "#f0c76a")
        sheet.shape(board(-230, -210, 230, 150, 60), "#f4ede0")
        sheet.shape(board(-230, 60, 230, 150, 40), hide)
        sheet.shape(board(-150, 112, 150, 130, 8), "#4f4643")
        sheet.shape(board(110, -176, 196, -112, 12), "#5a504c")
        sheet.oval(-160, -146, 22, 22, "#c9574c")
        for k, hue in enumerate(("#d9695a", "#e6b04f", "#8fb27a", "#6f93b8")):
            sheet.shape(board(-216 + 16 * k, -60, -202 + 16 * k, 60, 3), hue)
        y = -56
    else:
        sheet.stroke(
            trace("-270,-60 -310,-200 -120,-290 140,-286 310,-190 270,-60"),
            (16, 18, 20, 20, 18, 16),
            darker(hide, 0.24),
        )
        sheet.shape(board(-196, -176, -104, -120, 12), "#c9c5bb")
        sheet.shape(board(120, -170, 190, -120, 12), "#c9c5bb")
        sheet.shape(trace("-96,-120! -70,-200 70,-200 96,-120!"), "#d8d3c8", 0.2)
        sheet.shape(board(-58, -182, 58, -132, 10), "#4f4a4a")
        sheet.shape(board(-280, -124, 280, 190, 36), hide)
        sheet.shape(board(-280, -124, 280, -58, 26), "#d8d3c8")
        sheet.shape(board(-280, 152, 280, 190, 20), "#c4bfb4")
        sheet.oval(220, -92, 20, 20, "#f0d58a")
        sheet.oval(-224, -92, 15, 15, "#b8483f")
        y = 46
    for r, hue in ((132, "#5a524f"), (114, "#c9c5bb"), (96, "#4a4444"), (72, "#54606e"), (44, "#36404f")):
        sheet.oval(0, y, r, r, hue)
    sheet.stroke(arc(0, y, 58, 58, 190, 260, 4), (4, 15, 4), "#b9cbd9")
    sheet.oval(24, y + 24, 9, 9, "#8fa3b8")


SHADES = {
    "pink sunglasses": ("#df8f9c", "#7a5a72"),
    "tortoise sunglasses": ("#9a6a42", "#5a4a3c"),
    "heart sunglasses": ("#c9504f", "#6a3a4a"),
}


def sunglasses(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Sunglasses from the front; round, or with hearts."""
    kind = str(params.get("kind") or "pink sunglasses")
    rim, glass = SHADES[kind]
    rim = vary(rim, rng, 0.015)
    for side in (-1, 1):
        sheet.stroke(trace("262,-60 286,-90 262,-160 210,-190", wide=side), (20, 20, 17, 9), darker(rim, 0.22))
        if "heart" in kind:
            outer = mirrored(trace("0,-60! 40,-118 110,-112 132,-50 100,30 0,116!"))
        else:
            outer = trace("-118,-76 0,-92 124,-84 142,-30 110,66 20,104 -70,84 -116,10")
        with sheet.at(side * 146, 0, flip=side < 0):
            sheet.shape(outer, rim)
            with sheet.at(2, 0, size=0.8):
                sheet.shape(outer, glass)
            sheet.glaze(trace("-70,-40 -10,-60 20,-50 -40,40 -70,30"), lighter(glass, 0.7), 0.4)
            sheet.stroke(trace("24,-48 0,0 -30,44"), (3, 12, 3), lighter(glass, 0.5))
    sheet.stroke(trace("-40,-34 0,-52 40,-34"), (20, 20, 20), rim)


def paw_print(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One paw print, three on their way, or one with flowers."""
    kind = str(params.get("kind") or "a paw print")
    hue = vary("#8f6a54" if "flowers" not in kind else "#d0938f", rng, 0.02)
    if "three" in kind:
        for x, y, lean in ((-130, 170, 24), (40, 10, 12), (-60, -180, 18)):
            with sheet.at(x, y, turn=lean, size=0.42):
                _paw(sheet, hue)
        return
    with sheet.at(0, 0, turn=rng.uniform(-10, 10)):
        _paw(sheet, hue)
        if "flowers" in kind:
            for x, y, r, tone in (
                (-130, 168, 56, "#f3dcd2"),
                (-40, 214, 64, "#e9b9a6"),
                (70, 204, 56, "#f1d18c"),
                (142, 150, 46, "#f3dcd2"),
            ):
                for way in (150, 30, -100):
                    sheet.shape(leaf((x, y), way, r * 1.7, r * 0.62), vary("#8aa071", rng, 0.03))
                for k in range(6):
                    sheet.shape(leaf((x, y), 60 * k, r, r * 0.8, "petal"), vary(tone, rng, 0.015))
                sheet.oval(x, y, r * 0.26, r * 0.26, "#c98a3c")


def _paw(sheet: Sheet, hue: str) -> None:
    sheet.shape(mirrored(trace("0,-20 70,-4 124,70 160,130 150,196 96,222 44,200 0,192")), hue)
    for side in (-1, 1):
        for x, y, rx, ry, lean in ((74, -140, 54, 84, 8), (194, -34, 48, 74, 26)):
            sheet.shape(oval(side * x, y, rx, ry, side * lean), hue)


TRAVEL = ("travel", "summer")
SUBJECTS = (
    plain("suitcase", "suitcase", ("travel",), ("luggage",), suitcase, kinds(CASES)),
    plain("camera", "camera", ("travel",), ("photo",), camera, kinds(("a vintage camera", "an instant camera"))),
    plain("sunglasses", "pair of sunglasses", TRAVEL, ("beach",), sunglasses, kinds(SHADES)),
    plain("paw_print", "paw print", ("pets",), ("dog",), paw_print, kinds(("a paw print", "three paw prints", "a paw print with flowers"))),
)  # fmt: skip

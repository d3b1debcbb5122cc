"""School things: books, pencils, a globe, a bag.

Each painter draws one thing in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, blob, darker, lighter, mirrored, oval, trace, vary
from .subject import Params, plain

PAPER = "#f4ead6"


def books(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A pile of books with an apple on top."""
    hues = ["#b8604e", "#7f9aa6", "#8f9f6e"]
    y = 190.0
    for k, wide in enumerate((220, 196, 206)):
        cover = vary(hues[k], rng, 0.02)
        shift = float(rng.uniform(-18, 18))
        top = y - 76
        with sheet.at(shift, 0):
            sheet.shape(trace(f"{-wide},{top} {wide},{top} {wide + 8},{y - 38} {wide},{y} {-wide},{y}"), cover, 0.1)
            sheet.shape(
                trace(f"{-wide + 26},{top + 13} {wide - 4},{top + 13} {wide - 4},{y - 13} {-wide + 26},{y - 13}"),
                PAPER,
                0.1,
            )
            for line in (30, 44):
                sheet.stroke(
                    [(-wide + 40, top + line), (0, top + line + 2), (wide - 14, top + line)],
                    (2, 4, 2),
                    darker(PAPER, 0.14),
                )
            sheet.shape(
                trace(
                    f"{-wide - 12},{top - 2} {-wide + 24},{top - 2} {-wide + 24},{y + 2} {-wide - 12},{y + 2} {-wide - 22},{y - 38}"
                ),
                darker(cover, 0.12),
            )
        y = top
    red = vary("#c05548", rng, 0.02)
    with sheet.at(20, y - 84):
        sheet.stroke(trace("0,-60 6,-96 22,-118"), (9, 8, 10), "#7d5f48")
        sheet.shape(trace("10,-84 46,-124 92,-118 64,-82"), "#83985f")
        sheet.shape(mirrored(trace("0,-62 34,-84 86,-70 102,-10 84,56 44,92 12,92 0,86")), red)
        sheet.stroke(trace("-66,10 -68,-26 -50,-52"), (3, 13, 3), lighter(red, 0.55))


def pencil(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A pencil, or a crayon."""
    kind = str(params.get("kind") or "a yellow pencil")
    tone = vary({"a yellow pencil": "#e3b54f", "a blue crayon": "#7f9fb4", "a red crayon": "#c7665a"}[kind], rng, 0.015)
    with sheet.at(0, 0, turn=38 + rng.uniform(-8, 8)):
        if "crayon" in kind:
            sheet.shape(trace("-26,-206 0,-246 26,-206 52,-170 -52,-170"), darker(tone, 0.08))
            sheet.shape(trace("-58,-172 58,-172 58,240 -58,240"), tone, 0.12)
            sheet.shape(trace("-58,-110 58,-110 58,180 -58,180"), lighter(tone, 0.35), 0.1)
            for y in (-96, 166):
                sheet.stroke([(-56, y), (0, y + 7), (56, y)], (7, 9, 7), darker(tone, 0.25))
            sheet.glaze(trace("18,-160 54,-160 54,230 18,230"), darker(tone, 0.35), 0.3)
            return
        sheet.shape(trace("0,-262! 52,-150 -52,-150"), "#ecd5ac", 0.1)
        sheet.shape(trace("0,-262! 17,-222 0,-212 -17,-222"), "#4c4440", 0.15)
        sheet.shape(trace("-52,-150 -34,-164 -17,-148 0,-164 17,-148 34,-164 52,-150 52,170 -52,170"), tone, 0.1)
        sheet.glaze(trace("18,-150 52,-146 52,168 18,168"), darker(tone, 0.35), 0.35)
        sheet.stroke(trace("-30,-130 -32,20 -30,160"), (3, 11, 3), lighter(tone, 0.5))
        sheet.shape(trace("-54,164 54,164 54,206 -54,206"), "#b9bfc1", 0.1)
        sheet.shape(trace("-52,204 52,204 48,250 0,260 -48,250"), "#d9938c")


def backpack(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A school bag."""
    cloth = vary(
        {"a red school bag": "#b8604e", "a green school bag": "#7f9470"}.get(str(params.get("kind")), "#7f98a8"),
        rng,
        0.02,
    )
    sheet.stroke(trace("-60,-190 -40,-240 40,-240 60,-190"), (22, 22, 22, 22), darker(cloth, 0.3))
    for side in (-1, 1):
        sheet.shape(trace("150,10 206,40 212,150 190,190 150,190", 0, 0, side), darker(cloth, 0.16))
    sheet.shape(mirrored(trace("0,-206 90,-196 152,-130 168,0 168,170 150,206 0,210")), cloth)
    sheet.shape(mirrored(trace("0,20 110,24 124,50 122,170 104,186 0,188")), lighter(cloth, 0.18))
    sheet.stroke(trace("-112,62 0,76 112,62"), (5, 7, 5), darker(cloth, 0.35))
    sheet.shape(mirrored(trace("0,-190 84,-176 136,-118 146,-30 120,0 0,8")), darker(cloth, 0.1))
    sheet.stroke(trace("-132,-40 0,-12 132,-40"), (4, 6, 4), lighter(cloth, 0.4))
    for x in (-70, 70):
        sheet.shape(trace("-17,-30 17,-30 15,40 0,52 -15,40", x, 0), "#c39a6b", 0.2)
        sheet.oval(x, 24, 7, 7, "#6f563c")
    sheet.stroke(trace("-140,60 -146,120 -134,170"), (4, 14, 4), lighter(cloth, 0.4))


def globe(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A globe on its stand."""
    sea, land, wood = vary("#8fb0bd", rng, 0.015), vary("#94a873", rng, 0.02), "#a97c50"
    sheet.shape(trace("-110,214 110,214 90,190 26,176 -26,176 -90,190"), darker(wood, 0.15))
    sheet.stroke(trace("0,196 0,160 0,130"), (26, 24, 26), wood)
    sheet.stroke(trace("120,-206 196,-120 196,20 120,112 0,150 -90,128"), (15, 17, 17, 17, 17, 14), wood)
    sheet.shape(blob(0, -50, 178, 178, rng, 0.004, 20), sea)
    sheet.shape(trace("-120,-130 -60,-176 -10,-160 -24,-110 -70,-84 -54,-40 -96,-20 -140,-70"), land)
    sheet.shape(trace("-70,0 -24,10 -10,54 -44,104 -70,84 -84,36"), vary(land, rng, 0.02))
    sheet.shape(trace("40,-150 110,-140 150,-80 120,-50 140,0 96,40 70,10 60,-50 24,-90"), vary(land, rng, 0.02))
    sheet.shape(trace("60,70 100,66 92,96 60,102"), vary(land, rng, 0.02))
    sheet.stroke(trace("-130,-70 -124,-120 -86,-164"), (4, 17, 4), lighter(sea, 0.5))
    for y in (-236, 132):
        sheet.shape(oval(0, y, 13, 11), darker(wood, 0.2))


def palette_and_brush(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A painter's palette with a brush."""
    wood = vary("#cfa678", rng, 0.02)
    outline = trace("-230,20 -200,-110 -70,-184 90,-170 210,-90 236,20 190,110 110,90 60,110 70,170 0,200 -140,160")
    sheet.shape(outline, wood)
    sheet.oval(104, 40, 30, 26, "#fbf7ef", -20)
    hues = ("#b8604e", "#e3b54f", "#83985f", "#7f9fb4", "#8d7aa0", "#d9948e")
    places = ((-150, 40), (-140, -50), (-66, -110), (30, -118), (120, -76), (-60, 110))
    for (x, y), hue in zip(places, hues, strict=True):
        sheet.shape(blob(x, y, 40, 34, rng, 0.08, 10), vary(hue, rng, 0.03))
        sheet.oval(x - 10, y - 11, 10, 6, lighter(hue, 0.5))
    with sheet.at(60, 30, turn=52):
        sheet.stroke(trace("0,250 0,60 0,-70"), (9, 15, 19), darker(wood, 0.4))
        sheet.shape(trace("-12,-68 12,-68 12,-110 -12,-110"), "#b9bfc1")
        sheet.shape(mirrored(trace("0,-184! 15,-140 12,-106 0,-104")), "#7f9fb4")


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


SCHOOL = ("school",)
SUBJECTS = (
    plain("books", "pile of books", (*SCHOOL, "books"), ("book", "reading", "library", "teacher"), books),
    plain("pencil", "pencil", SCHOOL, ("crayon", "stationery", "teacher"), pencil, _k("a yellow pencil", "a red crayon", "a blue crayon")),
    plain("backpack", "school bag", SCHOOL, ("backpack", "student"), backpack, _k("a blue school bag", "a red school bag", "a green school bag")),
    plain("globe", "globe", (*SCHOOL, "travel"), ("world", "geography", "teacher"), globe),
    plain("paint_palette", "paint palette", SCHOOL, ("paintbrush", "artist", "craft"), palette_and_brush),
)  # fmt: skip

"""Summer fruit: bananas, watermelon, peaches, berries and tomatoes.

Each painter draws one thing in its own units, back to front; cut or whole comes from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from .geometry import Sheet, arc, blob, darker, leaf, lighter, mirrored, oval, toward, trace, vary
from .subject import Params, plain
from .variety import kinds

RIND, FLESH, PALE = "#6f9a5c", "#e2737a", "#e9eccb"


def banana(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A banana, a bunch of them, or one half peeled."""
    kind = str(params.get("kind") or "a banana")
    skin = vary("#f0cb57", rng, 0.012)
    if "bunch" in kind:
        for way, tone in ((58, 0.2), (30, 0.1), (2, 0.0), (-26, 0.06)):
            with sheet.at(0, -180, turn=way):
                _one_banana(sheet, darker(skin, tone * 0.6), 0.94)
        sheet.shape(trace("-34,-214! -26,-262 22,-266 36,-214! 44,-150 0,-128 -46,-152"), darker("#b99a44", 0.12))
        return
    with sheet.at(0, -180, turn=rng.uniform(-8, 8)):
        if "peeled" in kind:
            sheet.stroke(trace("-64,-40 -66,100 10,236 120,320"), (66, 92, 104, 96), "#f8eccb")
            sheet.stroke(trace("-78,0 -70,110 0,220"), (3, 9, 3), "#e7d5a4")
            for spine, tone in (
                ("40,196 150,130 190,20 250,-10", 0.14),
                ("-40,180 -150,150 -206,60 -262,70", 0.06),
                ("10,236 80,90 60,-30 110,-110", 0.0),
            ):
                sheet.stroke(trace(spine), (70, 74, 44, 8), darker(skin, tone))
            sheet.stroke(trace("-30,156 40,270 140,330 236,350"), (96, 120, 106, 34), skin)
            sheet.shape(trace("222,332! 270,338 268,372 220,368!"), "#7a6240", 0.2)
            return
        _one_banana(sheet, skin, 1.0)


def _one_banana(sheet: Sheet, skin: str, size: float) -> None:
    with sheet.at(0, 0, size=size):
        sheet.stroke(trace("-2,-60 -10,-10 -6,30"), (24, 26, 44), darker(skin, 0.2))
        sheet.stroke(trace("-4,10 -52,110 -46,240 40,350 150,398"), (38, 96, 112, 98, 22), skin)
        sheet.stroke(trace("24,30 -6,120 4,224 74,310 150,372"), (10, 34, 40, 32, 6), darker(skin, 0.1))
        sheet.stroke(trace("-14,40 -38,120 -30,232 50,336 140,388"), (2, 7, 7, 6, 2), darker(skin, 0.28))
        sheet.stroke(trace("-66,120 -74,190 -56,250"), (3, 11, 3), lighter(skin, 0.5))
        sheet.shape(trace("138,378! 176,392 172,416 136,410!"), "#7a6240", 0.2)
        sheet.shape(trace("-16,-66! 12,-66! 14,-46 -16,-46"), "#7a6240", 0.2)


def watermelon(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A slice, a wedge with a bite, a half, or a whole melon with its stripes."""
    kind = str(params.get("kind") or "a watermelon slice")
    rind, flesh = vary(RIND, rng, 0.015), vary(FLESH, rng, 0.015)
    if "whole" in kind:
        _whole_melon(sheet, rng, rind)
    else:
        part = _half_melon if "half" in kind else _melon_wedge if "wedge" in kind else _melon_slice
        part(sheet, rng, rind, flesh)


def _half_melon(sheet: Sheet, rng: np.random.Generator, rind: str, flesh: str) -> None:
    with sheet.at(0, 0, turn=rng.uniform(-8, 8)):
        sheet.shape(oval(0, 30, 262, 214), rind)
        sheet.shape(oval(0, 0, 262, 196), darker(rind, 0.12))
        sheet.shape(oval(0, -6, 246, 184), PALE)
        sheet.shape(oval(0, -6, 226, 166), flesh)
        sheet.glaze(oval(0, -6, 120, 84), lighter(flesh, 0.4), 0.5)
        for ring, count in ((0.5, 9), (0.8, 14)):
            for k in range(count):
                way = 360 * k / count + 40 * ring
                x, y = toward((0, 0), way, 1)
                _seed(sheet, x * 226 * ring, -6 + y * 166 * ring, way + 90)


def _melon_wedge(sheet: Sheet, rng: np.random.Generator, rind: str, flesh: str) -> None:
    """A wedge with a bite."""
    with sheet.at(0, 0, turn=rng.uniform(-10, 10)):
        sheet.shape(trace("0,-270! 250,190! 130,236 0,248 -130,236 -250,190!"), rind, 0.3)
        sheet.shape(trace("0,-270! 236,164! 124,206 0,218 -124,206 -236,164!"), PALE, 0.3)
        sheet.shape(
            trace("0,-270! 58,-158! 40,-120 74,-100 62,-62 100,-46! 220,134! 116,176 0,188 -116,176 -220,134!"),
            flesh,
            0.3,
        )
        for x, y, lean in (
            (-4, -150, 0),
            (-52, -50, 8),
            (16, -34, -4),
            (-104, 60, 14),
            (-18, 74, 2),
            (76, 58, -10),
            (132, 116, -16),
            (30, 146, -4),
            (-76, 138, 8),
        ):
            _seed(sheet, x, y, lean)


def _melon_slice(sheet: Sheet, rng: np.random.Generator, rind: str, flesh: str) -> None:
    with sheet.at(0, -60, turn=rng.uniform(-10, 10)):
        for rx, ry, tone in (
            (280, 262, rind),
            (258, 240, lighter(rind, 0.35)),
            (246, 228, PALE),
            (226, 206, flesh),
        ):
            sheet.shape([(-rx, 0, 1), *arc(0, 0, rx, ry, 168, 12, 9), (rx, 0, 1)], tone, 0.3)
        for x, y, lean in (
            (-150, 46, 30),
            (-70, 40, 12),
            (12, 44, 0),
            (90, 40, -14),
            (160, 50, -34),
            (-110, 104, 24),
            (-28, 112, 6),
            (56, 110, -10),
            (118, 104, -28),
            (14, 164, 0),
            (-60, 158, 16),
        ):
            _seed(sheet, x, y, lean)
        sheet.stroke(trace("-196,22 -60,14 120,16"), (3, 10, 3), lighter(flesh, 0.4))


def _seed(sheet: Sheet, x: float, y: float, lean: float) -> None:
    with sheet.at(x, y, turn=lean):
        sheet.shape(mirrored(trace("0,-17! 9,0 7,13 0,16")), "#4c3a36")
        sheet.oval(-3, 4, 2.6, 3.6, "#8b7168")


def _whole_melon(sheet: Sheet, rng: np.random.Generator, rind: str) -> None:
    with sheet.at(0, 0, turn=rng.uniform(-12, 2)):
        sheet.shape(oval(0, 0, 280, 212), lighter(rind, 0.22))
        for share in (-0.86, -0.5, -0.14, 0.22, 0.58, 0.9):
            spine = [
                (280 * 0.93 * float(np.cos(a)), 212 * 0.96 * share * float(np.sin(a)))
                for a in np.linspace(2.98, 0.16, 9)
            ]
            wob = [(x, y + (9 if k % 2 else -7)) for k, (x, y) in enumerate(spine)]
            sheet.stroke(wob, (5, 22, 34, 26, 38, 24, 34, 20, 5), darker(rind, 0.22))
        sheet.glaze(trace("-230,90 -60,150 120,146 246,70 180,150 40,206 -120,190"), darker(rind, 0.5), 0.3)
        sheet.stroke(trace("-190,-96 -90,-150 20,-166"), (4, 18, 4), lighter(rind, 0.7))
        sheet.stroke(trace("268,-10 306,-40 300,-84 330,-96"), (16, 12, 9, 4), "#8b8a52")


def peach(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A peach with its leaf, one cut in half, or two on a twig."""
    kind = str(params.get("kind") or "a peach")
    if "two" in kind:
        sheet.stroke(trace("-240,-190 -60,-210 90,-176 240,-214"), (17, 15, 12, 6), "#8a6a4f")
        for x, y, way in ((-170, -200, 150), (10, -200, -60), (150, -190, 30), (-60, -206, 100)):
            _peach_leaf(sheet, x, y, way, 160, rng)
        for x, y, size in ((-104, 30, 0.72), (124, 66, 0.66)):
            with sheet.at(x, y, size=size):
                _one_peach(sheet, rng)
        return
    if "half" in kind:
        flesh = vary("#f4c983", rng, 0.012)
        sheet.shape(
            mirrored(trace("0,-196! 70,-226 166,-196 222,-90 214,30 150,150 60,206 0,214")), vary("#e08f6d", rng, 0.015)
        )
        sheet.shape(mirrored(trace("0,-176! 66,-204 154,-176 202,-84 194,26 136,136 54,188 0,196")), flesh)
        sheet.glaze(oval(0, 10, 110, 124), "#d9645a", 0.5)
        sheet.shape(mirrored(trace("0,-92! 42,-60 64,0 48,64 0,104!")), "#8f5f42")
        for x, y in ((-22, -30), (16, -14), (-14, 24), (24, 34), (0, 62)):
            sheet.stroke([(x - 8, y - 10), (x + 4, y), (x - 2, y + 14)], (2, 6, 2), "#6d452f")
        for k in range(16):
            a = 22.5 * k
            sheet.stroke([toward((0, 10), a, 118), toward((0, 10), a, 148)], (4, 1.5), "#e08f5f")
        return
    sheet.stroke(trace("0,-150 8,-204 30,-236"), (16, 15, 18), "#8a6a4f")
    _peach_leaf(sheet, 10, -190, -24, 210, rng)
    _peach_leaf(sheet, 4, -186, -158, 150, rng)
    _one_peach(sheet, rng)


def _one_peach(sheet: Sheet, rng: np.random.Generator) -> None:
    skin = vary("#f0b47c", rng, 0.015)
    sheet.shape(mirrored(trace("0,-160! 66,-200 164,-176 218,-80 208,40 146,146 54,190 0,212!")), skin)
    sheet.glaze(trace("20,-150 110,-184 190,-120 210,-10 160,120 60,180 100,60 90,-60"), "#dc6459", 0.6)
    sheet.stroke(trace("0,-160 -34,-60 -26,70 0,200"), (5, 12, 10, 2), darker(skin, 0.24))
    sheet.stroke(trace("-160,-100 -184,-30 -168,50"), (4, 20, 4), lighter(skin, 0.55))


def _peach_leaf(sheet: Sheet, x: float, y: float, way: float, long: float, rng: np.random.Generator) -> None:
    green = vary("#7f9f62", rng, 0.025)
    sheet.shape(leaf((x, y), way, long, long * 0.36, "lance", 0.08), green)
    sheet.stroke(
        [(x, y), toward((x, y), way + 5, long * 0.5), toward((x, y), way + 3, long * 0.86)],
        (5, 4, 1.5),
        lighter(green, 0.4),
    )


BERRIES = {
    "a handful of blueberries": ("#6679a8", 9),
    "a sprig of raspberries": ("#cf5a6c", 3),
    "a sprig of blackberries": ("#56455f", 3),
}


def berries(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Blueberries with their bloom, or raspberries or blackberries on a sprig."""
    kind = str(params.get("kind") or "a handful of blueberries")
    hue, _ = BERRIES[kind]
    if "blue" in kind:
        for way, long in ((-150, 180), (-34, 190), (-92, 150)):
            _peach_leaf(sheet, 0, -70, way, long, rng)
        for x, y, r in (
            (-128, -30, 86),
            (136, -20, 84),
            (4, -78, 82),
            (-200, 96, 78),
            (206, 104, 76),
            (-70, 96, 92),
            (76, 104, 94),
            (0, 6, 90),
            (4, 200, 84),
        ):
            tone = vary(hue, rng, 0.03)
            sheet.shape(oval(x, y, r, r * 0.95), tone)
            sheet.glaze([*arc(x, y, r * 0.9, r * 0.86, 10, 130, 6), (x + r * 0.2, y + r * 0.3)], darker(tone, 0.5), 0.3)
            cx, cy = x + rng.uniform(-0.2, 0.2) * r, y - r * 0.3
            sheet.shape(
                [(*toward((cx, cy), 36 * k - 90, r * (0.36 if k % 2 == 0 else 0.2)), 1) for k in range(10)],
                darker(tone, 0.3),
            )
            sheet.oval(cx, cy, r * 0.13, r * 0.11, darker(tone, 0.55))
            sheet.stroke(arc(x, y, r * 0.74, r * 0.7, 160, 220, 4), (3, 10, 3), lighter(tone, 0.5))
        return
    sheet.stroke(trace("-20,-260 10,-160 0,-60"), (9, 12, 10), "#7f8f5a")
    for x, y, way, long in ((-10, -230, 160, 170), (0, -200, 16, 190), (4, -120, -176, 150)):
        _peach_leaf(sheet, x, y, way, long, rng)
    for x, y, size, lean in ((-128, 60, 0.8, 12), (136, 46, 0.78, -14), (0, 96, 1.0, 0)):
        sheet.stroke([(0, -80), (x * 0.7, y - 130), (x, y - 96 * size)], (9, 8, 9), "#7f8f5a")
        with sheet.at(x, y, turn=lean, size=size):
            _drupe(sheet, rng, hue)


def _drupe(sheet: Sheet, rng: np.random.Generator, hue: str) -> None:
    sheet.shape(mirrored(trace("0,-104 70,-96 112,-30 96,54 50,126 0,146")), darker(hue, 0.16))
    for row, (y, half) in enumerate(((-74, 62), (-34, 90), (8, 88), (50, 70), (90, 44), (122, 0))):
        count = max(1, round(half / 21))
        for k in range(count):
            x = 0.0 if count == 1 else -half + 2 * half * k / (count - 1)
            r = 27 - row
            sheet.oval(x, y, r, r, vary(hue, rng, 0.035))
            sheet.oval(x - 8, y - 9, 6, 5, lighter(hue, 0.6))
    for way in (-170, -130, -90, -50, -10):
        sheet.shape(leaf((0, -100), way, 70, 24), "#84a061")


def tomato(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A ripe tomato, cherry tomatoes on the vine, or a slice."""
    kind = str(params.get("kind") or "a ripe tomato")
    red = vary("#cf4f40", rng, 0.015)
    if "slice" in kind:
        sheet.shape(blob(0, 0, 224, 220, rng, 0.015, 14), red)
        sheet.shape(blob(0, 0, 204, 200, rng, 0.015, 14), lighter(red, 0.3))
        for k in range(5):
            with sheet.at(0, 0, turn=72 * k):
                sheet.shape(mirrored(trace("0,-54 60,-90 74,-140 40,-176 0,-180")), darker(red, 0.04))
                for x, y in ((-28, -108), (22, -100), (0, -142), (40, -140), (-38, -146)):
                    sheet.shape(leaf((x, y), -90, 26, 15, "petal"), "#f3dfa6")
        return
    if "vine" in kind:
        green = "#76914f"
        sheet.stroke(trace("-240,-200 -60,-160 90,-70 190,110"), (18, 15, 12, 8), green)
        for x, y in ((-150, -10), (-60, 60), (30, -140), (60, 140), (190, 20), (166, 190)):
            sheet.stroke([(x * 0.8, y - 110), (x, y - 80)], (9, 9), green)
            tone = vary(red, rng, 0.02)
            sheet.shape(oval(x, y, 82, 78), tone)
            sheet.stroke(arc(x, y, 58, 54, 170, 240, 4), (3, 12, 3), lighter(tone, 0.55))
            for way in (-170, -120, -60, -10, 90):
                sheet.shape(leaf((x, y - 70), way, 50, 14, "willow"), green)
        return
    sheet.shape(mirrored(trace("0,-132 70,-170 170,-150 240,-60 232,60 160,164 60,200 0,204")), red)
    sheet.glaze(trace("120,-120 214,-30 190,90 100,176 0,186 90,90 130,0"), darker(red, 0.45), 0.34)
    for x in (-120, 120):
        sheet.stroke([(x * 0.4, -136), (x, -40), (x * 0.9, 90)], (2, 8, 2), darker(red, 0.18))
    sheet.stroke(trace("-176,-86 -196,-10 -170,60"), (4, 20, 4), lighter(red, 0.55))
    for way in (-178, -142, -96, -48, -4, 60, 118):
        sheet.shape(leaf((0, -134), way, 112, 30, "willow", 0.1), vary("#76914f", rng, 0.03))
    sheet.stroke(trace("0,-134 6,-180 26,-214"), (14, 13, 16), "#76914f")


SUMMER = ("fruit", "summer", "kitchen")
SUBJECTS = (
    plain("banana", "banana", SUMMER, ("fruit", "tropical"), banana, kinds(("a banana", "a bunch of bananas", "a peeled banana"))),
    plain("watermelon", "watermelon", SUMMER, ("fruit", "melon"), watermelon,
          kinds(("a watermelon slice", "a watermelon wedge", "a half watermelon", "a whole watermelon"))),
    plain("peach", "peach", SUMMER, ("fruit",), peach, kinds(("a peach", "a half peach", "two peaches on a twig"))),
    plain("summer_berries", "handful of berries", SUMMER, ("fruit", "berry"), berries, kinds(BERRIES)),
    plain("tomato", "tomato", ("vegetable", "kitchen", "garden"), ("vegetable",), tomato,
          kinds(("a ripe tomato", "tomatoes on the vine", "a tomato slice"))),
)  # fmt: skip

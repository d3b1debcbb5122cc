"""The small ones near the ground: hedgehog, snail, frog, butterfly, bee, ladybug.

Each painter draws one animal in its own units, back to front; the hedgehog also sits in the shared poses.
"""

from __future__ import annotations

import math

import numpy as np

from . import accessories
from .anatomy import EYE, Coat, Face, blush, cheek, ear_round, eye, eyes, mouth, nose, smile
from .geometry import Point, Sheet, blob, darker, flipped, leaf, lighter, mirrored, mix, toward, trace, vary
from .poses import Build
from .subject import Params, Subject, animal, draw_animal, plain

HEDGEHOG = Coat("#e3c6a2", "#f3e3cb", "#7b5a45", inner="#e0ab93")


def spiny(
    cx: float, cy: float, rx: float, ry: float, start: float, end: float, quills: int, depth: float
) -> list[Point]:
    """A toothed arc: quills standing out of an ellipse between two directions in degrees."""
    out: list[Point] = []
    for k in range(quills):
        a0 = start + (end - start) * k / quills
        a1 = start + (end - start) * (k + 0.62) / quills
        for a, r, sharp in ((a0, 1.0, 0.0), (a1, 1.0 + depth, 1.0)):
            p = (cx + rx * r * math.cos(math.radians(a)), cy + ry * r * math.sin(math.radians(a)))
            out.append((*p, sharp))
    out.append((cx + rx * math.cos(math.radians(end)), cy + ry * math.sin(math.radians(end))))
    return out


def _quills(
    sheet: Sheet,
    cx: float,
    cy: float,
    rx: float,
    ry: float,
    rings: tuple[float, ...],
    start: float,
    end: float,
    dark: str,
) -> None:
    for n, share in enumerate(rings):
        count = max(4, int(abs(end - start) / 22 * (0.5 + share)))
        for k in range(count):
            a = start + (end - start) * (k + 0.5 + 0.25 * (n % 2)) / count
            base = (cx + rx * share * math.cos(math.radians(a)), cy + ry * share * math.sin(math.radians(a)))
            color = lighter(dark, 0.24) if (k + n) % 2 else darker(dark, 0.22)
            sheet.shape(leaf(base, a + 8, rx * 0.22, rx * 0.055, "willow"), color)


def hedgehog_head(sheet: Sheet, coat: Coat, face: Face) -> None:
    """A cream face inside a ruff of quills."""
    sheet.shape(spiny(0, 0, 102, 96, 148, 392, 19, 0.16), coat.dark, ease=0.2)
    _quills(sheet, 0, 0, 102, 96, (0.84,), 190, 350, coat.dark)
    for side in (-1, 1):
        ear_round(sheet, side * 66, -44, 22, coat, coat.main)
    sheet.shape(mirrored(trace("0,-34 26,-52 60,-40 82,0 82,40 58,70 26,82 0,86")), coat.main)
    sheet.shape(mirrored(trace("0,32 26,30 46,52 30,76 0,83")), coat.light)
    blush(sheet, face, 60, 38, 14)
    eyes(sheet, face, 40, 8, 11)
    nose(sheet, face.x(0, 16), 40, 26, 19, coat.nose)
    mouth(sheet, face.x(0, 16), 50, 12, 7)


def _coat_of_quills(sheet: Sheet, coat: Coat, pose: str) -> None:
    if pose == "sit":
        sheet.shape(spiny(0, 170, 122, 116, 130, 410, 22, 0.13), coat.dark, ease=0.2)


HEDGEHOG_BUILD = Build(HEDGEHOG, hedgehog_head, _coat_of_quills, plump=0.92, bib=False, crown_y=-92)


def hedgehog_side(sheet: Sheet, rng: np.random.Generator, wearing: str) -> None:
    """Walking to the left, a dome of quills behind a pointed face."""
    main, light, dark = vary(HEDGEHOG.main, rng, 0.015), HEDGEHOG.light, vary(HEDGEHOG.dark, rng, 0.02)
    for x in (-40, 96):
        sheet.shape(trace("-22,90 22,90 17,138 -24,138 -27,126", x, 0), darker(main, 0.22))
    sheet.shape(
        [*spiny(40, 40, 172, 138, 196, 372, 23, 0.10), (196, 96), (120, 118), (0, 118), (-96, 96)], dark, ease=0.2
    )
    _quills(sheet, 40, 40, 172, 138, (0.82, 0.58, 0.34), 196, 366, dark)
    sheet.shape(trace("-110,66 -60,70 20,84 110,80 186,70 194,96 140,124 20,130 -80,122"), light)
    sheet.shape(trace("-96,-52 -62,-36 -48,6 -52,66 -84,112 -132,108 -180,84 -208,62 -202,44 -168,20 -142,-22"), main)
    ear_round(sheet, -72, -38, 22, HEDGEHOG, darker(main, 0.08))
    cheek(sheet, -112, 52, 19)
    eye(sheet, -136, 18, 12)
    with sheet.at(-205, 50, turn=-18):
        sheet.oval(0, 0, 15, 13, HEDGEHOG.nose)
        sheet.oval(-3, -4, 4, 2.6, "#efe4da")
    sheet.stroke(trace("-192,72 -176,84 -156,78"), (2, 4, 2), HEDGEHOG.nose)
    for x in (-76, 140):
        sheet.shape(trace("-24,96 22,96 18,146 -26,146 -31,132", x, 0), main)
    if wearing == "carrying a red apple":
        _apple(sheet, 46, -112, rng)
    elif wearing == "carrying autumn leaves":
        for px, py, way, hue in ((0, -96, -120, "#c9793c"), (60, -104, -60, "#d3a04f"), (112, -72, -34, "#b5613a")):
            sheet.shape(leaf((px, py), way, 84, 44, "lance"), vary(hue, rng, 0.03))
    else:
        with sheet.at(-78, 0, turn=-22, size=0.86):
            accessories.on_head(sheet, wearing, -62, rng)


def _apple(sheet: Sheet, x: float, y: float, rng: np.random.Generator) -> None:
    red = vary("#bf4f41", rng, 0.03)
    with sheet.at(x, y, turn=rng.uniform(-14, 14)):
        sheet.shape(mirrored(trace("0,-38 26,-48 54,-26 52,16 30,44 0,40")), red)
        sheet.stroke([(0, -36), (4, -62)], (7, 6), "#6b4c38")
        sheet.shape(leaf((4, -54), -24, 44, 21, "lance"), "#869a66")
        sheet.stroke(trace("-34,-18 -38,0 -30,18"), (2, 8, 2), lighter(red, 0.5))


def _draw_hedgehog(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        hedgehog_side(sheet, rng, str(params.get("wearing") or ""))


def snail(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A gliding snail with a round striped shell."""
    hues = {"a brown snail": "#b07b50", "a rosy snail": "#cf8f7c", "a sage snail": "#8fa082", "a blue snail": "#86a1b0"}
    shell = vary(hues[str(params.get("kind") or "a brown snail")], rng, 0.02)
    skin = vary("#e6c9a6", rng, 0.02)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for x, top in ((-176, -150), (-122, -160)):
            sheet.stroke([(-146 + (x + 149) * 0.4, -60), (x, top + 40), (x - 3, top)], (17, 13, 12), darker(skin, 0.08))
            sheet.oval(x - 3, top - 6, 15, 15, skin)
            sheet.oval(x - 5, top - 7, 7, 7.6, EYE)
            sheet.oval(x - 3, top - 10, 2.2, 2.2, "#fffaf2")
        sheet.shape(
            trace(
                "-196,20 -206,-36 -180,-78 -134,-84 -100,-52 -84,20 -20,62 120,66 210,76 262,104 "
                "220,118 0,122 -120,118 -176,84"
            ),
            skin,
        )
        sheet.oval(46, -32, 134, 126, shell)
        for k, share in enumerate((0.98, 0.72, 0.46)):
            spiral = [
                (
                    46 + 134 * (share - 0.0011 * a * share) * 0.9 * math.cos(math.radians(a + 60 + 20 * k)),
                    -32 + 126 * (share - 0.0011 * a * share) * 0.9 * math.sin(math.radians(a + 60 + 20 * k)),
                )
                for a in range(0, 331, 30)
            ]
            sheet.stroke(spiral, (3, 13 - 2 * k, 3), (darker(shell, 0.24), lighter(shell, 0.42), darker(shell, 0.3))[k])
        sheet.oval(46, -32, 22, 21, lighter(shell, 0.4))
        cheek(sheet, -130, -6, 18)
        smile(sheet, -172, -18, 16, 9)
        wearing = str(params.get("wearing") or "")
        with sheet.at(46, -92, size=1.1):
            accessories.on_head(sheet, wearing, -62, rng)
    for k in range(6):
        sheet.shape(leaf((190 + 12 * k - 30, 128), -100 + 12 * k, 62, 13, "willow"), vary("#83985f", rng, 0.04))


FROGS = {"a green frog": "#8ea75f", "a sage frog": "#8ba98a", "an olive frog": "#a7a35c"}


def frog(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A frog sitting and facing us with a broad smile."""
    main = vary(FROGS[str(params.get("kind") or "a green frog")], rng, 0.02)
    light, shade = mix(main, "#f6efcf", 0.68), darker(main, 0.16)
    wearing = str(params.get("wearing") or "")
    for side in (-1, 1):
        thigh: list[Point] = trace("56,120 110,92 158,122 168,180 140,214 80,214")
        sheet.shape(thigh if side > 0 else flipped(thigh), shade)
        for k in (-1, 0, 1):
            sheet.shape(leaf((side * 112, 206), 90 - side * 46 + k * 30, 66, 26, "spoon"), shade)
    sheet.shape(mirrored(trace("0,20 74,40 98,120 84,190 40,214 0,218")), main)
    sheet.shape(mirrored(trace("0,70 50,78 66,130 50,186 0,204")), light)
    with sheet.at(0, 64):
        accessories.at_neck(sheet, wearing, 84, rng)
    for side in (-1, 1):
        sheet.stroke(trace("76,100 66,150 46,200", wide=side), (34, 30, 24), main)
        for k in (-1, 0, 1):
            sheet.shape(leaf((side * 46, 198), 90 - k * 34, 40, 17, "spoon"), main)
    with sheet.at(0, 0, turn=rng.uniform(-4, 4)):
        for side in (-1, 1):
            sheet.oval(side * 72, -82, 45, 43, main)
        sheet.shape(mirrored(trace("0,-82 60,-84 112,-44 134,10 110,56 52,78 0,82")), main)
        for side in (-1, 1):
            sheet.oval(side * 73, -82, 30, 30, "#f7f0de")
            eye(sheet, side * 70, -78, 19)
            sheet.oval(side * 13, -12, 3.6, 3, darker(main, 0.5))
        blush(sheet, Face(), 92, 20, 19)
        sheet.stroke(trace("-66,14 -34,34 0,40 34,34 66,14"), (2, 5.5, 6, 5.5, 2), darker(main, 0.6))
        accessories.on_head(sheet, wearing, -92, rng)


def butterfly(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Open wings with three fields of color and pale dots."""
    hues = {
        "an orange butterfly": ("#d0834a", "#ecc48d"),
        "a blue butterfly": ("#7f9fba", "#c3d3da"),
        "a rose butterfly": ("#cf8d8b", "#f0cdbd"),
        "a yellow butterfly": ("#d9b054", "#f3e0a0"),
        "a lilac butterfly": ("#a08fb5", "#dccbdc"),
    }
    main, light = hues[str(params.get("kind") or "an orange butterfly")]
    main = vary(main, rng, 0.02)
    dark = darker(main, 0.55)
    with sheet.at(0, 0, turn=rng.uniform(-14, 14)):
        for side in (-1, 1):
            with sheet.at(0, 0, flip=side < 0):
                sheet.shape(trace("8,20 70,18 140,50 158,110 120,166 70,160 30,104"), main)
                sheet.shape(trace("22,34 72,34 116,66 122,108 92,134 60,112 32,74"), light)
                sheet.shape(trace("8,10 30,-70 92,-150 180,-172 210,-128 196,-50 134,14 60,34"), dark)
                sheet.shape(trace("14,6 40,-62 92,-126 160,-146 180,-112 168,-48 118,2 58,20"), main)
                sheet.shape(trace("28,-4 56,-60 96,-98 124,-92 124,-44 92,-6 56,6"), light)
                for px, py, r in ((172, -148, 7), (194, -112, 7), (186, -72, 6.5), (124, 78, 8), (138, 112, 8)):
                    sheet.oval(px, py, r, r, "#f8ecd8")
                sheet.stroke(trace("4,-76 20,-120 52,-150"), (4, 4, 3), "#4a3b36")
                sheet.oval(54, -152, 6, 6, "#4a3b36")
        sheet.shape(mirrored(trace("0,-84 14,-74 16,-50 13,-10 15,40 9,110 0,126")), "#5b473e")
        sheet.oval(0, -74, 18, 18, "#5b473e")


def bee(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A plump bee in flight."""
    gold, dark = vary("#dfae4d", rng, 0.02), "#54443c"
    with sheet.at(0, 0, turn=rng.uniform(-14, 6), flip=rng.random() < 0.5):
        for way, size in ((-112, 190), (-66, 176)):
            sheet.shape(leaf((28, -50), way, size, 104, "petal"), "#dbe2dd" if way < -100 else "#e6ebe3")
        sheet.shape(trace("150,-4 196,10! 150,26"), dark)
        sheet.shape(trace("-130,0 -116,-58 -60,-88 20,-90 104,-62 156,4 110,70 20,92 -70,88 -120,54"), gold)
        for x, half in ((-4, 88), (56, 80), (110, 56)):
            sheet.stroke([(x - 4, -half + 4), (x + 14, 0), (x - 4, half - 4)], (27, 30, 27), dark)
        sheet.shape(trace("-152,0 -140,-50 -96,-72 -50,-56 -36,0 -52,54 -98,68 -140,48"), lighter(gold, 0.34))
        for way in (-128, -98):
            end = toward((-104, -60), way, 78)
            sheet.stroke([(-104, -60), toward((-104, -60), way + 8, 44), end], (6, 5, 5), dark)
            sheet.oval(end[0], end[1], 9, 9, dark)
        for x in (-126, -78):
            eye(sheet, x, -6, 11)
        for x in (-140, -62):
            cheek(sheet, x, 18, 13)
        smile(sheet, -102, 14, 13, 9)


def ladybug(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A ladybug on a leaf, seen from above."""
    red, dark = vary("#c0513f", rng, 0.03), "#453936"
    sheet.shape(leaf((-220, 130), -24, 500, 250, "lance"), vary("#8ea268", rng, 0.03))
    sheet.stroke(trace("-246,150 -40,46 206,-62"), (12, 8, 3), "#6f8452")
    with sheet.at(0, 14, turn=62 + rng.uniform(-8, 8)):
        for side in (-1, 1):
            for y in (-38, 6, 48):
                sheet.stroke(trace("60,0 104,-6 122,20", 0, y, wide=side), (9, 8, 5), dark)
            sheet.stroke([(side * 16, -118), (side * 36, -152)], (6, 4), dark)
        sheet.oval(0, -86, 52, 44, dark)
        for side in (-1, 1):
            sheet.oval(side * 26, -98, 9, 10, "#f6ead6")
        sheet.shape(mirrored(trace("0,-84 60,-66 98,0 76,78 0,112")), red)
        sheet.stroke(trace("0,-82 0,20 0,108"), (6, 7, 5), dark)
        for x, y, r in ((42, -30, 17), (58, 28, 16), (28, 66, 14), (20, 8, 12)):
            for side in (-1, 1):
                sheet.shape(blob(side * x, y, r, r, rng, 0.04, 8), dark)


def _hedgehog() -> Subject:
    up = animal(
        "hedgehog",
        "hedgehog",
        ("woodland",),
        ("animal", "forest", "autumn", "hedgehog"),
        HEDGEHOG_BUILD,
        ("sitting up", "peeking over a log"),
        ("holding a mushroom", "a leaf scarf", "a flower crown", "a knitted scarf", "a bow tie"),
    )
    side = plain("", "", (), (), _draw_hedgehog)

    def draw(rng: np.random.Generator, params: Params) -> str:
        if params.get("pose") == "walking":
            return side.draw(rng, params)
        return draw_animal(HEDGEHOG_BUILD, rng, params, "sitting up")

    walks: list[Params] = [
        {"pose": "walking", "wearing": w}
        for w in ("carrying a red apple", "", "carrying autumn leaves", "a flower crown", "a mushroom cap")
    ]
    return Subject(
        up.code, up.name, up.themes, up.tags, draw, (walks[0], *up.variants[:2], *walks[1:], *up.variants[2:])
    )


SUBJECTS = (
    _hedgehog(),
    plain(
        "snail",
        "snail",
        ("woodland", "spring"),
        ("animal", "garden", "forest"),
        snail,
        [
            {"kind": k, "wearing": w}
            for w in ("", "a flower crown", "a mushroom cap", "a little hat")
            for k in ("a brown snail", "a rosy snail", "a sage snail", "a blue snail")
        ],
    ),
    plain(
        "frog",
        "frog",
        ("woodland", "spring"),
        ("animal", "pond", "forest"),
        frog,
        [
            {"kind": k, "wearing": w}
            for w in ("", "a bow tie", "a leaf scarf", "a knitted scarf", "a bandana")
            for k in FROGS
        ],
    ),
    plain(
        "butterfly",
        "butterfly",
        ("woodland", "insects", "garden", "spring", "botanical"),
        ("insect", "garden", "wings"),
        butterfly,
        [
            {"kind": k}
            for k in (
                "an orange butterfly",
                "a blue butterfly",
                "a rose butterfly",
                "a yellow butterfly",
                "a lilac butterfly",
            )
        ],
    ),
    plain("bee", "bumblebee", ("woodland", "insects", "garden", "spring", "farm"), ("insect", "garden", "honey"), bee),
    plain("ladybug", "ladybug on a leaf", ("woodland", "insects", "garden", "spring"), ("insect", "garden"), ladybug),
)

"""Fairy-tale figures: a unicorn, a dragon, a mermaid, a castle and a wand.

The unicorn brings a head, a mane and a tail to the hoofed body; the others are drawn whole, back to front.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from . import accessories
from .anatomy import Coat, Face, blush, eyes, smile
from .geometry import Sheet, arc, bands, darker, flipped, leaf, lighter, mirrored, mix, oval, toward, trace, vary
from .hoofed import Hoofed, hoofed
from .subject import Params, plain

UNICORN = Coat("#f2ebe4", "#fbf6f0", "#d3c3c6", inner="#eec5c3")
MANE = ("#e3a9b4", "#b9a8d3", "#9fc0c9")
GOLD = "#dcb25c"
DRAGONS = {
    "a green dragon": ("#93ab77", "#e9dcae", "#6f8a5c"),
    "a purple dragon": ("#a893bd", "#ecd9d2", "#7f6a99"),
    "a red dragon": ("#c9776a", "#f0d9b4", "#9a5249"),
}
MERMAIDS = {
    "a red-haired mermaid": ("#b5593f", "#f0cfb4", "#7fa8a2"),
    "a dark-haired mermaid": ("#4f3d38", "#b9825f", "#a98fb8"),
    "a fair-haired mermaid": ("#dcb673", "#f3d8c0", "#86a9bd"),
    "a curly-haired mermaid": ("#3f322e", "#8f6046", "#d9948e"),
}
CASTLES = {
    "a pink castle": ("#ecd0c8", "#c98f94"),
    "a gray castle": ("#cfccc8", "#7f8fa3"),
    "a lilac castle": ("#dad0e0", "#8f7fa8"),
}


def unicorn_head(sheet: Sheet, coat: Coat, face: Face, kind: str) -> None:
    """A long soft face, a golden spiral horn and a forelock in three colors."""
    horn = [(0.0, -66.0), (2.0, -120.0), (6.0, -186.0)]
    for side in (-1, 1):
        with sheet.at(side * 40, -56, turn=side * 18):
            sheet.shape(trace("-17,12 -20,-24 0,-66! 20,-24 17,12"), coat.main)
            sheet.shape(trace("-8,6 -10,-20 0,-44 10,-20 8,6"), coat.inner)
    sheet.stroke(horn, (36, 24, 4), GOLD)
    for band in bands(horn, (36, 24, 4), [(0.16 + 0.2 * k, 0.23 + 0.2 * k) for k in range(4)]):
        sheet.shape(band, darker(GOLD, 0.28))
    sheet.shape(mirrored(trace("0,-82 38,-74 64,-40 66,6 52,44 54,78 38,104 0,108")), coat.main)
    with sheet.at(face.x(0, 8), 0):
        sheet.shape(mirrored(trace("0,52 34,54 54,80 38,103 0,108")), mix(coat.inner, coat.light, 0.5))
        for side in (-1, 1):
            sheet.oval(side * 19, 72, 5, 7, "#b98f90", side * 18)
        smile(sheet, 0, 86, 18, 8, "#8a6468")
    blush(sheet, face, 46, 38, 15)
    eyes(sheet, face, 42, 0, 12.5)
    for side in (-1, 1):
        for way in (-40, -66):
            at = face.x(side * 42) + side * 9
            sheet.stroke([(at, -6), toward((at, -6), way if side > 0 else 180 - way, 15)], (4, 1.5), "#2f2522")
    for k, (x, way, size) in enumerate(((-22, 112, 84), (-6, 98, 92), (12, 78, 80), (24, 58, 64))):
        sheet.shape(leaf((x * 0.6, -84), way, size, 30, "petal", 0.1), MANE[k % 3])


def unicorn_mane(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """Locks down the neck."""
    places = (
        (24, -60, 0, 96),
        (40, -34, 20, 104),
        (52, -4, 32, 108),
        (58, 28, 44, 110),
        (56, 62, 56, 104),
        (40, 96, 68, 92),
    )
    for k, (x, y, way, size) in enumerate(places):
        sheet.shape(leaf((x, y), way, size, 50, "petal", 0.12), MANE[k % 3])


def unicorn_tail(sheet: Sheet, coat: Coat, pose: str, rng: np.random.Generator) -> None:
    """A full tail in three colors."""
    x, y = (296, 168) if pose == "standing" else (304, 206)
    for k, (way, size) in enumerate(((44, 190), (58, 214), (72, 216), (86, 190))):
        sheet.shape(leaf((x, y), way, size if pose == "standing" else size * 0.6, 54, "petal", 0.14), MANE[k % 3])


def dragon(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A friendly little dragon that sits, with small wings and a plated belly."""
    main, light, dark = DRAGONS[str(params.get("kind") or next(iter(DRAGONS)))]
    wearing = str(params.get("wearing") or "")
    main = vary(main, rng, 0.01)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for side in (-1, 1):
            with sheet.at(side * 56, 110, flip=side < 0):
                sheet.shape(
                    trace("0,10 40,-70 110,-130 176,-136! 172,-84 190,-46! 150,-40 142,0! 100,-6 84,40! 40,50"),
                    mix(dark, light, 0.3),
                )
                for tip in ((150, -110), (158, -52), (118, -8)):
                    sheet.stroke([(4, 14), tip], (11, 5), dark)
        sheet.stroke(trace("60,250 150,262 218,220 226,150 262,110"), (72, 60, 46, 32, 16), main)
        sheet.shape(trace("240,124 250,66! 276,78 318,60! 296,112 270,134"), dark)
        sheet.shape(mirrored(trace("0,50 58,66 92,130 106,200 92,256 48,286 0,288")), main)
        sheet.shape(mirrored(trace("0,90 42,104 64,170 58,240 0,270")), light)
        for y, half in ((126, 44), (158, 57), (192, 61), (226, 56)):
            sheet.stroke([(-half, y), (0, y + 11), (half, y)], (2, 6, 2), darker(light, 0.2))
        for side in (-1, 1):
            foot = trace("42,232 92,214 124,240 130,276 100,292 52,290")
            sheet.shape(foot if side > 0 else flipped(foot), darker(main, 0.12))
            for k in range(3):
                sheet.shape(oval(side * (84 + 20 * k), 288, 9, 7), light)
            arm = trace("52,96 84,116 96,160 84,190 62,186 56,150")
            sheet.shape(arm if side > 0 else flipped(arm), darker(main, 0.12))
        with sheet.at(0, 0, turn=rng.uniform(-4, 4)):
            _dragon_head(sheet, main, light, dark, Face(turn=float(rng.uniform(-0.35, 0.35))))
            accessories.on_head(sheet, wearing, -88, rng)


def _dragon_head(sheet: Sheet, main: str, light: str, dark: str, face: Face) -> None:
    for side in (-1, 1):
        sheet.stroke(trace("40,-66 58,-104 48,-142", wide=side), (30, 22, 5), light)
        with sheet.at(side * 86, -8, flip=side < 0):
            sheet.shape(trace("-12,-26 42,-62! 46,-28 74,-18! 48,8 56,34! 10,30 -14,24"), dark)
    for x, y, size in ((0, -88, 44), (-20, -80, 34), (20, -80, 34)):
        sheet.shape(leaf((x, y + 8), -90 + x, size, 26, "lance"), dark)
    sheet.shape(mirrored(trace("0,-88 48,-82 86,-48 98,0 88,44 60,78 0,88")), main)
    with sheet.at(face.x(0, 12), 0):
        sheet.shape(mirrored(trace("0,14 40,14 70,34 64,70 34,88 0,92")), mix(main, light, 0.55))
        for side in (-1, 1):
            sheet.oval(side * 20, 34, 6, 8, dark, side * 24)
        smile(sheet, 0, 56, 34, 15, darker(dark, 0.45), 4.5)
        sheet.shape(trace("16,64! 27,61! 23,79!"), "#fbf6ec", 0.3)
    blush(sheet, face, 70, 28, 15)
    eyes(sheet, face, 48, -8, 13)


def mermaid(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A little mermaid with long hair, a shell top and a curling tail."""
    kind = str(params.get("kind") or next(iter(MERMAIDS)))
    hair, skin, tail = MERMAIDS[kind]
    hair, tail = vary(hair, rng, 0.012), vary(tail, rng, 0.012)
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        if "curly" in kind:
            for x, y, r in (
                (-96, -150, 60),
                (96, -150, 60),
                (-128, -76, 58),
                (128, -76, 58),
                (-112, 0, 54),
                (112, 0, 54),
                (0, -200, 76),
                (-70, 40, 40),
                (70, 40, 40),
                (0, -110, 110),
            ):
                sheet.shape(oval(x, y, r, r), mix(hair, "#8a6a55", 0.1 * (x > 0)))
        else:
            sheet.shape(
                trace(
                    "0,-226 84,-206 130,-130 132,-30 150,60 128,130! 108,90 84,120! 40,60 "
                    "-40,60 -84,120! -108,90 -128,130! -150,60 -132,-30 -130,-130 -84,-206"
                ),
                hair,
            )
        _tail(sheet, tail)
        sheet.shape(trace("-46,18 46,18 56,60 50,122 -50,122 -56,60"), skin)
        sheet.shape(trace("-19,-20 19,-20 22,30 -22,30"), darker(skin, 0.1))
        for side in (-1, 1):
            sheet.stroke(trace("44,34 82,76 68,132", wide=side), (28, 26, 20), darker(skin, 0.05))
            sheet.shape(
                leaf((side * 24, 74), -90 + side * 6, 50, 56, "petal"), "#d9948e" if "fair" not in kind else "#b39ac2"
            )
            for lean in (-20, 0, 20):
                sheet.stroke([(side * 24, 72), toward((side * 24, 72), -90 + lean, 34)], (3, 2), "#b5716d")
        sheet.shape(trace("-54,104 0,118 54,104 60,134 0,148 -60,134"), lighter(tail, 0.3))
        _maiden(sheet, hair, skin, rng, "curly" in kind)


def _tail(sheet: Sheet, tail: str) -> None:
    sheet.shape(trace("180,226 230,150 300,140! 276,190 292,236! 240,226 204,252"), lighter(tail, 0.16))
    sheet.shape(trace("186,226 190,284 148,338! 218,330 262,352! 248,290 214,238"), lighter(tail, 0.08))
    for tip in ((276, 160), (270, 224), (176, 318), (240, 328)):
        sheet.stroke([(198, 240), tip], (8, 2), darker(tail, 0.2))
    sheet.shape(
        trace(
            "-60,112 60,112 70,170 60,230 70,276 120,282 176,238 204,214 214,254 176,316 96,348 10,330 -44,270 -66,190"
        ),
        tail,
    )
    for row in range(5):
        for k in range(4 - row // 3):
            x, y = -42 + 28 * k + 12 * (row % 2) + 5 * max(0, row - 3), 160 + 30 * row
            sheet.stroke(trace("-13,-5 0,9 13,-5", x, y), (2, 5, 2), darker(tail, 0.22))
    sheet.stroke(trace("-44,170 -42,230 -8,290"), (3, 12, 3), lighter(tail, 0.42))


def _maiden(sheet: Sheet, hair: str, skin: str, rng: np.random.Generator, curly: bool) -> None:
    face = Face(turn=0.12)
    with sheet.at(0, -100, turn=rng.uniform(-4, 4)):
        sheet.shape(mirrored(trace("0,-92 54,-82 88,-38 88,14 62,64 28,86 0,90")), skin)
        blush(sheet, face, 54, 34, 17, "#dd8f7f")
        eyes(sheet, face, 38, 8, 11.5)
        for side in (-1, 1):
            sheet.stroke(trace("-12,2 0,-4 12,1", face.x(side * 38), -20), (1.5, 4, 1.5), darker(hair, 0.2))
        smile(sheet, face.x(0, 12), 44, 19, 11, "#a85f52", 4.5)
        sheet.oval(face.x(0, 13), 27, 5, 3.5, darker(skin, 0.14))
        if curly:
            for x, y, r in ((-62, -62, 36), (-20, -88, 40), (28, -88, 40), (66, -58, 36)):
                sheet.shape(oval(x, y, r, r * 0.9), hair)
        else:
            sheet.shape(
                trace("-92,10 -98,-50 -60,-106 0,-118 60,-106 98,-50 92,10 76,-30 40,-66 10,-84! -30,-56 -74,-30"), hair
            )
            sheet.stroke(trace("-70,-56 -36,-88 0,-100"), (2, 8, 2), lighter(hair, 0.3))
        with sheet.at(56, -74, turn=24):
            sheet.shape([(*toward((0, 0), 36 * k - 90, 38 if k % 2 == 0 else 17), 1) for k in range(10)], "#e3b873")


def castle(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A castle with five towers, pointed roofs and flags."""
    wall, roof = CASTLES[str(params.get("kind") or next(iter(CASTLES)))]
    wall, roof = vary(wall, rng, 0.01), vary(roof, rng, 0.012)
    for x, top, half, tall, tone in (
        (0, -150, 62, 150, 0.1),
        (-120, -60, 48, 130, 0.05),
        (120, -60, 48, 130, 0.05),
        (-214, 20, 50, 130, 0.0),
        (214, 20, 50, 130, 0.0),
    ):
        stone = darker(wall, tone)
        sheet.stroke([(x, top - tall - 6), (x, top - tall - 62)], (6, 5), "#8a6d50")
        sheet.shape(trace("0,-60! 46,-44 0,-26!", x + 2, top - tall), "#d98b7c" if abs(x) != 120 else "#e3c06f", 0.4)
        sheet.shape(
            trace(f"{-half},-6! {half},-6! {half + 3},250! {-half - 3},250!", x, top)
            if top < 0
            else trace(f"{-half},-6! {half},-6! {half + 3},220! {-half - 3},220!", x, top),
            stone,
            0.1,
        )
        sheet.shape(trace(f"{-half - 16},4! 0,{-tall}! {half + 16},4! 0,16", x, top), roof, 0.3)
        sheet.glaze(trace(f"8,{-tall + 30} {half},0 14,6", x, top), darker(roof, 0.4), 0.4)
        sheet.shape(trace("-15,76! -15,44 0,26 15,44 15,76!", x, top), darker(roof, 0.4))
    merlons = " ".join(
        f"{-170 + 34 * k},{92 if (k // 1) % 2 else 66}! {-136 + 34 * k},{92 if (k // 1) % 2 else 66}!"
        for k in range(10)
    )
    sheet.shape(trace(f"{merlons} 174,242! -174,242!"), wall, 0.1)
    sheet.shape(trace("-60,242! -60,160 -30,116 0,104 30,116 60,160 60,242!"), darker(wall, 0.26))
    sheet.shape(trace("-46,242! -46,164 -22,130 0,122 22,130 46,164 46,242!"), "#9a7656")
    sheet.stroke([(0, 126), (0, 240)], (5, 5), "#6d5240")
    sheet.oval(12, 190, 6, 6, GOLD)
    for side in (-112, 112):
        sheet.shape(trace("-16,60! -16,26 0,10 16,26 16,60!", side, 110), darker(roof, 0.4))
    for _ in range(16):
        at, y = float(rng.uniform(-160, 160)), float(rng.uniform(112, 228))
        if abs(at) > 70 and not 94 < abs(at) < 132:
            sheet.shape(trace("-15,-6 15,-6 15,7 -15,7", at, y), darker(wall, 0.1), 0.2)
    sheet.shape(trace("-290,252 -200,222 0,236 200,222 290,252 0,268"), vary("#97ab7c", rng, 0.02))


def wand(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A star wand with ribbons."""
    star, ribbon = vary("#e3bd6c", rng, 0.012), vary("#d99aa2", rng, 0.015)
    with sheet.at(0, 0, turn=28 + rng.uniform(-5, 5)):
        sheet.stroke([(0, -60), (0, 120), (0, 300)], (17, 17, 15), "#f0e2d0")
        for k in range(6):
            sheet.stroke([(-9, 40 + 44 * k), (9, 20 + 44 * k)], (8, 8), ribbon)
        for side in (-1, 1):
            with sheet.at(0, 0, flip=side < 0):
                sheet.stroke(trace("0,10 60,60 40,130 96,190"), (15, 19, 17, 8), ribbon if side > 0 else "#a9bfcb")
        sheet.shape([(*toward((0, -130), 36 * k - 90, 150 if k % 2 == 0 else 68), 1) for k in range(10)], star, 0.33)
        sheet.shape(
            [(*toward((0, -130), 36 * k - 90, 100 if k % 2 == 0 else 46), 1) for k in range(10)],
            lighter(star, 0.34),
            0.33,
        )
        sheet.stroke(arc(0, -130, 100, 110, 190, 230, 3), (2, 9, 2), lighter(star, 0.7))
        accessories.bow(sheet, 0, -8, 50, ribbon)
    for x, y, r in ((-190, -120, 26), (196, 40, 22), (-150, 90, 18)):
        for way in (0, 90, 180, 270):
            sheet.shape(leaf((x, y), way, r * 1.5, r * 0.7, "willow"), star)


def _k(choices: Iterable[str]) -> list[Params]:
    return [{"kind": n} for n in choices]


FAIRY = ("fantasy", "baby")
SUBJECTS = (
    hoofed(
        "unicorn",
        "unicorn",
        FAIRY,
        ("animal", "magic", "unicorn"),
        Hoofed(
            UNICORN,
            unicorn_head,
            None,
            unicorn_tail,
            neck=0.92,
            leg=0.8,
            girth=1.3,
            thick=1.2,
            head_size=1.14,
            behind_neck=unicorn_mane,
            collar=116,
            hoof="#c9a9b4",
            crown_y=-82,
        ),
        ("standing", "lying down"),
        ("a flower crown", "a bow tie", "a leaf scarf"),
    ),
    plain(
        "dragon",
        "dragon",
        ("fantasy",),
        ("animal", "magic", "dragon"),
        dragon,
        [{"kind": k, "wearing": w} for w in ("", "a flower crown", "a party hat") for k in DRAGONS],
    ),
    plain("mermaid", "mermaid", ("fantasy", "ocean", "sea"), ("magic", "mermaid"), mermaid, _k(MERMAIDS)),
    plain("castle", "castle", ("fantasy",), ("building", "princess", "fairytale"), castle, _k(CASTLES)),
    plain("wand", "star wand", ("fantasy",), ("magic", "fairy", "princess"), wand),
)

"""Poultry: hen, rooster, chick, duck, duckling, goose.

Side views looking left, in one shared manner; each painter draws one bird in its own units, back to front.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import cheek, eye
from .geometry import Point, Sheet, darker, leaf, lighter, mix, oval, trace, vary
from .subject import Params, plain

HENS = {
    "a brown hen": ("#b97a4a", "#8f5836"),
    "a white hen": ("#ece3d3", "#c9b79c"),
    "a gray hen": ("#a3a3a5", "#7b7c80"),
    "a golden hen": ("#d8a95c", "#b8833c"),
}
DUCKS = {
    "a white duck": ("#efe7d9", "#d6c8b0", ""),
    "a mallard": ("#b5a08a", "#8f7a66", "#5f8068"),
    "a brown duck": ("#b58c66", "#8f6a4a", ""),
}


def _legs(sheet: Sheet, xs: tuple[float, ...], top: float, floor: float, color: str, webbed: bool = False) -> None:
    for x in xs:
        sheet.stroke([(x, top), (x, floor)], (10, 9), color)
        if webbed:
            sheet.shape(trace("8,-8 10,6 -44,9 -38,-2 -12,-10", x, floor), color)
        else:
            for way in (180, 156, 202):
                sheet.shape(leaf((x + 5, floor), way + 4, 44, 12, "willow"), color)
            sheet.shape(leaf((x, floor), 14, 24, 10, "willow"), color)


def hen(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A plump hen, or a rooster with a great tail."""
    cock = params.get("bird") == "rooster"
    main, dark = HENS[str(params.get("kind") or "a brown hen")] if not cock else ("#c27d45", "#7d4a35")
    main = vary(main, rng, 0.015)
    red, gold = "#c2574a", "#dba24f"
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        if cock:
            for k, color in enumerate(("#4f6660", "#5f7a70", "#47595a", "#6f8a7c", "#566f6a")):
                sheet.shape(leaf((110, 10), -78 + 24 * k, 230 - 12 * k, 62, "lance", 0.22), color)
        else:
            for k in range(4):
                sheet.shape(leaf((116, 8), -72 + 22 * k, 130, 52, "round"), mix(dark, main, 0.16 * k))
        _legs(sheet, (-10, 46), 118, 206, gold)
        comb: list[Point] = trace(
            "-132,-150 -140,-184 -120,-190 -112,-206 -92,-196 -76,-206 -66,-182 -52,-176 -62,-146"
        )
        sheet.shape(comb if not cock else [(x * 1.16 + 14, y * 1.14 + 22) for x, y in comb], red)
        sheet.shape(trace("-136,-96 -118,-92 -112,-58 -126,-44 -140,-62"), red)
        sheet.shape(
            trace(
                "-140,-118 -126,-152 -92,-166 -54,-152 -30,-110 -8,-62 40,-34 96,-44 144,-30 152,30 "
                "118,92 50,128 -30,126 -90,92 -122,36 -128,-30 -128,-80"
            ),
            main,
        )
        sheet.shape(
            trace("-124,-20 -92,-8 -40,-30 -8,-62 -28,-104 -60,-100 -110,-92 -128,-60"),
            mix(main, lighter(main, 0.5), 0.8) if not cock else "#dba65e",
        )
        sheet.shape(trace("-30,-8 10,-28 74,-8 128,34 112,48! 104,72! 78,68 60,88! 20,74 -18,40"), dark)
        for x, y in ((10, 8), (44, 22), (20, 36), (62, 46)):
            sheet.stroke(trace("-14,0 0,10 14,2", x, y), (2, 6, 2), lighter(dark, 0.34))
        for x, y in ((-90, 34), (-62, 58), (-30, 84), (-70, 88)):
            sheet.stroke(trace("-12,0 0,9 12,0", x, y), (2, 5, 2), darker(main, 0.2))
        sheet.shape(trace("-134,-128 -170,-112! -134,-100"), gold)
        cheek(sheet, -92, -96, 17)
        eye(sheet, -102, -124, 11)
        with sheet.at(-92, -150, turn=-10, size=0.72):
            accessories.on_head(sheet, str(params.get("wearing") or ""), -28, rng)


def chick(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round chick, on its feet or half out of the shell."""
    down = vary("#e9c565", rng, 0.02)
    hatching = params.get("pose") == "hatching"
    _legs(sheet, (-26, 30), 120, 186, "#d9934a") if not hatching else None
    for way in (-116, -90, -64):
        sheet.shape(leaf((0, -118), way, 46, 20, "lance"), darker(down, 0.06))
    for side in (-1, 1):
        sheet.shape(leaf((side * 94, -6), 90 - side * 34, 92, 46, "petal"), darker(down, 0.12))
    sheet.shape(
        trace("0,-128 56,-116 92,-70 106,-10 112,50 84,112 0,134 -84,112 -112,50 -106,-10 -92,-70 -56,-116"), down
    )
    sheet.shape(trace("0,6 50,20 70,66 48,110 0,124 -48,110 -70,66 -50,20"), lighter(down, 0.45))
    for side in (-1, 1):
        eye(sheet, side * 44, -46, 12)
        cheek(sheet, side * 70, -22, 18)
    sheet.shape(trace("-18,-32 0,-40 18,-32 0,-12!"), "#d98a45")
    with sheet.at(0, 16):
        accessories.at_neck(sheet, str(params.get("wearing") or ""), 84, rng)
    if hatching:
        shell = "#f1e7d8"
        rim: list[Point] = trace("-142,62! -104,34! -70,70! -34,36! 4,72! 40,36! 74,70! 106,34! 142,62!")
        sheet.shape([*rim, (140, 120), (98, 188), (0, 216), (-98, 188), (-140, 120)], shell, ease=0.3)
        for x, y, r in ((-66, 130, 10), (20, 150, 12), (76, 112, 9), (-18, 108, 7), (-30, 178, 8)):
            sheet.oval(x, y, r, r * 0.9, "#cdb9a0")
    accessories.on_head(sheet, str(params.get("wearing") or ""), -124, rng)


def duck(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A duck walking, or a duckling."""
    young = params.get("bird") == "duckling"
    main, dark, cap = DUCKS[str(params.get("kind") or "a white duck")] if not young else ("#e8c768", "#cfa24a", "")
    main = vary(main, rng, 0.015)
    bill = "#dd9a4c"
    wearing = str(params.get("wearing") or "")
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        _legs(sheet, (16, 66), 116, 178, bill, webbed=True)
        sheet.shape(trace("130,20 196,-34! 200,10 214,30! 170,76 120,80"), dark if not young else main)
        neck = 0 if not young else 34
        sheet.shape(
            [
                (-126, -150 + neck),
                (-96, -186 + neck),
                (-48, -186 + neck),
                (-14, -150 + neck),
                (-16, -100 + neck),
                (-20, -62),
                (30, -40),
                (100, -32),
                (168, 6),
                (158, 70),
                (104, 118),
                (20, 130),
                (-60, 110),
                (-104, 54),
                (-104, -10),
                (-92, -60),
                (-112, -110 + neck),
            ],
            main,
        )
        if cap:
            sheet.shape(trace("-126,-150 -96,-186 -48,-186 -14,-150 -14,-104 -20,-70 -56,-58 -92,-66 -114,-110"), cap)
            sheet.shape(trace("-20,-74 -56,-62 -93,-70 -94,-54 -56,-46 -18,-58"), "#f3eadb")
            sheet.shape(trace("-104,0 -94,-44 -56,-40 -30,0 -20,60 -60,106 -102,54"), "#8a5f4a")
        sheet.shape(trace("-6,2 40,-20 104,-2 160,34 138,44! 128,68! 98,66 80,84! 36,72 2,44"), dark)
        if not young:
            for k in range(3):
                sheet.stroke(
                    [(30 + 22 * k, 14 + 8 * k), (56 + 22 * k, 34 + 8 * k), (88 + 18 * k, 36 + 8 * k)],
                    (2, 5, 2),
                    lighter(dark, 0.4),
                )
        y = neck - 128
        sheet.shape(trace("-120,-10 -140,-12 -176,6 -180,18 -150,24 -114,20", 0, y), bill)
        sheet.stroke(trace("-172,12 -140,10 -122,8", 0, y), (1.5, 4, 2), darker(bill, 0.3))
        cheek(sheet, -78, y + 22, 18)
        eye(sheet, -86, y - 14, 12)
        with sheet.at(-58, neck - 86):
            accessories.at_neck(sheet, wearing, 48, rng)
        with sheet.at(-70, neck - 150, turn=-6, size=0.8):
            accessories.on_head(sheet, wearing, -36, rng)


def nest(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A nest with speckled eggs."""
    x: float
    y: float
    for x, y, turn, hue in ((-70, -40, -16, "#b9cdc8"), (66, -44, 14, "#e6d3b8"), (0, -62, 2, "#cfdad0")):
        egg = vary(hue, rng, 0.015)
        outline = [
            (p[0], p[1] * (1.2 if p[1] < y else 1.0) - (0.2 * y if p[1] < y else 0))
            for p in oval(x, y, 62, 74, turn, 10)
        ]
        sheet.shape(outline, egg)
        for _ in range(8):
            sheet.oval(
                x + rng.uniform(-38, 38), y + rng.uniform(-56, 20), rng.uniform(3, 5.5), rng.uniform(3, 5.5), "#9a8068"
            )
    straw = "#a98358"
    sheet.shape(trace("-190,-20 -120,6 0,14 120,6 190,-20 176,60 110,108 0,122 -110,108 -176,60"), straw)
    for _ in range(44):
        x, y = rng.uniform(-170, 170), rng.uniform(0, 100)
        if (x / 190) ** 2 + ((y - 10) / 112) ** 2 > 0.9:
            continue
        lean, size = rng.uniform(-18, 18), rng.uniform(44, 84)
        sheet.stroke(
            [(x - size / 2, y - lean * 0.4), (x, y + 8), (x + size / 2, y + lean * 0.4)],
            (2, 6.5, 2),
            vary(mix(straw, "#e0c193", rng.uniform(0, 0.7)), rng, 0.03),
        )
    for side in (-1, 1):
        for k in range(3):
            sheet.stroke(
                [(side * 150, 10 + 18 * k), (side * 196, -6 + 22 * k), (side * 228, -22 + 30 * k)],
                (7, 6, 2),
                vary(straw, rng, 0.04),
            )


_W = ("", "a flower crown", "a little hat", "a party hat")
SUBJECTS = (
    plain(
        "hen",
        "hen",
        ("farm", "easter"),
        ("animal", "bird", "chicken", "poultry"),
        hen,
        [{"kind": k, "wearing": w} for w in _W for k in HENS],
    ),
    plain("rooster", "rooster", ("farm",), ("animal", "bird", "chicken", "cockerel"), hen, [{"bird": "rooster"}]),
    plain(
        "chick",
        "chick",
        ("farm", "easter", "spring"),
        ("animal", "bird", "baby", "chicken"),
        chick,
        [
            {"pose": "hatching"},
            {"pose": "standing", "wearing": ""},
            *[
                {"pose": "standing", "wearing": w}
                for w in ("a bow tie", "a flower crown", "a party hat", "a little hat")
            ],
            {"pose": "hatching", "wearing": "a flower crown"},
        ],
    ),
    plain(
        "duck",
        "duck",
        ("farm", "spring"),
        ("animal", "bird", "pond", "poultry"),
        duck,
        [{"kind": k, "wearing": w} for w in ("", "a bow tie", "a flower crown", "a knitted scarf") for k in DUCKS],
    ),
    plain(
        "duckling",
        "duckling",
        ("farm", "easter", "spring"),
        ("animal", "bird", "baby", "duck"),
        duck,
        [
            {"bird": "duckling", "wearing": w}
            for w in ("", "a bow tie", "a flower crown", "a knitted scarf", "a party hat")
        ],
    ),
    plain("nest", "nest with eggs", ("easter", "spring", "woodland"), ("eggs", "bird"), nest),
)

"""Swans, doves and storks.

Each painter draws one bird in its own units, back to front; what it wears or carries comes from the pose asked for.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import cheek, eye
from .geometry import Point, Sheet, darker, leaf, lighter, mirrored, trace, vary
from .solids import poly
from .subject import Params, plain

SWANS = {
    "a white swan": ("#f3eee6", "#d9d3c9"),
    "a black swan": ("#5a565e", "#45414a"),
    "a pink swan": ("#f3d3d2", "#dfaeb0"),
}


def swan(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A swan resting on the water, plain, crowned or wearing flowers."""
    white, shade = SWANS[str(params.get("kind") or "a white swan")]
    white = vary(white, rng, 0.008)
    wearing = str(params.get("wearing") or "")
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        sheet.shape(trace("150,60 216,10 286,-34! 280,10 262,34 290,30! 262,82 206,128 140,140"), darker(shade, 0.06))
        sheet.shape(
            trace("-166,70 -150,10 -80,-20 40,-24 140,10 214,60 226,110 170,160 40,182 -90,172 -150,130"), white
        )
        neck: list[Point] = trace("-118,96 -150,30 -120,-60 -78,-130 -86,-200 -136,-224")
        sheet.stroke(neck, (96, 78, 58, 48, 50, 52), white)
        for k, (x, y, way, long) in enumerate(
            ((-40, 60, -14, 300), (-44, 74, -4, 290), (-50, 92, 8, 262), (-44, 50, -27, 280))
        ):
            sheet.shape(
                leaf((x, y), way, long, 108 - 10 * k, "petal", -0.07),
                (shade, lighter(shade, 0.4), white, lighter(shade, 0.25))[k],
            )
        for way, long in ((-20, 170), (-6, 180), (10, 164)):
            sheet.shape(
                leaf((-60, 76), way, long, 62, "round"), lighter(white, 0.5) if white > "#9" else lighter(white, 0.12)
            )
        sheet.shape(trace("-150,-262 -104,-258 -70,-226 -82,-184 -132,-178 -180,-196 -184,-232"), white)
        sheet.shape(trace("-172,-222! -210,-214 -252,-194! -236,-182 -190,-186 -166,-196!"), "#df9350")
        sheet.shape(trace("-166,-234! -196,-226 -200,-212 -186,-204 -170,-208!"), "#4f474a")
        eye(sheet, -142, -224, 11, color="#2f2522" if white > "#9" else "#c9a07a")
        cheek(sheet, -128, -200, 15)
        if wearing == "a royal crown":
            with sheet.at(-116, -262, turn=12):
                sheet.shape(trace("-40,0! -46,-50! -20,-26! 0,-66! 20,-26! 46,-50! 40,0! 0,8"), "#dcb055")
                for x, y in ((-46, -54), (0, -70), (46, -54)):
                    sheet.oval(x, y, 8, 8, "#f6ece0")
                sheet.oval(0, -16, 8, 8, "#b8505a")
        elif wearing:
            with sheet.at(-120, -266, turn=10, size=0.72):
                accessories.on_head(sheet, wearing, 0, rng)
        sheet.shape(
            trace(
                "-240,150! -180,138 -120,152 -60,140 0,152 60,140 120,152 180,138 250,150! 226,186 120,204 "
                "-110,204 -216,186"
            ),
            vary("#9fc0cf", rng, 0.015),
        )
        for x, y in ((-150, 178), (-20, 184), (96, 176)):
            sheet.stroke([(x, y), (x + 34, y - 5), (x + 68, y)], (2, 6, 2), "#d5e4ea")


def dove(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A dove in flight, alone, or carrying an olive sprig, a heart or a letter."""
    white = vary(
        {"a gray dove": "#c3c7ce", "a blush dove": "#f0d3cd"}.get(str(params.get("kind")), "#f4efe7"), rng, 0.008
    )
    shade = darker(white, 0.13)
    pose = str(params.get("pose") or "")
    with sheet.at(0, 0, flip=rng.random() < 0.5, turn=rng.uniform(-6, 6)):
        for k, (way, long) in enumerate(((-8, 216), (34, 206), (6, 226), (22, 222))):
            sheet.shape(leaf((92, 44), way, long, 66, "spoon"), darker(white, 0.06 + 0.04 * k))
        far = ((-64, 232), (-78, 254), (-92, 262), (-107, 250), (-122, 224))
        for k, (way, long) in enumerate(far):
            sheet.shape(leaf((-10, -6), way, long, 74, "spoon"), darker(white, 0.2 - 0.02 * k))
        sheet.shape(
            trace("-206,-34 -176,-78 -124,-86 -80,-56 -10,-36 70,-4 140,44 116,84 40,96 -50,84 -120,48 -164,8 -196,-4"),
            white,
        )
        for k, (way, long) in enumerate(((2, 240), (-12, 272), (-26, 294), (-40, 302), (-54, 288), (-67, 250))):
            sheet.shape(leaf((-44, 30), way, long, 86, "spoon", -0.03), lighter(shade, 0.1 * k))
        for way, long in ((-16, 150), (-34, 168), (-52, 160)):
            sheet.shape(leaf((-56, 34), way, long, 74, "round"), lighter(white, 0.45))
        sheet.shape(trace("-200,-42! -250,-22! -196,-14!"), "#d99a72")
        eye(sheet, -164, -46, 10.5)
        cheek(sheet, -142, -20, 15)
        _carried(sheet, pose, rng)


def _carried(sheet: Sheet, pose: str, rng: np.random.Generator) -> None:
    if "olive" in pose:
        spine: list[Point] = [(-228, -34), (-250, 20), (-240, 84), (-206, 132)]
        sheet.stroke(spine, (8, 7, 5), "#86794f")
        for x, y, way in (
            (-246, 10, 170),
            (-248, 28, 30),
            (-248, 54, 150),
            (-244, 72, 20),
            (-230, 104, 130),
            (-220, 112, 0),
            (-206, 130, 60),
        ):
            sheet.shape(leaf((x, y), way, 66, 25), vary("#8a9f68", rng, 0.03))
    elif "heart" in pose:
        sheet.stroke([(-238, -24), (-250, 30)], (5, 5), "#a9825a")
        with sheet.at(-252, 70, size=1.5):
            sheet.shape(mirrored(trace("0,-16! 18,-36 42,-30 46,-4 26,22 0,42!")), "#cf6b66")
    elif "letter" in pose:
        with sheet.at(-250, 52, turn=-10):
            sheet.shape(poly("-76,-52 76,-52 76,52 -76,52"), "#f4e6d2")
            sheet.shape(poly("-76,-52 76,-52 0,16"), "#e3cfb2")
            with sheet.at(0, 4, size=0.56):
                sheet.shape(mirrored(trace("0,-16! 18,-36 42,-30 46,-4 26,22 0,42!")), "#c2564f")


_BUNDLES = tuple(f"with a {c} bundle" for c in ("blue", "pink", "yellow", "green"))
_CLOTHS = ("#a9c5dc", "#ecb7bd", "#f0d590", "#b5cfb0")


def stork(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A stork that brings a baby in a bundle."""
    pose = str(params.get("pose") or _BUNDLES[0])
    cloth = vary(_CLOTHS[_BUNDLES.index(pose)], rng, 0.012)
    white, red = vary("#f4efe7", rng, 0.006), "#d9805a"
    with sheet.at(0, 0, flip=rng.random() < 0.5):
        for x, knee, foot in ((70, (82, 196), (66, 312)), (112, (132, 190), (122, 306))):
            sheet.stroke([(x, 90), knee, foot], (17, 14, 13), red)
            for way in (170, 196, 20):
                sheet.stroke(
                    [foot, (foot[0] + (-34 if way > 90 else 22), foot[1] + (8 if way == 170 else 0))], (12, 8), red
                )
        for way, long in ((14, 176), (26, 170), (38, 150)):
            sheet.shape(leaf((120, 30), way, long, 54, "lance"), "#4f4a50")
        sheet.shape(trace("-40,-20 -20,-70 50,-82 130,-48 190,10 196,64 140,104 50,108 -20,76 -46,30"), white)
        neck: list[Point] = trace("-10,30 -48,-40 -44,-120 -62,-196")
        sheet.stroke(neck, (92, 62, 48, 52), white)
        for way, long, tone in ((6, 230, "#4f4a50"), (16, 224, "#5d575d"), (26, 196, "#6a646a")):
            sheet.shape(leaf((24, 6), way, long, 72, "petal", 0.05), tone)
        for way, long in ((0, 168), (16, 172), (32, 148)):
            sheet.shape(leaf((10, 8), way, long, 70, "round"), darker(white, 0.05 if way == 16 else 0.1))
        sheet.shape(trace("-64,-262 -20,-252 0,-214 -16,-172 -64,-160 -106,-178 -114,-220 -98,-248"), white)
        sheet.shape(trace("-98,-224! -170,-214 -268,-188! -176,-182 -100,-190!"), red)
        sheet.stroke([(-100, -206), (-180, -198), (-250, -190)], (3, 4, 2), darker(red, 0.3))
        eye(sheet, -66, -218, 12)
        cheek(sheet, -46, -190, 17)
        _bundle(sheet, cloth, rng)
        sheet.shape(trace("-130,-214 -110,-250 -60,-278 -20,-272 -4,-250 -60,-246 -104,-228"), darker(cloth, 0.2))
        sheet.shape(trace("-118,-234! -160,-226 -178,-210 -140,-212 -104,-216!"), darker(cloth, 0.34))


def _bundle(sheet: Sheet, cloth: str, rng: np.random.Generator) -> None:
    sheet.shape(trace("-232,-196! -208,-196! -170,-110 -150,-60! -290,-60! -262,-120"), darker(cloth, 0.14))
    sheet.shape(trace("-218,-120 -160,-90 -128,-20 -140,48 -190,86 -250,86 -300,48 -312,-20 -280,-90"), cloth)
    sheet.shape(trace("-262,-52 -222,-72 -180,-52 -166,-12 -186,24 -222,32 -258,24 -276,-12"), darker(cloth, 0.2))
    sheet.shape(trace("-256,-38 -222,-56 -188,-38 -176,-8 -192,18 -222,24 -252,18 -266,-8"), "#f2cdb0")
    for side in (-1, 1):
        eye(sheet, -222 + side * 21, -10, 8, "closed")
        cheek(sheet, -222 + side * 31, 4, 10)
    sheet.stroke([(-230, 8), (-222, 13), (-214, 8)], (2, 3.5, 2), "#a0604f")
    sheet.stroke([(-222, -52), (-214, -62), (-224, -66)], (4, 5, 3), "#8a5f48")
    for x, y in ((-276, 54), (-236, 62), (-196, 60), (-160, 38), (-150, -30), (-292, -32)):
        sheet.oval(x, y, 7, 7, lighter(cloth, 0.6))
    for way in (-150, -30):
        sheet.shape(leaf((-220, -190), way, 58, 32, "petal"), darker(cloth, 0.1))
    sheet.oval(-220, -188, 16, 15, darker(cloth, 0.24))


_FLIGHT = ("", "with an olive sprig", "with a heart", "with a love letter")
SUBJECTS = (
    plain(
        "swan",
        "swan",
        ("birds", "wedding", "pond"),
        ("animal", "bird", "lake", "ballet"),
        swan,
        [{"kind": k} | ({"wearing": w} if w else {}) for w in ("", "a royal crown", "a flower crown") for k in SWANS],
    ),
    plain(
        "dove",
        "dove",
        ("birds", "wedding", "love"),
        ("animal", "bird", "peace", "baptism"),
        dove,
        [
            {"kind": k} | ({"pose": p} if p else {})
            for p in _FLIGHT
            for k in ("a white dove", "a gray dove", "a blush dove")
        ],
    ),
    plain(
        "stork",
        "stork",
        ("birds", "baby"),
        ("animal", "bird", "newborn"),
        stork,
        [{"pose": p} for p in _BUNDLES],
    ),
)

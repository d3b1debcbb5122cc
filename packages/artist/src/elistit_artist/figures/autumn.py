"""Autumn and Halloween: pumpkin, maple leaf, log, stump, ghost, bat, witch's hat, cauldron, candy, spider, lantern.

Each painter draws one thing in its own units, back to front; nothing here may frighten a child.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import cheek, eye, smile
from .celestial import star_points
from .forest_finds import one_mushroom
from .geometry import (
    Point,
    Sheet,
    arc,
    blob,
    darker,
    flipped,
    leaf,
    lighter,
    mirrored,
    mix,
    oval,
    rows,
    toward,
    trace,
    vary,
)
from .pumpkins import KINDS, pumpkin
from .subject import Params, plain


def maple_leaf(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A five-pointed maple leaf."""
    hues = {"a red maple leaf": "#b9533f", "an orange maple leaf": "#d08345", "a golden maple leaf": "#d9ab55"}
    main = vary(hues[str(params.get("kind") or "a red maple leaf")], rng, 0.02)
    right: list[Point] = trace(
        "0,-250! 34,-180 66,-196! 58,-96 84,-92 112,-140! 132,-112 200,-124! 180,-70 216,-44! "
        "140,10 150,40 128,46 142,90! 70,72 18,84 0,90"
    )
    vein = darker(main, 0.28)
    with sheet.at(0, 0, turn=rng.uniform(-20, 20)):
        sheet.stroke(trace("0,60 6,150 -8,226"), (10, 11, 12), vein)
        sheet.shape(mirrored(right), main, ease=0.24)
        sheet.stroke(trace("0,84 0,-60 0,-214"), (9, 7, 2), vein)
        for end, start in (((172, -96), 66), ((108, 74), 78)):
            for side in (-1, 1):
                sheet.stroke(
                    [(0, start), (side * end[0] * 0.5, (start + end[1]) / 2 - 4), (side * end[0], end[1])],
                    (7, 6, 2),
                    vein,
                )


def log(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A mossy log with mushrooms and ferns."""
    with sheet.at(-54, -40, turn=-8, size=0.42):
        one_mushroom(sheet, rng, vary("#bf4b38", rng, 0.02), "dome", "#f8ecdc", 170)
    with sheet.at(16, -38, turn=7, size=0.3):
        one_mushroom(sheet, rng, vary("#bf4b38", rng, 0.02), "dome", "#f8ecdc", 150)
    for k in range(6):
        sheet.shape(
            leaf((-150 + 14 * k, -30), -140 + 20 * k, 84, 17, "willow", 0.1), vary(accessories.GREENS[k % 4], rng, 0.03)
        )
    accessories.mossy_log(sheet, 0, 0, 430, 128, rng)


def stump(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A tree stump with rings, roots, moss and a small mushroom."""
    bark = vary("#8f6f56", rng, 0.02)
    with sheet.at(156, 112, turn=8, size=0.46):
        one_mushroom(sheet, rng, vary("#b98757", rng, 0.02), "dome", "", 150)
    sheet.shape(
        trace(
            "-138,-70 -132,30 -150,92 -216,132 -150,142 -96,122 -60,150 -6,124 50,152 96,122 "
            "160,140 214,126 150,90 132,30 138,-70 0,-40"
        ),
        bark,
    )
    for x, top, low in ((-96, -20, 80), (-54, 0, 106), (-8, 10, 92), (44, 0, 110), (92, -14, 82)):
        sheet.stroke([(x, top), (x - 6, (top + low) / 2), (x + 4, low)], (3, 6, 2), darker(bark, 0.3))
    sheet.shape(oval(0, -74, 140, 56), mix(bark, "#ecd3ae", 0.72))
    for share in (0.74, 0.48, 0.22):
        sheet.stroke(
            arc(4, -74, 140 * share, 56 * share, -160, 170, 11), (3, 5, 2), darker(mix(bark, "#ecd3ae", 0.5), 0.06)
        )
    moss = vary("#8d9d5c", rng, 0.02)
    sheet.shape(trace("-142,-66 -90,-40 -58,-30 -66,10 -90,-4 -104,40 -124,16 -136,-16"), moss)
    for k in range(8):
        sheet.shape(
            leaf((-190 + 15 * k, 142), -124 + 15 * k + rng.normal(0, 4), 66, 14, "willow", 0.08),
            vary(accessories.GREENS[k % 4], rng, 0.03),
        )


def ghost(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A friendly ghost, bare or dressed."""
    veil = vary("#e6e4ea", rng, 0.01)
    wearing = str(params.get("wearing") or "")
    hem: list[Point] = trace("150,190 112,224 76,184 38,226 0,190 -38,226 -76,184 -112,224 -150,190")
    with sheet.at(0, 0, turn=rng.uniform(-6, 6)):
        sheet.shape(
            [
                (0, -210),
                (88, -184),
                (128, -100),
                (134, -30),
                (188, -56),
                (206, -20),
                (146, 50),
                (146, 120),
                *hem,
                (-146, 120),
                (-146, 50),
                (-206, -20),
                (-188, -56),
                (-134, -30),
                (-128, -100),
                (-88, -184),
            ],
            veil,
        )
        sheet.glaze(trace("84,-150 124,-80 130,40 136,170 90,190 96,60 92,-60"), "#a9a3bd", 0.4)
        for side in (-1, 1):
            eye(sheet, side * 42, -86, 17)
            cheek(sheet, side * 78, -48, 23)
        sheet.oval(0, -40, 13, 16, "#4d424a")
        with sheet.at(0, 20):
            accessories.at_neck(sheet, wearing, 96, rng)
        with sheet.at(0, 0, size=1.2):
            if wearing == "a witch's hat":
                with sheet.at(8, -150, turn=9, size=0.62):
                    _hat(sheet, "#5b5166", "#d08345")
            accessories.on_head(sheet, wearing, -170, rng)


def _hat(sheet: Sheet, felt: str, band: str) -> None:
    sheet.shape(trace("-210,40 -120,6 0,-6 120,6 210,40 110,72 0,80 -110,72"), felt)
    sheet.shape(trace("-112,36 -76,-90 -22,-190 70,-236! 58,-190 40,-150 74,-80 112,36 0,54"), lighter(felt, 0.08))
    sheet.shape(trace("-114,38 -101,-10 0,10 98,-12 114,38 0,58"), band)
    sheet.shape(trace("-24,2! 30,4! 30,52! -24,52!"), "#e3be68", ease=0.2)
    sheet.shape(trace("-11,16! 17,17! 17,39! -11,39!"), band, ease=0.2)


def witch_hat(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A bent pointed hat with a buckled band and a few leaves."""
    sets = {
        "a purple witch's hat": ("#6d5d80", "#d08345"),
        "a black witch's hat": ("#55505a", "#8f6f9c"),
        "a green witch's hat": ("#65795f", "#d3a04f"),
    }
    felt, band = sets[str(params.get("kind") or "a purple witch's hat")]
    _hat(sheet, vary(felt, rng, 0.015), band)
    for x, y, way, hue in ((96, 30, -40, "#c9793c"), (104, 36, 14, "#b5613a"), (92, 40, -90, "#d3a04f")):
        sheet.shape(leaf((x, y), way, 66, 32, "lance"), vary(hue, rng, 0.03))
    sheet.oval(96, 34, 12, 12, "#a84a41")


def bat(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round bat with open wings and a small smile."""
    fur = vary({"a brown bat": "#8a6a58"}.get(str(params.get("kind")), "#6b5f78"), rng, 0.02)
    wing = darker(fur, 0.22)
    for side in (-1, 1):
        outline: list[Point] = trace(
            "50,-20 110,-96 196,-130! 236,-120 290,-60 304,30! 262,4 238,52! 196,24 160,78! 120,50 60,66"
        )
        sheet.shape(outline if side > 0 else flipped(outline), wing)
        for end in ((238, 46), (162, 70)):
            sheet.stroke(
                [(side * 196, -124), (side * (end[0] * 0.6 + 78), -30), (side * end[0], end[1])],
                (6, 5, 2),
                darker(wing, 0.3),
            )
        ear: list[Point] = trace("24,-82 48,-150! 92,-110 90,-50")
        sheet.shape(ear if side > 0 else flipped(ear), fur)
        lining: list[Point] = trace("44,-86 54,-124! 78,-98 74,-66")
        sheet.shape(lining if side > 0 else flipped(lining), "#d3a09a")
    sheet.shape(mirrored(trace("0,-96 62,-84 98,-24 94,50 54,100 0,110")), fur)
    sheet.shape(mirrored(trace("0,24 44,36 52,70 28,96 0,102")), lighter(fur, 0.34))
    for side in (-1, 1):
        eye(sheet, side * 38, -30, 14, color="#2c2530")
        cheek(sheet, side * 62, 0, 18)
        sheet.shape(trace("8,12! 20,11! 13,27!", wide=side), "#f8f2e6", ease=0.2)
        sheet.shape(leaf((side * 26, 98), 90 - side * 12, 30, 14, "round"), wing)
    smile(sheet, 0, 6, 24, 9, "#3a2f3c", 4.5)


def cauldron(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A bubbling pot."""
    iron, brew = vary("#5f5a66", rng, 0.015), vary("#93a96b", rng, 0.03)
    for side in (-1, 1):
        sheet.shape(trace("92,170 130,170 128,232 98,232", wide=side), darker(iron, 0.25))
        sheet.stroke(trace("176,-30 226,-10 214,44 178,50", wide=side), (17, 18, 17), darker(iron, 0.15))
    for x, y, r in rows("-84,-124,36 -20,-146,50 66,-126,40 116,-104,24 30,-214,26 -66,-206,18 88,-196,14"):
        sheet.shape(blob(x, y, r, r, rng, 0.02, 10), lighter(brew, 0.28))
        sheet.oval(x - r * 0.34, y - r * 0.36, r * 0.19, r * 0.15, "#f3f2df")
    sheet.shape(mirrored(trace("0,-90 150,-84 190,-10 176,100 110,186 0,206")), iron)
    sheet.shape(oval(0, -86, 168, 40), darker(iron, 0.2))
    sheet.shape(oval(0, -90, 142, 28), brew)
    for x, y in ((-96, -76), (30, -74), (104, -82)):
        sheet.shape(trace("-24,0 0,-8 24,0 15,34 0,62 -15,34", x, y), brew)
    sheet.shape(star_points(-6, 78, 42, 0.5), "#d9b45f")


def candy(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wrapped sweet, or a lollipop."""
    if params.get("kind") == "a swirl lollipop":
        sheet.stroke(trace("0,40 4,150 -2,290"), (19, 18, 18), "#eee2cd")
        sheet.shape(blob(0, -90, 152, 152, rng, 0.006, 16), "#e6a79c")
        for turn in (0, 120, 240):
            spiral = [toward((0, -90), turn + a, 8 + 134 * a / 250) for a in range(0, 251, 25)]
            sheet.stroke(spiral, (8, 26, 40, 36), "#f6ecdd")
        accessories.bow(sheet, 0, 76, 54, "#8fa98f")
        return
    one = vary("#cf7d5b", rng, 0.03)
    with sheet.at(0, 0, turn=-22 + rng.uniform(-8, 8)):
        for side in (-1, 1):
            wrap: list[Point] = trace("96,0 160,-76 196,-90! 206,-44 226,-16! 206,4 224,40! 200,58 180,96! 150,70")
            sheet.shape(wrap if side > 0 else flipped(wrap), mix(one, "#f3e0c3", 0.55))
        sheet.shape(oval(0, 0, 122, 104), "#f3e6d0")
        for x in (-74, -6, 62):
            sheet.stroke([(x + 24, -92 + abs(x) * 0.4), (x - 4, 0), (x + 10, 92 - abs(x) * 0.4)], (30, 36, 30), one)


def spider_web(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A small spider hanging on a thread."""
    sheet.stroke([(0, -330), (0, -60)], (5, 5), "#a79fae")
    fur = vary("#665b70", rng, 0.02)
    for side in (-1, 1):
        for k, (lift, out) in enumerate(((-86, 150), (-30, 186), (40, 180), (104, 140))):
            sheet.stroke(
                [(side * 70, -10 + 26 * k), (side * (out - 24), lift - 36), (side * out, lift + 66)],
                (14, 13, 8),
                darker(fur, 0.2),
            )
    sheet.shape(blob(0, 30, 116, 112, rng, 0.015, 14), fur)
    for x, y, way in ((-44, -54, -110), (0, -66, -90), (44, -54, -70)):
        sheet.shape(leaf((x, y), way, 36, 15, "willow"), fur)
    for side in (-1, 1):
        eye(sheet, side * 40, 14, 18, color="#2c2530")
        cheek(sheet, side * 72, 52, 20)
    smile(sheet, 0, 54, 22, 13, "#2f2733", 5)


def lantern(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A glowing lantern with leaves at its foot."""
    iron = "#6d625c"
    sheet.stroke(trace("-60,-186 -50,-254 0,-276 50,-254 60,-186"), (11, 12, 12, 12, 11), iron)
    sheet.shape(trace("-104,-150! 0,-226 104,-150! 0,-136"), iron)
    sheet.shape(trace("-86,-150! 86,-150! 104,150! -104,150!"), "#f1dca0", ease=0.15)
    sheet.shape(trace("-34,148! -34,44 34,44 34,148!"), "#f6efdf")
    sheet.shape(trace("0,-66! 24,-8 0,44 -24,-8"), "#dc9a4a")
    for x0, x1 in ((-90, -108), (90, 108), (0, 0)):
        if x0:
            sheet.stroke([(x0, -150), ((x0 + x1) / 2, 0), (x1, 152)], (14, 14, 14), iron)
    sheet.stroke([(-96, 0), (-60, 2)], (9, 9), iron)
    sheet.stroke([(60, 2), (96, 0)], (9, 9), iron)
    sheet.shape(trace("-132,146! 132,146! 138,186! -138,186!"), iron, ease=0.2)
    for k, way in enumerate((-160, -140, -118, -60, -38, -18)):
        x = -110 if k < 3 else 110
        sheet.shape(leaf((x, 186), way, 100, 40, "lance"), vary(("#c9793c", "#b5613a", "#d3a04f")[k % 3], rng, 0.03))


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


HALLOWEEN = ("halloween",)
_T = ("spooky", "trick or treat", "october")
SUBJECTS = (
    plain(
        "pumpkin",
        "pumpkin",
        ("autumn", "halloween", "farm", "vegetable"),
        ("fall", "harvest", "thanksgiving", "vegetable"),
        pumpkin,
        _k(*KINDS),
    ),
    plain(
        "maple_leaf",
        "maple leaf",
        ("autumn", "woodland", "botanical"),
        ("fall", "leaf", "thanksgiving"),
        maple_leaf,
        _k("a red maple leaf", "an orange maple leaf", "a golden maple leaf"),
    ),
    plain("log", "mossy log", ("woodland", "autumn"), ("forest", "moss", "mushroom", "wood"), log),
    plain("stump", "tree stump", ("woodland", "autumn"), ("forest", "moss", "wood"), stump),
    plain("lantern", "lantern", ("autumn", "christmas", "halloween", "home"), ("light", "camping"), lantern),
    plain(
        "ghost",
        "friendly ghost",
        HALLOWEEN,
        _T,
        ghost,
        [
            {"wearing": w}
            for w in ("", "a witch's hat", "a flower crown", "a bow tie", "a knitted scarf", "a party hat")
        ],
    ),
    plain("bat", "bat", HALLOWEEN, (*_T, "animal"), bat, _k("a purple bat", "a brown bat")),
    plain(
        "witch_hat",
        "witch's hat",
        HALLOWEEN,
        (*_T, "witch"),
        witch_hat,
        _k("a purple witch's hat", "a black witch's hat", "a green witch's hat"),
    ),
    plain("cauldron", "bubbling cauldron", HALLOWEEN, (*_T, "witch", "potion"), cauldron),
    plain(
        "candy",
        "wrapped candy",
        ("halloween", "sweets", "birthday"),
        (*_T, "sweet"),
        candy,
        _k("a wrapped candy", "a swirl lollipop"),
    ),
    plain("spider", "little spider", HALLOWEEN, (*_T, "insect"), spider_web),
)

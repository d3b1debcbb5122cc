"""Gnomes, nutcrackers and gingerbread houses.

Each painter draws one thing in its own units, back to front; hats, coats and colors come from the kind asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import accessories
from .anatomy import cheek, eye
from .celestial import star_points
from .geometry import Point, Sheet, bands, darker, leaf, lighter, mirrored, trace, vary
from .solids import beside, board, box, poly
from .subject import Params, plain
from .variety import kinds

CREAM, GOLD, RED, SKIN = "#f4ebdd", "#d6aa54", "#b8463c", "#ecbf9f"
Look = tuple[str, str, str]
HAT: list[Point] = [(0, -34), (-4, -120), (6, -204), (52, -270), (118, -276), (150, -226)]
HAT_WIDTHS = (244, 196, 136, 84, 50, 26)


@dataclass(frozen=True)
class Dress:
    """A gnome's hat, coat and trim colors, and what its hat is dressed with."""

    hat: str
    coat: str
    trim: str
    with_: str = ""


GNOMES = {
    "a Christmas gnome": Dress("#b8463c", "#7c8f74", "#f2ebe0", "fur"),
    "a shamrock gnome": Dress("#5f9160", "#a9825a", "#8fb87c", "shamrock"),
    "a spring gnome": Dress("#c79fc4", "#9db88f", "#f0dce0", "flowers"),
    "a Christmas gnome in a plaid hat": Dress("#a8423a", "#6b7a6d", "#e9dfcd", "plaid"),
    "an autumn gnome": Dress("#c0703c", "#8a6a50", "#d9b070", "leaves"),
    "a Valentine gnome": Dress("#d98a98", "#b8606c", "#f6e2e0", "hearts"),
    "a winter gnome": Dress("#7f9bb5", "#8c98a6", "#eef1f2", "snow"),
    "a garden gnome": Dress("#bf5240", "#6f8fae", "#d9b070", ""),
}


def gnome(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A gnome whose hat comes down to its round nose, with a long beard, in the dress of a season."""
    dress = GNOMES[str(params.get("kind") or "a Christmas gnome")]
    coat, beard = vary(dress.coat, rng, 0.02), vary("#efe6d8", rng, 0.012)
    for side in (-1, 1):
        sheet.shape(trace("8,196 62,186 108,212 112,244 8,246", wide=side), "#6b5146")
        sheet.shape(trace("4,236 116,236 116,250 4,252", wide=side), "#54403a")
    sheet.shape(mirrored(trace("0,-20 84,-4 124,70 130,170 104,214 0,222")), coat)
    for side in (-1, 1):
        sleeve = trace("86,26 138,76 128,138", wide=side)
        sheet.stroke(sleeve, (56, 62, 54), darker(coat, 0.14))
        sheet.shape(bands(sleeve, (66, 70, 64), ((0.8, 1.0),))[0], dress.trim)
        sheet.oval(side * 122, 160, 29, 28, darker(dress.hat, 0.12))
    sheet.shape(mirrored(trace("0,-50 66,-44 104,-10 112,44 86,96 78,120! 54,146 48,164! 24,184 0,214!")), beard)
    for x, y, long in ((-58, 30, 70), (-24, 70, 90), (18, 84, 80), (56, 34, 64), (-2, 20, 60)):
        sheet.stroke([(x, y), (x * 0.86 + 5, y + long * 0.5), (x * 0.66, y + long)], (2, 6, 2), darker(beard, 0.16))
    for side in (-1, 1):
        sheet.shape(trace("0,-26 34,-42 74,-34 108,2! 66,8 20,2", wide=side), lighter(beard, 0.5))
    held = str(params.get("wearing") or "")
    if held.startswith("holding "):
        accessories.held(sheet, held.removeprefix("holding "), 0, 128, rng)
    _gnome_hat(sheet, dress, vary(dress.hat, rng, 0.02), rng)
    sheet.shape(mirrored(trace("0,-56 24,-50 34,-28 24,-6 0,2")), SKIN)
    sheet.glaze(trace("4,-30 28,-34 26,-10 2,-2"), "#d98a74", 0.4)


def _gnome_hat(sheet: Sheet, dress: Dress, hat: str, rng: np.random.Generator) -> None:
    sheet.shape(
        trace(
            "-134,-36 -112,-104 -74,-190 -18,-270 62,-318 128,-306 164,-256 158,-206 134,-212! 128,-240 96,-248 "
            "78,-206 104,-112 134,-36 70,-54 0,-60 -70,-54"
        ),
        hat,
    )
    sheet.stroke(trace("78,-206 60,-180 56,-150"), (3, 8, 2), darker(hat, 0.3))
    sheet.stroke(trace("-6,-250 30,-274 66,-284"), (3, 12, 3), lighter(hat, 0.3))
    dressed = dress.with_
    if dressed == "plaid":
        for band in bands(HAT, HAT_WIDTHS, ((0.14, 0.2), (0.36, 0.41), (0.56, 0.6))):
            sheet.shape(band, "#5f7a5c")
        for share in (-0.55, 0, 0.55):
            sheet.stroke(beside(HAT, HAT_WIDTHS, share)[:7], (9, 8, 5), "#e0c98e")
    if dressed in ("fur", "plaid", "snow", ""):
        sheet.oval(146, -202, 30, 30, dress.trim)
    spots = ((-66, -104.0), (8, -116), (66, -100), (-30, -178), (38, -190), (10, -246))
    if dressed == "snow":
        for x, y in spots:
            sheet.shape(star_points(x, y, 20, 0.36, 90, 6, sharp=True), lighter(hat, 0.7))
    if dressed == "hearts":
        for x, y in spots:
            with sheet.at(x, y, size=0.46, turn=rng.uniform(-14, 14)):
                sheet.shape(mirrored(trace("0,-16! 18,-36 42,-30 46,-4 26,22 0,42!")), "#f7e6e0")
    brim: list[Point] = trace(
        "-146,-58 -96,-82 0,-90 96,-82 146,-58 148,-30 136,-12 90,-34 0,-42 -90,-34 -136,-12 -148,-30"
    )
    if dressed in ("fur", "snow", "plaid"):
        sheet.shape(brim, dress.trim)
        return
    sheet.shape(brim, darker(hat, 0.16))
    if dressed == "shamrock":
        shamrock_leaf(sheet, -40, -96, 62, "#8fbf78")
        sheet.stroke(trace("90,-160 100,-120"), (2, 2), hat)
    elif dressed == "flowers":
        for x, r in ((-104, 26), (-56, 34), (0, 40), (56, 34), (104, 26)):
            y = -64 + abs(x) * 0.16
            for way in (-130, -50, 130):
                sheet.shape(leaf((x, y), way, r * 1.5, r * 0.6), vary("#86a06b", rng, 0.03))
            accessories.flower(sheet, x, y, r, vary(("#f0c8b8", "#f4ead2", "#e4a3b0")[int(abs(x)) % 3], rng, 0.02), rng)
    elif dressed == "leaves":
        for k, x in enumerate((-110, -74, -36, 0, 36, 74, 110)):
            tint = ("#d9a441", "#b5512f", "#8f8a4a", "#dc8a45")[k % 4]
            y = -62 + abs(x) * 0.14
            sheet.shape(leaf((x, y + 16), -96 + x * 0.4, 72, 40, "round"), vary(tint, rng, 0.03))
        for x in (-54, 4, 58):
            sheet.oval(x, -52, 13, 13, vary("#a83f38", rng, 0.03))


def shamrock_leaf(sheet: Sheet, x: float, y: float, r: float, green: str) -> None:
    """Three heart-shaped leaflets of reach ``r`` on a short curved stalk."""
    sheet.stroke(
        [(x, y), (x + r * 0.1, y + r * 0.6), (x + r * 0.34, y + r * 1.1)], (r * 0.13, r * 0.12, r * 0.16), green
    )
    for way in (180, 0, -90):
        with sheet.at(x, y, turn=way + 90):
            k = r / 100
            right: list[Point] = [
                (0, 4, 1),
                (34 * k, -20 * k),
                (58 * k, -58 * k),
                (46 * k, -92 * k),
                (22 * k, -98 * k),
                (0, -76 * k, 1),
            ]
            sheet.shape(mirrored([right[-1], *reversed(right[:-1])]), green)
            sheet.stroke([(0, -8 * k), (0, -34 * k), (0, -62 * k)], (4 * k, 7 * k, 2 * k), lighter(green, 0.4))


COATS: dict[str, Look] = {
    "a red nutcracker": ("#b8463c", "#5d6f8c", GOLD),
    "a green nutcracker": ("#5f8060", "#b8463c", GOLD),
    "a blue nutcracker": ("#6483a8", "#ece4d6", GOLD),
    "a pink nutcracker": ("#d98f9f", "#f0e2d8", "#d9b070"),
}


def nutcracker(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A wooden soldier on a stand: tall hat, white hair and beard, a coat with epaulets and crossed belts."""
    coat, legs, gold = COATS[str(params.get("kind") or "a red nutcracker")]
    coat = vary(coat, rng, 0.015)
    sheet.shape(board(-130, 336, 130, 384, 14), vary("#8a6450", rng, 0.02))
    sheet.shape(board(-146, 362, 146, 396, 12), "#74523f")
    for side in (-1, 1):
        sheet.shape(poly("6,150 84,150 80,262 10,262", wide=side), legs)
        sheet.stroke([(side * 66, 156), (side * 63, 256)], (9, 9), gold)
        sheet.shape(trace("2,250! 88,250! 86,304 108,326 104,342! 2,342!", wide=side), "#4d4448")
        sheet.shape(poly("2,250 88,250 87,268 3,268", wide=side), gold)
    for side in (-1, 1):
        arm = trace("104,-56 138,20 128,110", wide=side)
        sheet.stroke(arm, (58, 56, 50), darker(coat, 0.14))
        sheet.shape(bands(arm, (62, 62, 58), ((0.84, 0.98),))[0], gold)
        sheet.oval(side * 127, 138, 26, 27, SKIN)
    sheet.shape(poly("-106,-84 106,-84 96,60 112,172 -112,172 -96,60"), coat)
    sheet.shape(poly("-34,-80 34,-80 30,58 -30,58"), lighter(coat, 0.75) if legs == "#ece4d6" else CREAM)
    for y in (-40, -4, 32):
        sheet.stroke([(-50, y), (0, y + 5), (50, y)], (9, 10, 9), gold)
        sheet.oval(0, y + 3, 9, 9, darker(gold, 0.2))
    sheet.shape(box(-99, 58, 99, 88), "#4d4448")
    sheet.shape(board(-26, 52, 26, 94, 8), gold)
    sheet.shape(poly("-5,92 5,92 18,172 -18,172"), darker(coat, 0.24))
    for side in (-1, 1):
        sheet.shape(trace("66,-92 110,-98 142,-76 140,-56! 104,-66 66,-62!", wide=side), gold)
        for k in range(5):
            x = side * (84 + 13 * k)
            sheet.stroke([(x, -66 + 3 * k), (x + side * 2, -40 + 3 * k)], (8, 7), darker(gold, 0.12))
    _nutcracker_head(sheet, coat, gold, rng)


def _nutcracker_head(sheet: Sheet, coat: str, gold: str, rng: np.random.Generator) -> None:
    hair = "#f1ece3"
    for side in (-1, 1):
        sheet.shape(trace("52,-248! 102,-240 116,-190 112,-134 86,-112 60,-130!", wide=side), hair)
        sheet.stroke(trace("84,-226 96,-180 88,-136", wide=side), (2, 6, 2), darker(hair, 0.14))
    sheet.shape(board(-76, -262, 76, -96, 24), SKIN)
    sheet.shape(mirrored(trace("0,-136! 40,-130! 56,-96 44,-62 20,-42 0,-34")), hair)
    sheet.shape(board(-34, -150, 34, -114, 6), "#7d4238")
    sheet.shape(box(-28, -146, 28, -128), "#f8f4ec")
    for x in (-14, 0, 14):
        sheet.stroke([(x, -145), (x, -129)], (3, 3), "#c8b8a8")
    for side in (-1, 1):
        sheet.shape(trace("0,-172 30,-176 62,-160 82,-178! 66,-142 30,-146 0,-156", wide=side), "#5a4640")
        eye(sheet, side * 34, -214, 12)
        sheet.stroke(trace("18,-240 36,-248 54,-238", wide=side), (4, 9, 4), "#5a4640")
        cheek(sheet, side * 54, -186, 17)
    sheet.shape(mirrored(trace("0,-212 11,-196 14,-178 0,-170")), darker(SKIN, 0.16))
    felt = "#4a4650"
    sheet.shape(trace("-92,-256! -104,-330 -98,-408 0,-430 98,-408 104,-330 92,-256!"), felt)
    sheet.shape(trace("-96,-262! 0,-276 96,-262! 92,-234! 0,-246 -92,-234!"), coat)
    sheet.stroke(trace("-94,-268 0,-284 94,-268"), (9, 10, 9), gold)
    sheet.shape(star_points(0, -342, 42, 0.5), gold)
    sheet.shape(leaf((0, -404), -90, 84, 52, "petal"), vary(RED if coat != RED else "#e9dfcd", rng, 0.02))


HOUSES = {
    "a gingerbread house": ("#b57f4e", RED, "#7f9a74"),
    "a pink gingerbread house": ("#c49064", "#dc93a2", "#a9cdbd"),
    "a tall gingerbread house": ("#a9734a", "#6f9478", "#c9604e"),
}


def gingerbread_house(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A house of gingerbread with icing on the eaves, sweets on the roof and candy canes at the door."""
    kind = str(params.get("kind") or "a gingerbread house")
    dough, one, two = HOUSES[kind]
    dough, icing = vary(dough, rng, 0.02), "#f8f1e6"
    up = 70 if "tall" in kind else 0
    sheet.shape(poly("104,-210 168,-210 168,-40 104,-80", 0, -up), darker(dough, 0.2))
    sheet.shape(
        trace("94,-236 136,-244 178,-236 184,-206 166,-192 152,-206 134,-188 114,-204 98,-192 88,-212", 0, -up), icing
    )
    sheet.shape(poly(f"0,{-232 - up} 196,{-30 - up} 196,226 -196,226 -196,{-30 - up}"), dough)
    _cane_roof(sheet, dough, icing, (one, two), up, rng)
    for x in (-118, 118):
        _sweet_window(sheet, x, 92, one, icing)
    sheet.shape([(-52, 224, 1), (-52, 110), (-34, 62), (0, 48), (34, 62), (52, 110), (52, 224, 1)], darker(dough, 0.34))
    sheet.stroke([(-58, 222), (-58, 110), (-38, 56), (0, 40), (38, 56), (58, 110), (58, 222)], (13, 13), icing)
    sheet.oval(30, 146, 9, 9, GOLD)
    sheet.shape(mirrored(trace("0,84! 9,74 22,78 22,92 10,106 0,116!")), one)
    if up:
        _sweet_window(sheet, 0, -62, two, icing)
    else:
        sheet.shape(mirrored(trace("0,-96! 18,-122 44,-114 46,-84 26,-58 0,-36!")), one)
    for side in (-1, 1):
        cane = trace("190,222 190,150 191,116 206,96 226,104 230,126", wide=side)
        sheet.stroke(cane, (24, 24), icing)
        for band in bands(cane, (24, 24), [(0.04 + 0.19 * k, 0.13 + 0.19 * k) for k in range(5)]):
            sheet.shape(band, RED if "pink" not in kind else one)
    sheet.shape(
        trace(
            "-262,232 -236,202 -190,212 -160,194 -116,216 -60,206 0,218 60,206 116,216 160,194 190,212 "
            "236,202 262,232 190,256 -190,256"
        ),
        icing,
    )
    for k, x in enumerate((-214, -92, 92, 214)):
        with sheet.at(x, 216):
            sheet.shape(mirrored(trace("0,-26 18,-20 25,6 22,14 0,16")), (one, two)[k % 2])


def _cane_roof(
    sheet: Sheet, dough: str, icing: str, hues: tuple[str, str], up: float, rng: np.random.Generator
) -> None:
    for side in (-1, 1):
        slope: list[Point] = [(0, -256 - up), (side * 116, -134 - up), (side * 232, -12 - up)]
        sheet.stroke(slope, (62, 60, 58), darker(dough, 0.26))
        drips: list[Point] = [(0, -296 - up, 1)]
        for k in range(1, 6):
            t = k / 5
            drips.append((side * 254 * t, -296 - up + 262 * t))
        edge = []
        for k in range(6):
            t = 1 - (k + 0.5) / 6
            edge.append((side * (244 * t - 6), -250 - up + 262 * t + 12))
            edge.append((side * (244 * (t - 0.07)), -272 - up + 262 * (t - 0.07)))
        sheet.shape([*drips, *edge, (0, -262 - up, 1)], icing)
    for side in (-1, 1):
        for k in range(5):
            t = (k + 0.6) / 5
            x, y = side * 232 * t, -262 - up + 244 * t
            sheet.oval(x, y, 20, 19, vary((*hues, GOLD)[k % 3], rng, 0.02))
            sheet.oval(x - 6, y - 7, 5, 4, icing)
    sheet.oval(0, -286 - up, 27, 26, hues[0])
    sheet.oval(-8, -295 - up, 6, 5, icing)


def _sweet_window(sheet: Sheet, x: float, y: float, trim: str, icing: str) -> None:
    sheet.shape(board(x - 42, y - 46, x + 42, y + 46, 10), icing)
    sheet.shape(board(x - 31, y - 35, x + 31, y + 35, 6), "#f0cf86")
    sheet.stroke([(x, y - 36), (x, y + 36)], (8, 8), icing)
    sheet.stroke([(x - 32, y), (x + 32, y)], (8, 8), icing)
    for k in range(4):
        sheet.oval(x - 36 + 24 * k, y + 54, 12, 11, trim if k % 2 else "#f2dfa8")


_HELD = ("", "holding a heart", "holding a flower", "holding a mushroom")
XMAS = ("christmas", "winter")
SUBJECTS = (
    plain(
        "gnome",
        "gnome",
        ("christmas", "winter", "spring", "garden", "fantasy"),
        ("gonk", "holiday", "magic"),
        gnome,
        [{"kind": k, "wearing": h} if h else {"kind": k} for h in _HELD for k in GNOMES],
    ),
    plain("nutcracker", "nutcracker", XMAS, ("holiday", "soldier", "toy"), nutcracker, kinds(COATS)),
    plain(
        "gingerbread_house",
        "gingerbread house",
        (*XMAS, "sweets"),
        ("holiday", "candy", "cottage"),
        gingerbread_house,
        kinds(HOUSES),
    ),
)

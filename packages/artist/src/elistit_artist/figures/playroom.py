"""Robots, astronauts, game controllers, guitars and music notes: play and pastimes.

Each painter draws one thing in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from .anatomy import cheek, eye, smile
from .celestial import star_points
from .geometry import Sheet, arc, darker, lighter, mirrored, oval, trace, vary
from .solids import beside, board, poly
from .subject import Params, plain
from .variety import kinds

INK, STEEL, CREAM, GOLD = "#4f4a50", "#b9bfc4", "#f3ebdf", "#e3b95e"

ROBOTS = {
    "a blue robot": ("#8fb0c6", "#e3a25f"),
    "a mint robot": ("#97bfa9", "#d9798c"),
    "an orange robot": ("#e09a63", "#7fa0bb"),
    "a purple robot": ("#a795c6", "#e3b95e"),
}


def robot(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A boxy friendly robot, waving, holding a flower or holding a heart."""
    paint, lamp = ROBOTS[str(params.get("kind") or "a blue robot")]
    paint = vary(paint, rng, 0.015)
    pose = str(params.get("pose") or "waving")
    for side in (-1, 1):
        x = side * 58
        sheet.stroke([(x, 170), (x, 236)], (42, 42), STEEL)
        for y in (188, 208, 228):
            sheet.stroke([(x - 21, y), (x + 21, y)], (5, 5), darker(STEEL, 0.22))
        sheet.shape(trace("-44,274! -42,246 -20,230 16,230 44,248 48,274!", x, 0, side), darker(paint, 0.24))
    raised = trace("112,40 176,20 196,-70")
    hanging = trace("-112,40 -172,76 -178,146")
    for spine in (raised if pose == "waving" else trace("112,40 172,76 178,146"), hanging):
        sheet.stroke(spine, (38, 36, 34), STEEL)
        for k in (2, 4, 6):
            a, b = beside(spine, (38, 36, 34), 1, 9)[k], beside(spine, (38, 36, 34), -1, 9)[k]
            sheet.stroke([a, b], (5, 5), darker(STEEL, 0.22))
        end = spine[-1]
        sheet.shape(oval(end[0], end[1], 34, 34), darker(paint, 0.2))
        sheet.shape(oval(end[0], end[1] + (-16 if end[1] < 0 else 18), 15, 18), STEEL)
    sheet.stroke([(0, -70), (0, 0)], (52, 52), STEEL)
    sheet.shape(board(-122, -24, 122, 186, 34), paint)
    sheet.shape(board(-84, 16, 84, 118, 16), lighter(paint, 0.5))
    if pose == "with a heart on its chest":
        sheet.shape(mirrored(trace("0,44! 18,26 44,32 46,58 26,82 0,104!")), "#cf6560")
    elif pose == "with a star on its chest":
        sheet.shape(star_points(0, 68, 46, 0.5), GOLD)
    else:
        sheet.shape(arc(-38, 84, 30, 30, 180, 360, 9), "#ffffff")
        sheet.stroke([(-38, 84), (-22, 62)], (5, 4), "#c9604e")
        for k, hue in enumerate((lamp, "#7fae86", "#cf6560")):
            sheet.oval(16 + 26 * k, 52, 10, 10, hue)
        sheet.stroke([(12, 86), (72, 86)], (8, 8), darker(paint, 0.16))
    for x in (-92, 92):
        for y in (0, 158):
            sheet.oval(x, y, 8, 8, darker(paint, 0.24))
    with sheet.at(0, -150, turn=rng.uniform(-7, 7)):
        _robot_head(sheet, paint, lamp)


def _robot_head(sheet: Sheet, paint: str, lamp: str) -> None:
    sheet.stroke([(0, -84), (0, -140)], (12, 11), STEEL)
    sheet.oval(0, -150, 23, 23, lamp)
    sheet.oval(-7, -157, 6, 5, lighter(lamp, 0.6))
    for side in (-1, 1):
        sheet.shape(board(side * 150 - 20, -34, side * 150 + 20, 42, 12), darker(paint, 0.2))
    sheet.shape(board(-144, -92, 144, 92, 44), paint)
    sheet.shape(board(-112, -60, 112, 62, 32), "#48505a")
    for side in (-1, 1):
        sheet.oval(side * 48, -12, 25, 27, "#bfe0e2")
        sheet.oval(side * 48 - 7, -20, 8, 8, "#ffffff")
        sheet.oval(side * 82, 26, 15, 10, "#d98f95")
    smile(sheet, 0, 18, 27, 17, "#bfe0e2", 7)
    sheet.stroke([(-112, -70), (-40, -80), (30, -80)], (4, 11, 4), lighter(paint, 0.5))


SUITS = {
    "an astronaut": ("#eeeae2", "#cf7a5f"),
    "a blue astronaut": ("#c3d5e0", "#5f83a8"),
    "a pink astronaut": ("#f0d6d6", "#c9798a"),
}


def astronaut(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A child-like astronaut floating, holding a star, or sitting on a crescent moon."""
    suit, trim = SUITS[str(params.get("kind") or "an astronaut")]
    suit = vary(suit, rng, 0.008)
    pose = str(params.get("pose") or "floating in space")
    if "moon" in pose:
        outer, inner = arc(20, 110, 250, 240, -30, 186, 17), arc(-12, 20, 220, 206, 174, -12, 15)
        sheet.shape([(*outer[0], 1), *outer[1:-1], (*outer[-1], 1), *inner[1:-1]], "#e8cb85")
        for x, y, r in ((30, 300, 22), (150, 250, 17), (-100, 284, 14)):
            sheet.oval(x, y, r, r * 0.9, "#d3b066")
    with sheet.at(0, 0, turn=0 if "moon" in pose else rng.uniform(8, 16), flip=rng.random() < 0.5):
        sheet.shape(board(-118, -36, 118, 142, 34), darker(suit, 0.3))
        for side, knee, foot in ((-1, (-82, 206), (-104, 262)), (1, (92, 196), (136, 236))):
            sheet.stroke([(side * 48, 130), knee, foot], (78, 70, 62), darker(suit, 0.06))
            sheet.shape(oval(foot[0] + side * 8, foot[1] + 16, 50, 35, side * -24), trim)
        left, right = trace("-84,6 -158,36 -206,-18"), trace("84,6 146,70 96,112")
        if pose != "holding a star":
            right = trace("84,6 160,10 208,-54")
        for spine in (left, right):
            sheet.stroke(spine, (72, 66, 56), darker(suit, 0.06))
        sheet.shape(mirrored(trace("0,-50 76,-40 108,20 104,110 74,158 0,168")), suit)
        sheet.shape(board(-50, 30, 50, 96, 14), darker(suit, 0.16))
        for x, y, hue in ((-26, 52, "#c9604e"), (2, 52, GOLD), (28, 52, "#7fae86")):
            sheet.oval(x, y, 9, 9, hue)
        sheet.stroke([(-30, 78), (30, 78)], (8, 8), trim)
        for spine in (left, right):
            sheet.oval(spine[-1][0], spine[-1][1], 34, 33, trim)
        sheet.stroke([(-98, 132), (0, 150), (98, 132)], (15, 16, 15), trim)
        if pose == "holding a star":
            sheet.shape(star_points(66, 124, 74, 0.52, -80), "#ecca7d")
            sheet.oval(104, 128, 25, 24, trim)
        _helmet(sheet, suit, trim, rng)


def _helmet(sheet: Sheet, suit: str, trim: str, rng: np.random.Generator) -> None:
    with sheet.at(0, -132, turn=rng.uniform(-6, 6)):
        for side in (-1, 1):
            sheet.shape(oval(side * 140, 6, 27, 46), trim)
        sheet.shape(oval(0, 0, 142, 132), suit)
        sheet.shape(board(-108, -72, 108, 88, 70), darker(trim, 0.16))
        sheet.shape(board(-97, -61, 97, 78, 62), "#f2c9a6")
        sheet.shape(trace("-97,-6! -92,-44 -50,-61 40,-61 92,-44 97,-10! 60,-20 20,-40! -30,-18 -70,-12"), "#6d4c3d")
        for side in (-1, 1):
            eye(sheet, side * 38, 18, 13)
            cheek(sheet, side * 66, 42, 18)
        smile(sheet, 0, 38, 20, 12, "#8a4f40", 5)
        sheet.stroke([(-118, -36), (-96, -84), (-50, -112)], (4, 14, 4), "#ffffff")


PADS = {
    "a blue game controller": ("#86a6bf", "#f0e8dc"),
    "a black game controller": ("#55525c", "#8d8a94"),
    "a pink game controller": ("#e3a9b3", "#fbeeea"),
    "a purple game controller": ("#a391c4", "#efe8f4"),
    "a retro game controller": ("#c9c3b8", "#5a5458"),
}


def controller(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A video game controller with sticks, a cross and four colored buttons, or an old square one."""
    kind = str(params.get("kind") or "a blue game controller")
    shell, trim = PADS[kind]
    shell = vary(shell, rng, 0.012)
    with sheet.at(0, 0, turn=rng.uniform(-9, 9)):
        if "retro" in kind:
            _retro_pad(sheet, shell, trim)
            return
        for side in (-1, 1):
            sheet.shape(trace("70,-128! 86,-158 160,-156 190,-126!", wide=side), darker(shell, 0.26))
        sheet.shape(
            mirrored(trace("0,-130 90,-136 176,-132 228,-92 262,20 280,122 250,172 204,168 150,104 104,74 0,72")), shell
        )
        sheet.shape(mirrored(trace("0,-112! 76,-114! 60,-56 40,-44 0,-44!")), trim)
        sheet.stroke(trace("-196,-88 -222,-30 -236,40"), (4, 14, 4), lighter(shell, 0.45))
        for side in (-1, 1):
            sheet.shape(oval(side * 82, 30, 50, 50), darker(shell, 0.26))
            sheet.shape(oval(side * 82, 26, 36, 36), INK if shell > "#7" else "#2f2c33")
            sheet.shape(oval(side * 82, 22, 23, 22), lighter(INK, 0.2))
        x, y = -158, -48
        sheet.shape(board(x - 15, y - 46, x + 15, y + 46, 7), INK if shell > "#7" else "#2f2c33")
        sheet.shape(board(x - 46, y - 15, x + 46, y + 15, 7), INK if shell > "#7" else "#2f2c33")
        sheet.oval(x, y, 9, 9, lighter(INK, 0.25))
        for dx, dy, hue in ((0, -36, "#e3b95e"), (36, 0, "#cf6560"), (0, 36, "#7fae86"), (-36, 0, "#7fa3c9")):
            sheet.oval(158 + dx, -48 + dy, 18, 18, hue)
            sheet.oval(154 + dx, -53 + dy, 5, 5, lighter(hue, 0.6))
        for k in (-1, 1):
            sheet.shape(board(k * 26 - 13, -12, k * 26 + 13, 2, 6), darker(shell, 0.35))


def _retro_pad(sheet: Sheet, shell: str, dark: str) -> None:
    sheet.stroke([(0, -120), (10, -180), (70, -200), (80, -250)], (15, 15, 15), dark)
    sheet.shape(board(-270, -124, 270, 124, 18), shell)
    sheet.shape(board(-248, -92, 248, 104, 12), dark)
    sheet.shape(board(-70, -20, 84, 76, 10), shell)
    x, y = -160, 8
    sheet.shape(board(x - 21, y - 62, x + 21, y + 62, 6), lighter(shell, 0.5))
    sheet.shape(board(x - 62, y - 21, x + 62, y + 21, 6), lighter(shell, 0.5))
    sheet.oval(x, y, 12, 12, darker(shell, 0.2))
    for k in (0, 1):
        sheet.shape(board(-52 + 66 * k, 16, 2 + 66 * k, 38, 10), dark)
        bx = 138 + 70 * k
        sheet.shape(board(bx - 33, 2, bx + 33, 68, 8), shell)
        sheet.shape(oval(bx, 35, 27, 27), "#bf4a44")
        sheet.oval(bx - 8, 26, 7, 6, "#ea9a90")
    for y2 in (-68, -48):
        sheet.stroke([(-64, y2), (80, y2)], (7, 7), shell)


GUITARS = {
    "an acoustic guitar": ("#d39b59", "#8f5f3f"),
    "a dark acoustic guitar": ("#8f5a41", "#5f4034"),
    "a red electric guitar": ("#bf4a44", "#f3ebdf"),
    "a blue electric guitar": ("#6f97b8", "#f3ebdf"),
}


def guitar(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A guitar leaning, acoustic or electric."""
    kind = str(params.get("kind") or "an acoustic guitar")
    top, trim = GUITARS[kind]
    top = vary(top, rng, 0.015)
    electric = "electric" in kind
    neck = "#7d5842"
    with sheet.at(0, 0, turn=rng.uniform(20, 32)):
        if electric:
            sheet.shape(
                trace(
                    "-20,20! -66,-6 -104,-56! -132,0 -112,66 -124,140 -150,214 -108,284 0,304 116,282 152,206 "
                    "116,136 108,70 126,6 108,-36! 62,10 20,20!"
                ),
                top,
            )
            sheet.shape(trace("-22,40! -70,36 -88,80 -70,150 -84,214 -20,232! 40,190 66,110 22,60!"), trim)
        else:
            sheet.shape(
                mirrored(trace("0,-20 60,-16 106,18 114,70 96,118 112,160 152,220 144,290 84,330 0,336")),
                darker(trim, 0.06),
            )
            sheet.shape(mirrored(trace("0,-6 54,-4 94,26 100,70 82,116 98,166 136,222 128,282 76,316 0,322")), top)
            sheet.shape(oval(0, 108, 52, 52), darker(trim, 0.2))
            sheet.shape(oval(0, 108, 42, 42), "#46362f")
            sheet.shape(trace("52,116 92,140 98,190 60,196 44,156"), darker(trim, 0.2))
        sheet.shape(poly("-20,-268 20,-268 25,84 -25,84"), neck)
        for k in range(10):
            y = -250 + 33 * k
            sheet.stroke([(-21, y), (21, y)], (4, 4), "#d9cdb8")
        for y in (-168, -102, -36):
            sheet.oval(0, y, 6, 6, CREAM)
        sheet.shape(
            trace("-22,-264! -40,-300 -32,-376! 0,-386 32,-376! 40,-300 22,-264!"),
            darker(neck, 0.2) if not electric else top,
        )
        for side in (-1, 1):
            for k in range(3):
                sheet.oval(side * 46, -296 - 28 * k, 13, 9, STEEL)
        bridge = 232 if not electric else 226
        if electric:
            for y in (110, 168):
                sheet.shape(board(-42, y - 14, 42, y + 14, 8), INK)
                for k in range(6):
                    sheet.oval(-26 + 10.4 * k, y, 3.4, 3.4, STEEL)
            for x, y in ((78, 214), (56, 250)):
                sheet.oval(x, y, 16, 16, GOLD)
        sheet.shape(board(-54, bridge - 13, 54, bridge + 13, 8), "#5f4538" if not electric else STEEL)
        for k in range(6):
            u = (k - 2.5) / 2.5
            sheet.stroke([(u * 15, -290), (u * 21, bridge)], (2.6, 2.6), "#efe6d6")
        if not electric:
            sheet.stroke(trace("-78,40 -86,80 -72,118"), (3, 12, 3), lighter(top, 0.5))


NOTES = {"a music note": INK, "a pair of music notes": "#6f5f8f", "a treble clef": "#b5654f"}


def music_note(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A single note, two joined ones, or a treble clef."""
    kind = str(params.get("kind") or "a music note")
    ink = vary(NOTES[kind], rng, 0.03)
    with sheet.at(0, 0, turn=rng.uniform(-6, 8)):
        if "clef" in kind:
            sheet.stroke(
                [
                    (2, 76),
                    (-44, 60),
                    (-50, 4),
                    (6, -34),
                    (76, -8),
                    (88, 76),
                    (30, 140),
                    (-60, 134),
                    (-118, 60),
                    (-92, -40),
                    (-10, -126),
                    (56, -210),
                    (46, -290),
                    (10, -310),
                    (-18, -250),
                    (-6, -120),
                    (18, 40),
                    (40, 190),
                    (34, 262),
                    (-14, 292),
                    (-56, 268),
                ],
                (14, 22, 26, 26, 28, 30, 26, 24, 27, 24, 22, 20, 17, 17, 18, 18, 18, 18, 17, 16, 16),
                ink,
            )
            sheet.oval(-52, 254, 30, 29, ink)
            return
        if "pair" in kind:
            for x in (-126, 126):
                sheet.stroke([(x + 60, 150), (x + 60, -190)], (23, 23), ink)
                sheet.shape(oval(x, 162, 78, 56, -22), ink)
                sheet.stroke([(x - 40, 158), (x - 22, 138), (x + 4, 128)], (3, 11, 3), lighter(ink, 0.45))
            sheet.shape(poly("-78,-212 198,-262 198,-188 -78,-138"), ink)
            sheet.shape(poly("-78,-110 198,-160 198,-120 -78,-70"), ink)
            return
        sheet.stroke([(64, 150), (64, -250)], (25, 25), ink)
        sheet.shape(oval(-10, 164, 92, 66, -22), ink)
        sheet.stroke([(-58, 158), (-36, 134), (-4, 122)], (3, 13, 3), lighter(ink, 0.45))
        sheet.shape(trace("54,-258! 76,-258! 96,-190 160,-136 172,-60 140,14! 144,-60 112,-104 76,-124!"), ink)


SUBJECTS = (
    plain(
        "robot",
        "robot",
        ("toys", "baby"),
        ("toy", "android", "science"),
        robot,
        kinds(ROBOTS, ("waving", "with a heart on its chest", "with a star on its chest")),
    ),
    plain(
        "astronaut",
        "astronaut",
        ("celestial", "baby"),
        ("space", "cosmonaut", "spaceman"),
        astronaut,
        kinds(SUITS, ("floating in space", "holding a star", "sitting on a moon")),
    ),
    plain(
        "controller",
        "game controller",
        ("gaming",),
        ("game", "gamer", "video", "console"),
        controller,
        kinds(PADS),
    ),
    plain("guitar", "guitar", ("music",), ("instrument", "band", "country"), guitar, kinds(GUITARS)),
    plain("music_note", "music note", ("music",), ("melody", "song", "band"), music_note, kinds(NOTES)),
)

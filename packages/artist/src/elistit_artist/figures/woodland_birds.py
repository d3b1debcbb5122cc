"""Birds of wood and garden: the owl and a family of round songbirds on twigs.

Each painter draws one bird in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import accessories
from .anatomy import Face, blush, cheek, eye
from .geometry import Point, Sheet, darker, flipped, leaf, lighter, mirrored, mix, trace, vary
from .subject import Params, plain

OWLS = {
    "a brown owl": ("#9c7350", "#ecd6b4", "#6f4f3a"),
    "a gray owl": ("#9b958d", "#ece5d9", "#6a6460"),
    "a barn owl": ("#cfa46c", "#f6ead8", "#a67c4c"),
    "a snowy owl": ("#e3ddd2", "#f8f2e8", "#a59c92"),
}


def owl(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A plump owl facing us, on a branch or on its feet, awake or asleep."""
    main, light, dark = OWLS[str(params.get("kind") or "a brown owl")]
    main = vary(main, rng, 0.015)
    wearing = str(params.get("wearing") or "")
    asleep = params.get("pose") == "sleeping on a branch"
    perched = str(params.get("pose") or "").endswith("on a branch")
    face = Face(turn=rng.uniform(-0.4, 0.4), mood="closed" if asleep else "open")
    for way, size in ((108, 130), (72, 130), (90, 142)):
        sheet.shape(leaf((0, 176), way, size, 46, "round"), darker(main, 0.22 if way == 90 else 0.3))
    sheet.shape(mirrored(trace("0,-60 80,-40 122,40 128,130 96,206 40,232 0,236")), main)
    sheet.shape(mirrored(trace("0,10 58,20 84,90 78,160 44,210 0,222")), light)
    for row in range(4):
        count = 5 - row % 2 - (row == 3)
        for k in range(count):
            x, y = (k - (count - 1) / 2) * 31, 76 + 32 * row
            sheet.stroke(trace("-11,-3 0,7 11,-3", x, y), (1.5, 5.5, 1.5), mix(dark, light, 0.25))
    for side in (-1, 1):
        wing: list[Point] = trace("84,0 124,40 146,110 138,172 112,214! 104,186 92,198! 86,160 80,90")
        sheet.shape(wing if side > 0 else flipped(wing), dark)
        for k in range(3):
            x, y = side * (106 + 6 * (k % 2)), 84 + 34 * k
            sheet.stroke(
                [(x - side * 8, y), (x + side * 4, y + 12), (x + side * 16, y + 2)], (1.5, 5, 1.5), lighter(dark, 0.3)
            )
    if perched:
        _branch(sheet, 0, 246, 420, rng)
    for side in (-1, 1):
        for k in (-1, 0, 1):
            sheet.shape(leaf((side * 40 + k * 5, 222), 90 - k * 26, 36, 17, "round"), "#d6a059")
    with sheet.at(0, 34):
        accessories.at_neck(sheet, wearing, 100, rng)
    with sheet.at(0, -40, turn=rng.uniform(-5, 5)):
        _owl_head(sheet, main, light, dark, face)
        accessories.on_head(sheet, wearing, -78, rng)


def _owl_head(sheet: Sheet, main: str, light: str, dark: str, face: Face) -> None:
    sheet.shape(mirrored(trace("0,-78 40,-78 72,-92 108,-130! 114,-80 128,-30 126,24 96,70 44,88 0,90")), main)
    sheet.shape(mirrored(trace("0,-22! 30,-62 76,-98 104,-120! 96,-76 66,-56 30,-24")), dark)
    for side in (-1, 1):
        sheet.oval(face.x(side * 50, 8), 12, 57, 58, light)
    for side in (-1, 1):
        sheet.oval(face.x(side * 48, 10), 10, 39, 40, mix(main, light, 0.45))
    blush(sheet, face, 78, 56, 14)
    for side in (-1, 1):
        eye(sheet, face.x(side * 46, 12), 10, 23, face.mood)
    x = face.x(0, 14)
    sheet.shape(trace("-15,26 0,20 15,26 9,48 0,64! -9,48", x, 0), "#d6a059")


def _branch(sheet: Sheet, x: float, y: float, length: float, rng: np.random.Generator, leaves: bool = True) -> None:
    bark = vary("#84644c", rng, 0.02)
    half = length / 2
    if leaves:
        for px, way, size in (
            (-half * 0.86, -140, 60),
            (-half * 0.8, 150, 52),
            (half * 0.84, -46, 62),
            (half * 0.72, 36, 54),
            (half * 0.95, -8, 56),
        ):
            sheet.shape(leaf((x + px, y), way, size, size * 0.5, "lance"), vary("#869a66", rng, 0.04))
    sheet.stroke(
        [(x - half, y + 6), (x - half * 0.4, y - 4), (x + half * 0.3, y + 4), (x + half, y - 8)], (15, 24, 22, 11), bark
    )
    for k in range(3):
        px = x - half * 0.6 + half * 0.5 * k
        sheet.stroke(trace("0,2 20,4 40,2", px, y), (1, 4, 1), darker(bark, 0.34))


@dataclass(frozen=True)
class Plumage:
    """Back, breast, belly, cap and wing-bar colors of one songbird."""

    back: str
    breast: str
    belly: str
    cap: str = ""
    cheek: str = ""
    crest: bool = False
    beak: str = "#d79a4c"


BIRDS = {
    "a robin": Plumage("#8d7156", "#cf6a3d", "#f1e6d4", beak="#7b6350"),
    "a blue tit": Plumage("#8fa37a", "#e9cf83", "#f2e2a8", cap="#7497b5", cheek="#f4efe4", beak="#5a5458"),
    "a bluebird": Plumage("#6f98b8", "#d08a5d", "#f3ead9", beak="#5d5a60"),
    "a cardinal": Plumage("#b9473e", "#c9594a", "#cf6a58", cap="", crest=True, beak="#e0a14f"),
    "a sparrow": Plumage("#a37c58", "#d9c1a2", "#efe4d2", cap="#86583c", cheek="#ece2d2", beak="#6b5a50"),
    "a goldfinch": Plumage("#c79a45", "#e8c468", "#f3e0a4", cap="#4a4242", beak="#d79a6c"),
    "a chickadee": Plumage("#a39c94", "#e6d9c6", "#f2e9dc", cap="#47413f", cheek="#f4efe6", beak="#4a4444"),
}


def songbird(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round bird in profile on a twig, looking left, with leaves or berries."""
    kind = str(params.get("kind") or "a robin")
    look = BIRDS[kind]
    back = vary(look.back, rng, 0.02)
    dark = darker(back, 0.3)
    with sheet.at(0, 0, flip=rng.random() < 0.5, turn=rng.uniform(-6, 4)):
        sheet.shape(trace("84,12 150,34 232,84 248,104! 222,110 206,122! 140,96 76,76"), dark)
        if look.crest:
            sheet.shape(trace("-84,-100 -62,-146 -18,-188! -16,-150 6,-150! 6,-108 -20,-92"), back)
        sheet.shape(
            trace(
                "-118,-46 -112,-90 -80,-122 -38,-124 2,-104 40,-60 96,-12 134,34 112,78 50,114 "
                "-20,122 -80,96 -112,46 -122,0"
            ),
            back,
        )
        sheet.shape(
            trace("-118,-40 -88,-46 -56,-38 -30,-4 -14,40 0,84 10,116 -22,122 -80,96 -112,46 -122,0"), look.breast
        )
        sheet.shape(trace("-70,100 -40,74 10,66 60,76 96,84 50,113 -18,121"), look.belly)
        if look.cheek:
            sheet.shape(trace("-118,-54 -96,-66 -54,-62 -34,-40 -48,-16 -88,-18 -116,-34"), look.cheek)
        if look.cap:
            sheet.shape(trace("-115,-72 -106,-100 -78,-122 -38,-124 -6,-108 -12,-90 -44,-82 -84,-74"), look.cap)
        _wing(sheet, back, dark)
        sheet.shape(trace("-112,-62 -152,-46! -114,-34"), look.beak)
        cheek(sheet, -56, -26, 17)
        eye(sheet, -78, -58, 12.5)
        for x in (-18, 22):
            sheet.stroke([(x, 112), (x - 4, 150)], (8, 7), "#8a6a50")
    _twig(sheet, rng, DRESS.get(str(params.get("pose") or ""), "leaves"))


def _wing(sheet: Sheet, back: str, dark: str) -> None:
    sheet.shape(
        trace("-26,-16 8,-42 58,-24 108,18 150,62! 118,58 112,78! 84,64 74,82! 40,62 0,40"), mix(back, dark, 0.55)
    )
    sheet.shape(trace("-14,-12 12,-28 48,-14 70,14 48,34 12,24"), lighter(back, 0.2))
    for k in range(3):
        sheet.stroke([(66 + 8 * k, 14 + 12 * k), (92 + 8 * k, 30 + 12 * k)], (4, 1.5), lighter(back, 0.35))


def _twig(sheet: Sheet, rng: np.random.Generator, dress: str) -> None:
    _branch(sheet, 0, 156, 430, rng, leaves=dress == "leaves")
    if dress == "leaves":
        return
    for px, way, size in ((-186, -130, 52), (-168, 140, 44), (176, -50, 50), (150, 40, 46)):
        sheet.shape(leaf((px, 154), way, size, size * 0.42, "lance"), vary("#7d9360", rng, 0.04))
    for px, py in ((-196, 128), (-176, 186), (-208, 164), (196, 120), (214, 150), (168, 188)):
        if dress == "berries":
            sheet.oval(px, py, 12, 12.5, vary("#b24a3f", rng, 0.04))
        elif px in (-208, 214, -176):
            accessories.flower(sheet, px, py, 27, vary("#e8b3ab", rng, 0.04), rng)


DRESS = {"on a leafy twig": "leaves", "on a twig with berries": "berries", "on a blossoming twig": "blossom"}
SUBJECTS = (
    plain(
        "owl",
        "owl",
        ("woodland", "birds", "halloween"),
        ("animal", "bird", "forest", "night", "owl"),
        owl,
        [
            {"kind": k, "pose": p, "wearing": w}
            for w, p in (
                ("", "sitting on a branch"),
                ("a leaf crown", "standing"),
                ("a knitted scarf", "sitting on a branch"),
                ("a flower crown", "sleeping on a branch"),
                ("a little hat", "standing"),
                ("a bow tie", "standing"),
                ("", "sleeping on a branch"),
            )
            for k in OWLS
        ],
    ),
    plain(
        "bird",
        "songbird",
        ("woodland", "birds", "garden", "spring", "christmas"),
        ("animal", "bird", "robin", "forest", "garden"),
        songbird,
        [{"kind": k, "pose": d} for d in DRESS for k in BIRDS],
    ),
)

"""Faces in one line, and animals for the nursery.

Composers only; faces are drawn here from curves of our own, animals are the catalogue's figures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from elistit_artist.compose import places, plants
from elistit_artist.compose.canvas import Canvas
from elistit_artist.compose.composer import Composer, Kind, listed
from elistit_artist.compose.sky import crescent, ridge, stars
from elistit_artist.figures.celestial import cloud_points
from elistit_artist.figures.geometry import Point, blob, mix, trace, vary

# Lines of a face on a field about 100 wide and 130 high; "!" marks a sharp turn.
_PROFILE = (
    "60,10 47,13 38,22 34.5,33 33.5,40 33,44 28.5,52 22.5,60! 24.5,63.5 29.5,64.5! 28.5,67 25,70.5 26.5,73 31.5,73.6! 27,75 "
    "27.5,79 31.5,81.5! 30.5,84.5 30.5,90 36,95.5 45,94.5 58,87 66,76",
    "48,94 49,104 45,115 32,123 14,127",
    "72,70 71,86 73,104 82,116 100,122",
    "38,47 42.5,50 49,48.6 52,46.5",
    "36,38.5 43,34.5 51,35.5 55,38",
    "68,52 73,48 77,52 75,59 70,63 68,60",
)
_FRONT = (
    "17,37 26,31.5 36,32.5 43,39 45,50 42.5,60 43,65 48,66.5 53,65 55.5,62",
    "57,35 66,30.5 76,33 82,37",
    "20,45 28,49.5 38,46.5",
    "59,46.5 69,49.5 78,45",
    "37.5,79 44,76 48.5,77.4 53,76 60.5,79 49,80.6 37.5,79 42,83.5 49,86 56,83.5 60.5,79",
    "15,20 11.5,42 13.5,62 21,81 34,96 47,101.5 62,97 76,82 84.5,62 86.5,42 83,20",
    "37,98 37.5,112 30,121 10,127",
    "63,97 63,111 71,120 91,126",
)


def _lines(canvas: Canvas, lines: Sequence[str], x: float, y: float, size: float, wide: float, flip: bool) -> None:
    """Draw a face whose field has its middle at (x, y); `size` units to one of its hundredths."""
    for text in lines:
        points: list[Point] = [
            ((p[0] - 50) * size * (-1 if flip else 1) + x, (p[1] - 65) * size + y, *p[2:]) for p in trace(text)
        ]
        canvas.stroke([p[:2] for p in points], (wide * 0.8, wide, wide * 1.05, wide, wide * 0.75), canvas.colors.ink)


def line_face(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """A face in a few lines over soft color, with flowers for hair."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    flip = bool(rng.random() < 0.5)
    way = -1 if flip else 1
    x, y = w * 0.5, h * (0.60 if canvas.tall else 0.61)
    size = min(m * 0.0068, h * 0.0053)
    canvas.shape(blob(x - way * m * 0.14, y - m * 0.10, m * 0.27, m * 0.31, rng, 0.06, 9), c.tones[0])
    canvas.shape(blob(x + way * m * 0.17, y + m * 0.20, m * 0.20, m * 0.17, rng, 0.08, 8), mix(c.sun, c.ground, 0.25))
    canvas.shape(
        blob(x - way * m * 0.24, y + m * 0.34, m * 0.12, m * 0.10, rng, 0.08, 8), mix(c.leaf[0], c.ground, 0.2)
    )
    _lines(canvas, _FRONT if kind == "front" else _PROFILE, x, y, size, m * 0.0085, flip)
    spots = (
        [(64, 8, 0.125), (80, 24, 0.115), (46, 2, 0.09), (84, 44, 0.085), (62, 24, 0.075)]
        if kind != "front"
        else [(50, 6, 0.13), (26, 11, 0.105), (74, 11, 0.105), (13, 24, 0.07), (87, 24, 0.07)]
    )
    hues = [c.sun, c.accent, c.tones[2], c.tones[3], c.tones[1]]
    heads = [str(v) for v in rng.permutation(["peony", "rose", "anemone", "poppy", "cosmos"])]
    for px, py, r in spots:
        sx, sy = (px - 50) * size * way + x, (py - 65) * size + y
        lean = -90 + (px - 56) * 1.5 * way
        for d in (-34, 30):
            name = str(rng.choice(["olive", "eucalyptus", "leafy", "slender"]))
            plants.sprig(canvas, name, sx, sy, lean + d + rng.normal(0, 5), m * r * 1.9, rng)
    for k, (px, py, r) in enumerate(spots):
        sx, sy = (px - 50) * size * way + x, (py - 65) * size + y
        plants.bloom(canvas, heads[k % 3], sx, sy, m * r * 0.92, rng, hues[k])


ANIMALS: tuple[tuple[str, str], ...] = (
    ("fox", "sitting"), ("bear", "sitting"), ("rabbit", "sitting"), ("elephant", "sitting"), ("lion", "sitting"),
    ("giraffe", "standing"), ("deer", "standing"), ("owl", "sitting"), ("koala", "sitting"), ("panda", "sitting"),
    ("hedgehog", "sitting"), ("penguin", "standing"),
)  # fmt: skip


def guest(canvas: Canvas, rng: np.random.Generator) -> tuple[str, dict[str, object]]:
    """The figure that was asked for, or an animal of the composer's own choice."""
    if canvas.guest:
        return canvas.guest
    code, pose = ANIMALS[int(rng.integers(0, len(ANIMALS)))]
    return code, {"pose": pose, "wearing": ""}


def nursery(canvas: Canvas, rng: np.random.Generator, kind: str) -> None:
    """One figure: on a hill, on the moon, in a wreath, or in one of the places."""
    code, params = guest(canvas, rng)
    if kind in places.PLACES:
        places.show(canvas, rng, kind, code, params)
    else:
        {"moon": _on_moon, "wreath": _in_wreath}.get(kind, _on_hill)(canvas, rng, code, params)


def _on_moon(canvas: Canvas, rng: np.random.Generator, code: str, params: dict[str, object]) -> None:
    """On a crescent moon above clouds."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    r = m * 0.40
    x, y = w * 0.5, h * 0.47
    pale = mix(c.sun, "#fff1d6", 0.42)
    canvas.shape(crescent(x, y, r, 0.27, 62), pale)
    stars(canvas, rng, 34, c.sun if c.dark else c.accent, [(x, y, r * 1.02)], 0.94)
    cloud = mix(c.tones[0], "#ffffff", 0.3) if not c.dark else c.tones[0]
    for dx, dy, size in ((-0.30, 0.40, 0.15), (0.28, 0.47, 0.19)):
        canvas.shape(cloud_points(x + dx * w, y + dy * h * 0.86, size * m), vary(cloud, rng, 0.01))
    canvas.figure(code, params, rng, x - r * 0.04, y + r * 0.12, r * 1.02)


def _in_wreath(canvas: Canvas, rng: np.random.Generator, code: str, params: dict[str, object]) -> None:
    """In a wreath of flowers."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    x, y = w * 0.5, h * 0.48
    canvas.disc(x, y, m * 0.30, mix(c.tones[0], c.ground, 0.35), rng, 0.006)
    canvas.figure("wreath", {"color": MOOD_OF.get(c.code, "in blush and sage")}, rng, x, y, m * 0.88)
    canvas.figure(code, params, rng, x, y + m * 0.015, m * 0.46)


def _on_hill(canvas: Canvas, rng: np.random.Generator, code: str, params: dict[str, object]) -> None:
    """On a hill between flowers."""
    c = canvas.colors
    w, h = canvas.w, canvas.h
    m = min(w, h)
    canvas.disc(w * rng.choice([0.28, 0.72]), h * 0.22, m * 0.115, c.sun, rng, 0.006)
    cloud = mix(c.tones[0], "#ffffff", 0.25) if not c.dark else c.tones[0]
    for fx, fy, size in ((0.24, 0.33, 0.10), (0.76, 0.39, 0.12)):
        canvas.shape(cloud_points(w * fx, h * fy, m * size), vary(cloud, rng, 0.01))
    ridge(canvas, h * 0.70, h * 0.02, rng, c.tones[1], 1.4)
    ridge(canvas, h * 0.80, h * 0.018, rng, mix(c.leaf[0], c.ground, 0.15), 1.1)
    size = m * (0.60 if canvas.tall else 0.54)
    canvas.figure(code, params, rng, w * 0.5, h * 0.865 - size * 0.47, size)
    for side in (-1, 1):
        for k in range(3):
            x = w * (0.5 + side * (0.30 + 0.075 * k)) + rng.uniform(-12, 12)
            tall = h * rng.uniform(0.10, 0.19)
            if k == 1:
                plants.flower(
                    canvas,
                    str(rng.choice(["daisy", "cosmos", "poppy"])),
                    x,
                    h * 0.95,
                    -90 + rng.normal(0, 6),
                    tall,
                    32,
                    rng,
                    plants.bloom_colors(canvas)[int(rng.integers(0, 5))],
                )
            else:
                plants.sprig(
                    canvas,
                    str(rng.choice(["fern", "olive", "leafy"])),
                    x,
                    h * 0.96,
                    -90 + side * 8 + rng.normal(0, 6),
                    tall,
                    rng,
                    c.leaf[1],
                )


# Scheme → the color mood in which flower arrangements are drawn for it.
MOOD_OF: dict[str, str] = {
    "terracotta": "in terracotta", "sage": "in white and green", "blush": "in blush and sage", "coast": "in blue and white",
    "retro": "in terracotta", "linen": "in white and green", "lavender": "of wild meadow flowers", "forest": "in autumn colors",
    "autumn": "in autumn colors", "pastel": "in blush and sage", "citrus": "of wild meadow flowers", "jewel": "in autumn colors",
    "mono": "in white and green", "midnight": "in blue and white", "plum": "in blush and sage",
}  # fmt: skip

COMPOSERS = (
    Composer(
        "line_face",
        "Line Face",
        listed(
            "line art|line face|line drawing|face|faces|woman|women|lady|girl|female|portrait|one line|"
            "one line art|continuous line|picasso|feminine|frau|mujer|femme"
        ),
        (
            Kind("profile", "a woman's profile in one line, with flowers for hair", listed("profile|side")),
            Kind("front", "a face in one line, with flowers for hair", listed("front|picasso|abstract face")),
        ),
        ("terracotta", "blush", "sage", "linen", "retro"),
        line_face,
    ),
    Composer(
        "nursery",
        "Nursery Animal",
        listed(
            "nursery|baby|kids|kids room|children|child|toddler|playroom|animal|animals|nursery animal|"
            "nursery animals|baby animals|kinderzimmer|woodland animals|safari animals|newborn"
        ),
        (
            Kind("hill", "on a flowery hill"),
            Kind(
                "moon", "on a crescent moon", listed("moon|night|sleep|sleepy|sleeping|stars|dreamy|bedtime|goodnight")
            ),
            Kind("wreath", "in a wreath of flowers", listed("wreath|flower|flowers|floral|florals|girl")),
            *places.KINDS,
        ),
        ("pastel", "sage", "blush", "coast", "linen"),
        nursery,
    ),
)

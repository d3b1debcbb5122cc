"""Arrangements of flowers and greenery: wreath, bouquet, corner, swag, garland and a little posy in a jar.

They are woven from the same sprigs and blooms as the single figures, in a few color moods; nothing else is drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .botanicals import eucalyptus, fern, grow, lavender, leafy, olive, stem
from .florals import HEADS
from .geometry import Point, Sheet, arc, darker, leaf, lighter, mirrored, toward, trace, vary
from .subject import Params, plain


@dataclass(frozen=True)
class Mood:
    """Two greens, and blooms as (head, color), the leading one first; berries between them."""

    greens: tuple[str, str]
    blooms: tuple[tuple[str, str], ...]
    berry: str


MOODS = {
    "in blush and sage": Mood(
        ("#8fa48e", "#7d9072"), (("rose", "#d59a94"), ("anemone", "#f2e9df"), ("peony", "#e2b3ae")), "#b9857c"
    ),
    "in terracotta": Mood(
        ("#9a9a6d", "#8b8a60"), (("poppy", "#c9714e"), ("rose", "#dba37c"), ("daisy", "#f3e6d2")), "#8a4b38"
    ),
    "in blue and white": Mood(
        ("#8aa093", "#74907f"), (("hydrangea", "#8fa6c2"), ("anemone", "#f1ebe4"), ("daisy", "#f4ede2")), "#5f7391"
    ),
    "in autumn colors": Mood(
        ("#a59a5c", "#8d8850"), (("sunflower", "#d9a047"), ("rose", "#b8603f"), ("daisy", "#efd9b4")), "#8f3f36"
    ),
    "in white and green": Mood(
        ("#86a082", "#728f6c"), (("rose", "#efe2cb"), ("anemone", "#f5eee2"), ("daisy", "#f4ede0")), "#a9b58a"
    ),
    "of wild meadow flowers": Mood(
        ("#8ea06c", "#7b935f"), (("poppy", "#cc6046"), ("cosmos", "#d9a0ae"), ("daisy", "#f4ebdd")), "#6d7fa6"
    ),
}


def _mood(params: Params) -> Mood:
    return MOODS[str(params.get("color") or "in blush and sage")]


def _sprig(
    sheet: Sheet, origin: Sequence[float], way: float, length: float, mood: Mood, rng: np.random.Generator, pick: int
) -> None:
    green = vary(mood.greens[pick % 2], rng, 0.04)
    if pick % 4 == 0:
        olive(sheet, origin, way, length, rng, green)
    elif pick % 4 == 1:
        eucalyptus(sheet, origin, way, length * 0.94, rng, green)
    elif pick % 4 == 2:
        leafy(sheet, origin, way, length * 0.86, rng, green)
    else:
        olive(sheet, origin, way, length * 0.96, rng, green, berry=mood.berry)


def _bloom(sheet: Sheet, x: float, y: float, r: float, mood: Mood, rng: np.random.Generator, pick: int) -> None:
    head, color = mood.blooms[pick % len(mood.blooms)]
    HEADS[head](sheet, x, y, r, rng, vary(color, rng, 0.02))


def _tucked(
    sheet: Sheet, x: float, y: float, r: float, mood: Mood, rng: np.random.Generator, ways: Sequence[float]
) -> None:
    """Leaves behind a bloom."""
    for k, way in enumerate(ways):
        sheet.shape(
            leaf(toward((x, y), way, r * 0.5), way, r * 1.05, r * 0.46, "lance"),
            vary(darker(mood.greens[k % 2], 0.08), rng, 0.04),
        )


def wreath(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A ring of sprigs with blooms gathered at the lower left and a smaller group opposite."""
    mood, radius = _mood(params), 330.0
    for ring in range(2):
        for i in range(12):
            way = 30 * i + 15 * ring + rng.normal(0, 2.5)
            foot = toward((500, 500), way, radius + (14 if ring else -14))
            _sprig(sheet, foot, way + 90 + (15 if ring else -13) + rng.normal(0, 4), 265, mood, rng, i + ring)
    for k, (way, r, pick) in enumerate(
        ((112, 62, 2), (166, 58, 2), (126, 88, 0), (151, 78, 1), (-42, 66, 1), (-26, 50, 2), (-58, 46, 0))
    ):
        x, y = toward((500, 500), way, radius + (10 if k % 2 else -6))
        _tucked(sheet, x, y, r, mood, rng, (way + 40, way - 50, way + 150, way - 140))
        _bloom(sheet, x, y, r, mood, rng, pick)


def bouquet(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A hand-tied bunch: fanned greens, a dome of blooms, stems below the ribbon."""
    mood = _mood(params)
    knot = (500.0, 730.0)
    for k in range(7):
        x = -72 + 24 * k
        sheet.stroke(
            [
                (knot[0] + x * 0.25, knot[1] - 30),
                (knot[0] - x * 0.2, knot[1] + 70),
                (knot[0] - x * 1.25, knot[1] + 214 - abs(x) * 0.4),
            ],
            (9, 9, 8),
            vary(darker(mood.greens[k % 2], 0.14), rng, 0.03),
        )
    for k, way in enumerate((-152, -28, -134, -46, -118, -62, -104, -76, -90)):
        length = (430, 430, 510, 510, 560, 560, 580, 580, 600)[k] * rng.uniform(0.94, 1.05)
        if k in (4, 5):
            lavender(sheet, (knot[0], knot[1] - 40), way, length, rng, vary(mood.berry, rng, 0.04), mood.greens[1])
        elif k in (2, 3):
            fern(sheet, (knot[0], knot[1] - 40), way, length * 0.95, rng, mood.greens[0])
        else:
            _sprig(sheet, (knot[0], knot[1] - 40), way, length, mood, rng, k)
    spots = (
        (352, 436, 74, 2),
        (650, 430, 76, 1),
        (500, 330, 84, 1),
        (420, 330, 56, 2),
        (590, 318, 58, 2),
        (320, 540, 62, 1),
        (682, 536, 64, 2),
        (404, 500, 92, 0),
        (600, 486, 96, 0),
        (452, 606, 66, 2),
        (560, 600, 68, 1),
        (502, 512, 72, 2),
    )
    for k, (x, y, r, pick) in enumerate(spots):
        px, py = x + rng.normal(0, 6), y + rng.normal(0, 6)
        _tucked(sheet, px, py, r, mood, rng, (200 + 40 * k, 320 + 30 * k))
        _bloom(sheet, px, py, r, mood, rng, pick)
    ribbon = lighter(mood.blooms[0][1], 0.3)
    for side in (-1, 1):
        sheet.shape(
            [
                (500, 722),
                (500 + side * 40, 676),
                (500 + side * 96, 684),
                (500 + side * 88, 736),
                (500 + side * 36, 752),
            ],
            ribbon,
        )
        sheet.stroke([(500, 736), (500 + side * 30, 800), (500 + side * 52, 872)], (16, 22, 17), darker(ribbon, 0.08))
    sheet.oval(500, 728, 24, 25, darker(ribbon, 0.14))


def corner(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Blooms in the corner with sprigs running along both edges."""
    mood = _mood(params)
    for k, (way, length) in enumerate(
        ((3, 660), (87, 660), (14, 540), (76, 540), (28, 420), (62, 420), (-8, 480), (98, 480), (45, 330))
    ):
        _sprig(sheet, (200, 200), way + rng.normal(0, 3), length * rng.uniform(0.94, 1.05), mood, rng, k)
    spots = (
        (330, 150, 62, 2),
        (150, 330, 60, 1),
        (424, 172, 54, 1),
        (172, 424, 54, 2),
        (300, 262, 66, 2),
        (262, 300, 0, 0),
        (200, 210, 112, 0),
        (332, 196, 76, 1),
        (206, 336, 78, 0),
    )
    for x, y, r, pick in spots:
        if r:
            _tucked(sheet, x, y, r, mood, rng, (10, 80, 45))
            _bloom(sheet, x + rng.normal(0, 5), y + rng.normal(0, 5), r, mood, rng, pick)


def swag(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A long low border, richest in the middle."""
    mood = _mood(params)
    for side in (-1, 1):
        for k, (lift, length) in enumerate(((-7, 560), (9, 520), (-26, 380), (26, 360), (-48, 270), (48, 250))):
            way = (180 if side < 0 else 0) + side * lift + rng.normal(0, 3)
            _sprig(sheet, (500 + side * 40, 500), way, length, mood, rng, k + (side > 0))
    for x, y, r, pick in (
        (300, 512, 56, 2),
        (702, 508, 58, 1),
        (366, 470, 64, 1),
        (640, 462, 62, 2),
        (420, 536, 74, 2),
        (588, 538, 72, 1),
        (500, 490, 104, 0),
    ):
        _tucked(sheet, x, y, r, mood, rng, (-120, -60, 70, 120))
        _bloom(sheet, x + rng.normal(0, 5), y + rng.normal(0, 5), r, mood, rng, pick)


def garland(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Greenery hanging in a curve, with a bloom at both ends and three along it."""
    mood = _mood(params)
    line = [(500 + 430 * u, 380 + 230 * (1 - u * u)) for u in np.linspace(-1, 1, 15)]
    for i in range(15):
        x, y = line[i]
        ahead = line[i + 1] if i < 7 else line[i - 1]
        way = float(np.degrees(np.arctan2(ahead[1] - y, ahead[0] - x)))
        for lift in (-30, 26):
            _sprig(sheet, (x, y), way + lift + rng.normal(0, 4), 185, mood, rng, i + (lift > 0))
    for i, r, pick in ((0, 70, 1), (14, 70, 1), (4, 56, 2), (10, 56, 2), (7, 92, 0), (6, 54, 1), (8, 56, 2)):
        x, y = line[i]
        _tucked(sheet, x, y, r, mood, rng, (60, 120, 200, 340))
        _bloom(sheet, x, y, r, mood, rng, pick)
    sheet.stroke(
        [(line[0][0], line[0][1] + 50), (line[0][0] - 20, 560), (line[0][0] + 6, 650)],
        (15, 18, 12),
        lighter(mood.blooms[0][1], 0.3),
    )
    sheet.stroke(
        [(line[14][0], line[14][1] + 50), (line[14][0] + 20, 560), (line[14][0] - 6, 650)],
        (15, 18, 12),
        lighter(mood.blooms[0][1], 0.3),
    )


def jar(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Garden flowers in a glass jar with a string bow."""
    mood = _mood(params)
    for k, (x, way, length) in enumerate(
        ((470, -112, 420), (530, -66, 420), (500, -90, 470), (480, -130, 330), (520, -50, 330))
    ):
        _sprig(sheet, (x, 640), way + rng.normal(0, 3), length, mood, rng, k)
    for k, (x, y, r, pick) in enumerate(
        (
            (400, 300, 72, 2),
            (604, 316, 78, 1),
            (500, 250, 86, 0),
            (340, 440, 66, 1),
            (664, 452, 66, 2),
            (430, 430, 84, 0),
            (566, 446, 84, 1),
            (500, 540, 64, 2),
        )
    ):
        line = grow((500, 660), float(np.degrees(np.arctan2(y - 660, x - 500))), float(np.hypot(x - 500, y - 660)), 0)
        if k < 5:
            stem(sheet, line, 10, 8, darker(mood.greens[0], 0.1))
        _bloom(sheet, x, y, r, mood, rng, pick)
    glass = "#c9d9d6"
    with sheet.at(500, 0):
        sheet.shape(mirrored(trace("0,600 86,602 92,634 124,680 130,780 122,876 84,900 0,904")), glass)
        sheet.shape(mirrored(trace("0,690 112,686 120,780 112,864 80,886 0,890")), "#aec8c8")
        for x, lean in ((-40, 26), (-8, -12), (26, 14), (52, -30)):
            sheet.stroke([(x, 700), (x + lean * 0.5, 790), (x + lean, 870)], (8, 8, 7), darker(mood.greens[1], 0.05))
        sheet.stroke(trace("-98,706 -104,780 -96,850"), (4, 13, 4), "#eef3ef")
        sheet.stroke(trace("-94,640 0,652 94,640"), (13, 13, 13), "#c2a27a")
        for side in (-1, 1):
            loop: list[Point] = trace("0,648 22,622 54,628 46,662 16,664", wide=side)
            sheet.shape(loop, "#cfae84")
            sheet.stroke(trace("0,652 18,690 30,730", wide=side), (8, 8, 5), "#b8976d")


def half_ring(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A crescent of greenery for a name or a date."""
    mood = _mood(params)
    for side in (-1, 1):
        for i in range(6):
            way = 90 + side * (12 + 21 * i)
            foot = toward((500, 500), way, 330)
            for lift in (-14, 15):
                _sprig(
                    sheet, foot, way + side * (90 + lift) + rng.normal(0, 4), 215 - 12 * i, mood, rng, i + (lift > 0)
                )
    for x, y in arc(500, 500, 330, 330, 52, 128, 5):
        _tucked(sheet, x, y, 60, mood, rng, (70, 110, 250, 290))
    for (x, y), r, pick in zip(arc(500, 500, 330, 330, 50, 130, 5), (54, 72, 96, 74, 56), (2, 1, 0, 1, 2), strict=True):
        _bloom(sheet, x, y, r, mood, rng, pick)


_ALL = [{"color": c} for c in MOODS]
_THEMES = ("floral", "botanical", "wedding", "boho")

SUBJECTS = (
    plain("wreath", "floral wreath", (*_THEMES, "woodland"), ("ring", "frame", "flowers"), wreath, _ALL),
    plain("bouquet", "bouquet", _THEMES, ("bunch", "flowers", "bridal"), bouquet, _ALL),
    plain("corner", "floral corner", _THEMES, ("frame", "flowers"), corner, _ALL),
    plain("border", "floral border", _THEMES, ("swag", "divider", "flowers"), swag, _ALL),
    plain("garland", "floral garland", _THEMES, ("swag", "hanging", "flowers"), garland, _ALL),
    plain("crescent", "floral crescent", _THEMES, ("half wreath", "frame", "flowers"), half_ring, _ALL),
    plain("jar", "jar of garden flowers", (*_THEMES, "kitchen", "farm"), ("vase", "mason jar", "flowers"), jar, _ALL),
)

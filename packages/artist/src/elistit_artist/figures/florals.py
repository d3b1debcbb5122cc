"""Flower heads and single stems: daisy, rose, peony, poppy, anemone, tulip, sunflower, cosmos, hydrangea.

A head painter draws at (x, y) with radius ``r``, so that stems, wreaths and bouquets share the same blooms.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .botanicals import at_share, grow, stem
from .forms import in_forms, show
from .geometry import Point, Sheet, blob, darker, leaf, lighter, mix, toward, turned, vary
from .subject import Params, plain

Head = Callable[[Sheet, float, float, float, np.random.Generator, str], None]


def petal(
    x: float,
    y: float,
    degrees: float,
    length: float,
    width: float,
    rng: np.random.Generator,
    ruffle: float = 0.04,
    notch: float = 0.04,
) -> list[Point]:
    """A soft petal from its foot; ``ruffle`` waves the rim, ``notch`` dips the middle of it."""
    w = width / 2
    rim = [1 + rng.normal(0, ruffle) for _ in range(4)]
    local = [
        (0.0, 0.0),
        (length * 0.28, -w * 0.66),
        (length * 0.62, -w),
        (length * 0.88 * rim[0], -w * 0.76),
        (length * rim[1], -w * 0.34),
        (length * (1 - notch), 0.0),
        (length * rim[2], w * 0.34),
        (length * 0.88 * rim[3], w * 0.76),
        (length * 0.62, w),
        (length * 0.28, w * 0.66),
    ]
    return [(x + px, y + py) for px, py in (turned(p, degrees) for p in local)]


def daisy(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#f4ebdd") -> None:
    """Many narrow petals round a warm button."""
    count = int(rng.integers(12, 16))
    start = rng.uniform(0, 360)
    for i in range(count):
        way = start + 360 * i / count + rng.normal(0, 2.5)
        sheet.shape(
            leaf(toward((x, y), way, r * 0.16), way, r * 0.84 * rng.uniform(0.93, 1.05), r * 0.34, "petal"),
            vary(color, rng, 0.018),
        )
    sheet.shape(blob(x, y, r * 0.26, r * 0.25, rng, 0.03), vary("#d9a441", rng, 0.03))
    for _ in range(9):
        px, py = toward((x, y), rng.uniform(0, 360), r * rng.uniform(0.03, 0.2))
        sheet.oval(px, py, r * 0.026, r * 0.026, "#b57f33")


def rose(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#cf8a86") -> None:
    """A garden rose from above: rings of cupped petals closing on a spiral."""
    for ring, (reach, count, size, tone) in enumerate(
        ((0.60, 6, 0.50, 0.42), (0.46, 5, 0.44, 0.26), (0.31, 5, 0.36, 0.10), (0.17, 3, 0.28, -0.08))
    ):
        start = rng.uniform(0, 360) + 20 * ring
        for i in range(count):
            way = start + 360 * i / count + rng.normal(0, 5)
            cx, cy = toward((x, y), way, r * reach)
            shade = lighter(color, tone + rng.normal(0, 0.04)) if tone > 0 else darker(color, -tone)
            outline = [
                (cx + px, cy + py)
                for px, py in (
                    turned(p, way)
                    for p in (
                        (-r * size * 0.8, 0),
                        (-r * size * 0.5, -r * size * 0.86),
                        (r * size * 0.3, -r * size),
                        (r * size * 0.76, -r * size * 0.5),
                        (r * size * rng.uniform(0.74, 0.88), 0),
                        (r * size * 0.76, r * size * 0.5),
                        (r * size * 0.3, r * size),
                        (-r * size * 0.5, r * size * 0.86),
                    )
                )
            ]
            sheet.shape(outline, shade)
    turn = rng.uniform(0, 360)
    ink = darker(color, 0.34)
    for a0, span, rad in ((0, 250, 0.26), (190, 230, 0.17), (60, 250, 0.09)):
        arcs = [toward((x, y), turn + a0 + span * k / 5, r * rad * (1 - 0.05 * k)) for k in range(6)]
        sheet.stroke(arcs, (r * 0.012, r * 0.04, r * 0.012), ink)


def peony(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#dd9fa4") -> None:
    """Ruffled outer petals round a full cup."""
    for reach, count, size, wide, tone in (
        (0.0, 8, 1.0, 0.72, 0.40),
        (0.0, 7, 0.80, 0.60, 0.22),
        (0.0, 6, 0.60, 0.5, 0.06),
    ):
        start = rng.uniform(0, 360)
        for i in range(count):
            way = start + 360 * i / count + rng.normal(0, 6)
            foot = toward((x, y), way, r * reach)
            shade = lighter(color, max(0.0, tone + rng.normal(0, 0.05)))
            sheet.shape(petal(*foot, way, r * size * rng.uniform(0.93, 1.04), r * wide, rng, 0.05, 0.08), shade)
    for i in range(7):
        cx, cy = toward((x, y), 360 * i / 7 + rng.uniform(-12, 12), r * 0.16)
        sheet.shape(
            blob(cx, cy, r * 0.15, r * 0.13, rng, 0.1, 8), vary(darker(color, 0.10 + 0.04 * (i % 3)), rng, 0.02)
        )
    sheet.shape(blob(x, y, r * 0.1, r * 0.09, rng, 0.1, 7), darker(color, 0.3))


def poppy(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#cc6046") -> None:
    """Four or five broad crinkled petals and a ring of dark stamens."""
    start = rng.uniform(0, 360)
    for i in (0, 2, 4, 1, 3):
        way = start + 72 * i
        sheet.shape(
            petal(x, y, way, r * rng.uniform(0.95, 1.05), r * 1.16, rng, 0.05, 0.03),
            vary(lighter(color, 0.06 * (i % 3)), rng, 0.025),
        )
    ink = "#42373a"
    for i in range(18):
        way = 20 * i + rng.normal(0, 3)
        end = toward((x, y), way, r * rng.uniform(0.24, 0.34))
        sheet.stroke([(x, y), end], (r * 0.014, r * 0.012), ink)
        sheet.oval(end[0], end[1], r * 0.027, r * 0.027, ink)
    sheet.shape(blob(x, y, r * 0.14, r * 0.13, rng, 0.04), "#8a9468")


def anemone(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#f2e9df") -> None:
    """Two rings of smooth petals round a dark eye."""
    start = rng.uniform(0, 360)
    for ring, (count, size) in enumerate(((6, 1.0), (5, 0.82))):
        for i in range(count):
            way = start + 30 * ring + 360 * i / count + rng.normal(0, 4)
            sheet.shape(
                petal(x, y, way, r * size, r * 0.74 * size, rng, 0.03, 0.02),
                vary(mix(color, "#cfc3bd", 0.16 * (1 - ring)), rng, 0.015),
            )
    ink = "#3d3a48"
    for i in range(20):
        way = 18 * i + rng.normal(0, 2)
        end = toward((x, y), way, r * rng.uniform(0.25, 0.33))
        sheet.stroke([(x, y), end], (r * 0.012, r * 0.01), ink)
        sheet.oval(end[0], end[1], r * 0.024, r * 0.024, ink)
    sheet.shape(blob(x, y, r * 0.15, r * 0.15, rng, 0.03), ink)


def sunflower(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#dfab48") -> None:
    """Two rows of pointed petals round a seeded disc."""
    start = rng.uniform(0, 360)
    for row, (count, length, tone) in enumerate(((17, 1.0, 0.14), (15, 0.88, 0.0))):
        for i in range(count):
            way = start + 11 * row + 360 * i / count + rng.normal(0, 2)
            shade = vary(darker(color, tone) if row == 0 else lighter(color, 0.06), rng, 0.02)
            sheet.shape(leaf(toward((x, y), way, r * 0.3), way, r * (length - 0.3), r * 0.24, "lance"), shade)
    sheet.shape(blob(x, y, r * 0.42, r * 0.42, rng, 0.02, 14), "#7a5439")
    sheet.shape(blob(x, y, r * 0.22, r * 0.22, rng, 0.03, 12), "#5c4032")
    for i in range(26):
        px, py = toward((x, y), 137.5 * i, r * 0.385 * math.sqrt((i + 6) / 32))
        sheet.oval(px, py, r * 0.022, r * 0.022, "#c39358")


def cosmos(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#d9a0ae") -> None:
    """Eight notched petals with a fine line each."""
    start = rng.uniform(0, 360)
    for i in (0, 2, 4, 6, 1, 3, 5, 7):
        way = start + 45 * i + rng.normal(0, 3)
        tone = vary(color, rng, 0.025)
        sheet.shape(petal(x, y, way, r * rng.uniform(0.95, 1.03), r * 0.6, rng, 0.03, 0.12), tone)
        for d in (-9, 0, 9):
            sheet.stroke(
                [toward((x, y), way + d * 0.6, r * 0.3), toward((x, y), way + d, r * 0.74)],
                (r * 0.022, 0.8),
                darker(tone, 0.16),
            )
    sheet.shape(blob(x, y, r * 0.17, r * 0.17, rng, 0.04), "#d9a441")
    for i in range(8):
        px, py = toward((x, y), 45 * i, r * 0.11)
        sheet.oval(px, py, r * 0.026, r * 0.026, "#a8762f")


def hydrangea(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#8fa6bd") -> None:
    """A dome of four-petaled florets."""
    sheet.shape(blob(x, y, r * 0.86, r * 0.78, rng, 0.04), darker(color, 0.14))
    places = [(toward((x, y), 137.5 * i, r * 0.86 * math.sqrt(i / 34)), i) for i in range(34, 0, -1)]
    for (px, py), i in places:
        turn, size = rng.uniform(0, 90), r * 0.19 * (1.1 - 0.006 * i)
        tone = vary(mix(color, "#d9c7d6", rng.uniform(0, 0.45)), rng, 0.03)
        for k in range(4):
            sheet.shape(leaf((px, py * 0.94 + y * 0.06), turn + 90 * k, size, size * 0.86, "petal"), tone)
        sheet.oval(px, py * 0.94 + y * 0.06, size * 0.13, size * 0.13, "#f2e6c4")


def tulip(sheet: Sheet, x: float, y: float, r: float, rng: np.random.Generator, color: str = "#d98f82") -> None:
    """A closed cup seen from the side; (x, y) is its middle."""
    foot = (x, y + r * 0.9)
    for way, size, tone in ((-116, 1.68, 0.2), (-64, 1.68, 0.16), (-104, 1.74, 0.06), (-76, 1.74, 0.04)):
        sheet.shape(leaf(foot, way, r * size, r * 0.86, "lance"), vary(lighter(color, tone + 0.12), rng, 0.02))
    sheet.shape(leaf(foot, -90 + rng.normal(0, 3), r * 1.7, r * 1.02, "lance"), vary(color, rng, 0.02))


HUES: dict[str, dict[str, str]] = {
    "daisy": {"a white daisy": "#f4ebdd", "a pink daisy": "#e2a6a4", "a lilac daisy": "#b7a6cb"},
    "rose": {
        "a dusty pink rose": "#cf8a86",
        "a cream rose": "#e8cfae",
        "a red rose": "#b04a48",
        "a peach rose": "#e3a57e",
    },
    "peony": {"a blush peony": "#dd9fa4", "a cream peony": "#ecd8bd", "a raspberry peony": "#b95f74"},
    "poppy": {
        "a red poppy": "#cc6046",
        "a peach poppy": "#e3a07a",
        "a blue poppy": "#86a0c0",
        "a white poppy": "#f0e6d6",
    },
    "anemone": {"a white anemone": "#f2e9df", "a blue anemone": "#8b9cc4", "a rose anemone": "#d18a95"},
    "sunflower": {"a sunflower": "#dfab48", "a russet sunflower": "#c27a45", "a pale sunflower": "#eed596"},
    "cosmos": {"a pink cosmos": "#d9a0ae", "a white cosmos": "#f1e7db", "a magenta cosmos": "#b8688c"},
    "hydrangea": {"a blue hydrangea": "#8fa6bd", "a pink hydrangea": "#cf9fae", "a green hydrangea": "#a9b98c"},
    "tulip": {
        "a coral tulip": "#d98f82",
        "a yellow tulip": "#e2bd68",
        "a purple tulip": "#9a7fa8",
        "a red tulip": "#bd534b",
    },
}
HEADS: dict[str, Head] = {
    "daisy": daisy,
    "rose": rose,
    "peony": peony,
    "poppy": poppy,
    "anemone": anemone,
    "sunflower": sunflower,
    "cosmos": cosmos,
    "hydrangea": hydrangea,
    "tulip": tulip,
}


def _stemmed(code: str) -> Callable[[Sheet, np.random.Generator, Params], None]:
    def paint(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
        hues = HUES[code]
        color = hues.get(str(params.get("kind") or ""), next(iter(hues.values())))

        def plant(on: Sheet, chance: np.random.Generator) -> None:
            _flower(on, chance, code, vary(color, chance, 0.015))

        show(sheet, rng, str(params.get("pose") or ""), plant, spread=1.5)

    return paint


def _flower(sheet: Sheet, rng: np.random.Generator, code: str, color: str) -> None:
    """One flower on its stem with two leaves, upright from (0, 0), about 800 high."""
    line = grow((0, 0), -90, 560, rng.normal(0, 16))
    green = vary("#7d9364", rng, 0.03)
    stem(sheet, line, 15, 10, green)
    tulips = code == "tulip"
    for side, t, size in ((-1, 0.04, 400), (1, 0.08, 340)) if tulips else ((-1, 0.22, 210), (1, 0.42, 190)):
        x, y, a = at_share(line, t)
        if tulips:
            sheet.shape(leaf((x, y), a + side * 19, size, 84, "lance", side * 0.10), vary(green, rng, 0.03))
            continue
        sheet.shape(leaf((x, y), a + side * 44, size, size * 0.44, "lance", side * 0.04), vary(green, rng, 0.03))
        sheet.stroke([(x, y), toward((x, y), a + side * 44, size * 0.82)], (5, 1.2), darker(green, 0.22))
    x, y, a = line[-1]
    r = {"daisy": 190.0, "sunflower": 230.0, "tulip": 150.0, "hydrangea": 215.0}.get(code, 205.0)
    if tulips:
        with sheet.at(x, y - r * 0.7, turn=a + 90):
            HEADS[code](sheet, 0, 0, r, rng, color)
    else:
        HEADS[code](sheet, x, y - r * 0.2, r, rng, color)


FLORAL = ("floral", "botanical", "wedding", "garden", "spring")
SUBJECTS = tuple(
    plain(
        code,
        code,
        (*FLORAL, *extra),
        ("flower", "bloom", "garden", *tags),
        _stemmed(code),
        in_forms(tuple(HUES[code])),
    )
    for code, extra, tags in (
        ("rose", (), ("valentine", "love")),
        ("peony", (), ("blush",)),
        ("daisy", (), ("meadow",)),
        ("poppy", (), ("meadow", "red")),
        ("tulip", ("easter",), ("spring",)),
        ("sunflower", ("farm",), ("summer", "yellow")),
        ("anemone", (), ("elegant",)),
        ("cosmos", (), ("meadow",)),
        ("hydrangea", (), ("cottage", "blue")),
    )
)

"""The zodiac, the constellations and fireworks; books and a campsite.

A sign of the zodiac is data: the strokes of its symbol, and the stars of its constellation with the lines between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .geometry import Sheet, arc, blob, darker, leaf, lighter, mix, oval, toward, trace, vary
from .subject import Params, plain


@dataclass(frozen=True)
class Sign:
    """``symbol``: strokes within 100 units of the middle. ``stars``: x,y,size; ``lines``: pairs of stars by number."""

    symbol: tuple[str, ...]
    stars: str
    lines: str


SIGNS = {
    "Aries": Sign(
        ("0,90 -2,0 -20,-62 -54,-78 -82,-50 -70,-18", "0,90 2,0 20,-62 54,-78 82,-50 70,-18"),
        "-190,60,14 -60,-10,22 90,-50,20 170,10,14 186,50,10",
        "0-1 1-2 2-3 3-4",
    ),
    "Taurus": Sign(
        ("0,-26 54,-6 60,52 0,86 -60,52 -54,-6 0,-26", "-70,-84 -44,-40 0,-26 44,-40 70,-84"),
        "-200,-120,16 -60,-20,14 0,40,24 40,20,12 70,60,12 190,-150,18 130,150,14 200,190,10",
        "0-1 1-2 2-3 3-4 3-5 4-6 6-7",
    ),
    "Gemini": Sign(
        ("-66,-84 0,-64 66,-84", "-66,84 0,64 66,84", "-30,-70 -32,0 -30,70", "30,-70 32,0 30,70"),
        "-110,-190,24 80,-170,22 -120,-60,14 70,-50,14 -140,80,16 60,70,12 -170,180,14 90,190,16 -20,-60,12",
        "0-2 2-4 4-6 1-3 3-5 5-7 2-8 8-3",
    ),
    "Cancer": Sign(
        (
            "80,-52 20,-74 -50,-58 -72,-22",
            "-80,52 -20,74 50,58 72,22",
            "-44,0 -72,-22 -50,-50 -26,-26 -44,0",
            "44,0 72,22 50,50 26,26 44,0",
        ),
        "0,-180,16 0,-40,18 -20,20,18 -160,140,16 140,180,20",
        "0-1 1-2 2-3 2-4",
    ),
    "Leo": Sign(
        ("-46,40 -70,20 -58,-10 -32,-6 -26,26 -46,40", "-34,0 -50,-60 0,-90 46,-58 30,10 22,64 48,84 74,62"),
        "-180,20,22 -190,-70,14 -120,-120,18 -60,-170,14 -20,-150,12 120,-40,16 200,60,22 90,70,14",
        "0-1 1-2 2-3 3-4 0-7 7-6 6-5 5-2",
    ),
    "Virgo": Sign(
        (
            "-84,-70 -66,-50 -66,70",
            "-66,-40 -40,-74 -22,-46 -22,70",
            "-22,-40 2,-74 22,-46 22,60 50,92",
            "22,-30 58,-60 76,-20 40,40 -2,84",
        ),
        "-200,-40,14 -110,-90,14 -30,-40,20 -10,60,14 40,190,24 110,-20,14 190,-120,16 190,40,12",
        "0-1 1-2 2-3 3-4 2-5 5-6 5-7",
    ),
    "Libra": Sign(
        ("-84,70 0,72 84,70", "-84,30 -34,28 -52,-30 0,-72 52,-30 34,28 84,30"),
        "0,-170,20 -140,-20,18 140,-40,18 -120,140,14 -160,190,12 150,120,14",
        "0-1 0-2 1-2 1-3 3-4 2-5",
    ),
    "Scorpio": Sign(
        (
            "-88,-70 -70,-50 -70,70",
            "-70,-40 -44,-74 -26,-46 -26,70",
            "-26,-40 -2,-74 18,-46 18,60 46,86 80,70",
            "62,50 84,68 72,94",
        ),
        "180,-180,16 200,-110,14 190,-40,16 100,-60,14 70,0,26 20,90,14 -20,160,14 -90,190,16 -160,160,14 -180,100,20 -150,60,12",
        "0-1 1-2 1-3 3-4 4-5 5-6 6-7 7-8 8-9 9-10",
    ),
    "Sagittarius": Sign(
        ("-80,84 0,6 80,-84", "24,-84 80,-84 82,-28", "-62,8 -20,50"),
        "-150,-80,14 -60,-100,16 0,-40,18 90,-110,14 120,0,20 60,70,18 -40,60,16 -130,20,14 150,120,14 90,190,12",
        "0-1 1-2 2-3 3-4 4-5 5-6 6-2 6-7 7-0 4-8 8-9",
    ),
    "Capricorn": Sign(
        ("-84,-62 -52,-70 -40,-20 -40,50", "-40,-20 -14,-74 14,-48 16,20 4,76 -30,90", "16,24 44,-4 74,20 58,58 16,44"),
        "-200,-130,18 -180,-90,14 -60,60,14 0,140,16 110,90,14 200,-60,20 120,-50,14 -20,-60,12",
        "0-1 1-2 2-3 3-4 4-5 5-6 6-7 7-1",
    ),
    "Aquarius": Sign(
        ("-88,-12 -56,-48 -26,-12 6,-48 36,-12 68,-48 88,-26", "-88,48 -56,12 -26,48 6,12 36,48 68,12 88,34"),
        "-200,-20,14 -110,-90,16 -20,-110,20 40,-130,14 100,-100,16 60,-50,14 10,40,14 80,110,18 170,60,14 180,170,12",
        "0-1 1-2 2-3 3-4 4-5 5-2 2-6 6-7 7-8 8-9",
    ),
    "Pisces": Sign(
        ("-62,-86 -26,-40 -26,40 -62,86", "62,-86 26,-40 26,40 62,86", "-72,0 72,0"),
        "-190,-160,14 -150,-190,12 -120,-150,14 -160,-120,12 -150,-20,14 -130,110,14 -110,190,20 "
        "0,130,14 90,90,14 160,90,14 200,130,12 190,180,12 140,190,14 120,140,12",
        "0-1 1-2 2-3 3-0 3-4 4-5 5-6 6-7 7-8 8-9 9-10 10-11 11-12 12-13 13-9",
    ),
}
NIGHT, GOLD = "#4f6078", "#e0bd72"


def _of(params: Params, word: str) -> Sign:
    """The sign a kind names; the first for none."""
    return next((sign for name, sign in SIGNS.items() if name in str(params.get("kind") or "")), SIGNS["Aries"])


def _spark(sheet: Sheet, x: float, y: float, r: float, color: str) -> None:
    for way in (0, 90, 180, 270):
        sheet.shape(leaf((x, y), way, r * 1.3, r * 0.62, "willow"), color)
    sheet.oval(x, y, r * 0.34, r * 0.34, lighter(color, 0.5))


def zodiac(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A sign's symbol in gold on a night-blue medallion with rays, moons and stars."""
    night, gold = vary(NIGHT, rng, 0.012), vary(GOLD, rng, 0.01)
    for k in range(24):
        size = 46 if k % 2 else 28
        sheet.shape(leaf(toward((0, 0), 15 * k, 206), 15 * k, size, 15, "lance"), gold)
    sheet.shape(blob(0, 0, 200, 200, rng, 0.003, 20), night)
    sheet.stroke([*arc(0, 0, 178, 178, 0, 360, 25)], (7,) * 25, gold)
    sheet.glaze(trace("40,-120 120,-70 150,30 90,130 -20,150 60,60 80,-20"), darker(night, 0.5), 0.3)
    for x, y, r in ((-130, -64, 13), (128, -78, 16), (-120, 90, 15), (126, 88, 12), (0, -150, 11), (0, 152, 11)):
        _spark(sheet, x, y, r, mix(gold, "#fff4d8", 0.3))
    for line in _of(params, "sign").symbol:
        points = [(p[0], p[1]) for p in trace(line)]
        sheet.stroke(points, (13, *(16,) * max(1, len(points) - 2), 13), mix(gold, "#fff4d8", 0.35))


def constellation(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """The stars of a sign, joined by fine lines, on a patch of night sky."""
    night, gold = vary(NIGHT, rng, 0.012), vary(GOLD, rng, 0.01)
    sign = _of(params, "constellation")
    stars = [tuple(float(n) for n in word.split(",")) for word in sign.stars.split()]
    sheet.shape(blob(0, 0, 262, 262, rng, 0.035, 15), night)
    sheet.glaze(blob(-60, 50, 170, 120, rng, 0.1, 9), "#8a7fa6", 0.34)
    sheet.glaze(blob(90, -80, 110, 90, rng, 0.1, 9), "#7f9fb6", 0.3)
    for _ in range(26):
        x, y = toward((0, 0), float(rng.uniform(0, 360)), 236 * float(np.sqrt(rng.random())))
        sheet.oval(x, y, *(2 * (float(rng.uniform(2.4, 4.6)),)), "#e9e2d2")
    for pair in sign.lines.split():
        a, b = (stars[int(n)] for n in pair.split("-"))
        sheet.stroke([a[:2], b[:2]], (4.5, 4.5), "#d9cdb4")
    for x, y, r in stars:
        _spark(sheet, x, y, r * 1.5, gold)
        sheet.oval(x, y, r * 0.6, r * 0.6, mix(gold, "#fff7e2", 0.6))


def fireworks(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Three bursts of fireworks."""
    for x, y, size, hue, second in (
        (-96, -70, 1.0, "#c9655d", "#e3b860"),
        (130, -130, 0.72, "#7f9fb6", "#d9a9b4"),
        (90, 110, 0.84, "#dcae55", "#8fac97"),
    ):
        for ring, (near, far, count, color) in enumerate(((70, 168, 16, hue), (40, 116, 12, second))):
            for k in range(count):
                way = 360 * k / count + 9 * ring
                a, b = toward((x, y), way, near * size), toward((x, y), way, far * size * float(rng.uniform(0.9, 1.06)))
                b = (b[0], b[1] + 10)
                sheet.stroke(
                    [a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 - 3), b], (3, 9 * size + 2, 5), vary(color, rng, 0.02)
                )
                if ring == 0:
                    end = toward((x, y), way, (far + 26) * size)
                    sheet.oval(end[0], end[1] + 12, 7, 7, vary(second, rng, 0.02))
        for k in range(8):
            p = toward((x, y), 45 * k, 22 * size)
            sheet.oval(p[0], p[1], 5, 5, color)
    for x, y, r in ((-210, 130, 22), (-30, 190, 18), (226, 20, 17), (20, -210, 18)):
        _spark(sheet, x, y, r, "#e3c06f")


def open_book(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """An open book with a ribbon, plain or with flowers growing out of it."""
    cover, page = vary("#8a6a72", rng, 0.015), "#f5ecd9"
    if "flowers" in str(params.get("kind")):
        for x, top, lean, hue in (
            (-96, -150, -20, "#d98b7c"),
            (-30, -206, -6, "#e9bf8a"),
            (44, -190, 8, "#c9a3b5"),
            (108, -136, 22, "#e3a79b"),
        ):
            sheet.stroke([(x * 0.3, 60), (x * 0.7, (top + 60) / 2), (x, top)], (9, 8, 7), "#7d9360")
            for t, way in ((0.35, -40), (0.55, -140), (0.7, -50)):
                at = (x * (0.4 + 0.5 * t), 60 + (top - 60) * t)
                sheet.shape(leaf(at, way + lean, 62, 24, "lance"), vary("#8fa36c", rng, 0.04))
            for k in range(6):
                sheet.shape(leaf((x, top), 60 * k + lean, 50, 40, "petal"), vary(hue, rng, 0.03))
            sheet.oval(x, top, 15, 15, "#c98a3c")
    for side in (-1, 1):
        with sheet.at(0, 0, flip=side < 0):
            sheet.shape(trace("0,70 60,30 170,22 274,50! 282,214! 170,196 60,204 0,232"), cover, 0.25)
            sheet.shape(trace("0,60 60,14 164,6 258,34! 264,192! 164,174 60,184 0,216"), darker(page, 0.12), 0.25)
            sheet.shape(trace("0,54 56,6 160,-4 248,24! 252,180! 160,164 56,174 0,208"), page, 0.25)
            for k in range(5):
                sheet.stroke(
                    [(40, 40 + 25 * k), (120, 28 + 25 * k), (222, 48 + 25 * k)], (3, 4.5, 3), darker(page, 0.2)
                )
    sheet.glaze(trace("-22,60 0,54 22,60 20,200 0,210 -20,200"), "#a08a72", 0.4)
    sheet.shape(trace("-9,196 9,196 12,270! 0,254! -12,270!"), "#c2605a")


def tent(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A tent with its flap open."""
    cloth = vary("#d8ab66", rng, 0.012)
    sheet.shape(trace("-290,216 -180,196 0,206 180,196 290,216 180,238 0,244 -180,238"), vary("#93a97a", rng, 0.02))
    sheet.stroke([(-8, -226), (10, -150)], (9, 9), "#8a6d50")
    sheet.shape(trace("0,-190! 90,-166! 268,206! 150,214!"), darker(cloth, 0.22), 0.3)
    sheet.shape(trace("0,-190! 158,216! -240,216!"), cloth, 0.3)
    sheet.shape(trace("-16,-80! 64,216! -104,216!"), "#6d5a4e", 0.3)
    sheet.shape(trace("-16,-80! -60,216! -120,216!"), lighter(cloth, 0.3), 0.3)
    sheet.shape(trace("-16,-80! 64,216! 96,216!"), lighter(cloth, 0.16), 0.3)
    for a, b in (((-40, -110), (-206, 180)), ((20, -110), (136, 196))):
        sheet.stroke([a, b], (3, 6), darker(cloth, 0.2))
    for x in (-262, 284):
        sheet.stroke([(x * 0.55, 60), (x, 214)], (4, 4), "#8a7a66")
        sheet.stroke([(x, 200), (x, 232)], (9, 7), "#8a6d50")


def campfire(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A campfire of crossed logs within stones."""
    for outline, hue in (
        ("0,-260! 40,-170 92,-120 120,-20 96,70 0,110 -96,70 -120,-20 -84,-96 -56,-60! -30,-170", "#d98345"),
        ("6,-150! 34,-90 72,-40 74,40 40,90 0,100 -44,90 -72,36 -52,-24 -30,-4! -16,-80", "#e8b452"),
        ("4,-50! 26,0 36,46 16,86 0,90 -22,82 -34,44 -18,4", "#f5dfa0"),
    ):
        sheet.shape(trace(outline), vary(hue, rng, 0.012))
    for turn, tone in ((16, "#8f6d50"), (-16, "#a27c5a")):
        with sheet.at(0, 128, turn=turn):
            sheet.shape(trace("-196,-30 180,-30 196,0 180,32 -196,32 -208,0"), tone)
            for y in (-10, 10):
                sheet.stroke([(-150, y), (-30, y + 4), (120, y)], (2, 6, 2), darker(tone, 0.3))
            sheet.shape(oval(188, 1, 19, 32), "#d9b98c")
            sheet.stroke(arc(188, 1, 9, 17, -140, 160, 7), (3,) * 7, "#a9835c")
    for k, x in enumerate((-220, -140, -56, 34, 120, 206)):
        sheet.shape(blob(x, 206 - 7 * (k % 2), 52, 38, rng, 0.05, 10), vary("#aaa49b", rng, 0.03))
        sheet.stroke(trace("-22,-8 -6,-20 16,-20", x, 204 - 7 * (k % 2)), (2, 7, 2), "#d6d1c8")
    for x, y in ((-110, -170), (112, -160), (60, -230), (-60, -236)):
        sheet.oval(x, y, 7, 9, "#e8b452")


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


SKY = ("celestial", "zodiac")
SUBJECTS = (
    plain(
        "zodiac",
        "zodiac sign",
        SKY,
        ("astrology", "horoscope", "celestial"),
        zodiac,
        _k(*(f"the zodiac sign {n}" for n in SIGNS)),
    ),
    plain(
        "constellation",
        "constellation",
        SKY,
        ("astrology", "star", "celestial"),
        constellation,
        _k(*(f"the constellation {n}" for n in SIGNS)),
    ),
    plain("fireworks", "burst of fireworks", ("celebration",), ("party", "new year"), fireworks),
    plain(
        "open_book",
        "open book",
        ("school", "books"),
        ("book", "reading", "teacher"),
        open_book,
        _k("an open book", "an open book with flowers"),
    ),
    plain("tent", "tent", ("camping", "outdoors"), ("camping",), tent),
    plain("campfire", "campfire", ("camping", "outdoors"), ("camping", "fire"), campfire),
)

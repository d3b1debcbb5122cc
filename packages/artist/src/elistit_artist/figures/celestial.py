"""Sky and boho shapes: moon, sun, star, cloud, rainbow, planet, rocket, hot-air balloon, boho sun, arch and dreamcatcher.

Each painter draws one thing in its own units, back to front; faces are optional and always gentle.
"""

from __future__ import annotations

import numpy as np

from . import accessories
from .anatomy import cheek, eye, smile
from .geometry import Point, Sheet, arc, blob, darker, leaf, mirrored, mix, oval, rows, toward, trace, vary
from .subject import Params, plain

INK = "#5a4a4a"


def star_points(
    x: float, y: float, r: float, inner: float = 0.5, turn: float = -90.0, points: int = 5, sharp: bool = False
) -> list[Point]:
    """A star outline, soft-tipped unless ``sharp``."""
    out: list[Point] = []
    for k in range(points):
        way = turn + 360 * k / points
        if sharp:
            out.append((*toward((x, y), way, r), 1))
        else:
            out += [toward((x, y), way - 6, r * 0.97), toward((x, y), way + 6, r * 0.97)]
        out.append((*toward((x, y), way + 180 / points, r * inner), 1))
    return out


def _sleepy(sheet: Sheet, x: float, y: float, gap: float, rng: np.random.Generator, awake: bool = False) -> None:
    for side in (-1, 1):
        eye(sheet, x + side * gap, y, 13, "open" if awake else "closed", INK)
        cheek(sheet, x + side * gap * 1.55, y + 30, 20)
    smile(sheet, x, y + 26, 17, 10, INK, 4.5)


def cloud_points(x: float, y: float, size: float) -> list[Point]:
    """A cumulus outline about ``2 * size`` wide."""
    s = size
    return [
        (x - s, y + s * 0.3),
        (x - s * 0.98, y - s * 0.06),
        (x - s * 0.62, y - s * 0.2, 1),
        (x - s * 0.5, y - s * 0.54),
        (x - s * 0.06, y - s * 0.62),
        (x + s * 0.24, y - s * 0.38, 1),
        (x + s * 0.52, y - s * 0.46),
        (x + s * 0.76, y - s * 0.14, 1),
        (x + s * 1.02, y + s * 0.02),
        (x + s, y + s * 0.32),
        (x + s * 0.6, y + s * 0.42),
        (x, y + s * 0.4),
        (x - s * 0.6, y + s * 0.42),
    ]


def moon(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A crescent with hanging stars, a sleeping face, or a floral foot; or a full moon."""
    kind = str(params.get("kind") or "a sleepy crescent moon")
    gold = vary("#e3c27c", rng, 0.02)
    if kind == "a full moon":
        sheet.shape(blob(0, 0, 220, 220, rng, 0.008, 18), vary("#e4d9c2", rng, 0.01))
        for x, y, r in rows("-80,-70,52 60,-110,30 100,20,44 -40,70,36 40,130,26 -130,40,24 10,-20,18"):
            sheet.shape(blob(x, y, r, r * 0.9, rng, 0.05, 10), vary("#cfc2aa", rng, 0.015))
        return
    outer = arc(0, 0, 230, 230, 52, 308, 15)
    inner = arc(86, 0, 178, 184, 302, 58, 13)
    sheet.shape([(*outer[0], 1), *outer[1:-1], (*outer[-1], 1), *inner[1:-1]], gold)
    for x, y, r in ((-180, -60, 14), (-150, 110, 18), (-116, -140, 11), (-190, 30, 9)):
        sheet.oval(x, y, r, r, darker(gold, 0.1))
    if "sleepy" in kind:
        eye(sheet, -128, -6, 15, "closed", INK)
        cheek(sheet, -122, 34, 24)
        smile(sheet, -98, 44, 12, 8, INK, 4.5)
        for x, y, r in ((70, -90, 40), (130, 30, 28), (52, 96, 24)):
            sheet.shape(star_points(x, y, r), vary("#e9cf94", rng, 0.02))
    else:
        for k in range(10):
            way = 120 + 13 * k
            x, y = toward((0, 0), way - 40, 196)
            for lean in (-48, 40):
                sheet.shape(leaf((x, y), way + 50 + lean, 66, 25, "lance"), vary(accessories.GREENS[k % 4], rng, 0.03))
        for way, r in ((100, 50), (126, 36), (78, 38), (150, 27)):
            x, y = toward((0, 0), way, 196)
            accessories.flower(sheet, x, y, r, vary(accessories.PETALS[int(rng.integers(5))], rng, 0.02), rng)


def sun(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A sun with alternating rays, smiling or plain, or a boho half sun."""
    kind = str(params.get("kind") or "a smiling sun")
    gold = vary("#e3b355" if "boho" not in kind else "#cf8a55", rng, 0.02)
    half = kind == "a boho half sun"
    count = 20 if not half else 11
    for k in range(count):
        way = 360 * k / count if not half else 180 + 180 * k / (count - 1)
        far = 88 if k % 2 else 60
        sheet.shape(
            leaf(toward((0, 0), way, 152), way, far, 36 if k % 2 else 24, "lance" if k % 2 else "round"),
            mix(gold, "#d9854f" if not half else "#a3523e", 0.45 * (k % 2)),
        )
    if half:
        for r, tone in ((134, 0.0), (98, 0.35), (62, 0.7)):
            sheet.shape([(-r, 0, 1), *arc(0, 0, r, r, 195, 345, 9), (r, 0, 1)], mix(gold, "#efd3ac", tone))
        return
    sheet.shape(blob(0, 0, 136, 136, rng, 0.008, 16), gold)
    if "smiling" in kind:
        _sleepy(sheet, 0, -14, 44, rng, awake=True)


def star(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """One soft star, or a shooting one with a trail."""
    kind = str(params.get("kind") or "a smiling star")
    gold = vary("#e6c374", rng, 0.02)
    if kind == "a shooting star":
        for k, (lift, hue) in enumerate(((-52, "#d99a86"), (-18, "#e3bf86"), (16, "#a9bfae"), (50, "#93a9bb"))):
            sheet.stroke(
                [(-40, lift * 0.9), (-180, lift + 30), (-330 - 20 * (k % 2), lift * 1.1 + 110)],
                (30, 28, 5),
                vary(hue, rng, 0.02),
            )
        sheet.shape(star_points(60, -30, 150, 0.52, -78), gold)
        for side in (-1, 1):
            eye(sheet, 62 + side * 36, -36, 12, "open", INK)
            cheek(sheet, 62 + side * 58, -10, 16)
        smile(sheet, 62, -12, 14, 8, INK, 4)
        return
    sheet.shape(star_points(0, 0, 220, 0.54, -90 + rng.uniform(-8, 8)), gold)
    if "smiling" in kind or "sleepy" in kind:
        _sleepy(sheet, 0, -6, 48, rng, awake="smiling" in kind)


def cloud(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A cloud: sleeping, raining drops or hearts, or hung with stars."""
    kind = str(params.get("kind") or "a sleepy cloud")
    fog = vary("#cfdce2", rng, 0.012)
    if kind != "a sleepy cloud":
        for k in range(5):
            x, y = -150 + 75 * k, 150 + 56 * (k % 2)
            if kind == "a rain cloud":
                sheet.shape(trace("0,-34! 19,8 0,28 -19,8", x, y), vary("#8fb0c3", rng, 0.03))
            elif "heart" in kind:
                sheet.shape(mirrored(trace("0,-12! 14,-26 30,-14 20,10 0,27!", x, y), x), vary("#d99490", rng, 0.03))
            else:
                sheet.stroke([(x, 60), (x, y - 26)], (3.5, 3.5), "#b9a88d")
                sheet.shape(star_points(x, y, 32), vary("#e6c374", rng, 0.03))
    sheet.shape(cloud_points(0, 0, 230), fog)
    sheet.glaze(trace("-200,60 -60,40 100,52 214,40 200,86 0,92 -196,90"), "#8fa8b8", 0.3)
    _sleepy(sheet, 0, 0, 54, rng)


def rainbow(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Five soft arches, in boho or pastel colors, with clouds or leaves at the feet."""
    kind = str(params.get("kind") or "a boho rainbow")
    sets = {
        "a boho rainbow": ("#a85f45", "#cf8a5c", "#e3b785", "#e9d3ae", "#98a383"),
        "a pastel rainbow": ("#dd9f9a", "#ecc39a", "#efdc9f", "#aecbb0", "#a3bcd3"),
        "a muted rainbow": ("#8b93a8", "#b59aa6", "#d8aa97", "#e5c9a8", "#a9b39c"),
    }
    for k, color in enumerate(sets[kind]):
        r0, r1 = 240 - 43 * k, 240 - 43 * k - 36
        outer, inner = arc(0, 0, r0, r0, 180, 360, 15), arc(0, 0, r1, r1, 360, 180, 13)
        sheet.shape(
            [
                (-r0, 110, 1),
                (-r0, 50),
                *outer,
                (r0, 50),
                (r0, 110, 1),
                (r1, 110, 1),
                (r1, 50),
                *inner,
                (-r1, 50),
                (-r1, 110, 1),
            ],
            vary(color, rng, 0.015),
        )
    for side in (-1, 1):
        if kind == "a pastel rainbow":
            sheet.shape(cloud_points(side * 152, 110, 122), "#dfe6e8")
        else:
            for k in range(5):
                way = -90 + side * (18 + 20 * k)
                sheet.shape(
                    leaf((side * 146, 142), way - side * 36, 96 - 6 * k, 32, "lance"),
                    vary(accessories.GREENS[k % 4], rng, 0.04),
                )
            for dx, r in ((0, 36), (-44, 25), (44, 27)):
                accessories.flower(
                    sheet, side * 146 + dx, 126, r, vary(accessories.PETALS[int(rng.integers(5))], rng, 0.02), rng
                )


def planet(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A ringed planet."""
    hues = {
        "a ringed planet": ("#d3a077", "#b8785a"),
        "a blue planet": ("#86a3b8", "#6c87a3"),
        "a rose planet": ("#cf9a9c", "#ad7680"),
    }
    main, band = hues[str(params.get("kind") or "a ringed planet")]
    main = vary(main, rng, 0.02)
    with sheet.at(0, 0, turn=-16 + rng.uniform(-6, 6)):
        for ry, w, color in ((62, 25, "#e6cf9f"), (38, 13, "#c9a878")):
            back = arc(0, 0, 268 if ry > 50 else 216, ry, 180, 360, 11)
            sheet.stroke(back, (w, w * 0.7, w), color)
        sheet.shape(oval(0, 0, 160, 160), main)
        for y, half, w in ((-84, 120, 21), (-30, 148, 30), (46, 144, 20), (96, 112, 26)):
            sheet.stroke([(-half, y), (0, y + 15), (half, y)], (w * 0.5, w, w * 0.5), mix(main, band, 0.75))
        for ry, w, color in ((62, 25, "#e6cf9f"), (38, 13, "#c9a878")):
            front = arc(0, 0, 268 if ry > 50 else 216, ry, 0, 180, 11)
            sheet.stroke(front, (w, w * 1.1, w), color)


def rocket(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A round rocket with flames."""
    red = vary("#c0604e", rng, 0.02)
    with sheet.at(0, 0, turn=24 + rng.uniform(-8, 8)):
        for way, size, wide, color in (
            (90, 170, 96, "#dc9550"),
            (104, 120, 54, "#e3b25f"),
            (76, 120, 54, "#e3b25f"),
            (90, 110, 54, "#f0d68f"),
        ):
            sheet.shape(leaf((0, 142), way, size, wide, "petal"), color)
        for side in (-1, 1):
            sheet.shape(trace("70,30 136,86 142,172! 92,140 62,136", wide=side), red)
        sheet.shape(trace("0,-250! 64,-174 96,-60 90,70 62,150 0,158 -62,150 -90,70 -96,-60 -64,-174"), "#e9e4d8")
        sheet.shape(trace("0,-250! 44,-204 68,-154 0,-140 -68,-154 -44,-204"), red)
        sheet.shape(oval(0, -46, 50, 50), "#c9a878")
        sheet.shape(oval(0, -46, 37, 37), "#86a9bb")
        sheet.stroke(trace("-21,-60 -12,-70 0,-73"), (4, 8, 3), "#eaf0ee")
        sheet.stroke(trace("-84,88 0,102 84,88"), (20, 22, 20), "#d9a45c")
        sheet.shape(trace("-12,90 12,90 13,170 0,178 -13,170"), red)


def balloon(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A striped hot-air balloon with its basket."""
    sets = {
        "a hot-air balloon": ("#cf7d63", "#efdcb8", "#8fa58c"),
        "a blue hot-air balloon": ("#7f9db3", "#efe6d5", "#d3a06c"),
        "a pink hot-air balloon": ("#dba09c", "#f3e4d4", "#b8a5c4"),
    }
    one, two, three = sets[str(params.get("kind") or "a hot-air balloon")]
    for side in (-1, 1):
        sheet.stroke([(side * 62, 98), (side * 40, 190)], (6, 6), "#8a6d55")
    for k, (half, color) in enumerate(((200, one), (150, two), (92, three), (36, two))):
        color = vary(color, rng, 0.015)
        squeeze = (1.0, 0.98, 0.94, 0.9)[k]
        sheet.shape(
            mirrored(
                [
                    (0, -250),
                    (half * 0.62, -226),
                    (half * 0.98, -130),
                    (half * 0.93, -40),
                    (half * 0.5, 70),
                    (half * 0.32, 112 * squeeze),
                    (0, 116),
                ]
            ),
            color,
        )
    scallops = [(-58 + 29 * k, 112 - 2 * abs(k - 2)) for k in range(5)]
    for x, y in scallops:
        sheet.shape(oval(x, y, 18, 14), one)
    sheet.shape(trace("-54,186 54,186 48,256 30,272 -30,272 -48,256"), "#b98d5e")
    sheet.stroke(trace("-60,190 0,195 60,190"), (15, 16, 15), "#8f6a45")
    for y in (216, 238):
        sheet.stroke(trace("-47,0 0,5 47,0", 0, y), (3.5, 4, 3.5), "#8f6a45")


def _k(*names: str) -> list[Params]:
    return [{"kind": n} for n in names]


SKY = ("celestial", "baby")
SUBJECTS = (
    plain(
        "moon",
        "moon",
        (*SKY, "boho"),
        ("night", "sky", "crescent"),
        moon,
        _k("a sleepy crescent moon", "a floral crescent moon", "a full moon"),
    ),
    plain("sun", "sun", (*SKY, "boho"), ("sky", "summer"), sun, _k("a smiling sun", "a boho half sun", "a plain sun")),
    plain(
        "star",
        "star",
        (*SKY, "christmas"),
        ("night", "sky"),
        star,
        _k("a smiling star", "a shooting star", "a sleepy star", "a plain star"),
    ),
    plain(
        "cloud",
        "cloud",
        SKY,
        ("sky", "weather"),
        cloud,
        _k("a sleepy cloud", "a cloud with hanging stars", "a rain cloud", "a cloud raining hearts"),
    ),
    plain(
        "rainbow",
        "rainbow",
        (*SKY, "boho", "spring"),
        ("sky", "weather"),
        rainbow,
        _k("a boho rainbow", "a pastel rainbow", "a muted rainbow"),
    ),
    plain(
        "planet",
        "planet",
        ("celestial",),
        ("space", "sky"),
        planet,
        _k("a ringed planet", "a blue planet", "a rose planet"),
    ),
    plain("rocket", "rocket", ("celestial", "baby"), ("space", "ship"), rocket),
    plain(
        "balloon",
        "hot-air balloon",
        ("celestial", "baby", "travel"),
        ("sky", "adventure"),
        balloon,
        _k("a hot-air balloon", "a blue hot-air balloon", "a pink hot-air balloon"),
    ),
)

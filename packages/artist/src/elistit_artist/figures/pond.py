"""Life on a still pond: koi, lotus and lily pads, dragonflies.

Each painter draws one thing in its own units, back to front; colors come from the kind asked for.
"""

from __future__ import annotations

import numpy as np

from .geometry import Point, Sheet, arc, bands, darker, leaf, lighter, mix, oval, toward, trace, vary
from .solids import beside
from .subject import Params, plain

KOI = {
    "an orange and white koi": ("#f3ebe0", "#dd7a45"),
    "a red and white koi": ("#f4ece2", "#c9503f"),
    "a golden koi": ("#e6b455", "#d08f3a"),
    "a black and orange koi": ("#dd8450", "#4f4a50"),
}
SWIM: list[Point] = [(0, -236), (34, -150), (40, -40), (-2, 70), (-38, 160), (-24, 220)]
GIRTH = (66, 128, 134, 94, 48, 26)


def koi(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A koi seen from above, turning as it swims, with long fins; alone, or with a second one."""
    kind = str(params.get("kind") or "an orange and white koi")
    if params.get("pose") == "circling with a friend":
        other = list(KOI)[(list(KOI).index(kind) + 1) % len(KOI)]
        for x, turn, look in ((-150, 4, kind), (150, 184, other)):
            with sheet.at(x, 0, turn=turn, size=0.86):
                _koi(sheet, look, rng)
        return
    with sheet.at(0, 0, turn=rng.uniform(16, 30), flip=rng.random() < 0.5):
        _koi(sheet, kind, rng)


def _koi(sheet: Sheet, kind: str, rng: np.random.Generator) -> None:
    ground, spot = KOI[kind]
    ground, spot = vary(ground, rng, 0.01), vary(spot, rng, 0.02)
    fin = mix(ground, spot, 0.3)
    for side, foot, way, long in (
        (-1, (-24, -128), 160, 124),
        (1, (86, -126), 26, 124),
        (-1, (-42, 34), 150, 74),
        (1, (46, 38), 40, 74),
    ):
        for k in (-1, 0, 1):
            sheet.shape(
                leaf(foot, way + 23 * k, long * (1 - 0.12 * abs(k)), long * 0.44, "spoon", 0.05 * side),
                vary(fin, rng, 0.012),
            )
    for way, long in ((118, 128), (62, 124), (92, 104)):
        sheet.shape(leaf((-24, 214), way, long, 52, "spoon", 0.12), vary(fin, rng, 0.015))
    sheet.stroke(SWIM, GIRTH, ground)
    for start, end, share in ((0.0, 0.13, 0.0), (0.22, 0.42, 0.3), (0.5, 0.68, -0.3), (0.78, 0.95, 0.1)):
        a, b = int(start * 40), int(end * 40)
        low = beside(SWIM, GIRTH, min(0.86, share + 0.62), 41)
        high = beside(SWIM, GIRTH, max(-0.86, share - 0.62), 41)
        m = (a + b) // 2
        sheet.shape([low[a], low[m], low[b], high[b], high[m], high[a]], spot)
    sheet.stroke(beside(SWIM, GIRTH, 0.0, 31)[8:23:3], (6, 22, 24, 16, 4), mix(ground, spot, 0.55))
    for k in range(11, 27, 3):
        for share in (-0.55, 0.55):
            x, y = beside(SWIM, GIRTH, share, 31)[k]
            sheet.stroke(
                [(x - 11, y - 5), (x, y + 5), (x + 11, y - 5)], (1.5, 4, 1.5), darker(mix(ground, spot, 0.4), 0.16)
            )
    for x in (-26, 40):
        sheet.oval(x, -206, 11, 12, "#3f3836")
        sheet.oval(x - 3, -210, 3.4, 3.4, "#ffffff")
    for side in (-1, 1):
        sheet.stroke(
            [(4 + side * 22, -252), (4 + side * 42, -268), (4 + side * 50, -254)], (5, 5, 2), darker(ground, 0.25)
        )


LOTUS = {
    "a pink lotus": ("#e6a0b0", "#f6dbdc"),
    "a white water lily": ("#efe4d8", "#fbf5ec"),
    "a purple lotus": ("#b495c9", "#e3d5ec"),
    "a yellow water lily": ("#ecc878", "#f8e8bd"),
}


def lotus(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A lotus open on its lily pad, or a bud beside it."""
    kind = str(params.get("kind") or "a pink lotus")
    deep, pale = LOTUS[kind]
    if params.get("pose") != "without its pad":
        _pad(sheet, 30, 118, 252, 84, rng, -32)
        _pad(sheet, -186, 150, 120, 46, rng, 200)
    if params.get("pose") == "beside a bud":
        sheet.stroke([(206, 118), (226, 10), (206, -96)], (13, 12, 11), "#7f9a66")
        for way, tint in ((-112.0, deep), (-62, deep), (-88, mix(deep, pale, 0.5))):
            sheet.shape(leaf((206, -84), way, 136, 58, "petal"), vary(tint, rng, 0.015))
    rows = (
        (9, 206, 210, 76, 0.0, -60),
        (8, 216, 238, 84, 0.28, -20),
        (7, 226, 224, 84, 0.55, 10),
        (5, 238, 186, 80, 0.82, 36),
    )
    for count, first, long, wide, share, drop in rows:
        order = sorted(range(count), key=lambda k: -abs(k - (count - 1) / 2))
        for k in order:
            u = k / (count - 1) * 2 - 1
            way = -90 + u * (270 - first + 16)
            size = long * (0.9 + 0.1 * (1 - abs(u)))
            tone = vary(mix(deep, pale, share), rng, 0.012)
            foot = (u * 20, 96 + drop * 0.2)
            sheet.shape(leaf(foot, way, size, wide, "round", 0.04 * u), tone)
            sheet.stroke(
                [toward(foot, way, size * 0.5), toward(foot, way, size * 0.72), toward(foot, way, size * 0.9)],
                (2, 6, 1.5),
                darker(tone, 0.12),
            )
    sheet.shape(trace("-44,62 -30,44 0,38 30,44 44,62 20,84 -20,84"), "#e3b84f")
    for k in range(9):
        foot = (-36 + 9 * k, 66)
        sheet.stroke([foot, toward(foot, -118 + 7 * k, 34)], (4, 6), "#f2d789")


def _pad(sheet: Sheet, x: float, y: float, rx: float, ry: float, rng: np.random.Generator, notch: float) -> None:
    green = vary("#7d9f6c", rng, 0.02)
    rim = arc(x, y, rx, ry, notch + 12, notch + 348, 17)
    sheet.shape([(x, y, 1), (*rim[0], 1), *rim[1:-1], (*rim[-1], 1)], green)
    for k in range(8):
        way = notch + 40 * (k + 0.6)
        end = arc(x, y, rx * 0.86, ry * 0.86, way, way, 1)[0]
        sheet.stroke([(x, y), ((x + end[0]) / 2, (y + end[1]) / 2), end], (5, 5, 2), lighter(green, 0.3))


def lily_pad(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """Floating lily pads, seen from a little above, with a small flower or a bud."""
    kind = str(params.get("kind") or "lily pads with a flower")
    _pad(sheet, -60, 40, 220, 104, rng, -50)
    _pad(sheet, 176, 110, 130, 62, rng, 196)
    _pad(sheet, 150, -40, 84, 40, rng, 80)
    if kind == "a plain lily pad":
        return
    deep, pale = LOTUS["a pink lotus" if kind == "lily pads with a flower" else "a white water lily"]
    with sheet.at(-80, 8, size=0.62):
        for count, spread, long, share in ((7, 84, 170, 0.0), (6, 62, 176, 0.5), (4, 36, 150, 0.9)):
            for k in sorted(range(count), key=lambda k: -abs(k - (count - 1) / 2)):
                u = k / (count - 1) * 2 - 1
                sheet.shape(
                    leaf((u * 12, 40), -90 + u * spread, long, 66, "round"), vary(mix(deep, pale, share), rng, 0.015)
                )
        sheet.oval(0, 24, 26, 18, "#e3b84f")


FLIES = {
    "a blue dragonfly": ("#6f9fc0", "#d3e4ea"),
    "a green dragonfly": ("#7fa569", "#dfead2"),
    "a red dragonfly": ("#c0604e", "#f0ddd0"),
    "a purple dragonfly": ("#927fb8", "#e2daec"),
}


def dragonfly(sheet: Sheet, rng: np.random.Generator, params: Params) -> None:
    """A dragonfly from above: four veined wings and a long banded body."""
    body, wing = FLIES[str(params.get("kind") or "a blue dragonfly")]
    body, wing = vary(body, rng, 0.02), vary(wing, rng, 0.01)
    with sheet.at(0, 0, turn=rng.uniform(-24, 24)):
        for foot, lean, long in (((0, -50), 24, 252), ((0, -92), -14, 276)):
            for side in (-1, 1):
                way = lean if side > 0 else 180 - lean
                start = (side * 14, foot[1])
                tone = vary(wing, rng, 0.015)
                sheet.shape(leaf(start, way, long, 84, "spoon"), tone)
                vein = mix(tone, body, 0.5)
                for off in (-9, 0, 9):
                    sheet.stroke(
                        [
                            toward(start, way, 34),
                            toward(start, way + off * 0.5, long * 0.5),
                            toward(start, way + off * 0.8, long * 0.88),
                        ],
                        (2, 4, 1.5),
                        vein,
                    )
                for share in (0.5, 0.64, 0.78):
                    sheet.stroke(
                        [toward(start, way - 7, long * share), toward(start, way + 7, long * (share + 0.03))],
                        (2.5, 2.5),
                        vein,
                    )
                sheet.oval(*toward(start, way - 8, long * 0.86), 13, 8, darker(body, 0.2), way)
        spine: list[Point] = [(0, -40), (4, 50), (0, 150), (-10, 258)]
        sheet.stroke(spine, (36, 27, 22, 17), body)
        for piece in bands(spine, (34, 26, 21, 16), [(0.1 + 0.115 * k, 0.145 + 0.115 * k) for k in range(8)]):
            sheet.shape(piece, darker(body, 0.3))
        sheet.shape(oval(0, -76, 34, 52), darker(body, 0.12))
        sheet.stroke([(-10, -108), (-14, -76), (-8, -44)], (3, 10, 3), lighter(body, 0.4))
        sheet.oval(0, -138, 31, 27, body)
        for side in (-1, 1):
            sheet.oval(side * 24, -146, 20, 22, darker(body, 0.4))
            sheet.oval(side * 24 - 5, -153, 6, 6, lighter(body, 0.7))


SUBJECTS = (
    plain(
        "koi",
        "koi fish",
        ("ocean", "pond", "japanese"),
        ("animal", "fish", "carp", "asian"),
        koi,
        [{"kind": k} for k in KOI] + [{"kind": k, "pose": "circling with a friend"} for k in KOI],
    ),
    plain(
        "lotus",
        "lotus flower",
        ("floral", "pond", "japanese", "garden"),
        ("flower", "waterlily", "yoga", "asian"),
        lotus,
        [{"kind": k} | ({"pose": p} if p else {}) for p in ("", "beside a bud", "without its pad") for k in LOTUS],
    ),
    plain(
        "lily_pad",
        "lily pad",
        ("pond", "garden"),
        ("water", "waterlily"),
        lily_pad,
        [{"kind": k} for k in ("lily pads with a flower", "a plain lily pad", "lily pads with a white flower")],
    ),
    plain(
        "dragonfly",
        "dragonfly",
        ("insects", "garden", "pond"),
        ("animal", "insect", "bug"),
        dragonfly,
        [{"kind": k} for k in FLIES],
    ),
)

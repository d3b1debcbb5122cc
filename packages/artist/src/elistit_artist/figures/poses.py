"""Bodies: sitting, teddy-sitting, standing, walking, sleeping and peeking, each of which takes any species' head.

A pose places the head, the limbs and the tail; a species brings the colors, the head and the tail. Units are head
units (a head is about 200 wide). Nothing here may know what the animal is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import accessories
from .anatomy import Coat, Face, fur_marks, paw, sole, tuft
from .geometry import Point, Sheet, darker, flipped, lighter, mirrored, trace, vary

HeadPainter = Callable[[Sheet, Coat, Face], None]
TailPainter = Callable[[Sheet, Coat, str], None]


@dataclass(frozen=True)
class Build:
    """What a species brings to a pose. ``socks`` colors the lower legs; ``plump`` widens the body (1 is a fox)."""

    coat: Coat
    head: HeadPainter
    tail: TailPainter | None = None
    plump: float = 1.0
    leg: float = 1.0
    socks: str | None = None
    bib: bool = True
    back: Callable[[Sheet, Coat, str], None] | None = None
    crown_y: float = -84.0
    head_size: float = 1.0


def _limb(sheet: Sheet, top: Point, foot: Point, widths: tuple[float, float], color: str, sock: str | None) -> None:
    """A straight front leg from ``top`` to ``foot``, with a sock over its lower third."""
    mid = ((top[0] * 0.45 + foot[0] * 0.55), (top[1] * 0.5 + foot[1] * 0.5))
    sheet.stroke([top, mid, foot], (widths[0], widths[1] * 1.02, widths[1]), color)
    if sock:
        start = (top[0] * 0.3 + foot[0] * 0.7, top[1] * 0.36 + foot[1] * 0.64)
        sheet.stroke([start, foot], (widths[1] * 0.98, widths[1] * 1.04), sock)


def _boot(sheet: Sheet, left: float, right: float, floor: float, color: str, high: float = 46) -> None:
    """The colored lower part of a leg seen from the side, toothed at its top."""
    mid = (left + right) / 2
    sheet.shape(
        [
            (left - 2, floor - high, 1),
            (mid - 5, floor - high + 9, 1),
            (mid + 3, floor - high - 2, 1),
            (right + 2, floor - high + 5, 1),
            (right + 2, floor - 6),
            (right + 1, floor + 15),
            (left - 10, floor + 16),
            (left - 11, floor - 2),
            (left - 2, floor - 14),
        ],
        color,
    )


def _toes(sheet: Sheet, left: float, floor: float, color: str) -> None:
    for k in (0, 1):
        sheet.stroke([(left - 3 + 10 * k, floor + 2), (left - 2 + 10 * k, floor + 13)], (1.6, 2.6), darker(color, 0.42))


def sit(sheet: Sheet, build: Build, face: Face, tilt: float, wearing: str, rng: np.random.Generator) -> None:
    """Upright on the haunches with straight front legs, facing us, as a cat or a fox sits."""
    coat, p = build.coat, build.plump
    foot = build.socks or coat.shade
    if build.tail:
        build.tail(sheet, coat, "sit")
    for side in (-1, 1):
        haunch: list[Point] = trace("34,196 70,186 96,224 98,262 82,288 44,290", wide=p)
        sheet.shape(haunch if side > 0 else flipped(haunch), coat.shade)
    half: list[Point] = trace("0,46 46,62 66,120 74,190 70,252 46,284 0,290", wide=p)
    sheet.shape(mirrored(half), coat.main)
    if build.back:
        build.back(sheet, coat, "sit")
    for side in (-1, 1):
        paw(sheet, side * 78 * p, 282, 62, 34, vary(foot, rng, 0.02))
    for side in (-1, 1):
        _limb(
            sheet,
            (side * 30 * p, 150),
            (side * 27 * p, 276),
            (44, 36),
            coat.main,
            build.socks,
        )
        paw(sheet, side * 27 * p, 281, 48, 36, vary(build.socks or coat.main, rng, 0.02))
    if build.bib:
        sheet.shape(tuft(0, 66, 92 * p, 108), coat.light, ease=0.3)
    sheet.glaze(trace("-56,74 0,84 56,74 60,96 0,118 -60,96", wide=p), darker(coat.main, 0.45), 0.28)
    _wear_body(sheet, wearing, rng, 62 * p, 94)
    _head(sheet, build, face, tilt, wearing, rng)


def teddy(sheet: Sheet, build: Build, face: Face, tilt: float, wearing: str, rng: np.random.Generator) -> None:
    """Sitting with the legs forward and the soles toward us, arms resting on the belly."""
    coat, p = build.coat, build.plump
    if build.tail:
        build.tail(sheet, coat, "sit")
    half: list[Point] = trace("0,50 54,66 84,130 98,196 88,250 50,280 0,284", wide=p)
    sheet.shape(mirrored(half), coat.main)
    sheet.shape(mirrored(trace("0,52 30,60 50,104 66,176 62,244 44,281 0,284", wide=p)), coat.light)
    if build.back:
        build.back(sheet, coat, "teddy")
    for side in (-1, 1):
        leg: list[Point] = trace("46,222 84,206 118,226 126,262 104,290 60,288", wide=p)
        sheet.shape(leg if side > 0 else flipped(leg), coat.shade)
        sole(sheet, side * 98 * p, 258, 36, build.socks or lighter(coat.shade, 0.06), coat.inner, side * 14)
    sheet.glaze(trace("-60,76 0,84 60,76 66,98 0,120 -66,98", wide=p), darker(coat.main, 0.45), 0.28)
    _wear_body(sheet, wearing, rng, 72 * p, 94)
    holding = wearing.removeprefix("holding ") if wearing.startswith("holding ") else ""
    if holding:
        accessories.held(sheet, holding, 0, 176, rng)
    for side in (-1, 1):
        arm: list[Point] = trace("50,84 80,104 96,150 92,190 72,202 54,188 58,150 46,116", wide=p)
        if holding:
            arm = [
                (52 * p, 84),
                (82 * p, 106),
                (90 * p, 150),
                (70 * p, 186),
                (36, 200),
                (16, 188),
                (20, 168),
                (44 * p, 156),
                (50 * p, 120),
            ]
        sheet.shape(arm if side > 0 else flipped(arm), build.socks or coat.shade)
    _head(sheet, build, face, tilt, wearing, rng)


def _far_leg(sheet: Sheet, x: float, shift: float, floor: float, color: str, sock: str | None) -> None:
    left, right = x - 17 + shift, x + 17 + shift
    sheet.shape(
        [
            (x - 30, 150),
            (x + 30, 150),
            (x + 24 + shift * 0.5, 205),
            (right, floor - 26),
            (right, floor + 4),
            (left - 9, floor + 5),
            (left - 9, floor - 10),
            (left, floor - 26),
            (x - 22 + shift * 0.5, 205),
        ],
        color,
    )
    if sock:
        _boot(sheet, left, right, floor - 10, sock)


def _side_outline(floor: float, stride: float, fat: float, hem: float) -> list[Point]:
    """Trunk and the two near legs as one outline, so that no seam runs across a shoulder."""
    back, belly = 56 - 24 * fat, 200 + 40 * fat
    fl, fr, hl, hr = 24 - stride, 62 - stride, 218 + stride, 254 + stride
    hem = min(belly + 26, floor - 34)
    return [
        (-22, 80),
        (0, 46),
        (60, back + 2),
        (130, back + 10),
        (196, back),
        (246, 82),
        (266 + 20 * fat, 136),
        (260 + stride * 0.5, 190),
        (hr + 2, floor - 24),
        (hr + 1, floor + 4),
        (hr - 10, floor + 15),
        (hl - 2, floor + 15),
        (hl - 11, floor + 4),
        (hl, floor - 14),
        (hl - 6, hem),
        (182, belly - 4),
        (126, belly),
        (84, belly - 2),
        (fr + 6, hem),
        (fr + 1, floor - 12),
        (fr + 1, floor + 5),
        (fr - 10, floor + 15),
        (fl - 2, floor + 15),
        (fl - 12, floor + 4),
        (fl - 1, floor - 14),
        (fl - 4, hem - 10),
        (-16, 150),
    ]


def stand(
    sheet: Sheet, build: Build, face: Face, tilt: float, wearing: str, rng: np.random.Generator, walking: bool = False
) -> None:
    """Side on with the head to the left and turned to us; ``walking`` spreads the legs."""
    coat, fat, leg = build.coat, build.plump - 1, build.leg
    floor = 186 + 78 * leg
    stride = 26 if walking else 4
    if build.tail:
        build.tail(sheet, coat, "stand")
    behind = darker(coat.main, 0.22)
    sock = darker(build.socks, 0.06) if build.socks else None
    _far_leg(sheet, 92, stride, floor, behind, sock)
    _far_leg(sheet, 204, -stride, floor, behind, sock)
    fl, fr, hl = 24 - stride, 62 - stride, 218 + stride
    hem = min(226 + 40 * fat, floor - 34)
    sheet.shape(_side_outline(floor, stride, fat, hem), coat.main)
    if build.back:
        build.back(sheet, coat, "stand")
    ink = darker(coat.main, 0.3)
    sheet.stroke([(198, 116), (186, 150), (196, 186), (hl - 4, hem - 4)], (2, 6, 6, 2), ink)
    sheet.stroke([(66, 140), (70, 168), (fr + 6, hem)], (1.5, 5, 2), ink)
    if build.socks:
        _boot(sheet, fl, fr, floor, build.socks)
        _boot(sheet, hl, hl + 36, floor, build.socks)
    _toes(sheet, fl, floor, build.socks or coat.main)
    _toes(sheet, hl, floor, build.socks or coat.main)
    if build.bib:
        sheet.shape(trace("-44,62 20,56 50,84 42,120! 32,120 26,148! 10,134 0,156! -14,118"), coat.light, ease=0.28)
    _wear_body(sheet, wearing, rng, 66, 84, x=-2)
    with sheet.at(-12, -6):
        _head(sheet, build, face, tilt, wearing, rng)


def walk(sheet: Sheet, build: Build, face: Face, tilt: float, wearing: str, rng: np.random.Generator) -> None:
    """As :func:`stand`, with the legs apart."""
    stand(sheet, build, face, tilt, wearing, rng, walking=True)


def sleep(sheet: Sheet, build: Build, face: Face, tilt: float, wearing: str, rng: np.random.Generator) -> None:
    """Curled up with the chin on the paws and the eyes closed."""
    coat, p = build.coat, build.plump
    body: list[Point] = [
        (-120, 96),
        (-96, 30),
        (-20, -22 * p),
        (80, -34 * p),
        (164, 2),
        (204, 72),
        (188, 130),
        (110, 152),
        (0, 154),
        (-90, 146),
    ]
    sheet.shape(body, coat.main)
    if build.back:
        build.back(sheet, coat, "sleep")
    sheet.shape(trace("70,60 116,30 164,50 186,100 168,140 110,150 72,118"), coat.shade)
    paw(sheet, 96, 142, 66, 32, build.socks or coat.shade)
    if build.tail:
        build.tail(sheet, coat, "sleep")
    for x in (-136, -36):
        paw(sheet, x, 140, 62, 32, build.socks or coat.shade)
    fur_marks(sheet, ((20, 10, 10), (54, 26, 14), (10, 46, 6)), darker(coat.main, 0.22), 18)
    with sheet.at(-86, 62, size=0.94):
        _head(sheet, build, Face(turn=-0.25, mood="closed"), -6 + tilt * 0.5, wearing, rng)


def peek(sheet: Sheet, build: Build, face: Face, tilt: float, wearing: str, rng: np.random.Generator) -> None:
    """Looking over a mossy log with two paws on top."""
    coat = build.coat
    sheet.shape(mirrored(trace("0,40 58,58 82,110 84,170 0,178")), coat.main)
    if build.bib:
        sheet.shape(tuft(0, 62, 96, 96), coat.light, ease=0.3)
    _wear_body(sheet, wearing, rng, 66, 90)
    accessories.mossy_log(sheet, 0, 168, 330, 84, rng)
    for side in (-1, 1):
        paw(sheet, side * 62, 134, 54, 42, build.socks or coat.shade)
    _head(sheet, build, face, tilt, wearing, rng)


def _head(sheet: Sheet, build: Build, face: Face, tilt: float, wearing: str, rng: np.random.Generator) -> None:
    with sheet.at(0, 0, turn=tilt, size=build.head_size):
        build.head(sheet, build.coat, face)
        accessories.on_head(sheet, wearing, build.crown_y, rng)


def _wear_body(sheet: Sheet, wearing: str, rng: np.random.Generator, half: float, y: float, x: float = 0.0) -> None:
    with sheet.at(x, y):
        accessories.at_neck(sheet, wearing, half, rng)


POSES: dict[str, Callable[..., None]] = {
    "sitting": sit,
    "sitting up": teddy,
    "standing": stand,
    "walking": walk,
    "sleeping": sleep,
    "peeking over a log": peek,
}

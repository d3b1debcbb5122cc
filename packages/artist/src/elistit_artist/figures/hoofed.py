"""Hoofed animals seen from the side with the head turned to us, standing or lying: the shared body, and its species.

Units are those of the body: about 300 long, the floor at 470 when the legs have their usual length. A species brings
the head, coat, tail and markings; nothing here may place an accessory other than through the accessories module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from . import accessories
from .anatomy import Coat, Face
from .geometry import Point, Sheet, darker, trace, vary
from .subject import Params, Subject

HoofHead = Callable[[Sheet, Coat, Face, str], None]
Marks = Callable[[Sheet, Coat, str, np.random.Generator], None]


@dataclass(frozen=True)
class Hoofed:
    """``neck`` and ``leg`` stretch those parts (1 is a deer); ``girth`` deepens the body; ``hoof`` colors the feet."""

    coat: Coat
    head: HoofHead
    marks: Marks | None = None
    tail: Marks | None = None
    neck: float = 1.0
    leg: float = 1.0
    girth: float = 1.0
    thick: float = 1.0
    collar: float = 92.0
    hoof: str = "#5a463c"
    head_size: float = 1.0
    crown_y: float = -70.0
    behind_neck: Marks | None = None


def _neck(kind: Hoofed) -> tuple[float, float]:
    """Where the head sits."""
    return (12 - 10 * kind.neck, 150 - 146 * kind.neck)


def _collar(kind: Hoofed) -> tuple[float, float, float]:
    """The middle of what is worn at the neck, and half its width: from edge to edge of the neck there."""
    hx, hy = _neck(kind)
    t, y = kind.thick, hy + kind.collar + 24 * (kind.neck - 1)
    left = float(np.interp(y, (hy + 40, hy + 90 * kind.neck, 190), (hx - 34 * t, hx - 26 * t + 6, 10)))
    right = float(np.interp(y, (hy + 30, 150 - 50 * kind.neck, 146), (hx + 40 * t, 58 + 6 * t, 104)))
    half = min((right - left) / 2 + 4, 44 * t)
    return left + half - 4, y, half


def _leg_behind(sheet: Sheet, x: float, top: float, floor: float, w: float, color: str, hoof: str) -> None:
    mid = (top + floor) / 2
    sheet.shape(
        [
            (x - w * 1.1, top),
            (x + w * 1.1, top),
            (x + w * 0.7, mid),
            (x + w * 0.55, floor - 20),
            (x + w * 0.7, floor),
            (x - w * 0.7, floor),
            (x - w * 0.55, floor - 20),
            (x - w * 0.6, mid),
        ],
        color,
    )
    _hoof(sheet, x - w * 0.64, x + w * 0.64, floor, hoof)


def _hoof(sheet: Sheet, left: float, right: float, floor: float, color: str) -> None:
    sheet.shape(
        [(left - 1, floor - 20, 1), (right + 1, floor - 20, 1), (right + 4, floor + 6, 1), (left - 6, floor + 6, 1)],
        color,
        ease=0.2,
    )


def standing(sheet: Sheet, kind: Hoofed, rng: np.random.Generator) -> None:
    """The body on four legs, neck up."""
    coat, g = kind.coat, kind.girth
    hx, hy = _neck(kind)
    floor = 300 + 168 * kind.leg
    belly = 268 + 34 * (g - 1)
    w = 19 + 9 * (kind.thick - 1) * 2
    behind = darker(coat.shade, 0.12)
    _leg_behind(sheet, 118, belly - 50, floor - 12, w * 0.86, behind, darker(kind.hoof, 0.1))
    _leg_behind(sheet, 256, belly - 50, floor - 12, w * 0.86, behind, darker(kind.hoof, 0.1))
    if kind.tail:
        kind.tail(sheet, coat, "standing", rng)
    if kind.behind_neck:
        kind.behind_neck(sheet, coat, "standing", rng)
    fx, bx = 84.0, 288.0
    t = kind.thick
    body: list[Point] = [
        (hx + 40 * t, hy + 30),
        (58 + 6 * t, 150 - 50 * kind.neck),
        (104, 146 - 4 * g),
        (180, 153 - 4 * g),
        (250, 148 - 6 * g),
        (298, 170),
        (312, 214),
        (308, belly),
        (bx + w * 0.75, belly + 40),
        (bx + w * 0.62, floor - 60),
        (bx + w * 0.56, floor - 20),
        (bx + w * 0.66, floor),
        (bx - w * 0.66, floor),
        (bx - w * 0.56, floor - 20),
        (bx - w * 0.7, floor - 70),
        (bx - w * 1.3, belly + 30),
        (228, belly),
        (170, belly + 7),
        (124, belly + 2),
        (fx + w * 0.9, belly + 30),
        (fx + w * 0.62, floor - 70),
        (fx + w * 0.56, floor - 20),
        (fx + w * 0.66, floor),
        (fx - w * 0.66, floor),
        (fx - w * 0.56, floor - 20),
        (fx - w * 0.66, floor - 80),
        (fx - w * 1.25, belly + 10),
        (34, belly - 30),
        (14 - 6 * (t - 1), 190),
        (hx - 26 * t + 6, hy + 90 * kind.neck),
        (hx - 34 * t, hy + 40),
    ]
    sheet.shape(body, coat.main)
    if kind.marks:
        kind.marks(sheet, coat, "standing", rng)
    ink = darker(coat.main, 0.28)
    sheet.stroke([(248, 196), (240, 232), (bx - w * 1.24, belly + 26)], (2, 5.5, 2), ink)
    sheet.stroke([(106, 214), (112, 240), (fx + w * 0.92, belly + 26)], (2, 5, 2), ink)
    _hoof(sheet, fx - w * 0.62, fx + w * 0.62, floor, kind.hoof)
    _hoof(sheet, bx - w * 0.62, bx + w * 0.62, floor, kind.hoof)


def lying(sheet: Sheet, kind: Hoofed, rng: np.random.Generator) -> None:
    """The body at rest with folded legs, neck up."""
    coat = kind.coat
    hx, hy = _neck(kind)
    t = kind.thick
    leg = 17 + 9 * (t - 1) * 2
    if kind.tail:
        kind.tail(sheet, coat, "lying", rng)
    if kind.behind_neck:
        kind.behind_neck(sheet, coat, "lying", rng)
    behind = darker(coat.shade, 0.12)
    sheet.stroke(trace("70,268 -6,272 -62,290"), (40, leg * 1.5, leg * 1.2), behind)
    body: list[Point] = [
        (hx + 40 * t, hy + 30),
        (58 + 6 * t, 150 - 50 * kind.neck),
        (108, 146),
        (190, 142),
        (268, 160),
        (316, 212),
        (312, 272),
        (262, 302),
        (160, 308),
        (70, 302),
        (22, 270),
        (6, 210),
        (hx - 26 * t + 6, hy + 90 * kind.neck),
        (hx - 34 * t, hy + 40),
    ]
    sheet.shape(body, coat.main)
    if kind.marks:
        kind.marks(sheet, coat, "lying", rng)
    sheet.shape(trace("206,214 244,186 296,200 318,250 300,296 240,308 204,272"), coat.shade)
    sheet.stroke(trace("262,292 200,304 136,304"), (44, leg * 1.4, leg * 1.25), coat.shade)
    sheet.stroke([(146, 304), (124, 304)], (leg * 1.24, leg * 1.1), kind.hoof)
    sheet.stroke(trace("92,274 40,298 -24,304"), (46, leg * 1.5, leg * 1.25), coat.main)
    sheet.stroke([(-16, 304), (-38, 304)], (leg * 1.24, leg * 1.1), kind.hoof)
    sheet.stroke([(-56, 288), (-72, 294)], (leg * 1.2, leg * 1.05), darker(kind.hoof, 0.1))


def hoofed(
    code: str,
    name: str,
    themes: tuple[str, ...],
    tags: tuple[str, ...],
    kind: Hoofed,
    poses: Sequence[str],
    wears: Sequence[str],
    kinds: Sequence[str] = ("",),
) -> Subject:
    """A subject with this body; ``kinds`` are passed to the head painter ("a young stag" wears antlers)."""

    def draw(rng: np.random.Generator, params: Params) -> str:
        pose, wearing, sort = (
            str(params.get("pose") or poses[0]),
            str(params.get("wearing") or ""),
            str(params.get("kind") or kinds[0]),
        )
        coat = replace(kind.coat, main=vary(kind.coat.main, rng, 0.015), light=vary(kind.coat.light, rng, 0.008))
        made = replace(kind, coat=coat, leg=kind.leg * rng.uniform(0.97, 1.03))
        face = Face(turn=-rng.uniform(0.15, 0.5), mood="open")
        sheet = Sheet()
        hx, hy = _neck(made)
        with sheet.at(0, 0, flip=rng.random() < 0.5):
            (lying if pose == "lying down" else standing)(sheet, made, rng)
            x, y, half = _collar(made)
            with sheet.at(x, y):
                accessories.at_neck(sheet, wearing, half, rng)
            with sheet.at(hx, hy, turn=rng.uniform(-6, 3), size=made.head_size):
                made.head(sheet, coat, face, sort)
                accessories.on_head(sheet, wearing, made.crown_y, rng)
        return sheet.svg()

    first = [
        {"pose": poses[k % len(poses)], "wearing": w, "kind": kinds[k % len(kinds)]} for k, w in enumerate(("", *wears))
    ]
    rest = [{"pose": p, "wearing": w, "kind": s} for w in ("", *wears) for s in kinds for p in poses]
    return Subject(code, name, themes, tags, draw, (*first, *[v for v in rest if v not in first]))

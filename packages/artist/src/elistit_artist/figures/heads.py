"""Heads as data: a list of parts, back to front, each with its outline in head units and a color of the coat.

Species differ in the lists; what a part looks like is decided once, here and in `anatomy`. A part that only one species has is a
function with the same arguments. Colors are named (`tone`), so that one head serves several coats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from . import anatomy
from .anatomy import BLUSH, EYE, NOSE, Coat, Face
from .geometry import Sheet, flipped, mirrored, mix, trace

Part = Callable[[Sheet, Coat, Face], None]
SIDES = (-1, 1)


def tone(coat: Coat, name: str) -> str:
    """A color by name: one of the coat's ("dark"), two of them mixed ("main+light:0.3" has three tenths of the second), or a
    color itself ("#d8c3b5")."""
    if name.startswith("#"):
        return name
    first, mixed, rest = name.partition("+")
    found = str(getattr(coat, first))
    if not mixed:
        return found
    second, _, share = rest.partition(":")
    return mix(found, str(getattr(coat, second)), float(share))


class Head:
    """A head that is drawn part by part; used where a painter of heads is wanted."""

    def __init__(self, *parts: Part) -> None:
        self.parts = parts

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        for part in self.parts:
            part(sheet, coat, face)


@dataclass(frozen=True)
class OutlinedEars:
    """Ears given by the right one's outline and lining, with a dark tip when it has one."""

    outline: str
    lining: str
    tip: str = ""
    color: str = "main"
    inner: str = "inner"

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        outline, lining, tip = (trace(t) for t in (self.outline, self.lining, self.tip))
        for side in SIDES:
            anatomy.ear_pointed(
                sheet, side, outline, lining, tone(coat, self.color), tone(coat, self.inner), tip or None, coat.dark
            )


@dataclass(frozen=True)
class RoundEars:
    """Round ears ``x`` either side of the middle."""

    x: float
    y: float
    r: float
    color: str = "shade"
    inner: str = "inner"

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        lined = replace(coat, inner=tone(coat, self.inner))
        for side in SIDES:
            anatomy.ear_round(sheet, side * self.x, self.y, self.r, lined, tone(coat, self.color))


@dataclass(frozen=True)
class Middle:
    """An outline across the middle from its right half: the skull, a muzzle. With a ``depth`` it follows the turning head."""

    right: str
    color: str
    depth: float | None = None

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        outline = mirrored(trace(self.right))
        if self.depth is None:
            sheet.shape(outline, tone(coat, self.color))
            return
        with sheet.at(face.x(0, self.depth), 0):
            sheet.shape(outline, tone(coat, self.color))


@dataclass(frozen=True)
class BothSides:
    """Markings on both sides, from the right one; they move ``shift`` units when the head turns."""

    right: str
    color: str
    shift: float
    ease: float = 0.33

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        right = trace(self.right)
        for side in SIDES:
            with sheet.at(face.turn * self.shift, 0):
                sheet.shape(right if side > 0 else flipped(right), tone(coat, self.color), ease=self.ease)


@dataclass(frozen=True)
class EyePatches:
    """An oval behind each eye, slanting by ``turn`` degrees."""

    gap: float
    y: float
    rx: float
    ry: float
    color: str
    turn: float = 0.0

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        for side in SIDES:
            color = tone(coat, self.color)
            sheet.oval(face.x(side * self.gap), self.y, self.rx, self.ry, color, side * self.turn)


@dataclass(frozen=True)
class Blush:
    """See `anatomy.blush`."""

    gap: float
    y: float
    r: float
    color: str = BLUSH

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        anatomy.blush(sheet, face, self.gap, self.y, self.r, tone(coat, self.color))


@dataclass(frozen=True)
class Eyes:
    """See `anatomy.eyes`; ``closed`` is their color when they are not open."""

    gap: float
    y: float
    r: float
    color: str = EYE
    closed: str = ""

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        color = self.closed if self.closed and face.mood != "open" else self.color
        anatomy.eyes(sheet, face, self.gap, self.y, self.r, tone(coat, color))


@dataclass(frozen=True)
class Nose:
    """See `anatomy.nose`; ``depth`` is how far it goes with the turning head."""

    depth: float
    y: float
    w: float
    h: float
    color: str = "nose"

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        anatomy.nose(sheet, face.x(0, self.depth), self.y, self.w, self.h, tone(coat, self.color))


@dataclass(frozen=True)
class Mouth:
    """See `anatomy.mouth`."""

    depth: float
    y: float
    w: float
    drop: float
    color: str = NOSE

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        anatomy.mouth(sheet, face.x(0, self.depth), self.y, self.w, self.drop, tone(coat, self.color))


@dataclass(frozen=True)
class Whiskers:
    """See `anatomy.whiskers`; dark."""

    gap: float
    y: float

    def __call__(self, sheet: Sheet, coat: Coat, face: Face) -> None:
        anatomy.whiskers(sheet, face, self.gap, self.y, coat.dark)

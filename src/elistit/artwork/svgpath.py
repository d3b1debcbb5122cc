"""Reads the path data and transforms of SVG into cubic curves in one coordinate system, so that they can be drawn into
a PDF or measured. It knows shapes only: it must never open a file or follow a reference.

fontTools reads the commands and turns arcs into curves. It skips what it does not know and reads "007" as three numbers, so
it is only ever given path data that was checked against SVG's grammar here and written out plainly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parser
from fontTools.svgLib.path.arc import EllipticalArc

from elistit.artwork import svgvalues

Point = tuple[float, float]
Curve = tuple[Point, Point, Point]
# a b c d e f as SVG writes them: x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_COMMAND = re.compile("([MmLlHhVvCcSsQqTtAaZz])")
_SPACE = " \t\r\n"
_APART = rf"[{_SPACE}]*+,?+[{_SPACE}]*+"
# A number is taken whole or not at all; the flags of an arc are single digits and may touch what follows.
_NUMBER, _FLAG = rf"(?>({svgvalues.NUMBER})){_APART}", rf"([01]){_APART}"
_SETS = {
    command: re.compile(_NUMBER * count)
    for command, count in {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2}.items()
} | {"A": re.compile(_NUMBER * 3 + _FLAG * 2 + _NUMBER * 2)}


class BadPath(ValueError):
    """Path data or a transform that does not follow SVG's grammar."""


@dataclass
class Subpath:
    """One stroke of the pen: where it starts, its cubic curves (two handles and the end), and whether it closes."""

    start: Point
    curves: list[Curve] = field(default_factory=list)
    closed: bool = False

    def moved(self, matrix: Matrix) -> Subpath:
        place = Transform(*matrix).transformPoint
        return Subpath(place(self.start), [(place(a), place(b), place(c)) for a, b, c in self.curves], self.closed)


def multiply(outer: Matrix, inner: Matrix) -> Matrix:
    """The transform that applies `inner` first."""
    return tuple(Transform(*outer).transform(inner))


def keeps_shape(m: Matrix) -> bool:
    """Whether a transform turns, mirrors and scales evenly, so that a pen stays round."""
    a, b, c, d = m[:4]
    size = math.hypot(a, b)
    return math.isclose(size, math.hypot(c, d), rel_tol=1e-6) and abs(a * c + b * d) <= 1e-6 * size * size


def parse_transform(text: str | None) -> Matrix:
    """The matrix of a `transform` attribute. Raises BadPath for a function it does not know and for anything between."""
    found = Identity
    text = (text or "").strip()
    if text and not re.fullmatch(r"(?:[a-zA-Z]+\s*\([^()]*\)[\s,]*)+", text):
        raise BadPath("a transform that is not a list of functions")
    for name, inner in re.findall(r"([a-zA-Z]+)\s*\(([^)]*)\)", text):
        try:
            found = found.transform(_transform(name, svgvalues.numbers(inner)))
        except svgvalues.BadValue as error:
            raise BadPath(str(error).rstrip(".")) from None
    return tuple(found)


def _transform(name: str, v: list[float]) -> Transform:
    match name, len(v):
        case "matrix", 6:
            return Transform(*v)
        case "translate", 1 | 2:
            return Identity.translate(*v)
        case "scale", 1 | 2:
            return Identity.scale(*v)
        case "skewX", 1:
            return Identity.skew(math.radians(v[0]), 0)
        case "skewY", 1:
            return Identity.skew(0, math.radians(v[0]))
        case "rotate", 1 | 3:
            center = Identity.translate(*v[1:])
            return center.rotate(math.radians(v[0])).transform(center.inverse())
    raise BadPath(f"unknown transform {name}")


def parse_path(data: str) -> list[Subpath]:
    """Path data as subpaths of cubic curves; every command of SVG 1.1. Raises BadPath."""
    pen = _Pen()
    plain = " ".join(_plain(data))
    try:
        parser.parse_path(plain, pen)
    except (ValueError, ArithmeticError):
        raise BadPath("path data that cannot be drawn") from None
    return [s for s in pen.subpaths if s.curves]


def _plain(data: str) -> Iterator[str]:
    """The commands and numbers of path data, each as fontTools reads it without a guess."""
    before, *rest = _COMMAND.split(data)
    if before.strip(_SPACE) or (rest and rest[0] not in "Mm"):
        raise BadPath("path data must begin with a move")
    for command, text in zip(rest[::2], rest[1::2], strict=True):
        yield command
        text = text.strip(_SPACE)
        if text.endswith(","):
            raise BadPath("a comma in path data that nothing follows")
        if command in "Zz":
            if text:
                raise BadPath(f"{text[:20]!r} after a closed path")
            continue
        at = 0
        while at < len(text) or not text:
            numbers = _SETS[command.upper()].match(text, at)
            if not numbers:
                raise BadPath(f"{text[at : at + 20]!r} after {command} in path data")
            at = numbers.end()
            for number in map(float, numbers.groups()):
                if not abs(number) <= svgvalues.LARGEST:
                    raise BadPath("a number larger than can be handled")
                yield repr(number).removesuffix(".0")


class _Pen(BasePen):
    """Collects what is drawn as subpaths; straight sides become curves too."""

    def __init__(self) -> None:
        super().__init__()
        self.subpaths: list[Subpath] = []
        self._straight = False

    def _moveTo(self, pt: Point) -> None:
        self.subpaths.append(Subpath(pt))

    def _lineTo(self, pt: Point) -> None:
        self._curveToOne(*_side(self._getCurrentPoint(), pt))
        self._straight = True

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:
        self.subpaths[-1].curves.append((pt1, pt2, pt3))
        self._straight = False

    def _closePath(self) -> None:
        path = self.subpaths[-1]
        if not path.curves:
            # A pen that is put down and lifted leaves a dot where its caps are round.
            self._lineTo(path.start)
        elif self._straight and len(path.curves) > 1 and path.curves[-1][2] == path.start:
            # Closing draws the last side; a second one on top of it would be of no length.
            path.curves.pop()
        path.closed = True

    def arcTo(self, rx: float, ry: float, rotation: float, large: bool, sweep: bool, end: Point) -> None:
        """Called by fontTools with an arc as it is written. Where it has no radius, fontTools leaves out the line that SVG
        asks for, and its curves end beside the point by what rounding makes of it."""
        start, arc = self._getCurrentPoint(), RecordingPen()
        EllipticalArc(complex(*start), rx, ry, rotation, large, sweep, complex(*end)).draw(arc)
        for _, (a, b, c) in arc.value[:-1]:
            self.curveTo(a, b, c)
        if arc.value:
            self.curveTo(*arc.value[-1][1][:2], end)
        elif end != start:
            self.lineTo(end)


def _side(a: Point, b: Point) -> Curve:
    """A straight side as a curve."""
    x, y = (b[0] - a[0]) / 3, (b[1] - a[1]) / 3
    return (a[0] + x, a[1] + y), (a[0] + 2 * x, a[1] + 2 * y), b


def ellipse(cx: float, cy: float, rx: float, ry: float) -> Subpath:
    """A whole ellipse as four curves."""
    pen = _Pen()
    pen.moveTo((cx + rx, cy))
    pen.arcTo(rx, ry, 0, False, True, (cx - rx, cy))
    pen.arcTo(rx, ry, 0, False, True, (cx + rx, cy))
    pen.closePath()
    return pen.subpaths[0]


def polyline(points: Sequence[Point], closed: bool) -> Subpath:
    """Straight sides through points."""
    ends = [*points[1:], *([points[0]] if closed else [])]
    return Subpath(points[0], [_side(a, b) for a, b in zip(points, ends, strict=False)], closed)


def rectangle(x: float, y: float, width: float, height: float, rx: float, ry: float) -> Subpath:
    """A rectangle with corners rounded by `rx` and `ry`."""
    rx, ry, right, low = min(rx, width / 2), min(ry, height / 2), x + width, y + height
    if rx <= 0 or ry <= 0:
        return polyline([(x, y), (right, y), (right, low), (x, low)], True)
    pen = _Pen()
    at: Point = (x + rx, y)
    pen.moveTo(at)
    for straight, end in (
        ((right - rx, y), (right, y + ry)),
        ((right, low - ry), (right - rx, low)),
        ((x + rx, low), (x, low - ry)),
        ((x, y + ry), (x + rx, y)),
    ):
        if straight != at:
            pen.lineTo(straight)
        pen.arcTo(rx, ry, 0, False, True, end)
        at = end
    pen.closePath()
    return pen.subpaths[0]

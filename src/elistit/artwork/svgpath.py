"""Reads the path data and transforms of SVG into cubic curves in one coordinate system, so that they can be drawn into
a PDF or measured. It knows shapes only: it must never open a file or follow a reference."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from elistit.artwork import svgvalues

Point = tuple[float, float]
Curve = tuple[Point, Point, Point]
# a b c d e f as SVG writes them: x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
# The distance of a curve's handles that makes it a quarter circle.
_KAPPA = 0.5522847498


class BadPath(ValueError):
    """Path data or a transform that does not follow SVG's grammar."""


@dataclass
class Subpath:
    """One stroke of the pen: where it starts, its cubic curves (two handles and the end), and whether it closes."""

    start: Point
    curves: list[Curve] = field(default_factory=list)
    closed: bool = False

    def moved(self, matrix: Matrix) -> Subpath:
        return Subpath(
            apply(matrix, self.start),
            [(apply(matrix, a), apply(matrix, b), apply(matrix, c)) for a, b, c in self.curves],
            self.closed,
        )


def apply(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def multiply(outer: Matrix, inner: Matrix) -> Matrix:
    """The transform that applies `inner` first."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (
        a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f,
    )  # fmt: skip


def keeps_shape(m: Matrix) -> bool:
    """Whether a transform turns, mirrors and scales evenly, so that a pen stays round."""
    a, b, c, d = m[:4]
    size = math.hypot(a, b)
    return math.isclose(size, math.hypot(c, d), rel_tol=1e-6) and abs(a * c + b * d) <= 1e-6 * size * size


def parse_transform(text: str | None) -> Matrix:
    """The matrix of a `transform` attribute. Raises BadPath for a function it does not know and for anything between."""
    found = IDENTITY
    text = (text or "").strip()
    if text and not re.fullmatch(r"(?:[a-zA-Z]+\s*\([^()]*\)[\s,]*)+", text):
        raise BadPath("a transform that is not a list of functions")
    for name, inner in re.findall(r"([a-zA-Z]+)\s*\(([^)]*)\)", text):
        try:
            found = multiply(found, _transform(name, svgvalues.numbers(inner)))
        except svgvalues.BadValue as error:
            raise BadPath(str(error).rstrip(".")) from None
    return found


def _transform(name: str, v: list[float]) -> Matrix:
    if name == "matrix" and len(v) == 6:
        return (v[0], v[1], v[2], v[3], v[4], v[5])
    if name == "translate" and len(v) in (1, 2):
        return (1, 0, 0, 1, v[0], v[1] if len(v) > 1 else 0)
    if name == "scale" and len(v) in (1, 2):
        return (v[0], 0, 0, v[1] if len(v) > 1 else v[0], 0, 0)
    if name in ("skewX", "skewY") and len(v) == 1:
        slope = math.tan(math.radians(v[0]))
        return (1, 0, slope, 1, 0, 0) if name == "skewX" else (1, slope, 0, 1, 0, 0)
    if name == "rotate" and len(v) in (1, 3):
        cos, sin = math.cos(math.radians(v[0])), math.sin(math.radians(v[0]))
        turn: Matrix = (cos, sin, -sin, cos, 0, 0)
        if len(v) == 3:
            return multiply(multiply((1, 0, 0, 1, v[1], v[2]), turn), (1, 0, 0, 1, -v[1], -v[2]))
        return turn
    raise BadPath(f"unknown transform {name}")


def parse_path(data: str) -> list[Subpath]:
    """Path data as subpaths of cubic curves; every command of SVG 1.1. Raises BadPath."""
    pen = _Pen()
    for command, values in _commands(data):
        pen.draw(command, values)
    return [s for s in pen.subpaths if s.curves]


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with one set of its numbers; repeats are spelled out."""
    command = ""
    numbers: list[float] = []
    for token, arc in _split(data):
        if token:
            yield from _sets(command, numbers)
            command, numbers = token, []
        else:
            numbers.append(arc)
    yield from _sets(command, numbers)


def _split(data: str) -> Iterator[tuple[str, float]]:
    at, command, count = 0, "", 0
    while at < len(data):
        if data[at] in " \t\r\n,":
            at += 1
            continue
        # The flags of an arc are single digits and may touch what follows.
        if command in "Aa" and command and count % 7 in (3, 4) and data[at] in "01":
            yield "", float(data[at])
            at, count = at + 1, count + 1
            continue
        match = _TOKEN.match(data, at)
        if not match:
            raise BadPath(f"unexpected {data[at]!r} in path data")
        at = match.end()
        if match.group(1):
            command, count = match.group(1), 0
            yield command, 0.0
        else:
            count += 1
            if not math.isfinite(value := float(match.group(2))) or abs(value) > 1e9:
                raise BadPath("a number larger than can be handled")
            yield "", value


def _sets(command: str, numbers: list[float]) -> Iterator[tuple[str, list[float]]]:
    if not command:
        if numbers:
            raise BadPath("path data must begin with a move")
        return
    takes = _TAKES[command.upper()]
    if takes == 0:
        yield command, []
        return
    if not numbers or len(numbers) % takes:
        raise BadPath(f"{command} has {len(numbers)} numbers")
    for index in range(0, len(numbers), takes):
        yield command, numbers[index : index + takes]
        command = {"M": "L", "m": "l"}.get(command, command)


class _Pen:
    def __init__(self) -> None:
        self.subpaths: list[Subpath] = []
        self.at: Point = (0.0, 0.0)
        self.handle: Point | None = None
        self.kind = ""

    def draw(self, command: str, v: list[float]) -> None:
        upper = command.upper()
        if not self.subpaths and upper != "M":
            raise BadPath("path data must begin with a move")
        x0, y0 = self.at if command.islower() else (0.0, 0.0)
        handle, kind, self.handle, self.kind = self.handle, self.kind, None, upper
        if upper == "M":
            self.at = (x0 + v[0], y0 + v[1])
            self.subpaths.append(Subpath(self.at))
        elif upper == "Z":
            if not self.subpaths[-1].curves:
                # A pen that is put down and lifted leaves a dot where its caps are round.
                self._line(self.at)
            self.subpaths[-1].closed = True
            self.at = self.subpaths[-1].start
        elif upper in "LHV":
            end = {"L": lambda: (x0 + v[0], y0 + v[1]), "H": lambda: (x0 + v[0], self.at[1])}.get(
                upper, lambda: (self.at[0], y0 + v[0])
            )()
            self._line(end)
        elif upper in "CS":
            first = (x0 + v[0], y0 + v[1]) if upper == "C" else self._mirrored(handle if kind in "CS" else None)
            rest = v[2:] if upper == "C" else v
            self.handle = (x0 + rest[0], y0 + rest[1])
            self._curve(first, self.handle, (x0 + rest[2], y0 + rest[3]))
        elif upper in "QT":
            self.handle = (x0 + v[0], y0 + v[1]) if upper == "Q" else self._mirrored(handle if kind in "QT" else None)
            end = (x0 + v[-2], y0 + v[-1])
            quadratic, start = self.handle, self.at
            self._curve(_toward(start, quadratic), _toward(end, quadratic), end)
            self.handle = quadratic
        else:
            self._arc(v, (x0 + v[5], y0 + v[6]))

    def _open(self) -> Subpath:
        if self.subpaths[-1].closed:
            self.subpaths.append(Subpath(self.at))
        return self.subpaths[-1]

    def _mirrored(self, handle: Point | None) -> Point:
        return (2 * self.at[0] - handle[0], 2 * self.at[1] - handle[1]) if handle else self.at

    def _line(self, end: Point) -> None:
        self._curve(_part(self.at, end, 1 / 3), _part(self.at, end, 2 / 3), end)

    def _curve(self, a: Point, b: Point, end: Point) -> None:
        self._open().curves.append((a, b, end))
        self.at = end

    def _arc(self, v: list[float], end: Point) -> None:
        rx, ry = abs(v[0]), abs(v[1])
        if rx == 0 or ry == 0 or end == self.at:
            if end != self.at:
                self._line(end)
            return
        for a, b, c in _arc_curves(self.at, end, rx, ry, math.radians(v[2]), v[3] != 0, v[4] != 0):
            self._curve(a, b, c)
        self.at = end


def _part(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _toward(a: Point, b: Point) -> Point:
    return _part(a, b, 2 / 3)


def _arc_curves(start: Point, end: Point, rx: float, ry: float, tilt: float, large: bool, sweep: bool) -> list[Curve]:
    """An elliptical arc as cubic curves of at most a quarter turn each (SVG 1.1, appendix F.6)."""
    cos, sin = math.cos(tilt), math.sin(tilt)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, -sin * dx + cos * dy
    grow = math.sqrt(max(1.0, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    under = max(0.0, (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2)
    factor = math.sqrt(under / ((rx * y) ** 2 + (ry * x) ** 2)) * (-1 if large == sweep else 1)
    cx, cy = factor * rx * y / ry, -factor * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    turn = (math.atan2((-y - cy) / ry, (-x - cx) / rx) - first) % (2 * math.pi)
    if not sweep:
        turn -= 2 * math.pi
    center = (cos * cx - sin * cy + (start[0] + end[0]) / 2, sin * cx + cos * cy + (start[1] + end[1]) / 2)
    matrix: Matrix = (rx * cos, rx * sin, -ry * sin, ry * cos, center[0], center[1])
    count = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    step = turn / count
    reach = 4 / 3 * math.tan(step / 4)
    found = []
    for index in range(count):
        a, b = first + index * step, first + (index + 1) * step
        found.append(
            (
                apply(matrix, (math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a))),
                apply(matrix, (math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b))),
                apply(matrix, (math.cos(b), math.sin(b))),
            )
        )
    return found


def ellipse(cx: float, cy: float, rx: float, ry: float) -> Subpath:
    """A whole ellipse as four curves."""
    kx, ky = rx * _KAPPA, ry * _KAPPA
    return Subpath(
        (cx + rx, cy),
        [
            ((cx + rx, cy + ky), (cx + kx, cy + ry), (cx, cy + ry)),
            ((cx - kx, cy + ry), (cx - rx, cy + ky), (cx - rx, cy)),
            ((cx - rx, cy - ky), (cx - kx, cy - ry), (cx, cy - ry)),
            ((cx + kx, cy - ry), (cx + rx, cy - ky), (cx + rx, cy)),
        ],
        True,
    )


def polyline(points: Sequence[Point], closed: bool) -> Subpath:
    """Straight sides through points."""
    curves = [
        (_part(a, b, 1 / 3), _part(a, b, 2 / 3), b)
        for a, b in zip(points, [*points[1:], *([points[0]] if closed else [])], strict=False)
    ]
    return Subpath(points[0], curves, closed)


def rectangle(x: float, y: float, width: float, height: float, rx: float, ry: float) -> Subpath:
    """A rectangle with corners rounded by `rx` and `ry`."""
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if rx <= 0 or ry <= 0:
        return polyline([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], True)
    kx, ky, right, low = rx * (1 - _KAPPA), ry * (1 - _KAPPA), x + width, y + height
    curves: list[Curve] = []
    at: Point = (x + rx, y)
    for straight, a, b, end in (
        ((right - rx, y), (right - kx, y), (right, y + ky), (right, y + ry)),
        ((right, low - ry), (right, low - ky), (right - kx, low), (right - rx, low)),
        ((x + rx, low), (x + kx, low), (x, low - ky), (x, low - ry)),
        ((x, y + ry), (x, y + ky), (x + kx, y), (x + rx, y)),
    ):
        if straight != at:
            curves.append((_part(at, straight, 1 / 3), _part(at, straight, 2 / 3), straight))
        curves.append((a, b, end))
        at = end
    return Subpath((x + rx, y), curves, True)

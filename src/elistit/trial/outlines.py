"""Whether the outlines of SVG path data are closed: the data is followed command by command (SVG 1.1 §8.3), endpoints
only. Pure. It must never accept data that a cutting program would reject."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([\s,]+)|(.)", re.DOTALL)
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
# Endpoints this close to each other, in the drawing's units and as a share of its extent, count as one point.
_NEAR = 1e-4


def closed(data: str) -> list[bool]:
    """For every outline that has a length, whether it ends where it starts. Raises ValueError for data that is not a path."""
    found: list[bool] = []
    start = at = (0.0, 0.0)
    reach, drawn = 1.0, False
    for command, values in _commands(data):
        kind, relative = command.upper(), command.islower()
        if kind == "Z":
            if drawn:
                found.append(True)
            at, drawn = start, False
            continue
        end = _end(kind, values, at, relative)
        if kind == "M":
            if drawn:
                found.append(_same(start, at, reach))
            start, drawn = end, False
        else:
            drawn = drawn or end != at or kind in "CSQTA"
        at = end
        reach = max(reach, abs(at[0]), abs(at[1]))
    if drawn:
        found.append(_same(start, at, reach))
    return found


def _same(a: tuple[float, float], b: tuple[float, float], reach: float) -> bool:
    return max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= _NEAR * reach


def _end(kind: str, values: list[float], at: tuple[float, float], relative: bool) -> tuple[float, float]:
    x0, y0 = at if relative else (0.0, 0.0)
    if kind == "H":
        return x0 + values[0], at[1]
    if kind == "V":
        return at[0], y0 + values[0]
    return x0 + values[-2], y0 + values[-1]


def _commands(data: str) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    command, values = "", list[float]()
    for letter, number, _, other in _TOKEN.findall(data):
        if other or (number and not command):
            raise ValueError("not a path")
        if letter:
            if values:
                raise ValueError("a command is cut off")
            if not found and not command and letter not in "Mm":
                raise ValueError("a path starts with M")
            command = letter
            if letter in "Zz":
                found.append(("Z", []))
        elif number:
            takes = _TAKES[command.upper()]
            if not takes:
                raise ValueError("a number after the end of an outline")
            values.append(float(number))
            if command in "Aa" and len(values) in (4, 5) and number not in ("0", "1"):
                values = _flags(values, number)
            if len(values) == takes:
                found.append((command, values))
                values = []
                # Further pairs after a move are lines.
                command = {"M": "L", "m": "l"}.get(command, command)
    if values:
        raise ValueError("a command is cut off")
    return found


def _flags(values: list[float], number: str) -> list[float]:
    """The two flags of an arc may be written without a space: “01”, or “011.5” with the number after them."""
    rest = number
    values = values[:-1]
    while len(values) < 5 and rest:
        if rest[0] not in "01":
            raise ValueError("a flag is 0 or 1")
        values.append(float(rest[0]))
        rest = rest[1:]
    if rest:
        values.append(float(rest))
    return values

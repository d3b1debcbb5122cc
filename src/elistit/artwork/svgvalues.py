"""The values in an SVG file: numbers, lengths, colors, view boxes. Each is understood wholly or raises BadValue.

What is not in these grammars must never be guessed at: a renderer that knows more would draw something else.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from tinycss2 import color3

Color = tuple[int, int, int]
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
# CSS pixels to the inch: how every unit of length is tied to the others.
PER_INCH = 96.0
_UNITS = {
    "": 1.0, "px": 1.0, "in": PER_INCH, "cm": PER_INCH / 2.54, "mm": PER_INCH / 25.4, "pt": PER_INCH / 72,
    "pc": PER_INCH / 6,
}  # fmt: skip
_LENGTH = re.compile(rf"({NUMBER})(px|in|cm|mm|pt|pc|em|%)?")
_NEXT = re.compile(rf"({NUMBER})\s*(,?)\s*")
_ALIGN = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
LARGEST = 1e9


class BadValue(ValueError):
    """A value outside the grammars of this module. The message is one plain sentence."""


@dataclass(frozen=True)
class Absolute:
    """A length that depends on nothing around it: CSS pixels, and whether it was stated in a unit of length."""

    pixels: float
    physical: bool


@dataclass(frozen=True)
class Aspect:
    """How a view box is placed in its viewport: `keeps` its shape or is stretched, `slices` or fits, its current state."""

    keeps: bool = True
    slices: bool = False
    x: float = 0.5
    y: float = 0.5


def number(text: str) -> float:
    """A plain number. Raises BadValue."""
    if not re.fullmatch(NUMBER, text.strip()):
        raise BadValue(f"“{text[:40]}” is not a number.")
    return _finite(float(text))


def _finite(value: float) -> float:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise BadValue("A number in the drawing is larger than can be handled.")
    return value


def numbers(text: str) -> list[float]:
    """Numbers apart by spaces or one comma each, or by nothing where a sign parts them. Raises BadValue."""
    found: list[float] = []
    at, text = 0, text.strip()
    while at < len(text):
        match = _NEXT.match(text, at)
        # A comma that nothing follows is not in the grammar.
        if match is None or (match.end() == len(text) and match.group(2)):
            raise BadValue(f"“{text[:40]}” is not a list of numbers.")
        found.append(_finite(float(match.group(1))))
        at = match.end()
    return found


def share(text: str) -> float:
    """An opacity, 0 to 1, as a number or a percentage. Raises BadValue."""
    text = text.strip()
    value = number(text[:-1]) / 100 if text.endswith("%") else number(text)
    return min(1.0, max(0.0, value))


def length(text: str, whole: float, em: float | None) -> float:
    """A length in user units. `whole`: what a percentage is of; `em`: the font size, None when unknown. Raises BadValue."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        raise BadValue(f"“{text[:40]}” is not a length.")
    value, unit = _finite(float(match.group(1))), match.group(2) or ""
    if unit == "%":
        if math.isnan(whole):
            raise BadValue("The drawing has percentages where programs take them of different things.")
        return value / 100 * whole
    if unit == "em":
        if em is None:
            raise BadValue("The drawing measures by a font size that it does not state.")
        return value * em
    return value * _UNITS[unit]


def absolute(text: str | None) -> Absolute | None:
    """A length in absolute units; None for a percentage and for anything else."""
    match = _LENGTH.fullmatch((text or "").strip())
    if match is None or match.group(2) in ("em", "%"):
        return None
    unit = match.group(2) or ""
    value = float(match.group(1)) * _UNITS[unit]
    return Absolute(value, unit not in ("", "px")) if math.isfinite(value) else None


def view_box(text: str | None) -> tuple[float, float, float, float] | None:
    """Left, top, width, height; None when the text is no usable view box."""
    try:
        found = numbers(text or "")
    except BadValue:
        return None
    if len(found) != 4 or found[2] <= 0 or found[3] <= 0:
        return None
    return found[0], found[1], found[2], found[3]


def aspect(text: str | None) -> Aspect:
    """The value of `preserveAspectRatio`. Raises BadValue."""
    match = re.fullmatch(r"(none|x(Min|Mid|Max)Y(Min|Mid|Max))(?:\s+(meet|slice))?", (text or "xMidYMid").strip())
    if match is None:
        raise BadValue("The drawing has a way of fitting its view box that is not known.")
    if match.group(1) == "none":
        return Aspect(keeps=False)
    return Aspect(True, match.group(4) == "slice", _ALIGN[match.group(2)], _ALIGN[match.group(3)])


def color(text: str, current: tuple[Color, float] | None) -> tuple[Color, float] | None:
    """0-255 RGB and opacity, or None for no paint. `current`: what `currentColor` is. Raises BadValue for gradients,
    patterns and what is not understood."""
    text = text.strip()
    if text.lower() == "none":
        return None
    if match := re.fullmatch(r"#([0-9a-fA-F]{4}|[0-9a-fA-F]{8})", text):
        digits = match.group(1) if len(match.group(1)) == 8 else "".join(c * 2 for c in match.group(1))
        red, green, blue, alpha = (int(digits[k : k + 2], 16) for k in (0, 2, 4, 6))
        return (red, green, blue), alpha / 255
    found = color3.parse_color(text)
    if found == "currentColor":
        return current
    if found is None:
        raise BadValue("The drawing uses gradients, patterns or colors that are not plain.")
    red, green, blue = (min(255, max(0, round(v * 255))) for v in found[:3])
    return (red, green, blue), min(1.0, max(0.0, found[3]))

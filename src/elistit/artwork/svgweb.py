"""What browsers draw in an SVG and print programs, cutting machines and the renderers here don't: the newer parts of CSS.

Two renderers that both pass over the same rule agree on something wrong, so what neither knows is looked for by name. A transform
with an origin is written as the plain transform it stands for. Must never guess: what is not written plainly is named, and the
drawing is refused.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import tinycss2

from elistit.artwork import svgdoc, svgstyle, svgvalues

_COLORS = {"color", "color-mix", "light-dark", "oklch", "oklab", "lch", "lab", "hwb", "device-cmyk"}
_FUNCTIONS = {
    "var", "env", "calc", "min", "max", "clamp", "attr", "if", "path", "circle", "ellipse", "inset", "polygon", "rect", "xywh", "shape",
    *_COLORS,
}  # fmt: skip
_PROPERTIES = {
    "d", "transform-origin", "transform-box", "rotate", "scale", "translate", "perspective", "offset-path", "offset-distance",
    "offset-rotate", "backdrop-filter", "zoom", "mask-image", "mask-border", "mask-composite", "all",
}  # fmt: skip
# A transform has functions of its own; so has the old `clip`, which shapes don't obey.
_READ_ELSEWHERE = {"transform", "clip"}
_PSEUDO_CLASSES = {"is", "where", "has", "matches"}
_IDLE_RULES = {
    "font-face",
    "charset",
    "namespace",
    "page",
    "keyframes",
    "font-feature-values",
    "counter-style",
    "property",
}
# Neither a print nor a listing image is looked at in the dark, on paper or by someone who asked for less motion.
_OTHER_MEDIA = re.compile(
    r"print|speech|prefers-(color-scheme\s*:\s*dark|reduced-\w+|contrast|reduced-transparency)|forced-colors", re.I
)
_ANGLES = {"": 1.0, "deg": 1.0, "rad": 180 / math.pi, "grad": 0.9, "turn": 360.0}
_PLACES = {"left": "0%", "top": "0%", "center": "50%", "right": "100%", "bottom": "100%"}
_CALL = re.compile(r"([A-Za-z]+)\s*\(([^()]*)\)\s*,?\s*")
_MEASURE = re.compile(rf"({svgvalues.NUMBER})([a-z%]*)")


class OnlyBrowsers(ValueError):
    """The drawing uses something that only browsers draw. The message is one plain sentence for the seller."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The SVG uses {what}, which only web browsers draw; save it as a plain SVG and use that file."
        )


def check(root: ElementTree.Element) -> None:
    """Raises OnlyBrowsers when anything in the drawing is drawn by browsers alone. `make_plain` comes first."""
    dashed = any("dasharray" in f"{element.attrib} {element.text}" for element in root.iter())
    for element in root.iter():
        if element.tag == f"{{{svgdoc.SVG}}}style":
            _sheet(tinycss2.parse_stylesheet(element.text or "", skip_comments=True, skip_whitespace=True))
        for name, value in element.attrib.items():
            if name == "style":
                _block(tinycss2.parse_blocks_contents(value, skip_comments=True, skip_whitespace=True))
            elif name == "pathLength" and dashed:
                raise OnlyBrowsers("“pathLength” with dashes")
            elif svgstyle.is_property(name) and name not in _READ_ELSEWHERE and "(" in value:
                _value(name, tinycss2.parse_component_value_list(value), "")


def _sheet(rules: Iterable[Any]) -> None:
    for rule in rules:
        if rule.type == "at-rule":
            keyword = rule.lower_at_keyword
            other = keyword == "media" and _OTHER_MEDIA.search(tinycss2.serialize(rule.prelude))
            if not (other or keyword in _IDLE_RULES or keyword.startswith("-")):
                raise OnlyBrowsers(f"“@{keyword[:40]}”")
        elif rule.type == "qualified-rule":
            for part in _functions(rule.prelude):
                if part.lower_name in _PSEUDO_CLASSES:
                    raise OnlyBrowsers(f"“:{part.lower_name}()”")
            _block(tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True))


def _block(parts: Iterable[Any]) -> None:
    plain: set[str] = set()
    for part in parts:
        if part.type in ("qualified-rule", "at-rule"):
            raise OnlyBrowsers("a style rule within another")
        if part.type != "declaration" or part.name.startswith("--"):
            continue
        name = part.lower_name
        if name in _PROPERTIES and _has_effect(part.value):
            raise OnlyBrowsers(f"the style property “{name}”")
        if svgstyle.is_property(name) and name not in _READ_ELSEWHERE:
            # A color of the newer kinds after a plain one is for browsers; everyone else takes the plain one.
            _value(name, part.value, "the plain one" if name in plain else "")
            plain.add(name)


def _has_effect(value: list[Any]) -> bool:
    return tinycss2.serialize(value).strip().lower() not in (
        "none",
        "auto",
        "normal",
        "initial",
        "view-box",
        "0 0",
        "0px 0px",
        "0",
        "0px",
    )


def _value(name: str, value: list[Any], fallback: str) -> None:
    for part in _functions(value):
        if part.lower_name in _FUNCTIONS and not (fallback and part.lower_name in _COLORS):
            raise OnlyBrowsers(f"“{part.lower_name}()” in “{name}”")


def _functions(parts: Iterable[Any]) -> Iterator[Any]:
    for part in parts:
        if part.type == "function":
            yield part
            yield from _functions(part.arguments)
        elif part.type.endswith("block"):
            yield from _functions(part.content)


def make_plain(root: ElementTree.Element, canvas: svgdoc.Canvas) -> None:
    """Write what has a plain form in that form: transforms in `style` attributes and with an origin as `transform` attributes, a
    plain color alone where one of the newer kinds follows it. What has none stays as it is, for `check` to name."""
    if sum(element.tag == f"{{{svgdoc.SVG}}}svg" for element in root.iter()) > 1:
        # In a drawing within the drawing, shares are of that one's view box.
        canvas = replace(canvas, view=(math.nan, math.nan))
    for element in root.iter():
        style = element.get("style", "")
        declared = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
        if any(part.type != "declaration" for part in declared):
            continue
        kept = list(_without_newer_colors(declared))
        if "transform" in style or "transform-origin" in element.attrib:
            kept = _with_plain_transform(element, kept, canvas)
        if len(kept) < len(declared):
            element.set("style", ";".join(_words(part) for part in kept))
            if not kept:
                del element.attrib["style"]


def _words(part: Any) -> str:
    return f"{part.name}:{tinycss2.serialize(part.value)}{' !important' if part.important else ''}"


def _without_newer_colors(declared: list[Any]) -> Iterator[Any]:
    plain: set[str] = set()
    for part in declared:
        newer = any(function.lower_name in _COLORS for function in _functions(part.value))
        if not (newer and part.lower_name in plain):
            yield part
        if not newer:
            plain.add(part.lower_name)


def _with_plain_transform(element: ElementTree.Element, declared: list[Any], canvas: svgdoc.Canvas) -> list[Any]:
    """The declarations that are left when the element's transform is written as an attribute: all when it has no plain form."""
    ours = ("transform", "transform-origin", "transform-box")
    stated = {name: element.attrib[name].strip() for name in ours[1:] if name in element.attrib}
    stated |= {part.lower_name: tinycss2.serialize(part.value).strip() for part in declared if part.lower_name in ours}
    try:
        inside = _calls(stated["transform"]) if "transform" in stated else element.get("transform", "").strip()
        x, y = _origin(stated, canvas) if inside else (0.0, 0.0)
    except svgvalues.BadValue:
        return declared
    for name in ours:
        element.attrib.pop(name, None)
    if inside:
        around = f"translate({x:.10g} {y:.10g}) {inside} translate({-x:.10g} {-y:.10g})" if x or y else inside
        element.set("transform", around)
    return [part for part in declared if part.lower_name not in ours]


def _origin(stated: dict[str, str], canvas: svgdoc.Canvas) -> tuple[float, float]:
    """Where a transform turns, in user units. Raises BadValue when that hangs on the shape itself."""
    words = stated.get("transform-origin", "0 0").lower().split()
    if not 1 <= len(words) <= 3 or (len(words) == 3 and _MEASURE.fullmatch(words[2]) is None):
        raise svgvalues.BadValue("The origin of a transform cannot be read.")
    x, y = (*words, "center")[:2]
    if x in _PLACES and y in _PLACES and (x in ("top", "bottom") or y in ("left", "right")):
        x, y = y, x
    if x in ("top", "bottom") or y in ("left", "right"):
        raise svgvalues.BadValue("The origin of a transform cannot be read.")
    if stated.get("transform-box", "view-box") != "view-box" and stated.get("transform-origin"):
        raise svgvalues.BadValue("The origin of a transform hangs on its shape.")
    return _offset(x, canvas.view[0]), _offset(y, canvas.view[1])


def _offset(word: str, whole: float) -> float:
    """From the origin of the view box, wherever that lies in the drawing: so CSS has it."""
    return svgvalues.length(_PLACES.get(word, word), whole, None)


def _calls(text: str) -> str:
    """The functions of a CSS transform in the grammar of the attribute. Raises BadValue."""
    if text.lower() == "none":
        return ""
    found, at = [], 0
    while at < len(text):
        match = _CALL.match(text, at)
        if match is None:
            raise svgvalues.BadValue("A transform cannot be read.")
        found.append(_call(match.group(1).lower(), re.split(r"[\s,]+", match.group(2).strip())))
        at = match.end()
    return " ".join(found)


def _call(name: str, arguments: list[str]) -> str:
    if name in ("translate", "translatex", "translatey") and 1 <= len(arguments) <= 2:
        moved = [svgvalues.length(a, math.nan, None) for a in arguments]
        x, y = (0.0, moved[0]) if name.endswith("y") else (moved[0], moved[1] if len(moved) > 1 else 0.0)
        return f"translate({x:.10g} {y:.10g})"
    if name in ("rotate", "skewx", "skewy") and len(arguments) == 1:
        word = {"rotate": "rotate", "skewx": "skewX", "skewy": "skewY"}[name]
        return f"{word}({_degrees(arguments[0]):.10g})"
    if name in ("scale", "scalex", "scaley") and 1 <= len(arguments) <= 2:
        shares = [svgvalues.number(a[:-1]) / 100 if a.endswith("%") else svgvalues.number(a) for a in arguments]
        x, y = shares[0], shares[-1]
        x, y = (x, 1.0) if name.endswith("x") else (1.0, y) if name.endswith("y") else (x, y)
        return f"scale({x:.10g} {y:.10g})"
    if name == "matrix" and len(arguments) == 6:
        return f"matrix({' '.join(f'{svgvalues.number(a):.10g}' for a in arguments)})"
    raise svgvalues.BadValue(f"The transform “{name[:40]}” has no plain form.")


def _degrees(word: str) -> float:
    match = _MEASURE.fullmatch(word)
    if match is None or match.group(2) not in _ANGLES:
        raise svgvalues.BadValue(f"“{word[:40]}” is not an angle.")
    return float(match.group(1)) * _ANGLES[match.group(2)]

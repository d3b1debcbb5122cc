"""Which value each property of each element of an SVG has: style sheets, `style`, and presentation attributes, in the order
of the cascade.

The list of properties is closed. One that is not in it, a rule that depends on where the drawing is shown, and a value that
hangs on another property make the drawing one that is not flat; nothing is skipped because it is unknown.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from typing import Any

import cssselect2
import tinycss2

from elistit.artwork import svgdoc

# Handed down from an element to what is in it.
INHERITED = frozenset({
    "fill", "fill-opacity", "fill-rule", "clip-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "visibility", "color",
    "paint-order", "font-size",
})  # fmt: skip
# Of an element alone.
_OWN = frozenset({"opacity", "display", "clip-path", "overflow"})
# Known, and right only as long as they have one of these values.
_ONLY = {
    "mask": {"none"}, "filter": {"none"}, "marker": {"none"}, "marker-start": {"none"}, "marker-mid": {"none"},
    "marker-end": {"none"}, "vector-effect": {"none"}, "mix-blend-mode": {"normal"}, "clip": {"auto"},
    "isolation": {"auto", "isolate"}, "transform": {"none"}, "mask-type": {"luminance", "alpha"},
    "color-interpolation": {"auto", "sRGB", "srgb"},
}  # fmt: skip
# Without any effect on shapes of plain colors: text, gradients, images, pointers, hints for speed.
_IDLE = re.compile(
    r"font-(family|style|variant|weight|stretch|kerning|size-adjust|feature-settings|variation-settings)"
    r"|font-variant-.*|text-.*|letter-spacing|word-spacing|writing-mode|direction|unicode-bidi|line-height|white-space"
    r"|baseline-shift|(dominant|alignment)-baseline|kerning|glyph-orientation-.*|shape-(inside|padding|margin|subtract)"
    r"|inline-size|block-progression|stop-color|stop-opacity|flood-color|flood-opacity|lighting-color|solid-(color|opacity)"
    r"|(shape|text|image|color)-rendering|color-interpolation-filters|color-profile|enable-background"
    r"|pointer-events|cursor|-inkscape-.*|--.*"
)
_GLOBAL = {"initial", "unset", "revert", "revert-layer"}


class UnknownStyle(ValueError):
    """Something in the styling that is not resolved here. The message is one plain sentence."""


def is_property(name: str) -> bool:
    """Whether an attribute of this name is a presentation attribute known here."""
    return name in INHERITED or name in _OWN or name in _ONLY or bool(_IDLE.fullmatch(name))


class Styles:
    """The specified values of the elements of one drawing. Raises UnknownStyle when a style sheet is not understood."""

    def __init__(self, root: ElementTree.Element) -> None:
        self._matcher = cssselect2.Matcher()
        self._rules = 0
        for element in root.iter(f"{{{svgdoc.SVG}}}style"):
            self._add(element)
        self._wrapped: dict[ElementTree.Element, Any] = {}
        if self._rules:
            self._wrapped = {w.etree_element: w for w in _elements(cssselect2.ElementWrapper.from_xml_root(root))}

    def _add(self, element: ElementTree.Element) -> None:
        if element.get("type", "text/css").strip() not in ("", "text/css") or element.get("media", "all") not in (
            "",
            "all",
        ):
            raise UnknownStyle("The drawing has a style sheet of another kind.")
        for rule in tinycss2.parse_stylesheet(element.text or "", skip_comments=True, skip_whitespace=True):
            if rule.type == "at-rule" and rule.lower_at_keyword in ("font-face", "charset"):
                continue
            if rule.type != "qualified-rule":
                raise UnknownStyle("The drawing has a style sheet with rules that are not plain.")
            try:
                selectors = cssselect2.compile_selector_list(rule.prelude)
            except cssselect2.SelectorError:
                raise UnknownStyle("The drawing has a style sheet with selectors that are not known.") from None
            prelude = tinycss2.serialize(rule.prelude)
            # Elements without their own meaning are left out of the clean copy, so counting them is not sound; and
            # renderers differ in what they know of such selectors.
            if ":" in prelude or "|" in prelude:
                raise UnknownStyle("The drawing has a style sheet with selectors that are not known.")
            declared = list(_declarations(rule.content))
            for selector in selectors:
                self._matcher.add_selector(selector, declared)
            self._rules += 1

    def of(self, element: ElementTree.Element) -> dict[str, str]:
        """The specified values of one element, without those that have no effect. Raises UnknownStyle."""
        # As an attribute a transform has its own grammar and is read with the shapes.
        normal = {k: v.strip() for k, v in element.attrib.items() if is_property(k) and k != "transform"}
        important: dict[str, str] = {}
        sheets: list[Any] = []
        if element in self._wrapped:
            # (specificity, order, pseudo-element, payload), weakest first.
            sheets = [d for _, _, pseudo, d in sorted(self._matched(element), key=lambda m: m[:2]) if pseudo is None]
        inline = list(_declarations(tinycss2.parse_component_value_list(element.get("style", ""))))
        for declared in [*sheets, inline]:
            for name, value, weighs in declared:
                (important if weighs else normal)[name] = value
        return {k: _checked(k, v) for k, v in {**normal, **important}.items() if not _IDLE.fullmatch(k)}

    def _matched(self, element: ElementTree.Element) -> list[Any]:
        found: list[Any] = self._matcher.match(self._wrapped[element])
        return found


def _elements(wrapper: Any) -> Iterator[Any]:
    return iter(wrapper.iter_subtree())


def _declarations(content: list[Any]) -> Iterator[tuple[str, str, bool]]:
    for part in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if part.type != "declaration":
            raise UnknownStyle("The drawing has a style rule that cannot be read.")
        name = part.name
        if name != part.lower_name and not name.startswith("--"):
            # Browsers take FILL for fill; librsvg and resvg don't know it.
            raise UnknownStyle(f"The drawing has “{name[:40]}” in capitals, which programs read differently.")
        if not is_property(name):
            raise UnknownStyle(f"The drawing uses the style property “{name[:40]}”, which is not known here.")
        yield name, tinycss2.serialize(part.value).strip(), part.important


def _checked(name: str, value: str) -> str:
    if value.lower() in _GLOBAL or "var(" in value.lower() or (value.lower() == "inherit" and name not in INHERITED):
        raise UnknownStyle(f"The drawing takes “{name}” from somewhere else.")
    if name in _ONLY and value not in _ONLY[name]:
        raise UnknownStyle(f"The drawing uses “{name}”, which makes it more than flat shapes.")
    return value

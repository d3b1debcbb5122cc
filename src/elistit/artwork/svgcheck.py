"""Whether an SVG file is safe to open and sell: the checks behind an SVG product and behind an uploaded drawing.

It reads the file and nothing else, expands nothing and draws nothing. It must never repair a file.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from elistit.artwork import drawing, svgdoc

BYTES_MAX = 10_000_000
ELEMENTS_MAX = 50_000
_RASTER = {"image", "feimage"}
_ACTIVE = {"script", "foreignobject", "iframe", "audio", "video", "canvas", "handler", "listener"}
_MOVING = {"animate", "animatetransform", "animatemotion", "set", "discard", "mpath"}
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use"}
_URL = re.compile(r"url\(\s*['\"]?\s*([^'\")\s]*)", re.IGNORECASE)
# Style rules have other ways to fetch than url(): any address in them is one too many.
_ANIMATION = re.compile(r"[{;\s]animation(-name)?\s*:(?!\s*none\b)|^animation(-name)?\s*:(?!\s*none\b)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|//", re.IGNORECASE)


def validate_svg(path: Path) -> list[str]:
    """What is wrong with an SVG file, one plain sentence each; an empty list when nothing is. Never raises for a bad file.

    Looked for: not well-formed or no view box, raster images inside, scripts and event handlers, anything fetched from
    outside the file, entities, animation, drawings that unfold to more than `ELEMENTS_MAX` elements, and no shapes.
    """
    try:
        if path.stat().st_size > BYTES_MAX:
            return [f"The SVG is larger than {BYTES_MAX // 1_000_000} MB."]
        root = drawing.parse(path.read_bytes())
    except OSError:
        return ["The SVG file is missing."]
    except drawing.NotSvg as problem:
        return [str(problem)]
    found: dict[str, None] = {}
    if root.get("viewBox") is None or drawing.view_box(root) is None:
        found["The SVG has no view box."] = None
    shapes = 0
    # What Illustrator keeps for itself no other program draws, and it is removed from an upload.
    ignored = {inside for _, copy in svgdoc.editor_copies(root) for inside in copy.iter()}
    for element in (e for e in root.iter() if e not in ignored):
        name = element.tag.rpartition("}")[2].lower()
        shapes += name in _SHAPES
        for words in _problems(element, name):
            found[words] = None
    if _unfolded(root) > ELEMENTS_MAX:
        found["The SVG unfolds to more shapes than can be handled."] = None
    if not shapes:
        found["There is nothing in this drawing."] = None
    return list(found)


def _problems(element: ElementTree.Element, name: str) -> list[str]:
    found = []
    if name in _RASTER:
        found.append("The SVG contains a pixel image.")
    if name in _ACTIVE:
        found.append("The SVG contains a script or an embedded page.")
    if name in _MOVING:
        found.append("The SVG is animated.")
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2].lower()
        compact = re.sub(r"[\s\x00-\x1f]+", "", value).lower()
        if attribute.startswith("on") or compact.startswith(("javascript:", "vbscript:")):
            found.append("The SVG contains a script or an embedded page.")
        if attribute in ("href", "src") and compact and not compact.startswith("#"):
            found.append(_reference(compact))
        found += [_reference(u) for u in _outside(value)]
        if attribute == "style" and _ADDRESS.search(value):
            found.append(_reference("//"))
    if _ANIMATION.search((element.text or "") if name == "style" else element.get("style", "")):
        found.append("The SVG is animated.")
    if name == "style":
        sheet = element.text or ""
        found += [_reference(u) for u in _outside(sheet)]
        if "@import" in sheet.lower() or _ADDRESS.search(sheet):
            found.append(_reference("//"))
    return found


def _outside(text: str) -> list[str]:
    """The addresses in `url(…)` that are not parts of the same file."""
    # An escape could spell "url(" or an address so that the search below misses it; no drawing program writes one.
    if "\\" in text and "(" in text:
        return ["\\"]
    return [u for u in _URL.findall(text) if u and not u.startswith("#")]


def _reference(address: str) -> str:
    if address.lower().startswith("data:image"):
        return "The SVG contains a pixel image."
    return "The SVG refers to something outside the file."


def _unfolded(root: ElementTree.Element) -> int:
    """How many elements the drawing has once every `use` is followed, counted up to just past the limit. A circle of
    references counts as too many."""
    by_id = {e.get("id"): e for e in root.iter() if e.get("id")}
    known: dict[int, int] = {}
    open_: set[int] = set()

    def count(element: ElementTree.Element) -> int:
        key = id(element)
        if key in known:
            return known[key]
        if key in open_:
            return ELEMENTS_MAX + 1
        open_.add(key)
        total = 1
        for child in element:
            total += count(child)
        if element.tag.rpartition("}")[2] == "use":
            address = element.get("href") or element.get(f"{{{drawing.XLINK}}}href") or ""
            target = by_id.get(address.lstrip("#"))
            total += count(target) if target is not None else 0
        open_.discard(key)
        known[key] = min(total, ELEMENTS_MAX + 1)
        return known[key]

    try:
        return count(root)
    except RecursionError:
        return ELEMENTS_MAX + 1

"""SVG files as a buyer's programs read them: strictly parsed, drawn by two independent programs, cut lines followed.

It must never load anything a drawing refers to, and never use the code that writes our drawings.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvips
import resvg_py
from PIL import Image

from elistit.trial import outlines
from elistit.trial.report import Findings

SVG = "{http://www.w3.org/2000/svg}"
BYTES_MAX, ELEMENTS_MAX = 60_000_000, 300_000
_PX, _CELL = 256, 4
# Two programs may place an edge half a pixel apart: a cell of 4 × 4 pixels counts as different from this value on, and
# this many cells may differ.
_CELL_STEP, _CELLS_MAX = 56, 0.02
_PER_INCH = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72, "pc": 1 / 6, "px": 1 / 96, "": 1 / 96}
_LENGTH = re.compile(r"\s*([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)\s*(in|cm|mm|pt|pc|px|)\s*\Z")
_RASTER = {"image", "feImage"}
_PROGRAMS = {
    "script",
    "foreignObject",
    "iframe",
    "audio",
    "video",
    "animate",
    "set",
    "animateTransform",
    "animateMotion",
}
_URL = re.compile(r"url\(\s*['\"]?\s*([^)'\"\s]*)", re.IGNORECASE)
_NEAR = 0.01
_LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"


@dataclass(frozen=True)
class Wanted:
    """What was promised of a drawing. `inches`: width and height of the image that a cut line belongs to."""

    cut: bool = False
    layers: bool = False
    inches: tuple[float, float] | None = None
    own: bool = False
    """A seller's own drawing, delivered unchanged: it must open, but its content isn't judged."""
    colors: int | None = None
    """The maximum number of colors; 1 for a silhouette."""


def look_at(name: str, data: bytes, wanted: Wanted, findings: Findings) -> dict[str, Any]:
    """Check one SVG. Returns `inches`, `layers`, `cut_lines` and the number of raster `images` in it; empty when it
    doesn't open."""
    try:
        root = _parsed(data)
    except _Broken as broken:
        findings.failed("svg.opens", name, f"The SVG can't be opened: {broken}")
        return {}
    elements = list(root.iter())
    if not wanted.own:
        findings.judge("svg.self_contained", name, next(_needs(elements), ""))
        raster = next((e for e in elements if _tag(e) in _RASTER), None)
        findings.judge("svg.vector", name, "It contains an image made of pixels." if raster is not None else "")
    inches = _inches(root)
    if inches is None:
        findings.failed(
            "svg.opens", name, "The SVG has neither a size nor a view box, so programs guess how large it is."
        )
        return {}
    findings.passed("svg.opens", f"{inches[0]:.4g} × {inches[1]:.4g} in")
    if len(elements) <= ELEMENTS_MAX and not wanted.own:
        _drawn_twice(name, data, inches, findings)
    layers = sum(1 for g in root if _tag(g) == "g" and len(g) and (g.get(_LABEL) or g.get("id")))
    if wanted.layers:
        findings.judge("svg.layers", name, "" if layers else "It has no named layer.", f"{layers} layers")
    found: dict[str, Any] = {"inches": [round(v, 3) for v in inches], "layers": layers}
    found["images"] = sum(_tag(e) in _RASTER for e in elements)
    if wanted.colors is not None:
        found["colors"] = count = len(_colors(root, "#000000", ""))
        if wanted.colors == 1:
            findings.judge("svg.silhouette", name, "" if count == 1 else f"It has {count} colors, not one.")
        else:
            words = f"It has {count} colors, and at most {wanted.colors} were promised."
            findings.judge("svg.colors", name, words if count > wanted.colors else "", f"{count} colors")
    if wanted.cut:
        words, count = _cut(root)
        findings.judge("svg.cut_lines", name, words)
        found["cut_lines"] = count
    if wanted.inches:
        off = max(abs(a - b) for a, b in zip(inches, wanted.inches, strict=True))
        size = " × ".join(f"{v:.3g}" for v in inches)
        words = f"It is {size} in and its image is {wanted.inches[0]:.3g} × {wanted.inches[1]:.3g} in."
        findings.judge("svg.cut_fits", name, words if off > _NEAR else "")
    return found


class _Broken(ValueError):
    """An SVG that can't be parsed."""


def _parsed(data: bytes) -> ElementTree.Element:
    if len(data) > BYTES_MAX:
        raise _Broken("it is too large.")
    if re.search(rb"<!ENTITY[^>]*\b(?:SYSTEM|PUBLIC)\b", data[:100_000]):
        raise _Broken("it takes a part of itself from another file.")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as wrong:
        line = wrong.position[0]
        raise _Broken(f"line {line} isn't valid XML.") from None
    if root.tag != f"{SVG}svg":
        raise _Broken("it isn't marked as SVG.")
    return root


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _needs(elements: list[ElementTree.Element]) -> Iterator[str]:
    """Sentences about everything a drawing needs from elsewhere: fonts, programs, files."""
    for element in elements:
        tag = _tag(element)
        if tag in ("text", "tspan", "textPath") and "".join(element.itertext()).strip():
            yield "It contains text that isn't converted to outlines, so other computers show other letters."
        if tag in _PROGRAMS:
            yield f"It contains {'a program' if tag == 'script' else f'<{tag}>'}, which many programs refuse."
        texts = [element.text or ""] if tag == "style" else []
        for key, value in element.attrib.items():
            plain = key.rpartition("}")[2]
            if plain.startswith("on"):
                yield "It contains a program."
            if plain == "href" and not value.startswith(("#", "data:")) and tag != "a":
                yield f"It needs another file: {value[:60]}."
            texts.append(value)
        for text in texts:
            if "@import" in text or any(not address.startswith(("#", "data:")) for address in _URL.findall(text)):
                yield "It needs another file, named in a style."


def _length(text: str | None) -> float | None:
    """A length in inches; None for a missing, relative or invalid one."""
    match = _LENGTH.match(text or "")
    return float(match[1]) * _PER_INCH[match[2]] if match else None


def _inches(root: ElementTree.Element) -> tuple[float, float] | None:
    width, height = _length(root.get("width")), _length(root.get("height"))
    try:
        box = [float(v) for v in re.split(r"[\s,]+", root.get("viewBox", "").strip())]
    except ValueError:
        box = []
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if width and not height:
            height = width * box[3] / box[2]
        if height and not width:
            width = height * box[2] / box[3]
        width, height = width or box[2] / 96, height or box[3] / 96
    return (width, height) if width and height and width > 0 and height > 0 else None


def _drawn_twice(name: str, data: bytes, inches: tuple[float, float], findings: Findings) -> None:
    scale = _PX / max(inches)
    size = tuple(max(_CELL, round(v * scale) // _CELL * _CELL) for v in inches)
    try:
        first, second = _librsvg(data, size), _resvg(data, size)
    except (pyvips.Error, ValueError, OSError):
        findings.failed("svg.alike", name, "One of two programs can't draw it.")
        return
    findings.judge("svg.shows", name, "The drawing is blank." if first[..., 3].max() < 8 else "")
    apart = np.abs(_cells(first) - _cells(second)).max(axis=-1) > _CELL_STEP
    findings.judge("svg.alike", name, "Two programs draw it differently." if apart.mean() > _CELLS_MAX else "")


def _librsvg(data: bytes, size: tuple[int, ...]) -> np.ndarray:
    plain = pyvips.Image.svgload_buffer(data, unlimited=True)
    image = pyvips.Image.svgload_buffer(data, unlimited=True, scale=size[0] / plain.width)
    return _fitted(Image.fromarray(image.numpy()), size)


def _resvg(data: bytes, size: tuple[int, ...]) -> np.ndarray:
    try:
        png = resvg_py.svg_to_bytes(svg_string=data.decode("utf-8"), width=size[0], height=size[1], dpi=96)
    except BaseException as error:
        # A panic in the renderer isn't an Exception; the process can continue after it.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise ValueError("cannot be drawn") from None
    return _fitted(Image.open(io.BytesIO(bytes(png))), size)


def _fitted(image: Any, size: tuple[int, ...]) -> np.ndarray:
    image = image.convert("RGBA")
    return np.asarray(image if image.size == size else image.resize(size, Image.Resampling.BOX), np.float32)


def _cells(rgba: np.ndarray) -> np.ndarray:
    """The mean of every cell, with premultiplied color."""
    seen = rgba.copy()
    seen[..., :3] *= seen[..., 3:] / 255
    height, width = (n // _CELL for n in seen.shape[:2])
    return seen[: height * _CELL, : width * _CELL].reshape(height, _CELL, width, _CELL, 4).mean(axis=(1, 3))


def _colors(element: ElementTree.Element, fill: str, stroke: str) -> set[str]:
    """Every color used for painting; attributes of a group apply to its children."""
    found: set[str] = set()
    for child in element:
        tag = _tag(child)
        if tag in ("defs", "clipPath", "mask", "symbol", "marker", "metadata", "title", "desc", "style"):
            continue
        style = dict(re.findall(r"([\w-]+)\s*:\s*([^;]+)", child.get("style", "")))
        own_fill = (style.get("fill") or child.get("fill") or fill).strip().lower()
        own_stroke = (style.get("stroke") or child.get("stroke") or stroke).strip().lower()
        if tag not in ("g", "svg", "a"):
            found |= {c for c in (own_fill, own_stroke) if c not in ("", "none")}
        found |= _colors(child, own_fill, own_stroke)
    return found


def _cut(root: ElementTree.Element) -> tuple[str, int]:
    """Why the cut lines of a drawing can't be cut, and how many there are."""
    count = 0
    for element in _outlines(root):
        tag = _tag(element)
        if tag == "path":
            try:
                closed = outlines.closed(element.get("d", ""))
            except ValueError:
                return "A cut line can't be followed.", count
            if not all(closed):
                return "A cut line isn't closed, so the blade doesn't free the piece.", count
            count += len(closed)
        elif tag in ("line", "polyline"):
            return "A cut line isn't closed, so the blade doesn't free the piece.", count
        elif tag in ("rect", "circle", "ellipse", "polygon"):
            count += 1
    return ("" if count else "It has no cut line."), count


def _outlines(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in element:
        if _tag(child) not in ("defs", "clipPath", "mask", "symbol", "pattern", "marker", "metadata"):
            yield child
            yield from _outlines(child)

"""One image from order to file, as a caller runs it in a bounded subprocess.

Takes and returns JSON-safe values only. It must never raise: a subprocess that dies tells nothing, so whatever goes
wrong comes back in words. Uses one thread, so that as many pictures as there are processors can be painted side by
side.
"""

from __future__ import annotations

import os

# libvips reads this once, when it is loaded; one picture must not occupy more than one processor.
os.environ.setdefault("VIPS_CONCURRENCY", "1")

import hashlib
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray

from elistit_artist import compose, figures, styles
from elistit_artist.lettering import images as lettering
from elistit_artist.paint import layers, png, vector
from elistit_artist.paint.color import Grade
from elistit_artist.paint.layers import BadDrawing

# Less painted than this share of the sheet counts as an empty picture (rules §5.8).
LEAST_PAINTED = 0.004
_FILL = re.compile(r'fill="(#[0-9a-f]{6})"')


def paint_to_file(order: dict[str, Any]) -> dict[str, Any]:
    """Draw and paint one picture and write it as a PNG.

    `order`: `subject` and `params` (a figure of the catalogue), `lettering` (a plan of letters), or `scene`, `kind`, `scheme`,
    `canvas`, `guest` and `words` (a composed picture, always opaque); `style`, `grade` (a Grade as JSON), `manner` (factors), `seed`
    (whole number), `width` and `height` in pixels, `transparent`, `out` (path of the PNG); `arrangement` (whole number) for a
    drawing that was shown before, see `arrangement`. The same order gives the same bytes; an existing file is replaced.

    Answers `{"width", "height", "bytes", "sha256"}`, or `{"failed": kind, "detail": words}` with kind `drawing` (this
    can never be painted), `disk`, `memory`, `empty` or `unexpected`.
    """
    return _in_words(_paint, order)


def draw_svg(art: dict[str, Any], seed: int, out: str) -> dict[str, Any]:
    """Write a pick as a layered SVG file at `out`: flat solid colors after grading, shapes of one color that follow each
    other in one named layer, no raster, script or reference inside. `art` and `seed` as they were painted with; the same
    ones give the same bytes. The picture is the one the flat style paints.

    Answers `{"bytes", "sha256", "layers", "colors"}`, or `{"failed", "detail"}` as `paint_to_file` does.
    """
    return _in_words(_draw, {**art, "seed": seed, "out": out})


def _in_words(work: Callable[[dict[str, Any]], dict[str, Any]], order: dict[str, Any]) -> dict[str, Any]:
    """Do the work with one thread, and put whatever goes wrong in words."""
    cv2.setNumThreads(1)
    pyvips.cache_set_max(0)
    try:
        return work(order)
    except (BadDrawing, KeyError, ValueError) as error:
        return {"failed": "drawing", "detail": f"{type(error).__name__}: {error}"}
    except OSError as error:
        return {"failed": "disk", "detail": str(error)}
    except MemoryError as error:
        return {"failed": "memory", "detail": str(error)}
    except Exception as error:
        return {"failed": "unexpected", "detail": f"{type(error).__name__}: {error}"}


def arrangement(order: Mapping[str, Any], seed: int) -> int:
    """What decides where everything lies and how it is drawn: the number a plan was shown with, or for a plan without one the
    `seed` it is painted with."""
    return int(order.get("arrangement") or seed)


def drawing(subject: str, params: dict[str, Any], seed: int) -> str:
    """The figure as SVG; the same for the same arguments. Raises KeyError for a subject that is not in the
    catalogue."""
    digest = hashlib.sha256(f"{subject}|{seed}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    return str(figures.find(subject).draw(rng, dict(params)))


def pixels(order: dict[str, Any]) -> NDArray[np.uint8]:
    """The painted image of an order (see `paint_to_file`; `out` is not needed): height × width × 4, RGBA, not premultiplied.

    Raises BadDrawing, KeyError or ValueError for what can never be painted.
    """
    style = styles.style(str(order["style"]))
    seed, width, height = int(order["seed"]), int(order["width"]), int(order["height"])
    grade = Grade.from_json(order.get("grade"))
    if order.get("lettering"):
        return lettering.pixels(order["lettering"], width, height)
    if order.get("scene"):
        return _picture(order, style, seed, grade, width, height)
    svg = drawing(str(order["subject"]), order.get("params") or {}, arrangement(order, seed))
    rgba = style.recipe(svg, seed, grade, styles.adjusted(style.manner, order.get("manner")), width, height)
    return rgba if order.get("transparent", True) else _on_paper(rgba)


def _paint(order: dict[str, Any]) -> dict[str, Any]:
    rgba, out = pixels(order), Path(order["out"])
    opaque = order["lettering"].get("paper") if order.get("lettering") else order.get("scene")
    transparent = bool(order.get("transparent", True)) and not opaque
    facts = png.write(rgba, out)
    if not (png.holds(out, rgba) and _usable(rgba, transparent)):
        out.unlink(missing_ok=True)
        return {"failed": "empty", "detail": f"{out.name} is empty, or is not what was painted"}
    return {"width": facts.width, "height": facts.height, "bytes": facts.bytes, "sha256": facts.sha256}


def scene(order: dict[str, Any], seed: int) -> compose.Scene:
    """The composed picture of an order or of a pick's `art`. Raises KeyError or ValueError when it names what is not there."""
    wide, high = (float(v) for v in order["canvas"])
    guest = order.get("guest")
    return compose.compose(
        str(order["scene"]),
        seed,
        wide,
        high,
        str(order["scheme"]),
        str(order.get("kind") or ""),
        guest,
        order.get("words") or (),
    )


def _picture(
    order: dict[str, Any], style: styles.Style, seed: int, grade: Grade, width: int, height: int
) -> NDArray[np.uint8]:
    if style.scene is None:
        raise ValueError(f"the style {style.code} paints no whole pictures")
    composed = scene(order, arrangement(order, seed))
    manner = styles.adjusted(style.broad, order.get("manner"))
    painted = style.scene(composed.svg, composed.ground, seed, grade, manner, width, height)
    return _lettered(painted, composed) if composed.letters else painted


def _lettered(painted: NDArray[np.uint8], composed: compose.Scene) -> NDArray[np.uint8]:
    """The painting with its words over it, opaque."""
    high, wide = painted.shape[:2]
    scale = max(wide / composed.width, high / composed.height)
    seen_w, seen_h = wide / scale, high / scale
    box = ((composed.width - seen_w) / 2, (composed.height - seen_h) / 2, seen_w, seen_h)
    over = layers.raster(composed.letters, box, wide, high).astype(np.float32)
    alpha = over[..., 3:] / 255
    out = painted.copy()
    out[..., :3] = (painted[..., :3] * (1 - alpha) + over[..., :3] * alpha + 0.5).astype(np.uint8)
    return out


@dataclass(frozen=True)
class LayeredSvg:
    """An SVG file's text, how many layers it has, and how many colors."""

    text: str
    layers: int
    colors: int


def layered_svg(order: dict[str, Any]) -> LayeredSvg:
    """The layered drawing of a pick's `art` and a `seed` (see `draw_svg`). Raises as `pixels` does."""
    seed, grade, ground = int(order["seed"]), Grade.from_json(order.get("grade")), ""
    if order.get("lettering"):
        text, colors = lettering.layered(order["lettering"], str(order.get("prompt") or ""))
        return LayeredSvg(text, colors, colors)
    if order.get("scene"):
        composed = scene(order, arrangement(order, seed))
        read, ground = vector.read(composed.svg, whole=True), vector.toned(composed.ground, grade)
    else:
        read = vector.read(drawing(str(order["subject"]), order.get("params") or {}, arrangement(order, seed)))
    shapes = vector.flat(read, grade)
    text = vector.document(read, shapes, str(order.get("prompt") or ""), ground)
    count = 1 + sum(1 for before, after in itertools.pairwise(shapes) if before[0] != after[0])
    colors = {name for name, _ in shapes}
    if order.get("scene") and composed.letters:
        text = text.replace("\n</svg>", f'\n<g id="letters">{composed.letters}</g>\n</svg>')
        count, colors = count + 1, colors | set(_FILL.findall(composed.letters))
    return LayeredSvg(text, count, len(colors))


def _draw(order: dict[str, Any]) -> dict[str, Any]:
    made = layered_svg(order)
    size, digest = png.write_bytes(made.text.encode(), Path(order["out"]))
    return {"bytes": size, "sha256": digest, "layers": made.layers, "colors": made.colors}


def _usable(painted: NDArray[np.uint8], transparent: bool) -> bool:
    """The picture shows something."""
    share = float((painted[..., 3] > 127).mean())
    return LEAST_PAINTED < share < 0.995 if transparent else bool(painted[..., :3].std() > 1)


def _on_paper(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture on opaque white paper."""
    alpha = rgba[..., 3:].astype(np.float32) / 255
    flat = rgba[..., :3] * alpha + 253 * (1 - alpha)
    return np.dstack([(flat + 0.5).astype(np.uint8), np.full(rgba.shape[:2], 255, np.uint8)])

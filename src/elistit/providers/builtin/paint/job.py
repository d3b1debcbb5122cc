"""One picture from order to file, as run in a bounded subprocess by the studio.

Takes and returns JSON-safe values only. It must never raise: a subprocess that dies tells nothing, so whatever goes
wrong comes back in words. Uses one thread, so that as many pictures as there are processors can be painted side by
side.
"""

from __future__ import annotations

import os

# libvips reads this once, when it is loaded; one picture must not occupy more than one processor.
os.environ.setdefault("VIPS_CONCURRENCY", "1")

import hashlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray

from elistit.providers.builtin import figures, styles
from elistit.providers.builtin.paint import png
from elistit.providers.builtin.paint.color import Grade
from elistit.providers.builtin.paint.layers import BadDrawing

# Less painted than this share of the sheet counts as an empty picture (rules §5.8).
LEAST_PAINTED = 0.004


def paint_to_file(order: dict[str, Any]) -> dict[str, Any]:
    """Draw and paint one picture and write it as a PNG.

    `order`: `subject` and `params` (a figure of the catalogue), `style`, `grade` (a Grade as JSON), `manner`
    (factors), `seed` (whole number), `width` and `height` in pixels, `transparent`, `out` (path of the PNG). The same
    order gives the same bytes; an existing file is replaced.

    Answers `{"width", "height", "bytes", "sha256"}`, or `{"failed": kind, "detail": words}` with kind `drawing` (this
    can never be painted), `disk`, `memory`, `empty` or `unexpected`.
    """
    cv2.setNumThreads(1)
    pyvips.cache_set_max(0)
    try:
        return _paint(order)
    except (BadDrawing, KeyError, ValueError) as error:
        return {"failed": "drawing", "detail": f"{type(error).__name__}: {error}"}
    except OSError as error:
        return {"failed": "disk", "detail": str(error)}
    except MemoryError as error:
        return {"failed": "memory", "detail": str(error)}
    except Exception as error:
        return {"failed": "unexpected", "detail": f"{type(error).__name__}: {error}"}


def drawing(subject: str, params: dict[str, Any], seed: int) -> str:
    """The figure as SVG; the same for the same arguments. Raises KeyError for a subject that is not in the
    catalogue."""
    digest = hashlib.sha256(f"{subject}|{seed}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    return str(figures.catalogue()[subject].draw(rng, dict(params)))


def _paint(order: dict[str, Any]) -> dict[str, Any]:
    style = styles.style(str(order["style"]))
    seed, width, height = int(order["seed"]), int(order["width"]), int(order["height"])
    svg = drawing(str(order["subject"]), order.get("params") or {}, seed)
    manner = styles.adjusted(style.manner, order.get("manner"))
    rgba = style.recipe(svg, seed, Grade.from_json(order.get("grade")), manner, width, height)
    if not order.get("transparent", True):
        rgba = _on_paper(rgba)
    out = Path(order["out"])
    facts = png.write(rgba, out)
    if not _usable(png.read_back(out), rgba, bool(order.get("transparent", True))):
        out.unlink(missing_ok=True)
        return {"failed": "empty", "detail": f"{out.name} is empty, or is not what was painted"}
    return {"width": facts.width, "height": facts.height, "bytes": facts.bytes, "sha256": facts.sha256}


def _usable(found: NDArray[np.uint8], painted: NDArray[np.uint8], transparent: bool) -> bool:
    """The file holds the pixels that were painted, and those show something."""
    if found.shape != painted.shape or not np.array_equal(found[::7, ::7], painted[::7, ::7]):
        return False
    share = float((found[..., 3] > 127).mean())
    return LEAST_PAINTED < share < 0.995 if transparent else bool(found[..., :3].std() > 1)


def _on_paper(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture on opaque white paper."""
    alpha = rgba[..., 3:].astype(np.float32) / 255
    flat = rgba[..., :3] * alpha + 253 * (1 - alpha)
    return np.dstack([(flat + 0.5).astype(np.uint8), np.full(rgba.shape[:2], 255, np.uint8)])

"""One tile from order to file, as run in a bounded subprocess.

Takes and returns JSON-safe values only. It must never raise: whatever goes wrong comes back in words, with the same kinds as for
single images.
"""

from __future__ import annotations

import os

# libvips reads this once, when it is loaded; one tile must not occupy more than one processor.
os.environ.setdefault("VIPS_CONCURRENCY", "1")

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pyvips

from elistit_artist.patterns import artist, layouts, painter, vectors
from elistit_artist.patterns.artist import Grade
from elistit_artist.patterns.layouts import Wanted


def paint_tile(order: dict[str, Any]) -> dict[str, Any]:
    """Paint one seamless tile and write it as an opaque PNG.

    `order`: the `art` of a tile's pick, with `style`, `seed` (whole number), `width` and `height` in pixels (equal), `out` (path of
    the PNG), and `arrangement` (whole number) for a tile that was shown before: its figures lie where its sketch showed them. The
    same order gives the same bytes; an existing file is replaced.

    Answers `{"width", "height", "bytes", "sha256"}`, or `{"failed": kind, "detail": words}` with kind `drawing` (this can never be
    painted), `disk`, `memory`, `empty` or `unexpected`.
    """
    return _in_words(_paint, order)


def draw_tile(art: dict[str, Any], seed: int, out: str) -> dict[str, Any]:
    """Write a tile of a vector style as a repeating SVG file: `{"bytes", "sha256"}`, or a failure as for `paint_tile`."""
    return _in_words(_draw, {**art, "seed": seed, "out": out})


def _in_words(work: Callable[[dict[str, Any]], dict[str, Any]], order: dict[str, Any]) -> dict[str, Any]:
    cv2.setNumThreads(1)
    pyvips.cache_set_max(0)
    try:
        return work(order)
    except (artist.BadDrawing, KeyError, ValueError) as error:
        return {"failed": "drawing", "detail": f"{type(error).__name__}: {error}"}
    except OSError as error:
        return {"failed": "disk", "detail": str(error)}
    except MemoryError as error:
        return {"failed": "memory", "detail": str(error)}
    except Exception as error:
        return {"failed": "unexpected", "detail": f"{type(error).__name__}: {error}"}


def _paint(order: dict[str, Any]) -> dict[str, Any]:
    side, seed, style = int(order["width"]), int(order["seed"]), str(order["style"])
    if side != int(order["height"]):
        raise ValueError("a tile is square")
    tile = layouts.tile(Wanted.of(order), artist.arrangement(order, seed))
    rgba = painter.paint(tile, style, seed, Grade.from_json(order.get("grade")), order.get("manner"), side)
    out = Path(order["out"])
    facts = artist.png.write(rgba, out)
    if not artist.png.holds(out, rgba) or float(rgba[::7, ::7, :3].std()) <= 1:
        out.unlink(missing_ok=True)
        return {"failed": "empty", "detail": f"{out.name} is empty, or is not what was painted"}
    return {"width": facts.width, "height": facts.height, "bytes": facts.bytes, "sha256": facts.sha256}


def _draw(order: dict[str, Any]) -> dict[str, Any]:
    seed, style = int(order["seed"]), str(order["style"])
    tile = layouts.tile(Wanted.of(order), artist.arrangement(order, seed))
    body = vectors.finished(tile, style, Grade.from_json(order.get("grade")))
    text = vectors.document(tile.ground, body, str(order.get("prompt") or "")).encode()
    size, digest = artist.png.write_bytes(text, Path(order["out"]))
    return {"bytes": size, "sha256": digest}

"""A quick small sketch of what a pick comes to, for the storyboard: its flat drawing in its colors; never the finished painting.

Pure but for memory: the same pick gives the same bytes. Sides are limited, so that no request can make it work for long.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache, lru_cache
from typing import Any

import pyvips

from elistit_artist import lettering, styles
from elistit_artist.paint import job, vector
from elistit_artist.paint.color import Grade

SIDE_MIN, SIDE_MAX = 16, 320
# What of a pick's art a sketch shows.
SHOWN = (
    "subject",
    "params",
    "scene",
    "kind",
    "scheme",
    "canvas",
    "guest",
    "words",
    "grade",
    "style",
    "lettering",
    "arrangement",
)
_FILL = re.compile(r'fill="(#[0-9a-fA-F]{3,6})"')
_PEN = 'stroke="#1f1b1a" stroke-width="3" stroke-linejoin="round"'
# A line of a coloring page, in thousandths of the drawing's side.
_LINE = 'fill="#ffffff" stroke="#3f3a36" stroke-width="7" stroke-linejoin="round"'


def svg(art: dict[str, Any]) -> str:
    """The pick's drawing in the colors (or lines) of its style. Raises KeyError or ValueError for art that names what is not
    there."""
    arranged = job.arrangement(art, 1)
    if art.get("lettering"):
        return lettering.svg(art["lettering"])
    if art.get("scene"):
        scene = job.scene(art, arranged)
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', scene.svg)
        assert box is not None
        ground = f'<rect width="{box[1]}" height="{box[2]}" fill="{scene.ground}"/>'
        drawn = re.sub(r"(<svg[^>]*>)", rf"\1{ground}", scene.svg, count=1)
        drawn = drawn.removesuffix("</svg>") + scene.letters + "</svg>"
    else:
        drawn = job.drawing(str(art["subject"]), art.get("params") or {}, arranged)
    if art.get("style") == styles.LINEART.code:
        return _FILL.sub(_LINE, drawn)
    if art.get("style") == styles.INK.code:
        return _FILL.sub(lambda m: f'fill="{_gray(m[1])}" {_PEN}', drawn)
    grade = json.dumps(art.get("grade") or {}, sort_keys=True)
    return _FILL.sub(lambda m: f'fill="{_toned(m[1], grade)}"', drawn)


def outline(code: str, params: dict[str, Any]) -> str:
    """What a figure looks like without its colors: equal for variants that are the same image as a coloring page."""
    return _outline(code, json.dumps(params, sort_keys=True))


@lru_cache(maxsize=4_000)
def _outline(code: str, params: str) -> str:
    drawn = job.drawing(code, json.loads(params), 1)
    return hashlib.sha256(_FILL.sub("", drawn).encode()).hexdigest()


@lru_cache(maxsize=20_000)
def _gray(code: str) -> str:
    """The gray that hatching comes to from afar; the darkest things are ink."""
    light = vector.lightness_of(code)
    return "#1f1b1a" if light < 0.3 else vector.hexed([min(1.0, 0.30 + 0.75 * light)] * 3)


@lru_cache(maxsize=20_000)
def _toned(color: str, grade: str) -> str:
    return vector.toned(color, _grade(grade))


@cache
def _grade(text: str) -> Grade:
    return Grade.from_json(json.loads(text))


def raster(art: dict[str, Any], side: int) -> pyvips.Image:
    """RGBA, at most `side` pixels on the longer edge. Raises as `svg` does."""
    if not SIDE_MIN <= side <= SIDE_MAX:
        raise ValueError(f"a sketch has {SIDE_MIN} to {SIDE_MAX} pixels a side")
    image = pyvips.Image.thumbnail_buffer(svg(art).encode(), side, height=side)
    return image.copy(interpretation="srgb")


def webp(art: dict[str, Any], side: int) -> bytes:
    """A sketch as a WebP image. Raises as `raster` does."""
    return _webp(json.dumps({k: art[k] for k in SHOWN if art.get(k)}, sort_keys=True), side)


@lru_cache(maxsize=600)
def _webp(art: str, side: int) -> bytes:
    return bytes(raster(json.loads(art), side).webpsave_buffer(Q=82, effort=2))

"""The artist for a script: what an idea comes to (`understand`), and each image of it (`draw`).

Deterministic: the same arguments give the same plan, pixels and SVG. Nothing is written but by `save`, nothing is fetched, and
nothing is kept between calls but what was computed. It must never draw something else in place of what it cannot draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from elistit_artist import brief, styles
from elistit_artist.paint import job, png
from elistit_artist.paint.layers import BadDrawing
from elistit_artist.plans import Pick, Plan

STYLES: tuple[str, ...] = tuple(s.code for s in styles.OFFERED)
"""Codes of the styles, for `understand` and `draw`."""
PRODUCTS: tuple[str, ...] = tuple(sorted(frozenset[str]().union(*(s.products for s in styles.OFFERED))))
"""What a plan can be for. Wall art, posters and cards are composed images of a ratio, everything else is single figures."""
SIDE_MIN_PX, SIDE_MAX_PX = 64, 7200
"""The sides an image may have, in pixels."""
RATIO_MAX = 3.0
"""An image may be this many times as wide as high, or as high as wide."""


class CannotDraw(LookupError):
    """The pick names something this artist does not have (a figure, a composition, an art pack that is not lent)."""


@dataclass(frozen=True, eq=False)
class Image:
    """A painted image. `pixels`: height × width × 4, uint8, RGBA in sRGB, not premultiplied."""

    pixels: NDArray[np.uint8]

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    def save(self, path: str | Path) -> None:
        """Write a PNG with an sRGB profile at 300 DPI, replacing what is there; the folder is made. Raises OSError."""
        png.write(self.pixels, Path(path))


@dataclass(frozen=True)
class Vector:
    """A layered drawing: `svg` is the text of an SVG file of flat colors without raster, script or reference, `layers` and
    `colors` how many it has."""

    svg: str
    layers: int
    colors: int

    def save(self, path: str | Path) -> None:
        """Write the SVG file in UTF-8, replacing what is there; the folder is made. Raises OSError."""
        png.write_bytes(self.svg.encode(), Path(path))


def understand(
    idea: str,
    *,
    count: int = 12,
    style: str | None = None,
    product: str = "clipart",
    ratio: str = "1:1",
    options: Mapping[str, str] | None = None,
    seed: int = 1,
) -> Plan:
    """What an idea in English comes to: exactly `count` distinct picks, and which words of it are drawn and which are not.

    `style` is one of STYLES, None for the one the idea names ("fox in ink"), else watercolor (one that isn't
    offered for the product becomes the product's own), `product` one of PRODUCTS,
    `ratio` width to height of a composed image ("3:4"). `options`: `color_palette`, `mood`, `composition` and `negative` (what
    to leave out), in words. No idea is refused: of one it knows nothing of, the plan has what is nearest, `note` says so and
    `needs_confirmation` is true. Raises ValueError for another count, style, product or ratio.
    """
    if count < 1:
        raise ValueError(f"a plan has at least one image, not {count}")
    if style is not None:
        _known("style", style, STYLES)
    _known("product", product, PRODUCTS)
    _ratio(ratio)
    asked = dict(options or {})
    made = brief.plan(idea, asked, count, seed, style or styles.WATERCOLOR.code, product=product, ratio=ratio)
    if style is None and made.named_style not in ("", made.style):
        return brief.plan(idea, asked, count, seed, made.named_style, product=product, ratio=ratio)
    return made


@overload
def draw(
    pick: Pick,
    style: str | None = ...,
    size: int | tuple[int, int] = ...,
    seed: int = ...,
    *,
    transparent: bool = ...,
    vector: Literal[False] = ...,
) -> Image: ...
@overload
def draw(
    pick: Pick,
    style: str | None = ...,
    size: int | tuple[int, int] = ...,
    seed: int = ...,
    *,
    transparent: bool = ...,
    vector: Literal[True],
) -> Vector: ...
def draw(
    pick: Pick,
    style: str | None = None,
    size: int | tuple[int, int] = 1024,
    seed: int = 1,
    *,
    transparent: bool = True,
    vector: bool = False,
) -> Image | Vector:
    """One image of a plan: its pixels, or with `vector` its layered drawing.

    `style` is one of STYLES, None for the pick's own; it decides how an image is painted and never what is drawn. `size` is the
    longer side in pixels (the ratio is the plan's) or width and height, each SIDE_MIN_PX to SIDE_MAX_PX; the same seed gives the
    same image at every size. A composed image and one that is not `transparent` fill their sheet. A layered drawing has the flat
    style's colors and no size, so that `style`, `size` and `transparent` say nothing about it.

    Raises ValueError for another style or size, or a style that paints no composed images; CannotDraw for a pick that names what
    is not there.
    """
    _known("style", style if style is not None else str(pick.art.get("style")), STYLES)
    width, height = _sides(pick, size)
    order = {**pick.art, "style": style or pick.art["style"], "seed": seed}
    if not vector and pick.art.get("scene") and styles.style(order["style"]).scene is None:
        raise ValueError(f"the style “{order['style']}” paints no composed images")
    try:
        if vector:
            made = job.layered_svg(order)
            return Vector(made.text, made.layers, made.colors)
        return Image(job.pixels({**order, "width": width, "height": height, "transparent": transparent}))
    except (BadDrawing, KeyError) as error:
        raise CannotDraw(f"“{pick.subject}” cannot be drawn: {error}") from error


def _known(what: str, code: str, codes: tuple[str, ...]) -> None:
    if code not in codes:
        raise ValueError(f"there is no {what} “{code}”; there are {', '.join(codes)}")


def _ratio(text: str) -> float:
    wide, _, high = text.partition(":")
    try:
        found = float(wide) / float(high)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"a ratio is two numbers like 3:4, not “{text}”") from None
    if not 1 / RATIO_MAX <= found <= RATIO_MAX:
        raise ValueError(f"a ratio is from 1:3 to 3:1, not {text}")
    return found


def _sides(pick: Pick, size: int | tuple[int, int]) -> tuple[int, int]:
    """Width and height in pixels."""
    if isinstance(size, int):
        wide, high = _canvas(pick.art)
        scale = size / max(wide, high)
        size = (round(wide * scale), round(high * scale))
    if not all(SIDE_MIN_PX <= side <= SIDE_MAX_PX for side in size):
        raise ValueError(f"an image has {SIDE_MIN_PX} to {SIDE_MAX_PX} pixels a side, not {size[0]} × {size[1]}")
    return size


def _canvas(art: Mapping[str, Any]) -> tuple[float, float]:
    wide, high = art.get("canvas") or (1, 1)
    return float(wide), float(high)

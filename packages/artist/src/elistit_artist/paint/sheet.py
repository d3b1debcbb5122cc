"""Puts painted shapes on pixels, in tiles, at any size.

The only module that knows how large the picture is. It must never draw a random number: grain, edges and bleed are read
from material that was fixed before. `scale` is pixels per painting unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from elistit_artist.paint.hatching import darkness, flat_tone
from elistit_artist.paint.noise import Array, blur, ramp, read, read_grain
from elistit_artist.paint.pen import Pen, lines
from elistit_artist.paint.tiles import coverage
from elistit_artist.paint.washes import Wash
from elistit_artist.paint.wet import Stroke, Wet, Where, gather, lay_over, planes, strokes

TILE_PX = 512
STRIP_PX = 64
# The bleed is worked out once on half a value per unit: it is softer than that by nature.
_BLEED_SCALE = 0.5
_BLEED_REACH = 8.0


@dataclass(frozen=True)
class Ground:
    """Toned paper that a picture covers to its edges. `tint` is its absorbance (three channels), `uneven` a factor on it,
    one value per unit; `tooth` how much the grain shows in it; `grain` a tile of the finest grain, seen only in print."""

    tint: Array
    uneven: Array
    tooth: float
    grain: Array


@dataclass(frozen=True)
class Painting:
    """A finished decision about a picture, without a size. `width`, `height` in units; `damp` (one value per unit) is
    how wet the paper was, 0..1; `tooth` the paper's grain, two values per unit; `pen` outlines everything when there
    is one; `ground` is the paper of an opaque picture, `window` the part of the sheet such a picture shows."""

    width: int
    height: int
    washes: Sequence[Wash]
    outline: Wash
    damp: Array
    tooth: Array
    granulation: float
    pen: Pen | None = None
    ground: Ground | None = None
    window: tuple[float, float, float, float] | None = None

    @property
    def shown(self) -> tuple[float, float, float, float]:
        """The part of the sheet that is the picture: left, top, width, height in units."""
        return self.window or (0.0, 0.0, float(self.width), float(self.height))


def _bleed(painting: Painting) -> Array:
    """Neighboring washes run into each other: absorbance at half a value per unit, blurred over what is painted."""
    w, h = round(painting.width * _BLEED_SCALE), round(painting.height * _BLEED_SCALE)
    wet = gather(painting.washes, 0, 0, w, h, _BLEED_SCALE)
    sigma = _BLEED_REACH * _BLEED_SCALE
    wide = np.maximum(blur(wet.cover, sigma), 0.05)
    laid = np.asarray(cv2.merge([plane * wet.cover for plane in wet.pigment]), np.float32)
    return np.asarray(blur(laid, sigma) / wide[..., None], np.float32)


@dataclass(frozen=True)
class _Tile:
    """All that is read for one tile before it dries. `paper`: how much of it belongs to the picture (1.0: all of it); `damp`
    and `run` (planes) are empty where the paper is dry; `drawn` are the lines of a pen, if there is one."""

    wet: Wet
    paper: Array | float
    damp: Array | None
    run: Sequence[Array]
    tooth: Array
    drawn: Array | None
    uneven: Array | None

    def part(self, where: Where) -> _Tile:
        """A part of it, in the same memory."""
        return _Tile(
            self.wet.part(where),
            self.paper if isinstance(self.paper, float) else self.paper[where],
            None if self.damp is None else self.damp[where],
            [plane[where] for plane in self.run],
            self.tooth[where],
            None if self.drawn is None else self.drawn[where],
            None if self.uneven is None else self.uneven[where],
        )

    def shows(self, rows: slice) -> slice | None:
        """The columns of some rows where there is paint or paper of the picture; None when there are none."""
        found = (self.wet.cover[rows] > 0).any(axis=0)
        if isinstance(self.paper, float):
            found |= self.paper > 0
        else:
            found |= (self.paper[rows] > 0).any(axis=0)
        columns = np.flatnonzero(found)
        return slice(int(columns[0]), int(columns[-1]) + 1) if len(columns) else None


def _finish(painting: Painting, run: Array, x: int, y: int, scale: float, out: NDArray[np.uint8]) -> None:
    """One tile from wet paint to RGBA bytes, written into `out`; untouched when nothing is painted there."""
    h, w = out.shape[:2]
    ground, on = painting.ground, (x, y, w, h, scale)
    wet = gather(painting.washes, *on)
    late = list(strokes(painting.washes, True, *on))
    paper = 1.0 if ground else coverage(painting.outline, *on)
    drawn = lines(painting.pen, painting.washes, *on) if painting.pen else None
    if isinstance(paper, float) and paper == 0 and not late and drawn is None and not wet.cover.any():
        return
    damp: Array | None = read(painting.damp, (0, 0), 1, *on)
    if damp is not None and damp.max() <= 0.01:
        damp = None
    tooth = read(painting.tooth, (0, 0), 2, *on)
    if ground and (grain := read_grain(ground.grain, *on)) is not None:
        tooth = tooth + np.float32(0.62) * grain
    tile = _Tile(
        wet, paper, damp, [] if damp is None else planes(read(run, (0, 0), _BLEED_SCALE, *on)), tooth, drawn,
        read(ground.uneven, (0, 0), 1, *on) if ground else None,
    )  # fmt: skip
    painted = False
    for top in range(0, h, STRIP_PX):
        rows = slice(top, min(top + STRIP_PX, h))
        above = [stroke for stroke in late if stroke.where[0].start < rows.stop and stroke.where[0].stop > rows.start]
        columns = slice(0, w) if ground or above or drawn is not None else tile.shows(rows)
        if columns is not None:
            where = (rows, columns)
            painted |= _dried(painting, tile.part(where), [_strip(s, rows) for s in above], out[where])
    if not painted and not ground:
        out[...] = 0


def _strip(stroke: Stroke, rows: slice) -> Stroke:
    """The part of a stroke on some rows of its tile, of which it touches at least one, placed from the first of them."""
    down, across = stroke.where
    top, bottom = max(down.start, rows.start), min(down.stop, rows.stop)
    own = slice(top - down.start, bottom - down.start)
    covered = stroke.covered if isinstance(stroke.covered, float) else stroke.covered[own]
    where = (slice(top - rows.start, bottom - rows.start), across)
    return replace(stroke, where=where, covered=covered, paint=[plane[own] for plane in stroke.paint])


def _dried(painting: Painting, tile: _Tile, late: Sequence[Stroke], out: NDArray[np.uint8]) -> bool:
    """A strip of a tile from wet paint to RGBA bytes, written into `out`; whether anything is painted on it. Strips, so that
    what is worked on stays in the processor's cache. The tile is used up."""
    ground, wet, tooth = painting.ground, tile.wet, tile.tooth
    cover = wet.cover
    if tile.damp is not None:
        # Wet in wet only inside the picture: outside its outline the paper stayed dry.
        # On toned paper the bare part stays dry, or every picture would get pale clouds beside its shapes.
        damp = tile.damp * (np.minimum(cover, 1) if ground else tile.paper)
        for plane, run in zip(wet.pigment, tile.run, strict=True):
            plane += (run - plane) * damp
        cover += (1 - cover) * damp * np.float32(0.85)
    # Grain shows in thin paint; a dark, thick wash hides the paper.
    grain = np.float32(painting.granulation) * tooth
    for plane in wet.pigment:
        plane += grain * (plane / (1 + plane))
    for stroke in late:
        lay_over(wet, stroke)
    if painting.pen and tile.drawn is not None:
        ink = tile.drawn * (1 - np.float32(0.22) * np.clip(-tooth, 0, 2))
        every = (slice(None), slice(None))
        lay_over(wet, Stroke(every, ink, [np.asarray(v, np.float32) for v in painting.pen.ink], 0.96))
    film = np.float32(0.006) * np.clip(tooth, -1, 2) + np.float32(0.006)
    bare = (1 - cover) * tile.paper
    alpha = cover + bare
    share = np.maximum(alpha, np.float32(1e-4))
    if ground and tile.uneven is not None:
        dense = tile.uneven + np.float32(ground.tooth) * tooth
        sheet = [bare * cv2.exp(-(tint * dense)) for tint in ground.tint]
    else:
        sheet = [bare * (np.float32(0.992) - np.float32(0.006) * tooth)] * 3
    light = []
    for plane, below in zip(wet.pigment, sheet, strict=True):
        plane += film
        through = np.asarray(cv2.exp(np.negative(plane)), np.float32)
        through *= cover
        through += below
        through /= share
        light.append(through)
    solid = (ramp(0.02, 0.98, alpha) * 255 + np.float32(0.5)).astype(np.uint8)
    kept = solid >= 3
    out[...] = cv2.merge([plane * kept for plane in (*_to_bytes(light), solid)])
    return bool(cover.any())


def _drawn(painting: Painting, pen: Pen, x: int, y: int, scale: float, out: NDArray[np.uint8]) -> None:
    """One tile of a pen drawing without paint, written into `out`. Toned paper becomes level lines on white."""
    h, w = out.shape[:2]
    before = None
    if painting.ground and pen.hatch:
        before = flat_tone(pen.hatch, float(darkness(painting.ground.tint[None])[0]), x, y, w, h, scale)
    ink = lines(pen, painting.washes, x, y, w, h, scale, before)
    paper = 1.0 if painting.ground else coverage(painting.outline, x, y, w, h, scale)
    alpha = np.maximum(ink, paper)
    if not alpha.any():
        return
    tooth = read(painting.tooth, (0, 0), 2, x, y, w, h, scale)
    ink *= 1 - np.float32(0.16) * np.clip(-tooth, 0, 2)
    share = (ink / np.maximum(alpha, np.float32(1e-4)))[..., None]
    sheet = np.array([0.992, 0.984, 0.965] if painting.ground else [0.996, 0.994, 0.990], np.float32)
    out[..., :3] = cv2.merge(_to_bytes(planes(np.asarray(sheet + (np.exp(-pen.ink) - sheet) * share, np.float32))))
    out[..., 3] = ramp(0.02, 0.98, np.asarray(alpha, np.float32)) * 255 + np.float32(0.5)
    out[out[..., 3] < 3] = 0


def _to_bytes(light: Sequence[Array]) -> list[NDArray[np.uint8]]:
    """Planes of light 0..1 as bytes a PNG packs well: green in steps of two, red and blue in steps of four away from it. The
    grain hides the rounding (at most two of 255); the file is a quarter smaller, so a large set still fits its packages."""
    red, green, blue = (np.clip(plane, 0, 1) * np.float32(255) for plane in light)
    green = np.rint(green * np.float32(0.5)) * 2
    others = (green + np.rint((plane - green) * np.float32(0.25)) * 4 for plane in (red, blue))
    first, last = others
    return [np.clip(plane, 0, 254).astype(np.uint8) for plane in (first, green, last)]


def put_on_pixels(painting: Painting, width: int, height: int) -> NDArray[np.uint8]:
    """The picture as RGBA bytes, `height` × `width` × 4, not premultiplied; clear pixels are all zero.

    Under one pixel to the unit the picture is painted larger and reduced, so that small previews show the same thing. A
    ratio other than the picture's own shows the middle of it.
    """
    left, top, wide, high = painting.shown
    scale = max(width / wide, height / high)
    if scale < 1:
        whole = put_on_pixels(painting, round(width / scale), round(height / scale))
        return reduce(whole, width, height)
    left_px, top_px = round(left * scale + (wide * scale - width) / 2), round(top * scale + (high * scale - height) / 2)
    dry = painting.pen if painting.pen and painting.pen.alone else None
    run = None if dry else _bleed(painting)
    out = np.zeros((height, width, 4), np.uint8)
    for y in range(0, height, TILE_PX):
        for x in range(0, width, TILE_PX):
            h, w = min(TILE_PX, height - y), min(TILE_PX, width - x)
            tile = out[y : y + h, x : x + w]
            if dry:
                _drawn(painting, dry, left_px + x, top_px + y, scale, tile)
            elif run is not None:
                _finish(painting, run, left_px + x, top_px + y, scale, tile)
    return out


def reduce(rgba: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """A smaller copy, averaged with the color weighted by alpha so that no dark or light rim appears."""
    weighted = rgba.astype(np.float32)
    weighted[..., :3] *= weighted[..., 3:] / np.float32(255)
    small = cv2.resize(weighted, (width, height), interpolation=cv2.INTER_AREA)
    small[..., :3] /= np.maximum(small[..., 3:] / np.float32(255), 1e-3)
    out: NDArray[np.uint8] = np.clip(small + np.float32(0.5), 0, 255).astype(np.uint8)
    out[out[..., 3] < 3] = 0
    return out

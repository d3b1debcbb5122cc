"""Puts painted shapes on pixels, in tiles, at any size.

The only module that knows how large the picture is. It must never draw a random number: grain, edges and bleed are read
from material that was fixed before. `scale` is pixels per painting unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from elistit_artist.paint.hatching import darkness, flat_tone
from elistit_artist.paint.noise import Array, blur, ramp, read, read_grain
from elistit_artist.paint.pen import Pen, lines
from elistit_artist.paint.tiles import coverage, window
from elistit_artist.paint.washes import Wash

TILE_PX = 512
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


@dataclass(frozen=True)
class _Stroke:
    """A wash as it falls on one tile: where, how much it covers (1.0: all of the window), its pigment and weight."""

    where: tuple[slice, slice]
    covered: Array | float
    paint: Array
    over: float
    resting: bool = False


def _painted(painting: Painting, late: bool, x: int, y: int, w: int, h: int, scale: float) -> Iterator[_Stroke]:
    """The washes that touch a tile, in paint order: either those laid wet, or the late details."""
    for wash in painting.washes:
        touched = window(wash, x, y, w, h, scale) if wash.late == late else None
        if touched is None:
            continue
        x0, y0, x1, y1 = touched
        covered = coverage(wash, x + x0, y + y0, x1 - x0, y1 - y0, scale)
        if isinstance(covered, float) and covered == 0.0:
            continue
        paint = read(wash.pigment, (wash.left, wash.top), wash.scale, x + x0, y + y0, x1 - x0, y1 - y0, scale)
        yield _Stroke((slice(y0, y1), slice(x0, x1)), covered, paint, wash.over, wash.resting)


def _lay_over(pigment: Array, cover: Array, stroke: _Stroke) -> None:
    """Put a stroke on top: what is below shows through by what it leaves free. Works in place."""
    weight = np.asarray(stroke.covered * np.float32(stroke.over), np.float32)
    p, c = pigment[stroke.where], cover[stroke.where]
    p += (stroke.paint - p) * weight[..., None]
    c += (1 - c) * weight


def _gather(painting: Painting, x: int, y: int, w: int, h: int, scale: float) -> tuple[Array, Array]:
    """What lies on one tile while the paint is wet: absorbance (h × w × 3) at full strength wherever there is paint,
    and how much of the paper is covered (h × w, 0..1). Where washes overlap, their pigments add up to a dark seam."""
    pigment = np.zeros((h, w, 3), np.float32)
    cover = np.zeros((h, w), np.float32)
    for stroke in _painted(painting, False, x, y, w, h, scale):
        p, c = pigment[stroke.where], cover[stroke.where]
        if stroke.over:
            weight = np.asarray(stroke.covered * np.float32(stroke.over), np.float32)
            p *= (1 - weight)[..., None]
            p += stroke.paint * (weight * np.minimum(c, 1) if stroke.resting else weight)[..., None]
            if not stroke.resting:
                c *= 1 - weight
                c += weight
        elif isinstance(stroke.covered, float):
            p += stroke.paint
            c += 1
        else:
            p += stroke.paint * stroke.covered[..., None]
            c += stroke.covered
    np.minimum(cover, 1, out=cover)
    pigment /= np.maximum(cover, 0.08)[..., None]
    return pigment, cover


def _bleed(painting: Painting) -> Array:
    """Neighboring washes run into each other: absorbance at half a value per unit, blurred over what is painted."""
    w, h = round(painting.width * _BLEED_SCALE), round(painting.height * _BLEED_SCALE)
    pigment, cover = _gather(painting, 0, 0, w, h, _BLEED_SCALE)
    sigma = _BLEED_REACH * _BLEED_SCALE
    wide = np.maximum(blur(cover, sigma), 0.05)
    return np.asarray(blur(pigment * cover[..., None], sigma) / wide[..., None], np.float32)


def _finish(painting: Painting, run: Array, x: int, y: int, scale: float, out: NDArray[np.uint8]) -> None:
    """One tile from wet paint to RGBA bytes, written into `out`; untouched when nothing is painted there."""
    h, w = out.shape[:2]
    pigment, cover = _gather(painting, x, y, w, h, scale)
    paper = 1.0 if painting.ground else coverage(painting.outline, x, y, w, h, scale)
    damp = read(painting.damp, (0, 0), 1, x, y, w, h, scale)
    if damp.max() > 0.01:
        # Wet in wet only inside the picture: outside its outline the paper stayed dry.
        # On toned paper the bare part stays dry, or every picture would get pale clouds beside its shapes.
        damp = damp * (np.minimum(cover, 1) if painting.ground else paper)
        pigment += (read(run, (0, 0), _BLEED_SCALE, x, y, w, h, scale) - pigment) * damp[..., None]
        cover += (1 - cover) * damp * np.float32(0.85)
    tooth = read(painting.tooth, (0, 0), 2, x, y, w, h, scale)
    if painting.ground and (grain := read_grain(painting.ground.grain, x, y, w, h, scale)) is not None:
        tooth = tooth + np.float32(0.62) * grain
    # Grain shows in thin paint; a dark, thick wash hides the paper.
    pigment += (np.float32(painting.granulation) * tooth)[..., None] * (pigment / (1 + pigment))
    for stroke in _painted(painting, True, x, y, w, h, scale):
        _lay_over(pigment, cover, stroke)
    if painting.pen:
        drawn = lines(painting.pen, painting.washes, x, y, w, h, scale)
        drawn *= 1 - np.float32(0.22) * np.clip(-tooth, 0, 2)
        _lay_over(pigment, cover, _Stroke((slice(0, h), slice(0, w)), drawn, painting.pen.ink, 0.96))
    if not cover.any() and not painting.ground:
        return
    pigment += (np.float32(0.006) * np.clip(tooth, -1, 2) + np.float32(0.006))[..., None]
    np.negative(pigment, out=pigment)
    light = cv2.exp(pigment)
    bare = (1 - cover) * paper
    alpha = cover + bare
    light *= cover[..., None]
    if painting.ground:
        light += bare[..., None] * _toned(painting.ground, tooth, x, y, scale)
    else:
        light += (bare * (np.float32(0.992) - np.float32(0.006) * tooth))[..., None]
    light /= np.maximum(alpha, 1e-4)[..., None]
    out[..., :3] = _to_bytes(light)
    out[..., 3] = ramp(0.02, 0.98, alpha) * 255 + np.float32(0.5)
    out[out[..., 3] < 3] = 0


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
    out[..., :3] = _to_bytes(np.asarray(sheet + (np.exp(-pen.ink) - sheet) * share, np.float32))
    out[..., 3] = ramp(0.02, 0.98, np.asarray(alpha, np.float32)) * 255 + np.float32(0.5)
    out[out[..., 3] < 3] = 0


def _toned(ground: Ground, tooth: Array, x: int, y: int, scale: float) -> Array:
    """Bare toned paper on one tile, as light 0..1 in three channels."""
    h, w = tooth.shape
    dense = read(ground.uneven, (0, 0), 1, x, y, w, h, scale) + np.float32(ground.tooth) * tooth
    return np.asarray(cv2.exp(-(ground.tint * dense[..., None])), np.float32)


def _to_bytes(light: Array) -> NDArray[np.uint8]:
    """Light 0..1 as bytes a PNG packs well: green in steps of two, red and blue in steps of four away from it. The grain
    hides the rounding (at most two of 255); the file is a quarter smaller, so a large set still fits its packages."""
    levels = np.clip(light, 0, 1) * np.float32(255)
    green = np.rint(levels[..., 1:2] * np.float32(0.5)) * 2
    levels = green + np.rint((levels - green) * np.float32(0.25)) * 4
    levels[..., 1:2] = green
    packed: NDArray[np.uint8] = np.clip(levels, 0, 254).astype(np.uint8)
    return packed


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

"""What lies on one tile of a picture while the paint is wet: the strokes that fall on it, gathered one after another.

Works channel by channel: numpy is several times quicker on planes than on pixels of three values. `scale` is pixels per
painting unit; `x`, `y` the tile's corner in pixels of the picture. No random draw may happen here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from elistit_artist.paint.noise import Array, read
from elistit_artist.paint.tiles import coverage, window
from elistit_artist.paint.washes import Wash

Where = tuple[slice, slice]
"""Rows and columns of a tile."""


@dataclass(frozen=True)
class Stroke:
    """A wash as it falls on one tile: where, how much it covers (1.0: all of the window), its pigment (a plane for each
    channel) and weight."""

    where: Where
    covered: Array | float
    paint: Sequence[Array]
    over: float
    resting: bool = False


@dataclass(frozen=True)
class Wet:
    """Absorbance at full strength wherever there is paint (a plane for each channel), and how much of the paper is covered,
    0..1."""

    pigment: Sequence[Array]
    cover: Array

    def part(self, where: Where) -> Wet:
        """A part of it, in the same memory."""
        return Wet([plane[where] for plane in self.pigment], self.cover[where])


def planes(image: Array) -> list[Array]:
    """The channels of an image, each for itself."""
    return [np.asarray(plane, np.float32) for plane in cv2.split(np.ascontiguousarray(image))]


def strokes(washes: Sequence[Wash], late: bool, x: int, y: int, w: int, h: int, scale: float) -> Iterator[Stroke]:
    """The washes that touch a tile, in paint order: either those laid wet, or the late details."""
    for wash in washes:
        touched = window(wash, x, y, w, h, scale) if wash.late == late else None
        if touched is None:
            continue
        x0, y0, x1, y1 = touched
        covered = coverage(wash, x + x0, y + y0, x1 - x0, y1 - y0, scale)
        if isinstance(covered, float) and covered == 0.0:
            continue
        paint = read(wash.pigment, (wash.left, wash.top), wash.scale, x + x0, y + y0, x1 - x0, y1 - y0, scale)
        yield Stroke((slice(y0, y1), slice(x0, x1)), covered, planes(paint), wash.over, wash.resting)


def lay_over(wet: Wet, stroke: Stroke) -> None:
    """Put a stroke on top: what is below shows through by what it leaves free. Works in place."""
    weight = np.asarray(stroke.covered * np.float32(stroke.over), np.float32)
    below = wet.part(stroke.where)
    for plane, paint in zip(below.pigment, stroke.paint, strict=True):
        plane += (paint - plane) * weight
    cover = below.cover
    cover += (1 - cover) * weight


def gather(washes: Sequence[Wash], x: int, y: int, w: int, h: int, scale: float) -> Wet:
    """What lies on one tile. Where washes overlap, their pigments add up to a dark seam."""
    wet = Wet([np.zeros((h, w), np.float32) for _ in range(3)], np.zeros((h, w), np.float32))
    bare = True
    for stroke in strokes(washes, False, x, y, w, h, scale):
        bare = False
        below = wet.part(stroke.where)
        cover = below.cover
        if stroke.over:
            _lay_wet(below, stroke)
        elif isinstance(stroke.covered, float):
            for plane, paint in zip(below.pigment, stroke.paint, strict=True):
                plane += paint
            cover += 1
        else:
            for plane, paint in zip(below.pigment, stroke.paint, strict=True):
                plane += paint * stroke.covered
            cover += stroke.covered
    if not bare:
        np.minimum(wet.cover, 1, out=wet.cover)
        share = np.maximum(wet.cover, np.float32(0.08))
        for plane in wet.pigment:
            plane /= share
    return wet


def _lay_wet(below: Wet, stroke: Stroke) -> None:
    """A glaze or an opaque stroke on wet paint, in place. One that rests tints what is there and covers no more paper."""
    cover = below.cover
    weight = np.asarray(stroke.covered * np.float32(stroke.over), np.float32)
    laid = weight * np.minimum(cover, 1) if stroke.resting else weight
    left = 1 - weight
    for plane, paint in zip(below.pigment, stroke.paint, strict=True):
        plane *= left
        plane += paint * laid
    if not stroke.resting:
        cover *= left
        cover += weight

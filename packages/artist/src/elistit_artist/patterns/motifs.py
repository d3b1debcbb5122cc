"""The drawings that are placed on a tile: figures of the catalogue and a few plain ornaments, with their silhouettes.

Pure: the same motif and seed give the same drawing. It must never add to a figure what the idea did not ask for; ornaments are
leaves, blossoms, stars and dots only.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from elistit_artist.patterns import artist, palette
from elistit_artist.patterns.tile import Motif

MARGIN = 0.07
_SILHOUETTE_PX = 160
_FILL = re.compile(r'(fill|stroke)="(#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?)"')


def svg(motif: Motif, seed: int) -> str:
    """The drawing of a motif as SVG, in its tones when it has some. Raises KeyError for a figure that is not in the catalogue."""
    drawn = motif.ornament or artist.drawing(motif.subject, dict(motif.params), seed)
    return in_tones(drawn, *motif.tones) if motif.tones else drawn


def in_tones(drawn: str, dark: str, light: str) -> str:
    """A drawing with every color replaced by one between two, by how light it is."""
    ends = artist.color.from_hex(dark), artist.color.from_hex(light)

    def toned(found: re.Match[str]) -> str:
        code = found[2] if len(found[2]) == 7 else "#" + "".join(2 * c for c in found[2][1:])
        own = artist.color.lightness(artist.color.from_hex(code))
        share = min(1.0, max(0.0, (own - 0.25) / 0.65))
        return f'{found[1]}="{palette.hexed(artist.color.oklab_mix(*ends, share))}"'

    return _FILL.sub(toned, drawn)


def silhouette(motif: Motif, seed: int) -> NDArray[np.uint8]:
    """Alpha of a motif on its square, as it is painted. Raises BadDrawing for a drawing that shows nothing."""
    return _silhouette(motif.ornament or artist.drawing(motif.subject, dict(motif.params), seed))


@lru_cache(maxsize=256)
def _silhouette(drawn: str) -> NDArray[np.uint8]:
    parts, box = artist.layers.leaves(drawn)
    frame = artist.layers.frame_for(parts, box, 1.0, MARGIN)
    seen = (frame.left, frame.top, frame.width * frame.unit, frame.height * frame.unit)
    alpha = artist.layers.raster("".join(parts), seen, _SILHOUETTE_PX, _SILHOUETTE_PX)[..., 3].copy()
    alpha.setflags(write=False)
    return alpha


def _drawing(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200">{body}</svg>'


def _leaf(x: float, y: float, length: float, width: float, angle: float, fill: str) -> str:
    """A leaf from its stem end at (x, y), pointing `angle` degrees clockwise from up."""
    a = math.radians(angle)
    ux, uy = math.sin(a), -math.cos(a)
    px, py = -uy, ux
    tip = (x + ux * length, y + uy * length)
    mid = [(x + ux * length * 0.45 + s * px * width, y + uy * length * 0.45 + s * py * width) for s in (1, -1)]
    return (
        f'<path d="M{x:.1f} {y:.1f}C{mid[0][0]:.1f} {mid[0][1]:.1f} {mid[0][0]:.1f} {mid[0][1]:.1f} {tip[0]:.1f} {tip[1]:.1f}'
        f'C{mid[1][0]:.1f} {mid[1][1]:.1f} {mid[1][0]:.1f} {mid[1][1]:.1f} {x:.1f} {y:.1f}Z" fill="{fill}"/>'
    )


def dot(fill: str) -> Motif:
    """A plain round dot."""
    return Motif(ornament=_drawing(f'<circle cx="0" cy="0" r="80" fill="{fill}"/>'))


def blossom(fill: str, heart: str, petals: int = 5) -> Motif:
    """A small flower seen from above."""
    turn = 360 / petals
    reach = 38.0
    body = "".join(
        f'<circle cx="{reach * math.sin(math.radians(k * turn)):.1f}" cy="{-reach * math.cos(math.radians(k * turn)):.1f}" '
        f'r="34" fill="{fill}"/>'
        for k in range(petals)
    )
    return Motif(ornament=_drawing(f'{body}<circle cx="0" cy="0" r="19" fill="{heart}"/>'))


def star(fill: str) -> Motif:
    """A star of four rays."""
    points = " ".join(
        f"{r * math.sin(k * math.pi / 4):.1f},{-r * math.cos(k * math.pi / 4):.1f}" for k, r in enumerate([84, 22] * 4)
    )
    return Motif(ornament=_drawing(f'<polygon points="{points}" fill="{fill}"/>'))


def sprig(fill: str, other: str) -> Motif:
    """Three leaves on a short stem."""
    body = (
        f'<path d="M-4 84C-8 40 -4 10 -2 -20L2 -20C6 10 2 40 4 84Z" fill="{other}"/>'
        + _leaf(0, -10, 74, 26, 0, fill)
        + _leaf(0, 34, 66, 22, -52, fill)
        + _leaf(0, 30, 66, 22, 52, other)
    )
    return Motif(ornament=_drawing(body))


def spray(fill: str, other: str) -> Motif:
    """A long curved branch with leaves on both sides, as a damask has beside its middle."""
    points = [(-58 + 112 * t, 86 - 30 * t - 128 * t * t) for t in (k / 8 for k in range(9))]
    stem = "M" + "L".join(f"{x - 2.6:.1f} {y:.1f}" for x, y in points)
    stem += "L" + "L".join(f"{x + 2.6:.1f} {y:.1f}" for x, y in reversed(points)) + "Z"
    body = f'<path d="{stem}" fill="{other}"/>'
    for k, (x, y) in enumerate(points[1:-1], start=1):
        nx, ny = points[k + 1]
        ahead = math.degrees(math.atan2(nx - x, -(ny - y)))
        long = 52 - 3.4 * k
        body += _leaf(x, y, long, 13, ahead - 56, fill) + _leaf(x, y, long, 13, ahead + 48, fill)
    x, y = points[-1]
    return Motif(ornament=_drawing(body + _leaf(x, y, 34, 11, 18, fill)))

"""Puts a tile on pixels in any style, at any size, on a torus.

Decisions (grain, edges, how thick the paint lies) are made on planes of one value per tile unit and read at the size asked for, so
that a print is the same painting as its preview. It must never look at the edge of the tile: there is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from elistit_artist.patterns import artist, motifs, palette, torus, vectors
from elistit_artist.patterns.artist import Array, Grade, ramp
from elistit_artist.patterns.tile import UNITS, Area, Placed, Tile

STRIP_PX = 600
# Areas are painted with so many units of what lies beyond the tile around them; more than hand and brush reach.
RIM = 32
_INK = "#372c27"


def paint(
    tile: Tile, style: str, seed: int, grade: Grade, manner: dict[str, float] | None, side: int
) -> NDArray[np.uint8]:
    """The tile as opaque RGBA bytes, `side` × `side`. Raises BadDrawing, KeyError for what cannot be drawn."""
    if style in vectors.LOOKS:
        body = vectors.finished(tile, style, grade)
        ground = f'<rect x="-5" y="-5" width="{UNITS + 10}" height="{UNITS + 10}" fill="{tile.ground}"/>'
        pixels = np.array(artist.layers.raster(ground + body, (0, 0, UNITS, UNITS), side, side))
        pixels[..., 3] = 255
        return pixels
    canvas = np.empty((side, side, 3), np.float32)
    _Sheet(tile, style, seed).put_on(canvas)
    for place, sprite in _sprites(tile, style, seed, grade, manner, side / UNITS):
        h, w = sprite.shape[:2]
        scale = side / UNITS
        torus.paste(canvas, sprite, round(place.x * scale - w / 2), round(place.y * scale - h / 2))
    out = np.empty((side, side, 4), np.uint8)
    for y in range(0, side, STRIP_PX):
        out[y : y + STRIP_PX, :, :3] = torus.to_bytes(canvas[y : y + STRIP_PX])
    out[..., 3] = 255
    return out


class _Sheet:
    """The ground and the areas of a tile, painted: every plane has one value per unit."""

    def __init__(self, tile: Tile, style: str, seed: int) -> None:
        own = artist.styles.style(style).manner
        self.manner = artist.styles.INK_WASH if own.dry else own
        self.ground = artist.color.from_hex(tile.ground)
        self.seed = seed
        self.tooth = self._tooth()
        self.cloud = torus.noise(seed, "cloud", UNITS, 300)
        # Drawn once: every area reads them from another place of the torus.
        self.sway = [torus.noise(seed, f"sway {k}", UNITS, 120) * np.float32(2.0 * self.manner.loose) for k in "xy"]
        self.jag = [torus.noise(seed, f"jag {k}", UNITS, 16) * np.float32(0.55 * self.manner.loose) for k in "xy"]
        self.pools = np.tanh(torus.noise(seed, "pools", UNITS, 90))
        self.streaks = torus.noise(seed, "streaks", UNITS, 5, 120) if self.manner.body > 0 else self.pools
        self.layers = [self._layer(area, number) for number, area in enumerate(tile.areas)]

    def _tooth(self) -> Array:
        fine = torus.noise(self.seed, "tooth fine", UNITS, 2.2)
        grain = torus.noise(self.seed, "tooth", UNITS, 5.0)
        return np.asarray(np.tanh(0.55 * fine + 0.6 * grain), np.float32)

    def _layer(self, area: Area, number: int) -> tuple[Array, Array, Array]:
        """Where an area lies (the field whose 0.5 line is its edge), how thick, and its color."""
        rng = artist.stream(self.seed, "area", number if area.grain is None else area.grain)

        def elsewhere(plane: Array) -> Array:
            return np.roll(plane, tuple(int(v) for v in rng.integers(UNITS, size=2)), (0, 1))

        waves = [_rimmed(elsewhere(s) + elsewhere(j)) for s, j in zip(self.sway, self.jag, strict=True)]
        edge = _soft(torus.displaced(_coverage(area), waves[0], waves[1]), 1.2)
        pools = _rimmed(elsewhere(self.pools))
        if self.manner.body > 0:
            thick = 1.0 + 0.05 * _rimmed(elsewhere(self.streaks)) + 0.04 * pools
        else:
            rim = np.clip(edge * (1 - _soft(edge, 5.0)) * 2, 0, 1)
            thick = 0.90 + 0.13 * pools * self.manner.pool + 0.26 * rim * self.manner.edge
        thick += np.float32(0.6 * self.manner.granulation) * _rimmed(self.tooth)
        absorbed = artist.color.absorbance(artist.color.from_hex(area.color))
        return np.asarray(edge, np.float32), np.asarray(thick, np.float32), absorbed

    def put_on(self, canvas: Array) -> None:
        """Paint the whole sheet onto a canvas (float 0..1), strip by strip."""
        side = canvas.shape[0]
        # At most half a unit of cover: else every area would lie as a faint veil over the whole of a small tile.
        soft = min(0.49, 0.5 * 0.27 * max(0.9, 1.3 * UNITS / side))
        ink = artist.color.from_hex(_INK)
        for y in range(0, side, STRIP_PX):
            h = min(STRIP_PX, side - y)

            def see(plane: Array, y: int = y, h: int = h, rim: int = 0) -> Array:
                return torus.read(plane, 0, y, side, h, side, side, rim)

            tooth = see(self.tooth)
            tint = artist.color.absorbance(self.ground)
            # A deep ground would show the paper as blotches: its grain stays as faint as on a pale one.
            calm = np.float32(min(1.0, 0.16 / max(float(tint.mean()), 1e-3)))
            dense = 1 + np.float32(0.10) * calm**0.5 * np.tanh(see(self.cloud)) + np.float32(0.16) * calm * tooth
            strip = np.exp(-(tint * dense[..., None] + np.float32(0.010) * (tooth[..., None] + 1)))
            for edge, thick, absorbed in self.layers:
                field = see(edge, rim=RIM)
                cover = ramp(0.5 - soft, 0.5 + soft, field)[..., None]
                strip += (np.exp(-absorbed * see(thick, rim=RIM)[..., None]) - strip) * cover
                if self.manner.pen > 0:
                    # The pen follows the edge; where the paper is rough it skips.
                    near = 1 - ramp(0.06 * self.manner.pen, 0.16 * self.manner.pen, np.abs(field - 0.5))
                    line = near * np.float32(0.72) * (1 - np.float32(0.2) * np.clip(-tooth, 0, 1))
                    strip += (ink - strip) * line[..., None]
            canvas[y : y + h] = np.clip(strip, 0, 1)


def _coverage(area: Area) -> Array:
    """How much of each unit an area covers, with a rim of what lies beyond the tile's edges: an area that goes on there ends nowhere."""
    side = UNITS + 2 * RIM
    body = vectors.area_markup(area, RIM)
    alpha = artist.layers.raster(body, (-RIM, -RIM, side, side), side, side)[..., 3]
    return np.asarray(alpha.astype(np.float32) / 255, np.float32)


def _rimmed(plane: Array) -> Array:
    """A periodic plane with a rim of its other side."""
    return np.pad(plane, RIM, mode="wrap")


def _soft(plane: Array, sigma: float) -> Array:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)


def _sprites(
    tile: Tile, style: str, seed: int, grade: Grade, manner: dict[str, float] | None, scale: float
) -> Iterator[tuple[Placed, Array]]:
    """Every placed motif with its painted pixels, in paint order. Each motif is painted once, at its largest size."""
    largest: dict[int, float] = {}
    for place in tile.placed:
        largest[place.motif] = max(largest.get(place.motif, 0.0), place.size)
    painted = {n: _painted(tile, n, style, seed, grade, manner, size * scale) for n, size in largest.items()}
    for place in tile.placed:
        yield place, _turned(painted[place.motif], place, place.size * scale)


def _painted(
    tile: Tile, number: int, style: str, seed: int, grade: Grade, manner: dict[str, float] | None, side: float
) -> Array:
    """A motif in a style, RGB times alpha and alpha, float 0..1; painted larger than shown where that is smaller than a brush."""
    code, motif = artist.styles.style(style), tile.motifs[number]
    if motif.ornament or motif.tones:
        # In the set's own colors already: only the hand is the style's.
        grade = Grade()
    # A coordinated set lives by its colors, so that a pen there draws over washes.
    own = artist.styles.INK_WASH if code.manner.dry else code.manner
    how = artist.styles.adjusted(own, manner)
    px = max(24, math.ceil(side))
    recipe = artist.styles.WATERCOLOR.recipe if motif.ornament or motif.tones else code.recipe
    rgba = recipe(motifs.svg(motif, tile.arranged + number), seed + number, grade, how, px, px)
    sprite = rgba.astype(np.float32) / 255
    sprite[..., :3] *= sprite[..., 3:]
    return np.asarray(sprite, np.float32)


def _turned(sprite: Array, place: Placed, side: float) -> Array:
    px = max(2, round(side))
    if px < sprite.shape[0]:
        sprite = np.asarray(cv2.resize(sprite, (px, px), interpolation=cv2.INTER_AREA), np.float32)
    if place.flip:
        sprite = sprite[:, ::-1]
    if not place.angle:
        return np.ascontiguousarray(sprite)
    own = sprite.shape[0]
    a = math.radians(place.angle)
    out = math.ceil(own * (abs(math.cos(a)) + abs(math.sin(a)))) + 2
    matrix = cv2.getRotationMatrix2D(((own - 1) / 2, (own - 1) / 2), -place.angle, 1.0)
    matrix[:, 2] += (out - own) / 2
    turned = cv2.warpAffine(np.ascontiguousarray(sprite), matrix, (out, out), flags=cv2.INTER_CUBIC)
    return np.clip(turned, 0, 1)


__all__ = ["paint", "palette"]

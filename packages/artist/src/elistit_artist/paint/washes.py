"""Decides how every visible shape of a drawing is painted: its wandering edge, its pigment and how thick that lies.

Everything here happens on fixed grids (one or two pixels per painting unit), before anyone has said how large the
picture will be; a pixel size must never reach this module. Lengths are painting units (1024 to the longer side)
unless named `_px`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from elistit_artist.paint import bodycolor, color, layers
from elistit_artist.paint.noise import UNITS, Array, Sheet, blur, ramp, read, stream


@dataclass(frozen=True)
class Manner:
    """How loosely a style paints. `loose` scales wobble and misplaced edges, `bleed` wet-in-wet softening, `gaps` the
    white lines left between washes, `granulation` pigment in the paper's tooth, `edge` the dark rim of a dried wash,
    `stray` how far a wash misses its place, `strength` how much pigment is in the water, `pool` how unevenly it lies,
    `shade` the second wash on the side away from the light, `turn` hue drift in degrees. `pen` is how broad ink lines are,
    `hatch` how dark they shade (0: outlines only), `space` how far such lines lie apart; `dry` leaves all washes out.
    """

    loose: float = 1.0
    bleed: float = 0.55
    gaps: float = 1.0
    granulation: float = 0.095
    edge: float = 1.0
    pool: float = 1.0
    shade: float = 1.0
    turn: float = 10.0
    stray: float = 1.0
    strength: float = 1.0
    pen: float = 0.0
    body: float = 0.0
    hatch: float = 0.0
    space: float = 8.0
    dry: bool = False


@dataclass(frozen=True)
class Material:
    """The noise a painting shares over all its shapes, so that they belong to one sheet of paper."""

    sway_x: Array
    sway_y: Array
    pools: Sheet
    blooms: Sheet
    ragged: Sheet
    hair: Sheet

    @staticmethod
    def gather(seed: int, width: int, height: int, manner: Manner, extent: int = UNITS) -> Material:
        """Draw the material of one painting; `width` and `height` in units. `sway` is how far the hand wanders, in
        units, on a grid of one value per unit; `extent` is the longer side, for noise that must reach over it."""
        sway = []
        for axis in ("x", "y"):
            sheet = Sheet(seed, f"sway-{axis}", 205, 3, extent=extent)
            place = sheet.place(stream(seed, "sway", axis))
            sway.append(sheet.read(place, 0, 0, width, height, 1) * np.float32(4.2 * manner.loose))
        return Material(
            sway[0], sway[1], Sheet(seed, "pools", 240, 4, 0.6, extent), Sheet(seed, "blooms", 170, 3, 0.45, extent),
            Sheet(seed, "ragged", 24, 2, extent=extent), Sheet(seed, "hair", 7, 1, extent=extent),
        )  # fmt: skip


@dataclass(frozen=True)
class Wash:
    """One painted shape, still without pixels.

    `edge` is a field that crosses 0.5 at the painted edge, `slope` how much it changes per unit there; `pigment` is
    the absorbance (three channels) where it is painted. Both lie at `left`, `top` with `scale` values per unit.
    `over` > 0: laid over what is below with that weight (details, glazes); 0: beside its neighbors. `soft` is the
    width of the edge in units. `late`: painted when the rest is dry, so it neither runs nor gathers much grain.
    `meant` is where its corner would lie had the hand not strayed. `resting`: a glaze that tints what it lies on and
    covers no paper of its own.
    """

    left: float
    top: float
    scale: float
    edge: Array
    slope: float
    pigment: Array
    over: float
    soft: float
    late: bool = False
    meant: tuple[float, float] = (0.0, 0.0)
    resting: bool = False


def _keep_thin(mask: Array, smooth: Array, fine: Array, reach_px: int) -> Array:
    """`smooth`, but `fine` where the shape is too thin to survive the wide blur (tails, stalks, points)."""
    solid = (mask > 0.5).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach_px + 1, 2 * reach_px + 1))
    thin = solid - cv2.morphologyEx(solid, cv2.MORPH_OPEN, kernel)
    if not thin.any():
        return smooth
    near = blur(cv2.dilate(thin, kernel).astype(np.float32), reach_px * 0.6)
    kept: Array = smooth + (fine - smooth) * np.clip(near * 1.6, 0, 1)
    return kept


def silhouette(reading: layers.Reading, material: Material) -> Wash:
    """The paper that belongs to the picture: the whole outline, drawn in a little so that no white rim shows outside.
    Where two washes leave a gap inside the picture, this paper shows instead of a hole."""
    height, width = reading.frame.height, reading.frame.width
    mask = cv2.resize(reading.silhouette, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    xs = np.arange(width, dtype=np.float32)[None, :] + material.sway_x
    ys = np.arange(height, dtype=np.float32)[:, None] + material.sway_y
    mask = cv2.remap(mask, xs, ys, cv2.INTER_LINEAR, borderValue=0)
    edge = blur(np.asarray(mask, np.float32), 3.0) - np.float32(0.36)
    return Wash(0, 0, 1, edge, 0.07, np.zeros((1, 1, 3), np.float32), 0, 1.2)


@dataclass(frozen=True)
class _Place:
    """A shape on its working grid: corner in units (whole numbers), values per unit, coverage with air around it."""

    left: int
    top: int
    scale: int
    mask: Array
    radius: float
    area: float


def _place(shape: layers.Shape) -> _Place:
    """Choose the grid: half-unit for fine shapes, unit for the rest (their edges are softer than that anyway)."""
    mask = shape.mask.astype(np.float32) / 255
    radius = layers.inner_radius(shape.mask) / layers.READ_SCALE
    area = float(mask.sum()) / layers.READ_SCALE**2
    scale = 2 if radius < 9 else 1
    if scale == 1:
        h, w = mask.shape
        mask = np.pad(mask, ((shape.y % 2, (shape.y + h) % 2), (shape.x % 2, (shape.x + w) % 2)))
        mask = np.asarray(
            cv2.resize(mask, (mask.shape[1] // 2, mask.shape[0] // 2), interpolation=cv2.INTER_AREA), np.float32
        )
    pad = 10 * scale
    mask = np.pad(mask, pad)
    left, top = shape.x * scale // 2 - pad, shape.y * scale // 2 - pad
    if scale == 2 and (left % 2 or top % 2):
        mask = np.pad(mask, ((top % 2, 0), (left % 2, 0)))
        left, top = left - left % 2, top - top % 2
    return _Place(left // scale, top // scale, scale, mask, radius, area)


def _wander(place: _Place, material: Material, rigid: bool) -> tuple[Array, float, float]:
    """The coverage as the hand puts it down, and by how many units the whole shape sits elsewhere. Small shapes move as
    one piece, so that eyes stay round."""
    h, w = place.mask.shape
    rows, columns = material.sway_x.shape
    if rigid:
        cy = min(rows - 1, max(0, place.top + h // (2 * place.scale)))
        cx = min(columns - 1, max(0, place.left + w // (2 * place.scale)))
        return (
            place.mask,
            -float(material.sway_x[cy, cx]),
            -float(material.sway_y[cy, cx]),
        )
    s = place.scale
    sx = read(material.sway_x, (0, 0), 1, place.left * s, place.top * s, w, h, s)
    sy = read(material.sway_y, (0, 0), 1, place.left * s, place.top * s, w, h, s)
    xs = np.arange(w, dtype=np.float32)[None, :] + sx * np.float32(s)
    ys = np.arange(h, dtype=np.float32)[:, None] + sy * np.float32(s)
    moved = cv2.remap(place.mask, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(moved, np.float32), 0.0, 0.0


def _edge_field(
    place: _Place, mask: Array, material: Material, rng: np.random.Generator, detail: bool, manner: Manner
) -> tuple[Array, float]:
    """The field whose 0.5 line is the painted edge, and its slope per unit."""
    s = place.scale
    round_off = min(2.4 * manner.loose, max(0.45, 0.22 * place.radius)) * (0.6 if detail else 1.0)
    fine = blur(mask, max(0.5, 0.7 * s))
    smooth = blur(mask, round_off * s)
    if round_off > 1.2:
        smooth = _keep_thin(mask, smooth, fine, max(2, round(2.2 * round_off * s)))
    h, w = mask.shape
    band = 4 * smooth * (1 - smooth)
    x, y = place.left * s, place.top * s
    ragged = material.ragged.read(material.ragged.place(rng), x, y, w, h, s)
    hair = material.hair.read(material.hair.place(rng), x, y, w, h, s)
    rough = 0.35 if detail else 1.0
    field = smooth + band * (ragged * np.float32(0.070 * rough) + hair * np.float32(0.034 * rough)) * np.float32(
        manner.loose
    )
    slope = 0.399 / max(round_off, 0.8)
    if not detail and place.radius > 4:
        field -= np.float32(slope * float(rng.uniform(-0.25, 0.85)) * manner.gaps * min(1.0, place.radius / 18)) * band
    return field, slope


def _thickness(
    place: _Place, wet: Array, material: Material, rng: np.random.Generator, light: tuple[float, float], manner: Manner
) -> Array:
    """How thick pigment lies inside one wash (1 = the paint's own color): pools, dried rims, blooms, a fall from light to
    shade, and a second wash on the side away from the light."""
    s, r = place.scale, place.radius
    h, w = wet.shape
    x, y = place.left * s, place.top * s
    pools = material.pools.read(material.pools.place(rng), x, y, w, h, s)
    thick = 0.76 + np.float32(0.25 * manner.pool) * np.tanh(pools * np.float32(0.9))
    near = wet * (1 - blur(wet, max(0.8, min(1.7, 0.2 * r) * s))) * 2
    rim = wet * (1 - blur(wet, max(1.0, min(5.0, 0.3 * r) * s))) * 2
    wide = wet * (1 - blur(wet, max(1.5, min(26.0, 0.7 * r) * s))) * 2
    uneven = np.clip(0.75 + 0.55 * material.blooms.read(material.blooms.place(rng), x, y, w, h, s), 0.15, 1.6)
    thick += (
        (np.clip(near, 0, 1) * np.float32(0.22) + np.clip(rim, 0, 1) ** 1.3 * np.float32(0.30))
        * uneven
        * np.float32(manner.edge)
    )
    thick += np.clip(wide, 0, 1) * np.float32(0.14)
    fall_y = np.linspace(-0.5, 0.5, h, dtype=np.float32)[:, None] * np.float32(light[1])
    fall_x = np.linspace(-0.5, 0.5, w, dtype=np.float32)[None, :] * np.float32(light[0])
    thick += (fall_y + fall_x) * np.float32(0.22)
    if r > 16:
        bloom = material.blooms.read(material.blooms.place(rng), x, y, w, h, s)
        front = bloom - np.float32(rng.uniform(0.5, 1.0))
        crest = np.exp(-((front / 0.06) ** 2)) * 0.13 - ramp(0.0, 0.8, front) * 0.24
        thick += np.asarray(crest, np.float32) * np.float32(manner.pool)
    if r > 20 and rng.random() < 0.8:
        reach = min(46.0, 0.42 * r) * s
        back = np.array([[1, 0, light[0] * reach], [0, 1, light[1] * reach]], np.float32)
        lit = cv2.warpAffine(wet, back, (w, h), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=0)
        lit = blur(np.asarray(lit, np.float32), min(14.0, 0.18 * r) * s)
        ragged = material.ragged.read(material.ragged.place(rng), x, y, w, h, s)
        second = ramp(0.66, 0.36, lit + np.float32(0.05) * ragged + np.float32(0.16) * np.tanh(pools))
        thick += second * np.float32(0.20 * manner.shade)
    return np.asarray(np.clip(thick, 0.28, 1.65) * np.float32(manner.strength), np.float32)


def _pigment(
    place: _Place, thick: Array, rgb: Array, material: Material, rng: np.random.Generator, manner: Manner
) -> Array:
    """Absorbance, three channels: the paint and a neighboring pigment that separates from it while drying."""
    s = place.scale
    h, w = thick.shape
    first = color.absorbance(rgb)
    turn = float(rng.choice([-1, 1])) * float(rng.uniform(0.5, 1.0)) * manner.turn
    if turn > 0 and color.is_warm(rgb):
        # Orange, brown and yellow that drift towards green look dirty; towards red they glow.
        turn *= 0.25
    second = color.absorbance(color.neighbor(rgb, turn, 0.03 if float(rgb.max()) < 0.93 else 0.015))
    share = material.pools.read(material.pools.place(rng), place.left * s, place.top * s, w, h, s)
    share = ramp(-0.9, 1.5, share)
    return np.asarray(
        cv2.merge([(own + (other - own) * share) * thick for own, other in zip(first, second, strict=True)]), np.float32
    )


def lay(
    shape: layers.Shape, material: Material, seed: int, how: color.Grade, light: tuple[float, float], manner: Manner
) -> Wash:
    """Paint one shape. `light` points from the light to the shade, length about 1."""
    rng = stream(seed, "shape", shape.order)
    place = _place(shape)
    rigid = place.radius < 16 and place.area < 2600
    mask, dx, dy = _wander(place, material, rigid)
    meant = (place.left + dx, place.top + dy)
    reach = 0.35 if rigid else min(1.1, 0.45 + place.radius / 50) * manner.stray
    drift = rng.normal(0, reach * manner.loose, 2).clip(-2.2 * reach, 2.2 * reach)
    edge, slope = _edge_field(place, mask, material, rng, shape.late, manner)
    rgb = color.grade(shape.rgb, how)
    left, top, s = meant[0] + float(drift[0]), meant[1] + float(drift[1]), place.scale
    if shape.late:
        return Wash(left, top, s, edge, slope, _late_pigment(place, edge, rgb, material, rng), 0.985, 0.6, True, meant)
    wet = ramp(0.5 - 0.5 * slope, 0.5 + 0.5 * slope, edge)
    if manner.body > 0 and not shape.resting:
        angle = float(rng.uniform(-0.5, 0.5)) + (math.pi / 2 if rng.random() < 0.5 else 0.0)
        h, w = edge.shape
        x, y = place.left * s, place.top * s
        fine = bodycolor.bristles(material.hair, rng, angle, x, y, w, h, s)
        broad = bodycolor.bristles(material.ragged, rng, angle + float(rng.uniform(-0.3, 0.3)), x, y, w, h, s)
        streaks = np.asarray(0.55 * fine + 0.75 * broad, np.float32)
        edge = edge + np.float32(0.06) * streaks * 4 * wet * (1 - wet)
        body = bodycolor.pigment(wet, rgb, streaks, place.radius, s, light)
        return Wash(left, top, s, edge, slope, body, min(1.0, shape.opacity * manner.body), 0.6, False, meant)
    thick = _thickness(place, wet, material, rng, light, manner)
    pigment = _pigment(place, thick, rgb, material, rng, manner)
    if shape.resting:
        soft = min(0.5 * place.radius, 14.0)
        field, slope = blur(mask, soft * s), 0.399 / max(soft, 0.8)
        return Wash(left, top, s, field, slope, pigment, shape.opacity, 1.6 * soft, resting=True)
    over = 0.0 if shape.opacity == 1.0 else shape.opacity
    return Wash(left, top, s, edge, slope, pigment, over, 0.8, False, meant)


def _late_pigment(place: _Place, edge: Array, rgb: Array, material: Material, rng: np.random.Generator) -> Array:
    """Absorbance of a detail: even and strong, a little thinner in the middle of larger ones, as a loaded small brush
    leaves it. Near white stays white: it is the light in an eye."""
    s, (h, w) = place.scale, edge.shape
    own = color.lightness(rgb)
    if own > 0.93:
        return np.asarray(np.full((h, w, 1), 0.004, np.float32) * np.ones(3, np.float32), np.float32)
    pools = material.pools.read(material.pools.place(rng), place.left * s, place.top * s, w, h, s)
    thick = np.float32(0.97) + np.float32(0.10 if own < 0.46 else 0.18) * np.tanh(pools)
    if place.radius > 6:
        wet = ramp(0.4, 0.6, edge)
        thick -= np.float32(0.12) * blur(wet, 0.4 * place.radius * s) * wet
    return np.asarray(cv2.merge([channel * thick for channel in color.absorbance(_soft_black(rgb))]), np.float32)


def _soft_black(rgb: Array) -> Array:
    """Watercolor has no pure black, and no grey eyes either: dark details go towards one deep warm charcoal."""
    lab = color.oklab(rgb)
    if lab[0] < 0.42:
        lab[0] = 0.21 + max(0.0, float(lab[0]) - 0.21) * 0.55
        lab[1:] = lab[1:] * 0.85 + np.array([0.002, 0.003])
    return np.asarray(color.srgb(lab), np.float32)


def light_direction(seed: int) -> tuple[float, float]:
    """From the light to the shade: light from above, a little left or right, the same for the whole picture."""
    angle = math.radians(float(stream(seed, "light").uniform(48, 78)))
    return math.cos(angle), math.sin(angle)

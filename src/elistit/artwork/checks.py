"""The automatic checks an image passes before the seller looks at it (rules §8), and whether it is usable at all (§5.8).

A flag says what a seller would see with their own eyes, in one plain sentence. These functions judge; they must never
change, move or delete an image, and never decide what happens to a flagged one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork.export import PREVIEW_PX, ImageBroken, open_image, reading, shrunk


@dataclass(frozen=True)
class Thresholds:
    """Where each check draws its line. Measured on painted art: whole sets pass, the same sets broken on purpose do not.

    `work_px`: the longest side at which everything is judged; finer detail does not change a verdict.
    `covered_max`: an image more covered than this (share of pixels) has no transparent background to speak of.
    `corner_opaque_min`, `corner_spread_max`: four corners at least this opaque (0-255) and within this many steps of one
        color are a background that was left in.
    `covered_min`: less of the image than this is a nearly blank image.
    `faint_alpha`: even the strongest pixels weaker than this (0-255) make a ghost, which counts as nearly blank.
    `flat_spread_min`: an opaque image whose lightness varies less than this (0-100, standard deviation) is nearly blank.
    `edge_touch_max`: share of the border pixels the subject may touch.
    `halo_ring_px`, `halo_inside_px`: the outer ring that is compared with the ring inside it, distances in px at work_px.
    `halo_lightness_min`, `halo_chroma_max`, `halo_step_min`: a rim pixel this light (0-100), this colorless and this
        much lighter than the subject beside it is a rim of old background.
    `halo_share_max`: the share of such pixels along dark parts of the outline that makes a halo. Hatched ink drawings reach
        0.3, because paper shows between their lines; rims of old background begin at 0.84.
    `halo_inside_dark_max`: only where the inside is darker than this does a light rim say anything.
    `duplicate_distance`: two images whose most different places differ less than this look the same. Over 2,415 pairs
        of a painted set in which an animal comes back with a scarf or a crown the least was 14.5; the same drawing
        painted once more gave 8 to 19.
    """

    work_px: int = 1024
    covered_max: float = 0.985
    corner_opaque_min: int = 200
    corner_spread_max: int = 12
    covered_min: float = 0.03
    faint_alpha: int = 60
    flat_spread_min: float = 1.2
    edge_touch_max: float = 0.004
    halo_ring_px: float = 2.0
    halo_inside_px: tuple[float, float] = (7.0, 13.0)
    halo_lightness_min: float = 88.0
    halo_chroma_max: float = 9.0
    halo_step_min: float = 12.0
    halo_inside_dark_max: float = 80.0
    halo_share_max: float = 0.5
    duplicate_distance: float = 12.0


LIMITS = Thresholds()
SIGNATURE_PX = 24
_SUBJECT_ALPHA = 16
# How many of the 576 cells of a signature count when two are compared.
_MOST_DIFFERENT = 6


@dataclass(frozen=True)
class Flag:
    """One thing found. `code` is stable and machine-readable, `words` one sentence for the seller."""

    code: str
    words: str


def usable(path: Path, width: int, height: int) -> str | None:
    """None when the file is a whole image of `width` × `height` pixels with something on it; else why not (rules §5.8).

    An image that is see-through everywhere is blank too. Never raises for a bad file.
    """
    try:
        image = open_image(path)
        if (image.width, image.height) != (width, height):
            return f"The image came back at {image.width} × {image.height} pixels instead of {width} × {height}."
        rgba = _load(path, LIMITS.work_px)
    except ImageBroken as broken:
        return str(broken)
    if rgba[..., 3].max() < 8:
        return "The image came back empty: it is transparent everywhere."
    if rgba[..., 3].min() < 255:
        return None
    if float(_lab(rgba)[..., 0].std()) < 0.25 and float(rgba[..., :3].std(axis=(0, 1)).max()) < 0.75:
        return "The image came back blank: it is one single color."
    return None


def not_cut_out(path: Path) -> str | None:
    """None when an image has something solid on a see-through ground; else what it is instead. Never raises for a bad file."""
    try:
        alpha = _load(path, LIMITS.work_px)[..., 3]
    except ImageBroken as broken:
        return str(broken)
    if alpha.min() > 250:
        return "The image that came back has no see-through background."
    return None if alpha.max() >= LIMITS.faint_alpha else "The image that came back is see-through everywhere."


@dataclass(frozen=True)
class Seen:
    """An image as the checks look at it: the size of its file in pixels, its pixels at `work_px` (RGBA), and as small as its
    preview is."""

    width: int
    height: int
    rgba: np.ndarray
    small: pyvips.Image

    @property
    def signature(self) -> bytes:
        """As `signature` of the file."""
        return signature_of(_pixels(self.small))


def look(path: Path, limits: Thresholds = LIMITS) -> Seen:
    """Read an image once for its checks, its signature and its preview. Raises ImageBroken."""
    image = open_image(path)
    large, small = shrunk(path, limits.work_px, PREVIEW_PX)
    return Seen(image.width, image.height, _pixels(large), small)


def check_image(path: Path, *, transparent: bool, min_px: int, limits: Thresholds = LIMITS) -> list[Flag]:
    """What is wrong with one image, worst first; an empty list when nothing is (rules §8).

    `transparent`: the product needs a transparent background. `min_px`: the shortest side wanted, in pixels.
    Raises ImageBroken for a file that is not a whole image: ask `usable` first.
    """
    image = open_image(path)
    rgba = _load(path, limits.work_px)
    return _flags(image.width, image.height, rgba, transparent=transparent, min_px=min_px, limits=limits)


def check_seen(seen: Seen, *, transparent: bool, min_px: int, limits: Thresholds = LIMITS) -> list[Flag]:
    """As `check_image`, for an image that `look` has read."""
    return _flags(seen.width, seen.height, seen.rgba, transparent=transparent, min_px=min_px, limits=limits)


def _flags(
    width: int, height: int, rgba: np.ndarray, *, transparent: bool, min_px: int, limits: Thresholds
) -> list[Flag]:
    flags: list[Flag] = []
    if min(width, height) < min_px:
        words = f"Too small: {width} × {height} pixels, but {min_px} are needed on the shorter side."
        flags.append(Flag("too_small", words))
    if not transparent:
        return ([_BLANK] if _is_flat(rgba, limits) else []) + flags
    if _nearly_blank(rgba, limits):
        return [_BLANK, *flags]
    if _background_left(rgba, limits):
        words = "The background is not transparent."
        return [Flag("not_transparent", words), *flags]
    found: list[Flag] = []
    if edge := _cut_off_at(rgba[..., 3], limits):
        found.append(Flag("cut_off", f"The subject is cut off at the {edge} edge."))
    if _halo_share(rgba, limits) > limits.halo_share_max:
        found.append(Flag("halo", "A light rim of old background runs around the subject."))
    return found + flags


_BLANK = Flag("nearly_blank", "There is almost nothing on this image.")


def duplicate_flag(sibling_number: int) -> Flag:
    """The flag for an image that looks nearly the same as a sibling, named by the number the seller sees."""
    return Flag("near_duplicate", f"Looks nearly the same as image {sibling_number}.")


def signature(path: Path) -> bytes:
    """How an image looks, in 2,304 bytes: its subject, trimmed, at 24 × 24 px as Lab and alpha.

    Size, position and resolution do not change it. Raises ImageBroken.
    """
    return signature_of(_load(path, PREVIEW_PX))


def tile_signature(path: Path) -> bytes:
    """The signature of a tile: of its middle third, since as a whole one small pattern looks much like another. Raises ImageBroken."""
    rgba = _load(path, 1200)
    high, wide = rgba.shape[:2]
    return signature_of(np.ascontiguousarray(rgba[high // 3 : 2 * high // 3, wide // 3 : 2 * wide // 3]))


def signature_of(rgba: np.ndarray) -> bytes:
    """The signature of pixels: RGBA as 8 bits, height × width × 4."""
    rgba = _trim(rgba)
    small = cv2.resize(_premultiply(rgba), (SIGNATURE_PX, SIGNATURE_PX), interpolation=cv2.INTER_AREA)
    alpha = small[..., 3:]
    lab = cv2.cvtColor(np.ascontiguousarray(small[..., :3] + (1 - alpha)), cv2.COLOR_RGB2LAB)
    packed = np.dstack([lab[..., 0] * 2.55, lab[..., 1] + 128, lab[..., 2] + 128, alpha[..., 0] * 255])
    return np.clip(np.round(packed), 0, 255).astype(np.uint8).tobytes()


def distance(first: bytes, second: bytes) -> float:
    """How different two signatures are where they differ most: 0 is the same, above about 20 clearly another image.

    Only the most different places count, because a sitting fox with a scarf and one without are two images to a buyer
    although nearly everything agrees. A mirror image counts as the same. Raises ValueError for bytes that are not
    signatures.
    """
    size = SIGNATURE_PX * SIGNATURE_PX * 4
    if len(first) != size or len(second) != size:
        raise ValueError(f"A signature is {size} bytes long.")
    a, b = (
        np.frombuffer(s, np.uint8).reshape(SIGNATURE_PX, SIGNATURE_PX, 4).astype(np.float32) for s in (first, second)
    )
    return min(_largest_difference(a, b), _largest_difference(a[:, ::-1], b))


def _largest_difference(a: np.ndarray, b: np.ndarray) -> float:
    # Lightness and alpha on a 0-100 scale, the color axes half again as strong; single cells are smoothed away.
    weights = np.array([1 / 2.55, 1.5, 1.5, 1 / 2.55], np.float32)
    cells = cv2.blur((np.abs(a - b) * weights).mean(axis=2), (2, 2))
    return float(np.sort(cells, axis=None)[-_MOST_DIFFERENT:].mean())


def _load(path: Path, px: int) -> np.ndarray:
    """The image as RGBA uint8, longest side at most `px`; an image without alpha is opaque."""
    return _pixels(shrunk(path, px)[0])


def _pixels(image: pyvips.Image) -> np.ndarray:
    with reading():
        return (image if image.hasalpha() else image.addalpha()).numpy()


def _premultiply(rgba: np.ndarray) -> np.ndarray:
    real = rgba.astype(np.float32) / 255
    real[..., :3] *= real[..., 3:]
    return real


def _lab(rgba: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.ascontiguousarray(rgba[..., :3]).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _trim(rgba: np.ndarray) -> np.ndarray:
    """The subject alone, centered on a transparent square; the image itself when there is none."""
    seen = rgba[..., 3] > _SUBJECT_ALPHA
    if not seen.any():
        return rgba
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    cut = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = max(cut.shape[:2])
    square = np.zeros((side, side, 4), np.uint8)
    y, x = (side - cut.shape[0]) // 2, (side - cut.shape[1]) // 2
    square[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
    return square


def _is_flat(rgba: np.ndarray, limits: Thresholds) -> bool:
    lab = _lab(rgba)
    return bool(lab[..., 0].std() < limits.flat_spread_min and lab[..., 1:].std(axis=(0, 1)).max() < 1.5)


def _nearly_blank(rgba: np.ndarray, limits: Thresholds) -> bool:
    counts = _alpha_counts(rgba)
    if counts[_SUBJECT_ALPHA + 1 :].sum() / counts.sum() < limits.covered_min:
        return True
    if _percentile(counts, 99) < limits.faint_alpha:
        return True
    return bool(counts[:255].sum() == 0 and _is_flat(rgba, limits))


def _alpha_counts(rgba: np.ndarray) -> np.ndarray:
    """How many pixels have each opacity, 256 whole numbers: counted in one pass, where sorting takes twenty times as long."""
    return cv2.calcHist([rgba], [3], None, [256], [0, 256]).ravel().astype(np.int64)


def _percentile(counts: np.ndarray, percent: float) -> float:
    """`np.percentile` of values that are given as counts."""
    place = percent / 100 * (counts.sum() - 1)
    first, second = np.searchsorted(counts.cumsum(), [math.floor(place) + 1, math.ceil(place) + 1])
    return float(first + (second - first) * (place - math.floor(place)))


def _background_left(rgba: np.ndarray, limits: Thresholds) -> bool:
    if np.count_nonzero(rgba[..., 3] > _SUBJECT_ALPHA) > limits.covered_max * rgba[..., 3].size:
        return True
    corners = np.array([rgba[4, 4], rgba[4, -5], rgba[-5, 4], rgba[-5, -5]], np.int16)
    if corners[:, 3].min() <= limits.corner_opaque_min:
        return False
    return int(np.abs(corners[:, :3] - corners[0, :3]).max()) < limits.corner_spread_max


def _cut_off_at(alpha: np.ndarray, limits: Thresholds) -> str:
    """The edge the subject runs into, or an empty word."""
    edges = {"top": alpha[0], "bottom": alpha[-1], "left": alpha[:, 0], "right": alpha[:, -1]}
    touched = {name: int((line > 32).sum()) for name, line in edges.items()}
    around = 2 * (alpha.shape[0] + alpha.shape[1])
    return max(touched, key=lambda n: touched[n]) if sum(touched.values()) / around > limits.edge_touch_max else ""


def _halo_share(rgba: np.ndarray, limits: Thresholds) -> float:
    """The share of the outline along dark parts of the subject that is a light, colorless rim. 0 when it cannot be measured."""
    solid = (rgba[..., 3] > 128).view(np.uint8)
    left, top, wide, tall = cv2.boundingRect(solid)
    # All distances that matter lie within the box of the subject.
    rgb = rgba[top : top + tall, left : left + wide, :3]
    framed = cv2.copyMakeBorder(solid[top : top + tall, left : left + wide], 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1]
    rim = np.nonzero((depth > 0) & (depth <= limits.halo_ring_px))
    outside = (depth <= limits.halo_inside_px[0]) | (depth > limits.halo_inside_px[1])
    inside = np.flatnonzero(~outside)
    if len(rim[0]) < 200 or len(inside) < 200:
        return 0.0
    # For each rim pixel the color of the nearest inside pixel: distance transform with labels finds it. Inside pixels are
    # numbered row by row from 1.
    _, labels = cv2.distanceTransformWithLabels(outside.view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    nearest = np.divmod(inside[labels[rim] - 1], wide)
    outer, beside = _lab(np.stack([rgb[rim], rgb[nearest]]))
    light = (
        (outer[:, 0] > limits.halo_lightness_min)
        & (np.hypot(outer[:, 1], outer[:, 2]) < limits.halo_chroma_max)
        & (outer[:, 0] - beside[:, 0] > limits.halo_step_min)
    )
    dark = beside[:, 0] < limits.halo_inside_dark_max
    return float(light[dark].mean()) if dark.sum() > 100 else 0.0

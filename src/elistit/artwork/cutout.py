"""Takes the background away from an image that came with one, as image providers deliver it.

The background is what can be reached from the border and has the smoothly varying color measured there; the soft edge is
unmixed, so that no rim of the old background stays. White parts inside a subject on white cannot be distinguished from holes, so
holes are only opened where the caller or a colored background allows it. It must never change the size of an image.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork.export import DPI, QUICK_COMPRESSION, open_image, reading, to_srgb8, write_png

# Width of the zone in which pixels may be a mixture, in pixels at 1024; it grows with the image.
_BAND_PX = 3
_BORDER_SHARE = 0.012
# Lightness differences count a little less than color: shadows of the ground are still the ground.
_WEIGHTS = np.array([0.8, 1.2, 1.2], np.float32)
_TOLERANCE_MIN, _TOLERANCE_SIGMAS = 4.0, 4.0
# Half the width of the narrowest gap the flood may pass on a white background, in pixels at 1024.
_NECK_PX = 3
# Crumbs of background at most this many necks deep belong to the wide part beside them.
_CRUMB_NECKS = 4
# A hole must be this part of the image to be one.
_HOLE_LEAST = 0.0012
_BAND_ROWS = 32
# A background lighter than this (0-100) and this colorless may equal white parts of the subject.
_WHITE_L, _WHITE_CHROMA = 90.0, 8.0


@dataclass(frozen=True)
class Cutout:
    """What was done: whether the image already was transparent, whether holes were opened and how many, the share of
    the image that is left (0 to 1), and how even the background was (mean difference in Lab; above about 6 the result
    needs a look)."""

    already_transparent: bool
    holes_opened: int
    left: float
    unevenness: float


class _Ground:
    """The background's colors in Lab: a coarse grid, interpolated where it is asked for. `sigma`: how uneven it is."""

    def __init__(self, grid: np.ndarray, size: tuple[int, int], sigma: float) -> None:
        self.grid, self.sigma = grid, sigma
        high, wide = size
        # INTER_LINEAR places samples at cell centers; half a cell of a surface this smooth is below one step.
        self._wide = cv2.resize(grid, (wide, len(grid)), interpolation=cv2.INTER_LINEAR)
        at = np.clip((np.arange(high) + 0.5) * (len(grid) / high) - 0.5, 0, len(grid) - 1)
        self._above = at.astype(np.intp)
        self._below = np.minimum(self._above + 1, len(grid) - 1)
        self._share = (at - self._above).astype(np.float32)

    def rows(self, rows: slice, columns: slice, out: np.ndarray, spare: np.ndarray) -> None:
        """Write the colors of a region into `out`; `spare` is an array like it."""
        part = self._wide[:, columns]
        np.take(part, self._above[rows], axis=0, out=spare, mode="clip")
        np.take(part, self._below[rows], axis=0, out=out, mode="clip")
        out -= spare
        out *= self._share[rows, None, None]
        out += spare

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """The colors of single pixels, count × 3, float32."""
        above, below = self._wide[self._above[rows], columns], self._wide[self._below[rows], columns]
        share = self._share[rows, None]
        return above * (1 - share) + below * share


def remove_background(src: Path, out: Path, *, holes: bool | None = None) -> Cutout:
    """Write `src` with its background made transparent, as a PNG of the same size.

    `holes`: also open background that the subject encloses; None decides on its own (yes on a colored background, no on a
    nearly white one). An image with a transparent border is passed on unchanged. Deterministic.
    Raises ImageBroken for a file that is not a whole image, ValueError when everything is background.
    """
    image = open_image(src)
    with reading():
        image = to_srgb8(image)
        pixels = image.numpy()
    if image.hasalpha():
        alpha = pixels[..., 3]
        if _border_is_clear(alpha):
            write_png(
                pyvips.Image.new_from_array(pixels, interpretation="srgb"), out, DPI, compression=QUICK_COMPRESSION
            )
            return Cutout(True, 0, float((alpha > 127).mean()), 0.0)
        pixels = _on_white(pixels)
    cut, opened, sigma = matte(pixels, holes)
    del pixels
    left = float((cut[..., 3] > 127).mean())
    if left < 0.002:
        raise ValueError("The whole image looks like background, so nothing would be left of it.")
    write_png(pyvips.Image.new_from_array(cut, interpretation="srgb"), out, DPI, compression=QUICK_COMPRESSION)
    return Cutout(False, opened, left, round(sigma, 2))


def _on_white(rgba: np.ndarray) -> np.ndarray:
    """Half-transparent pixels of an image with a visible border mean nothing: look at it on white."""
    rgb = np.empty((*rgba.shape[:2], 3), np.uint8)
    for top in range(0, len(rgba), _BAND_ROWS):
        band = rgba[top : top + _BAND_ROWS]
        solid = band[..., 3:].astype(np.float32) / 255
        rgb[top : top + _BAND_ROWS] = band[..., :3] * solid + 255 * (1 - solid) + 0.5
    return rgb


def _border_is_clear(alpha: np.ndarray) -> bool:
    border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    return bool((border < 16).mean() > 0.6)


def matte(rgb: np.ndarray, holes: bool | None) -> tuple[np.ndarray, int, float]:
    """RGB (uint8, height × width × 3) to RGBA; how many holes were opened; how uneven the background is."""
    ground = _ground(rgb)
    tolerance = max(_TOLERANCE_MIN, _TOLERANCE_SIGMAS * ground.sigma)
    white = _nearly_white(ground.grid)
    neck = round(_NECK_PX * max(1.0, min(rgb.shape[:2]) / 1024)) if white else 0
    high, wide = rgb.shape[:2]
    like = np.empty((high, wide), np.uint8)
    for top, apart in _distances(rgb, ground, (0, high, 0, wide)):
        np.less(apart, tolerance, out=like[top : top + len(apart)].view(bool))
    open_holes = not white if holes is None else holes
    if neck and not open_holes:
        like = _without_leaks(like, neck)
    background = _flooded(like)
    opened = _opened(rgb, ground, like, background) if open_holes else 0
    del like
    return _unmixed(rgb, background, ground), opened, ground.sigma


def _distances(rgb: np.ndarray, ground: _Ground, box: tuple[int, int, int, int]) -> Iterator[tuple[int, np.ndarray]]:
    """How far the colors in a region (top, bottom, left, right) are from the background, in weighted Lab: by bands, each with
    its first row within the region. Bands stay in the processor's cache and need little memory at print size."""
    top, bottom, left, right = box
    columns = slice(left, right)
    room = np.empty((3, min(_BAND_ROWS, bottom - top), right - left, 3), np.float32)
    for start in range(top, bottom, _BAND_ROWS):
        rows = slice(start, min(start + _BAND_ROWS, bottom))
        real, apart, ground_lab = room[:, : rows.stop - start]
        real[...] = rgb[rows, columns]
        real /= 255
        cv2.cvtColor(real, cv2.COLOR_RGB2LAB, dst=apart)
        ground.rows(rows, columns, ground_lab, real)
        apart -= ground_lab
        apart *= apart
        yield start - top, np.sqrt(cv2.transform(apart, _WEIGHTS[None] ** 2))


def _lab(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _nearly_white(lab: np.ndarray) -> bool:
    lightness, a, b = (float(np.median(lab[..., i])) for i in range(3))
    return lightness > _WHITE_L and float(np.hypot(a, b)) < _WHITE_CHROMA


def _ground(rgb: np.ndarray) -> _Ground:
    """A quadratic surface through the border's colors: it follows vignettes and gradients, and three rounds of dropping
    what is far off keep a subject that touches the border out of it."""
    height, width = rgb.shape[:2]
    depth = max(2, int(_BORDER_SHARE * min(height, width)))
    flat = _border(height, width, depth)
    rows, columns = np.divmod(flat[:: max(1, len(flat) // 20_000)], width)
    colors = _lab(rgb[rows, columns][None])[0]
    apart = np.linalg.norm(colors - np.median(colors, axis=0), axis=1)
    keep = apart < max(6.0, float(np.percentile(apart, 60)) * 2.5)
    terms = np.stack(_terms(rows / height, columns / width), axis=-1)
    surface = np.zeros((6, 3))
    for _ in range(3):
        # The normal equations: with 20,000 rows the solver would wake a thread for each core, to save a millisecond.
        kept = terms[keep]
        surface, *_rest = np.linalg.lstsq(kept.T @ kept, kept.T @ colors[keep], rcond=None)
        residual = np.linalg.norm(terms @ surface - colors, axis=1)
        keep = residual < max(4.0, 2.5 * float(np.median(residual)))
    sigma = float(np.median(residual[keep])) + 0.5
    y, x = np.arange(0, height, 8)[:, None] / height, np.arange(0, width, 8)[None] / width
    grid = np.zeros((y.size, x.size, 3))
    for term, factor in zip(_terms(y, x), surface, strict=True):
        grid += term[..., None] * factor
    return _Ground(grid.astype(np.float32), (height, width), sigma)


def _border(height: int, width: int, depth: int) -> np.ndarray:
    """The places of the pixels in a border `depth` pixels wide, counted row by row."""
    if min(height, width) <= 2 * depth:
        return np.arange(height * width)
    sides = np.concatenate([np.arange(depth), np.arange(width - depth, width)])
    between = np.arange(depth, height - depth)[:, None] * width + sides
    edge = depth * width
    return np.concatenate([np.arange(edge), between.ravel(), np.arange(height * width - edge, height * width)])


def _terms(y: np.ndarray, x: np.ndarray) -> list[np.ndarray]:
    y, x = y - 0.5, x - 0.5
    return [np.ones_like(x), x, y, x * x, y * y, x * y]


def _flooded(like: np.ndarray) -> np.ndarray:
    """Where `like` is 1 and connected to the border: 1, else 0."""
    framed = cv2.copyMakeBorder(like, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(framed, None, (0, 0), 2, flags=4)
    return (framed[1:-1, 1:-1] == 2).view(np.uint8)


def _opened(rgb: np.ndarray, ground: _Ground, like: np.ndarray, background: np.ndarray) -> int:
    """Add to the background what the subject encloses and surely is background; how many such holes there are."""
    enclosed = like & (1 - background)
    least = _HOLE_LEAST * like.size
    if np.count_nonzero(enclosed) < least:
        return 0
    left, top, wide, tall = cv2.boundingRect(enclosed)
    part = enclosed[top : top + tall, left : left + wide]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=4)
    opened = 0
    for number in np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= least) + 1:
        x, y, across, down = stats[number, :4]
        hole = labels[y : y + down, x : x + across] == number
        box = (top + y, top + y + down, left + x, left + x + across)
        apart = [band[hole[start : start + len(band)]] for start, band in _distances(rgb, ground, box)]
        if float(np.median(np.concatenate(apart))) < max(1.5, 1.2 * ground.sigma):
            background[box[0] : box[1], box[2] : box[3]] |= hole
            opened += 1
    return opened


def _without_leaks(like: np.ndarray, neck: int) -> np.ndarray:
    """Background-like pixels without those that lie deep behind a narrow gap. Crumbs close to the wide part (where JPEG
    noise roughens the subject's edge) are background and stay."""
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * neck + 1, 2 * neck + 1))
    framed = cv2.copyMakeBorder(like, neck, neck, neck, neck, cv2.BORDER_REPLICATE)
    reached = _flooded(cv2.erode(framed, disk)[neck:-neck, neck:-neck])
    wide = cv2.dilate(reached, disk) & like
    behind = like & (1 - wide)
    if not behind.any():
        return wide
    depth = cv2.distanceTransform(1 - wide, cv2.DIST_L2, 5)
    count, labels = cv2.connectedComponents(behind, connectivity=8)
    shallow = np.ones(count, np.uint8)
    shallow[labels[depth > _CRUMB_NECKS * neck]] = 0
    shallow[0] = 0
    return wide | shallow[labels]


def _unmixed(rgb: np.ndarray, background: np.ndarray, ground: _Ground) -> np.ndarray:
    """RGBA: along the edge each pixel is split into the subject's nearest pure color and the background behind it."""
    band = max(1, round(_BAND_PX * max(1.0, min(rgb.shape[:2]) / 1024)))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    subject = 1 - background
    near = cv2.dilate(subject, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    core = cv2.erode(subject, disk)
    if not core.any():
        # Too thin everywhere to have a pure color: keep it as it is.
        return np.dstack([rgb, subject * np.uint8(255)])
    out = np.zeros((*rgb.shape[:2], 4), np.uint8)
    # All that is not surely background lies in this part; the rest stays empty.
    left, top, wide, tall = cv2.boundingRect(near)
    part = np.s_[top : top + tall, left : left + wide]
    core = np.ascontiguousarray(core[part])
    cv2.copyTo(cv2.cvtColor(rgb[part], cv2.COLOR_RGB2RGBA), core, out[part])
    rows, columns = np.divmod(np.flatnonzero(near[part] != core), wide)
    pure = _nearest_pure(rgb[part], core, rows, columns)
    rows, columns = rows + top, columns + left
    behind = cv2.cvtColor(ground.at(rows, columns)[None], cv2.COLOR_LAB2RGB)[0]
    behind = np.clip(behind * 255, 0, 255)
    out[rows, columns] = _split(rgb[rows, columns], pure, behind, background[rows, columns])
    return out


def _split(seen: np.ndarray, pure: np.ndarray, behind: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Pixels of the edge as RGBA, from what is seen, the subject's pure color and the color behind it."""
    seen = seen.astype(np.float32)
    span = pure - behind
    length = (span**2).sum(-1)
    share = ((seen - behind) * span).sum(-1) / np.maximum(length, 1)
    # Where subject and background have nearly one color nothing can be unmixed: the flood decides.
    share = np.where(length > 400, np.clip(share, 0, 1), 1 - background.astype(np.float32))
    share[share < 0.03] = 0
    share[share > 0.97] = 1
    clean = (seen - (1 - share[:, None]) * behind) / np.maximum(share[:, None], 0.15)
    clean = np.where(share[:, None] < 0.35, pure, np.clip(clean, 0, 255))
    split = np.empty((len(seen), 4), np.uint8)
    split[:, :3] = np.round(clean)
    split[:, 3] = np.round(share * 255)
    split[share == 0] = 0
    return split


def _nearest_pure(rgb: np.ndarray, core: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """For each of the pixels named the color of the nearest one that is surely subject; float32."""
    _, labels = cv2.distanceTransformWithLabels(1 - core, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    # Pixels of the subject are numbered row by row from 1.
    nearest = np.flatnonzero(core)[labels[rows, columns] - 1]
    return cv2.blur(rgb, (3, 3)).reshape(-1, 3)[nearest].astype(np.float32)

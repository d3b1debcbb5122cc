"""Takes the background away from an image that came with one, as image providers deliver it.

The background is what can be reached from the border and has the smoothly varying color measured there; the soft edge is
unmixed, so that no rim of the old background stays. White parts inside a subject on white cannot be distinguished from holes, so
holes are only opened where the caller or a colored background allows it. It must never change the size of an image.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork.export import DPI, open_image, reading, to_srgb8, write_png

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


@dataclass(frozen=True)
class _Ground:
    lab: np.ndarray
    sigma: float


def remove_background(src: Path, out: Path, *, holes: bool | None = None) -> Cutout:
    """Write `src` with its background made transparent, as a PNG of the same size.

    `holes`: also open background that the subject encloses; None decides on its own (yes on a colored background, no on a
    nearly white one). An image with a transparent border is passed on unchanged. Deterministic.
    Raises ImageBroken for a file that is not a whole image, ValueError when everything is background.
    """
    image = open_image(src)
    with reading():
        rgba = to_srgb8(image)
        rgba = (rgba if rgba.hasalpha() else rgba.addalpha()).numpy()
    if _border_is_clear(rgba[..., 3]):
        write_png(pyvips.Image.new_from_array(rgba, interpretation="srgb"), out, DPI)
        return Cutout(True, 0, float((rgba[..., 3] > 127).mean()), 0.0)
    # Half-transparent pixels of an image with a visible border mean nothing: look at it on white.
    solid = rgba[..., 3:].astype(np.float32) / 255
    rgb = (rgba[..., :3] * solid + 255 * (1 - solid) + 0.5).astype(np.uint8)
    cut, opened, sigma = matte(rgb, holes)
    left = float((cut[..., 3] > 127).mean())
    if left < 0.002:
        raise ValueError("The whole image looks like background, so nothing would be left of it.")
    write_png(pyvips.Image.new_from_array(cut, interpretation="srgb"), out, DPI)
    return Cutout(False, opened, left, round(sigma, 2))


def _border_is_clear(alpha: np.ndarray) -> bool:
    border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    return bool((border < 16).mean() > 0.6)


def matte(rgb: np.ndarray, holes: bool | None) -> tuple[np.ndarray, int, float]:
    """RGB (uint8, height × width × 3) to RGBA; how many holes were opened; how uneven the background is."""
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    ground = _ground(lab)
    distance = np.linalg.norm((lab - ground.lab) * _WEIGHTS, axis=-1)
    tolerance = max(_TOLERANCE_MIN, _TOLERANCE_SIGMAS * ground.sigma)
    white = _nearly_white(ground.lab)
    neck = round(_NECK_PX * max(1.0, min(rgb.shape[:2]) / 1024)) if white else 0
    background, opened = _reached(distance, tolerance, ground.sigma, not white if holes is None else holes, neck)
    rgba = _unmixed(rgb, background, ground.lab)
    return rgba, opened, ground.sigma


def _nearly_white(lab: np.ndarray) -> bool:
    lightness, a, b = (float(np.median(lab[..., i])) for i in range(3))
    return lightness > _WHITE_L and float(np.hypot(a, b)) < _WHITE_CHROMA


def _ground(lab: np.ndarray) -> _Ground:
    """A quadratic surface through the border's colors: it follows vignettes and gradients, and three rounds of dropping
    what is far off keep a subject that touches the border out of it."""
    height, width = lab.shape[:2]
    depth = max(2, int(_BORDER_SHARE * min(height, width)))
    border = np.zeros((height, width), bool)
    border[:depth] = border[-depth:] = True
    border[:, :depth] = border[:, -depth:] = True
    rows, columns = np.nonzero(border)
    step = max(1, len(rows) // 20_000)
    rows, columns = rows[::step], columns[::step]
    colors = lab[rows, columns]
    apart = np.linalg.norm(colors - np.median(colors, axis=0), axis=1)
    keep = apart < max(6.0, float(np.percentile(apart, 60)) * 2.5)
    terms = _terms(rows / height, columns / width)
    surface = np.zeros((6, 3))
    for _ in range(3):
        surface, *_rest = np.linalg.lstsq(terms[keep], colors[keep], rcond=None)
        residual = np.linalg.norm(terms @ surface - colors, axis=1)
        keep = residual < max(4.0, 2.5 * float(np.median(residual)))
    sigma = float(np.median(residual[keep])) + 0.5
    y, x = np.mgrid[0:height:8, 0:width:8]
    coarse = (_terms(y.ravel() / height, x.ravel() / width) @ surface).astype(np.float32)
    # INTER_LINEAR places samples at cell centers; half a cell of a surface this smooth is below one step.
    grid = coarse.reshape(*y.shape, 3)
    return _Ground(cv2.resize(grid, (width, height), interpolation=cv2.INTER_LINEAR), sigma)


def _terms(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    y, x = y - 0.5, x - 0.5
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)


def _reached(distance: np.ndarray, tolerance: float, sigma: float, holes: bool, neck: int) -> tuple[np.ndarray, int]:
    """Background connected to the border, and with `holes` also what the subject encloses and surely is background.

    What is only reached through a gap narrower than two `neck` pixels does not count: on white, that is where the flood
    would leak into a white part of the subject.
    """
    like = (distance < tolerance).astype(np.uint8)
    if neck and not holes:
        like = _without_leaks(like, neck)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(like, connectivity=4)
    keep = np.zeros(count, bool)
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    keep[np.unique(rim)] = True
    keep[0] = False
    opened = 0
    if holes:
        for number in range(1, count):
            if keep[number] or stats[number, cv2.CC_STAT_AREA] < _HOLE_LEAST * distance.size:
                continue
            left, top, wide, tall = stats[number, :4]
            part = np.s_[top : top + tall, left : left + wide]
            if float(np.median(distance[part][labels[part] == number])) < max(1.5, 1.2 * sigma):
                keep[number] = True
                opened += 1
    return keep[labels], opened


def _without_leaks(like: np.ndarray, neck: int) -> np.ndarray:
    """Background-like pixels without those that lie deep behind a narrow gap. Crumbs close to the wide part (where JPEG
    noise roughens the subject's edge) are background and stay."""
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * neck + 1, 2 * neck + 1))
    framed = cv2.copyMakeBorder(like, neck, neck, neck, neck, cv2.BORDER_REPLICATE)
    _, pools = cv2.connectedComponents(cv2.erode(framed, disk)[neck:-neck, neck:-neck], connectivity=4)
    rim = np.unique(np.concatenate([pools[0], pools[-1], pools[:, 0], pools[:, -1]]))
    wide = cv2.dilate(np.isin(pools, rim[rim > 0]).astype(np.uint8), disk) & like
    depth = cv2.distanceTransform(1 - wide, cv2.DIST_L2, 5)
    count, labels = cv2.connectedComponents(like & (1 - wide), connectivity=8)
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, labels.ravel(), depth.ravel())
    shallow = deepest <= _CRUMB_NECKS * neck
    shallow[0] = False
    return wide | shallow[labels].astype(np.uint8)


def _unmixed(rgb: np.ndarray, background: np.ndarray, ground_lab: np.ndarray) -> np.ndarray:
    """RGBA: along the edge each pixel is split into the subject's nearest pure color and the background behind it."""
    band = max(1, round(_BAND_PX * max(1.0, min(rgb.shape[:2]) / 1024)))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    core = cv2.erode((~background).astype(np.uint8), disk) > 0
    far = cv2.erode(background.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))) > 0
    unsure = ~core & ~far
    alpha = np.where(core, np.float32(1), np.float32(0))
    out = rgb.astype(np.float32)
    if not core.any():
        # Too thin everywhere to have a pure color: keep it as it is.
        return np.dstack([rgb, np.where(background, 0, 255).astype(np.uint8)])
    pure = _nearest_pure(rgb, core)[unsure]
    behind = np.clip(cv2.cvtColor(ground_lab, cv2.COLOR_LAB2RGB) * 255, 0, 255)[unsure]
    seen = out[unsure]
    span = pure - behind
    length = (span**2).sum(-1)
    share = ((seen - behind) * span).sum(-1) / np.maximum(length, 1)
    # Where subject and background have nearly one color nothing can be unmixed: the flood decides.
    share = np.where(length > 400, np.clip(share, 0, 1), np.where(background[unsure], 0, 1))
    share = np.where(share < 0.03, 0, np.where(share > 0.97, 1, share))
    clean = (seen - (1 - share[:, None]) * behind) / np.maximum(share[:, None], 0.15)
    clean = np.where(share[:, None] < 0.35, pure, np.clip(clean, 0, 255))
    out[unsure] = np.where(share[:, None] > 0, clean, pure)
    alpha[unsure] = share
    out[alpha == 0] = 0
    return np.dstack([np.round(out).clip(0, 255), np.round(alpha * 255)]).astype(np.uint8)


def _nearest_pure(rgb: np.ndarray, core: np.ndarray) -> np.ndarray:
    """For every pixel the color of the nearest one that is surely subject."""
    _, labels = cv2.distanceTransformWithLabels(
        (~core).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros((int(labels.max()) + 1, 3), np.float32)
    table[labels[core]] = cv2.blur(rgb, (3, 3))[core]
    return table[labels]

"""Puts art into the seller's own scene: a photo of a room and the four corners of the frame in it.

The art is bent to the corners as a camera would see it and takes on the light that lies on the frame. Everything outside
the four corners stays exactly as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork.canvas import write_line
from elistit.artwork.export import open_image, reading, to_srgb8
from elistit.artwork.mockup import save_picture
from elistit.artwork.room import load_art
from elistit.artwork.typefaces import SERIF_ITALIC

Corner = tuple[float, float]
# Etsy shows at most about this; larger scenes are reduced to it.
SIDE_MAX = 3000
_SIDE_LEAST = 24.0
# A frame whose lightness (0-255) strays more than this from its slow changes is not empty and says nothing about light.
_PLAIN_MAX = 6.0


def placed(
    out: Path, scene: Path, art: Path, corners: Sequence[Corner], *, light: bool = True, crop_to_fit: bool = True
) -> Path:
    """Write `scene` with `art` between four corners, as a JPEG.

    `corners`: pixels of the scene from its top left, in the order top left, top right, bottom right, bottom left of the
    art. `light`: darken and brighten the art as the empty frame is. `crop_to_fit`: crop the art to the frame's ratio
    instead of stretching it. Raises ValueError for corners that are not a usable four-sided shape, ImageBroken.
    """
    picture, scale = _scene(scene)
    height, width = picture.shape[:2]
    quad = np.array(corners, np.float32).reshape(-1, 2) * scale
    _refuse_bad_corners(quad, width, height)
    ratio = _ratio(quad)
    longest = float(max(np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)))
    flat = load_art(art, round(min(longest * 1.5, 3000)))
    if crop_to_fit:
        flat = _cropped(flat, ratio)
    covered, bent = _bent(flat, quad, width, height)
    if light:
        bent = bent * _light(picture, quad)[..., None]
    share = covered[..., None]
    mixed = picture * (1 - share) + np.clip(bent, 0, 255) * share
    return save_picture(np.where(share > 0, mixed + 0.5, picture).astype(np.uint8), out)


def sample(out: Path, side: int = 900) -> Path:
    """Write a plain image that shows which way is up, to try a scene with."""
    picture = np.full((side * 5 // 4, side, 3), (247, 240, 228), np.uint8)
    height, width = picture.shape[:2]
    cv2.circle(picture, (width // 2, height * 2 // 5), width // 4, (200, 116, 78), -1, cv2.LINE_AA)
    for k, color in enumerate(((221, 190, 160), (163, 178, 140), (96, 120, 98))):
        cv2.ellipse(
            picture,
            (width * (1 + k) // 3, height),
            (width * 3 // 5, height * (5 - k) // 14),
            0,
            180,
            360,
            color,
            -1,
            cv2.LINE_AA,
        )
    write_line(
        picture,
        "your image, this way up",
        SERIF_ITALIC,
        width * 0.055,
        (74, 56, 50),
        x=width / 2,
        baseline=height * 0.09,
    )
    return save_picture(picture, out)


def _scene(scene: Path) -> tuple[np.ndarray, float]:
    image = open_image(scene)
    with reading():
        small = pyvips.Image.thumbnail(
            str(scene), SIDE_MAX, height=SIDE_MAX, size="down", no_rotate=True, fail_on="truncated"
        )
        small = to_srgb8(small)
        rgb = (small.flatten(background=255) if small.hasalpha() else small).numpy()
    return np.ascontiguousarray(rgb[..., :3]), rgb.shape[1] / image.width


def _refuse_bad_corners(quad: np.ndarray, width: int, height: int) -> None:
    if quad.shape != (4, 2) or not np.isfinite(quad).all():
        raise ValueError("Four corners are needed.")
    if (quad < -0.5).any() or (quad[:, 0] > width + 0.5).any() or (quad[:, 1] > height + 0.5).any():
        raise ValueError("A corner lies outside the scene.")
    sides = np.roll(quad, -1, axis=0) - quad
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    if not (turns > 0).all():
        raise ValueError("The corners must go around the frame clockwise, starting at the top left.")
    if float(np.linalg.norm(sides, axis=1).min()) < _SIDE_LEAST:
        raise ValueError("The corners are too close together.")


def _ratio(quad: np.ndarray) -> float:
    """Width through height of the frame as seen, from the middles of its sides."""
    left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
    top, bottom = (quad[0] + quad[1]) / 2, (quad[3] + quad[2]) / 2
    return float(np.linalg.norm(right - left) / np.linalg.norm(bottom - top))


def _cropped(art: np.ndarray, ratio: float) -> np.ndarray:
    height, width = art.shape[:2]
    if width / height > ratio:
        cut = max(1, round(height * ratio))
        return art[:, (width - cut) // 2 : (width - cut) // 2 + cut]
    cut = max(1, round(width / ratio))
    return art[(height - cut) // 2 : (height - cut) // 2 + cut]


def _bent(art: np.ndarray, quad: np.ndarray, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Coverage (0 to 1, smooth at the edge) and the art as the camera sees it."""
    down, across = art.shape[:2]
    matrix = cv2.getPerspectiveTransform(np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32), quad)
    # Shrinking by warping alone would flicker: soften first by as much as it shrinks.
    seen = float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
    blur = max(0.0, across / max(seen, 1) - 1) * 0.45
    soft = cv2.GaussianBlur(art, (0, 0), blur) if blur > 0.2 else art
    bent = cv2.warpPerspective(
        soft.astype(np.float32), matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    covered = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(covered, np.round((quad - 0.5) * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    return covered.astype(np.float32) / 255, bent


def _light(picture: np.ndarray, quad: np.ndarray) -> np.ndarray:
    """How bright the empty frame is at each point, 1 on average at its brighter part: slow changes only. 1
    everywhere when an image already hangs there."""
    height, width = picture.shape[:2]
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    mask = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(mask, np.round(quad).astype(np.int32), 1.0)
    reach = float(np.sqrt(cv2.contourArea(quad))) * 0.14 + 1
    inside = cv2.erode(mask, np.ones((5, 5), np.uint8))
    inside = inside if inside.any() else mask
    # Smoothing on a small copy: the reach is hundreds of pixels, and the result is smooth anyway.
    small = max(1.0, reach / 6)
    size = (max(8, round(width / small)), max(8, round(height / small)))
    near = cv2.GaussianBlur(cv2.resize(inside, size, interpolation=cv2.INTER_AREA), (0, 0), 6)
    bright = cv2.GaussianBlur(cv2.resize(gray * inside, size, interpolation=cv2.INTER_AREA), (0, 0), 6)
    level = cv2.resize(bright / np.maximum(near, 1e-3), (width, height), interpolation=cv2.INTER_LINEAR)
    seen = mask > 0
    if float(np.abs(gray - level)[seen].mean()) > _PLAIN_MAX or float(np.ptp(np.percentile(level[seen], (5, 95)))) > 70:
        return np.ones((height, width), np.float32)
    top = float(np.percentile(level[seen], 75))
    return np.clip(level / max(top, 1.0), 0.72, 1.10).astype(np.float32)

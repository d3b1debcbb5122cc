"""Crops a master image to print ratios around its subject, and writes the print files of wall art and posters.

Print files have exactly the size in pixels that their inches need at 300 DPI. The window keeps what the eye looks at;
only where several windows keep it equally does it stay in the middle. The master must never be changed or stretched.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork.export import DPI, MM_PER_INCH, ImageBroken, open_image, reading, stamp_jpeg, to_srgb8

BYTES_MAX = 20_000_000
# JPEG qualities tried in turn until the file is small enough.
QUALITIES = (92, 88, 84)
_WORK_PX = 384
_TILE_PX = 512
# How much what already touches the image's edge counts, compared with what stands free.
_EDGE_WEIGHT = 0.15
# Enlarging less than this leaves the image's own texture as it is.
_GRAIN_FROM = 1.25
_GRAIN_MAX = 3.0


@dataclass(frozen=True)
class Ratio:
    """A print ratio: `name` for file names, `sizes` in inches (width, height), portrait, largest first. When an image
    is so detailed that the first size is too large a file, the next one is made."""

    name: str
    sizes: tuple[tuple[float, float], ...]

    @property
    def value(self) -> float:
        return self.sizes[0][0] / self.sizes[0][1]


# ISO sizes are whole millimetres: A1 is 594 × 841 mm.
_ISO = tuple((w / MM_PER_INCH, h / MM_PER_INCH) for w, h in ((594, 841), (420, 594), (297, 420)))
RATIOS: tuple[Ratio, ...] = (
    Ratio("2x3", ((24, 36), (20, 30), (16, 24), (12, 18))),
    Ratio("3x4", ((18, 24), (15, 20), (12, 16), (9, 12))),
    Ratio("4x5", ((16, 20), (12, 15), (8, 10))),
    Ratio("11x14", ((11, 14),)),
    Ratio("ISO-A", _ISO),
)


@dataclass(frozen=True)
class Window:
    """A part of an image in its own pixels; `kept` is the share of what the eye looks at that lies in it, 0 to 1."""

    left: int
    top: int
    width: int
    height: int
    kept: float


@dataclass(frozen=True)
class Print:
    """A print file. Pixels, inches, the quality used, and by how much the master was enlarged."""

    path: Path
    ratio: str
    width: int
    height: int
    inches: tuple[float, float]
    dpi: int
    quality: int
    bytes: int
    enlarged: float
    kept: float


def attention(rgb: np.ndarray) -> np.ndarray:
    """How much the eye is drawn to each pixel: edges and colors that stand out from the image's ground, sum 1.

    `rgb`: uint8, small (a few hundred pixels).
    """
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 1.2)
    dx, dy = cv2.Sobel(lab, cv2.CV_32F, 1, 0), cv2.Sobel(lab, cv2.CV_32F, 0, 1)
    edges = np.sqrt((dx**2 + dy**2).sum(2))
    # The ground is what lies around the image's edge.
    frame = np.concatenate(
        [lab[:3].reshape(-1, 3), lab[-3:].reshape(-1, 3), lab[:, :3].reshape(-1, 3), lab[:, -3:].reshape(-1, 3)]
    )
    ground = np.median(frame, axis=0)
    apart = np.linalg.norm((lab - ground) * np.array([0.6, 1.3, 1.3], np.float32), axis=2)
    energy = edges / (np.percentile(edges, 99) + 4) + apart / (np.percentile(apart, 99) + 6)
    energy = cv2.GaussianBlur(np.clip(energy, 0, 2) ** 1.5, (0, 0), 3)
    # Paper grain and washes are everywhere and say nothing about where to look.
    energy = np.clip(energy - np.percentile(energy, 30), 0, None)
    free = _standing_free(energy)
    # What stands free needs air around it: its surroundings count too, most of all close by.
    air = cv2.blur(cv2.dilate((free > 0.5).astype(np.float32), np.ones((45, 45), np.uint8)), (9, 9))
    energy = energy * free + 0.5 * float(np.percentile(energy, 90)) * air
    total = float(energy.sum())
    return energy / total if total > 1e-6 else np.full(energy.shape, 1 / energy.size, np.float32)


def _standing_free(energy: np.ndarray) -> np.ndarray:
    """1 where a thing stands free, little where it runs off the image's edge: hills and branches that leave the image
    may leave it a little earlier, a sun may not lose its rays."""
    level = max(float(np.percentile(energy, 55)), 0.10 * float(np.percentile(energy, 99)))
    count, labels = cv2.connectedComponents((energy > level).astype(np.uint8), connectivity=8)
    edges = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    weight = np.ones(count, np.float32)
    weight[edges] = _EDGE_WEIGHT
    weight[0] = _EDGE_WEIGHT
    return weight[labels]


def window(master: Path, ratio: float) -> Window:
    """The best window of `ratio` (width through height) in an image: as large as it can be, over its subject.

    Raises ImageBroken for a file that is not a whole image.
    """
    image = open_image(master)
    with reading():
        small = to_srgb8(pyvips.Image.thumbnail(str(master), _WORK_PX, height=_WORK_PX, fail_on="truncated"))
        rgb = (small.flatten(background=255) if small.hasalpha() else small).numpy()
    return place_window(attention(rgb), image.width, image.height, ratio)


def place_window(map_: np.ndarray, width: int, height: int, ratio: float) -> Window:
    """As `window`, from a map of attention and the image's size in pixels."""
    if width / height > ratio:
        size = (min(width, max(1, round(height * ratio))), height)
        start, kept = _slide(map_.sum(0), size[0] / width)
        return Window(round(start * (width - size[0])), 0, *size, kept)
    size = (width, min(height, max(1, round(width / ratio))))
    start, kept = _slide(map_.sum(1), size[1] / height)
    return Window(0, round(start * (height - size[1])), *size, kept)


def _slide(profile: np.ndarray, share: float) -> tuple[float, float]:
    """Where a window covering `share` of the profile starts (0 first, 1 last possible) and how much it keeps."""
    count = len(profile)
    span = max(1, min(count, round(count * share)))
    sums = np.concatenate([[0.0], np.cumsum(profile, dtype=np.float64)])
    starts = np.arange(count - span + 1)
    if len(starts) == 1:
        return 0.5, 1.0
    kept = (sums[starts + span] - sums[starts]) / sums[-1]
    # A cut through something busy hurts, and so does leaving the middle for a gain no one would see.
    density = profile / (profile.mean() + 1e-12)
    cut = density[starts] * (starts > 0) + density[starts + span - 1] * (starts < starts[-1])
    middle = np.abs(starts / starts[-1] - 0.5)
    worth = kept - 0.004 * cut - 0.02 * middle
    best = int(worth.argmax())
    return best / starts[-1], float(kept[best])


def ratio_set(
    master: Path, out_dir: Path, *, stem: str = "wall-art", per_ratio: Mapping[str, Path] | None = None
) -> list[Print]:
    """Write the five print files of wall art: 2:3, 3:4, 4:5, 11:14 and ISO A, at 300 DPI, each under 20 MB (rules §3).

    Sizes turn with the master: a landscape master gives landscape files. `per_ratio` names another master for some
    ratios ("2x3"), where the artist composed the image again for it. JPEG at the first of `QUALITIES` that fits, sRGB.
    Idempotent. Raises ImageBroken, and ValueError when a file cannot be made small enough.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    found = []
    for ratio in RATIOS:
        source = (per_ratio or {}).get(ratio.name, master)
        found.append(_first_that_fits(source, out_dir, stem, ratio))
    return found


def _first_that_fits(source: Path, out_dir: Path, stem: str, ratio: Ratio) -> Print:
    image = open_image(source)
    for portrait in ratio.sizes:
        inches = portrait if image.height >= image.width else (portrait[1], portrait[0])
        label = _size_words(inches, ratio)
        made = _write(source, out_dir / f"{stem}-{ratio.name}-{label}.jpg", ratio.name, inches)
        if made is not None:
            return made
    raise ValueError("The image has so much fine detail that its print file does not fit into 20 MB.")


def _size_words(inches: tuple[float, float], ratio: Ratio) -> str:
    if ratio.name == "ISO-A":
        long_mm = round(max(inches) * MM_PER_INCH)
        return {841: "A1", 594: "A2", 420: "A3"}[long_mm]
    return f"{inches[0]:g}x{inches[1]:g}in"


def sizes_in_words(ratio: Ratio, inches: tuple[float, float]) -> str:
    """The sizes a print file of `inches` serves, largest first, for people: "24 × 36 in · 20 × 30 in"."""
    if ratio.name == "ISO-A":
        first = {841: 1, 594: 2, 420: 3}[round(max(inches) * MM_PER_INCH)]
        return " · ".join(f"A{n}" for n in range(first, 6))
    served = [size for size in ratio.sizes if max(size) <= max(inches) + 0.01]
    turned = [(h, w) if inches[0] > inches[1] else (w, h) for w, h in served]
    return " · ".join(f"{w:g} × {h:g} in" for w, h in turned)


def print_file(master: Path, out: Path, ratio: str, inches: tuple[float, float]) -> Print:
    """Write exactly one 300 DPI print file of a poster (rules §3), JPEG or, by the name of `out`, PNG.

    `ratio`: as "2:3" or "3:2". `inches`: width and height. Idempotent. Raises ValueError when the inches do not have
    that ratio or the file does not fit into 20 MB, ImageBroken for a bad master.
    """
    try:
        across, down = (float(n) for n in ratio.split(":"))
    except ValueError:
        raise ValueError("The ratio must be two numbers with a colon, such as 2:3.") from None
    if min(across, down, *inches) <= 0 or abs(inches[0] / inches[1] * down / across - 1) > 0.01:
        raise ValueError(f"A print of {inches[0]:g} × {inches[1]:g} inches does not have the ratio {ratio}.")
    made = _write(master, out, ratio, inches)
    if made is None:
        raise ValueError("The image has so much fine detail that its print file does not fit into 20 MB.")
    return made


def _write(source: Path, out: Path, ratio: str, inches: tuple[float, float]) -> Print | None:
    """One print file, or None when it is too large at every quality. It appears whole or not at all."""
    width, height = round(inches[0] * DPI), round(inches[1] * DPI)
    if width * height > 128_000_000:
        raise ValueError(f"A print of {inches[0]:g} × {inches[1]:g} inches at {DPI} DPI is larger than can be made.")
    chosen = window(source, width / height)
    tooth = _own_grain(source) if width / chosen.width > _GRAIN_FROM else 0.0
    part = out.with_name(f".{out.name}.part")
    png = out.suffix.lower() == ".png"
    try:
        for quality in QUALITIES if not png else (0,):
            image = _sized(source, chosen, width, height, tooth)
            with reading():
                if png:
                    image.pngsave(str(part), compression=6, filter="up", profile="srgb", keep="icc")
                else:
                    # Optimal Huffman tables would hold the whole print in memory (0.9 GB instead of 0.1) for 7 % fewer
                    # bytes.
                    image.jpegsave(str(part), Q=quality, optimize_coding=False, profile="srgb", keep="icc")
            if not png:
                stamp_jpeg(part, DPI)
            size = part.stat().st_size
            if size < BYTES_MAX or png:
                os.replace(part, out)
                scale = width / chosen.width
                return Print(out, ratio, width, height, inches, DPI, quality, size, round(scale, 2), chosen.kept)
    finally:
        part.unlink(missing_ok=True)
    return None


def _sized(source: Path, chosen: Window, width: int, height: int, tooth: float) -> pyvips.Image:
    """The window at its printed size as a pipeline that never holds the whole image."""
    image = to_srgb8(open_image(source))
    if image.hasalpha():
        image = image.flatten(background=255)
    if image.bands == 1:
        image = image.colourspace("srgb")
    image = image.crop(chosen.left, chosen.top, chosen.width, chosen.height)
    image = image.resize(width / chosen.width, vscale=height / chosen.height, kernel="lanczos3")
    if (image.width, image.height) != (width, height):
        image = image.gravity("centre", width, height, extend="copy")
    if tooth > 0:
        tile = _grain_tile() * tooth
        grain = tile.replicate(width // _TILE_PX + 1, height // _TILE_PX + 1).crop(0, 0, width, height)
        image = (image + grain).cast("uchar")
    per_mm = DPI / MM_PER_INCH
    return image.copy(xres=per_mm, yres=per_mm, interpretation="srgb")


def _own_grain(source: Path) -> float:
    """How strong the paper tooth of an image is, in steps of 255: an enlargement smooths it away, so as much is put back.

    Flat art has none and gets none.
    """
    image = open_image(source, sequential=False)
    with reading():
        across, down = min(image.width, 900), min(image.height, 900)
        piece = to_srgb8(image.crop((image.width - across) // 2, (image.height - down) // 2, across, down))
        rgb = (piece.flatten(background=255) if piece.hasalpha() else piece).numpy()
    gray = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY).astype(np.float32) if rgb.shape[-1] == 3 else rgb
    fine = gray - cv2.GaussianBlur(gray, (0, 0), 1.0)
    # The median ignores lines and edges, which are strong but few.
    strength = float(np.median(np.abs(fine))) * 1.48
    return float(min(strength * 1.4, _GRAIN_MAX)) if strength > 0.35 else 0.0


def _grain_tile() -> pyvips.Image:
    """Even noise of strength 1 that repeats without a seam."""
    noise = np.random.default_rng(3).standard_normal((_TILE_PX, _TILE_PX)).astype(np.float32)
    wrapped = cv2.GaussianBlur(np.tile(noise, (3, 3)), (0, 0), 0.9)[_TILE_PX : 2 * _TILE_PX, _TILE_PX : 2 * _TILE_PX]
    return pyvips.Image.new_from_array(np.ascontiguousarray(wrapped / wrapped.std()))


def fitted(master: Path, width: int, height: int) -> np.ndarray:
    """The image cropped around its subject to exactly `width` × `height` pixels, RGB uint8. Raises ImageBroken."""
    if width < 1 or height < 1:
        raise ImageBroken("The image has no size.")
    chosen = window(master, width / height)
    with reading():
        return _sized(master, chosen, width, height, 0.0).numpy()

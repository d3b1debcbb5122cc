"""Print files, previews and plain facts about image files, through libvips.

Every other module of the workshop opens images through `open_image`, so the limits on size and damage hold
everywhere. This module must never change a file it was given and never accept a file that breaks off in the middle.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips

# A worker handles thousands of images, each once: libvips' cache of past operations would only hold memory and
# could answer with the pixels of a file that has since been rewritten.
pyvips.cache_set_max(0)

DPI = 300
PREVIEW_PX = 512
GATE_PX = 1200
# One less than usual: a tenth less time, the same size, and 0.01 dB further from the image.
PREVIEW_EFFORT = 3
# Larger than anything the studio makes (11,000 × 11,000 px). Read from the header before any pixel is decoded, so a
# small file that claims a huge image costs nothing (pixel flood).
PIXELS_MAX = 128_000_000
MM_PER_INCH = 25.4
PNG_COMPRESSION = 6
# For images that had heavy work done to them: on painted art 2 to 4 % larger than at 6, in three fifths of the time.
QUICK_COMPRESSION = 5
# The most pixels that are held decoded to shrink them several times: 64 MB.
_KEEP_PIXELS = 16_000_000
# How far a profile may take a color, in steps of 255, and still be sRGB: rounding in two tables.
_SAME_COLOR = 2


_OUT_OF = {
    "no space left": errno.ENOSPC, "quota exceeded": errno.EDQUOT, "too many open files": errno.EMFILE,
    "read-only file system": errno.EROFS, "input/output error": errno.EIO,
}  # fmt: skip
"""What a machine runs out of, in the words of the image library."""


class ImageBroken(ValueError):
    """The file is not a whole, readable image. The message is one plain sentence."""


class ProfileBroken(ImageBroken):
    """The color profile in an image cannot be read, so its colors are not known."""


@dataclass(frozen=True)
class Info:
    """Facts about an image file. Width and height in pixels, `dpi` rounded, `alpha`: has a transparency channel."""

    width: int
    height: int
    dpi: int
    bytes: int
    sha256: str
    alpha: bool


def open_image(path: Path, *, sequential: bool = True) -> pyvips.Image:
    """Open an image lazily. Raises ImageBroken when it is missing, unreadable, empty or too large to handle safely.

    Damage further into the file shows itself only when pixels are read, as pyvips.Error: wrap the reading in `reading`.
    """
    try:
        if os.path.getsize(path) == 0:
            raise ImageBroken("The image file is empty.")
    except FileNotFoundError:
        raise ImageBroken("The image file is missing.") from None
    try:
        image = pyvips.Image.new_from_file(
            str(path), fail_on="truncated", access="sequential" if sequential else "random"
        )
    except pyvips.Error as error:
        raise_own_problem(error)
        raise ImageBroken("The image file cannot be read as an image.") from None
    refuse_flood(image)
    return image


def refuse_flood(image: pyvips.Image) -> None:
    """Raise ImageBroken when an image has more pixels than the studio handles. Reads the header only."""
    if image.width * image.height > PIXELS_MAX:
        raise ImageBroken(
            f"The image is {image.width} × {image.height} pixels, which is larger than the studio can handle."
        )


def raise_own_problem(error: pyvips.Error) -> None:
    """Raise OSError or MemoryError when an error of the image library says that this machine has run out of something: that
    is no fault of the image."""
    said = str(error).lower()
    for words, number in _OUT_OF.items():
        if words in said:
            raise OSError(number, os.strerror(number)) from error
    if "out of memory" in said or "cannot allocate memory" in said:
        raise MemoryError from error


class reading:
    """Turns damage met while pixels are read into ImageBroken: `with reading(): image.pngsave(…)`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, pyvips.Error):
            raise_own_problem(error)
            raise ImageBroken("The image file breaks off before its end or is damaged.") from None


def to_srgb8(image: pyvips.Image) -> pyvips.Image:
    """The same image as 8-bit sRGB, with its alpha channel if it has one. Pixels that are already so stay as they are.

    Raises ProfileBroken when the color profile in it cannot be read.
    """
    if image.get_typeof("icc-profile-data"):
        profile = image.get("icc-profile-data")
        channels = _channels(profile)
        # A profile for another number of channels than the image has cannot mean it.
        if channels == image.bands - int(image.hasalpha()) and not (channels == 3 and _is_srgb(profile)):
            image = image.icc_transform("srgb", embedded=True, depth=8, intent="perceptual")
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    return image.cast("uchar") if image.format != "uchar" else image


def _channels(profile: bytes) -> int:
    """How many channels of color an ICC profile is for, 0 for a kind that images here do not have."""
    if len(profile) < 132 or profile[36:40] != b"acsp":
        raise ProfileBroken("The color profile in the image is damaged; save the image again as sRGB.")
    return {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4}.get(profile[16:20], 0)


@functools.lru_cache(maxsize=8)
def _is_srgb(profile: bytes) -> bool:
    """Whether an RGB profile means sRGB, by what it makes of colors: its name proves nothing either way."""
    steps = np.arange(0, 256, 51)
    mixed = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    colors = np.concatenate([np.repeat(np.arange(256)[:, None], 3, axis=1), mixed]).astype(np.uint8)[None]
    probe = pyvips.Image.new_from_array(colors, interpretation="srgb").copy()
    probe.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    try:
        turned = probe.icc_transform("srgb", embedded=True, depth=8, intent="perceptual").numpy()
    except pyvips.Error:
        raise ProfileBroken("The color profile in the image is damaged; save the image again as sRGB.") from None
    return bool(np.abs(turned.astype(int) - colors).max() <= _SAME_COLOR)


def save_print(src: Path, out: Path, dpi: int = DPI) -> Info:
    """Write the print file of an image: the same pixels as an RGBA PNG with its resolution and an sRGB profile.

    Rows are filtered by "up" at compression 6: on painted art that is as small as the best setting at half the time.
    The file appears whole or not at all. Idempotent: the same source gives the same bytes. Raises ImageBroken when the
    source is not a whole image.
    """
    image = to_srgb8(open_image(src))
    if not image.hasalpha():
        image = image.addalpha()
    write_png(image, out, dpi)
    return info(out)


def write_png(image: pyvips.Image, out: Path, dpi: int = DPI, **options: object) -> None:
    """Write `image` as a PNG at `dpi` with an sRGB profile and no other metadata, whole or not at all."""
    per_mm = dpi / MM_PER_INCH
    settings = {"compression": PNG_COMPRESSION, "filter": "up", "profile": "srgb", "keep": "icc", **options}
    part = out.with_name(f".{out.name}.part")
    try:
        with reading():
            image.copy(xres=per_mm, yres=per_mm).pngsave(str(part), **settings)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def save_jpeg(src: Path, out: Path, dpi: int = DPI, quality: int = 95) -> Info:
    """Write an opaque JPEG of the same pixels at full color resolution, at `dpi` with an sRGB profile, whole or not at all.
    Idempotent: the same source gives the same bytes. Raises ImageBroken."""
    image = to_srgb8(open_image(src))
    image = image.flatten(background=255) if image.hasalpha() else image
    part = out.with_name(f".{out.name}.part")
    try:
        with reading():
            image.jpegsave(str(part), Q=quality, subsample_mode="off", profile="srgb", keep="icc")
        stamp_jpeg(part, dpi)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return info(out)


def stamp_jpeg(path: Path, dpi: int) -> None:
    """State the resolution in a JPEG that libvips wrote without metadata: it then leaves the JFIF header out, and print
    programs would take the image for one of 72 DPI. Harmless when the header is there."""
    with path.open("rb") as file:
        if file.read(4)[2:] == b"\xff\xe0":
            return
        part = path.with_name(f"{path.name}.stamped")
        file.seek(2)
        with part.open("wb") as stamped:
            stamped.write(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01" + struct.pack(">HH", dpi, dpi) + b"\x00\x00")
            shutil.copyfileobj(file, stamped, 1 << 20)
    os.replace(part, path)


def preview(src: Path, out: Path, px: int = PREVIEW_PX) -> Info:
    """Write a small copy for the pages: longest side at most `px` pixels (never enlarged), alpha kept.

    WebP unless `out` ends in `.png`. Use `GATE_PX` for the image the seller judges. Raises ImageBroken.
    """
    return write_preview(shrunk(src, px)[0], out)


def write_preview(small: pyvips.Image, out: Path) -> Info:
    """Write an image that is small already as `preview` does. Raises ImageBroken."""
    part = out.with_name(f".{out.name}.part")
    try:
        with reading():
            if out.suffix == ".png":
                small.pngsave(str(part), compression=PNG_COMPRESSION, filter="up", keep="icc")
            else:
                small.webpsave(str(part), Q=86, alpha_q=95, smart_subsample=True, effort=PREVIEW_EFFORT, keep="icc")
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return info(out)


def shrunk(src: Path, *sizes: int) -> list[pyvips.Image]:
    """The image at each of `sizes`: longest side at most that many pixels, never enlarged, 8-bit sRGB, alpha kept.

    For several sizes a PNG is decoded once if its pixels fit in little memory; other formats shrink while they are read, which is
    cheaper still. Pixels are the same either way. Raises ImageBroken.
    """
    image = open_image(src)
    with reading():
        png = str(image.get("vips-loader")).startswith("png")
        if len(sizes) > 1 and png and image.width * image.height <= _KEEP_PIXELS:
            whole = image.copy_memory()
            made = [whole.thumbnail_image(px, height=px, size="down") for px in sizes]
        else:
            made = [pyvips.Image.thumbnail(str(src), px, height=px, size="down", fail_on="truncated") for px in sizes]
        return [to_srgb8(small).copy_memory() for small in made]


def info(path: Path) -> Info:
    """Facts read from the header, and the digest of the whole file. Does not decode pixels. Raises ImageBroken."""
    image = open_image(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Info(
        width=image.width,
        height=image.height,
        dpi=round(image.xres * MM_PER_INCH),
        bytes=path.stat().st_size,
        sha256=digest,
        alpha=bool(image.hasalpha()),
    )

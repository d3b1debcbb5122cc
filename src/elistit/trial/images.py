"""Images as a buyer's programs read them: decoded completely by Pillow, and for PNGs also by our own parser of the chunks.

Sizes in pixels, resolution in dots per inch, values 0–255. It must never use libvips or OpenCV, which write our images.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageFile

from elistit.trial import seams
from elistit.trial.report import Findings

FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".gif": "GIF",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
PIXELS_MAX = 180_000_000
# A difference of 3 of 255 can't be seen: an image without a larger difference counts as one color.
_ONE_COLOR, _CLEAR, _SOLID = 3, 8, 128
_SAME_COLOR = 4
_METERS_PER_INCH = 0.0254
ImageFile.LOAD_TRUNCATED_IMAGES = False


@dataclass(frozen=True)
class Wanted:
    """What was promised of an image; None and False where nothing was. `sizes`: any of these, width and height in pixels."""

    sizes: tuple[tuple[int, int], ...] = ()
    dpi: int | None = None
    srgb: bool = False
    transparent: bool = False
    seamless: bool = False
    shows: bool = False
    """Whether an image of one color counts as blank: someone else's sheet of plain paper may be intended."""
    accepted: bool = False
    """The seller brought or accepted the image as it is, so it isn't checked for being blank."""


def look_at(name: str, suffix: str, data: bytes, wanted: Wanted, findings: Findings) -> dict[str, Any]:
    """Check one image. Returns `width`, `height`, `dpi`, `alpha`, `seamless`; empty when it doesn't open."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=[*set(FORMATS.values()), "BMP"])
            return _opened(name, suffix, data, image, wanted, findings)
    except (OSError, SyntaxError, ValueError, struct.error, EOFError, Image.DecompressionBombError) as broken:
        words = "it is damaged or breaks off." if len(data) > 100 else "it isn't an image."
        if isinstance(broken, _TooLarge):
            words = str(broken)
        findings.failed("image.opens", name, f"The image can't be opened: {words}")
        return {}


class _TooLarge(ValueError):
    """More pixels than a buyer's program opens."""


def _opened(name: str, suffix: str, data: bytes, image: Any, wanted: Wanted, findings: Findings) -> dict[str, Any]:
    size = image.size
    named = FORMATS[suffix]
    other = "" if image.format == named else f"It is named {suffix} and is really a {image.format} file."
    findings.judge("image.format", name, other, named)
    if size[0] * size[1] > PIXELS_MAX:
        raise _TooLarge(f"{size[0]:,} × {size[1]:,} pixels is more than most programs open.")
    chunks = _png_chunks(data) if image.format == "PNG" else {}
    profile = image.info.get("icc_profile")
    mode = image.mode
    if image.format == "JPEG" and not wanted.seamless:
        # Every encoded byte is still read; only the pixels are decoded at an eighth of the size.
        image.draft("RGB", (max(1, size[0] // 8), max(1, size[1] // 8)))
    dpi = _png_dpi(chunks) if chunks else _told_dpi(image)
    image.load()
    if "transparency" in image.info or mode in ("LA", "PA", "RGBa"):
        image = image.convert("RGBA")
    elif mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGB")
    alpha = _alpha_range(image)
    findings.passed("image.opens", f"{image.format or named} {mode}")
    found = {"width": size[0], "height": size[1], "dpi": dpi, "alpha": _transparency(alpha)}
    _promises(name, found, wanted, findings)
    _colors(name, mode, profile, b"sRGB" in chunks, wanted, findings)
    if not wanted.accepted:
        findings.judge("image.shows", name, _blank(image, alpha, wanted.shows))
    if wanted.seamless:
        seam = seams.worst(np.asarray(image.convert("RGB")))
        found["seamless"] = seam is None
        findings.judge("image.seamless", name, seam or "")
    return found


def _png_chunks(data: bytes) -> dict[bytes, bytes]:
    """The small chunks of a PNG by type, with every checksum verified. Raises ValueError for a damaged or truncated one."""
    at, found = 8, {}
    view = memoryview(data)
    while at + 12 <= len(data):
        [length] = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        end = at + 8 + length
        if end + 4 > len(data) or zlib.crc32(view[at + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            raise ValueError("a chunk is damaged")
        if kind not in (b"IDAT", b"fdAT"):
            found[kind] = bytes(view[at + 8 : end])
        at = end + 4
        if kind == b"IEND":
            return found
    raise ValueError("the end is missing")


def _png_dpi(chunks: dict[bytes, bytes]) -> int | None:
    stated = chunks.get(b"pHYs", b"")
    if len(stated) != 9 or stated[8] != 1:
        return None
    across, down = struct.unpack(">II", stated[:8])
    return round(across * _METERS_PER_INCH) if across == down else None


def _told_dpi(image: Any) -> int | None:
    """The resolution in the JFIF header, or else in the EXIF data."""
    stated = image.info.get("dpi")
    if not stated:
        return None
    across, down = (float(v) for v in stated)
    return round(across) if round(across) == round(down) and across > 0 else None


def _alpha_range(image: Any) -> tuple[int, int] | None:
    """The lowest and highest value of the alpha channel, 0–255, of every pixel. None without one."""
    return image.getchannel("A").getextrema() if "A" in image.getbands() else None


def _transparency(alpha: tuple[int, int] | None) -> str:
    """`none`: no alpha channel; `unused`: every pixel is solid; `real`: clear and solid pixels; `empty`: nothing solid."""
    if alpha is None:
        return "none"
    low, high = alpha
    if high < _SOLID:
        return "empty"
    return "real" if low <= _CLEAR else "unused"


def _promises(name: str, found: dict[str, Any], wanted: Wanted, findings: Findings) -> None:
    size, dpi = (found["width"], found["height"]), found["dpi"]
    said = f"{size[0]} × {size[1]} px"
    if wanted.sizes:
        promised = " or ".join(f"{w} × {h}" for w, h in wanted.sizes[:3])
        findings.judge("image.size", name, "" if size in wanted.sizes else f"It is {said}, not {promised}.", said)
    else:
        findings.passed("image.size", said)
    states = f"states {dpi} DPI" if dpi else "states no resolution"
    off = wanted.dpi is not None and dpi != wanted.dpi
    findings.judge("image.dpi", name, f"It {states}, not {wanted.dpi} DPI." if off else "", states)
    if wanted.transparent:
        words = {
            "none": "It has no transparency at all.",
            "unused": "It has an alpha channel, but no pixel in it is transparent.",
            "empty": "It is transparent everywhere.",
            "real": "",
        }[found["alpha"]]
        findings.judge("image.alpha", name, words)


def _blank(image: Any, alpha: tuple[int, int] | None, one_color: bool) -> str:
    """Why an image counts as blank; empty when it doesn't. `alpha`: the lowest and highest value of its alpha channel."""
    if alpha is not None:
        low, high = alpha
        if high <= _CLEAR:
            return "The image is transparent everywhere."
        if low <= _CLEAR:
            return ""
    colors = (image.getchannel(band).getextrema() for band in image.getbands() if band != "A")
    alike = all(high - low <= _ONE_COLOR for low, high in colors)
    return "The image is a single color." if alike and one_color else ""


def _colors(name: str, mode: str, profile: bytes | None, marked: bool, wanted: Wanted, findings: Findings) -> None:
    """The color profile must be readable, match the number of channels, and be sRGB where that was promised."""
    kind = ""
    if profile:
        kind, words = _profile(profile)
        space = {"RGB": ("RGB", "RGBA", "P", "RGBX"), "GRAY": ("L", "LA", "1", "I;16"), "CMYK": ("CMYK",)}.get(kind, ())
        if not words and mode not in space:
            words = f"Its color profile is for {kind} and the image is {mode}."
        findings.judge("image.profile", name, words, kind)
    if not wanted.srgb:
        return
    words = ""
    if mode not in ("RGB", "RGBA", "P"):
        words = f"Its colors are {mode}, not sRGB."
    elif profile and kind == "RGB" and not _is_srgb(profile):
        words = "Its color profile isn't sRGB."
    elif not profile and not marked:
        words = "It has no color profile, so programs guess its colors."
    findings.judge("image.srgb", name, words)


@lru_cache(maxsize=16)
def _profile(profile: bytes) -> tuple[str, str]:
    """The color space of an ICC profile and why it can't be read."""
    if len(profile) < 132 or profile[36:40] != b"acsp" or struct.unpack_from(">I", profile)[0] > len(profile):
        return "", "Its color profile is damaged."
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (OSError, ImageCms.PyCMSError):
        return "", "Its color profile is damaged."
    return profile[16:20].decode("ascii", "replace").strip(), ""


@lru_cache(maxsize=16)
def _is_srgb(profile: bytes) -> bool:
    """Whether a profile is sRGB, by its effect on colors."""
    steps = np.arange(0, 256, 51, dtype=np.uint8)
    colors = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    try:
        turned = ImageCms.profileToProfile(
            Image.fromarray(colors), ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    except (OSError, ImageCms.PyCMSError):
        return False
    return bool(np.abs(np.asarray(turned, np.int16) - colors.astype(np.int16)).max() <= _SAME_COLOR)

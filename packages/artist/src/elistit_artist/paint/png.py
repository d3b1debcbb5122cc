"""Writes and reads the PNG files the artist hands over.

A file appears under its name only when it is complete, carries 300 DPI and an sRGB profile, and is checked by reading
it back before anybody hears that it was made.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
from numpy.typing import NDArray

DPI = 300
COMPRESSION = 5
"""Of deflate. A file is 3.5 % larger than at 6, which takes nearly twice the time."""
_STRIP_PX = 64


@dataclass(frozen=True)
class FileFacts:
    """A written picture: pixels, bytes, and the SHA-256 of the file in hex."""

    width: int
    height: int
    bytes: int
    sha256: str


def write(rgba: NDArray[np.uint8], out: Path) -> FileFacts:
    """Write RGBA bytes (height × width × 4) as a PNG at `out`, replacing what is there. Raises OSError when the disk
    refuses."""
    height, width = rgba.shape[:2]
    image: Any = pyvips.Image.new_from_memory(np.ascontiguousarray(rgba).data, width, height, 4, "uchar")
    image = image.copy(interpretation="srgb", xres=DPI / 25.4, yres=DPI / 25.4)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        image.pngsave(str(part), compression=COMPRESSION, filter="up", profile="srgb")
        with part.open("rb") as file:
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = part.stat().st_size
        part.replace(out)
    except pyvips.Error as error:
        raise OSError(str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return FileFacts(width, height, size, digest)


def write_bytes(data: bytes, out: Path) -> tuple[int, str]:
    """Write a finished file at `out`, replacing what is there; its size and SHA-256. Raises OSError."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return len(data), hashlib.sha256(data).hexdigest()


def holds(path: Path, rgba: NDArray[np.uint8]) -> bool:
    """Whether a written PNG has exactly these pixels (height × width × 4). Read in strips, so that it takes no memory for a
    second copy. Raises OSError when the file is broken or cut short."""
    height, width = rgba.shape[:2]
    try:
        image = _opened(path)
        if (image.width, image.height) != (width, height):
            return False
        region = pyvips.Region.new(image)
        for top in range(0, height, _STRIP_PX):
            rows = rgba[top : top + _STRIP_PX]
            found = np.frombuffer(region.fetch(0, top, width, len(rows)), np.uint8)
            if not np.array_equal(found.reshape(rows.shape), rows):
                return False
        return True
    except pyvips.Error as error:
        raise OSError(str(error)) from error


def read_back(path: Path) -> NDArray[np.uint8]:
    """The pixels of a written PNG, height × width × 4. Raises OSError when it is broken or cut short."""
    try:
        image = _opened(path)
        return np.ndarray(buffer=image.write_to_memory(), dtype=np.uint8, shape=(image.height, image.width, 4))
    except pyvips.Error as error:
        raise OSError(str(error)) from error


def _opened(path: Path) -> Any:
    image: Any = pyvips.Image.new_from_file(str(path), fail_on="truncated", access="sequential")
    if image.bands != 4:
        raise OSError(f"{path.name} has {image.bands} channels instead of 4")
    return image

"""What a PNG without an ICC profile says of its colors: coding-independent code points (cICP), gamma (gAMA) and primaries
(cHRM), which the decoder here leaves alone and browsers honor.

Answers with an ICC profile that means the same, so that one way turns every image into sRGB. Reads chunk heads only and must
never decode a pixel or believe a number it cannot use.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WANTED = {b"IHDR": 13, b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32}
_CHUNKS_MAX = 200
# Chromaticities: white, red, green, blue, as cHRM orders them.
_D65 = (0.3127, 0.3290)
_SRGB = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_PRIMARIES = {
    1: _SRGB,
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    9: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
}
"""By the number H.273 gives them: BT.709, BT.470 BG, BT.601, BT.2020, Display P3."""
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_CURVES = {4: (2.2,), 5: (2.8,), 8: (1.0,), 13: _SRGB_CURVE} | dict.fromkeys((1, 6, 14, 15), (2.4,))
"""Parameters of ICC's parametric curves, by the transfer's number in H.273. What a video camera wrote is shown as a screen shows
it (BT.1886), which browsers do as well."""
_HDR = (16, 18)
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# Writers round sRGB's own numbers: 45455 or 45000 for gamma, four places or fewer for primaries.
_SAME_GAMMA, _SAME_PLACE = 0.01, 0.002


class MadeForHdr(ValueError):
    """The image is stored for HDR screens, which no print and no listing image is."""


@dataclass(frozen=True)
class _Colors:
    curve: tuple[float, ...]
    places: tuple[float, ...]


def understood(image: pyvips.Image, path: Path) -> pyvips.Image:
    """The image as it was opened from `path`, with the profile that means what the file says of its colors. Raises as `profile`."""
    meant = profile(path)
    if meant is not None:
        image = image.copy()
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", meant)
    return image


def profile(path: Path) -> bytes | None:
    """The ICC profile (RGB or gray) that means what the PNG's own chunks say, or None: nothing is said, what is said is sRGB, the
    file has a profile that counts, or it is no PNG. Raises MadeForHdr, and OSError when the file cannot be read."""
    found = dict(_chunks(path))
    if b"IHDR" not in found:
        return None
    colors = _said(found)
    if colors is None or (colors.curve == _SRGB_CURVE and _near(colors.places, _SRGB)):
        return None
    gray = found[b"IHDR"][9] in (0, 4)
    return _written(colors, gray)


def _chunks(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """The chunks before the pixels that speak of color; of a name that comes twice, the first."""
    seen: set[bytes] = set()
    with path.open("rb") as file:
        if file.read(8) != _SIGNATURE:
            return
        for _ in range(_CHUNKS_MAX):
            head = file.read(8)
            if len(head) < 8:
                return
            size, name = struct.unpack(">I4s", head)
            if name == b"IDAT":
                return
            if name == b"iCCP" and name not in seen:
                yield name, b""
            elif _WANTED.get(name) == size and name not in seen:
                yield name, file.read(size)
                size = 0
            seen.add(name)
            file.seek(size + 4, 1)


def _said(found: dict[bytes, bytes]) -> _Colors | None:
    """The first that counts, in the order of the PNG specification: cICP, iCCP, sRGB, gAMA with cHRM."""
    if b"cICP" in found:
        primaries, transfer, matrix, _ = found[b"cICP"]
        if transfer in _HDR:
            raise MadeForHdr("The image is made for HDR screens; export it as sRGB.")
        if primaries in _PRIMARIES and transfer in _CURVES and matrix == 0:
            return _Colors(_CURVES[transfer], _PRIMARIES[primaries])
    # Primaries without a gamma are passed over, as browsers do: the seller saw the image so.
    if b"iCCP" in found or b"sRGB" in found or b"gAMA" not in found:
        return None
    places = tuple(n / 100_000 for n in struct.unpack(">8I", found[b"cHRM"])) if b"cHRM" in found else _SRGB
    gamma = struct.unpack(">I", found[b"gAMA"])[0] / 100_000
    if not 0.1 <= gamma <= 5 or not _real(places):
        return None
    curve = _SRGB_CURVE if abs(gamma - 0.45455) < _SAME_GAMMA else (1 / gamma,)
    return _Colors(curve, _SRGB if _near(places, _SRGB) else places)


def _near(places: tuple[float, ...], others: tuple[float, ...]) -> bool:
    return all(abs(a - b) < _SAME_PLACE for a, b in zip(places, others, strict=True))


def _real(places: tuple[float, ...]) -> bool:
    """Whether a display could have such primaries: every y above zero, the three of them a triangle around the white."""
    if not all(0 <= n <= 1 for n in places) or min(places[1::2]) < 0.001:
        return False
    colors = np.array([_xyz(x, y) for x, y in zip(places[2::2], places[3::2], strict=True)]).T
    if abs(np.linalg.det(colors)) < 1e-3:
        return False
    return bool((np.linalg.solve(colors, _xyz(*places[:2])) > 0).all())


def _xyz(x: float, y: float) -> np.ndarray:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _colorants(places: tuple[float, ...]) -> np.ndarray:
    """The primaries in the profile's own space: columns of XYZ at D50, which together give white."""
    white = _xyz(*places[:2])
    colors = np.array([_xyz(x, y) for x, y in zip(places[2::2], places[3::2], strict=True)]).T
    colors = colors * np.linalg.solve(colors, white)
    adapted: np.ndarray = np.linalg.inv(_BRADFORD) @ np.diag((_BRADFORD @ _D50) / (_BRADFORD @ white)) @ _BRADFORD
    return adapted @ colors


def _written(colors: _Colors, gray: bool) -> bytes:
    """An ICC profile, version 4: matrix and curve for RGB, the curve alone for gray."""
    curve = _curve(colors.curve)
    tags = {b"desc": _words("Colors as the PNG states them"), b"cprt": _words("No copyright"), b"wtpt": _place(_D50)}
    if gray:
        tags[b"kTRC"] = curve
    else:
        for name, column in zip((b"r", b"g", b"b"), _colorants(colors.places).T, strict=True):
            tags |= {name + b"XYZ": _place(column), name + b"TRC": curve}
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    head = struct.pack(
        ">I4sI4s4s4s12x4s28xiii48x", start + len(body), b"\0" * 4, 0x04300000, b"mntr", b"GRAY" if gray else b"RGB ", b"XYZ ", b"acsp",
        *_fixed(_D50),
    )  # fmt: skip
    return head + table + body


def _fixed(numbers: np.ndarray | tuple[float, ...]) -> list[int]:
    return [round(n * 65536) for n in numbers]


def _place(xyz: np.ndarray) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *_fixed(xyz))


def _curve(parameters: tuple[float, ...]) -> bytes:
    kind = 0 if len(parameters) == 1 else 3
    return b"para\0\0\0\0" + struct.pack(f">HH{len(parameters)}i", kind, 0, *_fixed(parameters))


def _words(said: str) -> bytes:
    text = said.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text

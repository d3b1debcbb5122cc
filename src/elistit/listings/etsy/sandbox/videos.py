"""What the sandbox takes as a listing video: a real MP4 of 5 to 15 seconds, read from its boxes, and one a listing.

Written apart from the check of the studio's own, from Etsy's rules for sellers, so that a mistake in one is found by the other.
"""

from __future__ import annotations

import struct

from elistit.listings.etsy.sandbox.requests import Part, Refused

BYTES_MAX = 100_000_000
SECONDS = (5, 15)
SIDE_LEAST = 500
_PARENTS = ("moov", "trak", "mdia", "minf", "stbl")


def checked(part: Part | None, name: str, there: int) -> tuple[int, int, float]:
    """Width, height and seconds of a video that may be added to a listing that has `there` of them. Raises Refused."""
    if part is None or not part.body:
        raise Refused(400, "Either a valid video file or a video_id must be provided.")
    if not name.strip() or len(name) > 255:
        raise Refused(400, "A valid name must be provided with a new video.")
    if len(part.body) > BYTES_MAX:
        raise Refused(400, "The video is larger than 100 MB.")
    if there:
        raise Refused(400, "A listing may have 1 video at most.")
    try:
        width, height, seconds = _read(part.body)
    except (struct.error, KeyError, ZeroDivisionError, ValueError):
        raise Refused(400, "The video file is not valid.") from None
    if min(width, height) < SIDE_LEAST:
        raise Refused(400, f"The video must be at least {SIDE_LEAST} pixels wide and high.")
    if not SECONDS[0] <= seconds <= SECONDS[1]:
        raise Refused(400, f"The video must be {SECONDS[0]} to {SECONDS[1]} seconds long.")
    return width, height, seconds


def _read(body: bytes) -> tuple[int, int, float]:
    """(width, height, seconds) by the movie's and the track's headers. Raises an error of the kinds above for a damaged file."""
    found: dict[str, bytes] = {}
    top = _walk(body, 0, len(body), found)
    if top[:1] != ["ftyp"] or not {"moov", "mdat"} <= set(top):
        raise ValueError("not an MP4")
    movie, track = found["mvhd"], found["tkhd"]
    scale, units = struct.unpack_from(">IQ", movie, 20) if movie[0] else struct.unpack_from(">II", movie, 12)
    width, height = struct.unpack(">II", track[-8:])
    if b"avc1" not in found["stsd"]:
        raise ValueError("not H.264")
    return width >> 16, height >> 16, units / scale


def _walk(body: bytes, at: int, end: int, found: dict[str, bytes]) -> list[str]:
    """The kinds of the boxes between two places; the first body of every kind below the movie is put into `found`."""
    kinds = []
    while at < end:
        size, kind = struct.unpack_from(">I4s", body, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", body, at + 8), 16
        size = size or end - at
        if not head <= size <= end - at:
            raise ValueError("a box that ends outside")
        kinds.append(kind.decode("latin-1"))
        if kinds[-1] in _PARENTS:
            _walk(body, at + head, at + size, found)
        elif kinds[-1] != "mdat":
            found.setdefault(kinds[-1], body[at + head : at + size])
        at += size
    return kinds

"""The listing video as Etsy and a buyer's browser read it: its boxes parsed here, its frames decoded by another decoder.

Shares no code with what wrote it. It must never trust a length it reads, and never hold more than a few frames in
memory.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from elistit.trial.report import Findings

SECONDS = (5.0, 15.0)
BYTES_MAX = 100_000_000
SIDE_LEAST = 500
"""Etsy's limits: minimum and maximum seconds, maximum bytes, minimum pixels of the shorter side."""
_HEADER_BYTES_MAX = 4_000_000
_LOOKS = 12
_BLANK, _STILL = 2.0, 0.5


class NotMp4(ValueError):
    """The file is not an MP4 we can read. The message is one plain sentence."""


@dataclass(frozen=True)
class Video:
    """The contents of a file's boxes. `codec` is the sample entry (`avc1`), `profile` and `level` those of H.264; sizes
    in pixels; `first`: the index comes before the data, so that it plays while it loads; `tracks` are the kinds of all
    tracks."""

    brand: str
    codec: str
    profile: int
    level: int
    width: int
    height: int
    seconds: float
    samples: int
    first: bool
    tracks: tuple[str, ...]


def read(path: Path) -> Video:
    """Read the boxes of a file. Raises NotMp4."""
    places: dict[str, tuple[int, int]] = {}
    brand = ""
    with path.open("rb") as file:
        whole = file.seek(0, 2)
        at = 0
        while at < whole:
            file.seek(at)
            kind, head, size = _box(file.read(16), whole - at)
            places.setdefault(kind, (at + head, size - head))
            if kind == "ftyp":
                file.seek(at + head)
                brand = file.read(4).decode("latin-1")
            at += size
        if not brand or "moov" not in places or "mdat" not in places:
            raise NotMp4("It is no MP4: a part every MP4 has is missing.")
        start, length = places["moov"]
        if length > _HEADER_BYTES_MAX:
            raise NotMp4("Its index is larger than any index of a short video.")
        file.seek(start)
        moov = file.read(length)
    first = places["moov"][0] < places["mdat"][0]
    return _of(moov, brand, first)


def _box(head: bytes, left: int) -> tuple[str, int, int]:
    """(kind, header bytes, total bytes) of the box that begins here. Raises NotMp4."""
    if len(head) < 8:
        raise NotMp4("It ends in the middle.")
    size, kind = struct.unpack(">I4s", head[:8])
    used = 8
    if size == 1 and len(head) >= 16:
        size, used = struct.unpack(">Q", head[8:16])[0], 16
    elif size == 0:
        size = left
    if not used <= size <= left:
        raise NotMp4("It ends in the middle.")
    return kind.decode("latin-1"), used, size


def _boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(data):
        kind, head, size = _box(data[at : at + 16], len(data) - at)
        yield kind, data[at + head : at + size]
        at += size


def _inside(data: bytes, *path: str) -> bytes:
    """The first box at a path of kinds; empty when there is none."""
    for kind in path:
        data = next((body for name, body in _boxes(data) if name == kind), b"")
    return data


def _of(moov: bytes, brand: str, first: bool) -> Video:
    try:
        tracks = [body for kind, body in _boxes(moov) if kind == "trak"]
        kinds = tuple(_inside(t, "mdia", "hdlr")[8:12].decode("latin-1") for t in tracks)
        if kinds.count("vide") != 1:
            raise NotMp4(f"It has {kinds.count('vide')} video tracks instead of one.")
        track = tracks[kinds.index("vide")]
        entry = _inside(track, "mdia", "minf", "stbl", "stsd")[8:]
        codec = entry[4:8].decode("latin-1")
        width, height = struct.unpack(">HH", entry[32:36])
        config = _inside(entry[86:], "avcC") if codec == "avc1" else b""
        return Video(
            brand, codec, config[1] if config else 0, config[3] if config else 0, width, height,
            _seconds(_inside(track, "mdia", "mdhd")), struct.unpack(">I", _inside(track, "mdia", "minf", "stbl", "stsz")[8:12])[0],
            first, kinds,
        )  # fmt: skip
    except (struct.error, IndexError):
        raise NotMp4("Its index is damaged.") from None


def _seconds(header: bytes) -> float:
    """The length a media header states."""
    if header[0] == 1:
        scale, units = struct.unpack(">IQ", header[20:32])
    else:
        scale, units = struct.unpack(">II", header[12:20])
    return float(units / scale) if scale else 0.0


def examine(path: str, width: int, height: int) -> dict[str, Any]:
    """Compare a listing video with Etsy's limits and with what was promised. Returns `ok` and `checks`
    (`trial.report`), and the contents of its boxes as `video`. `width` and `height` are the promised ones, in
    pixels."""
    file = Path(path)
    findings, name = Findings(), file.name
    try:
        found = read(file)
    except NotMp4 as bad:
        findings.failed("video.opens", name, str(bad))
        return {"ok": False, "checks": findings.checks(), "video": None}
    findings.passed("video.opens", f"{found.brand}, {found.codec}")
    _judge_boxes(findings, name, found, (width, height), file.stat().st_size)
    _judge_frames(findings, name, found, file)
    return {"ok": findings.ok, "checks": findings.checks(), "video": {**found.__dict__, "tracks": list(found.tracks)}}


def _judge_boxes(findings: Findings, name: str, found: Video, size: tuple[int, int], length: int) -> None:
    codec = "" if found.codec == "avc1" else f"Its video is in {found.codec} instead of H.264."
    findings.judge("video.codec", name, codec, f"profile {found.profile}, level {found.level / 10:g}")
    wrong = (found.width, found.height) != size or min(size) < SIDE_LEAST
    words = f"It is {found.width} × {found.height} pixels instead of {size[0]} × {size[1]}." if wrong else ""
    findings.judge("video.size", name, words, f"{found.width} × {found.height} px")
    least, most = SECONDS
    words = (
        ""
        if least <= found.seconds <= most
        else f"It lasts {found.seconds:.1f} seconds instead of {least:g} to {most:g}."
    )
    findings.judge("video.length", name, words, f"{found.seconds:.1f} s")
    words = "" if length <= BYTES_MAX else f"It has {length:,} bytes; Etsy takes {BYTES_MAX:,}."
    findings.judge("video.bytes", name, words, f"{length / 1e6:.1f} MB")
    findings.judge("video.silent", name, "It has a sound track." if "soun" in found.tracks else "")
    findings.judge("video.streams", name, "" if found.first else "Its index comes after its data.")


def _judge_frames(findings: Findings, name: str, found: Video, file: Path) -> None:
    """Decode every frame, and look at a few: none may be blank, and the video must move."""
    capture = cv2.VideoCapture(str(file), cv2.CAP_FFMPEG)
    decoded, looks = 0, []
    every = max(1, found.samples // _LOOKS)
    size = (0, 0)
    try:
        while decoded <= found.samples:
            if decoded % every:
                good = capture.grab()
            else:
                good, frame = capture.read()
                if good:
                    size = (frame.shape[1], frame.shape[0])
                    looks.append(cv2.resize(frame, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32))
            if not good:
                break
            decoded += 1
    finally:
        capture.release()
    words = "" if decoded == found.samples else f"{decoded} of its {found.samples} frames can be decoded."
    if not words and size != (found.width, found.height):
        words = f"Its frames are {size[0]} × {size[1]} pixels, unlike what it states."
    findings.judge("video.decodes", name, words, f"{decoded} frames")
    blank = [n for n, look in enumerate(looks) if float(look.std()) < _BLANK]
    findings.judge("video.shows", name, "One of its frames is blank." if blank or not looks else "")
    moves = [float(np.abs(b - a).mean()) for a, b in itertools.pairwise(looks)]
    findings.judge("video.moves", name, "" if moves and max(moves) > _STILL else "Nothing in it moves.")

"""The outside program that writes video files: an FFmpeg of the operator's own, run as a separate process.

No encoder comes with the studio: H.264 encoders are under the GPL or bound to a vendor's license (decision 0043). It must never
be linked into a process of ours, and a video is never written by anything else when it is missing.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from elistit.on_use import OnUse

if TYPE_CHECKING:
    import numpy as np
else:
    np = OnUse("numpy")

SETTING = "ELISTIT_FFMPEG"
# What is asked of each encoder of H.264 we know, the better one first. Constant quality, and never more than 12 Mbit/s.
ENCODERS: dict[str, tuple[str, ...]] = {
    "libx264": (
        "-preset", "faster", "-crf", "19", "-maxrate", "12M", "-bufsize", "24M", "-profile:v", "high", "-level:v", "4.0",
        "-threads", "1",
    ),
    "libopenh264": ("-b:v", "8M", "-maxrate", "12M", "-threads", "1"),
}  # fmt: skip
_PROBE_SECONDS = 30
_END_SECONDS = 120
MISSING = "FFmpeg with an H.264 encoder isn't installed on this machine"


class EncoderMissing(LookupError):
    """There is no program here that can write H.264. The message says what was looked for."""


class EncodingFailed(Exception):
    """FFmpeg ran and did not write the video. The message has its own words."""


def program(named: str = "") -> tuple[str, str]:
    """The FFmpeg to use and its H.264 encoder. The one that is `named` by the setting, else the one on the PATH, else the one of the
    Python package imageio-ffmpeg. Raises EncoderMissing."""
    path = shutil.which(named or "ffmpeg")
    if path is None and named:
        raise EncoderMissing(f"{SETTING} names “{named[:120]}”, and there is no such program")
    path = path or _packaged()
    if not path:
        raise EncoderMissing(MISSING)
    encoder = _encoder_of(path, Path(path).stat().st_mtime_ns)
    if not encoder:
        raise EncoderMissing(f"{path} has none of the H.264 encoders {', '.join(ENCODERS)}")
    return path, encoder


def missing(named: str = "") -> str:
    """Why no video can be written here, without a full stop; empty when one can."""
    try:
        program(named)
    except EncoderMissing as reason:
        return str(reason)
    return ""


def _packaged() -> str:
    found = importlib.util.find_spec("imageio_ffmpeg")
    folders = list(found.submodule_search_locations or ()) if found else []
    programs = sorted(p for f in folders for p in Path(f, "binaries").glob("ffmpeg-*"))
    return str(programs[-1]) if programs else ""


@lru_cache(maxsize=8)
def _encoder_of(path: str, changed: int) -> str:
    """The best of our encoders this FFmpeg has; empty when it has none, or does not run. `changed` is part of the key."""
    try:
        asked = subprocess.run(
            [path, "-hide_banner", "-encoders"], capture_output=True, timeout=_PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    known = {line.split()[1] for line in asked.stdout.decode(errors="replace").splitlines() if len(line.split()) > 1}
    return next((name for name in ENCODERS if name in known), "")


def write(out: Path, frames: Iterable[np.ndarray], size: tuple[int, int], fps: int, named: str = "") -> None:
    """Write RGB frames (height × width × 3, uint8; `size` is width and height, both even) as an MP4 without sound: H.264,
    4:2:0, BT.709, its index before its data. Whole or not at all; the same frames give the same bytes from the same FFmpeg.

    `named`: the FFmpeg to use, as for `program`. Takes one frame at a time. Raises EncoderMissing, EncodingFailed.
    """
    path, encoder = program(named)
    part = out.with_name(f".{out.name}.part.mp4")
    try:
        with tempfile.TemporaryFile() as said:
            _run(_command(path, encoder, part, size, fps), frames, size, said)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def _command(path: str, encoder: str, out: Path, size: tuple[int, int], fps: int) -> list[str]:
    return [
        path, "-hide_banner", "-loglevel", "error", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(fps), "-i", "pipe:0",
        "-an", "-map_metadata", "-1", "-c:v", encoder, *ENCODERS[encoder], "-g", str(fps * 2),
        "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
        "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-f", "mp4", str(out),
    ]  # fmt: skip


def _run(command: list[str], frames: Iterable[np.ndarray], size: tuple[int, int], said: IO[bytes]) -> None:
    """Feed FFmpeg and wait for it. It ends with its input, so it does not outlive a process of ours that is killed."""
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
    assert running.stdin is not None
    try:
        try:
            for frame in frames:
                if frame.shape != (size[1], size[0], 3) or frame.dtype != np.uint8:
                    raise ValueError(f"A frame has the shape {frame.shape} instead of {size[0]} × {size[1]}.")
                running.stdin.write(frame.tobytes())
            running.stdin.close()
        except BrokenPipeError:
            pass  # What it stopped for is in its own words below.
        code = running.wait(timeout=_END_SECONDS)
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()
    if code:
        said.seek(0)
        words = said.read()[-400:].decode(errors="replace").strip()
        raise EncodingFailed(f"FFmpeg couldn't write the video (exit code {code}): {words}")

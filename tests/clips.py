"""Short MP4s for tests: moving blocks of color, written by FFmpeg itself or by the studio's own encoder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from elistit.artwork import encoder


def frames(count: int, size: tuple[int, int]) -> list[np.ndarray]:
    """Frames in which a bright bar moves over four colors."""
    width, height = size
    base = np.zeros((height, width, 3), np.uint8)
    base[: height // 2, : width // 2] = (200, 40, 40)
    base[: height // 2, width // 2 :] = (40, 160, 60)
    base[height // 2 :, : width // 2] = (50, 60, 190)
    base[height // 2 :, width // 2 :] = (220, 190, 70)
    made = []
    for number in range(count):
        frame = base.copy()
        left = (width - 40) * number // max(1, count - 1)
        frame[:, left : left + 40] = 250
        made.append(frame)
    return made


def clip(path: Path, seconds: float = 6.0, size: tuple[int, int] = (640, 512), fps: int = 5) -> Path:
    """A clip as the studio writes one, only small."""
    encoder.write(path, frames(round(seconds * fps), size), size, fps)
    return path


def by_ffmpeg(
    path: Path, *, source: str = "testsrc2=size=640x512:rate=5:duration=6", more: tuple[str, ...] = ()
) -> Path:
    """A clip by FFmpeg's own test pattern, with what `more` asks for."""
    program, codec = encoder.program()
    command = [program, "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, *more]
    if "-c:v" not in more:
        command += ["-c:v", codec]
    subprocess.run([*command, "-pix_fmt", "yuv420p", str(path)], check=True, timeout=120)
    return path

"""The listing video: the mockups with a slow camera, and the set counted up image by image.

Shows only what is in the package: the project's own images, each once, and the mockups that are made from them. The only
words in it are the numbers of the count. It must never hold more than one large image, the small ones of the set and two frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyvips

from elistit.artwork import encoder
from elistit.artwork.canvas import load_subject, palette_of, paper, paste, write_line
from elistit.artwork.export import open_image, reading, to_srgb8
from elistit.artwork.mockup import grid
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF_LIGHT

SIZE = (1350, 1080)
"""Width and height in pixels: the shape of a mockup, and what Etsy advises on the short side."""
FPS = 30
SECONDS = (5.0, 15.0)
"""How long Etsy lets a listing video be."""
_MOCKUP, _ART, _FADE = 2.8, 4.0, 0.4
_COUNT_LEAST, _COUNT_MOST, _COUNT_EACH = 3.0, 4.5, 0.16
_REST = 0.9
_MOCKUPS_MOST = 4
_POP = 6
# Its own image is panned over where it is hardly longer than the video's shape; others are shown whole.
_PAN_MOST = 2.2
_LOAD_PX = 2400

Shot = Callable[[float], np.ndarray]
"""A scene at a moment, 0 at its beginning and 1 at its end, as a frame."""


@dataclass(frozen=True)
class Scene:
    """A part of the video: how long it lasts in seconds, and what makes its frames, opened only when it begins."""

    seconds: float
    open: Callable[[], Shot]


def listing_video(out: Path, *, mockups: Sequence[Path], images: Sequence[Path], ffmpeg: str = "") -> dict[str, Any]:
    """Write the video of a project: `mockups` in their order, `images` as the buyer gets them, `ffmpeg` as
    for encoder.program. What was written: `path`,
    `width`, `height`, `seconds`, `frames`.

    One image is shown large before its mockups; of more, the first mockup is followed by the set, counted up. Raises
    ValueError without mockups or images, ImageBroken, EncoderMissing, EncodingFailed.
    """
    if not mockups or not images:
        raise ValueError("A listing video needs mockups and images.")
    scenes = _scenes(list(mockups)[:_MOCKUPS_MOST], list(images))
    frames = _frame_count(scenes)
    encoder.write(out, _frames(scenes), SIZE, FPS, ffmpeg)
    return {"path": str(out), "width": SIZE[0], "height": SIZE[1], "seconds": frames / FPS, "frames": frames}


def _scenes(mockups: list[Path], images: list[Path]) -> list[Scene]:
    views = [_mockup(path, index) for index, path in enumerate(mockups)]
    if len(images) == 1:
        return [Scene(_ART, lambda: _artwork(images[0])), *views]
    counted = min(_COUNT_MOST, max(_COUNT_LEAST, _REST + _COUNT_EACH * len(images)))
    return [views[0], Scene(counted, lambda: _count(images, counted)), *views[1:]]


def _mockup(path: Path, index: int) -> Scene:
    return Scene(_MOCKUP, lambda: _camera(_loaded(path, SIZE[0] * 2), inward=index % 2 == 0))


def _lengths(scenes: list[Scene]) -> list[int]:
    return [round(scene.seconds * FPS) for scene in scenes]


def _frame_count(scenes: list[Scene]) -> int:
    """Frames of the whole: one scene fades into the next, so they overlap."""
    return sum(_lengths(scenes)) - round(_FADE * FPS) * (len(scenes) - 1)


def _frames(scenes: list[Scene]) -> Iterator[np.ndarray]:
    fade, lengths = round(_FADE * FPS), _lengths(scenes)
    before: list[np.ndarray] | None = None
    for index, (scene, length) in enumerate(zip(scenes, lengths, strict=True)):
        shot = scene.open()
        last = index == len(scenes) - 1
        ending: list[np.ndarray] = []
        for number in range(length):
            frame = shot(number / (length - 1))
            if before and number < fade:
                share = (number + 1) / (fade + 1)
                frame = cv2.addWeighted(frame, share, before[number], 1 - share, 0)
            if not last and number >= length - fade:
                ending.append(frame)
            else:
                yield frame
        before = ending


def _loaded(path: Path, px: int) -> np.ndarray:
    """An image as RGB, at most `px` on its longest side; what is transparent is white."""
    open_image(path)
    with reading():
        image = to_srgb8(pyvips.Image.thumbnail(str(path), px, height=px, size="down", fail_on="truncated"))
        image = image.flatten(background=[255, 255, 255]) if image.hasalpha() else image
        return np.ascontiguousarray(image.numpy()[..., :3])


def _eased(moment: float) -> float:
    return moment * moment * (3 - 2 * moment)


def _camera(image: np.ndarray, *, inward: bool, closer: float = 1.06) -> Shot:
    """A slow zoom on the middle of an image that fills the frame."""

    def shot(moment: float) -> np.ndarray:
        zoom = 1 + (closer - 1) * _eased(moment if inward else 1 - moment)
        return _view(image, 0.5, 0.5, zoom)

    return shot


def _view(image: np.ndarray, x: float, y: float, zoom: float) -> np.ndarray:
    """A frame filled from an image, around the point (x, y) given as shares of what can be moved; `zoom` 1 shows most."""
    height, width = image.shape[:2]
    scale = max(SIZE[0] / width, SIZE[1] / height) * zoom
    left, top = (width * scale - SIZE[0]) * x, (height * scale - SIZE[1]) * y
    matrix = np.array([[scale, 0, -left], [0, scale, -top]], np.float64)
    return cv2.warpAffine(image, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _artwork(path: Path) -> Shot:
    """One image: panned over along its longer way, or, where that would show little of it, whole on paper."""
    opened = open_image(path)
    shape = (opened.width / opened.height) / (SIZE[0] / SIZE[1])
    if opened.hasalpha() or not 1 / _PAN_MOST < shape < _PAN_MOST:
        return _camera(_on_paper(path), inward=True)
    # Twice the frame is more than enough to move over without steps.
    image = _loaded(path, _LOAD_PX)
    image = _softened(image)

    def shot(moment: float) -> np.ndarray:
        along = _eased(moment)
        return _view(image, 0.5 if shape < 1 else along, along if shape < 1 else 0.5, 1.04)

    return shot


def _softened(image: np.ndarray) -> np.ndarray:
    """An image that is more than twice what is shown of it, made smaller: fine detail would flicker as it moves."""
    fill = max(SIZE[0] / image.shape[1], SIZE[1] / image.shape[0])
    if fill >= 0.6:
        return image
    return cv2.resize(image, None, fx=fill * 1.6, fy=fill * 1.6, interpolation=cv2.INTER_AREA)


def _on_paper(path: Path) -> np.ndarray:
    subject = load_subject(path, SIZE[0])
    sheet = paper(*SIZE, palette_of([subject]).paper)
    art = subject.scaled(min(SIZE[0] * 0.84 / subject.size[0], SIZE[1] * 0.84 / subject.size[1]))
    paste(sheet, art, (SIZE[0] - art.shape[1]) // 2, (SIZE[1] - art.shape[0]) // 2)
    return sheet


def _count(images: list[Path], seconds: float) -> Shot:
    """The set on one sheet, image after image, and how many of them are there so far."""
    width, height = SIZE
    margin, foot = 60, 150
    columns, rows = grid(len(images), width - 2 * margin, height - margin - foot)
    cell_w, cell_h = (width - 2 * margin) / columns, (height - margin - foot) / rows
    subjects = [load_subject(p, round(max(cell_w, cell_h))) for p in images]
    colors = palette_of(subjects)
    laid: list[tuple[np.ndarray, int, int]] = []
    for index, subject in enumerate(subjects):
        row, column = divmod(index, columns)
        in_row = min(columns, len(images) - row * columns)
        x = (width - in_row * cell_w) / 2 + (column + 0.5) * cell_w
        y = margin + (row + 0.5) * cell_h
        art = subject.scaled(min(cell_w * 0.86 / subject.size[0], cell_h * 0.86 / subject.size[1]))
        laid.append((art, round(x - art.shape[1] / 2), round(y - art.shape[0] / 2)))
    sheets = {0: paper(width, height, colors.paper)}
    shown = (seconds - _REST) * FPS

    @lru_cache(maxsize=1)
    def label(number: int) -> np.ndarray:
        """The foot of the sheet with a number in it."""
        strip = sheets[0][height - foot :].copy()
        write_line(strip, f"{number}", SERIF_LIGHT, 92, colors.ink, x=width / 2 - 12, baseline=98, anchor="end")
        words = "IMAGE" if number == 1 else "IMAGES"
        write_line(
            strip, words, SANS_SEMIBOLD, 34, colors.accent, x=width / 2 + 12, baseline=96, spacing=0.16, anchor="start"
        )
        return strip

    def shot(moment: float) -> np.ndarray:
        at = moment * (seconds * FPS - 1)
        # Image n begins to appear at n × step; the first is there from the beginning.
        step = shown / len(images)
        begun = min(len(images), int(at / step) + 1)
        whole = [n for n in range(begun) if n == 0 or at - n * step >= _POP]
        done = len(whole)
        if done not in sheets:
            first = max(k for k in sheets if k <= done)
            sheet = sheets[first].copy()
            for art, x, y in laid[first:done]:
                paste(sheet, art, x, y)
            for old in [k for k in sheets if k]:
                del sheets[old]
            sheets[done] = sheet
        frame = sheets[done].copy()
        for n in range(done, begun):
            art, x, y = laid[n]
            paste(frame, art, x, y, _eased(min(1.0, (at - n * step + 1) / (_POP + 1))))
        frame[height - foot :] = label(begun)
        return frame

    return shot

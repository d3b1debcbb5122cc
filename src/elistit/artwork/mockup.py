"""The three images that sell a clipart listing: a cover with the title, a numbered overview, and the details.

They show the buyer what is really in the package, on paper whose color comes from the art itself. They are made from
previews where possible and must never load more than one full-size image at a time.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork import arrange
from elistit.artwork.canvas import (
    Palette,
    Subject,
    checkerboard,
    css,
    draw_svg,
    load_subject,
    palette_of,
    paper,
    paste,
    paste_shadow,
    write_line,
)
from elistit.artwork.export import open_image, reading, to_srgb8
from elistit.artwork.label import draw_label, fit_title, leading, size_for
from elistit.artwork.lines import typeset
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF, SERIF_ITALIC, SERIF_LIGHT

SIZE = (2000, 1600)
COVER_MAX = 24
DETAIL_FACTS = (
    ("4096 px", "on the longest side"),
    ("300 DPI", "ready for print"),
    ("Transparent", "PNG, no background"),
)


def cover(out: Path, *, title: str, subtitle: str, images: Sequence[Path], size: tuple[int, int] = SIZE) -> Path:
    """Write the cover: the art arranged around a label with the title. `size` is width and height in pixels.

    The parts of `subtitle` are separated by ` · `; the first is set in italics, the others in small capitals below.
    More than `COVER_MAX` images are thinned out evenly. Raises ValueError without images, ImageBroken for a bad one.
    """
    if not images:
        raise ValueError("A cover needs at least one image.")
    width, height = size
    unit = width / 2000
    chosen = spread_pick(list(images), COVER_MAX)
    subjects = [load_subject(p, round(640 * unit)) for p in chosen]
    colors = palette_of(subjects)
    picture = paper(width, height, colors.paper)
    crowd = min(1.0, len(chosen) / COVER_MAX)
    half_w, half_h = round((480 - 60 * crowd) * unit), round((318 - 44 * crowd) * unit)
    panel = (width // 2 - half_w, height // 2 - half_h, width // 2 + half_w, height // 2 + half_h)
    places = arrange.around(
        [s.rgba[..., 3] for s in subjects],
        [s.weight for s in subjects],
        size,
        panel,
        margin=round(44 * unit),
        gap=round(24 * unit),
        largest=600 * unit,
    )
    for subject, place in zip(subjects, places, strict=True):
        art = subject.scaled(place.scale)
        paste(picture, art, round(place.x - art.shape[1] / 2), round(place.y - art.shape[0] / 2))
    draw_label(picture, panel, title, subtitle, colors, unit)
    return save_picture(picture, out)


def sheet(
    out: Path,
    *,
    title: str,
    images: Sequence[Path],
    size: tuple[int, int] = SIZE,
    note: str = "",
    numbers: Sequence[int] | None = None,
) -> Path:
    """Write the overview: every image on one page, with its number; by default the images are numbered in their order.

    `note` stands at the right of the heading; by default the number of images. Raises ValueError without images.
    """
    if not images:
        raise ValueError("An overview needs at least one image.")
    width, height = size
    unit = width / 2000
    count = len(images)
    margin, head = round(90 * unit), round(230 * unit)
    columns, rows = grid(count, width - 2 * margin, height - head - round(60 * unit))
    cell_w, cell_h = (width - 2 * margin) / columns, (height - head - 60 * unit) / rows
    label = min(30 * unit, cell_h * 0.13)
    box_w, box_h = cell_w * 0.86, cell_h - label * 2.6
    subjects = [load_subject(p, round(max(box_w, box_h) * 1.15)) for p in images]
    colors = palette_of(subjects)
    picture = paper(width, height, colors.paper)
    _heading(picture, title, note or f"{count} {'image' if count == 1 else 'images'}", colors, unit, margin)
    shown_numbers = list(numbers or range(1, count + 1))
    even = float(np.median([min(box_w / s.size[0], box_h / s.size[1]) * s.weight for s in subjects]))
    for index, subject in enumerate(subjects):
        row, column = divmod(index, columns)
        in_row = min(columns, count - row * columns)
        x = (width - in_row * cell_w) / 2 + (column + 0.5) * cell_w
        y = head + row * cell_h + box_h / 2
        most = min(box_w / subject.size[0], box_h / subject.size[1])
        art = subject.scaled(min(most, even * 1.08 / subject.weight))
        paste(picture, art, round(x - art.shape[1] / 2), round(y - art.shape[0] / 2))
        number = f"{shown_numbers[index]:02d}" if max(shown_numbers) < 100 else f"{shown_numbers[index]:03d}"
        base = head + row * cell_h + box_h + label * 1.35
        write_line(picture, number, SANS_SEMIBOLD, label * 0.78, colors.accent, x=x, baseline=base, spacing=0.12)
    return save_picture(picture, out)


def scene(
    out: Path,
    *,
    title: str,
    images: Sequence[Path],
    facts: Sequence[tuple[str, str]] = DETAIL_FACTS,
    original: Path | None = None,
    size: tuple[int, int] = SIZE,
) -> Path:
    """Write the details: one subject large on the "see-through" squares, another on four colors, and the facts.

    `facts` are up to four pairs of a large word and a small line. `original` is the print file of the first image, from
    which a piece is shown pixel for pixel; leave it out and there is no magnifier. Raises ValueError without images.
    """
    if not images:
        raise ValueError("A details image needs at least one image.")
    width, height = size
    unit = width / 2000
    subjects = [load_subject(p, round(1100 * unit)) for p in images[:2]]
    colors = palette_of(subjects)
    picture = paper(width, height, colors.paper)
    board = (round(90 * unit), round(90 * unit), round(1180 * unit), height - round(90 * unit))
    _board(picture, board, subjects[0], unit)
    if original is not None:
        _magnifier(picture, board, original, colors, unit)
    left, right, bottom = round(1265 * unit), width - round(90 * unit), height - round(90 * unit)
    y = _title_lines(picture, title, left, right - left, 176 * unit, colors, unit)
    top = _swatches(picture, subjects[-1], (left, right), bottom, colors, unit)
    _facts(picture, facts[:4], (left, right), (y + 26 * unit, top), colors, unit)
    return save_picture(picture, out)


def spread_pick(items: list[Path], most: int) -> list[Path]:
    """At most `most` of the items, taken evenly over their whole order."""
    if len(items) <= most:
        return items
    return [items[int(i * len(items) / most)] for i in range(most)]


def grid(count: int, width: float, height: float) -> tuple[int, int]:
    """Columns and rows that give the largest square cells, preferring a full last row."""

    def worth(columns: int) -> float:
        rows = math.ceil(count / columns)
        empty = columns * rows - count
        return min(width / columns, height / rows * 0.92) * (1 - 0.25 * empty / (columns * rows))

    columns = max(range(1, count + 1), key=worth)
    return columns, math.ceil(count / columns)


def save_picture(picture: np.ndarray, out: Path) -> Path:
    """Write a mockup: JPEG at Q 92 without color subsampling (thin text stays crisp), sRGB, whole or not at all."""
    part = out.with_name(f".{out.name}.part")
    try:
        with reading():
            image = pyvips.Image.new_from_array(picture, interpretation="srgb")
            image.jpegsave(str(part), Q=92, subsample_mode="off", optimize_coding=True, profile="srgb", keep="icc")
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return out


def _heading(picture: np.ndarray, title: str, note: str, colors: Palette, unit: float, margin: int) -> None:
    width = picture.shape[1]
    note_width = typeset(note.upper(), SANS_SEMIBOLD, 26 * unit, spacing=0.16).width
    size = size_for(title, SERIF_LIGHT, width - 2 * margin - note_width - 60 * unit, 84 * unit, 0)
    baseline = 136 * unit
    write_line(picture, title, SERIF_LIGHT, size, colors.ink, x=margin, baseline=baseline, anchor="start")
    write_line(
        picture, note.upper(), SANS_SEMIBOLD, 26 * unit, colors.accent,
        x=width - margin, baseline=baseline, spacing=0.16, anchor="end",
    )  # fmt: skip
    y = round(170 * unit)
    picture[y : y + max(1, round(2 * unit)), margin : width - margin] = colors.accent


def _rounded(width: int, height: int, radius: float) -> np.ndarray:
    return draw_svg(f'<rect width="{width}" height="{height}" rx="{radius}" fill="#fff"/>', width, height)[..., 3]


def _panel(picture: np.ndarray, fill: np.ndarray, x: int, y: int, radius: float, unit: float) -> None:
    """Lay a rounded piece with a soft shadow on the image."""
    mask = _rounded(fill.shape[1], fill.shape[0], radius)
    paste_shadow(picture, mask, x, y, blur=18 * unit, drop=round(10 * unit), strength=0.16)
    paste(picture, np.dstack([fill, mask]), x, y)


def _board(picture: np.ndarray, box: tuple[int, int, int, int], subject: Subject, unit: float) -> None:
    """The first subject on the squares that mean "transparent"."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    fill = checkerboard(width, height, round(44 * unit), 255, 241)
    art = subject.scaled(min(width * 0.84 / subject.size[0], height * 0.84 / subject.size[1]))
    paste(fill, art, (width - art.shape[1]) // 2, (height - art.shape[0]) // 2)
    _panel(picture, fill, left, top, 26 * unit, unit)


def _magnifier(
    picture: np.ndarray, box: tuple[int, int, int, int], original: Path, colors: Palette, unit: float
) -> None:
    """A round piece of the print file, pixel for pixel, at the lower right of the board."""
    side = round(380 * unit)
    piece = _telling_piece(original, side)
    if piece is None:
        return
    x, y = box[2] - round(350 * unit), box[3] - side - round(76 * unit)
    ring = draw_svg(f'<circle cx="{side / 2}" cy="{side / 2}" r="{side / 2}" fill="#fff"/>', side, side)[..., 3]
    paste_shadow(picture, ring, x, y, blur=16 * unit, drop=round(9 * unit), strength=0.26)
    paste(picture, np.dstack([np.full((side, side, 3), 255, np.uint8), ring]), x, y)
    inner = round(side - 22 * unit)
    disc = draw_svg(f'<circle cx="{inner / 2}" cy="{inner / 2}" r="{inner / 2}" fill="#fff"/>', inner, inner)[..., 3]
    start = (side - inner) // 2
    cut = piece[start : start + inner, start : start + inner]
    paste(picture, np.dstack([cut, disc]), x + start, y + start)
    text = "ACTUAL PIXELS"
    size, spacing = 21 * unit, 0.16
    line = typeset(text, SANS_SEMIBOLD, size, spacing=spacing)
    tag_w, tag_h = line.width + round(52 * unit), round(50 * unit)
    tag_x, tag_y = x + (side - tag_w) // 2, y + side - round(38 * unit)
    body = f'<rect width="{tag_w}" height="{tag_h}" rx="{tag_h / 2}" fill="{css(colors.ink)}"/>'
    paste(picture, draw_svg(body, tag_w, tag_h), tag_x, tag_y)
    write_line(
        picture, text, SANS_SEMIBOLD, size, colors.panel,
        x=tag_x + tag_w / 2, baseline=tag_y + tag_h / 2 + size * 0.33, spacing=spacing,
    )  # fmt: skip


def _telling_piece(original: Path, side: int) -> np.ndarray | None:
    """The most detailed fully painted square of an image, on squares; None when the image is hardly larger than it."""
    image = open_image(original)
    if min(image.width, image.height) < side * 3:
        return None
    with reading():
        small = to_srgb8(pyvips.Image.thumbnail(str(original), 512, height=512, size="down"))
        rgba = (small if small.hasalpha() else small.addalpha()).numpy()
    scale = image.width / rgba.shape[1]
    window = max(3, round(side / scale))
    gray = cv2.cvtColor(np.ascontiguousarray(rgba[..., :3]), cv2.COLOR_RGB2GRAY).astype(np.float32)
    solid = (rgba[..., 3] > 250).astype(np.float32)
    detail = np.abs(cv2.Laplacian(gray, cv2.CV_32F, ksize=3)) * cv2.erode(solid, np.ones((5, 5), np.uint8))
    score = cv2.boxFilter(np.minimum(detail, 60), -1, (window, window), borderType=cv2.BORDER_CONSTANT)
    score *= cv2.boxFilter(solid, -1, (window, window), borderType=cv2.BORDER_CONSTANT) ** 2
    row, column = (int(v) for v in np.unravel_index(int(score.argmax()), score.shape))
    x = int(np.clip(column * scale - side / 2, 0, image.width - side))
    y = int(np.clip(row * scale - side / 2, 0, image.height - side))
    with reading():
        cut = to_srgb8(open_image(original).crop(x, y, side, side))
        piece = (cut if cut.hasalpha() else cut.addalpha()).numpy()
    under = checkerboard(side, side, max(8, side // 9), 255, 241)
    paste(under, piece, 0, 0)
    return under


def _title_lines(
    picture: np.ndarray, title: str, left: int, width: int, y: float, colors: Palette, unit: float
) -> float:
    """The title at the top of the right column; returns the height at which it ends."""
    lines, size = fit_title(title, width, 260 * unit, 92 * unit)
    step = size * leading(lines, 1.1)
    for index, line in enumerate(lines):
        write_line(picture, line, SERIF_LIGHT, size, colors.ink, x=left, baseline=y + index * step, anchor="start")
    end = y + (len(lines) - 1) * step
    rule = round(end + 46 * unit)
    picture[rule : rule + max(2, round(3 * unit)), left : left + round(110 * unit)] = colors.accent
    return float(rule)


def _facts(
    picture: np.ndarray,
    facts: Sequence[tuple[str, str]],
    span: tuple[int, int],
    room: tuple[float, float],
    colors: Palette,
    unit: float,
) -> None:
    """Pairs of a large word and a small line, one under the other, evenly spread over the height `room`."""
    if not facts:
        return
    left, right = span
    step = min((room[1] - room[0]) / len(facts), 210 * unit)
    shrink = min(1.0, step / (170 * unit))
    y = room[0] + max(0.0, (room[1] - room[0] - step * len(facts)) / 2)
    for word, line in facts:
        middle = y + step / 2
        size = size_for(word, SERIF, right - left, 76 * unit * shrink, 0)
        write_line(picture, word, SERIF, size, colors.ink, x=left, baseline=middle + 8 * unit * shrink, anchor="start")
        fit = size_for(line.upper(), SANS_SEMIBOLD, right - left, 24 * unit * shrink, 0.14)
        base = middle + 54 * unit * shrink
        write_line(
            picture,
            line.upper(),
            SANS_SEMIBOLD,
            fit,
            colors.accent,
            x=left,
            baseline=base,
            spacing=0.14,
            anchor="start",
        )
        y += step


def _swatches(
    picture: np.ndarray, subject: Subject, span: tuple[int, int], bottom: int, colors: Palette, unit: float
) -> float:
    """One subject on four colors, to show that its background is really gone, under a caption; returns where it starts."""
    gap = round(22 * unit)
    wide, tall = (span[1] - span[0] - gap) // 2, round(232 * unit)
    top = bottom - 2 * tall - gap
    write_line(
        picture, "On any background", SERIF_ITALIC, 42 * unit, colors.ink,
        x=span[0], baseline=top - 34 * unit, anchor="start",
    )  # fmt: skip
    for index, color in enumerate(((255, 255, 255), colors.tint, colors.other, colors.ink)):
        row, column = divmod(index, 2)
        fill = np.full((tall, wide, 3), color, np.uint8)
        art = subject.scaled(min(wide * 0.8 / subject.size[0], tall * 0.8 / subject.size[1]))
        paste(fill, art, (wide - art.shape[1]) // 2, (tall - art.shape[0]) // 2)
        _panel(picture, fill, span[0] + column * (wide + gap), top + row * (tall + gap), 18 * unit, unit * 0.6)
    return top - 110 * unit

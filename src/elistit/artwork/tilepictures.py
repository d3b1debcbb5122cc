"""Mockups of seamless tiles: the papers of a set fanned out, and the repeat beside a ruler; and whether an SVG tile repeats.

Shows the tiles as they are, repeated by laying them side by side. It must never blend, shift or scale one tile differently from its
neighbor.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork import renderings, seam
from elistit.artwork.canvas import Palette, Subject, palette_of, paper, paste, paste_shadow, write_line
from elistit.artwork.drawing import NotSvg, parse, view_box
from elistit.artwork.export import open_image, reading, to_srgb8
from elistit.artwork.label import draw_label
from elistit.artwork.mockup import SIZE, _facts, _title_lines, save_picture, spread_pick
from elistit.artwork.props import opaque, turned
from elistit.artwork.typefaces import SANS_SEMIBOLD

PAPERS_MAX = 12
TILE_IN = 12
# Two renderings of one drawing may differ by this much of 255 on average where edges are smoothed differently.
REPEAT_MEAN_MAX = 0.6


def load_tile(path: Path, px: int) -> np.ndarray:
    """A tile at `px` × `px` pixels, RGB uint8. Shrunk with its other side around it, so that it still joins itself. Raises
    ImageBroken."""
    with reading():
        image = to_srgb8(open_image(path))
        flat = (image.flatten(background=255) if image.hasalpha() else image).numpy()[..., :3]
    rim = max(2, flat.shape[0] // 20)
    around = np.pad(flat, ((rim, rim), (rim, rim), (0, 0)), mode="wrap")
    side = around.shape[0]
    # The window is mapped exactly onto whole pixels: areas of one source size, whatever `px` is.
    step = flat.shape[0] / px
    blurred = cv2.GaussianBlur(around, (0, 0), max(0.3, step * 0.45)) if step > 1 else around
    at = ((np.arange(px) + 0.5) * step - 0.5 + rim).astype(np.float32)
    at = np.clip(at, 0, side - 1)
    grid_x, grid_y = np.meshgrid(at, at)
    return cv2.remap(blurred, grid_x, grid_y, cv2.INTER_LINEAR)


def _colors(tiles: Sequence[np.ndarray]) -> Palette:
    return palette_of([Subject(opaque(cv2.resize(t, (64, 64), interpolation=cv2.INTER_AREA)), 1.0) for t in tiles])


def papers(out: Path, *, title: str, subtitle: str, tiles: Sequence[Path], size: tuple[int, int] = SIZE) -> Path:
    """Write the cover: the sheets of the set in rows, a little turned, and a label with the title on them. Raises ValueError
    without tiles."""
    if not tiles:
        raise ValueError("A cover needs at least one tile.")
    width, height = size
    unit = width / 2000
    chosen = spread_pick(list(tiles), PAPERS_MAX)
    side = round((560 if len(chosen) > 8 else 640) * unit)
    sheets = [load_tile(p, side) for p in chosen]
    colors = _colors(sheets)
    picture = paper(width, height, colors.paper)
    columns = 4 if len(chosen) > 8 else 3
    rows = -(-len(sheets) // columns)
    angles = (-4.0, 3.0, -2.0, 4.5, 2.5, -3.5)
    for index, sheet in enumerate(sheets):
        row, column = divmod(index, columns)
        in_row = min(columns, len(sheets) - row * columns)
        x = width * (column + 0.5) / in_row
        y = height * (row + 0.5) / rows
        page = turned(opaque(sheet), angles[index % len(angles)])
        left, top = round(x - page.shape[1] / 2), round(y - page.shape[0] / 2)
        paste_shadow(picture, page[..., 3], left, top, blur=14 * unit, drop=round(10 * unit), strength=0.30)
        paste(picture, page, left, top)
    half_w, half_h = round(470 * unit), round(270 * unit)
    panel = (width // 2 - half_w, height // 2 - half_h, width // 2 + half_w, height // 2 + half_h)
    draw_label(picture, panel, title, subtitle, colors, unit)
    return save_picture(picture, out)


def repeat(
    out: Path, *, title: str, tiles: Sequence[Path], facts: Sequence[tuple[str, str]], size: tuple[int, int] = SIZE
) -> Path:
    """Write the first tile repeated two by two beside a ruler in inches, and the facts. Raises ValueError without tiles."""
    if not tiles:
        raise ValueError("A repeat needs at least one tile.")
    width, height = size
    unit = width / 2000
    side = round(560 * unit)
    tile = load_tile(tiles[0], side)
    colors = _colors([load_tile(p, 64) for p in tiles[:6]])
    picture = paper(width, height, colors.paper)
    left, top = round(130 * unit), round(150 * unit)
    board = np.tile(tile, (2, 2, 1))
    mask = np.full(board.shape[:2], 255, np.uint8)
    paste_shadow(picture, mask, left, top, blur=18 * unit, drop=round(10 * unit), strength=0.22)
    paste(picture, opaque(board), left, top)
    _ruler(picture, left, top + board.shape[0] + round(26 * unit), 2 * side, 2 * TILE_IN, colors, unit)
    right = left + board.shape[1] + round(90 * unit)
    y = _title_lines(picture, title, right, width - right - round(70 * unit), 210 * unit, colors, unit)
    small = round(180 * unit)
    for index, path in enumerate(spread_pick(list(tiles), 3)):
        paste(picture, opaque(load_tile(path, small)), right + index * (small + round(18 * unit)), height - small - top)
    _facts(
        picture,
        facts[:4],
        (right, width - round(70 * unit)),
        (y + 30 * unit, height - small - top - 20 * unit),
        colors,
        unit,
    )
    return save_picture(picture, out)


def _ruler(picture: np.ndarray, left: int, top: int, length: int, inches: int, colors: Palette, unit: float) -> None:
    """A ruler under an image: a mark for every inch, a long one with its number for every tile."""
    thick = max(1, round(2 * unit))
    picture[top : top + thick, left : left + length] = colors.ink
    for inch in range(inches + 1):
        x = left + min(length - thick, round(length * inch / inches))
        tall = round((34 if inch % TILE_IN == 0 else 22 if inch % 6 == 0 else 12) * unit)
        picture[top : top + tall, x : x + thick] = colors.ink
        if inch % 6 == 0:
            words = f"{inch} in"
            write_line(picture, words, SANS_SEMIBOLD, 24 * unit, colors.accent, x=x, baseline=top + 70 * unit)


def repeat_problem(svg: Path, px: int) -> str:
    """Why an SVG tile doesn't repeat; empty when it does: four copies laid side by side must show what a mosaic of one shows, and
    that one must join itself. `px`: the side of the tile it is looked at.

    Rendered by a renderer that shares no code with the one that draws our tiles.
    """
    try:
        text = svg.read_text(encoding="utf-8")
        box = view_box(parse(text.encode()))
    except (OSError, NotSvg) as problem:
        return f"The SVG can’t be read: {problem}"
    if box is None:
        return "The SVG has no view box."
    left, top, wide, high = box
    body = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    one = _rendered(f'viewBox="{left} {top} {wide} {high}" width="{px}" height="{px}"', body)
    copies = "".join(
        f'<svg x="{left + i * wide:g}" y="{top + k * high:g}" width="{wide:g}" height="{high:g}" '
        f'viewBox="{left} {top} {wide} {high}">{body}</svg>'
        for k in range(2)
        for i in range(2)
    )
    four = _rendered(f'viewBox="{left} {top} {2 * wide} {2 * high}" width="{2 * px}" height="{2 * px}"', copies)
    apart = np.abs(four.astype(np.int16) - np.tile(one, (2, 2, 1)).astype(np.int16))
    if float(apart.mean()) > REPEAT_MEAN_MAX:
        return "Tiles of the SVG laid side by side don’t show the pattern."
    return "" if seam.measure_pixels(one).seamless else "The SVG doesn’t join itself at its edges."


def _rendered(attributes: str, body: str) -> np.ndarray:
    pixels = renderings.resvg(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{body}</svg>')
    return np.clip(np.asarray(pixels)[..., :3], 0, 255).astype(np.uint8)


def to_vips(pixels: np.ndarray) -> pyvips.Image:
    """RGB pixels as an image."""
    return pyvips.Image.new_from_array(np.ascontiguousarray(pixels)).copy(interpretation="srgb")

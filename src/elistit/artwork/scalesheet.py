"""The scale sheet of a set of tiles: each at its real size beside a ruler, and as a whole, on US Letter pages.

A buyer sees how large the figures print before cutting a paper. Sizes on the page are exact; it must never be scaled to fit.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from reportlab import rl_config
from reportlab.lib.utils import ImageReader

from elistit.artwork.export import DPI, open_image, reading, to_srgb8
from elistit.artwork.pdftext import Page, draw_line
from elistit.artwork.tilepictures import load_tile, to_vips
from elistit.artwork.typefaces import SANS, SERIF
from elistit.artwork.typesetting import set_line

rl_config.useA85 = 0

PAGE_IN = (8.5, 11.0)
PER_PAGE = 6
# Of each tile this much is shown at its real size, and the whole tile this large beside it.
REAL_IN, WHOLE_IN = 2.5, 1.0
_LEFT, _TOP, _ACROSS, _DOWN = 0.55, 1.25, 3.8, 3.15
_JPEG = 88


def write(tiles: Sequence[Path], names: Sequence[str], folder: Path, stem: str, *, title: str) -> list[Path]:
    """Write the sheets into a folder, a PDF of one page for every `PER_PAGE` tiles: `stem`.pdf, or `stem`-1.pdf and so on. `names` are
    put under the tiles, in their order. Same tiles, same bytes. Raises ValueError without tiles, ImageBroken for one that cannot be
    read."""
    if not tiles or len(tiles) != len(names):
        raise ValueError("A scale sheet needs tiles and a name for each.")
    listed = list(zip(tiles, names, strict=True))
    pages = [listed[k : k + PER_PAGE] for k in range(0, len(listed), PER_PAGE)]
    made = []
    for number, rows in enumerate(pages, start=1):
        out = folder / (f"{stem}.pdf" if len(pages) == 1 else f"{stem}-{number}.pdf")
        _write(out, rows, title, number, len(pages))
        made.append(out)
    return made


def _write(out: Path, rows: Sequence[tuple[Path, str]], title: str, number: int, of: int) -> None:
    part = out.with_name(f".{out.name}.part")
    try:
        page = Page(str(part), pagesize=(PAGE_IN[0] * 72, PAGE_IN[1] * 72), invariant=1, pageCompression=1)
        page.setTitle("Scale sheet")
        page.setAuthor("")
        page.setCreator("Elistit")
        _heading(page, title, number, of)
        for place, (tile, name) in enumerate(rows):
            row, column = divmod(place, 2)
            _entry(page, tile, name, _LEFT + column * _ACROSS, _TOP + row * _DOWN)
        page.showPage()
        page.save()
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def _y(inches: float) -> float:
    return (PAGE_IN[1] - inches) * 72


def _heading(page: Page, title: str, number: int, of: int) -> None:
    page.setFillGray(0.15)
    line = set_line(title, SERIF)
    size = min(20.0, 7.2 * 72 / max(line.width, 0.01))
    draw_line(page, line, size, _LEFT * 72, _y(0.72))
    words = "Large squares are shown at their real size when printed at 100%. Each tile is 12 × 12 in."
    draw_line(page, set_line(words, SANS), 8.5, _LEFT * 72, _y(0.98))
    if of > 1:
        draw_line(page, set_line(f"{number} / {of}", SANS), 8.5, (PAGE_IN[0] - _LEFT - 0.3) * 72, _y(0.72))


def _entry(page: Page, tile: Path, name: str, left: float, top: float) -> None:
    page.drawImage(_piece(tile), left * 72, _y(top + REAL_IN), REAL_IN * 72, REAL_IN * 72)
    page.drawImage(
        _image(load_tile(tile, 300)), (left + REAL_IN + 0.14) * 72, _y(top + WHOLE_IN), WHOLE_IN * 72, WHOLE_IN * 72
    )
    page.setStrokeGray(0.25)
    page.setFillGray(0.25)
    page.setLineWidth(0.5)
    base = top + REAL_IN + 0.05
    page.line(left * 72, _y(base), (left + REAL_IN) * 72, _y(base))
    for eighth in range(int(REAL_IN * 8) + 1):
        x = left + eighth / 8
        tall = 0.11 if eighth % 8 == 0 else 0.07 if eighth % 4 == 0 else 0.04
        page.line(x * 72, _y(base), x * 72, _y(base + tall))
        if eighth % 8 == 0:
            draw_line(page, set_line(str(eighth // 8), SANS), 6.0, x * 72 + 1.5, _y(base + 0.13))
    draw_line(page, set_line("12 in", SANS), 6.5, (left + REAL_IN + 0.14) * 72, _y(top + WHOLE_IN + 0.12))
    line = set_line(name, SANS)
    size = min(8.5, (REAL_IN + WHOLE_IN) * 72 / max(line.width, 0.01))
    draw_line(page, line, size, left * 72, _y(base + 0.31))


def _piece(tile: Path) -> ImageReader:
    """The middle of a tile as it prints, pixel for pixel."""
    image = open_image(tile)
    side = min(round(REAL_IN * DPI), image.width, image.height)
    with reading():
        flat = to_srgb8(image)
        flat = flat.flatten(background=255) if flat.hasalpha() else flat
        return _image(flat.crop((flat.width - side) // 2, (flat.height - side) // 2, side, side).numpy())


def _image(pixels: np.ndarray) -> ImageReader:
    return ImageReader(io.BytesIO(to_vips(pixels[..., :3]).jpegsave_buffer(Q=_JPEG, subsample_mode="off")))

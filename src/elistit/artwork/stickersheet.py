"""Print sheets of stickers on home paper: as many as fit, evenly spread, with the lines to cut along.

The PDF is for printing (cut lines as real curves in the spot color cutting software looks for), the PNG for programs that
take an image, the SVG holds the cut lines alone in the same place. It must never let two stickers touch or leave the
part of the page a home printer can reach.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips
from reportlab import rl_config
from reportlab.lib.colors import CMYKColorSep
from reportlab.lib.utils import ImageReader

from elistit.artwork import svgpath
from elistit.artwork.canvas import paste
from elistit.artwork.export import DPI, open_image, reading, to_srgb8, write_png
from elistit.artwork.pdftext import Page
from elistit.artwork.sticker import CUT_COLOR, CUT_LINE_ID, read_cut_line, write_text

rl_config.useA85 = 0

# Width and height in inches.
PAPERS = {"letter": (8.5, 11.0), "a4": (8.2677, 11.6929)}
MARGIN_IN = 0.5
GAP_IN = 0.16
# Sizes tried, longest side in inches: the largest with which all fit on one sheet, else the last on several.
SIZES_IN = (3.0, 2.75, 2.5, 2.25, 2.0)
_LINE_GRAY = 178


@dataclass(frozen=True)
class Sheet:
    """One page: its files, how many stickers are on it, and their longest side in inches."""

    pdf: Path
    png: Path
    svg: Path
    count: int
    longest_in: float


@dataclass(frozen=True)
class _Sticker:
    png: Path
    cut: str
    width: int
    height: int

    def size(self, longest: float) -> tuple[float, float]:
        """Width and height in inches at a longest side."""
        most = max(self.width, self.height)
        return self.width / most * longest, self.height / most * longest


@dataclass(frozen=True)
class _Place:
    sticker: _Sticker
    x: float
    y: float
    width: float
    height: float


def print_sheets(
    stickers: Sequence[tuple[Path, Path]], out_dir: Path, *, paper: str = "letter", longest_in: float | None = None
) -> list[Sheet]:
    """Write `sticker-sheet-1.pdf`, `.png` and `-cut.svg`, and so on, into `out_dir`; as many sheets as are needed.

    `stickers`: pairs of the PNG and cut line that `kiss_cut` wrote. `paper`: `letter` or `a4`. `longest_in`: the longest
    side of every sticker in inches, by default the largest of `SIZES_IN` with which one sheet is enough. The PNG has
    300 DPI. Same stickers, same bytes. Raises ValueError for no stickers, an unknown paper or a size no sheet takes,
    ImageBroken for a sticker that cannot be read.
    """
    if paper not in PAPERS:
        raise ValueError("Sheets can be made for US Letter or A4 paper.")
    if not stickers:
        raise ValueError("A print sheet needs at least one sticker.")
    loaded = []
    for png, svg in stickers:
        image = open_image(png)
        loaded.append(_Sticker(png, read_cut_line(svg), image.width, image.height))
    room = (PAPERS[paper][0] - 2 * MARGIN_IN, PAPERS[paper][1] - 2 * MARGIN_IN)
    if longest_in is not None and not 0.5 <= longest_in <= min(room):
        raise ValueError(f"Stickers on this paper can be 0.5 to {min(room):.1f} inches on their longest side.")
    sizes = [longest_in] if longest_in is not None else list(SIZES_IN)
    for size in sizes:
        pages = _pages(loaded, size, room)
        if len(pages) == 1:
            break
    out_dir.mkdir(parents=True, exist_ok=True)
    return [_write(page, number, out_dir, PAPERS[paper], size) for number, page in enumerate(pages, start=1)]


def _pages(stickers: list[_Sticker], longest: float, room: tuple[float, float]) -> list[list[list[_Sticker]]]:
    """Stickers in rows, rows on pages: tallest first, each into the first row with space for it."""
    order = sorted(range(len(stickers)), key=lambda i: (-stickers[i].size(longest)[1], i))
    rows: list[list[_Sticker]] = []
    for index in order:
        width = stickers[index].size(longest)[0]
        for row in rows:
            if sum(s.size(longest)[0] + GAP_IN for s in row) + width <= room[0]:
                row.append(stickers[index])
                break
        else:
            rows.append([stickers[index]])
    rows = _balanced([stickers[i] for i in order], len(rows), longest, room[0]) or rows
    pages: list[list[list[_Sticker]]] = []
    for row in rows:
        height = max(s.size(longest)[1] for s in row)
        for page in pages:
            if sum(max(s.size(longest)[1] for s in r) + GAP_IN for r in page) + height <= room[1]:
                page.append(row)
                break
        else:
            pages.append([row])
    return pages


def _balanced(order: list[_Sticker], count: int, longest: float, room: float) -> list[list[_Sticker]] | None:
    """The same number of rows with as equal a number in each as can be; None when one would be too wide."""
    rows = [order[len(order) * n // count : len(order) * (n + 1) // count] for n in range(count)]
    widths = [sum(s.size(longest)[0] + GAP_IN for s in row) - GAP_IN for row in rows]
    return rows if max(widths) <= room else None


def _places(rows: list[list[_Sticker]], longest: float, paper: tuple[float, float]) -> list[_Place]:
    """Where everything goes, in inches from the top left: rows and columns share the space that is left."""
    room = (paper[0] - 2 * MARGIN_IN, paper[1] - 2 * MARGIN_IN)
    heights = [max(s.size(longest)[1] for s in row) for row in rows]
    # A page that is half empty keeps its rows together at the top instead of scattering them.
    down = min((room[1] - sum(heights)) / (len(rows) + 1), 0.55) if len(rows) > 1 else 0.0
    found = []
    y = MARGIN_IN + (max(0.0, room[1] - sum(heights) - down * (len(rows) - 1)) / 2 if down < 0.55 else 0.0)
    for row, height in zip(rows, heights, strict=True):
        sizes = [s.size(longest) for s in row]
        across = (room[0] - sum(w for w, _ in sizes)) / (len(row) + 1)
        x = MARGIN_IN + across
        for sticker, (w, h) in zip(row, sizes, strict=True):
            found.append(_Place(sticker, x, y + (height - h) / 2, w, h))
            x += w + across
        y += height + down
    return found


def _write(rows: list[list[_Sticker]], number: int, out_dir: Path, paper: tuple[float, float], longest: float) -> Sheet:
    stem = f"sticker-sheet-{number}"
    sheet = Sheet(
        out_dir / f"{stem}.pdf",
        out_dir / f"{stem}.png",
        out_dir / f"{stem}-cut.svg",
        sum(len(r) for r in rows),
        longest,
    )
    places = _places(rows, longest, paper)
    pictures = [_picture(p) for p in places]
    _write_pdf(places, pictures, sheet.pdf, paper)
    _write_png(places, pictures, sheet.png, paper)
    _write_svg(places, sheet.svg, paper)
    return sheet


def _picture(place: _Place) -> np.ndarray:
    """The sticker at its printed size in 300 DPI pixels, RGBA."""
    width, height = round(place.width * DPI), round(place.height * DPI)
    with reading():
        image = pyvips.Image.thumbnail(str(place.sticker.png), width, height=height, size="force", fail_on="truncated")
        return to_srgb8(image).numpy()


def _write_pdf(places: list[_Place], pictures: list[np.ndarray], out: Path, paper: tuple[float, float]) -> None:
    part = out.with_name(f".{out.name}.part")
    try:
        page = Page(
            str(part), pagesize=(paper[0] * 72, paper[1] * 72), invariant=1, pageCompression=1, pdfVersion=(1, 4)
        )
        page.setTitle("Sticker sheet")
        page.setAuthor("")
        page.setCreator("Elistit")
        for place, picture in zip(places, pictures, strict=True):
            below = (paper[1] - place.y - place.height) * 72
            page.drawImage(_on_white(picture), place.x * 72, below, place.width * 72, place.height * 72)
        page.setStrokeColor(CMYKColorSep(0, 1, 0, 0, spotName=CUT_LINE_ID))
        page.setLineWidth(0.25)
        for place in places:
            _cut_on_page(page, place, paper)
        page.showPage()
        page.save()
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def _on_white(picture: np.ndarray) -> ImageReader:
    """The sticker on the white of the paper as a JPEG: a tenth of the bytes of one with transparency, same print."""
    flat = np.full((*picture.shape[:2], 3), 255, np.uint8)
    paste(flat, picture, 0, 0)
    image = pyvips.Image.new_from_array(flat, interpretation="srgb")
    data = image.jpegsave_buffer(Q=94, subsample_mode="off", optimize_coding=True, keep="none")
    reader = ImageReader(io.BytesIO(data))
    reader.identity = lambda: hashlib.sha256(data).hexdigest()
    return reader


def _cut_on_page(page: Page, place: _Place, paper: tuple[float, float]) -> None:
    scale = place.width * 72 / place.sticker.width
    matrix = (scale, 0.0, 0.0, -scale, place.x * 72, (paper[1] - place.y) * 72)
    path = page.beginPath()
    for subpath in svgpath.parse_path(place.sticker.cut):
        moved = subpath.moved(matrix)
        path.moveTo(*moved.start)
        for a, b, end in moved.curves:
            path.curveTo(*a, *b, *end)
        path.close()
    page.drawPath(path, stroke=1, fill=0)


def _write_png(places: list[_Place], pictures: list[np.ndarray], out: Path, paper: tuple[float, float]) -> None:
    """The page as an image on white, with a thin gray line to cut along by hand."""
    width, height = round(paper[0] * DPI), round(paper[1] * DPI)
    canvas = np.full((height, width, 3), 255, np.uint8)
    for place, picture in zip(places, pictures, strict=True):
        paste(canvas, picture, round(place.x * DPI), round(place.y * DPI))
    lines = pyvips.Image.svgload_buffer(
        _lines(places, width, height, DPI, f"rgb({_LINE_GRAY},{_LINE_GRAY},{_LINE_GRAY})", 2.0).encode()
    )
    paste(canvas, lines.numpy(), 0, 0)
    write_png(pyvips.Image.new_from_array(canvas, interpretation="srgb"), out)


def _write_svg(places: list[_Place], out: Path, paper: tuple[float, float]) -> None:
    width, height = paper[0] * DPI, paper[1] * DPI
    svg = _lines(places, width, height, DPI, CUT_COLOR, 1.0)
    size = f'width="{paper[0]:.4f}in" height="{paper[1]:.4f}in" viewBox'
    write_text(out, svg.replace("viewBox", size, 1) + "\n")


def _lines(places: list[_Place], width: float, height: float, dpi: int, color: str, stroke: float) -> str:
    """All cut lines of the page as one SVG in pixels at `dpi`."""
    groups = []
    for number, place in enumerate(places, start=1):
        scale = place.width * dpi / place.sticker.width
        matrix = (scale, 0.0, 0.0, scale, place.x * dpi, place.y * dpi)
        data = ""
        for subpath in svgpath.parse_path(place.sticker.cut):
            moved = subpath.moved(matrix)
            data += "M{:.2f} {:.2f}".format(*moved.start)
            data += "".join("C" + " ".join(f"{x:.2f} {y:.2f}" for x, y in curve) for curve in moved.curves) + "Z"
        groups.append(f'<path id="{CUT_LINE_ID}-{number}" d="{data}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f'<g id="{CUT_LINE_ID}" fill="none" stroke="{color}" stroke-width="{stroke:g}">{"".join(groups)}</g></svg>'
    )

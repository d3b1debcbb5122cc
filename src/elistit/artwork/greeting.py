"""A folded 5 × 7 in greeting card, ready for home printing or a print shop.

Two landscape sheets: outside (back and front) and inside. The art runs to the bleed on the three cut sides of the front
and ends at the fold; text stays clear of every edge. Page boxes say where to trim, and the file follows PDF/X-4
(`prepress`). The art is an image at 300 DPI; all words are letters, not pixels. It must never print over the fold.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips
from reportlab import rl_config
from reportlab.lib.colors import Color as Ink
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from elistit import names
from elistit.artwork import cardtext, crop, prepress
from elistit.artwork.blocks import Block
from elistit.artwork.canvas import Color, Palette, load_subject, palette_of, paste, write_line
from elistit.artwork.cardtext import PANEL
from elistit.artwork.export import DPI, write_png
from elistit.artwork.pdftext import Page, draw_line
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF_ITALIC, SERIF_LIGHT, Face
from elistit.artwork.typesetting import set_line

rl_config.useA85 = 0

# Everything below in inches. The page is US Letter, which also prints on A4 without loss.
BLEED = 0.125
PAGE = (11.0, 8.5)
_MARK, _MARK_GAP = 0.2, 0.06
_SAFE = cardtext.SAFE
_POINTS = cardtext.POINTS
# The lower end of the caption's room above the lower edge.
_CAPTION_FOOT = 0.45
LAYOUTS = ("full", "captioned")
WORDS_MAX, MESSAGE_MAX = 60, 400


@dataclass(frozen=True)
class Words:
    """What is printed: `front` on the front (captioned layout), `inside` the message on the right, `left` a small line
    on the inside left, `back` a small line on the back. Any of them may be empty."""

    front: str = ""
    inside: str = ""
    left: str = ""
    back: str = ""


def greeting_card(
    art: Path, out_pdf: Path, out_png: Path, *, title: str, words: Words | None = None, layout: str = "full"
) -> tuple[int, int]:
    """Write the print-ready PDF (two pages) and the front as a PNG of 1500 × 2100 px at 300 DPI; the PNG's size.

    `layout`: `full` prints the art over the whole front; `captioned` sets it in paper color above `words.front`. An image
    with transparency always lies on paper. Trim 10 × 7 in, bleed 0.125 in, in TrimBox and BleedBox. Same input, same bytes.
    Raises ImageBroken for a bad image, ValueError for an unknown layout or words that are too long, do not fit or cannot
    be set (`cardtext`).
    """
    words = words or Words()
    if layout not in LAYOUTS:
        raise ValueError("The layout of a card is full or captioned.")
    if len(words.front) > WORDS_MAX or max(len(words.inside), len(words.left), len(words.back)) > MESSAGE_MAX:
        raise ValueError(f"A card takes {WORDS_MAX} characters on the front and {MESSAGE_MAX} inside.")
    blocks = _Blocks(words)
    colors = palette_of([load_subject(art, 320)])
    front, tinted = _front(art, bool(words.front), layout, colors)
    _write_front(front, blocks.front, colors, out_png)
    part = out_pdf.with_name(f".{out_pdf.name}.part")
    try:
        sheet = Page(str(part), pagesize=_points(PAGE), invariant=1, pageCompression=1, lang="en-US", pdfVersion=(1, 4))
        sheet.setTitle(names.one_line(title) or "Greeting card")
        sheet.setAuthor("")
        sheet.setCreator("Elistit")
        _outside(sheet, front, blocks, colors, tinted)
        _inside(sheet, blocks, colors)
        sheet.save()
        prepress.make_print_ready(part)
        os.replace(part, out_pdf)
    finally:
        part.unlink(missing_ok=True)
    return round(PANEL[0] * DPI), round(PANEL[1] * DPI)


class _Blocks:
    """The words of a card as they are set. Raises CannotSet, DoesNotFit."""

    def __init__(self, words: Words) -> None:
        nothing = Block((), 0.0, 0.0)
        self.front = cardtext.front(words.front) if words.front.strip() else nothing
        self.inside = cardtext.inside(words.inside) if words.inside.strip() else nothing
        self.left = cardtext.left(words.left) if words.left.strip() else nothing
        self.back = cardtext.back(words.back) if words.back.strip() else nothing


def _write_front(front: np.ndarray, caption: Block, colors: Palette, out: Path) -> None:
    """The front as the buyer sees it, its words included, trimmed."""
    shown = front.copy()
    scale = DPI / _POINTS
    below = front.shape[0] - round(BLEED * DPI)
    for index, line in enumerate(caption.lines):
        baseline = below - (_caption_baseline(caption) - index * caption.step) * scale
        write_line(
            shown, line.text, SERIF_LIGHT, caption.size * scale, colors.ink,
            x=PANEL[0] * DPI / 2, baseline=baseline, spacing=0.01, rtl=line.rtl,
        )  # fmt: skip
    trimmed = shown[round(BLEED * DPI) : round((BLEED + PANEL[1]) * DPI), : round(PANEL[0] * DPI)]
    write_png(pyvips.Image.new_from_array(np.ascontiguousarray(trimmed), interpretation="srgb"), out, DPI)


def _caption_baseline(caption: Block) -> float:
    """How far the first line of the caption stands above the lower edge of the trimmed front, in points: its ink is
    centered in its room."""
    above, _ = caption.ink
    middle = (_CAPTION_FOOT + cardtext.CAPTION_IN / 2) * _POINTS
    return middle + caption.height / 2 - above


def _points(size: tuple[float, float]) -> tuple[float, float]:
    return size[0] * _POINTS, size[1] * _POINTS


def _front(art: Path, words: bool, layout: str, colors: Palette) -> tuple[np.ndarray, bool]:
    """The front panel without its words, with bleed at top, right and bottom, at 300 DPI, RGB; and whether it lies on
    paper color. `words`: whether room is left for a caption."""
    width, height = round((PANEL[0] + BLEED) * DPI), round((PANEL[1] + 2 * BLEED) * DPI)
    subject = load_subject(art, 2600)
    see_through = subject.cover < 0.97 or int(subject.rgba[..., 3].min()) < 255
    if layout == "full" and not see_through and not words:
        return crop.fitted(art, width, height), False
    panel = np.empty((height, width, 3), np.uint8)
    panel[:] = colors.panel
    box = _art_box(width, height, words)
    if see_through:
        scale = min((box[2] - box[0]) / subject.size[0], (box[3] - box[1]) / subject.size[1])
        picture = subject.scaled(scale)
        paste(
            panel, picture,
            (box[0] + box[2] - picture.shape[1]) // 2, (box[1] + box[3] - picture.shape[0]) // 2,
        )  # fmt: skip
    else:
        # Whole, in its own proportions: a caption needs room, but not at the cost of the image.
        scale = min((box[2] - box[0]) / subject.size[0], (box[3] - box[1]) / subject.size[1])
        across, down = round(subject.size[0] * scale), round(subject.size[1] * scale)
        left, top = (box[0] + box[2] - across) // 2, (box[1] + box[3] - down) // 2
        panel[top : top + down, left : left + across] = crop.fitted(art, across, down)
    return panel, True


def _art_box(width: int, height: int, words: bool) -> tuple[int, int, int, int]:
    """Where the art goes when it does not fill the front: left, top, right, bottom, centered on the trimmed panel."""
    edge, bleed = round(_SAFE * DPI), round(BLEED * DPI)
    right = round(PANEL[0] * DPI) - edge
    bottom = height - bleed - (round((_CAPTION_FOOT + cardtext.CAPTION_IN) * DPI) if words else edge)
    return edge, bleed + edge, right, bottom


def inside_picture(words: Words, art: Path, width: int) -> np.ndarray:
    """The open card's inside as an image `width` pixels wide, RGB, for showing it: set as it is printed. Raises ImageBroken,
    ValueError for words that do not fit or cannot be set."""
    height = round(width * PANEL[1] / (2 * PANEL[0]))
    colors = palette_of([load_subject(art, 320)])
    sheet = np.full((height, width, 3), 254, np.uint8)
    blocks, scale = _Blocks(words), width / (2 * PANEL[0] * _POINTS)
    for block, middle in ((blocks.inside, 0.75), (blocks.left, 0.25)):
        for line, below in zip(block.lines, _baselines(block), strict=True):
            write_line(
                sheet, line.text, SERIF_ITALIC, block.size * scale, colors.ink,
                x=width * middle, baseline=height / 2 - below * scale, rtl=line.rtl,
            )  # fmt: skip
    return sheet


def _baselines(block: Block) -> list[float]:
    """How far above the middle of its space each line of a block stands, in points: the ink is centered."""
    above, _ = block.ink
    return [block.height / 2 - above - index * block.step for index in range(len(block.lines))]


def _outside(sheet: Canvas, front: np.ndarray, blocks: _Blocks, colors: Palette, tinted: bool) -> None:
    left, bottom = _trim_corner()
    _boxes(sheet, left, bottom)
    if tinted:
        # The back gets the front's paper color, or the fold would show as a line between cream and white.
        sheet.setFillColor(_ink(colors.panel))
        corner = ((left - BLEED) * _POINTS, (bottom - BLEED) * _POINTS)
        sheet.rect(*corner, (PANEL[0] + BLEED) * _POINTS, (PANEL[1] + 2 * BLEED) * _POINTS, stroke=0, fill=1)
    image = pyvips.Image.new_from_array(np.ascontiguousarray(front), interpretation="srgb")
    data = image.jpegsave_buffer(Q=95, subsample_mode="off", optimize_coding=True, profile="srgb", keep="icc")
    reader = ImageReader(io.BytesIO(data))
    reader.identity = lambda: hashlib.sha256(data).hexdigest()
    fold = (left + PANEL[0]) * _POINTS
    sheet.drawImage(
        reader, fold, (bottom - BLEED) * _POINTS, (PANEL[0] + BLEED) * _POINTS, (PANEL[1] + 2 * BLEED) * _POINTS
    )
    caption, back = blocks.front, blocks.back
    sheet.setFillColor(_ink(colors.ink))
    for index, line in enumerate(caption.lines):
        y = bottom * _POINTS + _caption_baseline(caption) - index * caption.step
        draw_line(sheet, line, caption.size, fold + PANEL[0] * _POINTS / 2, y, "middle")
    sheet.setFillColor(_ink(colors.accent))
    for index, line in enumerate(back.lines):
        y = (bottom + 0.55) * _POINTS + (len(back.lines) - 1 - index) * back.step
        draw_line(sheet, line, back.size, (left + PANEL[0] / 2) * _POINTS, y, "middle")
    _marks(sheet, left, bottom, "Outside: back and front")
    sheet.showPage()


def _inside(sheet: Canvas, blocks: _Blocks, colors: Palette) -> None:
    left, bottom = _trim_corner()
    _boxes(sheet, left, bottom)
    _message(sheet, blocks.inside, left + PANEL[0] * 1.5, bottom + PANEL[1] / 2, colors)
    _message(sheet, blocks.left, left + PANEL[0] / 2, bottom + PANEL[1] / 2, colors)
    _marks(sheet, left, bottom, "Inside: left and right")
    sheet.showPage()


def _message(sheet: Canvas, block: Block, x: float, y: float, colors: Palette) -> None:
    """Centered lines around (x, y) in inches."""
    sheet.setFillColor(_ink(colors.ink))
    for line, above in zip(block.lines, _baselines(block), strict=True):
        draw_line(sheet, line, block.size, x * _POINTS, y * _POINTS + above, "middle")


def _ink(color: Color) -> Ink:
    return Ink(*(v / 255 for v in color))


def _trim_corner() -> tuple[float, float]:
    return (PAGE[0] - 2 * PANEL[0]) / 2, (PAGE[1] - PANEL[1]) / 2


def _boxes(sheet: Canvas, left: float, bottom: float) -> None:
    trim = [left, bottom, left + 2 * PANEL[0], bottom + PANEL[1]]
    bleed = [trim[0] - BLEED, trim[1] - BLEED, trim[2] + BLEED, trim[3] + BLEED]
    sheet.setTrimBox([v * _POINTS for v in trim])
    sheet.setBleedBox([v * _POINTS for v in bleed])


def _marks(sheet: Canvas, left: float, bottom: float, label: str) -> None:
    """Trim marks at the corners and dashed fold marks at the middle, all outside the bleed; the sheet's name below."""
    right, top, fold = left + 2 * PANEL[0], bottom + PANEL[1], left + PANEL[0]
    away, reach = BLEED + _MARK_GAP, BLEED + _MARK_GAP + _MARK
    sheet.setStrokeColor(Ink(0.2, 0.2, 0.2))
    sheet.setLineWidth(0.4)
    sheet.setDash()

    def line(x1: float, y1: float, x2: float, y2: float) -> None:
        sheet.line(x1 * _POINTS, y1 * _POINTS, x2 * _POINTS, y2 * _POINTS)

    for x, way in ((left, -1), (right, 1)):
        for y, rise in ((bottom, -1), (top, 1)):
            line(x + way * away, y, x + way * reach, y)
            line(x, y + rise * away, x, y + rise * reach)
    sheet.setDash(2.5, 2)
    line(fold, bottom - away, fold, bottom - reach)
    line(fold, top + away, fold, top + reach)
    sheet.setDash()
    sheet.setFillColor(Ink(0.35, 0.35, 0.35))
    _label(sheet, label, SANS_SEMIBOLD, fold * _POINTS - 14, (bottom - reach) * _POINTS, before=True)
    _label(sheet, "Fold here", SANS_SEMIBOLD, fold * _POINTS + 14, (bottom - reach) * _POINTS)


def _label(sheet: Canvas, text: str, face: Face, x: float, y: float, *, before: bool = False) -> None:
    """A small word on the margin of the sheet, starting or ending (`before`) at x."""
    size, line = 6.5, set_line(text, face)
    draw_line(sheet, line, size, x - line.width * size if before else x, y)

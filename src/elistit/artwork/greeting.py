"""A folded 5 × 7 in greeting card, ready for home printing or a print shop.

Two landscape sheets: outside (back and front) and inside. The art runs to the bleed on the three cut sides of the front
and ends at the fold; text stays clear of every edge. Page boxes say where to trim. It must never print over the fold.
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
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from elistit.artwork import crop, typefaces
from elistit.artwork.canvas import Color, Palette, load_subject, palette_of, paste, write_line
from elistit.artwork.card import plain_text, register_fonts, wrap_text
from elistit.artwork.export import DPI, write_png
from elistit.artwork.label import fit_title
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF_ITALIC, SERIF_LIGHT, typeset

rl_config.useA85 = 0

# Everything below in inches. The page is US Letter, which also prints on A4 without loss.
PANEL = (5.0, 7.0)
BLEED = 0.125
PAGE = (11.0, 8.5)
_MARK, _MARK_GAP = 0.2, 0.06
_SAFE = 0.5
_POINTS = 72.0
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

    `layout`: `full` prints the art over the whole front; `captioned` sets it in paper color above `words.front`. A picture
    with transparency always lies on paper. Trim 10 × 7 in, bleed 0.125 in, in TrimBox and BleedBox. Same input, same bytes.
    Raises ImageBroken for a bad picture, ValueError for an unknown layout or words that are too long.
    """
    words = words or Words()
    if layout not in LAYOUTS:
        raise ValueError("The layout of a card is full or captioned.")
    if len(words.front) > WORDS_MAX or max(len(words.inside), len(words.left), len(words.back)) > MESSAGE_MAX:
        raise ValueError(f"A card takes {WORDS_MAX} characters on the front and {MESSAGE_MAX} inside.")
    register_fonts()
    colors = palette_of([load_subject(art, 320)])
    front, tinted = _front(art, words.front, layout, colors)
    trimmed = front[round(BLEED * DPI) : round((BLEED + PANEL[1]) * DPI), : round(PANEL[0] * DPI)]
    write_png(pyvips.Image.new_from_array(np.ascontiguousarray(trimmed), interpretation="srgb"), out_png, DPI)
    part = out_pdf.with_name(f".{out_pdf.name}.part")
    try:
        sheet = Canvas(
            str(part), pagesize=_points(PAGE), invariant=1, pageCompression=1, lang="en-US", pdfVersion=(1, 4)
        )
        sheet.setTitle(plain_text(title, typefaces.SERIF) or "Greeting card")
        sheet.setAuthor("")
        sheet.setCreator("Elistit")
        _outside(sheet, front, words.back, colors, tinted)
        _inside(sheet, words, colors)
        sheet.save()
        os.replace(part, out_pdf)
    finally:
        part.unlink(missing_ok=True)
    return trimmed.shape[1], trimmed.shape[0]


def _points(size: tuple[float, float]) -> tuple[float, float]:
    return size[0] * _POINTS, size[1] * _POINTS


def _front(art: Path, words: str, layout: str, colors: Palette) -> tuple[np.ndarray, bool]:
    """The front panel with bleed at top, right and bottom, at 300 DPI, RGB; and whether it lies on paper color."""
    width, height = round((PANEL[0] + BLEED) * DPI), round((PANEL[1] + 2 * BLEED) * DPI)
    subject = load_subject(art, 2600)
    see_through = subject.cover < 0.97 or int(subject.rgba[..., 3].min()) < 255
    if layout == "full" and not see_through and not words:
        return crop.fitted(art, width, height), False
    panel = np.empty((height, width, 3), np.uint8)
    panel[:] = colors.panel
    box = _art_box(width, height, bool(words))
    if see_through:
        scale = min((box[2] - box[0]) / subject.size[0], (box[3] - box[1]) / subject.size[1])
        picture = subject.scaled(scale)
        paste(
            panel, picture,
            (box[0] + box[2] - picture.shape[1]) // 2, (box[1] + box[3] - picture.shape[0]) // 2,
        )  # fmt: skip
    else:
        # Whole, in its own proportions: a caption needs room, but not at the cost of the picture.
        scale = min((box[2] - box[0]) / subject.size[0], (box[3] - box[1]) / subject.size[1])
        across, down = round(subject.size[0] * scale), round(subject.size[1] * scale)
        left, top = (box[0] + box[2] - across) // 2, (box[1] + box[3] - down) // 2
        panel[top : top + down, left : left + across] = crop.fitted(art, across, down)
    if words:
        _front_words(panel, words, box[3], colors)
    return panel, True


def _art_box(width: int, height: int, words: bool) -> tuple[int, int, int, int]:
    """Where the art goes when it does not fill the front: left, top, right, bottom, centered on the trimmed panel."""
    edge, bleed = round(_SAFE * DPI), round(BLEED * DPI)
    right = round(PANEL[0] * DPI) - edge
    bottom = height - bleed - (round(1.75 * DPI) if words else edge)
    return edge, bleed + edge, right, bottom


def inside_picture(words: Words, art: Path, width: int) -> np.ndarray:
    """The open card's inside as a picture `width` pixels wide, RGB, for showing it. Raises ImageBroken."""
    height = round(width * PANEL[1] / (2 * PANEL[0]))
    colors = palette_of([load_subject(art, 320)])
    sheet = np.full((height, width, 3), 254, np.uint8)
    lines = [line.strip() for line in words.inside.splitlines()]
    longest = max((typeset(line, SERIF_ITALIC, 100).width for line in lines if line), default=1)
    size = min(0.034 * width, 100 * width * 0.38 / longest, height * 0.7 / max(1, len(lines)) / 1.55)
    top = height / 2 - (len(lines) - 1) * size * 1.55 / 2 + size * 0.3
    for index, line in enumerate(lines):
        baseline = top + index * size * 1.55
        write_line(sheet, line, SERIF_ITALIC, size, colors.ink, x=width * 0.75, baseline=baseline)
    return sheet


def _front_words(panel: np.ndarray, words: str, below: int, colors: Palette) -> None:
    middle, bleed = PANEL[0] * DPI / 2, round(BLEED * DPI)
    room = panel.shape[0] - bleed - round(0.45 * DPI) - below
    lines, size = fit_title(words, (PANEL[0] - 1.1) * DPI, room * 0.62, 170)
    step = size * 1.08
    first = below + (room - (len(lines) - 1) * step + size * 0.66) / 2
    for index, line in enumerate(lines):
        write_line(panel, line, SERIF_LIGHT, size, colors.ink, x=middle, baseline=first + index * step, spacing=0.01)


def _outside(sheet: Canvas, front: np.ndarray, back: str, colors: Palette, tinted: bool) -> None:
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
    if back.strip():
        size = 8.0
        lines = wrap_text(back, typefaces.SANS, size, 3.4 * _POINTS)[:3]
        sheet.setFillColor(_ink(colors.accent))
        sheet.setFont(typefaces.SANS.code, size)
        for index, line in enumerate(lines):
            y = (bottom + 0.55) * _POINTS + (len(lines) - 1 - index) * size * 1.4
            sheet.drawCentredString((left + PANEL[0] / 2) * _POINTS, y, line)
    _marks(sheet, left, bottom, "Outside: back and front")
    sheet.showPage()


def _inside(sheet: Canvas, words: Words, colors: Palette) -> None:
    left, bottom = _trim_corner()
    _boxes(sheet, left, bottom)
    _message(sheet, words.inside, left + PANEL[0] * 1.5, bottom + PANEL[1] / 2, colors, 17.0)
    _message(sheet, words.left, left + PANEL[0] / 2, bottom + PANEL[1] / 2, colors, 11.0)
    _marks(sheet, left, bottom, "Inside: left and right")
    sheet.showPage()


def _message(sheet: Canvas, text: str, x: float, y: float, colors: Palette, largest: float) -> None:
    """Centered lines around (x, y) in inches, as large as fit the panel's safe part."""
    paragraphs = [p.strip() for p in text.splitlines()]
    if not any(paragraphs):
        return
    face = SERIF_ITALIC
    size = largest
    while True:
        lines = [line for p in paragraphs for line in (wrap_text(p, face, size, (PANEL[0] - 1.5) * _POINTS) or [""])]
        if len(lines) * size * 1.55 <= (PANEL[1] - 2.2) * _POINTS or size <= 7:
            break
        size -= 0.5
    step = size * 1.55
    top = y * _POINTS + (len(lines) - 1) * step / 2 - size * 0.3
    sheet.setFillColor(_ink(colors.ink))
    sheet.setFont(face.code, size)
    for index, line in enumerate(lines):
        sheet.drawCentredString(x * _POINTS, top - index * step, line)


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
    sheet.setFont(SANS_SEMIBOLD.code, 6.5)
    width = pdfmetrics.stringWidth(label, SANS_SEMIBOLD.code, 6.5)
    sheet.drawString(fold * _POINTS - width - 14, (bottom - reach) * _POINTS, label)
    sheet.drawString(fold * _POINTS + 14, (bottom - reach) * _POINTS, "Fold here")

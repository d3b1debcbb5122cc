"""product-card.pdf: the page the buyer opens first, saying what they bought, what they may do with it and how to unpack it.

US Letter portrait with margins that also print on A4, real selectable text in embedded fonts, and no date inside, so the
same card is always the same file. It must never promise anything that is not among its arguments.
"""

from __future__ import annotations

import hashlib
import html
import io
import math
import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pyvips
from reportlab import rl_config
from reportlab.lib.colors import Color as Ink
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)

from elistit import names
from elistit.artwork import blocks, typefaces, typesetting
from elistit.artwork.canvas import Color, Palette, Subject, load_subject, palette_of, paste
from elistit.artwork.pdftext import draw_line, register_fonts
from elistit.artwork.typefaces import Face
from elistit.artwork.typesetting import SetLine

# Binary streams instead of ASCII: a quarter smaller, and the JPEG bytes go in unchanged.
rl_config.useA85 = 0

PAGE = LETTER
MARGIN = 56.0
_THUMB_PX_PER_POINT = 2.6
_COLUMN_TEXT = 380.0
# What stands on the card of a title that cannot be set.
TITLE = "Product card"


def product_card(
    out_pdf: Path,
    *,
    title: str,
    thumbnails: Sequence[Path],
    facts: Sequence[tuple[str, str]],
    licence: str,
    how_to: Sequence[str],
    link: str | None = None,
) -> Path:
    """Write the card and return its path. The file appears whole or not at all; the same arguments give the same bytes.

    `thumbnails`: the images of the package, previews will do; all are shown, up to 100 on one page. `facts`: pairs of
    label and value ("Size", "4096 × 4096 px"). `licence`: paragraphs separated by blank lines. `how_to`: one step each.
    `link`: an https address when the package is fetched elsewhere. A title that cannot be set is replaced by `TITLE`; in
    other texts, which are the studio's own, characters no typeface has are left out.
    Raises ValueError for a link that is not a web address, ImageBroken for an image that cannot be read.
    """
    if link is not None and not link.startswith(("https://", "http://")):
        raise ValueError("The link on the card must be a web address that starts with https://.")
    register_fonts()
    heading = typesetting.shown(title, TITLE)
    subjects = [load_subject(p, 320) for p in thumbnails]
    colors = palette_of(subjects)
    part = out_pdf.with_name(f".{out_pdf.name}.part")
    width, height = PAGE
    document = BaseDocTemplate(
        str(part), pagesize=PAGE, invariant=1, pageCompression=1, lang="en-US",
        title=names.one_line(title) or TITLE, author="", subject="What is inside and how to use it",
        creator="Elistit", initialFontName=typefaces.SERIF.code,
    )  # fmt: skip
    first = Frame(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN, 0, 0, 0, 0)
    rest = Frame(MARGIN, MARGIN + 14, width - 2 * MARGIN, height - 2 * MARGIN - 14, 0, 0, 0, 0)

    def draw_cover(canvas: Canvas, _: BaseDocTemplate) -> None:
        _cover_page(canvas, heading, subjects, facts, colors)

    def draw_running(canvas: Canvas, doc: BaseDocTemplate) -> None:
        _ground(canvas, colors)
        _footer(canvas, heading, doc.page, colors)

    document.addPageTemplates(
        [PageTemplate("cover", [first], onPage=draw_cover), PageTemplate("text", [rest], onPage=draw_running)]
    )
    story = [NextPageTemplate("text"), PageBreak(), *_reading(facts, licence, how_to, link, colors)]
    try:
        document.build(story)
        os.replace(part, out_pdf)
    finally:
        part.unlink(missing_ok=True)
    return out_pdf


def plain_text(text: str, face: Face) -> str:
    """The text without what no bundled typeface can set, so that no empty boxes are printed."""
    composed = names.one_line(text.replace("\u2011", "-"))
    missing = typesetting.cannot_set(composed)
    return " ".join("".join(" " if c in missing else c for c in names.clusters(composed)).split())


def own_text(text: str, face: Face) -> str:
    """A text of the studio's own with only what its typeface has on its own, for the paragraphs reportlab sets."""
    known = pdfmetrics.getFont(face.code).face.charToGlyph
    return " ".join("".join(c if ord(c) in known else " " for c in plain_text(text, face)).split())


def _ink(color: Color) -> Ink:
    return Ink(*(v / 255 for v in color))


def _ground(canvas: Canvas, colors: Palette) -> None:
    canvas.setFillColor(_ink(colors.panel))
    canvas.rect(0, 0, *PAGE, stroke=0, fill=1)


def _caps(canvas: Canvas, text: str, x: float, y: float, size: float, color: Color, spacing: float = 0.14) -> float:
    """Small spaced capitals starting at (x, y), in points; returns where they end."""
    shown = own_text(text.upper(), typefaces.SANS_SEMIBOLD)
    canvas.setFillColor(_ink(color))
    canvas.setFont(typefaces.SANS_SEMIBOLD.code, size)
    canvas.drawString(x, y, shown, charSpace=size * spacing)
    return x + pdfmetrics.stringWidth(shown, typefaces.SANS_SEMIBOLD.code, size) + len(shown) * size * spacing


def wrap_text(text: str, face: Face, size: float, width: float) -> list[SetLine]:
    """The text in lines no wider than `width` points at a size in points; a word longer than a line is broken."""
    known = plain_text(text, face)
    return blocks.broken(known, face, width / size) if known else []


def _cover_page(
    canvas: Canvas, title: str, subjects: list[Subject], facts: Sequence[tuple[str, str]], colors: Palette
) -> None:
    """Title, the images on a sheet of their own paper color, the most important facts below."""
    width, height = PAGE
    _ground(canvas, colors)
    _caps(canvas, "Your download", MARGIN, height - MARGIN - 8, 8.2, colors.accent)
    size = 40.0
    while len(lines := wrap_text(title, typefaces.SERIF_LIGHT, size, width - 2 * MARGIN)) > 2 and size > 14:
        size -= 2
    step = size * blocks.apart(lines, 1.12)
    y = height - MARGIN - 22 - size * max(0.9, lines[0].box[3])
    canvas.setFillColor(_ink(colors.ink))
    for line in lines:
        draw_line(canvas, line, size, MARGIN - 1.5, y)
        y -= step
    top = y + step - 30
    shown = list(facts[:4])
    bottom = MARGIN + (86 if shown else 14)
    sheet = (MARGIN, bottom, width - 2 * MARGIN, top - bottom)
    canvas.setFillColor(_ink(colors.paper))
    canvas.roundRect(*sheet, 8, stroke=0, fill=1)
    _thumbnails(canvas, subjects, sheet, colors)
    _fact_strip(canvas, shown, colors)


def _thumbnails(
    canvas: Canvas, subjects: list[Subject], sheet: tuple[float, float, float, float], colors: Palette
) -> None:
    """All images in an even grid on the sheet (x, y, width, height in points), the last row centered."""
    if not subjects:
        return
    x, y, width, height = sheet
    pad = 22.0
    columns, rows = _grid(len(subjects), width - 2 * pad, height - 2 * pad)
    cell_w, cell_h = (width - 2 * pad) / columns, (height - 2 * pad) / rows
    box = min(cell_w, cell_h, 190.0) * 0.84
    pixels = max(48, round(box * _THUMB_PX_PER_POINT))
    for index, subject in enumerate(subjects):
        row, column = divmod(index, columns)
        in_row = min(columns, len(subjects) - row * columns)
        center_x = x + width / 2 + (column - (in_row - 1) / 2) * cell_w
        center_y = y + height - pad - (row + 0.5) * cell_h
        reader, across, down = _thumbnail(subject, pixels, colors.paper)
        w, h = across * box / pixels, down * box / pixels
        canvas.drawImage(reader, center_x - w / 2, center_y - h / 2, w, h)


def _thumbnail(subject: Subject, pixels: int, ground: Color) -> tuple[ImageReader, int, int]:
    """The subject on the color it will lie on, as a JPEG; its longest side is at most `pixels`."""
    art = subject.scaled(min(1.0, pixels / max(subject.size)))
    flat = np.full((*art.shape[:2], 3), ground, np.uint8)
    paste(flat, art, 0, 0)
    image = pyvips.Image.new_from_array(cv2.copyMakeBorder(flat, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=ground))
    data = image.copy(interpretation="srgb").jpegsave_buffer(
        Q=90, subsample_mode="off", optimize_coding=True, keep="none"
    )
    reader = ImageReader(io.BytesIO(data))
    reader.identity = lambda: hashlib.sha256(data).hexdigest()
    return reader, art.shape[1] + 2, art.shape[0] + 2


def _grid(count: int, width: float, height: float) -> tuple[int, int]:
    columns = max(range(1, count + 1), key=lambda c: min(width / c, height / math.ceil(count / c)))
    return columns, math.ceil(count / columns)


def _fact_strip(canvas: Canvas, facts: list[tuple[str, str]], colors: Palette) -> None:
    """Up to four facts side by side at the foot of the first page."""
    if not facts:
        return
    width = (PAGE[0] - 2 * MARGIN) / len(facts)
    for index, (label, value) in enumerate(facts):
        x = MARGIN + index * width
        _caps(canvas, label, x, MARGIN + 46, 7.4, colors.accent)
        size = 15.0
        while len(lines := wrap_text(value, typefaces.SERIF, size, width - 14)) > 2 and size > 9:
            size -= 0.5
        canvas.setFillColor(_ink(colors.ink))
        for row, line in enumerate(lines[:2]):
            draw_line(canvas, line, size, x, MARGIN + 26 - row * size * 1.2)


def _footer(canvas: Canvas, title: str, page: int, colors: Palette) -> None:
    canvas.setStrokeColor(_ink(colors.tint))
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, MARGIN - 2, PAGE[0] - MARGIN, MARGIN - 2)
    canvas.setFillColor(_ink(colors.accent))
    for line in wrap_text(title, typefaces.SERIF_ITALIC, 9, 440)[:1]:
        draw_line(canvas, line, 9, MARGIN, MARGIN - 16)
    canvas.setFont(typefaces.SANS.code, 9)
    canvas.drawRightString(PAGE[0] - MARGIN, MARGIN - 16, str(page))


class _Heading(Flowable):  # type: ignore[misc]
    """A section's name in small spaced capitals over a hairline; stays with what follows."""

    keepWithNext = 1

    def __init__(self, text: str, colors: Palette) -> None:
        super().__init__()
        self.text, self.colors = text, colors

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.across = width
        return width, 44

    def draw(self) -> None:
        self.canv.setStrokeColor(_ink(self.colors.tint))
        self.canv.setLineWidth(0.8)
        self.canv.line(0, 32, self.across, 32)
        _caps(self.canv, self.text, 0, 15, 8.2, self.colors.accent)


class _Rows(Flowable):  # type: ignore[misc]
    """One numbered or labelled row: a short mark in the left column, a paragraph in the right."""

    def __init__(self, mark: str, face: Face, size: float, body: Paragraph, colors: Palette, after: float) -> None:
        super().__init__()
        self.mark, self.face, self.size, self.body, self.colors, self.after = mark, face, size, body, colors, after

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.left = width - _COLUMN_TEXT
        _, self.tall = self.body.wrap(_COLUMN_TEXT, height)
        self.lines = wrap_text(self.mark, self.face, self.size, self.left - 12)
        return width, max(self.tall, len(self.lines) * self.size * 1.3) + self.after

    def draw(self) -> None:
        top = max(self.tall, len(self.lines) * self.size * 1.3) + self.after
        self.canv.setFillColor(_ink(self.colors.accent))
        style = self.body.style
        baseline = top - pdfmetrics.getAscentDescent(style.fontName, style.fontSize)[0]
        for row, line in enumerate(self.lines):
            draw_line(self.canv, line, self.size, 0, baseline - row * self.size * 1.3)
        self.body.drawOn(self.canv, self.left, top - self.tall)


def _reading(
    facts: Sequence[tuple[str, str]],
    licence: str,
    how_to: Sequence[str],
    link: str | None,
    colors: Palette,
) -> list[Flowable]:
    """The text pages: what is inside, how to open it, the link, the license."""
    body = ParagraphStyle(
        "body", fontName=typefaces.SERIF.code, fontSize=10.8, leading=16, textColor=_ink(colors.ink), alignment=TA_LEFT,
        splitLongWords=1, bulletFontName=typefaces.SERIF.code,
    )  # fmt: skip
    display = ParagraphStyle("display", parent=body, fontName=typefaces.SERIF_LIGHT.code, fontSize=26, leading=31)

    def paragraph(text: str, style: ParagraphStyle = body) -> Paragraph:
        face = typefaces.SERIF_LIGHT if style is display else typefaces.SERIF
        return Paragraph(html.escape(own_text(text, face)), style)

    story: list[Flowable] = [paragraph("Opening and using your files", display), Spacer(1, 20)]
    if facts:
        story.append(_Heading("What is inside", colors))
        story += [_Rows(label, typefaces.SERIF_ITALIC, 10.8, paragraph(value), colors, 5) for label, value in facts]
        story.append(Spacer(1, 16))
    if how_to:
        story.append(_Heading("How to download and unzip", colors))
        for number, step in enumerate(how_to, start=1):
            story.append(_Rows(str(number), typefaces.SERIF_LIGHT, 15, paragraph(step), colors, 7))
        story.append(Spacer(1, 14))
    if link:
        story.append(_Heading("Your files", colors))
        address = html.escape(link, quote=True)
        shown = (
            f'<link href="{address}" color="{_ink(colors.accent).hexval().replace("0x", "#")}"><u>{address}</u></link>'
        )
        story.append(_Rows("Link", typefaces.SERIF_ITALIC, 10.8, Paragraph(shown, body), colors, 5))
        story.append(Spacer(1, 16))
    sections = [p for p in licence.split("\n\n") if p.strip()]
    if sections:
        story.append(_Heading("License", colors))
        for section in sections:
            story.append(_Rows("", typefaces.SERIF_ITALIC, 10.8, paragraph(section), colors, 7))
    return story

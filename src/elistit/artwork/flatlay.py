"""Mockups seen from above: greeting cards with their envelope, stickers scattered on paper, a print sheet.

Everything lies on a surface drawn by code, lit from the upper left. What is shown is what the buyer gets: the very card
front, the very stickers, the very sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork import arrange, greeting, props
from elistit.artwork.canvas import (
    Palette,
    draw_svg,
    lch,
    load_subject,
    palette_of,
    paper,
    paste,
    paste_shadow,
    write_line,
)
from elistit.artwork.export import open_image, reading, to_srgb8
from elistit.artwork.label import draw_label, fit_title, leading, size_for
from elistit.artwork.mockup import SIZE, save_picture, spread_pick
from elistit.artwork.room import colors_of, load_art
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF, SERIF_ITALIC, SERIF_LIGHT

# An envelope for a 5 × 7 in card (A7) in inches.
_ENVELOPE = (7.25, 5.25)
STICKERS_MAX = 24


def lay(
    picture: np.ndarray, thing: np.ndarray, middle: tuple[float, float], degrees: float, unit: float, lift: float = 1.0
) -> None:
    """Lay an RGBA thing down, turned clockwise, with its middle at a point; `lift` is how far it stands off."""
    piece = props.turned(thing, degrees)
    x, y = round(middle[0] - piece.shape[1] / 2), round(middle[1] - piece.shape[0] / 2)
    wide, near = 20 * unit * lift, max(1.5, 4 * unit * lift)
    paste_shadow(
        picture, piece[..., 3], x + round(8 * unit * lift), y, blur=wide, drop=round(15 * unit * lift), strength=0.28
    )
    paste_shadow(
        picture, piece[..., 3], x + round(1.5 * unit), y, blur=near, drop=round(3.5 * unit * lift), strength=0.24
    )
    paste(picture, piece, x, y)


def card_cover(out: Path, front: Path, *, size: tuple[int, int] = SIZE, seed: int = 6) -> Path:
    """Write the card's front lying on its envelope on linen, a branch beside it. `front`: the PNG of the front."""
    width, height = size
    unit = width / 2000
    art = load_art(front, round(1180 * unit))
    colors = colors_of(art)
    picture = props.linen(width, height, (226, 219, 208), seed)
    inch = art.shape[0] / greeting.PANEL[1]
    lay(picture, _envelope(inch * 1.02, colors), (width * 0.60, height * 0.55), 78, unit)
    card = _panel_edge(art, unit)
    lay(picture, card, (width * 0.43, height * 0.50), -5, unit, 1.2)
    for where, degrees, kind in (((0.885, 0.27), 24, "eucalyptus"), ((0.075, 0.80), -18, "olive")):
        branch = props.sprig(round(820 * unit), seed + len(kind), kind=kind)
        lay(picture, branch, (width * where[0], height * where[1]), degrees, unit, 0.8)
    return save_picture(picture, out)


def card_inside(
    out: Path, front: Path, *, words: greeting.Words, title: str, size: tuple[int, int] = SIZE, seed: int = 7
) -> Path:
    """Write the card open, its message on the right, the closed card above it, and what the buyer gets in words."""
    width, height = size
    unit = width / 2000
    art = load_art(front, round(900 * unit))
    colors = colors_of(art)
    picture = props.linen(width, height, (219, 215, 206), seed)
    inside = greeting.inside_picture(words, front, round(1240 * unit))
    _fold(inside, unit)
    lay(picture, props.opaque(inside), (width * 0.645, height * 0.60), 2.5, unit)
    lay(picture, _panel_edge(art, unit), (width * 0.205, height * 0.53), -6, unit, 1.3)
    lay(picture, props.sprig(round(760 * unit), seed, kind="olive"), (width * 0.93, height * 0.10), 118, unit, 0.8)
    _, letter = fit_title(title, 1000 * unit, 90 * unit, 66 * unit)
    x = width * 0.40
    letter = size_for(title, SERIF_LIGHT, 900 * unit, letter, 0)
    write_line(picture, title, SERIF_LIGHT, letter, colors.ink, x=x, baseline=130 * unit, anchor="start")
    note = "5 × 7 in folded card · print-ready PDF and PNG".upper()
    write_line(
        picture, note, SANS_SEMIBOLD, 23 * unit, colors.ink, x=x, baseline=190 * unit, spacing=0.14, anchor="start"
    )
    return save_picture(picture, out)


def card_sheet(
    out: Path, front: Path, *, facts: Sequence[tuple[str, str]], title: str, size: tuple[int, int] = SIZE, seed: int = 9
) -> Path:
    """Write the sheet as it comes from the printer, unfolded, with the line it is folded on, and the facts beside it."""
    width, height = size
    unit = width / 2000
    art = load_art(front, round(760 * unit))
    colors = colors_of(art)
    picture = props.linen(width, height, (222, 217, 207), seed)
    down, across = art.shape[:2]
    edge = round(44 * unit)
    sheet = np.full((down + 2 * edge, across * 2 + 2 * edge, 3), 254, np.uint8)
    sheet[edge : edge + down, edge + across : edge + 2 * across] = art[..., :3]
    mark, gray = max(1, round(2 * unit)), (150, 146, 140)
    for y in range(0, sheet.shape[0], round(26 * unit)):
        sheet[y : y + round(14 * unit), edge + across - mark : edge + across + mark] = gray
    for x in (edge, edge + 2 * across):
        sheet[: edge * 2 // 3, x - mark : x + mark] = sheet[-edge * 2 // 3 :, x - mark : x + mark] = gray
    for y in (edge, edge + down):
        sheet[y - mark : y + mark, : edge * 2 // 3] = sheet[y - mark : y + mark, -edge * 2 // 3 :] = gray
    lay(picture, props.opaque(sheet), (width * 0.335, height * 0.53), -3, unit)
    _facts(picture, title, facts, colors, unit)
    lay(picture, props.sprig(round(700 * unit), seed, kind="eucalyptus"), (width * 0.86, height * 0.90), 66, unit, 0.8)
    return save_picture(picture, out)


def _panel_edge(art: np.ndarray, unit: float) -> np.ndarray:
    """The front of a card with the soft shade of its fold at the left. RGBA."""
    card = art.copy()
    fold = np.exp(-np.arange(card.shape[1], dtype=np.float32)[None] / (9 * unit))
    props.shade(card, np.broadcast_to(1 - 0.14 * fold, card.shape[:2]))
    return props.opaque(card)


def _fold(sheet: np.ndarray, unit: float) -> None:
    """The valley fold down the middle of an open card."""
    away = np.abs(np.arange(sheet.shape[1], dtype=np.float32)[None] - sheet.shape[1] / 2)
    left = np.arange(sheet.shape[1])[None] < sheet.shape[1] / 2
    light = 1 - 0.05 * np.exp(-away / (70 * unit)) - np.where(left, 0.10, 0.05) * np.exp(-away / (9 * unit))
    props.shade(sheet, np.broadcast_to(light, sheet.shape[:2]).astype(np.float32))


def _envelope(inch: float, colors: Palette) -> np.ndarray:
    """An envelope with its flap up, in paper of the art's own color. RGBA."""
    width, height = round(_ENVELOPE[0] * inch), round(_ENVELOPE[1] * inch)
    base = lch(80, 14, 68) if sum(colors.tint) < 300 else colors.tint
    tone = "#{:02x}{:02x}{:02x}".format(*base)
    tip = height * 0.56
    body = (
        f'<rect width="{width}" height="{height}" rx="{inch * 0.05:.1f}" fill="{tone}"/>'
        f'<path d="M0 {height}L{width * 0.44:.1f} {height * 0.5:.1f}Q{width / 2:.1f} {height * 0.45:.1f} '
        f'{width * 0.56:.1f} {height * 0.5:.1f}L{width} {height}Z" fill="#fff" fill-opacity=".14"/>'
        f'<path d="M0 0L{width * 0.46:.1f} {tip * 0.95:.1f}Q{width / 2:.1f} {tip * 1.02:.1f} {width * 0.54:.1f} '
        f'{tip * 0.95:.1f}L{width} 0Z" fill="#000" fill-opacity=".10" transform="translate(0 {inch * 0.035:.1f})"/>'
        f'<path d="M0 0L{width * 0.46:.1f} {tip * 0.95:.1f}Q{width / 2:.1f} {tip * 1.02:.1f} {width * 0.54:.1f} '
        f'{tip * 0.95:.1f}L{width} 0Z" fill="{tone}"/>'
        f'<path d="M0 0L{width * 0.46:.1f} {tip * 0.95:.1f}Q{width / 2:.1f} {tip * 1.02:.1f} {width * 0.54:.1f} '
        f'{tip * 0.95:.1f}L{width} 0Z" fill="#fff" fill-opacity=".20"/>'
    )
    return draw_svg(body, width, height)


def sticker_cover(
    out: Path, *, title: str, subtitle: str, stickers: Sequence[Path], size: tuple[int, int] = SIZE
) -> Path:
    """Write the stickers lying around the title, each with its own small shadow. Raises ValueError without stickers.

    More than `STICKERS_MAX` are thinned out evenly; the parts of `subtitle` are separated by ` · `.
    """
    if not stickers:
        raise ValueError("A cover needs at least one sticker.")
    width, height = size
    unit = width / 2000
    chosen = spread_pick(list(stickers), STICKERS_MAX)
    subjects = [load_subject(p, round(640 * unit)) for p in chosen]
    colors = palette_of(subjects)
    picture = paper(width, height, _under_white(colors))
    crowd = min(1.0, len(chosen) / STICKERS_MAX)
    half_w, half_h = round((470 - 60 * crowd) * unit), round((300 - 40 * crowd) * unit)
    panel = (width // 2 - half_w, height // 2 - half_h, width // 2 + half_w, height // 2 + half_h)
    places = arrange.around(
        [s.rgba[..., 3] for s in subjects], [s.weight for s in subjects], size, panel,
        margin=round(40 * unit), gap=round(26 * unit), largest=600 * unit,
    )  # fmt: skip
    for subject, place in zip(subjects, places, strict=True):
        lay(picture, subject.scaled(place.scale), (place.x, place.y), 0, unit, 0.55)
    draw_label(picture, panel, title, subtitle, colors, unit)
    return save_picture(picture, out)


def _under_white(colors: Palette) -> tuple[int, int, int]:
    """A ground on which white borders stand out: the art's tint, a little darker than paper."""
    red, green, blue = (round(0.62 * a + 0.38 * b) for a, b in zip(colors.tint, (196, 190, 180), strict=True))
    return red, green, blue


def sticker_sheet(
    out: Path, *, sheet: Path, stickers: Sequence[Path], facts: Sequence[tuple[str, str]], title: str,
    size: tuple[int, int] = SIZE, seed: int = 8,
) -> Path:  # fmt: skip
    """Write the print sheet lying on a table with a few loose stickers and the facts. Raises ValueError without stickers."""
    if not stickers:
        raise ValueError("A sheet image needs at least one sticker.")
    width, height = size
    unit = width / 2000
    subjects = [load_subject(p, round(520 * unit)) for p in stickers[:3]]
    colors = palette_of(subjects)
    picture = props.linen(width, height, _under_white(colors), seed)
    page = load_art(sheet, round(1460 * unit))
    lay(picture, props.opaque(page), (width * 0.315, height * 0.5), -3, unit)
    y = _facts(picture, title, facts, colors, unit)
    spots = ((0.735, 0.83, -8.0), (0.905, 0.80, 9.0), (0.62, 0.93, 5.0))
    for subject, (across, down, degrees) in zip(subjects[:2], spots, strict=False):
        most = min(300 * unit / max(subject.size), (height * 0.96 - y) * 1.1 / subject.size[1] if y < height else 1)
        lay(picture, subject.scaled(max(most, 0.05)), (width * across, height * down), degrees, unit, 0.7)
    return save_picture(picture, out)


def _facts(picture: np.ndarray, title: str, facts: Sequence[tuple[str, str]], colors: Palette, unit: float) -> float:
    """The title and up to four facts (a large word, a small line) in the right third; the height at which they end."""
    left = picture.shape[1] * 0.655
    lines, letter = fit_title(title, 610 * unit, 210 * unit, 84 * unit)
    y = 210 * unit
    for line in lines:
        write_line(picture, line, SERIF_LIGHT, letter, colors.ink, x=left, baseline=y, anchor="start")
        y += letter * leading(lines, 1.1)
    y += 70 * unit
    for word, line in facts[:4]:
        write_line(picture, word, SERIF, 58 * unit, colors.ink, x=left, baseline=y, anchor="start")
        fit = size_for(line.upper(), SANS_SEMIBOLD, 620 * unit, 23 * unit, 0.14)
        write_line(
            picture, line.upper(), SANS_SEMIBOLD, fit, colors.ink, x=left, baseline=y + 46 * unit, spacing=0.14,
            anchor="start",
        )  # fmt: skip
        y += 148 * unit
    return y


def sticker_detail(
    out: Path, *, sticker: Path, cut: str, title: str, facts: Sequence[tuple[str, str]], size: tuple[int, int] = SIZE
) -> Path:
    """Write one sticker large, its cut line drawn dashed around it, beside the facts. `cut`: its path data (sticker.py)."""
    width, height = size
    unit = width / 2000
    subject = load_subject(sticker, 2048)
    whole = load_rgba(sticker)
    colors = palette_of([subject])
    picture = paper(width, height, _under_white(colors))
    scale = min(1060 * unit / whole.shape[1], 1320 * unit / whole.shape[0])
    across, down = round(whole.shape[1] * scale), round(whole.shape[0] * scale)
    art = cv2.resize(whole, (across, down), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    x, y = round(width * 0.315), round(height * 0.5)
    lay(picture, art, (x, y), 0, unit, 0.8)
    ink = "#{:02x}{:02x}{:02x}".format(*colors.ink)
    pad = round(30 * unit)
    line = draw_svg(
        f'<g transform="translate({pad} {pad}) scale({across / whole.shape[1]})"><path d="{cut}" fill="none" '
        f'stroke="{ink}" stroke-width="{5 * unit / scale:.2f}" stroke-dasharray="{20 * unit / scale:.1f} '
        f'{13 * unit / scale:.1f}" stroke-linecap="round"/></g>',
        across + 2 * pad, down + 2 * pad,
    )  # fmt: skip
    paste(picture, line, x - across // 2 - pad, y - down // 2 - pad)
    left = width * 0.655
    lines, letter = fit_title(title, 610 * unit, 240 * unit, 88 * unit)
    step = 210 * unit
    block = letter * leading(lines, 1.1) * len(lines) + 60 * unit + step * len(facts[:4])
    top = (height - block) / 2 + letter * 0.7
    for text in lines:
        write_line(picture, text, SERIF_LIGHT, letter, colors.ink, x=left, baseline=top, anchor="start")
        top += letter * leading(lines, 1.1)
    write_line(picture, "Cut along the line", SERIF_ITALIC, 40 * unit, colors.ink, x=left, baseline=top, anchor="start")
    top += 150 * unit
    for word, text in facts[:4]:
        write_line(picture, word, SERIF, 70 * unit, colors.ink, x=left, baseline=top, anchor="start")
        fit = size_for(text.upper(), SANS_SEMIBOLD, 620 * unit, 24 * unit, 0.14)
        write_line(
            picture, text.upper(), SANS_SEMIBOLD, fit, colors.ink, x=left, baseline=top + 50 * unit, spacing=0.14,
            anchor="start",
        )  # fmt: skip
        top += step
    return save_picture(picture, out)


def load_rgba(path: Path) -> np.ndarray:
    """A whole image with its clear margin, at most 2048 px, RGBA. Raises ImageBroken."""
    open_image(path)
    with reading():
        image = to_srgb8(pyvips.Image.thumbnail(str(path), 2048, height=2048, size="down", fail_on="truncated"))
        return (image if image.hasalpha() else image.addalpha()).numpy()

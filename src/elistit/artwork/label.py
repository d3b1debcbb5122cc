"""The label with the title on a cover, and how a title is broken and sized to fit a space.

A title is never cut off or run over its frame: it is broken into balanced lines and set smaller until it fits.
"""

from __future__ import annotations

import numpy as np

from elistit.artwork.blocks import apart, balanced
from elistit.artwork.canvas import Color, Palette, css, draw_svg, paste, paste_shadow, write_line
from elistit.artwork.lines import typeset
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF_ITALIC, SERIF_LIGHT, Face
from elistit.artwork.typesetting import set_line

# Extra room between the letters of a title, as a part of its size.
SPACING = 0.005


def draw_label(
    picture: np.ndarray, box: tuple[int, int, int, int], title: str, subtitle: str, colors: Palette, unit: float
) -> None:
    """Draw the label into `box` (left, top, right, bottom): a card with inward corners and a double rule, the title,
    and the parts of `subtitle` (separated by ` · `), the first in italics and the others in small capitals.

    `unit` is the image's width divided by 2000.
    """
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    body = (
        f'<path d="{_ticket(0, 0, width, height, 34 * unit)}" fill="{css(colors.panel)}"/>'
        f'<path d="{_ticket(*_inset(width, height, 17 * unit), 34 * unit)}" fill="none" stroke="{css(colors.accent)}" '
        f'stroke-width="{2.6 * unit}"/>'
        f'<path d="{_ticket(*_inset(width, height, 26 * unit), 34 * unit)}" fill="none" stroke="{css(colors.accent)}" '
        f'stroke-width="{1.1 * unit}"/>'
    )
    card = draw_svg(body, width, height)
    paste_shadow(picture, card[..., 3], left, top, blur=22 * unit, drop=round(12 * unit), strength=0.20)
    paste(picture, card, left, top)
    first, *others = [p.strip() for p in subtitle.split("·") if p.strip()] or [""]
    lines, size = fit_title(title, width - 150 * unit, height * (0.50 if others else 0.56), 144 * unit)
    step, x = size * leading(lines, 1.08), width / 2 + left
    block = (len(lines) - 1) * step + size * 0.66 + 62 * unit + 54 * unit + (60 * unit if others else 0)
    y = top + (height - block) / 2 + size * 0.66
    for line in lines:
        write_line(picture, line, SERIF_LIGHT, size, colors.ink, x=x, baseline=y, spacing=SPACING)
        y += step
    y += -step + 62 * unit
    _ornament(picture, x, y, colors.accent, unit)
    y += 68 * unit
    fit = size_for(first, SERIF_ITALIC, width - 160 * unit, 43 * unit, 0.01)
    write_line(picture, first, SERIF_ITALIC, fit, colors.ink, x=x, baseline=y, spacing=0.01)
    if others:
        text = "  ·  ".join(others).upper()
        fit = size_for(text, SANS_SEMIBOLD, width - 170 * unit, 25 * unit, 0.16)
        write_line(picture, text, SANS_SEMIBOLD, fit, colors.accent, x=x, baseline=y + 60 * unit, spacing=0.16)


def _ticket(x: float, y: float, width: float, height: float, notch: float) -> str:
    """An SVG path: a rectangle whose corners curve inward with radius `notch`."""
    r, far_x, far_y = notch, x + width, y + height
    return (
        f"M{x + r} {y}H{far_x - r}A{r} {r} 0 0 0 {far_x} {y + r}V{far_y - r}A{r} {r} 0 0 0 {far_x - r} {far_y}"
        f"H{x + r}A{r} {r} 0 0 0 {x} {far_y - r}V{y + r}A{r} {r} 0 0 0 {x + r} {y}Z"
    )


def _inset(width: int, height: int, by: float) -> tuple[float, float, float, float]:
    return by, by, width - 2 * by, height - 2 * by


def _ornament(picture: np.ndarray, x: float, y: float, color: Color, unit: float) -> None:
    """A thin rule with a small diamond in its middle."""
    width, height = round(230 * unit), round(18 * unit)
    half, d = height / 2, 6.5 * unit
    body = (
        f'<path d="M0 {half}H{width / 2 - 18 * unit}M{width / 2 + 18 * unit} {half}H{width}" stroke="{css(color)}" '
        f'stroke-width="{1.6 * unit}"/><path d="M{width / 2} {half - d}l{d} {d}l{-d} {d}l{-d} {-d}Z" fill="{css(color)}"/>'
    )
    paste(picture, draw_svg(body, width, height), round(x - width / 2), round(y - height / 2))


def size_for(text: str, face: Face, width: float, size: float, spacing: float) -> float:
    """The largest size up to `size` at which one line fits `width`."""
    return size * min(1.0, width / max(1, typeset(text, face, size, spacing=spacing).width))


def fit_title(title: str, width: float, height: float, largest: float) -> tuple[list[str], float]:
    """Break a title in one to three balanced lines, whichever lets it be set largest. Sizes in pixels.

    A word too long for a line, and scripts without spaces, break between characters. Raises CannotSet.
    """
    block = balanced(title, SERIF_LIGHT, width, height, largest, spacing=SPACING)
    return [line.text for line in block.lines], block.size


def leading(lines: list[str], usual: float) -> float:
    """The step between the lines of a title in em: the usual one, more where letters are taller than Latin ones."""
    return apart([set_line(line, SERIF_LIGHT) for line in lines], usual)

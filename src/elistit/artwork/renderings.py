"""Compares how drawings look, by two renderers that share no code: librsvg and resvg; and PDF pages by PDFium.

A file made from a drawing is held against the drawing it was made from, in the same renderer, so that what a renderer does in
its own way does not count. It must never change a file and never open what one refers to.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pyvips
import resvg_py

from elistit.artwork import svgdoc, svgvalues

# The longest side everything is drawn at to be compared.
PX = 768
# Of all pixels that either of two renderings paints: how many may differ, and from how many steps of 255 on one does.
SHARE_MAX = 0.01
_STEP = 40
# A drawing that paints less than this share of its canvas is judged as if it painted so much: a hairline is all edge.
_PAINTED_LEAST = 0.01
# Differences smaller than this, in square pixels, are pieces that a cut file leaves out because no one could weed them.
_SPECK_PX = 16
# How far an edge of a cut file may be from where it is drawn, in pixels: it is smoothed so that a blade can follow.
_CUT_NEAR = 2
# Of what is painted, beside `SHARE_MAX` of everything: hairlines and crumbs between colors are lost to the blade.
_CUT_SHARE_MAX = 0.05

Render = Callable[[str], np.ndarray]


class CannotRender(ValueError):
    """A renderer does not draw this file. The message is one plain sentence."""


def librsvg(text: str) -> np.ndarray:
    """The drawing at the size in pixels it states, RGBA with color premultiplied, int16. Raises CannotRender."""
    try:
        return _premultiplied(pyvips.Image.svgload_buffer(text.encode(), **svgdoc.AT_96, unlimited=True).numpy())
    except pyvips.Error:
        raise CannotRender("The drawing cannot be drawn.") from None


def resvg(text: str) -> np.ndarray:
    """As `librsvg`, by the other renderer. Raises CannotRender."""
    try:
        png = resvg_py.svg_to_bytes(svg_string=text, dpi=svgvalues.PER_INCH, skip_system_fonts="<text" not in text)
        return _premultiplied(pyvips.Image.pngload_buffer(png).numpy())
    except (ValueError, pyvips.Error):
        raise CannotRender("The drawing cannot be drawn.") from None
    except BaseException as error:
        # A panic in the renderer is not an Exception; the process is sound after it.
        if type(error).__name__ != "PanicException":
            raise
        raise CannotRender("The drawing cannot be drawn.") from None


RENDERERS: tuple[Render, ...] = (librsvg, resvg)


def _premultiplied(rgba: np.ndarray) -> np.ndarray:
    found = rgba.astype(np.uint16)
    found[..., :3] = found[..., :3] * found[..., 3:] // 255
    return found.astype(np.int16)


def size_px(text: str | bytes, px: int = PX) -> tuple[int, int]:
    """The size in pixels at which a drawing is compared. Raises NotSvg."""
    seen = svgdoc.canvas(svgdoc.parse(text))
    if seen is None:
        raise svgdoc.NotSvg("The SVG has no view box and no size.")
    across, down = (max(1, round(side * px / max(seen.box[2:]))) for side in seen.box[2:])
    return across, down


def drawn(text: str, render: Render, size: tuple[int, int]) -> np.ndarray:
    """A drawing at a size in pixels. Raises NotSvg, CannotRender."""
    found = render(svgdoc.sized(svgdoc.parse(text), *size))
    if found.shape[:2] != (size[1], size[0]):
        raise CannotRender("The drawing comes out at another size.")
    return found


def different(a: np.ndarray, b: np.ndarray) -> float:
    """The share of painted pixels in which two renderings of one renderer differ, 0 to 1."""
    return _share(np.abs(a - b).max(axis=2) > _STEP, a, b)


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """As `different` for renderings of two renderers, which place an edge half a pixel apart: a pixel differs when none
    beside it in the other one is like it."""
    return _share(_unlike(a, b, 1) | _unlike(b, a, 1), a, b)


def _cut_apart(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether a cut file shows something else than it is to show. Its edges may be `_CUT_NEAR` off, and pieces too small to
    weed do not count."""
    mask = _unlike(a, b, _CUT_NEAR) | _unlike(b, a, _CUT_NEAR)
    # Where two sheets meet, what is under them shines through a seam one pixel wide.
    broad = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(broad, connectivity=8)
    mask = (broad > 0) & (stats[:, cv2.CC_STAT_AREA] >= _SPECK_PX)[labels]
    return mask.mean() > SHARE_MAX or _share(mask, a, b) > _CUT_SHARE_MAX


def _unlike(a: np.ndarray, b: np.ndarray, near: int) -> np.ndarray:
    around = np.ones((2 * near + 1, 2 * near + 1), np.uint8)
    low, high = cv2.erode(b, around), cv2.dilate(b, around)
    return ((a < low - _STEP) | (a > high + _STEP)).any(axis=2)


def _share(mask: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    painted = (a[..., 3] > 0) | (b[..., 3] > 0)
    return float(mask.sum() / max(1.0, painted.sum(), _PAINTED_LEAST * mask.size))


def same(source: str, made: str) -> bool:
    """Whether two drawings look alike in both renderers."""
    size = size_px(source)
    try:
        return all(
            different(drawn(source, render, size), drawn(made, render, size)) <= SHARE_MAX for render in RENDERERS
        )
    except CannotRender:
        return False


def unchanged(source: str, made: str) -> bool:
    """As `same`, but a renderer that does not draw the source at all (the second knows less) has no say."""
    size = size_px(source)
    for render in RENDERERS:
        try:
            before = drawn(source, render, size)
        except CannotRender:
            continue
        if different(before, drawn(made, render, size)) > SHARE_MAX:
            return False
    return True


def agreed(text: str) -> bool:
    """Whether the two renderers draw one drawing alike: if not, other programs will not either."""
    size = size_px(text)
    try:
        first, second = (drawn(text, render, size) for render in RENDERERS)
    except CannotRender:
        return False
    return apart(first, second) <= SHARE_MAX


def same_page(source: str, pdf: Path) -> bool:
    """Whether a PDF has one page and it looks like the drawing on white."""
    size = size_px(source)
    with pypdfium2.PdfDocument(pdf) as document:
        if len(document) != 1:
            return False
        page = document[0]
        scale = max(size) / max(page.get_size())
        rgb = page.render(scale=scale, rev_byteorder=True).to_numpy()[..., :3].astype(np.int16)
    on_clear = drawn(source, librsvg, size)
    high, wide = (min(n, m) for n, m in zip(rgb.shape[:2], on_clear.shape[:2], strict=True))
    if abs(rgb.shape[0] - size[1]) > 1 or abs(rgb.shape[1] - size[0]) > 1:
        return False
    alpha = on_clear[:high, :wide, 3:]
    on_white = np.concatenate([on_clear[:high, :wide, :3] + 255 - alpha, alpha], axis=2)
    return apart(on_white, np.concatenate([rgb[:high, :wide], alpha], axis=2)) <= SHARE_MAX


def same_cut(expected: str, cut: str) -> bool:
    """Whether a cut file shows what it is to show, but for pieces too small to weed."""
    size = size_px(expected)
    try:
        return not any(_cut_apart(drawn(expected, render, size), drawn(cut, render, size)) for render in RENDERERS)
    except CannotRender:
        return False

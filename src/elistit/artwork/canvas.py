"""The surface mockups are made on: paper, subjects cut to what is visible, colors taken from the art, text.

Images are RGB arrays of shape (height, width, 3), uint8, drawn on in place. Nothing here decides where things go;
that is `arrange` and `mockup`. It must never load an image at full size: a mockup needs a few hundred pixels
of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyvips

from elistit.artwork.export import open_image, reading, to_srgb8
from elistit.artwork.lines import typeset
from elistit.artwork.typefaces import Face

Color = tuple[int, int, int]
_VISIBLE_ALPHA = 16


@dataclass(frozen=True)
class Subject:
    """What is visible of one image. `rgba` uint8, cropped to the visible part; `cover` its alpha's mean, 0 to 1."""

    rgba: np.ndarray
    cover: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.rgba.shape[1], self.rgba.shape[0]

    @property
    def weight(self) -> float:
        """How large the eye takes it to be, in pixels: between its painted area and its longest side."""
        width, height = self.size
        return (width * height * max(self.cover, 0.05)) ** 0.25 * max(width, height) ** 0.5

    def scaled(self, scale: float) -> np.ndarray:
        """RGBA at `scale` (premultiplied while resizing, so edges stay clean), at least 1 × 1 px."""
        width, height = (max(1, round(side * scale)) for side in self.size)
        real = self.rgba.astype(np.float32) / 255
        real[..., :3] *= real[..., 3:]
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = np.clip(cv2.resize(real, (width, height), interpolation=way), 0, 1)
        clear = small[..., :3] / np.maximum(small[..., 3:], 1e-4)
        return (np.clip(np.dstack([clear, small[..., 3:]]), 0, 1) * 255 + 0.5).astype(np.uint8)


def load_subject(path: Path, px: int) -> Subject:
    """Read an image at most `px` pixels on its longest side and crop it to what is visible. Raises ImageBroken."""
    open_image(path)
    with reading():
        image = to_srgb8(pyvips.Image.thumbnail(str(path), px, height=px, size="down", fail_on="truncated"))
        rgba = (image if image.hasalpha() else image.addalpha()).numpy()
    seen = rgba[..., 3] > _VISIBLE_ALPHA
    if seen.any():
        rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
        rgba = np.ascontiguousarray(rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    return Subject(rgba, float(rgba[..., 3].mean()) / 255)


@dataclass(frozen=True)
class Palette:
    """Colors of one mockup, 0-255 RGB: the paper, dark ink for text, an accent, its pale tint, and a soft color
    from the other side of the wheel."""

    paper: Color
    panel: Color
    ink: Color
    accent: Color
    tint: Color
    other: Color


def palette_of(subjects: list[Subject]) -> Palette:
    """Colors that belong to the art: its strongest hue as accent, softened; paper stays a warm off-white near it."""
    pixels = [cv2.resize(s.rgba, (48, 48), interpolation=cv2.INTER_AREA).reshape(-1, 4) for s in subjects]
    seen = np.concatenate(pixels) if pixels else np.zeros((0, 4), np.uint8)
    seen = seen[seen[:, 3] > 200][:, :3]
    hue, strength = 60.0, 18.0  # a warm brown when the art has no color of its own
    if len(seen):
        lab = cv2.cvtColor((seen[None].astype(np.float32) / 255), cv2.COLOR_RGB2LAB)[0]
        chroma = np.hypot(lab[:, 1], lab[:, 2])
        angle = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
        if float((chroma * (chroma > 10)).mean()) > 1.5:
            counts, edges = np.histogram(angle, bins=24, range=(0, 360), weights=chroma * (chroma > 10))
            smooth = counts + 0.6 * (np.roll(counts, 1) + np.roll(counts, -1))
            top = int(smooth.argmax())
            hue = float(edges[top] + 7.5)
            strength = float(np.clip(np.percentile(chroma[np.abs(angle - hue) < 20], 60), 12, 42))
    return Palette(
        paper=_warm(lch(93.6, 5.0, hue)),
        panel=_warm(lch(98.2, 1.6, hue)),
        ink=lch(25, min(strength, 12), hue),
        accent=lch(43, min(strength, 38), hue),
        tint=lch(83, min(strength, 16), hue),
        other=lch(70, 15, hue + 165),
    )


def lch(lightness: float, chroma: float, hue: float) -> Color:
    """A color by lightness 0-100, chroma and hue angle in degrees (CIELAB), as 0-255 RGB."""
    a, b = chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))
    rgb = cv2.cvtColor(np.array([[[lightness, a, b]]], np.float32), cv2.COLOR_LAB2RGB)[0, 0]
    red, green, blue = (int(v) for v in np.clip(np.round(rgb * 255), 0, 255))
    return red, green, blue


def _warm(color: Color) -> Color:
    """Most of the way to a warm cream of the same lightness, so that paper never looks cold or pink."""
    lightness = cv2.cvtColor((np.array([[color]], np.float32) / 255), cv2.COLOR_RGB2LAB)[0, 0, 0]
    cream = lch(float(lightness), (100 - lightness) * 1.25, 80)
    red, green, blue = (round(0.35 * a + 0.65 * b) for a, b in zip(color, cream, strict=True))
    return red, green, blue


def paper(width: int, height: int, color: Color, seed: int = 7) -> np.ndarray:
    """A sheet of cold-pressed watercolor paper: soft tone, fine tooth lit from the upper left, slightly darker corners."""
    rng = np.random.default_rng(seed)
    tone = np.zeros((height, width), np.float32)
    for cell, strength in ((420, 0.010), (150, 0.006)):
        spots = rng.standard_normal((height // cell + 3, width // cell + 3)).astype(np.float32)
        tone += strength * cv2.resize(spots, (width, height), interpolation=cv2.INTER_CUBIC)
    fine, coarse = (rng.standard_normal((height, width)).astype(np.float32) for _ in range(2))
    grain = cv2.addWeighted(cv2.GaussianBlur(fine, (0, 0), 2.2), 1.0, cv2.GaussianBlur(coarse, (0, 0), 5.0), 0.7, 0)
    tooth = np.asarray(cv2.Sobel(grain, cv2.CV_32F, 1, 0) + cv2.Sobel(grain, cv2.CV_32F, 0, 1), np.float32)
    tone = tone + tooth * np.float32(0.0075 / float(tooth.std()))
    y = (np.arange(height, dtype=np.float32)[:, None] / height - 0.48) ** 2
    x = (np.arange(width, dtype=np.float32)[None] / width - 0.46) ** 2
    tone += np.float32(1.012) - np.float32(0.10) * (x + y)
    sheet = np.empty((height, width, 3), np.uint8)
    for channel in range(3):
        np.clip(tone * color[channel] + 0.5, 0, 255, out=grain)
        sheet[..., channel] = grain.astype(np.uint8)
    return sheet


def checkerboard(width: int, height: int, cell: int = 40, light: int = 255, dark: int = 240) -> np.ndarray:
    """The gray squares that mean "see-through", as RGB."""
    rows, columns = np.arange(height)[:, None] // cell, np.arange(width)[None] // cell
    return np.repeat(np.where((rows + columns) % 2 == 0, light, dark).astype(np.uint8)[..., None], 3, axis=2)


def paste(picture: np.ndarray, rgba: np.ndarray, x: int, y: int, opacity: float = 1.0) -> None:
    """Lay an RGBA array on the image with its top left corner at (x, y); what falls outside is cut off."""
    top, left = max(0, -y), max(0, -x)
    rgba = rgba[top : picture.shape[0] - y, left : picture.shape[1] - x]
    if rgba.size == 0:
        return
    y, x = y + top, x + left
    under = picture[y : y + rgba.shape[0], x : x + rgba.shape[1]]
    alpha = rgba[..., 3:].astype(np.float32) * (opacity / 255)
    under[:] = (under * (1 - alpha) + rgba[..., :3] * alpha + 0.5).astype(np.uint8)


def tint_mask(mask: np.ndarray, color: Color) -> np.ndarray:
    """A coverage mask (uint8) as RGBA of one color."""
    flat = np.empty((*mask.shape, 4), np.uint8)
    flat[..., :3], flat[..., 3] = color, mask
    return flat


def paste_shadow(
    picture: np.ndarray, mask: np.ndarray, x: int, y: int, *, blur: float, drop: int, strength: float
) -> None:
    """Darken the image where `mask` at (x, y) would throw its shadow; `blur` and `drop` in pixels, `strength` 0 to 1."""
    pad = int(blur * 3)
    wide = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    soft = cv2.GaussianBlur(wide, (0, 0), blur)
    paste(picture, tint_mask(soft, (60, 46, 36)), x - pad, y - pad + drop, strength)


def draw_svg(body: str, width: int, height: int) -> np.ndarray:
    """Rasterize our own SVG shapes (never text, never someone's file) to an RGBA array of that size in pixels."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{body}</svg>'
    return pyvips.Image.svgload_buffer(svg.encode()).numpy()


def css(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def write_line(
    picture: np.ndarray,
    text: str,
    face: Face,
    size: float,
    color: Color,
    *,
    x: float,
    baseline: float,
    spacing: float = 0.0,
    anchor: str = "middle",
    rtl: bool | None = None,
) -> int:
    """Write one line with its baseline at `baseline` and x as its `start`, `middle` or `end`; returns its width in pixels.

    `rtl`: the direction of the paragraph it belongs to, None for its own. Raises CannotSet.
    """
    line = typeset(text, face, size, spacing=spacing, rtl=rtl)
    left = {"start": x, "middle": x - line.width / 2, "end": x - line.width}[anchor]
    paste(picture, tint_mask(line.mask, color), round(left), round(baseline) - line.baseline)
    return line.width

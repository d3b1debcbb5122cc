"""What scenes are furnished with, all drawn by code: wall, wood, linen, frames, vases, leaves and window light.

Images are RGB arrays, uint8, drawn on in place as in `canvas`. The same seed draws the same thing. It must never use a
photograph or anything that is not ours to sell.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from elistit.artwork.canvas import Color, css, draw_svg

FRAMES: dict[str, Color] = {
    "oak": (192, 154, 108),
    "walnut": (112, 78, 54),
    "black": (44, 42, 42),
    "white": (240, 237, 231),
}


def _noise(height: int, width: int, cell: tuple[float, float], rng: np.random.Generator) -> np.ndarray:
    """Smooth noise around 0; `cell` is its grain in pixels, down and across."""
    rows, columns = max(2, round(height / cell[0]) + 2), max(2, round(width / cell[1]) + 2)
    spots = rng.standard_normal((rows, columns)).astype(np.float32)
    return cv2.resize(spots, (width, height), interpolation=cv2.INTER_CUBIC)


def shade(picture: np.ndarray, factor: np.ndarray) -> None:
    """Multiply an image by a map of light (1 = as it is)."""
    for channel in range(3):
        picture[..., channel] = np.clip(picture[..., channel] * factor + 0.5, 0, 255).astype(np.uint8)


def wall(width: int, height: int, color: Color, seed: int = 3) -> np.ndarray:
    """A plastered wall, lit from the upper left."""
    rng = np.random.default_rng(seed)
    light = 1 + 0.010 * _noise(height, width, (300, 300), rng) + 0.006 * _noise(height, width, (60, 70), rng)
    fine = rng.standard_normal((height, width)).astype(np.float32)
    grain = cv2.GaussianBlur(fine, (0, 0), 1.6)
    light += 0.005 * grain / float(grain.std())
    x, y = np.arange(width, dtype=np.float32)[None] / width, np.arange(height, dtype=np.float32)[:, None] / height
    light *= 1.045 - 0.17 * ((x - 0.28) ** 2 + 0.8 * (y - 0.25) ** 2)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = color
    shade(picture, light)
    return picture


def window_light(picture: np.ndarray, seed: int = 5, strength: float = 0.13) -> None:
    """Slanted light of a window with the shadows of its bars and of a branch outside."""
    height, width = picture.shape[:2]
    bars = []
    for column in range(2):
        for row in range(3):
            x, y = 150 + column * 255, -60 + row * 320
            bars.append(f'<path d="M{x} {y}h225v290h-225z" transform="skewX(-24)" fill="#fff"/>')
    leaves = _branch((820, 60), 2.55, 820, np.random.default_rng(seed), ("#000",), 2.1)
    body = f'<g transform="translate(330 -40) scale(1.5 1.25) rotate(7)">{"".join(bars)}</g>'
    lit = draw_svg(f'<g transform="scale({width / 2000})">{body}</g>', width, height)[..., 3].astype(np.float32) / 255
    dark = (
        draw_svg(f'<g transform="scale({width / 2000})">{leaves}</g>', width, height)[..., 3].astype(np.float32) / 255
    )
    unit = width / 2000
    lit = cv2.GaussianBlur(lit, (0, 0), 13 * unit) * (1 - 0.75 * cv2.GaussianBlur(dark, (0, 0), 9 * unit))
    fade = np.linspace(1, 0.35, height, dtype=np.float32)[:, None]
    warm = lit * fade * strength
    for channel, share in enumerate((1.0, 0.93, 0.78)):
        light = picture[..., channel] * (1 - strength * 0.22 + warm * share)
        picture[..., channel] = np.clip(light + 0.5, 0, 255).astype(np.uint8)


def wood(width: int, height: int, color: Color, seed: int, *, upright: bool = False) -> np.ndarray:
    """Planed wood with its grain along the longer way, or upright. RGB."""
    if upright:
        return np.ascontiguousarray(wood(height, width, color, seed).transpose(1, 0, 2))
    rng = np.random.default_rng(seed)
    rows = np.arange(height, dtype=np.float32)[:, None]
    warp = 9 * _noise(height, width, (90, 700), rng) + 2.5 * _noise(height, width, (24, 240), rng)
    rings = np.sin((rows + warp) * 0.16) * 0.5 + np.sin((rows + warp) * 0.43 + 1.3) * 0.3
    fibers = _noise(height, width, (1.6, 90), rng)
    light = 1 + 0.035 * rings + 0.032 * fibers + 0.02 * _noise(height, width, (200, 500), rng)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = color
    shade(picture, light)
    return picture


def linen(width: int, height: int, color: Color, seed: int = 9) -> np.ndarray:
    """Woven cloth seen from above, with broad soft folds."""
    rng = np.random.default_rng(seed)
    across = _noise(height, width, (2.2, 46), rng)
    down = _noise(height, width, (46, 2.2), rng)
    rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    weave = 0.5 * np.sin(rows * 2.1) + 0.5 * np.sin(columns * 2.1)
    folds = _noise(height, width, (700, 320), rng) * 0.6 + _noise(height, width, (260, 900), rng) * 0.4
    x, y = columns / width, rows / height
    light = 1 + 0.016 * across + 0.016 * down + 0.008 * weave + 0.018 * folds
    light *= 1.04 - 0.10 * ((x - 0.3) ** 2 + (y - 0.25) ** 2)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = color
    shade(picture, light)
    return picture


def framed(art: np.ndarray, frame: str, unit: float, *, mat: float = 0.085, seed: int = 4) -> np.ndarray:
    """Art (RGB) behind a mat in a mitred frame, RGB. `mat` is its width as a part of the art's shorter side."""
    height, width = art.shape[:2]
    border, moulding = round(mat * min(width, height)), max(8, round(22 * unit))
    inner_h, inner_w = height + 2 * border, width + 2 * border
    full_h, full_w = inner_h + 2 * moulding, inner_w + 2 * moulding
    color = FRAMES[frame]
    flat, upright = wood(full_w, full_h, color, seed), wood(full_w, full_h, color, seed + 1, upright=True)
    x, y = np.arange(full_w)[None], np.arange(full_h)[:, None]
    side, level = np.minimum(x, full_w - 1 - x), np.minimum(y, full_h - 1 - y)
    picture = np.where((side < level)[..., None], upright, flat)
    depth = np.minimum(side, level).astype(np.float32)
    lit = np.where(side < level, np.where(x < full_w / 2, 1.05, 0.90), np.where(y < full_h / 2, 1.08, 0.86))
    rounding = 0.93 + 0.11 * np.sin(np.clip(depth / moulding, 0, 1) * math.pi)
    shade(picture, (lit * rounding).astype(np.float32))
    board = np.full((inner_h, inner_w, 3), (251, 249, 245), np.uint8)
    bevel = max(2, round(3 * unit))
    if border:
        hole = np.s_[border - bevel : border + height + bevel, border - bevel : border + width + bevel]
        board[hole] = (232, 229, 223)
        board[border - bevel : border, border - bevel : border + width + bevel] = (214, 211, 205)
    board[border : border + height, border : border + width] = art
    # The moulding stands proud of the board and throws a thin shadow on it from above and the left.
    near = np.minimum(np.arange(inner_h)[:, None] / (0.9 * moulding), np.arange(inner_w)[None] / (0.7 * moulding))
    shade(board, (1 - 0.26 * np.exp(-((near * 2.0) ** 1.2))).astype(np.float32))
    picture[moulding:-moulding, moulding:-moulding] = board
    return np.ascontiguousarray(picture)


def _leaf(x: float, y: float, angle: float, length: float, width: float, color: str) -> str:
    turn = f"translate({x:.1f} {y:.1f}) rotate({math.degrees(angle):.1f})"
    near, far, half_wide = length * 0.25, length * 0.75, width * 0.85
    upper = f"M0 0C{near:.1f} {-width:.1f} {far:.1f} {-half_wide:.1f} {length:.1f} 0"
    whole = f"{upper}C{far:.1f} {half_wide:.1f} {near:.1f} {width:.1f} 0 0Z"
    vein = f"M{length * 0.05:.1f} 0L{length * 0.9:.1f} 0"
    return (
        f'<g transform="{turn}"><path d="{whole}" fill="{color}"/>'
        f'<path d="{upper}Z" fill="#fff" fill-opacity=".13"/>'
        f'<path d="{vein}" stroke="#000" stroke-opacity=".13" stroke-width="{max(0.8, width * 0.07):.1f}"/></g>'
    )


def _branch(
    start: tuple[float, float], angle: float, length: float, rng: np.random.Generator, colors: tuple[str, ...],
    thick: float = 1.0, *, round_leaves: bool = False,
) -> str:  # fmt: skip
    """A bent stem with leaves on both sides, as SVG."""
    count = max(5, round(length / (34 if round_leaves else 44) / thick))
    bend = rng.uniform(-0.5, 0.5)
    points = [start]
    headings = []
    for step in range(count):
        heading = angle + bend * (step / count) ** 1.2
        headings.append(heading)
        last = points[-1]
        points.append((last[0] + math.cos(heading) * length / count, last[1] + math.sin(heading) * length / count))
    stem = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    parts = [f'<path d="{stem}" fill="none" stroke="#7a6a4f" stroke-width="{3.2 * thick:.1f}" stroke-linecap="round"/>']
    for index in range(1, count):
        grow = 0.62 + 0.5 * math.sin(math.pi * (0.25 + 0.7 * index / count))
        for way in (-1, 1):
            spread = way * rng.uniform(0.55, 0.95)
            size = (30 if round_leaves else 58) * grow * thick * rng.uniform(0.85, 1.15)
            fat = size * (0.62 if round_leaves else 0.26)
            color = colors[int(rng.integers(len(colors)))]
            parts.append(
                _leaf(*points[index], headings[index] + spread, size * (1.25 if round_leaves else 1), fat, color)
            )
    parts.append(_leaf(*points[-1], headings[-1], 44 * thick, 12 * thick, colors[0]))
    return "".join(parts)


GREENS = ("#8fa58e", "#7c957f", "#a5b6a0", "#6f8a74")
OLIVES = ("#98a07a", "#7f8a63", "#aab08c", "#6f7a57")


def sprig(length: int, seed: int, *, kind: str = "eucalyptus") -> np.ndarray:
    """A branch growing upwards on a transparent square `length` pixels high, RGBA."""
    rng = np.random.default_rng(seed)
    colors = GREENS if kind == "eucalyptus" else OLIVES
    body = _branch((500, 985), -math.pi / 2, 880, rng, colors, 1.5, round_leaves=kind == "eucalyptus")
    return draw_svg(f'<g transform="scale({length / 1000})">{body}</g>', length, length)


def vase(width: int, height: int, color: Color, seed: int) -> np.ndarray:
    """A stoneware vase with branches, standing at the bottom middle of a transparent image, RGBA."""
    rng = np.random.default_rng(seed)
    colors = GREENS if seed % 2 else OLIVES
    branches = "".join(
        _branch((500, 690), -math.pi / 2 + lean, reach, rng, colors, 1.0, round_leaves=bool(seed % 2))
        for lean, reach in ((-0.42, 470), (0.36, 500), (-0.12, 610), (0.12, 540))
    )
    base = css(color)
    body = (
        "M452 660C452 700 392 740 388 830C385 920 420 985 450 996H550C580 985 615 920 612 830C608 740 548 700 548 660Z"
    )
    pot = (
        '<defs><linearGradient id="round" x1="0" x2="1"><stop offset="0" stop-color="#000" stop-opacity=".20"/>'
        '<stop offset=".28" stop-color="#fff" stop-opacity=".20"/><stop offset=".55" stop-color="#000" '
        'stop-opacity=".03"/><stop offset="1" stop-color="#000" stop-opacity=".40"/></linearGradient></defs>'
        f'<path d="{body}" fill="{base}"/><path d="{body}" fill="url(#round)"/>'
        f'<ellipse cx="500" cy="660" rx="48" ry="9" fill="#2c2622" fill-opacity=".55"/>'
        f'<ellipse cx="500" cy="660" rx="48" ry="9" fill="none" stroke="{base}" stroke-width="4"/>'
    )
    across, down = width / 1000, height / 1000
    return draw_svg(f'<g transform="scale({across} {down})">{branches}{pot}</g>', width, height)


def books(width: int, colors: tuple[Color, ...], seed: int) -> np.ndarray:
    """A small stack of books with a bowl on it, RGBA, `width` pixels wide."""
    rng = np.random.default_rng(seed)
    parts, y = [], 400.0
    for index, color in enumerate(colors):
        tall, inset = 52 + 12 * rng.random(), 18 * index + 30 * rng.random()
        y -= tall
        wide = 1000 - 2 * inset - 40 * rng.random()
        parts.append(
            f'<rect x="{inset:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{tall - 2:.0f}" rx="7" fill="{css(color)}"/>'
            f'<rect x="{inset:.0f}" y="{y:.0f}" width="{wide:.0f}" height="7" rx="3" fill="#fff" fill-opacity=".16"/>'
            f'<rect x="{inset:.0f}" y="{y + tall - 12:.0f}" width="{wide:.0f}" height="10" rx="3" fill="#000" '
            f'fill-opacity=".16"/><rect x="{inset + 70:.0f}" y="{y + tall * 0.36:.0f}" width="{wide * 0.34:.0f}" '
            f'height="{tall * 0.16:.0f}" fill="#fff" fill-opacity=".45"/>'
        )
    parts.append(
        f'<path d="M330 {y - 120:.0f}H670C668 {y - 45:.0f} 600 {y:.0f} 560 {y:.0f}H440C400 {y:.0f} 332 {y - 45:.0f} '
        f'330 {y - 120:.0f}Z" fill="#efe9df"/><path d="M520 {y - 120:.0f}H670C668 {y - 45:.0f} 600 {y:.0f} 560 {y:.0f}H500Z" '
        'fill="#000" fill-opacity=".10"/>'
    )
    scale = width / 1000
    return draw_svg(f'<g transform="scale({scale})">{"".join(parts)}</g>', width, round(400 * scale))


def turned(rgba: np.ndarray, degrees: float) -> np.ndarray:
    """The same image turned clockwise on a canvas just large enough, with clean edges. RGBA."""
    height, width = rgba.shape[:2]
    cos, sin = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    across, down = math.ceil(width * cos + height * sin) + 4, math.ceil(width * sin + height * cos) + 4
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    matrix[:, 2] += ((across - width) / 2, (down - height) / 2)
    solid = rgba.astype(np.float32)
    solid[..., :3] *= solid[..., 3:] / 255
    moved = cv2.warpAffine(solid, matrix, (across, down), flags=cv2.INTER_CUBIC, borderValue=(0, 0, 0, 0))
    alpha = np.clip(moved[..., 3:], 0, 255)
    clear = moved[..., :3] / np.maximum(alpha / 255, 1e-3)
    return np.clip(np.dstack([clear, alpha]) + 0.5, 0, 255).astype(np.uint8)


def opaque(rgb: np.ndarray) -> np.ndarray:
    """An RGB image as RGBA."""
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])

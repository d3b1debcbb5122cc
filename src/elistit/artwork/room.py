"""Mockups of wall art and posters: framed in a room, every size side by side, and lying on a table.

Rooms are illustrations drawn by code, not photographs, and are meant to look like it: calm, with the art as the only thing
of strong color. The art is shown as it prints, never recolored or cut by the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyvips

from elistit.artwork import crop, props
from elistit.artwork.canvas import (
    Palette,
    Subject,
    lch,
    palette_of,
    paper,
    paste,
    paste_shadow,
    write_line,
)
from elistit.artwork.export import open_image, reading, to_srgb8
from elistit.artwork.label import size_for
from elistit.artwork.mockup import SIZE, save_picture
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF, SERIF_ITALIC, SERIF_LIGHT


def load_art(path: Path, px: int) -> np.ndarray:
    """A whole image, longest side `px` pixels (also enlarged), on white when it is transparent, RGB. Raises ImageBroken."""
    open_image(path)
    with reading():
        image = to_srgb8(pyvips.Image.thumbnail(str(path), px, height=px, fail_on="truncated"))
        return (image.flatten(background=255) if image.hasalpha() else image).numpy()


def colors_of(art: np.ndarray) -> Palette:
    """The listing colors of an opaque image."""
    return palette_of([Subject(props.opaque(art), 1.0)])


def room(out: Path, art: Path, *, frame: str = "oak", size: tuple[int, int] = SIZE, seed: int = 1) -> Path:
    """Write the art in a frame on the wall above a sideboard. `frame`: oak, walnut, black or white. `size` in pixels.

    Raises ImageBroken, ValueError for an unknown frame.
    """
    if frame not in props.FRAMES:
        raise ValueError("Frames are oak, walnut, black or white.")
    width, height = size
    unit = width / 2000
    picture_art = load_art(art, round(1500 * unit))
    colors = colors_of(picture_art)
    picture = props.wall(width, height, _wall_color(colors), seed)
    props.window_light(picture, seed + 4)
    top = round(height * 0.865)
    _hang(
        picture, picture_art, frame, (width // 2, round(height * 0.425)), (round(1180 * unit), round(1120 * unit)), unit
    )
    _sideboard(picture, top, unit, seed)
    _stand_vase(picture, top, unit, seed, mirrored=bool(seed % 2 == 0))
    return save_picture(picture, out)


def _wall_color(colors: Palette) -> tuple[int, int, int]:
    """A calm wall near the art's own paper."""
    red, green, blue = (round(0.5 * a + 0.5 * b) for a, b in zip(colors.paper, (224, 217, 206), strict=True))
    return red, green, blue


def _hang(
    picture: np.ndarray, art: np.ndarray, frame: str, middle: tuple[int, int], room_: tuple[int, int], unit: float
) -> None:
    """Hang framed art with its middle at a point, as large as `room_` (width, height) allows, frame and mat included."""
    height, width = art.shape[:2]
    mat = 0.085
    extra = 2 * mat * min(width, height)
    scale = min((room_[0] - 44 * unit) / (width + extra), (room_[1] - 44 * unit) / (height + extra))
    fitted = Subject(props.opaque(art), 1.0).scaled(scale)[..., :3]
    whole = props.framed(fitted, frame, unit, mat=mat)
    x, y = middle[0] - whole.shape[1] // 2, middle[1] - whole.shape[0] // 2
    mask = np.full(whole.shape[:2], 255, np.uint8)
    # One wide shadow for the distance to the wall, one tight for the contact; light comes from the upper left.
    paste_shadow(picture, mask, x + round(20 * unit), y, blur=34 * unit, drop=round(34 * unit), strength=0.30)
    paste_shadow(picture, mask, x + round(5 * unit), y, blur=7 * unit, drop=round(7 * unit), strength=0.26)
    paste(picture, props.opaque(whole), x, y)


def _sideboard(picture: np.ndarray, top: int, unit: float, seed: int) -> None:
    """A sideboard across the whole image from the row `top` down, its edge, front and the shadow it throws."""
    height, width = picture.shape[:2]
    edge = round(34 * unit)
    band = picture[max(0, top - round(70 * unit)) : top]
    props.shade(band, np.linspace(1.0, 0.93, band.shape[0], dtype=np.float32)[:, None])
    picture[top:] = props.wood(width, height - top, (206, 172, 128), seed + 20)
    props.shade(picture[top : top + edge], np.linspace(1.08, 0.98, edge, dtype=np.float32)[:, None])
    front = picture[top + edge :]
    props.shade(front, (0.86 * np.linspace(0.86, 1.0, front.shape[0], dtype=np.float32) ** 1.0)[:, None])
    picture[top + edge : top + edge + max(2, round(5 * unit))] = (
        picture[top + edge : top + edge + max(2, round(5 * unit))] * 0.62
    ).astype(np.uint8)
    for share in (0.335, 0.665):
        column = round(width * share)
        joint = picture[top + edge :, column : column + max(2, round(4 * unit))]
        joint[:] = (joint * 0.6).astype(np.uint8)


def _stand_vase(picture: np.ndarray, top: int, unit: float, seed: int, *, mirrored: bool) -> None:
    """A vase on one side of the sideboard and a few books on the other, both with their shadows."""
    width = picture.shape[1]
    tall = round(860 * unit)
    clay = lch(66, 20, 62)
    pot = props.vase(tall, tall, clay, seed)
    x = round(width * (0.875 if mirrored else 0.105)) - tall // 2 + round(20 * unit)
    y = top - tall + round(14 * unit)
    _cast(picture, pot, x, y, unit)
    spines = ((146, 150, 138), (224, 216, 203), (196, 160, 138))
    stack = props.books(round(360 * unit), spines, seed)
    left = round(width * (0.06 if mirrored else 0.775))
    _cast(picture, stack, left, top - stack.shape[0] + round(8 * unit), unit)


def _cast(picture: np.ndarray, thing: np.ndarray, x: int, y: int, unit: float) -> None:
    """Set a thing down with its shadow on the wall behind it and on what it stands on."""
    paste_shadow(picture, thing[..., 3], x + round(30 * unit), y, blur=20 * unit, drop=round(16 * unit), strength=0.20)
    foot = np.zeros_like(thing[..., 3])
    rows = max(2, round(16 * unit))
    foot[-rows:] = thing[-rows:, :, 3]
    paste_shadow(picture, foot, x + round(10 * unit), y, blur=9 * unit, drop=round(6 * unit), strength=0.45)
    paste(picture, thing, x, y)


def size_chart(
    out: Path, art: Path, *, title: str, prints: Sequence[tuple[str, str, float]], size: tuple[int, int] = SIZE
) -> Path:
    """Write the overview of the print files: each ratio as a frame, its name and its largest size under it.

    `prints`: name ("2:3"), its sizes in words, largest first ("24 × 36 in · 20 × 30 in"), and width through height. Raises ValueError without prints.
    """
    if not prints:
        raise ValueError("A size overview needs at least one print.")
    width, height = size
    unit = width / 2000
    picture_art = load_art(art, round(1100 * unit))
    colors = colors_of(picture_art)
    picture = paper(width, height, colors.paper)
    letter = size_for(title, SERIF_LIGHT, 1700 * unit, 100 * unit, 0)
    write_line(picture, title, SERIF_LIGHT, letter, colors.ink, x=width / 2, baseline=265 * unit)
    note = f"{len(prints)} print files · 300 DPI · sRGB".upper()
    write_line(picture, note, SANS_SEMIBOLD, 27 * unit, colors.accent, x=width / 2, baseline=345 * unit, spacing=0.16)
    cell = (width - 110 * unit) / len(prints)
    base = 1035 * unit
    tallest = min(560 * unit, (cell - 56 * unit) / max(r for _, _, r in prints))
    for index, (name, words, ratio) in enumerate(prints):
        x = 55 * unit + (index + 0.5) * cell
        piece = crop.fitted(art, round(tallest * ratio), round(tallest))
        hung = props.framed(piece, "oak", unit * 0.55, mat=0.0, seed=index + 2)
        left, top = round(x - hung.shape[1] / 2), round(base - hung.shape[0])
        mask = np.full(hung.shape[:2], 255, np.uint8)
        paste_shadow(picture, mask, left + round(5 * unit), top, blur=16 * unit, drop=round(14 * unit), strength=0.28)
        paste(picture, props.opaque(hung), left, top)
        write_line(picture, name, SERIF, 60 * unit, colors.ink, x=x, baseline=base + 105 * unit)
        for row, line in enumerate(p.strip() for p in words.split("·")):
            fit = size_for(line, SERIF_ITALIC, cell - 30 * unit, 34 * unit, 0)
            y = base + (165 + 50 * row) * unit
            write_line(picture, line, SERIF_ITALIC, fit, colors.accent if row == 0 else colors.ink, x=x, baseline=y)
    return save_picture(picture, out)


def on_table(out: Path, art: Path, *, size: tuple[int, int] = SIZE, seed: int = 2) -> Path:
    """Write the print lying unframed on linen beside a branch, close enough to see its texture."""
    width, height = size
    unit = width / 2000
    picture = props.linen(width, height, (222, 214, 202), seed)
    sheet = load_art(art, round(1780 * unit))
    margin = round(46 * unit)
    page = np.full((sheet.shape[0] + 2 * margin, sheet.shape[1] + 2 * margin, 3), 252, np.uint8)
    page[margin:-margin, margin:-margin] = sheet
    turned = props.turned(props.opaque(page), -9)
    x, y = round(width * 0.46 - turned.shape[1] / 2), round(height * 0.60 - turned.shape[0] / 2)
    paste_shadow(picture, turned[..., 3], x + round(10 * unit), y, blur=26 * unit, drop=round(20 * unit), strength=0.30)
    paste_shadow(picture, turned[..., 3], x + round(2 * unit), y, blur=5 * unit, drop=round(4 * unit), strength=0.25)
    paste(picture, turned, x, y)
    for index, (where, degrees, kind) in enumerate((((0.87, 0.30), 38, "eucalyptus"), ((0.93, 0.72), 152, "olive"))):
        branch = props.turned(props.sprig(round(900 * unit), seed + index, kind=kind), degrees)
        left, top = round(width * where[0] - branch.shape[1] / 2), round(height * where[1] - branch.shape[0] / 2)
        paste_shadow(
            picture, branch[..., 3], left + round(12 * unit), top, blur=10 * unit, drop=round(14 * unit), strength=0.32
        )
        paste(picture, branch, left, top)
    return save_picture(picture, out)

"""A tile as a vector drawing: for the flat styles the finished pattern, for every style the sketch of it.

Whatever crosses an edge of the tile is drawn again on the other side, exactly a tile away, so that tiles laid side by side show one
picture. The document holds shapes only: no raster, script or reference out of itself.
"""

from __future__ import annotations

import math
import re
import xml.sax.saxutils as saxutils
from collections.abc import Callable
from functools import lru_cache

from elistit_artist.patterns import artist, motifs, palette
from elistit_artist.patterns.artist import Grade
from elistit_artist.patterns.tile import UNITS, Area, Motif, Placed, Shape, Tile, copies

INCHES = 12
# The looks whose finished tile is a vector drawing, by style code.
LOOKS: dict[str, Callable[..., list[tuple[str, str]]]] = {"flat": artist.vector.flat, "kawaii": artist.vector.sticker}
_FILL = re.compile(r'(fill|stroke)="(#[0-9a-fA-F]{6})"')
_CLIP = re.compile(r"\bpiece(\d+)\b")
_TAG = re.compile(r"^<(\w+)")

Drawn = tuple[str, tuple[float, float, float, float]]


def markup(tile: Tile, draw: Callable[[int, Motif], Drawn]) -> str:
    """Everything on the tile but its ground, in paint order. `draw` gives a motif's markup and the square it was fitted to."""
    return "".join(area_markup(a) for a in tile.areas) + "".join(
        _placed(p, draw(p.motif, tile.motifs[p.motif]), k) for k, p in enumerate(tile.placed)
    )


def area_markup(area: Area, rim: float = 1.0) -> str:
    """An area with its copies beyond the edges; `rim` as for `copies`."""
    return "".join(_painted(shape, area.color, rim) for shape in area.shapes)


def _painted(shape: Shape, color: str, rim: float) -> str:
    paint = (
        f' fill="none" stroke="{color}" stroke-width="{shape.line:g}" stroke-linejoin="round"'
        if shape.line
        else f' fill="{color}"'
    )
    drawn = _TAG.sub(rf"<\1{paint}", shape.markup)
    if not shape.wraps:
        return drawn
    return "".join(
        drawn if (dx, dy) == (0, 0) else f'<g transform="translate({dx} {dy})">{drawn}</g>'
        for dx, dy in copies(*shape.box, rim)
    )


def _placed(place: Placed, drawn: Drawn, number: int) -> str:
    body, (left, top, wide, high) = drawn
    scale = place.size / max(wide, high)
    middle_x, middle_y = left + wide / 2, top + high / 2
    across = -scale if place.flip else scale
    reach = place.size / 2 * (abs(math.cos(math.radians(place.angle))) + abs(math.sin(math.radians(place.angle))))
    found = ""
    for dx, dy in copies(place.x - reach, place.y - reach, place.x + reach, place.y + reach):
        turn = f" rotate({place.angle:.3f})" if place.angle else ""
        to = (
            f"translate({place.x + dx:.3f} {place.y + dy:.3f}){turn} scale({across:.6f} {scale:.6f}) "
            f"translate({-middle_x:.3f} {-middle_y:.3f})"
        )
        # A clip path belongs to its copy: names must not meet.
        own = _CLIP.sub(rf"p{number}x{dx // UNITS + 3}{dy // UNITS + 3}-\1", body)
        found += f'<g transform="{to}">{own}</g>'
    return found


def finished(tile: Tile, style: str, grade: Grade) -> str:
    """The markup of a tile in a vector style. Raises KeyError for a style that paints."""
    look = LOOKS[style]

    def draw(number: int, motif: Motif) -> Drawn:
        own = Grade() if motif.ornament or motif.tones else palette.graded(style, grade)
        return _finished(
            motifs.svg(motif, tile.arranged + number), style, own, bool(motif.ornament or motif.tones), look
        )

    return markup(tile, draw)


@lru_cache(maxsize=128)
def _finished(drawn: str, style: str, grade: Grade, plain: bool, look: Callable[..., list[tuple[str, str]]]) -> Drawn:
    read = artist.vector.read(drawn, 1.0, motifs.MARGIN)
    # An ornament is paint, not a character: it gets no outline of its own.
    shapes = (artist.vector.flat if plain else look)(read, grade)
    return "".join(text for _, text in shapes), read.box


def sketched(tile: Tile, grade: Grade, style: str) -> str:
    """The markup of a quick sketch of a tile: the figures as they are drawn, in the colors of the set."""
    graded = palette.graded(style, grade)

    def draw(number: int, motif: Motif) -> Drawn:
        own = Grade() if motif.ornament or motif.tones else graded
        return _sketched(motifs.svg(motif, tile.arranged + number), own)

    return markup(tile, draw)


@lru_cache(maxsize=256)
def _sketched(drawn: str, grade: Grade) -> Drawn:
    parts, box = artist.layers.leaves(drawn)
    frame = artist.layers.frame_for(parts, box, 1.0, motifs.MARGIN)
    body = "".join(parts)
    if grade != Grade():
        body = _FILL.sub(lambda m: f'{m[1]}="{artist.vector.toned(m[2], grade)}"', body)
    return body, (frame.left, frame.top, frame.width * frame.unit, frame.height * frame.unit)


def document(ground: str, body: str, title: str) -> str:
    """A whole SVG file of a tile, `INCHES` wide and high; what lies outside of it is cut off."""
    name = saxutils.escape(title)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{INCHES}in" height="{INCHES}in" viewBox="0 0 {UNITS} {UNITS}">'
        f"<title>{name}</title>\n"
        f'<rect id="ground" x="0" y="0" width="{UNITS}" height="{UNITS}" fill="{ground}"/>\n{body}\n</svg>\n'
    )

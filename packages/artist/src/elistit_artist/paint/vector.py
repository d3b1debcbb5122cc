"""The clean styles: flat color, coloring page and sticker, drawn as vectors straight from the figure.

Everything stays a vector until the very last step, so these pictures are sharp at any size and the flat one can be handed
over as SVG. Same drawing and grade, same picture; nothing here is random, and nothing may follow a reference out of the
drawing.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elistit_artist.paint import color, layers
from elistit_artist.paint.color import Grade

_NUMBER = re.compile(r"-?\d+\.?\d*")
_HEX = re.compile(r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")
# Colors nearer than this in OKLab become one: a leaf more or less green is one color to a cutting machine.
_ONE_COLOR = 0.030


@dataclass(frozen=True)
class Piece:
    """One shape: its groups' attributes from the outside in, its element, color (sRGB), opacity, and how it lies in the
    picture (the largest circle inside what is visible of it and its visible area, in painting units; `late` for a small detail)."""

    groups: tuple[dict[str, str], ...]
    tag: str
    shape: dict[str, str]
    rgb: tuple[float, float, float]
    opacity: float
    line: bool
    radius: float
    area: float
    late: bool

    @property
    def light(self) -> float:
        return color.lightness(self.rgb)

    @property
    def plain(self) -> str:
        """The path data when it is one our figures draw (absolute moves and curves only), else empty."""
        data = self.shape.get("d", "")
        return (
            data
            if self.tag == "path" and not self.groups and not set("".join(c for c in data if c.isalpha())) - set("MCLZ")
            else ""
        )

    def markup(self, **paint: str) -> str:
        """The shape with this paint (underscores become hyphens) inside its groups."""
        element = ET.Element(self.tag, {**self.shape, **{k.replace("_", "-"): v for k, v in paint.items()}})
        text = ET.tostring(element, encoding="unicode")
        for group in reversed(self.groups):
            text = (
                ET.tostring(ET.Element("g", group), encoding="unicode").replace(" />", ">").replace("/>", ">")
                + text
                + "</g>"
            )
        return text


def hexed(rgb: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, float(v)))):02x}" for v in rgb)


def lightness_of(code: str) -> float:
    """How light a hex code is, 0..1 (OKLab); black for one that isn't one."""
    return color.lightness(_color(code))


def _color(text: str) -> tuple[float, float, float]:
    if not _HEX.match(text):
        return (0.0, 0.0, 0.0)
    digits = text[1:] if len(text) == 7 else "".join(2 * c for c in text[1:])
    r, g, b = (float(v) for v in color.from_hex(digits))
    return (r, g, b)


def _piece(part: str, seen: layers.Shape) -> Piece:
    element, groups = ET.fromstring(part), []
    while element.tag == "g":
        groups.append({k: v for k, v in element.attrib.items() if k not in ("fill", "stroke")})
        element = element[0]
    drop = ("fill", "stroke", "opacity", "fill-opacity", "stroke-opacity", "style", "id", "class")
    shape = {k: v for k, v in element.attrib.items() if k not in drop}
    line = element.get("fill") == "none"
    area = float(seen.mask.sum(dtype=np.int64)) / 255 / layers.READ_SCALE**2
    radius = layers.inner_radius(seen.mask) / layers.READ_SCALE
    return Piece(tuple(groups), element.tag, shape, seen.rgb, seen.opacity, line, radius, area, seen.late)


@dataclass(frozen=True)
class Drawing:
    """The visible pieces of a figure or scene in paint order, and the sheet they lie on."""

    pieces: list[Piece]
    frame: layers.Frame

    @property
    def box(self) -> tuple[float, float, float, float]:
        f = self.frame
        return (f.left, f.top, f.width * f.unit, f.height * f.unit)


def read(svg: str, aspect: float = 1.0, margin: float = 0.07, whole: bool = False) -> Drawing:
    """The pieces of a drawing: fitted to a sheet of this aspect, or `whole`: filling its own canvas. Raises BadDrawing."""
    parts, _ = layers.leaves(svg)
    reading = layers.read_scene(svg, 1024, 0) if whole else layers.read_drawing(svg, aspect, margin)
    return Drawing([_piece(parts[s.order], s) for s in reading.shapes], reading.frame)


def one_color_each(colors: Sequence[Sequence[float]], weights: Sequence[float]) -> list[str]:
    """Hex codes of colors, near ones made one: each becomes the heaviest color near it."""
    labs = color.oklab(np.asarray(colors, np.float64))
    kept: list[int] = []
    for i in sorted(range(len(labs)), key=lambda n: -weights[n]):
        if all(float(np.linalg.norm(labs[i] - labs[k])) > _ONE_COLOR for k in kept):
            kept.append(i)
    return [hexed(colors[min(kept, key=lambda k: float(np.linalg.norm(lab - labs[k])))]) for lab in labs]


def flat(drawing: Drawing, grade: Grade) -> list[tuple[str, str]]:
    """The picture in flat opaque colors: (color, markup) of each shape in paint order. See-through shapes get the solid
    color they show."""
    solid: list[color.Array] = []
    for k, piece in enumerate(drawing.pieces):
        rgb = color.grade(piece.rgb, grade)
        if piece.opacity < 1:
            below = _below(drawing, k, solid)
            rgb = np.asarray(below + (rgb - below) * piece.opacity, np.float32)
        solid.append(rgb)
    names = one_color_each(solid, [p.area for p in drawing.pieces])
    return [
        (name, p.markup(fill="none", stroke=name) if p.line else p.markup(fill=name))
        for name, p in zip(names, drawing.pieces, strict=True)
    ]


def toned(ground: str, grade: Grade) -> str:
    """The paper of a flat picture, graded like the rest of it."""
    return hexed(color.grade(color.from_hex(ground), grade))


def _below(drawing: Drawing, k: int, solid: Sequence[color.Array]) -> color.Array:
    """The mean color under a piece, from a small raster of what was laid before it."""
    px = 160
    before = "".join(p.markup(fill=hexed(c)) for p, c in zip(drawing.pieces[:k], solid, strict=True) if not p.line)
    under = layers.raster(before, drawing.box, px, px) if before else np.zeros((px, px, 4), np.uint8)
    where = layers.raster(drawing.pieces[k].markup(fill="#000"), drawing.box, px, px)[..., 3] > 127
    where &= under[..., 3] > 127
    if not where.any():
        return np.ones(3, np.float32)
    return np.asarray(under[where][:, :3].mean(0) / 255, np.float32)


def document(drawing: Drawing, shapes: Sequence[tuple[str, str]], title: str, ground: str = "") -> str:
    """A layered SVG file: shapes of one color that follow each other share a named layer. No raster, script or reference."""
    left, top, wide, high = drawing.box
    body, k = [], 0
    if ground:
        body.append(
            f'<rect id="paper" x="{left:.2f}" y="{top:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="{ground}"/>'
        )
    for number in range(1, len(shapes) + 1):
        if k >= len(shapes):
            break
        name = shapes[k][0]
        layer = []
        while k < len(shapes) and shapes[k][0] == name:
            layer.append(shapes[k][1])
            k += 1
        body.append(f'<g id="layer-{number:02d}-{name[1:]}">{"".join(layer)}</g>')
    name = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.2f} {top:.2f} {wide:.2f} {high:.2f}">'
        f"<title>{name}</title>\n" + "\n".join(body) + "\n</svg>\n"
    )


INK = "#26211f"
# A drawing of more shapes than this gets finer lines, or a wreath would be nothing but outline.
_MANY = 130


def _fineness(drawing: Drawing) -> float:
    """Factor on line widths: 1 for a figure, down to 0.45 for a wreath of hundreds of leaves."""
    return float(max(0.45, min(1.0, (_MANY / len(drawing.pieces)) ** 0.5)))


def lines(drawing: Drawing, grade: Grade) -> list[tuple[str, str]]:
    """A coloring page: white shapes with one even line, a heavier one round the whole."""
    unit = drawing.frame.unit
    fine = _fineness(drawing)
    even, heavy = f"{6.4 * fine * unit:.2f}", f"{(6.4 + 10.6 * fine**2) * unit:.2f}"
    solid = [p for p in drawing.pieces if p.opacity == 1.0]
    out = [
        (INK, p.markup(fill=INK, stroke=INK, stroke_width=heavy, stroke_linejoin="round", stroke_linecap="round"))
        for p in solid
        if not p.late and p.radius >= 3.2
    ]
    for piece in solid:
        if piece.late and piece.light > 0.9:
            out.append(("#ffffff", piece.markup(fill="#ffffff")))
        elif (piece.late and piece.light < 0.5 and piece.radius < 21) or piece.line or piece.radius < 3.6 * fine:
            if piece.light < 0.80 or piece.radius >= 2.0:
                out.append(
                    (INK, piece.markup(fill="none" if piece.line else INK, **({"stroke": INK} if piece.line else {})))
                )
        elif piece.area > 70 * fine:
            out.append(
                ("#ffffff", piece.markup(fill="#ffffff", stroke=INK, stroke_width=even, stroke_linejoin="round"))
            )
    return out


def sticker(drawing: Drawing, grade: Grade) -> list[tuple[str, str]]:
    """A cute sticker: soft thick outline, flat color with a light and a shade side, rosy cheeks."""
    unit = drawing.frame.unit
    dark = "#4a3638"
    fine = _fineness(drawing)
    thick = f"{24.0 * fine * unit:.2f}"
    out = [
        (dark, p.markup(fill=dark, stroke=dark, stroke_width=thick, stroke_linejoin="round", stroke_linecap="round"))
        for p in drawing.pieces
        if p.opacity == 1.0 and p.radius >= 2.0
    ]
    for k, piece in enumerate(drawing.pieces):
        rgb = color.grade(piece.rgb, grade)
        name = hexed(rgb)
        if piece.opacity < 1:
            out.append(
                (
                    name,
                    piece.markup(
                        fill=hexed(color.tinted(rgb, 0.0, (0.02, 0.005))),
                        fill_opacity=f"{min(0.75, piece.opacity * 1.15):.2f}",
                    ),
                )
            )
            continue
        if piece.light < 0.36 and piece.late:
            out.append((dark, piece.markup(fill=dark)))
            continue
        if piece.line:
            out.append((name, piece.markup(fill="none", stroke=name)))
            continue
        edge = hexed(color.oklab_mix(rgb, color.from_hex(dark), 0.62))
        rim = (
            {"stroke": edge, "stroke_width": f"{4.6 * fine * unit:.2f}", "stroke_linejoin": "round"}
            if piece.radius > 11
            else {}
        )
        if piece.radius > 20 and piece.plain:
            out.append((name, _rounded(piece, k, rgb, unit) + piece.markup(fill="none", **rim)))
        else:
            out.append((name, piece.markup(fill=name, **rim)))
    return out


def _rounded(piece: Piece, k: int, rgb: color.Array, unit: float) -> str:
    """A shape with a lighter rim towards the light and a darker one away from it, both cut from the shape itself."""
    data = piece.plain
    reach = min(26.0, 0.30 * piece.radius) * unit
    light = hexed(color.tinted(rgb, 0.060 if color.lightness(rgb) < 0.9 else 0.02, (0.0, 0.004)))
    shade = hexed(color.tinted(rgb, -0.070, (0.006, -0.004)))
    clip = f'<clipPath id="piece{k}"><path d="{data}"/></clipPath>'
    rims = "".join(
        f'<path d="{data}{_moved(data, dx * reach, dy * reach)}" fill="{tone}" fill-rule="evenodd"/>'
        for dx, dy, tone in ((0.55, 0.8, light), (-0.55, -0.8, shade))
    )
    return f'{clip}<g clip-path="url(#piece{k})"><path d="{data}" fill="{hexed(rgb)}"/>{rims}</g>'


def _moved(data: str, dx: float, dy: float) -> str:
    """Path data of absolute points, moved."""
    turn = [dx, dy]
    count = -1

    def shift(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"{float(found.group()) + turn[count % 2]:.1f}"

    return _NUMBER.sub(shift, data)


Look = Callable[[Drawing, Grade], list[tuple[str, str]]]


def put_on_pixels(
    drawing: Drawing, shapes: Sequence[tuple[str, str]], width: int, height: int, ground: str = ""
) -> NDArray[np.uint8]:
    """The picture as RGBA bytes, `height` × `width` × 4; on `ground` when one is given, and cut to the ratio asked for."""
    left, top, wide, high = drawing.box
    scale = max(width / wide, height / high) if ground else min(width / wide, height / high)
    seen_w, seen_h = width / scale, height / scale
    box = (left + (wide - seen_w) / 2, top + (high - seen_h) / 2, seen_w, seen_h)
    back = (
        f'<rect x="{box[0]:.3f}" y="{box[1]:.3f}" width="{seen_w:.3f}" height="{seen_h:.3f}" fill="{ground}"/>'
        if ground
        else ""
    )
    pixels = np.array(layers.raster(back + "".join(markup for _, markup in shapes), box, width, height))
    if ground:
        pixels[..., 3] = 255
    else:
        pixels[pixels[..., 3] < 3] = 0
    return pixels

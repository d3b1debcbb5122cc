"""From a plan to a finished drawing: welded shapes in the colors of a palette, as a document, SVG or image.

A plan is JSON-safe and decides everything. What is written is filled paths alone: no text, no strokes, and no two shapes that
overlap, so that a cutting machine cuts each edge once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from elistit_artist.lettering import alphabets, layouts, outlines, palettes, setting, signs
from elistit_artist.lettering.faces import Mood, choose, face
from elistit_artist.lettering.shapes import BACKING, KNOCK, Box, Drawn, union

# The shorter side of a document, in its own units.
SIDE = 1000.0
# How much of the shorter side stays free around the drawing: on paper, and on a transparent ground.
MARGIN, CUT_MARGIN = 0.095, 0.05
FINEST = 0.02


@dataclass(frozen=True)
class Layer:
    """All shapes of one color, welded: valid polygons that touch none of another layer's."""

    role: str
    color: str
    shape: MultiPolygon


@dataclass(frozen=True)
class Document:
    """A finished drawing. `ground` is the color of the paper, empty for none."""

    width: float
    height: float
    ground: str
    layers: tuple[Layer, ...]
    title: str


def page(canvas: tuple[int, int] | list[int] | None) -> Box:
    """The page of a canvas such as (3, 4), in document units."""
    wide, high = canvas or (1, 1)
    by = SIDE / min(wide, high)
    return Box(0, 0, wide * by, high * by)


def document(plan: dict[str, Any]) -> Document:
    """Draw a plan. Raises CannotLetter, and KeyError for a plan that names what is not there."""
    return _document(json.dumps(plan, sort_keys=True))


@lru_cache(64)
def _document(plan_text: str) -> Document:
    plan = json.loads(plan_text)
    sheet = page(plan.get("canvas"))
    paper = bool(plan.get("paper"))
    inner = sheet.inset(SIDE * (MARGIN if paper else CUT_MARGIN))
    if plan.get("backing"):
        inner = inner.inset(SIDE * 0.045)
    drawn = _FORMS[plan["form"]](plan, sheet, inner)
    if plan.get("backing"):
        drawn = Drawn([(BACKING, _backing(union(drawn)))]).lay(drawn)
    colors = palettes.palette(plan["palette"])
    return Document(
        sheet.width, sheet.height, colors.ground if paper else "", _layers(drawn, colors), str(plan.get("text", ""))
    )


def _quote(plan: dict[str, Any], sheet: Box, inner: Box) -> Drawn:
    chosen = face(plan["face"])
    text = setting.tidy(plan["text"], chosen)
    plain = face(setting.plain_face(chosen.mood))
    return layouts.layout(plan["layout"]).draw(layouts.Ask(text, chosen, plain, sheet, inner, int(plan.get("turn", 0))))


_FORMS: dict[str, Callable[[dict[str, Any], Box, Box], Drawn]] = {
    "quote": _quote,
    "sign": signs.sign,
    "monogram": signs.monogram,
    "birth": signs.birth,
    "letter": alphabets.letter,
}


def _backing(shape: BaseGeometry) -> BaseGeometry:
    """One piece of sticker under a drawing, with room around it, whatever the gaps between its letters."""
    whole = shape.buffer(SIDE * 0.028, quad_segs=12)
    reach = SIDE * 0.02
    while isinstance(whole, MultiPolygon) and len(whole.geoms) > 1 and reach < SIDE:
        whole = whole.buffer(reach, quad_segs=12).buffer(-reach, quad_segs=12)
        reach *= 1.6
    parts = [p for p in shapely.get_parts(whole) if isinstance(p, Polygon)]
    return shapely.union_all([Polygon(p.exterior) for p in parts]).simplify(0.05)


def _layers(drawn: Drawn, colors: palettes.Palette) -> tuple[Layer, ...]:
    """Shapes of one color welded, what lies under others cut away."""
    roles: dict[str, BaseGeometry] = {}
    for role, group in groupby(drawn.parts, key=lambda p: p[0]):
        # Finer than a fiftieth of a unit nothing is seen or cut: 0.15 pixels of a 24 × 36 in print.
        shape = shapely.union_all(shapely.simplify([g for _, g in group], FINEST))
        for other in [r for r in roles if r != role]:
            roles[other] = roles[other].difference(shape)
        if role != KNOCK:
            roles[role] = roles[role].union(shape) if role in roles else shape
        elif role in roles:
            roles[role] = roles[role].difference(shape)
    by_color: dict[str, list[BaseGeometry]] = {}
    named: dict[str, str] = {}
    for role, shape in roles.items():
        if role != KNOCK:
            color = colors.of(role)
            by_color.setdefault(color, []).append(shape)
            named.setdefault(color, role)
    found: list[Layer] = []
    above: BaseGeometry = Polygon()
    for color, shapes in reversed(list(by_color.items())):
        welded = outlines.weld(shapes)
        # Rounding moves an edge by up to half a step: a gap too fine to see keeps the layer below clear of it.
        if welded.intersects(above):
            edge = above.buffer(1.5 * outlines.GRID, join_style="mitre", quad_segs=1)
            welded = outlines.weld([welded.difference(edge)])
        above = shapely.union_all([above, welded])
        if not welded.is_empty:
            found.append(Layer(named[color], color, welded))
    return tuple(reversed(found))


def svg(plan: dict[str, Any], ground: bool = True) -> str:
    """A plan as SVG: one filled path for each color. Raises as `document` does."""
    made = document(plan)
    paper = (
        f'<rect width="{made.width:g}" height="{made.height:g}" fill="{made.ground}"/>'
        if made.ground and ground
        else ""
    )
    paths = "".join(
        f'<path id="{layer.role}" fill="{layer.color}" fill-rule="evenodd" d="{outlines.path(layer.shape)}"/>'
        for layer in made.layers
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {made.width:g} {made.height:g}"'
        f' width="{made.width:g}" height="{made.height:g}">{paper}{paths}</svg>'
    )


__all__ = ["Document", "Layer", "Mood", "choose", "document", "page", "svg"]

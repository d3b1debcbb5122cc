"""Alphabets and number sets: letters, figures and marks in one style, each an image of its own.

All characters of a set have one size and stand on one baseline, so that words made from them are even. Nothing of a set may
leave its box.
"""

from __future__ import annotations

import string
from functools import lru_cache
from typing import Any

import shapely
import shapely.affinity
from shapely.geometry.base import BaseGeometry

from elistit_artist.lettering import setting as s
from elistit_artist.lettering.faces import Face, face
from elistit_artist.lettering.shapes import ACCENT, INK, SOFT, Box, Drawn, union

MARKS = "&!?.,'-+=#@$%():;/*"
EXTRAS = "ÄÖÜÉÈÑÇÅÆØÊÀÁÍÓÚßŒ"
TREATMENTS = ("solid", "outlined", "shadow", "inline", "banded")


def members(numbers_only: bool = False) -> str:
    """The characters of a set in the order they are made: capitals, figures, marks, small letters, letters with accents."""
    if numbers_only:
        return string.digits + MARKS
    return string.ascii_uppercase + string.digits + MARKS + string.ascii_lowercase + EXTRAS


def covered(chosen: Face, numbers_only: bool = False) -> str:
    """The members of a set that a face has."""
    return "".join(c for c in members(numbers_only) if chosen.covers(c))


@lru_cache(64)
def _room(chosen: Face) -> Box:
    """The box in em that takes every capital, figure and mark of a face, from its baseline."""
    boxes = [s.line(c, chosen, 1.0).box for c in string.ascii_letters + string.digits + "&@" if chosen.covers(c)]
    half = max(b.width for b in boxes) / 2
    return Box(-half, min(b.top for b in boxes), half, max(b.bottom for b in boxes))


def letter(plan: dict[str, Any], sheet: Box, inner: Box) -> Drawn:
    """One character of a set, at the size and height that all of them have."""
    chosen = face(plan["face"])
    room, edge = _room(chosen), 0.05
    size = min(inner.width / (room.width + 2 * edge), inner.height / (room.height + 2 * edge))
    one = s.line(plan["text"], chosen, size)
    middle = sheet.center
    baseline = middle[1] - (room.top + room.bottom) / 2 * size
    placed = one.moved(middle[0] - one.box.center[0], baseline)
    return treated(union(placed), plan.get("treatment", "solid"), size * edge)


def treated(shape: BaseGeometry, treatment: str, reach: float) -> Drawn:
    """Letters in the manner of a set: solid, outlined, with a shadow, with a line inside, or in two bands of color."""
    if treatment == "outlined":
        return Drawn().add(SOFT, shape.buffer(reach * 0.95, quad_segs=12)).add(INK, shape)
    if treatment == "shadow":
        steps = [shapely.affinity.translate(shape, reach * k / 6, reach * k / 6) for k in range(7)]
        return Drawn().add(ACCENT, shapely.union_all(steps)).add(INK, shape)
    if treatment == "inline":
        inside = shape.buffer(-reach * 0.45)
        line = inside.difference(inside.buffer(-reach * 0.22))
        return Drawn().add(INK, shape).add(SOFT, line)
    if treatment == "banded":
        left, top, right, bottom = shape.bounds
        low = shapely.box(left, top + (bottom - top) * 0.55, right, bottom)
        return Drawn().add(INK, shape).add(ACCENT, shape.intersection(low))
    return Drawn().add(INK, shape)

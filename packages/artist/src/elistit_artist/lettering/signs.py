"""Names in letters: family and name signs, monograms and birth prints.

Each form takes a plan (see `drawing`) with `text` and `details`, and draws within the inner box of the page.
"""

from __future__ import annotations

import math
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from elistit_artist.lettering import ornaments as o
from elistit_artist.lettering import setting as s
from elistit_artist.lettering.faces import Face, face
from elistit_artist.lettering.shapes import ACCENT, INK, KNOCK, Box, Drawn, union

SIGNS = ("stacked", "banded", "arched", "wreath", "plaque")
MONOGRAMS = ("circle", "split", "interlocked", "diamond")
BIRTHS = ("centered", "framed", "initial")
# The facts of a birth print, in the order they are set.
FACTS = ("date", "time", "weight", "length", "place")


def _faces(plan: dict[str, Any]) -> tuple[Face, Face]:
    chosen = face(plan["face"])
    return chosen, face(s.plain_face(chosen.mood))


def _quiet(plain: Face, chosen: Face, text: str, size: float, role: str = INK, tracking: float = 0.2) -> Drawn:
    one = plain if plain.covers(text.upper()) else chosen
    return s.line(s.cased(text, one), one, size, tracking, role)


def _sized(drawn: Drawn, wide: float, high: float) -> Drawn:
    box = drawn.box
    return drawn.scaled(min(wide / max(box.width, 1e-3), high / max(box.height, 1e-3)))


def _flanked(one: Drawn, width: float, unit: float, thick: float) -> Drawn:
    box = one.seen
    room = min((width - box.width) / 2 - unit * 3, unit * 22)
    if room < unit * 5:
        return one
    away = box.width / 2 + unit * 3 + room / 2
    rules = [affinity.translate(o.rule(room, thick), box.center[0] + k * away, box.center[1]) for k in (-1, 1)]
    made = Drawn([*one.parts]).add(ACCENT, *rules)
    made.visual = box
    return made


def sign(plan: dict[str, Any], sheet: Box, inner: Box) -> Drawn:
    """A family or name sign: an optional word before the name ("The"), the name, and a line under it ("est. 2019")."""
    chosen, plain = _faces(plan)
    details = plan.get("details") or {}
    before, name, after = details.get("before", ""), details.get("name", plan["text"]), details.get("after", "")
    name, unit = s.tidy(name, chosen), min(inner.width, inner.height) / 100
    kind = plan.get("layout", "stacked")
    if kind == "banded" and len(name.split()) == 1 and not before:
        return _banded(name, after, chosen, plain, inner, unit)
    big = s.paragraph(name, chosen, Box(0, 0, inner.width, inner.height * 0.5), leading=1.1)
    rows, width = [], inner.width
    if before:
        rows.append(_flanked(_quiet(plain, chosen, before, unit * 8), width * 0.8, unit, unit * 0.6))
    rows.append(big)
    if kind == "stacked":
        rows.append(
            Drawn().add(ACCENT, o.divider(min(width * 0.6, big.box.width), unit * 0.7, int(plan.get("turn", 0))))
        )
    if after:
        rows.append(_quiet(plain, chosen, after, unit * 7.5))
    block = s.stack(rows, unit * 5)
    if kind == "wreath":
        side = 43 * unit * 0.62
        block = block.within(Box(-side, -side * 0.72, side, side * 0.72))
        return Drawn().add(ACCENT, o.wreath(43 * unit, 10 * unit, 0.7 * unit, 13, 0.5)).lay(block).within(inner)
    if kind == "plaque":
        block = block.within(Box(0, 0, inner.width * 0.78, inner.height * 0.6))
        around = block.box.inset(-unit * 10, -unit * 10)
        made = Drawn().add(INK, o.notched(around, unit * 5))
        made.parts.append((KNOCK, o.label(around.inset(unit * 2.4), unit * 5, unit * 0.7)))
        made.parts += [(KNOCK, g) for _, g in block.parts]
        return made.within(inner)
    if kind == "arched":
        return _arched(block, inner, unit)
    return block.within(inner)


def _arched(block: Drawn, inner: Box, unit: float) -> Drawn:
    """Under a bow of leaves with a heart at its top."""
    block = block.within(Box(-44 * unit, -24 * unit, 44 * unit, 24 * unit))
    radius = 52 * unit
    bow: list[BaseGeometry] = []
    for side in (-1, 1):
        for k in range(9):
            t = side * (0.14 + 0.088 * k)
            for lean in (-36, 36):
                heading = math.degrees(t) + (0 if side > 0 else 180) + lean
                one = affinity.rotate(o.leaf(unit * 7 * (1 - 0.04 * k), unit * 2.9), heading, origin=(0, 0))
                bow.append(affinity.translate(one, radius * math.sin(t), -radius * math.cos(t)))
    low = -radius * math.cos(0.14 + 0.088 * 8)
    lift = block.box.top - low - unit * 3
    made = Drawn().add(ACCENT, *(affinity.translate(b, 0, lift) for b in bow))
    made.add(ACCENT, affinity.translate(o.heart(unit * 5.5), 0, lift - radius))
    return made.lay(block).within(inner)


def _banded(name: str, after: str, chosen: Face, plain: Face, inner: Box, unit: float) -> Drawn:
    """A large initial, cut by a band through its middle in which the name stands."""
    first = name[0].upper() if chosen.covers(name[0].upper()) else name[0]
    letter = s.line(first, chosen, 100)
    letter = letter.within(Box(-50 * unit, -50 * unit, 50 * unit, 50 * unit))
    word = _sized(_quiet(plain, chosen, name, 100, tracking=0.12), 78 * unit, 13 * unit)
    word = word.moved(-word.box.center[0], -word.box.center[1])
    high = word.box.height + unit * 7
    made = Drawn(list(letter.parts))
    reach = max(letter.box.width, word.box.width) / 2 + unit * 6
    made.parts.append((KNOCK, shapely.box(-reach, -high / 2, reach, high / 2)))
    for y in (-high / 2 + unit * 0.9, high / 2 - unit * 0.9):
        made.add(ACCENT, affinity.translate(o.rule(reach * 2 - unit * 4, unit * 0.7), 0, y))
    made.lay(word)
    if after:
        low = _quiet(plain, chosen, after, unit * 7)
        made.lay(low.moved(-low.seen.center[0], letter.box.bottom + unit * 6 - low.box.top))
    return made.within(inner)


def monogram(plan: dict[str, Any], sheet: Box, inner: Box) -> Drawn:
    """One to three initials: in a circle, split by a band, interlocked, or in a diamond."""
    chosen, plain = _faces(plan)
    letters = "".join(c for c in plan["text"] if not c.isspace())
    kind, unit = plan.get("layout", "circle"), min(inner.width, inner.height) / 100
    if kind == "split":
        name = (plan.get("details") or {}).get("name", "")
        if name and len(letters) == 1:
            return _banded(name, "", chosen, plain, inner, unit)
        return _split(letters, chosen, unit).within(inner)
    if kind == "interlocked" and len(letters) > 1:
        return _interlocked(letters, chosen, unit).within(inner)
    if kind == "diamond":
        return _shaped_in(letters, chosen, unit, o.diamond(50 * unit), o.diamond(47 * unit), 0.56).within(inner)
    return _in_circle(letters, chosen, unit).within(inner)


def _in_circle(letters: str, chosen: Face, unit: float) -> Drawn:
    """Letters stretched to fill a circle, the middle one of three tallest, in a double ring."""
    radius, ring = 39 * unit, Drawn()
    ring.add(ACCENT, o.ring(50 * unit, unit * 1.6), o.ring(46.6 * unit, unit * 0.6))
    widths = {1: [1.0], 2: [0.5, 0.5]}.get(len(letters), [0.29, 0.42, 0.29])
    x = -radius
    for letter, share in zip(letters[:3], widths, strict=True):
        wide = 2 * radius * share
        edge = max(abs(x), abs(x + wide)) if len(letters) > 1 else 0
        middle = abs(x + wide / 2)
        # How tall the circle is where the letter stands, between its middle and its outer edge.
        tall = (
            2 * math.sqrt(max(0.0, radius**2 - (0.45 * edge + 0.55 * middle) ** 2))
            if len(letters) > 1
            else 1.42 * radius
        )
        if len(letters) == 1:
            wide, x = 1.42 * radius, -0.71 * radius
        one = s.line(letter, chosen, 100)
        box = one.box
        across, down = (wide - unit * 2.2) / max(box.width, 1e-3), tall / max(box.height, 1e-3)
        # A letter may be stretched a little to fill its place; more would spoil it.
        across, down = min(across, down * 1.35), min(down, across * 1.75)
        shape = affinity.scale(union(one), across, down, origin=box.center)
        ring.add(INK, affinity.translate(shape, x + wide / 2 - box.center[0], -box.center[1]))
        x += wide
    return ring


def _shaped_in(
    letters: str, chosen: Face, unit: float, outer: BaseGeometry, inner: BaseGeometry, share: float
) -> Drawn:
    row = s.line(letters, chosen, 100, 0.04)
    reach = 50 * unit * share
    row = row.within(Box(-reach, -reach * 0.8, reach, reach * 0.8))
    frame = outer.difference(inner)
    thin = affinity.scale(inner, 0.965, 0.965).difference(affinity.scale(inner, 0.95, 0.95))
    return Drawn().add(ACCENT, frame, thin).lay(row)


def _split(letters: str, chosen: Face, unit: float) -> Drawn:
    """Letters side by side with upright rules between them."""
    made, x = Drawn(), 0.0
    for k, letter in enumerate(letters):
        one = s.line(letter, chosen, unit * 90)
        box = one.box
        if k:
            made.add(ACCENT, shapely.box(x + unit * 5, -unit * 68, x + unit * 6.2, unit * 6))
            x += unit * 11.2
        made.lay(one.moved(x - box.left, 0))
        x += box.width
    return made


def _interlocked(letters: str, chosen: Face, unit: float) -> Drawn:
    """Letters over one another, each cut free of the one it passes under by a gap as of inlaid work."""
    made = Drawn()
    x = 0.0
    for letter in letters[:3]:
        one = s.line(letter, chosen, unit * 90)
        box = one.box
        shape = affinity.translate(union(one), x - box.left, 0)
        made.parts.append((KNOCK, shape.buffer(unit * 1.3, join_style="round")))
        made.add(INK if letter == letters[0] or (len(letters) == 3 and letter == letters[2]) else ACCENT, shape)
        x += box.width * 0.68
    return made


def birth(plan: dict[str, Any], sheet: Box, inner: Box) -> Drawn:
    """A birth print: the name large, the facts under it in quiet capitals."""
    chosen, plain = _faces(plan)
    details = plan.get("details") or {}
    unit, kind = min(inner.width, inner.height) / 100, plan.get("layout", "centered")
    room = inner.inset(unit * 12, unit * 14) if kind == "framed" else inner
    name = s.tidy(details.get("name", plan["text"]), chosen)
    big = s.paragraph(name, chosen, Box(0, 0, room.width, room.height * 0.42), leading=1.12)
    rows = [Drawn().add(ACCENT, affinity.translate(o.heart(unit * 9), 0, 0)), big]
    if kind == "initial":
        rows[0] = _initial(name, chosen, unit)
    rows.append(Drawn().add(ACCENT, o.divider(room.width * 0.5, unit * 0.6, int(plan.get("turn", 0)))))
    pairs = (("date", "time"), ("weight", "length"), ("place",))
    lines = [" · ".join(str(details[k]) for k in pair if details.get(k)) for pair in pairs]
    rows += [
        _fit_line(_quiet(plain, chosen, text, unit * 6.2, tracking=0.16), room.width * 0.92) for text in lines if text
    ]
    block = s.stack(rows, unit * 5.2).within(room)
    if kind == "framed":
        thin = inner.inset(unit * 2.4)
        return (
            Drawn()
            .add(
                ACCENT,
                o.frame(inner, unit * 0.8),
                o.frame(thin, unit * 0.4),
                o.corners(thin.inset(unit * 2), unit * 13, unit * 0.5),
            )
            .lay(block)
        )
    return block


def _fit_line(one: Drawn, wide: float) -> Drawn:
    return one.scaled(min(1.0, wide / max(one.box.width, 1e-3)))


def _initial(name: str, chosen: Face, unit: float) -> Drawn:
    """The first letter of a name in a ring of leaves."""
    letter = s.line(name[0], chosen, 100).within(Box(-9 * unit, -9 * unit, 9 * unit, 9 * unit))
    return Drawn().add(ACCENT, o.wreath(17 * unit, 5.4 * unit, 0.5 * unit, 9, 0.5)).lay(letter)

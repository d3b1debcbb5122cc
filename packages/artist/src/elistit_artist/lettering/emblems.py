"""Layouts with a shape of their own: badge, arch, ribbon, wreath, cut-out label, large initial.

A layout must never let anything leave the inner box of the page.
"""

from __future__ import annotations

import math

import shapely
from shapely import affinity

from elistit_artist.lettering import ornaments as o
from elistit_artist.lettering import setting as s
from elistit_artist.lettering.blocks import Ask, halves, key_word, leading
from elistit_artist.lettering.shapes import ACCENT, INK, KNOCK, Box, Drawn
from elistit_artist.lettering.shaping import shape


def badge(ask: Ask) -> Drawn:
    """A round seal: words on its rim above and below, the key words in its middle."""
    u = ask.unit
    radius = 50 * u
    said = s.words(ask.text)
    at = key_word(" ".join(said))
    above, key, under = " ".join(said[:at]), said[at], " ".join(said[at + 1 :])
    drawn = Drawn().add(INK, o.ring(radius, u * 1.5)).add(ACCENT, o.ring(radius - u * 2.8, u * 0.5))
    inner = o.ring(radius - u * 15.5, u * 0.5)
    drawn.add(ACCENT, inner)
    rim = radius - u * 9.3
    size = min((_rim_size(ask, text, rim) for text in (above, under) if text), default=0.0)
    for text, below in ((above, False), (under, True)):
        if text:
            drawn.lay(_rim(ask, text, rim, below, size))
    sides = [affinity.translate(o.star(u * 2.1, 5), side * (radius - u * 9.3), 0) for side in (-1, 1)]
    if above or under:
        drawn.add(ACCENT, *sides)
    wide = radius - u * 19
    body = s.paragraph(key, ask.face, Box(-wide * 0.95, -wide * 0.5, wide * 0.95, wide * 0.5))
    drawn.lay(body)
    y = body.box.height / 2 + u * 7
    for side in (-1, 1):
        if y < wide * 0.8:
            half = math.sqrt(max(0.0, wide**2 - y**2))
            drawn.add(ACCENT, affinity.translate(o.divider(min(half * 1.3, u * 40), u * 0.5, ask.turn), 0, side * y))
    return drawn.within(ask.inner)


def _rim_size(ask: Ask, text: str, middle: float) -> float:
    """How large quiet capitals can be on a rim, over most of a half circle."""
    face = ask.quiet(text)
    return min(ask.unit * 9.4, middle * 2.45 / max(shape(s.cased(text, face), face, 0.12).advance, 1e-3))


def _rim(ask: Ask, text: str, middle: float, below: bool, size: float) -> Drawn:
    """Quiet capitals on a rim, centered on the circle of radius `middle`."""
    face = ask.quiet(text)
    radius = middle + (1 if below else -1) * s.cap_height(face) * size / 2
    return s.on_arc(s.cased(text, face), face, size, radius, tracking=0.12, below=below)


def arch(ask: Ask) -> Drawn:
    """The beginning on an arch, the rest straight under it, rays between."""
    u = ask.unit
    first, rest = halves(ask.text, 0.42)
    if not rest:
        first, rest = "", ask.text
    face = ask.face if not ask.face.joined else ask.quiet(first)
    said = s.cased(first, face)
    radius = 46 * u
    drawn = Drawn()
    if said:
        size = min(u * 17, radius * 2.5 / max(shape(said, face, 0.05).advance, 1e-3))
        drawn.lay(s.on_arc(said, face, size, radius, tracking=0.05))
    sun = o.rays(15 * u, 35 * u, 13)
    drawn.add(ACCENT, sun, o.disc(11.5 * u).intersection(shapely.box(-50 * u, -50 * u, 50 * u, 0)))
    body = s.paragraph(
        rest, ask.face, Box(-48 * u, 5 * u, 48 * u, 5 * u + ask.inner.height * 0.40), leading=leading(ask.face)
    )
    drawn.lay(body.moved(0, 6 * u - body.box.top))
    return drawn.within(ask.inner)


def banner(ask: Ask) -> Drawn:
    """The key word cut out of a ribbon, the others above and below it."""
    u, width = ask.unit, ask.inner.width
    said = s.words(ask.text)
    at = key_word(" ".join(said))
    face = ask.face
    key = s.line(said[at] if face.joined else s.cased(said[at], face), face, 100)
    key = key.scaled(min(width * 0.62 / max(key.box.width, 1e-3), u * 30 / max(key.box.height, 1e-3)))
    high = key.box.height + u * 9
    front, behind = o.ribbon(max(key.box.width + u * 12, width * 0.42), high)
    middle = key.moved(-key.seen.center[0], -key.box.center[1])
    band = Drawn().add(ACCENT, behind).add(INK, front)
    band.parts += [(KNOCK, g) for _, g in middle.parts]
    parts = []
    before, after = " ".join(said[:at]), " ".join(said[at + 1 :])
    if before:
        parts.append(_side(ask, before))
    parts.append(band)
    if after:
        parts.append(_side(ask, after))
    return s.stack(parts, u * 6).within(ask.inner)


def _side(ask: Ask, text: str) -> Drawn:
    """The words beside a ribbon or seal, in the display face."""
    u = ask.unit
    face = ask.face if ask.face.joined or not ask.face.capitals else ask.quiet(text)
    said = s.cased(text, face)
    room = Box(0, 0, ask.inner.width * 0.86, ask.inner.height * 0.34)
    lines = s.broken(s.words(said), face, room, leading=1.3, tracking=0.06)
    block = s.column([s.line(t, face, 100, 0.06) for t in lines], 130)
    return block.scaled(
        min(room.width / max(block.box.width, 1e-3), room.height / max(block.box.height, 1e-3), u * 15 / 100)
    )


def wreath(ask: Ask) -> Drawn:
    """Centered in a wreath of leaves."""
    u = ask.unit
    drawn = Drawn().add(ACCENT, o.wreath(43 * u, 10.5 * u, 0.7 * u, 13, opening=0.5))
    body = s.paragraph(ask.text, ask.face, Box(-30 * u, -20 * u, 30 * u, 20 * u), leading=leading(ask.face))
    return drawn.lay(body).within(ask.inner)


def label(ask: Ask) -> Drawn:
    """Letters cut out of a solid label."""
    u = ask.unit
    wide = ask.inner.width
    body = s.paragraph(ask.text, ask.face, Box(0, 0, wide * 0.78, ask.inner.height * 0.72), leading=leading(ask.face))
    box = body.box
    around = Box(box.left - u * 11, box.top - u * 13, box.right + u * 11, box.bottom + u * 13)
    drawn = Drawn().add(INK, o.notched(around, u * 5))
    drawn.parts.append((KNOCK, o.label(around.inset(u * 2.4), u * 5, u * 0.7)))
    drawn.parts += [(KNOCK, g) for _, g in body.parts]
    return drawn.within(ask.inner)


def initial(ask: Ask) -> Drawn:
    """A large first letter in a square, three lines tall, with the text running on beside and under it."""
    u, first, rest = ask.unit, ask.text[0], ask.text[1:].strip()
    letter = s.line(first.upper() if ask.face.covers(first.upper()) else first, ask.face, 100)
    best: tuple[float, list[str]] | None = None
    for step in range(30):
        size = u * 26 * 0.93**step
        lines = _beside(rest, ask, size)
        deep = size * 1.24 * max(len(lines), 3)
        if lines and (deep <= ask.inner.height or step == 29):
            best = (size, lines)
            break
    size, lines = best or (u * 8, [])
    side = size * (1.24 * 2 + s.cap_height(ask.face))
    top = -s.cap_height(ask.face) * size
    letter = letter.within(Box(side * 0.16, top + side * 0.16, side * 0.84, top + side * 0.84))
    made = Drawn().add(ACCENT, shapely.box(0, top, side, top + side))
    made.parts.append((KNOCK, o.frame(Box(0, top, side, top + side).inset(side * 0.05), side * 0.014)))
    made.parts += [(KNOCK, g) for _, g in letter.parts]
    for k, text in enumerate(lines):
        one = s.line(text, ask.face, size)
        made.lay(one.moved((side + size * 0.3 if k < 3 else 0) - one.seen.left, k * size * 1.24))
    return made.within(ask.inner)


def _beside(text: str, ask: Ask, size: float) -> list[str]:
    """A text in lines of the measure, the first three shorter by a square of three lines; none when a word is too wide."""
    short = ask.inner.width - size * (1.24 * 2 + s.cap_height(ask.face) + 0.3)
    lines: list[str] = []
    for word in s.words(text):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and s.width_of(longer, ask.face) * size <= (short if len(lines) <= 3 else ask.inner.width):
            lines[-1] = longer
            continue
        measure = short if len(lines) < 3 else ask.inner.width
        if s.width_of(word, ask.face) * size > measure:
            return []
        lines.append(word)
    return lines

"""Layouts of a quote: how words, sizes and ornaments come together on a page.

Each takes any text from one character to hundreds; `suits` says for which it is at its best. Small words are set small and
key words large where a layout has two sizes. A layout must never let anything leave the inner box of the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shapely
from shapely import affinity

from elistit_artist.lettering import ornaments as o
from elistit_artist.lettering import setting as s
from elistit_artist.lettering.faces import Face
from elistit_artist.lettering.shapes import ACCENT, INK, KNOCK, SOFT, Box, Drawn, together


@dataclass(frozen=True)
class Ask:
    """What a layout is asked for: the text, its display face and the quiet one beside it, the page, the box to stay in, and
    which of the ornaments it takes."""

    text: str
    face: Face
    plain: Face
    page: Box
    inner: Box
    turn: int

    def quiet(self, text: str) -> Face:
        """The quiet face, where it has every character of a text."""
        return self.plain if self.plain.covers(text.upper()) else self.face

    @property
    def unit(self) -> float:
        """A hundredth of the shorter side of the inner box."""
        return min(self.inner.width, self.inner.height) / 100


@dataclass(frozen=True)
class Layout:
    """`words` are what asks for it, `most` the longest text it suits, `least` and `most_words` how many words it suits."""

    code: str
    name: str
    words: tuple[str, ...]
    draw: Callable[[Ask], Drawn]
    most: int
    least: int = 1
    most_words: int = 200
    joined: bool = True

    def suits(self, text: str, face: Face) -> bool:
        count = len(text.split())
        return len(text) <= self.most and self.least <= count <= self.most_words and (self.joined or not face.joined)


def _small_line(ask: Ask, text: str, size: float, role: str = INK) -> Drawn:
    """Small words in spaced capitals of the quiet face."""
    face = ask.quiet(text)
    return s.line(s.cased(text, face), face, size, 0.16, role)


def _flanked(ask: Ask, one: Drawn, width: float, thick: float) -> Drawn:
    """A short line with a rule on both sides, where there is room for them."""
    box = one.seen
    room = (width - box.width) / 2 - ask.unit * 3.5
    if room < ask.unit * 6:
        return one
    room = min(room, ask.unit * 24)
    y = box.center[1]
    away = box.width / 2 + ask.unit * 3.5 + room / 2
    rules = [affinity.translate(o.rule(room, thick), box.center[0] + side * away, y) for side in (-1, 1)]
    flanked = Drawn([*one.parts]).add(ACCENT, *rules)
    flanked.visual = box
    return flanked


def _chunks(text: str, longest: int = 13) -> list[tuple[bool, str]]:
    """A text as runs of small words and lines of key words: (small, words)."""
    found: list[tuple[bool, str]] = []
    for word in s.words(text):
        small = s.is_small(word)
        if found and found[-1][0] == small and (small or len(found[-1][1]) + 1 + len(word) <= longest):
            found[-1] = (small, f"{found[-1][1]} {word}")
        else:
            found.append((small, word))
    if all(small for small, _ in found):
        return [(False, text)]
    return found


def _classic(ask: Ask) -> Drawn:
    u = ask.unit
    body = s.paragraph(ask.text, ask.face, ask.inner.inset(0, u * 9), leading=_leading(ask.face))
    box = body.box
    wide = min(ask.inner.width * 0.5, max(box.width * 0.6, u * 26))
    divider = o.divider(wide, u * 0.55, ask.turn)
    low = affinity.translate(divider, ask.inner.center[0], box.bottom + u * 7)
    # Only a sprig may grow both ways; a heart or a star has an up and a down.
    above = affinity.scale(divider, 1, -1, origin=(0, 0)) if ask.turn % 5 == 4 else divider
    high = affinity.translate(above, ask.inner.center[0], box.top - u * 7)
    return Drawn([*body.parts]).add(ACCENT, high, low).within(ask.inner)


def _leading(face: Face) -> float:
    return 1.18 if face.joined or not face.capitals else 1.22


def _stacked(ask: Ask) -> Drawn:
    """Every line as wide as the block: short lines tall, long lines low."""
    said = s.words(s.cased(ask.text, ask.face))
    width, u = ask.inner.width, ask.unit
    best: tuple[float, Drawn] | None = None
    for lines in s.breaks(said, ask.face, 12):
        rows = [_row(ask, text, width) for text in lines]
        block = s.stack(rows, u * 3.2)
        sizes = [r.seen.height for r in rows]
        wrong = abs(math.log(max(block.box.height, 1) / ask.inner.height)) + 0.12 * max(
            0.0, max(sizes) / max(min(sizes), 1e-3) - 4
        )
        wrong += 0.25 * sum(s.is_small(t.split()[-1]) and len(t.split()) > 1 for t in lines[:-1]) / len(lines)
        wrong += 0.5 * sum(all(map(s.is_small, t.split())) for t in lines) / len(lines)
        if best is None or wrong < best[0]:
            best = (wrong, block)
    assert best is not None
    return best[1].within(ask.inner)


def _row(ask: Ask, text: str, width: float) -> Drawn:
    one = s.line(text, ask.face, 100)
    by = width / max(one.seen.width, 1e-3)
    # Words that carry little are never the largest, even alone on their line.
    tallest = ask.inner.height * (0.1 if all(s.is_small(w) for w in text.split()) else 0.36)
    if one.box.height * by <= tallest:
        return one.scaled(by)
    return _flanked(ask, one.scaled(tallest / max(one.box.height, 1e-3)), width, ask.unit * 0.9)


def _hierarchy(ask: Ask) -> Drawn:
    """Key words large and small words between them in spaced capitals."""
    u, width = ask.unit, ask.inner.width
    rows: list[Drawn] = []
    gaps: list[float] = []
    chunks = _chunks(ask.text)
    keys = [text for small, text in chunks if not small]
    widest = max(s.width_of(t, ask.face) for t in keys)
    even = width / widest
    for small, text in chunks:
        if small:
            rows.append(_flanked(ask, _small_line(ask, text, u * 5.4, ACCENT), width * 0.8, u * 0.45))
        else:
            own = width / max(s.width_of(text, ask.face), 1e-3)
            rows.append(s.line(text, ask.face, min(own, even * 1.55, u * 46)))
        gaps.append(u * 4.2)
    return s.stack(rows, gaps).within(ask.inner)


def _key_word(text: str) -> int:
    said = text.split()
    keys = [k for k, w in enumerate(said) if not s.is_small(w)] or list(range(len(said)))
    return max(keys, key=lambda k: (len(said[k].strip(".,!?…")), k))


def _spotlight(ask: Ask) -> Drawn:
    """One word very large, the others in quiet capitals above and below, a stroke under it."""
    said, u, width = s.words(ask.text), ask.unit, ask.inner.width
    at = _key_word(" ".join(said))
    key = s.line(said[at], ask.face, 100)
    key = key.scaled(min(width / max(key.box.width, 1e-3), ask.inner.height * 0.42 / max(key.box.height, 1e-3)))
    parts: list[Drawn] = []
    gaps: list[float] = []
    for text, after in ((" ".join(said[:at]), False), (None, False), (" ".join(said[at + 1 :]), True)):
        if text is None:
            parts.append(key)
            gaps.append(u * 3)
            if at == len(said) - 1:
                parts.append(Drawn().add(ACCENT, o.swash(min(width * 0.62, key.box.width * 0.8), u * 2.2)))
                gaps.append(u * 4)
        elif text:
            parts.append(_quiet_block(ask, text, width * 0.86, ask.inner.height * 0.24))
            gaps.append(u * (4 if after else 3.4))
    return s.stack(parts, gaps).within(ask.inner)


def _quiet_block(ask: Ask, text: str, width: float, height: float, role: str = INK) -> Drawn:
    face = ask.quiet(text)
    said = s.cased(text, face)
    lines = s.broken(s.words(said), face, Box(0, 0, width, height), leading=1.5, tracking=0.14)
    block = s.column([s.line(t, face, 100, 0.14, role) for t in lines], 150)
    largest = ask.unit * 7.5 / 100
    return block.scaled(min(width / max(block.box.width, 1e-3), height / max(block.box.height, 1e-3), largest))


def _left(ask: Ask) -> Drawn:
    """Flush left with hanging punctuation, under a large quotation mark."""
    u = ask.unit
    room = ask.inner.inset(u * 2, 0)
    lines = s.broken(s.words(ask.text), ask.face, Box(0, 0, room.width, room.height * 0.78), leading=_leading(ask.face))
    body = s.column([s.line(t, ask.face, 100) for t in lines], _leading(ask.face) * 100, "left")
    by = min(room.width / max(body.box.width, 1e-3), room.height * 0.76 / max(body.box.height, 1e-3))
    body = body.scaled(by)
    parts = Drawn([*body.parts])
    marked = ask.face if ask.face.covers("“") else ask.plain
    mark = s.line("“", marked, 100, role=ACCENT)
    mark = mark.scaled(u * 15 / max(mark.box.height, 1e-3))
    parts.lay(mark.moved(-mark.box.left, body.box.top - u * 6 - mark.box.bottom))
    parts.add(ACCENT, affinity.translate(o.rule(u * 18, u * 1.1), u * 9, body.box.bottom + u * 8))
    return parts.within(ask.inner)


def _framed(ask: Ask) -> Drawn:
    """Centered in a double rule with flourishes in its corners."""
    u = ask.unit
    outer, thin = ask.inner, ask.inner.inset(u * 2.6)
    body = s.paragraph(ask.text, ask.face, ask.inner.inset(u * 14, u * 17), leading=_leading(ask.face))
    drawn = Drawn().add(ACCENT, o.frame(outer, u * 0.9), o.frame(thin, u * 0.4))
    drawn.add(ACCENT, o.corners(thin.inset(u * 2.2), u * 15, u * 0.55))
    return drawn.lay(body)


def _halves(text: str, share: float = 0.5) -> tuple[str, str]:
    """A text in two, near a share of its length, not after a small word."""
    said = text.split()
    if len(said) < 2:
        return text, ""
    total = len(text)

    def wrong(k: int) -> float:
        done = len(" ".join(said[:k]))
        return (
            abs(done / total - share)
            + (0.18 if s.is_small(said[k - 1]) else 0)
            - (0.15 if said[k - 1][-1] in ".,;:!?" else 0)
        )

    at = min(range(1, len(said)), key=wrong)
    return " ".join(said[:at]), " ".join(said[at:])


def _badge(ask: Ask) -> Drawn:
    """A round seal: words on its rim above and below, the key words in its middle."""
    u = ask.unit
    radius = 50 * u
    said = s.words(ask.text)
    at = _key_word(" ".join(said))
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
    return min(ask.unit * 9.4, middle * 2.45 / max(s.shape(s.cased(text, face), face, 0.12).advance, 1e-3))


def _rim(ask: Ask, text: str, middle: float, below: bool, size: float) -> Drawn:
    """Quiet capitals on a rim, centered on the circle of radius `middle`."""
    face = ask.quiet(text)
    radius = middle + (1 if below else -1) * s.cap_height(face) * size / 2
    return s.on_arc(s.cased(text, face), face, size, radius, tracking=0.12, below=below)


def _arch(ask: Ask) -> Drawn:
    """The beginning on an arch, the rest straight under it, rays between."""
    u = ask.unit
    first, rest = _halves(ask.text, 0.42)
    if not rest:
        first, rest = "", ask.text
    face = ask.face if not ask.face.joined else ask.quiet(first)
    said = s.cased(first, face)
    radius = 46 * u
    drawn = Drawn()
    if said:
        size = min(u * 17, radius * 2.5 / max(s.shape(said, face, 0.05).advance, 1e-3))
        drawn.lay(s.on_arc(said, face, size, radius, tracking=0.05))
    sun = o.rays(15 * u, 35 * u, 13)
    drawn.add(ACCENT, sun, o.disc(11.5 * u).intersection(shapely.box(-50 * u, -50 * u, 50 * u, 0)))
    body = s.paragraph(
        rest, ask.face, Box(-48 * u, 5 * u, 48 * u, 5 * u + ask.inner.height * 0.40), leading=_leading(ask.face)
    )
    drawn.lay(body.moved(0, 6 * u - body.box.top))
    return drawn.within(ask.inner)


def _banner(ask: Ask) -> Drawn:
    """The key word cut out of a ribbon, the others above and below it."""
    u, width = ask.unit, ask.inner.width
    said = s.words(ask.text)
    at = _key_word(" ".join(said))
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


def _wreath(ask: Ask) -> Drawn:
    """Centered in a wreath of leaves."""
    u = ask.unit
    drawn = Drawn().add(ACCENT, o.wreath(43 * u, 10.5 * u, 0.7 * u, 13, opening=0.5))
    body = s.paragraph(ask.text, ask.face, Box(-30 * u, -20 * u, 30 * u, 20 * u), leading=_leading(ask.face))
    return drawn.lay(body).within(ask.inner)


def _label(ask: Ask) -> Drawn:
    """Letters cut out of a solid label."""
    u = ask.unit
    wide = ask.inner.width
    body = s.paragraph(ask.text, ask.face, Box(0, 0, wide * 0.78, ask.inner.height * 0.72), leading=_leading(ask.face))
    box = body.box
    around = Box(box.left - u * 11, box.top - u * 13, box.right + u * 11, box.bottom + u * 13)
    drawn = Drawn().add(INK, o.notched(around, u * 5))
    drawn.parts.append((KNOCK, o.label(around.inset(u * 2.4), u * 5, u * 0.7)))
    drawn.parts += [(KNOCK, g) for _, g in body.parts]
    return drawn.within(ask.inner)


def _minimal(ask: Ask) -> Drawn:
    """Small type in much white, a short rule above it."""
    u = ask.unit
    room = Box(0, 0, ask.inner.width * 0.66, ask.inner.height * 0.46)
    body = s.paragraph(ask.text, ask.face, room, leading=_leading(ask.face) + 0.12)
    lines = max(1, round(body.box.height / (u * 9)))
    body = body.scaled(min(1.0, u * 9 * lines / max(body.box.height, 1e-3)))
    x, box = body.seen.center[0], body.box
    drawn = Drawn([*body.parts]).add(ACCENT, affinity.translate(o.rule(u * 12, u * 0.6), x, box.top - u * 9))
    drawn.visual = Box(body.seen.left, drawn.box.top, body.seen.right, box.bottom)
    return drawn.within(ask.inner, grow=False)


def _rising(ask: Ask) -> Drawn:
    """Lines on a slope, as if written with a wide brush, with a stroke under them."""
    u = ask.unit
    text = s.cased(ask.text, ask.face)
    lines = s.broken(s.words(text), ask.face, Box(0, 0, ask.inner.width, ask.inner.height * 0.62), leading=1.0)
    rows = [s.line(t, ask.face, 100) for t in lines]
    widest = max(r.box.width for r in rows)
    most = [1.0 if all(s.is_small(w) for w in text.split()) else 1.6 for text in lines]
    rows = [
        r.scaled(min(m, widest / max(r.box.width, 1e-3)) * ask.inner.width / widest)
        for r, m in zip(rows, most, strict=True)
    ]
    body = s.stack(rows, u * 2.5)
    stroke = o.swash(ask.inner.width * 0.7, u * 3)
    body.add(ACCENT, affinity.translate(stroke, 0, body.box.bottom + u * 6))
    return body.rotated(-7).within(ask.inner)


def _initial(ask: Ask) -> Drawn:
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


def _sprigs(ask: Ask) -> Drawn:
    """Between two sprigs that open above and below it."""
    u = ask.unit
    body = s.paragraph(ask.text, ask.face, ask.inner.inset(0, ask.inner.height * 0.16), leading=_leading(ask.face))
    twig = o.sprig(u * 24, u * 8, u * 0.6)
    pair = Drawn().add(
        ACCENT,
        affinity.translate(twig, u * 2, 0),
        affinity.translate(affinity.scale(twig, -1, 1, origin=(0, 0)), -u * 2, 0),
        o.disc(u * 0.9),
    )
    return s.stack([pair, body, Drawn(list(pair.parts))], u * 6).within(ask.inner)


def _lockup(ask: Ask) -> Drawn:
    """A block between two thick rules: the first half in the display face, the second in quiet capitals."""
    u, width = ask.unit, ask.inner.width
    first, rest = _halves(ask.text, 0.55)
    big = s.paragraph(s.cased(first, ask.face), ask.face, Box(0, 0, width, ask.inner.height * 0.55), leading=1.12)
    across = big.box.width
    rows = [Drawn().add(ACCENT, o.rule(across, u * 1.8)), big, Drawn().add(ACCENT, o.rule(across, u * 0.7))]
    if rest:
        rows += [_quiet_block(ask, rest, across, ask.inner.height * 0.22), Drawn().add(ACCENT, o.rule(across, u * 1.8))]
    return s.stack(rows, u * 5).within(ask.inner)


LAYOUTS: tuple[Layout, ...] = (
    Layout("classic", "Centered", ("centered", "classic", "simple"), _classic, 300),
    Layout("stacked", "Stacked block", ("stacked", "block", "subway"), _stacked, 120, least=2, joined=False),
    Layout("hierarchy", "Key words large", ("bold",), _hierarchy, 80, least=3),
    Layout("spotlight", "One large word", ("spotlight",), _spotlight, 70, least=2, most_words=9),
    Layout("left", "Flush left", ("left", "editorial"), _left, 300, least=3),
    Layout("framed", "Framed", ("frame", "framed", "border"), _framed, 160),
    Layout("badge", "Round badge", ("badge", "seal", "circle", "round"), _badge, 48, least=2, most_words=8),
    Layout("arch", "Arch", ("arch", "arched", "arc", "curved", "sun", "sunburst"), _arch, 60, least=3, most_words=10),
    Layout("banner", "Ribbon", ("banner", "ribbon"), _banner, 64, least=1, most_words=10),
    Layout("wreath", "Wreath", ("wreath", "laurel"), _wreath, 90),
    Layout("label", "Cut-out label", ("label", "plaque", "cutout", "stencil"), _label, 120),
    Layout("minimal", "Minimal", ("minimal", "minimalist", "small"), _minimal, 160, least=2),
    Layout("rising", "Rising", ("rising", "slanted", "diagonal"), _rising, 60, least=2),
    Layout("initial", "Large initial", ("initial", "illuminated"), _initial, 300, least=3),
    Layout("sprigs", "Sprigs", ("sprig", "sprigs", "botanical", "leaves", "floral"), _sprigs, 120),
    Layout("lockup", "Ruled lockup", ("lockup", "ruled", "rules"), _lockup, 90, least=3),
)
_BY_CODE = {layout.code: layout for layout in LAYOUTS}


def layout(code: str) -> Layout:
    """The layout of a code. Raises KeyError."""
    return _BY_CODE[code]


def suited(text: str, face: Face) -> list[Layout]:
    """The layouts that suit a text in a face; the plain one when none does."""
    return [one for one in LAYOUTS if one.suits(text, face)] or [_BY_CODE["classic"]]


__all__: Sequence[str] = ["LAYOUTS", "SOFT", "Ask", "Layout", "layout", "suited", "together"]

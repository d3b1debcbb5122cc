"""Layouts of text in blocks: centered, stacked, flush left, framed, ruled; and what all layouts share.

Small words are set small and key words large where a layout has two sizes. A layout must never let anything leave the inner
box of the page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from shapely import affinity

from elistit_artist.lettering import ornaments as o
from elistit_artist.lettering import setting as s
from elistit_artist.lettering.faces import Face
from elistit_artist.lettering.shapes import ACCENT, INK, Box, Drawn


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


def classic(ask: Ask) -> Drawn:
    """Centered, with an ornament above and below."""
    u = ask.unit
    body = s.paragraph(ask.text, ask.face, ask.inner.inset(0, u * 9), leading=leading(ask.face))
    box = body.box
    wide = min(ask.inner.width * 0.5, max(box.width * 0.6, u * 26))
    divider = o.divider(wide, u * 0.55, ask.turn)
    low = affinity.translate(divider, ask.inner.center[0], box.bottom + u * 7)
    # Only a sprig may grow both ways; a heart or a star has an up and a down.
    above = affinity.scale(divider, 1, -1, origin=(0, 0)) if ask.turn % 5 == 4 else divider
    high = affinity.translate(above, ask.inner.center[0], box.top - u * 7)
    return Drawn([*body.parts]).add(ACCENT, high, low).within(ask.inner)


def leading(face: Face) -> float:
    """The distance of baselines that suits a face, in em."""
    return 1.18 if face.joined or not face.capitals else 1.22


def stacked(ask: Ask) -> Drawn:
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


def hierarchy(ask: Ask) -> Drawn:
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


def key_word(text: str) -> int:
    """Which word of a text carries most: the longest that is not small, the later of two."""
    said = text.split()
    keys = [k for k, w in enumerate(said) if not s.is_small(w)] or list(range(len(said)))
    return max(keys, key=lambda k: (len(said[k].strip(".,!?…")), k))


def spotlight(ask: Ask) -> Drawn:
    """One word very large, the others in quiet capitals above and below, a stroke under it."""
    said, u, width = s.words(ask.text), ask.unit, ask.inner.width
    at = key_word(" ".join(said))
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
            parts.append(quiet_block(ask, text, width * 0.86, ask.inner.height * 0.24))
            gaps.append(u * (4 if after else 3.4))
    return s.stack(parts, gaps).within(ask.inner)


def quiet_block(ask: Ask, text: str, width: float, height: float, role: str = INK) -> Drawn:
    """Words in lines of spaced capitals of the quiet face, within a width and height."""
    face = ask.quiet(text)
    said = s.cased(text, face)
    lines = s.broken(s.words(said), face, Box(0, 0, width, height), leading=1.5, tracking=0.14)
    block = s.column([s.line(t, face, 100, 0.14, role) for t in lines], 150)
    largest = ask.unit * 7.5 / 100
    return block.scaled(min(width / max(block.box.width, 1e-3), height / max(block.box.height, 1e-3), largest))


def left(ask: Ask) -> Drawn:
    """Flush left with hanging punctuation, under a large quotation mark."""
    u = ask.unit
    room = ask.inner.inset(u * 2, 0)
    lines = s.broken(s.words(ask.text), ask.face, Box(0, 0, room.width, room.height * 0.78), leading=leading(ask.face))
    body = s.column([s.line(t, ask.face, 100) for t in lines], leading(ask.face) * 100, "left")
    by = min(room.width / max(body.box.width, 1e-3), room.height * 0.76 / max(body.box.height, 1e-3))
    body = body.scaled(by)
    parts = Drawn([*body.parts])
    marked = ask.face if ask.face.covers("“") else ask.plain
    mark = s.line("“", marked, 100, role=ACCENT)
    mark = mark.scaled(u * 15 / max(mark.box.height, 1e-3))
    parts.lay(mark.moved(-mark.box.left, body.box.top - u * 6 - mark.box.bottom))
    parts.add(ACCENT, affinity.translate(o.rule(u * 18, u * 1.1), u * 9, body.box.bottom + u * 8))
    return parts.within(ask.inner)


def framed(ask: Ask) -> Drawn:
    """Centered in a double rule with flourishes in its corners."""
    u = ask.unit
    outer, thin = ask.inner, ask.inner.inset(u * 2.6)
    body = s.paragraph(ask.text, ask.face, ask.inner.inset(u * 14, u * 17), leading=leading(ask.face))
    drawn = Drawn().add(ACCENT, o.frame(outer, u * 0.9), o.frame(thin, u * 0.4))
    drawn.add(ACCENT, o.corners(thin.inset(u * 2.2), u * 15, u * 0.55))
    return drawn.lay(body)


def halves(text: str, share: float = 0.5) -> tuple[str, str]:
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


def minimal(ask: Ask) -> Drawn:
    """Small type in much white, a short rule above it."""
    u = ask.unit
    room = Box(0, 0, ask.inner.width * 0.66, ask.inner.height * 0.46)
    body = s.paragraph(ask.text, ask.face, room, leading=leading(ask.face) + 0.12)
    lines = max(1, round(body.box.height / (u * 9)))
    body = body.scaled(min(1.0, u * 9 * lines / max(body.box.height, 1e-3)))
    x, box = body.seen.center[0], body.box
    drawn = Drawn([*body.parts]).add(ACCENT, affinity.translate(o.rule(u * 12, u * 0.6), x, box.top - u * 9))
    drawn.visual = Box(body.seen.left, drawn.box.top, body.seen.right, box.bottom)
    return drawn.within(ask.inner, grow=False)


def rising(ask: Ask) -> Drawn:
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


def sprigs(ask: Ask) -> Drawn:
    """Between two sprigs that open above and below it."""
    u = ask.unit
    body = s.paragraph(ask.text, ask.face, ask.inner.inset(0, ask.inner.height * 0.16), leading=leading(ask.face))
    twig = o.sprig(u * 24, u * 8, u * 0.6)
    pair = Drawn().add(
        ACCENT,
        affinity.translate(twig, u * 2, 0),
        affinity.translate(affinity.scale(twig, -1, 1, origin=(0, 0)), -u * 2, 0),
        o.disc(u * 0.9),
    )
    return s.stack([pair, body, Drawn(list(pair.parts))], u * 6).within(ask.inner)


def lockup(ask: Ask) -> Drawn:
    """A block between two thick rules: the first half in the display face, the second in quiet capitals."""
    u, width = ask.unit, ask.inner.width
    first, rest = halves(ask.text, 0.55)
    big = s.paragraph(s.cased(first, ask.face), ask.face, Box(0, 0, width, ask.inner.height * 0.55), leading=1.12)
    across = big.box.width
    rows = [Drawn().add(ACCENT, o.rule(across, u * 1.8)), big, Drawn().add(ACCENT, o.rule(across, u * 0.7))]
    if rest:
        rows += [quiet_block(ask, rest, across, ask.inner.height * 0.22), Drawn().add(ACCENT, o.rule(across, u * 1.8))]
    return s.stack(rows, u * 5).within(ask.inner)

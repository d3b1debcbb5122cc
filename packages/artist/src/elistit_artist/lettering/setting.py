"""Setting type: lines with optical edges, breaking into even lines, columns, arcs, words of more and less weight.

Lengths are in document units, y downward, the baseline of a line at 0. It must never change what a text says: only marks
typed for lack of a key (straight quotes, three dots, two hyphens) become the ones a typesetter uses.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

import shapely
from shapely import affinity

from elistit_artist.lettering import outlines
from elistit_artist.lettering.faces import Face, Mood
from elistit_artist.lettering.shapes import INK, Box, Drawn
from elistit_artist.lettering.shaping import shape

# Words that carry little: they may be set small.
_SMALL_WORDS = """
a an the and or but nor so of to in on at by for from with as is are was were be am it its it's i'm you're we're
i me my we us our you your he she they them his her their this that these those not no do does if than then
le la les de des du et un une der die das und ein eine el los las y con
"""
SMALL = frozenset(_SMALL_WORDS.split())
# Words that belong to what follows them: a line must not end in one where it can be helped.
_CLINGING_WORDS = """
a an the and or but nor of to in on at by for from with as my our your his her their i
"""
_CLINGING = frozenset(_CLINGING_WORDS.split())
# How much of a mark hangs outside the edge of a line, on its left and right.
_HANG_LEFT = {"“": 1.0, "‘": 1.0, '"': 1.0, "'": 1.0, "«": 0.7, "(": 0.3, "—": 0.5, "–": 0.5, "-": 0.5}
_HANG_RIGHT = {
    "”": 1.0,
    "’": 1.0,
    '"': 1.0,
    "'": 1.0,
    "»": 0.7,
    ")": 0.3,
    ".": 0.8,
    ",": 0.8,
    "…": 0.4,
    "-": 0.5,
    "–": 0.5,
    "—": 0.5,
    ":": 0.5,
    ";": 0.5,
    "!": 0.25,
    "?": 0.2,
}
# Round and slanting letters look indented when their ink is exactly on the edge (em).
_ROUND, _SLANT = 0.012, 0.025
# A word longer than this may be broken where it must: nothing else would let it be read.
LONG_WORD = 26


def tidy(text: str, face: Face) -> str:
    """The text with a typesetter's marks for a typist's, where the face has them."""
    said = " ".join(text.split())
    if face.covers("“”"):
        said = re.sub(r'(^|[\s(\[—–-])"', r"\1“", said).replace('"', "”")
    if face.covers("‘’"):
        said = re.sub(r"(^|[\s(\[—–“-])'(?=\S)(?!\d\ds?\b|[Tt]is\b|[Tt]il\b|n'|[Cc]ause\b|[Ee]m\b)", r"\1‘", said)
        said = said.replace("'", "’")
    if face.covers("…"):
        said = said.replace("...", "…")
    if face.covers("—"):
        said = re.sub(r"(?<=\S)\s*--\s*(?=\S)", "—", said)
    return said


def cased(text: str, face: Face) -> str:
    """A text in capitals, for faces that look right in them and have them all; else as it is."""
    upper = text.upper()
    return upper if face.capitals and not face.joined and face.covers(upper) else text


def words(text: str) -> list[str]:
    """The words of a text; one too long to be read on a line is cut into even pieces."""
    found: list[str] = []
    for word in text.split():
        if len(word) <= LONG_WORD:
            found.append(word)
            continue
        pieces = math.ceil(len(word) / (LONG_WORD - 6))
        step = math.ceil(len(word) / pieces)
        found += [word[k : k + step] for k in range(0, len(word), step)]
    return found


def is_small(word: str) -> bool:
    return word.strip("“”‘’\"'.,!?;:…—–-()").replace("’", "'").lower() in SMALL


def clings(word: str) -> bool:
    """Whether a word should not stand last on a line."""
    return word.strip("“”‘’\"'(").lower() in _CLINGING


def line(text: str, face: Face, size: float, tracking: float = 0.0, role: str = INK) -> Drawn:
    """One line from x = 0 on its baseline, with the box to align it by: its ink without what hangs, between the baseline
    and the height of a capital."""
    shaped = shape(text, face, tracking)
    glyphs = [affinity.scale(g, size, -size, origin=(0, 0)) for g in outlines.line(shaped)]
    drawn = Drawn().add(role, *glyphs)
    edges = _edges(text, face, tracking)
    if edges is not None:
        drawn.visual = Box(edges[0] * size, -cap_height(face) * size, edges[1] * size, 0.0)
    return drawn


@lru_cache(8192)
def _edges(text: str, face: Face, tracking: float) -> tuple[float, float] | None:
    """Where a line begins and ends to the eye, in em; None for a line without ink."""
    shaped = shape(text, face, tracking)
    boxes = [(g, outlines.bounds(face, g.number)) for g in shaped.glyphs]
    inked = [(g, b) for g, b in boxes if b is not None]
    if not inked:
        return None
    (first, _), (last, _) = inked[0], inked[-1]
    starts, ends = shaped.text[first.cluster], shaped.text[last.cluster]
    ink = min(g.x + b[0] for g, b in inked), max(g.x + b[2] for g, b in inked)
    left = ink[0] + _HANG_LEFT.get(starts, 0.0) * first.advance + _leans(starts)
    right = ink[1] - _HANG_RIGHT.get(ends, 0.0) * last.advance - _leans(ends)
    return (left, right) if left < right else ink


def _leans(character: str) -> float:
    return _ROUND if character in "OCGQcoedqg" else _SLANT if character in "AVWTYvwy" else 0.0


@lru_cache(256)
def cap_height(face: Face) -> float:
    """How tall a capital is, in em, from its outline; of a joined or small-lettered face as of any."""
    tall = outlines.line(shape("H", face))[0]
    return float(tall.bounds[3]) if not tall.is_empty else 0.7


def width_of(text: str, face: Face, tracking: float = 0.0) -> float:
    """How wide a line is to the eye, in em."""
    edges = _edges(text, face, tracking)
    return edges[1] - edges[0] if edges else 0.0


def broken(
    said: Sequence[str], face: Face, box: Box, *, leading: float = 1.2, tracking: float = 0.0, most: int = 16
) -> list[str]:
    """Words in lines, as few and even as lets them be largest in a box, without a small word left at a line's end."""
    if not said:
        return []
    widths = [width_of(w, face, tracking) for w in said]
    space = max(0.18, shape("n n", face).advance - 2 * shape("n", face).advance) + tracking
    best: tuple[float, list[str]] = (-math.inf, list(said))
    for lines in _evenly(said, widths, space, min(len(said), most)):
        widest = max(width_of(text, face, tracking) for text in lines)
        tall = cap_height(face) + leading * (len(lines) - 1) + 0.3
        size = min(box.width / max(widest, 0.01), box.height / tall)
        uneven = sum(abs(width_of(t, face, tracking) - widest) for t in lines) / (len(lines) * max(widest, 0.01))
        score = size * (1 - 0.35 * uneven - _ugly(lines))
        if score > best[0]:
            best = (score, lines)
    return best[1]


def breaks(said: Sequence[str], face: Face, most: int) -> list[list[str]]:
    """For each number of lines up to `most`, the most even way to break words."""
    space = max(0.18, shape("n n", face).advance - 2 * shape("n", face).advance)
    return _evenly(said, [width_of(w, face) for w in said], space, min(len(said), most))


def _ugly(lines: Sequence[str]) -> float:
    """What a reader would stumble over, as a share of the size: small words at line ends, a short last line."""
    ends = sum(clings(t.split()[-1]) for t in lines[:-1])
    lone = 0.10 if len(lines) > 2 and " " not in lines[-1] and len(lines[-1]) * 2.5 < max(map(len, lines)) else 0.0
    alone = sum(all(map(clings, t.split())) for t in lines)
    return min(0.6, 0.2 * ends + 0.2 * alone) + lone


def _evenly(said: Sequence[str], widths: Sequence[float], space: float, most: int) -> list[list[str]]:
    """For each number of lines up to `most`, the breaks that leave the lines most even (dynamic programming)."""
    count = len(said)
    total = sum(widths) + space * (count - 1)
    sums = [0.0]
    for w in widths:
        sums.append(sums[-1] + w)
    found = []
    for lines in range(1, most + 1):
        mean = max(total / lines, 0.01)
        cost: list[float] = [0.0] + [math.inf] * count
        back: list[list[int]] = []
        for k in range(1, lines + 1):
            row, came = [math.inf] * (count + 1), [0] * (count + 1)
            for end in range(k, count - (lines - k) + 1):
                for start in range(k - 1, end):
                    wide = sums[end] - sums[start] + space * (end - start - 1)
                    if wide > 1.8 * mean and end - start > 1 and lines > 1:
                        continue
                    worse = ((wide - mean) / mean) ** 2
                    worse += 0.22 if end < count and clings(said[end - 1]) else 0.0
                    worse -= 0.05 if end < count and said[end - 1][-1] in ".,!?;:…—" else 0.0
                    if cost[start] + worse < row[end]:
                        row[end], came[end] = cost[start] + worse, start
            cost = row
            back.append(came)
        if cost[count] == math.inf:
            continue
        ends, at = [], count
        for came in reversed(back):
            ends.append((came[at], at))
            at = came[at]
        found.append([" ".join(said[a:b]) for a, b in reversed(ends)])
    return found


def column(lines: Sequence[Drawn], leading: float, align: str = "center") -> Drawn:
    """Lines one below another, baselines `leading` apart, aligned by what the eye sees of them."""
    placed = []
    for k, one in enumerate(lines):
        seen = one.seen
        x = {"left": -seen.left, "right": -seen.right}.get(align, -seen.center[0])
        placed.append(one.moved(x, k * leading))
    return _column_of(placed)


def stack(lines: Sequence[Drawn], gap: float | Sequence[float]) -> Drawn:
    """Lines of any sizes one below another, centered, with a gap between the ink of one and the next."""
    placed: list[Drawn] = []
    y = 0.0
    for k, one in enumerate(lines):
        box = one.box
        placed.append(one.moved(-one.seen.center[0], y - box.top))
        y += box.height + (gap if isinstance(gap, int | float) else (gap[k] if k < len(gap) else 0.0))
    return _column_of(placed)


def _column_of(placed: Sequence[Drawn]) -> Drawn:
    whole = Drawn([p for one in placed for p in one.parts])
    seen = [one.seen for one in placed if one.parts]
    if seen:
        whole.visual = Box(min(b.left for b in seen), whole.box.top, max(b.right for b in seen), whole.box.bottom)
    return whole


def paragraph(
    text: str,
    face: Face,
    box: Box,
    *,
    leading: float = 1.2,
    align: str = "center",
    tracking: float = 0.0,
    role: str = INK,
) -> Drawn:
    """A text broken and set as large as a box takes it, at its middle."""
    lines = broken(words(text), face, box, leading=leading, tracking=tracking)
    size = 100.0
    drawn = column([line(t, face, size, tracking, role) for t in lines], leading * size, align)
    return drawn.within(box)


def on_arc(
    text: str, face: Face, size: float, radius: float, *, tracking: float = 0.0, below: bool = False, role: str = INK
) -> Drawn:
    """A line on a circle around the origin, centered at its top, or `below` at its bottom with letters upright."""
    shaped = shape(text, face, tracking)
    drawn = Drawn()
    for one, outline in zip(shaped.glyphs, outlines.line(shaped), strict=True):
        if outline.is_empty:
            continue
        middle = one.x + one.advance / 2
        angle = (middle - shaped.advance / 2) * size / radius
        flat = affinity.scale(affinity.translate(outline, -middle, 0), size, -size, origin=(0, 0))
        turned = affinity.rotate(flat, -angle if below else angle, origin=(0, 0), use_radians=True)
        y = radius * math.cos(angle)
        drawn.add(role, affinity.translate(turned, radius * math.sin(angle), y if below else -y))
    return drawn


def hull(drawn: Drawn) -> shapely.Polygon:
    """The convex outline of a drawing."""
    return shapely.union_all([g for _, g in drawn.parts]).convex_hull


def plain_face(mood: Mood) -> str:
    """The quiet face that goes with a mood, by its code."""
    return "bebas-neue" if mood in (Mood.SLAB, Mood.BRUSH, Mood.HAND) else "josefin-sans"

"""Text in several lines: where it breaks, how far apart the lines are, and how large it may be to fit a space.

Words stay whole where they fit a line; scripts without spaces break where they may, and a word longer than a line breaks
between characters. Nothing here may let a line leave its width. Sizes of lines are in em, of spaces in any unit.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from elistit import names
from elistit.artwork import bidi
from elistit.artwork.typefaces import Face
from elistit.artwork.typesetting import SetLine, set_line

# A word of a title with more characters than this may break within.
_WORD_MAX = 24
# Written without spaces between words: a line may break between any two of these characters.
_BREAKS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー、。，．！？：；）」』】〉》]")
_NOT_FIRST = regex.compile(r"[\p{Pe}\p{Pf}、。，．！？：；ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョะาำๅๆฯະາຳໆ]")
# Vowels written before the consonant they belong to.
_NOT_LAST = regex.compile(r"[เแโใไເແໂໃໄ]")


@dataclass(frozen=True)
class Block:
    """Lines that fit a space: their font size and the step from one baseline to the next, in the unit of the space."""

    lines: tuple[SetLine, ...]
    size: float
    step: float

    @property
    def ink(self) -> tuple[float, float]:
        """How far the ink goes above the first baseline and below the last."""
        shown = [line for line in self.lines if line.box[2] > line.box[0]]
        if not shown:
            return 0.0, 0.0
        return max(0.0, self.lines[0].box[3]) * self.size, max(0.0, -self.lines[-1].box[1]) * self.size

    @property
    def height(self) -> float:
        above, below = self.ink
        return above + below + self.step * (len(self.lines) - 1)


def fit(
    text: str,
    face: Face,
    width: float,
    height: float,
    *,
    largest: float,
    smallest: float,
    leading: float,
    lines_max: int = 0,
) -> Block | None:
    """Break a text and set it as large as fits `width` and `height`, ink and all; None when even `smallest` is too large.

    Line breaks of the text stay, long words break between characters. `leading` is the least step between lines, in em;
    lines with tall letters get more. Raises CannotSet.
    """
    if not text.strip():
        return Block((), largest, largest * leading)
    size = largest
    while size >= smallest - 1e-6:
        lines = tuple(line for part in text.split("\n") for line in broken(part, face, width / size))
        if not (lines_max and len(lines) > max(lines_max, text.count("\n") + 1)):
            block = Block(lines, size, apart(lines, leading) * size)
            if block.height <= height and all(_across(line) * size <= width + 1e-6 for line in lines):
                return block
        size -= max(0.25, largest / 60)
    return None


def balanced(
    text: str, face: Face, width: float, height: float, largest: float, *, spacing: float = 0.0, lines_max: int = 3
) -> Block:
    """A title in one to `lines_max` lines of even length, whichever lets it be set largest. `spacing`: extra room between
    letters in em. Raises CannotSet."""
    parts = list(atoms(text, _WORD_MAX)) or [("", "")]
    best: Block | None = None
    for count in range(1, min(lines_max, len(parts)) + 1):
        lines = tuple(set_line(line, face) for line in _evenly(parts, count))
        longest = max(_across(line) + spacing * len(line.text) for line in lines)
        step = apart(lines, 1.08)
        # Of Latin letters the height of capitals counts, as it always did; of others their ink.
        ink = 0.72 if all(line.plain for line in lines) else max(0.72, lines[0].box[3] - lines[-1].box[1])
        size = min(largest, width / max(longest, 0.01), height / (ink + step * (count - 1)))
        if best is None or size > best.size * 1.12:
            best = Block(lines, size, step * size)
    assert best is not None, "there is at least one line"
    return best


def _evenly(parts: Sequence[tuple[str, str]], count: int) -> list[str]:
    """Parts, each with the space before it, in `count` lines such that the longest line is as short as possible."""
    if count == 1:
        return ["".join(gap + part for gap, part in parts).strip()]
    options = [[*_evenly(parts[:cut], 1), *_evenly(parts[cut:], count - 1)] for cut in range(1, len(parts) - count + 2)]
    return min(options, key=lambda lines: max(len(line) for line in lines))


def apart(lines: Sequence[SetLine], leading: float) -> float:
    """The step between baselines in em: `leading`, or more where the ink of two lines would touch."""
    pairs = itertools.pairwise(lines)
    return max([leading, *(below.box[3] - above.box[1] + 0.06 for above, below in pairs)])


def _across(line: SetLine) -> float:
    """The width a line needs when it is centered by its advance: its ink may stick out on either side."""
    left, _, right, _ = line.box
    return max(line.width, line.width + 2 * max(0.0, -left, right - line.width))


def broken(text: str, face: Face, width: float) -> list[SetLine]:
    """A paragraph in lines no wider than `width` em, at least one; a word longer than a line breaks between characters.
    Raises CannotSet."""
    rtl = bidi.is_rtl(text)

    def fits(words: str) -> bool:
        return _across(set_line(words, face, rtl)) <= width

    lines: list[str] = [""]
    for gap, atom in atoms(text):
        trial = lines[-1] + gap + atom if lines[-1] else atom
        if fits(trial):
            lines[-1] = trial
            continue
        if lines[-1]:
            lines.append("")
        for bit in _bits(atom) if not fits(atom) else [atom]:
            if lines[-1] and not fits(lines[-1] + bit):
                lines.append("")
            lines[-1] += bit
    return [set_line(line, face, rtl) for line in lines]


def atoms(text: str, longest: int = 0) -> Iterator[tuple[str, str]]:
    """What must stay together on a line, each with the space before it. `longest`: the most characters of one, if any."""
    for word in text.split():
        gap, atom, count = " ", "", 0
        for bit in _bits(word):
            free = _BREAKS.match(bit) or _BREAKS.match(atom[-1:])
            if atom and (free or count >= longest > 0):
                yield gap, atom
                gap, atom, count = "", "", 0
            atom, count = atom + bit, count + 1
        yield gap, atom


def _bits(word: str) -> Iterator[str]:
    """A word in the smallest pieces it may be broken into: a mark that never begins a line stays with what is before it."""
    bit = ""
    for cluster in names.clusters(word):
        if bit and not _NOT_FIRST.match(cluster) and not _NOT_LAST.match(bit[-1]):
            yield bit
            bit = ""
        bit += cluster
    yield bit

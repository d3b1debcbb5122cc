"""Setting text with the bundled typefaces: which characters can be set, how wide a line is, and the outlines of its letters.

The one question "can this be set?" is asked here, by the form before anything is spent and again before anything is drawn,
against the fonts' own tables. Text is shaped by HarfBuzz and ordered by the bidirectional algorithm, so that every script is
set as it is written. This module must never let an empty box be drawn: what cannot be set raises `CannotSet`.

Sizes are in em (1.0 is the font size); y grows upward from the baseline.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import regex
import uharfbuzz

from elistit import names
from elistit.artwork import bidi, typefaces
from elistit.artwork.typefaces import SERIF, Face

# A move, line or curve: `M x y`, `L x y`, `C x1 y1 x2 y2 x y`, `Z`.
Step = tuple[Any, ...]
_DOTTED_CIRCLE = 0x25CC
_IGNORED = regex.compile(r"(?V1)[\p{Default_Ignorable_Code_Point}\p{Cf}]")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|.*\uFE0F|.*\p{Extended_Pictographic}.*[\u200D\p{EMod}]", regex.DOTALL)
_KANA, _HANGUL = regex.compile(r"[\p{Hiragana}\p{Katakana}]"), regex.compile(r"\p{Hangul}")
_BOPOMOFO = regex.compile(r"\p{Bopomofo}")


class CannotSet(ValueError):
    """Text with characters no bundled typeface has. `characters` names them; the message is one plain sentence."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = tuple(characters)
        super().__init__(f"Our typefaces can’t set {listed(characters)}.")


@dataclass(frozen=True)
class Run:
    """A piece of a line in one typeface and direction. `x` and `width` in em. `real`: a PDF can write it as text by code
    alone; everything else is drawn from its outlines. `glyphs`: the number of each in the font, and where it stands in
    the line."""

    text: str
    face: Face
    x: float
    width: float
    real: bool
    glyphs: tuple[tuple[int, float, float], ...] = field(repr=False)

    def outline(self) -> Iterator[Step]:
        """The moves, lines and curves of its letters, where they stand in the line."""
        for glyph, x, y in self.glyphs:
            yield from _moved(_glyph(self.face, glyph), x, y)


@dataclass(frozen=True)
class SetLine:
    """A line that is set. `width` is how far it goes; `box` (left, bottom, right, top) is its ink. In em."""

    text: str
    rtl: bool
    runs: tuple[Run, ...]
    width: float
    box: tuple[float, float, float, float]

    @property
    def plain(self) -> bool:
        """The first typeface alone sets it, letter after letter from left to right."""
        return all(run.real for run in self.runs)


def cannot_set(text: str) -> tuple[str, ...]:
    """The characters of a text, of any number of lines, that no bundled typeface can set, each once, in their order."""
    missing: dict[str, None] = {}
    for line in text.splitlines():
        try:
            set_line(line)
        except CannotSet as refused:
            missing |= dict.fromkeys(refused.characters)
    return tuple(missing)


def shown(text: str, instead: str) -> str:
    """A title as it can be drawn: itself, or `instead`, the product's own words, where nothing of it can be seen or one of
    its characters cannot be set."""
    text = names.one_line(text)
    return text if text and not cannot_set(text) else instead


def listed(characters: Sequence[str], most: int = 10) -> str:
    """Characters in words for a sentence, with the Unicode name of their script or kind where there is one."""
    shown = " ".join(f"“{c}”" if names.seen(c) else f"U+{ord(c[0]):04X}" for c in characters[:most])
    more = f" and {len(characters) - most} more" if len(characters) > most else ""
    first = unicodedata.name(characters[0][0], "").split(" ")[0] if characters else ""
    return f"{shown}{more}" + (f" ({first.capitalize()})" if first.isalpha() and len(first) > 2 else "")


@lru_cache(2048)
def set_line(text: str, face: Face = SERIF, rtl: bool | None = None) -> SetLine:
    """Set one line. `face` is the typeface wanted; what it lacks is set in Noto of the same weight. `rtl`: the direction of
    the paragraph, None for that of the line's first letter. Raises CannotSet.
    """
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    rtl = bidi.is_rtl(text) if rtl is None else rtl
    pieces, order = _pieces(text, face, rtl)
    runs: list[Run] = []
    missing: list[str] = []
    x, box = 0.0, (0.0, 0.0, 0.0, 0.0)
    for index in order:
        piece, used, level = pieces[index]
        shaped = _real(piece, used) if used == face and not level else None
        real = shaped is not None
        shaped = shaped or _shaped(piece, used, bool(level % 2), missing)
        runs.append(Run(piece, used, x, shaped[0], real, tuple((g, gx + x, gy) for g, gx, gy in shaped[1])))
        left, bottom, right, top = shaped[2]
        if right > left:
            box = (
                (min(box[0], left + x), min(box[1], bottom), max(box[2], right + x), max(box[3], top))
                if box[2] > box[0]
                else (left + x, bottom, right + x, top)
            )
        x += shaped[0]
    if missing:
        raise CannotSet(list(dict.fromkeys(missing)))
    return SetLine(text, rtl, tuple(runs), x, box)


def _pieces(text: str, face: Face, rtl: bool) -> tuple[list[tuple[str, Face, int]], list[int]]:
    """The line in pieces of one typeface and level, in logical order, and their order from left to right."""
    levels = bidi.levels(text, rtl)
    region = "JP" if _KANA.search(text) else "KR" if _HANGUL.search(text) else "TC" if _BOPOMOFO.search(text) else "SC"
    pieces: list[tuple[str, Face, int]] = []
    missing: list[str] = []
    at = 0
    for cluster in names.clusters(text):
        last = pieces[-1][1] if pieces else None
        used = _face_for(cluster, face, last, region)
        if used is None:
            missing.append(cluster)
        elif pieces and pieces[-1][1:] == (used, levels[at]):
            pieces[-1] = (pieces[-1][0] + cluster, used, levels[at])
        else:
            pieces.append((cluster, used, levels[at]))
        at += len(cluster)
    if missing:
        raise CannotSet(list(dict.fromkeys(missing)))
    return pieces, bidi.visual_order([level for _, _, level in pieces])


def _face_for(cluster: str, face: Face, last: Face | None, region: str) -> Face | None:
    """The typeface that has every character of a cluster: the one wanted, else that of the cluster before, else the first
    that has it. None when no typeface does."""
    emoji = typefaces.noto_emoji(face.weight)
    if _EMOJI.match(cluster) and _has(emoji, cluster):
        return emoji
    if _has(face, cluster):
        return face
    noto = typefaces.noto(face.weight)
    if last in noto and last is not None and _has(last, cluster):
        return last
    for found in (*noto, typefaces.noto_cjk(face.weight, region), typefaces.noto_symbols(face.weight), emoji):
        if _has(found, cluster):
            return found
    return None


def _has(face: Face, cluster: str) -> bool:
    known = _known(face)
    needed = [ord(c) for c in cluster if not _IGNORED.match(c)]
    return bool(needed) and all(code in known for code in needed)


@cache
def _known(face: Face) -> frozenset[int]:
    return frozenset(_font(face).face.unicodes)


@cache
def _font(face: Face) -> uharfbuzz.Font:
    blob = uharfbuzz.Blob.from_file_path(str(face.path))
    font = uharfbuzz.Font(uharfbuzz.Face(blob, face.index))
    font.set_variations({"wght": float(face.weight)})
    return font


# Width, glyphs with their places, ink. In em.
Shaped = tuple[float, list[tuple[int, float, float]], tuple[float, float, float, float]]


def _real(piece: str, face: Face) -> Shaped | None:
    """A piece set letter after letter, as a PDF writes it; None when it needs shaping."""
    if any(unicodedata.category(c).startswith(("M", "C")) for c in piece):
        return None
    font, unit = _font(face), _font(face).face.upem
    x, glyphs, boxes = 0.0, [], []
    for character in piece:
        glyph = font.get_nominal_glyph(ord(character))
        glyphs.append((glyph, x, 0.0))
        boxes.append(_ink(font, glyph, unit, x, 0.0))
        x += font.get_glyph_h_advance(glyph) / unit
    return x, glyphs, _joined(boxes)


def _shaped(piece: str, face: Face, rtl: bool, missing: list[str]) -> Shaped:
    """A piece shaped by HarfBuzz. Clusters that come out as an empty box or a dotted circle go into `missing`."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(piece)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    font, unit = _font(face), _font(face).face.upem
    uharfbuzz.shape(font, buffer, {})
    circle = font.get_nominal_glyph(_DOTTED_CIRCLE) if _DOTTED_CIRCLE in _known(face) else None
    x, glyphs, boxes = 0.0, [], []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0 or (info.codepoint == circle and chr(_DOTTED_CIRCLE) not in piece):
            missing.append(_cluster_at(piece, info.cluster))
        at, up = x + position.x_offset / unit, position.y_offset / unit
        glyphs.append((info.codepoint, at, up))
        boxes.append(_ink(font, info.codepoint, unit, at, up))
        x += position.x_advance / unit
    return x, glyphs, _joined(boxes)


def _cluster_at(piece: str, index: int) -> str:
    at = 0
    for cluster in names.clusters(piece):
        at += len(cluster)
        if index < at:
            return cluster
    return piece


def _ink(font: Any, glyph: int, unit: int, x: float, y: float) -> tuple[float, float, float, float]:
    ink = font.get_glyph_extents(glyph)
    if ink is None or not ink.width or not ink.height:
        return 0.0, 0.0, 0.0, 0.0
    left, top = ink.x_bearing / unit + x, ink.y_bearing / unit + y
    return left, top + ink.height / unit, left + ink.width / unit, top


def _joined(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    boxes = [b for b in boxes if b[2] > b[0]]
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


@lru_cache(4096)
def _glyph(face: Face, glyph: int) -> tuple[Step, ...]:
    """The outline of a glyph in em, quadratic curves made cubic."""
    font = _font(face)
    unit = font.face.upem
    steps: list[Step] = []
    last = [(0.0, 0.0)]

    def move(x: float, y: float, _: Any) -> None:
        steps.append(("M", x / unit, y / unit))
        last[0] = (x, y)

    def line(x: float, y: float, _: Any) -> None:
        steps.append(("L", x / unit, y / unit))
        last[0] = (x, y)

    def cubic(*values: Any) -> None:
        steps.append(("C", *(v / unit for v in values[:6])))
        last[0] = (values[4], values[5])

    def quadratic(cx: float, cy: float, x: float, y: float, data: Any) -> None:
        (ax, ay) = last[0]
        first, second = (ax + 2 * (cx - ax) / 3, ay + 2 * (cy - ay) / 3), (x + 2 * (cx - x) / 3, y + 2 * (cy - y) / 3)
        cubic(*first, *second, x, y, data)

    def close(_: Any) -> None:
        steps.append(("Z",))

    functions = uharfbuzz.DrawFuncs()
    functions.set_move_to_func(move)
    functions.set_line_to_func(line)
    functions.set_cubic_to_func(cubic)
    functions.set_quadratic_to_func(quadratic)
    functions.set_close_path_func(close)
    font.draw_glyph(glyph, functions, None)
    return tuple(steps)


def _moved(steps: Sequence[Step], x: float, y: float = 0.0) -> Iterator[Step]:
    for step in steps:
        yield (step[0], *(v + (y if i % 2 else x) for i, v in enumerate(step[1:])))


def path_data(line: SetLine, size: float, x: float, baseline: float) -> str:
    """The whole line as SVG path data, y downward, starting at `x` on `baseline`, at a font size in the same unit."""
    parts = []
    for run in line.runs:
        for step in run.outline():
            numbers = [(baseline - v * size) if i % 2 else (x + v * size) for i, v in enumerate(step[1:])]
            parts.append(step[0] + " ".join(f"{n:.2f}" for n in numbers))
    return "".join(parts)

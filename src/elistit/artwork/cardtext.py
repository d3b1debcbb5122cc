"""How the words of a greeting card are set: where they go, how large they are, and what does not fit.

The form asks `problems` before anything is spent; the card is drawn from the same blocks, so what the form takes is what is
printed. No text may leave the safe part of its panel or cross the fold. Sizes in points, 72 to the inch.
"""

from __future__ import annotations

from collections.abc import Mapping

from elistit import names
from elistit.artwork import blocks, typesetting
from elistit.artwork.blocks import Block
from elistit.artwork.typefaces import SANS, SERIF_ITALIC, SERIF_LIGHT

# Inches. A panel is one face of the folded card; nothing printed comes nearer to its edges than `SAFE`.
PANEL, SAFE = (5.0, 7.0), 0.5
POINTS = 72.0
FRONT_MIN, INSIDE_MIN, LEFT_MIN, BACK_MIN = 14.0, 9.0, 8.0, 6.0
FRONT_LINES = 3
# The caption's room: between the art above it and the edge of the panel.
CAPTION_IN = 1.3
_FRONT_WIDTH, _FRONT_HEIGHT = (PANEL[0] - 2 * SAFE) * POINTS, (CAPTION_IN - 0.3) * POINTS
_INSIDE_WIDTH, _INSIDE_HEIGHT = (PANEL[0] - 1.5) * POINTS, (PANEL[1] - 2.2) * POINTS


class DoesNotFit(ValueError):
    """Words that cannot be set in their place at a readable size. The message is one plain sentence."""


def front(words: str) -> Block:
    """The caption under the art. Raises CannotSet, DoesNotFit."""
    if "\n" not in words:
        block = blocks.balanced(
            words, SERIF_LIGHT, _FRONT_WIDTH, _FRONT_HEIGHT, 40.8, spacing=0.01, lines_max=FRONT_LINES
        )
        if block.size >= FRONT_MIN and block.height <= _FRONT_HEIGHT:
            return block
    return _fitted(words, "front", _front_fit(words))


def inside(words: str) -> Block:
    """The message on the right inside. Raises CannotSet, DoesNotFit."""
    return _fitted(words, "inside", _inside_fit(words))


def left(words: str) -> Block:
    """A small line on the left inside. Raises CannotSet, DoesNotFit."""
    block = blocks.fit(
        words, SERIF_ITALIC, _INSIDE_WIDTH, _INSIDE_HEIGHT, largest=11.0, smallest=LEFT_MIN, leading=1.55
    )
    return _fitted(words, "left", block)


def back(words: str) -> Block:
    """A small line on the back, at most three lines. Raises CannotSet, DoesNotFit."""
    block = blocks.fit(
        words, SANS, 3.4 * POINTS, 0.8 * POINTS, largest=8.0, smallest=BACK_MIN, leading=1.4, lines_max=3
    )
    return _fitted(words, "back", block)


def problems(words: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the words of a card, by their place (`front`, `inside`): characters no typeface has, or more than
    fits at a readable size, with how much does fit. One sentence or two each; empty when all can be printed as it is."""
    found: dict[str, str] = {}
    for place, text in words.items():
        if not text.strip():
            continue
        try:
            {"front": front, "inside": inside, "left": left, "back": back}[place](text)
        except typesetting.CannotSet as refused:
            found[place] = f"{refused} Leave them out or use other characters."
        except DoesNotFit as refused:
            found[place] = str(refused)
    return found


def _front_fit(words: str) -> Block | None:
    return blocks.fit(
        words, SERIF_LIGHT, _FRONT_WIDTH, _FRONT_HEIGHT,
        largest=40.8, smallest=FRONT_MIN, leading=1.08, lines_max=FRONT_LINES,
    )  # fmt: skip


def _inside_fit(words: str) -> Block | None:
    return blocks.fit(
        words, SERIF_ITALIC, _INSIDE_WIDTH, _INSIDE_HEIGHT, largest=17.0, smallest=INSIDE_MIN, leading=1.55
    )


def _fitted(words: str, place: str, block: Block | None) -> Block:
    if block is not None:
        return block
    fits = {"front": _front_fit, "inside": _inside_fit}.get(place)
    where, least = {
        "front": ("on the front", FRONT_MIN), "inside": ("inside", INSIDE_MIN),
        "left": ("on the left", LEFT_MIN), "back": ("on the back", BACK_MIN),
    }[place]  # fmt: skip
    sentence = f"These words don’t fit {where} at a readable size ({least:g} pt)."
    if fits is None:
        raise DoesNotFit(sentence)
    # How much of these very words fits, by halving: line breaks and wide letters count, so no fixed number would be true.
    marks = names.clusters(words)
    low, high = 0, len(marks)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits("".join(marks[:middle])) else (low, middle)
    raise DoesNotFit(f"{sentence} The first {low} of {len(marks)} characters fit, line breaks included.")

"""Whether text can be set, and how, against FreeType's own reading of the fonts and another bidirectional algorithm."""

from __future__ import annotations

import numpy as np
import pytest
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from elistit import names
from elistit.artwork import bidi, blocks, lines, typesetting
from elistit.artwork.typefaces import SANS_SEMIBOLD, SERIF, SERIF_LIGHT, Face
from elistit.artwork.typesetting import CannotSet, cannot_set, set_line

from .scripts import REFUSED, SET

WORDS = list(SET.values())


def freetype(face: Face) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), 40, index=face.index, layout_engine=ImageFont.Layout.BASIC)


def is_box(font: ImageFont.FreeTypeFont, character: str) -> bool:
    """Whether FreeType draws for a character what it draws for one no font has."""
    return bytes(font.getmask(character)) == bytes(font.getmask("\U0010fffe"))


@pytest.mark.parametrize("script", SET)
def test_every_letter_is_set_in_a_typeface_that_has_it(script: str) -> None:
    line = set_line(SET[script], SERIF_LIGHT)
    assert "".join(sorted("".join(r.text for r in line.runs))) == "".join(sorted(line.text)) != ""
    for run in line.runs:
        font = freetype(run.face)
        shown = [c for c in run.text if names.seen(c)]
        assert not [c for c in shown if is_box(font, c)], (script, run.face.code)
    assert line.box[2] - line.box[0] > 0.5 and line.width > 0.5


@pytest.mark.parametrize("script", REFUSED)
def test_what_no_typeface_has_is_refused_by_name(script: str) -> None:
    missing = cannot_set(f"Love,\n{REFUSED[script]} Ann")
    assert missing and set(missing) <= set(names.clusters(REFUSED[script]))
    with pytest.raises(CannotSet, match="can’t set") as refused:
        lines.typeset(REFUSED[script], SERIF, 40)
    assert refused.value.characters == missing


def test_missing_characters_are_named_once_in_their_order() -> None:
    assert cannot_set("ᎳᏣ Ꮃ a\nᏣ") == ("Ꮃ", "Ꮳ")
    assert typesetting.listed(("Ꮃ", "Ꮳ")) == "“Ꮃ” “Ꮳ” (Cherokee)"
    assert typesetting.listed(["x"] * 12).startswith("“x” “x”") and "and 2 more" in typesetting.listed(["x"] * 12)


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    joined = set_line("سلام")
    apart = sum(set_line(c).width for c in "سلام")
    assert joined.width < apart * 0.95
    two = set_line("אב", SERIF)
    glyphs = {c: set_line(c).runs[0].glyphs[0][0] for c in "אב"}
    assert [g[0] for g in two.runs[0].glyphs] == [glyphs["ב"], glyphs["א"]]


def test_latin_alone_is_real_text_and_everything_else_is_drawn() -> None:
    assert set_line("Plain text, 12 %").plain
    assert not set_line("x\u030c").plain
    assert [r.real for r in set_line("Hi 🎉").runs] == [True, False]


@settings(max_examples=300, deadline=None)
@given(st.text("aZ אבג عرب 12 ٣٤ .,:+-$%()[]{}!? \u05b0\u064b", max_size=16), st.sampled_from([None, False, True]))
def test_letters_stand_in_the_order_another_bidi_algorithm_gives(text: str, rtl: bool | None) -> None:
    levels = bidi.levels(text, rtl)
    mine = "".join(text[i] for i in bidi.visual_order(levels))
    assert mine == get_display(text, base_dir=None if rtl is None else "R" if rtl else "L")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([*WORDS, "W" * 70, "Donaudampfschifffahrtsgesellschaft", "x"]), min_size=1, max_size=6),
    st.floats(3, 40),
)
def test_no_line_is_wider_than_its_space_and_no_word_is_lost(words: list[str], width: float) -> None:
    text = " ".join(words)
    made = blocks.broken(text, SERIF, width)
    assert "".join("".join(line.text for line in made).split()) == "".join(set_line(text).text.split())
    for line in made:
        assert line.width <= width + 1e-6 or len(names.clusters(line.text)) == 1
        assert line.box[0] + (width - line.width) / 2 + 1e-6 >= -1e-6 or len(names.clusters(line.text)) == 1


@pytest.mark.parametrize("script", SET)
def test_a_mask_has_ink_where_the_line_says(script: str) -> None:
    line, drawn = set_line(SET[script], SANS_SEMIBOLD), lines.typeset(SET[script], SANS_SEMIBOLD, 80)
    ink = np.flatnonzero(drawn.mask.max(0) > 40)
    assert abs(len(ink) and ink[-1] - ink[0] + 1 - (line.box[2] - line.box[0]) * 80) < 0.05 * drawn.width + 4
    top = int(np.flatnonzero(drawn.mask.max(1) > 40)[0])
    assert abs(drawn.baseline - top - line.box[3] * 80) < 5

"""Words of any script stay whole or are left out; nothing is cut inside what a reader sees as one letter."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from elistit.listings import rules, words


@pytest.mark.parametrize(
    ("text", "kept", "out"),
    [
        ("fox🦊 cat", ["fox", "cat"], []),
        ("👩\u200d👩\u200d👧 family 👍🏽", ["family"], []),
        ("wild\u00adflower \u200ecat\u200f", ["wildflower", "cat"], []),
        ("cafe\u0301 x\u0301", ["café"], ["x\u0301"]),
        ("semi-rustic, -a- 'b' L’été", ["semi-rustic", "a", "b", "L'été"], []),
        ("नमस्ते fox", ["fox"], ["नमस्ते"]),
        ("ﬁne ① ½", ["fine", "1"], []),
        ("한국어", ["한국어"], []),
        ("คำ", ["คำ"], []),
    ],
)
def test_words_are_whole(text: str, kept: list[str], out: list[str]) -> None:
    assert (list(words.split(text).kept), list(words.split(text).left_out)) == (kept, out)


@settings(max_examples=100, deadline=None)
@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("कीทำ้ก🦊\u200d -'a")), max_size=40))
def test_every_kept_word_stands_in_the_text_between_two_ends(text: str) -> None:
    found = words.split(text)
    assert all(rules.tag_character(c) for word in found.kept for c in word)
    shown = unicodedata.normalize("NFKC", text)
    for word in found.kept:
        assert not unicodedata.combining(word[0])
    for word in [
        w for w in regex.findall(r"\p{L}[\p{L}\p{M}]*\p{M}", shown) if not unicodedata.is_normalized("NFC", w)
    ]:
        assert not [k for k in found.kept if k == word]


@settings(max_examples=100, deadline=None)
@example("a" * 15 + "\u1100각", 16)  # a first part alone, before a syllable written whole
@given(st.text(st.sampled_from("aéคำำน้ำ각ᄀ\u1161\u11a8कि猫"), min_size=1, max_size=40), st.integers(1, 20))
def test_a_cut_is_between_two_letters(word: str, most: int) -> None:
    cut = words.cut(word, most)
    assert len(cut) <= most and word.startswith(cut)
    graphemes = regex.findall(r"\X", word)
    ends = {sum(map(len, graphemes[:n])) for n in range(len(graphemes) + 1)}
    assert len(cut) in ends or len(graphemes[0]) > most

"""A translation says the same as the text it was made from: numbers, sizes, formats, and that the images were made with AI."""

from __future__ import annotations

import dataclasses

import pytest

from elistit.listings.translations import LANGUAGES, Words, known, problems

SOURCE = Words(
    "Woodland Fox Clipart, 15 Transparent PNGs",
    ("fox clipart", "15 png bundle", "woodland art"),
    "You get 15 PNG files of 4,096 × 4,096 px at 300 DPI.\n\nHOW IT WAS MADE\nMade with generative AI from my prompts.",
)
GOOD = Words(
    "Waldtier Fuchs Clipart, 15 transparente PNGs",
    ("fuchs clipart", "15 png paket", "waldtiere kunst"),
    "Du bekommst 15 PNG-Dateien mit 4.096 × 4.096 px und 300 DPI.\n\nSO ENTSTAND ES\nMit generativer KI aus meinen Vorgaben.",
)
JAPANESE = Words(
    "森のキツネ クリップアート 15枚 透過PNG",
    ("キツネ クリップアート", "15枚 PNG", "森の動物"),
    "4096×4096px、300DPIのPNGファイルが15点。\n\n制作方法\n生成AIで作成しました。",
)


def test_the_same_in_other_words_is_taken() -> None:
    assert problems(SOURCE, GOOD) == []
    assert problems(SOURCE, JAPANESE) == []


@pytest.mark.parametrize(
    ("field", "before", "after", "words"),
    [
        ("title", "15", "20", "numbers in the title"), ("title", "15 ", "", "numbers in the title"),
        ("title", "PNGs", "SVGs", "formats in the title"), ("description", "15", "16", "numbers in the description"),
        ("description", "4.096 × 4.096", "4.096 × 2.048", "numbers in the description"),
        ("description", "300 DPI", "600 DPI", "numbers in the description"), ("description", "300 DPI", "DPI", "numbers"),
        ("description", "PNG-Dateien", "PNG- und SVG-Dateien", "formats in the description"),
        ("description", "15 PNG-Dateien mit", "15 PNG-Dateien und 3 Extras mit", "numbers"),
        ("description", "Mit generativer KI", "Von Hand", "AI is missing"),
    ],
)  # fmt: skip
def test_a_claim_that_changed_is_found(field: str, before: str, after: str, words: str) -> None:
    changed = dataclasses.replace(GOOD, **{field: getattr(GOOD, field).replace(before, after)})
    assert changed != GOOD
    assert any(words in problem for problem in problems(SOURCE, changed)), problems(SOURCE, changed)


@pytest.mark.parametrize(
    "made",
    [
        dataclasses.replace(GOOD, title="x" * 141), dataclasses.replace(GOOD, title=""), dataclasses.replace(GOOD, description=" "),
        dataclasses.replace(GOOD, tags=GOOD.tags[:2]), dataclasses.replace(GOOD, tags=("fuchs", "fuchs", "15 png")),
        dataclasses.replace(GOOD, tags=("ein viel zu langes stichwort", "15 png paket", "wald")),
        dataclasses.replace(GOOD, tags=("fuchs", "20 png paket", "wald")), SOURCE,
        dataclasses.replace(GOOD, title=SOURCE.title), dataclasses.replace(GOOD, description=SOURCE.description),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_etsy_would_refuse_or_is_not_translated_is_found(made: Words) -> None:
    assert problems(SOURCE, made)


def test_a_text_without_ai_needs_no_line_of_it() -> None:
    plain = dataclasses.replace(SOURCE, description="You get 15 PNG files of 4,096 × 4,096 px at 300 DPI.")
    made = dataclasses.replace(GOOD, description="Du bekommst 15 PNG-Dateien mit 4.096 × 4.096 px und 300 DPI.")
    assert problems(plain, made) == []


def test_languages_are_known_by_their_code() -> None:
    assert known(["ja", "de", "ja"]) == ["de", "ja"] and len(LANGUAGES) == 8
    with pytest.raises(ValueError, match="“en”"):
        known(["en"])

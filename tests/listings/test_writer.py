"""The built-in writer always meets the rules, is useful to a real seller, and never claims what is not there."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elistit.listings import rules, truth, writer
from elistit.listings.phrases import DISCLOSURES, PRODUCT_WORDS, THEME_TAGS
from elistit.listings.product_facts import WriterInput
from elistit.listings.writer import write

ODD = st.one_of(
    st.text(max_size=60),
    st.text(min_size=300, max_size=1200),
    st.sampled_from(
        ["", "🦊🦊🦊", "%%% &&& +++ :::", "---''' -a- 'b'", "猫" * 300, "قطة لطيفة", "🏳️‍🌈", "a" * 1000, "\x00\u200b\n\t", "ﬁ½①",
         "the the the", "set of a", "clipart clipart", "Watercolor", "T'T'T", "é" * 30, "x-" * 200, "ß" * 80, "İ" * 60]
    ),
)  # fmt: skip
SOURCES = st.builds(
    WriterInput,
    product=st.sampled_from(sorted(PRODUCT_WORDS)),
    theme=ODD,
    title=ODD,
    style=ODD,
    subjects=st.lists(ODD, max_size=5),
    count=st.integers(-5, 10**6),
    width_px=st.integers(-1, 20000),
    height_px=st.integers(-1, 20000),
    dpi=st.integers(-1, 600),
    formats=st.lists(ODD, max_size=4),
    transparent=st.booleans(),
    sizes=st.lists(ODD, max_size=3),
    downloads=st.integers(0, 9),
    disclosure=st.sampled_from(sorted(DISCLOSURES)),
)


@settings(max_examples=200, deadline=None)
@given(SOURCES)
def test_whatever_the_idea_the_listing_meets_etsys_rules_and_is_the_same_twice(source: WriterInput) -> None:
    text = write(source)
    assert rules.check(text.title, text.tags, text.description, text.price_cents) == []
    assert len(text.tags) == 13
    assert len({rules.tag_key(t) for t in text.tags}) == 13
    assert DISCLOSURES[source.disclosure].words in text.description
    assert write(source) == text


WOODLAND = WriterInput(
    "clipart",
    "woodland animals in watercolor",
    title="Woodland Animals",
    style="watercolor",
    subjects=["a red fox sitting, wearing a leaf scarf", "a brown bear", "hedgehog with mushrooms"],
    count=15,
    width_px=4096,
    height_px=4096,
    transparent=True,
    downloads=3,
)


FACTS = truth.Facts(
    15, frozenset({15, 3}), frozenset({(4096, 4096)}), frozenset({300}), (), frozenset({"PNG"}), transparent=True,
    shown=tuple(WOODLAND.subjects),
)  # fmt: skip


def test_a_title_says_what_it_is_first_and_uses_the_room_there_is() -> None:
    title = write(WOODLAND).title
    assert title.startswith("Woodland Animals Watercolor Clipart, 15 Transparent PNGs, Red Fox, Brown Bear, Hedgehog")
    assert 100 <= len(title) <= 140


IDEAS = [
    "a very detailed idea of cozy hedgehogs drinking tea in a snowy garden while the moon rises over old roofs", "foxes",
    "", "the of and", "🦊", "sunflowers for the", "Pokhara सुबह", "猫" * 200,
]  # fmt: skip


@pytest.mark.parametrize("product", sorted(PRODUCT_WORDS))
@pytest.mark.parametrize("idea", IDEAS)
def test_titles_use_the_room_there_is_and_end_in_a_word(product: str, idea: str) -> None:
    title = write(WriterInput(product, idea, style="soft pastel watercolor", count=20)).title
    assert 100 <= len(title) <= 140
    assert not writer.ends_small(title) and title[-1].isalnum()
    parts = [p.casefold() for p in title.split(", ")]
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize("title", ["Foxes and", "Foxes with the", "Foxes for,"])
def test_a_small_end_is_seen(title: str) -> None:
    assert writer.ends_small(title) and not writer.ends_small("Foxes for Kids") and not writer.ends_small("")


@settings(max_examples=60, deadline=None)
@given(SOURCES)
def test_whatever_was_asked_nothing_false_is_said(source: WriterInput) -> None:
    facts = truth.Facts(15, pixels=frozenset({(4096, 4096)}), dpi=frozenset({300}), formats=FORMATS, shown=("red fox",))
    true = dataclasses.replace(
        source, count=15, width_px=4096, height_px=4096, dpi=300, formats=["PNG"], sizes=[], transparent=False, product="custom"
    )  # fmt: skip
    text = write(true, facts)
    assert truth.check(text.title, text.tags, text.description, facts) == []


FORMATS = frozenset({"PNG"})


def test_what_is_not_shown_is_left_out_and_named() -> None:
    asked = dataclasses.replace(WOODLAND, title="Hand painted dragons and foxes for the garden", theme="40 dragon pngs")
    text = write(asked, FACTS)
    assert text.title.startswith("Foxes for the Garden Watercolor Clipart")
    assert not [t for t in text.tags if "dragon" in t or "hand" in t]
    [note] = text.notes
    assert "“dragons”" in note and "“painted”" in note and "“foxes”" not in note
    assert truth.check(text.title, text.tags, text.description, FACTS) == []


def test_true_words_of_the_seller_stay() -> None:
    text = write(dataclasses.replace(WOODLAND, title="Cozy Nordic Fox and Bear"), FACTS)
    assert text.title.startswith("Cozy Nordic Fox and Bear Watercolor Clipart")
    assert text.notes == ()


def _near(tag: str) -> str:
    return " ".join(sorted(w.removesuffix("s") for w in tag.replace("-", " ").replace("clip art", "clipart").split()))


@pytest.mark.parametrize("product", sorted(PRODUCT_WORDS))
@pytest.mark.parametrize(
    "idea", ["foxes and fox", "clip art of cats, a cat", "wall art prints", "roses rose flowers flower"]
)
def test_no_two_tags_are_nearly_the_same(product: str, idea: str) -> None:
    tags = write(WriterInput(product, idea, title=idea, subjects=["fox", "foxes", "cat"])).tags
    assert len({_near(t) for t in tags}) == 13


@pytest.mark.parametrize(
    ("said", "out"),
    [
        ("दीवाली का दीपक", ["दीवाली", "का", "दीपक"]),
        ("ดอกไม้ป่าสีน้ำ", ["ดอกไม้ป่าสีน้ำ"]),
        ("தமிழ் மலர்", ["தமிழ்", "மலர்"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("שָׁלוֹם", ["שָׁלוֹם"]),
    ],
)
@pytest.mark.parametrize("product", ["wall_art", "clipart"])
def test_a_word_etsy_does_not_take_is_left_out_whole_and_named(product: str, said: str, out: list[str]) -> None:
    text = write(WriterInput(product, said, title=said))
    letters = {c for c in unicodedata.normalize("NFKC", said) if not c.isspace()}
    assert not letters & set(text.title) and not letters & set("".join(text.tags))
    assert text.title.startswith(PRODUCT_WORDS[product].noun)
    assert all(unicodedata.normalize("NFC", word) in text.notes[0] for word in out)
    beside = write(WriterInput(product, f"fox {said} forest", title=f"fox {said} forest"))
    assert beside.title.startswith("Fox Forest") and beside.notes == text.notes


def test_tags_are_what_buyers_search_for() -> None:
    tags = write(WOODLAND).tags
    assert "watercolor clipart" in tags
    assert "woodland nursery" in tags
    assert "red fox clipart" in tags
    assert "transparent png" in tags
    assert all(len(t) <= 20 for t in tags)


def test_a_description_says_what_you_get_how_to_download_what_is_allowed_and_how_it_was_made() -> None:
    description = write(WOODLAND).description
    for words in (
        "15 different images (PNG)",
        "4096 × 4096 pixels at 300 DPI",
        "13.7 × 13.7 in",
        "HOW TO DOWNLOAD",
        "all 3 files",
        "WHAT IS ALLOWED",
        "a red fox sitting wearing a leaf scarf",
        "drawn by a computer program",
        "Nothing is shipped",
    ):
        assert words in description


def test_the_disclosure_is_honest_about_each_way_of_making() -> None:
    assert "AI image generator" not in write(WOODLAND).description
    assert "AI image generator" in write(WriterInput("clipart", "foxes", disclosure="ai")).description


def test_a_product_without_a_transparent_background_does_not_claim_one() -> None:
    text = write(WriterInput("custom", "my photos", formats=["JPG"], count=3))
    assert "ransparent" not in text.title + text.description


def test_prices_end_in_nine_and_grow_with_the_count() -> None:
    prices = [writer.suggested_price("clipart", n) for n in (15, 30, 100)]
    assert prices == sorted(prices)
    assert all(p % 10 == 9 for p in prices)
    assert prices[0] == 499


def test_every_stored_tag_meets_the_rules_and_every_product_can_fill_thirteen() -> None:
    stored = [t for words in PRODUCT_WORDS.values() for t in words.tags] + [
        t for tags in THEME_TAGS.values() for t in tags
    ]
    for tag in stored:
        assert rules.check("x", [tag], "x", 100) == [], tag
    assert all(len(words.tags) >= rules.TAGS_MAX for words in PRODUCT_WORDS.values())


def test_an_unknown_product_type_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        write(WriterInput("spoon", "x"))

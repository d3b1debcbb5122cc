"""Every kind of claim a listing can make, true and false, against the same files."""

from __future__ import annotations

import dataclasses

import pytest

from elistit.listings import subjects, truth
from elistit.listings.phrases import THEME_TAGS
from elistit.listings.truth import Facts, check

CLIPART = Facts(
    15, frozenset({15, 3}), frozenset({(4096, 4096)}), frozenset({300}), (), frozenset({"PNG"}), transparent=True,
    shown=("a red fox sitting", "brown bear", "hedgehog with mushrooms"), colors=frozenset({"orange", "brown"}),
)  # fmt: skip
CARD = Facts(
    1, frozenset({1, 2}), frozenset({(1500, 2100)}), frozenset({300}), ("5 × 7 in",), frozenset({"PDF", "PNG"}), shown=("rose",)
)  # fmt: skip
WALL = Facts(
    1, frozenset({1, 5}), frozenset({(4608, 6912), (4608, 6144)}), frozenset({300}), ("2:3", "3:4", "ISO A"), frozenset({"JPG"}),
    shown=("mountain lake",),
)  # fmt: skip
OWN = Facts(3, formats=frozenset({"PNG"}), by_hand=True, no_ai=True)


def claims(text: str, facts: Facts = CLIPART) -> list[str]:
    return [f.claim for f in check(text, (), "", facts)]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Woodland Animals Watercolor Clipart, 15 Transparent PNGs", CLIPART), ("set of fifteen", CLIPART), ("3 files", CLIPART),
        ("15 files", CLIPART), ("4096 x 4096 pixels at 300 DPI", CLIPART), ("4096 px", CLIPART), ("13.7 × 13.7 in", CLIPART),
        ("35 x 35 cm", CLIPART), ("forest animals", CLIPART), ("woodland nursery", CLIPART), ("mushroom art", CLIPART),
        ("no SVG", CLIPART), ("not a vector", CLIPART), ("not seamless", CLIPART), ("baby shower", CLIPART), ("70s style", CLIPART),
        ("teacher gift", CLIPART), ("orange fox", CLIPART), ("red fox", CLIPART), ("animals", CLIPART), ("foxes", CLIPART),
        ("5x7 card", CARD), ("folded 5 by 7 inch card", CARD), ("12.7 x 17.8 cm", CARD), ("flower card", CARD), ("2:3 ratio", WALL),
        ("five ratio files", WALL), ("mountain print", WALL), ("hand drawn dragons, no AI", OWN), ("set of 3", OWN),
    ],
)  # fmt: skip
def test_what_is_true_stays(text: str, facts: Facts) -> None:
    assert claims(text, facts) == []


@pytest.mark.parametrize(
    ("text", "claim", "facts"),
    [
        ("Fox Clipart, 20 transparent PNGs", "20 transparent PNGs", CLIPART), ("twenty five designs", "25 designs", CLIPART),
        ("bundle of 100", "bundle of 100", CLIPART), ("1,000 images", "1,000 images", CLIPART), ("50+ cliparts", "50+ cliparts", CLIPART),
        ("7 files", "7 files", CLIPART), ("600 DPI", "600 DPI", CLIPART), ("8000 px", "8000 px", CLIPART), ("12x12 in", "12x12", CLIPART),
        ("16:9", "16:9", WALL), ("SVG bundle", "SVG", CLIPART), ("png jpg", "jpg", CLIPART), ("Seamless pattern", "Seamless", CLIPART),
        ("vector art", "vector", CLIPART), ("die cut stickers", "die cut", CLIPART), ("hand painted", "hand painted", CLIPART),
        ("hand-drawn", "hand-drawn", CLIPART), ("no AI used", "no AI", CLIPART), ("free shipping", "free shipping", OWN),
        ("transparent png", "transparent", OWN), ("public domain", "public domain", CLIPART), ("dragon clipart", "dragon", CLIPART),
        ("a bunny", "bunny", CLIPART), ("sea animals", "sea", CLIPART), ("rocket and planets", "rocket", CLIPART), ("teal clipart", "teal", CLIPART),
        ("10 pack", "10 pack", CLIPART), ("8x10 card", "8x10", CARD), ("rabbit print", "rabbit", WALL),
    ],
)  # fmt: skip
def test_what_is_false_is_named(text: str, claim: str, facts: Facts) -> None:
    assert claim in claims(text, facts)


def test_a_false_claim_is_said_with_its_field_and_the_truth() -> None:
    found = check("Fox, 20 PNGs", ["svg fox"], "Each has 600 DPI.", CLIPART)
    assert [f.field for f in found] == ["title", "tags", "description"]
    assert found[0].words == "“20 PNGs” isn't true of these files: there are 15 images."


def test_a_description_may_speak_of_what_images_go_with() -> None:
    assert check("Fox", [], "Good for cakes, unicorn parties and pink rooms.", CLIPART) == []


def test_only_the_seller_knows_what_their_own_images_show() -> None:
    assert claims("dragon and unicorn", OWN) == []


def test_colors_that_were_not_measured_are_not_judged() -> None:
    assert claims("teal clipart", dataclasses.replace(CLIPART, colors=None)) == []


def test_what_it_was_checked_against_is_said() -> None:
    said = truth.summary(CLIPART)
    assert "15 images, PNG, 4096 × 4096 px, 300 DPI, transparent" in said


@pytest.mark.parametrize(
    ("word", "shown", "among"),
    [
        ("animals", ["fox"], True), ("flowers", ["roses"], True), ("bunny", ["rabbit"], True), ("kitten", ["cat"], False),
        ("dog", ["corgi"], True), ("wolves", ["wolf"], True), ("berries", ["strawberry"], True), ("forest", ["owl"], True),
        ("ocean", ["crab"], True), ("planet", ["saturn"], True), ("fox", ["bear"], False), ("leaves", ["fern"], True),
    ],
)  # fmt: skip
def test_kinds_and_their_members(word: str, shown: list[str], among: bool) -> None:
    assert subjects.is_thing(word) and subjects.is_among(word, shown) is among


def test_words_of_use_name_no_thing() -> None:
    for word in (
        "nursery",
        "decor",
        "gift",
        "party",
        "cozy",
        "watercolor",
        "clipart",
        "printable",
        "instant",
        "birthday",
    ):
        assert not subjects.is_thing(word), word


def test_every_search_word_of_a_theme_is_true_of_something_in_the_theme() -> None:
    """A theme's own word shown makes at least one of its search words usable."""
    for theme, tags in THEME_TAGS.items():
        facts = dataclasses.replace(CLIPART, shown=(theme,), colors=None)
        assert [t for t in tags if truth.is_true(t, facts)], theme

"""Etsy's rules, each with what it takes and what it refuses."""

from __future__ import annotations

import pytest

from elistit.listings import rules
from elistit.listings.rules import check

GOOD = {"title": "Fox Clipart", "tags": ["fox clipart"], "description": "A fox.", "price_cents": 499}


def fields(**changes: object) -> list[str]:
    return [p.field for p in check(**{**GOOD, **changes})]  # type: ignore[arg-type]


def test_a_good_listing_has_no_problem() -> None:
    assert fields() == []


@pytest.mark.parametrize(
    "title",
    ["Fox – Clipart", "Fox™ © ®", "100% Fox: Cat & Dog + 1", "かわいい猫", "Лиса, 15 PNG", "a" * 140, "1 < 2 = 3 ± 4 ÷ 5",
     "¿Fox? “quoted” (x) [y] {z} / \\ @ # * _ !", "non\u00a0breaking"],
)  # fmt: skip
def test_a_title_etsy_takes(title: str) -> None:
    assert fields(title=title) == []


@pytest.mark.parametrize(
    "title",
    ["", "   ", "Fox 🦊", "$5 Fox", "Fox ^", "Fox `", "Fox\nCat", "Fox\tCat", "½ Fox", "Fox ★", "a" * 141, "50% or 60%",
     "a: b: c", "a & b & c", "1+1+1", "e\u0301", "x\u200by"],
)  # fmt: skip
def test_a_title_etsy_refuses(title: str) -> None:
    assert set(fields(title=title)) == {"title"}


@pytest.mark.parametrize("tag", ["fox", "kids' room", "semi-rustic", "a" * 20, "猫 clipart", "brand™"])
def test_a_tag_etsy_takes(tag: str) -> None:
    assert fields(tags=[tag]) == []


@pytest.mark.parametrize("tag", ["", " ", "a" * 21, "fox, cat", "50%", "-fox", "'fox", "fox 🦊", "fox&cat", "a.b", "½"])
def test_a_tag_etsy_refuses(tag: str) -> None:
    assert set(fields(tags=[tag])) == {"tags"}


def test_thirteen_tags_are_taken_and_fourteen_are_not() -> None:
    assert fields(tags=[f"tag {n}" for n in range(13)]) == []
    assert fields(tags=[f"tag {n}" for n in range(14)]) == ["tags"]


def test_the_same_tag_in_other_case_or_spacing_is_a_repeat() -> None:
    assert fields(tags=["Fox  Clipart", "fox clipart"]) == ["tags"]


def test_an_empty_description_is_refused() -> None:
    assert fields(description=" \n ") == ["description"]


@pytest.mark.parametrize(
    ("cents", "taken"), [(19, False), (20, True), (5_000_000, True), (5_000_001, False), (-5, False)]
)
def test_the_price_has_bounds(cents: int, taken: bool) -> None:
    assert fields(price_cents=cents) == ([] if taken else ["price"])


@pytest.mark.parametrize(
    ("material", "taken"), [("digital file", True), ("PNG 300", True), (".png", False), ("a-b", False)]
)
def test_materials_are_letters_digits_and_spaces(material: str, taken: bool) -> None:
    assert fields(materials=[material]) == ([] if taken else ["materials"])


def test_pictures_have_a_count_a_size_and_a_kind() -> None:
    assert fields(images=[("a.jpg", 10_000_000)] * 20) == []
    assert fields(images=[("a.jpg", 1)] * 21) == ["images"]
    assert fields(images=[("a.jpg", 10_000_001)]) == ["images"]
    assert fields(images=[("a.webp", 1)]) == ["images"]
    assert fields(images=[("a.png", 0)]) == ["images"]


def test_files_have_a_count_a_size_and_a_name() -> None:
    assert fields(files=[(f"{n}.zip", 20_000_000) for n in range(5)]) == []
    assert fields(files=[(f"{n}.zip", 1) for n in range(6)]) == ["files"]
    assert fields(files=[("a.zip", 20_000_001)]) == ["files"]
    assert fields(files=[("noending", 1)]) == ["files"]
    assert fields(files=[("a.zip", 1), ("A.ZIP", 1)]) == ["files"]
    assert fields(files=[("n" * 67 + ".zip", 1)]) == ["files"]


def test_a_problem_names_what_a_seller_can_see() -> None:
    [problem] = check("Fox 🦊", ["fox"], "x", 499)
    assert "🦊" in problem.words
    [problem] = check("Fox\nCat", ["fox"], "x", 499)
    assert "U+000A" in problem.words


def test_limits_are_etsys() -> None:
    assert (rules.TITLE_MAX, rules.TAGS_MAX, rules.TAG_MAX, rules.IMAGES_MAX, rules.FILES_MAX) == (140, 13, 20, 20, 5)

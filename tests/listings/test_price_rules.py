"""A seller's price rules: exact where they name a price, rounded up where they round, and never used in another currency."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elistit.listings import currencies, price_rules
from elistit.listings.price_rules import PriceRules


@pytest.mark.parametrize(
    ("rules", "suggested", "expected"),
    [
        (PriceRules(), 449, 449),
        (PriceRules(minimum=600), 449, 600),
        (PriceRules(ending="99"), 449, 499),
        (PriceRules(ending="99"), 499, 499),
        (PriceRules(ending="00"), 449, 500),
        (PriceRules(ending="49", minimum=600), 449, 649),
        (PriceRules(ending="99", minimum=600, prices={"clipart": 500}), 449, 500),
        (PriceRules(prices={"poster": 900}), 449, 449),
        (PriceRules(minimum=600), 0, 0),
        (PriceRules(prices={"clipart": 500}), 0, 500),
    ],
)
def test_what_a_suggestion_becomes(rules: PriceRules, suggested: int, expected: int) -> None:
    assert price_rules.apply(rules, "clipart", suggested, "USD") == (expected, "")


def test_rules_of_another_currency_are_not_used_and_the_seller_is_told() -> None:
    price, said = price_rules.apply(PriceRules("EUR", prices={"clipart": 500}), "clipart", 449, "USD")
    assert price == 449 and "EUR" in said and "USD" in said


def test_a_price_etsy_refuses_is_not_used() -> None:
    most = currencies.get("USD").maximum
    assert most
    price, said = price_rules.apply(PriceRules(ending="99"), "clipart", most, "USD")
    assert price == most and "doesn't accept" in said


@given(
    suggested=st.integers(20, 400_000),
    minimum=st.integers(0, 100_000),
    ending=st.sampled_from(["", *price_rules.ENDINGS]),
)
def test_a_rounded_price_is_the_next_one_up_with_that_ending(suggested: int, minimum: int, ending: str) -> None:
    price, _ = price_rules.apply(PriceRules(minimum=minimum, ending=ending), "poster", suggested, "USD")
    least = max(suggested, minimum)
    assert least <= price < least + 100
    assert not ending or f"{price:03d}"[-2:] == ending


def test_rules_survive_being_kept() -> None:
    rules = PriceRules("EUR", 300, "99", {"poster": 900})
    assert price_rules.read(rules.plain()) == rules
    assert PriceRules("EUR").plain() == {} and price_rules.read(None) == PriceRules()


def test_problems_name_the_field() -> None:
    wrong = price_rules.problems(PriceRules("JPY", 150, "99", {"poster": 1}))
    assert set(wrong) == {"minimum", "ending", "prices.poster"}
    assert set(price_rules.problems(PriceRules(ending="07"))) == {"ending"}
    assert price_rules.problems(PriceRules("USD", 300, "99", {"poster": 900})) == {}

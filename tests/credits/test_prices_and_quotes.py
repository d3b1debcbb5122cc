"""The price list, the quote made from it, and what of it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import Error, transaction

from elistit.credits import prices, quotes
from elistit.credits.models import Quote
from elistit.credits.prices import Line


def test_the_plans_are_the_promised_ones() -> None:
    assert [(plan.name, plan.credits, plan.price_cents) for plan in prices.price_list().plans] == [
        ("Launch", 240, 1500),
        ("Grow", 600, 3500),
        ("Scale", 1400, 7500),
    ]
    assert prices.price_list().trial_credits == 30


def test_a_trial_affords_a_clipart_bundle_of_fifteen() -> None:
    lines = prices.quote_lines("clipart", "builtin/watercolor", 15)
    assert prices.total(lines) == 17 <= prices.price_list().trial_credits


def test_a_quote_is_itemised_and_multiplies_out() -> None:
    lines = prices.quote_lines("clipart", "builtin/watercolor", 20, mockups=5)
    assert [(line.action, line.quantity, line.unit_price, line.credits) for line in lines] == [
        ("generate", 20, 1, 20),
        ("upscale", 20, 0, 0),
        ("mockups", 3, 0, 0),
        ("mockups", 2, 1, 2),
        ("listing", 1, 2, 2),
    ]


def test_the_part_of_one_item_and_of_the_listing_are_known() -> None:
    lines = [
        Line("generate", "", 10, 3, 30, per_item=True),
        Line("upscale", "", 10, 2, 20, per_item=True),
        Line("listing", "", 1, 4, 4),
    ]
    assert prices.item_price(lines) == 5
    assert prices.listing_price(lines) == 4


def test_a_remake_costs_one_generation_and_a_lost_item_its_print_size_too() -> None:
    assert [line.action for line in prices.remake_lines("builtin/watercolor")] == ["generate"]
    assert [line.action for line in prices.remake_lines("builtin/watercolor", lost=True)] == ["generate", "upscale"]


def test_unknown_models_and_products_are_refused() -> None:
    with pytest.raises(KeyError):
        prices.model("nobody/nothing")
    with pytest.raises(ValueError):
        prices.quote_lines("jigsaw", "builtin/watercolor", 1)
    with pytest.raises(ValueError):
        prices.quote_lines("clipart", "builtin/watercolor", 0)
    assert prices.models("jigsaw") == []
    assert prices.models("clipart") == [m for m in prices.models() if "clipart" in m.products]
    assert prices.models("clipart")[0].code == "builtin/watercolor"


@pytest.mark.parametrize("wrong", ["image = 1.5", "image = -1", 'image = "1"', "image = true"])
def test_a_price_that_is_not_a_whole_number_is_refused(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "list.toml"
    file.write_text(prices.PRICE_FILE.read_text().replace("image = 1 ", f"{wrong} "))
    with pytest.raises(ValueError, match="image must be a whole number"):
        prices.read(file)


def test_a_code_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    file.write_text(prices.PRICE_FILE.read_text().replace('code = "grow"', 'code = "launch"'))
    with pytest.raises(ValueError, match="twice"):
        prices.read(file)


@pytest.mark.django_db
def test_a_frozen_quote_keeps_its_lines_total_and_price_list(owner: int) -> None:
    lines = prices.quote_lines("clipart", "builtin/watercolor", 15)
    made = quotes.freeze(owner, "clipart", "builtin/watercolor", 15, lines)
    kept = Quote.objects.get(pk=made.pk)
    assert (kept.total, kept.price_list, kept.count) == (17, prices.price_list().version, 15)
    assert quotes.lines_of(kept) == lines
    with pytest.raises(Error), transaction.atomic():
        Quote.objects.filter(pk=made.pk).update(total=1)


@pytest.mark.django_db
def test_a_line_that_does_not_multiply_out_is_not_frozen(owner: int) -> None:
    with pytest.raises(ValueError):
        quotes.freeze(owner, "clipart", "builtin/watercolor", 1, [Line("generate", "Generate", 2, 3, 5)])

"""The price list, the quote made from it, and what of it comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import Error, transaction

from elistit import ports
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


# ---- the price file -----------------------------------------------------------------------------------------------------


SMALL = """
version = 3
[trial]
credits = 30
[listing]
price = 2
[mockups]
included = 3
price = 1
[own_images]
price = 4
[[models]]
code = "a/one"
name = "One"
provider = "a"
products = ["svg", "poster"]
image = 5
upscale = 6
note = "Slow."
[[models]]
code = "a/two"
name = "Two"
provider = "a"
products = ["svg"]
image = 0
upscale = 0
[[plans]]
code = "p"
name = "Plan"
credits = 240
price_cents = 1500
[[top_ups]]
code = "t"
name = "Pack"
credits = 100
price_cents = 800
"""


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., prices.PriceList]:
    """The small price file, read with some text in it replaced."""

    def read(*change: str) -> prices.PriceList:
        file = tmp_path / "small.toml"
        file.write_text(SMALL.replace(*change) if change else SMALL, encoding="utf-8")
        return prices.read(file)

    return read


def test_every_field_of_the_price_file_is_read(small: Callable[..., prices.PriceList]) -> None:
    assert small() == prices.PriceList(
        version="3",
        models=(
            prices.ModelPrice("a/one", "One", "a", frozenset({"svg", "poster"}), 5, 6, "Slow."),
            prices.ModelPrice("a/two", "Two", "a", frozenset({"svg"}), 0, 0, ""),
        ),
        plans=(prices.PlanPrice("p", "Plan", 240, 1500),),
        top_ups=(prices.TopUpPrice("t", "Pack", 100, 800),),
        trial_credits=30,
        listing_price=2,
        mockups_included=3,
        mockup_price=1,
        own_image_price=4,
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("credits = 30", "credits = -1"), "credits: credits must be a whole number, 0 or more, not -1"),
        (("price = 2", "price = 2.5"), "price: price must be a whole number, 0 or more, not 2.5"),
        (("included = 3", "included = '3'"), "included: included must be a whole number, 0 or more, not '3'"),
        (("price = 4", "price = true"), "price: price must be a whole number, 0 or more, not True"),
        (("image = 5", "image = -5"), "a/one: image must be a whole number, 0 or more, not -5"),
        (("upscale = 6", "upscale = 1.0"), "a/one: upscale must be a whole number, 0 or more, not 1.0"),
        (("credits = 240", "credits = -240"), "p: credits must be a whole number, 0 or more, not -240"),
        (("price_cents = 800", "price_cents = 8.5"), "t: price_cents must be a whole number, 0 or more, not 8.5"),
        (("a/two", "a/one"), "A code occurs twice in small.toml: ['a/one', 'a/one']"),
        (
            ("[[top_ups]]", "[[top_ups]]\ncode='t'\nname='x'\ncredits=1\nprice_cents=1\n[[top_ups]]"),
            "A code occurs twice in small.toml: ['t', 't']",
        ),
    ],
)
def test_a_price_file_that_cannot_hold_is_refused_naming_the_entry(
    small: Callable[..., prices.PriceList], change: tuple[str, str], words: str
) -> None:
    with pytest.raises(ValueError) as refused:
        small(*change)
    assert str(refused.value) == words


def test_every_line_says_what_it_is_for() -> None:
    lines = prices.quote_lines("clipart", "builtin/watercolor", 2, mockups=4)
    assert lines == [
        Line("generate", "Generate images", 2, 1, 2, per_item=True),
        Line("upscale", "Print size", 2, 0, 0, per_item=True),
        Line("mockups", "Mockups, included", 3, 0, 0),
        Line("mockups", "Further mockups", 1, 1, 1),
        Line("listing", "Listing text", 1, 2, 2),
    ]
    assert prices.remake_lines("builtin/watercolor", lost=True) == [
        Line("generate", "Remake one image", 1, 1, 1, per_item=True),
        Line("upscale", "Print size", 1, 0, 0, per_item=True),
    ]


def test_a_poster_in_two_parts_costs_what_it_costs_at_once() -> None:
    design, finish, whole = (
        prices.quote_lines("poster", "builtin/watercolor", 1, part=part) for part in ("design", "print", "all")
    )
    assert [*design, *finish] == whole
    assert [line.action for line in design] == ["generate"]
    with pytest.raises(KeyError):
        prices.quote_lines("poster", "builtin/watercolor", 1, part="half")


def test_own_images_pay_their_print_size_only() -> None:
    assert prices.quote_lines("custom", "", 3, mockups=0) == [
        Line("upscale", "Print size", 3, 1, 3, per_item=True),
        Line("listing", "Listing text", 1, 2, 2),
    ]
    assert [line.quantity for line in prices.quote_lines("custom", "", 1, mockups=2)] == [1, 2, 1], (
        "no more than asked for"
    )


def test_what_cannot_be_priced_says_why() -> None:
    for act, words in (
        (lambda: prices.quote_lines("clipart", "builtin/watercolor", 0), "A launch makes at least one image."),
        (
            lambda: prices.quote_lines("svg", "builtin/ink", 1),
            "Pen and ink, built in does not make this product type.",
        ),
    ):
        with pytest.raises(ValueError) as refused:
            act()
        assert str(refused.value) == words
    with pytest.raises(KeyError, match="nobody/nothing"):
        prices.model("nobody/nothing")
    assert prices.quote_lines("clipart", "builtin/watercolor", 1)[0].quantity == 1


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
    for line in (Line("generate", "Generate", 2, 3, 5), Line("generate", "Generate", -1, 3, -3)):
        with pytest.raises(ValueError) as refused:
            quotes.freeze(owner, "clipart", "builtin/watercolor", 1, [Line("a", "A", 1, 0, 0), line])
        assert str(refused.value) == "The line 'Generate' does not multiply out."
    assert not Quote.objects.exists()


@pytest.mark.django_db
def test_a_quote_is_the_owners_and_says_for_what_and_when(owner: int, clock: ports.FixedClock) -> None:
    clock.advance(5)
    made = quotes.freeze(owner, "svg", "builtin/flat", 6, [Line("generate", "Generate", 6, 0, 0)])
    kept = Quote.objects.get()
    assert len(made.pk) == 26
    for quote in (made, kept):
        assert (quote.owner_id, quote.product, quote.model, quote.count, quote.total) == (
            owner,
            "svg",
            "builtin/flat",
            6,
            0,
        )
        assert quote.created_at == clock.now()

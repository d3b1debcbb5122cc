"""Prices in the shop's currency: suggested, bounded, typed and sent as that currency is written."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elistit.accounts.models import User
from elistit.listings import currencies, rules, writer
from elistit.listings.etsy import shops
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import CURRENCIES, Sandbox
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, FixedClock, Kind, Made, use_clock

CODES = sorted(currencies.table())


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("product", ["wall_art", "clipart", "svg"])
@pytest.mark.parametrize("count", [1, 15, 100])
def test_a_suggestion_is_within_etsys_limits_and_worth_what_it_was(code: str, product: str, count: int) -> None:
    money = currencies.get(code)
    cents = writer.suggested_price(product, count, code)
    assert rules.check("x", ["x"], "x", cents, currency=code) == []
    assert money.per_usd is not None
    worth = cents / float(money.per_usd)
    assert 0.8 < worth / writer.suggested_usd(product, count) < 1.2
    assert money.digits == 2 or cents % 100 == 0


def test_in_dollars_nothing_changed() -> None:
    assert [writer.suggested_price("clipart", n) for n in (15, 30, 100)] == [499, 649, 1349]
    assert [p.words for p in rules.check("x", ["x"], "x", 19)] == [
        "The price is $0.19; Etsy takes $0.20 to $50,000.00."
    ]


@pytest.mark.parametrize(
    ("code", "cents", "taken"),
    [
        ("VND", 9_900_000, True),
        ("VND", 499, False),
        ("VND", 4_419_00, False),
        ("VND", 4_420_00, True),
        ("VND", 9_900_050, False),
        ("JPY", 750_00, True),
        ("JPY", 7_50, False),
        ("EUR", 4_49, True),
        ("EUR", 17, False),
        ("IDR", 79_000_00, True),
        ("IDR", 21_474_837_00, False),
        ("XXA", 1_00, True),
        ("KMF", 1_50, False),
        ("USD", 0, False),
        ("USD", -1, False),
    ],
)
def test_limits_are_those_of_the_currency(code: str, cents: int, taken: bool) -> None:
    found = rules.check("x", ["x"], "x", cents, currency=code)
    assert [p.field for p in found] == ([] if taken else ["price"])
    assert taken or code in found[0].words or "$" in found[0].words


def test_a_limit_is_said_in_the_currency() -> None:
    [problem] = rules.check("x", ["x"], "x", 100_00, currency="VND")
    assert problem.words == "The price is 100 VND; Etsy takes 4,420 VND to 1,250,000,000 VND."


@pytest.mark.parametrize(
    ("code", "typed", "cents"),
    [
        ("VND", "99,000", 99_000_00), ("VND", "99.000", 99_000_00), ("VND", " 99 000 VND", 99_000_00), ("JPY", "750", 750_00),
        ("USD", "$4.50", 4_50), ("USD", "4,5", 4_50), ("EUR", "1.234,56", 1_234_56), ("EUR", "1,234.56", 1_234_56),
        ("EUR", "4.50 eur", 4_50), ("USD", "1,234,567", 1_234_567_00), ("USD", "cheap", None), ("USD", "", None),
        ("USD", "-4", None), ("USD", "4.5.6", None), ("USD", "12,34,56", None), ("USD", "1e5", None), ("USD", "٤", None),
    ],
)  # fmt: skip
def test_a_price_is_read_as_it_is_typed(code: str, typed: str, cents: int | None) -> None:
    assert currencies.get(code).parsed(typed) == cents


@given(st.sampled_from(CODES), st.integers(1, currencies.KEPT_MAX // 100))
def test_what_is_shown_can_be_typed(code: str, units: int) -> None:
    money = currencies.get(code)
    cents = units * 100 if money.digits == 0 else units
    assert money.parsed(money.plain(cents)) == cents
    assert money.parsed(money.shown(cents)) == cents


@pytest.mark.parametrize(
    ("cents", "code", "wanted", "moved"),
    [
        (499, "", "USD", 499), (499, "", "VND", 125_000_00), (650, "", "EUR", 650), (499, "USD", "JPY", 750_00),
        (650, "USD", "EUR", None), (650, "EUR", "EUR", 650), (449, "EUR", "USD", 499), (499, "USD", "XXA", None),
    ],
)  # fmt: skip
def test_a_price_moves_only_when_it_was_our_suggestion(cents: int, code: str, wanted: str, moved: int | None) -> None:
    assert currencies.moved(cents, code, 499, wanted) == moved


def test_an_operators_own_figures_replace_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "mine.toml"
    own.write_text('[currencies]\nVND = {per_usd = "26000", step = "9000", digits = 0, minimum = "6000"}\n')
    monkeypatch.setenv(currencies.SETTING, str(own))
    assert currencies.get("VND").suggested(499) == 126_000_00
    assert currencies.get("VND").minimum == 6_000_00
    assert currencies.get("EUR").suggested(499) == 449


@pytest.mark.parametrize(
    "text",
    ["", "[currencies", "[currencies]\nVND = 5", '[currencies]\nvnd = {per_usd = "1", step = "1"}',
     '[currencies]\nVND = {per_usd = "x", step = "1"}', '[currencies]\nVND = {per_usd = "1", step = "0"}',
     '[currencies]\nVND = {per_usd = "1", step = "0.5", digits = 0}',
     '[currencies]\nVND = {per_usd = "1", step = "1", minimum = "5", maximum = "4"}'],
)  # fmt: skip
def test_a_table_that_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(currencies.BadTable, match=r"bad\.toml"):
        currencies.read(path)


# --- the shop ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CURRENCIES)
def test_a_suggestion_is_taken_by_a_shop_of_that_currency(seller: User, wanted: DraftRequest, code: str) -> None:
    with Sandbox(per_second=1000, currency=code) as sandbox:
        shop = connect_sandbox(seller, sandbox.url)
        assert shop.currency == code
        cents = writer.suggested_price("wall_art", 1, code)
        assert isinstance(create_draft(shop, dataclasses.replace(wanted, price_cents=cents, currency=code)), Made)
        assert (sandbox.drafts()[0]["price_cents"], sandbox.drafts()[0]["currency"]) == (cents, code)


def test_etsy_refuses_a_dollar_price_in_a_dong_shop(seller: User, wanted: DraftRequest) -> None:
    with Sandbox(per_second=1000, currency="VND") as sandbox:
        shop = connect_sandbox(seller, sandbox.url)
        failed = create_draft(shop, dataclasses.replace(wanted, price_cents=500_00))
        assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED and "4420" in failed.reason


def test_the_currency_is_read_once_and_again_after_a_day(shop: EtsyShop, sandbox: Sandbox) -> None:
    def asked() -> int:
        return int(sandbox.state()["counts"].get("getShop", 0))

    clock = FixedClock(dt.datetime.now(dt.UTC))
    with use_clock(clock):
        before = asked()
        assert shops.currency(shop) == "USD" and asked() == before
        sandbox.world.sell_in(shop.shop_id, "JPY")
        clock.advance(3 * 3600)
        assert shops.currency(shop) == "USD" and asked() == before
        clock.advance(21 * 3600)
        sandbox.world.token_seconds = 10**7
        assert shops.currency(shop) == "JPY" and asked() == before + 1
        shop.refresh_from_db()
        assert shop.currency == "JPY" and shops.known_currency(shop.owner_id) == "JPY"


def test_an_etsy_that_is_down_leaves_the_currency_it_had_and_no_guess(shop: EtsyShop, sandbox: Sandbox) -> None:
    EtsyShop.objects.update(currency_read_at=None)
    shop.refresh_from_db()
    sandbox.fault("getShop", "500", times=2)
    assert shops.currency(shop) == "USD"
    EtsyShop.objects.update(currency="")
    shop.refresh_from_db()
    failed = shops.currency(shop)
    assert isinstance(failed, Failure) and failed.kind is Kind.TRANSIENT
    assert shops.currency(shop) == "USD"


def test_a_shop_of_the_sandbox_can_change_its_currency(shop: EtsyShop, sandbox: Sandbox) -> None:

    order = {"shop_id": shop.shop_id, "currency_code": "EUR"}
    assert httpx.post(f"{sandbox.url}/_sandbox/currency", json=order).status_code == 200
    assert sandbox.state()["shops"][0]["currency_code"] == "EUR"
    assert httpx.post(f"{sandbox.url}/_sandbox/currency", json={**order, "currency_code": "ABC"}).status_code == 400
    assert httpx.post(f"{sandbox.url}/_sandbox/currency", json={**order, "shop_id": 1}).status_code == 404
    assert httpx.post(f"{sandbox.url}/_sandbox/currency", content=b"x").status_code == 400

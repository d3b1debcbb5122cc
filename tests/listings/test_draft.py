"""Every fault at every step of a draft: told apart rightly, and after it the draft is there once and complete."""

from __future__ import annotations

import dataclasses
import datetime as dt

import httpx
import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.listings.etsy import config, names
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox, validation
from elistit.listings.models import EtsyCategories, EtsyShop
from elistit.ports import Failure, FixedClock, Kind, Made, use_clock
from tests.listings.conftest import closed_port
from tests.listings.draft_steps import STEPS, WRITES, assert_complete_and_once, attempt, digest


def test_a_draft_is_made_with_pictures_in_order_and_files(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    made = attempt(shop, wanted)
    assert isinstance(made, Made)
    assert_complete_and_once(sandbox, wanted)
    [draft] = sandbox.drafts()
    assert made.data == {
        "listing_id": draft["listing_id"],
        "url": draft["url"],
        "images": 3,
        "files": 2,
        "videos": 0,
        "adopted": False,
    }
    assert (draft["type"], draft["who_made"], draft["is_supply"], draft["quantity"]) == (
        "download",
        "i_did",
        False,
        999,
    )
    assert draft["taxonomy_id"] == 6844


def test_asking_again_finds_the_same_draft_and_sends_nothing(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    first, second = attempt(shop, wanted), attempt(shop, wanted)
    assert isinstance(first, Made) and isinstance(second, Made)
    assert second.data == {**first.data, "adopted": True}
    assert_complete_and_once(sandbox, wanted)
    counts = sandbox.state()["counts"]
    assert (counts["createDraft"], counts["uploadImage"], counts["uploadFile"]) == (1, 3, 2)


def test_nothing_is_ever_published(shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest) -> None:
    attempt(shop, wanted)
    requests = sandbox.state()["requests"]
    assert {r["method"] for r in requests} == {"GET", "POST"}
    assert "unknown" not in {r["operation"] for r in requests}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("fault", "read_kind", "write_kind"),
    [
        ("400", Kind.REJECTED, Kind.REJECTED),
        ("400_list", Kind.REJECTED, Kind.REJECTED),
        ("403", Kind.REJECTED, Kind.REJECTED),
        ("403_secret", Kind.OPERATOR, Kind.OPERATOR),
        ("404", Kind.REJECTED, Kind.REJECTED),
        ("429", Kind.THROTTLED, Kind.THROTTLED),
        ("429_day", Kind.OPERATOR, Kind.OPERATOR),
        ("500", Kind.TRANSIENT, Kind.UNKNOWN),
        ("503", Kind.TRANSIENT, Kind.UNKNOWN),
        ("500_html", Kind.TRANSIENT, Kind.UNKNOWN),
        ("html", Kind.TRANSIENT, Kind.UNKNOWN),
        ("empty", Kind.TRANSIENT, Kind.UNKNOWN),
        ("timeout", Kind.TRANSIENT, Kind.UNKNOWN),
        ("reset", Kind.TRANSIENT, Kind.UNKNOWN),
        ("short", Kind.TRANSIENT, Kind.UNKNOWN),
        ("drip", Kind.TRANSIENT, Kind.UNKNOWN),
    ],
)
def test_a_fault_at_a_step_has_its_kind_and_the_next_try_completes_the_draft(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, step: str, fault: str, read_kind: Kind, write_kind: Kind
) -> None:
    sandbox.fault(step, fault, seconds=4)
    failed = attempt(shop, wanted, fault)
    assert isinstance(failed, Failure)
    assert failed.kind is (write_kind if step in WRITES else read_kind)
    assert isinstance(attempt(shop, wanted), Made)
    assert_complete_and_once(sandbox, wanted)


@pytest.mark.parametrize("step", WRITES)
@pytest.mark.parametrize(
    "fault", ["500", "503", "html", "empty", "timeout", "reset", "short", "drip", "409", "500_html"]
)
def test_what_was_done_although_the_answer_was_lost_is_never_done_twice(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, step: str, fault: str
) -> None:
    sandbox.fault(step, f"{fault}_but_created", seconds=4)
    outcome = attempt(shop, wanted, fault)
    if step == "createDraft":
        assert isinstance(outcome, Made), "a lost answer to the create is looked up at once"
    else:
        assert isinstance(outcome, Failure) and outcome.kind is Kind.UNKNOWN
        assert outcome.provider_id == str(sandbox.drafts()[0]["listing_id"])
    assert isinstance(attempt(shop, wanted), Made)
    assert_complete_and_once(sandbox, wanted)
    counts = sandbox.state()["counts"]
    assert (counts["createDraft"], counts["uploadImage"], counts["uploadFile"]) == (1, 3, 2)


def test_a_lost_answer_that_cannot_be_looked_up_stays_unknown_and_is_found_by_the_next_try(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.fault("createDraft", "reset_but_created")
    sandbox.fault("listListings", "503", after=1)
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.kind is Kind.UNKNOWN
    assert isinstance(attempt(shop, wanted), Made)
    assert_complete_and_once(sandbox, wanted)
    assert sandbox.state()["counts"]["createDraft"] == 1


def test_a_fault_at_every_step_in_turn_still_ends_in_one_complete_draft(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    for step in STEPS:
        for fault in ("500_but_created", "reset", "429"):
            sandbox.fault(step, fault)
    tries = 0
    while isinstance(attempt(shop, wanted), Failure):
        tries += 1
        assert tries < 40
    assert_complete_and_once(sandbox, wanted)


def test_etsy_being_down_is_transient_and_creates_nothing(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    EtsyShop.objects.update(sandbox_url=closed_port())
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure)
    assert (failed.kind, failed.reason) == (Kind.TRANSIENT, "Etsy could not be reached.")
    assert sandbox.drafts() == []


def test_a_refusal_says_what_etsy_said(shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest) -> None:
    sandbox.fault("createDraft", "400_list")
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure)
    assert failed.reason == "Etsy rejected the listing. Etsy said: title contains invalid characters."


def test_an_item_etsy_does_not_sell_is_blocked(shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest) -> None:
    sandbox.fault("createDraft", "cannot_sell")
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.kind is Kind.BLOCKED_PROMPT


def test_the_wait_etsy_asks_for_is_handed_on(shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest) -> None:
    sandbox.fault("createDraft", "429", retry_after=17)
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.retry_after == 17


def test_the_other_year_is_tried_when_etsy_does_not_take_this_one(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.fault("createDraft", "when_made")
    sandbox.world.clock = lambda: dt.datetime(2026, 12, 31, tzinfo=dt.UTC).timestamp()
    with use_clock(FixedClock(dt.datetime(2027, 1, 1, 0, 5, tzinfo=dt.UTC))):
        EtsyShop.objects.update(expires_at=dt.datetime(2027, 2, 1, tzinfo=dt.UTC))
        assert isinstance(attempt(shop, wanted), Made)
    assert sandbox.drafts()[0]["when_made"] == "2020_2026"
    assert sandbox.state()["counts"]["createDraft"] == 2


@pytest.mark.parametrize(
    ("year", "ranges"),
    [(2026, ["2020_2026", "2020_2025"]), (2027, ["2020_2027", "2020_2026"]), (2030, ["2030_2030", "2020_2029"])],
)
def test_when_made_follows_the_year(year: int, ranges: list[str]) -> None:
    assert config.when_made(dt.datetime(year, 1, 1, tzinfo=dt.UTC)) == ranges


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Woodland Animals.zip", "Woodland_Animals.zip"),
        ("猫.zip", "file.zip"),
        ("x" * 100 + ".zip", "x" * 66 + ".zip"),
        ("w" * 70 + " part 12 of 15.zip", "w" * 52 + "_part_12_of_15.zip"),
        ("Café Crème.zip", "Cafe_Creme.zip"),
    ],
)
def test_file_names_are_plain_and_short(name: str, sent: str) -> None:
    assert names.file_names([name]) == [sent]


def test_the_environment_points_the_client_elsewhere(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", closed_port())
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.reason == "Etsy could not be reached."
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", sandbox.url)
    assert isinstance(attempt(shop, wanted), Made)


def test_the_page_shows_drafts_and_pictures_and_escapes_them(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    attempt(shop, dataclasses.replace(wanted, description="<script>alert(1)</script>"))
    shown = httpx.get(sandbox.url, trust_env=False).text
    assert wanted.title in shown and "<script>" not in shown
    assert shown.count("<img ") == 3
    picture = httpx.get(f"{sandbox.url}/_sandbox/blobs/{digest(wanted.images[0])}", trust_env=False)
    assert picture.content == wanted.images[0].read_bytes()
    assert picture.headers["content-type"] == "image/png"


def test_categories_are_read_once_a_day_for_every_shop(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = connect_sandbox(User.objects.create_user("other@example.com"), sandbox.url)
    assert isinstance(attempt(shop, wanted), Made)
    assert isinstance(attempt(other, dataclasses.replace(wanted, marker="another")), Made)
    assert sandbox.state()["counts"]["taxonomy"] == 1
    assert EtsyCategories.objects.get().numbers == [2078, 6844]
    with use_clock(FixedClock(ports.now() + dt.timedelta(hours=23, minutes=1))):
        EtsyShop.objects.update(expires_at=ports.now() + dt.timedelta(days=2))
        assert isinstance(attempt(shop, dataclasses.replace(wanted, marker="the next day")), Made)
    assert sandbox.state()["counts"]["taxonomy"] == 2


def test_a_category_that_etsy_gave_up_is_the_operators_matter_and_makes_no_draft(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "CATEGORIES", {2078: "Digital Prints"})
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.kind is Kind.OPERATOR
    assert failed.reason.startswith("Etsy no longer has the category") and "6844" in failed.detail
    assert sandbox.drafts() == [] and "createDraft" not in sandbox.state()["counts"]
    assert isinstance(attempt(shop, dataclasses.replace(wanted, product="poster")), Made)


@pytest.mark.parametrize("fault", ["503", "429", "html", "reset", "empty_list"])
def test_categories_that_cannot_be_read_stop_no_draft(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, fault: str
) -> None:
    sandbox.fault("taxonomy", fault, retry_after=0)
    assert isinstance(attempt(shop, wanted), Made)
    assert_complete_and_once(sandbox, wanted)
    assert not EtsyCategories.objects.exists()

"""Every fault at every step of a draft: told apart rightly, and after it the draft is there once and complete."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import html
from pathlib import Path

import httpx
import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.listings.etsy import config, names
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft import create_draft, held_drafts
from elistit.listings.etsy.draft_request import DraftRequest, marker_line
from elistit.listings.etsy.sandbox import Sandbox, validation
from elistit.listings.models import EtsyBudget, EtsyCategories, EtsyShop
from elistit.ports import Failure, FixedClock, Kind, Made, use_clock
from tests.listings.conftest import IMPATIENT, closed_port

STEPS = ("listListings", "createDraft", "listImages", "uploadImage", "listFiles", "uploadFile")
WRITES = ("createDraft", "uploadImage", "uploadFile")


def attempt(shop: EtsyShop, wanted: DraftRequest, fault: str = "") -> Made | Failure:
    """One try, after any pause that was asked for; an impatient one when the ordered fault is a server that hangs."""
    EtsyBudget.objects.update(held_until=0)
    return create_draft(shop, wanted, timeouts=IMPATIENT if fault in ("timeout", "drip") else None)


def assert_complete_and_once(sandbox: Sandbox, wanted: DraftRequest) -> None:
    [draft] = sandbox.drafts()
    assert draft["state"] == "draft"
    assert draft["title"] == wanted.title
    assert draft["tags"] == list(wanted.tags)
    assert draft["price_cents"] == wanted.price_cents
    assert marker_line(wanted.marker) in draft["description"].splitlines()
    assert [i["sha256"] for i in draft["images"]] == [digest(p) for p in wanted.images]
    assert sorted(f["sha256"] for f in draft["files"]) == sorted(digest(p) for p in wanted.files)
    assert sorted(f["name"] for f in draft["files"]) == sorted(names.file_names([p.name])[0] for p in wanted.files)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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


def test_an_expired_token_is_renewed_within_the_same_try(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.world.expire_access()
    assert isinstance(attempt(shop, wanted), Made)
    assert sandbox.state()["counts"]["refresh"] == 1
    assert_complete_and_once(sandbox, wanted)


def test_a_token_that_expires_between_two_pictures_does_not_stop_the_draft(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.fault("uploadImage", "401")
    assert isinstance(attempt(shop, wanted), Made)
    assert_complete_and_once(sandbox, wanted)


def test_a_revoked_connection_asks_the_seller_to_reconnect_and_goes_on_afterwards(
    shop: EtsyShop, seller: User, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.world.revoke_all()
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED
    assert "reconnect your shop" in failed.reason
    shop.refresh_from_db()
    assert shop.disconnected_reason == failed.reason
    before = sum(sandbox.state()["counts"].values())
    assert attempt(shop, wanted) == Failure(Kind.REJECTED, failed.reason)
    assert sum(sandbox.state()["counts"].values()) == before, "a connection known to be over is not tried"
    assert isinstance(attempt(connect_sandbox(seller, sandbox.url), wanted), Made)


def test_a_token_refused_even_after_renewal_ends_the_connection(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.fault("createDraft", "401", times=2)
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED
    shop.refresh_from_db()
    assert "reconnect" in shop.disconnected_reason


def test_our_draft_is_found_among_hundreds(shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest) -> None:
    assert isinstance(attempt(shop, wanted), Made)
    ours = sandbox.drafts()[0]
    for number in range(250):
        other = {**ours, "listing_id": ours["listing_id"] + 1000 + number, "description": "Ref. other"}
        sandbox.world.listings[other["listing_id"]] = other
    made = attempt(shop, wanted)
    assert isinstance(made, Made) and made.data["listing_id"] == ours["listing_id"]


def test_what_a_shop_holds_of_ours_is_told_by_marker(shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest) -> None:
    assert held_drafts(shop) == []
    assert isinstance(attempt(shop, wanted), Made)
    [ours] = sandbox.drafts()
    other = {**ours, "listing_id": ours["listing_id"] + 1, "description": "Made by hand"}
    sandbox.world.listings[other["listing_id"]] = other
    assert held_drafts(shop) == [(wanted.marker, ours["listing_id"])]


def test_a_shop_that_does_not_answer_is_a_failure_not_an_empty_shop(shop: EtsyShop, sandbox: Sandbox) -> None:
    EtsyShop.objects.filter(pk=shop.pk).update(sandbox_url=f"http://127.0.0.1:{closed_port()}")
    shop.refresh_from_db()
    assert isinstance(held_drafts(shop), Failure)


def test_a_marker_inside_another_marker_is_not_ours(shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest) -> None:
    longer = dataclasses.replace(wanted, marker=wanted.marker + "9")
    assert isinstance(attempt(shop, longer), Made)
    assert isinstance(attempt(shop, wanted), Made)
    assert len(sandbox.drafts()) == 2


def test_two_sellers_never_adopt_each_others_drafts(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, db: None
) -> None:
    other = connect_sandbox(User.objects.create_user("bob@example.com"), sandbox.url)
    assert other.shop_id != shop.shop_id
    assert isinstance(attempt(shop, wanted), Made)
    assert isinstance(attempt(other, wanted), Made)
    assert len({d["shop_id"] for d in sandbox.drafts()}) == 2


def test_a_picture_the_seller_added_by_hand_is_not_taken_for_ours(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.fault("uploadImage", "400")
    assert isinstance(attempt(shop, wanted), Failure)
    listing = next(iter(sandbox.world.listings.values()))
    own = {"listing_image_id": 5, "rank": 1, "alt_text": "my dog", "name": "dog.png", "bytes": 1, "sha256": "0" * 64,
           "width": None, "height": None, "created": 1_700_000_000}  # fmt: skip
    listing["images"].append(own)
    assert isinstance(attempt(shop, wanted), Made)
    digests = {i["sha256"] for i in sandbox.drafts()[0]["images"]}
    assert digests == {own["sha256"], *(digest(p) for p in wanted.images)}


def test_a_listing_the_seller_published_is_left_as_it_is(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.fault("uploadFile", "400")
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.provider_id
    next(iter(sandbox.world.listings.values()))["state"] = "active"
    again = attempt(shop, dataclasses.replace(wanted, listing_id=failed.provider_id))
    assert isinstance(again, Failure) and again.kind is Kind.REJECTED
    assert "published" in again.reason
    [draft] = sandbox.drafts()
    assert draft["files"] == []


def test_a_retry_after_the_listing_was_edited_says_what_it_says_now_and_doubles_no_picture(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    sandbox.fault("uploadFile", "400")
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and len(sandbox.drafts()[0]["images"]) == 3
    edited = dataclasses.replace(
        wanted,
        title="Foxes & Friends, 15 PNGs",
        description="Other words.",
        tags=["fox art"],
        listing_id=failed.provider_id,
    )
    assert isinstance(attempt(shop, edited), Made)
    assert_complete_and_once(sandbox, edited)
    assert sandbox.state()["counts"]["updateListing"] == 1
    assert isinstance(attempt(shop, edited), Made)
    assert sandbox.state()["counts"]["updateListing"] == 1, "what is right already is not sent again"


def test_texts_that_etsy_gives_back_with_entities_are_the_same_texts(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    wanted = dataclasses.replace(wanted, title="Foxes & Friends", description="Mom's & Dad's foxes.")
    sandbox.fault("uploadFile", "400")
    assert isinstance(attempt(shop, wanted), Failure)
    [listing] = sandbox.world.listings.values()
    for text in ("title", "description"):
        listing[text] = html.escape(listing[text])
    for image in listing["images"]:
        image["alt_text"] = html.escape(image["alt_text"])
    assert isinstance(attempt(shop, wanted), Made)
    assert len(sandbox.drafts()[0]["images"]) == 3
    assert "updateListing" not in sandbox.state()["counts"]


def test_no_update_can_publish(shop: EtsyShop, sandbox: Sandbox) -> None:
    client = EtsyClient(config.EtsyConfig.for_shop(shop))
    with pytest.raises(ValueError, match="publishes"):
        client.update_draft(shop.shop_id, 1, {"state": "active"})


def test_a_draft_deleted_on_etsy_is_made_anew(shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest) -> None:
    made = attempt(shop, wanted)
    assert isinstance(made, Made)
    sandbox.world.listings.clear()
    again = attempt(shop, dataclasses.replace(wanted, listing_id=str(made.data["listing_id"])))
    assert isinstance(again, Made) and again.data["listing_id"] != made.data["listing_id"]
    assert_complete_and_once(sandbox, wanted)


def test_another_file_under_our_name_is_reported_and_not_doubled(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    assert isinstance(attempt(shop, wanted), Made)
    wanted.files[0].write_bytes(b"other content")
    failed = attempt(shop, wanted)
    assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED
    assert len(sandbox.drafts()[0]["files"]) == 2


def test_a_listing_against_the_rules_is_refused_before_anything_is_sent(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    before = sum(sandbox.state()["counts"].values())
    failed = attempt(shop, dataclasses.replace(wanted, title="Fox 🦊"))
    assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED
    assert "🦊" in failed.reason
    assert sum(sandbox.state()["counts"].values()) == before


def test_a_file_that_is_gone_is_a_failure_and_not_an_exception(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, tmp_path: Path
) -> None:
    failed = attempt(shop, dataclasses.replace(wanted, files=[tmp_path / "gone.zip"]))
    assert isinstance(failed, Failure) and failed.kind is Kind.TRANSIENT
    assert sandbox.drafts() == []


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


def test_a_draft_that_was_published_without_our_knowing_is_not_made_again(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    """The database was restored from before the draft, and its seller has published it since."""
    first = attempt(shop, wanted)
    assert isinstance(first, Made)
    for state in ("active", "inactive", "expired", "sold_out"):
        sandbox.world.listings[first.data["listing_id"]]["state"] = state
        again = attempt(shop, dataclasses.replace(wanted, published_too=True))
        assert isinstance(again, Made), again
        assert again.data == {**first.data, "url": again.data["url"], "adopted": True}
        assert len(sandbox.world.listings) == 1
    assert sandbox.world.listings[first.data["listing_id"]]["state"] == "sold_out", "what is published is left alone"


def test_a_published_listing_of_another_project_is_not_ours(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest
) -> None:
    first = attempt(shop, dataclasses.replace(wanted, marker="another-project"))
    assert isinstance(first, Made)
    sandbox.world.listings[first.data["listing_id"]]["state"] = "active"
    made = attempt(shop, dataclasses.replace(wanted, published_too=True))
    assert isinstance(made, Made) and not made.data["adopted"] and len(sandbox.world.listings) == 2

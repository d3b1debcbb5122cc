"""A draft is found again by its mark and completed, and what the seller changed or published is left as it is."""

from __future__ import annotations

import dataclasses
import html
from pathlib import Path

import pytest

from elistit.accounts.models import User
from elistit.listings.etsy import config
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft import held_drafts
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, Kind, Made
from tests.listings.conftest import closed_port
from tests.listings.draft_steps import assert_complete_and_once, attempt, digest


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

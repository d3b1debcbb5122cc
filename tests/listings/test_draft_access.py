"""A draft while the connection to the shop is renewed, revoked or refused."""

from __future__ import annotations

from elistit.accounts.models import User
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, Kind, Made
from tests.listings.draft_steps import assert_complete_and_once, attempt


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

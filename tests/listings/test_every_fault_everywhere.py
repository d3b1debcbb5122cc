"""Every fault of a network at every request of an exchange with Etsy: one draft, whole and in order, whatever broke where.

The exchange begins with a token about to end, so renewing it, looking for the draft, the categories, the create, each picture,
each file are all in it. Slow answers, which need their time, are in test_draft.py and test_wire.py.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.chain import retry
from elistit.listings.etsy.connect import NotConnected, connect_sandbox
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest, marker_line
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyCategories, EtsyShop
from elistit.network import call
from elistit.ports import Failure, Kind, Made, Outcome
from tests.faulty import QUICK_TROUBLES, UNTRUSTED, Road, Trouble, certificates, road
from tests.listings.draft_steps import digest

every_trouble = pytest.mark.parametrize("trouble", QUICK_TROUBLES, ids=lambda t: t.name)
RENEWAL, REQUESTS = 1, 10
"""The renewal comes first; with it a draft of two pictures and two files takes ten requests."""


@pytest.fixture
def two_of_each(wanted: DraftRequest) -> DraftRequest:
    return dataclasses.replace(wanted, images=wanted.images[:2])


def tries(shop: EtsyShop, request: DraftRequest, faulty: Road) -> list[Outcome]:
    """The tries of one draft as the rules allow them; what broke works again after the first that failed."""
    ended: list[Outcome] = []
    while True:
        ended.append(create_draft(shop, request))
        faulty.mend()
        if isinstance(ended[-1], Made):
            return ended
        if isinstance(retry.decide(ended[-1], len(ended), 0), retry.GiveUp):
            return ended


def is_there_once(sandbox: Sandbox, request: DraftRequest) -> None:
    [draft] = [d for d in sandbox.drafts() if marker_line(request.marker) in d["description"].splitlines()]
    assert [i["sha256"] for i in draft["images"]] == [digest(p) for p in request.images]
    assert [i["rank"] for i in draft["images"]] == [1, 2]
    assert [f["sha256"] for f in draft["files"]] == [digest(p) for p in request.files]
    assert draft["state"] == "draft"


def through(faulty: Road, seller: User, sandbox: Sandbox) -> EtsyShop:
    """The seller's shop, connected soundly, whose token is about to end and whose requests take the faulty road."""
    connect_sandbox(seller, sandbox.url)
    EtsyShop.objects.update(sandbox_url=faulty.url, expires_at=ports.now())
    EtsyCategories.objects.all().delete()
    return EtsyShop.objects.get()


def port(sandbox: Sandbox) -> int:
    return int(sandbox.url.rsplit(":", 1)[1])


def go_wrong_at_each(faulty: Road, trouble: Trouble, seller: User, sandbox: Sandbox, wanted: DraftRequest) -> None:
    for at in range(1, REQUESTS + 1):
        shop = through(faulty, seller, sandbox)
        request = dataclasses.replace(wanted, marker=f"{trouble.name} at {at}")
        faulty.breaks(trouble, at)
        ended = tries(shop, request, faulty)
        assert faulty.happened
        if at == RENEWAL and trouble.after:
            # Etsy gave the new tokens, they were lost, and the old one is dead: only the seller can mend that, and is told.
            over = ended[-1]
            assert isinstance(over, Failure) and over.kind is Kind.REJECTED, (at, ended)
            assert "Please reconnect your shop under Integrations" in over.reason
            shop.refresh_from_db()
            assert shop.disconnected_reason == over.reason
            shop = through(faulty, seller, sandbox)
            ended = tries(shop, request, faulty)
        assert isinstance(ended[-1], Made) and len(ended) <= 2, (at, ended)
        is_there_once(sandbox, request)
        wrong = [e for e in ended if isinstance(e, Failure)]
        assert all(e.kind in (Kind.TRANSIENT, Kind.UNKNOWN) and e.reason.endswith(".") for e in wrong), wrong


def test_an_exchange_has_the_requests_it_is_broken_at(
    seller: User, sandbox: Sandbox, two_of_each: DraftRequest
) -> None:
    with road(port(sandbox)) as faulty:
        shop = through(faulty, seller, sandbox)
        before = len(sandbox.state()["requests"])
        assert isinstance(create_draft(shop, two_of_each), Made)
        assert faulty.seen == REQUESTS
    assert [r["operation"] for r in sandbox.state()["requests"][before:]] == [
        "refresh", "listListings", "taxonomy", "createDraft", "listImages", "listFiles", "uploadImage", "uploadImage",
        "uploadFile", "uploadFile",
    ]  # fmt: skip


@every_trouble
def test_one_trouble_at_any_request_ends_in_one_whole_draft(
    seller: User, sandbox: Sandbox, two_of_each: DraftRequest, trouble: Trouble
) -> None:
    with road(port(sandbox)) as faulty:
        go_wrong_at_each(faulty, trouble, seller, sandbox, two_of_each)


def test_a_certificate_nobody_trusts_at_any_request(
    seller: User, sandbox: Sandbox, two_of_each: DraftRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = certificates(tmp_path)
    monkeypatch.setattr(call, "tls", lambda: trusting)
    with road(port(sandbox), over_tls=tmp_path) as faulty:
        go_wrong_at_each(faulty, UNTRUSTED, seller, sandbox, two_of_each)


@every_trouble
def test_one_trouble_at_any_request_of_connecting_leaves_a_whole_connection_or_none(
    seller: User, sandbox: Sandbox, trouble: Trouble
) -> None:
    with road(port(sandbox)) as faulty:
        for at in range(1, 5):  # consent, code for tokens, whose shop, its name
            EtsyShop.objects.all().delete()
            faulty.breaks(trouble, at)
            if at == 4:
                assert connect_sandbox(seller, faulty.url).shop_name == "", "the name is a nicety"
            else:
                with pytest.raises(NotConnected) as failed:
                    connect_sandbox(seller, faulty.url)
                assert failed.value.failure.reason.endswith(".") and not EtsyShop.objects.exists(), at
            faulty.mend()
            assert faulty.happened
            assert connect_sandbox(seller, faulty.url).shop_name.startswith("SandboxShop")

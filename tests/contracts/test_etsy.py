"""A whole draft through Prism: Etsy's own document judges our requests and the sandbox's answers at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from elistit.accounts.models import User
from elistit.listings.etsy import wire
from elistit.listings.etsy.answers import Answer, Doing
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.etsy.config import SANDBOX_KEYSTRING, SANDBOX_SECRET, EtsyConfig
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.etsy.sandbox.requests import Reply
from elistit.listings.models import EtsyShop
from elistit.listings.tokens import decrypt
from elistit.ports import Made
from elistit.support.setup import services
from tests.contracts.conftest import Judge, verdict

# Prism reads a body of several parts as text, so only pictures of plain ASCII bytes come through it unharmed; that other
# bytes arrive as they were sent is shown in tests/listings, without it.
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
KEY = f"{SANDBOX_KEYSTRING}:{SANDBOX_SECRET}"
DRAFT = {"quantity": "999", "title": "Foxes", "description": "Fifteen foxes.", "price": "4.99", "who_made": "i_did",
         "when_made": "2020_2026", "taxonomy_id": "6844", "type": "download", "is_supply": "false"}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def prism(judge: Judge, sandbox: Sandbox) -> str:
    return judge("etsy-oas.json", sandbox.url)


@pytest.fixture
def shop(db: None, sandbox: Sandbox) -> EtsyShop:
    return connect_sandbox(User.objects.create_user("seller@example.com"), sandbox.url)


@pytest.fixture
def wanted(tmp_path: Path) -> DraftRequest:
    images = [tmp_path / f"picture-{n}.gif" for n in (1, 2)]
    for number, path in enumerate(images):
        path.write_bytes(GIF + bytes([number]))
    archive = tmp_path / "foxes.zip"
    archive.write_bytes(b"PK" + b"z" * 5000)
    return DraftRequest(
        marker="01JD0000000000000000000001", title="Woodland Foxes, 15 Transparent PNGs", description="Fifteen foxes.",
        tags=["woodland foxes", "fox clipart"], price_cents=499, images=images, files=[archive],
    )  # fmt: skip


def test_a_whole_draft_passes_etsys_own_document_both_ways(
    prism: str, shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, Answer]] = []
    real = wire.send

    def send(doing: Doing, method: str, url: str, **more: object) -> Answer:
        answer = real(doing, method, url, **more)
        seen.append((f"{method} {url.removeprefix(prism)}", answer))
        return answer

    monkeypatch.setattr("elistit.listings.etsy.client.send", send)
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", prism)
    made = create_draft(shop, wanted)
    assert isinstance(made, Made), [(what, a.status, a.data) for what, a in seen]
    client = EtsyClient(EtsyConfig.for_shop(shop), decrypt(shop.access_token))
    listing = made.data["listing_id"]
    client.me(), client.shop(shop.shop_id), client.taxonomy(), client.listing(listing), client.images(listing)
    client.update_draft(shop.shop_id, listing, {"title": "Other Foxes", "tags": ["fox", "art"], "type": "download"})
    client.listings(shop.shop_id, state="draft"), client.files(shop.shop_id, listing)
    monkeypatch.setenv("ELISTIT_ETSY_KEYSTRING", SANDBOX_KEYSTRING)
    monkeypatch.setenv("ELISTIT_ETSY_SHARED_SECRET", SANDBOX_SECRET)
    assert services.etsy() == (True, "Etsy knows this app", ""), "the harmless question of doctor passes too"
    assert {answer.status for _, answer in seen} <= {200, 201}, [
        (w, a.status, a.data) for w, a in seen if a.status > 201
    ]
    assert len(seen) >= 13
    assert (sandbox.drafts()[-1]["title"], sandbox.drafts()[-1]["tags"]) == ("Other Foxes", ["fox", "art"])
    assert len(sandbox.drafts()[-1]["images"]) == 2


REFUSALS = [
    ("getMe", "GET", "/users/me", {"headers": {"x-api-key": KEY}}),
    ("getShop", "GET", "/shops/abc", {}),
    ("ping", "GET", "/openapi-ping", {"headers": {}}),
    ("getSellerTaxonomyNodes", "GET", "/seller-taxonomy/nodes", {"headers": {}}),
    ("createDraftListing: no title", "POST", "/shops/1/listings", {"data": {k: v for k, v in DRAFT.items() if k != "title"}}),
    ("createDraftListing: who_made", "POST", "/shops/1/listings", {"data": {**DRAFT, "who_made": "robot"}}),
    ("createDraftListing: price", "POST", "/shops/1/listings", {"data": {**DRAFT, "price": "free"}}),
    ("updateListing: state", "PATCH", "/shops/1/listings/1", {"data": {"state": "draft"}}),
    ("getListingsByShop", "GET", "/shops/1/listings?state=gone", {}),
    ("getListing", "GET", "/listings/abc", {}),
    ("uploadListingImage", "POST", "/shops/1/listings/1/images", {"files": {"image": ("a.gif", GIF)}, "data": {"rank": "abc"}}),
    ("getListingImages", "GET", "/listings/abc/images", {}),
    ("uploadListingFile", "POST", "/shops/1/listings/1/files", {"files": {"file": ("a.zip", b"PK")}, "data": {"rank": "abc"}}),
    ("getAllListingFiles", "GET", "/shops/1/listings/abc/files", {}),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "method", "path", "wrong"), REFUSALS, ids=[r[0] for r in REFUSALS])
def test_the_judge_refuses_what_the_document_does_not_allow(
    prism: str, sandbox: Sandbox, operation: str, method: str, path: str, wrong: dict[str, object]
) -> None:
    before = sum(sandbox.state()["counts"].values())
    given = {"headers": {"x-api-key": KEY, "authorization": "Bearer 1.token"}, **wrong}
    answer = httpx.request(method, f"{prism}/v3/application{path}", timeout=60, **given)  # type: ignore[arg-type]
    assert verdict(answer) in ("UNPROCESSABLE_ENTITY", "UNAUTHORIZED"), (answer.status_code, answer.text[:300])
    assert sum(sandbox.state()["counts"].values()) == before, "a refused request never reaches the shop"


def test_the_judge_sees_a_wrong_answer_of_the_sandbox(
    prism: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "answer", lambda request: (Reply(200, {"user_id": "x", "shop_id": 1}), None, "getMe"))
    answer = httpx.get(
        f"{prism}/v3/application/users/me", headers={"x-api-key": KEY, "authorization": "Bearer 1.t"}, timeout=60
    )
    assert (answer.status_code, verdict(answer)) == (500, "VIOLATIONS")

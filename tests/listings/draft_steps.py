"""Steps with drafts that several test files take: one attempt, and the draft complete and once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from elistit.listings.etsy import names
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest, marker_line
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyBudget, EtsyShop
from elistit.ports import Failure, Made
from tests.listings.conftest import IMPATIENT

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

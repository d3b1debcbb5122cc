"""Every row of Etsy's failure table, from the sandbox's answer to the seller's page and the books.

The chain tries as the rules allow while the sandbox fails one operation for ever; then it works again and Retry draft ends in
one complete draft. A draft costs nothing and its failure returns nothing (rules §5.4): the books hold the one debit throughout.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from elistit import ports
from elistit.actions import commands, queries
from elistit.credits import audit
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyBudget, EtsyShop
from elistit.maintenance import retry_drafts
from elistit.ports import FixedClock, Kind
from elistit.projects.models import Listing, Project
from elistit.stages import drafting
from elistit.stages.context import StageContext
from tests.conformance.conftest import World
from tests.listings.conftest import PNG
from tests.products.conftest import here

PRICE = 3
OVER = (
    "Etsy no longer accepts the connection to your shop, for example after a password change. Please reconnect your shop "
    "under Integrations."
)
OURS = "Etsy does not accept this studio's Etsy key. The operator has been notified."
CHECK = "{}. We check what arrived before we retry."
BROKE, BROKE_READ = CHECK.format("Etsy reported an error"), "Etsy reported an error."
MISREAD, MISREAD_READ = CHECK.format("Etsy's answer could not be read"), "Etsy's answer could not be read."
LOST, LOST_READ = CHECK.format("Etsy did not answer"), "Etsy did not answer in time."
REFUSED = "Etsy rejected the listing. Etsy said: {}."
DAY = "This studio has reached Etsy's daily limit. Nothing is lost: the draft is created when the limit resets."
HOUR = dt.timedelta(hours=1)
T, W, NO, R, D, U = Kind.TRANSIENT, Kind.THROTTLED, Kind.BLOCKED_PROMPT, Kind.REJECTED, Kind.OPERATOR, Kind.UNKNOWN
CREATE, IMAGE, FILE, LIST, REFRESH = "createDraft", "uploadImage", "uploadFile", "listListings", "refresh"

# (operation, what Etsy answers to it for ever, kind, tries, what the seller reads)
TABLE: list[tuple[str, str, Kind, int, str]] = [
    (CREATE, "400", R, 1, REFUSED.format("The request was not valid")),
    (CREATE, "400_list", R, 1, REFUSED.format("title contains invalid characters")),
    (CREATE, "empty_list", R, 1, "Etsy rejected the listing."),
    (CREATE, "when_made", R, 1, REFUSED.format("Invalid value for when_made")),
    (CREATE, "cannot_sell", NO, 1, "Etsy says this item cannot be sold there. Etsy said: Oh dear, you cannot sell this item on "
     "Etsy. Changing the listing text may help."),
    (CREATE, "onboarding", R, 1, "Etsy doesn't accept listings for this shop yet. Please finish opening the shop on Etsy, then "
     "retry the draft. Etsy said: images must have at least 1 item."),
    (CREATE, "401", R, 1, OVER),
    (CREATE, "403", R, 1, "Etsy rejected this for your shop. Etsy said: You are not allowed to do this."),
    (CREATE, "403_secret", D, 1, OURS),
    (CREATE, "403_scope", R, 1, "Your Etsy connection doesn't include permission to create drafts. Please reconnect your shop under "
     "Integrations."),
    (CREATE, "404", R, 1, "Etsy does not know this shop or draft. Etsy said: Resource not found."),
    (CREATE, "409", U, 4, CHECK.format("Etsy was busy with this draft")),
    (CREATE, "429", W, 24, "Etsy asked us to slow down."),
    (CREATE, "429_day", D, 1, DAY),
    (CREATE, "500", U, 4, BROKE),
    (CREATE, "503", U, 4, BROKE),
    (CREATE, "500_html", U, 4, BROKE),
    (CREATE, "html", U, 4, MISREAD),
    (CREATE, "empty", U, 4, MISREAD),
    (CREATE, "reset", U, 4, LOST),
    (CREATE, "short", U, 4, LOST),
    (IMAGE, "image_order", T, 4, "Etsy was still sorting the images of this draft."),
    (IMAGE, "upload_error", T, 4, "Etsy could not store a file of this draft."),
    (IMAGE, "413", R, 1, "An image or file is larger than Etsy allows. Etsy said: Request entity too large."),
    (IMAGE, "500", U, 4, BROKE),
    (FILE, "upload_error", T, 4, "Etsy could not store a file of this draft."),
    (FILE, "400", R, 1, REFUSED.format("The request was not valid")),
    (FILE, "reset", U, 4, LOST),
    (LIST, "500", T, 4, BROKE_READ),
    (LIST, "html", T, 4, MISREAD_READ),
    (LIST, "reset", T, 4, LOST_READ),
    (LIST, "429_day", D, 1, DAY),
    (REFRESH, "invalid_grant", R, 1, OVER),
    (REFRESH, "invalid_client", D, 1, OURS),
    (REFRESH, "500", T, 4, BROKE_READ),
    (REFRESH, "html", T, 4, MISREAD_READ),
    (REFRESH, "429", W, 24, "Etsy asked us to slow down."),
]  # fmt: skip


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock()
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def studio(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """The chain with the real drafting stage and three listing pictures, two ZIPs; everything else as the world plays it."""
    from django.conf import settings

    from elistit.runtime import engine

    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    world = World(clock, credits=10_000)
    monkeypatch.setattr(engine, "queue", world.engine)
    good, kit = world.good, StageContext(here)

    def kept(project: str, role: str, name: str, content: bytes) -> dict[str, Any]:
        path = tmp_path / name
        path.write_bytes(content)
        stored = kit.store.put(path, f"projects/{project}/{role}/{name}")
        return {"path": stored.key, "role": role, "name": name, "bytes": stored.bytes, "sha256": stored.sha256}

    def work(this: Any, job: Any) -> Any:
        if this.stage == "drafting":
            return drafting.run(this, job, kit)
        made = good(this, job)
        if this.stage == "processing" and not this.item:
            made.data["files"] = [kept(job.project_id, "mockup", f"{n}.png", PNG + bytes([n])) for n in (1, 2, 3)]
        if this.stage == "delivering":
            made.data["files"] = [kept(job.project_id, "zip", f"part-{n}.zip", b"PK" * n) for n in (1, 2)]
        if this.stage == "listing":
            made.data.update(title="Woodland Animals", tags=["woodland fox"], description="Fifteen animals.")
        return made

    world.good = work  # type: ignore[method-assign]
    return world


def listing_page(world: World, project: Project) -> str:
    browser = Client()
    browser.force_login(world.user)
    shown = html.unescape(browser.get(f"/projects/{project.pk}/listing/").content.decode())
    return " ".join(re.sub(r"<[^>]*>|https?:\S+", " ", shown).split())


def launched(world: World, key: str) -> Project:
    """A project on its way to its draft, with one picture to be quick about it."""
    return commands.launch(world.user, commands.LaunchSpec(product="wall_art", idea="a fox"), idempotency_key=key)


@pytest.mark.parametrize("operation", [CREATE, IMAGE, FILE, LIST, REFRESH])
def test_every_row_of_etsys_table_reaches_the_sellers_page_and_the_books(
    studio: World, sandbox: Sandbox, operation: str
) -> None:
    """One project whose seller presses Retry draft after each failure, and meets the next row of the table."""
    found, wanted = {}, {}
    project: Project | None = None
    for _, fault, kind, tries, sentence in [row for row in TABLE if row[0] == operation]:
        sandbox.faults.clear()
        EtsyBudget.objects.update(held_until=0)
        connect_sandbox(studio.user, sandbox.url)
        sandbox.fault(operation, fault, times=1_000, **({"retry_after": 0} if fault == "429" else {}))
        if project is None:
            project = launched(studio, operation)
        else:
            commands.retry_draft(studio.user, project.pk)
        EtsyShop.objects.update(expires_at=ports.now() if operation == REFRESH else ports.now() + 9 * HOUR)
        studio.engine.run()
        project = Project.objects.get(pk=project.pk)
        attempts = [t for t in studio.tries(project, "drafting") if t.round == project.listing.draft_round]
        page = listing_page(studio, project)
        assert sentence in page and re.search("Etsy rejected the (draft|title|tags|description|price)[.]", page), (
            fault,
            page,
        )
        assert not re.search(r"HTTP|Traceback|invalid_grant|invalid_client|sandbox-\d", page), fault
        assert sentence in queries.activity(project)[-1]["text"], fault
        assert len(sandbox.drafts()) == (operation in (IMAGE, FILE)), fault
        found[fault] = (project.stage, project.listing.draft, attempts[-1].outcome, len(attempts), studio.rows())
        wanted[fault] = ("completed", "failed", kind.value, tries, [("SPEND_CREDIT", -PRICE, None)])
    assert found == wanted
    sandbox.faults.clear()
    EtsyBudget.objects.update(held_until=0)
    connect_sandbox(studio.user, sandbox.url)
    assert project is not None
    commands.retry_draft(studio.user, project.pk)
    studio.engine.run()
    is_there_once(studio, sandbox, project)
    assert studio.rows() == [("SPEND_CREDIT", -PRICE, None)], "every retry was free"
    assert audit.run()["ok"]


def is_there_once(world: World, sandbox: Sandbox, project: Project) -> None:
    project = Project.objects.get(pk=project.pk)
    [draft] = sandbox.drafts()
    assert (project.listing.draft, project.listing.draft_id) == ("created", str(draft["listing_id"]))
    assert [i["sha256"] for i in draft["images"]] == [sha(PNG + bytes([n])) for n in (1, 2, 3)]
    assert [f["sha256"] for f in draft["files"]] == [sha(b"PK"), sha(b"PKPK")]
    page = listing_page(world, project)
    assert "Open the draft on Etsy" in page and "Choose “With an AI generator”" in page and draft["state"] == "draft"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_500_that_made_the_draft_all_the_same_is_one_draft_and_nothing_is_said(
    studio: World, sandbox: Sandbox
) -> None:
    connect_sandbox(studio.user, sandbox.url)
    project = launched(studio, "made all the same")
    for operation in (CREATE, IMAGE, FILE):
        sandbox.fault(operation, "500_but_created")
    studio.engine.run()
    is_there_once(studio, sandbox, project)
    assert len(studio.tries(project, "drafting")) == 3, (
        "the create was found at once, picture and file by the next tries"
    )
    counts = sandbox.state()["counts"]
    assert (counts[CREATE], counts[IMAGE], counts[FILE]) == (1, 3, 2)
    assert studio.rows() == [("SPEND_CREDIT", -PRICE, None)]


@pytest.mark.parametrize("fault", ["403_secret", "429_day"])
def test_what_only_the_operator_can_mend_is_tried_again_by_itself(
    studio: World, sandbox: Sandbox, clock: FixedClock, fault: str
) -> None:
    connect_sandbox(studio.user, sandbox.url)
    sandbox.fault("any", fault, times=1000)
    projects = [launched(studio, f"{fault} {n}") for n in range(3)]
    studio.engine.run()
    assert "we retry every 15 minutes" in listing_page(studio, projects[0])
    asked = sum(sandbox.state()["counts"].values())
    assert retry_drafts.retry_due() == 0, "it has only just failed"
    clock.advance(901)
    EtsyBudget.objects.update(held_until=0)
    assert retry_drafts.retry_due() == 3
    studio.engine.run()
    assert sum(sandbox.state()["counts"].values()) <= asked + 6, "while the reason stands, a few requests show it"
    sandbox.faults.clear()
    clock.advance(901)
    EtsyBudget.objects.update(held_until=0)
    commands.skip_draft(studio.user, projects[2].pk)
    assert retry_drafts.retry_due() == 2
    studio.engine.run()
    assert [Listing.objects.get(project=p).draft for p in projects] == ["created", "created", "skipped"]
    assert len(sandbox.drafts()) == 2 and retry_drafts.retry_due() == 0
    assert [row for row in studio.rows() if row[0] == "REFUND_CREDIT"] == []


def test_a_draft_that_failed_for_its_own_reason_is_left_to_its_seller(
    studio: World, sandbox: Sandbox, clock: FixedClock
) -> None:
    connect_sandbox(studio.user, sandbox.url)
    sandbox.fault("createDraft", "400_list")
    project = launched(studio, "own")
    studio.engine.run()
    clock.advance(901)
    assert retry_drafts.retry_due() == 0
    assert "we retry every 15 minutes" not in listing_page(studio, project)


def test_after_a_week_the_draft_waits_for_its_seller(studio: World, sandbox: Sandbox, clock: FixedClock) -> None:
    connect_sandbox(studio.user, sandbox.url)
    sandbox.fault("createDraft", "403_secret", times=1000)
    project = launched(studio, "week")
    studio.engine.run()
    clock.advance(8 * 86_400)
    assert retry_drafts.retry_due() == 0
    assert "we retry every 15 minutes" not in listing_page(studio, project)

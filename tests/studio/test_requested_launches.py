"""A batch whose launch was requested with its list, on the pages: what it waits for, that nobody changes it meanwhile, and why it wasn't
launched."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.actions import batch_planning
from elistit.actions import requested_launches as acts
from elistit.chain import disk_space
from elistit.credits import ledger
from elistit.maintenance import requested_launches
from elistit.projects.batch_list import Given
from elistit.projects.batch_models import Batch
from elistit.projects.models import Project

from .test_batches import table

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich(alice: User) -> User:
    ledger.grant(alice.pk, 100, source="goodwill", idempotency_key="rich", reason="More")
    return alice


@pytest.fixture(autouse=True)
def a_long_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small lists are planned in one slice, however slow the machine is."""
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 600.0)


def requested(rich: User, *ideas: str, most: int | None = None) -> Batch:
    rows = [Given(0, {"product": "wall_art", "idea": idea}) for idea in ideas]
    return acts.request(rich, "May", rows, idempotency_key="k", max_credits=most)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_batch_that_launches_automatically_says_so_until_it_has(page: Client, rich: User) -> None:
    batch = requested(rich, "red fox", "owl", most=90)
    address = f"/batches/{batch.pk}/"
    shown = text(page.get(address))
    assert "launches automatically once every row has its price, if it costs 90 credits or less" in shown
    assert "To stop the launch, discard the draft." in shown and "Nothing is charged until you launch" not in shown
    assert "Launches automatically, not charged yet" in text(page.get("/batches/"))
    batch_planning.plan_all(rich, batch.pk)
    # Planned is not launched: the page goes on asking, with script and without.
    part = page.get(f"{address}planning/", headers={"HX-Request": "true"})
    assert "Launching" in text(part) and "HX-Redirect" not in part
    assert "2 of 2 rows planned" in text(page.get(f"{address}?plan=1", follow=True))
    assert requested_launches.launch_due() == 1
    assert page.get(f"{address}planning/", headers={"HX-Request": "true"})["HX-Redirect"] == address
    assert 'id="batch-money"' in text(page.get(address))


def test_a_batch_that_waits_for_its_launch_is_not_changed_or_launched_from_a_page(page: Client, rich: User) -> None:
    batch = requested(rich, "red fox", "owl")
    batch_planning.plan_all(rich, batch.pk)
    address, cost = f"/batches/{batch.pk}/", sum(row.quote.total for row in batch.rows.all() if row.quote)
    for path, sent in (
        (address, {"key": "x", "seen": str(cost), "act": "launch", "idea-1": "late", "include-1": "on"}),
        (f"{address}launch/", {"key": "y", "seen": str(cost), "rows": "1,2"}),
    ):
        assert "This batch launches automatically" in text(page.post(path, sent, follow=True))
    assert batch.rows.get(number=1).order["idea"] == "red fox" and not Project.objects.exists()
    page.post(f"{address}discard/")
    assert requested_launches.launch_due() == 0 and not Batch.objects.exists()


def test_a_batch_that_was_not_launched_says_why_and_is_launched_from_its_table(page: Client, rich: User) -> None:
    batch = requested(rich, "red fox", "owl", most=1)
    requested_launches.launch_due()
    assert "Not launched, not charged" in text(page.get("/batches/"))
    shown, form = table(page, batch)
    assert "This batch wasn't launched. This list costs" in html.unescape(shown)
    page.post(f"/batches/{batch.pk}/", {**form, "act": "launch"})
    assert Project.objects.count() == 2


def test_a_batch_that_a_full_disk_holds_up_says_so_until_it_is_launched(
    page: Client, rich: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = requested(rich, "red fox")
    with monkeypatch.context() as patch:
        patch.setattr(disk_space, "no_room", lambda: "The studio's disk is full.")
        requested_launches.launch_due()
    shown = text(page.get(f"/batches/{batch.pk}/"))
    assert "Can't be launched yet" in shown and "The studio's disk is full. You weren't charged." in shown
    assert "Can't be launched yet, not charged" in text(page.get("/batches/"))
    requested_launches.launch_due()
    assert "disk is full" not in text(page.get(f"/batches/{batch.pk}/")) and Project.objects.count() == 1

"""Webhooks about one image, a refund and a low balance: told once, with the ledger's own row, to those who asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from elistit.actions import batches, commands
from elistit.api.models import WebhookDelivery
from elistit.api.webhooks import delivering, details
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction
from elistit.ports import Kind
from elistit.projects.batch_list import Given
from elistit.projects.batch_models import Batch, BatchLaunch
from tests.api.conftest import Caller
from tests.conformance.conftest import World


@pytest.fixture
def told(api: Caller, world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the outbox has for a webhook of these events, by type."""
    monkeypatch.setenv("ELISTIT_WEBHOOKS_PRIVATE", "1")
    made = api.post("/webhooks", {"url": "http://127.0.0.1:9/", "events": sorted(details.TYPES)})
    assert made.status_code == 201, made.content
    world.clock.advance(1)

    def collected() -> dict[str, list[dict[str, Any]]]:
        delivering.collect()
        found: dict[str, list[dict[str, Any]]] = {}
        for row in WebhookDelivery.objects.order_by("id"):
            body = json.loads(row.body)
            assert (body["type"], body["data"]["public_id"]) == (row.event, row.project)
            found.setdefault(row.event, []).append(body["data"])
        return found

    return collected


def test_an_image_that_cannot_be_made_and_its_refund_are_told_once(told: Any, world: World) -> None:
    world.fails("generating", 3, Kind.BLOCKED_PROMPT)
    project = world.to_gate()
    first = told()
    world.clock.advance(60)
    assert told() == first and set(first) == {"item.failed", "credits.refunded"}
    (failed,), (refund,) = first["item.failed"], first["credits.refunded"]
    assert failed["item"] == {"number": 3, "state": "blocked", "reason": "It was blocked_prompt."}
    row = CreditTransaction.objects.get(type="REFUND_CREDIT")
    assert refund["transaction"] == {"id": row.pk, "amount": row.amount, "item": 3, "reason": row.reason}
    assert refund["balance"] == ledger.balance(world.user.pk) and failed["url"] == f"/api/v1/projects/{project.pk}"

    # Made again and lost again: a new round is a new event.
    world.clock.advance(60)
    world.fails("generating", 3, Kind.BLOCKED_PROMPT)
    commands.remake(world.user, project.pk, 3, idempotency_key="again")
    world.engine.run()
    assert len(told()["item.failed"]) == 2


def test_an_attempt_that_is_repeated_is_no_failure(told: Any, world: World) -> None:
    world.fails("generating", 3, Kind.TRANSIENT, times=2)
    world.to_gate()
    assert told() == {}


def test_a_balance_that_gets_low_is_told_each_time_it_falls_below(told: Any, world: World) -> None:
    for number in range(4):
        world.launch(key=f"early {number}")
    assert ledger.balance(world.user.pk) == 32 and told() == {}
    world.launch(key="low")
    (low,) = told()["credits.low"]
    assert low["balance"] == ledger.balance(world.user.pk) < details.LOW and low["transaction"]["amount"] == -17
    ledger.grant(world.user.pk, 10, source="test", idempotency_key="more", reason="More")
    world.clock.advance(5)
    world.launch(key="lower")
    assert len(told()["credits.low"]) == 2, "it was 25 again, and fell to 8"


def test_another_seller_is_told_nothing(told: Any, world: World, stranger: Caller) -> None:
    body = {"url": "http://127.0.0.1:9/", "events": sorted(details.TYPES)}
    assert stranger.post("/webhooks", body).status_code == 201
    world.clock.advance(1)
    world.fails("briefing", 0, Kind.TRANSIENT)
    world.to_gate()
    assert set(told()) == {"credits.refunded"}
    assert WebhookDelivery.objects.filter(endpoint__owner=stranger.user).count() == 0


def launched_batch(world: World, rows: int = 2) -> Batch:
    orders = [Given(0, {"product": "clipart", "idea": f"foxes in autumn {n}", "count": 15}) for n in range(rows)]
    return batches.launch_list(world.user, "Autumn", orders, idempotency_key="batch")


def finish(world: World, batch: Batch) -> None:
    world.engine.run()
    for launch in BatchLaunch.objects.filter(row__batch=batch, project__stage="awaiting_approval"):
        commands.approve(world.user, launch.project_id)
    world.engine.run()


def test_a_batch_that_has_ended_is_told_once_with_its_money(told: Any, world: World) -> None:
    batch = launched_batch(world)
    assert told() == {}
    world.engine.run()
    assert told() == {}, "its projects wait for their seller"
    finish(world, batch)
    first = told()
    world.clock.advance(60)
    assert told() == first and set(first) == {"batch.completed"}
    (ended,) = first["batch.completed"]
    assert ended["counts"]["finished"] == 2 and ended["counts"]["running"] == 0
    assert (ended["charged"], ended["refunded"]) == (34, 0) and ended["url"] == f"/api/v1/batches/{batch.pk}"


def test_a_batch_of_which_nothing_came_is_told_as_failed(told: Any, world: World) -> None:
    world.fails("briefing", 0, Kind.REJECTED)
    launched_batch(world)
    world.engine.run()
    (ended,) = told()["batch.failed"]
    assert ended["counts"]["failed"] == 2 and ended["charged"] == ended["refunded"] == 34
    assert "batch.completed" not in told()

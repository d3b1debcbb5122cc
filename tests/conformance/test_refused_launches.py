"""A launch requested with its list that can't happen is reported once, by mail and by webhook, with the reason and what to do; and a full
disk only holds it up (rules §7)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import mail as outbox

from elistit import ports
from elistit.accounts import spending
from elistit.accounts.limit_models import SellerLimit
from elistit.accounts.models import ApiKey
from elistit.actions import batch_queries, batches
from elistit.actions import requested_launches as acts
from elistit.api.models import WebhookDelivery
from elistit.api.webhooks import delivering, keeping
from elistit.chain import disk_space
from elistit.maintenance import requested_launches
from elistit.maintenance.models import RowFailure
from elistit.maintenance.task import Run
from elistit.projects.batch_list import Given
from elistit.projects.batch_models import Batch, RequestedLaunch
from elistit.projects.models import Project
from elistit.support import due, mail, push
from elistit.support.models import MailPreference, SentMail
from tests.conformance.conftest import PRICE, World

pytestmark = pytest.mark.django_db
EVENT = "batch.not_launched"
FULL = "The studio's disk is full."


@pytest.fixture(autouse=True)
def _ways(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail stays in memory, and the seller has a webhook for this event and no other."""
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    monkeypatch.setenv("ELISTIT_WEBHOOKS_PRIVATE", "1")
    outbox.outbox = []
    keeping.add(world.user, "http://127.0.0.1:9/", [EVENT])
    world.clock.advance(1)


def requested(world: World, *ideas: str, most: int | None = None, key: str = "k") -> Batch:
    rows = [Given(0, {"product": "clipart", "idea": idea, "count": 15}) for idea in ideas or ("sea creatures",)]
    return acts.request(world.user, "May", rows, idempotency_key=key, max_credits=most)


def messages() -> list[Any]:
    mail.send_due()
    return [m for m in outbox.outbox if "May" in m.subject]


def events() -> list[dict[str, Any]]:
    delivering.collect()
    return [json.loads(row.body) for row in WebhookDelivery.objects.order_by("id")]


def too_few(world: World) -> Batch:
    return requested(world, *["sea creatures"] * 6)


def above(world: World) -> Batch:
    return requested(world, most=PRICE - 1)


def limited(world: World) -> Batch:
    SellerLimit.objects.create(person=world.user, projects=1)
    return requested(world, "sea creatures", "owls")


def capped(world: World) -> Batch:
    key = ApiKey.objects.create(user=world.user, name="shop", hint="elk_1", digest="0" * 64, daily_cap=PRICE - 1)
    with spending.by_key(key):
        return requested(world)


def revoked(world: World) -> Batch:
    key = ApiKey.objects.create(user=world.user, name="shop", hint="elk_1", digest="0" * 64)
    with spending.by_key(key):
        batch = requested(world)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=ports.now())
    return batch


def unconfirmed(world: World) -> Batch:
    return requested(world, "sea creatures", *["a knight in a library"] * 7)


REFUSALS = {
    "insufficient-credits": (too_few, "you have 100: 2 more to go", "Add credits"),
    "above-maximum": (above, "its request allowed 16", "if the price is right for you"),
    "daily-limit": (limited, "You can launch 1 more project today", "when your daily limit starts again"),
    "daily-cap": (capped, "cap", "doesn't count"),
    "not-possible": (revoked, "revoked", "Check it on its page"),
    "invalid-request": (unconfirmed, "Row 2: ", "Fix these rows"),
}


@pytest.mark.parametrize("problem", REFUSALS)
def test_a_refused_launch_is_told_once_with_the_reason_and_what_to_do(world: World, problem: str) -> None:
    order, reason, next_step = REFUSALS[problem]
    batch = order(world)
    assert not messages() and not events(), "it still waits"
    requested_launches.launch_due()
    for _ in range(3):
        world.clock.advance(60)
        requested_launches.launch_due()
        (message,), (event,) = messages(), events()
    assert message.subject == "“May” wasn't launched" and message.to == [world.user.email]
    for part in (message.body, message.alternatives[0][0]):
        plain = part.replace("&#x27;", "'")
        assert reason in plain and next_step in plain and f"/batches/{batch.pk}/" in plain
        assert plain.count("charged") == 1 and "{{" not in plain and "{%" not in plain
        assert ("/settings/plans/" in plain) == (problem == "insufficient-credits")
    assert (event["type"], event["data"]["public_id"], event["data"]["name"]) == (EVENT, batch.pk, "May")
    told = event["data"]["launch"]
    assert (told["state"], told["problem"]) == ("not_launched", problem)
    assert reason in told["reason"] and next_step in told["next_step"]
    shown = batch_queries.describe(Batch.objects.get(pk=batch.pk))["launch"]
    assert shown == {**told, "max_credits": shown["max_credits"], "ended_at": shown["ended_at"]}
    assert WebhookDelivery.objects.get().project == batch.pk and not Project.objects.exists()


def test_of_many_rows_a_mail_names_a_few_and_says_how_many_more(world: World) -> None:
    unconfirmed(world)
    requested_launches.launch_due()
    (message,) = messages()
    assert message.body.count("Row ") == due.ERRORS_MAX and "2 more on its page" in message.body
    assert len(events()[0]["data"]["launch"]["errors"]) == 7


def test_a_launch_that_happened_is_not_told(world: World) -> None:
    requested(world)
    assert requested_launches.launch_due() == 1
    assert not messages() and not events()


def test_what_was_launched_by_hand_before_the_mail_went_is_not_mailed(world: World) -> None:
    batch = above(world)
    requested_launches.launch_due()
    batches.launch(world.user, batch.pk, [1], idempotency_key="by hand")
    assert not messages() and len(events()) == 1


def test_who_switched_it_off_gets_no_mail_and_who_asked_for_other_events_no_webhook(world: World) -> None:
    MailPreference.objects.create(person=world.user, off=[due.NOT_LAUNCHED])
    WebhookDelivery.objects.all().delete()
    world.user.webhook_endpoints.update(events=["batch.completed"])
    above(world)
    requested_launches.launch_due()
    assert not messages() and not events() and not SentMail.objects.filter(kind=due.NOT_LAUNCHED).exists()


def test_a_push_notification_says_the_reason_and_opens_the_batch(world: World) -> None:
    batch = above(world)
    requested_launches.launch_due()
    search = due.Search(ports.now() - due.LOOK_BACK, lambda kind: set(), frozenset({world.user.pk}))
    (found,) = [d for source in due.SOURCES for d in source(search) if d.kind == due.NOT_LAUNCHED]
    said = json.loads(push.payload(found))
    assert said["title"] == "“May” wasn't launched" and "its request allowed 16" in said["body"]
    assert said["path"] == f"/batches/{batch.pk}/"


# ---- a full disk ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_once_and_the_list_is_launched_when_there_is_space(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = requested(world)
    with monkeypatch.context() as patch:
        patch.setattr(disk_space, "no_room", lambda: FULL)
        for _ in range(3):
            assert requested_launches.launch_due(Run("launch-lists")) == 0
            world.clock.advance(60)
            (message,), (event,) = messages(), events()
    assert not RowFailure.objects.exists(), "no list is at fault, and none waits longer for it"
    assert message.subject == "“May” can't be launched yet" and FULL in message.body
    assert "launches automatically once the studio operator has freed some space" in message.body
    assert message.body.count("charged") == 1
    launch = event["data"]["launch"]
    assert (launch["state"], launch["problem"], launch["errors"]) == ("waiting", "disk-full", [])
    assert launch["next_step"].startswith("You don't have to do anything.")
    assert requested_launches.launch_due(Run("launch-lists")) == 1
    done = batch_queries.describe(Batch.objects.get(pk=batch.pk))
    assert (done["launch"]["state"], done["launch"]["problem"], done["launch"]["next_step"]) == ("launched", None, "")
    assert done["launch"]["reason"] == "" and done["charged"] == PRICE
    assert len(events()) == 1 and len(messages()) == 1


def test_a_list_held_up_and_then_refused_is_told_both(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    above(world)
    with monkeypatch.context() as patch:
        patch.setattr(disk_space, "no_room", lambda: FULL)
        requested_launches.launch_due()
        assert len(messages()) == len(events()) == 1
    world.clock.advance(60)
    requested_launches.launch_due()
    assert [m.subject for m in messages()] == ["“May” can't be launched yet", "“May” wasn't launched"]
    assert [e["data"]["launch"]["problem"] for e in events()] == ["disk-full", "above-maximum"]


def test_a_list_held_up_is_not_mailed_once_it_is_launched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    requested(world)
    with monkeypatch.context() as patch:
        patch.setattr(disk_space, "no_room", lambda: FULL)
        requested_launches.launch_due()
    requested_launches.launch_due()
    assert not messages()
    assert RequestedLaunch.objects.get().held_up_at is not None

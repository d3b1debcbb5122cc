"""A paused batch starts nothing and loses nothing, and failed rows are launched again once (rules §7)."""

from __future__ import annotations

from typing import Any

import pytest

from elistit.actions import batch_queries, batches
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt
from elistit.maintenance import requeue_lost, stuck_jobs
from elistit.ports import Failure, Kind
from elistit.projects.errors import NotPossible
from elistit.projects.models import Job, Project
from elistit.runtime import engine
from tests.conformance.batch_steps import drafted, launched, shown_of, sound, spent
from tests.conformance.conftest import PRICE, World

pytestmark = pytest.mark.django_db


def test_a_paused_batch_starts_nothing_and_goes_on_where_it_stood(world: World) -> None:
    batch = launched(world, drafted(world))
    other = world.launch()
    for _ in range(6):
        world.engine.step()
    begun = Attempt.objects.filter(job__project__batch_launch__row__batch=batch).count()
    assert batches.pause(world.user, batch.pk) and not batches.pause(world.user, batch.pk)
    world.engine.run()
    assert Attempt.objects.filter(job__project__batch_launch__row__batch=batch).count() == begun
    assert not Attempt.objects.filter(ended_at=None).exists()
    other.refresh_from_db()
    assert other.stage == "awaiting_approval"
    assert shown_of(batch)["state"] == "paused"
    world.clock.advance(7200)
    assert not stuck_jobs.stuck() and not requeue_lost.reconcile()
    assert batches.resume(world.user, batch.pk) and not batches.resume(world.user, batch.pk)
    world.engine.run()
    assert shown_of(batch)["counts"]["waiting"] == 3
    assert spent(world) == [-PRICE] * 4
    tries = Attempt.objects.filter(job__project__batch_launch__row__batch=batch, note=False)
    assert tries.count() == 3 * 16 and not tries.exclude(number=1).exists()
    sound()


def test_what_is_being_attempted_when_a_batch_is_paused_is_finished(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = launched(world, drafted(world), 1)
    good = world.good

    def pausing(this: Any, job: Job) -> Any:
        if this.stage == "generating" and this.item == 5:
            batches.pause(world.user, batch.pk)
        return good(this, job)

    monkeypatch.setattr(world, "good", pausing)
    world.engine.run()
    job = Job.objects.get(project__batch_launch__row__batch=batch)
    assert sorted(job.items.filter(state="made").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    batches.resume(world.user, batch.pk)
    monkeypatch.setattr(world, "good", good)
    world.engine.run()
    job.project.refresh_from_db()
    assert job.project.stage == "awaiting_approval" and job.items.filter(state="made").count() == 15


def test_a_retry_waiting_for_its_time_is_held_by_a_pause_and_not_lost(world: World) -> None:
    world.script["briefing", 0] = [Failure(Kind.TRANSIENT, "The writer was busy.")]
    batch = launched(world, drafted(world), 1)
    world.engine.step()
    world.engine.step()
    batches.pause(world.user, batch.pk)
    world.engine.run()
    assert Attempt.objects.filter(stage="briefing").count() == 1
    batches.resume(world.user, batch.pk)
    world.engine.run()
    assert list(Attempt.objects.filter(stage="briefing").values_list("number", flat=True)) == [1, 2]
    assert shown_of(batch)["counts"]["waiting"] == 1


def test_failed_rows_are_launched_again_once_and_the_money_is_counted_once(world: World) -> None:
    batch = drafted(world)
    world.fails("briefing", 0, Kind.REJECTED, times=2)
    launched(world, batch)
    world.engine.run()
    shown = shown_of(batch)
    assert (shown["counts"]["failed"], shown["counts"]["waiting"]) == (2, 1)
    assert (shown["charged"], shown["refunded"]) == (3 * PRICE, 2 * PRICE)
    assert [(line["row"], line["amount"], line["times"]) for line in batch_queries.refund_lines(shown)] == [
        (1, PRICE, 1),
        (2, PRICE, 1),
    ]
    failed = [row["number"] for row in shown["rows"] if row["group"] == "failed"]
    with pytest.raises(NotPossible):
        batches.launch(world.user, batch.pk, [1, 3], idempotency_key="r0")
    for _ in range(2):
        batches.launch(world.user, batch.pk, failed, idempotency_key="r")
    world.engine.run()
    shown = shown_of(batch)
    assert shown["counts"]["waiting"] == 3 and (shown["charged"], shown["refunded"]) == (5 * PRICE, 2 * PRICE)
    assert [len(row["earlier"]) for row in shown["rows"]] == [1, 1, 0]
    assert len(batch_queries.refund_lines(shown)) == 2 and world.balance() == 100 - 3 * PRICE
    batches.launch(world.user, batch.pk, failed, idempotency_key="r")
    assert len(spent(world)) == 5
    sound()


def test_what_is_launched_again_in_a_paused_batch_waits_for_the_resume(world: World) -> None:
    batch = drafted(world)
    world.fails("briefing", 0, Kind.REJECTED, times=1)
    launched(world, batch)
    world.engine.run()
    batches.pause(world.user, batch.pk)
    batches.launch(world.user, batch.pk, [1], idempotency_key="r")
    world.engine.run()
    assert Project.objects.get(batch_launch__row__number=1, batch_launch__round=1).stage == "queued"
    batches.resume(world.user, batch.pk)
    world.engine.run()
    assert shown_of(batch)["counts"]["waiting"] == 3


def test_the_engine_takes_paused_work_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real queue: a row that ended without doing the work is replaced, one at work is left alone."""
    batch = launched(world, drafted(world), 1)
    job = Job.objects.get(project__batch_launch__row__batch=batch).pk
    queue = engine.Queue()
    queue.migrate()
    queue.start(job, "launch:0")
    id_ = f"job:{job}:launch:0"
    queue.start_again(job, "launch:0")
    assert queue.states([id_]) == {id_: "ENQUEUED"}
    queue.client.cancel_workflows([id_])
    queue.start_again(job, "launch:0")
    assert queue.states([id_]) == {id_: "ENQUEUED"}
    done, at_work = (AttemptKey(job, "briefing", 0, 0, number, 0) for number in (1, 2))
    queue.put([done, at_work])
    queue.client.cancel_workflows([done.id])
    queue.put_again([done, at_work])
    assert queue.states([done.id, at_work.id]) == {done.id: "ENQUEUED", at_work.id: "ENQUEUED"}
    queue.close()

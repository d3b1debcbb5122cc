"""Batches: all chosen rows are paid or none, once, whatever is killed in the middle; drafts cost nothing; a pause loses nothing
(rules §7)."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from elistit.accounts.models import User
from elistit.actions import batch_planning, batch_queries, batches
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt
from elistit.credits import audit, ledger, prices
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.credits.models import CreditTransaction
from elistit.maintenance import requeue_lost, stuck_jobs
from elistit.ports import Failure, Kind
from elistit.projects import batches as rows_of
from elistit.projects.batch_list import Given, ReadList, read_csv, read_lines
from elistit.projects.batch_models import Batch, BatchLaunch, BatchRow
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Job, Project
from elistit.projects.request_models import AcceptedRequest
from elistit.runtime import engine
from tests.conformance.conftest import PRICE, World

pytestmark = pytest.mark.django_db
IDEAS = "woodland animals\nsea creatures\ncute dinosaurs\n"


def drafted(world: World, text: str = IDEAS) -> Batch:
    return planned(world, read_lines(text, {"product": "clipart", "count": "15"}))


def planned(world: World, read: ReadList) -> Batch:
    batch = batches.draft(world.user, "", read)
    batch_planning.plan_all(world.user, batch.pk)
    return batch


def edited(world: World, batch: Batch, edit: batches.RowEdit) -> None:
    batches.edit(world.user, batch.pk, [edit])
    batch_planning.plan_all(world.user, batch.pk)


def launched(world: World, batch: Batch, *numbers: int, key: str = "b") -> Batch:
    return batches.launch(world.user, batch.pk, numbers or (1, 2, 3), idempotency_key=key)


def spent(world: World) -> list[int]:
    return [amount for kind, amount, _ in world.rows() if kind == "SPEND_CREDIT"]


def sound() -> None:
    assert [check for check in audit.run()["checks"] if not check["ok"]] == []


def shown_of(batch: Batch) -> dict[str, Any]:
    return batch_queries.describe(Batch.objects.get(pk=batch.pk))


def written() -> list[int]:
    models = (Project, Job, AcceptedRequest, CreditTransaction, BatchLaunch, Batch, BatchRow)
    return [model.objects.count() for model in models]


def test_a_draft_is_priced_and_costs_nothing(world: World) -> None:
    batch = drafted(world)
    shown = shown_of(batch)
    assert (shown["state"], shown["total"], shown["charged"]) == ("draft", 3 * PRICE, 0)
    assert [len(r["storyboard"]["subjects"]) for r in shown["rows"]] == [15, 15, 15]
    assert world.balance() == 100 and not Project.objects.exists()
    batches.discard(world.user, batch.pk)
    assert not Batch.objects.exists()


def test_one_launch_is_one_request_with_one_transaction_per_project(world: World) -> None:
    batch = drafted(world)
    launched(world, batch)
    assert spent(world) == [-PRICE] * 3 and world.balance() == 100 - 3 * PRICE
    assert AcceptedRequest.objects.get().act == "batch"
    assert [r["project"]["stage"] for r in shown_of(batch)["rows"]] == ["queued"] * 3
    sound()
    world.engine.run()
    shown = shown_of(batch)
    assert (shown["state"], shown["counts"]["waiting"], shown["charged"]) == ("waiting", 3, 3 * PRICE)
    ideas = [p.idea for p in rows_of.waiting(batch)]
    assert ideas == IDEAS.split("\n")[:3]


def test_what_was_shown_is_what_is_launched(world: World) -> None:
    batch = drafted(world)
    before = {r["number"]: r["storyboard"] for r in shown_of(batch)["rows"]}
    launched(world, batch)
    for row in batch.rows.select_related("quote__storyboard"):
        job = Job.objects.get(project__batch_launch__row=row)
        assert job.quote_id == row.quote_id
        assert [i["subject"] for i in job.quote.storyboard.items] == [
            s["subject"] for s in before[row.number]["subjects"]
        ]


def test_the_same_key_answers_the_same_batch_and_another_choice_is_a_conflict(world: World) -> None:
    batch = drafted(world)
    assert launched(world, batch, 1, 2).pk == launched(world, batch, 2, 1).pk == batch.pk
    with pytest.raises(IdempotencyConflict):
        launched(world, batch, 1, 2, 3)
    assert spent(world) == [-PRICE] * 2
    world.engine.run()
    assert launched(world, batch, 1, 2).pk == batch.pk
    assert spent(world) == [-PRICE] * 2
    sound()


def test_a_short_balance_pays_no_row_and_tells_the_shortfall_of_all(world: World) -> None:
    batch = drafted(world, IDEAS * 2)
    before = written()
    with pytest.raises(InsufficientCredits) as short:
        launched(world, batch, *range(1, 7))
    assert (short.value.needed, short.value.balance, short.value.shortfall) == (6 * PRICE, 100, 2)
    assert written() == before and world.balance() == 100


def test_a_row_that_cannot_be_launched_holds_all_back_and_is_named(world: World) -> None:
    read = read_csv(b"idea,product,count\nfoxes,clipart,15\nowls,clipart,3\ndeer,carpet,\nhares,clipart,many\n")
    batch = planned(world, read)
    before = written()
    with pytest.raises(InvalidSpec) as refused:
        launched(world, batch, 1, 2, 3, 4)
    assert list(refused.value.errors) == ["rows.2.count", "rows.3.product", "rows.4.count"]
    assert refused.value.errors["rows.2.count"].startswith("Row 2: ")
    assert written() == before
    launched(world, batch, 1, key="c")
    assert spent(world) == [-PRICE]


def test_a_list_launched_at_once_is_written_whole_or_not_at_all(world: World) -> None:
    orders = [Given(0, {"product": "clipart", "idea": idea, "count": 15}) for idea in IDEAS.split("\n")[:3]]
    empty = written()
    with pytest.raises(InvalidSpec) as refused:
        batches.launch_list(world.user, "May", [*orders, Given(0, {"idea": "x"})], idempotency_key="k")
    assert list(refused.value.errors) == ["rows.4.product"] and written() == empty
    first = batches.launch_list(world.user, "May", orders, idempotency_key="k")
    again = batches.launch_list(world.user, "May", orders, idempotency_key="k")
    assert first.pk == again.pk and spent(world) == [-PRICE] * 3
    assert all(row["storyboard"] and row["credits"] == PRICE for row in shown_of(first)["rows"])
    with pytest.raises(IdempotencyConflict):
        batches.launch_list(world.user, "May", orders[:2], idempotency_key="k")
    sound()


def test_editing_a_row_prices_it_again_and_takes_its_confirmation_back(world: World) -> None:
    batch = drafted(world, "a knight in a library\nsea creatures")
    row = batch.rows.get(number=1)
    assert row.warnings["needs_confirmation"] and "library" in " ".join(row.warnings["not_drawn"])
    with pytest.raises(InvalidSpec) as refused:
        launched(world, batch, 1, 2)
    assert list(refused.value.errors) == ["rows.1.confirm_not_drawn"]
    edited(world, batch, batches.RowEdit(1, {"confirm_not_drawn": True}))
    edited(world, batch, batches.RowEdit(1, {"idea": "a knight with a typewriter"}))
    with pytest.raises(InvalidSpec):
        launched(world, batch, 1, 2)
    edited(world, batch, batches.RowEdit(1, {"confirm_not_drawn": True}))
    edited(world, batch, batches.RowEdit(2, {"product": "wall_art"}, included=False))
    second = batch.rows.get(number=2)
    assert not second.included and second.quote is not None
    assert second.quote.count == 1 and second.quote.product == "wall_art"
    launched(world, batch, 1)
    with pytest.raises(NotPossible):
        batches.edit(world.user, batch.pk, [batches.RowEdit(2, {"idea": "late"})])


def test_protected_names_need_their_confirmation_row_by_row(world: World) -> None:
    batch = drafted(world, "Mickey Mouse party\nsea creatures")
    assert "Mickey Mouse" in batch.rows.get(number=1).warnings["trademarks"][0]
    with pytest.raises(InvalidSpec) as refused:
        launched(world, batch, 1, 2)
    assert "rows.1.confirm_trademarks" in refused.value.errors
    confirmed = {"confirm_trademarks": True, "confirm_not_drawn": True}
    edited(world, batch, batches.RowEdit(1, confirmed))
    launched(world, batch, 1, 2)
    named = Project.objects.get(batch_launch__row__number=1).trademarks
    assert named and named[0]["name"] == "Mickey Mouse"


def test_a_price_that_changed_since_it_was_shown_charges_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = drafted(world)
    real = prices.quote_lines
    dearer: Callable[..., Any] = lambda *a, **k: [*real(*a, **k), prices.Line("extra", "Extra", 1, 5, 5, False)]  # noqa: E731
    monkeypatch.setattr(prices, "quote_lines", dearer)
    with pytest.raises(NotPossible, match="Row 1: The price has changed"):
        launched(world, batch)
    assert not spent(world)
    batches.price_again(world.user, batch.pk)
    batch_planning.plan_all(world.user, batch.pk)
    launched(world, batch)
    assert spent(world) == [-PRICE - 5] * 3


def test_another_sellers_batch_is_not_there(world: World) -> None:
    batch, other = drafted(world), User.objects.create_user("mallory@example.com")
    for act in (batches.pause, batches.resume, batches.discard, batches.price_again):
        with pytest.raises(NotFound):
            act(other, batch.pk)
    with pytest.raises(NotFound):
        batches.launch(other, batch.pk, [1], idempotency_key="k")


# ---- killed and raced -------------------------------------------------------------------------------------------------


def _killed_at_row(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], at: int) -> None:
    """Do an act in a process of its own that is killed as it books a row."""
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    connections.close_all()
    child = os.fork()
    if child == 0:
        real, booked = rows_of._book, []

        def deadly(*args: Any) -> Any:
            booked.append(1)
            job = real(*args)
            if len(booked) == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return job

        rows_of._book = deadly
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_process_killed_in_the_middle_leaves_nothing_and_the_same_key_launches_all_once(
    world: World, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    batch = drafted(world)
    before = written()
    _killed_at_row(monkeypatch, lambda: launched(world, batch), at)
    assert written() == before and world.balance() == 100
    sound()
    launched(world, batch)
    launched(world, batch)
    assert spent(world) == [-PRICE] * 3 and Project.objects.count() == 3
    sound()


def test_projects_whose_queueing_was_lost_after_the_launch_are_found_by_recovery(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = drafted(world)

    def broken(job: str, occasion: str) -> None:
        raise OSError("the engine is down")

    with monkeypatch.context() as patch:
        patch.setattr(world.engine, "start", broken)
        launched(world, batch)
    assert spent(world) == [-PRICE] * 3
    world.clock.advance(60)
    monkeypatch.setattr(world.engine, "states", lambda ids: {}, raising=False)
    assert requeue_lost.reconcile()["queued a lost launch"] == 3
    world.engine.run()
    assert shown_of(batch)["counts"]["waiting"] == 3


def test_two_launches_of_the_same_rows_at_once_charge_them_once(world: World) -> None:
    batch = drafted(world)
    ended: list[object] = []
    gate = threading.Barrier(2)

    def press(key: str) -> None:
        try:
            gate.wait(10)
            ended.append(launched(world, batch, key=key))
        except NotPossible as refused:
            ended.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(key,)) for key in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(type(e).__name__ for e in ended) == ["Batch", "NotPossible"], ended
    assert spent(world) == [-PRICE] * 3
    sound()


def test_two_hundred_rows_are_one_launch(world: World) -> None:
    ledger.grant(world.user.pk, 600, source="test", idempotency_key="more", reason="For the test")
    orders = [Given(0, {"product": "wall_art", "idea": f"red fox {n}"}) for n in range(200)]
    batch = batches.launch_list(world.user, "", orders, idempotency_key="k")
    assert len(spent(world)) == 200 and world.balance() == 700 + sum(spent(world))
    assert shown_of(batch)["counts"]["running"] == 200


# ---- pause, resume, retry ---------------------------------------------------------------------------------------------


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

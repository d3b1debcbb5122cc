"""Batches: all chosen rows are paid or none, once, whatever is killed in the middle; drafts cost nothing
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
from elistit.actions import batch_planning, batches
from elistit.credits import ledger, prices
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.maintenance import requeue_lost
from elistit.projects import batches as rows_of
from elistit.projects.batch_list import Given, read_csv
from elistit.projects.batch_models import Batch
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Job, Project
from elistit.projects.request_models import AcceptedRequest
from tests.conformance.batch_steps import IDEAS, drafted, edited, launched, planned, shown_of, sound, spent, written
from tests.conformance.conftest import PRICE, World

pytestmark = pytest.mark.django_db


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

"""A launch requested together with its list: accepted at once, launched whole and once by a worker, or not at all and said why
(rules §7). Whatever is killed in between, the list isn't lost and nobody pays twice."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, connections

from elistit import ports
from elistit.accounts import spending
from elistit.accounts.limit_models import SellerLimit
from elistit.accounts.models import ApiKey, User
from elistit.actions import batch_planning, batch_queries, batches, commands
from elistit.actions import requested_launches as acts
from elistit.chain import disk_space
from elistit.credits import audit, ledger
from elistit.credits.ledger import IdempotencyConflict
from elistit.maintenance import requested_launches, requeue_lost
from elistit.maintenance.models import RowFailure
from elistit.maintenance.task import Run
from elistit.projects import batches as rows_of
from elistit.projects.batch_list import Given
from elistit.projects.batch_models import Batch, RequestedLaunch
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Project
from elistit.projects.request_models import AcceptedRequest
from elistit.stages import storyboards
from tests.conformance.conftest import PRICE, World

pytestmark = pytest.mark.django_db
IDEAS = ("woodland animals", "sea creatures", "cute dinosaurs")


def a_list(*ideas: str, **more: Any) -> list[Given]:
    return [Given(0, {"product": "clipart", "idea": idea, "count": 15, **more}) for idea in ideas or IDEAS]


def requested(world: World, given: Sequence[Given] = (), key: str = "k", most: int | None = None) -> Batch:
    return acts.request(world.user, "May", given or a_list(), idempotency_key=key, max_credits=most)


def spent(world: World) -> list[int]:
    return [amount for kind, amount, _ in world.rows() if kind == "SPEND_CREDIT"]


def shown(batch: Batch) -> dict[str, Any]:
    return batch_queries.describe(Batch.objects.get(pk=batch.pk))


def sound() -> None:
    assert [check for check in audit.run()["checks"] if not check["ok"]] == []


def not_launched(world: World, batch: Batch, problem: str) -> dict[str, Any]:
    """The refusal of a launch that must have charged nothing and left a draft."""
    told = shown(batch)
    assert (told["state"], told["launch"]["state"], told["launch"]["problem"]) == ("draft", "not_launched", problem)
    assert not spent(world) and not Project.objects.exists()
    sound()
    return dict(told["launch"])


def test_a_list_is_accepted_without_planning_and_charges_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storyboards, "plan", lambda *_, **__: pytest.fail("planned while its sender waits"))
    batch = requested(world)
    told = shown(batch)
    assert (told["state"], told["launch"]["state"], told["charged"]) == ("planning", "waiting", 0)
    assert [row["planned"] for row in told["rows"]] == [False] * 3
    assert world.balance() == 100 and not Project.objects.exists()
    sound()


def test_a_worker_launches_the_whole_list_under_the_request_that_sent_it(world: World) -> None:
    batch = requested(world)
    assert requested_launches.launch_due() == 1 and requested_launches.launch_due() == 0
    assert spent(world) == [-PRICE] * 3
    request = AcceptedRequest.objects.get()
    assert (request.key, request.act, request.charges.count()) == ("k", "batch", 3)
    sound()
    world.engine.run()
    told = shown(batch)
    assert (told["state"], told["launch"]["state"], told["counts"]["waiting"]) == ("waiting", "launched", 3)
    assert told["charged"] == told["total"] == 3 * PRICE
    assert all(row["storyboard"] for row in told["rows"])


def test_a_look_plans_and_only_a_worker_launches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = requested(world)
    batch_planning.plan_all(world.user, batch.pk)
    assert shown(batch)["state"] == "planning" and not spent(world)
    monkeypatch.setattr(storyboards, "plan", lambda *_, **__: pytest.fail("planned again"))
    assert requested_launches.launch_due() == 1
    assert spent(world) == [-PRICE] * 3


def test_the_same_key_is_the_same_list_before_and_after_its_launch(world: World) -> None:
    batch = requested(world)
    assert requested(world).pk == batch.pk
    requested_launches.launch_due()
    assert requested(world).pk == batch.pk and requested_launches.launch_due() == 0
    for given, most in ((a_list("foxes"), None), (a_list(), 100)):
        with pytest.raises(IdempotencyConflict):
            requested(world, given, most=most)
    assert spent(world) == [-PRICE] * 3 and Batch.objects.count() == 1


@pytest.mark.parametrize("most", [3 * PRICE, 3 * PRICE - 1])
def test_a_list_is_launched_for_at_most_what_its_request_allowed(world: World, most: int) -> None:
    batch = requested(world, most=most)
    requested_launches.launch_due()
    if most == 3 * PRICE:
        assert spent(world) == [-PRICE] * 3
        return
    told = not_launched(world, batch, "above-maximum")
    assert (
        told["reason"] == f"This list costs {3 * PRICE} credits, and its request allowed {most}. You weren't charged."
    )
    batches.launch(world.user, batch.pk, [1, 2, 3], idempotency_key="by hand")
    assert spent(world) == [-PRICE] * 3
    sound()


def test_too_few_credits_launch_no_row_and_tell_the_shortfall_of_all(world: World) -> None:
    batch = requested(world, a_list(*IDEAS, *IDEAS))
    assert requested_launches.launch_due() == 1
    told = not_launched(world, batch, "insufficient-credits")
    assert str(6 * PRICE) in told["reason"]
    ledger.grant(world.user.pk, 50, source="test", idempotency_key="more", reason="For the test")
    assert requested_launches.launch_due() == 0, "a refusal stands; credits that come later launch nothing unasked"
    assert not spent(world)


def test_a_row_that_needs_a_confirmation_holds_all_back_and_is_named(world: World) -> None:
    batch = requested(world, a_list("woodland animals", "a knight in a library"))
    requested_launches.launch_due()
    told = not_launched(world, batch, "invalid-request")
    assert [e["field"] for e in told["errors"]] == ["rows.2.confirm_not_drawn"]
    batches.edit(world.user, batch.pk, [batches.RowEdit(2, {"confirm_not_drawn": True})])
    batches.launch(world.user, batch.pk, [1, 2], idempotency_key="by hand")
    assert spent(world) == [-PRICE] * 2
    sound()


def test_what_needs_no_plan_is_refused_at_once_and_leaves_nothing(world: World) -> None:
    wrong = [*a_list(), Given(0, {"product": "clipart", "idea": "owls", "count": 3}), *a_list("Mickey Mouse party")]
    with pytest.raises(InvalidSpec) as refused:
        requested(world, wrong)
    assert list(refused.value.errors) == ["rows.4.count", "rows.5.confirm_trademarks"]
    assert not Batch.objects.exists() and not AcceptedRequest.objects.exists()
    requested(world)
    requested_launches.launch_due()
    assert spent(world) == [-PRICE] * 3


def test_what_waits_cannot_be_changed_or_launched_by_hand(world: World) -> None:
    batch = requested(world)
    batch_planning.plan_all(world.user, batch.pk)
    for act in (
        lambda: batches.edit(world.user, batch.pk, [batches.RowEdit(1, {"idea": "late"})]),
        lambda: batches.price_again(world.user, batch.pk),
        lambda: batches.launch(world.user, batch.pk, [1], idempotency_key="by hand"),
    ):
        with pytest.raises(NotPossible, match="launches automatically"):
            act()
    assert not spent(world)


def test_discarding_what_waits_stops_its_launch(world: World) -> None:
    batch = requested(world)
    batches.discard(world.user, batch.pk)
    assert requested_launches.launch_due() == 0 and not spent(world)
    with pytest.raises(NotFound):
        requested(world)
    sound()


def test_a_list_discarded_while_a_worker_is_at_it_is_not_launched(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, real = requested(world), batches.bookings

    def meanwhile(*given: Any, **more: Any) -> Any:
        found = real(*given, **more)
        batches.discard(world.user, batch.pk)
        return found

    monkeypatch.setattr(batches, "bookings", meanwhile)
    assert requested_launches.launch_due() == 0
    assert not spent(world) and not Batch.objects.exists()
    sound()


# ---- limits of the one who asked -----------------------------------------------------------------------------------------


def sent_with(world: World, cap: int | None = None) -> tuple[Batch, ApiKey]:
    key = ApiKey.objects.create(user=world.user, name="shop", hint="elk_1", digest="0" * 64, daily_cap=cap)
    with spending.by_key(key):
        return requested(world), key


@pytest.mark.parametrize("cap", [3 * PRICE, 3 * PRICE - 1])
def test_a_launch_counts_for_the_key_it_was_sent_with(world: World, cap: int) -> None:
    batch, key = sent_with(world, cap)
    requested_launches.launch_due()
    if cap == 3 * PRICE:
        assert spent(world) == [-PRICE] * 3 and spending.spent_today(key) == cap
    else:
        not_launched(world, batch, "daily-cap")
        assert spending.spent_today(key) == 0


def test_a_key_revoked_before_the_launch_launches_nothing(world: World) -> None:
    batch, key = sent_with(world)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=ports.now())
    requested_launches.launch_due()
    assert "revoked" in not_launched(world, batch, "not-possible")["reason"]


def test_a_closed_account_launches_nothing(world: World) -> None:
    batch = requested(world)
    User.objects.filter(pk=world.user.pk).update(is_active=False)
    requested_launches.launch_due()
    assert "closed" in not_launched(world, batch, "not-possible")["reason"]


def test_a_daily_limit_of_projects_holds_all_rows_back(world: World) -> None:
    batch = requested(world)
    SellerLimit.objects.create(person=world.user, projects=2)
    requested_launches.launch_due()
    not_launched(world, batch, "daily-limit")


# ---- killed, raced and broken --------------------------------------------------------------------------------------------


def killed(arrange: Callable[[Callable[[], None]], None]) -> None:
    """Run a worker's pass in a process of its own that is killed (SIGKILL) where `arrange` has it call what it is given."""
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            arrange(lambda: os.kill(os.getpid(), signal.SIGKILL))
            requested_launches.launch_due()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    for _ in range(20):
        ports.new_id()  # the killed process has used the next ids of the test's own numbering


def at_call(of: Any, name: str, number: int) -> Callable[[Callable[[], None]], None]:
    """Die at the so-maniest call of a function, after it has done its work."""

    def arrange(die: Callable[[], None]) -> None:
        real, calls = getattr(of, name), []

        def deadly(*given: Any, **more: Any) -> Any:
            answer = real(*given, **more)
            calls.append(1)
            if len(calls) == number:
                die()
            return answer

        setattr(of, name, deadly)

    return arrange


DEATHS = {
    "planning the second row": (at_call(storyboards, "quote", 2), False),
    "with the plan whole": (at_call(batches, "bookings", 1), False),
    "booking the first row": (at_call(rows_of, "_book", 1), False),
    "booking the last row": (at_call(rows_of, "_book", 3), False),
    "the launch written": (at_call(rows_of, "answer_of", 1), False),
    "the launch committed": (
        lambda die: setattr(commands, "start_all_on_commit", lambda *_: die()),
        True,
    ),
}


@pytest.mark.parametrize("place", DEATHS)
def test_a_worker_killed_anywhere_neither_loses_the_list_nor_launches_it_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    batch = requested(world)
    arrange, booked = DEATHS[place]
    killed(arrange)
    assert spent(world) == ([-PRICE] * 3 if booked else [])
    assert shown(batch)["launch"]["state"] == ("launched" if booked else "waiting")
    sound()
    assert requested_launches.launch_due() == (0 if booked else 1)
    assert requested(world).pk == batch.pk
    assert spent(world) == [-PRICE] * 3 and Project.objects.count() == 3 and Batch.objects.count() == 1
    sound()
    if booked:
        world.clock.advance(60)
        monkeypatch.setattr(world.engine, "states", lambda ids: {}, raising=False)
        assert requeue_lost.reconcile()["queued a lost launch"] == 3
    world.engine.run()
    assert shown(batch)["counts"]["waiting"] == 3


def at_once(*acts_: Callable[[], object]) -> list[object]:
    """Do acts in threads of their own that begin together: what each answered or raised."""
    gate, ended = threading.Barrier(len(acts_)), list[object]()

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            ended.append(act())
        except Exception as error:
            ended.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts_]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ended


def test_two_workers_at_once_launch_a_list_once(world: World) -> None:
    batch = requested(world)
    batch_planning.plan_all(world.user, batch.pk)
    ended = at_once(requested_launches.launch_due, requested_launches.launch_due)
    assert sorted(ended, key=str) == [0, 1], ended
    assert spent(world) == [-PRICE] * 3 and shown(batch)["launch"]["state"] == "launched"
    sound()


def test_two_requests_with_one_key_at_once_are_one_list(world: World) -> None:
    ended = at_once(lambda: requested(world).pk, lambda: requested(world).pk)
    assert len(ended) == 2 and len(set(ended)) == 1 and Batch.objects.count() == 1, ended
    requested_launches.launch_due()
    assert spent(world) == [-PRICE] * 3


def test_a_fault_of_ours_refuses_no_list_and_holds_no_other_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, real = requested(world), requested(world, a_list("owls"), key="k2"), batches.bookings

    def broken(owner: Any, rows: Any, **more: Any) -> Any:
        if rows[0].batch_id == first.pk:
            raise ZeroDivisionError
        return real(owner, rows, **more)

    with monkeypatch.context() as patch:
        patch.setattr(batches, "bookings", broken)
        assert requested_launches.launch_due(Run("launch-lists")) == 1
    assert [shown(b)["launch"]["state"] for b in (first, second)] == ["waiting", "launched"]
    assert RowFailure.objects.get().key == first.pk
    world.clock.advance(61)
    assert requested_launches.launch_due(Run("launch-lists")) == 1
    assert spent(world) == [-PRICE] * 4 and not RowFailure.objects.exists()
    sound()


def test_a_full_disk_makes_a_list_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = requested(world)
    with monkeypatch.context() as patch:
        patch.setattr(disk_space, "no_room", lambda: "The studio's disk is full.")
        assert requested_launches.launch_due() == 0
    assert shown(batch)["launch"]["state"] == "waiting" and not spent(world)
    assert requested_launches.launch_due() == 1
    assert spent(world) == [-PRICE] * 3


def test_short_lists_do_not_wait_for_long_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 0.0)
    long, short = requested(world, a_list(*IDEAS, *IDEAS)), requested(world, a_list("owls"), key="k2")
    order: list[str] = []
    real = rows_of.book_all

    def noted(owner: Any, held: Batch, *more: Any) -> Any:
        order.append(held.pk)
        return real(owner, held, *more)

    monkeypatch.setattr(rows_of, "book_all", noted)
    requested_launches.launch_due()
    assert order == [short.pk, long.pk]
    assert RequestedLaunch.objects.filter(state="waiting").count() == 0

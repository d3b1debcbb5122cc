"""The transactions that move money, killed at every single point: before each statement, before each commit, and after it before
anybody was told. Either nothing has happened or all of it, and doing it again ends the same (rules §5.2, §5.3, §7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from elistit.actions import commands
from elistit.chain import attempts, due, settle
from elistit.chain.attempt_key import AttemptKey
from elistit.maintenance import requeue_lost
from elistit.ports import Failure, FixedClock, Kind
from elistit.projects import launch as launching
from elistit.projects.models import Item, Job, Project
from elistit.runtime import engine
from elistit.simulator.choices import Choices
from elistit.simulator.deaths import Deaths
from elistit.simulator.machine import Machine
from elistit.simulator.outside import Killed, Outside
from elistit.simulator.profiles import USUAL

from .conftest import World

SPEC = commands.LaunchSpec(product="sticker", idea="woodland animals", count=2)
PRICE = 4
LAUNCHED = [("SPEND_CREDIT", -PRICE, None)]
REFUNDED = [*LAUNCHED, ("REFUND_CREDIT", PRICE, None)]


@pytest.fixture
def machine(world: World, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """An engine that recovery can ask, in place of the one that only runs."""
    choices = Choices(0, [])
    machine = Machine(world.clock, Outside(choices, USUAL), choices, USUAL)
    monkeypatch.setattr(engine, "queue", machine)
    return machine


def deaths(act: Callable[[int], Callable[[], object]], after: Callable[[int], object]) -> int:
    """Do `act(n)` for n = 1, 2, … with a process that dies at its n-th point, until it lives; `after(n)` looks at each. How many
    points there were."""
    n = 0
    while True:
        n += 1
        does = act(n)
        dying = Deaths(n)
        try:
            with dying.watching():
                does()
        except Killed:
            after(n)
            continue
        assert dying.seen == n - 1, "it lived because there was no such point"
        return n - 1


def seller(world: World, n: int) -> World:
    return World(world.clock, f"s{n}@example.com")


def project_of(one: World) -> Project | None:
    return Project.objects.filter(owner=one.user).first()


def test_a_launch_that_dies_anywhere_is_booked_wholly_or_not_at_all_and_pressing_again_books_it_once(
    world: World, machine: Machine, clock: FixedClock
) -> None:
    sellers: dict[int, World] = {}
    halves = {"nothing": 0, "booked": 0}

    def act(n: int) -> Callable[[], object]:
        sellers[n] = seller(world, n)
        return lambda: commands.launch(sellers[n].user, SPEC, idempotency_key="k")

    def after(n: int) -> None:
        one = sellers[n]
        project = project_of(one)
        assert one.rows() == (LAUNCHED if project else [])
        assert one.balance() == (100 - PRICE if project else 100)
        halves["booked" if project else "nothing"] += 1
        if project:
            job = one.job(project)
            assert (job.status, job.items.count(), job.quote.total) == ("QUEUED", 2, PRICE)
            clock.advance(11)
            requeue_lost.reconcile()
            assert job.pk in machine.jobs_at_work(), "what was booked is queued, whoever died"
        again = commands.launch(one.user, SPEC, idempotency_key="k")
        assert project is None or again.pk == project.pk
        assert one.rows() == LAUNCHED and Project.objects.filter(owner=one.user).count() == 1

    points = deaths(act, after)
    assert points > 8 and min(halves.values()) >= 1, (points, halves)


def test_a_failure_that_dies_anywhere_is_failed_with_its_refund_or_not_failed_at_all(world: World) -> None:
    """FAILED and the refund are one: there is no point at which one stands without the other."""
    sellers: dict[int, tuple[World, Job, AttemptKey]] = {}
    failure = Failure(Kind.REJECTED, "It was refused.")
    halves = {"RUNNING": 0, "FAILED": 0}

    def act(n: int) -> Callable[[], object]:
        one = seller(world, n)
        job, _ = launching.launch(one.user, SPEC, idempotency_key="k")
        [this] = due.start(job.pk)
        assert isinstance(attempts.begin(this, "test"), Job)
        sellers[n] = (one, job, this)
        return lambda: settle.settle(this, failure)

    def after(n: int) -> None:
        one, job, this = sellers[n]
        job.refresh_from_db()
        halves[job.status] += 1
        assert (job.status, one.rows()) in [("RUNNING", LAUNCHED), ("FAILED", REFUNDED)]
        assert Project.objects.get(pk=job.project_id).stage == ("failed" if job.status == "FAILED" else "briefing")
        for _ in range(2):  # taken up again by another worker, and by a frozen one that wakes up
            assert settle.settle(this, failure) == []
        job.refresh_from_db()
        assert (job.status, one.rows(), one.balance()) == ("FAILED", REFUNDED, 100)

    points = deaths(act, after)
    assert points > 15 and min(halves.values()) >= 1, (points, halves)


def test_an_item_that_is_lost_while_its_worker_dies_is_refunded_once_with_its_state(world: World) -> None:
    sellers: dict[int, tuple[World, Job, AttemptKey]] = {}
    failure = Failure(Kind.BLOCKED_PROMPT, "The words were refused.")

    def act(n: int) -> Callable[[], object]:
        one = seller(world, n)
        job, _ = launching.launch(one.user, SPEC, idempotency_key="k")
        [brief] = due.start(job.pk)
        first, _ = settle.perform(brief, "test", world.work)
        attempts.begin(first, "test")
        sellers[n] = (one, job, first)
        return lambda: settle.settle(first, failure)

    def after(n: int) -> None:
        one, job, first = sellers[n]
        lost: list[Any] = [*LAUNCHED, ("REFUND_CREDIT", 1, 1)]
        item = Item.objects.get(job=job, number=1)
        assert (item.state, item.price, one.rows()) in [("pending", 1, LAUNCHED), ("blocked", 0, lost)]
        settle.settle(first, failure)
        settle.settle(first, failure)
        item.refresh_from_db()
        assert (item.state, item.price, one.rows()) == ("blocked", 0, lost)

    assert deaths(act, after) > 15

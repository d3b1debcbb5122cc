"""What must have exactly one winner, whatever races (rules §5.3, §5.4, §6)."""

from __future__ import annotations

import os

import pytest

from elistit.actions import commands, queries
from elistit.chain import attempts, due, outcomes, refunds, settle
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt
from elistit.credits import audit
from elistit.credits.models import CreditTransaction
from elistit.maintenance import requeue_lost
from elistit.ports import Failure, Kind, Made
from elistit.projects import remove
from elistit.projects.models import Job, Project

from .conftest import PRICE, World
from .test_launch import at_once

REJECTED = Failure(Kind.REJECTED, "It was refused.")


def briefing(world: World, key: str) -> tuple[Project, AttemptKey]:
    project = world.launch(key)
    [this] = due.start(world.job(project).pk)
    assert isinstance(attempts.begin(this, "test"), Job)
    return project, this


# `RACES=10000 ./test tests/conformance/test_races.py -k racing` takes as many as one likes; credits/test_races.py races a
# thousand refunds of the ledger itself every time.
RACES = int(os.environ.get("RACES", "200"))


def test_a_failure_settled_by_two_racing_workers_is_refunded_once(world: World) -> None:
    """In sellers of five projects each."""
    for seller in range(RACES // 5):
        mine = World(world.clock, f"s{seller}@example.com")
        mine.engine = world.engine
        for race in range(5):
            project, this = briefing(mine, f"{race}")
            results = at_once(2, lambda n, t=this: settle.settle(t, REJECTED))  # type: ignore[misc]
            assert results == [[], []]
            refunds = CreditTransaction.objects.filter(project=project.pk, type="REFUND_CREDIT")
            assert [r.amount for r in refunds] == [PRICE]
        assert mine.balance() == 100
    assert audit.run()["ok"]


def test_recovery_and_a_worker_racing_to_end_one_job_refund_it_once(world: World) -> None:
    """Recovery takes a try for broken while the worker that has it settles it: one of them fails the job, with one refund."""
    for race in range(RACES // 20):
        mine = World(world.clock, f"r{race}@example.com")
        mine.engine = world.engine
        project, this = briefing(mine, "k")
        results = at_once(
            2,
            lambda n, t=this: requeue_lost.end_broken(t, REJECTED) if n else settle.settle(t, REJECTED),  # type: ignore[misc]
        )
        assert results == [[], None], results
        assert mine.job(project).status == "FAILED"
        assert mine.rows() == [("SPEND_CREDIT", -PRICE, None), ("REFUND_CREDIT", PRICE, None)]
    assert audit.run()["ok"]


def test_deleting_and_failing_at_once_have_one_winner(world: World) -> None:
    deleted = failed = 0
    for race in range(60):
        seller = World(world.clock, f"s{race}@example.com")
        seller.engine = world.engine
        project, this = briefing(seller, "k")
        at_once(
            2, lambda n, s=seller, p=project, t=this: remove.delete(s.user, p.pk) if n else settle.settle(t, REJECTED)
        )  # type: ignore[misc]
        project.refresh_from_db()
        job = seller.job(project)
        if job.status == "CANCELLED":
            deleted += 1
            assert seller.balance() == 100 - PRICE
        else:
            failed += 1
            assert (job.status, seller.balance()) == ("FAILED", 100)
        assert project.stage == "deleted"
    assert deleted + failed == 60
    assert audit.run()["ok"]


def test_two_approvals_at_once_start_the_work_once(world: World) -> None:
    project = world.to_gate()
    results = at_once(4, lambda n: commands.approve(world.user, project.pk))
    assert all(isinstance(r, Project) for r in results), results
    world.engine.run()
    assert len([t for t in world.worked if t.stage == "delivering"]) == 1


def test_the_last_two_items_settling_at_once_reach_the_gate_once(world: World) -> None:
    project = world.launch()
    job = world.job(project)
    [first] = due.start(job.pk)
    tries = settle.perform(first, "test", world.work)
    for t in tries[:-2]:
        settle.perform(t, "test", world.work)
    for t in tries[-2:]:
        attempts.begin(t, "test")
    at_once(2, lambda n: settle.settle(tries[-2:][n], world.good(tries[-2:][n], job)))
    project.refresh_from_db()
    job.refresh_from_db()
    assert (project.stage, job.status) == ("awaiting_approval", "WAITING")


def test_deleting_mid_flight_refunds_nothing_and_stops_the_work(world: World) -> None:
    project = world.launch()
    for _ in range(6):
        world.engine.step()
    worked = len(world.worked)
    assert queries.loss_on_delete(project) == PRICE
    commands.delete(world.user, project.pk)
    world.engine.run()
    assert len(world.worked) == worked
    assert world.rows() == [("SPEND_CREDIT", -PRICE, None)]
    assert world.job(project).status == "CANCELLED"
    assert audit.run()["ok"]


def test_what_finishes_after_the_deletion_is_refused(world: World) -> None:
    project, this = briefing(world, "k")
    commands.delete(world.user, project.pk)
    assert settle.settle(this, world.good(this, world.job(project))) == []
    project.refresh_from_db()
    assert (project.stage, project.brief) == ("deleted", {})
    assert world.tries(project, "briefing")[0].outcome == outcomes.STOPPED


def test_a_try_begun_after_the_deletion_does_no_work(world: World) -> None:
    project = world.launch()
    [this] = due.start(world.job(project).pk)
    commands.delete(world.user, project.pk)
    assert settle.perform(this, "test", world.work) == []
    assert world.worked == []


def test_a_waiting_project_may_be_deleted_and_is_not_refunded(world: World) -> None:
    project = world.to_gate()
    commands.delete(world.user, project.pk)
    assert world.rows() == [("SPEND_CREDIT", -PRICE, None)]
    with pytest.raises(commands.NotFound):
        commands.approve(world.user, project.pk)


def test_settling_twice_changes_nothing_and_asks_for_the_same_work(world: World) -> None:
    project, this = briefing(world, "k")
    made = world.good(this, world.job(project))
    first, second = settle.settle(this, made), settle.settle(this, made)
    assert [t.id for t in first] == [t.id for t in second]
    assert len(first) == 15


def test_a_worker_that_died_between_settling_and_queueing_loses_nothing(world: World) -> None:
    project, this = briefing(world, "k")
    settle.settle(this, Failure(Kind.TRANSIENT, "It did not answer."))
    [again] = settle.settle(this, Failure(Kind.TRANSIENT, "It did not answer."))
    assert (again.number, again.delay) == (2, 10)
    assert [t.id for t in due.due(world.job(project).pk)] == [again.id]


# ---- a step that takes its worker down ------------------------------------------------------------------------------


def crash(this: AttemptKey, job: Job) -> Failure:
    return outcomes.crashed()


def test_a_step_that_crashes_its_worker_three_times_fails_the_job_with_a_refund(world: World) -> None:
    project, this = briefing(world, "k")
    assert not attempts.is_suspect(this), "one death can be anybody's fault"
    assert isinstance(attempts.begin(this, "another"), Job)  # the worker died, another one begins the same attempt
    assert attempts.is_suspect(this)
    settle.settle(this, attempts.run(this, "third", crash))  # its own process dies, its worker lives
    job = world.job(project)
    assert (job.status, job.failure_kind) == ("FAILED", outcomes.CRASHED)
    assert world.rows() == [("SPEND_CREDIT", -PRICE, None), ("REFUND_CREDIT", PRICE, None)]
    assert audit.run()["ok"]


def test_kills_from_outside_fail_no_job_however_many(world: World) -> None:
    project, this = briefing(world, "k")
    for _ in range(50):
        assert isinstance(attempts.begin(this, "killed"), Job)
    settle.settle(this, attempts.run(this, "one that lives", world.work))
    world.engine.run()
    assert world.job(project).status == "WAITING"
    assert Attempt.objects.get(stage="briefing", note=False).number == 1


def test_a_poison_item_fails_the_whole_job_so_it_cannot_go_on_killing(world: World) -> None:
    project = world.launch()
    [first] = due.start(world.job(project).pk)
    poison = settle.perform(first, "test", world.work)[0]
    settle.settle(poison, attempts.run(poison, "test", crash))
    assert world.job(project).status == "FAILED"
    assert world.balance() == 100


def test_a_crash_in_listing_costs_the_listing_only(world: World) -> None:
    """The files are delivered by then, and the project must come to an end (rules §5.5)."""
    world.fails("listing", 0, Kind.TRANSIENT, times=1)
    project = world.to_gate()
    commands.approve(world.user, project.pk)
    while not world.tries(project, "listing"):
        world.engine.step()
    [this] = due.due(world.job(project).pk)
    settle.settle(this, attempts.run(this, "test", crash))
    project = Project.objects.get(pk=project.pk)
    assert (project.stage, project.listing.text) == ("completed", "failed")
    assert world.job(project).status == "SUCCEEDED"
    assert world.rows() == [("SPEND_CREDIT", -PRICE, None), ("REFUND_CREDIT", 2, None)]
    again = commands.write_listing_again(world.user, project.pk, idempotency_key="again")
    world.engine.run()
    assert Project.objects.get(pk=again.pk).listing.text == "written"
    assert audit.run()["ok"]


def test_a_crash_in_drafting_costs_the_draft_only(world: World) -> None:
    world.fails("drafting", 0, Kind.TRANSIENT, times=1)
    project = world.to_gate()
    commands.approve(world.user, project.pk)
    while not world.tries(project, "drafting"):
        world.engine.step()
    [this] = due.due(world.job(project).pk)
    settle.settle(this, attempts.run(this, "test", crash))
    project = Project.objects.get(pk=project.pk)
    assert (project.stage, project.listing.draft) == ("completed", "failed")
    assert world.rows() == [("SPEND_CREDIT", -PRICE, None)]


def test_a_refund_that_cannot_be_booked_stops_the_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    project, this = briefing(world, "k")

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("the books are closed")

    monkeypatch.setattr(refunds.ledger, "refund", refuse)
    with pytest.raises(RuntimeError, match="books are closed"):
        settle.settle(this, REJECTED)
    project.refresh_from_db()
    assert (project.stage, world.job(project).status) == ("briefing", "RUNNING")


def test_a_made_outcome_that_comes_after_the_item_was_settled_is_refused(world: World) -> None:
    project = world.launch()
    [first] = due.start(world.job(project).pk)
    one = settle.perform(first, "test", world.work)[0]
    attempts.begin(one, "test")
    settle.settle(one, REJECTED)
    settle.settle(one, Made({"files": [], "flags": [], "art": {"made_round": 0}}))
    assert world.job(project).items.get(number=1).state == "failed"

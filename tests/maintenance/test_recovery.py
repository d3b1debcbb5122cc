"""`pipeline_recovery`, part by part, on the real queue and no workers (rules §6)."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from django.conf import settings

from elistit import ports
from elistit.actions import commands
from elistit.chain import attempt_key, attempts, database_clock, due, settle
from elistit.chain.models import Attempt, Worker
from elistit.credits import audit, ledger
from elistit.delivery.store import open_store
from elistit.maintenance import delete_files, requeue_lost, rescue_workers, service, stuck_jobs
from elistit.ports import Failure, FixedClock, Kind
from elistit.projects.models import Job, Project
from elistit.runtime import engine, leases, workflows
from tests.conformance.conftest import PRICE, World
from tests.runtime.test_engine_contract import change, project, queue

__all__ = ["project", "queue"]


@pytest.fixture
def late() -> FixedClock:
    """A clock past every grace period."""
    return FixedClock(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1))


def job_of(project: Project) -> Job:
    return Job.objects.get(project=project)


def begun(project: Project) -> attempt_key.AttemptKey:
    [this] = due.start(job_of(project).pk)
    attempts.begin(this, "dead-1")
    return this


def test_a_launch_that_was_never_queued_is_queued(queue: engine.Queue, project: Project, late: FixedClock) -> None:
    launch = f"job:{job_of(project).pk}:launch:0"
    queue.forget([launch])
    with ports.use_clock(late):
        assert requeue_lost.reconcile()["queued a lost launch"] == 1
        assert requeue_lost.reconcile()["queued a lost launch"] == 0
    assert queue.states([launch]) == {launch: "ENQUEUED"}
    assert "not queued" in Attempt.objects.get(note=True).reason


def test_a_fresh_launch_is_left_to_its_own_commit(queue: engine.Queue, project: Project) -> None:
    queue.forget([f"job:{job_of(project).pk}:launch:0"])
    Job.objects.update(changed_at=ports.now())
    assert not requeue_lost.reconcile()


def test_a_running_job_without_queued_work_is_queued_where_it_stands(
    queue: engine.Queue, project: Project, late: FixedClock
) -> None:
    [this] = due.start(job_of(project).pk)
    with ports.use_clock(late):
        assert requeue_lost.reconcile()["queued lost work"] == 1
        assert requeue_lost.reconcile()["queued lost work"] == 0
    assert queue.states([this.id]) == {this.id: "ENQUEUED"}


def test_a_lost_retry_is_queued_with_what_is_left_of_its_delay(queue: engine.Queue, project: Project) -> None:
    this = begun(project)
    [again] = settle.settle(this, Failure(Kind.TRANSIENT, "It did not answer."))
    assert 9 < again.delay <= 10
    queue.forget([again.id])
    with ports.use_clock(FixedClock(dt.datetime.now(dt.UTC) + requeue_lost.SETTLE_GRACE + dt.timedelta(seconds=1))):
        requeue_lost.reconcile()
    assert queue.states([again.id])[again.id] in engine.LIVE


def test_work_whose_workflow_broke_is_failed_and_refunded(
    queue: engine.Queue, project: Project, late: FixedClock
) -> None:
    this = begun(project)
    queue.put([this])
    change([this.id], status="ERROR")
    with ports.use_clock(late):
        requeue_lost.reconcile()
    assert (job_of(project).status, job_of(project).failure_kind) == ("FAILED", "transient")
    assert "three times" not in job_of(project).failure_reason, "it stopped no worker"
    assert ledger.job_money(job_of(project).pk).net == 0
    assert audit.run()["ok"]


def test_work_that_was_resumed_too_often_is_queued_again(
    queue: engine.Queue, project: Project, late: FixedClock
) -> None:
    this = begun(project)
    queue.put([this])
    change([this.id], status="MAX_RECOVERY_ATTEMPTS_EXCEEDED")
    with ports.use_clock(late):
        assert requeue_lost.reconcile()["queued lost work"] == 1
    assert queue.states([this.id]) == {this.id: "ENQUEUED"} and job_of(project).status == "RUNNING"


def test_work_left_in_the_engine_for_a_deleted_project_is_canceled(queue: engine.Queue, project: Project) -> None:
    this = begun(project)
    queue.put([this])
    from elistit.projects import remove

    remove.delete(project.owner, project.pk)
    assert requeue_lost.cancel_leftovers() == 2
    assert requeue_lost.cancel_leftovers() == 0
    assert queue.states([this.id]) == {this.id: "CANCELLED"}


def test_a_worker_whose_lease_ran_out_loses_its_work_and_its_lease(queue: engine.Queue, project: Project) -> None:
    this = begun(project)
    queue.put([this])
    change([this.id], status="PENDING", executor_id="dead-1")
    now = database_clock.database_now()
    Worker.objects.create(pk="dead-1", started_at=now, beat_at=now)
    assert rescue_workers.recover_dead_workers("me") == 0
    Worker.objects.update(beat_at=now - dt.timedelta(seconds=leases.LEASE_SECONDS + 1))
    assert rescue_workers.recover_dead_workers("dead-1") == 0, "a worker never judges itself"
    assert rescue_workers.recover_dead_workers("me") == 1
    assert not Worker.objects.exists()
    assert "has resumed it" in Attempt.objects.get(note=True).reason


def test_whether_we_may_judge_is_asked_after_looking(queue: engine.Queue, project: Project) -> None:
    """A look that began before an outage of the database and was answered after it sees only old heartbeats."""
    this = begun(project)
    queue.put([this])
    change([this.id], status="PENDING", executor_id="alive")
    now = database_clock.database_now()
    Worker.objects.create(pk="alive", started_at=now, beat_at=now)
    fit = [True]

    class Waited(leases.Watch):
        def dead(self) -> dict[str, dt.datetime]:
            Worker.objects.update(beat_at=now - dt.timedelta(seconds=leases.LEASE_SECONDS + 1))
            fit[0] = False  # our own heart has missed its beats meanwhile
            return super().dead()

    assert rescue_workers.recover_dead_workers("me", Waited("me"), lambda: fit[0]) == 0
    assert Worker.objects.exists() and queue.states([this.id]) == {this.id: "PENDING"}


def test_work_that_no_thread_of_its_living_worker_runs_is_taken_up_and_not_counted(
    queue: engine.Queue, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an outage of the database leaves when it comes between a step and the engine's record of it."""
    this = begun(project)
    Attempt.objects.update(worker="me")
    queue.put([this])
    change([this.id], status="PENDING", executor_id="me")
    running: set[str] = {this.id}
    monkeypatch.setattr(workflows, "at_work_here", lambda: running)
    assert rescue_workers.recover_dropped("me", {this.id}) == set(), "it is being run"
    running.clear()
    seen = rescue_workers.recover_dropped("me", set())
    assert seen == {this.id} and queue.states([this.id]) == {this.id: "PENDING"}, "one look is not enough"
    assert rescue_workers.recover_dropped("me", seen) == set()
    assert queue.states([this.id]) == {this.id: "ENQUEUED"}
    assert Attempt.objects.get(note=False).starts == 0
    assert "continues now" in Attempt.objects.get(note=True).reason


def test_running_work_of_a_worker_without_any_lease_is_taken_over(queue: engine.Queue, project: Project) -> None:
    this = begun(project)
    queue.put([this])
    change([this.id], status="PENDING", executor_id="ghost")
    assert rescue_workers.recover_orphans("me") == 1
    assert rescue_workers.recover_orphans("me") == 0


def test_age_alone_ends_nothing_and_is_shown_to_the_operator_once(queue: engine.Queue, project: Project) -> None:
    this = begun(project)
    queue.put([this])
    change([this.id], status="PENDING", executor_id="slow")
    with ports.use_clock(FixedClock(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31))):
        assert [s["project"] for s in stuck_jobs.stuck()] == [project.pk]
        assert stuck_jobs.note_stuck() == 1 and stuck_jobs.note_stuck() == 0
        requeue_lost.reconcile()
    assert job_of(project).status == "RUNNING"
    assert Attempt.objects.filter(note=True, outcome="stuck").count() == 1


def test_a_project_at_its_gate_is_never_stuck(queue: engine.Queue, project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(stage="briefing")
    Project.objects.filter(pk=project.pk).update(stage="generating")
    Project.objects.filter(pk=project.pk).update(stage="awaiting_approval")
    Job.objects.update(status="RUNNING")
    Job.objects.update(status="WAITING")
    with ports.use_clock(FixedClock(dt.datetime.now(dt.UTC) + dt.timedelta(days=30))):
        assert stuck_jobs.stuck() == []
        assert not requeue_lost.reconcile()


def test_one_pass_does_everything_and_a_second_finds_nothing_to_do(
    queue: engine.Queue, project: Project, late: FixedClock
) -> None:
    queue.forget([f"job:{job_of(project).pk}:launch:0"])
    with ports.use_clock(late):
        assert service.recover_once()["done"] == {"queued a lost launch": 1, "projects made searchable": 1}
        assert service.recover_once()["done"] == {}


def test_a_worker_judges_nobody_until_it_has_beaten_for_a_whole_lease(transactional_db: None) -> None:
    from elistit.runtime.leases import Heartbeat

    heart = Heartbeat("me", lease=0.05)
    assert not heart.fit_to_judge()
    heart.beat()
    assert not heart.fit_to_judge()
    for _ in range(4):
        time.sleep(0.02)
        heart.beat()
    assert heart.fit_to_judge()
    heart.beating_since = None  # what a failed beat does
    assert not heart.fit_to_judge()


def test_one_pass_expires_grants(queue: engine.Queue, project: Project, clock: FixedClock) -> None:
    owner = project.owner
    ledger.grant(
        owner.pk,
        5,
        source="goodwill",
        idempotency_key="g5",
        reason="Sorry",
        expires_at=clock.now() + dt.timedelta(days=1),
    )
    clock.advance(2 * 86400)
    assert service.recover_once()["done"]["expired grants"] == 1
    assert ledger.balance(owner.pk) == 100 - PRICE


@pytest.fixture
def clock() -> object:
    clock = FixedClock(dt.datetime.now(dt.UTC))
    with ports.use_clock(clock):
        yield clock


def test_files_of_a_deleted_project_are_removed_after_a_week(
    queue: engine.Queue, project: Project, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    store = open_store(settings.STORAGE_URL)
    (tmp_path / "a.txt").write_text("a")
    stored = store.put(tmp_path / "a.txt", f"projects/{project.pk}/print/a.txt")
    project.files.create(
        job=job_of(project), role="print", name="a.txt", path=stored.key, bytes=1, sha256=stored.sha256
    )
    commands.delete(project.owner, project.pk)
    clock.advance(6 * 86400)
    assert delete_files.delete_projects() == 0
    assert store.exists(stored.key)
    clock.advance(2 * 86400)
    assert delete_files.delete_projects() == 1
    assert delete_files.delete_projects() == 0
    assert not store.exists(stored.key)
    assert audit.run()["ok"]


def test_a_lost_draft_retry_is_found(
    queue: engine.Queue, project: Project, late: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World.__new__(World)
    world.script, world.worked, world.shop = __import__("collections").defaultdict(list), [], True
    world.clock = FixedClock()
    from elistit.simulator.inline import InlineEngine

    world.engine, world.user = InlineEngine(world.clock, world.work), project.owner
    world.fails("drafting", 0, Kind.REJECTED, times=1)
    with monkeypatch.context() as patch:
        patch.setattr(engine, "queue", world.engine)
        with ports.use_clock(world.clock):
            world.engine.start(job_of(project).pk, "launch:0")
            world.engine.run()
            commands.approve(project.owner, project.pk)
            world.engine.run()
            world.engine.cancelled.add(f"job:{job_of(project).pk}:draft:1")
            commands.retry_draft(project.owner, project.pk)
    with ports.use_clock(late):
        assert requeue_lost.reconcile()["queued lost work"] == 1

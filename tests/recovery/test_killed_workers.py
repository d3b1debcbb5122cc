"""Real processes, real SIGKILL: what was begun is finished, nothing finished runs again (rules §6)."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest
from django.db import connection

from elistit.chain.models import Attempt, ProviderCall, Worker
from elistit.credits import audit
from elistit.projects.models import Item

from .conftest import Farm

pytestmark = pytest.mark.processes

PRICE = 17
STAGES = ["briefing.0", "generating.7", "processing.4", "processing.0", "delivering.0", "listing.0", "drafting.0"]
ONCE = {f"{s}.0": 1 for s in ("briefing", "processing", "delivering", "listing", "drafting")} | {
    f"processing.{n}": 1 for n in range(1, 16)
}


@pytest.fixture(autouse=True)
def light(farm: Farm, request: pytest.FixtureRequest) -> None:
    """The ready picture is checked where a worker dies while it buys pictures; elsewhere the checks are only in the way."""
    if "generating" not in request.node.name:
        farm.env["LIGHT"] = "1"


def in_flight(process: subprocess.Popen[bytes]) -> set[str]:
    """The work a dead worker had begun and not settled: it alone may be done again."""
    begun = Attempt.objects.filter(worker__contains=f"-{process.pid}-", note=False, ended_at=None)
    return {
        f"{a.item}:{a.round}:{a.number}.{a.wait}" if a.stage == "generating" else f"{a.stage}.{a.item}" for a in begun
    }


def is_right_at_the_end(farm: Farm, project: object, again: set[str] | None = None) -> None:
    """Everything was made, charged once, and each piece of work done once (what was in flight may be done again)."""
    project.refresh_from_db()  # type: ignore[attr-defined]
    assert project.stage == "completed"  # type: ignore[attr-defined]
    counts = farm.counts()
    calls = {k: n for k, n in counts.items() if ":" in k}
    assert len({k.split(":")[0] for k in calls}) == 15
    work = {k: n for k, n in counts.items() if ":" not in k}
    assert set(work) == set(ONCE)
    twice = {k: n for k, n in {**work, **calls}.items() if n > 1}
    assert set(twice) <= (again or set()), (twice, again)
    assert set(twice.values()) <= {2}
    assert farm.rows() == [("SPEND_CREDIT", -PRICE)]
    assert not ProviderCall.objects.exclude(state="answered").exists()
    assert not Attempt.objects.filter(note=False, ended_at=None).exists()
    assert audit.run()["ok"]


@pytest.mark.parametrize("where", STAGES)
def test_a_worker_killed_in_any_stage_is_taken_over(farm: Farm, where: str) -> None:
    held = farm.folder / "held"
    first = farm.worker(HOLD=where, HOLD_FILE=str(held))
    second = None
    project = farm.launch()
    if connection.vendor == "postgresql":
        farm.wait(lambda: held.exists() or gate(farm, project), 120, f"work to reach {where}")
        second = farm.worker()  # so that the second worker, not a restart of the first, must find the work
        farm.wait(lambda: Worker.objects.count() == 2, 120, "the second worker")
        time.sleep(0.2)
    farm.wait(lambda: held.exists() or gate(farm, project), 120, f"work to reach {where}")
    first.send_signal(signal.SIGKILL)
    first.wait()
    killed = time.time()
    begun = in_flight(first)
    if second is None:
        farm.worker()
        farm.wait(lambda: Worker.objects.exclude(pk__contains=f"-{first.pid}-").exists(), 120, "the next worker")
        killed = time.time()
    stage, item = where.split(".")

    def resumed() -> bool:
        return Attempt.objects.filter(stage=stage, item=int(item), note=False, starts=2).exists()

    farm.wait(resumed, 60, f"{where} to be resumed")
    took = time.time() - killed
    assert took < 15, f"{where} was resumed after {took:.1f} s"
    farm.finish(project)
    is_right_at_the_end(farm, project, begun)
    assert Attempt.objects.filter(note=True, outcome="recovered", job__project=project).exists()


def gate(farm: Farm, project: object) -> bool:
    """Approve when the gate is reached; never a reason to stop waiting."""
    from elistit.actions import commands

    project.refresh_from_db()  # type: ignore[attr-defined]
    if project.stage == "awaiting_approval":  # type: ignore[attr-defined]
        commands.approve(farm.user, project.pk)  # type: ignore[attr-defined]
    return False


def test_a_call_whose_answer_was_written_is_never_made_again(farm: Farm) -> None:
    """The worker dies after the provider answered and before the step was recorded."""
    farm.env["ELISTIT_FAULTS"] = "delivering=kill_after"
    first = farm.worker()
    project = farm.launch()
    farm.wait(lambda: gate(farm, project) or first.poll() is not None, 120, "the worker to die")
    farm.worker()
    farm.finish(project)
    is_right_at_the_end(farm, project, again={"delivering.0"})


def test_a_poison_step_is_failed_and_refunded_after_three_crashes(farm: Farm) -> None:
    farm.env["ELISTIT_FAULTS"] = "processing.2=kill*all"
    project = farm.launch()
    crashes = 0
    worker = farm.worker()
    for _ in range(4000):
        gate(farm, project)
        if worker.poll() is not None:
            crashes += worker.returncode == -signal.SIGKILL
            worker = farm.worker()
        project.refresh_from_db()
        if project.stage == "failed":
            break
        time.sleep(0.05)
    assert crashes == 2, "from then on it dies in a process of its own, and its worker lives"
    job = project.jobs.get()
    assert (job.status, job.failure_kind, job.failure_stage) == ("FAILED", "crashed", "processing")
    assert farm.rows() == [("SPEND_CREDIT", -PRICE), ("REFUND_CREDIT", PRICE)]
    assert not Item.objects.filter(price__gt=0).exists()
    others = Attempt.objects.filter(stage="processing", note=False, outcome="crashed").exclude(item=2)
    assert not others.exists()
    assert audit.run()["ok"]


def test_a_deploy_loop_that_kills_worker_after_worker_in_one_attempt_fails_nothing(farm: Farm) -> None:
    """Nobody may say that the step stopped our worker: a worker killed from outside proves nothing about its work."""
    project = farm.launch(product="sticker", count=2)
    for kill in range(1, 7):
        held = farm.folder / f"held-{kill}"
        worker = farm.worker(HOLD="briefing.0", HOLD_FILE=str(held))
        farm.wait(held.exists, 120, f"briefing to begin in worker {kill}")
        worker.kill()
        worker.wait()
    assert Attempt.objects.get(stage="briefing", note=False).starts >= 6
    farm.worker()
    farm.finish(project)
    assert project.stage == "completed"
    attempt = Attempt.objects.get(stage="briefing", note=False)
    assert (attempt.number, attempt.outcome) == (1, "made")
    assert not Attempt.objects.filter(outcome="crashed").exists()
    assert farm.rows() == [("SPEND_CREDIT", -4)]
    assert audit.run()["ok"]


def test_a_stopping_worker_finishes_its_try_and_counts_no_crash(farm: Farm) -> None:
    held = farm.folder / "held"
    first = farm.worker(HOLD="briefing.0", HOLD_FILE=str(held), HOLD_SECONDS="2")
    project = farm.launch()
    farm.wait(held.exists, 120, "work to begin")
    first.terminate()
    assert first.wait(120) == 0
    assert farm.counts()["briefing.0"] == 1
    assert not Worker.objects.exists()
    farm.worker()
    farm.finish(project)
    assert Attempt.objects.get(stage="briefing", note=False).starts == 1
    is_right_at_the_end(farm, project)


def test_a_try_that_outlives_the_stop_is_handed_back_uncounted(farm: Farm) -> None:
    held = farm.folder / "held"
    first = farm.worker(HOLD="briefing.0", HOLD_FILE=str(held), ELISTIT_STOP_SECONDS="1")
    project = farm.launch()
    farm.wait(held.exists, 120, "work to begin")
    first.terminate()
    assert first.wait(120) == 0
    assert Attempt.objects.get(stage="briefing", note=False).starts == 0
    farm.worker()
    farm.finish(project)
    assert Attempt.objects.get(stage="briefing", note=False).starts == 1
    is_right_at_the_end(farm, project)


def test_only_one_worker_runs_on_sqlite(farm: Farm) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes any number of workers")
    farm.worker()
    farm.wait(lambda: Worker.objects.exists(), 120, "the first worker")
    second = farm.worker()
    assert second.wait(120) == 1
    assert b"Another worker is already running" in (farm.folder / "worker-1.err").read_bytes()


def test_a_frozen_worker_that_wakes_up_changes_nothing(farm: Farm) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite a frozen worker keeps the lock, so nobody takes its work")
    held = farm.folder / "held"
    first = farm.worker(HOLD="briefing.0", HOLD_FILE=str(held), HOLD_SECONDS="4")
    project = farm.launch()
    farm.wait(held.exists, 120, "work to begin")
    os.kill(first.pid, signal.SIGSTOP)
    farm.worker()
    farm.wait(lambda: gate(farm, project) or farm.counts()["delivering.0"], 120, "the other worker to take over")
    os.kill(first.pid, signal.SIGCONT)
    farm.finish(project)
    farm.wait(lambda: farm.counts()["briefing.0"] == 2, 120, "the frozen worker to wake")
    time.sleep(0.3)
    is_right_at_the_end(farm, project, again={"briefing.0"})

"""Maintenance tasks are isolated: a failing task, row or store never stops another, and what failed is stored and shown."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger, plans
from elistit.credits.models import CreditTransaction, Plan
from elistit.delivery.store import StoreFailure
from elistit.maintenance import delete_files, service, status, tasks
from elistit.maintenance.models import RowFailure, TaskState
from elistit.maintenance.task import Run, Task, WorkerView
from elistit.ports import Failure, FixedClock, Kind
from elistit.runtime import engine
from elistit.support import metrics
from tests.runtime.test_engine_contract import project, queue

__all__ = ["project", "queue"]
pytestmark = pytest.mark.django_db
WORKER = WorkerView("w1")


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    # Later than what fixtures book by the real clock, which must not look like a clock that was set back.
    clock = FixedClock(ports.now() + dt.timedelta(hours=1))
    with ports.use_clock(clock):
        yield clock


def task(run: object, **more: object) -> Task:
    return Task("test", 60, run, "things", **more)  # type: ignore[arg-type]


def broken(_: Run) -> int:
    raise RuntimeError("the bucket is away")


# ---- one task ------------------------------------------------------------------------------------------------------------


def test_a_task_runs_when_it_is_due_and_says_when_it_last_succeeded(clock: FixedClock) -> None:
    twice = task(lambda run: 2)
    assert service.run_task(twice, WORKER) == {"things": 2}
    assert service.run_task(twice, WORKER) == {}, "not due yet"
    assert service.run_task(twice, WORKER, now_whatever=True) == {"things": 2}
    clock.advance(60)
    assert service.run_task(twice, WORKER) == {"things": 2}
    [report] = status.reports((twice,))
    assert report.last_success_at == clock.now() and not report.late and report.failures == 0


def test_a_failing_task_is_written_down_and_runs_again(clock: FixedClock) -> None:
    for number in range(1, 6):
        assert service.run_task(task(broken), WORKER) == {"things": 0}
        [report] = status.reports((task(broken),))
        assert report.failures == number and report.last_error == "RuntimeError: the bucket is away"
        assert report.late is (number >= status.LATE_FACTOR)
        clock.advance(60)
    service.run_task(task(lambda run: 0), WORKER)
    [report] = status.reports((task(broken),))
    assert (report.failures, report.last_error, report.late) == (0, "", False)


def test_a_task_that_has_not_run_for_long_is_late(clock: FixedClock) -> None:
    service.run_task(task(lambda run: 0), WORKER)
    clock.advance(status.LATE_AT_LEAST + 1)
    [report] = status.reports((task(lambda run: 0),))
    assert report.late


def test_one_worker_runs_a_task_at_a_time_until_its_lease_ends(clock: FixedClock) -> None:
    mine = task(lambda run: 1, time_limit=30.0)
    assert status.take(mine, WORKER) is not None
    assert status.take(mine, WorkerView("w2")) is None
    clock.advance(31)
    taken = status.take(mine, WorkerView("w2"))
    assert taken is not None
    status.finish(mine, Run("test", WORKER), 0.0)  # the first worker comes late and changes nothing
    assert TaskState.objects.get().holder == "w2"


def test_what_a_dead_worker_held_is_given_back(clock: FixedClock) -> None:
    mine = task(lambda run: 1)
    assert status.take(mine, WORKER) is not None
    status.release_all("w1")
    assert status.take(mine, WorkerView("w2")) is not None


def test_a_clock_that_went_back_stops_no_task(clock: FixedClock) -> None:
    mine = task(lambda run: 1)
    clock.advance(400 * 86400)
    service.run_task(mine, WORKER)
    taken = status.take(mine, WORKER, now_whatever=True)
    assert taken is not None, "and one is cut off in the middle"
    clock.advance(-400 * 86400)
    assert status.due((mine,), status.rows(), {}) == [mine]
    assert service.run_task(mine, WORKER) == {"things": 1}


def test_the_cursor_of_a_run_is_kept_for_the_next(clock: FixedClock) -> None:
    seen = []

    def read(run: Run) -> int:
        seen.append(run.cursor)
        run.cursor = f"after {len(seen)}"
        return 0

    for _ in range(3):
        service.run_task(task(read), WORKER, now_whatever=True)
    assert seen == ["", "after 1", "after 2"]


# ---- rows ----------------------------------------------------------------------------------------------------------------


def test_a_row_that_fails_waits_longer_each_time_and_stops_no_other(clock: FixedClock) -> None:
    tried: list[str] = []

    def act(row: str) -> None:
        tried.append(row)
        if row == "poison":
            raise ValueError("this row can't be done")

    def run(run: Run) -> int:
        return run.each(["a", "poison", "b"], act)

    assert service.run_task(task(run), WORKER) == {"things": 2}
    assert tried == ["a", "poison", "b"]
    row = RowFailure.objects.get()
    assert (row.key, row.error, row.failures) == ("poison", "ValueError: this row can't be done", 1)
    assert status.reports((task(run),))[0].rows == {"poison": "ValueError: this row can't be done"}
    for pause in (60, 120, 240):
        tried.clear()
        service.run_task(task(run), WORKER, now_whatever=True)
        assert tried == ["a", "b"], "it waits"
        clock.advance(pause)
        service.run_task(task(run), WORKER, now_whatever=True)
        assert tried == ["a", "b", "a", "poison", "b"]


def test_a_row_that_succeeds_at_last_is_forgotten(clock: FixedClock) -> None:
    wrong = [True]

    def act(row: str) -> bool:
        if wrong[0]:
            raise ValueError
        return True

    service.run_task(task(lambda run: run.each(["x"], act)), WORKER)
    wrong[0] = False
    clock.advance(61)
    assert service.run_task(task(lambda run: run.each(["x"], act)), WORKER) == {"things": 1}
    assert not RowFailure.objects.exists() and status.reports((task(broken),))[0].last_error == ""


def test_poison_rows_never_fill_a_batch(clock: FixedClock) -> None:
    def act(row: int) -> None:
        if row < 10:
            raise ValueError

    def run(run: Run) -> int:
        return run.each(range(100), act, most=10)

    assert service.run_task(task(run), WORKER) == {"things": 0}
    assert service.run_task(task(run), WORKER, now_whatever=True) == {"things": 10}


def test_a_run_stops_at_its_time_limit(clock: FixedClock) -> None:
    assert service.run_task(task(lambda run: run.each(range(9), lambda row: None), time_limit=-1.0), WORKER) == {
        "things": 0
    }


# ---- all of them ---------------------------------------------------------------------------------------------------------


def test_a_store_that_is_away_stops_neither_renewals_nor_expiry(
    queue: engine.Queue, project: object, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User.objects.get()
    ledger.grant(
        user.pk, 5, source="x", idempotency_key="x", reason="x", expires_at=ports.now() + dt.timedelta(hours=1)
    )
    plans.start(user.pk, "launch")
    clock.advance(40 * 86400)

    class Away:
        def __getattr__(self, name: str) -> object:
            def fail(*given: object, **named: object) -> None:
                raise StoreFailure(Failure(Kind.TRANSIENT, "The store is away."))

            return fail

    monkeypatch.setattr(delete_files, "open_store", lambda url: Away())
    report = service.recover_once()
    assert CreditTransaction.objects.filter(type="EXPIRE_CREDIT").exists()
    assert Plan.objects.get().period == 2
    assert "StoreFailure" in report["errors"]["delete-unfinished-files"]


@pytest.mark.parametrize("name", [t.name for t in tasks.all_tasks() if not t.needs_context])
def test_whichever_task_fails_the_others_still_run(
    queue: engine.Queue, project: object, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from dataclasses import replace

    planted = tuple(replace(t, run=broken) if t.name == name else t for t in tasks.all_tasks())
    monkeypatch.setattr(tasks, "all_tasks", lambda: planted)
    report = service.recover_once()
    assert report["errors"] == {name: "RuntimeError: the bucket is away"}
    others = {r.name for r in status.reports(planted) if r.last_success_at}
    assert others == {t.name for t in planted if not t.needs_context} - {name}


@pytest.mark.django_db(transaction=True)
def test_a_hanging_task_delays_no_other(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share no database in memory")
    release, ran = threading.Event(), threading.Event()

    def hang(run: Run) -> int:
        release.wait(120)
        return 0

    def quick(run: Run) -> int:
        ran.set()
        return 1

    both = (Task("slow-mail", 60, hang, "mails"), Task("requeue-lost", 15, quick, "requeued"))
    monkeypatch.setattr(tasks, "all_tasks", lambda: both)
    scheduler = service.Scheduler(WORKER)
    threads = scheduler.look()
    try:
        assert ran.wait(60), "the second task ran while the first hangs"
        clock.advance(3600)
        started = [t.name for t in scheduler.look()]
        assert "maintenance slow-mail" not in started, "one that still runs here is not started again"
    finally:
        release.set()
        for thread in threads:
            thread.join(60)


# ---- shown ---------------------------------------------------------------------------------------------------------------


def test_console_metrics_and_doctor_show_what_fails(clock: FixedClock, client: Client) -> None:
    from elistit.cli import doctor

    def fail_one(run: Run) -> int:
        def act(row: str) -> None:
            raise ValueError("plan no longer sold")

        return run.each(["plan-7"], act)

    [renew] = [t for t in tasks.all_tasks() if t.name == "renew-plans"]
    service.run_task(Task(renew.name, 60, fail_one, "renewed"), WORKER)
    text = metrics.text().decode()
    assert 'elistit_maintenance_failures{task="renew-plans"} 1.0' in text
    assert 'elistit_maintenance_rows_failing{task="renew-plans"} 1.0' in text
    operator = User.objects.create_user("op@example.com", is_staff=True)
    client.force_login(operator)
    page = client.get("/console/").content.decode()
    assert "renew-plans" in page and "plan-7" in page and "plan no longer sold" in page
    ok, seen, fix = doctor.maintenance()
    assert not ok and "renew-plans: 1 failed: plan-7: ValueError: plan no longer sold" in seen and fix


def test_work_folders_are_deleted_one_by_one(clock: FixedClock, tmp_path: Path, settings: object) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    for name in ("try-1", "try-2"):
        (tmp_path / "work" / name).mkdir(parents=True)
    clock.advance(400 * 86400)
    assert delete_files.delete_work_folders() == 2


def test_a_file_between_work_folders_is_deleted_too(clock: FixedClock, tmp_path: Path, settings: object) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "work" / "try-1").mkdir(parents=True)
    for name in ("left", "left-over", ".hidden"):
        (tmp_path / "work" / name).write_text("x")
    (tmp_path / "kept").mkdir()
    (tmp_path / "work" / "link").symlink_to(tmp_path / "kept")
    clock.advance(400 * 86400)
    assert delete_files.delete_work_folders() == 5
    assert list((tmp_path / "work").iterdir()) == [] and (tmp_path / "kept").is_dir()


def test_probes_that_earlier_versions_left_are_deleted(clock: FixedClock, tmp_path: Path, settings: object) -> None:
    settings.DATA_DIR, settings.STORAGE_URL = tmp_path, (tmp_path / "files").as_uri()  # type: ignore[attr-defined]
    for name in (".write-probe-0123456789ab.part", ".write-probe-other.part", ".other.part"):
        (tmp_path / name).write_text("x")
    assert delete_files.delete_parts() == 0
    clock.advance(400 * 86400)
    assert delete_files.delete_parts() == 2
    assert [p.name for p in tmp_path.iterdir()] == [".other.part"]

"""While nothing happens a worker only reads; what it does, it does under a task's lease as ever."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from django.db import connection

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import ClockMark, Worker
from elistit.maintenance import clock_guard, looking, service, status, tasks
from elistit.maintenance.looking import Looks
from elistit.maintenance.models import RowFailure, TaskState
from elistit.maintenance.task import Run, Task, WorkerView
from elistit.payments import reconciling
from elistit.ports import FixedClock
from elistit.runtime import engine, leases
from elistit.stages.context import StageContext
from tests.runtime.test_engine_contract import queue

__all__ = ["queue"]
pytestmark = pytest.mark.django_db
LIMIT = 30.0


class Inline(service.Scheduler):
    """A worker's scheduler without threads: a pass is over when it returns."""

    def look(self) -> list[threading.Thread]:
        started = super().look()
        while not self.looks._asked.empty():
            asked = self.looks.next()
            assert asked is not None
            self.looks.look(*asked)
        return started

    def _start(self, task: Task) -> threading.Thread:
        service.run_task(task, self.worker)
        return threading.Thread()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[FixedClock]:
    """A clock that the machine's running counter agrees with."""
    clock = FixedClock(ports.now() + dt.timedelta(hours=1))
    began = clock.now()
    monkeypatch.setattr(clock_guard, "counter", lambda: ("boot", 1000.0 + (clock.now() - began).total_seconds()))
    monkeypatch.setattr(Looks, "attend", lambda looks: None)
    with ports.use_clock(clock):
        yield clock


def worker(name: str = "w1") -> Inline:
    context = StageContext(lambda function, *args, timeout=0.0, **named: function(*args, **named))
    return Inline(WorkerView(name, only_worker=connection.vendor == "sqlite", context=context))


def only(monkeypatch: pytest.MonkeyPatch, *given: Task) -> None:
    monkeypatch.setattr(tasks, "all_tasks", lambda: given)


def task(run: Callable[[Run], int], name: str = "test", **more: Any) -> Task:
    return Task(name, 60, run, "things", LIMIT, looks_first=True, **more)


@contextlib.contextmanager
def writes(clock: FixedClock) -> Iterator[list[tuple[dt.datetime, str]]]:
    """The statements that change something, of the product and of the engine, each with the moment."""
    seen: list[tuple[dt.datetime, str]] = []

    def note(sql: str) -> None:
        if sql.split()[0].upper() in ("INSERT", "UPDATE", "DELETE") or "FOR UPDATE" in sql:
            seen.append((clock.now(), sql))

    def of_django(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        note(sql)
        return execute(sql, *given)

    def of_engine(_conn: object, _cursor: object, sql: str, *_rest: object) -> None:
        note(sql)

    heard = engine.queue.client._sys_db.engine
    sqlalchemy.event.listen(heard, "before_cursor_execute", of_engine)
    try:
        with connection.execute_wrapper(of_django):
            yield seen
    finally:
        sqlalchemy.event.remove(heard, "before_cursor_execute", of_engine)


def pass_time(clock: FixedClock, scheduler: Inline, seconds: float) -> None:
    for _ in range(int(seconds / service.PASS_EVERY)):
        clock.advance(service.PASS_EVERY)
        scheduler.look()


# ---- what is written ---------------------------------------------------------------------------------------------------


def test_an_idle_studio_writes_nothing_but_a_mark_every_five_minutes(queue: engine.Queue, clock: FixedClock) -> None:
    scheduler = worker()
    with writes(clock) as first:
        pass_time(clock, scheduler, 120)
    assert first, "the first successes of an installation are stored at once"
    changed = connection.connection.total_changes if connection.vendor == "sqlite" else 0
    with writes(clock) as seen:
        pass_time(clock, scheduler, 170)
    assert seen == []
    if connection.vendor == "sqlite":
        assert connection.connection.total_changes == changed, "the database agrees"
    with writes(clock) as seen:
        pass_time(clock, scheduler, 900)
    tables = {table for _, sql in seen for table in (TaskState, ClockMark) if f'"{table._meta.db_table}"' in sql}
    assert tables == {TaskState, ClockMark} and all(
        any(f'"{table._meta.db_table}"' in sql for table in tables) for _, sql in seen
    )
    marks = sorted({at for at, sql in seen if TaskState._meta.db_table in sql})
    assert len(marks) == 3 and all(b - a >= status.MARK_EVERY for a, b in itertools.pairwise(marks))
    assert len({at for at, _ in seen} - set(marks)) <= 3, "and as many of the clock's"


def test_what_is_stored_of_an_idle_task_is_never_late_and_never_old(queue: engine.Queue, clock: FixedClock) -> None:
    scheduler = worker()
    pass_time(clock, scheduler, 60)
    for _ in range(6):
        pass_time(clock, scheduler, 240)
        for report in status.reports(tasks.all_tasks()):
            assert not report.late and report.last_error == "", report
            assert report.last_success_at is not None
            old = clock.now() - report.last_success_at
            assert old <= status.MARK_EVERY + dt.timedelta(seconds=report.interval + 4), report


def test_a_task_nobody_looks_at_any_more_is_late(queue: engine.Queue, clock: FixedClock) -> None:
    pass_time(clock, worker(), 60)
    clock.advance(status.LATE_AT_LEAST + status.MARK_EVERY.total_seconds() + 5)
    late = {r.name for r in status.reports(tasks.all_tasks()) if r.late}
    assert {"requeue-lost", "send-mail", "renew-plans"} <= late


def test_every_task_but_one_looks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one lists the file storage, every six hours."""
    assert [t.name for t in tasks.all_tasks() if not t.looks_first] == ["delete-unfinished-files"]
    monkeypatch.setattr(reconciling, "configured", lambda: True)
    [stripe] = [t for t in tasks.all_tasks() if t.name == "stripe-hear-missed-messages"]
    assert looking.has_work(stripe, WorkerView("w1"), ""), "it waits for Stripe, so it doesn't look"


# ---- a look changes nothing ---------------------------------------------------------------------------------------------


ACTED: list[int] = []


def write(run: Run) -> int:
    return User.objects.update(is_active=False)


def write_quietly(run: Run) -> int:
    with contextlib.suppress(Exception):
        User.objects.update(is_active=False)
    return 0


def lock(run: Run) -> int:
    return len(User.objects.select_for_update().filter(pk=0))


def act(run: Run) -> int:
    run.act()
    ACTED.append(1)
    return 1


@pytest.mark.parametrize("does", [write, write_quietly, act, lambda run: run.each(["row"], ACTED.append)])
def test_a_look_ends_before_the_first_change(does: Callable[[Run], int]) -> None:
    User.objects.create_user("a@example.com")
    assert looking.has_work(task(does), WorkerView("w1"), "")
    assert User.objects.get().is_active and not ACTED


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no locks of rows")
def test_a_look_locks_no_row() -> None:
    assert looking.has_work(task(lock), WorkerView("w1"), "")


def test_a_look_that_only_reads_finds_nothing_and_another_cursor_is_something() -> None:
    def move(run: Run) -> int:
        run.cursor = "further"
        return 0

    assert not looking.has_work(task(lambda run: User.objects.count()), WorkerView("w1"), "")
    assert not looking.has_work(task(lambda run: run.each([], lambda row: None)), WorkerView("w1"), "")
    assert not looking.has_work(task(lambda run: run.each(["a"], str, reads=True) - 1), WorkerView("w1"), "")
    assert looking.has_work(task(move), WorkerView("w1"), "")
    assert not looking.has_work(task(move), WorkerView("w1"), "further")


# ---- the lease ---------------------------------------------------------------------------------------------------------


def test_what_a_look_finds_is_done_under_the_lease_and_stored_at_once(
    queue: engine.Queue, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[str] = []
    held: list[tuple[str, dt.datetime | None]] = []

    def do(row: str) -> None:
        held.append(TaskState.objects.values_list("holder", "lease_until").get(pk="test"))
        rows.remove(row)

    only(monkeypatch, task(lambda run: run.each(list(rows), do)))
    scheduler = worker()
    pass_time(clock, scheduler, 90)
    assert held == [] and TaskState.objects.get().holder == ""
    rows.append("a")
    pass_time(clock, scheduler, 60)
    assert rows == [] and [holder for holder, _ in held] == ["w1"]
    [report] = status.reports(tasks.all_tasks())
    assert report.last_success_at is not None and clock.now() - report.last_success_at < dt.timedelta(seconds=61)
    assert TaskState.objects.get().lease_until is None


def test_two_workers_never_run_a_task_at_once(
    queue: engine.Queue, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, done = worker("w1"), worker("w2"), []

    def do(row: str) -> None:
        done.append(TaskState.objects.get().holder)
        if len(done) == 1:
            second.look()  # the other worker's pass, in the middle of this run
            assert service.run_task(only_task, second.worker) == {}, "nor when its look had found the row before"

    only_task = task(lambda run: run.each(["a"] if len(done) < 2 else [], do))
    only(monkeypatch, only_task)
    first.look()
    second.look()
    assert done == ["w1"], "and not again before its time"
    clock.advance(60)
    second.look()
    assert done == ["w1", "w2"]


def test_a_killed_workers_task_is_taken_over_after_the_time_limit(
    queue: engine.Queue, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    mine = task(lambda run: run.each(["a"], done.append))
    only(monkeypatch, mine)
    assert status.take(mine, WorkerView("w1")) is not None, "and is killed"
    second = worker("w2")
    second.look()
    clock.advance(LIMIT - 1)
    second.look()
    assert done == []
    clock.advance(2)
    second.look()
    assert done == ["a"]


def test_a_killed_run_does_not_keep_later_looks_from_being_stored(
    queue: engine.Queue, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = task(lambda run: 0)
    only(monkeypatch, mine)
    status.take(mine, WorkerView("w1"))
    pass_time(clock, worker("w2"), 600)
    [report] = status.reports(tasks.all_tasks())
    assert report.last_success_at is not None and not report.late


# ---- failures ------------------------------------------------------------------------------------------------------------


def test_a_failure_is_stored_at_once_and_so_is_its_end(
    queue: engine.Queue, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = [False]

    def run(_: Run) -> int:
        if wrong[0]:
            raise RuntimeError("the bucket is away")
        return 0

    only(monkeypatch, task(run), task(lambda run: 0, "other"))
    scheduler = worker()
    pass_time(clock, scheduler, 120)
    wrong[0] = True
    for _ in range(31):
        if not status.reports(tasks.all_tasks())[0].failures:
            pass_time(clock, scheduler, 2)
    broken, other = status.reports(tasks.all_tasks())
    assert (broken.failures, broken.last_error) == (1, "RuntimeError: the bucket is away") and not other.last_error
    pass_time(clock, scheduler, 62)
    assert status.reports(tasks.all_tasks())[0].failures == 2
    wrong[0] = False
    pass_time(clock, scheduler, 64)
    broken, _ = status.reports(tasks.all_tasks())
    assert (broken.failures, broken.last_error) == (0, "")
    assert broken.last_success_at is not None and clock.now() - broken.last_success_at < dt.timedelta(seconds=64)


def test_a_failing_row_waits_without_a_lease_and_is_done_in_its_time(
    queue: engine.Queue, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[dt.datetime] = []

    def do(row: str) -> None:
        tried.append(clock.now())
        if len(tried) < 3:
            raise ValueError

    only(monkeypatch, task(lambda run: run.each(["x"] if len(tried) < 3 else [], do)))
    scheduler = worker()
    pass_time(clock, scheduler, 400)
    assert len(tried) == 3 and not RowFailure.objects.exists()


def test_what_another_worker_stored_meanwhile_is_kept(queue: engine.Queue, clock: FixedClock) -> None:
    mine = task(lambda run: 0)
    TaskState.objects.create(name="test", last_success_at=clock.now() - 2 * status.MARK_EVERY)
    rows, looks = status.rows(), {"test": status.Look(clock.now(), 0.1, dt.timedelta(seconds=60))}
    clock.advance(1)
    service.run_task(task(lambda run: 1 // 0), WorkerView("w2"))
    status.store_looks(rows, looks)
    [report] = status.reports((mine,))
    assert report.failures == 1 and "ZeroDivisionError" in report.last_error


def test_a_look_that_hangs_delays_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "rest_connection", lambda: None)
    monkeypatch.setattr(looking, "LOOK_SECONDS", 0.0)
    release, hanging, found = threading.Event(), threading.Event(), threading.Event()
    names: list[str] = []

    def hang(run: Run) -> int:
        hanging.set()
        release.wait(60)
        return 0

    def started(task: Task) -> None:
        names.append(task.name)
        found.set()

    looks = Looks(WorkerView("w1"), started)
    slow = task(hang, "slow")
    looks.ask(slow, "")
    looks.attend()
    assert hanging.wait(60)
    looks.ask(task(lambda run: run.each(["x"], str), "quick"), "")
    looks.ask(slow, "")
    looks.attend()
    try:
        assert found.wait(60) and names == ["quick"], "the next looks get another thread, and no task two at once"
    finally:
        release.set()
        looks.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_look_that_cannot_start_its_task_ends_no_later_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "rest_connection", lambda: None)
    found = threading.Event()

    def no_thread(task: Task) -> None:
        if task.name == "first":
            raise RuntimeError("can't start new thread")
        found.set()

    looks = Looks(WorkerView("w1"), no_thread)
    looks.ask(task(lambda run: run.each(["x"], str), "first"), "")
    looks.attend()
    assert looks._looker is not None
    looks._looker.join(60)
    looks.ask(task(lambda run: run.each(["x"], str), "second"), "")
    looks.attend()
    assert found.wait(60)
    looks.close()


# ---- the clock and the only worker ----------------------------------------------------------------------------------------


def test_a_clock_that_is_set_back_between_two_marks_is_noticed(clock: FixedClock) -> None:
    assert clock_guard.trusted()
    with writes(clock) as seen:
        clock.advance(240)
        assert clock_guard.trusted()
    assert seen == []
    passed = clock_guard.counter()[1]
    clock.advance(-(clock_guard.BACK_MAX.total_seconds() + 60))
    # The mark is four minutes old, so by itself it would show two minutes only.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock_guard, "counter", lambda: ("boot", passed))
        assert not clock_guard.trusted()
    assert "earlier than" in clock_guard.refusal()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has its sessions' locks")
def test_the_only_worker_is_alive_while_its_process_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "worker.lock"
    monkeypatch.setattr(leases, "lock_file", lambda: file)
    now = leases.database_now()
    Worker.objects.create(pk="w1", started_at=now, beat_at=now - dt.timedelta(seconds=leases.LEASE_SECONDS + 5))
    assert [w.pk for w in leases.alive()] == ["w1"], "nobody has ever held it: its heartbeats decide"
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert [w.pk for w in leases.alive()] == ["w1"]
    assert leases.alive() == [], "at once, not after a lease"
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        Worker.objects.update(beat_at=now - dt.timedelta(seconds=leases.lease_seconds() + 5))
        assert leases.alive() == [], "it is frozen"

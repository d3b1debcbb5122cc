"""A worker looks for queued work with one small question, and never misses work by it."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Callable, Iterator

import dbos._queue
import dbos._utils
import pytest
import sqlalchemy
from dbos import Queue as EngineQueue
from dbos._queue import _INTERNAL_QUEUE_CONSTRUCTION
from django.db import connection

from elistit.chain.attempt_key import AttemptKey
from elistit.projects.models import Project
from elistit.runtime import engine, polling, workflows
from tests.runtime.test_engine_contract import a_try, project, queue

__all__ = ["project", "queue"]

NAMES = [engine.ADVANCE, engine.CHAIN, engine.provider_queue("builtin")]


class Looks:
    """Answers a look, counts them, and holds the time."""

    def __init__(self) -> None:
        self.found: list[str] | None = []
        self.count, self.now = 0, 0.0

    def __call__(self) -> list[str]:
        self.count += 1
        if self.found is None:
            raise OSError("the database is away")
        return self.found


def test_a_look_tells_which_queues_have_work_until_they_are_polled() -> None:
    looks = Looks()
    waiting = polling.Waiting(looks, lambda: looks.now)
    assert all(waiting.may_be_in(name) for name in NAMES), "nothing is known before the first look"
    waiting.look()
    assert not any(waiting.may_be_in(name) for name in NAMES) and looks.count == 1
    looks.found = [engine.CHAIN]
    waiting.look()
    assert waiting.may_be_in(engine.CHAIN) and not waiting.may_be_in(engine.ADVANCE) and looks.count == 2
    waiting.polled(engine.CHAIN, took=True)
    assert not waiting.may_be_in(engine.CHAIN)


def test_looks_come_oftener_while_there_is_work_and_for_a_while_after() -> None:
    looks = Looks()
    waiting = polling.Waiting(looks, lambda: looks.now)
    waiting.look()
    assert waiting.every() == polling.LOOK_SECONDS
    looks.found = [engine.CHAIN]
    waiting.look()
    looks.now += polling.BUSY_FOR - 0.01
    assert waiting.every() == polling.BUSY_LOOK_SECONDS
    looks.now += 0.02
    assert waiting.every() == polling.LOOK_SECONDS


def test_where_a_look_fails_there_may_be_work_in_every_queue() -> None:
    looks = Looks()
    looks.found = None
    waiting = polling.Waiting(looks, lambda: looks.now)
    waiting.look()
    assert all(waiting.may_be_in(name) for name in NAMES)
    assert waiting.until_due(engine.CHAIN) == polling.IDLE_SECONDS
    waiting.polled(engine.CHAIN, took=False)
    assert waiting.may_be_in(engine.CHAIN)
    looks.found = []
    waiting.look()
    assert not waiting.may_be_in(engine.CHAIN)


def test_a_queue_whose_work_could_not_be_taken_is_polled_less_often() -> None:
    looks = Looks()
    looks.found = [engine.CHAIN]
    waiting = polling.Waiting(looks)
    for took, pause in ((True, polling.AT_ONCE), (False, polling.BLOCKED_SECONDS), (True, polling.AT_ONCE)):
        waiting.polled(engine.CHAIN, took)
        waiting.look()
        assert waiting.until_due(engine.CHAIN) == pause


def in_a_thread(call: Callable[[], float]) -> tuple[threading.Thread, list[float]]:
    answers: list[float] = []
    thread = threading.Thread(target=lambda: answers.append(call()), daemon=True)
    thread.start()
    return thread, answers


def test_a_thread_sleeps_until_a_look_finds_work_for_its_queue() -> None:
    looks = Looks()
    waiting = polling.Waiting(looks)
    waiting.look()
    thread, answers = in_a_thread(lambda: waiting.until_due(engine.CHAIN, 60.0))
    looks.found = [engine.ADVANCE]
    waiting.look()
    thread.join(0.05)
    assert thread.is_alive()
    looks.found = [engine.CHAIN]
    waiting.look()
    thread.join(10.0)
    assert answers == [polling.AT_ONCE]


def test_no_thread_sleeps_for_ever_and_closing_lets_all_go_on() -> None:
    waiting = polling.Waiting(Looks())
    waiting.look()
    assert waiting.until_due(engine.CHAIN, 0.01) == polling.AT_ONCE
    thread, answers = in_a_thread(lambda: waiting.until_due(engine.CHAIN, 60.0))
    waiting.close()
    thread.join(10.0)
    assert answers == [polling.IDLE_SECONDS], "a thread that isn't ended yet must not spin"


def test_the_looking_thread_looks_at_once_when_it_is_woken_and_ends_when_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polling, "LOOK_SECONDS", 60.0)
    looks = Looks()
    waiting = polling.Waiting(looks)
    waiting.start()
    (looking,) = [t for t in threading.enumerate() if t.name == "queue-looker"]
    until(lambda: looks.count == 1)
    looks.found = [engine.CHAIN]
    waiting.wake()
    assert waiting.until_due(engine.CHAIN, 10.0) == polling.AT_ONCE
    waiting.close()
    looking.join(10.0)
    assert not looking.is_alive()


def until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 10.0
    while not there():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def statements(queue: engine.Queue) -> Iterator[list[str]]:
    """What the engine asks of its database from here on."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sqlalchemy.event.listen(queue.client._sys_db.engine, "before_cursor_execute", note)
    yield seen
    sqlalchemy.event.remove(queue.client._sys_db.engine, "before_cursor_execute", note)


def asked_of(name: str) -> EngineQueue:
    return EngineQueue(name, token=_INTERNAL_QUEUE_CONSTRUCTION, worker_concurrency=5)


def test_the_question_names_queues_with_work_that_waits_now(queue: engine.Queue, project: Project) -> None:
    ask = polling.question(queue.client._sys_db, NAMES)
    before = set(ask())
    queue.put([a_try(project, number=2, delay=60.0)])
    before |= {polling.DELAYED}
    assert set(ask()) == before, "what is delayed does not wait yet"
    queue.put([AttemptKey(project.jobs.get().pk, "briefing", 0, 0, 1, 0, 0.0)])
    assert set(ask()) == before | {engine.CHAIN}


def test_work_is_taken_as_before_and_nothing_is_asked_while_nothing_waits(
    queue: engine.Queue, project: Project, statements: list[str]
) -> None:
    sys_db = queue.client._sys_db
    queue.cancel(project.jobs.get().pk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polling.Waiting, "start", polling.Waiting.look)
        waiting = polling.install(sys_db, NAMES)
        statements.clear()
        for name in NAMES:
            assert sys_db.start_queued_workflows(asked_of(name), "w", engine.VERSION, None) == ([], None)
        assert not statements
        this = AttemptKey(project.jobs.get().pk, "briefing", 0, 0, 1, 0, 0.0)
        queue.put([this])
        waiting.look()
        assert waiting.may_be_in(engine.CHAIN)
        found, _ = sys_db.start_queued_workflows(asked_of(engine.CHAIN), "w", engine.VERSION, None)
        assert found == [this.id] and not waiting.may_be_in(engine.CHAIN)
    statements.clear()
    sys_db.start_queued_workflows(asked_of("another"), "w", engine.VERSION, None)
    assert statements, "a queue that is not ours is asked for as ever"


def test_settings_are_kept_for_moments_and_carry_how_long_to_wait(
    queue: engine.Queue, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling.Waiting, "start", lambda waiting: None)
    sys_db = queue.client._sys_db
    queue.client.register_queue("kept", worker_concurrency=3, polling_interval_sec=9.0, on_conflict="always_update")
    polling.install(sys_db, ["kept"])
    asked = sys_db.get_queue("kept")
    assert asked is not None and asked._polling_interval_sec == 9.0, "who isn't polling gets what the table says"
    monkeypatch.setattr(threading.current_thread(), "name", f"{polling.ENGINES_THREADS}kept")
    first = sys_db.get_queue("kept")
    assert first is not None
    statements.clear()
    assert sys_db.get_queue("kept") is first and not statements
    assert (first._worker_concurrency, first._polling_interval_sec) == (3, polling.IDLE_SECONDS)
    assert sys_db.get_queue("nobody") is None


def test_the_engine_names_its_threads_and_its_own_queue_as_we_know_them() -> None:
    assert f'name=f"{polling.ENGINES_THREADS}' in inspect.getsource(dbos._queue.queue_thread)
    assert workflows.ENGINES_OWN == dbos._utils.INTERNAL_QUEUE_NAME


def test_the_question_reads_an_index_however_much_waits(queue: engine.Queue, project: Project) -> None:
    sys_db = queue.client._sys_db
    seen: list[str] = []
    sqlalchemy.event.listen(sys_db.engine, "before_cursor_execute", lambda _a, _b, sql, *_: seen.append(sql))
    polling.question(sys_db, NAMES)()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {seen[-1]}")
            plan = " ".join(str(row[3]) for row in cursor.fetchall())
        else:
            cursor.execute("BEGIN")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {seen[-1]}")
            plan = " ".join(row[0] for row in cursor.fetchall())
            cursor.execute("ROLLBACK")
    assert (
        "idx_workflow_status_delayed" in plan
        and "idx_workflow_status_in_flight" in plan
        and "SCAN workflow_status USING" not in plan
    ), plan


def test_delayed_work_is_queued_when_its_delay_is_over_and_nothing_is_swept_while_none_is(
    queue: engine.Queue, project: Project, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling.Waiting, "start", polling.Waiting.look)
    sys_db = queue.client._sys_db
    queue.cancel(project.jobs.get().pk)
    waiting = polling.install(sys_db, NAMES)
    assert not waiting.may_be_delayed()
    sys_db.cancel_timed_out_workflows(10)
    statements.clear()
    sys_db.transition_delayed_workflows()
    assert sys_db.cancel_timed_out_workflows(10) == [] and not statements
    this = a_try(project, number=2, delay=0.001)
    queue.put([this])
    assert queue.states([this.id]) == {this.id: "DELAYED"}
    waiting.look()
    assert waiting.may_be_delayed() and waiting.every() == polling.LOOK_SECONDS, (
        "a delay is no reason to look more often"
    )
    until(lambda: (sys_db.transition_delayed_workflows(), queue.states([this.id]))[1] == {this.id: "ENQUEUED"})
    waiting.look()
    assert not waiting.may_be_delayed()


def test_where_a_look_fails_work_may_be_delayed() -> None:
    looks = Looks()
    waiting = polling.Waiting(looks)
    assert waiting.may_be_delayed()
    waiting.look()
    assert not waiting.may_be_delayed()
    looks.found = None
    waiting.look()
    assert waiting.may_be_delayed()


def test_the_queues_are_listed_anew_after_moments(
    queue: engine.Queue, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling.Waiting, "start", lambda waiting: None)
    sys_db = queue.client._sys_db
    polling.install(sys_db, NAMES)
    sys_db.list_queues(application_name="elistit")
    statements.clear()
    before = sys_db.list_queues(application_name="elistit")
    assert not statements
    queue.client.register_queue("added", on_conflict="always_update")
    monkeypatch.setattr(polling, "SETTINGS_SECONDS", 0.0)
    assert len(sys_db.list_queues(application_name="elistit")) == len(before) + 1


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file that counts its changes")
def test_a_file_that_nobody_has_changed_is_not_asked_again(
    queue: engine.Queue, project: Project, statements: list[str]
) -> None:
    ask = polling.question(queue.client._sys_db, NAMES)
    before = set(ask())
    statements.clear()
    assert set(ask()) == before
    assert statements == ["PRAGMA data_version"]
    queue.put([AttemptKey(project.jobs.get().pk, "briefing", 0, 0, 1, 0, 0.0)])
    assert set(ask()) == before | {engine.CHAIN}, "on any connection"
    queue.cancel(project.jobs.get().pk)
    assert not ask()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file that counts its changes")
def test_a_look_that_failed_is_made_again_on_another_connection(
    queue: engine.Queue, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = polling.question(queue.client._sys_db, NAMES)
    before = set(ask())
    with monkeypatch.context() as patch:
        patch.setattr(ask, "_looking", None)
        patch.setattr(ask, "_engine", None)
        with pytest.raises(AttributeError):
            ask()
    queue.put([AttemptKey(project.jobs.get().pk, "briefing", 0, 0, 1, 0, 0.0)])
    assert set(ask()) == before | {engine.CHAIN}

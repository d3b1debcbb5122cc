"""A worker looks for queued work with one small question, and never misses work by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy
from dbos import Queue as EngineQueue
from dbos._queue import _INTERNAL_QUEUE_CONSTRUCTION
from django.db import connection

from elistit.chain.attempt_key import AttemptKey
from elistit.projects.models import Project
from elistit.runtime import engine, polling
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


def test_all_queues_share_one_look_until_the_next_is_due() -> None:
    looks = Looks()
    waiting = polling.Waiting(looks, lambda: looks.now)
    assert not any(waiting.may_be_in(name) for name in NAMES) and looks.count == 1
    looks.found = [engine.CHAIN]
    assert not waiting.may_be_in(engine.CHAIN)
    looks.now += polling.LOOK_SECONDS
    assert waiting.may_be_in(engine.CHAIN) and not waiting.may_be_in(engine.ADVANCE) and looks.count == 2


def test_looks_come_oftener_while_there_is_work_and_for_a_while_after() -> None:
    looks = Looks()
    waiting = polling.Waiting(looks, lambda: looks.now)
    waiting.may_be_in(engine.CHAIN)
    assert waiting.every() == polling.IDLE_SECONDS
    looks.found = [engine.CHAIN]
    looks.now += polling.LOOK_SECONDS
    waiting.may_be_in(engine.CHAIN)
    looks.now += polling.BUSY_FOR - 0.01
    assert waiting.every() == polling.BUSY_SECONDS
    looks.now += 0.02
    assert waiting.every() == polling.IDLE_SECONDS


def test_where_a_look_fails_there_may_be_work_in_every_queue() -> None:
    looks = Looks()
    looks.found = None
    waiting = polling.Waiting(looks, lambda: looks.now)
    assert all(waiting.may_be_in(name) for name in NAMES) and waiting.every() == polling.IDLE_SECONDS
    looks.found = []
    looks.now += polling.LOOK_SECONDS
    assert not waiting.may_be_in(engine.CHAIN)


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
    assert set(ask()) == before, "what is delayed does not wait yet"
    queue.put([AttemptKey(project.jobs.get().pk, "briefing", 0, 0, 1, 0, 0.0)])
    assert set(ask()) == before | {engine.CHAIN}


def test_work_is_taken_as_before_and_nothing_is_asked_while_nothing_waits(
    queue: engine.Queue, project: Project, statements: list[str]
) -> None:
    sys_db = queue.client._sys_db
    queue.cancel(project.jobs.get().pk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polling, "LOOK_SECONDS", 0.0)
        patch.setattr(polling, "BUSY_LOOK_SECONDS", 0.0)
        waiting = polling.install(sys_db, NAMES)
        statements.clear()
        for name in NAMES:
            assert sys_db.start_queued_workflows(asked_of(name), "w", engine.VERSION, None) == ([], None)
        assert len(statements) == len(NAMES), "one look each, as every look is due at once here"
        this = AttemptKey(project.jobs.get().pk, "briefing", 0, 0, 1, 0, 0.0)
        queue.put([this])
        assert waiting.may_be_in(engine.CHAIN)
        found, _ = sys_db.start_queued_workflows(asked_of(engine.CHAIN), "w", engine.VERSION, None)
        assert found == [this.id]
    statements.clear()
    sys_db.start_queued_workflows(asked_of("another"), "w", engine.VERSION, None)
    assert statements, "a queue that is not ours is asked for as ever"


def test_settings_are_kept_for_moments_and_carry_how_often_to_look(queue: engine.Queue, statements: list[str]) -> None:
    sys_db = queue.client._sys_db
    queue.client.register_queue("kept", worker_concurrency=3, polling_interval_sec=9.0, on_conflict="always_update")
    waiting = polling.install(sys_db, ["kept"])
    first = sys_db.get_queue("kept")
    assert first is not None
    statements.clear()
    assert sys_db.get_queue("kept") is first and not statements
    assert (first._worker_concurrency, first._polling_interval_sec) == (3, waiting.every())
    assert sys_db.get_queue("nobody") is None


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
    assert "idx_workflow_status_in_flight" in plan and "SCAN workflow_status USING" not in plan, plan

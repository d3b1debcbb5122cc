"""How a worker looks for queued work: one query for all queues, instead of three statements for each of them.

The engine reads every queue's settings and then its work, ten queues four times a second, which cost an idle worker a tenth of
a core. Here one thread looks, and the engine's threads sleep until it has found something for their queue. The engine itself
still takes the work. What it does every second, whether or not there is anything to do, is left out as well while nothing is
delayed. This must never keep work from being taken: when it can't tell, it says that there may be some, and no thread sleeps
longer than `SETTINGS_SECONDS`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.25
"""Seconds between two polls of a queue of which nothing is known, because the look failed."""
BLOCKED_SECONDS = 0.05
"""Seconds before polling again a queue whose work couldn't be taken: its limit is reached, or another worker was faster."""
ENGINES_THREADS = "queue-worker-"
"""How the engine names the threads that poll queues. Others that ask for a queue's settings get them at once."""
AT_ONCE = 0.001
"""Seconds before polling a queue for which a look has just found work. The engine doesn't accept zero."""
LOOK_SECONDS, BUSY_LOOK_SECONDS = 0.25, 0.02
"""Seconds between two looks: while nothing is queued, and while something is or was in the last `BUSY_FOR` seconds."""
BUSY_FOR = 5.0
SETTINGS_SECONDS = 5.0
"""How many seconds a queue's settings are cached: another worker may start with different ones. No thread sleeps longer."""
DEADLINES_SECONDS = 60.0
"""Seconds between two looks for work past its deadline. The product gives its work none."""
DELAYED = "(delayed)"
"""What a look calls work whose delay isn't over, whatever its queue."""


class Waiting:
    """Which of the queues have work, determined with `ask` once for all threads. Thread-safe. The looking thread calls `ended` when
    it has asked for the last time."""

    def __init__(
        self,
        ask: Callable[[], Iterable[str]],
        clock: Callable[[], float] = time.monotonic,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._ask, self._clock, self._ended = ask, clock, ended
        self._changed = threading.Condition()
        self._woken = threading.Event()
        self._busy_at = -float("inf")
        self._found: frozenset[str] | None = None
        self._blocked: set[str] = set()
        self._delayed = True
        self._closed = False

    def start(self) -> None:
        """Look in a separate thread until `close`."""
        threading.Thread(target=self._keep_looking, daemon=True, name="queue-looker").start()

    def _keep_looking(self) -> None:
        while not self._closed:
            self.look()
            self._woken.wait(self.every())
            self._woken.clear()
        self._ended()

    def every(self) -> float:
        """Seconds between two looks."""
        return BUSY_LOOK_SECONDS if self._clock() - self._busy_at < BUSY_FOR else LOOK_SECONDS

    def look(self) -> None:
        """Ask now. A failed look means that there may be work in every queue."""
        found: frozenset[str] | None
        try:
            found = frozenset(self._ask())
        except Exception as failed:
            # The engine meets the same error when it asks, and knows how to wait for the database.
            log.debug("could not look for queued work: %s", failed)
            found = None
        with self._changed:
            self._delayed = found is None or DELAYED in found
            found = found and found - {DELAYED}
            self._found = found
            if found:
                self._busy_at = self._clock()
            if found is None or found:
                self._changed.notify_all()

    def wake(self) -> None:
        """Look at once: this process has queued something. Returns without waiting for the look."""
        self._woken.set()

    def close(self) -> None:
        """Stop looking and wake every thread, so that the engine can end them. Idempotent."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._woken.set()

    def may_be_delayed(self) -> bool:
        """Whether work may be waiting for the end of a delay. False only when the last look found none."""
        with self._changed:
            return self._delayed

    def may_be_in(self, name: str) -> bool:
        """False only when the last look found nothing in the queue, or what it found was polled for since. True also when the
        look failed."""
        with self._changed:
            return self._known(name)

    def _known(self, name: str) -> bool:
        return self._found is None or name in self._found

    def until_due(self, name: str, longest: float = SETTINGS_SECONDS) -> float:
        """Sleep until the queue should be polled, `longest` seconds at most. Returns how many seconds the engine should still wait."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._known(name), longest)
            if self._closed or self._found is None:
                return IDLE_SECONDS
            return BLOCKED_SECONDS if name in self._blocked and name in self._found else AT_ONCE

    def polled(self, name: str, took: bool) -> None:
        """The queue was polled, and work was taken or wasn't. It is polled again when a later look finds something."""
        with self._changed:
            if self._found is not None:
                self._found -= {name}
            (self._blocked.discard if took else self._blocked.add)(name)


def question(sys_db: Any, names: Iterable[str]) -> Question:
    """What asks the engine's tables which of these queues have work waiting, and whether any is delayed (`DELAYED`), through indexes,
    however much waits."""
    rows = sys_db.tables.workflow_status
    # The words of the engine's index, without which SQLite doesn't see that it may use it.
    in_flight = sqlalchemy.text("status IN ('ENQUEUED', 'PENDING')")
    asked = sqlalchemy.union_all(
        *(
            sqlalchemy.select(sqlalchemy.literal(name)).where(
                sqlalchemy.exists().where(rows.c.queue_name == name, rows.c.status == "ENQUEUED", in_flight)
            )
            for name in names
        ),
        sqlalchemy.select(sqlalchemy.literal(DELAYED)).where(
            sqlalchemy.exists().where(sqlalchemy.text("status = 'DELAYED'")).select_from(rows)
        ),
    )
    # Compiled once: building it costs more than asking it.
    schemas = sys_db.engine.get_execution_options().get("schema_translate_map")
    how: dict[str, Any] = {"schema_translate_map": schemas, "render_schema_translate": True} if schemas else {}
    sql = str(asked.compile(sys_db.engine, compile_kwargs={"literal_binds": True}, **how))

    engine = sys_db.engine.execution_options(isolation_level="AUTOCOMMIT")
    return (OnlyAfterChanges if engine.dialect.name == "sqlite" else Question)(engine, sql)


class Question:
    """Asks which queues have work waiting. For one thread."""

    def __init__(self, engine: Any, sql: str) -> None:
        self._engine, self._sql = engine, sql

    def __call__(self) -> list[str]:
        with self._engine.connect() as looking:
            return [name for (name,) in looking.exec_driver_sql(self._sql)]

    def close(self) -> None:
        """Give back what is kept between two questions. Idempotent; the next one takes it again."""


class OnlyAfterChanges(Question):
    """Asks an SQLite file again only after someone has changed it, which costs a hundredth of asking."""

    def __init__(self, engine: Any, sql: str) -> None:
        super().__init__(engine, sql)
        self._looking: Any = None
        self._version: int | None = None
        self._found: list[str] = []

    def __call__(self) -> list[str]:
        try:
            if self._looking is None:
                self._looking, self._version = self._engine.connect(), None
            # Read before the question: what is queued between the two is found by the next look.
            version = self._looking.exec_driver_sql("PRAGMA data_version").scalar_one()
            if version != self._version:
                self._found = [name for (name,) in self._looking.exec_driver_sql(self._sql)]
                self._version = version
        except Exception:
            self.close()
            raise
        return self._found

    def close(self) -> None:
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.invalidate()
            looking.close()


def install(sys_db: Any, names: Iterable[str]) -> Waiting:
    """Have the engine's threads of this process sleep while nothing waits in their queues, and look for them from now on, until
    the answer's `close`. Other queues are asked for as usual. Once per process, after its queues are registered."""
    known = frozenset(names)
    asked = question(sys_db, sorted(known))
    waiting = Waiting(asked, ended=asked.close)
    take, read = sys_db.start_queued_workflows, sys_db.get_queue
    settings: dict[str, tuple[float, Any]] = {}

    def start_queued_workflows(queue: Any, *rest: Any, **named: Any) -> Any:
        if queue.name not in known:
            return take(queue, *rest, **named)
        if not waiting.may_be_in(queue.name):
            return [], None
        taken = take(queue, *rest, **named)
        waiting.polled(queue.name, bool(taken[0]))
        return taken

    def get_queue(name: str, **named: Any) -> Any:
        if name not in known or named or not threading.current_thread().name.startswith(ENGINES_THREADS):
            return read(name, **named)
        pause = waiting.until_due(name)
        kept = settings.get(name)
        if kept is None or time.monotonic() - kept[0] >= SETTINGS_SECONDS:
            kept = (time.monotonic(), read(name))
            if kept[1] is None:
                return None
            settings[name] = kept
        kept[1]._polling_interval_sec = pause
        return kept[1]

    sys_db.start_queued_workflows, sys_db.get_queue = start_queued_workflows, get_queue
    _do_less(sys_db, waiting)
    waiting.start()
    return waiting


def _do_less(sys_db: Any, waiting: Waiting) -> None:
    """Leave out what the engine's threads do every second where there is nothing to do: queue work whose delay is over, cancel
    work past its deadline, and list the queues, which change when a worker starts."""
    queue_delayed, cancel, listed = (
        sys_db.transition_delayed_workflows, sys_db.cancel_timed_out_workflows, sys_db.list_queues,
    )  # fmt: skip
    swept, queues = [-float("inf")], dict[str, tuple[float, Any]]()

    def transition_delayed_workflows() -> None:
        if waiting.may_be_delayed():
            queue_delayed()

    def cancel_timed_out_workflows(limit: int) -> list[str]:
        now = time.monotonic()
        if now - swept[0] < DEADLINES_SECONDS:
            return []
        cancelled: list[str] = cancel(limit)
        if len(cancelled) < limit:
            swept[0] = now
        return cancelled

    def list_queues(**named: Any) -> Any:
        kept = queues.get(str(named))
        if kept is None or time.monotonic() - kept[0] >= SETTINGS_SECONDS:
            queues[str(named)] = kept = (time.monotonic(), listed(**named))
        return kept[1]

    sys_db.transition_delayed_workflows = transition_delayed_workflows
    sys_db.cancel_timed_out_workflows = cancel_timed_out_workflows
    sys_db.list_queues = list_queues

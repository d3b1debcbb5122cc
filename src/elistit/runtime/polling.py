"""How a worker looks for queued work: one query for all queues, instead of three statements for each of them.

The engine reads every queue's settings and then its work, ten queues four times a second, which cost an idle worker a
tenth of a core. Here it is answered from memory while nothing is queued. The engine itself still takes the work. This
must never keep work from being taken: when it can't tell, it says that there may be some.
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
"""Seconds between two polls of a queue while nothing is queued. Waking ten threads is most of what an idle worker costs."""
BUSY_SECONDS = 0.05
"""Seconds between two polls while something is queued, or was in the last `BUSY_FOR` seconds."""
BUSY_FOR = 5.0
LOOK_SECONDS, BUSY_LOOK_SECONDS = 0.1, 0.02
"""Maximum age in seconds of the cached answer: while nothing is queued, and while something is or was."""
SETTINGS_SECONDS = 5.0
"""How many seconds a queue's settings are cached: another worker may start with different ones."""


class Waiting:
    """Which of the queues have work, determined with `ask` once for all threads. Thread-safe."""

    def __init__(self, ask: Callable[[], Iterable[str]], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._clock = ask, clock
        self._lock = threading.Lock()
        self._asked_at = self._busy_at = -float("inf")
        self._found: frozenset[str] | None = frozenset()

    def every(self) -> float:
        """Seconds between two polls of a queue."""
        return BUSY_SECONDS if self._busy() else IDLE_SECONDS

    def _busy(self) -> bool:
        # While the database doesn't answer, asking more often doesn't help.
        return self._found is not None and self._clock() - self._busy_at < BUSY_FOR

    def may_be_in(self, name: str) -> bool:
        """False only if a recent look found nothing in the queue. True also when the look failed."""
        with self._lock:
            now = self._clock()
            if now - self._asked_at >= (BUSY_LOOK_SECONDS if self._busy() else LOOK_SECONDS):
                self._asked_at = now
                self._found = self._look()
                if self._found:
                    self._busy_at = now
            return self._found is None or name in self._found

    def _look(self) -> frozenset[str] | None:
        try:
            return frozenset(self._ask())
        except Exception as failed:
            # The engine meets the same error when it asks, and knows how to wait for the database.
            log.debug("could not look for queued work: %s", failed)
            return None


def question(sys_db: Any, names: Iterable[str]) -> Callable[[], list[str]]:
    """Build a function that asks the engine's tables which of these queues have work, using an index, so that the cost
    doesn't grow with the number of rows."""
    rows = sys_db.tables.workflow_status
    # The condition of the engine's index, literally: without it SQLite doesn't use the index.
    in_flight = sqlalchemy.text("status IN ('ENQUEUED', 'PENDING')")
    asked = sqlalchemy.union_all(
        *(
            sqlalchemy.select(sqlalchemy.literal(name)).where(
                sqlalchemy.exists().where(rows.c.queue_name == name, rows.c.status == "ENQUEUED", in_flight)
            )
            for name in names
        )
    )
    # Compiled once: building the statement costs more than running it.
    schemas = sys_db.engine.get_execution_options().get("schema_translate_map")
    how: dict[str, Any] = {"schema_translate_map": schemas, "render_schema_translate": True} if schemas else {}
    sql = str(asked.compile(sys_db.engine, compile_kwargs={"literal_binds": True}, **how))

    def ask() -> list[str]:
        with sys_db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            return [name for (name,) in looking.exec_driver_sql(sql)]

    return ask


def install(sys_db: Any, names: Iterable[str]) -> Waiting:
    """Make the engine's database object in this process answer from memory while nothing is queued in these queues.
    Other queues work as usual. Call once per process, after its queues are registered."""
    known = frozenset(names)
    waiting = Waiting(question(sys_db, sorted(known)))
    take, read = sys_db.start_queued_workflows, sys_db.get_queue
    settings: dict[str, tuple[float, Any]] = {}

    def start_queued_workflows(queue: Any, *rest: Any, **named: Any) -> Any:
        if queue.name in known and not waiting.may_be_in(queue.name):
            return [], None
        return take(queue, *rest, **named)

    def get_queue(name: str, **named: Any) -> Any:
        if name not in known or named:
            return read(name, **named)
        kept = settings.get(name)
        if kept is None or time.monotonic() - kept[0] >= SETTINGS_SECONDS:
            kept = (time.monotonic(), read(name))
            if kept[1] is None:
                return None
            settings[name] = kept
        kept[1]._polling_interval_sec = waiting.every()
        return kept[1]

    sys_db.start_queued_workflows, sys_db.get_queue = start_queued_workflows, get_queue
    return waiting

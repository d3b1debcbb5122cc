"""Looking whether tasks have something to do, without their lease: what a worker does while nothing happens.

A look runs the task up to its first change, which never happens in it: the task is then run again, under its lease. So a
studio at rest is only read. Looks are done one after the other on one thread, which keeps its database connection; a look
that takes long loses the thread, so that it delays no other. It must never change anything.
"""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from elistit import ports
from elistit.database_outage import rest_connection
from elistit.maintenance import clock_guard
from elistit.maintenance.status import Look
from elistit.maintenance.task import Run, SomethingToDo, Task, WorkerView

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How long a look may keep the others waiting."""

READS = ("SELECT", "WITH", "PRAGMA", "EXPLAIN", "SHOW", "SET", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
"""How statements begin that change nothing. The product writes no WITH that changes rows."""


def has_work(task: Task, worker: WorkerView, cursor: str) -> bool:
    """Whether a task has something to do: a change, another cursor, or an error, which only a run may record. Changes
    nothing. Raises what the task raises."""
    if task.needs_clock and not clock_guard.trusted():
        return True
    run = Run(task.name, worker, cursor, time.monotonic() + task.time_limit, looking=True)
    try:
        with connection.execute_wrapper(_only_reads):
            task.run(run)
    except SomethingToDo:
        return True
    return bool(run.errors) or run.cursor != cursor


def _only_reads(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not sql.lstrip(" \n(")[:9].upper().startswith(READS) or " FOR UPDATE" in sql:
        raise SomethingToDo
    return execute(sql, params, many, context)


class Looks:
    """The looks of one worker. `found` is called for each task that has something to do, on the looking thread, and must
    only start a thread. For one calling thread."""

    def __init__(self, worker: WorkerView, found: Callable[[Task], object]) -> None:
        self._worker, self._found = worker, found
        self._asked: queue.SimpleQueue[tuple[Task, str] | None] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._busy: set[str] = set()
        self._nothing: dict[str, Look] = {}
        self._looker: _Looker | None = None

    def ask(self, task: Task, cursor: str) -> None:
        """Have a task looked at, once at a time."""
        with self._guard:
            if task.name in self._busy:
                return
            self._busy.add(task.name)
        self._asked.put((task, cursor))

    def attend(self) -> None:
        """Start the thread that looks, when there is none, or another one when a look takes too long."""
        if self._looker is None or not self._looker.is_alive() or self._looker.stuck():
            if self._looker is not None and self._looker.is_alive():
                log.warning(
                    "looking for work of %s takes long; the other tasks are looked at meanwhile", self._looker.at
                )
            self._looker = _Looker(self)
            self._looker.start()

    def nothing(self) -> dict[str, Look]:
        """The last look of each task that found nothing."""
        with self._guard:
            return dict(self._nothing)

    def close(self) -> None:
        """End the thread after the looks that were asked for."""
        self._asked.put(None)

    def next(self) -> tuple[Task, str] | None:
        return self._asked.get()

    def look(self, task: Task, cursor: str) -> None:
        """Look at one task. Never raises: a look that fails leaves the error to the run, which records it."""
        began = time.monotonic()
        try:
            work = has_work(task, self._worker, cursor)
        except Exception:
            log.debug("looking for work of %s failed; the run says why", task.name, exc_info=True)
            work = True
        with self._guard:
            self._busy.discard(task.name)
            if work:
                self._nothing.pop(task.name, None)
            else:
                interval = dt.timedelta(seconds=task.interval)
                self._nothing[task.name] = Look(ports.now(), time.monotonic() - began, interval)
        if work:
            self._found(task)

    def rest(self) -> None:
        """Release database resources when no look is left."""
        if self._asked.empty():
            rest_connection()

    def has(self, looker: _Looker) -> bool:
        """Whether this is still the thread that looks."""
        return self._looker is looker


class _Looker(threading.Thread):
    """The thread that looks, until its look takes too long. What it is at (`at`) began `since`, on the monotonic clock."""

    def __init__(self, looks: Looks) -> None:
        super().__init__(daemon=True, name="maintenance looks")
        self._looks = looks
        self.at, self.since = "", float("inf")

    def stuck(self) -> bool:
        return time.monotonic() - self.since > LOOK_SECONDS

    def run(self) -> None:
        try:
            while self._looks.has(self) and (asked := self._looks.next()) is not None:
                task, cursor = asked
                self.at, self.since = task.name, time.monotonic()
                try:
                    self._looks.look(task, cursor)
                finally:
                    self.since = float("inf")
                self._looks.rest()
        finally:
            connection.close()

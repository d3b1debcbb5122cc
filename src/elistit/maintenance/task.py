"""A maintenance task: its name, interval and time limit, and how it processes rows so that one doesn't stop the others.

It must never know what a task does. A task must be safe to run concurrently: the lease makes that rare, not impossible.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from elistit import ports
from elistit.database_outage import is_outage
from elistit.maintenance.models import RowFailure
from elistit.stages.context import StageContext

log = logging.getLogger(__name__)

FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True)
class WorkerView:
    """What a task may know about the worker that runs it: its name, whether it may judge others, whether it is the only
    one, and its stage context. A pass by hand (`elistit recover`) has no `context`."""

    name: str = ""
    fit_to_judge: Callable[[], bool] = field(default=lambda: True)
    only_worker: bool = False
    context: StageContext | None = None


class SomethingToDo(BaseException):
    """A run that only looks has come to something it would change. Not an Exception, so that no task takes it for the failure
    of a row."""


@dataclass
class Run:
    """One run of a task. `cursor` is where the previous run stopped; the task may change it for the next one. `errors`
    are the failed rows, in words. A run with an empty `task` (by hand, in tests) stores no failures.

    `looking`: the run holds no lease and only looks whether there is something to do; it ends with SomethingToDo at the first
    change (`maintenance.looking`)."""

    task: str = ""
    worker: WorkerView = field(default_factory=WorkerView)
    cursor: str = ""
    deadline: float = float("inf")
    errors: list[str] = field(default_factory=list)
    looking: bool = False

    def act(self) -> None:
        """Say that what follows changes something outside Django's database: files, the engine's queues, an outside service.
        Raises SomethingToDo in a run that only looks."""
        if self.looking:
            raise SomethingToDo

    def expired(self) -> bool:
        """Whether the time limit is over; the remaining rows wait for the next run."""
        return time.monotonic() >= self.deadline

    def each(
        self,
        rows: Iterable[T],
        action: Callable[[T], object],
        *,
        key: Callable[[T], str] = str,
        most: int | None = None,
        reads: bool = False,
    ) -> int:
        """Do `action` for each row separately and return how much was done: a number that `action` returns counts as
        that many, True and None as one.

        A row that fails is recorded and waits: a minute, then twice as long each time, at most a day. The others
        continue. Stops early when the time limit is over, or after `most` rows. Raises only for a database outage,
        which isn't a row's fault. `reads`: the action changes nothing, so a run that only looks may do it.
        """
        known: dict[str, dt.datetime] | None = None
        now, done, tried = ports.now(), 0, 0
        for row in rows:
            if known is None:
                known = self._failing()
            if self.expired() or tried == most:
                break
            name = key(row)[:120]
            if (retry_at := known.get(name)) is not None and now < retry_at <= now + LONGEST_PAUSE:
                continue
            if not reads:
                self.act()
            tried += 1
            try:
                did = action(row)
            except Exception as error:
                if is_outage(error):
                    raise
                self.act()
                log.exception("%s: %s failed; the others continue", self.task or "maintenance", name)
                self._failed(name, error, again=name in known)
                continue
            if name in known:
                self.act()
                RowFailure.objects.filter(task=self.task, key=name).delete()
            done += int(did) if isinstance(did, int) else 1
        return done

    def _failing(self) -> dict[str, dt.datetime]:
        """The rows that failed before, each with the time from which it is retried."""
        if not self.task:
            return {}
        return dict(RowFailure.objects.filter(task=self.task).values_list("key", "retry_at"))

    def reported(self, action: Callable[[Callable[[str, Exception], None]], int]) -> int:
        """Do `action`, which isolates its own rows and reports each failed one (`report(row, error)`), and return how
        much it did. A row that is no longer reported has succeeded or is gone."""
        failed: set[str] = set()

        def report(row: str, error: Exception) -> None:
            self.act()
            log.error("%s: %s failed; the others continue", self.task or "maintenance", row, exc_info=error)
            failed.add(row[:120])
            self._failed(row[:120], error, again=True)

        did = action(report)
        if self.task:
            over = RowFailure.objects.filter(task=self.task).exclude(key__in=failed)
            if over.exists():
                over.delete()
        return did

    def _failed(self, key: str, error: Exception, *, again: bool) -> None:
        self.act()
        words = f"{type(error).__name__}: {error}"[:400]
        self.errors.append(f"{key}: {words}")
        if not self.task:
            return
        now = ports.now()
        row = RowFailure.objects.filter(task=self.task, key=key).first() if again else None
        failures = row.failures + 1 if row else 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 12))
        RowFailure.objects.update_or_create(
            task=self.task,
            key=key,
            defaults={"failures": failures, "error": words, "last_at": now, "retry_at": now + pause},
        )


@dataclass(frozen=True)
class Task:
    """One maintenance task. `interval` and `time_limit` are in seconds.

    `run` returns how much it did, as a number that `words` names in reports (“expired grants”) or counted by name.
    `needs_clock`: it depends on elapsed time, so it is suspended while the clock isn't trusted. `needs_context`: it
    runs only in a worker process. `looks_first`: a worker takes its lease only when there is something to do. Such a task calls
    `Run.act` before it changes anything outside Django's database, and it reads quickly, without asking an outside service.
    """

    name: str
    interval: float
    run: Callable[[Run], int | Counter[str]]
    words: str
    time_limit: float = 120.0
    needs_clock: bool = False
    needs_context: bool = False
    looks_first: bool = False


_sources: dict[str, Callable[[], Iterable[Task]]] = {}


def register(package: str, tasks: Callable[[], Iterable[Task]]) -> None:
    """Add the tasks of a package above this one. `tasks` is called only when tasks are run or listed, so that other
    processes don't import them. Registering a package twice is fine: the last one counts."""
    _sources[package] = tasks


def registered() -> tuple[Task, ...]:
    """The tasks of packages above this one."""
    return tuple(task for tasks in _sources.values() for task in tasks())

"""Status of maintenance tasks, and the lease to run one, for the worker, the doctor, the console and the metrics.

One worker runs a task at a time: the one that holds its lease. What a run did is stored at once; that a look found nothing
to do (`maintenance.looking`) is stored every `MARK_EVERY`, so that a studio at rest writes next to nothing. It must never
decide what a task does.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from elistit import ports
from elistit.maintenance.models import RowFailure, TaskState
from elistit.maintenance.task import Run, Task, WorkerView

LATE_FACTOR = 5
"""A task is late when it failed this many times in a row, or hasn't succeeded for this many of its intervals plus five
minutes, and `MARK_EVERY` more, because a success may be that much newer than what is stored."""
LATE_AT_LEAST = 300.0
MARK_EVERY = dt.timedelta(minutes=5)
"""How old the stored success of a task may get while looks find nothing to do, and an interval more."""

LONGEST_LEASE = dt.timedelta(days=1)
"""Longer than any time limit. A longer lease was written by a clock that was ahead."""


@dataclass(frozen=True)
class Look:
    """A look that found nothing to do: when, how many seconds it took, and how often its task is looked at."""

    at: dt.datetime
    seconds: float
    interval: dt.timedelta


@dataclass(frozen=True)
class Report:
    """One task as an operator sees it. Times are UTC, `interval` is in seconds; `rows` are the failing rows, with the
    error of each."""

    name: str
    interval: float
    last_success_at: dt.datetime | None
    last_error_at: dt.datetime | None
    last_error: str
    failures: int
    seconds: float
    late: bool
    running: bool
    rows: dict[str, str]

    @property
    def every(self) -> str:
        """The interval in words: “30 s”, “5 min”, “24 h”."""
        for seconds, unit in ((3600, "h"), (60, "min")):
            if self.interval >= seconds and self.interval % seconds == 0:
                return f"{self.interval / seconds:.0f} {unit}"
        return f"{self.interval:g} s"


def take(task: Task, worker: WorkerView, *, now_whatever: bool = False) -> Run | None:
    """Take a task that is due. None when it isn't, or when another worker is running it. `now_whatever` takes it early."""
    now = ports.now()
    TaskState.objects.get_or_create(pk=task.name)
    mine = TaskState.objects.filter(pk=task.name).filter(_free(now, task))
    if not now_whatever:
        mine = mine.filter(_due(now, task))
    until = now + dt.timedelta(seconds=task.time_limit)
    if not mine.update(holder=worker.name or "by hand", lease_until=until, started_at=now):
        return None
    cursor = TaskState.objects.values_list("cursor", flat=True).get(pk=task.name)
    return Run(task.name, worker, cursor, time.monotonic() + task.time_limit)


def _free(now: dt.datetime, task: Task) -> Q:
    """No one holds it. A lease longer than possible was written by a clock that was ahead, and doesn't count."""
    longest = now + dt.timedelta(seconds=task.time_limit)
    return Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=longest)


def _due(now: dt.datetime, task: Task) -> Q:
    return Q(next_at=None) | Q(next_at__lte=now) | Q(next_at__gt=now + dt.timedelta(seconds=task.interval))


def rows() -> dict[str, TaskState]:
    """What is stored of each task, in one query."""
    return {row.pk: row for row in TaskState.objects.all()}


def due(tasks: tuple[Task, ...], rows: Mapping[str, TaskState], looks: Mapping[str, Look]) -> list[Task]:
    """The due tasks that no one is running. `looks` are those of this worker that found nothing to do."""
    now = ports.now()
    return [t for t in tasks if _is_due(rows.get(t.name), looks.get(t.name), t, now)]


def _is_due(row: TaskState | None, look: Look | None, task: Task, now: dt.datetime) -> bool:
    interval, longest = dt.timedelta(seconds=task.interval), dt.timedelta(seconds=task.time_limit)
    waits = [at for at in (row and row.next_at, look and look.at + interval) if at]
    free = row is None or row.lease_until is None or not now < row.lease_until <= now + longest
    return free and not any(now < at <= now + interval for at in waits)


def store_looks(rows: Mapping[str, TaskState], looks: Mapping[str, Look]) -> None:
    """Store that tasks succeeded without having anything to do: at once where the stored result is an error, and all of them
    together when a stored success has got too old. `rows` is what was just read."""
    new = {n: look for n, look in looks.items() if not _held(rows.get(n), look) and _tells_more(rows.get(n), look)}
    now = [name for name in new if (row := rows.get(name)) is None or row.last_error or row.failures]
    if not now and not any(_is_old(rows[name], look) for name, look in new.items()):
        return
    with transaction.atomic():
        TaskState.objects.bulk_create([TaskState(pk=name) for name in new if name not in rows], ignore_conflicts=True)
        for name, look in new.items():
            seen = rows.get(name, TaskState(pk=name))
            # Unless a worker has taken the task or stored a result since.
            same = {f: getattr(seen, f) for f in ("lease_until", "last_success_at", "last_error_at")}
            TaskState.objects.filter(pk=name, **same).update(
                last_success_at=look.at, last_error="", failures=0, seconds=look.seconds
            )


def _held(row: TaskState | None, look: Look) -> bool:
    return row is not None and row.lease_until is not None and look.at < row.lease_until <= look.at + LONGEST_LEASE


def _tells_more(row: TaskState | None, look: Look) -> bool:
    stored = [at for at in (row and row.last_success_at, row and row.last_error_at) if at]
    return all(look.at > at for at in stored) or _is_ahead(row, look)


def _is_old(row: TaskState, look: Look) -> bool:
    stored = row.last_success_at
    return stored is None or look.at - stored >= MARK_EVERY + look.interval or _is_ahead(row, look)


def _is_ahead(row: TaskState | None, look: Look) -> bool:
    """Whether what is stored was written by a clock that was ahead."""
    stored = row.last_success_at if row else None
    return stored is not None and stored - look.at > MARK_EVERY


def finish(task: Task, run: Run, seconds: float, error: str = "") -> None:
    """Record the result of a run and release the task."""
    now = ports.now()
    if run.errors and not error:
        error = f"{len(run.errors)} failed: {run.errors[0]}"
    fields: dict[str, object] = {
        "holder": "",
        "lease_until": None,
        "next_at": now + dt.timedelta(seconds=task.interval),
        "seconds": seconds,
        "cursor": run.cursor[:120],
    }
    row = TaskState.objects.filter(pk=task.name, holder=run.worker.name or "by hand")
    if error:
        failures = row.values_list("failures", flat=True).first() or 0
        fields |= {"last_error_at": now, "last_error": error[:400], "failures": failures + 1}
    else:
        fields |= {"last_success_at": now, "last_error": "", "failures": 0}
    row.update(**fields)


def release_all(worker: str | None = None) -> None:
    """Release what a dead worker held; on SQLite, where a new worker is the only one, what any worker held."""
    held = TaskState.objects.exclude(holder="") if worker is None else TaskState.objects.filter(holder=worker)
    held.update(holder="", lease_until=None)


def reports(tasks: tuple[Task, ...]) -> list[Report]:
    """The state of each task, in the order given. Read-only."""
    now = ports.now()
    stored = rows()
    failing: dict[str, dict[str, str]] = {}
    for failure in RowFailure.objects.order_by("task", "key"):
        failing.setdefault(failure.task, {})[failure.key] = failure.error
    return [_report(task, stored.get(task.name), failing.get(task.name, {}), now) for task in tasks]


def _report(task: Task, row: TaskState | None, rows: dict[str, str], now: dt.datetime) -> Report:
    if row is None:
        return Report(task.name, task.interval, None, None, "", 0, 0.0, False, False, rows)
    allowance = dt.timedelta(seconds=max(LATE_AT_LEAST, LATE_FACTOR * task.interval))
    if task.looks_first:
        allowance += MARK_EVERY
    overdue = row.last_success_at is not None and now - row.last_success_at > allowance
    return Report(
        task.name,
        task.interval,
        row.last_success_at,
        row.last_error_at,
        row.last_error,
        row.failures,
        row.seconds,
        late=overdue or row.failures >= LATE_FACTOR,
        running=row.lease_until is not None and row.lease_until > now,
        rows=rows,
    )

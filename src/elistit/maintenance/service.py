"""`pipeline_recovery`: run the maintenance tasks, in every worker and as `elistit recover` (rules §6).

Each task runs on its own thread and is isolated: one that fails, hangs or is slow doesn't delay the others. One worker
runs a task at a time, and most are taken only when there is something to do (`maintenance.looking`). It must never judge
others right after its own outage, and never run an attempt itself. Every change to a job is recorded as a note the seller
can read.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection

from elistit.database_outage import outage, rest_connection, retry_while_down
from elistit.maintenance import clock_guard, rescue_workers, status, stuck_jobs, tasks
from elistit.maintenance.looking import Looks
from elistit.maintenance.task import Task, WorkerView
from elistit.projects.models import Job
from elistit.projects.states import ACTIVE_JOB
from elistit.runtime.leases import Watch
from elistit.stages.context import StageContext

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two checks of the other workers."""
OWN_WORK_EVERY = 5
"""Checks of the other workers per check of this worker's own work."""
PASS_EVERY = 2.0
"""Seconds between two checks for due tasks."""


class ClockRefused(Exception):
    """A task that depends on elapsed time is suspended: the clock jumped."""


def run_task(task: Task, worker: WorkerView, *, now_whatever: bool = False) -> Counter[str]:
    """Run one task if it is due and not running elsewhere, and return what it did, counted by name; `now_whatever` runs
    it early. Never raises for an error of the task: the error is stored, logged and shown to the operator."""
    run = status.take(task, worker, now_whatever=now_whatever)
    if run is None:
        return Counter()
    began, error = time.monotonic(), ""
    did: int | Counter[str] = 0
    try:
        if task.needs_clock and not clock_guard.trusted():
            raise ClockRefused(clock_guard.refusal())
        did = task.run(run)
    except ClockRefused as refused:
        error = f"Paused because the clock jumped. {refused}"
    except Exception as failed:
        words = outage(failed)
        if words is None:
            log.exception("maintenance task %s failed; it runs again in %.0f s", task.name, task.interval)
        else:
            log.warning("maintenance task %s was interrupted: %s", task.name, words)
        error = f"{type(failed).__name__}: {failed}" if words is None else f"Interrupted: {words}"
    seconds = time.monotonic() - began
    retry_while_down(lambda: status.finish(task, run, seconds, error))
    return did if isinstance(did, Counter) else Counter({task.words: did})


def recover_once(me: str = "") -> dict[str, Any]:
    """One whole pass, as `elistit recover` runs it: every task once, whether due or not.

    Returns what was done by name, errors by task (`errors`), stuck jobs, and the number of active jobs. Safe to run at
    any time, concurrently; a task that another worker is running is skipped.
    """
    done: Counter[str] = Counter()
    done["resumed work of dead workers"] += rescue_workers.recover_dead_workers(me)
    for task in tasks.all_tasks():
        if not task.needs_context:
            done.update(run_task(task, WorkerView(me), now_whatever=True))
    return {
        "done": {k: v for k, v in done.items() if v},
        "errors": {r.name: r.last_error for r in status.reports(tasks.all_tasks()) if r.last_error},
        "stuck": stuck_jobs.stuck(),
        "active_jobs": Job.objects.filter(status__in=ACTIVE_JOB).count(),
    }


class Scheduler:
    """Starts due tasks, each on its own thread and at most once at a time in this process, and those that look first only
    when they have something to do."""

    def __init__(self, worker: WorkerView) -> None:
        self.worker = worker
        self.looks = Looks(worker, self._start)
        self._guard = threading.Lock()
        self._running: dict[str, threading.Thread] = {}

    def look(self) -> list[threading.Thread]:
        """Start what is due and not running here, or have it looked at, and return the started threads."""
        with self._guard:
            self._running = {name: thread for name, thread in self._running.items() if thread.is_alive()}
            running = set(self._running)
        rows, looks = status.rows(), self.looks.nothing()
        started = []
        for task in status.due(tasks.all_tasks(), rows, looks):
            if task.name in running:
                continue
            if task.looks_first:
                self.looks.ask(task, rows[task.name].cursor if task.name in rows else "")
            else:
                started.append(self._start(task))
        self.looks.attend()
        status.store_looks(rows, {name: look for name, look in looks.items() if name not in running})
        return started

    def _start(self, task: Task) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(task,), daemon=True, name=f"maintenance {task.name}")
        with self._guard:
            self._running[task.name] = thread
            thread.start()
        return thread

    def _run(self, task: Task) -> None:
        try:
            run_task(task, self.worker)
        except Exception:
            log.exception("maintenance task %s could not be taken or written down", task.name)
        finally:
            connection.close()


def keep_watch(worker: WorkerView, stopped: threading.Event) -> None:
    """The thread of a worker that checks the other workers and its own work, separate from the tasks so that nothing
    slow delays it. Ends when `stopped` is set; survives every error of a check."""
    watch = Watch(worker.name)
    looks = 0
    dropped: set[str] = set()

    def look() -> None:
        nonlocal looks, dropped
        looks += 1
        if not worker.only_worker:
            rescue_workers.recover_dead_workers(worker.name, watch, worker.fit_to_judge)
        if looks % OWN_WORK_EVERY == 0:
            dropped = rescue_workers.recover_dropped(worker.name, dropped)

    _keep(look, LOOK_EVERY, stopped)


def keep_tasks(scheduler: Scheduler, stopped: threading.Event) -> None:
    """The thread of a worker that starts due tasks. Ends when `stopped` is set; survives every error of a check."""
    _keep(lambda: scheduler.look(), PASS_EVERY, stopped)


def _keep(act: Callable[[], object], every: float, stopped: threading.Event) -> None:
    while not stopped.wait(every):
        try:
            act()
        except Exception:
            log.exception("a maintenance pass failed; the next one continues")
        finally:
            rest_connection()
    connection.close()


class WorkerMaintenance:
    """What a worker process runs beside its own work (`runtime.worker.Companion`)."""

    def take_over(self, worker: str) -> None:
        """Resume everything a dead worker left on SQLite, where the holder of the worker lock is the only one."""
        rescue_workers.take_over_everything(worker)

    def start(
        self,
        worker: str,
        fit_to_judge: Callable[[], bool],
        stopped: threading.Event,
        only_worker: bool,
        context: StageContext,
    ) -> None:
        """Start the maintenance threads; they end when `stopped` is set."""
        view = WorkerView(worker, fit_to_judge, only_worker, context)
        _start(keep_watch, view, stopped)
        _start(keep_tasks, Scheduler(view), stopped)


def _start(act: Callable[..., None], *given: object) -> None:
    threading.Thread(target=act, args=given, daemon=True, name=act.__name__).start()

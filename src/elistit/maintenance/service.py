"""`pipeline_recovery`: find what is stuck and put it right, and do the maintenance nobody waits for (rules §6).

It runs in every worker, one pass at a time, and as `elistit recover`. It must never judge others right after an outage of
its own, and never run an attempt itself. Whatever it does to a job is written as a note the seller can read.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection

from elistit import ports
from elistit.actions import scenes, uploads
from elistit.credits import ledger, plans
from elistit.delivery.store import StoreFailure, open_store
from elistit.maintenance import (
    delete_files,
    drive_copies,
    rebuild_files,
    requeue_lost,
    rescue_workers,
    retention,
    retry_drafts,
    stuck_jobs,
)
from elistit.payments import acts as purchases
from elistit.projects.models import Job
from elistit.projects.states import ACTIVE_JOB
from elistit.runtime import engine
from elistit.runtime.leases import Watch
from elistit.stages.context import StageContext

log = logging.getLogger(__name__)

_registered: dict[str, Callable[[], int]] = {}


def register(name: str, task: Callable[[], int]) -> None:
    """Add a task of a package above this one (mail). `task` returns how much it did; the same name replaces it."""
    _registered[name] = task


LOOK_EVERY = 1.0
"""Seconds between two looks at the other workers."""

OWN_WORK_EVERY = 5
"""Looks at the others for each look at what this worker itself holds."""

PASS_EVERY = 2.0

RECONCILE_EVERY = 15.0

HOUSEKEEPING_EVERY = 60.0

UNFINISHED_EVERY = 6 * 3600.0

ENGINE_ROWS_KEPT = dt.timedelta(days=7)

ADVISORY_LOCK = 0x656C6973


def housekeeping() -> Counter[str]:
    """Renew plans, expire grants, settle purchases whose message was lost, try drafts again that waited for the operator,
    remove the files of deleted projects, purge what the engine no longer needs."""
    done: Counter[str] = Counter()
    done["swept deleted projects"] += delete_files.sweep_deleted_files()
    done["swept uploads"] += uploads.sweep()
    done["swept scenes"] += scenes.sweep()
    uploads.sweep_work()
    try:
        done["let old files go"] += retention.delete_expired()
    except StoreFailure:
        log.exception("old files could not be removed; the next pass tries again")
    for name, task in _registered.items():
        try:
            done[name] += task()
        except Exception:
            log.exception("%s: failed; the next pass tries again", name)
    try:
        done["purchases settled"] += purchases.reconcile()
    except Exception:
        log.exception("purchases could not be settled; the next pass tries again")
    done["drafts tried again"] += retry_drafts.retry_due()
    done["renewed plans"] += plans.renew_due()
    done["expired grants"] += ledger.expire_due()
    done["purged engine rows"] += engine.queue.purge((ports.now() - ENGINE_ROWS_KEPT).isoformat())
    return done


def recover_once(me: str = "") -> dict[str, Any]:
    """One whole pass, as `elistit recover` runs it. What was done, by name. Safe to run at any time, any number at once."""
    done: Counter[str] = Counter()
    done["handed over work of dead workers"] += rescue_workers.recover_dead_workers(me)
    done["handed over orphaned work"] += rescue_workers.recover_orphans(me)
    done.update(requeue_lost.reconcile())
    done["cancelled leftovers"] += requeue_lost.cancel_leftovers()
    done.update(housekeeping())
    return {
        "done": {k: v for k, v in done.items() if v},
        "stuck": stuck_jobs.stuck(),
        "active_jobs": Job.objects.filter(status__in=ACTIVE_JOB).count(),
    }


def keep_watch(me: str, fit_to_judge: Callable[[], bool], stopped: threading.Event, only_worker: bool) -> None:
    """The thread of a worker that looks after the others and after its own hands, apart from `keep_order` so that nothing
    slow delays it. Ends when `stopped` is set; survives every error of a look."""
    watch = Watch(me)
    looks = 0
    dropped: set[str] = set()

    def look() -> None:
        nonlocal looks, dropped
        looks += 1
        if not only_worker:
            rescue_workers.recover_dead_workers(me, watch, fit_to_judge)
        if looks % OWN_WORK_EVERY == 0:
            dropped = rescue_workers.recover_dropped(me, dropped)

    _keep(look, LOOK_EVERY, stopped)


def keep_order(me: str, fit_to_judge: Callable[[], bool], stopped: threading.Event, only_worker: bool) -> None:
    """The recovery thread of a worker. Ends when `stopped` is set; survives every error of a pass."""
    last: dict[str, float] = {}

    def one_pass() -> None:
        with _one_at_a_time(only_worker) as mine:
            if mine:
                _pass(me, fit_to_judge, only_worker, last)

    _keep(one_pass, PASS_EVERY, stopped)


def _keep(act: Callable[[], None], every: float, stopped: threading.Event) -> None:
    while not stopped.wait(every):
        try:
            act()
        except Exception:
            log.exception("recovery pass failed; the next one tries again")
        finally:
            connection.close()


def _pass(me: str, fit_to_judge: Callable[[], bool], only_worker: bool, last: dict[str, float]) -> None:
    def due(name: str, every: float) -> bool:
        if time.monotonic() - last.get(name, -every) < every:
            return False
        last[name] = time.monotonic()
        return True

    if not only_worker and fit_to_judge() and due("orphans", RECONCILE_EVERY):
        rescue_workers.recover_orphans(me)
    if due("reconcile", RECONCILE_EVERY):
        requeue_lost.reconcile()
        requeue_lost.cancel_leftovers()
        stuck_jobs.stuck()
    if due("housekeeping", HOUSEKEEPING_EVERY):
        housekeeping()
    if due("unfinished files", UNFINISHED_EVERY):
        open_store(settings.STORAGE_URL).sweep_unfinished()


class _one_at_a_time:
    """Whether this pass is the only one running now: a session lock on PostgreSQL, the worker lock on SQLite."""

    def __init__(self, only_worker: bool) -> None:
        self.local = only_worker or connection.vendor != "postgresql"
        self.held = False

    def __enter__(self) -> bool:
        if self.local:
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            self.held = bool(cursor.fetchone()[0])
        return self.held

    def __exit__(self, *_: object) -> None:
        if self.held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


COMPANIONS_EVERY = 3.0


def keep_finishing(context: StageContext, stopped: threading.Event) -> None:
    """The thread of a worker that copies to Drives and rebuilds files. Ends when `stopped` is set; survives every error."""
    tasks: tuple[Callable[[], int], ...] = (drive_copies.copy_due, lambda: rebuild_files.rebuild_due(context))
    while not stopped.wait(COMPANIONS_EVERY):
        for task in tasks:
            try:
                task()
            except Exception:
                log.exception("maintenance of finished files broke off; the next pass continues")
            finally:
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
        _start(keep_watch, worker, fit_to_judge, stopped, only_worker)
        _start(keep_order, worker, fit_to_judge, stopped, only_worker)
        _start(keep_finishing, context, stopped)


def _start(act: Callable[..., None], *given: object) -> None:
    threading.Thread(target=act, args=given, daemon=True, name=act.__name__).start()

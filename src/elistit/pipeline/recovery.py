"""`pipeline_recovery`: finds what is stuck and puts it right (rules §6).

Dead workers' work is handed to the living, lost jobs are queued, the engine's word and ours are reconciled, poison is
ended and refunded, old engine rows are purged. It runs in every worker, one at a time, and as `elistit recover`. It must
never judge a job by its age, never judge others right after an outage of its own, and never run a try itself. Whatever it
does to a job it writes down as a note the seller can read.
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
from django.db import connection, transaction
from django.utils.module_loading import import_string

from elistit import ports
from elistit.credits import ledger, plans
from elistit.delivery.store import StoreFailure, open_store
from elistit.payments import acts as purchases
from elistit.pipeline import aftercare, chain, clock_guard, drafts, engine, outcomes, scenes, settling, uploads
from elistit.pipeline.leases import Watch
from elistit.pipeline.models import Attempt, Worker
from elistit.ports import Failure, Kind
from elistit.projects import changes
from elistit.projects.models import Job, Listing, Project
from elistit.projects.states import ACTIVE_JOB, TERMINAL_JOB, JobStatus, Stage

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at the other workers."""
OWN_WORK_EVERY = 5
"""Looks at the others for each look at what this worker itself holds."""
PASS_EVERY = 2.0
RECONCILE_EVERY = 15.0
HOUSEKEEPING_EVERY = 60.0
UNFINISHED_EVERY = 6 * 3600.0
SETTLE_GRACE = dt.timedelta(seconds=10)
"""How long a try may be due before we ask the engine for it: the settling step queues it within milliseconds."""
STUCK_AFTER = dt.timedelta(minutes=30)
ENGINE_ROWS_KEPT = dt.timedelta(days=7)
DELETED_FILES_KEPT = dt.timedelta(days=7)
ADVISORY_LOCK = 0x656C6973
BATCH = 500


# ---- the parts ----------------------------------------------------------------------------------------------------------


def recover_dead_workers(
    me: str = "", watch: Watch | None = None, fit_to_judge: Callable[[], bool] = lambda: True
) -> int:
    """Hand the work of every dead worker to the living. Tries handed over. Any number may do this at once.

    A lease row goes only when nothing of its worker is left running, so a hand-over cut short is taken up again. Whether we
    may judge is asked after looking: the look itself may have waited out an outage, in which every heartbeat grew old.
    """
    handed = 0
    dead = (watch or Watch(me)).dead()
    if not fit_to_judge():
        return 0
    for worker, beat_at in dead.items():
        taken = engine.queue.hand_over(worker)
        handed += len(taken)
        _note_handed_over(taken)
        if worker not in engine.queue.holders():
            # Unless it has beaten meanwhile: then it is alive after all, and its lease is its own again.
            Worker.objects.filter(pk=worker, beat_at=beat_at).delete()
    return handed


def recover_orphans(me: str = "") -> int:
    """Hand over running work whose worker has no lease row at all. Workers write their first beat before they take work,
    so such a worker is gone."""
    known = set(Worker.objects.values_list("pk", flat=True))
    handed = 0
    for executor in engine.queue.holders() - known - {me}:
        taken = engine.queue.hand_over(executor)
        handed += len(taken)
        _note_handed_over(taken)
    return handed


def recover_dropped(me: str, before: set[str]) -> set[str]:
    """Take up work that this worker holds in the engine's tables and no thread of it runs: an outage of the database can end
    the engine's part of a try and keep it from being written down. `before`: what looked so at the last look; only what
    looks so twice is taken up, for between being taken and being run there is a moment. Answers what looks so now.

    Nobody died, so no start is counted.
    """
    dropped = engine.queue.held_by(me) - engine.at_work_here()
    again = dropped & before
    if again:
        chain.uncount(again, me)
        _note_handed_over(engine.queue.hand_over(me, again), "The database was away for a moment; this goes on now.")
    return dropped - again


def take_over_everything(me: str) -> int:
    """On SQLite the holder of the worker lock is the only worker there is: whatever was running is free at once."""
    handed = 0
    for executor in engine.queue.holders() - {me}:
        taken = engine.queue.hand_over(executor)
        handed += len(taken)
        _note_handed_over(taken)
    Worker.objects.exclude(pk=me).delete()
    return handed


def reconcile() -> Counter[str]:
    """Make the engine's queues agree with our tables. What was repaired, counted by name. Idempotent.

    Our tables win: a job that should be running is queued where it stands, work whose workflow broke is ended as a crash,
    and what is still queued for an ended job is cancelled.
    """
    done: Counter[str] = Counter()
    before = ports.now() - SETTLE_GRACE
    for job in Job.objects.filter(status=JobStatus.QUEUED, changed_at__lt=before)[:BATCH]:
        if _requeue_start(job):
            done["queued a lost launch"] += 1
    running = Job.objects.filter(status=JobStatus.RUNNING, changed_at__lt=before).order_by("changed_at")[:BATCH]
    drafts = Job.objects.filter(
        status=JobStatus.SUCCEEDED,
        changed_at__lt=before,
        project__listing__draft=Listing.Draft.PENDING,
        project__stage="completed",
    )[:BATCH]
    for job in [*running, *drafts]:
        done.update(_reconcile_job(job))
    return done


def _requeue_start(job: Job) -> bool:
    occasion = "launch:0"
    state = engine.queue.states([f"job:{job.pk}:{occasion}"]).get(f"job:{job.pk}:{occasion}")
    if state in engine.LIVE:
        return False
    if state is not None:
        engine.queue.forget([f"job:{job.pk}:{occasion}"])
    engine.queue.start(job.pk, occasion)
    _note(job.pk, job.project.stage, "This project had been booked but not queued; it is queued now.")
    return True


def _reconcile_job(job: Job) -> Counter[str]:
    done: Counter[str] = Counter()
    tries = chain.due(job.pk)
    states = engine.queue.states([t.id for t in tries])
    lost = []
    for t in tries:
        state = states.get(t.id)
        if state in engine.LIVE:
            continue
        if state in engine.BROKEN and not engine.queue.broke_for_want_of_room(t.id):
            broken = Failure(Kind.REJECTED, outcomes.crashed().reason, detail=outcomes.CRASHED)
            end_broken(t, broken)
            done["ended broken work"] += 1
            continue
        if state in engine.BROKEN:
            # Nobody's crash: the start is not counted, or a full disk would make poison of good work (rules §6).
            chain.uncount([t.id])
        if state is not None:
            engine.queue.forget([t.id])
        lost.append(t)
    if lost:
        engine.queue.put(lost)
        _note(job.pk, lost[0].stage, "Work that had dropped out of the queue was queued again.")
        done["queued lost work"] += len(lost)
    return done


def end_broken(this: chain.Try, failure: Failure) -> None:
    """End a try whose engine workflow broke (a fault in our own code): failed and refunded, never left running."""
    with transaction.atomic():
        if not changes.hold_job(this.job, (JobStatus.RUNNING, JobStatus.SUCCEEDED)):
            return
        job = Job.objects.select_related("project", "project__listing", "quote").get(pk=this.job)
        Attempt.objects.update_or_create(
            job=job, stage=this.stage, item=this.item, round=this.round, number=this.number, wait=this.wait, note=False,
            defaults={"ended_at": ports.now(), "outcome": outcomes.CRASHED, "reason": failure.reason, "next_try_at": None},
        )  # fmt: skip
        settling.lost(job, this.stage, this.item, failure)


def cancel_leftovers() -> int:
    """Cancel what the engine still holds for jobs that have ended, and close what a version before left open in them. Rows
    cancelled."""
    recent = ports.now() - dt.timedelta(days=1)
    ended = [JobStatus.FAILED, JobStatus.CANCELLED]
    open_still = Attempt.objects.filter(note=False, ended_at=None, job__status__in=ended).values_list("job", flat=True)
    if jobs := list(open_still[:BATCH]):
        settling.close_attempts(jobs, "Stopped because the job had ended.")
    cancelled = 0
    for job in Job.objects.filter(status__in=[JobStatus.FAILED, JobStatus.CANCELLED], ended_at__gte=recent).values_list(
        "pk", flat=True
    )[:BATCH]:
        cancelled += engine.queue.cancel(job)
    return cancelled


def stuck() -> list[dict[str, Any]]:
    """Jobs with no progress for over 30 minutes, for the operator to look at. Never ended for their age (rules §6)."""
    before = ports.now() - STUCK_AFTER
    found = []
    for job in Job.objects.filter(status=JobStatus.RUNNING, changed_at__lt=before).select_related("project")[:BATCH]:
        last = job.attempts.order_by("-id").first()
        if last and last.next_try_at and last.next_try_at > before:
            continue
        found.append(
            {
                "project": job.project_id,
                "job": job.pk,
                "stage": job.project.stage,
                "since": job.changed_at.isoformat(),
                "last": str(last or ""),
            }
        )
        if not job.attempts.filter(note=True, outcome="stuck", started_at__gte=job.changed_at).exists():
            Attempt.objects.create(
                job=job, stage=job.project.stage, note=True, outcome="stuck", ended_at=ports.now(),
                reason="There has been no progress for over 30 minutes. The operator can see this project; nothing is lost.",
            )  # fmt: skip
    return found


def sweep_deleted_files() -> int:
    """Remove the files of projects deleted over a week ago from the store. Projects swept. Idempotent; what cannot be
    removed now is removed by a later pass."""
    before = ports.now() - DELETED_FILES_KEPT
    store = open_store(settings.STORAGE_URL)
    swept = 0
    for project in Project.objects.filter(stage=Stage.DELETED, deleted_at__lt=before, files__isnull=False).distinct()[
        :50
    ]:
        store.delete_prefix(f"projects/{project.pk}")
        project.files.all().delete()
        swept += 1
    return swept


def housekeeping() -> Counter[str]:
    """Renew plans, expire grants, settle purchases whose message was lost, try drafts again that waited for the operator,
    remove the files of deleted projects, purge what the engine no longer needs."""
    done: Counter[str] = Counter()
    if clock_guard.trusted():
        done.update(_what_ends_by_time())
    try:
        # By name: mail stands above the chain, and a wrong mail address must not stop what comes after.
        done["mails sent"] += import_string("elistit.support.mail.send_due")()
    except Exception:
        log.exception("mail could not be sent; the next pass tries again")
    try:
        done["purchases settled"] += purchases.reconcile()
    except Exception:
        log.exception("purchases could not be settled; the next pass tries again")
    done["drafts tried again"] += drafts.try_again()
    return done


def _what_ends_by_time() -> Counter[str]:
    """What must not be done by a clock that jumped (`clock_guard`)."""
    done: Counter[str] = Counter()
    done["renewed plans"] += plans.renew_due()
    done["expired grants"] += ledger.expire_due()
    done["swept deleted projects"] += sweep_deleted_files()
    done["swept uploads"] += uploads.sweep()
    done["swept scenes"] += scenes.sweep()
    uploads.sweep_work()
    try:
        done["let old files go"] += aftercare.let_go()
    except StoreFailure:
        log.exception("old files could not be removed; the next pass tries again")
    done["purged engine rows"] += engine.queue.purge((ports.now() - ENGINE_ROWS_KEPT).isoformat())
    return done


# ---- putting it together ----------------------------------------------------------------------------------------------------


def recover_once(me: str = "") -> dict[str, Any]:
    """One whole pass, as `elistit recover` runs it. What was done, by name. Safe to run at any time, any number at once."""
    done: Counter[str] = Counter()
    done["handed over work of dead workers"] += recover_dead_workers(me)
    done["handed over orphaned work"] += recover_orphans(me)
    done.update(reconcile())
    done["cancelled leftovers"] += cancel_leftovers()
    done.update(housekeeping())
    return {
        "done": {k: v for k, v in done.items() if v},
        "stuck": stuck(),
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
            recover_dead_workers(me, watch, fit_to_judge)
        if looks % OWN_WORK_EVERY == 0:
            dropped = recover_dropped(me, dropped)

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
        recover_orphans(me)
    if due("reconcile", RECONCILE_EVERY):
        reconcile()
        cancel_leftovers()
        stuck()
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


def _note_handed_over(
    ids: list[str], words: str = "The worker stopped in the middle of this; another one goes on where it stopped."
) -> None:
    for job in {i.split(":")[1] for i in ids if i.startswith("job:")}:
        stage = (
            Job.objects.values_list("project__stage", flat=True).filter(pk=job).exclude(status__in=TERMINAL_JOB).first()
        )
        if stage:
            _note(job, stage, words)


def _note(job: str, stage: str, words: str) -> None:
    Attempt.objects.create(
        job_id=job, stage=stage, note=True, outcome="recovered", reason=words, ended_at=ports.now(), starts=0
    )

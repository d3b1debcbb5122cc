"""One attempt: open its row, do its work, take back its start.

An attempt at one stage, or at one item of it, is one durable unit: `begin` → run → `settle`. Every transaction here is
guarded, so running an attempt twice changes nothing the second time. This module must never know about an engine or a
queue.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import F, QuerySet

from elistit import ports, prepared
from elistit.chain import disk_space
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.due import job_with_listing, open_units
from elistit.chain.models import Attempt
from elistit.database_outage import discard_connection, outage, pause, retry_while_down
from elistit.ports import Failure, Kind, Outcome
from elistit.projects import changes
from elistit.projects.models import Job
from elistit.projects.states import JobStatus, Stage

log = logging.getLogger(__name__)


SUSPECT_AFTER = 2

Runner = Callable[[AttemptKey, Job], Outcome]
"""Does the work of an attempt and returns its outcome. The only table it may change is that of provider calls."""


@prepared.prepared
def _row(job_id: str, stage: str, item: int, round_: int, number: int, wait: int) -> QuerySet[Attempt]:
    """The row of an attempt, by `key_of`."""
    return Attempt.objects.filter(
        job=job_id, stage=stage, item=item, round=round_, number=number, wait=wait, note=False
    )


@prepared.prepared
def row_with_job(job_id: str, stage: str, item: int, round_: int, number: int, wait: int) -> QuerySet[Attempt]:
    """The same with its job, project and listing."""
    rows = _row.build(job_id, stage, item, round_, number, wait)
    return rows.select_related("job", "job__project", "job__project__listing")


def key_of(this: AttemptKey) -> tuple[str, str, int, int, int, int]:
    """What `row_with_job` takes."""
    return this.job, str(this.stage), this.item, this.round, this.number, this.wait


def begin(this: AttemptKey, worker: str, *, again: bool = False) -> Job | None:
    """Open the row of an attempt, or count one more start of it, and return its job.

    Returns None when there is nothing to do (settled, deleted or superseded), or when the project is paused and the
    attempt had not begun. Set `again` when the answer to this same start was lost, so that it isn't counted twice.
    """
    with transaction.atomic():
        job = _wanted(this)
        if job is None:
            return None
        attempt = _row.first(*key_of(this))
        if attempt is None:
            if job.project.paused_at is not None:
                return None
            Attempt.objects.create(
                job_id=this.job, stage=this.stage, item=this.item, round=this.round, number=this.number, wait=this.wait,
                worker=worker, started_at=ports.now(),
            )  # fmt: skip
            return job
        if attempt.ended_at is not None:
            return None
        if not (again and attempt.worker == worker):
            Attempt.objects.filter(pk=attempt.pk).update(starts=attempt.starts + 1, worker=worker)
        return job


def _wanted(this: AttemptKey) -> Job | None:
    """The job of an attempt, locked, if the attempt is still needed. Must run in a transaction."""
    if not lock(this):
        return None
    job = job_with_listing.first(this.job)
    return job if job and (this.stage, this.item, this.round) in open_units(job) else None


def _still_wanted(this: AttemptKey) -> Job | None:
    with transaction.atomic():
        return _wanted(this)


def lock(this: AttemptKey) -> bool:
    """Lock the job of an attempt while its status allows the attempt to settle; False otherwise. A draft may also
    settle after its job succeeded. Must run in a transaction."""
    statuses = (JobStatus.RUNNING, JobStatus.SUCCEEDED) if this.stage == Stage.DRAFTING else (JobStatus.RUNNING,)
    return changes.lock_job(this.job, statuses)


def run(this: AttemptKey, worker: str, runner: Runner) -> Outcome | None:
    """Begin an attempt, do its work and return its outcome; None when there was nothing to do.

    Never raises for a failure of the work: an exception in a stage is a transient failure on our side, and its
    traceback is kept for the operator. If the database goes down or the disk fills up during the work, the same attempt
    repeats its work afterwards: a studio-side outage uses up no attempt.
    """
    lost = False

    def opened() -> Job | None:
        nonlocal lost
        again, lost = lost, True
        return begin(this, worker, again=again)

    job = retry_while_down(opened)
    return None if job is None else work(this, job, runner)


def work(this: AttemptKey, opened: Job, runner: Runner) -> Outcome | None:
    """Do the work of an attempt that has begun; see `run`."""
    job: Job | None = opened
    outages = 0
    while job is not None:
        try:
            return runner(this, job)
        except Exception as error:
            waited, words = disk_space.waited_for_room(error), outage(error)
            if not waited and words is None:
                log.exception("attempt %s raised", this.id)
                detail = traceback.format_exc()[-4000:]
                return Failure(Kind.TRANSIENT, "Something went wrong on our side.", detail=detail)
            log.warning(
                "attempt %s was interrupted in the middle of its work: %s", this.id, words or "the disk was full"
            )
            discard_connection()
            # Pause, so that the work isn't repeated in a tight loop while the database answers but refuses writes.
            pause(outages)
            outages += 1
            job = retry_while_down(lambda: _still_wanted(this))
    return None


def uncount(ids: Iterable[str], worker: str | None = None) -> None:
    """Take back the starts of attempts that a living worker gives up (of any worker, if `worker` is None): a start
    counts as a crash if the attempt doesn't end, and these were no crashes (rules §6). `ids` are workflow ids; others
    are ignored."""
    begun = Attempt.objects.filter(note=False, ended_at=None, starts__gt=0)
    begun = begun if worker is None else begun.filter(worker=worker)
    for parts in (i.split(":") for i in ids):
        if len(parts) == 6:
            number, _, wait = parts[5].partition(".")
            mine = begun.filter(
                job_id=parts[1], stage=parts[2], item=parts[3], round=parts[4], number=number, wait=wait or 0
            )
            mine.update(starts=F("starts") - 1, worker="")


def is_suspect(this: AttemptKey) -> bool:
    """Whether workers have died twice during this attempt. After one death the attempt continues at once, because
    anything can kill a worker; after the second it runs in quarantine, to tell its own crash from its worker's."""
    return Attempt.objects.filter(
        job_id=this.job, stage=this.stage, item=this.item, round=this.round, number=this.number, wait=this.wait,
        note=False, ended_at=None, starts__gte=SUSPECT_AFTER,
    ).exists()  # fmt: skip

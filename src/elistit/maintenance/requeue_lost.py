"""Make the engine's queues agree with the product's tables: queue what was lost, end what broke, cancel leftovers (rules §6).

The product's tables decide. It must never judge a job by its age.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import transaction

from elistit import ports
from elistit.chain import attempts
from elistit.chain import due as rules
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.failure import settle_failure
from elistit.chain.models import Attempt
from elistit.chain.refunds import close_attempts
from elistit.maintenance.activity import note_recovery
from elistit.maintenance.task import Run
from elistit.ports import Failure, Kind
from elistit.projects import changes
from elistit.projects.models import Job, Listing
from elistit.projects.states import JobStatus, Stage
from elistit.runtime import engine

SETTLE_GRACE = dt.timedelta(seconds=10)
"""How long an attempt may be due before the engine is asked about it: the settling step queues it within milliseconds."""

BATCH = 500


def reconcile(run: Run | None = None) -> Counter[str]:
    """Make the engine's queues agree with the product's tables, and return what was repaired, counted by name. Idempotent.

    A job that should be running is queued in its current state, and work whose workflow broke is ended as a crash. Each
    job is repaired separately, so a failing one doesn't stop the others.
    """
    run, done = run or Run(), Counter[str]()
    before = ports.now() - SETTLE_GRACE
    # Paused work isn't lost: resuming it queues it.
    active = Job.objects.filter(ended_at=None, changed_at__lt=before, project__paused_at=None)

    def queue(job: Job) -> None:
        done["queued a lost launch"] += _requeue_start(job)

    def repair(job: Job) -> None:
        done.update(_reconcile_job(job))

    run.each(active.filter(status=JobStatus.QUEUED).order_by("changed_at")[:BATCH], queue, key=_public_id)
    run.each(active.filter(status=JobStatus.RUNNING).order_by("changed_at")[:BATCH], repair, key=_public_id)
    run.each(_jobs_with_draft(before), repair, key=_public_id)
    return +done


def _public_id(job: Job) -> str:
    return job.pk


def _jobs_with_draft(before: dt.datetime) -> list[Job]:
    """The ended jobs to which a draft attempt belongs that should be running now. Read from the listings, which are few."""
    pending = Listing.objects.filter(
        draft=Listing.Draft.PENDING, project__stage=Stage.COMPLETED, project__paused_at=None
    )
    # A literal, so that both databases use the partial index; they can't know a parameter's value.
    projects = list(
        pending.extra(where=["projects_listing.draft = 'pending'"]).values_list("project", flat=True)[:BATCH]
    )
    jobs = Job.objects.filter(project__in=projects, status=JobStatus.SUCCEEDED, changed_at__lt=before)
    return list(jobs.order_by("changed_at"))


def _requeue_start(job: Job) -> bool:
    occasion = "launch:0"
    state = engine.queue.states([f"job:{job.pk}:{occasion}"]).get(f"job:{job.pk}:{occasion}")
    if state in engine.LIVE:
        return False
    if state is not None:
        engine.queue.forget([f"job:{job.pk}:{occasion}"])
    engine.queue.start(job.pk, occasion)
    note_recovery(job.pk, job.project.stage, "This project had been charged but not queued; it is queued now.")
    return True


def _reconcile_job(job: Job) -> Counter[str]:
    done: Counter[str] = Counter()
    keys = rules.due(job.pk)
    states = engine.queue.states([t.id for t in keys])
    lost = []
    for t in keys:
        state = states.get(t.id)
        if state in engine.LIVE:
            continue
        if state == engine.BROKEN and not engine.queue.broke_for_want_of_room(t.id):
            end_broken(
                t, Failure(Kind.TRANSIENT, "Something went wrong on our side.", detail="the engine gave up on it")
            )
            done["ended broken work"] += 1
            continue
        if state == engine.BROKEN:
            attempts.uncount([t.id])  # a full disk isn't a crash (rules §6)
        if state is not None:
            engine.queue.forget([t.id])
        lost.append(t)
    if lost:
        engine.queue.put(lost)
        note_recovery(job.pk, lost[0].stage, "Lost work was requeued.")
        done["queued lost work"] += len(lost)
    return done


def end_broken(this: AttemptKey, failure: Failure) -> None:
    """End an attempt whose engine workflow broke (an error in our code): failed and refunded, never left running."""
    with transaction.atomic():
        if not changes.lock_job(this.job, (JobStatus.RUNNING, JobStatus.SUCCEEDED)):
            return
        job = Job.objects.select_related("project", "project__listing", "quote").get(pk=this.job)
        Attempt.objects.update_or_create(
            job=job, stage=this.stage, item=this.item, round=this.round, number=this.number, wait=this.wait, note=False,
            defaults={"ended_at": ports.now(), "outcome": failure.kind, "reason": failure.reason, "next_try_at": None},
        )  # fmt: skip
        settle_failure(job, this.stage, this.item, failure)


def cancel_leftovers(run: Run | None = None) -> int:
    """Cancel what the engine still has for ended jobs, and close attempts that an earlier version left open in them.
    Returns the number of canceled rows."""
    recent = ports.now() - dt.timedelta(days=1)
    over = [JobStatus.FAILED, JobStatus.CANCELLED]
    left_open = Attempt.objects.filter(note=False, ended_at=None, job__status__in=over)
    # Unordered: with an order by id, SQLite would read all attempts rather than the open ones.
    if jobs := list(left_open.order_by().values_list("job", flat=True)[:BATCH]):
        close_attempts(jobs, "Stopped because the job had ended.")
    ended = Job.objects.filter(ended_at__gte=recent, status__in=over)
    keys = list(ended.order_by("-ended_at").values_list("pk", flat=True)[:BATCH])
    live = engine.queue.jobs_at_work() if keys else set()
    return (run or Run()).each([key for key in keys if key in live], engine.queue.cancel)

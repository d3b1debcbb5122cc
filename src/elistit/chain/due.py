"""Due work: what should be queued or running for a job now, read from the product's tables alone.

A launch, a settled attempt and recovery all ask `due`, so they get the same answer. It must never queue anything: it
returns the keys of the attempts that are due, and the caller queues them.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from elistit import ports, prepared
from elistit.chain import tools
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt
from elistit.projects import changes, gate
from elistit.projects.models import Item, Job, JobKind, Listing, Project
from elistit.projects.states import ItemState, JobStatus, Stage
from elistit.providers import registry

# Every attempt asks these three times. Django writes each once: writing took longer than answering.


@prepared.prepared
def job_with_listing(job_id: str) -> QuerySet[Job]:
    """A job with its project and that project's listing."""
    return Job.objects.select_related("project", "project__listing").filter(pk=job_id)


@prepared.prepared
def _attempts(job_id: str, stage: str) -> QuerySet[Attempt]:
    return Attempt.objects.filter(job=job_id, stage=stage, note=False).order_by("id")


@prepared.prepared
def _pending(project_id: str) -> QuerySet[Item, tuple[int, int]]:
    pending = Item.objects.filter(job__project=project_id, job__kind=JobKind.LAUNCH, state=ItemState.PENDING)
    return pending.order_by("number").values_list("number", "round")


@prepared.prepared
def _unprocessed(project_id: str) -> QuerySet[Item, tuple[int, int]]:
    made = Item.objects.filter(
        job__project=project_id, job__kind=JobKind.LAUNCH, state=ItemState.MADE, processed_at=None
    )
    return made.order_by("number").values_list("number", "round")


RUNS = (Stage.BRIEFING, Stage.GENERATING, Stage.PROCESSING, Stage.DELIVERING, Stage.LISTING, Stage.DRAFTING)


def start(job_id: str) -> list[AttemptKey]:
    """Start a queued job, or find what is due for a running one, and return the attempts to queue. Safe to call at any time."""
    if Job.objects.filter(pk=job_id, project__paused_at__isnull=False).exists():
        return []
    with transaction.atomic():
        if changes.move_job(job_id, JobStatus.RUNNING, [JobStatus.QUEUED]):
            job = Job.objects.get(pk=job_id)
            changes.move_stage(job.project_id, Stage.BRIEFING, [Stage.QUEUED])
    return due(job_id)


def due(job_id: str) -> list[AttemptKey]:
    """Every attempt that should be queued or running for a job now. Empty at a gate, after the end and while its
    project is paused."""
    job = job_with_listing.first(job_id)
    if job is None or job.project.paused_at is not None:
        return []
    units = open_units(job)
    if not units:
        return []
    stage = units[0][0]
    last: dict[tuple[int, int], Attempt] = {}
    for attempt in _attempts.objects(job.pk, str(stage)):
        last[attempt.item, attempt.round] = attempt
    now = ports.now()
    return [
        t
        for _, item, round_ in units
        if (t := _next_attempt(job.pk, stage, item, round_, last.get((item, round_)), now))
    ]


def open_units(job: Job) -> list[tuple[str, int, int]]:
    """The units of work (stage, item, round) that are open in a job's current stage."""
    project = job.project
    stage = Stage(project.stage)
    if stage == Stage.COMPLETED and job.status == JobStatus.SUCCEEDED:
        if project.listing.draft == Listing.Draft.PENDING and drafting_job(project) == job.pk:
            return [(Stage.DRAFTING, 0, project.listing.draft_round)]
        return []
    if job.status != JobStatus.RUNNING or stage not in RUNS:
        return []
    if stage == Stage.GENERATING:
        return [(stage, number, round_) for number, round_ in _pending.rows(project.pk)]
    if stage == Stage.PROCESSING:
        return [(stage, number, round_) for number, round_ in _unprocessed.rows(project.pk)] or [(stage, 0, 0)]
    if stage == Stage.DRAFTING:
        return [(stage, 0, project.listing.draft_round)]
    return [(stage, 0, 0)]


def drafting_job(project: Project) -> str:
    """The job to which attempts at the draft belong: the newest one that reached the listing stage."""
    job = project.jobs.filter(status__in=[JobStatus.RUNNING, JobStatus.SUCCEEDED]).order_by("-public_id").first()
    return job.pk if job else ""


def _next_attempt(
    job: str, stage: str, item: int, round_: int, last: Attempt | None, now: dt.datetime
) -> AttemptKey | None:
    if last is None:
        return AttemptKey(job, stage, item, round_, 1, 0)
    if last.ended_at is None:
        return AttemptKey(job, stage, item, round_, last.number, last.wait)
    if last.next_try_at is None:
        return None
    delay = max(0.0, (last.next_try_at - now).total_seconds())
    if last.counted:
        return AttemptKey(job, stage, item, round_, last.number + 1, 0, delay)
    return AttemptKey(job, stage, item, round_, last.number, last.wait + 1, delay)


def provider_of(this: AttemptKey) -> str:
    """The provider that makes an attempt's image; empty when the image is the seller's own."""
    own, chosen = _item_of(this).values_list("model", "job__project__model").get()
    return (own or chosen).split("/")[0]


def tool_provider_of(this: AttemptKey) -> str:
    """The provider whose tool brings an item to print size; empty when that is done on this machine."""
    if not tools.any_enlarger():
        return ""
    item = _item_of(this).select_related("job__project").get()
    project = item.job.project
    tool = tools.enlarger(project.product, gate.maker_of(project, item))
    name = tool[0].split("/")[0] if tool else ""
    return name if name in registry.outside() else ""


def _item_of(this: AttemptKey) -> QuerySet[Item]:
    """The item of an attempt, in one query. Items belong to the launch, whichever job works on them."""
    return Item.objects.filter(number=this.item, job__kind=JobKind.LAUNCH, job__project__jobs=this.job)

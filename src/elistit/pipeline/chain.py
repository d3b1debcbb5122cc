"""The chain of workers, as rules over our own tables: what is due, what a try does, what follows from its outcome.

One try of one stage, or of one item in it, is one durable unit: `begin` → run → `settle`. `due` says from the tables alone
what must be queued now, so a launch, a settled try and recovery all ask the same question and get the same answer. Every
transaction here is guarded, so a try that runs twice changes nothing the second time. This module knows no engine and no
queue: it hands back the tries that follow, and whoever drives it queues them.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from elistit import ports
from elistit.pipeline import disk_space, outcomes, retry, settling, tools
from elistit.pipeline.models import Attempt
from elistit.pipeline.patience import PAUSES, is_away, is_database_full, until_written
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects import changes, gate
from elistit.projects.gate import items_of
from elistit.projects.models import Item, Job, JobKind, Listing, Project
from elistit.projects.states import ItemState, JobStatus, Stage
from elistit.providers import registry

log = logging.getLogger(__name__)
SUSPECT_AFTER = 2

RUNS = (Stage.BRIEFING, Stage.GENERATING, Stage.PROCESSING, Stage.DELIVERING, Stage.LISTING, Stage.DRAFTING)


@dataclass(frozen=True)
class Try:
    """One try of one unit of work. `item` 0 means the whole set; `delay` is in seconds from now."""

    job: str
    stage: str
    item: int
    round: int
    number: int
    wait: int
    delay: float = 0.0

    @property
    def id(self) -> str:
        """The engine's id of this try: the same whenever the same try is queued."""
        pause = f".{self.wait}" if self.wait else ""
        return f"job:{self.job}:{self.stage}:{self.item}:{self.round}:{self.number}{pause}"

    @classmethod
    def of(cls, data: dict[str, Any]) -> Try:
        """The try that `as_dict` described, here or in a later version, whose further fields are left aside: a rolled back
        installation goes on with what the newer one has queued."""
        return cls(**{f.name: data[f.name] for f in fields(cls) if f.name in data})

    def as_dict(self) -> dict[str, Any]:
        return {k: v for k, v in asdict(self).items() if k != "delay"}


Runner = Callable[[Try, Job], Outcome]
"""Does the work of a try and answers with its outcome. Must change none of our tables except its provider call."""


# ---- what is due ---------------------------------------------------------------------------------------------------


def start(job_id: str) -> list[Try]:
    """Begin a queued job, or find again where a running one stands. The tries to queue. Safe to call at any time."""
    with transaction.atomic():
        if changes.move_job(job_id, JobStatus.RUNNING, [JobStatus.QUEUED]):
            job = Job.objects.get(pk=job_id)
            changes.move_stage(job.project_id, Stage.BRIEFING, [Stage.QUEUED])
    return due(job_id)


def due(job_id: str) -> list[Try]:
    """Every try that should be queued or running for a job now. Empty at a gate and after the end."""
    job = Job.objects.select_related("project", "project__listing").filter(pk=job_id).first()
    if job is None:
        return []
    units = _units(job)
    if not units:
        return []
    stage = units[0][0]
    last: dict[tuple[int, int], Attempt] = {}
    for attempt in Attempt.objects.filter(job=job, stage=stage, note=False).order_by("id"):
        last[attempt.item, attempt.round] = attempt
    now = ports.now()
    return [
        t for _, item, round_ in units if (t := _next_try(job.pk, stage, item, round_, last.get((item, round_)), now))
    ]


def _units(job: Job) -> list[tuple[str, int, int]]:
    """The open units of work (stage, item, round) of a job where it stands now."""
    project = job.project
    stage = Stage(project.stage)
    if stage == Stage.COMPLETED and job.status == JobStatus.SUCCEEDED:
        if project.listing.draft == Listing.Draft.PENDING and drafting_job(project) == job.pk:
            return [(Stage.DRAFTING, 0, project.listing.draft_round)]
        return []
    if job.status != JobStatus.RUNNING or stage not in RUNS:
        return []
    if stage == Stage.GENERATING:
        return [(stage, i.number, i.round) for i in items_of(project).filter(state=ItemState.PENDING)]
    if stage == Stage.PROCESSING:
        open_items = items_of(project).filter(state=ItemState.MADE, processed_at=None)
        return [(stage, i.number, i.round) for i in open_items] or [(stage, 0, 0)]
    if stage == Stage.DRAFTING:
        return [(stage, 0, project.listing.draft_round)]
    return [(stage, 0, 0)]


def drafting_job(project: Project) -> str:
    """The job under which the draft is (re)tried: the newest that got as far as a listing."""
    job = project.jobs.filter(status__in=[JobStatus.RUNNING, JobStatus.SUCCEEDED]).order_by("-public_id").first()
    return job.pk if job else ""


def _next_try(job: str, stage: str, item: int, round_: int, last: Attempt | None, now: dt.datetime) -> Try | None:
    if last is None:
        return Try(job, stage, item, round_, 1, 0)
    if last.ended_at is None:
        return Try(job, stage, item, round_, last.number, last.wait)
    if last.next_try_at is None:
        return None
    delay = max(0.0, (last.next_try_at - now).total_seconds())
    if last.counted:
        return Try(job, stage, item, round_, last.number + 1, 0, delay)
    return Try(job, stage, item, round_, last.number, last.wait + 1, delay)


# ---- one try -------------------------------------------------------------------------------------------------------


def begin(this: Try, worker: str) -> Job | Failure | None:
    """Open the attempt of a try. The job to work on; a Failure when this step has crashed its worker too often; None
    when there is nothing left to do (settled already, deleted, superseded)."""
    with transaction.atomic():
        job = _wanted(this)
        if job is None:
            return None
        key = {
            "job_id": this.job,
            "stage": this.stage,
            "item": this.item,
            "round": this.round,
            "number": this.number,
            "wait": this.wait,
            "note": False,
        }
        attempt = Attempt.objects.filter(**key).first()
        if attempt is None:
            Attempt.objects.create(**key, worker=worker, started_at=ports.now())
            return job
        if attempt.ended_at is not None:
            return None
        if attempt.starts >= outcomes.POISON_CRASHES:
            return outcomes.crashed()
        Attempt.objects.filter(pk=attempt.pk).update(starts=attempt.starts + 1, worker=worker)
        return job


def _wanted(this: Try) -> Job | None:
    """The job of a try, held, while there is something to do for it. Runs in a transaction."""
    if not _hold(this):
        return None
    job = Job.objects.select_related("project", "project__listing").get(pk=this.job)
    return job if (this.stage, this.item, this.round) in _units(job) else None


def _still_wanted(this: Try) -> Job | None:
    with transaction.atomic():
        return _wanted(this)


def _hold(this: Try) -> bool:
    statuses = (JobStatus.RUNNING, JobStatus.SUCCEEDED) if this.stage == Stage.DRAFTING else (JobStatus.RUNNING,)
    return changes.hold_job(this.job, statuses)


def run(this: Try, worker: str, runner: Runner) -> Outcome | None:
    """Begin a try and do its work. None when there was nothing to do. Never raises for a failure of the work: a bug in a
    stage is a transient failure on our side, with its traceback kept for the operator. When the database goes away or the
    disk is full in the middle, the same try does its work again once it is back: an outage of ours uses up no try of the seller's."""
    opened = until_written(lambda: begin(this, worker))
    if not isinstance(opened, Job):
        return opened
    job: Job | None = opened
    while job is not None:
        try:
            return runner(this, job)
        except Exception as error:
            waited = disk_space.waited_for_room(error)
            if not waited and not is_away(error) and not is_database_full(error):
                log.exception("try %s raised", this.id)
                detail = traceback.format_exc()[-4000:]
                return Failure(Kind.TRANSIENT, "Something went wrong on our side.", detail=detail)
            log.warning("try %s lost the database, or the room to write, in the middle of its work", this.id)
            if not waited:
                time.sleep(PAUSES[0])  # a database may be up for reading and not take a write
            job = until_written(lambda: _still_wanted(this))
    return None


def settle(this: Try, outcome: Outcome | None) -> list[Try]:
    """Write down what became of a try and everything that follows from it, in one transaction, and answer the tries to
    queue next. Settling again changes nothing and answers the same question from the tables."""
    if outcome is not None:
        with transaction.atomic():
            _settle(this, outcome)
    return [t for t in due(this.job) if t.stage != this.stage or t.item == this.item or t.item == 0]


def _settle(this: Try, outcome: Outcome) -> None:
    held = _hold(this)
    attempt = (
        Attempt.objects.select_related("job", "job__project", "job__project__listing")
        .filter(
            job_id=this.job,
            stage=this.stage,
            item=this.item,
            round=this.round,
            number=this.number,
            wait=this.wait,
            note=False,
        )
        .first()
    )
    if attempt is None or attempt.ended_at is not None:
        return
    job = attempt.job
    if not held or (this.stage, this.item, this.round) not in _units(job):
        _end(attempt, outcomes.STOPPED, "There was nothing left to do.")
        return
    if isinstance(outcome, Made):
        _end(attempt, outcomes.MADE, "", detail=outcome.data.get("note", ""))
        settling.made(job, this.stage, this.item, outcome)
        return
    blocked = Attempt.objects.filter(
        job=job, stage=this.stage, item=this.item, round=this.round, outcome=Kind.BLOCKED_OUTPUT, note=False
    ).count()
    decision = retry.decide(outcome, this.number, this.wait, blocked)
    again = decision if isinstance(decision, retry.Again) and outcome.detail != outcomes.CRASHED else None
    next_at = ports.now() + dt.timedelta(seconds=ports.wait_seconds(again.delay)) if again else None
    _end(
        attempt,
        outcomes.stored_kind(outcome),
        outcome.reason,
        outcome.detail,
        next_at,
        again.counted if again else outcome.detail != ports.NOT_SENT,
    )
    settling.pause_provider(job, this.stage, this.item, outcome)
    if again is None:
        settling.lost(job, this.stage, this.item, outcome)


def _end(
    attempt: Attempt,
    outcome: str,
    reason: str,
    detail: str = "",
    next_at: dt.datetime | None = None,
    counted: bool = True,
) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(
        ended_at=ports.now(), outcome=outcome, reason=reason[:400], detail=detail, next_try_at=next_at, counted=counted
    )


def perform(this: Try, worker: str, runner: Runner) -> list[Try]:
    """One whole try: run and settle. What an engine does in two durable steps."""
    return settle(this, run(this, worker, runner))


def uncount(ids: Iterable[str], worker: str | None = None) -> None:
    """Take back the start of tries that a living worker (any, when none is named) gives up: what it had begun there was
    nobody's crash (rules §6)."""
    begun = Attempt.objects.filter(note=False, ended_at=None, starts__gt=0)
    begun = begun if worker is None else begun.filter(worker=worker)
    for parts in (i.split(":") for i in ids):
        if len(parts) == 6:
            number, _, wait = parts[5].partition(".")
            begun.filter(
                job_id=parts[1], stage=parts[2], item=parts[3], round=parts[4], number=number, wait=wait or 0
            ).update(starts=F("starts") - 1, worker="")  # fmt: skip


def is_suspect(this: Try) -> bool:
    """Whether workers have died twice while this very try ran. One death can be anybody's fault, and what it left goes on
    at once; after a second one the try runs alone, so that a third names the guilty step."""
    return Attempt.objects.filter(
        job_id=this.job, stage=this.stage, item=this.item, round=this.round, number=this.number, wait=this.wait,
        note=False, ended_at=None, starts__gte=SUSPECT_AFTER,
    ).exists()  # fmt: skip


def provider_of(this: Try) -> str:
    """The provider that makes the image of a try; empty when it is the seller's own."""
    own, chosen = _item_of(this).values_list("model", "job__project__model").get()
    return (own or chosen).split("/")[0]


def tool_provider_of(this: Try) -> str:
    """The provider whose tool brings an item to print size; empty when that is done on this machine."""
    if not tools.any_enlarger():
        return ""
    item = _item_of(this).select_related("job__project").get()
    project = item.job.project
    tool = tools.enlarger(project.product, gate.maker_of(project, item))
    name = tool[0].split("/")[0] if tool else ""
    return name if name in registry.outside() else ""


def _item_of(this: Try) -> QuerySet[Item]:
    """The item of a try, in one query: it belongs to the launch, whichever job works on it."""
    return Item.objects.filter(number=this.item, job__kind=JobKind.LAUNCH, job__project__jobs=this.job)

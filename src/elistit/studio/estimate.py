"""How long a project will still take, said honestly: from what this installation has done before, or not at all.

Looks only at finished work with the same product type and model. It must never show a figure no one has measured here.
"""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass

from django.db.models import Min, Q, QuerySet

from elistit import ports
from elistit.chain.models import Attempt
from elistit.projects.models import Job, JobKind, Project
from elistit.projects.states import JobStatus, Stage

LOOK_BACK = 20
RECENT = 2_000
"""Only the newest jobs are looked through, so that the form is as quick in a large studio, where a product type may be rare."""
BEFORE_GATE = (Stage.QUEUED, Stage.BRIEFING, Stage.GENERATING)
AFTER_GATE = (Stage.PROCESSING, Stage.DELIVERING, Stage.LISTING, Stage.DRAFTING)


@dataclass(frozen=True)
class Estimate:
    """`words` is one sentence; `seconds` what is left, None without history or when the usual time has passed."""

    words: str
    seconds: float | None = None


def remaining(project: Project, job: Job) -> Estimate | None:
    """What is left until the gate, or after it until the end. None where nothing is running."""
    if project.stage in BEFORE_GATE and job.gate_reached_at is None:
        past = _to_gate(_alike(project.product, project.model))
        return _say(past, project.count, job.created_at, "your approval")
    if project.stage in AFTER_GATE and job.kind == JobKind.LAUNCH:
        past = _to_end(project)
        since = Attempt.objects.filter(job=job, stage=Stage.PROCESSING).aggregate(at=Min("started_at"))["at"]
        return _say(past, project.count, since or project.stage_since, "the end")
    return None


def expected(product: str, model: str, count: int) -> str:
    """How long an order usually takes to its gate, or to its end where nothing stops it; empty without history."""
    alike = _alike(product, model)
    past, until = _to_gate(alike), "ready to review"
    if not past:
        past, until = _whole(alike), "finished"
    if not past:
        return ""
    ground = f"the last {len(past)} here" if len(past) > 1 else "the last one here"
    return f"Usually {until} in {span(statistics.median(past) * count)}, based on {ground}."


def _alike(product: str, model: str) -> QuerySet[Job]:
    """The newest launches of this product type with this model, the newest first."""
    before = Job.objects.order_by("-pk").values_list("pk", flat=True)[RECENT : RECENT + 1].first() or ""
    alike = Job.objects.filter(kind=JobKind.LAUNCH, project__product=product, project__model=model, pk__gt=before)
    return alike.order_by("-pk")


def _whole(alike: QuerySet[Job]) -> list[float]:
    """Seconds per image from launch to end, of the newest finished projects like this one."""
    rows = alike.filter(status=JobStatus.SUCCEEDED, ended_at__isnull=False)
    return [
        (ended - made).total_seconds() / max(count, 1)
        for made, ended, count in rows.values_list("created_at", "ended_at", "project__count")[:LOOK_BACK]
        if ended is not None
    ]


def _to_gate(alike: QuerySet[Job]) -> list[float]:
    """Seconds per image from launch to gate, of the newest projects like this one."""
    rows = alike.filter(gate_reached_at__isnull=False)
    return [
        (reached - made).total_seconds() / max(count, 1)
        for made, reached, count in rows.values_list("created_at", "gate_reached_at", "project__count")[:LOOK_BACK]
        if reached is not None
    ]


def _to_end(project: Project) -> list[float]:
    """Seconds per image from the start of processing to the end, of the newest finished projects like this one."""
    rows = (
        _alike(project.product, project.model)
        .filter(status=JobStatus.SUCCEEDED, ended_at__isnull=False)
        .filter(attempts__stage=Stage.PROCESSING)
        .annotate(since=Min("attempts__started_at", filter=Q(attempts__stage=Stage.PROCESSING)))
    )
    return [
        (ended - since).total_seconds() / max(count, 1)
        for since, ended, count in rows.values_list("since", "ended_at", "project__count")[:LOOK_BACK]
        if since is not None and ended is not None
    ]


def _say(past: list[float], count: int, since: dt.datetime, until: str) -> Estimate:
    if not past:
        return Estimate("No estimate: this studio has no history with this kind of project yet.")
    usual = statistics.median(past) * count
    left = usual - (ports.now() - since).total_seconds()
    ground = f"based on the last {len(past)} here" if len(past) > 1 else "based on the last one here"
    if left <= 0:
        return Estimate(f"This usually takes {span(usual)}, {ground}. It is taking a little longer this time.")
    return Estimate(f"{span(left).capitalize()} until {until}, {ground}.", left)


def span(seconds: float) -> str:
    """A length of time in words, rounded up: `about 20 seconds`, `about 3 minutes`."""
    if seconds < 55:
        return f"about {max(10, -(-int(seconds) // 10) * 10)} seconds"
    minutes = -(-int(seconds) // 60)
    return "about a minute" if minutes == 1 else f"about {minutes} minutes"

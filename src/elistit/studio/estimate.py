"""How long a project will still take, said honestly: from what this installation has done before, or not at all.

Looks only at finished work with the same product type and model. It must never show a figure no one has measured here.
"""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass

from django.db.models import Min, Q

from elistit import ports
from elistit.chain.models import Attempt
from elistit.projects.models import Job, JobKind, Project
from elistit.projects.states import JobStatus, Stage

LOOK_BACK = 20
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
        past = _to_gate(_alike(project))
        return _say(past, project.count, job.created_at, "your approval")
    if project.stage in AFTER_GATE and job.kind == JobKind.LAUNCH:
        past = _to_end(project)
        since = Attempt.objects.filter(job=job, stage=Stage.PROCESSING).aggregate(at=Min("started_at"))["at"]
        return _say(past, project.count, since or project.stage_since, "the end")
    return None


def expected(product: str, model: str, count: int) -> str:
    """How long an order usually takes to its gate, or to its end where nothing stops it; empty without history."""
    alike = {"kind": JobKind.LAUNCH, "project__product": product, "project__model": model}
    past, until = _to_gate(alike), "ready to review"
    if not past:
        past, until = _whole(alike), "finished"
    if not past:
        return ""
    ground = f"the last {len(past)} here" if len(past) > 1 else "the last one here"
    return f"Usually {until} in {span(statistics.median(past) * count)}, based on {ground}."


def _alike(project: Project) -> dict[str, str]:
    return {"kind": JobKind.LAUNCH, "project__product": project.product, "project__model": project.model}


def _whole(alike: dict[str, str]) -> list[float]:
    """Seconds per image from launch to end, of the newest finished projects like this one."""
    rows = Job.objects.filter(**alike, status=JobStatus.SUCCEEDED, ended_at__isnull=False).order_by("-public_id")
    return [
        (ended - made).total_seconds() / max(count, 1)
        for made, ended, count in rows.values_list("created_at", "ended_at", "project__count")[:LOOK_BACK]
        if ended is not None
    ]


def _to_gate(alike: dict[str, str]) -> list[float]:
    """Seconds per image from launch to gate, of the newest projects like this one."""
    rows = Job.objects.filter(**alike, gate_reached_at__isnull=False).order_by("-public_id")
    return [
        (reached - made).total_seconds() / max(count, 1)
        for made, reached, count in rows.values_list("created_at", "gate_reached_at", "project__count")[:LOOK_BACK]
        if reached is not None
    ]


def _to_end(project: Project) -> list[float]:
    """Seconds per image from the start of processing to the end, of the newest finished projects like this one."""
    rows = (
        Job.objects.filter(**_alike(project), status=JobStatus.SUCCEEDED, ended_at__isnull=False)
        .filter(attempts__stage=Stage.PROCESSING)
        .annotate(since=Min("attempts__started_at", filter=Q(attempts__stage=Stage.PROCESSING)))
        .order_by("-public_id")
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

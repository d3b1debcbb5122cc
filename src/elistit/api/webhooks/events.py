"""Which events there were, read from the tables that the chain writes anyway.

A job that ended and a gate that was reached carry their time, so nothing has to announce them and nothing is missed by
looking late. The tables are looked at again some way behind the last look, because a transaction may commit later than
the times it wrote; `occasion` makes each event tell itself once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from elistit.api.webhooks.details import Detail
from elistit.credits import ledger
from elistit.projects.models import Job, JobKind
from elistit.projects.products import PosterMode
from elistit.projects.states import JobStatus, Stage

COMPLETED, FAILED, AWAITING_APPROVAL = "project.completed", "project.failed", "project.awaiting_approval"


@dataclass(frozen=True)
class Event:
    """One change of state worth telling. `occasion` is the same however often it is found."""

    type: str
    occasion: str
    at: dt.datetime
    stage: Stage
    status: JobStatus
    job: Job

    @property
    def owner(self) -> int:
        return int(self.job.project.owner_id)

    @property
    def project(self) -> str:
        return self.job.project_id


def since(moment: dt.datetime, owners: Collection[int]) -> list[Event]:
    """Every event of these owners' projects from `moment` on, oldest first."""
    jobs = Job.objects.filter(project__owner__in=owners).select_related("project")
    standing = jobs.filter(kind=JobKind.LAUNCH).exclude(project__stage=Stage.DELETED)
    found = [_waiting(job, job.gate_reached_at, "first") for job in standing.filter(gate_reached_at__gte=moment)]
    # Back at the gate after a remake: the stage is younger than the gate.
    back = standing.filter(
        project__stage=Stage.AWAITING_APPROVAL, project__stage_since__gte=moment,
        project__stage_since__gt=F("gate_reached_at"),
    )  # fmt: skip
    found += [_waiting(job, job.project.stage_since, job.project.stage_since.isoformat()) for job in back]
    found += [_ended(job) for job in jobs.filter(ended_at__gte=moment, status__in=tuple(_STAGE_AFTER))]
    return sorted(found, key=lambda event: event.at)


_STAGE_AFTER = {
    JobStatus.SUCCEEDED: dict.fromkeys(JobKind, Stage.COMPLETED),
    # A later job that fails leaves the project where it was before it (rules §4, §5.5).
    JobStatus.FAILED: {
        JobKind.LAUNCH: Stage.FAILED, JobKind.PRINT_READY: Stage.DESIGN_READY, JobKind.LISTING: Stage.COMPLETED,
    },
}  # fmt: skip
"""The state of a project when a job of it has ended."""


def _ended(job: Job) -> Event:
    status, kind = JobStatus(job.status), JobKind(job.kind)
    stage, at = _STAGE_AFTER[status][kind], job.ended_at or job.changed_at
    if status == JobStatus.FAILED:
        return Event(FAILED, f"{FAILED}:{job.pk}", at, stage, status, job)
    if kind == JobKind.LAUNCH and job.project.mode == PosterMode.DESIGN:
        # The design is there and nothing more was ordered: the seller decides.
        return Event(AWAITING_APPROVAL, f"{AWAITING_APPROVAL}:{job.pk}:first", at, Stage.DESIGN_READY, status, job)
    return Event(COMPLETED, f"{COMPLETED}:{job.pk}", at, stage, status, job)


def _waiting(job: Job, at: dt.datetime | None, when: str) -> Event:
    occasion = f"{AWAITING_APPROVAL}:{job.pk}:{when}"
    return Event(AWAITING_APPROVAL, occasion, at or job.changed_at, Stage.AWAITING_APPROVAL, JobStatus.WAITING, job)


def bodies(events: Iterable[Event | Detail]) -> dict[str, str]:
    """What is sent for each event, by occasion, with the money as the ledger has it now."""
    listed = list(events)
    money = ledger.jobs_money([event.job.pk for event in listed if isinstance(event, Event)])
    by_occasion = {
        event.occasion: {
            "type": event.type,
            "timestamp": event.at.isoformat(),
            "data": event.data if isinstance(event, Detail) else _data(event, money[event.job.pk]),
        }
        for event in listed
    }
    return {
        occasion: json.dumps(body, separators=(",", ":"), ensure_ascii=False) for occasion, body in by_occasion.items()
    }


def _data(event: Event, money: ledger.JobMoney) -> dict[str, Any]:
    job, project = event.job, event.job.project
    failure = None
    if event.status == JobStatus.FAILED:
        failure = {"kind": job.failure_kind, "reason": job.failure_reason, "stage": job.failure_stage}
    return {
        "public_id": project.pk,
        "name": project.name,
        "product": project.product,
        "stage": event.stage.value,
        "job": {
            "id": job.pk, "status": event.status.value, "charged": money.charged, "refunded": money.refunded,
            "failure": failure,
        },
        "url": f"/api/v1/projects/{project.pk}",
    }  # fmt: skip

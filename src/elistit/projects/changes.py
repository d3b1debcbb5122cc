"""Guarded changes of state: the only code that writes `Project.stage` and `Job.status`.

Each function is one UPDATE whose WHERE names the states it may leave, so that of any number of racing callers exactly one
wins, alike on SQLite and PostgreSQL. They must run inside the transaction that moves the money they go with.
"""

from __future__ import annotations

from collections.abc import Iterable

from elistit import ports
from elistit.projects.models import Item, Job, Project
from elistit.projects.states import (
    TERMINAL_JOB,
    ItemState,
    JobStatus,
    Stage,
    stages_before,
    statuses_before,
)


def move_stage(project: str, to: Stage, leaving: Iterable[Stage] | None = None) -> bool:
    """Move a project to a stage, from any stage the table allows or only from `leaving`. False: someone was faster."""
    before = [s for s in stages_before(to) if leaving is None or s in set(leaving)]
    return bool(
        Project.objects.filter(pk=project, stage__in=before).update(
            stage=to,
            stage_since=ports.now(),
            # What a stage made may be what the project is found by (`projects.finding`).
            searchable_at=None,
            **({"deleted_at": ports.now()} if to == Stage.DELETED else {}),
        )
    )


def move_job(job: str, to: JobStatus, leaving: Iterable[JobStatus] | None = None) -> bool:
    """Move a job to a status, and hold its row until the transaction ends. False: someone was faster."""
    before = [s for s in statuses_before(to) if leaving is None or s in set(leaving)]
    now = ports.now()
    ended = {"ended_at": now} if to in TERMINAL_JOB else {}
    return bool(Job.objects.filter(pk=job, status__in=before).update(status=to, changed_at=now, **ended))


def lock_job(job: str, statuses: Iterable[JobStatus]) -> bool:
    """Take a job's row until the transaction ends, if it stands in one of `statuses`. Serialises everything that
    settles work of one job."""
    return bool(Job.objects.filter(pk=job, status__in=list(statuses)).update(changed_at=ports.now()))


def move_item(job: str, number: int, to: ItemState, leaving: Iterable[ItemState], **fields: object) -> bool:
    """Change an item's state from one of `leaving`, with other fields, in one UPDATE. False: someone was faster."""
    return bool(Item.objects.filter(job_id=job, number=number, state__in=list(leaving)).update(state=to, **fields))

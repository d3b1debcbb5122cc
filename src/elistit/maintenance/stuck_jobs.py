"""Jobs without progress for over 30 minutes, shown to the operator. It must never end a job for its age (rules §6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from elistit import ports
from elistit.chain.models import Attempt
from elistit.projects.models import Job
from elistit.projects.states import JobStatus

STUCK_AFTER = dt.timedelta(minutes=30)

BATCH = 500


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

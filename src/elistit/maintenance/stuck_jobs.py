"""Jobs without progress for over 30 minutes, shown to the operator. It must never end a job for its age (rules §6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from elistit import ports
from elistit.chain.models import Attempt
from elistit.maintenance.task import Run
from elistit.projects.models import Job
from elistit.projects.states import JobStatus

STUCK_AFTER = dt.timedelta(minutes=30)
LARGE_BUNDLE_MINUTES = (10, 15)
"""How long a large bundle may legitimately take (rules §6). Well below `STUCK_AFTER`, so that it causes no alarm."""

BATCH = 500


def stuck() -> list[dict[str, Any]]:
    """Jobs without progress for over 30 minutes, for the operator to look at. Read-only."""
    before = ports.now() - STUCK_AFTER
    running = Job.objects.filter(
        ended_at=None, status=JobStatus.RUNNING, changed_at__lt=before, project__paused_at=None
    )
    found = []
    for job in running.select_related("project").order_by("changed_at")[:BATCH]:
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
    return found


def note_stuck(run: Run | None = None) -> int:
    """Add a note to the activity of each stuck job, once each time it stops progressing. Returns the number of notes.
    Never ends a job because of its age (rules §6)."""

    def note(row: dict[str, Any]) -> bool:
        if _noted(row):
            return False
        reason = "There has been no progress for over 30 minutes. The operator can see this project; nothing is lost."
        Attempt.objects.create(
            job_id=row["job"], stage=row["stage"], note=True, outcome="stuck", ended_at=ports.now(), reason=reason
        )
        return True

    new = [row for row in stuck() if not _noted(row)]
    return (run or Run()).each(new, note, key=lambda row: str(row["job"]))


def _noted(row: dict[str, Any]) -> bool:
    since = dt.datetime.fromisoformat(row["since"])
    return Attempt.objects.filter(job=row["job"], note=True, outcome="stuck", started_at__gte=since).exists()

"""Notes in a project's activity that aren't attempts: what recovery and maintenance did. It must never change a job."""

from __future__ import annotations

from elistit import ports
from elistit.chain.models import Attempt


def note(job: str, stage: str, words: str, detail: str = "") -> None:
    """Add an action to the project's activity, for the seller to read; `detail` is shown only to operators."""
    Attempt.objects.create(
        job_id=job,
        stage=stage,
        note=True,
        outcome="aftercare",
        reason=words[:400],
        detail=detail,
        ended_at=ports.now(),
        starts=0,
    )

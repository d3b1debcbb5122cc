"""Notes that recovery adds to a project's activity, for the seller to read. It must never change a job."""

from __future__ import annotations

from elistit import ports
from elistit.chain.models import Attempt
from elistit.projects.models import Job
from elistit.projects.states import TERMINAL_JOB


def note_handed_over(
    ids: list[str], words: str = "The worker stopped during this step. Another worker has resumed it."
) -> None:
    for job in {i.split(":")[1] for i in ids if i.startswith("job:")}:
        stage = (
            Job.objects.values_list("project__stage", flat=True).filter(pk=job).exclude(status__in=TERMINAL_JOB).first()
        )
        if stage:
            note_recovery(job, stage, words)


def note_recovery(job: str, stage: str, words: str) -> None:
    Attempt.objects.create(
        job_id=job, stage=stage, note=True, outcome="recovered", reason=words, ended_at=ports.now(), starts=0
    )

"""Which job an accepted request stands for: the key a job keeps, the answer of a request, and the job of an answer.

Also for jobs from before there were accepted requests, which are known by their key and digest alone. It must never book
anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.projects import requests
from elistit.projects.models import Job
from elistit.projects.requests import Act


def key_of_job(owner: User, act: Act, key: str) -> str:
    """The key as a job keeps it, for the version before, which knows a repetition by it alone."""
    return f"{act.value}:{owner.pk}:{key}"


def answer_of(job: Job) -> dict[str, Any]:
    """What an accepted request keeps of the job it booked."""
    return {"project": job.project_id, "job": job.pk}


def answer_before(owner: User, act: Act, key: str, stored: Callable[[], str]) -> dict[str, Any] | None:
    """The answer of a key from before there were accepted requests."""
    job = Job.objects.filter(idempotency_key=key_of_job(owner, act, key)).first()
    if job is None:
        return None
    if job.request_digest != stored():
        raise ledger.IdempotencyConflict(key)
    return answer_of(job)


def job_of(accepted: requests.Accepted) -> tuple[Job, bool]:
    """The job an accepted request booked, and whether this request booked it now."""
    job = Job.objects.select_related("project").get(pk=accepted.answer["job"])
    return job, not accepted.replayed

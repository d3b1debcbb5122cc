"""The job of an accepted request: the key stored with the job, the answer stored with the request, and the job of an answer.

Jobs that are older than accepted requests are recognized by their key and digest alone. It must never book anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.projects import idempotency
from elistit.projects.idempotency import Action
from elistit.projects.models import Job


def key_of_job(owner: User, action: Action, key: str) -> str:
    """The key as stored with the job, for the previous version, which recognizes a repetition by it alone."""
    return f"{action.value}:{owner.pk}:{key}"


def answer_of(job: Job) -> dict[str, Any]:
    """The part of a job that an accepted request stores."""
    return {"project": job.project_id, "job": job.pk}


def answer_before(owner: User, action: Action, key: str, stored: Callable[[], str]) -> dict[str, Any] | None:
    """The answer of a key that is older than accepted requests. Raises IdempotencyConflict for another body."""
    job = Job.objects.filter(idempotency_key=key_of_job(owner, action, key)).first()
    if job is None:
        return None
    if job.request_digest != stored():
        raise ledger.IdempotencyConflict(key)
    return answer_of(job)


def job_of(accepted: idempotency.Accepted) -> tuple[Job, bool]:
    """The job an accepted request booked, and whether this request booked it now."""
    job = Job.objects.select_related("project").get(pk=accepted.answer["job"])
    return job, not accepted.replayed

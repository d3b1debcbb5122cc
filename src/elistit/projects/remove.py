"""Deleting a project: nothing is refunded, nothing more is bought (rules §5.4).

The page that asks for it says the exact number of credits that will not come back, from `loss`. Deleting while a failure
is being booked has one winner: the one that changes the job's status first.
"""

from __future__ import annotations

from django.db import transaction

from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.projects import changes
from elistit.projects.gate import own_project
from elistit.projects.models import Project
from elistit.projects.states import ACTIVE_JOB, JobStatus, Stage


def loss(project: Project) -> int:
    """Credits that will not come back if the project is deleted now: what its unfinished jobs have been charged, less
    what was returned already. 0 once everything has ended."""
    active = list(project.jobs.filter(status__in=ACTIVE_JOB).values_list("pk", flat=True))
    return sum(money.net for money in ledger.jobs_money(active).values())


def delete(owner: User, public_id: str) -> list[str]:
    """Delete a project. Answers the jobs that were cancelled, for the engine to stop. Deleting twice raises NotFound."""
    with transaction.atomic():
        project = own_project(owner, public_id)
        jobs = [job.pk for job in project.jobs.all() if changes.move_job(job.pk, JobStatus.CANCELLED)]
        changes.move_stage(project.pk, Stage.DELETED)
        return jobs

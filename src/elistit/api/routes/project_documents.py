"""Projects as the API shows them: one whole, and one row of a list.

It reads and must never change anything.
"""

from __future__ import annotations

from typing import Any

from elistit.actions import queries
from elistit.credits import ledger
from elistit.projects import organizing
from elistit.projects.models import Job, JobKind, Project
from elistit.projects.states import JobStatus

# As the wire has it; the address of the API's root is not known to a schema.
FILES = "/api/v1/projects/{}/files/{}"


def show(project: Project) -> dict[str, Any]:
    """A project with its files at addresses that take the bearer key."""
    shown = queries.describe(project)
    for item in shown["items"]:
        for flagged in (item, *item["versions"]):
            flagged["flags"] = [_flag(flag) for flag in flagged["flags"]]
    for file in shown["files"]:
        file["url"] = FILES.format(project.pk, file["id"])
    labels = organizing.labels_of([project.pk])[project.pk]
    kit = {"id": project.brand["id"], "name": project.brand["name"]} if project.brand else None
    return {
        **shown,
        "labels": labels,
        "brand_kit": kit,
        **_order(project),
        "loss_on_delete": queries.loss_on_delete(project),
    }


def _flag(flag: Any) -> dict[str, str]:
    return flag if isinstance(flag, dict) else {"code": "", "words": str(flag)}


def summaries(page: list[Project]) -> list[dict[str, Any]]:
    jobs = {job.project_id: job for job in Job.objects.filter(project__in=page, kind=JobKind.LAUNCH)}
    money = ledger.jobs_money([job.pk for job in jobs.values()])
    labels = organizing.labels_of(p.pk for p in page)
    return [
        {
            "public_id": p.pk, "name": p.name, "product": p.product, "idea": p.idea, "count": p.count, "model": p.model,
            "stage": p.stage, "created_at": p.created_at, "job": _job(jobs[p.pk], money[jobs[p.pk].pk]),
            "labels": labels[p.pk], **_order(p),
        }
        for p in page
    ]  # fmt: skip


def _order(project: Project) -> dict[str, Any]:
    return {
        "archived": project.archived_at is not None,
        "favorite": project.favorite_at is not None,
        "series": project.series.name if project.series else None,
    }


def _job(job: Job, money: ledger.JobMoney) -> dict[str, Any]:
    failure = None
    if job.status == JobStatus.FAILED:
        failure = {"kind": job.failure_kind, "reason": job.failure_reason, "stage": job.failure_stage}
    return {
        "id": job.pk, "status": job.status, "charged": money.charged, "refunded": money.refunded, "failure": failure,
    }  # fmt: skip

"""Rules §6: nothing is left running, and what waits, waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from elistit.projects.models import Item, Job, Project
from elistit.simulator.town import Town

_STAGES = {
    "SUCCEEDED": {"completed", "design_ready", "deleted", "processing", "delivering", "listing", "drafting"},
    "FAILED": {"failed", "design_ready", "completed", "deleted", "processing", "delivering", "listing", "drafting"},
    "CANCELLED": {"deleted"},
}


_RESTS = {"completed", "failed", "deleted", "design_ready", "awaiting_approval"}


def check(town: Town) -> Iterator[str]:
    for job in Job.objects.select_related("project"):
        who = f"job …{job.pk[-4:]}"
        if job.status in ("QUEUED", "RUNNING", "WAITING"):
            yield f"{who} is {job.status} at {job.project.stage} with nothing left to do"
        elif job.project.stage not in _STAGES[job.status]:
            yield f"{who} is {job.status} and its project {job.project.stage}"
    for project in Project.objects.order_by("public_id"):
        if project.stage not in _RESTS:
            yield f"project …{project.pk[-4:]} stands at {project.stage} with nothing left to do"
    for item in Item.objects.filter(state="pending").select_related("job", "job__project"):
        if item.job.status == "SUCCEEDED":
            yield f"item {item.number} of job …{item.job_id[-4:]} is still pending"

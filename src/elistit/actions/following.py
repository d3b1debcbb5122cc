"""What a program that follows a project receives: one server-sent event with the state of the project.

Each event is the whole state, so that missed events don't matter. Read-only.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Count

from elistit.projects.models import Item, Job, JobKind, Listing, Project

RETRY = b"retry: 2000\n\n"
"""Milliseconds after which a client whose stream ended reconnects."""


def standing(project_id: str) -> dict[str, Any]:
    """The state of a project: stage, newest job, items by state, draft. Raises Project.DoesNotExist."""
    project = Project.objects.only("pk", "stage").get(pk=project_id)
    job = Job.objects.filter(project=project_id).order_by("-public_id").values("public_id", "kind", "status")[0]
    items = (
        Item.objects.filter(job__project=project_id, job__kind=JobKind.LAUNCH).order_by("state").values_list("state")
    )
    draft = Listing.objects.filter(project=project_id).values_list("draft", flat=True).first()
    return {
        "public_id": project.pk,
        "stage": project.stage,
        "job": {"id": job["public_id"], "kind": job["kind"], "status": job["status"]},
        "items": dict(items.annotate(n=Count("pk"))),
        "draft": draft or Listing.Draft.NONE.value,
    }


def event(project_id: str) -> bytes:
    """One server-sent event named `project`, with `standing` as its data. Raises Project.DoesNotExist."""
    data = json.dumps(standing(project_id), separators=(",", ":"))
    return f"event: project\ndata: {data}\n\n".encode()

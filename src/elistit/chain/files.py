"""Rows of stored files, and of the buyer's trial they went through. It must never touch file storage itself."""

from __future__ import annotations

import json
from typing import Any

from elistit import ports
from elistit.ports import TRIAL, Failure
from elistit.projects.models import BuyerTrial, Item, Job, ProjectFile


def keep_files(job: Job, files: list[dict[str, Any]], item: Item | None = None) -> None:
    """Write files down that are in the store. Writing the same ones again changes nothing. Runs in a transaction."""
    for f in files:
        ProjectFile.objects.update_or_create(
            project_id=job.project_id, path=f["path"],
            defaults={
                "job": job, "item": item.number if item else None, "round": item.round if item else 0, "role": f["role"],
                "name": f["name"], "bytes": f["bytes"], "sha256": f["sha256"], "width": f.get("width"),
                "height": f.get("height"), "dpi": f.get("dpi"),
                "source_type": f.get("source_type"),
            },
        )  # fmt: skip


def keep_trial(job: Job, report: dict[str, Any] | None) -> None:
    """Write down the report of a buyer's trial, in place of an earlier one. Work of a version before has none."""
    if report:
        values = {"job": job, "ok": report["ok"], "report": report, "created_at": ports.now()}
        BuyerTrial.objects.update_or_create(project_id=job.project_id, defaults=values)


def keep_failed_trial(job: Job, failure: Failure) -> None:
    """Write down the report a failed delivery carries in its detail. It is not put over that of files which are there."""
    begins = f"{TRIAL}: "
    if failure.detail.startswith(begins):
        report = json.loads(failure.detail.removeprefix(begins))
        values = {"job": job, "ok": False, "report": report, "created_at": ports.now()}
        BuyerTrial.objects.get_or_create(project_id=job.project_id, defaults=values)

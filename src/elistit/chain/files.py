"""Rows of stored files and of their buyer's trial. It must never touch file storage itself."""

from __future__ import annotations

import json
from typing import Any

from elistit import ports
from elistit.chain.models import Attempt
from elistit.chain.notes import note
from elistit.ports import TRIAL, Failure
from elistit.projects.models import BuyerTrial, Item, Job, ProjectFile
from elistit.projects.states import Stage

SIGNED_FOLDER = "signed-"
"""Prefix of the folder of a signed file. A digest follows, because signing the same file again gives different bytes."""
UNSIGNED = (
    "Delivered without Content Credentials. Cause: the studio's signing certificate couldn't be used. "
    "The files are complete, and how they were made is still stated in each."
)


def keep_files(job: Job, files: list[dict[str, Any]], item: Item | None = None) -> None:
    """Write rows for files that are in file storage. Idempotent. Must run in a transaction.

    A signed file replaces an unsigned or differently signed one of the same name, and the other way round. Files that
    couldn't be signed are noted in the activity, once for each reason.
    """
    _replace(job, files, item)
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
    if reasons := sorted({f["unsigned"] for f in files if f.get("unsigned")}):
        _note_unsigned(job, " ".join(reasons))


def _replace(job: Job, files: list[dict[str, Any]], item: Item | None) -> None:
    """Delete the rows of files that these replace: the same file, signed differently."""
    now = {(f["role"], f["name"]): f["path"] for f in files}
    there = ProjectFile.objects.filter(project_id=job.project_id, item=item.number if item else None)
    for row in there:
        path = now.get((row.role, row.name), row.path)
        if path != row.path and any(f"/{SIGNED_FOLDER}" in p for p in (path, row.path)):
            row.delete()


def _note_unsigned(job: Job, reasons: str) -> None:
    """Note once that files are delivered unsigned. What the operator can fix is in the detail, which sellers don't see."""
    if not Attempt.objects.filter(job=job, note=True, reason=UNSIGNED).exists():
        note(job.pk, Stage.DELIVERING, UNSIGNED, detail=reasons)


def keep_trial(job: Job, report: dict[str, Any] | None) -> None:
    """Store the report of a buyer's trial, replacing an earlier one. Does nothing for work of a version without the trial."""
    if report:
        values = {"job": job, "ok": report["ok"], "report": report, "created_at": ports.now()}
        BuyerTrial.objects.update_or_create(project_id=job.project_id, defaults=values)


def keep_failed_trial(job: Job, failure: Failure) -> None:
    """Store the report that a failed delivery has in its detail. It doesn't replace the report of files that were delivered."""
    begins = f"{TRIAL}: "
    if failure.detail.startswith(begins):
        report = json.loads(failure.detail.removeprefix(begins))
        values = {"job": job, "ok": False, "report": report, "created_at": ports.now()}
        BuyerTrial.objects.get_or_create(project_id=job.project_id, defaults=values)

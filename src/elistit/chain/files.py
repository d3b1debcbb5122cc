"""Rows of stored files, and of the buyer's trial they went through. It must never touch file storage itself."""

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
"""The folder of a signed file begins so; what follows is a digest, since the same file signed again differs."""
UNSIGNED = (
    "Delivered without Content Credentials. Cause: the studio's signing certificate couldn't be used. "
    "The files are complete, and how they were made is still stated in each."
)


def keep_files(job: Job, files: list[dict[str, Any]], item: Item | None = None) -> None:
    """Write files down that are in the store. Writing the same ones again changes nothing. Runs in a transaction.

    A signed file replaces the one of the same name that was there unsigned or signed otherwise, and the other way round. What
    couldn't be signed is noted in the activity, once for each reason.
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
    """Delete the rows of files that these take the place of: the same but for being signed."""
    now = {(f["role"], f["name"]): f["path"] for f in files}
    there = ProjectFile.objects.filter(project_id=job.project_id, item=item.number if item else None)
    for row in there:
        path = now.get((row.role, row.name), row.path)
        if path != row.path and any(f"/{SIGNED_FOLDER}" in p for p in (path, row.path)):
            row.delete()


def _note_unsigned(job: Job, reasons: str) -> None:
    """Say once that files are delivered unsigned; what the operator can correct is in the detail, which sellers don't see."""
    if not Attempt.objects.filter(job=job, note=True, reason=UNSIGNED).exists():
        note(job.pk, Stage.DELIVERING, UNSIGNED, detail=reasons)


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

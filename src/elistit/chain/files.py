"""Rows of stored files. It must never touch file storage itself."""

from __future__ import annotations

from typing import Any

from elistit.projects.models import Item, Job, ProjectFile


def keep_files(job: Job, files: list[dict[str, Any]], item: Item | None = None) -> None:
    """Write files down that are in the store. Writing the same ones again changes nothing. Runs in a transaction."""
    for f in files:
        ProjectFile.objects.update_or_create(
            project_id=job.project_id, path=f["path"],
            defaults={
                "job": job, "item": item.number if item else None, "round": item.round if item else 0, "role": f["role"],
                "name": f["name"], "bytes": f["bytes"], "sha256": f["sha256"], "width": f.get("width"),
                "height": f.get("height"), "dpi": f.get("dpi"),
            },
        )  # fmt: skip

"""How long finished files are kept (`ELISTIT_KEEP_DAYS`). It must never delete an original."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from elistit import config, ports
from elistit.chain.notes import note
from elistit.delivery.models import FilesAgain, KeepRule
from elistit.delivery.store import open_store
from elistit.maintenance.task import Run
from elistit.projects import gate
from elistit.projects.models import FileRole, Project
from elistit.projects.states import Stage

DELETED_AT_ONCE = 20

ORIGINALS = (FileRole.IMAGE, FileRole.SOURCE, FileRole.PREVIEW)


def keep_days() -> int:
    """How many days this installation keeps the finished files of a project; 0 is forever (`ELISTIT_KEEP_DAYS`)."""
    return config.current().storage.keep_days


def delete_expired(run: Run | None = None) -> int:
    """Delete the finished files of projects whose retention time is over, and return the number of projects.

    The originals stay, so that the files can be rebuilt. A shortened retention time counts from the day it was
    shortened, so that no files disappear the moment a setting changes.
    """
    run = run or Run()
    days = keep_days()
    rule, _ = KeepRule.objects.get_or_create(pk=1, defaults={"days": days})
    if rule.days != days:
        rule.days, rule.since = days, ports.now()
        rule.save()
    before = ports.now() - dt.timedelta(days=days)
    if not days or rule.since > before:
        return 0
    store = open_store(settings.STORAGE_URL)

    def expire(public_id: str) -> bool:
        project = Project.objects.get(pk=public_id)
        newest = FilesAgain.objects.filter(project=public_id).order_by("-round").first()
        if newest and (newest.ended_at is None or newest.ended_at > before):
            return False
        finished = project.files.exclude(role__in=ORIGINALS)
        for file in list(finished):
            store.delete(file.path)
        finished.delete()
        Project.objects.filter(pk=public_id).update(files_deleted_at=ports.now())
        words = f"The finished files were kept for {days} days and have been deleted. The originals are kept; rebuild the files"
        note(gate.launch_job(project).pk, Stage.COMPLETED, f"{words} any time, free.")
        return True

    old = Project.objects.filter(files_deleted_at=None, stage=Stage.COMPLETED, stage_since__lt=before)
    keys = old.order_by("stage_since").values_list("pk", flat=True)
    return run.each(list(keys[: 20 * DELETED_AT_ONCE]), expire, most=DELETED_AT_ONCE)

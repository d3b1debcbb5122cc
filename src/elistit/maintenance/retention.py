"""How long finished files are kept (`ELISTIT_KEEP_DAYS`). It must never delete an original."""

from __future__ import annotations

import datetime as dt
import os

from django.conf import settings

from elistit import ports
from elistit.chain.notes import note
from elistit.delivery.models import FilesAgain, KeepRule
from elistit.delivery.store import open_store
from elistit.projects import gate
from elistit.projects.models import FileRole, Project
from elistit.projects.states import Stage

SWEPT_AT_ONCE = 20

ORIGINALS = (FileRole.IMAGE, FileRole.SOURCE, FileRole.PREVIEW)


def keep_days() -> int:
    """For how many days this installation keeps the finished files of a project; 0 is for ever (`ELISTIT_KEEP_DAYS`)."""
    return int(os.environ.get("ELISTIT_KEEP_DAYS", "0") or 0)


def delete_expired() -> int:
    """Remove the finished files of projects completed longer ago than the installation keeps them. Projects swept.

    The originals stay, so that the files can be made again. A rule that was made shorter counts from the day it was made
    so: nobody's files vanish because a number changed today.
    """
    days = keep_days()
    rule, _ = KeepRule.objects.get_or_create(pk=1, defaults={"days": days})
    if rule.days != days:
        rule.days, rule.since = days, ports.now()
        rule.save()
    before = ports.now() - dt.timedelta(days=days)
    if not days or rule.since > before:
        return 0
    store = open_store(settings.STORAGE_URL)
    old = Project.objects.filter(stage=Stage.COMPLETED, stage_since__lt=before, files__role=FileRole.ZIP).distinct()
    swept = 0
    for project in old[:SWEPT_AT_ONCE]:
        newest = FilesAgain.objects.filter(project=project.pk).order_by("-round").first()
        if newest and (newest.ended_at is None or newest.ended_at > before):
            continue
        finished = project.files.exclude(role__in=ORIGINALS)
        for file in list(finished):
            store.delete(file.path)
        finished.delete()
        words = f"The finished files were kept for {days} days and then removed. The originals are kept; make the files again"
        note(gate.launch_job(project).pk, Stage.COMPLETED, f"{words} any time, free.")
        swept += 1
    return swept

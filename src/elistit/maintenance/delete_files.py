"""Remove the files of projects deleted over a week ago from the store. It must never touch a project that isn't deleted."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from elistit import ports
from elistit.delivery.store import open_store
from elistit.projects.models import Project
from elistit.projects.states import Stage

DELETED_FILES_KEPT = dt.timedelta(days=7)


def sweep_deleted_files() -> int:
    """Remove the files of projects deleted over a week ago from the store. Projects swept. Idempotent; what cannot be
    removed now is removed by a later pass."""
    before = ports.now() - DELETED_FILES_KEPT
    store = open_store(settings.STORAGE_URL)
    swept = 0
    for project in Project.objects.filter(stage=Stage.DELETED, deleted_at__lt=before, files__isnull=False).distinct()[
        :50
    ]:
        store.delete_prefix(f"projects/{project.pk}")
        project.files.all().delete()
        swept += 1
    return swept

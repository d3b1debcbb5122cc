"""Delete unneeded files: of deleted projects, unused uploads, removed scenes, and leftovers of dead processes.

Each project, upload and folder is deleted separately, so one that can't be deleted doesn't stop the others. It must
never touch a project that isn't deleted.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from elistit import ports
from elistit.delivery.store import open_store
from elistit.maintenance.task import Run
from elistit.projects import scenes, uploads
from elistit.projects.models import Project, Scene
from elistit.projects.states import TERMINAL_STAGE, Stage

DELETED_FILES_KEPT = dt.timedelta(days=7)
WORK_FOLDERS_KEPT_SECONDS = 21_600
"""Longer than any attempt or upload takes."""
UNFINISHED_KEPT_SECONDS = 86_400
PROJECTS_AT_ONCE, UPLOADS_AT_ONCE, SCENES_AT_ONCE = 50, 200, 1000


def delete_projects(run: Run | None = None) -> int:
    """Delete the stored files of projects that were deleted over a week ago, and return the number of projects. Idempotent."""
    run = run or Run()
    before = ports.now() - DELETED_FILES_KEPT
    store = open_store(settings.STORAGE_URL)

    def delete(public_id: str) -> None:
        store.delete_prefix(f"projects/{public_id}")
        project = Project.objects.get(pk=public_id)
        project.files.all().delete()
        Project.objects.filter(pk=public_id).update(files_deleted_at=ports.now())

    # Failed ones are skipped by `each`, so enough rows are read that they can't fill the whole batch.
    due = Project.objects.filter(files_deleted_at=None, deleted_at__lt=before, stage=Stage.DELETED)
    keys = due.order_by("deleted_at").values_list("pk", flat=True)
    return run.each(list(keys[: 20 * PROJECTS_AT_ONCE]), delete, most=PROJECTS_AT_ONCE)


def delete_uploads(run: Run | None = None) -> int:
    """Delete the files and rows of unneeded uploads, and return how many. Idempotent."""
    run = run or Run()
    store = open_store(settings.STORAGE_URL)

    def delete(public_id: str) -> bool:
        # The files are deleted first: a row without files can be deleted again, files without a row would stay forever.
        # Checked again for each one, because a launch may have used it since.
        if not uploads.done_with().filter(pk=public_id).exists():
            return False
        store.delete_prefix(f"uploads/{public_id}")
        return bool(uploads.done_with().filter(pk=public_id).delete()[0])

    keys = uploads.done_with().order_by("pk").values_list("pk", flat=True)
    return run.each(list(keys[: 20 * UPLOADS_AT_ONCE]), delete, most=UPLOADS_AT_ONCE)


def delete_scenes(run: Run | None = None) -> int:
    """Delete the files of scenes that were removed over a day ago and that no unfinished project uses, and the rows of those that no
    project was made with. Returns the number of scenes."""
    run = run or Run()
    store = open_store(settings.STORAGE_URL)

    def delete(public_id: str) -> bool:
        if Project.objects.filter(scene=public_id).exclude(stage__in=TERMINAL_STAGE).exists():
            return False
        store.delete_prefix(f"scenes/{public_id}")
        with transaction.atomic():
            # Nothing is launched with a removed scene; the foreign key would refuse it here.
            if not Scene.objects.filter(~Exists(made_with), pk=public_id).delete()[0]:
                Scene.objects.filter(pk=public_id).update(path="", preview="")
        return True

    made_with = Project.objects.filter(scene=OuterRef("pk"))
    before = ports.now() - scenes.KEPT_REMOVED
    removed = Scene.objects.filter(~Q(path="") | ~Exists(made_with), removed_at__lt=before).order_by("removed_at")
    return run.each(list(removed.values_list("pk", flat=True)[:SCENES_AT_ONCE]), delete)


def delete_work_folders(run: Run | None = None, older_than_s: float = WORK_FOLDERS_KEPT_SECONDS) -> int:
    """Delete what dead processes left in this machine's work folder: incomplete uploads, files of attempts. Returns the
    number of folders and files in it."""
    run = run or Run()
    limit = ports.now().timestamp() - older_than_s

    def is_old(left: Path) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return left.lstat().st_mtime < limit
        return False

    def delete(left: Path) -> bool:
        with contextlib.suppress(FileNotFoundError):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
            return True
        return False

    old = [left for left in sorted((Path(settings.DATA_DIR) / "work").glob("*")) if is_old(left)]
    return run.each(old, delete, key=lambda left: left.name)


def delete_parts(_: Run | None = None) -> int:
    """Delete the unfinished files that dead processes left in file storage, and the write probes that earlier versions left in
    the data folder. Returns how many."""
    limit = ports.now().timestamp() - UNFINISHED_KEPT_SECONDS
    swept = open_store(settings.STORAGE_URL).sweep_unfinished(UNFINISHED_KEPT_SECONDS)
    for probe in Path(settings.DATA_DIR).glob(".write-probe-*.part"):
        with contextlib.suppress(FileNotFoundError):
            if probe.lstat().st_mtime < limit:
                probe.unlink()
                swept += 1
    return swept

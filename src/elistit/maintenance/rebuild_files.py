"""Rebuild a finished project's files from the originals, free of charge (rules §7).

Each request is held by a lease, so two workers never do the same one, and a killed worker's request is continued when
its lease ends. It must never change a job, a credit or an original image.
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from elistit import ports
from elistit.actions import queries
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.files import keep_files, keep_trial
from elistit.chain.notes import note
from elistit.delivery.models import FilesAgain
from elistit.delivery.store import StoreFailure
from elistit.maintenance.task import Run
from elistit.ports import Failure, Kind
from elistit.projects import gate
from elistit.projects.models import FileRole, Job, Project
from elistit.projects.states import Stage
from elistit.stages import delivering
from elistit.stages.context import StageContext
from elistit.stages.finishing import Stop, Work, finish_of, kept_items, listing_video, own_scene

log = logging.getLogger(__name__)


LEASE = dt.timedelta(minutes=5)


def rebuild_due(context: StageContext, run: Run | None = None) -> int:
    """Do every open request to rebuild files, and return how many were done."""
    due = FilesAgain.objects.filter(state=FilesAgain.State.PENDING).order_by("asked_at")

    def rebuild(row: FilesAgain) -> bool:
        if not _hold(row):
            return False
        try:
            state, words = FilesAgain.State.DONE, _rebuild(context, row)
        except Stop as stopped:
            state, words = FilesAgain.State.FAILED, stopped.failure.reason
        except StoreFailure as stored:
            state, words = FilesAgain.State.FAILED, stored.failure.reason
        except (ValueError, TimeoutError, RuntimeError) as error:
            state, words = FilesAgain.State.FAILED, "We couldn't rebuild the files. Try again later."
            log.warning("files of %s: %s", row.project, error)
        FilesAgain.objects.filter(pk=row.pk, lease=row.lease).update(
            state=state, words=words[:400], ended_at=ports.now(), lease="", lease_until=None
        )
        return True

    return (run or Run()).each(due[:100], rebuild, key=lambda row: str(row.pk), most=5)


def _hold(row: FilesAgain) -> bool:
    """Take this request, or extend its lease; False when another worker has it."""
    now, mine = ports.now(), row.lease or ports.new_id()
    free = Q(lease="") | Q(lease=mine) | Q(lease_until__lte=now)
    taken = FilesAgain.objects.filter(free, pk=row.pk, state=FilesAgain.State.PENDING).update(
        lease=mine, lease_until=now + LEASE
    )
    row.lease = mine if taken else ""
    return bool(taken)


def _rebuild(context: StageContext, row: FilesAgain) -> str:
    """Check every file, rebuild those that need it, and report the result in one sentence."""
    project = Project.objects.exclude(stage=Stage.DELETED).filter(pk=row.project).first()
    if project is None:
        return "The project was deleted."
    files = queries.current_files(project)
    bad = [f for f in files if context.store.problem(f.path, f.bytes, f.sha256)]
    whole = len(files) - len(bad)
    let_go = not any(f.role == FileRole.ZIP for f in files)
    if not bad and not let_go:
        return f"All {whole} files are complete; nothing had to be rebuilt."
    if lost := [f for f in bad if f.role == FileRole.IMAGE]:
        raise Stop(
            Failure(Kind.REJECTED, f"The original image {lost[0].name} is missing, so its files can't be rebuilt.")
        )
    made = _finish(context, row, gate.launch_job(project))
    Project.objects.filter(pk=project.pk).update(files_deleted_at=None)
    words = f"{made} files were rebuilt from the originals, free of charge."
    note(gate.launch_job(project).pk, Stage.DELIVERING, words)
    return words


def _finish(context: StageContext, row: FilesAgain, job: Job) -> int:
    """Make everything from the originals to the ZIPs again, item by item, and return the number of files written."""
    finish = finish_of(job)
    written = 0
    for item in kept_items(job):
        if not _hold(row):
            raise Stop(Failure(Kind.TRANSIENT, "Another worker has taken over these files."))
        with context.workplace() as folder:
            written += _kept(job, finish.item(Work(context, job, Path(folder)), item), item)
    with context.workplace() as folder:
        work = Work(context, job, Path(folder))
        made = [*finish.whole(work), *own_scene(work)]
        written += _kept(job, made) + _kept(job, _video(work, made))
    outcome = delivering.run(AttemptKey(job.pk, Stage.DELIVERING, 0, 0, 1, 0), job, context)
    if isinstance(outcome, Failure):
        raise Stop(outcome)
    with transaction.atomic():
        keep_trial(job, outcome.data["trial"])
    return written + _kept(job, outcome.data["files"])


def _video(work: Work, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make the listing video again. If it can't be made, the buyer's files are rebuilt without it, and the activity says so."""
    try:
        return listing_video(work, made)
    except Stop as stopped:
        note(work.job.pk, Stage.PROCESSING, f"The listing video wasn't rebuilt. {stopped.failure.reason}")
        return []


def _kept(job: Job, files: list[dict[str, Any]], item: Any = None) -> int:
    with transaction.atomic():
        keep_files(job, files, item)
    return len(files)

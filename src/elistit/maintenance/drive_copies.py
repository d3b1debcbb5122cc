"""The copies of finished files on sellers' Google Drives, free of charge. Each copy is held by a lease, so two workers
never make the same one. It must never change a job, a credit or an original."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from elistit import ports
from elistit.actions import queries
from elistit.chain import retry
from elistit.chain.notes import note
from elistit.chain.waits import wait_seconds
from elistit.delivery.google_drive import copying, names
from elistit.delivery.google_drive.copying import Part
from elistit.delivery.models import DriveCopy
from elistit.delivery.store import StoreFailure, open_store
from elistit.maintenance.task import Run
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects import gate
from elistit.projects.models import FileRole, Project, ProjectFile
from elistit.projects.states import Stage

log = logging.getLogger(__name__)


PICTURES = (FileRole.PRINT, FileRole.VECTOR, FileRole.CUT, FileRole.MAKER, FileRole.SHEET)


def copy_due(run: Run | None = None) -> int:
    """Make every Drive copy that is due, and return how many were attempted."""
    due = DriveCopy.objects.filter(state=DriveCopy.State.PENDING, next_try_at__lte=ports.now()).order_by("asked_at")

    def copy(row: DriveCopy) -> bool:
        free = Q(lease="") | Q(lease_until__lte=ports.now())
        if not DriveCopy.objects.filter(free, pk=row.pk).exists():
            return False
        _copy(row)
        return True

    return (run or Run()).each(due[:200], copy, key=lambda row: str(row.pk), most=10)


def _copy(row: DriveCopy) -> None:
    project = Project.objects.filter(pk=row.pk).exclude(stage=Stage.DELETED).first()
    # Files that were refunded in the meantime are no longer delivered, so there is nothing left to copy.
    if project is None or not (parts := parts_of(project)):
        row.delete()
        return
    try:
        outcome: Outcome = copying.copy(project.pk, project.name, parts)
    except StoreFailure as stored:
        outcome = stored.failure
    except Exception:
        log.exception("the Drive copy of %s broke", project.pk)
        outcome = Failure(Kind.TRANSIENT, "Something went wrong on our side.")
    _settle_copy(row, project, outcome)


def _settle_copy(row: DriveCopy, project: Project, outcome: Outcome) -> None:
    still = DriveCopy.objects.filter(pk=row.pk, state=DriveCopy.State.PENDING, round=row.round)
    with transaction.atomic():
        if isinstance(outcome, Made):
            done = {"folder_id": outcome.data["folder_id"], "files": outcome.data["files"], "reason": ""}
            if still.update(state=DriveCopy.State.DONE, ended_at=ports.now(), **done):
                words = f"{outcome.data['files']} files are in the folder “{project.name}” on your Google Drive."
                note(gate.launch_job(project).pk, project.stage, words)
            return
        number = row.tries + 1
        decision = retry.decide(outcome, number, row.waits)
        if isinstance(decision, retry.Again):
            at = ports.now() + dt.timedelta(seconds=wait_seconds(decision.delay))
            tries = {"tries": row.tries + 1, "waits": 0} if decision.counted else {"waits": row.waits + 1}
            still.update(next_try_at=at, reason=outcome.reason[:400], **tries)
            return
        if still.update(state=DriveCopy.State.FAILED, reason=outcome.reason[:400], ended_at=ports.now()):
            words = (
                f"We couldn't copy the files to your Google Drive: {outcome.reason} You can still download them here."
            )
            note(gate.launch_job(project).pk, project.stage, words)


def parts_of(project: Project) -> list[Part]:
    """The files that are copied to the Drive, in the folder layout of rules §4: images, mockups, product card, delivery."""
    store = open_store(settings.STORAGE_URL)
    files = queries.current_files(project)
    zips = [f for f in files if f.role == FileRole.ZIP]

    def part(path: str, file: ProjectFile) -> Part:
        return Part(path, lambda: store.local_path(file.path), file.bytes, file.sha256)

    found = [part(f"images/{f.name}", f) for f in files if f.role in PICTURES]
    found += [part(f"mockups/{f.name}", f) for f in files if f.role in (FileRole.MOCKUP, FileRole.VIDEO)]
    found += [part(f.name, f) for f in files if f.role == FileRole.CARD]
    found += [part(f"download/{f.name}", f) for f in files if f.role == FileRole.DOWNLOAD]
    return found + [part(names.delivery_name(n, len(zips)), f) for n, f in enumerate(zips, 1)]

"""What is done for finished projects beside the chain, free of charge: the copy on a seller's Google Drive, files made again
from the originals, and files let go after the time this installation keeps them.

It runs in a thread of every worker; each piece of work is held by a lease, so two workers never do the same one, and a killed
worker's is taken up when its lease ends. It must never change a job, a credit or an original picture.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from elistit import ports
from elistit.accounts.models import User
from elistit.delivery.google_drive import copying, names
from elistit.delivery.google_drive.copying import Part
from elistit.delivery.models import DriveAccount, DriveCopy, FilesAgain, KeepRule
from elistit.delivery.store import StoreFailure, open_store
from elistit.pipeline import reading, retry, settling
from elistit.pipeline.chain import Try
from elistit.pipeline.models import Attempt
from elistit.pipeline.stages import Kit, delivering
from elistit.pipeline.stages.finishing import Stop, Work, finish_of, kept_items, own_scene
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects import gate
from elistit.projects.errors import NotPossible
from elistit.projects.models import FileRole, Job, Project, ProjectFile
from elistit.projects.states import Stage

log = logging.getLogger(__name__)

LOOK_EVERY = 3.0
LEASE = dt.timedelta(minutes=5)
SWEPT_AT_ONCE = 20
ORIGINALS = (FileRole.IMAGE, FileRole.SOURCE, FileRole.PREVIEW)
PICTURES = (FileRole.PRINT, FileRole.VECTOR, FileRole.CUT, FileRole.SHEET)


def note(job: str, stage: str, words: str) -> None:
    """Write an act down in the project's activity, for the seller to read."""
    Attempt.objects.create(
        job_id=job, stage=stage, note=True, outcome="aftercare", reason=words[:400], ended_at=ports.now(), starts=0
    )


# ---- the copy on Google Drive ------------------------------------------------------------------------------------------


def plan_copy(job: Job) -> None:
    """Ask for a Drive copy of packed files, when the seller had a Drive connected before the launch. Runs in the transaction
    that writes the files down. Idempotent."""
    account = DriveAccount.objects.filter(
        owner=job.project.owner_id, disconnected_reason="", connected_at__lte=job.project.created_at
    ).exists()
    if account:
        DriveCopy.objects.get_or_create(project=job.project_id, defaults={"owner_id": job.project.owner_id})


def retry_copy(owner: User, public_id: str) -> None:
    """Try a failed copy again, free. Raises NotFound, NotPossible unless it failed and a Drive is connected."""
    project = gate.own_project(owner, public_id)
    if not DriveAccount.objects.filter(owner=owner, disconnected_reason="").exists():
        raise NotPossible("Connect your Google Drive first, then try the copy again.")
    failed = DriveCopy.objects.filter(pk=project.pk, state=DriveCopy.State.FAILED)
    copy = failed.first()
    if copy is None or not failed.update(
        state=DriveCopy.State.PENDING, round=copy.round + 1, tries=0, waits=0, reason="", next_try_at=ports.now()
    ):
        raise NotPossible("There is no failed copy to try again.")


def copy_due() -> int:
    """Make every Drive copy that is due. Copies tried."""
    tried = 0
    for row in DriveCopy.objects.filter(state=DriveCopy.State.PENDING, next_try_at__lte=ports.now()).order_by(
        "asked_at"
    )[:10]:
        free = Q(lease="") | Q(lease_until__lte=ports.now())
        if not DriveCopy.objects.filter(free, pk=row.pk).exists():
            continue
        _copy(row)
        tried += 1
    return tried


def _copy(row: DriveCopy) -> None:
    project = Project.objects.filter(pk=row.pk).exclude(stage=Stage.DELETED).first()
    if project is None:
        row.delete()
        return
    try:
        outcome: Outcome = copying.copy(project.pk, project.name, parts_of(project))
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
            at = ports.now() + dt.timedelta(seconds=ports.wait_seconds(decision.delay))
            tries = {"tries": row.tries + 1, "waits": 0} if decision.counted else {"waits": row.waits + 1}
            still.update(next_try_at=at, reason=outcome.reason[:400], **tries)
            return
        if still.update(state=DriveCopy.State.FAILED, reason=outcome.reason[:400], ended_at=ports.now()):
            words = (
                f"The copy on your Google Drive could not be made: {outcome.reason} Your files are here all the same."
            )
            note(gate.launch_job(project).pk, project.stage, words)


def parts_of(project: Project) -> list[Part]:
    """What goes on the Drive, in the folder layout of rules §4: images, mockups, product card, delivery."""
    store = open_store(settings.STORAGE_URL)
    files = reading.current_files(project)
    zips = [f for f in files if f.role == FileRole.ZIP]

    def part(path: str, file: ProjectFile) -> Part:
        return Part(path, lambda: store.local_path(file.path), file.bytes, file.sha256)

    found = [part(f"images/{f.name}", f) for f in files if f.role in PICTURES]
    found += [part(f"mockups/{f.name}", f) for f in files if f.role == FileRole.MOCKUP]
    found += [part(f.name, f) for f in files if f.role == FileRole.CARD]
    return found + [part(names.delivery_name(n, len(zips)), f) for n, f in enumerate(zips, 1)]


# ---- files made again --------------------------------------------------------------------------------------------------


def ask_again(owner: User, public_id: str) -> None:
    """Ask for a finished project's files to be checked and what is missing or damaged to be made again from the originals.
    Free. Asking while it is under way changes nothing. Raises NotFound, NotPossible."""
    project = gate.own_project(owner, public_id)
    if project.stage != Stage.COMPLETED:
        raise NotPossible("Files are made again once the project is finished.")
    if FilesAgain.objects.filter(project=project.pk, state=FilesAgain.State.PENDING).exists():
        return
    last = FilesAgain.objects.filter(project=project.pk).order_by("-round").first()
    try:
        with transaction.atomic():
            FilesAgain.objects.create(project=project.pk, round=last.round + 1 if last else 1, actor=owner.email)
    except IntegrityError:
        return  # Asked for twice at once: one of them is enough.


def make_due(kit: Kit) -> int:
    """Do every open request for files again. Requests done."""
    done = 0
    for row in FilesAgain.objects.filter(state=FilesAgain.State.PENDING).order_by("asked_at")[:5]:
        if not _hold(row):
            continue
        try:
            state, words = FilesAgain.State.DONE, _make_again(kit, row)
        except Stop as stopped:
            state, words = FilesAgain.State.FAILED, stopped.failure.reason
        except StoreFailure as stored:
            state, words = FilesAgain.State.FAILED, stored.failure.reason
        except (ValueError, TimeoutError, RuntimeError) as error:
            state, words = FilesAgain.State.FAILED, "The files could not be made again now. Try it once more later."
            log.warning("files of %s again: %s", row.project, error)
        FilesAgain.objects.filter(pk=row.pk, lease=row.lease).update(
            state=state, words=words[:400], ended_at=ports.now(), lease="", lease_until=None
        )
        done += 1
    return done


def _hold(row: FilesAgain) -> bool:
    """Take this request, or hold it for longer; false when another worker has it."""
    now, mine = ports.now(), row.lease or ports.new_id()
    free = Q(lease="") | Q(lease=mine) | Q(lease_until__lte=now)
    taken = FilesAgain.objects.filter(free, pk=row.pk, state=FilesAgain.State.PENDING).update(
        lease=mine, lease_until=now + LEASE
    )
    row.lease = mine if taken else ""
    return bool(taken)


def _make_again(kit: Kit, row: FilesAgain) -> str:
    """Check every file, make again what needs it, and say in one sentence what was found."""
    project = Project.objects.exclude(stage=Stage.DELETED).filter(pk=row.project).first()
    if project is None:
        return "The project was deleted."
    files = reading.current_files(project)
    bad = [f for f in files if kit.store.trouble(f.path, f.bytes, f.sha256)]
    whole = len(files) - len(bad)
    let_go = not any(f.role == FileRole.ZIP for f in files)
    if not bad and not let_go:
        return f"All {whole} files are there and whole; nothing had to be made again."
    if lost := [f for f in bad if f.role == FileRole.IMAGE]:
        raise Stop(
            Failure(
                Kind.REJECTED, f"The original picture {lost[0].name} is missing, so its files cannot be made again."
            )
        )
    made = _finish(kit, row, gate.launch_job(project))
    words = f"{made} files were made again from the originals, free of charge."
    note(gate.launch_job(project).pk, Stage.DELIVERING, words)
    return words


def _finish(kit: Kit, row: FilesAgain, job: Job) -> int:
    """Everything from the originals to the ZIPs once more, item by item. Files written."""
    finish = finish_of(job)
    written = 0
    for item in kept_items(job):
        if not _hold(row):
            raise Stop(Failure(Kind.TRANSIENT, "Another worker went on with these files."))
        with kit.workplace() as folder:
            written += _kept(job, finish.item(Work(kit, job, Path(folder)), item), item)
    with kit.workplace() as folder:
        work = Work(kit, job, Path(folder))
        written += _kept(job, [*finish.whole(work), *own_scene(work)])
    outcome = delivering.run(Try(job.pk, Stage.DELIVERING, 0, 0, 1, 0), job, kit)
    if isinstance(outcome, Failure):
        raise Stop(outcome)
    return written + _kept(job, outcome.data["files"])


def _kept(job: Job, files: list[dict[str, Any]], item: Any = None) -> int:
    with transaction.atomic():
        settling.keep_files(job, files, item)
    return len(files)


# ---- how long files are kept -------------------------------------------------------------------------------------------


def keep_days() -> int:
    """For how many days this installation keeps the finished files of a project; 0 is for ever (`ELISTIT_KEEP_DAYS`)."""
    return int(os.environ.get("ELISTIT_KEEP_DAYS", "0") or 0)


def let_go() -> int:
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


def files_are_gone(project: Project) -> bool:
    """Whether a completed project's finished files were let go."""
    return project.stage == Stage.COMPLETED and not project.files.filter(role=FileRole.ZIP).exists()


# ---- in a worker -------------------------------------------------------------------------------------------------------


def keep_doing(kit: Kit, stopped: threading.Event) -> None:
    """The aftercare thread of a worker. Ends when `stopped` is set; survives every error of a pass."""
    doings: tuple[Callable[[], int], ...] = (copy_due, lambda: make_due(kit))
    while not stopped.wait(LOOK_EVERY):
        for doing in doings:
            try:
                doing()
            except Exception:
                log.exception("aftercare broke off; the next pass goes on")
            finally:
                connection.close()

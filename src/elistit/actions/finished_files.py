"""What a seller may request once a project is finished: rebuilt files, a retry of the copy on Google Drive. Free. It
must never make a file itself: maintenance picks up these requests."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.delivery.models import DriveAccount, DriveCopy, FilesAgain
from elistit.projects import gate
from elistit.projects.errors import NotPossible
from elistit.projects.models import FileRole, Project
from elistit.projects.states import Stage


def retry_drive_copy(owner: User, public_id: str) -> None:
    """Retry a failed copy, free. Raises NotFound, NotPossible unless it failed and a Drive is connected."""
    project = gate.own_project(owner, public_id)
    if not DriveAccount.objects.filter(owner=owner, disconnected_reason="").exists():
        raise NotPossible("Connect your Google Drive first, then retry the copy.")
    failed = DriveCopy.objects.filter(pk=project.pk, state=DriveCopy.State.FAILED)
    copy = failed.first()
    if copy is None or not failed.update(
        state=DriveCopy.State.PENDING, round=copy.round + 1, tries=0, waits=0, reason="", next_try_at=ports.now()
    ):
        raise NotPossible("There is no failed copy to retry.")


def request_rebuild(owner: User, public_id: str) -> None:
    """Request a check of a finished project's files; missing or damaged ones are rebuilt from the originals. Free. Has
    no effect while a request is open. Raises NotFound, NotPossible."""
    project = gate.own_project(owner, public_id)
    if project.stage != Stage.COMPLETED:
        raise NotPossible("You can rebuild files once the project is finished.")
    if FilesAgain.objects.filter(project=project.pk, state=FilesAgain.State.PENDING).exists():
        return
    last = FilesAgain.objects.filter(project=project.pk).order_by("-round").first()
    try:
        with transaction.atomic():
            FilesAgain.objects.create(project=project.pk, round=last.round + 1 if last else 1, actor=owner.reference)
    except IntegrityError:
        return  # Requested twice at the same time: one request is enough.


def files_are_gone(project: Project) -> bool:
    """Whether a completed project's finished files have been deleted."""
    return project.stage == Stage.COMPLETED and not project.files.filter(role=FileRole.ZIP).exists()

"""The seller's own images that wait for a project, as rows: which there are, which a launch takes, which go.

An image is used by one project at most, and only by its owner's. Checking and cleaning files is `actions.uploads`' work;
this module must never open one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from elistit import ports
from elistit.accounts.models import User
from elistit.artwork import parts
from elistit.projects.errors import NotPossible
from elistit.projects.models import Project, Upload
from elistit.projects.states import Stage

KEPT_WAITING = dt.timedelta(days=7)
WAITING_MAX = 120
KEPT_REMOVED = dt.timedelta(days=1)
"""How long an upload that was set aside can be put back."""
REMOVED_MAX = 20
"""How many can be: the newest ones of each seller, so that removing images and sending others fills no disk."""
# While a project stands here, its uploads are not in it yet.
BEFORE_TAKEN = (Stage.QUEUED, Stage.BRIEFING, Stage.GENERATING)
GONE = "One of these uploads was deleted or is used by another project. Check the list and launch again."


def waiting(owner: User) -> QuerySet[Upload]:
    """The uploads of a seller that no project has taken, in the order they came."""
    return Upload.objects.filter(owner=owner, project=None, removed_at=None).order_by("public_id")


def set_aside(owner: User, ids: Sequence[str]) -> list[Upload]:
    """Take uploads out of what waits; `put_back` undoes it. Returns those that waited."""
    taken, now = list(waiting(owner).filter(pk__in=ids)), ports.now()
    with transaction.atomic():
        waiting(owner).filter(pk__in=[row.pk for row in taken]).update(removed_at=now)
        aside = Upload.objects.filter(owner=owner, project=None, removed_at__gt=now - KEPT_REMOVED)
        older = aside.order_by("-removed_at", "-public_id").values_list("pk", flat=True)[REMOVED_MAX:]
        Upload.objects.filter(pk__in=list(older)).update(removed_at=now - KEPT_REMOVED)
    return taken


def put_back(owner: User, ids: Sequence[str]) -> None:
    """Undo `set_aside` within `KEPT_REMOVED`; doing it twice changes nothing. Raises NotPossible, with nothing changed, when one of
    them was deleted or launched in the meantime, or there is no room for all."""
    with transaction.atomic():
        mine = Upload.objects.filter(owner=owner, project=None, pk__in=ids)
        mine.filter(removed_at__gt=ports.now() - KEPT_REMOVED).update(removed_at=None)
        if waiting(owner).filter(pk__in=ids).count() != len(set(ids)):
            raise NotPossible(
                "This can't be undone anymore: an image was deleted or is used by a project. Add it again."
            )
        if waiting(owner).count() > WAITING_MAX:
            raise NotPossible(f"{WAITING_MAX} uploads are waiting already. Remove some first.")


def claim(owner: User, project: Project, ids: Sequence[str]) -> list[Upload]:
    """Give uploads to a project, numbered from 1 in the order given. Must run in the launch's transaction.

    Raises NotPossible when one is not there, not the owner's or taken already; then none is claimed.
    """
    if not ids:
        return []
    for number, public_id in enumerate(ids, start=1):
        if not waiting(owner).filter(pk=public_id).update(project=project, number=number):
            raise NotPossible(GONE)
    return of(project)


def need_link(owner: User, ids: Sequence[str]) -> bool:
    """Whether a delivery of these uploads will need a download link for certain: drawings that can't become cut files go along
    as they are, and they are too large for an Etsy listing. Images are made smaller where that helps, so they don't count."""
    as_they_are = Upload.objects.filter(owner=owner, pk__in=list(ids), kind="svg", flat=False)
    return parts.need_link(list(as_they_are.values_list("bytes", flat=True)))


def of(project: Project) -> list[Upload]:
    """The uploads a project was launched with, by number; empty once they have been swept."""
    return list(Upload.objects.filter(project=project).order_by("number"))


def done_with() -> QuerySet[Upload]:
    """Uploads whose files no one needs: never used within a week, set aside too long ago, or inside their project as its images by
    now."""
    forgotten = Q(project=None, created_at__lt=ports.now() - KEPT_WAITING)
    set_aside_too_long = Q(project=None, removed_at__lte=ports.now() - KEPT_REMOVED)
    taken_in = Q(project__isnull=False) & ~Q(project__stage__in=BEFORE_TAKEN)
    return Upload.objects.filter(forgotten | set_aside_too_long | taken_in)

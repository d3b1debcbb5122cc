"""The seller's own images that wait for a project, as rows: which there are, which a launch takes, which go.

An image is used by one project at most, and only by its owner's. Checking and cleaning files is `actions.uploads`' work;
this module must never open one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from elistit import ports
from elistit.accounts.models import User
from elistit.artwork import parts
from elistit.projects.errors import NotPossible
from elistit.projects.models import Project, Upload
from elistit.projects.states import Stage

KEPT_WAITING = dt.timedelta(days=7)
WAITING_MAX = 120
# While a project stands here, its uploads are not in it yet.
BEFORE_TAKEN = (Stage.QUEUED, Stage.BRIEFING, Stage.GENERATING)
GONE = "One of these uploads was deleted or is used by another project. Check the list and launch again."


def waiting(owner: User) -> QuerySet[Upload]:
    """The uploads of a seller that no project has taken, in the order they came."""
    return Upload.objects.filter(owner=owner, project=None).order_by("public_id")


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
    """Uploads whose files no one needs: never used within a week, or inside their project as its images by now."""
    forgotten = Q(project=None, created_at__lt=ports.now() - KEPT_WAITING)
    taken_in = Q(project__isnull=False) & ~Q(project__stage__in=BEFORE_TAKEN)
    return Upload.objects.filter(forgotten | taken_in)

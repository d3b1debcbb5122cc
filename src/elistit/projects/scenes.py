"""A seller's own scenes, as rows: the photos they hang images in, and the four corners where.

A scene can be launched with once its corners are set. Reading photos and placing art is `actions.scenes`' work.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from elistit import ports
from elistit.accounts.models import User
from elistit.projects.errors import NotFound, NotPossible
from elistit.projects.models import Scene

MOST = 30
KEPT_REMOVED = dt.timedelta(days=1)
"""How long the files of a removed scene stay, so that the removal can be undone."""


def of(owner: User) -> QuerySet[Scene]:
    """The scenes a seller has, newest first."""
    return Scene.objects.filter(owner=owner, removed_at=None).order_by("-public_id")


def ready(owner: User) -> list[Scene]:
    """Those that can be launched with: their corners are set."""
    return [scene for scene in of(owner) if len(scene.corners) == 4]


def get(owner: User, public_id: str) -> Scene:
    """One of a seller's scenes. Raises NotFound for another's, a removed and an unknown one alike."""
    scene = of(owner).filter(pk=public_id).first()
    if scene is None:
        raise NotFound("There is no such scene.")
    return scene


def own(owner: User, public_id: str) -> Scene:
    """The scene of an order. Raises NotPossible when it is not there or its corners are not set."""
    scene = of(owner).filter(pk=public_id).first()
    if scene is None or len(scene.corners) != 4:
        raise NotPossible("That scene was deleted. Choose another one or none.")
    return scene


def remove(owner: User, public_id: str) -> None:
    """Offer a scene no more. Projects launched with it still get their image. `restore` undoes it. Removing again raises
    NotFound."""
    if not of(owner).filter(pk=public_id).update(removed_at=ports.now()):
        raise NotFound("There is no such scene.")


def restore(owner: User, public_id: str) -> None:
    """Undo `remove` within `KEPT_REMOVED`; doing it twice changes nothing. Raises NotFound, NotPossible when its files are gone or
    there is no room."""
    scene = Scene.objects.filter(owner=owner, pk=public_id).first()
    if scene is None:
        raise NotFound("There is no such scene.")
    if scene.removed_at is None:
        return
    if of(owner).count() >= MOST:
        raise NotPossible(f"You have {MOST} other scenes now. Remove one first.")
    removed = Scene.objects.filter(pk=public_id, removed_at__gt=ports.now() - KEPT_REMOVED).exclude(path="")
    if not removed.update(removed_at=None):
        raise NotPossible(f"“{scene.name}” was deleted in the meantime. Add the photo again.")

"""Adding a seller's own scene and previewing an image in it, for the pages.

The photo is checked and cleaned like every upload; only the clean copy is stored. It must never save corners before an
image has been placed between them, so that no project fails because of them later.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from elistit import names, ports
from elistit.accounts.models import User
from elistit.actions import uploads
from elistit.actions.uploads import Run
from elistit.artwork import mockup_jobs
from elistit.chain import disk_space
from elistit.delivery.store import Store, StoreFailure, open_store
from elistit.projects import scenes
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Scene

SECONDS = 60.0
FIRST_PREVIEW = "preview.webp"
"""The preview of a scene without corners: the photo itself."""


def add(owner: User, content: BinaryIO, name: str, *, run: Run | None = None) -> Scene:
    """Check and store a photo as a scene; its corners are set later. Raises InvalidSpec (field `picture`) when it can't
    be used, NotPossible when it can't be stored or there are too many."""
    if scenes.of(owner).count() >= scenes.MOST:
        raise NotPossible(f"There are {scenes.MOST} scenes already. Remove one you don't need.")
    with disk_space.required(disk_space.NOT_KEPT), uploads.cleaned(content, run or uploads.run) as found:
        if found["kind"] == "svg":
            raise InvalidSpec({"picture": "A scene must be a photo in PNG, JPEG or WebP, not an SVG."})
        public_id = ports.new_id()
        with _stored(public_id) as store:
            path = store.put(Path(found["picture"]), _key(public_id, "scene.png")).key
            preview = store.put(Path(found["preview"]), _key(public_id, FIRST_PREVIEW)).key
    title = names.cut(Path(uploads.clean_name(name)).stem, 120)
    return Scene.objects.create(
        public_id=public_id, owner=owner, name=title, path=path, preview=preview, width=found["width"], height=found["height"]
    )  # fmt: skip


def set_corners(owner: User, public_id: str, corners: Sequence[Sequence[float]], *, run: Run | None = None) -> Scene:
    """Save the four corners (pixels, clockwise from the top left) once a sample has been placed between them. The
    scene's preview shows that sample. Raises NotFound, and InvalidSpec (field `corners`) for corners that form no
    frame."""
    scene = scenes.get(owner, public_id)
    work = uploads.workplace()
    with (
        tempfile.TemporaryDirectory(dir=work, prefix="upload-", ignore_cleanup_errors=True) as folder,
        _stored(public_id) as store,
    ):
        shown = Path(folder) / "shown.webp"
        photo = store.local_path(scene.path)
        points = [[float(x), float(y)] for x, y in corners]
        try:
            (run or uploads.run)(mockup_jobs.sample_in_scene, str(photo), points, str(shown), timeout=SECONDS)
        except ValueError as refused:
            raise InvalidSpec({"corners": str(refused)}) from None
        except (TimeoutError, RuntimeError):
            raise NotPossible("We couldn't place the image. Try again.") from None
        # A new name each time, because browsers cache the old one.
        preview = store.put(shown, _key(public_id, f"preview-{ports.new_id()}.webp")).key
        before = scene.preview
        Scene.objects.filter(pk=scene.pk).update(corners=points, preview=preview)
        if scene.corners:  # else it is the photo's own, which `put_back_corners` may show again
            store.delete(before)
    scene.refresh_from_db()
    return scene


def put_back_corners(
    owner: User, public_id: str, before: list[list[float]], after: list[list[float]], *, run: Run | None = None
) -> None:
    """Give a scene the corners it had `before` (empty: none), while it has those that were set instead. Doing it twice changes
    nothing. Raises NotFound, NotPossible."""
    scene = scenes.get(owner, public_id)
    if scene.corners == before:
        return
    if scene.corners != after:
        raise NotPossible("The corners were set again since then, so this can't be undone. Set them here instead.")
    if before:
        set_corners(owner, public_id, before, run=run)
        return
    with _stored(public_id) as store:
        Scene.objects.filter(pk=scene.pk).update(corners=[], preview=_key(public_id, FIRST_PREVIEW))
        store.delete(scene.preview)


def _key(public_id: str, name: str) -> str:
    return f"scenes/{public_id}/{name}"


@contextmanager
def _stored(public_id: str) -> Iterator[Store]:
    try:
        yield open_store(settings.STORAGE_URL)
    except StoreFailure as failed:
        raise NotPossible(f"{failed.failure.reason} Try again later.") from failed

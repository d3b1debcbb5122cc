"""Uploading a seller's own images, for the pages, the API and the command line.

A file is checked and cleaned in a bounded subprocess before anything of it is stored; a refused file leaves nothing
behind. It must never store the bytes that were sent, only the clean image made from them.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings

from elistit import config, names, ports
from elistit.accounts.models import User
from elistit.actions import queries
from elistit.artwork import jobs
from elistit.chain import disk_space
from elistit.delivery.store import StoreFailure, open_store
from elistit.on_use import OnUse
from elistit.projects import gate, uploads
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import FileRole, Project, ProjectFile, Upload
from elistit.projects.products import Product, product_type
from elistit.runtime.cpu import Cpu
from elistit.runtime.fair_slots import AtOnce

if TYPE_CHECKING:
    from elistit.artwork import intake
else:
    intake = OnUse("elistit.artwork.intake")

Run = Callable[..., Any]
SECONDS = 60.0

# One at a time in a web process: a hostile file may use one core for a minute, never two.
_cpu = Cpu(1)
_intake = AtOnce(max(1, config.current().people.web_threads // 2))
"""How many uploads of one seller are read at the same time in this process: half of its threads stay free for others."""


def print_size(upload: Upload) -> tuple[int, int]:
    """The pixels (width, height) an upload is printed at, 300 to the inch: enlarged to the product's size, at most four
    times, and never made smaller. A drawing is drawn at exactly that size."""
    scale = max(product_type(Product.CUSTOM).sizes["original"]) / max(upload.width, upload.height)
    if upload.kind != "svg":
        scale = min(float(jobs.OWN_SCALE_MAX), max(1.0, scale))
    return round(upload.width * scale), round(upload.height * scale)


def close() -> None:
    """Stop the subprocess that reads uploads, at the end of a process or a test."""
    _cpu.close()


def add(owner: User, content: BinaryIO, name: str, *, run: Run | None = None) -> Upload:
    """Check one image (PNG, JPEG, WebP or SVG), clean it and store it for a later launch. `name` is the seller's file
    name, for display only. Each call creates one upload.

    Raises InvalidSpec (field `picture`) with one sentence when the image can't be used, NotPossible when it can't be
    stored now or too many are unused.
    """
    if uploads.waiting(owner).count() >= uploads.WAITING_MAX:
        raise NotPossible(
            f"{uploads.WAITING_MAX} uploads are waiting already. Launch a project with them or remove some."
        )
    with _intake.place(str(owner.pk)) as free:
        if not free:
            raise NotPossible(
                f"{_intake.most} of your uploads are being read right now. Send this one again in a moment."
            )
        return _take_in(owner, content, name, run or _cpu.run)


def _take_in(owner: User, content: BinaryIO, name: str, run: Run) -> Upload:
    with _cpu.working_for(owner.pk), disk_space.required(disk_space.NOT_KEPT), cleaned(content, run) as found:
        return _keep(owner, clean_name(name), found)


def run(function: Callable[..., Any], *args: Any, timeout: float, **kwargs: Any) -> Any:
    """Run heavy work of the web process in the subprocess that reads uploads (see `runtime.cpu`)."""
    return _cpu.run(function, *args, timeout=timeout, **kwargs)


def workplace() -> Path:
    """The work folder."""
    base = Path(settings.DATA_DIR) / "work"
    base.mkdir(parents=True, exist_ok=True)
    return base


@contextlib.contextmanager
def cleaned(content: BinaryIO, run: Run) -> Iterator[dict[str, Any]]:
    """Read, check and clean one image. Yields its description (`artwork.jobs.take_in`); its files exist during the
    `with` block. Raises InvalidSpec (field `picture`) when it can't be used."""
    with tempfile.TemporaryDirectory(dir=workplace(), prefix="upload-", ignore_cleanup_errors=True) as folder:
        sent = Path(folder) / "sent"
        with sent.open("wb") as file:
            _copy(content, file)
        try:
            found: dict[str, Any] = run(
                jobs.take_in, str(sent), str(Path(folder) / "clean"), "picture", timeout=SECONDS
            )
        except (TimeoutError, RuntimeError):
            # Its subprocess died or timed out: nothing else was affected, and this image is refused.
            words = "This image takes too much time or memory to read. Export it again from your image editor and upload that copy."
            raise InvalidSpec({"picture": words}) from None
        if found.get("refused"):
            raise InvalidSpec({"picture": str(found["refused"])})
        yield found


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    # One byte more than allowed: then the check refuses it as too large, whatever size the sender claimed.
    left = intake.BYTES_MAX + 1
    while left and (chunk := source.read(min(left, 1 << 20))):
        target.write(chunk)
        left -= len(chunk)


def clean_name(name: str) -> str:
    """A seller's file name, for display only: its last part (`names.shown_name`), at most 120 characters."""
    return names.shown_name(PurePosixPath(name.replace("\\", "/")).name, "image", 120)


def _keep(owner: User, name: str, found: dict[str, Any]) -> Upload:
    public_id = ports.new_id()
    home = f"uploads/{public_id}"
    store = open_store(settings.STORAGE_URL)
    files = {"path": found["picture"], "preview": found["preview"]}
    if found["kind"] == "svg":
        files["drawing"] = found["path"]
    try:
        kept = {what: store.put(Path(file), f"{home}/{Path(file).name}") for what, file in files.items()}
    except StoreFailure as failed:
        raise NotPossible(f"{failed.failure.reason} The image wasn't saved. Add it again later.") from failed
    size = max(put.bytes for what, put in kept.items() if what != "preview")
    return Upload.objects.create(
        public_id=public_id, owner=owner, name=name, kind=found["kind"], width=found["width"], height=found["height"],
        alpha=found["alpha"], flat=found["flat"], warning=found["warning"], bytes=size,
        **{what: put.key for what, put in kept.items()},
    )  # fmt: skip


def copy_of(owner: User, project: Project, *, run: Run | None = None) -> tuple[list[Upload], int]:
    """The images of a project with the seller's own images as new, unused uploads, in order, and how many are no longer
    available.

    Each is checked and cleaned like a new one. Refunded images aren't kept and so aren't copied. Raises NotPossible
    when too many are unused, or the files can't be read now.
    """
    held: dict[int, ProjectFile] = {}
    for file in queries.current_files(project):
        original = file.item is not None and file.role in (FileRole.IMAGE, FileRole.SOURCE)
        # The drawing is the original of the image that was made from it.
        if original and (file.item not in held or file.role == FileRole.SOURCE):
            held[file.item or 0] = file
    items = list(gate.items_of(project).order_by("number"))
    made, store = [], open_store(settings.STORAGE_URL)
    for item in items:
        if (kept := held.get(item.number)) is None:
            continue
        name = item.prompt.partition(": ")[2] or kept.name
        try:
            with store.open(kept.path) as source:
                made.append(add(owner, source, name, run=run))
        except StoreFailure as failed:
            raise NotPossible(f"{failed.failure.reason} Copy the images again later.") from failed
        except InvalidSpec:
            continue
    return made, len(items) - len(made)


def remove(owner: User, public_id: str) -> None:
    """Delete an upload that no project uses, at once (`projects.uploads.set_aside` can be undone, this can't). Raises NotFound
    for someone else's, a used and an unknown one alike."""
    if not uploads.waiting(owner).filter(pk=public_id).delete()[0]:
        raise NotFound("There is no such upload.")
    # The row is deleted first: a file without a row is removed with the folder, a row without a file could be launched.
    open_store(settings.STORAGE_URL).delete_prefix(f"uploads/{public_id}")

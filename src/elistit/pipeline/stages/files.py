"""Where a project's files lie in the store and what they are called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit import names
from elistit.artwork import export
from elistit.projects.models import Item, Job

if TYPE_CHECKING:
    from elistit.pipeline.stages import Kit

PICTURES = {".png", ".jpg", ".webp"}


def slug(text: str, instead: str = "image") -> str:
    """A plain file name from words (`names.slug`)."""
    return names.slug(text, instead)


def base(job: Job, title: str) -> str:
    """What the files of a project are called: its title, else its product and the end of its public id."""
    return slug(title, f"{job.project.product}-{job.project_id[-6:]}")


def stem(item: Item) -> str:
    """What the files of an item are called: its number and subject, else its number and product."""
    return f"{item.number:02d}-{slug(item.subject, item.job.project.product)}"


def key(job: Job, role: str, name: str, round_: int | None = None) -> str:
    made_in = f"round-{round_}/" if round_ is not None else ""
    return f"projects/{job.project_id}/{role}/{made_in}{name}"


def keep(
    kit: Kit, job: Job, path: Path, role: str, name: str, *, round_: int | None = None, item: int | None = None
) -> dict[str, Any]:
    """Put a file into the store and describe it for `settling`. Putting the same bytes again changes nothing.

    Raises StoreFailure.
    """
    stored = kit.store.put(path, key(job, role, name, round_))
    described: dict[str, Any] = {
        "path": stored.key,
        "role": role,
        "name": name,
        "bytes": stored.bytes,
        "sha256": stored.sha256,
    }
    if path.suffix in PICTURES:
        info = export.info(path)
        described |= {"width": info.width, "height": info.height, "dpi": info.dpi or None}
    return described

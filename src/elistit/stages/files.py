"""Where a project's files lie in the store and what they are called."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

from elistit.artwork import export
from elistit.projects.models import Item, Job
from elistit.stages.context import StageContext

PICTURES = {".png", ".jpg", ".webp"}


def slug(text: str, longest: int = 60) -> str:
    """A plain file name from words: lower-case letters, digits and hyphens. Never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:longest].strip("-") or "image"


def stem(item: Item) -> str:
    return f"{item.number:02d}-{slug(item.subject)}"


def key(job: Job, role: str, name: str, round_: int | None = None) -> str:
    made_in = f"round-{round_}/" if round_ is not None else ""
    return f"projects/{job.project_id}/{role}/{made_in}{name}"


def keep(
    context: StageContext,
    job: Job,
    path: Path,
    role: str,
    name: str,
    *,
    round_: int | None = None,
    item: int | None = None,
) -> dict[str, Any]:
    """Put a file into the store and describe it for `settling`. Putting the same bytes again changes nothing.

    Raises StoreFailure.
    """
    stored = context.store.put(path, key(job, role, name, round_))
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

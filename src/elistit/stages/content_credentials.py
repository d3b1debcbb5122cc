"""Which files of a project are signed with the operator's C2PA certificate, with which ingredients, and where they are stored.

Signing the same file twice gives different bytes, so a signed file is stored under a key derived from its content: a
late attempt can't overwrite a file that is already recorded. It must never fail a step: a file that can't be signed is
delivered unsigned, and the operator sees the reason.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from elistit import config, ports
from elistit.addresses import loopback
from elistit.artwork import packing_jobs, signing
from elistit.artwork.provenance import Marks
from elistit.artwork.signing import Credential, Order
from elistit.chain.files import SIGNED_FOLDER, UNSIGNED
from elistit.chain.models import Attempt
from elistit.projects.gate import items_of
from elistit.projects.models import FileRole, Item, Job, ProjectFile
from elistit.projects.states import ItemState
from elistit.stages.context import StageContext

SECONDS = 300
"""How long signing one file may take, in seconds."""
_DIGITS = 12

log = logging.getLogger(__name__)


def credential() -> Credential | None:
    """The configured certificate of the operator; None without one."""
    settings = config.current()
    if not settings.signing.wanted:
        return None
    url = settings.general.base_url
    studio = "" if not url or loopback(url) else urlsplit(url).hostname or ""
    return Credential(settings.signing.certificate, settings.signing.key, studio)


def order(context: StageContext, job: Job, item: Item | None, stated: Marks) -> Order | None:
    """How a file of an item, or of the whole set, is signed; None when nothing is signed.

    Its ingredients are the files with a manifest that the providers sent. For an image without any statement of its
    source, such as a seller's own, it is the image itself.
    """
    found = credential()
    if found is None:
        return None
    parents = [context.store.local_path(f.path) for f in _ingredients(job, item, stated)]
    return Order(found, stated, tuple(str(p) for p in parents), item is not None, ports.now().isoformat())


def _ingredients(job: Job, item: Item | None, stated: Marks) -> list[ProjectFile]:
    items = [item] if item else list(items_of(job.project).filter(state=ItemState.MADE))
    rows: list[ProjectFile] = []
    for one in items:
        of_item = ProjectFile.objects.filter(
            project=job.project_id, item=one.number, round=one.art.get("made_round", one.round)
        )
        received = of_item.filter(role=FileRole.RECEIVED).order_by("pk").first()
        if received is None and item and not stated.source:
            received = of_item.filter(role=FileRole.IMAGE).order_by("pk").first()
        rows += [received] if received else []
    return rows


def unsigned_lately() -> int:
    """How many jobs of the last seven days have files that couldn't be signed."""
    since = ports.now() - dt.timedelta(days=7)
    return Attempt.objects.filter(note=True, reason=UNSIGNED, ended_at__gte=since).values("job").distinct().count()


def kept(context: StageContext, path: Path, key: str, wanted: Order) -> tuple[Path, str, str]:
    """Sign a file. Returns its path, the key to store it under, and why it couldn't be signed (a sentence for the
    operator; empty when it was). If an earlier attempt signed the same file, that signed file is returned."""
    folder, name = PurePosixPath(key).parent, PurePosixPath(key).name
    if path.suffix not in signing.SUFFIXES or signing.signed(path):
        # Files that contain signed files differ each time they are packed, too.
        apart = path.suffix == ".zip" or path.suffix in signing.SUFFIXES
        return path, f"{folder}/{SIGNED_FOLDER}{_digest(path)}/{name}" if apart else key, ""
    begins = f"{folder}/{SIGNED_FOLDER}{_made_of(path, wanted)}-"
    for there, _ in context.store.listed(str(folder)):
        if there.startswith(begins) and there.endswith(f"/{name}"):
            before = context.store.local_path(there)
            if there == f"{begins}{_digest(before)}/{name}":
                return before, there, ""
    try:
        problem = str(context.run(packing_jobs.sign, str(path), wanted.plain(), timeout=SECONDS))
    except (TimeoutError, MemoryError, RuntimeError) as ended:
        problem = f"Signing ran into a limit ({type(ended).__name__})."
    if problem:
        log.error("%s is delivered without a signature: %s", key, problem)
        return path, key, problem
    return path, f"{begins}{_digest(path)}/{name}", ""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:_DIGITS]


def _made_of(path: Path, wanted: Order) -> str:
    """A short digest of what a signed file depends on: the unsigned file, its statements, and the certificate."""
    said: dict[str, Any] = {k: v for k, v in wanted.plain().items() if k not in ("at", "parents")}
    said["parents"] = [_digest(Path(p)) for p in wanted.parents]
    chain = Path(wanted.credential.chain)
    said["chain"] = _digest(chain) if chain.is_file() else ""
    said["file"] = _digest(path)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:_DIGITS]

"""An export of everything the studio stores about a person, as one ZIP (decision 0058). Built in the background, kept
for a limited time.

Every table of the register is a JSON file in it, and the credit history a statement that `elistit verify` checks. It
must never contain secrets (tokens, digests of keys, encrypted data) or a row of another person.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from elistit import names, ports
from elistit.accounts.data_models import DataExport
from elistit.accounts.models import User
from elistit.credits import statement
from elistit.delivery.store import StoreFailure, open_store
from elistit.maintenance.own_data.register import TABLES, Table
from elistit.maintenance.task import Run
from elistit.projects.models import Project, ProjectFile, Upload
from elistit.projects.serving import Serving

KEPT = dt.timedelta(days=7)
"""How long an export can be downloaded."""
EXPIRED_KEPT = dt.timedelta(days=30)
"""How long it is shown that there was an export."""
AT_ONCE = 5
README = """This is a copy of what the studio keeps about {email}, made {at} (UTC).

data/ has one JSON file for each kind of record. Fields are named as in the studio's database; times are UTC.
data/credit-statement.json is your credit history. “elistit verify credit-statement.json” checks it offline.
data/files.json lists your files with their SHA-256 digests.{files}

Passwords, keys and access tokens aren't in it: the studio stores only their digests, or seals them.
"""
WITH_FILES = " The files you may download are in files/, by project."


def build_due(run: Run | None = None) -> int:
    """Build the requested exports, and return how many. Building one again replaces it."""
    waiting = DataExport.objects.filter(state=DataExport.State.PENDING).order_by("pk")
    return (run or Run()).each(list(waiting.values_list("pk", flat=True)[:AT_ONCE]), _build)


def expire_due(run: Run | None = None) -> int:
    """Delete the files of expired exports, and return how many. Their rows are deleted 30 days later."""
    over = DataExport.objects.filter(state=DataExport.State.READY, expires_at__lte=ports.now())
    store = open_store(settings.STORAGE_URL)

    def expire(pk: str) -> None:
        store.delete_prefix(f"exports/{pk}")
        DataExport.objects.filter(pk=pk).update(state=DataExport.State.EXPIRED, path="")

    long_ago = ports.now() - EXPIRED_KEPT
    old = DataExport.objects.filter(state=DataExport.State.EXPIRED, expires_at__lt=long_ago)
    if old.exists():
        old.delete()
    return (run or Run()).each(list(over.values_list("pk", flat=True)[:200]), expire)


def _build(pk: str) -> bool:
    export = DataExport.objects.select_related("owner").get(pk=pk)
    work = Path(settings.DATA_DIR) / "work"
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="export-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "export.zip"
        write(export.owner, made, with_files=export.with_files)
        key = f"exports/{pk}/elistit-export.zip"
        stored = open_store(settings.STORAGE_URL).put(made, key)
    now = ports.now()
    ready = DataExport.objects.filter(pk=pk, state=DataExport.State.PENDING).update(
        state=DataExport.State.READY,
        path=key,
        bytes=stored.bytes,
        sha256=stored.sha256,
        ready_at=now,
        expires_at=now + KEPT,
    )
    if not ready and not DataExport.objects.filter(pk=pk, state=DataExport.State.READY).exists():
        open_store(settings.STORAGE_URL).delete_prefix(f"exports/{pk}")  # the account was erased meanwhile
    return bool(ready)


def write(owner: User, target: Path, *, with_files: bool) -> None:
    """Write the export to `target`. Raises StoreFailure when file storage can't be read now."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        readme = README.format(
            email=owner.email, at=f"{ports.now():%Y-%m-%d %H:%M}", files=WITH_FILES if with_files else ""
        )
        archive.writestr("README.txt", readme)
        for table in TABLES:
            if table.file:
                with archive.open(f"data/{table.file}.json", "w", force_zip64=True) as file:
                    for part in _listed(table, owner.pk):
                        file.write(part.encode())
        archive.writestr("data/credit-statement.json", statement.to_json(statement.export(owner.pk)))
        if with_files:
            _files(archive, owner)


def _listed(table: Table, owner_id: int) -> Iterator[str]:
    """The rows of a table as the text of a JSON list, one after another."""
    left_out = {table.owner, *table.secret}
    fields = [f for f in table.manager.model._meta.concrete_fields if f.name not in left_out]
    yield "["
    between = "\n"
    for row in table.rows(owner_id).iterator(chunk_size=500):
        shown = {field.attname: _plain(getattr(row, field.attname)) for field in fields}
        yield between + json.dumps(shown, cls=DjangoJSONEncoder, ensure_ascii=False)
        between = ",\n"
    yield "\n]\n"


def _plain(value: Any) -> Any:
    return None if isinstance(value, bytes | memoryview) else value


def _files(archive: zipfile.ZipFile, owner: User) -> None:
    store, missing = open_store(settings.STORAGE_URL), []
    for key, name in _kept(owner):
        try:
            with contextlib.closing(store.open(key)) as source, archive.open(name, "w", force_zip64=True) as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
        except StoreFailure as lost:
            if store.exists(key):
                raise
            missing.append(f"{name}: {lost.failure.reason}")
    if missing:
        archive.writestr(
            "files/MISSING.txt", "\n".join(["These files couldn't be found in the studio's store:", *missing, ""])
        )


def _kept(owner: User) -> Iterator[tuple[str, str]]:
    """The files the person may have, as (key in the store, name in the ZIP). Refunded files aren't kept (rules §5.3)."""
    for project in Project.objects.filter(owner=owner, deleted_at=None).order_by("pk").iterator(chunk_size=200):
        serving, folder = Serving(project), f"files/{project.pk}-{names.slug(project.name, 'project')}"
        for file in ProjectFile.objects.filter(project=project).order_by("pk"):
            if serving.may(file):
                yield file.path, f"{folder}/{file.pk}-{names.file_name(file.name)}"
    for upload in Upload.objects.filter(owner=owner).order_by("pk"):
        yield upload.path, f"files/uploads/{upload.pk}.{upload.kind}"

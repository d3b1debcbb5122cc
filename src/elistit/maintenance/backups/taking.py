"""Take a backup while the studio runs: a snapshot of the database, and every file it refers to.

Files are copied in two passes: those that exist now, then, after the database is read, new ones that it refers to. So a
file that is deleted in between is in the backup of the database that still refers to it. Files that an earlier backup
has copied aren't copied again. It must never change the studio, nor leave anything that looks like a complete backup.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

import elistit
from elistit import config, ports
from elistit.database_outage import release_connection
from elistit.delivery.contract import StoreFailure
from elistit.delivery.store import LocalStore, open_store
from elistit.maintenance.backups import database
from elistit.maintenance.backups.layout import (
    BACKUPS,
    EARLIER_SECRETS,
    FILES,
    LIST,
    MANIFEST,
    SECRET,
    BackupProblem,
    File,
    Manifest,
    Place,
    blob,
    new_id,
    work_folder,
)
from elistit.runtime import engine

LOCK = 0x656C6962  # "elib": the PostgreSQL advisory lock while a backup is taken
NAMED = (
    "SELECT path, bytes, sha256 FROM projects_projectfile",
    "SELECT path, 0, '' FROM projects_upload",
    "SELECT drawing, 0, '' FROM projects_upload",
    "SELECT preview, 0, '' FROM projects_upload",
    "SELECT path, 0, '' FROM projects_scene",
    "SELECT preview, 0, '' FROM projects_scene",
)
"""Every file in the database, with its size and digest if the database has them."""
MISSING_SHOWN = 1000


@dataclass
class Taken:
    """A finished backup. `copied` files and `copied_bytes` were new; `removed` are the older backups beyond the number kept."""

    manifest: Manifest
    copied: int
    copied_bytes: int
    removed: list[str] = field(default_factory=list)


def take(address: str, *, keep: int = 0) -> Taken:
    """Take a backup to an address, and remove the oldest backups beyond `keep` (0 keeps all). Raises BackupProblem,
    StoreFailure."""
    place = Place(address)
    _refuse_own_storage(place)
    with _alone():
        place.make_private()
        for left in place.incomplete():
            place.store.delete_prefix(f"{BACKUPS}/{left}")
        place.store.sweep_unfinished()
        with tempfile.TemporaryDirectory(prefix="backup-", dir=work_folder()) as folder:
            taken = _take(place, Path(folder))
        taken.removed = prune(place, keep) if keep else []
    return taken


def _take(place: Place, folder: Path) -> Taken:
    copier = _Copier(place, folder)
    with connection.cursor() as cursor:
        now = [row for sql in NAMED for row in _rows(cursor, sql)]
    release_connection()
    copier.copy(now)
    id_, moment = new_id(), ports.now()
    url = engine.database_url()
    dump = folder / database.NAMES[database.vendor(url)]
    with database.snapshot(url, dump) as ask:
        named = [row for sql in NAMED for row in ask(sql)]
    files = copier.copy(named)
    listed = folder / LIST
    with listed.open("w", encoding="utf-8") as out:
        for file in files:
            out.write(json.dumps({"key": file.key, "bytes": file.bytes, "sha256": file.sha256}) + "\n")
    secret = _secret()
    manifest = Manifest(
        id=id_,
        taken_at=f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}",
        version=elistit.__version__,
        vendor=database.vendor(url),
        database=place.put(dump, f"{BACKUPS}/{id_}/{dump.name}"),
        files=place.put(listed, f"{BACKUPS}/{id_}/{LIST}"),
        file_count=len(files),
        file_bytes=sum(file.bytes for file in files),
        missing=sorted(copier.missing)[:MISSING_SHOWN],
        secret=place.put_text(secret, f"{BACKUPS}/{id_}/{SECRET}") if secret else None,
        key=fingerprint(),
    )
    place.put_text(manifest.text(), f"{BACKUPS}/{id_}/{MANIFEST}")
    return Taken(manifest, copier.copied, copier.copied_bytes)


def _secret() -> str:
    """The keys in the data folder, the current one first; empty when the environment has them."""
    files = [Path(settings.DATA_DIR) / name for name in (SECRET, EARLIER_SECRETS)]
    if config.current().general.secret_key:
        return ""
    return "".join(f"{key}\n" for file in files if file.is_file() for key in file.read_text().split())


def _rows(cursor: Any, sql: str) -> list[Sequence[Any]]:
    cursor.execute(sql)
    return list(cursor.fetchall())


def fingerprint(key: str | None = None) -> str:
    """Distinguishes this installation's secret key from others, without revealing anything of the key."""
    text = f"elistit backup key {settings.SECRET_KEY if key is None else key}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class _Copier:
    """Copies files of the studio into a backup, each content once."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place, self.folder = place, folder
        self.store = open_store(settings.STORAGE_URL)
        self.there = dict(place.store.listed(FILES))
        newest = place.newest()
        self.before = {file.key: file for file in place.files(newest)} if newest else {}
        self.copied = self.copied_bytes = 0
        self.missing: set[str] = set()

    def copy(self, named: Iterable[Sequence[Any]]) -> list[File]:
        """Make sure that the backup has the content of every given file. Returns the files in the order of their keys;
        one that is missing or damaged in the studio is left out and noted."""
        self.missing.clear()
        found: dict[str, File] = {}
        for key, size, digest in named:
            if not key or key in found:
                continue
            file = self._known(key, int(size), str(digest)) or self._copied(key, str(digest))
            if file is None:
                self.missing.add(key)
            else:
                found[key] = file
        return [found[key] for key in sorted(found)]

    def _known(self, key: str, size: int, digest: str) -> File | None:
        """A file whose content is already in the backup. Files without a digest in the database are uploads and scenes,
        which are written only once per key."""
        file = File(key, size, digest) if digest else self.before.get(key)
        return file if file is not None and self.there.get(file.blob) == file.bytes else None

    def _copied(self, key: str, digest: str) -> File | None:
        with contextlib.suppress(FileNotFoundError), self._at_hand(key) as path:
            if path is None:
                return None
            with path.open("rb") as source:
                found = hashlib.file_digest(source, "sha256").hexdigest()
            if digest and found != digest:
                return None
            stored = self.place.store.put(path, blob(found))
            if stored.sha256 != found:  # The file was replaced while it was read.
                self.place.store.delete(blob(found))
                return None
            self.there[blob(found)] = stored.bytes
            self.copied, self.copied_bytes = self.copied + 1, self.copied_bytes + stored.bytes
            return File(key, stored.bytes, found)
        return None

    @contextlib.contextmanager
    def _at_hand(self, key: str) -> Iterator[Path | None]:
        """A file of the studio as a local path; None when its store doesn't have it."""
        if isinstance(self.store, LocalStore):
            try:
                yield self.store.local_path(key)
            except StoreFailure as failed:
                if not isinstance(failed.__cause__, FileNotFoundError):
                    raise
                yield None
            return
        if not self.store.exists(key):
            yield None
            return
        path = self.folder / "content"
        try:
            with self.store.open(key) as source, path.open("wb") as out:
                while chunk := source.read(1 << 20):
                    out.write(chunk)
            yield path
        finally:
            path.unlink(missing_ok=True)


def prune(place: Place, keep: int) -> list[str]:
    """Delete the oldest backups beyond `keep`, and contents that no backup refers to. Returns the deleted ids. The
    caller must make sure that no other backup is being taken there."""
    whole = place.complete()
    removed = whole[:-keep] if keep else []
    for id_ in removed:
        place.store.delete(f"{BACKUPS}/{id_}/{MANIFEST}")  # from here on it is no longer a backup
        place.store.delete_prefix(f"{BACKUPS}/{id_}")
    if removed:
        named = {file.blob for id_ in whole[-keep:] for file in place.files(place.manifest(id_))}
        for key, _ in list(place.store.listed(FILES)):
            if key not in named:
                place.store.delete(key)
    return removed


def _refuse_own_storage(place: Place) -> None:
    """Raises BackupProblem for a place inside file storage: a backup there would be deleted with it."""
    store = open_store(settings.STORAGE_URL)
    if place.folder is not None and isinstance(store, LocalStore):
        own, there = store.root.resolve(), place.folder.resolve()
        if there.is_relative_to(own) or own.is_relative_to(there):
            raise BackupProblem(f"{there} is part of the studio's own file storage. Choose another folder for backups.")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Only one backup at a time: a file lock on this machine, and on PostgreSQL also across machines. Raises BackupProblem."""
    busy = BackupProblem("Another backup is being taken just now. Wait until it is done.")
    lock = Path(settings.DATA_DIR) / ".backup.lock"
    with lock.open("w") as held, contextlib.ExitStack() as both:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        if connection.vendor == "postgresql":
            session = both.enter_context(psycopg.connect(engine.database_url(), autocommit=True))
            row = session.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
            if row is None or not row[0]:
                raise busy
        yield

"""Restore a backup: everything is checked first, then the files are written, and finally the database is replaced atomically.

Until the database is in place, a restore has changed nothing that anyone uses, so an interrupted one can simply be run
again. It must never overwrite a studio that contains people unless requested, and never delete what it replaces.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connections

from elistit import config, ports
from elistit.delivery.store import open_store
from elistit.maintenance.backups import database, marks
from elistit.maintenance.backups.layout import (
    BACKUPS,
    EARLIER_SECRETS,
    SECRET,
    BackupProblem,
    Manifest,
    Place,
    work_folder,
)
from elistit.maintenance.backups.taking import fingerprint
from elistit.runtime import engine

PROBLEMS_SHOWN = 20


@dataclass
class Restored:
    """A finished restore. `written` counts files that were missing or different; `aside` is where the replaced data is
    kept; `warnings` are sentences for the operator."""

    manifest: Manifest
    restored_at: dt.datetime
    written: int
    aside: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def chosen(place: Place, id_: str = "") -> Manifest:
    """The backup with this id, or the newest. Raises BackupProblem when there is none."""
    manifest = place.manifest(id_) if id_ else place.newest()
    if manifest is None:
        raise BackupProblem(f"There is no complete backup at {place.address}.")
    return manifest


def restore(address: str, id_: str = "", *, replace: bool = False) -> Restored:
    """Restore a backup into the configured data folder, database and file storage. `replace` also restores over a
    database that contains people; the old one is kept under another name. Raises BackupProblem, StoreFailure."""
    place = Place(address)
    manifest = chosen(place, id_)
    url = engine.database_url()
    _refuse(manifest, url, replace)
    moment = ports.now()
    aside = f"before-restore-{moment:%Y%m%dT%H%M%SZ}"
    with place.fetched(manifest, manifest.database):
        pass  # The integrity check of the whole dump, before anything is written.
    check_files(place, manifest)
    written = _put_files(place, manifest)
    done = Restored(manifest, moment, written)
    _put_secret(place, manifest, done, aside)
    done.aside += _put_database(place, manifest, url, moment, aside)
    if manifest.missing:
        done.warnings.append(f"{len(manifest.missing)} files were missing already when this backup was taken.")
    return done


def _refuse(manifest: Manifest, url: str, replace: bool) -> None:
    if database.vendor(url) != manifest.vendor:
        raise BackupProblem(
            f"This backup is of a {_name(manifest.vendor)} database, and DATABASE_URL names {_name(database.vendor(url))}. "
            "Restore it where the same kind of database is configured."
        )
    if manifest.vendor == database.SQLITE:
        path = database.sqlite_path(url)
        empty, busy = database.sqlite_is_empty(path), _worker_runs(path) or database.sqlite_problem(path)
    else:
        connections.close_all()
        for one in connections.all(initialized_only=True):
            if hasattr(one, "close_pool"):
                one.close_pool()
        empty, busy = database.postgresql_is_empty(url), database.postgresql_problem(url)
    if busy:
        raise BackupProblem(busy)
    if not empty and not replace:
        raise BackupProblem(
            "This database already has users. Add --replace to put the backup in its place; what is there now is "
            "kept beside it."
        )


def _name(vendor: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(vendor, vendor)


def _worker_runs(path: Path) -> str:
    """Why the restore can't start: a worker holds this lock as long as it lives (`runtime.worker`); empty when none does."""
    lock = Path(f"{path}.worker.lock")
    if not lock.is_file():
        return ""
    with lock.open("r+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return f"A worker is running on {path}. Stop the studio (web and worker) first."
    return ""


def check_files(place: Place, manifest: Manifest) -> int:
    """Read every content of a backup, compare its digest, and return the number of files. Raises BackupProblem naming
    what is wrong."""
    problems: list[str] = []
    checked: dict[str, str] = {}
    files = 0
    for file in place.files(manifest):
        files += 1
        if file.sha256 not in checked:
            checked[file.sha256] = place.problem(file)
            problems += [checked[file.sha256]] if checked[file.sha256] else []
    if files != manifest.file_count:
        problems.insert(0, f"The list of files has {files} entries instead of {manifest.file_count}.")
    if problems:
        more = f" And {len(problems) - PROBLEMS_SHOWN} more." if len(problems) > PROBLEMS_SHOWN else ""
        raise BackupProblem(" ".join(problems[:PROBLEMS_SHOWN]) + more)
    return files


def _put_files(place: Place, manifest: Manifest) -> int:
    """Write the files that file storage lacks or has with other content, and return how many."""
    store, written = open_store(settings.STORAGE_URL), 0
    with tempfile.TemporaryDirectory(prefix="restore-", dir=work_folder()) as folder:
        for file in place.files(manifest):
            if store.problem(file.key, file.bytes, file.sha256):
                content = Path(folder) / "content"
                place.copy_out(file.blob, content, file.sha256)
                store.put(content, file.key)
                written += 1
    return written


def _put_secret(place: Place, manifest: Manifest, done: Restored, aside: str) -> None:
    """Restore the secret keys that belong to the database: without them shop connections can't be decrypted."""
    folder = Path(settings.DATA_DIR)
    if manifest.secret is not None and not config.current().general.secret_key:
        with place.fetched(manifest, manifest.secret) as path:
            current, *earlier = path.read_text().split()
        done.aside += _replace(folder / SECRET, current, aside)
        done.aside += _replace(folder / EARLIER_SECRETS, "\n".join(earlier), aside) if earlier else []
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = current, [*settings.SECRET_KEY_FALLBACKS, *earlier]
    known = {fingerprint(), *(fingerprint(str(key)) for key in settings.SECRET_KEY_FALLBACKS)}
    if manifest.key not in known:
        done.warnings.append(
            "The secret key isn't the one of this backup: connections to shops and Drives can't be read. Set "
            "ELISTIT_SECRET_KEY, or ELISTIT_SECRET_KEY_FALLBACKS, to the key it was taken with."
        )


def _replace(file: Path, text: str, aside: str) -> list[str]:
    """Write a private file in one rename. Returns where the previous content is kept, if it was different."""
    kept = []
    if file.is_file() and file.read_text().split() != text.split():
        before = file.with_name(f"{file.name}.{aside}")
        os.link(file, before)
        kept.append(str(before))
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, file)
    return kept


def _put_database(place: Place, manifest: Manifest, url: str, moment: dt.datetime, aside: str) -> list[str]:
    taken = dt.datetime.fromisoformat(manifest.taken_at)
    marked = marks.statements(manifest.id, taken, moment, manifest.vendor)
    key = f"{BACKUPS}/{manifest.id}/{manifest.database.name}"
    engine.queue.close()
    connections.close_all()
    if manifest.vendor == database.SQLITE:
        target = database.sqlite_path(url)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        dump = target.with_name(f".{target.name}.restoring")
        dump.unlink(missing_ok=True)
        place.copy_out(key, dump, manifest.database.sha256)
        before = database.put_sqlite(dump, target, marked, aside)
        return [str(before)] if before else []
    with place.fetched(manifest, manifest.database) as dump:
        return [f"schema {name}" for name in database.put_postgresql(dump, url, marked, aside)]

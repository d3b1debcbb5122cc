"""Test a backup: restore its database to a temporary location, audit it there, and read every file it refers to. It
must never touch the studio's own data or leave anything behind."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from elistit import handover, ports
from elistit.maintenance.backups import database, marks
from elistit.maintenance.backups.layout import BackupProblem, Manifest, Place, work_folder
from elistit.maintenance.backups.restoring import check_files, chosen
from elistit.runtime import engine


@dataclass(frozen=True)
class Verified:
    """The result of a test: the number of files read, and the audit of the restored database (as `elistit audit --json`)."""

    manifest: Manifest
    files: int
    audit: dict[str, Any]

    @property
    def ok(self) -> bool:
        return bool(self.audit.get("ok"))


def verify(address: str, id_: str = "") -> Verified:
    """Test the backup with this id, or the newest. Raises BackupProblem for damage, StoreFailure."""
    place = Place(address)
    manifest = chosen(place, id_)
    files = check_files(place, manifest)
    with (
        tempfile.TemporaryDirectory(prefix="verify-", dir=work_folder()) as folder,
        place.fetched(manifest, manifest.database) as dump,
        _restored(manifest, dump, Path(folder)) as url,
    ):
        report = _audit(url, Path(folder))
    return Verified(manifest, files, report)


@contextlib.contextmanager
def _restored(manifest: Manifest, dump: Path, folder: Path) -> Iterator[str]:
    """The address of the backup's database, restored to a temporary location."""
    taken = dt.datetime.fromisoformat(manifest.taken_at)
    marked = marks.statements(manifest.id, taken, ports.now(), manifest.vendor)
    if manifest.vendor == database.SQLITE:
        target = folder / "elistit.sqlite3"
        copy = folder / ".restoring"
        shutil.copyfile(dump, copy)
        database.put_sqlite(copy, target, marked, "before")
        yield f"sqlite:///{target}"
        return
    own = engine.database_url()
    if database.vendor(own) != manifest.vendor:
        raise BackupProblem("This backup is of PostgreSQL. Verify it where DATABASE_URL names a PostgreSQL server.")
    with database.temporary_postgresql(own, f"elistit_verify_{uuid.uuid4().hex[:12]}") as url:
        database.put_postgresql(dump, url, marked, "before")
        yield url


def _audit(url: str, folder: Path) -> dict[str, Any]:
    """Run `elistit audit` on a restored database, in a separate process with its own data folder."""
    env = handover.child_environment(
        ELISTIT_DATA=str(folder / "data"),
        DATABASE_URL=url,
        ELISTIT_STORAGE_URL=(folder / "files").as_uri(),
        ELISTIT_SECRET_KEY=str(settings.SECRET_KEY),
    )
    command = [sys.executable, "-m", "elistit.cli", "audit", "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise BackupProblem(f"The restored database can't be audited: {said[:300]}") from None
    if "checks" not in report:
        raise BackupProblem(f"The restored database can't be audited: {str(report.get('error'))[:300]}")
    return report

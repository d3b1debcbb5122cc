"""What must hold before a command touches anything, and what the first start makes.

`check` looks only: it opens, asks and refuses in one sentence, and writes nothing. `prepare` then makes what is
missing: the data folder, its secret (mode 0600), the SQLite file in WAL mode, the tables. Both are safe to run at the
same time in several processes and any number of times.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from elistit import fresh_tables
from elistit.cli.errors import BadInput, Failed

CONNECT_SECONDS = 5
MIGRATION_LOCK = 0x656C6973  # "elis": the PostgreSQL advisory lock while tables are made
QUICK_CHECK_MAX_BYTES = 500_000_000


def load() -> None:
    """Check the environment and load Django, touching neither folder nor database. Raises BadInput."""
    import django
    from django.apps import apps

    from elistit.cli import environment

    if found := environment.problems():
        raise BadInput(" ".join(p.words for p in found))

    if not apps.ready:
        django.setup()
    if wrong := environment.faults_problem():
        raise BadInput(wrong.words)


def ready(*, thorough: bool = False) -> None:
    """Load, check and prepare: what a command that works with data calls first. `thorough` reads the whole SQLite
    file (PRAGMA quick_check), which long-running processes do once at their start. Raises BadInput, Failed."""
    load()
    check(thorough=thorough)
    prepare()


def check(*, thorough: bool = False) -> None:
    """Refuse what cannot work, writing nothing. Raises BadInput for the folder, Failed for the database."""
    check_folder()
    if words := database_problem(thorough=thorough):
        raise Failed(words)


def check_folder() -> None:
    """Refuse a data folder nothing can be written in. Raises BadInput."""
    if words := folder_problem(data_dir()):
        raise BadInput(words)


def data_dir() -> Path:
    from django.conf import settings

    return Path(settings.DATA_DIR)


def folder_problem(folder: Path) -> str | None:
    """Why nothing can be written in a folder, present or yet to be made; None when it can."""
    if folder.exists() and not folder.is_dir():
        return f"The data folder {folder} is a file. Set ELISTIT_DATA to a folder."
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        return f"The data folder {folder} cannot be made: {existing} is a file. Set ELISTIT_DATA to another folder."
    if not os.access(existing, os.W_OK | os.X_OK):
        what = "be written to" if existing == folder else f"be made in {existing}"
        return f"The data folder {folder} cannot {what}. Change its rights, or set ELISTIT_DATA to another folder."
    return None


def sqlite_file() -> Path | None:
    """The SQLite file of this configuration; None on PostgreSQL."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    return Path(database["NAME"]) if database["ENGINE"].endswith("sqlite3") else None


def database_problem(*, thorough: bool = False) -> str | None:
    """Why the database cannot be used, in one sentence; None when it can or when it is yet to be made."""
    file = sqlite_file()
    return _postgresql_problem() if file is None else _sqlite_problem(file, thorough)


def corrupt_sentence(detail: str) -> str:
    file = sqlite_file()
    return (
        f"The database file {file} is damaged ({detail.strip().rstrip('.')[:120]}). "
        "Put a backup in its place, or set ELISTIT_DATA to another folder to start again."
    )


def _sqlite_problem(file: Path, thorough: bool) -> str | None:
    if not file.exists():
        return None if file.parent == data_dir() else folder_problem(file.parent)
    if not os.access(file, os.R_OK | os.W_OK):
        return f"The database file {file} cannot be written to. Give this account the right to."
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=CONNECT_SECONDS)) as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if thorough and file.stat().st_size <= QUICK_CHECK_MAX_BYTES:
                verdict = db.execute("PRAGMA quick_check(1)").fetchone()
                if verdict and verdict[0] != "ok":
                    return corrupt_sentence(str(verdict[0]).splitlines()[-1])
    except sqlite3.OperationalError as busy:
        if "locked" not in str(busy):
            return f"The database file {file} cannot be opened ({busy}). Check the folder's rights and free space."
    except sqlite3.DatabaseError as broken:
        return corrupt_sentence(str(broken))
    return None


def _postgresql_problem() -> str | None:
    import psycopg
    from django.conf import settings

    database = settings.DATABASES["default"]
    place = f"{database.get('HOST') or 'localhost'}:{database.get('PORT') or 5432}/{database['NAME']}"
    try:
        psycopg.connect(settings.DATABASE_URL, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as refused:
        reason = (str(refused).strip().splitlines() or ["no reason given"])[-1].strip()
        return f"The database at {place} cannot be reached ({reason}). Check DATABASE_URL and that the server runs."
    return None


def prepare() -> None:
    """Make what the first start needs: folder, secret, database file in WAL mode, tables. Does nothing when all is
    there. Raises BadInput when the folder cannot be made after all."""
    folder = data_dir()
    try:
        # Its own account only: it holds the books, the files and the secret. A folder that is there keeps its mode.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_secret(folder)
        with _one_at_a_time(folder):
            _make_database()
    except OSError as refused:
        raise BadInput(
            f"The data folder {folder} cannot be written to ({refused.strerror or refused}); set ELISTIT_DATA."
        ) from refused


def _make_secret(folder: Path) -> None:
    """The secret of this installation, made once, readable by its owner only. The environment's wins."""
    from django.conf import settings

    from elistit import config

    if config.current().general.secret_key:
        return
    file = folder / "secret.key"
    if not file.exists():
        fresh = folder / f".secret.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(64))
            out.flush()
            os.fsync(out.fileno())
        # A link never replaces what is there: of two first starts at once, one secret wins and both use it.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    settings.SECRET_KEY = file.read_text().strip()


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / ".prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_database() -> None:
    from django.core.management import call_command
    from django.db import connection

    made = False
    if connection.vendor == "sqlite":
        file = sqlite_file()
        assert file is not None
        file.parent.mkdir(parents=True, exist_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            if cursor.fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")
        made = fresh_tables.fill(connection.connection)
    if not tables_missing():
        if made:
            _make_engine_tables()
        return
    with _advisory_lock(connection):
        call_command("migrate", verbosity=0, interactive=False)
        _make_engine_tables()


def _make_engine_tables() -> None:
    """The engine's own tables too, so that work can be queued before any worker has run."""
    from elistit.runtime import engine

    engine.queue.migrate()
    engine.queue.close()


def tables_missing() -> bool:
    """Whether the database lacks tables of this version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextlib.contextmanager
def _advisory_lock(connection: Any) -> Iterator[None]:
    """Several machines may start at once on one PostgreSQL; the first makes the tables."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])

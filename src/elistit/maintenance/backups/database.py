"""A consistent snapshot of the database, taken while the studio runs, and its restore: SQLite's online backup, or
pg_dump in a snapshot.

Product and engine use the same database, so one snapshot is consistent across both. It must never change the database
it reads, and a restore is atomic.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from elistit import config, handover
from elistit.maintenance.backups.layout import BackupProblem

SQLITE, POSTGRESQL = "sqlite", "postgresql"
NAMES = {SQLITE: "database.sqlite3", POSTGRESQL: "database.dump"}
BIN_SETTING = "ELISTIT_PG_BIN"
TOOLS = ("pg_dump", "pg_restore", "psql")
OWN_SCHEMAS = ("public", "dbos")
"""The schemas of product and engine."""

Query = Callable[[str], list[Sequence[Any]]]


@contextlib.contextmanager
def snapshot(url: str, to: Path) -> Iterator[Query]:
    """Write the database at `url` to the file `to`, and yield a function that queries the same snapshot. Raises
    BackupProblem."""
    with _sqlite(url, to) if url.startswith("sqlite:") else _postgresql(url, to) as query:
        yield query


def vendor(url: str) -> str:
    return SQLITE if url.startswith("sqlite:") else POSTGRESQL


def sqlite_path(url: str) -> Path:
    return Path(urllib.parse.unquote(url.removeprefix("sqlite:///")))


# ---- SQLite ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _sqlite(url: str, to: Path) -> Iterator[Query]:
    source = sqlite_path(url)
    if not source.is_file():
        raise BackupProblem(f"There is no database at {source} yet, so there is nothing to back up.")
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with (
        contextlib.closing(sqlite3.connect(source, timeout=30)) as live,
        contextlib.closing(sqlite3.connect(to)) as copy,
    ):
        # In one step: in WAL mode it reads one snapshot of the file, and writers don't wait for it.
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if (verdict := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise BackupProblem(
                f"The database file {source} is damaged ({str(verdict)[:120]}). No backup was taken of it."
            )
        yield lambda sql: copy.execute(sql).fetchall()


def sqlite_problem(target: Path) -> str:
    """Why a database file can't be replaced now: it is in use. Empty when it isn't."""
    if not target.is_file():
        return ""
    with contextlib.closing(sqlite3.connect(target, timeout=0.5, isolation_level=None)) as held:
        try:
            # Leaving WAL mode requires exclusive access to the file.
            held.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            return f"{target} is in use. Stop the studio (web and worker) first."
        except sqlite3.DatabaseError:
            return ""  # damaged: that is what a restore is for
        held.execute("PRAGMA journal_mode=WAL")
    return ""


def sqlite_is_empty(target: Path) -> bool:
    """Whether a database file contains no people: no file, no tables, or tables without a person."""
    if not target.is_file():
        return True
    with contextlib.closing(sqlite3.connect(target, timeout=5)) as held:
        try:
            return held.execute("SELECT 1 FROM accounts_user LIMIT 1").fetchone() is None
        except sqlite3.OperationalError as missing:
            return "no such table" in str(missing)
        except sqlite3.DatabaseError:
            return False


def put_sqlite(dump: Path, target: Path, statements: Sequence[str], aside: str) -> Path | None:
    """Replace a database file by a dump to which `statements` are applied, in one rename. Returns where the previous
    file is kept, if there was one. `dump` must be on the same disk as `target`."""
    with contextlib.closing(sqlite3.connect(dump, isolation_level=None)) as copy:
        copy.execute("BEGIN IMMEDIATE")
        for statement in statements:
            copy.execute(statement)
        copy.execute("COMMIT")
        copy.execute("PRAGMA journal_mode=WAL")
    before = None
    if target.exists():
        # It isn't in use (`sqlite_problem`), so all of it is in the one file.
        before = target.with_name(f"{target.name}.{aside}")
        os.link(target, before)
    _sync(dump)
    os.replace(dump, target)
    _sync(target.parent)
    return before


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---- PostgreSQL --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _postgresql(url: str, to: Path) -> Iterator[Query]:
    with psycopg.connect(url) as held:
        held.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        held.read_only = True
        # The snapshot is held while pg_dump reads it, which may take long.
        held.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        row = held.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        tool = tools(held.info.server_version // 10_000)["pg_dump"]
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        schemas = [f"--schema={name}" for name in _schemas(held)]
        _run(
            [
                tool,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={row[0]}",
                f"--file={to}",
                *schemas,
            ],
            url,
        )
        yield lambda sql: list(held.execute(sql).fetchall())


def _schemas(held: psycopg.Connection[Any]) -> list[str]:
    rows = held.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [list(OWN_SCHEMAS)]).fetchall()
    return [str(row[0]) for row in rows]


def tools(major: int) -> dict[str, str]:
    """PostgreSQL's programs, of the server's version or newer: from ELISTIT_PG_BIN, the PATH, or Debian's folders.
    Raises BackupProblem when there are none."""
    places = [config.current().storage.pg_bin, *os.get_exec_path()]
    places += [str(one) for one in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    seen = []
    for place in filter(None, places):
        found = {name: shutil.which(name, path=place) for name in TOOLS}
        if not all(found.values()):
            continue
        version = _version(str(found["pg_dump"]))
        if version >= major:
            return {name: str(path) for name, path in found.items()}
        seen.append(version)
    have = f" Only version {max(seen)} was found." if seen else ""
    raise BackupProblem(
        f"A backup of PostgreSQL needs pg_dump, pg_restore and psql of version {major} or newer.{have} Install the package "
        f"postgresql-client-{major}, or set {BIN_SETTING} to their folder."
    )


def _version(tool: str) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _run(command: list[str], url: str) -> str:
    """Run one of PostgreSQL's programs on a database. The password is passed in the environment, because every user of
    the machine can read command lines. Raises BackupProblem with the program's error message."""
    facts = psycopg.conninfo.conninfo_to_dict(url)
    password = str(facts.pop("password", "") or "")
    facts["options"] = "-c idle_in_transaction_session_timeout=0"
    target = psycopg.conninfo.make_conninfo(**facts)  # type: ignore[arg-type]
    env = handover.child_environment(**({"PGPASSWORD": password} if password else {}))
    done = subprocess.run([*command, f"--dbname={target}"], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise BackupProblem(f"{Path(command[0]).name} failed: {said[:300]}")
    return done.stdout


def postgresql_problem(url: str) -> str:
    """Why a database can't be replaced now: it is in use. Empty when it isn't. Raises psycopg.Error."""
    with psycopg.connect(url, autocommit=True) as held:
        row = held.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
    others = int(row[0]) if row else 0
    return (
        f"{others} other connections to the database are open. Stop the studio (web and workers) first."
        if others
        else ""
    )


def postgresql_is_empty(url: str) -> bool:
    """Whether a database contains no people: no tables, or tables without a person."""
    with psycopg.connect(url, autocommit=True) as held:
        row = held.execute("SELECT to_regclass('public.accounts_user')").fetchone()
        if row is None or row[0] is None:
            return True
        return held.execute("SELECT 1 FROM accounts_user LIMIT 1").fetchone() is None


def put_postgresql(dump: Path, url: str, statements: Sequence[str], aside: str) -> list[str]:
    """Restore a dump into a database and apply `statements`, all in one transaction. Existing schemas are renamed, not
    deleted; returns their new names."""
    with psycopg.connect(url, autocommit=True) as held:
        tool = tools(held.info.server_version // 10_000)
        there = _schemas(held)
        tables = held.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone()
    if tables == (0,) and there == ["public"]:
        there = []
    renamed = {name: f"{name}_{aside}".replace("-", "_").lower() for name in there}
    before, after = dump.with_name("before.sql"), dump.with_name("after.sql")
    script = dump.with_name("database.sql")
    listed = subprocess.run(
        [tool["pg_restore"], "--no-owner", "--no-privileges", f"--file={script}", str(dump)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        raise BackupProblem(f"pg_restore failed: {listed.stderr.strip()[-300:]}")
    moves = [f'ALTER SCHEMA "{name}" RENAME TO "{new}";' for name, new in renamed.items()]
    # Some versions of pg_dump write the schema `public`, others expect it to exist.
    makes_public = _makes_public(script)
    if "public" not in renamed and makes_public:
        moves.append("DROP SCHEMA IF EXISTS public;")
    if "public" in renamed and not makes_public:
        moves.append("CREATE SCHEMA public;")
    before.write_text("\n".join(moves))
    after.write_text("\n".join(["SET search_path = public;", *(f"{one};" for one in statements)]))
    _run(
        [tool["psql"], "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        + [f"--file={one}" for one in (before, script, after)],
        url,
    )
    return list(renamed.values())


def _makes_public(script: Path) -> bool:
    with script.open(encoding="utf-8", errors="replace") as lines:
        return any(line.startswith("CREATE SCHEMA public") for line in lines)


@contextlib.contextmanager
def temporary_postgresql(url: str, name: str) -> Iterator[str]:
    """The address of an empty database on the same server, dropped afterwards. Raises BackupProblem when this account
    may not create databases."""
    with psycopg.connect(url, autocommit=True) as held:
        try:
            held.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except psycopg.errors.InsufficientPrivilege:
            raise BackupProblem(
                "Verifying needs a temporary database, and this account may not create one. Run: ALTER ROLE … CREATEDB"
            ) from None
    facts = {**psycopg.conninfo.conninfo_to_dict(url), "dbname": name}
    try:
        yield _url(facts)
    finally:
        with psycopg.connect(url, autocommit=True) as held:
            held.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _url(facts: dict[str, Any]) -> str:
    """Connection parameters as an address for `DATABASE_URL`."""
    quoted = {k: urllib.parse.quote(str(v), safe="") for k, v in facts.items() if v is not None}
    user, password = quoted.pop("user", ""), quoted.pop("password", "")
    host, port, name = quoted.pop("host", ""), quoted.pop("port", ""), quoted.pop("dbname", "")
    if host.startswith("%2F"):
        quoted |= {"host": host} | ({"port": port} if port else {})
        place = ""
    else:
        place = f"{host}:{port}" if port else host
    login = f"{user}:{password}@" if password else f"{user}@"
    more = "&".join(f"{k}={v}" for k, v in quoted.items())
    return f"postgresql://{login}{place}/{name}" + (f"?{more}" if more else "")

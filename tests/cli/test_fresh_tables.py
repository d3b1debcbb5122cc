"""A new SQLite database is made by one script: with exactly the tables that the migrations make, and only where none began."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from elistit import fresh_tables
from tests.installations import with_tables

ROOT = Path(__file__).resolve().parents[2]
ONE_BY_ONE = (
    "import django; django.setup();"
    "from django.core.management import call_command; call_command('migrate', verbosity=0, interactive=False)"
)


@contextlib.contextmanager
def opened(file: Path | str) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA foreign_keys=ON")
        yield database


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that went through every migration from the first, as those of early installations did."""
    folder = tmp_path_factory.mktemp("migrated")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    environment = {**kept, "ELISTIT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "elistit.settings"}
    subprocess.run([sys.executable, "-c", ONE_BY_ONE], env=environment, check=True, timeout=240)
    return folder / "elistit.sqlite3"


def schema(file: Path) -> dict[tuple[str, str], str]:
    """Every table, index, trigger and view as it was declared, but for the engine's own."""
    with opened(file) as database:
        rows = database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
        return {(kind, name): sql for kind, name, sql in rows}


def columns(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """What SQLite itself says of every table's columns and references."""
    with opened(file) as database:
        names = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: [
                *database.execute(f'PRAGMA table_xinfo("{name}")'),
                *database.execute(f'PRAGMA foreign_key_list("{name}")'),
            ]
            for name in names
        }


def test_a_first_start_makes_what_every_migration_one_by_one_makes(tmp_path: Path, one_by_one: Path) -> None:
    first_start = with_tables(tmp_path / "data") / "elistit.sqlite3"
    expected, made = schema(one_by_one), schema(first_start)
    assert len(expected) > 200 and any(kind == "trigger" for kind, _ in expected)
    # The engine's tables come on top; nothing of ours is missing or declared otherwise.
    assert {key: made.get(key) for key in expected} == expected
    tables = {name for kind, name in expected if kind == "table"}
    assert all(name not in tables for kind, name in set(made) - set(expected) if kind == "table")
    assert {k: v for k, v in columns(first_start).items() if k in tables} == {
        k: v for k, v in columns(one_by_one).items() if k in tables
    }


ROWS = {
    "django_migrations": "SELECT app, name FROM django_migrations",
    "django_content_type": "SELECT app_label, model FROM django_content_type",
    "auth_permission": "SELECT app_label, model, codename, p.name FROM auth_permission p"
    " JOIN django_content_type t ON t.id = content_type_id",
}


def test_its_first_rows_are_those_of_the_migrations(tmp_path: Path, one_by_one: Path) -> None:
    first_start = with_tables(tmp_path / "data") / "elistit.sqlite3"
    with opened(first_start) as made, opened(one_by_one) as expected:
        for table, question in ROWS.items():
            assert sorted(made.execute(question)) == sorted(expected.execute(question)), table
        # No migration leaves rows of its own that the script would not have.
        filled = {
            name
            for (name,) in expected.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if expected.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}")').fetchone()[0]
        }
        assert filled <= {*ROWS, "sqlite_sequence"}
        assert made.execute("PRAGMA foreign_key_check").fetchall() == []
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_script_holds_every_migration(one_by_one: Path) -> None:
    with opened(one_by_one) as database:
        written = fresh_tables.script(database)
    assert fresh_tables.FILE.read_text(encoding="utf-8") == written, "run: python scripts/fresh_tables.py"


def test_a_database_in_which_migrations_have_begun_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "begun.sqlite3"
    with opened(file) as database:
        database.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name, applied)")
        database.commit()
        assert fresh_tables.fill(database) is False
    assert [name for _, name in schema(file)] == ["django_migrations"]


def test_a_second_fill_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "twice.sqlite3"
    with opened(file) as database:
        assert fresh_tables.fill(database) is True
    before = file.read_bytes()
    with opened(file) as database:
        assert fresh_tables.fill(database) is False
    assert file.read_bytes() == before


def test_a_script_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "failed.sqlite3"
    half = fresh_tables.FILE.read_text(encoding="utf-8")[:-2].rpartition(";\n")[0] + ";\nCREATE nonsense;\n"
    with opened(file) as database:
        with pytest.raises(sqlite3.OperationalError):
            fresh_tables.fill(database, half)
        assert not database.in_transaction
    assert schema(file) == {}


def test_an_older_script_is_followed_by_the_newer_migrations(tmp_path: Path) -> None:
    """A version whose newest migration isn't in the file yet: `migrate` makes the rest."""
    name = max(n for app, n in MigrationLoader(None, ignore_no_migrations=True).disk_migrations if app == "support")
    older = tmp_path / "elistit.sqlite3"
    with opened(older) as database:
        fresh_tables.fill(database)
        database.execute("DELETE FROM django_migrations WHERE app = 'support' AND name = ?", [name])
        database.commit()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    plan = subprocess.run(
        [sys.executable, "-m", "elistit.cli", "django", "showmigrations", "--plan"],
        env={**kept, "ELISTIT_DATA": str(tmp_path)}, capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    assert [line.split()[-1] for line in plan.splitlines() if line.startswith("[ ]")] == [f"support.{name}"]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the script is SQLite's")
def test_the_tests_own_database_lacks_no_migration() -> None:
    from elistit.cli import preflight

    assert not preflight.tables_missing()

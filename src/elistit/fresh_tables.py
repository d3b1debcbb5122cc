"""The tables of a new SQLite database in one script, for a first start that need not run every migration since the first.

`fresh_tables.sql` is what the migrations make of an empty database; `scripts/fresh_tables.py` writes it. It may be older than
the newest migration: it lists the migrations it holds, and `migrate` runs the others on top. It must never be run on a
database in which migrations have begun, and never differ from what they make (tests/cli/test_fresh_tables.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).with_name("fresh_tables.sql")
_ORDER = {"table": 0, "index": 1, "trigger": 2, "view": 3}
_FROM_CODE = ("django_content_type", "auth_permission")
"""Tables whose rows follow from the models alone; Django adds the missing ones after each `migrate`."""


def fill(database: sqlite3.Connection, script: str | None = None) -> bool:
    """Make the tables of `script` (default: the file's) in a database that no migration has touched, all or none. False, without
    any change, when migrations have begun. Safe to repeat; of two callers at once the later one raises
    sqlite3.OperationalError."""
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchone():
        return False
    try:
        database.executescript(f"BEGIN IMMEDIATE;\n{script or FILE.read_text(encoding='utf-8')}COMMIT;")
    except sqlite3.Error:
        if database.in_transaction:
            database.rollback()
        raise
    return True


def script(database: sqlite3.Connection) -> str:
    """The script that makes the tables, indexes, triggers and first rows of a migrated database, in an order that depends on
    their names alone."""
    return "".join(f"{statement};\n" for statement in _statements(database))


def _statements(database: sqlite3.Connection) -> Iterator[str]:
    found = database.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%'"
    )
    made = sorted(found.fetchall(), key=lambda one: (_ORDER[one[0]], one[1]))
    tables = [name for kind, name, _ in made if kind == "table"]
    yield from (sql for kind, _, sql in made if kind == "table")
    for table in tables:
        if table == "django_migrations":
            yield from _migrations(database)
        elif table in _FROM_CODE:
            yield from _rows(database, table)
        elif database.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")').fetchone()[0]:
            raise ValueError(f"a migration puts rows into {table}, and fresh_tables.sql would not have them")
    # Last, so that they neither slow nor refuse the first rows.
    yield from (sql for kind, _, sql in made if kind != "table")


def _migrations(database: sqlite3.Connection) -> Iterator[str]:
    done = database.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    rows = ",\n".join(f"('{app}', '{name}', strftime('%Y-%m-%d %H:%M:%f000', 'now'))" for app, name in done)
    yield f"INSERT INTO django_migrations (app, name, applied) VALUES\n{rows}"


def _rows(database: sqlite3.Connection, table: str) -> Iterator[str]:
    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
    quoted = " || ', ' || ".join(f'quote("{name}")' for name in columns)
    rows = database.execute(f'SELECT {quoted} FROM "{table}" ORDER BY id').fetchall()
    yield f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES\n' + ",\n".join(f"({row})" for (row,) in rows)

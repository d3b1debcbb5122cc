"""How tests empty a database that refuses to forget: the guards are lifted while Django flushes between tests.

Only the test suite does this; the product has no such door. `install()` may be called more than once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations


@contextmanager
def guards_lifted() -> Iterator[None]:
    """Run a block without the database's triggers, which stand again afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            yield
            for _, sql in triggers:
                cursor.execute(sql)
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
            )
            tables = [name for (name,) in cursor.fetchall()]
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def install() -> None:
    """Make Django's flush, which `transaction=True` tests end with, lift the guards around itself."""
    flush = BaseDatabaseOperations.execute_sql_flush
    if getattr(flush, "lifts_guards", False):
        return

    def lifted(self: Any, sql_list: list[str]) -> None:
        with guards_lifted():
            flush(self, sql_list)

    lifted.lifts_guards = True  # type: ignore[attr-defined]
    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]

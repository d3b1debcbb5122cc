"""The databases in which every point is walked: SQLite in memory, or one of our own on a PostgreSQL server, dropped afterwards.

A database that was named is never touched itself; ours are made beside it.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection

from elistit import config, handover
from elistit.simulator import running

VACUUM_EVERY = 300


@contextlib.contextmanager
def database(url: str = "") -> Iterator[None]:
    """The world's database for this process, which must not have set Django up: SQLite in memory, or a new database on the
    PostgreSQL server of `url`, dropped afterwards. The database named in `url` itself is not touched."""
    if not url:
        running.prepare()
        yield
        return

    global _server
    name = f"elistit_points_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as _server:
        _server.execute(f"CREATE DATABASE {name}")
        try:
            _prepare_postgresql(urlunsplit(urlsplit(url)._replace(path=f"/{name}")))
            yield
        finally:
            with contextlib.suppress(Exception):
                connection.close()
            _server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Clones:
    """Copies of the database of this process on its PostgreSQL server, each for one copy of the process."""

    def make(self) -> None:
        """Before the process is copied, and between two transactions: what is committed is in the copy."""

        connection.close()  # a database someone is connected to cannot be copied
        _server.execute(f"CREATE DATABASE {self._name()} TEMPLATE {connection.settings_dict['NAME']}")

    def enter(self) -> None:
        """In the copy of the process: from now on it works in the copy of the database."""

        connection.settings_dict["NAME"] = self._name(os.getppid())

    def drop(self) -> None:
        """When the copy of the process is gone."""
        _server.execute(f"DROP DATABASE {self._name()} WITH (FORCE)")

    def _name(self, process: int = 0) -> str:
        return f"elistit_points_{process or os.getpid()}_copy"


_server: Any = None
_tables: list[str] = []
_worlds = 0


def _prepare_postgresql(url: str) -> None:

    config.change({"DATABASE_URL": url, "ELISTIT_FAULTS": None})
    handover.preset("DJANGO_SETTINGS_MODULE", "elistit.settings")

    django.setup()
    logging.disable(logging.CRITICAL)
    # A pool keeps threads, which a copy of the process would not have, and connections, which keep a database from being copied.
    options = connection.settings_dict["OPTIONS"]
    options.pop("pool", None)
    # Nothing here has to outlive the machine, and waiting for its disk would be most of the time.
    options["options"] += " -c synchronous_commit=off"
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if not cursor.fetchone()[0]:
                _tables.append(table)


@contextlib.contextmanager
def world() -> Iterator[None]:

    if connection.vendor != "postgresql":
        with running.world():
            yield
        return
    global _worlds
    _worlds += 1
    with connection.cursor() as cursor:
        # The books refuse to forget; only this database of our own may.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in _tables))
        cursor.execute("SET session_replication_role = DEFAULT")
        if _worlds % VACUUM_EVERY == 0:
            cursor.execute("VACUUM")
    yield


def in_memory() -> bool:
    """Whether the world is in this process's own memory, so that a copy of the process has one of its own."""

    return connection.vendor == "sqlite"

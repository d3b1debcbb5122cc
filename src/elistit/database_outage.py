"""Wait out a database outage (restart, failover, lost connection), so that an outage of ours costs nobody an attempt, and
release database resources during long waits.

What is given here must be safe to do twice: a transaction guarded against running again, or a write that says the same each
time. Every other error goes through untouched. SQLite is never away, but its disk may be full, as a server's may be.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import psycopg
from django.db import connection

log = logging.getLogger(__name__)

PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between two tries; the last for as long as it takes. Real seconds: a database does not follow our clock."""
AGAIN = ("08", "53300", "57P", "40001", "40P01")
"""SQLSTATEs that pass by themselves: connection lost, no room, shutting or starting up, and transactions that met another's."""

PG_FULL = "53100"
SQLITE_FULL = "database or disk is full"

T = TypeVar("T")


def retry_until_written(act: Callable[[], T]) -> T:
    """`retry_while_down`, and as long as the database's disk is full: for a worker's own notes, which nobody waits for and
    which must not be lost."""
    return retry_while_down(act, or_full=True)


def retry_while_down(act: Callable[[], T], *, or_full: bool = False) -> T:
    """Do `act`, and again as long as the database is away. Never gives up on that; raises whatever else `act` raises."""
    tried = 0
    while True:
        try:
            return act()
        except Exception as error:
            if connection.in_atomic_block or not (is_outage(error) or (or_full and is_database_full(error))):
                raise
            if not tried:
                log.warning("the database is unavailable or full (%s); waiting for it", type(error).__name__)
            connection.close()
            time.sleep(PAUSES[min(tried, len(PAUSES) - 1)])
            tried += 1


def release_connection() -> None:
    """Give a pooled connection back before a long wait for somebody else (a provider, heavy work). A process has few, and
    a slow service must not keep its other tries, or its recovery, from the database. The next question takes one again."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()


def is_outage(error: BaseException) -> bool:
    """Whether an error says that the database was lost, and nothing about what was asked of it."""
    for cause in _causes(error):
        if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
            return cause.sqlstate is None or cause.sqlstate.startswith(AGAIN)
    return False


def is_database_full(error: BaseException) -> bool:
    """Whether the database had no room for a write. The transaction was rolled back; reading still works."""
    return any(
        (isinstance(cause, sqlite3.OperationalError) and SQLITE_FULL in str(cause))
        or (isinstance(cause, psycopg.Error) and cause.sqlstate == PG_FULL)
        for cause in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from: Django and the engine wrap the driver's own."""
    while error is not None:
        yield error
        original = getattr(error, "orig", None)
        error = original if isinstance(original, BaseException) else error.__cause__

"""Wait out a database outage (restart, failover, lost connection, full disk), so that an outage of ours costs no one an
attempt, and release database resources during long waits.

`OUTAGES` and `SQLITE_OUTAGES` are the one list of what an outage is; what isn't in them isn't one and goes through untouched.
What is given here must be safe to do twice: a transaction guarded against running again, or a write that says the same each
time. It must never repeat anything within a transaction that someone else opened.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import psycopg
from django.db import DatabaseError, InterfaceError, connection
from django.db.transaction import TransactionManagementError

log = logging.getLogger(__name__)

PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between two attempts; the last for as long as it takes. Real seconds: a database does not follow our clock."""

OUTAGES = {
    # The session is gone, and with it its transaction; at a COMMIT no one knows whether it stands. All that runs here is
    # guarded by the rows it writes, so that running it again after a COMMIT that did stand changes nothing.
    "08": "the connection to the database was lost",
    "25P03": "the database ended a session whose process had stopped in the middle of a transaction",
    "57P01": "the database is shutting down",
    "57P02": "the database crashed and is recovering",
    "57P03": "the database is starting up",
    "57P05": "the database ended a session that had been idle for too long",
    # Refused before it did anything: the transaction was rolled back whole.
    "25006": "the database is read-only: a standby, before or after a failover",
    "53100": "the database has no disk space left",
    "53200": "the database has no memory left",
    "53300": "the database has no connection left",
    # Rolled back whole because it met another transaction; the next time it meets it elsewhere or not at all.
    "40001": "the transaction conflicted with another one",
    "40P01": "the transaction and another one were waiting for each other",
}
"""SQLSTATE, or its class, to plain words. Each says that the database was lost or full, and nothing about what was asked."""

SQLITE_OUTAGES = {
    # Nothing was written by the statement, and the transaction is rolled back by the one that opened it. A lock is reported only
    # after the whole busy timeout: a process that holds it is frozen, or the machine is slow.
    sqlite3.SQLITE_BUSY: "another process has been holding the database's lock",
    sqlite3.SQLITE_LOCKED: "another connection has been holding a lock",
    sqlite3.SQLITE_PROTOCOL: "too many processes wanted the database's lock at once",
    sqlite3.SQLITE_FULL: "the disk of the database is full",
    sqlite3.SQLITE_CANTOPEN: "the database's files cannot be opened",
    sqlite3.SQLITE_READONLY: "the disk of the database is read-only",
    # A full disk or an exhausted quota shows itself like this where the file system finds out late.
    sqlite3.SQLITE_IOERR_WRITE: "the disk of the database did not take a write",
    sqlite3.SQLITE_IOERR_FSYNC: "the disk of the database did not take a write",
    sqlite3.SQLITE_IOERR_DIR_FSYNC: "the disk of the database did not take a write",
    sqlite3.SQLITE_IOERR_TRUNCATE: "the disk of the database did not take a write",
    sqlite3.SQLITE_IOERR_SHMSIZE: "the disk of the database has no room for its index",
    sqlite3.SQLITE_IOERR_SHMMAP: "the disk of the database has no room for its index",
}
"""SQLite's result code, extended or primary, to plain words."""

LOST = "the connection to the database was lost"
CLOSED = ("connection already closed", "connection is closed", "Cannot open a new connection in an atomic block")
"""What Django itself says, without the driver, of a connection that was lost earlier in the same transaction."""

PG_FULL = "53100"
SQLITE_FULL = "database or disk is full"
"""The two ways in which a database says that it has no room."""

T = TypeVar("T")


def retry_while_down(action: Callable[[], T]) -> T:
    """Do `action`, and repeat it as long as the database is unavailable, without a limit. Raises any other error of
    `action`, and every error inside a transaction."""
    failures = 0
    while True:
        try:
            return action()
        except Exception as error:
            words = outage(error)
            if connection.in_atomic_block or words is None:
                raise
            if not failures:
                log.warning("the database is unavailable (%s); waiting for it", words)
            discard_connection()
            pause(failures)
            failures += 1


def pause(failures: int) -> None:
    """Wait before the next attempt after so many that failed before this one: longer each time, up to the last of `PAUSES`."""
    time.sleep(PAUSES[min(failures, len(PAUSES) - 1)])


def release_connection() -> None:
    """Give a pooled connection back before a long wait for someone else (a provider, heavy work). A process has few, and
    a slow service must not keep its other attempts, or its recovery, from the database. The next query takes one again."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()


def discard_connection() -> None:
    """End this thread's connection permanently. One that only went back to the pool would come out of it again, still to the
    server that is read-only since a failover. Does nothing in a transaction."""
    if connection.in_atomic_block:
        return
    if connection.vendor == "postgresql" and connection.connection is not None:
        with contextlib.suppress(psycopg.Error):
            connection.connection.close()
    with contextlib.suppress(DatabaseError):
        connection.close()


def is_outage(error: BaseException | None) -> bool:
    """Whether an error says that the database was lost, and nothing about what was asked of it."""
    return outage(error) is not None


def outage(error: BaseException | None) -> str | None:
    """What kind of outage an error says there was, in plain words; None when it says anything else. Finds the driver's own
    error behind Django's, SQLAlchemy's and the engine's."""
    for cause in _causes(error):
        if isinstance(cause, psycopg.Error):
            return _of_postgresql(cause)
        if isinstance(cause, sqlite3.Error):
            return _of_sqlite(cause)
        if isinstance(cause, InterfaceError | DatabaseError | TransactionManagementError) and cause.__cause__ is None:
            return LOST if any(words in str(cause) for words in CLOSED) else None
    return None


def _of_postgresql(error: psycopg.Error) -> str | None:
    if error.sqlstate is None:
        # The server said nothing: no connection could be made or had from the pool in time, or it broke.
        return LOST if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None
    return OUTAGES.get(error.sqlstate) or OUTAGES.get(error.sqlstate[:2])


def _of_sqlite(error: sqlite3.Error) -> str | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return SQLITE_OUTAGES[sqlite3.SQLITE_FULL] if SQLITE_FULL in str(error) else None
    return SQLITE_OUTAGES.get(code) or SQLITE_OUTAGES.get(code & 0xFF)


def is_database_full(error: BaseException) -> bool:
    """Whether the database had no room for a write. The transaction was rolled back; reading still works."""
    return any(
        (isinstance(cause, sqlite3.OperationalError) and SQLITE_FULL in str(cause))
        or (isinstance(cause, psycopg.Error) and cause.sqlstate == PG_FULL)
        for cause in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from: Django and the engine wrap the driver's own."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        original = getattr(error, "orig", None)
        error = original if isinstance(original, BaseException) else error.__cause__


def rest_connection() -> None:
    """Release database resources while a thread does something else: return a pooled connection, or drop what a SQLite
    connection has cached. A SQLite connection stays open, because opening one costs as much as an attempt's queries (3 ms).
    Idempotent."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        try:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA shrink_memory")
            return
        except DatabaseError:
            log.warning("a connection was closed because it did not answer", exc_info=True)
    connection.close()

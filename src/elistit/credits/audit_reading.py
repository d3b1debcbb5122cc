"""How the auditor reads: plain SQL, a few rows at a time, the same values from SQLite and PostgreSQL.

No model, no manager, nothing of the ledger's.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

# None: this row is right. A sentence: what is wrong with it.
Finding = str | None
StoreCheck = Callable[[str, str], bool]
# Whether the engine has something of a job (its public id) queued, delayed or running.
WorkCheck = Callable[[str], bool]
ROWS_AT_A_TIME = 1000


def stream(sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query without ever holding all of them (a server-side cursor on PostgreSQL)."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from rows


def moment(value: Any) -> dt.datetime | None:
    """A stored time as UTC, however the database returns it."""
    if value is None:
        return None
    read = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)


def structure(value: Any) -> Any:
    """A stored JSON value, however the database returns it."""
    return json.loads(value) if isinstance(value, str | bytes) else value

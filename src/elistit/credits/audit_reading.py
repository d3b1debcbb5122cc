"""Reading for the audit: plain SQL, a few rows at a time, the same values from SQLite and PostgreSQL.

Where a rule can be asked in SQL, the database looks at the rows and only the wrong ones come over; `looked_at` counts the
others. What cannot (hashes, stored JSON, times) is read row by row.

No model, no manager, nothing of the ledger's.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

# None: this row is right. A number: so many rows are right. A sentence: what is wrong with one.
Finding = str | int | None
StoreCheck = Callable[[str, str], bool]
# Whether the engine has something of a job (its public id) queued, delayed or running.
WorkCheck = Callable[[str], bool]
ROWS_AT_A_TIME = 1000


class HeldDraft(NamedTuple):
    """A draft that a shop on Etsy holds with a mark of ours in it: the shop's owner, the project the mark names, the
    draft's id there. With `problem`, that owner's shop could not be asked, and why."""

    owner: int
    project: str = ""
    draft: str = ""
    problem: str = ""


def stream(sql: str, params: Sequence[Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """The rows of a query without ever holding all of them (a server-side cursor on PostgreSQL)."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from rows


def looked_at(count: str, wrong: str, says: Callable[..., str]) -> Iterator[Finding]:
    """The findings of a rule that is asked in SQL. `count` answers how many things there are to look at, `wrong` gives a
    row for each that breaks the rule, `says` makes its columns a sentence."""
    ((total,),) = stream(count)
    broken = 0
    for row in stream(wrong):
        broken += 1
        yield says(*row)
    yield max(0, total - broken)


def moment(value: Any) -> dt.datetime | None:
    """A stored time as UTC, however the database returns it."""
    if value is None:
        return None
    read = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)


def structure(value: Any) -> Any:
    """A stored JSON value, however the database returns it."""
    return json.loads(value) if isinstance(value, str | bytes) else value

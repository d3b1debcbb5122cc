"""Reading for the audit: plain SQL, a few rows at a time, the same values from SQLite and PostgreSQL.

Where a rule can be expressed in SQL, the database checks the rows and returns only the wrong ones; `looked_at` counts
the others. Other rules (hashes, stored JSON, times) are checked row by row. It must never use a model, a manager or
code of the ledger.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

# None: this row is right. A number: this many rows are right. A sentence: what is wrong with one.
Finding = str | int | None
StoreCheck = Callable[[str, str], bool]
# Whether the engine has something of a job (by its id) queued, delayed or running.
WorkCheck = Callable[[str], bool]
ROWS_AT_A_TIME = 1000


class HeldDraft(NamedTuple):
    """A draft in an Etsy shop with our mark: the shop's owner, the project that the mark names, the draft's id on Etsy.
    With `problem`, that owner's shop couldn't be read, and why."""

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
    """The findings of a rule expressed in SQL. `count` returns how many rows there are to check, `wrong` returns a row
    for each violation, and `says` turns its columns into a sentence."""
    ((total,),) = stream(count)
    broken = 0
    for row in stream(wrong):
        broken += 1
        yield says(*row)
    yield max(0, total - broken)


def moment(value: Any) -> dt.datetime | None:
    """A stored time as UTC, whichever type the database returns."""
    if value is None:
        return None
    read = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)


def structure(value: Any) -> Any:
    """A stored JSON value, whichever type the database returns."""
    if value == "[]":  # what most rows hold: images without a flag
        return []
    return json.loads(value) if isinstance(value, str | bytes) else value


@lru_cache(maxsize=256)
def price_lines(value: str) -> tuple[dict[str, Any], ...]:
    """The lines of a quote. Most quotes of a price list are the same few; not to be changed by a caller."""
    return tuple(json.loads(value))

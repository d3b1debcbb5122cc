"""Watching the statements that go to the database, whichever world a history is lived in: a worker dies between two of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from elistit.simulator.memory import world

Watch = Callable[[str, str], None]
"""Gets a statement's verb and table before it is sent; what it raises keeps the statement from being sent."""

_VERB = re.compile(
    r"\s*(BEGIN|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|SELECT|UPDATE|INSERT INTO|DELETE FROM)\b"
)
_TABLE = {"SELECT": re.compile(r'\bFROM "?(\w+)'), "UPDATE": re.compile(r'UPDATE "?(\w+)'),
          "INSERT INTO": re.compile(r'INSERT INTO "?(\w+)'), "DELETE FROM": re.compile(r'DELETE FROM "?(\w+)')}  # fmt: skip


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Every statement sent in the block is shown to `watch` first."""
    store = world.active()
    if store is not None:
        store.watchers.append(watch)
        try:
            yield
        finally:
            store.watchers.remove(watch)
        return

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        watch(*parsed(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


def parsed(sql: str) -> tuple[str, str]:
    """A statement as verb and table."""
    found = _VERB.match(sql)
    if found is None:
        return sql.split(maxsplit=1)[0], ""
    verb = found.group(1)
    table = _TABLE[verb].search(sql) if verb in _TABLE else None
    return verb, table.group(1) if table else ""


def words(verb: str, table: str) -> str:
    return f"{verb} {table}".strip()

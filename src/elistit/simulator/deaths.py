"""The points at which a process can die between two instants of the database, counted, and a death at one of them.

A point lies before every statement that is sent; after every statement that commits itself; before every COMMIT; and after
every COMMIT, when the rows stand and no one has been notified. It must never be used by anything that runs a seller's work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from elistit.simulator.outside import Killed
from elistit.simulator.statements import parsed, words

# What changes no row, so that there is nothing between it and the next point.
_READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA", "SET ")


def _killed(where: str) -> None:
    raise Killed(where)


class Deaths:
    """Counts the points passed while watching; the process dies at the one numbered `at`, once. 0: it lives. `die` is how: by
    an exception no one catches, unless a test has a better way. `here` is asked at each point whether it is this one; `beginning` is called before
    each piece of work that is watched, between two transactions."""

    def __init__(self, at: int = 0, die: Callable[[str], None] = _killed) -> None:
        self.at, self.seen, self.die = at, 0, die
        self.here: Callable[[int], bool] = lambda number: number == self.at
        self.beginning: Callable[[], None] = lambda: None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Everything in this block is done by a process that may die. Raises Killed where it does; what was not committed is
        rolled back, and what was to be done on the commit is never done."""
        self.beginning()
        database: Any = connection  # Django's own hooks around COMMIT are not part of its types
        real = database._commit

        def commit() -> None:
            self._commit_point("before the commit", undo=True)
            real()
            self._commit_point("after the commit, before anyone was notified", undo=False)

        database._commit = commit
        try:
            with connection.execute_wrapper(self._statement):
                yield
        finally:
            del database._commit

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self._point("before", sql)
        answer = execute(sql, params, many, context)
        if not connection.in_atomic_block and not sql.lstrip().upper().startswith(_READS):
            self._point("after", sql)
        return answer

    def _commit_point(self, where: str, undo: bool) -> None:
        database: Any = connection
        try:
            self._point(where)
        except Killed:
            # The dead send nothing more: the database rolls back for them, and their intentions go with them.
            if undo:
                database._rollback()
            database.run_on_commit = []
            raise

    def _point(self, where: str, sql: str = "") -> None:
        self.seen += 1
        if self.here(self.seen):
            self.die(f"{where} {words(*parsed(sql))}" if sql else where)

"""Statements, transactions and what is undone when one fails: the part of a database that is about time.

Every statement is announced to the one that watches (a worker may die at it) before it does anything. It must behave as Django's
own `atomic` on SQLite does, to the savepoint: the same history is lived in both.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from django.db import transaction

Table = Any
"""A `memory.table.Table`, which imports this module."""

Watch = Callable[[str, str], None]
Change = tuple[Table, Any, "dict[str, Any] | None"]


class NotUnderstood(BaseException):
    """The rules asked the world in memory for something it does not know. Not an `Exception`, so that no rule can take it for
    a failure of the work and continue."""


class Store:
    """All tables of a world, and the one transaction that may be open on them."""

    def __init__(self) -> None:
        self.tables: dict[type, Table] = {}
        self.watchers: list[Watch] = []
        self.undo: list[Change] = []
        self.hooks: list[Callable[[], object]] = []
        self.open = False
        self.broken = False

    def clear(self) -> None:
        """As after the tables were made: nothing in any of them."""
        for table in self.tables.values():
            table.clear()
        self.undo.clear()
        self.hooks.clear()
        self.open = self.broken = False

    def statement(self, verb: str, table: str) -> None:
        """One statement is sent. Raises what a watcher raises, and what Django does inside a transaction that has failed."""
        for watch in self.watchers:
            watch(verb, table)
        if self.broken:
            raise transaction.TransactionManagementError(
                "An error occurred in the current transaction. You can't execute queries until the end of the 'atomic' block."
            )

    def take_back(self, mark: int) -> None:
        """Undo every change since `mark`, newest first."""
        undo = self.undo
        while len(undo) > mark:
            table, key, before = undo.pop()
            table.restore(key, before)

    def settle(self, mark: int) -> None:
        """A statement is done: outside a transaction it stands at once."""
        if not self.open:
            del self.undo[mark:]

    def on_commit(self, func: Callable[[], object], using: str | None = None, robust: bool = False) -> None:
        if self.open:
            self.hooks.append(func)
        else:
            func()

    def atomic(self, using: str | None = None, savepoint: bool = True, durable: bool = False) -> Atomic:
        return Atomic(self, savepoint)


class Atomic:
    """What `transaction.atomic()` is on SQLite."""

    __slots__ = ("hooks", "mark", "outer", "savepoint", "store")

    def __init__(self, store: Store, savepoint: bool) -> None:
        self.store, self.savepoint = store, savepoint
        self.outer, self.mark, self.hooks = False, -1, 0

    def __enter__(self) -> None:
        store = self.store
        if not store.open:
            store.broken = False
            store.statement("BEGIN", "")
            store.open = self.outer = True
        elif self.savepoint and not store.broken:
            store.statement("SAVEPOINT", "")
            self.mark, self.hooks = len(store.undo), len(store.hooks)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        store = self.store
        if self.outer:
            self._end(kind is None and not store.broken)
        elif kind is None and not store.broken:
            if self.mark >= 0:
                store.statement("RELEASE SAVEPOINT", "")
        elif self.mark < 0:
            store.broken = True
        else:
            store.broken = False
            store.statement("ROLLBACK TO SAVEPOINT", "")
            store.take_back(self.mark)
            del store.hooks[self.hooks :]
            store.statement("RELEASE SAVEPOINT", "")

    def _end(self, well: bool) -> None:
        store = self.store
        store.open = store.broken = False
        hooks, store.hooks = store.hooks, []
        if not well:
            store.take_back(0)
            return
        store.undo.clear()
        for hook in hooks:
            hook()

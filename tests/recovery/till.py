"""A provider's own books, outside of our database: what it sold, under which key, and when.

It stands for the other side of a paid call. It recognises a key it has seen (as providers with idempotency keys do) and
otherwise sells whatever it is asked for, so that buying one thing under two keys shows. It can be asked what became of a
key, and it must never look at our tables.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path


class Till:
    """One provider's sales in a file of its own, safe to use from many processes and after any of them was killed."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with self._open() as books:
            books.execute("PRAGMA journal_mode=WAL")
            books.execute(
                "CREATE TABLE IF NOT EXISTS sale"
                " (key TEXT PRIMARY KEY, unit TEXT NOT NULL, at REAL NOT NULL, asked INTEGER NOT NULL DEFAULT 1)"
            )

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Whoever is killed between two statements leaves whole sales: each is one statement, committed by itself.
        with contextlib.closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as books:
            books.execute("PRAGMA synchronous=OFF")
            yield books

    def sell(self, key: str) -> None:
        """Write one sale down. `key` is our request key: job, item and round are the thing bought, the rest is the try."""
        with self._open() as books:
            books.execute(
                "INSERT INTO sale (key, unit, at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET asked = asked + 1",
                (key, key.rpartition(":")[0], time.time()),
            )

    def has_sold(self, key: str) -> bool:
        with self._open() as books:
            return books.execute("SELECT 1 FROM sale WHERE key = ?", (key,)).fetchone() is not None

    def sales(self) -> int:
        with self._open() as books:
            return int(books.execute("SELECT count(*) FROM sale").fetchone()[0])

    def asked_again(self) -> int:
        """How many sales were asked for again under their own key, and recognised."""
        with self._open() as books:
            return int(books.execute("SELECT count(*) FROM sale WHERE asked > 1").fetchone()[0])

    def bought_twice(self) -> list[tuple[str, int]]:
        """Each item and round that was sold more than once, with how often."""
        with self._open() as books:
            return books.execute("SELECT unit, count(*) FROM sale GROUP BY unit HAVING count(*) > 1").fetchall()

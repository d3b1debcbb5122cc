"""Keeps a log readable while the same fault repeats: one line a minute with a count, in place of thousands.

The first record of a kind is written whole, with its traceback. It must never drop what is different: another message,
another error, another place in the code is another kind.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TextIO

WINDOW_SECONDS = 60.0
KINDS_MOST = 500
OTHERS_MOST = 10
"""Records of one kind that name different things (attempts, files) and are still written in a window, each in one line."""

Kind = tuple[str, int, str, str]


@dataclass
class _Seen:
    since: float
    first: str
    level: int
    logger: str
    others: int = 0
    left_out: int = 0


class LimitedHandler(logging.StreamHandler[TextIO]):
    """A stream handler that writes repeated warnings and errors once a minute, with how many were left out."""

    def __init__(self, stream: TextIO | None = None, window: float = WINDOW_SECONDS) -> None:
        super().__init__(stream)
        self.window = window
        self._seen: dict[Kind, _Seen] = {}
        self._guard = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        due: list[logging.LogRecord] = []
        write: logging.LogRecord | None = record
        if record.levelno >= logging.WARNING:
            with self._guard:
                due, write = self._due(record.created), self._limited(record)
        for summary in due:
            super().emit(summary)
        if write is not None:
            super().emit(write)

    def close(self) -> None:
        """Say what was left out so far; a process that ends must not take the count with it."""
        with self._guard:
            due = self._due(time.time() + self.window)
        for summary in due:
            super().emit(summary)
        super().close()

    def _limited(self, record: logging.LogRecord) -> logging.LogRecord | None:
        """The record to write for one that came: itself, a shorter one, or none."""
        words, kind = record.getMessage(), _kind(record)
        seen = self._seen.get(kind)
        if seen is None:
            if len(self._seen) >= KINDS_MOST:
                self._seen.clear()
            self._seen[kind] = _Seen(record.created, words, record.levelno, record.name)
            return record
        if words == seen.first or seen.others >= OTHERS_MOST:
            seen.left_out += 1
            return None
        seen.others += 1
        error = f" ({kind[3]})" if kind[3] else ""
        return _line(record.name, record.levelno, f"{words}{error}; its traceback is the one above")

    def _due(self, now: float) -> list[logging.LogRecord]:
        """One line for every kind whose minute is over and of which something was left out."""
        over = [kind for kind, seen in self._seen.items() if now - seen.since >= self.window]
        lines = []
        for kind in over:
            seen = self._seen.pop(kind)
            if seen.left_out:
                times = f"{seen.left_out:,} more time{'' if seen.left_out == 1 else 's'}"
                words = f"{seen.first} (repeated {times} in {now - seen.since:.0f} s)"
                lines.append(_line(seen.logger, seen.level, words))
        return lines


def _kind(record: logging.LogRecord) -> Kind:
    error = record.exc_info[1] if record.exc_info else None
    error_text = f"{type(error).__name__}: {str(error)[:200]}" if error is not None else ""
    # With an error the template says where it was met; without one the words are all there is to tell kinds apart.
    return record.name, record.levelno, str(record.msg) if error_text else record.getMessage(), error_text


def _line(logger: str, level: int, words: str) -> logging.LogRecord:
    line = logging.LogRecord(logger, level, __file__, 0, words, None, None)
    line.created = time.time()
    return line

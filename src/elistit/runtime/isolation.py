"""Work in which workers have died twice runs alone, so that the next crash names the guilty step.

When a worker dies, every try it was running looks the same. Without this, innocent neighbours of a poison step would be
counted as crashing too and be failed with it (rules §6). Nothing here touches a database.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class Isolation:
    """Many ordinary tries at once, or one suspect alone. A waiting suspect goes before new ordinary tries."""

    def __init__(self) -> None:
        self._state = threading.Condition()
        self._ordinary = 0
        self._alone = False
        self._suspects_waiting = 0

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        with self._state:
            self._state.wait_for(lambda: not self._alone and not self._suspects_waiting)
            self._ordinary += 1
        try:
            yield
        finally:
            with self._state:
                self._ordinary -= 1
                self._state.notify_all()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        with self._state:
            self._suspects_waiting += 1
            self._state.wait_for(lambda: not self._alone and not self._ordinary)
            self._suspects_waiting -= 1
            self._alone = True
        try:
            yield
        finally:
            with self._state:
                self._alone = False
                self._state.notify_all()

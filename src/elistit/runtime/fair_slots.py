"""Fair queueing for this machine's cores: one seller's heavy work leaves at least half of them to others (rules §4).

A free slot goes to the waiting seller with the fewest running tasks, then to the one who used the least time recently.
No one waits while a slot is free, and running tasks aren't interrupted. It must never touch a database.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

HALF_LIFE_SECONDS = 60.0
"""After this long, used time counts half: an order from an hour ago is no reason to wait now."""


@dataclass
class _Waiter:
    owner: str
    arrival: int


class FairSlots:
    """A number of slots shared by sellers. Work without a seller ("") counts as one seller."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._state = threading.Condition()
        self._running: Counter[str] = Counter()
        self._used: dict[str, tuple[float, float]] = {}
        self._waiting: list[_Waiter] = []
        self._arrivals = itertools.count()

    @contextlib.contextmanager
    def turn(self, owner: str) -> Iterator[None]:
        """Wait for a slot, hold it for the `with` block, and count the time it was held."""
        me = _Waiter(owner, next(self._arrivals))
        with self._state:
            self._waiting.append(me)
            try:
                self._state.wait_for(lambda: self._is_next(me))
                self._running[owner] += 1
            finally:
                self._waiting.remove(me)
                # Another waiting task may fit as well.
                self._state.notify_all()
        began = time.monotonic()
        try:
            yield
        finally:
            with self._state:
                self._running[owner] -= 1
                now = time.monotonic()
                self._used[owner] = (self._used_lately(owner, now) + now - began, now)
                self._forget(now)
                self._state.notify_all()

    def _is_next(self, me: _Waiter) -> bool:
        if self._running.total() >= self.slots:
            return False
        now = time.monotonic()
        return (
            min(self._waiting, key=lambda w: (self._running[w.owner], self._used_lately(w.owner, now), w.arrival)) is me
        )

    def _used_lately(self, owner: str, now: float) -> float:
        seconds, at = self._used.get(owner, (0.0, now))
        return float(seconds * 0.5 ** ((now - at) / HALF_LIFE_SECONDS))

    def _forget(self, now: float) -> None:
        """Drop sellers whose used time no longer matters, so that memory doesn't grow with the number of sellers."""
        if len(self._used) > 1000:
            self._used = {o: u for o, u in self._used.items() if self._used_lately(o, now) > 0.1}
        self._running += Counter()  # drops zeros


class AtOnce:
    """Limits how many pieces of work one seller has at once; more are refused rather than queued."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()

    @contextlib.contextmanager
    def place(self, owner: str) -> Iterator[bool]:
        """Whether there was a free place; it is held for the `with` block."""
        with self._lock:
            free = self._held[owner] < self.most
            self._held[owner] += free
        try:
            yield free
        finally:
            with self._lock:
                self._held[owner] -= free
                self._held += Counter()

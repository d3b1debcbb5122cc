"""How well each outside provider works just now, and the circuit breaker that gives a failing one a rest.

Kept in memory, per worker process: it saves attempts and time, and decides nothing about money. It must never keep a look-up
from being made (a look-up buys nothing and may find an image that was paid for) and never turn a failure into another.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

from elistit import ports
from elistit.ports import NOT_SENT, Failure, Kind, Made, Outcome
from elistit.providers.base import ImageProvider, ImageRequest, ModelInfo, Run

TRIP_AFTER = 5
PAUSE_SECONDS = 20.0
"""Pauses grow to `PAUSE_MOST`, which stays within what rules §5.7 let a provider ask for without using up an attempt."""

PAUSE_MOST = 60.0
PROBE_SECONDS = 20.0
"""How long others are asked to wait while one call finds out whether the provider works again."""

FAULTS = frozenset({Kind.TRANSIENT, Kind.UNKNOWN})
"""Kinds that speak against a provider. A refusal, a filter or “slow down” shows that it is there and answering."""


class Health:
    """The breaker of one provider. For any number of threads; takes the time as an argument.

    Closed: calls go. After `trip_after` faults in a row it is open for a pause: no call goes. After the pause one call is
    let through; when it works the breaker closes, when it fails it opens for twice as long, up to `PAUSE_MOST`.
    """

    def __init__(self, trip_after: int = TRIP_AFTER, pause: float = PAUSE_SECONDS) -> None:
        self._trip_after, self._first_pause = trip_after, pause
        self._pause = pause
        self._in_a_row = 0
        self._open_until: dt.datetime | None = None
        self._probe_until: dt.datetime | None = None
        self._lock = threading.Lock()

    def wait(self, now: dt.datetime) -> float:
        """0 when a call may go now (after a pause that makes it the one trial call), else seconds to wait."""
        with self._lock:
            if self._open_until is None:
                return 0.0
            if now < self._open_until:
                return (self._open_until - now).total_seconds()
            if self._probe_until is not None and now < self._probe_until:
                return (self._probe_until - now).total_seconds()
            self._probe_until = now + dt.timedelta(seconds=PROBE_SECONDS)
            return 0.0

    def record(self, outcome: Outcome, now: dt.datetime) -> None:
        """Take in what happened to a call."""
        with self._lock:
            if isinstance(outcome, Made):
                self._close()
            elif outcome.kind in FAULTS:
                self._fault(now)
            elif outcome.kind == Kind.THROTTLED:
                self._probe_until = None  # it answers, but did no work: the next call is the trial
            else:
                self._close()

    def _close(self) -> None:
        self._in_a_row, self._pause = 0, self._first_pause
        self._open_until = self._probe_until = None

    def _fault(self, now: dt.datetime) -> None:
        self._in_a_row += 1
        trial = self._open_until is not None and self._probe_until is not None
        if trial:
            self._pause = min(self._pause * 2, PAUSE_MOST)
        if trial or (self._open_until is None and self._in_a_row >= self._trip_after):
            self._open_until = now + dt.timedelta(seconds=self._pause)
            self._probe_until = None

    def state(self, now: dt.datetime) -> str:
        """`closed` (working), `open` (resting) or `half-open` (one trial call may go or is going)."""
        with self._lock:
            if self._open_until is None:
                return "closed"
            return "open" if now < self._open_until else "half-open"


class Guarded:
    """A provider behind its breaker. While it rests, a call is answered `THROTTLED` without being sent, so that a seller's
    attempts are not used up on a service that is known to be down (rules §5.7)."""

    def __init__(self, provider: ImageProvider, title: str, health: Health | None = None) -> None:
        self.provider, self.title = provider, title
        self.name, self.can_redraw = provider.name, provider.can_redraw
        self.health = health or Health()
        self._admitted = threading.local()

    def models(self) -> list[ModelInfo]:
        return self.provider.models()

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        if not self._take_admission() and (held := self._held_back()):
            return held
        outcome = self.provider.generate(request, run, sent)
        self.health.record(outcome, ports.now())
        return outcome

    def admit(self) -> Failure | None:
        """Ask before a call is written down: why it must not be sent now, or None, which lets this thread's next call go
        (as the one trial call, after a pause)."""
        if held := self._held_back():
            return held
        self._admitted.yes = True
        return None

    def _take_admission(self) -> bool:
        admitted = getattr(self._admitted, "yes", False)
        self._admitted.yes = False
        return admitted

    def _held_back(self) -> Failure | None:
        if not (seconds := self.health.wait(ports.now())):
            return None
        return Failure(
            Kind.THROTTLED, f"{self.title} was unavailable, so nothing was sent.", NOT_SENT, retry_after=seconds
        )

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        return self.provider.look_up(request, provider_id, run)

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        return self.provider.redraw(request, run)

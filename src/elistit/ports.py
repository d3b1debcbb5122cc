"""What crosses a seam: time, ids, and the answer of anything that can fail.

Every part of the studio that meets the outside world (providers, stores, Etsy, the writer) answers with
`Made` or `Failure`, and takes time and ids from here, so that tests and the simulator can own them.
This module must never import another module of ours and must never decide what a failure means: that is
`elistit.chain.outcomes` and `elistit.chain.retry`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from ulid import ULID


class Kind(StrEnum):
    """Why something was not made (rules §5.7). `BLOCKED_*` says which side of the content filter refused."""

    TRANSIENT = "transient"
    THROTTLED = "throttled"
    BLOCKED_PROMPT = "blocked_prompt"
    BLOCKED_OUTPUT = "blocked_output"
    REJECTED = "rejected"
    OPERATOR = "operator"
    UNKNOWN = "unknown"


OVER_LIMIT = "over_limit"
"""The `detail` of a Failure whose step ran into our own time or memory limit (rules §5.8)."""

TRIAL = "trial"
"""How the `detail` of a Failure begins whose delivery or listing failed the buyer's trial (rules §3): `trial: {report as JSON}`."""

NOT_SENT = "breaker open; nothing was sent"
"""`Failure.detail` of a call that was held back because its provider is down: no attempt is used up and nothing was bought."""


@dataclass(frozen=True)
class Made:
    """A finished piece of work. `data` is JSON-safe; `cost_micros` is what the operator paid, in millionths of a dollar."""

    data: dict[str, Any] = field(default_factory=dict)
    cost_micros: int = 0
    provider_id: str = ""


@dataclass(frozen=True)
class Failure:
    """An attempt that did not work.

    `reason` is one plain sentence a seller can read; `detail` is for the operator and is never shown to a seller.
    `retry_after` is in seconds, when the other side asked for a pause. `service` names the provider that failed where it is
    not the one the stage works with (an outside tool). `ours`: the other side did its part and was paid, and what failed is on
    our side (a full disk, our own limits).
    """

    kind: Kind
    reason: str
    detail: str = ""
    retry_after: float | None = None
    provider_id: str = ""
    cost_micros: int = 0
    service: str = ""
    ours: bool = False


Outcome = Made | Failure


class Clock(Protocol):
    def now(self) -> dt.datetime: ...


class SystemClock:
    """Real time, in UTC."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


class FixedClock:
    """Time that stands still until asked to move; for tests and the simulator."""

    def __init__(self, start: dt.datetime | None = None) -> None:
        self.time = start or dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += dt.timedelta(seconds=seconds)


class _Seams:
    clock: Clock = SystemClock()
    entropy: Callable[[int], bytes] = staticmethod(os.urandom)
    newest: tuple[int, int] = (0, 0)
    lock = threading.Lock()


_seams = _Seams()


def now() -> dt.datetime:
    """The current time in UTC, from the injected clock."""
    return _seams.clock.now()


def on_system_clock() -> bool:
    """Whether `now` is this machine's own clock and not an injected one."""
    return isinstance(_seams.clock, SystemClock)


@contextlib.contextmanager
def use_clock(clock: Clock) -> Iterator[Clock]:
    """Run a block on another clock. Process-wide: not for use in two threads at once."""
    before, _seams.clock = _seams.clock, clock
    try:
        yield clock
    finally:
        _seams.clock = before


@contextlib.contextmanager
def use_entropy(entropy: Callable[[int], bytes]) -> Iterator[None]:
    """Take the chance in ids from `entropy` (a number of bytes asked for) in a block: the simulator's histories must come out
    the same each time. Process-wide, as `use_clock`."""
    before, _seams.entropy = _seams.entropy, staticmethod(entropy)
    _seams.newest = (0, 0)
    try:
        yield
    finally:
        _seams.entropy = before


def first_id(moment: dt.datetime) -> str:
    """The least id that could have been made at a moment: ids are ordered by time, so `pk__gte` finds what was made since then by
    the primary key."""
    return str(ULID.from_timestamp(max(0.0, moment.timestamp())))[:10]


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_PLACES = range(120, -1, -10)


def new_id() -> str:
    """A new ULID: 26 characters, ordered by the injected clock's time; of one process in one millisecond, in the order made."""
    millisecond, chance = int(now().timestamp() * 1000), int.from_bytes(_seams.entropy(10), "big")
    with _seams.lock:
        last, used = _seams.newest
        if millisecond == last:
            chance = (used + 1) % (1 << 80)
        _seams.newest = (millisecond, chance)
    value = int.from_bytes(millisecond.to_bytes(6, "big") + chance.to_bytes(10, "big"), "big")
    return "".join([_PAIRS[value >> place & 1023] for place in _PLACES])

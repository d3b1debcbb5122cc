"""Send permits: one holder at a time may send a call, for a limited time, by a guarded UPDATE (rules §5.7).

A worker may freeze between any two statements and resume after another has taken over, bought and been answered. So a
call belongs to one holder (`holder`, `requests`), and right before anything is sent, the holder has the database
confirm that this is still so. The same statement sets until when the request may be sent (`permit_until`, on the
database's clock): a worker that takes over the call and hears from the provider that nothing arrived waits until then
and asks again before sending.

A small gap remains: a process that freezes after it last read its own clock and before the kernel has its bytes
(microseconds), for longer than `PERMIT_SECONDS`, may still send when it resumes. The same is true if a whole machine
freezes together with its clock. It must never wait for a provider or decide what an answer means.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
import uuid
from dataclasses import dataclass, field

from elistit import ports
from elistit.chain.database_clock import database_now
from elistit.chain.models import ProviderCall
from elistit.database_outage import release_connection, retry_while_down

PERMIT_SECONDS = 2.0
"""How many seconds a confirmed holder may take until its bytes are sent. Shorter than a worker's lease, so that a
worker that takes over from a frozen one rarely has to wait."""

CONFIRMATIONS = 3
"""How often a confirmation is requested when its own answer took too long."""

_PROCESS = uuid.uuid4().hex
_numbers = itertools.count(1)
_sending: set[str] = set()
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass
class SendPermit:
    """One holder's hold of one call. Calling it confirms the hold and starts the time in which the request may be sent;
    False means that nothing may be sent any longer, which `refused` records. Not thread-safe."""

    key: str
    requests: int
    holder: str
    refused: bool = field(default=False)
    until: dt.datetime | None = field(default=None)

    def __call__(self) -> bool:
        for _ in range(CONFIRMATIONS):
            took = retry_while_down(self._confirm)
            release_connection()
            if took is None:
                break
            if took < PERMIT_SECONDS / 2:
                return True
        self.refused = True
        return False

    def _confirm(self) -> float | None:
        """Seconds the confirmation took, by the clock that continues while a process is frozen; None when the hold is lost."""
        began = time.clock_gettime(_CLOCK)
        until = _now() + dt.timedelta(seconds=PERMIT_SECONDS)
        mine = ProviderCall.objects.filter(
            pk=self.key, requests=self.requests, holder=self.holder, state=ProviderCall.State.SENT
        )
        held = mine.update(permit_until=until, sent_at=ports.now())
        self.until = until if held else self.until
        return time.clock_gettime(_CLOCK) - began if held else None

    def __enter__(self) -> SendPermit:
        _sending.add(self.holder)
        return self

    def __exit__(self, *_: object) -> None:
        _sending.discard(self.holder)


def _now() -> dt.datetime:
    """The current time on the clock all workers share: the database's, or the injected one that replaces every clock in
    tests."""
    return database_now() if ports.on_system_clock() else ports.now()


def new_holder() -> str:
    """A name that no other hold has, in any process."""
    return f"{_PROCESS}.{next(_numbers)}"


def never_left(call: ProviderCall) -> bool:
    """Whether a call was recorded and certainly not sent: its holder never had its hold confirmed, and loses it to the
    worker that changes the call now."""
    unsent = call.requests == 0 or (call.holder != "" and call.permit_until is None)
    return unsent and call.state == ProviderCall.State.SENT


def wait_out(call: ProviderCall) -> bool:
    """Wait until the holder of a call may no longer send it. Returns whether there was anything to wait for."""
    over_here = call.holder.startswith(_PROCESS) and call.holder not in _sending
    if call.permit_until is None or over_here:
        return False
    left = (call.permit_until - _now()).total_seconds()
    release_connection()
    if left <= 0:
        return False
    time.sleep(min(left, PERMIT_SECONDS))
    return True

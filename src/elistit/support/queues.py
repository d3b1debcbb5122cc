"""The engine's queues and workers, for the console and the metrics. Reads only.

It asks `runtime.engine` and changes nothing there. When the engine cannot be asked it says so; it must never guess a
depth of zero.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from elistit import ports
from elistit.chain import database_clock
from elistit.chain.models import Worker
from elistit.runtime import engine, leases

log = logging.getLogger(__name__)

LOOK_AT_MOST = 20_000


@dataclass
class Waiting:
    """One queue: how much waits, is delayed until its next attempt, or runs, and the age of the oldest that waits, in seconds."""

    name: str
    enqueued: int = 0
    delayed: int = 0
    running: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True)
class Alive:
    """A worker with a lease row. `live` while its heartbeat is fresh (rules §6); `silent_seconds` since it last beat."""

    id: str
    started_at: dt.datetime
    silent_seconds: float
    draining: bool
    live: bool


@dataclass
class EngineStates:
    """The engine's word on some ids. `trouble` is set when it could not be asked."""

    states: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


def depths() -> list[Waiting]:
    """Every queue that holds something, by name. Raises whatever the engine's database raises."""
    rows = engine.queue.live(LOOK_AT_MOST)
    now = ports.SystemClock().now().timestamp() * 1000
    found: dict[str, Waiting] = {}
    for row in rows:
        queue = found.setdefault(row.queue_name or "none", Waiting(row.queue_name or "none"))
        if row.status == "ENQUEUED":
            queue.enqueued += 1
            # Delayed work has waited only since its delay was over.
            since = max(row.created_at or now, row.delay_until_epoch_ms or 0)
            queue.oldest_seconds = max(queue.oldest_seconds, (now - since) / 1000)
        elif row.status == "DELAYED":
            queue.delayed += 1
        else:
            queue.running += 1
    return sorted(found.values(), key=lambda q: q.name)


def states(ids: Iterable[str]) -> EngineStates:
    """The engine's state of each id it knows, or why it could not be asked."""
    try:
        return EngineStates(engine.queue.states(list(ids)))
    except Exception as trouble:
        log.warning("the engine couldn't be queried: %s", type(trouble).__name__)
        return EngineStates(trouble="The engine’s tables can’t be read right now.")


def reachable() -> None:
    """Ask the engine's database one small thing. Raises when it cannot be asked."""
    engine.queue.states(["ready"])


def workers() -> list[Alive]:
    """Every worker with a lease row, newest first."""
    now, live = database_clock.database_now(), {w.pk for w in leases.alive()}
    return [
        Alive(w.pk, w.started_at, max(0.0, (now - w.beat_at).total_seconds()), w.draining, w.pk in live)
        for w in Worker.objects.order_by("-started_at")
    ]

"""Concurrency limits of the queues. Read once, when a worker starts; it must never look at a project."""

from __future__ import annotations

from dataclasses import dataclass

from elistit import config
from elistit.providers import registry

AT_ONCE = 8


@dataclass(frozen=True)
class Limit:
    """How much of a queue is taken: `at_once` attempts by each worker, or by all workers together when `shared`, of which no
    more than `per_minute` begin within a minute (0: no limit)."""

    at_once: int
    shared: bool = False
    per_minute: int = 0


def provider_limits(slots: int) -> dict[str, Limit]:
    """How much of each provider's queue is taken. Of an outside one `ELISTIT_CALLS_<NAME>` calls at once, by default 8, and
    `ELISTIT_CALLS_PER_MINUTE_<NAME>` begun in a minute, by default as many as there are: both for all workers together,
    because a provider counts the account and not our machines. The built-in artist paints on this machine's `slots` cores;
    twice as many attempts are taken, so that the next image is at hand when one is done."""

    workers = config.current().workers

    def limit(name: str) -> Limit:
        if name == "builtin":
            return Limit(slots * 2)
        return Limit(workers.calls.get(name, AT_ONCE), shared=True, per_minute=workers.calls_per_minute.get(name, 0))

    return {name: limit(name) for name in registry.providers()}

"""Concurrency limits of the queues, read once when a worker starts. It must never look at a project."""

from __future__ import annotations

from dataclasses import dataclass

from elistit import config
from elistit.providers import registry

AT_ONCE = 8


@dataclass(frozen=True)
class Limit:
    """How much of a queue is taken: `at_once` attempts per worker, or by all workers together when `shared`, of which
    at most `per_minute` start within a minute (0: no limit)."""

    at_once: int
    shared: bool = False
    per_minute: int = 0


def provider_limits(slots: int) -> dict[str, Limit]:
    """The limit of each provider's queue; `slots` is this worker's number of heavy tasks at once.

    For an outside provider: `ELISTIT_CALLS_<NAME>` calls at once (default 8) and `ELISTIT_CALLS_PER_MINUTE_<NAME>`
    started per minute (default unlimited), both for all workers together, because a provider's limits apply to the
    account and not to our machines. The built-in artist draws on this machine's `slots` cores; twice as many attempts
    are taken, so that the next one is ready when one ends.
    """

    workers = config.current().workers

    def limit(name: str) -> Limit:
        if name == "builtin":
            return Limit(slots * 2)
        return Limit(workers.calls.get(name, AT_ONCE), shared=True, per_minute=workers.calls_per_minute.get(name, 0))

    return {name: limit(name) for name in registry.providers()}

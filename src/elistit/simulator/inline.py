"""An engine with no processes and no waiting: the same attempts as the durable engine, run in order on its own clock.

For tests and the simulator. It knows only what every engine knows: ids, queues that take an id once, delays. It decides
nothing and is never used by the product to run a seller's work.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections.abc import Callable, Iterable

from elistit import ports
from elistit.chain import attempts, due, settle
from elistit.chain.attempt_key import AttemptKey


class InlineEngine:
    """Runs queued attempts one after another, moving `clock` forward to the next one that is due."""

    def __init__(self, clock: ports.FixedClock, runner: attempts.Runner, worker: str = "inline") -> None:
        self.clock, self.runner, self.worker = clock, runner, worker
        self.known: set[str] = set()
        self.cancelled: set[str] = set()
        self.ran: list[tuple[dt.datetime, str]] = []
        self._order = itertools.count()
        self._queue: list[tuple[dt.datetime, int, str, Callable[[], list[AttemptKey]]]] = []

    def start(self, job: str, occasion: str) -> None:
        """What `engine.Queue.start` does."""
        self._push(f"job:{job}:{occasion}", 0.0, lambda: due.start(job))

    def start_all(self, jobs: Iterable[str], occasion: str) -> None:
        """What `engine.Queue.start_all` does."""
        for job in jobs:
            self.start(job, occasion)

    def put(self, keys: Iterable[AttemptKey]) -> None:
        """What `engine.Queue.put` does: each id once."""
        for t in keys:
            self._push(t.id, t.delay, lambda t=t: settle.perform(t, self.worker, self.runner))  # type: ignore[misc]

    def put_again(self, keys: Iterable[AttemptKey]) -> None:
        """What `engine.Queue.put_again` does."""
        keys = list(keys)
        self.known -= {t.id for t in keys} - {queued[2] for queued in self._queue}
        self.put(keys)

    def start_again(self, job: str, occasion: str) -> None:
        """What `engine.Queue.start_again` does."""
        self.known -= {f"job:{job}:{occasion}"} - {queued[2] for queued in self._queue}
        self.start(job, occasion)

    def cancel(self, job: str) -> int:
        live = [q for q in self._queue if q[2].startswith(f"job:{job}:")]
        self.cancelled.update(q[2] for q in live)
        return len(live)

    def jobs_at_work(self) -> set[str]:
        """What `engine.Queue.jobs_at_work` does."""
        return {queued[2].split(":")[1] for queued in self._queue if queued[2] not in self.cancelled}

    def forget_job(self, job: str) -> None:
        """What `engine.Queue.forget_job` does."""
        self.known = {id_ for id_ in self.known if not id_.startswith(f"job:{job}:")}

    def _push(self, id_: str, delay: float, work: Callable[[], list[AttemptKey]]) -> None:
        if id_ in self.known:
            return
        self.known.add(id_)
        heapq.heappush(self._queue, (self.clock.now() + dt.timedelta(seconds=delay), next(self._order), id_, work))

    def step(self) -> bool:
        """Run the next due work, moving the clock to it. False when nothing is queued."""
        while self._queue:
            due, _, id_, work = heapq.heappop(self._queue)
            if id_ in self.cancelled:
                continue
            if due > self.clock.now():
                self.clock.time = due
            self.ran.append((self.clock.now(), id_))
            self.put(work())
            return True
        return False

    def run(self, most: int = 100_000) -> None:
        """Run until nothing is queued. Raises RuntimeError after `most` steps: something loops."""
        for _ in range(most):
            if not self.step():
                return
        raise RuntimeError(f"still busy after {most} steps")

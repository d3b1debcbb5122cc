"""A durable engine with a bad day: workers that die at any database statement, work that is lost, done twice or done late.

It answers what `pipeline.engine.Queue` answers, on a clock of its own, so that the product's recovery runs against it as
against the real one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from elistit import ports
from elistit.pipeline import chain
from elistit.pipeline.chain import Try
from elistit.simulator.choices import Choices
from elistit.simulator.inline import InlineEngine
from elistit.simulator.outside import Killed

_MISHAPS = ("none", "killed", "lost", "doubled", "late")
_WEIGHTS = (0.86, 0.06, 0.03, 0.03, 0.02)
KILL_WITHIN = 24


class Machine(InlineEngine):
    """An `InlineEngine` whose workers have mishaps as the history decides."""

    def __init__(self, clock: ports.FixedClock, runner: chain.Runner, choices: Choices) -> None:
        super().__init__(clock, runner)
        self.choices = choices
        self.told: list[str] = []
        self.kill_at = 0
        self.statements = 0

    # ---- what recovery asks of an engine -----------------------------------------------------------------------------

    def states(self, ids: list[str]) -> dict[str, str]:
        queued = {q[2] for q in self._queue} - self.cancelled
        return {
            i: "ENQUEUED" if i in queued else "SUCCESS"
            for i in ids
            if i in self.known and (i in queued or i in self.done)
        }

    def forget(self, ids: list[str]) -> None:
        self.known.difference_update(ids)
        self.done.difference_update(ids)

    def holders(self) -> set[str]:
        return set()

    def hand_over(self, executor: str) -> list[str]:
        return []

    def purge(self, before_iso: str) -> int:
        return 0

    def jobs_at_work(self) -> set[str]:
        return {q[2].split(":")[1] for q in self._queue if q[2] not in self.cancelled}

    # ---- running ---------------------------------------------------------------------------------------------------------

    @property
    def done(self) -> set[str]:
        return self.__dict__.setdefault("_done", set())  # type: ignore[no-any-return]

    @property
    def busy(self) -> bool:
        return any(q[2] not in self.cancelled for q in self._queue)

    def step(self) -> bool:
        entry = self._next()
        if entry is None:
            return False
        due, _, id_, work = entry
        if due > self.clock.now():
            self.clock.time = due
        mishap = _MISHAPS[self.choices.pick(_WEIGHTS)]
        if mishap == "none":
            self._perform(id_, work)
        elif mishap == "killed":
            self._killed(id_, work)
        elif mishap == "lost":
            self.told.append(f"{self._at()} the queue loses {_words(id_)}")
            self.known.discard(id_)
        elif mishap == "doubled":
            self.told.append(f"{self._at()} {_words(id_)} is done by two workers")
            self._perform(id_, work)
            self._perform(id_, work)
        else:
            self.told.append(f"{self._at()} {_words(id_)} comes 45 seconds late")
            self._again(id_, work, 45.0)
        return True

    def _next(self) -> Any:
        import heapq

        while self._queue:
            entry = heapq.heappop(self._queue)
            if entry[2] not in self.cancelled:
                return entry
        return None

    def _perform(self, id_: str, work: Callable[[], list[Try]]) -> None:
        try:
            with connection.execute_wrapper(self._count):
                following = work()
        except Killed as death:
            self.told.append(f"{self._at()} the worker dies doing {_words(id_)}, {death}")
            self._again(id_, work, 1.0)
            return
        self.done.add(id_)
        self.ran.append((self.clock.now(), id_))
        self.put(following)

    def _count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count every statement the workers send; die at the one a run was told to die at, once."""
        self.statements += 1
        if self.statements == self.kill_at:
            raise Killed(f"at statement {self.statements}: {_statement(sql)}")
        return execute(sql, params, many, context)

    def _killed(self, id_: str, work: Callable[[], list[Try]]) -> None:
        """The worker dies at one of the next statements it sends to the database, or lives if there are fewer."""
        left = 1 + self.choices.number(KILL_WITHIN - 1)
        with dies_at(left):
            self._perform(id_, work)

    def _again(self, id_: str, work: Callable[[], list[Try]], seconds: float) -> None:
        """Another worker takes the work up: what handing over a dead worker's work does."""
        import heapq

        heapq.heappush(self._queue, (self.clock.now() + dt.timedelta(seconds=seconds), next(self._order), id_, work))

    def _at(self) -> str:
        return self.clock.now().strftime("%H:%M:%S")


@contextmanager
def dies_at(statement: int) -> Iterator[None]:
    """The worker dies when it sends its so-manieth statement to the database in this block."""
    seen = 0

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == statement:
            raise Killed(f"at its statement {statement}: {_statement(sql)}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die):
        yield


def _statement(sql: str) -> str:
    """A statement in short, without the names the database layer makes up."""
    return re.sub(r'"s\d+_x\d+"', "…", " ".join(sql.split()))[:70]


def _words(id_: str) -> str:
    parts = id_.split(":")
    if len(parts) < 6:
        return f"the start of job …{parts[1][-4:]}"
    item = f", item {parts[3]}" if parts[3] != "0" else ""
    return f"{parts[2]} of job …{parts[1][-4:]}{item}, try {parts[5]}"

"""A durable engine with a bad day: workers that die at any database statement, work that is lost, done twice or done late.

It answers what `runtime.engine.Queue` answers, on its own clock, so that the product's recovery runs against it as
against the real one.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Outcome
from elistit.projects.models import Job
from elistit.simulator.choices import Choices
from elistit.simulator.inline import InlineEngine
from elistit.simulator.outside import Killed, Outside
from elistit.simulator.profiles import MISHAPS, Profile
from elistit.simulator.statements import watched, words

KILL_WITHIN = 24
Work = tuple[str, Callable[[], list[AttemptKey]]]


class Machine(InlineEngine):
    """An `InlineEngine` whose workers have mishaps as the history decides."""

    def __init__(self, clock: ports.FixedClock, outside: Outside, choices: Choices, profile: Profile) -> None:
        super().__init__(clock, self._run)
        self.outside, self.choices, self.profile = outside, choices, profile
        self.outside.provider.pause = lambda: self._freeze(bought=True)
        self.doing: Work | None = None
        self.freezing = ""
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

    def ended_before(self, before_iso: str) -> list[str]:
        return []

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
        mishap = MISHAPS[self.choices.pick(self.profile.mishaps)]
        if mishap != "none":
            self.outside.faults[f"work {mishap}"] += 1
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
        elif mishap == "frozen":
            self._perform(id_, work, ("bought", "worked")[self.choices.number(1)])
        else:
            self.told.append(f"{self._at()} {_words(id_)} comes 45 seconds late")
            self._again(id_, work, 45.0)
        return True

    def _next(self) -> Any:

        while self._queue:
            entry = heapq.heappop(self._queue)
            if entry[2] not in self.cancelled:
                return entry
        return None

    def _perform(self, id_: str, work: Callable[[], list[AttemptKey]], freezing: str = "") -> None:
        """Do a piece of work; with `freezing`, its worker stands still at that moment and another one does it meanwhile."""
        outer = self.doing
        self.doing, self.freezing = (id_, work), freezing
        try:
            with nullcontext() if outer else watched(self._count):
                following = work()
        except Killed as death:
            self.told.append(f"{self._at()} the worker dies doing {_words(id_)}, {death}")
            self._again(id_, work, 1.0)
            return
        finally:
            self.doing, self.freezing = outer, ""
        self.done.add(id_)
        self.ran.append((self.clock.now(), id_))
        self.put(following)

    def _run(self, this: AttemptKey, job: Job) -> Outcome:
        outcome = self.outside.work(this, job)
        self._freeze(bought=False)
        return outcome

    def _freeze(self, bought: bool) -> None:
        """The worker stands still, is taken for dead, and wakes when another one has done its work and gone on."""
        if self.doing is None or self.freezing != ("bought" if bought else "worked"):
            return
        id_, work = self.doing
        self.told.append(f"{self._at()} the worker freezes doing {_words(id_)}; another one takes it over")
        self.clock.advance(30)
        self._perform(id_, work)
        for _ in range(self.choices.number(2)):
            self.step()
        self.told.append(f"{self._at()} the frozen worker wakes and continues with {_words(id_)}")

    def _count(self, verb: str, table: str) -> None:
        """Count every statement the workers send; die at the one chosen for a run, once."""
        self.statements += 1
        if self.statements == self.kill_at:
            raise Killed(f"at statement {self.statements}: {words(verb, table)}")

    def _killed(self, id_: str, work: Callable[[], list[AttemptKey]]) -> None:
        """The worker dies at one of the next statements it sends to the database, or lives if there are fewer."""
        left = 1 + self.choices.number(KILL_WITHIN - 1)
        with dies_at(left):
            self._perform(id_, work)

    def _again(self, id_: str, work: Callable[[], list[AttemptKey]], seconds: float) -> None:
        """Another worker takes the work up: what handing over a dead worker's work does."""

        heapq.heappush(self._queue, (self.clock.now() + dt.timedelta(seconds=seconds), next(self._order), id_, work))

    def _at(self) -> str:
        return self.clock.now().strftime("%H:%M:%S")


@contextmanager
def dies_at(statement: int) -> Iterator[None]:
    """The worker dies when it sends its n-th statement to the database in this block."""
    seen = 0

    def die(verb: str, table: str) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            raise Killed(f"at its statement {statement}: {words(verb, table)}")

    with watched(die):
        yield


def _words(id_: str) -> str:
    parts = id_.split(":")
    if len(parts) < 6:
        return f"the start of job …{parts[1][-4:]}"
    item = f", item {parts[3]}" if parts[3] != "0" else ""
    return f"{parts[2]} of job …{parts[1][-4:]}{item}, try {parts[5]}"

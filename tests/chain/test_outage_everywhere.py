"""An outage of the database at every statement and every COMMIT of an attempt costs no attempt and buys nothing twice (rules §6).

A whole project of one image runs from its launch to its listing on real transactions; generating goes through
`purchases.calls` to a provider that cannot be asked what became of a call, so that whoever has to ask has lost.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, InternalError, OperationalError, connection

from elistit import database_outage
from elistit.actions import commands
from elistit.chain import attempts, due, settle
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import audit
from elistit.credits.models import CreditTransaction
from elistit.ports import Failure, FixedClock, Kind, Made, Outcome
from elistit.projects.models import Job
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.purchases import calls
from elistit.runtime import engine
from elistit.simulator.deaths import Deaths
from elistit.simulator.inline import InlineEngine
from tests.conformance.conftest import World, clock

__all__ = ["clock"]

POSTGRESQL = [*(s for s in database_outage.OUTAGES if len(s) == 5), "08006", "none"]
SQLITE = [str(code) for code in database_outage.SQLITE_OUTAGES]
ENDS_THE_SESSION = ("08", "25P03", "57P", "none")
STEP = int(os.environ.get("OUTAGE_STEP", "4"))
"""One fault per run is played at every n-th point; 1 is every one."""


class Provider:
    """Sells one image a key, remembers nothing, and cannot be asked."""

    name, can_redraw = "builtin", False

    def __init__(self) -> None:
        self.sold: Counter[str] = Counter()

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        self.sold[request.key] += 1
        request.out.write_bytes(b"image")
        sent(f"theirs-{request.key}")
        return Made({"art": {}}, cost_micros=1000)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        return Failure(Kind.UNKNOWN, "It cannot be asked.")

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError("not here")


class Engine(InlineEngine):
    """Waits for the database where the durable engine does: around starting, and around settling and queueing."""

    def start(self, job: str, occasion: str) -> None:
        self._push(f"job:{job}:{occasion}", 0.0, lambda: database_outage.retry_while_down(lambda: due.start(job)))

    def put(self, tries: Iterable[AttemptKey]) -> None:
        for t in tries:
            self._push(t.id, t.delay, lambda t=t: self._perform(t))  # type: ignore[misc]

    def _perform(self, this: AttemptKey) -> list[AttemptKey]:
        outcome = attempts.run(this, self.worker, self.runner)
        return database_outage.retry_while_down(lambda: settle.settle(this, outcome))


def outage(kind: str) -> DatabaseError:
    """What Django raises for a SQLSTATE, or for a result code of SQLite."""
    drivers: Exception
    if connection.vendor == "sqlite":
        drivers = sqlite3.OperationalError(kind)
        drivers.sqlite_errorcode = int(kind)  # type: ignore[attr-defined]
    elif kind == "none":
        drivers = psycopg.OperationalError("server closed the connection unexpectedly")
    else:
        drivers = psycopg.errors.lookup(kind)(kind)
    error = InternalError(kind) if isinstance(drivers, psycopg.InternalError) else OperationalError(kind)
    error.__cause__ = drivers
    return error


class Outages(Deaths):
    """In place of a death, the database is away at a point: before a statement or a COMMIT, or after it with its answer lost.

    `only`: at this one point of the whole run. None: at every point in turn; what is done again after an outage gets one
    point further than before, so that each piece of work meets one outage for each of its points.
    """

    def __init__(self, kind: str, only: int | None = None) -> None:
        super().__init__(die=self._away)
        self.kind, self.only, self.met = kind, only, 0
        self.since = self.allowed = 0
        self.here = self._is_here

    def next_attempt(self) -> None:
        self.since = self.allowed = 0

    def _is_here(self, number: int) -> bool:
        if self.only is not None:
            return number == self.only
        self.since += 1
        if self.since <= self.allowed:
            return False
        self.since, self.allowed = 0, self.allowed + 1
        return True

    def _away(self, where: str) -> None:
        self.met += 1
        if connection.vendor == "postgresql" and self.kind.startswith(ENDS_THE_SESSION):
            with contextlib.suppress(psycopg.Error):
                connection.connection.close()
        raise outage(self.kind)


def play(outages: Outages, clock: FixedClock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One project with these outages, from the start of its job to its end, and what must hold then."""
    provider, email = Provider(), f"{outages.only}@example.com"
    world = World(clock, email)

    def work(this: AttemptKey, job: Job) -> Outcome:
        if this.stage != "generating":
            job.refresh_from_db()  # a question of its own, as every stage has
            made = world.good(this, job)
            return Made({**made.data, "listing_id": job.project_id}) if this.stage == "drafting" else made
        out = folder / f"{job.pk}.png"
        request = ImageRequest(calls.call_key(this), "builtin/x", "p", "", 1, 1, 1, True, out)
        bought = calls.buy_once(provider, request, this, job, lambda *a, **k: None, lambda made: made)
        job.refresh_from_db()
        if not isinstance(bought, Made):
            return bought
        return dataclasses.replace(bought, data={**world.good(this, job).data, **bought.data})

    world.engine = Engine(clock, work)
    monkeypatch.setattr(engine, "queue", world.engine)
    spec = commands.LaunchSpec(product="wall_art", idea="woodland animals", count=1)
    project = commands.launch(world.user, spec, idempotency_key="k")
    with outages.watching():
        while world.engine.step():
            outages.next_attempt()
    project.refresh_from_db()
    mine = Attempt.objects.filter(job__project=project, note=False)
    told = list(mine.values_list("stage", "item", "number", "wait", "starts", "outcome", "reason", "detail"))
    assert project.stage == "completed", told
    assert {(number, wait, starts, outcome) for _, _, number, wait, starts, outcome, *_ in told} == {
        (1, 0, 1, "made")
    }, told
    assert len(provider.sold) == 1 and set(provider.sold.values()) == {1}, provider.sold
    assert not ProviderCall.objects.exclude(state="answered").exists()
    posted = CreditTransaction.objects.filter(account__owner=world.user).order_by("seq").values_list("type", flat=True)
    assert list(posted) == ["GRANT_CREDIT", "SPEND_CREDIT"]


def is_right() -> None:
    """What the auditor says of all that was played."""
    report = audit.run()
    assert report["ok"], [check for check in report["checks"] if check["violations"]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_outage, "PAUSES", (0.0,))


@pytest.mark.parametrize("kind", sorted({*POSTGRESQL, *SQLITE}))
def test_every_outage_at_every_point_in_turn(
    transactional_db: None, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind not in (SQLITE if connection.vendor == "sqlite" else POSTGRESQL):
        pytest.skip("of the other database")
    outages = Outages(kind)
    play(outages, clock, tmp_path, monkeypatch)
    assert outages.met > 50
    is_right()


def test_one_outage_at_each_point_of_a_project(
    transactional_db: None, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = str(sqlite3.SQLITE_BUSY) if connection.vendor == "sqlite" else "25P03"
    undisturbed = Outages(kind, only=0)
    play(undisturbed, clock, tmp_path, monkeypatch)
    for point in range(1, undisturbed.seen + 1, STEP):
        outages = Outages(kind, only=point)
        play(outages, clock, tmp_path, monkeypatch)
        assert outages.met == 1, point
    is_right()

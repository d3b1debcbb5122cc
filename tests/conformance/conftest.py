"""A small world for the promise tests: a seller with credits, the chain on an engine without waiting, scripted outcomes.

Everything here runs on whichever database the tests were started on; `./test` runs the folder on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction
from elistit.ports import Failure, FixedClock, Kind, Made, Outcome
from elistit.projects.models import Job, Project
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine

PRICE = 17  # 15 images at 1 credit, the listing at 2
COUNT = 15


class World:
    """One seller, one clock, one engine. `script[stage, item]` is a list of outcomes to answer before the work succeeds."""

    def __init__(self, clock: FixedClock, email: str = "alice@example.com", credits: int = 100) -> None:
        self.clock = clock
        self.script: dict[tuple[str, int], list[Outcome]] = defaultdict(list)
        self.worked: list[AttemptKey] = []
        self.shop = True
        self.engine = InlineEngine(clock, self.work)
        self.user = User.objects.create_user(email)
        ledger.open_account(self.user.pk)
        if credits:
            ledger.grant(self.user.pk, credits, source="test", idempotency_key=f"grant:{email}", reason="For the test")

    def work(self, this: AttemptKey, job: Job) -> Outcome:
        self.worked.append(this)
        waiting = self.script[this.stage, this.item]
        return waiting.pop(0) if waiting else self.good(this, job)

    def good(self, this: AttemptKey, job: Job) -> Made:
        file = {
            "path": f"{job.pk}/{this.stage}/{this.item}-{this.round}",
            "role": "print",
            "name": "a.png",
            "bytes": 1,
            "sha256": "0" * 64,
        }
        picks = [{"prompt": f"p{n}", "subject": "fox", "art": {}} for n in range(1, job.project.count + 1)]
        data: dict[str, Any] = {
            "briefing": {"brief": {"title": "T", "theme": "t"}, "items": picks},
            "generating": {"files": [{**file, "role": "image"}], "flags": [], "art": {"made_round": this.round}},
            "processing": {"files": [file]},
            "delivering": {"files": [{**file, "role": "zip"}]},
            "listing": {"title": "T", "tags": [], "description": "D", "price_cents": 500, "shop": self.shop},
            "drafting": {"listing_id": "1", "url": "http://shop/1"},
        }  # fmt: skip
        return Made(data[this.stage])

    def fails(self, stage: str, item: int, kind: Kind, times: int = 99, **more: Any) -> None:
        self.script[stage, item] = [Failure(kind, f"It was {kind.value}.", **more) for _ in range(times)]

    def launch(self, key: str = "k1", count: int = COUNT) -> Project:
        spec = commands.LaunchSpec(product="clipart", idea="woodland animals", count=count)
        return commands.launch(self.user, spec, idempotency_key=key)

    def to_gate(self) -> Project:
        project = self.launch()
        self.engine.run()
        project.refresh_from_db()
        return project

    def to_end(self) -> Project:
        project = self.to_gate()
        if project.stage == "awaiting_approval":
            commands.approve(self.user, project.pk)
            self.engine.run()
        project.refresh_from_db()
        return project

    def job(self, project: Project) -> Job:
        return project.jobs.order_by("public_id").first()  # type: ignore[return-value]

    def rows(self) -> list[tuple[str, int, int | None]]:
        """The seller's ledger after the grant: type, amount, item."""
        rows = CreditTransaction.objects.filter(account__owner=self.user).order_by("seq")
        return [(t.type, t.amount, t.item) for t in rows][1:]

    def tries(self, project: Project, stage: str, item: int = 0) -> list[Attempt]:
        return list(Attempt.objects.filter(job__project=project, stage=stage, item=item, note=False).order_by("id"))

    def balance(self) -> int:
        return ledger.balance(self.user.pk)


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock()
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(transactional_db: None, one_set: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def seller(db: None, clock: FixedClock) -> World:
    """A seller whose orders are booked and never worked on, so that a test need not commit."""
    return World(clock)

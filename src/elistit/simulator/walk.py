"""One project of a product from its launch to its end, with everything a person may do to it on the way, and one thing going wrong.

A walk is written down: what each call outside comes to, and what the person does when, are the same in every walk of a
kind, so that walks differ only by the one death or the one failed call. It plays no dice; `town` does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands
from elistit.chain import variety
from elistit.chain.attempt_key import AttemptKey
from elistit.credits import ledger, plans
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.credits.models import CreditAccount, CreditTransaction
from elistit.credits.plans import PlanNotPossible
from elistit.maintenance import requeue_lost
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Item, Job, Listing, Project, Upload
from elistit.projects.states import Stage
from elistit.runtime import engine
from elistit.simulator.choices import Choices, every
from elistit.simulator.deaths import Deaths
from elistit.simulator.machine import Machine
from elistit.simulator.outside import Killed, Outside, Point
from elistit.simulator.town import Endless, Town
from elistit.stages import storyboards

# One project of each product type, small, and large enough for every action: an item that is remade, one that is lost, one that
# our own check flags, one that is dropped and kept.
SIZES = {
    "clipart": 15,
    "sticker": 4,
    "wall_art": 1,
    "poster": 1,
    "svg": 2,
    "greeting_card": 1,
    "pattern": 6,
    "custom": 2,
}
STEPS_MAX = 2000
SOON = 5.0
MONTH = 31 * 86_400.0
_REFUSALS = (NotPossible, NotFound, InvalidSpec, InsufficientCredits, IdempotencyConflict, PlanNotPossible)


@dataclass
class Script(Point):
    """What each call outside comes to in every walk: a transient failure, a blocked prompt, a listing and a draft that fail once;
    and, as every `Point`, the one call that ends otherwise. `asked` names the stage of each call; `elsewhere`, when given, decides by
    a call's number and stage how it ends."""

    way: str = "whole"
    asked: list[str] = field(default_factory=list)
    this: AttemptKey | None = None
    kind: str = ""
    elsewhere: Callable[[int, str], str] | None = None

    def here(self) -> str:
        assert self.this is not None
        return self.elsewhere(self.calls, self.this.stage) if self.elsewhere else super().here()

    def due(self) -> str:
        assert self.this is not None
        self.asked.append(self.this.stage)
        return super().due() or self._written(self.this)

    def _written(self, this: AttemptKey) -> str:
        if this.stage == Stage.GENERATING and this.round == 0:
            return {(1, 1): "transient", (2, 1): "blocked_prompt"}.get((this.item, this.number), "")
        if self.way == "failed" and this.stage == Stage.DELIVERING:
            return "rejected"
        if self.way == "deleted" and this.stage == Stage.PROCESSING:
            return "transient"
        if this.stage == Stage.LISTING and self.kind == "launch":
            return "rejected"
        return "rejected" if this.stage == Stage.DRAFTING and this.round == 0 else ""


class Written(Outside):
    """The world outside as the script has it."""

    point: Script

    def work(self, this: AttemptKey, job: Job) -> Outcome:
        self.point.this, self.point.kind = this, job.kind
        if this.stage == Stage.GENERATING:
            return self._image(this, job)
        end = self.point.due()
        if end not in ("", "killed_after"):
            return Failure(Kind(end), f"It was {end}.", retry_after=15.0 if end == "throttled" else None)
        made = self._draft(job) if this.stage == Stage.DRAFTING else self._made(this, job)
        if end:
            raise Killed(f"after the work of {this.stage}, before its answer")
        return made

    def _generated(self, this: AttemptKey, job: Job) -> Made:
        made = super()._generated(this, job)
        if this.item == 3 and this.round <= 1:
            made.data["flags"] = [{"code": "edge", "words": "Cut off at the edge."}]
        return made

    def _made(self, this: AttemptKey, job: Job) -> Made:
        made = super()._made(this, job)
        if this.stage == Stage.LISTING:
            made.data["shop"] = True
        return made


class Mortal(Machine):
    """A machine whose workers may die at any point of `deaths`."""

    deaths: Deaths

    def _perform(self, id_: str, work: Callable[[], list[AttemptKey]], freezing: str = "") -> None:
        with self.deaths.watching():
            super()._perform(id_, work, freezing)

    @property
    def busy_now(self) -> bool:
        """Whether something is due within seconds: a dead worker's work is, an attempt after a pause is not."""
        soon = self.clock.now() + dt.timedelta(seconds=SOON)
        return any(due <= soon for due, _, id_, _ in self._queue if id_ not in self.cancelled)


class Walk(Town):
    """A town of one seller and one project, on one of `points.WAYS`; `dies` numbers the point at which a process dies, `point` the call
    that ends badly."""

    machine: Mortal

    def __init__(self, product: str, way: str, dies: int = 0, point: tuple[int, str] = (0, "")) -> None:
        super().__init__(Choices(0, []))
        self.product, self.way = product, way
        self.deaths = Deaths(dies)
        self.script = Script(*point, way=way)
        self.outside = Written(self.choices, self.profile, self.script)
        self.machine = Mortal(self.clock, self.outside, self.choices, self.profile)
        self.machine.deaths, self.machine.told = self.deaths, self.told
        self.books: Any = None
        self.project = ""

    def go(self) -> None:
        """From the first credit to the deleted project."""
        before, engine.queue = engine.queue, self.machine  # type: ignore[assignment]
        try:
            # A copy of a process must not use the renderer, whose threads it doesn't have: it would never end. Sketches decide
            # nothing here, and for any seller, a plan is the one that the undisturbed walk has made already.
            with (
                mock.patch.object(variety, "different", every),
                mock.patch.object(storyboards, "_seed", return_value=1),
                ports.use_clock(self.clock),
                ports.use_entropy(self.chance.randbytes),
            ):
                self._arrive()
                {"whole": self._whole, "failed": self._failed, "deleted": self._deleted}[self.way]()
                self.books = self._read()
        finally:
            engine.queue = before

    def _arrive(self) -> None:
        self.sellers = [User.objects.create_user("seller@example.com")]
        owner = self.sellers[0].pk
        self._act("start the trial", lambda: plans.start_trial(owner))
        self._act("start a plan", lambda: plans.start(owner, "launch"))
        self._act("buy credits", lambda: plans.top_up(owner, "pack-100", idempotency_key="pack"))

    def _whole(self) -> None:
        """Through the gate with every action at it, a listing and a draft that fail first, a month, the end."""
        owner = self.sellers[0]
        self._launch()
        self._run()
        if self._stage(self.project) == Stage.AWAITING_APPROVAL:
            self._judge()
        self._print()
        self._on_it(
            "write the listing again", lambda p: commands.write_listing_again(owner, p, idempotency_key="again")
        )
        self._run()
        self._on_it("skip the draft", lambda p: commands.skip_draft(owner, p))
        self._on_it("retry the draft", lambda p: commands.retry_draft(owner, p))
        self._run()
        self.clock.advance(MONTH)
        self._survives("housekeeping", lambda: (ledger.expire_due(), plans.renew_due(), ledger.expire_due()))
        self._delete(self.project)
        self._run()

    def _judge(self) -> None:
        owner = self.sellers[0]
        self._on_it("drop item 4", lambda p: commands.drop(owner, p, 4))
        self._on_it("keep item 4", lambda p: commands.keep(owner, p, 4))
        self._on_it("drop item 3", lambda p: commands.drop(owner, p, 3))
        self._remake(1)  # it is there, and the seller wants another image
        self._remake(2)  # it was lost
        self._on_it("approve", lambda p: commands.approve(owner, p))
        self._run()

    def _remake(self, number: int) -> None:
        owner, key = self.sellers[0], f"remake{number}"

        def remake(project: str) -> None:
            commands.remake(owner, project, number, prompt="another", idempotency_key=key)

        self._on_it(f"remake item {number}", remake)
        self._run()

    def _failed(self) -> None:
        """A project that cannot be delivered: it, or what was to make it print-ready, fails and everything comes back."""
        self._launch()
        self._run()
        if self._stage(self.project) == Stage.AWAITING_APPROVAL:
            self._on_it("approve", lambda p: commands.approve(self.sellers[0], p))
            self._run()
        self._print()
        self._delete(self.project)
        self._run()

    def _print(self) -> None:
        if self._stage(self.project) == Stage.DESIGN_READY:
            owner = self.sellers[0]
            self._on_it("make print-ready", lambda p: commands.make_print_ready(owner, p, idempotency_key="print"))
            self._run()

    def _deleted(self) -> None:
        """A project that is deleted while an attempt of it waits to be made again."""
        self._launch()
        if not self.machine.busy:
            # The web process died before it queued the work; it is to come as far as in every other walk.
            self._look()
        while self.machine.busy_now:
            self.machine.step()
        self._delete(self.project)
        self._run()

    # ---- actions ----------------------------------------------------------------------------------------------------------

    def _launch(self) -> None:
        owner, count = self.sellers[0], SIZES[self.product]
        self.launches = 1
        uploads = [self._upload(owner, n) for n in range(count)] if self.product == "custom" else []
        spec = commands.LaunchSpec(self.product, "woodland animals", count, uploads=tuple(uploads))
        self._act("launch", lambda: commands.launch(owner, spec, idempotency_key="launch"))
        self.projects = list(Project.objects.values_list("pk", flat=True))
        self.project = self.projects[0]

    def _upload(self, owner: User, number: int) -> str:
        name = f"{number}.png"
        return Upload.objects.create(
            owner=owner, name=name, kind="png", path=name, preview=name, width=1, height=1, bytes=1, alpha=False
        ).pk

    def _delete(self, project: str) -> None:
        self.deleted[project] = CreditAccount.objects.get(owner=self.sellers[0]).seq
        self._on_it("delete", lambda p: commands.delete(self.sellers[0], p))

    def _on_it(self, name: str, act: Callable[[str], object]) -> None:
        self._act(name, lambda: act(self.project))

    def _act(self, name: str, act: Callable[[], object]) -> None:
        """Do an act as a page does. When the web process dies in it, the person presses again: then it is answered or done."""
        try:
            self._survives(f"a seller’s “{name}”", act)
        except _REFUSALS as refused:
            self.told.append(f"{self._now()} a seller wants to {name}: {refused}")

    def _survives(self, name: str, act: Callable[[], object]) -> None:
        """Done by a process that may die, and once more by another when it does."""
        try:
            with self.deaths.watching():
                act()
        except Killed as death:
            self.told.append(f"{self._now()} a process dies in {name}, {death}")
            act()
        self.told.append(f"{self._now()} {name}")

    def _run(self) -> None:
        """Work until nothing is left, recovery looking when all is quiet."""
        for _ in range(STEPS_MAX):
            if self.machine.busy:
                self.machine.step()
                continue
            self._look()
            if not self.machine.busy:
                return
        raise Endless(f"There was still something to do after {STEPS_MAX} steps.")

    def _look(self) -> None:
        """Recovery looks, when what is amiss has been so for long enough to be sure."""
        self.clock.advance(60)
        self._survives("recovery", lambda: (requeue_lost.reconcile(), requeue_lost.cancel_leftovers()))

    def _now(self) -> str:
        return self.clock.now().strftime("%H:%M:%S")

    # ---- what it comes to -------------------------------------------------------------------------------------------------

    def _read(self) -> Any:
        """The books, the project, its jobs, items and listing, without the ids and times that a death may shift."""
        kinds = dict(Job.objects.values_list("pk", "kind"))
        rows = CreditTransaction.objects.values_list("job", "type", "amount", "item", "reason")
        return [
            sorted((kinds.get(job, ""), *row[:2], row[2] or 0, row[3]) for job, *row in rows),
            sorted(Job.objects.values_list("kind", "status", "failure_kind")),
            sorted(Item.objects.values_list("number", "state", "round", "price", "prompt")),
            list(Listing.objects.values_list("text", "draft", "draft_id", "draft_round")),
            list(Project.objects.values_list("stage", flat=True)),
            sum(self.outside.provider.sold.values()),
        ]

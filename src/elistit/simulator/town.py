"""One history: a few sellers, their projects, and everything they, the workers and the world do, until nothing is left to do.

Sellers act through `actions.commands` as from the pages, at the worst moments; time passes, grants end, plans renew.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands
from elistit.chain import variety
from elistit.credits import ledger, plans
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.credits.models import CreditAccount
from elistit.maintenance import requeue_lost
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Project
from elistit.projects.states import Stage
from elistit.runtime import engine
from elistit.simulator.choices import Choices, every
from elistit.simulator.machine import Machine, dies_at
from elistit.simulator.outside import Killed, Outside, Point
from elistit.simulator.profiles import USUAL, Profile

STEPS_MAX = 4000
PRODUCTS = (
    ("sticker", 2),
    ("poster", 1),
    ("svg", 2),
    ("wall_art", 1),
    ("sticker", 4),
    ("clipart", 15),
    ("greeting_card", 1),
    ("pattern", 6),
)
PRODUCT_WEIGHTS = (0.3, 0.2, 0.15, 0.1, 0.12, 0.03, 0.07, 0.03)
_REFUSALS = (NotPossible, NotFound, InvalidSpec, InsufficientCredits, IdempotencyConflict)
_START = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


class Endless(Exception):
    """The history did not come to rest."""


@dataclass
class Town:
    """A history and what it leaves: `told` says what happened, in order, in the words of the product."""

    choices: Choices
    sellers: list[User] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    deleted: dict[str, int] = field(default_factory=dict)
    only: tuple[str, int] | None = None
    launches: int = 0
    point: Point | None = None
    kill_at: int = 0
    profile: Profile = USUAL
    jumps: int = 0
    latest: dt.datetime = _START

    def __post_init__(self) -> None:
        self.clock = ports.FixedClock(_START)
        self.outside = Outside(self.choices, self.profile, self.point)
        self.machine = Machine(self.clock, self.outside, self.choices, self.profile)
        self.machine.told = self.told
        self.machine.kill_at = self.kill_at
        self.chance = random.Random(7)

    def live(self, sellers: int = 2, projects: int = 3) -> None:
        """Everything from the first grant to the last settled try."""
        before, engine.queue = engine.queue, self.machine  # type: ignore[assignment]
        try:
            # How alike planned items look is measured on sketches and decides nothing here: every item counts as different.
            with (
                mock.patch.object(variety, "different", every),
                ports.use_clock(self.clock),
                ports.use_entropy(self.chance.randbytes),
            ):
                self._begin(1 + self.choices.number(sellers - 1))
                wanted = 1 + self.choices.number(projects - 1)
                for _ in range(STEPS_MAX):
                    if not self._turn(wanted):
                        break
                else:
                    raise Endless(f"There was still something to do after {STEPS_MAX} steps.")
        finally:
            engine.queue = before

    def _begin(self, sellers: int) -> None:
        for n in range(sellers):
            seller = User.objects.create(email=f"seller{n}@example.com", password="!")
            plans.start_trial(seller.pk)
            ends = self.clock.now() + dt.timedelta(minutes=2) if self.choices.happens(0.3) else None
            ledger.grant(seller.pk, 40, source="test", idempotency_key=f"more:{n}", reason="More", expires_at=ends)
            if self.choices.happens(0.3):
                plans.start(seller, "launch")
            self.sellers.append(seller)

    def _turn(self, wanted: int) -> bool:
        """One thing happens. False when nothing can any longer."""
        if self.launches < wanted and (not self.launches or self.choices.happens(0.2)):
            self._launch()
            return True
        if self.choices.happens(self.profile.act):
            self._seller_acts()
        if self.choices.happens(self.profile.pass_):
            self._time_passes()
        if self.machine.busy:
            return self.machine.step()
        return self._quiet(wanted)

    def _quiet(self, wanted: int) -> bool:
        """Nothing is queued: recovery looks for what was dropped, then sellers move on what waits for them."""
        # A clock that was set back has caught up by the time nothing is left to do.
        self.clock.time = max(self.clock.now(), self.latest)
        self.clock.advance(60)
        requeue_lost.reconcile()
        requeue_lost.cancel_leftovers()
        if self.machine.busy:
            return True
        waiting = [p for p in self.projects if self._stage(p) in (Stage.AWAITING_APPROVAL, Stage.DESIGN_READY)]
        for project in waiting:
            if self._settle_gate(project):
                return True
        if self.launches < wanted:
            self._launch()
            return True
        return False

    def _settle_gate(self, project: str) -> bool:
        """At the end of the day a seller approves, has it made print-ready, or deletes. Whether anything followed."""
        owner = self._owner(project)
        if self._stage(project) == Stage.DESIGN_READY:
            key = f"print{len(self.told)}"
            if not self.choices.happens(0.3):
                self._try("print-ready", lambda: commands.make_print_ready(owner, project, idempotency_key=key))
            return self._stage(project) != Stage.DESIGN_READY
        if self._try("approve", lambda: commands.approve(owner, project)):
            return True
        self._delete(project)
        return True

    # ---- what sellers do -------------------------------------------------------------------------------------------------

    def _launch(self) -> None:
        self.launches += 1
        owner = self.sellers[self.choices.number(len(self.sellers) - 1)]
        product, count = PRODUCTS[self.choices.pick(PRODUCT_WEIGHTS)] if not self.only else self.only
        mode = "production" if product == "poster" and self.choices.happens(0.4) else ""
        spec = commands.LaunchSpec(product, "woodland animals", count, mode=mode)
        key = f"launch{self.launches}"
        for _ in range(2 if self.choices.happens(0.1) else 1):
            self._try(f"launch {product} ×{count}", lambda: commands.launch(owner, spec, idempotency_key=key))
        self.projects = list(Project.objects.order_by("public_id").values_list("pk", flat=True))

    def _seller_acts(self) -> None:
        if not self.projects:
            return
        project = self.projects[self.choices.number(len(self.projects) - 1)]
        owner = self._owner(project)
        number = 1 + self.choices.number(2)
        key = f"act{len(self.choices.made)}"
        acts: list[tuple[str, Any]] = [
            ("approve", lambda: commands.approve(owner, project)),
            (f"drop item {number}", lambda: commands.drop(owner, project, number)),
            (f"keep item {number}", lambda: commands.keep(owner, project, number)),
            (f"remake item {number}", lambda: commands.remake(owner, project, number, prompt="another", idempotency_key=key)),
            ("print-ready", lambda: commands.make_print_ready(owner, project, idempotency_key=key)),
            ("retry the draft", lambda: commands.retry_draft(owner, project)),
            ("skip the draft", lambda: commands.skip_draft(owner, project)),
            ("write the listing again", lambda: commands.write_listing_again(owner, project, idempotency_key=key)),
            ("delete", lambda: self._delete(project)),
        ]  # fmt: skip
        name, act = acts[self.choices.pick((0.2, 0.15, 0.08, 0.2, 0.1, 0.07, 0.05, 0.08, 0.07))]
        self._try(name, act, project)

    def _delete(self, project: str) -> None:
        owner = self._owner(project)
        rows = CreditAccount.objects.get(owner_id=owner.pk).seq
        commands.delete(owner, project)
        self.deleted[project] = rows

    def _try(self, name: str, act: Any, project: str = "") -> bool:
        """Do an act as a page does. Refusals are answers; a web process may die in the middle, and the action is as if never
        begun or wholly done."""
        at = self.clock.now().strftime("%H:%M:%S")
        where = f" (project …{project[-4:]})" if project else ""
        try:
            if self.choices.happens(self.profile.web):
                self.outside.faults["web process dies"] += 1
                with dies_at(1 + self.choices.number(15)):
                    act()
            else:
                act()
        except _REFUSALS as refused:
            self.told.append(f"{at} a seller wants to {name}{where}: {refused}")
            return False
        except Killed as death:
            self.told.append(f"{at} the web process dies while a seller does “{name}”{where}, {death}")
            return False
        self.told.append(f"{at} a seller does “{name}”{where}")
        return True

    def _time_passes(self) -> None:
        if self.choices.happens(self.profile.back):
            back = (20.0, 3600.0)[self.choices.number(1)]
            self.latest = max(self.latest, self.clock.now())
            self.clock.advance(-back)
            self.jumps += 1
            self.outside.faults["clock set back"] += 1
            self.told.append(f"{self.clock.now():%H:%M:%S} the clock was set back by {back:,.0f} seconds")
            return
        seconds = (30.0, 600.0, 86_400.0 * 31)[self.choices.pick((0.6, 0.3, 0.1))]
        self.clock.advance(seconds)
        ledger.expire_due()
        plans.renew_due()
        requeue_lost.reconcile()
        self.told.append(f"{self.clock.now():%H:%M:%S} {seconds:,.0f} seconds have passed; grants end, recovery looks")

    def _stage(self, project: str) -> str:
        return Project.objects.values_list("stage", flat=True).get(pk=project)

    def _owner(self, project: str) -> User:
        return Project.objects.select_related("owner").get(pk=project).owner

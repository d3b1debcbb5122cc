"""The greedy seller and its world: the real actions on tables in memory, a provider that obeys the prompt, and a seller that
downloads whatever it is served, at every moment.

A prompt says what becomes of its image, as a clever seller's does. Nothing fails here that a seller can't make fail. It must
never judge: that is `gain`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands
from elistit.chain import variety
from elistit.chain.attempt_key import AttemptKey
from elistit.credits import ledger, prices
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.credits.models import CreditAccount
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.gate import items_of
from elistit.projects.models import FileRole, Item, Job, Project, Upload
from elistit.projects.serving import Serving
from elistit.projects.states import Stage
from elistit.runtime import engine
from elistit.simulator.choices import Choices, every
from elistit.simulator.inline import InlineEngine
from elistit.support import trials

ACTS_MAX = 24
IMAGE_PRICE, PRINT_PRICE = 3, 2
PACK = 25
_REFUSALS = (NotPossible, NotFound, InvalidSpec, InsufficientCredits, IdempotencyConflict)
_START = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)

PROMPTS = (
    "a fox",
    "a fox flagged",
    "a fox flagged once",
    "a fox refused",
    None,
    "  a   fox flagged ",
    "a fox refused at first",
)
"""What a remake asks for; None leaves the prompt as it is. `flagged`: our check flags every image; `once`: the first only;
`refused`: the provider's content rules refuse it, `at first`: once."""
IDEAS = ("foxes", "foxes flagged", "foxes flagged once", "foxes refused now and then", "foxes huge")
ORDERS = (("sticker", 2, ""), ("poster", 1, "design"), ("poster", 1, "production"), ("svg", 1, ""), ("custom", 2, ""))
ORDER_WEIGHTS = (0.6, 0.12, 0.06, 0.07, 0.15)
WAITS = (600.0, 86_400.0 * 6.9, 86_400.0 * 31)
ADDRESSES = (
    "fox@gmail.com",
    "fox+a@gmail.com",
    "f.o.x@gmail.com",
    "Fox@GoogleMail.com",
    "hare@example.com",
    "hare+b@example.com",
)
PERSONS = {"fox@gmail.com": 1, "fox+a@gmail.com": 1, "f.o.x@gmail.com": 1, "Fox@GoogleMail.com": 1}
"""Whose mailbox an address is: the first four are one person's, the others another's."""


@contextmanager
def priced() -> Iterator[None]:
    """For the block every model has a price for its image and another for its print size, so that no leak costs nothing."""
    real = prices.price_list()
    dear = tuple(dataclasses.replace(m, image=IMAGE_PRICE, upscale=PRINT_PRICE) for m in real.models)
    listed = dataclasses.replace(real, models=dear)
    # How alike planned items look is measured on sketches and decides nothing here.
    with mock.patch.object(prices, "price_list", return_value=listed), mock.patch.object(variety, "different", every):
        yield


@dataclasses.dataclass
class Greedy:
    """One sequence of actions and what it leaves. `held`: every file that was ever served at full size, as (project, item, round,
    role); `generated`: every image that was made, as (job, item, round, prompt)."""

    choices: Choices
    told: list[str] = dataclasses.field(default_factory=list)
    users: list[User] = dataclasses.field(default_factory=list)
    bought: int = 0
    trials: list[str] = dataclasses.field(default_factory=list)
    projects: list[str] = dataclasses.field(default_factory=list)
    held: set[tuple[str, int, int, str]] = dataclasses.field(default_factory=set)
    generated: list[tuple[str, int, int, str]] = dataclasses.field(default_factory=list)
    refused: set[tuple[str, int, str]] = dataclasses.field(default_factory=set)
    keys: int = 0

    def __post_init__(self) -> None:
        self.clock = ports.FixedClock(_START)
        self.engine = InlineEngine(self.clock, self.work)

    # ---- the world ---------------------------------------------------------------------------------------------------

    def work(self, this: AttemptKey, job: Job) -> Outcome:
        """What becomes of one attempt: the same for the same words, whatever else is going on."""
        project = job.project
        if this.stage == Stage.GENERATING:
            return self._image(this, job)
        if this.stage == Stage.PROCESSING and this.item == 1 and "huge" in project.idea and project.product == "custom":
            return Failure(Kind.REJECTED, "This step ran into our own limit.")
        if this.stage == Stage.DELIVERING and "huge" in project.idea and project.product == "custom":
            return self.oversize(this, job)
        count = project.count
        data: dict[str, dict[str, Any]] = {
            Stage.BRIEFING: {
                "brief": {"title": "T", "theme": "t"},
                "items": [{"prompt": f"{project.idea} {n}", "subject": "fox", "art": {}} for n in range(1, count + 1)],
            },
            Stage.PROCESSING: {"files": [_file(job, this, "print" if this.item else "mockup")]},
            Stage.DELIVERING: {"files": [_file(job, this, "zip")]},
            Stage.LISTING: {"title": "Fox", "tags": ["fox"], "description": "A fox.", "price_cents": 500, "shop": False},
        }  # fmt: skip
        return Made(data[this.stage])

    def oversize(self, this: AttemptKey, job: Job) -> Outcome:
        """A delivery beyond what Etsy takes goes with a download link; it never fails."""
        return Made({"files": [_file(job, this, "zip")]})

    def _image(self, this: AttemptKey, job: Job) -> Outcome:
        item = items_of(job.project).get(number=this.item)
        prompt = item.prompt
        if self._refused(item, prompt):
            self.refused.add((item.job_id, this.item, prompt))
            return Failure(Kind.BLOCKED_PROMPT, "The content rules refused it.")
        before = sum(1 for g in self.generated if g[:2] == (item.job_id, this.item) and g[3] == prompt)
        flagged = "flagged" in prompt and ("once" not in prompt or not before) and job.project.product != "custom"
        self.generated.append((item.job_id, this.item, this.round, prompt))
        flags = [{"code": "edge", "words": "Cut off at the edge."}] if flagged else []
        return Made({"files": [_file(job, this, "image")], "flags": flags, "art": {"made_round": this.round}})

    def _refused(self, item: Item, prompt: str) -> bool:
        if "refused" not in prompt or ("now and then" in prompt and item.number % 2 == 0):
            return False
        return "at first" not in prompt or (item.job_id, item.number, prompt) not in self.refused

    # ---- the sequence ------------------------------------------------------------------------------------------------

    def live(self) -> None:
        """Sign up, act until the decisions end or there were enough, then finish what is open."""
        before, engine.queue = engine.queue, self.engine  # type: ignore[assignment]
        try:
            with ports.use_clock(self.clock), ports.use_entropy(random.Random(7).randbytes), priced():
                self._sign_up(0)
                if self.choices.happens(0.5):
                    self._buy()
                self._launch()
                acts = 2 + self.choices.number(ACTS_MAX - 2)
                for _ in range(acts):
                    self._act()
                self._finish()
        finally:
            engine.queue = before

    def _act(self) -> None:
        acts = (
            self._remake, self._gate, self._choose, self._approve, self._launch, self._wait, self._delete, self._print_ready,
            self._again, self._buy, lambda: self._sign_up(self.choices.number(len(ADDRESSES) - 1)), self._bank,
        )  # fmt: skip
        acts[self.choices.pick((0.3, 0.2, 0.1, 0.1, 0.1, 0.06, 0.03, 0.03, 0.02, 0.02, 0.04, 0.07))]()

    def _sign_up(self, which: int) -> None:
        address = ADDRESSES[which]
        if any(user.email == address for user in self.users):
            return
        user = User.objects.create(email=address, password="!")
        self.users.append(user)
        if trials.start(user, ip="203.0.113.7", vouched=False):
            self.trials.append(address)
        self.told.append(f"signs up as {address}; has {_balance(user)} credits")

    def _buy(self) -> None:
        user = self._user()
        ends = self.clock.now() + dt.timedelta(days=30) if self.choices.happens(0.7) else None
        ledger.grant(user.pk, PACK, source="test", idempotency_key=self._key(), reason="Bought", expires_at=ends)
        self.bought += PACK
        self.told.append(f"buys {PACK} credits{' that end in 30 days' if ends else ''}")

    def _launch(self) -> None:
        user = self._user()
        product, count, mode = ORDERS[self.choices.pick(ORDER_WEIGHTS)]
        idea = IDEAS[self.choices.number(len(IDEAS) - 1)]
        uploads = tuple(self._upload(user) for _ in range(count)) if product == "custom" else ()
        spec = commands.LaunchSpec(product, idea, count, mode=mode, uploads=uploads)
        key = self._key()
        if self._try(
            user, f"launches {product} ×{count} of “{idea}”", lambda: commands.launch(user, spec, idempotency_key=key)
        ):
            self.projects = list(Project.objects.order_by("public_id").values_list("pk", flat=True))

    def _upload(self, user: User) -> str:
        made = Upload.objects.create(
            owner=user, name="a.png", kind="png", path="u", preview="p", width=10, height=10, bytes=1, alpha=False
        )
        return str(made.pk)

    def _remake(self) -> None:
        project, user, number = self._some_item()
        prompt = PROMPTS[self.choices.pick((0.12, 0.2, 0.14, 0.06, 0.3, 0.06, 0.12))]
        for _ in range((1, 2, 5)[self.choices.pick((0.75, 0.15, 0.1))]):
            key = f"k{self.keys}" if self.choices.happens(0.05) else self._key()
            if not self._try(
                user, f"remakes image {number} with {prompt!r}",
                lambda key=key: commands.remake(user, project, number, prompt=prompt, idempotency_key=key), project,
            ):  # fmt: skip
                return

    def _gate(self) -> None:
        project, user, number = self._some_item()
        if self.choices.happens(0.4):
            self._try(user, f"keeps image {number}", lambda: commands.keep(user, project, number), project)
        else:
            self._try(user, f"drops image {number}", lambda: commands.drop(user, project, number), project)

    def _choose(self) -> None:
        project, user, number = self._some_item()
        round_ = self.choices.number(5)
        self._try(
            user,
            f"keeps round {round_} of image {number}",
            lambda: commands.choose(user, project, number, round_),
            project,
        )

    def _bank(self) -> None:
        """Spend credits that end on what will come back, wait until they have ended, and take them back."""
        project, user, number = self._some_item()
        prompt, key = f"a fox flagged {self.keys}", self._key()
        self._try(
            user, f"remakes image {number} with {prompt!r}",
            lambda: commands.remake(user, project, number, prompt=prompt, idempotency_key=key), project,
        )  # fmt: skip
        self._pass(WAITS[-1])
        self._try(user, f"drops image {number}", lambda: commands.drop(user, project, number), project)
        self._try(user, "approves", lambda: commands.approve(user, project), project)

    def _approve(self) -> None:
        project, user, _ = self._some_item()
        self._try(user, "approves", lambda: commands.approve(user, project), project)

    def _delete(self) -> None:
        project, user, _ = self._some_item()
        self._try(user, "deletes", lambda: commands.delete(user, project), project)

    def _print_ready(self) -> None:
        project, user, _ = self._some_item()
        key = self._key()
        self._try(
            user, "makes it print-ready", lambda: commands.make_print_ready(user, project, idempotency_key=key), project
        )

    def _again(self) -> None:
        project, user, _ = self._some_item()
        key = self._key()
        self._try(
            user, "has the listing written again",
            lambda: commands.write_listing_again(user, project, idempotency_key=key), project,
        )  # fmt: skip

    def _wait(self) -> None:
        self._pass(WAITS[self.choices.number(len(WAITS) - 1)])

    def _pass(self, seconds: float) -> None:
        self.clock.advance(seconds)
        ledger.expire_due()
        self.told.append(f"waits {seconds / 86_400:.1f} days")

    def _finish(self) -> None:
        """Decide what is open: drop what is flagged where something else can be kept, approve, have it made print-ready."""
        for pk in self.projects:
            project = Project.objects.select_related("owner").get(pk=pk)
            user = project.owner
            if project.stage == Stage.DESIGN_READY and self.choices.happens(0.5):
                key = self._key()
                self._try(user, "makes it print-ready", lambda u=user, p=pk, k=key: commands.make_print_ready(u, p, idempotency_key=k), pk)  # type: ignore[misc]  # fmt: skip
            if project.stage == Stage.AWAITING_APPROVAL:
                self._try(user, "approves", lambda u=user, p=pk: commands.approve(u, p), pk)  # type: ignore[misc]

    # ---- how it acts ---------------------------------------------------------------------------------------------------

    def _user(self) -> User:
        return self.users[self.choices.number(len(self.users) - 1)]

    def _some_item(self) -> tuple[str, User, int]:
        if not self.projects:
            return "none", self.users[0], 1
        # Mostly one that waits for a decision, and then the newest.
        waiting = list(
            Project.objects.filter(stage=Stage.AWAITING_APPROVAL).order_by("pk").values_list("pk", flat=True)
        )
        among = self.projects if not waiting or self.choices.happens(0.15) else waiting
        back = self.choices.pick((0.7, 0.22, 0.08))
        project = among[max(0, len(among) - 1 - back)]
        owner = Project.objects.select_related("owner").get(pk=project).owner
        return project, owner, 1 + self.choices.number(1)

    def _key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    def _try(self, user: User, words: str, act: Any, project: str = "") -> bool:
        where = f" (project …{project[-4:]})" if project else ""
        try:
            act()
        except _REFUSALS as refused:
            self.told.append(f"{words}{where}: {refused}")
            return False
        self._work()
        self.told.append(f"{words}{where}; has {_balance(user)} credits")
        return True

    def _work(self) -> None:
        """Let the workers run until nothing is queued, and download everything that is served, after every step."""
        self._download()
        while self.engine.step():
            self._download(Job.objects.get(pk=self.engine.ran[-1][1].split(":")[1]).project_id)

    def _download(self, only: str = "") -> None:
        for pk in [only] if only else self.projects:
            project = Project.objects.get(pk=pk)
            serving = Serving(project)
            for file in project.files.all():
                held = (pk, file.item or 0, file.round, str(file.role))
                if file.role != FileRole.PREVIEW and held not in self.held and serving.may(file):
                    self.held.add(held)


def _balance(user: User) -> int:
    return CreditAccount.objects.get(owner_id=user.pk).balance


def _file(job: Job, this: AttemptKey, role: str) -> dict[str, Any]:
    name = f"{this.item}-{this.round}.png"
    return {
        "path": f"{job.project_id}/{this.stage}/{role}/{name}",
        "role": role,
        "name": name,
        "bytes": 1,
        "sha256": "0" * 64,
    }

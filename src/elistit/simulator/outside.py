"""The world behind the seams as a history decides it: an image provider that fails in every way and remembers what it really
sold, and the other stages' work without images.

It stands where `providers` and `stages` stand for the product, and is driven through the very code that calls them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.listings.etsy import draft, draft_request
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.gate import items_of
from elistit.projects.models import Job
from elistit.projects.products import ModelChoice, product_type
from elistit.projects.states import Stage
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.purchases import calls
from elistit.simulator.choices import Choices
from elistit.simulator.profiles import CALLS, SHOPS, WORKS, Profile
from elistit.simulator.shop import SHOP_ID, LittleShop


class Killed(BaseException):
    """The worker died here: nothing after this line ran. Never caught by the product's own code."""


class Spell:
    """A bad spell: for a while everything asked of a service ends in the same passing way."""

    def __init__(self, choices: Choices, chance: float, faults: Counter[str]) -> None:
        self.choices, self.chance, self.faults = choices, chance, faults
        self.until: dt.datetime | None = None
        self.kind = ""

    def bad(self) -> str:
        """How everything ends just now; empty in good times."""
        if self.until is not None and ports.now() < self.until:
            return self.kind
        self.until = None
        if self.choices.happens(self.chance):
            self.faults["bad spell"] += 1
            self.until = ports.now() + dt.timedelta(seconds=(45, 130, 400)[self.choices.pick((0.4, 0.4, 0.2))])
            self.kind = ("transient", "throttled")[self.choices.pick((0.6, 0.4))]
            return self.kind
        return ""


@dataclass
class Point:
    """One call to the outside that ends badly in an otherwise calm history: the n-th, and how."""

    at: int = 0
    end: str = ""
    calls: int = 0

    def due(self) -> str:
        self.calls += 1
        return self.here()

    def here(self) -> str:
        """How the call numbered `calls` ends; empty when nothing is the matter with it."""
        return self.end if self.calls == self.at else ""


class Provider:
    """An image provider that sells at most what it is asked for, and can be asked what happened to a request key."""

    name = "builtin"
    can_redraw = True

    def __init__(self, choices: Choices, point: Point, profile: Profile, faults: Counter[str]) -> None:
        self.choices, self.point, self.profile, self.faults = choices, point, profile, faults
        self.spell = Spell(choices, profile.spell, faults)
        self.pause: Callable[[], None] = lambda: None
        self.sold: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.refused: set[str] = set()

    def models(self) -> list[ModelInfo]:
        return []

    def _end(self) -> str:
        end = self.point.due() or self.spell.bad() or CALLS[self.choices.pick(self.profile.calls)]
        if end != "made":
            self.faults[f"provider {end}"] += 1
        return end

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        end = self._end()
        self.asked[request.key] += 1
        if end == "unknown_refused":
            self.refused.add(request.key.rsplit(":", 1)[0])
        if end in ("made", "unknown_made", "killed_after", "unknown_refused"):
            self.sold[request.key] += 1
            if self.choices.happens(0.9):
                sent(f"their:{request.key}")
            self.pause()
        if end == "made":
            return Made({"ok": True}, cost_micros=1000)
        if end == "killed_after":
            raise Killed("after the purchase, before the answer")
        if end.startswith("unknown"):
            return Failure(Kind.UNKNOWN, "The answer never came.")
        if end == "throttled_long":
            return Failure(Kind.THROTTLED, "Asked to wait two hours.", retry_after=7200)
        more = {"retry_after": 20.0} if end == "throttled" else {}
        return Failure(Kind(end), f"It was {end}.", **more)  # type: ignore[arg-type]

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        """What happened to the newest request of this round: the provider knows its own keys."""
        if self.choices.happens(self.profile.blind):
            return Failure(Kind.UNKNOWN, "It cannot be asked now.")
        place = request.key.rsplit(":", 1)[0]
        if place in self.refused:
            return Failure(Kind.BLOCKED_PROMPT, "It was taken, and refused for its words.")
        return Made({"ok": True}, cost_micros=1000) if any(k.startswith(f"{place}:") for k in self.sold) else None

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        return Made()


def _file(job: Job, this: AttemptKey, role: str) -> dict[str, Any]:
    name = f"{this.item}-{this.round}.png"
    return {"path": f"{job.pk}/{this.stage}/{role}/{name}", "role": role, "name": name, "bytes": 1, "sha256": "0" * 64}


class Outside:
    """`Runner` of a simulated worker: what `stages.dispatch.run_attempt` is for a real one. `faults` counts what went wrong."""

    def __init__(self, choices: Choices, profile: Profile, point: Point | None = None) -> None:
        self.choices, self.profile, self.point = choices, profile, point or Point()
        self.faults: Counter[str] = Counter()
        self.provider = Provider(choices, self.point, profile, self.faults)
        self.spell = Spell(choices, profile.spell, self.faults)
        self.shop = LittleShop(lambda: SHOPS[choices.pick(profile.shops)], self.faults)

    def work(self, this: AttemptKey, job: Job) -> Outcome:
        if this.stage == Stage.GENERATING:
            return self._image(this, job)
        end = self.point.due() or self.spell.bad()
        if this.stage == Stage.DRAFTING and not end:
            return self._draft(job)
        end = end or WORKS[self.choices.pick(self.profile.works)]
        if end.startswith(("unknown", "killed", "blocked", "throttled_long", "operator")):
            end = "transient"  # ends only a provider's call can have
        if end != "made":
            self.faults[f"{this.stage} {end}"] += 1
            return Failure(Kind(end), f"It was {end}.", retry_after=15.0 if end == "throttled" else None)
        return self._made(this, job)

    def _draft(self, job: Job) -> Outcome:
        """A draft by the very code that makes them, at a little shop that remembers what it was asked for."""
        listing = job.project.listing
        request = draft_request.DraftRequest(
            marker=job.project_id, title=listing.title, description=listing.description, tags=listing.tags,
            price_cents=listing.price_cents, product=job.project.product, listing_id=listing.draft_id,
        )  # fmt: skip
        return draft.create_draft(EtsyShop(shop_id=SHOP_ID), request, client=cast("EtsyClient", self.shop))

    def _image(self, this: AttemptKey, job: Job) -> Outcome:
        if product_type(job.project.product).model == ModelChoice.NONE:
            return self._generated(this, job)
        key = calls.call_key(this)
        request = ImageRequest(key, job.project.model, "an image", "", 64, 64, 1, True, Path("nowhere"))
        return calls.buy_once(
            self.provider, request, this, job, lambda *_: None, lambda made: self._generated(this, job)
        )

    def _generated(self, this: AttemptKey, job: Job) -> Made:
        flags = [{"code": "edge", "words": "Cut off at the edge."}] if self.choices.happens(0.12) else []
        item = items_of(job.project).get(number=this.item)
        art = {"made_round": this.round, "plan": item.art.get("plan", {})}
        return Made({"files": [_file(job, this, "image")], "flags": flags, "art": art}, cost_micros=1000)

    def _made(self, this: AttemptKey, job: Job) -> Made:
        count = job.project.count
        data: dict[str, dict[str, Any]] = {
            Stage.BRIEFING: {
                "brief": {"title": "T", "theme": "t"},
                "items": [{"prompt": f"p{n}", "subject": "fox", "art": {}} for n in range(1, count + 1)],
            },
            Stage.PROCESSING: {"files": [_file(job, this, "print")]},
            Stage.DELIVERING: {"files": [_file(job, this, "zip")]},
            Stage.LISTING: {"title": "Woodland fox", "tags": ["fox"], "description": "A fox.", "price_cents": 500, "shop": self.choices.happens(0.5)},
        }  # fmt: skip
        return Made(data[this.stage])

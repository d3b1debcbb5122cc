"""A chain without work: the product's own launch, tries, money, rows and queues, with stages that do nothing at once.

The provider is a no-op too, but it is asked as every provider is, with its call written down before and after. One wall-art
project is six stages in seven tries, because processing is tried for the image and then for the set.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Made, Outcome
from elistit.projects.gate import items_of
from elistit.projects.models import Job, Project
from elistit.projects.states import Stage
from elistit.providers.base import ImageRequest
from elistit.purchases import calls

TRIES = 7
SELLER = "bench@example.com"


class NoProvider:
    """Answers every request at once with nothing."""

    name = "builtin"
    can_redraw = True

    def generate(self, request: ImageRequest, run: Any, sent: Any) -> Outcome:
        sent(request.key)
        return Made({})

    def look_up(self, request: ImageRequest, provider_id: str, run: Any) -> Outcome | None:
        return Made({})


def work(this: AttemptKey, job: Job) -> Outcome:
    """The outcome of a try. `BENCH_WORK_SECONDS` makes the processing of an image last, for the kills."""
    if this.stage == Stage.BRIEFING:
        return Made({"brief": {"title": "T"}, "items": [{"prompt": "fox", "subject": "fox", "art": {}}]})
    if this.stage == Stage.GENERATING:
        item = items_of(job.project).get(number=this.item)
        request = ImageRequest(
            calls.call_key(this), job.project.model, item.prompt, "", 768, 1024, 1, False, Path("unused")
        )
        made = calls.buy_once(NoProvider(), request, this, job, lambda *_: None, lambda found: found)  # type: ignore[arg-type]
        return Made({"files": [], "flags": [], "art": {"made_round": this.round}}) if isinstance(made, Made) else made
    if this.stage == Stage.LISTING:
        return Made({"title": "T", "tags": [], "description": "D", "price_cents": 500, "shop": True})
    if this.stage == Stage.DRAFTING:
        return Made({"listing_id": job.pk, "url": "https://shop.example/1"})
    if this.stage == Stage.PROCESSING and this.item:
        time.sleep(float(os.environ.get("BENCH_WORK_SECONDS", "0")))
    return Made({"files": []})


def seller() -> Any:
    """A seller with more credits than a measurement spends; the same one when asked again."""
    from elistit.accounts.models import User
    from elistit.credits import ledger

    found = User.objects.filter(email=SELLER).first()
    if found is None:
        found = User.objects.create_user(SELLER)
        ledger.open_account(found.pk)
        ledger.grant(found.pk, 1_000_000, source="bench", idempotency_key="bench", reason="For the measurement")
    return found


def finished() -> int:
    """How many projects have come to their end."""
    return Project.objects.filter(stage__in=["completed", "failed"]).count()

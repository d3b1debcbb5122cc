"""Failover: another model steps in for one that is down, if the seller allowed it at launch (rules §5.10).

Decided for each item separately, inside the transaction that would otherwise give it up: its chosen model's attempts
are used up by failures on the provider's side, and no request that was sent may still have been bought. The other model
is never more expensive, and a lower price is refunded in the same transaction. Failover must never replace a refusal,
an unknown outcome, a studio-side failure, or an image that exists.
"""

from __future__ import annotations

from elistit import ports
from elistit.chain import model_availability, outcomes, tools
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import ledger, prices
from elistit.credits.prices import ModelPrice
from elistit.ports import Failure, Kind
from elistit.projects import gate, rounds
from elistit.projects.models import Item, Job
from elistit.projects.states import Stage
from elistit.providers import registry

DOWN = (Kind.TRANSIENT, Kind.THROTTLED, Kind.OPERATOR)
"""Failure kinds that mean the provider couldn't do it now. `unknown` isn't one: the image may have been bought."""

NOTE = "another_model"
PAUSED = "paused"


def step_in(job: Job, item: Item, failure: Failure) -> bool:
    """Assign an item that would be given up to another model, with a new round and new attempts. Returns False and
    changes nothing if failover isn't allowed or no model qualifies. Must run in the transaction of `settle`."""
    project = job.project
    if not project.failover or item.model or project.model.startswith("builtin/"):
        return False
    if failure.kind not in DOWN or failure.service or item.art.get("made_round") is not None:
        return False
    if not _providers_side(job, item, failure) or (other := _other(job, item)) is None:
        return False
    cost = _cost(job, other)
    back = item.price - cost
    if back:
        ledger.refund(
            project.owner_id, job=job.pk, project=project.pk, item=item.number, amount=back,
            idempotency_key=f"item:{job.pk}:{item.number}:{item.round}:failover",
            reason=f"Item {item.number}: {other.name} stepped in and costs less",
        )  # fmt: skip
    Item.objects.filter(pk=item.pk).update(
        model=other.code, round=item.round + 1, price=cost, remake_price=min(item.remake_price, cost),
        art={**item.art, gate.PRINT_PAID: cost - other.image},
    )  # fmt: skip
    rounds.step_in(item, charged=cost, print_size=cost - other.image)
    Attempt.objects.create(
        job=job, stage=Stage.GENERATING, item=item.number, note=True, outcome=NOTE, starts=0, ended_at=ports.now(),
        reason=_words(job, item, failure, other, back),
    )  # fmt: skip
    return True


def _providers_side(job: Job, item: Item, failure: Failure) -> bool:
    """Whether the failure was the provider's, and every request of this round has an answer."""
    mine = ProviderCall.objects.filter(
        job=job, item=item.number, key__startswith=f"{job.pk}:{item.number}:{item.round}:"
    )
    if mine.exclude(state=ProviderCall.State.ANSWERED).exists():
        return False
    if (failure.kind == Kind.OPERATOR and failure.detail == PAUSED) or failure.detail == ports.NOT_SENT:
        return True
    last = mine.order_by("-sent_at").first()
    return last is not None and last.outcome == failure.kind.value


def _other(job: Job, item: Item) -> ModelPrice | None:
    """The model that steps in: it makes the same product, is available, and costs no more in any line. Models of other
    providers come first, then the one closest in price."""
    project, paused, failing, resting = (
        job.project,
        model_availability.paused(),
        model_availability.degraded(),
        _resting(),
    )
    chosen = _listed(project.model)
    frozen = {line["action"]: line["unit_price"] for line in job.quote.lines if line["per_item"]}
    fitting = [
        m
        for m in model_availability.models(project.product)
        if m.code != project.model and m.provider != "builtin"
        and m.provider not in paused and m.provider not in resting and m.code not in failing
        and m.image <= frozen.get("generate", 0) and m.upscale <= frozen.get("upscale", chosen.upscale if chosen else 0)
        and _cost(job, m) <= item.price and _tools_work(project.product, m.code, paused)
    ]  # fmt: skip
    return min(fitting, key=lambda m: (m.provider == project.model.split("/")[0], -m.image - m.upscale), default=None)


def _listed(code: str) -> ModelPrice | None:
    """A model on the current price list; None if it is no longer sold."""
    return next((m for m in prices.models() if m.code == code), None)


def _cost(job: Job, model: ModelPrice) -> int:
    """What an item costs with a model, in the lines that this job was charged."""
    lines = {line["action"] for line in job.quote.lines if line["per_item"]}
    return model.image + (model.upscale if "upscale" in lines else 0)


def _resting() -> set[str]:
    """Providers whose circuit breaker isn't closed in this process."""
    now = ports.now()
    return {name for name, health in registry.health().items() if health.state(now) != "closed"}


def _tools_work(product: str, model: str, paused: dict[str, str]) -> bool:
    needed = {code.split("/")[0] for code in tools.needed(product, model)}
    return needed <= set(registry.outside()) - set(paused)


def _words(job: Job, item: Item, failure: Failure, other: ModelPrice, back: int) -> str:
    listed = _listed(job.project.model)
    chosen = listed.name if listed else job.project.model
    money = f" {back} credit{'' if back == 1 else 's'} refunded." if back else ""
    why = (failure.reason or outcomes.meaning(failure.kind.value).what)[:160].rstrip(".")
    return f"Item {item.number} is made with {other.name} because {chosen} was down ({why}), as you allowed at launch.{money}"

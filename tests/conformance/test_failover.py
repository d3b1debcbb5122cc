"""Another model steps in only when it was allowed, only for a provider that is down, never dearer, and once (rules §5.10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from elistit import ports
from elistit.actions import commands, queries
from elistit.chain import attempts, due, model_availability, settle
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall, ProviderPause
from elistit.credits import prices
from elistit.ports import Failure, FixedClock, Kind, Made, Outcome
from elistit.projects.errors import InvalidSpec
from elistit.projects.gate import items_of, makers
from elistit.projects.models import Item, Job, Project
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.purchases import calls
from elistit.runtime import engine

from .conftest import COUNT, World
from .test_failures import books_are_right

HIGH, PRO, SCHNELL, GPT = (
    "openai/gpt-image-high", "replicate/flux-1.1-pro", "replicate/flux-schnell", "openai/gpt-image",
)  # fmt: skip


class Shop(World):
    """A world whose images are bought from three providers. `down[model, item]` is what is answered first; item 0 is any."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__(clock, credits=1_000)
        self.down: dict[tuple[str, int], list[Outcome]] = defaultdict(list)
        self.bought: list[tuple[str, int]] = []

    def good(self, this: AttemptKey, job: Job) -> Made:
        made = super().good(this, job)
        if this.stage == "generating":
            item = items_of(job.project).get(number=this.item)
            made.data["art"]["made_model"] = item.model
        return made

    def work(self, this: AttemptKey, job: Job) -> Outcome:
        if this.stage != "generating" or self.script[this.stage, this.item]:
            return super().work(this, job)
        item = items_of(job.project).get(number=this.item)
        model = item.model or job.project.model
        if pause := ProviderPause.objects.filter(pk=model.split("/")[0]).first():
            return Failure(Kind.OPERATOR, pause.reason, detail="paused")
        request = ImageRequest(calls.call_key(this), model, "p", "", 1, 1, 1, True, Path("/nowhere"))
        return calls.buy_once(
            _Provider(self, model, this.item), request, this, job, lambda *a, **k: None, lambda m: self.good(this, job)
        )

    def breaks(self, model: str, item: int, kind: Kind, times: int = 99) -> None:
        self.down[model, item] = [Failure(kind, f"It was {kind.value}.") for _ in range(times)]

    def order(self, model: str, *, failover: bool = True, **more: Any) -> Project:
        spec = commands.LaunchSpec(
            **{
                "product": "clipart",
                "idea": "woodland animals",
                "count": COUNT,
                "model": model,
                "failover": failover,
                **more,
            }
        )
        project = commands.launch(self.user, spec, idempotency_key=f"k{model}")
        self.engine.run()
        project.refresh_from_db()
        return project

    def item(self, project: Project, number: int) -> Item:
        return items_of(project).get(number=number)


class _Provider:
    can_redraw = False

    def __init__(self, shop: Shop, model: str, item: int) -> None:
        self.shop, self.model, self.item, self.name = shop, model, item, model.split("/")[0]

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        sent("theirs")
        for place in ((self.model, self.item), (self.model, 0)):
            if self.shop.down[place]:
                return self.shop.down[place].pop(0)
        self.shop.bought.append((self.model, self.item))
        return Made({"art": {}}, provider_id="theirs")

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        return Failure(Kind.UNKNOWN, "It cannot say.")

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError("not here")


@pytest.fixture
def shop(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Shop:
    for name in ("REPLICATE_TOKEN", "OPENAI_KEY", "GPT_KEY"):
        monkeypatch.setenv(f"ELISTIT_{name}", "a-key")
    shop = Shop(clock)
    monkeypatch.setattr(engine, "queue", shop.engine)
    return shop


def price(model: str) -> int:
    return prices.model(model).image + prices.model(model).upscale


def test_the_item_alone_goes_to_another_provider_at_the_same_price(shop: Shop) -> None:
    shop.breaks(PRO, 3, Kind.TRANSIENT)
    project = shop.order(PRO)
    item = shop.item(project, 3)
    assert (item.state, item.model, item.round, item.price) == ("made", GPT, 1, price(PRO))
    assert set(shop.bought) == {(PRO, n) for n in range(1, COUNT + 1) if n != 3} | {(GPT, 3)}
    assert [(t.round, t.number, t.outcome) for t in shop.tries(project, "generating", 3)] == [
        (0, 1, "transient"), (0, 2, "transient"), (0, 3, "transient"), (0, 4, "transient"), (1, 1, "made"),
    ]  # fmt: skip
    assert [r[0] for r in shop.rows()] == ["SPEND_CREDIT"], "nothing to give back: it costs the same"
    said = [a["text"] for a in queries.activity(project) if a["note"]]
    assert said == [
        "Item 3 is made with GPT Image because FLUX 1.1 pro was down (It was transient), as you allowed at launch."
    ]
    assert makers(project) == [PRO, GPT]
    assert [i["model"] for i in queries.describe(project)["items"]][:4] == [PRO, PRO, GPT, PRO]
    books_are_right()


def test_what_another_model_costs_less_comes_back_with_the_change(shop: Shop) -> None:
    shop.breaks(HIGH, 2, Kind.THROTTLED)
    project = shop.order(HIGH)
    other = shop.item(project, 2).model
    assert (other, price(HIGH) - price(other)) == (PRO, 5)
    charged = -shop.rows()[0][1]
    assert shop.rows() == [("SPEND_CREDIT", -charged, None), ("REFUND_CREDIT", 5, 2)]
    assert shop.item(project, 2).price == price(PRO)
    [said] = [a["text"] for a in queries.activity(project) if a["note"]]
    assert said.endswith("as you allowed at launch. 5 credits refunded.")
    commands.approve(shop.user, project.pk)
    shop.engine.run()
    project.refresh_from_db()
    assert (project.stage, shop.balance()) == ("completed", 1_000 - charged + 5)
    books_are_right()


def test_a_paused_provider_hands_all_its_items_over(shop: Shop) -> None:
    shop.breaks(PRO, 0, Kind.OPERATOR, times=1)
    project = shop.order(PRO)
    assert [p.provider for p in ProviderPause.objects.all()] == ["replicate"]
    assert project.stage == "awaiting_approval"
    assert set(shop.bought) == {(GPT, n) for n in range(1, COUNT + 1)}
    books_are_right()


def test_without_leave_nothing_steps_in(shop: Shop) -> None:
    shop.breaks(PRO, 3, Kind.TRANSIENT)
    project = shop.order(PRO, failover=False)
    assert (shop.item(project, 3).state, shop.item(project, 3).model) == ("failed", "")
    assert shop.rows()[1:] == [("REFUND_CREDIT", price(PRO), 3)]
    assert not Attempt.objects.filter(note=True).exists()


@pytest.mark.parametrize("kind", [Kind.BLOCKED_PROMPT, Kind.BLOCKED_OUTPUT, Kind.REJECTED, Kind.UNKNOWN])
def test_nothing_steps_in_for_a_refusal_or_an_unknown_answer(shop: Shop, kind: Kind) -> None:
    shop.breaks(PRO, 3, kind)
    project = shop.order(PRO)
    assert shop.item(project, 3).state == ("blocked" if kind.value.startswith("blocked") else "failed")
    assert {m for m, _ in shop.bought} == {PRO}
    assert shop.rows()[1:] == [("REFUND_CREDIT", price(PRO), 3)]
    books_are_right()


def test_nothing_steps_in_while_an_earlier_request_may_have_been_bought(shop: Shop) -> None:
    shop.down[PRO, 3] = [Failure(Kind.TRANSIENT, "It broke.")] * 4
    project = shop.order(PRO, failover=False)
    Project.objects.filter(pk=project.pk).update(failover=True)
    commands.remake(shop.user, project.pk, 3, idempotency_key="again")
    place = f"{shop.job(project).pk}:3:1:9.0"
    ProviderCall.objects.create(
        key=place, job=shop.job(project), item=3, provider="replicate", model=PRO, state="unknown"
    )
    shop.breaks(PRO, 3, Kind.TRANSIENT)
    shop.engine.run()
    assert (shop.item(project, 3).state, {m for m, _ in shop.bought}) == ("failed", {PRO})
    books_are_right()


def test_nothing_steps_in_for_a_fault_of_our_own(shop: Shop) -> None:
    shop.fails("generating", 3, Kind.TRANSIENT)
    project = shop.order(PRO)
    assert shop.item(project, 3).state == "failed"
    assert {m for m, _ in shop.bought} == {PRO}


def test_when_the_other_model_fails_too_everything_comes_back(shop: Shop) -> None:
    for model in (HIGH, PRO):
        shop.breaks(model, 2, Kind.TRANSIENT)
    project = shop.order(HIGH)
    item = shop.item(project, 2)
    assert (item.state, item.price, item.round) == ("failed", 0, 1)
    assert shop.rows()[1:] == [("REFUND_CREDIT", 5, 2), ("REFUND_CREDIT", 3, 2)]
    assert len(shop.tries(project, "generating", 2)) == 8, "a ladder of its own, and no third model"
    books_are_right()


def test_a_job_none_of_whose_images_can_be_made_gives_back_all_of_its_charge(shop: Shop) -> None:
    for model in (HIGH, PRO, SCHNELL, GPT, "recraft/v4-1"):
        shop.breaks(model, 0, Kind.TRANSIENT, times=999)
    project = shop.order(HIGH)
    assert (project.stage, shop.job(project).status, shop.balance()) == ("failed", "FAILED", 1_000)
    books_are_right()


def test_what_is_dearer_paused_or_failing_does_not_step_in(shop: Shop) -> None:
    shop.breaks(SCHNELL, 1, Kind.TRANSIENT)
    assert shop.item(shop.order(SCHNELL), 1).state == "failed", "every other model costs more"
    ProviderPause.objects.create(provider="recraft", reason="It is being looked at.")
    job = shop.job(Project.objects.get())
    for n in range(3):
        ProviderCall.objects.create(
            key=f"x{n}", job=job, item=9, provider="openai", model="openai/gpt-image", state="answered", outcome="transient",
            answered_at=ports.now(),
        )  # fmt: skip
    shop.clock.advance(model_availability.LOOK_BACK.total_seconds() + 60)
    ProviderCall.objects.filter(model=GPT).update(sent_at=ports.now())
    shop.down[SCHNELL, 1].clear()
    shop.breaks(PRO, 1, Kind.TRANSIENT)
    assert list(model_availability.degraded()) == [GPT]
    project = shop.order(PRO)
    assert shop.item(project, 1).model == SCHNELL, "neither the paused provider nor the failing model"
    books_are_right()


def test_a_remake_is_the_chosen_models_again_and_a_standing_picture_is_not_replaced(shop: Shop) -> None:
    shop.breaks(HIGH, 2, Kind.TRANSIENT, times=4)
    project = shop.order(HIGH)
    before = shop.balance()
    commands.remake(shop.user, project.pk, 2, idempotency_key="again")
    shop.engine.run()
    item = shop.item(project, 2)
    assert (item.state, item.model, item.art["made_model"], shop.balance()) == ("made", "", "", before - 7)
    assert shop.bought[-1] == (HIGH, 2)
    books_are_right()
    shop.breaks(HIGH, 2, Kind.TRANSIENT)
    commands.remake(shop.user, project.pk, 2, idempotency_key="once more")
    shop.engine.run()
    assert (shop.item(project, 2).state, shop.item(project, 2).model, shop.balance()) == ("made", "", before - 7)
    books_are_right()


def test_a_lost_item_that_is_remade_may_be_helped_too(shop: Shop) -> None:
    shop.breaks(HIGH, 2, Kind.REJECTED, times=1)
    project = shop.order(HIGH)
    shop.breaks(HIGH, 2, Kind.TRANSIENT)
    commands.remake(shop.user, project.pk, 2, idempotency_key="again")
    shop.engine.run()
    assert (shop.item(project, 2).state, shop.item(project, 2).model, shop.item(project, 2).price) == ("made", PRO, 3)
    books_are_right()


def test_settling_twice_hands_over_once_and_the_queue_follows_the_new_provider(shop: Shop) -> None:
    shop.breaks(PRO, 1, Kind.OPERATOR, times=1)
    spec = commands.LaunchSpec(product="wall_art", idea="woods", model=PRO, failover=True)
    project = commands.launch(shop.user, spec, idempotency_key="k")
    while not (keys := [t for t in due.due(shop.job(project).pk) if t.stage == "generating"]):
        shop.engine.step()
    [first] = keys
    assert engine._queue_of(first) == "provider-replicate"
    failed = attempts.run(first, "w", shop.work)
    [after] = settle.settle(first, failed)
    assert settle.settle(first, failed) == [after]
    assert (after.round, after.number, engine._queue_of(after)) == (1, 1, "provider-openai")
    assert Attempt.objects.filter(note=True).count() == 1
    shop.engine.run()
    books_are_right()


def test_leave_is_part_of_the_order(shop: Shop) -> None:
    shop.order(PRO, count=15)
    spec = commands.LaunchSpec(product="clipart", idea="woodland animals", count=COUNT, model=PRO)
    from elistit.credits.ledger import IdempotencyConflict

    with pytest.raises(IdempotencyConflict):
        commands.launch(shop.user, spec, idempotency_key=f"k{PRO}")
    with pytest.raises(InvalidSpec):
        commands.launch(
            shop.user,
            commands.LaunchSpec(product="custom", idea="x", uploads=("1",), failover=True),
            idempotency_key="u",
        )

"""A set that cannot reach its number in different images: said before the launch, made and charged as it is (rules §4)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from elistit.actions import batch_planning, batches, commands, queries
from elistit.chain import variety
from elistit.credits import audit, prices
from elistit.projects import orders, storyboard
from elistit.projects.batch_list import Given, ReadList
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Item, Job, Project
from elistit.projects.orders import LaunchSpec
from elistit.stages import storyboards
from tests.conformance.conftest import World
from tests.conformance.test_storyboard import briefed

# Nine palettes, one font, one layout: there is no tenth of it.
BADGE = {"lettering": "be kind", "lettering_style": "Pacifico badge"}


def stickers(count: int = 20, **said: Any) -> LaunchSpec:
    return orders.check(LaunchSpec("sticker", "", count=count, options=BADGE, **said))


def test_the_quote_the_charge_and_the_items_follow_what_is_made(world: World) -> None:
    frozen, board = storyboards.quote(world.user, stickers())
    assert board is not None and 1 < len(board.items) < 20
    made = len(board.items)
    assert board.fewer == f"{made} different, you asked for 20. Only these {made} are made and charged."
    assert (board.asked, board.distinct, frozen.count) == (20, made, made)
    assert frozen.total == prices.total(orders.price(stickers(made)))
    assert frozen.total < prices.total(orders.price(stickers()))
    kept = storyboard.find(frozen.pk)
    assert kept is not None and kept[0] == board
    project = commands.launch(world.user, stickers(), idempotency_key="k", quote_id=frozen.pk)
    job = Job.objects.get(project=project)
    assert (project.count, job.quote_id, Item.objects.filter(job=job).count()) == (made, frozen.pk, made)
    assert world.rows() == [("SPEND_CREDIT", -frozen.total, None)]
    assert briefed(world, project) == [item.subject for item in board.items]
    told = queries.describe(project)
    assert (told["asked"], told["notice"], told["quote"]["total"]) == (20, board.fewer, frozen.total)
    assert audit.run()["ok"]


def test_without_a_quote_the_same_is_made_and_charged_and_a_repetition_charges_nothing(world: World) -> None:
    board = storyboards.plan(world.user, stickers())
    assert board is not None
    first = commands.launch(world.user, stickers(), idempotency_key="k")
    again = commands.launch(world.user, stickers(), idempotency_key="k")
    assert first.pk == again.pk and first.count == len(board.items)
    assert [kind for kind, _, _ in world.rows()] == ["SPEND_CREDIT"]


def test_a_seller_who_can_pay_what_is_made_can_launch(world: World) -> None:
    made = orders.made(stickers(), storyboards.plan(world.user, stickers()))
    assert made.count is not None and made.count < 20
    total = prices.total(orders.price(made))
    poor = World(world.clock, email="poor@example.com", credits=total + 1)
    project = commands.launch(poor.user, stickers(), idempotency_key="k")
    assert poor.balance() == total + 1 - prices.total(orders.price(stickers(project.count)))


def test_a_batch_charges_its_rows_by_what_is_made(world: World) -> None:
    row = {"product": "sticker", "idea": "be kind", "count": 20, "options": BADGE}
    batch = batches.draft(world.user, "two", ReadList((Given(1, row), Given(2, row))))
    batch_planning.plan_all(world.user, batch.pk)
    shown = [(r.quote.count, r.quote.total, r.warnings["fewer"]) for r in batch.rows.all()]  # type: ignore[union-attr]
    made = shown[0][0]
    assert shown[0] == shown[1] and shown[0][2].startswith(f"{made} different, you asked for 20.")
    batches.launch(world.user, batch.pk, [1, 2], idempotency_key="b")
    assert [amount for _, amount, _ in world.rows()] == [-shown[0][1]] * 2
    assert {p.count for p in Project.objects.all()} == {made}


def test_too_few_for_the_product_is_refused_with_the_reason_and_costs_nothing(world: World) -> None:
    spec = dataclasses.replace(stickers(), product="clipart", model="builtin/watercolor")
    with pytest.raises(InvalidSpec) as refused:
        commands.launch(world.user, spec, idempotency_key="k")
    words = refused.value.errors["count"]
    assert "different images" in words and "you asked for 20" in words and "at least 15" in words
    assert not Project.objects.exists() and world.rows() == []


def test_a_model_outside_makes_what_was_ordered(world: World) -> None:
    outside = next(m.code for m in prices.models("clipart") if m.provider != "builtin")
    spec = orders.check(LaunchSpec("clipart", "a knight in a library", count=30, model=outside))
    frozen, board = storyboards.quote(world.user, spec)
    assert board is not None and (frozen.count, len(board.items), board.fewer) == (30, 30, "")


def test_all_items_of_a_set_look_different(world: World) -> None:
    board = storyboards.plan(world.user, orders.check(LaunchSpec("sticker", "foxes", count=16)))
    assert board is not None and len(board.items) == 16
    assert variety.different([item.art for item in board.items]) == list(range(16))
    plain = [item.art for item in board.items]
    assert variety.different([plain[0], dict(plain[0]), plain[1]]) == [0, 2], "a repetition is found"
    assert variety.different(plain, 5) == [0, 1, 2, 3, 4]

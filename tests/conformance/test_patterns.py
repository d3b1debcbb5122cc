"""A set of patterns through the chain: from the price to the draft, and what a tile with a seam costs (rules §3, §5, §8)."""

from __future__ import annotations

from typing import Any

import pytest

from elistit.actions import commands
from elistit.chain.attempt_key import AttemptKey
from elistit.credits import prices
from elistit.ports import Kind, Made
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Item, Job, Project

from .conftest import World

COUNT, PRICE = 6, 8  # six tiles at 1 credit, the listing at 2
SPENT = ("SPEND_CREDIT", -PRICE, None)
SEAM = {"code": "seam", "words": "The left and right edges don’t join: a seam shows where the tile repeats."}


def launched(world: World, count: int | None = COUNT) -> Project:
    spec = commands.LaunchSpec(product="pattern", idea="foxes and mushrooms", count=count)
    project = commands.launch(world.user, spec, idempotency_key="pattern")
    world.engine.run()
    project.refresh_from_db()
    return project


def item(world: World, project: Project, number: int) -> Item:
    return world.job(project).items.get(number=number)


def with_a_seam(world: World, number: int, times: int) -> None:
    """The check finds a seam on this many rounds of a tile."""
    good, left = world.good, [times]

    def work(this: AttemptKey, job: Job) -> Made:
        made = good(this, job)
        if this.stage == "generating" and this.item == number and left[0]:
            left[0] -= 1
            return Made({**made.data, "flags": [SEAM]})
        return made

    world.good = work  # type: ignore[method-assign]


def test_a_set_goes_from_its_price_through_the_gate_to_the_draft(world: World) -> None:
    project = launched(world)
    assert (project.stage, world.job(project).status, project.count) == ("awaiting_approval", "WAITING", COUNT)
    assert not world.engine.step(), "nothing runs while it waits"
    commands.approve(world.user, project.pk)
    world.engine.run()
    project.refresh_from_db()
    assert (project.stage, project.listing.draft, world.job(project).status) == ("completed", "created", "SUCCEEDED")
    assert world.rows() == [SPENT]
    assert {t.item for t in world.worked if t.stage == "processing"} == set(range(COUNT + 1)), (
        "each tile, and the sheet"
    )


def test_a_tile_with_a_seam_is_remade_once_for_free(world: World) -> None:
    with_a_seam(world, 2, times=1)
    project = launched(world)
    assert project.stage == "awaiting_approval"
    again = item(world, project, 2)
    assert (again.round, again.flags, again.free_remake_used) == (1, [], True)
    assert world.rows() == [SPENT]


def test_a_tile_that_keeps_its_seam_is_shown_flagged_and_its_price_comes_back_when_dropped(world: World) -> None:
    with_a_seam(world, 2, times=2)
    project = launched(world)
    assert item(world, project, 2).flags == [SEAM]
    commands.drop(world.user, project.pk, 2)
    commands.drop(world.user, project.pk, 3)
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 1, 2)], "what our check flagged, not what was dropped by taste"


def test_a_tile_that_cannot_be_printed_without_a_seam_is_refunded_and_the_others_are_finished(world: World) -> None:
    project = launched(world)
    world.fails("processing", 4, Kind.TRANSIENT)
    commands.approve(world.user, project.pk)
    world.engine.run()
    project.refresh_from_db()
    assert project.stage == "completed"
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 1, 4)]
    assert len(world.tries(project, "processing", 4)) == 4


@pytest.mark.parametrize("said", [{"count": 5}, {"count": 25}, {"ratio": "3:4"}, {"model": "builtin/lineart"}])
def test_orders_that_no_set_of_patterns_is_are_refused_free(world: World, said: dict[str, Any]) -> None:
    with pytest.raises(InvalidSpec) as refused:
        commands.launch(world.user, commands.LaunchSpec("pattern", "foxes", **said), idempotency_key="no")
    assert list(refused.value.errors) == list(said)
    assert world.rows() == []


def test_every_model_offered_for_patterns_is_priced_for_them() -> None:
    for model in prices.models("pattern"):
        lines = prices.quote_lines("pattern", model.code, 12)
        assert prices.total(lines) == 12 * (model.image + model.upscale) + prices.price_list().listing_price
    codes = {m.code for m in prices.models("pattern")}
    assert {"builtin/watercolor", "builtin/gouache", "builtin/flat", "replicate/flux-1.1-pro"} <= codes
    assert "builtin/lineart" not in codes

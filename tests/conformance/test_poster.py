"""A poster in two jobs: the design, then making it print-ready with a quote and charge of its own (rules §4)."""

from __future__ import annotations

import dataclasses

import pytest

from elistit.actions import commands, queries
from elistit.credits import audit, ledger, prices
from elistit.ports import Kind
from elistit.projects.models import Project

from .conftest import World

DESIGN, PRINT = 4, 3


@pytest.fixture(autouse=True)
def _posters(monkeypatch: pytest.MonkeyPatch) -> None:
    """A poster model that costs 4 for the design, 1 for print size and 2 for the listing."""
    listed = prices.price_list()
    model = dataclasses.replace(
        listed.models[0], code="builtin/poster", products=frozenset({"poster"}), image=4, upscale=1
    )
    monkeypatch.setattr(prices, "price_list", lambda: dataclasses.replace(listed, models=(*listed.models, model)))


def launch(world: World, mode: str = "") -> Project:
    spec = commands.LaunchSpec(product="poster", idea="boho sun", model="builtin/poster", ratio="2:3", mode=mode)
    project = commands.launch(world.user, spec, idempotency_key="k")
    world.engine.run()
    project.refresh_from_db()
    return project


def print_ready(world: World, project: Project, key: str = "p") -> Project:
    commands.make_print_ready(world.user, project.pk, idempotency_key=key)
    world.engine.run()
    return Project.objects.get(pk=project.pk)


def test_design_mode_charges_the_design_and_stops(world: World) -> None:
    project = launch(world)
    assert (project.stage, world.job(project).status) == ("design_ready", "SUCCEEDED")
    assert world.rows() == [("SPEND_CREDIT", -DESIGN, None)]
    assert not world.engine.step()
    assert audit.run()["ok"]


def test_making_it_print_ready_is_a_second_job_with_its_own_charge(world: World) -> None:
    project = print_ready(world, launch(world))
    assert project.stage == "completed"
    assert [j.kind for j in project.jobs.order_by("public_id")] == ["launch", "print_ready"]
    assert world.rows() == [("SPEND_CREDIT", -DESIGN, None), ("SPEND_CREDIT", -PRINT, None)]
    assert audit.run()["ok"]
    assert queries.describe(project)["stage"] == "completed"


def test_production_mode_charges_both_at_launch_and_does_not_stop(world: World) -> None:
    project = launch(world, "production")
    assert project.stage == "completed"
    assert world.rows() == [("SPEND_CREDIT", -DESIGN - PRINT, None)]
    assert audit.run()["ok"]


@pytest.mark.parametrize(("stage", "item"), [("processing", 1), ("processing", 0), ("delivering", 0)])
def test_when_the_print_job_fails_only_its_charge_returns_and_the_design_stays(
    world: World, stage: str, item: int
) -> None:
    world.fails(stage, item, Kind.REJECTED, times=1)
    project = print_ready(world, launch(world))
    assert project.stage == "design_ready"
    assert world.rows()[1:] == [("SPEND_CREDIT", -PRINT, None), ("REFUND_CREDIT", PRINT, None)]
    assert audit.run()["ok"]
    again = print_ready(world, project, "p2")
    assert again.stage == "completed"
    assert ledger.balance(world.user.pk) == 100 - DESIGN - PRINT
    assert audit.run()["ok"]


@pytest.mark.parametrize(("stage", "item"), [("processing", 1), ("processing", 0), ("delivering", 0)])
def test_the_print_job_is_refunded_whatever_step_fails_and_for_whatever_reason(
    world: World, stage: str, item: int
) -> None:
    project = launch(world)
    for n, kind in enumerate(Kind):
        world.script.clear()
        world.fails(stage, item, kind)
        project = print_ready(world, project, f"p{n}")
        job = project.jobs.order_by("-public_id").first()
        assert job is not None
        assert (project.stage, job.status, job.failure_kind) == ("design_ready", "FAILED", kind.value)
        assert world.rows()[-2:] == [("SPEND_CREDIT", -PRINT, None), ("REFUND_CREDIT", PRINT, None)]
    assert world.balance() == 100 - DESIGN
    assert audit.run()["ok"]


def test_a_failed_design_returns_everything(world: World) -> None:
    world.fails("generating", 1, Kind.BLOCKED_PROMPT)
    project = launch(world)
    assert project.stage == "failed"
    assert world.balance() == 100
    assert audit.run()["ok"]


def test_a_failed_listing_of_a_poster_returns_only_its_line(world: World) -> None:
    world.fails("listing", 0, Kind.REJECTED)
    project = print_ready(world, launch(world))
    assert (project.stage, project.listing.text) == ("completed", "failed")
    assert world.rows()[-1] == ("REFUND_CREDIT", 2, None)
    assert audit.run()["ok"]


def test_it_is_made_print_ready_once_whoever_asks_how_often(world: World) -> None:
    project = launch(world)
    for _ in range(2):
        commands.make_print_ready(world.user, project.pk, idempotency_key="p")
    with pytest.raises(commands.NotPossible):
        commands.make_print_ready(world.user, project.pk, idempotency_key="other")
    world.engine.run()
    assert len(world.rows()) == 2


def test_a_short_balance_books_no_print_job(world: World) -> None:
    project = launch(world)
    ledger.adjust(world.user.pk, -94, reason="For the test", actor="test", idempotency_key="down")
    with pytest.raises(ledger.InsufficientCredits):
        commands.make_print_ready(world.user, project.pk, idempotency_key="p")
    project.refresh_from_db()
    assert (project.stage, project.jobs.count()) == ("design_ready", 1)


def test_deleting_at_the_decision_loses_nothing_more(world: World) -> None:
    project = launch(world)
    assert queries.loss_on_delete(project) == 0
    commands.delete(world.user, project.pk)
    assert audit.run()["ok"]


@pytest.mark.parametrize(("mode", "words"), [("sketch", "design mode or in production mode")])
def test_an_unknown_mode_is_refused(world: World, mode: str, words: str) -> None:
    with pytest.raises(commands.InvalidSpec) as refused:
        launch(world, mode)
    assert words in refused.value.errors["mode"]

"""The approval gate: keep, drop, remake, approve, and the money each of them moves (rules §8)."""

from __future__ import annotations

import pytest

from elistit.actions import commands, queries
from elistit.chain import attempt_key
from elistit.credits import ledger
from elistit.ports import Failure, Kind, Made
from elistit.projects.models import Item

from .conftest import PRICE, World

FLAG = {"code": "edge", "words": "Cut off at the edge."}
SPENT = ("SPEND_CREDIT", -PRICE, None)


def item(world: World, project: object, number: int) -> Item:
    return world.job(project).items.get(number=number)  # type: ignore[arg-type]


def test_nothing_runs_while_a_project_waits(world: World) -> None:
    project = world.to_gate()
    assert (project.stage, world.job(project).status) == ("awaiting_approval", "WAITING")
    assert not world.engine.step()


def test_an_approval_goes_on_with_the_kept_items_only(world: World) -> None:
    project = world.to_gate()
    commands.drop(world.user, project.pk, 4)
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert {t.item for t in world.worked if t.stage == "processing"} == {n for n in range(16) if n != 4}
    assert world.rows() == [SPENT]


def test_a_drop_can_be_taken_back(world: World) -> None:
    project = world.to_gate()
    for _ in range(2):
        commands.drop(world.user, project.pk, 2)
    assert item(world, project, 2).state == "dropped"
    for _ in range(2):
        commands.keep(world.user, project.pk, 2)
    assert item(world, project, 2).state == "made"


def flagged(world: World, number: int, times: int) -> None:
    good = world.good
    left = [times]

    def work(this, job):  # type: ignore[no-untyped-def]
        made = good(this, job)
        if this.stage == "generating" and this.item == number and left[0]:
            left[0] -= 1
            return Made({**made.data, "flags": [{"code": "halo", "words": "A light rim is left."}]})
        return made

    world.good = work  # type: ignore[method-assign]


def test_an_item_our_check_flags_is_remade_once_for_free(world: World) -> None:
    flagged(world, 5, times=1)
    project = world.to_gate()
    assert (item(world, project, 5).round, item(world, project, 5).flags) == (1, [])
    assert world.rows() == [SPENT]


def test_dropping_an_item_our_check_flagged_is_refunded_at_approval(world: World) -> None:
    flagged(world, 5, times=2)
    project = world.to_gate()
    assert item(world, project, 5).flags
    commands.drop(world.user, project.pk, 5)
    commands.drop(world.user, project.pk, 6)
    assert world.rows() == [SPENT]
    commands.approve(world.user, project.pk)
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 1, 5)]


def test_remaking_a_flagged_item_is_free_and_one_by_taste_is_charged(world: World) -> None:
    flagged(world, 5, times=2)
    project = world.to_gate()
    assert queries.price_of_remake(project, 5) == 0
    assert queries.price_of_remake(project, 6) == 1
    commands.remake(world.user, project.pk, 5, idempotency_key="a")
    commands.remake(world.user, project.pk, 6, prompt="a fox with a hat", idempotency_key="b")
    world.engine.run()
    project.refresh_from_db()
    assert project.stage == "awaiting_approval"
    assert item(world, project, 6).prompt == "a fox with a hat"
    assert world.rows() == [SPENT, ("SPEND_CREDIT", -1, 6)]


def test_the_same_remake_sent_twice_is_charged_once(world: World) -> None:
    project = world.to_gate()
    for _ in range(2):
        commands.remake(world.user, project.pk, 6, idempotency_key="b")
    world.engine.run()
    commands.remake(world.user, project.pk, 6, idempotency_key="b")
    assert not world.engine.step()
    assert world.rows() == [SPENT, ("SPEND_CREDIT", -1, 6)]
    assert item(world, project, 6).round == 1


def test_the_same_remake_key_with_another_prompt_is_an_error(world: World) -> None:
    project = world.to_gate()
    commands.remake(world.user, project.pk, 6, prompt="a fox", idempotency_key="b")
    with pytest.raises(ledger.IdempotencyConflict):
        commands.remake(world.user, project.pk, 6, prompt="an owl", idempotency_key="b")


def test_a_remake_that_fails_is_given_back_and_the_picture_before_is_kept(world: World) -> None:
    project = world.to_gate()
    world.fails("generating", 6, Kind.BLOCKED_PROMPT)
    commands.remake(world.user, project.pk, 6, prompt="something else", idempotency_key="b")
    world.engine.run()
    project.refresh_from_db()
    kept = item(world, project, 6)
    assert (project.stage, kept.state, kept.art["made_round"], kept.price) == ("awaiting_approval", "made", 0, 1)
    assert world.rows() == [SPENT, ("SPEND_CREDIT", -1, 6), ("REFUND_CREDIT", 1, 6)]


def test_a_blocked_item_can_be_remade_with_another_prompt(world: World) -> None:
    world.fails("generating", 6, Kind.BLOCKED_PROMPT, times=1)
    project = world.to_gate()
    assert item(world, project, 6).state == "blocked"
    commands.remake(world.user, project.pk, 6, prompt="a calmer fox", idempotency_key="b")
    world.engine.run()
    assert item(world, project, 6).state == "made"
    assert world.rows() == [SPENT, ("REFUND_CREDIT", 1, 6), ("SPEND_CREDIT", -1, 6)]


def test_a_remade_item_lost_in_processing_returns_all_it_has_cost(world: World) -> None:
    project = world.to_gate()
    commands.remake(world.user, project.pk, 6, idempotency_key="b")
    world.engine.run()
    world.fails("processing", 6, Kind.REJECTED)
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert world.rows() == [SPENT, ("SPEND_CREDIT", -1, 6), ("REFUND_CREDIT", 2, 6)]


def test_an_approval_sent_twice_approves_once(world: World) -> None:
    project = world.to_gate()
    for _ in range(3):
        commands.approve(world.user, project.pk)
    world.engine.run()
    project.refresh_from_db()
    assert project.stage == "completed"
    commands.approve(world.user, project.pk)
    assert world.rows() == [SPENT]


def test_nothing_kept_cannot_be_approved(world: World) -> None:
    project = world.to_gate()
    for number in range(1, 16):
        commands.drop(world.user, project.pk, number)
    with pytest.raises(commands.NotPossible, match="Keep at least one"):
        commands.approve(world.user, project.pk)


def test_a_paid_remake_that_was_made_is_not_given_back_when_the_free_one_after_it_fails(world: World) -> None:
    """The paid picture came and our check flagged it; the free making that follows is refused. The paid picture is kept, shown
    flagged, and stays paid for (it comes back if the seller drops it)."""
    project = world.to_gate()
    paid = item(world, project, 3)
    flagged = {
        **world.good(attempt_key.AttemptKey(paid.job_id, "generating", 3, 1, 1, 0), world.job(project)).data,
        "flags": [FLAG],
    }
    world.script["generating", 3] = [Made(flagged), Failure(Kind.BLOCKED_PROMPT, "It was refused.")]
    commands.remake(world.user, project.pk, 3, prompt="a calmer fox", idempotency_key="again")
    world.engine.run()
    kept = item(world, project, 3)
    assert (kept.state, kept.round, kept.flags, kept.art["made_round"]) == ("made", 2, [FLAG], 1)
    assert world.rows() == [SPENT, ("SPEND_CREDIT", -1, 3)]
    commands.drop(world.user, project.pk, 3)
    commands.approve(world.user, project.pk)
    assert world.rows()[2:] == [("REFUND_CREDIT", 1, 3)]


def test_an_approval_waits_for_a_running_remake(world: World) -> None:
    project = world.to_gate()
    commands.remake(world.user, project.pk, 6, idempotency_key="b")
    with pytest.raises(commands.NotPossible, match="still being remade"):
        commands.approve(world.user, project.pk)


def test_a_remake_the_balance_does_not_cover_changes_nothing(world: World) -> None:
    project = world.to_gate()
    ledger.adjust(world.user.pk, -83, reason="For the test", actor="test", idempotency_key="down")
    with pytest.raises(ledger.InsufficientCredits):
        commands.remake(world.user, project.pk, 6, idempotency_key="b")
    assert (item(world, project, 6).state, item(world, project, 6).round) == ("made", 0)


def test_nobody_else_can_touch_the_gate(world: World) -> None:
    project = world.to_gate()
    charlie = World(world.clock, "charlie@example.com").user
    for act in (
        lambda: commands.approve(charlie, project.pk),
        lambda: commands.drop(charlie, project.pk, 1),
        lambda: commands.remake(charlie, project.pk, 1, idempotency_key="c"),
        lambda: commands.delete(charlie, project.pk),
    ):
        with pytest.raises(commands.NotFound):
            act()

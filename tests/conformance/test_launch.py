"""Launching: one transaction, one key one answer, never below zero (rules §7)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from elistit.actions import commands
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction, Quote
from elistit.projects import launch as launching
from elistit.projects.models import Item, Job, Project

from .conftest import PRICE, World

SPEC = commands.LaunchSpec(product="clipart", idea="woodland animals", count=15)
BAD = [
    ({"product": "jigsaw"}, "product", "no product type “jigsaw”"),
    ({"product": "custom"}, "uploads", "Add at least one image"),
    ({"count": 14}, "count", "between 15 and 100"),
    ({"count": 101}, "count", "between 15 and 100"),
    ({"idea": "  \n "}, "idea", "Describe your idea"),
    ({"idea": "x" * 10_000}, "idea", "10,000 characters"),
    ({"ratio": "3:4"}, "ratio", "is made in 1:1"),
    ({"model": "builtin/oil"}, "model", "does not make"),
    ({"options": {"smell": "pine"}}, "options.smell", "no design option"),
    ({"options": {"mood": "x" * 201}}, "options.mood", "at most 200"),
    ({"name": "x" * 121}, "name", "at most 120"),
]


def nothing_written() -> bool:
    return not (Project.objects.exists() or Job.objects.exists() or Item.objects.exists())


def test_a_launch_writes_debit_job_items_and_quote_together(world: World) -> None:
    project = world.launch()
    job = world.job(project)
    assert (job.status, project.stage, job.items.count()) == ("QUEUED", "queued", 15)
    assert job.quote.total == PRICE == sum(line["credits"] for line in job.quote.lines)
    assert world.rows() == [("SPEND_CREDIT", -PRICE, None)]
    assert len(project.pk) == 26


@pytest.mark.parametrize(("change", "field", "words"), BAD)
def test_a_wrong_order_is_refused_naming_the_field_and_nothing_is_written(
    world: World, change: dict, field: str, words: str
) -> None:  # type: ignore[type-arg]
    spec = commands.LaunchSpec(**{**vars(SPEC), **change})
    with pytest.raises(commands.InvalidSpec) as refused:
        commands.launch(world.user, spec, idempotency_key="k")
    assert words in refused.value.errors[field]
    assert nothing_written()
    assert world.rows() == []


def test_a_short_balance_is_refused_with_the_shortfall_and_nothing_is_written(world: World) -> None:
    poor = World(world.clock, "bob@example.com", credits=10)
    with pytest.raises(ledger.InsufficientCredits) as refused:
        commands.launch(poor.user, SPEC, idempotency_key="k")
    assert (refused.value.needed, refused.value.balance, refused.value.shortfall) == (17, 10, 7)
    assert nothing_written()
    assert not Quote.objects.exists()


def test_the_same_key_gives_the_same_project_and_charges_once(world: World) -> None:
    first, second = world.launch("k"), world.launch("k")
    assert first.pk == second.pk
    assert len(world.rows()) == 1


def test_the_same_key_with_another_order_is_an_error(world: World) -> None:
    world.launch("k")
    with pytest.raises(ledger.IdempotencyConflict):
        world.launch("k", count=16)
    assert len(world.rows()) == 1


def test_two_sellers_may_use_the_same_key(world: World) -> None:
    bob = World(world.clock, "bob@example.com")
    mine = world.launch("k")
    theirs = commands.launch(bob.user, SPEC, idempotency_key="k")
    assert mine.pk != theirs.pk


def test_a_quote_holds_what_was_shown(world: World) -> None:
    quote = launching.quote(world.user, SPEC)
    project = commands.launch(world.user, SPEC, idempotency_key="k", quote_id=quote.pk)
    assert world.job(project).quote_id == quote.pk


def test_a_quote_for_another_order_or_another_seller_is_refused(world: World) -> None:
    quote = launching.quote(world.user, SPEC)
    bigger = commands.LaunchSpec(product="clipart", idea="woodland animals", count=20)
    with pytest.raises(commands.NotPossible, match="different order"):
        commands.launch(world.user, bigger, idempotency_key="k", quote_id=quote.pk)
    bob = World(world.clock, "bob@example.com")
    with pytest.raises(commands.NotPossible, match="doesn't exist"):
        commands.launch(bob.user, SPEC, idempotency_key="k", quote_id=quote.pk)
    assert nothing_written()


def test_a_launch_whose_queueing_is_lost_is_found_by_recovery(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(job: str, occasion: str) -> None:
        raise OSError("the engine's database is gone")

    monkeypatch.setattr(world.engine, "start", down)
    project = world.launch()
    assert world.job(project).status == "QUEUED"
    assert world.rows() == [("SPEND_CREDIT", -PRICE, None)]


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Run `act` in threads that start together. What each returned or raised."""
    barrier = threading.Barrier(count)
    results: list[object] = [None] * count

    def run(n: int) -> None:
        try:
            barrier.wait()
            results[n] = act(n)
        except Exception as refused:
            results[n] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return results


def test_racing_launches_on_a_short_balance_grant_exactly_what_it_covers(world: World) -> None:
    """1,000 launches, eight at a time, against balances that cover only some of them."""
    launched = refused = expected = 0
    for start in range(125):
        credits = (start * 7) % 120
        seller = World(world.clock, f"s{start}@example.com", credits=credits)
        results = at_once(8, lambda n, s=seller, r=start: launching.launch(s.user, SPEC, idempotency_key=f"{r}-{n}"))  # type: ignore[misc]
        won = [r for r in results if isinstance(r, tuple)]
        lost = [r for r in results if isinstance(r, ledger.InsufficientCredits)]
        assert len(won) + len(lost) == 8, results
        assert len(won) == min(8, credits // PRICE)
        assert seller.balance() == credits - PRICE * len(won)
        launched, refused, expected = launched + len(won), refused + len(lost), expected + min(8, credits // PRICE)
    assert (launched + refused, launched) == (1000, expected)
    assert CreditTransaction.objects.filter(type="SPEND_CREDIT").count() == launched == Job.objects.count()


def test_one_key_sent_many_times_at_once_launches_once(world: World) -> None:
    for start in range(10):
        results = at_once(6, lambda n, r=start: launching.launch(world.user, SPEC, idempotency_key=f"same-{r}"))  # type: ignore[misc]
        made = [r for r in results if isinstance(r, tuple)]
        if world.balance() < PRICE and not made:
            break
        assert len({job.pk for job, _ in made}) == 1
        assert sum(new for _, new in made) == 1
    assert Job.objects.count() == 5
    assert world.balance() == 100 - 5 * PRICE

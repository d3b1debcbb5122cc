"""A quote that was never launched goes when it is old, with its storyboard; one that anything refers to can't be deleted by anyone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from elistit import ports
from elistit.actions import batches, commands
from elistit.credits import audit
from elistit.credits.models import Quote
from elistit.maintenance import old_rows
from elistit.maintenance.task import Run
from elistit.ports import FixedClock
from elistit.projects.errors import NotPossible
from elistit.projects.models import Job, Storyboard
from elistit.projects.orders import LaunchSpec
from elistit.stages import storyboards
from tests.conformance.batch_steps import drafted, launched
from tests.conformance.conftest import World

pytestmark = pytest.mark.django_db
BEGIN = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)
DAY = 86_400
ORDER = LaunchSpec("clipart", "woodland animals", 15)


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock(BEGIN)
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock)


def quoted(world: World) -> str:
    frozen, board = storyboards.quote(world.user, ORDER)
    assert board is not None
    return frozen.pk


def kept() -> set[str]:
    """The quotes there are; each has its storyboard here."""
    found = set(Quote.objects.values_list("pk", flat=True))
    assert found == set(Storyboard.objects.values_list("pk", flat=True))
    return found


def run(sql: str, *params: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def test_an_old_quote_goes_with_its_storyboard_and_a_young_one_stays(
    world: World, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoted(world)
    clock.advance(DAY)
    second = quoted(world)
    clock.advance(89.5 * DAY)
    third = quoted(world)
    assert old_rows.delete_quotes() == 1
    assert kept() == {second, third}
    monkeypatch.setenv("ELISTIT_KEEP_QUOTES_DAYS", "7")
    assert old_rows.delete_quotes() == 1
    assert old_rows.delete_quotes() == 0
    assert kept() == {third}


def test_a_launched_quote_stays_forever_and_so_does_its_price(world: World, clock: FixedClock) -> None:
    unused, used = quoted(world), quoted(world)
    project = commands.launch(world.user, ORDER, idempotency_key="k", quote_id=used)
    clock.advance(4000 * DAY)
    own = quoted(world)
    assert old_rows.delete_quotes() == 1
    assert kept() == {used, own}
    assert not Quote.objects.filter(pk=unused).exists()
    assert Job.objects.get(project=project).quote.total == 17
    again = commands.launch(world.user, ORDER, idempotency_key="k", quote_id=used)
    assert again.pk == project.pk
    assert audit.run()["ok"]


def test_a_deleted_quote_cannot_be_launched_and_nothing_is_charged(world: World, clock: FixedClock) -> None:
    gone = quoted(world)
    clock.advance(100 * DAY)
    quoted(world)
    assert old_rows.delete_quotes() == 1
    before = world.rows()
    with pytest.raises(NotPossible, match=r"^That quote doesn't exist\. Request a new quote\.$"):
        commands.launch(world.user, ORDER, idempotency_key="k", quote_id=gone)
    assert world.rows() == before and not Job.objects.exists()


def test_a_list_keeps_its_prices_until_it_is_discarded(world: World, clock: FixedClock) -> None:
    draft, other = drafted(world), drafted(world)
    launched(world, other)
    clock.advance(100 * DAY)
    newest = quoted(world)
    of_draft = set(draft.rows.values_list("quote", flat=True))
    of_other = set(other.rows.values_list("quote", flat=True))
    assert old_rows.delete_quotes() == 0
    batches.discard(world.user, draft.pk)
    assert old_rows.delete_quotes() == 3
    assert kept() == of_other | {newest} and not of_draft & kept()


def test_a_studio_without_new_quotes_keeps_the_last_week_of_them(world: World, clock: FixedClock) -> None:
    quoted(world)
    clock.advance(6 * DAY)
    last = {quoted(world)}
    clock.advance(3 * DAY)
    last.add(quoted(world))
    clock.advance(4000 * DAY)
    assert old_rows.delete_quotes() == 1
    assert old_rows.delete_quotes() == 0
    assert kept() == last


def test_each_run_looks_at_a_bounded_number_and_comes_to_all(
    world: World, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_rows, "BATCH", 3)
    assert old_rows.delete_quotes() == 0
    for number in range(8):
        quote = quoted(world)
        if number in (0, 1, 2, 5):
            commands.launch(world.user, ORDER, idempotency_key=f"k{number}", quote_id=quote)
    clock.advance(100 * DAY)
    newest = quoted(world)
    pass_through, done = Run(), []
    for _ in range(4):
        done.append(old_rows.delete_quotes(pass_through))
    assert done == [0, 2, 2, 0], "after the last old one it begins again"
    assert len(kept()) == 5 and newest in kept()


def test_no_run_reads_or_sorts_all_quotes(world: World, clock: FixedClock) -> None:
    """By the database's own plan, with many quotes and most of them launched long ago."""
    first = Quote.objects.get(pk=quoted(world))
    Quote.objects.bulk_create(
        Quote(
            owner=world.user, product="clipart", model=first.model, count=1, lines=[], total=0, price_list=first.price_list,
            created_at=BEGIN,
        )
        for _ in range(3000)
    )  # fmt: skip
    clock.advance(100 * DAY)
    quoted(world)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        old_rows.delete_quotes()
    read = [
        q["sql"] for q in captured.captured_queries if q["sql"].startswith("SELECT") and "credits_quote" in q["sql"]
    ]
    assert len(read) >= 3
    for sql in read:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql)
            plan = [str(row[-1]) for row in cursor.fetchall()]
        assert not [p for p in plan if "SCAN credits_quote" in p and "INDEX" not in p], sql
        assert not [
            p
            for p in plan
            if "Seq Scan on credits_quote" in p or "Sort Key: credits_quote" in p or "B-TREE FOR ORDER" in p
        ], sql


def test_the_database_keeps_a_quote_that_anything_refers_to(world: World, clock: FixedClock) -> None:
    """Whatever deletes it: raw SQL, with the storyboard out of the way."""
    unused, used = quoted(world), quoted(world)
    commands.launch(world.user, ORDER, idempotency_key="k", quote_id=used)
    of_draft = set(drafted(world).rows.values_list("quote", flat=True))
    clock.advance(400 * DAY)
    young = quoted(world)
    clock.advance(6 * DAY)
    newest = quoted(world)
    run("DELETE FROM projects_storyboard")
    for quote in (used, *of_draft, young, newest):
        with pytest.raises(Error, match="append-only"):
            run("DELETE FROM credits_quote WHERE id = %s", quote)
    with pytest.raises(Error, match="append-only"):
        run("DELETE FROM credits_quote")
    with pytest.raises(Error, match="append-only"):
        run("UPDATE credits_quote SET total = 0 WHERE id = %s", unused)
    assert run("DELETE FROM credits_quote WHERE id = %s", unused) == 1
    assert set(Quote.objects.values_list("pk", flat=True)) == {used, *of_draft, young, newest}


def test_a_quote_launched_meanwhile_takes_the_whole_batch_back(
    world: World, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launch may commit between the search and the deletion: the database refuses, and no storyboard is lost."""
    first, second = quoted(world), quoted(world)
    clock.advance(100 * DAY)
    newest = quoted(world)
    real = transaction.atomic

    def launched_first() -> object:
        monkeypatch.setattr(old_rows.transaction, "atomic", real)
        commands.launch(world.user, ORDER, idempotency_key="k", quote_id=second)
        return real()

    monkeypatch.setattr(old_rows.transaction, "atomic", launched_first)
    with pytest.raises(Error):
        old_rows.delete_quotes()
    assert kept() == {first, second, newest}
    assert old_rows.delete_quotes() == 1
    assert kept() == {second, newest}

"""Planning a list row by row: nothing typed meanwhile is lost, two processes at once and a killed one lose nothing, and one row
that can't be planned doesn't hold the others back."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from elistit import ports
from elistit.actions import batch_planning, batches
from elistit.credits.models import Quote
from elistit.projects import batches as rows_of
from elistit.projects import brand_kits
from elistit.projects.batch_list import read_lines
from elistit.projects.batch_models import Batch
from elistit.projects.models import Scene
from elistit.stages import storyboards
from tests.conformance.conftest import World

pytestmark = pytest.mark.django_db


def listed(world: World, text: str = "red fox\nowl\nbear") -> Batch:
    return batches.draft(world.user, "", read_lines(text, {"product": "wall_art"}))


def ideas(batch: Batch) -> list[str]:
    return [row.order["idea"] for row in batch.rows.all()]


def test_a_slice_ends_after_its_time_and_after_one_row_at_least(world: World) -> None:
    batch = listed(world)
    assert [batch_planning.plan_slice(world.user, batch.pk, seconds=0) for _ in range(4)] == [2, 1, 0, 0]
    assert [row.quote is not None for row in batch.rows.all()] == [True] * 3
    assert Quote.objects.count() == 3


def test_named_rows_are_planned_first(world: World) -> None:
    batch = listed(world)
    assert batch_planning.plan_slice(world.user, batch.pk, numbers=[3], seconds=0) == 2
    assert [row.quote is not None for row in batch.rows.all()] == [False, False, True]


def test_what_is_typed_while_a_row_is_being_planned_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, real = listed(world, "red fox"), storyboards.quote

    def meanwhile(*given: Any) -> Any:
        batches.edit(world.user, batch.pk, [batches.RowEdit(1, {"idea": "a badger", "model": "ink"})])
        return real(*given)

    monkeypatch.setattr(storyboards, "quote", meanwhile)
    batch_planning.plan_slice(world.user, batch.pk, seconds=0)
    row = batch.rows.get()
    assert (row.order["idea"], row.order["model"], row.quote) == ("a badger", "ink", None)
    monkeypatch.undo()
    assert batch_planning.plan_slice(world.user, batch.pk) == 0
    row = batch.rows.get()
    assert row.quote is not None and row.quote.model == row.order["model"] == "builtin/ink"


def test_of_two_at_once_the_first_price_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, real = listed(world, "red fox"), storyboards.quote
    first: list[str | None] = []

    def meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(storyboards, "quote", real)
        batch_planning.plan_slice(world.user, batch.pk)
        first.append(batch.rows.get().quote_id)
        return real(*given)

    monkeypatch.setattr(storyboards, "quote", meanwhile)
    assert batch_planning.plan_slice(world.user, batch.pk) == 0
    assert first == [batch.rows.get().quote_id]


def test_a_row_that_breaks_the_planning_is_named_and_the_others_are_planned(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, real = listed(world), storyboards.plan

    def broken(owner: Any, spec: Any, **more: Any) -> Any:
        if spec.idea == "owl":
            raise ZeroDivisionError
        return real(owner, spec, **more)

    monkeypatch.setattr(storyboards, "plan", broken)
    batch_planning.plan_all(world.user, batch.pk)
    rows = list(batch.rows.all())
    assert [row.quote is not None for row in rows] == [True, False, True]
    assert rows[1].problems == {"planning": batch_planning.OUR_BUG}
    monkeypatch.undo()
    batches.price_again(world.user, batch.pk)
    batch_planning.plan_all(world.user, batch.pk)
    assert batch.rows.get(number=2).quote is not None


def test_an_outage_of_the_database_is_no_fault_of_the_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, real = listed(world), storyboards.quote

    def down(*_: Any) -> Any:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(storyboards, "quote", down)
    with pytest.raises(OperationalError):
        batch_planning.plan_slice(world.user, batch.pk)
    assert rows_of.unplanned(batch).count() == 3
    monkeypatch.setattr(storyboards, "quote", real)
    assert batch_planning.plan_slice(world.user, batch.pk, seconds=60) == 0


def test_a_process_killed_while_it_plans_loses_the_row_it_was_at_only(world: World) -> None:
    batch = listed(world)
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    connections.close_all()
    child = os.fork()
    if child == 0:  # the process that plans, killed in its second row
        real, calls = storyboards.quote, []

        def killed(*given: Any) -> Any:
            calls.append(1)
            if len(calls) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given)

        storyboards.quote = killed  # type: ignore[assignment]
        batch_planning.plan_slice(world.user, batch.pk, seconds=60)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    for _ in range(9):
        ports.new_id()  # the killed process has used the next ids of the test's own numbering
    assert [row.quote is not None for row in batch.rows.all()] == [True, False, False]
    assert batch_planning.plan_slice(world.user, batch.pk, seconds=60) == 0
    assert ideas(batch) == ["red fox", "owl", "bear"]
    assert all(row.quote is not None for row in batch.rows.all())


def reads(act: Callable[[], object]) -> Counter[str]:
    """How often each table is read for itself while something is done."""
    with CaptureQueriesContext(connection) as seen:
        act()
    tables = [re.match(r'SELECT .*? FROM "(\w+)"', query["sql"]) for query in seen.captured_queries]
    return Counter(found[1] for found in tables if found)


def a_kit(world: World) -> dict[str, str]:
    """A brand kit with a scene, for every row of a list."""
    scene = Scene.objects.create(
        owner=world.user, name="hall", path="x", preview="x", width=9, height=9, corners=[[0, 0]] * 4
    )
    kit = brand_kits.save(world.user, None, {"name": "Fern", "scenes": [scene.pk], "palette": "sage green"})
    return {"brand_kit": kit.name}


@pytest.mark.parametrize("with_presets", [False, True])
def test_what_is_the_same_for_every_row_is_read_once_for_the_list(world: World, with_presets: bool) -> None:
    chosen = a_kit(world) if with_presets else {}
    read: list[tuple[Counter[str], Counter[str]]] = []
    for text in ("red fox", "red fox\nowl\nbear\nhedgehog"):
        batch = batches.draft(world.user, "", read_lines(text, {"product": "wall_art", **chosen}))
        numbers = list(range(1, batch.rows.count() + 1))
        planning = reads(lambda: batch_planning.plan_slice(world.user, batch.pk, seconds=60))  # noqa: B023
        launching = reads(lambda: batches.launch(world.user, batch.pk, numbers, idempotency_key=text))  # noqa: B023
        read.append((planning, launching))
    (planned_one, launched_one), (planned_four, launched_four) = read
    assert planned_one == planned_four and bool(planned_one["projects_brandkit"]) == with_presets
    # Every charge looks at the seller's daily limit again, and every project at the scene it is booked with.
    each = {"accounts_sellerlimit": (2, 5), **({"projects_scene": (2, 5)} if with_presets else {})}
    for table, times in each.items():
        assert (launched_one.pop(table), launched_four.pop(table)) == times
    assert launched_one == launched_four


def test_failed_rows_are_launched_again_without_planning_them_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = listed(world, "red fox")
    batch_planning.plan_all(world.user, batch.pk)
    row = batch.rows.get()
    monkeypatch.setattr(storyboards, "plan", lambda *_: pytest.fail("planned again"))
    spec = batch_planning.Checks(world.user).order(row)
    board = batch_planning.kept_board(world.user, row, spec)
    assert board is not None and [i.subject for i in board.items] == [
        i["subject"]
        for i in row.quote.storyboard.items  # type: ignore[union-attr]
    ]

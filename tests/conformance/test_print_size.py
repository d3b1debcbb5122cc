"""Rules §5.5: the print size of an item dropped by taste comes back at the approval, since nothing is enlarged."""

from __future__ import annotations

import pytest

from elistit.actions import commands
from elistit.credits import audit, prices
from elistit.credits.models import CreditTransaction
from elistit.projects import gate, orders
from elistit.projects import launch as launching
from elistit.projects.models import Item, ItemRound, Project
from tests.conformance.conftest import COUNT, World

pytestmark = pytest.mark.django_db
PRICED = next(m for m in prices.models("clipart") if m.upscale)


def at_gate(world: World) -> Project:
    spec = orders.LaunchSpec(product="clipart", idea="woodland animals", count=COUNT, model=PRICED.code)
    job, _ = launching.launch(world.user, spec, idempotency_key="k1")
    world.engine.start(job.pk, "launch:0")
    world.engine.run()
    return job.project


def refunds() -> list[tuple[int, int | None, str]]:
    rows = CreditTransaction.objects.filter(type="REFUND_CREDIT").order_by("seq")
    return [(row.amount, row.item, row.reason) for row in rows]


def sound() -> None:
    assert [check for check in audit.run()["checks"] if not check["ok"]] == []


def test_the_print_size_of_what_was_dropped_comes_back_in_one_row_that_names_the_items(world: World) -> None:
    project = at_gate(world)
    flags = [{"code": "halo", "words": "A pale edge."}]
    Item.objects.filter(number=5).update(flags=flags)
    ItemRound.objects.filter(item__number=5).update(flags=flags)
    for number in (2, 5, 7):
        commands.drop(world.user, project.pk, number)
    said = gate.refund_on_approval(gate.launch_job(project))
    assert said.print_size == {2: PRICED.upscale, 7: PRICED.upscale}
    assert said.flagged == {5: PRICED.image + PRICED.upscale}
    assert refunds() == [], "nothing moves before the approval"
    for _ in range(2):
        commands.approve(world.user, project.pk)
    assert refunds() == [
        (PRICED.image + PRICED.upscale, 5, "Item 5 was dropped after our own check had flagged it"),
        (2 * PRICED.upscale, None, "Print size of 2 dropped images (items 2, 7): they aren't enlarged"),
    ]
    assert sum(amount for amount, _, _ in refunds()) == said.total
    world.engine.run()
    project.refresh_from_db()
    assert project.stage == "completed"
    sound()


def test_what_is_kept_after_all_pays_its_print_size(world: World) -> None:
    project = at_gate(world)
    commands.drop(world.user, project.pk, 3)
    commands.keep(world.user, project.pk, 3)
    commands.approve(world.user, project.pk)
    world.engine.run()
    assert refunds() == []
    sound()


def test_a_project_deleted_after_its_approval_keeps_what_came_back_and_no_more(world: World) -> None:
    project = at_gate(world)
    commands.drop(world.user, project.pk, 3)
    commands.approve(world.user, project.pk)
    commands.delete(world.user, project.pk)
    assert [row[:2] for row in refunds()] == [(PRICED.upscale, None)]
    sound()


def test_the_auditor_finds_print_size_that_was_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    project = at_gate(world)
    commands.drop(world.user, project.pk, 3)
    monkeypatch.setattr(gate, "_return_unkept", lambda *_: None)
    commands.approve(world.user, project.pk)
    world.engine.run()
    wrong = {c["name"]: c["violations"] for c in audit.run()["checks"] if not c["ok"]}
    assert list(wrong) == ["the print size of dropped images is refunded"]
    assert wrong["the print size of dropped images is refunded"][0].endswith(
        f"gave 0 back for the print size of dropped images where {PRICED.upscale} was paid for it"
    )

"""Planned drafts: at most so many a day in the seller's time zone, chosen days, paused shops, and nothing owed or lost meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from elistit.actions import calendar, commands, queries, shops
from elistit.chain.attempt_key import AttemptKey
from elistit.listings import schedule
from elistit.listings.models import EtsyShop
from elistit.maintenance.planned_drafts import release_due
from elistit.maintenance.tasks import all_tasks
from elistit.ports import FixedClock, Made
from elistit.projects import draft_plans
from elistit.projects.draft_models import DraftPlan
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Job, Listing, Project
from elistit.runtime import engine
from elistit.stages import listing
from elistit.stages.context import StageContext
from tests.conformance.conftest import World, clock
from tests.listings.test_project_drafts import project_with_files
from tests.products.conftest import here

__all__ = ["clock"]

NUMBER = 50000001
BERLIN = dt.timezone(dt.timedelta(hours=1))


class Planning(World):
    """A world whose listing stage says what the real one says about the schedule."""

    def good(self, this: AttemptKey, job: Job) -> Made:
        made = super().good(this, job)
        return Made({**made.data, **listing._planned(job.project)}) if this.stage == "listing" else made


def shop_of(world: World, number: int = NUMBER, name: str = "Meadow") -> EtsyShop:
    return EtsyShop.objects.create(
        owner=world.user, shop_id=number, shop_name=name, access_token=b"x", refresh_token=b"x", currency="USD",
        expires_at=world.clock.now(),
    )  # fmt: skip


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """A Friday, 8:00 in the morning in Berlin, with a connected shop that sends two drafts a day from 9:00 on."""
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    world = Planning(clock, credits=1000)
    monkeypatch.setattr(engine, "queue", world.engine)
    clock.advance((dt.datetime(2026, 11, 27, 7, tzinfo=dt.UTC) - clock.now()).total_seconds())
    shop_of(world)
    calendar.change_schedule(world.user, str(NUMBER), enabled=True, per_day=2, at="09:00", zone="Europe/Berlin")
    return world


@pytest.fixture
def finish(world: World) -> Callable[..., Project]:
    """Launch a wall art project and let it run to its end."""

    def one(key: str, **more: Any) -> Project:
        spec = commands.LaunchSpec(product="wall_art", idea="a fox", **more)
        project = commands.launch(world.user, spec, idempotency_key=key)
        world.engine.run()
        project.refresh_from_db()
        return project

    return one


def states(*projects: Project) -> list[str]:
    return [Listing.objects.get(project=p).draft for p in projects]


def hours(world: World, n: float) -> None:
    world.clock.advance(n * 3600)


def test_a_finished_project_waits_and_two_go_out_a_day(world: World, finish: Callable[..., Project]) -> None:
    made = [finish(f"k{n}") for n in range(5)]
    assert {p.stage for p in made} == {"completed"} and states(*made) == ["none"] * 5
    assert world.job(made[0]).status == "SUCCEEDED"
    days = [e.day.day for e in calendar.entries(world.user, dt.date(2026, 11, 1), dt.date(2026, 11, 30))]
    assert days == [27, 27, 28, 28, 29]
    assert release_due() == 0, "it is 8:00"
    hours(world, 1)
    assert release_due() == 2 and release_due() == 0
    world.engine.run()
    assert states(*made) == ["created", "created", "none", "none", "none"]
    hours(world, 24)
    assert release_due() == 2
    hours(world, 24)
    assert release_due() == 1
    world.engine.run()
    assert states(*made) == ["created"] * 5
    sent = calendar.entries(world.user, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert [(e.day.day, e.sent) for e in sent] == [(27, True), (27, True), (28, True), (28, True), (29, True)]


def test_planning_moves_no_credits_and_the_books_agree(world: World, finish: Callable[..., Project]) -> None:
    project = finish("one")
    rows = world.rows()
    hours(world, 2)
    assert release_due() == 1
    world.engine.run()
    assert states(project) == ["created"] and world.rows() == rows
    assert len(world.tries(project, "drafting")) == 1


def test_a_chosen_day_is_kept_and_a_full_one_refused(world: World, finish: Callable[..., Project]) -> None:
    a, b, c = (finish(f"k{n}") for n in range(3))
    for project in (a, b):
        calendar.plan(world.user, project.pk, dt.date(2026, 12, 24))
    with pytest.raises(InvalidSpec, match="December 24"):
        calendar.plan(world.user, c.pk, dt.date(2026, 12, 24))
    with pytest.raises(InvalidSpec, match="over"):
        calendar.plan(world.user, c.pk, dt.date(2026, 11, 26))
    with pytest.raises(InvalidSpec, match="within a year"):
        calendar.plan(world.user, c.pk, dt.date(2028, 1, 1))
    entry = calendar.planned(a)
    assert entry and entry.words == "Thursday, December 24, 2026, 9:00 AM (Europe/Berlin)" and entry.chosen
    described = queries.describe(a)["shop"]
    assert dt.datetime.fromisoformat(described["planned_for"]) == dt.datetime(2026, 12, 24, 9, tzinfo=BERLIN)
    hours(world, 2)
    assert release_due() == 1
    world.engine.run()
    assert states(a, b, c) == ["none", "none", "created"]
    calendar.plan(world.user, a.pk, None)
    assert release_due() == 1
    calendar.cancel(world.user, b.pk)
    with pytest.raises(NotPossible):
        calendar.cancel(world.user, b.pk)
    hours(world, 24 * 40)
    assert release_due() == 0, "it was taken off the calendar"


def test_a_day_chosen_while_it_runs_holds_without_a_schedule(world: World) -> None:
    calendar.change_schedule(world.user, str(NUMBER), enabled=False)
    project = commands.launch(world.user, commands.LaunchSpec("wall_art", "a fox"), idempotency_key="k")
    calendar.plan(world.user, project.pk, dt.date(2026, 11, 28))
    world.engine.run()
    assert states(project) == ["none"]
    hours(world, 2)
    assert release_due() == 0
    hours(world, 24)
    assert release_due() == 1


def test_a_disconnected_shop_pauses_and_goes_on_after_it_is_connected_again(
    world: World, finish: Callable[..., Project]
) -> None:
    made = [finish(f"k{n}") for n in range(3)]
    EtsyShop.objects.update(disconnected_reason="Etsy no longer accepts this connection.")
    late = finish("late")  # finished while it is disconnected: it waits as well
    hours(world, 73)
    assert release_due() == 0
    entry = calendar.planned(made[0])
    assert (
        entry
        and entry.paused
        == "Meadow is disconnected. Its drafts wait, and continue automatically once you connect it again."
    )
    EtsyShop.objects.all().delete()
    entry = calendar.planned(made[0])
    assert release_due() == 0 and entry and entry.paused.startswith("Meadow is disconnected.")
    shop_of(world)
    assert release_due() == 2, "at most two a day, however many are overdue"
    world.engine.run()
    assert states(*made, late) == ["created", "created", "none", "none"]
    hours(world, 24)
    assert release_due() == 2


def test_create_now_takes_it_off_the_calendar(world: World, finish: Callable[..., Project]) -> None:
    project = finish("one")
    commands.retry_draft(world.user, project.pk)
    world.engine.run()
    assert states(project) == ["created"] and calendar.planned(project) is None
    hours(world, 5)
    assert release_due() == 0
    with pytest.raises(NotPossible):
        calendar.plan(world.user, project.pk, dt.date(2026, 12, 1))


def test_a_draft_that_cannot_go_out_stops_no_other(world: World, finish: Callable[..., Project]) -> None:
    broken, good = finish("a"), finish("b")
    broken.files.filter(role="zip").delete()
    hours(world, 2)
    assert release_due() == 1
    world.engine.run()
    assert states(broken, good) == ["none", "created"]
    row = DraftPlan.objects.get(project=broken)
    assert row.planned and row.released_on is None, "nothing of it was written"


def test_deleted_and_failed_projects_take_no_room(world: World, finish: Callable[..., Project]) -> None:
    a, b, c = (finish(f"k{n}") for n in range(3))
    commands.delete(world.user, a.pk)
    hours(world, 2)
    assert release_due() == 2
    world.engine.run()
    assert states(b, c) == ["created", "created"]
    assert not [
        e for e in calendar.entries(world.user, dt.date(2026, 11, 1), dt.date(2026, 12, 30)) if e.project == a.pk
    ]


def test_a_draft_that_fails_stays_failed_and_is_not_planned_again(world: World, finish: Callable[..., Project]) -> None:
    from elistit.ports import Kind

    world.fails("drafting", 0, Kind.REJECTED)
    project = finish("one")
    hours(world, 2)
    assert release_due() == 1
    world.engine.run()
    assert states(project) == ["failed"] and release_due() == 0


def test_each_shop_has_its_own_number_and_moving_goes_by_the_other_one(
    world: World, finish: Callable[..., Project]
) -> None:
    shop_of(world, 50000002, "Harbor")
    at_once = finish("x", shop="Harbor")
    assert states(at_once) == ["created"], "a shop without a schedule drafts at once"
    made = [finish(f"k{n}") for n in range(3)]
    calendar.change_schedule(world.user, "50000002", enabled=True, per_day=1, at="08:30", zone="Europe/Berlin")
    shops.move(world.user, made[2].pk, "Harbor")
    hours(world, 0.75)
    assert release_due() == 1
    hours(world, 1)
    assert release_due() == 2
    assert [draft_plans.of(p.pk).released_on for p in made] == [dt.date(2026, 11, 27)] * 3  # type: ignore[union-attr]


def test_the_task_rests_while_the_clock_is_not_trusted() -> None:
    [task] = [t for t in all_tasks() if t.name == "planned-drafts"]
    assert task.needs_clock


def test_wrong_schedules_are_refused_by_field(world: World) -> None:
    with pytest.raises(InvalidSpec) as wrong:
        calendar.change_schedule(world.user, str(NUMBER), enabled=True, per_day=0, at="25:00", zone="Moon/Crater")
    assert set(wrong.value.errors) == {"per_day", "at", "zone"}
    assert schedule.of(world.user.pk, NUMBER) == schedule.Schedule(True, 2, dt.time(9), "Europe/Berlin")


def test_the_listing_stage_plans_by_the_schedule_of_the_projects_shop(world: World, tmp_path: Path) -> None:
    project = project_with_files(world, tmp_path)
    job = Job.objects.get(project=project)
    made = listing.run(AttemptKey(job.pk, "listing", 0, 0, 1, 0), job, StageContext(here))
    assert isinstance(made, Made) and made.data["planned"] == [NUMBER, "Meadow"]
    calendar.change_schedule(world.user, str(NUMBER), enabled=False)
    made = listing.run(AttemptKey(job.pk, "listing", 0, 0, 1, 0), job, StageContext(here))
    assert isinstance(made, Made) and "planned" not in made.data and made.data["shop"] is True

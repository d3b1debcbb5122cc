"""The calendar of drafts: which draft goes out on which day, changing that, and sending today's drafts.

A draft waits after its project is finished: files and text are ready, and no credits are involved. Releasing it does
what **Create the draft** does. The drafts of a disconnected shop wait and continue once it is connected again. It must
never release more drafts on one of the seller's days than the schedule allows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands, shops
from elistit.listings import schedule as scheduling
from elistit.listings.etsy import shops as connected
from elistit.listings.models import ShopSchedule
from elistit.listings.schedule import Schedule, Waiting
from elistit.projects import draft_plans, gate
from elistit.projects.draft_models import DraftPlan
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.states import Stage

BEFORE = (
    Stage.QUEUED, Stage.BRIEFING, Stage.GENERATING, Stage.AWAITING_APPROVAL, Stage.DESIGN_READY, Stage.PROCESSING,
    Stage.DELIVERING, Stage.LISTING,
)  # fmt: skip
OPEN = (Listing.Draft.NONE, Listing.Draft.SKIPPED)
PAUSED = "{} is disconnected. Its drafts wait, and continue automatically once you connect it again."


@dataclass(frozen=True)
class Entry:
    """A draft on the calendar: its project and name, its shop's Etsy number and name, its day and time. `sent`: it went
    out. `chosen`: the seller chose the day. `paused` says why it waits beyond its day, otherwise empty."""

    project: str
    name: str
    shop: int
    shop_name: str
    day: dt.date
    at: dt.datetime
    sent: bool = False
    chosen: bool = False
    paused: str = ""

    @property
    def time(self) -> str:
        """The time of day in the shop's time zone: 9:00 AM."""
        return f"{self.at.hour % 12 or 12}:{self.at:%M} {'AM' if self.at.hour < 12 else 'PM'}"

    @property
    def words(self) -> str:
        """Day and time in words, with the time zone."""
        zone = getattr(self.at.tzinfo, "key", "UTC").replace("_", " ")
        return f"{self.at:%A}, {self.at:%B} {self.at.day}, {self.at.year}, {self.time} ({zone})"


def change_schedule(
    owner: User, shop_id: str, *, enabled: bool, per_day: int | None = None, at: str = "", zone: str = ""
) -> Schedule:
    """Set the schedule of a shop; omitted values stay. It also applies to drafts that already wait. Raises NotFound,
    InvalidSpec by field."""
    shop = shops.own(owner, shop_id)
    before = scheduling.of(owner.pk, shop.shop_id)
    errors: dict[str, str] = {}
    number = before.per_day if per_day is None else per_day
    if not 1 <= number <= scheduling.PER_DAY_MAX:
        errors["per_day"] = f"Choose 1 to {scheduling.PER_DAY_MAX} drafts a day."
    time, name = before.at, zone or before.zone
    try:
        time = dt.time.fromisoformat(at).replace(second=0, microsecond=0, tzinfo=None) if at else before.at
    except ValueError:
        errors["at"] = "Write the time of day as hours and minutes, for example 09:00."
    if name not in scheduling.zones():
        errors["zone"] = f"There is no time zone “{name[:60]}”. Write it like Europe/Berlin or America/New_York."
    if errors:
        raise InvalidSpec(errors)
    ShopSchedule.objects.update_or_create(
        owner=owner, shop_id=shop.shop_id, defaults={"enabled": enabled, "per_day": number, "at": time, "zone": name}
    )
    return Schedule(enabled, number, time, name)


def _waiting(owner_id: int, number: int) -> list[DraftPlan]:
    """The waiting drafts of a shop, in order."""
    rows = DraftPlan.objects.filter(
        shop=number, planned=True, project__owner=owner_id, project__stage=Stage.COMPLETED,
        project__listing__text=Listing.Text.WRITTEN, project__listing__draft__in=OPEN,
    )  # fmt: skip
    return list(rows.select_related("project").order_by("planned_at", "project_id"))


def _foreseen(owner_id: int, number: int, plan: Schedule) -> tuple[list[DraftPlan], dict[str, dt.date]]:
    # In this order, a draft that goes out in between is counted once too often, never once too few.
    rows = _waiting(owner_id, number)
    today = plan.today(ports.now())
    sent = (
        DraftPlan.objects.filter(shop=number, project__owner=owner_id, released_on__gte=today)
        .values_list("released_on")
        .annotate(Count("project"))
    )
    waits = [Waiting(row.project_id, row.day) for row in rows]
    return rows, scheduling.foresee(waits, plan, today, {day: n for day, n in sent if day})


def paused(owner_id: int, number: int, name: str) -> str:
    """Why the drafts of a shop wait beyond their day; empty while it is connected."""
    shop = connected.chosen(owner_id, number)
    return "" if shop is not None and not shop.disconnected_reason else PAUSED.format(str(shop or name or "The shop"))


def planned(project: Project) -> Entry | None:
    """When the draft of a project goes out; None when it isn't waiting."""
    row = draft_plans.of(project.pk)
    if row is None or not row.planned:
        return None
    plan = scheduling.of(project.owner_id, row.shop)
    day = _foreseen(project.owner_id, row.shop, plan)[1].get(project.pk)
    return _entry(row, project, plan, day, paused(project.owner_id, row.shop, row.shop_name)) if day else None


def _entry(
    row: DraftPlan, project: Project, plan: Schedule, day: dt.date, words: str = "", *, sent: bool = False
) -> Entry:
    chosen = row.day is not None and not sent
    return Entry(project.pk, project.name, row.shop, row.shop_name, day, plan.moment(day), sent, chosen, words)


def entries(owner: User, first: dt.date, last: dt.date) -> list[Entry]:
    """Every draft that goes out or went out by a schedule on these days, by day."""
    rows = DraftPlan.objects.filter(project__owner=owner).exclude(project__stage=Stage.DELETED)
    found: list[Entry] = []
    names = dict(rows.filter(planned=True).values_list("shop", "shop_name"))
    for number, name in names.items():
        plan, words = scheduling.of(owner.pk, number), paused(owner.pk, number, name)
        waits, days = _foreseen(owner.pk, number, plan)
        found += [_entry(row, row.project, plan, days[row.project_id], words) for row in waits]
    for row in rows.filter(released_on__range=(first, last)).select_related("project"):
        assert row.released_on is not None
        found.append(_entry(row, row.project, scheduling.of(owner.pk, row.shop), row.released_on, sent=True))
    return sorted((e for e in found if first <= e.day <= last), key=lambda e: (e.day, e.at, e.project))


def plan(owner: User, public_id: str, day: dt.date | None) -> Project:
    """Choose the day a draft goes out, or with None the next day with room. Free. Raises NotFound, InvalidSpec for a
    day that is past, too far ahead or full, and NotPossible when the draft is on Etsy, being created or failed."""
    project = gate.own_project(owner, public_id)
    row, listing = draft_plans.of(project.pk), Listing.objects.filter(project=project).first()
    before = project.stage in BEFORE
    if not before and not (project.stage == Stage.COMPLETED and listing and listing.draft in OPEN):
        raise NotPossible("You can choose a day until the draft is created. If a draft failed, retry or skip it first.")
    if not before and listing is not None and listing.text != Listing.Text.WRITTEN:
        raise NotPossible("The listing isn't written, so there is nothing to create a draft from.")
    if row is None:
        shop = connected.default(owner.pk)
        if shop is None:
            raise NotPossible("No Etsy shop is connected. Connect your shop first.")
        draft_plans.keep(project, shop.shop_id, str(shop))
        row = DraftPlan.objects.get(project=project)
    if day is not None:
        _check_day(owner, row, day)
    with transaction.atomic():
        draft_plans.choose_day(project, day)
        if not before:
            draft_plans.wait(project, row.shop, row.shop_name)
    return gate.own_project(owner, public_id)


def _check_day(owner: User, row: DraftPlan, day: dt.date) -> None:
    plan = scheduling.of(owner.pk, row.shop)
    today = plan.today(ports.now())
    if day < today:
        raise InvalidSpec({"day": "That day is over. Choose today or a later day."})
    if (day - today).days > scheduling.PLAN_DAYS_MAX:
        raise InvalidSpec({"day": "Choose a day within a year."})
    others = DraftPlan.objects.filter(shop=row.shop, project__owner=owner, day=day).exclude(project=row.project_id)
    gone = DraftPlan.objects.filter(shop=row.shop, project__owner=owner, released_on=day).count()
    if others.exclude(project__stage__in=[Stage.DELETED, Stage.FAILED]).count() + gone >= plan.per_day:
        words = f"{plan.per_day} draft{'s' if plan.per_day > 1 else ''} already planned for {day:%B} {day.day}"
        raise InvalidSpec({"day": f"The shop has {words}, as many as its schedule allows a day. Choose another day."})


def cancel(owner: User, public_id: str) -> Project:
    """Remove a draft from the calendar; it can be created later. Raises NotFound, NotPossible when it isn't waiting."""
    project = gate.own_project(owner, public_id)
    if not draft_plans.stop_waiting(project):
        raise NotPossible("This draft isn't planned.")
    return project


def release_due(each: Callable[[list[DraftPlan], Callable[[DraftPlan], bool]], int]) -> int:
    """Queue the drafts of every shop that are due today at or before the current time. Returns how many. `each` handles
    the rows one by one, so that a failing row doesn't stop the others. Safe to call at any time."""
    done = 0
    # Two queries rather than a join, which would start from all projects.
    waiting = list(DraftPlan.objects.filter(planned=True).values_list("project_id", "shop").order_by())
    owners = Project.objects.only("owner").in_bulk([project for project, _ in waiting])
    groups = dict.fromkeys((owners[project].owner_id, shop) for project, shop in waiting)
    for owner_id, number in list(groups):
        plan, now = scheduling.of(owner_id, number), ports.now()
        if not plan.is_open(now) or paused(owner_id, number, ""):
            continue
        rows, days = _foreseen(owner_id, number, plan)
        today = plan.today(now)
        due = [row for row in rows if days[row.project_id] == today]
        done += each(due, lambda row, today=today: _release(row, today))  # type: ignore[misc]
    return done


def _release(row: DraftPlan, today: dt.date) -> bool:
    with transaction.atomic():
        if not draft_plans.release(row.project, today):
            return False
        commands.retry_draft(row.project.owner, row.project_id)
    return True

"""When drafts go out: the schedule of a shop, and which day each waiting draft gets.

`foresee` is the one rule: the calendar shows what it says, and maintenance sends what it gives to today, so that the two can't
differ. Days are those of the seller's time zone. Pure but for reading a schedule; nothing here sends a draft.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elistit.listings.models import ShopSchedule

PER_DAY_MAX = 100
PLAN_DAYS_MAX = 366
"""How far ahead a day can be chosen."""


@dataclass(frozen=True)
class Schedule:
    """At most `per_day` drafts a day, from `at` on by the clock of `zone`. `enabled`: new drafts wait for it."""

    enabled: bool = False
    per_day: int = 5
    at: dt.time = dt.time(9)
    zone: str = "UTC"

    @property
    def clock(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)

    def today(self, now: dt.datetime) -> dt.date:
        return now.astimezone(self.clock).date()

    def is_open(self, now: dt.datetime) -> bool:
        """Whether the time of day has come. By the local clock, so that a day whose clock is changed has its moment, too."""
        return now.astimezone(self.clock).time() >= self.at

    def moment(self, day: dt.date) -> dt.datetime:
        """When the drafts of a day go out."""
        return dt.datetime.combine(day, self.at, self.clock)


@dataclass(frozen=True)
class Waiting:
    """A draft that waits: for a chosen `day`, or for the next day with room. The sequence they are given in is their order."""

    project: str
    day: dt.date | None = None


def of(owner_id: int, number: int) -> Schedule:
    """The schedule of a shop, or the default one, which is off."""
    row = ShopSchedule.objects.filter(owner_id=owner_id, shop_id=number).first()
    return Schedule(row.enabled, row.per_day, row.at, row.zone) if row else Schedule()


def zones() -> list[str]:
    """Every time zone a seller may choose, by its IANA name."""
    found = (z for z in zoneinfo.available_timezones() if "/" in z and not z.startswith(("Etc/", "SystemV/")))
    return [*sorted(found), "UTC"]


def foresee(
    waiting: Sequence[Waiting], schedule: Schedule, today: dt.date, sent: Mapping[dt.date, int]
) -> dict[str, dt.date]:
    """The day each waiting draft goes out, by project, with at most `per_day` on any day; `sent` are those that went out.

    A draft with a chosen day keeps it while that day has room. Then come those whose day is over (the shop was disconnected), then
    the others in their order, each on the first day with room, today included."""
    taken = dict(sent)
    found: dict[str, dt.date] = {}

    def put(project: str, day: dt.date) -> None:
        while taken.get(day, 0) >= schedule.per_day:
            day += dt.timedelta(days=1)
        taken[day] = taken.get(day, 0) + 1
        found[project] = day

    chosen = [(w.day, w.project) for w in waiting if w.day is not None]
    for day, project in sorted((c for c in chosen if c[0] > today), key=lambda c: c[0]):
        put(project, day)
    for _, project in sorted((c for c in chosen if c[0] <= today), key=lambda c: c[0]):
        put(project, today)
    for draft in waiting:
        if draft.day is None:
            put(draft.project, today)
    return found

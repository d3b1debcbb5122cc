"""Which day a waiting draft gets: never more than the schedule's number on a day, chosen days first, time zones and changed clocks."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest

from elistit.listings.schedule import Schedule, Waiting, foresee, zones

TODAY = dt.date(2026, 11, 27)


def day(n: int) -> dt.date:
    return TODAY + dt.timedelta(days=n)


def test_drafts_go_out_in_their_order_from_today_on() -> None:
    found = foresee([Waiting(c) for c in "abcde"], Schedule(per_day=2), TODAY, {})
    assert found == {"a": day(0), "b": day(0), "c": day(1), "d": day(1), "e": day(2)}


def test_what_went_out_today_counts() -> None:
    assert foresee([Waiting("a"), Waiting("b")], Schedule(per_day=2), TODAY, {TODAY: 1}) == {"a": day(0), "b": day(1)}
    assert foresee([Waiting("a")], Schedule(per_day=2), TODAY, {TODAY: 7}) == {"a": day(1)}


def test_a_chosen_day_keeps_its_room_and_an_overdue_one_comes_before_the_others() -> None:
    waiting = [Waiting("a"), Waiting("b"), Waiting("late", day(-3)), Waiting("chosen", day(1))]
    assert foresee(waiting, Schedule(per_day=1), TODAY, {}) == {
        "late": day(0), "chosen": day(1), "a": day(2), "b": day(3),
    }  # fmt: skip


def test_a_day_that_became_too_full_moves_the_later_chosen_ones_on() -> None:
    waiting = [Waiting("a", day(2)), Waiting("b", day(2)), Waiting("c", day(3))]
    found = foresee(waiting, Schedule(per_day=1), TODAY, {})
    assert sorted(found.values()) == [day(2), day(3), day(4)] and found["a"] == day(2)


@pytest.mark.parametrize("seed", range(60))
def test_no_day_ever_has_more_than_its_number_and_none_is_skipped(seed: int) -> None:
    rnd = random.Random(seed)
    per_day = rnd.randint(1, 4)
    sent = {TODAY: rnd.randint(0, per_day)}
    waiting = [
        Waiting(str(n), day(rnd.randint(-5, 12)) if rnd.random() < 0.4 else None) for n in range(rnd.randint(0, 40))
    ]
    found = foresee(waiting, Schedule(per_day=per_day), TODAY, sent)
    assert set(found) == {w.project for w in waiting}
    each = Counter(found.values())
    each[TODAY] += sent[TODAY]
    assert max(each.values(), default=0) <= per_day and min(found.values(), default=TODAY) >= TODAY
    for w in waiting:
        if w.day is None:
            assert all(each[TODAY + dt.timedelta(days=d)] == per_day for d in range((found[w.project] - TODAY).days))
        else:
            assert found[w.project] >= w.day


@pytest.mark.parametrize(
    ("zone", "at", "utc", "expected"),
    [
        ("America/New_York", dt.time(9), dt.datetime(2026, 11, 27, 13, 59), (day(0), False)),
        ("America/New_York", dt.time(9), dt.datetime(2026, 11, 27, 14, 0), (day(0), True)),
        ("Asia/Tokyo", dt.time(9), dt.datetime(2026, 11, 26, 23, 0), (day(0), False)),
        ("Asia/Tokyo", dt.time(8), dt.datetime(2026, 11, 26, 23, 0), (day(0), True)),
        # The clocks go forward over this time of day, and back over that one: each day still has its moment.
        ("Europe/Berlin", dt.time(2, 30), dt.datetime(2027, 3, 28, 0, 59), (dt.date(2027, 3, 28), False)),
        ("Europe/Berlin", dt.time(2, 30), dt.datetime(2027, 3, 28, 1, 0), (dt.date(2027, 3, 28), True)),
        ("America/New_York", dt.time(1, 30), dt.datetime(2027, 11, 7, 5, 30), (dt.date(2027, 11, 7), True)),
    ],
)
def test_days_and_hours_are_the_sellers(
    zone: str, at: dt.time, utc: dt.datetime, expected: tuple[dt.date, bool]
) -> None:
    plan, now = Schedule(True, 1, at, zone), utc.replace(tzinfo=dt.UTC)
    assert (plan.today(now), plan.is_open(now)) == expected


def test_every_offered_zone_is_one() -> None:
    assert {"UTC", "Europe/Berlin", "America/New_York"} <= set(zones())
    for zone in zones():
        Schedule(zone=zone).moment(TODAY)

"""Nothing grows without end: what two busy days leave behind, table by table and folder by folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from elistit import ports
from elistit.actions import uploads
from elistit.api import limits
from elistit.maintenance import clock_guard
from elistit.network import sending
from elistit.ports import FixedClock
from elistit.runtime import engine
from tests.delivery.prints import gelato
from tests.maintenance.busy_studio import Busy, keep_cache_by
from tests.maintenance.growing import KEPT, PROJECTS, UNUSED, Day, engine_tables, faults, live

__all__ = ["gelato"]


@pytest.fixture
def studio(
    transactional_db: None,
    one_set: None,
    gelato: object,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Busy]:
    """A studio with a data folder of its own that keeps everything as briefly as its settings allow."""
    data = tmp_path / "data"
    data.mkdir()
    settings.DATA_DIR, settings.STORAGE_URL = data, f"file://{data / 'files'}"
    for name in ("", "_ENGINE", "_CALLS", "_MAIL"):
        monkeypatch.setenv(f"ELISTIT_KEEP{name}_DAYS", "1")
    monkeypatch.setenv("ELISTIT_KEEP_QUOTES_DAYS", "7")
    monkeypatch.setenv("ELISTIT_DATA", str(data))
    monkeypatch.setenv("ELISTIT_EMAIL_URL", f"file://{data / 'mail'}")
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    monkeypatch.setenv("ELISTIT_TRIALS_PER_NETWORK", "3")
    monkeypatch.setenv("ELISTIT_FAIRNESS_PAGE", "on")
    monkeypatch.setattr(limits, "BURST", 10_000)
    monkeypatch.setattr(uploads._cpu, "run", lambda do, *args, timeout, **more: do(*args, **more))
    monkeypatch.setattr(sending, "post", lambda *_: sending.Answer(204, 1, "204"))
    clock = FixedClock(ports.SystemClock().now().replace(microsecond=0))
    began = clock.now()
    # Time passes for the machine as for the clock, and for the libraries as for us.
    monkeypatch.setattr(clock_guard, "counter", lambda: ("boot", (clock.now() - began).total_seconds()))
    monkeypatch.setattr("django.utils.timezone.now", ports.now)
    keep_cache_by(clock, monkeypatch)
    cache.clear()
    with ports.use_clock(clock):
        busy = Busy(clock)
        monkeypatch.setattr(engine, "queue", busy.engine)
        with connection.cursor() as cursor:
            for name in engine_tables():
                cursor.execute(f"DELETE FROM {name}")
        busy.open("https://push.example.com/x", "https://shop.example.com/hook")
        yield busy
    busy.engine.real.close()


@pytest.mark.timeout(900)
def test_two_busy_days_leave_no_more_than_their_projects(studio: Busy) -> None:
    studio.hours()
    studio.rest()
    first, second = live(studio), live(studio)
    assert studio.errors == []
    assert faults(first, second) == []


def a_day(**grown: int) -> Day:
    """A day after which everything is as the lists say, but for `grown`."""
    day = Day()
    names = {**dict.fromkeys(UNUSED, 0), **dict.fromkeys(KEPT, 1), "files/projects": 2, **grown}
    day.grown, day.left = dict(names), dict(names)
    day.most = {name: 5 for name in names if name not in UNUSED}
    day.bytes = {"files/projects": 100}
    return day


def test_a_table_or_folder_that_is_in_no_list_must_be_used_and_may_not_grow() -> None:
    assert faults(a_day(), a_day()) == []
    (told,) = faults(a_day(), a_day(fresh_table=3))
    assert told.startswith("The table fresh_table grew by 3 in a day and nothing of it was deleted")
    assert faults(a_day(django_session=0), a_day(django_session=0)) == []
    unused = a_day(fresh_table=0)
    del unused.most["fresh_table"]
    (told,) = faults(unused, unused)
    assert told.startswith("The table fresh_table isn't used by the busy day.")
    folder = a_day(**{"files/more": 1})
    folder.bytes["files/more"] = 9
    (told,) = faults(a_day(), folder)
    assert told.startswith("The folder files/more grew by 1")


def test_a_list_that_isn_t_true_anymore_is_a_fault() -> None:
    (told,) = faults(a_day(), a_day(projects_item=0))
    assert told == "The table projects_item is listed as kept and doesn't grow. Remove it from the list."
    gone = a_day()
    del gone.left["credits_plan"]
    assert faults(a_day(), gone) == ["The table credits_plan is listed and doesn't exist."]
    used = a_day()
    used.most["credits_plan"] = 1
    assert faults(a_day(), used) == ["The table credits_plan is listed as unused and has rows."]


def test_what_is_kept_may_not_grow_faster_for_each_project() -> None:
    (told,) = faults(a_day(), a_day(projects_item=2))
    assert told == "The table projects_item grew by 2 on the second day and 1 on the first, for as many projects."
    assert faults(a_day(), a_day(**dict.fromkeys((*KEPT, PROJECTS), 2))) == []
    fat = a_day()
    fat.bytes["files/projects"] = 101
    assert len(faults(a_day(), fat)) == 1
    most = a_day(django_session=0)
    most.most["django_session"] = 6
    (told,) = faults(a_day(django_session=0), most)
    assert told == "The table django_session had 6 on the second day and 5 on the first."

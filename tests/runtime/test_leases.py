"""Who counts as dead: by the lease, or sooner by the lock that goes with a process (rules §6)."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from elistit.chain.models import Worker
from elistit.runtime import leases
from elistit.runtime.leases import Heartbeat, Watch

SILENCE = leases.LEASE_SECONDS * leases.SILENT_BEATS / leases.BEATS_PER_LEASE
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one worker and its file lock"
)


class Session(threading.Thread):
    """A thread with a session of its own, as each worker's heart has; does what it is told until it is ended."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.todo: Callable[[], object] | None = None
        self.told, self.done, self.over = threading.Event(), threading.Event(), False
        self.start()

    def run(self) -> None:
        leases.use_a_connection_of_its_own()
        while self.told.wait() and not self.over:
            self.told.clear()
            if self.todo:
                self.todo()
            self.done.set()
        connection.close()

    def do(self, act: Callable[[], object]) -> None:
        self.todo = act
        self.done.clear()
        self.told.set()
        assert self.done.wait(60)

    def end(self) -> None:
        self.over = True
        self.told.set()
        self.join(60)


@pytest.fixture
def sessions(transactional_db: None) -> Iterator[Callable[[], Session]]:
    made: list[Session] = []

    def one() -> Session:
        made.append(Session())
        return made[-1]

    yield one
    for session in made:
        session.end()


def beating(worker: str, ago: float) -> None:
    now = leases.database_now()
    Worker.objects.update_or_create(pk=worker, defaults={"started_at": now, "beat_at": now - dt.timedelta(seconds=ago)})


def heart(worker: str, session: Session) -> Heartbeat:
    heart = Heartbeat(worker, lease=leases.LEASE_SECONDS)
    session.do(heart._try_to_beat)
    return heart


def lose_the_session_of(worker: str) -> None:
    """What the death of a process does to its session, done by the server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s::bigint::oid"
            " AND objid = (hashtext(%s)::bigint & 4294967295)::oid",
            [leases.WORKER_LOCK, worker],
        )
        assert cursor.fetchall() == [(True,)]


def test_a_worker_is_dead_when_its_lease_has_run_out_and_not_before(transactional_db: None) -> None:
    beating("slow", leases.LEASE_SECONDS - 1)
    assert Watch("me").dead() == {}
    beating("slow", leases.LEASE_SECONDS + 1)
    assert set(Watch("me").dead()) == {"slow"}
    assert Watch("slow").dead() == {}, "a worker never judges itself"


def test_after_a_pause_of_everything_nobody_is_taken_for_dead(transactional_db: None) -> None:
    """The database, or the whole machine, stood still: every heartbeat is old, one's own too, and no query has failed."""
    beating("me", leases.LEASE_SECONDS + 1)
    beating("other", leases.LEASE_SECONDS + 1)
    watch = Watch("me")
    assert watch.dead() == {}
    beating("me", 0)
    assert set(watch.dead()) == {"other"}


def test_a_heart_that_stood_still_for_a_lease_judges_nobody_for_another(transactional_db: None) -> None:
    mine = Heartbeat("me", lease=0.3)
    until = time.monotonic() + 0.4
    while time.monotonic() < until:
        mine.beat()
        time.sleep(0.02)
    assert mine.fit_to_judge()
    time.sleep(0.35)
    assert not mine.fit_to_judge(), "its last beat is older than a lease, though none has failed"
    mine.beat()
    assert not mine.fit_to_judge(), "the others have had no time to beat again"


@on_postgresql
def test_a_worker_whose_process_has_ended_is_dead_within_two_beats(sessions: Any) -> None:
    mine, other = sessions(), sessions()
    heart("me", mine)
    heart("other", other)
    watch = Watch("me")
    assert watch.dead() == {}
    lose_the_session_of("other")
    assert watch.dead() == {}, "one beat may be lost with a broken connection"
    beating("other", SILENCE + 0.5)
    assert set(watch.dead()) == {"other"}


@on_postgresql
def test_a_worker_that_is_only_silent_keeps_its_whole_lease(sessions: Any) -> None:
    heart("me", sessions())
    heart("frozen", sessions())
    watch = Watch("me")
    watch.dead()
    beating("frozen", leases.LEASE_SECONDS - 1)
    assert watch.dead() == {}


@on_postgresql
def test_a_worker_that_never_held_a_lock_keeps_its_whole_lease(sessions: Any) -> None:
    """Such as one of the version before, during a rolling deploy."""
    heart("me", sessions())
    beating("older", leases.LEASE_SECONDS - 1)
    watch = Watch("me")
    assert watch.dead() == watch.dead() == {}


@on_postgresql
def test_a_database_that_has_forgotten_our_own_lock_says_nothing_about_others(sessions: Any) -> None:
    heart("me", sessions())
    heart("other", sessions())
    watch = Watch("me")
    watch.dead()
    lose_the_session_of("me")
    lose_the_session_of("other")
    beating("other", SILENCE + 0.5)
    assert watch.dead() == {}


@on_postgresql
def test_a_heart_does_not_wait_for_the_pool_of_connections(sessions: Any) -> None:
    """Which comes back later the longer an outage was, in each process at another time."""
    found: list[object] = []
    sessions().do(lambda: found.extend([connection.pool, connection.settings_dict["OPTIONS"]["connect_timeout"]]))
    assert found == [None, leases.CONNECT_SECONDS]
    assert connection.pool is not None, "only the heart's thread is out of it"  # type: ignore[attr-defined]


@on_postgresql
def test_a_heart_that_lost_its_connection_beats_and_holds_its_lock_again_at_once(sessions: Any) -> None:
    session = sessions()
    mine = heart("me", session)
    lose_the_session_of("me")
    assert leases._locked(["me"]) == set()
    session.do(lambda: mine._try_to_beat() or mine._try_to_beat())
    assert leases._locked(["me"]) == {"me"}
    assert mine.beating_since is not None and not mine.fit_to_judge()

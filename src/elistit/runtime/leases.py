"""Worker leases: heartbeats, and the lock whose release shows that a process has ended.

A worker is dead when its last heartbeat is older than the lease. When a worker's process ends, that is known sooner: on
PostgreSQL the database ends its session at once and releases the session's lock, on SQLite the kernel releases the lock
of its file. A frozen worker, or one whose network is down, keeps its lock and its whole lease. On SQLite no worker waits
for another's end, so the lease is long and few heartbeats are written. It must never declare a worker dead on its own:
see `Heartbeat.fit_to_judge`.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
import threading
import time
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections

from elistit import config
from elistit.chain.database_clock import database_now
from elistit.chain.models import Worker

log = logging.getLogger(__name__)

LEASE_SECONDS = config.current().workers.lease_seconds
LONE_LEASE_SECONDS = 600.0
"""The shortest lease of the only worker of a SQLite database. No one takes over its work while its process runs, so its
heartbeats only show that it isn't frozen. The lock shows that the process runs, and costs no write."""
BEATS_PER_LEASE = 5
SILENT_BEATS = 2
"""Heartbeats a worker must have missed before a free lock counts as its end: one may be lost with a broken connection."""
CONNECT_SECONDS = 3
"""How long a heartbeat waits for a connection: less than half a lease, so that the next heartbeat isn't missed because
of it."""
WORKER_LOCK = 0x656C7773


def lease_seconds() -> float:
    """How long a worker may be silent on this database before it counts as dead."""
    return LEASE_SECONDS if connection.vendor == "postgresql" else max(LEASE_SECONDS, LONE_LEASE_SECONDS)


def lock_file() -> Path:
    """The file whose lock makes a worker the only one on a SQLite database."""
    return Path(f"{connection.settings_dict['NAME']}.worker.lock")


def alive(patience: float = 0.0) -> list[Worker]:
    """The workers that are alive, newest first, draining ones too. A silence of `patience` seconds is forgiven, even when it is
    longer than the lease."""
    if only_worker_ended():
        return []
    beat = database_now() - dt.timedelta(seconds=max(patience, lease_seconds()))
    return list(Worker.objects.filter(beat_at__gte=beat).order_by("-started_at"))


def only_worker_ended() -> bool:
    """Whether the process of the only worker has ended: its lock was taken once and is free now. Always False on PostgreSQL."""
    if connection.vendor != "sqlite":
        return False
    try:
        with lock_file().open() as file:
            # Shared, so that several processes can ask at once; a starting worker asks again after a moment.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class Heartbeat(threading.Thread):
    """Sends this worker's heartbeats on a separate connection, and knows since when none has been missed."""

    def __init__(self, worker: str, lease: float) -> None:
        super().__init__(daemon=True, name="heart")
        self.worker, self.lease = worker, lease
        self.beating_since: float | None = None
        self._beat_at: float | None = None
        self.stopping = threading.Event()
        self._locked_on: object = None

    def beat(self) -> None:
        """Send one heartbeat. Raises when the database is down; `run` counts that as missed."""
        now = database_now()
        if not Worker.objects.filter(pk=self.worker).update(beat_at=now):
            Worker.objects.create(pk=self.worker, started_at=now, beat_at=now)
        at = time.monotonic()
        if self.beating_since is None or self._silent(at):
            self.beating_since = at
        self._beat_at = at

    def _silent(self, at: float) -> bool:
        """Whether more than a lease has passed since the last heartbeat without an error: this process, or the
        database, stood still, and every worker's heartbeat got old together with ours."""
        return self._beat_at is None or at - self._beat_at > self.lease

    def run(self) -> None:
        use_a_connection_of_its_own()
        while not self.stopping.wait(self.lease / BEATS_PER_LEASE):
            if not self._try_to_beat():
                # A connection that was lost unnoticed must not cost a heartbeat: a new one is tried at once.
                self._try_to_beat()

    def _try_to_beat(self) -> bool:
        try:
            self.beat()
            self._hold_lock()
            return True
        except Exception:
            # Others may consider us dead, and we must not judge them either (grace period after our own outage).
            self.beating_since = None
            log.exception("heartbeat failed")
            connection.close()
            return False

    def _hold_lock(self) -> None:
        """Hold this worker's lock on the session that sends the heartbeats, for as long as that session lasts."""
        if connection.vendor != "postgresql" or self._locked_on is connection.connection:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [WORKER_LOCK, self.worker])
            # Not while the server still counts a lost session of ours as the holder; the next heartbeat asks again.
            self._locked_on = connection.connection if cursor.fetchone()[0] else None

    def fit_to_judge(self) -> bool:
        """Whether a full lease has passed without a missed heartbeat of our own."""
        now = time.monotonic()
        return self.beating_since is not None and not self._silent(now) and now - self.beating_since >= self.lease


def use_a_connection_of_its_own() -> None:
    """Give this thread a connection outside the pool. After an outage a pool reconnects at growing intervals, but
    heartbeats must resume everywhere at about the same time, or the first worker to reconnect would take the last one
    for dead."""
    if connection.vendor == "postgresql":
        own = connections[DEFAULT_DB_ALIAS].copy()
        own.settings_dict["OPTIONS"] = {
            **{k: v for k, v in own.settings_dict["OPTIONS"].items() if k != "pool"},
            "connect_timeout": CONNECT_SECONDS,
        }
        connections[DEFAULT_DB_ALIAS] = own


class Watch:
    """One worker's view of the others. It remembers whose lock it has seen held: only such a lock can be missing."""

    def __init__(self, me: str) -> None:
        self.me = me
        self._seen: set[str] = set()

    def dead(self) -> dict[str, dt.datetime]:
        """The dead workers, by lease or by lock, each with its last heartbeat.

        Only the lease counts when the database has forgotten our own lock, because then it has forgotten everyone's.
        Empty while our own heartbeat is old: then everyone's is, because the machine or the database stood still.
        """
        now = database_now()
        others = dict(Worker.objects.values_list("pk", "beat_at"))
        mine = others.pop(self.me, None)
        locked = _locked([self.me, *others])
        gone = self._seen - locked if self.me in locked else set()
        self._seen = (self._seen | locked) & set(others)
        lease = dt.timedelta(seconds=LEASE_SECONDS)
        if mine is not None and now - mine > lease / 2:
            return {}
        silence = lease * SILENT_BEATS / BEATS_PER_LEASE
        return {w: beat for w, beat in others.items() if now - beat > (silence if w in gone else lease)}


def _locked(workers: list[str]) -> set[str]:
    """Those of the given workers whose lock is held by a session now."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name JOIN pg_locks ON locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s::bigint::oid AND objid = (hashtext(name)::bigint & 4294967295)::oid AND objsubid = 2",
            [workers, WORKER_LOCK],
        )
        return {row[0] for row in cursor.fetchall()}

"""A worker process: starts the engine, sends heartbeats, recovers lost work, and stops gracefully.

On SQLite there is exactly one, held by a file lock that the kernel releases when the process dies; on PostgreSQL there
can be any number, each with a lease on the database's clock. It must never serve pages.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import IO, Protocol

from django.db import connection, transaction
from django.db.models import F

from elistit import config
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.attempts import Runner
from elistit.chain.models import Attempt, Worker
from elistit.ports import Outcome
from elistit.projects.models import Job
from elistit.runtime import engine, leases, limits, workflows
from elistit.runtime.cpu import Cpu
from elistit.runtime.leases import Heartbeat
from elistit.stages.context import StageContext
from elistit.stages.dispatch import run_attempt

log = logging.getLogger(__name__)

STOP_SECONDS = config.current().workers.stop_seconds
LOCK_WAIT_SECONDS = 5.0
_stop_limits = [STOP_SECONDS]


class AlreadyRunning(Exception):
    """Another worker process holds this SQLite database. The message is one sentence."""


def only_worker(wait: float = LOCK_WAIT_SECONDS) -> IO[str] | None:
    """Take the file lock that makes this the only worker on a SQLite database. Returns None on PostgreSQL, where it
    isn't needed.

    Waits up to `wait` seconds for a stopping worker. Raises AlreadyRunning. The lock lasts as long as the file is open.
    """
    if connection.vendor != "sqlite":
        return None
    handle = leases.lock_file().open("w")
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() > until:
                handle.close()
                raise AlreadyRunning(
                    f"Another worker is already running on {connection.settings_dict['NAME']}; SQLite allows one. Use PostgreSQL for more."
                ) from None
            time.sleep(0.1)


class Companion(Protocol):
    """What runs beside the work in a worker process: maintenance, which is in a package above this one."""

    def take_over(self, worker: str) -> None: ...

    def start(
        self,
        worker: str,
        fit_to_judge: Callable[[], bool],
        stopped: threading.Event,
        only_worker: bool,
        context: StageContext,
    ) -> None: ...


def run(companion: Companion, concurrency: int | None = None) -> None:
    """Work until SIGTERM or SIGINT. `concurrency` is the number of CPU-bound attempts at once, by default one per core.
    Raises AlreadyRunning when another worker holds the SQLite database."""
    slots = concurrency or os.cpu_count() or 1
    lock = only_worker()
    name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    engine.queue.migrate()
    cpu = Cpu(slots)
    heartbeat = Heartbeat(name, leases.lease_seconds())
    heartbeat.beat()  # before the engine takes any work: no work may run without a lease
    heartbeat.start()
    if lock:
        companion.take_over(name)
    context = StageContext(cpu.run, slots)
    workflows.launch(name, _runner(cpu, context), slots, limits.provider_limits(slots))
    companion.start(name, heartbeat.fit_to_judge, stopped, bool(lock), context)
    log.warning("worker %s is ready", name)
    stopped.wait()
    _stop(name, cpu, heartbeat)


def _runner(cpu: Cpu, context: StageContext) -> Runner:
    """The function that does the work of attempts, with heavy work shared fairly among sellers."""

    def run(this: AttemptKey, job: Job) -> Outcome:
        with cpu.working_for(job.project.owner_id):
            return run_attempt(context, this, job)

    return run


def stop_within(seconds: float) -> None:
    """Set how many seconds a stopping worker waits for running work. Unfinished work is then returned to the queues,
    uncounted."""
    _stop_limits.append(max(1, int(seconds)))


def _stop(name: str, cpu: Cpu, heartbeat: Heartbeat) -> None:
    """Finish running work, return what doesn't finish in time to the queues without counting it, and remove this
    worker's row."""
    Worker.objects.filter(pk=name).update(draining=True)
    workflows.stop(min(STOP_SECONDS, *_stop_limits))
    hand_back(name)
    heartbeat.stopping.set()
    Worker.objects.filter(pk=name).delete()
    cpu.close()
    # A step that outlived the wait still has its thread; its late writes would be refused, so there is no need to wait.
    os._exit(0)


def hand_back(name: str) -> int:
    """Return unfinished work to the queues as if it had never started here: a stop is not a crash (rules §6). Returns
    how many attempts."""
    with transaction.atomic():
        Attempt.objects.filter(worker=name, ended_at=None, note=False, starts__gt=0).update(
            starts=F("starts") - 1, worker=""
        )
    return len(engine.queue.hand_over(name))

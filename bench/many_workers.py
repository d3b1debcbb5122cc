"""Many workers on one PostgreSQL: `python bench/many_workers.py [--workers 1 4 20] [--markdown]`.

Real worker processes with light work, more and more of them on one database. For each number: what they cost while nothing is to
do, how long a single job waits for its start, and how many images are made at once when many projects come together; an image
is a call that takes `--seconds`, so that two cores are enough for hundreds. At the end a tenth of the workers is killed (SIGKILL)
in the midst of it. The books and the provider's own sales are checked. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from bench.farm import Farm, percentile, worker_named
from bench.lib import report

IMAGES = 12
"""Of one project."""
SINGLE = 8
"""Jobs launched one after the other on idle workers."""
CONNECTIONS = 1500
POOL = 4
"""Connections of the product in one worker (ELISTIT_DB_POOL)."""
SELLER = "bench@example.com"
LOOK = 0.05
TOO_LONG = 600.0


@dataclass
class Load:
    """What so many workers cost and did. Shares are of one core; times in seconds."""

    workers: int
    idle_database: float = 0.0
    idle_worker: float = 0.0
    questions: float = 0.0
    connections: int = 0
    wait_p50: float = 0.0
    wait_most: float = 0.0
    at_once: int = 0
    took: float = 0.0
    busy_database: float = 0.0
    per_project: float = 0.0


class Crowd:
    """The workers of one installation, and what is asked of them."""

    def __init__(self, farm: Farm, projects: int, rest: float) -> None:
        from elistit.accounts.models import User

        self.farm, self.projects, self.rest = farm, projects, rest
        self.seller = User.objects.get(email=SELLER)
        self.launched = 0

    def grow(self, to: int) -> None:
        """Start workers until there are so many, ten at a time, and wait until each has sent its heartbeat."""
        while len(self.farm.workers) < to:
            for _ in range(min(10, to - len(self.farm.workers))):
                self.farm.worker()
            until = time.monotonic() + TOO_LONG
            while self._alive() < len(self.farm.workers):
                if time.monotonic() > until or any(w.poll() is not None for w in self.farm.workers):
                    raise SystemExit(f"Only {self._alive()} of {len(self.farm.workers)} workers came up.")
                time.sleep(0.2)

    def _alive(self) -> int:
        from elistit.chain.models import Worker

        names = list(Worker.objects.filter(draining=False).values_list("pk", flat=True))
        return sum(any(worker_named(w) in name for name in names) for w in self.farm.workers)

    def measure(self, workers: int) -> Load:
        found = Load(workers)
        self.grow(workers)
        time.sleep(8)  # until the looks are as rare as they get
        self._idle(found)
        self._single(found)
        self._together(found)
        report.say(str(found))
        return found

    def _idle(self, found: Load) -> None:
        database, own, asked = self._spent(), self._workers_spent(), self._transactions()
        time.sleep(self.rest)
        found.idle_database = (self._spent() - database) / self.rest
        found.idle_worker = (self._workers_spent() - own) / self.rest / found.workers
        found.questions = (self._transactions() - asked) / self.rest
        found.connections = self._connections()

    def _single(self, found: Load) -> None:
        from elistit.chain.models import Attempt

        waits = []
        for _ in range(SINGLE):
            project = self._launch(1)
            job = project.jobs.get()
            first = _until(lambda job=job: Attempt.objects.filter(job=job, note=False).order_by("id").first())
            waits.append((first.started_at - job.created_at).total_seconds())
            _until(lambda project=project: not self._at_work([project.pk]))
        found.wait_p50, found.wait_most = percentile(waits, 0.5), max(waits)

    def _together(self, found: Load, kill: int = 0) -> float:
        """Launch as many projects as workers (`projects` at most) at once, and wait for the last to be completed. With `kill`, so many
        workers die once images are being made; returns the seconds until the last of their attempts ran again."""
        from elistit.chain.models import Attempt

        began, database, resumed = time.monotonic(), self._spent(), 0.0
        waiting = [self._launch(IMAGES).pk for _ in range(min(self.projects, found.workers))]
        while self._at_work(waiting):
            open_now = Attempt.objects.filter(stage="generating", note=False, ended_at=None).count()
            found.at_once = max(found.at_once, open_now)
            if kill and open_now > len(waiting) * IMAGES / 8:
                resumed, kill = self._kill(kill), 0
            if time.monotonic() - began > TOO_LONG:
                raise SystemExit(f"Not every project was completed within {TOO_LONG:g} s.")
            time.sleep(LOOK)
        found.took = time.monotonic() - began
        spent = self._spent() - database
        found.busy_database, found.per_project = spent / found.took, spent / len(waiting)
        return resumed

    def _kill(self, count: int) -> float:
        from elistit.chain.models import Attempt

        victims = [worker_named(w) for w in self.farm.workers[:count]]
        at = time.monotonic()
        for process in self.farm.workers[:count]:
            process.kill()
        open_tries = Attempt.objects.filter(note=False, ended_at=None)
        held = [pk for name in victims for pk in open_tries.filter(worker__contains=name).values_list("pk", flat=True)]
        for process in self.farm.workers[:count]:
            self.farm.kill(process)
        _until(lambda: not Attempt.objects.filter(pk__in=held, starts=1, ended_at=None).exists())
        report.say(f"{count} workers killed with {len(held)} attempts")
        return time.monotonic() - at

    def _launch(self, images: int) -> Any:
        from elistit.actions import commands

        self.launched += 1
        spec = commands.LaunchSpec("sticker", "foxes", images)
        return commands.launch(self.seller, spec, idempotency_key=f"many:{self.launched}")

    def _at_work(self, projects: list[str]) -> bool:
        """Whether any of the projects is under way. What waits for its seller is approved."""
        from elistit.actions import commands
        from elistit.projects.models import Project

        stages = dict(Project.objects.filter(pk__in=projects).values_list("pk", "stage"))
        for pk in (pk for pk, stage in stages.items() if stage == "awaiting_approval"):
            commands.approve(self.seller, pk)
        return not set(stages.values()) <= {"completed", "failed"}

    def _spent(self) -> float:
        return sum(_cpu(p) for p in self.farm.database.processes())

    def _workers_spent(self) -> float:
        return sum(_cpu(psutil.Process(w.pid)) for w in self.farm.workers)

    def _transactions(self) -> int:
        return self._ask("SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database")

    def _connections(self) -> int:
        return self._ask("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")

    def _ask(self, sql: str) -> int:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.fetchone()[0])


def _cpu(process: psutil.Process) -> float:
    try:
        used: Any = process.cpu_times()
    except psutil.Error:
        return 0.0  # It ended.
    return float(used.user + used.system)


def _until(what: Any) -> Any:
    until = time.monotonic() + TOO_LONG
    while not (found := what()):
        if time.monotonic() > until:
            raise SystemExit("Nothing moved for too long.")
        time.sleep(LOOK / 5)
    return found


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4, 20])
    parser.add_argument(
        "--projects", type=int, default=40, help=f"most projects of {IMAGES} images launched at once (default 40)"
    )
    parser.add_argument("--seconds", type=float, default=4.0, help="what making an image takes (default 4)")
    parser.add_argument("--rest", type=float, default=20.0, help="seconds of watching idle workers (default 20)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="elistit-many-") as folder:
        measure(Path(folder), given)


def measure(folder: Path, given: argparse.Namespace) -> None:
    with Farm(folder / "farm", LIGHT_SECONDS=str(given.seconds), ELISTIT_DB_POOL=str(POOL)) as farm:
        farm.database.allow(CONNECTIONS)
        farm.use()
        from elistit.accounts.models import User
        from elistit.credits import ledger
        from tests.recovery.till import Till

        seller = User.objects.create_user(SELLER)
        ledger.grant(seller.pk, 1_000_000, source="bench", idempotency_key="bench", reason="For the measurement")
        crowd = Crowd(farm, given.projects, given.rest)
        rows = [crowd.measure(count) for count in given.workers]
        dead = max(1, given.workers[-1] // 10)
        resumed = crowd._together(Load(given.workers[-1]), kill=dead)
        audit = json.loads(farm.cli("audit", "--json").stdout)
        twice = len(Till(Path(farm.env["TILL"])).bought_twice())
    show(given, rows, dead, resumed, sum(len(c["violations"]) for c in audit["checks"]), twice)


def show(given: argparse.Namespace, rows: list[Load], dead: int, resumed: float, broken: int, twice: int) -> None:
    counts = " ".join(map(str, given.workers))
    head = (
        "workers", "connections", "transactions a second, idle", "database, idle", "a worker, idle", "wait of a single job, p50", "most",
        "images at once", "seconds for all", "database, busy", "database CPU for a project",
    )  # fmt: skip
    report.section(
        "Many workers on one database",
        f"`python bench/many_workers.py --workers {counts}`: real worker processes with light work on one PostgreSQL, on one machine;\n"
        f"as many projects of {IMAGES} images launched at once ({given.projects} at most), each image a call of about {given.seconds:g} s.\n"
        "Shares are of one core.",
        report.table(head, [cells(r) for r in rows]),
        f"{dead} of {rows[-1].workers} workers were killed (SIGKILL) while images were being made: the last of their attempts ran again after\n"
        f"{resumed:.1f} s. Bought twice: **{twice}**. Violations of the audit: **{broken}**.",
    )


def cells(r: Load) -> list[object]:
    return [
        r.workers, r.connections, f"{r.questions:.0f}", f"{r.idle_database:.1%}", f"{r.idle_worker:.1%}", f"{r.wait_p50 * 1e3:.0f} ms",
        f"{r.wait_most * 1e3:.0f} ms", r.at_once, f"{r.took:.0f}", f"{r.busy_database:.0%}", f"{r.per_project * 1e3:.0f} ms",
    ]  # fmt: skip


if __name__ == "__main__":
    main()

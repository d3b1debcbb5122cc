"""Jobs a second through the whole chain with a no-op provider, beside Celery with Redis doing the same six tasks.

    python bench/chain_and_celery.py [--projects 60] [--markdown]

Real worker processes. Ours: launch, six stages in seven tries, money, attempts, the provider call, on SQLite and on
PostgreSQL. Celery (prefork, acks_late, prefetch 1): six empty tasks in a chain; and the product's own tries with Celery in
the durable engine's place, writing the same rows into PostgreSQL by the same code. Then every worker process is killed
(SIGKILL) with work in flight and one new one started. Needs Debian's redis-server; Celery comes from bench/requirements.lock.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import celery_place, databases, report

HERE = Path(__file__).resolve().parent
WARM_UP = 10
SINGLES = 25
LONG_WORK = "3"
IN_FLIGHT = 2
PATIENCE = 120.0
KILL_PROJECTS = 12

# name: words, database, worker processes, Celery, Redis on disk
SYSTEMS: dict[str, tuple[str, str, int, bool, bool]] = {
    "sqlite": ("the chain on SQLite, one worker", "sqlite", 1, False, False),
    "postgresql": ("the chain on PostgreSQL, one worker", "postgresql", 1, False, False),
    "postgresql-2": ("the chain on PostgreSQL, two workers", "postgresql", 2, False, False),
    "celery": ("Celery, six empty tasks, Redis in memory", "", 1, True, False),
    "celery-disk": ("Celery, six empty tasks, Redis that writes to disk (`appendfsync always`)", "", 1, True, True),
    "celery-rows": ("Celery, the same rows in PostgreSQL, Redis in memory", "postgresql", 1, True, False),
}
KILLED = {
    "sqlite": "the chain on SQLite",
    "postgresql": "the chain on PostgreSQL",
    "celery-rows": "Celery, the same rows in PostgreSQL",
}


# ---- inside a process of its own: the driver and the worker ------------------------------------------------------------


class Rows:
    """Launches projects of the product; `celery` puts Celery in the engine's place."""

    def __init__(self, celery: bool) -> None:
        import django

        django.setup()
        from lib import noop

        from elistit import ports
        from elistit.runtime import engine

        self.put_at: dict[str, Any] = {}
        start = engine.queue.start
        if celery:
            from lib import celery_tasks

            def start(job: str, occasion: str) -> None:
                celery_tasks.start.delay(job)

        def stamped(job: str, occasion: str) -> None:
            self.put_at[job] = ports.now()
            start(job, occasion)

        engine.queue.start = stamped  # type: ignore[method-assign]
        self.finished, self.seller, self.number = noop.finished, noop.seller(), 0

    def launch(self) -> None:
        from elistit.actions import commands

        self.number += 1
        spec = commands.LaunchSpec("wall_art", "boho sun")
        commands.launch(self.seller, spec, idempotency_key=f"{os.getpid()}:{self.number}")

    def waits(self) -> list[float]:
        """Seconds from queueing to the start of the first try, oldest first."""
        from elistit.chain.models import Attempt

        first = Attempt.objects.filter(stage="briefing", job__in=self.put_at).order_by("id")
        return [(a.started_at - self.put_at[a.job_id]).total_seconds() for a in first]


class Empty:
    """Launches chains of empty Celery tasks."""

    def __init__(self) -> None:
        from lib import celery_tasks

        self.tasks = celery_tasks

    def launch(self) -> None:
        self.tasks.launch_empty()

    def finished(self) -> int:
        return int(self.tasks.counter.get("done") or 0)

    def waits(self) -> list[float]:
        return [float(v) for v in self.tasks.counter.lrange("waits", 0, -1)]


def until(reached: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            raise SystemExit("This took too long.")
        time.sleep(0.02)


def drive(system: str, projects: int) -> dict[str, float]:
    """Throughput with a full queue, then the wait of single launches on a quiet system."""
    celery, database = SYSTEMS[system][3], SYSTEMS[system][1]
    side = Rows(celery) if database else Empty()

    def pushed(count: int) -> float:
        before, began = side.finished(), time.perf_counter()
        for _ in range(count):
            side.launch()
        until(lambda: side.finished() >= before + count)
        return count / (time.perf_counter() - began)

    pushed(WARM_UP)
    rate = pushed(projects)
    for n in range(SINGLES):
        pushed(1)
        time.sleep(0.017 * (n % 15))  # Not in step with a poll of a quarter of a second.
    waits = side.waits()[-SINGLES:]
    return {
        "jobs/s": rate,
        "p50": 1000 * report.percentile(waits, 0.5),
        "p99": 1000 * report.percentile(waits, 0.99),
    }


def drive_killed(system: str) -> dict[str, Any]:
    """What becomes of the work in flight: says when to kill, then watches the rows of what was running."""
    side = Rows(SYSTEMS[system][3])
    from elistit.chain.models import Attempt

    for _ in range(KILL_PROJECTS):
        side.launch()
    running = Attempt.objects.filter(stage="processing", item__gt=0, ended_at=None)
    until(lambda: running.count() >= IN_FLIGHT)
    time.sleep(0.5)
    print("now", flush=True)
    sys.stdin.readline()
    ids = list(running.values_list("pk", flat=True))
    began, resumed = time.monotonic(), dict[int, float]()
    mine = Attempt.objects.filter(pk__in=ids)
    while time.monotonic() - began < PATIENCE and (len(resumed) < len(ids) or side.finished() < KILL_PROJECTS):
        for pk in mine.filter(starts__gt=1).values_list("pk", flat=True):
            resumed.setdefault(pk, time.monotonic() - began)
        time.sleep(0.05)
    return {
        "in flight": len(ids), "resumed": len(resumed), "last": max(resumed.values(), default=0.0),
        "finished": side.finished(), "projects": KILL_PROJECTS,
    }  # fmt: skip


def worker() -> None:
    """A real worker process of the product, whose stages do nothing."""
    import django

    django.setup()
    from lib import noop

    from elistit.maintenance.service import WorkerMaintenance
    from elistit.runtime import worker as product

    product.run_attempt = lambda context, this, job: noop.work(this, job)
    product.run(WorkerMaintenance(), 2)


def prepare() -> None:
    import django

    django.setup()
    databases.migrate()
    from elistit.runtime import engine

    engine.queue.migrate()


# ---- the measurement -----------------------------------------------------------------------------------------------------


class Place:
    """A system under measurement: its database, its broker, its worker processes."""

    def __init__(self, system: str, stack: contextlib.ExitStack, long_work: bool = False) -> None:
        _, database, self.count, self.celery, durable = SYSTEMS[system]
        self.system = system
        self.env = stack.enter_context(databases.environment(database or "sqlite"))
        self.env |= {"PYTHONPATH": str(HERE), "BENCH_WORK_SECONDS": LONG_WORK if long_work else "0"}
        self.python = sys.executable
        if database:
            subprocess.run([sys.executable, __file__, "--prepare"], env=self.env, check=True)
        if self.celery:
            self.python = celery_place.python()
            self.env |= {"BENCH_BROKER": stack.enter_context(celery_place.broker(durable))}
            self.env |= {"BENCH_ROWS": "1"} if database else {}
        self.workers: list[subprocess.Popen[bytes]] = []
        stack.callback(self.kill)
        self.start()

    def start(self) -> None:
        command = [self.python, __file__, "--worker"]
        if self.celery:
            command = [self.python, "-m", "celery", "-A", "lib.celery_tasks", "worker", "-c", "2", "-l", "ERROR"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.workers = [
            subprocess.Popen(command, env=self.env, cwd=HERE, start_new_session=True, **quiet)  # type: ignore[call-overload]
            for _ in range(self.count)
        ]

    def kill(self) -> None:
        """SIGKILL to every worker and its children at once."""
        for process in self.workers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @contextlib.contextmanager
    def driver(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        command = [self.python, __file__, "--drive", self.system, *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, env=self.env, **pipes) as process:  # type: ignore[call-overload]
            yield process
        if process.returncode:
            raise SystemExit(f"{self.system}: the driver ended with {process.returncode}.")


def measure(system: str, projects: int) -> dict[str, float]:
    with contextlib.ExitStack() as stack, Place(system, stack).driver("--projects", str(projects)) as process:
        found: dict[str, float] = json.loads(process.communicate()[0].splitlines()[-1])
    report.say(f"{SYSTEMS[system][0]}: {found}")
    return found


def measure_killed(system: str) -> dict[str, Any]:
    with contextlib.ExitStack() as stack:
        place = Place(system, stack, long_work=True)
        with place.driver("--killed") as process:
            assert process.stdout
            if process.stdout.readline().strip() != "now":
                raise SystemExit(f"{system}: nothing was in flight.")
            place.kill()
            place.start()
            found: dict[str, Any] = json.loads(process.communicate("\n")[0].splitlines()[-1])
    report.say(f"{KILLED[system]}, killed: {found}")
    return found


def show(speed: dict[str, dict[str, float]], killed: dict[str, dict[str, Any]], projects: int) -> None:
    empty, rows = speed["celery"]["jobs/s"], speed["celery-rows"]["jobs/s"]
    lines = [
        [SYSTEMS[name][0], f"{f['jobs/s']:.1f}", f"{f['jobs/s'] / empty:.2f}", f"{f['jobs/s'] / rows:.2f}",
         f"{f['p50']:,.0f} ms", f"{f['p99']:,.0f} ms"]
        for name, f in speed.items()
    ]  # fmt: skip
    ends = [
        [KILLED[name], f["in flight"], f"{f['resumed']} of {f['in flight']}",
         f"{f['last']:.1f} s" if f["resumed"] else "–", f"{f['finished']} of {f['projects']}"]
        for name, f in killed.items()
    ]  # fmt: skip
    report.section(
        "The chain beside Celery",
        f"`python bench/chain_and_celery.py --projects {projects}`: one run, real worker processes, no work in the stages. A job of ours is a\n"
        "launch with its debit and six stages in seven tries, each with its rows, on a database that has written to disk what it says; Celery's\n"
        "is a chain of six tasks (prefork of two, `acks_late`, prefetch 1). The wait is from queueing to the start of the first task, one job at a\n"
        "time; ours is found by the next look of the worker.",
        report.table(
            ["", "jobs/s", "to Celery, empty", "to Celery, same rows", "wait p50", "wait p99"],
            lines,
        ),
        f"Every worker process killed (SIGKILL) while work of {LONG_WORK} s was running, and one new one started at once;\n"
        f"watched for {PATIENCE:.0f} s:",
        report.table(["", "tries in flight", "taken up again", "the last after", "projects finished"], ends),
        "What Celery had in flight stays with Redis until its `visibility_timeout`, an hour unless it is set; a shorter one hands out work that is\n"
        "only slow a second time.",
    )


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--projects", type=int, default=60, help="jobs pushed through each system (default 60)")
    parser.add_argument("--only", nargs="+", choices=list(SYSTEMS), help="measure these and print JSON")
    for inner in ("--prepare", "--worker", "--killed"):
        parser.add_argument(inner, action="store_true", help="(used by this script itself)")
    parser.add_argument("--drive", choices=list(SYSTEMS), help="(used by this script itself)")
    given = parser.parse_args()
    if given.prepare:
        prepare()
    elif given.worker:
        worker()
    elif given.drive:
        print(json.dumps(drive_killed(given.drive) if given.killed else drive(given.drive, given.projects)))
    elif given.only:
        print(json.dumps({name: measure(name, given.projects) for name in given.only}, indent=1))
    else:
        speed = {name: measure(name, given.projects) for name in SYSTEMS}
        show(speed, {name: measure_killed(name) for name in KILLED}, given.projects)


if __name__ == "__main__":
    main()

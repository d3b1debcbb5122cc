"""How much of the durable engine's speed the chain keeps, and how soon queued work starts. Prints ratios of one run.

    python bench/engine.py [--only sqlite|postgresql] [--projects 12] [--markdown]

Raw: a workflow of two empty steps on the engine, the least a durable attempt can be. Chain: the product's own attempts with no
work in them, so everything that is measured is begin, settle, attempts, money and queueing. Same process, same database,
same queue limits, one after the other. PostgreSQL comes from the test package; nothing outlives the run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import databases, report

COUNT = 15
"""Images of a bench project."""


def measure(projects: int) -> dict[str, float]:
    """One database, in this process. Rates per second, times in milliseconds."""
    import django

    django.setup()
    from dbos import DBOS

    databases.migrate()
    from elistit.ports import Made
    from elistit.runtime import engine, workflows
    from elistit.runtime.limits import Limit

    started: list[float] = []

    @DBOS.step(name="empty")
    def empty(n: int) -> int:
        return n

    @DBOS.workflow(name="raw")
    def raw(put_at: float) -> float:
        started.append(time.time() - put_at)
        empty(1)
        empty(2)
        return put_at

    def work(this, job):  # type: ignore[no-untyped-def]
        items = [{"prompt": f"p{n}", "subject": "fox", "art": {}} for n in range(COUNT)]
        listing = {"title": "T", "tags": [], "description": "D", "price_cents": 500, "shop": False}
        return Made({"brief": {}, "items": items, "files": [], "flags": [], "art": {"made_round": 0}, **listing})

    engine.queue.migrate()
    workflows.launch("bench", work, 32, {"builtin": Limit(64)})
    time.sleep(1.5)
    raw_rate = raw_attempts(projects * (2 * COUNT + 4), started)
    done, seconds = chain_attempts(projects)
    started.clear()
    delays = start_delays(started)
    return {
        "raw attempts/s": raw_rate, "chain attempts/s": done / seconds, "ratio": done / seconds / raw_rate, "projects/s": projects / seconds,
        "queued to started p50 ms": 1000 * statistics.median(delays), "queued to started max ms": 1000 * max(delays),
    }  # fmt: skip


def enqueue(name: str, queue_name: str) -> None:
    """Queue the empty workflow under a name of its own, with the time at which it was queued."""
    from elistit.runtime import engine

    options = {
        "workflow_name": "raw",
        "queue_name": queue_name,
        "workflow_id": name,
        "app_version": engine.VERSION,
    }
    engine.queue.client.enqueue(options, time.time())  # type: ignore[arg-type]


def raw_attempts(attempts: int, started: list[float]) -> float:
    """How many empty workflows a second the engine runs. `started` gets an entry as each begins."""
    from elistit.runtime import engine

    began = time.perf_counter()
    for n in range(attempts):
        enqueue(f"raw:{n}", engine.WORKSHOP)
    while len(started) < attempts:
        time.sleep(0.02)
    return attempts / (time.perf_counter() - began)


def chain_attempts(projects: int) -> tuple[int, float]:
    """Launch projects, approve them and wait until all are completed: how many attempts succeeded, and the seconds they took."""
    from elistit.accounts.models import User
    from elistit.actions import commands
    from elistit.chain.models import Attempt
    from elistit.credits import ledger
    from elistit.projects.models import Project

    user = User.objects.create_user("bench@example.com")
    ledger.open_account(user.pk)
    ledger.grant(user.pk, 1_000_000, source="bench", idempotency_key="bench", reason="bench")
    began = time.perf_counter()
    waiting = set()
    for n in range(projects):
        spec = commands.LaunchSpec("clipart", "woodland", COUNT)
        waiting.add(commands.launch(user, spec, idempotency_key=str(n)).pk)
    while Project.objects.exclude(stage="completed").exists():
        for pk in list(Project.objects.filter(pk__in=waiting, stage="awaiting_approval").values_list("pk", flat=True)):
            commands.approve(user, pk)
            waiting.discard(pk)
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    return Attempt.objects.filter(note=False, outcome="made").count(), seconds


def start_delays(started: list[float]) -> list[float]:
    """How long each of 40 workflows waited for its start on an idle queue, in seconds."""
    from elistit.runtime import engine

    for n in range(40):
        enqueue(f"soon:{n}", engine.CHAIN)
        time.sleep(0.06)
    while len(started) < 40:
        time.sleep(0.02)
    return started


def run_in_child(database: str, projects: int) -> dict[str, float]:
    with databases.environment(database) as env:
        command = [sys.executable, __file__, "--child", "--projects", str(projects)]
        out = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if out.returncode:
        sys.exit(out.stderr[-3000:])
    result: dict[str, float] = json.loads(out.stdout.splitlines()[-1])
    report.say(f"{databases.NAMES[database]}: {result}")
    return result


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--only", choices=list(databases.NAMES))
    parser.add_argument("--projects", type=int, default=12)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(measure(args.projects)), flush=True)
        os._exit(0)
    results = {name: run_in_child(name, args.projects) for name in ([args.only] if args.only else databases.NAMES)}
    rows = [[name, *(f"{r[name]:.2f}" for r in results.values())] for name in next(iter(results.values()))]
    report.section(
        "The chain on the durable engine",
        f"`python bench/engine.py --projects {args.projects}`: raw is a workflow of two empty steps on the same database with the same queue\n"
        "limits, looked for as a worker does; the chain's attempts have no work in them: begin, settle, credits, queueing. A seller's own attempt\n"
        "takes seconds.",
        report.table(["", *(databases.NAMES[name] for name in results)], rows),
    )


if __name__ == "__main__":
    main()

"""Load and trouble for as long as one likes: `python bench/soak.py --minutes 120 [--markdown]`.

Several workers on a PostgreSQL of their own do light work while workers are killed and frozen, the database is crashed and
started again, providers refuse, throttle and lose answers, and sellers approve, delete, remake and retry at any moment.
Afterwards everything is let run out, `elistit audit --files` and the provider's own books judge, and memory is fitted with a
line. SIGTERM or Ctrl-C ends the trouble early and still drains and reports. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from bench.farm import Farm, worker_named

SELLERS = 4
SETTLED_AFTER = 0.2
"""The first share of the run that is left out of the memory line: processes fill their pools and caches there."""
SILENT_SECONDS = 120
"""A job at work without an attempt begun or ended for so long, with no later try planned, counts as silent."""


UNANSWERED_MAX = 60.0
"""Seconds the pages may be away: the database is for six, and starts again in a few."""


@dataclass
class Story:
    """What happened so far."""

    began: float = field(default_factory=time.monotonic)
    done: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    most_silent: float = 0.0
    silent_jobs: int = 0
    most_unanswered: float = 0.0
    connections: int = 0
    cpu: float = 0.0

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self.began) / 60


class Soak:
    """One run. `stop` is set when the trouble is to end."""

    def __init__(self, farm: Farm, given: argparse.Namespace) -> None:
        self.farm, self.given = farm, given
        self.chance = random.Random(given.seed)
        self.story = Story()
        self.stop = threading.Event()
        self.sellers: list[Any] = []
        self.frozen: dict[subprocess.Popen[bytes], float] = {}
        self.spent: deque[tuple[float, float]] = deque(maxlen=60)
        self.due = {"kill": 30.0, "freeze": 60.0, "database": 100.0, "sample": 0.0, "say": 60.0}
        self.orders = 0
        self.ready: dict[int, bool] = {}

    # ---- what sellers do ------------------------------------------------------------------------------------------------

    def enroll(self) -> None:
        from elistit.accounts.models import User
        from elistit.credits import ledger

        for n in range(SELLERS):
            seller = User.objects.create_user(f"seller{n}@soak.example")
            ledger.open_account(seller.pk)
            ledger.grant(seller.pk, 1_000_000, source="soak", idempotency_key=f"soak:{n}", reason="For the soak")
            self.sellers.append(seller)

    def order(self) -> None:
        from elistit.actions import commands

        product, count = self.chance.choice(
            [("clipart", 15), ("sticker", 4), ("sticker", 9), ("wall_art", 1), ("svg", 3)]
        )
        self.orders += 1
        spec = commands.LaunchSpec(product, "woodland animals", count)
        # The same key until it is booked: a seller whose answer was lost presses the button again.
        commands.launch(self.chance.choice(self.sellers), spec, idempotency_key=f"order:{self.orders}")
        self.story.done["launched"] += 1

    def decide(self) -> None:
        """At the gate most approve, some have an item made again first, a few delete; and any project may be deleted."""
        from elistit.actions import commands
        from elistit.projects.models import Listing, Project

        for project in Project.objects.filter(stage="awaiting_approval").select_related("owner")[:20]:
            drawn = self.chance.random()
            if drawn < 0.03:
                self._act("deleted at the gate", lambda p: commands.delete(p.owner, p.pk), project)
            elif drawn < 0.10:
                again = self.chance.randint(1, project.count)
                key = f"again:{self.chance.random()}"
                self._act(
                    "remade", lambda p, n=again, k=key: commands.remake(p.owner, p.pk, n, idempotency_key=k), project
                )
            else:
                self._act("approved", lambda p: commands.approve(p.owner, p.pk), project)
        if self.chance.random() < 0.04:
            running = Project.objects.exclude(stage__in=["completed", "failed", "deleted", "awaiting_approval"])
            if project := running.select_related("owner").order_by("?").first():
                self._act("deleted under way", lambda p: commands.delete(p.owner, p.pk), project)
        failed = Listing.objects.filter(draft="failed", project__stage="completed").select_related("project__owner")
        for listing in failed[:2]:
            act = commands.retry_draft if self.chance.random() < 0.7 else commands.skip_draft
            self._act(act.__name__.replace("_", " "), lambda p, a=act: a(p.owner, p.pk), listing.project)

    def _act(self, name: str, act: Callable[[Any], object], project: Any) -> None:
        from elistit.actions.commands import NotFound, NotPossible

        # Between the look and the act the project may have moved on, as under any seller's hands.
        with contextlib.suppress(NotFound, NotPossible):
            act(project)
            self.story.done[name] += 1

    def at_work(self) -> int:
        from elistit.projects.models import Job

        return Job.objects.filter(status__in=["QUEUED", "RUNNING", "WAITING"]).count()

    # ---- trouble --------------------------------------------------------------------------------------------------------

    def trouble(self) -> None:
        now = time.monotonic() - self.story.began
        for process, until in list(self.frozen.items()):
            if now >= until:
                process.send_signal(signal.SIGCONT)
                del self.frozen[process]
        # The first worker is never touched: its memory is what is followed over the whole run.
        others = [w for w in self.farm.workers[1:] if w not in self.frozen]
        if self._is_due("kill", now, 20, 70) and others:
            self.farm.kill(self.chance.choice(others))
            self.farm.worker()
            self.story.done["workers killed"] += 1
        elif self._is_due("freeze", now, 120, 240) and others:
            victim = self.chance.choice(others)
            victim.send_signal(signal.SIGSTOP)
            self.frozen[victim] = now + self.chance.uniform(2, 15)
            self.story.done["workers frozen"] += 1
        if self._is_due("database", now, 240, 480):
            self.farm.database.restart(self.chance.uniform(0, 6))
            self.story.done["database crashes"] += 1
        for process in [w for w in self.farm.workers if w.poll() is not None]:
            # Nobody killed it. One that starts while the database is away ends, as it should, and is started again.
            born = self.ready.get(process.pid, False)
            self.story.done["workers that died by themselves" if born else "workers that began without a database"] += 1
            self.farm.workers.remove(process)
            self.farm.worker()

    def _is_due(self, name: str, now: float, least: float, most: float) -> bool:
        if now < self.due[name]:
            return False
        self.due[name] = now + self.chance.uniform(least, most)
        return True

    # ---- watching -------------------------------------------------------------------------------------------------------

    def sample(self) -> None:
        now = time.monotonic() - self.story.began
        self.spent.append((now, self.farm.cpu_seconds()))
        if not self._is_due("sample", now, 15, 15):
            return
        self._note_ready()
        sizes = {"worker": _rss(self.farm.workers[0].pid), "driver": _rss(os.getpid())}
        sizes["web"] = sum(_rss(p.pid) for o in self.farm.others for p in [psutil.Process(o.pid), *_children(o.pid)])
        self.story.memory.append((now / 60, sizes))
        self.story.connections = max(self.story.connections, _connections())
        silent = self._silent()
        self.story.silent_jobs = max(self.story.silent_jobs, sum(s > SILENT_SECONDS for s in silent))
        self.story.most_silent = max([self.story.most_silent, *silent])
        if self._is_due("say", now, 60, 60):
            said = {
                "minutes": round(now / 60, 1),
                "at work": self.at_work(),
                "cpu": round(self.share(), 2),
                **self.story.done,
            }
            print(json.dumps(said | {k: round(v, 1) for k, v in sizes.items()}), file=sys.stderr, flush=True)

    def _note_ready(self) -> None:
        from elistit.chain.models import Worker

        beating = list(Worker.objects.values_list("pk", flat=True))
        self.ready |= {w.pid: True for w in self.farm.workers if any(worker_named(w) in name for name in beating)}

    def _silent(self) -> list[float]:
        """Seconds since each job at work was last heard of or planned to be."""
        from django.db.models import Max

        from elistit import ports
        from elistit.projects.models import Job

        heard = Job.objects.filter(status__in=["QUEUED", "RUNNING"]).annotate(
            began=Max("attempts__started_at"), ended=Max("attempts__ended_at"), next=Max("attempts__next_try_at")
        )
        now = ports.now()
        return [
            max(0.0, (now - max(t for t in (j.changed_at, j.began, j.ended, j.next) if t)).total_seconds())
            for j in heard
        ]

    def share(self) -> float:
        """Processor time used lately, in cores."""
        if len(self.spent) < 2:
            return 0.0
        (t0, s0), (t1, s1) = self.spent[0], self.spent[-1]
        return max(0.0, s1 - s0) / max(1.0, t1 - t0)

    # ---- the run --------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Load and trouble until the time is over or `stop` is set; then everything is let run out."""
        until = time.monotonic() + self.given.minutes * 60
        while time.monotonic() < until and not self.stop.wait(0.5):
            self.trouble()
            self._patiently(self._sellers)
            self._patiently(self.sample)
        self.story.done["minutes of trouble"] = round(self.story.minutes)
        for process in self.frozen:
            process.send_signal(signal.SIGCONT)
        self.story.cpu = self.farm.cpu_seconds() / (self.story.minutes * 60)
        self.drain(time.monotonic() + 300)

    def _sellers(self) -> None:
        if self.at_work() < self.given.projects and self.share() < self.given.cores:
            self.order()
        self.decide()

    def _patiently(self, act: Callable[[], None]) -> None:
        from django.db import Error, connection

        try:
            act()
        except Error:
            # The database is away: what sellers would see is an error page, and they try again.
            self.story.done["seller requests without a database"] += 1
            connection.close()

    def drain(self, until: float) -> None:
        print("letting everything run out", file=sys.stderr, flush=True)
        self.given.projects = 0
        while time.monotonic() < until:
            with contextlib.suppress(Exception):
                if not self.at_work():
                    return
            self._patiently(self._approve_all)
            time.sleep(0.5)

    def _approve_all(self) -> None:
        from elistit.actions import commands
        from elistit.projects.models import Project

        for project in Project.objects.filter(stage="awaiting_approval").select_related("owner"):
            self._act("approved", lambda p: commands.approve(p.owner, p.pk), project)


def verdict(soak: Soak) -> dict[str, Any]:
    """What the auditor, the provider's books and the tables say at the end."""
    from django.db.models import Count

    from elistit.chain.models import Attempt, ProviderCall
    from elistit.projects.models import Item, Job, Project
    from tests.recovery.till import Till

    answer = soak.farm.cli("audit", "--files", "--json")
    report = {"checks": [], "said": f"exit {answer.returncode}: {answer.stderr}"}
    if answer.returncode in (0, 1):
        report = json.loads(answer.stdout)
    till = Till(Path(soak.farm.env["TILL"]))
    broken = [v for c in report["checks"] for v in c["violations"]] + ([report["said"]] if "said" in report else [])
    stages = dict(Project.objects.values_list("stage").annotate(n=Count("pk")))
    crashed = Attempt.objects.filter(outcome="crashed", note=False).count()
    return {
        "stages": stages, "left at work": Job.objects.filter(status__in=["QUEUED", "RUNNING", "WAITING"]).count(),
        "tries": Attempt.objects.filter(note=False).count(), "taken over": Attempt.objects.filter(note=False, starts__gt=1).count(),
        "notes of recovery": Attempt.objects.filter(note=True, outcome="recovered").count(), "crashed": crashed,
        "items": Item.objects.count(), "calls": ProviderCall.objects.count(), "sold": till.sales(),
        "asked again": till.asked_again(), "bought twice": till.bought_twice(), "checked": sum(c["checked"] for c in report["checks"]),
        "violations": broken, "slopes": slopes(soak.story),
    }  # fmt: skip


def slopes(story: Story) -> dict[str, tuple[float, float, float]]:
    """For each process: MB at the beginning of the line, at its end, and MB an hour (least squares)."""
    settled = [m for m in story.memory if m[0] >= story.memory[-1][0] * SETTLED_AFTER] if story.memory else []
    found = {}
    for name in settled[0][1] if len(settled) > 2 else ():
        xs, ys = [m[0] / 60 for m in settled], [m[1][name] for m in settled]
        mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
        over = sum((x - mx) ** 2 for x in xs) or 1.0
        found[name] = (ys[0], ys[-1], sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / over)
    return found


def _connections() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        return int(cursor.fetchone()[0])


def _rss(pid: int) -> float:
    with contextlib.suppress(psutil.Error):
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    return 0.0


def _children(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return list(psutil.Process(pid).children(recursive=True))
    return []


def told(soak: Soak, found: dict[str, Any]) -> str:
    """The section for the figures."""
    done, stages = soak.story.done, found["stages"]
    rows = [
        ("minutes of load and trouble", f"{done['minutes of trouble']:,}"),
        ("processor time used by all of it", f"{soak.story.cpu:.2f} of one core"),
        ("projects launched", f"{done['launched']:,}"),
        ("… completed / failed and refunded / deleted", " / ".join(f"{stages.get(s, 0):,}" for s in ("completed", "failed", "deleted"))),
        ("tries, of them taken over from a dead or frozen worker", f"{found['tries']:,}, {found['taken over']:,}"),
        ("workers killed / frozen / database crashes", " / ".join(f"{done[k]:,}" for k in ("workers killed", "workers frozen", "database crashes"))),
        ("workers that died by themselves", f"{done['workers that died by themselves']:,}"),
        ("pictures sold by the provider; bought twice", f"{found['sold']:,}; **{len(found['bought twice'])}**"),
        ("requests repeated under their own key and recognised", f"{found['asked again']:,}"),
        ("longest silence of a job at work; jobs silent over 2 min", f"{soak.story.most_silent:.0f} s; **{soak.story.silent_jobs}**"),
        ("pages asked for / answered", f"{done['pages asked for']:,} / {done['pages answered']:,}"),
        ("longest time in which no page was answered", f"{soak.story.most_unanswered:.0f} s"),
        ("database connections, most at once (the bench's own among them)", f"{soak.story.connections}"),
        ("jobs left without an end", f"**{found['left at work']}**"),
        ("facts checked by `elistit audit --files`; violations", f"{found['checked']:,}; **{len(found['violations'])}**"),
    ]  # fmt: skip
    names = {
        "worker": "the worker that was never killed",
        "web": "the web server, asked every 2 s",
        "driver": "the bench itself",
    }
    for name, (first, last, slope) in found["slopes"].items():
        rows.append((f"memory of {names[name]}", f"{first:.0f} → {last:.0f} MB, {slope:+.1f} MB an hour"))
    table = "\n".join(f"| {what} | {figure} |" for what, figure in rows)
    words = (
        f"`python bench/soak.py --minutes {soak.given.minutes:g}` — {soak.given.workers} workers and a web server on PostgreSQL, "
        "light work, faults on: workers killed every 20–70 s and frozen for 2–15 s, the database crashed (`-m immediate`) every "
        "4–8 minutes for up to 6 s, a provider that refuses, throttles and loses answers; sellers approve, delete, remake and "
        "retry all the while."
    )
    return f"## Soak with faults on\n{words}\n\n| | |\n| --- | --: |\n{table}\n"


def poll_pages(url: str, story: Story, stop: threading.Event) -> None:
    """Look at the pages now and then, so that the web server has something to leak, and note whether it answers."""
    import httpx

    answered = time.monotonic()
    with httpx.Client(base_url=url, timeout=10) as client:
        while not stop.wait(2):
            for page in ("/readyz?pages", "/enter/"):
                story.done["pages asked for"] += 1
                with contextlib.suppress(httpx.HTTPError):
                    if client.get(page).status_code == 200:
                        story.done["pages answered"] += 1
                        answered = time.monotonic()
                story.most_unanswered = max(story.most_unanswered, time.monotonic() - answered)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--projects", type=int, default=8, help="projects at work at once")
    parser.add_argument(
        "--cores", type=float, default=0.4, help="no new orders while more processor time than this is used"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where everything lies; it is kept [default: a temporary folder]")
    parser.add_argument("--markdown", action="store_true", help="print the section for the figures")
    given = parser.parse_args()
    place = given.folder or Path(tempfile.mkdtemp(prefix="elistit-soak-"))
    try:
        with Farm(place, ELISTIT_CLOCK_SPEED="20", LIGHT_FAULTS="1", LIGHT_SECONDS="0.3") as farm:
            farm.use()
            soak = Soak(farm, given)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: soak.stop.set())
            soak.enroll()
            for _ in range(given.workers):
                farm.worker()
            ended = threading.Event()
            threading.Thread(target=poll_pages, args=(farm.web(), soak.story, ended), daemon=True).start()
            soak.run()
            ended.set()
            found = verdict(soak)
    finally:
        if given.folder is None:
            shutil.rmtree(place, ignore_errors=True)
    print(json.dumps(found | {"done": soak.story.done}, default=str), file=sys.stderr, flush=True)
    if given.markdown:
        print(told(soak, found), flush=True)
    good = not (found["violations"] or found["bought twice"] or found["left at work"] or soak.story.silent_jobs)
    good = good and soak.story.most_unanswered < UNANSWERED_MAX
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

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
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from bench.farm import Farm, worker_named
from bench.lib.soak_report import Story, section, verdict

SELLERS = 4
SILENT_SECONDS = 120
"""A job at work without an attempt begun or ended for so long, with no later try planned, counts as silent."""


UNANSWERED_MAX = 60.0
"""Seconds the pages may be away: the database is for six, and starts again in a few."""


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
            found = verdict(farm, soak.story)
    finally:
        if given.folder is None:
            shutil.rmtree(place, ignore_errors=True)
    print(json.dumps(found | {"done": soak.story.done}, default=str), file=sys.stderr, flush=True)
    if given.markdown:
        print(section(given, soak.story, found), flush=True)
    good = not (found["violations"] or found["bought twice"] or found["left at work"] or soak.story.silent_jobs)
    good = good and soak.story.most_unanswered < UNANSWERED_MAX
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

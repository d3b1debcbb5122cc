"""Kill to resume, and refund to visible: `python bench/recovery.py [--kills 200] [--refunds 100] [--markdown]`.

A PostgreSQL of its own, four workers with light work. A worker that holds running tries is killed with SIGKILL; the time
counts from the signal until each of its tries runs again in another worker, and a replacement is started. Then projects are
made to fail, and the time counts from the moment written in the refunding transaction until a program at the JSON API, and a
page told by its live stream, show the refund. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx

from bench.farm import NEVER_BRIEFED, Farm, percentile, worker_named
from bench.web import signed_in

LOOK = 0.02
"""Seconds between two looks at the tables: how exact a time to resume is."""
POLL = 0.05
"""Seconds between two questions of the polling program."""
ITEMS = 12
AT_LEAST_QUEUED = 8
SPARE = 2
"""Workers beyond the number asked for, so that the next kill need not wait until a replacement has started."""
SELLER = "bench@example.com"
BY_SCRIPT = {"HX-Request": "true"}
"""What the page's own script sends when it asks for its living part."""
RETURNED = "credits are back in your balance"


class Kills:
    """The first part. `resumed` has the seconds of each try, `last` of the last try of each kill."""

    def __init__(self, farm: Farm, workers: int, seed: int) -> None:
        from elistit.accounts.models import User

        self.farm, self.target = farm, workers
        self.chance = random.Random(seed)
        self.seller = User.objects.get(email=SELLER)
        self.resumed: list[float] = []
        self.last: list[float] = []
        self.what: Counter[str] = Counter()
        self.orders = 0
        self.enough = threading.Event()

    def run(self, kills: int) -> None:
        for _ in range(self.target + SPARE):
            self.farm.worker()
        while len(self.last) < kills and not self.enough.is_set():
            self._feed()
            if victim := self._victim():
                self._kill(*victim)
                if len(self.last) % 10 == 0:
                    say(
                        f"{len(self.last)} kills, p50 {percentile(self.resumed, 0.5):.2f} s, most {max(self.resumed):.2f} s"
                    )
            time.sleep(0.1)

    def _feed(self) -> None:
        """Keep tries at hand: a project whenever few pictures are left to be made."""
        from elistit.actions import commands
        from elistit.projects.models import Item

        if Item.objects.filter(state="pending", job__status__in=["QUEUED", "RUNNING"]).count() < AT_LEAST_QUEUED:
            self.orders += 1
            commands.launch(
                self.seller, commands.LaunchSpec("sticker", "foxes", ITEMS), idempotency_key=f"kill:{self.orders}"
            )

    def _victim(self) -> tuple[subprocess.Popen[bytes], dict[int, int]] | None:
        """A worker with running tries, and their starts; None until all workers are up. A try that has lost a worker already
        is left in peace: after two deaths it would rightly be run alone (rules §6), which is another time than this one."""
        from elistit.chain.models import Attempt, Worker

        beating = Worker.objects.filter(draining=False).values_list("pk", flat=True)
        up = [w for w in self.farm.workers if any(worker_named(w) in name for name in beating)]
        if len(up) < self.target:
            return None
        open_tries = Attempt.objects.filter(note=False, ended_at=None)
        found = []
        for worker in up:
            tries = dict(open_tries.filter(worker__contains=worker_named(worker)).values_list("pk", "starts"))
            if tries and set(tries.values()) == {1}:
                found.append((worker, tries))
        return self.chance.choice(found) if found else None

    def _kill(self, victim: subprocess.Popen[bytes], tries: dict[int, int]) -> None:
        from elistit.chain.models import Attempt

        name = worker_named(victim)
        at = self.farm.kill(victim)
        held = dict(Attempt.objects.filter(worker__contains=name, note=False, ended_at=None).values_list("pk", "stage"))
        self.farm.worker()
        self.what.update(held.values())
        waiting = set(held)
        until = at + 60
        while waiting and time.monotonic() < until:
            again = Attempt.objects.filter(pk__in=waiting).exclude(starts=1, ended_at=None).values_list("pk", flat=True)
            now = time.monotonic()
            for pk in list(again):
                waiting.discard(pk)
                self.resumed.append(now - at)
            time.sleep(LOOK)
        if waiting:
            raise SystemExit(f"{len(waiting)} tries were not resumed within 60 s: {sorted(waiting)}")
        if held:
            self.last.append(self.resumed[-1])


class Refunds:
    """The second part. Seconds from the moment in the job's row to being seen."""

    def __init__(self, farm: Farm) -> None:
        from elistit.accounts import links
        from elistit.accounts.models import ApiKey, User

        self.seller = User.objects.get(email=SELLER)
        self.url = farm.web()
        self.key = ApiKey.issue(self.seller)
        self.cookies = signed_in(self.url, links.address(links.make_link(self.seller), self.url))
        self.api: list[float] = []
        self.page: list[float] = []

    def run(self, count: int) -> None:
        from elistit.actions import commands
        from elistit.projects.models import Job

        for n in range(count):
            project = commands.launch(
                self.seller,
                commands.LaunchSpec("sticker", NEVER_BRIEFED, ITEMS, confirm_not_drawn=True),
                idempotency_key=f"refund:{n}",
            )
            seen: dict[str, float] = {}
            watchers = [
                threading.Thread(target=self._ask, args=(project.pk, seen)),
                threading.Thread(target=self._listen, args=(project.pk, seen)),
            ]
            for watcher in watchers:
                watcher.start()
            for watcher in watchers:
                watcher.join(60)
            ended = Job.objects.get(project=project).ended_at
            if set(seen) != {"api", "page"} or ended is None:
                raise SystemExit(f"The refund of {project.pk} was not seen by everybody: {sorted(seen)}")
            self.api.append(seen["api"] - ended.timestamp())
            self.page.append(seen["page"] - ended.timestamp())
            if (n + 1) % 20 == 0:
                say(
                    f"{n + 1} refunds, API p50 {percentile(self.api, 0.5):.2f} s, page p50 {percentile(self.page, 0.5):.2f} s"
                )

    def _ask(self, project: str, seen: dict[str, float]) -> None:
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=30) as client:
            until = time.monotonic() + 50
            while time.monotonic() < until:
                job: dict[str, Any] = client.get(f"/api/v1/projects/{project}").raise_for_status().json()["job"]
                if job["status"] == "FAILED" and job["refunded"] == job["charged"] > 0:
                    seen["api"] = time.time()
                    return
                time.sleep(POLL)

    def _listen(self, project: str, seen: dict[str, float]) -> None:
        from elistit.studio import streams

        client = httpx.Client(base_url=self.url, cookies=self.cookies, timeout=httpx.Timeout(30, read=50))
        with client, client.stream("GET", streams.address(project)) as stream:
            for line in stream.iter_lines():
                # The page is asked for at the opening too: what happened before it was watched is not said again.
                if line.startswith("event:"):
                    page = client.get(f"/projects/{project}/live/", headers=BY_SCRIPT).raise_for_status().text
                    if "failure-title" in page and RETURNED in page:
                        seen["page"] = time.time()
                        return


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def told(kills: Kills, refunds: Refunds, workers: int) -> str:
    """The section for the figures."""
    rows = [
        (f"each of {len(kills.resumed)} tries of {len(kills.last)} killed workers runs again", kills.resumed),
        ("the last try of a killed worker runs again", kills.last),
        (
            f"a refund is seen by a program that asks the API every {POLL * 1000:.0f} ms ({len(refunds.api)})",
            refunds.api,
        ),
        (f"a refund is on the page that its live stream moved ({len(refunds.page)})", refunds.page),
    ]
    table = "\n".join(
        f"| {what} | {percentile(v, 0.5):.2f} s | {percentile(v, 0.95):.2f} s | {percentile(v, 0.99):.2f} s | {max(v):.2f} s |"
        for what, v in rows
        if v
    )
    words = (
        f"`python bench/recovery.py --kills {len(kills.last)} --refunds {len(refunds.api)}` — {workers} to {workers + SPARE} workers "
        "on PostgreSQL, light work; SIGKILL of one that holds running tries, a replacement started each time; lease 6 s. Refunds "
        "are counted from the moment written in their transaction, just before its commit."
    )
    return f"## Kill to resume, refund to visible\n{words}\n\n| | p50 | p95 | p99 | most |\n| --- | --: | --: | --: | --: |\n{table}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--refunds", type=int, default=100)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", action="store_true", help="print the section for the figures")
    given = parser.parse_args()
    more = {
        "LIGHT_SECONDS": "3",
        "LIGHT_CONCURRENCY": "4",
        "ELISTIT_API_PER_MINUTE": "100000",
        "ELISTIT_API_BURST": "10000",
    }
    with (
        tempfile.TemporaryDirectory(prefix="elistit-recovery-", ignore_cleanup_errors=True) as folder,
        Farm(Path(folder), **more) as farm,
    ):
        farm.use()
        from elistit.accounts.models import User
        from elistit.credits import audit, ledger

        seller = User.objects.create_user(SELLER)
        ledger.open_account(seller.pk)
        ledger.grant(seller.pk, 1_000_000, source="bench", idempotency_key="bench", reason="For the measurement")
        kills = Kills(farm, given.workers, given.seed)
        # Ends the killing early; what was measured is reported.
        signal.signal(signal.SIGTERM, lambda *_: kills.enough.set())
        kills.run(given.kills)
        say(f"what was resumed: {dict(kills.what)}")
        refunds = Refunds(farm)
        refunds.run(given.refunds)
        with contextlib.suppress(KeyError):
            say(f"audit: {'clean' if audit.run()['ok'] else 'BROKEN'}")
    print(told(kills, refunds, given.workers), flush=True)


if __name__ == "__main__":
    main()

"""Blows from all sides at once: `python bench/storm.py [--blows 200] [--pace 8] [--longest 90] [--seed 1]`.

Workers and a web server on a PostgreSQL of their own, light work, providers without a fault, sellers who approve, delete and
remake. Meanwhile the database and workers are stopped (SIGSTOP) for 5 s to `--longest`, workers, the web server's main
process, subprocesses of workers and whole process trees are killed (SIGKILL), the store is taken away for a few seconds, and
the disk of the data folder is filled to its last block and freed again. Since no provider fails, no job may. SQL of its own
judges beside `elistit audit --files` and the provider's own books. Prints a Markdown section; exits with 1 when a promise
broke. The full disk needs a file system of its own, mounted in memory; where mounting is not permitted that blow is left out,
and the section says so.
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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from bench.farm import Farm
from bench.lib import report
from bench.soak import Soak

LEAST_FREEZE = 5.0
STORE_AWAY = (2.0, 6.0)
"""Seconds the store is away: shorter than the retries of an attempt, so that it explains no failed job."""
DISK_FULL = (5.0, 30.0)
"""Seconds the disk stays full: longer than all retries of an attempt at this clock's speed, since waiting for room uses up none."""
DISK_MEGABYTES = 256
ORPHAN_SECONDS = 20.0
"""How long what a killed process left may take to end by itself."""

JUDGE = {
    "jobs failed": "SELECT count(*) FROM projects_job WHERE status = 'FAILED'",
    "jobs charged twice": (
        # A remake is charged to the job it belongs to, and names its item.
        "SELECT count(*) FROM (SELECT job FROM credits_credittransaction WHERE type = 'SPEND_CREDIT' AND item IS NULL"
        " GROUP BY job HAVING count(*) > 1) AS twice"
    ),
    "charges without a request of their own": (
        "SELECT count(*) FROM credits_credittransaction AS t LEFT JOIN projects_acceptedcharge AS c ON c.posting = t.id"
        " WHERE t.type = 'SPEND_CREDIT' AND c.posting IS NULL"
    ),
    "balances that are not the sum of their rows": (
        "SELECT count(*) FROM credits_creditaccount AS a WHERE balance <>"
        " (SELECT coalesce(sum(amount), 0) FROM credits_credittransaction AS t WHERE t.account_id = a.id)"
    ),
    "jobs without an end": "SELECT count(*) FROM projects_job WHERE ended_at IS NULL",
    "attempts counted as failed, but for the missing store": (
        "SELECT count(*) FROM pipeline_attempt WHERE NOT note AND outcome NOT IN ('made', '', 'stopped') AND counted"
        " AND reason NOT LIKE '%stor%'"
    ),
    "attempts said to have crashed": "SELECT count(*) FROM pipeline_attempt WHERE outcome = 'crashed'",
}
"""What must be zero at the end, in the database's own words."""


class Storm(Soak):
    """Load as in the soak, and blows by a thread of its own that never asks the database."""

    def __init__(self, farm: Farm, given: argparse.Namespace) -> None:
        super().__init__(farm, given)
        self.blows = 0
        self.away: set[int] = set()
        self.store_away = self.database_frozen = self.disk_full = False
        self.left: set[psutil.Process] = set()
        self.load: list[float] = []
        self.timers: list[threading.Timer] = []

    def trouble(self) -> None:
        """Nothing: the blows come from `strike`."""

    def share(self) -> float:
        """Orders are held back by the number of projects alone: processes come and go too fast to add their time up."""
        return 0.0

    def sample(self) -> None:
        """Nothing: memory is the soak's."""

    def order(self) -> None:
        """As in the soak; a full disk refuses the order, which must cost nothing (the judge counts charges)."""
        from elistit.projects.errors import StudioFull

        try:
            super().order()
        except StudioFull:
            self.story.done["orders refused while the disk was full"] += 1

    def strike(self) -> None:
        """All blows, one every `pace` seconds; sets `stop` at the end."""
        kinds: list[tuple[int, Callable[[], str | None]]] = [
            (3, self._freeze_worker), (2, self._freeze_database), (3, self._kill_worker), (2, self._kill_web),
            (2, self._kill_child), (2, self._kill_tree), (1, self._take_store_away), (1, self._fill_disk),
        ]  # fmt: skip
        while self.blows < self.given.blows and not self.stop.wait(self.given.pace * self.chance.uniform(0.5, 1.5)):
            self.load.append(os.getloadavg()[0])
            self._replace_dead()
            act = self.chance.choices([k for _, k in kinds], [weight for weight, _ in kinds])[0]
            name = None
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended by itself just before
                name = act()
            if name:
                self.blows += 1
                self.story.done[name] += 1
                report.say(f"blow {self.blows}: {name}")
        for timer in self.timers:
            timer.join()
        self._replace_dead()
        self.stop.set()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()
        self.timers.append(timer)

    def _freeze(self, processes: list[psutil.Process], thawed: Callable[[], None]) -> None:
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.suspend()

        def thaw() -> None:
            for process in processes:
                with contextlib.suppress(psutil.Error):
                    process.resume()
            thawed()

        self._later(self.chance.uniform(LEAST_FREEZE, self.given.longest), thaw)

    def _whole(self) -> list[subprocess.Popen[bytes]]:
        return [w for w in self.farm.workers if w.poll() is None and w.pid not in self.away]

    def _freeze_worker(self) -> str | None:
        if len(self._whole()) < 2:
            return None
        victim = self.chance.choice(self._whole())
        self.away.add(victim.pid)
        self._freeze([psutil.Process(victim.pid)], lambda: self.away.discard(victim.pid))
        return "worker stopped"

    def _freeze_database(self) -> str | None:
        if self.database_frozen:
            return None
        self.database_frozen = True

        def thawed() -> None:
            self.database_frozen = False

        self._freeze(self.farm.database.processes(), thawed)
        return "PostgreSQL stopped"

    def _kill_worker(self) -> str | None:
        if not (up := self._whole()):
            return None
        victim = self.chance.choice(up)
        self._remember(victim)
        self.farm.kill(victim)
        self.farm.worker()
        return "worker killed"

    def _kill_tree(self) -> str | None:
        if not (up := self._whole()):
            return None
        victim = self.chance.choice(up)
        for child in self._remember(victim):
            with contextlib.suppress(psutil.Error):
                child.kill()
        self.farm.kill(victim)
        self.farm.worker()
        return "worker killed with all its subprocesses"

    def _kill_child(self) -> str | None:
        children = [c for w in self._whole() for c in psutil.Process(w.pid).children(recursive=True)]
        if not children:
            return None
        with contextlib.suppress(psutil.Error):
            self.chance.choice(children).kill()
        return "subprocess of a worker killed"

    def _kill_web(self) -> str | None:
        if not (up := [o for o in self.farm.others if o.poll() is None]):
            return None
        victim = self.chance.choice(up)
        self._remember(victim)
        victim.kill()
        victim.wait()
        self.farm.others.remove(victim)
        self._start_web()
        return "web main process killed"

    def _take_store_away(self) -> str | None:
        place = Path(self.farm.env["ELISTIT_DATA"]) / "files"
        if self.store_away or not place.is_dir():
            return None
        hidden = place.with_name("files.away")
        self.store_away = True
        place.rename(hidden)
        place.touch()  # so that nobody makes an empty store meanwhile

        def back() -> None:
            place.unlink()
            hidden.rename(place)
            self.store_away = False

        self._later(self.chance.uniform(*STORE_AWAY), back)
        return "store taken away"

    def _fill_disk(self) -> str | None:
        folder = Path(self.farm.env["ELISTIT_DATA"])
        if self.disk_full or not os.path.ismount(folder):
            return None
        self.disk_full = True
        filler = folder / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))

        def free() -> None:
            filler.unlink()
            self.disk_full = False

        self._later(self.chance.uniform(*DISK_FULL), free)
        return "disk filled"

    def _remember(self, parent: subprocess.Popen[bytes]) -> list[psutil.Process]:
        """The subprocesses of what is about to be killed: they must end by themselves."""
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(parent.pid).children(recursive=True)
            self.left.update(children)
            return children
        return []

    def _start_web(self) -> None:
        """Without waiting until it answers: the database may be away."""
        with (self.farm.folder / "web.err").open("ab") as errors:
            command = [sys.executable, "-m", "elistit.cli", "web", "--port", str(self.given.port)]
            process = subprocess.Popen(command, env=self.farm.env, stdout=subprocess.DEVNULL, stderr=errors)
        self.farm.others.append(process)

    def _replace_dead(self) -> None:
        """What ended by itself is started again, as a supervisor would; it is counted."""
        for worker in [w for w in self.farm.workers if w.poll() is not None]:
            self.farm.workers.remove(worker)
            self.farm.worker()
            self.story.done["workers that ended by themselves and were started again"] += 1
        for web in [o for o in self.farm.others if o.poll() is not None]:
            self.farm.others.remove(web)
            self._start_web()
            self.story.done["web servers that ended by themselves and were started again"] += 1

    def orphans(self) -> list[str]:
        """What killed processes left, and is still there after a while."""
        until = time.monotonic() + ORPHAN_SECONDS
        while (alive := [p for p in self.left if _alive(p)]) and time.monotonic() < until:
            time.sleep(0.5)
        return [" ".join(p.cmdline())[:80] for p in alive if _alive(p)]


def _alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system in memory at `folder`, where mounting is permitted."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=700", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and not subprocess.run(command, capture_output=True, check=False).returncode
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def judge(storm: Storm) -> dict[str, Any]:
    """What must be zero, by SQL, by the auditor, by the provider's books and by the table of processes."""
    from django.db import connection

    from tests.recovery.till import Till

    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name, sql in JUDGE.items():
            cursor.execute(sql)
            found[name] = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT outcome, reason, right(detail, 400), count(*) FROM pipeline_attempt WHERE NOT note AND"
            " outcome NOT IN ('made', '') GROUP BY 1, 2, 3"
        )
        for row in cursor.fetchall():
            report.say("attempts that were not made:", *row)
    found["images bought twice"] = len(Till(Path(storm.farm.env["TILL"])).bought_twice())
    answer = storm.farm.cli("audit", "--files", "--json")
    with contextlib.suppress(ValueError):
        checks = json.loads(answer.stdout)["checks"]
        found["violations of the audit"] = sum(len(c["violations"]) for c in checks)
        for check in checks:
            for violation in check["violations"]:
                report.say("audit:", check["name"], violation)
    found.setdefault("violations of the audit", f"not known: exit {answer.returncode} {answer.stderr[-300:]}")
    orphans = storm.orphans()
    for words in orphans:
        report.say("orphan:", words)
    found["orphaned processes"] = len(orphans)
    return found


def told(storm: Storm, found: dict[str, Any]) -> None:
    done = storm.story.done
    blows = [
        (name, count)
        for name, count in sorted(done.items())
        if name.endswith(("stopped", "killed", "away", "filled", "subprocesses", "again"))
    ]
    acts = (
        "launched",
        "orders refused while the disk was full",
        "approved",
        "remade",
        "deleted at the gate",
        "deleted under way",
    )
    others = [(name, done[name]) for name in acts]
    load = f"{min(storm.load):.1f} to {max(storm.load):.1f}" if storm.load else "unknown"
    given = storm.given
    report.section(
        "A storm of blows",
        f"`python bench/storm.py --blows {storm.blows} --pace {given.pace:g} --longest {given.longest:g} --seed {given.seed}` — "
        f"{given.workers} workers and a web server on PostgreSQL, light work, no provider fault; {os.cpu_count()} cores, load "
        f"{load}. Stopped means SIGSTOP for {LEAST_FREEZE:g} to {given.longest:g} s, killed SIGKILL. "
        + (
            f"The disk stays full for {DISK_FULL[0]:g} to {DISK_FULL[1]:g} s."
            if done["disk filled"]
            else "No disk was filled: mounting is not permitted here, or the run was short."
        ),
        report.table(("blows and load", ""), [*blows, *others]),
        report.table(("must be 0", ""), [(name, f"**{count}**") for name, count in found.items()]),
    )  # fmt: skip


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("--blows", type=int, default=200)
    ask.add_argument("--pace", type=float, default=8.0, help="seconds between two blows, on average")
    ask.add_argument("--longest", type=float, default=90.0, help="most seconds a process is stopped")
    ask.add_argument("--workers", type=int, default=3)
    ask.add_argument("--projects", type=int, default=6, help="projects at work at once")
    ask.add_argument(
        "--cores", type=float, default=2.0, help="no new orders while more processor time than this is used"
    )
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--port", type=int, default=random.SystemRandom().randint(20_000, 30_000))
    ask.add_argument("--markdown", action="store_true", help="taken for uniformity: the section is always printed")
    given = ask.parse_args()
    given.minutes, given.cores = 24 * 60.0, 1.0  # ends with the last blow, and see `share`
    place = Path(tempfile.mkdtemp(prefix="elistit-storm-"))
    try:
        with small_disk(place / "data"), Farm(place, ELISTIT_CLOCK_SPEED="20", LIGHT_SECONDS="0.5") as farm:
            farm.use()
            storm = Storm(farm, given)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: storm.stop.set())
            storm.enroll()
            for _ in range(given.workers):
                farm.worker()
            storm._start_web()
            threading.Thread(target=storm.strike, daemon=True).start()
            storm.run()
            found = judge(storm)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    told(storm, found)
    return 0 if all(count == 0 for count in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

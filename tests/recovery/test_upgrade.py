"""An installation is upgraded or rolled back in the midst of its work: what one version has begun, the other finishes (rules §6).

Versions are the real ones, from this repository's own history: the last before `pipeline/` was split into packages, and the one
released last. The first makes its own tables, books its own launches, queues its own work, and is killed in the middle of every stage.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from .till import Till

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]
BEFORE = "1c1c023"
"""The last commit before the move."""
UNTAGGED = "3c0032cb"
"""Stands for the version released last where no tag does."""
LONG = 120
HELD_AT = ("briefing", "buying", "processing", "delivering", "listing", "drafting")
AFTER_THE_GATE = HELD_AT[2:]
AT_THE_GATE = ("at the gate", "fail once")


def released_last() -> str:
    """The newest tag behind this commit, or the commit that stands for it."""
    tag = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "HEAD^"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return tag.stdout.strip() or UNTAGGED


@pytest.fixture
def trees(tmp_path: Path) -> Callable[[str], Path]:
    """The tree of a version; HEAD is this one. Skips where this copy of the repository doesn't reach back so far."""

    def tree(version: str) -> Path:
        if version == "HEAD":
            return ROOT
        git = subprocess.run(["git", "archive", "--format=tar", version], cwd=ROOT, capture_output=True, check=False)
        if git.returncode:
            pytest.skip(f"the history here does not hold {version} (a shallow clone, or no repository)")
        folder = tmp_path / version
        with tarfile.open(fileobj=io.BytesIO(git.stdout)) as archive:
            archive.extractall(folder, filter="data")
        return folder

    return tree


class Installation:
    """One installation's data and database, and the processes of either version that work on it."""

    def __init__(self, folder: Path, address: str, picture: Path) -> None:
        self.folder, self.address = folder, address
        self.held = folder / "held"
        self.held.mkdir()
        self.till = Till(folder / "till")
        self.processes: list[subprocess.Popen[str]] = []
        self.env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "elistit.settings", "ELISTIT_DATA": str(folder / "data"),
            "DATABASE_URL": address, "WORK_LOG": str(folder / "work.log"), "PICTURE": str(picture),
            "TILL": str(self.till.file), "HELD": str(self.held), "ELISTIT_LOG": "ERROR",
        }  # fmt: skip

    def _process(self, tree: Path, *args: str, **env: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/recovery/upgrade_driver.py"), *args],
            env={**self.env, "PYTHONPATH": f"{tree / 'src'}:{tree / 'packages/artist/src'}:{tree}", **env}, cwd=self.folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=(self.folder / f"{len(self.processes)}.err").open("w"),
        )  # fmt: skip
        self.processes.append(process)
        return process

    def seller(self, tree: Path) -> Callable[..., Any]:
        process = self._process(tree)
        assert process.stdin and process.stdout

        def act(*what: str) -> Any:
            process.stdin.write(json.dumps(what) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, self.errors()
            return json.loads(line)

        return act

    def worker(self, tree: Path, **env: str) -> subprocess.Popen[str]:
        return self._process(tree, "worker", **env)

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What the tables themselves say."""
        if self.address.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(self.address.removeprefix("sqlite:///"), timeout=30)) as database:
                return database.execute(question).fetchall()
        with psycopg.connect(self.address, autocommit=True) as database:
            return database.execute(question).fetchall()  # type: ignore[arg-type]

    def stages(self) -> dict[str, str]:
        return dict(self.rows("SELECT public_id, stage FROM projects_project"))

    def wait(self, what: Callable[[], object], why: str) -> None:
        until = time.monotonic() + LONG
        while not what():
            assert time.monotonic() < until, f"waited for {why}: {self.stages()}\n{self.errors()}"
            time.sleep(0.1)

    def errors(self) -> str:
        return "\n".join(p.read_text()[-3000:] for p in self.folder.glob("*.err"))

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def installation(tmp_path: Path, picture: Path, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An empty database of the kind these tests run on, untouched by any version."""
    (tmp_path / "data").mkdir()
    name = f"upgrade_{uuid.uuid4().hex[:8]}"
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        file = tmp_path / "data" / "elistit.sqlite3"
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA journal_mode=WAL")
        address = f"sqlite:///{file}"
    else:
        with psycopg.connect(given, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
            address = urlsplit(given)._replace(path=f"/{name}").geturl()
        assert address != given
    installed = Installation(tmp_path, address, picture)
    yield installed
    installed.stop()
    if given.startswith("postgres"):
        with psycopg.connect(given, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]


def held_everywhere(here: Installation, before: Path) -> dict[str, str]:
    """Have a version begin work and die: one project in the middle of each stage, one at the gate, one that waits
    for its next attempt, one that nobody has begun. Each project by its idea."""
    seller = here.seller(before)
    seller("migrate")
    seller("join")
    projects = {idea: seller("launch", idea) for idea in (*(f"hold {s}" for s in HELD_AT), *AT_THE_GATE)}
    worker = here.worker(before, HOLDS="1")
    held = {projects[f"hold {s}"] for s in AFTER_THE_GATE}
    waiting = held | {projects[idea] for idea in AT_THE_GATE}
    here.wait(lambda: all(here.stages()[p] == "awaiting_approval" for p in waiting), "the gate")
    for project in held:
        seller("approve", project)
    names = {f"hold-{s}" for s in HELD_AT}
    here.wait(lambda: names <= {p.name for p in here.held.iterdir()}, "every stage to be reached")
    seller("approve", projects["fail once"])
    here.wait(lambda: here.rows("SELECT 1 FROM pipeline_attempt WHERE outcome = 'transient'"), "a failed attempt")
    worker.kill()
    worker.wait()
    projects["not begun"] = seller("launch", "not begun")
    return projects


PAIRS = [
    # The long way is gone once: it costs half a minute of processor time.
    (released_last() if os.environ.get("DATABASE_URL", "").startswith("postgres") else BEFORE, "HEAD"),
    ("HEAD", released_last()),
]


@pytest.mark.parametrize(("first", "then"), PAIRS)
def test_an_upgrade_and_a_rollback_in_the_midst_of_work_finish_everything_and_keep_the_books(
    installation: Installation, trees: Callable[[str], Path], first: str, then: str
) -> None:
    here, before, after = installation, trees(first), trees(then)
    projects = held_everywhere(here, before)
    stood = {idea: here.stages()[project] for idea, project in projects.items()}
    assert stood == {
        "hold briefing": "briefing", "hold buying": "generating", "hold processing": "processing",
        "hold delivering": "delivering", "hold listing": "listing", "hold drafting": "drafting",
        "at the gate": "awaiting_approval", "fail once": "processing", "not begun": "queued",
    }  # fmt: skip
    paid = here.rows("SELECT count(*), sum(amount) FROM credits_credittransaction WHERE type = 'SPEND_CREDIT'")

    seller = here.seller(after)
    if after == ROOT:
        seller("migrate")
    balance = seller("balance")
    for idea, project in projects.items():
        assert seller("launch", idea) == project, "a key that the version before has answered is answered the same"
    assert seller("balance") == balance

    worker = here.worker(after, ELISTIT_CLOCK_SPEED="20")
    approved: set[str] = set()

    def all_done() -> bool:
        assert worker.poll() is None, here.errors()
        stages = here.stages()
        for project, stage in stages.items():
            if stage == "awaiting_approval" and project not in approved:
                approved.add(seller("approve", project))
        return set(stages.values()) == {"completed"}

    here.wait(all_done, "everything to be finished")
    assert projects["at the gate"] in approved
    assert here.rows("SELECT count(*) FROM projects_job WHERE status <> 'SUCCEEDED'") == [(0,)]
    assert here.rows("SELECT count(*), sum(amount) FROM credits_credittransaction WHERE type = 'SPEND_CREDIT'") == paid
    assert here.rows("SELECT count(*) FROM credits_credittransaction WHERE type = 'REFUND_CREDIT'") == [(0,)]
    assert seller("balance") == balance
    for version in (after, ROOT):
        audited = here.seller(version)("audit")
        assert audited["ok"], audited
    assert here.till.sales() == 2 * len(projects) and not here.till.bought_twice() and not here.till.asked_again()
    begun_again = here.rows(
        "SELECT DISTINCT p.idea, a.stage FROM pipeline_attempt a JOIN projects_job j ON j.public_id = a.job_id"
        " JOIN projects_project p ON p.public_id = j.project_id WHERE a.starts > 1 AND NOT a.note"
    )
    doing = {"hold buying": "generating"}
    expected = {(f"hold {s}", doing.get(f"hold {s}", s)) for s in HELD_AT}
    assert set(begun_again) == expected, "only what was held was begun a second time"
    assert here.rows("SELECT max(number) FROM pipeline_attempt") == [(2,)], "and only the failure used an attempt up"

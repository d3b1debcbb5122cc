"""A full disk, injected: what costs is refused before anything is charged, what is there can be read, work waits."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from elistit.actions import commands
from elistit.chain import attempts, disk_space, due
from elistit.chain.attempt_key import AttemptKey
from elistit.credits import ledger
from elistit.ports import Made, Outcome
from elistit.projects.errors import StudioFull
from elistit.projects.models import Job, Project
from elistit.support import queues
from tests.conformance.conftest import World

from .conftest import ORDER, Caller, problem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def looked_at_anew() -> Iterator[None]:
    disk_space.forget()
    yield
    disk_space.forget()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the error number every write of a probe meets; 0 for none."""
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    real = disk_space._write_and_remove

    def be(number: int) -> None:
        def write(folder: Path) -> None:
            if number:
                raise OSError(number, "no")
            real(folder)

        monkeypatch.setattr(disk_space, "_write_and_remove", write)
        disk_space.forget()

    return be


def orders() -> tuple[int, int]:
    return Job.objects.count(), Project.objects.count()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_launch_is_refused_before_anything_is_charged(
    api: Caller, world: World, disk: Callable[[int], None], number: int
) -> None:
    first = api.post("/projects", ORDER, Idempotency_Key="first").json()
    before, had = ledger.balance(api.user.pk), orders()
    disk(number)
    said = problem(api.post("/projects", ORDER, Idempotency_Key="second"), "disk-full", 503)
    assert "disk is full" in said["detail"]
    assert "You weren't charged" in said["detail"]
    assert (ledger.balance(api.user.pk), orders()) == (before, had)
    # What was ordered before is answered as it was, and can be read.
    again = api.post("/projects", ORDER, Idempotency_Key="first")
    assert (again.status_code, again.json()["public_id"]) == (201, first["public_id"])
    assert api.get("/credits").status_code == 200
    disk(0)
    assert api.post("/projects", ORDER, Idempotency_Key="second").status_code == 201


def test_ready_says_why_not_and_pages_stay_ready(
    client: Client, disk: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "reachable", lambda: True)
    disk(errno.ENOSPC)
    said = client.get("/readyz")
    assert said.status_code == 503
    assert (said.json()["disk"], said.json()["reason"]) == (False, "The studio's disk is full.")
    pages = client.get("/readyz?pages")
    assert (pages.status_code, pages.json()["disk"]) == (200, False)
    disk(0)
    assert "disk" not in client.get("/readyz").json()


def test_a_probe_leaves_nothing_and_is_kept_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(settings.DATA_DIR)
    data.mkdir(parents=True, exist_ok=True)
    before, looks = set(data.rglob("*")), []
    monkeypatch.setattr(disk_space, "_try_data", lambda: looks.append(1) or "")
    assert [disk_space.problem() for _ in range(20)] == [""] * 20
    assert len(looks) == 1
    assert {p for p in data.rglob("*") if "probe" in p.name} == {p for p in before if "probe" in p.name}


def test_a_probe_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal, sys; from elistit.chain import disk_space\n"
        "disk_space.os.fsync = lambda number: (print(os.fstat(number).st_size, flush=True), os.kill(os.getpid(), signal.SIGKILL))\n"
        "disk_space._write_and_remove(pathlib.Path(sys.argv[1]))\n"
    )
    setup = f"import django; django.setup()\n{program}"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "elistit.settings", "ELISTIT_DATA": str(tmp_path / "data")}
    folder = tmp_path / "probed"
    folder.mkdir()
    killed = subprocess.run(
        [sys.executable, "-c", setup, str(folder)], env=env, capture_output=True, text=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert killed.stdout == f"{disk_space.PROBE_BYTES}\n", "it was killed with all of it written"
    assert list(folder.iterdir()) == []


def test_a_database_that_runs_full_in_the_launch_says_so_and_charges_nothing(api: Caller, world: World) -> None:
    """The real error of the real database: SQLite at its page limit, PostgreSQL's SQLSTATE 53100 from a trigger."""
    ledger.grant(api.user.pk, 1000, source="test", idempotency_key="more", reason="For the test")
    order = {"product": "svg", "idea": "woodland animals in a clearing, " * 9, "count": 1}
    free = fill_database()
    try:
        for number in range(200):  # the first ones may fit in what pages have left
            before, had = ledger.balance(api.user.pk), orders()
            answer = api.post("/projects", order, Idempotency_Key=f"k{number}")
            if answer.status_code != 201:
                break
        said = problem(answer, "disk-full", 503)
        assert "You weren't charged" in said["detail"]
        with pytest.raises(StudioFull, match="You weren't charged"):
            commands.launch(api.user, commands.LaunchSpec(**order), idempotency_key="other")
        assert api.get("/credits").json()["balance"] == before
    finally:
        free()
    assert (ledger.balance(api.user.pk), orders()) == (before, had)
    assert api.post("/projects", order, Idempotency_Key=f"k{number}").status_code == 201


def fill_database() -> Callable[[], None]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute("CREATE TABLE fill (t TEXT)")
            cursor.execute(f"PRAGMA max_page_count = {pages + 2}")
            try:
                for size in (4000, 100):
                    while True:
                        cursor.execute("INSERT INTO fill VALUES (hex(randomblob(%s)))", [size // 2])
            except OperationalError:
                pass
            try:
                while True:
                    cursor.execute("INSERT INTO fill VALUES ('x')")
            except OperationalError:
                pass
        # Every page has a little room left: an order needs new pages for its rows and their indexes.

        def free() -> None:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA max_page_count = 1073741823")
                cursor.execute("DROP TABLE fill")

        return free
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
        )
        cursor.execute("CREATE TRIGGER fill BEFORE INSERT ON projects_job FOR EACH ROW EXECUTE FUNCTION fill()")

    def drop() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER fill ON projects_job")
            cursor.execute("DROP FUNCTION fill()")

    return drop


def test_work_that_meets_a_full_disk_waits_and_goes_on_without_a_failed_attempt(
    api: Caller, world: World, disk: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = api.launch()
    job = Job.objects.get(project_id=launched["public_id"])
    [key] = due.due(job.pk) or due.start(job.pk)
    disk(errno.ENOSPC)
    done, slept = [], []

    def work(this: AttemptKey, job: Job) -> Outcome:
        done.append(this)
        if len(done) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return Made()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        disk(0)

    monkeypatch.setattr(disk_space.time, "sleep", sleep)
    assert isinstance(attempts.run(key, "w", work), Made)
    assert len(done) == 2
    assert slept


def test_an_error_that_only_looks_like_it_is_not_waited_for(api: Caller, world: World) -> None:
    assert not disk_space.waited_for_room(OSError(errno.ENOSPC, "of a quota no probe meets"))
    assert not disk_space.waited_for_room(ValueError("a bug"))


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "full"), True),
        (sqlite3.OperationalError("database or disk is full"), True),
        (psycopg.errors.DiskFull("no"), True),
        (OSError(errno.EACCES, "no"), False),
        (sqlite3.OperationalError("database is locked"), False),
        (psycopg.errors.UniqueViolation("no"), False),
    ],
)
def test_what_counts_as_full(error: Exception, full: bool) -> None:
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = error
    assert (disk_space.is_full(error), disk_space.is_full(wrapped)) == (full, full)

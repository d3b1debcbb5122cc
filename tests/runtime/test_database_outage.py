"""An outage of the database costs nobody a try, and everything else is told as it is (rules §6)."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import psycopg_pool
import pytest
import sqlalchemy
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction

from elistit import database_outage, ports
from elistit.chain import attempt_key, attempts, due
from elistit.chain.models import Attempt, Worker
from elistit.ports import FixedClock, Made
from elistit.projects.models import Job
from tests.conformance.conftest import World


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_outage, "PAUSES", (0.0,))


def lost() -> OperationalError:
    """What Django raises when the server goes away under a query."""
    error = OperationalError("consuming input failed")
    error.__cause__ = psycopg.OperationalError("consuming input failed")
    return error


def with_state(state: str) -> OperationalError:
    error = OperationalError(state)
    error.__cause__ = psycopg.errors.lookup(state)(state)
    return error


def with_sqlite(sql: str) -> OperationalError:
    """What Django raises for a statement that SQLite itself refuses."""
    error = OperationalError(sql)
    with contextlib.closing(sqlite3.connect(":memory:")) as books:
        try:
            books.execute(sql)
        except sqlite3.Error as refused:
            error.__cause__ = refused
    return error


def test_it_waits_as_long_as_the_database_is_away(transactional_db: None) -> None:
    left = [lost(), lost(), with_state("57P03")]

    def act() -> str:
        if left:
            raise left.pop()
        return "done"

    assert database_outage.retry_while_down(act) == "done"


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("twice"),
        ValueError("no"),
        OperationalError("database is locked"),
        with_state("57014"),
        with_state("22001"),
        with_state("XX000"),
        with_sqlite("SELECT * FROM nowhere"),
    ],
)
def test_everything_else_is_raised_at_once(transactional_db: None, error: Exception) -> None:
    asked = []

    def act() -> None:
        asked.append(1)
        raise error

    with pytest.raises(type(error)):
        database_outage.retry_while_down(act)
    assert asked == [1]


def test_inside_a_transaction_nothing_is_repeated(db: None) -> None:
    asked = []

    def act() -> None:
        asked.append(1)
        raise lost()

    with pytest.raises(OperationalError):
        database_outage.retry_while_down(act)
    assert asked == [1]


def test_the_drivers_own_error_is_found_behind_djangos_and_the_engines() -> None:
    closed = InterfaceError("the connection is closed")
    closed.__cause__ = psycopg.InterfaceError("the connection is closed")
    engines = sqlalchemy.exc.OperationalError("SELECT 1", {}, psycopg.OperationalError("connection is bad"))
    assert database_outage.is_outage(closed) and database_outage.is_outage(engines)
    assert database_outage.is_outage(with_state("40P01"))


@pytest.mark.parametrize("state", [*(s for s in database_outage.OUTAGES if len(s) == 5), "08006", "08P01"])
def test_every_outage_is_known_whatever_class_the_driver_gives_it(state: str) -> None:
    """25P03 and 25006 are internal errors to the driver, not operational ones."""
    drivers = psycopg.errors.lookup(state)(state) if state != "08P01" else psycopg.errors.ProtocolViolation(state)
    engines = sqlalchemy.exc.DBAPIError.instance("SELECT 1", {}, drivers, psycopg.Error)
    for error in (drivers, with_state(state), engines):
        assert database_outage.outage(error), error
    assert database_outage.outage(psycopg_pool.PoolTimeout("no connection after 30 s"))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a file's connection is never lost")
def test_what_follows_from_a_lost_connection_in_the_same_transaction_is_an_outage(transactional_db: None) -> None:
    """Django speaks for itself then, without the driver's error."""
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        Attempt.objects.count()
        connection.close()
        Attempt.objects.count()
    assert database_outage.is_outage(raised.value)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="what PostgreSQL does to a paused process")
def test_the_server_ends_a_paused_transaction_and_it_is_done_again(transactional_db: None) -> None:
    done = []

    def act() -> str:
        done.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            if len(done) == 1:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '100ms'")
                time.sleep(0.4)
            cursor.execute("SELECT 1")
        return "done"

    assert database_outage.retry_while_down(act) == "done"
    assert len(done) == 2


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only a server can be a standby")
def test_a_connection_to_a_server_that_became_read_only_is_never_used_again(transactional_db: None) -> None:
    """It must not only go back to the pool: after a failover it would come out of it again."""
    backends = []

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.append(cursor.fetchone()[0])
            if len(backends) == 1:
                cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        Worker.objects.create(pk="w", started_at=ports.now(), beat_at=ports.now())

    database_outage.retry_while_down(act)
    assert len(set(backends)) == len(backends) == 2
    assert Worker.objects.count() == 1


HOLDER = """
import sqlite3, sys
books = sqlite3.connect(sys.argv[1])
books.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a lock of a whole file")
def test_a_frozen_process_that_holds_sqlites_lock_is_waited_out(transactional_db: None) -> None:
    file = str(connection.settings_dict["NAME"])
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdin and holder.stdout and holder.stdout.readline() == b"held\n"
    errors = []

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        try:
            Worker.objects.create(pk="w", started_at=ports.now(), beat_at=ports.now())
        except OperationalError as error:
            errors.append(error)
            if len(errors) == 2:
                holder.kill()
                holder.wait()
            raise

    try:
        database_outage.retry_while_down(act)
    finally:
        holder.kill()
        holder.wait()
    assert len(errors) >= 2 and Worker.objects.count() == 1


def test_a_full_disk_of_sqlite_is_an_outage(tmp_path: Path) -> None:
    """By SQLite's own limit of pages, which it reports as it does a full disk."""
    with contextlib.closing(sqlite3.connect(tmp_path / "full.sqlite3", isolation_level=None)) as books:
        books.execute("CREATE TABLE t (x)")
        books.execute("PRAGMA max_page_count = 3")
        with pytest.raises(sqlite3.OperationalError) as full:
            books.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert "full" in (database_outage.outage(full.value) or "")


def test_the_start_of_an_attempt_whose_answer_was_lost_is_counted_once(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two starts of one attempt say that a worker died in it; a lost answer to a COMMIT is no death."""
    world = World(FixedClock())
    [this] = due.start(world.launch().jobs.get().pk)
    begin, answers = attempts.begin, [lost(), lost()]

    def answer_lost(*args: object, **named: object) -> object:
        job = begin(*args, **named)  # type: ignore[arg-type]
        if answers:
            raise answers.pop()
        return job

    monkeypatch.setattr(attempts, "begin", answer_lost)
    assert attempts.run(this, "w", world.work) is not None
    assert Attempt.objects.get(note=False).starts == 1


def test_a_try_that_loses_the_database_in_the_middle_does_its_work_again_as_the_same_try(
    transactional_db: None,
) -> None:
    world = World(FixedClock())
    project = world.launch()
    [this] = due.start(project.jobs.get().pk)
    done = []

    def work(this: attempt_key.AttemptKey, job: Job) -> Made:
        done.append(this.id)
        if len(done) == 1:
            connection.close()
            raise lost()
        return Made({"brief": {}, "items": []})

    assert isinstance(attempts.run(this, "w", work), Made)
    assert done == [this.id, this.id]
    attempt = Attempt.objects.get(note=False)
    assert (attempt.number, attempt.starts) == (1, 1)


def test_a_project_deleted_during_the_outage_is_left_alone(transactional_db: None) -> None:
    from elistit.projects import remove

    world = World(FixedClock())
    project = world.launch()
    [this] = due.start(project.jobs.get().pk)

    def work(this: attempt_key.AttemptKey, job: Job) -> Made:
        remove.delete(project.owner, project.pk)
        raise lost()

    assert attempts.run(this, "w", work) is None

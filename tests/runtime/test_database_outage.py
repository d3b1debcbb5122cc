"""An outage of the database costs nobody a try, and everything else is told as it is (rules §6)."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from elistit import database_outage
from elistit.chain import attempt_key, attempts, due
from elistit.chain.models import Attempt
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
        with_state("53100"),
        with_state("57014"),
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

"""An outage of the database costs nobody a try, and everything else is told as it is (rules §6)."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from elistit.pipeline import chain, patience
from elistit.pipeline.models import Attempt
from elistit.ports import FixedClock, Made
from elistit.projects.models import Job
from tests.conformance.conftest import World


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSES", (0.0,))


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

    assert patience.until_it_answers(act) == "done"


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
        patience.until_it_answers(act)
    assert asked == [1]


def test_inside_a_transaction_nothing_is_repeated(db: None) -> None:
    asked = []

    def act() -> None:
        asked.append(1)
        raise lost()

    with pytest.raises(OperationalError):
        patience.until_it_answers(act)
    assert asked == [1]


def test_the_drivers_own_error_is_found_behind_djangos_and_the_engines() -> None:
    closed = InterfaceError("the connection is closed")
    closed.__cause__ = psycopg.InterfaceError("the connection is closed")
    engines = sqlalchemy.exc.OperationalError("SELECT 1", {}, psycopg.OperationalError("connection is bad"))
    assert patience.is_away(closed) and patience.is_away(engines)
    assert patience.is_away(with_state("40P01"))


def test_a_try_that_loses_the_database_in_the_middle_does_its_work_again_as_the_same_try(
    transactional_db: None,
) -> None:
    world = World(FixedClock())
    project = world.launch()
    [this] = chain.start(project.jobs.get().pk)
    done = []

    def work(this: chain.Try, job: Job) -> Made:
        done.append(this.id)
        if len(done) == 1:
            connection.close()
            raise lost()
        return Made({"brief": {}, "items": []})

    assert isinstance(chain.run(this, "w", work), Made)
    assert done == [this.id, this.id]
    attempt = Attempt.objects.get(note=False)
    assert (attempt.number, attempt.starts) == (1, 1)


def test_a_project_deleted_during_the_outage_is_left_alone(transactional_db: None) -> None:
    from elistit.projects import remove

    world = World(FixedClock())
    project = world.launch()
    [this] = chain.start(project.jobs.get().pk)

    def work(this: chain.Try, job: Job) -> Made:
        remove.delete(project.owner, project.pk)
        raise lost()

    assert chain.run(this, "w", work) is None

"""A page that finds no database says so, with 503 and plain words, and works again as soon as there is one (rules §6)."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client

STATES = ["57P01", "25P03", "25006", "53300", None]


def away(state: str | None) -> Exception:
    drivers = psycopg.errors.lookup(state)(state) if state else psycopg.OperationalError("server closed the connection")
    error = InternalError(state) if isinstance(drivers, psycopg.InternalError) else OperationalError(state)
    error.__cause__ = drivers
    return error


class Outage:
    """Every query of this thread fails while it lasts."""

    def __init__(self, state: str | None) -> None:
        self.state, self.met = state, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.met += 1
        raise away(self.state)


@pytest.mark.parametrize(
    ("address", "state"), [*(("/", state) for state in STATES), ("/settings/billing/", "57P01"), ("/new/", "25006")]
)
def test_a_page_during_an_outage_answers_503_and_recovers(
    page: Client, transactional_db: None, state: str | None, address: str
) -> None:
    page.raise_request_exception = False
    before = page.get(address).status_code
    outage = Outage(state)
    with connection.execute_wrapper(outage):
        response = page.get(address)
    assert outage.met, "the page asks the database"
    words = response.content.decode()
    assert response.status_code == 503 and response["Retry-After"] == "10"
    assert "The database is unavailable" in words and "went wrong" not in words
    assert page.get(address).status_code == before


def test_a_fault_of_ours_is_not_blamed_on_the_database(page: Client, transactional_db: None) -> None:
    page.raise_request_exception = False

    def faulty(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise ValueError("a bug")

    with connection.execute_wrapper(faulty):
        response = page.get("/")
    assert response.status_code == 500 and "Something went wrong on our side" in response.content.decode()

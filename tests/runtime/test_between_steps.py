"""What a worker's thread does with its database connection between two steps."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from elistit.database_outage import rest_connection
from elistit.projects.models import Project

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_worker_thread(work: Callable[[], object]) -> object:
    """A thread has a connection of its own, as those of a worker do."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def test_sqlite_stays_open_and_a_pooled_connection_goes_back() -> None:
    def step() -> bool:
        Project.objects.count()
        rest_connection()
        return connection.connection is not None

    assert in_a_worker_thread(step) is (connection.vendor == "sqlite")


def test_a_connection_that_broke_is_not_kept() -> None:
    def step() -> int:
        Project.objects.count()
        connection.connection.close()
        rest_connection()
        return Project.objects.count()

    assert in_a_worker_thread(step) == 0

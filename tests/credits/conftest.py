"""Fixtures for tests of the ledger: a fixed clock, a seller, fresh keys, and a check of all rows afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import flushing

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import audit_books, statement
from elistit.credits.models import CreditAccount

flushing.install()


@pytest.fixture(autouse=True)
def clock() -> Iterator[ports.FixedClock]:
    fixed = ports.FixedClock()
    with ports.use_clock(fixed):
        yield fixed


@pytest.fixture
def owner(db: None) -> int:
    return User.objects.create_user("seller@example.com").pk


@pytest.fixture
def key() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"key-{next(numbers)}"


@pytest.fixture
def books_hold(db: None) -> Iterator[None]:
    """After the test: every check of the ledger passes, and every account's exported statement verifies."""
    yield
    for name, check in audit_books.CHECKS.items():
        assert [found for found in check() if isinstance(found, str)] == [], name
    for account in CreditAccount.objects.all():
        assert statement.verify(statement.export(account.owner_id)) == []

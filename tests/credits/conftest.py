"""What the tests of the books stand on: a clock that stands still, a seller, fresh keys."""

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

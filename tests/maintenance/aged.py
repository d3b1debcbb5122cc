"""A studio on a day of long after, for tests of what is deleted because it is old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from elistit import ports
from elistit.ports import FixedClock
from tests.conformance.conftest import World

NOW = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock(NOW)
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock)

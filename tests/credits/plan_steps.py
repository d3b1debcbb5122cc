"""Steps with plans that several test files take: setting the clock, and reading what an account holds."""

from __future__ import annotations

import datetime as dt

from elistit import ports
from elistit.credits import ledger


def at(clock: ports.FixedClock, *when: int) -> None:
    clock.time = dt.datetime(*when, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


def held(owner: int) -> list[tuple[str, int]]:
    return [(grant.source, grant.remaining) for grant in ledger.grants(owner)]

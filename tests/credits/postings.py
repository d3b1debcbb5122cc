"""Short forms of the ledger's postings, for its tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from elistit import ports
from elistit.credits import ledger

Key = Callable[[], str]
DAY = 86400


def days(number: float) -> dt.datetime:
    return ports.now() + dt.timedelta(days=number)


def give(owner: int, amount: int, key: str, *, days_left: float | None = None, source: str = "trial") -> ledger.Posting:
    ends = None if days_left is None else days(days_left)
    return ledger.grant(owner, amount, source=source, idempotency_key=key, reason="Given", expires_at=ends)


def charge(owner: int, amount: int, key: str, job: str = "job-1", item: int | None = None) -> ledger.Posting:
    return ledger.spend(
        owner, amount, job=job, project="p-1", idempotency_key=key, reason="Clipart, 15 images", item=item
    )


def give_back(
    owner: int, key: str, amount: int | None = None, job: str = "job-1", item: int | None = None
) -> ledger.Posting:
    return ledger.refund(
        owner, job=job, project="p-1", idempotency_key=key, reason="Returned", amount=amount, item=item
    )


def held(owner: int) -> list[tuple[str, int]]:
    return [(grant.source, grant.remaining) for grant in ledger.grants(owner)]

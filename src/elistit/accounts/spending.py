"""How many credits an API key may spend a day (UTC), counted in the transaction that spends them.

Whatever key a request came with is kept beside the request, so that every action that costs is counted in one place
(`projects.idempotency.charged`) and none can be forgotten. A refund doesn't give the day's allowance back. It must never be
asked outside the transaction of the action: a refusal undoes the whole action.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from django.db import connection

from elistit import ports
from elistit.accounts.models import ApiKey

_key: ContextVar[ApiKey | None] = ContextVar("api_key", default=None)

# One guarded statement, the same on SQLite and PostgreSQL: no row comes back when the day's allowance is too small.
_COUNT = """
INSERT INTO accounts_apikeyday (key_id, day, spent) VALUES (%s, %s, %s)
ON CONFLICT (key_id, day) DO UPDATE SET spent = accounts_apikeyday.spent + excluded.spent
  WHERE accounts_apikeyday.spent + excluded.spent <= %s
RETURNING spent
"""


class DailyCap(Exception):
    """The key may not spend that much today. The message is one sentence for its owner."""


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Around one request: what it leaves behind is no other request's key."""
    token = _key.set(None)
    try:
        yield
    finally:
        _key.reset(token)


def spends_with(key: ApiKey) -> None:
    """What this request spends from now on is spent by this key."""
    _key.set(key)


@contextlib.contextmanager
def by_key(key: ApiKey | None) -> Iterator[None]:
    """Around an action done later for a request that came with this key: what it spends is the key's. None counts nothing."""
    token = _key.set(key)
    try:
        yield
    finally:
        _key.reset(token)


def current_key() -> ApiKey | None:
    """The API key this request came with, if any."""
    return _key.get()


def count(credits: int) -> None:
    """Count credits spent by the request's key. Raises DailyCap when its day has no room for them."""
    key = _key.get()
    if key is None or key.daily_cap is None or credits <= 0:
        return
    counted = None
    if credits <= key.daily_cap:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [key.pk, ports.now().date(), credits, key.daily_cap])
            counted = cursor.fetchone()
    if counted is None:
        left = max(0, key.daily_cap - spent_today(key))
        raise DailyCap(
            f"This costs {credits} credits, and this key may spend {left} more today (its daily cap is {key.daily_cap}). "
            "You were not charged."
        )


def spent_today(key: ApiKey) -> int:
    """Credits the key has spent today."""
    row = key.days.filter(day=ports.now().date()).first()
    return row.spent if row else 0

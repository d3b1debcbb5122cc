"""How many requests a key may make: one token bucket per key, in the database, the same on SQLite and PostgreSQL.

A bucket holds `BURST` requests and refills evenly at `PER_MINUTE`. Taking one is a single guarded statement, so any
number of web processes share the bucket exactly. It must never be asked before the key is known to be good.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db import DatabaseError, connection

from elistit import config, ports
from elistit.chain import disk_space

PER_MINUTE = config.current().people.api_per_minute
BURST = config.current().people.api_burst

# The bucket is one number, the moment it is full again: what is missing is the time until then. PostgreSQL and SQLite
# share this upsert; when the bucket is empty the WHERE fails and no row comes back.
_TAKE = """
INSERT INTO api_ratebucket (key_id, full_at) VALUES (%s, %s)
ON CONFLICT (key_id) DO UPDATE SET full_at =
  CASE WHEN api_ratebucket.full_at > %s THEN api_ratebucket.full_at ELSE %s END + %s
WHERE api_ratebucket.full_at <= %s
RETURNING full_at
"""


@dataclass(frozen=True)
class Level:
    """What is left of a key's allowance. `full_in` and `wait` are whole seconds; `wait` is 0 when the request may go on."""

    limit: int
    remaining: int
    full_in: int
    wait: int = 0

    def headers(self) -> dict[str, str]:
        """What every answer tells about it."""
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.full_in),
        }
        return {**headers, "Retry-After": str(self.wait)} if self.wait else headers


def take(key: int) -> Level:
    """Take one request from the bucket of an API key, if there is one left."""
    interval = 60_000_000 // PER_MINUTE
    now = int(ports.now().timestamp() * 1_000_000)
    latest = now + (BURST - 1) * interval
    with connection.cursor() as cursor:
        try:
            cursor.execute(_TAKE, [key, now + interval, now, now, interval, latest])
            row = cursor.fetchone()
        except DatabaseError as error:
            if connection.in_atomic_block or not disk_space.is_full(error):
                raise
            # Counting needs room, reading does not: a full disk must not keep sellers from what is theirs.
            return Level(BURST, BURST, 0)
        if row is not None:
            missing = math.ceil((row[0] - now) / interval)
            return Level(BURST, max(0, BURST - missing), _seconds(row[0] - now))
        cursor.execute("SELECT full_at FROM api_ratebucket WHERE key_id = %s", [key])
        row = cursor.fetchone()
    full_at = row[0] if row else latest + 1
    return Level(BURST, 0, _seconds(full_at - now), max(1, _seconds(full_at - latest)))


def _seconds(microseconds: int) -> int:
    return max(0, math.ceil(microseconds / 1_000_000))

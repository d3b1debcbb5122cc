"""The clock that all workers share: the database's on PostgreSQL, this machine's on SQLite.

It must never be a test's clock: leases and send permits are about real seconds.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection


def database_now() -> dt.datetime:
    """The current time (UTC) on the clock that all workers share."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment: dt.datetime = cursor.fetchone()[0]
            return moment
    return dt.datetime.now(dt.UTC)

"""The clock all workers share: the database's on PostgreSQL, this machine's on SQLite. It must never be a test's clock: who is
alive and who may send is a matter of real seconds."""

from __future__ import annotations

import datetime as dt

from django.db import connection


def database_now() -> dt.datetime:
    """Now, on the clock all workers share."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment: dt.datetime = cursor.fetchone()[0]
            return moment
    return dt.datetime.now(dt.UTC)

"""What is written into a restored database before it is used, in the same transaction or file that puts it in place.

It records that the database was restored and from when (`purchases.lost_calls` and `stages.drafting` look up what
happened since), removes the old workers and sessions, and makes the recorded clock count for nothing. It must never
change a credit, a project or a file.
"""

from __future__ import annotations

import datetime as dt

from elistit.maintenance.backups import database

IDS_KEPT_FREE = 10_000
"""How many ids are skipped: people who signed up since the backup are unknown here, but Stripe knows them by their ids,
so those must not be assigned to others."""


def statements(backup: str, taken_at: dt.datetime, restored_at: dt.datetime, vendor: str) -> list[str]:
    """The SQL for a database with this version's tables. `backup` is the backup's id, which contains no quote."""
    taken, restored = _moment(taken_at, vendor), _moment(restored_at, vendor)
    people = {
        database.SQLITE: f"UPDATE sqlite_sequence SET seq = seq + {IDS_KEPT_FREE} WHERE name = 'accounts_user'",
        database.POSTGRESQL: "SELECT setval(pg_get_serial_sequence('accounts_user', 'id'),"
        f" (SELECT coalesce(max(id), 0) FROM accounts_user) + {IDS_KEPT_FREE})",
    }
    return [
        f"INSERT INTO pipeline_restore (backup, taken_at, restored_at) VALUES ('{backup}', '{taken}', '{restored}')",
        "DELETE FROM pipeline_restoredround",
        "INSERT INTO pipeline_restoredround (job, item, round)"
        " SELECT unfinished.public_id, item.number, item.round FROM projects_item item"
        " JOIN projects_job launch ON launch.public_id = item.job_id"
        " JOIN projects_job unfinished ON unfinished.project_id = launch.project_id"
        " WHERE launch.kind = 'launch' AND unfinished.ended_at IS NULL",
        "DELETE FROM pipeline_worker",
        "DELETE FROM pipeline_clockmark",
        "UPDATE maintenance_taskstate SET holder = '', lease_until = NULL, next_at = NULL",
        "DELETE FROM usersessions_usersession",
        "DELETE FROM django_session",
        "DELETE FROM accounts_signinlink",
        people[vendor],
    ]


def _moment(moment: dt.datetime, vendor: str) -> str:
    """A time as each database stores it."""
    utc = moment.astimezone(dt.UTC)
    return f"{utc:%Y-%m-%d %H:%M:%S.%f}" + ("+00" if vendor == database.POSTGRESQL else "")

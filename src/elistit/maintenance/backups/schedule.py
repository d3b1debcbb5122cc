"""Scheduled backups: where to, how often, and how many are kept (`ELISTIT_BACKUP_URL`, `…_EVERY_HOURS`, `…_KEEP`).

Maintenance runs it like every other task, so its last success and last error are shown in the console, the doctor and
/metrics. It must never run without ELISTIT_BACKUP_URL.
"""

from __future__ import annotations

import datetime as dt

from elistit import config, ports
from elistit.maintenance.backups.layout import Place
from elistit.maintenance.backups.taking import take
from elistit.maintenance.task import Run

URL, EVERY, KEEP = "ELISTIT_BACKUP_URL", "ELISTIT_BACKUP_EVERY_HOURS", "ELISTIT_BACKUP_KEEP"


def address() -> str:
    """Where backups go; empty when none are scheduled."""
    return config.current().storage.backup_url


def every() -> dt.timedelta:
    return dt.timedelta(hours=config.current().storage.backup_every_hours)


def kept() -> int:
    return config.current().storage.backup_keep


def run_due(run: Run) -> int:
    """Take a backup if one is due, and return how many were taken. The cursor is the time of the newest."""
    if not address():
        return 0
    if not run.cursor:
        run.act()
        newest = Place(address()).newest()
        run.cursor = newest.taken_at if newest else ""
    if run.cursor and ports.now() - dt.datetime.fromisoformat(run.cursor) < every():
        return 0
    run.act()
    taken = take(address(), keep=kept())
    run.cursor = taken.manifest.taken_at
    if missing := taken.manifest.missing:
        run.errors.append(
            f"the backup is complete, but {len(missing)} files are missing in the studio, as {missing[0]}"
        )
    return 1

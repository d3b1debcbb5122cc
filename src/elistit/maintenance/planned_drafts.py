"""Send the drafts whose day and time have come (`actions.calendar`), as **Create the draft** would.

Rests while the clock isn't trusted: a clock that jumps ahead must not empty a month's calendar. It must never send a draft of a shop
that is disconnected: those wait.
"""

from __future__ import annotations

from elistit.actions import calendar
from elistit.maintenance.task import Run


def release_due(run: Run | None = None) -> int:
    """Queue what is due, each draft on its own. How many. Safe to run twice at once."""
    run = run or Run()
    return calendar.release_due(lambda rows, act: run.each(rows, act, key=lambda row: row.project_id))

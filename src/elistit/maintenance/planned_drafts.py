"""Send the drafts whose day and time have come (`actions.calendar`), as **Create the draft** would.

Suspended while the clock isn't trusted: a clock that jumps ahead must not send a month's drafts at once. It must never
send a draft of a disconnected shop: those wait.
"""

from __future__ import annotations

from elistit.actions import calendar
from elistit.maintenance.task import Run


def release_due(run: Run | None = None) -> int:
    """Queue the drafts that are due, each separately, and return how many. Safe to run concurrently."""
    run = run or Run()
    return calendar.release_due(lambda rows, act: run.each(rows, act, key=lambda row: row.project_id))

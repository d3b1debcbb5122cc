"""Plan and launch the lists whose launch was requested with them (`actions.requested_launches`), whether or not anyone
reads them.

Lists are interleaved, a slice each, so that a short list doesn't wait for a long one. It must never end a list's wait
because of a studio-side error: that list is retried later, and the others continue. While the disk is full nothing is
launched and no list is at fault: all of them are looked at again in the next run.
"""

from __future__ import annotations

from elistit.actions import requested_launches as launches
from elistit.maintenance.task import Run
from elistit.projects import requested_launches
from elistit.projects.batch_models import RequestedLaunch
from elistit.projects.errors import StudioFull


def launch_due(run: Run | None = None) -> int:
    """Plan the waiting lists and launch the planned ones, until none waits or the time limit is over. Returns how many
    waits ended. Idempotent."""
    run, ended = run or Run(), 0
    while not run.expired():
        advanced: list[str] = []

        def act(wait: RequestedLaunch, advanced: list[str] = advanced) -> int:
            try:
                done = launches.advance(wait)
            except StudioFull:
                return 0
            advanced.append(wait.pk)
            return int(done)

        ended += run.each(requested_launches.waiting(), act, key=lambda wait: wait.pk)
        if not advanced:
            break
    return ended

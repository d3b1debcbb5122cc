"""Resume the work of dead workers on live ones, and work that a live worker dropped (rules §6).

It must never judge others right after its own outage, and never run an attempt itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from elistit.chain import attempts
from elistit.chain.models import Worker
from elistit.maintenance import status
from elistit.maintenance.activity import note_handed_over
from elistit.on_use import OnUse
from elistit.runtime import engine
from elistit.runtime.leases import Watch

if TYPE_CHECKING:
    from elistit.runtime import workflows
else:
    # Only a worker has it loaded, and only a worker asks.
    workflows = OnUse("elistit.runtime.workflows")

log = logging.getLogger(__name__)


def recover_dead_workers(
    me: str = "", watch: Watch | None = None, fit_to_judge: Callable[[], bool] = lambda: True
) -> int:
    """Hand the work of every dead worker to the living. Attempts handed over. Any number may do this at once.

    A lease row goes only when nothing of its worker is left running, so a hand-over cut short is taken up again. Whether we
    may judge is asked after looking: the look itself may have waited out an outage, in which every heartbeat grew old.
    """
    handed = 0
    dead = (watch or Watch(me)).dead()
    if not fit_to_judge():
        return 0
    for worker, beat_at in dead.items():
        taken = engine.queue.hand_over(worker)
        handed += len(taken)
        note_handed_over(taken)
        if worker not in engine.queue.holders():
            # Unless it has sent a heartbeat meanwhile: then it is alive after all, and its lease is its own again.
            Worker.objects.filter(pk=worker, beat_at=beat_at).delete()
            status.release_all(worker)
    return handed


def recover_orphans(me: str = "") -> int:
    """Hand over running work whose worker has no lease row at all. Workers write their first beat before they take work,
    so such a worker is gone."""
    known = set(Worker.objects.values_list("pk", flat=True))
    handed = 0
    for executor in engine.queue.holders() - known - {me}:
        taken = engine.queue.hand_over(executor)
        handed += len(taken)
        note_handed_over(taken)
    return handed


def recover_dropped(me: str, before: set[str]) -> set[str]:
    """Take up work that this worker holds in the engine's tables and no thread of it runs: an outage of the database can end
    the engine's part of an attempt and keep it from being written down. `before`: what looked so at the last look; only what
    looks so twice is taken up, for between being taken and being run there is a moment. Answers what looks so now.

    No one died, so no start is counted.
    """
    dropped = engine.queue.held_by(me) - workflows.at_work_here()
    again = dropped & before
    if again:
        attempts.uncount(again, me)
        note_handed_over(
            engine.queue.hand_over(me, again), "The database was unavailable for a moment; work continues now."
        )
    return dropped - again


def take_over_everything(me: str) -> int:
    """On SQLite the holder of the worker lock is the only worker there is: whatever was running is free at once."""
    handed = 0
    for executor in engine.queue.holders() - {me}:
        taken = engine.queue.hand_over(executor)
        handed += len(taken)
        note_handed_over(taken)
    Worker.objects.exclude(pk=me).delete()
    status.release_all()
    return handed

"""Resume the work of dead workers on live ones, and work that a live worker dropped (rules §6). It must never judge
others right after its own outage, and never run an attempt itself."""

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
    # Only workers load this module, and only workers need it.
    workflows = OnUse("elistit.runtime.workflows")

log = logging.getLogger(__name__)


def recover_dead_workers(
    me: str = "", watch: Watch | None = None, fit_to_judge: Callable[[], bool] = lambda: True
) -> int:
    """Return the work of every dead worker to the queues, and return the number of attempts. Any number of workers may
    do this concurrently.

    A lease row is deleted only when its worker has no running work left, so an interrupted hand-over is continued.
    `fit_to_judge` is asked after looking, because the look itself may have waited out an outage during which every
    heartbeat got old.
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
            # Unless it has sent a heartbeat in the meantime: then it is alive, and keeps its lease.
            Worker.objects.filter(pk=worker, beat_at=beat_at).delete()
            status.release_all(worker)
    return handed


def recover_orphans(me: str = "") -> int:
    """Return running work whose worker has no lease row to the queues. Workers write their first heartbeat before they
    take work, so such a worker is gone."""
    handed = 0
    for executor in orphans(me):
        taken = engine.queue.hand_over(executor)
        handed += len(taken)
        note_handed_over(taken)
    return handed


def orphans(me: str = "") -> set[str]:
    """The names of workers that have running work but no lease row. Read-only."""
    known = set(Worker.objects.values_list("pk", flat=True))
    return engine.queue.holders() - known - {me}


def recover_dropped(me: str, before: set[str]) -> set[str]:
    """Recover work that this worker holds in the engine's tables but no thread of it runs: a database outage can end
    the engine's part of an attempt without recording it.

    `before` is the result of the previous look; only work that was found twice is recovered, because there is a gap
    between taking and running work. Returns what was found now. No worker died, so no start is counted.
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
    """Return all running work to the queues. On SQLite the holder of the worker lock is the only worker, so no one else
    is running it."""
    handed = 0
    for executor in engine.queue.holders() - {me}:
        taken = engine.queue.hand_over(executor)
        handed += len(taken)
        note_handed_over(taken)
    Worker.objects.exclude(pk=me).delete()
    status.release_all()
    return handed

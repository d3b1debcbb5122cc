"""Move a project to its next stage once the work of the current one is complete.

Runs inside the caller's transaction, with the job's row locked. It must never move a stage that another transaction has
already moved.
"""

from __future__ import annotations

from elistit import ports
from elistit.chain.refunds import fail_with_last_item
from elistit.projects import changes
from elistit.projects.gate import items_of
from elistit.projects.models import Job
from elistit.projects.products import PosterMode, product_type
from elistit.projects.states import ItemState, JobStatus, Stage


def after_generating(job: Job) -> None:
    """Move a project on once no image is pending: to the gate, to processing, or to failed when no image could be made.
    Does nothing while one is pending. Safe to repeat: every move is guarded by the stage it leaves."""
    if items_of(job.project).filter(state=ItemState.PENDING).exists():
        return
    if not items_of(job.project).filter(state__in=[ItemState.MADE, ItemState.DROPPED]).exists():
        fail_with_last_item(job, Stage.GENERATING)
        return
    gate = product_type(job.project.product).gate
    if gate is None or job.project.mode == PosterMode.PRODUCTION:
        changes.move_stage(job.project_id, Stage.PROCESSING, [Stage.GENERATING])
        return
    if gate == Stage.DESIGN_READY:
        # This job was charged for the design alone; making it print-ready is a separate job (rules §4).
        if changes.move_stage(job.project_id, Stage.DESIGN_READY, [Stage.GENERATING]):
            changes.move_job(job.pk, JobStatus.SUCCEEDED)
        return
    if changes.move_stage(job.project_id, Stage(gate), [Stage.GENERATING]) and changes.move_job(
        job.pk, JobStatus.WAITING
    ):
        Job.objects.filter(pk=job.pk, gate_reached_at=None).update(gate_reached_at=ports.now())


def complete(job: Job, leaving: Stage) -> None:
    # A retried draft settles after its job has ended; then there is no state left to change.
    # A retried draft settles after the job has ended: then there is no state left to change.
    if changes.move_stage(job.project_id, Stage.COMPLETED, [leaving]):
        changes.move_job(job.pk, JobStatus.SUCCEEDED)

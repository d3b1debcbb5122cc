"""Refunds: a job fails and its credits return in one transaction (rules §5.2, §5.3, §5.6).

Every function here runs inside the transaction of its caller, with the job's row locked. Each refund is keyed, so it can
happen once. It must never decide whether something is retried.
"""

from __future__ import annotations

from collections.abc import Iterable

from elistit import ports
from elistit.chain import outcomes
from elistit.chain.models import Attempt
from elistit.credits import ledger
from elistit.ports import Failure
from elistit.projects import changes
from elistit.projects.gate import items_of
from elistit.projects.models import Item, Job, JobKind, Listing
from elistit.projects.states import JobStatus, Stage


def fail_job(job: Job, stage: str, failure: Failure) -> bool:
    """`FAILED` and the credits back, in this transaction. False when the job had ended already.

    A launch that fails takes the project to `failed`; making a design print-ready leaves it at `design_ready`, and a job
    that only wrote the listing again leaves it `completed`.
    """
    if not changes.move_job(job.pk, JobStatus.FAILED):
        return False
    close_attempts([job.pk], "Stopped because the job failed.")
    Job.objects.filter(pk=job.pk).update(
        failure_stage=stage, failure_kind=outcomes.stored_kind(failure), failure_reason=failure.reason[:400]
    )
    _refund_credits(job, failure.reason)
    if job.kind == JobKind.LISTING:
        Listing.objects.filter(project=job.project_id).update(
            text=Listing.Text.FAILED, text_reason=failure.reason[:400]
        )
        changes.move_stage(job.project_id, Stage.COMPLETED, [Stage.LISTING, Stage.DRAFTING])
    elif job.kind == JobKind.PRINT_READY:
        items_of(job.project).update(processed_at=None)
        changes.move_stage(job.project_id, Stage.DESIGN_READY, [Stage.PROCESSING, Stage.DELIVERING])
    else:
        changes.move_stage(job.project_id, Stage.FAILED)
    return True


def close_attempts(jobs: Iterable[str], words: str) -> int:
    """End the attempts that are still open in jobs that have just ended. Must run in the transaction that ends them, so that
    no ended job ever has an attempt at work; what comes of one later is refused. How many there were."""
    still = Attempt.objects.filter(job__in=list(jobs), note=False, ended_at=None)
    return still.update(ended_at=ports.now(), outcome=outcomes.STOPPED, reason=words, next_try_at=None)


_WENT_WRONG = {
    JobKind.LAUNCH: "The project failed",
    JobKind.PRINT_READY: "It couldn't be made print-ready",
    JobKind.LISTING: "The listing was not written",
}


def refund_reason(job: Job, reason: str) -> str:
    """What a refund's row says: what had no effect, and why. The row names its project by id: the books hold no words of a
    person's own."""
    return f"{_WENT_WRONG[JobKind(job.kind)]}: {reason}"[:300]


def _refund_credits(job: Job, reason: str) -> ledger.Posting:
    """Return everything charged to a job and not returned yet, as one `REFUND_CREDIT` row (rules §5.2, §5.3)."""
    Item.objects.filter(job=job).update(price=0, remake_price=0)
    return ledger.refund(
        job.project.owner_id, job=job.pk, project=job.project_id, idempotency_key=f"job:{job.pk}:refund",
        reason=refund_reason(job, reason),
    )  # fmt: skip


def refund_item(job: Job, stage: str, item: Item, amount: int, reason: str) -> None:
    """Return the price of one item, or of one remake of it, as its own `REFUND_CREDIT` row (rules §5.6)."""
    ledger.refund(
        job.project.owner_id, job=job.pk, project=job.project_id, item=item.number, amount=amount,
        idempotency_key=f"item:{job.pk}:{item.number}:{item.round}:{stage}", reason=f"Item {item.number}: {reason}"[:300],
    )  # fmt: skip


def fail_with_last_item(job: Job, stage: Stage) -> None:
    last = (
        Attempt.objects.filter(job=job, stage=stage, note=False)
        .exclude(outcome__in=["", outcomes.MADE, outcomes.STOPPED])
        .order_by("-ended_at")
        .first()
    )
    reason = last.reason if last else "No image could be made."
    kind = last.outcome if last else ""
    if changes.move_job(job.pk, JobStatus.FAILED):
        close_attempts([job.pk], "Stopped because the job failed.")
        Job.objects.filter(pk=job.pk).update(
            failure_stage=stage, failure_kind=kind, failure_reason=f"None of the images could be made. {reason}"[:400]
        )
        _refund_credits(job, "none of the images could be made")
        changes.move_stage(job.project_id, Stage.FAILED)

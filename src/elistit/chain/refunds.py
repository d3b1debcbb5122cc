"""Refunds: a job fails and its credits are refunded, in one transaction (rules §5.2, §5.3, §5.6).

Every function runs inside its caller's transaction, with the job's row locked. Each refund has an idempotency key, so
it happens at most once. It must never decide whether something is retried.
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
    """Set a job to `FAILED` and refund its credits, in this transaction. Returns False if the job had already ended.

    A failed launch takes the project to `failed`. A failed print-ready job leaves it at `design_ready`, and a job that
    only rewrote the listing leaves it `completed`.
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
    """End the open attempts of jobs that have just ended, and return how many there were. Must run in the transaction
    that ends the jobs, so that an ended job never has an open attempt; outcomes that arrive later are refused."""
    still = Attempt.objects.filter(job__in=list(jobs), note=False, ended_at=None)
    return still.update(ended_at=ports.now(), outcome=outcomes.STOPPED, reason=words, next_try_at=None)


_WENT_WRONG = {
    JobKind.LAUNCH: "The project failed",
    JobKind.PRINT_READY: "It couldn't be made print-ready",
    JobKind.LISTING: "The listing was not written",
}


def refund_reason(job: Job, reason: str) -> str:
    """The reason in a refund's row: what failed, and why. It names the project by its id, because the ledger contains
    no text that a person wrote."""
    return f"{_WENT_WRONG[JobKind(job.kind)]}: {reason}"[:300]


def _refund_credits(job: Job, reason: str) -> ledger.Posting:
    """Refund whatever was charged to a job and not refunded yet, as one `REFUND_CREDIT` row (rules §5.2, §5.3)."""
    Item.objects.filter(job=job).update(price=0, remake_price=0)
    return ledger.refund(
        job.project.owner_id, job=job.pk, project=job.project_id, idempotency_key=f"job:{job.pk}:refund",
        reason=refund_reason(job, reason),
    )  # fmt: skip


def refund_item(job: Job, stage: str, item: Item, amount: int, reason: str) -> None:
    """Refund the price of one item, or of one remake of it, in credits, as a separate `REFUND_CREDIT` row (rules §5.6)."""
    ledger.refund(
        job.project.owner_id, job=job.pk, project=job.project_id, item=item.number, amount=amount,
        idempotency_key=f"item:{job.pk}:{item.number}:{item.round}:{stage}", reason=f"Item {item.number}: {reason}"[:300],
    )  # fmt: skip


def fail_with_last_item(job: Job, stage: Stage) -> None:
    """Fail a job of which no item could be made, with the failure of the last attempt as the reason."""
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

"""Settle a failed attempt that isn't retried: lost items, refunds, failed drafts, paused providers.

Runs inside the one transaction of `settle`, with the job's row locked. It must never move credits without the state
change they belong to (rules §5.2–§5.6).
"""

from __future__ import annotations

from collections import Counter

from elistit.chain import failover, outcomes, refunds
from elistit.chain.advance import after_generating, complete
from elistit.chain.files import keep_failed_trial
from elistit.chain.models import Attempt, ProviderPause
from elistit.credits import ledger, prices
from elistit.delivery.store import STORAGE
from elistit.ports import OVER_LIMIT, Failure
from elistit.projects import rounds
from elistit.projects.gate import items_of, model_of
from elistit.projects.models import Item, Job, JobKind, Listing
from elistit.projects.states import ItemState, Stage
from elistit.providers.chat import client as chat

OVER_LIMIT_ITEMS = 3
"""Once this many items of a job have been refused because of our own limits, the others would be too: the job ends and
is refunded."""


def settle_failure(job: Job, stage: str, item: int, failure: Failure) -> None:
    """Write the consequences of a failure that isn't retried (rules §5.2–§5.6)."""
    kind = outcomes.stored_kind(failure)
    if kind == outcomes.CRASHED and stage not in (Stage.LISTING, Stage.DRAFTING):
        # A step that kills workers ends the job: the next item might do the same (rules §6). In the listing stage
        # everything else has been delivered, so the files stay (rules §5.5).
        refunds.fail_job(job, stage, failure)
    elif item and kind == OVER_LIMIT and _refused_for_limits(job, stage) >= OVER_LIMIT_ITEMS:
        refunds.fail_job(job, stage, failure)
    elif item and job.kind == JobKind.PRINT_READY:
        refunds.fail_job(job, stage, failure)  # the existing design stays; only this job failed
    elif item:
        _fail_item(job, Stage(stage), item, failure)
    elif stage == Stage.LISTING:
        _fail_listing(job, failure)
    elif stage == Stage.DRAFTING:
        _fail_draft(job, failure)
    else:
        refunds.fail_job(job, stage, failure)
        keep_failed_trial(job, failure)


def _refused_for_limits(job: Job, stage: str) -> int:
    """How many items of a job hit our own limits for the second time in a stage."""
    twice: Counter[int] = Counter(
        Attempt.objects.filter(job=job, stage=stage, outcome=OVER_LIMIT, note=False).values_list("item", flat=True)
    )
    return sum(1 for count in twice.values() if count > 1)


def _fail_item(job: Job, stage: Stage, number: int, failure: Failure) -> None:
    item = items_of(job.project).get(number=number)
    blocked = outcomes.stored_kind(failure).startswith("blocked")
    if stage == Stage.GENERATING and failover.step_in(job, item, failure):
        return
    if stage == Stage.GENERATING and item.art.get("made_round") is not None and item.round > 0:
        # The remake failed, but the previous image exists: refund the remake, keep the image.
        back = item.state_before or ItemState.MADE
        rounds.lost(item, everything=False)
        if item.remake_price:
            refunds.refund_item(job, stage, item, item.remake_price, f"its remake failed. {failure.reason}")
        Item.objects.filter(pk=item.pk).update(
            state=back if back in (ItemState.MADE, ItemState.DROPPED) else ItemState.MADE,
            price=item.price - item.remake_price, remake_price=0, state_before="", reason=failure.reason[:400],
        )  # fmt: skip
        after_generating(job)
        return
    rounds.lost(item, everything=True)
    refunds.refund_item(job, stage, item, item.price, failure.reason)
    Item.objects.filter(pk=item.pk).update(
        state=ItemState.BLOCKED if blocked else ItemState.FAILED,
        price=0,
        remake_price=0,
        state_before="",
        reason=failure.reason[:400],
    )
    if stage == Stage.GENERATING:
        after_generating(job)
    elif not items_of(job.project).filter(state=ItemState.MADE).exists():
        refunds.fail_with_last_item(job, stage)


def _fail_listing(job: Job, failure: Failure) -> None:
    if job.kind == JobKind.LISTING:
        refunds.fail_job(job, Stage.LISTING, failure)
        return
    # The files are delivered: they stay, and only the price of the listing is refunded (rules §5.5).
    ledger.refund(
        job.project.owner_id, job=job.pk, project=job.project_id, amount=_listing_line(job), idempotency_key=f"job:{job.pk}:listing",
        reason=f"We couldn't write the listing text: {failure.reason}"[:300],
    )  # fmt: skip
    Listing.objects.filter(project=job.project_id).update(text=Listing.Text.FAILED, text_reason=failure.reason[:400])
    complete(job, Stage.LISTING)


def _listing_line(job: Job) -> int:
    return prices.listing_price([prices.Line(**line) for line in job.quote.lines])


def _fail_draft(job: Job, failure: Failure) -> None:
    # Only the draft failed: files and text are ready, and the draft cost nothing, so nothing is refunded (rules §5.4).
    # The id of an incomplete draft is kept, so that a retry continues with it.
    if failure.provider_id:
        Listing.objects.filter(project=job.project_id).update(draft_id=failure.provider_id)
    Listing.objects.filter(project=job.project_id, draft=Listing.Draft.PENDING).update(
        draft=Listing.Draft.FAILED, draft_reason=failure.reason[:400]
    )
    complete(job, Stage.DRAFTING)


def pause_provider(job: Job, stage: str, item: int, failure: Failure) -> None:
    """Pause a provider for everyone after an `operator` failure, until it is resumed (rules §5.7): the image provider,
    the tool, or the language model that writes briefs and listings."""
    if failure.service == STORAGE or not outcomes.meaning(outcomes.stored_kind(failure)).pauses_provider:
        return
    provider = model_of(job.project, item).split("/")[0] if stage == Stage.GENERATING else ""
    provider = chat.NAME if stage in (Stage.BRIEFING, Stage.LISTING) else provider
    provider = failure.service or provider
    if provider:
        ProviderPause.objects.get_or_create(
            provider=provider, defaults={"reason": failure.reason[:400], "detail": failure.detail}
        )

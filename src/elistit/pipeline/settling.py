"""What follows from the outcome of a try: states, files, money, the next stage.

Everything here runs inside the one transaction of `chain.settle`, with the job's row held. Money moves only beside the
state it pays for (rules §5.2, §5.6), through `_refund_credits` and `_refund_item`, each keyed so that it can happen once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elistit import ports
from elistit.credits import ledger, prices
from elistit.delivery.store import STORAGE
from elistit.pipeline import failover, outcomes, variety
from elistit.pipeline.models import ProviderPause
from elistit.ports import Failure, Made
from elistit.projects import changes
from elistit.projects.gate import items_of, model_of, shows
from elistit.projects.models import Item, Job, JobKind, Listing, Project, ProjectFile
from elistit.projects.products import PosterMode, product_type
from elistit.projects.states import ItemState, JobStatus, Stage
from elistit.providers import registry
from elistit.providers.chat import client as chat

# ---- a try that worked ---------------------------------------------------------------------------------------------


def made(job: Job, stage: str, item: int, outcome: Made) -> None:
    """Take over what a try made and move on when it was the last of its stage."""
    _MADE[Stage(stage), item > 0](job, item, outcome.data)


def _briefed(job: Job, _: int, data: dict[str, Any]) -> None:
    Project.objects.filter(pk=job.project_id).update(brief=data["brief"])
    for number, pick in enumerate(data["items"], start=1):
        Item.objects.filter(job=job, number=number).update(
            prompt=pick["prompt"], subject=pick["subject"], art={"plan": pick["art"]}
        )
    changes.move_stage(job.project_id, Stage.GENERATING, [Stage.BRIEFING])


def _generated(job: Job, number: int, data: dict[str, Any]) -> None:
    item = items_of(job.project).get(number=number)
    keep_files(job, data["files"], item)
    flags = _seen_again(job, item, data)
    art = {**item.art, **data["art"]}
    if flags and not item.free_remake_used:
        # Our own check found a fault: made once more, free, before the seller looks (rules §8).
        # What a seller paid for this round has been made; the round that follows costs nothing, so nothing comes back for it.
        Item.objects.filter(pk=item.pk).update(
            free_remake_used=True, round=item.round + 1, flags=flags, art=art, remake_price=0
        )
        return
    drawn = registry.drawn_subject(art.get("made_model") or job.project.model, art.get("redraw") or {})
    Item.objects.filter(pk=item.pk).update(
        state=ItemState.MADE, subject=drawn or shows(item), flags=flags, reason="", art=art, remake_price=0, state_before="",
        processed_at=None,
    )  # fmt: skip
    _after_generating(job)


def _seen_again(job: Job, item: Item, data: dict[str, Any]) -> list[dict[str, str]]:
    """The flags of a made image, with one for a sibling it resembles that was made meanwhile: two in flight at once do not
    see each other until here, where one settles after the other."""
    flags: list[dict[str, str]] = data["flags"]
    signature = data["art"].get("signature")
    if not signature or any(flag["code"] == variety.DUPLICATE for flag in flags):
        return flags
    standing = items_of(job.project).filter(state__in=[ItemState.MADE, ItemState.DROPPED]).exclude(pk=item.pk)
    twin = variety.twin(signature, [(i.number, i.art.get("signature") or "") for i in standing])
    return [*flags, variety.flag(twin)] if twin else flags


def _after_generating(job: Job) -> None:
    if items_of(job.project).filter(state=ItemState.PENDING).exists():
        return
    if not items_of(job.project).filter(state__in=[ItemState.MADE, ItemState.DROPPED]).exists():
        _fail_with_last_item(job, Stage.GENERATING)
        return
    gate = product_type(job.project.product).gate
    if gate is None or job.project.mode == PosterMode.PRODUCTION:
        changes.move_stage(job.project_id, Stage.PROCESSING, [Stage.GENERATING])
        return
    if gate == Stage.DESIGN_READY:
        # The design was all this job was charged for; making it print-ready is a job of its own (rules §4).
        if changes.move_stage(job.project_id, Stage.DESIGN_READY, [Stage.GENERATING]):
            changes.move_job(job.pk, JobStatus.SUCCEEDED)
        return
    if changes.move_stage(job.project_id, Stage(gate), [Stage.GENERATING]) and changes.move_job(
        job.pk, JobStatus.WAITING
    ):
        Job.objects.filter(pk=job.pk, gate_reached_at=None).update(gate_reached_at=ports.now())


def _processed_item(job: Job, number: int, data: dict[str, Any]) -> None:
    item = items_of(job.project).get(number=number)
    keep_files(job, data["files"], item)
    Item.objects.filter(pk=item.pk).update(processed_at=ports.now())


def _processed_set(job: Job, _: int, data: dict[str, Any]) -> None:
    keep_files(job, data["files"])
    changes.move_stage(job.project_id, Stage.DELIVERING, [Stage.PROCESSING])


def _delivered(job: Job, _: int, data: dict[str, Any]) -> None:
    from elistit.pipeline import aftercare  # stands on the stages, which stand on the chain

    keep_files(job, data["files"])
    aftercare.plan_copy(job)
    changes.move_stage(job.project_id, Stage.LISTING, [Stage.DELIVERING])


def _listed(job: Job, _: int, data: dict[str, Any]) -> None:
    shop = bool(data["shop"])
    Listing.objects.filter(project=job.project_id).update(
        text=Listing.Text.WRITTEN, text_reason="", title=data["title"], tags=data["tags"], description=data["description"],
        price_cents=data["price_cents"], draft=Listing.Draft.PENDING if shop else Listing.Draft.NONE,
    )  # fmt: skip
    if shop:
        changes.move_stage(job.project_id, Stage.DRAFTING, [Stage.LISTING])
    else:
        _complete(job, Stage.LISTING)


def _drafted(job: Job, _: int, data: dict[str, Any]) -> None:
    Listing.objects.filter(project=job.project_id, draft=Listing.Draft.PENDING).update(
        draft=Listing.Draft.CREATED, draft_reason="", draft_id=str(data["listing_id"]), draft_url=data["url"]
    )
    _complete(job, Stage.DRAFTING)


_MADE: dict[tuple[Stage, bool], Callable[[Job, int, dict[str, Any]], None]] = {
    (Stage.BRIEFING, False): _briefed,
    (Stage.GENERATING, True): _generated,
    (Stage.PROCESSING, True): _processed_item,
    (Stage.PROCESSING, False): _processed_set,
    (Stage.DELIVERING, False): _delivered,
    (Stage.LISTING, False): _listed,
    (Stage.DRAFTING, False): _drafted,
}


def _complete(job: Job, leaving: Stage) -> None:
    # A retried draft settles after the job has ended: then there is no state left to change.
    if changes.move_stage(job.project_id, Stage.COMPLETED, [leaving]):
        changes.move_job(job.pk, JobStatus.SUCCEEDED)


def keep_files(job: Job, files: list[dict[str, Any]], item: Item | None = None) -> None:
    """Write files down that are in the store. Writing the same ones again changes nothing. Runs in a transaction."""
    for f in files:
        ProjectFile.objects.update_or_create(
            project_id=job.project_id, path=f["path"],
            defaults={
                "job": job, "item": item.number if item else None, "round": item.round if item else 0, "role": f["role"],
                "name": f["name"], "bytes": f["bytes"], "sha256": f["sha256"], "width": f.get("width"),
                "height": f.get("height"), "dpi": f.get("dpi"),
            },
        )  # fmt: skip


# ---- a try that was the last -----------------------------------------------------------------------------------------


def lost(job: Job, stage: str, item: int, failure: Failure) -> None:
    """What becomes of the work when it is not tried again (rules §5.2–§5.6)."""
    kind = outcomes.stored_kind(failure)
    if kind == outcomes.CRASHED and stage != Stage.LISTING:
        # A step that kills workers ends the job: the next item might do the same (rules §6). Only a listing is written when
        # everything else is delivered already, and then the files stay (rules §5.5).
        fail(job, stage, failure)
    elif item and job.kind == JobKind.PRINT_READY:
        fail(job, stage, failure)  # the one design there is stays; only this job did not succeed
    elif item:
        _lose_item(job, Stage(stage), item, failure)
    elif stage == Stage.LISTING:
        _lose_listing(job, failure)
    elif stage == Stage.DRAFTING:
        _lose_draft(job, failure)
    else:
        fail(job, stage, failure)


def fail(job: Job, stage: str, failure: Failure) -> bool:
    """`FAILED` and the credits back, in this transaction. False when the job had ended already.

    A launch that fails takes the project to `failed`; making a design print-ready leaves it at `design_ready`, and a job
    that only wrote the listing again leaves it `completed`.
    """
    if stage == Stage.DRAFTING:
        _lose_draft(job, failure)
        return False
    if not changes.move_job(job.pk, JobStatus.FAILED):
        return False
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


_WENT_WRONG = {
    JobKind.LAUNCH: "“{}” failed",
    JobKind.PRINT_READY: "“{}” was not made print-ready",
    JobKind.LISTING: "The listing of “{}” was not written",
}


def refund_reason(job: Job, reason: str) -> str:
    """What a refund's row says: what came to nothing, and why."""
    return f"{_WENT_WRONG[JobKind(job.kind)].format(job.project.name)}: {reason}"[:300]


def _refund_credits(job: Job, reason: str) -> ledger.Posting:
    """Return everything charged to a job and not returned yet, as one `REFUND_CREDIT` row (rules §5.2, §5.3)."""
    Item.objects.filter(job=job).update(price=0, remake_price=0)
    return ledger.refund(
        job.project.owner_id, job=job.pk, project=job.project_id, idempotency_key=f"job:{job.pk}:refund",
        reason=refund_reason(job, reason),
    )  # fmt: skip


def _refund_item(job: Job, stage: str, item: Item, amount: int, reason: str) -> None:
    """Return the price of one item, or of one remake of it, as its own `REFUND_CREDIT` row (rules §5.6)."""
    ledger.refund(
        job.project.owner_id, job=job.pk, project=job.project_id, item=item.number, amount=amount,
        idempotency_key=f"item:{job.pk}:{item.number}:{item.round}:{stage}", reason=f"Item {item.number}: {reason}"[:300],
    )  # fmt: skip


def _lose_item(job: Job, stage: Stage, number: int, failure: Failure) -> None:
    item = items_of(job.project).get(number=number)
    blocked = outcomes.stored_kind(failure).startswith("blocked")
    if stage == Stage.GENERATING and failover.step_in(job, item, failure):
        return
    if stage == Stage.GENERATING and item.art.get("made_round") is not None and item.round > 0:
        # The remake failed, the picture made before is still there: give back the remake, keep the picture.
        back = item.state_before or ItemState.MADE
        if item.remake_price:
            _refund_item(job, stage, item, item.remake_price, f"its remake failed. {failure.reason}")
        Item.objects.filter(pk=item.pk).update(
            state=back if back in (ItemState.MADE, ItemState.DROPPED) else ItemState.MADE,
            price=item.price - item.remake_price, remake_price=0, state_before="", reason=failure.reason[:400],
        )  # fmt: skip
        _after_generating(job)
        return
    _refund_item(job, stage, item, item.price, failure.reason)
    Item.objects.filter(pk=item.pk).update(
        state=ItemState.BLOCKED if blocked else ItemState.FAILED,
        price=0,
        remake_price=0,
        state_before="",
        reason=failure.reason[:400],
    )
    if stage == Stage.GENERATING:
        _after_generating(job)
    elif not items_of(job.project).filter(state=ItemState.MADE).exists():
        _fail_with_last_item(job, stage)


def _fail_with_last_item(job: Job, stage: Stage) -> None:
    from elistit.pipeline.models import Attempt

    last = (
        Attempt.objects.filter(job=job, stage=stage, note=False)
        .exclude(outcome__in=["", outcomes.MADE, outcomes.STOPPED])
        .order_by("-ended_at")
        .first()
    )
    reason = last.reason if last else "No image could be made."
    kind = last.outcome if last else ""
    if changes.move_job(job.pk, JobStatus.FAILED):
        Job.objects.filter(pk=job.pk).update(
            failure_stage=stage, failure_kind=kind, failure_reason=f"None of the images could be made. {reason}"[:400]
        )
        _refund_credits(job, "none of the images could be made")
        changes.move_stage(job.project_id, Stage.FAILED)


def _lose_listing(job: Job, failure: Failure) -> None:
    if job.kind == JobKind.LISTING:
        fail(job, Stage.LISTING, failure)
        return
    # Files are delivered: they stay, and only the listing's own line comes back (rules §5.5).
    ledger.refund(
        job.project.owner_id, job=job.pk, project=job.project_id, amount=_listing_line(job), idempotency_key=f"job:{job.pk}:listing",
        reason=f"The listing text could not be written: {failure.reason}"[:300],
    )  # fmt: skip
    Listing.objects.filter(project=job.project_id).update(text=Listing.Text.FAILED, text_reason=failure.reason[:400])
    _complete(job, Stage.LISTING)


def _listing_line(job: Job) -> int:
    return prices.listing_price([prices.Line(**line) for line in job.quote.lines])


def _lose_draft(job: Job, failure: Failure) -> None:
    # Only the draft failed: files and text are there, nothing was charged for it, nothing comes back (rules §5.4). A draft
    # that exists half-made is remembered by its id, so that a retry goes on with it.
    if failure.provider_id:
        Listing.objects.filter(project=job.project_id).update(draft_id=failure.provider_id)
    Listing.objects.filter(project=job.project_id, draft=Listing.Draft.PENDING).update(
        draft=Listing.Draft.FAILED, draft_reason=failure.reason[:400]
    )
    _complete(job, Stage.DRAFTING)


def pause_provider(job: Job, stage: str, item: int, failure: Failure) -> None:
    """An `operator` failure of a provider stops that provider for everyone until it is resumed (rules §5.7): the image
    provider, the tool, or the language model that writes briefs and listings."""
    if failure.service == STORAGE or not outcomes.meaning(outcomes.stored_kind(failure)).pauses_provider:
        return
    provider = model_of(job.project, item).split("/")[0] if stage == Stage.GENERATING else ""
    provider = chat.NAME if stage in (Stage.BRIEFING, Stage.LISTING) else provider
    provider = failure.service or provider
    if provider:
        ProviderPause.objects.get_or_create(
            provider=provider, defaults={"reason": failure.reason[:400], "detail": failure.detail}
        )

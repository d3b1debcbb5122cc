"""Settle a successful attempt: items, files, listing text, the next stage.

Runs inside the one transaction of `settle`, with the job's row locked. It must never move credits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elistit import ports
from elistit.chain import variety
from elistit.chain.advance import after_generating, complete
from elistit.chain.files import keep_files, keep_trial
from elistit.delivery.models import DriveAccount, DriveCopy
from elistit.ports import Made
from elistit.projects import changes, draft_plans, rounds
from elistit.projects.gate import items_of, shows
from elistit.projects.models import Item, Job, Listing, Project
from elistit.projects.products import product_type
from elistit.projects.states import ItemState, Stage
from elistit.providers import registry


def settle_success(job: Job, stage: str, item: int, outcome: Made) -> None:
    """Store the result of an attempt, and move the project on when it was the last of its stage."""
    _SETTLED[Stage(stage), item > 0](job, item, outcome.data)


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
    again = bool(flags) and rounds.may_check_again(item)
    drawn = registry.drawn_subject(art.get("made_model") or job.project.model, art.get("redraw") or {})
    item.subject = drawn or shows(item)
    rounds.made(item, flags, art, again=again)
    if again:
        # Our own check flagged the image: it is remade once, free, before the seller sees it (rules §8). The seller
        # paid for the round that was just made; the next one costs nothing, so nothing is refunded if it fails.
        Item.objects.filter(pk=item.pk).update(
            free_remake_used=True, round=item.round + 1, flags=flags, art=art, remake_price=0
        )
        return
    Item.objects.filter(pk=item.pk).update(
        state=ItemState.MADE,
        subject=item.subject,
        flags=flags,
        reason="",
        art=art,
        remake_price=0,
        state_before="",
        processed_at=None,
    )
    after_generating(job)


def _seen_again(job: Job, item: Item, data: dict[str, Any]) -> list[dict[str, str]]:
    """The flags of a new image, plus one if it resembles a sibling that was made at the same time: two images in
    progress can't be compared before here, where one settles after the other."""
    flags: list[dict[str, str]] = data["flags"]
    signature = data["art"].get("signature")
    known = any(flag["code"] == variety.DUPLICATE for flag in flags)
    if not signature or known or variety.is_lettered(item.art):
        return flags
    others = items_of(job.project).filter(state__in=[ItemState.MADE, ItemState.DROPPED]).exclude(pk=item.pk)
    tiles = product_type(job.project.product).seamless
    siblings = [(i.number, i.art.get("signature") or "") for i in others]
    twin = variety.twin(signature, siblings, tiles=tiles)
    return [*flags, variety.flag(twin)] if twin else flags


def _processed_item(job: Job, number: int, data: dict[str, Any]) -> None:
    item = items_of(job.project).get(number=number)
    keep_files(job, data["files"], item)
    cutting = next((file["cutting"] for file in data["files"] if "cutting" in file), None)
    art = {**item.art, "cutting": cutting} if cutting else item.art
    Item.objects.filter(pk=item.pk).update(processed_at=ports.now(), art=art)


def _processed_set(job: Job, _: int, data: dict[str, Any]) -> None:
    keep_files(job, data["files"])
    changes.move_stage(job.project_id, Stage.DELIVERING, [Stage.PROCESSING])


def _delivered(job: Job, _: int, data: dict[str, Any]) -> None:
    keep_files(job, data["files"])
    keep_trial(job, data.get("trial"))
    plan_drive_copy(job)
    changes.move_stage(job.project_id, Stage.LISTING, [Stage.DELIVERING])


def plan_drive_copy(job: Job) -> None:
    """Request a Drive copy of packed files, if the seller had connected a Drive before the launch. Runs in the
    transaction that writes the file rows. Idempotent."""
    account = DriveAccount.objects.filter(
        owner=job.project.owner_id, disconnected_reason="", connected_at__lte=job.project.created_at
    ).exists()
    if account:
        DriveCopy.objects.get_or_create(project=job.project_id, defaults={"owner_id": job.project.owner_id})


def _listed(job: Job, _: int, data: dict[str, Any]) -> None:
    shop = bool(data["shop"])
    if planned := data.get("planned"):
        # Files and text are done; the draft, which is free, waits for its shop's schedule.
        draft_plans.wait(job.project, *planned)
        shop = False
    Listing.objects.filter(project=job.project_id).update(
        text=Listing.Text.WRITTEN,
        text_reason="",
        title=data["title"],
        tags=data["tags"],
        description=data["description"],
        price_cents=data["price_cents"],
        currency=data.get("currency", ""),
        notes=data.get("notes"),
        draft=Listing.Draft.PENDING if shop else Listing.Draft.NONE,
    )
    if shop:
        changes.move_stage(job.project_id, Stage.DRAFTING, [Stage.LISTING])
    else:
        complete(job, Stage.LISTING)


def _drafted(job: Job, _: int, data: dict[str, Any]) -> None:
    Listing.objects.filter(project=job.project_id, draft=Listing.Draft.PENDING).update(
        draft=Listing.Draft.CREATED, draft_reason="", draft_id=str(data["listing_id"]), draft_url=data["url"]
    )
    complete(job, Stage.DRAFTING)


_SETTLED: dict[tuple[Stage, bool], Callable[[Job, int, dict[str, Any]], None]] = {
    (Stage.BRIEFING, False): _briefed,
    (Stage.GENERATING, True): _generated,
    (Stage.PROCESSING, True): _processed_item,
    (Stage.PROCESSING, False): _processed_set,
    (Stage.DELIVERING, False): _delivered,
    (Stage.LISTING, False): _listed,
    (Stage.DRAFTING, False): _drafted,
}

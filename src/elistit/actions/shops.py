"""What a seller may do with their shops: name them, choose the default, and choose the shop of a project's draft.

For the pages, the API and the command line alike. Nothing here asks Etsy anything or costs credits. A project must never change
its shop while a draft of it is being made or is on Etsy (`projects.draft_plans`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from elistit import names
from elistit.accounts.models import User
from elistit.listings import schedule, templates
from elistit.listings.etsy import connect, shops
from elistit.listings.models import EtsyShop, ListingTemplate
from elistit.listings.templates import Template
from elistit.projects import draft_plans, gate
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.orders import LaunchSpec
from elistit.projects.states import Stage

NO_SHOP = "There is no such shop."
CONFIRM = "confirm_no_draft"


def placed(owner: User, spec: LaunchSpec, rows: Sequence[EtsyShop] | None = None) -> LaunchSpec:
    """A new order with the shop its draft goes to: the one it names, else the default; unchanged without a shop. `rows` are the
    seller's shops (`shops.of_owner`), if they were read already. Raises InvalidSpec for a shop the seller doesn't have."""
    rows = shops.of_owner(owner.pk) if rows is None else rows
    shop = shops.named_among(rows, spec.shop) if spec.shop else next(iter(rows), None)
    if spec.shop and shop is None:
        known = ", ".join(f"{s} ({s.shop_id})" for s in rows) or "no shop is connected yet"
        raise InvalidSpec({"shop": f"You have no shop “{spec.shop[:60]}”. Choose one of: {known}."})
    return dataclasses.replace(spec, draft_shop=(shop.shop_id, str(shop)) if shop else None)


def own(owner: User, shop_id: str) -> EtsyShop:
    """One of the owner's shops by its Etsy number. Raises NotFound."""
    found = shops.chosen(owner.pk, int(shop_id)) if shop_id.isascii() and shop_id.isdecimal() and int(shop_id) else None
    if found is None:
        raise NotFound(NO_SHOP)
    return found


def describe(owner: User) -> list[dict[str, Any]]:
    """Every shop of a seller as the API and the command line show it, the default first. Contains no token."""
    rows = shops.of_owner(owner.pk)
    return [
        {
            "id": str(shop.shop_id), "name": shop.shop_name, "label": shop.label, "default": shop is rows[0],
            "connected": not shop.disconnected_reason, "reason": shop.disconnected_reason, "currency": shop.currency,
            "connected_at": shop.connected_at, "practice": bool(shop.sandbox_url), "schedule": _schedule(owner.pk, shop.shop_id),
        }
        for shop in rows
    ]  # fmt: skip


def _schedule(owner_id: int, number: int) -> dict[str, Any]:
    plan = schedule.of(owner_id, number)
    return {"enabled": plan.enabled, "per_day": plan.per_day, "at": f"{plan.at:%H:%M}", "zone": plan.zone}


def change(owner: User, shop_id: str, *, label: str | None = None, default: bool = False) -> None:
    """Name a shop, or make it the default. Raises NotFound, InvalidSpec for a name that is too long or taken."""
    shop = own(owner, shop_id)
    if label is not None:
        tidy = label.strip()
        if len(tidy) > connect.LABEL_MAX:
            raise InvalidSpec({"label": f"The name is {len(tidy)} characters long; at most {connect.LABEL_MAX} fit."})
        taken = shops.named(owner.pk, tidy)
        if taken is not None and taken.pk != shop.pk:
            raise InvalidSpec({"label": f"Another shop of yours is already called “{tidy}”."})
        connect.rename(owner, shop.shop_id, tidy)
    if default:
        connect.make_default(owner, shop.shop_id)


def template(owner: User, shop_id: str) -> Template:
    """The listing template of a shop. Raises NotFound."""
    return templates.of(owner.pk, own(owner, shop_id).shop_id)


def save_template(owner: User, shop_id: str, wanted: Template) -> Template:
    """Replace the listing template of a shop, for listings written from now on. Free. Raises NotFound, InvalidSpec by field."""
    shop = own(owner, shop_id)
    tidy = dataclasses.replace(
        wanted,
        title_opening=names.one_line(wanted.title_opening),
        title_closing=names.one_line(wanted.title_closing),
        opening=wanted.opening.replace("\r\n", "\n").strip(),
        closing=wanted.closing.replace("\r\n", "\n").strip(),
        tags=tuple(dict.fromkeys(tag for tag in map(names.one_line, wanted.tags) if tag)),
    )
    if wrong := templates.problems(tidy):
        raise InvalidSpec(wrong)
    ListingTemplate.objects.update_or_create(
        owner=owner, shop_id=shop.shop_id, defaults={**dataclasses.asdict(tidy), "tags": list(tidy.tags)}
    )
    return tidy


def of_project(project: Project) -> dict[str, Any] | None:
    """Where a project's draft goes, as the API shows it; None when no shop was chosen and none is connected."""
    plan = draft_plans.of(project.pk)
    shop = shops.chosen(project.owner_id, plan.shop if plan else 0)
    if plan is None and shop is None:
        return None
    number, name = (shop.shop_id, str(shop)) if shop else (plan.shop, plan.shop_name) if plan else (0, "")
    return {
        "id": str(number),
        "name": name,
        "connected": shop is not None and not shop.disconnected_reason,
        "planned_for": None,
    }


def asks_confirmation(project: Project) -> bool:
    """Whether a draft may exist in a shop that can't be asked: then choosing another shop needs the seller's confirmation."""
    plan = draft_plans.of(project.pk)
    if plan is None or not plan.sent_to:
        return False
    before = shops.chosen(project.owner_id, plan.sent_to)
    return before is None or bool(before.disconnected_reason)


def may_move(project: Project, listing: Listing | None) -> bool:
    """Whether another shop can be chosen for the draft. `move` checks again, safe from races."""
    if listing is None or project.stage in (Stage.FAILED, Stage.DELETED, Stage.DRAFTING):
        return False
    return listing.draft in (Listing.Draft.NONE, Listing.Draft.FAILED, Listing.Draft.SKIPPED)


def move(owner: User, public_id: str, words: str, *, confirm_no_draft: bool = False) -> Project:
    """Choose the shop of a project's draft, by its number or name. Free and idempotent; the price is converted to the
    shop's currency with the draft.

    Raises NotFound; InvalidSpec for a shop the seller doesn't have, or when a draft may exist in a shop that can't be
    asked and the seller hasn't confirmed that there is none (`confirm_no_draft`); NotPossible while the draft is being
    created and once it is on Etsy.
    """
    project = gate.own_project(owner, public_id)
    if project.stage in (Stage.FAILED, Stage.DELETED):
        raise NotPossible("This project failed, so it won't have a draft.")
    shop = shops.named(owner.pk, words)
    if shop is None:
        raise InvalidSpec({"shop": f"You have no shop “{words[:60]}”. Choose one under Settings → Shops."})
    plan = draft_plans.of(project.pk)
    leaves = plan is not None and shop.shop_id != plan.sent_to and asks_confirmation(project)
    if leaves and not confirm_no_draft:
        raise InvalidSpec(
            {
                CONFIRM: "An earlier attempt may have left a draft in the shop it was sent to, and we can't check there. Check that "
                "shop, then confirm that no draft of this project is in it."
            }
        )
    with transaction.atomic():
        draft_plans.move(project, shop.shop_id, str(shop), forget=leaves)
    return gate.own_project(owner, public_id)

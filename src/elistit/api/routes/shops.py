"""Shops over the API: list, name, choose the default, and choose the shop of a project's draft. Free."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router
from ninja.params.functions import Path, Query

from elistit import ports
from elistit.accounts.models import ApiKey
from elistit.actions import calendar, shops
from elistit.api import keys, shapes
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE, invalid
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import PublicId, own
from elistit.api.routes.project_documents import show
from elistit.api.shapes.shops import (
    Calendar,
    ListingTemplate,
    PlanRequest,
    ScheduleRequest,
    Shop,
    ShopChoice,
    ShopRequest,
    Shops,
)
from elistit.listings.templates import Template

router = Router(tags=["Shops"])

CALENDAR_DAYS_MAX = 366
CALENDAR_DAYS = 31
First = Annotated[dt.date | None, Query(description="Today when left out.")]
Last = Annotated[dt.date | None, Query(description="Defaults to 31 days after the first.")]

ShopId = Annotated[
    str, Field(max_length=20, json_schema_extra={"pattern": "^[0-9]{1,18}$"}), Path(description="The shop's `id`.")
]


@operation(router, "GET", "/shops", Shops)
def list_shops(request: HttpRequest) -> dict[str, Any]:
    """The seller's shops, the default first. A shop is connected in the browser, under Settings → Shops."""
    return {"items": shops.describe(keys.owner(request))}


@operation(
    router, "PATCH", "/shops/{shop_id}", Shop, NOT_FOUND, INVALID, MALFORMED, action=ApiKey.Action.LISTING,
)  # fmt: skip
def change_shop(request: HttpRequest, shop_id: ShopId, body: ShopRequest) -> dict[str, Any]:
    """Name a shop, or make it the default for new projects."""
    owner = keys.owner(request)
    shops.change(owner, shop_id, label=body.label, default=body.default)
    return next(shop for shop in shops.describe(owner) if shop["id"] == shop_id)


@operation(
    router, "POST", "/projects/{public_id}/shop", shapes.Project, NOT_FOUND, INVALID, MALFORMED, NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)  # fmt: skip
def choose_shop(request: HttpRequest, public_id: PublicId, body: ShopChoice) -> dict[str, Any]:
    """Choose the shop a project's draft goes to, until the draft is on Etsy.

    A shop that a draft was sent to before is asked first, so that two shops never hold a draft of one project.
    """
    project = own(request, public_id)
    return show(shops.move(keys.owner(request), project.pk, body.shop, confirm_no_draft=body.confirm_no_draft))


@operation(
    router, "PUT", "/shops/{shop_id}/schedule", Shop, NOT_FOUND, INVALID, MALFORMED, action=ApiKey.Action.LISTING,
)  # fmt: skip
def set_schedule(request: HttpRequest, shop_id: ShopId, body: ScheduleRequest) -> dict[str, Any]:
    """Let a shop's drafts go out by a schedule: at most so many a day, from a time of day on in the seller's time zone.

    A finished project then waits for its turn; its files and listing are ready at once. Drafts that wait already go by a changed
    schedule, too.
    """
    owner = keys.owner(request)
    calendar.change_schedule(owner, shop_id, enabled=body.enabled, per_day=body.per_day, at=body.at, zone=body.zone)
    return next(shop for shop in shops.describe(owner) if shop["id"] == shop_id)


@operation(router, "GET", "/calendar", Calendar, INVALID)
def show_calendar(request: HttpRequest, first: First = None, last: Last = None) -> dict[str, Any]:
    """The drafts that go out, or went out by a schedule, from one day to another."""
    first = first or ports.now().date()
    last = last or min(first, dt.date(9990, 1, 1)) + dt.timedelta(days=CALENDAR_DAYS)
    if not 0 <= (last - first).days <= CALENDAR_DAYS_MAX:
        raise invalid({"last": f"Ask for 1 to {CALENDAR_DAYS_MAX} days."})
    found = calendar.entries(keys.owner(request), first, last)
    return {
        "items": [
            {
                "project": e.project, "name": e.name, "shop": str(e.shop), "day": e.day, "at": e.at, "sent": e.sent,
                "chosen": e.chosen, "paused": e.paused,
            }
            for e in found
        ]
    }  # fmt: skip


@operation(
    router, "POST", "/projects/{public_id}/plan", shapes.Project, NOT_FOUND, INVALID, MALFORMED, NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)  # fmt: skip
def plan_draft(request: HttpRequest, public_id: PublicId, body: PlanRequest) -> dict[str, Any]:
    """Choose the day a project's draft goes out. `retry-draft` creates it now instead."""
    project = own(request, public_id)
    return show(calendar.plan(keys.owner(request), project.pk, body.day))


@operation(
    router, "DELETE", "/projects/{public_id}/plan", shapes.Project, NOT_FOUND, INVALID, NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)  # fmt: skip
def unplan_draft(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Take a draft off the calendar. It can be created later."""
    project = own(request, public_id)
    return show(calendar.cancel(keys.owner(request), project.pk))


@operation(router, "GET", "/shops/{shop_id}/template", ListingTemplate, NOT_FOUND, INVALID)
def show_template(request: HttpRequest, shop_id: ShopId) -> dict[str, Any]:
    """The listing template of a shop."""
    return dataclasses.asdict(shops.template(keys.owner(request), shop_id))


@operation(
    router, "PUT", "/shops/{shop_id}/template", ListingTemplate, NOT_FOUND, INVALID, MALFORMED, action=ApiKey.Action.LISTING,
)  # fmt: skip
def set_template(request: HttpRequest, shop_id: ShopId, body: ListingTemplate) -> dict[str, Any]:
    """Replace the listing template of a shop, for listings written from now on."""
    wanted = Template(**{**body.dict(), "tags": tuple(body.tags)})
    return dataclasses.asdict(shops.save_template(keys.owner(request), shop_id, wanted))

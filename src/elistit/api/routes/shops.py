"""Shops over the API: list, name, choose the default, and choose the shop of a project's draft. Free."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router
from ninja.params.functions import Path

from elistit.accounts.models import ApiKey
from elistit.actions import shops
from elistit.api import keys, shapes
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE
from elistit.api.routes.describing import operation
from elistit.api.routes.projects import PublicId, own, show
from elistit.api.shapes.shops import Shop, ShopChoice, ShopRequest, Shops

router = Router(tags=["Shops"])

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

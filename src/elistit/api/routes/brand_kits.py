"""Brand kits over the API, and the series a seller has. Free; nothing here changes a project that was launched."""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router
from ninja.params.functions import Path

from elistit.accounts.models import ApiKey
from elistit.actions import brand_kits as acting
from elistit.actions.brand_kits import KitFields
from elistit.api import keys, shapes
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE
from elistit.api.routes.describing import operation
from elistit.api.shapes import brand_kits as shape
from elistit.projects import brand_kits, series
from elistit.projects.errors import NotFound
from elistit.projects.preset_models import BrandKit

router = Router(tags=["Brand kits"])

_ID = re.compile(shapes.PUBLIC_ID)
KitId = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"}), Path(description="The brand kit's id.")
]


def _own(request: HttpRequest, kit_id: str) -> BrandKit:
    if not _ID.fullmatch(kit_id):
        raise NotFound("There is no such brand kit.")
    return brand_kits.get(keys.owner(request), kit_id)


def _fields(body: shape.BrandKitRequest | shape.BrandKitChange) -> KitFields:
    given = body.dict()
    for name in ("styles", "scenes"):
        given[name] = None if given[name] is None else tuple(given[name])
    if body.prices is not None:
        given["prices"] = {product: cents for product, cents in body.prices.dict().items() if cents}
    return KitFields(**given)


@operation(router, "GET", "/brand-kits", shape.BrandKits)
def list_brand_kits(request: HttpRequest) -> dict[str, Any]:
    """Your brand kits, by name."""
    return {"items": [acting.shown(kit) for kit in brand_kits.of(keys.owner(request))]}


@operation(
    router, "POST", "/brand-kits", shape.BrandKit, INVALID, MALFORMED, NOT_POSSIBLE, status=201,
    action=ApiKey.Action.ORGANIZE,
)  # fmt: skip
def add_brand_kit(request: HttpRequest, response: HttpResponse, body: shape.BrandKitRequest) -> dict[str, Any]:
    """Make a brand kit. Free. The first one becomes the default.

    An order uses it by its id, as `brand_kit`. What a project uses is copied at its launch.
    """
    kit = acting.add(keys.owner(request), _fields(body))
    response["Location"] = f"/api/v1/brand-kits/{kit.pk}"
    return acting.shown(kit)


@operation(router, "GET", "/brand-kits/{kit_id}", shape.BrandKit, NOT_FOUND)
def brand_kit(request: HttpRequest, kit_id: KitId) -> dict[str, Any]:
    """One brand kit."""
    return acting.shown(_own(request, kit_id))


@operation(
    router,
    "PATCH",
    "/brand-kits/{kit_id}",
    shape.BrandKit,
    NOT_FOUND,
    INVALID,
    MALFORMED,
    action=ApiKey.Action.ORGANIZE,
)
def edit_brand_kit(request: HttpRequest, kit_id: KitId, body: shape.BrandKitChange) -> dict[str, Any]:
    """Change what is given of a brand kit. Projects that were launched with it stay as they are."""
    return acting.shown(acting.edit(keys.owner(request), _own(request, kit_id).pk, _fields(body)))


@operation(router, "DELETE", "/brand-kits/{kit_id}", shape.BrandKitDeleted, NOT_FOUND, action=ApiKey.Action.ORGANIZE)
def delete_brand_kit(request: HttpRequest, kit_id: KitId) -> dict[str, Any]:
    """Delete a brand kit. Projects that were launched with it stay as they are."""
    return {"id": brand_kits.delete(keys.owner(request), _own(request, kit_id).pk).pk}


@operation(router, "GET", "/series", shape.SeriesList)
def list_series(request: HttpRequest) -> dict[str, Any]:
    """Your series that have a project, by name.

    A series begins with the first order that names it, as `series`.
    """
    rows = series.of(keys.owner(request))
    counts = dict(rows.values_list("name", "held"))  # type: ignore[misc]  # `series.of` adds it
    return {
        "items": [
            {
                "name": row.name, "projects": counts[row.name], "product": row.look["product"], "model": row.look["model"],
                "ratio": row.look["ratio"], "options": row.look["options"],
            }
            for row in rows
        ]
    }  # fmt: skip

"""The titles of a listing over the API: kept beside each other, compared, chosen. Free."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Path

from elistit.accounts.models import ApiKey
from elistit.actions import titles
from elistit.api import keys
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import PublicId, own
from elistit.api.shapes.titles import TitleRequest, Titles

router = Router(tags=["Projects"])

TitleNumber = Annotated[int, Path(ge=1, le=100_000, description="The title's `number`.")]


@operation(router, "GET", "/projects/{public_id}/titles", Titles, NOT_FOUND)
def list_titles(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """The titles kept for the listing, with what is known of each. Empty before the listing is written."""
    return {"items": titles.compare(own(request, public_id))}


@operation(
    router, "POST", "/projects/{public_id}/titles", Titles, NOT_FOUND, INVALID, MALFORMED, NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)  # fmt: skip
def add_title(request: HttpRequest, public_id: PublicId, body: TitleRequest) -> dict[str, Any]:
    """Keep one more title. It must meet Etsy's rules. The same title again changes nothing."""
    project = own(request, public_id)
    titles.add(keys.owner(request), project.pk, body.title)
    return {"items": titles.compare(project)}


@operation(
    router, "POST", "/projects/{public_id}/titles/{number}/use", Titles, NOT_FOUND, INVALID, NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)  # fmt: skip
def use_title(request: HttpRequest, public_id: PublicId, number: TitleNumber) -> dict[str, Any]:
    """Let the draft use a kept title, while no draft is on Etsy."""
    project = own(request, public_id)
    titles.use(keys.owner(request), project.pk, number)
    return {"items": titles.compare(project)}


@operation(
    router, "DELETE", "/projects/{public_id}/titles/{number}", Titles, NOT_FOUND, INVALID, NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)  # fmt: skip
def remove_title(request: HttpRequest, public_id: PublicId, number: TitleNumber) -> dict[str, Any]:
    """Take a title off the choice. One that was used stays in the history."""
    project = own(request, public_id)
    titles.remove(keys.owner(request), project.pk, number)
    return {"items": titles.compare(project)}

"""What follows a project's files over the API: its Etsy draft, its listing's text, and its files made again.

Every action goes through `elistit.actions.commands`, as from the pages.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from elistit.accounts.models import ApiKey
from elistit.actions import commands
from elistit.api import keys, shapes
from elistit.api.problems import IDEMPOTENCY_CONFLICT, INSUFFICIENT_CREDITS, INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import Key, PublicId, checked, own, stored_key
from elistit.api.routes.project_documents import show
from elistit.projects.listing_text import Text

router = Router(tags=["Projects"])


@operation(
    router,
    "POST",
    "/projects/{public_id}/retry-draft",
    shapes.Project,
    NOT_FOUND,
    NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)
def retry_draft(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Retry the Etsy draft. Free."""
    return show(commands.retry_draft(keys.owner(request), own(request, public_id).pk))


@operation(
    router,
    "POST",
    "/projects/{public_id}/skip-draft",
    shapes.Project,
    NOT_FOUND,
    NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)
def skip_draft(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Put the failed Etsy draft aside. Free, and can be taken back with retry-draft."""
    return show(commands.skip_draft(keys.owner(request), own(request, public_id).pk))


@operation(
    router,
    "PUT",
    "/projects/{public_id}/listing",
    shapes.Project,
    NOT_FOUND,
    INVALID,
    MALFORMED,
    NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)
def edit_listing(request: HttpRequest, public_id: PublicId, body: shapes.ListingRequest) -> dict[str, Any]:
    """Replace the listing's text while no draft of it is on Etsy. Free. It must meet Etsy's rules."""
    text = Text(body.title, tuple(body.tags), body.description, body.price_cents)
    return show(commands.edit_listing(keys.owner(request), own(request, public_id).pk, text))


@operation(
    router,
    "POST",
    "/projects/{public_id}/files-again",
    shapes.Project,
    NOT_FOUND,
    NOT_POSSIBLE,
    action=ApiKey.Action.FILES,
)
def files_again(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """Have the files checked, and what is missing or damaged made again from the originals. Free."""
    return show(commands.make_files_again(keys.owner(request), own(request, public_id).pk))


@operation(
    router, "POST", "/projects/{public_id}/write-listing-again", shapes.Project, NOT_FOUND, INVALID, INSUFFICIENT_CREDITS,
    IDEMPOTENCY_CONFLICT, NOT_POSSIBLE,
)  # fmt: skip
def write_listing_again(request: HttpRequest, public_id: PublicId, idempotency_key: Key = None) -> dict[str, Any]:
    """Write the listing again after it failed and was refunded. Charged its price line once."""
    key = stored_key(request, idempotency_key)
    return show(commands.write_listing_again(keys.owner(request), checked(public_id), idempotency_key=key))

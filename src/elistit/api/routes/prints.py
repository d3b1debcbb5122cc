"""Print on demand over the API: sizes, quotes, draft orders at Gelato. Free. No operation submits an order."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router
from ninja.params.functions import Path

from elistit.accounts.models import ApiKey
from elistit.actions import print_drafts, print_sizes
from elistit.api import keys, shapes
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import PublicId, checked, own
from elistit.api.shapes.prints import PrintDraft, PrintDrafts, PrintQuoteRequest, PrintRecipient, PrintSizes
from elistit.delivery import models

router = Router(tags=["Print on demand"])

PrintId = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"}), Path(description="The quote's or draft's `id`.")
]
LISTING = ApiKey.Action.LISTING


def _shown(row: models.PrintDraft) -> dict[str, Any]:
    return {
        "id": row.pk, "state": row.state, "reason": row.reason, "words": row.size, "size": row.product, "dpi": row.dpi,
        "file": row.file_name, "destination": row.destination, "price": row.price, "currency": row.currency,
        "shipping": row.shipping, "method": row.method, "recipient": row.address, "order_id": row.order_id,
        "gelato_status": row.gelato_status, "created_at": row.created_at, "sent_at": row.sent_at, "checked_at": row.checked_at,
        "link_until": row.link_until,
    }  # fmt: skip


@operation(router, "GET", "/projects/{public_id}/print-sizes", PrintSizes, NOT_FOUND, INVALID, NOT_POSSIBLE)
def list_print_sizes(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """The poster sizes that a finished project's print files fill at 150 DPI or more, from Gelato's catalog."""
    sizes = print_sizes.of_project(own(request, public_id))
    return {
        "items": [
            {
                "size": s.sheet.product, "words": s.words, "width_mm": s.sheet.width, "height_mm": s.sheet.height, "dpi": s.dpi,
                "file": s.file.name,
            }
            for s in sizes
        ]
    }  # fmt: skip


@operation(router, "GET", "/projects/{public_id}/print-drafts", PrintDrafts, NOT_FOUND, INVALID)
def list_print_drafts(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """The print drafts of a project, as they were when last checked."""
    rows = print_drafts.of_project(keys.owner(request), own(request, public_id))
    return {"items": [_shown(row) for row in rows]}


@operation(
    router, "POST", "/projects/{public_id}/print-drafts", PrintDraft, NOT_FOUND, INVALID, MALFORMED, NOT_POSSIBLE,
    action=LISTING, status=201,
)  # fmt: skip
def quote_print(
    request: HttpRequest, response: HttpResponse, public_id: PublicId, body: PrintQuoteRequest
) -> dict[str, Any]:
    """Get Gelato's quote for one print at a destination. Creates nothing at Gelato.

    The answer's `id` is what `create` makes a draft from; one quote makes at most one draft.
    """
    project = own(request, public_id)
    place = body.dict(exclude={"size"})
    row = print_drafts.quote(keys.owner(request), project.pk, body.size, place)
    response["Location"] = f"/api/v1/projects/{project.pk}/print-drafts/{row.pk}"
    return _shown(row)


@operation(router, "GET", "/projects/{public_id}/print-drafts/{print_id}", PrintDraft, NOT_FOUND, INVALID)
def show_print_draft(request: HttpRequest, public_id: PublicId, print_id: PrintId) -> dict[str, Any]:
    """One quote or draft, as it was when last checked."""
    project = own(request, public_id)
    return _shown(print_drafts.own(keys.owner(request), project.pk, checked(print_id)))


@operation(
    router, "POST", "/projects/{public_id}/print-drafts/{print_id}/create", PrintDraft, NOT_FOUND, INVALID, MALFORMED,
    NOT_POSSIBLE, action=LISTING,
)  # fmt: skip
def create_print_draft(
    request: HttpRequest, public_id: PublicId, print_id: PrintId, body: PrintRecipient
) -> dict[str, Any]:
    """Create the draft order of a quote in the studio's Gelato account. Nothing is printed until a person submits it there.

    The same request again answers the same draft. With `unknown`, Gelato's answer was lost: send it again later, and the draft is
    looked up before anything is created.
    """
    project = own(request, public_id)
    typed = body.dict(exclude={"shipping"})
    return _shown(print_drafts.create(keys.owner(request), project.pk, checked(print_id), typed, body.shipping))


@operation(
    router, "POST", "/projects/{public_id}/print-drafts/{print_id}/refresh", PrintDraft, NOT_FOUND, INVALID, NOT_POSSIBLE,
    action=LISTING,
)  # fmt: skip
def refresh_print_draft(request: HttpRequest, public_id: PublicId, print_id: PrintId) -> dict[str, Any]:
    """Ask Gelato for the state of a draft."""
    project = own(request, public_id)
    return _shown(print_drafts.refresh(keys.owner(request), project.pk, checked(print_id)))


@operation(
    router, "DELETE", "/projects/{public_id}/print-drafts/{print_id}", PrintDraft, NOT_FOUND, INVALID, NOT_POSSIBLE,
    action=LISTING,
)  # fmt: skip
def delete_print_draft(request: HttpRequest, public_id: PublicId, print_id: PrintId) -> dict[str, Any]:
    """Delete a draft at Gelato, with the recipient's address here. One that was submitted can't be deleted."""
    project = own(request, public_id)
    return _shown(print_drafts.delete(keys.owner(request), project.pk, checked(print_id)))

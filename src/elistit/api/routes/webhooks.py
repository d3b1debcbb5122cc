"""Webhooks over the API: add, list, delete, and the log of what was delivered."""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router
from ninja.params.functions import Path

from elistit import ports
from elistit.accounts.models import User
from elistit.api import keys, shapes
from elistit.api.models import WebhookDelivery, WebhookEndpoint
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE, invalid
from elistit.api.routes.describing import operation
from elistit.api.routes.projects import Cursor, Limit, next_page
from elistit.api.webhooks import addresses, secrets
from elistit.projects.errors import NotFound, NotPossible

router = Router(tags=["Webhooks"])
MOST = 10
_ULID = Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"})
WebhookId = Annotated[str, _ULID, Path(description="`id` of a webhook.")]
DeliveryId = Annotated[str, _ULID, Path(description="`id` of a delivery.")]


def _own(request: HttpRequest, webhook_id: str) -> WebhookEndpoint:
    found = WebhookEndpoint.objects.filter(owner=keys.owner(request), pk=webhook_id) if webhook_id.isalnum() else None
    endpoint = found.first() if found is not None else None
    if endpoint is None:
        raise NotFound("There is no such webhook.")
    return endpoint


def _show(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": endpoint.pk, "url": endpoint.url, "events": endpoint.events, "active": endpoint.disabled_at is None,
        "disabled_reason": endpoint.disabled_reason, "created_at": endpoint.created_at,
    }  # fmt: skip


def _show_delivery(delivery: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": delivery.pk, "event": delivery.event, "project": delivery.project, "state": delivery.state,
        "tries": delivery.tries, "next_try_at": delivery.next_try_at, "created_at": delivery.created_at,
        "attempts": list(delivery.attempts.all()),
    }  # fmt: skip


@operation(router, "POST", "/webhooks", shapes.NewWebhook, INVALID, MALFORMED, NOT_POSSIBLE, status=201)
def add_webhook(request: HttpRequest, response: HttpResponse, body: shapes.WebhookRequest) -> dict[str, Any]:
    """Be told about projects at an address of your own.

    Deliveries are signed as Standard Webhooks describes it, with the `secret` this answer shows once.
    """
    owner: User = keys.owner(request)
    try:
        addresses.check(body.url)
    except addresses.RefusedAddress as refused:
        raise invalid({"url": str(refused)}) from refused
    secret = secrets.new()
    with transaction.atomic():
        # Holding the person's row makes the count exact when several requests come at once.
        User.objects.select_for_update().get(pk=owner.pk)
        if WebhookEndpoint.objects.filter(owner=owner).count() >= MOST:
            raise NotPossible(f"There are {MOST} webhooks already; delete one first.")
        endpoint = WebhookEndpoint.objects.create(
            owner=owner, url=body.url, events=list(dict.fromkeys(body.events)), secret=secrets.seal(secret)
        )
    response["Location"] = f"/api/v1/webhooks/{endpoint.pk}"
    return {**_show(endpoint), "secret": secret}


@operation(router, "GET", "/webhooks", shapes.Webhooks)
def webhooks(request: HttpRequest) -> dict[str, Any]:
    """The seller's webhooks, oldest first."""
    return {"items": [_show(e) for e in WebhookEndpoint.objects.filter(owner=keys.owner(request))]}


@operation(router, "GET", "/webhooks/{webhook_id}", shapes.Webhook, NOT_FOUND)
def webhook(request: HttpRequest, webhook_id: WebhookId) -> dict[str, Any]:
    """One webhook."""
    return _show(_own(request, webhook_id))


@operation(router, "DELETE", "/webhooks/{webhook_id}", shapes.Webhook, NOT_FOUND)
def delete_webhook(request: HttpRequest, webhook_id: WebhookId) -> dict[str, Any]:
    """Delete a webhook with its log; nothing more is sent to it. Answers what was deleted."""
    endpoint = _own(request, webhook_id)
    shown = _show(endpoint)
    endpoint.delete()
    return {**shown, "active": False}


@operation(router, "GET", "/webhooks/{webhook_id}/deliveries", shapes.DeliveryPage, NOT_FOUND, INVALID)
def deliveries(
    request: HttpRequest, response: HttpResponse, webhook_id: WebhookId, limit: Limit = 25, cursor: Cursor = None
) -> dict[str, Any]:
    """What was sent or is to be sent to a webhook, newest first, with every try. Kept for 30 days."""
    found = _own(request, webhook_id).deliveries.prefetch_related("attempts").order_by("-id")
    if cursor is not None:
        if not cursor.isalnum():
            raise invalid({"cursor": "This is not the `next` of a page."})
        found = found.filter(id__lt=cursor)
    rows = list(found[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    return {
        "items": [_show_delivery(row) for row in rows],
        "next": next_page(request, response, rows[-1].pk if more else None),
    }


@operation(
    router, "POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend", shapes.Delivery, NOT_FOUND, NOT_POSSIBLE
)
def resend(request: HttpRequest, webhook_id: WebhookId, delivery_id: DeliveryId) -> dict[str, Any]:
    """Send a delivery once more, now, with the same `webhook-id`."""
    endpoint = _own(request, webhook_id)
    found = endpoint.deliveries.filter(pk=delivery_id) if delivery_id.isalnum() else endpoint.deliveries.none()
    if not found.exists():
        raise NotFound("There is no such delivery.")
    if endpoint.disabled_at is not None:
        raise NotPossible("This webhook is switched off. Add it again to have something sent there.")
    found.update(state=WebhookDelivery.State.PENDING, next_try_at=ports.now())
    return _show_delivery(found.get())

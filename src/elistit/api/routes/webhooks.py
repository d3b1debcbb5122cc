"""Webhooks over the API: add, list, delete, and the log of what was delivered."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router
from ninja.params.functions import Path

from elistit.accounts.models import ApiKey
from elistit.api import keys, shapes
from elistit.api.models import WebhookDelivery, WebhookEndpoint
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE, invalid
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import Cursor, Limit, next_page
from elistit.api.webhooks import keeping
from elistit.network import addresses

router = Router(tags=["Webhooks"])
_ULID = Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"})
WebhookId = Annotated[str, _ULID, Path(description="`id` of a webhook.")]
DeliveryId = Annotated[str, _ULID, Path(description="`id` of a delivery.")]


def _own(request: HttpRequest, webhook_id: str) -> WebhookEndpoint:
    return keeping.own(keys.owner(request), webhook_id)


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


@operation(
    router,
    "POST",
    "/webhooks",
    shapes.NewWebhook,
    INVALID,
    MALFORMED,
    NOT_POSSIBLE,
    status=201,
    action=ApiKey.Action.WEBHOOKS,
)
def add_webhook(request: HttpRequest, response: HttpResponse, body: shapes.WebhookRequest) -> dict[str, Any]:
    """Get notified about projects at an address of your own.

    Deliveries are signed as Standard Webhooks describes it, with the `secret` this answer shows once.
    """
    try:
        endpoint, secret = keeping.add(keys.owner(request), body.url, body.events)
    except addresses.RefusedAddress as refused:
        raise invalid({"url": str(refused)}) from refused
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


@operation(router, "DELETE", "/webhooks/{webhook_id}", shapes.Webhook, NOT_FOUND, action=ApiKey.Action.WEBHOOKS)
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
    """What was sent or is to be sent to a webhook, newest first, with every attempt. Kept for 30 days."""
    found = _own(request, webhook_id).deliveries.prefetch_related("attempts").order_by("-id")
    if cursor is not None:
        if not cursor.isalnum():
            raise invalid({"cursor": "This is not a valid `next` value."})
        found = found.filter(id__lt=cursor)
    rows = list(found[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    return {
        "items": [_show_delivery(row) for row in rows],
        "next": next_page(request, response, rows[-1].pk if more else None),
    }


@operation(
    router,
    "POST",
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
    shapes.Delivery,
    NOT_FOUND,
    NOT_POSSIBLE,
    action=ApiKey.Action.WEBHOOKS,
)
def resend(request: HttpRequest, webhook_id: WebhookId, delivery_id: DeliveryId) -> dict[str, Any]:
    """Send a delivery once more, now, with the same `webhook-id`."""
    return _show_delivery(keeping.resend(_own(request, webhook_id), delivery_id))

"""A seller's webhooks as they keep them: add, list, delete, and send a delivery once more.

The one place behind the API's operations and the page in the settings, so that both refuse the same things in the same
words. It sends nothing itself; `delivering` does.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.api.models import WebhookDelivery, WebhookEndpoint
from elistit.api.webhooks import secrets
from elistit.network import addresses
from elistit.projects.errors import NotFound, NotPossible

MOST = 10
"""Webhooks of one seller."""


def add(owner: User, url: str, events: Iterable[str]) -> tuple[WebhookEndpoint, str]:
    """A new webhook and its secret, which can be read nowhere else afterwards.

    Raises RefusedAddress for an address that may not be reached, NotPossible when there are `MOST` already.
    """
    addresses.check(url)
    secret = secrets.new()
    with transaction.atomic():
        # Holding the person's row makes the count exact when several requests come at once.
        User.objects.select_for_update().get(pk=owner.pk)
        if WebhookEndpoint.objects.filter(owner=owner).count() >= MOST:
            raise NotPossible(f"You have {MOST} webhooks already; delete one first.")
        endpoint = WebhookEndpoint.objects.create(
            owner=owner, url=url, events=list(dict.fromkeys(events)), secret=secrets.seal(secret)
        )
    return endpoint, secret


def own(owner: User, webhook_id: str) -> WebhookEndpoint:
    """One's own webhook. Raises NotFound for one that is not there or not theirs."""
    found = WebhookEndpoint.objects.filter(owner=owner, pk=webhook_id) if webhook_id.isalnum() else None
    endpoint = found.first() if found is not None else None
    if endpoint is None:
        raise NotFound("There is no such webhook.")
    return endpoint


def resend(endpoint: WebhookEndpoint, delivery_id: str) -> WebhookDelivery:
    """Have a delivery sent once more, now, with the same `webhook-id`. Pressing twice is once.

    Raises NotFound for a delivery that is not this webhook's, NotPossible when the webhook is switched off.
    """
    found = endpoint.deliveries.filter(pk=delivery_id) if delivery_id.isalnum() else endpoint.deliveries.none()
    if not found.exists():
        raise NotFound("There is no such delivery.")
    if endpoint.disabled_at is not None:
        raise NotPossible("This webhook is disabled. Add it again to resume deliveries.")
    found.update(state=WebhookDelivery.State.PENDING, next_try_at=ports.now())
    return found.get()

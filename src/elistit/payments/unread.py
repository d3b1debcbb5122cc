"""Messages of Stripe's that could not be handled, kept for the operator until they are.

A message about a seller of ours is never passed over: it is refused, so that Stripe sends it again, and noted here. One that
is about no one here belongs to another business on the same Stripe account. Nothing here may keep a message's content.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q

from elistit import ports
from elistit.payments import shapes
from elistit.payments.models import Payment, StripeCustomer, Subscription, UnreadMessage

# A message that waits for another one usually waits seconds. After this long the operator sees it.
SHOWN_AFTER = dt.timedelta(hours=1)


def whose(thing: Mapping[str, Any]) -> int | None:
    """The seller a message is about, by anything in it that is known here; None for what is not ours."""
    customer = shapes.ident(thing.get("customer"))
    if customer:
        known = StripeCustomer.objects.filter(customer=customer).values_list("owner_id", flat=True).first()
        if known is not None:
            return known
    names = _names(thing)
    paid = Payment.objects.filter(
        Q(pk__in=names) | Q(session__in=names) | Q(invoice__in=names) | Q(payment_intent__in=names)
    )
    held = Subscription.objects.filter(subscription__in=names)
    for found in (paid, held):
        owner = found.values_list("owner_id", flat=True).first()
        if owner is not None:
            return owner
    return None


def _names(thing: Mapping[str, Any]) -> list[str]:
    """Every id in a message's first levels, wherever its shape puts it."""
    found: list[str] = []

    def walk(value: Any, depth: int) -> None:
        if isinstance(value, str) and 4 <= len(value) <= 120:
            found.append(value)
        elif isinstance(value, Mapping) and depth < 6:
            for inner in value.values():
                walk(inner, depth + 1)
        elif isinstance(value, list) and depth < 6:
            for inner in value[:10]:
                walk(inner, depth + 1)

    for name in (
        "id", "client_reference_id", "metadata", "subscription", "invoice", "payment_intent", "charge", "parent",
        "subscription_details", "lines", "payments",
    ):  # fmt: skip
        walk(thing.get(name), 0)
    return found[:200]


def note(event: Mapping[str, Any], owner: int | None, reason: str, *, unreadable: bool) -> None:
    """Note that a message could not be handled, or that it could not once more."""
    created_at = shapes.moment(event.get("created")) or ports.now()
    row, made = UnreadMessage.objects.get_or_create(
        event=str(event["id"])[:80],
        defaults={
            "type": str(event.get("type") or "")[:80], "owner_id": owner, "reason": reason[:200],
            "unreadable": unreadable, "created_at": created_at,
        },
    )  # fmt: skip
    if not made:
        UnreadMessage.objects.filter(pk=row.pk).update(
            reason=reason[:200], unreadable=unreadable, times=F("times") + 1, last_at=ports.now()
        )


def settled(event: str) -> None:
    """A message was handled after all."""
    UnreadMessage.objects.filter(pk=event).delete()


def for_the_operator() -> list[UnreadMessage]:
    """What the operator must look at, oldest first: what cannot be read, and what has waited for over an hour."""
    old = Q(unreadable=True) | Q(first_at__lt=ports.now() - SHOWN_AFTER)
    return list(UnreadMessage.objects.filter(old).select_related("owner").order_by("first_at")[:100])

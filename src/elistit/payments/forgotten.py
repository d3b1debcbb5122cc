"""A purchase that Stripe knows and this database forgot, because it was restored from a backup: found by its Checkout page and
written down again, so that a seller who paid gets the credits and has no reason to pay twice (rules §7).

A `Payment` is never deleted, so a page that was made here and names none can only be such a purchase. It must never book a
credit: that is `events`, for a purchase that was known and one that was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import prices
from elistit.payments import shapes
from elistit.payments.models import Payment, StripeCustomer
from elistit.payments.shapes import Unreadable

log = structlog.get_logger(__name__)


def payment_of(session: Mapping[str, Any]) -> Payment | None:
    """The purchase a Checkout page is for, written down again when it was forgotten. None for a page of someone else's.

    Idempotent. Raises Unreadable for a paid page of a seller of ours whose pack or plan isn't on the price list any longer.
    """
    named = str(session.get("client_reference_id") or "")
    known = Payment.objects.filter(pk=named).first()
    if known is not None or not named:
        return known
    metadata = session.get("metadata")
    if not isinstance(metadata, Mapping) or metadata.get("payment") != named or len(named) != 26:
        return None
    owner = _owner(session)
    return None if owner is None else _write_down(session, named, owner, str(metadata.get("code") or ""))


def _owner(session: Mapping[str, Any]) -> User | None:
    """The seller of a page: by their customer at Stripe, or where that was forgotten too, by the address they paid with on a
    page that leads back to this studio. Another installation on the same Stripe account has another address."""
    customer = shapes.ident(session.get("customer"))
    known = StripeCustomer.objects.filter(customer=customer or "-").select_related("owner").first()
    if known is not None:
        return known.owner
    if not str(session.get("success_url") or "").startswith(f"{settings.BASE_URL}/"):
        return None
    details = session.get("customer_details")
    email = details.get("email") if isinstance(details, Mapping) else session.get("customer_email")
    owner = User.objects.filter(email=str(email or "-").strip().lower()).first()
    if owner is not None and customer:
        StripeCustomer.objects.get_or_create(owner=owner, defaults={"customer": customer})
    return owner


def _write_down(session: Mapping[str, Any], named: str, owner: User, code: str) -> Payment:
    plan = session.get("mode") == "subscription"
    listed = prices.price_list()
    offers: tuple[prices.PlanPrice | prices.TopUpPrice, ...] = listed.plans if plan else listed.top_ups
    sold = next((one for one in offers if one.code == code), None)
    if sold is None:
        raise Unreadable(
            f"a purchase that a restored database forgot is for “{code[:40]}”, which isn't on the price list"
        )
    try:
        with transaction.atomic():
            made = Payment.objects.create(
                id=named, owner=owner, kind=Payment.Kind.PLAN if plan else Payment.Kind.TOP_UP, code=code,
                credits=sold.credits, price_cents=sold.price_cents, state=Payment.State.OPEN,
                session=str(session["id"]), created_at=shapes.moment(session.get("created")) or ports.now(),
            )  # fmt: skip
    except IntegrityError:
        return Payment.objects.get(pk=named)
    log.warning("a purchase that a restored database forgot was written down again", payment=named, owner=owner.pk)
    return made

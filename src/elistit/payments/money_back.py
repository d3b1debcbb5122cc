"""Refunds and disputes of payments, and the credits removed for them.

What was given back is taken back, a dispute won is returned; both are the sum of what is known, so order does not matter.
It must never take a balance below zero, or move credits for a second plan, which never brought any.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog

from elistit.credits import ledger
from elistit.credits.models import CreditTransaction
from elistit.payments import shapes
from elistit.payments.client import Stripe, StripeProblem
from elistit.payments.models import Payment, StripeCustomer

log = structlog.get_logger(__name__)

ACTOR = "Stripe"
CLOSED_FOR_US = ("won", "warning_closed")
INQUIRY = "warning_"
"""What the states of a bank's question begin with: no money has moved."""
NOT_OURS = "not ours"


class NotHeardOf(Exception):
    """Money of a seller of ours went back for a purchase that is not known yet. Nothing was written."""


def know_the_payment(thing: dict[str, Any], client: Stripe) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Make sure the purchase behind a refund or a dispute is known, also when its own message has not come yet. Asks Stripe.

    Returns what the message is about with its payment named, and a Checkout page that must be settled first, if the purchase
    was made on one. Raises NotHeardOf, StripeProblem, Unreadable."""
    refers = shapes.money(thing)
    if not refers.payment_intent and refers.charge and _found(refers) is None:
        refers = shapes.money(client.charge(refers.charge))
    intent, invoice = refers.payment_intent, refers.invoice
    named = {**thing, "payment_intent": intent or None}
    payment = _found(refers)
    if payment is None and intent:
        if session := client.session_of(intent):
            return named, session
        if invoice := invoice or client.invoice_of(intent):
            payment = Payment.objects.filter(invoice=invoice).first()
    if payment is not None:
        if intent:
            Payment.objects.filter(pk=payment.pk, payment_intent=None).update(payment_intent=intent)
        return named, None
    customer = refers.customer or _customer_of(refers.charge, client)
    if StripeCustomer.objects.filter(customer=customer or "-").exists() or (invoice and not customer):
        raise NotHeardOf("a refund for an unknown purchase")
    return named, None


def _customer_of(charge: str, client: Stripe) -> str:
    if not charge:
        return ""
    try:
        return shapes.ident(client.charge(charge).get("customer"))
    except StripeProblem as problem:
        if problem.whose == "operator" and not problem.denied:
            return ""
        raise


def _found(refers: shapes.Money) -> Payment | None:
    """The purchase, by its payment or its invoice."""
    for name, value in (("payment_intent", refers.payment_intent), ("invoice", refers.invoice)):
        if value and (payment := Payment.objects.filter(**{name: value}).first()):
            return payment
    return None


def refunded(charge: dict[str, Any], told_at: dt.datetime) -> str:
    """Money was given back: `amount_refunded` is the sum so far, so an older message cannot lower it."""
    payment = _held(charge)
    if payment is None:
        return NOT_OURS
    payment.refunded_cents = max(payment.refunded_cents, shapes.amount(charge, "amount_refunded"))
    return _mirror(payment, "refunded")


def disputed(dispute: dict[str, Any], told_at: dt.datetime) -> str:
    """The bank took the money back for now, or asks about it, which moves none. Each dispute stands for itself, and one that is
    closed is not opened again by an older message."""
    payment = _held(dispute)
    if payment is None:
        return NOT_OURS
    if not dispute.get("status"):
        raise shapes.Unreadable("the dispute has no status")
    status, known = str(dispute["status"]), dict(payment.disputes or {})
    # Until each was kept by its id a payment knew one: the first that is heard of again.
    before = {"cents": payment.disputed_cents, "closed": payment.dispute_closed} if payment.disputes is None else None
    was = before or known.get(dispute["id"]) or {"cents": 0, "closed": False}
    if status in CLOSED_FOR_US:
        was = {"cents": 0, "closed": True}
    elif not was["closed"] and not status.startswith(INQUIRY):
        was = {"cents": shapes.amount(dispute, "amount"), "closed": status == "lost"}
    payment.disputes = {**known, dispute["id"]: was}
    payment.disputed_cents = sum(one["cents"] for one in payment.disputes.values())
    payment.dispute_closed = all(one["closed"] for one in payment.disputes.values())
    return _mirror(payment, "disputed")


def refund_failed(refund: dict[str, Any], told_at: dt.datetime) -> str:
    """The bank did not take a refund, so the money is still ours: what that means for the credits is the operator's to say."""
    payment = _held(refund)
    if payment is None:
        return NOT_OURS
    if str(refund.get("status") or "failed") not in ("failed", "canceled"):
        return "not needed: the refund is on its way"
    log.error(
        "a refund did not reach the buyer; its credits are removed again", payment=payment.pk, refund=refund["id"]
    )
    return "a refund failed: pay it another way, or give its credits back in the console"


def _held(thing: dict[str, Any]) -> Payment | None:
    """The purchase that was paid with this payment, held until the transaction ends: two messages may come at once."""
    payment = _found(shapes.money(thing))
    return Payment.objects.select_for_update().get(pk=payment.pk) if payment is not None else None


def _mirror(payment: Payment, what: str) -> str:
    """Bring the credits in line with the money: what was given back is taken back, a dispute won is returned.

    Only credits still there are taken: a balance is never below zero (rules §7). What is missing is noted for the operator."""
    if payment.state == Payment.State.RETURNED:
        payment.save(update_fields=["refunded_cents", "disputed_cents", "dispute_closed", "disputes"])
        return f"{what}: a second plan, which brought no credits"
    returned_cents = min(payment.price_cents, payment.refunded_cents + payment.disputed_cents)
    should = (
        payment.credits
        if returned_cents >= payment.price_cents
        else payment.credits * returned_cents // max(payment.price_cents, 1)
    )
    change = should - payment.taken_credits
    moved = 0
    # Numbered, because the same sums can be reached again: a dispute won, and another one opened. The payment is held.
    before = CreditTransaction.objects.filter(idempotency_key__startswith=f"stripe:{payment.pk}:").count()
    key = f"stripe:{payment.pk}:{before + 1}"
    if change > 0:
        moved = min(change, ledger.balance(payment.owner_id))
        if moved:
            ledger.adjust(
                payment.owner_id,
                -moved,
                reason=f"The payment for {payment.code} was {what}",
                actor=ACTOR,
                idempotency_key=key,
            )
    elif change < 0:
        moved = change
        ledger.adjust(
            payment.owner_id,
            -moved,
            reason=f"The payment for {payment.code} is valid again",
            actor=ACTOR,
            idempotency_key=key,
        )
    payment.taken_credits += moved
    payment.short_credits = max(0, should - payment.taken_credits)
    payment.save(
        update_fields=[
            "refunded_cents",
            "disputed_cents",
            "dispute_closed",
            "disputes",
            "taken_credits",
            "short_credits",
        ]
    )
    if payment.short_credits:
        log.error("credits of a returned payment are spent", payment=payment.pk, short=payment.short_credits)
    return f"{what}: {moved} credits taken back" if moved >= 0 else f"{-moved} credits returned"

"""What Stripe tells us, turned into credits: paid, renewed, ended, refunded, disputed.

Messages come late, twice, in any order, and from anyone: only signed ones are read, each is handled once, and every act
says what the state is and not what to add, so order does not matter. It must never book a credit for an unpaid session.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import stripe as library
import structlog
from django.db import IntegrityError, transaction

from elistit import ports
from elistit.credits import ledger, plans
from elistit.credits.models import CreditTransaction, Plan
from elistit.payments.client import Stripe
from elistit.payments.config import StripeConfig
from elistit.payments.models import Payment, StripeCustomer, StripeEvent, Subscription

log = structlog.get_logger(__name__)

# How old a signed message may be, in seconds; Stripe signs every repetition anew.
TOLERANCE = 300
ACTOR = "Stripe"
CLOSED_FOR_US = ("won", "warning_closed")
INQUIRY = "warning_"
"""What the states of a bank's question begin with: no money has moved."""


class Forged(Exception):
    """The message is not signed by Stripe, or is too old."""


class NotYet(Exception):
    """The message speaks of something not heard of yet. Stripe sends it again; nothing was written."""


def receive(body: bytes, signature: str, config: StripeConfig, client: Stripe) -> str:
    """Handle one message and say what it did. Exactly once per message id, whatever is repeated.

    Raises Forged for a bad signature, NotYet when it must come again, StripeProblem when Stripe could not be asked.
    """
    try:
        library.WebhookSignature.verify_header(body.decode(), signature, config.webhook_secret, TOLERANCE)
    except (library.SignatureVerificationError, UnicodeDecodeError, ValueError) as error:
        raise Forged(str(error)) from error
    event = _read(body)
    if StripeEvent.objects.filter(pk=event["id"]).exists():
        return "heard before"
    thing = event["data"]["object"]
    handler = HANDLERS.get(event["type"])
    if event["type"].startswith(("charge.refunded", "charge.dispute.", "refund.failed")):
        _know_the_payment(thing, client)  # May ask Stripe: before the transaction, never inside.
    try:
        with transaction.atomic():
            StripeEvent.objects.create(event=event["id"], type=event["type"], result="")
            told_at = dt.datetime.fromtimestamp(int(event["created"]), dt.UTC)
            result = handler(thing, told_at) if handler else "not needed"
            StripeEvent.objects.filter(pk=event["id"]).update(result=result[:200])
    except IntegrityError:
        if StripeEvent.objects.filter(pk=event["id"]).exists():
            return "heard before"
        raise
    log.info("stripe message", message=event["id"], type=event["type"], result=result)
    return result


def _read(body: bytes) -> dict[str, Any]:
    event = json.loads(body)
    if not (isinstance(event, dict) and isinstance(event.get("id"), str) and isinstance(event.get("type"), str)):
        raise Forged("a signed message without an id")
    return event


# A Checkout page


def session_seen(session: dict[str, Any], told_at: dt.datetime | None = None) -> str:
    """A Checkout page as Stripe describes it: books a paid pack, notes a subscription, closes one that expired."""
    with transaction.atomic():
        payment = Payment.objects.filter(pk=str(session.get("client_reference_id") or "")).first()
        if payment is None:
            return "not ours"
        if payment.session is None:  # The answer that named it was lost; the message is as good.
            Payment.objects.filter(pk=payment.pk, session=None).update(session=session["id"])
            payment.refresh_from_db()
        if payment.session != session["id"]:
            return "another session of that purchase"
        if session.get("status") == "expired":
            return _closed(payment, Payment.State.EXPIRED)
        if session.get("payment_status") not in ("paid", "no_payment_required"):
            return "not paid yet"
        if payment.kind == Payment.Kind.PLAN:
            _subscribed(payment, str(session.get("subscription") or ""))
            return "plan bought; its allowance comes with the invoice"
        if int(session.get("amount_total") or 0) < payment.price_cents:
            log.error("paid less than the price", payment=payment.pk, paid=session.get("amount_total"))
            return "paid less than the price: not booked"
        _paid(payment, payment_intent=str(session.get("payment_intent") or "") or None)
        plans.top_up(payment.owner_id, payment.code, idempotency_key=f"stripe:{payment.pk}", actor=ACTOR)
        return f"{payment.credits} credits booked"


def _session_failed(session: dict[str, Any], told_at: dt.datetime) -> str:
    payment = Payment.objects.filter(pk=str(session.get("client_reference_id") or "")).first()
    return _closed(payment, Payment.State.FAILED) if payment else "not ours"


def _closed(payment: Payment, state: str) -> str:
    Payment.objects.filter(pk=payment.pk, state__in=("begun", "open")).update(state=state)
    return f"purchase {state}"


def _paid(payment: Payment, *, payment_intent: str | None) -> None:
    Payment.objects.filter(pk=payment.pk).exclude(state=Payment.State.PAID).update(
        state=Payment.State.PAID, paid_at=ports.now(), payment_intent=payment_intent
    )


def _subscribed(payment: Payment, subscription: str) -> None:
    """Remember the subscription. The purchase itself is paid; the month's own row is the invoice's."""
    _paid(payment, payment_intent=None)
    if subscription:
        Subscription.objects.get_or_create(
            subscription=subscription,
            defaults={"owner_id": payment.owner_id, "code": payment.code, "told_at": ports.now()},
        )


# A plan


def _invoice_paid(invoice: dict[str, Any], told_at: dt.datetime) -> str:
    """A month of a plan is paid: bring its allowance, once per invoice (rules §7)."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    subscription = str(details.get("subscription") or "")
    customer = StripeCustomer.objects.filter(customer=str(invoice.get("customer") or "")).first()
    if not subscription or customer is None:
        return "not ours"
    line, code = _plan_line(invoice, details)
    if line is None or code not in plans.PLANS:
        return "not a plan of ours"
    sold = plans.PLANS[code]
    if not Payment.objects.filter(invoice=invoice["id"]).exists():
        Payment.objects.create(
            owner_id=customer.owner_id, kind=Payment.Kind.PLAN, code=code, credits=sold.credits, invoice=invoice["id"],
            price_cents=int(invoice.get("amount_paid") or 0), state=Payment.State.PAID, paid_at=ports.now(),
        )  # fmt: skip
    until = dt.datetime.fromtimestamp(int(line["period"]["end"]), dt.UTC)
    plans.bring_paid_month(
        customer.owner_id, code, until=until, paid_by="stripe", idempotency_key=f"stripe:{invoice['id']}"
    )
    held, _ = Subscription.objects.get_or_create(
        subscription=subscription, defaults={"owner_id": customer.owner_id, "code": code, "told_at": told_at}
    )
    Subscription.objects.filter(pk=held.pk).update(code=Plan.objects.get(owner_id=customer.owner_id).code)
    return f"{sold.credits} credits of the {sold.name} plan booked"


def _plan_line(invoice: dict[str, Any], details: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The invoice's line for the month to come, and the plan it is for.

    A changed plan's newest code is on the subscription's metadata; every line repeats it as it was when billed."""
    lines = [line for line in invoice.get("lines", {}).get("data", []) if int(line.get("amount") or 0) >= 0]
    if not lines:
        return None, ""
    newest = max(lines, key=lambda line: int(line["period"]["end"]))
    code = (newest.get("metadata") or {}).get("code") or (details.get("metadata") or {}).get("code") or ""
    return newest, str(code)


def _known(subscription: dict[str, Any]) -> Subscription | None:
    """The plan a message is about; None for what was not bought here. Raises NotYet for ours that has no invoice yet."""
    known = Subscription.objects.filter(subscription=subscription["id"]).first()
    if known is None and (subscription.get("metadata") or {}).get("payment"):
        raise NotYet("a plan whose first invoice was not heard of yet")
    return known


def _subscription_changed(subscription: dict[str, Any], told_at: dt.datetime) -> str:
    """A plan will end, or will not after all. An older message than the newest believed changes nothing."""
    known = _known(subscription)
    if known is None:
        return "not ours"
    if told_at < known.told_at:
        return "older than what we know"
    ends = bool(subscription.get("cancel_at_period_end") or subscription.get("cancel_at"))
    Subscription.objects.filter(pk=known.pk).update(ends_at_period_end=ends, told_at=told_at)
    plans.mark_ending(known.owner_id, ends)
    return "will end with the paid month" if ends else "will renew"


def _subscription_ended(subscription: dict[str, Any], told_at: dt.datetime) -> str:
    known = _known(subscription)
    if known is None:
        return "not ours"
    Subscription.objects.filter(pk=known.pk).update(ended=True, told_at=max(told_at, known.told_at))
    if not Subscription.objects.filter(owner_id=known.owner_id, ended=False).exists():
        plans.mark_ending(known.owner_id, True)
    return "plan ended"


# Money going back


def _know_the_payment(thing: dict[str, Any], client: Stripe) -> None:
    """Make sure the purchase behind a refund or a dispute is known, also when its own message has not come yet."""
    intent = str(thing.get("payment_intent") or "")
    if not intent or Payment.objects.filter(payment_intent=intent).exists():
        return
    if session := client.session_of(intent):
        session_seen(session)
        if Payment.objects.filter(payment_intent=intent).exists():
            return
    if invoice := client.invoice_of(intent):
        if not Payment.objects.filter(invoice=invoice).exists():
            raise NotYet("an invoice was given back that was never heard of")
        Payment.objects.filter(invoice=invoice, payment_intent=None).update(payment_intent=intent)


def _refunded(charge: dict[str, Any], told_at: dt.datetime) -> str:
    """Money was given back: `amount_refunded` is the sum so far, so an older message cannot lower it."""
    payment = _held(charge)
    if payment is None:
        return "not ours"
    payment.refunded_cents = max(payment.refunded_cents, int(charge["amount_refunded"]))
    return _mirror(payment, "refunded")


def _disputed(dispute: dict[str, Any], told_at: dt.datetime) -> str:
    """The bank took the money back for now, or asks about it, which moves none. Each dispute stands for itself, and one that is
    closed is not opened again by an older message."""
    payment = _held(dispute)
    if payment is None:
        return "not ours"
    status, known = str(dispute["status"]), dict(payment.disputes or {})
    # Until each was kept by its id a payment knew one: the first that is heard of again.
    before = {"cents": payment.disputed_cents, "closed": payment.dispute_closed} if payment.disputes is None else None
    was = before or known.get(dispute["id"]) or {"cents": 0, "closed": False}
    if status in CLOSED_FOR_US:
        was = {"cents": 0, "closed": True}
    elif not was["closed"] and not status.startswith(INQUIRY):
        was = {"cents": int(dispute["amount"]), "closed": status == "lost"}
    payment.disputes = {**known, dispute["id"]: was}
    payment.disputed_cents = sum(one["cents"] for one in payment.disputes.values())
    payment.dispute_closed = all(one["closed"] for one in payment.disputes.values())
    return _mirror(payment, "disputed")


def _refund_failed(refund: dict[str, Any], told_at: dt.datetime) -> str:
    """The bank did not take a refund, so the money is still ours: what that means for the credits is the operator's to say."""
    payment = _held(refund)
    if payment is None:
        return "not ours"
    log.error("a refund did not reach the buyer; its credits are taken back", payment=payment.pk, refund=refund["id"])
    return "a refund failed: pay it another way, or give its credits back in the console"


def _held(thing: dict[str, Any]) -> Payment | None:
    """The purchase that was paid with this payment, held until the transaction ends: two messages may come at once."""
    intent = str(thing.get("payment_intent") or "")
    return Payment.objects.select_for_update().filter(payment_intent=intent).first() if intent else None


def _mirror(payment: Payment, what: str) -> str:
    """Bring the credits in line with the money: what was given back is taken back, a dispute won is returned.

    Only credits still there are taken: a balance is never below zero (rules §7). What is missing is noted for the operator."""
    gone = min(payment.price_cents, payment.refunded_cents + payment.disputed_cents)
    should = payment.credits if gone >= payment.price_cents else payment.credits * gone // max(payment.price_cents, 1)
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
            reason=f"The payment for {payment.code} stands again",
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


HANDLERS = {
    "checkout.session.completed": session_seen,
    "checkout.session.async_payment_succeeded": session_seen,
    "checkout.session.async_payment_failed": _session_failed,
    "checkout.session.expired": session_seen,
    "invoice.paid": _invoice_paid,
    "customer.subscription.updated": _subscription_changed,
    "customer.subscription.deleted": _subscription_ended,
    "charge.refunded": _refunded,
    "charge.dispute.created": _disputed,
    "charge.dispute.updated": _disputed,
    "charge.dispute.closed": _disputed,
    "charge.dispute.funds_reinstated": _disputed,
    "charge.dispute.funds_withdrawn": _disputed,
    "refund.failed": _refund_failed,
}

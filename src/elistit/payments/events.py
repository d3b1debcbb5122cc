"""Stripe events, turned into credits: paid, renewed, ended, refunded, disputed.

Messages come late, twice, in any order, in the shape of another API version, and from anyone: only signed ones are read, each
is handled once, and every action says what the state is and not what to add, so order does not matter. It must never book a
credit for an unpaid session, or pass over a message about a seller of ours that it could not read: that one is refused, so
that it comes again, and shown to the operator.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import structlog
from django.db import DatabaseError, IntegrityError, transaction

from elistit.credits import plans
from elistit.credits.models import Plan
from elistit.on_use import OnUse
from elistit.payments import forgotten, money_back, shapes, subscriptions, unread
from elistit.payments.client import Stripe, StripeProblem
from elistit.payments.config import StripeConfig
from elistit.payments.models import Payment, StripeCustomer, StripeEvent, Subscription
from elistit.payments.money_back import ACTOR
from elistit.payments.shapes import Unreadable

if TYPE_CHECKING:
    import stripe as library
else:
    library = OnUse("stripe")

log = structlog.get_logger(__name__)

# How old a signed message may be, in seconds; Stripe signs every repetition again.
TOLERANCE = 300


class Forged(Exception):
    """The message is not signed by Stripe, or is too old."""


class NotYet(Exception):
    """The message speaks of something not heard of yet. Stripe sends it again; nothing was written."""


def receive(body: bytes, signature: str, config: StripeConfig, client: Stripe) -> str:
    """Handle one message and say what it did. Exactly once per message id, whatever is repeated.

    Raises Forged for a bad signature, NotYet when it must come again, Unreadable when it is about a seller of ours and cannot
    be read, StripeProblem when Stripe could not be asked.
    """
    try:
        library.WebhookSignature.verify_header(body.decode(), signature, config.webhook_secret, TOLERANCE)
    except (library.SignatureVerificationError, UnicodeDecodeError, ValueError) as error:
        raise Forged(str(error)) from error
    return handle(_read(body), client)


def handle(event: dict[str, Any], client: Stripe) -> str:
    """The same for a message that is known to be Stripe's. What fails is noted for the operator when it is about a seller of
    ours, and otherwise is none of ours."""
    if StripeEvent.objects.filter(pk=event["id"]).exists():
        return "heard before"
    thing = (event.get("data") or {}).get("object") if isinstance(event.get("data"), dict) else None
    if event["type"] not in HANDLERS:
        return _record(event, lambda: "not needed")
    try:
        told_at = shapes.moment(event.get("created"))
        if not isinstance(thing, dict) or told_at is None:
            raise Unreadable("the message has no object; choose the payload style “snapshot” for the endpoint")
        result = _handled(event, thing, told_at, client)
    except (StripeProblem, DatabaseError):
        raise
    except Exception as error:
        owner, early = unread.whose(thing) if isinstance(thing, dict) else None, isinstance(error, NotYet)
        if owner is None and isinstance(thing, dict) and not early:
            passed_over = f"not ours, and not read: {error}"
            return _record(event, lambda: passed_over)
        unread.note(event, owner, str(error), unreadable=not early)
        log.error("stripe message not handled", message=event["id"], type=event["type"], error=str(error)[:200])
        if early or isinstance(error, Unreadable):
            raise
        raise Unreadable(f"it could not be processed: {type(error).__name__}") from error
    unread.settled(event["id"])
    return result


def _handled(event: dict[str, Any], thing: dict[str, Any], told_at: dt.datetime, client: Stripe) -> str:
    # May ask Stripe: before the transaction, never inside.
    if event["type"].startswith(("charge.", "refund.")):
        try:
            thing, session = money_back.know_the_payment(thing, client)
            if session:
                settle_session(session, client)
        except money_back.NotHeardOf as early:
            raise NotYet(str(early)) from early
    owner = _buyer(event["type"], thing, told_at, client)
    result = _record(event, lambda: HANDLERS[event["type"]](thing, told_at))
    if owner is not None:
        subscriptions.undo_seconds_of(owner, client)
    return result


def _record(event: dict[str, Any], action: Any) -> str:
    """Do it in one transaction with the note that this message was handled."""
    try:
        with transaction.atomic():
            StripeEvent.objects.create(event=event["id"], type=event["type"], result="")
            result = str(action())
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


def _buyer(type: str, thing: dict[str, Any], told_at: dt.datetime, client: Stripe) -> int | None:
    """The seller whose plan a message pays for; asks first whether the plan they had still runs. None for other messages."""
    if type.startswith("invoice."):
        invoice = shapes.invoice(thing, told_at)
        customer, subscription = (
            StripeCustomer.objects.filter(customer=invoice.customer or "-").first(),
            invoice.subscription,
        )
        owner = customer.owner_id if customer else None
    elif type.startswith("checkout.session."):
        payment = forgotten.payment_of(thing)
        subscription = shapes.ident(thing.get("subscription"))
        owner = payment.owner_id if payment else None
    else:
        return None
    if owner is None or not subscription:
        return None
    subscriptions.ask_about_rivals(owner, subscription, client)
    return owner


# A Checkout page


def settle_session(session: dict[str, Any], client: Stripe) -> str:
    """A Checkout page that Stripe was asked about. As its message would have, and what follows from it. Raises StripeProblem,
    Unreadable."""
    told_at = shapes.moment(session.get("created")) or _long_ago()
    owner = _buyer("checkout.session.completed", session, told_at, client)
    result = session_seen(session, told_at)
    if owner is not None:
        subscriptions.undo_seconds_of(owner, client)
    return result


def session_seen(session: dict[str, Any], told_at: dt.datetime) -> str:
    """A Checkout page as Stripe describes it: books a paid pack, notes a subscription, closes one that expired. Raises
    Unreadable."""
    with transaction.atomic():
        payment = forgotten.payment_of(session)
        if payment is None:
            return "not ours"
        if payment.session is None:  # The answer that named it was lost; the message is as good.
            Payment.objects.filter(pk=payment.pk, session=None).update(session=session["id"])
            payment.refresh_from_db()
        if payment.session != session["id"]:
            return "another session of that purchase"
        if session.get("status") == "expired":
            return _closed(payment, Payment.State.EXPIRED)
        if "payment_status" not in session:
            raise Unreadable("the Checkout page does not say whether it was paid")
        if session["payment_status"] not in ("paid", "no_payment_required"):
            return "not paid yet"
        if payment.kind == Payment.Kind.PLAN:
            return _subscribed(payment, shapes.ident(session.get("subscription")), told_at)
        if shapes.amount(session, "amount_total") < payment.price_cents:
            log.error("paid less than the price", payment=payment.pk, paid=session.get("amount_total"))
            return "paid less than the price: not booked"
        _paid(payment, told_at, payment_intent=shapes.ident(session.get("payment_intent")) or None)
        plans.top_up(payment.owner_id, payment.code, idempotency_key=f"stripe:{payment.pk}", actor=ACTOR)
        return f"{payment.credits} credits booked"


def _session_failed(session: dict[str, Any], told_at: dt.datetime) -> str:
    payment = Payment.objects.filter(pk=str(session.get("client_reference_id") or "")).first()
    return _closed(payment, Payment.State.FAILED) if payment else "not ours"


def _session_expired(session: dict[str, Any], told_at: dt.datetime) -> str:
    return session_seen({**session, "status": "expired"}, told_at)


def _closed(payment: Payment, state: str) -> str:
    Payment.objects.filter(pk=payment.pk, state__in=("begun", "open")).update(state=state)
    return f"purchase {state}"


def _paid(payment: Payment, at: dt.datetime, *, payment_intent: str | None, state: str = Payment.State.PAID) -> None:
    done = (Payment.State.PAID, Payment.State.RETURNED)
    Payment.objects.filter(pk=payment.pk).exclude(state__in=done).update(
        state=state, paid_at=at, payment_intent=payment_intent
    )


def _subscribed(payment: Payment, subscription: str, told_at: dt.datetime) -> str:
    """Remember the subscription. The purchase itself is paid; the month's own row is the invoice's."""
    if not subscription:
        raise Unreadable("the Checkout page names no subscription")
    held = subscriptions.known_or_new(payment.owner_id, subscription, payment.code, told_at)
    if held.second_of:
        _paid(payment, told_at, payment_intent=None, state=Payment.State.RETURNED)
        return f"a second plan beside {held.second_of}: canceled and refunded"
    _paid(payment, told_at, payment_intent=None)
    return "plan bought; its allowance comes with the invoice"


# A plan


def invoice_paid(thing: dict[str, Any], told_at: dt.datetime) -> str:
    """A month of a plan is paid: bring its allowance, once per invoice (rules §7). Raises Unreadable for a seller of ours."""
    invoice = shapes.invoice(thing, told_at)
    owner = unread.whose(thing)
    if owner is None:
        return "not ours"
    if invoice.manual:
        return "an invoice written by hand: not for a plan"
    if not invoice.subscription:
        raise Unreadable("the invoice of a seller of ours names no subscription")
    known = Subscription.objects.filter(subscription=invoice.subscription).first()
    code = invoice.code or (known.code if known else "")
    credits = _sold(owner, code)
    held = subscriptions.known_or_new(owner, invoice.subscription, code, invoice.start)
    if held.second_of:
        subscriptions.record_second(held, invoice)
        Subscription.objects.filter(pk=held.pk).update(undone_at=None)
        return f"a second plan beside {held.second_of}: canceled and refunded"
    if not Payment.objects.filter(invoice=invoice.id).exists():
        Payment.objects.create(
            owner_id=owner, kind=Payment.Kind.PLAN, code=code, credits=credits, invoice=invoice.id,
            price_cents=invoice.amount_paid, state=Payment.State.PAID, paid_at=invoice.paid_at,
            created_at=invoice.paid_at, payment_intent=_unused(invoice.payment_intent),
        )  # fmt: skip
    plans.bring_paid_month(
        owner, code, until=invoice.end, since=invoice.start, paid_by="stripe", credits=credits,
        idempotency_key=f"stripe:{invoice.id}",
    )  # fmt: skip
    Subscription.objects.filter(pk=held.pk).update(code=Plan.objects.get(owner_id=owner).code)
    if held.ended or held.ends_at_period_end:
        subscriptions.follow(owner, held.told_at)
    return f"{credits} credits of the {plans.name_of(code)} plan booked"


def _sold(owner: int, code: str) -> int:
    """What a month of this plan brings. For one that left the price list: what this seller bought it for. Raises Unreadable
    when no one can say."""
    if code in plans.PLANS:
        return plans.PLANS[code].credits
    bought = Payment.objects.filter(owner_id=owner, kind=Payment.Kind.PLAN, code=code).order_by("-created_at").first()
    if not code or bought is None:
        raise Unreadable(f"the invoice is for “{code[:40]}”, which is not a plan on the price list")
    return bought.credits


def _unused(payment_intent: str) -> str | None:
    if not payment_intent or Payment.objects.filter(payment_intent=payment_intent).exists():
        return None
    return payment_intent


def _known(state: shapes.SubscriptionState) -> Subscription | None:
    """The plan a message is about; None for what was not bought here. Raises NotYet for ours that has no invoice yet."""
    known = Subscription.objects.filter(subscription=state.id).first()
    ours = state.payment or StripeCustomer.objects.filter(customer=state.customer or "-").exists()
    if known is None and ours and not state.never_paid:
        raise NotYet("a plan whose first invoice was not heard of yet")
    return known


def _subscription_changed(thing: dict[str, Any], told_at: dt.datetime) -> str:
    """A plan will end, or will not after all. An older message than the newest believed changes nothing."""
    state = shapes.subscription(thing)
    known = _known(state)
    return subscriptions.apply(known, state, told_at) if known else "not ours"


def _subscription_ended(thing: dict[str, Any], told_at: dt.datetime) -> str:
    state = shapes.subscription({"cancel_at": None, **thing})
    known = _known(state)
    return subscriptions.apply(known, state, told_at, over=True) if known else "not ours"


def _long_ago() -> dt.datetime:
    return dt.datetime.fromtimestamp(0, dt.UTC)


HANDLERS = {
    "checkout.session.completed": session_seen,
    "checkout.session.async_payment_succeeded": session_seen,
    "checkout.session.async_payment_failed": _session_failed,
    "checkout.session.expired": _session_expired,
    "invoice.paid": invoice_paid,
    "invoice.payment_succeeded": invoice_paid,
    "customer.subscription.updated": _subscription_changed,
    "customer.subscription.deleted": _subscription_ended,
    "charge.refunded": money_back.refunded,
    "charge.dispute.created": money_back.disputed,
    "charge.dispute.updated": money_back.disputed,
    "charge.dispute.closed": money_back.disputed,
    "charge.dispute.funds_reinstated": money_back.disputed,
    "charge.dispute.funds_withdrawn": money_back.disputed,
    "refund.failed": money_back.refund_failed,
    "charge.refund.updated": money_back.refund_failed,
}
NEEDED = tuple(sorted(set(HANDLERS) - {"invoice.payment_succeeded", "charge.refund.updated"}))
"""The messages an endpoint must send; the other two are older names for the same."""

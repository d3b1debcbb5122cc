"""The plans Stripe renews: what a subscription's state means for a seller's plan, and the second one that must not be.

A seller has one plan. Two Checkout pages in two tabs, or a page paid after the other, can still make two subscriptions:
the one heard of second is canceled and refunded in full through Stripe, and recorded. Whether the first one really runs is
asked before, never guessed. Late messages change nothing that newer ones said. No network inside a transaction.
"""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction

from elistit import ports
from elistit.credits import plans
from elistit.payments import shapes
from elistit.payments.client import Stripe, StripeProblem
from elistit.payments.models import Payment, StripeCustomer, Subscription

log = structlog.get_logger(__name__)


def running(owner_id: int) -> Subscription | None:
    """The plan Stripe renews for this seller, if there is one."""
    return Subscription.objects.filter(owner_id=owner_id, ended=False).order_by("-pk").first()


def known_or_new(owner_id: int, subscription: str, code: str, at: dt.datetime) -> Subscription:
    """The row of a subscription that was paid; new ones are the second when another one runs. In the caller's transaction."""
    held = Subscription.objects.filter(subscription=subscription).first()
    if held is not None:
        return held
    # One at a time for each seller, or two messages at once would both be the first.
    StripeCustomer.objects.select_for_update().filter(owner_id=owner_id).first()
    first = running(owner_id)
    made, _ = Subscription.objects.get_or_create(
        subscription=subscription,
        defaults={
            "owner_id": owner_id, "code": code, "told_at": at, "ended": first is not None,
            "second_of": first.subscription if first else None,
        },
    )  # fmt: skip
    if made.second_of:
        log.error("a second plan was bought; it is canceled and refunded", owner=owner_id, subscription=subscription)
    return made


def apply(held: Subscription, state: shapes.SubscriptionState, told_at: dt.datetime, *, over: bool = False) -> str:
    """What Stripe says about a subscription, at the moment it said it. Idempotent; older words than the newest change nothing,
    and nothing brings back one that is over."""
    with transaction.atomic():
        held = Subscription.objects.select_for_update().get(pk=held.pk)
        if held.second_of:
            return "a second plan: canceled and refunded"
        if over or state.over:
            Subscription.objects.filter(pk=held.pk).update(ended=True, told_at=max(told_at, held.told_at))
            follow(held.owner_id, state.since or told_at)
            return "plan ended"
        if held.ended or told_at < held.told_at:
            return "older than what we know"
        Subscription.objects.filter(pk=held.pk).update(ends_at_period_end=state.ends, told_at=told_at)
        follow(held.owner_id, state.since or told_at)
        return "will end with the paid month" if state.ends else "will renew"


def follow(owner_id: int, at: dt.datetime) -> None:
    """Bring the seller's plan in line with their subscriptions: it ends when none of them continues."""
    goes_on = Subscription.objects.filter(owner_id=owner_id, ended=False, ends_at_period_end=False).exists()
    plans.mark_ending(owner_id, not goes_on, at=at)


def ask_about(held: Subscription, client: Stripe) -> shapes.SubscriptionState | None:
    """Ask Stripe what happened to a subscription and apply it. None when Stripe no longer knows it, which ends it.
    Raises StripeProblem, Unreadable."""
    asked_at = ports.now()
    try:
        state = shapes.subscription(client.subscription(held.subscription))
    except StripeProblem as problem:
        if not problem.missing:
            raise
        state = None
    ended = shapes.SubscriptionState(held.subscription, "", "", "", over=True, ends=True)
    apply(held, state or ended, asked_at if state is None or state.over else max(held.told_at, _floor(asked_at)))
    Subscription.objects.filter(pk=held.pk).update(looked_at=asked_at)
    return state


def _floor(moment: dt.datetime) -> dt.datetime:
    """A minute before: our clock and Stripe's may differ, and a newer message must not look older than this answer."""
    return moment - dt.timedelta(minutes=1)


def ask_about_rivals(owner_id: int, subscription: str, client: Stripe) -> None:
    """Before a new subscription is taken for a second one: does the one we know still run? Raises StripeProblem."""
    if Subscription.objects.filter(subscription=subscription).exists():
        return
    for rival in Subscription.objects.filter(owner_id=owner_id, ended=False):
        ask_about(rival, client)


def undo_second(held: Subscription, client: Stripe) -> None:
    """Cancel a second subscription and return all that was paid for it. Idempotent. Raises StripeProblem, Unreadable."""
    client.cancel_now(held.subscription)
    for found in client.paid_invoices(held.subscription):
        invoice = shapes.invoice(found, ports.now())
        payment = record_second(held, invoice)
        intent = payment.payment_intent or invoice.payment_intent or client.intent_of(invoice.id)
        if not intent:  # A free month: nothing was paid.
            continue
        Payment.objects.filter(pk=payment.pk, payment_intent=None).update(payment_intent=intent)
        client.refund(intent, invoice.id)
        Payment.objects.filter(pk=payment.pk).update(refunded_cents=payment.price_cents)
    Subscription.objects.filter(pk=held.pk).update(undone_at=ports.now())
    log.warning("a second plan was canceled and refunded", owner=held.owner_id, subscription=held.subscription)


def record_second(held: Subscription, invoice: shapes.Invoice) -> Payment:
    """The row of a month of a second plan: paid, to be returned, and without credits. Idempotent."""
    sold = plans.PLANS.get(held.code)
    payment, _ = Payment.objects.get_or_create(
        invoice=invoice.id,
        defaults={
            "owner_id": held.owner_id, "kind": Payment.Kind.PLAN, "code": held.code,
            "credits": sold.credits if sold else 0, "price_cents": invoice.amount_paid,
            "state": Payment.State.RETURNED, "created_at": invoice.paid_at, "paid_at": invoice.paid_at,
        },
    )  # fmt: skip
    return payment


def undo_seconds_of(owner_id: int, client: Stripe) -> None:
    """Undo what is still to be undone for one seller. What Stripe does not do now is done by a later pass."""
    for held in Subscription.objects.filter(owner_id=owner_id, undone_at=None).exclude(second_of=None):
        try:
            undo_second(held, client)
        except (StripeProblem, shapes.Unreadable) as problem:
            log.error("a second plan is not undone yet", subscription=held.subscription, error=str(problem))

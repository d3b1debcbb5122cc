"""What a seller can do with money: buy a pack, start, change or end a plan, open their page at Stripe.

A purchase is written down before Stripe is asked and is found again under the same form key, so pressing twice buys once;
the door to it is `actions.commands.checkout`.
Credits come only when Stripe has confirmed the payment (`events`). It must never book a credit itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

import structlog
from django.db import IntegrityError, transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import plans, prices
from elistit.credits.ledger import IdempotencyConflict
from elistit.credits.models import Plan
from elistit.payments import events
from elistit.payments.client import Stripe, StripeProblem
from elistit.payments.config import StripeConfig
from elistit.payments.models import Payment, StripeCustomer, Subscription

log = structlog.get_logger(__name__)

# A Checkout page lives a day at Stripe. One not heard of for this long is asked about.
ASK_AFTER = dt.timedelta(minutes=10)
FORM_KEY_MAX = 64  # Characters a purchase keeps of its form's key; a longer one is kept by its digest.


class CannotBuy(Exception):
    """This cannot be bought now. The message is one sentence for the seller; nothing was charged."""


def stripe() -> Stripe:
    """Stripe as configured. Raises CannotBuy when it is not."""
    config = StripeConfig.from_environment()
    if not config.ready:
        raise CannotBuy("Credits cannot be bought on this studio yet. Ask its operator for credits.")
    return Stripe(config)


def running_subscription(owner: User) -> Subscription | None:
    """The plan Stripe renews for this seller, if there is one."""
    return Subscription.objects.filter(owner=owner, ended=False).order_by("-pk").first()


def begin(owner: User, kind: str, code: str, *, form_key: str) -> Payment:
    """Write a purchase down, before Stripe hears of it. Idempotent per form key. Raises CannotBuy, IdempotencyConflict when
    the key began another purchase."""
    stripe()
    sold = next((s for s in _for_sale(kind) if s.code == code), None)
    if sold is None:
        raise CannotBuy("That is not for sale here. Choose from the list.")
    if kind == Payment.Kind.PLAN:
        _plan_must_be_free(owner)
    return _begin(owner, kind, sold, form_key)


def page_of(payment_id: str, address: Callable[[str], str]) -> str:
    """The address of Stripe's page where a purchase is paid: the same one however often it is asked for, also when the
    purchase has ended (Stripe's page then says so).

    `address` turns a name ("back", "away") into our own address. Raises CannotBuy for a purchase that ended before Stripe
    made its page, StripeProblem.
    """
    payment = Payment.objects.select_related("owner").get(pk=payment_id)
    if payment.session_url:
        return payment.session_url
    if payment.state not in (Payment.State.BEGUN, Payment.State.OPEN):
        raise CannotBuy("That purchase was not paid in time. Open the page again to buy.")
    monthly, client = payment.kind == Payment.Kind.PLAN, stripe()
    name = next((s.name for s in _for_sale(payment.kind) if s.code == payment.code), None)
    if name is None:
        raise CannotBuy("That is no longer for sale here. Choose from the list.")
    session = client.checkout(
        payment=payment.pk,
        customer=_customer(payment.owner, client),
        name=f"{name} plan, {payment.credits:,} credits a month" if monthly else name,
        cents=payment.price_cents,
        monthly=monthly,
        code=payment.code,
        back=address("back"),
        away=address("away"),
    )
    Payment.objects.filter(pk=payment.pk, state=Payment.State.BEGUN).update(
        state=Payment.State.OPEN, session=session["id"], session_url=session["url"]
    )
    return str(session["url"])


def change_plan(owner: User, code: str, *, form_key: str) -> None:
    """Move to a larger plan now; the card on file is charged, or nothing changes (rules §7). The allowance follows within
    seconds, when Stripe confirms. Raises CannotBuy, StripeProblem."""
    client, held = stripe(), running_subscription(owner)
    sold = plans.PLANS.get(code)
    if held is None or sold is None:
        raise CannotBuy("There is no running plan to change. Start one instead.")
    if sold.credits <= plans.PLANS[held.code].credits:
        raise CannotBuy(
            f"{sold.name} is not larger than your plan. End the plan, then start {sold.name} when it is over."
        )
    client.change_plan(
        held.subscription, name=f"{sold.name} plan, {sold.credits:,} credits a month", cents=sold.price_cents, code=code,
        key=f"{held.subscription}-{form_key}",
    )  # fmt: skip


def end_plan(owner: User, ends: bool = True) -> None:
    """Stop renewing at the end of the paid month, or take that back. Idempotent. Raises CannotBuy, StripeProblem."""
    client, held = stripe(), running_subscription(owner)
    if held is None:
        raise CannotBuy("There is no running plan to end.")
    client.end_at_period_end(held.subscription, ends)
    # Stripe's own message says the same; the seller should not have to wait for it.
    with transaction.atomic():
        Subscription.objects.filter(pk=held.pk).update(ends_at_period_end=ends)
        plans.mark_ending(owner.pk, ends)


def portal(owner: User, back: str) -> str:
    """The address of the seller's own page at Stripe: card, invoices, receipts. Raises CannotBuy, StripeProblem."""
    client = stripe()
    known = StripeCustomer.objects.filter(owner=owner).first()
    if known is None:
        raise CannotBuy("You have not bought anything yet, so there is nothing to show at Stripe.")
    return client.portal(known.customer, back)


def look(payment: Payment) -> Payment:
    """Ask Stripe what became of a purchase and settle it, as its message would have. Idempotent. Raises StripeProblem."""
    if payment.session and payment.state in (Payment.State.OPEN, Payment.State.BEGUN):
        events.session_seen(stripe().session(payment.session))
        payment.refresh_from_db()
    return payment


def reconcile() -> int:
    """Settle purchases whose message from Stripe never came. Returns how many were looked at. For housekeeping."""
    if not StripeConfig.from_environment().ready:
        return 0
    now = ports.now()
    Payment.objects.filter(
        state=Payment.State.BEGUN, session=None, created_at__lt=now - dt.timedelta(days=1)
    ).update(state=Payment.State.EXPIRED)  # fmt: skip
    waiting = Payment.objects.filter(
        state=Payment.State.OPEN, created_at__lt=now - ASK_AFTER, created_at__gt=now - dt.timedelta(days=3)
    ).order_by("created_at")[:20]
    looked = 0
    for payment in waiting:
        try:
            look(payment)
        except StripeProblem as problem:
            log.warning("purchase not settled", payment=payment.pk, detail=problem.detail)
            if problem.whose == "stripe":
                break  # Stripe is not answering: the others can wait for the next round as well.
            continue
        looked += 1
    return looked


def _for_sale(kind: str) -> tuple[prices.PlanPrice | prices.TopUpPrice, ...]:
    listed = prices.price_list()
    if kind == Payment.Kind.TOP_UP:
        return listed.top_ups
    return listed.plans if kind == Payment.Kind.PLAN else ()


def _plan_must_be_free(owner: User) -> None:
    if running_subscription(owner) is not None:
        raise CannotBuy("You already have a plan. Change it instead of starting a second one.")
    held = Plan.objects.filter(owner=owner).first()
    if held is not None and plans.is_running(held, ports.now()) and held.paid_by is None:
        raise CannotBuy("Your plan is run by the operator of this studio. Ask them to end it before you buy one.")


def _begin(owner: User, kind: str, sold: prices.PlanPrice | prices.TopUpPrice, form_key: str) -> Payment:
    """The purchase of this form, written down before Stripe hears of it."""
    kept = form_key if len(form_key) <= FORM_KEY_MAX else hashlib.sha256(form_key.encode()).hexdigest()
    try:
        with transaction.atomic():
            return Payment.objects.create(
                owner=owner,
                kind=kind,
                code=sold.code,
                credits=sold.credits,
                price_cents=sold.price_cents,
                form_key=kept,
            )
    except IntegrityError:
        before = Payment.objects.get(owner=owner, form_key=kept)
        if (before.kind, before.code) != (kind, sold.code):
            raise IdempotencyConflict(form_key) from None
        return before


def _customer(owner: User, client: Stripe) -> str:
    known = StripeCustomer.objects.filter(owner=owner).first()
    if known is None:
        made = client.customer(owner.email, owner.pk)
        known, _ = StripeCustomer.objects.get_or_create(owner=owner, defaults={"customer": made})
    return known.customer

"""A seller's payment actions: buy a pack, start, change or cancel a plan, open the customer portal.

A purchase is written down before Stripe is asked and is found again under the same form key, so pressing twice buys once;
the door to it is `actions.commands.checkout`.
Credits come only when Stripe has confirmed the payment (`events`). It must never book a credit itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import plans, prices
from elistit.credits.ledger import IdempotencyConflict
from elistit.credits.models import Plan
from elistit.payments import reconciling, shapes, subscriptions
from elistit.payments.client import Stripe
from elistit.payments.config import StripeConfig
from elistit.payments.models import Payment, StripeCustomer, Subscription

FORM_KEY_MAX = 64
"""Characters a purchase keeps of its form's key; a longer one is kept by its digest."""
LIVE = (Payment.State.BEGUN, Payment.State.OPEN)
"""States in which a purchase can still be paid."""
FINISHED = "That purchase is already complete. Reload the page to buy again."
ELSEWHERE = "You chose another plan in another tab. Continue there, or reload this page."
ASK_AFTER = reconciling.ASK_AFTER


class CannotBuy(Exception):
    """This cannot be bought now. The message is one sentence for the seller; nothing was charged."""


def stripe() -> Stripe:
    """Stripe as configured. Raises CannotBuy when it is not."""
    config = StripeConfig.from_environment()
    if not config.ready:
        raise CannotBuy("You can't buy credits on this studio yet. Ask its operator for credits.")
    return Stripe(config)


def running_subscription(owner: User) -> Subscription | None:
    """The plan Stripe renews for this seller, if there is one."""
    return subscriptions.running(owner.pk)


def begin(owner: User, kind: str, code: str, *, form_key: str) -> Payment:
    """Write a purchase down, before Stripe hears of it. Idempotent per form key. Raises CannotBuy, IdempotencyConflict when
    the key began another purchase."""
    stripe()
    sold = next((s for s in _for_sale(kind) if s.code == code), None)
    if sold is None:
        raise CannotBuy("That plan or pack isn't available.")
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
    if payment.session_url and payment.state not in LIVE:
        return payment.session_url
    monthly, client = payment.kind == Payment.Kind.PLAN, stripe()
    if payment.state not in LIVE:
        payment = _gone_on_with(payment)
    if monthly:
        payment = _only_one(payment.owner, payment, client)
    if payment.session_url:
        return payment.session_url
    name = next((s.name for s in _for_sale(payment.kind) if s.code == payment.code), None)
    if name is None:
        raise CannotBuy("That plan or pack is no longer available.")
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
    opened = Payment.objects.filter(pk=payment.pk, state__in=LIVE).update(
        state=Payment.State.OPEN, session=session["id"], session_url=session["url"]
    )
    if not opened:  # Another tab began buying another plan while Stripe made this page.
        client.expire_session(session["id"])
        payment.refresh_from_db()
        raise CannotBuy(FINISHED if payment.state == Payment.State.PAID else ELSEWHERE)
    return str(session["url"])


def _gone_on_with(payment: Payment) -> Payment:
    """The open purchase that another tab and this one share, where this form's own gave way to it. Raises CannotBuy."""
    live = Payment.objects.filter(owner=payment.owner_id, kind=Payment.Kind.PLAN, state__in=LIVE).order_by("pk")
    shared = next((one for one in live if _same_order(one, payment)), None)
    if payment.kind != Payment.Kind.PLAN or payment.state != Payment.State.EXPIRED or payment.session or shared is None:
        raise CannotBuy(FINISHED)
    return shared


def _only_one(owner: User, payment: Payment, client: Stripe) -> Payment:
    """See that no other page is open on which this seller could pay for a plan. Returns the purchase to continue with: an older
    one of the same plan, when there is one. Raises CannotBuy when another one was paid meanwhile, StripeProblem."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # Two tabs at the same moment follow each other.
        others = list(
            Payment.objects.filter(owner=owner, kind=Payment.Kind.PLAN, state__in=LIVE).exclude(pk=payment.pk).order_by("pk")
        )  # fmt: skip
        same = next((one for one in others if _same_order(one, payment)), None)
        superseded = [one for one in others if not one.session and one is not same]
        if same is not None:
            superseded.append(payment)
        Payment.objects.filter(pk__in=[one.pk for one in superseded], session=None).update(state=Payment.State.EXPIRED)
    for other in others:
        if not other.session:
            continue
        if other is same and _still_open(other, client):
            continue
        if other is not same and client.expire_session(other.session):
            Payment.objects.filter(pk=other.pk, state__in=LIVE).update(state=Payment.State.EXPIRED)
            continue
        _looked_at(other, client)
        _plan_must_be_free(owner)
        if other is same:
            Payment.objects.filter(pk=payment.pk).update(state=payment.state)
            same = None
    return same or payment


def _same_order(one: Payment, other: Payment) -> bool:
    return (one.code, one.price_cents, one.credits) == (other.code, other.price_cents, other.credits)


def _still_open(payment: Payment, client: Stripe) -> bool:
    return client.session(payment.session or "").get("status") == "open"


def change_plan(owner: User, code: str, *, form_key: str) -> None:
    """Move to a larger plan now; the card on file is charged, or nothing changes (rules §7). The allowance follows within
    seconds, when Stripe confirms. Raises CannotBuy, StripeProblem."""
    client, held = stripe(), running_subscription(owner)
    sold = plans.PLANS.get(code)
    if held is None or sold is None:
        raise CannotBuy("You don't have a plan to change. Start one instead.")
    if sold.credits <= plans.allowance_of(owner.pk, held.code):
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
        raise CannotBuy("You don't have a plan to cancel.")
    done_at = client.end_at_period_end(held.subscription, ends)
    # Stripe's own message says the same; the seller should not have to wait for it. Older ones change nothing from here on.
    with transaction.atomic():
        held = Subscription.objects.select_for_update().get(pk=held.pk)
        Subscription.objects.filter(pk=held.pk).update(ends_at_period_end=ends, told_at=max(done_at, held.told_at))
        subscriptions.follow(owner.pk, done_at)


def close_pages(owner: User) -> None:
    """Close every page on which this seller could still pay; what was paid meanwhile is settled. Idempotent. Raises CannotBuy
    and StripeProblem while Stripe can't be asked."""
    for payment in Payment.objects.filter(owner=owner, state__in=LIVE).order_by("pk"):
        if payment.session and not stripe().expire_session(payment.session):
            look(payment)
        Payment.objects.filter(pk=payment.pk, state__in=LIVE).update(state=Payment.State.EXPIRED)


def portal(owner: User, back: str) -> str:
    """The address of the seller's own page at Stripe: card, invoices, receipts. Raises CannotBuy, StripeProblem."""
    client = stripe()
    known = StripeCustomer.objects.filter(owner=owner).first()
    if known is None:
        raise CannotBuy("You haven't bought anything yet, so there are no invoices at Stripe.")
    return client.portal(known.customer, back)


def look(payment: Payment) -> Payment:
    """Ask Stripe what happened to a purchase and settle it, as its message would have. Idempotent. Raises StripeProblem,
    CannotBuy."""
    return _looked_at(payment, stripe())


def _looked_at(payment: Payment, client: Stripe) -> Payment:
    try:
        return reconciling.look(payment, client)
    except shapes.Unreadable as unreadable:
        raise CannotBuy("We couldn't read Stripe's answer. The studio operator has to look into it.") from unreadable


def reconcile() -> int:
    """Settle what a lost message of Stripe's would have; see `reconciling`."""
    return reconciling.reconcile()


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
        raise CannotBuy("Your plan is managed by the studio operator. Ask them to cancel it before you buy one.")


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

"""Reconciliation with Stripe after lost webhooks: checkouts, invoices, subscriptions, refunds, disputes.

Stripe sends a message again for three days, keeps it for thirty, and keeps the things themselves forever. So its record of
messages is read from where the last pass ended, and the things we know of are looked at in turn, however old. Every pass
here is bounded, continues where the last one stopped, and reports a thing that fails without keeping others waiting; only
Stripe being down ends it. Each is its own task for maintenance; `reconcile` runs all of them. They must never decide
what a message means: that is `events`, for a message that came and one that was found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from elistit import ports
from elistit.credits import faults
from elistit.credits.faults import Report
from elistit.credits.models import Plan
from elistit.payments import events, money_back, shapes, subscriptions
from elistit.payments.client import Stripe, StripeProblem
from elistit.payments.config import StripeConfig
from elistit.payments.models import Cursor, Payment, StripeCustomer, StripeEvent, Subscription, UnreadMessage

ASK_AFTER = dt.timedelta(minutes=10)
"""How long a message may take before it is asked for."""
AT_ONCE = 20
"""Things looked at in one pass."""
PAGES_AT_ONCE = 20
"""Pages of up to 100 messages read in one pass."""
SHORTEST = dt.timedelta(seconds=1)
"""The shortest stretch of time that messages can be asked for."""
REMEMBERED = dt.timedelta(days=29)
"""How far back Stripe's own record of messages is read; it keeps 30 days."""
YOUNG = dt.timedelta(days=3)
LOOK_DAILY, LOOK_AT_PLANS, LOOK_AT_RETURNS = dt.timedelta(days=1), dt.timedelta(hours=6), dt.timedelta(days=3)
RETURNED_WITHIN = dt.timedelta(days=550)
"""How long after a payment a bank may still take it back: 540 days for some."""


def reconcile(report: Report = faults.log_fault) -> int:
    """Run every pass once. Returns how many things were settled."""
    settled = 0
    for task in TASKS:
        with faults.caught(task.__name__, report):
            settled += task(report)
    return settled


def hear_missed_messages(report: Report = faults.log_fault) -> int:
    """Handle the messages in Stripe's own record that never came. Returns how many were handled."""
    client = _client()
    if client is None:
        return 0
    end = (ports.now() - ASK_AFTER).replace(microsecond=0)  # Stripe counts whole seconds.
    oldest = end - REMEMBERED
    known = Cursor.objects.filter(name="messages").values_list("at", flat=True).first()
    since, handled, requests = max(known or oldest, oldest), 0, 0
    window = end - since
    while requests < PAGES_AT_ONCE and since < end:
        until = min(since + window, end)
        found, requests = _messages(client, since, until), requests + 1
        if found is None:
            window = max(window // 4, SHORTEST)
            continue
        handled += _handle_all(found, client, report)
        Cursor.objects.update_or_create(name="messages", defaults={"at": until})
        since, window = until, window * 2
    return handled


def _messages(client: Stripe, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]] | None:
    """All messages of a stretch of time, oldest first. None when they are more than a page and the stretch can be shorter."""
    found, more = client.events(since, until, tuple(events.HANDLERS))
    if more and until - since > SHORTEST:
        return None
    while more:
        listed, more = client.events(since, until, tuple(events.HANDLERS), after=str(found[-1]["id"]))
        found.extend(listed)
    return found[::-1]


def _handle_all(found: list[dict[str, Any]], client: Stripe, report: Report) -> int:
    heard = set(StripeEvent.objects.filter(pk__in=[one["id"] for one in found]).values_list("pk", flat=True))
    handled = 0
    for event in found:
        if event["id"] in heard:
            continue
        with _each(f"message {event['id']}", report):
            events.handle(event, client)
            handled += 1
    return handled


def hear_unread_messages_again(report: Report = faults.log_fault) -> int:
    """Handle messages that could not be handled when they came, longest waiting first. Returns how many were."""
    client = _client()
    if client is None:
        return 0
    handled = 0
    waiting = UnreadMessage.objects.filter(last_at__lt=ports.now() - ASK_AFTER).order_by("last_at")[:AT_ONCE]
    for row in list(waiting):
        UnreadMessage.objects.filter(pk=row.pk).update(last_at=ports.now())
        with _each(f"message {row.event}", report):
            events.handle(client.event(row.event), client)
            handled += 1
    return handled


def look_at_checkouts(report: Report = faults.log_fault) -> int:
    """Settle check-outs whose message never came, however old: every ten minutes for three days, then daily. Returns how many
    were looked at."""
    client = _client()
    if client is None:
        return 0
    now, looked = ports.now(), 0
    young = Q(created_at__gt=now - YOUNG) & _not_since(now - ASK_AFTER)
    due = Payment.objects.filter(state=Payment.State.OPEN, created_at__lt=now - ASK_AFTER)
    for payment in _in_turn(due.filter(young | _not_since(now - LOOK_DAILY))):
        with _each(f"purchase {payment.pk}", report):
            look(payment, client)
            looked += 1
    unanswered = Payment.objects.filter(state=Payment.State.BEGUN, session=None, created_at__lt=now - LOOK_DAILY)
    for payment in _in_turn(unanswered):
        with _each(f"purchase {payment.pk}", report):
            looked += _look_for_page(payment, client)
    return looked


def _look_for_page(payment: Payment, client: Stripe) -> int:
    """A purchase whose page was never named to us: its page may exist anyway, and be paid."""
    customer = StripeCustomer.objects.filter(owner=payment.owner_id).first()
    for session in client.sessions_of(customer.customer) if customer else []:
        if session.get("client_reference_id") == payment.pk:
            events.settle_session(session, client)
            return 1
    Payment.objects.filter(pk=payment.pk, state=Payment.State.BEGUN).update(state=Payment.State.EXPIRED)
    return 0


def look(payment: Payment, client: Stripe) -> Payment:
    """Ask Stripe what happened to a check-out and settle it, as its message would have. Idempotent. Raises StripeProblem."""
    if payment.session and payment.state in (Payment.State.OPEN, Payment.State.BEGUN):
        events.settle_session(client.session(payment.session), client)
        payment.refresh_from_db()
    return payment


def look_at_subscriptions(report: Report = faults.log_fault) -> int:
    """Find plans that ended, will end or were paid without our hearing of it. Returns how many changed."""
    client = _client()
    if client is None:
        return 0
    now, changed = ports.now(), 0
    due = Subscription.objects.filter(_not_since(now - LOOK_AT_PLANS), ended=False, told_at__lt=now - ASK_AFTER)
    for held in _in_turn(due):
        with _each(f"subscription {held.subscription}", report):
            before = (held.ended, held.ends_at_period_end)
            state = subscriptions.ask_about(held, client)
            held.refresh_from_db()
            changed += int((held.ended, held.ends_at_period_end) != before)
            changed += _bring_missed_months(held, state, client)
    return changed


def _bring_missed_months(held: Subscription, state: shapes.SubscriptionState | None, client: Stripe) -> int:
    """Paid months of a subscription whose invoices were not heard of, oldest first."""
    plan = Plan.objects.filter(owner_id=held.owner_id).first()
    if state is None:
        return 0
    if plan and state.period_end and plan.renews_at >= state.period_end - dt.timedelta(hours=1) and plan.paid_by:
        return 0
    brought = 0
    for invoice in client.paid_invoices(held.subscription):
        if not Payment.objects.filter(invoice=invoice["id"]).exists():
            with transaction.atomic():
                events.invoice_paid(invoice, shapes.moment(invoice.get("created")) or ports.now())
            brought += 1
    return brought


def look_at_returned_money(report: Report = faults.log_fault) -> int:
    """Find refunds and disputes of paid purchases whose message never came. Returns how many purchases changed."""
    client = _client()
    if client is None:
        return 0
    now, changed = ports.now(), 0
    paid = Payment.objects.filter(
        _not_since(now - LOOK_AT_RETURNS),
        state__in=(Payment.State.PAID, Payment.State.RETURNED),
        paid_at__lt=now - LOOK_DAILY, paid_at__gt=now - RETURNED_WITHIN,
    ).exclude(kind=Payment.Kind.PLAN, invoice=None)  # fmt: skip
    for payment in _in_turn(paid):
        with _each(f"purchase {payment.pk}", report):
            changed += _look_at_money_of(payment, client)
    return changed


def _look_at_money_of(payment: Payment, client: Stripe) -> int:
    intent = payment.payment_intent or (client.intent_of(payment.invoice) if payment.invoice else "")
    if not intent:
        return 0
    charges, disputes = client.charges_of(intent), client.disputes_of(intent)
    Payment.objects.filter(pk=payment.pk, payment_intent=None).update(payment_intent=intent)
    before = (payment.refunded_cents, payment.disputes)
    with transaction.atomic():
        for charge in charges:
            if shapes.amount(charge, "amount_refunded") > payment.refunded_cents:
                money_back.refunded(charge, ports.now())
        for dispute in reversed(disputes):
            money_back.disputed(dispute, ports.now())
    payment.refresh_from_db()
    return int((payment.refunded_cents, payment.disputes) != before)


def undo_second_plans(report: Report = faults.log_fault) -> int:
    """Cancel and refund second plans where that did not succeed at once. Returns how many were undone."""
    client = _client()
    if client is None:
        return 0
    undone = 0
    for held in _in_turn(Subscription.objects.filter(undone_at=None).exclude(second_of=None)):
        with _each(f"subscription {held.subscription}", report):
            subscriptions.undo_second(held, client)
            undone += 1
    return undone


TASKS: tuple[Callable[[Report], int], ...] = (
    hear_missed_messages,
    hear_unread_messages_again,
    look_at_checkouts,
    look_at_subscriptions,
    look_at_returned_money,
    undo_second_plans,
)
"""Every pass, each a maintenance task by its own name, in the order in which one run does them."""


def configured() -> bool:
    """Whether anything can be bought here."""
    return StripeConfig.from_environment().ready


def _client() -> Stripe | None:
    """Stripe as configured; None when nothing can be bought here."""
    config = StripeConfig.from_environment()
    return Stripe(config) if config.ready else None


def _not_since(moment: dt.datetime) -> Q:
    return Q(looked_at=None) | Q(looked_at__lt=moment)


def _in_turn(rows: QuerySet[Any]) -> Iterator[Any]:
    """A pass's share of the rows, longest not looked at first. Each counts as looked at when its turn comes, so that one that
    fails does not stand before the others forever."""
    for row in list(rows.order_by(F("looked_at").asc(nulls_first=True), "pk")[:AT_ONCE]):
        rows.model._default_manager.filter(pk=row.pk).update(looked_at=ports.now())
        yield row


@contextmanager
def _each(row: str, report: Report) -> Iterator[None]:
    """One thing of a pass: what fails is reported, unless Stripe itself is down, which every further thing would meet."""
    with faults.caught(row, report, but=lambda error: isinstance(error, StripeProblem) and error.whose == "stripe"):
        yield

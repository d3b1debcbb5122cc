"""Stripe's messages are read in the shape of every API version, or refused and shown; never passed over."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.credits import ledger, plans
from elistit.credits.models import Plan
from elistit.payments import actions, setup, shapes, unread
from elistit.payments.client import Stripe
from elistit.payments.models import Payment, StripeEvent, Subscription, UnreadMessage
from tests.payments.conftest import Telling
from tests.payments.stripe_server import StripeWorld
from tests.payments.test_buying import PACK_CENTS, PACK_CREDITS, bought

pytestmark = pytest.mark.django_db(transaction=True)
Event = dict[str, Any]


def older(invoice: Event) -> Event:
    """An invoice as API versions before 2025-03-31 write it."""
    details = invoice.pop("parent")["subscription_details"]
    intent = invoice.pop("payment_intent_made")
    line = invoice["lines"]["data"][0]
    line.update(subscription=details["subscription"], type="subscription", proration=False)
    return {**invoice, "subscription": details["subscription"], "payment_intent": intent, "charge": f"ch_{intent}",
            "subscription_details": {"metadata": details["metadata"]}}  # fmt: skip


def oldest(invoice: Event) -> Event:
    """As before there were subscription details: only the lines repeat the metadata."""
    invoice = older(invoice)
    del invoice["subscription_details"]
    return invoice


def of_a_price(invoice: Event) -> Event:
    """Nothing but the price on the line says which plan it is."""
    invoice = oldest(invoice)
    line = invoice["lines"]["data"][0]
    line.update(metadata={}, price={"id": "price_1", "object": "price", "lookup_key": "elistit-launch-1500-usd"})
    return invoice


def of_its_lines(invoice: Event) -> Event:
    """Only the lines name the subscription, as newer versions write it."""
    subscription = invoice["parent"]["subscription_details"]["subscription"]
    invoice["parent"] = None
    invoice["lines"]["data"][0]["parent"] = {
        "type": "subscription_item_details", "subscription_item_details": {"subscription": subscription},
    }  # fmt: skip
    return invoice


def written_out(invoice: Event) -> Event:
    """Expanded: what is usually named is written out."""
    invoice = older(invoice)
    for name in ("customer", "subscription", "payment_intent"):
        invoice[name] = {"id": invoice[name], "object": name}
    return invoice


@pytest.mark.parametrize("shape", [older, oldest, of_a_price, of_its_lines, written_out])
def test_a_paid_month_is_read_in_every_shape(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, shape: Callable[[Event], Event]
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    event = copy.deepcopy(next(e for e in stripe.events if e["type"] == "invoice.paid"))
    event["data"]["object"] = shape(event["data"]["object"])
    assert tell(event).status_code == 200
    assert ledger.balance(alice.pk) == 240
    line = event["data"]["object"]["lines"]["data"][0]
    plan = Plan.objects.get()
    assert plan.renews_at == dt.datetime.fromtimestamp(line["period"]["end"], dt.UTC)
    assert plan.started_at == dt.datetime.fromtimestamp(line["period"]["start"], dt.UTC)
    assert Payment.objects.get(invoice=event["data"]["object"]["id"]).paid_at == dt.datetime.fromtimestamp(
        event["created"], dt.UTC
    ), "the message's own time, not that of its arrival"


BREAKS: dict[str, Callable[[Event], Any]] = {
    "no subscription": lambda invoice: invoice.pop("parent"),
    "no lines": lambda invoice: invoice.pop("lines"),
    "no period": lambda invoice: invoice["lines"]["data"][0].pop("period"),
    "no amount": lambda invoice: invoice.pop("amount_paid"),
    "no such plan": lambda invoice: (
        invoice["lines"]["data"][0].update(metadata={"code": "galaxy"}),
        invoice["parent"]["subscription_details"].update(metadata={"code": "galaxy"}),
    ),
    "lines of another kind": lambda invoice: invoice.update(lines="none"),
    "a period of words": lambda invoice: invoice["lines"]["data"][0].update(period={"end": "soon"}),
}


@pytest.mark.parametrize("wrong", BREAKS)
def test_an_invoice_of_a_seller_of_ours_that_cannot_be_read_is_refused_and_shown(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, wrong: str
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    good = next(e for e in stripe.events if e["type"] == "invoice.paid")
    event = copy.deepcopy(good)
    BREAKS[wrong](event["data"]["object"])
    assert [tell(event).status_code for _ in range(2)] == [409, 409]
    assert not StripeEvent.objects.exists() and ledger.balance(alice.pk) == 0
    (row,) = unread.for_the_operator()
    assert (row.event, row.owner_id, row.times, row.unreadable) == (good["id"], alice.pk, 2, True)
    staff = Client()
    staff.force_login(User.objects.create_superuser("ann@example.com"))
    answer = staff.get("/console/", follow=True)
    if "Stripe events that couldn't be processed" not in answer.content.decode():
        assert "authenticator" in answer.content.decode().lower(), "the console asks for a second factor first"
    assert tell(good).status_code == 200, "once it comes in a shape that is known, it is handled"
    assert ledger.balance(alice.pk) == 240 and not UnreadMessage.objects.exists()


@pytest.mark.parametrize("wrong", BREAKS)
def test_what_is_about_nobody_here_is_none_of_ours_in_whatever_shape(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, wrong: str
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    good = next(e for e in stripe.events if e["type"] == "invoice.paid")
    text = (
        json.dumps(good)
        .replace(Payment.objects.get().pk, "none")
        .replace("cus_", "cus_other_")
        .replace("sub_", "sub_other_")
    )
    event = json.loads(text)
    BREAKS[wrong](event["data"]["object"])
    assert tell(event).status_code == 200
    assert not UnreadMessage.objects.exists() and ledger.balance(alice.pk) == 0


def test_an_invoice_written_by_hand_is_no_month_of_a_plan(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    event = copy.deepcopy(next(e for e in stripe.events if e["type"] == "invoice.paid"))
    event["data"]["object"].update(parent=None, billing_reason="manual")
    assert tell(event).json()["result"] == "an invoice written by hand: not for a plan"
    assert ledger.balance(alice.pk) == 0


def test_a_month_of_a_plan_that_left_the_price_list_brings_what_was_sold(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    monkeypatch.delitem(plans.PLANS, "launch")
    for event in stripe.events:
        assert tell(event).status_code == 200
    assert ledger.balance(alice.pk) == 240


@pytest.mark.parametrize("lacks", ["payment_intent", "customer"])
def test_a_refund_that_names_only_its_charge_or_invoice_is_found(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, lacks: str
) -> None:
    """Older versions put the invoice on the charge; a charge of the oldest has no payment intent."""
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    invoice = next(t for t in stripe.things.values() if t["object"] == "invoice")
    stripe.give_back(invoice["payment_intent_made"], 1500)
    event = copy.deepcopy(stripe.events[-1])
    event["data"]["object"].pop(lacks)
    event["data"]["object"]["invoice"] = invoice["id"]
    assert tell(event).status_code == 200
    assert ledger.balance(alice.pk) == 0


def test_a_dispute_that_names_only_its_charge_is_found(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    intent = bought(stripe, page)
    tell(stripe.events[0])
    stripe.dispute(intent, PACK_CENTS, "needs_response")
    event = copy.deepcopy(stripe.events[-1])
    del event["data"]["object"]["payment_intent"]
    assert tell(event).status_code == 200
    assert ledger.balance(alice.pk) == 0


@pytest.mark.parametrize("kind", ["charge.refunded", "charge.dispute.created", "customer.subscription.updated"])
def test_what_lacks_its_sum_or_state_is_refused_and_shown(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, kind: str
) -> None:
    intent = bought(stripe, page)
    bought(stripe, page, key="b", kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    stripe.give_back(intent, 100)
    stripe.dispute(intent, PACK_CENTS, "needs_response")
    stripe.tell(
        "customer.subscription.updated", next(t for t in stripe.things.values() if t["object"] == "subscription")
    )
    event = copy.deepcopy(next(e for e in stripe.events if e["type"] == kind))
    for name in ("amount_refunded", "amount", "status", "cancel_at_period_end"):
        event["data"]["object"].pop(name, None)
    event["data"]["object"]["object"] = kind.split(".")[1]
    assert tell(event).status_code == 409
    assert [row.owner_id for row in unread.for_the_operator()] == [alice.pk]
    assert ledger.balance(alice.pk) == PACK_CREDITS + 240


def test_a_refund_of_a_sellers_purchase_that_was_never_heard_of_waits_and_is_shown_after_an_hour(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    invoice = next(t for t in stripe.things.values() if t["object"] == "invoice")
    stripe.give_back(invoice["payment_intent_made"], 1500)
    assert tell(stripe.events[-1]).status_code == 409
    assert unread.for_the_operator() == [], "it waits for the invoice, which may come any moment"
    UnreadMessage.objects.update(first_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert len(unread.for_the_operator()) == 1


def test_a_subscription_whose_periods_are_on_its_items_or_on_itself_is_read() -> None:
    said = {"id": "sub_1", "status": "active", "cancel_at_period_end": False, "metadata": {"code": "launch"}}
    end = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    stamp = int(end.timestamp())
    for thing in ({**said, "current_period_end": stamp}, {**said, "items": {"data": [{"current_period_end": stamp}]}}):
        state = shapes.subscription(thing)
        assert (state.period_end, state.ends, state.over, state.code) == (end, False, False, "launch")
    assert shapes.subscription({**said, "cancel_at": stamp, "canceled_at": stamp}).ends
    assert shapes.subscription({"id": "sub_1", "status": "canceled"}).over


def test_thin_messages_are_refused_and_shown(stripe: StripeWorld, tell: Telling) -> None:
    event = {"id": "evt_thin", "object": "v2.core.event", "type": "invoice.paid", "created": "2026-11-27T09:00:00Z"}
    assert tell(event).status_code == 409
    assert "snapshot" in unread.for_the_operator()[0].reason


def test_messages_of_before_the_newest_change_nothing(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    """The endpoint was down: everything comes late, and the end the seller asked for meanwhile stands."""
    stripe.now -= 7200
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    stripe.now += 3600
    plan = next(t for t in stripe.things.values() if t["object"] == "subscription")
    stripe.answer("POST", f"/v1/subscriptions/{plan['id']}", {"cancel_at_period_end": "true"}, "")
    tell(stripe.events[-1])
    assert Subscription.objects.get().ends_at_period_end and Plan.objects.get().cancelled_at is not None
    actions.end_plan(alice, False)
    tell({**stripe.events[-2], "id": "evt_late", "created": stripe.now + 60})
    assert not Subscription.objects.get().ends_at_period_end and Plan.objects.get().cancelled_at is None


def test_the_end_of_one_subscription_does_not_end_the_plan_of_the_next(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    first = Subscription.objects.get()
    stripe.answer("DELETE", f"/v1/subscriptions/{first.subscription}", {}, "")
    tell(stripe.events[-1])
    heard = len(stripe.events)
    bought(stripe, page, key="b", kind="plan", code="grow")
    for event in stripe.events[heard:]:
        tell(event)
    stripe.tell("customer.subscription.updated", {**stripe.things[first.subscription], "cancel_at_period_end": True})
    tell(stripe.events[-1])
    plan = Plan.objects.get()
    assert (plan.code, plan.cancelled_at) == ("grow", None)


@pytest.mark.parametrize(
    ("endpoint", "says"),
    [
        ({}, ""),
        ({"api_version": "2023-10-16"}, "API version 2023-10-16"),
        ({"api_version": "2026-10-28.endive"}, ""),
        ({"enabled_events": ["invoice.paid"]}, "does not send charge.dispute.closed"),
        ({"status": "disabled"}, "is disabled"),
        ({"url": "https://another.example/hooks", "api_version": "2019-01-01"}, ""),
    ],
)
def test_the_doctor_names_what_is_wrong_with_the_endpoint(stripe: StripeWorld, endpoint: Event, says: str) -> None:
    stripe.endpoints = [
        {"url": "https://studio.example/hooks/stripe/", "status": "enabled", "enabled_events": ["*"], **endpoint}
    ]
    problem = setup.endpoint_problem(Stripe(actions.StripeConfig.from_environment()))
    assert says in problem.what if says and problem else (problem is None) == (not says)

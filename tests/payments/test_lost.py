"""Messages of Stripe's that never come are looked for, of every kind."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import audit, ledger
from elistit.credits.models import Plan
from elistit.payments import reconciling
from elistit.payments.models import Cursor, Payment, Subscription, UnreadMessage
from tests.payments.conftest import Telling
from tests.payments.lost_steps import forgets, held, later, settle
from tests.payments.stripe_server import StripeWorld
from tests.payments.test_buying import PACK_CENTS, PACK_CREDITS, bought, buy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("remembered", [True, False])
def test_a_paid_month_nobody_told_of_is_found(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, remembered: bool
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    tell(stripe.events[-1])
    assert (stripe.events[-1]["type"], ledger.balance(alice.pk)) == ("checkout.session.completed", 0)
    if not remembered:
        forgets(stripe)
    assert settle(1) == []
    assert ledger.balance(alice.pk) == 240
    assert settle(2) == []
    assert ledger.balance(alice.pk) == 240 and audit.run()["ok"]


@pytest.mark.parametrize("remembered", [True, False])
def test_the_end_of_a_plan_nobody_told_of_is_found(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, remembered: bool
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    plan = held(stripe, "subscription")["id"]
    stripe.answer("POST", f"/v1/subscriptions/{plan}", {"cancel_at_period_end": "true"}, "")
    if not remembered:
        forgets(stripe)
    assert settle(1) == []
    assert Plan.objects.get().cancelled_at is not None and not Subscription.objects.get().ended
    stripe.answer("DELETE", f"/v1/subscriptions/{plan}", {}, "")
    if not remembered:
        forgets(stripe)
    assert settle(2) == []
    assert Subscription.objects.get().ended


@pytest.mark.parametrize("remembered", [True, False])
@pytest.mark.parametrize("kind", ["top_up", "plan"])
@pytest.mark.parametrize("what", ["refund", "dispute"])
def test_money_that_went_back_without_a_word_is_found(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, remembered: bool, kind: str, what: str
) -> None:
    intent = bought(stripe, page, kind=kind, code="launch" if kind == "plan" else "pack-100")
    for event in stripe.events:
        tell(event)
    intent = intent or held(stripe, "invoice")["payment_intent_made"]
    cents = 1500 if kind == "plan" else PACK_CENTS
    stripe.give_back(intent, cents) if what == "refund" else stripe.dispute(intent, cents, "needs_response")
    if not remembered:
        forgets(stripe)
    assert settle(4) == []
    assert ledger.balance(alice.pk) == 0
    assert audit.run()["ok"]


@pytest.mark.parametrize("remembered", [True, False])
def test_a_check_out_is_settled_however_old_it_is(
    stripe: StripeWorld, page: Client, alice: User, remembered: bool
) -> None:
    bought(stripe, page)
    if not remembered:
        forgets(stripe)
    assert settle(20) == []
    assert ledger.balance(alice.pk) == PACK_CREDITS


def test_a_page_whose_name_never_reached_us_is_found_and_one_that_never_was_is_closed(
    stripe: StripeWorld, page: Client, alice: User
) -> None:
    stripe.trouble = ["", "lost"]
    buy(page)
    stripe.pay(held(stripe, "checkout.session")["id"])
    forgets(stripe)
    never = Payment.objects.create(owner=alice, kind="top_up", code="pack-100", credits=100, price_cents=800)
    assert settle(2) == []
    never.refresh_from_db()
    assert (ledger.balance(alice.pk), never.state) == (PACK_CREDITS, "expired")


def test_one_thing_that_fails_keeps_no_other_waiting_and_is_reported(
    stripe: StripeWorld, page: Client, alice: User
) -> None:
    for key in "abc":
        bought(stripe, page, key=key)
    forgets(stripe)
    first = Payment.objects.order_by("created_at").first()
    assert first is not None
    Payment.objects.filter(pk=first.pk).update(session="cs_nobody_knows")
    failed = settle(1)
    assert [row for row, _ in failed] == [f"purchase {first.pk}"]
    assert ledger.balance(alice.pk) == 2 * PACK_CREDITS


def test_a_pass_is_bounded_and_the_next_goes_on_with_the_others(
    stripe: StripeWorld, page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "AT_ONCE", 2)
    for key in "abcde":
        bought(stripe, page, key=key)
    first = Payment.objects.order_by("created_at").first()
    Payment.objects.filter(pk=first.pk).update(session="cs_nobody_knows")  # type: ignore[union-attr]
    balances = []
    with later(days=1):
        for _ in range(3):
            reconciling.look_at_checkouts()
            balances.append(ledger.balance(alice.pk) // PACK_CREDITS)
    assert balances == [1, 3, 4], "the one that fails does not stand before the others"


def test_stripe_being_down_ends_a_pass_and_loses_nothing(stripe: StripeWorld, page: Client, alice: User) -> None:
    bought(stripe, page)
    stripe.trouble = ["down"] * len(reconciling.TASKS)
    assert len(settle(1)) >= 1
    assert ledger.balance(alice.pk) == 0
    stripe.trouble.clear()
    assert settle(2) == []
    assert ledger.balance(alice.pk) == PACK_CREDITS


def test_the_record_of_messages_is_read_on_from_where_the_last_pass_ended(
    stripe: StripeWorld, page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stripe.page = 2
    monkeypatch.setattr(reconciling, "PAGES_AT_ONCE", 14)
    for key in range(7):
        bought(stripe, page, key=f"k{key}")
    most = 0
    with later(days=1):
        for _ in range(12):
            asked = len(stripe.asked)
            reconciling.hear_missed_messages()
            most = max(most, sum(path == "/v1/events" for _, path, _ in stripe.asked[asked:]))
        ends = Cursor.objects.get().at
        assert ends == (ports.now() - reconciling.ASK_AFTER).replace(microsecond=0)
    assert ledger.balance(alice.pk) == 7 * PACK_CREDITS
    assert most <= 14


def test_a_message_that_could_not_be_handled_is_asked_for_until_it_can(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    event = next(e for e in stripe.events if e["type"] == "invoice.paid")
    whole = event["data"]["object"]
    event["data"]["object"] = {**whole, "lines": {"data": []}}
    assert tell(event).status_code == 409
    Cursor.objects.create(name="messages", at=ports.now() + dt.timedelta(days=30))
    with later(hours=1):
        assert reconciling.hear_unread_messages_again() == 0
        assert UnreadMessage.objects.get().times == 2
    event["data"]["object"] = whole
    with later(hours=2):
        assert reconciling.hear_unread_messages_again() == 1
    assert not UnreadMessage.objects.exists() and ledger.balance(alice.pk) == 240


def test_nothing_is_asked_where_nothing_can_be_bought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ELISTIT_STRIPE_KEY", raising=False)
    assert [task() for task in reconciling.TASKS] == [0] * len(reconciling.TASKS)

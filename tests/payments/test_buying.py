"""Buying credits: one payment, one booking, whatever is pressed twice, lost, late, forged or told in another order."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import audit, ledger, plans
from elistit.credits.models import CreditTransaction, Plan
from elistit.payments import actions, reconciling
from elistit.payments.models import Payment, StripeEvent, Subscription
from tests.payments.conftest import Telling
from tests.payments.stripe_server import KEY, SECRET, StripeWorld

pytestmark = pytest.mark.django_db(transaction=True)
PACK, PACK_CREDITS, PACK_CENTS = "pack-100", 100, 800


def buy(page: Client, kind: str = "top_up", code: str = PACK, key: str = "form-1") -> str:
    answer = page.post("/settings/plans/buy/", {"kind": kind, "code": code, "form_key": key})
    assert answer.status_code == 302
    return answer["location"]


def bought(stripe: StripeWorld, page: Client, **what: str) -> str:
    """A session that was paid; its messages wait in stripe.events. Returns the payment intent, if it has one."""
    session = buy(page, **what).rsplit("/", 1)[1]
    stripe.pay(session)
    return stripe.things[session]["payment_intent"] or ""


def test_a_paid_pack_is_booked_once_and_never_expires(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page)
    assert ledger.balance(alice.pk) == 0
    for _ in range(3):
        assert tell(stripe.events[0]).status_code == 200
    assert ledger.balance(alice.pk) == PACK_CREDITS
    row = CreditTransaction.objects.get()
    assert (row.type, row.amount, row.actor) == ("PURCHASE_CREDIT", PACK_CREDITS, "Stripe")
    assert [g.expires_at for g in ledger.grants(alice.pk)] == [None]


def test_pressing_twice_leads_to_the_same_page_of_stripe(stripe: StripeWorld, page: Client) -> None:
    assert buy(page) == buy(page)
    assert Payment.objects.count() == 1
    assert len([t for t in stripe.things.values() if t["object"] == "checkout.session"]) == 1


def test_an_answer_lost_on_the_way_buys_once(stripe: StripeWorld, page: Client, alice: User, tell: Telling) -> None:
    stripe.trouble = ["", "lost"]  # The customer is made; the session is made but its answer is lost.
    assert buy(page) == "/settings/plans/"
    stripe.pay(buy(page).rsplit("/", 1)[1])
    tell(stripe.events[0])
    assert len([t for t in stripe.things.values() if t["object"] == "checkout.session"]) == 1
    assert ledger.balance(alice.pk) == PACK_CREDITS


def test_a_message_is_as_good_as_the_lost_answer(stripe: StripeWorld, page: Client, alice: User, tell: Telling) -> None:
    stripe.trouble = ["", "lost"]
    buy(page)
    stripe.pay(next(t["id"] for t in stripe.things.values() if t["object"] == "checkout.session"))
    tell(stripe.events[0])
    assert ledger.balance(alice.pk) == PACK_CREDITS


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("down", "Try again in a minute"),
        ("busy", "Try again in a minute"),
        ("html", "Stripe"),
        ("nokey", "misconfigured"),
    ],
)
def test_trouble_at_stripe_is_said_and_nothing_is_bought(
    stripe: StripeWorld, page: Client, alice: User, trouble: str, words: str
) -> None:
    stripe.trouble = [trouble]
    assert buy(page) == "/settings/plans/"
    shown = page.get("/settings/plans/").content.decode()
    assert words in shown
    assert "sk_test" not in shown
    assert ledger.balance(alice.pk) == 0


def test_what_is_not_signed_by_stripe_books_nothing(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page)
    event = stripe.events[0]
    assert tell(event, secret="whsec_another").status_code == 400
    assert tell(event, at=stripe.now - 3600).status_code == 400
    body, signature = stripe.signed(event)
    changed = body.replace(b'"paid"', b'"paid" ')
    answer = Client().post(
        "/hooks/stripe/", changed, content_type="application/json", headers={"stripe-signature": signature}
    )
    assert answer.status_code == 400
    assert Client().post("/hooks/stripe/", body, content_type="application/json").status_code == 400
    assert ledger.balance(alice.pk) == 0
    assert not StripeEvent.objects.exists()


def test_an_unpaid_or_underpaid_session_books_nothing(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page)
    event = stripe.events[0]
    session = event["data"]["object"]
    tell({**event, "id": "evt_unpaid", "data": {"object": {**session, "payment_status": "unpaid"}}})
    tell({**event, "id": "evt_cheap", "data": {"object": {**session, "amount_total": PACK_CENTS - 1}}})
    tell({**event, "id": "evt_other", "data": {"object": {**session, "id": "cs_of_somebody_else"}}})
    assert ledger.balance(alice.pk) == 0


def test_the_page_after_paying_asks_stripe_itself(stripe: StripeWorld, page: Client, alice: User) -> None:
    session = buy(page).rsplit("/", 1)[1]
    assert "Waiting for Stripe" in page.get(f"/settings/plans/back/?session={session}").content.decode()
    stripe.pay(session)
    shown = page.get(f"/settings/plans/back/?session={session}").content.decode()
    assert "Your payment is confirmed" in shown
    assert ledger.balance(alice.pk) == PACK_CREDITS


def test_nobody_sees_the_purchase_of_another(stripe: StripeWorld, page: Client, db: None) -> None:
    session = buy(page).rsplit("/", 1)[1]
    bob = Client()
    bob.force_login(User.objects.create_user("bob@example.com"))
    answer = bob.get(f"/settings/plans/back/?session={session}")
    assert answer.status_code == 302


def test_housekeeping_settles_a_purchase_whose_message_never_came(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page)
    assert actions.reconcile() == 0
    with ports.use_clock(ports.FixedClock(ports.now() + actions.ASK_AFTER + dt.timedelta(minutes=1))):
        assert actions.reconcile() == 1
        assert actions.reconcile() == 0
    tell(stripe.events[0])
    assert ledger.balance(alice.pk) == PACK_CREDITS


def test_a_plan_brings_its_allowance_with_each_paid_month(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    assert ledger.balance(alice.pk) == 240
    plan = Plan.objects.get(owner=alice)
    assert (plan.code, plan.paid_by) == ("launch", "stripe")
    later = plan.renews_at + dt.timedelta(minutes=5)
    with ports.use_clock(ports.FixedClock(later)):
        assert plans.renew_due() == 0, "a month that is not paid brings nothing"
        assert ledger.balance(alice.pk) == 0
        stripe.now = int(later.timestamp())
        stripe.bill(Subscription.objects.get().subscription)
        tell(stripe.events[-1])
        assert ledger.balance(alice.pk) == 240


def test_a_larger_plan_takes_effect_at_once_and_a_declined_card_changes_nothing(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    heard = len(stripe.events)
    stripe.declines = True
    page.post("/settings/plans/change/", {"code": "grow", "form_key": "f2"})
    assert "insufficient funds" in page.get("/settings/plans/").content.decode()
    assert len(stripe.events) == heard
    stripe.declines = False
    page.post("/settings/plans/change/", {"code": "grow", "form_key": "f3"})
    page.post("/settings/plans/change/", {"code": "grow", "form_key": "f3"})
    for event in stripe.events[heard:]:
        tell(event)
    assert ledger.balance(alice.pk) == 240 + 600
    assert Plan.objects.get(owner=alice).code == "grow"
    page.post("/settings/plans/change/", {"code": "launch", "form_key": "f4"})
    assert "is not larger" in page.get("/settings/plans/").content.decode()


def test_a_plan_ended_stays_until_its_paid_month_is_over_and_can_be_kept(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    page.post("/settings/plans/end/")
    assert "It ends" in page.get("/settings/plans/").content.decode()
    assert ledger.balance(alice.pk) == 240
    page.post("/settings/plans/end/", {"ends": "no"})
    assert Plan.objects.get(owner=alice).cancelled_at is None
    # Told in the wrong order, the newest word holds.
    for event in reversed(stripe.events[-2:]):
        tell(event)
    assert Plan.objects.get(owner=alice).cancelled_at is None
    assert page.post("/settings/plans/card/")["location"].startswith("https://billing.stripe.com/")


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_refund_and_purchase_told_in_any_order_end_the_same(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, order: tuple[int, ...]
) -> None:
    intent = bought(stripe, page)
    stripe.give_back(intent, 200)
    stripe.give_back(intent, 200)
    for index in (*order, *order):
        assert tell(stripe.events[index]).status_code == 200
    assert ledger.balance(alice.pk) == PACK_CREDITS // 2
    assert Payment.objects.get().taken_credits == PACK_CREDITS // 2
    assert audit.run()["ok"]


def test_a_dispute_takes_the_credits_and_winning_it_returns_them(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    intent = bought(stripe, page)
    stripe.dispute(intent, PACK_CENTS, "needs_response")
    stripe.dispute(intent, PACK_CENTS, "won")
    for event in stripe.events:
        tell(event)
    assert ledger.balance(alice.pk) == PACK_CREDITS
    tell({**stripe.events[1], "id": "evt_old_news"})
    assert ledger.balance(alice.pk) == PACK_CREDITS, "a closed dispute is not opened by an older message"


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_question_of_the_bank_moves_no_credits_until_it_becomes_a_dispute(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, order: tuple[int, int]
) -> None:
    intent = bought(stripe, page)
    tell(stripe.events[0])
    stripe.dispute(intent, PACK_CENTS, "warning_needs_response")
    tell(stripe.events[1])
    assert ledger.balance(alice.pk) == PACK_CREDITS
    stripe.dispute(intent, PACK_CENTS, "needs_response")
    for index in order:
        tell({**stripe.events[index], "id": f"evt_{index}_again"})
    assert ledger.balance(alice.pk) == 0
    stripe.dispute(intent, PACK_CENTS, "won")
    tell(stripe.events[3])
    assert ledger.balance(alice.pk) == PACK_CREDITS


def test_a_second_dispute_counts_after_the_first_was_won(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    intent = bought(stripe, page)
    for status, number in (("needs_response", 1), ("won", 1), ("needs_response", 2), ("lost", 2)):
        stripe.dispute(intent, PACK_CENTS, status, number)
    for event in stripe.events:
        tell(event)
    assert (ledger.balance(alice.pk), Payment.objects.get().taken_credits) == (0, PACK_CREDITS)
    tell({**stripe.events[1], "id": "evt_first_again"})
    assert ledger.balance(alice.pk) == 0
    assert audit.run()["ok"]


def test_a_dispute_of_before_they_had_ids_is_taken_over_by_the_next_message(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    intent = bought(stripe, page)
    for status in ("needs_response", "won"):
        stripe.dispute(intent, PACK_CENTS, status)
    tell(stripe.events[0])
    tell(stripe.events[1])
    Payment.objects.update(disputes=None)  # as the version before leaves it
    tell(stripe.events[2])
    payment = Payment.objects.get()
    assert (ledger.balance(alice.pk), payment.disputed_cents, payment.dispute_closed) == (PACK_CREDITS, 0, True)


def test_a_refund_the_bank_sent_back_is_noted_for_the_operator_and_moves_nothing(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    intent = bought(stripe, page)
    stripe.give_back(intent, PACK_CENTS)
    stripe.tell("refund.failed", {"id": "re_1", "object": "refund", "payment_intent": intent, "status": "failed"})
    for event in stripe.events:
        tell(event)
    assert ledger.balance(alice.pk) == 0
    assert "give its credits back" in StripeEvent.objects.get(type="refund.failed").result


def test_a_purchase_stripe_does_not_know_keeps_no_other_from_being_settled(
    stripe: StripeWorld, page: Client, alice: User
) -> None:
    bought(stripe, page, key="a")
    bought(stripe, page, key="b")
    first, second = Payment.objects.order_by("created_at")
    Payment.objects.filter(pk=first.pk).update(session="cs_nobody_knows")
    with ports.use_clock(ports.FixedClock(ports.now() + actions.ASK_AFTER + dt.timedelta(minutes=1))):
        assert reconciling.look_at_checkouts() == 1
    second.refresh_from_db()
    assert (second.state, ledger.balance(alice.pk)) == ("paid", PACK_CREDITS)


def test_credits_already_spent_are_noted_and_the_balance_is_never_below_zero(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    intent = bought(stripe, page)
    tell(stripe.events[0])
    ledger.spend(alice.pk, 70, job=ports.new_id(), project=ports.new_id(), idempotency_key="s", reason="A launch")
    stripe.dispute(intent, PACK_CENTS, "lost")
    tell(stripe.events[1])
    payment = Payment.objects.get()
    assert ledger.balance(alice.pk) == 0
    assert (payment.taken_credits, payment.short_credits) == (30, 70)


def test_a_months_refund_is_found_by_its_invoice(stripe: StripeWorld, page: Client, alice: User, tell: Telling) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    invoice = next(t for t in stripe.things.values() if t["object"] == "invoice")
    stripe.give_back(invoice["payment_intent_made"], 1500)
    tell(stripe.events[-1])
    assert ledger.balance(alice.pk) == 0


def test_any_order_and_repetition_of_a_long_history_ends_with_the_same_books(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    first = bought(stripe, page, key="a")
    bought(stripe, page, key="b", code="pack-300")
    stripe.give_back(first, PACK_CENTS)
    bought(stripe, page, key="c", kind="plan", code="launch")
    plan = next(t["id"] for t in stripe.things.values() if t["object"] == "subscription")
    stripe.answer(
        "POST", f"/v1/subscriptions/{plan}", {"cancel_at_period_end": "true"}, ""
    )  # Ended at Stripe's own page.
    told = stripe.events * 2
    random.Random(7).shuffle(told)
    waiting = told
    for _ in range(4):  # What must come again comes again, as Stripe does it.
        waiting = [event for event in waiting if tell(event).status_code != 200]
    assert waiting == []
    assert ledger.balance(alice.pk) == 300 + 240
    assert Plan.objects.get(owner=alice).cancelled_at is not None, "the end of the plan was heard too"
    assert audit.run()["ok"]


def test_without_a_key_nothing_can_be_bought_and_the_page_says_so(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ELISTIT_STRIPE_KEY", "ELISTIT_STRIPE_WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)
    shown = page.get("/settings/plans/").content.decode()
    assert "the operator hasn't set up payments" in shown
    assert "Buy" not in shown
    assert buy(page) == "/settings/plans/"
    assert Client().post("/hooks/stripe/", b"{}", content_type="application/json").status_code == 404


def test_no_secret_reaches_a_page_or_the_database(stripe: StripeWorld, page: Client, tell: Telling) -> None:
    bought(stripe, page)
    tell(stripe.events[0])
    everything = page.get("/settings/plans/").content.decode()
    everything += repr(list(Payment.objects.values())) + repr(list(StripeEvent.objects.values()))
    assert KEY not in everything
    assert SECRET not in everything

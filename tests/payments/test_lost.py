"""Messages of Stripe's that never come are looked for, of every kind; and two plans bought in two tabs become one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import audit, ledger
from elistit.credits.models import Plan
from elistit.payments import reconciling
from elistit.payments.client import StripeProblem
from elistit.payments.models import Cursor, Payment, StripeCustomer, StripeEvent, Subscription, UnreadMessage
from tests.payments.conftest import Telling
from tests.payments.stripe_server import StripeWorld
from tests.payments.test_buying import PACK_CENTS, PACK_CREDITS, bought, buy

pytestmark = pytest.mark.django_db(transaction=True)


def later(**time: float) -> Any:
    return ports.use_clock(ports.FixedClock(ports.now() + dt.timedelta(**time)))


def forgets(stripe: StripeWorld) -> None:
    """Stripe's record of messages is over 30 days old; the things themselves stay."""
    stripe.events.clear()


def held(stripe: StripeWorld, object: str) -> dict[str, Any]:
    return next(t for t in stripe.things.values() if t["object"] == object)


def settle(days: float) -> list[tuple[str, str]]:
    """One whole pass so many days later. What failed in it."""
    failed: list[tuple[str, str]] = []
    with later(days=days):
        reconciling.reconcile(lambda row, error: failed.append((row, str(error))))
    return failed


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


# ---- two tabs -------------------------------------------------------------------------------------------------------------


def plan_page(page: Client, key: str, code: str = "launch") -> str:
    return buy(page, kind="plan", code=code, key=key).rsplit("/", 1)[1]


def test_two_tabs_lead_to_one_page_for_the_same_plan(stripe: StripeWorld, page: Client, alice: User) -> None:
    first, second, again = plan_page(page, "a"), plan_page(page, "b"), plan_page(page, "b")
    assert first == second == again
    assert len([t for t in stripe.things.values() if t["object"] == "checkout.session"]) == 1


def test_choosing_another_plan_closes_the_first_page_at_stripe(stripe: StripeWorld, page: Client, alice: User) -> None:
    first, second = plan_page(page, "a"), plan_page(page, "b", "grow")
    assert (stripe.things[first]["status"], stripe.things[second]["status"]) == ("expired", "open")


@pytest.mark.parametrize("code", ["launch", "grow"])
def test_a_page_that_was_paid_meanwhile_makes_no_second_one(
    stripe: StripeWorld, page: Client, alice: User, code: str
) -> None:
    stripe.pay(plan_page(page, "a"))
    assert buy(page, kind="plan", code=code, key="b") == "/settings/plans/"
    assert "already have a plan" in page.get("/settings/plans/").content.decode()
    assert len([t for t in stripe.things.values() if t["object"] == "checkout.session"]) == 1


def test_a_page_that_ran_out_gives_way_to_a_new_one(stripe: StripeWorld, page: Client, alice: User) -> None:
    first = plan_page(page, "a")
    stripe.things[first]["status"] = "expired"
    second = plan_page(page, "b")
    assert first != second and stripe.things[second]["status"] == "open"


def test_a_tab_that_was_overtaken_while_stripe_made_its_page_closes_it(
    stripe: StripeWorld, page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = stripe._made

    def overtaken(method: str, path: str, params: dict[str, Any]) -> dict[str, Any]:
        if (method, path) == ("POST", "/v1/checkout/sessions"):
            Payment.objects.filter(form_key="a").update(state="expired")
        return made(method, path, params)

    monkeypatch.setattr(stripe, "_made", overtaken)
    assert buy(page, kind="plan", code="launch", key="a") == "/settings/plans/"
    assert "another tab" in page.get("/settings/plans/").content.decode()
    assert held(stripe, "checkout.session")["status"] == "expired"


def two_plans(stripe: StripeWorld, page: Client) -> tuple[str, str]:
    """Two pages open at once all the same, as before they were guarded; both are paid."""
    first = plan_page(page, "a")
    Payment.objects.update(state="expired")
    second = plan_page(page, "b")
    Payment.objects.update(state="open")
    stripe.pay(first)
    stripe.pay(second)
    subs = [t["id"] for t in stripe.things.values() if t["object"] == "subscription"]
    return subs[0], subs[1]


@pytest.mark.parametrize("order", ["as told", "backwards", "invoices first", "never told"])
def test_a_second_plan_is_canceled_refunded_and_recorded(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, order: str
) -> None:
    subs = two_plans(stripe, page)
    if order == "never told":
        assert settle(1) == []
    told = list(stripe.events)
    told = told[::-1] if order == "backwards" else told
    told.sort(key=lambda e: order == "invoices first" and e["type"] != "invoice.paid")
    for _ in range(2):
        for event in told if order != "never told" else ():
            tell(event)
        told = list(stripe.events)
    assert settle(2) == []
    states = sorted(stripe.things[sub]["status"] for sub in subs)
    assert states == ["active", "canceled"]
    assert ledger.balance(alice.pk) == 240
    assert sorted(c["amount_refunded"] for c in stripe.things.values() if c["object"] == "charge") == [1500]
    second = Payment.objects.get(state="returned", invoice__isnull=False)
    assert (second.refunded_cents, second.taken_credits) == (1500, 0)
    running = Subscription.objects.get(ended=False)
    assert stripe.things[running.subscription]["status"] == "active"
    plan = Plan.objects.get()
    assert (plan.code, plan.paid_by, plan.cancelled_at) == ("launch", "stripe", None)
    shown = " ".join(page.get("/settings/plans/").content.decode().split())
    assert shown.count("Second plan, canceled, $15.00 refunded") == 1
    assert audit.run()["ok"]


def test_a_second_plan_that_cannot_be_undone_now_is_undone_by_a_later_pass(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_plans(stripe, page)
    refused = reconciling.subscriptions.undo_second
    monkeypatch.setattr(reconciling.subscriptions, "undo_second", _down)
    for event in list(stripe.events):
        tell(event)
    assert StripeEvent.objects.count() == 4 and ledger.balance(alice.pk) == 240
    monkeypatch.setattr(reconciling.subscriptions, "undo_second", refused)
    assert reconciling.undo_second_plans() == 1
    assert reconciling.undo_second_plans() == 0
    assert sorted(t["status"] for t in stripe.things.values() if t["object"] == "subscription") == [
        "active",
        "canceled",
    ]


def _down(*_: Any) -> None:
    raise StripeProblem("Stripe didn't answer.", whose="stripe")


def test_a_plan_bought_after_the_first_ended_is_no_second_one_though_its_end_was_not_heard_of(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    first = Subscription.objects.get()
    stripe.answer("DELETE", f"/v1/subscriptions/{first.subscription}", {}, "")
    heard = len(stripe.events)
    Subscription.objects.update(ended=True)
    bought(stripe, page, key="b", kind="plan", code="grow")
    Subscription.objects.update(ended=False)  # Its end was never heard of here.
    for event in stripe.events[heard:]:
        assert tell(event).status_code == 200
    assert Plan.objects.get().code == "grow"
    assert not Subscription.objects.exclude(second_of=None).exists()
    assert ledger.balance(alice.pk) == 240 + 600


# A database restored from a backup


def forget(*purchases: Payment) -> None:
    """The database was restored from before these purchases."""
    Payment.objects.filter(pk__in=[one.pk for one in purchases]).delete()


def test_a_pack_paid_since_the_backup_is_credited_once(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    buy(page)
    [payment] = Payment.objects.all()
    stripe.pay(str(payment.session))
    forget(payment)
    assert settle(1) == []
    assert ledger.balance(alice.pk) == PACK_CREDITS
    again = Payment.objects.get()
    assert (again.pk, again.state, again.session, again.credits) == (payment.pk, "paid", payment.session, PACK_CREDITS)
    assert tell(stripe.events[-1]).status_code == 200
    assert settle(2) == []
    assert ledger.balance(alice.pk) == PACK_CREDITS and audit.run()["ok"]


def test_a_plan_bought_since_the_backup_runs_and_is_not_bought_again(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    forget(*Payment.objects.all())
    assert not Subscription.objects.exists()
    assert settle(1) == []
    assert ledger.balance(alice.pk) == 240 and Subscription.objects.get().second_of is None
    assert not Plan.objects.get().cancelled_at and audit.run()["ok"]


def test_a_customer_forgotten_with_the_purchase_is_known_by_their_address(
    stripe: StripeWorld, page: Client, alice: User, settings: Any
) -> None:
    settings.BASE_URL = "http://testserver"
    buy(page)
    [payment] = Payment.objects.all()
    stripe.things[str(payment.session)]["customer_details"] = {"email": "Alice@Example.com"}
    stripe.pay(str(payment.session))
    forget(payment)
    StripeCustomer.objects.all().delete()
    assert settle(1) == []
    assert ledger.balance(alice.pk) == PACK_CREDITS
    assert StripeCustomer.objects.get().owner == alice


def test_a_page_of_another_installation_is_nobody_here(
    stripe: StripeWorld, page: Client, alice: User, settings: Any
) -> None:
    """Two studios may share an account at Stripe, and a person may buy at both."""
    buy(page)
    [payment] = Payment.objects.all()
    stripe.things[str(payment.session)]["customer_details"] = {"email": "alice@example.com"}
    stripe.pay(str(payment.session))
    forget(payment)
    StripeCustomer.objects.all().delete()
    settings.BASE_URL = "https://other.example"
    assert settle(1) == []
    assert ledger.balance(alice.pk) == 0 and not Payment.objects.exists()


def test_a_forgotten_purchase_that_left_the_price_list_is_shown_to_the_operator(
    stripe: StripeWorld, page: Client, alice: User
) -> None:
    buy(page)
    [payment] = Payment.objects.all()
    stripe.things[str(payment.session)]["metadata"]["code"] = "gone"
    stripe.pay(str(payment.session))
    forget(payment)
    assert len(settle(1)) == 1
    assert ledger.balance(alice.pk) == 0 and UnreadMessage.objects.get().owner == alice

"""Two plans bought in two tabs become one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.credits import audit, ledger
from elistit.credits.models import Plan
from elistit.payments import reconciling
from elistit.payments.client import StripeProblem
from elistit.payments.models import Payment, StripeEvent, Subscription
from tests.payments.conftest import Telling
from tests.payments.lost_steps import held, settle
from tests.payments.stripe_server import StripeWorld
from tests.payments.test_buying import bought, buy

pytestmark = pytest.mark.django_db(transaction=True)


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

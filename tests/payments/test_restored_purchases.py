"""Purchases that a restored database has forgotten are found at Stripe and credited once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.credits import audit, ledger
from elistit.credits.models import Plan
from elistit.payments.models import Payment, StripeCustomer, Subscription, UnreadMessage
from tests.payments.conftest import Telling
from tests.payments.lost_steps import settle
from tests.payments.stripe_server import StripeWorld
from tests.payments.test_buying import PACK_CREDITS, bought, buy

pytestmark = pytest.mark.django_db(transaction=True)


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

"""An account that pays through Stripe is erased: nothing renews, nothing more can be paid, and its purchases stay provable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.data_models import Erasure
from elistit.accounts.models import User
from elistit.credits import audit
from elistit.maintenance.own_data import asking, ending
from elistit.payments.models import Payment, StripeCustomer, Subscription
from elistit.ports import FixedClock
from elistit.runtime import engine
from tests.payments.conftest import Telling
from tests.payments.stripe_server import StripeWorld
from tests.payments.test_buying import bought, buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[FixedClock]:
    monkeypatch.setattr(engine.queue, "forget_job", lambda job: None)
    clock = FixedClock(ports.SystemClock().now())
    with ports.use_clock(clock):
        yield clock


def passes(clock: FixedClock, days: float) -> None:
    clock.advance(dt.timedelta(days=days).total_seconds())
    for _ in range(4):
        ending.run_due()
        clock.advance(ending.SETTLE.total_seconds() + 1)


def test_the_plan_renews_no_more_from_the_request_on(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, clock: FixedClock
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    held = Subscription.objects.get()
    asking.request_erasure(alice)
    assert asking.Loss(alice).plan and not stripe.things[held.subscription]["cancel_at_period_end"]
    ending.run_due()
    assert stripe.things[held.subscription]["cancel_at_period_end"] is True
    passes(clock, 7.01)
    assert Erasure.objects.get().ended_at is not None and audit.run()["ok"]
    purchases = list(Payment.objects.filter(owner=alice))
    assert ("paid", 1500) in {(row.state, row.price_cents) for row in purchases}
    assert {row.session_url for row in purchases} == {""}
    assert StripeCustomer.objects.filter(owner=alice).exists(), "refunds and disputes need it"


def test_while_stripe_cannot_be_asked_the_erasure_waits(
    stripe: StripeWorld, page: Client, alice: User, tell: Telling, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(stripe, page, kind="plan", code="launch")
    for event in stripe.events:
        tell(event)
    monkeypatch.setenv("ELISTIT_STRIPE_API_URL", "http://127.0.0.1:9")
    asking.request_erasure(alice)
    passes(clock, 7.01)
    erasure = Erasure.objects.get()
    assert erasure.plan_ended_at is None and erasure.started_at is None
    assert User.objects.get(pk=alice.pk).email == "alice@example.com"


def test_an_open_page_is_closed_at_stripe(stripe: StripeWorld, page: Client, alice: User, clock: FixedClock) -> None:
    buy(page)
    payment = Payment.objects.get()
    assert payment.state == "open" and stripe.things[payment.session]["status"] == "open"
    asking.request_erasure(alice)
    passes(clock, 7.01)
    payment.refresh_from_db()
    assert payment.state == "expired" and stripe.things[payment.session]["status"] == "expired"
    assert Erasure.objects.get().ended_at is not None

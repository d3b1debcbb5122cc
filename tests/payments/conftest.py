"""Alice, who buys; a Stripe of her own; and the way its messages reach the studio."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from elistit.accounts.models import User
from elistit.credits import ledger
from tests.payments import stripe_server
from tests.payments.stripe_server import StripeWorld


@pytest.fixture
def stripe(monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeWorld]:
    world = StripeWorld()
    with stripe_server.serving(world) as address:
        monkeypatch.setenv("ELISTIT_STRIPE_API_URL", address)
        monkeypatch.setenv("ELISTIT_STRIPE_KEY", stripe_server.KEY)
        monkeypatch.setenv("ELISTIT_STRIPE_WEBHOOK_SECRET", stripe_server.SECRET)
        yield world


@pytest.fixture
def alice(db: None) -> User:
    person = User.objects.create_user("alice@example.com")
    ledger.open_account(person.pk)
    return person


@pytest.fixture
def page(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


Telling = Callable[..., HttpResponse]


@pytest.fixture
def tell(stripe: StripeWorld) -> Telling:
    """Send one message of Stripe's to the studio."""

    def send(event: dict[str, Any], **signing: Any) -> HttpResponse:
        body, signature = stripe.signed(event, **signing)
        return Client().post(  # type: ignore[return-value]
            "/hooks/stripe/", body, content_type="application/json", headers={"stripe-signature": signature}
        )

    return send

"""Steps with Stripe's record of messages that several test files take."""

from __future__ import annotations

import datetime as dt
from typing import Any

from elistit import ports
from elistit.payments import reconciling
from tests.payments.stripe_server import StripeWorld


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

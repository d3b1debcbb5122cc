"""The few things asked of Stripe: a Checkout page, a larger plan, an end, the customer's own page, and what became of a payment.

Stripe remembers our idempotency key, so asking again after a lost answer is harmless and never charges twice. It must not
retry by itself, log a secret, or book a credit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import stripe

from elistit.payments.config import STRIPE_API, StripeConfig

# Seconds to connect, and to wait for an answer. Stripe answers in well under a second.
PATIENCE = (5.0, 25.0)
CURRENCY = "usd"

T = TypeVar("T")


class StripeProblem(Exception):
    """Stripe did not do what was asked. The message is for the seller; `detail` for the operator, without secrets.

    `whose` says on whose side it is: "seller" (their card), "operator" (our account or request) or "stripe" (try again).
    """

    def __init__(self, message: str, *, whose: str, detail: str = "") -> None:
        super().__init__(message)
        self.whose, self.detail = whose, detail


class Stripe:
    """Stripe as configured. Cheap to make; each instance keeps its own connections, so share one per act, not per thread."""

    def __init__(self, config: StripeConfig) -> None:
        self._client = stripe.StripeClient(
            config.key,
            base_addresses={"api": config.api_url},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=PATIENCE),
        ).v1
        self.host = config.api_url if config.api_url != STRIPE_API else ""

    def customer(self, email: str, owner_id: int) -> str:
        """Make the seller's customer. The same one again for a day, however often it is asked."""
        made = _ask(
            lambda: self._client.customers.create(
                params={"email": email, "metadata": {"owner": str(owner_id)}},
                options={"idempotency_key": f"elistit-customer-{owner_id}"},
            )
        )
        return str(made["id"])

    def checkout(
        self, *, payment: str, customer: str, name: str, cents: int, monthly: bool, code: str, back: str, away: str
    ) -> dict[str, Any]:
        """Make the page where `payment` is paid. Idempotent per payment. `back` and `away` are our addresses to return to."""
        price: dict[str, Any] = {"currency": CURRENCY, "unit_amount": cents, "product_data": {"name": name}}
        told = {"payment": payment, "code": code}
        params: dict[str, Any] = {
            "mode": "subscription" if monthly else "payment",
            "customer": customer,
            "client_reference_id": payment,
            "metadata": told,
            "success_url": back,
            "cancel_url": away,
        }
        if monthly:
            price["recurring"] = {"interval": "month"}
            params["subscription_data"] = {"metadata": told}
        else:
            params["payment_intent_data"] = {"metadata": told}
        params["line_items"] = [{"quantity": 1, "price_data": price}]
        return _ask(
            lambda: self._client.checkout.sessions.create(
                params=params,  # type: ignore[arg-type]
                options={"idempotency_key": f"elistit-checkout-{payment}"},
            )
        )

    def session(self, session: str) -> dict[str, Any]:
        """A Checkout page as it stands now."""
        return _ask(lambda: self._client.checkout.sessions.retrieve(session))

    def session_of(self, payment_intent: str) -> dict[str, Any] | None:
        """The Checkout page a payment was made on, if it was made on one."""
        found = _ask(lambda: self._client.checkout.sessions.list(params={"payment_intent": payment_intent, "limit": 1}))
        return found["data"][0] if found["data"] else None

    def invoice_of(self, payment_intent: str) -> str:
        """The id of the invoice a payment settled; empty when it settled none."""
        found = _ask(
            lambda: self._client.invoice_payments.list(
                params={"payment": {"type": "payment_intent", "payment_intent": payment_intent}, "limit": 1}
            )
        )
        return str(found["data"][0]["invoice"]) if found["data"] else ""

    def change_plan(self, subscription: str, *, name: str, cents: int, code: str, key: str) -> None:
        """Change a subscription to another plan now: a new month begins and is charged at once, or nothing changes.

        Raises StripeProblem with `whose` "seller" when the card is declined. Idempotent per `key`.
        """
        item = self.subscription(subscription)["items"]["data"][0]["id"]
        lookup = f"elistit-{code}-{cents}-{CURRENCY}"
        listed = _ask(lambda: self._client.prices.list(params={"lookup_keys": [lookup], "limit": 1}))["data"]
        price = listed[0] if listed else _ask(
            lambda: self._client.prices.create(
                params={
                    "currency": CURRENCY,
                    "unit_amount": cents,
                    "recurring": {"interval": "month"},
                    "product_data": {"name": name},
                    "lookup_key": lookup,
                },
                options={"idempotency_key": f"elistit-price-{lookup}"},
            )
        )  # fmt: skip
        _ask(
            lambda: self._client.subscriptions.update(
                subscription,
                params={  # type: ignore[arg-type]
                    "items": [{"id": item, "price": price["id"]}],
                    "proration_behavior": "none",
                    "billing_cycle_anchor": "now",
                    "payment_behavior": "error_if_incomplete",
                    "cancel_at_period_end": False,
                    "metadata": {"code": code},
                },
                options={"idempotency_key": f"elistit-change-{key}"},
            )
        )

    def end_at_period_end(self, subscription: str, ends: bool) -> None:
        """Stop renewing (or take that back). Idempotent."""
        _ask(lambda: self._client.subscriptions.update(subscription, params={"cancel_at_period_end": ends}))

    def subscription(self, subscription: str) -> dict[str, Any]:
        return _ask(lambda: self._client.subscriptions.retrieve(subscription))

    def portal(self, customer: str, back: str) -> str:
        """The address of Stripe's page where the seller changes their card and sees their invoices."""
        return str(
            _ask(
                lambda: self._client.billing_portal.sessions.create(params={"customer": customer, "return_url": back})
            )["url"]
        )

    def check(self) -> None:
        """A harmless question, to see that the key works. Raises StripeProblem."""
        _ask(lambda: self._client.balance.retrieve())


def _ask(call: Callable[[], Any]) -> dict[str, Any]:
    """The answer as plain data, or a StripeProblem in plain words."""
    try:
        answer = call()
    except stripe.CardError as declined:
        raise StripeProblem(
            f"Your card was declined: {declined.user_message or 'the bank gave no reason'}",
            whose="seller", detail=_detail(declined),
        ) from declined  # fmt: skip
    except (stripe.AuthenticationError, stripe.PermissionError) as refused:
        raise StripeProblem(
            "Payments are not set up correctly on this studio. The operator must check its Stripe key. Nothing was charged.",
            whose="operator", detail=_detail(refused),
        ) from refused  # fmt: skip
    except (stripe.RateLimitError, stripe.APIConnectionError, stripe.APIError) as down:
        raise StripeProblem(
            "Stripe did not answer. Try again in a minute: you will not be charged twice.",
            whose="stripe", detail=_detail(down),
        ) from down  # fmt: skip
    except stripe.StripeError as wrong:
        raise StripeProblem(
            "Stripe refused this request. The operator must look at it. Nothing was charged.",
            whose="operator", detail=_detail(wrong),
        ) from wrong  # fmt: skip
    data = answer.to_dict() if hasattr(answer, "to_dict") else None
    if not isinstance(data, dict):
        raise StripeProblem(
            "Stripe's answer could not be understood. Try again in a minute: you will not be charged twice.",
            whose="stripe", detail=f"answer of type {type(answer).__name__}",
        )  # fmt: skip
    return data


def _detail(error: stripe.StripeError) -> str:
    """For the operator: kind, code and Stripe's request id. Not the message: it can repeat part of a key."""
    return " ".join(
        part for part in (type(error).__name__, str(error.code or ""), str(error.http_status or ""), error.request_id or "")
        if part
    )  # fmt: skip

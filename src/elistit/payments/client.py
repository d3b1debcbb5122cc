"""Requests to Stripe: Checkout, plan changes, cancellations, refunds, the customer portal, and look-ups of all of these.

Stripe remembers our idempotency key, so asking again after a lost answer is harmless and never charges twice. It must not
retry on its own, log a secret, or book a credit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from elistit import ports
from elistit.on_use import OnUse
from elistit.payments import shapes
from elistit.payments.config import STRIPE_API, StripeConfig

if TYPE_CHECKING:
    import stripe
else:
    stripe = OnUse("stripe")

# Seconds to connect, and to wait for an answer. Stripe answers in well under a second.
TIMEOUTS = (5.0, 25.0)
CURRENCY = "usd"

T = TypeVar("T")


class StripeProblem(Exception):
    """Stripe did not do what was asked. The message is for the seller; `detail` for the operator, without secrets.

    `whose` says on whose side it is: "seller" (their card), "operator" (our account or request) or "stripe" (try again).
    `code` is Stripe's own word for it, e.g. `resource_missing`.
    """

    def __init__(self, message: str, *, whose: str, detail: str = "", code: str = "") -> None:
        super().__init__(message)
        self.whose, self.detail, self.code = whose, detail, code

    @property
    def denied(self) -> bool:
        """Whether the key itself was refused, so that nothing is known about what was asked for."""
        return self.code == "denied"

    @property
    def missing(self) -> bool:
        """Whether Stripe knows no such thing."""
        return self.code == "resource_missing"


class Stripe:
    """Stripe as configured. Cheap to make; each instance keeps its own connections, so share one per action, not per thread."""

    def __init__(self, config: StripeConfig) -> None:
        self._client = stripe.StripeClient(
            config.key,
            base_addresses={"api": config.api_url},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=TIMEOUTS),
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
        metadata = {"payment": payment, "code": code}
        params: dict[str, Any] = {
            "mode": "subscription" if monthly else "payment",
            "customer": customer,
            "client_reference_id": payment,
            "metadata": metadata,
            "success_url": back,
            "cancel_url": away,
        }
        if monthly:
            price["recurring"] = {"interval": "month"}
            params["subscription_data"] = {"metadata": metadata}
        else:
            params["payment_intent_data"] = {"metadata": metadata}
        params["line_items"] = [{"quantity": 1, "price_data": price}]
        return _ask(
            lambda: self._client.checkout.sessions.create(
                params=params,  # type: ignore[arg-type]
                options={"idempotency_key": f"elistit-checkout-{payment}"},
            )
        )

    def session(self, session: str) -> dict[str, Any]:
        """A Checkout page as it is now."""
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

    def end_at_period_end(self, subscription: str, ends: bool) -> dt.datetime:
        """Stop renewing (or take that back). Idempotent. Returns when it was done, by Stripe's own clock."""
        answers: list[Any] = []

        def ask() -> Any:
            answers.append(self._client.subscriptions.update(subscription, params={"cancel_at_period_end": ends}))
            return answers[-1]

        _ask(ask)
        headers = getattr(getattr(answers[-1], "last_response", None), "headers", None) or {}
        try:
            return parsedate_to_datetime(str(headers["date"]))
        except (KeyError, ValueError, TypeError):
            return ports.now()

    def expire_session(self, session: str) -> bool:
        """Close a Checkout page so that no one can pay on it any longer. False when it cannot be: it was paid or is closed."""
        try:
            _ask(lambda: self._client.checkout.sessions.expire(session))
        except StripeProblem as problem:
            if problem.whose == "operator" and not problem.denied:
                return False
            raise
        return True

    def cancel_now(self, subscription: str) -> None:
        """End a subscription at once, without a last invoice. Idempotent."""
        try:
            _ask(
                lambda: self._client.subscriptions.cancel(subscription, params={"prorate": False, "invoice_now": False})
            )
        except StripeProblem as problem:
            if not problem.missing:  # Stripe no longer finds one that was canceled before.
                raise

    def refund(self, payment_intent: str, key: str) -> None:
        """Return everything that was paid with a payment. Idempotent: once per `key`, and nothing when it was returned."""
        try:
            _ask(
                lambda: self._client.refunds.create(
                    params={"payment_intent": payment_intent, "reason": "duplicate"},
                    options={"idempotency_key": f"elistit-refund-{key}"},
                )
            )
        except StripeProblem as problem:
            if problem.code != "charge_already_refunded":
                raise

    # Looking up what a message may have said

    def events(
        self, since: dt.datetime, until: dt.datetime, types: Sequence[str], after: str = ""
    ) -> tuple[list[dict[str, Any]], bool]:
        """One page (100) of what Stripe had to say in [since, until), newest first, and whether there is more. Stripe
        remembers 30 days."""
        params: dict[str, Any] = {
            "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
            "types": list(types),
            "limit": 100,
        }
        if after:
            params["starting_after"] = after
        found = _ask(lambda: self._client.events.list(params=params))  # type: ignore[arg-type]
        return list(found["data"]), bool(found.get("has_more"))

    def event(self, event: str) -> dict[str, Any]:
        return _ask(lambda: self._client.events.retrieve(event))

    def charge(self, charge: str) -> dict[str, Any]:
        return _ask(lambda: self._client.charges.retrieve(charge))

    def charges_of(self, payment_intent: str) -> list[dict[str, Any]]:
        found = _ask(lambda: self._client.charges.list(params={"payment_intent": payment_intent, "limit": 10}))
        return list(found["data"])

    def disputes_of(self, payment_intent: str) -> list[dict[str, Any]]:
        found = _ask(lambda: self._client.disputes.list(params={"payment_intent": payment_intent, "limit": 10}))
        return list(found["data"])

    def sessions_of(self, customer: str) -> list[dict[str, Any]]:
        """The newest Checkout pages made for a customer, at most 100."""
        found = _ask(lambda: self._client.checkout.sessions.list(params={"customer": customer, "limit": 100}))
        return list(found["data"])

    def paid_invoices(self, subscription: str) -> list[dict[str, Any]]:
        """The newest paid invoices of a subscription, at most 24, oldest first."""
        found = _ask(
            lambda: self._client.invoices.list(params={"subscription": subscription, "status": "paid", "limit": 24})
        )
        return list(reversed(found["data"]))

    def intent_of(self, invoice: str) -> str:
        """The payment that settled an invoice; empty when none did."""
        found = _ask(lambda: self._client.invoice_payments.list(params={"invoice": invoice, "limit": 10}))
        for one in found["data"]:
            payment = one.get("payment") or {}
            if payment.get("payment_intent"):
                return shapes.ident(payment["payment_intent"])
        return ""

    def endpoints(self) -> list[dict[str, Any]]:
        """The webhook endpoints of the account: where its messages go, which, and in which API version's shape."""
        return list(_ask(lambda: self._client.webhook_endpoints.list(params={"limit": 100})).get("data") or ())

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
            "Payments are misconfigured on this studio. The operator has to check its Stripe key. You weren't charged.",
            whose="operator", detail=_detail(refused), code="denied",
        ) from refused  # fmt: skip
    except (stripe.RateLimitError, stripe.APIConnectionError, stripe.APIError) as down:
        raise StripeProblem(
            "Stripe didn't answer. Try again in a minute: you won't be charged twice.",
            whose="stripe", detail=_detail(down),
        ) from down  # fmt: skip
    except stripe.StripeError as wrong:
        if wrong.code == "idempotency_key_in_use":  # The same request is under way, from another tab.
            raise StripeProblem(
                "Stripe is still processing this. Try again in a minute: you won't be charged twice.",
                whose="stripe", detail=_detail(wrong),
            ) from wrong  # fmt: skip
        raise StripeProblem(
            "Stripe rejected this request. The studio operator has to look into it. You weren't charged.",
            whose="operator", detail=_detail(wrong), code=str(wrong.code or ""),
        ) from wrong  # fmt: skip
    data = answer.to_dict() if hasattr(answer, "to_dict") else None
    if not isinstance(data, dict):
        raise StripeProblem(
            "We couldn't read Stripe's answer. Try again in a minute: you won't be charged twice.",
            whose="stripe", detail=f"answer of type {type(answer).__name__}",
        )  # fmt: skip
    return data


def _detail(error: stripe.StripeError) -> str:
    """For the operator: kind, code and Stripe's request id. Not the message: it can repeat part of a key."""
    return " ".join(
        part for part in (type(error).__name__, str(error.code or ""), str(error.http_status or ""), error.request_id or "")
        if part
    )  # fmt: skip

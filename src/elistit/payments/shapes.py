"""Reading Stripe's events in every shape its API versions give them.

An endpoint sends the shape of the API version it was made with, which is rarely ours: before 2025-03-31 an invoice names its
subscription at the top and a charge its invoice; since then both moved. Reading asks no network and no database. It must
never guess: what is missing raises Unreadable, so that no paid month is taken for someone else's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

API_VERSION = "2025-03-31"
"""The API version to choose for the webhook endpoint, or a later one. Older ones are understood as far as they are known."""

LOOKUP_PREFIX = "elistit-"
OVER = ("canceled", "incomplete_expired")
"""States a subscription does not come back from."""
NEVER_PAID = ("incomplete", "incomplete_expired")
"""States of one whose first payment did not come through."""


class Unreadable(Exception):
    """A message is not in a shape we know. Nothing was written; the message says what is missing."""


@dataclass(frozen=True)
class Invoice:
    """A paid invoice. `subscription` is empty when it bills no subscription; `manual`: a person wrote it in Stripe's dashboard.
    `code` is the plan's, empty when the invoice does not say. Times are UTC."""

    id: str
    customer: str
    subscription: str
    manual: bool
    code: str
    amount_paid: int
    start: dt.datetime
    end: dt.datetime
    paid_at: dt.datetime
    payment_intent: str


@dataclass(frozen=True)
class SubscriptionState:
    """A subscription as a message or an answer describes it. `never_paid`: its first payment did not come through. `since`: when
    its end was decided or came, if it says so."""

    id: str
    customer: str
    payment: str
    code: str
    over: bool
    ends: bool
    since: dt.datetime | None = None
    period_end: dt.datetime | None = None
    never_paid: bool = False


@dataclass(frozen=True)
class Money:
    """What a charge, a refund or a dispute refers to; each may be empty."""

    payment_intent: str
    charge: str
    invoice: str
    customer: str


def ident(value: Any) -> str:
    """The id of what a field refers to, whether it is written out (expanded) or only named."""
    return str(value.get("id") or "") if isinstance(value, Mapping) else str(value or "")


def moment(value: Any) -> dt.datetime | None:
    """Stripe's seconds since 1970 as UTC; None for anything else."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return dt.datetime.fromtimestamp(value, dt.UTC) if whole else None


def invoice(thing: Mapping[str, Any], told_at: dt.datetime) -> Invoice:
    """Read a paid invoice. Raises Unreadable."""
    details = _inside(thing, "parent", "subscription_details") or _inside(thing, "subscription_details")
    lines = [line for line in _data(thing.get("lines")) if int(line.get("amount") or 0) >= 0 and line.get("period")]
    of_plan = [line for line in lines if _subscription_of_line(line)] or lines
    newest = max(of_plan, key=lambda line: int(line["period"]["end"]), default=None)
    subscription = ident(details.get("subscription")) or ident(thing.get("subscription"))
    if not subscription and newest is not None:
        subscription = _subscription_of_line(newest)
    paid_at = moment(_inside(thing, "status_transitions").get("paid_at")) or told_at
    manual = not subscription and thing.get("billing_reason") == "manual"
    if manual:
        start = end = paid_at
    elif newest is None:
        raise Unreadable("the invoice has no line with a period")
    else:
        start, end = moment(newest["period"].get("start")) or paid_at, _needed_moment(newest["period"], "end")
    if not thing.get("id"):
        raise Unreadable("the invoice has no id")
    return Invoice(
        id=str(thing["id"]), customer=ident(thing.get("customer")), subscription=subscription, manual=manual,
        code=_code(newest or {}, details), amount_paid=_needed_number(thing, "amount_paid"), start=start, end=end,
        paid_at=paid_at, payment_intent=_intent_of_invoice(thing),
    )  # fmt: skip


def subscription(thing: Mapping[str, Any]) -> SubscriptionState:
    """Read a subscription. Raises Unreadable."""
    over = thing.get("status") in OVER or bool(thing.get("ended_at"))
    if not thing.get("id"):
        raise Unreadable("the subscription has no id")
    if not over and "cancel_at_period_end" not in thing and "cancel_at" not in thing:
        raise Unreadable("the subscription does not say whether it ends")
    metadata = _inside(thing, "metadata")
    periods = [item.get("current_period_end") for item in _data(thing.get("items"))]
    ends_at = [int(value) for value in (thing.get("current_period_end"), *periods) if value]
    return SubscriptionState(
        id=str(thing["id"]), customer=ident(thing.get("customer")), payment=str(metadata.get("payment") or ""),
        code=str(metadata.get("code") or ""), over=over,
        ends=bool(thing.get("cancel_at_period_end") or thing.get("cancel_at")),
        since=moment(thing.get("ended_at") if over else thing.get("canceled_at")),
        period_end=moment(max(ends_at)) if ends_at else None, never_paid=thing.get("status") in NEVER_PAID,
    )  # fmt: skip


def money(thing: Mapping[str, Any]) -> Money:
    """What a charge, refund or dispute refers to. Raises Unreadable when it refers to no payment at all."""
    charge = thing if thing.get("object") == "charge" or "amount_refunded" in thing else thing.get("charge")
    inner = charge if isinstance(charge, Mapping) else {}
    found = Money(
        payment_intent=ident(thing.get("payment_intent")) or ident(inner.get("payment_intent")),
        charge=ident(charge),
        invoice=ident(inner.get("invoice")),
        customer=ident(thing.get("customer")) or ident(inner.get("customer")),
    )
    if not (found.payment_intent or found.charge or found.invoice):
        raise Unreadable("it names neither a payment nor a charge")
    return found


def amount(thing: Mapping[str, Any], name: str) -> int:
    """A sum in cents that must be there. Raises Unreadable."""
    return _needed_number(thing, name)


def _subscription_of_line(line: Mapping[str, Any]) -> str:
    for name in ("subscription_item_details", "invoice_item_details"):
        if found := ident(_inside(line, "parent", name).get("subscription")):
            return found
    return ident(line.get("subscription"))


def _code(line: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    """The plan a line is for: from the subscription's metadata, which every line repeats, or from its price."""
    prices = (line.get("price"), line.get("plan"), _inside(line, "pricing", "price_details").get("price"))
    expanded = [price for price in prices if isinstance(price, Mapping)]
    for source in (line, details, *expanded):
        if code := _inside(source, "metadata").get("code"):
            return str(code)
    for price in expanded:
        lookup = str(price.get("lookup_key") or "")
        if lookup.startswith(LOOKUP_PREFIX) and lookup.count("-") >= 3:
            return lookup.removeprefix(LOOKUP_PREFIX).rsplit("-", 2)[0]
    return ""


def _intent_of_invoice(thing: Mapping[str, Any]) -> str:
    if found := ident(thing.get("payment_intent")):
        return found
    for payment in _data(thing.get("payments")):
        if found := ident(_inside(payment, "payment").get("payment_intent")):
            return found
    return ""


def _inside(thing: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The object some steps inside; an empty one where a step is missing."""
    here: Any = thing
    for name in names:
        here = here.get(name) if isinstance(here, Mapping) else None
    return here if isinstance(here, Mapping) else {}


def _data(listed: Any) -> list[Mapping[str, Any]]:
    found = listed.get("data") if isinstance(listed, Mapping) else listed
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _needed_moment(thing: Mapping[str, Any], name: str) -> dt.datetime:
    found = moment(thing.get(name))
    if found is None:
        raise Unreadable(f"it has no {name}")
    return found


def _needed_number(thing: Mapping[str, Any], name: str) -> int:
    value = thing.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(f"it has no {name}")
    return value

"""Webhooks and their deliveries."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from elistit.api.shapes.words import Request

EventName = Literal[
    "project.completed",
    "project.failed",
    "project.awaiting_approval",
    "item.failed",
    "credits.refunded",
    "credits.low",
    "batch.completed",
    "batch.failed",
    "batch.not_launched",
]


class WebhookRequest(Request):
    url: Annotated[
        str, Field(min_length=1, max_length=500, pattern=r"^[\x21-\x7E]+$", examples=["https://example.com/hook"])
    ]
    events: Annotated[list[EventName], Field(min_length=1, max_length=20, description="Defaults to all events.")] = [
        "project.completed", "project.failed", "project.awaiting_approval", "item.failed", "credits.refunded", "credits.low",
        "batch.completed", "batch.failed", "batch.not_launched",
    ]  # fmt: skip


class Webhook(Schema):
    """`active` is false once the receiver answered 410 Gone; `disabled_reason` then says so."""

    id: str
    url: str
    events: list[EventName]
    active: bool
    disabled_reason: str
    created_at: dt.datetime


class NewWebhook(Webhook):
    """`secret` signs every delivery and is shown only here."""

    secret: str


class Webhooks(Schema):
    items: list[Webhook]


class DeliveryAttempt(Schema):
    number: int
    at: dt.datetime
    status: int | None
    milliseconds: int
    outcome: str


class Delivery(Schema):
    """`id` is the `webhook-id` the receiver sees; `project` the project it is about, or the batch of a `batch.…` event."""

    id: str
    event: EventName
    project: str
    state: Literal["pending", "delivered", "failed"]
    tries: int
    next_try_at: dt.datetime | None
    created_at: dt.datetime
    attempts: list[DeliveryAttempt]


class DeliveryPage(Schema):
    """Newest first. `next` is the `cursor` of the next page, or null."""

    items: list[Delivery]
    next: str | None

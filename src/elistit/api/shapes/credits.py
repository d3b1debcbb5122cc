"""What credits there are, what they were used for, and what they buy."""

from __future__ import annotations

import datetime as dt

from ninja import Schema

from elistit.credits.models import TransactionType


class Grant(Schema):
    remaining: int
    expires_at: dt.datetime | None
    source: str


class Credits(Schema):
    """The grants are in the order they will be used."""

    balance: int
    grants: list[Grant]


class Transaction(Schema):
    id: str
    type: TransactionType
    amount: int
    balance_after: int
    project: str | None
    item: int | None
    reason: str
    created_at: dt.datetime


class TransactionPage(Schema):
    """Newest first. `next` is the `cursor` of the next page, or null."""

    items: list[Transaction]
    next: str | None


class ModelPrice(Schema):
    """`image` and `upscale` are credits per image. A model that is not available, or has trouble just
    now, says so in `reason`."""

    code: str
    name: str
    provider: str
    products: list[str]
    image: int
    upscale: int
    note: str
    available: bool
    reason: str


class Models(Schema):
    items: list[ModelPrice]


class PricedModel(Schema):
    code: str
    name: str
    products: list[str]
    image: int
    upscale: int


class Mockups(Schema):
    included: int
    price: int


class SoldCredits(Schema):
    """`price_cents` is US cents: a month for a plan, once for a pack."""

    code: str
    name: str
    credits: int
    price_cents: int


class Prices(Schema):
    version: str
    models: list[PricedModel]
    listing: int
    mockups: Mockups
    trial: int
    plans: list[SoldCredits]
    top_ups: list[SoldCredits]


class Ratio(Schema):
    ratio: str
    width: int
    height: int


class Count(Schema):
    min: int
    max: int
    default: int


class DesignOption(Schema):
    code: str
    name: str
    max_length: int


class ProductType(Schema):
    code: str
    name: str
    makes: str
    ratios: list[Ratio]
    count: Count
    gate: str | None
    models: list[str]
    transparent: bool
    options: list[DesignOption]


class Products(Schema):
    items: list[ProductType]


class KnownSubject(Schema):
    """A subject the built-in artist draws; `code` is its figure's."""

    subject: str
    code: str


class Subjects(Schema):
    items: list[KnownSubject]

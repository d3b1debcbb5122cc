"""Every shape the API takes and answers. What is not written here is neither read nor shown.

Requests name each field they take and refuse others, so that a misspelt field cannot quietly cost credits. Only shapes
live here: what a field may hold beyond its type is decided by `projects.launch` and the books.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from elistit.credits.models import TransactionType
from elistit.projects.launch import NAME_MAX
from elistit.projects.products import CARD_WORDS, IDEA_MAX, OPTION_MAX, PosterMode, Product
from elistit.projects.states import ItemState, JobStatus, Stage

PUBLIC_ID = "[0-9A-HJKMNP-TV-Z]{26}"
# No control characters: PostgreSQL keeps no NUL, and nobody means the others. Tab and line breaks are fine.
TEXT = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$"

Idea = Annotated[str, Field(max_length=IDEA_MAX, pattern=TEXT, description="The idea, in a sentence or two.")]
Option = Annotated[str | None, Field(max_length=OPTION_MAX, pattern=TEXT)]
Id = Annotated[str, Field(json_schema_extra={"pattern": f"^{PUBLIC_ID}$"}, examples=["01KAPG7R3ZJ4X9M2V5T8W6Q1YB"])]


class Request(Schema):
    model_config = ConfigDict(extra="forbid")


class DesignOptions(Request):
    """The six design options, all optional."""

    art_medium: Option = None
    color_palette: Option = None
    mood: Option = None
    setting: Option = None
    composition: Option = None
    negative: Option = None

    def given(self) -> dict[str, str]:
        return {name: text for name, text in self.dict().items() if text is not None}


class CardWords(Request):
    """What a greeting card says."""

    front: Annotated[str | None, Field(max_length=CARD_WORDS["front"], pattern=TEXT)] = None
    inside: Annotated[str | None, Field(max_length=CARD_WORDS["inside"], pattern=TEXT)] = None

    def given(self) -> dict[str, str]:
        return {name: text for name, text in self.dict().items() if text is not None}


class Order(Request):
    product: Product
    count: Annotated[
        int | None, Field(strict=True, description="How many images. The product's own when left out.")
    ] = None
    model: Annotated[str | None, Field(max_length=80, pattern=TEXT, description="A code from /models.")] = None
    ratio: Annotated[str | None, Field(max_length=10, pattern=TEXT)] = None
    options: DesignOptions = DesignOptions()
    mode: Annotated[PosterMode | None, Field(description="For posters: whether it stops at the design.")] = None
    words: Annotated[CardWords, Field(description="For greeting cards.")] = CardWords()
    name: Annotated[str, Field(max_length=NAME_MAX, pattern=TEXT, description="Made from the idea when empty.")] = ""


class QuoteRequest(Order):
    idea: Idea = ""


class LaunchRequest(Order):
    idea: Idea
    quote_id: Annotated[
        str | None, Field(max_length=26, pattern=TEXT, description="Launch only at the price of this quote.")
    ] = None


class RemakeRequest(Request):
    prompt: Annotated[
        str | None, Field(max_length=IDEA_MAX, pattern=TEXT, description="A new prompt. The same one when left out.")
    ] = None


class QuoteLine(Schema):
    action: str
    label: str
    quantity: int
    unit_price: int
    credits: int


class Quote(Schema):
    """A price, frozen. `balance` is what the seller has now, `shortfall` what is missing for it."""

    id: str
    product: str
    model: str
    count: int
    total: int
    lines: list[QuoteLine]
    price_list: str
    created_at: dt.datetime
    balance: int
    shortfall: int


class ChargedQuote(Schema):
    total: int
    lines: list[QuoteLine]


class JobFailure(Schema):
    kind: str
    reason: str
    stage: str


class Job(Schema):
    """`charged` and `refunded` are credits, summed from the ledger's rows."""

    id: str
    status: JobStatus
    charged: int
    refunded: int
    failure: JobFailure | None


class ProjectJob(Job):
    """One charged run of the chain: `launch`, `print_ready` or `listing`. `quoted` is its quote's total in credits."""

    kind: str
    quoted: int


class Flag(Schema):
    code: str
    words: str


class Item(Schema):
    number: int
    prompt: str
    subject: str
    state: ItemState
    round: int
    flags: list[Flag]
    reason: str
    refunded: int


class File(Schema):
    """`bytes` and `sha256` are of the file as it is downloaded. `url` is relative to the address of the API and takes
    the same bearer key."""

    id: int
    role: str
    name: str
    item: int | None
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    dpi: int | None
    url: Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]


class Draft(Schema):
    state: Literal["none", "pending", "created", "failed", "skipped"]
    url: str
    id: str
    reason: str


class Listing(Schema):
    state: Literal["none", "written", "failed"]
    reason: str
    title: str
    tags: list[str]
    description: str
    price: str
    draft: Draft


class Project(Schema):
    """A project as it stands. `loss_on_delete` is the credits that would not come back if it were deleted now."""

    public_id: Id
    name: str
    product: str
    idea: str
    stage: Stage
    created_at: dt.datetime
    brief: dict[str, Any]
    job: Job
    jobs: list[ProjectJob]
    quote: ChargedQuote
    items: list[Item]
    files: list[File]
    listing: Listing
    loss_on_delete: int


class ProjectSummary(Schema):
    public_id: Id
    name: str
    product: str
    idea: str
    count: int
    model: str
    stage: Stage
    created_at: dt.datetime
    job: Job


class ProjectPage(Schema):
    """Newest first. `next` is the `cursor` of the next page, or null."""

    items: list[ProjectSummary]
    next: str | None


class ActivityEntry(Schema):
    """One try, or one note. `item` is null for work on the whole set."""

    at: dt.datetime
    ended_at: dt.datetime | None
    stage: str
    item: int | None
    try_: Annotated[int, Field(alias="try", serialization_alias="try")]
    outcome: str
    text: str
    next_try_at: dt.datetime | None
    worker: str
    note: bool


class Activity(Schema):
    """Oldest first."""

    items: list[ActivityEntry]


class Files(Schema):
    items: list[File]


class Items(Schema):
    items: list[Item]


class Deleted(Schema):
    """`not_refunded` is the credits that were charged for unfinished work and do not come back."""

    public_id: Id
    stage: Literal["deleted"]
    not_refunded: int


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
    """`image` and `upscale` are credits per image. A model that is not available says why in `reason`."""

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
    available: bool
    ratios: list[Ratio]
    count: Count
    gate: str | None
    models: list[str]
    transparent: bool
    options: list[DesignOption]


class Products(Schema):
    items: list[ProductType]


EventName = Literal["project.completed", "project.failed", "project.awaiting_approval"]


class WebhookRequest(Request):
    url: Annotated[
        str, Field(min_length=1, max_length=500, pattern=r"^[\x21-\x7E]+$", examples=["https://example.com/hook"])
    ]
    events: Annotated[list[EventName], Field(min_length=1, max_length=20, description="All events when left out.")] = [
        "project.completed", "project.failed", "project.awaiting_approval",
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
    """`id` is the `webhook-id` the receiver sees."""

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


class FieldError(Schema):
    field: str
    detail: str


class Problem(Schema):
    """Problem details (RFC 9457). Act on `type`; `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: Annotated[list[FieldError] | None, Field(description="invalid-request: each field that is not right.")] = (
        None
    )
    needed: Annotated[int | None, Field(description="insufficient-credits: what it costs.")] = None
    balance: Annotated[int | None, Field(description="insufficient-credits: what there is.")] = None
    shortfall: Annotated[int | None, Field(description="insufficient-credits: what is missing.")] = None
    retry_after: Annotated[int | None, Field(description="rate-limited: seconds until the next request may come.")] = (
        None
    )

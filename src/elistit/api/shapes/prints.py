"""Print on demand: sizes, quotes and drafts. Money is text, exactly as Gelato wrote it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Field, Schema

from elistit.api.shapes.words import TEXT, Id, Request

_Line = Annotated[str, Field(max_length=300, pattern=TEXT)]


class PrintSize(Schema):
    """A poster size the project's print file fills. `dpi` is what it prints at."""

    size: str
    words: str
    width_mm: float
    height_mm: float
    dpi: int
    file: str


class PrintSizes(Schema):
    """Smallest first."""

    items: list[PrintSize]


class PrintQuoteRequest(Request):
    size: Annotated[str, Field(min_length=1, max_length=300, pattern=TEXT, description="A `size` of /print-sizes.")]
    country: Annotated[_Line, Field(description="The two-letter country code, such as DE.")]
    city: _Line
    post_code: _Line
    state: Annotated[_Line, Field(description="Needed for the US, Canada and Australia.")] = ""


class PrintRecipient(Request):
    """The recipient at the quote's destination. `shipping` is a `uid` of the quote's methods, the cheapest when left out."""

    first_name: _Line
    last_name: _Line
    address_line1: _Line
    address_line2: _Line = ""
    email: _Line
    phone: _Line = ""
    shipping: _Line = ""


class PrintShipping(Schema):
    """A shipping method of the quote. `days` are the fewest and the most."""

    uid: str
    name: str
    price: str
    currency: str
    days: list[int]


class PrintDraft(Schema):
    """A quote and the draft made from it. `state`: quoted, sending, unknown, draft, submitted (in Gelato, by a person), rejected or
    deleted. `reason` says why it is where it is, else it is empty. `gelato_status` is Gelato's own word."""

    id: Id
    state: str
    reason: str
    words: str
    size: str
    dpi: int
    file: str
    destination: dict[str, str]
    price: str
    currency: str
    shipping: list[PrintShipping]
    method: str
    recipient: dict[str, str]
    order_id: str
    gelato_status: str
    created_at: dt.datetime
    sent_at: dt.datetime | None
    checked_at: dt.datetime | None
    link_until: dt.datetime


class PrintDrafts(Schema):
    """Newest first."""

    items: list[PrintDraft]

"""Shops: what is connected, and which one a draft goes to."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from elistit.api.shapes.words import TEXT, Id, Request
from elistit.listings.etsy.connect import LABEL_MAX
from elistit.listings.schedule import PER_DAY_MAX
from elistit.listings.templates import PART_MAX, SECTION_MAX, WORDS_MAX
from elistit.projects.orders import SHOP_MAX


class Schedule(Schema):
    """When the shop's drafts go out: at most `per_day` a day, from `at` on by the clock of `zone`."""

    enabled: bool
    per_day: int
    at: str
    zone: str


class ScheduleRequest(Request):
    """What is left out stays as it is."""

    enabled: Annotated[bool, Field(strict=True, description="New drafts wait for the schedule.")]
    per_day: Annotated[int | None, Field(strict=True, description=f"1 to {PER_DAY_MAX}.")] = None
    at: Annotated[str, Field(max_length=8, pattern=TEXT, description="The time of day, such as 09:00.")] = ""
    zone: Annotated[
        str, Field(max_length=64, pattern=TEXT, description="An IANA time zone, such as Europe/Berlin.")
    ] = ""


class ListingTemplate(Request):
    """What every listing of a shop has; what is left out is empty. Parts that aren't true of a product's files, or don't fit Etsy's
    rules there, are left out of its listing with a note."""

    title_opening: Annotated[str, Field(max_length=PART_MAX, pattern=TEXT)] = ""
    title_closing: Annotated[str, Field(max_length=PART_MAX, pattern=TEXT)] = ""
    opening: Annotated[str, Field(max_length=WORDS_MAX, pattern=TEXT)] = ""
    closing: Annotated[str, Field(max_length=WORDS_MAX, pattern=TEXT)] = ""
    tags: Annotated[list[Annotated[str, Field(max_length=100, pattern=TEXT)]], Field(max_length=40)] = []
    section: Annotated[
        int, Field(strict=True, ge=0, lt=SECTION_MAX, description="Etsy's section number; 0 for none.")
    ] = 0
    who_made: Literal["i_did", "collective"] = "i_did"
    renews: Annotated[bool, Field(strict=True, description="Etsy renews the listing when it expires, for its fee.")] = (
        False
    )


class PlanRequest(Request):
    day: Annotated[
        dt.date | None, Field(description="The day in the shop's time zone. Defaults to the next day with room.")
    ] = None


class PlannedDraft(Schema):
    """A draft on the calendar. `sent`: it went out on this day. `paused` says why it waits beyond its day, else it is empty."""

    project: Id
    name: str
    shop: str
    day: dt.date
    at: dt.datetime
    sent: bool
    chosen: bool
    paused: str


class Calendar(Schema):
    """By day."""

    items: list[PlannedDraft]


class Shop(Schema):
    """One Etsy shop. `label` is what its seller calls it. `reason` says why it is no longer connected, else it is empty."""

    id: str
    name: str
    label: str
    default: bool
    connected: bool
    reason: str
    currency: str
    connected_at: dt.datetime
    practice: bool
    schedule: Schedule


class Shops(Schema):
    """The default shop first."""

    items: list[Shop]


class ShopRequest(Request):
    """What is left out stays as it is."""

    label: Annotated[
        str | None, Field(max_length=LABEL_MAX, pattern=TEXT, description="Leave empty to use its name on Etsy.")
    ] = None
    default: Annotated[bool, Field(strict=True, description="New projects go to this shop.")] = False


class ShopChoice(Request):
    shop: Annotated[
        str, Field(min_length=1, max_length=SHOP_MAX, pattern=TEXT, description="An id or name from /shops.")
    ]
    confirm_no_draft: Annotated[
        bool,
        Field(strict=True, description="You have checked that no draft is left in the shop it was sent to before."),
    ] = False

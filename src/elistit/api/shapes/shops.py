"""Shops: what is connected, and which one a draft goes to."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Field, Schema

from elistit.api.shapes.words import TEXT, Request
from elistit.listings.etsy.connect import LABEL_MAX
from elistit.projects.launch import SHOP_MAX


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


class Shops(Schema):
    """The default shop first."""

    items: list[Shop]


class ShopRequest(Request):
    """What is left out stays as it is."""

    label: Annotated[
        str | None, Field(max_length=LABEL_MAX, pattern=TEXT, description="Empty for its name on Etsy.")
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

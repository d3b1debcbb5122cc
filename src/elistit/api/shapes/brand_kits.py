"""A seller's brand kits and series."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from elistit.actions.brand_kits import SHOP_NAME_MAX, TEXT_MAX
from elistit.api.shapes.words import TEXT, Id, Option, Request
from elistit.projects.preset_models import NAME_MAX

Ending = Literal["", "00", "49", "50", "95", "99"]
Price = Annotated[int, Field(strict=True, ge=0, le=2_147_483_647)]


class ProductPrices(Request):
    """A price for each product type; without one, or with 0, it is suggested. These are all prices it has from now on."""

    wall_art: Price = 0
    poster: Price = 0
    clipart: Price = 0
    sticker: Price = 0
    svg: Price = 0
    greeting_card: Price = 0
    pattern: Price = 0
    custom: Price = 0


class BrandKitFields(Request):
    """What a brand kit has. Left out: as it is; in a new one, empty. Prices are in hundredths of your shop's currency."""

    is_default: Annotated[
        bool | None, Field(strict=True, description="Preselected on the launch form. The first brand kit always is.")
    ] = None
    shop_name: Annotated[
        str | None, Field(max_length=SHOP_NAME_MAX, pattern=TEXT, description="Named on the product card.")
    ] = None
    license_text: Annotated[
        str | None,
        Field(max_length=TEXT_MAX, pattern=TEXT, description="The license of your files, instead of the usual one."),
    ] = None
    closing_text: Annotated[
        str | None, Field(max_length=TEXT_MAX, pattern=TEXT, description="The end of every listing description.")
    ] = None
    palette: Option = None
    styles: Annotated[
        list[Annotated[str, Field(max_length=80, pattern=TEXT)]] | None,
        Field(max_length=50, description="Codes from /models. The first one a product type has is used."),
    ] = None
    scenes: Annotated[
        list[Annotated[str, Field(max_length=26, pattern=TEXT)]] | None,
        Field(max_length=30, description="Ids from /scenes. The first one is used; its mockup has a price."),
    ] = None
    minimum_price: Annotated[
        Price | None, Field(description="The lowest suggested price of a listing; 0 for none.")
    ] = None
    price_ending: Annotated[
        Ending | None, Field(description="Suggested prices are rounded up to this ending; empty for none.")
    ] = None
    prices: Annotated[ProductPrices | None, Field(description="An exact price for each product type.")] = None


class BrandKitRequest(BrandKitFields):
    name: Annotated[str, Field(min_length=1, max_length=NAME_MAX, pattern=TEXT)]


class BrandKitChange(BrandKitFields):
    name: Annotated[str | None, Field(min_length=1, max_length=NAME_MAX, pattern=TEXT)] = None


class BrandKit(Schema):
    """A brand kit. Prices are in hundredths of `currency`."""

    id: Id
    name: str
    is_default: bool
    shop_name: str
    license_text: str
    closing_text: str
    palette: str
    styles: list[str]
    scenes: list[str]
    currency: str
    minimum_price: int
    price_ending: str
    prices: dict[str, int]
    created_at: dt.datetime


class BrandKits(Schema):
    items: list[BrandKit]


class BrandKitDeleted(Schema):
    id: str


class SeriesEntry(Schema):
    """A series: its name, how many projects it has, and what every further project takes over. `model` and `ratio` are those of the
    first project; a product type without them keeps the orientation."""

    name: str
    projects: int
    product: str
    model: str
    ratio: str
    options: dict[str, str]


class SeriesList(Schema):
    items: list[SeriesEntry]

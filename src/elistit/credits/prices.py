"""The price list, in whole credits, read from `price_list.toml` and nowhere else (rules §7).

Turns a product, a model and a count into the lines of a quote, and says which part is refunded when an item or the
listing is lost. Pure: no database, no clock. It must never move a credit or round a price.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PRICE_FILE = Path(__file__).with_name("price_list.toml")


@dataclass(frozen=True)
class ModelPrice:
    """One model on the price list. `image` and `upscale` are credits per image."""

    code: str
    name: str
    provider: str
    products: frozenset[str]
    image: int
    upscale: int
    note: str = ""


@dataclass(frozen=True)
class PlanPrice:
    """One monthly plan. `credits` is the month's allowance; `price_cents` US cents a month."""

    code: str
    name: str
    credits: int
    price_cents: int


@dataclass(frozen=True)
class TopUpPrice:
    """One pack of credits that never expire. `price_cents` is US cents, once."""

    code: str
    name: str
    credits: int
    price_cents: int


@dataclass(frozen=True)
class PriceList:
    """The whole price file. `version` is stored with every quote."""

    version: str
    models: tuple[ModelPrice, ...]
    plans: tuple[PlanPrice, ...]
    top_ups: tuple[TopUpPrice, ...]
    trial_credits: int
    listing_price: int
    mockups_included: int
    mockup_price: int
    own_image_price: int


@dataclass(frozen=True)
class Line:
    """One line of a quote: `credits` is always `quantity` × `unit_price`. `per_item` lines are refunded when an item is
    lost."""

    action: str
    label: str
    quantity: int
    unit_price: int
    credits: int
    per_item: bool = False


def read(path: Path) -> PriceList:
    """Read a price file. Raises ValueError, naming the entry, for a price that isn't a whole number of credits ≥ 0 or a
    code that occurs twice."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    listed = PriceList(
        version=str(raw["version"]),
        models=tuple(
            ModelPrice(
                code=str(entry["code"]),
                name=str(entry["name"]),
                provider=str(entry["provider"]),
                products=frozenset(str(product) for product in entry["products"]),
                image=_credits(entry, "image"),
                upscale=_credits(entry, "upscale"),
                note=str(entry.get("note", "")),
            )
            for entry in raw["models"]
        ),
        plans=tuple(PlanPrice(**_sold(entry)) for entry in raw["plans"]),
        top_ups=tuple(TopUpPrice(**_sold(entry)) for entry in raw["top_ups"]),
        trial_credits=_credits(raw["trial"], "credits"),
        listing_price=_credits(raw["listing"], "price"),
        mockups_included=_credits(raw["mockups"], "included"),
        mockup_price=_credits(raw["mockups"], "price"),
        own_image_price=_credits(raw["own_images"], "price"),
    )
    for codes in ([m.code for m in listed.models], [p.code for p in listed.plans], [t.code for t in listed.top_ups]):
        if len(set(codes)) != len(codes):
            raise ValueError(f"A code occurs twice in {path.name}: {codes}")
    return listed


def _credits(entry: dict[str, Any], name: str) -> int:
    value = entry[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{entry.get('code', name)}: {name} must be a whole number, 0 or more, not {value!r}")
    return value


def _sold(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": str(entry["code"]),
        "name": str(entry["name"]),
        "credits": _credits(entry, "credits"),
        "price_cents": _credits(entry, "price_cents"),
    }


@cache
def price_list() -> PriceList:
    """The price list of this installation, read once per process."""
    return read(PRICE_FILE)


def models(product: str | None = None) -> list[ModelPrice]:
    """The models on the price list, in the order of the file; with a product type, those that make it."""
    return [m for m in price_list().models if product is None or product in m.products]


def model(code: str) -> ModelPrice:
    """One model by its code. Raises KeyError when it isn't on the list."""
    for listed in price_list().models:
        if listed.code == code:
            return listed
    raise KeyError(code)


def quote_lines(product: str, model_code: str, count: int, *, mockups: int = 3, part: str = "all") -> list[Line]:
    """The itemized price of one launch: `count` images of a product type with a model (rules §7).

    `part` is `all`, or for a poster `design` (making the image alone) or `print` (making it print-ready, packing and
    listing it). The seller's own images have no model (""). The three included mockups are a line of 0 credits, so that
    the seller sees them. Raises KeyError for an unknown model, and ValueError when the model doesn't make the product
    or `count` is below 1.
    """
    listed = price_list()
    if count < 1:
        raise ValueError("A launch makes at least one image.")
    if model_code:
        chosen = model(model_code)
        if product not in chosen.products:
            raise ValueError(f"{chosen.name} does not make this product type.")
        design = [_line("generate", "Generate images", count, chosen.image, per_item=True)]
        finish = [_line("upscale", "Print size", count, chosen.upscale, per_item=True)]
    else:
        design, finish = [], [_line("upscale", "Print size", count, listed.own_image_price, per_item=True)]
    included = min(mockups, listed.mockups_included)
    if included > 0:
        finish.append(_line("mockups", "Mockups, included", included, 0))
    if mockups > included:
        finish.append(_line("mockups", "Further mockups", mockups - included, listed.mockup_price))
    finish += listing_lines()
    return {"all": [*design, *finish], "design": design, "print": finish}[part]


def listing_lines() -> list[Line]:
    """The price of writing the listing text once; also the whole quote of **Write listing again**."""
    return [_line("listing", "Listing text", 1, price_list().listing_price)]


def remake_lines(model_code: str, *, lost: bool = False) -> list[Line]:
    """The price of remaking one item: the same as generating it (rules §7). Raises KeyError for an unknown model.
    `lost` says that the item's price was refunded (it was blocked or failed): then its print size, which was refunded
    too, is charged again."""
    chosen = model(model_code)
    lines = [_line("generate", "Remake one image", 1, chosen.image, per_item=True)]
    return [*lines, _line("upscale", "Print size", 1, chosen.upscale, per_item=True)] if lost else lines


def _line(action: str, label: str, quantity: int, unit_price: int, *, per_item: bool = False) -> Line:
    return Line(action, label, quantity, unit_price, quantity * unit_price, per_item)


def total(lines: Iterable[Line]) -> int:
    """The sum of the lines, in credits."""
    return sum(line.credits for line in lines)


def item_price(lines: Iterable[Line]) -> int:
    """The refund for one item that couldn't be made (rules §5.6): the unit prices of the per-item lines."""
    return sum(line.unit_price for line in lines if line.per_item)


def print_price(lines: Iterable[Line]) -> int:
    """The price of one item's print size: refunded for a dropped item, since nothing is enlarged (rules §5.5)."""
    return sum(line.unit_price for line in lines if line.action == "upscale" and line.per_item)


def listing_price(lines: Iterable[Line]) -> int:
    """The refund when the listing couldn't be written (rules §5.5)."""
    return sum(line.credits for line in lines if line.action == "listing")

"""A seller's own price rules: what a listing's suggested price becomes by them. Pure.

Rules are in one currency, as they were typed. They must never be converted: in a shop with another currency they don't apply, and
a sentence for the seller says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from elistit.listings import currencies

ENDINGS = ("00", "49", "50", "95", "99")
"""The last two digits a suggested price may be rounded up to."""


@dataclass(frozen=True)
class PriceRules:
    """Rules in hundredths of `currency`. `prices` are by product type and used as they are; a suggestion for any other product type is
    raised to `minimum` and then up to the next price that ends in `ending` (empty: not rounded)."""

    currency: str = currencies.USD
    minimum: int = 0
    ending: str = ""
    prices: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.minimum or self.ending or self.prices)

    def plain(self) -> dict[str, Any]:
        """The rules as a row keeps them; empty without any."""
        if not self:
            return {}
        return {
            "currency": self.currency, "minimum": self.minimum, "ending": self.ending, "prices": dict(self.prices),
        }  # fmt: skip


def read(kept: Mapping[str, Any] | None) -> PriceRules:
    """The rules of a row."""
    kept = kept or {}
    return PriceRules(
        str(kept.get("currency", currencies.USD)),
        int(kept.get("minimum", 0)),
        str(kept.get("ending", "")),
        {str(k): int(v) for k, v in (kept.get("prices") or {}).items()},
    )


def problems(rules: PriceRules) -> dict[str, str]:
    """What is wrong with rules, by field (`minimum`, `ending`, `prices.clipart`); each sentence names the limit."""
    currency = currencies.get(rules.currency)
    found = {}
    if rules.minimum and (wrong := currency.problem(rules.minimum)):
        found["minimum"] = wrong
    if rules.ending and rules.ending not in ENDINGS:
        found["ending"] = f"Prices can end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
    elif rules.ending and currency.digits == 0:
        found["ending"] = f"A price in {currency.code} is a whole number, so it can't end in .{rules.ending}."
    for product, cents in rules.prices.items():
        if wrong := currency.problem(cents):
            found[f"prices.{product}"] = wrong
    return found


def apply(rules: PriceRules, product: str, suggested: int, currency: str) -> tuple[int, str]:
    """The price of a listing and a sentence for the seller (empty: nothing to say). `suggested` is in hundredths of `currency`; 0
    means nothing can be suggested, and only its own price for the product type is used then."""
    shop = currencies.get(currency)
    if not rules:
        return suggested, ""
    if currencies.get(rules.currency).code != shop.code:
        return suggested, (
            f"The prices of your brand kit are in {rules.currency} and the shop sells in {shop.code}, so they weren't used."
        )
    if own := rules.prices.get(product, 0):
        return own, ""
    if not suggested:
        return 0, ""
    price = max(suggested, rules.minimum)
    if rules.ending:
        price += (int(rules.ending) - price) % 100
    if shop.problem(price):
        return suggested, f"The price by your brand kit would be {shop.shown(price)}, which Etsy doesn't accept."
    return price, ""

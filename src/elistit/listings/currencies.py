"""Money as a shop lists it: how a price is written, what Etsy takes, and what to suggest, per currency.

Prices are whole hundredths of a unit in every currency, also where there is no smaller coin than the unit (750 yen are
75,000). The figures are those of `currencies.toml` and of the operator's own file (`ELISTIT_CURRENCIES`), never of a live
exchange rate, so the same product gets the same suggestion on two days. It must never convert a price that a seller chose.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from elistit import config

BUNDLED = Path(__file__).with_name("currencies.toml")
SETTING = "ELISTIT_CURRENCIES"
USD = "USD"
# Currencies without a minor unit (ISO 4217), for those the table does not list.
_WHOLE = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)
_CODE = re.compile(r"[A-Z]{3}")
_HUNDREDTHS = 100
_LARGEST = 10**15
KEPT_MAX = 2**31 - 1
"""The largest price a listing's row can hold, in hundredths."""


class BadTable(ValueError):
    """A table of currencies that cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class Currency:
    """One currency. `minimum` and `maximum` are what Etsy takes, in hundredths; `maximum` is None and `per_usd` None for a
    currency the table does not list: nothing is suggested then, and Etsy decides about the price."""

    code: str
    digits: int = 2
    minimum: int = 1
    maximum: int | None = None
    per_usd: Decimal | None = None
    step: Decimal = Decimal("0.10")
    under: Decimal = Decimal("0.01")

    @property
    def listed(self) -> bool:
        """Whether the table has this currency, so that a price can be suggested."""
        return self.per_usd is not None

    def suggested(self, usd_cents: int) -> int:
        """A price of so many US cents as a price point of this currency, in hundredths; 0 when it is not listed."""
        if self.per_usd is None:
            return 0
        worth = Decimal(usd_cents) / _HUNDREDTHS * self.per_usd
        steps = max(Decimal(1), (worth / self.step).quantize(Decimal(1), ROUND_HALF_UP))
        return max(int((steps * self.step - self.under) * _HUNDREDTHS), self.minimum)

    def plain(self, cents: int) -> str:
        """The number alone, as Etsy's API and a text field take it: `4.99`, `750`."""
        if self.digits == 0 and cents % _HUNDREDTHS == 0:
            return str(cents // _HUNDREDTHS)
        return f"{cents // _HUNDREDTHS}.{cents % _HUNDREDTHS:02d}"

    def shown(self, cents: int) -> str:
        """A price for people: `$4.99`, `4.99 EUR`, `125,000 VND`."""
        whole = self.digits == 0 and cents % _HUNDREDTHS == 0
        number = f"{cents // _HUNDREDTHS:,}" if whole else f"{cents / _HUNDREDTHS:,.2f}"
        return f"${number}" if self.code == USD else f"{number} {self.code}"

    def parsed(self, text: str) -> int | None:
        """A typed price in hundredths; None for what is no price. Both `1,234.56` and `1.234,56` are understood, and a
        group of exactly three digits is thousands."""
        typed = text.strip().upper().removeprefix("$").removeprefix(self.code).removesuffix(self.code)
        typed = re.sub(r"[\s\u00a0\u202f'’_]", "", typed)
        if not re.fullmatch(r"[0-9]{1,15}(?:[.,][0-9]{1,15})*", typed):
            return None
        *groups, last = re.split(r"[.,]", typed)
        marks = re.findall(r"[.,]", typed)
        if not groups:
            return self._in_hundredths(last, "")
        decimals = len(last) < 3 or (len(set(marks)) == 2 and marks[-1] not in marks[:-1] and len(last) != 3)
        head = groups if decimals else [*groups, last]
        grouped = all(len(g) == 3 for g in head[1:]) and len(head[0]) <= 3
        if (len(head) > 1 and not grouped) or (decimals and len(last) > 2) or len(set(marks[: len(head) - 1])) > 1:
            return None
        return self._in_hundredths("".join(head), last if decimals else "")

    def _in_hundredths(self, whole: str, part: str) -> int | None:
        cents = int(whole) * _HUNDREDTHS + int(part.ljust(2, "0") or "0")
        return cents if cents < _LARGEST else None

    def problem(self, cents: int) -> str:
        """Why Etsy does not take this price, in words; empty when it does."""
        if cents <= 0:
            return f"Enter a price in {self.code}."
        if self.digits == 0 and cents % _HUNDREDTHS:
            return f"A price in {self.code} is a whole number; {cents / _HUNDREDTHS:,.2f} is not."
        if cents > min(KEPT_MAX, self.maximum or KEPT_MAX) == KEPT_MAX:
            return f"The highest price that can be kept here is {KEPT_MAX // _HUNDREDTHS:,} {self.code}."
        if self.minimum <= cents <= (self.maximum or KEPT_MAX):
            return ""
        if self.maximum is None:
            return f"The price is {self.shown(cents)}; it must be at least {self.shown(self.minimum)}."
        return f"The price is {self.shown(cents)}; Etsy takes {self.shown(self.minimum)} to {self.shown(self.maximum)}."


def get(code: str) -> Currency:
    """The currency of a code; US dollars for the empty one, which listings of before have."""
    code = code.strip().upper() or USD
    found = table().get(code)
    return found or Currency(code[:3], digits=0 if code in _WHOLE else 2, minimum=100 if code in _WHOLE else 1)


def is_code(code: object) -> bool:
    """Whether this is written like a currency code (ISO 4217)."""
    return isinstance(code, str) and bool(_CODE.fullmatch(code))


def moved(cents: int, code: str, usd_cents: int, wanted: str) -> int | None:
    """The price of a listing in the currency the shop has now, in hundredths, or None when only the seller can say it.

    `code` is the currency the price was written in, empty for a listing from before currencies were kept; `usd_cents` is
    what this studio suggests for the product. A suggestion of ours is suggested again; a price of a listing from before
    is the seller's own number, in the currency of their shop.
    """
    if get(code).code == wanted and code:
        return cents
    if cents == get(code).suggested(usd_cents):
        return get(wanted).suggested(usd_cents) or None
    return cents if not code else None


def table() -> dict[str, Currency]:
    """Every currency known here by its code: ours, and the operator's own in place of them. Raises BadTable."""
    return _read(config.current().etsy.currencies)


@cache
def _read(own: str) -> dict[str, Currency]:
    found = read(BUNDLED)
    return {**found, **read(Path(own))} if own else found


def read(path: Path) -> dict[str, Currency]:
    """The currencies of one file. Raises BadTable."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        limits = {"minimum": "0.20", "maximum": "50000", **raw.get("limits_usd", {})}
        entries: dict[str, Any] = raw["currencies"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadTable(f"{path} cannot be read as a table of currencies: {error}") from None
    except (KeyError, TypeError):
        raise BadTable(f"{path} has no table [currencies].") from None
    return {code: _currency(path, code, entry, limits) for code, entry in entries.items()}


def _currency(path: Path, code: str, entry: Any, limits: dict[str, Any]) -> Currency:
    try:
        per_usd, step = Decimal(str(entry["per_usd"])), Decimal(str(entry["step"]))
        under, digits = Decimal(str(entry.get("under", "0"))), int(entry.get("digits", 2))
        unit = Decimal(1) if digits == 0 else Decimal("0.01")
        least = Decimal(str(entry.get("minimum", Decimal(str(limits["minimum"])) * per_usd)))
        most = Decimal(str(entry.get("maximum", Decimal(str(limits["maximum"])) * per_usd)))
        minimum = int(least.quantize(unit, ROUND_CEILING) * _HUNDREDTHS)
        maximum = int(most.quantize(unit, ROUND_FLOOR) * _HUNDREDTHS)
        good = is_code(code) and per_usd > 0 and step > 0 and 0 <= under < step and digits in (0, 2)
        good = good and 0 < minimum < maximum < _LARGEST and not (digits == 0 and (step % 1 or under % 1))
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        good = False
    if not good:
        raise BadTable(f"{path}: the entry {code} is not a currency; see the comments of {BUNDLED.name}.")
    return Currency(code, digits, minimum, maximum, per_usd, step, under)

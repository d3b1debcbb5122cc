"""Quotes: the itemized price, locked before anything is charged and kept with the job (rules §7).

Writes quote rows and reads their lines. It must never change a quote; the database refuses that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from elistit import ports
from elistit.credits import prices
from elistit.credits.models import Quote
from elistit.credits.prices import Line


def freeze(owner_id: int, product: str, model: str, count: int, lines: Sequence[Line]) -> Quote:
    """Write a quote of these lines, with their sum as the total and the current price list, and return it. Each call
    writes a new row. Raises ValueError when a line's credits aren't quantity × unit price."""
    for line in lines:
        if line.credits != line.quantity * line.unit_price or line.credits < 0:
            raise ValueError(f"The line {line.label!r} does not multiply out.")
    return Quote.objects.create(
        owner_id=owner_id,
        product=product,
        model=model,
        count=count,
        lines=[asdict(line) for line in lines],
        total=prices.total(lines),
        price_list=prices.price_list().version,
        created_at=ports.now(),
    )


def lines_of(quote: Quote) -> list[Line]:
    """The lines of a quote as they were locked, whatever the price list says now."""
    return [Line(**line) for line in quote.lines]

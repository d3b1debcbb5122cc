"""What this installation can sell now: models that have a price, whose provider is here and not paused.

The one place that joins the price list with the providers. Reads only.
"""

from __future__ import annotations

from elistit.credits import prices
from elistit.credits.prices import ModelPrice
from elistit.pipeline.models import ProviderPause
from elistit.providers import registry


def models(product: str | None = None) -> list[ModelPrice]:
    """The models a seller may choose, in the order of the price list; with a product type, those that make it."""
    here = set(registry.providers())
    return [m for m in prices.models(product) if m.provider in here]


def paused() -> dict[str, str]:
    """Providers nobody may use now, with the reason in plain words."""
    return dict(ProviderPause.objects.values_list("provider", "reason"))

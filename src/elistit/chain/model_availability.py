"""Model availability: models that have a price and whose provider is configured and not paused.

The only module that joins the price list with the providers and says which of them are failing now. It reads the calls
of all workers, so every process gives the same answer. Read-only.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from elistit import ports
from elistit.chain.models import ProviderCall, ProviderPause
from elistit.credits import prices
from elistit.credits.prices import ModelPrice
from elistit.ports import Kind
from elistit.providers import registry

LOOK_BACK = dt.timedelta(minutes=15)
CALLS_READ = 400
NEWEST, FAULTS_LEAST = 20, 3


def models(product: str | None = None) -> list[ModelPrice]:
    """The models a seller may choose, in the order of the price list; with a product type, those that make it."""
    here = set(registry.providers())
    return [m for m in prices.models(product) if m.provider in here]


def paused() -> dict[str, str]:
    """Paused providers, each with the reason in plain English."""
    return dict(ProviderPause.objects.values_list("provider", "reason"))


def degraded() -> dict[str, str]:
    """Models that have been failing lately, by code, with what a seller should know.

    That is: of a model's newest twenty calls of the last quarter of an hour, at least three failed on the provider's
    side and no more than half succeeded.
    """
    since = ports.now() - LOOK_BACK
    newest = ProviderCall.objects.filter(sent_at__gte=since).exclude(item=0).order_by("-sent_at")
    seen: dict[str, list[bool]] = defaultdict(list)
    for model, state, outcome, cost in newest.values_list("model", "state", "outcome", "cost_micros")[:CALLS_READ]:
        # An image that was made and paid for, but isn't stored yet, waits for the studio and not for its provider.
        fault = (state == ProviderCall.State.UNKNOWN and not cost) or outcome == Kind.TRANSIENT
        if (fault or outcome == "made") and len(seen[model]) < NEWEST:
            seen[model].append(fault)
    return {
        model: f"{sum(faults)} of its last {len(faults)} images needed more than one attempt. It may take longer right now."
        for model, faults in seen.items()
        if sum(faults) >= FAULTS_LEAST and 2 * sum(faults) >= len(faults)
    }

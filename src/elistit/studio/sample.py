"""The sample project of a first visit: one idea that shows what the studio does, at its exact price.

It is an ordinary launch with ordinary credits; nothing about it is special to the chain. For someone's first project its
price is brought as its own grant, in the same transaction (`views/welcome.py`).
"""

from __future__ import annotations

from elistit.credits import prices
from elistit.projects.orders import LaunchSpec
from elistit.projects.orders import price as price_of
from elistit.projects.products import PRODUCTS, Product

IDEA = "autumn woodland animals, each wearing a leaf scarf"
NAME = "Woodland animals (sample)"


def sample() -> LaunchSpec:
    """A clipart bundle of the usual size with the first model of the price list."""
    return LaunchSpec(product=Product.CLIPART.value, idea=IDEA, name=NAME)


def sample_lines() -> list[prices.Line]:
    """What the sample costs, itemized."""
    return price_of(sample())


def sample_count() -> int:
    return PRODUCTS[Product.CLIPART].count_default

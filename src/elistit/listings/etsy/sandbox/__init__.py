"""A small Etsy that runs on this machine: for demonstrations, practice and tests.

It keeps drafts, checks requests as the real service does, gives its own consent, and does wrong what it is given to.
Nothing it holds is real, and it never calls Etsy.
"""

from elistit.listings.etsy.sandbox.faults import BadOrder
from elistit.listings.etsy.sandbox.server import DEFAULT_PORT, Sandbox, serve
from elistit.listings.etsy.sandbox.validation import MONEY

CURRENCIES = tuple(MONEY)

__all__ = ["CURRENCIES", "DEFAULT_PORT", "BadOrder", "Sandbox", "serve"]

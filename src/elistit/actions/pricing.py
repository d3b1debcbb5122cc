"""The price of a listing as its seller sees and edits it: in the currency of their shop. Read-only. It must never call
Etsy: pages show what was last read (`listings.etsy.shops`)."""

from __future__ import annotations

from elistit.listings import currencies, writer
from elistit.listings.currencies import Currency
from elistit.listings.etsy import shops
from elistit.projects import draft_plans, gate
from elistit.projects.models import Listing
from elistit.projects.states import ItemState


def currency_of(listing: Listing) -> Currency:
    """The currency of a listing's price; dollars for one from before currencies were stored."""
    return currencies.get(listing.currency)


def currency_to_edit(listing: Listing) -> Currency:
    """The currency for a new price of this listing: its shop's, otherwise its current one."""
    return currencies.get(
        shops.known_currency(listing.project.owner_id, draft_plans.number_of(listing.project_id)) or listing.currency
    )


def price_to_edit(listing: Listing) -> int | None:
    """The listing's price in `currency_to_edit`, in hundredths; None when it was set in another currency and the seller
    has to enter it again."""
    count = gate.items_of(listing.project).filter(state=ItemState.MADE).count()
    usd = writer.suggested_usd(listing.project.product, count)
    return currencies.moved(listing.price_cents, listing.currency, usd, currency_to_edit(listing).code)

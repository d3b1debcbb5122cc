"""A seller's shops: which there are, which one is the default, and the currency each sells in, read once and again when it is a
day old.

Etsy takes a price as a bare number in the shop's currency, so a draft must never be sent before that currency is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from elistit import ports
from elistit.listings import currencies
from elistit.listings.etsy import access, outcomes
from elistit.listings.etsy.answers import Answer, Doing, Met
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.etsy.wire import Timeouts
from elistit.listings.models import EtsyShop
from elistit.ports import Failure

KEPT = dt.timedelta(hours=23)
"""Etsy's terms let content that is no listing be used for under a day."""


def code_in(data: dict[str, Any] | None) -> str:
    """The currency code of Etsy's answer about a shop; empty when it has none."""
    code = (data or {}).get("currency_code")
    code = code.strip().upper() if isinstance(code, str) else ""
    return code if currencies.is_code(code) else ""


def of_owner(owner_id: int) -> list[EtsyShop]:
    """Every shop of a seller, the default first, then as they were connected."""
    return sorted(EtsyShop.objects.filter(owner_id=owner_id), key=lambda shop: (not shop.is_default, shop.pk))


def default(owner_id: int) -> EtsyShop | None:
    """The shop a seller's new projects go to: the one marked, else the one connected first."""
    return next(iter(of_owner(owner_id)), None)


def chosen(owner_id: int, number: int) -> EtsyShop | None:
    """The shop with Etsy's number, if it is connected here. Without a number (a project of before there were several shops) the
    one connected first, which is what the version before takes."""
    rows = of_owner(owner_id)
    if number:
        return next((shop for shop in rows if shop.shop_id == number), None)
    return min(rows, key=lambda shop: shop.pk, default=None)


def named(owner_id: int, words: str) -> EtsyShop | None:
    """A seller's shop by its number, by what the seller calls it or by its name on Etsy, in any case."""
    return named_among(of_owner(owner_id), words)


def named_among(rows: Iterable[EtsyShop], words: str) -> EtsyShop | None:
    """What `named` answers, among shops that were read already."""
    folded = words.strip().casefold()
    for shop in rows if folded else ():
        if folded in (str(shop.shop_id), shop.label.casefold(), shop.shop_name.casefold()):
            return shop
    return None


def known_currency(owner_id: int, number: int = 0) -> str:
    """The code of the currency a shop sells in (see `chosen`), as last read; empty without that shop, before it was read and
    while it is disconnected. Asks no one."""
    shop = chosen(owner_id, number)
    return shop.currency if shop is not None and not shop.disconnected_reason else ""


def currency(shop: EtsyShop, *, timeouts: Timeouts | None = None) -> str | Failure:
    """The code of the currency a shop sells in. Asks Etsy when it is unknown or a day old, and stores the answer.

    A currency known from before is used when Etsy cannot be asked now; it changes next to never. Safe to call often.
    """
    now = ports.now()
    if shop.currency and shop.currency_read_at and now - KEPT < shop.currency_read_at <= now:
        return shop.currency
    token = access.access_token(shop)
    if isinstance(token, Failure):
        return token
    answer = EtsyClient(EtsyConfig.for_shop(shop), token, timeouts).shop(shop.shop_id)
    if code := code_in(answer.data):
        EtsyShop.objects.filter(pk=shop.pk, shop_id=shop.shop_id).update(currency=code, currency_read_at=now)
        shop.currency, shop.currency_read_at = code, now
    elif not shop.currency:
        if answer.good:
            answer = Answer(Doing.READ, Met.NO_ANSWER, status=answer.status, problem="no currency in the shop's answer")
        return outcomes.failure(answer)
    return shop.currency

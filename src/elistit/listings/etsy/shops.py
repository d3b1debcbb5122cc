"""What a shop is on Etsy: the currency it sells in, read once and again when it is a day old.

Etsy takes a price as a bare number in the shop's currency, so a draft must never be sent before that currency is known.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from elistit import ports
from elistit.listings import currencies
from elistit.listings.etsy import access, outcomes
from elistit.listings.etsy.answers import Answer, Doing, Met
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.etsy.wire import Patience
from elistit.listings.models import EtsyShop
from elistit.ports import Failure

KEPT = dt.timedelta(hours=23)
"""Etsy's terms let content that is no listing be used for under a day."""


def code_in(data: dict[str, Any] | None) -> str:
    """The currency code of Etsy's answer about a shop; empty when it has none."""
    code = (data or {}).get("currency_code")
    code = code.strip().upper() if isinstance(code, str) else ""
    return code if currencies.is_code(code) else ""


def known_currency(owner_id: int) -> str:
    """The code of the currency a seller's connected shop sells in, as last read; empty without a shop or before it was read.
    Asks nobody."""
    found = EtsyShop.objects.filter(owner_id=owner_id, disconnected_reason="").values_list("currency", flat=True)
    return found.first() or ""


def currency(shop: EtsyShop, *, patience: Patience | None = None) -> str | Failure:
    """The code of the currency a shop sells in. Asks Etsy when it is unknown or a day old, and stores the answer.

    A currency known from before is used when Etsy cannot be asked now; it changes next to never. Safe to call often.
    """
    now = ports.now()
    if shop.currency and shop.currency_read_at and now - KEPT < shop.currency_read_at <= now:
        return shop.currency
    token = access.access_token(shop)
    if isinstance(token, Failure):
        return token
    answer = EtsyClient(EtsyConfig.for_shop(shop), token, patience).shop(shop.shop_id)
    if code := code_in(answer.data):
        EtsyShop.objects.filter(pk=shop.pk, shop_id=shop.shop_id).update(currency=code, currency_read_at=now)
        shop.currency, shop.currency_read_at = code, now
    elif not shop.currency:
        if answer.good:
            answer = Answer(Doing.READ, Met.NO_ANSWER, status=answer.status, trouble="no currency in the shop's answer")
        return outcomes.failure(answer)
    return shop.currency

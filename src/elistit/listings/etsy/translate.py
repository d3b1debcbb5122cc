"""One translation on a draft, however often it is asked for: looked up first, then created or changed. It must never publish."""

from __future__ import annotations

import html
from collections.abc import Callable

from elistit.listings.etsy import access, outcomes
from elistit.listings.etsy.answers import Answer, Met
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.etsy.wire import Timeouts
from elistit.listings.models import EtsyShop
from elistit.listings.translations import Words
from elistit.ports import Failure, Made, Outcome


def put(shop: EtsyShop, listing_id: int, language: str, words: Words, *, timeouts: Timeouts | None = None) -> Outcome:
    """Have a listing say these words in a language. Idempotent; call again after any failure. Made: `data` has `sent` (bool)."""
    token = access.access_token(shop)
    if isinstance(token, Failure):
        return token
    client = EtsyClient(EtsyConfig.for_shop(shop), token, timeouts)
    there = _ask(shop, client, lambda: client.translation(shop.shop_id, listing_id, language))
    if isinstance(there, Failure):
        return there
    if not there.good and there.status != 404:
        return _failed(shop, there, "looking at the translation")
    if there.good and _says(there, words):
        return Made({"sent": False})
    fields = {"title": words.title, "description": words.description, "tags": list(words.tags)}
    sent = _ask(
        shop, client, lambda: client.put_translation(shop.shop_id, listing_id, language, fields, there=there.good)
    )
    if isinstance(sent, Failure):
        return sent
    return Made({"sent": True}) if sent.good else _failed(shop, sent, f"the {language} translation")


def _says(answer: Answer, words: Words) -> bool:
    data = answer.data or {}
    title, description = (html.unescape(str(data.get(name) or "")) for name in ("title", "description"))
    tags = data.get("tags")
    same = [html.unescape(str(t)) for t in tags] == list(words.tags) if isinstance(tags, list) else False
    return (title, description) == (words.title, words.description) and same


def _ask(shop: EtsyShop, client: EtsyClient, call: Callable[[], Answer]) -> Answer | Failure:
    """One call; once more with a new token when Etsy refused the old one."""
    answer = call()
    if not (answer.met is Met.ANSWER and answer.status == 401 and outcomes.row_for(answer).reconnect):
        return answer
    token = access.access_token(shop, refused=client.access)
    if isinstance(token, Failure):
        return token
    client.access = token
    return call()


def _failed(shop: EtsyShop, answer: Answer, step: str) -> Failure:
    failure = outcomes.failure(answer)
    if outcomes.row_for(answer).reconnect:
        access.disconnect(shop, failure.reason)
    return Failure(failure.kind, failure.reason, f"{step}: {failure.detail}", failure.retry_after)

"""Connecting, naming and disconnecting Etsy shops: the actions behind the Integrations page.

Each action is whole or not at all: a shop row is written only after Etsy has given tokens and named the shop. Scopes asked
for are the least a draft needs. Never publishes and never lists anything.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
from django.db import transaction

from elistit import names, ports
from elistit.accounts.consent import Authorization
from elistit.listings.etsy import oauth, outcomes, shops
from elistit.listings.etsy.client import EtsyClient
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.models import EtsyShop
from elistit.listings.tokens import encrypt
from elistit.ports import Failure, Kind

if TYPE_CHECKING:
    from elistit.accounts.models import User

LABEL_MAX = 60
SANDBOX_SHOPS_MAX = 10
SANDBOX_REDIRECT = "http://localhost/integrations/etsy/back/"


class NotConnected(Exception):
    """The shop could not be connected. The message is one sentence for the seller; `failure` has the kind."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def begin(redirect_uri: str, *, sandbox_url: str = "") -> Authorization:
    """Start a consent: send the seller to `.url`, keep `.as_dict()` on our side. Raises NotConnected without a key."""
    return oauth.authorization(_ready(sandbox_url), redirect_uri)


def connect(
    owner: User,
    authorization: Authorization,
    *,
    code: str,
    state: str,
    error: str = "",
    sandbox_url: str = "",
) -> EtsyShop:
    """Finish a consent with what Etsy sent back through the seller's browser: one more shop, or an earlier connection to the same
    shop renewed.

    `error` is the OAuth error the browser brought instead of a code. Raises NotConnected.
    """
    config = _ready(sandbox_url)
    if not authorization.is_answered_by(state):
        raise NotConnected(Failure(Kind.REJECTED, "This sign-in was not started here. Please connect your shop again."))
    if error or not code:
        raise NotConnected(
            Failure(Kind.REJECTED, "You didn't give Etsy permission, so nothing was connected.", error[:80])
        )
    tokens = oauth.exchange(config, authorization, code)
    if isinstance(tokens, Failure):
        raise NotConnected(tokens)
    client = EtsyClient(config, tokens.access)
    shop_id, name, currency = _shop_of(client)
    shop, _ = EtsyShop.objects.update_or_create(
        owner=owner,
        shop_id=shop_id,
        defaults={
            "shop_name": name[:80],
            "currency": currency,
            "currency_read_at": ports.now() if currency else None,
            "access_token": encrypt(tokens.access),
            "refresh_token": encrypt(tokens.refresh),
            "expires_at": ports.now() + dt.timedelta(seconds=tokens.seconds),
            "connected_at": ports.now(),
            "disconnected_reason": "",
            "sandbox_url": sandbox_url,
            "app": config.app,
            "refresh_lease": "",
            "refresh_lease_until": None,
        },
    )
    return shop


def connect_sandbox(owner: User, base_url: str, number: int = 1) -> EtsyShop:
    """Connect an owner to a shop of the bundled sandbox, which consents automatically. Raises NotConnected.

    The whole OAuth exchange runs, only without a browser. Every owner has shops of their own there: `number` says which.
    """
    user = f"seller-{owner.pk}" + (f"-{number}" if number > 1 else "")
    base_url = base_url.rstrip("/")
    started = begin(SANDBOX_REDIRECT, sandbox_url=base_url)
    try:
        with httpx.Client(timeout=10, follow_redirects=False, trust_env=False) as browser:
            answer = browser.get(started.url, params={**_query(started.url), "sandbox_user": user})
    except httpx.HTTPError as error:
        reason = f"The Etsy sandbox at {base_url} could not be reached."
        raise NotConnected(Failure(Kind.TRANSIENT, reason, type(error).__name__)) from None
    back = _query(answer.headers.get("location", ""))
    return connect(
        owner,
        started,
        code=back.get("code", ""),
        state=back.get("state", ""),
        error=back.get("error", ""),
        sandbox_url=base_url,
    )


def connect_another(owner: User, base_url: str, shop_id: int = 0) -> EtsyShop:
    """Connect an owner to one more shop of the bundled sandbox, or again to the one with this number. Raises NotConnected."""
    known = set(EtsyShop.objects.filter(owner=owner).values_list("shop_id", flat=True))
    for number in range(1, SANDBOX_SHOPS_MAX + 1):
        shop = connect_sandbox(owner, base_url, number)
        if shop.shop_id == shop_id or (not shop_id and shop.shop_id not in known):
            return shop
    words = f"The Etsy sandbox has at most {SANDBOX_SHOPS_MAX} practice shops for one seller."
    raise NotConnected(Failure(Kind.REJECTED, words))


def disconnect(owner: User, shop_id: int) -> bool:
    """Forget one shop of the owner and its tokens; the others stay. Drafts already on Etsy stay there. False when there was
    none."""
    return bool(EtsyShop.objects.filter(owner=owner, shop_id=shop_id).delete()[0])


def disconnect_all(owner: User) -> None:
    """Forget every shop of the owner and its tokens. Idempotent."""
    EtsyShop.objects.filter(owner=owner).delete()


def make_default(owner: User, shop_id: int) -> bool:
    """Let new projects go to this shop. Idempotent. False when the owner has no such shop."""
    with transaction.atomic():
        mine = EtsyShop.objects.filter(owner=owner)
        if not mine.filter(shop_id=shop_id).exists():
            return False
        mine.exclude(shop_id=shop_id).update(is_default=False)
        mine.filter(shop_id=shop_id).update(is_default=True)
    return True


def rename(owner: User, shop_id: int, label: str) -> bool:
    """What the owner calls a shop; empty for its name on Etsy. False when the owner has no such shop."""
    return bool(EtsyShop.objects.filter(owner=owner, shop_id=shop_id).update(label=names.one_line(label)[:LABEL_MAX]))


def _ready(sandbox_url: str) -> EtsyConfig:
    config = EtsyConfig.from_environment(sandbox_url)
    if not config.ready:
        words = "Etsy is not set up on this installation yet."
        detail = "set ELISTIT_ETSY_KEYSTRING and ELISTIT_ETSY_SHARED_SECRET"
        raise NotConnected(Failure(Kind.OPERATOR, words, detail))
    return config


def _shop_of(client: EtsyClient) -> tuple[int, str, str]:
    """The shop id, name and currency of the token's owner. Without name and currency the shop still connects: the currency is
    read again before anything is sent."""
    me = client.me()
    if not me.good:
        raise NotConnected(outcomes.failure(me))
    shop_id = (me.data or {}).get("shop_id")
    if not isinstance(shop_id, int) or shop_id < 1:
        words = "This Etsy account has no shop yet. Please open a shop on Etsy, then connect again."
        raise NotConnected(Failure(Kind.REJECTED, words))
    shop = client.shop(shop_id)
    name = (shop.data or {}).get("shop_name", "") if shop.good else ""
    return shop_id, name if isinstance(name, str) else "", shops.code_in(shop.data)


def _query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

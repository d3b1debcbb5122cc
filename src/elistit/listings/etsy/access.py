"""A valid access token for a shop: decrypted, and renewed when it is about to end, by one renewer at a time.

Etsy's refresh tokens rotate: each renewal kills the one before, so two renewals at once would lose the connection.
A lease on the shop's row (a guarded UPDATE, alike on both databases) lets one caller ask Etsy while the others wait for
its result. No database transaction is open while Etsy is asked, because on SQLite that would stop every other writer.
Both new tokens are written by one statement, before either is used. Tokens must never be logged.
"""

from __future__ import annotations

import datetime as dt
import time

from django.db.models import Q

from elistit import ports
from elistit.listings.etsy import oauth, outcomes
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.models import EtsyShop
from elistit.listings.tokens import Secret, Unreadable, decrypt, encrypt
from elistit.ports import Failure, Kind

RENEW_BEFORE_SECONDS = 120
LEASE_SECONDS = 60
_WAIT_SECONDS = 30.0
_LOOK_EVERY_SECONDS = 0.05
_OPERATOR = f"The operator has been notified. If that can't be fixed: {outcomes.RECONNECT}"


def access_token(shop: EtsyShop, *, refused: Secret | None = None) -> Secret | Failure:
    """A token Etsy should take. `refused` is one it just did not take: another one is returned or got.

    Safe from any number of threads and processes: Etsy is asked once and everyone gets that answer. A failure of kind
    `rejected` means the seller has to connect again; the reason is also on the shop, where the pages show it.
    """
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            shop.refresh_from_db()
        except EtsyShop.DoesNotExist:
            return Failure(Kind.REJECTED, "Your Etsy shop is no longer connected. " + outcomes.RECONNECT)
        if shop.disconnected_reason:
            return Failure(Kind.REJECTED, shop.disconnected_reason)
        try:
            current = decrypt(shop.access_token)
        except Unreadable:
            return _unreadable()
        if shop.app not in ("", EtsyConfig.for_shop(shop).app):
            return _strange()
        if current != refused and shop.expires_at > ports.now() + dt.timedelta(seconds=RENEW_BEFORE_SECONDS):
            return current
        if lease := _take_lease(shop):
            return _renew(shop, lease)
        if time.monotonic() > until:
            return Failure(Kind.TRANSIENT, "The connection to your shop is still being renewed.", "waited for a lease")
        time.sleep(_LOOK_EVERY_SECONDS)


def disconnect(shop: EtsyShop, reason: str) -> None:
    """Record that Etsy no longer accepts this connection. The reason stays until the seller connects again."""
    EtsyShop.objects.filter(pk=shop.pk, access_token=bytes(shop.access_token)).update(disconnected_reason=reason[:300])


def _take_lease(shop: EtsyShop) -> str:
    """The right to renew, as a lease id; empty when someone else has it or has just renewed."""
    lease, now = ports.new_id(), ports.now()
    free = Q(refresh_lease="") | Q(refresh_lease_until__lte=now)
    taken = EtsyShop.objects.filter(
        free, pk=shop.pk, disconnected_reason="", refresh_token=bytes(shop.refresh_token)
    ).update(refresh_lease=lease, refresh_lease_until=now + dt.timedelta(seconds=LEASE_SECONDS))
    return lease if taken else ""


def _renew(shop: EtsyShop, lease: str) -> Secret | Failure:
    mine = EtsyShop.objects.filter(pk=shop.pk, refresh_lease=lease)
    try:
        refresh = decrypt(shop.refresh_token)
    except Unreadable:
        mine.update(refresh_lease="", refresh_lease_until=None)
        return _unreadable()
    config = EtsyConfig.for_shop(shop)
    got, reconnect = oauth.renew(config, refresh)
    if isinstance(got, Failure):
        reason = got.reason if reconnect else ""
        mine.update(refresh_lease="", refresh_lease_until=None, disconnected_reason=reason[:300])
        return got
    saved = mine.update(
        access_token=encrypt(got.access),
        refresh_token=encrypt(got.refresh),
        expires_at=ports.now() + dt.timedelta(seconds=got.seconds),
        app=config.app,
        refresh_lease="",
        refresh_lease_until=None,
    )
    if not saved:
        # The seller connected again while we asked: theirs is the connection that counts.
        return Failure(Kind.TRANSIENT, "The connection to your shop was just renewed.", "lease lost while renewing")
    shop.refresh_from_db()
    return got.access


# Both are the operator's to fix, and fixed they leave the connection as it was: nothing is written on the shop.


def _unreadable() -> Failure:
    reason = f"This studio can't read the stored connection to your shop. {_OPERATOR}"
    return Failure(Kind.OPERATOR, reason, "token ciphertext not readable: was ELISTIT_SECRET_KEY changed?")


def _strange() -> Failure:
    """Etsy would say that such a token is over, which is true only for this app: it is not asked."""
    reason = f"Your shop was connected with a different Etsy key than this studio uses now. {_OPERATOR}"
    return Failure(Kind.OPERATOR, reason, "the shop's tokens are another app's: was ELISTIT_ETSY_KEYSTRING changed?")

"""A valid access token for a seller's Drive: decrypted, and renewed shortly before it expires, by one process at a time.

A lease on the account's row (a guarded UPDATE, the same on both databases) lets one caller ask Google while the others
wait for its result. No database transaction is open during the request, because on SQLite that would block every other
writer. Tokens must never be logged.
"""

from __future__ import annotations

import datetime as dt
import time

from django.db.models import Q

from elistit import ports
from elistit.accounts.vault import Secret, Unreadable
from elistit.delivery.google_drive import oauth, outcomes
from elistit.delivery.google_drive.config import VAULT, GoogleConfig
from elistit.delivery.models import DriveAccount
from elistit.ports import Failure, Kind

RENEW_BEFORE_SECONDS = 120
LEASE_SECONDS = 60
_WAIT_SECONDS = 30.0
_LOOK_EVERY_SECONDS = 0.05


def access_token(account: DriveAccount, *, refused: Secret | None = None) -> Secret | Failure:
    """A token that Google should accept. `refused` is one it has just rejected, so another one is returned or requested.

    Thread-safe, also across processes: Google is asked once and every caller gets that answer. A failure of kind
    `rejected` means that the seller has to connect again; the reason is also stored on the account, for the pages.
    """
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            account.refresh_from_db()
        except DriveAccount.DoesNotExist:
            return Failure(Kind.REJECTED, outcomes.NOT_CONNECTED)
        if account.disconnected_reason:
            return Failure(Kind.REJECTED, account.disconnected_reason)
        try:
            current = VAULT.decrypt(account.access_token)
        except Unreadable:
            return _unreadable()
        if current != refused and account.expires_at > ports.now() + dt.timedelta(seconds=RENEW_BEFORE_SECONDS):
            return current
        if lease := _take_lease(account):
            return _renew(account, lease)
        if time.monotonic() > until:
            return Failure(Kind.TRANSIENT, "The connection to your Drive is still being renewed.", "waited for a lease")
        time.sleep(_LOOK_EVERY_SECONDS)


def end(account: DriveAccount, reason: str) -> None:
    """Record that Google no longer accepts this connection. The reason stays until the seller connects again."""
    DriveAccount.objects.filter(pk=account.pk, access_token=bytes(account.access_token)).update(
        disconnected_reason=reason[:300]
    )


def _take_lease(account: DriveAccount) -> str:
    """The right to renew, as a lease id; empty when another process has it or has just renewed."""
    lease, now = ports.new_id(), ports.now()
    free = Q(refresh_lease="") | Q(refresh_lease_until__lte=now)
    taken = DriveAccount.objects.filter(
        free, pk=account.pk, disconnected_reason="", access_token=bytes(account.access_token)
    ).update(refresh_lease=lease, refresh_lease_until=now + dt.timedelta(seconds=LEASE_SECONDS))
    return lease if taken else ""


def _renew(account: DriveAccount, lease: str) -> Secret | Failure:
    mine = DriveAccount.objects.filter(pk=account.pk, refresh_lease=lease)
    try:
        refresh = VAULT.decrypt(account.refresh_token)
    except Unreadable:
        mine.update(refresh_lease="", refresh_lease_until=None)
        return _unreadable()
    got, reconnect = oauth.renew(GoogleConfig.from_environment(), refresh)
    if isinstance(got, Failure):
        mine.update(
            refresh_lease="", refresh_lease_until=None, disconnected_reason=got.reason[:300] if reconnect else ""
        )
        return got
    saved = mine.update(
        access_token=VAULT.encrypt(got.access),
        refresh_token=VAULT.encrypt(got.refresh or refresh),
        expires_at=ports.now() + dt.timedelta(seconds=got.seconds),
        refresh_lease="",
        refresh_lease_until=None,
    )
    if not saved:
        # The seller connected again in the meantime: the new connection counts.
        return Failure(Kind.TRANSIENT, "The connection to your Drive was just renewed.", "lease lost while renewing")
    account.refresh_from_db()
    return got.access


def _unreadable() -> Failure:
    """A failure that the operator has to fix; the connection is valid again afterwards, so nothing is written on the
    account."""
    reason = (
        "This studio can't read the stored connection to your Drive. The operator has been notified. If that cannot "
        f"be undone: {outcomes.RECONNECT}"
    )
    return Failure(Kind.OPERATOR, reason, "token ciphertext not readable: was ELISTIT_SECRET_KEY changed?")

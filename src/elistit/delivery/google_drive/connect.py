"""Connecting and disconnecting a Google Drive: the actions behind the Integrations page.

Each action is atomic: it must never write an account row before Google has issued tokens and said whose Drive it is.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from elistit import ports
from elistit.accounts.consent import Authorization
from elistit.accounts.vault import Unreadable
from elistit.delivery.google_drive import oauth, outcomes
from elistit.delivery.google_drive.client import DriveClient
from elistit.delivery.google_drive.config import VAULT, GoogleConfig
from elistit.delivery.models import DriveAccount, DriveUpload
from elistit.ports import Failure, Kind

if TYPE_CHECKING:
    from elistit.accounts.models import User


class NotConnected(Exception):
    """The Drive could not be connected. The message is one sentence for the seller; `failure` has the kind."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def begin(redirect_uri: str) -> Authorization:
    """Start an OAuth consent: send the seller to `.url` and keep `.as_dict()` on the server. Raises NotConnected
    without a client id."""
    return oauth.authorization(_ready(), redirect_uri)


def connect(owner: User, started: Authorization, *, code: str, state: str, error: str = "") -> DriveAccount:
    """Finish a consent with what Google returned through the seller's browser. Replaces an earlier connection. `error`
    is the OAuth error that the browser brought instead of a code. Raises NotConnected."""
    config = _ready()
    if not started.is_answered_by(state):
        raise NotConnected(
            Failure(Kind.REJECTED, "This sign-in was not started here. Please connect your Drive again.")
        )
    if error or not code:
        raise NotConnected(
            Failure(Kind.REJECTED, "You didn't give Google permission, so nothing was connected.", error[:80])
        )
    tokens = oauth.exchange(config, started, code)
    if isinstance(tokens, Failure):
        raise NotConnected(tokens)
    about = DriveClient(config, tokens.access).about()
    if not about.good:
        raise NotConnected(outcomes.failure(about))
    user = (about.data or {}).get("user")
    email = str(user.get("emailAddress", "")) if isinstance(user, dict) else ""
    with transaction.atomic():
        _forget_uploads(owner)
        account, _ = DriveAccount.objects.update_or_create(
            owner=owner,
            defaults={
                "email": email[:254],
                "access_token": VAULT.encrypt(tokens.access),
                "refresh_token": VAULT.encrypt(tokens.refresh),
                "expires_at": ports.now() + dt.timedelta(seconds=tokens.seconds),
                "connected_at": ports.now(),
                "disconnected_reason": "",
                "refresh_lease": "",
                "refresh_lease_until": None,
            },
        )
    return account


def disconnect(owner: User) -> bool:
    """Delete the owner's Drive connection and revoke the access at Google. Files already copied stay. False when there
    was none."""
    account = DriveAccount.objects.filter(owner=owner).first()
    if account is None:
        return False
    with transaction.atomic():
        _forget_uploads(owner)
        DriveAccount.objects.filter(pk=account.pk).delete()
    try:
        oauth.give_back(GoogleConfig.from_environment(), VAULT.decrypt(account.refresh_token))
    except Unreadable:
        return True
    return True


def _forget_uploads(owner: User) -> None:
    """Delete unfinished uploads: one started on a Drive must never be finished there after it was disconnected or replaced."""
    DriveUpload.objects.filter(copy__owner=owner, done_at=None).delete()


def _ready() -> GoogleConfig:
    config = GoogleConfig.from_environment()
    if not config.ready:
        words = "Google Drive is not set up on this installation yet."
        detail = "set ELISTIT_GOOGLE_CLIENT_ID and ELISTIT_GOOGLE_CLIENT_SECRET"
        raise NotConnected(Failure(Kind.OPERATOR, words, detail))
    return config

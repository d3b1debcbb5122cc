"""One-time sign-in links: made here, redeemed here, once.

Only the digest of a link's token is stored, so a copy of the database lets nobody in. Nothing here sends mail or
writes the token to a log.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings

from elistit import ports
from elistit.accounts.models import SignInLink, User, digest


def make_link(user: User, hours: float = 24) -> str:
    """A new link for `user`, valid for `hours`. Returns its token, which cannot be read again; see `address`."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, digest=digest(token), expires_at=ports.now() + dt.timedelta(hours=hours))
    return token


def address(token: str, base_url: str | None = None) -> str:
    """Where the link's owner goes with the token. `base_url` defaults to ELISTIT_BASE_URL."""
    return f"{(base_url or settings.BASE_URL).rstrip('/')}/enter/{token}"


def redeem(token: str) -> User | None:
    """The link's user, the first time and before it expires; None ever after. Safe when two requests race: the link
    is taken by one guarded UPDATE."""
    now = ports.now()
    link = SignInLink.objects.filter(digest=digest(token), used_at=None, expires_at__gt=now, user__is_active=True)
    found = link.select_related("user").first()
    if found is None or not link.update(used_at=now):
        return None
    return found.user

"""Who is asking: the bearer key of a request, and whether it may go on.

The key's digest is looked up by its unique index, so how long it takes says nothing about any key. A revoked key, a key
of somebody who was shut out and a key that never was are answered alike. Cookies and sessions count for nothing here.
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from elistit.accounts import spending
from elistit.accounts.models import ApiKey, User, digest
from elistit.accounts.roles import Role
from elistit.api import limits
from elistit.api.problems import NOT_FOUND, NOT_THIS_KEY, RATE_LIMITED, READ_ONLY_KEY, TOO_LARGE, UNAUTHORIZED, Refused

TOKEN_MAX = 200
BODY_MAX_MB = 1
# What takes a file, by the end of its address, with what surrounds it on its way; everything else is words. An upload is one image
# (see artwork.intake).
FILE_MAX_MB = {"/uploads": 52, "/keywords": 3}


FREE = "free"
"""The action of an operation that changes nothing a seller has, such as a quote."""


class ApiKeyBearer(HttpBearer):
    """`Authorization: Bearer elk_…`. Leaves the key in `request.auth` and its allowance in `request.rate_level`. `action` is what
    the key must be allowed to do, `least` the role its person must have: everything here is a seller's own so far (decision 60)."""

    def __init__(self, action: str = FREE, least: Role = Role.SELLER) -> None:
        super().__init__()
        self.action, self.least = action, least

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        found = None
        if 0 < len(token) <= TOKEN_MAX:
            good = ApiKey.objects.select_related("user").filter(revoked_at=None, user__is_active=True)
            found = good.filter(digest=digest(token.strip())).first()
        if found is None:
            raise Refused(UNAUTHORIZED, "This API key is invalid or has been revoked.")
        if not found.user.role.covers(self.least):
            # As the console does: above one's role there is nothing.
            raise Refused(NOT_FOUND, "There is no such endpoint.")
        level = limits.take(found.pk)
        request.rate_level = level  # type: ignore[attr-defined]
        if level.wait:
            raise Refused(RATE_LIMITED, f"Retry in {level.wait} s.", {"retry_after": level.wait})
        if request.method not in ("GET", "HEAD") and found.scope != ApiKey.Scope.FULL:
            raise Refused(READ_ONLY_KEY, "This key is read-only. Use a key with full access.")
        if request.method not in ("GET", "HEAD") and self.action != FREE and not found.may(self.action):
            allowed = ", ".join(found.action_words)
            raise Refused(NOT_THIS_KEY, f"This key's permissions are limited to: {allowed}.")
        spending.spends_with(found)
        address = request.path_info.rstrip("/")
        most = next((mb for end, mb in FILE_MAX_MB.items() if address.endswith(end)), BODY_MAX_MB)
        if int(request.META.get("CONTENT_LENGTH") or 0) > most * 1_000_000:
            raise Refused(TOO_LARGE, f"At most {most} MB can be sent here.")
        return found


bearer = ApiKeyBearer()


def owner(request: HttpRequest) -> User:
    """The seller whose key came with the request. Only behind `bearer`."""
    return cast(ApiKey, request.auth).user  # type: ignore[attr-defined]

"""Tokens that make an address a permission: anyone who has the address may read what it names, without signing in.

A token is stored nowhere. It is signed with the installation's key, and stays valid while that key is in use or one of the
keys before it. It must never be made from anything a visitor chooses.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings


def token(of: str) -> str:
    """The token of what `of` names; the same text always gives the same token."""
    return _signed(of, settings.SECRET_KEY)


def is_right(of: str, given: str) -> bool:
    """Whether a token was made for `of`, with the key in use or one that was in use before."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_signed(of, str(key)), given) for key in keys)


def _signed(of: str, key: str) -> str:
    digest = hmac.new(key.encode(), of.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:20]).decode().rstrip("=")

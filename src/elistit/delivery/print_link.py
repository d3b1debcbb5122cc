"""The address from which Gelato fetches a print file: signed, and valid until the moment that is written in it.

The signature is the permission; no one signs in. It leads to the one file of one quote or draft, and must never lead to anything
else of the seller's.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from pathlib import PurePosixPath

from django.conf import settings

from elistit import ports

DAYS = 30
"""Gelato fetches the file when a draft is created and may fetch it again when someone submits the draft in its dashboard."""


def until() -> dt.datetime:
    """When an address given out now ends, to the second."""
    return ports.now().replace(microsecond=0) + dt.timedelta(days=DAYS)


def _signed(reference: str, end: int, key: str) -> str:
    digest = hmac.new(key.encode(), f"elistit print link {reference} {end}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:20]).decode().rstrip("=")


def address(reference: str, end: dt.datetime, file_name: str) -> str:
    """The whole address. It ends like the file, because Gelato tells kinds of files by that."""
    moment = int(end.timestamp())
    suffix = PurePosixPath(file_name).suffix.lower()
    token = _signed(reference, moment, settings.SECRET_KEY)
    return f"{settings.BASE_URL}/print/{reference}/{moment}/{token}/print{suffix}"


def is_right(reference: str, end: int, token: str) -> bool:
    """Whether an address was signed here, with the key in use or one that was in use before, and hasn't ended."""
    if end <= ports.now().timestamp():
        return False
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_signed(reference, end, str(key)), token) for key in keys)

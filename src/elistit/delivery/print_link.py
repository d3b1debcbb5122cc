"""The address from which Gelato fetches a print file: signed, and valid until the moment that is written in it.

The signature is the permission; no one signs in. It leads to the one file of one quote or draft, and must never lead to anything
else of the seller's.
"""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath

from django.conf import settings

from elistit import ports
from elistit.accounts import signed_links

DAYS = 30
"""Gelato fetches the file when a draft is created and may fetch it again when someone submits the draft in its dashboard."""


def until() -> dt.datetime:
    """When an address given out now ends, to the second."""
    return ports.now().replace(microsecond=0) + dt.timedelta(days=DAYS)


def address(reference: str, end: dt.datetime, file_name: str) -> str:
    """The whole address. It ends like the file, because Gelato tells kinds of files by that."""
    moment = int(end.timestamp())
    suffix = PurePosixPath(file_name).suffix.lower()
    token = signed_links.token(_name(reference, moment))
    return f"{settings.BASE_URL}/print/{reference}/{moment}/{token}/print{suffix}"


def is_right(reference: str, end: int, token: str) -> bool:
    """Whether an address was signed here, with the key in use or one that was in use before, and hasn't ended."""
    return end > ports.now().timestamp() and signed_links.is_right(_name(reference, end), token)


def _name(reference: str, end: int) -> str:
    return f"elistit print link {reference} {end}"

"""Whether this studio practices on the bundled Etsy sandbox, and where that is.

Reads the environment only. It must never name an address outside this machine.
"""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

PRACTICE = "ELISTIT_PRACTICE_SHOP"
"""Environment name by which `elistit up` tells its pages where the practice shop is. Operators don't set it."""


def address() -> str:
    """The address of the Etsy sandbox on this machine: the practice shop of `elistit up`, or where ELISTIT_ETSY_API_URL points
    when that is this machine; else empty."""
    given = os.environ.get(PRACTICE, "").strip() or os.environ.get("ELISTIT_ETSY_API_URL", "").strip()
    parts = urlsplit(given)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    return f"{parts.scheme}://{parts.netloc}" if here and parts.scheme in ("http", "https") else ""

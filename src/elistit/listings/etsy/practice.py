"""Whether this studio practices on the bundled Etsy sandbox, and where that is.

It must never name an address outside this machine.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from elistit import config, handover


def address() -> str:
    """The address of the Etsy sandbox on this machine: the practice shop of `elistit up`, or where ELISTIT_ETSY_API_URL points
    when that is this machine; else empty."""
    given = handover.read(handover.PRACTICE_SHOP) or config.current().etsy.api_url
    parts = urlsplit(given)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    return f"{parts.scheme}://{parts.netloc}" if here and parts.scheme in ("http", "https") else ""

"""Whether an address names this machine itself. Imports nothing of ours; it must never resolve a name."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def loopback(url: str) -> bool:
    """Whether an address names this machine itself."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""The address of a studio, as a person types it."""

from __future__ import annotations

from urllib.parse import urlsplit

from elistit.cli.errors import BadInput


def address_of(url: str) -> str:
    """The address without what doesn't belong to it. Raises BadInput for what is none."""
    address = url.strip().rstrip("/")
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
        raise BadInput(f"“{address[:80]}” is not the address of a studio. It looks like https://studio.example.com.")
    return address

"""When two e-mail addresses are the same person's, when one is made to be thrown away, and what a network is.

For the trial, which comes once per person. Reads no database and no network; an address is never changed for any other
purpose than comparing, and mail always goes to the one that was typed.
"""

from __future__ import annotations

import ipaddress
import unicodedata

import idna
from disposable_email_domains import blocklist

# Providers whose mailboxes ignore dots in the name, each with the domain that stands for all of its own.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def person(address: str) -> str:
    """What all addresses of one mailbox have in common: without plus tag, case and, where the provider ignores them, dots.

    A name that would be empty then stays as it is. International domains are compared in their ASCII form.
    """
    name, _, domain = unicodedata.normalize("NFKC", address).strip().rpartition("@")
    name, domain = name.casefold(), domain_of(address)
    name = name.split("+", 1)[0] or name
    if domain in _DOTLESS:
        name, domain = name.replace(".", "") or name, _DOTLESS[domain]
    return f"{name}@{domain}"


def domain_of(address: str) -> str:
    """The domain of an address in lower-case ASCII; as it is written where it is no lawful domain."""
    written = unicodedata.normalize("NFKC", address).strip().rpartition("@")[2].casefold().rstrip(".")
    try:
        return idna.encode(written, uts46=True).decode("ascii")
    except idna.IDNAError:
        return written


def is_throw_away(address: str, more: frozenset[str] = frozenset()) -> bool:
    """Whether an address is of a domain, or below one, that hands out mailboxes to be thrown away: the bundled list or
    `more`."""
    parts = domain_of(address).split(".")
    above = {".".join(parts[start:]) for start in range(len(parts) - 1)} | {".".join(parts)}
    return not above.isdisjoint(blocklist) or not above.isdisjoint(more)


def network(address: str) -> str:
    """The network of an IP address, as one household or office gets it: /24, or /48 of IPv6. Empty for what is no address."""
    try:
        found = ipaddress.ip_address(address.strip().split("%", 1)[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))

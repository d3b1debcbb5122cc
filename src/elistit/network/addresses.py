"""Where a message to an address a person gave may go (webhooks, push notifications): public http(s) addresses, so that no one can
make this server talk to its own network.

An address is looked at when it is given and again, as numbers, in the moment of connecting: what a name resolves to is
checked and then connected to without asking again. `ELISTIT_WEBHOOKS_PRIVATE=1` allows private addresses, for
installations whose receivers live beside them.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from elistit import config

# Written out, for what Python's `is_global` answers differs between its versions. Source: IANA's registries of special-purpose
# addresses; 192.0.0.0/24 and 2001::/23 are refused whole, with the few protocol addresses in them that are routed.
_REFUSED_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 from which internet addresses are given out: loopback, fc00::/7, fe80::/10, fec0::/10 and multicast lie
outside it."""
_REFUSED_6 = tuple(ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal", ".home.arpa")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedAddress(Exception):
    """A message may not go there. The message is one sentence."""


def private_allowed() -> bool:
    return config.current().people.webhooks_private


def check(url: str) -> None:
    """Refuse what can be seen to be wrong without asking the network. Raises RefusedAddress."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise RefusedAddress("This isn't a valid URL.") from None
    if parts.scheme not in ("http", "https"):
        raise RefusedAddress("The URL must begin with https:// or http://.")
    if not host or port == 0 or len(host) > 253:
        raise RefusedAddress("The URL has no valid host name.")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddress("The URL can't contain a user name or password.")
    if parts.fragment:
        raise RefusedAddress("The URL can't contain a # fragment; it wouldn't be sent.")
    if private_allowed():
        return
    name = host.rstrip(".").lower()
    if any(name == local.lstrip(".") or name.endswith(local) for local in _LOCAL_NAMES if local):
        raise RefusedAddress("The URL must be reachable from the internet.")
    try:
        number = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return
    if not public(number):
        raise RefusedAddress("The URL must be reachable from the internet.")


def public(address: IPAddress) -> bool:
    """Whether an address belongs to the internet at large. Addresses that carry another inside are judged by that one."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_4)
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return public(inner)
    return address in _UNICAST_6 and not any(address in network for network in _REFUSED_6)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host that a message may go to. Raises RefusedAddress when it has none, or any that is
    private: a name that points both ways is a trick."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise RefusedAddress("The host of the URL was not found.") from None
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not private_allowed() and not all(public(ipaddress.ip_address(n.split("%")[0])) for n in numbers):
        raise RefusedAddress("The URL points to a private network. Nothing is sent there.")
    return numbers

"""Where webhooks may go, held against IANA's registries of special-purpose addresses, written out here as they stand there."""

from __future__ import annotations

import ipaddress

import pytest

from elistit.network import addresses

# IANA IPv4 and IPv6 Special-Purpose Address Registries: block, name, whether it is globally reachable (None: not applicable).
REGISTRY: tuple[tuple[str, str, bool | None], ...] = (
    ("0.0.0.0/8", "This network", False),
    ("0.0.0.0/32", "This host on this network", False),
    ("10.0.0.0/8", "Private-Use", False),
    ("100.64.0.0/10", "Shared Address Space", False),
    ("127.0.0.0/8", "Loopback", False),
    ("169.254.0.0/16", "Link Local", False),
    ("172.16.0.0/12", "Private-Use", False),
    ("192.0.0.0/24", "IETF Protocol Assignments", False),
    ("192.0.0.0/29", "IPv4 Service Continuity Prefix", False),
    ("192.0.0.8/32", "IPv4 dummy address", False),
    ("192.0.0.9/32", "Port Control Protocol Anycast", True),
    ("192.0.0.10/32", "Traversal Using Relays around NAT Anycast", True),
    ("192.0.0.170/32", "NAT64/DNS64 Discovery", False),
    ("192.0.0.171/32", "NAT64/DNS64 Discovery", False),
    ("192.0.2.0/24", "Documentation (TEST-NET-1)", False),
    ("192.31.196.0/24", "AS112-v4", True),
    ("192.52.193.0/24", "AMT", True),
    ("192.88.99.0/24", "Deprecated (6to4 Relay Anycast)", None),
    ("192.168.0.0/16", "Private-Use", False),
    ("192.175.48.0/24", "Direct Delegation AS112 Service", True),
    ("198.18.0.0/15", "Benchmarking", False),
    ("198.51.100.0/24", "Documentation (TEST-NET-2)", False),
    ("203.0.113.0/24", "Documentation (TEST-NET-3)", False),
    ("240.0.0.0/4", "Reserved", False),
    ("255.255.255.255/32", "Limited Broadcast", False),
    ("::1/128", "Loopback Address", False),
    ("::/128", "Unspecified Address", False),
    ("::ffff:0:0/96", "IPv4-mapped Address", False),
    ("64:ff9b::/96", "IPv4-IPv6 Translat.", True),
    ("64:ff9b:1::/48", "IPv4-IPv6 Translat.", False),
    ("100::/64", "Discard-Only Address Block", False),
    ("100:0:0:1::/64", "Dummy IPv6 Prefix", False),
    ("2001::/23", "IETF Protocol Assignments", False),
    ("2001::/32", "TEREDO", None),
    ("2001:1::1/128", "Port Control Protocol Anycast", True),
    ("2001:1::2/128", "Traversal Using Relays around NAT Anycast", True),
    ("2001:1::3/128", "DNS-SD Service Registration Protocol Anycast", True),
    ("2001:2::/48", "Benchmarking", False),
    ("2001:3::/32", "AMT", True),
    ("2001:4:112::/48", "AS112-v6", True),
    ("2001:10::/28", "Deprecated (previously ORCHID)", None),
    ("2001:20::/28", "ORCHIDv2", True),
    ("2001:30::/28", "Drone Remote ID Protocol Entity Tags", True),
    ("2001:db8::/32", "Documentation", False),
    ("2002::/16", "6to4", None),
    ("2620:4f:8000::/48", "Direct Delegation AS112 Service", True),
    ("3fff::/20", "Documentation", False),
    ("5f00::/16", "Segment Routing (SRv6) SIDs", False),
    ("fc00::/7", "Unique-Local", False),
    ("fe80::/10", "Link-Local Unicast", False),
    # Not in the registries, and no address of the internet either.
    ("224.0.0.0/4", "Multicast", False),
    ("ff00::/8", "Multicast", False),
    ("fec0::/10", "Deprecated (Site-Local)", False),
    ("::/96", "Deprecated (IPv4-compatible)", False),
    ("4000::/3", "Not given out", False),
)
REACHABLE_AND_REFUSED = {
    "192.0.0.9/32", "192.0.0.10/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48",
    "2001:20::/28", "2001:30::/28",
}  # fmt: skip
"""Routed parts of the two blocks of protocol assignments, where nobody's webhooks are received: refused with their block."""
CARRYING = {"::ffff:0:0/96": 0, "64:ff9b::/96": 0, "2002::/16": 80}
"""Blocks that carry an IPv4 address inside, and how many bits come after it: judged by that address."""


def within(block: str) -> list[addresses.IPAddress]:
    """First, second, middle, last but one and last address of a block."""
    network = ipaddress.ip_network(block)
    size = network.num_addresses
    return [network[place] for place in sorted({0, min(1, size - 1), size // 2, max(0, size - 2), size - 1})]


@pytest.mark.parametrize(("block", "name", "reachable"), REGISTRY, ids=[block for block, _, _ in REGISTRY])
def test_a_special_block_is_public_only_where_it_is_reachable(block: str, name: str, reachable: bool | None) -> None:
    if block in CARRYING:
        pytest.skip("judged by the address inside, below")
    expected = reachable is True and block not in REACHABLE_AND_REFUSED
    assert {str(a): addresses.public(a) for a in within(block)} == {str(a): expected for a in within(block)}, name


@pytest.mark.parametrize("block", CARRYING)
def test_an_address_that_carries_another_is_judged_by_that_one(block: str) -> None:
    network, after = ipaddress.IPv6Network(block), CARRYING[block]
    for inside, _, reachable in REGISTRY:
        if ":" in inside:
            continue
        expected = reachable is True and inside not in REACHABLE_AND_REFUSED
        for address in within(inside):
            carrying = ipaddress.IPv6Address(int(network.network_address) | int(address) << after)
            assert addresses.public(carrying) is expected, (carrying, address)
    assert addresses.public(ipaddress.IPv6Address(int(network.network_address) | 0x5DB8D822 << after))


@pytest.mark.parametrize(
    "block", [block for block, _, reachable in REGISTRY if not reachable and block not in CARRYING]
)
def test_the_addresses_beside_a_refused_block_are_refused_only_for_a_block_of_their_own(block: str) -> None:
    network = ipaddress.ip_network(block)
    make = type(network.network_address)
    refused = [ipaddress.ip_network(b) for b, _, r in REGISTRY if r is not True and b not in CARRYING]
    for number in (int(network.network_address) - 1, int(network.broadcast_address) + 1):
        if not 0 <= number < 2**network.max_prefixlen:
            continue
        beside = make(number)
        special = any(beside.version == r.version and beside in r for r in refused)
        given_out = beside.version == 4 or beside in ipaddress.ip_network("2000::/3")
        assert addresses.public(beside) is (given_out and not special), beside


@pytest.mark.parametrize("number", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450::1"])
def test_ordinary_addresses_are_public(number: str) -> None:
    assert addresses.public(ipaddress.ip_address(number))

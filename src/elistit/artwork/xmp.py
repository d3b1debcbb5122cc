"""XMP packets (ISO 16684-1): a few plain properties written and read again.

The same properties give the same bytes: a packet has no date and no identifier. It must never expand an entity, and never
pass on a property that `provenance` doesn't name.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from xml.sax.saxutils import escape

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PACKET_MAX = 1_000_000
"""Bytes of a packet that are still read."""

PREFIXES = {
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://www.tc260.org.cn/ns/AIGC/1.0/": "TC260",
}
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_END = '<?xpacket end="r"?>'


def packet(properties: Mapping[str, str]) -> bytes:
    """A whole packet of properties, each named `{namespace}name`, in UTF-8."""
    return f"{_BEGIN}\n{body(properties)}\n{_END}".encode()


def body(properties: Mapping[str, str]) -> str:
    """The XML of a packet without its wrapper, as it goes into an SVG's metadata."""
    spaces = sorted({name[1:].partition("}")[0] for name in properties})
    declared = "".join(f' xmlns:{PREFIXES[space]}="{space}"' for space in spaces)
    lines = "".join(f"\n   <{_short(name)}>{escape(value)}</{_short(name)}>" for name, value in properties.items())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f' <rdf:RDF xmlns:rdf="{RDF}">\n'
        f'  <rdf:Description rdf:about=""{declared}>{lines}\n  </rdf:Description>\n'
        " </rdf:RDF>\n"
        "</x:xmpmeta>"
    )


def _short(name: str) -> str:
    space, _, local = name[1:].partition("}")
    return f"{PREFIXES[space]}:{local}"


def properties(data: bytes, names: tuple[str, ...]) -> dict[str, str]:
    """The properties of a packet by these names, as plain text; what is a list counts with its first entry. Empty for a packet
    that can't be read: someone else's damaged metadata is no fault of the image."""
    if len(data) > PACKET_MAX or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return {}
    try:
        root = ElementTree.fromstring(data.strip(b"\0 \t\r\n"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return {}
    found: dict[str, str] = {}
    for description in root.iter(f"{{{RDF}}}Description"):
        for name in names:
            value = description.get(name) or _text(description.find(name))
            if value and name not in found:
                found[name] = value
    return found


def _text(element: ElementTree.Element | None) -> str:
    if element is None:
        return ""
    listed = next(element.iter(f"{{{RDF}}}li"), element)
    return (listed.get(f"{{{RDF}}}resource") or element.get(f"{{{RDF}}}resource") or listed.text or "").strip()

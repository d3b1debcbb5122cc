"""The provenance that a file states, as other programs read it: Pillow, pikepdf and an XML parser. It must never use
the code that writes these statements, and never judge a file that was promised to state nothing."""

from __future__ import annotations

import io
import warnings
import xml.etree.ElementTree as ElementTree

import pikepdf
from PIL import Image

from elistit.trial.report import Findings

_IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def judge(name: str, suffix: str, data: bytes, promised: str, findings: Findings) -> None:
    """Compare the digital source type a file states with the promised one, an address of the IPTC vocabulary."""
    try:
        stated = _stated(suffix, data)
    except (OSError, ValueError, SyntaxError, pikepdf.PdfError, pikepdf.PasswordError, ElementTree.ParseError):
        return  # already reported by the check that opens files of this kind
    kind = promised.rpartition("/")[2]
    if stated == promised:
        findings.passed("file.source", kind)
    elif stated:
        findings.failed(
            "file.source", name, f"It says that it was made another way: {stated.rpartition('/')[2]}, not {kind}."
        )
    else:
        findings.failed("file.source", name, "It doesn't say how it was made.")


def _stated(suffix: str, data: bytes) -> str:
    if suffix == ".pdf":
        with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata(update_docinfo=False) as meta:
            return str(meta.get(_IPTC, ""))
    if suffix == ".svg":
        return _in_xml(ElementTree.fromstring(data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as image:
            packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    return _in_xml(ElementTree.fromstring(packet)) if packet else ""


def _in_xml(root: ElementTree.Element) -> str:
    """The first digital source type inside RDF, written as an element, an attribute or a reference."""
    for described in root.iter(f"{_RDF}Description"):
        for value in (described.get(_IPTC), *(_value(e) for e in described.findall(_IPTC))):
            if value:
                return value.strip()
    return ""


def _value(element: ElementTree.Element) -> str:
    return element.get(f"{_RDF}resource") or element.text or ""

"""PDF/X-4 (ISO 15930-7) read strictly: what a print shop's preflight refuses, found before the buyer pays for a print.

It must never use the code that makes our PDFs print-ready.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Any

import pikepdf

_VERSION = re.compile(r"PDF/X-4p?\Z")
_DEVICE_OPERATORS = {"rg": "/DefaultRGB", "RG": "/DefaultRGB"}


def problem(pdf: pikepdf.Pdf) -> str:
    """The first rule of PDF/X-4 that a document breaks, as a sentence; empty when none is found."""
    for rule in (_header, _intent, _identified, _trapped):
        if words := rule(pdf):
            return words
    for number, page in enumerate(pdf.pages, start=1):
        if words := _page(page):
            return f"Page {number} {words}"
    return ""


def _header(pdf: pikepdf.Pdf) -> str:
    if pdf.is_encrypted:
        return "It is encrypted."
    if tuple(int(n) for n in pdf.pdf_version.split(".")) > (1, 6):
        return f"It is PDF {pdf.pdf_version}; PDF/X-4 ends at 1.6."
    if "/ID" not in pdf.trailer:
        return "It has no file identifier."
    return ""


def _intent(pdf: pikepdf.Pdf) -> str:
    """Exactly one PDF/X output intent, with the profile of a printing device."""
    found = [i for i in pdf.Root.get("/OutputIntents", []) if i.get("/S") == "/GTS_PDFX"]
    if len(found) != 1:
        return "It doesn't name the printing condition it is made for (output intent)."
    [intent] = found
    if not str(intent.get("/OutputConditionIdentifier", "")):
        return "Its output intent has no name."
    profile = intent.get("/DestOutputProfile")
    if profile is None:
        return "Its output intent has no color profile."
    data = profile.read_bytes()
    if len(data) < 132 or data[36:40] != b"acsp" or struct.unpack_from(">I", data)[0] != len(data):
        return "The color profile of its output intent is damaged."
    if data[12:16] != b"prtr":
        return "The color profile of its output intent isn't of a printing device."
    channels = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}.get(data[16:20])
    if channels != profile.get("/N"):
        return "The color profile of its output intent has another number of channels than it says."
    return ""


def _identified(pdf: pikepdf.Pdf) -> str:
    """XMP metadata with the version, a title, dates and the document's identifiers."""
    if "/Metadata" not in pdf.Root:
        return "It has no metadata."
    with pdf.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as meta:
        if not _VERSION.match(str(meta.get("pdfxid:GTS_PDFXVersion", ""))):
            return "Its metadata doesn't say that it is PDF/X-4."
        needed = ("dc:title", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmpMM:DocumentID")
        for key in (*needed, "xmpMM:VersionID", "xmpMM:RenditionClass"):
            if not meta.get(key):
                return f"Its metadata has no {key}."
    return ""


def _trapped(pdf: pikepdf.Pdf) -> str:
    if str(pdf.docinfo.get("/Trapped", "")) not in ("/True", "/False"):
        return "It doesn't say whether it is trapped."
    return ""


def _page(page: pikepdf.Page) -> str:
    if "/TrimBox" not in page.obj:
        return "doesn't say where it is trimmed."
    if "/BleedBox" not in page.obj:
        return "has no bleed."
    if any(a.get("/Subtype") not in ("/PrinterMark", "/TrapNet") for a in page.obj.get("/Annots", [])):
        return "has a link or a note on it."
    resources: Any = page.obj.get("/Resources", {})
    spaces = resources.get("/ColorSpace", {})
    for image in _images(resources):
        if str(image.get("/ColorSpace")) == "/DeviceRGB" and "/DefaultRGB" not in spaces:
            return "has an image whose colors no profile describes."
    used = {str(op.operator) for op in pikepdf.parse_content_stream(page)}
    if used & _DEVICE_OPERATORS.keys() and "/DefaultRGB" not in spaces:
        return "uses RGB colors that no profile describes."
    return ""


def _images(resources: Any, depth: int = 0) -> Iterator[Any]:
    for drawn in resources.get("/XObject", {}).values():
        if drawn.get("/Subtype") == "/Image":
            yield drawn
        elif drawn.get("/Subtype") == "/Form" and depth < 8 and "/Resources" in drawn:
            yield from _images(drawn.Resources, depth + 1)

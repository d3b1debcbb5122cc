"""What a print shop's preflight asks of a PDF: the file is brought to the rules of PDF/X-4 (ISO 15930-7).

Colors stay sRGB and say so (an ICC profile on every image and on every page), the output intent names the printing
condition, no font is left out, nothing is encrypted. It must never change what the page shows, and never add a date of its
own: the same file stays the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import struct
import uuid
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pyvips
from pikepdf import Array, Dictionary, Name, Object, Pdf

VERSION = "PDF/X-4"
# The CMYK printer profile that comes with libvips, by Graeme W. Gill, in the public domain.
CONDITION = "Chemical proof"
_DATE = "2000-01-01T00:00:00+00:00"


class NotPrintReady(ValueError):
    """A PDF that cannot be made print-ready. The message is one plain sentence."""


def make_print_ready(path: Path) -> None:
    """Bring a PDF of our own, whole or not at all, to PDF/X-4: output intent, page boxes, ICC colors, metadata.

    Idempotent: a file made ready once is left as it is. Raises NotPrintReady for a page without TrimBox or BleedBox or with a
    font that is not embedded.
    """
    part = path.with_name(f"{path.name}.x4")
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with pikepdf.open(path) as pdf:
            if "/OutputIntents" in pdf.Root:
                return
            _refuse(pdf)
            srgb = pdf.make_indirect(Array([Name.ICCBased, _profile(pdf, "srgb", 3)]))
            pdf.Root.OutputIntents = Array([_intent(pdf)])
            for page in pdf.pages:
                _color(page, srgb)
            _metadata(pdf, digest)
            pdf.save(part, min_version="1.6", deterministic_id=True, fix_metadata_version=False)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def unembedded_fonts(pdf: Pdf) -> list[str]:
    """The names of all fonts the pages use without carrying them."""
    missing: list[str] = []
    for page in pdf.pages:
        resources: Any = page.obj.get("/Resources", Dictionary())
        for font in resources.get("/Font", Dictionary()).values():
            inner: Any = font.DescendantFonts[0] if font.get("/Subtype") == Name.Type0 else font
            held: Any = inner.get("/FontDescriptor", Dictionary())
            if font.get("/Subtype") != Name.Type3 and not any(f"/FontFile{n}" in held for n in ("", "2", "3")):
                missing.append(str(font.get("/BaseFont", "?")))
    return missing


def _refuse(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise NotPrintReady("An encrypted PDF cannot be made print-ready.")
    for page in pdf.pages:
        if "/TrimBox" not in page or "/BleedBox" not in page:
            raise NotPrintReady("A page does not say where it is trimmed.")
    if missing := unembedded_fonts(pdf):
        raise NotPrintReady(f"A font is not embedded: {missing[0]}.")


@cache
def _icc(name: str) -> bytes:
    return bytes(pyvips.Operation.call("profile_load", name))


def _profile(pdf: Pdf, name: str, channels: int) -> Object:
    stream = pdf.make_stream(_icc(name))
    stream.N = channels
    return stream


def _intent(pdf: Pdf) -> Object:
    data = _icc("cmyk")
    # An output intent needs the profile of a printing device, not of a display.
    assert struct.unpack("4s4s", data[12:20]) == (b"prtr", b"CMYK"), "libvips' CMYK profile is of a printer"
    return pdf.make_indirect(
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFX,
            OutputConditionIdentifier=CONDITION,
            Info="CMYK offset printing; the colors of this file are sRGB and are converted by the print shop",
            DestOutputProfile=_profile(pdf, "cmyk", 4),
        )
    )


def _color(page: pikepdf.Page, srgb: Object) -> None:
    """Say of every RGB color on a page that it is sRGB."""
    resources = page.Resources
    if "/ColorSpace" not in resources:
        resources.ColorSpace = Dictionary()
    resources.ColorSpace.DefaultRGB = srgb
    for image in page.get_images().values():
        if image.get("/ColorSpace") == Name.DeviceRGB:
            image.ColorSpace = srgb


def _metadata(pdf: Pdf, digest: str) -> None:
    pdf.docinfo["/Trapped"] = Name("/False")
    pdf.docinfo["/ModDate"] = pdf.docinfo["/CreationDate"]
    title = str(pdf.docinfo["/Title"])
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["dc:title"] = title
        meta["xmp:CreatorTool"] = "Elistit"
        for date in ("CreateDate", "ModifyDate", "MetadataDate"):
            meta[f"xmp:{date}"] = _DATE
        meta["pdf:Producer"] = str(pdf.docinfo.get("/Producer", "Elistit"))
        meta["pdf:Trapped"] = "False"
        meta["pdfxid:GTS_PDFXVersion"] = VERSION
        meta["xmpMM:VersionID"] = "1"
        meta["xmpMM:RenditionClass"] = "default"
        meta["xmpMM:DocumentID"] = f"uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"

"""PDFs as a buyer's programs and a print shop read them: drawn by PDFium, their structure read through pikepdf.

Lengths in points (1/72 in). It must never repair a file, and never use the code that writes our PDFs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2

from elistit.trial import printready
from elistit.trial.report import Findings

_POINTS, _NEAR, _SMALL = 72.0, 0.75, 160.0
_BAD_ACTIONS = {"/JavaScript", "/Launch", "/GoToR", "/ImportData", "/SubmitForm"}
PAGES_MAX = 500


@dataclass(frozen=True)
class Wanted:
    """What was promised of a PDF. `trim`: width and height in inches of the page after trimming; `link`: an address
    that must be clickable; `images`: the number of raster images on its pages."""

    pages: int | None = None
    trim: tuple[float, float] | None = None
    media: tuple[float, float] | None = None
    print_ready: bool = False
    link: str = ""


def look_at(name: str, data: bytes, wanted: Wanted, findings: Findings) -> dict[str, Any]:
    """Check one PDF. Returns `pages`, `inches` (first page), `images`, `links`; empty when it doesn't open."""
    try:
        _draw(data)
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _opened(name, pdf, wanted, findings)
    except (
        pikepdf.PdfError,
        pypdfium2.PdfiumError,
        ValueError,
        RecursionError,
        KeyError,
        TypeError,
        AttributeError,
    ) as no:
        asks = isinstance(no, pikepdf.PasswordError) or "password" in str(no).lower()
        words = "it asks for a password." if asks else "it is damaged or breaks off."
        findings.failed("pdf.opens", name, f"The PDF can't be opened: {words}")
        return {}


def _draw(data: bytes) -> None:
    """Draw every page small. Raises PdfiumError for a page that can't be drawn, ValueError for none."""
    document = pypdfium2.PdfDocument(data)
    try:
        if not 0 < len(document) <= PAGES_MAX:
            raise ValueError("no pages")
        for page in document:
            page.render(scale=_SMALL / max(page.get_size())).close()
            page.close()
    finally:
        document.close()


def _opened(name: str, pdf: pikepdf.Pdf, wanted: Wanted, findings: Findings) -> dict[str, Any]:
    pages = list(pdf.pages)
    # A reader that repairs what it opens reports it; a buyer's program may not repair it.
    repaired = bool(pdf.get_warnings())
    findings.judge(
        "pdf.opens", name, "The PDF is damaged; some programs repair it and others don't." if repaired else "",
        f"{len(pages)} {'page' if len(pages) == 1 else 'pages'}",
    )  # fmt: skip
    loose = sorted({str(font) for page in pages for font in _loose_fonts(page.obj.get("/Resources"))})
    findings.judge("pdf.fonts", name, f"It uses {loose[0]} without carrying it." if loose else "")
    findings.judge("pdf.safe", name, _unsafe(pdf))
    findings.judge("pdf.boxes", name, next((w for page in pages if (w := _boxes(page))), ""))
    findings.judge("pdf.size", name, _size(pages, wanted), _inches(_box(pages[0], "/TrimBox")))
    if wanted.print_ready:
        findings.judge("pdf.print_ready", name, printready.problem(pdf), "PDF/X-4")
    links = [str(a.A.URI) for page in pages for a in _annotations(page) if "/A" in a and "/URI" in a.A]
    if wanted.link:
        there = wanted.link in links
        findings.judge("delivery.link", name, "" if there else "The buyer's download link isn't on the card.")
    width, height = _sides(_box(pages[0], "/TrimBox"))
    images = sum(len(page.get_images()) for page in pages)
    return {"pages": len(pages), "inches": [round(width, 3), round(height, 3)], "images": images}


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    yield from page.obj.get("/Annots", [])


def _loose_fonts(resources: Any, depth: int = 0) -> Iterator[str]:
    """Fonts that are used but not embedded, on a page and in the forms drawn on it."""
    if resources is None or depth > 8:
        return
    for font in resources.get("/Font", {}).values():
        inner = font.DescendantFonts[0] if font.get("/Subtype") == "/Type0" else font
        held = inner.get("/FontDescriptor", {})
        if font.get("/Subtype") == "/Type3":
            yield from _loose_fonts(font.get("/Resources"), depth + 1)
        elif not any(key in held and len(held[key].read_bytes()) for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield str(font.get("/BaseFont", "/a font without a name")).lstrip("/")
    for drawn in resources.get("/XObject", {}).values():
        if drawn.get("/Subtype") == "/Form":
            yield from _loose_fonts(drawn.get("/Resources"), depth + 1)


def _unsafe(pdf: pikepdf.Pdf) -> str:
    if pdf.is_encrypted:
        return "It is encrypted, so print shops can't use it."
    names: Any = pdf.Root.get("/Names", {})
    if "/JavaScript" in names or ("/EmbeddedFiles" in names and not _only_a_manifest(names.EmbeddedFiles)):
        return "It carries a program or another file."
    actions = [pdf.Root.get("/OpenAction")]
    actions += [a.get("/A") for page in pdf.pages for a in _annotations(page)]
    for action in actions:
        if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _BAD_ACTIONS:
            return "Opening or clicking it starts a program or opens another file."
    return ""


def _only_a_manifest(tree: Any) -> bool:
    """Whether a PDF's only attachment is a C2PA manifest, by its name and its first box (C2PA 2.1, A.4). Anything else
    would be a file for the buyer to open."""
    listed = list(tree.get("/Names", []))
    if "/Kids" in tree or len(listed) != 2:
        return False
    described = listed[1]
    if str(described.get("/AFRelationship", "")) != "/C2PA_Manifest":
        return False
    data = bytes(described.EF.F.read_bytes())
    return len(data) == int.from_bytes(data[:4], "big") and data[4:8] == b"jumb" and data[16:20] == b"c2pa"


def _box(page: pikepdf.Page, kind: str) -> list[float]:
    """A page box as left, bottom, right, top; the enclosing box if the page doesn't define it."""
    for name in (kind, "/CropBox", "/MediaBox"):
        value = page.obj.get(name)
        if value is None and name != kind:
            value = page.cropbox if name == "/CropBox" else page.mediabox
        if value is not None:
            x1, y1, x2, y2 = (float(v) for v in value)
            return [min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)]
    raise ValueError("a page without a size")


def _boxes(page: pikepdf.Page) -> str:
    """Why the boxes of a page aren't nested; empty when they are."""
    media = [float(v) for v in page.mediabox]
    if media[2] - media[0] < 1 or media[3] - media[1] < 1:
        return "A page has no size."
    outer, outer_name = media, "page"
    for kind, words in (("/BleedBox", "bleed"), ("/TrimBox", "trim")):
        if kind not in page.obj:
            continue
        box = _box(page, kind)
        inside = box[0] >= outer[0] - _NEAR and box[1] >= outer[1] - _NEAR
        inside = inside and box[2] <= outer[2] + _NEAR and box[3] <= outer[3] + _NEAR
        if not inside:
            return f"The {words} box of a page reaches beyond its {outer_name} box."
        outer, outer_name = box, words
    return ""


def _sides(box: list[float]) -> tuple[float, float]:
    return (box[2] - box[0]) / _POINTS, (box[3] - box[1]) / _POINTS


def _inches(box: list[float]) -> str:
    width, height = _sides(box)
    return f"{width:.4g} × {height:.4g} in"


def _size(pages: list[pikepdf.Page], wanted: Wanted) -> str:
    if wanted.pages is not None and len(pages) != wanted.pages:
        return f"It has {len(pages)} pages, not {wanted.pages}."
    for kind, promised in (("/TrimBox", wanted.trim), ("/MediaBox", wanted.media)):
        for page in pages if promised else ():
            if kind == "/TrimBox" and kind not in page.obj:
                return "A page doesn't say where it is trimmed."
            box = _box(page, kind)
            off = max(abs(a - b) for a, b in zip(_sides(box), promised or (), strict=True)) * _POINTS
            if off > _NEAR:
                return f"A page is {_inches(box)}, not {promised[0]:.4g} × {promised[1]:.4g} in." if promised else ""
    return ""

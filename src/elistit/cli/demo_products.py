"""What each product type promises of its files, checked by reading them back (rules §3).

The numbers stand here a second time on purpose: a proof that read them from where the files get theirs would prove
nothing. Reads files only; knows no project and no database.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from elistit.cli import demo_files
from elistit.cli.demo_files import Check, Picture

DPI = 300
CLIPART_PX = 4096
SVG_PX = 4096
TILE_PX = 3600
# A sticker is at least three inches long at print resolution.
STICKER_LEAST_PX = 900
CARD_FRONT_PX = (1500, 2100)
POSTER_INCHES = (24, 36)
# Width through height, upright.
RATIOS = {"2x3": 2 / 3, "3x4": 3 / 4, "4x5": 4 / 5, "11x14": 11 / 14, "ISO-A": 1 / 2**0.5}
RATIO_TOLERANCE = 0.002
PRINT_MAX_BYTES = 20_000_000
PAGE_LETTER = (8.5, 11.0)
SHEET_PX = (2550, 3300)
CARD_TRIM, CARD_BLEED = (10.0, 7.0), 0.125
POINTS = 72.0
MOCKUPS = 3
ETSY_LISTING_PX = 2000

Copied = dict[str, list[Path]]
Found = tuple[list[Picture], list[Check]]


@dataclass(frozen=True)
class Order:
    """What was ordered: product type, ratio, and how many images must have come out."""

    product: str
    ratio: str
    images: int

    @property
    def wide(self) -> bool:
        width, _, height = self.ratio.partition(":")
        return int(width) > int(height)


def check(order: Order, copied: Copied) -> Found:
    """The images of an order's print files, and every promise about its buyer files."""
    return CHECKS[order.product](order, copied)


def mockups(order: Order, files: list[Path]) -> Check:
    """The mockups: as many as the product includes, each a whole JPEG large enough for Etsy's zoom."""
    expected = MOCKUPS
    found, problems = demo_files.read_all(files, demo_files.read_jpeg)
    if len(files) != expected:
        problems.append(f"There are {len(files)} mockups instead of {expected}.")
    problems += [
        f"{p.name} is {p.width} × {p.height} px; one side should have at least {ETSY_LISTING_PX:,}."
        for p in found
        if max(p.width, p.height) < ETSY_LISTING_PX
    ]
    return Check("mockups", not problems, f"{len(found)} JPEGs", problems)


def sizes_stated(description: str, pictures: list[Picture]) -> Check:
    """A size in pixels that the listing states is the size of every print file: a buyer measures."""
    stated = {(int(w), int(h)) for w, h in re.findall(r"(\d{2,5}) × (\d{2,5}) pixels", description)}
    real = {(p.width, p.height) for p in pictures}
    if not stated:
        return Check("sizes in the listing", True, "none in pixels")
    words = " and ".join(f"{w} × {h}" for w, h in sorted(stated))
    problems = []
    if stated != real:
        problems.append(f"The listing says {words} pixels; the files have {len(real)} sizes, such as {_first(real)}.")
    return Check("sizes in the listing", not problems, f"{words} px", problems)


def _first(sizes: set[tuple[int, int]]) -> str:
    return " × ".join(str(v) for v in min(sizes)) if sizes else "none"


# ---- one product type each ------------------------------------------------------------------------------------------


def _clipart(order: Order, copied: Copied) -> Found:
    found, images = demo_files.pictures(copied["print"], order.images, CLIPART_PX, DPI)
    return found, [images]


def _sticker(order: Order, copied: Copied) -> Found:
    found, images = demo_files.pictures(copied["print"], order.images, None, DPI, least=STICKER_LEAST_PX)
    cuts = {f.name: f for f in copied["cut"]}
    problems = []
    for p in found:
        name = f"{Path(p.name).stem}-cut.svg"
        if name not in cuts:
            problems.append(f"There is no cut line {name}.")
        else:
            problems += cut_line_problems(cuts[name], (p.width / p.dpi, p.height / p.dpi) if p.dpi else None)
    if len(cuts) != len(found):
        problems.append(f"There are {len(cuts)} cut lines for {len(found)} stickers.")
    seen = f"{len(cuts)} SVGs, closed and as large as their stickers"
    return found, [images, Check("cut lines", not problems, seen, problems), _sheets(copied["sheet"])]


def _sheets(files: list[Path]) -> Check:
    by_name = {f.name: f for f in files}
    pages = sorted(n for n in by_name if n.endswith(".pdf"))
    problems = [] if pages else ["There is no print sheet."]
    for name in pages:
        problems += _page_problems(by_name[name], 1, PAGE_LETTER)
        png, cut = name.replace(".pdf", ".png"), name.replace(".pdf", "-cut.svg")
        problems += [f"There is no {n}." for n in (png, cut) if n not in by_name]
        if png in by_name:
            pictures, broken = demo_files.read_all([by_name[png]], demo_files.read_png)
            problems += broken
            problems += [
                f"{png} is {p.width} × {p.height} px at {p.dpi} DPI."
                for p in pictures
                if (p.width, p.height, p.dpi) != (*SHEET_PX, DPI)
            ]
        if cut in by_name:
            problems += cut_line_problems(by_name[cut], PAGE_LETTER)
    seen = f"{len(pages)} US Letter {'sheet' if len(pages) == 1 else 'sheets'}, each as PDF, PNG and cut lines"
    return Check("print sheets", not problems, seen, problems)


def _wall_art(order: Order, copied: Copied) -> Found:
    found, problems = demo_files.read_all(copied["print"], demo_files.read_jpeg)
    ratios = []
    for p in found:
        name = next((r for r in RATIOS if f"-{r}-" in p.name), "")
        ratios.append(name)
        shape = (p.height / p.width) if order.wide else (p.width / p.height)
        if not name or abs(shape - RATIOS[name]) > RATIO_TOLERANCE:
            problems.append(f"{p.name} is {p.width} × {p.height} px, which is not {name or 'one of the five ratios'}.")
        problems += _print_problems(p)
    if sorted(ratios) != sorted(RATIOS):
        problems.append(f"The ratios are {', '.join(ratios) or 'none'} instead of {', '.join(RATIOS)}.")
    seen = f"{len(found)} JPEGs, {', '.join(ratios)}, {DPI} DPI"
    return found, [Check("images", not problems, seen, problems)]


def _poster(order: Order, copied: Copied) -> Found:
    found, problems = demo_files.read_all(copied["print"], demo_files.read_jpeg)
    if len(copied["print"]) != 1:
        problems.append(f"There are {len(copied['print'])} print files instead of exactly one.")
    inches = POSTER_INCHES[::-1] if order.wide else POSTER_INCHES
    expected = (inches[0] * DPI, inches[1] * DPI)
    for p in found:
        if (p.width, p.height) != expected:
            problems.append(f"{p.name} is {p.width} × {p.height} px instead of {expected[0]} × {expected[1]}.")
        problems += _print_problems(p)
    seen = f"{len(found)} JPEG, {inches[0]} × {inches[1]} in, {DPI} DPI"
    return found, [Check("images", not problems, seen, problems)]


def _print_problems(p: Picture) -> list[str]:
    problems = []
    if p.dpi != DPI:
        problems.append(f"{p.name} says {p.dpi} DPI instead of {DPI}.")
    if p.bytes >= PRINT_MAX_BYTES:
        problems.append(f"{p.name} has {p.bytes / 1e6:.1f} MB; an Etsy file has less than 20.")
    return problems


def _svg(order: Order, copied: Copied) -> Found:
    from elistit.artwork import svgcheck

    found, images = demo_files.pictures(copied["print"], order.images, None, DPI, least=SVG_PX)
    vectors = {f.name: f for f in copied["vector"]}
    cuts = {f.name: f for f in copied["cut"]}
    problems = []
    for stem in (Path(p.name).stem for p in found):
        for name, files in ((f"{stem}.svg", vectors), (f"{stem}.pdf", vectors), (f"{stem}-cut.svg", cuts)):
            if name not in files:
                problems.append(f"There is no {name}.")
            elif name.endswith(".pdf"):
                problems += _page_problems(files[name], 1, None)
                problems += [f"{name} contains a pixel image."] if _has_raster(files[name]) else []
            else:
                problems += [f"{name}: {words}" for words in svgcheck.validate_svg(files[name])]
                if name.endswith("-cut.svg"):
                    problems += cut_line_problems(files[name], None)
    svgs = [n for n in vectors if n.endswith(".svg")]
    if len(svgs) != order.images or len(cuts) != order.images:
        problems.append(f"There are {len(svgs)} SVGs and {len(cuts)} cut files instead of {order.images} each.")
    seen = f"{len(svgs)} SVGs without pixels, each with PDF and cut file"
    return found, [images, Check("vector files", not problems, seen, problems)]


def _greeting_card(order: Order, copied: Copied) -> Found:
    found, problems = demo_files.read_all(copied["print"], demo_files.read_png)
    if len(found) != 1:
        problems.append(f"There are {len(found)} front images instead of one.")
    for p in found:
        if (p.width, p.height, p.dpi) != (*CARD_FRONT_PX, DPI):
            problems.append(f"{p.name} is {p.width} × {p.height} px at {p.dpi} DPI.")
    front = Check("images", not problems, f"the front, {CARD_FRONT_PX[0]} × {CARD_FRONT_PX[1]} px, {DPI} DPI", problems)
    pdfs = [f for f in copied["vector"] if f.suffix == ".pdf"]
    wrong = [] if len(pdfs) == 1 else [f"There are {len(pdfs)} card PDFs instead of one."]
    for pdf in pdfs:
        wrong += _page_problems(pdf, 2, None)
        wrong += _box_problems(pdf)
    seen = "a PDF of two pages, 10 × 7 in trimmed, with bleed"
    return found, [front, Check("card PDF", not wrong, seen, wrong)]


def _pattern(order: Order, copied: Copied) -> Found:
    """Every tile a JPEG of 12 × 12 in that joins itself, every SVG tile one that repeats, and a scale sheet."""
    from elistit.artwork import svgcheck, tilepictures

    found, problems = demo_files.read_all(copied["print"], demo_files.read_jpeg)
    if len(found) != order.images:
        problems.append(f"There are {len(found)} tiles instead of {order.images}.")
    for p in found:
        if (p.width, p.height) != (TILE_PX, TILE_PX):
            problems.append(f"{p.name} is {p.width} × {p.height} px instead of {TILE_PX} × {TILE_PX}.")
        problems += _print_problems(p)
    images = Check("images", not problems, f"{len(found)} JPEGs, 12 × 12 in, {DPI} DPI", problems)
    seams = [words for f in copied["print"] for words in demo_files.seam_problems(f)]
    joined = Check("seams", not seams, f"{len(found)} tiles join at their edges", seams)
    drawings = [f for f in copied["vector"] if f.suffix == ".svg"]
    wrong = [f"{f.name}: {words}" for f in drawings for words in svgcheck.validate_svg(f)]
    wrong += [f"{f.name}: {words}" for f in drawings if (words := tilepictures.repeat_problem(f, 300))]
    if drawings and len(drawings) != order.images:
        wrong.append(f"There are {len(drawings)} SVG tiles instead of {order.images}.")
    sheets = [f for f in copied["sheet"] if f.suffix == ".pdf"]
    pages = -(-order.images // 6)
    faults = [] if len(sheets) == pages else [f"There are {len(sheets)} scale sheets instead of {pages}."]
    faults += [words for f in sheets for words in _page_problems(f, 1, PAGE_LETTER)]
    return found, [
        images,
        joined,
        Check("vector files", not wrong, f"{len(drawings)} repeating SVGs", wrong),
        Check("scale sheet", not faults, f"{pages} US Letter {'PDF' if pages == 1 else 'PDFs'}", faults),
    ]


def _custom(order: Order, copied: Copied) -> Found:
    """Every image as a PNG at print resolution, and every SVG that comes with one valid and without pixels."""
    from elistit.artwork import svgcheck

    found, problems = demo_files.read_all(copied["print"], demo_files.read_png)
    if len(found) != order.images:
        problems.append(f"There are {len(found)} images instead of {order.images}.")
    problems += [f"{p.name} says {p.dpi} DPI instead of {DPI}." for p in found if p.dpi != DPI]
    images = Check("images", not problems, f"{len(found)} PNGs, {DPI} DPI", problems)
    drawings = [f for f in copied["vector"] if f.suffix == ".svg"]
    wrong = [f"{f.name}: {words}" for f in drawings for words in svgcheck.validate_svg(f)]
    wrong += [words for f in copied["cut"] for words in cut_line_problems(f, None)]
    return found, [images, Check("vector files", not wrong, f"{len(drawings)} SVGs without pixels", wrong)]


CHECKS: dict[str, Callable[[Order, Copied], Found]] = {
    "clipart": _clipart,
    "sticker": _sticker,
    "wall_art": _wall_art,
    "poster": _poster,
    "svg": _svg,
    "greeting_card": _greeting_card,
    "pattern": _pattern,
    "custom": _custom,
}


# ---- readers --------------------------------------------------------------------------------------------------------


def cut_line_problems(file: Path, inches: tuple[float, float] | None) -> list[str]:
    """What is wrong with an SVG of cut lines: not readable, nothing to cut, a line that does not close, or a size (width
    and height in inches, when given) other than the sticker's."""
    try:
        root = ElementTree.parse(file).getroot()
    except (OSError, ElementTree.ParseError):
        return [f"{file.name} cannot be read."]
    problems = []
    lines = [e.get("d", "") for e in root.iter() if e.tag.rpartition("}")[2] == "path"]
    runs = [run for line in lines for run in re.findall(r"[Mm][^Mm]*", line)]
    if not runs:
        problems.append(f"{file.name} has no line to cut.")
    if any(not run.strip().endswith(("Z", "z")) for run in runs):
        problems.append(f"A line in {file.name} does not close.")
    if inches is not None:
        stated = [root.get(side, "") for side in ("width", "height")]
        sizes = [float(s[:-2]) if re.fullmatch(r"[\d.]+in", s) else 0.0 for s in stated]
        if any(abs(a - b) > 0.01 for a, b in zip(sizes, inches, strict=True)):
            problems.append(f"{file.name} is {stated[0]} × {stated[1]}, not as large as what it cuts.")
    return problems


def _page_problems(file: Path, pages: int, inches: tuple[float, float] | None) -> list[str]:
    import pikepdf

    try:
        with pikepdf.open(file) as document:
            if len(document.pages) != pages:
                return [f"{file.name} has {len(document.pages)} pages instead of {pages}."]
            if inches is None:
                return []
            left, bottom, right, top = (float(v) / POINTS for v in document.pages[0].mediabox)
    except pikepdf.PdfError:
        return [f"{file.name} cannot be opened."]
    if abs(right - left - inches[0]) > 0.01 or abs(top - bottom - inches[1]) > 0.01:
        return [f"{file.name} is {right - left:.2f} × {top - bottom:.2f} in instead of {inches[0]} × {inches[1]}."]
    return []


def _has_raster(file: Path) -> bool:
    import pikepdf

    with pikepdf.open(file) as document:
        return any(page.get_images() for page in document.pages)


def _box_problems(file: Path) -> list[str]:
    import pikepdf

    problems = []
    try:
        with pikepdf.open(file) as document:
            for number, page in enumerate(document.pages, start=1):
                if "/TrimBox" not in page.obj or "/BleedBox" not in page.obj:
                    problems.append(f"Page {number} of {file.name} does not say where to trim.")
                    continue
                trim, bleed = ([float(v) / POINTS for v in box] for box in (page.trimbox, page.bleedbox))
                size = (trim[2] - trim[0], trim[3] - trim[1])
                if any(abs(a - b) > 0.01 for a, b in zip(size, CARD_TRIM, strict=True)):
                    problems.append(f"Page {number} of {file.name} is trimmed to {size[0]:.2f} × {size[1]:.2f} in.")
                room = [trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3]]
                if any(abs(r - CARD_BLEED) > 0.01 for r in room):
                    problems.append(f"Page {number} of {file.name} has no bleed of {CARD_BLEED} in.")
    except pikepdf.PdfError:
        problems.append(f"{file.name} cannot be opened.")
    return problems

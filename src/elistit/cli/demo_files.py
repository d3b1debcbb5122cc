"""Reads back what a demo made and says whether each promise about the files held.

Trusts nothing that was recorded: sizes, resolution and transparency come from the files themselves, listing and draft
are compared with the rules. Writes nothing.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

INCH_IN_METERS = 0.0254
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ZIP_MAX_BYTES = 20_000_000
ZIPS_MAX = 5


@dataclass
class Check:
    """One promise: its name, whether it held, and what was seen."""

    name: str
    ok: bool
    seen: str
    problems: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Picture:
    """What one PNG file says of itself, read from its chunks, and what its pixels are. `dpi` is 0 when not stated."""

    name: str
    width: int
    height: int
    dpi: int
    bytes: int
    transparent: bool
    digest: str


def read_png(file: Path) -> Picture:
    """Read one PNG. Raises ValueError when it is not a whole one."""
    import pyvips

    raw = file.read_bytes()
    if not raw.startswith(PNG_SIGNATURE):
        raise ValueError(f"{file.name} is not a PNG file.")
    width, height, dpi = 0, 0, 0
    at = len(PNG_SIGNATURE)
    while at + 8 <= len(raw):
        length, kind = struct.unpack(">I4s", raw[at : at + 8])
        body = raw[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
        elif kind == b"pHYs":
            across, down, unit = struct.unpack(">IIB", body)
            dpi = round(across * INCH_IN_METERS) if unit == 1 and across == down else 0
        at += 12 + length
    try:
        image = pyvips.Image.new_from_buffer(raw, "", fail_on="truncated")
        alpha = image.extract_band(image.bands - 1) if image.hasalpha() else None
        transparent = alpha is not None and alpha.min() == 0 and alpha.max() == 255
        small = image.thumbnail_image(64, height=64, size="force")
        digest = hashlib.sha256(small.write_to_memory()).hexdigest()
    except pyvips.Error as broken:
        raise ValueError(f"{file.name} cannot be read to its end.") from broken
    return Picture(file.name, width, height, dpi, len(raw), bool(transparent), digest)


def read_jpeg(file: Path) -> Picture:
    """Read one JPEG to its end. Raises ValueError when it is not a whole one."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file, formats=["JPEG"]) as image:
            width, height = image.size
            across, down = image.info.get("dpi", (0, 0))
            # Decoded at an eighth: every byte is read, and a poster does not need its full size in memory.
            image.draft("RGB", (width // 8, height // 8))
            digest = hashlib.sha256(image.convert("RGB").resize((64, 64)).tobytes()).hexdigest()
    except (OSError, UnidentifiedImageError) as broken:
        raise ValueError(f"{file.name} is not a whole JPEG file.") from broken
    dpi = round(across) if across == down else 0
    return Picture(file.name, width, height, dpi, file.stat().st_size, False, digest)


def read_all(files: list[Path], read: Callable[[Path], Picture]) -> tuple[list[Picture], list[str]]:
    """The images that could be read, and a sentence for each that could not."""
    found, problems = [], []
    for file in files:
        try:
            found.append(read(file))
        except ValueError as broken:
            problems.append(str(broken))
    return found, problems


def seam_problems(file: Path) -> list[str]:
    """What shows where a tile repeats: the mean difference of its outermost columns (or rows) to each other, larger than any between
    two neighbors inside. Measured on the decoded file, by sums of red, green and blue."""
    import numpy as np
    from PIL import Image

    with Image.open(file) as image:
        pixels = np.asarray(image.convert("RGB"), np.int16)
    problems = []
    for sides, lines in (("left and right", pixels.swapaxes(0, 1)), ("top and bottom", pixels)):
        inside = max(float(np.abs(lines[k + 1] - lines[k]).mean()) for k in range(len(lines) - 1))
        seam = float(np.abs(lines[0] - lines[-1]).mean())
        if seam > inside:
            problems.append(
                f"{file.name}: its {sides} edges differ by {seam:.2f}, lines inside by at most {inside:.2f}."
            )
    return problems


def pictures(
    files: list[Path], expected: int, px: int | None, dpi: int, *, least: int = 0
) -> tuple[list[Picture], Check]:
    """The print files: as many as promised, all distinct, transparent, at `dpi`; `px` pixels a side, or, when that is
    None, at least `least` on the longest side."""
    found, problems = read_all(files, read_png)
    for p in found:
        if px is None and max(p.width, p.height) < least:
            problems.append(f"{p.name} is {p.width} × {p.height} px; its longest side should have at least {least}.")
        elif px is not None and (p.width, p.height) != (px, px):
            problems.append(f"{p.name} is {p.width} × {p.height} px instead of {px} × {px}.")
        if p.dpi != dpi:
            problems.append(f"{p.name} says {p.dpi} DPI instead of {dpi}.")
        if not p.transparent:
            problems.append(f"{p.name} has no transparent background.")
    if len(found) != expected:
        problems.append(f"There are {len(found)} images instead of {expected}.")
    if len({p.digest for p in found}) != len(found):
        problems.append("Two of the images are identical.")
    size = f"{px} × {px} px" if px else f"{min((max(p.width, p.height) for p in found), default=0)} px or longer"
    seen = f"{len({p.digest for p in found})} distinct transparent PNGs, {size}, {dpi} DPI"
    return found, Check("images", not problems, seen if not problems else f"{len(found)} images", problems)


def zips(files: list[Path], names: list[str], downloads: Sequence[Path] = ()) -> Check:
    """The delivery ZIPs: within Etsy's limits, whole, and holding every file of `names`. What is too large for Etsy may be in one of
    `downloads`, which buyers get with the link on the product card."""
    problems = [
        f"{file.name} has {file.stat().st_size / 1e6:.1f} MB, more than 20."
        for file in files
        if file.stat().st_size > ZIP_MAX_BYTES
    ]
    inside: set[str] = set()
    for file in [*files, *downloads]:
        try:
            with zipfile.ZipFile(file) as archive:
                if broken := archive.testzip():
                    problems.append(f"{broken} in {file.name} is damaged.")
                inside |= {Path(n).name for n in archive.namelist()}
        except zipfile.BadZipFile:
            problems.append(f"{file.name} is not a ZIP file.")
    if not 1 <= len(files) <= ZIPS_MAX:
        problems.append(f"There are {len(files)} ZIPs; an Etsy listing takes 1 to {ZIPS_MAX}.")
    if missing := sorted(set(names) - inside):
        problems.append(f"Not in any ZIP: {', '.join(missing[:5])}.")
    seen = f"{len(files)} of at most {ZIPS_MAX}, {_sizes(files)}"
    if downloads:
        seen += f", and {_sizes(downloads)} by the link on the card"
    return Check("delivery ZIPs", not problems, seen, problems)


def _sizes(files: Sequence[Path]) -> str:
    return ", ".join(f"{f.stat().st_size / 1e6:.1f} MB" for f in files)


def card(file: Path | None, link: str = "") -> Check:
    """The product card: there, a PDF that opens, and with `link` where the buyer needs one."""
    if file is None or not file.is_file():
        return Check("product card", False, "missing", ["There is no product-card.pdf."])
    import pikepdf

    try:
        with pikepdf.open(file) as document:
            pages = len(document.pages)
            links = {
                str(a.A.URI) for page in document.pages for a in page.get("/Annots", []) if "/URI" in a.get("/A", {})
            }
    except pikepdf.PdfError:
        return Check("product card", False, "damaged", [f"{file.name} cannot be opened."])
    problems = [f"It doesn't link to {link}."] if link and link not in links else []
    seen = f"{pages} page{'s' if pages != 1 else ''}, {file.stat().st_size / 1e3:.0f} kB"
    return Check("product card", pages > 0 and not problems, seen, problems)


def listing(written: Any, images: list[Path], files: list[Path]) -> Check:
    """The listing text against Etsy's rules."""
    from elistit.listings import currencies, rules
    from elistit.listings.etsy import names

    found = rules.check(
        written.title,
        written.tags,
        written.description,
        written.price_cents,
        images=[(f.name, f.stat().st_size) for f in images],
        currency=written.currency or currencies.USD,
        files=list(zip(names.file_names([f.name for f in files]), [f.stat().st_size for f in files], strict=True)),
    )
    problems = [p.words for p in found]
    if len(written.tags) != 13:
        problems.append(f"There are {len(written.tags)} tags instead of 13.")
    price = currencies.get(written.currency).shown(written.price_cents)
    seen = f"title of {len(written.title)} characters, {len(written.tags)} tags, {price}"
    return Check("listing text", not problems, seen, problems)


def draft(found: dict[str, Any] | None, state: str, images: int, files: int) -> Check:
    """The draft on the Etsy sandbox: there, a draft, with every mockup and file."""
    if found is None:
        return Check("Etsy draft", False, f"recorded as {state}", ["The sandbox has no such draft."])
    has_images, has_files = _count(found.get("images")), _count(found.get("files"))
    problems = []
    if found.get("state") != "draft":
        problems.append(f"Its state is {found.get('state')} instead of draft.")
    if has_images != images:
        problems.append(f"It has {has_images} images instead of {images}.")
    if has_files != files:
        problems.append(f"It has {has_files} files instead of {files}.")
    return Check(
        "Etsy draft",
        not problems,
        f"{has_images} images, {has_files} {'file' if has_files == 1 else 'files'}, not published",
        problems,
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) else len(value or [])

"""What a worker runs of the workshop in its bounded subprocesses: whole pieces of work on files, by plain values.

Every function takes and returns JSON-safe values and is importable without Django, so that a subprocess starts quickly and
stays small. It must never know a project, a price or a state.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from elistit.artwork import card, checks, export, mockup, package

LICENCE_FILE = "LICENSES-ART.txt"
CARD_FILE = "product-card.pdf"


def unusable(image: str, width: int, height: int) -> str:
    """Why an image cannot be used at all, as one sentence; empty when it can. Sizes in pixels."""
    return checks.usable(Path(image), width, height) or ""


def examine(image: str, preview: str, transparent: bool, min_px: int) -> dict[str, Any]:
    """The automatic checks of one image: `flags` (code, words) and `signature` (hexadecimal); writes its preview."""
    found = checks.check_image(Path(image), transparent=transparent, min_px=min_px)
    export.preview(Path(image), Path(preview))
    return {
        "flags": [{"code": f.code, "words": f.words} for f in found],
        "signature": checks.signature(Path(image)).hex(),
    }


def listing_pictures(folder: str, title: str, subtitle: str, pictures: list[str], original: str) -> list[str]:
    """Draw the three included listing pictures into a folder. Their paths, in listing order."""
    paths = [Path(p) for p in pictures]
    cover, sheet, close = (Path(folder) / name for name in ("1-cover.jpg", "2-everything.jpg", "3-details.jpg"))
    mockup.cover(cover, title=title, subtitle=subtitle, images=paths)
    mockup.sheet(sheet, title=title, images=paths)
    mockup.scene(close, title=title, images=paths, original=Path(original))
    return [str(cover), str(sheet), str(close)]


def pack(folder: str, about: dict[str, Any], prints: list[str], previews: list[str]) -> list[list[str]]:
    """Make product card, licences and ZIP parts in a folder. Pairs of role and path.

    `about`: title, base (file name), facts, licence, licences (text), how_to. Raises ValueError when nothing makes the
    files fit what an Etsy listing takes.
    """
    base = Path(folder)
    pdf, text = base / CARD_FILE, base / LICENCE_FILE
    card.product_card(
        pdf,
        title=about["title"],
        thumbnails=[Path(p) for p in previews],
        facts=[(name, fact) for name, fact in about["facts"]],
        licence=about["licence"],
        how_to=about["how_to"],
        link=None,
    )
    text.write_text(about["licences"], encoding="utf-8")
    zips = base / "zip"
    zips.mkdir()
    parts = package.fit_and_zip([Path(p) for p in prints], zips, about["base"], extra=[pdf, text])
    return [["card", str(pdf)], ["licences", str(text)], *(["zip", str(p)] for p in parts)]

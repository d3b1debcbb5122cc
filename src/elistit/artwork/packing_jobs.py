"""What a worker runs in its bounded subprocesses to pack a delivery: product card, licenses, ZIP parts, and signing.

Like `artwork.jobs`: JSON-safe values in and out, importable without Django. Packing again makes the same files. It must never
know a project, a price or a state.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.artwork import parts
from elistit.on_use import OnUse

# Loaded by the subprocess that uses it, and by no process that only names these functions.
if TYPE_CHECKING:
    from elistit.artwork import card, export, package, provenance, signing
else:
    card = OnUse("elistit.artwork.card")
    export = OnUse("elistit.artwork.export")
    package = OnUse("elistit.artwork.package")
    provenance = OnUse("elistit.artwork.provenance")
    signing = OnUse("elistit.artwork.signing")

LICENCE_FILE = "LICENSES-ART.txt"
CARD_FILE = "product-card.pdf"
SIZE_FACT = "Size"


def pack(
    folder: str, about: dict[str, Any], prints: list[str], previews: list[str], others: list[str] | None = None
) -> list[list[str]]:
    """Make product card, licences and ZIP parts in a folder. Pairs of role and path. Doing it again makes the same files.

    `about`: title, base (file name), facts, licence, licences (text), how_to, marks (`provenance`), and how what is made here is
    signed (`signing.Order`, None for not at all). `prints` are the images, made smaller when nothing else fits; copies that
    are there already (`make_smaller`) are used. `others` go along as they are. The card states the size the buyer really
    gets. When nothing makes the files fit what an Etsy listing takes, they are packed with a download link
    (`pack_with_link`). Raises ValueError when two files share a name.
    """
    base = Path(folder)
    pdf, text, zips = base / CARD_FILE, base / LICENCE_FILE, base / "zip"
    zips.mkdir(exist_ok=True)
    for old in zips.glob("*.zip"):
        old.unlink()
    text.write_text(about["licences"], encoding="utf-8")
    pictures, beside = [Path(p) for p in prints], [Path(p) for p in others or []]
    order = signing.Order.of(about["signing"]) if about.get("signing") else None
    _card(pdf, about, pictures, previews)
    # A card that names another size differs by a few bytes at most.
    reserve = sum(package.cost(f) for f in (pdf, text)) + 4096
    try:
        fitted = package.fit(pictures, zips, reserve=reserve, fixed=beside, order=order)
    except package.TooLarge:
        return pack_with_link(folder, about, prints, previews, others)
    if fitted.treatment == "size":
        _card(pdf, about, fitted.files, previews)
    made = package.zip_parts([*fitted.files, *beside], zips, about["base"], extra=[pdf, text])
    return [["card", str(pdf)], ["licences", str(text)], *(["zip", str(p)] for p in made)]


def wanted(folder: str, prints: list[str], others: list[str], ahead: int) -> dict[str, Any]:
    """The next smaller copies that `pack` would make, about `ahead` of them: `pairs` of image and copy, and `px`. Empty when it
    would make no more. Forecast before there is a card, so `pack` may need another one."""
    pictures, beside = [Path(p) for p in prints], [Path(p) for p in others]
    zips = Path(folder) / "zip"
    found = package.wanted(pictures, zips, ahead=ahead, reserve=parts.CARD_RESERVE, fixed=beside) if pictures else None
    return {"pairs": [[str(src), str(out)] for src, out in found.pairs], "px": found.px} if found else {}


def make_smaller(pairs: list[list[str]], px: int | None, signing_order: dict[str, Any] | None) -> None:
    """Make the smaller copies that are `wanted`, or some of them, signed as `about["signing"]` of `pack` says. Idempotent."""
    order = signing.Order.of(signing_order) if signing_order else None
    package.make_copies(package.Copies([(Path(src), Path(out)) for src, out in pairs], px), order)


def pack_with_link(
    folder: str, about: dict[str, Any], prints: list[str], previews: list[str], others: list[str] | None = None
) -> list[list[str]]:
    """Pack what doesn't fit into an Etsy listing: everything at full quality into parts with the role `download`, and one
    delivery ZIP with the product card, which has the buyer's link, and the licences. `about` as for `pack`, with `link` and
    `link_how_to`. Doing it again makes the same files."""
    base = Path(folder)
    pdf, text, zips, apart = base / CARD_FILE, base / LICENCE_FILE, base / "zip", base / "download"
    for place in (zips, apart):
        _clear(place)
    text.write_text(about["licences"], encoding="utf-8")
    pictures, beside = [Path(p) for p in prints], [Path(p) for p in others or []]
    _card(pdf, {**about, "how_to": about["link_how_to"]}, pictures, previews, link=about["link"])
    whole = {"part_max": package.LINK_PART_MAX, "parts_max": package.LINK_PARTS_MAX}
    made = package.zip_parts([*pictures, *beside], apart, about["base"], extra=[pdf, text], **whole)
    [small] = package.zip_parts([pdf, text], zips, about["base"])
    return [
        ["card", str(pdf)], ["licences", str(text)], ["zip", str(small)], *(["download", str(p)] for p in made),
    ]  # fmt: skip


def sign(file: str, signing_order: dict[str, Any]) -> str:
    """Sign a file in place (`signing.sign`). One sentence for the operator where it can't be signed and stays as it was, else
    nothing. `signing_order`: what `signing.Order.plain` says."""
    return signing.Order.of(signing_order).sign(Path(file))


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _card(pdf: Path, about: dict[str, Any], pictures: list[Path], previews: list[str], link: str | None = None) -> None:
    facts = [(name, fact) for name, fact in about["facts"] if name != SIZE_FACT]
    facts.insert(1, (SIZE_FACT, _sizes(pictures)))
    card.product_card(
        pdf,
        title=about["title"],
        thumbnails=[Path(p) for p in previews],
        facts=facts,
        licence=about["licence"],
        how_to=about["how_to"],
        link=link,
    )
    provenance.write(pdf, provenance.marks(about.get("marks")))
    if about.get("signing"):
        # What stands in the way is found once more, and reported, where the card is kept.
        signing.Order.of(about["signing"]).sign(pdf)


def _sizes(pictures: list[Path]) -> str:
    """The pixel sizes of images in words."""
    sizes = {(i.width, i.height) for i in (export.open_image(p) for p in pictures)}
    if len(sizes) == 1:
        width, height = sizes.pop()
        return f"{width} × {height} px"
    least, most = min(max(s) for s in sizes), max(max(s) for s in sizes)
    return f"{most} px on the longest side" if least == most else f"{least} to {most} px on the longest side"

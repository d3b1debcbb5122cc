"""The upload kit: everything a seller needs to create the listing by hand, in one ZIP, for shops that aren't connected.

It contains the text, the same text as a table, the images, and the files in Etsy's order. It must never make or change
anything of a project.
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from django.conf import settings

from elistit.actions import pricing, queries
from elistit.delivery.store import open_store
from elistit.listings.etsy.terms import TRADEMARK_NOTICE
from elistit.projects.errors import NotPossible
from elistit.projects.models import FileRole, Listing, Project, ProjectFile

CSV_FIELDS = ("TITLE", "DESCRIPTION", "PRICE", "CURRENCY_CODE", "QUANTITY", "TAGS", "TYPE", "IMAGES", "FILES")
QUANTITY = 999
STEPS = (
    "1. In Etsy's Shop Manager choose Listings, then Add a listing, then Digital.",
    "2. Add the images in the folder pictures, in the order of their names.",
    "3. Copy title, description, price and tags from this file (listing.csv holds the same as a table).",
    "4. Add the files in the folder files; a listing takes five of at most 20 MB each.",
    "5. Say how the item was made, as the description does, and save as a draft.",
)


def write(project: Project, out: Path) -> None:
    """Write a finished project's kit as a ZIP. The same project gives the same bytes.

    Raises NotPossible while there is no listing or no file, StoreFailure when a file cannot be read.
    """
    listing = Listing.objects.filter(project=project, text=Listing.Text.WRITTEN).first()
    files = queries.current_files(project)
    pictures = [f for f in files if f.role == FileRole.MOCKUP]
    zips = [f for f in files if f.role == FileRole.ZIP]
    videos = [f for f in files if f.role == FileRole.VIDEO]
    if listing is None or not zips:
        raise NotPossible("The upload kit is available once the files are packed and the listing is written.")
    store = open_store(settings.STORAGE_URL)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kit:
        _put(kit, "listing.txt", _text(listing, pictures, zips, videos).encode())
        _put(kit, "listing.csv", _table(listing, pictures, zips).encode("utf-8-sig"))
        for folder, group in (("pictures", pictures), ("video", videos), ("files", zips)):
            for file in group:
                with kit.open(_entry(f"{folder}/{file.name}"), "w") as target:
                    target.write(store.local_path(file.path).read_bytes())


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))


def _put(kit: zipfile.ZipFile, name: str, data: bytes) -> None:
    kit.writestr(_entry(name), data)


def _text(listing: Listing, pictures: list[ProjectFile], zips: list[ProjectFile], videos: list[ProjectFile]) -> str:
    video = ["VIDEO, in the folder video: add it after the images", *(f.name for f in videos), ""] if videos else []
    lines = [
        "TITLE", listing.title, "", "PRICE (a suggestion)", f"{_price(listing)} {pricing.currency_of(listing).code}", "",
        "TAGS", ", ".join(listing.tags), "", "DESCRIPTION", listing.description, "",
        "IMAGES, in this order", *(f.name for f in pictures), "", *video, "FILES", *(f.name for f in zips), "",
        "HOW TO PUT IT ON ETSY", *STEPS, "", TRADEMARK_NOTICE, "",
    ]  # fmt: skip
    return "\r\n".join("\r\n".join(line.splitlines()) for line in lines)


def _table(listing: Listing, pictures: list[ProjectFile], zips: list[ProjectFile]) -> str:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(CSV_FIELDS)
    cells = (
        listing.title, listing.description, _price(listing), pricing.currency_of(listing).code, QUANTITY,
        ",".join(listing.tags), "digital", "|".join(f.name for f in pictures), "|".join(f.name for f in zips),
    )  # fmt: skip
    rows.writerow([_inert(c) for c in cells])
    return text.getvalue()


def _price(listing: Listing) -> str:
    return pricing.currency_of(listing).plain(listing.price_cents)


def _inert(cell: object) -> object:
    """The cell with an apostrophe in front if a spreadsheet would interpret it as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell

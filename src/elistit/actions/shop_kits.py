"""Kits for other shops than Etsy: a project for Shopify's importer, and for Gumroad's product form.

Each is one ZIP, made on request, free. Its instructions say what each shop can't do: Shopify fetches images only from
public addresses, and Gumroad has no importer. It must never make or change anything of a project.
"""

from __future__ import annotations

import csv
import html
import io
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from elistit import names
from elistit.actions import pricing, queries, shops, uploads
from elistit.delivery.store import Store, open_store
from elistit.listings import currencies, writer
from elistit.on_use import OnUse
from elistit.projects.errors import NotPossible
from elistit.projects.models import FileRole, Listing, Project, ProjectFile
from elistit.projects.products import product_type

if TYPE_CHECKING:
    from elistit.artwork import squares
else:
    squares = OnUse("elistit.artwork.squares")

SHOPIFY_COLUMNS = (
    "Title", "URL handle", "Description", "Vendor", "Product category", "Type", "Tags", "Published on online store",
    "Status", "SKU", "Barcode", "Option1 name", "Option1 value", "Option1 Linked To", "Option2 name", "Option2 value",
    "Option2 Linked To", "Option3 name", "Option3 value", "Option3 Linked To", "Price", "Compare-at price",
    "Cost per item", "Charge tax", "Tax code", "Unit price total measure", "Unit price total measure unit",
    "Unit price base measure", "Unit price base measure unit", "Inventory tracker", "Inventory quantity",
    "Continue selling when out of stock", "Weight value (grams)", "Weight unit for display", "Requires shipping",
    "Fulfillment service", "Product image URL", "Image position", "Image alt text", "Variant image URL", "Gift card",
    "SEO title", "SEO description",
)  # fmt: skip
"""The columns of Shopify's product template, with its names and in its order."""
SEO_TITLE_MAX, SEO_DESCRIPTION_MAX = 70, 160
GUMROAD_CURRENCIES = (
    "USD", "GBP", "EUR", "JPY", "INR", "AUD", "CAD", "HKD", "SGD", "TWD", "NZD", "BRL", "ZAR", "CHF", "ILS", "PHP", "KRW",
    "PLN", "CZK",
)  # fmt: skip
COVERS_MAX = 8
THUMBNAIL = 600
"""Gumroad asks for at least 600 × 600 pixels."""
SECONDS = 60.0
_ELSEWHERE = re.compile(r"\betsy\b", re.IGNORECASE)
NOT_YET = "This kit is available once the files are packed and the listing is written."


@dataclass(frozen=True)
class Material:
    """The content of every kit: the listing without the parts about Etsy, its images in order, and the buyer's files."""

    project: Project
    listing: Listing
    description: str
    images: list[ProjectFile]
    files: list[ProjectFile]
    shop: str
    store: Store


def shopify(project: Project, out: Path) -> None:
    """Write a project's kit for Shopify's importer as a ZIP. The same project gives the same bytes.

    Raises NotPossible while there is no listing or no file, StoreFailure when a file can't be read."""
    material = _material(project)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kit:
        _put(kit, "products.csv", _shopify_table(material).encode("utf-8"))
        _put(kit, "how-to-import.txt", _lines(_shopify_steps(material)))
        _add(kit, material, "images", material.images, lambda file: file.name)
        _add(kit, material, "files", material.files, lambda file: file.name)


def gumroad(project: Project, out: Path) -> None:
    """Write a project's kit for Gumroad's product form as a ZIP: text, covers, thumbnail and files. The same project gives the
    same bytes. Raises NotPossible while there is no listing or no file, StoreFailure when a file can't be read."""
    material = _material(project)
    covers = material.images[:COVERS_MAX]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kit:
        _put(kit, "product.txt", _lines(_gumroad_text(material)))
        _put(kit, "description.txt", _lines(material.description.splitlines()))
        # Gumroad lists characters that break an upload; our names use only letters, digits and hyphens.
        numbers = {file.pk: n for n, file in enumerate(covers, start=1)}
        _add(kit, material, "covers", covers, lambda f: f"cover-{numbers[f.pk]}{Path(f.name).suffix.lower()}")
        if covers:
            _put(kit, "thumbnail.jpg", _thumbnail(material, covers[0]))
        _add(kit, material, "files", material.files, lambda file: file.name)


KITS: dict[str, tuple[str, Callable[[Project, Path], None]]] = {
    "shopify": ("Shopify", shopify),
    "gumroad": ("Gumroad", gumroad),
}
"""Every kit by its code, with the shop's name."""


def _material(project: Project) -> Material:
    listing = Listing.objects.filter(project=project, text=Listing.Text.WRITTEN).select_related("project").first()
    files = queries.current_files(project)
    given = [f for f in files if f.role == FileRole.ZIP]
    if listing is None or not given:
        raise NotPossible(NOT_YET)
    shop = shops.of_project(project)
    return Material(
        project, listing, without_etsy(listing.description), [f for f in files if f.role == FileRole.MOCKUP], given,
        str(shop["name"]) if shop else "", open_store(settings.STORAGE_URL),
    )  # fmt: skip


def without_etsy(text: str) -> str:
    """A description without the paragraphs about Etsy: buyers elsewhere download differently."""
    return "\n\n".join(part for part in re.split(r"\n\s*\n", text.strip()) if not _ELSEWHERE.search(part))


def handle(project: Project) -> str:
    """The product's URL handle: lowercase letters, digits and hyphens, unique because of the project's id."""
    plain = unicodedata.normalize("NFKD", project.name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
    return "-".join(part for part in (words, project.pk[-8:].lower()) if part)


def as_html(text: str) -> str:
    """Plain text as HTML: paragraphs, and lists where lines begin with a bullet. Everything is escaped."""
    parts = []
    for block in re.split(r"\n\s*\n", text.strip()):
        open_list = False
        for line in (line.strip() for line in block.splitlines() if line.strip()):
            item = re.match(r"[•·*-]\s+(.*)", line)
            if bool(item) != open_list:
                parts.append("<ul>" if item else "</ul>")
                open_list = bool(item)
            parts.append(f"<li>{html.escape(item[1])}</li>" if item else f"<p>{html.escape(line)}</p>")
        if open_list:
            parts.append("</ul>")
    return "\n".join(parts)


def _shopify_table(m: Material) -> str:
    listing, project = m.listing, m.project
    first = next((line for line in m.description.splitlines() if line.strip()), "")
    row = {
        "Title": listing.title,
        "URL handle": handle(project),
        "Description": as_html(m.description),
        # Shopify requires at least two characters.
        "Vendor": m.shop if len(m.shop) > 1 else "",
        "Type": product_type(project.product).name,
        "Tags": ", ".join(listing.tags),
        "Published on online store": "FALSE",
        "Status": "draft",
        "SKU": project.pk,
        "Option1 name": "Title",
        "Option1 value": "Default Title",
        "Price": _price(listing),
        "Charge tax": "TRUE",
        "Continue selling when out of stock": "CONTINUE",
        "Requires shipping": "FALSE",
        "Fulfillment service": "manual",
        "Gift card": "FALSE",
        "SEO title": names.cut_at_word(listing.title, SEO_TITLE_MAX),
        "SEO description": names.cut_at_word(first, SEO_DESCRIPTION_MAX),
    }
    text = io.StringIO()
    table = csv.DictWriter(text, SHOPIFY_COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    table.writerow(row)
    return text.getvalue()


def _shopify_steps(m: Material) -> list[str]:
    code = pricing.currency_of(m.listing).code
    return [
        "HOW TO IMPORT IT INTO SHOPIFY", "",
        "1. In Shopify open Products, then Import, and choose products.csv. The product arrives as a draft, so nothing is sold yet.",
        "2. Open the product and add the images in the folder images, in the order of their names. The file has no image addresses: "
        "Shopify's importer only fetches images from public addresses, and this studio doesn't publish yours.",
        "3. Add the files in the folder files with the app for digital products that you use, for example Shopify's own. The importer "
        "can't attach downloads.",
        f"4. Check the price. It is {_price(m.listing)} {code}; the file has only the number, and Shopify takes it in your store's currency.",
        "5. Set the status to Active when you're ready.", "",
        "IMAGES", *(f.name for f in m.images), "", "FILES", *(f.name for f in m.files),
    ]  # fmt: skip


def _gumroad_text(m: Material) -> list[str]:
    price, code, note = _gumroad_price(m)
    return [
        "NAME", m.listing.title, "", "PRICE", f"{price} {code}", *([note] if note else []), "", "TAGS", ", ".join(m.listing.tags), "",
        "DESCRIPTION", "In description.txt.", "",
        "HOW TO PUT IT ON GUMROAD", "",
        "Gumroad has no importer for products, so this is made for its form.",
        "1. In Gumroad choose Products, New product, Digital product, and enter name and price.",
        "2. Paste the description.",
        f"3. Under Cover add the images in the folder covers, in the order of their names. Gumroad takes up to {COVERS_MAX}.",
        "4. Under Thumbnail add thumbnail.jpg.",
        "5. On the Content tab add the files in the folder files.",
        "6. Save, look at the preview, and publish when you're ready.", "",
        "COVERS", *(f.name for f in m.images[:COVERS_MAX]), "", "FILES", *(f.name for f in m.files),
    ]  # fmt: skip


def _gumroad_price(m: Material) -> tuple[str, str, str]:
    """The price in a currency Gumroad sells in: (number, code, what was changed)."""
    shown = pricing.currency_of(m.listing)
    if shown.code in GUMROAD_CURRENCIES:
        return _price(m.listing), shown.code, ""
    usd = currencies.get("USD")
    cents = writer.suggested_usd(m.project.product, m.project.count)
    note = f"(Your listing's price is {_price(m.listing)} {shown.code}. Gumroad doesn't sell in {shown.code}, so this is our suggestion in USD.)"
    return usd.plain(usd.suggested(cents)), usd.code, note


def _price(listing: Listing) -> str:
    return pricing.currency_of(listing).plain(listing.price_cents)


def _thumbnail(m: Material, image: ProjectFile) -> bytes:
    folder = Path(settings.DATA_DIR) / "work"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="kit-") as place:
        out = Path(place) / "thumbnail.jpg"
        uploads.run(squares.square, str(m.store.local_path(image.path)), str(out), THUMBNAIL, timeout=SECONDS)
        return out.read_bytes()


def _add(
    kit: zipfile.ZipFile, m: Material, folder: str, files: list[ProjectFile], called: Callable[[ProjectFile], str]
) -> None:
    for file in files:
        with (
            m.store.local_path(file.path).open("rb") as source,
            kit.open(_entry(f"{folder}/{called(file)}"), "w") as target,
        ):
            while block := source.read(1 << 20):
                target.write(block)


def _lines(lines: list[str]) -> bytes:
    return ("\r\n".join("\r\n".join(line.splitlines()) for line in lines) + "\r\n").encode()


def _put(kit: zipfile.ZipFile, name: str, data: bytes) -> None:
    kit.writestr(_entry(name), data)


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))

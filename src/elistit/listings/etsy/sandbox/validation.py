"""What the sandbox takes as a draft, an image and a file: the real service's rules, and its shapes of refusal.

Written apart from `listings.rules` on purpose, from Etsy's API document and what developers report, so that a mistake
in one is found by the other. It must never be used by the product to check a listing.
"""

from __future__ import annotations

import re
import struct
import time
import unicodedata
from typing import Any, NamedTuple

from elistit.listings.etsy.sandbox.requests import Part, Refused

REQUIRED = ("quantity", "title", "description", "price", "who_made", "when_made", "taxonomy_id")
KNOWN = {
    *REQUIRED, "type", "is_supply", "tags", "materials", "styles", "shop_section_id", "should_auto_renew", "is_taxable",
    "is_customizable", "production_partner_ids", "image_ids", "shipping_profile_id", "return_policy_id",
    "processing_min", "processing_max", "readiness_state_id", "item_weight", "item_length", "item_width", "item_height",
    "item_weight_unit", "item_dimensions_unit",
}  # fmt: skip
WHO_MADE = ("i_did", "someone_else", "collective")
OLDER = (
    "made_to_order", "2010_2019", "2007_2009", "before_2007", "2000_2006", "1990s", "1980s", "1970s", "1960s", "1950s",
    "1940s", "1930s", "1920s", "1910s", "1900s", "1800s", "1700s", "before_1700",
)  # fmt: skip
CATEGORIES = {6844: "Clip Art & Image Files", 2078: "Digital Prints"}
MEGABYTE = 1_000_000
FILE_KINDS = {
    "bmp", "doc", "gif", "jpeg", "jpg", "mobi", "mov", "mp3", "mpeg", "pdf", "png", "psp", "rtf", "stl", "txt", "zip", "epub",
    "ibook",
}  # fmt: skip


class Limits(NamedTuple):
    """What a price may be in one currency: in units, and whether only whole units."""

    least: float
    most: float
    whole: bool = False


# The currencies a shop of the sandbox can sell in.
MONEY = {
    "USD": Limits(0.20, 50_000), "EUR": Limits(0.18, 45_000), "GBP": Limits(0.16, 40_000), "CAD": Limits(0.26, 65_000),
    "AUD": Limits(0.28, 70_000), "JPY": Limits(27, 7_600_000, whole=True), "KRW": Limits(250, 70_000_000, whole=True),
    "VND": Limits(4_420, 1_300_000_000, whole=True), "IDR": Limits(3_000, 810_000_000, whole=True),
}  # fmt: skip


def eras(now: float) -> tuple[str, ...]:
    year = time.gmtime(now).tm_year
    return (f"{year - year % 10}_{year}", *OLDER)


def change(form: dict[str, str]) -> dict[str, Any]:
    """What a listing says from now on. Raises Refused; also for a state, because nothing is published here."""
    if unknown := sorted(set(form) - {"title", "description", "tags", "type"}):
        raise Refused(400, f"Invalid parameter: {unknown[0]}")
    if form.get("type", "download") != "download":
        raise Refused(400, "A shipping_profile_id is required for physical listings.")
    problems = _listed("tags", form, 13, 20, "-'™©®")
    if "title" in form:
        problems = [*_title(form["title"]), *problems]
    if problems:
        raise Refused(400, problems)
    changed: dict[str, Any] = {name: form[name] for name in ("title", "description") if form.get(name, "").strip()}
    return {**changed, "tags": _split(form["tags"])} if "tags" in form else changed


def draft(form: dict[str, str], now: float, currency: str = "USD") -> dict[str, Any]:
    """The fields of a new draft in a shop that sells in `currency`. Raises Refused with the service's own words."""
    if missing := [name for name in REQUIRED if not form.get(name, "").strip()]:
        raise Refused(400, f"Missing required parameter: {missing[0]}")
    if unknown := sorted(set(form) - KNOWN):
        raise Refused(400, f"Invalid parameter: {unknown[0]}")
    problems = [
        *_title(form["title"]),
        *_listed("tags", form, 13, 20, "-'™©®"),
        *_listed("materials", form, 13, 45, ""),
    ]
    if problems:
        raise Refused(400, problems)
    kind = form.get("type", "physical")
    if kind not in ("physical", "download", "both"):
        raise Refused(400, "Invalid value for type.")
    if kind != "download" and not form.get("shipping_profile_id"):
        raise Refused(400, "A shipping_profile_id is required for physical listings.")
    if form["who_made"] not in WHO_MADE:
        raise Refused(400, "Invalid value for who_made.")
    if form["when_made"] not in eras(now):
        raise Refused(400, "Invalid value for when_made.")
    if form.get("is_supply") not in ("true", "false"):
        raise Refused(400, "who_made, when_made and is_supply must be given together.")
    if form["who_made"] == "someone_else" and form["is_supply"] == "false":
        raise Refused(400, "Oh dear, you cannot sell this item on Etsy.")
    quantity, category = _whole(form, "quantity"), _whole(form, "taxonomy_id")
    if not 1 <= quantity <= 999:
        raise Refused(400, "quantity must be between 1 and 999.")
    if category not in CATEGORIES:
        raise Refused(400, "Invalid taxonomy_id.")
    return {
        "title": form["title"],
        "description": form["description"],
        "price_cents": _price(form["price"], currency),
        "currency": currency,
        "quantity": quantity,
        "taxonomy_id": category,
        "type": kind,
        "who_made": form["who_made"],
        "shop_section_id": _whole(form, "shop_section_id") if form.get("shop_section_id") else None,
        "should_auto_renew": form.get("should_auto_renew") == "true",
        "when_made": form["when_made"],
        "is_supply": form["is_supply"] == "true",
        "tags": _split(form.get("tags", "")),
        "materials": _split(form.get("materials", "")),
        "styles": _split(form.get("styles", "")),
    }


def picture(part: Part | None, alt_text: str, count: int) -> tuple[int | None, int | None]:
    """(width, height) of an uploaded image, when they can be read. Raises Refused."""
    if part is None or not part.filename or not part.body:
        raise Refused(400, "Either a valid image file or a listing_image_id must be provided.")
    if len(part.body) > 10 * MEGABYTE:
        raise Refused(400, "The image is larger than 10 MB.")
    if len(alt_text) > 500:
        raise Refused(400, "alt_text may have 500 characters at most.")
    if count >= 20:
        raise Refused(400, "A listing may have 20 images at most.")
    if part.body.startswith(b"\x89PNG\r\n\x1a\n") and len(part.body) > 24:
        width, height = struct.unpack(">II", part.body[16:24])
        return width, height
    if part.body.startswith((b"\xff\xd8\xff", b"GIF87a", b"GIF89a")):
        return None, None
    raise Refused(400, "Either a valid image file or a listing_image_id must be provided.")


def file(part: Part | None, name: str, there: list[dict[str, Any]]) -> None:
    """Whether a file may be added to those already there. Raises Refused."""
    if part is None or not part.body:
        raise Refused(400, "An error ocurred while uploading your file, please try again.")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._()-]{0,68}\.[A-Za-z0-9]{1,10}", name) or len(name) > 70:
        raise Refused(400, "A valid name must be provided with a new file.")
    if name.rpartition(".")[2].lower() not in FILE_KINDS:
        raise Refused(400, "This type of file is not supported.")
    if name.casefold() in {f["name"].casefold() for f in there}:
        raise Refused(400, "A file with this name is already part of the listing.")
    if len(part.body) > 20 * MEGABYTE:
        raise Refused(400, "The file is larger than 20 MB.")
    if len(there) >= 5:
        raise Refused(400, "A listing may have 5 files at most.")


# What a seller of the real service can translate into, beside the shop's own English.
LANGUAGES = ("de", "es", "fr", "it", "ja", "nl", "pl", "pt")


def translation(form: dict[str, str], language: str) -> dict[str, Any]:
    """What a listing says in a language. Raises Refused."""
    if language not in LANGUAGES:
        raise Refused(400, "Invalid value for language.")
    if missing := [name for name in ("title", "description") if not form.get(name, "").strip()]:
        raise Refused(400, f"Missing required parameter: {missing[0]}")
    if unknown := sorted(set(form) - {"title", "description", "tags"}):
        raise Refused(400, f"Invalid parameter: {unknown[0]}")
    if problems := [*_title(form["title"]), *_listed("tags", form, 13, 20, "-'™©®")]:
        raise Refused(400, problems)
    return {"title": form["title"], "description": form["description"], "tags": _split(form.get("tags", ""))}


def rank(fields: dict[str, str]) -> int:
    """The rank asked for; 1 when left out, as on the real service."""
    value = fields.get("rank", "1")
    if not value.isdigit() or int(value) < 1:
        raise Refused(400, "rank must be a positive number.")
    return int(value)


def _problem(path: str, kind: str, message: str) -> dict[str, str]:
    return {"path": path, "type": kind, "message": message}


def _title(title: str) -> list[dict[str, str]]:
    found = []
    for place, character in enumerate(title):
        group = unicodedata.category(character)
        if character in "™©®" or group in ("Nd", "Sm", "Zs") or group.startswith(("L", "P")):
            continue
        found.append(_problem(f"/title/{place}", "invalid_characters", "contains invalid characters"))
        break
    if any(title.count(mark) > 1 for mark in "%:&+"):
        found.append(_problem("/title", "repeated_characters", "may use each of % : & + once only"))
    if len(title) > 140:
        found.append(_problem("/title", "string_too_long", "must be 140 characters or fewer"))
    return found


def _split(text: str) -> list[str]:
    return [piece.strip() for piece in text.split(",") if piece.strip()]


def _listed(name: str, form: dict[str, str], most: int, longest: int, also: str) -> list[dict[str, str]]:
    entries, found = _split(form.get(name, "")), []
    if len(entries) > most:
        found.append(_problem(f"/{name}", "array_too_long", f"must have {most} items or fewer"))
    if len({e.casefold() for e in entries}) < len(entries):
        found.append(_problem(f"/{name}", "array_not_unique", "must not repeat an item"))
    for place, entry in enumerate(entries):
        groups = [unicodedata.category(c) for c in entry if c not in also]
        if any(not g.startswith("L") and g not in ("Nd", "Zs") for g in groups) or entry[0] in "-'":
            found.append(_problem(f"/{name}/{place}", "invalid_characters", "contains invalid characters"))
        if len(entry) > longest:
            found.append(_problem(f"/{name}/{place}", "string_too_long", f"must be {longest} characters or fewer"))
    return found


def _whole(form: dict[str, str], name: str) -> int:
    if not form[name].isdigit():
        raise Refused(400, f"Expected int value for '{name}' (got string)")
    return int(form[name])


def _price(text: str, currency: str) -> int:
    limits = MONEY[currency]
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", text):
        raise Refused(400, "Expected float value for 'price' (got string)")
    cents = round(float(text) * 100)
    if limits.whole and cents % 100:
        raise Refused(400, f"The price must be a whole number of {currency}.")
    if not limits.least * 100 <= cents <= limits.most * 100:
        digits = 0 if limits.whole else 2
        raise Refused(400, f"The price must be between {limits.least:.{digits}f} and {limits.most:.{digits}f}.")
    return cents

"""Where a print goes: the destination of a quote and the recipient of a draft, checked against Gelato's limits for each field.

Pure. Field names are ours; `for_gelato` gives them Gelato's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from elistit import names
from elistit.projects.errors import InvalidSpec

DESTINATION = {"country": 2, "city": 30, "post_code": 15, "state": 35}
RECIPIENT = {"first_name": 25, "last_name": 25, "address_line1": 35, "address_line2": 35, "email": 254, "phone": 25}
"""The most characters Gelato takes in each field."""
OPTIONAL = frozenset({"state", "address_line2", "phone"})
LABELS = {
    "country": "country", "city": "city", "post_code": "postal code", "state": "state or province",
    "first_name": "first name", "last_name": "last name", "address_line1": "address", "address_line2": "apartment",
    "email": "email address", "phone": "phone number",
}  # fmt: skip
STATE_NEEDED = frozenset({"US", "CA", "AU"})
_THEIRS = {
    "country": "country", "city": "city", "post_code": "postCode", "state": "state", "first_name": "firstName",
    "last_name": "lastName", "address_line1": "addressLine1", "address_line2": "addressLine2", "email": "email",
    "phone": "phone",
}  # fmt: skip
_OURS = {theirs: ours for ours, theirs in _THEIRS.items()}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# A quote is for a place; Gelato asks for a person and a street, too, which don't change the price.
_NO_ONE = {"firstName": "Price", "lastName": "Quote", "addressLine1": "Price quote 1", "email": "quote@example.com"}


def destination(typed: Mapping[str, str]) -> dict[str, str]:
    """The destination of a quote, tidied. Raises InvalidSpec by field."""
    found, wrong = _read(typed, DESTINATION)
    country = found["country"] = found["country"].upper()
    if country and not re.fullmatch("[A-Z]{2}", country):
        wrong["country"] = "Use the two-letter country code, such as US, DE or GB."
    if country in STATE_NEEDED and not found["state"]:
        wrong.setdefault("state", "Enter the state or province, such as NY.")
    if wrong:
        raise InvalidSpec(wrong)
    return found


def recipient(typed: Mapping[str, str]) -> dict[str, str]:
    """The recipient at a destination, tidied. Raises InvalidSpec by field."""
    found, wrong = _read(typed, RECIPIENT)
    if found["email"] and not _EMAIL.fullmatch(found["email"]):
        wrong.setdefault("email", "Enter an email address, such as name@example.com.")
    if wrong:
        raise InvalidSpec(wrong)
    return found


def _read(typed: Mapping[str, str], fields: Mapping[str, int]) -> tuple[dict[str, str], dict[str, str]]:
    found = {name: names.one_line(str(typed.get(name, ""))) for name in fields}
    wrong = {}
    for name, most in fields.items():
        if not found[name] and name not in OPTIONAL:
            wrong[name] = f"Enter the {LABELS[name]}."
        elif len(found[name]) > most:
            wrong[name] = f"The {LABELS[name]} is {len(found[name])} characters long; Gelato takes {most}."
    return found, wrong


def for_gelato(fields: Mapping[str, str]) -> dict[str, str]:
    """The same fields by Gelato's names, without empty ones."""
    return {_THEIRS[name]: text for name, text in fields.items() if text}


def for_quote(place: Mapping[str, str]) -> dict[str, str]:
    """A recipient for a quote: the place alone, and no one's name."""
    return {**_NO_ONE, **for_gelato(place)}


def our_name(theirs: str) -> str:
    """Our field for one Gelato names, such as `shippingAddress.postCode`; empty when it isn't one of the address."""
    return _OURS.get(re.split(r"[.\[\]/]", theirs.rstrip("]"))[-1], "")

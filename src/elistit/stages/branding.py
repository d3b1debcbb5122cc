"""What a project's brand kit adds to its delivery and its listing, from the copy the project took at its launch.

A seller's own text is checked against the files like any other claim: a line that isn't true of them is left out and
named, and never makes a stage fail. It must never read the brand kit itself, which may have changed since.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from elistit.artwork.packing_jobs import LICENCE_FILE
from elistit.listings import price_rules, truth
from elistit.listings.writer import ListingText
from elistit.projects.models import Project

Refuted = Callable[[str], bool]
"""Whether a line claims something that isn't true of the files."""
IN_THE_FILE = f"The license is in the file {LICENCE_FILE} of your download."


def of(project: Project) -> dict[str, Any]:
    """The project's copy of its brand kit; empty without one."""
    return project.brand or {}


def license_text(project: Project) -> str:
    """The license the seller gives with the files; empty for the studio's default license."""
    return str(of(project).get("license", ""))


def shop_name(project: Project) -> str:
    """The name the seller sells under; empty if none was given."""
    return str(of(project).get("shop_name", ""))


def listing_license(project: Project, refuted: Refuted) -> str:
    """The license as the listing states it: the seller's own text if every line of it is true of the files, otherwise
    where to find it. Empty without one."""
    text = license_text(project)
    return IN_THE_FILE if text and any(refuted(line) for line in text.splitlines()) else text


def finish(text: ListingText, project: Project, facts: truth.Facts, refuted: Refuted) -> ListingText:
    """A listing with the brand kit's closing text at the end of the description and its price rules applied. `notes`
    say what couldn't be used and why."""
    notes, kept = list(text.notes), dict(of(project))
    price, said = price_rules.apply(
        price_rules.read(kept.get("pricing")), project.product, text.price_cents, text.currency
    )
    notes += [said] if said else []
    lines = str(kept.get("closing", "")).splitlines()
    false = [line for line in lines if refuted(line)]
    closing = "\n".join(line for line in lines if line not in false).strip()
    description = f"{text.description}\n\n{closing}" if closing else text.description
    if closing and truth.check("", (), description, facts):
        # Each line is true, but not all of them together: then none is used.
        description, false = text.description, lines
    notes += [
        f"Left out of the description, because it isn't true of these files: “{line.strip()[:120]}”"
        for line in false
        if line.strip()
    ]
    return dataclasses.replace(text, description=description, price_cents=price, notes=tuple(notes))

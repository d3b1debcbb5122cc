"""Undoing what a seller changed in a listing: the whole text, or which of the kept titles the draft uses.

Free. It must never overwrite what was changed since, and never change a listing whose draft is on Etsy.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db import transaction

from elistit.accounts.models import User
from elistit.projects import gate, idempotency, listing_text, listing_titles
from elistit.projects.errors import NotPossible
from elistit.projects.listing_text import Text
from elistit.projects.models import Listing, Project
from elistit.projects.title_models import ListingTitle
from elistit.stages import listing_notes

CHANGED = "The listing was changed again since then, so this can't be undone. Edit the listing instead."
REMOVED = "The title used before was removed. Add it again under “Titles to compare”."


def plain(listing: Listing) -> dict[str, Any]:
    """A listing's text, JSON-safe, for `put_back`."""
    return {
        "title": listing.title,
        "tags": list(listing.tags),
        "description": listing.description,
        "price_cents": listing.price_cents,
        "currency": listing.currency,
    }


def digest(text: dict[str, Any]) -> str:
    """What tells whether a listing still has a text of `plain`."""
    return idempotency.digest(text)


def put_back(owner: User, public_id: str, before: dict[str, Any], after: str) -> None:
    """Give a listing the text it had `before` an edit, while it still has the text that edit left (the digest `after`). Doing it
    twice changes nothing. Raises NotFound, NotPossible."""
    with transaction.atomic():
        project, listing = _held(owner, public_id)
        now = plain(listing)
        if now == before:
            return
        _require(project, listing, digest(now) == after)
        text = _text(before)
        notes = listing_notes.notes(project, text.title, text.tags, text.description)
        listing_titles.save_text(owner, listing, text, notes)


def put_back_title(owner: User, public_id: str, before: str, after: str) -> None:
    """Use the title the listing had `before`, while it has the title `after` that was chosen instead. Doing it twice changes
    nothing. Raises NotFound, NotPossible."""
    with transaction.atomic():
        project, listing = _held(owner, public_id)
        if listing.title == before:
            return
        _require(project, listing, listing.title == after)
        row = ListingTitle.objects.filter(project=project, text=before, removed_at=None).first()
        if row is None:
            raise NotPossible(REMOVED)
        notes = listing_notes.notes(project, row.text, listing.tags, listing.description)
        listing_titles.use(owner, public_id, row.number, notes)


def _held(owner: User, public_id: str) -> tuple[Project, Listing]:
    """The project and its listing, whose row is held until the transaction ends: nothing else changes the text meanwhile."""
    project = gate.own_project(owner, public_id)
    listing = Listing.objects.select_for_update().filter(project=project).first()
    if listing is None:
        raise NotPossible(CHANGED)
    return project, listing


def _require(project: Project, listing: Listing, unchanged: bool) -> None:
    if not listing_text.is_editable(project, listing):
        raise NotPossible(listing_text.ON_ETSY)
    if not unchanged:
        raise NotPossible(CHANGED)


def _text(kept: dict[str, Any]) -> Text:
    return dataclasses.replace(Text(**kept), tags=tuple(kept["tags"]))

"""The seller's own hand in a listing: editing title, tags, description and price while no draft of them is on Etsy.

Everything is held against Etsy's rules by the one that calls; here only the state decides. Free, and nothing else changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from elistit.accounts.models import User
from elistit.projects import finding, gate
from elistit.projects.errors import NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.states import Stage

EDITABLE = (Listing.Draft.NONE, Listing.Draft.FAILED, Listing.Draft.SKIPPED)
ON_ETSY = "The draft is already on Etsy or being created: edit the text there."


@dataclass(frozen=True)
class Text:
    """A listing's text. `price_cents` is in hundredths of `currency`, which is the shop's; empty where that is unknown."""

    title: str
    tags: tuple[str, ...]
    description: str
    price_cents: int
    currency: str = ""


def is_editable(project: Project, listing: Listing | None) -> bool:
    """Whether the text can be edited now."""
    return bool(
        listing
        and listing.text == Listing.Text.WRITTEN
        and project.stage == Stage.COMPLETED
        and listing.draft in EDITABLE
    )


def save(owner: User, public_id: str, text: Text, notes: list[dict[str, str]] | None = None) -> Project:
    """Replace the text and the notes on it. The last one to save wins. Raises NotFound, NotPossible."""
    project = gate.own_project(owner, public_id)
    with transaction.atomic():
        saved = Listing.objects.filter(
            project=project, project__stage=Stage.COMPLETED, text=Listing.Text.WRITTEN, draft__in=EDITABLE
        ).update(
            title=text.title,
            tags=list(text.tags),
            description=text.description,
            price_cents=text.price_cents,
            currency=text.currency,
            notes=notes,
        )
        if not saved:
            raise NotPossible(ON_ETSY)
        finding.changed(project.pk)
    return project

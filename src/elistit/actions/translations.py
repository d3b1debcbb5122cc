"""Translations of a listing, as a seller requests them. Free. It must never translate: maintenance picks up the requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from elistit import ports
from elistit.accounts.models import User
from elistit.listings import translations
from elistit.projects import gate
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.title_models import ListingTranslation
from elistit.providers.chat import client

State = ListingTranslation.State
NO_MODEL = "This studio has no language model, so listings can't be translated."


def offered() -> dict[str, str]:
    """The available languages, code and name; empty if the studio has no language model."""
    return dict(translations.LANGUAGES) if client.configured() else {}


def of(project: Project) -> list[dict[str, Any]]:
    """Every translation of a project, as the API shows it."""
    listing = Listing.objects.filter(project=project).first()
    digest = _digest(listing) if listing else ""
    return [
        {
            "language": row.language, "name": translations.LANGUAGES.get(row.language, row.language), "state": row.state,
            "title": row.title, "tags": row.tags, "description": row.description, "reason": row.reason, "model": row.model,
            "current": bool(row.source) and row.source == digest,
        }
        for row in ListingTranslation.objects.filter(project=project).order_by("language")
    ]  # fmt: skip


def _digest(listing: Listing) -> str:
    return translations.Words(listing.title, tuple(listing.tags), listing.description).digest


def request(owner: User, public_id: str, languages: Sequence[str]) -> None:
    """Request translations. One that failed, or that was made from another text, is translated again; others aren't
    changed. Raises NotFound, NotPossible without a language model or a written listing, and InvalidSpec for an unknown
    language or none at all."""
    project = gate.own_project(owner, public_id)
    try:
        codes = translations.known(languages)
    except ValueError as unknown:
        raise InvalidSpec({"languages": str(unknown)}) from unknown
    if not codes:
        raise InvalidSpec({"languages": "Choose at least one language."})
    if not client.configured():
        raise NotPossible(NO_MODEL)
    with transaction.atomic():
        listing = Listing.objects.select_for_update().filter(project=project).first()
        if listing is None or listing.text != Listing.Text.WRITTEN or not listing.title:
            raise NotPossible("The listing has to be written before it can be translated.")
        digest = _digest(listing)
        for code in codes:
            row, new = ListingTranslation.objects.get_or_create(project=project, language=code)
            if not new and (row.state == State.FAILED or (row.state != State.PENDING and row.source != digest)):
                _again(row.pk)


def _again(pk: int) -> None:
    ListingTranslation.objects.filter(pk=pk).update(
        state=State.PENDING, round=F("round") + 1, tries=0, waits=0, reason="", next_try_at=ports.now(), lease="",
        lease_until=None,
    )  # fmt: skip


def retry(owner: User, public_id: str, language: str) -> None:
    """Retry a failed translation, free. Raises NotFound, NotPossible unless it failed."""
    project = gate.own_project(owner, public_id)
    row = ListingTranslation.objects.filter(project=project, language=language).first()
    if row is None:
        raise NotFound("There is no such translation.")
    if row.state != State.FAILED:
        raise NotPossible("This translation hasn't failed.")
    _again(row.pk)

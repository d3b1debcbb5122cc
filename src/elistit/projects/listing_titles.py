"""The titles a seller keeps for one listing, which of them the draft uses, and since when (rules §4).

Free. A title that was used always stays in the history. The listing's title is the one in use; every change of it goes through
this module, so that the two never differ. It must never change a listing whose draft is on Etsy.
"""

from __future__ import annotations

from django.db import transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.projects import gate, listing_text
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.listing_text import EDITABLE, ON_ETSY, Text
from elistit.projects.models import Listing, Project
from elistit.projects.states import Stage
from elistit.projects.title_models import ListingTitle

KEPT_MAX = 10


def kept(project: Project) -> list[ListingTitle]:
    """The titles there are to choose from and those that were used once, by number. Empty until a second one was kept."""
    rows = list(ListingTitle.objects.filter(project=project).order_by("number"))
    return [row for row in rows if row.removed_at is None or row.used]


def note_use(project: Project, title: str) -> ListingTitle:
    """Write down that this is the listing's title from now on. The same title again changes nothing. Runs in a transaction
    that holds the listing's row."""
    row = _row(project, title)
    last = max((use for other in project.titles.all() for use in other.used), default="")
    if not row.used or row.used[-1] != last or row.removed_at is not None:
        row.used = [*row.used, ports.now().isoformat()]
        row.removed_at = None
        row.save(update_fields=["used", "removed_at"])
    return row


def save_text(owner: User, listing: Listing, text: Text, notes: list[dict[str, str]] | None) -> Project:
    """`listing_text.save`, for a seller who keeps several titles together with which one the listing had and has, and when.
    Raises NotFound, NotPossible."""
    project = listing.project
    with transaction.atomic():
        if not ListingTitle.objects.filter(project=project).exists():
            return listing_text.save(owner, project.pk, text, notes)
        note_use(project, listing.title)
        saved = listing_text.save(owner, project.pk, text, notes)
        note_use(project, text.title)
        return saved


def add(owner: User, public_id: str, text: str) -> ListingTitle:
    """Keep one more title. The one in use is kept with it; a title that is there already is answered as it is. Raises NotFound,
    NotPossible, InvalidSpec beyond `KEPT_MAX`."""
    with transaction.atomic():
        project, listing = _held(owner, public_id)
        note_use(project, listing.title)
        choices = ListingTitle.objects.filter(project=project, removed_at=None)
        if (there := choices.filter(text=text).first()) is not None:
            return there
        if choices.count() >= KEPT_MAX:
            raise InvalidSpec({"title": f"You can keep {KEPT_MAX} titles. Remove one first."})
        row = _row(project, text)
        if row.removed_at is not None:
            row.removed_at = None
            row.save(update_fields=["removed_at"])
        return row


def use(owner: User, public_id: str, number: int, notes: list[dict[str, str]] | None = None) -> ListingTitle:
    """Let the draft use a title, with the notes on the text that go with it. Choosing it again changes nothing. Raises NotFound,
    NotPossible when a draft is on Etsy or being created."""
    with transaction.atomic():
        project, listing = _held(owner, public_id)
        row = _choice(project, number)
        if listing.title == row.text:
            return note_use(project, row.text)
        note_use(project, listing.title)
        changed = Listing.objects.filter(project=project, project__stage=Stage.COMPLETED, draft__in=EDITABLE)
        if not changed.update(title=row.text, notes=notes):
            raise NotPossible(ON_ETSY)
        return note_use(project, row.text)


def remove(owner: User, public_id: str, number: int) -> None:
    """Take a title off the choice; removing it again changes nothing. Raises NotFound, NotPossible for the one in use."""
    with transaction.atomic():
        project, listing = _held(owner, public_id)
        row = ListingTitle.objects.filter(project=project, number=number).first()
        if row is None:
            raise NotFound("There is no such title.")
        if row.text == listing.title:
            raise NotPossible("This title is in use. Use another one first, then remove it.")
        ListingTitle.objects.filter(pk=row.pk, removed_at=None).update(removed_at=ports.now())


def restore(owner: User, public_id: str, number: int) -> None:
    """Offer a removed title again; doing it twice changes nothing. Raises NotFound, NotPossible beyond `KEPT_MAX`."""
    with transaction.atomic():
        project, _ = _held(owner, public_id)
        rows = ListingTitle.objects.filter(project=project)
        row = rows.filter(number=number).first()
        if row is None:
            raise NotFound("There is no such title.")
        if row.removed_at is not None and rows.filter(removed_at=None).count() >= KEPT_MAX:
            raise NotPossible(f"You have {KEPT_MAX} other titles now. Remove one first.")
        rows.filter(pk=row.pk).update(removed_at=None)


def choice(project: Project, number: int) -> ListingTitle:
    """A title that can be chosen. Raises NotFound."""
    return _choice(project, number)


def _choice(project: Project, number: int) -> ListingTitle:
    row = ListingTitle.objects.filter(project=project, number=number, removed_at=None).first()
    if row is None:
        raise NotFound("There is no such title.")
    return row


def _held(owner: User, public_id: str) -> tuple[Project, Listing]:
    """The project and its listing, whose row is held until the transaction ends: titles are numbered one after another."""
    project = gate.own_project(owner, public_id)
    listing = Listing.objects.select_for_update().filter(project=project).first()
    if listing is None or listing.text != Listing.Text.WRITTEN or not listing.title:
        raise NotPossible("This listing has no title yet.")
    return project, listing


def _row(project: Project, text: str) -> ListingTitle:
    there = ListingTitle.objects.filter(project=project, text=text).first()
    if there is not None:
        return there
    last = ListingTitle.objects.filter(project=project).order_by("-number").first()
    return ListingTitle.objects.create(project=project, text=text, number=last.number + 1 if last else 1)

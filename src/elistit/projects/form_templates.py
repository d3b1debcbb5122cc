"""Templates of the launch form, as rows: every field under a name, to begin the next order with.

Reads and writes rows only; which fields a form has and whether they still fit is the form's to decide.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from elistit import ports
from elistit.accounts.models import User
from elistit.projects.brand_kits import checked_name
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.preset_models import FormTemplate

MOST = 50
WHAT = "a template"


def of(owner: User) -> QuerySet[FormTemplate]:
    """The templates of a seller, by name."""
    return FormTemplate.objects.filter(owner=owner, deleted_at=None)


def get(owner: User, public_id: str) -> FormTemplate:
    """One of a seller's templates. Raises NotFound for another's, a deleted and an unknown one alike."""
    found = of(owner).filter(pk=public_id).first()
    if found is None:
        raise NotFound("There is no such template.")
    return found


def save(owner: User, name: str, fields: Mapping[str, str]) -> tuple[FormTemplate, bool]:
    """Keep the fields of a form under a name; a template of that name is replaced. Also answers whether it is a new one. Raises
    InvalidSpec for the name (field `template_name`), NotPossible for one too many."""
    name = checked_name(name, WHAT, "template_name")
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=owner.pk))
        known = of(owner).filter(folded=name.casefold()).first()
        if known is None and of(owner).count() >= MOST:
            raise NotPossible(f"You have {MOST} templates. Delete one first.")
        row = known or FormTemplate(owner=owner)
        row.name, row.folded, row.fields = name, name.casefold(), dict(fields)
        row.save()
    return row, known is None


def rename(owner: User, public_id: str, name: str) -> str:
    """Rename a template. Answers the name before. Raises NotFound, InvalidSpec."""
    name = checked_name(name, WHAT)
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=owner.pk))
        row = get(owner, public_id)
        if of(owner).filter(folded=name.casefold()).exclude(pk=row.pk).exists():
            raise InvalidSpec({"name": f"You already have a template named “{name}”."})
        of(owner).filter(pk=row.pk).update(name=name, folded=name.casefold())
    return row.name


def delete(owner: User, public_id: str) -> str:
    """Delete a template. Answers its name. Can be taken back with `restore`. Raises NotFound."""
    row = get(owner, public_id)
    of(owner).filter(pk=public_id).update(deleted_at=ports.now())
    return row.name


def restore(owner: User, public_id: str) -> None:
    """Take a deletion back; doing it twice changes nothing. Raises NotFound, NotPossible when the name is taken or there is no
    room."""
    row = FormTemplate.objects.filter(owner=owner, pk=public_id).first()
    if row is None:
        raise NotFound("There is no such template.")
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=owner.pk))
        others = of(owner).exclude(pk=public_id)
        if others.filter(folded=row.folded).exists():
            raise NotPossible(f"You have another template named “{row.name}” now. Rename it first.")
        if others.count() >= MOST:
            raise NotPossible(f"You have {MOST} templates. Delete one first.")
        FormTemplate.objects.filter(pk=public_id).update(deleted_at=None)

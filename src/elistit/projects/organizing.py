"""A seller's own order in their projects: names, labels, archive and favorites.

Free, and without influence on what runs or costs. Each function says what it really changed, so that exactly that can be
undone. It must never change a project's stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from elistit import names, ports, prepared
from elistit.accounts.models import User
from elistit.projects import finding
from elistit.projects.desk_models import FILTER_NAME_MAX, LABEL_MAX, Label, ProjectLabel, SavedFilter
from elistit.projects.errors import InvalidSpec, NotFound
from elistit.projects.models import Project
from elistit.projects.orders import NAME_MAX
from elistit.projects.states import Stage

LABELS_MAX, EACH_MAX, FILTERS_MAX = 200, 20, 30
"""Most labels of a seller, most labels of one project, most saved filters."""


def own(owner: User, public_ids: Iterable[str]) -> QuerySet[Project]:
    """The seller's own projects among these, deleted ones left out."""
    return Project.objects.filter(owner=owner, pk__in=list(public_ids)).exclude(stage=Stage.DELETED)


def rename(owner: User, public_id: str, name: str) -> str:
    """Rename a project. Answers the name before. Files and listings that exist keep the name they were made with. Raises
    NotFound, InvalidSpec."""
    name = checked_name(name)
    with transaction.atomic():
        project = own(owner, [public_id]).select_for_update().first()
        if project is None:
            raise NotFound("There is no such project.")
        if project.name != name:
            Project.objects.filter(pk=public_id).update(name=name)
            finding.changed(public_id)
        return project.name


def checked_name(name: str) -> str:
    """The name as it is kept. Raises InvalidSpec for an empty and a too long one."""
    name = names.one_line(name)
    if not 0 < len(name) <= NAME_MAX:
        raise InvalidSpec({"name": f"A name has 1 to {NAME_MAX} characters."})
    return name


def archive(owner: User, public_ids: Iterable[str], *, yes: bool = True) -> list[str]:
    """Archive projects, or take them back from the archive. The ids of those that changed. Work continues in the archive."""
    return _mark(own(owner, public_ids), "archived_at", yes)


def favorite(owner: User, public_ids: Iterable[str], *, yes: bool = True) -> list[str]:
    """Make projects favorites, or not any longer. The ids of those that changed."""
    return _mark(own(owner, public_ids), "favorite_at", yes)


def _mark(projects: QuerySet[Project], field: str, yes: bool) -> list[str]:
    with transaction.atomic():
        changing = projects.filter(**{f"{field}__isnull": yes}).order_by("pk").select_for_update()
        ids = list(changing.values_list("pk", flat=True))
        Project.objects.filter(pk__in=ids).update(**{field: ports.now() if yes else None})
        return ids


# ---- labels -----------------------------------------------------------------------------------------------------------------


def checked_label(name: str) -> str:
    """A label's name as it is kept. Raises InvalidSpec for an empty and a too long one."""
    name = names.one_line(name)
    if not 0 < len(name) <= LABEL_MAX:
        raise InvalidSpec({"label": f"A label has 1 to {LABEL_MAX} characters."})
    return name


def labels(owner: User) -> list[str]:
    """The names of the labels on a seller's projects, in order."""
    return [name for (name,) in _placed.rows(owner.pk)]


@prepared.prepared
def _placed(owner_id: int) -> QuerySet[Label, Any]:
    placed = ProjectLabel.objects.filter(label__owner=owner_id).values("label")
    return Label.objects.filter(owner=owner_id, pk__in=placed).values_list("name")


def labels_of(public_ids: Iterable[str]) -> dict[str, list[str]]:
    """The labels of many projects, in one query."""
    found: dict[str, list[str]] = {pk: [] for pk in public_ids}
    for project, name in _of_projects.rows(list(found)):
        found[project].append(name)
    return found


@prepared.prepared
def _of_projects(public_ids: list[str]) -> QuerySet[ProjectLabel, Any]:
    rows = ProjectLabel.objects.filter(project__in=public_ids).order_by("label__folded")
    return rows.values_list("project", "label__name")


def saved_filters(owner: User) -> list[SavedFilter]:
    """A seller's saved filters, by name."""
    return _saved.objects(owner.pk)


@prepared.prepared
def _saved(owner_id: int) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(owner=owner_id)


def add_label(owner: User, public_ids: Iterable[str], name: str) -> list[str]:
    """Put a label on projects. The ids of those that did not have it. Raises InvalidSpec, also where a project has as many
    labels as it may."""
    name = checked_label(name)
    with transaction.atomic():
        label = _label(owner, name)
        ids = list(own(owner, public_ids).order_by("pk").values_list("pk", flat=True))
        having = set(ProjectLabel.objects.filter(label=label, project__in=ids).values_list("project", flat=True))
        changed = [pk for pk in ids if pk not in having]
        if any(len(held) >= EACH_MAX for held in labels_of(changed).values()):
            raise InvalidSpec({"label": f"A project has at most {EACH_MAX} labels."})
        made = [ProjectLabel(label=label, project_id=pk) for pk in changed]
        ProjectLabel.objects.bulk_create(made, ignore_conflicts=True)
        return changed


def _label(owner: User, name: str) -> Label:
    known = Label.objects.filter(owner=owner, folded=name.casefold()).first()
    if known is not None:
        return known
    if Label.objects.filter(owner=owner).count() >= LABELS_MAX:
        raise InvalidSpec({"label": f"You have {LABELS_MAX} labels. Remove one first."})
    try:
        with transaction.atomic():
            return Label.objects.create(owner=owner, name=name, folded=name.casefold())
    except IntegrityError:  # made by another request at the same moment
        return Label.objects.get(owner=owner, folded=name.casefold())


def remove_label(owner: User, public_ids: Iterable[str], name: str) -> list[str]:
    """Take a label off projects. The ids of those that had it. A label that is on no project any longer is gone."""
    with transaction.atomic():
        label = Label.objects.filter(owner=owner, folded=names.one_line(name).casefold()).first()
        if label is None:
            return []
        placed = ProjectLabel.objects.filter(label=label, project__in=own(owner, public_ids))
        ids = sorted(placed.values_list("project", flat=True))
        ProjectLabel.objects.filter(label=label, project__in=ids).delete()
        if not ProjectLabel.objects.filter(label=label).exists():
            label.delete()
        return ids


def set_labels(owner: User, public_id: str, wanted: Sequence[str]) -> None:
    """Give a project exactly these labels. Raises NotFound, InvalidSpec."""
    if len(wanted) > EACH_MAX:
        raise InvalidSpec({"labels": f"A project has at most {EACH_MAX} labels."})
    try:
        folded = {(name := checked_label(text)).casefold(): name for text in wanted}
    except InvalidSpec as wrong:
        raise InvalidSpec({"labels": wrong.errors["label"]}) from wrong
    with transaction.atomic():
        if not own(owner, [public_id]).exists():
            raise NotFound("There is no such project.")
        for name in labels_of([public_id])[public_id]:
            if name.casefold() not in folded:
                remove_label(owner, [public_id], name)
        for name in folded.values():
            add_label(owner, [public_id], name)


# ---- saved filters ----------------------------------------------------------------------------------------------------------


def save_filter(owner: User, name: str, query: str) -> None:
    """Keep a filter of the list under a name; one of that name is replaced. Raises InvalidSpec."""
    name = names.one_line(name)
    if not 0 < len(name) <= FILTER_NAME_MAX:
        raise InvalidSpec({"filter": f"A name has 1 to {FILTER_NAME_MAX} characters."})
    if not query:
        raise InvalidSpec({"filter": "Choose a filter first, then save it."})
    known = SavedFilter.objects.filter(owner=owner)
    if known.count() >= FILTERS_MAX and not known.filter(name=name).exists():
        raise InvalidSpec({"filter": f"You have {FILTERS_MAX} saved filters. Remove one first."})
    SavedFilter.objects.update_or_create(owner=owner, name=name, defaults={"query": query[:600]})


def remove_filter(owner: User, pk: int) -> tuple[str, str]:
    """Remove a saved filter. Answers its name and query. Raises NotFound."""
    row = SavedFilter.objects.filter(owner=owner, pk=pk).first()
    if row is None:
        raise NotFound("There is no such filter.")
    row.delete()
    return row.name, row.query

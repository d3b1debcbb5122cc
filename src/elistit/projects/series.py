"""Series: projects that belong together and look alike, because each takes over the look of the first (rules §4).

A series begins with the launch of its first project and is named by the order, as labels are. Its look is written in that
launch's transaction and never changed. It must never decide what a project costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery

from elistit import names, prepared
from elistit.accounts.models import User
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Project
from elistit.projects.preset_models import NAME_MAX, Series
from elistit.projects.products import DESIGN_OPTIONS, ProductType
from elistit.projects.states import Stage

LOOK_OPTIONS = ("art_medium", "color_palette", "mood", "composition")
"""The design options that decide how a set looks; room and what to avoid belong to each project."""
MOST = 500


def of(owner: User | int) -> QuerySet[Series]:
    """A seller's series that have a project, by name, each with the number of its projects (`held`)."""
    # Counted for each series: joined, a database reads all projects there are for a seller's few series.
    standing = Project.objects.filter(series=OuterRef("pk")).exclude(stage=Stage.DELETED).order_by().values("series")
    held = Subquery(standing.annotate(found=Count("pk")).values("found"))
    return Series.objects.filter(owner=owner).annotate(held=held).filter(held__gt=0)


def names_of(owner: User) -> list[str]:
    """The names of the series that `of` finds."""
    return [name for (name,) in _names.rows(owner.pk)]


@prepared.prepared
def _names(owner_id: int) -> QuerySet[Series, Any]:
    return of(owner_id).values_list("name")


def find(owner: User, name: str) -> Series | None:
    """The seller's series of a name, in any case; None when there is none yet."""
    return Series.objects.filter(owner=owner, folded=names.one_line(name).casefold()).first()


def checked_name(name: str, errors: dict[str, str]) -> str:
    """The name of an order's series as it is kept; empty without one."""
    tidy = names.one_line(name)
    if len(tidy) > NAME_MAX:
        errors["series"] = f"The name of a series has at most {NAME_MAX} characters."
    return tidy


def shape_of(kind: ProductType, ratio: str) -> str:
    """Whether images of a ratio are `portrait`, `landscape` or `square`."""
    width, height = kind.sizes[ratio]
    return "square" if width == height else "portrait" if height > width else "landscape"


def look_of(kind: ProductType, model: str, ratio: str, options: Mapping[str, str]) -> dict[str, Any]:
    """How a (checked) order will look: what a series keeps of its first project."""
    return {
        "product": kind.code.value,
        "model": model,
        "ratio": ratio,
        "shape": shape_of(kind, ratio),
        "options": {name: options[name] for name in LOOK_OPTIONS if options.get(name)},
    }


def ratio_for(look: Mapping[str, Any], kind: ProductType) -> str:
    """The ratio a product type is made in to match a series: the series' own, otherwise one of the same orientation; empty when the
    product type has none."""
    if look["ratio"] in kind.sizes:
        return str(look["ratio"])
    return next((ratio for ratio in kind.sizes if shape_of(kind, ratio) == look["shape"]), "")


def join(owner: User, name: str, look: Mapping[str, Any], *, begins: bool) -> Series:
    """The series a project is launched into. `begins`: it did not exist when the order was read, so `look` is what it gets.
    Must run in the launch's transaction. Raises NotPossible when it began meanwhile with another look."""
    known = find(owner, name)
    if known is None and not begins:
        raise NotPossible(f"The series “{name}” no longer exists. Check the order and launch again.")
    if known is None:
        if Series.objects.filter(owner=owner).count() >= MOST:
            raise InvalidSpec({"series": f"You have {MOST} series. Choose one of them."})
        try:
            with transaction.atomic():
                return Series.objects.create(owner=owner, name=name, folded=name.casefold(), look=dict(look))
        except IntegrityError:  # begun by another request at the same moment
            known = Series.objects.get(owner=owner, folded=name.casefold())
    if begins and not _match(known.look, look):
        raise NotPossible(
            f"The series “{known.name}” began with another project meanwhile. Check its style and palette and launch again."
        )
    return known


def _match(first: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(first.get(name) == other.get(name) for name in ("model", "shape", "options"))


def words(look: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The design options of a look as label and text, for pages."""
    return [(DESIGN_OPTIONS[name], str(text)) for name, text in look.get("options", {}).items()]

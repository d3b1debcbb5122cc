"""The list of a seller's projects: search, filters, orders, saved filters.

Reads only; what can be done from it is in `views.organizing`. However many projects there are, a page asks the database the
same number of times, and each time by an index.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from elistit.actions import organizing as acting
from elistit.prepared import Prepared, prepared
from elistit.projects import finding, organizing, series
from elistit.projects.desk_models import LABEL_MAX
from elistit.projects.models import Project
from elistit.projects.preset_models import NAME_MAX, Series
from elistit.projects.products import Product, product_type
from elistit.projects.states import Stage
from elistit.studio import context, showing
from elistit.studio.views import access, welcome

PER_PAGE = 24
NEEDS = "needs"
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    NEEDS: ("Needs you", ()),
    "waiting": ("Waiting for you", finding.WAITING),
    "running": ("Running", tuple(showing.ACTIVE_STAGES)),
    "finished": ("Finished", (Stage.COMPLETED,)),
    "failed": ("Failed", (Stage.FAILED,)),
}
"""What the list can be narrowed to: the words of the choice, and the stages it means. “Waiting for you” is part of “Needs you”:
it is shown only where an address asks for it."""
SORTS: dict[str, str] = {
    "": "Newest first",
    "oldest": "Oldest first",
    "changed": "Last changed first",
    "name": "Name, A to Z",
}


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The seller's projects as image cards, newest first; fewer or in another order as the address says."""
    owner = access.person(request)
    wanted = Wanted.of(request.GET)
    counts = _counts(int(owner.pk), wanted.archived)
    listed: QuerySet[Project] | list[Project] = wanted.of_owner(int(owner.pk)) if wanted.beyond_stages else []
    paginator: Paginator[Project] = Paginator(listed, PER_PAGE)
    if not wanted.beyond_stages:
        # They were counted a moment ago, stage by stage.
        stages = FILTERS[wanted.state][1] if wanted.state else counts
        paginator.__dict__["count"] = sum(counts.get(stage, 0) for stage in stages)
    page = paginator.get_page(request.GET.get("page"))
    if not wanted.beyond_stages:
        page.object_list = _listed(wanted, page.number).objects(int(owner.pk))
    shown: dict[str, Any] = {
        "cards": _cards(page.object_list),
        "page": page,
        "wanted": wanted,
        "choices": _choices(counts, wanted, context.needing(request)),
        "products": [(product.value, product_type(product).name) for product in Product],
        "sorts": SORTS.items(),
        "labels": organizing.labels(owner),
        "label_max": LABEL_MAX,
        "series_names": series.names_of(owner),
        "saved": organizing.saved_filters(owner),
        "most": acting.MOST,
        "moving": any(p.stage in showing.ACTIVE_STAGES for p in page.object_list),
    }
    if not shown["cards"] and not wanted:
        shown["all_archived"] = Project.objects.filter(owner=owner, archived_at__isnull=False).exists()
        shown |= welcome.context(int(owner.pk))
    return render(request, "studio/projects.html", shown)


@functools.lru_cache(maxsize=64)
def _listed(wanted: Wanted, number: int) -> Prepared[[int], Project]:
    """A page of the list where no more than stages is asked for."""
    end = number * PER_PAGE
    return prepared(lambda owner_id: wanted.of_owner(owner_id)[end - PER_PAGE : end])


def _cards(projects: Any) -> list[dict[str, Any]]:
    pictures, notes = showing.cover_pictures(projects), showing.card_notes(projects)
    labels = organizing.labels_of(p.pk for p in projects)
    refused = showing.refused_words(projects)
    return [
        {
            "project": p, "pictures": pictures[p.pk], "labels": labels[p.pk], "refused": refused.get(p.pk, ""),
            **notes.get(p.pk, {}),
        }
        for p in projects
    ]  # fmt: skip


def _counts(owner_id: int, archived: bool) -> dict[str, int]:
    """How many projects of a seller are at each stage, deleted ones left out; of the archive or of the list."""
    return dict((_archived_at_stages if archived else _listed_at_stages).rows(owner_id))


@prepared
def _listed_at_stages(owner_id: int) -> QuerySet[Project, Any]:
    # Any id will do. That one is asked for leads SQLite to the index that holds the listed projects and nothing else.
    return _at_stages(owner_id, archived_at__isnull=True, public_id__gt="")


@prepared
def _archived_at_stages(owner_id: int) -> QuerySet[Project, Any]:
    return _at_stages(owner_id, archived_at__isnull=False)


def _at_stages(owner_id: int, **more: object) -> QuerySet[Project, Any]:
    there = [stage.value for stage in Stage if stage != Stage.DELETED]
    found = Project.objects.filter(owner_id=owner_id, stage__in=there, **more).order_by()
    return found.values_list("stage").annotate(n=Count("*"))


def _choices(counts: dict[str, int], wanted: Wanted, needing: int) -> list[dict[str, Any]]:
    """The filters by stage as links, each with how many projects it means."""
    every: list[tuple[str, str, int]] = [("", "All", sum(counts.values()))]
    for code, (words, stages) in FILTERS.items():
        if code != "waiting" or wanted.state == code:
            n = (0 if wanted.archived else needing) if code == NEEDS else sum(counts.get(s, 0) for s in stages)
            every.append((code, words, n))
    return [
        {
            "code": code,
            "words": words,
            "count": n,
            "query": replace(wanted, state=code).query,
            "on": wanted.state == code,
        }
        for code, words, n in every
    ]


@dataclass(frozen=True)
class Wanted:
    """What the list of projects is narrowed to, and its order. What the address says and no one knows is left out."""

    search: str = ""
    state: str = ""
    product: str = ""
    label: str = ""
    series: str = ""
    sort: str = ""
    favorite: bool = False
    archived: bool = False

    @classmethod
    def of(cls, given: QueryDict) -> Wanted:
        """What an address asks for."""

        def text(name: str, most: int) -> str:
            return given.get(name, "").replace("\x00", "").strip()[:most]

        state, product, sort = given.get("state", ""), given.get("product", ""), given.get("sort", "")
        return cls(
            text("q", 120),
            state if state in FILTERS else "",
            product if product in set(Product) else "",
            text("label", LABEL_MAX),
            text("series", NAME_MAX),
            sort if sort in SORTS else "",
            given.get("favorite") == "1",
            given.get("archived") == "1",
        )

    def __bool__(self) -> bool:
        return bool(
            self.search or self.state or self.product or self.label or self.series or self.favorite or self.archived
        )

    @property
    def beyond_stages(self) -> bool:
        """Whether more is asked for than stages, so that the projects have to be counted."""
        return bool(self.search or self.product or self.label or self.series or self.favorite or self.state == NEEDS)

    @property
    def query(self) -> str:
        """The same as part of an address, for the pages before and after."""
        held = {
            "q": self.search, "state": self.state, "product": self.product, "label": self.label, "sort": self.sort,
            "series": self.series, "favorite": "1" if self.favorite else "", "archived": "1" if self.archived else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in held.items() if value})

    @property
    def held(self) -> list[tuple[str, str]]:
        """The parts of the query as fields of a form that searches within it."""
        return [pair for pair in parse_qsl(self.query) if pair[0] in ("state", "archived")]

    def of_owner(self, owner_id: int) -> QuerySet[Project]:
        """The projects of a seller that are wanted, in the order that is wanted."""
        own = Project.objects.filter(owner_id=owner_id, archived_at__isnull=not self.archived)
        projects = own.exclude(stage=Stage.DELETED)
        if self.search:
            projects = finding.search(projects, owner_id, self.search)
        if self.state == NEEDS:
            projects = projects.filter(pk__in=finding.needing(owner_id))
        elif self.state:
            projects = projects.filter(stage__in=FILTERS[self.state][1])
        if self.product:
            projects = projects.filter(product=self.product)
        if self.label:
            projects = projects.filter(pk__in=finding.labeled(owner_id, self.label))
        if self.series:
            begun = Series.objects.filter(owner=owner_id, folded=self.series.casefold())
            projects = projects.filter(series__in=begun)
        if self.favorite:
            projects = projects.filter(favorite_at__isnull=False)
        orders = {
            "oldest": ("public_id",), "changed": ("-stage_since", "-public_id"), "name": (Lower(F("name")), "-public_id"),
        }  # fmt: skip
        return projects.order_by(*orders.get(self.sort, ("-public_id",)))

"""Settings → Billing: the credit history, its filters and exports, the grants and the plan.

Everything is read from the ledger; nothing on this page can move a credit.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from elistit.accounts.models import User
from elistit.credits import ledger, prices, statement
from elistit.credits.models import CreditTransaction, Plan, TransactionType
from elistit.prepared import prepared
from elistit.projects.models import Project
from elistit.projects.states import Stage
from elistit.studio import context
from elistit.studio.views import access

PAGE_ROWS = 50
GRANTS_SHOWN = 12
CHOICES_MAX = 200
"""Newest projects offered in the filter. An older one is filtered by the link on its own page."""


@dataclass(frozen=True)
class Filters:
    """What the history is narrowed to. What the address says and no one knows is left out."""

    type: str = ""
    project: str = ""

    @classmethod
    def of(cls, request: HttpRequest, owner: User) -> Filters:
        kind, project = request.GET.get("type", ""), request.GET.get("project", "")
        known = len(project) == 26 and Project.objects.filter(owner_id=owner.pk, pk=project).exists()
        return cls(kind if kind in TransactionType.values else "", project if known else "")

    @property
    def query(self) -> str:
        return urlencode({key: value for key, value in asdict(self).items() if value})


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The history newest first, 50 rows a page, by type and by project; with `by=project` one line for each project."""
    owner = access.person(request)
    wanted, by_project = Filters.of(request, owner), request.GET.get("by") == "project"
    before = request.GET.get("before", "")
    shown = _groups(request, owner) if by_project else _rows(owner, wanted, before)
    offered: dict[str, str] = dict(_newest.rows(int(owner.pk)))
    if wanted.project and wanted.project not in offered:
        offered |= dict(_named(int(owner.pk)).filter(pk=wanted.project))
    grants = ledger.grants(owner.pk, most=GRANTS_SHOWN)
    about: dict[str, Any] = {
        **shown,
        "by_project": by_project,
        "types": TransactionType.choices,
        "projects": list(offered.items()),
        "wanted": wanted,
        "before": before,
        "grants": grants,
        "later": max(0, context.balance(request) - sum(grant.remaining for grant in grants)),
        "plan": _plan(owner),
    }
    return render(request, "studio/billing.html", about)


def _named(owner_id: int) -> QuerySet[Project, Any]:
    projects = Project.objects.filter(owner_id=owner_id).order_by("-public_id")
    return projects.values_list("public_id", "name")


@prepared
def _newest(owner_id: int) -> QuerySet[Project, Any]:
    return _named(owner_id)[:CHOICES_MAX]


def _rows(owner: User, wanted: Filters, before: str) -> dict[str, Any]:
    """One page of movements, each with the name of its project and whether that is gone."""
    rows = ledger.history(
        owner.pk,
        type=wanted.type or None,
        project=wanted.project or None,
        before_seq=int(before) if before.isdecimal() and len(before) < 16 else None,
        limit=PAGE_ROWS + 1,
    )
    older, rows = (rows[PAGE_ROWS - 1].seq if len(rows) > PAGE_ROWS else None), rows[:PAGE_ROWS]
    about = _about(owner, {row.project for row in rows})
    query = f"{wanted.query}&" if wanted.query else ""
    return {
        "rows": [{"entry": row, **about.get(row.project, {})} for row in rows],
        "older": f"{query}before={older}" if older else "",
    }


def _groups(request: HttpRequest, owner: User) -> dict[str, Any]:
    """What each project was charged, got back and cost altogether, the newest movement first. From the ledger alone."""
    amount = {
        name: Coalesce(Sum("amount", filter=Q(type=kind)), 0)
        for name, kind in (("spent", TransactionType.SPEND_CREDIT), ("returned", TransactionType.REFUND_CREDIT))
    }
    found = (
        CreditTransaction.objects.filter(account__owner_id=owner.pk)
        .exclude(project="")
        .values("project")
        .annotate(newest=Max("seq"), at=Max("created_at"), rows=Count("pk"), net=Sum("amount"), **amount)
        .order_by("-newest")
    )
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    about = _about(owner, {group["project"] for group in page.object_list})
    return {"groups": [{**group, **about.get(group["project"], {})} for group in page.object_list], "page": page}


def _about(owner: User, ids: set[str]) -> dict[str, dict[str, Any]]:
    rows = _mentioned.rows(int(owner.pk), sorted(ids - {""}))
    return {pk: {"project_name": name, "project_gone": stage == Stage.DELETED} for pk, name, stage in rows}


@prepared
def _mentioned(owner_id: int, ids: list[str]) -> QuerySet[Project, Any]:
    return Project.objects.filter(owner_id=owner_id, pk__in=ids).values_list("pk", "name", "stage")


def _plan(owner: User) -> dict[str, Any] | None:
    held = _plans.first(int(owner.pk))
    if held is None:
        return None
    known = {plan.code: plan for plan in prices.price_list().plans}
    return {"held": held, "terms": known.get(held.code)}


@prepared
def _plans(owner_id: int) -> QuerySet[Plan]:
    return Plan.objects.filter(owner_id=owner_id).order_by("pk")[:1]


@login_required
@require_safe
def json_export(request: HttpRequest) -> HttpResponse:
    """The whole statement as it can be verified offline (`elistit verify FILE`). Filters do not apply: a chain with
    rows left out would not verify."""
    document = statement.to_json(statement.export(access.person(request).pk))
    response = HttpResponse(document, content_type="application/json")
    return _as_file(response, "elistit-credit-history.json")


@login_required
@require_safe
def csv_export(request: HttpRequest) -> HttpResponse:
    """The history, oldest first, one line per transaction, narrowed as the page is. Times are UTC."""
    owner = access.person(request)
    wanted = Filters.of(request, owner)
    lines = "".join(statement.csv_lines(owner.pk, type=wanted.type, project=wanted.project))
    # The mark at the start is how spreadsheets know that it is UTF-8.
    response = HttpResponse("\ufeff" + lines, content_type="text/csv; charset=utf-8")
    return _as_file(response, "elistit-credit-history.csv")


def _as_file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response

"""Settings → Billing: the credit history, its filters and exports, the grants and the plan.

Everything is read from the ledger; nothing on this page can move a credit.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from elistit.accounts.models import User
from elistit.credits import ledger, prices, statement
from elistit.credits.models import CreditTransaction, Plan, TransactionType
from elistit.projects.models import Project
from elistit.projects.states import Stage
from elistit.studio.views import access

PAGE_ROWS = 50


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The history newest first, 50 rows a page, by type and by project."""
    owner = access.person(request)
    names = dict(Project.objects.filter(owner_id=owner.pk).order_by("-public_id").values_list("public_id", "name"))
    kind = request.GET.get("type", "")
    kind = kind if kind in TransactionType.values else ""
    project = request.GET.get("project", "")
    project = project if project in names else ""
    before = request.GET.get("before", "")
    rows = ledger.history(
        owner.pk,
        type=kind or None,
        project=project or None,
        before_seq=int(before) if before.isdecimal() and len(before) < 16 else None,
        limit=PAGE_ROWS + 1,
    )
    older = rows[PAGE_ROWS - 1].seq if len(rows) > PAGE_ROWS else None
    deleted = set(Project.objects.filter(owner_id=owner.pk, stage=Stage.DELETED).values_list("public_id", flat=True))
    chosen = {key: value for key, value in (("type", kind), ("project", project)) if value}
    context: dict[str, Any] = {
        "rows": [_row(row, names, deleted) for row in rows[:PAGE_ROWS]],
        "types": TransactionType.choices,
        "projects": list(names.items()),
        "kind": kind,
        "project": project,
        "filtered": bool(chosen),
        "before": before,
        "older": urlencode({**chosen, "before": str(older)}) if older else "",
        "newest": urlencode(chosen),
        "grants": ledger.grants(owner.pk),
        "plan": _plan(owner),
    }
    return render(request, "studio/billing.html", context)


def _row(row: CreditTransaction, names: dict[str, str], deleted: set[str]) -> dict[str, Any]:
    return {"entry": row, "project_name": names.get(row.project, ""), "project_gone": row.project in deleted}


def _plan(owner: User) -> dict[str, Any] | None:
    held = Plan.objects.filter(owner_id=owner.pk).first()
    if held is None:
        return None
    known = {plan.code: plan for plan in prices.price_list().plans}
    return {"held": held, "terms": known.get(held.code)}


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
    """The whole history, oldest first, one line per transaction. Times are UTC."""
    lines = "".join(statement.csv_lines(access.person(request).pk))
    # The mark at the start is how spreadsheets know that it is UTF-8.
    response = HttpResponse("\ufeff" + lines, content_type="text/csv; charset=utf-8")
    return _as_file(response, "elistit-credit-history.csv")


def _as_file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response

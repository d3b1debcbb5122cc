"""Console → Bulk actions: choose rows, see what will happen and what it costs, confirm once, read the report. For owners alone."""

from __future__ import annotations

import datetime as dt
import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from elistit import ports
from elistit.accounts.roles import Role
from elistit.maintenance import stuck_jobs
from elistit.projects.errors import NotPossible
from elistit.projects.models import Project
from elistit.support import actions, bulk, diagnostic_report, undelivered
from elistit.support.actions import NoReason
from elistit.support.bulk_models import BulkPlan, BulkRow
from elistit.support.views import forms, gateway

RECENT = 20
Kind = BulkPlan.Kind


@gateway.page(Role.OWNER)
def page(request: HttpRequest) -> HttpResponse:
    """What can be chosen: drafts Etsy rejected, stuck projects, sellers, messages that didn't arrive; and the newest plans."""
    stuck = [one["project"] for one in stuck_jobs.stuck()]
    now = ports.now()
    context = {
        "drafts": diagnostic_report.lists()["drafts"],
        "stuck": list(Project.objects.filter(pk__in=stuck).select_related("owner").order_by("pk")),
        "mails": undelivered.listed(),
        "providers": [one["name"] for one in diagnostic_report.providers()],
        "since": now - dt.timedelta(hours=24),
        "until": now + dt.timedelta(minutes=1),
        "goodwill_max": actions.GOODWILL_MAX,
        "most": bulk.MOST,
        "recent": list(BulkPlan.objects.select_related("actor")[:RECENT]),
        "emails": request.GET.get("emails", "")[:2_000],
    }
    return render(request, "support/bulk.html", context)


@gateway.action(Role.OWNER)
def plan(request: HttpRequest) -> HttpResponse:
    """Write a plan of what was chosen and lead to its preview. Nothing is done yet."""
    try:
        kind = _kind(request)
        credits = _credits(request) if kind == Kind.GOODWILL else 0
        made = bulk.plan(gateway.operator(request), kind, _targets(request, kind), credits=credits)
    except NotPossible as refused:
        messages.error(request, str(refused))
        return redirect("console-bulk")
    return redirect("console-bulk-plan", made.pk)


def _kind(request: HttpRequest) -> Kind:
    try:
        return Kind(request.POST.get("kind", ""))
    except ValueError:
        raise NotPossible("Choose an action.") from None


def _credits(request: HttpRequest) -> int:
    text = request.POST.get("credits", "").strip()
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise NotPossible("Enter the number of credits for each seller as a whole number.")
    return int(text)


def _targets(request: HttpRequest, kind: Kind) -> list[bulk.Target]:
    if kind == Kind.RESEND_MAIL:
        return bulk.of_mail(request.POST.getlist("chosen"))
    if kind != Kind.GOODWILL:
        return bulk.of_projects(request.POST.getlist("chosen"))
    if request.POST.get("who") == "outage":
        return bulk.hit_by_outage(
            _moment(request, "since"), _moment(request, "until"),
            provider=request.POST.get("provider", "")[:40], delayed=request.POST.get("hit") == "delayed",
        )  # fmt: skip
    return bulk.of_people(re.split(r"[\s,;]+", request.POST.get("emails", "")))


def _moment(request: HttpRequest, name: str) -> dt.datetime:
    """A time as the browser's field writes it, in UTC."""
    try:
        return dt.datetime.fromisoformat(request.POST.get(name, "").strip()).replace(tzinfo=dt.UTC)
    except ValueError:
        raise NotPossible("Enter when the outage began and ended, as 2026-11-27T14:00.") from None


@gateway.page(Role.OWNER)
def show(request: HttpRequest, pk: str) -> HttpResponse:
    """A plan: before it is confirmed what it will do and cost, afterwards what happened to each row."""
    found = get_object_or_404(BulkPlan.objects.select_related("actor"), pk=pk)
    rows = list(found.rows.select_related("person"))
    names = dict(Project.objects.filter(pk__in={row.project for row in rows if row.project}).values_list("pk", "name"))
    context = forms.with_forms(
        plan=found,
        rows=[{"row": row, "name": names.get(row.project, row.project)} for row in rows],
        sums=bulk.sums(found),
        open=any(row.state == BulkRow.State.PLANNED for row in rows),
        mine=found.actor_id == gateway.operator(request).pk,
        known_cost=found.kind != Kind.GOODWILL or bulk.cost_per_credit() is not None,
        cost_days=bulk.COST_DAYS,
    )
    return render(request, "support/bulk_plan.html", context)


@gateway.action(Role.OWNER)
def confirm(request: HttpRequest, pk: str) -> HttpResponse:
    """Do what a plan says. Pressing twice, or reloading, does each row once."""
    get_object_or_404(BulkPlan, pk=pk)
    try:
        done = bulk.confirm(gateway.operator(request), pk, reason=forms.reason(request))
    except (NotPossible, NoReason) as refused:
        messages.error(request, str(refused))
        return redirect("console-bulk-plan", pk)
    if done.finished_at:
        messages.success(request, "Finished. The report is below.")
    else:
        messages.error(
            request, "Some rows were interrupted by a fault of ours. Continue to do the rest; none is done twice."
        )
    return redirect("console-bulk-plan", pk)

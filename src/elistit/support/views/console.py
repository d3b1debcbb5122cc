"""The console's pages: what needs looking at, the diagnostic report of a project, a person, the engine, and what operators did."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from elistit.accounts.limit_models import SellerLimit
from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.credits import ledger
from elistit.maintenance import clock_guard, status, stuck_jobs, tasks
from elistit.payments import unread
from elistit.payments.shapes import API_VERSION
from elistit.projects import daily_limits
from elistit.projects.models import Project
from elistit.support import actions, diagnostic_report, goodwill_limits, helping, queues, updates
from elistit.support.models import HelpRequest, OperatorAct
from elistit.support.views import forms, gateway

ROWS = 50


@gateway.page(Role.SUPPORT)
def home(request: HttpRequest) -> HttpResponse:
    """Stuck, failed, waiting; providers; requests for credits. With `q`, what was looked for."""
    query = request.GET.get("q", "").strip()[:200]
    if query:
        projects, people = diagnostic_report.look_for(query)
        if len(projects) == 1:
            return redirect("console-project", projects[0].pk)
        if len(people) == 1 and not projects:
            return redirect("console-person", people[0].pk)
        if not people:
            messages.error(request, "No project, job or person matches.")
        return render(request, "support/found.html", {"asked": query, "people": people})
    stuck = stuck_jobs.stuck()
    names = dict(Project.objects.filter(pk__in=[s["project"] for s in stuck]).values_list("pk", "name"))
    context = forms.with_forms(
        stuck=[{**s, "name": names.get(s["project"], "")} for s in stuck],
        providers=diagnostic_report.providers(),
        requests=actions.open_requests(),
        asked_help=_with_names(helping.waiting()),
        **diagnostic_report.lists(),
        **_engine(),
        **(_for_owners(gateway.operator(request)) if gateway.operator(request).is_owner else {}),
    )
    return render(request, "support/home.html", context)


def _for_owners(owner: User) -> dict[str, Any]:
    """What the first page says to owners alone: what an update changed, purchases that were lost, and Stripe's messages."""
    return {
        "updates": updates.unread(owner),
        "unkept": diagnostic_report.paid_and_not_kept(),
        "unread": unread.for_the_operator(),
        "stripe_version": API_VERSION,
    }


def _with_names(requests: list[HelpRequest]) -> list[dict[str, Any]]:
    names = dict(Project.objects.filter(pk__in=[a.project for a in requests]).values_list("pk", "name"))
    return [{"request": a, "name": names.get(a.project, a.project)} for a in requests]


def _engine() -> dict[str, Any]:
    try:
        found: list[queues.Waiting] | None = queues.depths()
    except Exception:
        found = None
    return {
        "queues": found,
        "workers": queues.workers(),
        "tasks": status.reports(tasks.all_tasks()),
        "clock": clock_guard.refusal(),
    }


@gateway.page(Role.SUPPORT)
def live(request: HttpRequest) -> HttpResponse:
    """Workers and queues as they are now: the part of the first page that asks for itself every five seconds."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("console")
    return render(request, "support/_engine.html", _engine())


@gateway.page(Role.SUPPORT)
def project(request: HttpRequest, public_id: str) -> HttpResponse:
    """One project on one screen. Deleted ones too: their history stays."""
    found = get_object_or_404(Project.objects.select_related("owner"), pk=public_id)
    requests = helping.of_project(found)
    return render(
        request, "support/project.html", forms.with_forms(**diagnostic_report.of_project(found), asked_help=requests)
    )


@gateway.page(Role.SUPPORT)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    context = forms.with_forms(
        person=found,
        balance=ledger.balance(found.pk),
        grants=ledger.grants(found.pk),
        rows=ledger.history(found.pk, limit=ROWS),
        projects=list(found.projects.order_by("-public_id")[: diagnostic_report.LIST_MAX]),
        actions=list(OperatorAct.objects.filter(person=found).select_related("actor")[:ROWS]),
        limit=SellerLimit.objects.filter(pk=found.pk).first(),
        limits=daily_limits.limits(found.pk),
        used=daily_limits.used(found.pk),
        alone_max=actions.ALONE_MAX,
        goodwill_max=actions.GOODWILL_MAX,
    )
    if gateway.operator(request).role == Role.SUPPORT:
        context["support_left"] = goodwill_limits.left(gateway.operator(request), found)
        context["support_limits"] = goodwill_limits.limits()
    # The top bar shows the balance of the person who is signed in; this page's own is another person's.
    context["their_balance"] = context.pop("balance")
    return render(request, "support/person.html", context)


@gateway.page(Role.OWNER)
def record(request: HttpRequest) -> HttpResponse:
    """Everything owners and support did, newest first. `by=support` shows what support did."""
    rows = OperatorAct.objects.select_related("actor", "person", "answers")
    by = request.GET.get("by", "")
    if by == Role.SUPPORT:
        rows = rows.filter(detail__role=Role.SUPPORT.value)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "support/record.html", {"page": page, "by": by if by == Role.SUPPORT else ""})

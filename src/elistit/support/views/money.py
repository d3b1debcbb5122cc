"""Console → Margin: what was earned and what it cost in a period, as a page and as CSV."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from elistit import ports
from elistit.accounts.roles import Role
from elistit.support import margins
from elistit.support.views import gateway

USUAL = dt.timedelta(days=30)


def _days(request: HttpRequest) -> tuple[dt.date, dt.date, str]:
    """The first and last day asked for, and what was wrong with what was asked. Without any, the last 30 days."""
    today = ports.now().date()
    usual = (today - USUAL + dt.timedelta(days=1), today)
    given = [request.GET.get(name, "").strip()[:10] for name in ("from", "to")]
    if not any(given):
        return (*usual, "")
    try:
        first, last = (dt.date.fromisoformat(text) if text else day for text, day in zip(given, usual, strict=True))
    except ValueError:
        return (*usual, "Write days as 2026-11-27. This is the last 30 days.")
    if not first <= last < first + margins.LONGEST:
        return (*usual, "Choose a period of 1 to 366 days. This is the last 30 days.")
    return first, last, ""


def _report(first: dt.date, last: dt.date) -> margins.Report:
    begins = dt.datetime.combine(first, dt.time(), dt.UTC)
    return margins.of(begins, dt.datetime.combine(last, dt.time(), dt.UTC) + dt.timedelta(days=1))


@gateway.page(Role.OWNER)
def margin(request: HttpRequest) -> HttpResponse:
    """Income, cost and margin by product and model, and the causes of refunds. `from` and `to` are days (UTC), both included."""
    first, last, error = _days(request)
    context = {"report": _report(first, last), "first": first, "last": last, "error": error}
    return render(request, "support/margin.html", context, status=422 if error else 200)


@gateway.page(Role.OWNER)
def margin_csv(request: HttpRequest) -> HttpResponse:
    """The same lines as CSV."""
    first, last, error = _days(request)
    if error:
        return HttpResponse(error, status=422, content_type="text/plain; charset=utf-8")
    response = HttpResponse("\ufeff" + margins.csv_text(_report(first, last)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="elistit-margin-{first}-{last}.csv"'
    return response

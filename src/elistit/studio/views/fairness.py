"""The public fairness page. There is no such page unless the operator has switched it on (`ELISTIT_FAIRNESS_PAGE`)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from elistit.chain import retry
from elistit.maintenance import rule_checks, stuck_jobs
from elistit.studio import fairness


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The figures, for anyone. They name no one, so no sign-in is asked for."""
    if not rule_checks.page_is_on():
        raise Http404
    found = fairness.current()
    context = {
        "f": found,
        "days": fairness.WINDOW.days,
        "rows": fairness.ROWS_MAX,
        "few": fairness.FEW,
        "sellers": fairness.SELLERS_MIN,
        "projects": fairness.PROJECTS_MIN,
        "minutes": int(stuck_jobs.STUCK_AFTER.total_seconds() // 60),
        "tries": retry.MAX_ATTEMPTS,
    }
    return render(request, "studio/fairness.html", context)

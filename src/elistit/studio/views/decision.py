"""A poster's decision: look at the design, see what making it print-ready costs, and have it made.

The page carries the price the seller saw; when it is missing or no longer right, it comes back with the price and nothing is
spent. A hidden key makes pressing the button twice the same as once.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from elistit.actions import commands
from elistit.credits import ledger, prices
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.projects.errors import NotPossible
from elistit.projects.further_jobs import print_ready_lines
from elistit.projects.models import FileRole
from elistit.projects.states import Stage
from elistit.studio.views import access, batch_progress


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET: the design and the price. POST: have it made print-ready."""
    owner, project = access.person(request), access.own_project(request, public_id)
    if project.stage != Stage.DESIGN_READY:
        return redirect("project", project.pk)
    lines = print_ready_lines(project)
    total, balance = prices.total(lines), ledger.balance(owner.pk)
    notice, status = "", 200
    key = request.POST.get("key") or access.fresh_key()
    if request.method == "POST":
        if request.POST.get("seen") == str(total):
            try:
                commands.make_print_ready(owner, project.pk, idempotency_key=key)
                return redirect(batch_progress.after_review(project) or reverse("project", args=[project.pk]))
            except InsufficientCredits as short:
                notice, status = str(short), 402
            except NotPossible as refused:
                notice, status = str(refused), refused.status
            except IdempotencyConflict as refused:
                notice, status = str(refused), 409
        else:
            notice = "Check the price. You haven't been charged yet: press the button to confirm."
    context = {
        "project": project,
        "picture": project.files.filter(role=FileRole.IMAGE).order_by("-round").first(),
        "lines": lines,
        "total": total,
        "balance": balance,
        "after": balance - total,
        "shortfall": max(0, total - balance),
        "key": key,
        "notice": notice,
        "stream": batch_progress.stream(project),
    }
    return render(request, "studio/decision.html", context, status=status)

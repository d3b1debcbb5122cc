"""The first visit: one button that launches a sample project, after saying what it costs and what will happen."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from elistit.credits import ledger
from elistit.credits.models import CreditTransaction, TransactionType
from elistit.pipeline import commands
from elistit.projects.models import Project
from elistit.studio.sample import sample, sample_count, sample_lines
from elistit.studio.views import access
from elistit.studio.views.launching import KEY


def context(owner_id: int) -> dict[str, object]:
    """What the empty list of projects says: the sample's price, and whether the balance covers it."""
    lines = sample_lines()
    total, balance = sum(line.credits for line in lines), ledger.balance(owner_id)
    trial = CreditTransaction.objects.filter(
        account__owner_id=owner_id, type=TransactionType.GRANT_CREDIT, idempotency_key=f"trial:{owner_id}"
    )
    return {
        "key": access.fresh_key(),
        "sample": sample(),
        "sample_count": sample_count(),
        "sample_lines": lines,
        "sample_total": total,
        "sample_after": balance - total,
        "on_trial": trial.exists() and not Project.objects.filter(owner_id=owner_id).exists(),
    }


@login_required
@require_POST
def launch_sample(request: HttpRequest) -> HttpResponse:
    """Launch the sample, once for each page shown: pressing again leads to the same project. When its price is no longer the one the page
    showed, nothing is launched."""
    owner = access.person(request)
    launched: list[Project] = []
    key = request.POST.get("key", "")
    total = sum(line.credits for line in sample_lines())
    if request.POST.get("seen") != str(total) or not KEY.fullmatch(key):
        access.attempt(request, _price_changed)
        return redirect("projects")
    if access.attempt(request, lambda: launched.append(commands.launch(owner, sample(), idempotency_key=key))):
        return redirect("project", launched[0].pk)
    return redirect("projects")


def _price_changed() -> None:
    raise commands.NotPossible("The price has changed since you opened this page. Here is the new one.")

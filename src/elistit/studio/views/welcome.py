"""The first visit: one button that launches a sample project, after saying what it costs and what will happen."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands
from elistit.credits import ledger, samples
from elistit.projects import interrupted
from elistit.projects.models import Project
from elistit.studio.sample import NAME, sample, sample_count, sample_lines
from elistit.studio.views import access

FREE = "0"
"""What the page showed as the price of a sample free of charge."""


KEPT = dt.timedelta(days=30)
"""How long the sample's credits last. They end, so that the sample is paid with them and the seller's own stay whole."""


def is_free(owner_id: int) -> bool:
    """Whether the sample is free of charge: for someone who has launched nothing yet (rules §7)."""
    return not Project.objects.filter(owner_id=owner_id).exists()


def context(owner_id: int) -> dict[str, object]:
    """What the empty list of projects says: the sample's price, who pays it, and whether the balance covers it."""
    lines = sample_lines()
    total, balance = sum(line.credits for line in lines), ledger.balance(owner_id)
    free = is_free(owner_id)
    return {
        "key": access.fresh_key(),
        "sample": sample(),
        "sample_count": sample_count(),
        "sample_lines": lines,
        "sample_total": total,
        "sample_free": free,
        "sample_after": balance if free else balance - total,
    }


def _launch(owner: User, total: int, seen: str, key: str) -> Project:
    """Launch the sample, and bring its price first when it is free of charge: both or neither. Raises Interrupted."""
    return interrupted.run(owner.pk, key, lambda: _launch_at(owner, total, seen, key))


def _launch_at(owner: User, total: int, seen: str, key: str) -> Project:
    with transaction.atomic():
        free = is_free(owner.pk)
        if not free and seen == FREE:
            return _launched_before(owner)
        if seen != (FREE if free else str(total)) or not access.KEY.fullmatch(key):
            raise commands.NotPossible("The price has changed since you opened this page. Here is the new price.")
        if free:
            brought = ledger.grant(
                owner.pk, total, source=samples.SOURCE, idempotency_key=f"sample:{owner.pk}",
                reason="Your free sample project", expires_at=ports.now() + KEPT,
            )  # fmt: skip
            if brought.replayed:  # Another press of the same moment was first.
                raise commands.NotPossible("The sample is already being launched. Reload the page in a moment.")
        return commands.launch(owner, sample(), idempotency_key=key)


def _launched_before(owner: User) -> Project:
    found = Project.objects.filter(owner=owner, name=NAME).order_by("public_id").first()
    if found is None:
        raise commands.NotPossible("The sample is only free as your first project. Here is its price now.")
    return found


@login_required
@require_POST
def launch_sample(request: HttpRequest) -> HttpResponse:
    """Launch the sample, once for each page shown: pressing again leads to the same project. When its price is no longer the
    one the page showed, nothing is launched."""
    owner = access.person(request)
    launched: list[Project] = []
    total = sum(line.credits for line in sample_lines())
    seen, key = request.POST.get("seen", ""), request.POST.get("key", "")
    if access.attempt(request, lambda: launched.append(_launch(owner, total, seen, key))):
        return redirect("project", launched[0].pk)
    return redirect("projects")

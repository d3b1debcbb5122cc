"""Console → What's new: what updates of this installation changed. For owners alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from elistit.accounts.roles import Role
from elistit.support import updates
from elistit.support.views import gateway


@gateway.page(Role.OWNER)
def page(request: HttpRequest) -> HttpResponse:
    """What is new to this owner, and below it everything that was read."""
    new = updates.unread(gateway.operator(request))
    old = [change for change in updates.changes() if change not in new]
    return render(request, "support/updates.html", {"new": new, "old": old})


@gateway.action(Role.OWNER)
def read(request: HttpRequest) -> HttpResponse:
    """Mark everything that is listed as read."""
    updates.mark_read(gateway.operator(request))
    messages.success(request, "Marked as read.")
    return redirect("console")

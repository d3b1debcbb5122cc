"""Console → Setup: what is set up, what is missing, and a button that tests each part.

A test is sent by POST with its forgery token, asks one service one harmless question, and leaves its result on the page.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from elistit.accounts.roles import Role
from elistit.support.setup import parts
from elistit.support.views import gateway


@gateway.page(Role.OWNER)
def page(request: HttpRequest) -> HttpResponse:
    """Every part with its state and its last test. Asks no service."""
    rows = parts.rows()
    missing = [row for row in rows if row.state == parts.State.MISSING]
    return render(request, "support/setup.html", {"rows": rows, "missing": missing})


@gateway.action(Role.OWNER)
def test(request: HttpRequest, name: str) -> HttpResponse:
    """Test one part now and lead back to it. Pressing again tests again."""
    part = parts.named(name)
    if part is None:
        raise Http404
    result = parts.test(part, gateway.operator(request))
    if result.ok:
        messages.success(request, f"{part.title}: {result.seen}.")
    else:
        messages.error(request, f"{part.title}: the test failed. {result.seen}")
    return redirect(reverse("console-setup") + f"#{part.name}")

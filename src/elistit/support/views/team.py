"""Console → Team: who works for this studio, what support gave and did, and the owner's limits for it. For owners alone."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.projects.errors import NotPossible
from elistit.support import actions, goodwill_limits, operators
from elistit.support.models import OperatorAct
from elistit.support.views import forms, gateway

RECENT = 20


@gateway.page(Role.OWNER)
def page(request: HttpRequest) -> HttpResponse:
    """Owners and support, support's gifts within a day, its newest actions, and two forms: roles and limits."""
    people = [
        {"person": one, "given": goodwill_limits.given(one) if one.role == Role.SUPPORT else None}
        for one in operators.team()
    ]
    newest = OperatorAct.objects.filter(detail__role=Role.SUPPORT.value).select_related("actor", "person")
    context = forms.with_forms(
        people=people,
        limits=goodwill_limits.limits(),
        highest=goodwill_limits.HIGHEST,
        roles=list(Role),
        newest=list(newest[:RECENT]),
    )
    return render(request, "support/team.html", context)


@gateway.action(Role.OWNER)
def role(request: HttpRequest) -> HttpResponse:
    """Give a person a role, by their e-mail address."""

    def do() -> str:
        email = request.POST.get("email", "").strip().lower()
        person = User.objects.filter(email=email, is_active=True).first()
        if person is None:
            raise NotPossible("No active account has this e-mail address. The person has to sign up first.")
        try:
            became = Role(request.POST.get("role", ""))
        except ValueError:
            raise NotPossible("Choose a role from the list.") from None
        actions.set_role(
            gateway.operator(request), person, became, reason=forms.reason(request), key=forms.key(request)
        )
        return f"{person} is now {became.phrase}."

    gateway.attempt(request, do)
    # Who gave their own role away has no console any longer, or a smaller one.
    now = User.objects.get(pk=gateway.operator(request).pk)
    return redirect("console-team" if now.is_owner else "projects")


@gateway.action(Role.OWNER)
def limits(request: HttpRequest) -> HttpResponse:
    """Set what a support person may give within a day."""

    def do() -> str:
        texts = [request.POST.get(name, "").strip() for name in ("per_seller", "per_person")]
        if not all(re.fullmatch(r"[0-9]{1,6}", text) for text in texts):
            raise NotPossible("Enter both limits as whole numbers. 0 allows no goodwill credits.")
        per_seller, per_person = map(int, texts)
        actions.set_support_limits(
            gateway.operator(request), per_seller, per_person, reason=forms.reason(request), key=forms.key(request)
        )
        return "The limits of support were changed."

    gateway.attempt(request, do)
    return redirect("console-team")

"""The console's actions: each takes a reason, goes through `support.actions`, and leads back to where it was asked for."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.projects.errors import NotPossible
from elistit.projects.models import Project
from elistit.providers import registry
from elistit.support import actions
from elistit.support.models import HelpRequest, OperatorAct
from elistit.support.views import forms, gateway


def _project(public_id: str) -> Project:
    return get_object_or_404(Project, pk=public_id)


def _recovered(row: OperatorAct) -> str:
    if trouble := row.detail.get("trouble"):
        raise NotPossible(f"Recovery failed: {trouble}")
    done = row.detail.get("done", {})
    words = ", ".join(f"{name}: {count}" for name, count in done.items())
    return f"Recovered. {words}." if words else "Recovery finished and found nothing to fix."


@gateway.action(Role.OWNER)
def recover(request: HttpRequest) -> HttpResponse:
    public_id = request.POST.get("project", "")
    public_id = public_id if forms.KEY.fullmatch(public_id) and Project.objects.filter(pk=public_id).exists() else ""
    gateway.attempt(
        request,
        lambda: _recovered(
            actions.recover(
                gateway.operator(request), reason=forms.reason(request), key=forms.key(request), project=public_id
            )
        ),
    )
    return redirect("console-project", public_id) if public_id else redirect("console")


@gateway.action(Role.OWNER)
def fail(request: HttpRequest, public_id: str) -> HttpResponse:
    _project(public_id)

    def do() -> str:
        row = actions.fail_and_refund(
            gateway.operator(request), public_id, reason=forms.reason(request), key=forms.key(request)
        )
        return f"Ended. {row.detail['returned']} credits went back to {row.person}."

    gateway.attempt(request, do)
    return redirect("console-project", public_id)


@gateway.action(Role.OWNER)
def retry_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    _project(public_id)

    def do() -> str:
        actions.retry_draft(gateway.operator(request), public_id, reason=forms.reason(request), key=forms.key(request))
        return "Retrying the Etsy draft."

    gateway.attempt(request, do)
    return redirect("console-project", public_id)


@gateway.action(Role.SUPPORT)
def goodwill(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    public_id = request.POST.get("project", "")
    own = forms.KEY.fullmatch(public_id) and Project.objects.filter(pk=public_id, owner=person).exists()

    def do() -> str:
        amount = request.POST.get("amount", "").strip()
        if not re.fullmatch(r"[0-9]{1,6}", amount):
            raise NotPossible("Enter the number of credits as a whole number.")
        row = actions.goodwill(
            gateway.operator(request), person, int(amount), reason=forms.reason(request), key=forms.key(request),
            project=public_id if own else "",
        )  # fmt: skip
        if row.act == actions.Act.ASK_GOODWILL:
            whose = "another owner’s" if gateway.operator(request).is_owner else "an owner’s"
            return f"{amount} credits for {person} need {whose} approval. Nothing was given yet."
        return f"{amount} credits were given to {person}."

    gateway.attempt(request, do)
    return redirect("console-project", public_id) if own else redirect("console-person", pk)


def _limit(request: HttpRequest, name: str) -> int | None:
    """A limit that was typed; None for an empty field."""
    text = request.POST.get(name, "").strip()
    if text and not re.fullmatch(r"[0-9]{1,7}", text):
        raise NotPossible("Enter limits as whole numbers, or leave them blank for the studio's own.")
    return int(text) if text else None


@gateway.action(Role.OWNER)
def limits(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)

    def do() -> str:
        credits, projects = _limit(request, "credits"), _limit(request, "projects")
        actions.set_limits(
            gateway.operator(request), person, credits, projects, reason=forms.reason(request), key=forms.key(request)
        )
        return f"The daily limits of {person} were changed."

    gateway.attempt(request, do)
    return redirect("console-person", pk)


@gateway.action(Role.OWNER)
def answer(request: HttpRequest, pk: str) -> HttpResponse:
    approve = request.POST.get("answer") == "approve"

    def do() -> str:
        row = actions.answer_request(
            gateway.operator(request), pk, approve=approve, reason=forms.reason(request), key=forms.key(request)
        )
        amount = row.detail["amount"]
        return f"{amount} credits were given to {row.person}." if approve else "The request was refused."

    gateway.attempt(request, do)
    return redirect("console")


@gateway.action(Role.SUPPORT)
def answer_help(request: HttpRequest, pk: str) -> HttpResponse:
    help_request = get_object_or_404(HelpRequest, pk=pk)

    def do() -> str:
        row = actions.answer_help(gateway.operator(request), pk, answer=forms.reason(request), key=forms.key(request))
        return f"Answered. {row.person} gets it on the help page and by e-mail."

    gateway.attempt(request, do)
    return redirect("console-project", help_request.project)


@gateway.action(Role.OWNER)
def pause(request: HttpRequest, name: str) -> HttpResponse:
    def do() -> str:
        if name not in registry.providers():
            raise NotPossible("This installation has no such provider.")
        actions.pause_provider(gateway.operator(request), name, reason=forms.reason(request), key=forms.key(request))
        return f"{name} is paused for everyone."

    gateway.attempt(request, do)
    return redirect("console")


@gateway.action(Role.OWNER)
def resume(request: HttpRequest, name: str) -> HttpResponse:
    def do() -> str:
        actions.resume_provider(gateway.operator(request), name, reason=forms.reason(request), key=forms.key(request))
        return f"{name} is active again."

    gateway.attempt(request, do)
    return redirect("console")

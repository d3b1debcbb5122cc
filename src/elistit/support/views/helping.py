"""Get help with a project: the four things support needs are there already, with the activity; the seller adds one sentence."""

from __future__ import annotations

import re
from typing import cast

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from ulid import ULID

from elistit.accounts.kept import NOTICE, taken
from elistit.accounts.models import User
from elistit.projects.errors import NotPossible
from elistit.projects.models import Project
from elistit.support import due, helping, mail
from elistit.support.models import ASKED_MAX, ASKED_MIN

KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def _own(request: HttpRequest, public_id: str) -> Project:
    """The seller's own project, deleted ones included: a question may be about just that."""
    structlog.contextvars.bind_contextvars(project=public_id)
    return get_object_or_404(Project, pk=public_id, owner_id=cast(User, request.user).pk)


def _how_answered(person: User) -> str:
    """How the answer reaches this person on this installation, with their settings."""
    if mail.arrives(person, due.ANSWERED):
        return f"You'll get the answer on this page and by e-mail to {person.email}."
    return "You'll get the answer on this page. It isn't sent by e-mail, so check back here."


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET: the request as it would be sent, and those sent before with their answers. POST: send it."""
    project = _own(request, public_id)
    key, expected, error, notice = str(ULID()), "", "", ""
    if request.method == "POST":
        expected, sent = request.POST.get("expected", ""), request.POST.get("key", "")
        key = sent if KEY.fullmatch(sent) else key
        try:
            helping.ask(cast(User, request.user), project, expected, key=key)
        except NotPossible as refused:
            error = str(refused)
        else:
            messages.success(request, f"Sent. {_how_answered(cast(User, request.user))}")
            return redirect("project-help", project.pk)
    elif (back := taken(request)) is not None:
        expected, notice = back.typed.get("expected", ""), NOTICE
    context = {
        "project": project, "facts": helping.facts(project), "activity": helping.activity(project), "key": key,
        "how_answered": _how_answered(cast(User, request.user)), "expected": expected, "error": error, "notice": notice,
        "asked": helping.of_project(project), "least": ASKED_MIN, "most": ASKED_MAX,
    }  # fmt: skip
    return render(request, "support/help.html", context, status=422 if error else 200)


@login_required
@never_cache
@require_safe
def text(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same as one text file, for those who write to their operator in another way."""
    project = _own(request, public_id)
    response = HttpResponse(helping.whole_text(project, ""), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="help-{project.pk}.txt"'
    return response

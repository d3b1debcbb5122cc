"""Print on demand: the sizes of a project, a quote, a draft order at Gelato with its state, and the file Gelato fetches.

Everything is a plain form. Only the seller's press of a button asks Gelato anything beyond the list of sizes. No page here can
submit an order, and none of them exists for sellers while the operator hasn't set print on demand up.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit.actions import print_drafts, print_recipients, print_sizes
from elistit.delivery import print_link
from elistit.delivery.gelato.sizes import DPI_MIN
from elistit.delivery.models import PrintDraft
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Project, ProjectFile
from elistit.projects.serving import may_serve
from elistit.studio.views import access, files

State = PrintDraft.State
TO = ("city", "state", "post_code", "country")


def _project(request: HttpRequest, public_id: str) -> Project:
    project = access.standing_project(request, public_id)
    if not print_sizes.enabled():
        raise Http404
    return project


def _draft(request: HttpRequest, public_id: str, reference: str) -> PrintDraft:
    _project(request, public_id)
    try:
        return print_drafts.own(access.person(request), public_id, reference)
    except NotFound as missing:
        raise Http404 from missing


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose a size and a destination. POST gets the quote and leads to it."""
    project = _project(request, public_id)
    typed = {name: request.POST.get(name, "")[:300] for name in ("size", *print_recipients.DESTINATION)}
    errors: dict[str, str] = {}
    refused = ""
    if request.method == "POST":
        try:
            made = print_drafts.quote(access.person(request), public_id, typed["size"], typed)
            return redirect("print-draft", public_id, made.pk)
        except InvalidSpec as invalid:
            errors = invalid.errors
        except NotPossible as not_now:
            refused = str(not_now)
    try:
        sizes = print_sizes.of_project(project)
    except NotPossible as not_now:
        sizes, refused = [], refused or str(not_now)
    context = {
        "project": project, "sizes": sizes, "typed": typed, "errors": errors, "refused": refused, "dpi_min": DPI_MIN,
        "drafts": print_drafts.of_project(access.person(request), project), "limits": print_recipients.DESTINATION,
    }  # fmt: skip
    return render(request, "studio/print.html", context, status=422 if errors else 200)


@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, public_id: str, reference: str) -> HttpResponse:
    """One quote with the form for its recipient, or its draft. POST creates the draft."""
    row = _draft(request, public_id, reference)
    typed = {name: request.POST.get(name, "")[:300] for name in (*print_recipients.RECIPIENT, "shipping")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        person = access.person(request)
        try:
            row = print_drafts.create(person, public_id, reference, typed, typed["shipping"])
            if row.state == State.DRAFT:
                messages.success(request, "The draft is in Gelato. Nothing is printed until it is submitted there.")
            return redirect("print-draft", public_id, reference)
        except InvalidSpec as invalid:
            errors = invalid.errors
        except NotPossible as not_now:
            messages.error(request, str(not_now))
            return redirect("print-draft", public_id, reference)
        row.refresh_from_db()
    elif row.state == State.REJECTED:
        typed |= row.address | {"shipping": row.method}
    return render(request, "studio/print_draft.html", _shown(row, typed, errors), status=422 if errors else 200)


def _shown(row: PrintDraft, typed: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    chosen = typed["shipping"] or row.method or row.shipping[0]["uid"]
    return {
        "project": Project.objects.get(pk=row.project), "row": row, "typed": typed, "errors": errors, "chosen": chosen,
        "shipping": next((m for m in row.shipping if m["uid"] == row.method), None), "limits": print_recipients.RECIPIENT,
        "open": row.state in (State.QUOTED, State.REJECTED), "link_days": print_link.DAYS,
        "quote_hours": print_drafts.QUOTE_HOURS,
        "to": ", ".join(text for name in TO if (text := row.destination[name])),
    }  # fmt: skip


@login_required
@require_POST
def refresh(request: HttpRequest, public_id: str, reference: str) -> HttpResponse:
    """Ask Gelato for the state of a draft."""
    _draft(request, public_id, reference)
    access.attempt(
        request, lambda: print_drafts.refresh(access.person(request), public_id, reference), "Status updated."
    )
    return redirect("print-draft", public_id, reference)


@login_required
@require_POST
def delete(request: HttpRequest, public_id: str, reference: str) -> HttpResponse:
    """Delete a draft at Gelato."""
    _draft(request, public_id, reference)
    gone = access.attempt(
        request, lambda: print_drafts.delete(access.person(request), public_id, reference), "The draft was deleted."
    )
    return redirect("print", public_id) if gone else redirect("print-draft", public_id, reference)


@require_safe
def fetch(request: HttpRequest, reference: str, until: int, token: str, name: str) -> HttpResponse:
    """The print file, for Gelato. The signed address is the permission; the name at its end is not looked at."""
    if not print_link.is_right(reference, until, token):
        raise Http404
    row = PrintDraft.objects.filter(pk=reference).exclude(state=State.DELETED).first()
    file = (
        ProjectFile.objects.select_related("project").filter(pk=row.file, project=row.project).first() if row else None
    )
    if file is None or not may_serve(file):
        raise Http404
    response = files.stream(request, file, attachment=False, lost="studio/buyer_gone.html")
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response  # type: ignore[return-value]

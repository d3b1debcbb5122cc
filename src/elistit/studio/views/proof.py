"""The proof of making of a project, to be saved, and the public keys it is verified with."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from elistit.actions import proofs
from elistit.projects.errors import NotPossible
from elistit.studio.views import access

# Long enough to spare the database, short enough that a new key is known before anyone asks for it.
KEYS_SECONDS = 300


@login_required
@require_safe
def download(request: HttpRequest, public_id: str) -> HttpResponse:
    """The signed proof, made as it is asked for. A deleted project's is there, too: its books stay."""
    project = access.own_project(request, public_id)
    try:
        made = proofs.signed(project)
    except NotPossible as refused:
        messages.error(request, str(refused))
        return redirect("project", public_id)
    response = HttpResponse(made, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{proofs.file_name(project)}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def keys(request: HttpRequest) -> JsonResponse:
    """Every public key this studio has signed with, for everyone."""
    response = JsonResponse(proofs.published_keys(), json_dumps_params={"indent": 1})
    response["Cache-Control"] = f"public, max-age={KEYS_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    return response

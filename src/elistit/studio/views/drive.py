"""Google Drive for a seller: connecting, disconnecting, the copy of a project, and the other free actions on finished files.

What a consent needs on our side waits in the session, is used once and never reaches the browser.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from elistit.accounts.consent import Authorization
from elistit.actions import commands, shop_kits
from elistit.actions import upload_kit as kit
from elistit.delivery.google_drive import connect as google
from elistit.delivery.store import StoreFailure
from elistit.projects.models import Project
from elistit.studio.views import access
from elistit.studio.views.files import safe_name

STARTED = "drive_consent"


@login_required
@require_POST
@sensitive_variables("started")
def connect(request: HttpRequest) -> HttpResponse:
    """Begin a consent and send the seller to Google."""
    try:
        started = google.begin(settings.BASE_URL + reverse("drive-back"))
    except google.NotConnected as refused:
        messages.error(request, str(refused))
        return redirect("integrations")
    request.session[STARTED] = started.as_dict()
    return redirect(started.url)


@login_required
@require_safe
@never_cache
@sensitive_variables("started", "kept")
def back(request: HttpRequest) -> HttpResponse:
    """Where Google sends the seller afterwards. What was kept is used up, whatever the answer is."""
    kept = request.session.pop(STARTED, None)
    if not isinstance(kept, dict):
        messages.error(request, "This sign-in was not started here, or is already complete. Connect your Drive again.")
        return redirect("integrations")
    try:
        account = google.connect(
            access.person(request), Authorization(**kept), code=request.GET.get("code", "")[:2000],
            state=request.GET.get("state", "")[:200], error=request.GET.get("error", "")[:80],
        )  # fmt: skip
    except google.NotConnected as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{account} is connected. Projects you launch from now on are copied there.")
    return redirect("integrations")


@login_required
@require_POST
def disconnect(request: HttpRequest) -> HttpResponse:
    if google.disconnect(access.person(request)):
        messages.success(request, "Your Drive is disconnected and our access is revoked. Files on it stay there.")
    return redirect("integrations")


@login_required
@require_POST
def retry(request: HttpRequest, public_id: str) -> HttpResponse:
    access.standing_project(request, public_id)
    done = "Retrying the copy to your Drive. This is free."
    access.attempt(request, lambda: commands.retry_drive(access.person(request), public_id), done, working=True)
    return redirect("project-downloads", public_id)


@login_required
@require_POST
def make_again(request: HttpRequest, public_id: str) -> HttpResponse:
    access.standing_project(request, public_id)
    done = "We're checking the files and rebuilding any that are missing. This is free."
    access.attempt(request, lambda: commands.make_files_again(access.person(request), public_id), done, working=True)
    return redirect("project-downloads", public_id)


@login_required
@require_safe
def upload_kit(request: HttpRequest, public_id: str) -> HttpResponse | FileResponse:
    """The upload kit, made as it is asked for."""
    project = access.standing_project(request, public_id)
    return _kit(request, project, lambda out: kit.write(project, out), "upload kit")


@login_required
@require_safe
def shop_kit(request: HttpRequest, public_id: str, code: str) -> HttpResponse | FileResponse:
    """A ZIP for another shop (`actions.shop_kits`), made as it is asked for."""
    project = access.standing_project(request, public_id)
    if code not in shop_kits.KITS:
        raise Http404
    name, write = shop_kits.KITS[code]
    return _kit(request, project, lambda out: write(project, out), f"kit for {name}")


def _kit(
    request: HttpRequest, project: Project, write: Callable[[Path], None], called: str
) -> HttpResponse | FileResponse:
    """A ZIP as an attachment, or the way back with the reason."""
    folder = Path(settings.DATA_DIR) / "work"
    folder.mkdir(parents=True, exist_ok=True)
    # An open file without a name: gone with the answer, whatever happens.
    made = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
    with tempfile.TemporaryDirectory(dir=folder, prefix="kit-") as place:
        out = Path(place) / "kit.zip"
        try:
            refused = access.refusal(lambda: write(out))
        except StoreFailure as lost:
            refused = lost.failure.reason
        if refused:
            made.close()
            messages.error(request, refused)
            return redirect("project-downloads", project.pk)
        made.write(out.read_bytes())
    made.seek(0)
    return FileResponse(
        made, as_attachment=True, filename=safe_name(f"{project.name} {called}.zip"), content_type="application/zip"
    )

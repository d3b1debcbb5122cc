"""Settings → Account → Your data: a copy of everything, and the end of the account.

Both are only asked for here (`maintenance.own_data.asking`) and done in the background. Erasing needs the person's sign-in shown
again and their address typed; what it costs is on the page before, and a page that has become untrue erases nothing.
"""

from __future__ import annotations

import contextlib
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit.accounts.data_models import Erasure
from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.delivery import answering, store
from elistit.maintenance.own_data import asking, exporting, register
from elistit.projects.errors import NotFound, NotPossible


@login_required
@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """The exports there are, and the way to the erasure or, while one is open, back from it."""
    person = cast(User, request.user)
    exports = [{"row": export, "available": asking.available(export)} for export in asking.exports(person)]
    context = {
        "exports": exports,
        "pending": any(export["row"].state == "pending" for export in exports),  # type: ignore[attr-defined]
        "kept_days": exporting.KEPT.days,
        "most": asking.EXPORTS_A_DAY,
        "erasure": asking.open_erasure(person),
    }
    return render(request, "support/own_data.html", context)


@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Ask for a copy of everything. Asking again while it is prepared changes nothing."""
    try:
        asking.request_export(cast(User, request.user), with_files=request.POST.get("files") == "on")
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Your export is being prepared. It appears on this page when it's ready.")
    return redirect("own-data")


@login_required
@require_safe
@reauthentication_required(allow_get=False)
def download(request: HttpRequest, export_id: str) -> HttpResponse | FileResponse:
    """The ZIP, to the person whose data it is and nobody else, until it expires."""
    try:
        export = asking.export_of(cast(User, request.user), export_id)
    except NotFound as missing:
        raise Http404 from missing
    if not asking.available(export):
        messages.error(request, "This export has expired or isn't ready. Request another one.")
        return redirect("own-data")
    kept = answering.Kept(asking.FILE_NAME, "application/zip", export.bytes, export.sha256)
    try:
        response = answering.answer(request, kept, lambda: store.open_store(settings.STORAGE_URL).open(export.path))
    except answering.NotSatisfiable as outside:
        return HttpResponse(str(outside), status=416, headers=outside.headers, content_type="text/plain; charset=utf-8")
    except store.StoreFailure as lost:
        messages.error(request, lost.failure.reason)
        return redirect("own-data")
    patch_cache_control(response, private=True, no_store=True)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required(allow_get=False)
def erase(request: HttpRequest) -> HttpResponse:
    """GET: what erasing the account means and costs. POST: ask for it, with the address typed and the figures as shown."""
    person = cast(User, request.user)
    if asking.open_erasure(person) is not None:
        return redirect("own-data")
    loss, error, changed = asking.Loss(person), "", False
    shown = f"{loss.balance}:{loss.waiting}:{int(loss.plan)}"
    if request.method == "POST":
        changed = request.POST.get("shown") != shown
        if request.POST.get("email", "").strip().casefold() != person.email.casefold():
            error = f"Type {person.email} to confirm."
        elif not changed:
            try:
                erasure = asking.request_erasure(person)
            except NotPossible as refused:
                messages.error(request, str(refused))
                return redirect("own-data")
            _notify(request, person, erasure)
            days = max(0, (erasure.due_at - erasure.requested_at).days)
            messages.success(
                request, f"Your account will be erased in {days} days. Until then you can keep it after all."
            )
            return redirect("own-data")
    context = {
        "loss": loss,
        "shown": shown,
        "error": error,
        "changed": changed,
        "typed": request.POST.get("email", "")[:254],
        "days": asking.grace().days,
        "kept": register.kept(),
        "operator": person.role != Role.SELLER,
    }
    return render(request, "support/erase.html", context, status=422 if error or changed else 200)


def _notify(request: HttpRequest, person: User, erasure: Erasure) -> None:
    """Mail the person that their account will be erased and how to keep it, in case it wasn't them. An erasure that is requested
    stays so when the mail server is down; the page shows it."""
    context = {"due_at": erasure.due_at, "address": settings.BASE_URL + reverse("own-data")}
    with contextlib.suppress(ImmediateHttpResponse):
        get_adapter(request).send_notification_mail("account/email/erasure_requested", person, context)


@login_required
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Keep the account after all."""
    try:
        if asking.withdraw_erasure(cast(User, request.user)):
            messages.success(
                request, "Your account stays. A plan that was ended doesn't renew; you can renew it under Plans."
            )
    except NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("own-data")

"""The seller's own images on the launch form: add them, remove them, see them.

Adding and removing keeps everything else that was typed, and works without JavaScript. Another seller's upload must never be shown.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from elistit.accounts.models import User
from elistit.actions import uploads
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Upload
from elistit.projects.products import Product
from elistit.studio.views import access, files
from elistit.studio.views.launch_form import LaunchForm
from elistit.studio.views.launch_page import page, quoted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_or_remove(request: HttpRequest) -> HttpResponse:
    """Add images to the order, or take one back (`remove`). The form comes back with everything that was typed.

    An image that cannot be used is named with the reason; the others are kept. Opened by hand, it leads to the form.
    """
    if request.method != "POST":
        return redirect(f"{reverse('new')}?product={Product.CUSTOM.value}")
    owner = access.person(request)
    typed = LaunchForm.typed(request)
    if removed := request.POST.get("remove", ""):
        access.refusal(lambda: uploads.remove(owner, removed[:26]))
        typed.uploads = [pk for pk in typed.uploads if pk != removed]
    refused = _add(request, owner, typed)
    quote = quoted(owner, typed, check_idea=False)
    typed.errors = {"pictures": " ".join(refused)} if refused else {}
    return page(request, typed, quote, key=access.form_key(request), status=422 if refused else 200)


def _add(request: HttpRequest, owner: User, typed: LaunchForm) -> list[str]:
    """Take in every file that was sent. One sentence for each that could not be used."""
    refused = []
    for sent in request.FILES.getlist("pictures"):
        try:
            typed.uploads.append(uploads.add(owner, cast(BinaryIO, sent.file), sent.name or "").pk)
        except (InvalidSpec, NotPossible) as error:
            refused.append(f"“{(sent.name or 'picture')[:60]}”: {error}")
    # Pressing Add after the images went up as they were chosen asks for nothing more.
    if not refused and not request.FILES and not typed.uploads and "remove" not in request.POST:
        refused.append("Choose one or more images first.")
    return refused


@login_required
@require_safe
def preview(request: HttpRequest, upload_id: str) -> FileResponse:
    """The preview of an upload that waits. Another seller's is not there."""
    row = get_object_or_404(Upload, pk=upload_id, owner=access.person(request))
    return files.image(row.preview, "image/webp", max_age=86400)

"""The seller's own images on the launch form: add them, remove them, undo that, see them.

All of it keeps everything else that was typed, and works without JavaScript: what was just done is undone by a button of the form
itself. Another seller's upload must never be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from elistit.accounts.models import User
from elistit.actions import uploads
from elistit.projects import uploads as kept
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Upload
from elistit.projects.products import Product
from elistit.studio.views import access, files
from elistit.studio.views.launch_form import LaunchForm, Undo
from elistit.studio.views.launch_page import page, quoted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_or_remove(request: HttpRequest) -> HttpResponse:
    """Add images to the order, remove some (`remove`), or put back what was removed (`restore`). The form comes back with
    everything that was typed, and with a button that undoes what was done.

    An image that cannot be used is named with the reason; the others are kept. Opened by hand, it leads to the form.
    """
    if request.method != "POST":
        return redirect(f"{reverse('new')}?product={Product.CUSTOM.value}")
    owner = access.person(request)
    typed = LaunchForm.typed(request)
    refused = _put_back(owner, typed, request.POST.get("restore", ""))
    _remove(owner, typed, request.POST.get("remove", ""))
    refused += _add(request, owner, typed)
    quote = quoted(owner, typed, check_idea=False)
    typed.errors = {"pictures": " ".join(refused)} if refused else {}
    return page(request, typed, quote, key=access.form_key(request), status=422 if refused else 200)


def _add(request: HttpRequest, owner: User, typed: LaunchForm) -> list[str]:
    """Take in every file that was sent. One sentence for each that could not be used."""
    refused, added = [], []
    for sent in request.FILES.getlist("pictures"):
        try:
            added.append(uploads.add(owner, cast(BinaryIO, sent.file), sent.name or ""))
        except (InvalidSpec, NotPossible) as error:
            refused.append(f"“{(sent.name or 'picture')[:60]}”: {error}")
    typed.uploads += [row.pk for row in added]
    if added:
        typed.undo_images = Undo(f"{_many(added)} added.", "remove", ",".join(row.pk for row in added))
    # Pressing Add after the images went up as they were chosen asks for nothing more.
    asked = request.FILES or "remove" in request.POST or "restore" in request.POST
    if not refused and not asked and not typed.uploads:
        refused.append("Choose one or more images first.")
    return refused


def _remove(owner: User, typed: LaunchForm, given: str) -> None:
    """Take images out of the order, and offer to put them back where they were."""
    rows = kept.set_aside(owner, _ids(given))
    if rows:
        places = {pk: place for place, pk in enumerate(typed.uploads)}
        value = ",".join(f"{row.pk}:{places.get(row.pk, len(places))}" for row in rows)
        typed.undo_images = Undo(f"{_many(rows)} removed.", "restore", value)
    typed.uploads = [pk for pk in typed.uploads if pk not in _ids(given)]


def _put_back(owner: User, typed: LaunchForm, given: str) -> list[str]:
    """Put images back into the order at their places. One sentence when that is not possible any longer."""
    places: dict[str, int] = {}
    for one in given.split(",")[: kept.WAITING_MAX] if given else ():
        pk, _, place = one.partition(":")
        places[pk if pk.isalnum() else ""] = (
            int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else len(typed.uploads)
        )
    try:
        kept.put_back(owner, list(places))
    except NotPossible as refused:
        return [str(refused)]
    for restored in sorted(places, key=places.__getitem__):
        if restored not in typed.uploads:
            typed.uploads.insert(places[restored], restored)
    return []


def _ids(given: str) -> list[str]:
    return [pk for pk in given.split(",")[: kept.WAITING_MAX] if pk.isalnum()]


def _many(rows: Sequence[Upload]) -> str:
    return f"“{rows[0].name}”" if len(rows) == 1 else f"{len(rows)} images"


@login_required
@require_safe
def preview(request: HttpRequest, upload_id: str) -> FileResponse:
    """The preview of an upload that waits. Another seller's is not there."""
    row = get_object_or_404(Upload, pk=upload_id, owner=access.person(request))
    return files.image(row.preview, "image/webp", max_age=86400)

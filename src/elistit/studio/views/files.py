"""Files of a project, streamed from the store to their owner and to no one else.

A file is found by its number *and* its project *and* the project's owner; the store's own path never appears in an
address. Everything leaves as an attachment except images of a known kind, which the pages show.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from elistit import names
from elistit.delivery import answering, store
from elistit.projects.models import FileRole, ProjectFile
from elistit.projects.serving import may_serve
from elistit.studio.views import access

Response = TypeVar("Response", bound=HttpResponseBase)
TYPES = {
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".txt": "text/plain; charset=utf-8",
    ".mp4": "video/mp4",
    ".json": "application/json",
}
SHOWN = {".png", ".webp", ".jpg", ".jpeg", ".mp4"}
PICTURES = {FileRole.PREVIEW, FileRole.IMAGE, FileRole.MOCKUP, FileRole.VIDEO}
LINK_SECONDS = 300


def safe_name(name: str) -> str:
    """A file name no operating system trips over and no browser takes for a path (`names.shown_name`)."""
    return names.shown_name(name, "file", 120)


def _own_file(request: HttpRequest, public_id: str, pk: int) -> ProjectFile:
    project = access.standing_project(request, public_id)
    row = get_object_or_404(ProjectFile.objects.select_related("project"), pk=pk, project=project)
    if not may_serve(row):
        raise Http404
    return row


def stream(
    request: HttpRequest, row: ProjectFile, *, attachment: bool, lost: str = "studio/file_lost.html"
) -> HttpResponse | FileResponse:
    """The bytes of a file that may be served. `lost` is the page that says so when the store does not hand it over."""
    suffix = PurePosixPath(row.name).suffix.lower()
    kind = TYPES.get(suffix, "application/octet-stream")
    shown = answering.Kept(safe_name(row.name), kind, row.bytes, row.sha256, attachment)
    kept = store.open_store(settings.STORAGE_URL)
    try:
        if attachment and (
            link := kept.link(row.path, name=safe_name(row.name), content_type=kind, seconds=LINK_SECONDS)
        ):
            # The service that keeps the files hands it out itself, to anyone who has this address while it lasts.
            return redirect(link)
        response = answering.answer(request, shown, lambda: kept.open(row.path))
    except answering.NotSatisfiable as outside:
        return HttpResponse(str(outside), status=416, headers=outside.headers, content_type="text/plain; charset=utf-8")
    except store.StoreFailure as missing:
        return render(request, lost, {"file": row, "reason": missing.failure.reason, "busy": True}, status=503)
    # The bytes under one number never change, but who may see them does: only the owner's own browser keeps them.
    return _contained(response, max_age=86400 if not attachment else 0)


def _contained(response: Response, **cache: Any) -> Response:
    """Only for the owner's own browser. Even if a file were not what it says, a browser may not run anything in it."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(response, private=True, **cache)
    return response


def image(path: str, content_type: str, **cache: Any) -> FileResponse:
    """An image of the asking seller from the store, to be shown on a page. `cache` as for Cache-Control. Raises Http404."""
    try:
        source = store.open_store(settings.STORAGE_URL).open(path)
    except store.StoreFailure:
        raise Http404 from None
    return _contained(FileResponse(source, content_type=content_type), **cache)


@login_required
@require_safe
def download(request: HttpRequest, public_id: str, pk: int, name: str = "") -> HttpResponse | FileResponse:
    """A file, to be saved. The name at the end of the address is for people; only the number counts."""
    return stream(request, _own_file(request, public_id, pk), attachment=True)


@login_required
@require_safe
def picture(request: HttpRequest, public_id: str, pk: int) -> HttpResponse | FileResponse:
    """An image or the listing video, to be shown in a page. Raises Http404 for a file that is not one."""
    row = _own_file(request, public_id, pk)
    if row.role not in PICTURES or PurePosixPath(row.name).suffix.lower() not in SHOWN:
        raise Http404
    return stream(request, row, attachment=False)

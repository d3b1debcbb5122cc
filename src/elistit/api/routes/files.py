"""Files over the API: the list, and the bytes themselves, streamed from the store to their owner's key and nobody else's."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any

from django.conf import settings
from django.http import FileResponse, HttpRequest
from ninja import Router
from ninja.params.functions import Path

from elistit.api import shapes
from elistit.api.problems import FILE_UNAVAILABLE, INVALID, NOT_FOUND, Refused
from elistit.api.routes.describing import operation
from elistit.api.routes.projects import PublicId, own, show
from elistit.delivery import store
from elistit.projects.errors import NotFound
from elistit.projects.models import ProjectFile
from elistit.projects.serving import may_serve

router = Router(tags=["Files"])

TYPES = {
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}
OTHER = "application/octet-stream"
FileId = Annotated[int, Path(ge=1, lt=2**63, description="`id` of a file of the project.")]

_BYTES = {
    "description": "The file, to be saved. `ETag` is its SHA-256.",
    "content": {kind.split(";")[0]: {"schema": {"type": "string", "format": "binary"}} for kind in (*TYPES.values(), OTHER)},
}  # fmt: skip


@operation(router, "GET", "/projects/{public_id}/files", shapes.Files, NOT_FOUND)
def files(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """The files of a project that count now, and the report of the buyer's trial they went through."""
    shown = show(own(request, public_id))
    return {"items": shown["files"], "trial": shown["trial"]}


@operation(
    router, "GET", "/projects/{public_id}/files/{file_id}", None, NOT_FOUND, INVALID, FILE_UNAVAILABLE, binary=_BYTES
)
def download(request: HttpRequest, public_id: PublicId, file_id: FileId) -> FileResponse:
    """The bytes of one file."""
    row = ProjectFile.objects.select_related("project").filter(pk=file_id, project=own(request, public_id)).first()
    if row is None:
        raise NotFound("There is no such file.")
    if not may_serve(row):
        raise NotFound("This file isn't available: it was refunded, or it isn't the version you keep.")
    try:
        source = store.open_store(settings.STORAGE_URL).open(row.path)
    except store.StoreFailure as lost:
        raise Refused(FILE_UNAVAILABLE, lost.failure.reason) from lost
    kind = TYPES.get(PurePosixPath(row.name).suffix.lower(), OTHER)
    response = FileResponse(source, as_attachment=True, filename=PurePosixPath(row.name).name, content_type=kind)
    response["Content-Length"] = str(row.bytes)
    response["ETag"] = f'"{row.sha256}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

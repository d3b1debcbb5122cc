"""Exports of one's own data over the API: asked for, looked at, downloaded. Erasing an account is done on its page alone, where
the person signs in again."""

from __future__ import annotations

from typing import Annotated, Any, cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path

from elistit.accounts.data_models import DataExport
from elistit.accounts.models import ApiKey
from elistit.api import keys, shapes
from elistit.api.problems import (
    FILE_UNAVAILABLE,
    INVALID,
    MALFORMED,
    NOT_FOUND,
    NOT_POSSIBLE,
    NOT_SATISFIABLE,
    NOT_THIS_KEY,
    Refused,
)
from elistit.api.routes import files
from elistit.api.routes.describing import OTHER, operation
from elistit.api.routes.files import IfNoneMatch, Range
from elistit.api.shapes.own_data import Export, ExportRequest, Exports
from elistit.delivery import answering, store
from elistit.maintenance.own_data import asking
from elistit.projects.errors import NotPossible

router = Router(tags=["Account"])
ExportId = Annotated[str, Path(pattern=f"^{shapes.PUBLIC_ID}$", description="`id` of an export.")]


def _shown(export: DataExport) -> dict[str, Any]:
    ready = asking.available(export)
    over = export.state == DataExport.State.READY and not ready
    return {
        "id": export.pk,
        "status": DataExport.State.EXPIRED.value if over else export.state,
        "files": export.with_files,
        "requested_at": export.requested_at,
        "expires_at": export.expires_at,
        "bytes": export.bytes if ready else None,
        "sha256": export.sha256 if ready else None,
        "url": f"/api/v1/account/exports/{export.pk}/file" if ready else None,
    }


@operation(router, "POST", "/account/exports", Export, INVALID, MALFORMED, NOT_POSSIBLE, status=202)
def request_export(request: HttpRequest, body: ExportRequest) -> dict[str, Any]:
    """Request a copy of everything the studio keeps about you, as one ZIP. Free; three a day.

    It is built in the background. While one is being prepared, that one is answered.
    """
    return _shown(asking.request_export(keys.owner(request), with_files=body.files))


@operation(router, "GET", "/account/exports", Exports)
def list_exports(request: HttpRequest) -> dict[str, Any]:
    """Your exports, newest first."""
    return {"items": [_shown(export) for export in asking.exports(keys.owner(request))]}


@operation(router, "GET", "/account/exports/{export_id}", Export, NOT_FOUND, INVALID)
def get_export(request: HttpRequest, export_id: ExportId) -> dict[str, Any]:
    """One export. `url` is there while it can be downloaded."""
    return _shown(asking.export_of(keys.owner(request), export_id))


@operation(
    router, "GET", "/account/exports/{export_id}/file", None, NOT_FOUND, INVALID, NOT_POSSIBLE, NOT_SATISFIABLE,
    NOT_THIS_KEY, FILE_UNAVAILABLE, binary=files.ANSWERS,
)  # fmt: skip
def download_export(
    request: HttpRequest, export_id: ExportId, range_: Range = None, if_none_match: IfNoneMatch = None
) -> HttpResponse | FileResponse:
    """The ZIP of an export, or a part of it. Needs a key with full access: everything about you is in it."""
    export = asking.export_of(keys.owner(request), export_id)
    if not cast(ApiKey, request.auth).may(OTHER):  # type: ignore[attr-defined]
        raise Refused(NOT_THIS_KEY, "An export can be downloaded only with a key that has full access.")
    if not asking.available(export):
        raise NotPossible("This export isn't ready or has expired.")
    kept = answering.Kept(asking.FILE_NAME, files.BINARY, export.bytes, export.sha256)
    try:
        response = answering.answer(request, kept, lambda: store.open_store(settings.STORAGE_URL).open(export.path))
    except answering.NotSatisfiable as outside:
        raise Refused(NOT_SATISFIABLE, str(outside), headers=outside.headers) from outside
    except store.StoreFailure as lost:
        raise Refused(FILE_UNAVAILABLE, lost.failure.reason) from lost
    return response

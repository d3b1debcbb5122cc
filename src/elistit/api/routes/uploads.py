"""A seller's own images over the API: sent one at a time, listed while they wait, taken back, used by a launch.

What is kept is a clean image made from what was sent, never the bytes themselves. Another seller's upload is simply not
there.
"""

from __future__ import annotations

from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Router
from ninja.files import UploadedFile
from ninja.params.functions import Path

from elistit.accounts.models import ApiKey
from elistit.actions import uploads
from elistit.api import keys, shapes
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE
from elistit.api.routes.describing import operation
from elistit.projects import scenes
from elistit.projects import uploads as kept
from elistit.projects.models import Upload

router = Router(tags=["Uploads"])

UploadId = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"}), Path(description="The upload's id.")
]
Picture = Annotated[UploadedFile, File(description="PNG, JPEG, WebP or SVG; at most 50 MB and 128 megapixels.")]


@operation(
    router, "POST", "/uploads", shapes.Upload, INVALID, MALFORMED, NOT_POSSIBLE, status=201, action=ApiKey.Action.FILES
)
def upload(request: HttpRequest, response: HttpResponse, picture: Picture) -> dict[str, Any]:
    """Send one image for a project of your own images. Free.

    It is checked by its content, cleaned of metadata, and waits 7 days for a launch that names its `id` in `uploads`.
    """
    taken = uploads.add(keys.owner(request), cast(BinaryIO, picture.file), picture.name or "")
    response["Location"] = f"/api/v1/uploads/{taken.pk}"
    return _shown(taken)


@operation(router, "GET", "/uploads", shapes.Uploads)
def list_uploads(request: HttpRequest) -> dict[str, Any]:
    """The uploads that wait for a launch, oldest first."""
    return {"items": [_shown(u) for u in kept.waiting(keys.owner(request))]}


@operation(router, "DELETE", "/uploads/{upload_id}", shapes.Removed, NOT_FOUND, action=ApiKey.Action.FILES)
def remove_upload(request: HttpRequest, upload_id: UploadId) -> dict[str, Any]:
    """Take an upload back that no project has used."""
    uploads.remove(keys.owner(request), upload_id[:26])
    return {"id": upload_id}


@operation(router, "GET", "/scenes", shapes.Scenes)
def list_scenes(request: HttpRequest) -> dict[str, Any]:
    """The scenes that can be launched with. They are made on the page Settings → Your scenes."""
    found = scenes.ready(keys.owner(request))
    return {
        "items": [
            {"id": s.pk, "name": s.name, "width": s.width, "height": s.height, "corners": s.corners} for s in found
        ]
    }


def _shown(row: Upload) -> dict[str, Any]:
    width, height = uploads.print_size(row)
    return {
        "id": row.pk, "name": row.name, "kind": row.kind, "width": row.width, "height": row.height,
        "transparent": row.alpha, "print_width": width, "print_height": height, "warning": row.warning,
        "created_at": row.created_at,
        "kept_until": row.created_at + kept.KEPT_WAITING,
    }  # fmt: skip

"""Files over the API: the list, and the bytes themselves, streamed from the store to their owner's key and nobody else's."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Header, Path

from elistit.actions import proofs, shop_kits
from elistit.api import keys, shapes
from elistit.api.problems import FILE_UNAVAILABLE, INVALID, NOT_FOUND, NOT_POSSIBLE, NOT_SATISFIABLE, Refused
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import PublicId, checked, own
from elistit.api.routes.project_documents import show
from elistit.delivery import answering, store
from elistit.projects.errors import NotFound
from elistit.projects.models import ProjectFile
from elistit.projects.serving import may_serve

router = Router(tags=["Files"])

BINARY = "application/octet-stream"
FileId = Annotated[int, Path(ge=1, lt=2**63, description="`id` of a file of the project.")]

_TAG = {"description": "The file's SHA-256, in quotes.", "required": True, "schema": {"type": "string"}}
_CONTENT = {BINARY: {"schema": {"type": "string", "format": "binary"}}}
# One kind of answer for every file: what a file is, its name says, and generated clients take exactly one.
ANSWERS: dict[int, dict[str, Any]] = {
    200: {"description": "The file, as a download.", "content": _CONTENT, "headers": {"ETag": _TAG}},
    206: {
        "description": "The part of the file that `Range` asked for.",
        "content": _CONTENT,
        "headers": {"ETag": _TAG, "Content-Range": {"required": True, "schema": {"type": "string"}}},
    },
    304: {"description": "The file is the one that `If-None-Match` names.", "headers": {"ETag": _TAG}},
}

# Read by `delivery.answering`; declared so that the document names them.
Range = Annotated[
    str | None, Header(alias="Range", description="One range of bytes, as in `bytes=1000-`, to resume a download."),
]  # fmt: skip
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="ETags you already have; the answer is `304` if one matches.")
]


_PROOF: dict[int, dict[str, Any]] = {
    200: {"description": "The signed proof of making, as canonical JSON.", "content": _CONTENT},
}


@operation(router, "GET", "/projects/{public_id}/proof", None, NOT_FOUND, NOT_POSSIBLE, binary=_PROOF)
def proof_of_making(request: HttpRequest, public_id: PublicId) -> HttpResponse:
    """The proof of making of a project, a deleted one included: a signed JSON document.

    It has the idea, storyboard, prompts, decisions at approval, models, provider call ids, file digests and ledger rows. Keep the
    bytes as they come: `elistit verify` checks them offline, with the public keys at `/.well-known/elistit-proof-keys.json`.
    """
    project = proofs.of_owner(keys.owner(request), checked(public_id))
    response = HttpResponse(proofs.signed(project), content_type=BINARY)
    response["Content-Disposition"] = f'attachment; filename="{proofs.file_name(project)}"'
    return response


_KIT: dict[int, dict[str, Any]] = {200: {"description": "A ZIP.", "content": _CONTENT}}
Shop = Annotated[Literal["shopify", "gumroad"], Path(description="The shop it is made for.")]


@operation(
    router, "GET", "/projects/{public_id}/kits/{kit}", None, NOT_FOUND, INVALID, NOT_POSSIBLE, FILE_UNAVAILABLE, binary=_KIT
)  # fmt: skip
def shop_kit(request: HttpRequest, public_id: PublicId, kit: Shop) -> HttpResponse:
    """A project for another shop: Shopify's product CSV with images and files, or what Gumroad's form asks for.

    Shopify's importer makes a draft; it fetches images from public addresses only and attaches no downloads, so both are in folders.
    Gumroad has no importer.
    """
    project = own(request, public_id)
    folder = FilePath(settings.DATA_DIR) / "work"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="kit-") as place:
        out = FilePath(place) / "kit.zip"
        try:
            shop_kits.KITS[kit][1](project, out)
        except store.StoreFailure as lost:
            raise Refused(FILE_UNAVAILABLE, lost.failure.reason) from lost
        response = HttpResponse(out.read_bytes(), content_type=BINARY)
    response["Content-Disposition"] = f'attachment; filename="{project.pk}-{kit}.zip"'
    return response


@operation(router, "GET", "/projects/{public_id}/files", shapes.Files, NOT_FOUND)
def files(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """The files of a project that count now, and the report of the buyer's trial they went through."""
    shown = show(own(request, public_id))
    return {"items": shown["files"], "trial": shown["trial"]}


@operation(
    router, "GET", "/projects/{public_id}/files/{file_id}", None, NOT_FOUND, INVALID, NOT_SATISFIABLE, FILE_UNAVAILABLE,
    binary=ANSWERS,
)  # fmt: skip
def download(
    request: HttpRequest, public_id: PublicId, file_id: FileId, range_: Range = None, if_none_match: IfNoneMatch = None
) -> HttpResponse | FileResponse:
    """The bytes of one file, or a part of them.

    Download again from where a connection broke with `Range`, and with `If-Range` to be sure that it is still the same file.
    """
    row = ProjectFile.objects.select_related("project").filter(pk=file_id, project=own(request, public_id)).first()
    if row is None:
        raise NotFound("There is no such file.")
    if not may_serve(row):
        raise NotFound("This file isn't available: it was refunded, or it isn't the version you keep.")
    kept = answering.Kept(PurePosixPath(row.name).name, BINARY, row.bytes, row.sha256)
    try:
        response = answering.answer(request, kept, lambda: store.open_store(settings.STORAGE_URL).open(row.path))
    except answering.NotSatisfiable as outside:
        raise Refused(NOT_SATISFIABLE, str(outside), headers=outside.headers) from outside
    except store.StoreFailure as lost:
        raise Refused(FILE_UNAVAILABLE, lost.failure.reason) from lost
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

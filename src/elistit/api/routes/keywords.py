"""A seller's keywords over the API: imported from a CSV file, listed, deleted. They are used when a listing is written."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile
from ninja.params.functions import Query

from elistit.accounts.models import ApiKey
from elistit.api import keys
from elistit.api.problems import INVALID, MALFORMED
from elistit.api.routes.describing import operation
from elistit.api.shapes.keywords import KeywordImport, Keywords, KeywordsDeleted
from elistit.listings import keyword_list, keywords
from elistit.projects.errors import InvalidSpec

router = Router(tags=["Keywords"])

Csv = Annotated[
    UploadedFile,
    File(description="A CSV file with a column “Keyword” and one for the search volume; at most 2 MB."),
]
Most = Annotated[int, Query(ge=1, le=1000, description="Most keywords to list.")]


@operation(router, "POST", "/keywords", KeywordImport, INVALID, MALFORMED, action=ApiKey.Action.LISTING)
def import_keywords(request: HttpRequest, file: Csv) -> dict[str, Any]:
    """Import keywords from a CSV file, as keyword tools export it. Free.

    Terms that are there already get the new volume. A file that can't be read keeps nothing; the answer names the line.
    """
    owner = keys.owner(request)
    try:
        done = keyword_list.add_file(owner, file.read(keywords.BYTES_MAX + 1))
    except keywords.BadFile as bad:
        raise InvalidSpec({"file": str(bad)}) from bad
    return {
        "added": done.added, "updated": done.updated, "count": keyword_list.count(owner.pk), "notes": list(done.notes),
    }  # fmt: skip


@operation(router, "GET", "/keywords", Keywords, INVALID)
def list_keywords(request: HttpRequest, limit: Most = 100) -> dict[str, Any]:
    """Your keywords, the most searched first."""
    owner = keys.owner(request)
    found = keyword_list.of(owner.pk, limit)
    return {"count": keyword_list.count(owner.pk), "items": [{"term": k.term, "volume": k.volume} for k in found]}


@operation(router, "DELETE", "/keywords", KeywordsDeleted, action=ApiKey.Action.LISTING)
def delete_keywords(request: HttpRequest) -> dict[str, Any]:
    """Delete all your keywords. Listings that are written stay as they are."""
    return {"deleted": keyword_list.clear(keys.owner(request))}

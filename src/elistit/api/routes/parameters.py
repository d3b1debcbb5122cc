"""What operations share: parameters, the seller's own project, the idempotency key as it is stored, the next page.

Another seller's project must never look different from one that doesn't exist.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Field
from ninja.params.functions import Header, Path, Query

from elistit import ports
from elistit.api import keys, shapes
from elistit.projects import gate
from elistit.projects.errors import NotFound
from elistit.projects.models import Project

PAGE_MAX = 100
KEY_KEPT = 60
_ID = re.compile(shapes.PUBLIC_ID)

PublicId = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{shapes.PUBLIC_ID}$"}), Path(description="The project's public id.")
]
Number = Annotated[int, Path(ge=1, le=100_000, description="The item's number, from 1.")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x21-\x7E]+$",
        description="A key you choose. The same request with the same key runs only once, so you can retry safely.",
    ),
]  # fmt: skip
# Each with its own declaration: the framework writes an operation's default into it.
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="Most entries on a page.")]
LongLimit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="Most entries on a page.")]
Cursor = Annotated[str | None, Query(max_length=40, description="`next` of the previous page.")]


def is_id(text: str) -> bool:
    """Whether a text has the form of a public id."""
    return bool(_ID.fullmatch(text))


def checked(public_id: str) -> str:
    """The id as it came. Raises NotFound for what is no id at all."""
    if not is_id(public_id):
        raise NotFound("There is no such project.")
    return public_id


def own(request: HttpRequest, public_id: str) -> Project:
    """The asking seller's standing project. Raises NotFound for anything else, also for what is no id at all."""
    return gate.own_project(keys.owner(request), checked(public_id))


def stored_key(request: HttpRequest, given: str | None) -> str:
    """The seller's key as the books keep it: a long one by its digest; a fresh one when none was sent. The request keeps it:
    should a fault interrupt the action, the answer looks for what it stands for."""
    key = ports.new_id() if given is None else _kept(given)
    request.accepting = key  # type: ignore[attr-defined]
    return key


def _kept(given: str) -> str:
    return given if len(given) <= KEY_KEPT else "sha256:" + hashlib.sha256(given.encode()).hexdigest()[:48]


def next_page(request: HttpRequest, response: HttpResponse, cursor: str | None) -> str | None:
    """Say where the next page is (RFC 8288) as well as in the body."""
    if cursor is not None:
        query = urlencode({**request.GET.dict(), "cursor": cursor})
        response["Link"] = f'<{request.path}?{query}>; rel="next"'
    return cursor

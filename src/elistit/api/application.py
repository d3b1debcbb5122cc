"""The API as one application: its routes, its answers to everything that goes wrong, and its OpenAPI document.

Nothing leaves here that the document does not say: answers are checked against their shapes, refusals are problem
details, and an address or method that is not ours is answered as one too.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

import elistit
from elistit.accounts import spending
from elistit.api import keys, problems
from elistit.api.document import finish
from elistit.api.problems import Refused
from elistit.api.routes import (
    batches,
    brand_kits,
    catalogue,
    credits,
    files,
    keywords,
    listing,
    own_data,
    prints,
    projects,
    review,
    shops,
    templates,
    titles,
    translations,
    uploads,
    webhooks,
)
from elistit.database_outage import discard_connection, is_outage
from elistit.projects import interrupted
from elistit.projects.interrupted import Interrupted, Outcome

log = logging.getLogger(__name__)

ROOT = "/api/v1/"
DESCRIPTION = """Everything a seller can do in the studio, for programs.

Send `Authorization: Bearer elk_…` with every request. Refusals are problem details (RFC 9457): check `type`, which never
changes. Every answer says what is left of the key's allowance in `RateLimit-Limit` (most requests at once),
`RateLimit-Remaining` and `RateLimit-Reset` (seconds until all of it is there again). HEAD is answered wherever GET is. Credits are
whole numbers; times are UTC."""

api = NinjaAPI(
    title="Elistit", version=elistit.__version__, description=DESCRIPTION, urls_namespace="api", auth=keys.bearer,
    openapi_url=None, docs_url=None,
)  # fmt: skip
for router in (
    projects.router,
    review.router,
    listing.router,
    batches.router,
    uploads.router,
    files.router,
    shops.router,
    prints.router,
    keywords.router,
    titles.router,
    brand_kits.router,
    templates.router,
    translations.router,
    credits.router,
    catalogue.router,
    webhooks.router,
    own_data.router,
):
    api.add_router("", router)


def _refuse(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    assert isinstance(error, Exception)
    refused = problems.translate(error)
    if refused is None:
        raise error
    return problems.answer(request, refused)


for exception in (Exception, HttpError, ValidationError, Http404):
    api.add_exception_handler(exception, _refuse)


FAULT = "This is our fault, and the error has been logged. Retry the request in a moment."

AWAY = "The database is unavailable. Retry the request in a moment."
AWAY_SECONDS = 10


def _broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A fault of ours, or an outage of the database. Of an action that costs it says what the books say, and how to send it
    again; of any other it says nothing about credits."""
    kind, plain, headers = problems.INTERNAL, FAULT, {}
    if is_outage(fault):
        discard_connection()
        kind, plain, headers = problems.DATABASE_UNAVAILABLE, AWAY, {"Retry-After": str(AWAY_SECONDS)}
    given = request.headers.get("Idempotency-Key")
    key: str | None = getattr(request, "accepting", None)
    if key is None and given is None:
        return problems.answer(request, Refused(kind, plain, headers=headers))
    if (found := interrupted.interruption_of(fault)) is not None:
        raised = found
    elif key is None:
        # It broke before the action began, perhaps in reading whose key it is: the books were not asked.
        raised = Interrupted(Outcome.UNKNOWN, "")
    else:
        raised = interrupted.outcome_of(keys.owner(request).pk, key)
    again = "Retry with the same Idempotency-Key" if given else f"Retry with “Idempotency-Key: {key}”"
    return problems.answer(request, Refused(kind, raised.sentence(again), headers=headers))


def outermost(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The last word on every answer: a fault, a missing address or a wrong method is a problem as well, and every answer
    tells the key's allowance and is kept by nobody in between."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # HEAD is GET without the body, at every address.
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        try:
            with spending.nobody():
                response = view(request, *args, **kwargs)
        except Http404:
            response = missing(request)
        except Exception as fault:
            log.exception("a request to the API broke: %s %s", request.method, request.path)
            got_request_exception.send(sender=None, request=request)
            response = _broken(request, fault)
        if response.status_code == 405:
            allowed = response["Allow"]
            response = problems.answer(request, Refused(problems.NOT_ALLOWED, f"This endpoint accepts {allowed}."))
            response["Allow"] = allowed
        level = getattr(request, "rate_level", None)
        for name, value in (level.headers() if level else {}).items():
            response[name] = value
        response.headers.setdefault("Cache-Control", "private, no-store")
        if head:
            request.method = "HEAD"
            _headers_only(response)
        return response

    # Nothing here trusts a cookie, so there is nothing for another site to forge.
    answered.csrf_exempt = True  # type: ignore[attr-defined]
    return answered


def _headers_only(response: HttpResponseBase) -> None:
    """Leave out the body, and say how long it would have been."""
    if isinstance(response, StreamingHttpResponse):
        # What it would have read is closed with the response.
        response.streaming_content = iter(())
    elif isinstance(response, HttpResponse):
        response["Content-Length"] = str(len(response.content))
        response.content = b""


def missing(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Any address under /api/ that is not one of ours."""
    return problems.answer(request, Refused(problems.NOT_FOUND, "There is no such endpoint."))


def openapi(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document. Needs no key."""
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    return HttpResponse(_document_text(), content_type="application/json")


@cache
def _document_text() -> str:
    return json.dumps(finish(api.get_openapi_schema(path_prefix=ROOT)), ensure_ascii=False)


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of every operation, with every answer it may give. The caller may change its copy."""
    document: dict[str, Any] = json.loads(_document_text())
    return document

"""The API as one application: its routes, its answers to everything that goes wrong, and its OpenAPI document.

Nothing leaves here that the document does not say: answers are checked against their shapes, refusals are problem
details, and an address or method that is not ours is answered as one too.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

import elistit
from elistit.api import keys, problems, shapes
from elistit.api.problems import Refused
from elistit.api.routes import batches, catalogue, credits, files, projects, uploads, webhooks
from elistit.database_outage import discard_connection, is_outage
from elistit.projects import requests
from elistit.projects.requests import Interrupted, Outcome

log = logging.getLogger(__name__)

ROOT = "/api/v1/"
DESCRIPTION = """Everything a seller can do in the studio, for programs.

Send `Authorization: Bearer elk_…` with every request. Refusals are problem details (RFC 9457): act on `type`, which never
changes. Every answer says what is left of the key's allowance in `RateLimit-Limit` (most requests at once),
`RateLimit-Remaining` and `RateLimit-Reset` (seconds until all of it is there again). Credits are whole numbers; times are
UTC."""

_HEADERS = {
    "RateLimit-Limit": "Most requests at once.",
    "RateLimit-Remaining": "Requests left right now.",
    "RateLimit-Reset": "Seconds until the whole allowance is there again.",
}

api = NinjaAPI(
    title="Elistit", version=elistit.__version__, description=DESCRIPTION, urls_namespace="api", auth=keys.bearer,
    openapi_url=None, docs_url=None,
)  # fmt: skip
for router in (
    projects.router,
    batches.router,
    uploads.router,
    files.router,
    credits.router,
    catalogue.router,
    webhooks.router,
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
    """A fault of ours, or an outage of the database. Of an act that costs it says what the books say, and how to send it
    again; of any other it says nothing about credits."""
    kind, plain, headers = problems.INTERNAL, FAULT, {}
    if is_outage(fault):
        discard_connection()
        kind, plain, headers = problems.DATABASE_UNAVAILABLE, AWAY, {"Retry-After": str(AWAY_SECONDS)}
    given = request.headers.get("Idempotency-Key")
    key: str | None = getattr(request, "accepting", None)
    if key is None and given is None:
        return problems.answer(request, Refused(kind, plain, headers=headers))
    if (found := requests.told_of(fault)) is not None:
        raised = found
    elif key is None:
        # It broke before the act began, perhaps in reading whose key it is: the books were not asked.
        raised = Interrupted(Outcome.UNKNOWN, "")
    else:
        raised = requests.interrupted(keys.owner(request).pk, key)
    again = "Retry with the same Idempotency-Key" if given else f"Retry with “Idempotency-Key: {key}”"
    return problems.answer(request, Refused(kind, raised.told(again), headers=headers))


def outermost(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The last word on every answer: a fault, a missing address or a wrong method is a problem as well, and every answer
    tells the key's allowance and is kept by nobody in between."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
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
        return response

    # Nothing here trusts a cookie, so there is nothing for another site to forge.
    answered.csrf_exempt = True  # type: ignore[attr-defined]
    return answered


def missing(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Any address under /api/ that is not one of ours."""
    return problems.answer(request, Refused(problems.NOT_FOUND, "There is no such endpoint."))


def openapi(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document. Needs no key."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    return HttpResponse(_document_text(), content_type="application/json")


@cache
def _document_text() -> str:
    return json.dumps(document(), ensure_ascii=False)


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of every operation, with every answer it may give."""
    # By way of JSON, because status codes are numbers here and text there.
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT)))
    made["components"]["schemas"]["Problem"] = _problem_schema(made["components"]["schemas"])
    headers = {
        name: {"description": words, "required": True, "schema": {"type": "integer", "minimum": 0}}
        for name, words in _HEADERS.items()
    }
    for operations in made["paths"].values():
        for described in operations.values():
            for parameter in described["parameters"]:
                _never_null(parameter["schema"])
            described["responses"] = {code: copy.deepcopy(r) for code, r in sorted(described["responses"].items())}
            for code, response in described["responses"].items():
                if code == "401":
                    response["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
                elif code != "500":
                    response["headers"] = {**headers, **response.get("headers", {})}
            wait = {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer", "minimum": 1}}
            described["responses"]["429"]["headers"]["Retry-After"] = wait
    return made


def _never_null(schema: dict[str, Any]) -> None:
    """A header or a query parameter is left out, never null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])


def _problem_schema(known: dict[str, Any]) -> dict[str, Any]:
    schema = shapes.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    known.update(schema.pop("$defs", {}))
    schema["properties"]["type"]["enum"] = [kind.type for kind in problems.KINDS]
    for name in ("errors", "needed", "balance", "shortfall", "retry_after"):
        # Left out when they do not apply, never null.
        field = schema["properties"][name]
        schema["properties"][name] = {**field.pop("anyOf")[0], "description": field["description"]}
    return schema

"""What the API answers when it does not do what was asked: problem details (RFC 9457) with names that never change.

The one list of problems, behind the answers, the OpenAPI document and docs/how-to/use-the-api.md. An answer that is
refused must be made here and nowhere else, and must never show anything that was not meant for the seller.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError

from elistit.chain import disk_space
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.projects.errors import DailyLimit, InvalidSpec, KeyCap, NotFound, NotPossible, StudioFull

CONTENT_TYPE = "application/problem+json"
PREFIX = "urn:elistit:problem:"


@dataclass(frozen=True)
class ProblemKind:
    """One kind of problem. `name` goes into `type` and is promised to stay; `title` is for people."""

    name: str
    status: int
    title: str

    @property
    def type(self) -> str:
        return PREFIX + self.name


MALFORMED = ProblemKind("malformed-request", 400, "The request can't be read")
UNAUTHORIZED = ProblemKind("unauthorized", 401, "A valid API key is required")
INSUFFICIENT_CREDITS = ProblemKind("insufficient-credits", 402, "Not enough credits")
READ_ONLY_KEY = ProblemKind("read-only-key", 403, "This key is read-only")
NOT_THIS_KEY = ProblemKind("action-not-allowed", 403, "This key may not do that")
DAILY_CAP = ProblemKind("daily-cap", 403, "The key's daily cap is reached")
DAILY_LIMIT = ProblemKind("daily-limit", 403, "The seller's daily limit is reached")
NOT_FOUND = ProblemKind("not-found", 404, "Not found")
NOT_ALLOWED = ProblemKind("method-not-allowed", 405, "Method not allowed")
IDEMPOTENCY_CONFLICT = ProblemKind("idempotency-conflict", 409, "The idempotency key was used for a different request")
NOT_POSSIBLE = ProblemKind("not-possible", 409, "Not possible right now")
TOO_LARGE = ProblemKind("too-large", 413, "The request is too large")
NOT_SATISFIABLE = ProblemKind("range-not-satisfiable", 416, "The range lies outside the file")
INVALID = ProblemKind("invalid-request", 422, "The request is invalid")
RATE_LIMITED = ProblemKind("rate-limited", 429, "Too many requests")
INTERNAL = ProblemKind("internal-error", 500, "Something went wrong on our side")
FILE_UNAVAILABLE = ProblemKind("file-unavailable", 503, "The file can't be read right now")
DISK_FULL = ProblemKind("disk-full", 503, "The studio's disk is full")
DATABASE_UNAVAILABLE = ProblemKind("database-unavailable", 503, "The database is unavailable")

KINDS: tuple[ProblemKind, ...] = (
    MALFORMED, UNAUTHORIZED, INSUFFICIENT_CREDITS, READ_ONLY_KEY, NOT_THIS_KEY, DAILY_CAP, DAILY_LIMIT, NOT_FOUND, NOT_ALLOWED, IDEMPOTENCY_CONFLICT,
    NOT_POSSIBLE, TOO_LARGE, NOT_SATISFIABLE, INVALID, RATE_LIMITED, INTERNAL, FILE_UNAVAILABLE, DISK_FULL, DATABASE_UNAVAILABLE,
)  # fmt: skip

_LATER = {"Retry-After": "60"}

# Pydantic's words where they would puzzle somebody who does not program in Python.
_WORDS = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no field with this name.",
    "string_unicode": "This is not valid text.",
    "string_pattern_mismatch": "This contains characters that are not allowed here.",
}


@dataclass
class Refused(Exception):
    """Raised anywhere under the API to answer with a problem. `extra` holds the members beyond the standard ones."""

    kind: ProblemKind
    detail: str
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The response of a problem."""
    body = {
        "type": refused.kind.type,
        "title": refused.kind.title,
        "status": refused.kind.status,
        "detail": refused.detail,
        "instance": request.path,
        **refused.extra,
    }
    response = JsonResponse(body, status=refused.kind.status, encoder=DjangoJSONEncoder, content_type=CONTENT_TYPE)
    for name, value in refused.headers.items():
        response[name] = value
    if refused.kind is UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Elistit"'
    return response


def invalid(errors: dict[str, str]) -> Refused:
    """Fields that are wrong, each with one sentence."""
    listed = [{"field": name, "detail": words} for name, words in errors.items()]
    return Refused(INVALID, " ".join(errors.values()), {"errors": listed})


def translate(error: Exception) -> Refused | None:
    """The problem an exception stands for. None for one that is a fault of ours."""
    match error:
        case Refused():
            return error
        case InvalidSpec():
            return invalid({_outward(name): words for name, words in error.errors.items()})
        case ValidationError():
            return _not_valid(error)
        case InsufficientCredits():
            money = {"needed": error.needed, "balance": error.balance, "shortfall": error.shortfall}
            return Refused(INSUFFICIENT_CREDITS, str(error), money)
        case IdempotencyConflict():
            return Refused(IDEMPOTENCY_CONFLICT, str(error))
        case StudioFull():
            return Refused(DISK_FULL, str(error), headers=_LATER)
        case KeyCap():
            return Refused(DAILY_CAP, str(error))
        case DailyLimit():
            return Refused(DAILY_LIMIT, str(error))
        case NotPossible():
            return Refused(NOT_POSSIBLE, str(error))
        case NotFound():
            return Refused(NOT_FOUND, str(error))
        case Http404():
            return Refused(NOT_FOUND, "There is no such endpoint.")
        case HttpError(status_code=401):
            return Refused(UNAUTHORIZED, "Send your API key as “Authorization: Bearer elk_…”.")
        case HttpError(status_code=400):
            return Refused(MALFORMED, "The body of the request is not JSON we can read.")
        case RequestDataTooBig():
            return Refused(TOO_LARGE, "The body of the request is too large.")
        case MultiPartParserError() | UnreadablePostError() | SuspiciousOperation() | BadRequest():
            # A form without a boundary or cut short, too many fields in it, a sender who left.
            return Refused(MALFORMED, "The body of the request is not a form we can read.")
        case _ if disk_space.is_full(error):
            # Met outside an action that costs, so there is nothing to say about a charge.
            return Refused(DISK_FULL, f"{disk_space.DISK_FULL} This request could not be saved.", headers=_LATER)
        case _:
            return None


def _outward(name: str) -> str:
    return "Idempotency-Key" if name == "idempotency_key" else name


def _not_valid(error: ValidationError) -> Refused:
    errors: dict[str, str] = {}
    for found in error.errors:
        # The first part says where (body, query, path, header); the second of a body is our own parameter's name.
        where, *path = [str(part) for part in found["loc"]]
        if where == "body" and path[:1] == ["body"]:
            path = path[1:]
        words = _WORDS.get(str(found["type"])) or f"{str(found['msg']).rstrip('.')}."
        if path[:1] == ["rows"] and len(path) > 2 and path[1].isdigit():
            # Rows of a batch are numbered from 1, in every answer.
            path[1] = str(int(path[1]) + 1)
            words = f"Row {path[1]}: {words}"
        errors.setdefault(".".join(path) or "body", words)
    return invalid(errors)

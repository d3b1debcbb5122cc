"""The page for an action that an error of ours interrupted: what the ledger says, and the same form to send again.

The form carries the key it was sent with, so that sending it again is the same request (rules §7). It is made without the
database, which may be down, and must never say anything about credits but what `projects.interrupted` found out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from elistit.database_outage import is_outage
from elistit.projects import interrupted

log = logging.getLogger(__name__)

KEYS = ("key", "form_key")
NOT_SENT_AGAIN = "csrfmiddlewaretoken"


class InterruptedActions:
    """Middleware; place it after CsrfViewMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        interruption = interrupted.interruption_of(fault)
        if interruption is None:
            return None
        down = is_outage(fault)
        log.error("%s %s was interrupted" if down else "%s %s failed", request.method, request.path, exc_info=fault)
        got_request_exception.send(sender=None, request=request)
        context = {
            "title": "The database is unavailable" if down else "Something went wrong on our side",
            "words": interruption.sentence("Press the button"),
            "fields": _fields(request, interruption.key),
            "action": request.get_full_path(),
            "token": get_token(request),
            "project": interruption.found.answer.get("project") if interruption.found else None,
        }
        response = HttpResponse(render_to_string("studio/interrupted.html", context), status=503 if down else 500)
        if request.headers.get("HX-Request"):
            # htmx ignores error responses by default; the seller has to read this one.
            response.status_code = 200
            response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        response["Cache-Control"] = "private, no-store"
        return response


def _fields(request: HttpRequest, key: str) -> list[tuple[str, str]]:
    """All fields of the form, with the key of the interrupted action."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name != NOT_SENT_AGAIN]
    named = [name for name in KEYS if name in request.POST] or list(KEYS)
    return [*((n, v) for n, v in sent if n not in KEYS), *((name, key) for name in named)]
